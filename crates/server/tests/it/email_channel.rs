//! The email channel against real mail servers.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests fail by panicking")]

mod accounts;
mod fetching;
mod sending;

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use connectors::{
    channel::{Channel, Cursor, End, Inbound, Later, Outbound, Party, Sink},
    channels::email::Email,
};
use serde_json::{Value, json};
use tokio::{
    task::JoinHandle,
    time::{Instant, sleep},
};

use crate::engines::{Engines, PASSWORD};

const HELP: &str = "help@fjellvik.example";
/// 2026-11-20T12:00:00Z
const NOW: i64 = 1_795_176_000_000;

fn email() -> Arc<Email> {
    Arc::new(Email::new(Arc::new(|| NOW), reqwest::Client::new()))
}

fn end(settings: Value) -> End {
    End { inbox: 1, name: "Help".into(), address: HELP.into(), settings }
}

fn imap(engines: &Engines, more: &Value) -> Value {
    let mut imap = json!({
        "host": "127.0.0.1", "port": engines.imap, "security": "plain",
        "username": HELP, "password": PASSWORD,
    });
    imap.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    json!({"imap": imap})
}

fn smtp(engines: &Engines, more: &Value) -> Value {
    let mut smtp = json!({"host": "127.0.0.1", "port": engines.smtp, "security": "plain"});
    smtp.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    json!({"smtp": smtp})
}

fn mail(n: usize) -> String {
    format!(
        "From: Kari <kari@shopper.example>\nTo: {HELP}\nSubject: Mail {n}\nMessage-ID: <m{n}@shopper.example>\n\nHello {n}\n"
    )
}

/// A sink that remembers, as the desk does.
#[derive(Default)]
struct Desk {
    raw: Mutex<Vec<String>>,
    cursor: Mutex<Cursor>,
    failures: Mutex<Vec<String>>,
    healthy: Mutex<usize>,
    secrets: Mutex<Vec<(String, String)>>,
    slow: Duration,
}

impl Sink for Desk {
    fn store(&self, raw: Vec<Vec<u8>>, cursor: Cursor) -> Later<'_, ()> {
        Box::pin(async move {
            sleep(self.slow).await;
            self.raw.lock().unwrap().extend(raw.into_iter().map(|raw| String::from_utf8_lossy(&raw).into_owned()));
            *self.cursor.lock().unwrap() = cursor;
            Ok(())
        })
    }

    fn healthy(&self) -> Later<'_, ()> {
        *self.healthy.lock().unwrap() += 1;
        Box::pin(async { Ok(()) })
    }

    fn failed(&self, why: String) -> Later<'_, ()> {
        self.failures.lock().unwrap().push(why);
        Box::pin(async { Ok(()) })
    }

    fn renewed(&self, secrets: Vec<(String, String)>) -> Later<'_, ()> {
        self.secrets.lock().unwrap().extend(secrets);
        Box::pin(async { Ok(()) })
    }
}

impl Desk {
    fn subjects(&self) -> Vec<String> {
        let subject =
            |raw: &String| raw.lines().find_map(|line| line.strip_prefix("Subject: ")).unwrap_or_default().to_owned();
        self.raw.lock().unwrap().iter().map(subject).collect()
    }

    fn count(&self) -> usize {
        self.raw.lock().unwrap().len()
    }

    fn is_ready(&self) -> bool {
        *self.healthy.lock().unwrap() > 0
    }

    fn failure(&self) -> Option<String> {
        self.failures.lock().unwrap().last().cloned()
    }
}

/// A running fetch; it ends with the value, as with a killed server.
struct Fetch(JoinHandle<()>);

impl Drop for Fetch {
    fn drop(&mut self) {
        self.0.abort();
    }
}

fn fetch(settings: &Value, desk: &Arc<Desk>) -> Fetch {
    fetch_with(&email(), settings, desk)
}

fn fetch_with(email: &Arc<Email>, settings: &Value, desk: &Arc<Desk>) -> Fetch {
    let (email, end, desk) = (Arc::clone(email), end(settings.clone()), Arc::clone(desk));
    let cursor = desk.cursor.lock().unwrap().clone();
    Fetch(tokio::spawn(async move { email.fetch(&end, cursor, desk).await.unwrap() }))
}

async fn until(what: &str, engines: &Engines, mut is_so: impl FnMut() -> bool) -> Duration {
    let start = Instant::now();
    while !is_so() {
        assert!(start.elapsed() < Duration::from_secs(20), "still not so: {what}\n{}", engines.log("dovecot"));
        sleep(Duration::from_millis(10)).await;
    }
    start.elapsed()
}

async fn probe(settings: Value) -> String {
    email().probe(&end(settings)).await.unwrap().join("\n")
}

fn party(value: &str) -> Party {
    Party { name: None, value: value.into() }
}

fn letter(to: &str) -> Outbound {
    Outbound {
        from: Party { name: Some("Fjellvik".into()), value: HELP.into() },
        to: vec![party(to)],
        subject: "Your order – søknad".into(),
        text: "Hei Kari,\n.\nit is on its way.\n".into(),
        at: NOW,
        ..Outbound::default()
    }
}

fn answered(to: &str) -> Outbound {
    Outbound {
        html: Some("<p>Hei Kari,</p><p>it is on its way.</p>".into()),
        in_reply_to: Some("question@shopper.example".into()),
        references: vec!["first@shopper.example".into(), "question@shopper.example".into()],
        token: Some("12zabcdef".into()),
        ..letter(to)
    }
}

fn received(settings: &Value, raw: &str) -> Inbound {
    email().receive(&end(settings.clone()), raw.as_bytes()).unwrap().remove(0)
}
