//! Starting a ticket ourselves, with a first message or a note.

use aide::axum::{ApiRouter, routing::post_with};
use axum::extract::State;
use base::{
    App, Error, Feature, Result, Tx,
    web::{Body, Created},
};
use connectors::channel::Party;
use schemars::JsonSchema;
use serde::Deserialize;

use super::{
    AttachmentId, Direction,
    say::{NewBody, party, say},
};
use crate::{
    agents::{AgentId, Permission, TeamId, Who},
    customers::{self, Customer, CustomerId, Sight},
    inboxes::{self, InboxId},
    tickets::{self, NewTicket, Priority, Shown, Status, change},
};

pub(super) fn feature() -> Feature {
    let routes = ApiRouter::new().api_route("/tickets", post_with(open, |op| op.summary("Start a ticket")));
    Feature { routes, ..Feature::default() }
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewTicketBody {
    subject: String,
    /// A customer's id; or `to`.
    customer: Option<CustomerId>,
    to: Option<NewCustomer>,
    inbox: Option<InboxId>,
    text: Option<String>,
    html: Option<String>,
    #[serde(default)]
    attachments: Vec<AttachmentId>,
    /// `out` (the default) or `note`.
    direction: Option<Direction>,
    priority: Option<Priority>,
    assignee: Option<AgentId>,
    team: Option<TeamId>,
    #[serde(default)]
    tags: Vec<String>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewCustomer {
    name: Option<String>,
    email: String,
}

async fn open(who: Who, State(app): State<App>, Body(body): Body<NewTicketBody>) -> Result<Created<Shown>> {
    who.may(Permission::TicketsWrite)?;
    if body.subject.trim().is_empty() {
        return Err(Error::invalid("subject", "is required"));
    }
    let mut tx = who.begin(&app).await?;
    let customer = customer(&mut tx, &body).await?;
    let inbox = match body.inbox {
        Some(id) => Some(inboxes::look(&mut tx, id).await.map_err(|_| Error::invalid("inbox", "is no inbox"))?),
        None => inboxes::first_active(&mut tx, who.shop).await?,
    };
    let new = NewTicket {
        shop: who.shop,
        subject: body.subject,
        customer: customer.id,
        channel: inbox.as_ref().map_or_else(|| "api".to_owned(), |inbox| inbox.channel.clone()),
        inbox: inbox.as_ref().map(|inbox| inbox.id),
        language: customer.language.clone(),
        status: Status::New,
        priority: body.priority.unwrap_or(Priority::Normal),
        assignee: None,
        team: None,
        tags: body.tags,
        follows: None,
        why: "agent",
    };
    let ticket = tickets::open(&mut tx, new).await?;
    if let Some(to) = &body.to {
        // Of several addresses that the customer has, this one is written to.
        tickets::add_participant(&mut tx, ticket.id, "email", &to.email).await?;
    }
    let patch =
        tickets::Patch { assignee: body.assignee.map(Some), team: body.team.map(Some), ..tickets::Patch::default() };
    let mut ticket = change::change(&mut tx, ticket, patch).await?;
    if body.text.is_some() || body.html.is_some() || !body.attachments.is_empty() {
        let message = NewBody {
            direction: body.direction.unwrap_or(Direction::Out),
            text: body.text,
            html: body.html,
            attachments: body.attachments,
            inbox: inbox.map(|inbox| inbox.id),
            to: Vec::new(),
            cc: None,
            status: None,
            mentions: Vec::new(),
        };
        ticket = say(&app, &mut tx, &who, ticket, message).await?.0;
    }
    let shown = tickets::show_in(&mut tx, &who, ticket.id).await?;
    tx.created(shown).await
}

/// The one named, or the one whose address it is, made where there is none.
async fn customer(tx: &mut Tx, body: &NewTicketBody) -> Result<Customer> {
    match (body.customer, &body.to) {
        (Some(id), None) => match customers::survivor(tx, id).await {
            Err(Error::NotFound) => Err(Error::invalid("customer", "is no customer")),
            found => found,
        },
        (None, Some(to)) => {
            let to = Party { name: to.name.clone(), ..party("to.email", &to.email)? };
            let (value, name) = (to.value.as_str(), to.name.as_deref());
            let (language, proof, source) = (None, None, "agent");
            customers::meet(tx, Sight { kind: "email", value, name, language, proof, source, seen: false }).await
        }
        _ => Err(Error::invalid("customer", "give either customer or to")),
    }
}
