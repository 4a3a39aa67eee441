//! Takes in what happened at a store: buyers become customers, orders and products are written down. News twice or out
//! of order change nothing that is newer.

use base::{Result, Tx, args};
use connectors::{order::Buyer, platform::News};

use super::{Store, erased, products};
use crate::{
    Event,
    customers::{self, CustomerId},
    orders::{self, OrderId, Put},
    shipments,
};

/// How news came: what is read at the first import happened long ago, and nobody is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    First,
    /// By a sweep or by asking: it is so.
    News,
    /// By a call, which may come late: it was so.
    Told,
}

/// What is left to do once something was taken in.
#[derive(Debug, Default, PartialEq)]
pub struct Taken {
    /// The orders that it spoke of.
    pub orders: Vec<OrderId>,
    /// The store has let us go.
    pub gone: bool,
    /// Some of it was about somebody who had it erased, and was taken in without them.
    pub erased: bool,
}

pub async fn take(tx: &mut Tx, store: &Store, news: Vec<News>, way: Way) -> Result<Taken> {
    let mut taken = Taken::default();
    let any_erased = erased::any(tx, store.id).await?;
    for one in news {
        match one {
            // It was deleted after this was said.
            News::Order(order) if way == Way::Told && orders::is_gone(tx, store.id, &order).await? => {}
            News::Order(order) => {
                let account = order.buyer.id.as_deref();
                let is_erased = any_erased && erased::is_marked(tx, store.id, &order.id, account).await?;
                let order = if is_erased { Box::new(erased::bare(*order)) } else { order };
                taken.erased |= is_erased;
                let customer = buyer(tx, store, &order.buyer).await?;
                let put = match way {
                    Way::First => Box::pin(orders::put_first(tx, store.shop, store.id, customer, *order)).await?,
                    Way::News | Way::Told => orders::put(tx, store.shop, store.id, customer, *order).await?,
                };
                // A new one without parcels has none that could be gone.
                if put.changed && (put.before.is_some() || !put.order.order.shipments.is_empty()) {
                    shipments::take(tx, put.order.id, &put.order.order.shipments, way != Way::First).await?;
                }
                taken.orders.push(put.order.id);
                tell(tx, &put, way)?;
            }
            News::OrderDeleted { id, at } => {
                if let Some(order) = orders::remove(tx, store.id, &id, at).await? {
                    tx.emit(&Event::OrderDeleted { order, store: store.id })?;
                }
            }
            News::Buyer(whose) if any_erased && erased::is_marked(tx, store.id, "", whose.id.as_deref()).await? => {
                taken.erased = true;
            }
            News::Buyer(whose) => drop(buyer(tx, store, &whose).await?),
            News::Product(product) => products::put(tx, store.id, &product).await?,
            News::ProductDeleted { id } => {
                let sql =
                    "UPDATE products SET deleted_at = $1 WHERE store = $2 AND external = $3 AND deleted_at IS NULL";
                let now = tx.now();
                tx.run(sql, args![now, store.id, id]).await?;
            }
            News::Gone => taken.gone = true,
            News::Privacy(asked) => erased::note(tx, store, &asked).await?,
            // Whoever heard it asks the store first; and what became of an account that is gone is for people to decide.
            News::OrderChanged { .. } | News::ProductChanged { .. } | News::BuyerDeleted { .. } => {}
        }
    }
    Ok(taken)
}

/// Who this is: whoever has the address, else whose account or number it is. An account is only put beside an address
/// that the platform has made sure of: otherwise whoever opens one with somebody else's address would be them.
async fn buyer(tx: &mut Tx, store: &Store, buyer: &Buyer) -> Result<Option<CustomerId>> {
    let account = buyer.id.as_ref().map(|id| store.account(id));
    customers::buyer(tx, buyer, account.as_deref(), &store.platform).await
}

fn tell(tx: &mut Tx, put: &Put, way: Way) -> Result<()> {
    if way == Way::First || !put.changed {
        return Ok(());
    }
    let known = &put.order;
    let (order, store, customer, number) = (known.id, known.store, known.customer, known.order.number.clone());
    match &put.before {
        None => tx.emit(&Event::OrderPlaced {
            order,
            store,
            customer,
            number,
            total: known.order.totals.total,
            currency: known.order.currency.clone(),
        }),
        Some(before) => {
            let mut changes = crate::event::Changes::default();
            changes.note("status", &before.status, &known.status)?;
            changes.note("payment", before.order.payment, known.order.payment)?;
            changes.note("fulfilment", before.order.fulfilment, known.order.fulfilment)?;
            changes.note("currency", &before.order.currency, &known.order.currency)?;
            changes.note("total", before.order.totals.total, known.order.totals.total)?;
            changes.note("refunded", before.order.totals.refunded, known.order.totals.refunded)?;
            tx.emit(&Event::OrderChanged { order, store, customer, number, changes: changes.into_map() })
        }
    }
}
