//! The contact form: a page of ours on which strangers write to the shop. It has no way out: what came through it is
//! answered through another inbox of the shop.

mod receive;
mod settings;
mod signs;

use base::{Error, Result};
use serde_json::Value;

use crate::{
    channel::{Abilities, Channel, End, Inbound, Later, Outbound, Receipt},
    channels::look,
    form::Form,
    setting::Setting,
};

/// The word for it.
pub const NAME: &str = "form";
pub use settings::schema as form;

#[derive(Debug, Default)]
pub struct ContactForm;

impl Channel for ContactForm {
    fn name(&self) -> &'static str {
        NAME
    }

    fn abilities(&self) -> Abilities {
        Abilities {
            html: false,
            attachments: true,
            max_bytes: 0,
            max_text: None,
            max_files: 0,
            file_types: &[],
            subject: true,
            copies: false,
            conversational: false,
            answers: false,
            reply_within: None,
        }
    }

    fn identity_kind(&self) -> &'static str {
        "email"
    }

    fn unproven(&self) -> bool {
        true
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

    fn external_id(&self, _end: &End, _key: &str, _message: &Outbound) -> String {
        String::new()
    }

    fn send<'a>(&'a self, _end: &'a End, _key: &'a str, _message: &'a Outbound) -> Later<'a, Receipt> {
        Box::pin(async {
            Err(Error::refused("Nothing can be sent through a contact form. Answer through another inbox."))
        })
    }

    fn form(&self, settings: &Value) -> Option<Form> {
        Some(settings::form(settings))
    }
}
