//! What a chat inbox can be told: on which sites it stands, and how it looks there.

use base::{Error, Result};
use serde_json::{Value, json};

use super::identity;
use crate::{
    channel::{Door, Names},
    channels::{fields::Fields, look, office},
    setting::{Setting, SettingKind},
};

const SIDES: &[&str] = &["end", "start"];
const NAMES: &[&str] = &["first", "full", "shop"];
/// Megabytes of a visitor's file.
const FILE_MB: u64 = 10;
const LARGEST_FILE_MB: u64 = 25;
/// Nobody talks with more people at once.
const MOST_CHATS: u64 = 20;

pub fn schema() -> Vec<Setting> {
    let field = Setting::optional;
    let choice = |words: &[&'static str]| SettingKind::Choice(words.to_vec());
    let mut all = vec![
        field("origins", SettingKind::Text, "chat-origins"),
        field("colour", SettingKind::Text, "chat-colour").usually(look::COLOUR),
        field("side", choice(SIDES), "chat-side").usually(SIDES[0]),
        field("names", choice(NAMES), "chat-names").usually(NAMES[0]),
    ];
    all.push(field("files_mb", SettingKind::Number, "chat-files-mb").usually(FILE_MB));
    all.push(Setting::secret("identity.keys", "chat-identity-keys", &[]));
    all.push(field("capacity", SettingKind::Number, "chat-capacity").usually(0));
    all.push(field("typing_preview", SettingKind::Switch, "chat-typing-preview").usually(false));
    all.extend(office::hours_schema());
    all.extend(office::questions_schema());
    all.extend(look::greeting_schema());
    all
}

pub fn check(settings: &Value) -> Result<()> {
    let mut wrong = Vec::new();
    let mut top = Fields::new("", settings, &mut wrong);
    look::check_origins(&mut top);
    look::check_colour(&mut top);
    top.choice("side", SIDES);
    top.choice("names", NAMES);
    top.number("files_mb", 0..=LARGEST_FILE_MB);
    top.number("capacity", 0..=MOST_CHATS);
    top.switch("typing_preview");
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
    look::check_greeting(&greeting.unwrap_or_default(), &mut wrong);
    if wrong.is_empty() { Ok(()) } else { Err(Error::Invalid(wrong)) }
}

/// Reads what can be read: what was stored has been checked.
pub fn door(settings: &Value) -> Door {
    let word = |key: &str, words: &[&'static str]| {
        words.iter().find(|word| settings[key].as_str() == Some(**word)).copied().unwrap_or(words[0])
    };
    let typing_preview = settings["typing_preview"].as_bool().unwrap_or(false);
    Door {
        typing_preview,
        origins: look::origins(settings),
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
            "colour": look::colour(settings),
            "side": word("side", SIDES),
            "greeting": look::greeting(settings),
            "typing_preview": typing_preview,
        }),
    }
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
        assert_eq!(door.look, json!({ "colour": "#1f4d3a", "side": "end", "greeting": {}, "typing_preview": false }));
        assert!(!door.typing_preview, "nobody reads along unasked");
    }
}
