//! Mail goes out: into its thread, to servers that refuse, hesitate, vanish or send it back.

use std::sync::Arc;

use base::Error;
use connectors::channel::{Channel, Outbound};
use serde_json::json;
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::TcpListener,
    task::JoinHandle,
};

use super::{Desk, HELP, NOW, answered, email, end, fetch, imap, letter, party, received, smtp, until};
use crate::{
    channel_contract::{self, Contract},
    engines::{Engines, PASSWORD},
};

/// A server that says what it is told to, and gives the lines it heard.
async fn fake_smtp(after_dot: Option<&'static str>) -> (u16, JoinHandle<Vec<String>>) {
    fake_smtp_that("250 ok\r\n", after_dot).await
}

/// As above, with these extensions.
async fn fake_smtp_that(offers: &'static str, after_dot: Option<&'static str>) -> (u16, JoinHandle<Vec<String>>) {
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
                "." if data => after_dot.inspect(|_| data = false),
                _ if data => Some(""),
                "DATA" => {
                    data = true;
                    Some("354 go\r\n")
                }
                hello if hello.starts_with("EHLO") => Some(offers),
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
async fn a_shopper_with_an_international_domain_is_written_to_by_its_ascii_form() {
    let (port, server) = fake_smtp(Some("250 2.0.0 queued\r\n")).await;
    let settings = json!({"smtp": {"host": "127.0.0.1", "port": port, "security": "plain"}});
    let email = email();
    let receipt = email.send(&end(settings), "key", &letter("kari@blåbær.example")).await.unwrap();
    assert!(receipt.unsure.is_none() && receipt.refused.is_empty());
    drop(email);
    let heard = server.await.unwrap();
    assert!(heard.contains(&"RCPT TO:<kari@xn--blbr-roah.example>".to_owned()), "{heard:?}");
    assert!(heard.iter().all(|line| line.is_ascii() && !line.contains("SMTPUTF8")), "{heard:?}");
}

#[tokio::test]
async fn a_shopper_with_letters_beyond_ascii_is_written_to_where_the_server_can() {
    let offers = "250-fake\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n";
    let (port, server) = fake_smtp_that(offers, Some("250 2.0.0 queued\r\n")).await;
    let settings = json!({"smtp": {"host": "127.0.0.1", "port": port, "security": "plain"}});
    let email = email();
    email.send(&end(settings), "key", &letter("jörg@blåbær.example")).await.unwrap();
    drop(email);
    let heard = server.await.unwrap();
    assert!(heard.contains(&format!("MAIL FROM:<{HELP}> SMTPUTF8 BODY=8BITMIME")), "{heard:?}");
    assert!(heard.contains(&"RCPT TO:<jörg@xn--blbr-roah.example>".to_owned()), "{heard:?}");
    assert!(heard.contains(&"To: jörg@xn--blbr-roah.example".to_owned()), "{heard:?}");

    let (port, _server) = fake_smtp(None).await;
    let settings = json!({"smtp": {"host": "127.0.0.1", "port": port, "security": "plain"}});
    let Err(Error::Refused { why }) = super::email().send(&end(settings), "key", &letter("jörg@post.example")).await
    else {
        panic!("the server cannot send there")
    };
    let words = "jörg@post.example has other letters than a to z before its @, and 127.0.0.1 does not offer SMTPUTF8, \
        without which no mail gets there.";
    assert_eq!(why, words);
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

fn header<'m>(message: &'m str, name: &str) -> &'m str {
    let line = message.lines().find(|line| line.starts_with(&format!("{name}: ")));
    line.map_or_else(|| panic!("no {name} in {message}"), |line| &line[name.len() + 2..])
}

async fn arrived(engines: &Engines, user: &str, many: usize) -> Vec<String> {
    until("arrived", engines, || engines.mailbox(user, "INBOX").unwrap().len() >= many).await;
    engines.mailbox(user, "INBOX").unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_channel_contract_holds() {
    let engines = Engines::start().unwrap();
    let mut settings = imap(&engines, &json!({}));
    settings["smtp"] = smtp(&engines, &json!({}))["smtp"].clone();
    let contract = Contract {
        channel: &*email(),
        end: end(settings),
        takes: answered("kari@shopper.example"),
        refuses: answered("refuse@shopper.example"),
        fails_for_now: Some(answered("temp@shopper.example")),
    };
    channel_contract::holds(contract).await;
    let mails = arrived(&engines, "kari@shopper.example", 4).await;
    let mut ids: Vec<_> = mails.iter().map(|mail| header(mail, "Message-ID")).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 3, "one of the four is a second try");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_arrives_in_its_thread_and_brings_the_next_one_back() {
    let engines = Engines::start().unwrap();
    let settings = smtp(&engines, &json!({"port": engines.submission, "username": HELP, "password": PASSWORD}));
    let receipt = email().send(&end(settings.clone()), "key", &answered("kari@shopper.example")).await.unwrap();
    let mail = arrived(&engines, "kari@shopper.example", 1).await.remove(0);
    assert_eq!(header(&mail, "Message-ID"), format!("<{}>", receipt.external_id));
    assert_eq!(header(&mail, "In-Reply-To"), "<question@shopper.example>");
    assert!(header(&mail, "References").starts_with("<first@shopper.example>"));
    assert!(header(&mail, "Reply-To").contains("help+t12zabcdef@fjellvik.example"), "{mail}");
    assert!(mail.contains("text/plain") && mail.contains("text/html"), "{mail}");
    let seen = received(&settings, &mail);
    assert_eq!(seen.subject.as_deref(), Some("Your order – søknad"));
    assert_eq!(seen.text, "Hei Kari,\n.\nit is on its way.");

    // The shopper's program keeps neither subject nor references; the address is enough.
    let answer = Outbound {
        from: party("kari@shopper.example"),
        to: vec![party("help+t12zabcdef@fjellvik.example")],
        subject: "Thanks".into(),
        text: "Thanks".into(),
        at: NOW,
        ..Outbound::default()
    };
    email().send(&end(settings.clone()), "answer", &answer).await.unwrap();
    let mail = arrived(&engines, HELP, 1).await.remove(0);
    assert_eq!(received(&settings, &mail).token.as_deref(), Some("12zabcdef"));
    // Another keeps the references only.
    let raw = format!("From: a@b.example\r\nTo: {HELP}\r\nReferences: <{}>\r\n\r\nhello", receipt.external_id);
    let inbound = received(&settings, &raw);
    assert_eq!((inbound.token.as_deref(), &inbound.references[..]), (Some("12zabcdef"), &[receipt.external_id][..]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_says_no_is_quoted() {
    let engines = Engines::start().unwrap();
    let end = end(smtp(&engines, &json!({})));
    let email = email();
    let send = async |message: Outbound| email.send(&end, "key", &message).await;
    let error = send(letter("refuse@shopper.example")).await.unwrap_err();
    assert!(
        matches!(&error, base::Error::Refused { why } if why == "refuse@shopper.example: 550 5.1.1 No such mailbox here"),
        "{error}"
    );
    let error = send(letter("temp@shopper.example")).await.unwrap_err();
    assert!(
        matches!(&error, base::Error::Upstream { why, .. } if why.contains("451 4.2.1 Try again later")),
        "{error}"
    );
    let disliked = Outbound { subject: "REFUSE THIS".into(), ..letter("kari@shopper.example") };
    let error = send(disliked).await.unwrap_err();
    assert!(matches!(&error, base::Error::Refused { why } if why == "550 5.7.1 We do not like the content"), "{error}");

    // Who can be reached is reached, and the agent learns who cannot.
    let copies = Outbound { cc: vec![party("refuse@shopper.example")], ..letter("kari@shopper.example") };
    let receipt = send(copies).await.unwrap();
    assert_eq!(receipt.refused.len(), 1);
    assert_eq!(receipt.refused[0].recipient, "refuse@shopper.example");
    assert_eq!(receipt.refused[0].why, "550 5.1.1 No such mailbox here");
    // But when one may be reached later, nobody gets it twice.
    let later = Outbound { cc: vec![party("temp@shopper.example")], ..letter("kari@shopper.example") };
    assert!(matches!(send(later).await, Err(base::Error::Upstream { .. })));
    assert_eq!(arrived(&engines, "kari@shopper.example", 1).await.len(), 1);

    let injected = Outbound { subject: "a\r\nBcc: b@c.example".into(), ..letter("kari@shopper.example") };
    assert!(matches!(send(injected).await, Err(base::Error::Refused { .. })));
    let injected = letter("kari@shopper.example>\r\nRCPT TO:<b@c.example");
    assert!(matches!(send(injected).await, Err(base::Error::Refused { .. })));
}

#[tokio::test(flavor = "multi_thread")]
async fn sending_goes_on_when_the_server_comes_back() {
    let engines = Engines::start().unwrap();
    let end = end(smtp(&engines, &json!({})));
    let email = email();
    email.send(&end, "1", &letter("kari@shopper.example")).await.unwrap();
    // What it is still delivering when it is stopped, it tries again only much later.
    arrived(&engines, "kari@shopper.example", 1).await;
    engines.stop_exim();
    let error = email.send(&end, "2", &letter("kari@shopper.example")).await.unwrap_err();
    assert!(
        matches!(&error, base::Error::Upstream { why, .. } if why.contains("refused; is the port right?")),
        "{error}"
    );
    engines.start_exim().unwrap();
    email.send(&end, "2", &letter("kari@shopper.example")).await.unwrap();
    arrived(&engines, "kari@shopper.example", 2).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_that_bounces_comes_back_as_a_report_about_it() {
    let engines = Engines::start().unwrap();
    let mut settings = imap(&engines, &json!({}));
    settings["smtp"] = smtp(&engines, &json!({}))["smtp"].clone();
    let desk = Arc::new(Desk::default());
    let _fetch = fetch(&settings, &desk);
    until("ready", &engines, || desk.is_ready()).await;
    let receipt = email().send(&end(settings.clone()), "key", &answered("bounce@shopper.example")).await.unwrap();
    until("reported", &engines, || desk.count() == 1).await;
    let raw = desk.raw.lock().unwrap()[0].clone();
    let inbound = received(&settings, &raw);
    let bounce = inbound.bounce.expect("a bounce");
    assert_eq!(bounce.external_id, Some(receipt.external_id));
    assert_eq!(bounce.recipient.as_deref(), Some("bounce@shopper.example"));
    assert!(bounce.hard && bounce.why.is_some(), "{bounce:?}");
    assert_eq!(inbound.automatic.as_deref(), Some("bounce"));
    assert_eq!(inbound.token.as_deref(), Some("12zabcdef"));
}
