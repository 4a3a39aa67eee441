//! Which tickets an agent has read, and up to which message.

use aide::axum::{ApiRouter, routing::put_with};
use axum::extract::State;
use base::{
    App, Feature, Result, Tx, args,
    web::{Body, Gone, Id},
};
use schemars::JsonSchema;
use serde::Deserialize;

use super::{Ticket, TicketId, find};
use crate::{
    agents::{AgentId, Permission, Who},
    event::Whisper,
    messages::MessageId,
};

pub(super) fn feature() -> Feature {
    let marks = put_with(create, |op| op.summary("Mark a ticket as read"))
        .delete_with(destroy, |op| op.summary("Mark a ticket as unread"));
    Feature { routes: ApiRouter::new().api_route("/tickets/{id}/read", marks), ..Feature::default() }
}

/// Marks it as read up to a message; never back.
pub async fn read(tx: &mut Tx, ticket: &Ticket, agent: AgentId, message: Option<MessageId>) -> Result<()> {
    let Some(last) = ticket.last_message else { return Ok(()) };
    let message = message.unwrap_or(last).min(last);
    let sql = "INSERT INTO reads (agent, ticket, message) VALUES ($1, $2, $3)
        ON CONFLICT (agent, ticket) DO UPDATE SET message = excluded.message WHERE reads.message < excluded.message
        RETURNING message";
    if tx.opt(sql, args![agent, ticket.id, message]).await?.is_some() {
        tx.whisper(agent.0, &Whisper::TicketRead { ticket: ticket.id, message: Some(message) })?;
    }
    Ok(())
}

async fn unread(tx: &mut Tx, ticket: &Ticket, agent: AgentId) -> Result<()> {
    tx.run("DELETE FROM reads WHERE agent = $1 AND ticket = $2", args![agent, ticket.id]).await?;
    tx.whisper(agent.0, &Whisper::TicketRead { ticket: ticket.id, message: None })
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Read {
    /// The last one that was on screen; absent means all.
    message: Option<MessageId>,
}

async fn create(who: Who, State(app): State<App>, Id(id): Id<TicketId>, Body(body): Body<Read>) -> Result<Gone> {
    who.may(Permission::TicketsRead)?;
    let agent = who.person()?;
    let mut tx = who.begin(&app).await?;
    let ticket = find(&mut tx, id).await?;
    read(&mut tx, &ticket, agent, body.message).await?;
    tx.commit().await?;
    Ok(Gone)
}

async fn destroy(who: Who, State(app): State<App>, Id(id): Id<TicketId>) -> Result<Gone> {
    who.may(Permission::TicketsRead)?;
    let agent = who.person()?;
    let mut tx = who.begin(&app).await?;
    let ticket = find(&mut tx, id).await?;
    unread(&mut tx, &ticket, agent).await?;
    tx.commit().await?;
    Ok(Gone)
}
