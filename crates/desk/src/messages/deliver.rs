//! Delivering answers: a queued one leaves through its inbox's channel, once, or says beside itself why not.

use base::{Actor, App, Error, Feature, HOUR, Job, JobSpec, Result, Tx, args};
use connectors::channel::{Bounce, Outbound, Receipt, Undelivered};
use serde::{Deserialize, Serialize};

use super::{AuthorKind, Delivery, Message, MessageId, files, find, thread};
use crate::{Event, inboxes, tickets};

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

    async fn run(self, app: &App) -> Result<()> {
        let Some(message) = claim(app, self.message).await? else { return Ok(()) };
        let sent = send(app, &message).await;
        let mut tx = app.begin(Actor::System).await?;
        match sent {
            Ok(receipt) => {
                let (external_id, unsure) = (receipt.external_id, receipt.unsure);
                let why = unsure.clone().or_else(|| partly(&receipt.refused));
                let sql = "UPDATE messages SET delivery = 'sent', delivery_why = $1, external_id = $2, sent_at = $3
                    WHERE id = $4";
                tx.run(sql, args![&why, external_id, tx.now(), message.id]).await?;
                match unsure {
                    // Under its external id all the same: an answer to it, if it did leave, finds its way.
                    Some(why) => refuse(&mut tx, &message, format!("{UNDECIDED} ({why})")).await?,
                    None => tx.emit(&Event::MessageSent { ticket: message.ticket, message: message.id })?,
                }
                tx.commit().await
            }
            Err(error) => {
                // It certainly did not leave: the next try may send it.
                let sql = "UPDATE messages SET sending_at = NULL, delivery_why = $1 WHERE id = $2";
                tx.run(sql, args![error.to_string(), message.id]).await?;
                tx.commit().await?;
                Err(error)
            }
        }
    }

    async fn gave_up(self, app: &App, why: &Error) -> Result<()> {
        let mut tx = app.begin(Actor::System).await?;
        let message = find(&mut tx, self.message).await?;
        refuse(&mut tx, &message, why.to_string()).await?;
        tx.commit().await
    }
}

/// Still wanted, and not handed over by an earlier try that never came back?
async fn claim(app: &App, id: MessageId) -> Result<Option<Message>> {
    let mut tx = app.begin(Actor::System).await?;
    let message = match find(&mut tx, id).await {
        Err(Error::NotFound) => return Ok(None),
        found => found?,
    };
    if message.delivery != Some(Delivery::Queued) || message.send_at.is_some_and(|at| at > tx.now()) {
        return Ok(None);
    }
    if message.sending_at.is_some() {
        refuse(&mut tx, &message, UNDECIDED.to_owned()).await?;
        tx.commit().await?;
        return Ok(None);
    }
    tx.run("UPDATE messages SET sending_at = $1 WHERE id = $2", args![tx.now(), id]).await?;
    if message.author.kind == AuthorKind::System && message.automatic.is_some() {
        guard(&mut tx, &message).await?;
    }
    tx.commit().await?;
    Ok(Some(message))
}

/// The loop guard: counts an automatic message, or refuses one too many.
async fn guard(tx: &mut Tx, message: &Message) -> Result<()> {
    let ticket = tickets::find(tx, message.ticket).await?;
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

/// Hands it to the channel.
async fn send(app: &App, message: &Message) -> Result<Receipt> {
    let inbox = message.inbox.ok_or_else(|| Error::refused("The inbox it was written from is gone."))?;
    let inbox = inboxes::get(app, inbox).await?;
    let end = inboxes::end(app, &inbox)?;
    let own = |value: &str| value.eq_ignore_ascii_case(&inbox.address);
    if message.parties.to.iter().all(|party| own(&party.value)) {
        return Err(Error::refused("It would go to ourselves."));
    }
    let outbound = outbound(app, message, &inbox).await?;
    let channel = app.part::<connectors::Channels>()?.get(&inbox.channel)?;
    let key = format!("{}-{}", message.id, message.created_at);
    let mut receipt = channel.send(&end, &key, &outbound).await?;
    let renewed = std::mem::take(&mut receipt.renewed);
    if !renewed.is_empty() {
        inboxes::renew(app, inbox.id, renewed).await?;
    }
    Ok(receipt)
}

async fn outbound(app: &App, message: &Message, inbox: &inboxes::Inbox) -> Result<Outbound> {
    let quote = super::quote::of(app, message).await?;
    let signature = message.signature.as_deref().filter(|html| !html.trim().is_empty());
    let body = message.html.clone().unwrap_or_else(|| mail::html::from_text(&message.text));
    let mut html = body;
    let mut text = message.text.clone();
    if let Some(signature) = signature {
        html.push_str(&format!("<div class=\"signature\">{signature}</div>"));
        text.push_str(&format!("\n\n-- \n{}", mail::html::to_text(signature)));
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
    })
}

async fn in_reply_to(app: &App, message: &Message) -> Result<Option<String>> {
    let row = app.db().one("SELECT in_reply_to FROM messages WHERE id = $1", args![message.id]).await?;
    row.opt_text("in_reply_to")
}

/// The external ids of what was said before, oldest first.
async fn references(app: &App, message: &Message) -> Result<Vec<String>> {
    let sql = "SELECT external_id FROM messages WHERE ticket = $1 AND external_id IS NOT NULL AND id < $2
        ORDER BY created_at DESC, id DESC LIMIT 30";
    let rows = app.db().all(sql, args![message.ticket, message.id]).await?;
    let mut ids = rows.iter().map(|row| row.text("external_id")).collect::<Result<Vec<_>>>()?;
    ids.reverse();
    Ok(ids)
}

async fn refuse(tx: &mut Tx, message: &Message, why: String) -> Result<()> {
    let sql = "UPDATE messages SET delivery = 'refused', delivery_why = $1 WHERE id = $2";
    tx.run(sql, args![&why, message.id]).await?;
    tx.emit(&Event::MessageRefused { ticket: message.ticket, message: message.id, why })
}

/// A report says that a message of ours did not arrive.
pub(super) async fn bounced(tx: &mut Tx, bounce: &Bounce) -> Result<()> {
    let Some(external_id) = &bounce.external_id else { return Ok(()) };
    let sql = "SELECT id FROM messages WHERE external_id = $1 AND direction = 'out' AND delivery IS NOT NULL";
    let Some(row) = tx.opt(sql, args![external_id]).await? else { return Ok(()) };
    let message = find(tx, row.id("id")?).await?;
    let why = bounce.why.clone().unwrap_or_else(|| "The receiving server says that it did not arrive.".to_owned());
    if bounce.hard {
        let sql = "UPDATE messages SET delivery = 'bounced', delivery_why = $1 WHERE id = $2";
        tx.run(sql, args![&why, message.id]).await?;
    } else {
        tx.run("UPDATE messages SET delivery_why = $1 WHERE id = $2", args![&why, message.id]).await?;
    }
    tx.emit(&Event::MessageBounced { ticket: message.ticket, message: message.id, why, hard: bounce.hard })
}
