//! The address of the page on which shoppers follow an order: whoever has the mail with it may see the order.

use base::App;

use super::OrderId;

/// What a link to the page of an order is signed for.
const PURPOSE: &str = "track";

/// What stands in such an address.
pub fn token(app: &App, order: OrderId) -> String {
    format!("{order}-{}", app.secrets().sign(PURPOSE, &order.to_string()))
}

/// The order that a token was made for.
pub fn opened(app: &App, token: &str) -> Option<OrderId> {
    let (order, signature) = token.split_once('-')?;
    app.secrets().is_signed(PURPOSE, order, signature).then(|| order.parse().ok().map(OrderId)).flatten()
}

/// Where an order is followed.
pub fn address(app: &App, order: OrderId) -> String {
    format!("{}/track/{}", app.config().public_url(), token(app, order))
}
