//! What the pages and mails about returns say, in the language of whoever reads them. A shop may put its own words into
//! `pages/returns/` of the data folder.

use std::{collections::BTreeMap, sync::LazyLock};

use axum::http::HeaderMap;
use base::{App, Time};
use connectors::money;
use jiff::{Timestamp, tz::TimeZone};
use serde_json::{Map, Value};

use super::policy::{Reason, said};
use crate::forms::{LANGUAGES, language};

macro_rules! catalogues {
    ($($language:literal)*) => {
        [$(($language, include_str!(concat!("../../../../pages/returns/", $language, ".json")))),*]
    };
}

static OURS: LazyLock<BTreeMap<&str, Map<String, Value>>> = LazyLock::new(|| {
    let all = catalogues! { "en" "de" "fr" "es" "sv" "ar" };
    all.into_iter().map(|(language, text)| (language, serde_json::from_str(text).unwrap_or_default())).collect()
});

/// Countries by their ISO code, with their names in the order of [`LANGUAGES`].
static COUNTRIES: LazyLock<BTreeMap<String, Vec<String>>> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../../../pages/returns/countries.json")).unwrap_or_default()
});

/// A country's name in one of the six languages; its code where nobody knows it.
pub fn country(language: &str, code: &str) -> String {
    let place = LANGUAGES.iter().position(|(known, _)| *known == language).unwrap_or(0);
    COUNTRIES.get(code).and_then(|names| names.get(place)).map_or(code, String::as_str).to_owned()
}

pub fn is_country(code: &str) -> bool {
    COUNTRIES.contains_key(code)
}

/// All countries by their code, sorted by their names in a language.
pub fn countries(language: &str) -> Vec<(&'static str, String)> {
    let mut all: Vec<_> = COUNTRIES.keys().map(|code| (code.as_str(), country(language, code))).collect();
    all.sort_by(|(_, one), (_, other)| one.cmp(other));
    all
}

#[derive(Debug, Clone)]
pub struct Words {
    pub language: &'static str,
    all: Map<String, Value>,
}

impl Words {
    /// In the language asked for, or one that the browser names, or the shop's.
    pub async fn choose(app: &App, asked: Option<&str>, headers: &HeaderMap, shops: &str) -> Self {
        Self::load(app, language(asked, headers, shops)).await
    }

    /// In this language, or the nearest there is.
    pub async fn of(app: &App, tag: &str) -> Self {
        Self::load(app, language(Some(tag), &HeaderMap::new(), "en")).await
    }

    async fn load(app: &App, language: &'static str) -> Self {
        let mut words = Self::ours(language);
        let own = app.config().data_dir.join("pages").join("returns").join(format!("{language}.json"));
        if let Ok(own) = tokio::fs::read_to_string(own).await {
            match serde_json::from_str::<Map<String, Value>>(&own) {
                Ok(own) => words.all.extend(own),
                Err(error) => tracing::warn!(language, %error, "the shop's own words for returns cannot be read"),
            }
        }
        words
    }

    pub(super) fn ours(language: &'static str) -> Self {
        Self { language, all: OURS.get(language).cloned().unwrap_or_default() }
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
        let mut text = String::with_capacity(rest.len());
        while let Some((before, after)) = rest.split_once('{') {
            text.push_str(before);
            let Some((name, behind)) = after.split_once('}') else { break };
            text.push_str(with.iter().find(|(known, _)| *known == name).map_or("", |(_, value)| value));
            rest = behind;
        }
        text.push_str(rest);
        text
    }

    pub fn reason(&self, reason: &Reason) -> String {
        said(&reason.words, self.language)
            .map_or_else(|| self.say(&format!("reason_{}", reason.id), &[]), str::to_owned)
    }

    pub fn country(&self, code: &str) -> String {
        country(self.language, code)
    }

    /// `EUR 12.50`, with the point or comma of the language.
    pub fn money(&self, amount: i64, currency: &str) -> String {
        let number = money::decimal(amount, currency);
        match self.language {
            "en" | "ar" => format!("{currency} {number}"),
            _ => format!("{} {currency}", number.replace('.', ",")),
        }
    }

    /// The day as people write it, such as `28 December 2026`.
    pub fn day(&self, at: Time, zone: &TimeZone) -> String {
        let at = Timestamp::from_millisecond(at).unwrap_or(Timestamp::UNIX_EPOCH).to_zoned(zone.clone());
        let month = usize::try_from(at.month() - 1).unwrap_or(0);
        let month = self.all.get("months").and_then(|months| months[month].as_str()).unwrap_or_default();
        let (day, year) = (at.day(), at.year());
        match self.language {
            "de" => format!("{day}. {month} {year}"),
            "es" => format!("{day} de {month} de {year}"),
            _ => format!("{day} {month} {year}"),
        }
    }

    /// With the time of day.
    pub fn moment(&self, at: Time, zone: &TimeZone) -> String {
        let clock = Timestamp::from_millisecond(at).unwrap_or(Timestamp::UNIX_EPOCH).to_zoned(zone.clone());
        format!("{}, {:02}:{:02} {}", self.day(at, zone), clock.hour(), clock.minute(), clock.strftime("%Z"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_says_everything() {
        let english: Vec<_> = OURS["en"].keys().collect();
        assert!(english.len() > 60);
        for (language, words) in OURS.iter() {
            assert_eq!(words.keys().collect::<Vec<_>>(), english, "{language}");
            assert_eq!(words["months"].as_array().map(Vec::len), Some(12), "{language}");
            for (key, text) in words.iter().filter(|(_, text)| text.is_string()) {
                let holes = |text: &Value| {
                    let text = text.as_str().unwrap_or_default();
                    let mut holes: Vec<_> =
                        text.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0.to_owned())).collect();
                    holes.sort();
                    holes
                };
                assert_eq!(holes(text), holes(&OURS["en"][key]), "{language} {key}");
            }
        }
    }

    #[test]
    fn numbers_and_days_are_written_as_people_do() {
        let (english, german) = (Words::ours("en"), Words::ours("de"));
        assert_eq!((english.money(1250, "EUR"), german.money(1250, "EUR")), ("EUR 12.50".into(), "12,50 EUR".into()));
        assert_eq!(english.money(1250, "JPY"), "JPY 1250");
        assert_eq!((english.country("NO"), german.country("NO")), ("Norway".into(), "Norwegen".into()));
        assert_eq!(german.country("??"), "??");
        let oslo = TimeZone::get("Europe/Oslo").unwrap();
        let day = "2026-12-27T23:30:00Z".parse::<Timestamp>().unwrap().as_millisecond();
        assert_eq!(
            (english.day(day, &oslo), german.day(day, &oslo)),
            ("28 December 2026".into(), "28. Dezember 2026".into())
        );
    }

    #[test]
    fn what_is_filled_in_is_not_filled_in_again() {
        let words = Words::ours("en");
        assert_eq!(words.say("or", &[("a", "{b}"), ("b", "{a}")]), "{b} or {a}");
    }
}
