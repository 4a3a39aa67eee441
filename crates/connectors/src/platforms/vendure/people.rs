//! Customers and products of a Vendure shop.

use base::Result;
use serde_json::Value;

use super::units::Units;
use crate::{
    money::code,
    order::{Address, Buyer, Product, Variant},
    platforms::json::{id, link, list, name, stamp, text},
};

pub const CUSTOMER: &str =
    "fragment C on Customer { id firstName lastName emailAddress phoneNumber updatedAt user { id } groups { name } }";

pub const PRODUCT: &str =
    "fragment P on Product { id name enabled updatedAt featuredAsset { preview } facetValues { name }
    variants { id sku name priceWithTax currencyCode enabled trackInventory stockLevels { stockOnHand stockAllocated }
        options { name group { name } } featuredAsset { preview } } }";

/// Guests have a record without a user: an account is only what one signs in to.
pub fn buyer(customer: &Value) -> Buyer {
    Buyer {
        // A shop that asks for no proof (`requireVerification`) calls every account verified, and does not say so.
        email_verified: false,
        id: if customer["user"].is_null() { None } else { id(&customer["id"]) },
        name: name([&customer["firstName"], &customer["lastName"]]),
        email: text(&customer["emailAddress"]).map(|email| email.to_lowercase()),
        phone: text(&customer["phoneNumber"]),
        language: None,
        tags: list(&customer["groups"]).iter().filter_map(|group| text(&group["name"])).collect(),
        accepts_marketing: None,
        changed_at: stamp(&customer["updatedAt"]),
    }
}

pub fn address(value: &Value) -> Option<Address> {
    let part = |key: &str| text(&value[key]);
    Some(Address {
        name: part("fullName"),
        company: part("company"),
        line1: part("streetLine1").unwrap_or_default(),
        line2: part("streetLine2"),
        postcode: part("postalCode"),
        city: part("city").unwrap_or_default(),
        region: part("province"),
        country: part("countryCode")?.to_uppercase(),
        phone: part("phoneNumber"),
    })
}

/// `config` is the server's, for its money.
pub fn product(value: &Value, config: &Value) -> Result<Product> {
    let all = list(&value["variants"]);
    Ok(Product {
        id: id(&value["id"]).unwrap_or_default(),
        title: text(&value["name"]).unwrap_or_default(),
        picture: link(&value["featuredAsset"]["preview"]),
        url: None,
        active: value["enabled"] == true && all.iter().any(|variant| variant["enabled"] == true),
        tags: list(&value["facetValues"]).iter().filter_map(|facet| text(&facet["name"])).collect(),
        variants: all.iter().map(|one| variant(one, config)).collect::<Result<_>>()?,
        changed_at: stamp(&value["updatedAt"]),
    })
}

fn variant(value: &Value, config: &Value) -> Result<Variant> {
    let currency = code("currency", value["currencyCode"].as_str().unwrap_or_default())?;
    let options = list(&value["options"]).iter();
    let options = options.filter_map(|option| Some((text(&option["group"]["name"])?, text(&option["name"])?)));
    let counted = value["trackInventory"] != "FALSE";
    let here =
        |level: &Value| level["stockOnHand"].as_i64().unwrap_or(0) - level["stockAllocated"].as_i64().unwrap_or(0);
    let stock: i64 = list(&value["stockLevels"]).iter().map(here).sum();
    Ok(Variant {
        id: id(&value["id"]).unwrap_or_default(),
        sku: text(&value["sku"]),
        title: text(&value["name"]).unwrap_or_default(),
        options: options.collect(),
        price: Units::new(&currency, config)?.minor(&value["priceWithTax"])?,
        stock: counted.then_some(stock.max(0)),
        picture: link(&value["featuredAsset"]["preview"]),
        currency,
    })
}
