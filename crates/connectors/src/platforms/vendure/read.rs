//! Reading a Vendure shop: parts of all there is, and orders that somebody looks for.

use base::{Result, Stamp, Time};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{
    ask::Shop,
    orders::{self, ORDER},
    people::{self, CUSTOMER, PRODUCT},
};
use crate::{
    order::{Order, Product},
    platform::{Batch, Kind, News, Wanted},
    platforms::json::{id, list},
};

const PAGE: usize = 50;
/// As many orders as anybody looks at in a list.
const MOST: usize = 50;
const CONFIG: &str = "globalSettings { serverConfig { moneyStrategyPrecision } }";

/// Where the next part begins: oldest made first, so that what changes or is made meanwhile moves nothing before it.
#[derive(Default, Serialize, Deserialize)]
struct Place {
    done: usize,
}

pub async fn part(shop: &Shop, kind: Kind, since: Option<Time>, next: Option<&Value>) -> Result<Batch> {
    let mut place: Place = next.and_then(|next| serde_json::from_value(next.clone()).ok()).unwrap_or_default();
    let (field, options, spread, fragment) = match kind {
        Kind::Orders => ("orders", "OrderListOptions", "...O", ORDER),
        Kind::Customers => ("customers", "CustomerListOptions", "...C", CUSTOMER),
        Kind::Products => ("products", "ProductListOptions", "...P", PRODUCT),
    };
    let query = format!(
        "query ($options: {options}) {{ list: {field}(options: $options) {{ totalItems items {{ {spread} }} }} {CONFIG} }}
         {fragment}"
    );
    let mut filter = json!({});
    if kind == Kind::Orders {
        // A basket is no order yet.
        filter["orderPlacedAt"] = json!({ "isNull": false });
    }
    if let Some(since) = since {
        // Some databases keep whole seconds.
        filter["updatedAt"] = json!({ "after": Stamp(since - since.rem_euclid(1000) - 1) });
    }
    let sort = json!({ "createdAt": "ASC", "id": "ASC" });
    let options = json!({ "take": PAGE, "skip": place.done, "sort": sort, "filter": filter });
    let answer = shop.ask(&query, json!({ "options": options })).await?;
    let (rows, config) = (list(&answer["list"]["items"]), &answer["globalSettings"]["serverConfig"]);
    let news = rows.iter().map(|row| {
        Ok(match kind {
            Kind::Orders => News::Order(Box::new(orders::order(row, config, &shop.address)?)),
            Kind::Customers => News::Buyer(Box::new(people::buyer(row))),
            Kind::Products => News::Product(Box::new(people::product(row, config)?)),
        })
    });
    let news = news.collect::<Result<_>>()?;
    place.done += rows.len();
    let next = if rows.len() < PAGE { None } else { Some(serde_json::to_value(&place)?) };
    Ok(Batch { news, next, total: answer["list"]["totalItems"].as_i64(), pause: 0 })
}

/// As Vendure has it, the server's configuration, and the same in our words.
pub async fn order(shop: &Shop, id: &str) -> Result<Option<((Value, Value), Order)>> {
    let query = format!("query ($id: ID!) {{ order(id: $id) {{ ...O }} {CONFIG} }} {ORDER}");
    let mut answer = shop.ask(&query, json!({ "id": id })).await?;
    let (raw, config) = (answer["order"].take(), answer["globalSettings"]["serverConfig"].take());
    // A basket is no order yet.
    if raw.is_null() || raw["orderPlacedAt"].is_null() {
        return Ok(None);
    }
    let order = orders::order(&raw, &config, &shop.address)?;
    Ok(Some(((raw, config), order)))
}

pub async fn by_number(shop: &Shop, number: &str) -> Result<Vec<Order>> {
    let number = number.trim().trim_start_matches('#');
    let filter = json!({ "code": { "in": [number, number.to_uppercase()] }, "orderPlacedAt": { "isNull": false } });
    let query = format!(
        "query ($filter: OrderFilterParameter) {{ orders(options: {{ filter: $filter, take: 5 }}) {{
        items {{ ...O }} }} {CONFIG} }} {ORDER}"
    );
    let answer = shop.ask(&query, json!({ "filter": filter })).await?;
    let config = &answer["globalSettings"]["serverConfig"];
    list(&answer["orders"]["items"]).iter().map(|row| orders::order(row, config, &shop.address)).collect()
}

pub async fn orders_of(shop: &Shop, wanted: &Wanted) -> Result<Vec<Order>> {
    let any: Vec<_> = [("id", &wanted.buyers), ("emailAddress", &wanted.emails), ("phoneNumber", &wanted.phones)]
        .into_iter()
        .filter(|(_, values)| !values.is_empty())
        .map(|(field, values)| json!({ field: { "in": values } }))
        .collect();
    if any.is_empty() {
        return Ok(Vec::new());
    }
    let query = format!("query ($filter: CustomerFilterParameter, $most: Int) {{
        customers(options: {{ filter: $filter, take: 20 }}) {{ items {{ orders(options: {{ take: $most,
            filter: {{ orderPlacedAt: {{ isNull: false }} }}, sort: {{ orderPlacedAt: DESC }} }}) {{ items {{ ...O }} }} }} }}
        {CONFIG} }} {ORDER}");
    let answer = shop.ask(&query, json!({ "filter": { "_or": any }, "most": MOST })).await?;
    let config = &answer["globalSettings"]["serverConfig"];
    let rows = list(&answer["customers"]["items"]).iter().flat_map(|one| list(&one["orders"]["items"]));
    let mut all: Vec<_> = rows.map(|row| orders::order(row, config, &shop.address)).collect::<Result<_>>()?;
    all.sort_by(|a: &Order, b: &Order| (b.placed_at, &b.id).cmp(&(a.placed_at, &a.id)));
    all.truncate(MOST);
    Ok(all)
}

pub async fn product(shop: &Shop, product: &str) -> Result<Option<Product>> {
    let query = format!("query ($id: ID!) {{ product(id: $id) {{ ...P }} {CONFIG} }} {PRODUCT}");
    let answer = shop.ask(&query, json!({ "id": product })).await?;
    if id(&answer["product"]["id"]).is_none() {
        return Ok(None);
    }
    people::product(&answer["product"], &answer["globalSettings"]["serverConfig"]).map(Some)
}
