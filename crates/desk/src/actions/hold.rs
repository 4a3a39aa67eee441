//! What is under way on an order holds its money and its pieces: nothing is promised twice.

use base::{Error, Result, Tx, args};
use connectors::{
    action::{self, Action, hindrance, left, refundable},
    order::{Order, Pieces},
};

use super::{ActionId, Deed, State, deed};
use crate::orders::OrderId;

/// What else is under way on an order, or may have been done. The order is held by the caller.
pub async fn under_way(tx: &mut Tx, order: OrderId, but: Option<ActionId>) -> Result<Vec<Deed>> {
    let sql =
        "SELECT * FROM order_actions WHERE order_id = $1 AND state IN ('queued', 'running', 'unsure') ORDER BY id";
    let all = tx.all(sql, args![order]).await?.iter().map(deed).collect::<Result<Vec<_>>>()?;
    Ok(all.into_iter().filter(|deed| Some(deed.id) != but).collect())
}

/// The action with its amount filled in, where the order allows it beside what is under way; and what goes out.
/// `Invalid` names the field, `Conflict` says what is in the way.
pub fn settled(order: &Order, action: Action, under_way: &[Deed]) -> Result<(Action, i64)> {
    if let Some(why) = hindrance(order, action.kind()) {
        return Err(Error::conflict(format!("This order does not allow it: {}.", sentence(why))));
    }
    match action {
        Action::Refund { lines, amount, shipping, restock, to, reason, notify } => {
            let out = action::refund_amount(order, &lines, amount, shipping)?;
            pieces_are_free(order, &lines, under_way)?;
            money_is_free(order, out, under_way)?;
            Ok((Action::Refund { lines, amount: Some(out), shipping, restock, to, reason, notify }, out))
        }
        Action::Cancel { refund, .. } => {
            let out = if refund { refundable(order) } else { 0 };
            money_is_free(order, out, under_way)?;
            if under_way.iter().any(|deed| matches!(deed.action, Action::Cancel { .. })) {
                return Err(Error::conflict("This order is being cancelled already."));
            }
            Ok((action, out))
        }
        Action::StoreCredit { amount, .. } if amount < 1 => Err(Error::invalid("amount", "must be at least 1")),
        Action::StoreCredit { amount, .. } => Ok((action, amount)),
        Action::Replacement { ref lines, .. }
        | Action::Return { ref lines, .. }
        | Action::Exchange { ref lines, .. } => {
            if lines.is_empty() {
                return Err(Error::invalid("lines", "must name at least one piece"));
            }
            action::worth(order, lines)?;
            Ok((action, 0))
        }
        Action::Discount { percent, amount, days } => {
            discount_is_one(percent, amount, days)?;
            Ok((action, 0))
        }
        Action::Note { ref text } if text.trim().is_empty() || text.len() > 5000 => {
            Err(Error::invalid("text", "must have 1 to 5000 characters"))
        }
        Action::Tag { ref add, ref remove } => {
            let all = || add.iter().chain(remove);
            if all().next().is_none() || all().any(|tag| tag.trim().is_empty() || tag.contains(',') || tag.len() > 40) {
                return Err(Error::invalid("add", "must be tags of 1 to 40 characters without commas"));
            }
            Ok((action, 0))
        }
        Action::ChangeAddress { ref address } => {
            if address.line1.trim().is_empty() || address.city.trim().is_empty() || address.country.len() != 2 {
                return Err(Error::invalid("address", "must have a street, a city and a country such as NO"));
            }
            Ok((action, 0))
        }
        other => Ok((other, 0)),
    }
}

fn discount_is_one(percent: Option<i64>, amount: Option<i64>, days: Option<i64>) -> Result<()> {
    if percent.is_some() == amount.is_some() {
        return Err(Error::invalid("percent", "must be given, or an amount, and not both"));
    }
    if percent.is_some_and(|percent| !(1..=100).contains(&percent)) {
        return Err(Error::invalid("percent", "must be 1 to 100"));
    }
    if amount.is_some_and(|amount| amount < 1) {
        return Err(Error::invalid("amount", "must be at least 1"));
    }
    if days.is_some_and(|days| !(1..=3650).contains(&days)) {
        return Err(Error::invalid("days", "must be 1 to 3650"));
    }
    Ok(())
}

/// What an action is worth against somebody's limits, in the smallest unit of the order's currency.
pub fn worth(order: &Order, action: &Action, amount: i64) -> Result<i64> {
    Ok(match action {
        Action::Replacement { lines, .. } => action::worth(order, lines)?,
        Action::Discount { percent: Some(percent), .. } => order.totals.total.saturating_mul(*percent) / 100,
        Action::Discount { amount: Some(amount), .. } => *amount,
        _ => amount,
    })
}

fn money_is_free(order: &Order, out: i64, under_way: &[Deed]) -> Result<()> {
    let promised: i64 = under_way.iter().map(takes).fold(0, i64::saturating_add);
    if out > 0 && promised.saturating_add(out) > refundable(order) {
        return Err(Error::conflict(
            "Another refund of this order is under way, and together they would be more than was paid. Wait for it, then look again.",
        ));
    }
    Ok(())
}

/// What an action under way takes of what the buyer paid.
fn takes(deed: &Deed) -> i64 {
    match deed.action {
        Action::Refund { .. } | Action::Cancel { .. } => deed.amount,
        _ => 0,
    }
}

fn pieces_are_free(order: &Order, lines: &[Pieces], under_way: &[Deed]) -> Result<()> {
    for (place, piece) in lines.iter().enumerate() {
        let held = under_way.iter().filter(|deed| deed.state != State::Done).flat_map(|deed| match &deed.action {
            Action::Refund { lines, .. } => lines.as_slice(),
            _ => &[],
        });
        let held: i64 = held.filter(|held| held.line == piece.line).map(|held| held.quantity).sum();
        let free = left(order, &piece.line) - held;
        if piece.quantity > free {
            let why = format!("must be at most {}: a refund of the rest is under way", free.max(0));
            return Err(Error::invalid(format!("lines[{place}].quantity"), why));
        }
    }
    Ok(())
}

fn sentence(why: connectors::action::Hindrance) -> &'static str {
    use connectors::action::Hindrance as H;
    match why {
        H::Unable => "its store has no such action",
        H::Disconnected => "its store is not connected",
        H::Cancelled => "it is cancelled",
        H::NotCancelled => "it is not cancelled",
        H::NotPaid => "nothing was paid",
        H::Refunded => "all that was paid has been given back",
        H::Shipped => "parcels are on their way",
        H::NotShipped => "nothing has been sent yet",
        H::InProgress => "the warehouse has it in hand",
        H::OnHold => "it is on hold already",
        H::NotOnHold => "it is not on hold",
        H::NoBuyer => "it has no account behind it",
        H::NoAddress => "it has no address",
        H::NoLines => "it has no lines",
    }
}
