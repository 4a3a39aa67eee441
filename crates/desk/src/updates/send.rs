//! Sending a message about an order, once: that it is about to leave is written down before it does.

use base::{Actor, App, Error, Feature, Job, JobSpec, Result, Tx, args, jobs::Lane};
use connectors::{
    Channels,
    channel::{Outbound, Party},
};
use serde::{Deserialize, Serialize};

use super::UpdateId;
use crate::{
    Event,
    inboxes::{self, pace},
};

pub(super) fn feature() -> Feature {
    Feature { jobs: vec![JobSpec::of::<Send>()], ..Feature::default() }
}

#[derive(Serialize, Deserialize)]
pub(super) struct Send {
    pub update: UpdateId,
}

impl Job for Send {
    const NAME: &'static str = "updates.send";
    const LANE: Lane = Lane::Outbound;
    const TELLS: bool = true;

    async fn run(self, app: &App) -> Result<()> {
        let row = app.db().one("SELECT * FROM order_updates WHERE id = $1", args![self.update]).await?;
        let inbox = inboxes::get(app, row.id("inbox")?).await?;
        let (channel, end) = (app.part::<Channels>()?.get(&inbox.channel)?, inboxes::end(app, &inbox)?);
        let outbound = Outbound {
            from: inbox.party(),
            to: vec![Party { name: None, value: row.text("recipient")? }],
            subject: row.text("subject")?,
            text: row.text("text")?,
            html: Some(row.text("html")?),
            automatic: true,
            at: row.int("created_at")?,
            ..Outbound::default()
        };
        let key = format!("update-{}-{}", self.update, outbound.at);
        let external_id = Some(channel.external_id(&end, &key, &outbound)).filter(|id| !id.is_empty());
        let mut tx = app.begin(Actor::System).await?;
        let row = tx.one("SELECT state FROM order_updates WHERE id = $1 {for update}", args![self.update]).await?;
        match row.text("state")?.as_str() {
            "queued" => {}
            // An earlier try never came back: once too little is better than twice.
            "sending" => {
                let why = "The server ended while it was being sent. It is not sent again.";
                self.ends(&mut tx, "unsure", Some(why)).await?;
                return tx.commit().await;
            }
            _ => return Ok(()),
        }
        let sql = "UPDATE order_updates SET state = 'sending', external_id = $1 WHERE id = $2";
        tx.run(sql, args![&external_id, self.update]).await?;
        tx.commit().await?;
        let outbound = Outbound { external_id, ..outbound };
        let sent = pace::in_turn(app, &inbox, channel.send(&end, &key, &outbound)).await;
        let mut tx = app.begin(Actor::System).await?;
        match sent {
            Ok(receipt) => match receipt.unsure {
                Some(why) => self.ends(&mut tx, "unsure", Some(&why)).await?,
                None => self.ends(&mut tx, "sent", None).await?,
            },
            Err(Error::Refused { why }) => self.ends(&mut tx, "refused", Some(&why)).await?,
            // It did not leave, and will be tried again.
            Err(error) => {
                tx.run("UPDATE order_updates SET state = 'queued' WHERE id = $1", args![self.update]).await?;
                tx.commit().await?;
                return Err(error);
            }
        }
        tx.commit().await
    }

    async fn gave_up(self, tx: &mut Tx, why: &Error) -> Result<()> {
        self.ends(tx, "refused", Some(&why.detail())).await
    }
}

impl Send {
    async fn ends(&self, tx: &mut Tx, state: &str, why: Option<&str>) -> Result<()> {
        let sql = "UPDATE order_updates SET state = $1, why = $2, sent_at = $3 WHERE id = $4 RETURNING *";
        let sent = (state == "sent").then_some(tx.now());
        let row = tx.one(sql, args![state, why, sent, self.update]).await?;
        let order = row.id("order_id")?;
        let customer = crate::orders::find(tx, order).await?.customer;
        let (kind, state) = (row.text("kind")?, state.to_owned());
        tx.emit(&Event::OrderUpdateSent { update: self.update, order, customer, told: kind, state })
    }
}
