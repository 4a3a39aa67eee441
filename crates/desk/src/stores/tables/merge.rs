//! What a file says beside what is known already: what is newer here stays, and what the file does not speak of stays too.

use base::{App, Result, Row, Tx, args};
use connectors::{
    carrier::number_key as parcel_key,
    order::{Fulfilment, Order, OrderState, Product, Shipment},
    table::Plan,
};

use super::super::StoreId;
use crate::orders::{self, Known, number_key};

/// Parcels of one order.
const MOST: usize = 100;

const BY_NUMBER: &str = "SELECT * FROM orders WHERE number_key = $1 AND store = $2 ORDER BY id LIMIT 3";

/// Whether the store has exactly one order that people call so.
pub(super) async fn knows(app: &App, store: StoreId, name: &str) -> Result<bool> {
    let sql = "SELECT * FROM orders WHERE store = $1 AND external = $2";
    if let Some(row) = app.db().opt(sql, args![store, name]).await? {
        return Ok(row.opt_int("deleted_at")?.is_none());
    }
    Ok(called(&app.db().all(BY_NUMBER, args![number_key(name), store]).await?, name)?.is_some())
}

/// The order by its id or, where that is no id, by its number.
async fn find(tx: &mut Tx, store: StoreId, name: &str) -> Result<Option<Known>> {
    let sql = "SELECT * FROM orders WHERE store = $1 AND external = $2 {for update}";
    if let Some(row) = tx.opt(sql, args![store, name]).await? {
        return orders::known(&row).map(Some);
    }
    called(&tx.all(&format!("{BY_NUMBER} {{for update}}"), args![number_key(name), store]).await?, name)
}

/// Of orders with such a number the one that is meant; none where several could be.
fn called(rows: &[Row], name: &str) -> Result<Option<Known>> {
    let known = rows.iter().map(orders::known).collect::<Result<Vec<_>>>()?;
    let exact: Vec<_> = known.iter().filter(|one| one.order.number == name).collect();
    Ok(match (exact.as_slice(), known.as_slice()) {
        ([one], _) => Some((*one).clone()),
        ([], [one]) => Some(one.clone()),
        _ => None,
    })
}

/// The order as it is with what the file says; none where nothing changes by it.
pub(super) async fn order(tx: &mut Tx, store: StoreId, said: Order, plan: &Plan) -> Result<Option<Order>> {
    let named = if plan.columns.contains_key("id") { &said.id } else { &said.number };
    let Some(known) = find(tx, store, named).await? else { return Ok(Some(said)) };
    // What the store has taken back stays so.
    if known.deleted_at.is_some() || is_newer(known.order.changed_at, said.changed_at) {
        return Ok(None);
    }
    let merged = merged(&known.order, said, plan).kept();
    Ok(Some(merged).filter(|merged| *merged != known.order))
}

/// What does not say when it changed is older than what does.
fn is_newer(known: Option<base::Stamp>, said: Option<base::Stamp>) -> bool {
    known.is_some_and(|known| said.is_none_or(|said| said < known))
}

fn merged(known: &Order, said: Order, plan: &Plan) -> Order {
    let tells = |fields: &[&str]| fields.iter().any(|field| plan.columns.contains_key(*field));
    let mut order = Order {
        id: known.id.clone(),
        shipments: known.shipments.clone(),
        refunds: known.refunds.clone(),
        billing_address: known.billing_address.clone(),
        risk: known.risk,
        admin_url: known.admin_url.clone(),
        status_url: known.status_url.clone(),
        language: said.language.or_else(|| known.language.clone()),
        shipping_method: said.shipping_method.or_else(|| known.shipping_method.clone()),
        shipping_address: said.shipping_address.or_else(|| known.shipping_address.clone()),
        note: said.note.or_else(|| known.note.clone()),
        payments: if said.payments.is_empty() { known.payments.clone() } else { said.payments },
        discounts: if said.discounts.is_empty() { known.discounts.clone() } else { said.discounts },
        tags: if said.tags.is_empty() { known.tags.clone() } else { said.tags },
        ..said
    };
    let buyer = &mut order.buyer;
    buyer.id = buyer.id.take().or_else(|| known.buyer.id.clone());
    buyer.name = buyer.name.take().or_else(|| known.buyer.name.clone());
    buyer.phone = buyer.phone.take().or_else(|| known.buyer.phone.clone());
    buyer.language = buyer.language.take().or_else(|| known.buyer.language.clone());
    let same = buyer.email.is_none() || buyer.email == known.buyer.email;
    if same {
        (buyer.email, buyer.email_verified) = (known.buyer.email.clone(), known.buyer.email_verified);
    }
    if !tells(&["status", "cancelled_at"]) {
        (order.state, order.cancelled_at) = (known.state, known.cancelled_at);
    }
    if !tells(&["status", "payment", "paid", "refunded"]) {
        order.payment = known.payment;
        (order.totals.paid, order.totals.refunded) = (known.totals.paid, known.totals.refunded);
    }
    // Parcels say more than a word in a file that was written before them.
    let sent = order.fulfilment == Fulfilment::Unfulfilled && !known.shipments.is_empty();
    if sent || !tells(&["status", "fulfilment"]) {
        order.fulfilment = known.fulfilment;
    }
    for line in &mut order.lines {
        let Some(before) = known.lines.iter().find(|before| before.id == line.id) else { continue };
        line.shipped = line.shipped.max(before.shipped).min(line.quantity);
        line.refunded = before.refunded.min(line.quantity);
        line.picture = before.picture.clone();
        line.variant = before.variant.clone();
        line.product = line.product.take().or_else(|| before.product.clone());
        (line.final_sale, line.digital, line.tags) = (before.final_sale, before.digital, before.tags.clone());
    }
    order
}

/// The parcel's order with the parcel; none where there is no such order, and nothing in it where nothing changes.
pub(super) async fn parcel(tx: &mut Tx, store: StoreId, name: &str, said: Shipment) -> Result<Option<Option<Order>>> {
    let Some(known) = find(tx, store, name).await?.filter(|known| known.deleted_at.is_none()) else { return Ok(None) };
    let mut order = known.order.clone();
    let key = |one: &Shipment| one.number.as_deref().map(parcel_key).unwrap_or_default();
    let same = |one: &&mut Shipment| (!said.id.is_empty() && one.id == said.id) || (key(one) == key(&said));
    let full = order.shipments.len() >= MOST;
    match order.shipments.iter_mut().find(same) {
        // It is known from elsewhere, perhaps since: the file fills in what nobody has said.
        Some(before) => {
            before.carrier = before.carrier.take().or(said.carrier);
            before.number = before.number.take().or(said.number);
            before.url = before.url.take().or(said.url);
            before.shipped_at = before.shipped_at.or(said.shipped_at);
            before.expected_at = before.expected_at.or(said.expected_at);
            before.delivered_at = before.delivered_at.or(said.delivered_at);
        }
        None if full => return Ok(None),
        None => {
            order.shipments.push(said);
            // What is in it nobody said; that something left is certain.
            if order.fulfilment == Fulfilment::Unfulfilled && order.state != OrderState::Cancelled {
                order.fulfilment = Fulfilment::Fulfilled;
                for line in &mut order.lines {
                    line.shipped = line.quantity;
                }
            }
        }
    }
    Ok(Some(Some(order).filter(|order| *order != known.order)))
}

/// The product as it is with what the file says; none where nothing changes by it.
pub(super) async fn product(tx: &mut Tx, store: StoreId, said: Product) -> Result<Option<Product>> {
    let sql = "SELECT data, deleted_at FROM products WHERE store = $1 AND external = $2 {for update}";
    let Some(row) = tx.opt(sql, args![store, &said.id]).await? else { return Ok(Some(said)) };
    let known: Product = row.json("data")?;
    if row.opt_int("deleted_at")?.is_some() || is_newer(known.changed_at, said.changed_at) {
        return Ok(None);
    }
    let mut merged = Product {
        picture: said.picture.or_else(|| known.picture.clone()),
        url: said.url.or_else(|| known.url.clone()),
        tags: if said.tags.is_empty() { known.tags.clone() } else { said.tags },
        ..said
    };
    for variant in &mut merged.variants {
        let Some(before) = known.variants.iter().find(|before| before.id == variant.id) else { continue };
        variant.options = before.options.clone();
        variant.picture = variant.picture.take().or_else(|| before.picture.clone());
        variant.stock = variant.stock.or(before.stock);
    }
    Ok(Some(merged).filter(|merged| *merged != known))
}
