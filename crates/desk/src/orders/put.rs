//! Writing down an order as its store has it. The same again changes nothing, and what is older replaces nothing.

use base::{Error, MINUTE, Result, Stamp, Time, Tx, args};
use connectors::order;
use serde_json::json;

use super::{Known, OrderId, Status, known, number_key};
use crate::{customers::CustomerId, shops::ShopId, stores::StoreId};

/// What writing an order down came to.
#[derive(Debug, Clone, PartialEq)]
pub struct Put {
    pub order: Known,
    /// As it was known before; none where it is new.
    pub before: Option<Known>,
    /// It says something else than before.
    pub changed: bool,
}

/// Bytes of one order as it is kept: a thousand lines fit many times over.
const MOST: usize = 4 * 1024 * 1024;

/// How far clocks may differ.
const SKEW: Time = 10 * MINUTE;

pub async fn put(
    tx: &mut Tx,
    shop: ShopId,
    store: StoreId,
    customer: Option<CustomerId>,
    order: order::Order,
) -> Result<Put> {
    let held = "SELECT * FROM orders WHERE store = $1 AND external = $2 {for update}";
    let before = tx.opt(held, args![store, &order.id]).await?.as_ref().map(known).transpose()?;
    let order = order.kept();
    if let Some(before) = &before {
        // What is to change only in some time was never true: whatever is said now is newer.
        let known = before.order.changed_at.filter(|known| known.0 <= tx.now() + SKEW);
        if known.zip(order.changed_at).is_some_and(|(known, said)| said < known) {
            return Ok(Put { order: before.clone(), before: Some(before.clone()), changed: false });
        }
        let same = before.order == order && before.deleted_at.is_none() && before.customer == customer;
        if same {
            let now = tx.now();
            tx.run("UPDATE orders SET read_at = $1 WHERE id = $2", args![now, before.id]).await?;
            let order = Known { read_at: Stamp(now), ..before.clone() };
            return Ok(Put { order, before: Some(before.clone()), changed: false });
        }
    }
    let conflict = "DO UPDATE SET customer = excluded.customer, account = excluded.account,
        number = excluded.number, number_key = excluded.number_key, status = excluded.status,
        placed_at = excluded.placed_at, changed_at = excluded.changed_at, read_at = excluded.read_at,
        deleted_at = NULL, total = excluded.total, paid = excluded.paid, refunded = excluded.refunded,
        currency = excluded.currency, data = excluded.data";
    let order = write(tx, shop, store, customer, &order, conflict).await?;
    let order = order.ok_or_else(|| Error::internal("an order was not written down"))?;
    Ok(Put { order, before, changed: true })
}

/// As [`put`], for what is hardly known yet: only what stands there already is looked at.
pub async fn put_first(
    tx: &mut Tx,
    shop: ShopId,
    store: StoreId,
    customer: Option<CustomerId>,
    order: order::Order,
) -> Result<Put> {
    let order = order.kept();
    match write(tx, shop, store, customer, &order, "DO NOTHING").await? {
        Some(order) => Ok(Put { order, before: None, changed: true }),
        None => Box::pin(put(tx, shop, store, customer, order)).await,
    }
}

/// Writes it down; none where it is there, and that is to stay.
async fn write(
    tx: &mut Tx,
    shop: ShopId,
    store: StoreId,
    customer: Option<CustomerId>,
    order: &order::Order,
    conflict: &str,
) -> Result<Option<Known>> {
    let data = json!(order);
    if data.to_string().len() > MOST {
        return Err(Error::refused(format!("Order {} is too large to be kept.", order.number)));
    }
    let sql = format!(
        "INSERT INTO orders (shop, store, external, customer, account, number, number_key, status, placed_at,
            changed_at, read_at, total, paid, refunded, currency, data)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
        ON CONFLICT (store, external) {conflict} RETURNING id"
    );
    let now = tx.now();
    let (status, placed_at) = (Status::of(order), order.placed_at.unwrap_or(Stamp(now)));
    let args = args![
        shop,
        store,
        &order.id,
        customer,
        order.buyer.id.clone(),
        &order.number,
        number_key(&order.number),
        status,
        placed_at.0,
        order.changed_at.map(|at| at.0),
        now,
        order.totals.total,
        order.totals.paid,
        order.totals.refunded,
        &order.currency,
        data,
    ];
    let Some(row) = tx.opt(&sql, args).await? else { return Ok(None) };
    let (id, read_at, status) = (row.id("id")?, Stamp(now), status.to_string());
    let order = order::Order { placed_at: Some(placed_at), ..order.clone() };
    Ok(Some(Known { id, shop, store, customer, status, read_at, deleted_at: None, order }))
}

/// The store has it no more, since then; now where nobody says when. What was said about it stays, and what has changed
/// since then is still there.
pub async fn remove(tx: &mut Tx, store: StoreId, external: &str, at: Option<Stamp>) -> Result<Option<OrderId>> {
    let sql = "UPDATE orders SET deleted_at = $1 WHERE store = $2 AND external = $3 AND deleted_at IS NULL
        AND (changed_at IS NULL OR changed_at <= $4) RETURNING id";
    let now = tx.now();
    let (since, unless) = at.map_or((now, i64::MAX), |at| (at.0.min(now), at.0));
    tx.opt(sql, args![since, store, external, unless]).await?.map(|row| row.id("id")).transpose()
}

/// Whether the store has had it no more since what this says: not a newer order, an older call.
pub async fn is_gone(tx: &mut Tx, store: StoreId, order: &order::Order) -> Result<bool> {
    let Some(said) = order.changed_at else { return Ok(false) };
    let sql = "SELECT 1 FROM orders WHERE store = $1 AND external = $2 AND deleted_at >= $3";
    Ok(tx.opt(sql, args![store, &order.id, said.0]).await?.is_some())
}
