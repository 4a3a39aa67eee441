//! The contract, kept by WooCommerce.

use std::sync::{Arc, Mutex};

use connectors::{
    platform::{Platform, Store},
    platforms::woocommerce::WooCommerce,
};
use serde_json::json;

use crate::{
    contract::{Driver, Seen, actions, chance, connects, hearing, money, reading},
    kept,
    standins::{
        mood::{Mood, NewOrder, Sent},
        woocommerce::Shop,
    },
};

struct There {
    shop: Arc<Shop>,
    platform: WooCommerce,
}

async fn open() -> There {
    let clock = Arc::new(|| 1_793_491_200_000);
    There { shop: Shop::open().await, platform: WooCommerce::new(clock, reqwest::Client::new()) }
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
        self.shop.ship(id);
    }

    fn touch(&self, id: &str) {
        self.shop.state().change(id.parse().unwrap(), |order| order["customer_note"] = json!("touched"));
    }

    fn delete_order(&self, id: &str) {
        self.shop.delete_order(id);
    }

    fn delete_product(&self, id: u64) {
        self.shop.delete_product(id);
    }

    fn look(&self, id: &str) -> Seen {
        let state = self.shop.state();
        let number = id.parse().unwrap();
        let (paid, refunded) = state.money(number);
        let order = &state.orders[&number];
        let notes = state.notes.get(&number).into_iter().flatten();
        Seen {
            paid,
            refunded,
            cancelled: order["status"] == "cancelled",
            notes: notes.map(|note| note["note"].as_str().unwrap()).collect::<Vec<_>>().join("\n"),
            street: order["shipping"]["address_1"].as_str().unwrap().into(),
            held: order["status"] == "on-hold",
            ..Seen::default()
        }
    }

    fn orders(&self) -> usize {
        self.shop.state().orders.len()
    }

    fn mails(&self) -> usize {
        self.shop.state().mails
    }

    fn calls(&self) -> Vec<Sent> {
        self.shop.calls()
    }
}

kept!(open);
