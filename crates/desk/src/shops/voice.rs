//! How the shop speaks, whichever way an answer takes: with what a letter begins, how shoppers are addressed, and a guide
//! for those who write.

use std::collections::BTreeMap;

use base::{Error, Result};

use super::{Shop, language_tag};
use crate::variables;

/// Characters of a greeting and of the guide; languages of a shop.
const GREETING: usize = 500;
const TONE: usize = 4_000;
const LANGUAGES: usize = 30;

base::words!(
    /// How a language addresses people where it knows two ways: `Sie` or `du`, `vous` or `tu`.
    AddressForm {
        Formal = "formal",
        Informal = "informal",
    }
);

impl Shop {
    /// With what a letter in this language begins; in the shop's own where nobody knows the language.
    pub fn greeting_in(&self, language: Option<&str>) -> Option<&str> {
        let wanted = language.unwrap_or(&self.language);
        let of = |tag: &str| self.greeting.get(tag).map(String::as_str);
        of(wanted).or_else(|| of(primary(wanted)))
    }
}

fn primary(tag: &str) -> &str {
    tag.split('-').next().unwrap_or(tag)
}

fn by_language<T>(field: &str, all: BTreeMap<String, T>) -> Result<BTreeMap<String, T>> {
    if all.len() > LANGUAGES {
        return Err(Error::invalid(field, format!("at most {LANGUAGES} languages")));
    }
    for tag in all.keys() {
        language_tag(field, tag)?;
    }
    Ok(all)
}

pub(super) fn greetings(all: BTreeMap<String, String>) -> Result<BTreeMap<String, String>> {
    let full = all.into_iter().map(|(tag, text)| (tag, text.trim().to_owned())).filter(|(_, text)| !text.is_empty());
    let all = by_language("greeting", full.collect())?;
    for (tag, text) in &all {
        let field = format!("greeting.{tag}");
        if text.chars().count() > GREETING {
            return Err(Error::invalid(field, format!("must have at most {GREETING} characters")));
        }
        variables::check(&field, text)?;
    }
    Ok(all)
}

pub(super) fn forms(all: BTreeMap<String, AddressForm>) -> Result<BTreeMap<String, AddressForm>> {
    by_language("address_forms", all)
}

pub(super) fn tone(text: Option<String>) -> Result<Option<String>> {
    let text = text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    if text.as_ref().is_some_and(|text| text.chars().count() > TONE) {
        return Err(Error::invalid("tone", format!("must have at most {TONE} characters")));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(of: &[(&str, &str)]) -> BTreeMap<String, String> {
        of.iter().map(|(tag, text)| ((*tag).to_owned(), (*text).to_owned())).collect()
    }

    #[test]
    fn an_empty_greeting_is_none_and_a_wrong_one_is_named() {
        assert_eq!(greetings(all(&[("en", " Hi, "), ("de", " ")])).unwrap(), all(&[("en", "Hi,")]));
        for (tag, text, field) in
            [("English", "Hi", "greeting"), ("de", "{{x}}", "greeting.de"), ("de", &"x".repeat(501), "greeting.de")]
        {
            let Err(Error::Invalid(wrong)) = greetings(all(&[(tag, text)])) else { panic!("{tag} was taken") };
            assert_eq!(wrong[0].field, field);
        }
        assert!(tone(Some("x".repeat(4_001))).is_err());
        assert_eq!(tone(Some("  ".into())).unwrap(), None);
    }
}
