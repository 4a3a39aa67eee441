//! `shopbell reindex`: fills the search index anew from what is there.

use base::{App, Result};

use crate::cli::say;

pub async fn run(app: &App) -> Result<()> {
    let count = desk::search::rebuild(app).await?;
    say(format!("Indexed {count} tickets, messages and customers anew."))
}
