//! The one place where variables become what they stand for: `{{customer.first_name}}`, `{{agent.name}}`,
//! `{{ticket.number}}`, `{{shop.name}}`. What is not known stays in its braces, for its reader to see and to mend.

use base::{Error, Result};
use schemars::JsonSchema;
use serde::Serialize;

const NAMES: &[&str] = &["customer.first_name", "agent.name", "ticket.number", "shop.name"];

/// What is known where something is written.
#[derive(Debug, Default)]
pub struct Facts {
    /// Their first name.
    pub customer: Option<String>,
    pub agent: Option<String>,
    pub ticket: Option<String>,
    pub shop: Option<String>,
}

/// A text with what is known in it.
#[derive(Debug, Default, PartialEq, Serialize, JsonSchema)]
#[schemars(rename = "FilledText")]
pub struct Filled {
    pub html: String,
    /// Variables that are in the text still, because nobody knows their value.
    pub missing: Vec<String>,
}

impl Facts {
    pub fn fill(&self, html: &str) -> Filled {
        let mut filled = Filled::default();
        each(html, |piece| match piece {
            Piece::Text(text) => filled.html.push_str(text),
            Piece::Variable(whole, name) => {
                if let Some(value) = self.value(name) {
                    escape(value, &mut filled.html);
                } else {
                    filled.html.push_str(whole);
                    filled.missing.push(name.to_owned());
                }
            }
        });
        filled.missing.sort_unstable();
        filled.missing.dedup();
        filled
    }

    fn value(&self, name: &str) -> Option<&str> {
        match name {
            "customer.first_name" => self.customer.as_deref(),
            "agent.name" => self.agent.as_deref(),
            "ticket.number" => self.ticket.as_deref(),
            "shop.name" => self.shop.as_deref(),
            _ => None,
        }
    }
}

/// Refuses variables that do not exist, before anybody writes with them.
pub fn check(field: &str, html: &str) -> Result<()> {
    let mut unknown = None;
    each(html, |piece| {
        if let Piece::Variable(whole, name) = piece
            && !NAMES.contains(&name)
        {
            unknown.get_or_insert_with(|| whole.to_owned());
        }
    });
    match unknown {
        Some(whole) => {
            let known = NAMES.iter().map(|name| format!("{{{{{name}}}}}")).collect::<Vec<_>>().join(", ");
            Err(Error::invalid(field, format!("{whole} is no variable; there are {known}")))
        }
        None => Ok(()),
    }
}

enum Piece<'a> {
    Text(&'a str),
    /// With its braces, and its name.
    Variable(&'a str, &'a str),
}

fn each<'a>(html: &'a str, mut take: impl FnMut(Piece<'a>)) {
    let mut rest = html;
    while let Some(begin) = rest.find("{{") {
        let Some(length) = rest[begin..].find("}}") else { break };
        let whole = &rest[begin..begin + length + 2];
        take(Piece::Text(&rest[..begin]));
        take(Piece::Variable(whole, whole[2..whole.len() - 2].trim()));
        rest = &rest[begin + whole.len()..];
    }
    take(Piece::Text(rest));
}

/// Text as HTML shows it.
pub fn escape(text: &str, into: &mut String) {
    for c in text.chars() {
        match c {
            '&' => into.push_str("&amp;"),
            '<' => into.push_str("&lt;"),
            '>' => into.push_str("&gt;"),
            '"' => into.push_str("&quot;"),
            '\'' => into.push_str("&#39;"),
            c => into.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_known_is_put_in_and_what_is_not_stays_to_be_seen() {
        let some = |text: &str| Some(text.to_owned());
        let facts = Facts { customer: some("<Jo>"), agent: None, ticket: some("7"), shop: some("Fjell & Vik") };
        let filled =
            facts.fill("<p>Hi {{customer.first_name}}, #{{ ticket.number }} {{agent.name}} {{agent.name}}</p>{{");
        assert_eq!(filled.html, "<p>Hi &lt;Jo&gt;, #7 {{agent.name}} {{agent.name}}</p>{{");
        assert_eq!(filled.missing, ["agent.name"]);
        assert_eq!(facts.fill("{{shop.name}}").html, "Fjell &amp; Vik");
    }

    #[test]
    fn a_variable_that_does_not_exist_is_refused_by_name() {
        let Err(Error::Invalid(wrong)) = check("html", "Hi {{customer.nmae}}") else { panic!("there is none") };
        assert!(wrong[0].why.starts_with("{{customer.nmae}} is no variable; there are {{customer.first_name}}, "));
        assert!(check("html", "{{shop.name}} {{ agent.name }} {not} {{").is_ok());
    }
}
