//! Which merges and splits of a customer stand and can be undone.

use aide::axum::{ApiRouter, routing::get_with};
use axum::{Json, extract::State};
use base::{App, Feature, Result, Row, Stamp, args, web::Id};
use schemars::JsonSchema;
use serde::Serialize;

use super::Kind;
use crate::{
    agents::{AgentId, Permission, Who},
    customers::CustomerId,
};

pub(super) fn feature() -> Feature {
    let routes = ApiRouter::new()
        .api_route("/customers/{id}/merges", get_with(merges, |op| op.summary("Who was merged into a customer")))
        .api_route("/customers/{id}/splits", get_with(splits, |op| op.summary("Who was split out of a customer")));
    Feature { routes, ..Feature::default() }
}

/// A merge or split that can be undone.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "CustomerMove")]
struct Shown {
    id: i64,
    /// Who was merged in or split out, and what they are called.
    customer: CustomerId,
    name: String,
    agent: Option<AgentId>,
    at: Stamp,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "CustomerMoves")]
struct List {
    /// Newest first.
    data: Vec<Shown>,
}

/// More than anybody looks through.
const SHOWN: i64 = 50;

async fn list(app: &App, who: &Who, kind: Kind, id: CustomerId) -> Result<Json<List>> {
    who.may(Permission::CustomersRead)?;
    app.db().one("SELECT id FROM customers WHERE id = $1", args![id]).await?;
    let (mine, other) = match kind {
        Kind::Merge => ("target", "source"),
        Kind::Split => ("source", "target"),
    };
    let sql = format!(
        "SELECT m.id, c.id AS customer, c.name, m.agent, m.created_at FROM customer_moves m
        JOIN customers c ON c.id = m.{other} WHERE m.{mine} = $1 AND m.kind = $2 AND m.undone_at IS NULL
        ORDER BY m.id DESC LIMIT $3"
    );
    let rows = app.db().all(&sql, args![id, kind, SHOWN]).await?;
    Ok(Json(List { data: rows.iter().map(shown).collect::<Result<_>>()? }))
}

fn shown(row: &Row) -> Result<Shown> {
    Ok(Shown {
        id: row.int("id")?,
        customer: row.id("customer")?,
        name: row.text("name")?,
        agent: row.opt_id("agent")?,
        at: Stamp(row.int("created_at")?),
    })
}

async fn merges(who: Who, State(app): State<App>, Id(id): Id<CustomerId>) -> Result<Json<List>> {
    list(&app, &who, Kind::Merge, id).await
}

async fn splits(who: Who, State(app): State<App>, Id(id): Id<CustomerId>) -> Result<Json<List>> {
    list(&app, &who, Kind::Split, id).await
}
