//! Taking back an answer that has not left yet, and sending one again that did not arrive.

use aide::axum::{
    ApiRouter,
    routing::{delete_with, post_with},
};
use axum::{Json, extract::State};
use base::{
    App, Error, Feature, Result, Stamp, Tx, args,
    web::{Gone, Id},
};

use super::{
    AuthorKind, Delivery, Direction, Message, MessageId,
    deliver::Deliver,
    drafts, find,
    show::{ShownMessage, show},
};
use crate::{
    Event,
    agents::{AgentId, Permission, Who},
    tickets::{self, Status, Ticket, change},
};

pub(super) fn feature() -> Feature {
    let routes = ApiRouter::new()
        .api_route("/messages/{id}", delete_with(destroy, |op| op.summary("Take back an answer before it leaves")))
        .api_route("/messages/{id}/retry", post_with(create, |op| op.summary("Send an answer again that was refused")));
    Feature { routes, ..Feature::default() }
}

/// Takes a queued answer back; what was written becomes a draft of the one who takes it back.
pub async fn withdraw(tx: &mut Tx, who: &Who, message: Message) -> Result<()> {
    let left = message.delivery != Some(Delivery::Queued) || message.sending_at.is_some();
    if left || message.direction != Direction::Out {
        return Err(Error::conflict("It has left already and cannot be taken back."));
    }
    let mut ticket = tickets::find(tx, message.ticket).await?;
    // To whoever takes it back; a program has no drafts, so to whoever wrote it.
    let author = message.author.id.filter(|_| message.author.kind == AuthorKind::Agent).map(AgentId);
    let owner = who.agent.or(author);
    if let Some(agent) = owner {
        drafts::restore(tx, agent, &message).await?;
    }
    // The files go with the draft, whoever uploaded them.
    let sql = "UPDATE attachments SET message = NULL, agent = COALESCE($1, agent), created_at = $2 WHERE message = $3";
    tx.run(sql, args![owner, tx.now(), message.id]).await?;
    tx.run("DELETE FROM messages WHERE id = $1", args![message.id]).await?;
    // As it was before: the shopper waits again since their last word, and the step is ours.
    let before = ticket.clone();
    tickets::unanswer(tx, &mut ticket).await?;
    tx.emit(&Event::MessageWithdrawn { ticket: ticket.id, message: message.id })?;
    change::tell_status(tx, &before, &ticket)
}

/// Puts a refused or bounced answer back into the queue, to leave at once.
pub async fn retry(tx: &mut Tx, message: &Message) -> Result<()> {
    let ticket = tickets::find(tx, message.ticket).await?;
    if !matches!(message.delivery, Some(Delivery::Refused | Delivery::Bounced)) {
        return Err(Error::conflict("Only an answer that was refused or bounced can be sent again."));
    }
    let sql =
        "UPDATE messages SET delivery = 'queued', delivery_why = NULL, sending_at = NULL, send_at = $1 WHERE id = $2";
    tx.run(sql, args![tx.now(), message.id]).await?;
    tx.enqueue(&Deliver { message: message.id }).await?;
    tx.emit(&Event::MessageRetried { ticket: message.ticket, message: message.id })?;
    answered_again(tx, ticket, message).await?;
    let send_at = Some(Stamp(tx.now()));
    let snippet = super::snippet(&message.text);
    tx.emit(&Event::MessageQueued { ticket: message.ticket, message: message.id, send_at, snippet })
}

/// With the answer on its way again, the step is the shopper's, unless they wrote since.
async fn answered_again(tx: &mut Tx, mut ticket: Ticket, message: &Message) -> Result<()> {
    let sql = "SELECT 1 AS one FROM messages WHERE ticket = $1 AND direction = 'in' AND automatic IS NULL AND id > $2
        LIMIT 1";
    let wrote_since = tx.opt(sql, args![ticket.id, message.id]).await?.is_some();
    if message.automatic.is_some() || wrote_since || !matches!(ticket.status, Status::New | Status::Open) {
        return Ok(());
    }
    let before = ticket.clone();
    ticket.waiting_since = None;
    change::set_status(&mut ticket, Status::Pending, tx.now());
    tickets::save(tx, &mut ticket).await?;
    change::tell_woken(tx, &before, &ticket, "agent")?;
    change::tell_status(tx, &before, &ticket)
}

async fn destroy(who: Who, State(app): State<App>, Id(id): Id<MessageId>) -> Result<Gone> {
    who.may(Permission::TicketsWrite)?;
    let mut tx = who.begin(&app).await?;
    let message = find(&mut tx, id).await?;
    withdraw(&mut tx, &who, message).await?;
    tx.commit().await?;
    Ok(Gone)
}

async fn create(who: Who, State(app): State<App>, Id(id): Id<MessageId>) -> Result<Json<ShownMessage>> {
    who.may(Permission::TicketsWrite)?;
    let mut tx = who.begin(&app).await?;
    let message = find(&mut tx, id).await?;
    retry(&mut tx, &message).await?;
    tx.commit().await?;
    show(&app, id).await.map(Json)
}
