//! Signing in with address and password, and out again. Wrong guesses cost the same time whether the address is known
//! or not, and become slow.

use aide::{
    OperationOutput,
    axum::{ApiRouter, routing::post_with},
    generate::GenContext,
    openapi::{Operation, Response as ApiResponse},
};
use axum::{
    Json,
    extract::State,
    http::{HeaderValue, header::SET_COOKIE},
    response::{AppendHeaders, IntoResponse, Response},
};
use base::{
    Actor, App, Error, Feature, Result, args,
    web::{Body, Created, Gone},
};
use schemars::JsonSchema;
use serde::Deserialize;

use super::{
    Agent, AgentId, Who, agent,
    me::{Me, me},
    passwords::{self, Turn},
    sessions::{self, Visit},
    throttle::{self, Tried},
};

pub(super) fn feature() -> Feature {
    let routes = ApiRouter::new().api_route(
        "/session",
        post_with(create, |op| op.summary("Sign in"))
            .get_with(show, |op| op.summary("Who I am"))
            .delete_with(destroy, |op| op.summary("Sign out")),
    );
    Feature { routes, ..Feature::default() }
}

/// 201 with the person who is signed in now, and their cookie.
pub(super) struct SignedIn {
    cookie: HeaderValue,
    me: Me,
}

impl SignedIn {
    pub(super) async fn answer(app: &App, agent: &Agent, cookie: HeaderValue) -> Result<Self> {
        Ok(Self { cookie, me: me(app, agent.id, agent.role.permissions().to_vec()).await? })
    }
}

impl IntoResponse for SignedIn {
    fn into_response(self) -> Response {
        (AppendHeaders([(SET_COOKIE, self.cookie)]), Created(self.me)).into_response()
    }
}

impl OperationOutput for SignedIn {
    type Inner = Me;

    fn operation_response(ctx: &mut GenContext, operation: &mut Operation) -> Option<ApiResponse> {
        Created::<Me>::operation_response(ctx, operation)
    }

    fn inferred_responses(ctx: &mut GenContext, operation: &mut Operation) -> Vec<(Option<u16>, ApiResponse)> {
        Created::<Me>::inferred_responses(ctx, operation)
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Credentials {
    email: String,
    password: String,
}

/// The active agent with this address and password, and the try that found them.
async fn authenticate(app: &App, turn: &Turn, visit: &Visit, credentials: Credentials) -> Result<(Agent, Tried<3>)> {
    let email = credentials.email.trim().to_lowercase();
    let tried = throttle::admit(app, throttle::sign_in(&email, visit)).await?;
    let row = app.db().opt("SELECT * FROM agents WHERE email = $1 AND active = TRUE", args![email]).await?;
    let stored = row.as_ref().map(|row| row.opt_text("password")).transpose()?.flatten();
    let right = passwords::matches(turn, credentials.password, stored).await?;
    let Some(row) = row.filter(|_| right) else {
        return Err(Error::Unauthorized("This address and this password do not belong together.".into()));
    };
    Ok((agent(&row)?, tried))
}

// What these answer is never kept under an idempotency key: its fingerprint would be a fast hash of a password.
async fn create(visit: Visit, State(app): State<App>, Body(body): Body<Credentials>) -> Result<SignedIn> {
    // Held until the try is forgiven, so that it counts as a failure no longer than it waits.
    let turn = passwords::turn().await?;
    let (agent, tried) = authenticate(&app, &turn, &visit, body).await?;
    let AgentId(actor) = agent.id;
    let mut tx = app.begin(Actor::Agent(actor)).await?;
    throttle::forgive(&mut tx, tried).await?;
    let cookie = sessions::open(&mut tx, &app, agent.id, &visit).await?;
    tx.commit().await?;
    drop(turn);
    SignedIn::answer(&app, &agent, cookie).await
}

async fn show(who: Who, State(app): State<App>) -> Result<Json<Me>> {
    let id = who.person()?;
    Ok(Json(me(&app, id, who.permissions).await?))
}

async fn destroy(who: Who, State(app): State<App>) -> Result<SignedOut> {
    let (agent, session) = who.signed_in()?;
    let mut tx = who.begin(&app).await?;
    sessions::end(&mut tx, agent, session).await?;
    tx.commit().await?;
    Ok(SignedOut(sessions::no_cookie(&app)?))
}

/// 204, and the browser forgets its cookie.
struct SignedOut(HeaderValue);

impl IntoResponse for SignedOut {
    fn into_response(self) -> Response {
        (AppendHeaders([(SET_COOKIE, self.0)]), Gone).into_response()
    }
}

impl OperationOutput for SignedOut {
    type Inner = ();

    fn operation_response(ctx: &mut GenContext, operation: &mut Operation) -> Option<ApiResponse> {
        Gone::operation_response(ctx, operation)
    }

    fn inferred_responses(ctx: &mut GenContext, operation: &mut Operation) -> Vec<(Option<u16>, ApiResponse)> {
        Gone::inferred_responses(ctx, operation)
    }
}
