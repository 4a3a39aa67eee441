//! Asking for something to be done to an order: shown first what it will do, then confirmed. Money leaves some seconds
//! later, so that it can be taken back.

use aide::axum::{ApiRouter, routing::post_with};
use axum::{Json, extract::State};
use base::{
    Actor, App, Error, Feature, Result, Time, Tx, args,
    web::{Body, Created, Id},
};
use connectors::{
    action::{Action, Hindrance},
    platform::Preview,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{ActionId, Deed, State as S, authority, deed, execute::Execute, hold, worth};
use crate::{
    Event,
    agents::{AgentId, Permission, Role, Who},
    orders::{self, Known, OrderId},
    stores::{self, Store, fresh},
    tickets::{self, TicketId},
};

/// How long money stays before it leaves, for whoever thinks better of it.
const UNDO: Time = 30_000;

pub(super) fn feature() -> Feature {
    let routes = ApiRouter::new().api_route(
        "/orders/{id}/actions/preview",
        post_with(preview, |op| op.summary("What an action on an order would do; nothing is done")),
    );
    Feature { routes, ..Feature::default() }
}

/// In whose name something is asked for, and whose limits it is held to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    Agent(AgentId, Role),
    Rule(i64),
    Bot,
    /// The order's own buyer, inside the shop's policy.
    Shopper(Option<i64>),
}

impl By {
    pub fn role(&self) -> &'static str {
        match self {
            Self::Agent(_, role) => role.as_str(),
            Self::Rule(_) => "rule",
            Self::Bot => "bot",
            Self::Shopper(_) => "shopper",
        }
    }

    pub fn actor(&self) -> Actor {
        match self {
            Self::Agent(agent, _) => Actor::Agent(agent.0),
            Self::Rule(rule) => Actor::Rule(*rule),
            Self::Shopper(Some(customer)) => Actor::Customer(*customer),
            Self::Bot | Self::Shopper(None) => Actor::System,
        }
    }

    /// A person who signed in; a token without an agent may change no order.
    pub(super) fn of(who: &Who) -> Result<Self> {
        who.may(Permission::OrdersAct)?;
        Ok(Self::Agent(who.person()?, who.role.unwrap_or(Role::Agent)))
    }
}

/// What is asked for.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    pub action: Action,
    /// The ticket that it is done for.
    #[serde(default)]
    pub ticket: Option<TicketId>,
    /// The newest action on the order as the preview showed it, null where there was none: where there is another by now,
    /// somebody else was quicker, and nothing is done.
    #[serde(default)]
    pub seen: Option<ActionId>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "ActionPreview")]
struct Shown {
    /// With its amounts filled in.
    action: Action,
    /// What goes out, in the smallest unit of the order's currency.
    amount: i64,
    currency: String,
    /// Why it needs approval; null where it does not.
    above: Option<String>,
    /// The newest action on the order; to be given back with the confirmation.
    seen: Option<ActionId>,
    /// Milliseconds in which it can be taken back.
    undo: i64,
    /// What the platform says that it will do.
    platform: Preview,
}

async fn preview(
    who: Who,
    State(app): State<App>,
    Id(id): Id<OrderId>,
    Body(body): Body<Wanted>,
) -> Result<Json<Shown>> {
    let by = By::of(&who)?;
    // Nothing is decided on what may have changed.
    let fresh = fresh(&app, id).await?;
    if let Some(why) = fresh.stale {
        return Err(Error::upstream(format!("The store does not answer, so nothing can be done there now. {why}")));
    }
    let known = fresh.known;
    let store = stores::get(&app, known.store).await?;
    able(&app, &store, &known, &body.action)?;
    let mut tx = app.begin(by.actor()).await?;
    let (action, amount) = hold::settled(&known.order, body.action, &hold::held(&mut tx, id, None).await?)?;
    let worth = worth::worth(&mut tx, &known, &action, amount).await?;
    let currency = known.order.currency.clone();
    let above = authority::above(&mut tx, known.shop, &by, action.kind(), &currency, worth).await?;
    let seen = newest(&mut tx, id).await?;
    drop(tx);
    let platform = store.platform(&app)?.preview(&store.end(&app)?, &known.order, &action).await?;
    let undo = if amount > 0 { UNDO } else { 0 };
    Ok(Json(Shown { action, amount, currency, above, seen, undo, platform }))
}

/// Whether the order's store can do this at all.
pub(super) fn able(app: &App, store: &Store, known: &Known, action: &Action) -> Result<()> {
    let offered = stores::offered(app, store, &known.order)?;
    match offered.iter().find(|one| one.kind == action.kind()).and_then(|one| one.hindrance) {
        Some(Hindrance::Unable) => Err(Error::conflict(format!("{} has no such action.", store.name))),
        Some(Hindrance::Disconnected) => Err(Error::conflict(format!("{} is not connected.", store.name))),
        _ => Ok(()),
    }
}

/// The newest action on an order; whoever asks for the next one says that they know of it.
pub async fn newest(tx: &mut Tx, order: OrderId) -> Result<Option<ActionId>> {
    let sql = "SELECT id FROM order_actions WHERE order_id = $1 ORDER BY id DESC LIMIT 1";
    tx.opt(sql, args![order]).await?.map(|row| row.id("id")).transpose()
}

/// Asks for an action: it is queued, or waits for approval where it is above the limits of whoever asks. The order as it
/// was had last decides; before anything is done at the platform it is had again.
pub async fn request(app: &App, tx: &mut Tx, by: By, order: OrderId, wanted: Wanted) -> Result<Deed> {
    let known = orders::find(tx, order).await?;
    able(app, &stores::within(tx, known.store).await?, &known, &wanted.action)?;
    if newest(tx, order).await? != wanted.seen {
        return Err(Error::conflict("Somebody has just done something to this order. Look again before you go on."));
    }
    if let Some(ticket) = wanted.ticket {
        let ticket = tickets::find(tx, ticket).await.map_err(|_| Error::invalid("ticket", "is no ticket"))?;
        if ticket.shop != known.shop {
            return Err(Error::invalid("ticket", "is a ticket of another shop"));
        }
    }
    let others = hold::held(tx, order, None).await?;
    let (action, amount) = hold::settled(&known.order, wanted.action, &others)?;
    let worth = worth::worth(tx, &known, &action, amount).await?;
    let currency = known.order.currency.clone();
    let above = authority::above(tx, known.shop, &by, action.kind(), &currency, worth).await?;
    let state = if above.is_some() { S::AwaitingApproval } else { S::Queued };
    let now = tx.now();
    let run_at = above.is_none().then_some(if amount > 0 { now + UNDO } else { now });
    let (actor, actor_id) = by.actor().columns();
    let sql = "INSERT INTO order_actions (order_id, shop, ticket, kind, action, amount, worth, currency, state, key,
            actor, actor_id, role, above, run_at, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) RETURNING *";
    let args = args![
        order,
        known.shop,
        wanted.ticket,
        action.kind(),
        serde_json::to_value(&action)?,
        amount,
        worth.unwrap_or(amount),
        currency,
        state,
        format!("shopbell-{}", app.secrets().token()?),
        actor,
        actor_id,
        by.role(),
        &above,
        run_at,
        now,
    ];
    let made = deed(&tx.one(sql, args).await?)?;
    tx.emit(&Event::ActionRequested {
        action: made.id,
        order,
        ticket: made.ticket,
        customer: known.customer,
        what: made.action.kind(),
        amount,
        currency: made.currency.clone(),
        above,
    })?;
    if let Some(at) = run_at {
        tx.enqueue_at(at, &Execute { action: made.id }).await?;
    }
    Ok(made)
}

pub(super) async fn create(
    who: Who,
    State(app): State<App>,
    Id(id): Id<OrderId>,
    Body(body): Body<Wanted>,
) -> Result<Created<Deed>> {
    let by = By::of(&who)?;
    let mut tx = who.begin(&app).await?;
    let made = request(&app, &mut tx, by, id, body).await?;
    tx.created(made).await
}
