//! Those who make labels, and what is drawn on them.

pub(crate) mod codes;
pub(crate) mod own;
