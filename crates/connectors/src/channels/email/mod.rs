//! Email: IMAP and raw HTTP in, SMTP out.

mod auth;
mod form;
mod imap;
mod net;
mod oauth;
mod receive;
mod send;
mod settings;
mod shown;
mod smtp;
mod wire;

use std::sync::Arc;

use base::{Error, Result};

use self::settings::Settings;
use crate::{
    channel::{Abilities, Channel, Cursor, End, Inbound, Later, Outbound, Receipt, Sink},
    channels::Clock,
    setting::Setting,
};

/// The word for it.
pub const NAME: &str = "email";
pub use form::schema as form;

/// The largest mail we send, in bytes.
const MAX_BYTES: usize = 60 * 1024 * 1024;
/// In base64, with its line ends, three bytes of a file become more than four: these are 55 MB of mail, which leaves
/// room for the texts.
const MAX_CONTENT: usize = 40 * 1024 * 1024;
/// Files in one mail; more are an archive.
const MAX_FILES: usize = 50;

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
        NAME
    }

    fn abilities(&self) -> Abilities {
        Abilities {
            html: true,
            attachments: true,
            max_bytes: MAX_CONTENT,
            max_text: None,
            max_files: MAX_FILES,
            file_types: &[],
            subject: true,
            copies: true,
            conversational: false,
            answers: true,
            reply_within: None,
        }
    }

    fn identity_kind(&self) -> &'static str {
        "email"
    }

    fn check_address(&self, address: &str) -> Result<String> {
        let address = address.trim().to_lowercase();
        mail::address::check(&address).map_err(|flaw| Error::invalid("address", flaw.to_string()))?;
        Ok(address)
    }

    fn fetches(&self, settings: &serde_json::Value) -> bool {
        settings::fetches(settings)
    }

    fn pace(&self, settings: &serde_json::Value) -> Option<u32> {
        settings::pace(settings)
    }

    fn settings(&self) -> Vec<Setting> {
        form()
    }

    fn check(&self, settings: &serde_json::Value) -> Result<()> {
        Settings::read(settings).map(drop)
    }

    fn receive(&self, end: &End, raw: &[u8]) -> Result<Vec<Inbound>> {
        receive::receive(end, raw).map(|inbound| vec![inbound])
    }

    fn fetch<'a>(&'a self, end: &'a End, cursor: Cursor, sink: Arc<dyn Sink>) -> Later<'a, ()> {
        Box::pin(async move {
            let settings = Settings::read(&end.settings)?;
            imap::fetch(self, end, &settings, cursor, sink).await
        })
    }

    fn external_id(&self, _end: &End, key: &str, message: &Outbound) -> String {
        send::external_id(key, message)
    }

    fn send<'a>(&'a self, end: &'a End, key: &'a str, message: &'a Outbound) -> Later<'a, Receipt> {
        Box::pin(send::send(self, end, key, message))
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
