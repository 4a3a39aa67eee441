//! Fetching: every active inbox whose channel fetches is followed by one node at a time. The right to do so is a lease in
//! the database, so that when a node dies another takes over.

use std::{collections::HashMap, sync::Arc, time::Duration};

use base::{Actor, App, Feature, MINUTE, Result, Time, args, blob};
use connectors::{
    Channels,
    channel::{Cursor, Later, Sink},
};
use tokio::task::JoinHandle;

use super::inbound;
use crate::inboxes::{self, Inbox, InboxId, all, end, health};

pub(super) fn feature() -> Feature {
    Feature { services: vec![|app| Box::pin(supervise(app))], ..Feature::default() }
}

/// How long a node may be silent before another takes its inboxes over.
const LEASE: Time = MINUTE / 2;
const ROUND: Duration = Duration::from_secs(5);

/// Starts and stops one fetcher per inbox as settings and leases change.
async fn supervise(app: App) {
    let node = app.secrets().token().unwrap_or_default();
    let mut running: HashMap<(InboxId, i64), JoinHandle<()>> = HashMap::new();
    let mut signal = app.db().events_signal();
    loop {
        if let Err(error) = round(&app, &node, &mut running).await {
            tracing::warn!(%error, "cannot look after the inboxes, trying again");
            // Without the database the lease cannot be renewed: another node may hold it by now.
            if matches!(error, base::Error::Unavailable) {
                stop_all(&mut running);
            }
        }
        tokio::select! {
            () = app.stopping() => break,
            // A new or changed inbox should start at once; looking is cheap, but not worth doing for every event.
            _ = signal.changed() => tokio::time::sleep(Duration::from_millis(500)).await,
            () = tokio::time::sleep(ROUND) => {}
        }
    }
    stop_all(&mut running);
    let sql = "UPDATE inboxes SET fetcher_until = 0 WHERE fetcher = $1";
    if let Err(error) = app.db().run(sql, args![&node]).await {
        tracing::warn!(%error, "could not give the inboxes back; they are free again in half a minute");
    }
}

fn stop_all(running: &mut HashMap<(InboxId, i64), JoinHandle<()>>) {
    for (_, task) in running.drain() {
        task.abort();
    }
}

async fn round(app: &App, node: &str, running: &mut HashMap<(InboxId, i64), JoinHandle<()>>) -> Result<()> {
    let channels = app.part::<Channels>()?;
    let mut wanted = Vec::new();
    for inbox in all(app).await?.into_iter().filter(|inbox| inbox.active) {
        if channels.get(&inbox.channel)?.fetches(&inbox.settings) && lease(app, node, inbox.id).await? {
            wanted.push(inbox);
        }
    }
    running.retain(|key, task| {
        let keep = !task.is_finished() && wanted.iter().any(|inbox| (inbox.id, inbox.version) == *key);
        if !keep {
            task.abort();
        }
        keep
    });
    for inbox in wanted {
        let key = (inbox.id, inbox.version);
        if let std::collections::hash_map::Entry::Vacant(place) = running.entry(key) {
            place.insert(tokio::spawn(follow(app.clone(), inbox)));
        }
    }
    Ok(())
}

/// Takes or renews the right to fetch an inbox; false while another node holds it.
/// Written at a third of its length, not at every look.
async fn lease(app: &App, node: &str, inbox: InboxId) -> Result<bool> {
    let now = app.now();
    let sql = "SELECT fetcher, fetcher_until FROM inboxes WHERE id = $1";
    let row = app.db().one(sql, args![inbox]).await?;
    let (holder, until) = (row.opt_text("fetcher")?, row.int("fetcher_until")?);
    if holder.as_deref() == Some(node) && until > now + LEASE * 2 / 3 {
        return Ok(true);
    }
    if holder.as_deref() != Some(node) && until > now && app.db().engine() == base::Engine::Postgres {
        return Ok(false);
    }
    let sql = "UPDATE inboxes SET fetcher = $1, fetcher_until = $2 WHERE id = $3
        AND (fetcher IS NULL OR fetcher = $1 OR fetcher_until = $4) RETURNING id";
    Ok(!app.db().run(sql, args![node, now + LEASE, inbox, until]).await?.is_empty())
}

async fn follow(app: App, inbox: Inbox) {
    let run = async {
        let end = end(&app, &inbox)?;
        let channel = app.part::<Channels>()?.get(&inbox.channel)?;
        let sink = Arc::new(Store { app: app.clone(), inbox: inbox.clone() });
        channel.fetch(&end, inbox.cursor.clone().unwrap_or(Cursor::Null), sink).await
    };
    if let Err(error) = run.await {
        tracing::warn!(inbox = inbox.id.0, %error, "fetching ended");
        if let Err(error) = health::failed(&app, inbox.id, &error.to_string()).await {
            tracing::warn!(inbox = inbox.id.0, %error, "and cannot be noted");
        }
        // Before the supervisor starts it again.
        tokio::time::sleep(Duration::from_secs(30)).await;
    }
}

/// Where a channel puts what it fetched.
struct Store {
    app: App,
    inbox: Inbox,
}

impl Sink for Store {
    fn store(&self, raw: Vec<Vec<u8>>, cursor: Cursor) -> Later<'_, ()> {
        Box::pin(async move {
            let mut prepared = Vec::with_capacity(raw.len());
            for bytes in raw {
                prepared.push(blob::prepare(&self.app, bytes).await?);
            }
            let mut tx = self.app.begin(Actor::System).await?;
            for stored in &prepared {
                inbound::store(&mut tx, self.inbox.id, stored).await?;
            }
            tx.run("UPDATE inboxes SET cursor = $1 WHERE id = $2", args![cursor, self.inbox.id]).await?;
            tx.commit().await
        })
    }

    fn healthy(&self) -> Later<'_, ()> {
        Box::pin(health::recovered(&self.app, self.inbox.id))
    }

    fn failed(&self, why: String) -> Later<'_, ()> {
        Box::pin(async move { health::failed(&self.app, self.inbox.id, &why).await })
    }

    fn renewed(&self, secrets: Vec<(String, String)>) -> Later<'_, ()> {
        Box::pin(inboxes::renew(&self.app, &self.inbox, secrets))
    }
}
