//! Using a canned answer in a ticket: its text, filled in for that one, and that it was used.

use aide::axum::{ApiRouter, routing::post_with};
use axum::extract::State;
use base::{
    App, Error, Feature, Result, Tx, args,
    web::{Body, Created, Id},
};
use schemars::JsonSchema;
use serde::Deserialize;

use super::{Answer, AnswerId, find};
use crate::{
    agents::{Permission, Who},
    customers, orders, shops,
    tickets::{self, Ticket, TicketId},
    variables::{Facts, Filled},
};

pub(super) fn feature() -> Feature {
    let take = post_with(create, |op| op.summary("Use a canned answer: its text for one ticket"));
    Feature { routes: ApiRouter::new().api_route("/canned-answers/{id}/uses", take), ..Feature::default() }
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "CannedAnswerUse")]
struct Use {
    /// For which it is filled in.
    ticket: TicketId,
}

/// What is known where this one writes in this ticket.
pub async fn facts(app: &App, tx: &mut Tx, who: &Who, ticket: &Ticket) -> Result<Facts> {
    let (shop, customer) = (shops::find(tx, ticket.shop).await?, customers::look(tx, ticket.customer).await?);
    let language = ticket.language.as_ref().or(customer.language.as_ref()).unwrap_or(&shop.language).clone();
    let facts = Facts::new(&language, shop.zone())
        .with_text("customer.first_name", customer.first_name())
        .with_text("customer.name", Some(customer.name.clone()).filter(|_| !customer.is_nameless()))
        .with_text("agent.name", who.agent.map(|_| who.name.clone()))
        .with_text("ticket.number", Some(ticket.id.to_string()))
        .with_text("shop.name", Some(shop.name));
    // The order that the ticket is about; the newest might be another than the one that is spoken of.
    let sql = "SELECT o.* FROM tickets t JOIN orders o ON o.id = t.order_id WHERE t.id = $1 AND o.deleted_at IS NULL";
    Ok(match tx.opt(sql, args![ticket.id]).await? {
        Some(row) => orders::facts(app, facts, &orders::known(&row)?),
        None => facts,
    })
}

/// No event: it happens all day long.
async fn take(app: &App, tx: &mut Tx, who: &Who, answer: &Answer, ticket: TicketId) -> Result<Filled> {
    let row = tx.opt("SELECT * FROM tickets WHERE id = $1", args![ticket]).await?;
    let ticket = tickets::ticket(&row.ok_or_else(|| Error::invalid("ticket", "is no ticket"))?)?;
    let sql = "UPDATE canned_answers SET used = used + 1, used_at = $1 WHERE id = $2";
    tx.run(sql, args![tx.now(), answer.id]).await?;
    Ok(facts(app, tx, who, &ticket).await?.fill(&answer.html))
}

async fn create(
    who: Who,
    State(app): State<App>,
    Id(id): Id<AnswerId>,
    Body(body): Body<Use>,
) -> Result<Created<Filled>> {
    who.may(Permission::TicketsWrite)?;
    let mut tx = who.begin(&app).await?;
    let answer = find(&mut tx, &who, id).await?;
    let filled = take(&app, &mut tx, &who, &answer, body.ticket).await?;
    tx.created(filled).await
}
