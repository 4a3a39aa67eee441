//! A visitor's websocket: what they have not got yet, then what is said as it is said. The place of the last line is the
//! cursor, so that nothing is lost and nothing comes twice however often the line breaks.

use std::{sync::Arc, time::Duration};

use aide::axum::{ApiRouter, routing::get_with};
use axum::{
    Extension,
    extract::{State, ws::Utf8Bytes},
    response::Response,
};
use base::{
    App, Error, Feature, Result,
    web::line::{End, Line, Upgrade},
};
use serde::{Deserialize, Serialize};
use tokio::time::timeout;

use super::{
    crowd::{Crowd, Seat},
    door::Doorway,
    talk::{BATCH, ShownLine, say_typing, set_marks},
};
use crate::visits::{self, Visit};

/// A page that does not say who it is for so long is gone.
const INTRODUCTION: Duration = Duration::from_secs(10);
/// Bytes of the largest message a page may send here; what is said goes another way.
const LARGEST: usize = 4 * 1024;
/// Messages it may send between two pings.
const MOST_SAID: u32 = 60;

pub(super) fn feature() -> Feature {
    let live = get_with(connect, |op| {
        op.summary("Websocket of a visitor: `hello` with token and cursor, then the conversation as it goes on")
            .response::<101, ()>()
    });
    Feature { doors: ApiRouter::new().api_route("/widgets/{id}/live", live), ..Feature::default() }
}

async fn connect(
    State(app): State<App>,
    doorway: Doorway,
    Extension(crowd): Extension<Arc<Crowd>>,
    Upgrade(upgrade): Upgrade,
) -> Response {
    // The defaults would take 256 KiB of memory for each visitor.
    let upgrade = upgrade.read_buffer_size(1024).write_buffer_size(1024).max_write_buffer_size(1024 * 1024);
    let upgrade = upgrade.max_message_size(LARGEST).max_frame_size(LARGEST);
    upgrade.on_upgrade(move |socket| async move {
        let mut line = Line::new(socket, MOST_SAID);
        let (visit, after) = match introduced(&app, &doorway, &mut line).await {
            Ok(known) => known,
            Err(end) => return line.close(end).await,
        };
        drop(doorway);
        let seat = match crowd.sit(&app, &visit).await {
            Ok(seat) => seat,
            Err(error) => return line.close(End::Trouble(error)).await,
        };
        let place = after.clamp(0, visit.newest);
        let mut page = Page { app, crowd, visit, seat, line, place, told: Told::default() };
        let end = page.serve().await;
        page.crowd.leave(&page.seat);
        if let Err(error) = visits::left(&page.app, page.visit.id).await {
            tracing::warn!(%error, "it was not written down that a visitor left");
        }
        page.line.close(end).await;
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
    Typing {
        /// What they have typed so far; only for inboxes whose look says `typing_preview`.
        text: Option<String>,
    },
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

/// Their visit is over, or it never was theirs.
fn over(error: Error) -> End {
    match error {
        Error::Unauthorized(_) | Error::NotFound => End::Over("over"),
        error => End::Trouble(error),
    }
}

async fn introduced(app: &App, doorway: &Doorway, line: &mut Line) -> Result<(Visit, i64), End> {
    let first = timeout(INTRODUCTION, line.hear()).await.map_err(|_| End::Rude("say hello first"))??;
    match first.and_then(|text| serde_json::from_str(&text).ok()) {
        Some(Heard::Hello { token, after }) => {
            Ok((visits::open(app, doorway.inbox.id, &token).await.map_err(over)?, after))
        }
        _ => Err(End::Rude("say hello first")),
    }
}

struct Page {
    app: App,
    crowd: Arc<Crowd>,
    visit: Visit,
    seat: Arc<Seat>,
    line: Line,
    /// The last line it was sent.
    place: i64,
    told: Told,
}

impl Page {
    async fn serve(&mut self) -> End {
        let mut ping = Line::pings(self.visit.id.0.unsigned_abs());
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
                said = self.line.hear() => self.hear(said).await,
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
        self.visit = visits::again(&self.app, self.visit.id).await.map_err(over)?;
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
        self.line.flush().await
    }

    async fn show_writing(&mut self, names: &[String]) -> Result<(), End> {
        let inbox = crate::inboxes::get(&self.app, self.visit.inbox).await?;
        let channels = self.app.part::<connectors::Channels>()?;
        let door = channels.get(&inbox.channel)?.door(&inbox.settings);
        let name = door.zip(names.first()).and_then(|(door, name)| visits::shown_as(door.names, name));
        self.feed(&Words::Typing { on: !names.is_empty(), name }).await?;
        self.line.flush().await
    }

    async fn hear(&mut self, said: Result<Option<Utf8Bytes>, End>) -> Result<(), End> {
        let Some(text) = said? else { return Ok(()) };
        match serde_json::from_str(&text).map_err(|_| End::Rude("not a message we know"))? {
            Heard::Marks { delivered, read } => Ok(set_marks(&self.app, self.visit.id, delivered, read).await?),
            Heard::Typing { text } => Ok(say_typing(&self.app, &self.crowd, &self.visit, text.as_deref()).await?),
            Heard::Hello { .. } | Heard::SomethingNew => Ok(()),
        }
    }

    async fn ping(&mut self) -> Result<(), End> {
        self.line.ask()?;
        // A visit that was deleted elsewhere ends here; and whatever a lost wake-up spoke of is found.
        let now = visits::again(&self.app, self.visit.id).await.map_err(over)?;
        if now.newest > self.place || now.ended_at.is_some() != self.told.ended {
            self.look(false).await?;
        }
        self.visit = now;
        visits::here(&self.app, &self.visit).await?;
        self.feed(&Words::Ping).await?;
        self.line.ping().await
    }

    async fn feed(&mut self, words: &Words<'_>) -> Result<(), End> {
        let text = serde_json::to_string(words).map_err(Error::from)?;
        self.line.feed(text.into()).await
    }
}
