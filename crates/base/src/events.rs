//! The event log: what happened, in order, once. Realtime, search, notices and later automations,
//! webhooks and reports are readers of this table; nothing else tells them anything.

use serde::Serialize;
use std::{future::Future, pin::Pin, sync::Arc, time::Duration};

use crate::{Actor, App, Result, Row, Time, Tx, args};

/// Something that happened. The product's catalogue implements it; the log only stores it.
pub trait Fact: Serialize {
    fn kind(&self) -> &'static str;
    fn ticket(&self) -> Option<i64>;
    fn customer(&self) -> Option<i64>;
}

/// One line of the log.
#[derive(Debug, Clone)]
pub struct Recorded {
    pub seq: i64,
    pub at: Time,
    pub kind: String,
    pub data: serde_json::Value,
    pub ticket: Option<i64>,
    pub customer: Option<i64>,
    pub actor: Actor,
    pub cause: Option<i64>,
}

/// Reacts to what happened, in order. Its work and its cursor commit together, so work in our own database
/// happens exactly once; anything outside goes through a job enqueued here.
pub trait Listener: Send + Sync {
    fn name(&self) -> &'static str;
    /// Whether what it does may get lost with the power: it is heard again, and done again. Whoever emits is not light.
    fn is_light(&self) -> bool {
        false
    }
    fn hear<'a>(
        &'a self,
        app: &'a App,
        tx: &'a mut Tx,
        events: &'a [Recorded],
    ) -> Pin<Box<dyn Future<Output = Result<()>> + Send + 'a>>;
}

pub(crate) struct Pending {
    actor: Actor,
    kind: &'static str,
    ticket: Option<i64>,
    customer: Option<i64>,
    data: serde_json::Value,
}

impl Pending {
    pub(crate) fn new(fact: &impl Fact, actor: Actor) -> Result<Self> {
        let data = serde_json::to_value(fact)?;
        Ok(Self { actor, kind: fact.kind(), ticket: fact.ticket(), customer: fact.customer(), data })
    }
}

/// As many events are written by one statement: each statement costs a way to the database and back.
const TOGETHER: usize = 8;

pub(crate) async fn append(tx: &mut Tx, at: Time, cause: Option<i64>, pending: Vec<Pending>) -> Result<()> {
    let mut pending = pending.into_iter();
    loop {
        let mut values = Vec::new();
        for Pending { actor, kind, ticket, customer, data } in pending.by_ref().take(TOGETHER) {
            let (actor, id) = actor.columns();
            values.extend(args![at, kind, data, ticket, customer, actor, id, cause]);
        }
        if values.is_empty() {
            return Ok(());
        }
        let row = |row: usize| {
            let markers: Vec<String> = (1..=8).map(|column| format!("${}", row * 8 + column)).collect();
            format!("({})", markers.join(", "))
        };
        let rows: Vec<String> = (0..values.len() / 8).map(row).collect();
        let columns = "at, kind, data, ticket, customer, actor, actor_id, cause";
        tx.run(&format!("INSERT INTO events ({columns}) VALUES {}", rows.join(", ")), values).await?;
    }
}

/// The next events after `seq`, oldest first.
pub async fn after(app: &App, seq: i64, limit: i64) -> Result<Vec<Recorded>> {
    let rows = app.db().all("SELECT * FROM events WHERE seq > $1 ORDER BY seq LIMIT $2", args![seq, limit]).await?;
    rows.iter().map(recorded).collect()
}

/// The number of the newest event; 0 in an empty log.
pub async fn newest(app: &App) -> Result<i64> {
    app.db().one("SELECT CAST(COALESCE(max(seq), 0) AS BIGINT) AS seq FROM events", args![]).await?.int("seq")
}

/// A listener that is new to an installation hears what happens from now on. Whoever needs the past looks it up: a rule
/// that came with an upgrade must not act on a year of it.
pub async fn begin(app: &App, listeners: &[Arc<dyn Listener>]) -> Result<()> {
    let mut tx = app.begin(Actor::System).await?;
    for listener in listeners {
        let sql = "INSERT INTO cursors (listener, seq) SELECT $1, CAST(COALESCE(max(seq), 0) AS BIGINT) FROM events
            WHERE TRUE ON CONFLICT (listener) DO NOTHING";
        tx.run(sql, args![listener.name()]).await?;
    }
    tx.commit().await
}

const BATCH: usize = 200;
/// What happens meanwhile is heard together: in a burst, a transaction for each event would cost more than the events.
const BREATH: Duration = Duration::from_millis(50);

/// Lets one listener hear the next batch; returns how many events it heard.
/// Where several nodes run, whoever holds the cursor's row works and the others pass by.
pub async fn catch_up(app: &App, listener: &dyn Listener) -> Result<usize> {
    let name = listener.name();
    // A look without the writer's lock first: most wake-ups find nothing to do.
    let row = app.db().one("SELECT seq FROM cursors WHERE listener = $1", args![name]).await?;
    if row.int("seq")? >= newest(app).await? {
        return Ok(0);
    }
    let mut tx =
        if listener.is_light() { app.begin_lightly(Actor::System).await? } else { app.begin(Actor::System).await? };
    let sql = "SELECT seq FROM cursors WHERE listener = $1 {skip locked}";
    let Some(row) = tx.opt(sql, args![name]).await? else { return Ok(0) };
    let sql = "SELECT * FROM events WHERE seq > $1 ORDER BY seq LIMIT $2";
    let rows = tx.all(sql, args![row.int("seq")?, i64::try_from(BATCH)?]).await?;
    let events = rows.iter().map(recorded).collect::<Result<Vec<_>>>()?;
    let Some(last) = events.last() else { return Ok(0) };
    listener.hear(app, &mut tx, &events).await?;
    tx.run("UPDATE cursors SET seq = $1 WHERE listener = $2", args![last.seq, name]).await?;
    tx.commit().await?;
    Ok(events.len())
}

/// Follows the log with one listener until the app stops. A failing one retries with growing pauses
/// and never stops the others.
pub async fn follow(app: App, listener: Arc<dyn Listener>) {
    let mut signal = app.db().events_signal();
    let mut failures = 0_u32;
    // What is left to hear is heard after the next start.
    while !app.is_stopping() {
        let pause = match catch_up(&app, &*listener).await {
            Ok(0) => {
                failures = 0;
                Duration::from_secs(5)
            }
            Ok(heard) => {
                failures = 0;
                if heard < BATCH {
                    tokio::time::sleep(BREATH).await;
                }
                continue;
            }
            Err(error) => {
                failures += 1;
                metrics::counter!("shopbell_listener_failures_total", "listener" => listener.name()).increment(1);
                tracing::error!(listener = listener.name(), failures, %error, "listener failed, trying again");
                Duration::from_millis(200 << failures.min(8))
            }
        };
        tokio::select! {
            () = app.stopping() => return,
            // After a failure only time helps.
            _ = signal.changed(), if failures == 0 => {}
            () = tokio::time::sleep(pause) => {}
        }
    }
}

pub fn recorded(row: &Row) -> Result<Recorded> {
    Ok(Recorded {
        seq: row.int("seq")?,
        at: row.int("at")?,
        kind: row.text("kind")?,
        data: row.json("data")?,
        ticket: row.opt_int("ticket")?,
        customer: row.opt_int("customer")?,
        actor: Actor::from_columns(&row.text("actor")?, row.opt_int("actor_id")?),
        cause: row.opt_int("cause")?,
    })
}
