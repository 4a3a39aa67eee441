//! What is measured about stores, beside 2,000,000 orders of one that was there before: a store read for the first time,
//! calls that come in, what stands beside a ticket, the page on which an order is followed.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use aws_lc_rs::hmac;
use base::{Actor, Db, Result, args};
use futures_util::future::join_all;
use serde_json::{Value, json};

use super::{
    client::{Client, ms},
    made::Plan,
    process::Place,
    standins::{shopify, woocommerce},
    table::Line,
};

const SECRET: &str = "a secret that both know";
const CALLS: usize = 6000;
/// Platforms send several at once.
const AT_ONCE: usize = 16;
/// So many orders are each buyer's.
const EACH: usize = 8;
/// Orders of a store that is read for the first time, each of somebody else.
const READ: usize = 20_000;
/// Orders of the past, whatever else there is.
const PAST: i64 = 2_000_000;

/// The orders of another store, each with one line. Written in bulk; how many.
pub async fn past(place: &Place, plan: Plan) -> Result<i64> {
    let db = Db::open(&place.database).await?;
    eprintln!("writing {PAST} orders of the past …");
    let store = "INSERT INTO stores (shop, platform, name, address, settings, health, health_since, created_at)
        VALUES (1, 'generic', 'Past', '', '{}', 'ok', 0, 0) RETURNING id";
    let mut tx = db.begin(Actor::System, 0).await?;
    let store = tx.one(store, args![]).await?.int("id")?;
    let data = json!({ "id": "", "number": "", "currency": "EUR", "payment": "paid", "fulfilment": "fulfilled",
        "lines": [{ "id": "1", "title": "Skarv 2 tent", "quantity": 1, "price": 10_000, "total": 10_000 }],
        "totals": { "lines": 10_000, "total": 10_000, "paid": 10_000 } });
    let sql = "INSERT INTO orders (shop, store, external, customer, number, number_key, status, placed_at, changed_at,
            read_at, total, paid, refunded, currency, data)
        WITH RECURSIVE n (i) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < $2)
        SELECT 1, $1, 'p' || i, i / 8 % $3 + 1, 'P-' || i, 'P' || i, 'shipped', 1700000000000 + i * 30000,
            1700000000000 + i * 30000, 1700000000000 + i * 30000, 10000, 10000, 0, 'EUR', $4 FROM n";
    tx.run(sql, args![store, PAST, plan.customers(), data]).await?;
    tx.commit().await?;
    db.close().await;
    Ok(PAST)
}

pub async fn measure(client: &Client, past: i64) -> Vec<Line> {
    let mut lines = Vec::new();
    let shop = woocommerce::Shop::open().await;
    shop.generate(READ);
    lines.push(import(client, "woocommerce", &shop.settings()).await);
    let shop: Arc<shopify::Shop> = shopify::Shop::open().await;
    shop.generate(READ);
    lines.push(import(client, "shopify", &shop.settings()).await);
    let new = json!({ "platform": "generic", "name": "Fjellvik", "settings": { "secret": SECRET } });
    let store = client.post("/api/v1/stores", &new).await["id"].as_i64().unwrap();
    lines.extend(intake(client, store).await);
    let newest = client.json(&format!("/api/v1/orders?number=B-{}", CALLS - 1)).await["data"][0]["id"].clone();
    let order = client.json(&format!("/api/v1/orders/{newest}")).await;
    let panel = format!("/api/v1/customers/{}/orders", order["customer"]);
    let cost = client.repeat(300, async |_| client.get(&panel).await).await;
    lines.push(Line::of(format!("panel: {EACH} orders of a customer"), &cost).within_cpu(5.0));
    let number = |at: usize| i64::try_from(at).unwrap() * 104_729 % past + 1;
    let by_number = async |at: usize| client.get(&format!("/api/v1/orders?number=p%20{}", number(at))).await;
    let cost = client.repeat(300, by_number).await;
    lines.push(Line::of(format!("order by its number, of {past}"), &cost).within_cpu(1.0));
    let url = order["page_url"].as_str().unwrap();
    let page = &url[url.find("/track/").unwrap()..];
    let cost = client.repeat(300, async |_| client.get(page).await).await;
    let size = client.text(page).await.len();
    let fits = cost.cpu <= 1.0 && size <= 30_000;
    lines.push(Line::of("tracking page", &cost).note(format!("{size} bytes")).within("≤ 1 ms CPU, ≤ 30 KB", fits));
    lines
}

/// Everything that a store has, until it is written down. The stand-in of the platform works on the same processors.
async fn import(client: &Client, platform: &str, settings: &Value) -> Line {
    let (meter, begun) = (client.meter(), Instant::now());
    let new = json!({ "platform": platform, "name": platform, "settings": settings });
    let store = client.post("/api/v1/stores", &new).await["id"].clone();
    let read = loop {
        tokio::time::sleep(Duration::from_millis(50)).await;
        let import = client.json(&format!("/api/v1/stores/{store}/imports")).await["data"][0].clone();
        match import["state"].as_str() {
            Some("done") => break usize::try_from(import["orders"].as_u64().unwrap()).unwrap(),
            Some("running") | None => assert!(begun.elapsed() < Duration::from_mins(3), "{import}"),
            _ => panic!("{import}"),
        }
    };
    assert_eq!(read, READ);
    let took = begun.elapsed();
    #[expect(clippy::cast_precision_loss, reason = "counts are small")]
    let rate = read as f64 / took.as_secs_f64();
    let cost = client.read(&meter, vec![ms(took)], read);
    Line::cpu_only(format!("first reading of a store ({platform}), an order"), &cost)
        .note(format!("{rate:.0} orders/s, with their customers"))
        .within("≥ 2000/s", rate >= 2000.0)
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
