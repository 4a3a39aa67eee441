//! A PostgreSQL cluster of a test's own, which may go away and come back.

use std::{
    fs,
    os::unix::process::CommandExt,
    path::PathBuf,
    process::{Command, Stdio},
    sync::Mutex,
    thread::sleep,
    time::Duration,
};

use tempfile::TempDir;

use super::{Result, Running, await_port, end, folder, free_ports, is_root, lock, me, need, own, run, spawn};

/// A private PostgreSQL cluster with an empty database.
pub struct Postgres {
    pub port: u16,
    /// `postgres://postgres@127.0.0.1:PORT/postgres`
    pub url: String,
    server: Mutex<Option<Running>>,
    bin: PathBuf,
    dir: TempDir,
}

impl Postgres {
    pub fn start() -> Result<Self> {
        need(&["pg_config"], "postgresql")?;
        let bin = PathBuf::from(run(Command::new("pg_config").arg("--bindir"))?.trim());
        if !bin.join("initdb").exists() {
            return Err("PostgreSQL's server is not installed: apt-get install postgresql".into());
        }
        let dir = folder()?;
        let data = dir.path().join("data");
        fs::create_dir(&data).map_err(|error| error.to_string())?;
        own(&data, &Self::user()?)?;
        run(Self::as_user(bin.join("initdb"))?.arg("-D").arg(&data).args([
            "-U",
            "postgres",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
            "--no-instructions",
        ]))?;
        let [port] = free_ports()?;
        let url = format!("postgres://postgres@127.0.0.1:{port}/postgres");
        let postgres = Self { port, url, server: Mutex::default(), bin, dir };
        postgres.resume()?;
        Ok(postgres)
    }

    fn user() -> Result<String> {
        if is_root()? { Ok("postgres".into()) } else { me("-un") }
    }

    /// PostgreSQL refuses to run as root.
    fn as_user(program: PathBuf) -> Result<Command> {
        let mut command = Command::new(program);
        if is_root()? {
            let number = |flag: &str| {
                run(Command::new("id").args([flag, "postgres"]))?
                    .trim()
                    .parse()
                    .map_err(|_| "no user postgres".to_owned())
            };
            command.uid(number("-u")?).gid(number("-g")?);
        }
        command.current_dir("/");
        Ok(command)
    }

    /// Starts the cluster, again after [`Self::pause`], with the data it had.
    pub fn resume(&self) -> Result<()> {
        let data = self.dir.path().join("data");
        let mut command = Self::as_user(self.bin.join("postgres"))?;
        command.arg("-D").arg(&data).args(["-p", &self.port.to_string()]).args(["-c", "listen_addresses=127.0.0.1"]);
        // A test's data need not outlive a power cut.
        command.args(["-c", "fsync=off", "-c", "max_connections=200"]);
        command.arg("-c").arg(format!("unix_socket_directories={}", data.display()));
        let log = self.dir.path().join("postgres.log");
        *lock(&self.server) = Some(spawn(&mut command, &log)?);
        await_port(self.port)
            .map_err(|why| format!("postgres: {why}: {}", fs::read_to_string(&log).unwrap_or_default()))?;
        let mut ready = Command::new(self.bin.join("pg_isready"));
        ready.args(["-h", "127.0.0.1", "-p", &self.port.to_string()]);
        for _ in 0..200 {
            if ready.stdout(Stdio::null()).status().is_ok_and(|status| status.success()) {
                return Ok(());
            }
            sleep(Duration::from_millis(50));
        }
        Err("postgres does not become ready".into())
    }

    /// Ends the cluster and every connection to it.
    pub fn pause(&self) {
        if let Some(running) = lock(&self.server).take() {
            end(running, "-INT");
        }
    }

    /// Makes an empty database and gives its address.
    pub fn database(&self, name: &str) -> Result<String> {
        let mut command = Command::new(self.bin.join("createdb"));
        run(command.args(["-h", "127.0.0.1", "-U", "postgres", "-p", &self.port.to_string(), name]))?;
        Ok(format!("postgres://postgres@127.0.0.1:{}/{name}", self.port))
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        self.pause();
    }
}
