//! What was done to orders, what is under way, and what waits for somebody.

use aide::axum::{ApiRouter, routing::get_with};
use axum::{Json, extract::State};
use base::{
    App, Error, Feature, Result, Row, args,
    web::{Gone, Id, Listing, Page, Paging, Params},
};
use schemars::JsonSchema;
use serde::Deserialize;

use super::{ActionId, Deed, State as S, deed, find, request};
use crate::{
    Event,
    agents::{Permission, Who},
    orders::{self, OrderId},
};

pub(super) fn feature() -> Feature {
    let of_order = get_with(of_order, |op| op.summary("What was done to an order, newest first"))
        .post_with(request::create, |op| op.summary("Have something done to an order, once"));
    let one = get_with(one, |op| op.summary("One action"))
        .delete_with(destroy, |op| op.summary("Take an action back that has not left"));
    let routes = ApiRouter::new()
        .api_route("/orders/{id}/actions", of_order)
        .api_route("/actions", get_with(index, |op| op.summary("Actions that wait for somebody")))
        .api_route("/actions/{id}", one);
    Feature { routes, ..Feature::default() }
}

async fn of_order(who: Who, State(app): State<App>, Id(id): Id<OrderId>) -> Result<Json<Listing<Deed>>> {
    who.may(Permission::CustomersRead)?;
    orders::get(app.db(), id).await?;
    let sql = "SELECT * FROM order_actions WHERE order_id = $1 ORDER BY id DESC LIMIT 100";
    let data = app.db().all(sql, args![id]).await?.iter().map(|row| shown(&who, row)).collect::<Result<_>>()?;
    Ok(Json(Listing { data }))
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Query {
    /// `awaiting_approval`, which is meant where nothing is said, `queued`, `running` or `unsure`.
    state: Option<String>,
    limit: Option<i64>,
    after: Option<String>,
}

async fn index(who: Who, State(app): State<App>, Params(query): Params<Query>) -> Result<Json<Page<Deed>>> {
    who.may(Permission::CustomersRead)?;
    let state = query.state.as_deref().map_or(Ok(S::AwaitingApproval), str::parse);
    let open = [S::AwaitingApproval, S::Queued, S::Running, S::Unsure];
    let state = state.ok().filter(|state| open.contains(state));
    let state = state.ok_or_else(|| Error::invalid("state", "must be awaiting_approval, queued, running or unsure"))?;
    let paging = Paging { limit: query.limit, after: query.after };
    let limit = paging.limit()?;
    let after = paging.after(1)?.map_or(0, |values| values[0]);
    let sql = "SELECT * FROM order_actions WHERE state = $1 AND shop = $2 AND id > $3
        AND state IN ('awaiting_approval', 'queued', 'running', 'unsure') ORDER BY id LIMIT $4";
    let rows = app.db().all(sql, args![state, who.shop, after, limit + 1]).await?;
    let deeds = rows.iter().map(|row| shown(&who, row)).collect::<Result<Vec<_>>>()?;
    Ok(Json(Page::new(deeds, limit, |deed| vec![deed.id.0])))
}

async fn one(who: Who, State(app): State<App>, Id(id): Id<ActionId>) -> Result<Json<Deed>> {
    who.may(Permission::CustomersRead)?;
    let row = app.db().one("SELECT * FROM order_actions WHERE id = $1", args![id]).await?;
    shown(&who, &row).map(Json)
}

/// A code is as good as money: only those see it who could have had it made.
fn shown(who: &Who, row: &Row) -> Result<Deed> {
    let mut deed = deed(row)?;
    if !who.can(Permission::OrdersAct) {
        deed.result.iter_mut().for_each(|done| done.code = None);
    }
    Ok(deed)
}

async fn destroy(who: Who, State(app): State<App>, Id(id): Id<ActionId>) -> Result<Gone> {
    who.may(Permission::OrdersAct)?;
    let mut tx = who.begin(&app).await?;
    let deed = find(&mut tx, id).await?;
    match deed.state {
        S::Withdrawn => return Ok(Gone),
        S::Queued | S::AwaitingApproval => {}
        S::Running | S::Unsure | S::Done => {
            return Err(Error::conflict("This has left already and cannot be taken back."));
        }
        S::Refused | S::Declined => {
            return Err(Error::conflict("This was not done, so there is nothing to take back."));
        }
    }
    let sql = "UPDATE order_actions SET state = 'withdrawn', ended_at = $1 WHERE id = $2";
    let now = tx.now();
    tx.run(sql, args![now, id]).await?;
    tx.emit(&Event::ActionWithdrawn { action: id, order: deed.order, ticket: deed.ticket })?;
    tx.commit().await?;
    Ok(Gone)
}
