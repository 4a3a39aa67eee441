//! Customers and products of a Medusa shop.

use std::collections::BTreeMap;

use base::Result;
use serde_json::Value;

use super::orders::money;
use crate::{
    money::code,
    order::{Address, Buyer, Product, Variant},
    platforms::json::{id, link, list, name, stamp, text},
};

/// Parts of a customer that [`buyer`] reads.
pub const CUSTOMER: &str = "id,email,first_name,last_name,company_name,phone,has_account,created_at,updated_at,*groups";

/// Parts of a product that [`product`] reads.
pub const PRODUCT: &str = "id,title,handle,status,thumbnail,updated_at,deleted_at,*tags,*variants,*variants.prices,\
     *variants.options,*variants.options.option,*variants.inventory_items,\
     *variants.inventory_items.inventory.location_levels";

/// Medusa keeps a record of guests too, by their address; an account is only what one signs in to.
pub fn buyer(customer: &Value) -> Buyer {
    Buyer {
        // An account is opened with any address.
        email_verified: false,
        id: if customer["has_account"] == true { text(&customer["id"]) } else { None },
        name: name([&customer["first_name"], &customer["last_name"]]).or_else(|| text(&customer["company_name"])),
        email: text(&customer["email"]).map(|email| email.to_lowercase()),
        phone: text(&customer["phone"]),
        language: None,
        tags: list(&customer["groups"]).iter().filter_map(|group| text(&group["name"])).collect(),
        accepts_marketing: None,
        changed_at: stamp(&customer["updated_at"]),
    }
}

pub fn address(value: &Value) -> Option<Address> {
    let part = |key: &str| text(&value[key]);
    let country = part("country_code")?.to_uppercase();
    Some(Address {
        name: name([&value["first_name"], &value["last_name"]]),
        company: part("company"),
        line1: part("address_1").unwrap_or_default(),
        line2: part("address_2"),
        postcode: part("postal_code"),
        city: part("city").unwrap_or_default(),
        region: part("province"),
        country,
        phone: part("phone"),
    })
}

/// `currency` is the shop's own: a variant has a price in each.
pub fn product(value: &Value, currency: &str) -> Result<Product> {
    let variants = list(&value["variants"]).iter().map(|one| variant(one, currency)).collect::<Result<_>>()?;
    Ok(Product {
        id: id(&value["id"]).unwrap_or_default(),
        title: text(&value["title"]).unwrap_or_default(),
        picture: link(&value["thumbnail"]),
        url: None,
        active: value["status"] == "published" && value["deleted_at"].is_null(),
        tags: list(&value["tags"]).iter().filter_map(|tag| text(&tag["value"])).collect(),
        variants,
        changed_at: stamp(&value["updated_at"]),
    })
}

fn variant(value: &Value, currency: &str) -> Result<Variant> {
    // Prices of lists and regions stand among the plain ones, and carry rules.
    let plain = |price: &&Value| price["rules_count"].as_i64().unwrap_or(0) == 0 && price["price_list_id"].is_null();
    let prices = list(&value["prices"]);
    let own = |price: &&Value| price["currency_code"].as_str().is_some_and(|code| code.eq_ignore_ascii_case(currency));
    let price = prices.iter().filter(plain).find(own).or_else(|| prices.iter().find(plain));
    let found = price.and_then(|price| code("currency", price["currency_code"].as_str()?).ok());
    let currency = found.unwrap_or_else(|| currency.to_owned());
    let options: BTreeMap<_, _> = list(&value["options"])
        .iter()
        .filter_map(|option| Some((text(&option["option"]["title"])?, text(&option["value"])?)))
        .collect();
    Ok(Variant {
        id: id(&value["id"]).unwrap_or_default(),
        sku: text(&value["sku"]),
        title: text(&value["title"]).unwrap_or_default(),
        options,
        price: price.map_or(Ok(0), |price| money(price, "amount", &currency))?,
        stock: stock(value),
        currency,
        picture: link(&value["thumbnail"]),
    })
}

/// Of a set, the part that runs out first.
fn stock(variant: &Value) -> Option<i64> {
    if variant["manage_inventory"] != true || variant["allow_backorder"] == true {
        return None;
    }
    let sets = list(&variant["inventory_items"]).iter().map(|item| {
        let levels = list(&item["inventory"]["location_levels"]);
        let pieces: f64 = levels.iter().filter_map(|level| level["available_quantity"].as_f64()).sum();
        let needed = item["required_quantity"].as_f64().filter(|needed| *needed > 0.0).unwrap_or(1.0);
        #[expect(
            clippy::cast_possible_truncation,
            reason = "whole already, and what is too large stays the largest there is"
        )]
        let sets = (pieces / needed).floor() as i64;
        sets
    });
    sets.min().map(|sets| sets.max(0))
}
