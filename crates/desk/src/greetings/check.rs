//! What a greeting may be made of.

use std::collections::BTreeMap;

use base::{Error, Result, Tx, args};

use super::{Conditions, PageHow};
use crate::{
    agents::AgentId,
    customers,
    shops::{ShopId, language_tag},
};

/// So many pages, languages and texts one greeting may name.
const MANY: usize = 20;
/// The longest part of an address, and the longest text, in characters.
const PATH: usize = 200;
const TEXT: usize = 300;
/// Nobody waits longer on a page to be spoken to, in seconds.
const LONGEST: i64 = 60 * 60;
/// More than any cart is worth.
const MOST: i64 = 1_000_000_000_000;
const VISITS: i64 = 100;
const DAYS: i64 = 365;

pub(super) fn conditions(mut given: Conditions) -> Result<Conditions> {
    let wrong = |field: &str, why: String| Err(Error::invalid(format!("conditions.{field}"), why));
    for (field, many) in [("pages", given.pages.len()), ("languages", given.languages.len())] {
        if many > MANY {
            return wrong(field, format!("at most {MANY}"));
        }
    }
    for page in &mut given.pages {
        page.value = page.value.trim().to_owned();
        let long = page.value.chars().count();
        if long == 0 || long > PATH || page.value.chars().any(|c| c.is_control() || c.is_whitespace()) {
            return wrong("pages", format!("each must have 1 to {PATH} characters and no blanks"));
        }
        if page.how != PageHow::Contains && !page.value.starts_with(['/', '*']) {
            return wrong("pages", format!("{}: the path of a page begins with a slash", page.value));
        }
        if page.value.contains(['?', '#']) {
            return wrong("pages", format!("{}: what stands behind ? and # is not looked at", page.value));
        }
    }
    if !(0..=LONGEST).contains(&given.seconds) {
        return wrong("seconds", format!("must be between 0 and {LONGEST}"));
    }
    if let Some(cart) = &given.cart {
        if !(1..=MOST).contains(&cart.value) {
            return wrong("cart.value", "must be more than nothing".into());
        }
        if cart.currency.len() != 3 || !cart.currency.bytes().all(|byte| byte.is_ascii_uppercase()) {
            return wrong("cart.currency", "must be a code of three capital letters, such as EUR".into());
        }
    }
    if !(0..=VISITS).contains(&given.visits) {
        return wrong("visits", format!("must be between 0 and {VISITS}"));
    }
    for tag in &given.languages {
        language_tag("conditions.languages", tag)?;
    }
    Ok(given)
}

pub(super) fn texts(given: BTreeMap<String, String>) -> Result<BTreeMap<String, String>> {
    let mut all = BTreeMap::new();
    for (tag, text) in given {
        let field = format!("texts.{tag}");
        language_tag(&field, &tag)?;
        if text.chars().count() > TEXT {
            return Err(Error::invalid(field, format!("must have at most {TEXT} characters")));
        }
        let text = customers::clean(&text, TEXT);
        if !text.is_empty() {
            all.insert(tag, text);
        }
    }
    if all.is_empty() || all.len() > MANY {
        return Err(Error::invalid("texts", format!("is needed in 1 to {MANY} languages")));
    }
    Ok(all)
}

pub(super) fn days(given: i64) -> Result<i64> {
    if (1..=DAYS).contains(&given) {
        return Ok(given);
    }
    Err(Error::invalid("every_days", format!("must be between 1 and {DAYS}")))
}

pub(super) async fn face(tx: &mut Tx, shop: ShopId, face: Option<AgentId>) -> Result<Option<AgentId>> {
    let Some(agent) = face else { return Ok(None) };
    let sql = "SELECT id FROM agents WHERE id = $1 AND shop = $2 AND active = TRUE";
    match tx.opt(sql, args![agent, shop]).await? {
        Some(_) => Ok(Some(agent)),
        None => Err(Error::invalid("face", format!("{agent} is no active agent"))),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_no_page_could_fit_is_refused_with_its_field() {
        for (given, field) in [
            (json!({ "pages": [{ "how": "begins", "value": "tents" }] }), "conditions.pages"),
            (json!({ "pages": [{ "how": "contains", "value": "a b" }] }), "conditions.pages"),
            (json!({ "pages": [{ "how": "contains", "value": "?email=" }] }), "conditions.pages"),
            (json!({ "seconds": -1 }), "conditions.seconds"),
            (json!({ "cart": { "value": 0, "currency": "EUR" } }), "conditions.cart.value"),
            (json!({ "cart": { "value": 1, "currency": "euro" } }), "conditions.cart.currency"),
            (json!({ "languages": ["Deutsch"] }), "conditions.languages"),
            (json!({ "visits": 101 }), "conditions.visits"),
        ] {
            let Err(Error::Invalid(wrong)) = conditions(serde_json::from_value(given).unwrap()) else {
                panic!("{field}")
            };
            assert_eq!(wrong[0].field, field);
        }
        let pages =
            json!({ "pages": [{ "how": "pattern", "value": "*/tents/*" }, { "how": "begins", "value": " /a " }] });
        assert_eq!(conditions(serde_json::from_value(pages).unwrap()).unwrap().pages[1].value, "/a");
    }

    #[test]
    fn a_text_is_a_line_or_two() {
        let one = |text: &str| texts(BTreeMap::from([("en".to_owned(), text.to_owned())]));
        assert_eq!(one(" Can I\u{202e} help? ").unwrap()["en"], "Can I help?");
        assert!(one("  ").is_err() && one(&"x".repeat(301)).is_err() && texts(BTreeMap::new()).is_err());
    }
}
