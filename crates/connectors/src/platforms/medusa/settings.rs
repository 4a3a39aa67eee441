//! How a Medusa shop is connected, and what it says of itself.

use base::{Error, Result};
use serde_json::Value;

use super::ask::Shop;
use crate::{
    channels::fields::Fields,
    money,
    platform::About,
    platforms::{json, plugin},
    setting::Setting,
};

pub fn form() -> Vec<Setting> {
    plugin::schema("medusa-address", "medusa-key", "medusa-webhook-secret")
}

pub fn check(settings: &Value) -> Result<()> {
    let mut wrong = Vec::new();
    let mut fields = Fields::new("", settings, &mut wrong);
    if let Some(why) = fields.needed("address").and_then(|address| plugin::check_address(&address)) {
        fields.wrong("address", why);
    }
    // A publishable key begins with pk_ and opens the shop's front alone.
    if fields.needed("key").is_some_and(|key| !key.starts_with("sk_")) {
        fields.wrong("key", "must be a secret API key, which begins with sk_");
    }
    if let Some(why) = fields.text("webhook_secret").and_then(|secret| plugin::check_secret(&secret)) {
        fields.wrong("webhook_secret", why);
    }
    fields.end();
    if wrong.is_empty() { Ok(()) } else { Err(Error::Invalid(wrong)) }
}

pub async fn about(shop: &Shop, settings: &Value) -> Result<About> {
    let answer = shop.list(&["stores"], &[("fields", "id,name,*supported_currencies")]).await?;
    let store = json::list(&answer["stores"]).first().ok_or_else(|| Error::refused("This Medusa has no store yet."))?;
    let currencies = json::list(&store["supported_currencies"]);
    let usual = currencies.iter().find(|one| one["is_default"] == true).or(currencies.first());
    let currency = usual.and_then(|one| json::text(&one["currency_code"]));
    let mut problems = Vec::new();
    if json::text(&settings["webhook_secret"]).is_none() {
        problems.push("Without a webhook secret the shop cannot tell of changes: they are seen minutes later.".into());
    }
    // Orders are what it is all about: a key may be kept from them by the shop's own roles.
    shop.list(&["orders"], &[("fields", "id"), ("limit", "1")]).await?;
    Ok(About {
        address: shop.address.split_once("://").map_or(&*shop.address, |(_, rest)| rest).to_lowercase(),
        name: json::text(&store["name"]).unwrap_or_else(|| "Medusa".into()),
        currency: currency.and_then(|code| money::code("currency", &code).ok()),
        version: None,
        problems,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn settings_say_what_is_wrong_with_them() {
        let good =
            json!({ "address": "https://api.fjellvik.example", "key": "sk_1", "webhook_secret": "0123456789abcdef" });
        assert!(check(&good).is_ok());
        let bad = json!({ "address": "http://fjellvik.example", "key": "pk_1", "webhook_secret": "short", "more": 1 });
        let Err(Error::Invalid(wrong)) = check(&bad) else { panic!("it is wrong") };
        let fields: Vec<_> = wrong.iter().map(|one| one.field.as_str()).collect();
        assert_eq!(fields, ["address", "key", "webhook_secret", "more"]);
        assert!(check(&json!({})).is_err());
    }
}
