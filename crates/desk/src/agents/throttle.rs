//! Slows guessing down.

use base::{Actor, App, MINUTE, Result, Time, Tx, args};

use super::sessions::Visit;
use crate::tries::{self, KEPT, Limit, limit};

/// What a sign-in counts against. An address from one place has few tries; from many places more, so that a stranger
/// cannot lock its owner out with a handful of mistakes; a place has more still, because offices share one.
pub(super) fn sign_in(email: &str, visit: &Visit) -> [Limit; 3] {
    let network = &visit.network;
    [
        limit(&format!("sign-in of {email} from {network}"), 5, 15 * MINUTE),
        limit(&format!("sign-in of {email}"), 20, 15 * MINUTE),
        limit(&format!("sign-in from {network}"), 50, 15 * MINUTE),
    ]
}

pub(super) fn reset_of(email: &str) -> [Limit; 1] {
    [limit(&format!("reset of {email}"), 3, KEPT)]
}

pub(super) fn reset_from(visit: &Visit) -> [Limit; 1] {
    [limit(&format!("reset from {}", visit.network), 30, KEPT)]
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
    let at = tx.now();
    tries::count(&mut tx, &limits).await?;
    tx.commit().await?;
    Ok(Tried { limits, at })
}

/// The try was right after all: forgets what went wrong with the address before, and this try itself wherever it
/// was counted.
pub(super) async fn forgive(tx: &mut Tx, Tried { limits: [both, address, place], at }: Tried<3>) -> Result<()> {
    let sql = "DELETE FROM attempts WHERE subject = $1 OR subject = $2 OR (subject = $3 AND at = $4)";
    tx.run(sql, args![both.subject, address.subject, place.subject, at]).await
}
