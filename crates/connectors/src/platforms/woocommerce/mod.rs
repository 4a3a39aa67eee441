//! WooCommerce, through its REST API, version 3.

mod ask;
mod changes;
mod orders;
mod products;
mod read;
mod refund;
mod settings;
mod webhooks;

use base::{Error, Result, Time};
use serde_json::{Value, json};

use self::{
    ask::Rest,
    changes::{found, goes_to},
    orders::text,
    refund::{Wish, gone, reckon},
};
use crate::{
    action::{Action, ActionKind, Hindrance, hindrance, refundable},
    channel::Later,
    channels::Clock,
    order::{Order, Product},
    platform::{About, Batch, Call, Capabilities, Done, Found, Kind, News, Platform, Preview, Store, Vouched, Wanted},
    platforms::call::{called, with_trace},
    setting::Setting,
};

pub const NAME: &str = "woocommerce";
/// Characters of an order's note.
const NOTE: usize = 10_000;

/// WooCommerce itself has no tags on orders, no store credit, no returns and no exchanges; plugins that have keep them
/// each in its own way.
const ACTIONS: &[ActionKind] = &[
    ActionKind::Refund,
    ActionKind::Cancel,
    ActionKind::ChangeAddress,
    ActionKind::Note,
    ActionKind::ResendConfirmation,
    ActionKind::Replacement,
    ActionKind::Discount,
    ActionKind::Hold,
    ActionKind::Release,
];

pub fn form() -> Vec<Setting> {
    settings::form()
}

pub struct WooCommerce {
    rest: Rest,
    now: Clock,
}

impl WooCommerce {
    pub fn new(now: Clock, http: reqwest::Client) -> Self {
        Self { rest: Rest { http }, now }
    }

    async fn who(&self, store: &Store) -> Result<About> {
        let site = settings::access(&store.settings)?.site;
        let status = self.rest.get(store, "system_status").await?.unwrap_or_default();
        let mut problems = Vec::new();
        // Changes nothing: a batch without anything in it. A key that may only read is refused it.
        match self.rest.post(store, "orders/batch", &json!({ "create": [] })).await {
            Ok(_) => {}
            Err(Error::Refused { .. }) => problems.push(
                "The key may only read: orders can be seen, and nothing can be done to them. Make one with Read/Write."
                    .into(),
            ),
            Err(other) => return Err(other),
        }
        let address = text(&status["environment"]["site_url"]).unwrap_or(site);
        let address = address.split("://").last().unwrap_or_default().trim_end_matches('/').to_owned();
        Ok(About {
            name: address.clone(),
            address,
            currency: text(&status["settings"]["currency"]),
            version: text(&status["environment"]["version"]),
            problems,
        })
    }

    async fn of_people(&self, store: &Store, wanted: &Wanted) -> Result<Vec<Order>> {
        let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
        // The last eight: people write the rest in many ways.
        let tail = |text: &str| {
            let all = digits(text);
            all[all.len().saturating_sub(8)..].to_owned()
        };
        let newest = [("orderby", "date"), ("order", "desc"), ("per_page", "50")];
        let mut rows: Vec<Value> = Vec::new();
        for buyer in wanted.buyers.iter().filter(|id| !id.is_empty() && id.bytes().all(|digit| digit.is_ascii_digit()))
        {
            let query = [&newest[..], &[("customer", buyer)]].concat();
            rows.extend(self.rest.list(store, "orders", &query).await?.rows);
        }
        for email in &wanted.emails {
            let query = [&newest[..], &[("search", email)]].concat();
            let found = self.rest.list(store, "orders", &query).await?.rows.into_iter();
            rows.extend(
                found.filter(|row| row["billing"]["email"].as_str().is_some_and(|it| it.eq_ignore_ascii_case(email))),
            );
        }
        for phone in wanted.phones.iter().filter(|phone| digits(phone).len() >= 8) {
            let end = tail(phone);
            let query = [&newest[..], &[("search", end.as_str())]].concat();
            let found = self.rest.list(store, "orders", &query).await?.rows.into_iter();
            rows.extend(found.filter(|row| row["billing"]["phone"].as_str().is_some_and(|it| tail(it) == end)));
        }
        rows.retain(orders::counts);
        rows.sort_by_key(|row| std::cmp::Reverse((orders::stamp(&row["date_created_gmt"]), row["id"].as_u64())));
        rows.dedup_by_key(|row| row["id"].clone());
        rows.truncate(50);
        let mut found = Vec::new();
        for row in &rows {
            found.push(self.whole(store, row).await?);
        }
        Ok(found)
    }

    /// The number is the id, unless a plugin gives numbers of its own; the search knows those.
    async fn numbered(&self, store: &Store, number: &str) -> Result<Vec<Order>> {
        let bare = number.trim().trim_start_matches('#');
        let key =
            |text: &str| text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect::<String>();
        if key(bare).is_empty() {
            return Ok(Vec::new());
        }
        let mut rows = self.rest.list(store, "orders", &[("search", bare), ("per_page", "20")]).await?.rows;
        rows.extend(self.raw(store, bare).await?);
        rows.retain(|row| orders::counts(row) && called(row["number"].as_str().unwrap_or_default(), bare));
        rows.sort_by_key(|row| row["id"].as_u64());
        rows.dedup_by_key(|row| row["id"].clone());
        let mut found = Vec::new();
        for row in rows.iter().take(5) {
            found.push(self.whole(store, row).await?);
        }
        Ok(found)
    }

    async fn act(&self, store: &Store, key: &str, order: &Order, action: &Action) -> Result<Done> {
        // A second try of one key must not do it twice; WooCommerce looks at no keys.
        match self.done(store, key, order, action).await? {
            Found::Done(done) => return Ok(done),
            Found::Unknown(why) if action.kind() != ActionKind::ResendConfirmation => return Err(Error::upstream(why)),
            Found::Unknown(_) | Found::NotDone => {}
        }
        match action {
            Action::Refund { lines, amount, shipping, restock, to, reason, .. } => {
                let (amount, shipping, restock) = (*amount, *shipping, *restock);
                self.refund(store, key, order, &Wish { lines, amount, shipping, restock, to: *to, reason }).await
            }
            Action::Cancel { refund, reason, .. } => self.cancel(store, key, order, *refund, reason).await,
            Action::ChangeAddress { address } => self.change_address(store, order, address).await,
            Action::Note { text } => self.add_note(store, order, &with_trace(text, key, NOTE)).await,
            Action::ResendConfirmation => self.resend(store, order).await,
            Action::Replacement { lines, reason } => self.replace(store, key, order, lines, reason).await,
            Action::Discount { percent, amount, days } => {
                self.discount(store, key, order, (*percent, *amount, *days)).await
            }
            Action::Hold { reason } => self.hold(store, key, order, reason).await,
            Action::Release => self.release(store, order).await,
            Action::Tag { .. } | Action::StoreCredit { .. } | Action::Return { .. } | Action::Exchange { .. } => {
                Err(unable())
            }
        }
    }

    async fn done(&self, store: &Store, key: &str, order: &Order, action: &Action) -> Result<Found> {
        Ok(match action {
            Action::Refund { .. } => self.refund_done(store, key, order).await?,
            Action::Cancel { .. } => self.cancel_done(store, key, order).await?,
            Action::Note { .. } => self.note_done(store, key, order).await?,
            Action::Replacement { .. } => self.replace_done(store, key, order).await?,
            Action::Discount { .. } => self.discount_done(store, key).await?,
            Action::Hold { .. } => self.hold_done(store, key, order).await?,
            Action::Release => self.release_done(store, order).await?,
            Action::ChangeAddress { address } => {
                let now = self.order_now(store, &order.id).await?;
                if now.is_some_and(|now| goes_to(&now, address)) { found(order) } else { Found::NotDone }
            }
            Action::ResendConfirmation => {
                Found::Unknown("The order's notes at WooCommerce say which mails were sent".into())
            }
            Action::Tag { .. } | Action::StoreCredit { .. } | Action::Return { .. } | Action::Exchange { .. } => {
                Found::NotDone
            }
        })
    }

    async fn foresee(&self, store: &Store, order: &Order, action: &Action) -> Result<Preview> {
        let kind = action.kind();
        if !ACTIONS.contains(&kind) {
            return Err(unable());
        }
        let now = self.order_now(store, &order.id).await?.ok_or_else(gone)?;
        if let Some(why) = hindrance(&now, kind) {
            return Err(Error::refused(words(why)));
        }
        let most = refundable(&now);
        let mut preview = Preview { most, changed_at: now.changed_at, ..Preview::default() };
        let mut note = |text: &str| preview.notes.push(text.into());
        match action {
            Action::Refund { lines, amount, shipping, restock, to, reason, .. } => {
                let (amount, shipping, restock) = (*amount, *shipping, *restock);
                preview.amount = reckon(&now, &Wish { lines, amount, shipping, restock, to: *to, reason })?;
                note("WooCommerce writes to the shopper, if its mail about refunds is switched on.");
            }
            Action::Cancel { refund, .. } => {
                note("WooCommerce puts the goods back on the shelf by itself.");
                preview.amount = if *refund { most } else { 0 };
            }
            Action::ChangeAddress { .. } => {
                note("WooCommerce reckons the taxes anew for the new address; the order's sum may change.");
            }
            Action::Hold { .. } => {
                note("WooCommerce writes to the shopper, if its mail about orders on hold is switched on.");
            }
            _ => {}
        }
        Ok(preview)
    }
}

fn unable() -> Error {
    Error::refused("WooCommerce cannot do this")
}

fn words(why: Hindrance) -> String {
    format!("WooCommerce would not do this: the order is {}", why.as_str().replace('_', " "))
}

impl Platform for WooCommerce {
    fn name(&self) -> &'static str {
        NAME
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities { actions: ACTIONS, asked: true, webhooks: true, installs: false, pushes: false }
    }

    fn settings(&self) -> Vec<Setting> {
        form()
    }

    fn check(&self, settings: &Value) -> Result<()> {
        settings::access(settings).map(drop)
    }

    fn about<'a>(&'a self, store: &'a Store) -> Later<'a, About> {
        Box::pin(self.who(store))
    }

    fn read<'a>(
        &'a self,
        store: &'a Store,
        kind: Kind,
        since: Option<Time>,
        next: Option<&'a Value>,
    ) -> Later<'a, Batch> {
        Box::pin(self.read_part(store, kind, since, next))
    }

    fn order<'a>(&'a self, store: &'a Store, id: &'a str) -> Later<'a, Option<Order>> {
        Box::pin(self.order_now(store, id))
    }

    fn by_number<'a>(&'a self, store: &'a Store, number: &'a str) -> Later<'a, Vec<Order>> {
        Box::pin(self.numbered(store, number))
    }

    fn orders_of<'a>(&'a self, store: &'a Store, wanted: &'a Wanted) -> Later<'a, Vec<Order>> {
        Box::pin(self.of_people(store, wanted))
    }

    fn product<'a>(&'a self, store: &'a Store, id: &'a str) -> Later<'a, Option<Product>> {
        Box::pin(self.product_now(store, id))
    }

    fn subscribe<'a>(&'a self, store: &'a Store, address: &'a str) -> Later<'a, Vec<(String, String)>> {
        Box::pin(async move {
            self.ask_for_webhooks(store, address).await?;
            Ok(Vec::new())
        })
    }

    fn unsubscribe<'a>(&'a self, store: &'a Store, address: &'a str) -> Later<'a, ()> {
        Box::pin(self.drop_webhooks(store, address))
    }

    fn vouch(&self, store: &Store, call: &Call) -> Result<Vouched> {
        webhooks::vouch(store, call)
    }

    fn hear(&self, store: &Store, call: &Call) -> Result<Vec<News>> {
        webhooks::hear(store, call)
    }

    fn preview<'a>(&'a self, store: &'a Store, order: &'a Order, action: &'a Action) -> Later<'a, Preview> {
        Box::pin(self.foresee(store, order, action))
    }

    fn execute<'a>(&'a self, store: &'a Store, key: &'a str, order: &'a Order, action: &'a Action) -> Later<'a, Done> {
        Box::pin(self.act(store, key, order, action))
    }

    fn look_up<'a>(&'a self, store: &'a Store, key: &'a str, order: &'a Order, action: &'a Action) -> Later<'a, Found> {
        Box::pin(self.done(store, key, order, action))
    }
}
