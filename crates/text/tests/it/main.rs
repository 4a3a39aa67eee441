//! How well texts are understood, on sets that others made. They are only measured on: nothing of them is shipped.
//! `cargo test -p text -- --nocapture` prints the figures of docs/guide/categories.md.
#![allow(
    clippy::pedantic,
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

#[path = "../../../mail/tests/it/shared.rs"]
mod shared;

mod intents;
mod knows;
mod own;
