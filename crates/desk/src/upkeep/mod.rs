//! Jobs that were laid aside after too many failures: shown, tried again or dropped by those who run the installation.

use aide::axum::{
    ApiRouter,
    routing::{delete_with, get_with, post_with},
};
use axum::{Json, extract::State};
use base::{
    App, Error, Feature, Result, Stamp, args,
    web::{Gone, Id, Listing, Params},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::agents::{Permission, Who};

pub fn feature() -> Feature {
    let routes = ApiRouter::new()
        .api_route("/jobs", get_with(index, |op| op.summary("Jobs that were laid aside")))
        .api_route("/jobs/{id}", delete_with(destroy, |op| op.summary("Drop a job that was laid aside")))
        .api_route("/jobs/{id}/retry", post_with(retry, |op| op.summary("Try a job that was laid aside again")));
    Feature { routes, ..Feature::default() }
}

#[derive(Debug, Serialize, JsonSchema)]
struct LaidAside {
    id: i64,
    name: String,
    attempts: i64,
    last_error: Option<String>,
    run_at: Stamp,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Which {
    /// `dead` is the only state that is listed; the others pass by themselves.
    state: Option<String>,
}

async fn index(who: Who, State(app): State<App>, Params(query): Params<Which>) -> Result<Json<Listing<LaidAside>>> {
    who.may(Permission::InboxesManage)?;
    if query.state.is_some_and(|state| state != "dead") {
        return Err(Error::invalid("state", "must be dead"));
    }
    let sql = "SELECT id, name, attempts, last_error, dead_at FROM jobs WHERE dead_at IS NOT NULL
        ORDER BY dead_at DESC, id DESC LIMIT 500";
    let rows = app.db().all(sql, args![]).await?;
    let shown = |row: &base::Row| -> Result<LaidAside> {
        Ok(LaidAside {
            id: row.int("id")?,
            name: row.text("name")?,
            attempts: row.int("attempts")?,
            last_error: row.opt_text("last_error")?,
            run_at: Stamp(row.int("dead_at")?),
        })
    };
    Ok(Json(Listing { data: rows.iter().map(shown).collect::<Result<_>>()? }))
}

async fn retry(who: Who, State(app): State<App>, Id(id): Id<i64>) -> Result<Gone> {
    who.may(Permission::InboxesManage)?;
    let mut tx = who.begin(&app).await?;
    base::jobs::revive(&mut tx, id).await?;
    tx.commit().await?;
    Ok(Gone)
}

async fn destroy(who: Who, State(app): State<App>, Id(id): Id<i64>) -> Result<Gone> {
    who.may(Permission::InboxesManage)?;
    let mut tx = who.begin(&app).await?;
    tx.one("DELETE FROM jobs WHERE id = $1 AND dead_at IS NOT NULL RETURNING id", args![id]).await?;
    tx.commit().await?;
    Ok(Gone)
}
