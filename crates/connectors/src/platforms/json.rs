//! Reading what platforms answer: JSON in which anything may be missing.

use base::{Error, Stamp};
use serde_json::Value;

/// A text that says something.
pub fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::trim).filter(|text| !text.is_empty()).map(Into::into)
}

/// An id: a text, or a number where a platform counts.
pub fn id(value: &Value) -> Option<String> {
    match value {
        Value::Number(number) => Some(number.to_string()),
        other => text(other),
    }
}

pub fn stamp(value: &Value) -> Option<Stamp> {
    serde_json::from_value(value.clone()).ok()
}

pub fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// The parts of a name that are there, with spaces between them.
pub fn name(parts: [&Value; 2]) -> Option<String> {
    let parts: Vec<_> = parts.into_iter().filter_map(text).collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}

/// An address that a browser may be sent to.
pub fn link(value: &Value) -> Option<String> {
    text(value).filter(|address| address.starts_with("https://") || address.starts_with("http://"))
}

/// One line of plain text, as it may stand in an error.
pub fn clean(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(300).collect::<String>().trim().to_owned()
}

/// A text as people wrote it, without what we left in it for ourselves.
pub fn untraced(text: &str) -> String {
    let ours = |word: &&str| word.starts_with("shopbell:") || word.starts_with("shopbell-");
    text.split_whitespace().filter(|word| !ours(word)).collect::<Vec<_>>().join(" ")
}

/// What an action's own fields are not right for was certainly not done.
pub fn settled(error: Error) -> Error {
    if matches!(error, Error::Invalid(_)) { Error::refused(error.detail()) } else { error }
}

/// After a part was done nothing may say that nothing was: a refusal of the rest is for a person to look at.
pub fn half_done(error: Error, begun: bool) -> Error {
    match error {
        Error::Refused { why } if begun => {
            Error::upstream(format!("A part of it is done, and the rest was refused: {why}"))
        }
        other => other,
    }
}

/// A body recorded from the real platform, shared between projects and not copied into this one.
#[cfg(test)]
pub fn recorded(name: &str) -> Option<Value> {
    let above = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().map(|folder| folder.join("shared/data"));
    let given = std::env::var_os("SHOPBELL_TEST_DATA").map(std::path::PathBuf::from);
    let file =
        given.into_iter().chain(above).map(|folder| folder.join("payloads").join(name)).find(|file| file.exists());
    let Some(file) = file else {
        println!("skipped: no shared/data/payloads/{name}");
        return None;
    };
    Some(serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap())
}
