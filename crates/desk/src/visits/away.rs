//! Visitors who have left: since when, where they can be written to, and which lines they were written about.

use base::{App, Error, MINUTE, Result, Time, Tx, args};

use super::{Line, Visit, VisitId, deleted, lines, visit};
use crate::customers::{self, IdentityKind};

/// How old the time at which they were last here may be before it is written anew: of thousands each costs a write.
const STALE: Time = 2 * MINUTE;
/// Nobody is away before ten minutes, counted from the last sign of them that was surely written down.
const AWAY_AFTER: Time = 10 * MINUTE + STALE;
/// Mails about one conversation keep this distance.
const PAUSE: Time = 15 * MINUTE;
/// Lines in one mail.
const MOST: i64 = 10;

/// They are here now.
pub async fn here(app: &App, who: &Visit) -> Result<()> {
    if app.now() - who.here_at < STALE {
        return Ok(());
    }
    left(app, who.id).await
}

/// They were here until now.
pub async fn left(app: &App, who: VisitId) -> Result<()> {
    app.db().run("UPDATE visits SET here_at = $1 WHERE id = $2", args![app.now(), who]).await.map(drop)
}

/// Where to write to the visitor when they have gone, and what they are called. It proves nothing: the address gets the
/// mails of this conversation, and joins it to nobody.
pub async fn contact(tx: &mut Tx, who: &Visit, email: Option<&str>, name: Option<&str>) -> Result<()> {
    let email = email.map(checked).transpose()?.flatten();
    let name = name.map(|name| customers::clean(name, super::NAME)).filter(|name| !name.is_empty());
    let sql = "UPDATE visits SET email = COALESCE($1, email), name = COALESCE($2, name) WHERE id = $3 RETURNING id";
    tx.opt(sql, args![email, name, who.id]).await?.ok_or_else(deleted).map(drop)
}

/// An address as identities are compared; none where nothing was typed.
pub(super) fn checked(email: &str) -> Result<Option<String>> {
    let email = email.trim();
    if email.is_empty() {
        return Ok(None);
    }
    mail::address::check(email).map_err(|flaw| Error::invalid("email", format!("{email} {flaw}")))?;
    customers::normalise(IdentityKind::Email, email).map(Some)
}

/// Where this visitor can be written to: what the shop's own server has vouched for, else what they left.
pub async fn address(tx: &mut Tx, who: &Visit) -> Result<Option<String>> {
    if who.customer.is_none() {
        return Ok(who.email.clone());
    }
    // Whose their browser is now. Without holding anybody: who holds a ticket must not wait for whoever does.
    let sql = "SELECT m.value FROM identities b JOIN identities m ON m.customer = b.customer
        WHERE b.kind = $1 AND b.value = $2 AND m.kind = $3 AND m.verified = TRUE ORDER BY m.id LIMIT 1";
    let args = args![IdentityKind::Visitor, &who.visitor, IdentityKind::Email];
    let proven = tx.opt(sql, args).await?.map(|row| row.text("value")).transpose()?;
    Ok(proven.or_else(|| who.email.clone()))
}

/// Plans a look at whether what was said to them has been read. Returns when; none when one is planned already.
pub async fn plan(tx: &mut Tx, who: VisitId) -> Result<Option<Time>> {
    let at = tx.now() + AWAY_AFTER;
    let sql = "UPDATE visits SET away_at = $1 WHERE id = $2 AND away_at IS NULL RETURNING id";
    Ok(tx.opt(sql, args![at, who]).await?.map(|_| at))
}

/// What is to be done about a visitor at a planned look.
#[derive(Debug)]
pub enum Look {
    Nothing,
    /// Again at this time.
    Later(Time),
    /// To this address, with these lines.
    Write(String, Vec<Line>),
}

/// The visit, held, if this look is still wanted; and what is to be done.
pub async fn look(tx: &mut Tx, who: VisitId) -> Result<Option<(Visit, Look)>> {
    let row = tx.opt("SELECT * FROM visits WHERE id = $1 {for update}", args![who]).await?;
    let Some(who) = row.as_ref().map(visit).transpose()? else { return Ok(None) };
    // Another one is planned, or none: this job has been here before.
    if who.away_at.is_none_or(|at| at > tx.now()) {
        return Ok(None);
    }
    let unread = unread(tx, &who).await?;
    let earliest = (who.here_at + AWAY_AFTER).max(who.mailed_at.map_or(0, |at| at + PAUSE));
    let look = match address(tx, &who).await? {
        Some(address) if !unread.is_empty() && earliest <= tx.now() => Look::Write(address, unread),
        Some(_) if !unread.is_empty() => Look::Later(earliest),
        _ => Look::Nothing,
    };
    Ok(Some((who, look)))
}

/// What the shop said that they have neither read nor got by mail, oldest first; as much as one mail holds.
async fn unread(tx: &mut Tx, who: &Visit) -> Result<Vec<Line>> {
    let sql = "SELECT * FROM visit_lines WHERE visit = $1 AND place > $2 AND said IS NULL AND by_mail = FALSE
        AND message IS NOT NULL ORDER BY place LIMIT $3";
    let rows = tx.all(sql, args![who.id, who.read_to.max(who.mailed_to), MOST]).await?;
    rows.iter().map(lines::line).collect()
}

/// No more looks until something else is said, or one at this time.
pub async fn planned(tx: &mut Tx, who: VisitId, at: Option<Time>) -> Result<()> {
    tx.run("UPDATE visits SET away_at = $1 WHERE id = $2", args![at, who]).await
}

/// A mail holds the lines up to this place. Says whether there are more.
pub async fn mailed(tx: &mut Tx, who: &Visit, up_to: i64) -> Result<Option<Time>> {
    let next = tx.now() + PAUSE;
    let more = Visit { mailed_to: up_to, ..who.clone() };
    let at = if unread(tx, &more).await?.is_empty() { None } else { Some(next) };
    let sql = "UPDATE visits SET mailed_to = $1, mailed_at = $2, away_at = $3 WHERE id = $4";
    tx.run(sql, args![up_to, tx.now(), at, who.id]).await?;
    Ok(at)
}

/// The mail did not leave: its lines count as unsent again, unless later ones have left meanwhile.
pub async fn not_mailed(tx: &mut Tx, who: VisitId, after: i64, up_to: i64) -> Result<()> {
    let sql = "UPDATE visits SET mailed_to = $1 WHERE id = $2 AND mailed_to = $3";
    tx.run(sql, args![after, who, up_to]).await
}

/// The mail left after all, as one that was tried again.
pub async fn mailed_after_all(tx: &mut Tx, who: VisitId, up_to: i64) -> Result<()> {
    tx.run("UPDATE visits SET mailed_to = $1 WHERE id = $2 AND mailed_to < $1", args![up_to, who]).await
}
