//! What the pages of the form say, in the language of whoever reads them. A shop may put its own words into `pages/form/`
//! of the data folder.

use std::{collections::BTreeMap, sync::LazyLock};

use axum::http::{HeaderMap, header};
use base::App;
use serde::Serialize;
use serde_json::{Map, Value};

macro_rules! catalogues {
    ($($language:literal $name:literal)*) => {
        &[$(($language, $name, include_str!(concat!("../../../../pages/form/", $language, ".json")))),*]
    };
}

/// Each language with its own name for itself.
const CATALOGUES: &[(&str, &str, &str)] =
    catalogues! { "en" "English" "de" "Deutsch" "fr" "Français" "es" "Español" "sv" "Svenska" "ar" "العربية" };

/// Languages of public pages, each with its own name for itself.
pub const LANGUAGES: [(&str, &str); 6] = {
    let mut all = [("", ""); 6];
    let mut place = 0;
    while place < all.len() {
        all[place] = (CATALOGUES[place].0, CATALOGUES[place].1);
        place += 1;
    }
    all
};

static OURS: LazyLock<BTreeMap<&str, Map<String, Value>>> = LazyLock::new(|| {
    CATALOGUES.iter().map(|(language, _, text)| (*language, serde_json::from_str(text).unwrap_or_default())).collect()
});

#[derive(Debug, Clone)]
pub struct Words {
    pub language: &'static str,
    all: Map<String, Value>,
}

/// A language in which the page can be had.
#[derive(Debug, Serialize)]
pub struct Other {
    pub tag: &'static str,
    pub name: &'static str,
    pub href: String,
}

impl Words {
    /// In the language asked for, or one that the browser names, or the shop's.
    pub async fn choose(app: &App, asked: Option<&str>, headers: &HeaderMap, shops: &str) -> Self {
        let language = language(asked, headers, shops);
        let mut all = OURS.get(language).cloned().unwrap_or_default();
        let own = app.config().data_dir.join("pages").join("form").join(format!("{language}.json"));
        if let Ok(own) = tokio::fs::read_to_string(own).await {
            match serde_json::from_str::<Map<String, Value>>(&own) {
                Ok(own) => all.extend(own),
                Err(error) => tracing::warn!(language, %error, "the shop's own words for the form cannot be read"),
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

    /// One of the texts, with what stands in braces filled in.
    pub fn say(&self, key: &str, with: &[(&str, &str)]) -> String {
        let text = self.all.get(key).and_then(Value::as_str).unwrap_or_default();
        with.iter().fold(text.to_owned(), |text, (name, value)| text.replace(&format!("{{{name}}}"), value))
    }

    pub fn day(&self, monday_zero: usize) -> &str {
        self.all.get("days").and_then(|days| days[monday_zero].as_str()).unwrap_or_default()
    }

    pub fn others(href: impl Fn(&str) -> String) -> Vec<Other> {
        CATALOGUES.iter().map(|(tag, name, _)| Other { tag, name, href: href(tag) }).collect()
    }
}

/// The language asked for, or one that the browser names, or the shop's; English where there is none of these.
pub fn language(asked: Option<&str>, headers: &HeaderMap, shops: &str) -> &'static str {
    let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut wanted = asked.into_iter().chain(preferred(accepted)).chain([shops]);
    wanted.find_map(known).unwrap_or("en")
}

fn known(tag: &str) -> Option<&'static str> {
    let first = tag.split(['-', '_']).next().unwrap_or_default().trim();
    CATALOGUES.iter().map(|(language, ..)| *language).find(|language| language.eq_ignore_ascii_case(first))
}

/// `Accept-Language` (RFC 9110, 12.5.4), the most wanted first.
fn preferred(accepted: &str) -> Vec<&str> {
    let parts = accepted.split(',').take(20).map(|part| {
        let (tag, weight) = part.split_once(';').unwrap_or((part, ""));
        let weight = weight.trim().strip_prefix("q=").map_or(1.0, |weight| weight.parse::<f32>().unwrap_or(0.0));
        (tag.trim(), weight)
    });
    let mut parts: Vec<_> = parts.filter(|(_, weight)| *weight > 0.0).collect();
    parts.sort_by(|one, other| other.1.total_cmp(&one.1));
    parts.into_iter().map(|(tag, _)| tag).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_says_everything() {
        let english: Vec<_> = OURS["en"].keys().collect();
        assert!(english.len() > 40);
        for (language, words) in OURS.iter() {
            assert_eq!(words.keys().collect::<Vec<_>>(), english, "{language}");
            assert_eq!(words["days"].as_array().map(Vec::len), Some(7), "{language}");
            for (key, text) in words.iter().filter(|(_, text)| text.is_string()) {
                let holes = |text: &Value| text.as_str().unwrap_or_default().matches('{').count();
                assert_eq!(holes(text), holes(&OURS["en"][key]), "{language} {key}");
            }
        }
    }

    #[test]
    fn the_most_wanted_language_that_there_is_is_taken() {
        assert_eq!(preferred("da, fr;q=0.4, de-AT;q=0.9, en;q=0"), ["da", "de-AT", "fr"]);
        let first = preferred("da, fr;q=0.4, de-AT;q=0.9").into_iter().find_map(known);
        assert_eq!(first, Some("de"));
        assert_eq!((known("AR"), known("xx"), known("")), (Some("ar"), None, None));
    }
}
