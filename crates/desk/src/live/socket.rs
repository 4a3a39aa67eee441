//! One client's websocket: what it missed, then what happens, until it leaves or loses its rights.

use std::sync::Arc;

use aide::{
    OperationInput,
    axum::{ApiRouter, routing::get_with},
};
use axum::{
    Extension,
    extract::{FromRequestParts, State, ws::Utf8Bytes},
    http::request::Parts,
    response::Response,
};
use base::{
    App, Error, Feature, Result, Time, args,
    db::EVERYBODY,
    events,
    web::{
        Params,
        caller::bearer,
        guard::is_foreign,
        line::{End, Line, Upgrade},
    },
};
use schemars::JsonSchema;
use serde::Deserialize;
use tokio::sync::broadcast::{
    Receiver,
    error::{RecvError, TryRecvError},
};

use super::{
    Ears, Hub,
    hub::{Frame, Words},
    presence::{DESK, Doing, HOLDS},
};
use crate::{
    agents::{self, AgentId, Who},
    event,
    tickets::TicketId,
};

/// Who missed more than this loads everything anew.
const MOST_MISSED: i64 = 5_000;
const BATCH: i64 = 500;
/// Bytes of the largest message a client may send.
const LARGEST: usize = 4 * 1024;
/// Messages it may send between two pings.
const MOST_SAID: u32 = 100;
/// After the last connection has closed an agent counts as here a moment longer: pages are reloaded all the time.
const LINGER: Time = 5_000;

pub(super) fn feature() -> Feature {
    let live = get_with(connect, |op| {
        op.summary("Websocket: events after `seq`, then as they happen; presence").response::<101, ()>()
    });
    Feature { routes: ApiRouter::new().api_route("/live", live), ..Feature::default() }
}

/// A page of another site must not open one with our cookie: browsers let it try.
struct OwnPage(Upgrade);

impl FromRequestParts<App> for OwnPage {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        if bearer(&parts.headers).is_none() && is_foreign(app, &parts.headers) {
            return Err(Error::forbidden("This request came from another site's page."));
        }
        Upgrade::from_request_parts(parts, app).await.map(Self)
    }
}

impl OperationInput for OwnPage {}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Since {
    /// The last event that the client knows; without it only what happens from now on.
    seq: Option<i64>,
}

async fn connect(
    who: Who,
    State(app): State<App>,
    Extension(hub): Extension<Arc<Hub>>,
    Params(since): Params<Since>,
    OwnPage(Upgrade(upgrade)): OwnPage,
) -> Result<Response> {
    let ears = Ears::of(&who)?;
    hub.start(&app).await?;
    // The defaults would take 256 KiB of memory for each client.
    let upgrade = upgrade.read_buffer_size(2 * 1024).write_buffer_size(4 * 1024).max_write_buffer_size(4 * 1024 * 1024);
    let upgrade = upgrade.max_message_size(LARGEST).max_frame_size(LARGEST);
    Ok(upgrade.on_upgrade(move |socket| async move {
        let source = hub.source();
        let line = Line::new(socket, MOST_SAID);
        let mut client = Client { app, hub, who, ears, line, source, seq: 0, on: None, pings: 0 };
        let reason = client.serve(since.seq).await;
        client.leave(reason).await;
    }))
}

struct Client {
    app: App,
    hub: Arc<Hub>,
    who: Who,
    ears: Ears,
    line: Line,
    source: u64,
    /// The last event it was sent, or that was not for it.
    seq: i64,
    /// The ticket it said it is on.
    on: Option<TicketId>,
    pings: u32,
}

/// What a client may say.
#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Said {
    Presence {
        ticket: Option<TicketId>,
        state: Option<Doing>,
    },
    #[serde(other)]
    SomethingNew,
}

impl Client {
    /// Serves until the connection should end.
    async fn serve(&mut self, since: Option<i64>) -> End {
        // In this order nothing falls between the log and what follows; what comes by both ways is passed over.
        let mut frames = self.hub.frames.subscribe();
        match self.greet(since).await {
            Ok(()) => {}
            Err(end) => return end,
        }
        let mut ping = Line::pings(self.source);
        let app = self.app.clone();
        let stopping = app.stopping();
        tokio::pin!(stopping);
        loop {
            let done = tokio::select! {
                frame = frames.recv() => self.pass_on(frame, &mut frames).await,
                said = self.line.hear() => self.hear(said).await,
                _ = ping.tick() => self.ping().await,
                () = &mut stopping => Err(End::Stopping),
            };
            if let Err(end) = done {
                return end;
            }
        }
    }

    async fn greet(&mut self, since: Option<i64>) -> Result<(), End> {
        let newest = events::newest(&self.app).await?;
        self.here(HOLDS);
        self.seq = since.unwrap_or(newest);
        // A number beyond the newest was given by another database: one before a restore, perhaps.
        if self.seq > newest || newest - self.seq > MOST_MISSED {
            self.send(Words::Hello { seq: newest }.text()?).await?;
            self.resync(newest).await?;
        } else {
            self.send(Words::Hello { seq: self.seq }.text()?).await?;
            self.replay().await?;
        }
        self.show_presence().await
    }

    async fn resync(&mut self, newest: i64) -> Result<(), End> {
        self.seq = newest;
        self.send(Words::Resync { seq: newest }.text()?).await
    }

    /// Sends from the log what comes after the last event sent.
    async fn replay(&mut self) -> Result<(), End> {
        loop {
            let missed = events::after(&self.app, self.seq, BATCH).await?;
            let whole = i64::try_from(missed.len()).is_ok_and(|count| count < BATCH);
            for event in self.hub.shown(&self.app, missed).await? {
                self.seq = event.seq;
                if self.ears.hear(event::audience(&event.kind)) {
                    self.feed(Words::Event { event: &event }.text()?).await?;
                }
            }
            self.flush().await?;
            if whole {
                return Ok(());
            }
        }
    }

    async fn show_presence(&mut self) -> Result<(), End> {
        for frame in self.hub.present(&self.app).await? {
            if let Frame::Present(text) = frame {
                self.feed(text).await?;
            }
        }
        self.flush().await
    }

    /// Sends a frame and all that wait behind it, in one go.
    async fn pass_on(&mut self, frame: Result<Frame, RecvError>, frames: &mut Receiver<Frame>) -> Result<(), End> {
        let mut next = match frame {
            Ok(frame) => frame,
            Err(RecvError::Closed) => return Err(End::Stopping),
            Err(RecvError::Lagged(_)) => return self.catch_up().await,
        };
        loop {
            match next {
                Frame::Event { seq, audience, text } if seq > self.seq => {
                    self.seq = seq;
                    if self.ears.hear(audience) {
                        self.feed(text).await?;
                    }
                }
                Frame::Whisper { to, text } if to == AgentId(EVERYBODY) || Some(to) == self.who.agent => {
                    self.feed(text).await?;
                }
                Frame::Present(text) => self.feed(text).await?,
                Frame::Rights(agent) if agent.is_none() || agent == self.who.agent => self.ask_again().await?,
                Frame::Event { .. } | Frame::Whisper { .. } | Frame::Rights(_) => {}
            }
            next = match frames.try_recv() {
                Ok(frame) => frame,
                // Said only once: after it the receiver goes on behind the gap.
                Err(TryRecvError::Lagged(_)) => return self.catch_up().await,
                Err(TryRecvError::Empty | TryRecvError::Closed) => return self.flush().await,
            };
        }
    }

    /// It was too slow for the others: it gets what it missed from the log, or is told to load anew.
    async fn catch_up(&mut self) -> Result<(), End> {
        let newest = events::newest(&self.app).await?;
        if newest - self.seq > MOST_MISSED {
            self.resync(newest).await?;
        } else {
            self.replay().await?;
        }
        self.show_presence().await?;
        self.ask_again().await
    }

    async fn hear(&mut self, said: Result<Option<Utf8Bytes>, End>) -> Result<(), End> {
        let Some(text) = said? else { return Ok(()) };
        match serde_json::from_str(&text).map_err(|_| End::Rude("not a message we know"))? {
            Said::Presence { ticket, state } => self.moved(ticket, state.unwrap_or(Doing::Reading)).await,
            Said::SomethingNew => Ok(()),
        }
    }

    /// The agent is on another ticket now, does something else there, or is on none.
    async fn moved(&mut self, ticket: Option<TicketId>, doing: Doing) -> Result<(), End> {
        let Some(agent) = self.who.agent else { return Ok(()) };
        // Who cannot answer writes nothing that others should wait for.
        let writes = self.who.can(agents::Permission::TicketsWrite);
        let doing = if doing == Doing::Writing && !writes { Doing::Reading } else { doing };
        let ticket = ticket.filter(|_| doing != Doing::Gone);
        if let Some(left) = self.on.take_if(|on| Some(*on) != ticket) {
            self.hub.say(self.source, left, agent, None);
        }
        let Some(ticket) = ticket else { return Ok(()) };
        if self.on.is_none() {
            let row = self.app.db().opt("SELECT id FROM tickets WHERE id = $1", args![ticket]).await?;
            if row.is_none() {
                return Ok(());
            }
        }
        self.on = Some(ticket);
        self.hub.say(self.source, ticket, agent, Some((doing, self.app.now() + HOLDS)));
        Ok(())
    }

    async fn ping(&mut self) -> Result<(), End> {
        self.line.ask()?;
        // Sign-outs are heard at once; a session that merely ends, or a role that is taken away beside the log, here.
        self.ask_again().await?;
        self.here(HOLDS);
        self.pings += 1;
        if let Some(agent) = self.who.agent.filter(|_| self.pings % 3 == 1)
            && let Err(error) = agents::seen(&self.app, agent).await
        {
            tracing::warn!(%error, "that an agent is here could not be noted");
        }
        self.feed(Words::Ping.text()?).await?;
        self.line.ping().await
    }

    async fn ask_again(&mut self) -> Result<(), End> {
        match self.who.refreshed(&self.app).await {
            Ok(who) => {
                self.ears = Ears::of(&who).map_err(|_| End::Over("signed out"))?;
                self.who = who;
                Ok(())
            }
            Err(Error::Unauthorized(_) | Error::Forbidden(_) | Error::NotFound) => Err(End::Over("signed out")),
            // A database that is away for a moment takes nobody's rights.
            Err(_) => Ok(()),
        }
    }

    fn here(&self, holds: Time) {
        if let Some(agent) = self.who.agent {
            self.hub.say(self.source, DESK, agent, Some((Doing::Reading, self.app.now() + holds)));
        }
    }

    async fn send(&mut self, text: Utf8Bytes) -> Result<(), End> {
        self.feed(text).await?;
        self.flush().await
    }

    async fn feed(&mut self, text: Utf8Bytes) -> Result<(), End> {
        self.line.feed(text).await
    }

    async fn flush(&mut self) -> Result<(), End> {
        self.line.flush().await
    }

    /// Says why, takes back that they are here, and closes.
    async fn leave(self, end: End) {
        if let Some(agent) = self.who.agent {
            if let Some(ticket) = self.on {
                self.hub.say(self.source, ticket, agent, None);
            }
            self.here(LINGER);
        }
        self.line.close(end).await;
    }
}
