//! Shopify's webhooks: asking for them, knowing them by their signature, and what they say.
//!
//! An order's webhook has the older REST shape without the buyer's money in all places, so it only says that the order
//! changed; it is then asked for. Shopify signs the body alone: the headers count only as far as a lie in them does no harm.

use base::{Error, Result};
use serde_json::{Value, json};

use super::{Shopify, buyers, orders::each, orders::text, settings};
use crate::{
    order::Buyer,
    platform::{Call, News, Privacy, PrivacyKind, Store, Vouched},
    platforms::call::{fingerprint, signed},
};

/// What we ask for. The three about privacy cannot be asked for: they are written into the app's configuration.
const TOPICS: [&str; 12] = [
    "ORDERS_CREATE",
    "ORDERS_UPDATED",
    "ORDERS_DELETE",
    "FULFILLMENTS_UPDATE",
    "REFUNDS_CREATE",
    "CUSTOMERS_CREATE",
    "CUSTOMERS_UPDATE",
    "CUSTOMERS_DELETE",
    "PRODUCTS_CREATE",
    "PRODUCTS_UPDATE",
    "PRODUCTS_DELETE",
    "APP_UNINSTALLED",
];

const THERE: &str = "query Webhooks($after: String) { webhookSubscriptions(first: 100, after: $after) { \
    nodes { id topic uri } pageInfo { hasNextPage endCursor } } }";
const CREATE: &str = "mutation Subscribe($topic: WebhookSubscriptionTopic!, $webhook: WebhookSubscriptionInput!) { \
    webhookSubscriptionCreate(topic: $topic, webhookSubscription: $webhook) { \
    webhookSubscription { id } userErrors { field message } } }";
const DELETE: &str = "mutation Unsubscribe($id: ID!) { webhookSubscriptionDelete(id: $id) { \
    deletedWebhookSubscriptionId userErrors { field message } } }";

impl Shopify {
    pub(super) async fn ask_for_webhooks(&self, store: &Store, address: &str) -> Result<()> {
        let there = self.webhooks_to(store, address).await?;
        for topic in TOPICS {
            if there.iter().any(|(_, known)| known == topic) {
                continue;
            }
            let variables = json!({ "topic": topic, "webhook": { "uri": address, "format": "JSON" } });
            match self.admin.change(store, CREATE, "webhookSubscriptionCreate", variables).await {
                // Two of us asked at once.
                Err(Error::Refused { why }) if why.contains("already been taken") => {}
                // A right is missing, as the connection says; the rest is heard nevertheless.
                Err(Error::Refused { .. }) if !topic.starts_with("ORDERS") => {}
                other => drop(other?),
            }
        }
        Ok(())
    }

    pub(super) async fn drop_webhooks(&self, store: &Store, address: &str) -> Result<()> {
        for (id, _) in self.webhooks_to(store, address).await? {
            self.admin.change(store, DELETE, "webhookSubscriptionDelete", json!({ "id": id })).await?;
        }
        Ok(())
    }

    /// Ids and topics of what is sent to this address.
    async fn webhooks_to(&self, store: &Store, address: &str) -> Result<Vec<(String, String)>> {
        let (mut found, mut after) = (Vec::new(), None::<String>);
        loop {
            let said = self.admin.ask(store, THERE, json!({ "after": after })).await?;
            let list = &said.data["webhookSubscriptions"];
            let ours = each(list).filter(|one| one["uri"] == address);
            found.extend(ours.filter_map(|one| Some((text(&one["id"])?, text(&one["topic"])?))));
            after = super::orders::more(list);
            if after.is_none() {
                return Ok(found);
            }
        }
    }
}

pub fn vouch(store: &Store, call: &Call) -> Result<Vouched> {
    let signer = settings::signer(&store.settings)?;
    let unknown = |why: &str| Err(Error::Unauthorized(why.into()));
    let signature = call.header("x-shopify-hmac-sha256").unwrap_or_default();
    if !signed(&signer.client_secret, &call.body, signature) {
        return unknown("the signature is not Shopify's");
    }
    // One app in several stores signs all their calls with one secret.
    if call.header("x-shopify-shop-domain").is_none_or(|shop| !shop.eq_ignore_ascii_case(&signer.shop)) {
        return unknown("this is about another store");
    }
    let Some(topic) = call.header("x-shopify-topic").filter(|topic| !topic.is_empty()) else {
        return unknown("the topic is missing");
    };
    // One event comes under several topics; each is a call of its own.
    let event = call.header("x-shopify-event-id").or_else(|| call.header("x-shopify-webhook-id"));
    let event = event.map_or_else(|| fingerprint(&call.body), Into::into);
    Ok(Vouched { key: format!("{topic} {event}"), topic: topic.into() })
}

pub fn hear(store: &Store, call: &Call) -> Result<Vec<News>> {
    let own = settings::signer(&store.settings)?.shop;
    let is_own = |body: &Value, name: &str| body[name].as_str().is_some_and(|shop| shop.eq_ignore_ascii_case(&own));
    let body: Value =
        serde_json::from_slice(&call.body).map_err(|_| Error::Malformed("what Shopify sent is no JSON".into()))?;
    let topic = call.header("x-shopify-topic").unwrap_or_default();
    let known = |kind: &str| {
        id(&body, kind).ok_or_else(|| Error::Malformed(format!("Shopify's {topic} does not say what it is about")))
    };
    let order_of = || {
        let id = gid("Order", &body["order_id"]);
        id.ok_or_else(|| Error::Malformed(format!("Shopify's {topic} does not say which order it is about")))
    };
    Ok(match topic {
        "refunds/create" | "fulfillments/create" | "fulfillments/update" => {
            vec![News::OrderChanged { id: order_of()? }]
        }
        // One that is gone, too: only Shopify itself says so when it is asked.
        _ if topic.starts_with("orders/") => vec![News::OrderChanged { id: known("Order")? }],
        // Nor has anybody signed which of the three it is, or for whom, but in the body: what would erase more than was
        // asked for is not believed.
        "customers/data_request" if body["orders_requested"].is_array() && is_own(&body, "shop_domain") => {
            vec![privacy(&body, PrivacyKind::Access, "orders_requested")]
        }
        "customers/redact" if body["orders_to_redact"].is_array() && is_own(&body, "shop_domain") => {
            vec![privacy(&body, PrivacyKind::Erasure, "orders_to_redact")]
        }
        "shop/redact" if body["customer"].is_null() && is_own(&body, "shop_domain") => {
            vec![privacy(&body, PrivacyKind::Store, "")]
        }
        "customers/delete" => vec![News::BuyerDeleted { id: known("Customer")? }],
        "customers/create" | "customers/update" | "customers/enable" | "customers/disable" => {
            known("Customer")?;
            vec![News::Buyer(Box::new(buyers::told(&body)))]
        }
        "products/create" | "products/update" | "products/delete" => {
            vec![News::ProductChanged { id: known("Product")? }]
        }
        // The signed body says which store it is.
        "app/uninstalled" if is_own(&body, "myshopify_domain") => vec![News::Gone],
        _ => Vec::new(),
    })
}

/// The id by which GraphQL knows what a webhook is about.
pub fn id(body: &Value, kind: &str) -> Option<String> {
    text(&body["admin_graphql_api_id"]).or_else(|| gid(kind, &body["id"]))
}

fn gid(kind: &str, id: &Value) -> Option<String> {
    let number = id.as_u64().map(|id| id.to_string()).or_else(|| text(id))?;
    number.chars().all(|c| c.is_ascii_digit()).then(|| format!("gid://shopify/{kind}/{number}"))
}

fn privacy(body: &Value, kind: PrivacyKind, orders: &str) -> News {
    let customer = &body["customer"];
    let buyer = Buyer {
        id: gid("Customer", &customer["id"]),
        email: text(&customer["email"]).map(|mail| mail.to_lowercase()),
        phone: text(&customer["phone"]),
        ..Buyer::default()
    };
    let orders = each(&body[orders]).filter_map(|id| gid("Order", id)).collect();
    News::Privacy(Privacy { kind, buyer, orders })
}
