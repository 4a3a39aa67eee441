//! A node: one process of an installation, with everything it runs.

use std::{path::Path, sync::Arc, time::Duration};

use axum::{Router, extract::FromRequestParts, http::request::Parts};
use base::{
    App, Config, Db, Engine, Error, JobSpec, Listener, Result, Time,
    app::{AppBuilder, Service},
    args,
    blob::same_files,
    events,
    jobs::{self, Lane},
    secrets::same_key,
    web::{limit::Limiter, once},
};
use connectors::scanner::Scanner;
use tokio::{net::TcpListener, task::JoinSet};

use crate::{health, http, router};

/// How many jobs of a lane run at once. SQLite has one writer, so more would only wait there; but one mail that is
/// slow to read must not hold up all others.
const PROMPT: usize = 2;
const INBOUND: usize = 2;
const OUTBOUND: usize = 2;

/// How long a database that is still starting is waited for.
const PATIENCE: Duration = Duration::from_mins(1);

/// An app with everything from outside the house that the product expects.
pub fn app(db: Db, config: Config) -> AppBuilder {
    let scanner = Scanner::new(&config.virus_scanner);
    App::builder(db, config)
        .with(scanner)
        .with(connectors::label::Labels::default())
        .with_made(|clock, http| connectors::channels::all(Arc::new(move || clock.now()), http))
        .with_made(|clock, http| {
            let now: connectors::channels::Clock = Arc::new(move || clock.now());
            connectors::platforms::all(&now, &http)
        })
        .with(once::Doorman(|app, parts| Box::pin(name_of(app, parts))))
        .with(desk::agents::HouseMail(Box::new(|app, letter| Box::pin(send_letter(app, letter)))))
}

/// Who sends a request, by a name that a new cookie does not change.
async fn name_of(app: App, mut parts: Parts) -> Result<String> {
    let who = desk::agents::Who::from_request_parts(&mut parts, &app).await?;
    match (who.token, who.agent) {
        (Some(token), _) => Ok(format!("token:{token}")),
        (None, Some(agent)) => Ok(format!("agent:{}", agent.0)),
        (None, None) => Err(Error::Unauthorized("Sign in, or send a token that is still valid.".into())),
    }
}

/// Letters of the house leave through the first inbox that can send.
async fn send_letter(app: App, letter: desk::agents::Letter) -> Result<()> {
    let desk::agents::Letter { to, subject, text, html } = letter;
    let to = connectors::channel::Party { name: None, value: to };
    desk::inboxes::send_plain(&app, None, desk::inboxes::Letter { to, subject, text, html }).await
}

/// The app of this installation, its database in this version's shape.
pub async fn open(config: Config) -> Result<App> {
    let app = open_unchecked(config).await?;
    same_key(&app).await?;
    same_files(&app).await?;
    Ok(app)
}

/// A command that only looks makes no installation where there is none: most likely it was pointed to the wrong folder.
pub fn must_exist(config: &Config) -> Result<()> {
    let url = config.database_url();
    match url.strip_prefix("sqlite:") {
        Some(path) if !Path::new(path).exists() => {
            Err(Error::refused(format!("there is no installation at {path}: is data_dir (SHOPBELL_DATA_DIR) right?")))
        }
        _ => Ok(()),
    }
}

/// The same before it is known whether key and files are the right ones.
pub async fn open_unchecked(config: Config) -> Result<App> {
    let db = open_database(&config).await?;
    let app = app(db, config).build()?;
    let applied = desk::migrate(&app).await?;
    if applied > 0 {
        tracing::info!(applied, "brought the database to this version's shape");
    }
    Ok(app)
}

/// Nodes whose clocks are further apart, in milliseconds, take each other's jobs for abandoned before long.
pub const APART: Time = 5000;

/// How far this clock and the database server's are apart, in milliseconds; on one machine not at all.
pub async fn clocks_apart(app: &App) -> Result<Time> {
    if app.db().engine() == Engine::Sqlite {
        return Ok(0);
    }
    let sql = "SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT) AS at";
    Ok((app.db().one(sql, args![]).await?.int("at")? - app.now()).abs())
}

/// Servers that start together come up in any order.
pub async fn open_database(config: &Config) -> Result<Db> {
    let started = tokio::time::Instant::now();
    loop {
        match Db::open(&config.database_url()).await {
            Err(Error::Unavailable) if started.elapsed() < PATIENCE => {
                let url = config.database_url();
                let place = url.rsplit_once('@').map_or(url.as_str(), |(_, place)| place);
                tracing::warn!(
                    place,
                    "waiting for the database: it does not answer at the database_url of the settings"
                );
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
            other => return other,
        }
    }
}

pub struct Node {
    app: App,
    router: Router,
    limiter: Limiter,
    jobs: Vec<JobSpec>,
    listeners: Vec<Arc<dyn Listener>>,
    services: Vec<Service>,
}

impl Node {
    pub fn new(app: App) -> Result<Self> {
        // Before anything counts.
        health::recorder();
        let feature = desk::features();
        let limiter = Limiter::new(app.config());
        let router = router::router(&app, feature.routes, feature.doors, feature.hooks, feature.pages, &limiter)?;
        let (jobs, listeners, services) = (feature.jobs, feature.listeners, feature.services);
        Ok(Self { app, router, limiter, jobs, listeners, services })
    }

    pub fn app(&self) -> &App {
        &self.app
    }

    pub fn jobs(&self) -> &[JobSpec] {
        &self.jobs
    }

    pub fn listeners(&self) -> &[Arc<dyn Listener>] {
        &self.listeners
    }

    /// Answers requests until the app stops.
    pub fn listen(&self, listener: TcpListener) -> impl Future<Output = ()> + Send + 'static {
        http::serve(listener, self.router.clone(), self.app.clone())
    }

    /// Starts everything that works by itself. It all ends when the app stops.
    pub fn start(&self) -> JoinSet<()> {
        let mut tasks = JoinSet::new();
        for (lane, workers) in [(Lane::Prompt, PROMPT), (Lane::Inbound, INBOUND), (Lane::Outbound, OUTBOUND)] {
            for _ in 0..workers {
                tasks.spawn(jobs::worker(self.app.clone(), self.jobs.clone(), lane));
            }
        }
        for listener in &self.listeners {
            tasks.spawn(events::follow(self.app.clone(), listener.clone()));
        }
        for service in &self.services {
            tasks.spawn(service(self.app.clone()));
        }
        tasks.spawn(follow_nodes(self.app.clone()));
        tasks.spawn(keep_house(self.app.clone(), self.limiter.clone()));
        tasks
    }
}

/// Hears the other nodes' wake-ups, over lost connections too.
async fn follow_nodes(app: App) {
    while !app.is_stopping() {
        let followed = tokio::select! {
            () = app.stopping() => return,
            followed = app.db().follow_nodes() => followed,
        };
        match followed {
            Ok(()) => return,
            Err(error) => tracing::warn!(%error, "lost the other nodes, trying again"),
        }
        tokio::select! {
            () = app.stopping() => return,
            () = tokio::time::sleep(Duration::from_secs(1)) => {}
        }
    }
}

/// What must be forgotten from time to time: callers every minute, rows every hour.
async fn keep_house(app: App, limiter: Limiter) {
    for minute in 0_u64.. {
        limiter.forget_idle();
        if minute.is_multiple_of(60)
            && let Err(error) = forget(&app).await
        {
            tracing::warn!(%error, "housekeeping failed, trying again in an hour");
        }
        tokio::select! {
            () = app.stopping() => return,
            () = tokio::time::sleep(Duration::from_mins(1)) => {}
        }
    }
}

async fn forget(app: &App) -> Result<()> {
    once::forget(app).await?;
    desk::agents::forget(app).await?;
    desk::visits::forget(app).await?;
    desk::forms::forget(app).await?;
    desk::greetings::forget(app).await?;
    desk::stores::forget(app).await?;
    desk::shipments::forget(app).await?;
    desk::track::forget(app).await?;
    desk::messages::forget(app).await
}
