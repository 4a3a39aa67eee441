//! Answering a ticket: whom it goes to, through which inbox, and that it leaves once.

use base::{Error, Job, Result, Stamp, Time, Tx, args, jobs::Lane};
use connectors::channel::Party;
use mail::clean::clean_own;
use serde_json::json;

use super::{
    Author, AuthorKind, Delivery, Direction, Message, MessageId, NewMessage, Parties, add, deliver::Deliver, find,
    withdraw::Before,
};
use crate::{
    Event,
    customers::{self, CustomerId},
    inboxes::{self, Inbox, InboxId},
    tickets::{self, Status, Ticket, change},
    variables,
};

/// What was written: sanitised HTML where it was rich text, and its plain text always.
#[derive(Debug, Clone)]
pub struct Text {
    pub(super) text: String,
    pub(super) html: Option<String>,
}

impl Text {
    /// For a message that is only its files.
    pub(super) fn none() -> Self {
        Self { text: String::new(), html: None }
    }

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
    pub cc: Option<Vec<Party>>,
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
    let became = status.unwrap_or(Status::Pending);
    if matches!(became, Status::New | Status::Closed) {
        return Err(Error::invalid("status", "an answer leaves its ticket open, pending, on_hold or solved"));
    }
    let new = compose(tx, &ticket, author, text, way).await?;
    let message = queue(tx, &mut ticket, new).await?;
    super::away::goes_on(tx, &ticket, message).await?;
    let before = ticket.clone();
    let Ticket { status, waiting_since, snoozed_until, solved_at, .. } = before;
    let kept = Before { status, waiting_since, snoozed_until, solved_at, became };
    tx.run("UPDATE messages SET before = $1 WHERE id = $2", args![json!(kept), message]).await?;
    ticket.waiting_since = None;
    change::set_status(&mut ticket, became, tx.now());
    tickets::save(tx, &mut ticket).await?;
    change::tell_woken(tx, &before, &ticket, "agent")?;
    change::tell_status(tx, &before, &ticket)?;
    Ok((ticket, message))
}

/// Queues a message that no person wrote. It answers no machine, and the loop guard counts it when it leaves;
/// the ticket waits for a person as before.
pub async fn notify(tx: &mut Tx, mut ticket: Ticket, text: Text) -> Result<(Ticket, MessageId)> {
    let last = match ticket.last_in {
        Some(id) => Some(find(tx, id).await?),
        None => None,
    };
    if last.is_some_and(|message| message.automatic.is_some()) {
        return Err(Error::refused("A machine wrote last; machines are not answered by machines."));
    }
    let author = Author { kind: AuthorKind::System, id: None, name: "Shopbell".to_owned() };
    let mut new = compose(tx, &ticket, author, text, Way::default()).await?;
    new.automatic = Some("generated".to_owned());
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
    if let Some(hole) = variables::hole(&text.text).or_else(|| text.html.as_deref().and_then(variables::hole)) {
        let why = format!("{hole} has no value here. Write what it should say, or take it out");
        return Err(Error::invalid("text", why));
    }
    let last = last_from_customer(tx, ticket).await?;
    let usual = usual(tx, ticket, last.as_ref()).await?;
    let inbox = inbox_for(tx, ticket, way.inbox, usual).await?;
    let to = if way.to.is_empty() { vec![recipient(tx, ticket, &inbox, last.as_ref()).await?] } else { way.to };
    if inbox.conversational && way.cc.as_ref().is_some_and(|cc| !cc.is_empty()) {
        return Err(Error::invalid("cc", "must be empty: in a conversation nobody else is spoken to"));
    }
    let cc = match way.cc {
        Some(cc) => cc,
        None if inbox.conversational => Vec::new(),
        None => left_out(tx, ticket, &inbox, &to).await?,
    };
    // Whoever is written to may write back.
    for party in to.iter().chain(&cc) {
        tickets::add_participant(tx, ticket.id, &inbox.reaches, &party.value).await?;
    }
    let subject = match ticket.messages {
        0 => ticket.subject.clone(),
        _ => mail::subject::reply_subject(&ticket.subject),
    };
    Ok(NewMessage {
        inbox: Some(inbox.id),
        parties: Parties { from: Some(inbox.party()), to, cc, reply_to: None },
        subject: (!inbox.conversational).then_some(subject),
        text: text.text,
        html: text.html,
        signature: if inbox.conversational { None } else { signature(tx, ticket, &inbox, &author).await? },
        in_reply_to: last.and_then(|message| message.external_id),
        language: ticket.language.clone(),
        delivery: Some(Delivery::Queued),
        send_at: Some(tx.now() + if inbox.conversational { 0 } else { undo_delay(tx, ticket).await? }),
        conversational: inbox.conversational,
        ..NewMessage::new(&inbox.channel, Direction::Out, author)
    })
}

pub(super) async fn queue(tx: &mut Tx, ticket: &mut Ticket, new: NewMessage) -> Result<MessageId> {
    let send_at = new.send_at.unwrap_or(tx.now());
    ticket.inbox = ticket.inbox.or(new.inbox);
    let lane = if new.conversational { Lane::Prompt } else { Deliver::LANE };
    let message = add(tx, ticket, new).await?;
    tx.enqueue_on(lane, send_at, &Deliver { message }).await?;
    let snippet = ticket.snippet.clone();
    tx.emit(&Event::MessageQueued { ticket: ticket.id, message, send_at: Some(Stamp(send_at)), snippet })?;
    Ok(message)
}

/// The inbox asked for, or the usual one, or the shop's first: it must still be in use.
async fn inbox_for(tx: &mut Tx, ticket: &Ticket, asked: Option<InboxId>, usual: Option<InboxId>) -> Result<Inbox> {
    if let Some(id) = asked.or(usual) {
        let inbox = inboxes::look(tx, id).await.map_err(|error| match error {
            Error::NotFound => Error::invalid("inbox", "is no inbox"),
            other => other,
        })?;
        if asked.is_some() && !inbox.answers {
            return Err(Error::invalid("inbox", "only takes in; answer through another one"));
        }
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

/// Through which inbox an answer leaves where nobody says: where the shopper last wrote, they read. What came another way
/// than through an inbox that writes, too, is answered through the first that reaches them.
pub(super) async fn usual(tx: &mut Tx, ticket: &Ticket, last: Option<&Message>) -> Result<Option<InboxId>> {
    let there = last.and_then(|message| message.inbox);
    if let Some(id) = there.or(ticket.inbox)
        && inboxes::look(tx, id).await?.answers
    {
        return Ok(Some(id));
    }
    for inbox in inboxes::for_answers(tx, ticket.shop).await? {
        match recipient(tx, ticket, &inbox, last).await {
            Ok(_) => return Ok(Some(inbox.id)),
            Err(Error::Invalid(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(None)
}

/// What a person wrote last. A bounce or an absence note says nothing about where answers belong.
pub(super) async fn last_from_customer(tx: &mut Tx, ticket: &Ticket) -> Result<Option<Message>> {
    let sql = "SELECT * FROM messages WHERE ticket = $1 AND direction = 'in' AND automatic IS NULL
        ORDER BY created_at DESC, id DESC LIMIT 1";
    tx.opt(sql, args![ticket.id]).await?.as_ref().map(super::message).transpose()
}

/// Where the shopper last wrote from, or wants answers; else an identity of theirs that the inbox can reach, best one
/// that has a part in the ticket.
pub(super) async fn recipient(tx: &mut Tx, ticket: &Ticket, inbox: &Inbox, last: Option<&Message>) -> Result<Party> {
    if let Some(message) = last
        && reads_at(tx, message, inbox).await?
        && let Some(party) = message.parties.reply_to.clone().or_else(|| message.parties.from.clone())
    {
        return Ok(party);
    }
    // Of two people in one ticket, the one who is answered.
    let whom = last.filter(|message| message.author.kind == AuthorKind::Customer).and_then(|message| message.author.id);
    let whom = whom.map_or(ticket.customer, CustomerId);
    let own = match customers_own(tx, ticket, inbox, whom).await? {
        None => super::away::left_address(tx, ticket, inbox).await?,
        own => own,
    };
    let own = match own {
        // Their conversation went on by mail.
        None if inbox.conversational => super::away::conversation(tx, ticket, inbox, last).await?,
        own => own,
    };
    own.ok_or_else(|| Error::invalid("to", "this customer has no address that this inbox can reach"))
}

/// Whether who wrote this reads what is written through an inbox: the same, or one that reaches what they gave to another
/// that does not write itself.
async fn reads_at(tx: &mut Tx, message: &Message, inbox: &Inbox) -> Result<bool> {
    let Some(there) = message.inbox else { return Ok(false) };
    if there == inbox.id {
        return Ok(true);
    }
    let there = inboxes::look(tx, there).await?;
    Ok(!there.answers && there.reaches == inbox.reaches)
}

async fn customers_own(tx: &mut Tx, ticket: &Ticket, inbox: &Inbox, whom: CustomerId) -> Result<Option<Party>> {
    // Who is called by an identity because nobody knows their name is greeted by none.
    let sql =
        "SELECT i.value, CASE WHEN EXISTS (SELECT 1 FROM identities n WHERE n.customer = c.id AND n.value = c.name)
            THEN NULL ELSE c.name END AS name FROM identities i JOIN customers c ON c.id = i.customer
        WHERE i.customer = $1 AND i.kind = $2
            AND NOT EXISTS (SELECT 1 FROM visits v WHERE v.visitor = i.value AND v.inbox <> $4)
        ORDER BY EXISTS (SELECT 1 FROM visits v WHERE v.visitor = i.value AND v.inbox = $4 AND v.expires_at > $5) DESC,
            EXISTS (SELECT 1 FROM participants p WHERE p.ticket = $3 AND p.kind = i.kind AND p.value = i.value) DESC,
            i.verified DESC, i.id LIMIT 1";
    let row = tx.opt(sql, args![whom, &inbox.reaches, ticket.id, inbox.id, tx.now()]).await?;
    row.map(|row| Ok(Party { name: row.opt_text("name")?, value: row.text("value")? })).transpose()
}

/// The ticket's customer, where an answer goes to somebody else who wrote last: whose case it is never loses sight of it,
/// whoever got hold of the address that answers go to. But people whose tickets were merged may not know of each other.
pub(super) async fn left_out(tx: &mut Tx, ticket: &Ticket, inbox: &Inbox, to: &[Party]) -> Result<Vec<Party>> {
    for party in to {
        if let Some(customer) = customers::by_identity(tx, &inbox.reaches, &party.value).await?
            && (customer.id == ticket.customer || tickets::came_by_merge(tx, ticket.id, customer.id).await?)
        {
            return Ok(Vec::new());
        }
    }
    Ok(customers_own(tx, ticket, inbox, ticket.customer).await?.into_iter().collect())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_says_nothing_is_refused() {
        assert!(Text::new(None, None).is_err());
        assert!(Text::new(Some("  \n".into()), None).is_err());
        assert!(Text::new(None, Some("<p></p>".into())).is_err());
        assert_eq!(Text::new(None, Some("<p>Hello</p>".into())).unwrap().text.trim(), "Hello");
    }
}
