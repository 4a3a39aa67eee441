//! The hub: reads the log once for all clients of this node and hands each event on, written down once.

use std::{
    collections::BTreeSet,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use axum::extract::ws::Utf8Bytes;
use base::{
    App, Result,
    db::Whisper,
    events::{self, Recorded},
};
use serde::Serialize;
use tokio::sync::{Notify, OnceCell, broadcast};

use super::{log::Shown, names::Names, presence, presence::Presence};
use crate::{
    agents::AgentId,
    event::{self, Audience},
};

/// Frames a client may be behind before it has to read the log for itself.
const BACKLOG: usize = 1024;
/// Events read at once.
const BATCH: i64 = 500;
/// When much happens, clients are woken at most this often: a wake-up of a thousand costs more than an event.
const PACE: Duration = Duration::from_millis(20);
/// A wake-up can get lost with a connection to the database; a look this often finds what it spoke of.
const LOOK: Duration = Duration::from_secs(1);

/// Something for clients.
#[derive(Debug, Clone)]
pub(super) enum Frame {
    Event {
        seq: i64,
        audience: Audience,
        text: Utf8Bytes,
    },
    /// For the screens of one agent only.
    Whisper {
        to: AgentId,
        text: Utf8Bytes,
    },
    /// Who is here and where; the next one replaces it.
    Present(Utf8Bytes),
    /// The rights of this agent may have changed, of a token where it is none: ask again.
    Rights(Option<AgentId>),
}

/// What a client is sent, as JSON with its `type`.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum Words<'a> {
    Hello {
        seq: i64,
    },
    Event {
        event: &'a Shown,
    },
    /// What the same agent did on another screen. It has no place in the log; who was not there never hears it.
    Whisper {
        #[serde(flatten)]
        words: &'a serde_json::Value,
    },
    /// Too much was missed: load everything anew, then go on after `seq`.
    Resync {
        seq: i64,
    },
    Presence {
        ticket: i64,
        agents: &'a [presence::Someone],
    },
    Online {
        agents: &'a [i64],
    },
    Ping,
}

impl Words<'_> {
    pub fn text(&self) -> Result<Utf8Bytes> {
        Ok(serde_json::to_string(self)?.into())
    }
}

pub struct Hub {
    pub(super) frames: broadcast::Sender<Frame>,
    pub(super) names: Names,
    pub(super) presence: Mutex<Presence>,
    /// Presence has changed here.
    pub(super) stirred: Notify,
    started: OnceCell<()>,
    sources: AtomicU64,
}

impl Hub {
    pub(super) fn new() -> Self {
        Self {
            frames: broadcast::Sender::new(BACKLOG),
            names: Names::default(),
            presence: Mutex::default(),
            stirred: Notify::new(),
            started: OnceCell::new(),
            sources: AtomicU64::new(1),
        }
    }

    /// Begins to follow the log, if that has not begun. Subscribe only afterwards.
    pub(super) async fn start(self: &Arc<Self>, app: &App) -> Result<()> {
        let started = self.started.get_or_try_init(async || {
            let seq = events::newest(app).await?;
            tokio::spawn(self.clone().follow(app.clone(), seq));
            tokio::spawn(presence::keep(self.clone(), app.clone()));
            tokio::spawn(self.clone().pass_whispers(app.clone(), app.db().whispers()));
            Ok(())
        });
        started.await.copied()
    }

    /// A number for one connection.
    pub(super) fn source(&self) -> u64 {
        self.sources.fetch_add(1, Ordering::Relaxed)
    }

    async fn follow(self: Arc<Self>, app: App, mut seq: i64) {
        let mut signal = app.db().events_signal();
        loop {
            // What is signalled from here on is seen by this or by the next look.
            signal.mark_unchanged();
            let pause = match self.pass_on(&app, &mut seq).await {
                Ok(true) => {
                    tokio::time::sleep(PACE).await;
                    continue;
                }
                Ok(false) => LOOK,
                Err(error) => {
                    tracing::warn!(%error, "live clients wait: the event log cannot be read");
                    tokio::time::sleep(LOOK).await;
                    continue;
                }
            };
            tokio::select! {
                () = app.stopping() => return,
                _ = signal.changed() => {}
                () = tokio::time::sleep(pause) => {}
            }
        }
    }

    /// Whispers that come faster than they can be passed on are lost, as for one who was not there.
    async fn pass_whispers(self: Arc<Self>, app: App, mut whispers: broadcast::Receiver<Whisper>) {
        loop {
            let whisper = tokio::select! {
                () = app.stopping() => return,
                whisper = whispers.recv() => whisper,
            };
            match whisper {
                Ok(Whisper { to, words }) => {
                    let Ok(text) = Words::Whisper { words: &words }.text() else { continue };
                    let _ = self.frames.send(Frame::Whisper { to: AgentId(to), text });
                }
                Err(broadcast::error::RecvError::Lagged(_)) => {}
                Err(broadcast::error::RecvError::Closed) => return,
            }
        }
    }

    /// Passes on what is new; true if there was something.
    async fn pass_on(&self, app: &App, seq: &mut i64) -> Result<bool> {
        if self.frames.receiver_count() == 0 {
            let newest = events::newest(app).await?;
            // Whoever subscribed meanwhile reads the log itself only up to some event: keep to the old place for them.
            if self.frames.receiver_count() == 0 {
                *seq = newest;
                return Ok(false);
            }
        }
        let events = events::after(app, *seq, BATCH).await?;
        let Some(last) = events.last() else { return Ok(false) };
        let last = last.seq;
        self.names.forget_changed(&events);
        let rights: BTreeSet<Option<AgentId>> =
            events.iter().filter(|event| is_about_rights(&event.kind)).map(whose).collect();
        for shown in self.shown(app, events).await? {
            let text = Words::Event { event: &shown }.text()?;
            // An error says that nobody is there.
            let _ = self.frames.send(Frame::Event { seq: shown.seq, audience: event::audience(&shown.kind), text });
        }
        for agent in rights {
            let _ = self.frames.send(Frame::Rights(agent));
        }
        *seq = last;
        Ok(true)
    }
}

fn is_about_rights(kind: &str) -> bool {
    matches!(kind, "session.revoked" | "agent.changed" | "password.changed" | "token.revoked")
}

fn whose(event: &Recorded) -> Option<AgentId> {
    event.data["agent"].as_i64().map(AgentId)
}
