//! The watchdog: an inbox that fails, or has been silent for too long, says so in the desk, and says when it is well again.

use std::time::Duration;

use base::{Actor, App, Feature, MINUTE, Result, Time, Tx, args};
use connectors::Channels;

use super::{InboxId, all};
use crate::Event;

pub(super) fn feature() -> Feature {
    Feature { services: vec![|app| Box::pin(watch(app))], ..Feature::default() }
}

/// An inbox that has not been looked at for this long is silent, whatever the reason.
const SILENT: Time = 5 * MINUTE;
/// New, or with other settings than before, and not looked at since.
const STARTING: &str = "starting";
/// How often a healthy inbox notes that it is; lists show it to the minute.
const NOTE_EVERY: Time = MINUTE / 2;

/// What is said of an inbox before anybody has looked.
pub(super) fn at_first(fetches: bool) -> &'static str {
    if fetches { STARTING } else { "push_only" }
}

/// A look at the inbox went well.
pub async fn recovered(app: &App, inbox: InboxId) -> Result<()> {
    let now = app.now();
    let row = app.db().one("SELECT health, fetched_at FROM inboxes WHERE id = $1", args![inbox]).await?;
    let before = row.text("health")?;
    let well = before == "ok";
    if well && row.opt_int("fetched_at")?.is_some_and(|at| now - at < NOTE_EVERY) {
        return Ok(());
    }
    let mut tx = app.begin(Actor::System).await?;
    tx.run("UPDATE inboxes SET fetched_at = $1 WHERE id = $2", args![now, inbox]).await?;
    if !well {
        turn(&mut tx, inbox, "ok", None).await?;
        // What was never looked at has recovered from nothing.
        let first = before == STARTING;
        tx.emit(&if first { Event::InboxChanged { inbox } } else { Event::InboxRecovered { inbox } })?;
    }
    tx.commit().await
}

/// A look failed; `why` is for people.
pub async fn failed(app: &App, inbox: InboxId, why: &str) -> Result<()> {
    set_bad(app, inbox, "failing", why).await
}

/// Says it once, not at every try.
async fn set_bad(app: &App, inbox: InboxId, state: &'static str, why: &str) -> Result<()> {
    let row = app.db().one("SELECT health, health_why FROM inboxes WHERE id = $1", args![inbox]).await?;
    if row.text("health")? == state && row.opt_text("health_why")?.as_deref() == Some(why) {
        return Ok(());
    }
    metrics(state);
    let mut tx = app.begin(Actor::System).await?;
    turn(&mut tx, inbox, state, Some(why)).await?;
    tx.emit(&Event::InboxFailing { inbox, why: why.to_owned() })?;
    tx.commit().await
}

fn metrics(state: &'static str) {
    tracing::warn!(state, "an inbox does not fetch");
}

async fn turn(tx: &mut Tx, inbox: InboxId, state: &str, why: Option<&str>) -> Result<()> {
    let sql = "UPDATE inboxes SET health = $1, health_why = $2, health_since = $3 WHERE id = $4";
    tx.run(sql, args![state, why, tx.now(), inbox]).await
}

async fn watch(app: App) {
    loop {
        if let Err(error) = look(&app).await {
            tracing::warn!(%error, "cannot look at the inboxes' health");
        }
        tokio::select! {
            () = app.stopping() => return,
            () = tokio::time::sleep(Duration::from_secs(30)) => {}
        }
    }
}

/// Finds inboxes that nobody has fetched for a while.
pub async fn look(app: &App) -> Result<()> {
    let channels = app.part::<Channels>()?;
    for inbox in
        all(app).await?.into_iter().filter(|inbox| inbox.active && ["ok", STARTING].contains(&inbox.health.as_str()))
    {
        let since = inbox.fetched_at.unwrap_or(inbox.health_since).max(inbox.health_since);
        if channels.get(&inbox.channel)?.fetches(&inbox.settings) && app.now() - since > SILENT {
            let why = "Nothing was fetched for over five minutes, and no error was reported.";
            set_bad(app, inbox.id, "silent", why).await?;
        }
    }
    Ok(())
}
