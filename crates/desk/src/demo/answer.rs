//! What agents do: answer, note, sort.

use base::{Actor, Result, Stamp, Time, Tx, args};
use connectors::channel::Party;

use super::{
    cast,
    chance::Chance,
    goods::GOODS,
    papers,
    plot::{Act, Play},
    rows,
    stage::{Scene, Stage, tell_status, touch},
    talk::Said,
};
use crate::{
    Event,
    agents::{Agent, AgentId},
    event::Changes,
    messages::{Author, AuthorKind, Delivery, Direction, MessageId, NewMessage, Parties},
    tickets::{Priority, Status, change::set_status},
};

impl Stage<'_> {
    /// As `messages::reply` queues it and `messages::deliver` sends it, some seconds later.
    pub(super) async fn answers(
        &self,
        tx: &mut Tx,
        play: &Play,
        scene: &mut Scene,
        said: &Said,
        solves: bool,
        at: Time,
    ) -> Result<()> {
        let agent = self.agents.get(cast::agent(said.agent).unwrap_or(play.agent)).unwrap_or(&self.agents[2]);
        let new = self.letter(scene, said, agent, at);
        let (external, text, send_at) = (new.external_id.clone().unwrap_or_default(), new.text.clone(), new.send_at);
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
            send_at: send_at.map(Stamp),
            snippet: ticket.snippet.clone(),
        };
        rows::log(tx, at, Actor::Agent(agent.id.0), &queued).await?;
        tell_status(tx, &before, ticket, Actor::Agent(agent.id.0), at).await?;
        rows::log(tx, send_at.unwrap_or(at), Actor::System, &Event::MessageSent { ticket: ticket.id, message }).await?;
        (scene.answer, scene.sent) = (Some((external, text, at)), Some(message));
        Ok(())
    }

    fn letter(&self, scene: &Scene, said: &Said, agent: &Agent, at: Time) -> NewMessage {
        let send_at = at + 1000 * self.shop.undo_seconds;
        let external = format!("{:016x}@fjellvik.example", Chance::of(scene.seed ^ at.unsigned_abs()).next());
        let text = scene.slots.letter(said, &agent.name, at);
        let author = Author { kind: AuthorKind::Agent, id: Some(agent.id.0), name: agent.name.clone() };
        NewMessage {
            inbox: Some(self.inbox.id),
            parties: Parties {
                from: Some(self.inbox.party()),
                to: vec![Party { name: Some(scene.person.name.clone()), value: scene.person.email.clone() }],
                ..Parties::default()
            },
            subject: Some(mail::subject::reply_subject(&scene.ticket.subject)),
            html: Some(mail::html::from_text(&text)),
            text,
            signature: agent.signature.clone(),
            external_id: Some(external),
            in_reply_to: scene.last_in.clone(),
            language: scene.ticket.language.clone(),
            delivery: Some(Delivery::Sent),
            send_at: Some(send_at),
            ..NewMessage::new(&self.inbox.channel, Direction::Out, author)
        }
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
                let (_, _, title, price) = GOODS[*place];
                format!("{pieces} x {title}   EUR {}.{:02}", price / 100, price % 100)
            }));
        }
        let name = format!("{kind}-{number}.pdf");
        let pdf = papers::invoice(&lines);
        rows::file(self.app, tx, message, Some(agent), (&name, "application/pdf", pdf), at).await
    }

    pub(super) async fn notes(&self, tx: &mut Tx, play: &Play, scene: &mut Scene, said: &Said, at: Time) -> Result<()> {
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
        crate::tickets::mention(tx, &mut scene.ticket, &mentions).await?;
        let snippet = scene.ticket.snippet.clone();
        let event = Event::NoteAdded { ticket: scene.ticket.id, message, mentions, snippet };
        rows::log(tx, at, Actor::Agent(agent.id.0), &event).await
    }

    /// Somebody looks at it first and says whose it is.
    pub(super) async fn triage(&self, tx: &mut Tx, play: &Play, scene: &mut Scene, at: Time) -> Result<()> {
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
