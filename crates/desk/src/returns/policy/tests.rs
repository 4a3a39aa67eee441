//! The policy as its shop's people and shoppers know it, and what holds for every policy there can be.

use base::{DAY, Error, Stamp, Time};
use connectors::order::{Address, Line, Order, Pieces, Shipment};
use jiff::tz::TimeZone;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::returns::words::Words;

const NOW: Time = 1_795_000_000_000;

fn whole() -> Whole {
    Whole {
        now: NOW,
        zone: TimeZone::UTC,
        country: "DE".into(),
        currency: "EUR".into(),
        placed_at: NOW - 10 * DAY,
        delivered_at: Some(NOW - 5 * DAY),
        shipped_at: Some(NOW - 8 * DAY),
        value: 20_000,
        tags: Vec::new(),
        discount_codes: Vec::new(),
        customer_tags: Vec::new(),
        returns: 0,
        customer_value: 50_000,
    }
}

fn item() -> Item {
    Item {
        price: 8900,
        quantity: 1,
        reason: "too_small".into(),
        sku: "ull-m".into(),
        shipped_at: Some(NOW - 8 * DAY),
        delivered_at: Some(NOW - 5 * DAY),
        ..Item::default()
    }
}

fn read(change: impl FnOnce(&mut Value)) -> base::Result<Policy> {
    let mut policy = json!({ "currency": "EUR", "windows": [{ "days": 30, "since": "delivery" }] });
    change(&mut policy);
    Policy::read(policy.to_string().as_bytes())
}

fn with_rules(rules: &Value) -> base::Result<Policy> {
    read(|policy| policy["rules"] = rules.clone())
}

fn refund(policy: &Policy, whole: &Whole, item: &Item) -> Offer {
    decide(policy, Facts { whole, item }).offer(Outcome::Refund).clone()
}

fn why(offer: &Offer) -> Vec<(Kind, Why)> {
    offer.because.iter().map(|because| (because.kind, because.why)).collect()
}

#[test]
fn windows_are_counted_from_what_they_say_and_by_country() -> base::Result<()> {
    let policy = read(|policy| {
        policy["windows"] = json!([
            { "outcomes": ["refund"], "days": 20, "since": "order" },
            { "outcomes": ["refund"], "countries": ["us", "CA"], "days": 5, "since": "shipment" },
            { "outcomes": ["exchange"], "days": 60, "since": "delivery" },
        ]);
    });
    let policy = policy?;
    let mut whole = Whole { country: "CH".into(), ..whole() };
    let decision = decide(&policy, Facts { whole: &whole, item: &item() });
    let verdicts = decision.offers.each_ref().map(|offer| offer.verdict);
    assert_eq!(verdicts, [Verdict::Approve, Verdict::Approve, Verdict::Reject], "store credit has no window");
    assert_eq!(why(decision.offer(Outcome::StoreCredit)), [(Kind::Verdict, Why::NotOffered)]);
    whole.country = "US".into();
    let offer = refund(&policy, &whole, &item());
    assert_eq!((offer.verdict, why(&offer)), (Verdict::Reject, vec![(Kind::Verdict, Why::WindowOver)]));
    whole.country = "CH".into();
    whole.placed_at = NOW - 21 * DAY;
    assert_eq!(refund(&policy, &whole, &item()).verdict, Verdict::Reject);
    // Nobody said when it was delivered: in time as long as it may be, and then a person looks.
    let unknown = |days| Item { delivered_at: None, shipped_at: Some(NOW - days * DAY), ..item() };
    let exchange = |item: &Item| decide(&policy, Facts { whole: &whole, item }).offer(Outcome::Exchange).clone();
    assert_eq!((exchange(&unknown(70)).verdict, exchange(&unknown(70)).until), (Verdict::Approve, None));
    assert_eq!(exchange(&unknown(80)).verdict, Verdict::Review);
    assert_eq!(why(&exchange(&Item { shipped_at: None, ..item() })), [(Kind::Verdict, Why::NotShipped)]);
    Ok(())
}

#[test]
fn the_first_rule_that_fits_decides_within_its_kind() -> base::Result<()> {
    let policy = with_rules(&json!([
        { "name": "Old friends", "when": { "customer_tags": ["VIP"] }, "then": { "verdict": "approve", "fee": { "for": "handling" } } },
        { "name": "Sale", "when": { "product_tags": ["Sale"] }, "then": { "verdict": "reject", "words": { "en": "Sale." } } },
        { "name": "Fee", "then": { "fee": { "for": "handling", "amount": 500, "percent": 10 } } },
        { "name": "Bonus", "then": { "bonus": { "percent": 10 } } },
        { "name": "Cheap", "when": { "price": { "at_most": 1000 } }, "then": { "keep": true } },
        { "name": "Far", "when": { "countries": ["CH"], "skus": ["ULL-*"] }, "then": { "methods": ["own"], "release": "inspection" } },
    ]))?;
    let mut whole = Whole { country: "CH".into(), ..whole() };
    let sale = Item { tags: vec!["sale".into()], ..item() };
    let offer = refund(&policy, &whole, &sale);
    assert_eq!((offer.verdict, offer.words["en"].as_str()), (Verdict::Reject, "Sale."));
    assert_eq!(offer.fee.map(|fee| fee.of(10_000)), Some(1500));
    assert_eq!((offer.methods.as_slice(), offer.release), (&[Method::Own][..], Release::Inspection));
    let rules: Vec<_> = offer.because.iter().filter_map(|because| because.rule.as_deref()).collect();
    assert_eq!(rules, ["Sale", "Fee", "Far", "Far"]);
    assert!(!offer.keep && refund(&policy, &whole, &Item { price: 1000, ..item() }).keep);
    whole.customer_tags = vec!["vip".into()];
    let offer = refund(&policy, &whole, &sale);
    assert_eq!((offer.verdict, offer.fee), (Verdict::Approve, None), "the fee of nothing stands above the other");
    let decision = decide(&policy, Facts { whole: &whole, item: &sale });
    assert_eq!(decision.offer(Outcome::StoreCredit).bonus.of(8900), 890);
    assert_eq!(decision.offer(Outcome::Exchange).bonus.of(8900), 0);
    Ok(())
}

#[test]
fn final_sale_and_digital_need_a_rule_that_takes_them_back() -> base::Result<()> {
    let policy = with_rules(&json!([
        { "name": "Broken", "when": { "reasons": ["damaged"] }, "then": { "verdict": "approve" } },
    ]))?;
    let whole = Whole { country: "US".into(), ..whole() };
    let sale = Item { final_sale: true, ..item() };
    assert_eq!(why(&refund(&policy, &whole, &sale)), [(Kind::Verdict, Why::FinalSale)]);
    assert_eq!(refund(&policy, &whole, &Item { digital: true, ..item() }).verdict, Verdict::Reject);
    assert_eq!(refund(&policy, &whole, &Item { reason: "damaged".into(), ..sale }).verdict, Verdict::Approve);
    Ok(())
}

#[test]
fn an_amount_in_another_currency_is_for_a_person() -> base::Result<()> {
    let policy = with_rules(&json!([
        { "name": "Dear", "when": { "price": { "at_least": 50_000 } }, "then": { "fee": { "for": "handling", "percent": 5 } } },
    ]))?;
    let whole = Whole { country: "US".into(), currency: "USD".into(), ..whole() };
    let offer = refund(&policy, &whole, &item());
    assert_eq!((offer.verdict, why(&offer)), (Verdict::Review, vec![(Kind::Verdict, Why::OtherCurrency)]));
    let fixed = with_rules(&json!([{ "name": "Way", "then": { "fee": { "for": "shipping", "amount": 490 } } }]))?;
    let offer = refund(&fixed, &whole, &item());
    assert_eq!((offer.verdict, offer.fee), (Verdict::Review, None), "4.90 EUR are not 4.90 USD");
    Ok(())
}

#[test]
fn no_rule_takes_the_right_to_withdraw_away() -> base::Result<()> {
    let policy = with_rules(&json!([
        { "name": "Never", "then": { "verdict": "reject", "words": { "en": "No." }, "release": "inspection",
            "days": 0, "fee": { "for": "handling", "percent": 50 } } },
    ]))?;
    let sale = Item { final_sale: true, ..item() };
    let mut whole = whole();
    let offer = refund(&policy, &whole, &sale);
    assert_eq!((offer.verdict, offer.fee, offer.release), (Verdict::Approve, None, Release::DropOff));
    assert_eq!(offer.until, Some(Stamp(right::end(NOW - 5 * DAY, 14, &TimeZone::UTC, true))));
    assert!(offer.words.is_empty(), "nobody is told a refusal that does not hold");
    for (tag, verdict) in [
        ("made-to-order", Verdict::Reject),
        ("perishable", Verdict::Reject),
        ("digital-begun", Verdict::Reject),
        ("sealed-hygiene", Verdict::Review),
    ] {
        assert_eq!(refund(&policy, &whole, &Item { tags: vec![tag.into()], ..sale.clone() }).verdict, verdict, "{tag}");
    }
    assert_eq!(refund(&policy, &whole, &Item { shipped_at: None, ..sale.clone() }).verdict, Verdict::Review);
    whole.delivered_at = None;
    assert_eq!(refund(&policy, &whole, &sale).until, None, "the period begins with the last item");
    whole.delivered_at = Some(NOW - 20 * DAY);
    assert_eq!(refund(&policy, &whole, &sale).verdict, Verdict::Reject, "the period is over");
    let abroad = Whole { country: "GB".into(), delivered_at: Some(NOW - DAY), ..whole.clone() };
    assert_eq!(refund(&policy, &abroad, &sale).verdict, Verdict::Reject);
    let firm = Whole { customer_tags: vec!["business".into()], delivered_at: Some(NOW - DAY), ..whole };
    assert_eq!(refund(&policy, &firm, &sale).verdict, Verdict::Reject);
    Ok(())
}

#[test]
fn what_is_wrong_is_named_by_its_path() {
    let fields = |change: fn(&mut Value)| match read(change) {
        Err(Error::Invalid(wrong)) => wrong.into_iter().map(|wrong| wrong.field).collect::<Vec<_>>().join(" "),
        other => format!("{other:?}"),
    };
    for (change, wrong) in [
        ((|p| p["currency"] = json!("EURO")) as fn(&mut Value), "currency"),
        (|p| p["windows"] = json!([]), "windows"),
        (
            |p| {
                p["windows"] =
                    json!([{ "days": 3, "since": "order" }, { "days": 4, "since": "order", "outcomes": ["refund"] }]);
            },
            "windows[1]",
        ),
        (|p| p["windows"][0]["since"] = json!("birth"), "windows[0].since"),
        (|p| p["windows"][0]["countries"] = json!(["Norway"]), "windows[0].countries[0]"),
        (|p| p["rules"] = json!([{ "name": "x", "then": {} }]), "rules[0].then"),
        (|p| p["rules"] = json!([{ "name": "x", "when": { "prise": {} }, "then": {} }]), "rules[0].when.prise"),
        (|p| p["rules"] = json!([{ "name": "x", "then": { "verdict": "reject" } }]), "rules[0].then.words"),
        (
            |p| p["rules"] = json!([{ "name": "", "when": { "reasons": ["x"] }, "then": { "fee": { "for": "shipping", "percent": 5 } } }]),
            "rules[0].name rules[0].when.reasons[0] rules[0].then.fee.percent",
        ),
        (
            |p| p["rules"] = json!([{ "name": "x", "when": { "price": { "at_least": 5, "at_most": 4 } }, "then": { "destination": "Moon" } }]),
            "rules[0].when.price.at_most rules[0].then.destination",
        ),
        (|p| p["withdrawal"] = json!({ "days": 10 }), "withdrawal.days"),
        (|p| p["reasons"] = json!([{ "id": "mine" }]), "reasons[0].words"),
    ] {
        assert_eq!(fields(change), wrong);
    }
}

#[test]
fn the_policy_reads_as_plain_words_in_every_language() -> base::Result<()> {
    let policy = with_rules(&json!([
        { "name": "Sale", "when": { "product_tags": ["sale"], "countries": ["NO", "SE"] }, "then": { "verdict": "reject", "words": { "en": "Sold as seen." } } },
        { "name": "Secret", "when": { "returns": { "at_least": 5 } }, "then": { "verdict": "review" } },
        { "name": "Way", "when": { "outcomes": ["refund"] }, "then": { "fee": { "for": "shipping", "amount": 490 } } },
        { "name": "Bonus", "then": { "bonus": { "percent": 10 } } },
    ]))?;
    let page = |language| -> String {
        plain(&policy, &Words::ours(language)).into_iter().flat_map(|part| part.lines).collect::<Vec<_>>().join("\n")
    };
    let english = page("en");
    for line in [
        "You can ask for a refund, an exchange or store credit within 30 days of delivery.",
        "If it was sent to Norway or Sweden, and the product is marked sale: We do not take it back: Sold as seen.",
        "If you ask for a refund: The way back costs EUR 4.90, taken off what you get.",
        "Always: Store credit is 10 % more.",
        "Some requests are decided by a person, and that may take some days.",
        "Some of this may differ for customers by what they bought and sent back before. What holds for you is shown before you send anything.",
        "Where two lines of the same kind fit, the upper one holds.",
    ] {
        assert!(english.contains(line), "{line}\n\nis not in\n\n{english}");
    }
    assert!(!english.contains("at least 5") && !english.contains("Secret"), "how often one may is not for everybody");
    for (language, _) in crate::forms::LANGUAGES {
        let page = page(language);
        assert!(page.lines().count() >= 12 && !page.contains(['{', '}']), "{language}: {page}");
    }
    Ok(())
}

#[test]
fn facts_come_from_the_order_as_its_platform_has_it() {
    let parcel = |id: &str, delivered: Option<i64>| Shipment {
        id: id.into(),
        pieces: vec![Pieces { line: id.into(), quantity: 1 }],
        shipped_at: Some(Stamp(NOW - 3 * DAY)),
        delivered_at: delivered.map(Stamp),
        ..Shipment::default()
    };
    let line =
        |id: &str| Line { id: id.into(), quantity: 1, shipped: 1, tags: vec![" Sale ".into()], ..Line::default() };
    let mut order = Order {
        currency: "EUR".into(),
        lines: vec![line("a"), line("b")],
        shipments: vec![parcel("a", Some(NOW - DAY)), parcel("b", None)],
        shipping_address: Some(Address { country: "no".into(), ..Address::default() }),
        ..Order::default()
    };
    let whole = |order: &Order| Whole::of(order, NOW, TimeZone::UTC);
    assert_eq!((whole(&order).delivered_at, whole(&order).country.as_str()), (None, "NO"), "a parcel is on its way");
    let item = Item::of(&order, &order.lines[0], 1, "other");
    assert_eq!((item.delivered_at, item.tags), (Some(NOW - DAY), vec!["sale".to_owned()]));
    assert_eq!(Item::of(&order, &order.lines[1], 1, "other").delivered_at, None);
    order.shipments[1].delivered_at = Some(Stamp(NOW));
    assert_eq!(whole(&order).delivered_at, Some(NOW), "the last item counts");
}

fn range() -> impl Strategy<Value = Range> {
    (proptest::option::of(0..4_i64), proptest::option::of(0..4_i64))
        .prop_map(|(at_least, at_most)| Range { at_least, at_most })
}

fn when() -> impl Strategy<Value = When> {
    let tags = proptest::collection::vec(proptest::sample::select(vec!["a".to_owned(), "b".to_owned()]), 0..2);
    let outcomes = proptest::collection::vec(proptest::sample::select(Outcome::ALL.to_vec()), 0..2);
    (tags.clone(), tags, outcomes, range(), range(), proptest::option::of(any::<bool>())).prop_map(
        |(product_tags, customer_tags, outcomes, price, returns, final_sale)| When {
            outcomes,
            customer_tags,
            returns,
            product_tags,
            final_sale,
            price,
            ..When::default()
        },
    )
}

/// An action of one kind.
fn then() -> impl Strategy<Value = (u8, Then)> {
    (0..8_u8, 0..3_i64).prop_map(|(kind, value)| {
        let pick = usize::try_from(value).unwrap_or(0);
        let mut then = Then::default();
        match kind {
            0 => then.verdict = Some(Verdict::ALL[pick]),
            1 => then.days = Some(value * 10),
            2 => then.keep = Some(value > 0),
            3 => {
                let what_for = if value == 1 { FeeFor::Shipping } else { FeeFor::Handling };
                then.fee = Some(Fee { what_for, amount: value * 100, percent: 0 });
            }
            4 => then.bonus = Some(Share { amount: value, percent: value }),
            5 => then.destination = Some(value.to_string()),
            6 => then.methods = Some(vec![Method::ALL[pick]]),
            _ => then.release = Some(Release::ALL[pick]),
        }
        (kind, then)
    })
}

fn rules() -> impl Strategy<Value = Vec<(u8, Rule)>> {
    let rule = (when(), then());
    proptest::collection::vec(rule, 0..12).prop_map(|rules| {
        let named = |(place, (when, (kind, then))): (usize, (When, (u8, Then)))| {
            (kind, Rule { name: format!("rule {place}"), when, then })
        };
        rules.into_iter().enumerate().map(named).collect()
    })
}

prop_compose! {
    fn facts()(tags in proptest::collection::vec(proptest::sample::select(vec!["a", "b", "made-to-order", "sealed-hygiene"]), 0..3),
        vip in any::<bool>(), price in 0..4_i64, returns in 0..4_i64, final_sale in any::<bool>(), digital in any::<bool>(),
        country in proptest::sample::select(vec!["DE", "US", "NO", ""]), currency in proptest::sample::select(vec!["EUR", "USD"]),
        delivered in proptest::option::of(0..40_i64), shipped in proptest::option::of(0..90_i64)) -> (Whole, Item) {
        let day = |days: Option<i64>| days.map(|days| NOW - days * DAY);
        let whole = Whole { country: country.into(), currency: currency.into(), returns,
            customer_tags: if vip { vec!["a".into()] } else { Vec::new() }, delivered_at: day(delivered),
            shipped_at: day(shipped), placed_at: NOW - 95 * DAY, ..whole() };
        let item = Item { tags: tags.into_iter().map(str::to_owned).collect(), price, final_sale, digital,
            shipped_at: day(shipped), delivered_at: day(delivered), ..item() };
        (whole, item)
    }
}

proptest! {
    #[test]
    fn order_matters_only_between_actions_of_one_kind(mut rules in rules(), (whole, item) in facts()) {
        let decide = |rules: &[(u8, Rule)]| {
            let rules = rules.iter().map(|(_, rule)| rule.clone()).collect();
            decide(&Policy { rules, ..Policy::usual("EUR") }, Facts { whole: &whole, item: &item })
        };
        let as_written = decide(&rules);
        rules.sort_by_key(|(kind, _)| *kind);
        prop_assert_eq!(&decide(&rules), &as_written);
        rules.sort_by_key(|(kind, _)| 8 - kind);
        prop_assert_eq!(&decide(&rules), &as_written);
    }

    #[test]
    fn the_law_stands_above_every_rule(rules in rules(), (whole, item) in facts(), days in 0..40_i64) {
        let mut policy = Policy { rules: rules.into_iter().map(|(_, rule)| rule).collect(), ..Policy::usual("EUR") };
        policy.windows[0].days = days;
        let decision = decide(&policy, Facts { whole: &whole, item: &item });
        let offer = decision.offer(Outcome::Refund);
        match decision.right.holds {
            Holds::Yes => {
                prop_assert_ne!(offer.verdict, Verdict::Reject);
                prop_assert!(item.shipped_at.is_none() || offer.verdict == Verdict::Approve);
                prop_assert!(item.shipped_at.is_some() || offer.fee.is_none(), "nothing comes back");
                prop_assert!(offer.fee.is_none_or(|fee| fee.what_for == FeeFor::Shipping));
                prop_assert_eq!(offer.release, Release::DropOff);
                prop_assert!(decision.right.until.is_none_or(|until| offer.until.is_none_or(|end| end >= until)));
            }
            Holds::Unsure => prop_assert_ne!(offer.verdict, Verdict::Reject),
            Holds::No => {}
        }
    }
}
