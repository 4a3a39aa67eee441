//! The lines of a conversation as its visitor sees it, numbered without gaps.

use base::{App, Error, MINUTE, Result, Row, Time, Tx, args};
use connectors::channel::Names;

use super::{
    LineFile, Visit, VisitId, deleted,
    files::{MOST_ON_LINE, between, put_on, show_on},
    visit,
};
use crate::{
    customers,
    inboxes::InboxId,
    messages::{AttachmentId, MessageId},
    tickets::TicketId,
    tries::{self, limit},
};

/// The longest text of a visitor, in characters.
const LONGEST: usize = 5_000;
/// The longest id that a page may give.
const LONGEST_ID: usize = 64;
/// How the ids of what came by mail begin.
const BY_MAIL: &str = "mail-";
/// What one visitor may say within a minute, and all at one network address.
const MOST: i64 = 30;
const MOST_TOGETHER: i64 = 300;
/// The lines of one conversation. Who has more to say begins another.
const MOST_LINES: i64 = 5_000;
/// A line that is not received by then holds up those after it no longer: it may lie in the quarantine.
const SOON: Time = 5_000;
/// Of a long conversation only the end is asked after, at each look at it.
const LOOKED_BACK: i64 = 300;

#[derive(Debug, Clone)]
pub struct Line {
    pub place: i64,
    /// The id that the visitor's page gave it; none on what the shop said.
    pub said: Option<String>,
    pub message: Option<MessageId>,
    pub name: Option<String>,
    pub text: String,
    pub files: Vec<LineFile>,
    /// It came or went by mail.
    pub by_mail: bool,
    pub at: Time,
}

/// What came of something said.
#[derive(Debug)]
pub enum Said {
    New(Line),
    /// It had been said already; nothing has changed.
    Known(Line),
}

/// A visitor says something, or shows files. The same id again changes nothing.
pub async fn say(tx: &mut Tx, who: &Visit, id: &str, text: &str, files: &[AttachmentId]) -> Result<Said> {
    let text = text.trim();
    must_be_right(id, text, files)?;
    let held = tx.opt("SELECT * FROM visits WHERE id = $1 {for update}", args![who.id]).await?;
    let who = visit(&held.ok_or_else(deleted)?)?;
    let sql = "SELECT * FROM visit_lines WHERE visit = $1 AND said = $2";
    if let Some(row) = tx.opt(sql, args![who.id, id]).await? {
        return line(&row).map(Said::Known);
    }
    if who.newest >= MOST_LINES {
        return Err(Error::conflict("This conversation has grown too long. Begin a new one."));
    }
    let own = limit(&format!("lines of {}", who.visitor), MOST, MINUTE);
    let all = limit(&format!("lines from {}", who.address), MOST_TOGETHER, MINUTE);
    tries::count(tx, &[own, all]).await?;
    let sql = "INSERT INTO visit_lines (visit, place, said, text, files, at)
        VALUES ($1, $2, $3, $4, $5, $6) RETURNING *";
    let (place, count) = (who.newest + 1, i64::try_from(files.len())?);
    let mut added = line(&tx.one(sql, args![who.id, place, id, text, count, tx.now()]).await?)?;
    added.files = put_on(tx, &who, place, files).await?;
    // What crossed with it on the way has not been read for that.
    let sql = "UPDATE visits SET newest = $1, ended_at = NULL,
        read_to = CASE WHEN read_to >= $1 - 1 THEN $1 ELSE read_to END WHERE id = $2";
    tx.run(sql, args![added.place, who.id]).await?;
    Ok(Said::New(added))
}

/// Refuses what cannot be said, before anything is looked up for it.
pub fn must_be_right(id: &str, text: &str, files: &[AttachmentId]) -> Result<()> {
    let visible = |c: char| c.is_ascii_graphic() && c != '/';
    if id.starts_with(BY_MAIL) || id.is_empty() || id.len() > LONGEST_ID || !id.chars().all(visible) {
        let why = format!(
            "must be 1 to {LONGEST_ID} letters, digits and dashes, new each time, and not begin with {BY_MAIL}"
        );
        return Err(Error::invalid("id", why));
    }
    if customers::clean(text, LONGEST).is_empty() && files.is_empty() {
        return Err(Error::invalid("text", "must say something"));
    }
    if text.chars().count() > LONGEST {
        return Err(Error::invalid("text", format!("must have at most {LONGEST} characters")));
    }
    if files.len() > MOST_ON_LINE {
        return Err(Error::invalid("files", format!("at most {MOST_ON_LINE} at once")));
    }
    Ok(())
}

/// Whether something that this visitor said a moment before that is still on its way to the desk: two workers may each
/// have one of two quick lines.
pub async fn comes_too_early(tx: &mut Tx, who: VisitId, said: &str) -> Result<bool> {
    let sql = "SELECT 1 AS one FROM visit_lines l JOIN visit_lines e ON e.visit = l.visit AND e.place < l.place
            AND e.place > l.place - $1 AND e.said IS NOT NULL AND e.message IS NULL AND e.at > $2
        WHERE l.visit = $3 AND l.said = $4 LIMIT 1";
    Ok(tx.opt(sql, args![MOST, tx.now() - SOON, who, said]).await?.is_some())
}

/// The desk has received what a visitor said.
pub async fn received(tx: &mut Tx, who: VisitId, said: &str, message: MessageId) -> Result<()> {
    let sql = "UPDATE visit_lines SET message = $1 WHERE visit = $2 AND said = $3";
    tx.run(sql, args![message, who, said]).await
}

/// What the desk adds to a conversation.
pub struct Added<'a> {
    pub message: MessageId,
    /// Who of the shop said it, as the shop shows its people.
    pub name: Option<&'a str>,
    pub text: &'a str,
    /// It came or went by mail.
    pub by_mail: bool,
}

/// Something is said to a visitor: from here on they can read it. None when there is no such visit any more.
pub async fn hand_over(tx: &mut Tx, inbox: InboxId, visitor: &str, added: Added<'_>) -> Result<Option<VisitId>> {
    let Some(who) = super::hold(tx, inbox, visitor).await? else { return Ok(None) };
    add(tx, &who, None, added).await?;
    Ok(Some(who.id))
}

/// Something that was said to this visitor by mail stands in the conversation, too: once, however often it is sent.
pub async fn also_said(tx: &mut Tx, who: VisitId, added: Added<'_>) -> Result<()> {
    let row = tx.opt("SELECT * FROM visits WHERE id = $1 {for update}", args![who]).await?;
    let Some(who) = row.as_ref().map(visit).transpose()? else { return Ok(()) };
    let sql = "SELECT 1 AS one FROM visit_lines WHERE message = $1 AND visit = $2";
    if tx.opt(sql, args![added.message, who.id]).await?.is_some() {
        return Ok(());
    }
    add(tx, &who, None, added).await
}

/// The visitor's answer by mail stands in the conversation, too. They have read what it answers.
pub async fn said_by_mail(tx: &mut Tx, who: VisitId, message: MessageId, text: &str) -> Result<()> {
    let row = tx.opt("SELECT * FROM visits WHERE id = $1 {for update}", args![who]).await?;
    let Some(who) = row.as_ref().map(visit).transpose()? else { return Ok(()) };
    let said = format!("{BY_MAIL}{message}");
    let text: String = text.chars().take(LONGEST).collect();
    add(tx, &who, Some(said), Added { message, name: None, text: &text, by_mail: true }).await?;
    let read_to = if who.mailed_to.max(who.read_to) >= who.newest { who.newest + 1 } else { who.mailed_to };
    tx.run("UPDATE visits SET read_to = $1 WHERE id = $2 AND read_to < $1", args![read_to, who.id]).await
}

async fn add(tx: &mut Tx, who: &Visit, said: Option<String>, added: Added<'_>) -> Result<()> {
    let Added { message, name, text, by_mail } = added;
    let place = who.newest + 1;
    let files = show_on(tx, who.id, place, message).await?;
    let sql = "INSERT INTO visit_lines (visit, place, said, message, name, text, files, by_mail, at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    let name = name.map(str::to_owned);
    tx.run(sql, args![who.id, place, said, message, name, text, files, by_mail, tx.now()]).await?;
    tx.run("UPDATE visits SET newest = $1 WHERE id = $2", args![place, who.id]).await
}

/// An agent's name as visitors may see it.
pub fn shown_as(names: Names, full: &str) -> Option<String> {
    match names {
        Names::Full => Some(full.to_owned()),
        Names::First => full.split_whitespace().next().map(str::to_owned),
        Names::Shop => None,
    }
}

/// The ticket of the newest line: where the next one belongs. It follows merges and splits by itself.
pub async fn ticket(tx: &mut Tx, who: VisitId) -> Result<Option<TicketId>> {
    let sql = "SELECT m.ticket FROM visit_lines l JOIN messages m ON m.id = l.message WHERE l.visit = $1
        ORDER BY l.place DESC LIMIT 1";
    tx.opt(sql, args![who]).await?.map(|row| row.id("ticket")).transpose()
}

/// What stands after this place, oldest first.
pub async fn after(app: &App, who: VisitId, place: i64, limit: i64) -> Result<Vec<Line>> {
    let sql = "SELECT * FROM visit_lines WHERE visit = $1 AND place > $2 ORDER BY place LIMIT $3";
    let rows = app.db().all(sql, args![who, place, limit]).await?;
    with_files(app, who, &rows).await
}

/// One line as it stands.
pub async fn at(app: &App, who: VisitId, place: i64) -> Result<Line> {
    let row = app.db().one("SELECT * FROM visit_lines WHERE visit = $1 AND place = $2", args![who, place]).await?;
    with_files(app, who, &[row]).await?.pop().ok_or(Error::NotFound)
}

async fn with_files(app: &App, who: VisitId, rows: &[Row]) -> Result<Vec<Line>> {
    let mut lines = rows.iter().map(line).collect::<Result<Vec<_>>>()?;
    let mut places = Vec::new();
    for row in rows {
        if row.int("files")? > 0 {
            places.push(row.int("place")?);
        }
    }
    if let (Some(first), Some(last)) = (places.first(), places.last()) {
        let mut files = between(app, who, *first, *last).await?;
        for line in &mut lines {
            line.files = files.remove(&line.place).unwrap_or_default();
        }
    }
    Ok(lines)
}

/// The last line of the visitor's own that somebody of the shop has read; 0 where none of the newest.
pub async fn read_by_shop(app: &App, who: VisitId) -> Result<i64> {
    let sql = "SELECT CAST(COALESCE(max(l.place), 0) AS BIGINT) AS place FROM visit_lines l
        JOIN messages m ON m.id = l.message JOIN reads r ON r.ticket = m.ticket AND r.message >= m.id
        WHERE l.visit = $1 AND l.said IS NOT NULL AND l.place > (SELECT newest FROM visits WHERE id = $1) - $2";
    app.db().one(sql, args![who, LOOKED_BACK]).await?.int("place")
}

/// Messages of the shop that a visitor's page has got, and those that it has shown, by this mark.
pub struct Marked {
    pub delivered: Vec<MessageId>,
    pub read: Vec<MessageId>,
}

/// The visitor's page has everything up to one place, and has shown everything up to another. Never back.
pub async fn mark(tx: &mut Tx, who: VisitId, delivered: Option<i64>, read: Option<i64>) -> Result<Marked> {
    let row = tx.opt("SELECT * FROM visits WHERE id = $1 {for update}", args![who]).await?;
    let Some(row) = row else { return Ok(Marked { delivered: Vec::new(), read: Vec::new() }) };
    let before = visit(&row)?;
    let read = read.unwrap_or(0).min(before.newest).max(before.read_to);
    let delivered = delivered.unwrap_or(0).min(before.newest).max(before.delivered_to).max(read);
    if (delivered, read) == (before.delivered_to, before.read_to) {
        return Ok(Marked { delivered: Vec::new(), read: Vec::new() });
    }
    let sql = "UPDATE visits SET delivered_to = $1, read_to = $2 WHERE id = $3";
    tx.run(sql, args![delivered, read, who]).await?;
    Ok(Marked {
        delivered: ours(tx, who, before.delivered_to, delivered).await?,
        read: ours(tx, who, before.read_to, read).await?,
    })
}

async fn ours(tx: &mut Tx, who: VisitId, after: i64, up_to: i64) -> Result<Vec<MessageId>> {
    if after >= up_to {
        return Ok(Vec::new());
    }
    let sql = "SELECT message FROM visit_lines WHERE visit = $1 AND place > $2 AND place <= $3 AND said IS NULL
        AND message IS NOT NULL ORDER BY place";
    tx.all(sql, args![who, after, up_to]).await?.iter().map(|row| row.id("message")).collect()
}

pub(super) fn line(row: &Row) -> Result<Line> {
    Ok(Line {
        place: row.int("place")?,
        said: row.opt_text("said")?,
        message: row.opt_id("message")?,
        name: row.opt_text("name")?,
        text: row.text("text")?,
        files: Vec::new(),
        by_mail: row.bool("by_mail")?,
        at: row.int("at")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_named_as_the_shop_wants() {
        assert_eq!(shown_as(Names::First, "Ingrid Vik").as_deref(), Some("Ingrid"));
        assert_eq!(shown_as(Names::Full, "Ingrid Vik").as_deref(), Some("Ingrid Vik"));
        assert_eq!(shown_as(Names::Shop, "Ingrid Vik"), None);
    }
}
