use base::{App, Feature, Result};

pub fn feature() -> Feature {
    Feature::default()
}

pub async fn prepare(_app: &App) -> Result<()> {
    Ok(())
}
