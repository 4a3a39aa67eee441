//! Changing an agent: name, role, teams, and whether they still work here. Only owners touch owners, and there is
//! always one left.

use axum::{Json, extract::State};
use base::{
    App, Error, Result, Tx, args,
    web::{Body, Id, some},
};
use schemars::JsonSchema;
use serde::Deserialize;

use super::{Agent, AgentId, Colleague, Permission, Role, TeamId, Who, find, sessions, teams};
use crate::{Event, event::Changes, shops::line};

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AgentChange {
    pub name: Option<String>,
    pub role: Option<Role>,
    /// False ends their sessions and their tokens at once.
    pub active: Option<bool>,
    /// All teams they are in.
    pub teams: Option<Vec<TeamId>>,
    /// 0 to 20 chats at once; null for what each inbox says. A lead may change this much.
    #[serde(default, deserialize_with = "some")]
    pub chat_capacity: Option<Option<i64>>,
}

/// Nobody talks with more people at once.
const MOST_CHATS: i64 = 20;

impl AgentChange {
    /// It touches nobody's rights: only how work is shared out.
    fn is_about_work(&self) -> bool {
        self.name.is_none() && self.role.is_none() && self.active.is_none() && self.teams.is_none()
    }
}

/// `by` is the role of the one who changes; none for a token without an agent.
pub async fn change(tx: &mut Tx, by: Option<Role>, agent: Agent, change: AgentChange) -> Result<Agent> {
    let mut new = agent.clone();
    let about_work = change.is_about_work();
    new.name = change.name.map_or(Ok(new.name), |name| line("name", &name, 100))?;
    new.role = change.role.unwrap_or(agent.role);
    new.active = change.active.unwrap_or(agent.active);
    new.chat_capacity = change.chat_capacity.unwrap_or(agent.chat_capacity);
    if new.chat_capacity.is_some_and(|most| !(0..=MOST_CHATS).contains(&most)) {
        return Err(Error::invalid("chat_capacity", format!("must be between 0 and {MOST_CHATS}")));
    }
    if !about_work {
        check_owners(tx, by, &agent, &new).await?;
    }
    let mut changes = Changes::default();
    changes.note("name", &agent.name, &new.name)?;
    changes.note("role", agent.role, new.role)?;
    changes.note("active", agent.active, new.active)?;
    changes.note("chat_capacity", agent.chat_capacity, new.chat_capacity)?;
    if let Some(teams) = change.teams {
        let before = teams::of(tx, agent.id).await?;
        let after = teams::put_into(tx, &agent, teams).await?;
        changes.note("teams", before, after)?;
    }
    if !changes.is_empty() {
        let sql = "UPDATE agents SET name = $1, role = $2, active = $3, chat_capacity = $4 WHERE id = $5";
        tx.run(sql, args![&new.name, new.role, new.active, new.chat_capacity, agent.id]).await?;
        tx.emit(&Event::AgentChanged { agent: agent.id, changes: changes.into_map() })?;
    }
    if agent.active && !new.active {
        leave(tx, agent.id).await?;
    }
    Ok(new)
}

async fn check_owners(tx: &mut Tx, by: Option<Role>, agent: &Agent, new: &Agent) -> Result<()> {
    let owners_business = agent.role == Role::Owner || new.role == Role::Owner;
    if owners_business && by != Some(Role::Owner) {
        return Err(Error::forbidden("Only an owner may change an owner, or make somebody one."));
    }
    let steps_down = agent.role == Role::Owner && (new.role != Role::Owner || !new.active);
    if !steps_down {
        return Ok(());
    }
    // Two owners must not both step down because each sees the other.
    tx.lock("owners").await?;
    let sql = "SELECT id FROM agents WHERE role = 'owner' AND active = TRUE AND id <> $1 LIMIT 1";
    match tx.opt(sql, args![agent.id]).await? {
        Some(_) => Ok(()),
        None => Err(Error::conflict("This is the last owner. Make somebody else an owner first.")),
    }
}

/// Whoever leaves takes nothing along: no session, no way back by mail, no invitation sent to themselves.
async fn leave(tx: &mut Tx, agent: AgentId) -> Result<()> {
    sessions::end_all(tx, agent, None).await?;
    tx.run("DELETE FROM password_resets WHERE agent = $1", args![agent]).await?;
    tx.run("DELETE FROM invitations WHERE invited_by = $1 AND accepted_at IS NULL", args![agent]).await
}

pub(super) async fn update(
    who: Who,
    State(app): State<App>,
    Id(id): Id<AgentId>,
    Body(body): Body<AgentChange>,
) -> Result<Json<Colleague>> {
    // Those who lead share out the work; who is who is for those who manage agents.
    who.may(if body.is_about_work() { Permission::TicketsDelete } else { Permission::AgentsManage })?;
    let mut tx = who.begin(&app).await?;
    let agent = find(&mut tx, id).await?;
    let agent = change(&mut tx, who.role, agent, body).await?;
    let teams = teams::of(&mut tx, id).await?;
    tx.commit().await?;
    Ok(Json(agent.seen_by_others(teams, app.now())))
}
