//! Files in a conversation: what a visitor uploads for a line to come, and what stands on lines for them to open.

use std::collections::HashMap;

use base::{Actor, App, DAY, Error, HOUR, MINUTE, Result, Row, Time, Tx, args, blob};

use super::{Kind, Visit, VisitId};
use crate::{
    messages::{AttachmentId, MessageId},
    tries::{self, Limit, limit},
};

/// What one visitor may upload within ten minutes, and all at one network address.
const MOST: i64 = 20;
const MOST_TOGETHER: i64 = 120;
const WHILE: Time = 10 * MINUTE;
/// Bytes that wait for the lines they were uploaded for: of one network address, and of all.
const WAITING_TOGETHER: i64 = 100 << 20;
const WAITING: i64 = 2 << 30;
/// On one line.
pub(super) const MOST_ON_LINE: usize = 10;

#[derive(Debug, Clone)]
pub struct LineFile {
    pub id: AttachmentId,
    pub name: String,
    pub content_type: String,
    pub size: i64,
}

/// Whether another file may come. Asked before its bytes are read; counted when it is kept.
pub async fn may_upload(tx: &mut Tx, who: &Visit) -> Result<()> {
    may_keep(tx, &who.visitor, &who.address).await
}

/// As [`may_upload`], for a stranger without a visit: under what name their file will wait, and from which network.
pub async fn may_keep(tx: &mut Tx, owner: &str, address: &str) -> Result<()> {
    must_have_room(tx, address, 0).await?;
    tries::check(tx, &limits(owner, address)).await
}

/// What waits for its line takes up disk for nothing, if it never comes.
async fn must_have_room(tx: &mut Tx, address: &str, bytes: i64) -> Result<()> {
    let sql = "SELECT CAST(COALESCE(sum(size), 0) AS BIGINT) AS everybody, CAST(COALESCE(sum(CASE WHEN waits_from = $1
        THEN size END), 0) AS BIGINT) AS together FROM attachments WHERE waits_from IS NOT NULL";
    let row = tx.one(sql, args![address]).await?;
    if row.int("together")? + bytes > WAITING_TOGETHER || row.int("everybody")? + bytes > WAITING {
        return Err(Error::TooMany { retry_after: 600 });
    }
    Ok(())
}

/// Forgets uploads that nothing was said with, and after a day their bytes, if nobody else has sent the same.
pub(super) async fn forget(app: &App) -> Result<()> {
    let mut tx = app.begin(Actor::System).await?;
    let now = tx.now();
    let sql = "DELETE FROM attachments WHERE waits_from IS NOT NULL AND created_at < $1 RETURNING blob";
    for row in tx.all(sql, args![now - HOUR]).await? {
        blob::stray(&mut tx, &row.text("blob")?).await?;
    }
    tx.commit().await?;
    let before = now - DAY;
    for row in app.db().all("SELECT hash FROM strays WHERE at < $1", args![before]).await? {
        let hash = row.text("hash")?;
        blob::remove(app, &hash, before).await?;
        app.db().run("DELETE FROM strays WHERE hash = $1 AND at < $2", args![hash, before]).await?;
    }
    Ok(())
}

fn limits(owner: &str, address: &str) -> [Limit; 2] {
    let own = limit(&format!("files of {owner}"), MOST, WHILE);
    [own, limit(&format!("files from {address}"), MOST_TOGETHER, WHILE)]
}

/// Keeps a file for a line to come. What stands on none within an hour is forgotten.
pub async fn upload(tx: &mut Tx, who: &Visit, stored: &blob::Stored, name: &str, kind: &Kind) -> Result<LineFile> {
    // One at a time, so that the count is right.
    let held = tx.opt("SELECT id FROM visits WHERE id = $1 {for update}", args![who.id]).await?;
    held.ok_or_else(super::deleted)?;
    keep(tx, &who.visitor, &who.address, stored, name, kind).await
}

/// Keeps a stranger's file under the name of its owner until something is said with it. Forgotten after an hour.
pub async fn keep(
    tx: &mut Tx,
    owner: &str,
    address: &str,
    stored: &blob::Stored,
    name: &str,
    kind: &Kind,
) -> Result<LineFile> {
    tries::count(tx, &limits(owner, address)).await?;
    must_have_room(tx, address, stored.size).await?;
    blob::put(tx, stored).await?;
    let sql = "INSERT INTO attachments (blob, name, content_type, size, inline, visitor, waits_from, created_at)
        VALUES ($1, $2, $3, $4, FALSE, $5, $6, $7) RETURNING *";
    let args = args![&stored.hash, kind.name(name), kind.mime, stored.size, owner, address, tx.now()];
    file(&tx.one(sql, args).await?)
}

/// Puts uploads of this visitor on a line of theirs. Uploads are used once.
pub(super) async fn put_on(tx: &mut Tx, who: &Visit, place: i64, files: &[AttachmentId]) -> Result<Vec<LineFile>> {
    let mut all = Vec::with_capacity(files.len());
    for id in files {
        let sql = "UPDATE attachments SET waits_from = NULL WHERE id = $1 AND visitor = $2 AND message IS NULL
            AND NOT EXISTS (SELECT 1 FROM visit_files f WHERE f.attachment = attachments.id) RETURNING *";
        let row = tx.opt(sql, args![*id, &who.visitor]).await?;
        let row = row.ok_or_else(|| Error::invalid("files", format!("{id} is no unused file of yours")))?;
        tx.run("INSERT INTO visit_files (visit, place, attachment) VALUES ($1, $2, $3)", args![who.id, place, *id])
            .await?;
        all.push(file(&row)?);
    }
    Ok(all)
}

/// Shows a message's files on a line; returns how many.
pub(super) async fn show_on(tx: &mut Tx, who: VisitId, place: i64, message: MessageId) -> Result<i64> {
    let sql = "INSERT INTO visit_files (visit, place, attachment)
        SELECT $1, $2, id FROM attachments WHERE message = $3 RETURNING attachment";
    Ok(i64::try_from(tx.all(sql, args![who, place, message]).await?.len())?)
}

/// The files that wait under this name.
pub async fn kept(tx: &mut Tx, owner: &str) -> Result<Vec<LineFile>> {
    let sql = "SELECT * FROM attachments WHERE visitor = $1 AND message IS NULL AND waits_from IS NOT NULL ORDER BY id";
    tx.all(sql, args![owner]).await?.iter().map(file).collect()
}

/// Whoever owns them has said something with these of them, and will not say anything with the others.
pub async fn take_kept(tx: &mut Tx, owner: &str, files: &[LineFile]) -> Result<()> {
    for file in files {
        let sql = "UPDATE attachments SET waits_from = NULL WHERE id = $1 AND visitor = $2 AND message IS NULL";
        tx.run(sql, args![file.id, owner]).await?;
    }
    Ok(())
}

/// The files of the lines from one place to another, by place.
pub(super) async fn between(app: &App, who: VisitId, from: i64, to: i64) -> Result<HashMap<i64, Vec<LineFile>>> {
    let sql = "SELECT f.place, a.id, a.name, a.content_type, a.size FROM visit_files f
        JOIN attachments a ON a.id = f.attachment
        WHERE f.visit = $1 AND f.place >= $2 AND f.place <= $3 ORDER BY f.place, a.id";
    let mut by_place: HashMap<i64, Vec<LineFile>> = HashMap::new();
    for row in app.db().all(sql, args![who, from, to]).await? {
        by_place.entry(row.int("place")?).or_default().push(file(&row)?);
    }
    Ok(by_place)
}

/// A file that this visitor may open, with the name of its bytes: one that stands on a line of theirs, or that they
/// uploaded and have not sent yet.
pub async fn open_file(app: &App, who: &Visit, id: AttachmentId) -> Result<(LineFile, String)> {
    let sql = "SELECT a.* FROM attachments a WHERE a.id = $1 AND ((a.visitor = $2 AND a.message IS NULL)
        OR EXISTS (SELECT 1 FROM visit_files f WHERE f.attachment = a.id AND f.visit = $3))";
    let row = app.db().one(sql, args![id, &who.visitor, who.id]).await?;
    Ok((file(&row)?, row.text("blob")?))
}

fn file(row: &Row) -> Result<LineFile> {
    Ok(LineFile {
        id: row.id("id")?,
        name: row.text("name")?,
        content_type: row.text("content_type")?,
        size: row.int("size")?,
    })
}
