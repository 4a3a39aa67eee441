//! A ticket begins.

use base::{Result, Tx, args};
use serde_json::json;

use super::{Priority, Status, Ticket, TicketId, change::clean_tags, ticket};
use crate::{
    Event,
    agents::{AgentId, TeamId},
    customers::CustomerId,
    inboxes::InboxId,
    shops::ShopId,
};

/// What a ticket begins with.
#[derive(Debug, Clone)]
pub struct NewTicket {
    pub shop: ShopId,
    pub subject: String,
    pub customer: CustomerId,
    pub channel: String,
    pub inbox: Option<InboxId>,
    pub language: Option<String>,
    pub status: Status,
    pub priority: Priority,
    pub assignee: Option<AgentId>,
    pub team: Option<TeamId>,
    pub tags: Vec<String>,
    /// The closed ticket that it goes on from.
    pub follows: Option<TicketId>,
    /// Why it is a ticket of its own, for the event.
    pub why: &'static str,
}

pub async fn open(tx: &mut Tx, new: NewTicket) -> Result<Ticket> {
    let tags = clean_tags(new.tags)?;
    let subject = clean_subject(&new.subject);
    let now = tx.now();
    let sql = "INSERT INTO tickets (shop, subject, status, shelf, priority, assignee, team, tags, customer, channel,
        inbox, language, follows, channels, last_message_at, created_at, updated_at)
        VALUES ($1, $2, $3, 'open', $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $14, $14) RETURNING *";
    let args = args![
        new.shop,
        subject,
        new.status,
        new.priority,
        new.assignee,
        new.team,
        json!(tags),
        new.customer,
        new.channel,
        new.inbox,
        new.language,
        new.follows,
        json!([]),
        now,
    ];
    let ticket = ticket(&tx.one(sql, args).await?)?;
    super::change::write_tags(tx, &ticket).await?;
    tx.emit(&Event::TicketCreated {
        ticket: ticket.id,
        subject: ticket.subject.clone(),
        status: ticket.status.to_string(),
        priority: ticket.priority.to_string(),
        channel: ticket.channel.clone(),
        inbox: ticket.inbox,
        customer: ticket.customer,
        assignee: ticket.assignee,
        team: ticket.team,
        tags: ticket.tags.clone(),
        follows: ticket.follows,
        why: new.why.to_owned(),
    })?;
    Ok(ticket)
}

/// One line of at most 500 characters; an empty one says so.
pub(super) fn clean_subject(subject: &str) -> String {
    let line: String = subject.chars().map(|c| if c.is_control() { ' ' } else { c }).take(500).collect();
    let line = line.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.is_empty() { "(no subject)".to_owned() } else { line }
}
