//! Plays the plot: step by step in the order of time, each as the verb of that name would have left it.

use std::collections::HashMap;

use base::{Actor, App, Result, Stamp, Time, Tx, args};
use connectors::channel::Party;
use serde_json::json;

use super::{
    cast::{self, Person},
    chance::Chance,
    papers::{self, Envelope},
    plot::{Act, Play, Slots, Step},
    rows,
    talk::Said,
};
use crate::{
    Event,
    agents::{Agent, AgentId, TeamId},
    customers::CustomerId,
    event::Changes,
    inboxes::Inbox,
    messages::{Author, AuthorKind, Delivery, Direction, MessageId, NewMessage, Parties},
    shops::Shop,
    tickets::{self, Priority, Status, Ticket, TicketId, change::set_status},
};

/// What stands around the plays.
pub struct Stage<'a> {
    pub app: &'a App,
    pub shop: Shop,
    pub inbox: Inbox,
    /// In the order of the cast.
    pub agents: Vec<Agent>,
    pub teams: HashMap<&'static str, TeamId>,
    pub people: &'a [Person],
    /// Who has been written down already.
    pub known: HashMap<usize, CustomerId>,
}

/// A play that has begun.
struct Scene {
    ticket: Ticket,
    person: Person,
    slots: Slots,
    seed: u64,
    last_in: Option<String>,
    /// Our last answer: its id, its text, its time.
    answer: Option<(String, String, Time)>,
    /// The row of our last answer, for what bounces.
    sent: Option<MessageId>,
}

impl Stage<'_> {
    /// Plays all steps; returns each play's ticket.
    pub async fn play(&mut self, tx: &mut Tx, plays: &[Play]) -> Result<Vec<Option<TicketId>>> {
        let mut steps: Vec<(usize, &Step)> =
            plays.iter().enumerate().flat_map(|(nth, play)| play.steps.iter().map(move |step| (nth, step))).collect();
        steps.sort_by_key(|(nth, step)| (step.at, *nth));
        let mut scenes: Vec<Option<Scene>> = plays.iter().map(|_| None).collect();
        for (nth, step) in steps {
            let play = &plays[nth];
            let mut scene = match scenes[nth].take() {
                Some(scene) => scene,
                None => self.begin(tx, play, nth, step.at).await?,
            };
            self.step(tx, play, &mut scene, step).await?;
            scenes[nth] = Some(scene);
        }
        let mut ids = Vec::with_capacity(scenes.len());
        for scene in scenes {
            let Some(Scene { mut ticket, .. }) = scene else {
                ids.push(None);
                continue;
            };
            // `save` counts the version up once more, and keeps the later of the two times.
            ticket.version -= 1;
            tickets::save(tx, &mut ticket).await?;
            ids.push(Some(ticket.id));
        }
        Ok(ids)
    }

    /// The first mail makes the ticket, and the customer where nobody knows them.
    async fn begin(&mut self, tx: &mut Tx, play: &Play, nth: usize, at: Time) -> Result<Scene> {
        let person = self.people[play.customer].clone();
        let customer = if let Some(known) = self.known.get(&play.customer) {
            *known
        } else {
            let id = rows::customer(tx, &person, at).await?;
            self.known.insert(play.customer, id);
            id
        };
        let slots = Slots::of(play, &person, nth);
        let subject = slots.fill(&play.subject, "", at);
        let ticket = rows::open(tx, &self.inbox, self.shop.id, customer, &subject, play.talk.lang, at).await?;
        rows::participant(tx, &ticket, &person.email).await?;
        Ok(Scene { ticket, person, slots, seed: nth as u64, last_in: None, answer: None, sent: None })
    }

    async fn step(&self, tx: &mut Tx, play: &Play, scene: &mut Scene, step: &Step) -> Result<()> {
        let at = step.at;
        let agent = &self.agents[play.agent];
        match &step.act {
            Act::In(said) => self.arrives(tx, scene, said, at).await,
            Act::Out(said, solves) => self.answers(tx, play, scene, said, *solves, at).await,
            Act::Note(said) => self.notes(tx, play, scene, said, at).await,
            Act::Triage => self.triage(tx, play, scene, at).await,
            Act::Solve => status(tx, scene, Status::Solved, Actor::Agent(agent.id.0), at).await,
            Act::Hold => status(tx, scene, Status::OnHold, Actor::Agent(agent.id.0), at).await,
            Act::Close => status(tx, scene, Status::Closed, Actor::System, at).await,
            Act::Spam => {
                let mut changes = Changes::default();
                changes.note("spam", false, true)?;
                scene.ticket.spam = true;
                touch(&mut scene.ticket, at);
                let event = Event::TicketChanged { ticket: scene.ticket.id, changes: changes.into_map() };
                rows::log(tx, at, Actor::Agent(agent.id.0), &event).await
            }
        }
    }

    /// As `messages::inbound` receives it.
    async fn arrives(&self, tx: &mut Tx, scene: &mut Scene, said: &Said, at: Time) -> Result<()> {
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
            let photo = papers::photo(scene.seed % 24);
            rows::file(self.app, tx, message, None, ("photo.png", "image/png", photo), at).await?;
        }
        let before = scene.ticket.clone();
        let ticket = &mut scene.ticket;
        ticket.last_in = Some(message);
        if automatic.is_none() {
            ticket.waiting_since = ticket.waiting_since.or(Some(at));
            if ticket.status != Status::New {
                set_status(ticket, Status::Open, at);
            }
            scene.last_in = external;
        }
        touch(ticket, at);
        if before.status == Status::Solved && ticket.status == Status::Open {
            let event = Event::TicketReopened { ticket: ticket.id, why: "reply" };
            rows::log(tx, at, Actor::System, &event).await?;
        }
        tell_status(tx, &before, ticket, Actor::System, at).await?;
        let event = Event::MessageReceived {
            ticket: ticket.id,
            customer: ticket.customer,
            message,
            direction: Direction::In.to_string(),
            snippet: ticket.snippet.clone(),
            why: if first { "new_message" } else { "references" }.to_owned(),
            automatic,
        };
        rows::log(tx, at, Actor::System, &event).await
    }

    async fn inbound(&self, tx: &mut Tx, scene: &Scene, said: &Said, at: Time) -> Result<NewMessage> {
        let mut chance = Chance::of(scene.seed ^ at.unsigned_abs());
        let automatic = said.automatic();
        let from = if automatic == Some("bounce") { MAILER } else { (&*scene.person.name, &*scene.person.email) };
        let domain = from.1.split('@').nth(1).unwrap_or("mail.example");
        let external = format!("{:016x}@{domain}", chance.next());
        let body = scene.slots.fill(&said.text, "", at);
        let signature = (!said.is("html") && automatic.is_none() && chance.hits(18)).then(|| scene.slots.phone());
        let quoted = match &scene.answer {
            Some((_, text, sent)) if automatic.is_none() && chance.hits(70) => Some(scene.slots.quote(text, *sent)),
            _ => None,
        };
        let copy = said.is("cc").then_some("kasserer@bergenturlag.example");
        let subject = match scene.answer {
            Some(_) => mail::subject::reply_subject(&scene.ticket.subject),
            None => scene.ticket.subject.clone(),
        };
        let whole = [Some(body.as_str()), signature, quoted.as_deref()].into_iter().flatten().collect::<Vec<_>>();
        let photo = said.is("photo").then(|| papers::photo(scene.seed % 24));
        let answers = scene.answer.as_ref().map(|(id, ..)| id.clone());
        let raw = papers::raw(&Envelope {
            from,
            to: &self.inbox.address,
            cc: copy,
            subject: &subject,
            id: &external,
            in_reply_to: answers.as_deref(),
            at,
            extra: extra(automatic),
            kind: if said.is("html") { "html" } else { "plain" },
            body: &whole.join("\n\n"),
            photo: photo.as_deref(),
        });
        let raw = rows::arrival(self.app, tx, &self.inbox, raw, at).await?;
        let clean = said.is("html").then(|| mail::clean::clean(&body, &mail::clean::CleanOptions::default()));
        let text =
            clean.as_ref().map_or_else(|| body.clone(), |clean| mail::html::to_text(&clean.html).trim().to_owned());
        let author = Author {
            kind: AuthorKind::Customer,
            id: Some(scene.ticket.customer.0),
            name: if automatic == Some("bounce") { from.0.to_owned() } else { scene.person.name.clone() },
        };
        let party = |name: &str, value: &str| Party { name: Some(name.to_owned()), value: value.to_owned() };
        Ok(NewMessage {
            inbox: Some(self.inbox.id),
            parties: Parties {
                from: Some(party(from.0, from.1)),
                to: vec![Party { name: None, value: self.inbox.address.clone() }],
                cc: copy.map(|value| Party { name: None, value: value.to_owned() }).into_iter().collect(),
                reply_to: None,
            },
            subject: Some(subject),
            text,
            remote_images: clean.as_ref().map_or(0, |clean| i64::try_from(clean.remote_images).unwrap_or(0)),
            html: clean.map(|clean| clean.html),
            quoted,
            signature: signature.map(str::to_owned),
            external_id: Some(external),
            in_reply_to: answers,
            automatic: automatic.map(str::to_owned),
            checks: Some(checks(&scene.person)),
            language: Some(scene.ticket.language.clone().unwrap_or_default()).filter(|language| !language.is_empty()),
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

    /// As `messages::reply` queues it and `messages::deliver` sends it, some seconds later.
    async fn answers(
        &self,
        tx: &mut Tx,
        play: &Play,
        scene: &mut Scene,
        said: &Said,
        solves: bool,
        at: Time,
    ) -> Result<()> {
        let agent = self.agents.get(cast::agent(said.agent).unwrap_or(play.agent)).unwrap_or(&self.agents[2]);
        let send_at = at + 1000 * self.shop.undo_seconds;
        let external = format!("{:016x}@fjellvik.example", Chance::of(scene.seed ^ at.unsigned_abs()).next());
        let text = scene.slots.letter(said, &agent.name, at);
        let author = Author { kind: AuthorKind::Agent, id: Some(agent.id.0), name: agent.name.clone() };
        let new = NewMessage {
            inbox: Some(self.inbox.id),
            parties: Parties {
                from: Some(self.inbox.party()),
                to: vec![Party { name: Some(scene.person.name.clone()), value: scene.person.email.clone() }],
                ..Parties::default()
            },
            subject: Some(mail::subject::reply_subject(&scene.ticket.subject)),
            html: Some(mail::html::from_text(&text)),
            text: text.clone(),
            signature: agent.signature.clone(),
            external_id: Some(external.clone()),
            in_reply_to: scene.last_in.clone(),
            language: scene.ticket.language.clone(),
            delivery: Some(Delivery::Sent),
            send_at: Some(send_at),
            ..NewMessage::new(&self.inbox.channel, Direction::Out, author)
        };
        let message = rows::message(tx, &mut scene.ticket, new, at).await?;
        self.enclose(tx, play, scene, said, agent, message, at).await?;
        let before = scene.ticket.clone();
        let ticket = &mut scene.ticket;
        ticket.waiting_since = None;
        set_status(ticket, if solves { Status::Solved } else { Status::Pending }, at);
        touch(ticket, at);
        let queued = Event::MessageQueued {
            ticket: ticket.id,
            message,
            send_at: Some(Stamp(send_at)),
            snippet: ticket.snippet.clone(),
        };
        rows::log(tx, at, Actor::Agent(agent.id.0), &queued).await?;
        tell_status(tx, &before, ticket, Actor::Agent(agent.id.0), at).await?;
        rows::log(tx, send_at, Actor::System, &Event::MessageSent { ticket: ticket.id, message }).await?;
        (scene.answer, scene.sent) = (Some((external, text, at)), Some(message));
        Ok(())
    }

    /// The invoice or label that a letter speaks of.
    #[expect(clippy::too_many_arguments, reason = "one step of answers(), cut off for its length")]
    async fn enclose(
        &self,
        tx: &mut Tx,
        play: &Play,
        scene: &Scene,
        said: &Said,
        agent: &Agent,
        message: MessageId,
        at: Time,
    ) -> Result<()> {
        let Some(kind) = ["invoice", "label"].into_iter().find(|kind| said.is(kind)) else { return Ok(()) };
        let number = play.order.as_ref().map_or("FV-QUOTE", |order| order.number.as_str());
        let title = if kind == "invoice" { "Invoice" } else { "Return label" };
        let mut lines = vec![format!("Fjellvik AS - {title}"), String::new(), format!("Order {number}")];
        lines.push(format!("For {}", cast::plain(&scene.person.name)));
        if let Some(order) = &play.order {
            lines.extend(order.lines.iter().map(|(place, pieces)| {
                let (_, _, title, price) = super::goods::GOODS[*place];
                format!("{pieces} x {title}   EUR {}.{:02}", price / 100, price % 100)
            }));
        }
        let name = format!("{kind}-{number}.pdf");
        let pdf = papers::invoice(&lines);
        rows::file(self.app, tx, message, Some(agent), (&name, "application/pdf", pdf), at).await
    }

    async fn notes(&self, tx: &mut Tx, play: &Play, scene: &mut Scene, said: &Said, at: Time) -> Result<()> {
        let agent = &self.agents[cast::agent(said.agent).unwrap_or(play.agent)];
        let text = scene.slots.fill(&said.text, &agent.name, at);
        let named = |place: &usize| text.contains(&format!("@{}", cast::first_name(cast::AGENTS[*place].0)));
        let mentions: Vec<AgentId> = (0..cast::AGENTS.len())
            .filter(named)
            .map(|place| self.agents[place].id)
            .filter(|id| *id != agent.id)
            .collect();
        let author = Author { kind: AuthorKind::Agent, id: Some(agent.id.0), name: agent.name.clone() };
        let channel = scene.ticket.channel.clone();
        let html = Some(mail::html::from_text(&text));
        let new =
            NewMessage { text, html, mentions: mentions.clone(), ..NewMessage::new(&channel, Direction::Note, author) };
        let message = rows::message(tx, &mut scene.ticket, new, at).await?;
        touch(&mut scene.ticket, at);
        for mentioned in &mentions {
            let sql = "INSERT INTO mentions (agent, ticket, message, at) VALUES ($1, $2, $3, $4)";
            tx.run(sql, args![*mentioned, scene.ticket.id, message, at]).await?;
        }
        let snippet = scene.ticket.snippet.clone();
        let event = Event::NoteAdded { ticket: scene.ticket.id, message, mentions, snippet };
        rows::log(tx, at, Actor::Agent(agent.id.0), &event).await
    }

    /// Somebody looks at it first and says whose it is.
    async fn triage(&self, tx: &mut Tx, play: &Play, scene: &mut Scene, at: Time) -> Result<()> {
        let (ticket, talk) = (&mut scene.ticket, &play.talk);
        let before = ticket.clone();
        ticket.tags = talk.tags.iter().map(|tag| (*tag).to_owned()).collect();
        ticket.team = self.teams.get(talk.team).copied();
        ticket.priority = talk.priority.parse::<Priority>()?;
        // What nobody has answered yet often lies with a team or with nobody.
        let taken =
            !talk.agent.is_empty() || play.steps.iter().any(|step| !matches!(step.act, Act::In(_) | Act::Triage));
        ticket.assignee = taken.then(|| self.agents[play.agent].id);
        let mut changes = Changes::default();
        changes.note("priority", before.priority, ticket.priority)?;
        changes.note("assignee", before.assignee, ticket.assignee)?;
        changes.note("team", before.team, ticket.team)?;
        changes.note("tags", &before.tags, &ticket.tags)?;
        if changes.is_empty() {
            return Ok(());
        }
        touch(ticket, at);
        for tag in &ticket.tags {
            tx.run("INSERT INTO ticket_tags (ticket, tag) VALUES ($1, $2)", args![ticket.id, tag]).await?;
        }
        let event = Event::TicketChanged { ticket: ticket.id, changes: changes.into_map() };
        rows::log(tx, at, Actor::Agent(self.agents[play.agent].id.0), &event).await
    }
}

const MAILER: (&str, &str) = ("Mail Delivery System", "mailer-daemon@mx.posta.example");

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

async fn status(tx: &mut Tx, scene: &mut Scene, status: Status, actor: Actor, at: Time) -> Result<()> {
    let before = scene.ticket.clone();
    set_status(&mut scene.ticket, status, at);
    if before.status != status {
        touch(&mut scene.ticket, at);
    }
    tell_status(tx, &before, &scene.ticket, actor, at).await
}

async fn tell_status(tx: &mut Tx, before: &Ticket, ticket: &Ticket, actor: Actor, at: Time) -> Result<()> {
    let mut changes = Changes::default();
    changes.note("status", before.status, ticket.status)?;
    if changes.is_empty() {
        return Ok(());
    }
    rows::log(tx, at, actor, &Event::TicketChanged { ticket: ticket.id, changes: changes.into_map() }).await
}

/// One more save, at its time.
fn touch(ticket: &mut Ticket, at: Time) {
    ticket.version += 1;
    ticket.updated_at = at.max(ticket.updated_at);
}
