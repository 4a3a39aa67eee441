//! The real binary as its own process, to be killed and started again.

use std::{
    fs::File,
    net::{SocketAddr, TcpListener},
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::Duration,
};

use base::Engine;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::time::{Instant, sleep};

use crate::{
    client::Client,
    engines::{Engines, PASSWORD as MAIL_PASSWORD},
    harness::{OWNER, PASSWORD},
    postgres,
};

/// An installation on disk: its folder, its database, and a token for programs.
pub struct Installation {
    folder: TempDir,
    database: String,
    pub token: String,
    /// Shops' systems are told where to call it.
    pub is_called: bool,
}

impl Installation {
    pub async fn new(engine: Engine) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let database = match engine {
            Engine::Sqlite => format!("sqlite:{}", folder.path().join("shopbell.db").display()),
            Engine::Postgres => postgres::database().await,
        };
        let mut new = Self { folder, database, token: String::new(), is_called: false };
        new.run(&["setup", "--email", OWNER, "--password-stdin"], PASSWORD);
        new.token =
            new.run(&["token", "create", "--name", "test", "--scope", "read,write,admin"], "").trim().to_owned();
        new
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_shopbell"));
        command
            .args(arguments)
            // These are said to the tests, and it refuses what is no setting of its own.
            .env_remove("SHOPBELL_PLATFORMS")
            .env_remove("SHOPBELL_ENGINES")
            .env("SHOPBELL_DATA_DIR", self.folder.path())
            .env("SHOPBELL_DATABASE_URL", &self.database)
            .env("SHOPBELL_REQUESTS_PER_MINUTE", "1000000");
        command
    }

    /// Runs a command to its end; returns what it printed.
    pub fn run(&self, arguments: &[&str], input: &str) -> String {
        use std::io::Write;
        let mut command = self.command(arguments);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success(), "{arguments:?}: {out}{err}");
        out.into_owned()
    }

    /// In its data folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Runs `serve` where it cannot start; returns what it said.
    pub fn serve_in_vain(&self) -> String {
        let mut command = self.command(&["serve"]);
        command.env("SHOPBELL_LISTEN", "127.0.0.1:0");
        let output = command.output().unwrap();
        assert!(!output.status.success());
        String::from_utf8_lossy(&output.stderr).into_owned()
    }

    /// Starts a server and waits until it answers.
    pub async fn serve(&self) -> Server {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let mut server = Server { address: port, child: self.spawn(port), log: self.log(port) };
        server.wait().await;
        server
    }

    fn log(&self, address: SocketAddr) -> PathBuf {
        self.folder.path().join(format!("server-{}.log", address.port()))
    }

    fn spawn(&self, address: SocketAddr) -> Child {
        let log = File::options().create(true).append(true).open(self.log(address)).unwrap();
        let mut command = self.command(&["serve"]);
        command.env("SHOPBELL_LISTEN", address.to_string()).stdin(Stdio::null());
        if self.is_called {
            command.env("SHOPBELL_PUBLIC_URL", format!("http://{address}"));
        }
        command.stdout(log.try_clone().unwrap()).stderr(log).spawn().unwrap()
    }

    /// Ends it as a power cut would, and starts it again under the same address.
    pub async fn kill_and_restart(&self, server: &mut Server) {
        server.kill();
        server.child = self.spawn(server.address);
        server.wait().await;
    }

    pub fn client(&self, server: &Server) -> Client {
        Client::new(server.address).with_token(&self.token)
    }

    /// An inbox that fetches from Dovecot and sends through Exim; answers leave at once.
    pub async fn inbox(&self, server: &Server, engines: &Engines, address: &str) -> i64 {
        let client = self.client(server);
        let (status, body) = client.patch("/api/v1/shop", json!({ "undo_seconds": 0 })).await;
        assert_eq!(status, 200, "{body}");
        let settings = json!({
            "imap": { "host": "127.0.0.1", "port": engines.imap, "security": "plain", "username": address,
                "password": MAIL_PASSWORD, "backfill_days": 1 },
            "smtp": { "host": "127.0.0.1", "port": engines.smtp, "security": "plain" },
        });
        let body = json!({ "channel": "email", "name": "Fjellvik", "address": address, "settings": settings });
        let (status, inbox) = client.post("/api/v1/inboxes", body).await;
        assert_eq!(status, 201, "{inbox}");
        inbox["id"].as_i64().unwrap()
    }
}

pub struct Server {
    pub address: SocketAddr,
    child: Child,
    log: PathBuf,
}

impl Server {
    async fn wait(&mut self) {
        let client = Client::new(self.address);
        let started = Instant::now();
        loop {
            let ready = client.request(reqwest::Method::GET, "/readyz").send().await;
            if ready.is_ok_and(|answer| answer.status().is_success()) {
                return;
            }
            let ended = self.child.try_wait().unwrap();
            let log = || std::fs::read_to_string(&self.log).unwrap_or_default();
            assert!(ended.is_none(), "the server ended: {}", log());
            assert!(started.elapsed() < Duration::from_secs(60), "the server does not answer: {}", log());
            sleep(Duration::from_millis(20)).await;
        }
    }

    /// What it wrote to its log.
    pub fn said(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }

    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Asks again and again until the answer is as wished; fails after `seconds`.
pub async fn eventually<F: Future<Output = Result<(), String>>>(seconds: u64, mut ask: impl FnMut() -> F) {
    let started = Instant::now();
    loop {
        match ask().await {
            Ok(()) => return,
            Err(why) if started.elapsed() > Duration::from_secs(seconds) => panic!("after {seconds} s: {why}"),
            Err(_) => sleep(Duration::from_millis(200)).await,
        }
    }
}

/// Every page of a list. Passes over moments in which the server is down.
pub async fn everything(client: &Client, path: &str) -> Vec<Value> {
    let mut all = Vec::new();
    let mut after = String::new();
    loop {
        let joint = if path.contains('?') { '&' } else { '?' };
        let (status, page) = client.get(&format!("{path}{joint}limit=200{after}")).await;
        assert_eq!(status, 200, "{page}");
        all.extend(page["data"].as_array().unwrap().iter().cloned());
        match page["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => return all,
        }
    }
}
