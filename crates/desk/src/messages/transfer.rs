//! A ticket goes to a colleague or a team together with what they need to know: nobody gets the one without the other.

use aide::axum::{ApiRouter, routing::post_with};
use axum::extract::State;
use base::{
    App, Error, Feature, Result,
    web::{Body, Created, Id},
};
use schemars::JsonSchema;
use serde::Deserialize;

use super::{note::note, reply::Text, say::author};
use crate::{
    agents::{AgentId, Permission, TeamId, Who},
    tickets::{self, Patch, Shown, TicketId, change},
};

pub(super) fn feature() -> Feature {
    let transfer = post_with(create, |op| op.summary("Hand a ticket over to a colleague or a team, with a note"));
    Feature { routes: ApiRouter::new().api_route("/tickets/{id}/transfer", transfer), ..Feature::default() }
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Transfer {
    /// Whose it is from now on. Where only a team is named it is nobody's yet.
    assignee: Option<AgentId>,
    team: Option<TeamId>,
    /// What they need to know; the colleague is mentioned in it.
    note: String,
}

async fn create(
    who: Who,
    State(app): State<App>,
    Id(id): Id<TicketId>,
    Body(body): Body<Transfer>,
) -> Result<Created<Shown>> {
    who.may(Permission::TicketsWrite)?;
    let Transfer { assignee, team, note: said } = body;
    if assignee.is_none() && team.is_none() {
        return Err(Error::invalid("assignee", "name a colleague or a team"));
    }
    let text = Text::new(Some(said), None).map_err(|error| match error {
        Error::Invalid(_) => Error::invalid("note", "must say what they need to know"),
        other => other,
    })?;
    let mut tx = who.begin(&app).await?;
    let ticket = tickets::find(&mut tx, id).await?;
    let patch = Patch { assignee: Some(assignee), team: team.map(Some), ..Patch::default() };
    let ticket = change::change(&mut tx, ticket, patch).await?;
    let mentions = assignee.into_iter().filter(|agent| Some(*agent) != who.agent).collect();
    let (ticket, _) = note(&mut tx, ticket, author(&who), text, mentions).await?;
    let shown = tickets::show_in(&mut tx, &who, ticket.id).await?;
    tx.created(shown).await
}
