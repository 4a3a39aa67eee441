//! What is delivered three times, over two ways and two nodes at once, is one message.

use std::{collections::HashMap, time::Duration};

use base::Engine;
use tokio::time::sleep;

use crate::{
    engines::Engines,
    process::{Installation, eventually, everything},
};

const HELP: &str = "help@fjellvik.example";
const MAILS: usize = 60;

fn run<F: Future<Output = ()>>(test: F) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(test);
    runtime.shutdown_timeout(Duration::from_secs(2));
}

#[test]
fn three_deliveries_on_one_node_are_one_message_sqlite() {
    run(three_deliveries(Engine::Sqlite, 1));
}

#[test]
fn three_deliveries_on_two_nodes_are_one_message_postgres() {
    run(three_deliveries(Engine::Postgres, 2));
}

fn mail(n: usize) -> String {
    format!(
        "From: Shopper {n} <s{n}@shopper.example>\r\nTo: {HELP}\r\nSubject: Parcel {n}\r\n\
         Message-ID: <m{n}@shopper.example>\r\n\r\nWhere is parcel {n}?\r\n"
    )
}

async fn three_deliveries(engine: Engine, nodes: usize) {
    let engines = Engines::start().unwrap();
    let installation = Installation::new(engine).await;
    let mut servers = Vec::new();
    for _ in 0..nodes {
        servers.push(installation.serve().await);
    }
    let inbox = installation.inbox(&servers[0], &engines, HELP).await;
    let mut live = installation.client(&servers[0]).live(0).await;
    let mails: Vec<String> = (0..MAILS).map(mail).collect();
    let raw: Vec<&str> = mails.iter().map(String::as_str).collect();
    let path = format!("/api/v1/inbound/{inbox}/raw");
    let by_http = async {
        for (n, mail) in mails.iter().enumerate() {
            let client = installation.client(&servers[n % servers.len()]);
            // A relay's line makes other bytes of the same mail.
            let relayed = format!("Received: from relay.example by mx.fjellvik.example\r\n{mail}");
            let (status, body) = client.post_bytes(&path, "message/rfc822", relayed).await;
            assert_eq!(status, 202, "{body}");
        }
    };
    let by_imap = async {
        engines.deliver(HELP, &raw).unwrap();
        sleep(Duration::from_millis(100)).await;
        engines.deliver(HELP, &raw).unwrap();
    };
    tokio::join!(by_http, by_imap);
    let client = installation.client(servers.last().unwrap());
    eventually(90, || async {
        let tickets = everything(&client, "/api/v1/tickets?shelf=all").await;
        if tickets.len() < MAILS { Err(format!("{} tickets", tickets.len())) } else { Ok(()) }
    })
    .await;
    // Whatever is still on its way gets the time to do harm.
    sleep(Duration::from_secs(3)).await;
    let mut seen: HashMap<String, usize> = HashMap::new();
    for ticket in everything(&client, "/api/v1/tickets?shelf=all").await {
        for message in everything(&client, &format!("/api/v1/tickets/{}/messages", ticket["id"])).await {
            *seen.entry(message["subject"].as_str().unwrap().to_owned()).or_default() += 1;
        }
    }
    assert_eq!(seen.len(), MAILS);
    assert!(seen.values().all(|times| *times == 1), "{seen:?}");
    // Whoever watches on the first node hears of each once, whichever node received it.
    let mut heard = HashMap::new();
    for _ in 0..MAILS {
        let event = live.event("message.received").await;
        *heard.entry(event["data"]["message"].as_i64().unwrap()).or_insert(0) += 1;
    }
    assert_eq!(heard.len(), MAILS, "{heard:?}");
}
