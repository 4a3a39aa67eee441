//! Invitations: how people other than the first owner come to work here. The link goes out by mail and stands in the
//! answer to whoever invites, so that it can be passed on where no mail can be sent yet.

use aide::axum::{
    ApiRouter,
    routing::{delete_with, get_with},
};
use axum::{Json, extract::State};
use base::{
    Actor, App, DAY, Error, Feature, Result, Row, Stamp, Time, Tx, args,
    secrets::sha256,
    web::{Body, Created, Gone, Id, Listing},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    Agent, AgentId, NewAgent, Permission, Role, TeamId, Who, by_email, email_address, find, join,
    links::{Link, still_good},
    mail::Post,
    passwords::{self, Hashed},
    sessions::{self, Visit},
    sign_in::SignedIn,
    teams,
};
use crate::{
    Event,
    shops::{self, ShopId, line},
};

const GOOD_FOR: Time = 7 * DAY;

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(super) struct Invitation {
    pub(super) id: i64,
    pub(super) email: String,
    pub(super) name: String,
    pub(super) role: Role,
    pub(super) teams: Vec<TeamId>,
    pub(super) expires_at: Stamp,
    #[serde(skip)]
    pub(super) invited_by: Option<AgentId>,
    #[serde(skip)]
    accepted_at: Option<Time>,
}

/// An invitation with its link, which is never shown again.
#[derive(Debug, Serialize, JsonSchema)]
struct InvitationSent {
    #[serde(flatten)]
    invitation: Invitation,
    url: String,
}

pub(super) fn feature() -> Feature {
    let routes = ApiRouter::new()
        .api_route(
            "/invitations",
            get_with(list, |op| op.summary("Invitations not yet accepted"))
                .post_with(create, |op| op.summary("Invite somebody to work here")),
        )
        .api_route("/invitations/{id}", delete_with(destroy, |op| op.summary("Take an invitation back")))
        .api_route(
            "/invitations/by-token/{token}",
            get_with(show, |op| op.summary("What an invitation is for"))
                .put_with(accept, |op| op.summary("Accept an invitation, and be signed in")),
        );
    Feature { routes, ..Feature::default() }
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewInvitation {
    email: String,
    name: Option<String>,
    role: Role,
    #[serde(default)]
    teams: Vec<TeamId>,
}

/// Replaces an earlier invitation of the same address.
async fn invite(tx: &mut Tx, app: &App, who: &Who, new: NewInvitation) -> Result<InvitationSent> {
    let email = email_address("email", &new.email)?;
    let name = new.name.as_deref().map_or(Ok(String::new()), |name| line("name", name, 100))?;
    if new.role == Role::Owner && who.role != Some(Role::Owner) {
        return Err(Error::forbidden("Only an owner may invite an owner."));
    }
    if let Some(agent) = by_email(tx, &email).await? {
        let why = if agent.active { "works here already" } else { "worked here before; make them active again" };
        return Err(Error::invalid("email", why));
    }
    for team in &new.teams {
        teams::check(tx, *team, who.shop).await?;
    }
    tx.run("DELETE FROM invitations WHERE email = $1 AND accepted_at IS NULL", args![&email]).await?;
    let (secret, now) = (app.secrets().token()?, tx.now());
    let sql = "INSERT INTO invitations (email, name, role, teams, secret, invited_by, created_at, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING *";
    let (teams, hash) = (serde_json::to_value(&new.teams)?, sha256(secret.as_bytes()));
    let args = args![&email, name, new.role, teams, hash, who.agent, now, now + GOOD_FOR];
    let invitation = invitation(&tx.one(sql, args).await?)?;
    let url = url(app, &secret);
    tx.enqueue(&Post::Invitation { invitation: invitation.id, url: app.secrets().seal(&url)? }).await?;
    tx.emit(&Event::AgentInvited { email, role: new.role.to_string() })?;
    Ok(InvitationSent { invitation, url })
}

fn url(app: &App, secret: &str) -> String {
    format!("{}/invitation/{secret}", app.config().public_url())
}

pub(super) async fn find_open(tx: &mut Tx, id: i64) -> Result<Invitation> {
    let found = invitation(&tx.one("SELECT * FROM invitations WHERE id = $1", args![id]).await?)?;
    still_good(found.accepted_at, found.expires_at.0, tx.now())?;
    Ok(found)
}

/// Becomes an agent. Of two who accept at once, the second finds it used.
async fn take(tx: &mut Tx, link: &Link, name: String, password: Hashed) -> Result<Agent> {
    let row = tx.one("SELECT * FROM invitations WHERE secret = $1 {for update}", args![&link.0]).await?;
    let Invitation { id, email, role, teams, accepted_at, expires_at, invited_by, .. } = invitation(&row)?;
    let now = tx.now();
    still_good(accepted_at, expires_at.0, now)?;
    let shop = match invited_by {
        Some(inviter) => find(tx, inviter).await?.shop,
        None => shops::the(tx).await?.id,
    };
    let language = shops::find(tx, shop).await?.language;
    let agent = join(tx, NewAgent { shop, email, name, role, language, password: Some(password) }).await?;
    let teams = still_there(tx, teams, shop).await?;
    teams::put_into(tx, &agent, teams).await?;
    tx.run("UPDATE invitations SET accepted_at = $1 WHERE id = $2", args![now, id]).await?;
    Ok(agent)
}

/// A team deleted since the invitation must not keep the person out.
async fn still_there(tx: &mut Tx, teams: Vec<TeamId>, shop: ShopId) -> Result<Vec<TeamId>> {
    let mut there = Vec::new();
    for team in teams {
        if teams::check(tx, team, shop).await.is_ok() {
            there.push(team);
        }
    }
    Ok(there)
}

async fn list(who: Who, State(app): State<App>) -> Result<Json<Listing<Invitation>>> {
    who.may(Permission::AgentsManage)?;
    let rows = app.db().all("SELECT * FROM invitations WHERE accepted_at IS NULL ORDER BY id", args![]).await?;
    Ok(Json(Listing { data: rows.iter().map(invitation).collect::<Result<_>>()? }))
}

async fn create(who: Who, State(app): State<App>, Body(body): Body<NewInvitation>) -> Result<Created<InvitationSent>> {
    who.may(Permission::AgentsManage)?;
    let mut tx = who.begin(&app).await?;
    let sent = invite(&mut tx, &app, &who, body).await?;
    tx.created(sent).await
}

async fn destroy(who: Who, State(app): State<App>, Id(id): Id<i64>) -> Result<Gone> {
    who.may(Permission::AgentsManage)?;
    let mut tx = who.begin(&app).await?;
    let sql = "DELETE FROM invitations WHERE id = $1 AND accepted_at IS NULL RETURNING id";
    tx.one(sql, args![id]).await?;
    tx.commit().await?;
    Ok(Gone)
}

/// What the invited person sees before they accept.
#[derive(Debug, Serialize, JsonSchema)]
struct InvitationOffer {
    email: String,
    name: String,
    role: Role,
    shop_name: String,
}

async fn offer(app: &App, link: &Link) -> Result<InvitationOffer> {
    let row = app.db().one("SELECT * FROM invitations WHERE secret = $1", args![&link.0]).await?;
    let Invitation { email, name, role, accepted_at, expires_at, .. } = invitation(&row)?;
    still_good(accepted_at, expires_at.0, app.now())?;
    Ok(InvitationOffer { email, name, role, shop_name: shops::read(app.db()).await?.name })
}

async fn show(link: Link, State(app): State<App>) -> Result<Json<InvitationOffer>> {
    Ok(Json(offer(&app, &link).await?))
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Acceptance {
    name: String,
    password: String,
}

async fn accept(link: Link, visit: Visit, State(app): State<App>, Body(body): Body<Acceptance>) -> Result<SignedIn> {
    // Before the costly hash, so that only whoever was invited makes us work.
    let InvitationOffer { email, .. } = offer(&app, &link).await?;
    let password = passwords::hash(&app, "password", body.password, &email).await?;
    let mut tx = app.begin(Actor::System).await?;
    let agent = take(&mut tx, &link, body.name, password).await?;
    let cookie = sessions::open(&mut tx, &app, agent.id, &visit).await?;
    tx.commit().await?;
    SignedIn::answer(&app, &agent, cookie).await
}

fn invitation(row: &Row) -> Result<Invitation> {
    Ok(Invitation {
        id: row.int("id")?,
        email: row.text("email")?,
        name: row.text("name")?,
        role: row.word("role")?,
        teams: row.json("teams")?,
        expires_at: row.int("expires_at")?.into(),
        invited_by: row.opt_id("invited_by")?,
        accepted_at: row.opt_int("accepted_at")?,
    })
}
