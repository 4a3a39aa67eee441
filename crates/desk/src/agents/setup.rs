//! First run: while nobody works here, whoever comes first becomes the owner.

use aide::axum::{ApiRouter, routing::get_with};
use axum::{Json, extract::State};
use base::{Actor, App, Error, Feature, Result, Tx, args, web::Body};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    Agent, NewAgent, Role, email_address, join,
    passwords::{self, Hashed},
    sessions::{self, Visit},
    sign_in::SignedIn,
};
use crate::shops;

pub(super) fn feature() -> Feature {
    let routes = ApiRouter::new().api_route(
        "/setup",
        get_with(show, |op| op.summary("Whether the first owner is still to be made"))
            .post_with(create, |op| op.summary("Make the first owner, and sign them in")),
    );
    Feature { routes, ..Feature::default() }
}

#[derive(Debug)]
pub struct NewOwner {
    pub email: String,
    /// None: as the address says.
    pub name: Option<String>,
    pub password: Hashed,
    pub shop_name: Option<String>,
    pub language: Option<String>,
}

/// The first owner, with a shop unless there is one. Of two at the same moment, on whichever node, one is refused.
pub async fn owner(tx: &mut Tx, new: NewOwner) -> Result<Agent> {
    tx.lock("setup").await?;
    if tx.opt("SELECT id FROM agents LIMIT 1", args![]).await?.is_some() {
        return Err(done());
    }
    let NewOwner { email, name, password, shop_name, language } = new;
    let language = language.unwrap_or_else(|| "en".into());
    let shop = match shops::the(tx).await {
        Err(Error::NotFound) => shops::open(tx, shop_name.as_deref().unwrap_or("My shop"), &language).await?,
        found => found?,
    };
    let name = name.unwrap_or_else(|| email.trim().split('@').next().unwrap_or_default().to_owned());
    let password = Some(password);
    join(tx, NewAgent { shop: shop.id, email, name, role: Role::Owner, language, password }).await
}

pub async fn needed(app: &App) -> Result<bool> {
    Ok(app.db().opt("SELECT id FROM agents LIMIT 1", args![]).await?.is_none())
}

fn done() -> Error {
    Error::conflict("Shopbell is set up already. Sign in, or ask an owner for an invitation.")
}

#[derive(Debug, Serialize, JsonSchema)]
struct SetupState {
    needed: bool,
}

async fn show(State(app): State<App>) -> Result<Json<SetupState>> {
    Ok(Json(SetupState { needed: needed(&app).await? }))
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct FirstOwner {
    email: String,
    name: String,
    password: String,
    shop_name: Option<String>,
    language: Option<String>,
}

async fn create(visit: Visit, State(app): State<App>, Body(body): Body<FirstOwner>) -> Result<SignedIn> {
    // Before the costly hash; what decides is the check in the transaction.
    if !needed(&app).await? {
        return Err(done());
    }
    let FirstOwner { email, name, password, shop_name, language } = body;
    let email = email_address("email", &email)?;
    let password = passwords::hash(&app, "password", password, &email).await?;
    let mut tx = app.begin(Actor::System).await?;
    let agent = owner(&mut tx, NewOwner { email, name: Some(name), password, shop_name, language }).await?;
    let cookie = sessions::open(&mut tx, &app, agent.id, &visit).await?;
    tx.commit().await?;
    SignedIn::answer(&app, &agent, cookie).await
}
