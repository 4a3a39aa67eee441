//! What customers bought, as plain rows: enough to stand beside a ticket.

use base::{Db, Feature, Result, Row, Stamp, Tx, args};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::customers::CustomerId;

/// A customer with more orders than this is shown the newest ones.
const SHOWN: i64 = 100;

#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Order {
    /// What people call it, such as `FV-20418`.
    pub number: String,
    /// In the shop's own word, such as `delivered`.
    pub status: String,
    pub placed_at: Stamp,
    /// In the smallest unit of the currency.
    pub total: i64,
    /// ISO 4217, such as `EUR`.
    pub currency: String,
    pub lines: Vec<Line>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Line {
    pub title: String,
    pub quantity: i64,
    /// Of all pieces together, in the smallest unit of the order's currency.
    pub total: i64,
}

pub fn feature() -> Feature {
    Feature::default()
}

/// Newest first.
pub async fn for_customer(db: &Db, customer: CustomerId) -> Result<Vec<Order>> {
    let sql = "SELECT * FROM orders WHERE customer = $1 ORDER BY placed_at DESC, id DESC LIMIT $2";
    db.all(sql, args![customer, SHOWN]).await?.iter().map(order).collect()
}

/// Writes an order, or brings the one of this number to what is said now.
pub async fn put(tx: &mut Tx, customer: CustomerId, order: Order) -> Result<Order> {
    let sql = "INSERT INTO orders (customer, number, status, placed_at, total, currency, lines)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT (number) DO UPDATE SET customer = excluded.customer, status = excluded.status,
            placed_at = excluded.placed_at, total = excluded.total, currency = excluded.currency, lines = excluded.lines";
    let Order { number, status, placed_at, total, currency, lines } = &order;
    tx.run(sql, args![customer, number, status, placed_at.0, *total, currency, json!(lines)]).await?;
    Ok(order)
}

pub fn order(row: &Row) -> Result<Order> {
    Ok(Order {
        number: row.text("number")?,
        status: row.text("status")?,
        placed_at: Stamp(row.int("placed_at")?),
        total: row.int("total")?,
        currency: row.text("currency")?,
        lines: row.json("lines")?,
    })
}
