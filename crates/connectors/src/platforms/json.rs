//! Reading what platforms answer: JSON in which anything may be missing.

use base::Stamp;
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
