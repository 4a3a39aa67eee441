//! One folder per channel. Nothing outside a channel's folder names it.

pub mod email;
mod fields;
