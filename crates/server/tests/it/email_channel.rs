//! The email channel against real mail servers.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests fail by panicking")]

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use connectors::{
    channel::{Channel, Cursor, End, Later, Outbound, Party, Sink},
    channels::email::Email,
};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
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

fn imap(engines: &Engines, more: Value) -> Value {
    let mut imap = json!({
        "host": "127.0.0.1", "port": engines.imap, "security": "plain",
        "username": HELP, "password": PASSWORD,
    });
    imap.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    json!({"imap": imap})
}

fn smtp(engines: &Engines, more: Value) -> Value {
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

#[tokio::test(flavor = "multi_thread")]
async fn new_mail_is_fetched_within_a_second_where_the_server_says_so() {
    let engines = Engines::start().unwrap();
    let desk = Arc::new(Desk::default());
    let _fetch = fetch(&imap(&engines, json!({"poll_seconds": 600})), &desk);
    until("ready", &engines, || desk.is_ready()).await;
    for n in 1..=3 {
        engines.deliver(HELP, &[&mail(n)]).unwrap();
        let took = until("fetched", &engines, || desk.count() == n).await;
        println!("fetched {took:?} after delivery");
        assert!(took < Duration::from_millis(1200), "{took:?}");
    }
    let flags = engines.doveadm(&["-f", "tab", "fetch", "-u", HELP, "flags", "mailbox", "INBOX", "ALL"]).unwrap();
    assert!(!flags.contains("Seen"), "{flags}");
    assert_eq!(desk.failure(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn new_mail_is_fetched_by_looking_where_the_server_does_not_say_so() {
    let engines = Engines::start().unwrap();
    let desk = Arc::new(Desk::default());
    let settings = imap(&engines, json!({"poll_seconds": 1, "idle": false, "folders": "INBOX, Support"}));
    engines.doveadm(&["mailbox", "create", "-u", HELP, "Support"]).unwrap();
    let _fetch = fetch(&settings, &desk);
    until("ready", &engines, || desk.is_ready()).await;
    engines.deliver(HELP, &[&mail(1), &mail(2)]).unwrap();
    until("fetched", &engines, || desk.count() == 2).await;
    engines.doveadm(&["move", "-u", HELP, "Support", "mailbox", "INBOX", "ALL"]).unwrap();
    until("fetched from the other folder", &engines, || desk.count() == 4).await;
    assert_eq!(desk.subjects(), ["Mail 1", "Mail 2", "Mail 1", "Mail 2"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_new_mail_is_fetched_at_first_unless_the_settings_reach_back() {
    let engines = Engines::start().unwrap();
    engines.deliver(HELP, &[&mail(1), &mail(2)]).unwrap();
    let desk = Arc::new(Desk::default());
    let first = fetch(&imap(&engines, json!({})), &desk);
    until("ready", &engines, || desk.is_ready()).await;
    // Killed before the first mail: the beginning is remembered all the same.
    drop(first);
    assert_eq!(desk.count(), 0);
    engines.deliver(HELP, &[&mail(3)]).unwrap();
    let _again = fetch(&imap(&engines, json!({})), &desk);
    until("fetched", &engines, || desk.subjects() == ["Mail 3"]).await;

    let back = Arc::new(Desk::default());
    let _fetch = fetch(&imap(&engines, json!({"backfill_days": 3650})), &back);
    until("all fetched", &engines, || back.subjects() == ["Mail 1", "Mail 2", "Mail 3"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mail_that_came_while_we_were_down_is_fetched_in_order_and_once() {
    let engines = Engines::start().unwrap();
    let desk = Arc::new(Desk::default());
    let settings = imap(&engines, json!({}));
    let first = fetch(&settings, &desk);
    until("ready", &engines, || desk.is_ready()).await;
    drop(first);
    let mails: Vec<String> = (1..=300).map(mail).collect();
    engines.deliver(HELP, &mails.iter().map(String::as_str).collect::<Vec<_>>()).unwrap();
    let _fetch = fetch(&settings, &desk);
    let took = until("all fetched", &engines, || desk.count() >= 300).await;
    println!("300 mails in {took:?}");
    sleep(Duration::from_millis(300)).await;
    assert_eq!(desk.subjects(), (1..=300).map(|n| format!("Mail {n}")).collect::<Vec<_>>());
}

#[tokio::test(flavor = "multi_thread")]
async fn renumbered_messages_are_fetched_again_rather_than_missed() {
    let engines = Engines::start().unwrap();
    let desk = Arc::new(Desk::default());
    let settings = imap(&engines, json!({}));
    let first = fetch(&settings, &desk);
    until("ready", &engines, || desk.is_ready()).await;
    engines.deliver(HELP, &[&mail(1)]).unwrap();
    until("fetched", &engines, || desk.count() == 1).await;
    drop(first);
    engines.deliver(HELP, &[&mail(2)]).unwrap();
    engines.doveadm(&["mailbox", "update", "-u", HELP, "--uid-validity", "4242", "INBOX"]).unwrap();
    let _fetch = fetch(&settings, &desk);
    until("fetched again", &engines, || desk.subjects() == ["Mail 1", "Mail 1", "Mail 2"]).await;
    assert_eq!(desk.cursor.lock().unwrap()["INBOX"]["validity"], 4242);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_dies_in_the_middle_loses_nothing() {
    let engines = Engines::start().unwrap();
    let desk = Arc::new(Desk { slow: Duration::from_millis(600), ..Desk::default() });
    let mails: Vec<String> = (1..=300).map(mail).collect();
    engines.deliver(HELP, &mails.iter().map(String::as_str).collect::<Vec<_>>()).unwrap();
    let _fetch = fetch(&imap(&engines, json!({"backfill_days": 3650})), &desk);
    until("begun", &engines, || desk.count() > 60).await;
    engines.stop_dovecot();
    let had = desk.count();
    assert!(had < 300);
    until("reported", &engines, || desk.failure().is_some()).await;
    let why = desk.failure().unwrap();
    assert!(why.contains("127.0.0.1: the connection to port") && why.contains("refused"), "{why}");
    engines.start_dovecot().unwrap();
    until("all fetched", &engines, || desk.count() >= 300).await;
    assert_eq!(desk.subjects(), (1..=300).map(|n| format!("Mail {n}")).collect::<Vec<_>>());
    until("recovered", &engines, || desk.is_ready()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn large_mail_comes_in_pieces_and_too_large_mail_leaves_a_note() {
    let engines = Engines::start().unwrap();
    let desk = Arc::new(Desk::default());
    let line = "0123456789 abcdefghijklmnopqrstuvwxyz ABCDEFGHIJKLMNOPQRSTUVWXYZ 0123456\n";
    let big = format!("{}{}", mail(1), line.repeat(3 * 1024 * 1024 / line.len()));
    let huge = format!("{}{}", mail(2), line.repeat(6 * 1024 * 1024 / line.len()));
    engines.deliver(HELP, &[&big, &huge, &mail(3)]).unwrap();
    let more = json!({"backfill_days": 3650, "max_mb": 5, "after_fetch": "delete"});
    let _fetch = fetch(&imap(&engines, more), &desk);
    until("all fetched", &engines, || desk.count() == 3).await;
    {
        let raw = desk.raw.lock().unwrap();
        assert!(raw[0].replace("\r\n", "\n").ends_with(&big[big.len() - 1000..]) && raw[0].len() > 3_000_000);
        assert!(raw[1].contains("Message-ID: <m2@shopper.example>") && raw[1].len() < 2000, "{}", raw[1]);
        assert!(raw[1].contains("is larger than the 5 MB that this inbox takes. It was left untouched"), "{}", raw[1]);
    }
    let left = || engines.mailbox(HELP, "INBOX").unwrap();
    until("only the huge one is left", &engines, || left().len() == 1).await;
    assert!(left()[0].contains("Mail 2"));
}

#[tokio::test(flavor = "multi_thread")]
async fn fetched_mail_is_marked_or_moved_only_when_told() {
    let engines = Engines::start().unwrap();
    engines.doveadm(&["mailbox", "create", "-u", HELP, "Erledigt & fertig/Größe"]).unwrap();
    engines.deliver(HELP, &[&mail(1), &mail(2)]).unwrap();
    let desk = Arc::new(Desk::default());
    let seen = fetch(&imap(&engines, json!({"backfill_days": 3650, "after_fetch": "seen"})), &desk);
    until("marked", &engines, || {
        let flags = engines.doveadm(&["-f", "tab", "fetch", "-u", HELP, "flags", "mailbox", "INBOX", "ALL"]).unwrap();
        flags.matches("Seen").count() == 2
    })
    .await;
    drop(seen);
    let desk = Arc::new(Desk::default());
    let folder = "Erledigt & fertig/Größe";
    let _fetch = fetch(&imap(&engines, json!({"backfill_days": 3650, "after_fetch": format!("move:{folder}")})), &desk);
    until("moved", &engines, || { println!("{:?} {:?} {}", desk.failure(), engines.mailbox(HELP, folder), engines.doveadm(&["mailbox","status","-u",HELP,"messages","*"]).unwrap()); engines.mailbox(HELP, folder).unwrap().len() == 2}).await;
    assert_eq!(engines.mailbox(HELP, "INBOX").unwrap().len(), 0);
    let wrong = probe(imap(&engines, json!({"after_fetch": "move:Nowhere"}))).await;
    assert!(wrong.contains("the folder Nowhere cannot be opened"), "{wrong}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_a_mail_account_is_said_in_plain_words() {
    let engines = Engines::start().unwrap();
    let tls = |host: &str, ca: Value| {
        imap(&engines, json!({"host": host, "port": engines.imap_tls, "security": "tls", "ca": ca}))
    };
    let ca = json!(engines.ca);
    assert_eq!(probe(tls("localhost", ca.clone())).await, "");
    assert_eq!(probe(tls("127.0.0.1", ca.clone())).await, "");
    let cases = [
        (tls("127.0.0.2", ca.clone()), "the server's certificate expired on 2024-03-01"),
        (tls("localhost", Value::Null), "issued by nobody this machine trusts"),
        (imap(&engines, json!({"security": "tls"})), "no TLS is spoken on this port; try STARTTLS"),
        (imap(&engines, json!({"port": 1})), "127.0.0.1: the connection to port 1 was refused; is the port right?"),
        (
            imap(&engines, json!({"host": "mail.invalid", "security": "tls"})),
            "mail.invalid: no server of this name was found",
        ),
        (imap(&engines, json!({"port": engines.smtp})), "does not speak IMAP"),
        (
            imap(&engines, json!({"password": "wrong"})),
            "127.0.0.1: the user name or password was not accepted (the server says: ",
        ),
        (
            imap(&engines, json!({"password": "fålse"})),
            "127.0.0.1: the user name or password was not accepted (the server says: ",
        ),
        (imap(&engines, json!({"folders": ["INBOX", "Nope"]})), "the folder Nope cannot be opened"),
        (
            smtp(&engines, json!({"port": engines.submission, "username": "u", "password": "bad"})),
            "127.0.0.1: the user name or password was not accepted (the server says: 535 ",
        ),
        (smtp(&engines, json!({"port": engines.smtp_tls, "security": "tls"})), "issued by nobody this machine trusts"),
        (smtp(&engines, json!({"port": engines.lmtp})), "does not speak SMTP"),
    ];
    for (settings, words) in cases {
        let said = probe(settings.clone()).await;
        assert!(said.contains(words), "{settings}\n{said}");
        println!("{said}");
    }
    let desk = Arc::new(Desk::default());
    let _fetch = fetch(&imap(&engines, json!({"password": "wrong"})), &desk);
    until("reported", &engines, || desk.failure().is_some_and(|why| why.contains("password was not accepted"))).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn starttls_protects_both_ways() {
    let engines = Engines::start().unwrap();
    let mut settings = imap(&engines, json!({"security": "starttls", "ca": engines.ca, "backfill_days": 3650}));
    let more = json!({
        "security": "starttls", "ca": engines.ca, "port": engines.submission, "username": HELP, "password": PASSWORD,
    });
    settings["smtp"] = smtp(&engines, more)["smtp"].clone();
    assert_eq!(probe(settings.clone()).await, "");
    let receipt = email().send(&end(settings.clone()), "key", &letter(HELP)).await.unwrap();
    assert_eq!(receipt.refused, []);
    let desk = Arc::new(Desk::default());
    let _fetch = fetch(&settings, &desk);
    until("fetched", &engines, || desk.count() == 1).await;
    assert!(engines.log("exim").contains("X=TLS1.3"), "{}", engines.log("exim"));
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

/// A server that says what it is told to, and gives the lines it heard.
async fn fake_smtp(after_dot: Option<&'static str>) -> (u16, JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let task = tokio::spawn(async move {
        let (tcp, _) = listener.accept().await.unwrap();
        let mut tcp = BufReader::new(tcp);
        tcp.write_all(b"220 fake\r\n").await.unwrap();
        let (mut heard, mut data) = (Vec::new(), false);
        let mut line = String::new();
        while tcp.read_line(&mut line).await.is_ok_and(|n| n > 0) {
            let said = line.trim_end().to_owned();
            line.clear();
            let answer = match said.as_str() {
                "." if data => after_dot.map(|answer| {
                    data = false;
                    answer
                }),
                _ if data => Some(""),
                "DATA" => {
                    data = true;
                    Some("354 go\r\n")
                }
                _ => Some("250 ok\r\n"),
            };
            heard.push(said);
            let Some(answer) = answer else { break };
            tcp.write_all(answer.as_bytes()).await.unwrap();
        }
        heard
    });
    (port, task)
}

#[tokio::test]
async fn a_lost_answer_leaves_the_message_undecided_and_a_temporary_no_does_not() {
    let (port, _server) = fake_smtp(None).await;
    let settings = json!({"smtp": {"host": "127.0.0.1", "port": port, "security": "plain"}});
    let receipt = email().send(&end(settings), "key", &letter("kari@shopper.example")).await.unwrap();
    let why = receipt.unsure.unwrap();
    assert!(why.contains("got the whole message, but its answer was lost"), "{why}");

    let (port, _server) = fake_smtp(Some("451 4.3.0 queue full\r\n")).await;
    let settings = json!({"smtp": {"host": "127.0.0.1", "port": port, "security": "plain"}});
    let error = email().send(&end(settings), "key", &letter("kari@shopper.example")).await.unwrap_err();
    assert!(
        matches!(error, base::Error::Upstream { .. }) && error.detail().contains("451 4.3.0 queue full"),
        "{error}"
    );
}

/// Google's or Microsoft's side: gives tokens, and tells Dovecot whose they are.
async fn fake_provider(port: u16, log: Arc<Mutex<Vec<String>>>) -> JoinHandle<()> {
    let listener = TcpListener::bind(("127.0.0.1", port)).await.unwrap();
    tokio::spawn(async move {
        let given = Arc::new(Mutex::new(0));
        while let Ok((tcp, _)) = listener.accept().await {
            tokio::spawn(answer_provider(tcp, Arc::clone(&given), Arc::clone(&log)));
        }
    })
}

async fn answer_provider(mut tcp: TcpStream, given: Arc<Mutex<usize>>, log: Arc<Mutex<Vec<String>>>) {
    let mut request = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&request).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length =
                head.lines().find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok());
            if body.len() >= length.unwrap_or(0) {
                break;
            }
        }
        if tcp.read_buf(&mut request).await.unwrap_or(0) == 0 {
            return;
        }
    }
    let text = String::from_utf8_lossy(&request).into_owned();
    log.lock().unwrap().push(text.clone());
    let (status, body) = if text.starts_with("POST /token") {
        let mut given = given.lock().unwrap();
        *given += 1;
        // The first token is good for Exim but already withdrawn at Dovecot.
        let body = json!({"access_token": format!("good-{given}"), "expires_in": 3600, "refresh_token": format!("refresh-{given}")});
        ("200 OK", body)
    } else if text.contains("access_token=good-1") {
        ("401 Unauthorized", json!({"error": "invalid_token"}))
    } else {
        ("200 OK", json!({"email": HELP}))
    };
    let body = body.to_string();
    let answer = format!(
        "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    tcp.write_all(answer.as_bytes()).await.ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_is_entered_by_oauth_and_its_tokens_are_renewed() {
    let engines = Engines::start().unwrap();
    let log = Arc::new(Mutex::new(Vec::new()));
    let _provider = fake_provider(engines.oauth, Arc::clone(&log)).await;
    let mut settings = imap(&engines, json!({"password": null, "backfill_days": 3650}));
    settings["smtp"] = smtp(&engines, json!({"port": engines.submission, "username": HELP}))["smtp"].clone();
    settings["oauth"] = json!({
        "provider": "google", "client_id": "client", "client_secret": "s&cret", "refresh_token": "refresh-0",
        "token_url": format!("http://127.0.0.1:{}/token", engines.oauth),
    });
    let email = email();
    let desk = Arc::new(Desk::default());
    let _fetch = fetch_with(&email, &settings, &desk);
    until("signed in with the second token", &engines, || desk.is_ready()).await;
    until("the new refresh token is stored", &engines, || {
        desk.secrets.lock().unwrap().last() == Some(&("oauth.refresh_token".into(), "refresh-2".into()))
    })
    .await;
    email.send(&end(settings), "key", &letter(HELP)).await.unwrap();
    until("fetched", &engines, || desk.count() == 1).await;
    let log = log.lock().unwrap();
    let asked: Vec<_> = log.iter().filter(|request| request.starts_with("POST")).collect();
    assert_eq!(asked.len(), 2, "SMTP used the token that IMAP had");
    assert!(
        asked[0].ends_with("grant_type=refresh_token&refresh_token=refresh-0&client_id=client&client_secret=s%26cret"),
        "{}",
        asked[0]
    );
    assert!(asked[1].contains("refresh_token=refresh-1&"), "the newest refresh token is used");
}
