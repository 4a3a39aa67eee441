//! Real mails with expected results, hostile ones, and time: all through the crate's public face.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

mod bounces;
mod cleaning;
mod composing;
mod folding;
mod hostile;
mod mails;
mod replies;
mod shared;
mod speed;
