//! What became of it is told: to the shopper by mail, and to the team in a ticket where it did not work.

use std::{future::Future, pin::Pin, sync::Arc};

use axum::http::HeaderMap;
use base::{Actor, App, Error, Feature, Job, JobSpec, Listener, Result, Tx, args, events::Recorded, jobs::Lane};
use connectors::{
    action::{Action, ActionKind},
    channel::Party,
    money,
};
use minijinja::context;
use serde::{Deserialize, Serialize};

use super::{address::lines, word};
use crate::{
    actions::{self, ActionId, Deed},
    customers,
    inboxes::{self, Letter},
    letters::{self, Written},
    messages,
    orders::{self, Known, link},
    tickets::{self, Priority, TicketId},
    track::{ask, words::Words},
};

pub(super) fn feature() -> Feature {
    Feature {
        jobs: vec![JobSpec::of::<Tell>(), JobSpec::of::<Post>()],
        listeners: vec![Arc::new(Hears)],
        ..Feature::default()
    }
}

base::words!(
    /// What there is to tell.
    Outcome {
        /// Somebody has to look at the platform first: only the team is told.
        Unsure = "unsure",
        Done = "done",
        Failed = "failed",
    }
);

struct Hears;

impl Listener for Hears {
    fn name(&self) -> &'static str {
        "shopper changes"
    }

    fn is_light(&self) -> bool {
        true
    }

    fn hear<'a>(
        &'a self,
        _: &'a App,
        tx: &'a mut Tx,
        events: &'a [Recorded],
    ) -> Pin<Box<dyn Future<Output = Result<()>> + Send + 'a>> {
        Box::pin(async move {
            for event in events {
                let outcome = match event.kind.as_str() {
                    "action.done" => Outcome::Done,
                    "action.unsure" => Outcome::Unsure,
                    "action.refused" | "action.withdrawn" => Outcome::Failed,
                    "action.decided" if event.data["approved"] == false => Outcome::Failed,
                    _ => continue,
                };
                let Some(action) = event.data["action"].as_i64().map(ActionId) else { continue };
                let sql = "SELECT 1 AS one FROM shopper_changes WHERE action = $1";
                if tx.opt(sql, args![action]).await?.is_some() {
                    tx.enqueue(&Tell { action, outcome }).await?;
                }
            }
            Ok(())
        })
    }
}

/// Writes down what is told, once.
#[derive(Serialize, Deserialize)]
struct Tell {
    action: ActionId,
    outcome: Outcome,
}

impl Job for Tell {
    const NAME: &'static str = "track.change_told";

    async fn run(self, app: &App) -> Result<()> {
        let sql = "SELECT a.order_id FROM order_actions a WHERE a.id = $1";
        let order = app.db().one(sql, args![self.action]).await?.id("order_id")?;
        let mut tx = app.begin(Actor::System).await?;
        // The order first, as everybody else who holds both.
        let known = orders::find(&mut tx, order).await?;
        let deed = actions::find(&mut tx, self.action).await?;
        let sql = "UPDATE shopper_changes SET told = $1
            WHERE action = $2 AND told NOT IN ('done', 'failed') AND told <> $1 RETURNING kind, language";
        let Some(row) = tx.opt(sql, args![self.outcome, self.action]).await? else { return Ok(()) };
        let (kind, language): (ActionKind, _) = (row.word("kind")?, row.text("language")?);
        let words = Words::choose(app, Some(&language), &HeaderMap::new(), &language).await;
        if self.outcome != Outcome::Done {
            let text = words.say(&format!("{}_text", word(kind)), &[]);
            if deed.ticket.is_none() && known.customer.is_some() {
                let ticket = open(&mut tx, &words, &known, kind, text).await?;
                actions::put_into(&mut tx, self.action, ticket).await?;
            }
        }
        if self.outcome != Outcome::Unsure {
            tx.enqueue(&Post { action: self.action, done: self.outcome == Outcome::Done, language }).await?;
        }
        tx.commit().await
    }
}

/// A ticket in which the shopper says what they wanted, for the team.
pub(super) async fn open(
    tx: &mut Tx,
    words: &Words,
    known: &Known,
    kind: ActionKind,
    text: String,
) -> Result<TicketId> {
    let customer = known.customer.ok_or_else(|| Error::refused("Nobody knows whose order this is."))?;
    let customer = customers::survivor(tx, customer).await?;
    let subject = format!("{}_subject", word(kind));
    let ticket = ask::open(tx, words, known, &customer, (&subject, Priority::High)).await?;
    let id = ticket.id;
    messages::from_page(tx, ticket, text).await?;
    Ok(id)
}

/// The letter to whoever placed the order: in its ticket where there is one, else by itself.
#[derive(Serialize, Deserialize)]
struct Post {
    action: ActionId,
    done: bool,
    language: String,
}

impl Job for Post {
    const NAME: &'static str = "track.change_letter";
    const LANE: Lane = Lane::Outbound;

    async fn run(self, app: &App) -> Result<()> {
        let sql = "SELECT a.order_id, s.name AS shop_name FROM order_actions a JOIN shops s ON s.id = a.shop
            WHERE a.id = $1";
        let row = app.db().one(sql, args![self.action]).await?;
        let known = orders::get(app.db(), row.id("order_id")?).await?;
        let mut tx = app.begin(Actor::System).await?;
        let deed = actions::find(&mut tx, self.action).await?;
        let buyer = known.order.buyer.clone();
        let Some(email) = buyer.email.filter(|email| mail::address::check(email).is_ok()) else { return Ok(()) };
        let to = Party { name: buyer.name, value: email };
        let Written { subject, text, html } = self.written(app, &row.text("shop_name")?, &known, &deed).await?;
        let inbox = inboxes::for_letters(&mut tx, known.shop).await?;
        if let (Some(ticket), Some(inbox)) = (deed.ticket, inbox) {
            let ticket = tickets::survivor(&mut tx, ticket).await?;
            let sql = "SELECT 1 AS one FROM shopper_changes WHERE action = $1 AND letter IS NOT NULL";
            if tx.opt(sql, args![self.action]).await?.is_some() {
                return Ok(());
            }
            if ticket.status != tickets::Status::Closed {
                let written = Written { subject, text, html };
                let letter = messages::letter(&mut tx, ticket, &inbox, to, written, &self.language).await?;
                let sql = "UPDATE shopper_changes SET letter = $1 WHERE action = $2";
                tx.run(sql, args![letter, self.action]).await?;
                return tx.commit().await;
            }
        }
        drop(tx);
        inboxes::send_plain(app, Some(known.shop), Letter { to, subject, text, html }).await
    }
}

impl Post {
    async fn written(&self, app: &App, shop: &str, known: &Known, deed: &Deed) -> Result<Written> {
        let to = match &deed.action {
            Action::ChangeAddress { address } => lines(&self.language, address),
            _ => Vec::new(),
        };
        let amount = format!("{} {}", money::decimal(deed.amount, &deed.currency), deed.currency);
        let about = context! {
            cancel => deed.action.kind() == ActionKind::Cancel,
            done => self.done,
            shop,
            number => &known.order.number,
            amount => (deed.amount > 0).then_some(amount),
            address => to,
            // It may be quoted in the ticket, to whoever else is in it.
            url => link::address(app, known.id),
        };
        letters::write(app, "change", &self.language, about).await
    }
}
