//! What a shop takes back, by when and at what cost: the policy as data, from which decisions, the page that publishes it
//! and the settings' form are all made.
//!
//! **The order of rules matters only between actions of one kind.** Of each kind, the first rule that fits decides; so a
//! fee can be written above or below a refusal without changing either.

mod check;
mod decide;
mod facts;
mod plain;
mod right;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use base::{Result, web::input::parse};
use jiff::tz::TimeZone;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::shops::Shop;

pub use decide::{Because, Decision, Kind, Offer, Why, decide};
pub use facts::{Facts, Item, Whole};
pub use plain::{Part, plain};
pub use right::{Exception, Holds, Right, is_eea, right};

base::words!(
    /// What somebody gets for what they send back.
    Outcome { Refund = "refund", Exchange = "exchange", StoreCredit = "store_credit" }
);

base::words!(
    /// From when a window is counted.
    Since { Order = "order", Shipment = "shipment", Delivery = "delivery" }
);

base::words!(
    Verdict {
        Approve = "approve",
        /// A person decides.
        Review = "review",
        Reject = "reject",
    }
);

base::words!(
    /// How goods come back.
    Method {
        /// A label to print.
        Label = "label",
        /// A code that is shown, and nothing to print.
        Qr = "qr",
        /// Brought to the shop's own place.
        DropOff = "drop_off",
        /// By a carrier of the shopper's choice, at their own cost.
        Own = "own",
    }
);

base::words!(
    /// When the money goes back.
    Release {
        /// As soon as the carrier has it.
        DropOff = "drop_off",
        Receipt = "receipt",
        Inspection = "inspection",
    }
);

base::words!(
    /// What a fee is for.
    FeeFor {
        /// Of the way back: that may be charged even where the law lets everybody withdraw.
        Shipping = "shipping",
        Handling = "handling",
    }
);

/// One text in several languages, by their tags.
pub type Texts = BTreeMap<String, String>;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "ReturnPolicy")]
pub struct Policy {
    /// ISO 4217: of all amounts in it. For orders in another one a person decides where an amount would.
    pub currency: String,
    /// By when what can be had. An outcome without a window is not offered.
    pub windows: Vec<Window>,
    #[serde(default)]
    pub rules: Vec<Rule>,
    /// Why people send things back, in the order in which they are asked.
    #[serde(default = "usual_reasons")]
    pub reasons: Vec<Reason>,
    /// Where goods go back to; the first where no rule says another.
    #[serde(default)]
    pub destinations: Vec<Destination>,
    /// Ways back where no rule says others, the first being the one proposed.
    #[serde(default = "usual_methods")]
    pub methods: Vec<Method>,
    #[serde(default = "on_receipt")]
    pub release: Release,
    /// Days in which goods have to be handed in once it is agreed; then the return expires.
    #[serde(default = "usual_patience")]
    pub send_within: i64,
    /// In which days begin and end: a time zone of the IANA, such as `Europe/Oslo`; null for the shop's.
    #[serde(default)]
    pub zone: Option<String>,
    #[serde(default)]
    pub withdrawal: Withdrawal,
    /// Items can be exchanged for other products that cost as much or less, too; what they cost less goes back.
    #[serde(default)]
    pub other_products: bool,
}

/// Days in which an outcome can be asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "ReturnWindow")]
pub struct Window {
    /// Empty: each.
    #[serde(default)]
    pub outcomes: Vec<Outcome>,
    /// ISO 3166-1 alpha-2, of where it was sent to. Empty: all that no other window names.
    #[serde(default)]
    pub countries: Vec<String>,
    pub days: i64,
    pub since: Since,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "ReturnRule")]
pub struct Rule {
    /// For those who look why something was decided; shoppers do not see it.
    pub name: String,
    #[serde(default)]
    pub when: When,
    pub then: Then,
}

/// All that is said must be so; what is not said may be anything. A list is fulfilled by any of its entries.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(rename = "ReturnConditions")]
pub struct When {
    pub outcomes: Vec<Outcome>,
    pub countries: Vec<String>,
    /// Ids of reasons.
    pub reasons: Vec<String>,
    pub quantity: Range,
    pub customer_tags: Vec<String>,
    /// Returns that they asked for before, in the last 365 days.
    pub returns: Range,
    /// What they bought so far, refunds taken off.
    pub customer_value: Range,
    pub order_value: Range,
    /// Whole days since it was placed.
    pub order_age: Range,
    pub order_tags: Vec<String>,
    /// Bought at less than its price.
    pub discounted: Option<bool>,
    pub discount_codes: Vec<String>,
    pub product_tags: Vec<String>,
    /// With `*` at its end: all that begin so.
    pub skus: Vec<String>,
    pub final_sale: Option<bool>,
    pub digital: Option<bool>,
    /// Of one piece.
    pub price: Range,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(rename = "ReturnRange")]
pub struct Range {
    pub at_least: Option<i64>,
    pub at_most: Option<i64>,
}

/// What a rule does, at most one of each kind.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(rename = "ReturnActions")]
pub struct Then {
    pub verdict: Option<Verdict>,
    /// What a shopper is told who is refused.
    pub words: Texts,
    /// Days of the window instead of those that it has.
    pub days: Option<i64>,
    /// They need not send it back.
    pub keep: Option<bool>,
    pub fee: Option<Fee>,
    /// On top, for those who take store credit.
    pub bonus: Option<Share>,
    /// The name of one.
    pub destination: Option<String>,
    pub methods: Option<Vec<Method>>,
    pub release: Option<Release>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "ReturnFee")]
pub struct Fee {
    #[serde(rename = "for")]
    pub what_for: FeeFor,
    /// Once for a return, in the smallest unit of the currency.
    #[serde(default)]
    pub amount: i64,
    /// Of what the goods cost.
    #[serde(default)]
    pub percent: i64,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(rename = "ReturnBonus")]
pub struct Share {
    pub amount: i64,
    pub percent: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "ReturnReason")]
pub struct Reason {
    pub id: String,
    /// Needed for those that are the shop's own.
    #[serde(default)]
    pub words: Texts,
    /// Whoever gives it is asked for a picture.
    #[serde(default)]
    pub photos: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "ReturnDestination")]
pub struct Destination {
    pub name: String,
    /// As it stands on a label, line by line, the country's name last.
    pub lines: Vec<String>,
}

/// What the law of the European Union leaves to the shop.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(rename = "ReturnWithdrawal")]
pub struct Withdrawal {
    /// 14 by law; a shop may give more.
    pub days: i64,
    /// Customers with one of these buy for their business, and have no such right.
    pub business_tags: Vec<String>,
    /// Products that it is not for (Directive 2011/83/EU, Article 16), by their tags.
    pub made_to_order: Vec<String>,
    pub perishable: Vec<String>,
    /// Sealed for health or hygiene: the right ends when the seal is broken, which a person has to see.
    pub sealed: Vec<String>,
    /// Digital content that begins at once, by the buyer's own wish.
    pub digital_begun: Vec<String>,
}

impl Default for Withdrawal {
    fn default() -> Self {
        let tag = |tag: &str| vec![tag.to_owned()];
        Self {
            days: right::DAYS,
            business_tags: tag("business"),
            made_to_order: tag("made-to-order"),
            perishable: tag("perishable"),
            sealed: tag("sealed-hygiene"),
            digital_begun: tag("digital-begun"),
        }
    }
}

/// Reasons that have their words in every language.
pub const REASONS: [(&str, bool); 7] = [
    ("too_small", false),
    ("too_large", false),
    ("not_as_expected", false),
    ("damaged", true),
    ("wrong_item", true),
    ("changed_mind", false),
    ("other", false),
];

fn usual_reasons() -> Vec<Reason> {
    REASONS.map(|(id, photos)| Reason { id: id.into(), words: Texts::new(), photos }).into()
}

fn usual_methods() -> Vec<Method> {
    vec![Method::Label, Method::Qr]
}

fn on_receipt() -> Release {
    Release::Receipt
}

fn usual_patience() -> i64 {
    30
}

impl Policy {
    /// Reads it from JSON.
    pub fn read(bytes: &[u8]) -> Result<Self> {
        parse::<Self>(bytes)?.checked()
    }

    /// With one spelling for what is compared. Errors name fields by their paths, all that are wrong at once.
    pub fn checked(mut self) -> Result<Self> {
        self.tidy();
        self.check()?;
        Ok(self)
    }

    /// What a shop begins with: thirty days from delivery for everything, and nothing special.
    pub fn usual(currency: &str) -> Self {
        Self {
            currency: currency.to_owned(),
            windows: vec![Window { outcomes: Vec::new(), countries: Vec::new(), days: 30, since: Since::Delivery }],
            rules: Vec::new(),
            reasons: usual_reasons(),
            destinations: Vec::new(),
            methods: usual_methods(),
            release: on_receipt(),
            send_within: usual_patience(),
            zone: None,
            withdrawal: Withdrawal::default(),
            other_products: false,
        }
    }

    /// The window of an outcome where something was sent; one that names the country stands before one for all.
    pub fn window(&self, outcome: Outcome, country: &str) -> Option<&Window> {
        let fits = |window: &&Window| window.outcomes.is_empty() || window.outcomes.contains(&outcome);
        let here = |window: &&Window| window.countries.iter().any(|one| one == country);
        let known = self.windows.iter().filter(fits).find(here);
        known.or_else(|| self.windows.iter().filter(fits).find(|window| window.countries.is_empty()))
    }

    pub fn zone(&self, shop: &Shop) -> TimeZone {
        self.zone.as_deref().and_then(|name| TimeZone::get(name).ok()).unwrap_or_else(|| shop.zone())
    }

    pub fn reason(&self, id: &str) -> Option<&Reason> {
        self.reasons.iter().find(|reason| reason.id == id)
    }

    pub fn destination(&self, name: Option<&str>) -> Option<&Destination> {
        match name {
            Some(name) => self.destinations.iter().find(|one| one.name == name),
            None => self.destinations.first(),
        }
    }
}

/// A text in a language, or in whichever there is.
pub fn said<'t>(texts: &'t Texts, language: &str) -> Option<&'t str> {
    let found = texts.get(language).or_else(|| texts.get("en")).or_else(|| texts.values().next());
    found.map(String::as_str)
}
