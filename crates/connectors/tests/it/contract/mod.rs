//! What every platform has to keep to, told once, as stories over [`Driver`].

pub mod actions;
pub mod chance;
pub mod hearing;
pub mod money;
pub mod reading;

use std::sync::Mutex;

use connectors::{
    action::{Action, ActionKind},
    order::{Address, Order},
    platform::{Call, Done, Found, Platform, Store},
};
use serde_json::Value;

use crate::standins::mood::{Mood, NewOrder, Sent};

/// A shop that a test owns: things happen there, and can be looked at from the inside.
pub trait Driver: Send + Sync {
    fn platform(&self) -> &dyn Platform;
    fn store(&self) -> Store;
    fn mood(&self) -> &Mutex<Mood>;

    /// The id by which the platform's API knows it.
    fn place(&self, new: &NewOrder) -> String;
    fn generate(&self, many: usize);
    fn account(&self, name: &str, email: &str) -> u64;
    fn ship(&self, id: &str);
    /// Somebody changes something there.
    fn touch(&self, id: &str);
    fn delete_order(&self, id: &str);
    fn delete_product(&self, id: u64);

    fn look(&self, id: &str) -> Seen;
    fn orders(&self) -> usize;
    /// Mails about an order that the shop was asked to send.
    fn mails(&self) -> usize;
    /// What the shop tells those who asked, since the last time.
    fn calls(&self) -> Vec<Sent>;
    /// A call of the shop that says something else than it signed.
    fn forged(&self, call: &Call) -> Call {
        let mut forged = call.clone();
        forged.body.extend(b" ");
        forged
    }
}

/// An order in the shop's own eyes.
#[derive(Debug, Default, PartialEq)]
pub struct Seen {
    pub paid: i64,
    pub refunded: i64,
    pub cancelled: bool,
    pub notes: String,
    pub tags: Vec<String>,
    pub street: String,
    pub held: bool,
    pub returns: usize,
}

pub fn call(sent: &Sent) -> Call {
    Call { headers: sent.headers.clone(), body: sent.body.clone() }
}

pub async fn order(shop: &dyn Driver, id: &str) -> Order {
    shop.platform().order(&shop.store(), id).await.unwrap().expect("the order is there")
}

pub async fn execute(shop: &dyn Driver, key: &str, id: &str, action: &Action) -> base::Result<Done> {
    let order = order(shop, id).await;
    shop.platform().execute(&shop.store(), key, &order, action).await
}

pub async fn look_up(shop: &dyn Driver, key: &str, id: &str, action: &Action) -> Found {
    let order = order(shop, id).await;
    shop.platform().look_up(&shop.store(), key, &order, action).await.unwrap()
}

pub fn can(shop: &dyn Driver, kind: ActionKind) -> bool {
    shop.platform().capabilities().actions.contains(&kind)
}

pub fn elsewhere() -> Address {
    Address {
        name: Some("Kari Nordmann".into()),
        line1: "Fjellveien 7".into(),
        line2: Some("2nd floor".into()),
        postcode: Some("5003".into()),
        city: "Bergen".into(),
        country: "NO".into(),
        ..Address::default()
    }
}

/// Settings are understood, and what is not known is named; the store says who it is.
pub async fn connects(shop: &dyn Driver) {
    let (platform, store) = (shop.platform(), shop.store());
    platform.check(&store.settings).unwrap();
    let mut odd = store.settings.clone();
    odd["no_such_setting"] = Value::from(1);
    let Err(base::Error::Invalid(wrong)) = platform.check(&odd) else { panic!("unknown settings are refused") };
    assert_eq!(wrong[0].field, "no_such_setting");
    assert!(platform.settings().iter().all(|setting| !setting.label.is_empty()));
    for setting in platform.settings().iter().filter(|setting| setting.required) {
        let mut without = store.settings.clone();
        without[setting.key] = Value::Null;
        let Err(base::Error::Invalid(wrong)) = platform.check(&without) else { panic!("{} is needed", setting.key) };
        assert!(wrong.iter().any(|one| one.field == setting.key));
    }
    let about = platform.about(&store).await.unwrap();
    assert!(!about.address.is_empty() && about.currency.as_deref() == Some("EUR"), "{about:?}");
    assert_eq!(about.problems, Vec::<String>::new());
}
