//! A whole Shopbell inside a test: its own database, folder, clock and port. Work happens when the test says
//! [`TestApp::tick`], so that a story always unfolds in the same order; [`TestApp::start`] lets it run by itself.
//!
//! ```ignore
//! story!(a_snoozed_ticket_comes_back, |app| async move {
//!     let (status, ticket) = app.post("/api/v1/tickets", json!({ "subject": "Where is my parcel?" })).await;
//!     app.clock.forward(HOUR);
//!     app.tick().await;
//! });
//! ```

use std::{
    net::SocketAddr,
    ops::Deref,
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use base::{App, Config, Db, Engine, Time, app::Clock, events, jobs, jobs::Lane};
use connectors::Platforms;
use serde_json::{Value, json};
use server::node::{self, Node};
use tempfile::TempDir;
use tokio::{net::TcpListener, sync::OnceCell, task::JoinSet};

use crate::{client::Client, postgres};

/// Monday, 2 March 2026, 09:00 UTC.
pub const MORNING: Time = 1_772_442_000_000;

pub const OWNER: &str = "owner@fjellvik.example";
pub const PASSWORD: &str = "correct horse battery staple";

/// Tells a story on both engines: makes the tests `NAME::sqlite` and `NAME::postgres`.
///
/// `story!(name, |app| async move { … });` or, with other settings,
/// `story!(name, |config| config.requests_per_minute = 3, |app| async move { … });`
#[macro_export]
macro_rules! story {
    ($name:ident, |$app:ident| $body:expr) => {
        $crate::story!($name, |_config| (), |$app| $body);
    };
    ($name:ident, |$config:ident| $change:expr, |$app:ident| $body:expr) => {
        mod $name {
            #[allow(unused_imports)]
            use super::*;

            async fn story($app: $crate::harness::TestApp) {
                $body.await;
            }

            fn change($config: &mut base::Config) {
                $change;
            }

            #[test]
            fn sqlite() {
                $crate::harness::run(base::Engine::Sqlite, change, story);
            }

            #[test]
            fn postgres() {
                $crate::harness::run(base::Engine::Postgres, change, story);
            }
        }
    };
}

/// Tells a story that only one engine knows: `story_on!(Postgres, name, |app| async move { … });`
#[macro_export]
macro_rules! story_on {
    ($engine:ident, $name:ident, |$app:ident| $body:expr) => {
        #[test]
        fn $name() {
            async fn story($app: $crate::harness::TestApp) {
                $body.await;
            }
            $crate::harness::run(base::Engine::$engine, |_| (), story);
        }
    };
}

/// A clock that stands still until somebody moves it.
#[derive(Debug)]
pub struct Hand(AtomicI64);

impl Hand {
    pub fn forward(&self, by: Time) {
        self.0.fetch_add(by, Ordering::SeqCst);
    }

    pub fn set(&self, time: Time) {
        self.0.store(time, Ordering::SeqCst);
    }
}

impl Clock for Hand {
    fn now(&self) -> Time {
        self.0.load(Ordering::SeqCst)
    }
}

/// A running node. Clones are the same node.
#[derive(Clone)]
pub struct TestApp(Arc<Inner>);

pub struct Inner {
    /// The application behind the addresses, for what a test must do or see beneath HTTP.
    pub app: App,
    /// Shared by all nodes of the test.
    pub clock: Arc<Hand>,
    pub node: Node,
    pub address: SocketAddr,
    folder: Arc<TempDir>,
    owner: Arc<OnceCell<Client>>,
    tasks: Mutex<JoinSet<()>>,
    platforms: Option<Platforms>,
}

impl Deref for TestApp {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}

/// Runs one story on one engine, and clears up behind it.
pub fn run<F: Future<Output = ()>>(engine: Engine, change: fn(&mut Config), story: fn(TestApp) -> F) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let app = TestApp::new(engine, change).await;
        story(app.clone()).await;
        app.end().await;
    });
    runtime.shutdown_timeout(Duration::from_secs(2));
}

impl TestApp {
    pub async fn new(engine: Engine, change: fn(&mut Config)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = match engine {
            Engine::Sqlite => format!("sqlite:{}", folder.path().join("shopbell.db").display()),
            Engine::Postgres => postgres::database().await,
        };
        Self::on(url, folder, change).await
    }

    /// On a database that is there already, with this data folder.
    pub async fn on(url: String, folder: TempDir, change: fn(&mut Config)) -> Self {
        log();
        let mut config = Config {
            database_url: url,
            data_dir: folder.path().to_owned(),
            listen: "127.0.0.1:0".into(),
            requests_per_minute: 1_000_000,
            drain_seconds: 5,
            ..Config::default()
        };
        change(&mut config);
        let clock = Arc::new(Hand(AtomicI64::new(MORNING)));
        Self::node(config, clock, Arc::new(folder), Arc::default(), None).await
    }

    /// With these platforms in place of the product's own.
    pub async fn with_platforms(engine: Engine, platforms: Platforms) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = match engine {
            Engine::Sqlite => format!("sqlite:{}", folder.path().join("shopbell.db").display()),
            Engine::Postgres => postgres::database().await,
        };
        let config = Config {
            database_url: url,
            data_dir: folder.path().to_owned(),
            requests_per_minute: 1_000_000,
            ..Config::default()
        };
        let clock = Arc::new(Hand(AtomicI64::new(MORNING)));
        Self::node(config, clock, Arc::new(folder), Arc::default(), Some(platforms)).await
    }

    async fn node(
        mut config: Config,
        clock: Arc<Hand>,
        folder: Arc<TempDir>,
        owner: Arc<OnceCell<Client>>,
        platforms: Option<Platforms>,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        config.listen = address.to_string();
        let db = Db::open(&config.database_url()).await.unwrap();
        let mut builder = node::app(db, config).clock(clock.clone());
        if let Some(platforms) = platforms.clone() {
            builder = builder.with_made(move |_, _| platforms);
        }
        let app = builder.build().unwrap();
        desk::migrate(&app).await.unwrap();
        let node = Node::new(app.clone()).unwrap();
        let mut tasks = JoinSet::new();
        tasks.spawn(node.listen(listener));
        let tasks = Mutex::new(tasks);
        Self(Arc::new(Inner { app, clock, node, address, folder, owner, tasks, platforms }))
    }

    /// Another node of the same installation: same database, same data folder, own port.
    pub async fn second_node(&self) -> Self {
        let config = self.app.config().clone();
        let platforms = self.platforms.clone();
        Self::node(config, self.clock.clone(), self.folder.clone(), self.owner.clone(), platforms).await
    }

    /// From now on jobs, listeners and services run by themselves, as in production. The clock stands still all the same.
    pub fn start(&self) {
        let mut running = self.node.start();
        self.tasks.lock().unwrap().spawn(async move { while running.join_next().await.is_some() {} });
    }

    /// Runs every job that is due and lets all listeners catch up, until there is nothing left to do.
    pub async fn tick(&self) {
        let this = self.clone();
        // In a task, as the server does it.
        tokio::spawn(async move { this.work().await }).await.expect("what is due can be done");
    }

    async fn work(&self) {
        for _ in 0..10_000 {
            let mut idle = true;
            for lane in [Lane::Prompt, Lane::Inbound, Lane::Outbound] {
                while jobs::work(&self.app, self.node.jobs(), lane).await.unwrap() {
                    idle = false;
                }
            }
            for listener in self.node.listeners() {
                while events::catch_up(&self.app, &**listener).await.unwrap() > 0 {
                    idle = false;
                }
            }
            if idle {
                return;
            }
        }
        panic!("there is always more to do: a job or listener feeds itself");
    }

    /// Moves the clock and does what has become due.
    pub async fn later(&self, by: Time) {
        self.clock.forward(by);
        self.tick().await;
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Somebody without any credential.
    pub fn nobody(&self) -> Client {
        Client::new(self.address)
    }

    /// The owner, who sets the installation up if nobody has yet. A client of this node.
    pub async fn as_owner(&self) -> Client {
        let owner = self.owner.get_or_init(|| async {
            let client = self.nobody();
            let setup = json!({ "email": OWNER, "name": "Ingrid", "password": PASSWORD, "shop_name": "Fjellvik" });
            let (status, me) = client.post("/api/v1/setup", setup).await;
            assert_eq!(status, 201, "{me}");
            client
        });
        owner.await.at(self.address)
    }

    /// A new agent with this role, who was invited and has accepted.
    pub async fn as_role(&self, role: &str) -> Client {
        static NUMBER: AtomicI64 = AtomicI64::new(1);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let email = format!("{role}{number}@fjellvik.example");
        let invitation = json!({ "email": email, "name": format!("{role} {number}"), "role": role });
        let (status, invitation) = self.as_owner().await.post("/api/v1/invitations", invitation).await;
        assert_eq!(status, 201, "{invitation}");
        let token = invitation["url"].as_str().unwrap().rsplit(['/', '=']).next().unwrap().to_owned();
        let client = self.nobody();
        let accept = json!({ "name": format!("{role} {number}"), "password": PASSWORD });
        let (status, me) = client.put(&format!("/api/v1/invitations/by-token/{token}"), accept).await;
        assert_eq!(status, 201, "{me}");
        client
    }

    /// A program with an API token of these scopes.
    pub async fn as_program(&self, scopes: &[&str]) -> Client {
        let token = json!({ "name": "a program", "scopes": scopes });
        let (status, token) = self.as_owner().await.post("/api/v1/tokens", token).await;
        assert_eq!(status, 201, "{token}");
        self.nobody().with_token(token["token"].as_str().unwrap())
    }

    // As the owner, who may do everything.

    pub async fn get(&self, path: &str) -> (u16, Value) {
        self.as_owner().await.get(path).await
    }

    pub async fn post(&self, path: &str, body: Value) -> (u16, Value) {
        self.as_owner().await.post(path, body).await
    }

    pub async fn patch(&self, path: &str, body: Value) -> (u16, Value) {
        self.as_owner().await.patch(path, body).await
    }

    pub async fn put(&self, path: &str, body: Value) -> (u16, Value) {
        self.as_owner().await.put(path, body).await
    }

    pub async fn delete(&self, path: &str) -> (u16, Value) {
        self.as_owner().await.delete(path).await
    }

    /// Asks the node to stop and waits until it has; it must do so in time.
    pub async fn end(&self) {
        self.app.stop();
        let mut tasks = std::mem::take(&mut *self.tasks.lock().unwrap());
        let ended = tokio::time::timeout(Duration::from_secs(20), async {
            while let Some(task) = tasks.join_next().await {
                task.unwrap();
            }
        });
        assert!(ended.await.is_ok(), "the node did not stop within 20 seconds");
        self.app.db().close().await;
    }
}

/// `RUST_LOG=debug cargo nextest run … --no-capture` shows what the node logs.
fn log() {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| "error".into());
    let _ = tracing_subscriber::fmt().with_env_filter(filter).with_test_writer().try_init();
}
