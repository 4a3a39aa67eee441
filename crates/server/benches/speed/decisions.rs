//! What decisions cost: of a return policy, on each outcome for one item by a hundred rules; and of a message, what it is about.

use std::time::Instant;

use base::DAY;
use desk::returns::policy::{Facts, Item, Policy, Whole, decide};
use serde_json::json;

use super::{
    client::{at, ms},
    table::Line,
};

const RULES: usize = 100;

pub fn lines() -> Vec<Line> {
    vec![policy(), message()]
}

/// A long message in all that is made of it: intent, spam, language and mood.
fn message() -> Line {
    let text = "Hello, my order 20458 has not arrived yet and I am quite upset about it. ".repeat(30);
    let read = || {
        let begun = Instant::now();
        let (guess, spam) = (text::shop::guess(&text), text::shop::spam(&text));
        let (language, mood) = (text::language::language(&text), text::sentiment::sentiment(&text));
        assert!(guess.is_some() && spam.0 < 0.5 && language.is_some() && mood.score < 0.0);
        ms(begun.elapsed())
    };
    let learned = read();
    let mut times: Vec<f64> = (0..500).map(|_| read()).collect();
    times.sort_by(f64::total_cmp);
    let (median, p99) = (at(&times, 50), at(&times, 99));
    let note = format!("median {median:.2} ms, p99 {p99:.2}; learning at the first {learned:.0}");
    Line::new("a message: intent, spam, language, mood").note(note).within("≤ 5 ms", median <= 5.0)
}

fn policy() -> Line {
    let rule = |number: usize| {
        json!({ "name": format!("Rule {number}"),
            "when": { "product_tags": [format!("tag{number}"), "sale"], "customer_tags": ["vip", format!("c{number}")],
                "skus": [format!("SKU-{number}*")], "order_value": { "at_least": 1000 } },
            "then": { "fee": { "for": "handling", "percent": 5 }, "bonus": { "percent": 10 } } })
    };
    let policy = json!({ "currency": "EUR", "windows": [{ "days": 30, "since": "delivery" }],
        "rules": (0..RULES).map(rule).collect::<Vec<_>>() });
    let policy = Policy::read(policy.to_string().as_bytes()).unwrap();
    let now = 1_795_000_000_000;
    let whole = Whole {
        now,
        zone: jiff::tz::TimeZone::get("Europe/Oslo").unwrap(),
        country: "NO".into(),
        currency: "EUR".into(),
        placed_at: now - 9 * DAY,
        delivered_at: Some(now - 5 * DAY),
        shipped_at: Some(now - 7 * DAY),
        value: 20_000,
        tags: (0..5).map(|number| format!("order{number}")).collect(),
        discount_codes: Vec::new(),
        customer_tags: vec!["vip".into(), "newsletter".into()],
        returns: 2,
        customer_value: 90_000,
    };
    // Every rule is looked at to its end, and the last one fits.
    let item = Item {
        tags: (0..20).map(|number| format!("product{number}")).chain(["sale".into()]).collect(),
        sku: format!("sku-{}-m", RULES - 1),
        price: 8900,
        quantity: 1,
        shipped_at: whole.shipped_at,
        delivered_at: whole.delivered_at,
        ..Item::default()
    };
    let mut times: Vec<f64> = (0..2000)
        .map(|_| {
            let begun = Instant::now();
            let decision = decide(&policy, Facts { whole: &whole, item: &item });
            let took = ms(begun.elapsed());
            assert!(decision.offers[0].verdict.as_str() == "approve" && decision.offers[2].bonus.percent == 10);
            took
        })
        .collect();
    times.sort_by(f64::total_cmp);
    let (median, p99) = (at(&times, 50) * 1000.0, at(&times, 99) * 1000.0);
    let what = format!("return policy of {RULES} rules: one item, all outcomes");
    Line::new(what).note(format!("median {median:.1} µs, p99 {p99:.1}")).within("≤ 50 µs", median <= 50.0)
}
