//! Slows guessing down: tries are counted in the database, so that several nodes count together.

use base::{Actor, App, Error, MINUTE, Result, Time, Tx, args, secrets::sha256};

use super::sessions::Visit;

/// The longest span that anything here counts over.
const KEPT: Time = 60 * MINUTE;

/// At most `most` tries on a subject within a span.
pub(super) struct Limit {
    subject: String,
    most: i64,
    within: Time,
}

/// What a sign-in counts against. An address from one place has few tries; from many places more, so that a stranger
/// cannot lock its owner out with a handful of mistakes; a place has more still, because offices share one.
pub(super) fn sign_in(email: &str, visit: &Visit) -> [Limit; 3] {
    let ip = &visit.ip;
    [
        limit(&format!("sign-in of {email} from {ip}"), 5, 15 * MINUTE),
        limit(&format!("sign-in of {email}"), 20, 15 * MINUTE),
        limit(&format!("sign-in from {ip}"), 50, 15 * MINUTE),
    ]
}

pub(super) fn reset_of(email: &str) -> [Limit; 1] {
    [limit(&format!("reset of {email}"), 3, KEPT)]
}

pub(super) fn reset_from(visit: &Visit) -> [Limit; 1] {
    [limit(&format!("reset from {}", visit.ip), 30, KEPT)]
}

fn limit(subject: &str, most: i64, within: Time) -> Limit {
    Limit { subject: sha256(subject.as_bytes()), most, within }
}

/// Forgets what nobody counts any more.
pub(super) async fn forget(app: &App) -> Result<()> {
    app.db().run("DELETE FROM attempts WHERE at < $1", args![app.now() - KEPT]).await.map(drop)
}

/// A try that was counted.
pub(super) struct Tried<const N: usize> {
    limits: [Limit; N],
    at: Time,
}

/// Counts a try before it is made, as if it had failed already: of many at the same moment only as many pass as
/// are allowed. Refuses with the seconds to wait.
pub(super) async fn admit<const N: usize>(app: &App, limits: [Limit; N]) -> Result<Tried<N>> {
    let mut tx = app.begin(Actor::System).await?;
    let now = tx.now();
    for Limit { subject, most, within } in &limits {
        // Always in the order of `limits`, so two tries never wait for each other.
        tx.lock(subject).await?;
        let sql = "SELECT at FROM attempts WHERE subject = $1 AND at > $2 ORDER BY at DESC LIMIT 1 OFFSET $3";
        if let Some(row) = tx.opt(sql, args![subject, now - within, most - 1]).await? {
            let wait = row.int("at")? + within - now;
            return Err(Error::TooMany { retry_after: wait.unsigned_abs().div_ceil(1000).max(1) });
        }
    }
    for Limit { subject, .. } in &limits {
        tx.run("INSERT INTO attempts (subject, at) VALUES ($1, $2)", args![subject, now]).await?;
    }
    tx.commit().await?;
    Ok(Tried { limits, at: now })
}

/// The try was right after all: forgets what went wrong with the address before, and this try itself wherever it
/// was counted.
pub(super) async fn forgive(tx: &mut Tx, Tried { limits: [both, address, place], at }: Tried<3>) -> Result<()> {
    let sql = "DELETE FROM attempts WHERE subject = $1 OR subject = $2 OR (subject = $3 AND at = $4)";
    tx.run(sql, args![both.subject, address.subject, place.subject, at]).await
}
