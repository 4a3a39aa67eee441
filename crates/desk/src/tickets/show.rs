//! A ticket as the API shows it; reading and patching one.

use aide::axum::{ApiRouter, routing::get_with};
use axum::{Json, extract::State};
use base::{
    App, Feature, Result, Row, Stamp, Tx, args,
    web::{Body, Id},
};
use schemars::JsonSchema;
use serde::Serialize;

use super::{Patch, Priority, Shelf, Status, Ticket, TicketId, change, find, ticket};
use crate::{
    agents::{AgentId, Permission, TeamId, Who},
    customers::CustomerId,
    inboxes::InboxId,
};

pub(super) fn feature() -> Feature {
    let one = get_with(get, |op| op.summary("One ticket, with its likely kin"))
        .patch_with(patch, |op| op.summary("Change a ticket"));
    Feature { routes: ApiRouter::new().api_route("/tickets/{id}", one), ..Feature::default() }
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct CustomerName {
    pub id: CustomerId,
    pub name: String,
}

/// A ticket as the API shows it. Times are RFC 3339 in UTC with milliseconds.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Ticket")]
pub struct Shown {
    pub id: TicketId,
    /// What people call it.
    pub number: i64,
    pub subject: String,
    pub status: Status,
    pub priority: Priority,
    pub assignee: Option<AgentId>,
    pub team: Option<TeamId>,
    pub tags: Vec<String>,
    pub customer: CustomerName,
    pub channel: String,
    pub inbox: Option<InboxId>,
    pub language: Option<String>,
    pub spam: bool,
    /// It holds what a blocked sender wrote.
    pub blocked: bool,
    pub snoozed_until: Option<Stamp>,
    pub created_at: Stamp,
    pub updated_at: Stamp,
    pub last_message_at: Stamp,
    /// Since when the shopper waits for an answer.
    pub waiting_since: Option<Stamp>,
    pub snippet: String,
    /// How many, notes included.
    pub messages: i64,
    /// Something came in that the one who asks has not read. What is solved, spam or merged away counts as read.
    pub unread: bool,
    pub channels: Vec<String>,
    pub merged_into: Option<TicketId>,
    pub follows: Option<TicketId>,
    pub version: i64,
    /// Tickets that may belong to it; only on one ticket, not in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kin: Option<Vec<Kin>>,
}

/// A ticket that may be about the same, and why.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Kin {
    pub id: TicketId,
    pub number: i64,
    pub subject: String,
    pub why: &'static str,
}

/// What [`shown`] reads, from `tickets t` with its [`JOINS`].
pub(super) const COLUMNS: &str = "SELECT t.*, c.name AS customer_name, COALESCE(r.message, 0) AS read_to";

/// `$1` is the agent who asks. The read mark comes first, so that who looks for unread tickets reads no customers of
/// those that are passed over.
pub(super) const JOINS: &str = "LEFT JOIN reads r ON r.agent = $1 AND r.ticket = t.id
    JOIN customers c ON c.id = t.customer";

pub(super) fn shown(row: &Row) -> Result<Shown> {
    let t: Ticket = ticket(row)?;
    let read_to = row.int("read_to")?;
    let alive = matches!(t.shelf(), Shelf::Open | Shelf::Waiting | Shelf::Snoozed);
    let unread = alive && t.last_in.is_some_and(|last| last.0 > read_to);
    Ok(Shown {
        id: t.id,
        number: t.id.0,
        customer: CustomerName { id: t.customer, name: row.text("customer_name")? },
        subject: t.subject,
        status: t.status,
        priority: t.priority,
        assignee: t.assignee,
        team: t.team,
        tags: t.tags,
        channel: t.channel,
        inbox: t.inbox,
        language: t.language,
        spam: t.spam,
        blocked: t.blocked,
        snoozed_until: t.snoozed_until.map(Stamp),
        created_at: Stamp(t.created_at),
        updated_at: Stamp(t.updated_at),
        last_message_at: Stamp(t.last_message_at),
        waiting_since: t.waiting_since.map(Stamp),
        snippet: t.snippet,
        messages: t.messages,
        unread,
        channels: t.channels,
        merged_into: t.merged_into,
        follows: t.follows,
        version: t.version,
        kin: None,
    })
}

/// One ticket for the one who asks.
pub async fn show(app: &App, who: &Who, id: TicketId) -> Result<Shown> {
    let sql = format!("{COLUMNS} FROM tickets t {JOINS} WHERE t.id = $2");
    shown(&app.db().one(&sql, args![who.agent.unwrap_or(AgentId(0)), id]).await?)
}

/// The same within a transaction, before anybody else can see it.
pub async fn show_in(tx: &mut Tx, who: &Who, id: TicketId) -> Result<Shown> {
    let sql = format!("{COLUMNS} FROM tickets t {JOINS} WHERE t.id = $2");
    shown(&tx.one(&sql, args![who.agent.unwrap_or(AgentId(0)), id]).await?)
}

async fn get(who: Who, State(app): State<App>, Id(id): Id<TicketId>) -> Result<Json<Shown>> {
    who.may(Permission::TicketsRead)?;
    let mut ticket = show(&app, &who, id).await?;
    ticket.kin = Some(kin(&app, &ticket).await?);
    Ok(Json(ticket))
}

/// Other live tickets of the same customer: suggestions for people, never joined by themselves.
async fn kin(app: &App, ticket: &Shown) -> Result<Vec<Kin>> {
    let sql = "SELECT id, subject FROM tickets WHERE customer = $1 AND id <> $2
        AND shelf IN ('open', 'waiting', 'snoozed') ORDER BY updated_at DESC, id DESC LIMIT 5";
    let rows = app.db().all(sql, args![ticket.customer.id, ticket.id]).await?;
    let theme = mail::subject::base_subject(&ticket.subject).to_lowercase();
    rows.iter()
        .map(|row| {
            let subject = row.text("subject")?;
            let same = mail::subject::base_subject(&subject).to_lowercase() == theme;
            let why = if same { "same_subject" } else { "same_customer" };
            Ok(Kin { id: row.id("id")?, number: row.int("id")?, subject, why })
        })
        .collect()
}

async fn patch(who: Who, State(app): State<App>, Id(id): Id<TicketId>, Body(body): Body<Patch>) -> Result<Json<Shown>> {
    who.may(Permission::TicketsWrite)?;
    let mut tx = who.begin(&app).await?;
    let ticket = find(&mut tx, id).await?;
    change::change(&mut tx, ticket, body).await?;
    tx.commit().await?;
    show(&app, &who, id).await.map(Json)
}
