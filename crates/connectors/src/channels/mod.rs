//! One folder per channel. Nothing outside a channel's folder names it.

pub mod email;
mod fields;

use std::sync::Arc;

use base::Time;

use crate::Channels;

/// The clock, which belongs to the application so that a test can set it.
pub type Clock = Arc<dyn Fn() -> Time + Send + Sync>;

/// Every channel there is. `http` is for what they ask over HTTP themselves.
pub fn all(now: Clock, http: reqwest::Client) -> Channels {
    Channels::new(vec![Arc::new(email::Email::new(now, http))])
}
