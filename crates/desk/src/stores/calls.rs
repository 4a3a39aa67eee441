//! What platforms tell us: checked, stored, answered; read by a job after that. The same call again changes nothing.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use aide::axum::{ApiRouter, routing::post_with};
use axum::{Extension, extract::State, http::StatusCode};
use base::{
    Actor, App, DAY, Error, Feature, Job, JobSpec, Result, Time, Tx, args,
    jobs::Lane,
    web::{
        Id,
        input::{self, Unread},
    },
};
use connectors::platform::{Call, News, Vouched};
use serde::{Deserialize, Serialize};

use super::{
    Store, StoreId, find, get,
    take::{Way, take},
    write_health,
};
use crate::{Event, secrets};

/// Platforms send up to some hundred kilobytes.
const MOST: usize = 4 * 1024 * 1024;
/// How long calls are kept, for those who look for the reason of something.
const KEPT: Time = 30 * DAY;

pub(super) fn feature() -> Feature {
    let call = post_with(create, |op| {
        op.summary("A platform tells what happened; 200 once it is durable, 401 where its signature is wrong")
    });
    Feature {
        hooks: ApiRouter::new().api_route("/stores/{id}/calls", call).layer(Extension(Arc::new(Forged::default()))),
        jobs: vec![JobSpec::of::<Hear>()],
        ..Feature::default()
    }
}

/// Forgets calls of long ago.
pub async fn forget(app: &App) -> Result<()> {
    app.db().run("DELETE FROM store_calls WHERE received_at < $1", args![app.now() - KEPT]).await.map(drop)
}

/// Calls with a wrong signature by store, until they are written down: a flood of them costs one write a second.
#[derive(Default)]
struct Forged(Mutex<HashMap<StoreId, i64>>);

impl Forged {
    fn count(self: Arc<Self>, app: &App, store: StoreId) {
        metrics::counter!("shopbell_forged_calls_total").increment(1);
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(store).or_default();
        *count += 1;
        if *count == 1 {
            drop(counts);
            tokio::spawn(self.write_down(app.clone(), store));
        }
    }

    async fn write_down(self: Arc<Self>, app: App, store: StoreId) {
        tokio::time::sleep(Duration::from_secs(1)).await;
        let count = self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&store).unwrap_or_default();
        let sql = "UPDATE stores SET forged = forged + $1, forged_at = $2 WHERE id = $3";
        if let Err(error) = app.db().run(sql, args![count, app.now(), store]).await {
            tracing::warn!(%store, count, %error, "forged calls could not be counted");
        }
    }
}

async fn create(
    State(app): State<App>,
    Extension(forged): Extension<Arc<Forged>>,
    Id(id): Id<StoreId>,
    Unread(request): Unread,
) -> Result<StatusCode> {
    let headers = request.headers().iter();
    let text = |(name, value): (&axum::http::HeaderName, &axum::http::HeaderValue)| {
        Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned()))
    };
    // Signatures, topics, ids; nothing that says who we are to others.
    let telling = |(name, _): &(String, String)| !["authorization", "cookie", "host"].contains(&name.as_str());
    let headers: Vec<_> = headers.filter_map(text).filter(telling).take(60).collect();
    let body = input::bytes_up_to(request.into_body(), MOST).await?.to_vec();
    // Whether there is such a store is nobody's business without a signature.
    let store =
        get(&app, id).await.map_err(|error| if matches!(error, Error::NotFound) { unsigned() } else { error })?;
    let call = Call { headers, body };
    let vouched = store.platform(&app)?.vouch(&store.end(&app)?, &call);
    let Vouched { key, topic } = match vouched {
        // What the law has it say comes after it has let us go.
        Ok(vouched) if store.active || is_about_privacy(&app, &store, &call) => vouched,
        // Platforms try for days, and then stop by themselves: let them.
        Ok(_) => return Err(Error::NotFound),
        Err(Error::Unauthorized(_)) => {
            forged.count(&app, store.id);
            return Err(unsigned());
        }
        Err(other) => return Err(other),
    };
    let mut tx = app.begin(Actor::System).await?;
    let sql = "INSERT INTO store_calls (store, key, topic, headers, body, received_at) VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (store, key) DO NOTHING RETURNING id";
    let headers = serde_json::to_value(&call.headers)?;
    let now = tx.now();
    if let Some(row) = tx.opt(sql, args![store.id, key, topic, headers, call.body, now]).await? {
        tx.enqueue(&Hear { call: row.int("id")? }).await?;
        tx.commit().await?;
    }
    Ok(StatusCode::OK)
}

fn is_about_privacy(app: &App, store: &Store, call: &Call) -> bool {
    let heard = || store.platform(app)?.hear(&store.end(app)?, call);
    heard().is_ok_and(|news| !news.is_empty() && news.iter().all(|one| matches!(one, News::Privacy(_))))
}

fn unsigned() -> Error {
    Error::Unauthorized("The signature is missing or wrong. Does the secret here match the one at the platform?".into())
}

/// Reads one call.
#[derive(Serialize, Deserialize)]
struct Hear {
    call: i64,
}

impl Job for Hear {
    const NAME: &'static str = "stores.hear";
    const LANE: Lane = Lane::Inbound;
    // It stands beside its store.
    const TELLS: bool = true;

    async fn run(self, app: &App) -> Result<()> {
        let sql = "SELECT store, headers, body FROM store_calls WHERE id = $1 AND state = 'waiting'";
        let Some(row) = app.db().opt(sql, args![self.call]).await? else { return Ok(()) };
        let store = get(app, row.id("store")?).await?;
        let call = Call { headers: row.json("headers")?, body: row.bytes("body")? };
        let mut news = match store.platform(app)?.hear(&store.end(app)?, &call) {
            // Trying again would read the same bytes the same way.
            Err(error @ (Error::Invalid(_) | Error::Malformed(_))) => {
                let mut tx = app.begin(Actor::System).await?;
                self.failed(&mut tx, &error).await?;
                return tx.commit().await;
            }
            news => news?,
        };
        ask_for_changed(app, &store, &mut news).await?;
        let mut tx = app.begin(Actor::System).await?;
        let sql = "UPDATE store_calls SET state = 'done' WHERE id = $1 AND state = 'waiting' RETURNING id";
        if tx.opt(sql, args![self.call]).await?.is_none() {
            return Ok(());
        }
        let taken = take(&mut tx, &store, news, Way::Told).await?;
        if taken.erased {
            let sql = "UPDATE store_calls SET body = $1, headers = '[]' WHERE id = $2";
            tx.run(sql, args![Vec::<u8>::new(), self.call]).await?;
        }
        // Nothing else says of a store that is never asked that all is well.
        if store.health != "ok" && !store.platform(app)?.capabilities().asked {
            write_health(&mut tx, &store, "ok", None).await?;
        }
        if taken.gone {
            let_go(app, &mut tx, store.id).await?;
        }
        tx.commit().await
    }

    async fn gave_up(self, tx: &mut Tx, why: &Error) -> Result<()> {
        self.failed(tx, why).await
    }
}

impl Hear {
    async fn failed(self, tx: &mut Tx, why: &Error) -> Result<()> {
        let sql =
            "UPDATE store_calls SET state = 'failed', why = $1 WHERE id = $2 AND state = 'waiting' RETURNING store";
        let Some(row) = tx.opt(sql, args![why.detail(), self.call]).await? else { return Ok(()) };
        let store = find(tx, row.id("store")?).await?;
        // Whoever sends it hears that it came, and nothing of this.
        let said = format!("What it told cannot be read: {}", why.detail());
        write_health(tx, &store, "failing", Some(&said)).await?;
        tx.emit(&Event::StoreCallFailed { store: store.id, call: self.call, why: why.detail() })
    }
}

/// What is only said to have changed is asked for.
async fn ask_for_changed(app: &App, store: &Store, news: &mut [News]) -> Result<()> {
    let (platform, end) = (store.platform(app)?, store.end(app)?);
    for one in news {
        match one {
            News::OrderChanged { id } => {
                *one = match platform.order(&end, id).await? {
                    Some(order) => News::Order(Box::new(order)),
                    None => News::OrderDeleted { id: std::mem::take(id), at: None },
                };
            }
            News::ProductChanged { id } => {
                *one = match platform.product(&end, id).await? {
                    Some(product) => News::Product(Box::new(product)),
                    None => News::ProductDeleted { id: std::mem::take(id) },
                };
            }
            _ => {}
        }
    }
    Ok(())
}

/// The platform has let us go: nothing is asked there any more, and what let us in is thrown away. What its last calls
/// are signed with is needed still.
async fn let_go(app: &App, tx: &mut Tx, id: StoreId) -> Result<()> {
    let store = find(tx, id).await?;
    let mut kept = secrets::open(app, store.secrets.as_deref())?;
    let signs = store.platform(app)?.signs_with();
    kept.retain(|key, _| signs.contains(&key.as_str()));
    let sql = "UPDATE stores SET active = FALSE, secrets = $2, version = version + 1 WHERE id = $1";
    tx.run(sql, args![id, secrets::seal(app, &kept)?]).await?;
    tx.emit(&Event::StoreDisconnected { store: id, why: "platform".to_owned() })
}
