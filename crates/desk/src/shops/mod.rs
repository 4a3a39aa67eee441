//! Shops: the store that people write to, its language, its money and its habits.
//! One installation starts with one; the first is meant wherever a request names none.

mod change;
mod voice;

use std::collections::BTreeMap;

use aide::axum::{ApiRouter, routing::get_with};
use axum::{Json, extract::State};
use base::{App, Db, Error, Feature, Result, Row, Tx, args};
use jiff::tz::TimeZone;
use mail::clean::{CleanOptions, Remote};
use schemars::JsonSchema;
use serde::Serialize;

use crate::agents::Who;

pub use change::{ShopChange, change};
pub use voice::AddressForm;

base::id!(
    /// A shop.
    ShopId,
);

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Shop {
    pub id: ShopId,
    pub name: String,
    /// The shop's site, such as `fjellvik.example`.
    pub address: String,
    /// BCP 47, such as `en` or `de-AT`.
    pub language: String,
    /// ISO 4217, such as `EUR`.
    pub currency: String,
    /// ISO 3166-1, such as `NO`: where phone numbers without a country's code are from.
    pub country: Option<String>,
    /// Where its days begin, as in the IANA database; UTC where nobody said.
    pub time_zone: Option<String>,
    /// How long a sent reply can be taken back.
    pub undo_seconds: i64,
    /// How long a solved ticket reopens when its customer writes again.
    pub reopen_days: i64,
    /// How long it is known which pages visitors saw, if they consented to that.
    pub page_days: i64,
    /// Whether somebody known who writes in a chat goes on in their only open ticket, whichever channel it began in.
    pub join_conversations: bool,
    /// HTML under answers where the inbox and the agent have none.
    pub signature: Option<String>,
    /// With what a letter to a shopper begins, by language. Plain text with variables such as `{{customer.first_name}}`.
    pub greeting: BTreeMap<String, String>,
    /// How shoppers are addressed, by language.
    pub address_forms: BTreeMap<String, AddressForm>,
    /// How the shop speaks, for its own people: plain text, with `- ` and `**` where it wants lists and stress.
    pub tone: Option<String>,
    /// The key of the customers' field that says how loyal they are.
    pub tier_attribute: Option<String>,
    /// Tags that stand for tiers of loyalty, the best first, here or at the store; looked at where the field says nothing.
    pub tier_tags: Vec<String>,
}

impl Shop {
    pub fn zone(&self) -> TimeZone {
        self.time_zone.as_deref().and_then(|name| TimeZone::get(name).ok()).unwrap_or(TimeZone::UTC)
    }
}

pub fn feature() -> Feature {
    let routes = ApiRouter::new().api_route(
        "/shop",
        get_with(show, |op| op.summary("The shop and its habits"))
            .patch_with(change::update, |op| op.summary("Change the shop")),
    );
    Feature { routes, ..Feature::default() }
}

/// Opens a shop with everyday habits.
pub async fn open(tx: &mut Tx, name: &str, language: &str) -> Result<Shop> {
    let (name, language) = (line("name", name, 100)?, language_tag("language", language)?);
    let sql = "INSERT INTO shops (name, language, created_at) VALUES ($1, $2, $3) RETURNING *";
    let now = tx.now();
    shop(&tx.one(sql, args![name, language, now]).await?)
}

/// The first shop.
pub async fn the(tx: &mut Tx) -> Result<Shop> {
    shop(&tx.one("SELECT * FROM shops ORDER BY id LIMIT 1", args![]).await?)
}

/// The first shop, where nothing will be changed.
pub async fn read(db: &Db) -> Result<Shop> {
    shop(&db.one("SELECT * FROM shops ORDER BY id LIMIT 1", args![]).await?)
}

pub async fn get(db: &Db, id: ShopId) -> Result<Shop> {
    shop(&db.one("SELECT * FROM shops WHERE id = $1", args![id]).await?)
}

pub async fn find(tx: &mut Tx, id: ShopId) -> Result<Shop> {
    shop(&tx.one("SELECT * FROM shops WHERE id = $1", args![id]).await?)
}

async fn show(who: Who, State(app): State<App>) -> Result<Json<Shop>> {
    get(app.db(), who.shop).await.map(Json)
}

fn shop(row: &Row) -> Result<Shop> {
    Ok(Shop {
        id: row.id("id")?,
        name: row.text("name")?,
        address: row.text("address")?,
        language: row.text("language")?,
        currency: row.text("currency")?,
        country: row.opt_text("country")?,
        time_zone: row.opt_text("time_zone")?,
        undo_seconds: row.int("undo_seconds")?,
        reopen_days: row.int("reopen_days")?,
        page_days: row.int("page_days")?,
        join_conversations: row.bool("join_conversations")?,
        signature: row.opt_text("signature")?,
        greeting: row.opt_json("greeting")?.unwrap_or_default(),
        address_forms: row.opt_json("address_forms")?.unwrap_or_default(),
        tone: row.opt_text("tone")?,
        tier_attribute: row.opt_text("tier_attribute")?,
        tier_tags: row.opt_json("tier_tags")?.unwrap_or_default(),
    })
}

/// One line of text without its outer blanks. Line ends and other control characters are refused, because names
/// end up in the headers of mails.
pub fn line(field: &str, text: &str, most: usize) -> Result<String> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > most {
        return Err(Error::invalid(field, format!("must have 1 to {most} characters")));
    }
    if text.chars().any(char::is_control) {
        return Err(Error::invalid(field, "must be one line without control characters"));
    }
    Ok(text.to_owned())
}

/// A language as in BCP 47: a language, perhaps a script, perhaps a region.
pub fn language_tag(field: &str, text: &str) -> Result<String> {
    let mut parts = text.split('-');
    let language = parts.next().unwrap_or("");
    let known = (2..=3).contains(&language.len()) && language.bytes().all(|b| b.is_ascii_lowercase());
    let rest = parts.all(|part| (2..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric()));
    if known && rest && text.len() <= 20 {
        return Ok(text.to_owned());
    }
    Err(Error::invalid(field, "must be a language such as en or de-AT"))
}

/// HTML under answers, made safe, because it stands on our pages and in other people's mails. Empty means none.
pub fn signature_html(html: Option<String>) -> Result<Option<String>> {
    let Some(html) = html else { return Ok(None) };
    if html.len() > 16_384 {
        return Err(Error::invalid("signature", "must not be larger than 16 KB"));
    }
    let options = CleanOptions { remote: Remote::Keep, ..CleanOptions::default() };
    let html = mail::clean::clean(&html, &options).html;
    Ok(Some(html).filter(|html| !html.trim().is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_smuggle_a_mail_header() {
        assert_eq!(line("name", "  Fjellvik ", 100).unwrap(), "Fjellvik");
        assert!(line("name", "Fjellvik\r\nBcc: all@example.com", 100).is_err());
        assert!(line("name", "   ", 100).is_err());
    }

    #[test]
    fn languages_are_tags() {
        for good in ["en", "de-AT", "zh-Hant-TW", "nds"] {
            assert!(language_tag("language", good).is_ok(), "{good}");
        }
        for bad in ["", "E", "EN", "english", "de_AT", "de-", "../en"] {
            assert!(language_tag("language", bad).is_err(), "{bad}");
        }
    }
}
