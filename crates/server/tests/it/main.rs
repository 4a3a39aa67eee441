//! One binary that drives the product over HTTP as people and programs do, on SQLite and on PostgreSQL.
#![allow(
    clippy::pedantic,
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::missing_panics_doc,
    dead_code,
    reason = "a test fails by panicking, and not every test uses every help of the harness"
)]

#[macro_use]
mod harness;
mod client;
pub mod engines;
#[path = "../../../connectors/tests/it/engines/mod.rs"]
mod platforms;
mod postgres;
mod process;
#[path = "../../../connectors/tests/it/standins/mod.rs"]
mod standins;

mod actions;
mod answers;
mod backups;
mod blocks;
mod browser;
mod browser_form;
mod browser_shop;
mod canned;
mod channel_contract;
mod chat_channel;
mod chats;
mod chats_away;
mod chats_files;
mod chats_identity;
mod chats_limits;
mod chats_live;
mod chats_look;
mod chats_routing;
mod chats_visitors;
mod chats_ways;
mod colleagues;
mod crash;
mod customers;
mod demo;
mod email_channel;
mod event_order;
mod facets;
mod facts;
mod fake_shop;
mod form_channel;
mod forms;
mod forms_hostile;
mod foundation;
mod greetings;
mod heard;
mod hours;
mod identities;
mod inboxes;
mod jobs;
mod journey;
mod live;
mod mails;
mod mails_files;
mod money;
mod openapi;
mod own_shop;
mod pace;
mod parcels;
mod parcels_stuck;
mod people;
mod privacy;
mod products;
mod returns;
mod returns_other;
mod returns_portal;
mod search;
mod settings;
mod shops;
mod shuffle;
mod sign_in;
mod stays;
mod stores;
mod tables;
mod tickets;
mod tidy;
mod track;
mod track_change;
mod transfer;
mod try_texts;
mod twice;
mod updates;
mod views;
mod ways;
mod widget_files;
mod worth;
