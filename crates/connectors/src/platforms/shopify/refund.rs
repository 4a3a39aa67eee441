//! Giving money back at Shopify.
//!
//! `refundCreate` takes our key in its `@idempotent` directive (required since 2026-04), and Shopify answers a second
//! call of one key with the first one's refund. The key stands in the refund's note as well: that is where it is looked
//! up, however long after.

use base::{Error, Result};
use serde_json::{Value, json};

use super::{
    Shopify,
    orders::{Purse, each, text},
};
use crate::{
    action::{RefundTo, refund_amount},
    money,
    order::{Order, Pieces},
    platform::{Done, Found, Store},
    platforms::call::{traced, with_trace},
};

const NOTE: usize = 255;

const SUGGEST: &str = "query Suggest($id: ID!, $lines: [RefundLineItemInput!], $shipping: Money, $all: Boolean) { \
    order(id: $id) { suggestedRefund(refundLineItems: $lines, shippingAmount: $shipping, suggestFullRefund: $all) { \
    amountSet { presentmentMoney { amount } } maximumRefundableSet { presentmentMoney { amount } } \
    refundLineItems { lineItem { id } location { id } } } } }";

/// All of them, as an order has few: a refund that is overlooked could be made twice.
const NOTES: &str = "query Notes($id: ID!) { order(id: $id) { refunds(first: 250) { \
    id note totalRefundedSet { presentmentMoney { amount } } } } }";

const CREATE: &str = "mutation Refund($input: RefundInput!, $key: String!) { \
    refundCreate(input: $input) @idempotent(key: $key) { \
    refund { id totalRefundedSet { presentmentMoney { amount } } } userErrors { field message } } }";

/// What a refund is to give back.
pub struct Wish<'a> {
    pub lines: &'a [Pieces],
    pub amount: Option<i64>,
    pub shipping: i64,
    pub restock: bool,
    pub to: RefundTo,
    pub reason: &'a str,
    pub notify: bool,
}

/// What Shopify reckons for it.
pub struct Reckoned {
    pub amount: i64,
    pub most: i64,
    /// As `RefundInput` takes them, with the shelves that they go back to.
    lines: Vec<Value>,
}

impl Shopify {
    /// What would go out: what was asked for, or what Shopify reckons for these pieces, never more than is left.
    pub(super) async fn reckon(&self, store: &Store, order: &Order, wish: &Wish<'_>) -> Result<Reckoned> {
        let ours = refund_amount(order, wish.lines, wish.amount, wish.shipping)?;
        let lines: Vec<Value> = wish.lines.iter().map(|pieces| refunded(order, pieces, wish.restock)).collect();
        let shipping = (wish.shipping > 0).then(|| money::decimal(wish.shipping, &order.currency));
        let all = wish.lines.is_empty() && wish.shipping == 0;
        let variables = json!({ "id": order.id, "lines": lines, "shipping": shipping, "all": all });
        let said = self.admin.ask(store, SUGGEST, variables).await?;
        let suggested = &said.data["order"]["suggestedRefund"];
        if suggested.is_null() {
            return Err(Error::refused("Shopify has nothing of this order to refund"));
        }
        let purse = Purse { currency: &order.currency };
        // What Shopify says it can give back, where that is less: a payment may be older than its provider goes back.
        let most = purse.of(&suggested["maximumRefundableSet"])?.min(order.totals.paid - order.totals.refunded);
        let amount = match wish.amount {
            Some(amount) => amount,
            None if all => ours.min(most),
            None => purse.of(&suggested["amountSet"])?.min(most),
        };
        if amount < 1 || amount > most {
            let left = money::decimal(most, &order.currency);
            return Err(Error::refused(format!("Shopify gives back {left} {} at most for this order", order.currency)));
        }
        let shelves = each(&suggested["refundLineItems"]);
        let shelves: Vec<_> =
            shelves.filter_map(|item| Some((text(&item["lineItem"]["id"])?, text(&item["location"]["id"])?))).collect();
        Ok(Reckoned { amount, most, lines: lines.into_iter().map(|line| shelved(line, &shelves)).collect() })
    }

    pub(super) async fn refund(&self, store: &Store, key: &str, order: &Order, wish: &Wish<'_>) -> Result<Done> {
        let order = self.order_now(store, &order.id).await?.ok_or_else(gone)?;
        let reckoned = self.reckon(store, &order, wish).await?;
        let amount = |minor| money::decimal(minor, &order.currency);
        let mut input = json!({
            "orderId": order.id,
            "currency": order.currency,
            "note": with_trace(wish.reason, key, NOTE),
            "notify": wish.notify,
            "refundLineItems": reckoned.lines,
        });
        if wish.shipping > 0 {
            input["shipping"] = json!({ "amount": amount(wish.shipping) });
        }
        match wish.to {
            RefundTo::Original => input["transactions"] = shared(&order, reckoned.amount)?,
            RefundTo::StoreCredit => {
                input["transactions"] = json!([]);
                let money = json!({ "amount": amount(reckoned.amount), "currencyCode": order.currency });
                input["refundMethods"] = json!([{ "storeCreditRefund": { "amount": money } }]);
            }
        }
        let done = self.admin.change(store, CREATE, "refundCreate", json!({ "input": input, "key": key })).await?;
        // Paid back by transactions alone it is in the refund's sum; by store credit it is not in every case.
        let total = Purse { currency: &order.currency }.of(&done["refund"]["totalRefundedSet"])?;
        Ok(Done { reference: text(&done["refund"]["id"]), amount: total.max(reckoned.amount), code: None })
    }

    pub(super) async fn refund_done(&self, store: &Store, key: &str, order: &Order, asked: i64) -> Result<Found> {
        let said = self.admin.ask(store, NOTES, json!({ "id": order.id })).await?;
        if said.data["order"].is_null() {
            return Err(gone());
        }
        let noted = |refund: &&Value| traced(refund["note"].as_str().unwrap_or_default(), key);
        let Some(refund) = each(&said.data["order"]["refunds"]).find(noted) else { return Ok(Found::NotDone) };
        // The sum is 0 while the payments are still under way.
        let sum = Purse { currency: &order.currency }.of(&refund["totalRefundedSet"])?;
        let amount = if sum > 0 { sum } else { asked };
        Ok(Found::Done(Done { reference: text(&refund["id"]), amount, code: None }))
    }
}

pub fn gone() -> Error {
    Error::refused("The order was deleted at Shopify")
}

/// One line as Shopify takes it: what was sent comes back, what was not is taken off.
fn refunded(order: &Order, pieces: &Pieces, restock: bool) -> Value {
    let line = order.lines.iter().find(|line| line.id == pieces.line);
    let unsent = line.is_some_and(|line| line.quantity - line.refunded - line.shipped >= pieces.quantity);
    let kind = match (restock, unsent) {
        (false, _) => "NO_RESTOCK",
        (true, true) => "CANCEL",
        (true, false) => "RETURN",
    };
    json!({ "lineItemId": pieces.line, "quantity": pieces.quantity, "restockType": kind })
}

fn shelved(mut line: Value, shelves: &[(String, String)]) -> Value {
    let shelf = shelves.iter().find(|(id, _)| line["lineItemId"] == *id.as_str());
    if line["restockType"] != "NO_RESTOCK"
        && let Some((_, shelf)) = shelf
    {
        line["locationId"] = json!(shelf);
    }
    line
}

/// Shares an amount out over what was paid, the first payment first.
fn shared(order: &Order, amount: i64) -> Result<Value> {
    let mut rest = amount;
    let mut parts = Vec::new();
    for paid in order.payments.iter().filter(|paid| !paid.authorized) {
        let part = rest.min(paid.amount - paid.refunded);
        if part > 0 {
            parts.push(json!({
                "orderId": order.id,
                "parentId": paid.id,
                "gateway": paid.gateway,
                "kind": "REFUND",
                "amount": money::decimal(part, &order.currency),
            }));
            rest -= part;
        }
    }
    if rest > 0 {
        return Err(Error::refused("Not all of it can go back to where it was paid from; what is left there is less"));
    }
    Ok(json!(parts))
}
