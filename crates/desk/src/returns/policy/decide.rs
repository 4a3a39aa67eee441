//! What a policy says to one item: for each outcome whether it can be had, until when, at what cost, and which rule led to
//! what. Pure, and quick enough to be asked for every line of every order that is shown.

use base::{DAY, Stamp, Time};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    Facts, Fee, FeeFor, Holds, Method, Outcome, Policy, Range, Release, Right, Rule, Share, Since, Texts, Verdict,
    When,
    right::{end, right},
};

/// A parcel of which nobody says that it was delivered is taken to have been so long on its way.
const ON_ITS_WAY: Time = 14 * DAY;

base::words!(
    /// What a rule can decide; within one kind the first that fits does.
    Kind {
        Verdict = "verdict",
        Days = "days",
        Keep = "keep",
        Fee = "fee",
        Bonus = "bonus",
        Destination = "destination",
        Methods = "methods",
        Release = "release",
    }
);

base::words!(
    Why {
        Rule = "rule",
        FinalSale = "final_sale",
        Digital = "digital",
        /// This outcome has no window where it was sent to.
        NotOffered = "not_offered",
        WindowOver = "window_over",
        NotShipped = "not_shipped",
        /// Nobody said when it was delivered.
        DeliveryUnknown = "delivery_unknown",
        /// A rule hangs on an amount, and the order is in another currency.
        OtherCurrency = "other_currency",
        /// The law gives it, whatever the rules say.
        Right = "right",
        /// The law may give it.
        PerhapsRight = "perhaps_right",
    }
);

/// One step on the way to a decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "ReturnBecause")]
pub struct Because {
    pub kind: Kind,
    pub why: Why,
    /// The rule's name.
    pub rule: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[schemars(rename = "ReturnDecision")]
pub struct Decision {
    pub right: Right,
    pub offers: [Offer; 3],
}

/// What becomes of one outcome.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "ReturnOffer")]
pub struct Offer {
    pub outcome: Outcome,
    pub verdict: Verdict,
    /// What the shop's rule says to those whom it refuses, by language.
    pub words: Texts,
    /// The first moment that is too late; none while it has not begun to run.
    pub until: Option<Stamp>,
    pub keep: bool,
    pub fee: Option<Fee>,
    pub bonus: Share,
    pub destination: Option<String>,
    pub methods: Vec<Method>,
    pub release: Release,
    pub because: Vec<Because>,
}

impl Decision {
    pub fn offer(&self, outcome: Outcome) -> &Offer {
        let [refund, exchange, credit] = &self.offers;
        match outcome {
            Outcome::Refund => refund,
            Outcome::Exchange => exchange,
            Outcome::StoreCredit => credit,
        }
    }
}

pub fn decide(policy: &Policy, facts: Facts<'_>) -> Decision {
    let right = right(policy, facts);
    let fits: Vec<Fit> = policy.rules.iter().map(|rule| fit(policy, &rule.when, facts)).collect();
    let offer = |outcome| offer(policy, facts, &fits, right, outcome);
    Decision { right, offers: [offer(Outcome::Refund), offer(Outcome::Exchange), offer(Outcome::StoreCredit)] }
}

/// Whether a rule's conditions are fulfilled, outcomes aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fit {
    Yes,
    No,
    /// They would be, but for an amount in a currency that the order is not in.
    Unknown,
}

/// The first rule of a kind that fits an outcome.
struct First<'r, T> {
    found: Option<(&'r Rule, T)>,
    /// One before it hangs on an amount that cannot be compared.
    unclear: bool,
}

fn first<'r, T>(
    policy: &'r Policy,
    fits: &[Fit],
    outcome: Outcome,
    of: impl Fn(&'r Rule) -> Option<T>,
) -> First<'r, T> {
    let mut unclear = false;
    for (rule, fit) in policy.rules.iter().zip(fits) {
        let here = rule.when.outcomes.is_empty() || rule.when.outcomes.contains(&outcome);
        let value = if here && *fit != Fit::No { of(rule) } else { None };
        match value {
            Some(_) if *fit == Fit::Unknown => unclear = true,
            Some(value) => return First { found: Some((rule, value)), unclear },
            None => {}
        }
    }
    First { found: None, unclear }
}

fn offer(policy: &Policy, facts: Facts<'_>, fits: &[Fit], right: Right, outcome: Outcome) -> Offer {
    let mut because = Vec::new();
    let mut unclear = false;
    macro_rules! take {
        ($kind:ident, $of:expr) => {{
            let first = first(policy, fits, outcome, $of);
            unclear |= first.unclear;
            first.found.map(|(rule, value)| {
                because.push(Because { kind: Kind::$kind, why: Why::Rule, rule: Some(rule.name.clone()) });
                value
            })
        }};
    }
    let ruled = take!(Verdict, |rule| rule.then.verdict.map(|verdict| (verdict, &rule.then.words)));
    let days = take!(Days, |rule| rule.then.days);
    let keep = take!(Keep, |rule| rule.then.keep).unwrap_or(false);
    let fee = take!(Fee, |rule| rule.then.fee).filter(|fee| fee.amount > 0 || fee.percent > 0);
    let bonus = take!(Bonus, |rule| rule.then.bonus.filter(|_| outcome == Outcome::StoreCredit)).unwrap_or_default();
    let destination = take!(Destination, |rule| rule.then.destination.clone());
    let methods = take!(Methods, |rule| rule.then.methods.clone());
    let release = take!(Release, |rule| rule.then.release);
    // An amount that is written in another currency says nothing here.
    let foreign = policy.currency != facts.whole.currency;
    let said = fee.is_some_and(|fee| fee.amount > 0) || bonus.amount > 0;
    unclear |= foreign && said;
    let mut offer = Offer {
        outcome,
        verdict: Verdict::Approve,
        words: Texts::new(),
        until: None,
        keep,
        fee: fee.filter(|fee| !foreign || fee.amount == 0),
        bonus: if foreign && bonus.amount > 0 { Share::default() } else { bonus },
        destination,
        methods: methods.unwrap_or_else(|| policy.methods.clone()),
        release: release.unwrap_or(policy.release),
        because,
    };
    match ruled {
        Some((verdict, words)) => {
            offer.verdict = verdict;
            if verdict == Verdict::Reject {
                offer.words.clone_from(words);
            }
        }
        None if facts.item.final_sale => offer.worse(Verdict::Reject, Why::FinalSale),
        None if facts.item.digital => offer.worse(Verdict::Reject, Why::Digital),
        None => {}
    }
    if unclear {
        offer.worse(Verdict::Review, Why::OtherCurrency);
    }
    window(policy, facts, days, &mut offer);
    if outcome == Outcome::Refund {
        lawful(facts, right, &mut offer);
    }
    offer
}

impl Offer {
    /// Never better than it was.
    fn worse(&mut self, verdict: Verdict, why: Why) {
        if verdict > self.verdict {
            self.verdict = verdict;
        }
        self.because.push(Because { kind: Kind::Verdict, why, rule: None });
    }
}

/// Whether it is in time.
fn window(policy: &Policy, Facts { whole, item }: Facts<'_>, days: Option<i64>, offer: &mut Offer) {
    let Some(window) = policy.window(offer.outcome, &whole.country) else {
        return offer.worse(Verdict::Reject, Why::NotOffered);
    };
    let Some(shipped) = item.shipped_at else { return offer.worse(Verdict::Reject, Why::NotShipped) };
    let days = days.unwrap_or(window.days);
    let (begin, is_guess) = match window.since {
        Since::Order => (whole.placed_at, false),
        Since::Shipment => (shipped, false),
        Since::Delivery => (item.delivered_at.unwrap_or(shipped + ON_ITS_WAY), item.delivered_at.is_none()),
    };
    let until = end(begin, days, &whole.zone, false);
    let over = until <= whole.now;
    if !is_guess {
        offer.until = Some(Stamp(until));
    }
    match (over, is_guess) {
        (true, true) => offer.worse(Verdict::Review, Why::DeliveryUnknown),
        (true, false) => offer.worse(Verdict::Reject, Why::WindowOver),
        (false, _) => {}
    }
}

/// What the law gives stands above what the rules say: the refund, no later than the shopper shows that it was sent, and
/// nothing taken off but the way back.
fn lawful(Facts { item, .. }: Facts<'_>, right: Right, offer: &mut Offer) {
    match right.holds {
        Holds::No => return,
        Holds::Unsure => {
            if offer.verdict == Verdict::Reject {
                offer.verdict = Verdict::Review;
                offer.words.clear();
                offer.because.push(Because { kind: Kind::Verdict, why: Why::PerhapsRight, rule: None });
            }
            return;
        }
        Holds::Yes => {}
    }
    let mut lawful = |kind| offer.because.push(Because { kind, why: Why::Right, rule: None });
    // What was not sent yet has to be stopped by somebody.
    let verdict = if item.shipped_at.is_none() { Verdict::Review } else { Verdict::Approve };
    if offer.verdict != verdict {
        offer.verdict = verdict;
        offer.words.clear();
        lawful(Kind::Verdict);
    }
    // And what was not sent has no way back that could cost anything.
    if offer.fee.is_some_and(|fee| fee.what_for == FeeFor::Handling || item.shipped_at.is_none()) {
        offer.fee = None;
        lawful(Kind::Fee);
    }
    if offer.release != Release::DropOff {
        offer.release = Release::DropOff;
        lawful(Kind::Release);
    }
    let longer = right.until.is_none_or(|until| offer.until.is_none_or(|end| end < until));
    if longer && offer.until != right.until {
        offer.until = right.until;
        lawful(Kind::Days);
    }
}

fn fit(policy: &Policy, when: &When, Facts { whole, item }: Facts<'_>) -> Fit {
    let any = |wanted: &[String], there: &[String]| wanted.is_empty() || wanted.iter().any(|one| there.contains(one));
    let is = |wanted: Option<bool>, there: bool| wanted.is_none_or(|wanted| wanted == there);
    let sku = |wanted: &String| match wanted.strip_suffix('*') {
        Some(beginning) => item.sku.starts_with(beginning),
        None => item.sku == *wanted,
    };
    let fits = (when.countries.is_empty() || when.countries.contains(&whole.country))
        && (when.reasons.is_empty() || when.reasons.contains(&item.reason))
        && when.quantity.holds(item.quantity)
        && when.returns.holds(whole.returns)
        && when.order_age.holds(whole.age())
        && any(&when.customer_tags, &whole.customer_tags)
        && any(&when.order_tags, &whole.tags)
        && any(&when.discount_codes, &whole.discount_codes)
        && any(&when.product_tags, &item.tags)
        && is(when.discounted, item.discounted)
        && is(when.final_sale, item.final_sale)
        && is(when.digital, item.digital)
        && (when.skus.is_empty() || when.skus.iter().any(sku));
    let amounts =
        [(when.customer_value, whole.customer_value), (when.order_value, whole.value), (when.price, item.price)];
    let named = amounts.iter().any(|(range, _)| *range != Range::default());
    match () {
        () if !fits => Fit::No,
        () if named && policy.currency != whole.currency => Fit::Unknown,
        () if amounts.iter().all(|(range, amount)| range.holds(*amount)) => Fit::Yes,
        () => Fit::No,
    }
}

impl Range {
    pub fn holds(self, value: i64) -> bool {
        self.at_least.is_none_or(|least| value >= least) && self.at_most.is_none_or(|most| value <= most)
    }
}

impl Fee {
    /// What it takes of goods that cost this much.
    pub fn of(self, worth: i64) -> i64 {
        self.amount.saturating_add(worth.saturating_mul(self.percent) / 100).clamp(0, worth.max(0))
    }
}

impl Share {
    pub fn of(self, worth: i64) -> i64 {
        self.amount.saturating_add(worth.saturating_mul(self.percent) / 100).max(0)
    }
}
