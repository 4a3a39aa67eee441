//! Taking back an answer that has not left yet, and sending one again that did not arrive.

use aide::axum::{
    ApiRouter,
    routing::{delete_with, post_with},
};
use axum::{Json, extract::State};
use base::{
    App, Error, Feature, Result, Stamp, Time, Tx, args,
    web::{Gone, Id},
};
use serde::{Deserialize, Serialize};

use super::{
    AuthorKind, Delivery, Direction, Message, MessageId,
    deliver::Deliver,
    drafts, held,
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

/// What an answer changed about its ticket, kept beside it for taking it back.
#[derive(Serialize, Deserialize)]
pub(super) struct Before {
    pub status: Status,
    pub waiting_since: Option<Time>,
    pub snoozed_until: Option<Time>,
    pub solved_at: Option<Time>,
    /// The status it got with the answer.
    pub became: Status,
}

impl Before {
    async fn restore(self, tx: &mut Tx, ticket: &mut Ticket) -> Result<()> {
        (ticket.status, ticket.solved_at) = (self.status, self.solved_at);
        ticket.waiting_since = self.waiting_since;
        // A snooze that would be over by now has nobody left to end it.
        ticket.snoozed_until = self.snoozed_until.filter(|until| *until > tx.now());
        tickets::save(tx, ticket).await?;
        match ticket.snoozed_until {
            Some(until) => tx.emit(&Event::TicketSnoozed { ticket: ticket.id, until: Stamp(until) }),
            None => Ok(()),
        }
    }
}

/// Takes a queued answer back; what was written becomes a draft of the one who takes it back.
pub async fn withdraw(tx: &mut Tx, who: &Who, mut ticket: Ticket, message: Message) -> Result<()> {
    let left = message.delivery != Some(Delivery::Queued) || message.sending_at.is_some();
    if left || message.direction != Direction::Out {
        return Err(Error::conflict("It has left already and cannot be taken back."));
    }
    // To whoever takes it back; a program has no drafts, so to whoever wrote it.
    let author = message.author.id.filter(|_| message.author.kind == AuthorKind::Agent).map(AgentId);
    let owner = who.agent.or(author);
    if let Some(agent) = owner {
        drafts::restore(tx, agent, &message).await?;
    }
    // The files go with the draft, whoever uploaded them.
    let sql = "UPDATE attachments SET message = NULL, agent = COALESCE($1, agent), created_at = $2 WHERE message = $3";
    tx.run(sql, args![owner, tx.now(), message.id]).await?;
    let row = tx.one("DELETE FROM messages WHERE id = $1 RETURNING before", args![message.id]).await?;
    // As it was before, unless something else happened to it; then the step is ours, since the shopper's last word.
    let before = ticket.clone();
    let untouched = ticket.last_message == Some(message.id);
    tickets::unanswer(tx, &mut ticket).await?;
    if let Some(was) = row.opt_json::<Before>("before")?
        && untouched
        && before.status == was.became
    {
        was.restore(tx, &mut ticket).await?;
    }
    tx.emit(&Event::MessageWithdrawn { ticket: ticket.id, message: message.id })?;
    change::tell_status(tx, &before, &ticket)
}

/// Puts a refused or bounced answer back into the queue, to leave at once.
pub async fn retry(tx: &mut Tx, ticket: Ticket, message: &Message) -> Result<()> {
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
    let (ticket, message) = held(&mut tx, id).await?.ok_or(Error::NotFound)?;
    withdraw(&mut tx, &who, ticket, message).await?;
    tx.commit().await?;
    Ok(Gone)
}

async fn create(who: Who, State(app): State<App>, Id(id): Id<MessageId>) -> Result<Json<ShownMessage>> {
    who.may(Permission::TicketsWrite)?;
    let mut tx = who.begin(&app).await?;
    let (ticket, message) = held(&mut tx, id).await?.ok_or(Error::NotFound)?;
    retry(&mut tx, ticket, &message).await?;
    tx.commit().await?;
    show(&app, id).await.map(Json)
}
