//! What a customer is called, speaks and is noted for, when two become one and when that is taken back.

use base::{Error, Result};
use serde::{Deserialize, Serialize};

use crate::customers::{Customer, NOTE};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Fields {
    pub name: String,
    pub language: Option<String>,
    pub note: String,
}

impl Fields {
    pub fn of(customer: &Customer) -> Self {
        Self { name: customer.name.clone(), language: customer.language.clone(), note: customer.note.clone() }
    }
}

/// A customer's fields before and after something was moved.
#[derive(Serialize, Deserialize)]
pub(super) struct Kept {
    pub before: Fields,
    pub after: Fields,
}

/// What is known of `into` stays, `from` fills the gaps, and both notes stand below each other.
pub(super) fn together(from: &Customer, into: &Customer) -> Result<Fields> {
    let named = if into.is_nameless() && !from.is_nameless() { from } else { into };
    let note = both_notes(&into.note, &from.note)?;
    Ok(Fields { name: named.name.clone(), language: into.language.clone().or_else(|| from.language.clone()), note })
}

/// One below the other; the same twice stands there once.
pub(super) fn both_notes(first: &str, second: &str) -> Result<String> {
    let note = match (first, second) {
        (note, "") | ("", note) => note.to_owned(),
        (first, second) if first == second => first.to_owned(),
        (first, second) => format!("{first}\n\n{second}"),
    };
    if note.chars().count() > NOTE {
        return Err(Error::conflict("Both notes together are too long. Shorten one of them first."));
    }
    Ok(note)
}

/// A customer's fields without what the move brought. What somebody has changed since stays as it is.
pub(super) fn apart(now: &Customer, before: Fields, after: &Fields, brought: &str) -> Fields {
    let name = if now.name == after.name { before.name } else { now.name.clone() };
    let language = if now.language == after.language { before.language } else { now.language.clone() };
    let note = match () {
        () if now.note == after.note => before.note,
        // The move brought nothing.
        () if before.note == after.note => now.note.clone(),
        () => without(&now.note, brought),
    };
    Fields { name, language, note }
}

/// The note without these paragraphs; later merges may have added others below them.
fn without(note: &str, brought: &str) -> String {
    if note == brought {
        return String::new();
    }
    match note.strip_prefix(&format!("{brought}\n\n")) {
        Some(rest) => rest.to_owned(),
        None => note.replacen(&format!("\n\n{brought}"), "", 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_is_found_again_between_others() {
        assert_eq!(without("one\n\ntwo\n\nthree", "two"), "one\n\nthree");
        assert_eq!(without("one\n\ntwo", "one"), "two");
        assert_eq!(without("one\n\ntwo", "two"), "one");
        assert_eq!(without("one", "one"), "");
        assert_eq!(without("written anew", "one"), "written anew");
    }
}
