//! Real shops for tests: Medusa v2 on a PostgreSQL of its own, and Vendure on SQLite.
//!
//! `scripts/engines.sh` installs and fills them once; each start is a fresh copy of the filled shop, ready in seconds, on
//! free loopback ports, and ends with its value. Other crates' tests take this folder in by `#[path]`: it uses nothing of
//! the house.

#![allow(dead_code, unused_imports, reason = "not every test uses every engine")]

use std::{
    fs,
    net::{TcpListener, TcpStream},
    os::unix::{fs::PermissionsExt, process::CommandExt},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::Mutex,
    thread::sleep,
    time::Duration,
};

use serde_json::Value;
use tempfile::TempDir;

mod ears;
mod medusa;
mod vendure;

pub use ears::{Ears, Heard};
pub use medusa::{Basket, Medusa};
pub use vendure::{Vendure, Visit};

pub type Result<T> = std::result::Result<T, String>;

/// The webhook secret that both shops are started with.
pub const SECRET: &str = "only-for-tests-0123";

/// The folder that a filled shop runs from, and what was noted while it was filled.
fn ready(name: &str) -> Result<(PathBuf, Value)> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scripts/engines.sh");
    let folder = PathBuf::from(run(Command::new(script).arg(name))?.trim());
    let seeded = fs::read_to_string(folder.join("seeded.json")).map_err(|error| error.to_string())?;
    Ok((folder, serde_json::from_str(&seeded).map_err(|error| error.to_string())?))
}

/// A server of ours in a temporary folder, and a shell that ends it when this process dies without doing so.
struct Running {
    server: Child,
    watchdog: Child,
    log: PathBuf,
}

impl Running {
    fn start(command: &mut Command, log: &Path) -> Result<Self> {
        let file = fs::File::create(log).map_err(|error| error.to_string())?;
        let copy = file.try_clone().map_err(|error| error.to_string())?;
        // A group of its own, so that it can be ended with all its children.
        command.process_group(0).stdin(Stdio::null()).stdout(file).stderr(copy);
        let server = command.spawn().map_err(|error| format!("{command:?}: {error}"))?;
        // Its input ends with us, however we end; the folder may then go too.
        let mut watchdog = Command::new("sh");
        watchdog.args(["-c", "read _; kill -s INT -- -$1; sleep 3; kill -s KILL -- -$1; rm -rf \"$2\"", "sh"]);
        watchdog.arg(server.id().to_string()).arg(log.parent().unwrap_or(Path::new("/nonexistent")));
        watchdog.process_group(0).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        let watchdog = watchdog.spawn().map_err(|error| error.to_string())?;
        Ok(Self { server, watchdog, log: log.to_owned() })
    }

    fn await_port(&mut self, port: u16) -> Result<()> {
        for _ in 0..1200 {
            if TcpStream::connect(("127.0.0.1", port)).is_ok() {
                return Ok(());
            }
            if let Ok(Some(status)) = self.server.try_wait() {
                return Err(format!("ended with {status}: {}", self.said()));
            }
            sleep(Duration::from_millis(50));
        }
        Err(format!("nothing listens on port {port}: {}", self.said()))
    }

    fn said(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_default()
    }

    fn signal(&self, signal: &str) {
        run(Command::new("kill").args([signal, "--", &format!("-{}", self.server.id())])).ok();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.watchdog.kill().ok();
        self.watchdog.wait().ok();
        self.signal("-INT");
        for _ in 0..80 {
            if !matches!(self.server.try_wait(), Ok(None)) {
                return;
            }
            sleep(Duration::from_millis(25));
        }
        self.signal("-KILL");
        self.server.wait().ok();
    }
}

/// A folder that other users may enter, because PostgreSQL does not run as root.
fn temporary() -> Result<TempDir> {
    let dir = tempfile::Builder::new().prefix("shopbell-").tempdir().map_err(|error| error.to_string())?;
    fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o755)).map_err(|error| error.to_string())?;
    Ok(dir)
}

fn free_port() -> Result<u16> {
    let listener = TcpListener::bind("127.0.0.1:0").map_err(|error| error.to_string())?;
    Ok(listener.local_addr().map_err(|error| error.to_string())?.port())
}

fn run(command: &mut Command) -> Result<String> {
    let out = command.stdin(Stdio::null()).output().map_err(|error| format!("{command:?}: {error}"))?;
    if out.status.success() {
        return Ok(String::from_utf8_lossy(&out.stdout).into_owned());
    }
    Err(format!("{command:?}: {}{}", String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr)))
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}
