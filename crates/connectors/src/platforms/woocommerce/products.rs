//! WooCommerce's products in our words. Prices are in the store's own money, of which a product does not speak.

use std::collections::BTreeMap;

use base::Result;
use serde_json::Value;

use super::orders::{Purse, each, id, stamp, text};
use crate::order::{Product, Variant};

/// It has kinds of its own, which have to be asked for.
pub fn varies(from: &Value) -> bool {
    each(&from["variations"]).next().is_some()
}

/// `kinds` are the product's variations; a product without any is its own only kind.
pub fn product(from: &Value, kinds: &[Value], currency: &str) -> Result<Product> {
    let own = [from.clone()];
    let kinds = if varies(from) { kinds } else { &own };
    let variants = kinds.iter().map(|kind| variant(from, kind, currency)).collect::<Result<_>>()?;
    Ok(Product {
        id: id(&from["id"]).unwrap_or_default(),
        title: text(&from["name"]).unwrap_or_default(),
        picture: each(&from["images"]).next().and_then(|image| text(&image["src"])),
        url: text(&from["permalink"]),
        active: from["status"] == "publish" && from["purchasable"].as_bool() != Some(false),
        tags: each(&from["tags"]).filter_map(|tag| text(&tag["name"])).collect(),
        variants,
        changed_at: stamp(&from["date_modified_gmt"]),
    })
}

fn variant(product: &Value, from: &Value, currency: &str) -> Result<Variant> {
    let option = |one: &Value| Some((text(&one["name"])?, text(&one["option"])?));
    let options: BTreeMap<_, _> = each(&from["attributes"]).filter_map(option).collect();
    // A kind may leave the counting to its product, and says so with a word.
    let counted = match &from["manage_stock"] {
        Value::String(parent) if parent == "parent" => &product["stock_quantity"],
        Value::Bool(true) => &from["stock_quantity"],
        _ => &Value::Null,
    };
    // Nobody counts it, but somebody said that there is none.
    let out = from["stock_status"] == "outofstock";
    Ok(Variant {
        id: id(&from["id"]).unwrap_or_default(),
        sku: text(&from["sku"]),
        title: options.values().cloned().collect::<Vec<_>>().join(" / "),
        options,
        price: Purse { currency }.of(&from["price"])?,
        currency: currency.into(),
        stock: counted.as_i64().or(out.then_some(0)),
        picture: text(&from["image"]["src"]),
    })
}
