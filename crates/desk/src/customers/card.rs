//! The customer's card: who they are, how many tickets they have, what they bought.

use std::collections::HashMap;

use aide::axum::{ApiRouter, routing::get_with};
use axum::{Json, extract::State};
use base::{
    App, Db, Feature, Result, args,
    web::{Body, Id, Page},
};
use schemars::JsonSchema;
use serde::Serialize;

use super::{
    Customer, CustomerId, Identity, Patch, among,
    blocks::{self, Block},
    change,
    consents::{self, Consent},
    customer, find, identity,
};
use crate::{
    agents::{Permission, Who},
    orders::{self, Order},
};

pub(super) fn feature() -> Feature {
    let one = get_with(show, |op| op.summary("One customer, with identities and orders"))
        .patch_with(update, |op| op.summary("Change a customer"));
    Feature { routes: ApiRouter::new().api_route("/customers/{id}", one), ..Feature::default() }
}

#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Card {
    #[serde(flatten)]
    customer: Customer,
    /// How many tickets they have, whatever their state.
    tickets: i64,
    /// Newest first; only on one customer, not in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    orders: Option<Vec<Order>>,
    /// What they agreed to, and whether they took it back, newest first; only on one customer.
    #[serde(skip_serializing_if = "Option::is_none")]
    consents: Option<Vec<Consent>>,
    /// The blocks that hold what they send, or some of it; only on one customer.
    #[serde(skip_serializing_if = "Option::is_none")]
    blocks: Option<Vec<Block>>,
}

/// These customers with their identities and how many tickets they have.
pub(super) async fn cards(db: &Db, page: Page<Customer>) -> Result<Page<Card>> {
    let ids: Vec<_> = page.data.iter().map(|customer| customer.id).collect();
    let (mut identities, tickets) = (identities(db, &ids).await?, tickets(db, &ids).await?);
    Ok(page.map(|customer| {
        let identities = identities.remove(&customer.id).unwrap_or_default();
        let tickets = tickets.get(&customer.id).copied().unwrap_or(0);
        Card { customer: Customer { identities, ..customer }, tickets, orders: None, consents: None, blocks: None }
    }))
}

async fn identities(db: &Db, ids: &[CustomerId]) -> Result<HashMap<CustomerId, Vec<Identity>>> {
    let Some((list, args)) = among(ids) else { return Ok(HashMap::new()) };
    let sql = format!("SELECT * FROM identities WHERE customer IN ({list}) ORDER BY id");
    let mut all: HashMap<CustomerId, Vec<Identity>> = HashMap::new();
    for row in db.all(&sql, args).await? {
        all.entry(row.id("customer")?).or_default().push(identity(&row)?);
    }
    Ok(all)
}

async fn tickets(db: &Db, ids: &[CustomerId]) -> Result<HashMap<CustomerId, i64>> {
    let Some((list, args)) = among(ids) else { return Ok(HashMap::new()) };
    let sql = format!(
        "SELECT customer, CAST(count(*) AS BIGINT) AS count FROM tickets
        WHERE customer IN ({list}) AND merged_into IS NULL GROUP BY customer"
    );
    db.all(&sql, args).await?.iter().map(|row| Ok((row.id("customer")?, row.int("count")?))).collect()
}

async fn card(app: &App, id: CustomerId) -> Result<Card> {
    let row = app.db().one("SELECT * FROM customers WHERE id = $1", args![id]).await?;
    let identities = identities(app.db(), &[id]).await?.remove(&id).unwrap_or_default();
    let tickets = tickets(app.db(), &[id]).await?.remove(&id).unwrap_or(0);
    let orders = orders::for_customer(app.db(), id).await?;
    let consents = consents::of(app.db(), id).await?;
    let blocks = Some(blocks::of(app.db(), id).await?);
    let customer = customer(&row, identities)?;
    Ok(Card { customer, tickets, orders: Some(orders), consents: Some(consents), blocks })
}

async fn show(who: Who, State(app): State<App>, Id(id): Id<CustomerId>) -> Result<Json<Card>> {
    who.may(Permission::CustomersRead)?;
    card(&app, id).await.map(Json)
}

async fn update(
    who: Who,
    State(app): State<App>,
    Id(id): Id<CustomerId>,
    Body(patch): Body<Patch>,
) -> Result<Json<Card>> {
    who.may(Permission::CustomersWrite)?;
    let mut tx = who.begin(&app).await?;
    let customer = find(&mut tx, id).await?;
    change(&mut tx, who.shop, customer, patch).await?;
    tx.commit().await?;
    card(&app, id).await.map(Json)
}
