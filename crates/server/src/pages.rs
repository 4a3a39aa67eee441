//! The reference pages of `docs/api`, a page per resource, out of the OpenAPI document and the catalogue of events.

use std::{collections::BTreeMap, fmt::Write, path::Path};

use base::{Error, Result};
use connectors::setting::{Setting, SettingKind};
use desk::{Event, event::Audience};
use serde_json::Value;

use crate::{cli::say, openapi, schema};

const MADE: &str = "<!-- Made by `make schema` from the server's own types. Do not edit. -->\n";

pub fn write(folder: &Path) -> Result<()> {
    for (name, text) in all()? {
        let path = folder.join(&name);
        std::fs::write(&path, text).map_err(|error| Error::refused(format!("{}: {error}", path.display())))?;
        say(format!("wrote {}", path.display()))?;
    }
    Ok(())
}

/// File names and texts.
pub fn all() -> Result<Vec<(String, String)>> {
    let document = openapi::document()?;
    let mut by_tag: BTreeMap<&str, String> = BTreeMap::new();
    for (path, item) in document["paths"].as_object().into_iter().flatten() {
        for (method, operation) in item.as_object().into_iter().flatten() {
            let tag = operation["tags"][0].as_str().unwrap_or("other");
            let text = by_tag.entry(tag).or_insert_with(|| format!("# {tag}\n\n{MADE}"));
            describe(text, method, path, operation);
        }
    }
    by_tag.entry("channels").or_default().push_str(&forms());
    let mut pages: Vec<_> = by_tag.into_iter().map(|(tag, text)| (format!("{tag}.md"), text)).collect();
    // The resource `events` shares its page with what can happen.
    let events = pages.iter().position(|(name, _)| name == "events.md").map(|at| pages.remove(at).1);
    pages.push(("events.md".into(), catalogue(&events.unwrap_or_else(|| format!("# events\n\n{MADE}")))));
    Ok(pages)
}

fn describe(text: &mut String, method: &str, path: &str, operation: &Value) {
    let summary = operation["summary"].as_str().unwrap_or("");
    let _ = write!(text, "\n## {} /api/v1{path}\n\n{summary}.\n", method.to_uppercase());
    if let Some(more) = operation["description"].as_str() {
        let _ = write!(text, "\n{more}\n");
    }
    let query = operation["parameters"].as_array().into_iter().flatten().filter(|one| one["in"] == "query");
    let query: Vec<_> = query.filter_map(|one| one["name"].as_str()).map(|name| format!("`{name}`")).collect();
    if !query.is_empty() {
        let _ = write!(text, "\nQuery: {}\n", query.join(", "));
    }
    if let Some(body) = operation.pointer("/requestBody/content/application~1json/schema") {
        let _ = write!(text, "\nBody: `{}`\n", schema::one_line(body));
    }
    if operation.pointer("/requestBody/content/application~1octet-stream").is_some() {
        text.push_str("\nBody: the bytes themselves\n");
    }
    for (status, answer) in operation["responses"].as_object().into_iter().flatten() {
        if let Some(shape) = answer.pointer("/content/application~1json/schema") {
            let _ = write!(text, "\nAnswers {status}: `{}`\n", schema::one_line(shape));
        } else if status != "default" {
            let _ = write!(text, "\nAnswers {status}\n");
        }
    }
}

const WHISPERS: &str = "\n## What only one's own screens hear\n\nOver the websocket an agent's other screens are also told \
    `{\"type\": \"whisper\", \"kind\": …}`, once and without a `seq`; it is not in the log.\n\n| kind | what it says |\n\
    |---|---|\n| `ticket.read` | `ticket` was read up to `message`; null: it is unread again |\n\
    | `draft.saved` | the `draft` (`reply`, `note`) on `ticket` was kept or dropped |\n\
    | `visitor.typing` | the shopper is writing on `ticket`; told to everybody, and it holds for five seconds |\n";

/// What an inbox of each channel can be told, and what holds where it is told nothing.
fn forms() -> String {
    let mut text = String::new();
    for (channel, form) in connectors::channels::forms() {
        let _ = write!(
            text,
            "\n## Settings of an inbox: {channel}\n\nAll of it may stay away; a group that is begun asks for what it needs. A dot stands for an object in \
             `settings`: `one.two` is `{{\"one\": {{\"two\": …}}}}`. Settings that are sent replace all that were there, but for \
             secrets: one that is absent or `\"set\"` stays, and null takes it away.\n\n"
        );
        text.push_str("| key | kind | default |\n|---|---|---|\n");
        for Setting { key, kind, required, default, default_by, .. } in form {
            let kind = match kind {
                SettingKind::Choice(choices) => choices.join(", "),
                other => serde_json::to_value(other)
                    .ok()
                    .and_then(|kind| Some(kind.as_str()?.to_owned()))
                    .unwrap_or_default(),
            };
            let plain =
                default.map_or_else(|| if required { "needed".into() } else { String::new() }, |value| shown(&value));
            let by = default_by.map(|by| {
                let each = by.values.iter().map(|(answer, value)| format!("{} with `{answer}`", shown(value)));
                format!("{} (`{}`)", each.collect::<Vec<_>>().join(", "), by.key)
            });
            let defaults: Vec<_> = [plain, by.unwrap_or_default()].into_iter().filter(|one| !one.is_empty()).collect();
            let _ = writeln!(text, "| `{key}` | {kind} | {} |", defaults.join("; "));
        }
    }
    text
}

fn shown(value: &Value) -> String {
    format!("`{}`", value.as_str().map_or_else(|| value.to_string(), Into::into))
}

fn catalogue(head: &str) -> String {
    let mut text = head.to_owned();
    text.push_str(
        "\n## What can happen\n\nEvery event has `seq`, `at`, `kind`, `ticket`, `customer`, `actor {kind, id, name}`, `data` and \
         `cause` (the `seq` that led to it).\n`GET /api/v1/events?after=SEQ` reads the log; `GET /api/v1/live?seq=SEQ` follows it \
         over a websocket.\n\n| kind | who hears it |\n|---|---|\n",
    );
    for (kind, audience) in Event::KINDS {
        let who = match audience {
            Audience::Desk => "everybody who may read tickets",
            Audience::Managers => "those who may manage it",
        };
        let _ = writeln!(text, "| `{kind}` | {who} |");
    }
    text.push_str(WHISPERS);
    text
}
