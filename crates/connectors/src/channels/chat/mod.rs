//! Chat: visitors of a shop's pages, who come in through our own doors. There is no server of somebody else's: what
//! they say is handed over by the house, and what is said to them waits for them in the house.

mod identity;
mod receive;
mod settings;

use base::{Error, Result, Time};
use serde_json::Value;

use crate::{
    channel::{Abilities, Channel, Door, End, Inbound, Later, Outbound, Receipt, Vouched},
    channels::look,
    setting::Setting,
};

/// The word for it.
pub const NAME: &str = "chat";
pub use settings::schema as form;

/// Characters of text in one message; more is a letter.
const MAX_TEXT: usize = 10_000;
/// Files in one message.
const MAX_FILES: usize = 10;
/// Bytes of text and files in one message.
const MAX_BYTES: usize = 25 * 1024 * 1024;
/// What identities of visitors begin with.
const VISITOR: &str = "visitor-";

#[derive(Debug, Default)]
pub struct Chat;

impl Channel for Chat {
    fn name(&self) -> &'static str {
        NAME
    }

    fn abilities(&self) -> Abilities {
        Abilities {
            html: false,
            attachments: true,
            max_bytes: MAX_BYTES,
            max_text: Some(MAX_TEXT),
            max_files: MAX_FILES,
            file_types: &[],
            subject: false,
            copies: false,
            conversational: true,
            answers: true,
            reply_within: None,
        }
    }

    fn identity_kind(&self) -> &'static str {
        "visitor"
    }

    fn check_address(&self, address: &str) -> Result<String> {
        look::check_name(address)
    }

    fn settings(&self) -> Vec<Setting> {
        form()
    }

    fn check(&self, settings: &Value) -> Result<()> {
        settings::check(settings)
    }

    fn receive(&self, end: &End, raw: &[u8]) -> Result<Vec<Inbound>> {
        receive::receive(end, raw).map(|inbound| vec![inbound])
    }

    fn external_id(&self, _end: &End, key: &str, message: &Outbound) -> String {
        message.external_id.clone().unwrap_or_else(|| format!("said-{key}"))
    }

    /// Says whether it can be said at all; the house puts it where the visitor reads it.
    fn send<'a>(&'a self, end: &'a End, key: &'a str, message: &'a Outbound) -> Later<'a, Receipt> {
        Box::pin(async move {
            let visitors = message.to.len() == 1 && message.to.iter().all(|to| to.value.starts_with(VISITOR));
            if !visitors || !message.cc.is_empty() || !message.bcc.is_empty() {
                return Err(Error::refused("In a chat one visitor is spoken to, and nobody else."));
            }
            if message.text.trim().is_empty() && message.attachments.is_empty() {
                return Err(Error::refused("In a chat something has to be said or shown."));
            }
            if message.text.chars().count() > MAX_TEXT {
                let why = format!("In a chat at most {MAX_TEXT} characters can be said at once.");
                return Err(Error::refused(why));
            }
            Ok(Receipt { external_id: self.external_id(end, key, message), ..Receipt::default() })
        })
    }

    fn door(&self, settings: &Value) -> Option<Door> {
        Some(settings::door(settings))
    }

    fn vouched(&self, end: &End, token: &str, now: Time) -> Result<Vouched> {
        identity::vouched(end, token, now)
    }
}
