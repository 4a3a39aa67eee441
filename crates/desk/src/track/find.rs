//! Finding an order for a stranger. Whoever guesses learns nothing: a number that there is not and a proof that is wrong
//! are the same answer after the same time, and tries are counted, together with those in the returns portal.

use std::time::Duration;

use base::{App, Result, web::Caller};
use tokio::time::Instant;

use super::Site;
use crate::{orders::Known, returns::finding};

/// No answer comes sooner: an order with many lines takes longer to read than one that there is not, and a code longer to
/// write than none.
const LEAST: Duration = Duration::from_millis(400);

/// When the answer to somebody who guesses may leave.
pub(super) fn not_before() -> Instant {
    Instant::now() + LEAST
}

/// The order of this number whose buyer knows this.
pub(super) async fn find(app: &App, site: &Site, caller: &Caller, number: &str, proof: &str) -> Result<Option<Known>> {
    let found = finding::find(app, site.shop, caller, number, proof).await?;
    Ok(found.filter(|_| site.look.by_postcode || proof.contains('@')))
}
