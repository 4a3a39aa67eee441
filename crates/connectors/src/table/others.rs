//! Rows about customers, products and parcels.

use std::collections::BTreeMap;

use super::{
    Flaw, What,
    gather::{Row, Said},
    orders::name,
};
use crate::order::{Buyer, Product, Shipment, Variant};

pub fn buyer(said: &Said<'_>) -> What {
    What::Buyer(Box::new(Buyer {
        id: said.text("id"),
        name: said.text("name").or_else(|| name(said, "first_name", "last_name")),
        email: said.text("email"),
        // A file says nothing of how the address was proven.
        email_verified: false,
        phone: said.text("phone"),
        language: said.text("language"),
        tags: said.list("tags"),
        accepts_marketing: said.flag("accepts_marketing"),
        changed_at: said.at("changed_at"),
    }))
}

const OF_VARIANTS: [&str; 5] = ["variant", "sku", "variant_title", "price", "stock"];

pub fn product(said: &mut Said<'_>) -> What {
    let rows = said.rows;
    let mut variants: Vec<Variant> = Vec::new();
    for row in rows {
        // Rows with nothing but one more picture.
        if OF_VARIANTS.iter().all(|field| row.value(field).is_none()) {
            continue;
        }
        let variant = variant(said, row, variants.len());
        if variants.iter().any(|known| known.id == variant.id) {
            said.fault(row.line, "variant", Flaw::Again, Some(variant.id.clone()));
        }
        variants.push(variant);
    }
    What::Product(Box::new(Product {
        id: said.text("id").unwrap_or_default(),
        title: said.text("title").unwrap_or_default(),
        picture: said.text("picture"),
        url: said.text("url"),
        active: said.flag("active").unwrap_or(true),
        tags: said.list("tags"),
        variants,
        changed_at: said.at("changed_at"),
    }))
}

fn variant(said: &mut Said<'_>, row: &Row, place: usize) -> Variant {
    let price = said.money_in(row, "price").unwrap_or(0);
    if price < 0 {
        said.fault(row.line, "price", Flaw::Number, Some(price.to_string()));
    }
    let sku = row.text("sku");
    let title = row.text("variant_title").unwrap_or_default();
    Variant {
        id: row.text("variant").or_else(|| sku.clone()).unwrap_or_else(|| (place + 1).to_string()),
        sku,
        title,
        options: BTreeMap::new(),
        price,
        currency: said.currency.clone(),
        stock: row.whole("stock"),
        picture: None,
    }
}

pub fn parcel(said: &Said<'_>) -> What {
    What::Parcel {
        order: said.text("order").unwrap_or_default(),
        shipment: Box::new(Shipment {
            id: said.text("id").unwrap_or_default(),
            carrier: said.text("carrier"),
            number: said.text("tracking"),
            url: said.text("url"),
            shipped_at: said.at("shipped_at"),
            expected_at: said.at("expected_at"),
            delivered_at: said.at("delivered_at"),
            ..Shipment::default()
        }),
    }
}
