//! Changing a ticket's fields: status, priority, assignee, team, tags, subject, spam.

use base::{Error, Result, Stamp, Time, Tx, Wrong, args, web::some};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Priority, Status, Ticket, TicketId, open::clean_subject, save, snooze};
use crate::{
    Event,
    agents::{AgentId, TeamId, teams},
    event::Changes,
};

/// What to change; a field that is absent stays.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Patch {
    pub subject: Option<String>,
    pub status: Option<Status>,
    pub priority: Option<Priority>,
    /// An agent's id, or null for nobody.
    #[serde(default, deserialize_with = "some", skip_serializing_if = "Option::is_none")]
    pub assignee: Option<Option<AgentId>>,
    #[serde(default, deserialize_with = "some", skip_serializing_if = "Option::is_none")]
    pub team: Option<Option<TeamId>>,
    /// All of its tags.
    pub tags: Option<Vec<String>>,
    pub spam: Option<bool>,
    /// When an open ticket comes back to the open shelf, or null for now.
    #[serde(default, deserialize_with = "some", skip_serializing_if = "Option::is_none")]
    pub snoozed_until: Option<Option<Stamp>>,
    /// The version the caller has seen; 409 when the ticket has moved on.
    pub version: Option<i64>,
}

/// Applies a patch; says in one event what changed, or nothing when nothing did.
pub async fn change(tx: &mut Tx, mut ticket: Ticket, patch: Patch) -> Result<Ticket> {
    ticket.must_stand()?;
    check(tx, &ticket, &patch).await?;
    let mut changes = Changes::default();
    let before = ticket.clone();
    if let Some(subject) = &patch.subject {
        ticket.subject = clean_subject(subject);
        changes.note("subject", &before.subject, &ticket.subject)?;
    }
    if let Some(status) = patch.status {
        set_status(&mut ticket, status, tx.now());
        if before.solved_at.is_some() && ticket.solved_at.is_none() {
            // Whoever waited before it was solved waits still.
            ticket.waiting_since = waiting_since(tx, ticket.id).await?;
        }
        changes.note("status", before.status, ticket.status)?;
    }
    if let Some(priority) = patch.priority {
        ticket.priority = priority;
        changes.note("priority", before.priority, priority)?;
    }
    if let Some(assignee) = patch.assignee {
        ticket.assignee = assignee;
        changes.note("assignee", before.assignee, assignee)?;
    }
    if let Some(team) = patch.team {
        ticket.team = team;
        changes.note("team", before.team, team)?;
    }
    if let Some(tags) = patch.tags {
        ticket.tags = clean_tags(tags)?;
        changes.note("tags", &before.tags, &ticket.tags)?;
    }
    if let Some(spam) = patch.spam {
        ticket.spam = spam;
        ticket.blocked &= spam;
        changes.note("spam", before.spam, spam)?;
    }
    if !changes.is_empty() {
        save(tx, &mut ticket).await?;
        if before.tags != ticket.tags {
            write_tags(tx, &ticket).await?;
        }
        tx.emit(&Event::TicketChanged { ticket: ticket.id, changes: changes.into_map() })?;
        tell_woken(tx, &before, &ticket, "agent")?;
    }
    match patch.snoozed_until {
        Some(Some(until)) => snooze::snooze(tx, ticket, until.0).await.map_err(|error| match error {
            Error::Invalid(wrong) => {
                Error::Invalid(wrong.into_iter().map(|one| Wrong { field: "snoozed_until".into(), ..one }).collect())
            }
            other => other,
        }),
        Some(None) if ticket.snoozed_until.is_some() => snooze::wake(tx, ticket, "agent").await,
        _ => Ok(ticket),
    }
}

async fn check(tx: &mut Tx, ticket: &Ticket, patch: &Patch) -> Result<()> {
    if patch.version.is_some_and(|version| version != ticket.version) {
        return Err(Error::conflict("Somebody changed this ticket meanwhile. Look at it again, then decide."));
    }
    if ticket.status == Status::Closed {
        return Err(Error::conflict("A closed ticket is frozen. Go on in a new one."));
    }
    if let Some(Some(agent)) = patch.assignee {
        let sql = "SELECT 1 AS one FROM agents WHERE id = $1 AND active = TRUE";
        tx.opt(sql, args![agent]).await?.ok_or_else(|| Error::invalid("assignee", "is no active agent"))?;
    }
    if let Some(Some(team)) = patch.team
        && !teams::exists(tx, team).await?
    {
        return Err(Error::invalid("team", "is no team"));
    }
    Ok(())
}

/// The status and what follows from it. Snoozing is over once somebody decided otherwise.
pub(crate) fn set_status(ticket: &mut Ticket, status: Status, now: Time) {
    if ticket.status != status {
        ticket.snoozed_until = None;
    }
    ticket.status = status;
    match status {
        Status::Solved | Status::Closed => {
            ticket.solved_at = ticket.solved_at.or(Some(now));
            ticket.waiting_since = None;
        }
        _ => ticket.solved_at = None,
    }
}

/// The oldest message of the shopper after our last answer that arrived, as far as we know. A mail that nobody vouches for
/// (from outside, in no agent's name) answers nothing.
pub(super) async fn waiting_since(tx: &mut Tx, ticket: TicketId) -> Result<Option<Time>> {
    let sql = "SELECT min(created_at) AS since FROM messages WHERE ticket = $1 AND direction = 'in'
        AND automatic IS NULL AND created_at > COALESCE((SELECT max(created_at) FROM messages
            WHERE ticket = $1 AND direction = 'out' AND automatic IS NULL
            AND NOT (author_kind = 'system' AND raw IS NOT NULL)
            AND COALESCE(delivery, '') NOT IN ('refused', 'bounced')), 0)";
    tx.one(sql, args![ticket]).await?.opt_int("since")
}

/// Says that a snooze ended on the way of another verb.
pub(crate) fn tell_woken(tx: &mut Tx, before: &Ticket, ticket: &Ticket, why: &'static str) -> Result<()> {
    if before.snoozed_until.is_some() && ticket.snoozed_until.is_none() {
        tx.emit(&Event::TicketWoken { ticket: ticket.id, why })?;
    }
    Ok(())
}

/// Says what moving messages between tickets did to one of them.
pub(super) fn tell_moved(tx: &mut Tx, before: &Ticket, ticket: &Ticket) -> Result<()> {
    let mut changes = Changes::default();
    changes.note("status", before.status, ticket.status)?;
    changes.note("merged_into", before.merged_into, ticket.merged_into)?;
    changes.note("messages", before.messages, ticket.messages)?;
    tell_woken(tx, before, ticket, "reply")?;
    if changes.is_empty() {
        return Ok(());
    }
    tx.emit(&Event::TicketChanged { ticket: ticket.id, changes: changes.into_map() })
}

/// A ticket that takes in what a shopper still waits for is ours to work on, whatever it was.
pub(super) fn take_over(ticket: &mut Ticket, waiting_since: Option<Time>, now: Time) {
    ticket.waiting_since = [ticket.waiting_since, waiting_since].into_iter().flatten().min();
    if waiting_since.is_some() {
        if matches!(ticket.status, Status::Pending | Status::OnHold | Status::Solved) {
            set_status(ticket, Status::Open, now);
        }
        ticket.snoozed_until = None;
    }
}

/// Says that a verb of another kind changed the status on its way.
pub(crate) fn tell_status(tx: &mut Tx, before: &Ticket, ticket: &Ticket) -> Result<()> {
    let mut changes = Changes::default();
    changes.note("status", before.status, ticket.status)?;
    if changes.is_empty() {
        return Ok(());
    }
    tx.emit(&Event::TicketChanged { ticket: ticket.id, changes: changes.into_map() })
}

/// Trimmed, in lower case, each once, at most 30 of at most 60 characters.
pub(super) fn clean_tags(tags: Vec<String>) -> Result<Vec<String>> {
    let mut clean: Vec<String> = Vec::new();
    for tag in tags {
        let tag = tag.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
        if tag.is_empty() || tag.chars().count() > 60 || tag.chars().any(char::is_control) {
            return Err(Error::invalid("tags", "each must have 1 to 60 visible characters"));
        }
        if !clean.contains(&tag) {
            clean.push(tag);
        }
    }
    if clean.len() > 30 {
        return Err(Error::invalid("tags", "at most 30 on one ticket"));
    }
    Ok(clean)
}

/// The tags once more as rows, for lists by tag.
pub(super) async fn write_tags(tx: &mut Tx, ticket: &Ticket) -> Result<()> {
    let sql = "DELETE FROM ticket_tags WHERE ticket = $1";
    if ticket.version > 1 {
        tx.run(sql, args![ticket.id]).await?;
    }
    for tag in &ticket.tags {
        let sql = "INSERT INTO ticket_tags (ticket, tag, shelf, updated_at) VALUES ($1, $2, $3, $4)";
        tx.run(sql, args![ticket.id, tag, ticket.shelf(), ticket.updated_at]).await?;
    }
    Ok(())
}

/// Adds and removes tags, for changes to many tickets at once.
pub(super) fn merged_tags(ticket: &Ticket, add: &[String], remove: &[String]) -> Vec<String> {
    let kept = ticket.tags.iter().filter(|tag| !remove.contains(tag));
    kept.chain(add.iter().filter(|tag| !ticket.tags.contains(tag))).cloned().collect()
}

/// As the undo log keeps it.
pub(super) fn as_patch(ticket: &Ticket) -> serde_json::Value {
    json!({
        "status": ticket.status, "priority": ticket.priority, "assignee": ticket.assignee, "team": ticket.team,
        "tags": ticket.tags, "spam": ticket.spam, "snoozed_until": ticket.snoozed_until.map(Stamp),
    })
}
