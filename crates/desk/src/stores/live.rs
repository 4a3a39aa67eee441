//! Orders as they are now: asked of their store when somebody looks, and not again for a moment. Where the store does
//! not answer, what it said last is shown, with its age and the reason.

use std::time::Duration;

use aide::axum::{ApiRouter, routing::get_with};
use axum::{Json, extract::State};
use base::{
    Actor, App, Error, Feature, Result, Stamp, Time,
    web::{Id, Listing, Params},
};
use connectors::{
    action::{ActionKind, Hindrance, hindrance, refundable},
    order,
    platform::News,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    Store, StoreId, get, note_health,
    take::{Way, take},
    trouble,
};
use crate::{
    agents::{Permission, Who},
    customers::CustomerId,
    orders::{self, Known, OrderId},
    shipments,
};

/// For so long an order is not asked for again.
const FRESH: Time = 20_000;
/// Nobody who looks at a ticket waits longer for a store.
const PATIENCE: Duration = Duration::from_secs(6);

pub(super) fn feature() -> Feature {
    let routes = ApiRouter::new()
        .api_route("/orders", get_with(index, |op| op.summary("Orders that people call by a number")))
        .api_route("/orders/{id}", get_with(show, |op| op.summary("One order")));
    Feature { routes, ..Feature::default() }
}

/// An order, and why it may be older than it should.
#[derive(Debug)]
pub struct Fresh {
    pub known: Known,
    /// In words for the shop's people; none where it is as new as can be.
    pub stale: Option<String>,
}

/// The order as its store has it now, or had it a moment ago.
pub async fn fresh(app: &App, id: OrderId) -> Result<Fresh> {
    let known = orders::get(app.db(), id).await?;
    if app.now() - known.read_at.0 < FRESH {
        return Ok(Fresh { known, stale: None });
    }
    let store = get(app, known.store).await?;
    match asked(app, &store, &known).await {
        Ok(known) => Ok(Fresh { known, stale: None }),
        Err(error) => Ok(Fresh { known, stale: Some(blamed(app, &store, error).await?) }),
    }
}

async fn asked(app: &App, store: &Store, known: &Known) -> Result<Known> {
    let (platform, end) = (store.platform(app)?, store.end(app)?);
    if !platform.shows_orders(&end) {
        return Ok(known.clone());
    }
    if !store.active {
        return Err(Error::refused(format!("{} is disconnected.", store.name)));
    }
    let order = within(store, platform.order(&end, &known.order.id)).await?;
    let news = match order {
        Some(order) => News::Order(Box::new(order)),
        None => News::OrderDeleted { id: known.order.id.clone(), at: None },
    };
    let mut tx = app.begin(Actor::System).await?;
    take(&mut tx, store, vec![news], Way::News).await?;
    let known = orders::find(&mut tx, known.id).await?;
    tx.commit().await?;
    Ok(known)
}

/// What a store answers in time.
pub(super) async fn within<T>(store: &Store, answer: impl Future<Output = Result<T>>) -> Result<T> {
    match tokio::time::timeout(PATIENCE, answer).await {
        Ok(answer) => answer,
        Err(_) => Err(Error::upstream(format!("{} did not answer within {} seconds.", store.name, PATIENCE.as_secs()))),
    }
}

/// Notes that a store did not answer, and says so; our own faults are passed on.
pub(super) async fn blamed(app: &App, store: &Store, error: Error) -> Result<String> {
    if let Some(why) = trouble(&error).filter(|_| store.active) {
        note_health(app, store, "failing", Some(&why)).await?;
        return Ok(why);
    }
    match error {
        Error::Upstream { why, .. } | Error::Refused { why } => Ok(why),
        ours => Err(ours),
    }
}

/// An action, and what stands in its way now.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Offered {
    pub kind: ActionKind,
    pub hindrance: Option<Hindrance>,
}

/// What can be done with an order now, and why not the rest.
pub fn offered(app: &App, store: &Store, order: &order::Order) -> Result<Vec<Offered>> {
    let able = store.platform(app)?.abilities(&store.end(app)?);
    let offer = |kind: &ActionKind| {
        let hindrance = if !able.contains(kind) {
            Some(Hindrance::Unable)
        } else if !store.active {
            Some(Hindrance::Disconnected)
        } else {
            hindrance(order, *kind)
        };
        Offered { kind: *kind, hindrance }
    };
    Ok(ActionKind::ALL.iter().map(offer).collect())
}

/// An order whole, as it is shown beside a ticket.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "OrderDetail")]
pub struct Detail {
    pub id: OrderId,
    pub store: StoreId,
    pub store_name: String,
    pub customer: Option<CustomerId>,
    /// In one word, such as `processing`, `shipped`, `delivered`, `cancelled`.
    pub status: String,
    /// When it was last had from the store.
    pub read_at: Stamp,
    /// Why it may be older than it should; null where it is as new as can be.
    pub stale: Option<String>,
    /// The store has it no more since then.
    pub deleted_at: Option<Stamp>,
    /// The page on which its buyer follows it, with whatever lets in.
    pub page_url: String,
    /// The most that can be given back.
    pub refundable: i64,
    pub order: order::Order,
    pub actions: Vec<Offered>,
}

pub(super) async fn detail(app: &App, fresh: Fresh) -> Result<Detail> {
    let Fresh { mut known, stale } = fresh;
    let store = get(app, known.store).await?;
    let actions = offered(app, &store, &known.order)?;
    known.order.shipments = shipments::told(app.db(), known.id, known.order.shipments).await?;
    Ok(Detail {
        id: known.id,
        store: store.id,
        store_name: store.name,
        customer: known.customer,
        // An order is there once its parcels are, whoever says so.
        status: orders::Status::of(&known.order).as_str().to_owned(),
        read_at: known.read_at,
        stale,
        deleted_at: known.deleted_at,
        page_url: orders::link::address(app, known.id),
        refundable: refundable(&known.order),
        order: known.order,
        actions,
    })
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Called {
    /// However it is written: `#FV-20418`, `fv 20418`.
    number: String,
}

/// Newest first, at most five: numbers are unique in a store only.
async fn index(
    who: Who,
    State(app): State<App>,
    Params(query): Params<Called>,
) -> Result<Json<Listing<orders::Order>>> {
    who.may(Permission::CustomersRead)?;
    if orders::number_key(&query.number).is_empty() {
        return Err(Error::invalid("number", "must have a letter or a digit"));
    }
    let known = orders::by_number(app.db(), who.shop, &query.number).await?;
    Ok(Json(Listing { data: known.into_iter().map(Known::brief).collect() }))
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct Query {
    /// Ask the store, rather than show what it said last.
    fresh: bool,
}

async fn show(
    who: Who,
    State(app): State<App>,
    Id(id): Id<OrderId>,
    Params(query): Params<Query>,
) -> Result<Json<Detail>> {
    who.may(Permission::CustomersRead)?;
    let fresh = if query.fresh {
        fresh(&app, id).await?
    } else {
        Fresh { known: orders::get(app.db(), id).await?, stale: None }
    };
    detail(&app, fresh).await.map(Json)
}
