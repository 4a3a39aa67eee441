//! What the page says, in the language of whoever reads it. A shop may put its own words into `pages/track/` of the data
//! folder.

use std::{collections::BTreeMap, sync::LazyLock};

use axum::http::HeaderMap;
use base::{App, Time};
use jiff::{Timestamp, Zoned, tz::TimeZone};
use serde_json::{Map, Value};

use crate::forms::{LANGUAGES, language};

macro_rules! catalogues {
    ($($language:literal)*) => {
        [$(($language, include_str!(concat!("../../../../pages/track/", $language, ".json")))),*]
    };
}

static OURS: LazyLock<BTreeMap<&str, Map<String, Value>>> = LazyLock::new(|| {
    let all = catalogues! { "en" "de" "fr" "es" "sv" "ar" };
    all.into_iter().map(|(language, text)| (language, serde_json::from_str(text).unwrap_or_default())).collect()
});

#[derive(Debug, Clone)]
pub struct Words {
    pub language: &'static str,
    all: Map<String, Value>,
}

impl Words {
    /// In the language asked for, or one that the browser names, or `otherwise`.
    pub async fn choose(app: &App, asked: Option<&str>, headers: &HeaderMap, otherwise: &str) -> Self {
        let language = language(asked, headers, otherwise);
        let mut all = OURS.get(language).cloned().unwrap_or_default();
        let own = app.config().data_dir.join("pages").join("track").join(format!("{language}.json"));
        if let Ok(own) = tokio::fs::read_to_string(own).await {
            match serde_json::from_str::<Map<String, Value>>(&own) {
                Ok(own) => all.extend(own),
                Err(error) => tracing::warn!(language, %error, "the shop's own words for tracking cannot be read"),
            }
        }
        Self { language, all }
    }

    pub fn all(&self) -> &Map<String, Value> {
        &self.all
    }

    pub fn is_from_right(&self) -> bool {
        self.language == "ar"
    }

    /// One of the texts, with what stands in braces filled in; what is filled in is not looked through again.
    pub fn say(&self, key: &str, with: &[(&str, &str)]) -> String {
        let mut rest = self.all.get(key).and_then(Value::as_str).unwrap_or_default();
        let mut said = String::with_capacity(rest.len());
        while let Some((before, after)) = rest.split_once('{') {
            said.push_str(before);
            let Some((name, behind)) = after.split_once('}') else { break };
            said.push_str(with.iter().find(|(known, _)| *known == name).map_or("", |(_, value)| value));
            rest = behind;
        }
        said + rest
    }

    /// One of the words in a list such as `days`.
    fn of_list(&self, list: &str, place: i8) -> &str {
        let place = usize::try_from(place).unwrap_or(0);
        self.all.get(list).and_then(|all| all[place].as_str()).unwrap_or_default()
    }

    /// A day, such as `Friday 13 November`.
    pub fn day(&self, at: Time, zone: &TimeZone) -> String {
        let Some(at) = zoned(at, zone) else { return String::new() };
        let day = self.of_list("days", at.weekday().to_monday_zero_offset());
        let month = self.of_list("months", at.month() - 1);
        self.say("date", &[("day", day), ("n", &at.day().to_string()), ("month", month)])
    }

    /// A day and a time by the clock.
    pub fn moment(&self, at: Time, zone: &TimeZone) -> String {
        let clock = zoned(at, zone).map(|at| format!("{:02}:{:02}", at.hour(), at.minute())).unwrap_or_default();
        format!("{}, {clock}", self.day(at, zone))
    }

    pub fn others(href: impl Fn(&str) -> String) -> Vec<Value> {
        let one = |(tag, name): &(&str, &str)| serde_json::json!({ "tag": tag, "name": name, "href": href(tag) });
        LANGUAGES.iter().map(one).collect()
    }
}

fn zoned(at: Time, zone: &TimeZone) -> Option<Zoned> {
    Some(Timestamp::from_millisecond(at).ok()?.to_zoned(zone.clone()))
}

#[cfg(test)]
mod tests {
    use connectors::carrier::{Status, SubStatus};

    use super::*;

    #[test]
    fn every_language_says_everything() {
        let english: Vec<_> = OURS["en"].keys().collect();
        assert!(english.len() > 70);
        for (language, words) in OURS.iter() {
            assert_eq!(words.keys().collect::<Vec<_>>(), english, "{language}");
            for (list, length) in [("days", 7), ("months", 12)] {
                assert_eq!(words[list].as_array().map(Vec::len), Some(length), "{language}");
            }
            for (key, text) in words.iter().filter(|(_, text)| text.is_string()) {
                let holes = |text: &Value| text.as_str().unwrap_or_default().matches('{').count();
                assert_eq!(holes(text), holes(&OURS["en"][key]), "{language} {key}");
            }
            for key in Status::ALL.iter().map(|status| format!("status_{status}")) {
                assert!(words.contains_key(&key), "{language} {key}");
            }
            for key in SubStatus::ALL.iter().map(|sub| format!("sub_{sub}")) {
                assert!(words.contains_key(&key), "{language} {key}");
            }
        }
    }

    #[test]
    fn days_are_those_of_the_place() {
        let words = Words { language: "en", all: OURS["en"].clone() };
        let zone = TimeZone::get("Europe/Oslo").unwrap();
        let at = "2026-11-12T23:12:00Z".parse::<Timestamp>().unwrap().as_millisecond();
        assert_eq!(words.moment(at, &zone), "Friday 13 November, 00:12");
        assert_eq!(words.day(Time::MAX, &zone), "");
        assert_eq!(words.say("with", &[("carrier", "{n}")]), "With {n}");
    }
}
