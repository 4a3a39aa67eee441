//! Files: uploads that wait for a message, attachments that came with one, and their download.

use std::collections::HashMap;

use aide::axum::{
    ApiRouter,
    routing::{get_with, post_with},
};
use axum::{
    extract::{Path, State},
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use base::{
    App, Error, Feature, Result, Tx, args, blob,
    web::{
        Created, Params,
        input::{self, Unread},
    },
};
use connectors::channel::{self, File};
use schemars::JsonSchema;
use serde::Deserialize;

use super::{
    AttachmentId, MessageId,
    show::{ShownAttachment, shown_attachment},
};
use crate::agents::{AgentId, Permission, Who};

pub(super) fn feature() -> Feature {
    let routes = ApiRouter::new()
        .api_route("/uploads", post_with(create, |op| op.summary("Upload a file for a message to come")))
        .api_route(
            "/attachments/{id}/{name}",
            get_with(download, |op| op.summary("Download a file").response::<200, Vec<u8>>()),
        );
    Feature { routes, ..Feature::default() }
}

/// A file whose bytes are durable already; what is left are rows.
pub(super) struct Prepared {
    stored: blob::Stored,
    name: String,
    content_type: String,
    content_id: Option<String>,
    inline: bool,
}

pub(super) async fn prepare_all(app: &App, files: Vec<File>) -> Result<Vec<Prepared>> {
    let mut all = Vec::with_capacity(files.len());
    for file in files {
        let File { name, content_type, content_id, inline, bytes } = file;
        all.push(Prepared { stored: blob::prepare(app, bytes).await?, name, content_type, content_id, inline });
    }
    Ok(all)
}

/// Writes the rows, and points pictures within the text to them.
pub(super) async fn attach_all(tx: &mut Tx, message: MessageId, files: Vec<Prepared>) -> Result<()> {
    let mut pictures = HashMap::new();
    for file in files {
        let id = insert(tx, Some(message), None, &file).await?;
        if let Some(content_id) = file.content_id.as_ref().filter(|_| file.inline) {
            pictures.insert(channel::cid(content_id), url(id, &file.name));
        }
    }
    if pictures.is_empty() {
        return Ok(());
    }
    let row = tx.one("SELECT html, quoted_html FROM messages WHERE id = $1", args![message]).await?;
    let html = row.opt_text("html")?.map(|html| point(&html, &pictures));
    let quoted = row.opt_text("quoted_html")?.map(|html| point(&html, &pictures));
    tx.run("UPDATE messages SET html = $1, quoted_html = $2 WHERE id = $3", args![html, quoted, message]).await
}

/// Every `cid:…` that names one of the pictures becomes its address, in one pass however many there are.
fn point(html: &str, pictures: &HashMap<String, String>) -> String {
    let mut pointed = String::with_capacity(html.len());
    let mut rest = html;
    while let Some((before, after)) = rest.split_once("cid:") {
        pointed.push_str(before);
        let end = after.find(['"', '\'', '<', '>', ' ', ')']).unwrap_or(after.len());
        let (cid, next) = after.split_at(end);
        match pictures.get(cid) {
            Some(url) => pointed.push_str(url),
            None => pointed.extend(["cid:", cid]),
        }
        rest = next;
    }
    pointed.push_str(rest);
    pointed
}

/// Gives a message the files that its sender uploaded before it.
pub(super) async fn adopt_visitors(
    tx: &mut Tx,
    message: MessageId,
    visitor: &str,
    uploads: &[channel::Upload],
) -> Result<()> {
    for upload in uploads {
        let sql = "UPDATE attachments SET message = $1 WHERE id = $2 AND message IS NULL AND visitor = $3";
        tx.run(sql, args![message, upload.id, visitor]).await?;
    }
    Ok(())
}

async fn insert(
    tx: &mut Tx,
    message: Option<MessageId>,
    agent: Option<AgentId>,
    file: &Prepared,
) -> Result<AttachmentId> {
    blob::put(tx, &file.stored).await?;
    let sql = "INSERT INTO attachments (message, blob, name, content_type, size, content_id, inline, agent, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING id";
    let args = args![
        message,
        &file.stored.hash,
        &file.name,
        &file.content_type,
        file.stored.size,
        &file.content_id,
        file.inline,
        agent,
        tx.now(),
    ];
    tx.one(sql, args).await?.id("id")
}

/// Gives uploads of this agent to a message. Uploads are used once.
pub(super) async fn adopt(tx: &mut Tx, who: &Who, message: MessageId, uploads: &[AttachmentId]) -> Result<()> {
    for upload in uploads {
        let sql = "UPDATE attachments SET message = $1 WHERE id = $2 AND message IS NULL AND visitor IS NULL
            AND (agent = $3 OR (agent IS NULL AND $3 = 0)) RETURNING id";
        let args = args![message, *upload, who.agent.unwrap_or(AgentId(0))];
        let row = tx.opt(sql, args).await?;
        row.ok_or_else(|| Error::invalid("attachments", format!("{upload} is no unused upload of yours")))?;
    }
    Ok(())
}

/// A message's files with their bytes, for sending.
pub(super) async fn load(app: &App, message: MessageId) -> Result<Vec<File>> {
    let rows = app.db().all("SELECT * FROM attachments WHERE message = $1 ORDER BY id", args![message]).await?;
    let mut files = Vec::with_capacity(rows.len());
    for row in rows {
        files.push(File {
            name: row.text("name")?,
            content_type: row.text("content_type")?,
            content_id: row.opt_text("content_id")?,
            inline: row.bool("inline")?,
            bytes: blob::read(app, &row.text("blob")?).await?,
        });
    }
    Ok(files)
}

pub(super) fn url(id: AttachmentId, name: &str) -> String {
    format!("/api/v1/attachments/{id}/{}", percent(if name.is_empty() { "file" } else { name }))
}

/// Everything but letters, digits, dot, dash and underscore in percent signs, so that it is one path segment.
fn percent(name: &str) -> String {
    let mut path = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b".-_".contains(&byte) {
            path.push(char::from(byte));
        } else {
            path.extend(["%", &format!("{byte:02X}")]);
        }
    }
    path
}

/// A file's name for the header `Content-Disposition`: plain for old programs, and in full (RFC 6266).
fn named(name: &str) -> String {
    let plain = |c: char| if (c.is_ascii_graphic() || c == ' ') && c != '"' && c != '\\' { c } else { '_' };
    let ascii: String = name.chars().map(plain).collect();
    format!("filename=\"{ascii}\"; filename*=UTF-8''{}", percent(name))
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Upload {
    /// The file's name.
    name: String,
}

/// The body is the file itself; `Content-Type` says what it is.
async fn create(
    who: Who,
    State(app): State<App>,
    Params(query): Params<Upload>,
    Unread(request): Unread,
) -> Result<Created<ShownAttachment>> {
    who.may(Permission::TicketsWrite)?;
    let given = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let content_type = clean_type(given.unwrap_or(""));
    let bytes = input::bytes(request, &app).await?;
    if bytes.is_empty() {
        return Err(Error::invalid("body", "the file is empty"));
    }
    let name = Some(mail::part::safe_name(&query.name)).filter(|name| !name.is_empty());
    let file = Prepared {
        stored: blob::prepare(&app, bytes.into()).await?,
        name: name.unwrap_or_else(|| "file".to_owned()),
        content_type,
        content_id: None,
        inline: false,
    };
    let mut tx = who.begin(&app).await?;
    let id = insert(&mut tx, None, who.agent, &file).await?;
    let row = tx.one("SELECT * FROM attachments WHERE id = $1", args![id]).await?;
    let shown = shown_attachment(&row)?;
    tx.created(shown).await
}

fn clean_type(given: &str) -> String {
    let bare = given.split(';').next().unwrap_or("").trim().to_ascii_lowercase();
    let valid = bare.split_once('/').is_some_and(|(kind, rest)| !kind.is_empty() && !rest.is_empty())
        && bare.len() <= 100
        && bare.bytes().all(|b| b.is_ascii_alphanumeric() || b"/.+-_".contains(&b));
    if valid { bare } else { "application/octet-stream".to_owned() }
}

pub fn is_picture(content_type: &str) -> bool {
    channel::PICTURES.contains(&content_type)
}

#[derive(Deserialize, JsonSchema)]
struct FilePath {
    id: i64,
    /// For people who save it; any name finds the file.
    #[expect(dead_code, reason = "part of the address only")]
    name: String,
}

async fn download(
    who: Who,
    State(app): State<App>,
    Path(FilePath { id, .. }): Path<FilePath>,
    headers: HeaderMap,
) -> Result<Response> {
    who.may(Permission::TicketsRead)?;
    // What waits for its message is nobody's business but the one's who uploaded it.
    let sql = "SELECT blob, name, content_type FROM attachments
        WHERE id = $1 AND (message IS NOT NULL OR (visitor IS NULL AND COALESCE(agent, 0) = $2))";
    let row = app.db().one(sql, args![id, who.agent.unwrap_or(AgentId(0))]).await?;
    serve(&app, &row.text("blob")?, &row.text("name")?, &row.text("content_type")?, &headers).await
}

/// A file's bytes. Only pictures that run nothing are shown by browsers; whatever else it is is saved.
pub async fn serve(app: &App, hash: &str, name: &str, content_type: &str, headers: &HeaderMap) -> Result<Response> {
    let tag = format!("\"{hash}\"");
    if headers.get(header::IF_NONE_MATCH).is_some_and(|seen| seen.as_bytes() == tag.as_bytes()) {
        return Ok(axum::http::StatusCode::NOT_MODIFIED.into_response());
    }
    let bytes = blob::read(app, hash).await?;
    let picture = is_picture(content_type);
    let how = if picture { "inline" } else { "attachment" };
    let answer = [
        (header::CONTENT_TYPE, if picture { content_type } else { "application/octet-stream" }.to_owned()),
        (header::CONTENT_DISPOSITION, format!("{how}; {}", named(name))),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox".to_owned()),
        (header::CACHE_CONTROL, "private, max-age=86400".to_owned()),
        (header::ETAG, tag),
    ];
    Ok((answer, bytes).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_found_by_its_whole_name() {
        let pictures = [("image1", "/one"), ("image10", "/ten"), ("a&b c", "/and")];
        let pictures = pictures.map(|(id, url)| (channel::cid(id), url.to_owned())).into();
        let html = r#"<img src="cid:image10"><img src='cid:image1'>cid:image2 <img src="cid:a%26b%20c">cid:"#;
        let pointed = r#"<img src="/ten"><img src='/one'>cid:image2 <img src="/and">cid:"#;
        assert_eq!(point(html, &pictures), pointed);
    }
}
