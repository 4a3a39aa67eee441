//! Changing the shop: name, site, language, money, and how long things can be taken back or reopened.

use std::collections::BTreeMap;

use axum::{Json, extract::State};
use base::{
    App, Error, Result, Tx, args,
    web::{Body, some},
};
use jiff::tz::TimeZone;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::{AddressForm, Shop, find, language_tag, line, signature_html, voice};
use crate::{
    Event,
    agents::{Permission, Who},
    event::Changes,
};

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShopChange {
    pub name: Option<String>,
    pub address: Option<String>,
    pub language: Option<String>,
    pub currency: Option<String>,
    /// Two capital letters (ISO 3166-1), such as `NO`; null for none.
    #[serde(default, deserialize_with = "some")]
    pub country: Option<Option<String>>,
    /// As in the IANA database, such as `Europe/Oslo`; null for UTC.
    #[serde(default, deserialize_with = "some")]
    pub time_zone: Option<Option<String>>,
    /// 0 to 600.
    pub undo_seconds: Option<i64>,
    /// 0 to 365.
    pub reopen_days: Option<i64>,
    /// 1 to 365.
    pub page_days: Option<i64>,
    pub join_conversations: Option<bool>,
    /// HTML; null for none.
    #[serde(default, deserialize_with = "some")]
    pub signature: Option<Option<String>>,
    /// All greetings by language; replaces those before.
    pub greeting: Option<BTreeMap<String, String>>,
    /// All forms of address by language; replaces those before.
    pub address_forms: Option<BTreeMap<String, AddressForm>>,
    /// Plain text; null for none.
    #[serde(default, deserialize_with = "some")]
    pub tone: Option<Option<String>>,
    /// The key of a customers' field; null for none.
    #[serde(default, deserialize_with = "some")]
    pub tier_attribute: Option<Option<String>>,
    /// At most 20, the best first.
    pub tier_tags: Option<Vec<String>>,
}

pub async fn change(tx: &mut Tx, shop: Shop, change: ShopChange) -> Result<Shop> {
    let new = check(shop.clone(), change)?;
    let mut changes = Changes::default();
    changes.note("name", &shop.name, &new.name)?;
    changes.note("address", &shop.address, &new.address)?;
    changes.note("language", &shop.language, &new.language)?;
    changes.note("currency", &shop.currency, &new.currency)?;
    changes.note("country", &shop.country, &new.country)?;
    changes.note("time_zone", &shop.time_zone, &new.time_zone)?;
    changes.note("undo_seconds", shop.undo_seconds, new.undo_seconds)?;
    changes.note("reopen_days", shop.reopen_days, new.reopen_days)?;
    changes.note("page_days", shop.page_days, new.page_days)?;
    changes.note("join_conversations", shop.join_conversations, new.join_conversations)?;
    changes.note("signature", &shop.signature, &new.signature)?;
    changes.note("greeting", &shop.greeting, &new.greeting)?;
    changes.note("address_forms", &shop.address_forms, &new.address_forms)?;
    changes.note("tone", &shop.tone, &new.tone)?;
    changes.note("tier_attribute", &shop.tier_attribute, &new.tier_attribute)?;
    changes.note("tier_tags", &shop.tier_tags, &new.tier_tags)?;
    if changes.is_empty() {
        return Ok(shop);
    }
    let sql = "UPDATE shops SET name = $1, address = $2, language = $3, currency = $4, undo_seconds = $5,
        reopen_days = $6, signature = $7, country = $8, join_conversations = $9, greeting = $10, address_forms = $11,
        tone = $12, page_days = $13, time_zone = $14, tier_attribute = $15, tier_tags = $16 WHERE id = $17";
    let args = args![
        &new.name,
        &new.address,
        &new.language,
        &new.currency,
        new.undo_seconds,
        new.reopen_days,
        &new.signature,
        &new.country,
        new.join_conversations,
        json!(new.greeting),
        json!(new.address_forms),
        &new.tone,
        new.page_days,
        &new.time_zone,
        &new.tier_attribute,
        json!(new.tier_tags),
        new.id
    ];
    tx.run(sql, args).await?;
    tx.emit(&Event::ShopChanged { changes: changes.into_map() })?;
    Ok(new)
}

fn check(shop: Shop, change: ShopChange) -> Result<Shop> {
    Ok(Shop {
        id: shop.id,
        name: change.name.map_or(Ok(shop.name), |name| line("name", &name, 100))?,
        address: match change.address.as_deref().map(str::trim) {
            None => shop.address,
            Some("") => String::new(),
            Some(address) => line("address", address, 200)?,
        },
        language: change.language.map_or(Ok(shop.language), |tag| language_tag("language", &tag))?,
        currency: change.currency.map_or(Ok(shop.currency), currency_code)?,
        country: change.country.map_or(Ok(shop.country), country_code)?,
        time_zone: match change.time_zone.map(|zone| zone.filter(|zone| !zone.trim().is_empty())) {
            None => shop.time_zone,
            Some(None) => None,
            Some(Some(zone)) if TimeZone::get(zone.trim()).is_ok() => Some(zone.trim().to_owned()),
            Some(Some(_)) => return Err(Error::invalid("time_zone", "must be a time zone such as Europe/Oslo")),
        },
        undo_seconds: within("undo_seconds", change.undo_seconds.unwrap_or(shop.undo_seconds), 600)?,
        reopen_days: within("reopen_days", change.reopen_days.unwrap_or(shop.reopen_days), 365)?,
        page_days: match change.page_days.unwrap_or(shop.page_days) {
            days @ 1..=365 => days,
            _ => return Err(Error::invalid("page_days", "must be between 1 and 365")),
        },
        join_conversations: change.join_conversations.unwrap_or(shop.join_conversations),
        signature: change.signature.map_or(Ok(shop.signature), signature_html)?,
        greeting: change.greeting.map_or(Ok(shop.greeting), voice::greetings)?,
        address_forms: change.address_forms.map_or(Ok(shop.address_forms), voice::forms)?,
        tone: change.tone.map_or(Ok(shop.tone), voice::tone)?,
        tier_attribute: match change.tier_attribute.map(|key| key.filter(|key| !key.trim().is_empty())) {
            None => shop.tier_attribute,
            Some(None) => None,
            Some(Some(key)) => Some(line("tier_attribute", &key, 100)?),
        },
        tier_tags: change.tier_tags.map_or(Ok(shop.tier_tags), |tags| tiers(&tags))?,
    })
}

fn tiers(tags: &[String]) -> Result<Vec<String>> {
    if tags.len() > 20 {
        return Err(Error::invalid("tier_tags", "must be at most 20"));
    }
    tags.iter().enumerate().map(|(place, tag)| line(&format!("tier_tags[{place}]"), tag, 60)).collect()
}

fn currency_code(code: String) -> Result<String> {
    if code.len() == 3 && code.bytes().all(|b| b.is_ascii_uppercase()) {
        return Ok(code);
    }
    Err(Error::invalid("currency", "must be a code of three capital letters, such as EUR"))
}

fn country_code(code: Option<String>) -> Result<Option<String>> {
    match code.filter(|code| !code.is_empty()) {
        Some(code) if code.len() != 2 || code.parse::<phonenumber::country::Id>().is_err() => {
            Err(Error::invalid("country", "must be a country of two capital letters, such as NO"))
        }
        code => Ok(code),
    }
}

fn within(field: &str, value: i64, most: i64) -> Result<i64> {
    if (0..=most).contains(&value) {
        return Ok(value);
    }
    Err(Error::invalid(field, format!("must be between 0 and {most}")))
}

pub(super) async fn update(who: Who, State(app): State<App>, Body(body): Body<ShopChange>) -> Result<Json<Shop>> {
    who.may(Permission::ShopManage)?;
    let mut tx = who.begin(&app).await?;
    let shop = find(&mut tx, who.shop).await?;
    let shop = change(&mut tx, shop, body).await?;
    tx.commit().await?;
    Ok(Json(shop))
}
