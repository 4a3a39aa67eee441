//! Splitting: some of a ticket's messages start a ticket of their own. It can be undone.

use std::collections::HashSet;

use aide::axum::{
    ApiRouter,
    routing::{delete_with, post_with},
};
use axum::{Json, extract::State};
use base::{
    App, Error, Feature, Result, Tx, args,
    web::{Body, Created, Id},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{
    NewTicket, Shown, Status, Ticket, TicketId,
    bulk::{recall, remember},
    change::{take_over, tell_moved, waiting_since},
    find,
    merge::{find_both, recount},
    open, show, show_in,
};
use crate::{
    Event,
    agents::{Permission, Who},
    customers::CustomerId,
    messages::MessageId,
};

pub(super) fn feature() -> Feature {
    let routes = ApiRouter::new()
        .api_route("/tickets/{id}/split", post_with(create, |op| op.summary("Move messages into a new ticket")))
        .api_route("/splits/{id}", delete_with(destroy, |op| op.summary("Undo a split")));
    Feature { routes, ..Feature::default() }
}

#[derive(Serialize, Deserialize)]
struct Moved {
    from: TicketId,
    into: TicketId,
    messages: Vec<MessageId>,
}

/// Moves these messages into a new ticket, whose customer is the first shopper among their authors; returns it and the
/// split's id.
pub async fn split(
    tx: &mut Tx,
    who: &Who,
    mut from: Ticket,
    messages: Vec<MessageId>,
    subject: Option<&str>,
) -> Result<(Ticket, i64)> {
    from.must_stand()?;
    must_be_some_of(tx, &from, &messages).await?;
    let parties = parties_of(tx, &messages).await?;
    let new = NewTicket {
        shop: from.shop,
        subject: subject.unwrap_or(&from.subject).to_owned(),
        customer: parties.customer.unwrap_or(from.customer),
        channel: from.channel.clone(),
        inbox: from.inbox,
        language: from.language.clone(),
        status: Status::Open,
        priority: from.priority,
        assignee: from.assignee,
        team: from.team,
        tags: from.tags.clone(),
        follows: None,
        why: "split",
    };
    let mut into = open(tx, new).await?;
    let rows = tx.all("SELECT kind, value FROM participants WHERE ticket = $1", args![from.id]).await?;
    for row in rows {
        let (kind, value) = (row.text("kind")?, row.text("value")?);
        if parties.values.contains(&value.to_lowercase()) {
            super::add_participant(tx, into.id, &kind, &value).await?;
        }
    }
    for message in &messages {
        tx.run("UPDATE messages SET ticket = $1 WHERE id = $2", args![into.id, *message]).await?;
    }
    // Who has read the whole has read its parts.
    let sql = "INSERT INTO reads (agent, ticket, message) SELECT agent, $1, message FROM reads WHERE ticket = $2";
    tx.run(sql, args![into.id, from.id]).await?;
    let before = from.clone();
    into.waiting_since = waiting_since(tx, into.id).await?;
    from.waiting_since = from.waiting_since.and(waiting_since(tx, from.id).await?);
    recount(tx, &mut from).await?;
    recount(tx, &mut into).await?;
    let moved = Moved { from: from.id, into: into.id, messages: messages.clone() };
    let split = remember(tx, who, "split", Some(from.id), Some(into.id), json!(moved)).await?;
    tx.emit(&Event::TicketSplit { ticket: from.id, into: into.id, split, messages })?;
    tell_moved(tx, &before, &from)?;
    Ok((into, split))
}

/// Who has a part in some messages. What was said with others concerns only those.
struct Parties {
    customer: Option<CustomerId>,
    values: HashSet<String>,
}

async fn parties_of(tx: &mut Tx, messages: &[MessageId]) -> Result<Parties> {
    let mut all = Parties { customer: None, values: HashSet::new() };
    let mut ordered = messages.to_vec();
    ordered.sort_unstable();
    for message in ordered {
        let sql = "SELECT author_kind, author, parties FROM messages WHERE id = $1";
        let row = tx.one(sql, args![message]).await?;
        if row.text("author_kind")? == "customer" {
            all.customer = all.customer.or(row.opt_id("author")?);
        }
        let parties: Value = row.json("parties")?;
        let lists = ["to", "cc"].into_iter().filter_map(|list| parties[list].as_array()).flatten();
        let said = [&parties["from"], &parties["reply_to"]].into_iter().chain(lists);
        all.values.extend(said.filter_map(|party| party["value"].as_str()).map(str::to_lowercase));
    }
    Ok(all)
}

async fn must_be_some_of(tx: &mut Tx, ticket: &Ticket, messages: &[MessageId]) -> Result<()> {
    for message in messages {
        let sql = "SELECT 1 AS one FROM messages WHERE id = $1 AND ticket = $2";
        let found = tx.opt(sql, args![*message, ticket.id]).await?;
        found.ok_or_else(|| Error::invalid("messages", format!("{message} is no message of this ticket")))?;
    }
    let all = tx.one("SELECT CAST(count(*) AS BIGINT) AS n FROM messages WHERE ticket = $1", args![ticket.id]).await?;
    if messages.is_empty() || i64::try_from(messages.len())? >= all.int("n")? {
        return Err(Error::invalid("messages", "must be some of the ticket's messages, not none and not all"));
    }
    Ok(())
}

/// Takes a split back: every message of the new ticket returns, and the new one stands as merged.
pub async fn unsplit(tx: &mut Tx, split: i64) -> Result<Ticket> {
    let moved: Moved = recall(tx, "split", split).await?;
    let (mut from, mut into) = find_both(tx, moved.from, moved.into).await?;
    from.must_stand()?;
    into.must_stand()?;
    not_built_on(tx, into.id, split).await?;
    let before = (from.clone(), into.clone());
    tx.run("UPDATE messages SET ticket = $1 WHERE ticket = $2", args![from.id, into.id]).await?;
    take_over(&mut from, into.waiting_since, tx.now());
    into.merged_into = Some(from.id);
    recount(tx, &mut from).await?;
    recount(tx, &mut into).await?;
    tx.emit(&Event::TicketSplitUndone { ticket: from.id, from: into.id, split })?;
    tell_moved(tx, &before.0, &from)?;
    tell_moved(tx, &before.1, &into)?;
    Ok(from)
}

/// With the ticket all that was merged into it or split from it would go, and could be undone no more.
async fn not_built_on(tx: &mut Tx, into: TicketId, split: i64) -> Result<()> {
    for column in ["ticket", "other"] {
        let sql = format!(
            "SELECT 1 AS one FROM undoables WHERE {column} = $1 AND id > $2 AND kind <> 'bulk' AND undone_at IS NULL LIMIT 1"
        );
        if tx.opt(&sql, args![into, split]).await?.is_some() {
            return Err(Error::conflict("They were merged or split again since. Undo that first."));
        }
    }
    Ok(())
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Split {
    messages: Vec<MessageId>,
    /// Absent: the subject of the first ticket.
    subject: Option<String>,
}

#[derive(Serialize, JsonSchema)]
struct SplitDone {
    /// What `DELETE /splits/{id}` undoes.
    id: i64,
    ticket: Shown,
}

async fn create(
    who: Who,
    State(app): State<App>,
    Id(id): Id<TicketId>,
    Body(body): Body<Split>,
) -> Result<Created<SplitDone>> {
    who.may(Permission::TicketsWrite)?;
    let mut tx = who.begin(&app).await?;
    let from = find(&mut tx, id).await?;
    let (ticket, split) = split(&mut tx, &who, from, body.messages, body.subject.as_deref()).await?;
    let ticket = show_in(&mut tx, &who, ticket.id).await?;
    tx.created(SplitDone { id: split, ticket }).await
}

async fn destroy(who: Who, State(app): State<App>, Id(id): Id<i64>) -> Result<Json<Shown>> {
    who.may(Permission::TicketsWrite)?;
    let mut tx = who.begin(&app).await?;
    let ticket = unsplit(&mut tx, id).await?;
    tx.commit().await?;
    show(&app, &who, ticket.id).await.map(Json)
}
