//! A ticket's messages as the API shows them, oldest first; and the original of one.

use std::collections::HashMap;

use aide::axum::{ApiRouter, routing::get_with};
use axum::{
    Json,
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use base::{
    App, Error, Feature, Result, Row, Stamp, Tx, args, blob,
    web::{Id, Page, Paging, Params},
};
use connectors::{Channels, channel::Channel};
use schemars::JsonSchema;
use serde::Serialize;

use super::{AttachmentId, AuthorKind, Delivery, Direction, MessageId, Parties, ShownParty, author, delivery};
use crate::{
    agents::{AgentId, Permission, Who},
    inboxes::InboxId,
    tickets::TicketId,
};

pub(super) fn feature() -> Feature {
    let routes = ApiRouter::new()
        .api_route("/tickets/{id}/messages", get_with(list, |op| op.summary("A ticket's messages, oldest first")))
        .api_route("/messages/{id}", get_with(get, |op| op.summary("One message")))
        .api_route(
            "/messages/{id}/original",
            get_with(original, |op| op.summary("A message as it arrived (RFC 5322)").response::<200, Vec<u8>>()),
        );
    Feature { routes, ..Feature::default() }
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Author")]
pub struct ShownAuthor {
    pub kind: AuthorKind,
    /// A customer's or agent's id.
    pub id: Option<i64>,
    pub name: String,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Attachment")]
pub struct ShownAttachment {
    pub id: AttachmentId,
    pub name: String,
    pub content_type: String,
    /// Bytes.
    pub size: i64,
    /// A picture that the message's `html` or `quoted_html` shows; everything else stands below the text.
    pub inline: bool,
    pub url: String,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Message")]
pub struct ShownMessage {
    pub id: MessageId,
    pub ticket: TicketId,
    pub direction: Direction,
    pub author: ShownAuthor,
    /// What was newly said, without quotes and signature.
    pub text: String,
    /// Sanitised; show it in a sandboxed frame all the same.
    pub html: Option<String>,
    pub quoted: Option<String>,
    pub quoted_html: Option<String>,
    pub signature: Option<String>,
    pub subject: Option<String>,
    pub from: Option<ShownParty>,
    /// Where they want answers, if elsewhere.
    pub reply_to: Option<ShownParty>,
    pub to: Vec<ShownParty>,
    pub cc: Vec<ShownParty>,
    pub attachments: Vec<ShownAttachment>,
    pub inbox: Option<InboxId>,
    pub channel: String,
    pub delivery: Option<Delivery>,
    pub delivery_why: Option<String>,
    /// Until then it can be taken back.
    pub send_at: Option<Stamp>,
    pub sent_at: Option<Stamp>,
    /// When its reader has seen it, where that is known.
    pub read_at: Option<Stamp>,
    /// A machine wrote it: `auto_reply`, `newsletter`, `bounce`, …
    pub automatic: Option<String>,
    /// Why it joined its ticket: `visit`, `token`, `references`, `conversation`, `new_message`, …; null on ours.
    pub joined: Option<String>,
    /// The agent who wrote down what a shopper said in the shop or on the phone.
    pub entered_by: Option<AgentId>,
    /// What the receiving server found about the sender.
    pub checks: Option<serde_json::Value>,
    /// Its sender typed the address themselves, and nothing proves that it is theirs: anybody may have written it.
    pub unproven: bool,
    /// Pictures from elsewhere that were held back.
    pub remote_images: i64,
    /// It is too long to be shown whole: text, HTML or attachments beyond a bound are only in the `original`.
    pub cut: bool,
    pub mentions: Vec<AgentId>,
    /// Where the raw message is, for download.
    pub original: Option<String>,
    pub language: Option<String>,
    pub created_at: Stamp,
}

pub(super) fn shown(row: &Row, attachments: Vec<ShownAttachment>) -> Result<ShownMessage> {
    let id: MessageId = row.id("id")?;
    let parties: Parties = row.json("parties")?;
    let author = author(row)?;
    Ok(ShownMessage {
        id,
        ticket: row.id("ticket")?,
        direction: row.word("direction")?,
        author: ShownAuthor { kind: author.kind, id: author.id, name: author.name },
        text: row.text("text")?,
        html: row.opt_text("html")?,
        quoted: row.opt_text("quoted")?,
        quoted_html: row.opt_text("quoted_html")?,
        signature: row.opt_text("signature")?,
        subject: row.opt_text("subject")?,
        from: parties.from.map(Into::into),
        reply_to: parties.reply_to.map(Into::into),
        to: parties.to.into_iter().map(Into::into).collect(),
        cc: parties.cc.into_iter().map(Into::into).collect(),
        attachments,
        inbox: row.opt_id("inbox")?,
        channel: row.text("channel")?,
        delivery: delivery(row)?,
        delivery_why: row.opt_text("delivery_why")?,
        send_at: row.opt_int("send_at")?.map(Stamp),
        sent_at: row.opt_int("sent_at")?.map(Stamp),
        read_at: row.opt_int("read_at")?.map(Stamp),
        automatic: row.opt_text("automatic")?,
        joined: row.opt_text("joined")?,
        entered_by: row.opt_id("entered_by")?,
        checks: row.opt_json("checks")?,
        unproven: false,
        remote_images: row.int("remote_images")?,
        cut: row.bool("cut")?,
        mentions: row.json("mentions")?,
        original: row.opt_text("raw")?.map(|_| format!("/api/v1/messages/{id}/original")),
        language: row.opt_text("language")?,
        created_at: Stamp(row.int("created_at")?),
    })
}

pub(super) fn shown_attachment(row: &Row) -> Result<ShownAttachment> {
    let id: AttachmentId = row.id("id")?;
    let name = row.text("name")?;
    Ok(ShownAttachment {
        id,
        url: super::files::url(id, &name),
        name,
        content_type: row.text("content_type")?,
        size: row.int("size")?,
        inline: row.bool("inline")?,
    })
}

/// Messages for these rows, with all their attachments in one more query.
pub(super) async fn with_attachments(app: &App, rows: &[Row]) -> Result<Vec<ShownMessage>> {
    let ids = rows.iter().map(|row| row.int("id")).collect::<Result<Vec<_>>>()?;
    let mut files: HashMap<i64, Vec<ShownAttachment>> = HashMap::new();
    if !ids.is_empty() {
        let markers: Vec<String> = (1..=ids.len()).map(|n| format!("${n}")).collect();
        let sql = format!("SELECT * FROM attachments WHERE message IN ({}) ORDER BY id", markers.join(", "));
        let args = ids.into_iter().map(base::db::Param::value).collect();
        for row in app.db().all(&sql, args).await? {
            files.entry(row.int("message")?).or_default().push(shown_attachment(&row)?);
        }
    }
    let channels = app.part::<Channels>()?;
    let shown = rows.iter().map(|row| {
        let message = shown(row, files.remove(&row.int("id")?).unwrap_or_default())?;
        let typed = channels.get(&message.channel).is_ok_and(Channel::unproven);
        Ok(ShownMessage { unproven: typed && message.direction == Direction::In, ..message })
    });
    shown.collect()
}

pub async fn show(app: &App, id: MessageId) -> Result<ShownMessage> {
    let rows = app.db().all("SELECT * FROM messages WHERE id = $1", args![id]).await?;
    with_attachments(app, &rows).await?.pop().ok_or(Error::NotFound)
}

/// The same within a transaction, of what we have just written, before anybody else can see it.
pub(super) async fn show_in(tx: &mut Tx, id: MessageId) -> Result<ShownMessage> {
    let files = tx.all("SELECT * FROM attachments WHERE message = $1 ORDER BY id", args![id]).await?;
    let files = files.iter().map(shown_attachment).collect::<Result<_>>()?;
    shown(&tx.one("SELECT * FROM messages WHERE id = $1", args![id]).await?, files)
}

async fn list(
    who: Who,
    State(app): State<App>,
    Id(id): Id<TicketId>,
    Params(paging): Params<Paging>,
) -> Result<Json<Page<ShownMessage>>> {
    who.may(Permission::TicketsRead)?;
    app.db().one("SELECT id FROM tickets WHERE id = $1", args![id]).await?;
    let limit = paging.limit()?;
    let after = paging.after(2)?.unwrap_or_else(|| vec![i64::MIN, 0]);
    let sql = "SELECT * FROM messages WHERE ticket = $1 AND (created_at, id) > ($2, $3)
        ORDER BY created_at, id LIMIT $4";
    let rows = app.db().all(sql, args![id, after[0], after[1], limit + 1]).await?;
    let messages = with_attachments(&app, &rows).await?;
    Ok(Json(Page::new(messages, limit, |message| vec![message.created_at.0, message.id.0])))
}

async fn get(who: Who, State(app): State<App>, Id(id): Id<MessageId>) -> Result<Json<ShownMessage>> {
    who.may(Permission::TicketsRead)?;
    show(&app, id).await.map(Json)
}

/// The bytes as they arrived.
async fn original(who: Who, State(app): State<App>, Id(id): Id<MessageId>) -> Result<Response> {
    who.may(Permission::TicketsRead)?;
    let row = app.db().one("SELECT raw FROM messages WHERE id = $1", args![id]).await?;
    let raw = row.opt_text("raw")?.ok_or(Error::NotFound)?;
    let bytes = blob::read(&app, &raw).await?;
    let headers = [
        (header::CONTENT_TYPE, "message/rfc822".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"message-{id}.eml\"")),
    ];
    Ok((headers, bytes).into_response())
}
