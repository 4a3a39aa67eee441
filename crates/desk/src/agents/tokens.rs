//! Tokens: keys for programs that use the API. TokenShown once; we keep a hash.

use aide::axum::{
    ApiRouter,
    routing::{delete_with, get_with},
};
use axum::{Json, extract::State};
use base::{
    App, Error, Feature, MINUTE, Result, Row, Stamp, Tx, Value, args,
    secrets::sha256,
    web::{Body, Created, Gone, Id, Listing},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{AgentId, Permission, Role, Scope, Who, roles, who::unknown};
use crate::{
    Event,
    shops::{ShopId, line},
};

/// So that a token is recognised as ours wherever it turns up.
const PREFIX: &str = "sb_";

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Token {
    pub id: i64,
    pub name: String,
    pub scopes: Vec<Scope>,
    /// Whose it is: it may do no more than they may, and ends when they leave.
    pub agent: Option<AgentId>,
    pub created_at: Stamp,
    pub last_used_at: Option<Stamp>,
}

/// A token with its secret, which is never shown again.
#[derive(Debug, Serialize, JsonSchema)]
struct TokenShown {
    #[serde(flatten)]
    about: Token,
    token: String,
}

pub(super) fn feature() -> Feature {
    let routes = ApiRouter::new()
        .api_route(
            "/tokens",
            get_with(list, |op| op.summary("Tokens in use"))
                .post_with(make, |op| op.summary("Make a token; it is shown this once")),
        )
        .api_route("/tokens/{id}", delete_with(destroy, |op| op.summary("Revoke a token")));
    Feature { routes, ..Feature::default() }
}

/// A token that belongs to nobody, for the command line; returns the secret.
pub async fn create(tx: &mut Tx, app: &App, name: &str, scopes: Vec<Scope>) -> Result<String> {
    Ok(issue(tx, app, name, scopes, None).await?.token)
}

async fn issue(tx: &mut Tx, app: &App, name: &str, scopes: Vec<Scope>, agent: Option<AgentId>) -> Result<TokenShown> {
    let name = line("name", name, 100)?;
    let scopes: Vec<Scope> = Scope::ALL.iter().copied().filter(|scope| scopes.contains(scope)).collect();
    if scopes.is_empty() {
        return Err(Error::invalid("scopes", "must name at least one of read, write, orders, carriers, admin"));
    }
    let secret = format!("{PREFIX}{}", app.secrets().token()?);
    let sql = "INSERT INTO tokens (name, secret, scopes, agent, created_at) VALUES ($1, $2, $3, $4, $5) RETURNING *";
    let (words, now) = (serde_json::to_value(&scopes)?, tx.now());
    let row = tx.one(sql, args![&name, sha256(secret.as_bytes()), words, agent, now]).await?;
    let about = token(&row)?;
    let scopes = scopes.iter().map(ToString::to_string).collect();
    tx.emit(&Event::TokenCreated { token: about.id, name, scopes })?;
    Ok(TokenShown { about, token: secret })
}

pub async fn revoke(tx: &mut Tx, id: i64) -> Result<()> {
    let now = tx.now();
    let sql = "UPDATE tokens SET revoked_at = $1 WHERE id = $2 AND revoked_at IS NULL RETURNING id";
    tx.one(sql, args![now, id]).await?;
    tx.emit(&Event::TokenRevoked { token: id })
}

/// Who shows this token.
pub(super) async fn who_shows(app: &App, token: &str) -> Result<Who> {
    let held = held(app, "t.secret = $1", args![sha256(token.as_bytes())]).await?.ok_or_else(unknown)?;
    let (now, used_at) = (app.now(), held.opt_int("used_at")?);
    if used_at.is_none_or(|at| now - at >= MINUTE) {
        let noted = app.db().run("UPDATE tokens SET used_at = $1 WHERE id = $2", args![now, held.int("id")?]).await;
        // A full disk must not keep programs from reading.
        if let Err(error) = noted {
            tracing::warn!(%error, "a token's use could not be noted");
        }
    }
    who(&held)
}

/// Who holds this token now.
pub(super) async fn who_holds(app: &App, token: i64) -> Result<Who> {
    who(&held(app, "t.id = $1", args![token]).await?.ok_or_else(unknown)?)
}

async fn held(app: &App, condition: &str, args: Vec<Value>) -> Result<Option<Row>> {
    let sql = format!(
        "SELECT t.id, t.name, t.scopes, t.used_at, t.agent, a.name AS agent_name, a.role,
            COALESCE(a.shop, (SELECT min(id) FROM shops)) AS shop
        FROM tokens t LEFT JOIN agents a ON a.id = t.agent
        WHERE {condition} AND t.revoked_at IS NULL AND (t.agent IS NULL OR a.active = TRUE)"
    );
    app.db().opt(&sql, args).await
}

fn who(held: &Row) -> Result<Who> {
    let role = held.opt_text("role")?.map(|word| word.parse::<Role>()).transpose()?;
    let name = held.opt_text("agent_name")?.map_or_else(|| held.text("name"), Ok)?;
    Ok(Who {
        agent: held.opt_id("agent")?,
        name,
        role,
        shop: held.opt_id("shop")?.unwrap_or(ShopId(0)),
        permissions: roles::of_token(&held.json::<Vec<Scope>>("scopes")?, role),
        session: None,
        token: Some(held.int("id")?),
        once: None,
    })
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewToken {
    name: String,
    scopes: Vec<Scope>,
}

async fn list(who: Who, State(app): State<App>) -> Result<Json<Listing<Token>>> {
    who.may(Permission::TokensManage)?;
    let rows = app.db().all("SELECT * FROM tokens WHERE revoked_at IS NULL ORDER BY id", args![]).await?;
    Ok(Json(Listing { data: rows.iter().map(token).collect::<Result<_>>()? }))
}

async fn make(who: Who, State(app): State<App>, Body(body): Body<NewToken>) -> Result<Created<TokenShown>> {
    who.may(Permission::TokensManage)?;
    let mut tx = who.begin(&app).await?;
    let shown = issue(&mut tx, &app, &body.name, body.scopes, who.agent).await?;
    tx.created(shown).await
}

async fn destroy(who: Who, State(app): State<App>, Id(id): Id<i64>) -> Result<Gone> {
    who.may(Permission::TokensManage)?;
    let mut tx = who.begin(&app).await?;
    revoke(&mut tx, id).await?;
    tx.commit().await?;
    Ok(Gone)
}

fn token(row: &Row) -> Result<Token> {
    Ok(Token {
        id: row.int("id")?,
        name: row.text("name")?,
        scopes: row.json("scopes")?,
        agent: row.opt_id("agent")?,
        created_at: row.int("created_at")?.into(),
        last_used_at: row.opt_int("used_at")?.map(Stamp),
    })
}
