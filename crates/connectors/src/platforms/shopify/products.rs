//! Shopify's products in our words, with what is in stock.

use std::collections::BTreeMap;

use base::Result;
use serde_json::Value;

use super::orders::{each, stamp, text};
use crate::{
    money,
    order::{Product, Variant},
};

pub const PRODUCT: &str = "
fragment Goods on Product {
  id title status tags updatedAt onlineStoreUrl featuredMedia { preview { image { url } } }
  variants(first: $lines) { nodes { ...Kind } pageInfo { hasNextPage endCursor } }
}
fragment Kind on ProductVariant {
  id title sku price inventoryQuantity inventoryItem { tracked } selectedOptions { name value }
  media(first: 1) { nodes { preview { image { url } } } }
}";

/// `currency` is the shop's own: that is what a product's price is in.
pub fn product(from: &Value, currency: &str) -> Result<Product> {
    Ok(Product {
        id: text(&from["id"]).unwrap_or_default(),
        title: text(&from["title"]).unwrap_or_default(),
        picture: text(&from["featuredMedia"]["preview"]["image"]["url"]),
        url: text(&from["onlineStoreUrl"]),
        active: matches!(from["status"].as_str(), Some("ACTIVE" | "UNLISTED")),
        tags: each(&from["tags"]).filter_map(text).collect(),
        variants: each(&from["variants"]).map(|one| variant(one, currency)).collect::<Result<_>>()?,
        changed_at: stamp(&from["updatedAt"]),
    })
}

pub fn variant(from: &Value, currency: &str) -> Result<Variant> {
    let option = |one: &Value| Some((text(&one["name"])?, text(&one["value"])?));
    let counted = from["inventoryItem"]["tracked"].as_bool() != Some(false);
    let title = text(&from["title"]).unwrap_or_default();
    // What Shopify calls the only kind of a product that has no kinds.
    let only = title == "Default Title";
    Ok(Variant {
        id: text(&from["id"]).unwrap_or_default(),
        sku: text(&from["sku"]),
        title: if only { String::new() } else { title },
        options: if only { BTreeMap::new() } else { each(&from["selectedOptions"]).filter_map(option).collect() },
        price: money::minor_json(&from["price"], currency)?,
        currency: currency.into(),
        stock: from["inventoryQuantity"].as_i64().filter(|_| counted),
        picture: each(&from["media"]).next().and_then(|media| text(&media["preview"]["image"]["url"])),
    })
}
