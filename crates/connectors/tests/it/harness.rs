//! The house's side of a connected shop.

use std::sync::Arc;

use base::{Error, Time};
use connectors::{
    Platforms,
    action::{Action, RefundTo},
    order::{Order, Pieces},
    platform::{Batch, Call, Kind, Platform, Store},
    platforms,
};
use serde_json::Value;

use crate::engines::SECRET;

/// The clock stands still here.
pub const NOW: Time = 1_795_800_000_000;

/// Real shops take more time than all else together: `make test-platforms` asks for them.
pub fn asked_for() -> bool {
    let asked = std::env::var("SHOPBELL_PLATFORMS").is_ok_and(|wish| wish == "1");
    if !asked {
        println!("skipped: SHOPBELL_PLATFORMS=1, or make test-platforms, runs the real shops");
    }
    asked
}

pub struct House {
    platforms: Platforms,
    name: &'static str,
    pub store: Store,
}

impl House {
    pub fn new(name: &'static str, mut settings: Value) -> Self {
        settings["webhook_secret"] = SECRET.into();
        let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        let clock: connectors::channels::Clock = Arc::new(|| NOW);
        let house = Self {
            platforms: platforms::all(&clock, &http),
            name,
            store: Store { id: 1, name: "Fjellvik".into(), settings },
        };
        house.platform().check(&house.store.settings).unwrap();
        house
    }

    pub fn platform(&self) -> &dyn Platform {
        self.platforms.get(self.name).unwrap()
    }

    pub async fn order(&self, id: &str) -> Order {
        self.platform().order(&self.store, id).await.unwrap().expect("the order is there")
    }

    /// Reads one kind wholly, one part after the other.
    pub async fn read(&self, kind: Kind, since: Option<Time>) -> Vec<Batch> {
        let mut all: Vec<Batch> = Vec::new();
        loop {
            // As it would be stored and read again.
            let next = all.last().and_then(|batch| batch.next.as_ref()).map(ToString::to_string);
            let next: Option<Value> = next.map(|text| serde_json::from_str(&text).unwrap());
            let batch = self.platform().read(&self.store, kind, since, next.as_ref()).await.unwrap();
            let last = batch.next.is_none();
            all.push(batch);
            if last {
                return all;
            }
            assert!(all.len() < 100, "it does not end");
        }
    }

    pub async fn execute(&self, key: &str, order: &Order, action: &Action) -> base::Result<connectors::platform::Done> {
        self.platform().execute(&self.store, key, order, action).await
    }

    pub async fn look_up(&self, key: &str, order: &Order, action: &Action) -> connectors::platform::Found {
        self.platform().look_up(&self.store, key, order, action).await.unwrap()
    }
}

pub fn call(heard: &crate::engines::Heard) -> Call {
    Call { headers: heard.0.clone(), body: heard.1.clone() }
}

pub fn refund(lines: Vec<Pieces>, amount: Option<i64>) -> Action {
    let reason = "Arrived broken".into();
    Action::Refund { lines, amount, shipping: 0, restock: false, to: RefundTo::Original, reason, notify: false }
}

/// `count` pieces of the line with this SKU.
pub fn pieces(order: &Order, sku: &str, quantity: i64) -> Vec<Pieces> {
    let line = order.lines.iter().find(|line| line.sku.as_deref() == Some(sku)).expect("a line");
    vec![Pieces { line: line.id.clone(), quantity }]
}

#[track_caller]
pub fn assert_refused<T: std::fmt::Debug>(what: base::Result<T>, words: &str) {
    match what {
        Err(Error::Refused { why }) => assert!(why.contains(words), "{why}"),
        Err(Error::Invalid(wrong)) => {
            assert!(wrong.iter().any(|one| one.field.contains(words) || one.why.contains(words)), "{wrong:?}");
        }
        other => panic!("not refused: {other:?}"),
    }
}
