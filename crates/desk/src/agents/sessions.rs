//! Sessions: the devices on which an agent is signed in. The cookie is a random secret of which we keep only a hash;
//! it is renewed every day, ends after two weeks without use, and can be ended from any other device.

use std::sync::{Arc, OnceLock};

use aide::{
    OperationInput,
    axum::{
        ApiRouter,
        routing::{delete_with, get_with},
    },
};
use axum::{
    Json,
    extract::{FromRequestParts, Request, State},
    http::{HeaderValue, header::SET_COOKIE, request::Parts},
    middleware::Next,
    response::Response,
};
use base::{
    App, DAY, Error, Feature, MINUTE, Result, Row, Stamp, Time, Tx, Value, args,
    secrets::sha256,
    web::{
        Caller, Gone, Id, Listing,
        caller::{COOKIE, cookie},
    },
};
use schemars::JsonSchema;
use serde::Serialize;

use super::{AgentId, Role, Who, who::unknown};
use crate::{Event, tries};

/// A session without use ends after this.
const IDLE: Time = 14 * DAY;
/// A secret is renewed after this; the former one is good for a moment longer, for requests under way.
const RENEWAL: Time = DAY;
const OVERLAP: Time = MINUTE;

#[derive(Debug, Serialize, JsonSchema)]
pub struct Session {
    id: i64,
    created_at: Stamp,
    last_seen_at: Stamp,
    ip: String,
    user_agent: String,
    /// The one that asks.
    current: bool,
}

pub(super) fn feature() -> Feature {
    let routes = ApiRouter::new()
        .api_route(
            "/sessions",
            get_with(list, |op| op.summary("Where I am signed in"))
                .delete_with(end_others, |op| op.summary("Sign out everywhere else")),
        )
        .api_route("/sessions/{id}", delete_with(end_one, |op| op.summary("Sign out one device")));
    Feature { routes, ..Feature::default() }
}

/// From where somebody signs in.
#[derive(Debug, Clone)]
pub struct Visit {
    pub ip: String,
    /// What counts as one place.
    pub(super) network: String,
    pub user_agent: String,
    /// The cookie that the browser has already.
    cookie: Option<String>,
}

impl FromRequestParts<App> for Visit {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self> {
        let caller = parts.extensions.get::<Caller>().ok_or_else(|| Error::internal("no layer says who calls"))?;
        let cookie = cookie(&parts.headers).map(str::to_owned);
        let (ip, network) = (caller.ip.to_string(), caller.network().to_string());
        Ok(Self { ip, network, user_agent: caller.user_agent.clone(), cookie })
    }
}

impl OperationInput for Visit {}

/// Signs an agent in and returns the cookie. The secret is always a new one; the session that this browser had
/// before ends.
pub(super) async fn open(tx: &mut Tx, app: &App, agent: AgentId, visit: &Visit) -> Result<HeaderValue> {
    let (secret, now) = (app.secrets().token()?, tx.now());
    let replaced = visit.cookie.as_ref().map(|cookie| sha256(cookie.as_bytes()));
    tx.run("DELETE FROM sessions WHERE secret = $1", args![replaced]).await?;
    let sql = "INSERT INTO sessions (secret, agent, ip, user_agent, created_at, rotated_at, seen_at, expires_at)
        VALUES ($1, $2, $3, $4, $5, $5, $5, $6)";
    tx.run(sql, args![sha256(secret.as_bytes()), agent, &visit.ip, &visit.user_agent, now, now + IDLE]).await?;
    tx.run("UPDATE agents SET seen_at = $1 WHERE id = $2", args![now, agent]).await?;
    tx.emit(&Event::AgentSignedIn { agent, ip: visit.ip.clone() })?;
    set_cookie(app, &secret, IDLE / 1000)
}

/// Forgets sessions that ended and tries that count no more; the house asks for it now and then.
pub async fn forget(app: &App) -> Result<()> {
    app.db().run("DELETE FROM sessions WHERE expires_at < $1", args![app.now()]).await?;
    tries::forget(app).await
}

/// Ends all sessions of an agent, but perhaps one.
pub(super) async fn end_all(tx: &mut Tx, agent: AgentId, but: Option<i64>) -> Result<()> {
    let sql = "DELETE FROM sessions WHERE agent = $1 AND id <> $2 RETURNING id";
    if !tx.all(sql, args![agent, but.unwrap_or(0)]).await?.is_empty() {
        tx.emit(&Event::SessionRevoked { agent })?;
    }
    Ok(())
}

/// The agent is asked for a new secret with their next request.
pub(super) async fn renew_soon(tx: &mut Tx, session: i64) -> Result<()> {
    tx.run("UPDATE sessions SET rotated_at = 0 WHERE id = $1", args![session]).await
}

pub(super) async fn end(tx: &mut Tx, agent: AgentId, session: i64) -> Result<()> {
    let sql = "DELETE FROM sessions WHERE agent = $1 AND id = $2 RETURNING id";
    tx.one(sql, args![agent, session]).await?;
    tx.emit(&Event::SessionRevoked { agent })
}

/// What makes the browser forget its cookie.
pub(super) fn no_cookie(app: &App) -> Result<HeaderValue> {
    set_cookie(app, "", 0)
}

fn set_cookie(app: &App, secret: &str, seconds: i64) -> Result<HeaderValue> {
    let secure = if app.config().public_url().starts_with("https://") { "; Secure" } else { "" };
    let cookie = format!("{COOKIE}={secret}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}");
    let mut value = HeaderValue::from_str(&cookie)?;
    value.set_sensitive(true);
    Ok(value)
}

/// Where [`Who`] leaves a renewed cookie for [`carry_cookie`].
#[derive(Clone, Default)]
pub(super) struct Renewed(Arc<OnceLock<HeaderValue>>);

/// A layer around all routes: puts a renewed cookie on the answer. Secrets are renewed only under this layer,
/// because a new one that nobody carries back signs the person out.
pub async fn carry_cookie(mut request: Request, next: Next) -> Response {
    let renewed = Renewed::default();
    request.extensions_mut().insert(renewed.clone());
    let mut response = next.run(request).await;
    if let Some(cookie) = renewed.0.get()
        && !response.headers().contains_key(SET_COOKIE)
    {
        response.headers_mut().insert(SET_COOKIE, cookie.clone());
    }
    response
}

/// Who shows this cookie.
pub(super) async fn who_shows(app: &App, cookie: &str, renewed: Option<&Renewed>) -> Result<Who> {
    let (secret, now) = (sha256(cookie.as_bytes()), app.now());
    let mut session = held(app, "s.secret = $2", args![now, &secret]).await?;
    if session.is_none() {
        session = held(app, "s.former = $2 AND s.rotated_at > $3", args![now, &secret, now - OVERLAP]).await?;
    }
    let held = session.ok_or_else(unknown)?;
    let former = held.text("secret")? != secret;
    // A full disk must not keep people from reading.
    if let Err(error) = keep(app, &held, if former { None } else { renewed }).await {
        tracing::warn!(%error, "a session could not be kept alive");
    }
    who(&held)
}

/// Who holds this session now.
pub(super) async fn who_holds(app: &App, session: i64) -> Result<Who> {
    who(&held(app, "s.id = $2", args![app.now(), session]).await?.ok_or_else(unknown)?)
}

/// The session that meets a condition, with its agent; `$1` is the time now.
async fn held(app: &App, condition: &str, args: Vec<Value>) -> Result<Option<Row>> {
    let sql = format!(
        "SELECT s.id, s.agent, s.secret, s.rotated_at, s.seen_at, a.name, a.role, a.shop
        FROM sessions s JOIN agents a ON a.id = s.agent
        WHERE {condition} AND s.expires_at > $1 AND a.active = TRUE"
    );
    app.db().opt(&sql, args).await
}

fn who(held: &Row) -> Result<Who> {
    let role: Role = held.word("role")?;
    Ok(Who {
        agent: Some(held.id("agent")?),
        name: held.text("name")?,
        role: Some(role),
        shop: held.id("shop")?,
        permissions: role.permissions().to_vec(),
        session: Some(held.int("id")?),
        token: None,
        once: None,
    })
}

/// Notes that a session is in use, at most once a minute, and renews its secret once a day.
async fn keep(app: &App, held: &Row, renewed: Option<&Renewed>) -> Result<()> {
    let (now, id) = (app.now(), held.int("id")?);
    let due = now - held.int("rotated_at")? >= RENEWAL;
    if let Some(renewed) = renewed.filter(|_| due) {
        let (secret, former) = (app.secrets().token()?, held.text("secret")?);
        // Of two requests at once, only one may renew.
        let sql = "UPDATE sessions SET secret = $1, former = $2, rotated_at = $3 WHERE id = $4 AND secret = $2
            RETURNING id";
        let rows = app.db().run(sql, args![sha256(secret.as_bytes()), former, now, id]).await?;
        if !rows.is_empty() {
            let _ = renewed.0.set(set_cookie(app, &secret, IDLE / 1000)?);
        }
    }
    if now - held.int("seen_at")? >= MINUTE {
        app.db()
            .run("UPDATE sessions SET seen_at = $1, expires_at = $2 WHERE id = $3", args![now, now + IDLE, id])
            .await?;
        app.db().run("UPDATE agents SET seen_at = $1 WHERE id = $2", args![now, held.int("agent")?]).await?;
    }
    Ok(())
}

async fn list(who: Who, State(app): State<App>) -> Result<Json<Listing<Session>>> {
    let sql = "SELECT * FROM sessions WHERE agent = $1 AND expires_at > $2 ORDER BY seen_at DESC, id DESC";
    let rows = app.db().all(sql, args![who.person()?, app.now()]).await?;
    let data = rows.iter().map(|row| session(row, who.session)).collect::<Result<_>>()?;
    Ok(Json(Listing { data }))
}

async fn end_one(who: Who, State(app): State<App>, Id(id): Id<i64>) -> Result<Gone> {
    let (agent, _) = who.signed_in()?;
    let mut tx = who.begin(&app).await?;
    end(&mut tx, agent, id).await?;
    tx.commit().await?;
    Ok(Gone)
}

async fn end_others(who: Who, State(app): State<App>) -> Result<Gone> {
    let (agent, session) = who.signed_in()?;
    let mut tx = who.begin(&app).await?;
    end_all(&mut tx, agent, Some(session)).await?;
    tx.commit().await?;
    Ok(Gone)
}

fn session(row: &Row, current: Option<i64>) -> Result<Session> {
    let id = row.int("id")?;
    Ok(Session {
        id,
        created_at: row.int("created_at")?.into(),
        last_seen_at: row.int("seen_at")?.into(),
        ip: row.text("ip")?,
        user_agent: row.text("user_agent")?,
        current: current == Some(id),
    })
}
