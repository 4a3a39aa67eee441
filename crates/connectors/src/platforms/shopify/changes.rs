//! Changes to an order at Shopify that move no goods: cancelling, its address, note and tags, holding it, its mail.

use std::time::Duration;

use base::{Error, Result};
use serde_json::{Value, json};

use super::{
    Shopify,
    orders::{each, text},
    refund::gone,
};
use crate::{
    action::refundable,
    order::{Address, Order, OrderState},
    platform::{Done, Found, Store},
    platforms::call::{fingerprint, traced, with_trace},
};

const CANCEL: &str = "mutation Cancel($id: ID!, $reason: OrderCancelReason!, $method: OrderCancelRefundMethodInput, \
    $restock: Boolean!, $notify: Boolean, $note: String) { orderCancel(orderId: $id, reason: $reason, \
    refundMethod: $method, restock: $restock, notifyCustomer: $notify, staffNote: $note) { \
    job { id done } orderCancelUserErrors { field message } } }";
const CANCELLED: &str = "query Cancelled($id: ID!) { order(id: $id) { cancelledAt cancellation { staffNote } \
    totalRefundedSet { presentmentMoney { amount } } } }";
const UPDATE: &str =
    "mutation Update($input: OrderInput!) { orderUpdate(input: $input) { order { id } userErrors { field message } } }";
const NOTED: &str = "query Noted($id: ID!, $key: String!) { order(id: $id) { \
    metafield(namespace: \"shopbell\", key: $key) { createdAt } } }";
const ADD: &str =
    "mutation AddTags($id: ID!, $tags: [String!]!) { tagsAdd(id: $id, tags: $tags) { userErrors { field message } } }";
const REMOVE: &str = "mutation RemoveTags($id: ID!, $tags: [String!]!) { tagsRemove(id: $id, tags: $tags) { userErrors { field message } } }";
const INVOICE: &str =
    "mutation Resend($id: ID!) { orderInvoiceSend(id: $id) { order { id } userErrors { field message } } }";
const JOBS: &str = "query Jobs($id: ID!) { order(id: $id) { fulfillmentOrders(first: 50) { \
    nodes { id status fulfillmentHolds { id handle } } } } }";
const HOLD: &str = "mutation Hold($id: ID!, $hold: FulfillmentOrderHoldInput!) { \
    fulfillmentOrderHold(id: $id, fulfillmentHold: $hold) { fulfillmentHold { id } userErrors { field message } } }";
const RELEASE: &str =
    "mutation Release($id: ID!) { fulfillmentOrderReleaseHold(id: $id) { userErrors { field message } } }";

/// Shopify cancels in the background; how often we look whether it is done, half a second apart.
const LOOKS: u32 = 20;

impl Shopify {
    pub(super) async fn cancel(
        &self,
        store: &Store,
        key: &str,
        order: &Order,
        (refund, restock, notify): (bool, bool, bool),
        reason: &str,
    ) -> Result<Done> {
        let order = self.order_now(store, &order.id).await?.ok_or_else(gone)?;
        if order.state == OrderState::Cancelled {
            return Err(Error::refused("The order was cancelled at Shopify already"));
        }
        let amount = if refund { refundable(&order) } else { 0 };
        let variables = json!({
            "id": order.id,
            "reason": "CUSTOMER",
            "method": { "originalPaymentMethodsRefund": refund },
            "restock": restock,
            "notify": notify,
            "note": with_trace(reason, key, 255),
        });
        let begun = self.admin.change(store, CANCEL, "orderCancel", variables).await;
        let busy = matches!(&begun, Err(Error::Refused { why }) if why.contains("already"));
        if begun.is_err() && !busy {
            return begun.map(|_| Done::default());
        }
        // Refused because it is being cancelled: by an earlier try of ours, whose answer got lost, or by somebody else.
        for _ in 0..if busy { LOOKS / 4 } else { LOOKS } {
            let said = self.admin.ask(store, CANCELLED, json!({ "id": order.id })).await?;
            let now = &said.data["order"];
            let noted = || now["cancellation"]["staffNote"].as_str().is_some_and(|note| traced(note, key));
            if !now["cancelledAt"].is_null() && (!busy || noted()) {
                return Ok(Done { reference: Some(order.id), amount, code: None });
            }
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
        begun?;
        Err(Error::upstream("Shopify has begun to cancel the order and is not done yet"))
    }

    pub(super) async fn cancel_done(&self, store: &Store, key: &str, order: &Order) -> Result<Found> {
        let said = self.admin.ask(store, CANCELLED, json!({ "id": order.id })).await?;
        let now = &said.data["order"];
        let ours = now["cancellation"]["staffNote"].as_str().is_some_and(|note| traced(note, key));
        if now["cancelledAt"].is_null() || !ours {
            return Ok(Found::NotDone);
        }
        let refunded = super::orders::Purse { currency: &order.currency }.of(&now["totalRefundedSet"])?;
        let amount = (refunded - order.totals.refunded).max(0);
        Ok(Found::Done(Done { reference: Some(order.id.clone()), amount, code: None }))
    }

    pub(super) async fn change_address(&self, store: &Store, order: &Order, to: &Address) -> Result<Done> {
        let input = json!({ "id": order.id, "shippingAddress": mailing(to) });
        self.admin.change(store, UPDATE, "orderUpdate", json!({ "input": input })).await?;
        Ok(Done { reference: Some(order.id.clone()), ..Done::default() })
    }

    /// Shopify has one note for all, so the line is added to what stands there now. The key goes into a field of the
    /// order in the same step: the same words may well be noted twice.
    pub(super) async fn add_note(&self, store: &Store, key: &str, order: &Order, line: &str) -> Result<Done> {
        let now = self.order_now(store, &order.id).await?.ok_or_else(gone)?;
        let note = now.note.map_or_else(|| line.to_owned(), |before| format!("{before}\n{line}"));
        let kind = "single_line_text_field";
        let mark = json!({ "namespace": "shopbell", "key": mark(key), "type": kind, "value": "note" });
        let input = json!({ "id": order.id, "note": note, "metafields": [mark] });
        self.admin.change(store, UPDATE, "orderUpdate", json!({ "input": input })).await?;
        Ok(Done { reference: Some(order.id.clone()), ..Done::default() })
    }

    pub(super) async fn note_done(&self, store: &Store, key: &str, order: &Order) -> Result<Found> {
        let said = self.admin.ask(store, NOTED, json!({ "id": order.id, "key": mark(key) })).await?;
        Ok(if said.data["order"]["metafield"].is_null() { Found::NotDone } else { found(order) })
    }

    pub(super) async fn tag(&self, store: &Store, order: &Order, add: &[String], remove: &[String]) -> Result<Done> {
        for (query, name, tags) in [(ADD, "tagsAdd", add), (REMOVE, "tagsRemove", remove)] {
            if !tags.is_empty() {
                self.admin.change(store, query, name, json!({ "id": order.id, "tags": tags })).await?;
            }
        }
        Ok(Done { reference: Some(order.id.clone()), ..Done::default() })
    }

    /// Shopify cannot be asked for the confirmation again; its invoice mail shows the same order.
    pub(super) async fn resend(&self, store: &Store, order: &Order) -> Result<Done> {
        self.admin.change(store, INVOICE, "orderInvoiceSend", json!({ "id": order.id })).await?;
        Ok(Done { reference: Some(order.id.clone()), ..Done::default() })
    }

    pub(super) async fn hold(&self, store: &Store, key: &str, order: &Order, reason: &str) -> Result<Done> {
        let handle = handle(key);
        let jobs = self.jobs(store, order).await?;
        let mut held = 0;
        for job in jobs.iter().filter(|job| matches!(job["status"].as_str(), Some("OPEN" | "SCHEDULED" | "ON_HOLD"))) {
            if !holds(job, &handle) {
                let wish = json!({ "reason": "OTHER", "reasonNotes": reason, "handle": handle });
                let variables = json!({ "id": job["id"], "hold": wish });
                self.admin.change(store, HOLD, "fulfillmentOrderHold", variables).await?;
            }
            held += 1;
        }
        if held == 0 {
            return Err(Error::refused(
                "Nothing of this order can be held: the warehouse has it in hand, or it has left",
            ));
        }
        Ok(Done { reference: Some(order.id.clone()), ..Done::default() })
    }

    pub(super) async fn hold_done(&self, store: &Store, key: &str, order: &Order) -> Result<Found> {
        let handle = handle(key);
        let jobs = self.jobs(store, order).await?;
        let open = jobs.iter().any(|job| matches!(job["status"].as_str(), Some("OPEN" | "SCHEDULED")));
        let done = !open && jobs.iter().any(|job| holds(job, &handle));
        Ok(if done { found(order) } else { Found::NotDone })
    }

    pub(super) async fn release(&self, store: &Store, order: &Order) -> Result<Done> {
        for job in self.jobs(store, order).await?.iter().filter(|job| job["status"] == "ON_HOLD") {
            self.admin.change(store, RELEASE, "fulfillmentOrderReleaseHold", json!({ "id": job["id"] })).await?;
        }
        Ok(Done { reference: Some(order.id.clone()), ..Done::default() })
    }

    pub(super) async fn release_done(&self, store: &Store, order: &Order) -> Result<Found> {
        let held = self.jobs(store, order).await?.iter().any(|job| job["status"] == "ON_HOLD");
        Ok(if held { Found::NotDone } else { found(order) })
    }

    /// What the warehouses are to send for an order.
    async fn jobs(&self, store: &Store, order: &Order) -> Result<Vec<Value>> {
        let said = self.admin.ask(store, JOBS, json!({ "id": order.id })).await?;
        Ok(each(&said.data["order"]["fulfillmentOrders"]).cloned().collect())
    }
}

pub fn found(order: &Order) -> Found {
    Found::Done(Done { reference: Some(order.id.clone()), ..Done::default() })
}

fn mark(key: &str) -> String {
    format!("note-{}", &fingerprint(key.as_bytes())[..32])
}

/// At most 64 characters, and no two holds of an app may share one.
fn handle(key: &str) -> String {
    format!("shopbell-{}", &fingerprint(key.as_bytes())[..32])
}

fn holds(job: &Value, handle: &str) -> bool {
    each(&job["fulfillmentHolds"]).any(|hold| text(&hold["handle"]).as_deref() == Some(handle))
}

pub fn mailing(to: &Address) -> Value {
    let name = to.name.clone().unwrap_or_default();
    let (first, last) = name.rsplit_once(' ').unwrap_or(("", name.as_str()));
    json!({
        "firstName": first,
        "lastName": last,
        "company": to.company,
        "address1": to.line1,
        "address2": to.line2,
        "zip": to.postcode,
        "city": to.city,
        "province": to.region,
        "countryCode": to.country,
        "phone": to.phone,
    })
}

/// Whether an order is to go there: what was left out of the wish is not compared.
pub fn goes_to(order: &Order, to: &Address) -> bool {
    let squeeze = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    order.shipping_address.as_ref().is_some_and(|now| {
        let same = |ours: &Option<String>, theirs: &Option<String>| {
            ours.as_ref().is_none_or(|ours| squeeze(ours) == squeeze(theirs.as_deref().unwrap_or_default()))
        };
        squeeze(&now.line1) == squeeze(&to.line1)
            && squeeze(&now.city) == squeeze(&to.city)
            && now.country.eq_ignore_ascii_case(&to.country)
            && same(&to.name, &now.name)
            && same(&to.line2, &now.line2)
            && same(&to.postcode, &now.postcode)
    })
}
