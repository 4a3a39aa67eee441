//! The one who is signed in: profile, preferences, password.

use aide::axum::{ApiRouter, routing::patch_with};
use axum::{Json, extract::State};
use base::{
    Actor, App, Error, Feature, Result, Tx, args,
    web::{Body, some},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    Agent, AgentId, Permission, Role, Who, agent, find,
    passwords::{self, Hashed},
    sessions::{self, Visit},
    throttle,
};
use crate::{
    Event,
    event::Changes,
    shops::{ShopId, language_tag, line, signature_html},
};

const PREFS_LIMIT: usize = 16 * 1024;

#[derive(Debug, Serialize, JsonSchema)]
pub struct Me {
    id: AgentId,
    name: String,
    email: String,
    role: Role,
    language: String,
    permissions: Vec<Permission>,
    /// HTML under my answers.
    signature: Option<String>,
    /// Chats that I am given at once, as a lead has set it; null where each inbox says how many.
    chat_capacity: Option<i64>,
    /// Whatever the desk keeps for me.
    prefs: Value,
    shop: ShopName,
}

#[derive(Debug, Serialize, JsonSchema)]
struct ShopName {
    id: ShopId,
    name: String,
}

pub(super) fn feature() -> Feature {
    let routes =
        ApiRouter::new().api_route("/me", patch_with(update, |op| op.summary("Change my profile or password")));
    Feature { routes, ..Feature::default() }
}

pub(super) async fn me(app: &App, id: AgentId, permissions: Vec<Permission>) -> Result<Me> {
    let sql = "SELECT a.*, s.name AS shop_name FROM agents a JOIN shops s ON s.id = a.shop WHERE a.id = $1";
    let row = app.db().one(sql, args![id]).await?;
    let Agent { id, shop, email, name, role, language, signature, chat_capacity, .. } = agent(&row)?;
    let shop = ShopName { id: shop, name: row.text("shop_name")? };
    let prefs = row.json("prefs")?;
    Ok(Me { id, name, email, role, language, permissions, signature, chat_capacity, prefs, shop })
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[expect(clippy::option_option, reason = "null means none, absence means leave it")]
pub struct MeChange {
    name: Option<String>,
    language: Option<String>,
    /// HTML; null for none.
    #[serde(default, deserialize_with = "some")]
    signature: Option<Option<String>>,
    /// A JSON object of at most 16 KB; replaces the one before.
    prefs: Option<Value>,
    password: Option<PasswordChange>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct PasswordChange {
    current: String,
    new: String,
}

/// Changes what a profile shows to others, and keeps preferences.
async fn edit(tx: &mut Tx, agent: Agent, change: MeChange) -> Result<()> {
    let name = change.name.map_or(Ok(agent.name.clone()), |name| line("name", &name, 100))?;
    let language = change.language.map_or(Ok(agent.language.clone()), |tag| language_tag("language", &tag))?;
    let signature = change.signature.map_or(Ok(agent.signature.clone()), signature_html)?;
    if let Some(prefs) = change.prefs {
        if !prefs.is_object() || prefs.to_string().len() > PREFS_LIMIT {
            return Err(Error::invalid("prefs", "must be an object of at most 16 KB"));
        }
        tx.run("UPDATE agents SET prefs = $1 WHERE id = $2", args![prefs, agent.id]).await?;
    }
    let mut changes = Changes::default();
    changes.note("name", &agent.name, &name)?;
    changes.note("language", &agent.language, &language)?;
    changes.note("signature", &agent.signature, &signature)?;
    if !changes.is_empty() {
        let sql = "UPDATE agents SET name = $1, language = $2, signature = $3 WHERE id = $4";
        tx.run(sql, args![name, language, signature, agent.id]).await?;
        tx.emit(&Event::AgentChanged { agent: agent.id, changes: changes.into_map() })?;
    }
    Ok(())
}

/// Sets a password. All sessions end but the one where it was changed, and that one gets a new secret: whoever
/// knew the old password or stole a cookie is out.
pub(super) async fn set_password(tx: &mut Tx, agent: AgentId, password: &Hashed, here: Option<i64>) -> Result<()> {
    tx.run("UPDATE agents SET password = $1 WHERE id = $2", args![password.as_str(), agent]).await?;
    tx.run("DELETE FROM password_resets WHERE agent = $1", args![agent]).await?;
    sessions::end_all(tx, agent, here).await?;
    if let Some(session) = here {
        sessions::renew_soon(tx, session).await?;
    }
    tx.emit(&Event::PasswordChanged { agent })
}

/// The new password's hash, once the current one was right. Guessing here is limited like guessing at sign-in.
async fn confirmed(app: &App, agent: AgentId, visit: &Visit, change: PasswordChange) -> Result<Hashed> {
    let row = app.db().one("SELECT email, password FROM agents WHERE id = $1", args![agent]).await?;
    let (email, stored) = (row.text("email")?, row.opt_text("password")?);
    passwords::check("password.new", &change.new, &email)?;
    let turn = passwords::turn().await?;
    let tried = throttle::admit(app, throttle::sign_in(&email, visit)).await?;
    if !passwords::matches(&turn, change.current, stored).await? {
        return Err(Error::invalid("password.current", "is not your password"));
    }
    let mut tx = app.begin(Actor::Agent(agent.0)).await?;
    throttle::forgive(&mut tx, tried).await?;
    tx.commit().await?;
    // Hashing takes a turn of its own.
    drop(turn);
    passwords::hash(app, "password.new", change.new, &email).await
}

async fn update(who: Who, visit: Visit, State(app): State<App>, Body(mut body): Body<MeChange>) -> Result<Json<Me>> {
    let (id, session) = who.signed_in()?;
    let password = match body.password.take() {
        Some(change) => Some(confirmed(&app, id, &visit, change).await?),
        None => None,
    };
    let mut tx = who.begin(&app).await?;
    let agent = find(&mut tx, id).await?;
    edit(&mut tx, agent, body).await?;
    if let Some(password) = password {
        set_password(&mut tx, id, &password, Some(session)).await?;
    }
    tx.commit().await?;
    Ok(Json(me(&app, id, who.permissions).await?))
}
