//! Merging: one ticket's messages move into another, which stands for both from then on. It can be undone.

use aide::axum::{
    ApiRouter,
    routing::{delete_with, post_with},
};
use axum::{Json, extract::State};
use base::{
    App, Error, Feature, Result, Time, Tx, args,
    web::{Body, Id},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{
    Shown, Status, Ticket, TicketId,
    bulk::{recall, remember},
    find, save, show,
};
use crate::{
    Event,
    agents::{Permission, Who},
    messages::MessageId,
};

pub(super) fn feature() -> Feature {
    let routes = ApiRouter::new()
        .api_route("/tickets/{id}/merge", post_with(create, |op| op.summary("Merge a ticket into another")))
        .api_route("/merges/{id}", delete_with(destroy, |op| op.summary("Undo a merge")));
    Feature { routes, ..Feature::default() }
}

/// What a merge moved, for undoing it.
#[derive(Serialize, Deserialize)]
struct Moved {
    from: TicketId,
    into: TicketId,
    messages: Vec<MessageId>,
    participants: Vec<(String, String)>,
    status: Status,
    waiting_since: Option<Time>,
}

/// Moves everything said in `from` into `into`; returns the survivor and the merge's id.
pub async fn merge(tx: &mut Tx, who: &Who, mut from: Ticket, mut into: Ticket) -> Result<(Ticket, i64)> {
    if from.id == into.id {
        return Err(Error::invalid("into", "must be another ticket"));
    }
    from.must_stand()?;
    into.must_stand()?;
    if into.status == Status::Closed {
        return Err(Error::invalid("into", "is closed; choose a ticket that is not"));
    }
    let moved = Moved {
        from: from.id,
        into: into.id,
        messages: messages_of(tx, from.id).await?,
        participants: participants_only_in(tx, from.id, into.id).await?,
        status: into.status,
        waiting_since: into.waiting_since,
    };
    tx.run("UPDATE messages SET ticket = $1 WHERE ticket = $2", args![into.id, from.id]).await?;
    for (kind, value) in &moved.participants {
        super::add_participant(tx, into.id, kind, value).await?;
    }
    let merge = remember(tx, who, "merge", Some(from.id), Some(into.id), json!(moved)).await?;
    into.waiting_since = [into.waiting_since, from.waiting_since].into_iter().flatten().min();
    if from.waiting_since.is_some() && matches!(into.status, Status::Pending | Status::OnHold | Status::Solved) {
        super::change::set_status(&mut into, Status::Open, tx.now());
    }
    from.merged_into = Some(into.id);
    recount(tx, &mut from).await?;
    recount(tx, &mut into).await?;
    tx.emit(&Event::TicketMerged { ticket: from.id, into: into.id, merge })?;
    Ok((into, merge))
}

/// Takes a merge back: what moved returns, what came later stays with the survivor.
pub async fn unmerge(tx: &mut Tx, merge: i64) -> Result<Ticket> {
    let moved: Moved = recall(tx, "merge", merge).await?;
    let mut from = find(tx, moved.from).await?;
    let mut into = find(tx, moved.into).await?;
    into.must_stand()?;
    for message in &moved.messages {
        let sql = "UPDATE messages SET ticket = $1 WHERE id = $2 AND ticket = $3";
        tx.run(sql, args![from.id, *message, into.id]).await?;
    }
    for (kind, value) in &moved.participants {
        let sql = "DELETE FROM participants WHERE ticket = $1 AND kind = $2 AND value = $3";
        tx.run(sql, args![into.id, kind, value]).await?;
    }
    from.merged_into = None;
    if into.status == Status::Open && into.waiting_since == from.waiting_since {
        super::change::set_status(&mut into, moved.status, tx.now());
        into.waiting_since = moved.waiting_since;
    }
    recount(tx, &mut from).await?;
    recount(tx, &mut into).await?;
    tx.emit(&Event::TicketMergeUndone { ticket: from.id, from: into.id, merge })?;
    Ok(from)
}

async fn messages_of(tx: &mut Tx, ticket: TicketId) -> Result<Vec<MessageId>> {
    let rows = tx.all("SELECT id FROM messages WHERE ticket = $1 ORDER BY id", args![ticket]).await?;
    rows.iter().map(|row| row.id("id")).collect()
}

async fn participants_only_in(tx: &mut Tx, from: TicketId, into: TicketId) -> Result<Vec<(String, String)>> {
    let sql = "SELECT kind, value FROM participants a WHERE ticket = $1 AND NOT EXISTS (
        SELECT 1 FROM participants b WHERE b.ticket = $2 AND b.kind = a.kind AND b.value = a.value)";
    let rows = tx.all(sql, args![from, into]).await?;
    rows.iter().map(|row| Ok((row.text("kind")?, row.text("value")?))).collect()
}

/// Sets what follows from a ticket's messages anew, and saves it.
pub(super) async fn recount(tx: &mut Tx, ticket: &mut Ticket) -> Result<()> {
    let sql = "SELECT id, channel, direction, text, created_at FROM messages WHERE ticket = $1 ORDER BY created_at, id";
    let rows = tx.all(sql, args![ticket.id]).await?;
    ticket.messages = 0;
    ticket.channels.clear();
    ticket.snippet.clear();
    (ticket.last_message, ticket.last_in) = (None, None);
    for row in &rows {
        let id: MessageId = row.id("id")?;
        let snippet = crate::messages::snippet(&row.text("text")?);
        ticket.said(id, row.int("created_at")?, &row.text("channel")?, &snippet);
        if row.text("direction")? == "in" {
            ticket.last_in = ticket.last_in.max(Some(id));
        }
    }
    save(tx, ticket).await
}

/// After our newest answer was taken back: the step is ours again, if the shopper waits.
pub async fn unanswer(tx: &mut Tx, ticket: &mut Ticket) -> Result<()> {
    ticket.waiting_since = super::split::waiting_since(tx, ticket.id).await?;
    if ticket.status != Status::Closed {
        let sql = "SELECT 1 AS one FROM messages WHERE ticket = $1 AND direction = 'out' LIMIT 1";
        let answered = tx.opt(sql, args![ticket.id]).await?.is_some();
        super::change::set_status(ticket, if answered { Status::Open } else { Status::New }, tx.now());
    }
    recount(tx, ticket).await
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Merge {
    into: TicketId,
}

#[derive(Serialize, JsonSchema)]
struct Merged {
    /// What `DELETE /merges/{id}` undoes.
    id: i64,
    ticket: Shown,
}

async fn create(
    who: Who,
    State(app): State<App>,
    Id(id): Id<TicketId>,
    Body(body): Body<Merge>,
) -> Result<Json<Merged>> {
    who.may(Permission::TicketsWrite)?;
    let mut tx = who.begin(&app).await?;
    // Locked in one order, so that two merges across each other do not wait for one another for ever.
    let (first, second) = (id.min(body.into), id.max(body.into));
    let first = find(&mut tx, first).await?;
    let second = match find(&mut tx, second).await {
        Err(Error::NotFound) => return Err(Error::invalid("into", "is no ticket")),
        other => other?,
    };
    let (from, into) = if first.id == id { (first, second) } else { (second, first) };
    let (survivor, merge) = merge(&mut tx, &who, from, into).await?;
    tx.commit().await?;
    Ok(Json(Merged { id: merge, ticket: show(&app, &who, survivor.id).await? }))
}

async fn destroy(who: Who, State(app): State<App>, Id(id): Id<i64>) -> Result<Json<Shown>> {
    who.may(Permission::TicketsWrite)?;
    let mut tx = who.begin(&app).await?;
    let ticket = unmerge(&mut tx, id).await?;
    tx.commit().await?;
    show(&app, &who, ticket.id).await.map(Json)
}
