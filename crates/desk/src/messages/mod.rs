//! A message is one thing said in a ticket, in or out; or a note, which never leaves the desk.

mod aside;
pub mod away;
mod deliver;
mod drafts;
mod fetch;
mod files;
mod greet;
mod heard;
pub mod inbound;
mod letter;
mod limits;
pub mod news;
mod note;
mod page;
mod pictures;
pub mod quarantine;
mod quote;
pub mod reply;
mod say;
mod sender;
mod show;
mod start;
mod thread;
mod transfer;
mod visitors;
mod ways;
mod withdraw;

pub use deliver::reached;
pub use files::{is_picture, serve};
pub use letter::letter;
pub use note::note;
pub use page::{PAGE, from_page};

use base::{App, DAY, Error, Feature, Result, Row, Time, Tx, args};
use connectors::channel::Party;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{
    agents::AgentId,
    customers::IdentityId,
    inboxes::InboxId,
    tickets::{self, Ticket, TicketId},
};

base::id!(
    MessageId,
    /// A file that came with a message, or waits to leave with one.
    AttachmentId,
);

base::words!(Direction {
    In = "in",
    Out = "out",
    /// Stays in the desk.
    Note = "note",
});

base::words!(
    /// Where an outgoing message is on its way.
    Delivery {
        Queued = "queued",
        Sent = "sent",
        Delivered = "delivered",
        /// Will not be tried again by itself.
        Refused = "refused",
        Bounced = "bounced",
    }
);

base::words!(AuthorKind {
    Customer = "customer",
    Agent = "agent",
    System = "system",
});

#[derive(Debug, Clone)]
pub struct Author {
    pub kind: AuthorKind,
    pub id: Option<i64>,
    pub name: String,
}

/// Who wrote to whom, as the channel said.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Parties {
    pub from: Option<Party>,
    #[serde(default)]
    pub to: Vec<Party>,
    #[serde(default)]
    pub cc: Vec<Party>,
    pub reply_to: Option<Party>,
}

/// What a message is made of before it has an id.
#[derive(Debug, Clone)]
pub struct NewMessage {
    pub inbox: Option<InboxId>,
    pub channel: String,
    pub direction: Direction,
    pub author: Author,
    /// Why it joined its ticket, where it came from outside.
    pub joined: Option<&'static str>,
    /// Through which of the shopper's identities it came.
    pub identity: Option<IdentityId>,
    pub parties: Parties,
    pub subject: Option<String>,
    pub text: String,
    /// Sanitised.
    pub html: Option<String>,
    pub quoted: Option<String>,
    pub quoted_html: Option<String>,
    pub signature: Option<String>,
    pub remote_images: i64,
    /// Only the raw input has all of it.
    pub cut: bool,
    pub external_id: Option<String>,
    pub in_reply_to: Option<String>,
    pub automatic: Option<String>,
    pub checks: Option<serde_json::Value>,
    pub language: Option<String>,
    /// The blob of the raw input.
    pub raw: Option<String>,
    pub mentions: Vec<AgentId>,
    pub delivery: Option<Delivery>,
    pub send_at: Option<Time>,
    /// It is said in a conversation, at once, and waits for no other server.
    pub conversational: bool,
    /// When the sender says it was written.
    pub sent_at: Option<Time>,
    /// The colleague who wrote down what its author said elsewhere.
    pub entered_by: Option<AgentId>,
}

impl NewMessage {
    pub fn new(channel: &str, direction: Direction, author: Author) -> Self {
        Self {
            inbox: None,
            channel: channel.to_owned(),
            direction,
            author,
            joined: None,
            identity: None,
            parties: Parties::default(),
            subject: None,
            text: String::new(),
            html: None,
            quoted: None,
            quoted_html: None,
            signature: None,
            remote_images: 0,
            cut: false,
            external_id: None,
            in_reply_to: None,
            automatic: None,
            checks: None,
            language: None,
            raw: None,
            mentions: Vec::new(),
            delivery: None,
            send_at: None,
            conversational: false,
            sent_at: None,
            entered_by: None,
        }
    }
}

/// The part of a message that the house works with after it stands.
#[derive(Debug, Clone)]
pub struct Message {
    pub id: MessageId,
    pub ticket: TicketId,
    pub inbox: Option<InboxId>,
    pub direction: Direction,
    pub author: Author,
    pub parties: Parties,
    pub subject: Option<String>,
    pub text: String,
    pub html: Option<String>,
    pub signature: Option<String>,
    pub external_id: Option<String>,
    pub automatic: Option<String>,
    pub delivery: Option<Delivery>,
    pub send_at: Option<Time>,
    pub sending_at: Option<Time>,
    pub created_at: Time,
}

pub fn feature() -> Feature {
    Feature::default()
        .merge(inbound::feature())
        .merge(show::feature())
        .merge(start::feature())
        .merge(say::feature())
        .merge(transfer::feature())
        .merge(ways::feature())
        .merge(visitors::feature())
        .merge(withdraw::feature())
        .merge(deliver::feature())
        .merge(away::feature())
        .merge(drafts::feature())
        .merge(fetch::feature())
        .merge(files::feature())
        .merge(pictures::feature())
        .merge(quarantine::feature())
}

/// Forgets uploads that never became part of a message and stand in no draft.
pub async fn forget(app: &App) -> Result<()> {
    let sql = "DELETE FROM attachments WHERE message IS NULL AND created_at < $1
        AND NOT EXISTS (SELECT 1 FROM drafts d WHERE d.agent = attachments.agent)
        AND NOT EXISTS (SELECT 1 FROM visit_files f WHERE f.attachment = attachments.id)";
    app.db().run(sql, args![app.now() - 30 * DAY]).await.map(drop)
}

pub async fn find(tx: &mut Tx, id: MessageId) -> Result<Message> {
    message(&tx.one("SELECT * FROM messages WHERE id = $1 {for update}", args![id]).await?)
}

/// The message and its ticket, both held; the ticket first, as everybody does who holds both.
async fn held(tx: &mut Tx, id: MessageId) -> Result<Option<(Ticket, Message)>> {
    let Some(row) = tx.opt("SELECT ticket FROM messages WHERE id = $1", args![id]).await? else { return Ok(None) };
    let ticket = tickets::find(tx, row.id("ticket")?).await?;
    let message = match find(tx, id).await {
        Err(Error::NotFound) => return Ok(None),
        found => found?,
    };
    if message.ticket != ticket.id {
        return Err(Error::conflict("Its ticket was merged at the same moment."));
    }
    Ok(Some((ticket, message)))
}

/// Adds a message to a ticket and to what lists show of the ticket; the caller saves the ticket and emits.
async fn add(tx: &mut Tx, ticket: &mut Ticket, new: NewMessage) -> Result<MessageId> {
    let now = tx.now();
    let sql = "INSERT INTO messages (ticket, inbox, channel, direction, author_kind, author, author_name, parties,
        subject, text, html, quoted, quoted_html, signature, remote_images, external_id, in_reply_to, automatic, checks,
        language, raw, mentions, delivery, send_at, sent_at, created_at, identity, customer, joined, entered_by,
        cut)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22,
        $23, $24, $25, $26, $27, $28, $29, $30, $31) RETURNING id";
    let snippet = snippet(&new.text);
    let channel = new.channel.clone();
    // In whose journey it stands.
    let shopper = new.author.id.filter(|_| new.author.kind == AuthorKind::Customer);
    let whose = shopper.unwrap_or(ticket.customer.0);
    let args = args![
        ticket.id,
        new.inbox,
        new.channel,
        new.direction,
        new.author.kind,
        new.author.id,
        new.author.name,
        json!(new.parties),
        new.subject,
        new.text,
        new.html,
        new.quoted,
        new.quoted_html,
        new.signature,
        new.remote_images,
        new.external_id,
        new.in_reply_to,
        new.automatic,
        new.checks,
        new.language,
        new.raw,
        json!(new.mentions),
        new.delivery,
        new.send_at,
        new.sent_at,
        now,
        new.identity,
        whose,
        new.joined,
        new.entered_by,
        new.cut,
    ];
    let id: MessageId = tx.one(sql, args).await?.id("id")?;
    ticket.said(id, now, &channel, &snippet);
    Ok(id)
}

/// The first line's worth of a text, for lists.
pub fn snippet(text: &str) -> String {
    let mut short = String::new();
    for word in text.split_whitespace() {
        if short.chars().count() + word.chars().count() > 160 {
            if short.is_empty() {
                short = word.chars().take(160).collect();
            }
            break;
        }
        if !short.is_empty() {
            short.push(' ');
        }
        short.push_str(word);
    }
    short
}

fn author(row: &Row) -> Result<Author> {
    Ok(Author { kind: row.word("author_kind")?, id: row.opt_int("author")?, name: row.text("author_name")? })
}

fn delivery(row: &Row) -> Result<Option<Delivery>> {
    row.opt_text("delivery")?.map(|word| word.parse()).transpose()
}

fn message(row: &Row) -> Result<Message> {
    Ok(Message {
        id: row.id("id")?,
        ticket: row.id("ticket")?,
        inbox: row.opt_id("inbox")?,
        direction: row.word("direction")?,
        author: author(row)?,
        parties: row.json("parties")?,
        subject: row.opt_text("subject")?,
        text: row.text("text")?,
        html: row.opt_text("html")?,
        signature: row.opt_text("signature")?,
        external_id: row.opt_text("external_id")?,
        automatic: row.opt_text("automatic")?,
        delivery: delivery(row)?,
        send_at: row.opt_int("send_at")?,
        sending_at: row.opt_int("sending_at")?,
        created_at: row.int("created_at")?,
    })
}

/// A person or mailbox on a message.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Party")]
pub struct ShownParty {
    pub name: Option<String>,
    pub value: String,
}

impl From<Party> for ShownParty {
    fn from(Party { name, value }: Party) -> Self {
        Self { name, value }
    }
}

#[cfg(test)]
mod tests {
    use super::snippet;

    #[test]
    fn a_snippet_is_one_line_and_ends_with_a_whole_word() {
        assert_eq!(snippet("  Hello\n\n there "), "Hello there");
        let long = snippet(&"word ".repeat(100));
        assert!(long.chars().count() <= 160 && long.ends_with("word"));
        assert_eq!(snippet(&"x".repeat(500)).len(), 160);
    }
}
