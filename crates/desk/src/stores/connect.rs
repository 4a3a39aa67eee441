//! Connecting a store: it is asked who it is, told where to send its news, and read from its beginning.

use base::{Actor, App, Error, Feature, Job, JobSpec, Result, args, jobs::Lane};
use serde::{Deserialize, Serialize};

use super::{Store, StoreId, find, get, import, note_health, trouble};
use crate::{Event, secrets};

pub(super) fn feature() -> Feature {
    Feature { jobs: vec![JobSpec::of::<Connect>()], ..Feature::default() }
}

/// Done again whenever its settings changed.
#[derive(Serialize, Deserialize)]
pub(super) struct Connect {
    pub store: StoreId,
    pub version: i64,
}

impl Job for Connect {
    const NAME: &'static str = "stores.connect";
    const LANE: Lane = Lane::Outbound;
    const TELLS: bool = true;

    async fn run(self, app: &App) -> Result<()> {
        let store = match get(app, self.store).await {
            Err(Error::NotFound) => return Ok(()),
            store => store?,
        };
        if !store.active || store.version != self.version {
            return Ok(());
        }
        let done = connect(app, &store).await;
        if let Err(why) = done.as_ref().map_err(trouble) {
            note_health(app, &store, "failing", why.as_deref()).await?;
        }
        done
    }

    /// The store says why; whoever mends its settings has it tried again.
    async fn gave_up(self, tx: &mut base::Tx, why: &Error) -> Result<()> {
        let sql = "UPDATE stores SET health = 'failing', health_why = $1 WHERE id = $2 AND version = $3";
        tx.run(sql, args![why.detail(), self.store, self.version]).await
    }
}

async fn connect(app: &App, store: &Store) -> Result<()> {
    let (platform, end) = (store.platform(app)?, store.end(app)?);
    let capabilities = platform.capabilities();
    if !platform.shows_orders(&end) {
        return Ok(());
    }
    let about = platform.about(&end).await?;
    // Held by another one, it would tell everything twice.
    let sql = "SELECT id FROM stores WHERE platform = $1 AND address = $2 AND id <> $3";
    if app.db().opt(sql, args![&store.platform, &about.address, store.id]).await?.is_some() {
        return Err(Error::refused(format!("{} is connected already, as another store.", about.address)));
    }
    let renewed = match capabilities.webhooks.then(|| hook(app, store.id)).flatten() {
        Some(address) => platform.subscribe(&end, &address).await?,
        None => Vec::new(),
    };
    let mut tx = app.begin(Actor::System).await?;
    let now = find(&mut tx, store.id).await?;
    if now.version != store.version {
        return Ok(());
    }
    let mut kept = secrets::open(app, now.secrets.as_deref())?;
    kept.extend(renewed);
    let health_why = (!about.problems.is_empty()).then(|| about.problems.join(" "));
    let sql = "UPDATE stores SET address = $1, currency = $2, secrets = $3, health = 'ok', health_why = $4,
        health_since = $5 WHERE id = $6";
    let at = tx.now();
    let sealed = secrets::seal(app, &kept)?;
    tx.run(sql, args![&about.address, &about.currency, sealed, health_why, at, store.id]).await?;
    tx.emit(&Event::StoreChanged { store: store.id })?;
    if capabilities.asked {
        import::begin(&mut tx, &now).await?;
    }
    tx.commit().await
}

/// Where a store's platform sends its news; none where nobody outside can reach us.
fn hook(app: &App, store: StoreId) -> Option<String> {
    let base = app.config().public_url();
    (!app.config().public_url.is_empty()).then(|| format!("{base}/api/v1/stores/{store}/calls"))
}
