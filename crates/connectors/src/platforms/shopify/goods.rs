//! Goods that go out again or come back: replacements, returns, exchanges.

use std::collections::HashMap;

use base::{Error, Result};
use serde_json::{Value, json};

use super::{
    Shopify,
    changes::mailing,
    orders::{each, text},
};
use crate::{
    action::Wished,
    order::{Order, Pieces},
    platform::{Done, Found, Store},
    platforms::call::{trace, traced, with_trace},
};

const CREATE: &str = "mutation Replace($order: OrderCreateOrderInput!, $options: OrderCreateOptionsInput) { \
    orderCreate(order: $order, options: $options) { order { id name } userErrors { field message } } }";
const FIND: &str = "query Replaced($query: String!) { \
    found: orders(first: 5, query: $query) { nodes { id name sourceIdentifier } } \
    newest: orders(first: 100, sortKey: CREATED_AT, reverse: true) { nodes { id name sourceIdentifier } } }";
const RETURNABLE: &str = "query Returnable($id: ID!, $after: String) { \
    returnableFulfillments(orderId: $id, first: 20, after: $after) { pageInfo { hasNextPage endCursor } nodes { \
    returnableFulfillmentLineItems(first: 100) { nodes { quantity fulfillmentLineItem { id lineItem { id } } } } } } }";
const RETURN: &str = "mutation Return($input: ReturnInput!) { \
    returnCreate(returnInput: $input) { return { id name } userErrors { field message } } }";
const RETURNS: &str = "query Returns($id: ID!) { order(id: $id) { returns(first: 50) { nodes { id name \
    returnLineItems(first: 10) { nodes { returnReasonNote } } } } } }";

impl Shopify {
    /// A new order for the same address that costs nothing. Its `sourceIdentifier` is our key.
    pub(super) async fn replace(
        &self,
        store: &Store,
        key: &str,
        order: &Order,
        lines: &[Pieces],
        reason: &str,
    ) -> Result<Done> {
        let items = lines.iter().map(|pieces| free(order, pieces)).collect::<Result<Vec<_>>>()?;
        let mut new = json!({
            "currency": order.currency,
            "lineItems": items,
            "email": order.buyer.email,
            "financialStatus": "PAID",
            "note": format!("Replacement for {}. {reason}", order.number).trim(),
            "tags": ["replacement"],
            "sourceIdentifier": trace(key),
        });
        if let Some(id) = &order.buyer.id {
            new["customer"] = json!({ "toAssociate": { "id": id } });
        }
        if let Some(address) = &order.shipping_address {
            new["shippingAddress"] = mailing(address);
        }
        let options = json!({ "inventoryBehaviour": "DECREMENT_IGNORING_POLICY", "sendReceipt": false });
        let variables = json!({ "order": new, "options": options });
        let done = self.admin.change(store, CREATE, "orderCreate", variables).await?;
        Ok(Done { reference: text(&done["order"]["id"]), amount: 0, code: text(&done["order"]["name"]) })
    }

    /// Shopify's search lags behind by some seconds; so the newest orders are looked through as well.
    pub(super) async fn replace_done(&self, store: &Store, key: &str) -> Result<Found> {
        let trace = trace(key);
        let query = format!("source_identifier:\"{trace}\"");
        let said = self.admin.ask(store, FIND, json!({ "query": query })).await?;
        let mut all = each(&said.data["found"]).chain(each(&said.data["newest"]));
        let ours = all.find(|order| order["sourceIdentifier"] == *trace.as_str());
        Ok(ours.map_or(Found::NotDone, |order| {
            Found::Done(Done { reference: text(&order["id"]), amount: 0, code: text(&order["name"]) })
        }))
    }

    /// Opens a return; with `wished` it is an exchange. The key stands in the reason's note of each line.
    pub(super) async fn take_back(
        &self,
        store: &Store,
        key: &str,
        order: &Order,
        (lines, wished): (&[Pieces], &[Wished]),
        reason: &str,
    ) -> Result<Done> {
        let sent = self.returnable(store, order).await?;
        let note = with_trace(reason, key, 255);
        let mut items = Vec::new();
        for pieces in lines {
            let mut wanted = pieces.quantity;
            for (id, there) in sent.get(&pieces.line).into_iter().flatten() {
                let taken = wanted.min(*there);
                if taken > 0 {
                    items.push(json!({
                        "fulfillmentLineItemId": id,
                        "quantity": taken,
                        "returnReason": "OTHER",
                        "returnReasonNote": note,
                    }));
                    wanted -= taken;
                }
            }
            if wanted > 0 || pieces.quantity < 1 {
                return Err(Error::refused("Shopify takes back only what has been sent and is in no return yet"));
            }
        }
        let mut input = json!({ "orderId": order.id, "returnLineItems": items });
        if !wished.is_empty() {
            let new = |wish: &Wished| json!({ "variantId": wish.variant, "quantity": wish.quantity });
            input["exchangeLineItems"] = wished.iter().map(new).collect();
        }
        let done = self.admin.change(store, RETURN, "returnCreate", json!({ "input": input })).await?;
        Ok(Done { reference: text(&done["return"]["id"]), amount: 0, code: text(&done["return"]["name"]) })
    }

    pub(super) async fn take_back_done(&self, store: &Store, key: &str, order: &Order) -> Result<Found> {
        let said = self.admin.ask(store, RETURNS, json!({ "id": order.id })).await?;
        let noted = |one: &&Value| {
            each(&one["returnLineItems"]).any(|item| traced(item["returnReasonNote"].as_str().unwrap_or_default(), key))
        };
        let ours = each(&said.data["order"]["returns"]).find(noted);
        Ok(ours.map_or(Found::NotDone, |one| {
            Found::Done(Done { reference: text(&one["id"]), amount: 0, code: text(&one["name"]) })
        }))
    }

    /// By line of the order: what of it can come back, in which parcel.
    async fn returnable(&self, store: &Store, order: &Order) -> Result<HashMap<String, Vec<(String, i64)>>> {
        let (mut sent, mut after) = (HashMap::<String, Vec<_>>::new(), None::<String>);
        loop {
            let said = self.admin.ask(store, RETURNABLE, json!({ "id": order.id, "after": after })).await?;
            let list = &said.data["returnableFulfillments"];
            for item in each(list).flat_map(|one| each(&one["returnableFulfillmentLineItems"])) {
                let parcel = &item["fulfillmentLineItem"];
                if let (Some(id), Some(line)) = (text(&parcel["id"]), text(&parcel["lineItem"]["id"])) {
                    sent.entry(line).or_default().push((id, item["quantity"].as_i64().unwrap_or_default()));
                }
            }
            after = super::orders::more(list);
            if after.is_none() {
                return Ok(sent);
            }
        }
    }
}

/// A line of a replacement.
fn free(order: &Order, pieces: &Pieces) -> Result<Value> {
    let line = order.lines.iter().find(|line| line.id == pieces.line);
    let line = line.ok_or_else(|| Error::invalid("lines", "names no line of this order"))?;
    if pieces.quantity < 1 || pieces.quantity > line.quantity {
        return Err(Error::invalid("lines", format!("{}: 1 to {} pieces", line.title, line.quantity)));
    }
    let nothing = json!({ "shopMoney": { "amount": "0", "currencyCode": order.currency } });
    let mut item = json!({
        "quantity": pieces.quantity,
        "priceSet": nothing,
        "requiresShipping": !line.digital,
    });
    if let Some(variant) = &line.variant {
        item["variantId"] = json!(variant);
    } else {
        // The product was deleted: the warehouse still has to know what to pack.
        item["title"] = json!(line.title);
        item["variantTitle"] = json!(line.variant_title);
        item["sku"] = json!(line.sku);
    }
    Ok(item)
}
