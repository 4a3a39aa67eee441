//! The customer's card: who they are, how many tickets they have, what they bought; and the list of customers.

use std::collections::HashMap;

use aide::axum::{ApiRouter, routing::get_with};
use axum::{Json, extract::State};
use base::{
    App, Db, Error, Feature, Result, Tx, args,
    web::{Body, Id, Page, Paging, Params, some},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Customer, CustomerId, Identity, among, clean, customer, find, identity, names};
use crate::{
    Event,
    agents::{Permission, Who},
    event::Changes,
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
}

/// The longest note, in characters.
pub const NOTE: usize = 10_000;

/// What to change; a field that is absent stays.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Patch {
    pub name: Option<String>,
    /// A language tag such as `de` or `pt-BR`, or null for unknown.
    #[serde(default, deserialize_with = "some")]
    pub language: Option<Option<String>>,
    /// Plain text of at most 10,000 characters.
    pub note: Option<String>,
}

pub async fn change(tx: &mut Tx, before: Customer, patch: Patch) -> Result<Customer> {
    before.must_stand()?;
    let name = patch.name.map_or_else(|| before.name.clone(), |name| clean(&name, super::identify::NAME));
    if name.is_empty() {
        return Err(Error::invalid("name", "must have at least one visible character"));
    }
    let language = patch.language.unwrap_or_else(|| before.language.clone());
    if language.as_deref().is_some_and(|tag| !is_language(tag)) {
        return Err(Error::invalid("language", "must be a language tag, such as de or pt-BR"));
    }
    let note = patch.note.map_or_else(|| before.note.clone(), |note| note.replace('\0', "").trim().to_owned());
    if note.chars().count() > NOTE {
        return Err(Error::invalid("note", "must have at most 10,000 characters"));
    }
    take(tx, before, name, language, note).await
}

/// Writes what of these is new. The caller has checked them.
pub async fn take(
    tx: &mut Tx,
    before: Customer,
    name: String,
    language: Option<String>,
    note: String,
) -> Result<Customer> {
    let mut changes = Changes::default();
    changes.note("name", &before.name, &name)?;
    changes.note("language", &before.language, &language)?;
    changes.note("note", &before.note, &note)?;
    if changes.is_empty() {
        return Ok(before);
    }
    let sql = "UPDATE customers SET name = $1, language = $2, note = $3, updated_at = $4 WHERE id = $5";
    tx.run(sql, args![&name, language, note, tx.now(), before.id]).await?;
    if name != before.name {
        names::rewrite(tx, before.id, &name).await?;
    }
    tx.emit(&Event::CustomerChanged { customer: before.id, changes: changes.into_map() })?;
    find(tx, before.id).await
}

/// The shape of BCP 47, not its registry: new languages need no new version of ours.
fn is_language(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let first =
        parts.next().is_some_and(|part| (2..=3).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphabetic()));
    first
        && tag.len() <= 35
        && parts.all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric()))
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
        Card { customer: Customer { identities, ..customer }, tickets, orders: None }
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
    Ok(Card { customer: customer(&row, identities)?, tickets, orders: Some(orders) })
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
    change(&mut tx, customer, patch).await?;
    tx.commit().await?;
    card(&app, id).await.map(Json)
}
