//! Config → App → features → routes, workers, listeners; and the command line, one file per command.

pub mod assets;
pub mod backup;
pub mod cli;
mod demo;
mod demo_shop;
mod doctor;
mod health;
pub mod http;
mod logs;
mod migrate;
pub mod node;
pub mod openapi;
pub mod pages;
mod problems;
mod quarantine;
mod reindex;
pub mod router;
pub mod schema;
mod serve;
pub mod settings;
mod setup;
mod token;
mod try_;
mod try_texts;
