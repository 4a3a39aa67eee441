//! A stand-in for a Shopify store: the GraphQL Admin API of version 2026-10 with its tokens, costs and webhooks.

mod changes;
mod graphql;
mod lists;
mod money;
mod state;

use std::sync::{Arc, Mutex, MutexGuard};

use apollo_compiler::executable::Field;
use aws_lc_rs::hmac;
use axum::{
    Json, Router,
    extract::{Path, State as At},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::post,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use tokio::time::Instant;

use self::{
    graphql::{Answer, Asked, Reader, Resolve},
    state::{State, gid},
};
use super::mood::{Mood, NewOrder, Sent, Turn, answered, turn};

pub const VERSION: &str = "2026-10";
pub const TOKEN: &str = "shpat_0000000000000000000000000000test";
pub const CLIENT: &str = "client-of-the-app";
pub const SECRET: &str = "shpss_secret-of-the-app";

/// What queries take from.
#[derive(Debug, Clone)]
pub struct Bucket {
    pub maximum: f64,
    /// Points that come back in a second.
    pub restored: f64,
    /// What one more row costs of what its parts do.
    pub weight: f64,
    left: f64,
    at: Option<Instant>,
}

impl Bucket {
    /// Full, and so large.
    pub fn fill(&mut self, maximum: f64, restored: f64) {
        (self.maximum, self.restored, self.left, self.at) = (maximum, restored, maximum, None);
    }
}

pub struct Shop {
    pub address: String,
    reader: Reader,
    state: Mutex<State>,
    pub mood: Mutex<Mood>,
    pub bucket: Mutex<Bucket>,
    /// Rights of the app.
    pub rights: Mutex<Vec<&'static str>>,
    /// What opens the shop.
    pub token: Mutex<String>,
    /// A code that an installation came back with, good once.
    pub code: Mutex<Option<&'static str>>,
}

impl Shop {
    /// Opens a shop on this machine.
    pub async fn open() -> Arc<Self> {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let bucket = Bucket { maximum: 1e6, restored: 1e6, weight: 0.01, left: 1e6, at: None };
        let shop = Arc::new(Self {
            address: format!("http://{}", listener.local_addr().unwrap()),
            reader: Reader::new(include_str!("schema.graphql")),
            state: Mutex::new(State::new()),
            mood: Mutex::default(),
            bucket: Mutex::new(bucket),
            rights: Mutex::new(RIGHTS.to_vec()),
            token: Mutex::new(TOKEN.into()),
            code: Mutex::default(),
        });
        let routes = Router::new()
            .route("/admin/api/{version}/graphql.json", post(graphql))
            .route("/admin/oauth/access_token", post(token))
            .with_state(Arc::clone(&shop));
        tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() });
        shop
    }

    /// As the connection's form would have them.
    pub fn settings(&self) -> Value {
        json!({ "shop": self.address, "client_secret": SECRET, "access_token": TOKEN })
    }

    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    pub fn place(&self, new: &NewOrder) -> String {
        gid("Order", self.state().place(new))
    }

    /// Many orders at once, of which nobody is told.
    pub fn generate(&self, many: usize) {
        let mut state = self.state();
        for place in 0..many {
            let new = NewOrder::by(&format!("shopper{place}@mail.example")).with("Wool sweater", 2, 4900);
            state.place(&new);
        }
        state.news.clear();
    }

    /// Ids as numbers.
    pub fn number(id: &str) -> u64 {
        id.rsplit('/').next().unwrap().parse().unwrap()
    }

    /// An order in the shop's own eyes.
    pub fn look(&self, id: &str) -> Option<Value> {
        self.state().orders.get(&Self::number(id)).map(|order| (**order).clone())
    }

    pub fn delete_order(&self, id: &str) {
        let mut state = self.state();
        state.remove("orders", Self::number(id));
        state.tell_order("orders/delete", Self::number(id));
    }

    pub fn delete_product(&self, id: u64) {
        let mut state = self.state();
        state.remove("products", id);
        state.news.push(("products/delete", json!({ "id": id })));
    }

    /// What the shop has to say since the last time, signed, to everybody who asked for it.
    pub fn calls(&self) -> Vec<Sent> {
        let mut state = self.state();
        let news = std::mem::take(&mut state.news);
        let mut calls = Vec::new();
        for (place, (topic, body)) in news.iter().enumerate() {
            let name = topic.replace('/', "_").to_uppercase();
            let event = format!("{:08}-{place}", state.now);
            for to in state.webhooks.values().filter(|(wanted, _)| *wanted == name).map(|(_, to)| to) {
                calls.push(self.signed(topic, body, &event, to));
            }
        }
        calls
    }

    /// Any call, signed as Shopify signs it.
    pub fn signed(&self, topic: &str, body: &Value, event: &str, to: &str) -> Sent {
        let body = serde_json::to_vec(body).unwrap();
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, SECRET.as_bytes()), &body);
        let shop = self.address.trim_start_matches("http://").to_owned();
        let headers = [
            ("content-type", "application/json".to_owned()),
            ("x-shopify-topic", topic.to_owned()),
            ("x-shopify-hmac-sha256", STANDARD.encode(tag.as_ref())),
            ("x-shopify-shop-domain", shop),
            ("x-shopify-api-version", VERSION.to_owned()),
            ("x-shopify-webhook-id", format!("w-{event}-{topic}")),
            ("x-shopify-event-id", event.to_owned()),
        ];
        Sent { to: to.into(), headers: headers.map(|(name, value)| (name.to_owned(), value)).into(), body }
    }
}

const RIGHTS: [&str; 12] = [
    "read_all_orders",
    "read_products",
    "read_inventory",
    "read_customers",
    "write_customers",
    "write_orders",
    "write_returns",
    "write_discounts",
    "write_store_credit_account_transactions",
    "read_store_credit_accounts",
    "write_merchant_managed_fulfillment_orders",
    "write_third_party_fulfillment_orders",
];

async fn token(At(shop): At<Arc<Shop>>, body: String) -> Response {
    if let Turn::Refuse(response) = turn(&shop.mood).await {
        return response;
    }
    let form = reqwest::Url::parse(&format!("https://form.invalid/?{body}")).unwrap();
    let asked: Value = form
        .query_pairs()
        .map(|(name, value)| (name.into_owned(), json!(value)))
        .collect::<serde_json::Map<_, _>>()
        .into();
    if asked["client_id"] != CLIENT || asked["client_secret"] != SECRET {
        return (StatusCode::BAD_REQUEST, Json(json!({ "error": "invalid_client" }))).into_response();
    }
    let good = match asked["grant_type"].as_str() {
        Some("client_credentials") => true,
        _ => asked["code"].as_str().is_some_and(|code| shop.code.lock().unwrap().take() == Some(code)),
    };
    if !good {
        let body = json!({ "error": "invalid_request", "error_description": "The authorization code was not found" });
        return (StatusCode::BAD_REQUEST, Json(body)).into_response();
    }
    let token = shop.token.lock().unwrap().clone();
    Json(json!({ "access_token": token, "scope": RIGHTS.join(","), "expires_in": 86_399 })).into_response()
}

async fn graphql(
    At(shop): At<Arc<Shop>>,
    Path(version): Path<String>,
    headers: HeaderMap,
    Json(body): Json<Value>,
) -> Response {
    if let Turn::Refuse(response) = turn(&shop.mood).await {
        return response;
    }
    let known = shop.token.lock().unwrap().clone();
    if headers.get("x-shopify-access-token").is_none_or(|token| *token != *known) {
        let why = json!({ "errors": "[API] Invalid API key or access token (unrecognized login or wrong password)" });
        return (StatusCode::UNAUTHORIZED, Json(why)).into_response();
    }
    if version != VERSION {
        return (StatusCode::NOT_FOUND, Json(json!({ "errors": "Not Found" }))).into_response();
    }
    let query = body["query"].as_str().unwrap_or_default();
    let changes = query.trim_start().starts_with("mutation");
    let said = shop.said(query, &body["variables"]);
    let response = ([("content-type", "application/json")], said).into_response();
    if changes { answered(&shop.mood, response) } else { response }
}

impl Shop {
    fn said(&self, query: &str, variables: &Value) -> String {
        let asked = match self.reader.read(query, variables) {
            Ok(asked) => asked,
            Err(error) => return json!({ "errors": [error] }).to_string(),
        };
        let cost = asked.cost(self.bucket.lock().unwrap().weight);
        if cost > 1000.0 {
            let why = format!("Query cost is {cost}, which exceeds the single query max cost limit (1000).");
            return json!({ "errors": [{ "message": why, "extensions": { "code": "MAX_COST_EXCEEDED", "cost": cost, "maxCost": 1000 } }] }).to_string();
        }
        let (paid, status) = self.take(cost);
        let cost = json!({ "cost": { "requestedQueryCost": cost.ceil(), "actualQueryCost": cost.ceil(), "throttleStatus": status } });
        if !paid {
            let why = json!({ "message": "Throttled", "extensions": { "code": "THROTTLED" } });
            return json!({ "errors": [why], "extensions": cost }).to_string();
        }
        let mut state = self.state();
        let rights = self.rights.lock().unwrap().clone();
        match asked.answer(&mut Clerk { state: &mut state, asked: &asked, rights, address: &self.address }) {
            Ok(data) => format!(r#"{{"data":{data},"extensions":{cost}}}"#),
            Err(error) => json!({ "errors": [error], "data": null, "extensions": cost }).to_string(),
        }
    }

    /// Takes points out of the bucket, if there are so many.
    fn take(&self, cost: f64) -> (bool, Value) {
        let mut bucket = self.bucket.lock().unwrap();
        let now = Instant::now();
        let passed = bucket.at.map_or(0.0, |at| now.duration_since(at).as_secs_f64());
        bucket.at = Some(now);
        bucket.left = (bucket.left + passed * bucket.restored).min(bucket.maximum);
        let paid = cost <= bucket.left;
        if paid {
            bucket.left -= cost;
        }
        let status = json!({
            "maximumAvailable": bucket.maximum, "currentlyAvailable": bucket.left.floor(), "restoreRate": bucket.restored,
        });
        (paid, status)
    }
}

/// Answers one request on the shop's state.
struct Clerk<'a> {
    state: &'a mut State,
    asked: &'a Asked,
    rights: Vec<&'static str>,
    address: &'a str,
}

impl Clerk<'_> {
    fn needs(&self, right: &str) -> Result<(), Value> {
        if self.rights.contains(&right) {
            return Ok(());
        }
        let why = format!("Access denied. Required access: `{right}` access scope.");
        Err(json!({ "message": why, "extensions": { "code": "ACCESS_DENIED" } }))
    }

    fn thing(&self, list: &str, id: &Value) -> Value {
        let id = id.as_str().map(Shop::number).unwrap_or_default();
        let found = match list {
            "orders" => self.state.orders.get(&id),
            "products" => self.state.products.get(&id),
            _ => self.state.customers.get(&id),
        };
        found.map_or(Value::Null, |thing| (**thing).clone())
    }

    fn mutation(&mut self, field: &Field, arguments: &Value) -> Result<Value, Value> {
        let input = &arguments["input"];
        self.needs(match field.name.as_str() {
            "discountCodeBasicCreate" => "write_discounts",
            "returnCreate" => "write_returns",
            "storeCreditAccountCredit" => "write_store_credit_account_transactions",
            "fulfillmentOrderHold" | "fulfillmentOrderReleaseHold" => "write_merchant_managed_fulfillment_orders",
            _ => "write_orders",
        })?;
        Ok(match field.name.as_str() {
            "refundCreate" => self.state.refund(self.asked, field, input)?,
            "orderCancel" => self.state.cancel(arguments),
            "orderUpdate" => self.state.update(input),
            "tagsAdd" => self.state.tags(arguments, true),
            "tagsRemove" => self.state.tags(arguments, false),
            "orderInvoiceSend" => self.state.invoice(arguments),
            "orderCreate" => self.state.create(&arguments["order"]),
            "discountCodeBasicCreate" => self.state.discount(&arguments["basicCodeDiscount"]),
            "storeCreditAccountCredit" => self.state.credit(arguments),
            "metafieldsSet" => self.state.metafields(arguments),
            "fulfillmentOrderHold" => self.state.hold(arguments),
            "fulfillmentOrderReleaseHold" => self.state.release(arguments),
            "returnCreate" => self.state.take_back(&arguments["returnInput"]),
            "webhookSubscriptionCreate" => self.state.subscribe(arguments),
            "webhookSubscriptionDelete" => self.state.unsubscribe(arguments),
            other => panic!("{other} is in the schema and not in the shop"),
        })
    }
}

impl Resolve for Clerk<'_> {
    fn root(&mut self, field: &Field, arguments: &Value) -> Result<Answer, Value> {
        let id = &arguments["id"];
        let value = match field.name.as_str() {
            "orders" => return self.state.list("orders", arguments).map(Answer::Page),
            "products" => return self.state.list("products", arguments).map(Answer::Page),
            "customers" => return self.state.list("customers", arguments).map(Answer::Page),
            "ordersCount" => self.state.count("orders", arguments),
            "productsCount" => self.state.count("products", arguments),
            "customersCount" => self.state.count("customers", arguments),
            "order" => {
                // What was begun before this call is done by the next one.
                let now = self.thing("orders", id);
                self.state.work();
                now
            }
            "product" => self.thing("products", id),
            "customer" => self.thing("customers", id),
            "fulfillment" => {
                let mut parcels =
                    self.state.orders.values().flat_map(|order| order["fulfillments"].as_array().unwrap());
                parcels.find(|parcel| parcel["id"] == *id).cloned().unwrap_or_default()
            }
            "codeDiscountNodeByCode" => {
                let code = arguments["code"].as_str().unwrap_or_default().to_uppercase();
                self.state.discounts.get(&code).cloned().unwrap_or_default()
            }
            "returnableFulfillments" => self.state.returnable(arguments),
            "webhookSubscriptions" => {
                let one = |(id, (topic, uri)): (&u64, &(String, String))| json!({ "id": gid("WebhookSubscription", *id), "topic": topic, "uri": uri });
                self.state.webhooks.iter().map(one).collect()
            }
            "shop" => {
                let domain = self.address.trim_start_matches("http://");
                json!({ "name": "Fjellvik", "myshopifyDomain": domain, "currencyCode": state::CURRENCY,
                    "orderNumberFormatPrefix": self.state.prefix, "orderNumberFormatSuffix": "" })
            }
            "currentAppInstallation" => {
                json!({ "accessScopes": self.rights.iter().map(|right| json!({ "handle": right })).collect::<Vec<_>>() })
            }
            "publicApiVersions" => json!([{ "handle": VERSION, "supported": true }]),
            _ => self.mutation(field, arguments)?,
        };
        Ok(Answer::Value(value))
    }

    fn within(&self, object: &Value, field: &str, arguments: &Value) -> Option<Value> {
        match field {
            "suggestedRefund" => Some(money::suggest(object, arguments)),
            "metafield" => {
                let name = format!("{}.{}", arguments["namespace"].as_str()?, arguments["key"].as_str()?);
                Some(object["_metafields"][name].clone())
            }
            _ => None,
        }
    }
}
