//! Merging: one ticket's messages move into another, which stands for both from then on. It can be undone.

use std::collections::HashSet;

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
    Shown, Status, Ticket, TicketId, as_participant,
    bulk::{recall, remember},
    change::{set_status, take_over, tell_moved, waiting_since},
    find, mention, save, show,
};
use crate::{
    Event,
    agents::{AgentId, Permission, Who},
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
    /// The survivor as it was.
    status: Status,
    waiting_since: Option<Time>,
    snoozed_until: Option<Time>,
    /// Its read marks: agent and message.
    reads: Vec<(AgentId, MessageId)>,
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
        snoozed_until: into.snoozed_until,
        reads: reads_of(tx, into.id).await?,
    };
    let before = (from.clone(), into.clone());
    merge_reads(tx, &from, &into, &moved.reads).await?;
    move_drafts(tx, from.id, into.id).await?;
    tx.run("UPDATE messages SET ticket = $1 WHERE ticket = $2", args![into.id, from.id]).await?;
    for (kind, value) in &moved.participants {
        super::add_participant(tx, into.id, kind, value).await?;
    }
    let merge = remember(tx, who, "merge", Some(from.id), Some(into.id), json!(moved)).await?;
    take_over(&mut into, from.waiting_since, tx.now());
    from.merged_into = Some(into.id);
    recount(tx, &mut from).await?;
    recount(tx, &mut into).await?;
    tx.emit(&Event::TicketMerged { ticket: from.id, into: into.id, merge })?;
    tx.emit(&Event::TicketTookOver { ticket: into.id, from: from.id, merge })?;
    tell_moved(tx, &before.0, &from)?;
    tell_moved(tx, &before.1, &into)?;
    Ok((into, merge))
}

/// Takes a merge back: what moved returns, what came later stays with the survivor.
pub async fn unmerge(tx: &mut Tx, merge: i64) -> Result<Ticket> {
    let moved: Moved = recall(tx, "merge", merge).await?;
    let (mut from, mut into) = find_both(tx, moved.from, moved.into).await?;
    into.must_stand()?;
    let before = (from.clone(), into.clone());
    for message in &moved.messages {
        let sql = "UPDATE messages SET ticket = $1 WHERE id = $2 AND ticket = $3";
        tx.run(sql, args![from.id, *message, into.id]).await?;
    }
    let kinds: HashSet<&str> = moved.participants.iter().map(|(kind, _)| kind.as_str()).collect();
    let staying = people_on(tx, into.id, &kinds).await?;
    for (kind, value) in moved.participants.iter().filter(|(_, value)| !staying.contains(value)) {
        let sql = "DELETE FROM participants WHERE ticket = $1 AND kind = $2 AND value = $3";
        tx.run(sql, args![into.id, kind, value]).await?;
    }
    for (agent, message) in &moved.reads {
        let sql =
            "INSERT INTO reads (agent, ticket, message) VALUES ($1, $2, $3) ON CONFLICT (agent, ticket) DO NOTHING";
        tx.run(sql, args![*agent, into.id, *message]).await?;
    }
    from.merged_into = None;
    if into.status == Status::Open && into.waiting_since == from.waiting_since {
        set_status(&mut into, moved.status, tx.now());
        into.waiting_since = moved.waiting_since;
        into.snoozed_until = moved.snoozed_until.filter(|until| *until > tx.now());
    }
    recount(tx, &mut from).await?;
    recount(tx, &mut into).await?;
    tx.emit(&Event::TicketMergeUndone { ticket: from.id, from: into.id, merge })?;
    tx.emit(&Event::TicketGaveBack { ticket: into.id, to: from.id, merge })?;
    tell_moved(tx, &before.0, &from)?;
    tell_moved(tx, &before.1, &into)?;
    Ok(from)
}

/// Both, locked in one order, so that two merges across each other do not wait for one another for ever.
pub(super) async fn find_both(tx: &mut Tx, one: TicketId, other: TicketId) -> Result<(Ticket, Ticket)> {
    let low = find(tx, one.min(other)).await?;
    let high = find(tx, one.max(other)).await?;
    Ok(if low.id == one { (low, high) } else { (high, low) })
}

async fn reads_of(tx: &mut Tx, ticket: TicketId) -> Result<Vec<(AgentId, MessageId)>> {
    let rows = tx.all("SELECT agent, message FROM reads WHERE ticket = $1", args![ticket]).await?;
    rows.iter().map(|row| Ok((row.id("agent")?, row.id("message")?))).collect()
}

/// The survivor is read by whoever has read both; to everybody else it is news.
async fn merge_reads(tx: &mut Tx, from: &Ticket, into: &Ticket, marks: &[(AgentId, MessageId)]) -> Result<()> {
    let of_from = reads_of(tx, from.id).await?;
    for (agent, mark) in marks {
        let other = of_from.iter().find(|(reader, _)| reader == agent).map(|(_, mark)| *mark);
        if into.last_in <= Some(*mark) && from.last_in <= other {
            let sql = "UPDATE reads SET message = $1 WHERE agent = $2 AND ticket = $3";
            let all = from.last_in.max(into.last_in).unwrap_or(*mark);
            tx.run(sql, args![all, *agent, into.id]).await?;
        } else {
            tx.run("DELETE FROM reads WHERE agent = $1 AND ticket = $2", args![*agent, into.id]).await?;
        }
    }
    Ok(())
}

/// What somebody has begun to write goes along; below what they have begun there.
async fn move_drafts(tx: &mut Tx, from: TicketId, into: TicketId) -> Result<()> {
    let sql = "UPDATE drafts SET html = html || (SELECT d.html FROM drafts d
        WHERE d.ticket = $2 AND d.agent = drafts.agent AND d.kind = drafts.kind)
        WHERE ticket = $1 AND EXISTS (SELECT 1 FROM drafts d
        WHERE d.ticket = $2 AND d.agent = drafts.agent AND d.kind = drafts.kind)";
    tx.run(sql, args![into, from]).await?;
    let sql = "DELETE FROM drafts WHERE ticket = $1 AND EXISTS (SELECT 1 FROM drafts d
        WHERE d.ticket = $2 AND d.agent = drafts.agent AND d.kind = drafts.kind)";
    tx.run(sql, args![from, into]).await?;
    tx.run("UPDATE drafts SET ticket = $1 WHERE ticket = $2", args![into, from]).await
}

/// Everybody's address on a ticket's messages, as participants are kept.
async fn people_on(tx: &mut Tx, ticket: TicketId, kinds: &HashSet<&str>) -> Result<HashSet<String>> {
    let rows = tx.all("SELECT parties FROM messages WHERE ticket = $1", args![ticket]).await?;
    let mut people = HashSet::new();
    for row in rows {
        let parties: crate::messages::Parties = row.json("parties")?;
        let all = parties.from.into_iter().chain(parties.reply_to).chain(parties.to).chain(parties.cc);
        for party in all {
            people.insert(party.value.trim().to_lowercase());
            people.extend(kinds.iter().map(|kind| as_participant(kind, &party.value)));
        }
    }
    Ok(people)
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
    // What nobody said as a shopper is a part of the journey of whose ticket it is.
    let sql = "UPDATE messages SET customer = $1 WHERE ticket = $2 AND (author_kind <> 'customer' OR author IS NULL)
        AND customer <> $1";
    tx.run(sql, args![ticket.customer, ticket.id]).await?;
    tx.run("DELETE FROM mentioned WHERE ticket = $1", args![ticket.id]).await?;
    let sql = "SELECT DISTINCT n.agent FROM messages m JOIN mentions n ON n.message = m.id WHERE m.ticket = $1";
    let mentioned = tx.all(sql, args![ticket.id]).await?;
    let mentioned = mentioned.iter().map(|row| row.id("agent")).collect::<Result<Vec<AgentId>>>()?;
    ticket.mentioned = false;
    mention(tx, ticket, &mentioned).await?;
    save(tx, ticket).await
}

/// After our newest answer was taken back: the step is ours again, if the shopper waits.
pub async fn unanswer(tx: &mut Tx, ticket: &mut Ticket) -> Result<()> {
    ticket.waiting_since = waiting_since(tx, ticket.id).await?;
    if ticket.status != Status::Closed {
        // A greeting came before the question.
        let sql = "SELECT 1 AS one FROM messages WHERE ticket = $1 AND direction = 'out'
            AND COALESCE(automatic, '') <> 'greeting' LIMIT 1";
        let answered = tx.opt(sql, args![ticket.id]).await?.is_some();
        set_status(ticket, if answered { Status::Open } else { Status::New }, tx.now());
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
    tx.one("SELECT id FROM tickets WHERE id = $1", args![id]).await?;
    let (from, into) = match find_both(&mut tx, id, body.into).await {
        Err(Error::NotFound) => return Err(Error::invalid("into", "is no ticket")),
        both => both?,
    };
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
