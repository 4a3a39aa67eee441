//! One folder per channel. Nothing outside a channel's folder names it.

pub mod email;
mod fields;

use std::sync::Arc;

use base::{Error, Result, Time};

use crate::channel::Channel;

/// The clock, which belongs to the application so that a test can set it.
pub type Clock = Arc<dyn Fn() -> Time + Send + Sync>;

/// All channels, by name.
#[derive(Clone)]
pub struct Channels(Arc<Vec<Box<dyn Channel>>>);

impl Channels {
    pub fn new(now: Clock, http: reqwest::Client) -> Self {
        Self(Arc::new(vec![Box::new(email::Email::new(now, http))]))
    }

    pub fn get(&self, name: &str) -> Result<&dyn Channel> {
        let found = self.0.iter().find(|channel| channel.name() == name);
        found.map(AsRef::as_ref).ok_or_else(|| Error::internal(format!("there is no channel {name}")))
    }

    pub fn all(&self) -> impl Iterator<Item = &dyn Channel> {
        self.0.iter().map(AsRef::as_ref)
    }
}
