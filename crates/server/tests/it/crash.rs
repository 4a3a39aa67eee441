//! Nothing is lost and nothing is sent twice, however often the power goes.

use std::{
    collections::HashMap,
    io::{BufRead, BufReader, Write},
    net::TcpStream,
    sync::Arc,
    time::Duration,
};

use base::Engine;
use serde_json::{Value, json};
use tokio::time::sleep;

use crate::{
    client::Client,
    engines::Engines,
    process::{Installation, eventually, everything},
};

const HELP: &str = "help@fjellvik.example";
const MAILS: usize = 500;
const KILLS: usize = 20;
/// Every so many tickets get an answer.
const ANSWERED: usize = 6;

fn run<F: Future<Output = ()>>(test: F) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(test);
    runtime.shutdown_timeout(Duration::from_secs(2));
}

#[test]
fn twenty_kills_lose_nothing_and_send_nothing_twice_sqlite() {
    run(crash(Engine::Sqlite));
}

#[test]
fn twenty_kills_lose_nothing_and_send_nothing_twice_postgres() {
    run(crash(Engine::Postgres));
}

/// Hands mails to the SMTP server as another server would, many over one connection.
fn send_by_smtp(port: u16, numbers: std::ops::Range<usize>) {
    let stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    let mut answers = BufReader::new(stream.try_clone().unwrap());
    let mut out = stream;
    let mut expect = move |code: &str| {
        loop {
            let mut line = String::new();
            answers.read_line(&mut line).unwrap();
            assert!(line.starts_with(code), "{line}");
            if line.as_bytes().get(3) != Some(&b'-') {
                return;
            }
        }
    };
    expect("220");
    out.write_all(b"EHLO shopper.example\r\n").unwrap();
    expect("250");
    for n in numbers {
        out.write_all(format!("MAIL FROM:<s{n}@shopper.example>\r\n").as_bytes()).unwrap();
        expect("250");
        out.write_all(format!("RCPT TO:<{HELP}>\r\n").as_bytes()).unwrap();
        expect("250");
        out.write_all(b"DATA\r\n").unwrap();
        expect("354");
        let mail = format!(
            "From: Shopper {n} <s{n}@shopper.example>\r\nTo: {HELP}\r\nSubject: Parcel {n}\r\n\
             Message-ID: <m{n}@shopper.example>\r\n\r\nWhere is parcel {n}?\r\n.\r\n"
        );
        out.write_all(mail.as_bytes()).unwrap();
        expect("250");
    }
    let _ = out.write_all(b"QUIT\r\n");
}

async fn crash(engine: Engine) {
    let engines = Arc::new(Engines::start().unwrap());
    let installation = Installation::new(engine).await;
    let mut server = installation.serve().await;
    installation.inbox(&server, &engines, HELP).await;
    let client = installation.client(&server);
    let port = engines.smtp;
    let generator = tokio::task::spawn_blocking(move || {
        for from in (0..MAILS).step_by(25) {
            send_by_smtp(port, from..from + 25);
            std::thread::sleep(Duration::from_millis(600));
        }
    });
    let answering = tokio::spawn(answer_some(client.clone()));
    let mut chance = 0x9e37_79b9_7f4a_7c15_u64;
    for _ in 0..KILLS {
        chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        sleep(Duration::from_millis(150 + (chance >> 33) % 900)).await;
        installation.kill_and_restart(&mut server).await;
    }
    generator.await.unwrap();
    let answers = answering.await.unwrap();
    eventually(120, || async {
        let tickets = everything(&client, "/api/v1/tickets?shelf=all").await;
        if tickets.len() < MAILS { Err(format!("{} tickets", tickets.len())) } else { Ok(()) }
    })
    .await;
    eventually(120, || async { all_settled(&client, &answers).await }).await;
    every_mail_is_in_one_ticket(&client).await;
    every_answer_left_once(&client, &engines, &answers).await;
    no_listener_missed_anything(&client).await;
}

/// Answers every sixth ticket as it appears, over all restarts; returns message ids by ticket.
async fn answer_some(client: Client) -> HashMap<i64, i64> {
    let mut answered = HashMap::new();
    let mut after = String::new();
    while answered.len() < MAILS / ANSWERED {
        let path = format!("/api/v1/tickets?shelf=all&sort=oldest&limit=200{after}");
        let Some(page) = value(client.request(reqwest::Method::GET, &path)).await else {
            sleep(Duration::from_millis(100)).await;
            continue;
        };
        for ticket in page["data"].as_array().unwrap() {
            let (id, number) = (ticket["id"].as_i64().unwrap(), number(&ticket["subject"]));
            if number % ANSWERED == 0 && !answered.contains_key(&id) {
                answered.insert(id, answer(&client, id, number).await);
            }
        }
        after = page["next"].as_str().map_or_else(String::new, |next| format!("&after={next}"));
        sleep(Duration::from_millis(50)).await;
    }
    answered
}

/// With the same key until an answer comes: the server may have died after it did the work.
async fn answer(client: &Client, ticket: i64, number: usize) -> i64 {
    let body = json!({ "direction": "out", "text": format!("Answer {number}.") });
    loop {
        let request = client
            .request(reqwest::Method::POST, &format!("/api/v1/tickets/{ticket}/messages"))
            .header("idempotency-key", format!("answer-{ticket}"))
            .json(&body);
        if let Some(sent) = value(request).await {
            return sent["id"].as_i64().unwrap();
        }
        sleep(Duration::from_millis(100)).await;
    }
}

async fn value(request: reqwest::RequestBuilder) -> Option<Value> {
    let response = request.send().await.ok()?;
    if !response.status().is_success() {
        return None;
    }
    response.json().await.ok()
}

fn number(subject: &Value) -> usize {
    subject.as_str().unwrap().rsplit(' ').next().unwrap().parse().unwrap()
}

async fn all_settled(client: &Client, answers: &HashMap<i64, i64>) -> Result<(), String> {
    for message in answers.values() {
        let (_, message) = client.get(&format!("/api/v1/messages/{message}")).await;
        if message["delivery"] == "queued" {
            return Err(format!("still queued: {message}"));
        }
    }
    Ok(())
}

async fn every_mail_is_in_one_ticket(client: &Client) {
    let mut seen = vec![0; MAILS];
    for ticket in everything(client, "/api/v1/tickets?shelf=all").await {
        let path = format!("/api/v1/tickets/{}/messages", ticket["id"]);
        for message in everything(client, &path).await.iter().filter(|message| message["direction"] == "in") {
            seen[number(&message["subject"])] += 1;
        }
    }
    let wrong: Vec<_> = seen.iter().enumerate().filter(|(_, times)| **times != 1).collect();
    assert!(wrong.is_empty(), "mails that are not in exactly one ticket: {wrong:?}");
}

async fn every_answer_left_once(client: &Client, engines: &Engines, answers: &HashMap<i64, i64>) {
    let mut undecided = 0;
    for (ticket, message) in answers {
        let (_, ticket) = client.get(&format!("/api/v1/tickets/{ticket}")).await;
        let (_, message) = client.get(&format!("/api/v1/messages/{message}")).await;
        let number = number(&ticket["subject"]);
        let mailbox = format!("s{number}@shopper.example");
        eventually(60, || async {
            let text = format!("Answer {number}.");
            let arrived = engines.mailbox(&mailbox, "INBOX").unwrap();
            let arrived = arrived.iter().filter(|mail| mail.contains(&text)).count();
            match (message["delivery"].as_str().unwrap(), arrived) {
                ("sent", 1) | ("refused", 0 | 1) => Ok(()),
                other => Err(format!("{other:?} for {mailbox}")),
            }
        })
        .await;
        if message["delivery"] == "refused" {
            let why = message["delivery_why"].as_str().unwrap();
            assert!(why.contains("may have left"), "refused for another reason: {why}");
            undecided += 1;
        }
    }
    println!("{} answers, {undecided} of them visibly undecided", answers.len());
}

/// Every event is in the log once, and the search index, which a listener makes, knows every ticket.
async fn no_listener_missed_anything(client: &Client) {
    let mut received = 0;
    let mut after = 0;
    loop {
        let (_, page) = client.get(&format!("/api/v1/events?after={after}&limit=200")).await;
        let events = page["data"].as_array().unwrap().clone();
        let Some(last) = events.last() else { break };
        after = last["seq"].as_i64().unwrap();
        received += events.iter().filter(|event| event["kind"] == "message.received").count();
    }
    assert_eq!(received, MAILS);
    for number in (0..MAILS).step_by(7) {
        eventually(30, || async {
            let (_, found) = client.get(&format!("/api/v1/search?q=s{number}@shopper.example&kind=ticket")).await;
            let (_, by_subject) = client.get(&format!("/api/v1/search?q=Parcel%20{number}&kind=ticket")).await;
            let subject = format!("Parcel {number}");
            let hit = |found: &Value| {
                found["data"].as_array().is_some_and(|data| data.iter().any(|hit| hit["title"] == subject.as_str()))
            };
            if hit(&found) || hit(&by_subject) { Ok(()) } else { Err(format!("search misses {subject}: {by_subject}")) }
        })
        .await;
    }
}
