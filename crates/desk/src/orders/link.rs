//! The address of the page on which shoppers follow an order. There are two of them: one for whoever has shown that they
//! know the order, who may see it; and one that goes by mail to whoever placed it, who may also change it.

use base::App;

use super::OrderId;

/// What has been shown by whoever has an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proof {
    /// They know its number, and something that its buyer knows.
    Known,
    /// They read the mail of whoever placed it.
    Mailed,
}

impl Proof {
    /// What the address is signed for.
    fn purpose(self) -> &'static str {
        match self {
            Self::Known => "track",
            Self::Mailed => "track by mail",
        }
    }
}

/// What stands in such an address.
pub fn token(app: &App, order: OrderId, proof: Proof) -> String {
    format!("{order}-{}", app.secrets().sign(proof.purpose(), &order.to_string()))
}

/// The order that a token was made for, and what it shows.
pub fn opened(app: &App, token: &str) -> Option<(OrderId, Proof)> {
    let (order, signature) = token.split_once('-')?;
    let is = |proof: &Proof| app.secrets().is_signed(proof.purpose(), order, signature);
    let proof = [Proof::Known, Proof::Mailed].into_iter().find(is)?;
    Some((OrderId(order.parse().ok()?), proof))
}

/// Where an order is followed by whomever it is told to.
pub fn address(app: &App, order: OrderId) -> String {
    format!("{}/track/{}", app.config().public_url(), token(app, order, Proof::Known))
}

/// For mails to the address with which the order was placed, and for nothing else.
pub fn mailed(app: &App, order: OrderId) -> String {
    format!("{}/track/{}", app.config().public_url(), token(app, order, Proof::Mailed))
}
