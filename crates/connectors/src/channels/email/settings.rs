//! What an email inbox can be told, and the errors that name the field which is wrong.
//!
//! Everything is optional: an inbox with neither `imap` nor `smtp` takes raw mail over HTTP only.

use base::{Error, Result};
use serde_json::Value;

use super::{
    form::{
        BACKFILL_DAYS, FOLDER, GOOGLE, IDLE, IMAP_PORTS, MAX_MB, MICROSOFT, MICROSOFT_SCOPE, PLUS_ADDRESSING,
        POLL_SECONDS, Ports, SMTP_PORTS,
    },
    net::{Security, Server, authorities, is_loopback},
};
use crate::channels::fields::Fields;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    pub imap: Option<Imap>,
    pub smtp: Option<Smtp>,
    pub oauth: Option<OAuth>,
    /// Answers carry the thread token in the mailbox name: `help+TOKEN@shop.example`.
    pub plus_addressing: bool,
    pub trust: Trust,
}

/// Whose findings about senders are believed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Trust {
    /// Mail is fetched from a server that may have written findings; otherwise it comes over HTTP.
    pub fetched: bool,
    /// The name under which the shop's own mail server writes `Authentication-Results`.
    pub authserv_id: Option<String>,
    /// Whether such headers are believed in mail that comes over HTTP.
    pub over_http: bool,
}

impl Trust {
    /// Reads these settings only, whatever the state of the others: mail that has arrived must be readable.
    pub fn read(value: &Value) -> Self {
        let name = value["authserv_id"].as_str().map(str::trim).filter(|name| !name.is_empty());
        Self {
            fetched: fetches(value),
            authserv_id: name.map(Into::into),
            over_http: value["trust_auth_results"].as_bool().unwrap_or(false),
        }
    }
}

/// Whether these settings name a server to fetch from.
pub fn fetches(value: &Value) -> bool {
    value["imap"]["host"].as_str().is_some_and(|host| !host.trim().is_empty())
}

/// Messages a minute that the mail server takes; none means as many as there are.
pub fn pace(value: &Value) -> Option<u32> {
    u32::try_from(value["smtp"]["per_minute"].as_u64()?).ok()
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imap {
    pub server: Server,
    pub username: String,
    /// None with OAuth.
    pub password: Option<String>,
    /// The first is watched by IDLE, the others are looked at in turn.
    pub folders: Vec<String>,
    pub idle: bool,
    pub poll_seconds: u64,
    /// How far back the first look goes; 0 means only what arrives from now on.
    pub backfill_days: u32,
    pub after_fetch: AfterFetch,
    /// Larger messages stay on the server; a note with their header is stored instead.
    pub max_bytes: u32,
}

/// What happens on the server to a message once we hold it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AfterFetch {
    Leave,
    Seen,
    Delete,
    Move(String),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Smtp {
    pub server: Server,
    /// None sends without signing in.
    pub username: Option<String>,
    pub password: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OAuth {
    pub token_url: String,
    pub client_id: String,
    pub client_secret: Option<String>,
    pub refresh_token: String,
    pub scope: Option<String>,
}

impl Settings {
    /// Reads settings with their secrets filled in. All that is wrong is said at once, field by field.
    pub fn read(value: &Value) -> Result<Self> {
        let mut wrong = Vec::new();
        let mut top = Fields::new("", value, &mut wrong);
        let imap = top.group("imap");
        let smtp = top.group("smtp");
        let oauth = top.group("oauth");
        let plus_addressing = top.switch("plus_addressing").unwrap_or(PLUS_ADDRESSING);
        top.text("authserv_id");
        top.switch("trust_auth_results");
        top.end();
        let oauth = oauth.and_then(|group| read_oauth(&mut Fields::new("oauth.", &group, &mut wrong)));
        let with_oauth = oauth.is_some();
        let imap = imap.and_then(|group| read_imap(&mut Fields::new("imap.", &group, &mut wrong), with_oauth));
        let smtp = smtp.and_then(|group| read_smtp(&mut Fields::new("smtp.", &group, &mut wrong), with_oauth));
        if wrong.is_empty() {
            Ok(Self { imap, smtp, oauth, plus_addressing, trust: Trust::read(value) })
        } else {
            Err(Error::Invalid(wrong))
        }
    }
}

fn read_imap(fields: &mut Fields<'_>, with_oauth: bool) -> Option<Imap> {
    let server = read_server(fields, &IMAP_PORTS);
    let username = fields.needed("username");
    let password = fields.text("password");
    if password.is_none() && !with_oauth {
        fields.wrong("password", "is needed, unless `oauth` is set up");
    }
    let folders = fields.list("folders");
    let idle = fields.switch("idle").unwrap_or(IDLE);
    let poll_seconds = fields.number("poll_seconds", 1..=600).unwrap_or(POLL_SECONDS);
    let backfill_days = fields.number("backfill_days", 0..=3650).unwrap_or(BACKFILL_DAYS);
    let max_mb = fields.number("max_mb", 1..=200).unwrap_or(MAX_MB);
    let after_fetch = match fields.text("after_fetch").as_deref() {
        None | Some("leave") => AfterFetch::Leave,
        Some("seen") => AfterFetch::Seen,
        Some("delete") => AfterFetch::Delete,
        Some(other) => match other.strip_prefix("move:").map(str::trim) {
            Some(folder) if !folder.is_empty() && !folders.iter().any(|f| f == folder) => {
                AfterFetch::Move(folder.into())
            }
            Some(_) => {
                fields.wrong("after_fetch", "must name a folder that mail is not fetched from");
                AfterFetch::Leave
            }
            None => {
                fields.wrong("after_fetch", "must be `leave`, `seen`, `delete` or `move:` and a folder");
                AfterFetch::Leave
            }
        },
    };
    fields.end();
    Some(Imap {
        server: server?,
        username: username?,
        password,
        folders: if folders.is_empty() { vec![FOLDER.into()] } else { folders },
        idle,
        poll_seconds,
        backfill_days: u32::try_from(backfill_days).unwrap_or_default(),
        after_fetch,
        max_bytes: u32::try_from(max_mb * 1024 * 1024).unwrap_or(u32::MAX),
    })
}

fn read_smtp(fields: &mut Fields<'_>, with_oauth: bool) -> Option<Smtp> {
    let server = read_server(fields, &SMTP_PORTS);
    let username = fields.text("username");
    let password = fields.text("password");
    match (&username, &password) {
        (Some(_), None) if !with_oauth => fields.wrong("password", "is needed, unless `oauth` is set up"),
        (None, Some(_)) => fields.wrong("username", "is needed with a password"),
        _ => {}
    }
    fields.number("per_minute", 1..=100_000);
    fields.end();
    Some(Smtp { server: server?, username, password })
}

fn read_oauth(fields: &mut Fields<'_>) -> Option<OAuth> {
    let provider = fields.choice("provider", &["google", "microsoft", "other"]);
    let client_id = fields.needed("client_id");
    let client_secret = fields.text("client_secret");
    let refresh_token = fields.needed("refresh_token");
    let token_url = fields.text("token_url");
    let scope = fields.text("scope");
    let (known, usual_scope) = match provider {
        Some("google") => (Some(GOOGLE), None),
        Some("microsoft") => (Some(MICROSOFT), Some(MICROSOFT_SCOPE)),
        _ => (None, None),
    };
    let token_url = token_url.or_else(|| known.map(Into::into));
    match &token_url {
        None => fields.wrong("token_url", "is needed, unless `oauth.provider` is `google` or `microsoft`"),
        // Secrets go there, so that nobody on the way may read them.
        Some(url) if !url.starts_with("https://") && !local_url(url) => {
            fields.wrong("token_url", "must start with https://");
        }
        Some(_) => {}
    }
    fields.end();
    Some(OAuth {
        token_url: token_url?,
        client_id: client_id?,
        client_secret,
        refresh_token: refresh_token?,
        scope: scope.or_else(|| usual_scope.map(Into::into)),
    })
}

fn local_url(url: &str) -> bool {
    let host = url.strip_prefix("http://").and_then(|rest| rest.split(['/', ':']).next());
    host.is_some_and(is_loopback)
}

fn read_server(fields: &mut Fields<'_>, ports: &Ports) -> Option<Server> {
    let host = fields.needed("host");
    if host.as_ref().is_some_and(|host| !is_host(host)) {
        fields.wrong("host", "must be a host name");
    }
    let security = match fields.choice("security", &["tls", "starttls", "plain"]) {
        Some("starttls") => Security::StartTls,
        Some("plain") => Security::Plain,
        _ => Security::Tls,
    };
    let allow_plain = fields.switch("allow_plain").unwrap_or(false);
    if security == Security::Plain && !allow_plain && host.as_ref().is_some_and(|host| !is_loopback(host)) {
        fields.wrong("security", "would send the password in the clear; use `tls` or `starttls`, or set `allow_plain`");
    }
    let usual = if security == Security::Tls { ports.tls } else { ports.other };
    let port = fields.number("port", 1..=65_535).and_then(|port| u16::try_from(port).ok()).unwrap_or(usual);
    let ca = fields.text("ca");
    if ca.as_ref().is_some_and(|ca| authorities(ca).map_or(true, |found| found.is_empty())) {
        fields.wrong("ca", "must be a certificate in PEM form");
    }
    Some(Server { host: host?, port, security, ca })
}

fn is_host(host: &str) -> bool {
    let label = |label: &str| {
        !label.is_empty() && label.len() <= 63 && label.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_')
    };
    host.parse::<std::net::IpAddr>().is_ok()
        || host.len() <= 253 && host.strip_suffix('.').unwrap_or(host).split('.').all(label)
}

#[cfg(test)]
mod tests {
    use base::Wrong;
    use serde_json::json;

    use super::{super::form::schema, *};
    use crate::setting::{Setting, SettingKind};

    fn wrong(value: &Value) -> Vec<String> {
        match Settings::read(value) {
            Err(Error::Invalid(wrong)) => {
                wrong.into_iter().map(|Wrong { field, why }| format!("{field}: {why}")).collect()
            }
            other => panic!("{other:?} should be invalid"),
        }
    }

    #[test]
    fn an_inbox_needs_no_settings_at_all() {
        let settings = Settings::read(&Value::Null).unwrap();
        assert!(settings.imap.is_none() && settings.smtp.is_none() && settings.plus_addressing);
        assert_eq!(Settings::read(&json!({"imap": {}, "smtp": null})).unwrap(), settings);
    }

    #[test]
    fn every_wrong_field_is_named_at_once() {
        let found = wrong(&json!({
            "imap": {"host": "not a host", "username": "u", "password": "p", "port": 70000, "colour": 1},
            "smtp": {"host": "mail.example.com", "username": "u", "security": "plain"},
            "shoe": true,
        }));
        assert_eq!(
            found,
            [
                "shoe: is not known",
                "imap.host: must be a host name",
                "imap.port: must be a number from 1 to 65535",
                "imap.colour: is not known",
                "smtp.security: would send the password in the clear; use `tls` or `starttls`, or set `allow_plain`",
                "smtp.password: is needed, unless `oauth` is set up",
            ]
        );
    }

    #[test]
    fn header_and_command_injection_are_refused() {
        let found =
            wrong(&json!({"imap": {"host": "h", "username": "a\r\nb", "password": "p", "folders": ["A\r\nB"]}}));
        assert_eq!(found, ["imap.username: must be one line", "imap.folders: must be a list of texts of one line"]);
    }

    #[test]
    fn secrets_go_only_where_nobody_can_listen() {
        let oauth = |url| json!({"oauth": {"client_id": "c", "refresh_token": "r", "token_url": url}});
        assert_eq!(wrong(&oauth("http://evil.example/127.0.0.1")), ["oauth.token_url: must start with https://"]);
        assert!(Settings::read(&oauth("http://127.0.0.1:9/token")).is_ok());
    }

    #[test]
    fn the_form_offers_exactly_the_known_fields() {
        let mut value = json!({});
        for Setting { key, kind, .. } in schema() {
            let sample = match kind {
                SettingKind::Number => json!(1),
                SettingKind::Switch => json!(true),
                SettingKind::Choice(choices) => json!(choices[0]),
                _ if key.ends_with("ca") => Value::Null,
                _ if key.ends_with("after_fetch") => json!("seen"),
                _ if key.ends_with("token_url") => json!("https://example.com/token"),
                _ => json!("text"),
            };
            set(&mut value, key, &sample);
        }
        Settings::read(&value).unwrap();
    }

    fn set(settings: &mut Value, key: &str, to: &Value) {
        match key.split_once('.') {
            Some((group, key)) => settings[group][key] = to.clone(),
            None => settings[key] = to.clone(),
        }
    }

    /// Saying what holds anyway changes nothing, whatever was chosen before.
    #[test]
    fn the_form_shows_the_defaults_that_hold() {
        let bare = json!({
            "imap": {"host": "mail.example.com", "username": "u", "password": "p"},
            "smtp": {"host": "mail.example.com"},
            "oauth": {"client_id": "c", "refresh_token": "r", "provider": "google"},
        });
        let choices = [
            ("imap.security", "tls"),
            ("imap.security", "starttls"),
            ("smtp.security", "starttls"),
            ("oauth.provider", "microsoft"),
        ];
        for (chosen, answer) in choices {
            let mut before = bare.clone();
            set(&mut before, chosen, &json!(answer));
            let mut after = before.clone();
            for Setting { key, default, default_by, .. } in schema() {
                let answered = default_by.as_ref().map(|by| before.pointer(&format!("/{}", by.key.replace('.', "/"))));
                let special = default_by
                    .zip(answered.flatten())
                    .and_then(|(by, answer)| by.values.get(answer.as_str()?).cloned());
                if let Some(value) = special.or(default).filter(|_| key != chosen) {
                    set(&mut after, key, &value);
                }
            }
            assert_ne!(before, after);
            assert_eq!(Settings::read(&before).unwrap(), Settings::read(&after).unwrap(), "{chosen} {answer}");
        }
    }
}
