//! Reading a Medusa shop: parts of all there is, and orders that somebody looks for.

use std::collections::BTreeSet;

use base::{Result, Stamp, Time};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{ask::Shop, orders, people};
use crate::{
    order::{Order, Product},
    platform::{Batch, Kind, News, Wanted},
    platforms::{
        call,
        json::{id, list, text},
    },
};

const PAGE: usize = 50;
/// As many orders as anybody looks at in a list.
const MOST: usize = 50;

/// Where the next part begins. By id wherever Medusa can compare ids, so that what changes meanwhile moves nothing.
#[derive(Default, Serialize, Deserialize)]
struct Place {
    after: Option<String>,
    done: usize,
    /// The shop's own currency, for products.
    #[serde(default)]
    currency: String,
}

pub async fn part(shop: &Shop, kind: Kind, since: Option<Time>, next: Option<&Value>) -> Result<Batch> {
    let mut place: Place = next.and_then(|next| serde_json::from_value(next.clone()).ok()).unwrap_or_default();
    let (path, fields) = match kind {
        Kind::Orders => ("orders", orders::FIELDS),
        Kind::Customers => ("customers", people::CUSTOMER),
        Kind::Products => ("products", people::PRODUCT),
    };
    if kind == Kind::Products && place.currency.is_empty() {
        place.currency = currency(shop).await?;
    }
    let (limit, since, skip) = (PAGE.to_string(), since.map(|since| Stamp(since).to_string()), place.done.to_string());
    let mut query = vec![("fields", fields), ("order", "id"), ("limit", &limit)];
    query.extend(since.as_deref().map(|since| ("updated_at[$gte]", since)));
    match (&place.after, kind) {
        (_, Kind::Products) => query.push(("offset", &skip)),
        (Some(after), _) => query.push(("id[$gt]", after)),
        (None, _) => {}
    }
    let answer = shop.list(&[path], &query).await?;
    let rows = list(&answer[path]);
    let news = rows.iter().map(|row| told(shop, kind, row, &place.currency)).collect::<Result<_>>()?;
    let counted = answer["count"].as_i64();
    let before = if place.after.is_some() { i64::try_from(place.done).unwrap_or(0) } else { 0 };
    let total = counted.map(|count| count + before);
    place.done += rows.len();
    place.after = rows.last().and_then(|row| id(&row["id"])).filter(|_| kind != Kind::Products);
    let next = if rows.len() < PAGE { None } else { Some(serde_json::to_value(&place)?) };
    Ok(Batch { news, next, total, pause: 0 })
}

fn told(shop: &Shop, kind: Kind, row: &Value, currency: &str) -> Result<News> {
    Ok(match kind {
        Kind::Orders => News::Order(Box::new(orders::order(row, &shop.address)?)),
        Kind::Customers => News::Buyer(Box::new(people::buyer(row))),
        Kind::Products => News::Product(Box::new(people::product(row, currency)?)),
    })
}

async fn currency(shop: &Shop) -> Result<String> {
    let answer = shop.list(&["stores"], &[("fields", "id,*supported_currencies")]).await?;
    let all = list(&answer["stores"][0]["supported_currencies"]);
    let usual = all.iter().find(|one| one["is_default"] == true).or(all.first());
    Ok(usual.and_then(|one| text(&one["currency_code"])).unwrap_or_else(|| "EUR".into()).to_uppercase())
}

/// As Medusa has it, for those who need more than our words.
pub async fn raw_order(shop: &Shop, id: &str) -> Result<Option<Value>> {
    let answer = shop.get(&["orders", id], &[("fields", orders::FIELDS)]).await?;
    Ok(answer.map(|mut answer| answer["order"].take()).filter(Value::is_object))
}

pub async fn order(shop: &Shop, id: &str) -> Result<Option<Order>> {
    let raw = raw_order(shop, id).await?;
    raw.map(|raw| orders::order(&raw, &shop.address)).transpose()
}

pub async fn by_number(shop: &Shop, number: &str) -> Result<Vec<Order>> {
    let wanted = number.trim().trim_start_matches('#');
    if wanted.is_empty() || wanted.len() > 100 {
        return Ok(Vec::new());
    }
    // Medusa searches for texts that contain it, in addresses too; smallest number first, so that 12 comes before 112.
    let query =
        [("q", wanted), ("order", "display_id"), ("limit", "100"), ("fields", "id,display_id,custom_display_id")];
    let answer = shop.list(&["orders"], &query).await?;
    let same = |row: &&Value| {
        let known = [id(&row["display_id"]), text(&row["custom_display_id"])];
        known.into_iter().flatten().any(|known| call::called(&known, number))
    };
    let mut found = Vec::new();
    for row in list(&answer["orders"]).iter().filter(same).take(5) {
        if let Some(id) = id(&row["id"]) {
            found.extend(order(shop, &id).await?);
        }
    }
    Ok(found)
}

pub async fn orders_of(shop: &Shop, wanted: &Wanted) -> Result<Vec<Order>> {
    let mut buyers: BTreeSet<String> = wanted.buyers.iter().cloned().collect();
    for email in &wanted.emails {
        // Guests have a record too, apart from the account of the same address.
        let answer = shop.list(&["customers"], &[("email", email), ("fields", "id,email")]).await?;
        buyers.extend(list(&answer["customers"]).iter().filter_map(|customer| id(&customer["id"])));
    }
    for phone in &wanted.phones {
        let answer = shop.list(&["customers"], &[("q", phone), ("fields", "id,phone")]).await?;
        let same = |customer: &&Value| text(&customer["phone"]).is_some_and(|known| digits(&known) == digits(phone));
        buyers.extend(list(&answer["customers"]).iter().filter(same).filter_map(|customer| id(&customer["id"])));
    }
    if buyers.is_empty() {
        return Ok(Vec::new());
    }
    let limit = MOST.to_string();
    let mut query = vec![("fields", orders::FIELDS), ("order", "-created_at"), ("limit", &limit)];
    query.extend(buyers.iter().map(|buyer| ("customer_id[]", buyer.as_str())));
    let answer = shop.list(&["orders"], &query).await?;
    list(&answer["orders"]).iter().map(|row| orders::order(row, &shop.address)).collect()
}

fn digits(phone: &str) -> String {
    phone.chars().filter(char::is_ascii_digit).collect()
}

pub async fn product(shop: &Shop, id: &str) -> Result<Option<Product>> {
    let Some(answer) = shop.get(&["products", id], &[("fields", people::PRODUCT)]).await? else { return Ok(None) };
    people::product(&answer["product"], &currency(shop).await?).map(Some)
}
