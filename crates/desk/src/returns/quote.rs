//! What somebody would get for what they want to send back, and how: the same reckoning for the pages that show it and
//! for the request itself.

use std::collections::{HashMap, HashSet};

use base::{Error, Result, Tx};
use connectors::{
    action::{refundable, worth},
    order::{Order, Pieces},
};

use super::{
    Asked, AskedItem, Kept,
    policy::{Facts, Holds, Item, Method, Offer, Outcome, Verdict, Whole, decide},
    standing::{available, delivered, facts},
};
use crate::orders::Known;

/// Lines of one return.
pub(super) const MOST_ITEMS: usize = 500;

/// What is given for it, in the smallest unit of the order's currency, and how it comes back.
pub struct Quote {
    pub decided: Vec<Decided>,
    pub worth: i64,
    pub fee: i64,
    pub bonus: i64,
    /// The first is proposed; empty where all of it is kept.
    pub methods: Vec<Method>,
    /// A person decides.
    pub review: bool,
}

/// One item with what was decided about it.
pub struct Decided {
    pub item: AskedItem,
    pub worth: i64,
    pub offer: Offer,
    /// The law gives the refund, or may.
    by_law: bool,
}

/// Errors name the item.
pub async fn quote(tx: &mut Tx, kept: &Kept, known: &Known, asked: &Asked) -> Result<Quote> {
    if asked.items.is_empty() || asked.items.len() > MOST_ITEMS {
        return Err(Error::invalid("items", format!("must be 1 to {MOST_ITEMS}")));
    }
    let whole = facts(tx, kept, known).await?;
    let order = delivered(tx, known).await?;
    let left = available(tx, known).await?;
    let mut decided = Vec::new();
    let mut seen = HashSet::new();
    for (place, item) in asked.items.iter().enumerate() {
        if !seen.insert(&item.line) {
            return Err(Error::invalid(format!("items[{place}].line"), "stands here twice; add the pieces up"));
        }
        decided.push(decide_one(kept, &order, &whole, &left, asked, place, item)?);
    }
    let (fee, bonus) = fee_and_bonus(&decided);
    let goods: i64 = decided.iter().map(|one| one.worth).sum();
    // Nobody is promised more than is left of what was paid.
    let most = if asked.outcome == Outcome::Exchange { i64::MAX } else { refundable(&order).max(0) };
    Ok(Quote {
        worth: goods.saturating_add(delivery(&order, asked, &decided)).min(most),
        fee,
        bonus,
        methods: methods(&decided),
        review: decided.iter().any(|one| one.offer.verdict == Verdict::Review),
        decided,
    })
}

/// Whoever withdraws from all of an order by law gets what its delivery cost, too (Directive 2011/83/EU, Article 13).
fn delivery(order: &Order, asked: &Asked, decided: &[Decided]) -> i64 {
    let back = |line: &str| decided.iter().find(|one| one.item.line == line).map_or(0, |one| one.item.quantity);
    let whole = order.lines.iter().all(|line| back(&line.id) == line.quantity);
    let by_law = asked.outcome == Outcome::Refund && decided.iter().all(|one| one.by_law);
    if whole && by_law { order.totals.shipping } else { 0 }
}

/// What the policy says to one item, with what is wrong with it by name.
fn decide_one(
    kept: &Kept,
    order: &Order,
    whole: &Whole,
    left: &HashMap<String, i64>,
    asked: &Asked,
    place: usize,
    item: &AskedItem,
) -> Result<Decided> {
    let field = |name: &str| format!("items[{place}].{name}");
    let line = order.lines.iter().find(|line| line.id == item.line);
    let line = line.ok_or_else(|| Error::invalid(field("line"), "is no line of this order"))?;
    let left = left.get(&line.id).copied().unwrap_or(0);
    if item.quantity < 1 || item.quantity > left {
        return Err(Error::invalid(field("quantity"), format!("must be 1 to {left}: so many can still come back")));
    }
    if !asked.withdrawal && kept.policy.reason(&item.reason).is_none() {
        return Err(Error::invalid(field("reason"), "is no reason that is asked for"));
    }
    if asked.outcome == Outcome::Exchange && item.wished.is_none() {
        return Err(Error::invalid(field("wished"), "must say what they want instead"));
    }
    let facts = Item::of(order, line, item.quantity, &item.reason);
    let facts = Facts { whole, item: &facts };
    let decision = decide(&kept.policy, facts);
    let mut offer = decision.offer(asked.outcome).clone();
    let by_law = decision.right.holds != Holds::No;
    if asked.withdrawal && !by_law {
        return Err(Error::invalid(field("line"), "cannot be withdrawn from by law any more"));
    }
    if asked.withdrawal && offer.verdict == Verdict::Reject {
        offer.verdict = Verdict::Review;
    }
    if offer.verdict == Verdict::Reject {
        return Err(Error::invalid(field("line"), "is not taken back for this by the shop's policy"));
    }
    let worth = worth(order, &[Pieces { line: line.id.clone(), quantity: item.quantity }])?;
    Ok(Decided { item: item.clone(), worth, offer, by_law })
}

/// Ways back that all of it can take.
fn methods(decided: &[Decided]) -> Vec<Method> {
    let sent: Vec<_> = decided.iter().filter(|one| !one.offer.keep).collect();
    let Some(first) = sent.first() else { return Vec::new() };
    let can = |method: &Method| sent.iter().all(|one| one.offer.methods.contains(method));
    let all: Vec<_> = first.offer.methods.iter().copied().filter(can).collect();
    // Items whose ways differ go back as the shopper likes.
    if all.is_empty() { vec![Method::Own] } else { all }
}

/// Of all items together: a fixed part once, shares of each.
fn fee_and_bonus(decided: &[Decided]) -> (i64, i64) {
    let fees = decided.iter().filter_map(|one| Some((one.offer.fee?, one.worth)));
    let fixed = fees.clone().map(|(fee, _)| fee.amount).max().unwrap_or(0);
    let shares: i64 = fees.map(|(fee, worth)| worth.saturating_mul(fee.percent) / 100).sum();
    let most: i64 = decided.iter().map(|one| one.worth).sum();
    let bonus_fixed = decided.iter().map(|one| one.offer.bonus.amount).max().unwrap_or(0);
    let bonus: i64 = decided.iter().map(|one| one.worth.saturating_mul(one.offer.bonus.percent) / 100).sum();
    ((fixed + shares).min(most), bonus_fixed + bonus)
}
