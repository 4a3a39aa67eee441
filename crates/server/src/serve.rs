//! `shopbell serve`: one node, until it is asked to stop. Then nothing is cut off half done: requests are answered,
//! jobs under way end, connections close.

use std::{
    fs::{File, TryLockError},
    time::Duration,
};

use base::{App, Config, Error, Result, jobs};
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
};

use crate::{
    cli::say,
    node::{self, Node},
};

/// How long connections may take to close when all work has ended or was cut off.
const CLOSING: Duration = Duration::from_secs(5);

pub async fn run(config: Config) -> Result<()> {
    let _held = hold(&config)?;
    let app = node::open(config).await?;
    let apart = node::clocks_apart(&app).await?;
    if apart > node::APART {
        let seconds = apart / 1000;
        tracing::error!(seconds, "this clock and the database server's are far apart: set both with NTP");
    }
    serve(app, |address| say(format!("Shopbell {} is open at {address}", env!("CARGO_PKG_VERSION")))).await
}

/// On SQLite one process serves, and what it has claimed is its own: a second one started by mistake would take the jobs
/// out of its hands. The lock ends with the process, however that ends.
fn hold(config: &Config) -> Result<Option<File>> {
    if !config.database_url().starts_with("sqlite:") {
        return Ok(None);
    }
    let folder = &config.data_dir;
    let path = folder.join("serve.lock");
    let made = std::fs::create_dir_all(folder);
    let file = made.and_then(|()| File::options().write(true).create(true).truncate(false).open(&path));
    let file = file.map_err(|error| {
        let why = format!("{} cannot be used: {error}. Name a folder of the user who runs shopbell", folder.display());
        Error::invalid("data_dir", why)
    })?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Err(Error::refused(format!(
            "A Shopbell serves {} already. Stop it first; several servers at once need PostgreSQL.",
            folder.display()
        ))),
        Err(TryLockError::Error(error)) => {
            tracing::warn!(%error, "{} cannot be locked here: take care that only one server runs", path.display());
            Ok(None)
        }
    }
}

/// Serves a migrated app; `ready` is told the address once the port is open.
pub async fn serve(app: App, ready: impl FnOnce(&str) -> Result<()>) -> Result<()> {
    let node = Node::new(app.clone())?;
    let listen = &app.config().listen;
    let listener = TcpListener::bind(listen).await.map_err(|error| {
        Error::invalid("listen", format!("cannot be opened: {listen}: {error}. Is another Shopbell running there?"))
    })?;
    // Only now is it certain that no other server works here.
    jobs::release(&app).await?;
    let address = if app.config().public_url.is_empty() {
        format!("http://{}", listener.local_addr()?)
    } else {
        app.config().public_url()
    };
    let mut tasks = node.start();
    tasks.spawn(node.listen(listener));
    ready(&address)?;
    let mut term = signal(SignalKind::terminate())?;
    let mut int = signal(SignalKind::interrupt())?;
    tokio::select! { _ = term.recv() => {}, _ = int.recv() => {} }
    tracing::info!("stopping: no new requests, finishing what is under way");
    app.stop();
    let drained = async { while tasks.join_next().await.is_some() {} };
    tokio::select! {
        () = drained => tracing::info!("stopped"),
        () = tokio::time::sleep(Duration::from_secs(app.config().drain_seconds)) => {
            tracing::warn!("something did not end in time and is cut off; its job will run again");
        }
        _ = term.recv() => tracing::warn!("asked twice, stopping at once"),
        _ = int.recv() => tracing::warn!("asked twice, stopping at once"),
    }
    // What did not end holds on to its connection, and closing waits for that.
    let close = async {
        tasks.shutdown().await;
        app.db().close().await;
    };
    if tokio::time::timeout(CLOSING, close).await.is_err() {
        tracing::warn!("the database's connections did not close in time and are cut off");
    }
    Ok(())
}
