//! Plays the plot: step by step in the order of time, each as the verb of that name would have left it.

use std::collections::HashMap;

use base::{Actor, App, Result, Time, Tx};

use super::{
    cast::Person,
    plot::{Act, Play, Slots, Step},
    rows,
};
use crate::{
    Event,
    agents::{Agent, TeamId},
    customers::CustomerId,
    event::Changes,
    inboxes::Inbox,
    messages::MessageId,
    shops::Shop,
    tickets::{self, Status, Ticket, TicketId, change::set_status},
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
pub struct Scene {
    pub ticket: Ticket,
    pub person: Person,
    pub slots: Slots,
    pub seed: u64,
    pub last_in: Option<String>,
    /// Our last answer: its id, its text, its time.
    pub answer: Option<(String, String, Time)>,
    /// The row of our last answer, for what bounces.
    pub sent: Option<MessageId>,
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
}

async fn status(tx: &mut Tx, scene: &mut Scene, status: Status, actor: Actor, at: Time) -> Result<()> {
    let before = scene.ticket.clone();
    set_status(&mut scene.ticket, status, at);
    if before.status != status {
        touch(&mut scene.ticket, at);
    }
    tell_status(tx, &before, &scene.ticket, actor, at).await
}

pub async fn tell_status(tx: &mut Tx, before: &Ticket, ticket: &Ticket, actor: Actor, at: Time) -> Result<()> {
    let mut changes = Changes::default();
    changes.note("status", before.status, ticket.status)?;
    if changes.is_empty() {
        return Ok(());
    }
    rows::log(tx, at, actor, &Event::TicketChanged { ticket: ticket.id, changes: changes.into_map() }).await
}

/// One more save, at its time.
pub fn touch(ticket: &mut Ticket, at: Time) {
    ticket.version += 1;
    ticket.updated_at = at.max(ticket.updated_at);
}
