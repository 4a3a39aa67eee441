//! Reading a store: all there is once, and what changed since then every few minutes, for calls that never came.
//! Part by part; each is written down with the place where the next begins, so an end of the process costs nothing.

use aide::axum::{ApiRouter, routing::post_with};
use axum::{Json, extract::State};
use base::{
    Actor, App, Error, Feature, Job, JobSpec, MINUTE, Result, Row, Stamp, Time, Tx, args,
    jobs::Lane,
    web::{Body, Created, Id, Listing},
};
use connectors::platform::{Batch, Kind};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    Store, StoreId, find, get, note_health,
    take::{Way, take},
    trouble,
};
use crate::{
    Event,
    agents::{Permission, Who},
};

/// How often it is looked for what no call has told of.
const PAUSE: Time = 10 * MINUTE;
/// Clocks differ, and what was written while a part was read may have an older time than it.
const OVERLAP: Time = 5 * MINUTE;
/// Orders come last: their buyers and goods are known then.
const KINDS: [Kind; 3] = [Kind::Products, Kind::Customers, Kind::Orders];

pub(super) fn feature() -> Feature {
    let many = post_with(create, |op| op.summary("Read all of a store again"))
        .get_with(index, |op| op.summary("A store's newest imports"));
    Feature {
        routes: ApiRouter::new().api_route("/stores/{id}/imports", many),
        jobs: vec![JobSpec::of::<Part>(), JobSpec::of::<Sweep>()],
        ..Feature::default()
    }
}

/// How far reading has got.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(rename = "StoreImport")]
pub struct Import {
    pub id: i64,
    /// `first` (all there is) or `sweep` (what changed).
    pub kind: String,
    /// `running`, `done` or `failed`.
    pub state: String,
    /// What is being read now: `products`, `customers`, `orders`.
    pub reading: Option<String>,
    pub products: i64,
    pub customers: i64,
    pub orders: i64,
    /// How many there are of what is being read, where the platform says so.
    pub total: Option<i64>,
    pub why: Option<String>,
    pub started_at: Stamp,
    pub moved_at: Stamp,
    pub ended_at: Option<Stamp>,
}

fn import(row: &Row) -> Result<Import> {
    Ok(Import {
        id: row.int("id")?,
        kind: row.text("kind")?,
        state: row.text("state")?,
        reading: row.opt_text("reading")?,
        products: row.int("products")?,
        customers: row.int("customers")?,
        orders: row.int("orders")?,
        total: row.opt_int("total")?,
        why: row.opt_text("why")?,
        started_at: Stamp(row.int("started_at")?),
        moved_at: Stamp(row.int("moved_at")?),
        ended_at: row.opt_int("ended_at")?.map(Stamp),
    })
}

pub(super) async fn newest(app: &App, store: StoreId) -> Result<Option<Import>> {
    let sql = "SELECT * FROM store_imports WHERE store = $1 ORDER BY id DESC LIMIT 1";
    app.db().opt(sql, args![store]).await?.as_ref().map(import).transpose()
}

/// Begins to read what the store has that we have not: all of it at first, then what changed. One at a time.
pub(super) async fn begin(tx: &mut Tx, store: &Store) -> Result<()> {
    let sql = "SELECT id FROM store_imports WHERE store = $1 AND state = 'running' LIMIT 1";
    if let Some(row) = tx.opt(sql, args![store.id]).await? {
        // It may have been laid aside with the settings that were wrong.
        return tx.enqueue(&Part { import: row.int("id")? }).await;
    }
    let kind = if store.swept_to.is_some() { "sweep" } else { "first" };
    start(tx, store.id, kind, store.swept_to.map(|at| at - OVERLAP)).await.map(drop)
}

async fn start(tx: &mut Tx, store: StoreId, kind: &str, since: Option<Time>) -> Result<Import> {
    let sql = "INSERT INTO store_imports (store, kind, reading, since, started_at, moved_at)
        VALUES ($1, $2, $3, $4, $5, $5) RETURNING *";
    let now = tx.now();
    let import = import(&tx.one(sql, args![store, kind, KINDS[0], since, now]).await?)?;
    tx.enqueue(&Part { import: import.id }).await?;
    Ok(import)
}

/// Reads the next part of an import.
#[derive(Serialize, Deserialize)]
struct Part {
    import: i64,
}

/// Where an import stands.
struct Place {
    store: StoreId,
    kind: Kind,
    since: Option<Time>,
    next: Option<serde_json::Value>,
    way: Way,
    started_at: Time,
}

fn place(row: &Row) -> Result<Place> {
    let way = if row.text("kind")? == "first" { Way::First } else { Way::News };
    Ok(Place {
        store: row.id("store")?,
        kind: row.word("reading")?,
        since: row.opt_int("since")?,
        next: row.opt_json("next")?,
        way,
        started_at: row.int("started_at")?,
    })
}

const RUNNING: &str = "SELECT * FROM store_imports WHERE id = $1 AND state = 'running'";

impl Job for Part {
    const NAME: &'static str = "stores.import";
    const LANE: Lane = Lane::Outbound;
    const TRIES: i64 = 30;
    const TELLS: bool = true;

    async fn run(self, app: &App) -> Result<()> {
        let Some(row) = app.db().opt(RUNNING, args![self.import]).await? else { return Ok(()) };
        let at = place(&row)?;
        let store = get(app, at.store).await?;
        if !store.active {
            // Whoever switches it on has it go on.
            return Ok(());
        }
        let platform = store.platform(app)?;
        let batch = match platform.read(&store.end(app)?, at.kind, at.since, at.next.as_ref()).await {
            Ok(batch) => batch,
            Err(error) => {
                if let Some(why) = trouble(&error) {
                    note_health(app, &store, "failing", Some(&why)).await?;
                }
                return Err(error);
            }
        };
        note_health(app, &store, "ok", None).await?;
        self.write_down(app, &store, &at, batch).await
    }

    async fn gave_up(self, tx: &mut Tx, why: &Error) -> Result<()> {
        let sql =
            "UPDATE store_imports SET state = 'failed', why = $1, ended_at = $2 WHERE id = $3 AND state = 'running'
            RETURNING store";
        let now = tx.now();
        let Some(row) = tx.opt(sql, args![why.detail(), now, self.import]).await? else { return Ok(()) };
        tx.emit(&Event::StoreFailing { store: row.id("store")?, why: why.detail() })?;
        let store: StoreId = row.id("store")?;
        tx.enqueue_at(now + PAUSE, &Sweep { store, after: Some(self.import) }).await
    }
}

impl Part {
    /// One part with the place where the next begins, together or not at all.
    async fn write_down(self, app: &App, store: &Store, at: &Place, batch: Batch) -> Result<()> {
        let mut tx = app.begin(Actor::System).await?;
        let held = format!("{RUNNING} {{for update}}");
        let Some(row) = tx.opt(&held, args![self.import]).await? else { return Ok(()) };
        let now_at = place(&row)?;
        if now_at.kind != at.kind || now_at.next != at.next {
            // Somebody else has read this part meanwhile.
            return Ok(());
        }
        let read = i64::try_from(batch.news.len())?;
        take(&mut tx, store, batch.news, at.way).await?;
        let following = KINDS.iter().skip_while(|kind| **kind != at.kind).nth(1);
        let kind = if batch.next.is_some() { Some(at.kind) } else { following.copied() };
        let counted = at.kind.as_str();
        let sql = format!(
            "UPDATE store_imports SET {counted} = {counted} + $2, reading = $3, next = $4, total = $5, moved_at = $6,
            state = $7, ended_at = $8 WHERE id = $1 RETURNING *"
        );
        let now = tx.now();
        let total = if batch.next.is_some() { batch.total } else { None };
        let (state, ended) = if kind.is_some() { ("running", None) } else { ("done", Some(now)) };
        let args = args![self.import, read, kind, batch.next, total, now, state, ended];
        let import = import(&tx.one(&sql, args).await?)?;
        if kind.is_some() {
            tx.enqueue_at(now + batch.pause.max(0), &Self { import: self.import }).await?;
        } else {
            finish(&mut tx, store, at, &import).await?;
        }
        tx.commit().await
    }
}

async fn finish(tx: &mut Tx, store: &Store, at: &Place, import: &Import) -> Result<()> {
    let sql = "UPDATE stores SET swept_to = $1 WHERE id = $2";
    tx.run(sql, args![at.started_at, store.id]).await?;
    let Import { id, orders, customers, products, .. } = import;
    // A sweep that found nothing is no news.
    if at.way == Way::First || orders + customers + products > 0 {
        tx.emit(&Event::StoreImported {
            store: store.id,
            import: *id,
            orders: *orders,
            customers: *customers,
            products: *products,
        })?;
    }
    // Kept while they tell something; there is one every few minutes.
    let sql = "DELETE FROM store_imports WHERE store = $1 AND kind = 'sweep' AND state <> 'running' AND id < $2 - 50";
    tx.run(sql, args![store.id, *id]).await?;
    let now = tx.now();
    tx.enqueue_at(now + PAUSE, &Sweep { store: store.id, after: Some(*id) }).await
}

/// Looks for what no call has told of.
#[derive(Serialize, Deserialize)]
struct Sweep {
    store: StoreId,
    /// The import that it follows. Where there has been another one since, that one is followed by its own.
    #[serde(default)]
    after: Option<i64>,
}

impl Job for Sweep {
    const NAME: &'static str = "stores.sweep";

    async fn run(self, app: &App) -> Result<()> {
        let mut tx = app.begin(Actor::System).await?;
        let store = match find(&mut tx, self.store).await {
            Err(Error::NotFound) => return Ok(()),
            store => store?,
        };
        let sql = "SELECT id FROM store_imports WHERE store = $1 ORDER BY id DESC LIMIT 1";
        let newest = tx.opt(sql, args![store.id]).await?.map(|row| row.int("id")).transpose()?;
        if !store.active || newest != self.after {
            return Ok(());
        }
        begin(&mut tx, &store).await?;
        tx.commit().await
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewImport {
    /// `first` reads all there is once more; `sweep`, which is meant where nothing is said, what changed since the last.
    kind: Option<String>,
}

async fn create(
    who: Who,
    State(app): State<App>,
    Id(id): Id<StoreId>,
    Body(body): Body<NewImport>,
) -> Result<Created<Import>> {
    who.may(Permission::StoresManage)?;
    let mut tx = who.begin(&app).await?;
    let store = find(&mut tx, id).await?;
    if !store.active {
        return Err(Error::conflict("This store is switched off. Switch it on first."));
    }
    if !store.platform(&app)?.capabilities().asked {
        return Err(Error::conflict("This store cannot be read: it tells by itself what it has."));
    }
    let sql = "SELECT id FROM store_imports WHERE store = $1 AND state = 'running' LIMIT 1";
    if tx.opt(sql, args![id]).await?.is_some() {
        return Err(Error::conflict("This store is being read already. Wait until that is done."));
    }
    let since = match body.kind.as_deref() {
        Some("first") => None,
        None | Some("sweep") => store.swept_to.map(|at| at - OVERLAP),
        Some(_) => return Err(Error::invalid("kind", "must be first or sweep")),
    };
    let kind = if since.is_some() { "sweep" } else { "first" };
    let import = start(&mut tx, id, kind, since).await?;
    tx.created(import).await
}

async fn index(who: Who, State(app): State<App>, Id(id): Id<StoreId>) -> Result<Json<Listing<Import>>> {
    who.may(Permission::TicketsRead)?;
    get(&app, id).await?;
    let sql = "SELECT * FROM store_imports WHERE store = $1 ORDER BY id DESC LIMIT 20";
    let data = app.db().all(sql, args![id]).await?.iter().map(import).collect::<Result<_>>()?;
    Ok(Json(Listing { data }))
}
