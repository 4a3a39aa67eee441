//! One folder per platform. Nothing outside a platform's folder names it.

mod call;
pub mod generic;
mod json;
pub mod medusa;
mod plugin;
pub mod shopify;
mod standing;
pub mod vendure;
pub mod woocommerce;

use std::sync::Arc;

use crate::{Platforms, channels::Clock, setting::Setting};

/// The one that is told what there is, and asks nobody.
pub const TOLD: &str = generic::NAME;

/// The form of every platform by its name, without a running one, for the reference pages.
pub fn forms() -> Vec<(&'static str, Vec<Setting>)> {
    vec![
        (medusa::NAME, medusa::form()),
        (vendure::NAME, vendure::form()),
        (shopify::NAME, shopify::form()),
        (woocommerce::NAME, woocommerce::form()),
        (generic::NAME, generic::form()),
    ]
}

/// Every platform there is. `http` is for what they are asked.
pub fn all(now: &Clock, http: &reqwest::Client) -> Platforms {
    Platforms::new(vec![
        Arc::new(medusa::Medusa::new(now.clone(), http.clone())),
        Arc::new(vendure::Vendure::new(now.clone(), http.clone())),
        Arc::new(shopify::Shopify::new(now.clone(), http.clone())),
        Arc::new(woocommerce::WooCommerce::new(now.clone(), http.clone())),
        Arc::new(generic::Generic::new(now.clone(), http.clone())),
    ])
}
