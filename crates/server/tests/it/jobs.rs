//! Work for later: once, again after a failure, and never lost, whatever the database does meanwhile.

use std::{
    collections::BTreeSet,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use base::{
    Actor, App, Engine, Error, Job, JobSpec, Result, Tx, args,
    jobs::{self, Lane},
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::{
    net::{TcpListener, TcpStream},
    sync::watch,
};

use crate::{harness::TestApp, postgres};

/// Leaves a trace in the database each time it runs.
#[derive(Serialize, Deserialize)]
struct Count {
    number: i64,
}

impl Job for Count {
    const NAME: &'static str = "test.count";

    async fn run(self, app: &App) -> Result<()> {
        let mut tx = app.begin(Actor::System).await?;
        let now = tx.now();
        tx.run("INSERT INTO automatic_mails (customer, at) VALUES ($1, $2)", args![self.number, now]).await?;
        tx.commit().await
    }
}

/// Fails as often as it is told to.
#[derive(Serialize, Deserialize)]
struct Fail {
    times: usize,
}

static FAILED: AtomicUsize = AtomicUsize::new(0);
static GAVE_UP: AtomicUsize = AtomicUsize::new(0);

impl Job for Fail {
    const NAME: &'static str = "test.fail";
    const TRIES: i64 = 4;

    async fn run(self, _app: &App) -> Result<()> {
        if FAILED.load(Ordering::SeqCst) < self.times {
            FAILED.fetch_add(1, Ordering::SeqCst);
            return Err(Error::upstream("the mail server is away"));
        }
        Ok(())
    }

    async fn gave_up(self, _tx: &mut Tx, _why: &Error) -> Result<()> {
        GAVE_UP.fetch_add(1, Ordering::SeqCst);
        Ok(())
    }
}

async fn enqueue(app: &App, job: &impl Job) {
    let mut tx = app.begin(Actor::System).await.unwrap();
    tx.enqueue(job).await.unwrap();
    tx.commit().await.unwrap();
}

async fn waiting(app: &App) -> i64 {
    let row = app
        .db()
        .one("SELECT CAST(count(*) AS BIGINT) AS count FROM jobs WHERE name LIKE 'test.%'", args![])
        .await
        .unwrap();
    row.int("count").unwrap()
}

async fn work_off(app: App) {
    let specs = [JobSpec::of::<Count>()];
    while waiting(&app).await > 0 {
        if !jobs::work(&app, &specs, Lane::Prompt).await.unwrap() {
            tokio::task::yield_now().await;
        }
    }
}

story!(two_nodes_never_run_one_job_twice, |app| async move {
    let other = app.second_node().await;
    for number in 0..100 {
        enqueue(&app.app, &Count { number }).await;
    }
    let nodes = [&app, &app, &other, &other].map(|node| tokio::spawn(work_off(node.app.clone())));
    for node in nodes {
        node.await.unwrap();
    }
    let rows = app.app.db().all("SELECT customer FROM automatic_mails", args![]).await.unwrap();
    let numbers: BTreeSet<_> = rows.iter().map(|row| row.int("customer").unwrap()).collect();
    assert_eq!((rows.len(), numbers.len()), (100, 100));
    other.end().await;
});

story!(a_job_that_fails_is_tried_again_later, |app| async move {
    FAILED.store(0, Ordering::SeqCst);
    enqueue(&app.app, &Fail { times: 2 }).await;
    let specs = [JobSpec::of::<Fail>()];
    assert!(jobs::work(&app.app, &specs, Lane::Prompt).await.unwrap());
    assert!(!jobs::work(&app.app, &specs, Lane::Prompt).await.unwrap(), "not again at once");
    for _ in 0..10 {
        app.clock.forward(base::MINUTE);
        while jobs::work(&app.app, &specs, Lane::Prompt).await.unwrap() {}
    }
    assert_eq!((FAILED.load(Ordering::SeqCst), waiting(&app.app).await), (2, 0));
});

story!(a_job_that_never_works_is_laid_aside_where_people_see_it, |app| async move {
    FAILED.store(0, Ordering::SeqCst);
    GAVE_UP.store(0, Ordering::SeqCst);
    enqueue(&app.app, &Fail { times: usize::MAX }).await;
    let specs = [JobSpec::of::<Fail>()];
    for _ in 0..10 {
        while jobs::work(&app.app, &specs, Lane::Prompt).await.unwrap() {}
        app.clock.forward(base::HOUR);
    }
    assert_eq!((FAILED.load(Ordering::SeqCst), GAVE_UP.load(Ordering::SeqCst)), (4, 1));
    let (status, dead) = app.get("/api/v1/jobs?state=dead").await;
    assert_eq!(status, 200, "{dead}");
    assert_eq!(dead["data"][0]["name"], "test.fail");
    assert!(dead["data"][0]["last_error"].as_str().unwrap().contains("the mail server is away"));
});

story!(a_job_of_a_newer_version_waits_for_it, |app| async move {
    enqueue(&app.app, &Count { number: 1 }).await;
    for _ in 0..20 {
        assert!(!jobs::work(&app.app, &[JobSpec::of::<Turn>()], Lane::Prompt).await.unwrap());
        assert!(!jobs::work(&app.app, &[], Lane::Prompt).await.unwrap());
        app.clock.forward(base::MINUTE);
    }
    let row = app.app.db().one("SELECT attempts FROM jobs WHERE name = 'test.count'", args![]).await.unwrap();
    assert_eq!(row.int("attempts").unwrap(), 0);
    work_off(app.app.clone()).await;
});

/// Is told to wait its turn, again and again.
#[derive(Serialize, Deserialize)]
struct Turn;

static TURNS: AtomicUsize = AtomicUsize::new(0);

impl Job for Turn {
    const NAME: &'static str = "test.turn";
    const TRIES: i64 = 3;

    async fn run(self, _app: &App) -> Result<()> {
        if TURNS.fetch_add(1, Ordering::SeqCst) < 20 {
            return Err(Error::Upstream { why: "not your turn yet".into(), retry_after: Some(2 * base::HOUR) });
        }
        Ok(())
    }
}

story!(a_job_that_waits_for_its_turn_does_not_use_up_its_tries, |app| async move {
    TURNS.store(0, Ordering::SeqCst);
    enqueue(&app.app, &Turn).await;
    let specs = [JobSpec::of::<Turn>()];
    for _ in 0..21 {
        assert!(jobs::work(&app.app, &specs, Lane::Prompt).await.unwrap());
        app.clock.forward(base::HOUR);
    }
    assert_eq!((TURNS.load(Ordering::SeqCst), waiting(&app.app).await), (21, 0));
});

/// Fails for a reason that is nobody's business.
#[derive(Serialize, Deserialize)]
struct Secretive;

impl Job for Secretive {
    const NAME: &'static str = "test.secretive";
    const TRIES: i64 = 1;

    async fn run(self, _app: &App) -> Result<()> {
        Err(Error::internal("no such column: pasword_hash"))
    }

    async fn gave_up(self, _tx: &mut Tx, why: &Error) -> Result<()> {
        assert!(!why.to_string().contains("pasword"), "{why}");
        Err(Error::NotFound)
    }
}

story!(what_only_the_log_may_know_is_not_shown, |app| async move {
    enqueue(&app.app, &Secretive).await;
    assert!(jobs::work(&app.app, &[JobSpec::of::<Secretive>()], Lane::Prompt).await.unwrap());
    let (_, dead) = app.get("/api/v1/jobs?state=dead").await;
    let why = dead["data"][0]["last_error"].as_str().unwrap();
    assert!(why.contains("on our side") && !why.contains("pasword"), "{why}");
});

/// Tells that it was given up, and loses its claim while it does.
#[derive(Serialize, Deserialize)]
struct Overtaken {
    number: i64,
}

impl Job for Overtaken {
    const NAME: &'static str = "test.overtaken";
    const TRIES: i64 = 1;
    const TELLS: bool = true;

    async fn run(self, _app: &App) -> Result<()> {
        Err(Error::refused("It cannot be done."))
    }

    async fn gave_up(self, tx: &mut Tx, _why: &Error) -> Result<()> {
        let now = tx.now();
        tx.run("INSERT INTO automatic_mails (customer, at) VALUES ($1, $2)", args![self.number, now]).await?;
        // As another node does that takes this one for dead.
        tx.run("UPDATE jobs SET attempts = attempts + 1 WHERE name = $1", args![Self::NAME]).await
    }
}

story!(who_lost_a_job_tells_nobody_that_it_was_given_up, |app| async move {
    enqueue(&app.app, &Overtaken { number: 77 }).await;
    assert!(jobs::work(&app.app, &[JobSpec::of::<Overtaken>()], Lane::Prompt).await.unwrap());
    let sql = "SELECT CAST(count(*) AS BIGINT) AS count FROM automatic_mails WHERE customer = 77";
    assert_eq!(app.app.db().one(sql, args![]).await.unwrap().int("count").unwrap(), 0, "told in vain");
    assert_eq!(waiting(&app.app).await, 1, "whoever has it now goes on with it");
});

/// Writes for longer than a heartbeat.
#[derive(Serialize, Deserialize)]
struct Long;

impl Job for Long {
    const NAME: &'static str = "test.long";

    async fn run(self, app: &App) -> Result<()> {
        let tx = app.begin(Actor::System).await?;
        tokio::time::sleep(Duration::from_secs(7)).await;
        tx.commit().await
    }
}

story!(a_job_that_writes_for_long_is_not_stopped_by_its_own_heartbeat, |app| async move {
    enqueue(&app.app, &Long).await;
    let work = async { jobs::work(&app.app, &[JobSpec::of::<Long>()], Lane::Prompt).await.unwrap() };
    assert!(tokio::time::timeout(Duration::from_secs(20), work).await.unwrap());
    assert_eq!(waiting(&app.app).await, 0);
});

/// Ends the server, as far as the queue can tell: it never comes back.
#[derive(Serialize, Deserialize)]
struct Crash;

static TOLD: Mutex<Option<String>> = Mutex::new(None);

impl Job for Crash {
    const NAME: &'static str = "test.crash";
    const TELLS: bool = true;
    const LANE: Lane = Lane::Inbound;

    async fn run(self, _app: &App) -> Result<()> {
        std::future::pending().await
    }

    async fn gave_up(self, _tx: &mut Tx, why: &Error) -> Result<()> {
        TOLD.lock().unwrap().replace(why.to_string());
        Ok(())
    }
}

story!(a_job_that_ends_the_server_each_time_is_laid_aside, |app| async move {
    enqueue(&app.app, &Crash).await;
    let specs = [JobSpec::of::<Crash>()];
    for _ in 0..3 {
        let crashed = tokio::time::timeout(Duration::from_millis(300), jobs::work(&app.app, &specs, Lane::Inbound));
        assert!(crashed.await.is_err(), "it runs");
        app.clock.forward(base::MINUTE);
    }
    assert!(jobs::work(&app.app, &specs, Lane::Inbound).await.unwrap());
    assert!(TOLD.lock().unwrap().take().is_some_and(|why| why.contains("3 times")));
    assert_eq!(waiting(&app.app).await, 0, "people know it from elsewhere");
});

/// Stands between a node and its database, and can cut the line.
struct Line {
    port: u16,
    open: watch::Sender<bool>,
}

impl Line {
    async fn to(port: u16) -> Arc<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let own = listener.local_addr().unwrap().port();
        let line = Arc::new(Self { port: own, open: watch::Sender::new(true) });
        let line_ = line.clone();
        tokio::spawn(async move {
            while let Ok((mut near, _)) = listener.accept().await {
                let mut open = line_.open.subscribe();
                if !*open.borrow() {
                    continue;
                }
                tokio::spawn(async move {
                    let mut far = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
                    tokio::select! {
                        _ = tokio::io::copy_bidirectional(&mut near, &mut far) => {}
                        _ = open.wait_for(|open| !open) => {}
                    }
                });
            }
        });
        line
    }
}

/// Mail is still read: the workers have found their way back as well.
async fn workers_work(app: &TestApp) {
    let inbox = json!({ "channel": "email", "name": "Help", "address": "help@fjellvik.example" });
    let (status, inbox) = app.post("/api/v1/inboxes", inbox).await;
    assert_eq!(status, 201, "{inbox}");
    let path = format!("/api/v1/inbound/{}/raw", inbox["id"]);
    let mail = "From: a@shopper.example\r\nTo: help@fjellvik.example\r\nSubject: Hello\r\n\r\nIs it there?\r\n";
    let (status, answer) = app.as_owner().await.post_bytes(&path, "message/rfc822", mail).await;
    assert_eq!(status, 202, "{answer}");
    for _ in 0..100 {
        let (_, tickets) = app.get("/api/v1/tickets").await;
        if tickets["data"].as_array().is_some_and(|all| all.len() == 1) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("the mail has not become a ticket within ten seconds");
}

#[test]
fn a_database_that_goes_away_and_comes_back_is_no_restart() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let url = postgres::database().await;
        let (before, name) = url.rsplit_once('/').unwrap();
        let line = Line::to(before.rsplit_once(':').unwrap().1.parse().unwrap()).await;
        let url = format!("postgres://postgres@127.0.0.1:{}/{name}", line.port);
        let app = TestApp::on(url, tempfile::tempdir().unwrap(), |_| ()).await;
        app.start();
        let owner = app.as_owner().await;

        line.open.send_replace(false);
        tokio::time::sleep(Duration::from_millis(100)).await;
        let (status, problem) = owner.post("/api/v1/teams", json!({ "name": "Returns" })).await;
        assert_eq!((status, problem["type"].as_str()), (503, Some("/problems/unavailable")), "{problem}");
        assert_eq!(app.nobody().get("/healthz").await.0, 200);
        assert_eq!(app.nobody().get("/readyz").await.0, 503);

        line.open.send_replace(true);
        let mut status = 0;
        for _ in 0..100 {
            status = owner.post("/api/v1/teams", json!({ "name": "Returns" })).await.0;
            if status == 201 {
                break;
            }
            assert_eq!(status, 503, "never anything worse");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        assert_eq!(status, 201);
        assert_eq!(app.nobody().get("/readyz").await.0, 200);
        workers_work(&app).await;
        app.end().await;
    });
}

/// Whether the commit of this transaction waits until it is on the disk.
async fn waits_for_the_disk(tx: &mut Tx) -> bool {
    match tx.engine() {
        Engine::Sqlite => tx.one("PRAGMA synchronous", args![]).await.unwrap().int("synchronous").unwrap() == 2,
        // The tests' own cluster never waits: whether somebody has told this transaction so.
        Engine::Postgres => {
            let sql = "SELECT source FROM pg_settings WHERE name = 'synchronous_commit'";
            tx.one(sql, args![]).await.unwrap().text("source").unwrap() != "session"
        }
    }
}

story!(only_what_is_done_again_waits_for_no_disk, |app| async move {
    let app = &app.app;
    let mut light = app.begin_lightly(Actor::System).await.unwrap();
    assert!(!waits_for_the_disk(&mut light).await);
    light.run("INSERT INTO cursors (listener, seq) VALUES ('test', 7)", args![]).await.unwrap();
    light.commit().await.unwrap();
    let mut usual = app.begin(Actor::System).await.unwrap();
    assert!(waits_for_the_disk(&mut usual).await);
    assert_eq!(
        usual.one("SELECT seq FROM cursors WHERE listener = 'test'", args![]).await.unwrap().int("seq").unwrap(),
        7
    );
    drop(usual);
    // What others have been told of must not be taken back.
    let mut light = app.begin_lightly(Actor::System).await.unwrap();
    light.emit(&desk::Event::ViewChanged { view: 1 }).unwrap();
    assert!(light.commit().await.is_err());
    assert!(waits_for_the_disk(&mut app.begin(Actor::System).await.unwrap()).await);
    app.db().run("DELETE FROM cursors WHERE listener = 'test'", args![]).await.unwrap();
});
