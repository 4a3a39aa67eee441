//! One folder per channel. Nothing outside a channel's folder names it.

pub mod email;
mod fields;

use std::sync::Arc;

use base::{Error, Result, Time};

use crate::channel::Channel;

/// The clock, which belongs to the application so that a test can set it.
pub type Clock = Arc<dyn Fn() -> Time + Send + Sync>;

/// All channels, found by the word for each.
#[derive(Clone)]
pub struct Channels(Arc<[Arc<dyn Channel>]>);

impl Channels {
    /// Every channel there is. `http` is for what they ask over HTTP themselves.
    pub fn new(now: Clock, http: reqwest::Client) -> Self {
        Self(Arc::new([Arc::new(email::Email::new(now, http))]))
    }

    pub fn get(&self, name: &str) -> Result<&dyn Channel> {
        self.all().find(|channel| channel.name() == name).ok_or(Error::NotFound)
    }

    pub fn all(&self) -> impl Iterator<Item = &dyn Channel> {
        self.0.iter().map(|channel| &**channel)
    }
}
