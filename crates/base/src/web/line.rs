//! A websocket as the house holds one: bounded in what it takes, asked after while it is silent, and closed with a reason.

use std::time::Duration;

use aide::OperationInput;
use axum::{
    body::Bytes,
    extract::{
        FromRequestParts,
        ws::{CloseFrame, Message, Utf8Bytes, WebSocket, WebSocketUpgrade, close_code},
    },
    http::request::Parts,
};
use futures_util::SinkExt;
use tokio::time::{Instant, Interval, interval_at, timeout};

use crate::{Error, Result};

const PING: Duration = Duration::from_secs(25);
/// Whoever takes nothing for so long is gone.
const PATIENCE: Duration = Duration::from_secs(30);
/// Pings without any answer, after which they are gone too.
const UNANSWERED: u32 = 3;

/// The wish to speak websocket.
pub struct Upgrade(pub WebSocketUpgrade);

impl<S: Send + Sync> FromRequestParts<S> for Upgrade {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        let upgrade = WebSocketUpgrade::from_request_parts(parts, state).await;
        upgrade.map(Self).map_err(|_| Error::Malformed("This address speaks the websocket protocol only.".into()))
    }
}

impl OperationInput for Upgrade {}

/// Why a line ends.
pub enum End {
    /// The other side went, or cannot be reached.
    Gone,
    /// They may not listen any longer, and why.
    Over(&'static str),
    /// They sent what nobody should.
    Rude(&'static str),
    /// The node stops; another will answer.
    Stopping,
    /// Our own trouble. They come back and go on where they were.
    Trouble(Error),
}

impl From<Error> for End {
    fn from(error: Error) -> Self {
        Self::Trouble(error)
    }
}

pub struct Line {
    socket: WebSocket,
    /// Messages the other side may send between two pings.
    most: u32,
    /// Pings since it was last heard.
    silent: u32,
    /// Messages since the last ping.
    said: u32,
}

impl Line {
    pub fn new(socket: WebSocket, most: u32) -> Self {
        Self { socket, most, silent: 0, said: 0 }
    }

    /// When to ping. Those that came at once, after a restart say, need not be asked after at once for ever.
    pub fn pings(number: u64) -> Interval {
        let first = PING.mul_f64(0.5 + f64::from(u8::try_from(number % 128).unwrap_or(0)) / 256.0);
        interval_at(Instant::now() + first, PING)
    }

    /// The next text; None for what only shows that they are there. Nothing is lost when this is not waited for to its
    /// end.
    pub async fn hear(&mut self) -> Result<Option<Utf8Bytes>, End> {
        let Some(Ok(message)) = self.socket.recv().await else { return Err(End::Gone) };
        self.silent = 0;
        self.said += 1;
        if self.said > self.most {
            return Err(End::Rude("too many messages"));
        }
        match message {
            Message::Text(text) => Ok(Some(text)),
            Message::Binary(_) => Err(End::Rude("only text is understood")),
            Message::Close(_) => Err(End::Gone),
            Message::Ping(_) | Message::Pong(_) => Ok(None),
        }
    }

    /// It is time for a ping: is anybody there?
    pub fn ask(&mut self) -> Result<(), End> {
        if self.silent >= UNANSWERED {
            return Err(End::Gone);
        }
        self.silent += 1;
        self.said = 0;
        Ok(())
    }

    /// Browsers answer this one by themselves, which tells us that the line still holds.
    pub async fn ping(&mut self) -> Result<(), End> {
        self.put(Message::Ping(Bytes::new())).await?;
        self.flush().await
    }

    /// Sends with the next flush.
    pub async fn feed(&mut self, text: Utf8Bytes) -> Result<(), End> {
        self.put(Message::Text(text)).await
    }

    async fn put(&mut self, message: Message) -> Result<(), End> {
        match timeout(PATIENCE, self.socket.feed(message)).await {
            Ok(Ok(())) => Ok(()),
            _ => Err(End::Gone),
        }
    }

    pub async fn flush(&mut self) -> Result<(), End> {
        match timeout(PATIENCE, self.socket.flush()).await {
            Ok(Ok(())) => Ok(()),
            _ => Err(End::Gone),
        }
    }

    /// Says why, and closes.
    pub async fn close(mut self, end: End) {
        let (code, reason) = match end {
            End::Gone => return,
            End::Over(why) | End::Rude(why) => (close_code::POLICY, why),
            End::Stopping => (close_code::RESTART, "restarting"),
            End::Trouble(error) => {
                tracing::warn!(%error, "a websocket ended");
                (close_code::ERROR, "try again")
            }
        };
        let close = Message::Close(Some(CloseFrame { code, reason: reason.into() }));
        let _ = timeout(Duration::from_secs(2), self.socket.send(close)).await;
    }
}
