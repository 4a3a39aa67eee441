//! The real servers that tests talk to: Dovecot and Exim for mail, PostgreSQL as a database.
//!
//! Each starts with its own config in its own temporary folder on free loopback ports, and ends with its value.
//! They come from Debian's packages `dovecot-imapd dovecot-lmtpd exim4-daemon-light openssl postgresql`.

#![allow(dead_code, reason = "not every test uses every engine")]

use std::{
    fs,
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    os::unix::{fs::PermissionsExt, process::CommandExt},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::Mutex,
    thread::sleep,
    time::Duration,
};

use tempfile::TempDir;

pub mod cluster;

type Result<T> = std::result::Result<T, String>;

/// The password of every mailbox; any user name will do.
pub const PASSWORD: &str = "correct-horse";

/// Dovecot and Exim. Mail to anyone at any domain is delivered to the mailbox named by the whole address.
///
/// `refuse@…` is refused at once with 550, `temp@…` with 451; `bounce@…` is taken and answered by a delivery report.
pub struct Engines {
    /// Plain, with STARTTLS.
    pub imap: u16,
    pub imap_tls: u16,
    pub lmtp: u16,
    /// Takes mail from anyone; offers STARTTLS.
    pub smtp: u16,
    /// Wants a sign-in first: PLAIN, LOGIN, or XOAUTH2 with a token that begins with `good`.
    pub submission: u16,
    pub smtp_tls: u16,
    /// Where Dovecot asks about OAuth tokens: `GET /tokeninfo?access_token=…`; a test may listen here.
    pub oauth: u16,
    /// PEM of the authority behind the certificates for `localhost` and `127.0.0.1`. On `127.0.0.2` they have expired.
    pub ca: String,
    dovecot: Mutex<Option<Running>>,
    exim: Mutex<Option<Running>>,
    dir: TempDir,
}

impl Engines {
    pub fn start() -> Result<Self> {
        need(&["dovecot", "doveadm"], "dovecot-imapd dovecot-lmtpd")?;
        need(&["exim4"], "exim4-daemon-light")?;
        need(&["openssl"], "openssl")?;
        let dir = folder()?;
        let ca = certificates(dir.path())?;
        let [imap, imap_tls, lmtp, smtp, submission, smtp_tls, oauth] = free_ports()?;
        let (dovecot, exim) = (Mutex::default(), Mutex::default());
        let engines = Self { imap, imap_tls, lmtp, smtp, submission, smtp_tls, oauth, ca, dovecot, exim, dir };
        engines.write_dovecot()?;
        engines.write_exim()?;
        engines.start_dovecot()?;
        engines.start_exim()?;
        Ok(engines)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn fill(&self, config: &str, words: &[(&str, &str)]) -> String {
        let dir = self.dir.path().display().to_string();
        let ports = [
            ("IMAP", self.imap),
            ("IMAP_TLS", self.imap_tls),
            ("LMTP", self.lmtp),
            ("SMTP", self.smtp),
            ("SUBMISSION", self.submission),
            ("SMTP_TLS", self.smtp_tls),
        ];
        let mut config = config.replace("@DIR@", &dir).replace("@PASSWORD@", PASSWORD);
        for (name, port) in ports {
            config = config.replace(&format!("@{name}@"), &port.to_string());
        }
        words.iter().fold(config, |config, (name, value)| config.replace(&format!("@{name}@"), value))
    }

    fn write_dovecot(&self) -> Result<()> {
        let (user, group) = if is_root()? { ("mail".into(), "mail".into()) } else { (me("-un")?, me("-gn")?) };
        let login = if is_root()? {
            String::new()
        } else {
            format!("default_internal_user = {user}\ndefault_internal_group = {group}\ndefault_login_user = {user}\n")
        };
        let config =
            self.fill(include_str!("engines/dovecot.conf"), &[("USER", &user), ("GROUP", &group), ("LOGIN", &login)]);
        put(&self.path("dovecot.conf"), &config)?;
        put(
            &self.path("oauth.conf"),
            &format!(
                "tokeninfo_url = http://127.0.0.1:{}/tokeninfo?access_token=\nusername_attribute = email\n\
                 introspection_mode = auth\nforce_introspection = no\ntimeout_msecs = 2000\n",
                self.oauth
            ),
        )?;
        fs::create_dir_all(self.path("mail")).map_err(|error| error.to_string())?;
        own(&self.path("mail"), &user)
    }

    fn write_exim(&self) -> Result<()> {
        let user = if is_root()? { "Debian-exim".into() } else { me("-un")? };
        let who = if is_root()? { String::new() } else { format!("exim_user = {user}\nexim_group = {}\n", me("-gn")?) };
        let config = self.fill(include_str!("engines/exim.conf"), &[("WHO", &who)]);
        put(&self.path("exim.conf"), &config)?;
        fs::create_dir_all(self.path("spool")).map_err(|error| error.to_string())?;
        fs::copy(self.path("server.key"), self.path("exim.key")).map_err(|error| error.to_string())?;
        own(&self.path("exim.key"), &user)?;
        own(&self.path("spool"), &user)
    }

    /// Starts Dovecot, again after [`Self::stop_dovecot`], with the mail it had.
    pub fn start_dovecot(&self) -> Result<()> {
        let mut command = Command::new(find("dovecot").ok_or("no dovecot")?);
        command.arg("-F").arg("-c").arg(self.path("dovecot.conf"));
        let running = spawn(&mut command, &self.path("dovecot.out"))?;
        *lock(&self.dovecot) = Some(running);
        for port in [self.imap, self.imap_tls, self.lmtp] {
            await_port(port).map_err(|why| format!("dovecot: {why}: {}", self.log("dovecot")))?;
        }
        Ok(())
    }

    /// Ends Dovecot and every connection to it.
    pub fn stop_dovecot(&self) {
        if let Some(running) = lock(&self.dovecot).take() {
            end(running, "-TERM");
        }
    }

    pub fn start_exim(&self) -> Result<()> {
        let mut command = Command::new(find("exim4").ok_or("no exim4")?);
        command.arg("-C").arg(self.path("exim.conf")).args(["-bdf", "-q5s"]);
        let running = spawn(&mut command, &self.path("exim.out"))?;
        *lock(&self.exim) = Some(running);
        for port in [self.smtp, self.submission, self.smtp_tls] {
            await_port(port).map_err(|why| format!("exim: {why}: {}", self.log("exim")))?;
        }
        Ok(())
    }

    pub fn stop_exim(&self) {
        if let Some(running) = lock(&self.exim).take() {
            // Its children finish their dialogues when asked; a test wants them cut off.
            end(running, "-KILL");
        }
    }

    /// Runs `doveadm` with these arguments and gives what it prints.
    pub fn doveadm(&self, arguments: &[&str]) -> Result<String> {
        let mut command = Command::new(find("doveadm").ok_or("no doveadm")?);
        run(command.arg("-c").arg(self.path("dovecot.conf")).args(arguments))
    }

    /// Puts messages into someone's INBOX by LMTP, all over one connection.
    pub fn deliver(&self, to: &str, messages: &[&str]) -> Result<()> {
        let io = |error: std::io::Error| format!("LMTP: {error}");
        let mut tcp = TcpStream::connect(("127.0.0.1", self.lmtp)).map_err(io)?;
        tcp.set_read_timeout(Some(Duration::from_secs(20))).map_err(io)?;
        let mut say = |line: &str, code: &str| -> Result<()> {
            tcp.write_all(line.as_bytes()).map_err(io)?;
            let mut said = Vec::new();
            let mut byte = [0];
            loop {
                tcp.read_exact(&mut byte).map_err(io)?;
                said.push(byte[0]);
                let text = String::from_utf8_lossy(&said);
                let last = text.lines().last().unwrap_or_default();
                if byte[0] == b'\n' && last.as_bytes().get(3) != Some(&b'-') {
                    return if last.starts_with(code) { Ok(()) } else { Err(format!("LMTP said {text}")) };
                }
            }
        };
        say("", "220")?;
        say("LHLO test\r\n", "250")?;
        for message in messages {
            say("MAIL FROM:<>\r\n", "250")?;
            say(&format!("RCPT TO:<{to}>\r\n"), "250")?;
            say("DATA\r\n", "354")?;
            let lines =
                message.replace("\r\n", "\n").trim_end_matches('\n').replace("\n.", "\n..").replace('\n', "\r\n");
            say(&format!("{lines}\r\n.\r\n"), "250")?;
        }
        say("QUIT\r\n", "221")
    }

    /// The raw messages in a folder of someone's mailbox.
    pub fn mailbox(&self, user: &str, folder: &str) -> Result<Vec<String>> {
        let out = self.doveadm(&["fetch", "-u", user, "text", "mailbox", folder, "ALL"])?;
        let messages = out.split("text:\n").map(str::trim_end).filter(|message| !message.is_empty());
        Ok(messages.map(Into::into).collect())
    }

    /// What an engine wrote to its logs, for a failing test to show.
    pub fn log(&self, engine: &str) -> String {
        let files = match engine {
            "exim" => vec!["exim.out", "spool/mainlog", "spool/paniclog"],
            _ => vec!["dovecot.out", "dovecot.log"],
        };
        files.into_iter().filter_map(|file| fs::read_to_string(self.path(file)).ok()).collect()
    }
}

impl Drop for Engines {
    fn drop(&mut self) {
        self.stop_exim();
        self.stop_dovecot();
    }
}

/// A folder that other users may enter, because the engines do not run as root.
fn folder() -> Result<TempDir> {
    let dir = tempfile::Builder::new().prefix("shopbell-").tempdir().map_err(|error| error.to_string())?;
    fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o755)).map_err(|error| error.to_string())?;
    Ok(dir)
}

/// An authority, a certificate for this machine, and one that ended long ago.
fn certificates(dir: &Path) -> Result<String> {
    let openssl = |arguments: &[&str]| run(Command::new("openssl").current_dir(dir).args(arguments));
    put(&dir.join("names"), "subjectAltName=DNS:localhost,IP:127.0.0.1,IP:127.0.0.2\nbasicConstraints=CA:FALSE\n")?;
    put(
        &dir.join("ca.conf"),
        "[ca]\ndefault_ca=own\n[own]\nnew_certs_dir=.\ndatabase=index.txt\nserial=serial\ndefault_md=sha256\npolicy=any\n\
         [any]\ncommonName=supplied\n",
    )?;
    put(&dir.join("index.txt"), "")?;
    put(&dir.join("serial"), "01")?;
    let key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
    openssl(
        &[
            &["req", "-x509", "-days", "3650", "-subj", "/CN=Test authority", "-keyout", "ca.key", "-out", "ca.pem"],
            &key[..],
        ]
        .concat(),
    )?;
    openssl(&[&["req", "-subj", "/CN=localhost", "-keyout", "server.key", "-out", "server.csr"], &key[..]].concat())?;
    for (out, from, until) in
        [("server.pem", "20240101000000Z", "20491231000000Z"), ("expired.pem", "20240101000000Z", "20240301000000Z")]
    {
        openssl(&[
            "ca",
            "-batch",
            "-notext",
            "-config",
            "ca.conf",
            "-extfile",
            "names",
            "-cert",
            "ca.pem",
            "-keyfile",
            "ca.key",
            "-in",
            "server.csr",
            "-startdate",
            from,
            "-enddate",
            until,
            "-out",
            out,
        ])?;
        // The same name may be certified twice.
        put(&dir.join("index.txt"), "")?;
    }
    fs::read_to_string(dir.join("ca.pem")).map_err(|error| error.to_string())
}

fn free_ports<const N: usize>() -> Result<[u16; N]> {
    // All are held at once, so that none is given twice.
    let mut held = Vec::new();
    let mut ports = [0; N];
    for port in &mut ports {
        let listener = TcpListener::bind("127.0.0.1:0").map_err(|error| error.to_string())?;
        *port = listener.local_addr().map_err(|error| error.to_string())?.port();
        held.push(listener);
    }
    Ok(ports)
}

fn await_port(port: u16) -> Result<()> {
    for _ in 0..400 {
        if TcpStream::connect(("127.0.0.1", port)).is_ok() {
            return Ok(());
        }
        sleep(Duration::from_millis(25));
    }
    Err(format!("nothing listens on port {port}"))
}

fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var("PATH").unwrap_or_default();
    let folders = path.split(':').chain(["/usr/sbin", "/usr/bin", "/usr/local/sbin"]);
    folders.map(|folder| Path::new(folder).join(program)).find(|file| file.exists())
}

fn need(programs: &[&str], packages: &str) -> Result<()> {
    match programs.iter().find(|program| find(program).is_none()) {
        Some(missing) => Err(format!("{missing} is not installed: apt-get install {packages}")),
        None => Ok(()),
    }
}

fn me(flag: &str) -> Result<String> {
    Ok(run(Command::new("id").arg(flag))?.trim().to_owned())
}

fn is_root() -> Result<bool> {
    Ok(me("-u")? == "0")
}

fn own(path: &Path, user: &str) -> Result<()> {
    if is_root()? {
        run(Command::new("chown").arg(format!("{user}:")).arg(path))?;
    }
    Ok(())
}

fn put(path: &Path, text: &str) -> Result<()> {
    fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()))
}

fn run(command: &mut Command) -> Result<String> {
    let out = command.stdin(Stdio::null()).output().map_err(|error| format!("{command:?}: {error}"))?;
    if out.status.success() {
        return Ok(String::from_utf8_lossy(&out.stdout).into_owned());
    }
    Err(format!("{command:?}: {}{}", String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr)))
}

/// A server of ours, and a shell that ends it when this process dies without doing so.
struct Running {
    server: Child,
    watchdog: Child,
}

fn spawn(command: &mut Command, log: &Path) -> Result<Running> {
    let file = fs::File::create(log).map_err(|error| error.to_string())?;
    let copy = file.try_clone().map_err(|error| error.to_string())?;
    // A group of its own, so that it can be ended with all its children.
    command.process_group(0).stdin(Stdio::null()).stdout(file).stderr(copy);
    let server = command.spawn().map_err(|error| format!("{command:?}: {error}"))?;
    // Its input ends with us, however we end; the folder may then go too.
    let folder = log.parent().unwrap_or(Path::new("/nonexistent"));
    let mut watchdog = Command::new("sh");
    watchdog.args(["-c", "read _; kill -s TERM -- -$1; sleep 3; kill -s KILL -- -$1; rm -rf \"$2\"", "sh"]);
    watchdog.arg(server.id().to_string()).arg(folder);
    watchdog.process_group(0).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    let watchdog = watchdog.spawn().map_err(|error| error.to_string())?;
    Ok(Running { server, watchdog })
}

/// Asks a process of ours and its children to end, and makes it after five seconds.
fn end(running: Running, signal: &str) {
    let Running { mut server, mut watchdog } = running;
    watchdog.kill().ok();
    watchdog.wait().ok();
    let group = format!("-{}", server.id());
    let kill = |signal: &str| run(Command::new("kill").args([signal, "--", &group]));
    kill(signal).ok();
    for _ in 0..200 {
        if !matches!(server.try_wait(), Ok(None)) {
            return;
        }
        sleep(Duration::from_millis(25));
    }
    kill("-KILL").ok();
    server.wait().ok();
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}
