//! Forgotten passwords: a link by mail that sets a new one, once, within an hour. What is answered never tells whether
//! an address is known here.

use aide::{
    OperationOutput,
    axum::{
        ApiRouter,
        routing::{post_with, put_with},
    },
    generate::GenContext,
    openapi::{Operation, Response as ApiResponse},
};
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use base::{
    Actor, App, Error, Feature, HOUR, Result, Time, Tx, args,
    secrets::sha256,
    web::{Body, Gone},
};
use schemars::JsonSchema;
use serde::Deserialize;

use super::{
    AgentId,
    links::{Link, still_good},
    mail::Post,
    me::set_password,
    passwords::{self, Hashed},
    sessions::Visit,
    throttle,
};

pub(super) const GOOD_FOR: Time = HOUR;

pub(super) fn feature() -> Feature {
    let routes = ApiRouter::new()
        .api_route("/password-resets", post_with(create, |op| op.summary("Ask for a link to set a new password")))
        .api_route("/password-resets/{token}", put_with(redeem, |op| op.summary("Set a new password")));
    Feature { routes, ..Feature::default() }
}

/// The link's address for an agent, and its hash kept.
pub(super) async fn link_for(tx: &mut Tx, app: &App, agent: AgentId) -> Result<String> {
    let (secret, now) = (app.secrets().token()?, tx.now());
    tx.run("DELETE FROM password_resets WHERE expires_at < $1", args![now]).await?;
    let sql = "INSERT INTO password_resets (agent, secret, created_at, expires_at) VALUES ($1, $2, $3, $4)";
    tx.run(sql, args![agent, sha256(secret.as_bytes()), now, now + GOOD_FOR]).await?;
    Ok(format!("{}/reset/{secret}", app.config().public_url()))
}

const FIND: &str = "SELECT r.id, r.agent, r.used_at, r.expires_at, a.email
    FROM password_resets r JOIN agents a ON a.id = r.agent WHERE r.secret = $1 AND a.active = TRUE";

/// Sets the password and ends all sessions: whoever had the old one is out.
async fn reset(tx: &mut Tx, link: &Link, password: &Hashed) -> Result<()> {
    let row = tx.one(FIND, args![&link.0]).await?;
    let now = tx.now();
    still_good(row.opt_int("used_at")?, row.int("expires_at")?, now)?;
    let sql = "UPDATE password_resets SET used_at = $1 WHERE id = $2 AND used_at IS NULL RETURNING id";
    tx.one(sql, args![now, row.int("id")?]).await?;
    set_password(tx, row.id("agent")?, password, None).await
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Forgotten {
    email: String,
}

/// Whether the address is known is looked up by the job, so that the answer takes the same time either way.
async fn create(visit: Visit, State(app): State<App>, Body(body): Body<Forgotten>) -> Result<Accepted> {
    let email = body.email.trim().to_lowercase();
    throttle::admit(&app, throttle::reset_from(&visit)).await?;
    match throttle::admit(&app, throttle::reset_of(&email)).await {
        // Enough mails for this address; to whoever asks, nothing changes.
        Err(Error::TooMany { .. }) => return Ok(Accepted),
        tried => tried?,
    };
    let mut tx = app.begin(Actor::System).await?;
    let asked_at = tx.now();
    tx.enqueue(&Post::Reset { email, asked_at }).await?;
    tx.commit().await?;
    Ok(Accepted)
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewPassword {
    password: String,
}

async fn redeem(link: Link, State(app): State<App>, Body(body): Body<NewPassword>) -> Result<Gone> {
    // Before the costly hash, so that only whoever has the mail makes us work.
    let row = app.db().one(FIND, args![&link.0]).await?;
    still_good(row.opt_int("used_at")?, row.int("expires_at")?, app.now())?;
    let password = passwords::hash(&app, "password", body.password, &row.text("email")?).await?;
    let mut tx = app.begin(Actor::Agent(row.int("agent")?)).await?;
    reset(&mut tx, &link, &password).await?;
    tx.commit().await?;
    Ok(Gone)
}

/// 202: perhaps something will be sent.
struct Accepted;

impl IntoResponse for Accepted {
    fn into_response(self) -> Response {
        StatusCode::ACCEPTED.into_response()
    }
}

impl OperationOutput for Accepted {
    type Inner = ();

    fn operation_response(_: &mut GenContext, _: &mut Operation) -> Option<ApiResponse> {
        Some(ApiResponse { description: "a mail goes out if the address is known".into(), ..ApiResponse::default() })
    }

    fn inferred_responses(ctx: &mut GenContext, operation: &mut Operation) -> Vec<(Option<u16>, ApiResponse)> {
        Self::operation_response(ctx, operation).map(|response| (Some(202), response)).into_iter().collect()
    }
}
