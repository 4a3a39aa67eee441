//! One folder per platform. Nothing outside a platform's folder names it.

use std::sync::Arc;

use crate::{Platforms, channels::Clock, setting::Setting};

/// The form of every platform by its name, without a running one, for the reference pages.
pub fn forms() -> Vec<(&'static str, Vec<Setting>)> {
    Vec::new()
}

/// Every platform there is. `http` is for what they are asked.
pub fn all(_now: &Clock, _http: &reqwest::Client) -> Platforms {
    Platforms::new(Vec::<Arc<dyn crate::platform::Platform>>::new())
}
