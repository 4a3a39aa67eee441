//! Secrets that a running connection renewed, such as an OAuth token.

use base::{Actor, App, Result, args};
use connectors::Channels;

use super::{Inbox, find};
use crate::secrets::{moved, open, seal};

/// Replaces single secrets, renewed by a connection with the inbox's settings as `used`. One that the inbox would show to
/// somebody else by now is dropped: it was had from the one before.
pub async fn renew(app: &App, used: &Inbox, renewed: Vec<(String, String)>) -> Result<()> {
    let mut tx = app.begin(Actor::System).await?;
    let inbox = find(&mut tx, used.id).await?;
    let channel = app.part::<Channels>()?.get(&inbox.channel)?;
    let mut all = open(app, inbox.secrets.as_deref())?;
    // A secret that was taken away meanwhile stays away.
    let still = |key: &String| all.contains_key(key) && moved(channel, key, &used.settings, &inbox.settings).is_none();
    let renewed: Vec<_> = renewed.into_iter().filter(|(key, _)| still(key)).collect();
    all.extend(renewed);
    // The version stays: the running connection is the one that renewed them.
    tx.run("UPDATE inboxes SET secrets = $1 WHERE id = $2", args![seal(app, &all)?, used.id]).await?;
    tx.commit().await
}
