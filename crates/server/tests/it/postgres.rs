//! A private PostgreSQL for the tests: one cluster for all test processes, started by the first, a database per test
//! cloned from a migrated template, ended by a watchdog of its own when nobody has used it for a while.
//!
//! Every test process holds a shared lock on `users` for as long as it lives. Whoever gets that lock alone knows
//! that the cluster is not in use; the watchdog stops it while holding it, so nobody can start using it meanwhile.

use std::{
    fs::{self, File},
    net::{SocketAddr, TcpListener, TcpStream},
    os::unix::{fs::MetadataExt, process::CommandExt},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::{
        OnceLock,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use base::{Config, Db, args, secrets::sha256};
use server::node;

struct Cluster {
    port: u16,
    template: String,
    /// Held until the process ends.
    _users: File,
}

/// A fresh, migrated database of its own; its address.
pub async fn database() -> String {
    static CLUSTER: OnceLock<Cluster> = OnceLock::new();
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    // Only threads of one process meet here, as under plain `cargo test`.
    static STARTING: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());
    let starting = STARTING.lock().await;
    let cluster = if let Some(cluster) = CLUSTER.get() {
        cluster
    } else {
        let started = start().await;
        CLUSTER.get_or_init(|| started)
    };
    drop(starting);
    let name = format!("t{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
    let admin = Db::open(&address(cluster.port, "postgres")).await.unwrap();
    // A process id can come round again.
    admin.run(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"), args![]).await.unwrap();
    admin.run(&format!("CREATE DATABASE {name} TEMPLATE {}", cluster.template), args![]).await.unwrap();
    admin.close().await;
    address(cluster.port, &name)
}

/// An empty database beside the test's own, for restoring into.
pub async fn empty_database(beside: &str) -> String {
    let (server, name) = beside.rsplit_once('/').unwrap();
    let name = format!("{name}_empty");
    let admin = Db::open(&format!("{server}/postgres")).await.unwrap();
    admin.run(&format!("CREATE DATABASE {name}"), args![]).await.unwrap();
    admin.close().await;
    format!("{server}/{name}")
}

fn address(port: u16, database: &str) -> String {
    format!("postgres://postgres@127.0.0.1:{port}/{database}")
}

async fn start() -> Cluster {
    let folder = folder();
    let users = open(&folder.join("users"));
    users.lock_shared().unwrap();
    let starting = open(&folder.join("starting"));
    starting.lock().unwrap();
    let port = match running(&folder) {
        Some(port) => port,
        None => start_server(&folder),
    };
    let template = template(port).await;
    Cluster { port, template, _users: users }
}

/// `/tmp`, because the server's own user must be able to enter it.
fn folder() -> PathBuf {
    let own = fs::metadata("/proc/self").unwrap().uid();
    let folder = Path::new("/tmp").join(format!("shopbell-test-postgres-{own}"));
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn open(path: &Path) -> File {
    File::options().create(true).truncate(false).write(true).open(path).unwrap()
}

fn running(folder: &Path) -> Option<u16> {
    let port: u16 = fs::read_to_string(folder.join("port")).ok()?.trim().parse().ok()?;
    folder.join("data/postmaster.pid").exists().then_some(())?;
    let address = SocketAddr::from(([127, 0, 0, 1], port));
    TcpStream::connect_timeout(&address, Duration::from_secs(2)).ok()?;
    Some(port)
}

/// A new cluster each time: nothing left over from an earlier run, and quick, as it need not survive a power cut.
fn start_server(folder: &Path) -> u16 {
    let data = folder.join("data");
    // Thousands of files take their time to go, which nobody has to wait for.
    let old = folder.join(format!("old-{}", std::process::id()));
    if fs::rename(&data, &old).is_ok() {
        in_background("rm -rf old-*", folder);
    }
    fs::create_dir(&data).unwrap();
    if is_root() {
        let owned = Command::new("chown").arg("postgres").arg(&data).status().unwrap();
        assert!(owned.success(), "there is no user postgres: install the package postgresql");
    }
    let bin = binaries();
    let mut initdb = as_postgres(&bin.join("initdb"));
    initdb.args(["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync", "-D"]).arg(&data);
    succeed(initdb.stdout(Stdio::null()));
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let options = format!(
        "-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off -c full_page_writes=off \
         -c synchronous_commit=off -c max_connections=400 -c shared_buffers=64MB -c max_wal_size=4GB -c autovacuum=off"
    );
    let mut start = as_postgres(&bin.join("pg_ctl"));
    start.arg("-D").arg(&data).arg("-l").arg(data.join("log")).args(["-o", &options, "-w", "-t", "60", "start"]);
    succeed(start.stdout(Stdio::null()));
    fs::write(folder.join("port"), port.to_string()).unwrap();
    watch_over(folder, &bin);
    port
}

/// Stops the cluster after a minute without users. It outlives this process, and ends by itself.
fn watch_over(folder: &Path, bin: &Path) {
    let stop = as_postgres(&bin.join("pg_ctl"));
    let words: Vec<_> =
        std::iter::once(stop.get_program()).chain(stop.get_args()).map(std::ffi::OsStr::to_string_lossy).collect();
    let script = format!(
        "idle=0
        while [ -f data/postmaster.pid ]; do
            sleep 5
            if flock -n -x users true; then idle=$((idle + 1)); else idle=0; fi
            if [ $idle -ge 12 ]; then flock -n -x users sh -c '{} -D data -m immediate stop'; rm -rf old-*; fi
        done",
        words.join(" ")
    );
    in_background(&script, folder);
}

#[expect(clippy::zombie_processes, reason = "it outlives this process on purpose")]
fn in_background(script: &str, folder: &Path) {
    let mut shell = Command::new("setsid");
    shell.args(["sh", "-c", script]).current_dir(folder).process_group(0);
    shell.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
}

/// The migrated database that every test's is cloned from; its name changes with the binary.
async fn template(port: u16) -> String {
    let binary = std::env::current_exe().unwrap();
    let built = fs::metadata(&binary).unwrap().modified().unwrap();
    let name = format!("template_{}", &sha256(format!("{}{built:?}", binary.display()).as_bytes())[..16]);
    let admin = Db::open(&address(port, "postgres")).await.unwrap();
    let known = admin.opt("SELECT CAST(1 AS BIGINT) AS known FROM pg_database WHERE datname = $1", args![&name]).await;
    if known.unwrap().is_none() {
        let draft = format!("draft_{name}");
        admin.run(&format!("DROP DATABASE IF EXISTS {draft} WITH (FORCE)"), args![]).await.unwrap();
        admin.run(&format!("CREATE DATABASE {draft}"), args![]).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let config = Config { data_dir: folder.path().to_owned(), ..Config::default() };
        let app = node::app(Db::open(&address(port, &draft)).await.unwrap(), config).build().unwrap();
        desk::migrate(&app).await.unwrap();
        app.db().close().await;
        admin.run(&format!("ALTER DATABASE {draft} RENAME TO {name}"), args![]).await.unwrap();
    }
    admin.close().await;
    name
}

/// Where Debian or anyone else keeps `initdb`, the newest version if there are several.
fn binaries() -> PathBuf {
    if let Ok(asked) = Command::new("pg_config").arg("--bindir").output() {
        let folder = PathBuf::from(String::from_utf8_lossy(&asked.stdout).trim());
        if folder.join("initdb").exists() {
            return folder;
        }
    }
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut found: Vec<_> = versions.map(|version| version.path().join("bin")).collect();
    found.retain(|folder| folder.join("initdb").exists());
    found.sort();
    found.pop().expect("PostgreSQL is not installed: install the package postgresql")
}

/// PostgreSQL refuses to run as root.
fn as_postgres(program: &Path) -> Command {
    if !is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid=postgres", "--regid=postgres", "--init-groups"]).arg(program).current_dir("/tmp");
    command
}

fn is_root() -> bool {
    fs::metadata("/proc/self").unwrap().uid() == 0
}

fn succeed(command: &mut Command) {
    let done = command.stdin(Stdio::null()).stderr(Stdio::null()).status().unwrap();
    assert!(done.success(), "{command:?} failed");
}
