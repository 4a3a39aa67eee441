//! What a message says about itself: what is wanted, in which language, in which mood, and whether it is spam.
//!
//! Pure: no files, no network, no clock. [`intents`] learns from examples, and [`shop`] has those to begin with; [`language`]
//! and [`sentiment`] know what they know. Each answer comes with how sure it is, and the work is bounded whatever arrives.

mod features;
pub mod intents;
pub mod language;
mod linear;
pub mod sentiment;
pub mod shop;
mod trust;
mod vectors;
mod words;
