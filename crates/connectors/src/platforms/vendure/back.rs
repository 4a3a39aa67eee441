//! Pieces taken off an order and money given back: refunds and cancelling are the same two steps in Vendure.
//!
//! The reason of each step holds the action's key, and how much is to go out altogether, so that what broke off between
//! them goes on where it was.

use base::{Error, Result};
use serde_json::{Value, json};

use super::{ask::Shop, orders, read, units::Units};
use crate::{
    action::{Action, RefundTo, refund_amount, refundable},
    order::{Order, Pieces},
    platform::Done,
    platforms::{
        call::{trace, traced},
        json::{half_done, id, list},
    },
};

const ALTOGETHER: &str = "shopbell-of:";

/// What was done under this key so far.
#[derive(Default)]
pub struct Begun {
    /// Pieces were taken off.
    cancelled: bool,
    of: Option<i64>,
    done: Done,
}

impl Begun {
    pub fn any(&self) -> bool {
        self.of.is_some()
    }

    /// What the action did, if all of it was done.
    pub fn whole(self, action: &Action) -> Option<Done> {
        let enough = self.of.is_some_and(|of| self.done.amount >= of) && (self.cancelled || !takes_off(action));
        enough.then_some(self.done)
    }
}

fn takes_off(action: &Action) -> bool {
    match action {
        Action::Cancel { .. } => true,
        Action::Refund { lines, restock, .. } => *restock && !lines.is_empty(),
        _ => false,
    }
}

pub fn begun(raw: &Value, order: &Order, config: &Value, key: &str) -> Result<Begun> {
    let units = Units::new(&order.currency, config)?;
    let mut begun = Begun::default();
    let of = |reason: &str| reason.split_whitespace().find_map(|word| word.strip_prefix(ALTOGETHER)?.parse().ok());
    for entry in orders::history(raw, "ORDER_CANCELLATION") {
        let reason = entry["data"]["reason"].as_str().unwrap_or_default();
        if traced(reason, key) {
            begun.cancelled = true;
            begun.of = begun.of.max(of(reason));
        }
    }
    for refund in list(&raw["payments"]).iter().flat_map(|payment| list(&payment["refunds"])) {
        let reason = refund["reason"].as_str().unwrap_or_default();
        if traced(reason, key) && refund["state"] != "Failed" {
            begun.of = begun.of.max(of(reason));
            begun.done.amount += units.minor(&refund["total"])?;
            begun.done.reference = begun.done.reference.or_else(|| id(&refund["id"]));
        }
    }
    Ok(begun)
}

/// How much goes out, on the order as it is now.
pub fn amount(order: &Order, action: &Action) -> Result<i64> {
    match action {
        Action::Refund { to: RefundTo::StoreCredit, .. } => {
            Err(Error::refused("Vendure has no store credit; refund to where it was paid from."))
        }
        Action::Refund { lines, amount, shipping, .. } => refund_amount(order, lines, *amount, *shipping),
        Action::Cancel { refund: true, .. } => Ok(refundable(order)),
        _ => Ok(0),
    }
}

/// Does what is left to do.
pub async fn give(shop: &Shop, key: &str, raw: &Value, order: &Order, config: &Value, action: &Action) -> Result<Done> {
    let (lines, reason) = match action {
        Action::Refund { lines, reason, .. } => (lines.as_slice(), reason),
        Action::Cancel { reason, .. } => (&[][..], reason),
        _ => return Err(Error::internal("no money goes back by it")),
    };
    let Begun { cancelled, of, mut done } = begun(raw, order, config, key)?;
    let of = of.map_or_else(|| amount(order, action), Ok)?;
    let note = note(key, of, reason);
    if takes_off(action) && !cancelled {
        take_off(shop, order, lines, &note).await?;
    }
    // What follows is the rest.
    let mut begun = takes_off(action) || done.amount > 0;
    if matches!(action, Action::Cancel { .. }) {
        let_go(shop, order).await.map_err(|error| half_done(error, begun))?;
    }
    let units = Units::new(&order.currency, config)?;
    for paid in order.payments.iter().filter(|paid| !paid.authorized) {
        let part = (paid.amount - paid.refunded).min(of - done.amount);
        if part <= 0 {
            continue;
        }
        // Vendure itself goes on with the order's next payment where this one does not suffice, but only within one call.
        let named = if done.amount == 0 { lines } else { &[] };
        let query = "mutation ($input: RefundOrderInput!) { refundOrder(input: $input) {
            ... on Refund { id total state } ... on ErrorResult { errorCode message }
            ... on RefundStateTransitionError { transitionError } } }";
        let input = json!({
            "paymentId": paid.id, "amount": units.units(part)?, "lines": sent(named), "reason": note,
            // Not asked for, but its database wants them.
            "shipping": 0, "adjustment": 0,
        });
        let answer = shop.change(query, json!({ "input": input })).await.map_err(|error| half_done(error, begun))?;
        let refund = &answer["refundOrder"];
        if refund["state"] == "Failed" {
            let failed = Error::refused("The payment provider did not take the refund; see the order at Vendure.");
            return Err(half_done(failed, begun));
        }
        begun = true;
        done.amount += part;
        done.reference = done.reference.or_else(|| id(&refund["id"]));
    }
    if done.amount < of {
        let less = Error::refused("Less of what was paid is left than is to be refunded.");
        return Err(half_done(less, begun));
    }
    Ok(done)
}

/// Of the lines, or of the whole order with its shipping. Vendure takes the pieces back into stock.
async fn take_off(shop: &Shop, order: &Order, lines: &[Pieces], note: &str) -> Result<()> {
    let query = "mutation ($input: CancelOrderInput!) { cancelOrder(input: $input) {
        ... on Order { id state } ... on ErrorResult { errorCode message }
        ... on OrderStateTransitionError { transitionError } } }";
    let mut input = json!({ "orderId": order.id, "reason": note, "cancelShipping": lines.is_empty() });
    if !lines.is_empty() {
        input["lines"] = sent(lines);
    }
    shop.change(query, json!({ "input": input })).await.map(|_| ())
}

/// What the bank only promised.
async fn let_go(shop: &Shop, order: &Order) -> Result<()> {
    let Some(((raw, _), _)) = read::order(shop, &order.id).await? else { return Ok(()) };
    for payment in list(&raw["payments"]).iter().filter(|payment| payment["state"] == "Authorized") {
        let query = "mutation ($id: ID!) { cancelPayment(id: $id) {
            ... on Payment { id } ... on ErrorResult { errorCode message } } }";
        shop.change(query, json!({ "id": payment["id"] })).await?;
    }
    Ok(())
}

fn sent(lines: &[Pieces]) -> Value {
    lines.iter().map(|one| json!({ "orderLineId": one.line, "quantity": one.quantity })).collect()
}

fn note(key: &str, of: i64, reason: &str) -> String {
    // What people wrote may not pass for a trace. Vendure keeps 255 characters.
    let (reason, trace) = (reason.trim().replace("shopbell", "Shopbell"), format!("{} {ALTOGETHER}{of}", trace(key)));
    let room = 254_usize.saturating_sub(trace.chars().count());
    let reason: String = reason.chars().take(room).collect();
    format!("{reason} {trace}").trim_start().to_owned()
}
