//! The one place where variables become what they stand for: `{{customer.first_name}}`, `{{order.number}}`,
//! `{{order.eta | date}}`. What is not known stays in its braces, for its reader to see and to mend, and is not sent.

use std::collections::BTreeMap;

use base::{Error, Result, Time};
use jiff::tz::TimeZone;
use schemars::JsonSchema;
use serde::Serialize;

use crate::wording;

/// Every variable there is.
const NAMES: &[&str] = &[
    "customer.first_name",
    "customer.name",
    "agent.name",
    "ticket.number",
    "shop.name",
    "order.number",
    "order.total",
    "order.placed_at",
    "order.carrier",
    "order.tracking_number",
    "order.tracking_url",
    "order.page_url",
    "order.eta",
    "order.refunded",
];

/// What may stand behind a `|`, for those that are moments.
const FILTERS: &[&str] = &["date", "time"];

#[derive(Debug, Clone, PartialEq)]
pub enum Fact {
    Text(String),
    /// A page, which is opened from the text by a click.
    Link(String),
    /// A day; with its time where the text asks for that.
    Moment(Time),
    /// In the smallest unit of the currency.
    Money(i64, String),
}

/// What is known where something is written, and in which language it is written down.
#[derive(Debug, Clone)]
pub struct Facts {
    known: BTreeMap<&'static str, Fact>,
    language: String,
    zone: TimeZone,
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
    pub fn new(language: &str, zone: TimeZone) -> Self {
        Self { known: BTreeMap::new(), language: language.to_owned(), zone }
    }

    /// With one more, where it is known.
    #[must_use]
    pub fn with(mut self, name: &'static str, fact: Option<Fact>) -> Self {
        self.known.extend(fact.map(|fact| (name, fact)));
        self
    }

    #[must_use]
    pub fn with_text(self, name: &'static str, text: Option<String>) -> Self {
        self.with(name, text.filter(|text| !text.trim().is_empty()).map(Fact::Text))
    }

    pub fn fill(&self, html: &str) -> Filled {
        self.filled(html, |value, is_link, into| if is_link { link(value, into) } else { escape(value, into) })
    }

    /// As [`Self::fill`], for plain text.
    pub fn fill_text(&self, text: &str) -> Filled {
        self.filled(text, |value, _, into| into.push_str(value))
    }

    fn filled(&self, text: &str, put: impl Fn(&str, bool, &mut String)) -> Filled {
        let mut filled = Filled::default();
        each(text, |piece| match piece {
            Piece::Text(text) => filled.html.push_str(text),
            Piece::Variable(whole, name) => {
                if let Some(value) = self.value(name) {
                    put(&value, matches!(self.known.get(parts(name).0), Some(Fact::Link(_))), &mut filled.html);
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

    fn value(&self, written: &str) -> Option<String> {
        let (name, filter) = parts(written);
        Some(match self.known.get(name)? {
            Fact::Text(text) | Fact::Link(text) => text.clone(),
            Fact::Moment(at) if filter == Some("time") => wording::moment(&self.language, *at, &self.zone),
            Fact::Moment(at) => wording::day(&self.language, *at, &self.zone),
            Fact::Money(amount, currency) => wording::money(&self.language, *amount, currency),
        })
    }
}

/// `order.eta | date` in its parts.
fn parts(written: &str) -> (&str, Option<&str>) {
    match written.split_once('|') {
        Some((name, filter)) => (name.trim(), Some(filter.trim())),
        None => (written.trim(), None),
    }
}

/// Refuses variables that do not exist, before anybody writes with them.
pub fn check(field: &str, html: &str) -> Result<()> {
    let mut unknown = None;
    each(html, |piece| {
        let Piece::Variable(whole, written) = piece else { return };
        let (name, filter) = parts(written);
        if !NAMES.contains(&name) || filter.is_some_and(|filter| !FILTERS.contains(&filter)) {
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

/// The first variable that nobody has put a value for: whoever reads the text would see a hole.
pub fn hole(text: &str) -> Option<String> {
    let mut found = None;
    each(text, |piece| {
        if let Piece::Variable(whole, written) = piece
            && NAMES.contains(&parts(written).0)
        {
            found.get_or_insert_with(|| whole.to_owned());
        }
    });
    found
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

/// An address that can be clicked; but within a tag or a link, where it is the address alone.
fn link(address: &str, into: &mut String) {
    let before = into.as_str();
    let open = |begin: &str, end: &str| before.rfind(begin) > before.rfind(end);
    let is_address = address.starts_with("https://") || address.starts_with("http://");
    if !is_address || open("<", ">") || open("<a ", "</a>") {
        return escape(address, into);
    }
    into.push_str("<a href=\"");
    escape(address, into);
    into.push_str("\">");
    escape(address, into);
    into.push_str("</a>");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_known_is_put_in_and_what_is_not_stays_to_be_seen() {
        let facts = Facts::new("en", TimeZone::UTC)
            .with_text("customer.first_name", Some("<Jo>".into()))
            .with_text("agent.name", None)
            .with_text("ticket.number", Some("7".into()))
            .with_text("shop.name", Some("Fjell & Vik".into()));
        let filled =
            facts.fill("<p>Hi {{customer.first_name}}, #{{ ticket.number }} {{agent.name}} {{agent.name}}</p>{{");
        assert_eq!(filled.html, "<p>Hi &lt;Jo&gt;, #7 {{agent.name}} {{agent.name}}</p>{{");
        assert_eq!(filled.missing, ["agent.name"]);
        assert_eq!(facts.fill("{{shop.name}}").html, "Fjell &amp; Vik");
        assert_eq!(facts.fill_text("{{shop.name}}").html, "Fjell & Vik");
        assert_eq!(hole("Hi {{customer.first_name}}").as_deref(), Some("{{customer.first_name}}"));
        assert_eq!(hole("In templates one writes {{like.this}}"), None);
    }

    #[test]
    fn a_page_can_be_clicked() {
        let page = |address: &str| {
            Facts::new("en", TimeZone::UTC).with("order.page_url", Some(Fact::Link(address.to_owned())))
        };
        let page_of_order = page("https://desk.example/track/1?a&b");
        let filled = |html: &str| page_of_order.fill(html).html;
        let linked = "<a href=\"https://desk.example/track/1?a&amp;b\">https://desk.example/track/1?a&amp;b</a>";
        assert_eq!(filled("<p>{{order.page_url}}, {{order.page_url}}</p>"), format!("<p>{linked}, {linked}</p>"));
        let own = "<a href=\"https://desk.example/track/1?a&amp;b\">here: https://desk.example/track/1?a&amp;b</a>";
        assert_eq!(filled("<a href=\"{{order.page_url}}\">here: {{order.page_url}}</a>"), own);
        assert_eq!(page_of_order.fill_text("{{order.page_url}}").html, "https://desk.example/track/1?a&b");
        assert_eq!(page("javascript:alert(1)").fill("{{order.page_url}}").html, "javascript:alert(1)");
    }

    #[test]
    fn days_and_money_are_written_as_the_language_writes_them() {
        let facts = |language: &str| {
            Facts::new(language, TimeZone::UTC)
                .with("order.eta", Some(Fact::Moment(1_794_571_200_000)))
                .with("order.total", Some(Fact::Money(47_800, "EUR".into())))
        };
        let text = "{{order.eta | date}}, {{ order.eta|time }}: {{order.total}}";
        assert_eq!(facts("en").fill(text).html, "Friday 13 November, Friday 13 November, 12:00: EUR 478.00");
        assert_eq!(facts("de-AT").fill(text).html, "Freitag, 13. November, Freitag, 13. November, 12:00: 478,00 EUR");
        assert_eq!(facts("xx").fill("{{order.eta}}").html, "Friday 13 November");
    }

    #[test]
    fn a_variable_that_does_not_exist_is_refused_by_name() {
        let Err(Error::Invalid(wrong)) = check("html", "Hi {{customer.nmae}}") else { panic!("there is none") };
        assert!(wrong[0].why.starts_with("{{customer.nmae}} is no variable; there are {{customer.first_name}}, "));
        assert!(check("html", "{{order.eta | upper}}").is_err());
        assert!(check("html", "{{shop.name}} {{ order.eta | date }} {not} {{").is_ok());
    }
}
