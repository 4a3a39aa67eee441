//! An order of Medusa that was paid in two parts, at a shop that breaks off between them.

use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
};

use base::Error;
use connectors::platform::Found;
use serde_json::{Value, json};

use crate::harness::{House, refund};

/// What was refunded: the payment, the amount, the note.
type Refunds = Arc<Mutex<Vec<(String, Value, Value)>>>;

struct Shop {
    address: String,
    refunds: Refunds,
    /// The second payment's provider does not answer.
    down: Arc<AtomicBool>,
}

fn open() -> Shop {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let (refunds, down) = (Refunds::default(), Arc::new(AtomicBool::new(true)));
    let (kept, broken) = (refunds.clone(), down.clone());
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let (path, body) = asked(&mut stream);
            let (status, answer) = if let Some(rest) = path.strip_prefix("/admin/payments/") {
                let payment = rest.trim_end_matches("/refund").to_owned();
                if payment == "pay_2" && broken.load(Ordering::SeqCst) {
                    ("503 Service Unavailable", json!({}))
                } else {
                    kept.lock().unwrap().push((payment, body["amount"].clone(), body["note"].clone()));
                    ("200 OK", json!({}))
                }
            } else {
                ("200 OK", json!({ "order": order(&kept.lock().unwrap()) }))
            };
            let answer = answer.to_string();
            let head = format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", answer.len());
            stream.write_all(format!("{head}{answer}").as_bytes()).ok();
        }
    });
    Shop { address, refunds, down }
}

fn asked(stream: &mut TcpStream) -> (String, Value) {
    let (mut all, mut byte) = (Vec::new(), [0]);
    while !all.ends_with(b"\r\n\r\n") && stream.read_exact(&mut byte).is_ok() {
        all.push(byte[0]);
    }
    let head = String::from_utf8_lossy(&all).to_lowercase();
    let path = head.split(' ').nth(1).unwrap_or_default().split('?').next().unwrap_or_default().to_owned();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.trim().parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    stream.read_exact(&mut body).ok();
    (path, serde_json::from_slice(&body).unwrap_or_default())
}

fn order(refunds: &[(String, Value, Value)]) -> Value {
    let payment = |id: &str, amount: f64| {
        let made = refunds.iter().enumerate().filter(|(_, (payment, ..))| payment == id);
        let made: Vec<_> = made
            .map(|(at, (_, amount, note))| json!({ "id": format!("ref_{at}"), "amount": amount, "note": note }))
            .collect();
        json!({ "id": id, "amount": amount, "captures": [{ "amount": amount }], "refunds": made })
    };
    json!({
        "id": "order_1", "currency_code": "eur", "total": 120.5,
        "payment_collections": [{ "payments": [payment("pay_1", 50.25), payment("pay_2", 70.25)] }],
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refund_over_two_payments_goes_on_where_it_broke_off() {
    let shop = open();
    let house = House::new("medusa", json!({ "address": shop.address, "key": "sk_1" }));
    let order = house.order("order_1").await;
    assert_eq!((order.totals.paid, order.totals.total), (12_050, 12_050));

    let most = refund(vec![], Some(10_000));
    let lost = house.execute("k1", &order, &most).await;
    assert!(matches!(lost, Err(Error::Upstream { .. })), "{lost:?}");
    assert_eq!(house.look_up("k1", &order, &most).await, Found::NotDone, "a part is not the whole");
    shop.down.store(false, Ordering::SeqCst);
    let done = house.execute("k1", &order, &most).await.unwrap();
    assert_eq!(done.amount, 10_000);
    assert_eq!(house.execute("k1", &order, &most).await.unwrap(), done);
    assert_eq!(house.look_up("k1", &order, &most).await, Found::Done(done));
    let made: Vec<_> =
        shop.refunds.lock().unwrap().iter().map(|(id, amount, _)| (id.clone(), amount.clone())).collect();
    assert_eq!(made, [("pay_1".to_owned(), json!(50.25)), ("pay_2".to_owned(), json!(49.75))]);

    // What is left is reckoned over both.
    assert_eq!(house.execute("k2", &order, &refund(vec![], None)).await.unwrap().amount, 2050);
    assert!(house.execute("k3", &order, &refund(vec![], Some(1))).await.is_err());
}
