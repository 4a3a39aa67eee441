//! A return goes its way: agreed or declined, handed out, on its way, looked at, settled. Each step is a verb; the
//! warehouse's own stands in [`super::warehouse`].

use aide::axum::{ApiRouter, routing::post_with};
use axum::{Json, extract::State as Shared};
use base::{
    App, Error, Feature, Result, Tx, args,
    web::{Body, Id},
};
use schemars::JsonSchema;
use serde::Deserialize;

use super::{
    Money, Return, ReturnId, State, due, find,
    letters::{Letter, tell},
    list::{Whole, whole},
    not_now, pay,
    policy::{Method, Release},
};
use crate::{
    Event,
    agents::{Permission, Who},
};

pub(super) fn feature() -> Feature {
    let routes = ApiRouter::new()
        .api_route("/returns/{id}/approval", post_with(create_approval, |op| op.summary("Agree to a return")))
        .api_route("/returns/{id}/refusal", post_with(create_refusal, |op| op.summary("Decline a return")))
        .api_route("/returns/{id}/transit", post_with(create_transit, |op| op.summary("Say that it was handed in")))
        .api_route(
            "/returns/{id}/inspection",
            post_with(create_inspection, |op| op.summary("Say that it was looked at")),
        )
        .api_route(
            "/returns/{id}/payment",
            post_with(create_payment, |op| op.summary("Try again to give what is owed for a return")),
        )
        .api_route("/returns/{id}/resolution", post_with(create_resolution, |op| op.summary("Settle a return")))
        .api_route("/returns/{id}/cancellation", post_with(create_cancellation, |op| op.summary("Call a return off")));
    Feature { routes, ..Feature::default() }
}

/// Moves it on and says so; what follows from the step is for its verb.
pub(super) async fn step(tx: &mut Tx, found: Return, next: State, why: Option<&str>) -> Result<Return> {
    if !found.state.may_become(next) {
        return Err(not_now(&found, next));
    }
    let sql = "UPDATE returns SET state = $1, moved_at = $2, why = COALESCE($3, why),
        resolved_at = CASE WHEN $4 = TRUE THEN $2 ELSE resolved_at END WHERE id = $5 RETURNING *";
    let now = tx.now();
    let moved = super::read(&tx.one(sql, args![next, now, why, next == State::Resolved, found.id]).await?)?;
    tx.emit(&Event::ReturnMoved {
        id: moved.id,
        ticket: moved.ticket,
        customer: moved.customer,
        number: moved.number.clone(),
        from: found.state.as_str().to_owned(),
        to: next.as_str().to_owned(),
        why: why.map(str::to_owned),
    })?;
    Ok(moved)
}

/// Agrees. What needs a label gets one; what is kept is settled at once.
pub async fn approve(tx: &mut Tx, found: Return) -> Result<Return> {
    let approved = step(tx, found, State::Approved, None).await?;
    due::plan(tx, &approved).await?;
    let Some(method) = approved.method else {
        tell(tx, &approved, Letter::Approved).await?;
        return pay::due(tx, approved).await;
    };
    if matches!(method, Method::Label | Method::Qr) {
        return label_sent(tx, approved).await;
    }
    tell(tx, &approved, Letter::Approved).await?;
    Ok(approved)
}

pub async fn decline(tx: &mut Tx, found: Return, why: &str) -> Result<Return> {
    let declined = step(tx, found, State::Declined, Some(why)).await?;
    tell(tx, &declined, Letter::Declined).await?;
    Ok(declined)
}

/// The shopper has what they need to hand it in.
pub async fn label_sent(tx: &mut Tx, found: Return) -> Result<Return> {
    let sent = step(tx, found, State::LabelSent, None).await?;
    tell(tx, &sent, Letter::LabelSent).await?;
    Ok(sent)
}

/// The carrier has it.
pub async fn hand_in(tx: &mut Tx, found: Return) -> Result<Return> {
    let moved = step(tx, found, State::InTransit, None).await?;
    if moved.release == Release::DropOff { pay::due(tx, moved).await } else { Ok(moved) }
}

pub async fn inspect(tx: &mut Tx, found: Return) -> Result<Return> {
    let moved = step(tx, found, State::Inspected, None).await?;
    let moved = pay::due(tx, moved).await?;
    pay::close(tx, moved).await
}

pub async fn expire(tx: &mut Tx, found: Return) -> Result<Return> {
    let moved = step(tx, found, State::Expired, None).await?;
    tell(tx, &moved, Letter::Expired).await?;
    Ok(moved)
}

/// The shopper wants it no more; nothing was handed in, and nothing given.
pub async fn cancel(tx: &mut Tx, found: Return) -> Result<Return> {
    if found.money != Money::None {
        return Err(Error::conflict(format!("{} is being settled; it is too late to call it off.", found.number)));
    }
    let moved = step(tx, found, State::Cancelled, None).await?;
    tell(tx, &moved, Letter::Cancelled).await?;
    Ok(moved)
}

/// A step that a person takes: money may follow from it, and it is held to their limits.
async fn taken(
    who: Who,
    app: App,
    id: ReturnId,
    verb: impl AsyncFnOnce(&mut Tx, Return) -> Result<Return>,
) -> Result<Json<Whole>> {
    who.may(Permission::OrdersAct)?;
    who.person()?;
    let mut tx = who.begin(&app).await?;
    let found = find(&mut tx, id).await?;
    if found.shop != who.shop {
        return Err(Error::NotFound);
    }
    let moved = verb(&mut tx, found).await?;
    tx.commit().await?;
    whole(&app, moved.id).await.map(Json)
}

async fn create_approval(who: Who, Shared(app): Shared<App>, Id(id): Id<ReturnId>) -> Result<Json<Whole>> {
    taken(who, app, id, approve).await
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "ReturnRefusal")]
struct Refusal {
    /// The shopper reads it.
    why: String,
}

async fn create_refusal(
    who: Who,
    Shared(app): Shared<App>,
    Id(id): Id<ReturnId>,
    Body(refusal): Body<Refusal>,
) -> Result<Json<Whole>> {
    let why = crate::shops::line("why", &refusal.why, 1000)?;
    taken(who, app, id, async |tx, found| decline(tx, found, &why).await).await
}

async fn create_transit(who: Who, Shared(app): Shared<App>, Id(id): Id<ReturnId>) -> Result<Json<Whole>> {
    taken(who, app, id, hand_in).await
}

async fn create_inspection(who: Who, Shared(app): Shared<App>, Id(id): Id<ReturnId>) -> Result<Json<Whole>> {
    taken(who, app, id, inspect).await
}

async fn create_resolution(who: Who, Shared(app): Shared<App>, Id(id): Id<ReturnId>) -> Result<Json<Whole>> {
    taken(who, app, id, pay::resolve).await
}

async fn create_payment(who: Who, Shared(app): Shared<App>, Id(id): Id<ReturnId>) -> Result<Json<Whole>> {
    taken(who, app, id, pay::again).await
}

async fn create_cancellation(who: Who, Shared(app): Shared<App>, Id(id): Id<ReturnId>) -> Result<Json<Whole>> {
    taken(who, app, id, cancel).await
}
