//! How an order stands when somebody wants to send something of it back: what is known of it, and what can still come.

use std::collections::HashMap;

use base::{DAY, Error, Result, Row, Stamp, Tx, args};
use connectors::order::Order;

use super::{Kept, Money, State, policy::Whole};
use crate::{customers::CustomerId, orders::Known, shops};

/// What is known of the order and its buyer, from the store, the carriers and this house.
pub async fn facts(tx: &mut Tx, kept: &Kept, known: &Known) -> Result<Whole> {
    let order = delivered(tx, known).await?;
    let shop = shops::find(tx, known.shop).await?;
    let mut whole = Whole::of(&order, tx.now(), kept.policy.zone(&shop));
    if let Some(customer) = known.customer {
        (whole.returns, whole.customer_value) = history(tx, customer, &known.order.currency).await?;
    }
    Ok(whole)
}

/// The order with what the carriers say of its parcels.
pub async fn delivered(tx: &mut Tx, known: &Known) -> Result<Order> {
    let mut order = known.order.clone();
    let sql = "SELECT external, shipped_at, delivered_at FROM shipments WHERE order_id = $1 AND cancelled = FALSE";
    for row in tx.all(sql, args![known.id]).await? {
        let external = row.text("external")?;
        let time = |row: &Row, name| Ok::<_, Error>(row.opt_int(name)?.map(Stamp));
        if let Some(parcel) = order.shipments.iter_mut().find(|parcel| parcel.id == external) {
            parcel.delivered_at = parcel.delivered_at.or(time(&row, "delivered_at")?);
            parcel.shipped_at = parcel.shipped_at.or(time(&row, "shipped_at")?);
        }
    }
    Ok(order)
}

/// Returns of the last year, and what they bought and kept.
async fn history(tx: &mut Tx, customer: CustomerId, currency: &str) -> Result<(i64, i64)> {
    // By their orders: these go along when customers are merged.
    let sql = "SELECT count(*) AS n FROM returns r JOIN orders o ON o.id = r.order_id
        WHERE o.customer = $1 AND r.requested_at > $2 AND r.state <> $3";
    let since = tx.now() - 365 * DAY;
    let returns = tx.one(sql, args![customer, since, State::Cancelled]).await?.int("n")?;
    let sql = "SELECT CAST(COALESCE(sum(paid - refunded), 0) AS BIGINT) AS value FROM orders
        WHERE customer = $1 AND currency = $2 AND deleted_at IS NULL";
    Ok((returns, tx.one(sql, args![customer, currency]).await?.int("value")?))
}

/// Pieces of each line that can still come back: neither on their way, nor refunded. The order must be held.
pub async fn available(tx: &mut Tx, known: &Known) -> Result<HashMap<String, i64>> {
    let sql = "SELECT l.line,
            CAST(COALESCE(sum(CASE WHEN r.money = $2 THEN l.quantity END), 0) AS BIGINT) AS given,
            CAST(COALESCE(sum(CASE WHEN r.money <> $2 THEN l.quantity END), 0) AS BIGINT) AS held
        FROM return_lines l JOIN returns r ON r.id = l.return_id
        WHERE r.order_id = $1 AND r.state NOT IN ($3, $4, $5) GROUP BY l.line";
    let args = args![known.id, Money::Done, State::Declined, State::Expired, State::Cancelled];
    let rows = tx.all(sql, args).await?;
    let mut taken = HashMap::new();
    for row in &rows {
        taken.insert(row.text("line")?, (row.int("given")?, row.int("held")?));
    }
    let left = known.order.lines.iter().map(|line| {
        let (given, held) = taken.get(&line.id).copied().unwrap_or_default();
        // What a return gave something for is counted by the store, too, as soon as it was read from there.
        (line.id.clone(), (line.quantity - line.refunded.max(given) - held).max(0))
    });
    Ok(left.collect())
}
