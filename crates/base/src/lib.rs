//! What every feature stands on: the database, the event log, jobs, the clock, files, errors.
//! It knows no tickets.

pub mod app;
pub mod blob;
pub mod config;
pub mod db;
mod error;
pub mod events;
mod held;
pub mod jobs;
mod lite;
pub mod migrate;
pub mod secrets;
mod signals;
mod sql;
mod types;
pub mod web;

pub use app::{App, Feature};
pub use config::Config;
pub use db::{Db, Engine, Row, Tx, Value};
pub use error::{Error, Result, Wrong};
pub use events::{Fact, Listener};
pub use jobs::{Job, JobSpec};
pub use types::{Actor, Stamp};

/// Milliseconds since 1970, as both engines store it.
pub type Time = i64;

/// One minute, hour and day of [`Time`].
pub const MINUTE: Time = 60_000;
pub const HOUR: Time = 60 * MINUTE;
pub const DAY: Time = 24 * HOUR;
