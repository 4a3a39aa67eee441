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
    customers::{self, Customer},
    shops,
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
pub async fn facts(tx: &mut Tx, who: &Who, ticket: &Ticket) -> Result<Facts> {
    Ok(Facts {
        customer: first_name(&customers::look(tx, ticket.customer).await?),
        agent: who.agent.map(|_| who.name.clone()),
        ticket: Some(ticket.id.to_string()),
        shop: Some(shops::find(tx, ticket.shop).await?.name),
    })
}

/// None where the customer is called by an address, or by nothing.
fn first_name(customer: &Customer) -> Option<String> {
    if customer.is_nameless() || customer.name.contains('@') {
        return None;
    }
    let mut words = customer.name.split_whitespace();
    let first = words.next()?;
    // "Brandt, Johanna" is how address books sort.
    let first = if first.ends_with(',') { words.next()? } else { first };
    Some(first.trim_end_matches(',').to_owned())
}

/// No event: it happens all day long.
async fn take(tx: &mut Tx, who: &Who, answer: &Answer, ticket: TicketId) -> Result<Filled> {
    let row = tx.opt("SELECT * FROM tickets WHERE id = $1", args![ticket]).await?;
    let ticket = tickets::ticket(&row.ok_or_else(|| Error::invalid("ticket", "is no ticket"))?)?;
    let sql = "UPDATE canned_answers SET used = used + 1, used_at = $1 WHERE id = $2";
    tx.run(sql, args![tx.now(), answer.id]).await?;
    Ok(facts(tx, who, &ticket).await?.fill(&answer.html))
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
    let filled = take(&mut tx, &who, &answer, body.ticket).await?;
    tx.created(filled).await
}
