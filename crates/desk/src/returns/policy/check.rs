//! What is wrong with a policy, before it is kept: every field that is, with the way out.

use std::collections::BTreeSet;

use base::{Error, Result, Wrong};
use connectors::money;
use jiff::tz::TimeZone;

use super::{FeeFor, Policy, REASONS, Range, Rule, Texts, Verdict, When, right::DAYS};

const MOST_RULES: usize = 200;
const MOST_ENTRIES: usize = 200;
/// Characters of a name, a tag, a line; and of a text for shoppers.
const NAME: usize = 100;
const TEXT: usize = 1000;
/// Ten years.
const MOST_DAYS: i64 = 3650;
const MOST_MONEY: i64 = 1_000_000_000_000;

#[derive(Default)]
struct Findings(Vec<Wrong>);

impl Findings {
    fn add(&mut self, field: impl Into<String>, why: impl Into<String>) {
        self.0.push(Wrong { field: field.into(), why: why.into() });
    }

    fn number(&mut self, field: &str, value: i64, least: i64, most: i64) {
        if !(least..=most).contains(&value) {
            self.add(field, format!("must be {least} to {most}"));
        }
    }

    fn name(&mut self, field: &str, text: &str) {
        if text.is_empty() || text.chars().count() > NAME {
            self.add(field, format!("must be 1 to {NAME} characters long"));
        }
    }

    fn entries(&mut self, field: &str, entries: &[String]) {
        if entries.len() > MOST_ENTRIES {
            self.add(field, format!("holds more than {MOST_ENTRIES} entries; split the rule"));
        }
        for (place, entry) in entries.iter().enumerate().take(MOST_ENTRIES) {
            self.name(&format!("{field}[{place}]"), entry);
        }
    }

    fn countries(&mut self, field: &str, countries: &[String]) {
        for (place, country) in countries.iter().enumerate() {
            if country.len() != 2 || !country.bytes().all(|letter| letter.is_ascii_uppercase()) {
                self.add(format!("{field}[{place}]"), "must be a country of ISO 3166-1 in two letters, such as NO");
            }
        }
    }

    fn texts(&mut self, field: &str, texts: &Texts) {
        for (language, text) in texts {
            let field = format!("{field}.{language}");
            if language.len() > 35 || !language.bytes().all(|one| one.is_ascii_alphanumeric() || one == b'-') {
                self.add(&field, "must be named by a language's tag, such as de");
            }
            if text.trim().is_empty() || text.chars().count() > TEXT {
                self.add(field, format!("must be 1 to {TEXT} characters long"));
            }
        }
    }

    fn range(&mut self, field: &str, Range { at_least, at_most }: Range) {
        for (name, value) in [("at_least", at_least), ("at_most", at_most)] {
            if let Some(value) = value {
                self.number(&format!("{field}.{name}"), value, 0, MOST_MONEY);
            }
        }
        if let (Some(least), Some(most)) = (at_least, at_most)
            && least > most
        {
            self.add(format!("{field}.at_most"), "must not be less than at_least: no value would ever fit");
        }
    }

    fn share(&mut self, field: &str, amount: i64, percent: i64, most: i64) {
        self.number(&format!("{field}.amount"), amount, 0, MOST_MONEY);
        self.number(&format!("{field}.percent"), percent, 0, most);
    }
}

impl Policy {
    /// One spelling for what is compared.
    pub(super) fn tidy(&mut self) {
        let lower = |tags: &mut Vec<String>| tags.iter_mut().for_each(|tag| *tag = tag.trim().to_lowercase());
        let upper = |names: &mut Vec<String>| names.iter_mut().for_each(|name| *name = name.trim().to_uppercase());
        self.windows.iter_mut().for_each(|window| upper(&mut window.countries));
        for Rule { name, when, .. } in &mut self.rules {
            *name = name.trim().to_owned();
            upper(&mut when.countries);
            let When { customer_tags, order_tags, discount_codes, product_tags, skus, .. } = when;
            [customer_tags, order_tags, discount_codes, product_tags, skus].into_iter().for_each(lower);
        }
        let rules = &mut self.withdrawal;
        [
            &mut rules.business_tags,
            &mut rules.made_to_order,
            &mut rules.perishable,
            &mut rules.sealed,
            &mut rules.digital_begun,
        ]
        .into_iter()
        .for_each(lower);
    }

    pub(super) fn check(&self) -> Result<()> {
        let mut found = Findings::default();
        if money::code("currency", &self.currency).is_err() || self.currency.trim() != self.currency.to_uppercase() {
            found.add("currency", "must be a currency of ISO 4217, such as EUR");
        }
        self.check_windows(&mut found);
        if self.rules.len() > MOST_RULES {
            found.add("rules", format!("holds more than {MOST_RULES} rules"));
        }
        for (place, rule) in self.rules.iter().enumerate().take(MOST_RULES) {
            self.check_rule(&mut found, &format!("rules[{place}]"), rule);
        }
        self.check_rest(&mut found);
        if found.0.is_empty() { Ok(()) } else { Err(Error::Invalid(found.0)) }
    }

    fn check_windows(&self, found: &mut Findings) {
        if self.windows.is_empty() {
            found.add("windows", "must name at least one window, or nothing can be sent back");
        }
        let mut seen = BTreeSet::new();
        for (place, window) in self.windows.iter().enumerate() {
            let field = format!("windows[{place}]");
            found.number(&format!("{field}.days"), window.days, 0, MOST_DAYS);
            found.countries(&format!("{field}.countries"), &window.countries);
            let all = super::Outcome::ALL;
            let outcomes = if window.outcomes.is_empty() { all } else { &window.outcomes };
            let everywhere = [String::new()];
            let countries = if window.countries.is_empty() { &everywhere[..] } else { &window.countries };
            let pairs = outcomes.iter().flat_map(|outcome| countries.iter().map(move |country| (*outcome, country)));
            for (outcome, country) in pairs {
                if !seen.insert((outcome, country.clone())) {
                    let place = if country.is_empty() { "all other countries" } else { country };
                    found.add(&field, format!("says again what holds for {outcome} in {place}; leave one of the two"));
                }
            }
        }
    }

    fn check_rule(&self, found: &mut Findings, field: &str, Rule { name, when, then }: &Rule) {
        found.name(&format!("{field}.name"), name);
        let inside = |name: &str| format!("{field}.when.{name}");
        found.countries(&inside("countries"), &when.countries);
        for (name, entries) in [
            ("customer_tags", &when.customer_tags),
            ("order_tags", &when.order_tags),
            ("discount_codes", &when.discount_codes),
            ("product_tags", &when.product_tags),
            ("skus", &when.skus),
        ] {
            found.entries(&inside(name), entries);
        }
        for (name, range) in [
            ("quantity", when.quantity),
            ("returns", when.returns),
            ("customer_value", when.customer_value),
            ("order_value", when.order_value),
            ("order_age", when.order_age),
            ("price", when.price),
        ] {
            found.range(&inside(name), range);
        }
        for (place, reason) in when.reasons.iter().enumerate().filter(|(_, id)| self.reason(id).is_none()) {
            found.add(
                inside(&format!("reasons[{place}]")),
                format!("{reason} is no reason of this policy; add it first"),
            );
        }
        self.check_actions(found, field, then);
    }

    fn check_actions(&self, found: &mut Findings, field: &str, then: &super::Then) {
        let inside = |name: &str| format!("{field}.then.{name}");
        if *then == super::Then::default() {
            found.add(format!("{field}.then"), "does nothing; say at least one action");
        }
        found.texts(&inside("words"), &then.words);
        match then.verdict {
            Some(Verdict::Reject) if then.words.is_empty() => {
                found.add(inside("words"), "must say why, in at least one language: shoppers read it");
            }
            Some(Verdict::Reject) => {}
            _ if !then.words.is_empty() => found.add(inside("words"), "are for refusals; set verdict to reject"),
            _ => {}
        }
        if let Some(days) = then.days {
            found.number(&inside("days"), days, 0, MOST_DAYS);
        }
        if let Some(fee) = then.fee {
            found.share(&inside("fee"), fee.amount, fee.percent, 100);
            if fee.what_for == FeeFor::Shipping && fee.percent > 0 {
                found.add(inside("fee.percent"), "must be 0 for the way back, which costs the same for all goods");
            }
        }
        if let Some(bonus) = then.bonus {
            found.share(&inside("bonus"), bonus.amount, bonus.percent, 100);
        }
        if let Some(name) = then.destination.as_deref().filter(|name| self.destination(Some(name)).is_none()) {
            found.add(inside("destination"), format!("{name} is no destination of this policy; add it first"));
        }
        if then.methods.as_ref().is_some_and(Vec::is_empty) {
            found.add(inside("methods"), "must name at least one way back; use keep where nothing comes back");
        }
    }

    fn check_rest(&self, found: &mut Findings) {
        found.number("send_within", self.send_within, 1, 365);
        if self.zone.as_deref().is_some_and(|name| TimeZone::get(name).is_err()) {
            found.add("zone", "must be a time zone of the IANA, such as Europe/Oslo, or null");
        }
        if self.methods.is_empty() {
            found.add("methods", "must name at least one way back");
        }
        if self.reasons.is_empty() {
            found.add("reasons", "must name at least one reason");
        }
        let mut ids = BTreeSet::new();
        for (place, reason) in self.reasons.iter().enumerate() {
            let field = format!("reasons[{place}]");
            found.name(&format!("{field}.id"), &reason.id);
            found.texts(&format!("{field}.words"), &reason.words);
            if !ids.insert(&reason.id) {
                found.add(format!("{field}.id"), "stands here twice");
            }
            if reason.words.is_empty() && !REASONS.iter().any(|(id, _)| *id == reason.id) {
                found.add(format!("{field}.words"), "must say it in at least one language: it is a reason of your own");
            }
        }
        let mut names = BTreeSet::new();
        for (place, destination) in self.destinations.iter().enumerate() {
            let field = format!("destinations[{place}]");
            found.name(&format!("{field}.name"), &destination.name);
            if !names.insert(&destination.name) {
                found.add(format!("{field}.name"), "stands here twice");
            }
            if destination.lines.is_empty() || destination.lines.len() > 7 {
                found.add(format!("{field}.lines"), "must be 1 to 7 lines, as they stand on a label");
            }
            found.entries(&format!("{field}.lines"), &destination.lines);
        }
        let rules = &self.withdrawal;
        found.number("withdrawal.days", rules.days, DAYS, MOST_DAYS);
        for (name, tags) in [
            ("business_tags", &rules.business_tags),
            ("made_to_order", &rules.made_to_order),
            ("perishable", &rules.perishable),
            ("sealed", &rules.sealed),
            ("digital_begun", &rules.digital_begun),
        ] {
            found.entries(&format!("withdrawal.{name}"), tags);
        }
    }
}
