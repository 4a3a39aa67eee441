//! What a chat inbox can be told: on which sites it stands, and how it looks there.

use base::{Error, Result};
use serde_json::{Map, Value, json};

use super::{identity, office};
use crate::{
    channel::{Door, Names, Setting, SettingKind},
    channels::fields::Fields,
};

/// The languages in which visitors can be greeted.
const LANGUAGES: &[(&str, &str)] = &[
    ("greeting.en", "chat-greeting-en"),
    ("greeting.de", "chat-greeting-de"),
    ("greeting.fr", "chat-greeting-fr"),
    ("greeting.es", "chat-greeting-es"),
    ("greeting.sv", "chat-greeting-sv"),
    ("greeting.ar", "chat-greeting-ar"),
];
const COLOUR: &str = "#1f4d3a";
const SIDES: &[&str] = &["end", "start"];
const NAMES: &[&str] = &["first", "full", "shop"];
/// Megabytes of a visitor's file.
const FILE_MB: u64 = 10;
const LARGEST_FILE_MB: u64 = 25;
/// Nobody talks with more people at once.
const MOST_CHATS: u64 = 20;
/// A greeting is a line or two.
const GREETING: usize = 200;

pub fn schema() -> Vec<Setting> {
    let field = Setting::optional;
    let choice = |words: &[&'static str]| SettingKind::Choice(words.to_vec());
    let mut all = vec![
        field("origins", SettingKind::Text, "chat-origins"),
        field("colour", SettingKind::Text, "chat-colour").usually(COLOUR),
        field("side", choice(SIDES), "chat-side").usually(SIDES[0]),
        field("names", choice(NAMES), "chat-names").usually(NAMES[0]),
    ];
    all.push(field("files_mb", SettingKind::Number, "chat-files-mb").usually(FILE_MB));
    all.push(Setting::secret("identity.keys", "chat-identity-keys", &[]));
    all.push(field("capacity", SettingKind::Number, "chat-capacity").usually(0));
    all.extend(office::hours_schema());
    all.extend(office::questions_schema());
    all.extend(LANGUAGES.iter().map(|(key, label)| field(key, SettingKind::Text, label)));
    all
}

pub fn check(settings: &Value) -> Result<()> {
    let mut wrong = Vec::new();
    let mut top = Fields::new("", settings, &mut wrong);
    for origin in top.list("origins") {
        if !is_origin(&origin) {
            top.wrong(
                "origins",
                &format!("{origin}: must be written as browsers do, such as https://fjellvik.example"),
            );
        }
    }
    if top.text("colour").is_some_and(|colour| !is_colour(&colour)) {
        top.wrong("colour", "must be a colour such as #1f4d3a");
    }
    top.choice("side", SIDES);
    top.choice("names", NAMES);
    top.number("files_mb", 0..=LARGEST_FILE_MB);
    top.number("capacity", 0..=MOST_CHATS);
    let (greeting, identity) = (top.group("greeting"), top.group("identity"));
    let (hours, questions) = (top.group("hours"), top.group("questions"));
    top.end();
    office::check_hours(&hours.unwrap_or_default(), &mut wrong);
    office::check_questions(&questions.unwrap_or_default(), &mut wrong);
    if let Some(identity) = identity {
        let mut fields = Fields::new("identity.", &identity, &mut wrong);
        if let Some(Err(why)) = fields.text("keys").map(|text| identity::keys(&text)) {
            fields.wrong("keys", &why);
        }
        fields.end();
    }
    if let Some(greeting) = greeting {
        let mut fields = Fields::new("greeting.", &greeting, &mut wrong);
        for (key, _) in LANGUAGES {
            let key = key.trim_start_matches("greeting.");
            if fields.text(key).is_some_and(|text| text.chars().count() > GREETING) {
                fields.wrong(key, &format!("must be shorter than {GREETING} characters"));
            }
        }
        fields.end();
    }
    if wrong.is_empty() { Ok(()) } else { Err(Error::Invalid(wrong)) }
}

/// Reads what can be read: what was stored has been checked.
pub fn door(settings: &Value) -> Door {
    let mut ignored = Vec::new();
    let origins = Fields::new("", settings, &mut ignored).list("origins");
    let word = |key: &str, words: &[&'static str]| {
        words.iter().find(|word| settings[key].as_str() == Some(**word)).copied().unwrap_or(words[0])
    };
    let greeting = settings["greeting"].as_object().cloned().unwrap_or_default();
    let greeting: Map<String, Value> = greeting.into_iter().filter(|(_, text)| text.is_string()).collect();
    Door {
        origins: origins.into_iter().map(|origin| origin.to_lowercase()).collect(),
        names: match word("names", NAMES) {
            "full" => Names::Full,
            "shop" => Names::Shop,
            _ => Names::First,
        },
        file_bytes: usize::try_from(settings["files_mb"].as_u64().unwrap_or(FILE_MB)).unwrap_or(0) << 20,
        capacity: settings["capacity"].as_i64().unwrap_or(0),
        hours: office::hours(&settings["hours"]),
        questions: office::questions(&settings["questions"]),
        look: json!({
            "colour": settings["colour"].as_str().unwrap_or(COLOUR),
            "side": word("side", SIDES),
            "greeting": greeting,
        }),
    }
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_frame_without_an_origin_is_let_in_only_by_name() {
        assert!(check(&json!({ "origins": "https://shop.example, null" })).is_ok());
        assert_eq!(door(&json!({ "origins": "null" })).origins, ["null"]);
        assert!(door(&json!({})).origins.is_empty());
    }

    #[test]
    fn all_that_is_wrong_is_said_at_once() {
        let wrong = json!({
            "origins": "https://shop.example, shop.example, https://shop.example/basket, *", "colour": "red",
            "side": "top", "greeting": { "en": "Hello", "xx": "?" }, "sound": true,
        });
        let Err(Error::Invalid(wrong)) = check(&wrong) else { panic!("it is wrong") };
        let fields: Vec<_> = wrong.iter().map(|one| one.field.as_str()).collect();
        assert_eq!(fields, ["origins", "origins", "origins", "colour", "side", "sound", "greeting.xx"]);
        assert!(check(&json!({})).is_ok());
    }

    #[test]
    fn what_is_not_said_has_its_usual_value() {
        let door = door(&json!({ "origins": "https://Shop.example, http://localhost:5173" }));
        assert_eq!(door.origins, ["https://shop.example", "http://localhost:5173"]);
        assert_eq!((door.names, door.file_bytes), (Names::First, 10 << 20));
        assert_eq!(door.look, json!({ "colour": "#1f4d3a", "side": "end", "greeting": {} }));
    }
}
