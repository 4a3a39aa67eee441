//! A policy before it holds: what shoppers would read, and what it would say to the lines of an order that is known.

use aide::axum::{ApiRouter, routing::post_with};
use axum::{Json, extract::State};
use base::{App, Error, Feature, Result, Stamp, web::Body};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    Kept, PolicyId,
    policy::{Decision, Facts, Item, Part, Policy, decide, plain},
    standing::{available, delivered, facts},
    words::Words,
};
use crate::{
    agents::{Permission, Who},
    orders::{self, OrderId},
    shops::language_tag,
};

pub(super) fn feature() -> Feature {
    let words = post_with(words, |op| op.summary("What shoppers would read of a policy").description("Keeps nothing."));
    let trial = post_with(trial, |op| {
        op.summary("What a policy would say to an order")
            .description("For each line of the order and each outcome, with the reasons. Keeps nothing.")
    });
    let routes = ApiRouter::new().api_route("/return-policy/words", words).api_route("/return-policy/trials", trial);
    Feature { routes, ..Feature::default() }
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "ReturnPolicyReading")]
struct Reading {
    policy: Policy,
    /// As in BCP 47; the nearest that there is, is read.
    language: String,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ReturnPolicyWords")]
struct Read {
    language: &'static str,
    parts: Vec<Part>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "ReturnPolicyTrial")]
struct Trial {
    policy: Policy,
    /// Its number, as people write it. Absent: the newest.
    order: Option<String>,
    /// The id of one of the policy's reasons.
    reason: String,
}

/// What would be decided now, if one piece of each line were to come back.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ReturnPolicyResult")]
struct Outcome {
    order: OrderId,
    number: String,
    /// ISO 3166-1 alpha-2 of where it was sent to; empty where nobody knows.
    country: String,
    currency: String,
    placed_at: Stamp,
    delivered_at: Option<Stamp>,
    lines: Vec<Tried>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ReturnPolicyResultLine")]
struct Tried {
    line: String,
    title: String,
    variant_title: Option<String>,
    quantity: i64,
    /// Pieces that can still come back.
    left: i64,
    decision: Decision,
}

async fn words(who: Who, State(app): State<App>, Body(reading): Body<Reading>) -> Result<Json<Read>> {
    who.may(Permission::ShopManage)?;
    language_tag("language", &reading.language)?;
    let policy = inside(reading.policy.checked())?;
    let words = Words::of(&app, &reading.language).await;
    Ok(Json(Read { language: words.language, parts: plain(&policy, &words) }))
}

async fn trial(who: Who, State(app): State<App>, Body(trial): Body<Trial>) -> Result<Json<Outcome>> {
    who.may(Permission::ShopManage)?;
    who.may(Permission::CustomersRead)?;
    let policy = inside(trial.policy.checked())?;
    if policy.reason(&trial.reason).is_none() {
        return Err(Error::invalid("reason", "is no reason that is asked for"));
    }
    let known = match trial.order.as_deref().map(str::trim).filter(|number| !number.is_empty()) {
        Some(number) => orders::by_number(app.db(), who.shop, number).await?.into_iter().next(),
        None => orders::newest(app.db(), who.shop).await?,
    };
    let known = known.ok_or_else(|| Error::invalid("order", "is no order that is known here"))?;
    let kept = Kept { id: PolicyId(0), version: 0, made_at: None, made_by: None, policy };
    let mut tx = app.look().await?;
    let whole = facts(&mut tx, &kept, &known).await?;
    let order = delivered(&mut tx, &known).await?;
    let left = available(&mut tx, &known).await?;
    let line = |line: &connectors::order::Line| {
        let item = Item::of(&order, line, 1, &trial.reason);
        Tried {
            line: line.id.clone(),
            title: line.title.clone(),
            variant_title: line.variant_title.clone(),
            quantity: line.quantity,
            left: left.get(&line.id).copied().unwrap_or(0),
            decision: decide(&kept.policy, Facts { whole: &whole, item: &item }),
        }
    };
    let lines = order.lines.iter().map(line).collect();
    Ok(Json(Outcome {
        order: known.id,
        number: known.order.number.clone(),
        country: whole.country.clone(),
        currency: whole.currency.clone(),
        placed_at: Stamp(whole.placed_at),
        delivered_at: whole.delivered_at.map(Stamp),
        lines,
    }))
}

/// What is wrong with a policy that came inside of something, by where it stands there.
fn inside(checked: Result<Policy>) -> Result<Policy> {
    checked.map_err(|error| match error {
        Error::Invalid(mut wrong) => {
            for one in &mut wrong {
                one.field = format!("policy.{}", one.field);
            }
            Error::Invalid(wrong)
        }
        other => other,
    })
}
