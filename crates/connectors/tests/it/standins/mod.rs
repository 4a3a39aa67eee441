//! Shops that stand in for the real ones: servers on this machine with orders of their own, which look closely at what
//! they are asked. They know nothing of this crate, so that other tests and the bench can use them by `#[path]`.

pub mod generic;
pub mod mood;
pub mod shopify;
pub mod woocommerce;
