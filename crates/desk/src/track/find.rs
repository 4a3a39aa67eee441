//! Finding an order for a stranger. Whoever guesses learns nothing: a number that there is not and a proof that is wrong
//! are the same answer after the same time, and tries are counted, together with those in the returns portal.

use base::{App, Result, web::Caller};

use super::Site;
use crate::{orders::Known, returns::finding};

pub(super) use crate::returns::finding::not_before;

/// The order of this number whose buyer knows this.
pub(super) async fn find(app: &App, site: &Site, caller: &Caller, number: &str, proof: &str) -> Result<Option<Known>> {
    let found = finding::find(app, site.shop, caller, number, proof).await?;
    Ok(found.filter(|_| site.look.by_postcode || proof.contains('@')))
}
