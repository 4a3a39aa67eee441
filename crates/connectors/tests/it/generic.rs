//! The contract, kept by a shop system of one's own that takes actions: all of it but what such a shop tells by itself.

use std::sync::{Arc, Mutex};

use base::Error;
use connectors::{
    action::{Action, ActionKind},
    platform::{Found, Platform, Store},
    platforms::generic::Generic,
};
use serde_json::json;

use crate::{
    contract::{Driver, Seen, actions, chance, connects, execute, look_up, money, order},
    standins::{
        generic::Shop,
        mood::{Mood, NewOrder, Sent},
    },
};

struct There {
    shop: Arc<Shop>,
    platform: Generic,
}

async fn open() -> There {
    // As the product's own: it goes nowhere else.
    let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    There { shop: Shop::open().await, platform: Generic::new(Arc::new(|| 1_793_491_200_000), http) }
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
        self.shop.state().place(new)
    }

    fn generate(&self, many: usize) {
        (0..many).for_each(|_| drop(self.place(&NewOrder::by("a@mail.example").with("Wool sweater", 1, 4900))));
    }

    fn account(&self, _: &str, _: &str) -> u64 {
        7
    }

    fn ship(&self, id: &str) {
        self.shop.state().ship(id);
    }

    fn touch(&self, id: &str) {
        self.shop.state().touch(id);
    }

    fn delete_order(&self, id: &str) {
        self.shop.state().orders.remove(id);
    }

    fn delete_product(&self, _: u64) {}

    fn look(&self, id: &str) -> Seen {
        let state = self.shop.state();
        let order = &state.orders[id];
        let texts = order["tags"].as_array().unwrap().iter().map(|tag| tag.as_str().unwrap().to_owned());
        Seen {
            paid: order["totals"]["paid"].as_i64().unwrap(),
            refunded: order["totals"]["refunded"].as_i64().unwrap(),
            cancelled: order["state"] == "cancelled",
            notes: order["note"].as_str().unwrap().into(),
            tags: texts.collect(),
            street: order["shipping_address"]["line1"].as_str().unwrap().into(),
            held: order["fulfilment"] == "on_hold",
            returns: state.returns.get(id).copied().unwrap_or_default(),
        }
    }

    fn orders(&self) -> usize {
        self.shop.state().orders.len()
    }

    fn mails(&self) -> usize {
        self.shop.state().mails
    }

    fn calls(&self) -> Vec<Sent> {
        Vec::new()
    }
}

crate::kept!(open: connects, money::gives_back, money::gives_back_in_any_money, money::refuses_too_much,
    money::gives_back_once, money::looks_before_it_tries_again, money::never_gives_more_than_came_in, actions::cancels,
    actions::changes_an_order, actions::gives_for_the_next_order, actions::sends_again_and_takes_back);

#[test]
fn never_twice_never_too_much() {
    let here = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let shop = here.block_on(open());
    let cases = proptest::test_runner::Config { cases: 48, failure_persistence: None, ..Default::default() };
    proptest::test_runner::TestRunner::new(cases)
        .run(&chance::tries(), |tries| {
            here.block_on(chance::never_twice_never_too_much(&shop, &tries));
            Ok(())
        })
        .unwrap();
}

#[tokio::test]
async fn whatever_it_answers_is_understood_and_nothing_is_done() {
    let shop = open().await;
    let id = shop.place(&NewOrder::by("a@mail.example").with("Wool sweater", 1, 4900));
    let (known, note) = (order(&shop, &id).await, Action::Note { text: "Ring twice".into() });
    let tried = |store: Store| {
        let (platform, known, note) = (&shop.platform, &known, &note);
        async move { platform.execute(&store, "n-1", known, note).await }
    };
    shop.mood().lock().unwrap().too_many = 1;
    let later = tried(shop.store()).await;
    assert!(matches!(later, Err(Error::Upstream { retry_after: Some(1500), .. })), "{later:?}");
    shop.shop.state().moved = true;
    let moved = tried(shop.store()).await;
    assert!(matches!(moved, Err(Error::Refused { .. })), "nobody follows it: {moved:?}");
    shop.shop.state().moved = false;
    let with = |key: &str, value: &str| {
        let mut store = shop.store();
        store.settings[key] = json!(value);
        store
    };
    let forged = tried(with("secret", "another secret of nobody")).await;
    assert!(matches!(forged, Err(Error::Refused { .. })), "{forged:?}");
    let away = tried(with("actions_address", "http://127.0.0.1:1/shopbell")).await;
    assert!(matches!(away, Err(Error::Upstream { .. })), "{away:?}");
    let unable = tried(with("actions", "refund, cancel")).await;
    assert!(matches!(unable, Err(Error::Refused { .. })), "the shop names what it does: {unable:?}");
    assert_eq!(shop.look(&id).notes, "");
    assert_eq!(shop.platform.abilities(&with("actions", "refund, cancel")), [ActionKind::Refund, ActionKind::Cancel]);
    assert_eq!(shop.platform.abilities(&with("actions_address", "")), [], "a shop that only tells does nothing");
    // The money went, and nobody heard of it.
    let refund = money::refund(Vec::new(), None);
    *shop.mood().lock().unwrap() = Mood { lose: 1, ..Mood::default() };
    assert!(matches!(execute(&shop, "r-1", &id, &refund).await, Err(Error::Upstream { .. })));
    assert!(matches!(look_up(&shop, "r-1", &id, &refund).await, Found::Done(_)));
    assert_eq!(
        execute(&shop, "r-1", &id, &refund).await.unwrap().amount,
        4900,
        "told once more, although nothing is left"
    );
    assert_eq!(shop.look(&id).refunded, 4900);
}
