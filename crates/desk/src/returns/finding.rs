//! A shopper finds their order: by its number together with something that only its buyer knows. Whoever guesses learns
//! nothing: a wrong number and a wrong address are the same answer, and tries are counted.

use std::time::Duration;

use base::{Actor, App, HOUR, Result, web::Caller};
use connectors::order::Order;
use tokio::time::Instant;

use crate::{
    customers::{self, IdentityKind},
    orders::{self, Known},
    shops::ShopId,
    tries::{self, Limit, limit},
    visits,
};

/// No answer comes sooner: an order with many lines takes longer to read than one that there is not, and a code longer to
/// write than none.
const LEAST: Duration = Duration::from_millis(400);

/// When the answer to somebody who guesses may leave.
pub fn not_before() -> Instant {
    Instant::now() + LEAST
}

/// Wrong tries within an hour from one network address.
const FROM_ONE: i64 = 30;

/// With what somebody shows that an order is theirs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Evidence {
    Address,
    Postcode,
    Code,
}

impl Evidence {
    fn of(text: &str) -> Self {
        if text.contains('@') { Self::Address } else { Self::Postcode }
    }

    /// Tries within an hour on one number, from wherever. Each has its own: whoever tries postcodes keeps nobody out who
    /// writes their address, of which there are too many to try.
    fn most(self) -> i64 {
        match self {
            Self::Address => 200,
            Self::Postcode | Self::Code => 15,
        }
    }
}

/// The order of this number whose buyer has this address, or to which postcode it went. `TooMany` says when to try again.
pub async fn find(app: &App, shop: ShopId, caller: &Caller, number: &str, proof: &str) -> Result<Option<Known>> {
    count(app, shop, caller, number, Evidence::of(proof)).await?;
    let found = orders::by_number(app.db(), shop, number).await?;
    let theirs = found.into_iter().find(|known| is_theirs(&known.order, proof));
    if theirs.is_some() {
        // Many people share an address, and one who follows an order may have to withdraw from it, too.
        let mut tx = app.begin(Actor::System).await?;
        tries::forgive(&mut tx, &from_one(app, caller)).await?;
        tx.commit().await?;
    }
    Ok(theirs)
}

/// Of one network address.
fn from_one(app: &App, caller: &Caller) -> Limit {
    let network = visits::network(app, &caller.network().to_string());
    limit(&format!("orders looked for from {network}"), FROM_ONE, HOUR)
}

/// Counts a try on this number, whether there is such an order or not.
pub async fn count(app: &App, shop: ShopId, caller: &Caller, number: &str, proof: Evidence) -> Result<()> {
    let key = orders::number_key(number);
    let mut tx = app.begin(Actor::System).await?;
    let limits = [
        from_one(app, caller),
        limit(&format!("order {key} looked for by {proof:?} in shop {shop}"), proof.most(), HOUR),
    ];
    tries::count(&mut tx, &limits).await?;
    tx.commit().await
}

fn is_theirs(order: &Order, proof: &str) -> bool {
    if proof.contains('@') {
        let address = |text: &str| customers::normalise(IdentityKind::Email, text).ok();
        let (said, known) = (address(proof), order.buyer.email.as_deref().and_then(address));
        return said.is_some() && said == known;
    }
    let plain = |text: &str| text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_uppercase();
    let said = plain(proof);
    let addresses = [&order.shipping_address, &order.billing_address];
    let known = addresses.into_iter().flatten().filter_map(|address| address.postcode.as_deref()).map(plain);
    said.len() >= 3 && known.into_iter().any(|known| known == said)
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
        for right in ["jo@post.example", " JO@post.example ", "ec1a1bb", "EC1A-1BB"] {
            assert!(is_theirs(&order, right), "{right}");
        }
        for wrong in ["", "@", "x@post.example", "EC1", "EC1A 1BC", "--", "   "] {
            assert!(!is_theirs(&order, wrong), "{wrong}");
        }
        assert!(!is_theirs(&Order::default(), ""), "what is not known is no proof");
    }
}
