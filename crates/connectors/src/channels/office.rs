//! When somebody answers, and what visitors are asked before they write.

use base::Wrong;
use jiff::tz::TimeZone;
use serde_json::Value;

use crate::{
    channel::Question,
    channels::fields::Fields,
    hours::{Hours, span},
    setting::{Setting, SettingKind},
};

/// Monday first.
const DAYS: [(&str, &str); 7] = [
    ("hours.mon", "chat-hours-mon"),
    ("hours.tue", "chat-hours-tue"),
    ("hours.wed", "chat-hours-wed"),
    ("hours.thu", "chat-hours-thu"),
    ("hours.fri", "chat-hours-fri"),
    ("hours.sat", "chat-hours-sat"),
    ("hours.sun", "chat-hours-sun"),
];
const ZONE: &str = "UTC";
const ASKED: &[&str] = &["no", "optional", "required"];
/// Questions are short, or nobody writes.
const LONGEST: usize = 120;
const MOST_TOPICS: usize = 12;

pub fn hours_schema() -> Vec<Setting> {
    let mut all = vec![Setting::optional("hours.zone", SettingKind::Text, "chat-hours-zone").usually(ZONE)];
    all.extend(DAYS.iter().map(|(key, label)| Setting::optional(key, SettingKind::Text, label)));
    all
}

pub fn questions_schema() -> Vec<Setting> {
    let asked = |key, label| Setting::optional(key, SettingKind::Choice(ASKED.to_vec()), label).usually(ASKED[0]);
    vec![
        asked("questions.name", "chat-questions-name"),
        asked("questions.email", "chat-questions-email"),
        Setting::optional("questions.topics", SettingKind::Text, "chat-questions-topics"),
        Setting::optional("questions.question", SettingKind::Text, "chat-questions-question"),
    ]
}

pub fn check_hours(settings: &Value, wrong: &mut Vec<Wrong>) {
    let mut fields = Fields::new("hours.", settings, wrong);
    if fields.text("zone").is_some_and(|zone| TimeZone::get(&zone).is_err()) {
        fields.wrong("zone", "must be a time zone such as Europe/Berlin");
    }
    for (key, _) in DAYS {
        let key = key.trim_start_matches("hours.");
        if fields.text(key).is_some_and(|text| span(&text).is_none()) {
            fields.wrong(key, "must be written as 9:00-17:30");
        }
    }
    fields.end();
}

pub fn check_questions(settings: &Value, wrong: &mut Vec<Wrong>) {
    let mut fields = Fields::new("questions.", settings, wrong);
    fields.choice("name", ASKED);
    fields.choice("email", ASKED);
    let topics = fields.list("topics");
    if topics.len() > MOST_TOPICS || topics.iter().any(|topic| topic.chars().count() > LONGEST) {
        fields.wrong("topics", &format!("at most {MOST_TOPICS}, of at most {LONGEST} characters"));
    }
    if fields.text("question").is_some_and(|text| text.chars().count() > LONGEST) {
        fields.wrong("question", &format!("must be shorter than {LONGEST} characters"));
    }
    fields.end();
}

/// None while no day says anything: then nobody is promised or denied an answer.
pub fn hours(settings: &Value) -> Option<Hours> {
    let days = DAYS.map(|(key, _)| settings[key.trim_start_matches("hours.")].as_str().and_then(span));
    let zone = TimeZone::get(settings["zone"].as_str().map(str::trim).filter(|zone| !zone.is_empty()).unwrap_or(ZONE));
    days.iter().any(Option::is_some).then(|| zone.ok()).flatten().map(|zone| Hours::new(zone, days))
}

pub fn questions(settings: &Value) -> Vec<Question> {
    let mut all = Vec::new();
    for (key, label, kind) in [("name", "Name", "text"), ("email", "Email", "email")] {
        let asked = settings[key].as_str().unwrap_or(ASKED[0]);
        if asked != ASKED[0] {
            let required = asked == ASKED[2];
            all.push(Question { key, label: label.to_owned(), kind, choices: Vec::new(), required });
        }
    }
    let choices = Fields::new("", settings, &mut Vec::new()).list("topics");
    if !choices.is_empty() {
        all.push(Question { key: "topic", label: "Topic".to_owned(), kind: "choice", choices, required: false });
    }
    if let Some(label) = settings["question"].as_str().map(str::trim).filter(|label| !label.is_empty()) {
        let label = label.to_owned();
        all.push(Question { key: "question", label, kind: "text", choices: Vec::new(), required: false });
    }
    all
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_wrong_with_hours_and_questions_is_named() {
        let mut wrong = Vec::new();
        check_hours(&json!({ "zone": "Mars", "mon": "9-5", "tue": "9:00-17:00", "xxx": "" }), &mut wrong);
        check_questions(&json!({ "name": "maybe", "topics": "a,".repeat(13), "more": 1 }), &mut wrong);
        let fields: Vec<_> = wrong.iter().map(|one| one.field.as_str()).collect();
        let expected = ["hours.zone", "hours.mon", "hours.xxx", "questions.name", "questions.topics", "questions.more"];
        assert_eq!(fields, expected);
    }

    #[test]
    fn only_what_the_shop_wants_is_asked() {
        assert_eq!((hours(&json!({})), questions(&json!({}))), (None, Vec::new()));
        assert!(hours(&json!({ "mon": "9:00-17:00" })).is_some());
        let asked = questions(&json!({ "email": "required", "topics": "Order, Return", "question": "Order number?" }));
        let keys: Vec<_> = asked.iter().map(|one| (one.key, one.required, one.choices.len())).collect();
        assert_eq!(keys, [("email", true, 0), ("topic", false, 2), ("question", false, 0)]);
    }
}
