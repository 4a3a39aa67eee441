//! Vendure 3.6 or newer: its Admin API with an API key, and a small plugin of ours that tells of changes.

mod act;
mod ask;
mod back;
mod orders;
mod people;
mod read;
mod settings;
mod units;
mod webhooks;

use base::{Result, Time};
use serde_json::Value;

use crate::{
    action::{Action, ActionKind},
    channel::Later,
    channels::Clock,
    order::{Order, Product},
    platform::{About, Batch, Call, Capabilities, Done, Found, Kind, News, Platform, Preview, Store, Vouched, Wanted},
    platforms::plugin,
    setting::Setting,
};

pub use settings::form;

pub const NAME: &str = "vendure";

pub struct Vendure {
    now: Clock,
    http: reqwest::Client,
}

impl Vendure {
    pub fn new(now: Clock, http: reqwest::Client) -> Self {
        Self { now, http }
    }

    fn shop(&self, store: &Store) -> Result<ask::Shop> {
        ask::Shop::new(&self.http, &store.settings)
    }
}

impl Platform for Vendure {
    fn name(&self) -> &'static str {
        NAME
    }

    fn capabilities(&self) -> Capabilities {
        // Its core has no tags, returns, store credit or holds, and its mails are no business of its API.
        const ACTIONS: &[ActionKind] = &[
            ActionKind::Refund,
            ActionKind::Cancel,
            ActionKind::ChangeAddress,
            ActionKind::Note,
            ActionKind::Discount,
        ];
        Capabilities { actions: ACTIONS, asked: true, webhooks: true, installs: false, pushes: false }
    }

    fn settings(&self) -> Vec<Setting> {
        form()
    }

    fn check(&self, settings: &Value) -> Result<()> {
        settings::check(settings)
    }

    fn about<'a>(&'a self, store: &'a Store) -> Later<'a, About> {
        Box::pin(async move { settings::about(&self.shop(store)?, &store.settings).await })
    }

    fn read<'a>(
        &'a self,
        store: &'a Store,
        kind: Kind,
        since: Option<Time>,
        next: Option<&'a Value>,
    ) -> Later<'a, Batch> {
        Box::pin(async move { read::part(&self.shop(store)?, kind, since, next).await })
    }

    fn order<'a>(&'a self, store: &'a Store, id: &'a str) -> Later<'a, Option<Order>> {
        Box::pin(async move { Ok(read::order(&self.shop(store)?, id).await?.map(|(_, order)| order)) })
    }

    fn by_number<'a>(&'a self, store: &'a Store, number: &'a str) -> Later<'a, Vec<Order>> {
        Box::pin(async move { read::by_number(&self.shop(store)?, number).await })
    }

    fn orders_of<'a>(&'a self, store: &'a Store, wanted: &'a Wanted) -> Later<'a, Vec<Order>> {
        Box::pin(async move { read::orders_of(&self.shop(store)?, wanted).await })
    }

    fn product<'a>(&'a self, store: &'a Store, id: &'a str) -> Later<'a, Option<Product>> {
        Box::pin(async move { read::product(&self.shop(store)?, id).await })
    }

    fn subscribe<'a>(&'a self, store: &'a Store, address: &'a str) -> Later<'a, Vec<(String, String)>> {
        Box::pin(async move { webhooks::subscribe(&self.shop(store)?, address, true).await.map(|()| Vec::new()) })
    }

    fn unsubscribe<'a>(&'a self, store: &'a Store, address: &'a str) -> Later<'a, ()> {
        Box::pin(async move { webhooks::subscribe(&self.shop(store)?, address, false).await })
    }

    fn vouch(&self, store: &Store, call: &Call) -> Result<Vouched> {
        plugin::vouch(&store.settings, call)
    }

    fn hear(&self, _store: &Store, call: &Call) -> Result<Vec<News>> {
        webhooks::hear(call)
    }

    fn preview<'a>(&'a self, store: &'a Store, order: &'a Order, action: &'a Action) -> Later<'a, Preview> {
        Box::pin(async move { act::preview(&self.shop(store)?, order, action).await })
    }

    fn execute<'a>(&'a self, store: &'a Store, key: &'a str, order: &'a Order, action: &'a Action) -> Later<'a, Done> {
        Box::pin(async move { act::execute(&self.shop(store)?, (self.now)(), key, order, action).await })
    }

    fn look_up<'a>(&'a self, store: &'a Store, key: &'a str, order: &'a Order, action: &'a Action) -> Later<'a, Found> {
        Box::pin(async move { act::look_up(&self.shop(store)?, key, order, action).await })
    }
}
