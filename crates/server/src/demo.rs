//! `shopbell demo`: a server with the made-up shop Fjellvik in a folder that is thrown away afterwards.

use base::{Config, Result};

use crate::{cli::say, demo_shop, node, serve};

#[derive(clap::Args)]
pub struct Args {
    /// Where to listen.
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: Option<String>,
}

pub async fn run(args: Args, config: Config) -> Result<()> {
    let folder = tempfile::Builder::new().prefix("shopbell-demo-").tempdir()?;
    let listen = args.listen.unwrap_or(config.listen);
    // What the settings say of a real installation must never be touched by a demo.
    let config = Config { data_dir: folder.path().to_owned(), listen, ..Config::default() };
    let app = node::open(config).await?;
    say("Making the shop Fjellvik …")?;
    let shop = demo_shop::open(&app).await?;
    let logins = desk::demo::fill(&app, Some(shop)).await?;
    serve::serve(app, |address| {
        say(format!("\nShopbell is open at {address}\n\nSign in with the password \"{}\" as", logins.password))?;
        for login in &logins.logins {
            say(format!("  {:<32} {}, {}", login.email, login.name, login.role))?;
        }
        say("\nEverything is thrown away when you end it with Ctrl-C.")
    })
    .await
}
