//! Starting a ticket ourselves, with a first message, a note, or what somebody said in the shop or on the phone.

use aide::axum::{ApiRouter, routing::post_with};
use axum::extract::State;
use base::{
    App, Error, Feature, Result, Stamp, Tx,
    web::{Body, Created},
};
use connectors::channel::Party;
use schemars::JsonSchema;
use serde::Deserialize;

use super::{
    AttachmentId, Direction,
    heard::Heard,
    say::{NewBody, party, say},
};
use crate::{
    agents::{AgentId, Permission, TeamId, Who},
    customers::{self, Customer, CustomerId, Sight, Told},
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
    /// A customer's id; or `to`. With `in` both may be absent: then nobody knows who it was.
    customer: Option<CustomerId>,
    to: Option<NewCustomer>,
    inbox: Option<InboxId>,
    text: Option<String>,
    html: Option<String>,
    #[serde(default)]
    attachments: Vec<AttachmentId>,
    /// `out` (the default), `note`, or `in` for what they said in the shop or on the phone.
    direction: Option<Direction>,
    /// With `in`: where it was said.
    channel: Option<Heard>,
    /// With `in`: when, where it was not now.
    said_at: Option<Stamp>,
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
    /// Needed, unless it was said elsewhere (`in`).
    email: Option<String>,
    phone: Option<String>,
}

async fn open(who: Who, State(app): State<App>, Body(body): Body<NewTicketBody>) -> Result<Created<Shown>> {
    who.may(Permission::TicketsWrite)?;
    if body.subject.trim().is_empty() {
        return Err(Error::invalid("subject", "is required"));
    }
    let mut tx = who.begin(&app).await?;
    let customer = customer(&mut tx, &who, &body).await?;
    let direction = body.direction.unwrap_or(Direction::Out);
    let heard = (direction == Direction::In).then(|| body.channel.unwrap_or(Heard::InPerson));
    let inbox = match body.inbox {
        Some(id) => Some(inboxes::look(&mut tx, id).await.map_err(|_| Error::invalid("inbox", "is no inbox"))?),
        // What was said elsewhere came through none.
        None if heard.is_some() => None,
        None => inboxes::first_active(&mut tx, who.shop).await?,
    };
    let through = inbox.as_ref().map_or_else(|| "api".to_owned(), |inbox| inbox.channel.clone());
    let new = NewTicket {
        shop: who.shop,
        subject: body.subject,
        customer: customer.id,
        channel: heard.map_or(through, |heard| heard.to_string()),
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
    if let Some(email) = body.to.as_ref().and_then(|to| to.email.as_ref()) {
        // Of several addresses that the customer has, this one is written to.
        tickets::add_participant(&mut tx, ticket.id, "email", email).await?;
    }
    let patch =
        tickets::Patch { assignee: body.assignee.map(Some), team: body.team.map(Some), ..tickets::Patch::default() };
    let mut ticket = change::change(&mut tx, ticket, patch).await?;
    if heard.is_some() || body.text.is_some() || body.html.is_some() || !body.attachments.is_empty() {
        let message = NewBody {
            html: body.html,
            attachments: body.attachments,
            inbox: inbox.map(|inbox| inbox.id),
            channel: body.channel,
            said_at: body.said_at,
            ..NewBody::new(direction, body.text)
        };
        ticket = say(&app, &mut tx, &who, ticket, message).await?.0;
    }
    let shown = tickets::show_in(&mut tx, &who, ticket.id).await?;
    tx.created(shown).await
}

/// The one named, or the one whose address it is, made where there is none.
async fn customer(tx: &mut Tx, who: &Who, body: &NewTicketBody) -> Result<Customer> {
    let elsewhere = body.direction == Some(Direction::In);
    match (body.customer, &body.to) {
        (Some(id), None) => match customers::survivor(tx, id).await {
            Err(Error::NotFound) => Err(Error::invalid("customer", "is no customer")),
            found => found,
        },
        (None, Some(NewCustomer { name, email: Some(email), phone: None })) => {
            let to = Party { name: name.clone(), ..party("to.email", email)? };
            let (value, name) = (to.value.as_str(), to.name.as_deref());
            let (language, proof, source) = (None, None, "agent");
            customers::meet(tx, Sight { kind: "email", value, name, language, proof, source, seen: false }).await
        }
        (None, Some(NewCustomer { email: None, .. })) if !elsewhere => Err(Error::invalid("to.email", "is required")),
        (None, to) if elsewhere || to.is_some() => {
            let told = to.as_ref().map(|to| (to.name.as_deref(), to.email.as_deref(), to.phone.as_deref()));
            let (name, email, phone) = told.unwrap_or_default();
            customers::write_down(tx, who.shop, Told { name, email, phone }).await
        }
        _ => Err(Error::invalid("customer", "give either customer or to")),
    }
}
