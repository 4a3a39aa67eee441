//! Being let into a store by its owner: they go to the platform, say yes there, and come back with what lets us in.

use aide::axum::{ApiRouter, routing::post_with};
use axum::{
    Json, Router,
    extract::State,
    http::header,
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use base::{Actor, App, Error, Feature, HOUR, Result, args, web::Id};
use schemars::JsonSchema;
use serde::Serialize;

use super::{StoreId, connect::Connect, find};
use crate::{
    Event,
    agents::{Permission, Who},
    secrets,
};

/// Where they come back to.
const BACK: &str = "/stores/installed";
const PURPOSE: &str = "store installation";

pub(super) fn feature() -> Feature {
    let install = post_with(create, |op| op.summary("Where a store's owner goes to let us in"));
    Feature {
        routes: ApiRouter::new().api_route("/stores/{id}/installation", install),
        pages: Router::new().route(BACK, get(came_back)),
        ..Feature::default()
    }
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "StoreInstallation")]
struct Installation {
    /// Of the platform's page on which the owner says yes; good for an hour.
    url: String,
}

async fn create(who: Who, State(app): State<App>, Id(id): Id<StoreId>) -> Result<Json<Installation>> {
    who.may(Permission::StoresManage)?;
    let store = super::get(&app, id).await?;
    let state = state(&app, id, store.version, app.now() + HOUR);
    let back = format!("{}{BACK}", app.config().public_url());
    let url = store.platform(&app)?.install_address(&store.end(&app)?.settings, &back, &state)?;
    let none = || Error::conflict("This store is let in by what stands in its settings. Nothing is installed.");
    Ok(Json(Installation { url: url.ok_or_else(none)? }))
}

/// Names the store, its settings as they were, and until when; signed.
fn state(app: &App, store: StoreId, version: i64, until: i64) -> String {
    let said = format!("{store}-{version}-{until}");
    let signature = app.secrets().sign(PURPOSE, &said);
    format!("{said}-{signature}")
}

fn opened(app: &App, state: &str) -> Option<(StoreId, i64)> {
    let (said, signature) = state.rsplit_once('-')?;
    let mut numbers = said.split('-').map(|number| number.parse::<i64>().ok());
    let (store, version, until) = (numbers.next()??, numbers.next()??, numbers.next()??);
    (app.secrets().is_signed(PURPOSE, said, signature) && until > app.now()).then_some((StoreId(store), version))
}

/// No cookie is needed: what they carry is signed by us and by the platform.
async fn came_back(State(app): State<App>, request: axum::extract::Request) -> Response {
    let query = request.uri().query().unwrap_or_default().as_bytes();
    let query: Vec<(String, String)> = form_urlencoded::parse(query).into_owned().take(30).collect();
    let to = match let_in(&app, &query).await {
        Ok(store) => format!("/settings/stores?connected={store}"),
        Err(error) => {
            tracing::warn!(%error, "a store could not be installed");
            let why: String = form_urlencoded::byte_serialize(error.detail().as_bytes()).collect();
            format!("/settings/stores?failed={why}")
        }
    };
    ([(header::REFERRER_POLICY, "no-referrer")], Redirect::to(&to)).into_response()
}

async fn let_in(app: &App, query: &[(String, String)]) -> Result<StoreId> {
    let again =
        || Error::conflict("This link is too old, or the store was changed meanwhile. Start again from its settings.");
    let state = query.iter().find(|(name, _)| name == "state").map(|(_, value)| value.as_str()).unwrap_or_default();
    let (id, version) = opened(app, state).ok_or_else(again)?;
    let store = super::get(app, id).await?;
    let renewed = store.platform(app)?.installed(&store.end(app)?, query).await?;
    let mut tx = app.begin(Actor::System).await?;
    let held = find(&mut tx, id).await?;
    if held.version != version {
        return Err(again());
    }
    let mut kept = secrets::open(app, held.secrets.as_deref())?;
    kept.extend(renewed);
    let sql = "UPDATE stores SET secrets = $1, active = TRUE, version = version + 1 WHERE id = $2";
    tx.run(sql, args![secrets::seal(app, &kept)?, id]).await?;
    tx.emit(&Event::StoreChanged { store: id })?;
    tx.enqueue(&Connect { store: id, version: version + 1 }).await?;
    tx.commit().await?;
    Ok(id)
}
