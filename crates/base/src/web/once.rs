//! `Idempotency-Key`: a POST that creates, sent again with the same key, answers what it answered before and does
//! nothing. The answer is kept in the transaction that did the work, so `kill -9` cannot come between.

use std::pin::Pin;

use axum::{
    Json,
    extract::{Request, State},
    http::{HeaderName, HeaderValue, Method, StatusCode, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};
use serde::Serialize;

use super::input;
use crate::{App, DAY, Error, Result, Tx, args, secrets::sha256_of};

/// How long an answer is kept.
pub const KEPT: i64 = 2 * DAY;

/// A key under which the transaction it is given to happens once.
#[derive(Clone)]
pub struct Once {
    caller: String,
    key: String,
    fingerprint: String,
    /// Sealed: an answer may hold a secret that is shown once.
    answer: Option<(u16, String)>,
    app: App,
}

impl std::fmt::Debug for Once {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Once({})", self.key)
    }
}

impl Once {
    pub(crate) async fn keep(&self, tx: &mut Tx) -> Result<()> {
        let Some((status, sealed)) = &self.answer else { return Ok(()) };
        let sql = "INSERT INTO idempotency (caller, key, fingerprint, status, body, created_at)
            VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (caller, key) DO NOTHING RETURNING key";
        let args = args![&self.caller, &self.key, &self.fingerprint, i64::from(*status), sealed, tx.now()];
        let kept = tx.opt(sql, args).await?;
        kept.map(drop).ok_or_else(|| Error::conflict("A request with this Idempotency-Key has just been answered."))
    }

    pub(crate) fn answer(&mut self, status: StatusCode, body: &impl Serialize) -> Result<()> {
        let sealed = self.app.secrets().seal(&serde_json::to_string(body)?)?;
        self.answer = Some((status.as_u16(), sealed));
        Ok(())
    }
}

/// Says who sends this, by a name that outlives their credential, such as `agent:7`; or that they may not come in. Asked
/// before anything is read: a stranger must not fill the memory, an answer from memory may hold a secret, and a
/// credential that was good when the answer was first given may have been taken away since. A part of the [`App`].
pub struct Doorman(pub fn(App, Parts) -> Verdict);

type Verdict = Pin<Box<dyn Future<Output = Result<String>> + Send>>;

/// A layer: answers from memory, or puts the [`Once`] into the request for the handler's transaction.
pub async fn remember(State(app): State<App>, request: Request, next: Next) -> Response {
    if request.method() != Method::POST || !request.headers().contains_key("idempotency-key") {
        return next.run(request).await;
    }
    let (mut parts, body) = request.into_parts();
    let (once, body) = match identified(&app, &parts, body).await {
        Ok(Identified::Caller(once, body)) => (once, body),
        // Nothing is kept for strangers; what is open to them, or why they may not come in, the handler knows.
        Ok(Identified::Stranger(body)) => return next.run(Request::from_parts(parts, body)).await,
        Err(error) => return error.into_response(),
    };
    match answered(&app, &once).await {
        Ok(None) => {}
        Ok(Some(response)) => return response,
        Err(error) => return error.into_response(),
    }
    parts.extensions.insert(once.clone());
    let response = next.run(Request::from_parts(parts, axum::body::Body::from(body))).await;
    if response.status().is_success() {
        return response;
    }
    // The same request may have come twice at once: the one that was slower answers what the quicker one did.
    answered(&app, &once).await.ok().flatten().unwrap_or(response)
}

enum Identified {
    Caller(Once, bytes::Bytes),
    Stranger(axum::body::Body),
}

async fn identified(app: &App, parts: &Parts, body: axum::body::Body) -> Result<Identified> {
    let key = parts.headers.get("idempotency-key").and_then(|value| value.to_str().ok()).unwrap_or("").to_owned();
    if key.is_empty() || key.len() > 255 {
        return Err(Error::invalid("Idempotency-Key", "must have 1 to 255 visible characters"));
    }
    let caller = match app.part::<Doorman>()?.0(app.clone(), parts.clone()).await {
        Ok(name) => name,
        Err(Error::Unauthorized(_) | Error::Forbidden(_)) => return Ok(Identified::Stranger(body)),
        Err(error) => return Err(error),
    };
    // Raw mail may be larger than other bodies.
    let times = if parts.uri.path().ends_with("/raw") { 2 } else { 1 };
    let body = input::bytes_up_to(body, times * app.config().max_body_mb * 1024 * 1024).await?;
    let fingerprint = sha256_of(&[parts.uri.to_string().as_bytes(), b"\n", &body]);
    Ok(Identified::Caller(Once { caller, key, fingerprint, answer: None, app: app.clone() }, body))
}

/// What was answered under this key before.
async fn answered(app: &App, once: &Once) -> Result<Option<Response>> {
    let sql = "SELECT fingerprint, status, body FROM idempotency WHERE caller = $1 AND key = $2";
    let Some(row) = app.db().opt(sql, args![&once.caller, &once.key]).await? else { return Ok(None) };
    if row.text("fingerprint")? != once.fingerprint {
        return Err(Error::invalid("Idempotency-Key", "was used for a different request; choose a new key"));
    }
    let status = StatusCode::from_u16(u16::try_from(row.int("status")?)?)?;
    let body: serde_json::Value = serde_json::from_str(&app.secrets().open(&row.text("body")?)?)?;
    let mut response = (status, Json(body)).into_response();
    let name = HeaderName::from_static("idempotency-replayed");
    response.headers_mut().insert(name, HeaderValue::from_static("true"));
    Ok(Some(response))
}

/// Forgets answers that nobody asks for any more.
pub async fn forget(app: &App) -> Result<()> {
    app.db().run("DELETE FROM idempotency WHERE created_at < $1", args![app.now() - KEPT]).await.map(drop)
}
