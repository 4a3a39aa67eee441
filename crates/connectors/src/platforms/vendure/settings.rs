//! How a Vendure shop is connected, and what it says of itself.

use base::{Error, Result};
use serde_json::{Value, json};

use super::{ask::Shop, webhooks};
use crate::{
    channels::fields::Fields,
    money,
    platform::About,
    platforms::{json, plugin},
    setting::{Setting, SettingKind},
};

pub fn form() -> Vec<Setting> {
    let mut all = plugin::schema("vendure-address", "vendure-key", "vendure-webhook-secret");
    all.push(Setting::optional("channel", SettingKind::Text, "vendure-channel"));
    all
}

pub fn check(settings: &Value) -> Result<()> {
    let mut wrong = Vec::new();
    let mut fields = Fields::new("", settings, &mut wrong);
    if let Some(why) = fields.needed("address").and_then(|address| plugin::check_address(&address)) {
        fields.wrong("address", why);
    }
    let headers = [fields.needed("key").map(|key| ("key", key)), fields.text("channel").map(|one| ("channel", one))];
    for (field, text) in headers.into_iter().flatten() {
        if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            fields.wrong(field, "must be letters, digits and signs without a space");
        }
    }
    if let Some(why) = fields.text("webhook_secret").and_then(|secret| plugin::check_secret(&secret)) {
        fields.wrong("webhook_secret", why);
    }
    fields.end();
    if wrong.is_empty() { Ok(()) } else { Err(Error::Invalid(wrong)) }
}

const ABOUT: &str =
    "{ activeChannel { code defaultCurrencyCode seller { name } } orders(options: { take: 1 }) { totalItems } }";

pub async fn about(shop: &Shop, settings: &Value) -> Result<About> {
    let answer = shop.ask(ABOUT, json!({})).await?;
    let channel = &answer["activeChannel"];
    let mut problems = Vec::new();
    if json::text(&settings["webhook_secret"]).is_none() {
        problems.push("Without a webhook secret the shop cannot tell of changes: they are seen minutes later.".into());
    }
    if webhooks::addresses(shop).await?.is_none() {
        problems.push("The shop lacks the plugin that tells of changes: they are seen minutes later.".into());
    }
    // Channels of one server are stores of their own.
    let code = json::text(&channel["code"]).filter(|code| code != "__default_channel__");
    let host = shop.address.split_once("://").map_or(&*shop.address, |(_, rest)| rest).to_lowercase();
    let seller = json::text(&channel["seller"]["name"]).filter(|name| name != "Default Seller");
    Ok(About {
        name: seller.or_else(|| code.clone()).unwrap_or_else(|| "Vendure".into()),
        address: code.map_or_else(|| host.clone(), |code| format!("{host}#{code}")),
        currency: json::text(&channel["defaultCurrencyCode"]).and_then(|code| money::code("currency", &code).ok()),
        version: None,
        problems,
    })
}
