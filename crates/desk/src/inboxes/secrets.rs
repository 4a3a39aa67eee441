//! An inbox's secrets: stored encrypted, never shown again, and sent only to whom they were given for.

use std::collections::BTreeMap;

use base::{Actor, App, Error, Result, Wrong, args};
use connectors::{Channels, channel::Channel, setting::SettingKind};
use serde_json::{Value, json};

use super::{Inbox, find, put, take};

/// By their dotted paths in the settings.
pub(super) type Secrets = BTreeMap<String, String>;

/// What the API shows in a secret's place, and takes for "as it is".
pub(super) const SHOWN: &str = "set";

/// Takes the secrets out of the settings. An empty one is to be taken away.
pub(super) fn separate(channel: &dyn Channel, mut settings: Value) -> (Value, Secrets) {
    let mut secrets = Secrets::new();
    for setting in channel.settings().iter().filter(|setting| setting.kind == SettingKind::Secret) {
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

pub(super) fn seal(app: &App, secrets: &Secrets) -> Result<Option<String>> {
    if secrets.is_empty() {
        return Ok(None);
    }
    app.secrets().seal(&serde_json::to_string(secrets)?).map(Some)
}

pub(super) fn open(app: &App, inbox: &Inbox) -> Result<Secrets> {
    match &inbox.secrets {
        Some(sealed) => Ok(serde_json::from_str(&app.secrets().open(sealed)?)?),
        None => Ok(Secrets::new()),
    }
}

/// Checks settings as the channel will see them, secrets included; an error names the field as the API does.
pub(super) fn check(channel: &dyn Channel, settings: &Value, secrets: &Secrets) -> Result<()> {
    let mut whole = settings.clone();
    for (key, secret) in secrets {
        put(&mut whole, key, json!(secret));
    }
    channel.check(&whole).map_err(|error| match error {
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
pub(super) fn keep(
    channel: &dyn Channel,
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
    let mut wrong = wrongs(channel, after, &secrets);
    let mut again = Vec::new();
    for key in stored.keys().filter(|key| given.get(*key).is_none_or(|secret| secret == SHOWN)) {
        let Some(why) = moved(channel, key, before, after) else { continue };
        let mut without = secrets.clone();
        without.remove(key);
        let less = wrongs(channel, after, &without);
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

fn wrongs(channel: &dyn Channel, settings: &Value, secrets: &Secrets) -> Vec<Wrong> {
    match check(channel, settings, secrets) {
        Err(Error::Invalid(wrong)) => wrong,
        _ => Vec::new(),
    }
}

/// The first setting that says to whom the secret is shown and says otherwise now.
fn moved(channel: &dyn Channel, key: &str, before: &Value, after: &Value) -> Option<&'static str> {
    let setting = channel.settings().into_iter().find(|setting| setting.key == key)?;
    setting.bound_to.iter().copied().find(|bound| at(before, bound) != at(after, bound))
}

/// What stands at a dotted path; nothing and an empty text are one.
fn at<'v>(settings: &'v Value, path: &str) -> Option<&'v Value> {
    let value = path.split('.').try_fold(settings, |value, key| value.get(key))?;
    let empty = value.is_null() || value.as_str().is_some_and(|text| text.trim().is_empty());
    (!empty).then_some(value)
}

/// Replaces single secrets, such as a token that was renewed by a connection with the inbox's settings as `used`. One
/// that the inbox would show to somebody else by now is dropped: it was had from the one before.
pub async fn renew(app: &App, used: &Inbox, renewed: Vec<(String, String)>) -> Result<()> {
    let mut tx = app.begin(Actor::System).await?;
    let inbox = find(&mut tx, used.id).await?;
    let channel = app.part::<Channels>()?.get(&inbox.channel)?;
    let mut all = open(app, &inbox)?;
    // A secret that was taken away meanwhile stays away.
    let still = |key: &String| all.contains_key(key) && moved(channel, key, &used.settings, &inbox.settings).is_none();
    let renewed: Vec<_> = renewed.into_iter().filter(|(key, _)| still(key)).collect();
    all.extend(renewed);
    // The version stays: the running connection is the one that renewed them.
    tx.run("UPDATE inboxes SET secrets = $1 WHERE id = $2", args![seal(app, &all)?, used.id]).await?;
    tx.commit().await
}
