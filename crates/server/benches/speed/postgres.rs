//! A private PostgreSQL that keeps what was made in it, and syncs to disk as a shop's does.

use std::{
    fs,
    net::TcpListener,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use base::{Db, Result, args};

pub struct Cluster {
    folder: PathBuf,
    port: u16,
}

/// PostgreSQL refuses to run as root, and its own user cannot enter root's folders.
pub fn folder(beside: &Path, key: &str) -> PathBuf {
    if is_root() { Path::new("/var/tmp/shopbell-bench").join(key) } else { beside.join("postgres") }
}

impl Cluster {
    pub fn start(folder: PathBuf) -> Self {
        let data = folder.join("data");
        if !data.join("PG_VERSION").exists() {
            let _ = fs::remove_dir_all(&data);
            fs::create_dir_all(&data).unwrap();
            if is_root() {
                succeed(Command::new("chown").arg("postgres").arg(&data));
            }
            let mut initdb = as_postgres("initdb");
            initdb.args(["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-D"]).arg(&data);
            succeed(&mut initdb);
        }
        // Left over from a run that was cut off.
        if data.join("postmaster.pid").exists() {
            let _ =
                as_postgres("pg_ctl").arg("-D").arg(&data).args(["-m", "fast", "stop"]).stdout(Stdio::null()).status();
        }
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let options = format!(
            "-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=100 \
             -c shared_buffers=256MB -c max_wal_size=4GB"
        );
        let mut start = as_postgres("pg_ctl");
        start.arg("-D").arg(&data).arg("-l").arg(data.join("log")).args(["-o", &options, "-w", "-t", "120", "start"]);
        succeed(&mut start);
        Self { folder, port }
    }

    pub fn address(&self, database: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{database}", self.port)
    }

    async fn admin(&self, sql: &str) -> Result<bool> {
        let db = Db::open(&self.address("postgres")).await?;
        let rows = db.run(sql, args![]).await?;
        db.close().await;
        Ok(!rows.is_empty())
    }

    pub async fn has(&self, database: &str) -> Result<bool> {
        self.admin(&format!("SELECT 1 AS one FROM pg_database WHERE datname = '{database}'")).await
    }

    pub async fn create(&self, database: &str) -> Result<()> {
        self.drop(database).await?;
        self.admin(&format!("CREATE DATABASE {database}")).await.map(drop)
    }

    pub async fn copy(&self, from: &str, to: &str) -> Result<()> {
        self.drop(to).await?;
        self.admin(&format!("CREATE DATABASE {to} TEMPLATE {from} STRATEGY file_copy")).await.map(drop)
    }

    pub async fn drop(&self, database: &str) -> Result<()> {
        self.admin(&format!("DROP DATABASE IF EXISTS {database} WITH (FORCE)")).await.map(drop)
    }

    /// The process that all backends are children of.
    pub fn pid(&self) -> u32 {
        let text = fs::read_to_string(self.folder.join("data/postmaster.pid")).unwrap();
        text.lines().next().unwrap().trim().parse().unwrap()
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let data = self.folder.join("data");
        let _ = as_postgres("pg_ctl").arg("-D").arg(data).args(["-m", "fast", "stop"]).stdout(Stdio::null()).status();
    }
}

/// Where Debian or anyone else keeps the server's programs, the newest version if there are several.
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
    found.pop().expect("PostgreSQL is not installed: install the package postgresql, or set ENGINE=sqlite")
}

fn as_postgres(program: &str) -> Command {
    let program = binaries().join(program);
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
    let done = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap();
    assert!(done.success(), "{command:?} failed");
}
