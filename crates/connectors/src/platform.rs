//! What a shop's platform is to the rest of the house: orders and news in, actions out.
//!
//! A platform never sees a ticket, a database or an agent. It is asked what it can do, never which one it is.
//!
//! **Money goes out at most once.** Whoever executes an action writes down that it is about to, then calls
//! [`Platform::execute`]; after a crash, a broken connection or a timeout it asks [`Platform::look_up`] first, and tries
//! again only when that says `NotDone`. So `execute` leaves the key where `look_up` finds it. Nobody executes two actions
//! on one order at once: there are platforms that let two refunds through which together are more than was paid.

use base::{Result, Stamp, Time};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    action::{Action, ActionKind},
    channel::Later,
    order::{Buyer, Order, Product},
    setting::Setting,
};

/// What a platform can do, so that no caller ever asks which one it is.
#[derive(Debug, Clone, Serialize, PartialEq, Eq, JsonSchema)]
pub struct Capabilities {
    /// Actions that it has at all; whether an order allows one now is for [`crate::action::hindrance`].
    pub actions: &'static [ActionKind],
    /// It can be asked for orders. One that only pushes cannot: what it said last is what there is.
    pub asked: bool,
    /// It tells of changes by itself, and lets us ask for that.
    pub webhooks: bool,
    /// It is connected by signing in there, with an address to go to.
    pub installs: bool,
    /// It has orders of its own only through our endpoint and imported files.
    pub pushes: bool,
}

/// One configured end of a platform. Secrets are in the clear here and only here.
#[derive(Debug, Clone)]
pub struct Store {
    pub id: i64,
    pub name: String,
    /// As the platform's settings say, secrets filled in.
    pub settings: Value,
}

/// What a store says of itself when it is connected.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct About {
    /// By which the platform knows it, such as `fjellvik.myshopify.com`: no two stores of one installation share it.
    pub address: String,
    pub name: String,
    /// ISO 4217.
    pub currency: Option<String>,
    /// The platform's version, for people who look for the reason of something.
    pub version: Option<String>,
    /// What is wrong with the settings although they work, in plain words: rights that are missing.
    pub problems: Vec<String>,
}

base::words!(
    /// What is read of a store.
    Kind { Products = "products", Customers = "customers", Orders = "orders" }
);

/// What happened at the platform.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "news", rename_all = "snake_case")]
pub enum News {
    /// As it is now, whole.
    Order(Box<Order>),
    /// It changed; whoever wants to know how asks for it.
    OrderChanged {
        id: String,
    },
    OrderDeleted {
        id: String,
        /// When, where the platform says so; what changed later is still there.
        #[serde(default)]
        at: Option<Stamp>,
    },
    Buyer(Box<Buyer>),
    BuyerDeleted {
        id: String,
    },
    Product(Box<Product>),
    /// As [`Self::OrderChanged`].
    ProductChanged {
        id: String,
    },
    ProductDeleted {
        id: String,
    },
    /// The platform is gone: the app was removed there. Nothing works until it is connected again.
    Gone,
    /// Somebody asks for their data, or for their removal, through the platform.
    Privacy(Privacy),
}

/// A request about personal data that the platform passes on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Privacy {
    pub kind: PrivacyKind,
    pub buyer: Buyer,
    /// Ids of the orders that it is about; empty where it is about all.
    pub orders: Vec<String>,
}

base::words!(
    PrivacyKind {
        /// They want to have their data.
        Access = "access",
        /// They want to be forgotten.
        Erasure = "erasure",
        /// The whole store is to be forgotten.
        Store = "store",
    }
);

/// A part of what a store has, oldest change first.
#[derive(Debug, Clone, Default)]
pub struct Batch {
    pub news: Vec<News>,
    /// Where the next part begins: opaque to everyone but the platform. None says that this was the last one.
    pub next: Option<Value>,
    /// How much there is altogether, where the platform says so.
    pub total: Option<i64>,
    /// Milliseconds to wait before the next one, so that the platform has room for others.
    pub pause: i64,
}

/// A request that a platform sent to us, as it came.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Call {
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Call {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// What is known of a call before it is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vouched {
    /// The same for the same call delivered again, and for no other.
    pub key: String,
    pub topic: String,
}

/// Whose orders are wanted: any of these will do.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Accounts at this platform.
    pub buyers: Vec<String>,
    /// Addresses in lower case.
    pub emails: Vec<String>,
    /// In E.164.
    pub phones: Vec<String>,
}

/// What an action did.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Done {
    /// The platform's id of what was made: the refund, the discount, the new order.
    pub reference: Option<String>,
    /// What went out, in the smallest unit of the order's currency.
    pub amount: i64,
    /// What the shopper can be given: a discount's code, a new order's number.
    pub code: Option<String>,
}

/// Whether an action was done although nobody heard the answer.
#[derive(Debug, Clone, PartialEq)]
pub enum Found {
    Done(Done),
    /// Certainly not: it may be tried again.
    NotDone,
    /// The platform cannot tell: a person has to look. Says where.
    Unknown(String),
}

pub trait Platform: Send + Sync {
    /// The word for it in the API and on screen, from PRODUCT.md.
    fn name(&self) -> &'static str;
    fn capabilities(&self) -> Capabilities;
    /// What this store of it can do, where that hangs on its settings.
    fn abilities(&self, _store: &Store) -> Vec<ActionKind> {
        self.capabilities().actions.to_vec()
    }
    /// One order of this store can be asked for, though perhaps not all of them.
    fn shows_orders(&self, _store: &Store) -> bool {
        self.capabilities().asked
    }
    fn settings(&self) -> Vec<Setting>;
    /// Checks settings, secrets filled in, before they are stored; an error names the field.
    fn check(&self, settings: &Value) -> Result<()>;
    /// Asks the store who it is, and whether we may do there what we mean to.
    fn about<'a>(&'a self, store: &'a Store) -> Later<'a, About>;

    /// The next part of what changed at or after `since` (none: of all there is). `next` is where the part before ended.
    fn read<'a>(
        &'a self,
        store: &'a Store,
        kind: Kind,
        since: Option<Time>,
        next: Option<&'a Value>,
    ) -> Later<'a, Batch>;
    /// One order as it is now; none when it was deleted.
    fn order<'a>(&'a self, store: &'a Store, id: &'a str) -> Later<'a, Option<Order>>;
    /// Orders that people call by this number; at most a handful.
    fn by_number<'a>(&'a self, store: &'a Store, number: &'a str) -> Later<'a, Vec<Order>>;
    /// Newest first, at most 50.
    fn orders_of<'a>(&'a self, store: &'a Store, wanted: &'a Wanted) -> Later<'a, Vec<Order>>;
    /// A product with its variants and stock as they are now; none when it was deleted.
    fn product<'a>(&'a self, store: &'a Store, id: &'a str) -> Later<'a, Option<Product>>;

    /// Has the platform send its news to this address; harmless twice. Returns new secrets for the settings.
    fn subscribe<'a>(&'a self, store: &'a Store, address: &'a str) -> Later<'a, Vec<(String, String)>>;
    /// Takes that back, as far as the platform lets us.
    fn unsubscribe<'a>(&'a self, store: &'a Store, address: &'a str) -> Later<'a, ()>;
    /// Checks that a call comes from the platform: `Unauthorized` where it does not. Pure.
    fn vouch(&self, store: &Store, call: &Call) -> Result<Vouched>;
    /// The secrets among the settings by which calls are vouched for that come after the store has let us go.
    fn signs_with(&self) -> &'static [&'static str] {
        &[]
    }
    /// What a call says, after it was vouched for. Pure.
    fn hear(&self, store: &Store, call: &Call) -> Result<Vec<News>>;

    /// What an action would do, without doing it: the platform's own reckoning where it has one. `Refused` says why it
    /// cannot be done.
    fn preview<'a>(&'a self, store: &'a Store, order: &'a Order, action: &'a Action) -> Later<'a, Preview>;
    /// Does it. `key` is the same for every try of one action, and leaves a trace that [`Self::look_up`] finds.
    /// `Refused`: it was not done, and would not be next time. Any other error: it may or may not have been done.
    fn execute<'a>(&'a self, store: &'a Store, key: &'a str, order: &'a Order, action: &'a Action) -> Later<'a, Done>;
    /// Whether the action of this key was done.
    fn look_up<'a>(&'a self, store: &'a Store, key: &'a str, order: &'a Order, action: &'a Action) -> Later<'a, Found>;

    /// Where the shop's owner goes to let us in, for platforms that install. `back` is our address that they return to,
    /// `state` comes back with them.
    fn install_address(&self, _settings: &Value, _back: &str, _state: &str) -> Result<Option<String>> {
        Ok(None)
    }
    /// Makes of what they came back with (the query's fields) the secrets that let us in.
    fn installed<'a>(&'a self, _store: &'a Store, _query: &'a [(String, String)]) -> Later<'a, Vec<(String, String)>> {
        Box::pin(async { Ok(Vec::new()) })
    }
}

/// What an action will do, for the one who confirms it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Preview {
    /// What goes out, in the smallest unit of the order's currency; nothing for actions without money.
    pub amount: i64,
    /// The most that could go out now.
    pub most: i64,
    /// What the buyer is charged, for exchanges and replacements that cost something.
    pub charge: i64,
    /// When the order was last changed, as the preview saw it.
    pub changed_at: Option<Stamp>,
    /// What else happens, in plain words, such as that the buyer is told by the platform.
    pub notes: Vec<String>,
}
