//! Delivering answers: a queued one leaves through its inbox's channel, once, or says beside itself why not.

use base::{Actor, App, Error, Feature, HOUR, Job, JobSpec, Result, Time, Tx, args, jobs::Lane};
use connectors::channel::{Bounce, End, Outbound, Outcome, Receipt, Undelivered};
use serde::{Deserialize, Serialize};

use super::{AuthorKind, Delivery, Message, MessageId, away, files, find, held, thread};
use crate::{
    Event,
    inboxes::{
        self,
        pace::{self, Turn},
    },
    tickets::{self, Status, Ticket, change},
    visits::{self, Added},
};

pub(super) fn feature() -> Feature {
    Feature { jobs: vec![JobSpec::of::<Deliver>()], ..Feature::default() }
}

/// At most this many automatic messages to one customer in three hours: two machines must not talk for ever.
const AUTOMATIC_MOST: i64 = 10;

#[derive(Serialize, Deserialize)]
pub(super) struct Deliver {
    pub message: MessageId,
}

const UNDECIDED: &str = "The connection broke while it was being handed over, so it may have left. \
    Look before you send it again.";

impl Job for Deliver {
    const NAME: &'static str = "messages.deliver";
    const LANE: Lane = Lane::Outbound;
    /// With pauses of up to an hour: mail servers are given a day and more to come back.
    const TRIES: i64 = 40;
    // It stands beside the message.
    const TELLS: bool = true;

    async fn run(self, app: &App) -> Result<()> {
        let Some(ready) = prepare(app, self.message).await? else { return Ok(()) };
        let Some(Claim { at, turn }) = claim(app, &ready).await? else { return Ok(()) };
        let channel = app.part::<connectors::Channels>()?.get(&ready.inbox.channel)?;
        match channel.send(&ready.end, &ready.key, &ready.outbound).await {
            Ok(receipt) => {
                left(app, &ready, at, turn, &receipt).await?;
                if !receipt.renewed.is_empty() {
                    inboxes::renew(app, &ready.inbox, receipt.renewed).await?;
                }
                Ok(())
            }
            Err(error) => {
                // It certainly did not leave: the next try may send it.
                let sql = "UPDATE messages SET sending_at = NULL, delivery_why = $1 WHERE id = $2 AND sending_at = $3";
                app.db().run(sql, args![error.detail(), self.message, at]).await?;
                pace::give_back(app, turn).await?;
                Err(error)
            }
        }
    }

    async fn gave_up(self, tx: &mut Tx, why: &Error) -> Result<()> {
        match held(tx, self.message).await? {
            Some((ticket, message)) if message.delivery == Some(Delivery::Queued) => {
                away::undelivered(tx, &message).await?;
                refuse(tx, ticket, &message, why.detail()).await
            }
            _ => Ok(()),
        }
    }
}

/// A message as its channel gets it.
pub(super) struct Ready {
    pub message: Message,
    pub inbox: inboxes::Inbox,
    end: End,
    key: String,
    outbound: Outbound,
}

/// Reads all that is needed before anything is claimed; none when nobody wants it sent any more.
async fn prepare(app: &App, id: MessageId) -> Result<Option<Ready>> {
    let Some(row) = app.db().opt("SELECT * FROM messages WHERE id = $1", args![id]).await? else { return Ok(None) };
    let message = super::message(&row)?;
    if message.delivery != Some(Delivery::Queued) {
        return Ok(None);
    }
    let inbox = message.inbox.ok_or_else(|| Error::refused("The inbox it was written from is gone."))?;
    let inbox = inboxes::get(app, inbox).await?;
    let own = |value: &str| value.eq_ignore_ascii_case(&inbox.address);
    if message.parties.to.iter().all(|party| own(&party.value)) {
        return Err(Error::refused("It would go to ourselves."));
    }
    let end = inboxes::end(app, &inbox)?;
    let key = format!("{}-{}", message.id, message.created_at);
    let mut outbound = outbound(app, &message, &inbox).await?;
    let external_id = app.part::<connectors::Channels>()?.get(&inbox.channel)?.external_id(&end, &key, &outbound);
    outbound.external_id = Some(external_id).filter(|id| !id.is_empty());
    Ok(Some(Ready { message, inbox, end, key, outbound }))
}

/// The right to hand a message over, once.
struct Claim {
    at: Time,
    turn: Turn,
}

/// Still wanted, not handed over by an earlier try that never came back, and its inbox's turn?
async fn claim(app: &App, ready: &Ready) -> Result<Option<Claim>> {
    let mut tx = app.begin(Actor::System).await?;
    let Some((ticket, message)) = held(&mut tx, ready.message.id).await? else { return Ok(None) };
    if message.delivery != Some(Delivery::Queued) {
        return Ok(None);
    }
    if let Some(at) = message.send_at.filter(|at| *at > tx.now()) {
        // The clock of the node that queued it is ahead of ours.
        tx.enqueue_at(at, &Deliver { message: message.id }).await?;
        tx.commit().await?;
        return Ok(None);
    }
    // At home it has not left: standing where the visitor reads it and being called sent are one step.
    if message.sending_at.is_some() && !at_home(app, ready)? {
        refuse(&mut tx, ticket, &message, UNDECIDED.to_owned()).await?;
        tx.commit().await?;
        return Ok(None);
    }
    let now = tx.now();
    // The id is stored before it leaves: an answer, a report or our own copy may be here before the server has said yes.
    let sql = "UPDATE messages SET sending_at = $1, external_id = $2 WHERE id = $3";
    tx.run(sql, args![now, &ready.outbound.external_id, message.id]).await?;
    if message.author.kind == AuthorKind::System && message.automatic.is_some() {
        guard(&mut tx, &ticket).await?;
    }
    let turn = match pace::take(app, &mut tx, &ready.inbox).await {
        Err(error @ Error::Upstream { .. }) => {
            drop(tx);
            waits(app, message.id, &error).await?;
            return Err(error);
        }
        taken => taken?,
    };
    tx.commit().await?;
    Ok(Some(Claim { at: now, turn }))
}

/// Its turn comes later: said beside it.
async fn waits(app: &App, id: MessageId, why: &Error) -> Result<()> {
    let sql = "UPDATE messages SET delivery_why = $1 WHERE id = $2 AND delivery = 'queued' AND sending_at IS NULL
        AND COALESCE(delivery_why, '') <> $1";
    app.db().run(sql, args![why.detail(), id]).await.map(drop)
}

/// The channel took it. A report that it did not arrive may have come in the meantime, and counts for more.
async fn left(app: &App, ready: &Ready, claimed_at: Time, turn: Turn, receipt: &Receipt) -> Result<()> {
    let id = ready.message.id;
    let mut tx = app.begin(Actor::System).await?;
    pace::settle(&mut tx, turn).await?;
    let why = receipt.unsure.clone().or_else(|| partly(&receipt.refused));
    let sql = "UPDATE messages SET delivery = 'sent', delivery_why = $1, external_id = $2, sent_at = $3
        WHERE id = $4 AND sending_at = $5 AND delivery = 'queued' RETURNING ticket";
    let args = args![why, &receipt.external_id, tx.now(), id, claimed_at];
    let Some(row) = tx.opt(sql, args).await? else { return tx.commit().await };
    let ticket = row.id("ticket")?;
    match &receipt.unsure {
        // Under its external id all the same: an answer to it, if it did leave, finds its way.
        Some(why) => {
            let message = find(&mut tx, id).await?;
            let ticket = tickets::find(&mut tx, ticket).await?;
            refuse(&mut tx, ticket, &message, format!("{UNDECIDED} ({why})")).await?;
        }
        None if reaches_visitor(app, &mut tx, ready).await? => {
            away::left(app, &mut tx, ready).await?;
            tx.emit(&Event::MessageSent { ticket, message: id })?;
        }
        None => {
            let ticket = tickets::find(&mut tx, ticket).await?;
            refuse(&mut tx, ticket, &ready.message, GONE.to_owned()).await?;
        }
    }
    tx.commit().await
}

const GONE: &str =
    "The visitor has deleted this conversation, or has not come back for long. Write to them another way.";

/// Whether the far end is the house itself.
fn at_home(app: &App, ready: &Ready) -> Result<bool> {
    let channel = app.part::<connectors::Channels>()?.get(&ready.inbox.channel)?;
    Ok(channel.door(&ready.end.settings).is_some())
}

/// Where the far end is the house itself, sent means that it stands where the visitor reads it.
async fn reaches_visitor(app: &App, tx: &mut Tx, ready: &Ready) -> Result<bool> {
    if !at_home(app, ready)? {
        return Ok(true);
    }
    let Ready { message, inbox, outbound, .. } = ready;
    let Some(to) = outbound.to.first() else { return Ok(false) };
    let name = shown_name(app, inbox, message)?;
    let added = Added { message: message.id, name: name.as_deref(), text: &outbound.text, by_mail: false };
    let Some(visit) = visits::hand_over(tx, inbox.id, &to.value, added).await? else { return Ok(false) };
    away::watch(tx, visit).await?;
    Ok(true)
}

/// The author as visitors of this inbox see them.
pub(super) fn shown_name(app: &App, inbox: &inboxes::Inbox, message: &Message) -> Result<Option<String>> {
    let door = app.part::<connectors::Channels>()?.get(&inbox.channel)?.door(&inbox.settings);
    let agent = message.author.kind == AuthorKind::Agent;
    Ok(door.filter(|_| agent).and_then(|door| visits::shown_as(door.names, &message.author.name)))
}

/// Messages have come to where their readers read, and some have been read.
pub async fn reached(tx: &mut Tx, delivered: &[MessageId], read: &[MessageId]) -> Result<()> {
    for id in delivered {
        let sql = "UPDATE messages SET delivery = 'delivered' WHERE id = $1 AND delivery = 'sent' RETURNING ticket";
        if let Some(row) = tx.opt(sql, args![*id]).await? {
            tx.emit(&Event::MessageDelivered { ticket: row.id("ticket")?, message: *id })?;
        }
    }
    for id in read {
        let sql = "UPDATE messages SET read_at = $1 WHERE id = $2 AND read_at IS NULL RETURNING ticket";
        if let Some(row) = tx.opt(sql, args![tx.now(), *id]).await? {
            tx.emit(&Event::MessageRead { ticket: row.id("ticket")?, message: *id })?;
        }
    }
    Ok(())
}

/// The loop guard: counts an automatic message, or refuses one too many.
async fn guard(tx: &mut Tx, ticket: &Ticket) -> Result<()> {
    if ticket.blocked {
        return Err(Error::refused("Its sender is blocked; nothing is answered by itself."));
    }
    let sql = "SELECT CAST(count(*) AS BIGINT) AS n FROM automatic_mails WHERE customer = $1 AND at > $2";
    let row = tx.one(sql, args![ticket.customer, tx.now() - 3 * HOUR]).await?;
    if row.int("n")? >= AUTOMATIC_MOST {
        return Err(Error::refused("This customer got ten automatic messages within three hours; no more for now."));
    }
    tx.run("INSERT INTO automatic_mails (customer, at) VALUES ($1, $2)", args![ticket.customer, tx.now()]).await
}

/// Some get it and some do not: said beside the message.
fn partly(refused: &[Undelivered]) -> Option<String> {
    let lines: Vec<String> = refused.iter().map(|one| format!("{}: {}", one.recipient, one.why)).collect();
    (!lines.is_empty()).then(|| format!("Not everybody gets it. {}", lines.join("; ")))
}

async fn outbound(app: &App, message: &Message, inbox: &inboxes::Inbox) -> Result<Outbound> {
    // Whoever reads the whole conversation needs no quote of it.
    let quote = if inbox.conversational { None } else { super::quote::of(app, message).await? };
    let signature = message.signature.as_deref().filter(|html| !html.trim().is_empty());
    let body = message.html.clone().unwrap_or_else(|| mail::html::from_text(&message.text));
    let mut html = body;
    let mut text = message.text.clone();
    if let Some(signature) = signature {
        html.extend(["<div class=\"signature\">", signature, "</div>"]);
        text.extend(["\n\n-- \n", &mail::html::to_text(signature)]);
    }
    if let Some(quote) = quote {
        html.push_str(&quote.html);
        text.push_str(&quote.text);
    }
    let mut parties = message.parties.clone();
    Ok(Outbound {
        from: parties.from.take().unwrap_or_else(|| inbox.party()),
        to: parties.to,
        cc: parties.cc,
        bcc: Vec::new(),
        subject: message.subject.clone().unwrap_or_default(),
        text,
        html: Some(html),
        attachments: files::load(app, message.id).await?,
        in_reply_to: in_reply_to(app, message).await?,
        references: references(app, message).await?,
        token: Some(thread::token(app, message.ticket)),
        automatic: message.automatic.is_some(),
        at: app.now(),
        external_id: message.external_id.clone(),
    })
}

/// None where that was said through another channel: nobody knows its ids there.
async fn in_reply_to(app: &App, message: &Message) -> Result<Option<String>> {
    let sql = "SELECT m.in_reply_to FROM messages m WHERE m.id = $1 AND NOT EXISTS (SELECT 1 FROM messages o
        WHERE o.external_id = m.in_reply_to AND o.ticket = m.ticket AND o.channel <> m.channel)";
    app.db().opt(sql, args![message.id]).await?.map_or(Ok(None), |row| row.opt_text("in_reply_to"))
}

/// The external ids of what was said before through the same channel, oldest first.
async fn references(app: &App, message: &Message) -> Result<Vec<String>> {
    let sql = "SELECT external_id FROM messages WHERE ticket = $1 AND external_id IS NOT NULL AND id < $2
        AND channel = (SELECT channel FROM messages WHERE id = $2) ORDER BY created_at DESC, id DESC LIMIT 30";
    let rows = app.db().all(sql, args![message.ticket, message.id]).await?;
    let mut ids = rows.iter().map(|row| row.text("external_id")).collect::<Result<Vec<_>>>()?;
    ids.reverse();
    Ok(ids)
}

async fn refuse(tx: &mut Tx, ticket: Ticket, message: &Message, why: String) -> Result<()> {
    let sql = "UPDATE messages SET delivery = 'refused', delivery_why = $1 WHERE id = $2";
    tx.run(sql, args![&why, message.id]).await?;
    tx.emit(&Event::MessageRefused { ticket: ticket.id, message: message.id, why })?;
    if is_peoples(message) { bring_back(tx, ticket, message).await } else { Ok(()) }
}

/// Whether it holds what people said: to a visitor who had left, perhaps, whom nobody will tell if nobody looks.
fn is_peoples(message: &Message) -> bool {
    message.automatic.is_none() || away::holds_answers(message)
}

/// A report says what became of a message of ours.
pub(super) async fn bounced(tx: &mut Tx, bounce: &Bounce) -> Result<()> {
    let Some(external_id) = &bounce.external_id else { return Ok(()) };
    let sql = "SELECT id FROM messages WHERE external_id = $1 AND direction = 'out' AND delivery IS NOT NULL";
    let Some(row) = tx.opt(sql, args![external_id]).await? else { return Ok(()) };
    let Some((ticket, message)) = held(tx, row.id("id")?).await? else { return Ok(()) };
    if bounce.outcome == Outcome::Delivered {
        // Of several recipients one may have it while another's server refused it: what is known to be wrong stays.
        return reached(tx, &[message.id], &[]).await;
    }
    let failed = bounce.outcome == Outcome::Failed;
    let why = bounce.why.clone().unwrap_or_else(|| "The receiving server says that it did not arrive.".to_owned());
    if failed {
        let sql = "UPDATE messages SET delivery = 'bounced', delivery_why = $1 WHERE id = $2";
        tx.run(sql, args![&why, message.id]).await?;
    } else {
        tx.run("UPDATE messages SET delivery_why = $1 WHERE id = $2", args![&why, message.id]).await?;
    }
    tx.emit(&Event::MessageBounced { ticket: ticket.id, message: message.id, why, hard: bounce.hard })?;
    if failed {
        away::undelivered(tx, &message).await?;
    }
    if failed && is_peoples(&message) {
        return bring_back(tx, ticket, &message).await;
    }
    Ok(())
}

/// The shopper has no answer after all: the ticket comes back to where people look, and they have waited all along.
async fn bring_back(tx: &mut Tx, mut ticket: Ticket, message: &Message) -> Result<()> {
    let sql = "SELECT 1 AS one FROM messages WHERE ticket = $1 AND direction = 'out' AND automatic IS NULL
        AND id > $2 AND COALESCE(delivery, '') NOT IN ('refused', 'bounced') LIMIT 1";
    let answered_since = tx.opt(sql, args![ticket.id, message.id]).await?.is_some();
    if answered_since || ticket.status == Status::Closed {
        return Ok(());
    }
    let before = ticket.clone();
    ticket.snoozed_until = None;
    tickets::unanswer(tx, &mut ticket).await?;
    change::tell_woken(tx, &before, &ticket, "undelivered")?;
    change::tell_status(tx, &before, &ticket)
}
