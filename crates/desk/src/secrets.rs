//! Secrets among the settings of an inbox or a store: stored encrypted, never shown again, and sent only to whom they were
//! given for.

use std::collections::BTreeMap;

use base::{App, Error, Result, Wrong};
use connectors::{
    channel::Channel,
    platform::Platform,
    setting::{Setting, SettingKind},
};
use serde_json::{Map, Value, json};

/// What has settings, some of them secret.
pub trait Configured {
    fn fields(&self) -> Vec<Setting>;
    /// Checks settings, secrets filled in; an error names the field.
    fn check_all(&self, settings: &Value) -> Result<()>;
}

impl Configured for dyn Channel + '_ {
    fn fields(&self) -> Vec<Setting> {
        self.settings()
    }

    fn check_all(&self, settings: &Value) -> Result<()> {
        self.check(settings)
    }
}

impl Configured for dyn Platform + '_ {
    fn fields(&self) -> Vec<Setting> {
        self.settings()
    }

    fn check_all(&self, settings: &Value) -> Result<()> {
        self.check(settings)
    }
}

/// By their dotted paths in the settings.
pub type Secrets = BTreeMap<String, String>;

/// What the API shows in a secret's place, and takes for "as it is".
pub const SHOWN: &str = "set";

/// Takes the secrets out of the settings. An empty one is to be taken away.
pub fn separate(of: &(impl Configured + ?Sized), mut settings: Value) -> (Value, Secrets) {
    let mut secrets = Secrets::new();
    for setting in of.fields().iter().filter(|setting| setting.kind == SettingKind::Secret) {
        match take(&mut settings, setting.key) {
            Some(Value::String(secret)) => drop(secrets.insert(setting.key.to_owned(), secret)),
            // Taken away.
            Some(Value::Null) => drop(secrets.insert(setting.key.to_owned(), String::new())),
            None => {}
            // For the check to complain about.
            Some(odd) => put(&mut settings, setting.key, odd),
        }
    }
    (settings, secrets)
}

pub fn seal(app: &App, secrets: &Secrets) -> Result<Option<String>> {
    if secrets.is_empty() {
        return Ok(None);
    }
    app.secrets().seal(&serde_json::to_string(secrets)?).map(Some)
}

pub fn open(app: &App, sealed: Option<&str>) -> Result<Secrets> {
    match sealed {
        Some(sealed) => Ok(serde_json::from_str(&app.secrets().open(sealed)?)?),
        None => Ok(Secrets::new()),
    }
}

/// Checks settings as the channel will see them, secrets included; an error names the field as the API does.
pub fn check(of: &(impl Configured + ?Sized), settings: &Value, secrets: &Secrets) -> Result<()> {
    let mut whole = settings.clone();
    for (key, secret) in secrets {
        put(&mut whole, key, json!(secret));
    }
    of.check_all(&whole).map_err(|error| match error {
        Error::Invalid(wrong) => Error::Invalid(wrong.into_iter().map(under_settings).collect()),
        other => other,
    })
}

fn under_settings(wrong: Wrong) -> Wrong {
    let field = if wrong.field == "settings" { wrong.field } else { format!("settings.{}", wrong.field) };
    Wrong { field, ..wrong }
}

/// The secrets an inbox has after its settings changed. One that would now be shown to somebody else must have been
/// given with the change; the stored one goes nowhere but where it was meant to.
pub fn keep(
    of: &(impl Configured + ?Sized),
    before: &Value,
    after: &Value,
    stored: &Secrets,
    given: &Secrets,
) -> Result<Secrets> {
    let mut secrets = stored.clone();
    for (key, secret) in given.iter().filter(|(_, secret)| *secret != SHOWN) {
        if secret.is_empty() {
            secrets.remove(key);
        } else {
            secrets.insert(key.clone(), secret.clone());
        }
    }
    let mut wrong = wrongs(of, after, &secrets);
    let mut again = Vec::new();
    for key in stored.keys().filter(|key| given.get(*key).is_none_or(|secret| secret == SHOWN)) {
        let Some(why) = moved(of, key, before, after) else { continue };
        let mut without = secrets.clone();
        without.remove(key);
        let less = wrongs(of, after, &without);
        if less.len() < wrong.len() {
            // What it was for is gone, and it goes as well.
            (secrets, wrong) = (without, less);
        } else {
            let why = format!("must be entered again, because {why} is another than before");
            again.push(Wrong { field: format!("settings.{key}"), why });
        }
    }
    wrong.extend(again);
    if wrong.is_empty() { Ok(secrets) } else { Err(Error::Invalid(wrong)) }
}

fn wrongs(of: &(impl Configured + ?Sized), settings: &Value, secrets: &Secrets) -> Vec<Wrong> {
    match check(of, settings, secrets) {
        Err(Error::Invalid(wrong)) => wrong,
        _ => Vec::new(),
    }
}

/// The first setting that says to whom the secret is shown and says otherwise now.
pub fn moved(of: &(impl Configured + ?Sized), key: &str, before: &Value, after: &Value) -> Option<&'static str> {
    let setting = of.fields().into_iter().find(|setting| setting.key == key)?;
    setting.bound_to.iter().copied().find(|bound| at(before, bound) != at(after, bound))
}

/// What stands at a dotted path; nothing and an empty text are one.
fn at<'v>(settings: &'v Value, path: &str) -> Option<&'v Value> {
    let value = path.split('.').try_fold(settings, |value, key| value.get(key))?;
    let empty = value.is_null() || value.as_str().is_some_and(|text| text.trim().is_empty());
    (!empty).then_some(value)
}

/// The settings with the secrets in their places, in the clear.
pub fn whole(app: &App, settings: &Value, sealed: Option<&str>) -> Result<Value> {
    let mut whole = settings.clone();
    for (key, secret) in open(app, sealed)? {
        put(&mut whole, &key, Value::String(secret));
    }
    Ok(whole)
}

/// The settings as the API shows them: that a secret is there, and not what it is.
pub fn shown(app: &App, settings: &Value, sealed: Option<&str>) -> Result<Value> {
    let mut shown = settings.clone();
    for key in open(app, sealed)?.keys() {
        put(&mut shown, key, json!(SHOWN));
    }
    Ok(shown)
}

/// Sets a dotted path, making the objects on the way.
fn put(settings: &mut Value, path: &str, value: Value) {
    let mut place = settings;
    let mut keys = path.split('.').peekable();
    while let Some(key) = keys.next() {
        if !place.is_object() {
            *place = Value::Object(Map::new());
        }
        if keys.peek().is_none() {
            place[key] = value;
            return;
        }
        place = &mut place[key];
    }
}

/// Takes a dotted path out.
fn take(settings: &mut Value, path: &str) -> Option<Value> {
    match path.split_once('.') {
        Some((head, rest)) => take(settings.get_mut(head)?, rest),
        None => settings.as_object_mut()?.remove(path),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{put, take};

    #[test]
    fn secrets_move_out_of_the_settings_and_back() {
        let mut settings = json!({"in": {"host": "a", "password": "x"}});
        assert_eq!(take(&mut settings, "in.password"), Some(json!("x")));
        assert_eq!(take(&mut settings, "out.password"), None);
        assert_eq!(settings, json!({"in": {"host": "a"}}));
        put(&mut settings, "in.password", json!("y"));
        put(&mut settings, "new.deep.key", json!(1));
        assert_eq!(settings, json!({"in": {"host": "a", "password": "y"}, "new": {"deep": {"key": 1}}}));
    }
}
