//! What is above somebody's limits waits for a lead, who approves or declines it; and what nobody knows the end of waits
//! for somebody who looked.

use aide::axum::{ApiRouter, routing::put_with};
use axum::{Json, extract::State};
use base::{
    App, Error, Feature, Result, args,
    web::{Body, Id},
};
use connectors::platform::Done;
use schemars::JsonSchema;
use serde::Deserialize;

use super::{
    ActionId, By, Deed, State as S, authority, deed,
    execute::{self, Execute},
    find, hold,
    request::able,
    worth,
};
use crate::{
    Event,
    agents::{Permission, Who},
    orders, stores,
};

pub(super) fn feature() -> Feature {
    let routes = ApiRouter::new()
        .api_route(
            "/actions/{id}/decision",
            put_with(decide, |op| op.summary("Approve or decline an action that waits for approval")),
        )
        .api_route(
            "/actions/{id}/outcome",
            put_with(settle, |op| op.summary("Say whether an action was done that nobody knows the end of")),
        );
    Feature { routes, ..Feature::default() }
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Decision {
    approve: bool,
    /// For whoever asked.
    #[serde(default)]
    note: Option<String>,
}

async fn decide(
    who: Who,
    State(app): State<App>,
    Id(id): Id<ActionId>,
    Body(body): Body<Decision>,
) -> Result<Json<Deed>> {
    who.may(Permission::ActionsApprove)?;
    let agent = who.person()?;
    let mut tx = who.begin(&app).await?;
    // The order first, as everybody else who holds both.
    let order = tx.one("SELECT order_id FROM order_actions WHERE id = $1", args![id]).await?.id("order_id")?;
    let known = orders::find(&mut tx, order).await?;
    let deed = find(&mut tx, id).await?;
    if deed.state != S::AwaitingApproval {
        return Err(Error::conflict("This does not wait for approval any more. Look again."));
    }
    if body.approve && deed.by.kind == "agent" && deed.by.id == Some(agent.0) {
        return Err(Error::forbidden("Nobody approves what they asked for themselves. Ask another lead."));
    }
    let mut worth = deed.worth;
    let (state, run_at) = if body.approve {
        let by = By::of(&who)?;
        able(&app, &stores::within(&mut tx, known.store).await?, &known, &deed.action)?;
        let others = hold::held(&mut tx, order, Some(id)).await?;
        let (_, amount) = hold::settled(&known.order, deed.action.clone(), &others)?;
        hold::is_as_agreed(&deed, &known.order, amount)?;
        // Where nobody can say what it is worth, whoever approves it has judged.
        worth = worth::worth(&mut tx, &known, &deed.action, amount).await?.unwrap_or(worth);
        let above = authority::above(&mut tx, deed.shop, &by, deed.action.kind(), &deed.currency, Some(worth)).await?;
        if let Some(above) = above {
            return Err(Error::forbidden(format!("This is above your own limits as well: {above}. Ask an owner.")));
        }
        (S::Queued, Some(tx.now()))
    } else {
        (S::Declined, None)
    };
    let sql = "UPDATE order_actions SET state = $2, decided_by = $3, decided_at = $4, decision_note = $5, run_at = $6,
        ended_at = $7, worth = $8 WHERE id = $1 RETURNING *";
    let now = tx.now();
    let ended = (!body.approve).then_some(now);
    let note = body.note.filter(|note| !note.trim().is_empty());
    let decided = super::deed(&tx.one(sql, args![id, state, agent, now, &note, run_at, ended, worth]).await?)?;
    tx.emit(&Event::ActionDecided { action: id, order, ticket: deed.ticket, approved: body.approve, note })?;
    if body.approve {
        tx.enqueue(&Execute { action: id }).await?;
    }
    tx.commit().await?;
    Ok(Json(decided))
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Outcome {
    /// Whether it stands at the platform.
    done: bool,
    /// The platform's id of what was made.
    #[serde(default)]
    reference: Option<String>,
}

async fn settle(
    who: Who,
    State(app): State<App>,
    Id(id): Id<ActionId>,
    Body(body): Body<Outcome>,
) -> Result<Json<Deed>> {
    who.may(Permission::ActionsApprove)?;
    let mut tx = who.begin(&app).await?;
    let held = find(&mut tx, id).await?;
    if held.state != S::Unsure {
        return Err(Error::conflict("The end of this is known. Look again."));
    }
    if body.done {
        let done = Done { reference: body.reference, amount: held.amount, code: None };
        execute::done(&mut tx, &held, &done).await?;
    } else {
        execute::refused(&mut tx, &held, "It was not done, as somebody found who looked.").await?;
    }
    let row = tx.one("SELECT * FROM order_actions WHERE id = $1", args![id]).await?;
    tx.commit().await?;
    deed(&row).map(Json)
}
