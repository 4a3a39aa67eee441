//! Agents: the people who work in the desk, what they may do, and how they sign in.

mod change;
mod invitations;
mod links;
mod mail;
mod me;
pub mod passwords;
mod resets;
mod roles;
mod sessions;
pub mod setup;
mod sign_in;
pub mod teams;
mod throttle;
pub mod tokens;
pub mod who;

use aide::axum::{
    ApiRouter,
    routing::{get_with, patch_with},
};
use axum::{Json, extract::State};
use base::{App, Db, Error, Feature, MINUTE, Result, Row, Time, Tx, args, web::Listing};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;

use crate::{
    Event,
    shops::{ShopId, language_tag, line},
};

pub use change::{AgentChange, change};
pub use mail::{HouseMail, Letter};
pub use passwords::{Hashed, hash as hash_password};
pub use roles::{Role, Scope};
pub use sessions::{carry_cookie, forget};
pub use setup::{NewOwner, owner};
pub use tokens::create as create_token;
pub use who::{Permission, Who};

base::id!(
    /// An agent.
    AgentId,
    /// A group of agents.
    TeamId,
);

#[derive(Debug, Clone)]
pub struct Agent {
    pub id: AgentId,
    pub shop: ShopId,
    /// In lower case.
    pub email: String,
    pub name: String,
    pub role: Role,
    pub language: String,
    /// HTML under their answers.
    pub signature: Option<String>,
    /// False once they left: they cannot sign in, and what they did stays theirs.
    pub active: bool,
    pub seen_at: Option<Time>,
    /// Chats that they are given at once; none where the inbox says how many.
    pub chat_capacity: Option<i64>,
}

/// An agent as the others see them.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Colleague {
    pub id: AgentId,
    pub name: String,
    pub email: String,
    pub role: Role,
    pub active: bool,
    pub teams: Vec<TeamId>,
    pub presence: Presence,
    /// Chats that they are given at once, 0 for none; null where each inbox says how many. What they take by hand counts
    /// as well, and is never refused.
    pub chat_capacity: Option<i64>,
}

base::words!(
    /// How lately an agent was at the desk.
    Presence {
        Online = "online",
        Away = "away",
        Offline = "offline",
    }
);

pub fn feature() -> Feature {
    let routes = ApiRouter::new()
        .api_route("/agents", get_with(list, |op| op.summary("Everybody who works here, or did")))
        .api_route("/agents/{id}", patch_with(change::update, |op| op.summary("Change an agent")));
    Feature { routes, ..Feature::default() }
        .merge(setup::feature())
        .merge(sign_in::feature())
        .merge(me::feature())
        .merge(sessions::feature())
        .merge(invitations::feature())
        .merge(resets::feature())
        .merge(teams::feature())
        .merge(tokens::feature())
        .merge(mail::feature())
}

/// Somebody who starts to work here.
#[derive(Debug, Clone)]
pub struct NewAgent {
    pub shop: ShopId,
    pub email: String,
    pub name: String,
    pub role: Role,
    pub language: String,
    /// Without one they cannot sign in until they reset it.
    pub password: Option<Hashed>,
}

pub async fn join(tx: &mut Tx, new: NewAgent) -> Result<Agent> {
    let NewAgent { shop, email, name, role, language, password } = new;
    let (email, name) = (email_address("email", &email)?, line("name", &name, 100)?);
    let language = language_tag("language", &language)?;
    if by_email(tx, &email).await?.is_some() {
        return Err(Error::invalid("email", "belongs to an agent already"));
    }
    let sql = "INSERT INTO agents (shop, email, name, role, password, language, prefs, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING *";
    let password = password.as_ref().map(Hashed::as_str);
    let now = tx.now();
    let agent = agent(&tx.one(sql, args![shop, email, &name, role, password, language, json!({}), now]).await?)?;
    tx.emit(&Event::AgentJoined { agent: agent.id, name, role: role.to_string() })?;
    Ok(agent)
}

pub async fn find(tx: &mut Tx, id: AgentId) -> Result<Agent> {
    agent(&tx.one("SELECT * FROM agents WHERE id = $1", args![id]).await?)
}

pub async fn name_of(tx: &mut Tx, id: AgentId) -> Result<String> {
    tx.one("SELECT name FROM agents WHERE id = $1", args![id]).await?.text("name")
}

/// Whether work can be given to them.
pub async fn exists_active(tx: &mut Tx, id: AgentId) -> Result<bool> {
    Ok(tx.opt("SELECT id FROM agents WHERE id = $1 AND active = TRUE", args![id]).await?.is_some())
}

/// Active or not; upper and lower case are the same.
pub async fn by_email(tx: &mut Tx, address: &str) -> Result<Option<Agent>> {
    let address = address.trim().to_lowercase();
    tx.opt("SELECT * FROM agents WHERE email = $1", args![address]).await?.as_ref().map(agent).transpose()
}

/// Everybody by name, those who left included. `now` decides who counts as present.
pub async fn all(db: &Db, shop: ShopId, now: Time) -> Result<Vec<Colleague>> {
    let mut teams = teams::by_agent(db).await?;
    let rows = db.all("SELECT * FROM agents WHERE shop = $1 ORDER BY lower(name), id", args![shop]).await?;
    let colleague = |row: &Row| {
        let agent = agent(row)?;
        let teams = teams.remove(&agent.id).unwrap_or_default();
        Ok(agent.seen_by_others(teams, now))
    };
    rows.iter().map(colleague).collect()
}

/// Notes that an agent is at the desk, for connections that outlive requests; at most once a minute.
pub async fn seen(app: &App, id: AgentId) -> Result<()> {
    let sql = "UPDATE agents SET seen_at = $1 WHERE id = $2 AND (seen_at IS NULL OR seen_at <= $3)";
    app.db().run(sql, args![app.now(), id, app.now() - MINUTE]).await.map(drop)
}

impl Agent {
    pub(super) fn seen_by_others(self, teams: Vec<TeamId>, now: Time) -> Colleague {
        let Self { id, name, email, role, active, seen_at, chat_capacity, .. } = self;
        let presence = match now - seen_at.unwrap_or(0) {
            quiet if !active || quiet > 30 * MINUTE => Presence::Offline,
            quiet if quiet > 5 * MINUTE => Presence::Away,
            _ => Presence::Online,
        };
        Colleague { id, name, email, role, active, teams, presence, chat_capacity }
    }
}

async fn list(who: Who, State(app): State<App>) -> Result<Json<Listing<Colleague>>> {
    who.may(Permission::TicketsRead)?;
    Ok(Json(Listing { data: all(app.db(), who.shop, app.now()).await? }))
}

fn agent(row: &Row) -> Result<Agent> {
    Ok(Agent {
        id: row.id("id")?,
        shop: row.id("shop")?,
        email: row.text("email")?,
        name: row.text("name")?,
        role: row.word("role")?,
        language: row.text("language")?,
        signature: row.opt_text("signature")?,
        active: row.bool("active")?,
        seen_at: row.opt_int("seen_at")?,
        chat_capacity: row.opt_int("chat_capacity")?,
    })
}

/// An address to sign in with, in lower case.
fn email_address(field: &str, text: &str) -> Result<String> {
    let address = text.trim().to_lowercase();
    ::mail::address::check(&address).map_err(|flaw| Error::invalid(field, flaw.to_string()))?;
    Ok(address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_plain_and_in_lower_case() {
        assert_eq!(email_address("email", " Ingrid@Fjellvik.example ").unwrap(), "ingrid@fjellvik.example");
        for bad in ["", "ingrid", "@x", "a@", "a@b@c", "a b@c", "a@b\r\nBcc: x@y", "<a@b>", "a@b,c@d"] {
            assert!(email_address("email", bad).is_err(), "{bad:?}");
        }
    }
}
