//! What somebody had erased stays so: whatever a store says of it later is taken in without them. And what was asked about
//! personal data is written down, with the day by which the law wants an answer.

use base::{DAY, Result, Tx, args};
use connectors::{
    order::{Address, Buyer, Order, Paid, Refund, Shipment},
    platform::{Privacy, PrivacyKind},
};
use serde_json::json;

use super::{Store, StoreId};
use crate::{Event, customers};

/// Days in which it has to be answered: a month, as platforms and the GDPR say it (Article 12).
const DAYS: i64 = 30;

base::words!(
    /// What is erased, by the store's id of it.
    What { Order = "order", Account = "account" }
);

/// From now on this comes in without its person.
pub async fn mark(tx: &mut Tx, store: StoreId, request: i64, what: What, external: &str) -> Result<()> {
    let sql = "INSERT INTO erasures (store, what, external, request, at) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT DO NOTHING";
    let now = tx.now();
    tx.run(sql, args![store, what, external, request, now]).await
}

/// Whether anything of this store was erased; most stores are asked once and never again.
pub(super) async fn any(tx: &mut Tx, store: StoreId) -> Result<bool> {
    Ok(tx.opt("SELECT 1 AS one FROM erasures WHERE store = $1 LIMIT 1", args![store]).await?.is_some())
}

pub(super) async fn is_marked(tx: &mut Tx, store: StoreId, order: &str, account: Option<&str>) -> Result<bool> {
    let sql = "SELECT 1 AS one FROM erasures WHERE store = $1
        AND ((what = 'order' AND external = $2) OR (what = 'account' AND external = $3)) LIMIT 1";
    Ok(tx.opt(sql, args![store, order, account]).await?.is_some())
}

/// The order without its person: what was sold, for how much and to which country stays for the books.
pub fn bare(order: Order) -> Order {
    let country =
        |address: Option<Address>| address.map(|address| Address { country: address.country, ..Address::default() });
    let shipment = |shipment: Shipment| Shipment { number: None, url: None, scans: Vec::new(), ..shipment };
    Order {
        buyer: Buyer::default(),
        shipping_address: country(order.shipping_address),
        billing_address: country(order.billing_address),
        payments: order.payments.into_iter().map(|paid| Paid { label: None, ..paid }).collect(),
        refunds: order.refunds.into_iter().map(|refund| Refund { note: None, ..refund }).collect(),
        shipments: order.shipments.into_iter().map(shipment).collect(),
        tags: Vec::new(),
        note: None,
        status_url: None,
        ..order
    }
}

/// Writes down what was asked; from this moment on nothing new comes in of whom it is about.
pub(super) async fn note(tx: &mut Tx, store: &Store, asked: &Privacy) -> Result<()> {
    let account = asked.buyer.id.as_ref().map(|id| store.account(id));
    let customer = customers::of_buyer(tx, &asked.buyer, account.as_deref()).await?;
    let sql = "INSERT INTO privacy_requests (shop, store, kind, buyer, orders, customer, asked_at, due_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id";
    let now = tx.now();
    let (buyer, orders) = (json!(asked.buyer), json!(asked.orders));
    let args = args![store.shop, store.id, asked.kind, buyer, orders, customer, now, now + DAYS * DAY];
    let request = tx.one(sql, args).await?.int("id")?;
    if asked.kind == PrivacyKind::Erasure {
        for order in &asked.orders {
            mark(tx, store.id, request, What::Order, order).await?;
        }
        if let Some(account) = &asked.buyer.id {
            mark(tx, store.id, request, What::Account, account).await?;
        }
    }
    let (store, orders) = (store.id, asked.orders.clone());
    tx.emit(&Event::PrivacyRequested { id: request, store, customer, request: asked.kind, orders })
}
