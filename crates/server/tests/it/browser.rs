//! The whole story in real browsers: two agents at their desks, a shopper with a mail program, real mail servers.
//! The steps are told in `web/desk/e2e`; here stand the servers they need.

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
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
    run(story(Engine::Sqlite, 1));
}

/// Each agent uses another node, and neither notices.
#[test]
fn the_story_in_a_browser_postgres() {
    run(story(Engine::Postgres, 2));
}

fn run<F: Future<Output = ()>>(test: F) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(test);
    runtime.shutdown_timeout(Duration::from_secs(2));
}

async fn story(engine: Engine, nodes: usize) {
    let desk = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../web/desk");
    assert!(desk.join("dist/index.html").exists(), "the desk is not built: run scripts/web.sh");
    let engines = Engines::start().unwrap();
    let installation = Installation::new(engine).await;
    let mut servers = Vec::new();
    for _ in 0..nodes {
        servers.push(installation.serve().await);
    }
    let addresses: Vec<String> = servers.iter().map(|server| format!("http://{}", server.address)).collect();
    let told = Command::new("node")
        .arg(desk.join("e2e/story.mjs"))
        .env("NODES", addresses.join(","))
        .env("OWNER", OWNER)
        .env("PASSWORD", PASSWORD)
        .env("IMAP_PORT", engines.imap.to_string())
        .env("SMTP_PORT", engines.smtp.to_string())
        .env("MAIL_PASSWORD", MAIL_PASSWORD)
        .env("OUT", pictures(engine))
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

/// Where the screens are kept, to be looked at: `e2e-shots` in the target folder.
fn pictures(engine: Engine) -> PathBuf {
    let folder = std::env::var_os("E2E_SHOTS")
        .map_or_else(|| Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("e2e-shots"), PathBuf::from);
    folder.join(match engine {
        Engine::Sqlite => "sqlite",
        Engine::Postgres => "postgres",
    })
}
