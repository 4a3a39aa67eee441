//! What a customer is called, speaks and is noted for, when two become one and when that is taken back.

use base::{Error, Result};
use serde::{Deserialize, Serialize};

use crate::customers::{Customer, Facts, NOTE};

/// A customer's fields before and after something was moved.
#[derive(Serialize, Deserialize)]
pub(super) struct Kept {
    pub before: Facts,
    pub after: Facts,
}

/// What is known of `into` stays, and `from` fills the gaps.
pub(super) fn together(from: &Customer, into: &Customer) -> Result<Facts> {
    let named = if into.is_nameless() && !from.is_nameless() { from } else { into };
    let facts = absorb(Facts::of(into), from)?;
    Ok(Facts { name: named.name.clone(), ..facts })
}

/// These fields and a customer's below them: gaps are filled, lists go on, and both notes stand below each other.
pub(super) fn absorb(facts: Facts, from: &Customer) -> Result<Facts> {
    let from = Facts::of(from);
    let mut attributes = from.attributes;
    attributes.extend(facts.attributes);
    Ok(Facts {
        name: facts.name,
        language: facts.language.or(from.language),
        note: both_notes(&facts.note, &from.note)?,
        languages: both(facts.languages, from.languages),
        time_zone: facts.time_zone.or(from.time_zone),
        tags: both(facts.tags, from.tags),
        addresses: both(facts.addresses, from.addresses),
        attributes,
    })
}

fn both<T: PartialEq>(mut first: Vec<T>, second: Vec<T>) -> Vec<T> {
    for one in second {
        if !first.contains(&one) {
            first.push(one);
        }
    }
    first
}

/// One below the other; the same twice stands there once.
fn both_notes(first: &str, second: &str) -> Result<String> {
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
pub(super) fn apart(now: &Customer, before: Facts, after: &Facts, brought: &str) -> Facts {
    let now = Facts::of(now);
    let note = match () {
        () if now.note == after.note => before.note,
        // The move brought nothing.
        () if before.note == after.note => now.note,
        () => without(&now.note, brought),
    };
    let mut attributes = now.attributes;
    for (key, value) in &after.attributes {
        if attributes.get(key) == Some(value) && before.attributes.get(key) != Some(value) {
            attributes.remove(key);
        }
    }
    Facts {
        name: if now.name == after.name { before.name } else { now.name },
        language: if now.language == after.language { before.language } else { now.language },
        note,
        languages: less(now.languages, &before.languages, &after.languages),
        time_zone: if now.time_zone == after.time_zone { before.time_zone } else { now.time_zone },
        tags: less(now.tags, &before.tags, &after.tags),
        addresses: less(now.addresses, &before.addresses, &after.addresses),
        attributes,
    }
}

/// A list without what came into it between `before` and `after`.
fn less<T: PartialEq>(now: Vec<T>, before: &[T], after: &[T]) -> Vec<T> {
    now.into_iter().filter(|one| before.contains(one) || !after.contains(one)).collect()
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
