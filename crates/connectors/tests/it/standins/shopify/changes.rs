//! Changes that move no money: addresses, notes, tags, holds, returns, new orders, webhooks.

use serde_json::{Value, json};

use super::{
    super::mood::{NewLine, NewOrder},
    money::{error, one_of},
    state::{State, gid, number, zulu},
};

fn items(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

impl State {
    fn known(&self, gid: &Value) -> Option<u64> {
        number(gid, "Order").filter(|id| self.orders.contains_key(id))
    }

    pub fn update(&mut self, input: &Value) -> Value {
        let Some(id) = self.known(&input["id"]) else { return error("id", "Order does not exist") };
        let fields = items(&input["metafields"]);
        if fields.iter().any(|field| ["namespace", "key", "type", "value"].iter().any(|name| !field[name].is_string()))
        {
            return error("metafields", "Metafields need a namespace, a key, a type and a value");
        }
        let at = zulu(self.now);
        let to = &input["shippingAddress"];
        if to.is_object() && (to["address1"].as_str().is_none_or(str::is_empty) || to["countryCode"].is_null()) {
            return error("shippingAddress", "Shipping address is invalid");
        }
        self.change(id, |order| {
            for field in fields {
                let name = format!("{}.{}", field["namespace"].as_str().unwrap(), field["key"].as_str().unwrap());
                order["_metafields"][name] = json!({ "createdAt": at, "value": field["value"] });
            }
            if input["note"].is_string() {
                order["note"] = input["note"].clone();
            }
            if to.is_object() {
                let name = format!("{} {}", to["firstName"].as_str().unwrap_or(""), to["lastName"].as_str().unwrap_or(""));
                order["shippingAddress"] = json!({
                    "name": name.trim(), "company": to["company"], "address1": to["address1"], "address2": to["address2"],
                    "zip": to["zip"], "city": to["city"], "province": to["province"],
                    "countryCodeV2": to["countryCode"], "phone": to["phone"],
                });
            }
        });
        json!({ "order": { "id": input["id"] }, "userErrors": [] })
    }

    pub fn tags(&mut self, arguments: &Value, add: bool) -> Value {
        let Some(id) = self.known(&arguments["id"]) else { return error("id", "Resource does not exist") };
        let tags: Vec<Value> = items(&arguments["tags"]).to_vec();
        self.change(id, |order| {
            let there = order["tags"].as_array_mut().unwrap();
            there.retain(|tag| !tags.contains(tag));
            if add {
                there.extend(tags);
            }
        });
        json!({ "userErrors": [] })
    }

    pub fn invoice(&mut self, arguments: &Value) -> Value {
        let Some(id) = self.known(&arguments["id"]) else { return error("id", "Order does not exist") };
        if self.orders[&id]["email"].is_null() {
            return error("email", "To can't be blank");
        }
        self.invoices.push(id);
        json!({ "order": { "id": arguments["id"] }, "userErrors": [] })
    }

    pub fn create(&mut self, input: &Value) -> Value {
        let lines = items(&input["lineItems"]);
        if lines.is_empty() {
            return error("lineItems", "Line items can't be blank");
        }
        let mut new = NewOrder::by(input["email"].as_str().unwrap_or_default());
        new.email = input["email"].as_str().map(Into::into);
        for line in lines {
            let product = number(&line["variantId"], "ProductVariant").map(|variant| variant / 10);
            let known = product.and_then(|product| self.products.get(&product));
            let title = known.map(|product| product["title"].clone()).unwrap_or(line["title"].clone());
            let (Some(title), Some(quantity)) = (title.as_str(), line["quantity"].as_i64()) else {
                return error("lineItems", "Variant does not exist, and there is no title");
            };
            new.lines.push(NewLine { product, title: title.into(), quantity, price: 0 });
        }
        let customer = &input["customer"];
        if customer.is_object() && !one_of(customer) {
            return error("customer", "Exactly one of toAssociate and toUpsert");
        }
        new.account = number(&customer["toAssociate"]["id"], "Customer");
        let id = self.place(&new);
        self.change(id, |order| {
            order["sourceIdentifier"] = input["sourceIdentifier"].clone();
            order["note"] = input["note"].clone();
            order["tags"] = input["tags"].clone();
        });
        let order = &self.orders[&id];
        json!({ "order": { "id": order["id"], "name": order["name"] }, "userErrors": [] })
    }

    pub fn metafields(&mut self, arguments: &Value) -> Value {
        let at = zulu(self.now);
        for field in items(&arguments["metafields"]) {
            let Some(id) = self.known(&field["ownerId"]) else { return error("ownerId", "Owner does not exist") };
            let (Some(space), Some(key)) = (field["namespace"].as_str(), field["key"].as_str()) else {
                return error("key", "Namespace and key are needed");
            };
            if field["type"].is_null() || key.len() > 64 {
                return error("type", "Type can't be blank");
            }
            let name = format!("{space}.{key}");
            let value = field["value"].clone();
            let at = at.clone();
            self.change(id, |order| {
                let there = &mut order["_metafields"][name];
                let created = there["createdAt"].as_str().map_or(at, Into::into);
                *there = json!({ "id": gid("Metafield", 1), "createdAt": created, "value": value });
            });
        }
        json!({ "metafields": [], "userErrors": [] })
    }

    /// The order that a warehouse's job is for.
    fn job(&self, job: &Value) -> Option<u64> {
        let has = |order: &Value| items(&order["fulfillmentOrders"]).iter().any(|one| one["id"] == *job);
        self.orders.iter().find(|(_, order)| has(order)).map(|(id, _)| *id)
    }

    pub fn hold(&mut self, arguments: &Value) -> Value {
        let (job, hold) = (&arguments["id"], &arguments["fulfillmentHold"]);
        let Some(id) = self.job(job) else { return error("id", "Fulfillment order does not exist") };
        let hold_id = self.id();
        let handle = hold["handle"].as_str().unwrap_or_default();
        if handle.len() > 64 {
            return error("handle", "Handle is too long");
        }
        let there = items(&self.orders[&id]["fulfillmentOrders"]).iter().find(|one| one["id"] == *job).unwrap().clone();
        if !matches!(there["status"].as_str(), Some("OPEN" | "SCHEDULED" | "ON_HOLD")) {
            return error("id", "The fulfillment order is not in a holdable state");
        }
        if items(&there["fulfillmentHolds"]).iter().any(|one| one["handle"] == handle) {
            return error("handle", "The handle provided for the fulfillment hold is already in use");
        }
        let made = json!({ "id": gid("FulfillmentHold", hold_id), "handle": handle });
        self.change(id, |order| {
            let jobs = order["fulfillmentOrders"].as_array_mut().unwrap();
            let one = jobs.iter_mut().find(|one| one["id"] == *job).unwrap();
            one["status"] = json!("ON_HOLD");
            one["fulfillmentHolds"].as_array_mut().unwrap().push(made.clone());
        });
        json!({ "fulfillmentHold": made, "userErrors": [] })
    }

    pub fn release(&mut self, arguments: &Value) -> Value {
        let Some(id) = self.job(&arguments["id"]) else { return error("id", "Fulfillment order does not exist") };
        self.change(id, |order| {
            let jobs = order["fulfillmentOrders"].as_array_mut().unwrap();
            let one = jobs.iter_mut().find(|one| one["id"] == arguments["id"]).unwrap();
            one["status"] = json!("OPEN");
            one["fulfillmentHolds"] = json!([]);
        });
        json!({ "userErrors": [] })
    }

    /// Parcels with what can come back of each.
    pub fn returnable(&self, arguments: &Value) -> Value {
        let Some(id) = self.known(&arguments["orderId"]) else { return json!([]) };
        let parcel = |parcel: &Value| {
            let pieces = items(&parcel["fulfillmentLineItems"]).iter().filter_map(|piece| {
                let left = piece["quantity"].as_i64().unwrap() - piece["_returned"].as_i64().unwrap();
                (left > 0).then(|| json!({ "quantity": left, "fulfillmentLineItem": piece }))
            });
            json!({ "returnableFulfillmentLineItems": pieces.collect::<Vec<_>>() })
        };
        items(&self.orders[&id]["fulfillments"]).iter().map(parcel).collect()
    }

    pub fn take_back(&mut self, input: &Value) -> Value {
        let Some(id) = self.known(&input["orderId"]) else { return error("orderId", "Order does not exist") };
        let mut order = (*self.orders[&id]).clone();
        let mut notes = Vec::new();
        for wanted in items(&input["returnLineItems"]) {
            let mut parcels = order["fulfillments"].as_array_mut().unwrap().iter_mut();
            let piece = parcels.find_map(|parcel| {
                let mut pieces = parcel["fulfillmentLineItems"].as_array_mut()?.iter_mut();
                pieces.find(|piece| piece["id"] == wanted["fulfillmentLineItemId"])
            });
            let Some(piece) = piece else { return error("returnLineItems", "Fulfillment line item does not exist") };
            let back = piece["_returned"].as_i64().unwrap() + wanted["quantity"].as_i64().unwrap();
            if wanted["returnReason"].is_null() || back > piece["quantity"].as_i64().unwrap() {
                return error("returnLineItems", "Return line item has an invalid quantity, or no reason");
            }
            piece["_returned"] = json!(back);
            notes.push(json!({ "returnReasonNote": wanted["returnReasonNote"] }));
        }
        for wanted in items(&input["exchangeLineItems"]) {
            let product = number(&wanted["variantId"], "ProductVariant").map(|variant| variant / 10);
            if product.is_none_or(|product| !self.products.contains_key(&product)) {
                return error("exchangeLineItems", "Variant does not exist");
            }
        }
        if notes.is_empty() {
            return error("returnLineItems", "Return line items can't be blank");
        }
        let place = items(&order["returns"]).len() + 1;
        let number = self.id();
        let name = format!("{}-R{place}", order["name"].as_str().unwrap());
        let made = json!({
            "id": gid("Return", number), "name": name, "returnLineItems": notes, "_exchange": input["exchangeLineItems"],
        });
        order["returns"].as_array_mut().unwrap().push(made.clone());
        order["returnStatus"] = json!("IN_PROGRESS");
        self.change(id, |now| *now = order);
        json!({ "return": made, "userErrors": [] })
    }

    pub fn subscribe(&mut self, arguments: &Value) -> Value {
        let topic = arguments["topic"].as_str().unwrap_or_default().to_owned();
        let Some(uri) = arguments["webhookSubscription"]["uri"].as_str().map(str::to_owned) else {
            return error("uri", "Address can't be blank");
        };
        if !uri.starts_with("https://") && !uri.starts_with("http://127.0.0.1") {
            return error("uri", "Address protocol http:// is not supported");
        }
        if self.webhooks.values().any(|there| *there == (topic.clone(), uri.clone())) {
            return error("uri", "Address for this topic has already been taken");
        }
        let id = self.id();
        self.webhooks.insert(id, (topic, uri));
        json!({ "webhookSubscription": { "id": gid("WebhookSubscription", id) }, "userErrors": [] })
    }

    pub fn unsubscribe(&mut self, arguments: &Value) -> Value {
        let there = number(&arguments["id"], "WebhookSubscription").and_then(|id| self.webhooks.remove(&id));
        match there {
            Some(_) => json!({ "deletedWebhookSubscriptionId": arguments["id"], "userErrors": [] }),
            None => error("id", "Webhook subscription does not exist"),
        }
    }
}
