//! Everything outside the house: channels that carry messages, and the platforms that shops are built on.

pub mod action;
pub mod carrier;
pub mod carriers;
pub mod channel;
pub mod channels;
pub mod form;
pub mod hours;
pub mod label;
mod labels;
pub mod money;
pub mod order;
pub mod platform;
pub mod platforms;
pub mod scanner;
pub mod setting;
pub mod table;

use std::sync::Arc;

use base::{Error, Result};

use self::{channel::Channel, platform::Platform};

/// The channels of this installation, found by the word for each.
#[derive(Clone)]
pub struct Channels(Arc<[Arc<dyn Channel>]>);

impl Channels {
    pub fn new(channels: Vec<Arc<dyn Channel>>) -> Self {
        Self(channels.into())
    }

    pub fn get(&self, name: &str) -> Result<&dyn Channel> {
        self.all().find(|channel| channel.name() == name).ok_or(Error::NotFound)
    }

    pub fn all(&self) -> impl Iterator<Item = &dyn Channel> {
        self.0.iter().map(|channel| &**channel)
    }
}

/// The platforms of this installation, found by the word for each.
#[derive(Clone)]
pub struct Platforms(Arc<[Arc<dyn Platform>]>);

impl Platforms {
    pub fn new(platforms: Vec<Arc<dyn Platform>>) -> Self {
        Self(platforms.into())
    }

    pub fn get(&self, name: &str) -> Result<&dyn Platform> {
        self.all().find(|platform| platform.name() == name).ok_or(Error::NotFound)
    }

    pub fn all(&self) -> impl Iterator<Item = &dyn Platform> {
        self.0.iter().map(|platform| &**platform)
    }
}
