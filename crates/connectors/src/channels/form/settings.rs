//! What the inbox of a contact form can be told.

use base::{Error, Result};
use serde_json::Value;

use crate::{
    channels::{fields::Fields, look, office},
    form::Form,
    setting::{Setting, SettingKind},
};

const ASKED: &[&str] = &["no", "optional", "required"];
/// Megabytes of a file.
const FILE_MB: u64 = 10;
const LARGEST_FILE_MB: u64 = 25;
const MOST_TOPICS: usize = 12;
const TOPIC: usize = 120;

pub fn schema() -> Vec<Setting> {
    let field = Setting::optional;
    let asked = SettingKind::Choice(ASKED.to_vec());
    let mut all = vec![
        field("origins", SettingKind::Text, "form-origins"),
        field("colour", SettingKind::Text, "chat-colour").usually(look::COLOUR),
        field("topics", SettingKind::Text, "form-topics"),
        field("order", asked, "form-order").usually(ASKED[1]),
        field("files_mb", SettingKind::Number, "form-files-mb").usually(FILE_MB),
    ];
    all.extend(office::hours_schema());
    all.extend(look::greeting_schema());
    all
}

pub fn check(settings: &Value) -> Result<()> {
    let mut wrong = Vec::new();
    let mut top = Fields::new("", settings, &mut wrong);
    look::check_origins(&mut top);
    look::check_colour(&mut top);
    let topics = top.list("topics");
    if topics.len() > MOST_TOPICS || topics.iter().any(|topic| topic.chars().count() > TOPIC) {
        top.wrong("topics", &format!("at most {MOST_TOPICS}, of at most {TOPIC} characters"));
    }
    top.choice("order", ASKED);
    top.number("files_mb", 0..=LARGEST_FILE_MB);
    let (greeting, hours) = (top.group("greeting"), top.group("hours"));
    top.end();
    office::check_hours(&hours.unwrap_or_default(), &mut wrong);
    look::check_greeting(&greeting.unwrap_or_default(), &mut wrong);
    if wrong.is_empty() { Ok(()) } else { Err(Error::Invalid(wrong)) }
}

/// Reads what can be read: what was stored has been checked.
pub fn form(settings: &Value) -> Form {
    let asked = settings["order"].as_str().unwrap_or(ASKED[1]);
    Form {
        origins: look::origins(settings),
        colour: look::colour(settings).to_owned(),
        file_bytes: usize::try_from(settings["files_mb"].as_u64().unwrap_or(FILE_MB)).unwrap_or(0) << 20,
        topics: Fields::new("", settings, &mut Vec::new()).list("topics"),
        order: (asked != ASKED[0]).then_some(asked == ASKED[2]),
        hours: office::hours(&settings["hours"]),
        greeting: look::greeting(settings),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_wrong_is_said_at_once() {
        let wrong = json!({
            "origins": "shop.example", "colour": "green", "topics": "a,".repeat(13), "order": "maybe", "files_mb": 26,
            "side": "end", "hours": { "mon": "9-5" }, "greeting": { "xx": "?" },
        });
        let Err(Error::Invalid(wrong)) = check(&wrong) else { panic!("it is wrong") };
        let fields: Vec<_> = wrong.iter().map(|one| one.field.as_str()).collect();
        let expected = ["origins", "colour", "topics", "order", "files_mb", "side", "hours.mon", "greeting.xx"];
        assert_eq!(fields, expected);
    }

    #[test]
    fn what_is_not_said_has_its_usual_value() {
        let form = form(&json!({ "topics": "Order, Return", "order": "no" }));
        assert_eq!((form.topics.len(), form.order, form.file_bytes), (2, None, 10 << 20));
        assert_eq!(super::form(&json!({})).order, Some(false));
        assert!(check(&json!({})).is_ok() && form.origins.is_empty());
    }
}
