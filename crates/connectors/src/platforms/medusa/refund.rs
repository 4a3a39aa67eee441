//! Money back to where it came from.
//!
//! A refund's note holds the action's key, and how much was to go out altogether: an order may have been paid in parts,
//! of which each is refunded by a call of its own.

use base::{Error, Result};
use serde_json::{Value, json};

use super::{
    ask::Shop,
    orders::{self, PIECES, money},
    read,
};
use crate::{
    action::{Action, RefundTo, refund_amount},
    money::decimal,
    order::{Order, Pieces},
    platform::Done,
    platforms::{
        call::{trace, traced},
        json::{half_done, id, list},
    },
};

const ALTOGETHER: &str = "shopbell-of:";

/// What was refunded under this key, and what was to be.
pub fn begun(raw: &Value, order: &Order, key: &str) -> Result<Option<(Done, i64)>> {
    let (mut done, mut of, mut any) = (Done::default(), 0, false);
    for refund in orders::payments(raw).flat_map(|payment| list(&payment["refunds"])) {
        let note = refund["note"].as_str().unwrap_or_default();
        if !traced(note, key) {
            continue;
        }
        any = true;
        done.amount += money(refund, "amount", &order.currency)?;
        done.reference = done.reference.or_else(|| id(&refund["id"]));
        let word = note.split_whitespace().find_map(|word| word.strip_prefix(ALTOGETHER)?.parse().ok());
        of = of.max(word.unwrap_or(0));
    }
    Ok(any.then_some((done, of)))
}

/// How much a refund would be, on the order as it is now.
pub fn amount(order: &Order, action: &Action) -> Result<i64> {
    let Action::Refund { lines, amount, shipping, to, .. } = action else { return Ok(0) };
    if *to == RefundTo::StoreCredit {
        return Err(Error::refused("Medusa has no store credit; refund to where it was paid from."));
    }
    refund_amount(order, lines, *amount, *shipping)
}

pub async fn give_back(shop: &Shop, key: &str, raw: &Value, order: &Order, action: &Action) -> Result<Done> {
    let Action::Refund { lines, reason, .. } = action else { return Err(Error::internal("no refund")) };
    let (mut done, of) = match begun(raw, order, key)? {
        Some((done, of)) if done.amount >= of => return Ok(done),
        Some(begun) => begun,
        None => (Done::default(), amount(order, action)?),
    };
    for payment in orders::payments(raw) {
        let left = left(payment, &order.currency)?.min(of - done.amount);
        let Some(payment) = id(&payment["id"]).filter(|_| left > 0) else { continue };
        let named = if done.amount == 0 { lines.as_slice() } else { &[] };
        // As a JSON number: Medusa takes no texts here, and writes it into its books as it is written.
        let amount: serde_json::Number = serde_json::from_str(&decimal(left, &order.currency))?;
        let body = json!({ "amount": amount, "note": note(key, of, reason, named) });
        let begun = done.amount > 0;
        shop.post(&["payments", &payment, "refund"], &body).await.map_err(|error| half_done(error, begun))?;
        done.amount += left;
    }
    if done.amount < of {
        let less = Error::refused("Less of what was paid is left than is to be refunded.");
        return Err(half_done(less, done.amount > 0));
    }
    if done.reference.is_none() {
        let after = read::raw_order(shop, &order.id).await?.unwrap_or_default();
        done.reference = begun(&after, order, key)?.and_then(|(done, _)| done.reference);
    }
    Ok(done)
}

/// Taken and not given back yet.
pub fn left(payment: &Value, currency: &str) -> Result<i64> {
    let sum = |parts: &[Value]| parts.iter().map(|part| money(part, "amount", currency)).sum::<Result<i64>>();
    Ok(sum(list(&payment["captures"]))? - sum(list(&payment["refunds"]))?)
}

fn note(key: &str, of: i64, reason: &str, lines: &[Pieces]) -> String {
    let pieces: Vec<_> = lines.iter().map(|pieces| format!("{}={}", pieces.line, pieces.quantity)).collect();
    let pieces = if pieces.is_empty() { String::new() } else { format!(" {PIECES}{}", pieces.join(",")) };
    // What people wrote may not pass for a trace.
    let reason = reason.replace("shopbell", "Shopbell");
    format!("{reason} {} {ALTOGETHER}{of}{pieces}", trace(key)).trim_start().to_owned()
}
