//! The routes of REST v3, with what each takes; anything else is refused.

use std::collections::HashMap;

use axum::{
    Json,
    http::{HeaderMap, HeaderValue, StatusCode},
    response::{IntoResponse, Response},
};
use serde_json::{Map, Value, json};

use super::{
    super::mood::{NewLine, NewOrder, millis},
    state::{CURRENCY, State},
};

type Query = HashMap<String, String>;
pub type Wrong = (u16, &'static str, String);

fn wrong<T>(status: u16, code: &'static str, words: impl Into<String>) -> Result<T, Wrong> {
    Err((status, code, words.into()))
}

pub fn refused((status, code, message): Wrong) -> Response {
    let body = json!({ "code": code, "message": message, "data": { "status": status } });
    (StatusCode::from_u16(status).unwrap(), Json(body)).into_response()
}

/// Without what is the shop's own.
fn shown(thing: &Value) -> Value {
    let mut thing = thing.clone();
    if let Some(fields) = thing.as_object_mut() {
        fields.retain(|name, _| !name.starts_with("__"));
    }
    thing
}

/// Refuses what a route does not know.
fn only(body: &Value, known: &[&str]) -> Result<Map<String, Value>, Wrong> {
    let Some(fields) = body.as_object() else { return wrong(400, "rest_invalid_json", "Invalid JSON body passed.") };
    match fields.keys().find(|name| !known.contains(&name.as_str())) {
        Some(odd) => wrong(400, "rest_invalid_param", format!("{odd} is no field here")),
        None => Ok(fields.clone()),
    }
}

fn page(rows: &[Value], query: &Query) -> Result<Response, Wrong> {
    let number = |name: &str, usual: usize| query.get(name).map_or(Some(usual), |text| text.parse().ok());
    let (size, page) = (number("per_page", 10), number("page", 1));
    let (Some(size @ 1..=100), Some(page @ 1..)) = (size, page) else {
        return wrong(
            400,
            "rest_invalid_param",
            "Invalid parameter(s): per_page must be between 1 (inclusive) and 100 (inclusive)",
        );
    };
    let mut headers = HeaderMap::new();
    headers.insert("x-wp-total", HeaderValue::from(rows.len()));
    headers.insert("x-wp-totalpages", HeaderValue::from(rows.len().div_ceil(size)));
    let rows: Vec<_> = rows.iter().skip((page - 1) * size).take(size).map(shown).collect();
    Ok((headers, Json(rows)).into_response())
}

impl State {
    pub fn get(&mut self, path: &[&str], query: &Query) -> Result<Response, Wrong> {
        let one = |thing: Option<&Value>, code: &'static str| match thing {
            Some(thing) => Ok(Json(shown(thing)).into_response()),
            None => wrong(404, code, "Invalid ID."),
        };
        let id = |text: &str| text.parse::<u64>().unwrap_or_default();
        match path {
            ["orders"] => self.orders(query),
            ["products"] => self.changed("products", query),
            ["customers"] => self.customers(query),
            ["coupons"] => {
                let code = query.get("code").cloned().unwrap_or_default();
                page(
                    &self.coupons.values().filter(|one| one["code"] == *code.as_str()).cloned().collect::<Vec<_>>(),
                    query,
                )
            }
            ["webhooks"] => page(&self.webhooks.values().cloned().collect::<Vec<_>>(), query),
            ["orders", order] => one(self.orders.get(&id(order)), "woocommerce_rest_shop_order_invalid_id"),
            ["products", product] => one(self.products.get(&id(product)), "woocommerce_rest_product_invalid_id"),
            ["products", product, "variations"] => {
                let kinds = self.products.get(&id(product)).and_then(|product| product["__kinds"].as_array().cloned());
                page(&kinds.unwrap_or_default(), query)
            }
            ["orders", order, "refunds"] => {
                let order = id(order);
                page(
                    &self
                        .refunds
                        .values()
                        .rev()
                        .filter(|refund| refund["__order"] == order)
                        .cloned()
                        .collect::<Vec<_>>(),
                    query,
                )
            }
            ["orders", order, "notes"] => {
                // No pages here: all at once.
                Ok(Json(self.notes.get(&id(order)).cloned().unwrap_or_default()).into_response())
            }
            ["data", "currencies", "current"] => Ok(Json(json!({ "code": CURRENCY, "name": "Euro" })).into_response()),
            ["system_status"] => Ok(Json(json!({
                "environment": { "version": "10.4.0", "site_url": "https://fjellvik.example" },
                "settings": { "currency": CURRENCY },
            }))
            .into_response()),
            _ => wrong(404, "rest_no_route", "No route was found matching the URL and request method."),
        }
    }

    /// By time of change from the oldest, as only this order of them is asked for.
    fn changed(&mut self, list: &'static str, query: &Query) -> Result<Response, Wrong> {
        let known = ["orderby", "order", "per_page", "page", "modified_after", "dates_are_gmt"];
        if query.keys().any(|name| !known.contains(&name.as_str())) || query.get("order").is_none_or(|it| it != "asc") {
            return wrong(400, "rest_invalid_param", "Invalid parameter(s)");
        }
        let after = query.get("modified_after").and_then(|text| millis(text));
        // In the shop's own time, where nobody says that it is UTC.
        let after = after.map(|at| if query.contains_key("dates_are_gmt") { at } else { at - 3_600_000 });
        let begin = after.map_or(i64::MIN, |at| at + 1);
        let ids: Vec<u64> = self.changed.entry(list).or_default().range((begin, 0)..).map(|(_, id)| *id).collect();
        let size = query.get("per_page").and_then(|text| text.parse::<usize>().ok()).unwrap_or(10);
        let page = query.get("page").and_then(|text| text.parse::<usize>().ok()).unwrap_or(1);
        if !(1..=100).contains(&size) || page < 1 {
            return wrong(400, "rest_invalid_param", "Invalid parameter(s): per_page");
        }
        let table = self.table(list);
        let rows: Vec<_> = ids.iter().skip((page - 1) * size).take(size).map(|id| shown(&table[id])).collect();
        let mut headers = HeaderMap::new();
        headers.insert("x-wp-total", HeaderValue::from(ids.len()));
        Ok((headers, Json(rows)).into_response())
    }

    fn orders(&mut self, query: &Query) -> Result<Response, Wrong> {
        if query.get("orderby").is_some_and(|by| by == "modified") {
            return self.changed("orders", query);
        }
        let search = query.get("search").map(|text| text.to_lowercase());
        let customer = query.get("customer").and_then(|text| text.parse::<u64>().ok());
        let holds = |order: &Value, text: &str| {
            let fields = [
                &order["number"],
                &order["billing"]["email"],
                &order["billing"]["phone"],
                &order["billing"]["last_name"],
            ];
            fields.iter().any(|field| field.as_str().is_some_and(|it| it.to_lowercase().contains(text)))
        };
        let rows = self.orders.values().rev().filter(|order| {
            search.as_ref().is_none_or(|text| holds(order, text))
                && customer.is_none_or(|id| order["customer_id"] == id)
        });
        page(&rows.cloned().collect::<Vec<_>>(), query)
    }

    fn customers(&mut self, query: &Query) -> Result<Response, Wrong> {
        let mut rows: Vec<_> = self.customers.values().cloned().collect();
        match (query.get("orderby").map(String::as_str), query.get("order").map(String::as_str)) {
            (Some("id"), Some("asc")) => {}
            (Some("registered_date"), Some("desc")) => rows.reverse(),
            _ => return wrong(400, "rest_invalid_param", "Invalid parameter(s): orderby"),
        }
        if query.contains_key("modified_after") {
            return wrong(400, "rest_invalid_param", "Invalid parameter(s): modified_after");
        }
        page(&rows, query)
    }

    pub fn post(&mut self, path: &[&str], body: &Value) -> Result<Response, Wrong> {
        let made = |thing: &Value| Ok((StatusCode::CREATED, Json(shown(thing))).into_response());
        let order = |state: &Self, text: &str| match text.parse::<u64>().ok().filter(|id| state.orders.contains_key(id))
        {
            Some(id) => Ok(id),
            None => wrong(404, "woocommerce_rest_order_invalid_id", "Invalid order ID."),
        };
        match path {
            ["orders"] => made(&self.create(body)?),
            ["orders", "batch"] => {
                only(body, &["create", "update", "delete"])?;
                Ok(Json(json!({})).into_response())
            }
            ["orders", id, "refunds"] => {
                let id = order(self, id)?;
                let known = ["amount", "reason", "refunded_by", "meta_data", "line_items", "api_refund", "api_restock"];
                made(&self.refund(id, &only(body, &known)?)?)
            }
            ["orders", id, "notes"] => {
                let id = order(self, id)?;
                let fields = only(body, &["note", "customer_note", "added_by_user"])?;
                let Some(note) = fields.get("note").and_then(Value::as_str).filter(|note| !note.is_empty()) else {
                    return wrong(400, "rest_missing_callback_param", "Missing parameter(s): note");
                };
                made(&self.note(id, note, fields.get("customer_note").is_some_and(|yes| *yes == true)))
            }
            ["orders", id, "actions", "send_order_details"] => {
                let id = order(self, id)?;
                only(body, &["email", "force_email_update"])?;
                if self.orders[&id]["billing"]["email"].as_str().is_none_or(str::is_empty) {
                    return wrong(400, "woocommerce_rest_missing_email", "Order does not have an email address.");
                }
                self.mails += 1;
                Ok(Json(json!({ "message": "Order details sent." })).into_response())
            }
            ["coupons"] => made(&self.coupon(body)?),
            ["webhooks"] => made(&self.webhook(body)?),
            _ => wrong(404, "rest_no_route", "No route was found matching the URL and request method."),
        }
    }

    fn create(&mut self, body: &Value) -> Result<Value, Wrong> {
        let known = [
            "status",
            "currency",
            "customer_id",
            "billing",
            "shipping",
            "line_items",
            "meta_data",
            "set_paid",
            "customer_note",
        ];
        let fields = only(body, &known)?;
        let customer = fields["customer_id"].as_u64().unwrap_or_default();
        if customer != 0 && !self.customers.contains_key(&customer) {
            return wrong(400, "woocommerce_rest_invalid_customer_id", "Customer ID is invalid.");
        }
        let mut new = NewOrder::by(fields["billing"]["email"].as_str().unwrap_or_default());
        (new.account, new.paid) = ((customer != 0).then_some(customer), false);
        for item in fields["line_items"].as_array().into_iter().flatten() {
            let product = item["product_id"].as_u64().and_then(|id| self.products.get(&id));
            let Some(product) = product else {
                return wrong(400, "woocommerce_rest_required_product_reference", "Product ID or SKU is required.");
            };
            if item["total"] != "0" || item["subtotal"] != "0" {
                return wrong(400, "rest_invalid_param", "This shop is asked for free orders only");
            }
            let (title, quantity) = (product["name"].as_str().unwrap().to_owned(), item["quantity"].as_i64().unwrap());
            new.lines.push(NewLine { product: product["id"].as_u64(), title, quantity, price: 0 });
        }
        let id = self.place(&new);
        self.change(id, |order| {
            for (name, value) in fields.iter().filter(|(name, _)| *name != "line_items") {
                order[name] = value.clone();
            }
            order["created_via"] = json!("rest-api");
        });
        Ok(self.orders[&id].clone())
    }

    fn coupon(&mut self, body: &Value) -> Result<Value, Wrong> {
        let known = [
            "code",
            "discount_type",
            "amount",
            "usage_limit",
            "description",
            "email_restrictions",
            "date_expires",
            "meta_data",
        ];
        let fields = only(body, &known)?;
        let code = fields["code"].as_str().unwrap_or_default().to_lowercase();
        if code.is_empty() || !fields["amount"].is_string() {
            return wrong(400, "rest_missing_callback_param", "Missing parameter(s): code");
        }
        if !["percent", "fixed_cart", "fixed_product"].iter().any(|kind| fields["discount_type"] == **kind) {
            return wrong(400, "rest_invalid_param", "Invalid parameter(s): discount_type");
        }
        if self.coupons.values().any(|one| one["code"] == *code.as_str()) {
            return wrong(400, "woocommerce_rest_coupon_code_already_exists", "The coupon code already exists");
        }
        let id = self.id();
        let mut coupon = body.clone();
        (coupon["id"], coupon["code"]) = (json!(id), json!(code));
        self.coupons.insert(id, coupon.clone());
        Ok(coupon)
    }

    fn webhook(&mut self, body: &Value) -> Result<Value, Wrong> {
        let fields = only(body, &["name", "status", "topic", "secret", "delivery_url"])?;
        let url = fields["delivery_url"].as_str().unwrap_or_default();
        if fields["topic"].as_str().is_none_or(|topic| !topic.contains('.')) || !url.starts_with("http") {
            return wrong(
                400,
                "woocommerce_rest_webhook_invalid_topic",
                "Webhook topic is required and must be valid.",
            );
        }
        let id = self.id();
        let mut hook = body.clone();
        hook["id"] = json!(id);
        hook["__secret"] = hook["secret"].take();
        self.webhooks.insert(id, hook.clone());
        // The ping that nobody signs.
        self.news.push(("", json!(id)));
        Ok(hook)
    }

    pub fn put_to(&mut self, path: &[&str], body: &Value) -> Result<Response, Wrong> {
        match path {
            ["orders", id] => {
                let known = ["status", "shipping", "billing", "meta_data", "customer_note"];
                let fields = only(body, &known)?;
                let Some(id) = id.parse::<u64>().ok().filter(|id| self.orders.contains_key(id)) else {
                    return wrong(400, "woocommerce_rest_shop_order_invalid_id", "Invalid ID.");
                };
                let statuses = ["pending", "processing", "on-hold", "completed", "cancelled", "refunded", "failed"];
                if fields.get("status").is_some_and(|status| !statuses.iter().any(|known| *status == **known)) {
                    return wrong(400, "rest_invalid_param", "Invalid parameter(s): status");
                }
                self.change(id, |order| merge(order, &fields));
                Ok(Json(shown(&self.orders[&id])).into_response())
            }
            ["webhooks", id] => {
                let fields = only(body, &["status", "secret"])?;
                let Some(hook) = id.parse::<u64>().ok().and_then(|id| self.webhooks.get_mut(&id)) else {
                    return wrong(404, "woocommerce_rest_shop_webhook_invalid_id", "Invalid ID.");
                };
                for (name, value) in fields {
                    hook[if name == "secret" { "__secret".to_owned() } else { name }] = value;
                }
                Ok(Json(shown(hook)).into_response())
            }
            _ => wrong(404, "rest_no_route", "No route was found matching the URL and request method."),
        }
    }

    pub fn delete(&mut self, path: &[&str], query: &Query) -> Result<Response, Wrong> {
        let ["webhooks", id] = path else { return wrong(404, "rest_no_route", "No route was found.") };
        if query.get("force").is_none_or(|force| force != "true") {
            return wrong(501, "woocommerce_rest_trash_not_supported", "Webhooks do not support trashing.");
        }
        match id.parse::<u64>().ok().and_then(|id| self.webhooks.remove(&id)) {
            Some(hook) => Ok(Json(shown(&hook)).into_response()),
            None => wrong(404, "woocommerce_rest_webhook_invalid_id", "Invalid ID."),
        }
    }
}

fn merge(order: &mut Value, fields: &Map<String, Value>) {
    for (name, value) in fields {
        match name.as_str() {
            "shipping" | "billing" => {
                for (part, value) in value.as_object().unwrap() {
                    order[name][part] = value.clone();
                }
            }
            "meta_data" => {
                let there = order["meta_data"].as_array_mut().unwrap();
                for one in value.as_array().unwrap() {
                    there.retain(|known| known["key"] != one["key"]);
                    there.push(one.clone());
                }
            }
            _ => order[name] = value.clone(),
        }
    }
}
