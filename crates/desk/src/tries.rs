//! Tries that are limited, counted in the database, so that several nodes count together and nothing that is deleted
//! takes its count along.

use base::{App, Error, HOUR, Result, Time, Tx, args, secrets::sha256};

/// The longest span that anything counts over.
pub const KEPT: Time = HOUR;

/// At most `most` tries on a subject within a span.
pub struct Limit {
    pub subject: String,
    most: i64,
    within: Time,
}

pub fn limit(subject: &str, most: i64, within: Time) -> Limit {
    Limit { subject: sha256(subject.as_bytes()), most, within }
}

/// Refuses another try that would be one too many, with the seconds to wait. Those that count on are told apart until the
/// transaction ends.
pub async fn check(tx: &mut Tx, limits: &[Limit]) -> Result<()> {
    let now = tx.now();
    for Limit { subject, most, within } in limits {
        // Always in the order of `limits`, so two tries never wait for each other.
        tx.lock(subject).await?;
        let sql = "SELECT at FROM attempts WHERE subject = $1 AND at > $2 ORDER BY at DESC LIMIT 1 OFFSET $3";
        if let Some(row) = tx.opt(sql, args![subject, now - within, most - 1]).await? {
            let wait = row.int("at")? + within - now;
            return Err(Error::TooMany { retry_after: wait.unsigned_abs().div_ceil(1000).max(1) });
        }
    }
    Ok(())
}

/// Checks, and counts.
pub async fn count(tx: &mut Tx, limits: &[Limit]) -> Result<()> {
    check(tx, limits).await?;
    for Limit { subject, .. } in limits {
        tx.run("INSERT INTO attempts (subject, at) VALUES ($1, $2)", args![subject, tx.now()]).await?;
    }
    Ok(())
}

/// The newest try on a subject was no guess: it does not count.
pub async fn forgive(tx: &mut Tx, Limit { subject, .. }: &Limit) -> Result<()> {
    let sql = "DELETE FROM attempts WHERE subject = $1 AND at = (SELECT max(at) FROM attempts WHERE subject = $1)";
    tx.run(sql, args![subject]).await
}

/// Forgets what nobody counts any more.
pub async fn forget(app: &App) -> Result<()> {
    app.db().run("DELETE FROM attempts WHERE at < $1", args![app.now() - KEPT]).await.map(drop)
}
