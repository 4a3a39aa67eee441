//! A stand-in for a WooCommerce store: REST v3 with its keys, pages, refusals and webhooks.

mod rest;
mod state;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard},
};

use aws_lc_rs::hmac;
use axum::{
    Router,
    body::Bytes,
    extract::{Path, Query, State as At},
    http::{HeaderMap, Method},
    response::Response,
    routing::any,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use self::{rest::refused, state::State};
use super::mood::{Mood, NewOrder, Sent, Turn, answered, turn};

pub const KEY: &str = "ck_0000000000000000000000000000000000test";
pub const SECRET: &str = "cs_0000000000000000000000000000000000test";

pub struct Shop {
    pub address: String,
    state: Mutex<State>,
    pub mood: Mutex<Mood>,
    /// The key may only read.
    pub reads_only: Mutex<bool>,
}

impl Shop {
    /// Opens a shop on this machine.
    pub async fn open() -> Arc<Self> {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let shop = Arc::new(Self {
            address: format!("http://{}", listener.local_addr().unwrap()),
            state: Mutex::new(State::new()),
            mood: Mutex::default(),
            reads_only: Mutex::default(),
        });
        let routes = Router::new().route("/wp-json/wc/v3/{*path}", any(serve)).with_state(Arc::clone(&shop));
        tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() });
        shop
    }

    /// As the connection's form would have them.
    pub fn settings(&self) -> Value {
        json!({ "address": self.address, "consumer_key": KEY, "consumer_secret": SECRET })
    }

    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    pub fn place(&self, new: &NewOrder) -> String {
        self.state().place(new).to_string()
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

    /// An order in the shop's own eyes.
    pub fn look(&self, id: &str) -> Option<Value> {
        self.state().orders.get(&id.parse().unwrap()).cloned()
    }

    pub fn ship(&self, id: &str) {
        self.state().change(id.parse().unwrap(), |order| order["status"] = json!("completed"));
    }

    pub fn delete_order(&self, id: &str) {
        let (mut state, id) = (self.state(), id.parse().unwrap());
        state.remove("orders", id);
        state.news.push(("order.deleted", json!({ "id": id })));
    }

    pub fn delete_product(&self, id: u64) {
        let mut state = self.state();
        state.remove("products", id);
        state.news.push(("product.deleted", json!({ "id": id })));
    }

    /// What the shop has to say since the last time, signed, to everybody who asked for it. As at WooCommerce, what is
    /// told is the thing as it is when it is told.
    pub fn calls(&self) -> Vec<Sent> {
        let mut state = self.state();
        let news = std::mem::take(&mut state.news);
        let mut calls = Vec::new();
        for (topic, what) in news {
            if topic.is_empty() {
                let Some(hook) = what.as_u64().and_then(|id| state.webhooks.get(&id)) else { continue };
                let to = hook["delivery_url"].as_str().unwrap().to_owned();
                calls.push(Sent { to, headers: Vec::new(), body: format!("webhook_id={what}").into_bytes() });
                continue;
            }
            let thing = match what.as_u64() {
                Some(id) if topic.starts_with("order") => state.orders.get(&id).cloned(),
                Some(id) => state.customers.get(&id).cloned(),
                None => Some(what),
            };
            let Some(mut thing) = thing else { continue };
            thing.as_object_mut().unwrap().retain(|name, _| !name.starts_with("__"));
            let wanted = state.webhooks.values().filter(|hook| hook["topic"] == topic && hook["status"] == "active");
            for hook in wanted {
                calls.push(signed(hook, topic, &thing, state.now));
            }
        }
        calls
    }
}

/// A delivery's id is made of the webhook and the second, as WooCommerce makes it: not of what it is about.
fn signed(hook: &Value, topic: &str, thing: &Value, now: i64) -> Sent {
    let body = serde_json::to_vec(thing).unwrap();
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, hook["__secret"].as_str().unwrap().as_bytes()), &body);
    let headers = [
        ("content-type", "application/json".to_owned()),
        ("x-wc-webhook-source", "https://fjellvik.example/".into()),
        ("x-wc-webhook-topic", topic.into()),
        ("x-wc-webhook-signature", STANDARD.encode(tag.as_ref())),
        ("x-wc-webhook-id", hook["id"].to_string()),
        ("x-wc-webhook-delivery-id", format!("{}-{}", hook["id"], now / 60_000)),
    ];
    let to = hook["delivery_url"].as_str().unwrap().into();
    Sent { to, headers: headers.map(|(name, value)| (name.to_owned(), value)).into(), body }
}

async fn serve(
    At(shop): At<Arc<Shop>>,
    method: Method,
    Path(path): Path<String>,
    Query(query): Query<HashMap<String, String>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    if let Turn::Refuse(response) = turn(&shop.mood).await {
        return response;
    }
    let known = format!("Basic {}", STANDARD.encode(format!("{KEY}:{SECRET}")));
    if headers.get("authorization").is_none_or(|given| *given != *known) {
        let why = "Consumer key is invalid.";
        return refused((401, "woocommerce_rest_authentication_error", why.into()));
    }
    let reads = method == Method::GET;
    if !reads && *shop.reads_only.lock().unwrap() {
        let why = "The API key provided does not have write permissions.";
        return refused((401, "woocommerce_rest_authentication_error", why.into()));
    }
    let body: Value = serde_json::from_slice(&body).unwrap_or_default();
    let path: Vec<&str> = path.split('/').collect();
    let done = {
        let mut state = shop.state();
        match method {
            Method::GET => state.get(&path, &query),
            Method::POST => state.post(&path, &body),
            Method::PUT => state.put_to(&path, &body),
            Method::DELETE => state.delete(&path, &query),
            _ => Err((405, "rest_no_route", "No route was found matching the URL and request method.".into())),
        }
    };
    let worked = done.is_ok();
    let response = done.unwrap_or_else(refused);
    if reads || !worked { response } else { answered(&shop.mood, response) }
}
