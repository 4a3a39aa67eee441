//! What channels of the house itself share in their settings: the sites they stand on, a colour, and a line of greeting.

use std::collections::BTreeMap;

use base::{Error, Result, Wrong};
use serde_json::Value;

use super::fields::Fields;
use crate::setting::{Setting, SettingKind};

/// The languages in which strangers can be greeted.
const LANGUAGES: &[(&str, &str)] = &[
    ("greeting.en", "chat-greeting-en"),
    ("greeting.de", "chat-greeting-de"),
    ("greeting.fr", "chat-greeting-fr"),
    ("greeting.es", "chat-greeting-es"),
    ("greeting.sv", "chat-greeting-sv"),
    ("greeting.ar", "chat-greeting-ar"),
];
pub const COLOUR: &str = "#1f4d3a";
/// A greeting is a line or two.
const GREETING: usize = 200;

pub fn greeting_schema() -> impl Iterator<Item = Setting> {
    LANGUAGES.iter().map(|(key, label)| Setting::optional(key, SettingKind::Text, label))
}

/// An inbox without an address of the outside world is called by a name.
pub fn check_name(address: &str) -> Result<String> {
    let address = address.trim().to_lowercase();
    let fits = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | '/');
    if address.is_empty() || address.chars().count() > 100 || !address.chars().all(fits) {
        let why = "must be a name without spaces, such as the site it stands on: fjellvik.example";
        return Err(Error::invalid("address", why));
    }
    Ok(address)
}

pub fn check_origins(fields: &mut Fields<'_>) {
    for origin in fields.list("origins") {
        if !is_origin(&origin) {
            let why = format!("{origin}: must be written as browsers do, such as https://fjellvik.example");
            fields.wrong("origins", &why);
        }
    }
}

pub fn check_colour(fields: &mut Fields<'_>) {
    if fields.text("colour").is_some_and(|colour| !is_colour(&colour)) {
        fields.wrong("colour", "must be a colour such as #1f4d3a");
    }
}

pub fn check_greeting(greeting: &Value, wrong: &mut Vec<Wrong>) {
    let mut fields = Fields::new("greeting.", greeting, wrong);
    for (key, _) in LANGUAGES {
        let key = key.trim_start_matches("greeting.");
        if fields.text(key).is_some_and(|text| text.chars().count() > GREETING) {
            fields.wrong(key, &format!("must be shorter than {GREETING} characters"));
        }
    }
    fields.end();
}

pub fn origins(settings: &Value) -> Vec<String> {
    let origins = Fields::new("", settings, &mut Vec::new()).list("origins");
    origins.into_iter().map(|origin| origin.to_lowercase()).collect()
}

pub fn colour(settings: &Value) -> &str {
    settings["colour"].as_str().unwrap_or(COLOUR)
}

/// By language.
pub fn greeting(settings: &Value) -> BTreeMap<String, String> {
    let all = settings["greeting"].as_object().into_iter().flatten();
    all.filter_map(|(language, text)| Some((language.clone(), text.as_str()?.to_owned()))).collect()
}

/// Scheme, host and, where it is not the usual one, port; nothing behind them. Sandboxed frames, wherever they stand, call
/// themselves `null` (HTML, 7.1.1).
fn is_origin(origin: &str) -> bool {
    if origin == "null" {
        return true;
    }
    let host = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']');
    host.is_some_and(|host| !host.is_empty() && host.len() < 260 && host.chars().all(fits))
}

fn is_colour(colour: &str) -> bool {
    colour.strip_prefix('#').is_some_and(|hex| hex.len() == 6 && hex.chars().all(|c| c.is_ascii_hexdigit()))
}
