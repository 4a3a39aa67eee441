//! The release binary as a process of its own, and what it has used, as the kernel counts it.

use std::{
    fs,
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

pub const EMAIL: &str = "owner@fjellvik.example";
pub const PASSWORD: &str = "correct horse battery staple";

/// An installation: the binary, its data folder, its database.
#[derive(Clone)]
pub struct Place {
    pub binary: PathBuf,
    pub folder: PathBuf,
    pub database: String,
}

impl Place {
    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(&self.binary);
        command.args(words).current_dir(&self.folder);
        command.env("SHOPBELL_DATA_DIR", &self.folder).env("SHOPBELL_DATABASE_URL", &self.database);
        command
    }

    /// Runs a command of the binary to its end; what it printed.
    pub fn run(&self, words: &[&str], input: &str) -> String {
        let mut child = self.command(words).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        let done = child.wait_with_output().unwrap();
        assert!(done.status.success(), "shopbell {words:?} failed");
        String::from_utf8(done.stdout).unwrap().trim().to_owned()
    }

    pub fn set_up(&self) {
        self.run(&["setup", "--email", EMAIL, "--password-stdin", "--name", "Owner", "--shop", "Fjellvik"], PASSWORD);
    }

    /// Starts the server; how long it took until it was ready.
    pub fn serve(&self) -> (Server, Duration) {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let log = fs::File::create(self.folder.join("log")).unwrap();
        let mut command = self.command(&["serve"]);
        command.env("SHOPBELL_LISTEN", format!("127.0.0.1:{port}")).env("SHOPBELL_REQUESTS_PER_MINUTE", "100000000");
        // The driver says for each visitor where they are, as a proxy would.
        command.env("SHOPBELL_TRUSTED_PROXIES", "127.0.0.1");
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        let started = Instant::now();
        let mut child = command.spawn().unwrap();
        while !is_ready(port) {
            let ended = child.try_wait().unwrap();
            assert!(ended.is_none() && started.elapsed() < Duration::from_mins(1), "the server did not start");
            std::thread::sleep(Duration::from_millis(1));
        }
        (Server { child, port }, started.elapsed())
    }

    /// Bytes of the data folder's database.
    pub fn bytes(&self) -> u64 {
        self.database.strip_prefix("sqlite:").and_then(|path| fs::metadata(path).ok()).map_or(0, |about| about.len())
    }
}

fn is_ready(port: u16) -> bool {
    let Ok(mut stream) = TcpStream::connect(("127.0.0.1", port)) else { return false };
    let mut answer = [0; 12];
    stream.write_all(b"GET /readyz HTTP/1.1\r\nhost: bench\r\nconnection: close\r\n\r\n").is_ok()
        && stream.read_exact(&mut answer).is_ok()
        && answer.ends_with(b"200")
}

/// A running server; stopped in peace when it is dropped.
pub struct Server {
    child: Child,
    pub port: u16,
}

impl Server {
    pub fn pid(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = Command::new("kill").arg(self.child.id().to_string()).status();
        let _ = self.child.wait();
    }
}

/// The fields of /proc/PID/stat from the process's state on, which is the third.
fn stat(pid: &str) -> Option<Vec<String>> {
    let text = fs::read_to_string(Path::new("/proc").join(pid).join("stat")).ok()?;
    Some(text.rsplit_once(')')?.1.split_whitespace().map(str::to_owned).collect())
}

/// Milliseconds of a clock tick. The kernel tells all programs of hundredths of a second, whatever it uses itself.
const TICK: f64 = 10.0;

fn ticks(stat: &[String], fields: &[usize]) -> f64 {
    fields.iter().map(|field| stat[field - 3].parse::<f64>().unwrap()).sum::<f64>() * TICK
}

/// Milliseconds of CPU time that a process has used, in its own code and in the kernel (utime and stime).
pub fn cpu(pid: u32) -> f64 {
    stat(&pid.to_string()).map_or(0.0, |stat| ticks(&stat, &[14, 15]))
}

/// The same for a process with all its children, those that have ended included (cutime and cstime).
pub fn cpu_of_family(parent: u32) -> f64 {
    let own = stat(&parent.to_string()).map_or(0.0, |stat| ticks(&stat, &[14, 15, 16, 17]));
    let all = fs::read_dir("/proc").unwrap().flatten().filter_map(|entry| stat(entry.file_name().to_str()?));
    own + all.filter(|stat| stat[1] == parent.to_string()).map(|stat| ticks(&stat, &[14, 15])).sum::<f64>()
}

/// Megabytes of memory: all that is resident, and of it what the process has of its own (the rest are pages of files,
/// which the kernel takes back when somebody else needs them).
pub fn memory(pid: u32) -> (f64, f64) {
    let text = fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let of = |name: &str| {
        let line = text.lines().find(|line| line.starts_with(name)).unwrap();
        line.split_whitespace().nth(1).unwrap().parse::<f64>().unwrap() / 1024.0
    };
    (of("VmRSS:"), of("RssAnon:"))
}
