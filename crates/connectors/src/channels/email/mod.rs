//! Email: IMAP and raw HTTP in, SMTP out.

mod imap;
mod net;
mod oauth;
mod settings;
mod smtp;
mod wire;

use std::sync::Arc;

use base::{Error, Result, Time};

use self::settings::Settings;
use crate::channel::{Abilities, Channel, Cursor, End, Inbound, Later, Outbound, Receipt, Setting, Sink};

/// The largest message we send or take, in bytes.
const MAX_BYTES: usize = 60 * 1024 * 1024;

/// The clock, which belongs to the application so that a test can set it.
pub type Clock = Arc<dyn Fn() -> Time + Send + Sync>;

/// The email channel: one value for all inboxes, holding their open connections and tokens.
pub struct Email {
    now: Clock,
    tokens: oauth::Tokens,
    outbox: smtp::Outbox,
}

impl Email {
    /// `http` is used for OAuth tokens only.
    pub fn new(now: Clock, http: reqwest::Client) -> Self {
        Self { now, tokens: oauth::Tokens::new(http), outbox: smtp::Outbox::default() }
    }
}

impl Channel for Email {
    fn name(&self) -> &'static str {
        "email"
    }

    fn abilities(&self) -> Abilities {
        Abilities {
            html: true,
            attachments: true,
            max_bytes: MAX_BYTES,
            subject: true,
            copies: true,
            conversational: false,
            reply_within: None,
        }
    }

    fn settings(&self) -> Vec<Setting> {
        settings::schema()
    }

    fn check(&self, settings: &serde_json::Value) -> Result<()> {
        Settings::read(settings).map(drop)
    }

    fn receive(&self, _end: &End, _raw: &[u8]) -> Result<Vec<Inbound>> {
        Ok(Vec::new())
    }

    fn fetch<'a>(&'a self, end: &'a End, cursor: Cursor, sink: Arc<dyn Sink>) -> Later<'a, ()> {
        Box::pin(async move {
            let settings = Settings::read(&end.settings)?;
            imap::fetch(self, end, &settings, cursor, sink).await
        })
    }

    fn send<'a>(&'a self, end: &'a End, _key: &'a str, message: &'a Outbound) -> Later<'a, Receipt> {
        Box::pin(async move {
            let settings = Settings::read(&end.settings)?;
            let to: Vec<&str> = message.to.iter().map(|party| party.value.as_str()).collect();
            let letter = smtp::Letter { from: &message.from.value, to, raw: b"Subject: x\r\n\r\nx" };
            let sent = self.outbox.send(self, end, &settings, &letter).await?;
            let renewed = self.tokens.take_renewed(end.inbox).await;
            Ok(Receipt { external_id: String::new(), refused: sent.refused, unsure: sent.unsure, renewed })
        })
    }

    fn probe<'a>(&'a self, end: &'a End) -> Later<'a, Vec<String>> {
        Box::pin(async move {
            let settings = match Settings::read(&end.settings) {
                Ok(settings) => settings,
                Err(Error::Invalid(wrong)) => {
                    return Ok(wrong.into_iter().map(|wrong| format!("{}: {}", wrong.field, wrong.why)).collect());
                }
                Err(error) => return Err(error),
            };
            let mut lines = imap::probe(self, end, &settings).await;
            lines.extend(smtp::probe(self, end, &settings).await);
            Ok(lines)
        })
    }
}
