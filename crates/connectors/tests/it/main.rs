//! Shops of the platforms, as they really run: orders are placed through their own stores and looked at through them.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "tests say so at once"
)]

mod engines;
mod harness;
mod medusa;
mod trouble;
mod vendure;
