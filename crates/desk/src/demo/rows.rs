//! The rows that a ticket's story leaves behind, exactly as the verbs write them, but at their own past times: events
//! straight into the log with the time at which each happened, a whole desk in one transaction.

use base::{Actor, App, Fact, Result, Time, Tx, args, blob};
use serde_json::json;

use super::cast::Person;
use crate::{
    Event,
    agents::Agent,
    customers::{self, CustomerId, IdentityKind, names},
    inboxes::Inbox,
    messages::{MessageId, NewMessage, snippet},
    shops::ShopId,
    tickets::{Priority, Status, Ticket, ticket},
};

/// Appends to the log what happened at `at`.
pub async fn log(tx: &mut Tx, at: Time, actor: Actor, event: &Event) -> Result<()> {
    let (actor, actor_id) = actor.columns();
    let sql = "INSERT INTO events (at, kind, data, ticket, customer, actor, actor_id)
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    let data = serde_json::to_value(event)?;
    tx.run(sql, args![at, event.kind(), data, event.ticket(), event.customer(), actor, actor_id]).await
}

/// Somebody the shop knows from an order, or who writes for the first time.
pub async fn customer(tx: &mut Tx, person: &Person, at: Time) -> Result<CustomerId> {
    let source = if person.known_at.is_some() { "order" } else { "email" };
    let sql = "INSERT INTO customers (name, language, created_at, updated_at) VALUES ($1, $2, $3, $3) RETURNING id";
    let id: CustomerId = tx.one(sql, args![&person.name, person.lang, at]).await?.id("id")?;
    let sql = "INSERT INTO identities (customer, kind, value, verified, source, created_at, alike, verified_by,
        verified_at, first_seen_at, last_seen_at)
        VALUES ($1, 'email', $2, $3, $4, $5, $6, CASE WHEN $3 THEN 'order' END, CASE WHEN $3 THEN $5 END, $5, $5)";
    let alike = customers::alike(IdentityKind::Email, &person.email);
    tx.run(sql, args![id, &person.email, person.known_at.is_some(), source, at, alike]).await?;
    names::write(tx, id, &person.name).await?;
    log(tx, at, Actor::System, &Event::CustomerCreated { customer: id, name: person.name.clone() }).await?;
    Ok(id)
}

/// A ticket as an arriving message begins it.
pub async fn open(
    tx: &mut Tx,
    inbox: &Inbox,
    shop: ShopId,
    customer: CustomerId,
    subject: &str,
    language: &str,
    at: Time,
) -> Result<Ticket> {
    let sql = "INSERT INTO tickets (shop, subject, status, shelf, priority, tags, customer, channel, inbox, language,
        channels, last_message_at, created_at, updated_at)
        VALUES ($1, $2, $3, 'open', $4, $5, $6, $7, $8, $9, $5, $10, $10, $10) RETURNING *";
    let args = args![
        shop,
        subject,
        Status::New,
        Priority::Normal,
        json!([]),
        customer,
        &inbox.channel,
        inbox.id,
        language,
        at
    ];
    let ticket = ticket(&tx.one(sql, args).await?)?;
    let created = Event::TicketCreated {
        ticket: ticket.id,
        subject: ticket.subject.clone(),
        status: ticket.status.to_string(),
        priority: ticket.priority.to_string(),
        channel: ticket.channel.clone(),
        inbox: ticket.inbox,
        customer,
        assignee: None,
        team: None,
        tags: Vec::new(),
        follows: None,
        why: "new_message".to_owned(),
    };
    log(tx, at, Actor::Customer(customer.0), &created).await?;
    Ok(ticket)
}

/// Adds a message, sent and past where it went out.
pub async fn message(tx: &mut Tx, ticket: &mut Ticket, new: NewMessage, at: Time) -> Result<MessageId> {
    let sql = "INSERT INTO messages (ticket, inbox, channel, direction, author_kind, author, author_name, parties,
        subject, text, html, quoted, quoted_html, signature, remote_images, external_id, in_reply_to, automatic, checks,
        language, raw, mentions, delivery, send_at, sending_at, sent_at, created_at, identity, customer)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22,
        $23, $24, $24, $24, $25,
        CASE WHEN $5 = 'customer' THEN (SELECT min(id) FROM identities WHERE customer = $6) END,
        CASE WHEN $5 = 'customer' THEN $6 ELSE (SELECT customer FROM tickets WHERE id = $1) END) RETURNING id";
    let short = snippet(&new.text);
    let channel = new.channel.clone();
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
        at
    ];
    let id: MessageId = tx.one(sql, args).await?.id("id")?;
    ticket.said(id, at, &channel, &short);
    Ok(id)
}

/// A mail as it arrived: its bytes, and that they have been read. Returns the blob.
pub async fn arrival(app: &App, tx: &mut Tx, inbox: &Inbox, raw: Vec<u8>, at: Time) -> Result<String> {
    let stored = blob::prepare(app, raw).await?;
    blob::put(tx, &stored).await?;
    let sql = "INSERT INTO arrivals (inbox, blob, received_at, state) VALUES ($1, $2, $3, 'done')";
    tx.run(sql, args![inbox.id, &stored.hash, at]).await?;
    Ok(stored.hash)
}

pub async fn file(
    app: &App,
    tx: &mut Tx,
    message: MessageId,
    agent: Option<&Agent>,
    (name, kind, bytes): (&str, &str, Vec<u8>),
    at: Time,
) -> Result<()> {
    let stored = blob::prepare(app, bytes).await?;
    blob::put(tx, &stored).await?;
    let sql = "INSERT INTO attachments (message, blob, name, content_type, size, inline, agent, created_at)
        VALUES ($1, $2, $3, $4, $5, FALSE, $6, $7)";
    let agent = agent.map(|agent| agent.id);
    tx.run(sql, args![message, &stored.hash, name, kind, stored.size, agent, at]).await
}

pub async fn participant(tx: &mut Tx, ticket: &Ticket, address: &str) -> Result<()> {
    crate::tickets::add_participant(tx, ticket.id, "email", address).await
}
