//! Setting up inboxes: the form is drawn from the channel's settings, secrets are stored encrypted and never shown again.

use aide::axum::{
    ApiRouter,
    routing::{get_with, post_with},
};
use axum::{Json, extract::State};
use base::{
    App, Error, Feature, Result, Stamp, Tx, args,
    web::{Body, Created, Gone, Id, Listing, some},
};
use connectors::{Channels, channel::Channel};
use mail::clean::clean_own;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Inbox, InboxId, all, end, find, get, health, inbox};
use crate::{
    Event,
    agents::{Permission, TeamId, Who, teams},
    secrets,
    shops::ShopId,
};

pub(super) fn feature() -> Feature {
    let routes = ApiRouter::new()
        .api_route(
            "/inboxes",
            get_with(index, |op| op.summary("All inboxes")).post_with(create, |op| op.summary("Add an inbox")),
        )
        .api_route(
            "/inboxes/{id}",
            get_with(one, |op| op.summary("One inbox"))
                .patch_with(patch, |op| op.summary("Change an inbox"))
                .delete_with(destroy, |op| op.summary("Remove an inbox that was never used, or switch it off")),
        )
        .api_route("/inboxes/{id}/probe", post_with(probe, |op| op.summary("Try an inbox's connections")))
        .api_route("/channels", get_with(channels, |op| op.summary("Channels, what they can do and what they need")));
    Feature { routes, ..Feature::default() }
}

/// How an inbox is doing.
#[derive(Debug, Serialize, JsonSchema)]
struct Health {
    /// `starting` (not fetched yet), `ok`, `failing`, `silent` (has not fetched for a while), `push_only` (is told, does
    /// not fetch) or `off`.
    state: String,
    since: Stamp,
    why: Option<String>,
    fetched_at: Option<Stamp>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Inbox")]
struct ShownInbox {
    id: InboxId,
    channel: String,
    name: String,
    address: String,
    /// Secrets are shown as `"set"`.
    settings: Value,
    signature: Option<String>,
    team: Option<TeamId>,
    active: bool,
    /// Whether answers leave through it; one that only takes in is answered through another.
    answers: bool,
    health: Health,
}

/// Settings only for those who may manage them.
fn shown(app: &App, who: &Who, inbox: Inbox) -> Result<ShownInbox> {
    let settings = if who.can(Permission::InboxesManage) {
        secrets::shown(app, &inbox.settings, inbox.secrets.as_deref())?
    } else {
        json!({})
    };
    let state = if inbox.active { inbox.health } else { "off".to_owned() };
    Ok(ShownInbox {
        id: inbox.id,
        channel: inbox.channel,
        name: inbox.name,
        address: inbox.address,
        settings,
        signature: inbox.signature,
        team: inbox.team,
        active: inbox.active,
        answers: inbox.answers,
        health: Health {
            state,
            since: Stamp(inbox.health_since),
            why: inbox.health_why,
            fetched_at: inbox.fetched_at.map(Stamp),
        },
    })
}

/// What an inbox is made of.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewInbox {
    pub channel: String,
    pub name: String,
    pub address: String,
    #[serde(default)]
    pub settings: Option<Value>,
    pub signature: Option<String>,
    pub team: Option<TeamId>,
}

pub async fn add(app: &App, tx: &mut Tx, shop: ShopId, new: NewInbox) -> Result<Inbox> {
    let channels = app.part::<Channels>()?;
    let channel = channels.get(&new.channel).map_err(|_| Error::invalid("channel", "is no channel"))?;
    let name = clean_name(&new.name)?;
    let address = channel.check_address(&new.address)?;
    let (settings, mut given) = secrets::separate(channel, new.settings.unwrap_or_else(|| json!({})));
    given.retain(|_, secret| !secret.is_empty());
    secrets::check(channel, &settings, &given)?;
    check_team(tx, new.team).await?;
    let sealed = secrets::seal(app, &given)?;
    let health = health::at_first(channel.fetches(&settings));
    let signature = new.signature.map(|html| clean_own(&html));
    let sql = "INSERT INTO inboxes (shop, channel, name, address, settings, secrets, signature, team, health,
        health_since, created_at, reaches, conversational, answers)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10, $11, $12, $13)
        ON CONFLICT (channel, address) DO NOTHING RETURNING *";
    let args = args![
        shop,
        new.channel,
        name,
        address,
        settings,
        sealed,
        signature,
        new.team,
        health,
        tx.now(),
        channel.identity_kind(),
        channel.abilities().conversational,
        channel.abilities().answers,
    ];
    let row = tx.opt(sql, args).await?;
    let row = row.ok_or_else(|| Error::invalid("address", "another inbox has this address already"))?;
    let inbox = inbox(&row)?;
    tx.emit(&Event::InboxCreated { inbox: inbox.id, name: inbox.name.clone() })?;
    Ok(inbox)
}

async fn check_team(tx: &mut Tx, team: Option<TeamId>) -> Result<()> {
    let Some(team) = team else { return Ok(()) };
    if teams::exists(tx, team).await? { Ok(()) } else { Err(Error::invalid("team", "is no team")) }
}

/// A team is dissolved: what arrives from now on goes to none.
pub async fn leave(tx: &mut Tx, team: TeamId) -> Result<()> {
    for row in tx.all("UPDATE inboxes SET team = NULL WHERE team = $1 RETURNING id", args![team]).await? {
        tx.emit(&Event::InboxChanged { inbox: row.id("id")? })?;
    }
    Ok(())
}

fn clean_name(name: &str) -> Result<String> {
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    if name.is_empty() || name.chars().count() > 100 || name.chars().any(char::is_control) {
        return Err(Error::invalid("name", "must have 1 to 100 visible characters"));
    }
    Ok(name)
}

async fn index(who: Who, State(app): State<App>) -> Result<Json<Listing<ShownInbox>>> {
    who.may(Permission::TicketsRead)?;
    let data = all(&app).await?.into_iter().map(|inbox| shown(&app, &who, inbox)).collect::<Result<_>>()?;
    Ok(Json(Listing { data }))
}

async fn one(who: Who, State(app): State<App>, Id(id): Id<InboxId>) -> Result<Json<ShownInbox>> {
    who.may(Permission::TicketsRead)?;
    shown(&app, &who, get(&app, id).await?).map(Json)
}

async fn create(who: Who, State(app): State<App>, Body(body): Body<NewInbox>) -> Result<Created<ShownInbox>> {
    who.may(Permission::InboxesManage)?;
    let mut tx = who.begin(&app).await?;
    let inbox = add(&app, &mut tx, who.shop, body).await?;
    tx.created(shown(&app, &who, inbox)?).await
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct InboxPatch {
    name: Option<String>,
    /// All settings; a secret that is `"set"` or absent stays as it is, and goes where it is null or empty. With another
    /// server it must be given again.
    settings: Option<Value>,
    #[serde(default, deserialize_with = "some")]
    signature: Option<Option<String>>,
    #[serde(default, deserialize_with = "some")]
    team: Option<Option<TeamId>>,
    active: Option<bool>,
}

async fn patch(
    who: Who,
    State(app): State<App>,
    Id(id): Id<InboxId>,
    Body(body): Body<InboxPatch>,
) -> Result<Json<ShownInbox>> {
    who.may(Permission::InboxesManage)?;
    let mut tx = who.begin(&app).await?;
    let mut inbox = find(&mut tx, id).await?;
    let channel = app.part::<Channels>()?.get(&inbox.channel)?;
    let mut kept = secrets::open(&app, inbox.secrets.as_deref())?;
    if let Some(name) = &body.name {
        inbox.name = clean_name(name)?;
    }
    if let Some(settings) = body.settings {
        let (settings, given) = secrets::separate(channel, settings);
        kept = secrets::keep(channel, &inbox.settings, &settings, &kept, &given)?;
        inbox.settings = settings;
    }
    if let Some(signature) = body.signature {
        inbox.signature = signature.map(|html| clean_own(&html));
    }
    inbox.team = body.team.unwrap_or(inbox.team);
    check_team(&mut tx, inbox.team).await?;
    inbox.active = body.active.unwrap_or(inbox.active);
    let health = health::at_first(channel.fetches(&inbox.settings));
    let sql = "UPDATE inboxes SET name = $2, settings = $3, secrets = $4, signature = $5, team = $6, active = $7,
        health = $8, health_why = NULL, health_since = $9, version = version + 1 WHERE id = $1 RETURNING *";
    let args = args![
        id,
        &inbox.name,
        inbox.settings,
        secrets::seal(&app, &kept)?,
        inbox.signature,
        inbox.team,
        inbox.active,
        health,
        tx.now(),
    ];
    let changed = super::inbox(&tx.one(sql, args).await?)?;
    tx.emit(&Event::InboxChanged { inbox: id })?;
    tx.commit().await?;
    shown(&app, &who, changed).map(Json)
}

/// One that messages came through stays, switched off, so that their history keeps its end.
async fn destroy(who: Who, State(app): State<App>, Id(id): Id<InboxId>) -> Result<Gone> {
    who.may(Permission::InboxesManage)?;
    let mut tx = who.begin(&app).await?;
    find(&mut tx, id).await?;
    let used = tx.opt("SELECT 1 AS one FROM arrivals WHERE inbox = $1 LIMIT 1", args![id]).await?.is_some()
        || tx.opt("SELECT 1 AS one FROM tickets WHERE inbox = $1 LIMIT 1", args![id]).await?.is_some()
        || tx.opt("SELECT 1 AS one FROM messages WHERE inbox = $1 LIMIT 1", args![id]).await?.is_some();
    if used {
        let sql = "UPDATE inboxes SET active = FALSE, secrets = NULL, version = version + 1 WHERE id = $1";
        tx.run(sql, args![id]).await?;
    } else {
        tx.run("DELETE FROM inboxes WHERE id = $1", args![id]).await?;
    }
    tx.emit(&Event::InboxChanged { inbox: id })?;
    tx.commit().await?;
    Ok(Gone)
}

#[derive(Serialize, JsonSchema)]
struct Probed {
    /// In plain words; none means that all is well.
    problems: Vec<String>,
}

async fn probe(who: Who, State(app): State<App>, Id(id): Id<InboxId>) -> Result<Json<Probed>> {
    who.may(Permission::InboxesManage)?;
    let inbox = get(&app, id).await?;
    let problems = app.part::<Channels>()?.get(&inbox.channel)?.probe(&end(&app, &inbox)?).await?;
    Ok(Json(Probed { problems }))
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Channel")]
struct ShownChannel {
    name: &'static str,
    abilities: Value,
    settings: Value,
}

async fn channels(who: Who, State(app): State<App>) -> Result<Json<Listing<ShownChannel>>> {
    who.may(Permission::TicketsRead)?;
    let shown = |channel: &dyn Channel| -> Result<ShownChannel> {
        Ok(ShownChannel {
            name: channel.name(),
            abilities: serde_json::to_value(channel.abilities())?,
            settings: serde_json::to_value(channel.settings())?,
        })
    };
    let data = app.part::<Channels>()?.all().map(shown).collect::<Result<_>>()?;
    Ok(Json(Listing { data }))
}
