//! Pieces that come back, and others that go out: returns, exchanges and replacements.
//!
//! Each is a change of the order that is begun, filled and then requested. The key stands in its note; one that was only
//! begun when we broke off is taken back and made anew.

use base::{Error, Result};
use serde_json::{Value, json};

use super::ask::Shop;
use crate::{
    action::Action,
    order::{Order, Pieces},
    platform::Done,
    platforms::{
        call::{traced, with_trace},
        json::{id, list},
    },
};

/// Characters of a note that anybody reads.
const NOTE: usize = 2000;

/// What was made under this key.
pub async fn made(shop: &Shop, order: &Order, key: &str) -> Result<Option<Done>> {
    let change = change(shop, order, key).await?.filter(|change| change["status"] == "confirmed");
    Ok(change.map(|change| Done { reference: made_by(&change).map(|(_, id)| id), ..Done::default() }))
}

/// The change of the order under this key, unless it was taken back.
async fn change(shop: &Shop, order: &Order, key: &str) -> Result<Option<Value>> {
    let fields = "id,status,internal_note,return_id,exchange_id,claim_id";
    let answer = shop.list(&["orders", &order.id, "changes"], &[("fields", fields)]).await?;
    let ours = |change: &&Value| {
        traced(change["internal_note"].as_str().unwrap_or_default(), key)
            && !matches!(change["status"].as_str(), Some("canceled" | "declined"))
    };
    Ok(list(&answer["order_changes"]).iter().find(ours).cloned())
}

/// An exchange has a return of its own, so it is asked for first.
fn made_by(change: &Value) -> Option<(&'static str, String)> {
    let kinds = [("exchanges", "exchange_id"), ("claims", "claim_id"), ("returns", "return_id")];
    kinds.into_iter().find_map(|(path, field)| Some((path, id(&change[field])?)))
}

pub async fn make(shop: &Shop, key: &str, raw: &Value, order: &Order, action: &Action) -> Result<Done> {
    check(order, action)?;
    if let Some((path, half)) = change(shop, order, key).await?.as_ref().and_then(made_by) {
        shop.delete(&[path, &half, "request"]).await?;
    }
    let (path, one, mut body, reason) = match action {
        Action::Return { reason, .. } => ("returns", "return", json!({}), reason),
        Action::Exchange { reason, .. } => ("exchanges", "exchange", json!({}), reason),
        Action::Replacement { reason, .. } => ("claims", "claim", json!({ "type": "replace" }), reason),
        _ => return Err(Error::internal("no action on goods")),
    };
    body["order_id"] = json!(order.id);
    body["internal_note"] = json!(with_trace(&reason.replace("shopbell", "Shopbell"), key, NOTE));
    let begun = shop.post(&[path], &body).await?;
    let made = id(&begun[one]["id"]).ok_or_else(|| Error::upstream("Medusa answered without an id"))?;
    match fill(shop, path, &made, raw, action).await {
        Ok(()) => Ok(Done { reference: Some(made), ..Done::default() }),
        Err(refused @ Error::Refused { .. }) => {
            // Or the order would be locked by it.
            shop.delete(&[path, &made, "request"]).await?;
            Err(refused)
        }
        Err(error) => Err(error),
    }
}

async fn fill(shop: &Shop, path: &str, made: &str, raw: &Value, action: &Action) -> Result<()> {
    match action {
        Action::Return { lines, .. } => {
            shop.post(&[path, made, "request-items"], &json!({ "items": items(lines) })).await?;
        }
        Action::Exchange { lines, with, .. } => {
            shop.post(&[path, made, "inbound", "items"], &json!({ "items": items(lines) })).await?;
            let wished = with.iter().map(|one| json!({ "variant_id": one.variant, "quantity": one.quantity }));
            let body = json!({ "items": wished.collect::<Vec<_>>() });
            shop.post(&[path, made, "outbound", "items"], &body).await?;
        }
        Action::Replacement { lines, .. } => {
            shop.post(&[path, made, "claim-items"], &json!({ "items": items(lines) })).await?;
            let same = lines.iter().filter_map(|pieces| again(raw, pieces));
            let body = json!({ "items": same.collect::<Vec<_>>() });
            shop.post(&[path, made, "outbound", "items"], &body).await?;
        }
        _ => return Err(Error::internal("no action on goods")),
    }
    shop.post(&[path, made, "request"], &json!({})).await?;
    Ok(())
}

/// Claimed pieces stay paid for, so the new ones cost nothing.
fn again(raw: &Value, pieces: &Pieces) -> Option<Value> {
    let item = list(&raw["items"]).iter().find(|item| item["id"] == *pieces.line)?;
    Some(json!({ "variant_id": id(&item["variant_id"])?, "quantity": pieces.quantity, "unit_price": 0 }))
}

fn items(lines: &[Pieces]) -> Vec<Value> {
    lines.iter().map(|pieces| json!({ "id": pieces.line, "quantity": pieces.quantity })).collect()
}

/// Before anything is begun: `Invalid` names the field.
pub fn check(order: &Order, action: &Action) -> Result<()> {
    let (lines, shipped) = match action {
        Action::Return { lines, .. } | Action::Exchange { lines, .. } => (lines, true),
        Action::Replacement { lines, .. } => (lines, false),
        _ => return Ok(()),
    };
    if lines.is_empty() {
        return Err(Error::invalid("lines", "must name at least one line"));
    }
    for (at, pieces) in lines.iter().enumerate() {
        let field = format!("lines[{at}]");
        let known = order.lines.iter().find(|line| line.id == pieces.line);
        let known = known.ok_or_else(|| Error::invalid(format!("{field}.line"), "is no line of this order"))?;
        let most = if shipped { known.shipped.min(known.quantity) } else { known.quantity };
        if pieces.quantity < 1 || pieces.quantity > most {
            return Err(Error::invalid(format!("{field}.quantity"), format!("must be 1 to {most}")));
        }
        if !shipped && known.variant.is_none() {
            return Err(Error::refused(format!("{} is no longer sold, so it cannot be sent again.", known.title)));
        }
    }
    let Action::Exchange { with, .. } = action else { return Ok(()) };
    if with.is_empty() || with.iter().any(|one| one.quantity < 1 || one.quantity > 10_000) {
        return Err(Error::invalid("with", "must name what goes out, one piece or more of each"));
    }
    Ok(())
}
