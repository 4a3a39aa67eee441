//! Giving money back at WooCommerce.
//!
//! It looks at no keys of ours. So the key stands in the refund's reason, which is stored before the payment's provider
//! is asked, and in a field of the refund; and before every try we look whether it is there.

use base::{Error, Result};
use serde_json::{Value, json};

use super::{
    WooCommerce,
    orders::{self, Purse, each, id, meta},
    settings,
};
use crate::{
    action::{RefundTo, refund_amount, worth},
    money,
    order::{Order, Pieces},
    platform::{Done, Found, Store},
    platforms::call::{trace, traced, with_trace},
};

/// The field in which we leave our keys.
pub const MARK: &str = "_shopbell_action";
const REASON: usize = 400;

/// What a refund is to give back.
pub struct Wish<'a> {
    pub lines: &'a [Pieces],
    pub amount: Option<i64>,
    pub shipping: i64,
    pub restock: bool,
    pub to: RefundTo,
    pub reason: &'a str,
}

pub fn gone() -> Error {
    Error::refused("The order was deleted at WooCommerce")
}

/// What goes out, as far as it can.
pub fn reckon(order: &Order, wish: &Wish) -> Result<i64> {
    if wish.to == RefundTo::StoreCredit {
        return Err(Error::refused("WooCommerce has no store credit"));
    }
    refund_amount(order, wish.lines, wish.amount, wish.shipping)
}

impl WooCommerce {
    pub(super) async fn refund(&self, store: &Store, key: &str, order: &Order, wish: &Wish<'_>) -> Result<Done> {
        let raw = self.raw(store, &order.id).await?.ok_or_else(gone)?;
        let refunds = self.refunds(store, &order.id).await?;
        let now = orders::order(&settings::access(&store.settings)?.site, &raw, &refunds)?;
        let amount = reckon(&now, wish)?;
        let mut items = wish.lines.iter().map(|pieces| item(&now, &raw, pieces)).collect::<Result<Vec<_>>>()?;
        items.extend(shipping(&now, &raw, wish.shipping)?);
        let body = json!({
            "amount": money::decimal(amount, &now.currency),
            "reason": with_trace(wish.reason, key, REASON),
            "api_refund": true,
            "api_restock": wish.restock,
            "line_items": items,
            "meta_data": [{ "key": MARK, "value": trace(key) }],
        });
        let done = self.rest.post(store, &format!("orders/{}/refunds", order.id), &body).await?;
        let amount = Purse { currency: &now.currency }.of(&done["amount"])?.abs();
        Ok(Done { reference: id(&done["id"]), amount, code: None })
    }

    pub(super) async fn refund_done(&self, store: &Store, key: &str, order: &Order) -> Result<Found> {
        let ours = |refund: &&Value| {
            meta(refund, MARK).is_some_and(|mark| *mark == *trace(key).as_str())
                || traced(refund["reason"].as_str().unwrap_or_default(), key)
        };
        let refunds = self.refunds(store, &order.id).await?;
        let Some(refund) = refunds.iter().find(ours) else { return Ok(Found::NotDone) };
        if refund["refunded_payment"].as_bool() == Some(false) {
            let number = id(&refund["id"]).unwrap_or_default();
            return Ok(Found::Unknown(format!(
                "Refund {number} is recorded at WooCommerce, but not that the payment's provider carried it out. See there, \
                 and delete the refund at WooCommerce if nothing went out"
            )));
        }
        let amount = Purse { currency: &order.currency }.of(&refund["amount"])?.abs();
        Ok(Found::Done(Done { reference: id(&refund["id"]), amount, code: None }))
    }
}

/// Pieces of a line as WooCommerce takes them: without taxes, and each tax beside it. The parts add up to what the
/// pieces are worth, to the last cent.
fn item(order: &Order, raw: &Value, pieces: &Pieces) -> Result<Value> {
    let line = order.lines.iter().find(|line| line.id == pieces.line);
    let all = line.map_or(1, |line| line.quantity.max(1));
    let before = line.map_or(0, |line| line.refunded);
    let worth = worth(order, std::slice::from_ref(pieces))?;
    let raw = each(&raw["line_items"]).find(|item| id(&item["id"]).as_deref() == Some(&pieces.line));
    let share = |whole: i64| {
        let upto = |count: i64| whole.saturating_mul(count) / all;
        upto(before + pieces.quantity) - upto(before)
    };
    let (parts, taxed) = taxes(order, raw.unwrap_or(&Value::Null), share)?;
    Ok(json!({
        "id": pieces.line.parse::<u64>().unwrap_or_default(),
        "quantity": pieces.quantity,
        "refund_total": money::decimal(worth - taxed, &order.currency),
        "refund_tax": parts,
    }))
}

/// Shipping that is given back, off its first line.
fn shipping(order: &Order, raw: &Value, amount: i64) -> Result<Option<Value>> {
    let Some(line) = each(&raw["shipping_lines"]).next().filter(|_| amount > 0) else { return Ok(None) };
    let whole = order.totals.shipping.max(1);
    let (parts, taxed) = taxes(order, line, |tax| tax.saturating_mul(amount) / whole)?;
    Ok(Some(json!({
        "id": line["id"],
        "quantity": 0,
        "refund_total": money::decimal(amount - taxed, &order.currency),
        "refund_tax": parts,
    })))
}

fn taxes(order: &Order, line: &Value, share: impl Fn(i64) -> i64) -> Result<(Vec<Value>, i64)> {
    let (mut parts, mut sum) = (Vec::new(), 0);
    for tax in each(&line["taxes"]) {
        let part = share(Purse { currency: &order.currency }.of(&tax["total"])?);
        parts.push(json!({ "id": tax["id"], "refund_total": money::decimal(part, &order.currency) }));
        sum += part;
    }
    Ok((parts, sum))
}
