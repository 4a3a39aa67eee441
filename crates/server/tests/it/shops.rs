//! Shops that stand beside the desk in a browser's story: real ones, and stand-ins for those that nobody can run.

use std::sync::Arc;

use base::{
    Time,
    app::{Clock, SystemClock},
};
use serde_json::{Value, json};

use crate::{
    platforms::{Basket, Medusa, SECRET, Vendure},
    standins::{
        mood::{self, NewOrder},
        shopify, woocommerce,
    },
};

/// An order as its buyer knows it.
pub struct Bought {
    /// In the shop's own books.
    pub id: String,
    /// On the bill.
    pub number: String,
    /// To whom it goes.
    pub buyer: &'static str,
    /// What will come back: one piece of these goods.
    pub goods: &'static str,
    /// What the buyer gets for it, in cents.
    pub price: i64,
}

pub trait Shop {
    const PLATFORM: &'static str;

    /// As the connection's form asks for it.
    fn settings(&self) -> Value;

    /// Somebody buys: two pieces of one kind and one of another, paid.
    async fn sell(&self, email: &str) -> Bought;

    /// It leaves, in one parcel. Answers the parcel's number.
    async fn ship(&self, id: &str) -> String;

    /// In cents, each that was given back, as the shop itself knows it.
    async fn refunds(&self, id: &str) -> Vec<i64>;

    /// The next answer to a change gets lost after the change was made; false where nobody can make it so.
    fn lose(&self) -> bool {
        false
    }

    /// Calls the desk about all that happened.
    async fn tell(&self) {}
}

fn cart(email: &str) -> NewOrder {
    let order = NewOrder::by(email).with("Wool sweater", 2, 4900).with("Rain jacket", 1, 12_900);
    NewOrder { shipping: 490, ..order }
}

/// Their clocks stand still; a shopper's days to send something back do not.
pub fn now() -> Time {
    SystemClock::default().now()
}

async fn deliver(calls: &[mood::Sent]) {
    let statuses = mood::deliver(calls).await;
    assert!(statuses.iter().all(|status| *status == 200), "{statuses:?}");
}

impl Shop for Arc<shopify::Shop> {
    const PLATFORM: &'static str = "shopify";

    fn settings(&self) -> Value {
        shopify::Shop::settings(self)
    }

    async fn sell(&self, email: &str) -> Bought {
        self.state().now = now();
        let id = self.place(&cart(email));
        self.tell().await;
        let number = self.look(&id).unwrap()["name"].as_str().unwrap().to_owned();
        Bought { id, number, buyer: "Ingrid Solberg", goods: "Wool sweater", price: 4900 }
    }

    async fn ship(&self, id: &str) -> String {
        self.state().ship(shopify::Shop::number(id));
        self.tell().await;
        "LX123456789NO".into()
    }

    async fn refunds(&self, id: &str) -> Vec<i64> {
        let order = self.look(id).unwrap();
        let given = |refund: &Value| {
            mood::minor(refund["totalRefundedSet"]["presentmentMoney"]["amount"].as_str().unwrap(), "EUR").unwrap()
        };
        order["refunds"].as_array().unwrap().iter().map(given).collect()
    }

    fn lose(&self) -> bool {
        self.mood.lock().unwrap().lose = 1;
        true
    }

    async fn tell(&self) {
        let calls = self.calls();
        deliver(&calls).await;
    }
}

impl Shop for Arc<woocommerce::Shop> {
    const PLATFORM: &'static str = "woocommerce";

    fn settings(&self) -> Value {
        woocommerce::Shop::settings(self)
    }

    async fn sell(&self, email: &str) -> Bought {
        self.state().now = now();
        let id = self.place(&cart(email));
        self.tell().await;
        Bought { number: id.clone(), id, buyer: "Ingrid Solberg", goods: "Wool sweater", price: 4900 }
    }

    /// As its plugin for parcels writes it down.
    async fn ship(&self, id: &str) -> String {
        let number = "LX123456789NO";
        let parcel = json!({ "tracking_id": "p1", "tracking_provider": "Posten Norge", "tracking_number": number,
            "date_shipped": (now() / 1000).to_string() });
        self.state().change(id.parse().unwrap(), |order| {
            order["status"] = json!("completed");
            order["meta_data"] = json!([{ "id": 1, "key": "_wc_shipment_tracking_items", "value": [parcel] }]);
        });
        self.tell().await;
        number.into()
    }

    async fn refunds(&self, id: &str) -> Vec<i64> {
        let state = self.state();
        let order: u64 = id.parse().unwrap();
        let of_it = state.refunds.values().filter(|refund| refund["__order"] == order);
        of_it.map(|refund| refund["__amount"].as_i64().unwrap()).collect()
    }

    fn lose(&self) -> bool {
        self.mood.lock().unwrap().lose = 1;
        true
    }

    async fn tell(&self) {
        let calls = self.calls();
        deliver(&calls).await;
    }
}

impl Shop for Medusa {
    const PLATFORM: &'static str = "medusa";

    fn settings(&self) -> Value {
        json!({ "address": self.address, "key": self.secret_key, "webhook_secret": SECRET })
    }

    async fn sell(&self, email: &str) -> Bought {
        let basket = Basket { email, country: "de", lines: &[("MUG-ONE", 2), ("SWEATER-M", 1)] };
        let order = self.place(&basket).await.unwrap();
        let id = order["id"].as_str().unwrap().to_owned();
        self.capture(&id).await.unwrap();
        Bought { id, number: format!("#{}", order["display_id"]), buyer: "Ada Nowak", goods: "Spruce mug", price: 1250 }
    }

    /// Medusa does not say with whom; this number does.
    async fn ship(&self, id: &str) -> String {
        Self::ship(self, id, "RR123456785SE").await.unwrap();
        "RR123456785SE".into()
    }

    async fn refunds(&self, id: &str) -> Vec<i64> {
        let fields = "fields=id,*payment_collections.payments,*payment_collections.payments.refunds";
        let order = self.admin(&format!("/orders/{id}?{fields}"), None).await.unwrap();
        let payments = order["order"]["payment_collections"][0]["payments"].as_array().unwrap();
        let refunds = payments.iter().flat_map(|payment| payment["refunds"].as_array().unwrap());
        refunds.map(|refund| mood::minor(&refund["amount"].to_string(), "EUR").unwrap()).collect()
    }
}

impl Shop for Vendure {
    const PLATFORM: &'static str = "vendure";

    fn settings(&self) -> Value {
        json!({ "address": self.address, "key": self.key, "webhook_secret": SECRET })
    }

    async fn sell(&self, email: &str) -> Bought {
        let order = self.place(email, &[("MUG", 2), ("SWEATER-M", 1)], false).await.unwrap();
        let text = |name: &str| order[name].as_str().unwrap().to_owned();
        Bought { id: text("id"), number: text("code"), buyer: "Ada Nowak", goods: "Spruce mug", price: 1250 }
    }

    async fn ship(&self, id: &str) -> String {
        Self::ship(self, id, "JD014600006281230704").await.unwrap();
        "JD014600006281230704".into()
    }

    async fn refunds(&self, id: &str) -> Vec<i64> {
        let query = "query ($id: ID!) { order(id: $id) { payments { refunds { total } } } }";
        let found = self.admin(query, json!({ "id": id })).await.unwrap();
        let payments = found["order"]["payments"].as_array().unwrap();
        let refunds = payments.iter().flat_map(|payment| payment["refunds"].as_array().unwrap());
        refunds.map(|refund| refund["total"].as_i64().unwrap()).collect()
    }
}
