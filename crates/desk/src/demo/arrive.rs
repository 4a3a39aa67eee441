//! Shoppers' mails, as `messages::inbound` receives them.

use base::{Actor, Result, Time, Tx, args};
use connectors::channel::Party;
use serde_json::json;

use super::{
    cast::Person,
    chance::Chance,
    papers::{self, Envelope},
    rows,
    stage::{Scene, Stage, tell_status, touch},
    talk::Said,
};
use crate::{
    Event,
    messages::{Author, AuthorKind, Direction, NewMessage, Parties},
    tickets::{Status, change::set_status},
};

impl Stage<'_> {
    pub(super) async fn arrives(&self, tx: &mut Tx, scene: &mut Scene, said: &Said, at: Time) -> Result<()> {
        let new = self.inbound(tx, scene, said, at).await?;
        let (external, automatic, cc) = (new.external_id.clone(), new.automatic.clone(), new.parties.cc.clone());
        let first = scene.ticket.messages == 0;
        for party in cc {
            rows::participant(tx, &scene.ticket, &party.value).await?;
        }
        if automatic.as_deref() == Some("bounce") {
            rows::participant(tx, &scene.ticket, MAILER.1).await?;
            self.bounced(tx, scene, at).await?;
        }
        let message = rows::message(tx, &mut scene.ticket, new, at).await?;
        if said.is("photo") {
            let file = ("photo.png", "image/png", photo(scene));
            rows::file(self.app, tx, message, None, file, at).await?;
        }
        scene.ticket.last_in = Some(message);
        settle(tx, scene, external, automatic.is_some(), at).await?;
        let ticket = &scene.ticket;
        let event = Event::MessageReceived {
            ticket: ticket.id,
            customer: ticket.customer,
            message,
            direction: Direction::In.to_string(),
            snippet: ticket.snippet.clone(),
            why: if first { "new_message" } else { "references" }.to_owned(),
            automatic,
        };
        rows::log(tx, at, Actor::Customer(ticket.customer.0), &event).await
    }

    async fn inbound(&self, tx: &mut Tx, scene: &Scene, said: &Said, at: Time) -> Result<NewMessage> {
        let letter = Letter::of(scene, said, at);
        let raw = rows::arrival(self.app, tx, &self.inbox, letter.raw(&self.inbox.address, said, at), at).await?;
        let read = letter.read(said);
        let id = Some(scene.ticket.customer.0);
        let author = Author { kind: AuthorKind::Customer, id, name: letter.from.0.to_owned() };
        Ok(NewMessage {
            inbox: Some(self.inbox.id),
            parties: Parties {
                from: Some(Party { name: Some(letter.from.0.to_owned()), value: letter.from.1.to_owned() }),
                to: vec![Party { name: None, value: self.inbox.address.clone() }],
                cc: letter.copy.map(|value| Party { name: None, value: value.to_owned() }).into_iter().collect(),
                reply_to: None,
            },
            subject: Some(letter.subject),
            text: read.text.reply,
            remote_images: read.remote_images,
            html: read.html,
            quoted: full(read.text.quoted),
            signature: full(read.text.signature),
            external_id: Some(letter.id),
            in_reply_to: letter.answers,
            automatic: letter.automatic.map(str::to_owned),
            checks: Some(checks(&scene.person)),
            language: scene.ticket.language.clone(),
            raw: Some(raw),
            ..NewMessage::new(&self.inbox.channel, Direction::In, author)
        })
    }

    /// Our last answer did not arrive.
    async fn bounced(&self, tx: &mut Tx, scene: &Scene, at: Time) -> Result<()> {
        let Some(message) = scene.sent else { return Ok(()) };
        let why = "The mailbox is full: 552 5.2.2".to_owned();
        let sql = "UPDATE messages SET delivery = 'bounced', delivery_why = $1 WHERE id = $2";
        tx.run(sql, args![&why, message]).await?;
        let event = Event::MessageBounced { ticket: scene.ticket.id, message, why, hard: true };
        rows::log(tx, at, Actor::System, &event).await
    }
}

/// A person's mail makes the ticket wait for us, and opens it again.
async fn settle(tx: &mut Tx, scene: &mut Scene, id: Option<String>, automatic: bool, at: Time) -> Result<()> {
    let before = scene.ticket.clone();
    let ticket = &mut scene.ticket;
    if !automatic {
        ticket.waiting_since = ticket.waiting_since.or(Some(at));
        if ticket.status != Status::New {
            set_status(ticket, Status::Open, at);
        }
        scene.last_in = id;
    }
    touch(ticket, at);
    let actor = Actor::Customer(ticket.customer.0);
    if before.status == Status::Solved && ticket.status == Status::Open {
        let event = Event::TicketReopened { ticket: ticket.id, why: "reply" };
        rows::log(tx, at, actor, &event).await?;
    }
    tell_status(tx, &before, ticket, actor, at).await
}

const MAILER: (&str, &str) = ("Mail Delivery System", "mailer-daemon@mx.posta.example");

fn full(text: String) -> Option<String> {
    Some(text).filter(|text| !text.trim().is_empty())
}

/// What the channel makes of a mail.
struct Read {
    text: mail::quote::Folded,
    html: Option<String>,
    remote_images: i64,
}

/// One mail before it is sent.
struct Letter<'s> {
    from: (&'s str, &'s str),
    copy: Option<&'static str>,
    id: String,
    /// The id of the message that it answers.
    answers: Option<String>,
    subject: String,
    body: String,
    signature: Option<&'static str>,
    quoted: Option<String>,
    automatic: Option<&'static str>,
    photo: Option<Vec<u8>>,
}

impl<'s> Letter<'s> {
    fn of(scene: &'s Scene, said: &Said, at: Time) -> Self {
        let mut chance = Chance::of(scene.seed ^ at.unsigned_abs());
        let automatic = said.automatic();
        let from = if automatic == Some("bounce") { MAILER } else { (&*scene.person.name, &*scene.person.email) };
        let domain = from.1.split('@').nth(1).unwrap_or("mail.example");
        let personal = automatic.is_none();
        let quoted = match &scene.answer {
            Some((_, text, sent)) if personal && chance.hits(70) => Some(scene.slots.quote(text, *sent)),
            _ => None,
        };
        let subject = match scene.answer {
            Some(_) => mail::subject::reply_subject(&scene.ticket.subject),
            None => scene.ticket.subject.clone(),
        };
        Self {
            from,
            copy: said.is("cc").then_some("kasserer@bergenturlag.example"),
            id: format!("{:016x}@{domain}", chance.next()),
            answers: scene.answer.as_ref().map(|(id, ..)| id.clone()),
            subject,
            body: scene.slots.fill(&said.text, "", at),
            signature: (personal && !said.is("html") && chance.hits(18)).then(|| scene.slots.phone()),
            quoted,
            automatic,
            photo: said.is("photo").then(|| photo(scene)),
        }
    }

    fn whole(&self) -> String {
        let parts = [Some(self.body.as_str()), self.signature, self.quoted.as_deref()];
        parts.into_iter().flatten().collect::<Vec<_>>().join("\n\n")
    }

    /// Folded and made safe as the channel does it.
    fn read(&self, said: &Said) -> Read {
        if !said.is("html") {
            return Read { text: mail::quote::fold_text(&self.whole()), html: None, remote_images: 0 };
        }
        let html = mail::quote::fold_html(&self.body).reply;
        let clean = mail::clean::clean(&html, &mail::clean::CleanOptions::default());
        let remote_images = i64::try_from(clean.remote_images).unwrap_or(0);
        Read { text: mail::quote::fold_html_as_text(&self.body), html: Some(clean.html), remote_images }
    }

    fn raw(&self, to: &str, said: &Said, at: Time) -> Vec<u8> {
        papers::raw(&Envelope {
            from: self.from,
            to,
            cc: self.copy,
            subject: &self.subject,
            id: &self.id,
            in_reply_to: self.answers.as_deref(),
            at,
            extra: extra(self.automatic),
            kind: if said.is("html") { "html" } else { "plain" },
            body: &self.whole(),
            photo: self.photo.as_deref(),
        })
    }
}

fn photo(scene: &Scene) -> Vec<u8> {
    papers::photo(scene.seed % 24)
}

/// Headers by which machines show themselves (RFC 3834, RFC 2369).
fn extra(automatic: Option<&str>) -> &'static str {
    match automatic {
        Some("newsletter") => {
            "List-Unsubscribe: <https://www.nordictradefairs.example/unsubscribe>\r\nPrecedence: bulk\r\n"
        }
        Some(_) => "Auto-Submitted: auto-replied\r\n",
        None => "",
    }
}

fn checks(person: &Person) -> serde_json::Value {
    if person.email.ends_with("secure-verify.example") {
        json!({ "spf": "fail", "dkim": "none", "dmarc": "fail" })
    } else {
        json!({ "spf": "pass", "dkim": "pass", "dmarc": "pass" })
    }
}
