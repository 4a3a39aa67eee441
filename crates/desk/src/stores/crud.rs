//! Setting up stores: the form is drawn from the platform's settings, secrets are stored encrypted and never shown again.

use aide::axum::{
    ApiRouter,
    routing::{get_with, post_with},
};
use axum::{Json, extract::State};
use base::{
    App, Error, Feature, Result, Stamp, Tx, args,
    web::{Body, Created, Gone, Id, Listing},
};
use connectors::{
    Platforms,
    platform::{About, Capabilities, Platform},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Store, StoreId, all, connect::Connect, find, get, import, import::Import, store};
use crate::{
    Event,
    agents::{Permission, Who},
    secrets,
    shops::{self, ShopId},
};

pub(super) fn feature() -> Feature {
    let routes = ApiRouter::new()
        .api_route(
            "/stores",
            get_with(index, |op| op.summary("All stores")).post_with(create, |op| op.summary("Connect a store")),
        )
        .api_route(
            "/stores/{id}",
            get_with(one, |op| op.summary("One store"))
                .patch_with(patch, |op| op.summary("Change a store"))
                .delete_with(destroy, |op| op.summary("Disconnect a store; what is known of it stays")),
        )
        .api_route("/stores/{id}/probe", post_with(probe, |op| op.summary("Ask a store who it is")))
        .api_route(
            "/platforms",
            get_with(platforms, |op| op.summary("Platforms, what they can do and what they need")),
        );
    Feature { routes, ..Feature::default() }
}

/// How a store is doing.
#[derive(Debug, Serialize, JsonSchema)]
struct Health {
    /// `starting` (not asked yet), `ok`, `failing` or `off`.
    state: String,
    since: Stamp,
    why: Option<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Store")]
pub(super) struct ShownStore {
    id: StoreId,
    platform: String,
    name: String,
    /// By which the platform knows it.
    address: String,
    /// ISO 4217.
    currency: Option<String>,
    /// Secrets are shown as `"set"`.
    settings: Value,
    active: bool,
    /// It can be asked who it is, and for an order.
    answers: bool,
    health: Health,
    /// What it changed before this has been read.
    up_to: Option<Stamp>,
    /// Calls that were refused because their signature was wrong.
    forged: i64,
    /// The newest import, running or done.
    import: Option<Import>,
}

/// Settings only for those who may manage them.
fn shown(app: &App, who: &Who, store: Store, import: Option<Import>) -> Result<ShownStore> {
    let settings = if who.can(Permission::StoresManage) {
        secrets::shown(app, &store.settings, store.secrets.as_deref())?
    } else {
        json!({})
    };
    let answers = store.platform(app)?.shows_orders(&store.end(app)?);
    let state = if store.active { store.health } else { "off".to_owned() };
    Ok(ShownStore {
        id: store.id,
        platform: store.platform,
        name: store.name,
        address: store.address,
        currency: store.currency,
        settings,
        active: store.active,
        answers,
        health: Health { state, since: Stamp(store.health_since), why: store.health_why },
        up_to: store.swept_to.map(Stamp),
        forged: store.forged,
        import,
    })
}

/// What a store is made of.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewStore {
    pub platform: String,
    pub name: String,
    #[serde(default)]
    pub settings: Option<Value>,
}

impl NewStore {
    /// A store that nobody asks: it is told what there is.
    pub fn told(name: &str) -> Self {
        Self { platform: connectors::platforms::TOLD.to_owned(), name: name.to_owned(), settings: None }
    }
}

/// Adds a store. What it says of itself is asked for by the job that connects it.
pub async fn add(app: &App, tx: &mut Tx, shop: ShopId, new: NewStore) -> Result<Store> {
    let platforms = app.part::<Platforms>()?;
    let platform = platforms.get(&new.platform).map_err(|_| Error::invalid("platform", "is no platform"))?;
    let name = shops::line("name", &new.name, 100)?;
    let (settings, mut given) = secrets::separate(platform, new.settings.unwrap_or_else(|| json!({})));
    given.retain(|_, secret| !secret.is_empty());
    secrets::check(platform, &settings, &given)?;
    // Which store is the shop's first must be certain.
    tx.lock("stores").await?;
    let first = tx.opt("SELECT 1 AS one FROM stores WHERE shop = $1 LIMIT 1", args![shop]).await?.is_none();
    let health = if platform.capabilities().asked { "starting" } else { "ok" };
    let sql = "INSERT INTO stores (shop, platform, name, address, settings, secrets, health, health_since, created_at)
        VALUES ($1, $2, $3, '', $4, $5, $6, $7, $7) RETURNING *";
    let sealed = secrets::seal(app, &given)?;
    let now = tx.now();
    let mut made = store(&tx.one(sql, args![shop, new.platform, name, settings, sealed, health, now]).await?)?;
    if !first {
        made.accounts = format!("{}/", made.id);
        tx.run("UPDATE stores SET accounts = $1 WHERE id = $2", args![&made.accounts, made.id]).await?;
    }
    tx.emit(&Event::StoreConnected { store: made.id, name: made.name.clone() })?;
    tx.enqueue(&Connect { store: made.id, version: made.version }).await?;
    Ok(made)
}

async fn index(who: Who, State(app): State<App>) -> Result<Json<Listing<ShownStore>>> {
    who.may(Permission::TicketsRead)?;
    let mut data = Vec::new();
    for store in all(&app).await? {
        let import = import::newest(&app, store.id).await?;
        data.push(shown(&app, &who, store, import)?);
    }
    Ok(Json(Listing { data }))
}

async fn one(who: Who, State(app): State<App>, Id(id): Id<StoreId>) -> Result<Json<ShownStore>> {
    who.may(Permission::TicketsRead)?;
    shown(&app, &who, get(&app, id).await?, import::newest(&app, id).await?).map(Json)
}

async fn create(who: Who, State(app): State<App>, Body(body): Body<NewStore>) -> Result<Created<ShownStore>> {
    who.may(Permission::StoresManage)?;
    let mut tx = who.begin(&app).await?;
    let store = add(&app, &mut tx, who.shop, body).await?;
    // Nothing of it has been read yet.
    tx.created(shown(&app, &who, store, None)?).await
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct StorePatch {
    name: Option<String>,
    /// All settings; a secret that is `"set"` or absent stays as it is, and goes where it is null or empty. With another
    /// server it must be given again.
    settings: Option<Value>,
    active: Option<bool>,
}

async fn patch(
    who: Who,
    State(app): State<App>,
    Id(id): Id<StoreId>,
    Body(body): Body<StorePatch>,
) -> Result<Json<ShownStore>> {
    who.may(Permission::StoresManage)?;
    let mut tx = who.begin(&app).await?;
    let mut store = find(&mut tx, id).await?;
    let platform = store.platform(&app)?;
    let mut kept = secrets::open(&app, store.secrets.as_deref())?;
    if let Some(name) = &body.name {
        store.name = shops::line("name", name, 100)?;
    }
    if let Some(settings) = body.settings {
        let (settings, given) = secrets::separate(platform, settings);
        kept = secrets::keep(platform, &store.settings, &settings, &kept, &given)?;
        store.settings = settings;
    }
    store.active = body.active.unwrap_or(store.active);
    let health = if platform.capabilities().asked { "starting" } else { "ok" };
    let sql = "UPDATE stores SET name = $2, settings = $3, secrets = $4, active = $5, health = $6, health_why = NULL,
        health_since = $7, version = version + 1 WHERE id = $1 RETURNING *";
    let now = tx.now();
    let sealed = secrets::seal(&app, &kept)?;
    let args = args![id, &store.name, store.settings, sealed, store.active, health, now];
    let changed = super::store(&tx.one(sql, args).await?)?;
    tx.emit(&Event::StoreChanged { store: id })?;
    if changed.active {
        tx.enqueue(&Connect { store: id, version: changed.version }).await?;
    }
    tx.commit().await?;
    let import = import::newest(&app, id).await?;
    shown(&app, &who, changed, import).map(Json)
}

/// Its orders stay beside their tickets; nothing goes there or comes from there any more.
async fn destroy(who: Who, State(app): State<App>, Id(id): Id<StoreId>) -> Result<Gone> {
    who.may(Permission::StoresManage)?;
    let mut tx = who.begin(&app).await?;
    find(&mut tx, id).await?;
    let used = tx.opt("SELECT 1 AS one FROM orders WHERE store = $1 LIMIT 1", args![id]).await?.is_some();
    if used {
        let sql = "UPDATE stores SET active = FALSE, secrets = NULL, version = version + 1 WHERE id = $1";
        tx.run(sql, args![id]).await?;
    } else {
        for table in ["store_calls", "store_imports", "store_tables", "store_table_plans", "products"] {
            tx.run(&format!("DELETE FROM {table} WHERE store = $1"), args![id]).await?;
        }
        tx.run("DELETE FROM stores WHERE id = $1", args![id]).await?;
    }
    tx.emit(&Event::StoreDisconnected { store: id, why: "removed".to_owned() })?;
    tx.commit().await?;
    Ok(Gone)
}

async fn probe(who: Who, State(app): State<App>, Id(id): Id<StoreId>) -> Result<Json<About>> {
    who.may(Permission::StoresManage)?;
    let store = get(&app, id).await?;
    store.platform(&app)?.about(&store.end(&app)?).await.map(Json)
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Platform")]
struct ShownPlatform {
    name: &'static str,
    capabilities: Capabilities,
    settings: Value,
}

async fn platforms(who: Who, State(app): State<App>) -> Result<Json<Listing<ShownPlatform>>> {
    who.may(Permission::TicketsRead)?;
    let shown = |platform: &dyn Platform| -> Result<ShownPlatform> {
        Ok(ShownPlatform {
            name: platform.name(),
            capabilities: platform.capabilities(),
            settings: serde_json::to_value(platform.settings())?,
        })
    };
    let data = app.part::<Platforms>()?.all().map(shown).collect::<Result<_>>()?;
    Ok(Json(Listing { data }))
}
