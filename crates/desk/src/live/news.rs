//! What other features hear of this node's hub, so that each of them need not read the log again.

use std::sync::Arc;

use base::{App, Result};
use serde_json::Value;
use tokio::sync::broadcast::{Receiver, error::RecvError};

use super::hub::{Frame, Hub};
use crate::{messages::MessageId, tickets::TicketId, visits::VisitId};

/// Something that somebody else may have to look at.
#[derive(Debug, PartialEq)]
pub enum News {
    /// Something has happened to a message.
    Message(MessageId),
    /// A visit was ended or deleted.
    Visit(VisitId),
    /// Those who are writing on a ticket now, by name.
    Writing(TicketId, Vec<String>),
    /// An agent has read a ticket.
    Read(TicketId),
    /// More happened than could be heard: look at everything.
    Missed,
}

/// Listens to the hub.
pub struct Ear(Receiver<Frame>);

impl Hub {
    /// Begins to listen; what happens from here on is heard.
    pub async fn ear(self: &Arc<Self>, app: &App) -> Result<Ear> {
        self.start(app).await?;
        Ok(Ear(self.frames.subscribe()))
    }
}

impl Ear {
    /// The next news; none when the hub is gone.
    pub async fn next(&mut self) -> Option<News> {
        loop {
            match self.0.recv().await {
                Ok(frame) => {
                    if let Some(news) = news(&frame) {
                        return Some(news);
                    }
                }
                Err(RecvError::Lagged(_)) => return Some(News::Missed),
                Err(RecvError::Closed) => return None,
            }
        }
    }
}

fn news(frame: &Frame) -> Option<News> {
    let (Frame::Event { text, .. } | Frame::Whisper { text, .. } | Frame::Present(text)) = frame else { return None };
    let words: Value = serde_json::from_str(text).ok()?;
    let ticket = || words["ticket"].as_i64().map(TicketId);
    match (words["type"].as_str()?, words["kind"].as_str()) {
        ("event", _) => {
            let id = |field: &str| words["event"]["data"][field].as_i64();
            let message = id("message").map(|id| News::Message(MessageId(id)));
            message.or_else(|| id("visit").map(|id| News::Visit(VisitId(id))))
        }
        ("whisper", Some("ticket.read")) => ticket().map(News::Read),
        ("presence", _) => {
            let agents = words["agents"].as_array()?.iter().filter(|agent| agent["state"] == "writing");
            let names = agents.filter_map(|agent| agent["name"].as_str().map(str::to_owned));
            ticket().map(|ticket| News::Writing(ticket, names.collect()))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{agents::AgentId, event::Audience};

    #[test]
    fn only_what_others_look_at_is_news() {
        let event = |text: &'static str| news(&Frame::Event { seq: 1, audience: Audience::Desk, text: text.into() });
        let sent = r#"{"type":"event","event":{"kind":"message.sent","data":{"ticket":3,"message":7}}}"#;
        assert_eq!(event(sent), Some(News::Message(MessageId(7))));
        assert_eq!(event(r#"{"type":"event","event":{"kind":"view.changed","data":{"view":3}}}"#), None);
        let read = r#"{"type":"whisper","kind":"ticket.read","ticket":3,"message":7}"#;
        assert_eq!(news(&Frame::Whisper { to: AgentId(1), text: read.into() }), Some(News::Read(TicketId(3))));
        let writing = r#"{"type":"presence","ticket":3,"agents":[{"id":1,"name":"Kari","state":"writing"},
            {"id":2,"name":"Ola","state":"reading"}]}"#;
        assert_eq!(news(&Frame::Present(writing.into())), Some(News::Writing(TicketId(3), vec!["Kari".to_owned()])));
        assert_eq!(news(&Frame::Present(r#"{"type":"online","agents":[1]}"#.into())), None);
    }
}
