//! Shopify, through its GraphQL Admin API.

mod ask;
mod buyers;
mod changes;
mod gifts;
mod goods;
mod install;
mod orders;
mod parcels;
mod products;
mod read;
mod refund;
mod settings;
mod webhooks;

use base::{Error, Result, Time};
use serde_json::{Value, json};

use self::{
    ask::{Admin, VERSION},
    changes::{found, goes_to},
    orders::{each, text},
    refund::Wish,
};
use crate::{
    action::{Action, ActionKind, Hindrance, hindrance, refundable},
    channel::Later,
    channels::Clock,
    order::{Order, Product},
    platform::{About, Batch, Call, Capabilities, Done, Found, Kind, News, Platform, Preview, Store, Vouched, Wanted},
    platforms::call::called,
    setting::Setting,
};

pub const NAME: &str = "shopify";

pub fn form() -> Vec<Setting> {
    settings::form()
}

pub struct Shopify {
    admin: Admin,
    now: Clock,
}

impl Shopify {
    pub fn new(now: Clock, http: reqwest::Client) -> Self {
        Self { admin: Admin::new(http), now }
    }

    async fn who(&self, store: &Store) -> Result<About> {
        const WHO: &str = "query Who { shop { name myshopifyDomain currencyCode } \
            currentAppInstallation { accessScopes { handle } } publicApiVersions { handle supported } }";
        let said = self.admin.ask(store, WHO, json!({})).await?;
        let shop = &said.data["shop"];
        let granted: Vec<_> = each(&said.data["currentAppInstallation"]["accessScopes"])
            .filter_map(|right| right["handle"].as_str())
            .collect();
        let mut problems = install::missing(&granted);
        let ours = each(&said.data["publicApiVersions"]).find(|one| one["handle"] == VERSION);
        if ours.is_none_or(|one| one["supported"] != true) {
            problems.push(format!("Shopify no longer keeps version {VERSION} of its API: update Shopbell."));
        }
        Ok(About {
            address: text(&shop["myshopifyDomain"]).unwrap_or_default(),
            name: text(&shop["name"]).unwrap_or_default(),
            currency: text(&shop["currencyCode"]),
            version: Some(VERSION.into()),
            problems,
        })
    }

    async fn of_people(&self, store: &Store, wanted: &Wanted) -> Result<Vec<Order>> {
        const BY_PHONE: &str =
            "query Callers($query: String!) { customers(first: 10, query: $query) { nodes { id } } }";
        let mut terms = Vec::new();
        let mut buyers = wanted.buyers.clone();
        if !wanted.phones.is_empty() {
            let query: Vec<_> = wanted.phones.iter().map(|phone| format!("phone:{}", quoted(phone))).collect();
            let said = self.admin.ask(store, BY_PHONE, json!({ "query": query.join(" OR ") })).await?;
            buyers.extend(each(&said.data["customers"]).filter_map(|one| text(&one["id"])));
        }
        let numbers = buyers.iter().filter_map(|id| id.strip_prefix("gid://shopify/Customer/"));
        let numbers = numbers.filter(|number| number.chars().all(|c| c.is_ascii_digit()));
        terms.extend(numbers.map(|number| format!("customer_id:{number}")));
        terms.extend(wanted.emails.iter().map(|email| format!("email:{}", quoted(email))));
        if terms.is_empty() {
            return Ok(Vec::new());
        }
        self.find(store, &terms.join(" OR "), 50).await
    }

    /// People leave away what stands before every number of a store, and the search does not.
    async fn numbered(&self, store: &Store, number: &str) -> Result<Vec<Order>> {
        const FORMAT: &str = "query Format { shop { orderNumberFormatPrefix orderNumberFormatSuffix } }";
        let bare = number.trim().trim_start_matches('#');
        if bare.is_empty() {
            return Ok(Vec::new());
        }
        let search = format!("name:{} OR name:{}", quoted(bare), quoted(&format!("#{bare}")));
        let mut found = self.find(store, &search, 5).await?;
        // The search takes parts of a word for the word.
        found.retain(|order| called(&order.number, bare));
        if found.is_empty() && bare.bytes().all(|digit| digit.is_ascii_digit()) {
            let said = self.admin.ask(store, FORMAT, json!({})).await?;
            let part = |name: &str| text(&said.data["shop"][name]).unwrap_or_default();
            let name = format!("{}{bare}{}", part("orderNumberFormatPrefix"), part("orderNumberFormatSuffix"));
            if name != bare && name != format!("#{bare}") {
                found = self.find(store, &format!("name:{}", quoted(&name)), 5).await?;
                found.retain(|order| called(&order.number, &name));
            }
        }
        Ok(found)
    }

    async fn act(&self, store: &Store, key: &str, order: &Order, action: &Action) -> Result<Done> {
        // A second try of one key must not do it twice, also where Shopify itself does not look at keys.
        match self.done(store, key, order, action).await? {
            Found::Done(done) => return Ok(done),
            Found::Unknown(why) if action.kind() != ActionKind::ResendConfirmation => return Err(Error::upstream(why)),
            Found::Unknown(_) | Found::NotDone => {}
        }
        match action {
            Action::Refund { lines, amount, shipping, restock, to, reason, notify } => {
                let (amount, shipping, restock) = (*amount, *shipping, *restock);
                let wish = Wish { lines, amount, shipping, restock, to: *to, reason, notify: *notify };
                self.refund(store, key, order, &wish).await
            }
            Action::Cancel { refund, restock, reason, notify } => {
                self.cancel(store, key, order, (*refund, *restock, *notify), reason).await
            }
            Action::ChangeAddress { address } => self.change_address(store, order, address).await,
            Action::Note { text } => self.add_note(store, key, order, text.trim()).await,
            Action::Tag { add, remove } => self.tag(store, order, add, remove).await,
            Action::ResendConfirmation => self.resend(store, order).await,
            Action::Replacement { lines, reason } => self.replace(store, key, order, lines, reason).await,
            Action::Discount { percent, amount, days } => {
                self.discount(store, key, order, (*percent, *amount, *days)).await
            }
            Action::StoreCredit { amount, .. } => self.credit(store, key, order, *amount).await,
            Action::Hold { reason } => self.hold(store, key, order, reason).await,
            Action::Release => self.release(store, order).await,
            Action::Return { lines, reason } => self.take_back(store, key, order, (lines, &[]), reason).await,
            Action::Exchange { lines, with, reason } => self.take_back(store, key, order, (lines, with), reason).await,
        }
    }

    async fn done(&self, store: &Store, key: &str, order: &Order, action: &Action) -> Result<Found> {
        Ok(match action {
            Action::Refund { amount, .. } => self.refund_done(store, key, order, amount.unwrap_or_default()).await?,
            Action::Cancel { .. } => self.cancel_done(store, key, order).await?,
            Action::Note { .. } => self.note_done(store, key, order).await?,
            Action::Replacement { .. } => self.replace_done(store, key).await?,
            Action::Discount { .. } => self.discount_done(store, key).await?,
            Action::StoreCredit { amount, .. } => self.credit_done(store, key, order, *amount).await?,
            Action::Hold { .. } => self.hold_done(store, key, order).await?,
            Action::Release => self.release_done(store, order).await?,
            Action::Return { .. } | Action::Exchange { .. } => self.take_back_done(store, key, order).await?,
            Action::ResendConfirmation => {
                Found::Unknown("Shopify does not say; the order's timeline there shows every mail that was sent".into())
            }
            // What these do is a state: it is there, or it is not, whoever brought it about.
            Action::ChangeAddress { .. } | Action::Tag { .. } => {
                let Some(now) = self.order_now(store, &order.id).await? else { return Ok(Found::NotDone) };
                let tagged = |tag: &String| now.tags.iter().any(|known| known.eq_ignore_ascii_case(tag.trim()));
                let holds = match action {
                    Action::ChangeAddress { address } => goes_to(&now, address),
                    Action::Tag { add, remove } => add.iter().all(tagged) && !remove.iter().any(tagged),
                    _ => false,
                };
                if holds { found(order) } else { Found::NotDone }
            }
        })
    }

    async fn foresee(&self, store: &Store, order: &Order, action: &Action) -> Result<Preview> {
        let now = self.order_now(store, &order.id).await?.ok_or_else(refund::gone)?;
        if let Some(why) = hindrance(&now, action.kind()) {
            return Err(Error::refused(words(why)));
        }
        let most = refundable(&now);
        let mut preview = Preview { most, changed_at: now.changed_at, ..Preview::default() };
        match action {
            Action::Refund { lines, amount, shipping, restock, to, reason, notify } => {
                let (amount, shipping, restock) = (*amount, *shipping, *restock);
                let wish = Wish { lines, amount, shipping, restock, to: *to, reason, notify: *notify };
                let reckoned = self.reckon(store, &now, &wish).await?;
                (preview.amount, preview.most) = (reckoned.amount, reckoned.most);
            }
            Action::Cancel { refund, .. } => {
                preview.amount = if *refund { most } else { 0 };
                preview.notes.push("What was only authorised is let go in any case.".into());
            }
            Action::StoreCredit { amount, .. } => preview.amount = *amount,
            Action::ResendConfirmation => preview.notes.push(
                "Shopify cannot send its confirmation again; the shopper gets its invoice mail, with the same order."
                    .into(),
            ),
            Action::Exchange { .. } => {
                preview
                    .notes
                    .push("Shopify reckons the difference in price once the return is processed there.".into());
            }
            _ => {}
        }
        if matches!(action, Action::Refund { notify: true, .. } | Action::Cancel { notify: true, .. }) {
            preview.notes.push("Shopify writes to the shopper.".into());
        }
        Ok(preview)
    }
}

/// Search terms as Shopify takes them: nothing in the text can end it.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

fn words(why: Hindrance) -> String {
    format!("Shopify would not do this: the order is {}", why.as_str().replace('_', " "))
}

impl Platform for Shopify {
    fn name(&self) -> &'static str {
        NAME
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities { actions: ActionKind::ALL, asked: true, webhooks: true, installs: true, pushes: false }
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

    fn signs_with(&self) -> &'static [&'static str] {
        // `shop/redact` comes two days after the app was removed.
        &["client_secret"]
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

    fn install_address(&self, settings: &Value, back: &str, state: &str) -> Result<Option<String>> {
        install::address(settings, back, state)
    }

    fn installed<'a>(&'a self, store: &'a Store, query: &'a [(String, String)]) -> Later<'a, Vec<(String, String)>> {
        Box::pin(self.let_in(store, query))
    }
}
