//! Settings of one installation, from a TOML file and `SHOPBELL_*` variables.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::{Error, Result, Wrong};

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// `sqlite:PATH` or `postgres://…`; empty means `shopbell.db` in the data folder.
    pub database_url: String,
    /// Files that came with messages, the key file, and the database unless it is elsewhere.
    pub data_dir: PathBuf,
    pub listen: String,
    /// How browsers reach this installation, for links in mails; empty means `http://` and `listen`.
    pub public_url: String,
    /// 32 bytes in base64 that encrypt what is secret; empty means the key file in the data folder.
    pub secret_key: String,
    /// `text` or `json`.
    pub log_format: String,
    /// The addresses of proxies in front whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<std::net::IpAddr>,
    /// Requests per minute and caller.
    pub requests_per_minute: u32,
    /// Largest request body in megabytes; raw mail may be twice that.
    pub max_body_mb: usize,
    /// How many seconds after SIGTERM running work may take to end.
    pub drain_seconds: u64,
    /// What looks at files of visitors before they are kept: `clamd:/run/clamav/clamd.ctl`, `clamd:127.0.0.1:3310`, or
    /// the path of a program with its arguments. Empty means nothing.
    pub virus_scanner: String,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            database_url: String::new(),
            data_dir: "shopbell-data".into(),
            listen: "127.0.0.1:7070".into(),
            public_url: String::new(),
            secret_key: String::new(),
            log_format: "text".into(),
            trusted_proxies: Vec::new(),
            requests_per_minute: 1200,
            max_body_mb: 30,
            drain_seconds: 25,
            virus_scanner: String::new(),
        }
    }
}

impl Config {
    pub fn database_url(&self) -> String {
        if self.database_url.is_empty() {
            format!("sqlite:{}", self.data_dir.join("shopbell.db").display())
        } else {
            self.database_url.clone()
        }
    }

    pub fn public_url(&self) -> String {
        if self.public_url.is_empty() {
            format!("http://{}", self.listen)
        } else {
            self.public_url.trim_end_matches('/').to_owned()
        }
    }

    /// Names every wrong setting and how to mend it.
    pub fn check(&self) -> Result<()> {
        let mut wrong = Vec::new();
        let mut say = |field: &str, why: &str| wrong.push(Wrong { field: field.into(), why: why.into() });
        let url = self.database_url();
        if !["sqlite:", "postgres://", "postgresql://"].iter().any(|scheme| url.starts_with(scheme)) {
            say("database_url", "must start with sqlite: or postgres://");
        }
        if self.listen.parse::<std::net::SocketAddr>().is_err() {
            say("listen", "must be an address and a port, such as 127.0.0.1:7070");
        }
        let public = self.public_url();
        if !public.starts_with("http://") && !public.starts_with("https://") {
            say("public_url", "must start with https:// or http://");
        }
        if !["text", "json"].contains(&self.log_format.as_str()) {
            say("log_format", "must be text or json");
        }
        if self.requests_per_minute == 0 {
            say("requests_per_minute", "must be at least 1");
        }
        if !(1..=1024).contains(&self.max_body_mb) {
            say("max_body_mb", "must be between 1 and 1024");
        }
        if self.drain_seconds > 3600 {
            say("drain_seconds", "must be between 0 and 3600");
        }
        if !self.virus_scanner.is_empty() && !self.virus_scanner.starts_with(['/']) {
            let place = self.virus_scanner.strip_prefix("clamd:").unwrap_or_default();
            if !place.starts_with('/') && !place.contains(':') {
                let why = "must be clamd:/path/of/its/socket, clamd:host:port, or the whole path of a program";
                say("virus_scanner", why);
            }
        }
        if wrong.is_empty() { Ok(()) } else { Err(Error::Invalid(wrong)) }
    }
}
