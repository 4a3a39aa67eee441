//! What an action is worth against somebody's limits, whatever it is called: what goes out and does not come back.

use base::{Result, Tx, args};
use connectors::{
    action::{self, Action, Wished},
    order::{Order, Pieces, Product},
};

use crate::orders::Known;

/// A code for a larger share of an order that nobody knows yet is above every limit.
const LARGEST_SHARE: i64 = 25;

/// In the smallest unit of the order's currency; none where nobody can say, which is above every limit.
pub(super) async fn worth(tx: &mut Tx, known: &Known, action: &Action, amount: i64) -> Result<Option<i64>> {
    let order = &known.order;
    Ok(match action {
        Action::Replacement { lines, .. } => Some(action::worth(order, lines)?),
        Action::Exchange { lines, with, .. } => exchange(tx, known, lines, with).await?,
        // The next order is taken to be as large as this one.
        Action::Discount { percent: Some(percent), .. } => {
            let is_small = *percent <= LARGEST_SHARE && order.totals.total > 0;
            is_small.then(|| order.totals.total.saturating_mul(*percent) / 100)
        }
        Action::Discount { amount: Some(amount), .. } => Some(*amount),
        _ => Some(amount),
    })
}

/// What the goods that go out cost more than those that come back.
async fn exchange(tx: &mut Tx, known: &Known, lines: &[Pieces], with: &[Wished]) -> Result<Option<i64>> {
    let order = &known.order;
    if is_even(order, lines, with) {
        return Ok(Some(0));
    }
    let mut out = 0_i64;
    for wished in with {
        let Some(price) = price(tx, known, wished).await? else { return Ok(None) };
        out = out.saturating_add(price.saturating_mul(wished.quantity));
    }
    Ok(Some(out.saturating_sub(action::worth(order, lines)?).max(0)))
}

/// Piece for piece the same as was bought.
fn is_even(order: &Order, lines: &[Pieces], with: &[Wished]) -> bool {
    let bought = |piece: &Pieces| order.lines.iter().find(|line| line.id == piece.line);
    let back = |variant: &str| -> i64 {
        let same =
            lines.iter().filter(|piece| bought(piece).is_some_and(|line| line.variant.as_deref() == Some(variant)));
        same.map(|piece| piece.quantity).sum()
    };
    let out = |variant: &str| with.iter().filter(|one| one.variant == variant).map(|one| one.quantity).sum::<i64>();
    with.iter().all(|wished| out(&wished.variant) <= back(&wished.variant))
}

/// As the store last said; none where it said nothing of it, or in another currency.
async fn price(tx: &mut Tx, known: &Known, wished: &Wished) -> Result<Option<i64>> {
    let sql = "SELECT data FROM products WHERE store = $1 AND external = $2 AND deleted_at IS NULL";
    let Some(row) = tx.opt(sql, args![known.store, &wished.product]).await? else { return Ok(None) };
    let product: Product = row.json("data")?;
    let variant = product.variants.into_iter().find(|variant| variant.id == wished.variant);
    let currency = &known.order.currency;
    Ok(variant.filter(|one| one.currency.is_empty() || one.currency == *currency).map(|one| one.price))
}
