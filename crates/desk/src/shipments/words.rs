//! In which words a shopper is told of an order or a parcel: the shop's own, where it has some and all that they ask for is known, else
//! ours.

use std::collections::BTreeMap;

use base::{App, Error, Result};
use minijinja::context;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Shipment;
use crate::{
    customers::Customer,
    letters::{self, Written},
    orders::{self, Known},
    shops::{self, Shop, language_tag},
    variables::{self, Fact, Facts},
};

/// The shop's own words for something, in one language.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "OrderUpdateText")]
pub struct Own {
    /// Plain text with variables such as `{{order.number}}`.
    pub subject: String,
    pub text: String,
}

impl Own {
    pub fn check(&self, inside: &str) -> Result<()> {
        let field = |part: &str| format!("{inside}.{part}");
        shops::line(&field("subject"), &self.subject, 200)?;
        if self.text.trim().is_empty() || self.text.chars().count() > 5000 {
            return Err(Error::invalid(field("text"), "must have 1 to 5000 characters"));
        }
        variables::check(&field("subject"), &self.subject)?;
        variables::check(&field("text"), &self.text)
    }
}

/// Own words by language, as in BCP 47.
pub type Texts = BTreeMap<String, Own>;

pub fn check(texts: &Texts, field: &str) -> Result<()> {
    for (tag, own) in texts {
        language_tag(field, tag)?;
        own.check(&format!("{field}.{tag}"))?;
    }
    Ok(())
}

/// Those in this language, or in it as it is spoken elsewhere.
pub fn own<'a>(texts: &'a Texts, language: &str) -> Option<&'a Own> {
    let primary = language.split('-').next().unwrap_or_default();
    texts.get(language).or_else(|| texts.get(primary))
}

/// What is told to whom.
pub struct Told<'a> {
    pub known: &'a Known,
    /// The parcel that it is about; the last that was sent where that is left open.
    pub parcel: Option<&'a Shipment>,
    pub customer: Option<&'a Customer>,
    pub shop: &'a Shop,
    pub language: &'a str,
    /// The letter in our words, and which of those that are in it.
    pub letter: &'static str,
    pub kind: &'a str,
    /// Where it goes; nobody where it is only shown.
    pub to: Option<&'a str>,
}

impl Told<'_> {
    pub async fn written(&self, app: &App, texts: &Texts) -> Result<Written> {
        if let Some(own) = own(texts, self.language) {
            let (written, missing) = self.own(app, own);
            if missing.is_empty() {
                return Ok(written);
            }
            let (order, kind) = (self.known.id, self.kind);
            tracing::info!(%order, %kind, "an own text asks for what is not known of an order, ours is sent");
        }
        self.ours(app).await
    }

    /// With the variables of which nobody knows the value.
    pub fn own(&self, app: &App, own: &Own) -> (Written, Vec<String>) {
        let facts = self.facts(app);
        let (subject, text) = (facts.fill_text(&own.subject), facts.fill_text(&own.text));
        let mut missing = subject.missing;
        missing.extend(text.missing);
        missing.sort_unstable();
        missing.dedup();
        let subject = subject.html.split_whitespace().collect::<Vec<_>>().join(" ");
        (Written { subject, html: mail::html::from_text(&text.html), text: text.html }, missing)
    }

    pub async fn ours(&self, app: &App) -> Result<Written> {
        let facts = self.facts(app);
        let said = |name: &str| {
            let filled = facts.fill_text(&format!("{{{{{name}}}}}"));
            filled.missing.is_empty().then_some(filled.html)
        };
        self.in_our_words(app, said).await
    }

    /// Our words with variables in the places of what is known, for somebody to go on from.
    pub async fn draft(&self, app: &App) -> Result<Own> {
        let written = self.in_our_words(app, |name| Some(format!("{{{{{name}}}}}"))).await?;
        Ok(Own { subject: written.subject, text: written.text })
    }

    async fn in_our_words(&self, app: &App, said: impl Fn(&str) -> Option<String>) -> Result<Written> {
        let about = context! {
            kind => self.kind,
            shop => said("shop.name"),
            name => said("customer.first_name"),
            number => said("order.number"),
            total => said("order.total"),
            refunded => said("order.refunded"),
            carrier => said("order.carrier"),
            eta => said("order.eta"),
            url => said("order.page_url"),
        };
        letters::write(app, self.letter, self.language, about).await
    }

    fn facts(&self, app: &App) -> Facts {
        let buyer = &self.known.order.buyer;
        let (name, first) = match self.customer {
            Some(customer) => (Some(customer.name.clone()).filter(|_| !customer.is_nameless()), customer.first_name()),
            None => (buyer.name.clone(), buyer.name.clone()),
        };
        let facts = Facts::new(self.language, self.shop.zone())
            .with_text("customer.first_name", first)
            .with_text("customer.name", name)
            .with_text("shop.name", Some(self.shop.name.clone()));
        let mut facts = orders::facts(app, facts, self.known);
        if let Some(parcel) = self.parcel {
            facts = facts
                .with_text("order.carrier", parcel.carrier_called().map(str::to_owned))
                .with_text("order.tracking_number", parcel.number.clone())
                .with("order.tracking_url", parcel.link().map(Fact::Link))
                .with("order.eta", parcel.expected_at.map(Fact::Moment));
        }
        // Only who reads the mail of the address with which it was ordered may change it by the link.
        let buyers = buyer.email.as_ref().map(|email| email.trim().to_lowercase());
        if self.to.is_some() && self.to == buyers.as_deref() {
            return facts.with_text("order.page_url", Some(orders::link::mailed(app, self.known.id)));
        }
        facts
    }
}
