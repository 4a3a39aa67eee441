//! Finding returns, and one of them whole.

use aide::axum::{ApiRouter, routing::get_with};
use axum::{Json, extract::State as Shared};
use base::{
    App, Feature, Result, Row, args,
    web::{Id, Page, Paging, Params},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    Line, Return, ReturnId, State, get, lines_of, number_key,
    pictures::{Picture, pictures},
    read,
};
use crate::{
    agents::{Permission, Who},
    orders::{self, OrderId},
    tickets::TicketId,
};

pub(super) fn feature() -> Feature {
    let routes = ApiRouter::new()
        .api_route("/returns", get_with(list, |op| op.summary("Returns, newest first")))
        .api_route("/returns/{id}", get_with(show, |op| op.summary("One return")));
    Feature { routes, ..Feature::default() }
}

/// A return with all that belongs to it.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "ReturnDetail")]
pub struct Whole {
    #[serde(flatten)]
    pub found: Return,
    /// What is given, in the smallest unit of the currency.
    pub amount: i64,
    /// What people call the order.
    pub order_number: String,
    /// Of the policy that it was decided by.
    pub policy_version: i64,
    pub lines: Vec<Line>,
    pub pictures: Vec<Picture>,
    /// Where it can go from here.
    pub next: Vec<State>,
}

pub(super) async fn whole(app: &App, id: ReturnId) -> Result<Whole> {
    let found = get(app.db(), id).await?;
    let policy = app.db().one("SELECT version FROM return_policies WHERE id = $1", args![found.policy]).await?;
    let order_number = orders::get(app.db(), found.order).await?.order.number;
    let next = State::ALL.iter().copied().filter(|next| found.state.may_become(*next)).collect();
    Ok(Whole {
        amount: found.amount(),
        order_number,
        policy_version: policy.int("version")?,
        lines: lines_of(app.db(), id).await?,
        pictures: pictures(app.db(), id).await?,
        next,
        found,
    })
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "ReturnQuery")]
struct Wanted {
    state: Option<State>,
    /// A return's number, as it is scanned or typed.
    number: Option<String>,
    order: Option<OrderId>,
    ticket: Option<TicketId>,
    limit: Option<i64>,
    after: Option<String>,
}

async fn list(who: Who, Shared(app): Shared<App>, Params(wanted): Params<Wanted>) -> Result<Json<Page<Return>>> {
    who.may(Permission::TicketsRead)?;
    let Wanted { state, number, order, ticket, limit, after } = wanted;
    let paging = Paging { limit, after };
    let (limit, after) = (paging.limit()?, paging.after(1)?.map_or(i64::MAX, |after| after[0]));
    let number = number.map(|number| number_key(&number));
    let sql = "SELECT * FROM returns WHERE shop = $1 AND id < $2 AND ($3 = '' OR state = $3)
        AND ($4 = '' OR number = $4) AND ($5 = 0 OR order_id = $5) AND ($6 = 0 OR ticket = $6)
        ORDER BY id DESC LIMIT $7";
    let args = args![
        who.shop,
        after,
        state.map_or("", State::as_str),
        number.unwrap_or_default(),
        order.map_or(0, |order| order.0),
        ticket.map_or(0, |ticket| ticket.0),
        limit + 1,
    ];
    let found = app.db().all(sql, args).await?.iter().map(|row: &Row| read(row)).collect::<Result<Vec<_>>>()?;
    Ok(Json(Page::new(found, limit, |one: &Return| vec![one.id.0])))
}

async fn show(who: Who, Shared(app): Shared<App>, Id(id): Id<ReturnId>) -> Result<Json<Whole>> {
    who.may(Permission::TicketsRead)?;
    let found = whole(&app, id).await?;
    if found.found.shop == who.shop { Ok(Json(found)) } else { Err(base::Error::NotFound) }
}
