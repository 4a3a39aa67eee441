//! Visitors who have left before they read an answer get it by mail, and what they answer stands in their chat, too.
//!
//! Such a mail is a message of the ticket like any other, in the durable outbox: it leaves once, whichever node ends when.

use base::{Actor, App, Feature, Job, JobSpec, Result, Tx, args};
use connectors::channel::Party;
use minijinja::context;
use serde::{Deserialize, Serialize};

use super::{
    Author, AuthorKind, Delivery, Direction, Message, MessageId, NewMessage, Parties, deliver::Ready, reply::queue,
};
use crate::{
    customers::{self, IdentityKind},
    inboxes::{self, Inbox},
    letters, shops,
    tickets::{self, Ticket, TicketId},
    visits::{self, Added, Line, Look, Visit, VisitId},
};

pub(super) fn feature() -> Feature {
    Feature { jobs: vec![JobSpec::of::<Away>(), JobSpec::of::<NotMailed>()], ..Feature::default() }
}

/// What such messages are called: a machine wrote them, from what people said.
const AUTOMATIC: &str = "conversation";

/// Sees to it that what was said to this visitor reaches them, here or by mail.
pub async fn watch(tx: &mut Tx, visit: VisitId) -> Result<()> {
    match visits::plan(tx, visit).await? {
        Some(at) => tx.enqueue_at(at, &Away { visit }).await,
        None => Ok(()),
    }
}

/// Looks whether a visitor has read what was said to them.
#[derive(Serialize, Deserialize)]
struct Away {
    visit: VisitId,
}

impl Job for Away {
    const NAME: &'static str = "messages.away";

    async fn run(self, app: &App) -> Result<()> {
        let mut tx = app.begin(Actor::System).await?;
        let Some((visit, look)) = visits::look(&mut tx, self.visit).await? else { return Ok(()) };
        let next = match look {
            Look::Nothing => None,
            Look::Later(at) => Some(at),
            Look::Write(address, lines) => write(app, &mut tx, &visit, &address, lines).await?,
        };
        visits::planned(&mut tx, visit.id, next).await?;
        if let Some(at) = next {
            tx.enqueue_at(at, &self).await?;
        }
        tx.commit().await
    }

    async fn gave_up(self, tx: &mut Tx, _: &base::Error) -> Result<()> {
        // The next answer plans another look.
        visits::planned(tx, self.visit, None).await
    }
}

/// Queues the mail with these lines; returns when to look again, where there are more.
async fn write(app: &App, tx: &mut Tx, who: &Visit, address: &str, lines: Vec<Line>) -> Result<Option<base::Time>> {
    let at_desk = inboxes::look(tx, who.inbox).await?;
    let (Some(inbox), Some(ticket)) =
        (inboxes::for_letters(tx, at_desk.shop).await?, visits::ticket(tx, who.id).await?)
    else {
        return Ok(None);
    };
    let shop = shops::find(tx, at_desk.shop).await?;
    let language = who.language.clone().unwrap_or_else(|| shop.language.clone());
    let about = context! { shop => &shop.name, lines => shown(tx, &lines).await? };
    let letter = letters::write(app, "away", &language, about).await?;
    let mut ticket = tickets::find(tx, ticket).await?;
    tickets::add_participant(tx, ticket.id, &inbox.reaches, address).await?;
    let sql = "SELECT m.external_id FROM visit_mails w JOIN messages m ON m.id = w.message
        WHERE w.visit = $1 AND m.external_id IS NOT NULL ORDER BY w.message DESC LIMIT 1";
    let before = tx.opt(sql, args![who.id]).await?.map(|row| row.text("external_id")).transpose()?;
    let to = Party { name: who.name.clone(), value: address.to_owned() };
    let message = NewMessage {
        inbox: Some(inbox.id),
        parties: Parties { from: Some(inbox.party()), to: vec![to], cc: Vec::new(), reply_to: None },
        subject: Some(letter.subject),
        text: letter.text,
        html: Some(letter.html),
        in_reply_to: before,
        language: Some(language),
        automatic: Some(AUTOMATIC.to_owned()),
        delivery: Some(Delivery::Queued),
        send_at: Some(tx.now()),
        ..NewMessage::new(
            &inbox.channel,
            Direction::Out,
            Author { kind: AuthorKind::System, id: None, name: shop.name },
        )
    };
    let snippet = ticket.snippet.clone();
    let message = queue(tx, &mut ticket, message).await?;
    // Lists go on showing what people said.
    ticket.snippet = snippet;
    tickets::save(tx, &mut ticket).await?;
    take_files(app, tx, message, &inbox, &lines).await?;
    let (first, last) = (lines.first().map_or(0, |line| line.place), lines.last().map_or(0, |line| line.place));
    let sql = "INSERT INTO visit_mails (message, visit, address, after_place, to_place) VALUES ($1, $2, $3, $4, $5)";
    tx.run(sql, args![message, who.id, address, first - 1, last]).await?;
    visits::mailed(tx, who, last).await
}

/// Lines as letters show them.
async fn shown(tx: &mut Tx, lines: &[Line]) -> Result<Vec<minijinja::Value>> {
    let mut all = Vec::with_capacity(lines.len());
    for Line { name, text, message, .. } in lines {
        let sql = "SELECT name FROM attachments WHERE message = $1 ORDER BY id";
        let rows = tx.all(sql, args![*message]).await?;
        let files = rows.iter().map(|row| row.text("name")).collect::<Result<Vec<_>>>()?;
        all.push(context! { name, text, files });
    }
    Ok(all)
}

/// The files of these lines go along, as far as a mail carries them.
async fn take_files(app: &App, tx: &mut Tx, message: MessageId, inbox: &Inbox, lines: &[Line]) -> Result<()> {
    let abilities = app.part::<connectors::Channels>()?.get(&inbox.channel)?.abilities();
    let mut room = i64::try_from(abilities.max_bytes / 2).unwrap_or(i64::MAX);
    for said in lines.iter().filter_map(|line| line.message) {
        for row in tx.all("SELECT id, size FROM attachments WHERE message = $1 ORDER BY id", args![said]).await? {
            room -= row.int("size")?;
            if room < 0 || !abilities.attachments {
                return Ok(());
            }
            let sql = "INSERT INTO attachments (message, blob, name, content_type, size, inline, created_at)
                SELECT $1, blob, name, content_type, size, FALSE, $2 FROM attachments WHERE id = $3";
            tx.run(sql, args![message, tx.now(), row.int("id")?]).await?;
        }
    }
    Ok(())
}

/// Which visit a mail of ours went after, and the lines it holds: after one place, up to another.
async fn about(tx: &mut Tx, message: MessageId) -> Result<Option<(VisitId, i64, i64)>> {
    let row = tx.opt("SELECT visit, after_place, to_place FROM visit_mails WHERE message = $1", args![message]).await?;
    row.map(|row| Ok((row.id("visit")?, row.int("after_place")?, row.int("to_place")?))).transpose()
}

/// Whether it is such a mail.
pub(super) fn holds_answers(message: &Message) -> bool {
    message.automatic.as_deref() == Some(AUTOMATIC)
}

/// A mail of ours certainly did not arrive. What it held goes with the next one.
///
/// As a job: who gives up a message holds its ticket, and whoever holds a visit too has taken that first.
pub(super) async fn undelivered(tx: &mut Tx, message: &Message) -> Result<()> {
    if !holds_answers(message) {
        return Ok(());
    }
    tx.enqueue(&NotMailed { message: message.id }).await
}

#[derive(Serialize, Deserialize)]
struct NotMailed {
    message: MessageId,
}

impl Job for NotMailed {
    const NAME: &'static str = "messages.not_mailed";

    async fn run(self, app: &App) -> Result<()> {
        let mut tx = app.begin(Actor::System).await?;
        if let Some((visit, after, up_to)) = about(&mut tx, self.message).await? {
            visits::not_mailed(&mut tx, visit, after, up_to).await?;
        }
        tx.commit().await
    }
}

/// A message left by mail. Where it holds what was said to a visitor it counts as sent; an answer of the shop's to the
/// visitor stands in their chat, too.
pub(super) async fn left(app: &App, tx: &mut Tx, ready: &Ready) -> Result<()> {
    let message = &ready.message;
    if ready.inbox.conversational {
        return Ok(());
    }
    if let Some((visit, _, up_to)) = about(tx, message.id).await? {
        visits::mailed_after_all(tx, visit, up_to).await?;
    }
    if message.automatic.is_some() {
        return Ok(());
    }
    for party in &message.parties.to {
        let Some(visit) = written_to(tx, message.ticket, &party.value).await? else { continue };
        let row = tx.one("SELECT inbox FROM visits WHERE id = $1", args![visit]).await?;
        let inbox = inboxes::look(tx, row.id("inbox")?).await?;
        let name = super::deliver::shown_name(app, &inbox, message)?;
        let added = Added { message: message.id, name: name.as_deref(), text: &message.text, by_mail: true };
        visits::also_said(tx, visit, added).await?;
    }
    Ok(())
}

/// What a visitor answers to such a mail stands in their chat, too, where it is certain enough that it is theirs.
pub(super) async fn answered(tx: &mut Tx, ticket: TicketId, message: MessageId, from: &str, text: &str) -> Result<()> {
    match written_to(tx, ticket, from).await? {
        Some(visit) => visits::said_by_mail(tx, visit, message, text).await,
        None => Ok(()),
    }
}

/// The visitor whose conversation in this inbox went on by mail, where they answered that mail last.
pub(super) async fn conversation(
    tx: &mut Tx,
    ticket: &Ticket,
    inbox: &Inbox,
    last: Option<&Message>,
) -> Result<Option<Party>> {
    let Some(from) = last.and_then(|message| message.parties.from.as_ref()) else { return Ok(None) };
    let Some(visit) = written_to(tx, ticket.id, &from.value).await? else { return Ok(None) };
    let who = visits::find(tx, visit).await?.filter(|who| who.inbox == inbox.id && who.expires_at > tx.now());
    Ok(who.map(|who| Party { name: who.name, value: who.visitor }))
}

/// The visit whose conversation in this ticket went on by mail with this address, and may be shown what is mailed.
async fn written_to(tx: &mut Tx, ticket: TicketId, address: &str) -> Result<Option<VisitId>> {
    let Ok(address) = customers::normalise(IdentityKind::Email, address) else { return Ok(None) };
    let sql = "SELECT w.visit FROM visit_mails w JOIN messages m ON m.id = w.message
        WHERE w.address = $1 AND m.ticket = $2 ORDER BY w.message DESC LIMIT 1";
    let Some(row) = tx.opt(sql, args![&address, ticket]).await? else { return Ok(None) };
    let visit = row.id("visit")?;
    Ok(if is_anothers(tx, visit, &address).await? { None } else { Some(visit) })
}

/// Whether the address is that of a customer who is not this visitor, and was before they were written to there: a
/// stranger could have typed it. Who answers such a mail becomes its customer by that, which says nothing.
async fn is_anothers(tx: &mut Tx, visit: VisitId, address: &str) -> Result<bool> {
    let sql = "SELECT 1 AS one FROM identities i WHERE i.kind = $1 AND i.value = $2
        AND i.created_at < (SELECT min(m.created_at) FROM visit_mails w JOIN messages m ON m.id = w.message
            WHERE w.visit = $3 AND w.address = $2)
        AND NOT EXISTS (SELECT 1 FROM visits v JOIN identities b ON b.kind = $4 AND b.value = v.visitor
            WHERE v.id = $3 AND b.customer = i.customer)";
    let args = args![IdentityKind::Email, address, visit, IdentityKind::Visitor];
    Ok(tx.opt(sql, args).await?.is_some())
}

/// The address of a visitor of this ticket, where an inbox can write to it: it has no other use than that.
pub(super) async fn left_address(tx: &mut Tx, ticket: &Ticket, inbox: &Inbox) -> Result<Option<Party>> {
    if inbox.reaches != IdentityKind::Email.as_str() {
        return Ok(None);
    }
    let Some(who) = last_visit(tx, ticket.id).await? else { return Ok(None) };
    let address = visits::address(tx, &who).await?;
    Ok(address.map(|value| Party { name: who.name, value }))
}

/// The visit through which the shopper wrote last in this ticket; none where they wrote another way since.
async fn last_visit(tx: &mut Tx, ticket: TicketId) -> Result<Option<Visit>> {
    let sql = "SELECT (SELECT l.visit FROM visit_lines l WHERE l.message = m.id AND l.by_mail = FALSE) AS visit
        FROM messages m WHERE m.ticket = $1 AND m.direction = 'in' AND m.automatic IS NULL
        ORDER BY m.created_at DESC, m.id DESC LIMIT 1";
    let Some(visit) = tx.opt(sql, args![ticket]).await?.map(|row| row.opt_id("visit")).transpose()?.flatten() else {
        return Ok(None);
    };
    visits::find(tx, visit).await
}

/// An answer that goes by mail to a visitor who chatted goes on with their conversation: what they have of it goes along,
/// and this answer and theirs stand in the chat, too.
pub(super) async fn goes_on(tx: &mut Tx, ticket: &Ticket, message: MessageId) -> Result<()> {
    let answer = super::find(tx, message).await?;
    let Some(inbox) = answer.inbox else { return Ok(()) };
    let inbox = inboxes::look(tx, inbox).await?;
    let [to] = &answer.parties.to[..] else { return Ok(()) };
    if inbox.conversational || inbox.reaches != IdentityKind::Email.as_str() {
        return Ok(());
    }
    let Some(who) = last_visit(tx, ticket.id).await? else { return Ok(()) };
    let address = customers::normalise(IdentityKind::Email, &to.value)?;
    if visits::address(tx, &who).await?.as_ref() != Some(&address) {
        return Ok(());
    }
    let sql = "INSERT INTO visit_mails (message, visit, address, after_place, to_place)
        SELECT $1, $2, $3, COALESCE(max(w.to_place), 0), $4 FROM visit_mails w JOIN messages m ON m.id = w.message
        WHERE w.visit = $2 AND m.automatic IS NULL";
    tx.run(sql, args![message, who.id, address, who.newest]).await
}
