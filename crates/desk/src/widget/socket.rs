//! A visitor's websocket: what they have not got yet, then what is said as it is said. The place of the last line is the
//! cursor, so that nothing is lost and nothing comes twice however often the line breaks.

use std::{sync::Arc, time::Duration};

use aide::{
    OperationInput,
    axum::{ApiRouter, routing::get_with},
};
use axum::{
    Extension,
    extract::{
        FromRequestParts, State,
        ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade, close_code},
    },
    http::request::Parts,
    response::Response,
};
use base::{App, Error, Feature, Result};
use futures_util::SinkExt;
use serde::{Deserialize, Serialize};
use tokio::time::{Instant, interval_at, timeout};

use super::{
    crowd::{Crowd, Seat},
    door::Doorway,
    talk::{BATCH, ShownLine, say_typing, set_marks},
};
use crate::visits::{self, Visit};

const PING: Duration = Duration::from_secs(25);
/// A page that takes nothing for so long, or does not say who it is, is gone.
const PATIENCE: Duration = Duration::from_secs(30);
const INTRODUCTION: Duration = Duration::from_secs(10);
/// Pings without any answer, after which it is gone too.
const UNANSWERED: u32 = 3;
/// Bytes of the largest message a page may send here; what is said goes another way.
const LARGEST: usize = 1024;
/// Messages it may send between two pings.
const MOST_SAID: u32 = 60;

pub(super) fn feature() -> Feature {
    let live = get_with(connect, |op| {
        op.summary("Websocket of a visitor: `hello` with token and cursor, then the conversation as it goes on")
            .response::<101, ()>()
    });
    Feature { doors: ApiRouter::new().api_route("/widgets/{id}/live", live), ..Feature::default() }
}

struct Upgrade(WebSocketUpgrade);

impl FromRequestParts<App> for Upgrade {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let upgrade = WebSocketUpgrade::from_request_parts(parts, app).await;
        upgrade.map(Self).map_err(|_| Error::Malformed("This address speaks the websocket protocol only.".into()))
    }
}

impl OperationInput for Upgrade {}

async fn connect(
    State(app): State<App>,
    doorway: Doorway,
    Extension(crowd): Extension<Arc<Crowd>>,
    Upgrade(upgrade): Upgrade,
) -> Response {
    // The defaults would take 256 KiB of memory for each visitor.
    let upgrade = upgrade.read_buffer_size(1024).write_buffer_size(1024).max_write_buffer_size(1024 * 1024);
    let upgrade = upgrade.max_message_size(LARGEST).max_frame_size(LARGEST);
    upgrade.on_upgrade(move |mut socket| async move {
        let (visit, after) = match introduced(&app, &doorway, &mut socket).await {
            Ok(known) => known,
            Err(end) => return close(socket, end).await,
        };
        drop(doorway);
        let seat = match crowd.sit(&app, &visit).await {
            Ok(seat) => seat,
            Err(error) => return close(socket, End::Trouble(error)).await,
        };
        let place = after.clamp(0, visit.newest);
        let mut page = Page { app, crowd, visit, seat, socket, place, told: Told::default(), silent: 0, said: 0 };
        let end = page.serve().await;
        page.crowd.leave(&page.seat);
        if let Err(error) = visits::left(&page.app, page.visit.id).await {
            tracing::warn!(%error, "it was not written down that a visitor left");
        }
        close(page.socket, end).await;
    })
}

/// What a page may say.
#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Heard {
    /// Who it is, and the place of the last line it has. A header cannot be set by browsers, and addresses stand in logs.
    Hello {
        token: String,
        #[serde(default)]
        after: i64,
    },
    Marks {
        delivered: Option<i64>,
        read: Option<i64>,
    },
    Typing,
    #[serde(other)]
    SomethingNew,
}

/// What a page is told, as JSON with its `type`.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Words<'a> {
    Line {
        line: ShownLine,
    },
    /// Everything up to now has been sent; and what has been read on the other side.
    State {
        #[serde(flatten)]
        told: &'a Told,
    },
    Typing {
        on: bool,
        name: Option<String>,
    },
    Ping,
}

#[derive(Debug, Default, Clone, PartialEq, Serialize)]
struct Told {
    place: i64,
    /// The last line of the visitor's that somebody of the shop has read.
    read_by_shop: i64,
    ended: bool,
}

/// Why a connection ends.
enum End {
    Gone,
    /// Their visit is over, or it never was theirs.
    Over,
    Rude(&'static str),
    Stopping,
    Trouble(Error),
}

impl From<Error> for End {
    fn from(error: Error) -> Self {
        match error {
            Error::Unauthorized(_) | Error::NotFound => Self::Over,
            error => Self::Trouble(error),
        }
    }
}

async fn introduced(app: &App, doorway: &Doorway, socket: &mut WebSocket) -> Result<(Visit, i64), End> {
    let first = timeout(INTRODUCTION, socket.recv()).await.map_err(|_| End::Rude("say hello first"))?;
    let Some(Ok(Message::Text(text))) = first else { return Err(End::Gone) };
    match serde_json::from_str(&text) {
        Ok(Heard::Hello { token, after }) => Ok((visits::open(app, doorway.inbox.id, &token).await?, after)),
        _ => Err(End::Rude("say hello first")),
    }
}

struct Page {
    app: App,
    crowd: Arc<Crowd>,
    visit: Visit,
    seat: Arc<Seat>,
    socket: WebSocket,
    /// The last line it was sent.
    place: i64,
    told: Told,
    /// Pings since it was last heard.
    silent: u32,
    /// Messages since the last ping.
    said: u32,
}

impl Page {
    async fn serve(&mut self) -> End {
        // Pages that came back at once after a restart need not be asked after at once for ever.
        let spread = f64::from(u8::try_from(self.visit.id.0 % 128).unwrap_or(0)) / 256.0;
        let mut ping = interval_at(Instant::now() + PING.mul_f64(0.5 + spread), PING);
        let mut writing = self.seat.writing.subscribe();
        let (app, seat) = (self.app.clone(), self.seat.clone());
        let stopping = app.stopping();
        tokio::pin!(stopping);
        if let Err(end) = self.look(true).await {
            return end;
        }
        loop {
            let done = tokio::select! {
                () = seat.crowded.notified() => Err(End::Rude("too many pages")),
                () = seat.look.notified() => self.look(false).await,
                Ok(()) = writing.changed() => {
                    let names = writing.borrow_and_update().clone();
                    self.show_writing(&names).await
                }
                message = self.socket.recv() => self.hear(message).await,
                _ = ping.tick() => self.ping().await,
                () = &mut stopping => Err(End::Stopping),
            };
            if let Err(end) = done {
                return end;
            }
        }
    }

    /// Sends what has been added, and what else has changed.
    async fn look(&mut self, first: bool) -> Result<(), End> {
        self.visit = visits::again(&self.app, self.visit.id).await?;
        while self.place < self.visit.newest {
            let lines = visits::after(&self.app, self.visit.id, self.place, BATCH).await?;
            let Some(last) = lines.last() else { break };
            self.place = last.place;
            for line in lines {
                self.feed(&Words::Line { line: line.into() }).await?;
            }
        }
        let read_by_shop = visits::read_by_shop(&self.app, self.visit.id).await?;
        let told = Told { place: self.place, read_by_shop, ended: self.visit.ended_at.is_some() };
        if first || told != self.told {
            self.feed(&Words::State { told: &told }).await?;
            self.told = told;
        }
        self.flush().await
    }

    async fn show_writing(&mut self, names: &[String]) -> Result<(), End> {
        let inbox = crate::inboxes::get(&self.app, self.visit.inbox).await?;
        let channels = self.app.part::<connectors::Channels>()?;
        let door = channels.get(&inbox.channel)?.door(&inbox.settings);
        let name = door.zip(names.first()).and_then(|(door, name)| visits::shown_as(door.names, name));
        self.feed(&Words::Typing { on: !names.is_empty(), name }).await?;
        self.flush().await
    }

    async fn hear(&mut self, message: Option<Result<Message, axum::Error>>) -> Result<(), End> {
        let Some(Ok(message)) = message else { return Err(End::Gone) };
        self.silent = 0;
        self.said += 1;
        if self.said > MOST_SAID {
            return Err(End::Rude("too many messages"));
        }
        let text = match message {
            Message::Text(text) => text,
            Message::Binary(_) => return Err(End::Rude("only text is understood")),
            Message::Close(_) => return Err(End::Gone),
            Message::Ping(_) | Message::Pong(_) => return Ok(()),
        };
        match serde_json::from_str(&text).map_err(|_| End::Rude("not a message we know"))? {
            Heard::Marks { delivered, read } => Ok(set_marks(&self.app, self.visit.id, delivered, read).await?),
            Heard::Typing => Ok(say_typing(&self.app, &self.crowd, &self.visit).await?),
            Heard::Hello { .. } | Heard::SomethingNew => Ok(()),
        }
    }

    async fn ping(&mut self) -> Result<(), End> {
        if self.silent >= UNANSWERED {
            return Err(End::Gone);
        }
        self.silent += 1;
        self.said = 0;
        // A visit that was deleted elsewhere ends here; and whatever a lost wake-up spoke of is found.
        self.look(false).await?;
        visits::here(&self.app, &self.visit).await?;
        self.feed(&Words::Ping).await?;
        self.put(Message::Ping(axum::body::Bytes::new())).await?;
        self.flush().await
    }

    async fn feed(&mut self, words: &Words<'_>) -> Result<(), End> {
        let text = serde_json::to_string(words).map_err(Error::from)?;
        self.put(Message::Text(text.into())).await
    }

    async fn put(&mut self, message: Message) -> Result<(), End> {
        match timeout(PATIENCE, self.socket.feed(message)).await {
            Ok(Ok(())) => Ok(()),
            _ => Err(End::Gone),
        }
    }

    async fn flush(&mut self) -> Result<(), End> {
        match timeout(PATIENCE, self.socket.flush()).await {
            Ok(Ok(())) => Ok(()),
            _ => Err(End::Gone),
        }
    }
}

/// Says why, and closes.
async fn close(mut socket: WebSocket, end: End) {
    let (code, reason) = match end {
        End::Gone => return,
        End::Over => (close_code::POLICY, "over"),
        End::Rude(why) => (close_code::POLICY, why),
        End::Stopping => (close_code::RESTART, "restarting"),
        End::Trouble(error) => {
            tracing::warn!(%error, "a visitor's connection ended");
            (close_code::ERROR, "try again")
        }
    };
    let close = Message::Close(Some(CloseFrame { code, reason: reason.into() }));
    let _ = timeout(Duration::from_secs(2), socket.send(close)).await;
}
