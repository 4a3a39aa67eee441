//! What arrives: stored before it is parsed, then received by a job that puts it into a ticket, once.

use aide::axum::{ApiRouter, routing::post_with};
use axum::{extract::State, http::StatusCode};
use base::{
    Actor, App, Error, Feature, Job, JobSpec, Result, Tx, args, blob,
    jobs::Lane,
    web::{
        Id,
        input::{self, Unread},
    },
};
use connectors::channel::Inbound;
use serde::{Deserialize, Serialize};

use super::{
    Author, AuthorKind, Direction, MessageId, NewMessage, Parties, add,
    aside::{PATIENCE, aside},
    away, files, greet, news, note, quarantine,
    sender::{self, Sender},
    thread::{self, Place},
};
use crate::{
    Event,
    agents::{Permission, Who},
    customers::{Customer, IdentityKind},
    inboxes::{self, Inbox, InboxId},
    tickets::{self, NewTicket, Priority, Status, Ticket, change},
    visits,
};

pub(super) fn feature() -> Feature {
    Feature {
        routes: ApiRouter::new().api_route(
            "/inbound/{id}/raw",
            post_with(create, |op| {
                op.summary("Bring a raw message to an inbox; 202 once it is durable").response::<202, ()>()
            }),
        ),
        jobs: vec![JobSpec::of::<Receive>()],
        ..Feature::default()
    }
}

/// Stores raw input and the job that will read it. The same bytes in the same inbox again change nothing.
pub async fn store(tx: &mut Tx, inbox: InboxId, stored: &blob::Stored) -> Result<()> {
    blob::put(tx, stored).await?;
    let sql = "INSERT INTO arrivals (inbox, blob, received_at) VALUES ($1, $2, $3)
        ON CONFLICT (inbox, blob) DO NOTHING RETURNING id";
    if let Some(row) = tx.opt(sql, args![inbox, &stored.hash, tx.now()]).await? {
        tx.enqueue(&Receive { arrival: row.int("id")? }).await?;
    }
    Ok(())
}

/// Accepts a raw message; answers 202 once it is durable.
async fn create(
    who: Who,
    State(app): State<App>,
    Id(inbox): Id<InboxId>,
    Unread(request): Unread,
) -> Result<StatusCode> {
    who.may(Permission::TicketsWrite)?;
    let bytes = input::bytes_up_to(request.into_body(), 2 * app.config().max_body_mb * 1024 * 1024).await?;
    if bytes.is_empty() {
        return Err(Error::invalid("body", "must be a raw message (RFC 5322)"));
    }
    if !app.db().one("SELECT active FROM inboxes WHERE id = $1", args![inbox]).await?.bool("active")? {
        return Err(Error::conflict("This inbox is switched off. Switch it on, or send it to another."));
    }
    let stored = blob::prepare(&app, bytes.into()).await?;
    let mut tx = who.begin(&app).await?;
    store(&mut tx, inbox, &stored).await?;
    tx.commit().await?;
    Ok(StatusCode::ACCEPTED)
}

/// Reads one arrival.
#[derive(Serialize, Deserialize)]
pub(super) struct Receive {
    pub arrival: i64,
}

impl Job for Receive {
    const NAME: &'static str = "messages.receive";
    const LANE: Lane = Lane::Inbound;
    // It stands in the quarantine.
    const TELLS: bool = true;

    async fn run(self, app: &App) -> Result<()> {
        let sql = "SELECT inbox, blob FROM arrivals WHERE id = $1 AND state = 'waiting'";
        let Some(row) = app.db().opt(sql, args![self.arrival]).await? else { return Ok(()) };
        let (inbox, raw) = (row.id("inbox")?, row.text("blob")?);
        let bytes = blob::read(app, &raw).await?;
        match read(app, inbox, bytes).await {
            Ok((inbox, messages)) => self.take(app, &inbox, &raw, messages).await,
            // Trying again would read the same bytes the same way: people must look.
            Err(error @ (Error::Invalid(_) | Error::Refused { .. } | Error::Malformed(_))) => {
                let mut tx = app.begin(Actor::System).await?;
                quarantine::add(&mut tx, self.arrival, inbox, &error.detail()).await?;
                tx.commit().await
            }
            Err(error) => Err(error),
        }
    }

    async fn gave_up(self, tx: &mut Tx, why: &Error) -> Result<()> {
        let row = tx.one("SELECT inbox FROM arrivals WHERE id = $1", args![self.arrival]).await?;
        quarantine::add(tx, self.arrival, row.id("inbox")?, &why.detail()).await
    }
}

async fn read(app: &App, inbox: InboxId, bytes: Vec<u8>) -> Result<(Inbox, Vec<Inbound>)> {
    let inbox = inboxes::get(app, inbox).await?;
    let end = inboxes::end(app, &inbox)?;
    let channels = app.part::<connectors::Channels>()?.clone();
    let channel = inbox.channel.clone();
    let messages = aside(PATIENCE, move || channels.get(&channel)?.receive(&end, &bytes)).await?;
    Ok((inbox, messages.into_iter().map(Inbound::without_nul).collect()))
}

impl Receive {
    /// Puts what one arrival holds into tickets; the arrival is done in the same transaction.
    async fn take(self, app: &App, inbox: &Inbox, raw: &str, messages: Vec<Inbound>) -> Result<()> {
        let mut prepared = Vec::with_capacity(messages.len());
        for mut message in messages {
            let files = files::prepare_all(app, std::mem::take(&mut message.attachments)).await?;
            prepared.push((message, files));
        }
        let mut tx = app.begin(Actor::System).await?;
        for (message, files) in prepared {
            tx.act_as(Actor::System);
            receive(app, &mut tx, inbox, raw, message, files).await?;
        }
        tx.run("UPDATE arrivals SET state = 'done' WHERE id = $1", args![self.arrival]).await?;
        tx.commit().await
    }
}

/// One message from outside finds its customer and its ticket. A known one changes nothing.
async fn receive(
    app: &App,
    tx: &mut Tx,
    inbox: &Inbox,
    raw: &str,
    mut inbound: Inbound,
    files: Vec<files::Prepared>,
) -> Result<()> {
    let is_visitor = inbound.identity_kind == IdentityKind::Visitor.as_str();
    let said = inbound.external_id.rsplit('/').next().unwrap_or_default().to_owned();
    let visit = if is_visitor { visit_of(tx, inbox, &inbound.from.value, &said).await? } else { None };
    if !news::is_news(tx, inbox, &mut inbound).await? {
        return Ok(());
    }
    if let Some(bounce) = &inbound.bounce {
        super::deliver::bounced(tx, bounce).await?;
    }
    let sender = sender::of(app, tx, inbox, &inbound).await?;
    let customer = match &sender {
        Sender::Customer(party) => Some(sender::customer(tx, inbox, &inbound, party).await?),
        Sender::Ours(_) | Sender::Claimed(_) => None,
    };
    tx.act_as(match (&sender, &customer) {
        (Sender::Ours(Author { kind: AuthorKind::Agent, id: Some(id), .. }), _) => Actor::Agent(*id),
        (_, Some(customer)) => Actor::Customer(customer.id.0),
        _ => Actor::System,
    });
    let place = place(app, tx, inbox, &inbound, visit, &sender, customer.as_ref()).await?;
    let (mut ticket, sender, customer, why) = match place {
        Place::Join(ticket, why) => (*ticket, sender, customer, why),
        Place::New(follows, why) => {
            // A colleague who writes to the inbox without a thread is a customer like any other.
            let party = inbound.reply_to.clone().unwrap_or_else(|| inbound.from.clone());
            let customer = match &customer {
                Some(customer) => customer.clone(),
                None => sender::customer(tx, inbox, &inbound, &party).await?,
            };
            let mut ticket = tickets::open(tx, fresh(inbox, &inbound, &customer, follows, why)).await?;
            // Saved with its first message.
            ticket.blocked = why == thread::BLOCKED;
            ticket.spam = ticket.blocked || inbound.spam;
            (ticket, Sender::Customer(party), Some(customer), why)
        }
    };
    if let Some(visit) = visit {
        greet::say_first(tx, inbox, &mut ticket, visit, &inbound.from.value).await?;
    }
    let (from, uploads) = (inbound.from.value.clone(), std::mem::take(&mut inbound.uploads));
    // Where strangers write without a visit, their files wait under the name of what they sent.
    let owner = if is_visitor { from.clone() } else { inbound.external_id.clone() };
    let by_mail = answers(&sender, &inbound, why).then(|| (ticket.id, inbound.text.clone()));
    let message = record(tx, inbox, raw, inbound, files, ticket, sender, customer, why).await?;
    files::adopt_visitors(tx, message, &owner, &uploads).await?;
    match (visit, by_mail) {
        (Some(visit), _) => note_said(tx, visit, &said, message).await,
        (None, Some((ticket, text))) => away::answered(tx, ticket, message, &from, &text).await,
        (None, None) => Ok(()),
    }
}

/// A visitor's visit, held. What they said before comes first: again in a moment.
async fn visit_of(tx: &mut Tx, inbox: &Inbox, visitor: &str, said: &str) -> Result<Option<visits::VisitId>> {
    let Some(visit) = visits::hold(tx, inbox.id, visitor).await? else { return Ok(None) };
    if visits::comes_too_early(tx, visit.id, said).await? {
        let why = "What this visitor said before comes first.".to_owned();
        return Err(Error::Upstream { why, retry_after: Some(20) });
    }
    Ok(Some(visit.id))
}

/// Where it belongs: by whose word it came, and whether they are blocked.
async fn place(
    app: &App,
    tx: &mut Tx,
    inbox: &Inbox,
    inbound: &Inbound,
    visit: Option<visits::VisitId>,
    sender: &Sender,
    customer: Option<&Customer>,
) -> Result<Place> {
    if self::sender::is_blocked(tx, inbound, sender, customer).await? {
        // Who typed the address must not learn by a number that it is blocked.
        let whose = customer.filter(|_| inbox.answers);
        return thread::place_blocked(tx, inbox, whose).await;
    }
    match sender {
        Sender::Ours(_) | Sender::Claimed(_) => thread::place_ours(app, tx, inbox, inbound).await,
        Sender::Customer(_) => thread::place(app, tx, inbox, inbound, visit, customer, inbox.conversational).await,
    }
}

/// A visitor's line has become this message; what they were asked before it stands beside it.
async fn note_said(tx: &mut Tx, visit: visits::VisitId, said: &str, message: MessageId) -> Result<()> {
    visits::received(tx, visit, said, message).await?;
    note::answers(tx, visit, message).await
}

/// Whether a person answers what was written to them, and shows that they have it.
fn answers(sender: &Sender, inbound: &Inbound, why: &str) -> bool {
    matches!(sender, Sender::Customer(_)) && inbound.automatic.is_none() && ["token", "references"].contains(&why)
}

fn fresh(
    inbox: &Inbox,
    inbound: &Inbound,
    customer: &Customer,
    follows: Option<tickets::TicketId>,
    why: &'static str,
) -> NewTicket {
    NewTicket {
        shop: inbox.shop,
        subject: inbound
            .subject
            .clone()
            .filter(|s| !s.trim().is_empty())
            .or_else(|| Some(super::snippet(&inbound.text)).filter(|s| !s.is_empty()))
            .or_else(|| inbound.uploads.first().map(|file| file.name.clone()))
            .unwrap_or_default(),
        customer: customer.id,
        channel: inbox.channel.clone(),
        inbox: Some(inbox.id),
        language: inbound.language.clone(),
        status: Status::New,
        priority: Priority::Normal,
        assignee: None,
        team: inbox.team,
        tags: Vec::new(),
        follows,
        why,
    }
}

#[expect(clippy::too_many_arguments, reason = "one step of receive(), cut off for its length")]
async fn record(
    tx: &mut Tx,
    inbox: &Inbox,
    raw: &str,
    mut inbound: Inbound,
    files: Vec<files::Prepared>,
    mut ticket: Ticket,
    sender: Sender,
    customer: Option<Customer>,
    why: &'static str,
) -> Result<MessageId> {
    let kind = inbound.identity_kind;
    if let Some(party) = inbound.reply_to.as_ref().filter(|_| ticket.messages > 0 && !inbound.verified)
        && !tickets::is_participant(tx, ticket.id, kind, &party.value).await?
    {
        // Whoever may write in a shopper's name must not turn our answers to themselves.
        inbound.reply_to = None;
    }
    // Whom a mail names that nobody vouches for has no part in the ticket by that.
    let vouched = !matches!(sender, Sender::Claimed(_));
    let parties = std::iter::once(&inbound.from).chain(&inbound.reply_to).chain(&inbound.to).chain(&inbound.cc);
    for party in parties.filter(|party| vouched && !party.value.eq_ignore_ascii_case(&inbox.address)) {
        tickets::add_participant(tx, ticket.id, kind, &party.value).await?;
    }
    let settles = inbound.automatic.is_none() && !matches!(sender, Sender::Claimed(_)) && why != thread::BLOCKED;
    let mut identity = None;
    let (direction, author) = match sender {
        Sender::Customer(party) => {
            identity = customer.as_ref().and_then(|known| known.holds(kind, &party.value));
            let name = customer.as_ref().map(|c| c.name.clone()).or(party.name).unwrap_or(party.value);
            let id = customer.as_ref().map(|c| c.id.0);
            (Direction::In, Author { kind: AuthorKind::Customer, id, name })
        }
        Sender::Ours(author) | Sender::Claimed(author) => (Direction::Out, author),
    };
    let automatic = inbound.automatic.clone();
    let new = NewMessage { identity, joined: Some(why), ..message(inbox, raw, inbound, direction, author) };
    let message = add(tx, &mut ticket, new).await?;
    files::attach_all(tx, message, files).await?;
    let snippet = ticket.snippet.clone();
    settle(tx, &mut ticket, message, direction, settles).await?;
    tx.emit(&Event::MessageReceived {
        ticket: ticket.id,
        customer: ticket.customer,
        message,
        direction: direction.to_string(),
        snippet,
        why: why.to_owned(),
        automatic,
    })?;
    Ok(message)
}

fn message(inbox: &Inbox, raw: &str, inbound: Inbound, direction: Direction, author: Author) -> NewMessage {
    let full = |text: String| if text.trim().is_empty() { None } else { Some(text) };
    NewMessage {
        inbox: Some(inbox.id),
        parties: Parties { from: Some(inbound.from), to: inbound.to, cc: inbound.cc, reply_to: inbound.reply_to },
        subject: inbound.subject,
        text: inbound.text,
        html: inbound.html,
        quoted: full(inbound.quoted),
        quoted_html: inbound.html_quoted,
        signature: full(inbound.signature),
        remote_images: inbound.remote_images,
        cut: inbound.cut,
        external_id: Some(inbound.external_id),
        in_reply_to: inbound.references.first().cloned(),
        automatic: inbound.automatic,
        checks: Some(inbound.checks).filter(|checks| !checks.is_null()),
        language: inbound.language,
        raw: Some(raw.to_owned()),
        sent_at: inbound.sent_at,
        delivery: (direction == Direction::Out).then_some(super::Delivery::Sent),
        ..NewMessage::new(&inbox.channel, direction, author)
    }
}

/// What a new message means for the ticket: a shopper's wakes and reopens it, ours answers it, a machine's does neither.
pub(super) async fn settle(
    tx: &mut Tx,
    ticket: &mut Ticket,
    message: MessageId,
    direction: Direction,
    settles: bool,
) -> Result<()> {
    let before = ticket.clone();
    if direction == Direction::In {
        ticket.last_in = Some(message);
    }
    match direction {
        Direction::In if settles => {
            ticket.waiting_since = ticket.waiting_since.or(Some(tx.now()));
            if ticket.status != Status::New {
                change::set_status(ticket, Status::Open, tx.now());
            }
            ticket.snoozed_until = None;
        }
        Direction::Out if settles => {
            ticket.waiting_since = None;
            if matches!(ticket.status, Status::New | Status::Open) {
                change::set_status(ticket, Status::Pending, tx.now());
            }
        }
        _ => {}
    }
    tickets::save(tx, ticket).await?;
    if before.snoozed_until.is_some() && ticket.snoozed_until.is_none() {
        tx.emit(&Event::TicketWoken { ticket: ticket.id, why: "reply" })?;
    }
    if before.status == Status::Solved && ticket.status == Status::Open {
        tx.emit(&Event::TicketReopened { ticket: ticket.id, why: "reply" })?;
    }
    change::tell_status(tx, &before, ticket)
}
