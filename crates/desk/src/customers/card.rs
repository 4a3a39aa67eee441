//! The customer's card: who they are, how many tickets they have, what they bought; and the list of customers.

use std::collections::HashMap;

use aide::axum::{ApiRouter, routing::get_with};
use axum::{Json, extract::State};
use base::{
    App, Db, Feature, Result, args,
    web::{Body, Id, Page, Paging, Params},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    Customer, CustomerId, Identity, Patch, among,
    blocks::{self, Block},
    change,
    consents::{self, Consent},
    customer, find, identity, names,
};
use crate::{
    agents::{Permission, Who},
    orders::{self, Order},
};

pub(super) fn feature() -> Feature {
    let one = get_with(show, |op| op.summary("One customer, with identities and orders"))
        .patch_with(update, |op| op.summary("Change a customer"));
    let routes = ApiRouter::new()
        .api_route("/customers", get_with(list, |op| op.summary("Customers, newest change first")))
        .api_route("/customers/{id}", one);
    Feature { routes, ..Feature::default() }
}

#[derive(Debug, Serialize, JsonSchema)]
struct Card {
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

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct Query {
    /// The beginning of a name, of a surname or of an address.
    q: Option<String>,
    limit: Option<i64>,
    after: Option<String>,
}

async fn list(who: Who, State(app): State<App>, Params(query): Params<Query>) -> Result<Json<Page<Card>>> {
    who.may(Permission::CustomersRead)?;
    let paging = Paging { limit: query.limit, after: query.after };
    let limit = paging.limit()?;
    // Later than any row: the first page begins before the newest.
    let after = paging.after(2)?.unwrap_or_else(|| vec![i64::MAX, i64::MAX]);
    let asked =
        query.q.unwrap_or_default().replace('\0', "").split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    let mut args = args![after[0], after[1], limit + 1];
    let mut narrow = String::new();
    if !asked.is_empty() {
        narrow = format!("AND {}", found(&app, &asked).await?);
        args.extend(args![&asked, names::beyond(&asked)]);
    }
    let sql = format!(
        "SELECT * FROM customers c WHERE (updated_at, id) < ($1, $2) AND merged_into IS NULL {narrow}
        ORDER BY updated_at DESC, id DESC LIMIT $3"
    );
    let rows = app.db().all(&sql, args).await?;
    let customers = rows.iter().map(|row| customer(row, Vec::new())).collect::<Result<Vec<_>>>()?;
    let page = Page::new(customers, limit, |customer| vec![customer.updated_at.0, customer.id.0]);
    let ids: Vec<_> = page.data.iter().map(|customer| customer.id).collect();
    let (mut identities, tickets) = (identities(app.db(), &ids).await?, tickets(app.db(), &ids).await?);
    Ok(Json(page.map(|customer| {
        let identities = identities.remove(&customer.id).unwrap_or_default();
        let tickets = tickets.get(&customer.id).copied().unwrap_or(0);
        Card { customer: Customer { identities, ..customer }, tickets, orders: None, consents: None, blocks: None }
    })))
}

/// So many hits are looked up and sorted; of more, the list is walked until a page is full.
const MANY: i64 = 2000;

/// The condition that names or addresses of `customers c` begin with `$4`, in the way that reads least; `$5` is what
/// comes behind it.
async fn found(app: &App, asked: &str) -> Result<String> {
    let names = |low: &str, high: &str, index: &str| {
        let rest = format!("{index}rest {{bytewise}}");
        format!("SELECT customer FROM customer_names WHERE {rest} >= {low} AND {rest} < {high}")
    };
    let values = |low: &str, high: &str, index: &str| {
        let value = format!("{index}value {{bytewise}}");
        format!("SELECT customer FROM identities WHERE {value} >= {low} AND {value} < {high}")
    };
    let all = format!("{} UNION ALL {} LIMIT $3", names("$1", "$2", ""), values("$1", "$2", ""));
    let sql = format!("SELECT CAST(count(*) AS BIGINT) AS n FROM ({all}) AS hits");
    let hits = app.db().one(&sql, args![asked, names::beyond(asked), MANY]).await?.int("n")?;
    if hits < MANY {
        return Ok(format!("c.id IN ({} UNION {})", names("$4", "$5", ""), values("$4", "$5", "")));
    }
    // By customer, not by what it begins with.
    let [names, values] = [names("$4", "$5", "{unindexed}"), values("$4", "$5", "{unindexed}")];
    Ok(format!("(EXISTS ({names} AND customer = c.id) OR EXISTS ({values} AND customer = c.id))"))
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
