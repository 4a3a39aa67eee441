//! The list of customers: all of them, those that are called something, and those with a tag or a value of an attribute.

use aide::axum::{ApiRouter, routing::get_with};
use axum::{Json, extract::State};
use base::{
    App, Error, Feature, Result, Row, Value, args,
    db::Param,
    web::{Page, Paging, Params},
};
use schemars::JsonSchema;
use serde::Deserialize;

use super::{
    Customer,
    attributes::{AttributeKind, kind_of},
    card::{Card, cards},
    customer,
    facets::{Facet, number},
    names::beyond,
};
use crate::agents::{Permission, Who};

pub(super) fn feature() -> Feature {
    let list =
        get_with(list, |op| op.summary("Customers, newest change first; with a tag or field, who came last is first"));
    Feature { routes: ApiRouter::new().api_route("/customers", list), ..Feature::default() }
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct Query {
    /// The beginning of a name, of a surname or of an address.
    q: Option<String>,
    /// A tag that they have, in small or capital letters.
    tag: Option<String>,
    /// The key of an attribute, a colon and its value, such as `shoe_size:42`.
    field: Option<String>,
    limit: Option<i64>,
    after: Option<String>,
}

/// So many hits are looked up and sorted; where there are more, a page is mostly full after a walk over the newest
/// customers. Where it is not, all hits are looked up after all.
const MANY: i64 = 2000;
const WALKED: i64 = 2000;

/// A statement in the making: its parameters are numbered as they come.
#[derive(Default)]
struct Sql(Vec<Value>);

impl Sql {
    fn mark(&mut self, value: impl Param) -> String {
        self.0.push(value.value());
        format!("${}", self.0.len())
    }
}

async fn list(who: Who, State(app): State<App>, Params(query): Params<Query>) -> Result<Json<Page<Card>>> {
    who.may(Permission::CustomersRead)?;
    let paging = Paging { limit: query.limit, after: query.after.clone() };
    let limit = paging.limit()?;
    let mut facets = facets(&app, &who, &query).await?;
    let asked = words(&query.q.unwrap_or_default());
    let (rows, by_id) = if facets.is_empty() {
        // Later than any row: the first page begins before the newest.
        let after = paging.after(2)?.unwrap_or_else(|| vec![i64::MAX, i64::MAX]);
        (plain(&app, &asked, &after, limit + 1).await?, false)
    } else {
        let after = paging.after(1)?.map_or(i64::MAX, |after| after[0]);
        // Those that fewest have lead the way.
        if let [one, other] = &facets[..]
            && count(&app, other).await? < count(&app, one).await?
        {
            facets.reverse();
        }
        let mut sql = Sql::default();
        let text = narrowed(&app, &mut sql, &asked, &facets, after, limit + 1).await?;
        (app.db().all(&text, sql.0).await?, true)
    };
    let customers = rows.iter().map(|row| customer(row, Vec::new())).collect::<Result<Vec<Customer>>>()?;
    let page = Page::new(customers, limit, |one| if by_id { vec![one.id.0] } else { vec![one.updated_at.0, one.id.0] });
    cards(app.db(), page).await.map(Json)
}

fn words(typed: &str) -> String {
    typed.replace('\0', "").split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

async fn facets(app: &App, who: &Who, query: &Query) -> Result<Vec<Facet>> {
    let mut facets = Vec::new();
    if let Some(tag) = query.tag.as_deref().filter(|tag| !tag.trim().is_empty()) {
        facets.push(Facet::tag(tag));
    }
    if let Some(field) = query.field.as_deref().filter(|field| !field.trim().is_empty()) {
        let (key, value) = field
            .split_once(':')
            .ok_or_else(|| Error::invalid("field", "must be a key, a colon and a value, such as shoe_size:42"))?;
        let kind = kind_of(app.db(), who.shop, key).await?;
        let kind =
            kind.ok_or_else(|| Error::invalid("field", format!("{key} is no attribute of this shop's customers")))?;
        let number = number(value).filter(|_| kind == AttributeKind::Number);
        facets.push(Facet::field(key, number.as_deref().unwrap_or(value)));
    }
    Ok(facets)
}

/// How many have it, up to [`MANY`]. In order, or PostgreSQL may look for them row by row.
async fn count(app: &App, facet: &Facet) -> Result<i64> {
    let sql = "SELECT CAST(count(*) AS BIGINT) AS n FROM
        (SELECT 1 AS one FROM customer_facets WHERE facet = $1 AND value = $2 ORDER BY customer LIMIT $3) AS hits";
    app.db().one(sql, args![&facet.name, &facet.value, MANY]).await?.int("n")
}

/// All, or those that are found by what was asked; newest change first.
async fn plain(app: &App, asked: &str, after: &[i64], limit: i64) -> Result<Vec<Row>> {
    let few = are_few(app, asked).await?;
    if few == Some(false) {
        let mut sql = Sql::default();
        let newest = newest(&mut sql, after, "", WALKED);
        let text = format!(
            "SELECT * FROM ({newest}) AS c WHERE {} ORDER BY updated_at DESC, id DESC LIMIT {}",
            found(&mut sql, asked, false, "c.id"),
            sql.mark(limit)
        );
        let rows = app.db().all(&text, sql.0).await?;
        if i64::try_from(rows.len())? == limit {
            return Ok(rows);
        }
    }
    let mut sql = Sql::default();
    let narrow = few.map_or_else(String::new, |_| format!("AND {}", found(&mut sql, asked, true, "c.id")));
    let text = newest(&mut sql, after, &narrow, limit);
    app.db().all(&text, sql.0).await
}

fn newest(sql: &mut Sql, after: &[i64], narrow: &str, limit: i64) -> String {
    let after = format!("({}, {})", sql.mark(after[0]), sql.mark(after[1]));
    let limit = sql.mark(limit);
    format!(
        "SELECT * FROM customers c WHERE (updated_at, id) < {after} AND merged_into IS NULL {narrow}
        ORDER BY updated_at DESC, id DESC LIMIT {limit}"
    )
}

/// Those with all of these, along the index of the first; or along few hits of what was asked. Who came last is first:
/// that order never changes, so it stands in the index.
async fn narrowed(app: &App, sql: &mut Sql, asked: &str, facets: &[Facet], after: i64, limit: i64) -> Result<String> {
    let after = sql.mark(after);
    let limit = sql.mark(limit);
    let few = are_few(app, asked).await?;
    if few == Some(true) {
        let found = found(sql, asked, true, "c.id");
        let has: Vec<_> = facets.iter().map(|facet| has(sql, facet, "c.id")).collect();
        return Ok(format!(
            "SELECT * FROM customers c WHERE {found} AND {} AND c.id < {after} AND merged_into IS NULL
            ORDER BY c.id DESC LIMIT {limit}",
            has.join(" AND ")
        ));
    }
    let mut narrow = String::new();
    for facet in &facets[1..] {
        narrow.extend([" AND ", &has(sql, facet, "f.customer")]);
    }
    if few == Some(false) {
        narrow.extend([" AND ", &found(sql, asked, false, "f.customer")]);
    }
    let (name, value) = (sql.mark(&facets[0].name), sql.mark(&facets[0].value));
    // Only those of the page are looked up: joined any earlier, PostgreSQL reads all customers along with them. Who is
    // merged away has no facets.
    Ok(format!(
        "SELECT c.* FROM (SELECT f.customer FROM customer_facets f WHERE f.facet = {name} AND f.value = {value}{narrow}
            AND f.customer < {after} ORDER BY f.customer DESC LIMIT {limit}) AS hits
        JOIN customers c ON c.id = hits.customer ORDER BY c.id DESC"
    ))
}

/// The condition that a customer has it. With OFFSET it stays a look at each, where PostgreSQL would read all that have it.
fn has(sql: &mut Sql, facet: &Facet, id: &str) -> String {
    let (name, value) = (sql.mark(&facet.name), sql.mark(&facet.value));
    format!(
        "EXISTS (SELECT 1 FROM customer_facets g WHERE g.facet = {name} AND g.value = {value} AND g.customer = {id}
            LIMIT 1 OFFSET 0)"
    )
}

/// Whether few names or addresses begin with what was asked: then these are looked up first. None where nothing was.
async fn are_few(app: &App, asked: &str) -> Result<Option<bool>> {
    if asked.is_empty() {
        return Ok(None);
    }
    let all = format!("{} UNION ALL {} LIMIT $3", names("$1", "$2", ""), values("$1", "$2", ""));
    let sql = format!("SELECT CAST(count(*) AS BIGINT) AS n FROM ({all}) AS hits");
    let hits = app.db().one(&sql, args![asked, beyond(asked), MANY]).await?.int("n")?;
    Ok(Some(hits < MANY))
}

/// The condition that names or addresses of the customer `id` begin with what was asked, in the way that reads least.
fn found(sql: &mut Sql, asked: &str, few: bool, id: &str) -> String {
    let (low, high) = (sql.mark(asked), sql.mark(beyond(asked)));
    if few {
        return format!("{id} IN ({} UNION {})", names(&low, &high, ""), values(&low, &high, ""));
    }
    // By customer, not by what it begins with.
    let [names, values] = [names(&low, &high, "{unindexed}"), values(&low, &high, "{unindexed}")];
    format!("(EXISTS ({names} AND customer = {id}) OR EXISTS ({values} AND customer = {id}))")
}

fn names(low: &str, high: &str, index: &str) -> String {
    let rest = format!("{index}rest {{bytewise}}");
    format!("SELECT customer FROM customer_names WHERE {rest} >= {low} AND {rest} < {high}")
}

fn values(low: &str, high: &str, index: &str) -> String {
    let value = format!("{index}value {{bytewise}}");
    format!("SELECT customer FROM identities WHERE {value} >= {low} AND {value} < {high}")
}
