//! Teams: groups of agents that work can be given to.

use std::collections::{BTreeMap, BTreeSet};

use aide::axum::{
    ApiRouter,
    routing::{get_with, patch_with},
};
use axum::{Json, extract::State};
use base::{
    App, Db, Error, Feature, Result, Row, Tx, args,
    web::{Body, Created, Id, Listing},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Agent, AgentId, Permission, TeamId, Who};
use crate::{
    Event,
    shops::{ShopId, line},
};

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Team {
    pub id: TeamId,
    pub name: String,
    pub members: Vec<AgentId>,
}

pub(super) fn feature() -> Feature {
    let routes = ApiRouter::new()
        .api_route(
            "/teams",
            get_with(list, |op| op.summary("All teams")).post_with(create, |op| op.summary("Make a team")),
        )
        .api_route("/teams/{id}", patch_with(update, |op| op.summary("Rename a team or change its members")));
    Feature { routes, ..Feature::default() }
}

pub async fn all(db: &Db, shop: ShopId) -> Result<Vec<Team>> {
    let mut members: BTreeMap<TeamId, Vec<AgentId>> = BTreeMap::new();
    for row in db.all("SELECT team, agent FROM team_members ORDER BY agent", args![]).await? {
        members.entry(row.id("team")?).or_default().push(row.id("agent")?);
    }
    let rows = db
        .all("SELECT id, name FROM teams WHERE shop = $1 AND deleted_at IS NULL ORDER BY lower(name), id", args![shop])
        .await?;
    let team = |row: &Row| {
        let id = row.id("id")?;
        Ok(Team { id, name: row.text("name")?, members: members.remove(&id).unwrap_or_default() })
    };
    rows.iter().map(team).collect()
}

pub async fn find(tx: &mut Tx, id: TeamId) -> Result<Team> {
    let row = tx.one("SELECT id, name FROM teams WHERE id = $1 AND deleted_at IS NULL", args![id]).await?;
    let members = tx.all("SELECT agent FROM team_members WHERE team = $1 ORDER BY agent", args![id]).await?;
    let members = members.iter().map(|row| row.id("agent")).collect::<Result<_>>()?;
    Ok(Team { id, name: row.text("name")?, members })
}

pub async fn exists(tx: &mut Tx, id: TeamId) -> Result<bool> {
    Ok(tx.opt("SELECT id FROM teams WHERE id = $1 AND deleted_at IS NULL", args![id]).await?.is_some())
}

/// Every agent's teams.
pub(super) async fn by_agent(db: &Db) -> Result<BTreeMap<AgentId, Vec<TeamId>>> {
    let mut teams: BTreeMap<AgentId, Vec<TeamId>> = BTreeMap::new();
    for row in db.all("SELECT agent, team FROM team_members ORDER BY team", args![]).await? {
        teams.entry(row.id("agent")?).or_default().push(row.id("team")?);
    }
    Ok(teams)
}

/// One agent's teams.
pub async fn of(tx: &mut Tx, agent: AgentId) -> Result<Vec<TeamId>> {
    let rows = tx.all("SELECT team FROM team_members WHERE agent = $1 ORDER BY team", args![agent]).await?;
    rows.iter().map(|row| row.id("team")).collect()
}

/// Makes these an agent's only teams.
pub(super) async fn put_into(tx: &mut Tx, agent: &Agent, teams: Vec<TeamId>) -> Result<Vec<TeamId>> {
    let teams: BTreeSet<TeamId> = teams.into_iter().collect();
    tx.run("DELETE FROM team_members WHERE agent = $1", args![agent.id]).await?;
    for team in &teams {
        check(tx, *team, agent.shop).await?;
        tx.run("INSERT INTO team_members (team, agent) VALUES ($1, $2)", args![*team, agent.id]).await?;
    }
    Ok(teams.into_iter().collect())
}

pub(super) async fn check(tx: &mut Tx, team: TeamId, shop: ShopId) -> Result<()> {
    let known =
        tx.opt("SELECT id FROM teams WHERE id = $1 AND shop = $2 AND deleted_at IS NULL", args![team, shop]).await?;
    known.map(drop).ok_or_else(|| Error::invalid("teams", format!("there is no team {team}")))
}

pub async fn add(tx: &mut Tx, shop: ShopId, name: &str, members: Vec<AgentId>) -> Result<Team> {
    let name = free_name(tx, shop, name, None).await?;
    let sql = "INSERT INTO teams (shop, name, created_at) VALUES ($1, $2, $3) RETURNING id";
    let now = tx.now();
    let id: TeamId = tx.one(sql, args![shop, &name, now]).await?.id("id")?;
    set_members(tx, id, shop, members).await?;
    tx.emit(&Event::TeamChanged { team: id, name })?;
    find(tx, id).await
}

pub async fn change(tx: &mut Tx, shop: ShopId, team: Team, change: TeamChange) -> Result<Team> {
    let name = match change.name {
        Some(name) => free_name(tx, shop, &name, Some(team.id)).await?,
        None => team.name,
    };
    tx.run("UPDATE teams SET name = $1 WHERE id = $2", args![&name, team.id]).await?;
    if let Some(members) = change.members {
        tx.run("DELETE FROM team_members WHERE team = $1", args![team.id]).await?;
        set_members(tx, team.id, shop, members).await?;
    }
    tx.emit(&Event::TeamChanged { team: team.id, name })?;
    find(tx, team.id).await
}

/// Nothing can be given to it any more. Its row stays, under a name that is in nobody's way, until what it had has left
/// it; see [`gone`].
pub async fn delete(tx: &mut Tx, team: Team) -> Result<()> {
    tx.run("DELETE FROM team_members WHERE team = $1", args![team.id]).await?;
    let sql = "UPDATE teams SET deleted_at = $1, name = $2 WHERE id = $3";
    let now = tx.now();
    tx.run(sql, args![now, format!("{} (deleted, {})", team.name, team.id), team.id]).await?;
    tx.emit(&Event::TeamDeleted { team: team.id })
}

/// Nothing points to it any more.
pub async fn gone(tx: &mut Tx, team: TeamId) -> Result<()> {
    tx.run("DELETE FROM teams WHERE id = $1 AND deleted_at IS NOT NULL", args![team]).await
}

async fn free_name(tx: &mut Tx, shop: ShopId, name: &str, but: Option<TeamId>) -> Result<String> {
    let name = line("name", name, 60)?;
    let sql = "SELECT id FROM teams WHERE shop = $1 AND lower(name) = lower($2) AND id <> $3";
    match tx.opt(sql, args![shop, &name, but.unwrap_or(TeamId(0))]).await? {
        None => Ok(name),
        Some(_) => Err(Error::invalid("name", "is another team's name")),
    }
}

async fn set_members(tx: &mut Tx, team: TeamId, shop: ShopId, members: Vec<AgentId>) -> Result<()> {
    for agent in members.into_iter().collect::<BTreeSet<_>>() {
        if tx.opt("SELECT id FROM agents WHERE id = $1 AND shop = $2", args![agent, shop]).await?.is_none() {
            return Err(Error::invalid("members", format!("there is no agent {agent}")));
        }
        tx.run("INSERT INTO team_members (team, agent) VALUES ($1, $2)", args![team, agent]).await?;
    }
    Ok(())
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewTeam {
    name: String,
    #[serde(default)]
    members: Vec<AgentId>,
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TeamChange {
    pub name: Option<String>,
    /// All members.
    pub members: Option<Vec<AgentId>>,
}

async fn list(who: Who, State(app): State<App>) -> Result<Json<Listing<Team>>> {
    who.may(Permission::TicketsRead)?;
    Ok(Json(Listing { data: all(app.db(), who.shop).await? }))
}

async fn create(who: Who, State(app): State<App>, Body(body): Body<NewTeam>) -> Result<Created<Team>> {
    who.may(Permission::AgentsManage)?;
    let mut tx = who.begin(&app).await?;
    let team = add(&mut tx, who.shop, &body.name, body.members).await?;
    tx.created(team).await
}

async fn update(
    who: Who,
    State(app): State<App>,
    Id(id): Id<TeamId>,
    Body(body): Body<TeamChange>,
) -> Result<Json<Team>> {
    who.may(Permission::AgentsManage)?;
    let mut tx = who.begin(&app).await?;
    let team = find(&mut tx, id).await?;
    let team = change(&mut tx, who.shop, team, body).await?;
    tx.commit().await?;
    Ok(Json(team))
}
