//! One folder per channel. Nothing outside a channel's folder names it.

pub mod chat;
pub mod email;
pub(crate) mod fields;
pub mod form;
mod look;
mod office;

use std::sync::Arc;

use base::Time;

use crate::{Channels, setting::Setting};

/// The clock, which belongs to the application so that a test can set it.
pub type Clock = Arc<dyn Fn() -> Time + Send + Sync>;

/// The form of every channel by its name, without a running one, for the reference pages.
pub fn forms() -> Vec<(&'static str, Vec<Setting>)> {
    vec![(email::NAME, email::form()), (chat::NAME, chat::form()), (form::NAME, form::form())]
}

/// Every channel there is. `http` is for what they ask over HTTP themselves.
pub fn all(now: Clock, http: reqwest::Client) -> Channels {
    Channels::new(vec![Arc::new(email::Email::new(now, http)), Arc::new(chat::Chat), Arc::new(form::ContactForm)])
}
