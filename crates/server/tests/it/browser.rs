//! The stories in real browsers: agents at their desks, shoppers with a mail program or on a page of the shop, real mail
//! servers. The steps are told in `web/desk/e2e`; here stand the servers they need.

use std::{
    io::{BufRead, BufReader, Lines, Write},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    time::Duration,
};

use base::Engine;

use crate::{
    engines::{Engines, PASSWORD as MAIL_PASSWORD},
    harness::{OWNER, PASSWORD},
    process::{Installation, Server},
};

#[test]
fn the_story_in_a_browser_sqlite() {
    run(story("story.mjs", Engine::Sqlite, 1));
}

/// Each agent uses another node, and neither notices.
#[test]
fn the_story_in_a_browser_postgres() {
    run(story("story.mjs", Engine::Postgres, 2));
}

/// They look the same on every database.
#[test]
fn the_screens_in_a_browser() {
    run(story("looks.mjs", Engine::Sqlite, 1));
}

#[test]
fn a_chat_in_a_browser_sqlite() {
    run(chat(Engine::Sqlite, 1));
}

/// The shopper's page talks to one node, the agent's desk to the other.
#[test]
fn a_chat_in_a_browser_postgres() {
    run(chat(Engine::Postgres, 2));
}

pub fn run<F: Future<Output = ()>>(test: F) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(test);
    runtime.shutdown_timeout(Duration::from_secs(2));
}

async fn story(told: &str, engine: Engine, nodes: usize) {
    let engines = Engines::start().unwrap();
    let (_installation, servers) = serving(engine, nodes).await;
    let told = teller(told, &servers, &engines, pictures(engine))
        .stdin(Stdio::null())
        .output()
        .expect("Node.js is needed to drive the browser");
    let (out, err) = (String::from_utf8_lossy(&told.stdout), String::from_utf8_lossy(&told.stderr));
    println!("{out}{err}");
    if !told.status.success() {
        println!("{}", servers.iter().map(Server::said).collect::<String>());
        panic!("the story did not end well:\n{}", err.lines().take(12).collect::<Vec<_>>().join("\n"));
    }
}

/// Whoever tells it may ask for all servers to die, and to come back under the same addresses.
async fn chat(engine: Engine, nodes: usize) {
    let engines = Engines::start().unwrap();
    let (installation, mut servers) = serving(engine, nodes).await;
    installation.inbox(&servers[0], &engines, "help@fjellvik.example").await;
    let mut telling = Telling::begin(teller("chat.mjs", &servers, &engines, pictures(engine)));
    while let Some(wish) = telling.wish("servers: ") {
        if wish == "stop" {
            servers.iter_mut().for_each(Server::kill);
        } else {
            for server in &mut servers {
                installation.kill_and_restart(server).await;
            }
        }
        telling.answer("done");
    }
    telling.end(&servers);
}

/// A story that is being told, whose teller wishes for things to be done outside of the browser.
pub struct Telling {
    told: Child,
    said: Lines<BufReader<ChildStdout>>,
    answers: ChildStdin,
}

impl Telling {
    pub fn begin(mut teller: Command) -> Self {
        let mut told = teller.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("Node.js is needed");
        let (said, answers) = (told.stdout.take().unwrap(), told.stdin.take().unwrap());
        Self { told, said: BufReader::new(said).lines(), answers }
    }

    /// The next line that begins so; none when the story is over.
    pub fn wish(&mut self, begin: &str) -> Option<String> {
        for line in self.said.by_ref().map_while(Result::ok) {
            println!("{line}");
            if let Some(wish) = line.strip_prefix(begin) {
                return Some(wish.to_owned());
            }
        }
        None
    }

    pub fn answer(&mut self, line: &str) {
        writeln!(self.answers, "{line}").unwrap();
    }

    pub fn end(mut self, servers: &[Server]) {
        if !self.told.wait().unwrap().success() {
            println!("{}", servers.iter().map(Server::said).collect::<String>());
            panic!("the story did not end well; what the browser's side said stands above");
        }
    }
}

async fn serving(engine: Engine, nodes: usize) -> (Installation, Vec<Server>) {
    let installation = Installation::new(engine).await;
    let mut servers = Vec::new();
    for _ in 0..nodes {
        servers.push(installation.serve().await);
    }
    (installation, servers)
}

pub fn teller(story: &str, servers: &[Server], engines: &Engines, pictures: &str) -> Command {
    let web = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../web");
    for built in ["desk/dist/index.html", "widget/dist/widget.js"] {
        assert!(web.join(built).exists(), "{built} is not there: run scripts/web.sh");
    }
    let addresses: Vec<String> = servers.iter().map(|server| format!("http://{}", server.address)).collect();
    let mut command = Command::new("node");
    command
        .arg(web.join("desk/e2e").join(story))
        .env("NODES", addresses.join(","))
        .env("OWNER", OWNER)
        .env("PASSWORD", PASSWORD)
        .env("IMAP_PORT", engines.imap.to_string())
        .env("SMTP_PORT", engines.smtp.to_string())
        .env("MAIL_PASSWORD", MAIL_PASSWORD)
        .env("OUT", folder(pictures));
    command
}

/// Where the screens are kept, to be looked at: `e2e-shots` in the target folder.
fn folder(name: &str) -> PathBuf {
    let folder = std::env::var_os("E2E_SHOTS")
        .map_or_else(|| Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("e2e-shots"), PathBuf::from);
    folder.join(name)
}

fn pictures(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => "sqlite",
        Engine::Postgres => "postgres",
    }
}
