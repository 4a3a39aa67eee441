//! Answering a ticket, noting something on it, and starting one ourselves.

use aide::axum::{ApiRouter, routing::post_with};
use axum::extract::State;
use base::{
    App, Error, Feature, Result, Stamp, Time, Tx, args,
    web::{Body, Created, Id},
};
use connectors::channel::Party;
use mail::clean::{CleanOptions, Remote};
use schemars::JsonSchema;
use serde::Deserialize;

use super::{
    AttachmentId, Author, AuthorKind, Delivery, Direction, Message, MessageId, NewMessage, Parties, add,
    deliver::Deliver, files, find, show::ShownMessage,
};
use crate::{
    Event,
    agents::{AgentId, Permission, TeamId, Who},
    customers::{self, CustomerId},
    inboxes::{self, Inbox, InboxId},
    tickets::{self, NewTicket, Priority, Shown, Status, Ticket, TicketId, change},
};

pub(super) fn feature() -> Feature {
    let routes = ApiRouter::new().api_route("/tickets", post_with(open, |op| op.summary("Start a ticket"))).api_route(
        "/tickets/{id}/messages",
        post_with(create, |op| op.summary("Answer a ticket, or note something on it")),
    );
    Feature { routes, ..Feature::default() }
}

/// What was written: sanitised HTML where it was rich text, and its plain text always.
#[derive(Debug, Clone)]
pub struct Text {
    text: String,
    html: Option<String>,
}

/// HTML of our own people, made safe like everybody's; pictures from elsewhere stay.
pub(crate) fn clean_own(html: &str) -> String {
    let options = CleanOptions { remote: Remote::Keep, ..CleanOptions::default() };
    mail::clean::clean(html, &options).html
}

impl Text {
    /// From what an agent or program sent; one of the two must say something.
    pub fn new(text: Option<String>, html: Option<String>) -> Result<Self> {
        const MOST: usize = 500_000;
        if text.as_ref().map_or(0, String::len).max(html.as_ref().map_or(0, String::len)) > MOST {
            return Err(Error::invalid("text", format!("must be shorter than {MOST} bytes")));
        }
        let html = html.filter(|html| !html.trim().is_empty()).map(|html| clean_own(&html));
        let text = match (text.filter(|text| !text.trim().is_empty()), &html) {
            (Some(text), _) => text,
            (None, Some(html)) => mail::html::to_text(html),
            (None, None) => String::new(),
        };
        if text.trim().is_empty() && html.as_ref().is_none_or(|html| !html.contains("<img")) {
            return Err(Error::invalid("text", "must say something"));
        }
        Ok(Self { text, html })
    }
}

/// Whom an answer goes to and how; what is absent follows from the ticket.
#[derive(Debug, Clone, Default)]
pub struct Way {
    pub inbox: Option<InboxId>,
    pub to: Vec<Party>,
    pub cc: Vec<Party>,
}

/// Queues a public answer: it leaves after the shop's undo delay. The ticket becomes `status`, `pending` where absent.
pub async fn reply(
    tx: &mut Tx,
    mut ticket: Ticket,
    author: Author,
    text: Text,
    way: Way,
    status: Option<Status>,
) -> Result<(Ticket, MessageId)> {
    let new = compose(tx, &ticket, author, text, way).await?;
    let message = queue(tx, &mut ticket, new).await?;
    let before = ticket.clone();
    ticket.waiting_since = None;
    change::set_status(&mut ticket, status.unwrap_or(Status::Pending), tx.now());
    tickets::save(tx, &mut ticket).await?;
    change::tell_status(tx, &before, &ticket)?;
    Ok((ticket, message))
}

/// Queues a message that no person wrote. It answers no machine, and the loop guard counts it when it leaves;
/// the ticket waits for a person as before.
pub async fn notify(tx: &mut Tx, mut ticket: Ticket, text: Text) -> Result<(Ticket, MessageId)> {
    let last = last_from_customer(tx, &ticket).await?;
    if last.is_some_and(|message| message.automatic.is_some()) {
        return Err(Error::refused("A machine wrote last; machines are not answered by machines."));
    }
    let author = Author { kind: AuthorKind::System, id: None, name: "Shopbell".to_owned() };
    let mut new = compose(tx, &ticket, author, text, Way::default()).await?;
    new.automatic = Some("auto_generated".to_owned());
    let message = queue(tx, &mut ticket, new).await?;
    tickets::save(tx, &mut ticket).await?;
    Ok((ticket, message))
}

/// Fills in whom it goes to and through which inbox, where the writer did not say.
async fn compose(tx: &mut Tx, ticket: &Ticket, author: Author, text: Text, way: Way) -> Result<NewMessage> {
    ticket.must_stand()?;
    if ticket.status == Status::Closed {
        return Err(Error::conflict("This ticket is closed. Write in a new one."));
    }
    let inbox = inbox_for(tx, ticket, way.inbox).await?;
    let last = last_from_customer(tx, ticket).await?;
    let to = if way.to.is_empty() { vec![recipient(tx, ticket, &inbox, last.as_ref()).await?] } else { way.to };
    // Whoever is written to may write back.
    for party in to.iter().chain(&way.cc) {
        tickets::add_participant(tx, ticket.id, &inbox.reaches, &party.value).await?;
    }
    let subject = match ticket.messages {
        0 => ticket.subject.clone(),
        _ => mail::subject::reply_subject(&ticket.subject),
    };
    Ok(NewMessage {
        inbox: Some(inbox.id),
        parties: Parties { from: Some(inbox.party()), to, cc: way.cc, reply_to: None },
        subject: Some(subject),
        text: text.text,
        html: text.html,
        signature: signature(tx, ticket, &inbox, &author).await?,
        in_reply_to: last.and_then(|message| message.external_id),
        language: ticket.language.clone(),
        delivery: Some(Delivery::Queued),
        send_at: Some(tx.now() + undo_delay(tx, ticket).await?),
        ..NewMessage::new(&inbox.channel, Direction::Out, author)
    })
}

async fn queue(tx: &mut Tx, ticket: &mut Ticket, new: NewMessage) -> Result<MessageId> {
    let send_at = new.send_at.unwrap_or(tx.now());
    ticket.inbox = ticket.inbox.or(new.inbox);
    let message = add(tx, ticket, new).await?;
    tx.enqueue_at(send_at, &Deliver { message }).await?;
    let snippet = ticket.snippet.clone();
    tx.emit(&Event::MessageQueued { ticket: ticket.id, message, send_at: Some(Stamp(send_at)), snippet })?;
    Ok(message)
}

/// Writes down something for colleagues only, and points those mentioned to it.
pub async fn note(
    tx: &mut Tx,
    mut ticket: Ticket,
    author: Author,
    text: Text,
    mentions: Vec<AgentId>,
) -> Result<(Ticket, MessageId)> {
    ticket.must_stand()?;
    for agent in &mentions {
        let row = tx.opt("SELECT 1 AS one FROM agents WHERE id = $1 AND active = TRUE", args![*agent]).await?;
        row.ok_or_else(|| Error::invalid("mentions", format!("{agent} is no active agent")))?;
    }
    let channel = ticket.channel.clone();
    let new = NewMessage {
        text: text.text,
        html: text.html,
        mentions: mentions.clone(),
        ..NewMessage::new(&channel, Direction::Note, author)
    };
    let message = add(tx, &mut ticket, new).await?;
    tickets::save(tx, &mut ticket).await?;
    for agent in &mentions {
        let sql = "INSERT INTO mentions (agent, ticket, message, at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";
        tx.run(sql, args![*agent, ticket.id, message, tx.now()]).await?;
    }
    let snippet = ticket.snippet.clone();
    tx.emit(&Event::NoteAdded { ticket: ticket.id, message, mentions, snippet })?;
    Ok((ticket, message))
}

/// The inbox asked for, or the ticket's, or the shop's first: it must still be in use.
async fn inbox_for(tx: &mut Tx, ticket: &Ticket, asked: Option<InboxId>) -> Result<Inbox> {
    if let Some(id) = asked.or(ticket.inbox) {
        let inbox = inboxes::find(tx, id).await.map_err(|error| match error {
            Error::NotFound => Error::invalid("inbox", "is no inbox"),
            other => other,
        })?;
        if inbox.active {
            return Ok(inbox);
        }
        if asked.is_some() {
            return Err(Error::invalid("inbox", "is switched off"));
        }
    }
    let first = inboxes::first_active(tx, ticket.shop).await?;
    first.ok_or_else(|| Error::invalid("inbox", "there is no inbox to write from; add one in the settings"))
}

async fn last_from_customer(tx: &mut Tx, ticket: &Ticket) -> Result<Option<Message>> {
    match ticket.last_in {
        Some(id) => find(tx, id).await.map(Some),
        None => Ok(None),
    }
}

/// Where the shopper last wrote from, or wants answers; else an identity of theirs that the inbox can reach.
async fn recipient(tx: &mut Tx, ticket: &Ticket, inbox: &Inbox, last: Option<&Message>) -> Result<Party> {
    if let Some(message) = last.filter(|message| message.inbox == Some(inbox.id))
        && let Some(party) = message.parties.reply_to.clone().or_else(|| message.parties.from.clone())
    {
        return Ok(party);
    }
    let sql = "SELECT i.value, c.name FROM identities i JOIN customers c ON c.id = i.customer
        WHERE i.customer = $1 AND i.kind = $2 ORDER BY i.verified DESC, i.id LIMIT 1";
    let row = tx.opt(sql, args![ticket.customer, &inbox.reaches]).await?;
    let row = row.ok_or_else(|| Error::invalid("to", "this customer has no address that this inbox can reach"))?;
    Ok(Party { name: Some(row.text("name")?), value: row.text("value")? })
}

async fn undo_delay(tx: &mut Tx, ticket: &Ticket) -> Result<Time> {
    Ok(1000 * tx.one("SELECT undo_seconds FROM shops WHERE id = $1", args![ticket.shop]).await?.int("undo_seconds")?)
}

/// The agent's, the inbox's or the shop's.
async fn signature(tx: &mut Tx, ticket: &Ticket, inbox: &Inbox, author: &Author) -> Result<Option<String>> {
    let sql = "SELECT COALESCE((SELECT signature FROM agents WHERE id = $1), $2, signature) AS signature
        FROM shops WHERE id = $3";
    let agent = author.id.filter(|_| author.kind == AuthorKind::Agent).unwrap_or(0);
    tx.one(sql, args![agent, &inbox.signature, ticket.shop]).await?.opt_text("signature")
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewBody {
    /// `out` or `note`.
    direction: Direction,
    text: Option<String>,
    html: Option<String>,
    #[serde(default)]
    attachments: Vec<AttachmentId>,
    inbox: Option<InboxId>,
    #[serde(default)]
    to: Vec<String>,
    #[serde(default)]
    cc: Vec<String>,
    /// What the ticket becomes with it; `pending` where an answer says nothing.
    status: Option<Status>,
    #[serde(default)]
    mentions: Vec<AgentId>,
}

/// Addresses as typed: `someone@example.com` or `Someone <someone@example.com>`.
fn parties(field: &str, typed: &[String]) -> Result<Vec<Party>> {
    if typed.len() > 50 {
        return Err(Error::invalid(field, "at most 50 addresses"));
    }
    typed.iter().map(|text| party(field, text)).collect()
}

fn party(field: &str, text: &str) -> Result<Party> {
    let wrong = || Error::invalid(field, format!("{} is no mail address", text.chars().take(80).collect::<String>()));
    let (name, address) = match text.trim().strip_suffix('>').and_then(|inner| inner.rsplit_once('<')) {
        Some((name, address)) => (Some(name.trim().trim_matches('"').to_owned()), address.trim()),
        None => (None, text.trim()),
    };
    let (local, domain) = address.rsplit_once('@').ok_or_else(wrong)?;
    let bad = |c: char| c.is_whitespace() || c.is_control() || "<>,;:\"()[]\\".contains(c);
    if local.is_empty() || domain.is_empty() || address.len() > 254 || address.contains(bad) || domain.contains('@') {
        return Err(wrong());
    }
    Ok(Party { name: name.filter(|name| !name.is_empty()), value: address.to_owned() })
}

/// Who writes, as the message keeps it.
fn author(who: &Who) -> Author {
    match who.agent {
        Some(agent) => Author { kind: AuthorKind::Agent, id: Some(agent.0), name: who.name.clone() },
        None => Author { kind: AuthorKind::System, id: None, name: who.name.clone() },
    }
}

async fn create(
    who: Who,
    State(app): State<App>,
    Id(id): Id<TicketId>,
    Body(body): Body<NewBody>,
) -> Result<Created<ShownMessage>> {
    who.may(Permission::TicketsWrite)?;
    let mut tx = who.begin(&app).await?;
    let ticket = tickets::find(&mut tx, id).await?;
    let (_, message) = say(&mut tx, &who, ticket, body).await?;
    let shown = super::show::show_in(&mut tx, message).await?;
    tx.created(shown).await
}

async fn say(tx: &mut Tx, who: &Who, ticket: Ticket, body: NewBody) -> Result<(Ticket, MessageId)> {
    let text = match Text::new(body.text, body.html) {
        // A file alone says enough.
        Err(Error::Invalid(_)) if !body.attachments.is_empty() => Text { text: String::new(), html: None },
        other => other?,
    };
    let (ticket, message) = match body.direction {
        Direction::Note => {
            let (mut ticket, message) = note(tx, ticket, author(who), text, body.mentions).await?;
            if let Some(status) = body.status {
                let patch = tickets::Patch { status: Some(status), ..tickets::Patch::default() };
                ticket = change::change(tx, ticket, patch).await?;
            }
            (ticket, message)
        }
        Direction::Out => {
            let way = Way { inbox: body.inbox, to: parties("to", &body.to)?, cc: parties("cc", &body.cc)? };
            reply(tx, ticket, author(who), text, way, body.status).await?
        }
        Direction::In => return Err(Error::invalid("direction", "must be out or note")),
    };
    files::adopt(tx, who, message, &body.attachments).await?;
    if let Some(agent) = who.agent {
        super::drafts::forget(tx, agent, ticket.id, body.direction).await?;
    }
    Ok((ticket, message))
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
    let customer = match (body.customer, &body.to) {
        (Some(id), None) => match customers::find(&mut tx, id).await {
            Err(Error::NotFound) => return Err(Error::invalid("customer", "is no customer")),
            other => other?,
        },
        (None, Some(to)) => {
            let to = Party { name: to.name.clone(), ..party("to.email", &to.email)? };
            customers::find_or_create(&mut tx, "email", &to.value, to.name.as_deref(), None, false, "agent").await?
        }
        _ => return Err(Error::invalid("customer", "give either customer or to")),
    };
    let inbox = match body.inbox {
        Some(id) => Some(inboxes::find(&mut tx, id).await.map_err(|_| Error::invalid("inbox", "is no inbox"))?),
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
            cc: Vec::new(),
            status: None,
            mentions: Vec::new(),
        };
        ticket = say(&mut tx, &who, ticket, message).await?.0;
    }
    let shown = tickets::show_in(&mut tx, &who, ticket.id).await?;
    tx.created(shown).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_with_and_without_names_and_refused_when_they_hide_something() {
        let ok = party("to", "Jo Brandt <jo@post.example>").unwrap();
        assert_eq!((ok.name.as_deref(), ok.value.as_str()), (Some("Jo Brandt"), "jo@post.example"));
        assert_eq!(party("to", " jo@post.example ").unwrap().value, "jo@post.example");
        for bad in ["jo", "jo@", "@x", "a@b\r\nBcc: c@d", "a@b, c@d", "a b@c", "<>"] {
            assert!(party("to", bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_text_that_says_nothing_is_refused() {
        assert!(Text::new(None, None).is_err());
        assert!(Text::new(Some("  \n".into()), None).is_err());
        assert!(Text::new(None, Some("<p></p>".into())).is_err());
        assert_eq!(Text::new(None, Some("<p>Hello</p>".into())).unwrap().text.trim(), "Hello");
    }
}
