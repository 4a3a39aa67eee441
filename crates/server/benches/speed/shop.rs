//! What is measured about stores: calls that come in, what stands beside a ticket, the page on which an order is followed.

use std::time::Instant;

use aws_lc_rs::hmac;
use futures_util::future::join_all;
use serde_json::{Value, json};

use super::{
    client::{Client, ms},
    table::Line,
};

const SECRET: &str = "a secret that both know";
const CALLS: usize = 6000;
/// Platforms send several at once.
const AT_ONCE: usize = 16;
/// So many orders are each buyer's.
const EACH: usize = 8;

pub async fn measure(client: &Client) -> Vec<Line> {
    let new = json!({ "platform": "generic", "name": "Fjellvik", "settings": { "secret": SECRET } });
    let store = client.post("/api/v1/stores", &new).await["id"].as_i64().unwrap();
    let mut lines = intake(client, store).await;
    let newest = client.json(&format!("/api/v1/orders?number=B-{}", CALLS - 1)).await["data"][0]["id"].clone();
    let order = client.json(&format!("/api/v1/orders/{newest}")).await;
    let panel = format!("/api/v1/customers/{}/orders", order["customer"]);
    let cost = client.repeat(300, async |_| client.get(&panel).await).await;
    lines.push(Line::of(format!("panel: {EACH} orders of a customer"), &cost).within_cpu(5.0));
    let cost = client
        .repeat(300, async |number| client.get(&format!("/api/v1/orders?number=b%20{}", number * 17 % CALLS)).await)
        .await;
    lines.push(Line::of(format!("order by its number, of {CALLS}"), &cost).within_cpu(1.0));
    let url = order["page_url"].as_str().unwrap();
    let page = &url[url.find("/track/").unwrap()..];
    let cost = client.repeat(300, async |_| client.get(page).await).await;
    let size = client.text(page).await.len();
    let fits = cost.cpu <= 1.0 && size <= 30_000;
    lines.push(Line::of("tracking page", &cost).note(format!("{size} bytes")).within("≤ 1 ms CPU, ≤ 30 KB", fits));
    lines
}

/// Calls with an order each, until the last is durable; and until the last is read.
async fn intake(client: &Client, store: i64) -> Vec<Line> {
    let path = format!("/api/v1/stores/{store}/calls");
    let (meter, begun) = (client.meter(), Instant::now());
    let one = async |from: usize| {
        for number in (from..CALLS).step_by(AT_ONCE) {
            let body = json!({ "orders": [order(number)] }).to_string();
            let at = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs().to_string();
            let key = hmac::Key::new(hmac::HMAC_SHA256, SECRET.as_bytes());
            let tag = hmac::sign(&key, format!("{at}.{body}").as_bytes());
            let hex = tag.as_ref().iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"));
            let headers = [("x-shopbell-timestamp", at), ("x-shopbell-signature", format!("v1={hex}"))];
            client.signed(&path, &headers, body).await;
        }
    };
    join_all((0..AT_ONCE).map(one)).await;
    let durable = begun.elapsed();
    #[expect(clippy::cast_precision_loss, reason = "counts are small")]
    let rate = CALLS as f64 / durable.as_secs_f64();
    let last = format!("/api/v1/orders?number=B-{}", CALLS - 1);
    while client.json(&last).await["data"].as_array().unwrap().is_empty() {
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    let cost = client.read(&meter, vec![ms(begun.elapsed())], CALLS);
    vec![
        Line::cpu_only("calls of a store, durable and read", &cost)
            .note(format!("{rate:.0}/s durable"))
            .within("≥ 500/s durable", rate >= 500.0),
    ]
}

fn order(number: usize) -> Value {
    let lines: Vec<_> = (0..4)
        .map(|line| {
            json!({ "id": line.to_string(), "title": "Skarv 2 tent", "variant_title": "Spruce", "sku": format!("S-{line}"),
                "product": "skarv-2", "variant": format!("skarv-2-{line}"), "quantity": 1, "price": 10_000, "total": 10_000 })
        })
        .collect();
    json!({
        "id": format!("b{number}"), "number": format!("B-{number}"), "placed_at": "2026-11-20T09:00:00Z",
        "changed_at": "2026-11-20T09:00:00Z", "currency": "EUR", "payment": "paid", "fulfilment": "fulfilled",
        "buyer": { "email": format!("buyer{}@post.example", number / EACH), "name": "Jo Brandt" },
        "lines": lines, "totals": { "lines": 40_000, "total": 40_000, "paid": 40_000 },
        "shipments": [{ "id": "1", "carrier": "DHL", "number": format!("00340434{number:010}"), "shipped_at": "2026-11-21T09:00:00Z",
            "scans": [{ "at": "2026-11-22T09:00:00Z", "status": "in_transit", "place": "Oslo" }] }],
    })
}
