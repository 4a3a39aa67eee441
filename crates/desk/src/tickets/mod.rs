//! A ticket is one customer's case with the shop, whatever the channels it went through.

mod bulk;
pub(crate) mod change;
mod dissolve;
mod filter;
mod list;
mod merge;
mod open;
mod read;
mod show;
mod snooze;
mod split;

use base::{Error, Feature, Result, Row, Time, Tx, args};
use serde_json::json;

use crate::{
    agents::{AgentId, TeamId},
    customers::{self, CustomerId},
    inboxes::InboxId,
    messages::MessageId,
    shops::ShopId,
};

pub use change::Patch;
pub use filter::Filter;
pub use merge::unanswer;
pub use open::{NewTicket, open};
pub use read::read;
pub use show::{Shown, show, show_in};
pub use snooze::{snooze, wake};

base::id!(TicketId);

base::words!(
    /// Whose step is next.
    Status {
        /// No agent has answered yet.
        New = "new",
        /// We owe the next step.
        Open = "open",
        /// The shopper owes it.
        Pending = "pending",
        /// A third party owes it.
        OnHold = "on_hold",
        Solved = "solved",
        /// Frozen: who writes again starts a new ticket.
        Closed = "closed",
    }
);

base::words!(Priority {
    Low = "low",
    Normal = "normal",
    High = "high",
    Urgent = "urgent",
});

base::words!(
    /// Where a ticket lies for the people who work on it. Follows from its other fields.
    Shelf {
        Open = "open",
        Waiting = "waiting",
        Snoozed = "snoozed",
        Solved = "solved",
        Spam = "spam",
        Merged = "merged",
    }
);

#[derive(Debug, Clone)]
pub struct Ticket {
    pub id: TicketId,
    pub shop: ShopId,
    pub subject: String,
    pub status: Status,
    pub priority: Priority,
    pub assignee: Option<AgentId>,
    pub team: Option<TeamId>,
    pub tags: Vec<String>,
    pub customer: CustomerId,
    /// The channel of the newest message.
    pub channel: String,
    pub inbox: Option<InboxId>,
    pub language: Option<String>,
    pub spam: bool,
    /// It holds what a blocked sender wrote.
    pub blocked: bool,
    pub snoozed_until: Option<Time>,
    pub solved_at: Option<Time>,
    pub merged_into: Option<TicketId>,
    pub follows: Option<TicketId>,
    pub waiting_since: Option<Time>,
    pub messages: i64,
    pub snippet: String,
    pub channels: Vec<String>,
    pub last_message: Option<MessageId>,
    pub last_message_at: Time,
    pub last_in: Option<MessageId>,
    /// A note mentions somebody.
    pub mentioned: bool,
    pub version: i64,
    pub created_at: Time,
    pub updated_at: Time,
}

pub fn feature() -> Feature {
    Feature::default()
        .merge(list::feature())
        .merge(show::feature())
        .merge(snooze::feature())
        .merge(merge::feature())
        .merge(split::feature())
        .merge(bulk::feature())
        .merge(read::feature())
        .merge(dissolve::feature())
}

/// The ticket, held against other writers until the transaction ends.
pub async fn find(tx: &mut Tx, id: TicketId) -> Result<Ticket> {
    ticket(&tx.one("SELECT * FROM tickets WHERE id = $1 {for update}", args![id]).await?)
}

/// The ticket that stands for this one today: itself, or the one it was merged into.
pub async fn survivor(tx: &mut Tx, id: TicketId) -> Result<Ticket> {
    let mut ticket = find(tx, id).await?;
    // Merges are never circular; the bound is there so that a broken row cannot hang us.
    for _ in 0..50 {
        match ticket.merged_into {
            Some(next) => ticket = find(tx, next).await?,
            None => return Ok(ticket),
        }
    }
    Err(Error::internal(format!("ticket {id} is merged in a circle")))
}

/// Whether one of this customer's own tickets went into this one.
pub async fn came_by_merge(tx: &mut Tx, ticket: TicketId, customer: CustomerId) -> Result<bool> {
    let sql = "SELECT id FROM tickets WHERE customer = $1 AND merged_into IS NOT NULL ORDER BY id DESC LIMIT 50";
    for row in tx.all(sql, args![customer]).await? {
        if survivor(tx, row.id("id")?).await?.id == ticket {
            return Ok(true);
        }
    }
    Ok(false)
}

impl Ticket {
    pub fn shelf(&self) -> Shelf {
        match self.status {
            _ if self.merged_into.is_some() => Shelf::Merged,
            _ if self.spam => Shelf::Spam,
            Status::Solved | Status::Closed => Shelf::Solved,
            _ if self.snoozed_until.is_some() => Shelf::Snoozed,
            Status::Pending | Status::OnHold => Shelf::Waiting,
            Status::New | Status::Open => Shelf::Open,
        }
    }

    /// Refuses work on a ticket that is merged away.
    pub fn must_stand(&self) -> Result<()> {
        match self.merged_into {
            Some(into) => Err(Error::conflict(format!("This ticket was merged into #{into}. Work on that one."))),
            None => Ok(()),
        }
    }

    /// Notes one more message in the columns that lists show.
    pub fn said(&mut self, message: MessageId, at: Time, channel: &str, snippet: &str) {
        self.messages += 1;
        self.last_message = Some(message);
        self.last_message_at = at;
        snippet.clone_into(&mut self.snippet);
        if self.channels.last().is_none_or(|last| last != channel) {
            self.channels.push(channel.to_owned());
        }
        channel.clone_into(&mut self.channel);
    }
}

/// Writes every column a verb may have changed. The verb has checked, and emits.
pub(crate) async fn save(tx: &mut Tx, ticket: &mut Ticket) -> Result<()> {
    ticket.version += 1;
    // A clock that jumped back must not move a ticket down its list.
    ticket.updated_at = tx.now().max(ticket.updated_at);
    let sql = "UPDATE tickets SET subject = $2, status = $3, shelf = $4, priority = $5, assignee = $6, team = $7,
        tags = $8, customer = $9, channel = $10, inbox = $11, language = $12, spam = $13, snoozed_until = $14,
        solved_at = $15, merged_into = $16, waiting_since = $17, messages = $18, snippet = $19, channels = $20,
        last_message = $21, last_message_at = $22, last_in = $23, mentioned = $24, version = $25, updated_at = $26,
        blocked = $27
        WHERE id = $1";
    let t = &*ticket;
    let args = args![
        t.id,
        &t.subject,
        t.status,
        t.shelf(),
        t.priority,
        t.assignee,
        t.team,
        json!(t.tags),
        t.customer,
        &t.channel,
        t.inbox,
        &t.language,
        t.spam,
        t.snoozed_until,
        t.solved_at,
        t.merged_into,
        t.waiting_since,
        t.messages,
        &t.snippet,
        json!(t.channels),
        t.last_message,
        t.last_message_at,
        t.last_in,
        t.mentioned,
        t.version,
        t.updated_at,
        t.blocked,
    ];
    tx.run(sql, args).await?;
    keep_in_step(tx, ticket).await
}

/// The rows beside a ticket along which lists are read carry its shelf and age.
async fn keep_in_step(tx: &mut Tx, ticket: &Ticket) -> Result<()> {
    for (there, table) in [(!ticket.tags.is_empty(), "ticket_tags"), (ticket.mentioned, "mentioned")] {
        if there {
            let sql = format!("UPDATE {table} SET shelf = $2, updated_at = $3 WHERE ticket = $1");
            tx.run(&sql, args![ticket.id, ticket.shelf(), ticket.updated_at]).await?;
        }
    }
    Ok(())
}

/// Notes that these agents are mentioned on a ticket that is saved next.
pub(crate) async fn mention(tx: &mut Tx, ticket: &mut Ticket, agents: &[AgentId]) -> Result<()> {
    for agent in agents {
        let sql = "INSERT INTO mentioned (agent, ticket) VALUES ($1, $2) ON CONFLICT DO NOTHING";
        tx.run(sql, args![*agent, ticket.id]).await?;
        ticket.mentioned = true;
    }
    Ok(())
}

/// The addresses that may write into a ticket by answering one of its messages.
pub async fn add_participant(tx: &mut Tx, ticket: TicketId, kind: &str, value: &str) -> Result<()> {
    let sql = "INSERT INTO participants (ticket, kind, value) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
    tx.run(sql, args![ticket, kind, as_participant(kind, value)]).await
}

/// As identities are compared, so that an address is the same in whichever spelling it comes back.
fn as_participant(kind: &str, value: &str) -> String {
    let lower = || value.trim().to_lowercase();
    kind.parse().and_then(|kind| customers::normalise(kind, value)).unwrap_or_else(|_| lower())
}

pub async fn is_participant(tx: &mut Tx, ticket: TicketId, kind: &str, value: &str) -> Result<bool> {
    // Earlier versions kept them in lower case only.
    let sql = "SELECT 1 AS one FROM participants WHERE ticket = $1 AND kind = $2 AND value IN ($3, $4)";
    let args = args![ticket, kind, as_participant(kind, value), value.trim().to_lowercase()];
    Ok(tx.opt(sql, args).await?.is_some())
}

pub(crate) fn ticket(row: &Row) -> Result<Ticket> {
    Ok(Ticket {
        id: row.id("id")?,
        shop: row.id("shop")?,
        subject: row.text("subject")?,
        status: row.word("status")?,
        priority: row.word("priority")?,
        assignee: row.opt_id("assignee")?,
        team: row.opt_id("team")?,
        tags: row.json("tags")?,
        customer: row.id("customer")?,
        channel: row.text("channel")?,
        inbox: row.opt_id("inbox")?,
        language: row.opt_text("language")?,
        spam: row.bool("spam")?,
        blocked: row.bool("blocked")?,
        snoozed_until: row.opt_int("snoozed_until")?,
        solved_at: row.opt_int("solved_at")?,
        merged_into: row.opt_id("merged_into")?,
        follows: row.opt_id("follows")?,
        waiting_since: row.opt_int("waiting_since")?,
        messages: row.int("messages")?,
        snippet: row.text("snippet")?,
        channels: row.json("channels")?,
        last_message: row.opt_id("last_message")?,
        last_message_at: row.int("last_message_at")?,
        last_in: row.opt_id("last_in")?,
        mentioned: row.bool("mentioned")?,
        version: row.int("version")?,
        created_at: row.int("created_at")?,
        updated_at: row.int("updated_at")?,
    })
}
