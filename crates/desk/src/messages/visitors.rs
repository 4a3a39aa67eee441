//! Visitors who are on the shop's pages now, as those who answer see them; and speaking to one of them first.

use aide::axum::{
    ApiRouter,
    routing::{get_with, post_with},
};
use axum::{Json, extract::State};
use base::{
    App, Error, Feature, Result, Row, Stamp, Tx, args,
    web::{Body, Created, Id, Listing},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    Direction,
    say::{NewBody, say},
};
use crate::{
    agents::{Permission, Who},
    customers::{self, CustomerId, IdentityKind},
    inboxes::{self, InboxId},
    tickets::{self, NewTicket, Priority, Shown, Status, Ticket, TicketId},
    visits::{self, GONE_AFTER, VisitId},
};

pub(super) fn feature() -> Feature {
    let routes = ApiRouter::new()
        .api_route("/visitors", get_with(list, |op| op.summary("Who is on the shop's pages now, by their consent")))
        .api_route("/visitors/{id}/chat", post_with(create, |op| op.summary("Speak to a visitor first")));
    Feature { routes, ..Feature::default() }
}

/// A visitor who is on the shop's pages.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Visitor")]
struct ShownVisitor {
    id: VisitId,
    inbox: InboxId,
    /// What they call themselves, or are called where they are known.
    name: Option<String>,
    /// The identity of their browser.
    visitor: String,
    /// For whom the shop's own server has signed.
    customer: Option<CustomerId>,
    language: Option<String>,
    page: OnPage,
    cart: Option<InCart>,
    /// Since when they are here.
    since: Stamp,
    /// Where their conversation goes on.
    ticket: Option<TicketId>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct OnPage {
    url: String,
    title: String,
    since: Stamp,
}

#[derive(Debug, Serialize, JsonSchema)]
struct InCart {
    /// In the smallest unit of the currency.
    value: i64,
    currency: String,
}

/// As many as anybody can look at.
const MOST: i64 = 200;

async fn list(who: Who, State(app): State<App>) -> Result<Json<Listing<ShownVisitor>>> {
    who.may(Permission::TicketsRead)?;
    let sql = "SELECT v.*, c.id AS person, c.name AS person_name,
        (SELECT m.ticket FROM visit_lines l JOIN messages m ON m.id = l.message WHERE l.visit = v.id
            ORDER BY l.place DESC LIMIT 1) AS ticket
        FROM visits v JOIN inboxes i ON i.id = v.inbox
        LEFT JOIN identities b ON b.kind = 'visitor' AND b.value = v.visitor AND v.customer IS NOT NULL
        LEFT JOIN customers c ON c.id = b.customer
        WHERE v.page_url IS NOT NULL AND v.here_at > $1 AND i.shop = $2
        ORDER BY v.here_since DESC, v.id DESC LIMIT $3";
    let rows = app.db().all(sql, args![app.now() - GONE_AFTER, who.shop, MOST]).await?;
    Ok(Json(Listing { data: rows.iter().map(shown).collect::<Result<_>>()? }))
}

fn shown(row: &Row) -> Result<ShownVisitor> {
    let here_at = row.int("here_at")?;
    let cart = row.opt_int("cart_value")?.zip(row.opt_text("cart_currency")?);
    Ok(ShownVisitor {
        id: row.id("id")?,
        inbox: row.id("inbox")?,
        name: row.opt_text("person_name")?.or(row.opt_text("name")?),
        visitor: row.text("visitor")?,
        customer: row.opt_id("person")?,
        language: row.opt_text("language")?,
        page: OnPage {
            url: row.text("page_url")?,
            title: row.opt_text("page_title")?.unwrap_or_default(),
            since: Stamp(row.opt_int("page_since")?.unwrap_or(here_at)),
        },
        cart: cart.map(|(value, currency)| InCart { value, currency }),
        since: Stamp(row.opt_int("here_since")?.unwrap_or(here_at)),
        ticket: row.opt_id("ticket")?,
    })
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct FirstWord {
    text: String,
}

async fn create(
    who: Who,
    State(app): State<App>,
    Id(id): Id<VisitId>,
    Body(body): Body<FirstWord>,
) -> Result<Created<Shown>> {
    who.may(Permission::TicketsWrite)?;
    let mut tx = who.begin(&app).await?;
    let (ticket, inbox) = spoken_to(&mut tx, &who, id).await?;
    let message = NewBody { inbox: Some(inbox), ..NewBody::new(Direction::Out, Some(body.text)) };
    let (ticket, _) = say(&app, &mut tx, &who, ticket, message).await?;
    let shown = tickets::show_in(&mut tx, &who, ticket.id).await?;
    tx.created(shown).await
}

/// The ticket in which a visitor who is here can be spoken to: theirs, or a new one.
async fn spoken_to(tx: &mut Tx, who: &Who, id: VisitId) -> Result<(Ticket, InboxId)> {
    let (visit, title) = visits::hold_here(tx, id).await?.ok_or(Error::NotFound)?;
    let inbox = inboxes::look(tx, visit.inbox).await?;
    if inbox.shop != who.shop || !inbox.active {
        return Err(Error::NotFound);
    }
    if visits::waits_for_them(tx, visit.id).await? {
        return Err(Error::conflict("This visitor was spoken to already and has not answered yet."));
    }
    if let Some(ticket) = visits::ticket(tx, visit.id).await? {
        let ticket = tickets::survivor(tx, ticket).await?;
        if ticket.status != Status::Closed {
            return Ok((ticket, inbox.id));
        }
    }
    // Held until we are done, so that of two who speak at once the second sees what the first has said.
    if is_spoken_to(tx, inbox.id, &visit.visitor).await? {
        return Err(Error::conflict("This visitor was spoken to already and has not answered yet."));
    }
    if visits::has_just_written(tx, visit.id).await? {
        return Err(Error::conflict("This visitor has just written to you. Answer in their ticket."));
    }
    let (kind, name) = (IdentityKind::Visitor.as_str(), visit.name.as_deref());
    let language = visit.language.as_deref();
    let customer = customers::find_or_create(tx, kind, &visit.visitor, name, language, true, &inbox.channel).await?;
    let new = NewTicket {
        shop: inbox.shop,
        subject: title.filter(|title| !title.is_empty()).unwrap_or_else(|| inbox.name.clone()),
        customer: customer.id,
        channel: inbox.channel.clone(),
        inbox: Some(inbox.id),
        language: visit.language.clone(),
        status: Status::New,
        priority: Priority::Normal,
        assignee: who.agent,
        team: inbox.team,
        tags: Vec::new(),
        follows: None,
        why: "agent",
    };
    let ticket = tickets::open(tx, new).await?;
    tickets::add_participant(tx, ticket.id, kind, &visit.visitor).await?;
    Ok((ticket, inbox.id))
}

/// Whether a first word to them is still on its way to where they read it.
async fn is_spoken_to(tx: &mut Tx, inbox: InboxId, visitor: &str) -> Result<bool> {
    let sql = "SELECT 1 AS one FROM identities i JOIN messages m ON m.customer = i.customer AND m.direction = 'out'
        WHERE i.kind = $1 AND i.value = $2 AND m.inbox = $3 AND m.delivery = 'queued' LIMIT 1";
    Ok(tx.opt(sql, args![IdentityKind::Visitor, visitor, inbox]).await?.is_some())
}
