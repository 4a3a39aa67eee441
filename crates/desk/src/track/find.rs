//! Finding an order for a stranger. Whoever guesses learns nothing: a number that there is not and a proof that is wrong
//! are the same answer after the same time, and tries are counted.

use std::time::Duration;

use base::{Actor, App, HOUR, Result, web::Caller};
use connectors::order::Order;
use tokio::time::Instant;

use super::{Site, look::Look};
use crate::{
    customers::{self, IdentityKind},
    orders::{self, Known},
    tries::{self, limit},
    visits,
};

/// Tries within an hour: from one network address, and on one number from wherever.
const FROM_ONE: i64 = 30;
const ON_ONE: i64 = 15;
/// No answer comes sooner: an order with many lines takes longer to read than one that there is not, and a code longer to
/// write than none.
const LEAST: Duration = Duration::from_millis(400);

/// When the answer to somebody who guesses may leave.
pub(super) fn not_before() -> Instant {
    Instant::now() + LEAST
}

/// Counts a try, or says how long to wait.
pub(super) async fn count(app: &App, site: &Site, caller: &Caller, number: &str) -> Result<()> {
    let network = visits::network(app, &caller.network().to_string());
    let key = orders::number_key(number);
    let mut tx = app.begin(Actor::System).await?;
    let limits = [
        limit(&format!("orders looked for from {network}"), FROM_ONE, HOUR),
        limit(&format!("order {key} looked for in shop {}", site.shop), ON_ONE, HOUR),
    ];
    tries::count(&mut tx, &limits).await?;
    tx.commit().await
}

/// The order of this number whose buyer knows this.
pub(super) async fn find(app: &App, site: &Site, number: &str, proof: &str) -> Result<Option<Known>> {
    let found = orders::by_number(app.db(), site.shop, number).await?;
    Ok(found.into_iter().find(|known| is_theirs(&known.order, proof, &site.look)))
}

fn is_theirs(order: &Order, proof: &str, look: &Look) -> bool {
    if proof.contains('@') {
        let address = |text: &str| customers::normalise(IdentityKind::Email, text).ok();
        let (said, known) = (address(proof), order.buyer.email.as_deref().and_then(address));
        return said.is_some() && said == known;
    }
    let plain = |text: &str| text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_uppercase();
    let said = plain(proof);
    let addresses = [&order.shipping_address, &order.billing_address];
    let mut known = addresses.into_iter().flatten().filter_map(|address| address.postcode.as_deref()).map(plain);
    look.by_postcode && said.len() >= 3 && known.any(|known| known == said)
}

#[cfg(test)]
mod tests {
    use connectors::order::{Address, Buyer};

    use super::*;

    #[test]
    fn only_what_the_buyer_knows_opens_an_order() {
        let postcode = |code: &str| Some(Address { postcode: Some(code.into()), ..Address::default() });
        let order = Order {
            buyer: Buyer { email: Some("Jo@Post.example".into()), ..Buyer::default() },
            shipping_address: postcode("EC1A 1BB"),
            billing_address: postcode(""),
            ..Order::default()
        };
        let look = Look::default();
        for right in ["jo@post.example", " JO@post.example ", "ec1a1bb", "EC1A-1BB"] {
            assert!(is_theirs(&order, right, &look), "{right}");
        }
        for wrong in ["", "@", "x@post.example", "EC1", "EC1A 1BC", "--", "   "] {
            assert!(!is_theirs(&order, wrong, &look), "{wrong}");
        }
        let strict = Look { by_postcode: false, ..Look::default() };
        assert!(!is_theirs(&order, "ec1a1bb", &strict) && is_theirs(&order, "jo@post.example", &strict));
        assert!(!is_theirs(&Order::default(), "", &look), "what is not known is no proof");
    }
}
