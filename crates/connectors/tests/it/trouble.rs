//! A shop that is down, slow, moved, or somebody else's: what its answers mean to us.

use std::{
    io::{Read, Write},
    net::TcpListener,
};

use base::Error;
use serde_json::json;

use crate::harness::House;

/// A server that gives every caller this answer.
fn answering(answer: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut asked = [0; 16 * 1024];
            let _ = stream.read(&mut asked);
            stream.write_all(answer.as_bytes()).ok();
        }
    });
    address
}

async fn told(answer: &'static str) -> [Error; 2] {
    let address = answering(answer);
    let houses = [
        House::new("medusa", json!({ "address": address, "key": "sk_1" })),
        House::new("vendure", json!({ "address": address, "key": "a:b" })),
    ];
    let [medusa, vendure] = houses.each_ref().map(|house| house.platform().order(&house.store, "1"));
    [medusa.await.unwrap_err(), vendure.await.unwrap_err()]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shop_that_cannot_answer_is_asked_again_later() {
    for error in
        told("HTTP/1.1 429 Too Many Requests\r\nretry-after: 7\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").await
    {
        assert!(matches!(error, Error::Upstream { retry_after: Some(7000), .. }), "{error:?}");
    }
    let down =
        "HTTP/1.1 503 Service Unavailable\r\nretry-after: 1e99\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
    for error in told(down).await {
        assert!(matches!(error, Error::Upstream { retry_after: Some(3_600_000), .. }), "at most an hour: {error:?}");
    }
    let broken = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 900\r\nconnection: close\r\n\r\n{\"order\":";
    for error in told(broken).await {
        assert!(matches!(error, Error::Upstream { .. }), "cut off: {error:?}");
    }
    for error in told("").await {
        assert!(matches!(error, Error::Upstream { .. }), "hung up: {error:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_address_or_key_says_what_to_do() {
    let moved = "HTTP/1.1 301 Moved Permanently\r\nlocation: https://elsewhere.example/\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
    for error in told(moved).await {
        assert!(matches!(&error, Error::Refused { why } if why.contains("another address")), "{error:?}");
    }
    let unknown = "HTTP/1.1 401 Unauthorized\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}";
    let [medusa, vendure] = told(unknown).await;
    assert!(matches!(&medusa, Error::Refused { why } if why.contains("secret API key")), "{medusa:?}");
    assert!(matches!(&vendure, Error::Refused { why } if why.contains("address")), "{vendure:?}");
    let page =
        "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 13\r\nconnection: close\r\n\r\n<h1>Hello</h1";
    let [medusa, vendure] = told(page).await;
    assert!(matches!(medusa, Error::Upstream { .. } | Error::Refused { .. }), "{medusa:?}");
    assert!(matches!(&vendure, Error::Refused { why } if why.contains("no Vendure")), "{vendure:?}");
}
