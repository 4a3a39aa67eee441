//! `shopbell migrate`: brings the database to this version's shape, which opening it has already done.

use base::{App, Result, migrate};

use crate::cli::say;

pub async fn run(app: &App) -> Result<()> {
    let newest = migrate::newest(app.db()).await?;
    say(format!("The database is at step {newest}, as this version wants it."))
}
