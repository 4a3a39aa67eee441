//! The policy in plain words, made from the same data that decides. What it cannot say to everybody (what hangs on who
//! somebody is, or on a person's judgement) it says that it cannot.

use connectors::money;
use schemars::JsonSchema;
use serde::Serialize;

use super::{FeeFor, Kind, Outcome, Policy, Range, Release, Rule, Share, Since, Verdict, When, said};
use crate::returns::words::Words;

/// A heading and what stands under it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "ReturnPolicyPart")]
pub struct Part {
    pub title: String,
    pub lines: Vec<String>,
}

pub fn plain(policy: &Policy, words: &Words) -> Vec<Part> {
    let speaker = Speaker { policy, words };
    let part = |title: &str, lines: Vec<String>| Part { title: words.say(title, &[]), lines };
    let special: Vec<_> = policy.rules.iter().filter_map(|rule| speaker.rule(rule)).collect();
    let mut parts = vec![part("policy_windows", speaker.windows())];
    if !special.is_empty() {
        parts.push(part("policy_special", special));
    }
    parts.push(part("policy_back", speaker.back()));
    parts.push(part("policy_right", speaker.right()));
    parts.push(part("policy_limits", speaker.limits()));
    parts
}

struct Speaker<'p> {
    policy: &'p Policy,
    words: &'p Words,
}

impl Speaker<'_> {
    fn say(&self, key: &str, with: &[(&str, &str)]) -> String {
        self.words.say(key, with)
    }

    /// `a, b or c`.
    fn either(&self, entries: impl IntoIterator<Item = String>) -> String {
        let mut entries: Vec<_> = entries.into_iter().collect();
        let Some(last) = entries.pop() else { return String::new() };
        if entries.is_empty() { last } else { self.say("or", &[("a", &entries.join(", ")), ("b", &last)]) }
    }

    fn amount(&self, amount: i64) -> String {
        self.words.money(amount, &self.policy.currency)
    }

    fn windows(&self) -> Vec<String> {
        let mut windows: Vec<_> = self.policy.windows.iter().collect();
        // What holds for all others reads best at the end.
        windows.sort_by_key(|window| window.countries.is_empty());
        let line = |window: &&super::Window| {
            let all = if window.outcomes.is_empty() { Outcome::ALL } else { &window.outcomes };
            let outcomes = self.either(all.iter().map(|outcome| self.say(&format!("outcome_{outcome}"), &[])));
            let since = match window.since {
                Since::Order => "since_order",
                Since::Shipment => "since_shipment",
                Since::Delivery => "since_delivery",
            };
            let line = self.say(since, &[("outcomes", &outcomes), ("n", &window.days.to_string())]);
            match (window.countries.is_empty(), self.policy.windows.iter().all(|one| one.countries.is_empty())) {
                (true, true) => line,
                (true, false) => self.say("window_elsewhere", &[("line", &line)]),
                (false, _) => {
                    let countries = window.countries.iter().map(|code| self.words.country(code));
                    self.say("window_countries", &[("line", &line), ("countries", &self.either(countries))])
                }
            }
        };
        windows.iter().map(line).collect()
    }

    /// None where nothing of it can be said to everybody.
    fn rule(&self, Rule { when, then, .. }: &Rule) -> Option<String> {
        let mut does: Vec<String> = Vec::new();
        let mut add = |key: &str, with: &[(&str, &str)]| does.push(self.say(key, with));
        match then.verdict {
            Some(Verdict::Approve) => add("does_approve", &[]),
            Some(Verdict::Review) => add("does_review", &[]),
            Some(Verdict::Reject) => {
                let why = said(&then.words, self.words.language).unwrap_or_default();
                add("does_reject", &[("why", why)]);
            }
            None => {}
        }
        if let Some(days) = then.days {
            add("does_days", &[("n", &days.to_string())]);
        }
        match then.keep {
            Some(true) => add("does_keep", &[]),
            Some(false) => add("does_not_keep", &[]),
            None => {}
        }
        if let Some(fee) = then.fee {
            let share = self.share(Share { amount: fee.amount, percent: fee.percent });
            match (share, fee.what_for) {
                (None, _) => add("does_no_fee", &[]),
                (Some(share), FeeFor::Shipping) => add("does_fee_shipping", &[("share", &share)]),
                (Some(share), FeeFor::Handling) => add("does_fee_handling", &[("share", &share)]),
            }
        }
        if let Some(share) = then.bonus.and_then(|bonus| self.share(bonus)) {
            add("does_bonus", &[("share", &share)]);
        }
        if let Some(methods) = &then.methods {
            let methods = self.either(methods.iter().map(|method| self.say(&format!("method_{method}"), &[])));
            add("does_methods", &[("methods", &methods)]);
        }
        if let Some(release) = then.release {
            add(release_key(release), &[]);
        }
        if does.is_empty() {
            return None;
        }
        let does = does.join(" ");
        Some(match self.conditions(when) {
            Some(conditions) => self.say("rule_if", &[("if", &conditions), ("then", &does)]),
            None => self.say("rule_always", &[("then", &does)]),
        })
    }

    /// None where there are none.
    fn conditions(&self, when: &When) -> Option<String> {
        let mut all = Vec::new();
        if !when.outcomes.is_empty() {
            let outcomes =
                self.either(when.outcomes.iter().map(|outcome| self.say(&format!("outcome_{outcome}"), &[])));
            all.push(self.say("if_outcomes", &[("list", &outcomes)]));
        }
        if !when.countries.is_empty() {
            let countries = self.either(when.countries.iter().map(|code| self.words.country(code)));
            all.push(self.say("if_countries", &[("list", &countries)]));
        }
        if !when.reasons.is_empty() {
            let reasons = when.reasons.iter().filter_map(|id| self.policy.reason(id));
            let reasons = self.either(reasons.map(|reason| self.words.reason(reason)));
            all.push(self.say("if_reasons", &[("list", &reasons)]));
        }
        for (key, list) in [
            ("if_order_tags", &when.order_tags),
            ("if_discount_codes", &when.discount_codes),
            ("if_product_tags", &when.product_tags),
            ("if_skus", &when.skus),
        ] {
            if !list.is_empty() {
                all.push(self.say(key, &[("list", &self.either(list.iter().cloned()))]));
            }
        }
        for (is, yes, no) in [
            (when.final_sale, "if_final_sale", "if_not_final_sale"),
            (when.digital, "if_digital", "if_not_digital"),
            (when.discounted, "if_discounted", "if_not_discounted"),
        ] {
            all.extend(is.map(|is| self.say(if is { yes } else { no }, &[])));
        }
        let number = |number: i64| number.to_string();
        all.extend(self.range("if_quantity", when.quantity, number));
        all.extend(self.range("if_order_age", when.order_age, number));
        all.extend(self.range("if_price", when.price, |amount| self.amount(amount)));
        all.extend(self.range("if_order_value", when.order_value, |amount| self.amount(amount)));
        if is_personal(when) {
            all.push(self.say("if_some_customers", &[]));
        }
        all.into_iter().reduce(|a, b| self.say("and", &[("a", &a), ("b", &b)]))
    }

    fn range(&self, key: &str, Range { at_least, at_most }: Range, show: impl Fn(i64) -> String) -> Option<String> {
        let range = match (at_least.map(&show), at_most.map(&show)) {
            (None, None) => return None,
            (Some(least), None) => self.say("range_least", &[("a", &least)]),
            (None, Some(most)) => self.say("range_most", &[("b", &most)]),
            (Some(least), Some(most)) if least == most => least,
            (Some(least), Some(most)) => self.say("range_both", &[("a", &least), ("b", &most)]),
        };
        Some(self.say(key, &[("range", &range)]))
    }

    /// `5 %`, `€ 4.90`, or both; none for nothing.
    fn share(&self, Share { amount, percent }: Share) -> Option<String> {
        let percent_words = format!("{percent} %");
        match (amount > 0, percent > 0) {
            (false, false) => None,
            (true, false) => Some(self.amount(amount)),
            (false, true) => Some(percent_words),
            (true, true) => Some(self.say("plus", &[("a", &percent_words), ("b", &self.amount(amount))])),
        }
    }

    fn back(&self) -> Vec<String> {
        let methods = self.policy.methods.iter().map(|method| self.say(&format!("method_{method}"), &[]));
        let mut lines = vec![
            self.say("does_methods", &[("methods", &self.either(methods))]),
            self.say(release_key(self.policy.release), &[]),
            self.say("policy_final_sale", &[]),
        ];
        if self.policy.other_products {
            lines.push(self.say("policy_other", &[]));
        }
        lines
    }

    fn right(&self) -> Vec<String> {
        let rules = &self.policy.withdrawal;
        vec![
            self.say("right_what", &[("n", &rules.days.to_string())]),
            self.say("right_whatever", &[]),
            self.say("right_exceptions", &[]),
        ]
    }

    fn limits(&self) -> Vec<String> {
        let rules = &self.policy.rules;
        let mut lines = Vec::new();
        if rules.iter().any(|rule| rule.then.verdict == Some(Verdict::Review)) {
            lines.push(self.say("limit_review", &[]));
        }
        if rules.iter().any(|rule| is_personal(&rule.when)) {
            lines.push(self.say("limit_customers", &[]));
        }
        if self.has_amounts() {
            let name = money::code("currency", &self.policy.currency).unwrap_or_default();
            lines.push(self.say("limit_currency", &[("currency", &name)]));
        }
        if self.policy.windows.iter().any(|window| window.since == Since::Delivery) {
            lines.push(self.say("limit_delivery", &[]));
        }
        if Kind::ALL.iter().any(|kind| rules.iter().filter(|rule| does(rule, *kind)).count() > 1) {
            lines.push(self.say("limit_order", &[]));
        }
        lines.push(self.say("limit_law", &[]));
        lines
    }

    fn has_amounts(&self) -> bool {
        let none = Range::default();
        self.policy.rules.iter().any(|Rule { when, then, .. }| {
            when.price != none
                || when.order_value != none
                || when.customer_value != none
                || then.fee.is_some_and(|fee| fee.amount > 0)
                || then.bonus.is_some_and(|bonus| bonus.amount > 0)
        })
    }
}

/// It hangs on who somebody is: that is between them and the shop.
fn is_personal(when: &When) -> bool {
    !when.customer_tags.is_empty() || when.returns != Range::default() || when.customer_value != Range::default()
}

fn release_key(release: Release) -> &'static str {
    match release {
        Release::DropOff => "release_drop_off",
        Release::Receipt => "release_receipt",
        Release::Inspection => "release_inspection",
    }
}

fn does(Rule { then, .. }: &Rule, kind: Kind) -> bool {
    match kind {
        Kind::Verdict => then.verdict.is_some(),
        Kind::Days => then.days.is_some(),
        Kind::Keep => then.keep.is_some(),
        Kind::Fee => then.fee.is_some(),
        Kind::Bonus => then.bonus.is_some(),
        Kind::Destination => then.destination.is_some(),
        Kind::Methods => then.methods.is_some(),
        Kind::Release => then.release.is_some(),
    }
}
