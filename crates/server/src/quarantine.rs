//! `shopbell quarantine`: what arrived and could not be read.

use base::{Actor, App, Error, Result};
use clap::Subcommand;
use desk::messages::quarantine;

use crate::cli::say;

#[derive(Subcommand)]
pub enum Args {
    /// Show what lies there, newest first.
    List,
    /// Have it read again: one by its number, or all.
    Retry {
        #[arg(value_name = "ID|all")]
        what: String,
    },
}

pub async fn run(args: Args, app: &App) -> Result<()> {
    let held = quarantine::list(app).await?;
    match args {
        Args::List if held.is_empty() => say("Nothing is in quarantine."),
        Args::List => {
            for one in held {
                let (id, inbox, at, size, why) = (one.id, one.inbox, one.received_at, one.size, one.why);
                say(format!("{id}  inbox {inbox}  {at}  {size} bytes  {why}"))?;
            }
            Ok(())
        }
        Args::Retry { what } => {
            let ids: Vec<i64> = if what == "all" {
                held.iter().map(|one| one.id).collect()
            } else {
                vec![what.parse().map_err(|_| Error::invalid("ID", "must be a number from the list, or all"))?]
            };
            for id in &ids {
                let mut tx = app.begin(Actor::System).await?;
                quarantine::retry(&mut tx, *id).await.map_err(|error| match error {
                    Error::NotFound => Error::invalid("ID", format!("{id} is not in quarantine")),
                    other => other,
                })?;
                tx.commit().await?;
            }
            say(format!("{} will be read again by the running server.", ids.len()))
        }
    }
}
