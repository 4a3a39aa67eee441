//! `shopbell token create`: a key for a program that uses the API.

use base::{Actor, App, Error, Result};
use clap::Subcommand;
use desk::agents::{Scope, create_token};

use crate::cli::say;

#[derive(Subcommand)]
pub enum Args {
    /// Make a token and print it, this once.
    Create {
        /// What it is for, so that people recognise it later.
        #[arg(long)]
        name: String,
        /// What it may do: read, write, orders, carriers, admin. Several are separated by commas.
        #[arg(long = "scope", value_delimiter = ',', required = true)]
        scopes: Vec<String>,
    },
}

pub async fn run(args: Args, app: &App) -> Result<()> {
    let Args::Create { name, scopes } = args;
    let wrong = |_| Error::invalid("--scope", "must be read, write, orders, carriers or admin");
    let scopes = scopes.iter().map(|word| word.parse::<Scope>().map_err(wrong)).collect::<Result<Vec<_>>>()?;
    let mut tx = app.begin(Actor::System).await?;
    let token = create_token(&mut tx, app, &name, scopes).await?;
    tx.commit().await?;
    say(token)
}
