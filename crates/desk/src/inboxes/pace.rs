//! How fast an inbox may send: providers refuse mail, or lock accounts, that come too fast.
//!
//! Counted in the database, so that all nodes together keep to it. A turn is taken before a message is handed over and
//! given back when it was not: only what really left counts.

use base::{Actor, App, Error, MINUTE, Result, Tx, args};
use connectors::Channels;

use super::{Inbox, InboxId};

/// The right to hand over one message now; of nothing where the inbox may send as much as there is.
#[derive(Debug, Clone, Copy)]
#[must_use = "settle it or give it back"]
pub struct Turn(Option<(i64, InboxId)>);

/// Takes a turn, or says when to come again.
pub async fn take(app: &App, tx: &mut Tx, inbox: &Inbox) -> Result<Turn> {
    let Some(limit) = app.part::<Channels>()?.get(&inbox.channel)?.pace(&inbox.settings) else { return Ok(Turn(None)) };
    // Two nodes that count at the same moment would both find room.
    tx.lock(&format!("pace {}", inbox.id)).await?;
    let now = tx.now();
    tx.run("DELETE FROM sendings WHERE inbox = $1 AND at <= $2", args![inbox.id, now - MINUTE]).await?;
    let sql = "SELECT CAST(count(*) AS BIGINT) AS n, min(at) AS first FROM sendings WHERE inbox = $1";
    let row = tx.one(sql, args![inbox.id]).await?;
    if row.int("n")? >= i64::from(limit) {
        let wait = row.opt_int("first")?.map_or(MINUTE, |first| first + MINUTE - now);
        return Err(Error::Upstream {
            why: format!("This inbox sends at most {limit} messages a minute."),
            retry_after: Some(wait.max(1)),
        });
    }
    let row = tx.one("INSERT INTO sendings (inbox, at) VALUES ($1, $2) RETURNING id", args![inbox.id, now]).await?;
    Ok(Turn(Some((row.int("id")?, inbox.id))))
}

/// The message was handed over, or may have been: it counts from now on.
pub async fn settle(tx: &mut Tx, turn: Turn) -> Result<()> {
    let Turn(Some((id, inbox))) = turn else { return Ok(()) };
    // One that took longer than a minute may have been swept away.
    tx.run("DELETE FROM sendings WHERE id = $1", args![id]).await?;
    tx.run("INSERT INTO sendings (inbox, at) VALUES ($1, $2)", args![inbox, tx.now()]).await
}

/// The message certainly did not leave.
pub async fn give_back(app: &App, turn: Turn) -> Result<()> {
    let Turn(Some((id, _))) = turn else { return Ok(()) };
    app.db().run("DELETE FROM sendings WHERE id = $1", args![id]).await.map(drop)
}

/// Hands over one message in its turn, for those that keep no record of it.
pub async fn in_turn<T>(app: &App, inbox: &Inbox, send: impl Future<Output = Result<T>>) -> Result<T> {
    let mut tx = app.begin(Actor::System).await?;
    let turn = take(app, &mut tx, inbox).await?;
    tx.commit().await?;
    let done = send.await;
    match &done {
        Ok(_) => {
            let mut tx = app.begin(Actor::System).await?;
            settle(&mut tx, turn).await?;
            tx.commit().await?;
        }
        Err(_) => give_back(app, turn).await?,
    }
    done
}
