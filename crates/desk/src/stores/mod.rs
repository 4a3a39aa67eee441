//! A store is one configured end of a shop's platform: what it knows comes in by import, by its calls and by asking it
//! when a ticket is opened; what agents decide goes out to it.

mod beside;
mod calls;
mod connect;
mod crud;
mod erased;
mod import;
mod install;
mod link;
mod live;
pub mod products;
mod tables;
mod take;

use base::{App, Error, Feature, Result, Row, Time, Tx, args};
use connectors::{Platforms, platform};
use serde_json::Value;

use crate::{secrets, shops::ShopId};

pub use crud::{NewStore, add};
pub use erased::{What as Erased, bare, mark as mark_erased};
pub use link::set as link;
pub use live::{Fresh, fresh, offered};
pub use take::{Way, take};

base::id!(
    /// A store.
    StoreId,
);

#[derive(Debug, Clone)]
pub struct Store {
    pub id: StoreId,
    pub shop: ShopId,
    pub platform: String,
    pub name: String,
    /// What stands before an account's number in the identity of its customer.
    accounts: String,
    /// By which the platform knows it; empty until it was asked.
    pub address: String,
    pub currency: Option<String>,
    /// As the platform's schema says, without the secrets.
    pub settings: Value,
    /// The secrets, encrypted.
    secrets: Option<String>,
    pub active: bool,
    pub version: i64,
    pub health: String,
    pub health_why: Option<String>,
    pub health_since: Time,
    /// Everything that the platform changed before this has been read.
    pub swept_to: Option<Time>,
    pub forged: i64,
}

pub fn feature() -> Feature {
    Feature::default()
        .merge(crud::feature())
        .merge(connect::feature())
        .merge(import::feature())
        .merge(tables::feature())
        .merge(install::feature())
        .merge(calls::feature())
        .merge(live::feature())
        .merge(products::feature())
        .merge(link::feature())
        .merge(beside::feature())
}

impl Store {
    /// As the platform sees it, secrets in the clear.
    pub fn end(&self, app: &App) -> Result<platform::Store> {
        let settings = secrets::whole(app, &self.settings, self.secrets.as_deref())?;
        Ok(platform::Store { id: self.id.0, name: self.name.clone(), settings })
    }

    pub fn platform<'a>(&self, app: &'a App) -> Result<&'a dyn platform::Platform> {
        app.part::<Platforms>()?.get(&self.platform)
    }

    /// An account of the platform as an identity: unique over all shops, and the same that the shop's own server names in
    /// a chat.
    pub fn account(&self, id: &str) -> String {
        format!("{}:{}{id}", self.shop, self.accounts)
    }

    /// The platform's number of an account that is one of this store's.
    pub fn account_id<'i>(&self, identity: &'i str) -> Option<&'i str> {
        let rest = identity.strip_prefix(&format!("{}:", self.shop))?.strip_prefix(&self.accounts)?;
        // Those of the shop's other stores have the store's number before them; an account's own may hold a slash, too.
        let others = |rest: &str| {
            rest.split_once('/')
                .is_some_and(|(store, _)| !store.is_empty() && store.bytes().all(|b| b.is_ascii_digit()))
        };
        (!self.accounts.is_empty() || !others(rest)).then_some(rest)
    }
}

/// The store, held against other writers until the transaction ends.
pub async fn find(tx: &mut Tx, id: StoreId) -> Result<Store> {
    store(&tx.one("SELECT * FROM stores WHERE id = $1 {for update}", args![id]).await?)
}

/// As [`get`] where a transaction is held, and as [`find`] where the store itself will not be changed.
pub async fn within(tx: &mut Tx, id: StoreId) -> Result<Store> {
    store(&tx.one("SELECT * FROM stores WHERE id = $1", args![id]).await?)
}

pub async fn get(app: &App, id: StoreId) -> Result<Store> {
    store(&app.db().one("SELECT * FROM stores WHERE id = $1", args![id]).await?)
}

pub async fn all(app: &App) -> Result<Vec<Store>> {
    app.db().all("SELECT * FROM stores ORDER BY id", args![]).await?.iter().map(store).collect()
}

/// Forgets calls and files of long ago.
pub async fn forget(app: &App) -> Result<()> {
    calls::forget(app).await?;
    tables::forget(app).await
}

/// Those of a shop that can be asked.
pub async fn of_shop(app: &App, shop: ShopId) -> Result<Vec<Store>> {
    let sql = "SELECT * FROM stores WHERE shop = $1 AND active = TRUE ORDER BY id";
    app.db().all(sql, args![shop]).await?.iter().map(store).collect()
}

/// Nothing is known of it any more but that it was there.
pub async fn empty(tx: &mut Tx, store: &Store) -> Result<()> {
    tx.run("DELETE FROM store_imports WHERE store = $1", args![store.id]).await?;
    let sql = "UPDATE stores SET address = '', settings = '{}', secrets = NULL, health_why = NULL, swept_to = NULL,
        version = version + 1 WHERE id = $1";
    tx.run(sql, args![store.id]).await
}

/// Notes how talking to the store went, where that is news. `why` is for the shop's people.
async fn note_health(app: &App, store: &Store, health: &str, why: Option<&str>) -> Result<()> {
    if store.health == health && store.health_why.as_deref() == why {
        return Ok(());
    }
    let mut tx = app.begin(base::Actor::System).await?;
    write_health(&mut tx, store, health, why).await?;
    tx.commit().await
}

/// As [`note_health`], with what else happens.
async fn write_health(tx: &mut Tx, store: &Store, health: &str, why: Option<&str>) -> Result<()> {
    let sql = "UPDATE stores SET health = $1, health_why = $2, health_since = $3
        WHERE id = $4 AND version = $5 AND health <> $1 RETURNING id";
    let now = tx.now();
    if tx.opt(sql, args![health, why, now, store.id, store.version]).await?.is_some() {
        match why {
            Some(why) => tx.emit(&crate::Event::StoreFailing { store: store.id, why: why.to_owned() })?,
            None => tx.emit(&crate::Event::StoreRecovered { store: store.id })?,
        }
    } else {
        let sql = "UPDATE stores SET health_why = $1 WHERE id = $2 AND version = $3";
        tx.run(sql, args![why, store.id, store.version]).await?;
    }
    Ok(())
}

/// What went wrong, in words for the shop's people; none where it says nothing about the store.
fn trouble(error: &Error) -> Option<String> {
    match error {
        // Told to wait is no trouble.
        Error::Upstream { retry_after: Some(_), .. } => None,
        Error::Upstream { .. } | Error::Refused { .. } | Error::Malformed(_) => Some(error.detail()),
        _ => None,
    }
}

fn store(row: &Row) -> Result<Store> {
    Ok(Store {
        id: row.id("id")?,
        shop: row.id("shop")?,
        platform: row.text("platform")?,
        name: row.text("name")?,
        accounts: row.text("accounts")?,
        address: row.text("address")?,
        currency: row.opt_text("currency")?,
        settings: row.json("settings")?,
        secrets: row.opt_text("secrets")?,
        active: row.bool("active")?,
        version: row.int("version")?,
        health: row.text("health")?,
        health_why: row.opt_text("health_why")?,
        health_since: row.int("health_since")?,
        swept_to: row.opt_int("swept_to")?,
        forged: row.int("forged")?,
    })
}
