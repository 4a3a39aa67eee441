//! Accounts: what is wrong with one, STARTTLS, OAuth.

use std::sync::{Arc, Mutex};

use connectors::channel::Channel;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

use super::{Desk, HELP, email, end, fetch, fetch_with, imap, letter, probe, smtp, until};
use crate::engines::{Engines, PASSWORD};

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_a_mail_account_is_said_in_plain_words() {
    let engines = Engines::start().unwrap();
    let tls = |host: &str, ca: &Value| {
        imap(&engines, &json!({"host": host, "port": engines.imap_tls, "security": "tls", "ca": ca}))
    };
    let ca = json!(engines.ca);
    assert_eq!(probe(tls("localhost", &ca)).await, "");
    assert_eq!(probe(tls("127.0.0.1", &ca)).await, "");
    let cases = [
        (tls("127.0.0.2", &ca), "the server's certificate expired on 2024-03-01"),
        (tls("localhost", &Value::Null), "issued by nobody this machine trusts"),
        (imap(&engines, &json!({"security": "tls"})), "no TLS is spoken on this port; try STARTTLS"),
        (imap(&engines, &json!({"port": 1})), "127.0.0.1: the connection to port 1 was refused; is the port right?"),
        (
            imap(&engines, &json!({"host": "mail.invalid", "security": "tls"})),
            "mail.invalid: no server of this name was found",
        ),
        (imap(&engines, &json!({"port": engines.smtp})), "does not speak IMAP"),
        (
            imap(&engines, &json!({"password": "wrong"})),
            "127.0.0.1: the user name or password was not accepted (the server says: ",
        ),
        (
            imap(&engines, &json!({"password": "fålse"})),
            "127.0.0.1: the user name or password was not accepted (the server says: ",
        ),
        (imap(&engines, &json!({"folders": ["INBOX", "Nope"]})), "the folder Nope cannot be opened"),
        (
            smtp(&engines, &json!({"port": engines.submission, "username": "u", "password": "bad"})),
            "127.0.0.1: the user name or password was not accepted (the server says: 535 ",
        ),
        (smtp(&engines, &json!({"port": engines.smtp_tls, "security": "tls"})), "issued by nobody this machine trusts"),
        (smtp(&engines, &json!({"port": engines.lmtp})), "does not speak SMTP"),
    ];
    for (settings, words) in cases {
        let said = probe(settings.clone()).await;
        assert!(said.contains(words), "{settings}\n{said}");
    }
    let desk = Arc::new(Desk::default());
    let _fetch = fetch(&imap(&engines, &json!({"password": "wrong"})), &desk);
    until("reported", &engines, || desk.failure().is_some_and(|why| why.contains("password was not accepted"))).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn starttls_protects_both_ways() {
    let engines = Engines::start().unwrap();
    let mut settings = imap(&engines, &json!({"security": "starttls", "ca": engines.ca, "backfill_days": 3650}));
    let more = json!({
        "security": "starttls", "ca": engines.ca, "port": engines.submission, "username": HELP, "password": PASSWORD,
    });
    settings["smtp"] = smtp(&engines, &more)["smtp"].clone();
    assert_eq!(probe(settings.clone()).await, "");
    let receipt = email().send(&end(settings.clone()), "key", &letter(HELP)).await.unwrap();
    assert_eq!(receipt.refused, []);
    let desk = Arc::new(Desk::default());
    let _fetch = fetch(&settings, &desk);
    until("fetched", &engines, || desk.count() == 1).await;
    assert!(engines.log("exim").contains("X=TLS1.3"), "{}", engines.log("exim"));
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
    let mut settings = imap(&engines, &json!({"password": null, "backfill_days": 3650}));
    settings["smtp"] = smtp(&engines, &json!({"port": engines.submission, "username": HELP}))["smtp"].clone();
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
