//! A shop system of one's own that takes actions: the example of the guide, as it stands there.

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};

use base::{
    MINUTE,
    app::{Clock, SystemClock},
};
use serde_json::{Value, json};

use crate::{
    actions::id_of,
    harness::TestApp,
    stores::{SECRET, order, told},
};

/// The guide's shop, until it is dropped.
struct Shop {
    node: Child,
    address: String,
}

impl Shop {
    fn open() -> Self {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/guide/generic/actions.mjs");
        let mut node = Command::new("node")
            .arg(script)
            .env("SECRET", SECRET)
            .env("PORT", "0")
            .stdout(Stdio::piped())
            .spawn()
            .expect("node runs the guide's example");
        let mut said = String::new();
        BufReader::new(node.stdout.take().unwrap()).read_line(&mut said).unwrap();
        let address = said.trim().rsplit(' ').next().unwrap().to_owned();
        assert!(address.starts_with("http://127.0.0.1:"), "{said}");
        Self { node, address }
    }
}

impl Drop for Shop {
    fn drop(&mut self) {
        let _ = self.node.kill();
        let _ = self.node.wait();
    }
}

async fn order_now(app: &TestApp, order: i64) -> Value {
    app.get(&format!("/api/v1/orders/{order}?fresh=true")).await.1
}

fn hindrance<'v>(order: &'v Value, kind: &str) -> &'v Value {
    &order["actions"].as_array().unwrap().iter().find(|one| one["kind"] == kind).unwrap()["hindrance"]
}

story!(the_shop_of_the_guide_takes_actions, |app| async move {
    // The shop looks at the time of what is signed.
    app.clock.set(SystemClock::default().now());
    let shop = Shop::open();
    let settings = json!({ "secret": SECRET, "actions_address": shop.address, "actions": "refund, cancel, note" });
    let body = json!({ "platform": "generic", "name": "Mine", "settings": settings });
    let (status, store) = app.post("/api/v1/stores", body).await;
    assert_eq!((status, &store["answers"]), (201, &json!(true)), "{store}");
    app.tick().await;
    let path = format!("/api/v1/stores/{}", store["id"]);
    let (_, store) = app.get(&path).await;
    assert_eq!((&store["health"]["state"], &store["currency"]), (&json!("ok"), &json!("EUR")), "{store}");
    assert_eq!(store["import"], Value::Null, "it cannot be read as a whole");
    let first = order("FV-20418", "jo@post.example", "2026-02-21T09:00:00Z", json!({ "id": "20418" }));
    told(&app, store["id"].as_i64().unwrap(), "1", &json!({ "orders": [first] })).await;
    let id = id_of(&app, "FV-20418").await;
    app.clock.forward(MINUTE);
    let seen = order_now(&app, id).await;
    assert_eq!(
        (&seen["stale"], &seen["order"]["totals"]["total"]),
        (&Value::Null, &json!(42_900)),
        "as it is there now"
    );
    assert_eq!((hindrance(&seen, "refund"), hindrance(&seen, "hold")), (&Value::Null, &json!("unable")));
    let action = json!({ "kind": "refund", "amount": 900, "reason": "It leaks" });
    let (status, shown) = app.post(&format!("/api/v1/orders/{id}/actions/preview"), json!({ "action": action })).await;
    assert_eq!((status, &shown["amount"]), (200, &json!(900)), "{shown}");
    let asked = json!({ "action": action, "seen": shown["seen"] });
    let (status, made) = app.post(&format!("/api/v1/orders/{id}/actions"), asked).await;
    assert_eq!(status, 201, "{made}");
    app.tick().await;
    app.later(MINUTE).await;
    let (_, done) = app.get(&format!("/api/v1/actions/{}", made["id"])).await;
    assert_eq!((&done["state"], &done["amount"]), (&json!("done"), &json!(900)), "{done}");
    assert_eq!(order_now(&app, id).await["refundable"], 42_000);
    // It is gone, and the desk says so; what it said last is still there.
    drop(shop);
    app.clock.forward(MINUTE);
    let seen = order_now(&app, id).await;
    assert!(seen["stale"].is_string() && seen["refundable"] == 42_000, "{seen}");
    let (status, refused) = app.patch(&path, json!({ "settings": { "actions": "gift" } })).await;
    assert_eq!((status, &refused["errors"][0]["field"]), (422, &json!("settings.actions")), "{refused}");
});
