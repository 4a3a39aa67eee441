//! The command line.

use std::{path::PathBuf, process::ExitCode};

use base::{App, Config, Error, Result, Wrong};
use clap::{Parser, Subcommand};

use crate::{
    backup, demo, doctor, logs, migrate, node, openapi, pages, quarantine, reindex, schema, serve, settings, setup,
    token, try_,
};

/// Threads that take requests and work on SQLite, where there are fewer processors.
const LEAST_THREADS: usize = 4;

/// Shopbell, the shop's help desk in one binary.
#[derive(Parser)]
#[command(name = "shopbell", version)]
struct Cli {
    /// The settings, a TOML file. Usual places: ./shopbell.toml, then shopbell.toml in the data folder.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run the server.
    Serve,
    /// Run a server full of made-up tickets in a folder that is thrown away afterwards.
    Demo(demo::Args),
    /// Make the shop and its owner, once, on a new installation.
    Setup(setup::Args),
    /// Keys for programs that use the API.
    #[command(subcommand)]
    Token(token::Args),
    /// Bring the database to this version's shape. `serve` does it too.
    Migrate,
    /// Go on with a new secret key after the old one was lost. Stored mail passwords must then be entered again.
    AcceptKey,
    /// Go on in a new data folder after the files of the old one were lost.
    AcceptFiles,
    /// Write everything into one file, while the server runs.
    Backup(backup::Args),
    /// Fill an empty installation from a backup, on either database.
    Restore(backup::RestoreArgs),
    /// Look for what is wrong, and say it in plain words.
    Doctor,
    /// Mail that could not be read.
    #[command(subcommand)]
    Quarantine(quarantine::Args),
    /// Build the search index anew.
    Reindex,
    /// See how mails and texts are read, without any database.
    #[command(subcommand)]
    Try(try_::Args),
    /// The API's description, as /api/v1/openapi.json gives it.
    #[command(hide = true)]
    Openapi,
    /// The API's types as TypeScript.
    #[command(hide = true)]
    Schema,
    /// The API's reference pages.
    #[command(hide = true)]
    Pages { folder: PathBuf },
}

pub fn main() -> ExitCode {
    match run(Cli::parse()) {
        Ok(code) => code,
        Err(error) => {
            complain(&error);
            ExitCode::FAILURE
        }
    }
}

fn run(cli: Cli) -> Result<ExitCode> {
    match cli.command {
        // These need neither settings nor database.
        Command::Try(args) => return try_::run(args).map(|()| ExitCode::SUCCESS),
        Command::Openapi => return openapi::print().map(|()| ExitCode::SUCCESS),
        Command::Schema => return schema::print().map(|()| ExitCode::SUCCESS),
        Command::Pages { folder } => return pages::write(&folder).map(|()| ExitCode::SUCCESS),
        _ => {}
    }
    let config = settings::load(cli.config.as_deref(), std::env::vars());
    // SQLite works on these threads: while one waits for the disk, others answer, on one processor, too.
    let threads = std::thread::available_parallelism().map_or(1, usize::from).max(LEAST_THREADS);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(threads).enable_all().build()?;
    let usual = if matches!(cli.command, Command::Serve | Command::Demo(_)) { "info" } else { "warn" };
    if let Ok(config) = &config {
        logs::start(config, usual);
    }
    let code = runtime.block_on(async move {
        match cli.command {
            // The doctor speaks of wrong settings itself.
            Command::Doctor => doctor::run(config).await,
            Command::Demo(args) => demo::run(args, config?).await.map(done),
            Command::Serve => serve::run(config?).await.map(done),
            Command::AcceptKey => accept_key(config?).await.map(done),
            Command::AcceptFiles => accept_files(config?).await.map(done),
            Command::Restore(args) => backup::restore_command(args, config?).await.map(done),
            command => at_work(command, config?).await.map(done),
        }
    });
    // What still runs has been told to end and was given its time.
    runtime.shutdown_timeout(std::time::Duration::from_millis(200));
    code
}

/// Commands that work on the installation's database, beside a running server or without one.
async fn at_work(command: Command, config: Config) -> Result<()> {
    // These ask what is there; the others may be the first on a new machine.
    if matches!(command, Command::Backup(_) | Command::Quarantine(_) | Command::Reindex) {
        node::must_exist(&config)?;
    }
    let app = node::open(config).await?;
    let done = match command {
        Command::Setup(args) => setup::run(args, &app).await,
        Command::Token(args) => token::run(args, &app).await,
        Command::Migrate => migrate::run(&app).await,
        Command::Backup(args) => backup::backup_command(args, &app).await,
        Command::Quarantine(args) => quarantine::run(args, &app).await,
        Command::Reindex => reindex::run(&app).await,
        _ => Err(Error::internal("a command went the wrong way")),
    };
    close(&app).await;
    done
}

async fn accept_key(config: Config) -> Result<()> {
    let app = node::open_unchecked(config).await?;
    let accepted = base::secrets::accept_key(&app).await;
    close(&app).await;
    accepted?;
    say("This key is the installation's from now on. Enter the mail passwords of its inboxes again.")
}

async fn accept_files(config: Config) -> Result<()> {
    let app = node::open_unchecked(config).await?;
    let accepted = base::blob::accept_files(&app).await;
    close(&app).await;
    accepted?;
    say("This data folder is the installation's from now on. What stood only in the old one is gone.")
}

async fn close(app: &App) {
    app.stop();
    app.db().close().await;
}

fn done((): ()) -> ExitCode {
    ExitCode::SUCCESS
}

/// To people at a terminal.
fn complain(error: &Error) {
    match error {
        Error::Invalid(wrong) => {
            for Wrong { field, why } in wrong {
                eprintln!("shopbell: {field} {why}");
            }
        }
        Error::Unavailable => eprintln!("shopbell: the database does not answer"),
        other => eprintln!("shopbell: {other}"),
    }
}

/// Prints a line; a reader that went away (`| head`) ends the program in peace.
pub fn say(line: impl std::fmt::Display) -> Result<()> {
    use std::io::Write;
    match writeln!(std::io::stdout(), "{line}") {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => std::process::exit(0),
        other => Ok(other?),
    }
}
