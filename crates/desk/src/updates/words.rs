//! In which words a shopper is told of an order: the shop's own, where it has some and all that they ask for is known, else
//! ours.

use base::{App, Result};
use minijinja::context;

use super::{
    Kind,
    settings::{Choice, Own},
};
use crate::{
    customers::Customer,
    letters::{self, Written},
    orders::{self, Known},
    shops::Shop,
    variables::Facts,
};

/// What is told to whom.
pub struct Told<'a> {
    pub known: &'a Known,
    pub customer: Option<&'a Customer>,
    pub shop: &'a Shop,
    pub language: &'a str,
    pub kind: Kind,
    /// Where it goes; nobody where it is only shown.
    pub to: Option<&'a str>,
}

impl Told<'_> {
    pub(super) async fn written(&self, app: &App, choice: &Choice) -> Result<Written> {
        if let Some(own) = choice.own(self.language) {
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
    pub(super) fn own(&self, app: &App, own: &Own) -> (Written, Vec<String>) {
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
    pub(super) async fn draft(&self, app: &App) -> Result<Own> {
        let written = self.in_our_words(app, |name| Some(format!("{{{{{name}}}}}"))).await?;
        Ok(Own { subject: written.subject, text: written.text })
    }

    async fn in_our_words(&self, app: &App, said: impl Fn(&str) -> Option<String>) -> Result<Written> {
        let about = context! {
            kind => self.kind.as_str(),
            shop => said("shop.name"),
            name => said("customer.first_name"),
            number => said("order.number"),
            total => said("order.total"),
            refunded => said("order.refunded"),
            carrier => said("order.carrier"),
            eta => said("order.eta"),
            url => said("order.page_url"),
        };
        letters::write(app, "update", self.language, about).await
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
        let facts = orders::facts(app, facts, self.known);
        // Only who reads the mail of the address with which it was ordered may change it by the link.
        let buyers = buyer.email.as_ref().map(|email| email.trim().to_lowercase());
        if self.to.is_some() && self.to == buyers.as_deref() {
            return facts.with_text("order.page_url", Some(orders::link::mailed(app, self.known.id)));
        }
        facts
    }
}
