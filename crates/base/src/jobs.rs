//! Work for later: a row in `jobs`, written in the transaction that wants it done.
//!
//! `run_at` is also the lock: claiming a job moves it into the future, and a heartbeat keeps it there,
//! so a job whose node died comes back by itself.

use std::{convert::Infallible, future::Future, pin::Pin, time::Duration};

use serde::{Serialize, de::DeserializeOwned};

use crate::{
    Actor, App, Engine, Error, HOUR, Result, Row, Time, Tx, Value, args,
    db::{DANGLING, Param},
};

/// How long a claimed job stays out of sight of the other workers without a heartbeat, in milliseconds.
const LOCK: Time = 20_000;
const HEARTBEAT: Duration = Duration::from_secs(6);
/// However often it failed: what is away comes back, and then nobody wants to wait for half a day.
const LONGEST_PAUSE: Time = HOUR;

/// Each lane has its own workers, so that a flood in one never holds up the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    /// What people wait for and nobody outside holds up: waking, chats, assigning.
    Prompt,
    /// What arrives from outside, possibly thousands at once.
    Inbound,
    /// What waits for somebody else's server, which may take minutes to say no.
    Outbound,
}

/// A job may run more than once, so running it twice must be harmless.
pub trait Job: Serialize + DeserializeOwned + Send + 'static {
    const NAME: &'static str;
    const LANE: Lane = Lane::Prompt;
    /// After as many failures it is laid aside where people see it.
    const TRIES: i64 = 12;
    /// After as many tries of which none came back, because the server ended meanwhile: what arrives from outside may
    /// be what ends it, and would do so after every start.
    const TRIES_AFTER_CRASH: i64 = match Self::LANE {
        Lane::Prompt | Lane::Outbound => Self::TRIES,
        Lane::Inbound => 3,
    };
    fn run(self, app: &App) -> impl Future<Output = Result<()>> + Send;
    /// Whether `gave_up` puts it where people see it and can start it again: the job itself is then forgotten. One that
    /// tells nobody is kept, for those who look after the installation.
    const TELLS: bool = false;
    /// Called when it is laid aside, in the transaction that does so, to tell whoever waits for it.
    fn gave_up(self, _tx: &mut Tx, _why: &Error) -> impl Future<Output = Result<()>> + Send {
        async { Ok(()) }
    }
}

type Later<'a> = Pin<Box<dyn Future<Output = Result<()>> + Send + 'a>>;
type Run = for<'a> fn(&'a App, serde_json::Value) -> Later<'a>;
type GaveUp = for<'a> fn(&'a mut Tx, serde_json::Value, &'a Error) -> Later<'a>;

#[derive(Clone, Copy)]
pub struct JobSpec {
    name: &'static str,
    tries: i64,
    tries_after_crash: i64,
    tells: bool,
    run: Run,
    gave_up: GaveUp,
}

impl JobSpec {
    pub fn of<J: Job>() -> Self {
        Self {
            name: J::NAME,
            tries: J::TRIES,
            tries_after_crash: J::TRIES_AFTER_CRASH,
            tells: J::TELLS,
            run: |app, args| Box::pin(async move { serde_json::from_value::<J>(args)?.run(app).await }),
            gave_up: |tx, args, why| Box::pin(async move { serde_json::from_value::<J>(args)?.gave_up(tx, why).await }),
        }
    }
}

pub(crate) async fn enqueue(tx: &mut Tx, name: &str, lane: Lane, args: serde_json::Value, at: Time) -> Result<()> {
    tx.run("INSERT INTO jobs (name, lane, args, run_at) VALUES ($1, $2, $3, $4)", args![name, lane as i64, args, at])
        .await
}

/// Takes up a job again that was laid aside.
pub async fn revive(tx: &mut Tx, id: i64) -> Result<()> {
    let sql = "UPDATE jobs SET dead_at = NULL, last_error = NULL, attempts = 0, run_at = $1
        WHERE id = $2 AND dead_at IS NOT NULL RETURNING id";
    let now = tx.now();
    tx.one(sql, args![now, id]).await?;
    tx.wake_jobs();
    Ok(())
}

/// One worker's hold on a job. Every claim raises `attempts`, so the two together tell it from a later one's: who lost
/// the job because its node stood still writes nothing over the work of who has it now.
#[derive(Clone, Copy)]
struct Claim {
    id: i64,
    attempts: i64,
}

/// Claims and runs jobs of a lane for as long as some are due; false when none was.
pub async fn work(app: &App, specs: &[JobSpec], lane: Lane) -> Result<bool> {
    // A look costs a reader, a claim a transaction, on SQLite the only one: look first.
    if next_due(app, specs, lane).await?.is_none_or(|at| at > app.now()) {
        return Ok(false);
    }
    let mut next = claim(app, specs, lane, None).await?;
    let worked = next.is_some();
    while let Some(row) = next {
        let (claimed, name) = (Claim { id: row.int("id")?, attempts: row.int("attempts")? }, row.text("name")?);
        let never_came_back = row.opt_text("last_error")?.is_none();
        let Some(spec) = specs.iter().find(|spec| spec.name == name) else { break };
        let args: serde_json::Value = row.json("args")?;
        let tries = if never_came_back { spec.tries_after_crash } else { spec.tries };
        let done = if claimed.attempts > tries {
            Err(Error::refused(format!("The server ended {tries} times while it was at this.")))
        } else {
            with_heartbeat(app, claimed, (spec.run)(app, args.clone())).await
        };
        next = match done {
            Ok(()) => claim(app, specs, lane, Some(claimed)).await?,
            Err(error) => {
                failed(app, spec, claimed, args, error).await?;
                None
            }
        };
    }
    Ok(worked)
}

/// Strikes out the job that is done and claims the next, in one transaction: where many wait, each costs one commit
/// less, and no disk is waited for: what a power failure takes back is done twice. A node that stops claims nothing more.
async fn claim(app: &App, specs: &[JobSpec], lane: Lane, done: Option<Claim>) -> Result<Option<Row>> {
    let mut tx = app.begin_lightly(Actor::System).await?;
    if let Some(done) = done {
        tx.run("DELETE FROM jobs WHERE id = $1 AND attempts = $2", args![done.id, done.attempts]).await?;
    }
    let now = tx.now();
    let mut args = args![now + LOCK, lane as i64, now];
    let claim = format!(
        "UPDATE jobs SET run_at = $1, attempts = attempts + 1 WHERE id = (
        SELECT id FROM jobs WHERE lane = $2 AND dead_at IS NULL AND run_at <= $3 AND {}
        ORDER BY run_at, id LIMIT 1 {{skip locked}})
        RETURNING id, name, args, attempts, last_error",
        is_known(specs, &mut args)
    );
    let next = if app.is_stopping() { None } else { tx.opt(&claim, args).await? };
    tx.commit().await?;
    Ok(next)
}

/// A name that this version does not know belongs to a newer one beside it: it stays for that.
fn is_known(specs: &[JobSpec], args: &mut Vec<Value>) -> String {
    let mut mark = |spec: &JobSpec| {
        args.push(spec.name.value());
        format!("${}", args.len())
    };
    let marks: Vec<_> = specs.iter().map(&mut mark).collect();
    if marks.is_empty() { "FALSE".to_owned() } else { format!("name IN ({})", marks.join(", ")) }
}

/// The job goes on while its heart beats: it may itself hold the writer that the heartbeat waits for, or stand in the
/// same queue. A heartbeat that fails must not end what is half done either.
async fn with_heartbeat(app: &App, claimed: Claim, job: Later<'_>) -> Result<()> {
    tokio::select! {
        biased;
        done = job => done,
        never = heartbeat(app, claimed) => match never {},
    }
}

async fn heartbeat(app: &App, claimed: Claim) -> Infallible {
    loop {
        tokio::time::sleep(HEARTBEAT).await;
        let sql = "UPDATE jobs SET run_at = $1 WHERE id = $2 AND attempts = $3";
        if let Err(error) = app.db().run(sql, args![app.now() + LOCK, claimed.id, claimed.attempts]).await {
            tracing::warn!(job = claimed.id, %error, "a job goes on without its claim being renewed");
        }
    }
}

async fn failed(app: &App, spec: &JobSpec, claimed: Claim, args: serde_json::Value, error: Error) -> Result<()> {
    let Claim { id, attempts } = claimed;
    let hopeless = match &error {
        // What it points to went away while it worked: the next try sees the world as it is then.
        Error::Invalid(wrong) => !wrong.iter().any(|wrong| wrong.field == DANGLING.0),
        Error::Refused { .. } | Error::NotFound | Error::Forbidden(_) => true,
        _ => false,
    };
    if matches!(error, Error::Upstream { retry_after: Some(_), .. }) {
        tracing::debug!(job = spec.name, id, %error, "job waits for its turn");
    } else {
        tracing::warn!(job = spec.name, id, attempts, %error, "job failed");
        metrics::counter!("shopbell_job_failures_total", "job" => spec.name).increment(1);
    }
    let error = for_people(error, id);
    if hopeless || attempts >= spec.tries {
        return give_up(app, spec, claimed, args, error).await;
    }
    let (pause, counts) = match &error {
        // Told when to come again is not a failure: a queue that waits for its turn must not use up its tries.
        Error::Upstream { retry_after: Some(pause), .. } => (*pause, 0),
        // Two workers met: go again at once.
        Error::Conflict(_) if attempts < 5 => (20 * attempts, 1),
        _ => (1000 * (1_i64 << attempts.min(12)), 1),
    };
    let sql = "UPDATE jobs SET run_at = $1, attempts = $2, last_error = $3 WHERE id = $4 AND attempts = $5";
    let run_at = app.now() + pause.clamp(0, LONGEST_PAUSE);
    app.db().run(sql, args![run_at, attempts - 1 + counts, error.to_string(), id, attempts]).await?;
    Ok(())
}

/// What only the log may know stays there.
fn for_people(error: Error, id: i64) -> Error {
    match error {
        Error::Internal(_) => {
            Error::internal(format!("Something went wrong on our side. The log tells more: job {id}."))
        }
        told => told,
    }
}

/// Tells whoever waits, and strikes the job out, in one transaction: nobody is told twice, and nothing is struck out
/// untold. What cannot be told, because what it was about is gone, must not come again for ever.
async fn give_up(app: &App, spec: &JobSpec, claimed: Claim, args: serde_json::Value, error: Error) -> Result<()> {
    let Claim { id, attempts } = claimed;
    let mut tx = app.begin(Actor::System).await?;
    let told = match (spec.gave_up)(&mut tx, args, &error).await {
        Ok(()) => spec.tells,
        Err(again @ (Error::Full | Error::Unavailable | Error::Conflict(_))) => return Err(again),
        Err(error) => {
            tracing::error!(job = spec.name, id, %error, "nobody could be told that a job was given up");
            // It may have got halfway.
            drop(tx);
            tx = app.begin(Actor::System).await?;
            false
        }
    };
    let struck_out = if told {
        tx.opt("DELETE FROM jobs WHERE id = $1 AND attempts = $2 RETURNING id", args![id, attempts]).await?
    } else {
        let sql = "UPDATE jobs SET dead_at = $1, last_error = $2 WHERE id = $3 AND attempts = $4 RETURNING id";
        let now = tx.now();
        tx.opt(sql, args![now, error.to_string(), id, attempts]).await?
    };
    // Somebody else has it by now, and will say what becomes of it.
    if struck_out.is_some() { tx.commit().await } else { Ok(()) }
}

async fn next_due(app: &App, specs: &[JobSpec], lane: Lane) -> Result<Option<Time>> {
    let mut args = args![lane as i64];
    let known = is_known(specs, &mut args);
    let sql =
        format!("SELECT run_at FROM jobs WHERE lane = $1 AND dead_at IS NULL AND {known} ORDER BY run_at LIMIT 1");
    app.db().opt(&sql, args).await?.map(|row| row.int("run_at")).transpose()
}

/// Works one lane until the app stops; a job under way is finished first.
pub async fn worker(app: App, specs: Vec<JobSpec>, lane: Lane) {
    let mut signal = app.db().jobs_signal();
    while !app.is_stopping() {
        let pause = match work(&app, &specs, lane).await {
            Ok(true) => continue,
            Ok(false) => match next_due(&app, &specs, lane).await {
                Ok(Some(at)) => (at - app.now()).clamp(1, 10_000),
                Ok(None) => 10_000,
                Err(_) => 1000,
            },
            Err(error) => {
                tracing::error!(%error, "the job queue cannot be read, trying again");
                2000
            }
        };
        tokio::select! {
            () = app.stopping() => return,
            _ = signal.changed() => {}
            () = tokio::time::sleep(Duration::from_millis(pause.unsigned_abs())) => {}
        }
    }
}

/// After a restart on an engine that only one process uses: what that process had claimed is free again.
pub async fn release(app: &App) -> Result<()> {
    if app.db().engine() == Engine::Sqlite {
        let sql = "UPDATE jobs SET run_at = $1 WHERE attempts > 0 AND dead_at IS NULL AND run_at > $1 AND run_at <= $2";
        app.db().run(sql, args![app.now(), app.now() + LOCK]).await?;
    }
    Ok(())
}
