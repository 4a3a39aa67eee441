//! What is under way on an order holds its money and its pieces, and so does what was done from here, whether its store's
//! books show it yet or not: nothing is promised twice.

use base::{Error, Result, Tx, args};
use connectors::{
    action::{self, Action, Wished, hindrance, left, refundable},
    order::{Order, Pieces},
};

use super::{ActionId, Deed, State, deed};
use crate::orders::OrderId;

/// Pieces of one thing that go out in an exchange.
const MOST_WISHED: i64 = 1000;

/// What else was asked for on an order.
#[derive(Debug, Default)]
pub struct Held {
    /// It is under way, or may have been done.
    under_way: Vec<Deed>,
    done: Vec<Deed>,
}

/// All but this one. The order is held by the caller.
pub async fn held(tx: &mut Tx, order: OrderId, but: Option<ActionId>) -> Result<Held> {
    let sql = "SELECT * FROM order_actions WHERE order_id = $1 AND state IN ('queued', 'running', 'unsure', 'done')
        ORDER BY id";
    let all = tx.all(sql, args![order]).await?.iter().map(deed).collect::<Result<Vec<_>>>()?;
    let all = all.into_iter().filter(|deed| Some(deed.id) != but);
    let (done, under_way) = all.partition(|deed| deed.state == State::Done);
    Ok(Held { under_way, done })
}

impl Held {
    /// What can still be given back, before what is under way.
    fn left(&self, order: &Order) -> i64 {
        let given = self.done.iter().map(takes).fold(0, i64::saturating_add);
        refundable(order).min(order.totals.paid.saturating_sub(given)).max(0)
    }

    fn money_is_free(&self, order: &Order, out: i64) -> Result<()> {
        if out > self.left(order) {
            return Err(Error::conflict(
                "More than is left was given back from here already, though the store's books do not show it yet. Look there first.",
            ));
        }
        let promised = self.under_way.iter().map(takes).fold(0, i64::saturating_add);
        if out > 0 && promised.saturating_add(out) > self.left(order) {
            return Err(Error::conflict(
                "Another refund of this order is under way, and together they would be more than was paid. Wait for it, then look again.",
            ));
        }
        Ok(())
    }

    fn pieces_are_free(&self, order: &Order, lines: &[Pieces]) -> Result<()> {
        let of = |deeds: &[Deed], line: &str| -> i64 {
            let pieces = deeds.iter().flat_map(|deed| match &deed.action {
                Action::Refund { lines, .. } | Action::Exchange { lines, .. } => lines.as_slice(),
                _ => &[],
            });
            pieces.filter(|held| held.line == line).map(|held| held.quantity).sum()
        };
        for (place, piece) in lines.iter().enumerate() {
            let bought = order.lines.iter().find(|line| line.id == piece.line).map_or(0, |line| line.quantity);
            let there = left(order, &piece.line).min(bought - of(&self.done, &piece.line));
            let free = (there - of(&self.under_way, &piece.line)).max(0);
            if piece.quantity > free {
                let why = format!("must be at most {free}: the rest is given back or exchanged already");
                return Err(Error::invalid(format!("lines[{place}].quantity"), why));
            }
        }
        Ok(())
    }
}

/// The action with its amount filled in, where the order allows it beside what is under way; and what goes out.
/// `Invalid` names the field, `Conflict` says what is in the way.
pub fn settled(order: &Order, action: Action, held: &Held) -> Result<(Action, i64)> {
    if let Some(why) = hindrance(order, action.kind()) {
        return Err(Error::conflict(format!("This order does not allow it: {}.", sentence(why))));
    }
    match action {
        Action::Refund { lines, amount, shipping, restock, to, reason, notify } => {
            let out = action::refund_amount(order, &lines, amount, shipping)?;
            let all = amount.is_none() && lines.is_empty() && shipping == 0;
            let out = if all { out.min(held.left(order)).max(1) } else { out };
            held.pieces_are_free(order, &lines)?;
            held.money_is_free(order, out)?;
            Ok((Action::Refund { lines, amount: Some(out), shipping, restock, to, reason, notify }, out))
        }
        Action::Cancel { refund, .. } => {
            let out = if refund { refundable(order) } else { 0 };
            held.money_is_free(order, out)?;
            if held.under_way.iter().any(|deed| matches!(deed.action, Action::Cancel { .. })) {
                return Err(Error::conflict("This order is being cancelled already."));
            }
            Ok((action, out))
        }
        Action::StoreCredit { amount, .. } if amount < 1 => Err(Error::invalid("amount", "must be at least 1")),
        Action::StoreCredit { amount, .. } => Ok((action, amount)),
        Action::Replacement { ref lines, .. } | Action::Return { ref lines, .. } => {
            are_some(order, lines)?;
            Ok((action, 0))
        }
        Action::Exchange { ref lines, ref with, .. } => {
            are_some(order, lines)?;
            held.pieces_are_free(order, lines)?;
            are_wished(with)?;
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

/// Whether what is settled now is what was agreed to: no other money, and no more of it. `Conflict` says what it is.
pub fn is_as_agreed(deed: &Deed, order: &Order, amount: i64) -> Result<()> {
    if deed.currency != order.currency {
        return Err(Error::conflict("The order has another currency than when this was asked for. Look again."));
    }
    if amount > deed.amount {
        return Err(Error::conflict("The order has changed, and more would go out than was agreed to. Look again."));
    }
    Ok(())
}

fn are_some(order: &Order, lines: &[Pieces]) -> Result<()> {
    if lines.is_empty() {
        return Err(Error::invalid("lines", "must name at least one piece"));
    }
    action::worth(order, lines).map(drop)
}

fn are_wished(with: &[Wished]) -> Result<()> {
    if with.is_empty() {
        return Err(Error::invalid("with", "must name at least one piece that goes out"));
    }
    for (place, wished) in with.iter().enumerate() {
        if !(1..=MOST_WISHED).contains(&wished.quantity) {
            return Err(Error::invalid(format!("with[{place}].quantity"), format!("must be 1 to {MOST_WISHED}")));
        }
    }
    Ok(())
}

/// What an action takes of what the buyer paid.
fn takes(deed: &Deed) -> i64 {
    match deed.action {
        Action::Refund { .. } | Action::Cancel { .. } => deed.amount,
        _ => 0,
    }
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
