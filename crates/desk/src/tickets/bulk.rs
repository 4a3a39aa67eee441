//! One change to many tickets, undone in one step.

use aide::axum::{ApiRouter, routing::post_with};
use axum::{Json, extract::State};
use base::{
    App, Error, Feature, Result, Stamp, Tx, Wrong, args,
    web::{Body, Id, some},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{
    Patch, Priority, Status, Ticket, TicketId,
    change::{self, as_patch, merged_tags},
    find,
};
use crate::agents::{AgentId, Permission, TeamId, Who};

/// More than this many tickets would hold the others' work up.
const MOST: usize = 500;

pub(super) fn feature() -> Feature {
    let routes = ApiRouter::new()
        .api_route("/tickets/bulk", post_with(create, |op| op.summary("Change many tickets at once")))
        .api_route("/undo/{id}", post_with(undo, |op| op.summary("Undo a change to many tickets")));
    Feature { routes, ..Feature::default() }
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Bulk {
    /// At most 500.
    tickets: Vec<TicketId>,
    change: BulkChange,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct BulkChange {
    status: Option<Status>,
    priority: Option<Priority>,
    #[serde(default, deserialize_with = "some")]
    assignee: Option<Option<AgentId>>,
    #[serde(default, deserialize_with = "some")]
    team: Option<Option<TeamId>>,
    #[serde(default)]
    add_tags: Vec<String>,
    #[serde(default)]
    remove_tags: Vec<String>,
    spam: Option<bool>,
    #[serde(default, deserialize_with = "some")]
    snoozed_until: Option<Option<Stamp>>,
}

impl BulkChange {
    fn patch(&self, ticket: &Ticket) -> Patch {
        let retagged = !self.add_tags.is_empty() || !self.remove_tags.is_empty();
        Patch {
            status: self.status,
            priority: self.priority,
            assignee: self.assignee,
            team: self.team,
            tags: retagged.then(|| merged_tags(ticket, &self.add_tags, &self.remove_tags)),
            spam: self.spam,
            snoozed_until: self.snoozed_until,
            ..Patch::default()
        }
    }
}

#[derive(Serialize, Deserialize)]
struct Before {
    ticket: TicketId,
    /// The version the change left behind: whoever changed it since is not overruled.
    version: i64,
    patch: Patch,
}

#[derive(Serialize, JsonSchema)]
struct Done {
    /// What `POST /undo/{id}` takes back.
    undo: i64,
    changed: usize,
}

async fn create(who: Who, State(app): State<App>, Body(body): Body<Bulk>) -> Result<Json<Done>> {
    who.may(Permission::TicketsWrite)?;
    if body.tickets.is_empty() || body.tickets.len() > MOST {
        return Err(Error::invalid("tickets", format!("must name 1 to {MOST} tickets")));
    }
    let mut ids = body.tickets;
    // In one order everywhere, so that two of these never wait for each other.
    ids.sort_unstable();
    ids.dedup();
    let mut tx = who.begin(&app).await?;
    let mut before = Vec::new();
    for id in ids {
        let ticket = find(&mut tx, id).await.map_err(|error| named(id, error))?;
        if ticket.merged_into.is_some() || ticket.status == Status::Closed {
            continue;
        }
        let old: Patch = serde_json::from_value(as_patch(&ticket))?;
        let (patch, version) = (body.change.patch(&ticket), ticket.version);
        let changed = change::change(&mut tx, ticket, patch).await.map_err(|error| named(id, error))?;
        if changed.version > version {
            before.push(Before { ticket: id, version: changed.version, patch: old });
        }
    }
    let changed = before.len();
    let undo = remember(&mut tx, &who, "bulk", None, None, json!(before)).await?;
    tx.commit().await?;
    Ok(Json(Done { undo, changed }))
}

/// Which of the many it was.
fn named(ticket: TicketId, error: Error) -> Error {
    match error {
        Error::NotFound => Error::invalid("tickets", format!("{ticket} is no ticket")),
        Error::Conflict(why) => Error::Conflict(format!("#{ticket}: {why}")),
        Error::Invalid(wrong) => {
            let wrong = wrong
                .into_iter()
                .map(|w| Wrong { field: format!("change.{}", w.field), why: format!("#{ticket}: {}", w.why) });
            Error::Invalid(wrong.collect())
        }
        other => other,
    }
}

/// Keeps what it takes to undo something.
pub(super) async fn remember(
    tx: &mut Tx,
    who: &Who,
    kind: &str,
    ticket: Option<TicketId>,
    other: Option<TicketId>,
    before: serde_json::Value,
) -> Result<i64> {
    let sql = "INSERT INTO undoables (kind, ticket, other, agent, before, created_at)
        VALUES ($1, $2, $3, $4, $5, $6) RETURNING id";
    tx.one(sql, args![kind, ticket, other, who.agent, before, tx.now()]).await?.int("id")
}

/// What was kept, for undoing it now; a second time is refused.
pub(super) async fn recall<T: serde::de::DeserializeOwned>(tx: &mut Tx, kind: &str, id: i64) -> Result<T> {
    let sql = "UPDATE undoables SET undone_at = $1 WHERE id = $2 AND kind = $3 AND undone_at IS NULL RETURNING before";
    let row = tx.opt(sql, args![tx.now(), id, kind]).await?;
    row.ok_or_else(|| Error::conflict("There is nothing to undo, or it was undone already."))?.json("before")
}

#[derive(Serialize, JsonSchema)]
struct Undone {
    changed: usize,
}

async fn undo(who: Who, State(app): State<App>, Id(id): Id<i64>) -> Result<Json<Undone>> {
    who.may(Permission::TicketsWrite)?;
    let mut tx = who.begin(&app).await?;
    let before: Vec<Before> = recall(&mut tx, "bulk", id).await?;
    let mut changed = 0;
    for Before { ticket, version, patch } in before {
        let ticket = find(&mut tx, ticket).await?;
        if ticket.version == version {
            // A snooze whose time has passed meanwhile stays over.
            let due = patch.snoozed_until.flatten().is_some_and(|until| until.0 <= tx.now());
            let patch = if due { Patch { snoozed_until: Some(None), ..patch } } else { patch };
            change::change(&mut tx, ticket, patch).await?;
            changed += 1;
        }
    }
    tx.commit().await?;
    Ok(Json(Undone { changed }))
}
