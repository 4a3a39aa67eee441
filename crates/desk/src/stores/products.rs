//! What a store sells, found by the beginning of any word of its name or by its number, along an index.

use std::{collections::BTreeSet, fmt::Write};

use aide::axum::{ApiRouter, routing::get_with};
use axum::{Json, extract::State};
use base::{
    App, Db, Error, Feature, Result, Row, Stamp, Tx, args,
    db::Param,
    web::{Id, Page, Paging, Params},
};
use connectors::order::{Product, Variant};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{StoreId, get};
use crate::agents::{Permission, Who};

/// Words of one product under which it is found, with the numbers of its variants.
const WORDS: usize = 12;
const NUMBERS: usize = 100;
/// Words that are looked for at once, and letters of each.
const ASKED: usize = 6;
const LETTERS: usize = 60;

pub(super) fn feature() -> Feature {
    let all = get_with(index, |op| op.summary("What a store sells, found by its name or number"));
    Feature { routes: ApiRouter::new().api_route("/stores/{id}/products", all), ..Feature::default() }
}

/// Something that a store sells, as it told of it last.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(rename = "StoreProduct")]
pub struct Sold {
    #[serde(skip)]
    pub row: i64,
    /// The store's id.
    pub id: String,
    pub title: String,
    pub picture: Option<String>,
    /// Its page in the shop.
    pub url: Option<String>,
    pub variants: Vec<Variant>,
    /// When we had it from the store: prices and stock may have changed since.
    pub read_at: Stamp,
}

/// Takes in a product as its store has it; what is older replaces nothing.
pub(super) async fn put(tx: &mut Tx, store: StoreId, product: &Product) -> Result<()> {
    let sql = "INSERT INTO products (store, external, title, active, data, changed_at, read_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT (store, external) DO UPDATE SET title = excluded.title, active = excluded.active,
            data = excluded.data, changed_at = excluded.changed_at, read_at = excluded.read_at, deleted_at = NULL
        WHERE COALESCE(products.changed_at, 0) <= COALESCE(excluded.changed_at, products.changed_at, 0)
        RETURNING id";
    let changed_at = product.changed_at.map(|Stamp(at)| at);
    let now = tx.now();
    let args = args![store, &product.id, &product.title, product.active, json!(product), changed_at, now];
    let Some(row) = tx.opt(sql, args).await? else { return Ok(()) };
    write_words(tx, store, row.int("id")?, product).await
}

async fn write_words(tx: &mut Tx, store: StoreId, row: i64, product: &Product) -> Result<()> {
    let rows = tx.all("SELECT word FROM product_words WHERE product = $1", args![row]).await?;
    let known = rows.iter().map(|row| row.text("word")).collect::<Result<BTreeSet<_>>>()?;
    let words = words(product);
    for gone in known.difference(&words) {
        tx.run("DELETE FROM product_words WHERE product = $1 AND word = $2", args![row, gone]).await?;
    }
    for new in words.difference(&known) {
        let sql = "INSERT INTO product_words (store, word, product) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
        tx.run(sql, args![store, new, row]).await?;
    }
    Ok(())
}

/// The name from each of its words on, and the numbers of its variants, in lower case.
fn words(product: &Product) -> BTreeSet<String> {
    let words: Vec<_> = lower(&product.title);
    let rests = (0..words.len().min(WORDS)).map(|at| words[at..].join(" ").chars().take(200).collect());
    let numbers = product.variants.iter().take(NUMBERS).filter_map(|variant| variant.sku.as_deref());
    rests.chain(numbers.map(|number| lower(number).join(" "))).filter(|word: &String| !word.is_empty()).collect()
}

fn lower(text: &str) -> Vec<String> {
    text.replace('\0', " ").to_lowercase().split_whitespace().map(str::to_owned).collect()
}

/// What can be bought at a store and has words that begin with each of those asked for; all of it where none is.
pub async fn search(db: &Db, store: StoreId, asked: &str, after: i64, limit: i64) -> Result<Vec<Sold>> {
    let mut args = args![store, after, limit];
    let mut narrowed = String::new();
    for word in lower(asked).into_iter().take(ASKED) {
        let word: String = word.chars().take(LETTERS).collect();
        let (low, high) = (args.len() + 1, args.len() + 2);
        write!(
            narrowed,
            " AND p.id IN (SELECT product FROM product_words WHERE store = $1 AND word {{bytewise}} >= ${low}
            AND word {{bytewise}} < ${high})"
        )?;
        let beyond = format!("{word}\u{10FFFF}");
        args.extend([word, beyond].into_iter().map(Param::value));
    }
    let sql = format!(
        "SELECT p.* FROM products p WHERE p.store = $1 AND p.id > $2 AND p.deleted_at IS NULL AND p.active = TRUE{narrowed}
        ORDER BY p.id LIMIT $3"
    );
    db.all(&sql, args).await?.iter().map(sold).collect()
}

/// One that can be bought.
pub async fn find(db: &Db, store: StoreId, external: &str) -> Result<Option<Sold>> {
    let sql = "SELECT * FROM products WHERE store = $1 AND external = $2 AND deleted_at IS NULL AND active = TRUE";
    db.opt(sql, args![store, external]).await?.as_ref().map(sold).transpose()
}

fn sold(row: &Row) -> Result<Sold> {
    let Product { picture, url, variants, .. } = row.json("data")?;
    Ok(Sold {
        row: row.int("id")?,
        id: row.text("external")?,
        title: row.text("title")?,
        picture,
        url,
        variants,
        read_at: Stamp(row.int("read_at")?),
    })
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Query {
    /// Beginnings of words of its name, or of a variant's number.
    q: Option<String>,
    limit: Option<i64>,
    after: Option<String>,
}

async fn index(
    who: Who,
    State(app): State<App>,
    Id(id): Id<StoreId>,
    Params(query): Params<Query>,
) -> Result<Json<Page<Sold>>> {
    who.may(Permission::CustomersRead)?;
    if get(&app, id).await?.shop != who.shop {
        return Err(Error::NotFound);
    }
    let paging = Paging { limit: query.limit, after: query.after };
    let limit = paging.limit()?;
    let after = paging.after(1)?.map_or(0, |values| values[0]);
    let found = search(app.db(), id, query.q.as_deref().unwrap_or_default(), after, limit + 1).await?;
    Ok(Json(Page::new(found, limit, |one| vec![one.row])))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_product_is_found_by_each_of_its_words_and_numbers() {
        let variant = Variant { sku: Some("SK-2 Spruce".into()), ..Variant::default() };
        let product = Product { title: "Skarv  2 Tent".into(), variants: vec![variant], ..Product::default() };
        let found: Vec<_> = words(&product).into_iter().collect();
        assert_eq!(found, ["2 tent", "sk-2 spruce", "skarv 2 tent", "tent"]);
    }
}
