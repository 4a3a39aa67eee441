//! `shopbell setup`: makes the shop and its owner on a new installation, as the first screen of the desk does.

use std::io::{IsTerminal, Read, stdin};

use base::{Actor, App, Error, Result};
use desk::agents::{NewOwner, hash_password, owner};

use crate::cli::say;

#[derive(clap::Args)]
pub struct Args {
    /// The owner's address, to sign in with.
    #[arg(long)]
    email: String,
    /// Read the password from standard input, one line.
    #[arg(long, required = true)]
    password_stdin: bool,
    /// The owner's name; as the address says where absent.
    #[arg(long)]
    name: Option<String>,
    /// The shop's name.
    #[arg(long)]
    shop: Option<String>,
    /// The owner's and the shop's language, such as en or de.
    #[arg(long)]
    language: Option<String>,
}

pub async fn run(args: Args, app: &App) -> Result<()> {
    let Args { email, password_stdin: _, name, shop, language } = args;
    if stdin().is_terminal() {
        eprintln!("Type the password and press Enter; it is shown while you type.");
    }
    let mut password = String::new();
    stdin().take(4096).read_to_string(&mut password)?;
    let password = password.lines().next().unwrap_or("").to_owned();
    if password.is_empty() {
        return Err(Error::invalid("--password-stdin", "got no password on standard input"));
    }
    let password = hash_password(app, "password", password, &email).await?;
    let mut tx = app.begin(Actor::System).await?;
    let agent = owner(&mut tx, NewOwner { email, name, password, shop_name: shop, language }).await?;
    tx.commit().await?;
    say(format!("{} is the owner now and can sign in at {}.", agent.email, app.config().public_url()))
}
