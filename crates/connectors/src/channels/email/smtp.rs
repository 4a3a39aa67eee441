//! Hands composed messages to a mail server by SMTP (RFC 5321).
//!
//! The library's own `send` gives up when one of several recipients is refused, and cannot tell a message that was
//! never handed over from one whose answer was lost; so the dialogue is ours, the connection and its grammar theirs.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError, atomic::Ordering},
    time::Duration,
};

use base::{Error, Result};
use base64::{Engine, engine::general_purpose::STANDARD};
use lettre::transport::smtp::{
    authentication::{Credentials, Mechanism},
    client::AsyncSmtpConnection,
    extension::{ClientId, Extension},
    response::Response,
};
use tokio::time::{Instant, sleep, timeout};

use super::{
    Email,
    net::{Kind, Trouble, clean},
    oauth,
    settings::{Settings, Smtp},
    wire::{self, Dot},
};
use crate::channel::{End, Undelivered};

/// How long one answer may take; servers that check recipients elsewhere are slow.
const ANSWER: Duration = Duration::from_mins(2);
/// How long the answer to the whole message may take, which is when servers scan it.
const VERDICT: Duration = Duration::from_mins(5);
/// Idle connections are kept this long, and this many for each inbox.
const KEPT: Duration = Duration::from_secs(45);
const KEPT_EACH: usize = 2;

/// A composed message and its envelope.
#[derive(Debug)]
pub struct Letter<'a> {
    pub from: &'a str,
    pub to: Vec<&'a str>,
    pub raw: &'a [u8],
}

/// What became of a letter that was not refused as a whole.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Sent {
    pub refused: Vec<Undelivered>,
    /// The letter was handed over, but the answer was lost.
    pub unsure: Option<String>,
}

/// The open connections of every inbox.
#[derive(Debug, Default)]
pub struct Outbox {
    idle: Arc<Mutex<HashMap<i64, Vec<Line>>>>,
}

/// A signed-in connection.
struct Line {
    connection: AsyncSmtpConnection,
    dot: Dot,
    smtp: Smtp,
    since: Instant,
}

impl std::fmt::Debug for Line {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Line").field("server", &self.smtp.server).finish_non_exhaustive()
    }
}

impl Outbox {
    pub async fn send(&self, email: &Email, end: &End, settings: &Settings, letter: &Letter<'_>) -> Result<Sent> {
        let Some(smtp) = &settings.smtp else {
            return Err(Error::refused("This inbox has no SMTP server to send through."));
        };
        for address in letter.to.iter().chain([&letter.from]) {
            // Nothing may break out of an SMTP command.
            if let Err(flaw) = mail::address::check(address) {
                return Err(Error::refused(format!("{} {flaw}.", clean(address))));
            }
        }
        let mut line = match self.idle_line(end.inbox, smtp).await {
            Some(line) => line,
            None => Line::open(email, end, settings, smtp).await?,
        };
        let result = line.deliver(letter).await;
        if !line.connection.has_broken() && !matches!(&result, Ok(Sent { unsure: Some(_), .. })) {
            self.keep(end.inbox, line);
        }
        result
    }

    async fn idle_line(&self, inbox: i64, smtp: &Smtp) -> Option<Line> {
        loop {
            let mut line = {
                let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
                let lines = idle.get_mut(&inbox)?;
                lines.retain(|line| line.smtp == *smtp && line.since.elapsed() < KEPT);
                lines.pop()?
            };
            // The server may have hung up meanwhile.
            let alive = timeout(Duration::from_secs(5), line.connection.command("RSET\r\n")).await;
            if matches!(alive, Ok(Ok(_))) {
                return Some(line);
            }
        }
    }

    fn keep(&self, inbox: i64, mut line: Line) {
        line.since = Instant::now();
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let lines = idle.entry(inbox).or_default();
        if lines.len() >= KEPT_EACH {
            return;
        }
        lines.push(line);
        let idle = Arc::clone(&self.idle);
        tokio::spawn(async move {
            sleep(KEPT).await;
            let mut idle = idle.lock().unwrap_or_else(PoisonError::into_inner);
            idle.retain(|_, lines| {
                lines.retain(|line| line.since.elapsed() < KEPT);
                !lines.is_empty()
            });
        });
    }
}

impl Line {
    /// Connects and signs in; an OAuth token that is not taken is renewed once.
    async fn open(email: &Email, end: &End, settings: &Settings, smtp: &Smtp) -> Result<Self, Trouble> {
        let mut stale: Option<String> = None;
        loop {
            let hello = end.address.rsplit_once('@').map_or("localhost", |(_, domain)| domain);
            let hello = if hello.is_ascii() { hello } else { "localhost" };
            let (wire, dot) = wire::open(&smtp.server, hello).await?;
            let hello = ClientId::Domain(hello.to_owned());
            let greeted = timeout(ANSWER, AsyncSmtpConnection::connect_with_transport(Box::new(wire), &hello)).await;
            let host = &smtp.server.host;
            let connection = greeted
                .map_err(|_| Trouble::new(format!("{host}: the server says nothing; does the port want TLS?")))?
                .map_err(|error| Trouble::new(format!("{host}: the server does not speak SMTP: {}", words(&error))))?;
            let mut line = Self { connection, dot, smtp: smtp.clone(), since: Instant::now() };
            let Some(user) = &smtp.username else { return Ok(line) };
            let access = match (&smtp.password, &settings.oauth) {
                (None, Some(oauth)) => Some(email.tokens.access(end.inbox, oauth, stale.as_deref()).await?),
                _ => None,
            };
            let result = match &access {
                Some(access) => line.bearer(user, access).await,
                None => line.password(user, smtp.password.as_deref().unwrap_or_default()).await,
            };
            match result {
                Ok(()) => return Ok(line),
                Err(trouble) if trouble.kind == Kind::Login && access.is_some() && stale.is_none() => stale = access,
                Err(trouble) => return Err(trouble),
            }
        }
    }

    async fn password(&mut self, user: &str, password: &str) -> Result<(), Trouble> {
        let credentials = Credentials::new(user.to_owned(), password.to_owned());
        let ways = [Mechanism::Plain, Mechanism::Login];
        let host = &self.smtp.server.host;
        match timeout(ANSWER, self.connection.auth(&ways, &credentials)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) if error.is_permanent() => Err(Trouble::login(format!(
                "{host}: the user name or password was not accepted (the server says: {})",
                words(&error)
            ))),
            Ok(Err(error)) if error.is_client() => Err(Trouble::login(format!(
                "{host}: the server offers no way of signing in that we know (PLAIN, LOGIN)"
            ))),
            Ok(Err(error)) => Err(Trouble::new(format!("{host}: signing in failed for now: {}", words(&error)))),
            Err(_) => Err(Trouble::new(format!("{host}: the server did not answer when signing in"))),
        }
    }

    async fn bearer(&mut self, user: &str, access: &str) -> Result<(), Trouble> {
        let answer = STANDARD.encode(oauth::xoauth2(user, access));
        let host = self.smtp.server.host.clone();
        let result = async {
            let response = self.say(&format!("AUTH XOAUTH2 {answer}"), ANSWER).await?;
            // An error report comes as a challenge; an empty line fetches the real answer.
            if response.has_code(334) { self.say("", ANSWER).await } else { Ok(response) }
        };
        match result.await {
            Ok(_) => Ok(()),
            Err(No { code: Some(500..), said }) => {
                Err(Trouble::login(format!("{host}: the OAuth token was not accepted (the server says: {said})")))
            }
            Err(No { said, .. }) => Err(Trouble::new(format!("{host}: signing in failed for now: {said}"))),
        }
    }

    /// One command and its answer.
    async fn say(&mut self, command: &str, patience: Duration) -> Result<Response, No> {
        match timeout(patience, self.connection.command(format!("{command}\r\n"))).await {
            Ok(Ok(response)) => Ok(response),
            Ok(Err(error)) => Err(No { code: error.status().map(u16::from), said: words(&error) }),
            Err(_) => Err(No { code: None, said: "the server did not answer in time".into() }),
        }
    }

    /// One message, from envelope to verdict.
    async fn deliver(&mut self, letter: &Letter<'_>) -> Result<Sent> {
        let result = self.dialogue(letter).await;
        match &result {
            // Nothing may be said on this connection any more.
            Err(Error::Upstream { .. }) | Ok(Sent { unsure: Some(_), .. }) => {
                timeout(Duration::from_secs(2), self.connection.abort()).await.ok();
            }
            _ => {}
        }
        result
    }

    async fn dialogue(&mut self, letter: &Letter<'_>) -> Result<Sent> {
        let host = self.smtp.server.host.clone();
        let info = self.connection.server_info();
        let mut extra = String::new();
        if let Some(address) = letter.to.iter().chain([&letter.from]).find(|one| !one.is_ascii()) {
            if !info.supports_feature(Extension::SmtpUtfEight) {
                return Err(Error::refused(format!(
                    "{address} has other letters than a to z before its @, and {host} does not offer SMTPUTF8, without \
                     which no mail gets there."
                )));
            }
            extra += " SMTPUTF8";
        }
        if !letter.raw.is_ascii() && info.supports_feature(Extension::EightBitMime) {
            extra += " BODY=8BITMIME";
        }
        let mail = format!("MAIL FROM:<{}>{extra}", letter.from);
        self.say(&mail, ANSWER).await.map_err(|no| no.error(&host, None))?;
        let mut refused = Vec::new();
        for to in &letter.to {
            match self.say(&format!("RCPT TO:<{to}>"), ANSWER).await {
                Ok(_) => {}
                Err(No { code: Some(500..), said }) => {
                    refused.push(Undelivered { recipient: (*to).to_owned(), why: said });
                }
                // Sending to the others now would send to them again with the next try.
                Err(no) => return Err(no.error(&host, Some(to))),
            }
        }
        if refused.len() == letter.to.len() {
            let all: Vec<_> =
                refused.iter().map(|Undelivered { recipient, why }| format!("{recipient}: {why}")).collect();
            self.say("RSET", ANSWER).await.ok();
            return Err(Error::refused(all.join("; ")));
        }
        self.say("DATA", ANSWER).await.map_err(|no| no.error(&host, None))?;
        self.dot.store(false, Ordering::SeqCst);
        // Slow lines get a second for every 10 KB.
        let patience = VERDICT + Duration::from_secs(u64::try_from(letter.raw.len() / 10_000).unwrap_or_default());
        let no = match timeout(patience, self.connection.message(letter.raw)).await {
            Ok(Ok(_)) => return Ok(Sent { refused, unsure: None }),
            Ok(Err(error)) => No { code: error.status().map(u16::from), said: words(&error) },
            Err(_) => No { code: None, said: "the server did not answer in time".into() },
        };
        if no.code.is_none() && self.dot.load(Ordering::SeqCst) {
            let why =
                format!("{host} got the whole message, but its answer was lost ({}). It may have been sent.", no.said);
            return Ok(Sent { refused, unsure: Some(why) });
        }
        Err(no.error(&host, None))
    }
}

/// A command that failed: with the server's code, or without when the connection did.
#[derive(Debug)]
struct No {
    code: Option<u16>,
    said: String,
}

impl No {
    fn error(self, host: &str, recipient: Option<&str>) -> Error {
        let about = recipient.map(|recipient| format!("{recipient}: ")).unwrap_or_default();
        match self.code {
            // These are about us rather than the message, and pass once the settings are mended.
            Some(530 | 534 | 535 | 538) => Error::upstream(format!("{host}: signing in is needed: {}", self.said)),
            Some(500..) => Error::refused(format!("{about}{}", self.said)),
            Some(_) => Error::upstream(format!("{host}: {about}{}", self.said)),
            None => Error::upstream(format!("{host}: the connection broke: {}", self.said)),
        }
    }
}

/// The server's code and words, or what broke.
fn words(error: &lettre::transport::smtp::Error) -> String {
    let said = std::error::Error::source(error).map_or_else(|| error.to_string(), ToString::to_string);
    clean(&error.status().map_or_else(|| said.clone(), |code| format!("{code} {said}")))
}

/// Says what is wrong with the connection or the sign-in.
pub async fn probe(email: &Email, end: &End, settings: &Settings) -> Vec<String> {
    let Some(smtp) = &settings.smtp else { return Vec::new() };
    match Line::open(email, end, settings, smtp).await {
        Ok(mut line) => {
            timeout(Duration::from_secs(2), line.connection.quit()).await.ok();
            Vec::new()
        }
        Err(trouble) => vec![trouble.why],
    }
}
