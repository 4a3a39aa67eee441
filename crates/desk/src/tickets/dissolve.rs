//! A team is dissolved: every ticket and inbox it had leaves it, each with an event, however many they are.

use aide::axum::{ApiRouter, routing::delete_with};
use axum::extract::State;
use base::{
    Actor, App, Feature, Job, JobSpec, Result, Tx, args,
    web::{Gone, Id},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::TicketId;
use crate::{
    Event,
    agents::{Permission, TeamId, Who, teams},
    event::Changes,
    inboxes,
};

pub(super) fn feature() -> Feature {
    let route = delete_with(destroy, |op| op.summary("Delete a team; its tickets and inboxes have none then"));
    Feature {
        routes: ApiRouter::new().api_route("/teams/{id}", route),
        jobs: vec![JobSpec::of::<Leave>()],
        ..Feature::default()
    }
}

pub async fn dissolve(tx: &mut Tx, team: teams::Team) -> Result<()> {
    let id = team.id;
    inboxes::leave(tx, id).await?;
    teams::delete(tx, team).await?;
    tx.enqueue(&Leave { team: id }).await
}

/// So many leave in one transaction: others must not wait for it for long.
const TOGETHER: i64 = 200;

#[derive(Serialize, Deserialize)]
struct Leave {
    team: TeamId,
}

impl Job for Leave {
    const NAME: &'static str = "tickets.leave_team";

    async fn run(self, app: &App) -> Result<()> {
        loop {
            let mut tx = app.begin(Actor::System).await?;
            let left = leave(&mut tx, self.team).await?;
            if left < TOGETHER {
                teams::gone(&mut tx, self.team).await?;
            }
            tx.commit().await?;
            if left < TOGETHER {
                return Ok(());
            }
        }
    }
}

/// The next tickets leave; returns how many did. It is no work on them: old ones stay where they lie in their lists.
async fn leave(tx: &mut Tx, team: TeamId) -> Result<i64> {
    let sql = "UPDATE tickets SET team = NULL, version = version + 1
        WHERE id IN (SELECT id FROM tickets WHERE team = $1 LIMIT $2) RETURNING id";
    let rows = tx.all(sql, args![team, TOGETHER]).await?;
    for row in &rows {
        let mut changes = Changes::default();
        changes.note("team", Value::from(team.0), Value::Null)?;
        let ticket: TicketId = row.id("id")?;
        tx.emit(&Event::TicketChanged { ticket, changes: changes.into_map() })?;
    }
    Ok(i64::try_from(rows.len())?)
}

async fn destroy(who: Who, State(app): State<App>, Id(id): Id<TeamId>) -> Result<Gone> {
    who.may(Permission::AgentsManage)?;
    let mut tx = who.begin(&app).await?;
    let team = teams::find(&mut tx, id).await?;
    dissolve(&mut tx, team).await?;
    tx.commit().await?;
    Ok(Gone)
}
