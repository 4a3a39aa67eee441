//! Everything outside the house: channels that carry messages, and later the shops' platforms.

pub mod channel;
pub mod channels;

pub use channels::Channels;
