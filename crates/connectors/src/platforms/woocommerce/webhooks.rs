//! WooCommerce's webhooks.
//!
//! Their secret is made of the key's secret, so there is nothing to store, and asking twice changes nothing. A delivery's
//! id is a hash of the webhook and the second: two orders that change in one second share it, so the body counts as well.

use aws_lc_rs::hmac;
use base::{Error, Result};
use serde_json::{Value, json};

use super::{
    WooCommerce,
    orders::{self, counts, each, id, text},
    settings::{self, Access},
};
use crate::{
    platform::{Call, News, Store, Vouched},
    platforms::call::{fingerprint, hex, signed},
};

const TOPICS: [&str; 11] = [
    "order.created",
    "order.updated",
    "order.deleted",
    "order.restored",
    "customer.created",
    "customer.updated",
    "customer.deleted",
    "product.created",
    "product.updated",
    "product.deleted",
    "product.restored",
];

fn secret(access: &Access) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, access.secret.as_bytes());
    hex(hmac::sign(&key, b"shopbell webhooks").as_ref())
}

impl WooCommerce {
    /// WooCommerce switches a webhook off when five deliveries in a row failed: those that are there are switched on.
    pub(super) async fn ask_for_webhooks(&self, store: &Store, address: &str) -> Result<()> {
        let secret = secret(&settings::access(&store.settings)?);
        let there = self.webhooks_to(store, address).await?;
        for topic in TOPICS {
            let mut wanted = json!({ "status": "active", "secret": secret });
            if let Some(id) = there.iter().find(|one| one["topic"] == topic).and_then(|one| id(&one["id"])) {
                self.rest.put(store, &format!("webhooks/{id}"), &wanted).await?;
            } else {
                wanted["name"] = json!(format!("Shopbell {topic}"));
                wanted["topic"] = json!(topic);
                wanted["delivery_url"] = json!(address);
                self.rest.post(store, "webhooks", &wanted).await?;
            }
        }
        Ok(())
    }

    pub(super) async fn drop_webhooks(&self, store: &Store, address: &str) -> Result<()> {
        for id in self.webhooks_to(store, address).await?.iter().filter_map(|one| id(&one["id"])) {
            self.rest.delete(store, &format!("webhooks/{id}")).await?;
        }
        Ok(())
    }

    async fn webhooks_to(&self, store: &Store, address: &str) -> Result<Vec<Value>> {
        let mut all = self.rest.all(store, "webhooks", &[("status", "all")]).await?;
        all.retain(|one| one["delivery_url"] == address);
        Ok(all)
    }
}

pub fn vouch(store: &Store, call: &Call) -> Result<Vouched> {
    // Sent once when a webhook is made, unsigned, with nothing in it. It would look like a forgery, and says nothing;
    // all of them have one key, so that nobody can fill anything up with them.
    let named = |name| call.header(name).is_some();
    if call.body.starts_with(b"webhook_id=") && call.body.len() < 40 && !named("x-wc-webhook-signature") {
        return Ok(Vouched { key: "ping".into(), topic: "ping".into() });
    }
    let access = settings::access(&store.settings)?;
    let signature = call.header("x-wc-webhook-signature").unwrap_or_default();
    if !signed(&secret(&access), &call.body, signature) {
        return Err(Error::Unauthorized("the signature is not this WooCommerce store's".into()));
    }
    let Some(topic) = call.header("x-wc-webhook-topic").filter(|topic| !topic.is_empty()) else {
        return Err(Error::Unauthorized("the topic is missing".into()));
    };
    let delivery = call.header("x-wc-webhook-delivery-id").unwrap_or_default();
    let body = fingerprint(&call.body);
    Ok(Vouched { key: format!("{topic} {delivery} {}", &body[..32]), topic: topic.into() })
}

pub fn hear(store: &Store, call: &Call) -> Result<Vec<News>> {
    let topic = call.header("x-wc-webhook-topic").unwrap_or_default();
    if topic.is_empty() {
        return Ok(Vec::new());
    }
    let body: Value =
        serde_json::from_slice(&call.body).map_err(|_| Error::Malformed("what WooCommerce sent is no JSON".into()))?;
    let Some(id) = id(&body["id"]) else {
        return Err(Error::Malformed(format!("WooCommerce's {topic} does not say what it is about")));
    };
    Ok(match topic {
        // Which topic it is, nobody has signed: the store is asked whether it is gone.
        "order.deleted" => vec![News::OrderChanged { id }],
        "order.created" | "order.updated" | "order.restored" => {
            if body["status"] == "trash" {
                vec![News::OrderDeleted { id, at: None }]
            } else if !counts(&body) {
                Vec::new()
            } else if each(&body["refunds"]).next().is_some() || text(&body["currency"]).is_none() {
                // Which pieces were refunded is not in it.
                vec![News::OrderChanged { id }]
            } else {
                let site = settings::access(&store.settings)?.site;
                vec![News::Order(Box::new(orders::order(&site, &body, &[])?))]
            }
        }
        "customer.deleted" => vec![News::BuyerDeleted { id }],
        "customer.created" | "customer.updated" => vec![News::Buyer(Box::new(orders::buyer(&body)))],
        "product.deleted" => vec![News::ProductDeleted { id }],
        "product.created" | "product.updated" | "product.restored" => vec![News::ProductChanged { id }],
        _ => Vec::new(),
    })
}
