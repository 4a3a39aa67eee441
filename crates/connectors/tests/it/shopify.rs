//! The contract, kept by Shopify.

use std::sync::{Arc, Mutex};

use connectors::{
    platform::{Platform, Store},
    platforms::shopify::Shopify,
};
use serde_json::json;

use crate::{
    contract::{Driver, Seen, actions, chance, connects, hearing, money, reading},
    kept,
    standins::{
        mood::{Mood, NewOrder, Sent},
        shopify::Shop,
    },
};

struct There {
    shop: Arc<Shop>,
    platform: Shopify,
}

async fn open() -> There {
    let clock = Arc::new(|| 1_793_491_200_000);
    There { shop: Shop::open().await, platform: Shopify::new(clock, reqwest::Client::new()) }
}

impl Driver for There {
    fn platform(&self) -> &dyn Platform {
        &self.platform
    }

    fn store(&self) -> Store {
        Store { id: 1, name: "Fjellvik".into(), settings: self.shop.settings() }
    }

    fn mood(&self) -> &Mutex<Mood> {
        &self.shop.mood
    }

    fn place(&self, new: &NewOrder) -> String {
        self.shop.place(new)
    }

    fn generate(&self, many: usize) {
        self.shop.generate(many);
    }

    fn account(&self, name: &str, email: &str) -> u64 {
        self.shop.state().add_customer(name, email)
    }

    fn ship(&self, id: &str) {
        self.shop.state().ship(Shop::number(id));
    }

    fn touch(&self, id: &str) {
        self.shop.state().change(Shop::number(id), |order| order["note"] = json!("touched"));
    }

    fn delete_order(&self, id: &str) {
        self.shop.delete_order(id);
    }

    fn delete_product(&self, id: u64) {
        self.shop.delete_product(id);
    }

    fn look(&self, id: &str) -> Seen {
        let order = self.shop.look(id).unwrap();
        let text = |at: &str| order.pointer(at).and_then(|text| text.as_str()).unwrap_or_default().to_owned();
        let jobs = order["fulfillmentOrders"].as_array().unwrap();
        Seen {
            paid: order["_paid"].as_i64().unwrap(),
            refunded: order["_refunded"].as_i64().unwrap(),
            cancelled: order["cancelledAt"].is_string(),
            notes: text("/note"),
            tags: order["tags"].as_array().unwrap().iter().map(|tag| tag.as_str().unwrap().into()).collect(),
            street: text("/shippingAddress/address1"),
            held: jobs.iter().any(|job| job["status"] == "ON_HOLD"),
            returns: order["returns"].as_array().unwrap().len(),
        }
    }

    fn orders(&self) -> usize {
        self.shop.state().orders.len()
    }

    fn mails(&self) -> usize {
        self.shop.state().invoices.len()
    }

    fn calls(&self) -> Vec<Sent> {
        self.shop.calls()
    }
}

kept!(open);
