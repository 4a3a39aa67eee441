//! Returns: what shoppers send back, by which rules, and what they get for it.

pub mod policy;
mod words;
