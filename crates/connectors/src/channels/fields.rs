//! Reads a settings object field by field, and says about each what is wrong with it.

use base::Wrong;
use serde_json::{Map, Value};

/// One JSON object whose fields are taken out one by one; what is left in the end was not known.
pub struct Fields<'a> {
    path: &'static str,
    rest: Map<String, Value>,
    wrong: &'a mut Vec<Wrong>,
}

impl<'a> Fields<'a> {
    pub fn new(path: &'static str, value: &Value, wrong: &'a mut Vec<Wrong>) -> Self {
        let rest = match value {
            Value::Object(map) => map.clone(),
            Value::Null => Map::new(),
            _ => {
                let field = path.strip_suffix('.').unwrap_or("settings").to_owned();
                wrong.push(Wrong { field, why: "must be an object".into() });
                Map::new()
            }
        };
        Self { path, rest, wrong }
    }

    pub fn wrong(&mut self, key: &str, why: &str) {
        self.wrong.push(Wrong { field: format!("{}{key}", self.path), why: why.into() });
    }

    /// A nested object; an empty one is as good as none.
    pub fn group(&mut self, key: &str) -> Option<Value> {
        let value = self.rest.remove(key)?;
        let empty = value.is_null() || value.as_object().is_some_and(|map| map.values().all(Value::is_null));
        (!empty).then_some(value)
    }

    pub fn text(&mut self, key: &str) -> Option<String> {
        match self.rest.remove(key)? {
            Value::String(text) if text.trim().is_empty() => None,
            Value::String(text) if !matches!(key, "ca" | "keys") && text.contains(['\r', '\n', '\0']) => {
                self.wrong(key, "must be one line");
                None
            }
            // A password may well begin or end with a space.
            Value::String(text) if key == "password" => Some(text),
            Value::String(text) => Some(text.trim().to_owned()),
            Value::Null => None,
            _ => {
                self.wrong(key, "must be a text");
                None
            }
        }
    }

    pub fn needed(&mut self, key: &str) -> Option<String> {
        let before = self.wrong.len();
        let text = self.text(key);
        if text.is_none() && self.wrong.len() == before {
            self.wrong(key, "is needed");
        }
        text
    }

    /// `["INBOX", "Support"]`, or the same as a form sends it: `INBOX, Support`.
    pub fn list(&mut self, key: &str) -> Vec<String> {
        let Some(Value::Array(items)) = self.rest.get(key) else {
            let text = self.text(key).unwrap_or_default();
            return text.split(',').map(str::trim).filter(|s| !s.is_empty()).map(Into::into).collect();
        };
        let found: Option<Vec<String>> = items.iter().map(|item| item.as_str().map(Into::into)).collect();
        self.rest.remove(key);
        match found {
            Some(found) if !found.iter().any(|s: &String| s.contains(['\r', '\n', '\0'])) => found,
            _ => {
                self.wrong(key, "must be a list of texts of one line");
                Vec::new()
            }
        }
    }

    pub fn switch(&mut self, key: &str) -> Option<bool> {
        match self.rest.remove(key)? {
            Value::Bool(on) => Some(on),
            Value::Null => None,
            _ => {
                self.wrong(key, "must be true or false");
                None
            }
        }
    }

    pub fn number(&mut self, key: &str, range: std::ops::RangeInclusive<u64>) -> Option<u64> {
        let value = self.rest.remove(key)?;
        if value.is_null() {
            return None;
        }
        let number = value.as_u64().filter(|number| range.contains(number));
        if number.is_none() {
            self.wrong(key, &format!("must be a number from {} to {}", range.start(), range.end()));
        }
        number
    }

    pub fn choice(&mut self, key: &str, known: &[&'static str]) -> Option<&'static str> {
        let text = self.text(key)?;
        let choice = known.iter().find(|choice| **choice == text).copied();
        if choice.is_none() {
            self.wrong(key, &format!("must be one of {}", known.join(", ")));
        }
        choice
    }

    /// Says which fields nobody asked for.
    pub fn end(&mut self) {
        for key in std::mem::take(&mut self.rest).keys() {
            self.wrong(key, "is not known");
        }
    }
}
