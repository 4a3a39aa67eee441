//! Which ticket does an inbound message join? A signed token or a known message of the same inbox whose participants
//! include the sender; else, on conversational channels, the verified customer's one live ticket; else a new one.
//! A number in a subject line alone never joins.

use base::{App, DAY, Result, Tx, args};
use connectors::channel::Inbound;

use super::sender::is_forged;
use crate::{
    customers::Customer,
    inboxes::Inbox,
    tickets::{self, Status, Ticket, TicketId},
    visits::{self, VisitId},
};

/// Why a message lies with what else its blocked sender wrote.
pub(super) const BLOCKED: &str = "blocked";

/// Where a message belongs.
pub(super) enum Place {
    /// This ticket, and why.
    Join(Box<Ticket>, &'static str),
    /// A new one; it goes on from an earlier one where there is one, and why.
    New(Option<TicketId>, &'static str),
}

/// A thread token: the ticket's id and a signature that only this installation can make. It survives mail programs
/// that change the case of addresses.
pub(super) fn token(app: &App, ticket: TicketId) -> String {
    format!("{ticket}z{}", app.secrets().sign("thread", &ticket.to_string()))
}

fn open_token(app: &App, token: &str) -> Option<TicketId> {
    let (ticket, signature) = token.split_once(['z', 'Z'])?;
    let signed = app.secrets().is_signed("thread", ticket, &signature.to_lowercase());
    signed.then(|| ticket.parse().ok().map(TicketId))?
}

pub(super) async fn place(
    app: &App,
    tx: &mut Tx,
    inbox: &Inbox,
    inbound: &Inbound,
    visit: Option<VisitId>,
    customer: Option<&Customer>,
    conversational: bool,
) -> Result<Place> {
    if let Some(visit) = visit
        && let Some(id) = visits::ticket(tx, visit).await?
        && let Some(ticket) = standing(tx, id).await?
    {
        return settle(tx, ticket, "visit", inbound).await;
    }
    if let Some(id) = inbound.token.as_deref().and_then(|token| open_token(app, token))
        && let Some(ticket) = standing(tx, id).await?
    {
        return settle(tx, ticket, "token", inbound).await;
    }
    if !is_forged(&inbound.checks)
        && let Some(known) = by_references(tx, inbox, inbound).await?
        && tickets::is_participant(tx, known, inbound.identity_kind, &inbound.from.value).await?
    {
        let ticket = tickets::survivor(tx, known).await?;
        return settle(tx, ticket, "references", inbound).await;
    }
    if conversational && let Some(customer) = customer.filter(|_| inbound.verified) {
        let sql = "SELECT t.id FROM tickets t JOIN shops s ON s.id = t.shop AND s.join_conversations = TRUE
            WHERE t.customer = $1 AND t.shop = $2 AND t.shelf IN ('open', 'waiting', 'snoozed') LIMIT 2";
        if let [only] = &tx.all(sql, args![customer.id, inbox.shop]).await?[..] {
            let ticket = tickets::find(tx, only.id("id")?).await?;
            return Ok(Place::Join(Box::new(ticket), "conversation"));
        }
    }
    Ok(Place::New(None, "new_message"))
}

/// For what a colleague wrote from their own mail program: a known thread is enough.
pub(super) async fn place_ours(app: &App, tx: &mut Tx, inbox: &Inbox, inbound: &Inbound) -> Result<Place> {
    let by_token = inbound.token.as_deref().and_then(|token| open_token(app, token));
    let known = match by_token {
        Some(known) => Some(known),
        None => by_references(tx, inbox, inbound).await?,
    };
    let ticket = match known {
        Some(known) => standing(tx, known).await?,
        None => None,
    };
    Ok(match ticket {
        Some(ticket) => Place::Join(Box::new(ticket), "colleague"),
        None => Place::New(None, "new_message"),
    })
}

/// What a blocked sender writes is gathered in one ticket in Spam, whatever it answers.
pub(super) async fn place_blocked(tx: &mut Tx, inbox: &Inbox, customer: Option<&Customer>) -> Result<Place> {
    let sql = "SELECT id FROM tickets WHERE customer = $1 AND blocked = TRUE AND shop = $2 AND merged_into IS NULL
        ORDER BY id DESC LIMIT 1";
    Ok(match tx.opt(sql, args![customer.map(|one| one.id), inbox.shop]).await? {
        Some(row) => Place::Join(Box::new(tickets::find(tx, row.id("id")?).await?), BLOCKED),
        None => Place::New(None, BLOCKED),
    })
}

/// The ticket of the nearest message that this one answers, of the same inbox.
async fn by_references(tx: &mut Tx, inbox: &Inbox, inbound: &Inbound) -> Result<Option<TicketId>> {
    for external_id in inbound.references.iter().take(50) {
        let sql = "SELECT ticket FROM messages WHERE external_id = $1 AND inbox = $2";
        if let Some(row) = tx.opt(sql, args![external_id, inbox.id]).await? {
            return Ok(Some(row.id("ticket")?));
        }
    }
    Ok(None)
}

async fn standing(tx: &mut Tx, id: TicketId) -> Result<Option<Ticket>> {
    match tickets::survivor(tx, id).await {
        Ok(ticket) => Ok(Some(ticket)),
        Err(base::Error::NotFound) => Ok(None),
        Err(error) => Err(error),
    }
}

/// A solved ticket takes the message inside the reopen window; past it, and when closed, a new one links back.
/// What a machine wrote never needs a new ticket.
async fn settle(tx: &mut Tx, ticket: Ticket, why: &'static str, inbound: &Inbound) -> Result<Place> {
    if inbound.automatic.is_some() {
        return Ok(Place::Join(Box::new(ticket), why));
    }
    if ticket.blocked {
        return Ok(Place::New(Some(ticket.id), "unblocked"));
    }
    if ticket.status == Status::Closed {
        return Ok(Place::New(Some(ticket.id), "closed"));
    }
    if let Some(solved_at) = ticket.solved_at {
        let row = tx.one("SELECT reopen_days FROM shops WHERE id = $1", args![ticket.shop]).await?;
        if tx.now() - solved_at > row.int("reopen_days")? * DAY {
            return Ok(Place::New(Some(ticket.id), "past_reopen_window"));
        }
    }
    Ok(Place::Join(Box::new(ticket), why))
}
