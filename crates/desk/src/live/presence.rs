//! Presence: who is at the desk, and who reads or writes on which ticket, so that two do not answer the same mail.
//! It is held in memory and forgotten by itself; where several nodes run, each writes its own into a table that the
//! others read.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, MutexGuard, PoisonError},
    time::Duration,
};

use aide::axum::{ApiRouter, routing::put_with};
use axum::{Extension, extract::State};
use base::{
    Actor, App, Engine, Feature, Result, Time, args,
    web::{Body, Gone, Id},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    Hub,
    hub::{Frame, Words},
};
use crate::{
    agents::{AgentId, Permission, Who},
    tickets::TicketId,
};

/// Said once, it holds so long; clients repeat it every 20 seconds.
pub(super) const HOLDS: Time = 45_000;
/// What the other nodes know must hold at least this much longer.
const FRESH: Time = 25_000;
/// At a time an agent has this many tickets open at most.
const MOST: usize = 30;
/// Changes are collected for a moment, so that a thousand clients coming back cost a few frames each.
const PACE: Duration = Duration::from_millis(50);
const LOOK: Duration = Duration::from_secs(1);

base::words!(
    /// What an agent does on a ticket; what shows more counts more.
    Doing {
        Gone = "gone",
        Reading = "reading",
        Writing = "writing",
    }
);

/// An agent at the desk, on no ticket in particular, is kept under this number.
pub(super) const DESK: TicketId = TicketId(0);

pub(super) fn feature() -> Feature {
    let put = put_with(put, |op| op.summary("Say that I read or write on a ticket; repeat it every 20 seconds"));
    Feature { routes: ApiRouter::new().api_route("/tickets/{id}/presence", put), ..Feature::default() }
}

/// An agent on a ticket, as the others see them.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Someone {
    pub id: AgentId,
    pub name: String,
    pub state: Doing,
}

type Key = (TicketId, AgentId);
type OnTicket = Vec<(AgentId, Doing)>;

/// Who is where. Pure: it is told the time.
#[derive(Default)]
pub(super) struct Presence {
    /// Said at this node, by connection: one agent may have several.
    here: BTreeMap<Key, HashMap<u64, (Doing, Time)>>,
    /// Said at the other nodes.
    there: BTreeMap<Key, Doing>,
    /// What clients were told last.
    told: BTreeMap<TicketId, OnTicket>,
    /// What the other nodes were told last, and until when it holds.
    written: BTreeMap<Key, (Doing, Time)>,
}

/// What the other nodes must be told: a row to write, or none to take it back.
type Row = (Key, Option<(Doing, Time)>);

impl Presence {
    /// A connection says where its agent is, until when; none says that they are gone.
    pub fn say(&mut self, source: u64, ticket: TicketId, agent: AgentId, state: Option<(Doing, Time)>) {
        let key = (ticket, agent);
        match state {
            Some(state) => {
                let open = self.here.keys().filter(|(_, other)| *other == agent).count();
                if open <= MOST || self.here.contains_key(&key) {
                    self.here.entry(key).or_default().insert(source, state);
                }
            }
            None => {
                if let Some(sources) = self.here.get_mut(&key) {
                    sources.remove(&source);
                }
            }
        }
    }

    pub fn hear(&mut self, there: BTreeMap<Key, Doing>) {
        self.there = there;
    }

    /// Forgets what no longer holds; returns the tickets on which something has changed, as they are now.
    fn changes(&mut self, now: Time) -> BTreeMap<TicketId, OnTicket> {
        self.here.retain(|_, sources| {
            sources.retain(|_, (_, until)| *until > now);
            !sources.is_empty()
        });
        let current = self.current();
        let gone = self.told.keys().filter(|ticket| !current.contains_key(ticket)).map(|ticket| (*ticket, Vec::new()));
        let mut changes: BTreeMap<TicketId, OnTicket> = gone.collect();
        let differs = |(ticket, agents): &(&TicketId, &OnTicket)| self.told.get(ticket) != Some(*agents);
        changes.extend(current.iter().filter(differs).map(|(ticket, agents)| (*ticket, agents.clone())));
        self.told = current;
        changes
    }

    fn current(&self) -> BTreeMap<TicketId, OnTicket> {
        let mut all: BTreeMap<Key, Doing> = self.there.clone();
        for (key, sources) in &self.here {
            let state = sources.values().map(|(state, _)| *state).max();
            let known = all.get(key).copied();
            all.extend(state.max(known).map(|state| (*key, state)));
        }
        let mut tickets: BTreeMap<TicketId, OnTicket> = BTreeMap::new();
        for ((ticket, agent), state) in all {
            tickets.entry(ticket).or_default().push((agent, state));
        }
        tickets
    }

    /// What the other nodes do not know or will soon forget.
    fn unwritten(&self, now: Time) -> Vec<Row> {
        let mut rows = Vec::new();
        for (key, sources) in &self.here {
            let state = sources.values().map(|(state, _)| *state).max();
            let until = sources.values().map(|(_, until)| *until).max();
            let Some((state, until)) = state.zip(until) else { continue };
            let known = self
                .written
                .get(key)
                .is_some_and(|(written, holds)| *written == state && (*holds >= until || *holds > now + FRESH));
            if !known {
                rows.push((*key, Some((state, until))));
            }
        }
        rows.extend(self.written.keys().filter(|key| !self.here.contains_key(key)).map(|key| (*key, None)));
        rows
    }

    fn wrote(&mut self, rows: &[Row]) {
        for (key, row) in rows {
            match row {
                Some(row) => self.written.insert(*key, *row),
                None => self.written.remove(key),
            };
        }
    }
}

impl Hub {
    pub(super) fn presence(&self) -> MutexGuard<'_, Presence> {
        self.presence.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn say(&self, source: u64, ticket: TicketId, agent: AgentId, state: Option<(Doing, Time)>) {
        self.presence().say(source, ticket, agent, state);
        self.stirred.notify_one();
    }

    /// The names of those who are at their desks, at whichever node, longest known first.
    pub async fn at_desk(self: &Arc<Self>, app: &App) -> Result<Vec<String>> {
        self.start(app).await?;
        let here = self.presence().current().remove(&DESK).unwrap_or_default();
        let mut names = Vec::with_capacity(here.len());
        for (agent, _) in here {
            names.push(self.names.agent(app, agent).await?);
        }
        Ok(names)
    }

    /// Everything that clients were told last, for a new one.
    pub(super) async fn present(&self, app: &App) -> Result<Vec<Frame>> {
        let mut told = self.presence().told.clone();
        // Also when nobody is here.
        told.entry(DESK).or_default();
        self.worded(app, told).await
    }

    async fn worded(&self, app: &App, changes: BTreeMap<TicketId, OnTicket>) -> Result<Vec<Frame>> {
        let mut frames = Vec::new();
        for (ticket, agents) in changes {
            if ticket == DESK {
                let agents: Vec<i64> = agents.iter().map(|(agent, _)| agent.0).collect();
                frames.push(Frame::Present(Words::Online { agents: &agents }.text()?));
                continue;
            }
            let mut someones = Vec::new();
            for (id, state) in agents {
                someones.push(Someone { id, name: self.names.agent(app, id).await?, state });
            }
            frames.push(Frame::Present(Words::Presence { ticket: ticket.0, agents: &someones }.text()?));
        }
        Ok(frames)
    }

    /// Tells clients and the other nodes what has changed.
    async fn turn(&self, app: &App, node: &str) -> Result<()> {
        let several = app.db().engine() == Engine::Postgres;
        if several {
            let there = read(app, node).await?;
            self.presence().hear(there);
        }
        let changes = self.presence().changes(app.now());
        for frame in self.worded(app, changes).await? {
            let _ = self.frames.send(frame);
        }
        if several {
            let rows = self.presence().unwritten(app.now());
            write(app, node, &rows).await?;
            self.presence().wrote(&rows);
        }
        Ok(())
    }
}

/// Keeps presence true until the app stops.
pub(super) async fn keep(hub: Arc<Hub>, app: App) {
    let node = app.secrets().token().unwrap_or_default();
    let mut signal = app.db().events_signal();
    loop {
        if let Err(error) = hub.turn(&app, &node).await {
            tracing::warn!(%error, "presence is not shared with the other nodes");
        }
        tokio::time::sleep(PACE).await;
        tokio::select! {
            () = app.stopping() => break,
            () = hub.stirred.notified() => {}
            // Other nodes ring the same bell for it.
            _ = signal.changed(), if app.db().engine() == Engine::Postgres => {}
            () = tokio::time::sleep(LOOK) => {}
        }
    }
    if app.db().engine() == Engine::Postgres {
        // If it fails, it is out of date in a moment anyway.
        let _ = app.db().run("DELETE FROM presence WHERE node = $1", args![node]).await;
    }
}

async fn read(app: &App, node: &str) -> Result<BTreeMap<Key, Doing>> {
    let sql = "SELECT ticket, agent, state FROM presence WHERE node <> $1 AND until > $2 ORDER BY state";
    let rows = app.db().all(sql, args![node, app.now()]).await?;
    // In the order of their words, so that of two nodes "writing" stays.
    rows.iter().map(|row| Ok(((row.id("ticket")?, row.id("agent")?), row.word("state")?))).collect()
}

async fn write(app: &App, node: &str, rows: &[Row]) -> Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let mut tx = app.begin(Actor::System).await?;
    for ((ticket, agent), row) in rows {
        let Some((state, until)) = row else {
            let sql = "DELETE FROM presence WHERE node = $1 AND ticket = $2 AND agent = $3";
            tx.run(sql, args![node, *ticket, *agent]).await?;
            continue;
        };
        let sql = "INSERT INTO presence (node, ticket, agent, state, until) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (ticket, agent, node) DO UPDATE SET state = excluded.state, until = excluded.until";
        tx.run(sql, args![node, *ticket, *agent, *state, *until]).await?;
    }
    // Nodes that died left theirs behind.
    tx.run("DELETE FROM presence WHERE until < $1", args![tx.now() - HOLDS]).await?;
    tx.run("SELECT 1 FROM (SELECT pg_notify('shopbell', '')) AS told", args![]).await?;
    tx.commit().await
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Said {
    state: Doing,
}

/// What is said over HTTP belongs to no connection.
const HTTP: u64 = 0;

async fn put(
    who: Who,
    State(app): State<App>,
    Extension(hub): Extension<Arc<Hub>>,
    Id(ticket): Id<TicketId>,
    Body(Said { state }): Body<Said>,
) -> Result<Gone> {
    who.may(if state == Doing::Writing { Permission::TicketsWrite } else { Permission::TicketsRead })?;
    let agent = who.person()?;
    app.db().one("SELECT id FROM tickets WHERE id = $1", args![ticket]).await?;
    hub.start(&app).await?;
    hub.say(HTTP, ticket, agent, (state != Doing::Gone).then(|| (state, app.now() + HOLDS)));
    Ok(Gone)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TICKET: TicketId = TicketId(7);
    const KARI: AgentId = AgentId(1);
    const OLA: AgentId = AgentId(2);

    fn reading(now: Time) -> (Doing, Time) {
        (Doing::Reading, now + HOLDS)
    }

    fn writing(now: Time) -> (Doing, Time) {
        (Doing::Writing, now + HOLDS)
    }

    #[test]
    fn only_changes_are_told() {
        let mut presence = Presence::default();
        presence.say(1, TICKET, KARI, Some(reading(0)));
        assert_eq!(presence.changes(0)[&TICKET], [(KARI, Doing::Reading)]);
        presence.say(1, TICKET, KARI, Some(reading(20_000)));
        assert!(presence.changes(20_000).is_empty(), "she says it again");
        presence.say(2, TICKET, OLA, Some(writing(20_000)));
        assert_eq!(presence.changes(20_000)[&TICKET], [(KARI, Doing::Reading), (OLA, Doing::Writing)]);
        assert!(presence.changes(60_000).is_empty());
        assert_eq!(presence.changes(20_000 + HOLDS)[&TICKET], [], "both went silent");
    }

    #[test]
    fn of_two_screens_the_one_that_writes_counts() {
        let mut presence = Presence::default();
        presence.say(1, TICKET, KARI, Some(writing(0)));
        presence.say(2, TICKET, KARI, Some(reading(0)));
        assert_eq!(presence.changes(0)[&TICKET], [(KARI, Doing::Writing)]);
        presence.say(1, TICKET, KARI, None);
        assert_eq!(presence.changes(0)[&TICKET], [(KARI, Doing::Reading)]);
        presence.say(2, TICKET, KARI, None);
        assert_eq!(presence.changes(0)[&TICKET], []);
    }

    #[test]
    fn the_other_nodes_are_written_to_rarely() {
        let mut presence = Presence::default();
        presence.say(1, TICKET, KARI, Some(reading(0)));
        let rows = presence.unwritten(0);
        assert_eq!(rows, [((TICKET, KARI), Some(reading(0)))]);
        presence.wrote(&rows);
        presence.say(1, TICKET, KARI, Some(reading(10_000)));
        assert!(presence.unwritten(10_000).is_empty());
        presence.say(1, TICKET, KARI, Some(reading(20_000)));
        assert_eq!(presence.unwritten(20_000).len(), 1, "what they know would soon end");
        presence.say(1, TICKET, KARI, None);
        presence.changes(20_000);
        assert_eq!(presence.unwritten(20_000), [((TICKET, KARI), None)]);
    }

    #[test]
    fn another_node_counts_like_this_one() {
        let mut presence = Presence::default();
        presence.hear([((TICKET, OLA), Doing::Writing)].into());
        assert_eq!(presence.changes(0)[&TICKET], [(OLA, Doing::Writing)]);
        assert!(presence.unwritten(0).is_empty());
        presence.hear(BTreeMap::new());
        assert_eq!(presence.changes(0)[&TICKET], []);
    }

    #[test]
    fn nobody_fills_the_memory_with_tickets() {
        let mut presence = Presence::default();
        (1..1000).for_each(|ticket| presence.say(1, TicketId(ticket), KARI, Some(reading(0))));
        assert!(presence.here.len() <= MOST + 1);
    }
}
