//! Snoozing puts an open ticket away until a time, or until the customer writes again.

use aide::axum::{ApiRouter, routing::post_with};
use axum::{Json, extract::State};
use base::{
    Actor, App, DAY, Error, Feature, Job, JobSpec, Result, Stamp, Time, Tx,
    web::{Body, Id},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Shown, Status, Ticket, TicketId, find, save, show};
use crate::{
    Event,
    agents::{Permission, Who},
};

pub(super) fn feature() -> Feature {
    let snoozed = post_with(create, |op| op.summary("Snooze a ticket"))
        .delete_with(destroy, |op| op.summary("Wake a snoozed ticket"));
    Feature {
        routes: ApiRouter::new().api_route("/tickets/{id}/snooze", snoozed),
        jobs: vec![JobSpec::of::<Wake>()],
        ..Feature::default()
    }
}

pub async fn snooze(tx: &mut Tx, mut ticket: Ticket, until: Time) -> Result<Ticket> {
    ticket.must_stand()?;
    if until <= tx.now() {
        return Err(Error::invalid("until", "must be in the future"));
    }
    if until > tx.now() + 730 * DAY {
        return Err(Error::invalid("until", "must be within two years"));
    }
    if matches!(ticket.status, Status::Solved | Status::Closed) {
        return Err(Error::conflict("A solved ticket cannot be snoozed. Open it first."));
    }
    ticket.snoozed_until = Some(until);
    save(tx, &mut ticket).await?;
    tx.enqueue_at(until, &Wake { ticket: ticket.id, until }).await?;
    tx.emit(&Event::TicketSnoozed { ticket: ticket.id, until: Stamp(until) })?;
    Ok(ticket)
}

/// `why` is `time`, `reply` or `agent`.
pub async fn wake(tx: &mut Tx, mut ticket: Ticket, why: &'static str) -> Result<Ticket> {
    ticket.snoozed_until = None;
    save(tx, &mut ticket).await?;
    tx.emit(&Event::TicketWoken { ticket: ticket.id, why })?;
    Ok(ticket)
}

/// Rings when a snooze ends.
#[derive(Serialize, Deserialize)]
struct Wake {
    ticket: TicketId,
    until: Time,
}

impl Job for Wake {
    const NAME: &'static str = "tickets.wake";

    async fn run(self, app: &App) -> Result<()> {
        let mut tx = app.begin(Actor::System).await?;
        let ticket = find(&mut tx, self.ticket).await?;
        // Snoozed again or already woken: this alarm is stale.
        if ticket.snoozed_until == Some(self.until) {
            wake(&mut tx, ticket, "time").await?;
        }
        tx.commit().await
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Snooze {
    until: Stamp,
}

async fn create(
    who: Who,
    State(app): State<App>,
    Id(id): Id<TicketId>,
    Body(body): Body<Snooze>,
) -> Result<Json<Shown>> {
    who.may(Permission::TicketsWrite)?;
    let mut tx = who.begin(&app).await?;
    let ticket = find(&mut tx, id).await?;
    let ticket = snooze(&mut tx, ticket, body.until.0).await?;
    tx.commit().await?;
    show(&app, &who, ticket.id).await.map(Json)
}

async fn destroy(who: Who, State(app): State<App>, Id(id): Id<TicketId>) -> Result<Json<Shown>> {
    who.may(Permission::TicketsWrite)?;
    let mut tx = who.begin(&app).await?;
    let ticket = find(&mut tx, id).await?;
    if ticket.snoozed_until.is_some() {
        wake(&mut tx, ticket, "agent").await?;
    }
    tx.commit().await?;
    show(&app, &who, id).await.map(Json)
}
