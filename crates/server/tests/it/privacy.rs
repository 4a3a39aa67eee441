//! What people ask about their data through a shop's platform: they are erased, once and for good, and what they wrote to
//! the shop themselves stays.

use base::{DAY, Stamp, args};
use base64::{Engine, engine::general_purpose::STANDARD};
use connectors::{
    order::{Buyer, Order, Product, Scan, Shipment},
    platform::News,
};
use desk::{
    orders::OrderId,
    stores::{self, StoreId, Way},
};
use serde_json::{Value, json};

use crate::{
    harness::{MORNING, TestApp},
    mails::{bring, inbox, mail},
    parcels,
    stores::heard,
};

const SECRET: &str = "the client's secret";
const SHOP: &str = "127.0.0.1:9";

/// A store at which nobody answers: what it knows is told by its calls.
async fn store(app: &TestApp) -> i64 {
    let settings = json!({ "shop": format!("http://{SHOP}"), "client_secret": SECRET, "access_token": "shpat_1" });
    let body = json!({ "platform": "shopify", "name": "Fjellvik", "settings": settings });
    let (status, store) = app.post("/api/v1/stores", body).await;
    assert_eq!(status, 201, "{store}");
    store["id"].as_i64().unwrap()
}

async fn call(app: &TestApp, store: i64, topic: &str, event: &str, body: &Value) -> u16 {
    let body = body.to_string();
    let key = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, SECRET.as_bytes());
    let signature = STANDARD.encode(aws_lc_rs::hmac::sign(&key, body.as_bytes()).as_ref());
    let nobody = app.nobody();
    let request = nobody
        .request(reqwest::Method::POST, &format!("/api/v1/stores/{store}/calls"))
        .header("content-type", "application/json")
        .header("x-shopify-hmac-sha256", signature)
        .header("x-shopify-topic", topic)
        .header("x-shopify-event-id", event)
        .header("x-shopify-shop-domain", SHOP)
        .body(body);
    let status = nobody.send(request).await.status().as_u16();
    app.tick().await;
    status
}

fn bought(number: i64, account: &str, email: &str) -> Order {
    let scan = Scan {
        at: Some(Stamp(MORNING)),
        status: "in_transit".into(),
        text: Some("Johanna signed".into()),
        place: None,
    };
    let shipment = Shipment { scans: vec![scan], ..parcels::shipment() };
    let order = parcels::order(&format!("FV-{number}"), shipment);
    Order {
        id: format!("gid://shopify/Order/{number}"),
        changed_at: Some(Stamp(MORNING)),
        note: Some("For Johanna, third floor".into()),
        buyer: Buyer {
            id: Some(format!("gid://shopify/Customer/{account}")),
            email: Some(email.into()),
            email_verified: true,
            name: Some("Johanna Brandt".into()),
            ..Buyer::default()
        },
        ..order
    }
}

async fn told(app: &TestApp, store: i64, news: Vec<News>) -> Vec<OrderId> {
    let mut tx = app.app.begin(base::Actor::System).await.unwrap();
    let store = stores::find(&mut tx, StoreId(store)).await.unwrap();
    let taken = stores::take(&mut tx, &store, news, Way::News).await.unwrap();
    tx.commit().await.unwrap();
    app.tick().await;
    taken.orders
}

/// Everything that stands in these tables, as one text.
async fn all_of(app: &TestApp, tables: &[&str]) -> String {
    let mut text = String::new();
    for sql in tables {
        for row in app.app.db().all(sql, args![]).await.unwrap() {
            text += &row.opt_text("said").unwrap().unwrap_or_default();
            text.push('\n');
        }
    }
    text
}

const HELD: [&str; 6] = [
    "SELECT CAST(data AS TEXT) AS said FROM orders",
    "SELECT number AS said FROM shipments",
    "SELECT text AS said FROM scans",
    "SELECT name AS said FROM customers",
    "SELECT value AS said FROM identities",
    "SELECT CAST(data AS TEXT) AS said FROM events WHERE kind LIKE 'customer.%'",
];

async fn bodies(app: &TestApp) -> String {
    let rows = app.app.db().all("SELECT body FROM store_calls", args![]).await.unwrap();
    rows.iter().map(|row| String::from_utf8(row.bytes("body").unwrap()).unwrap()).collect()
}

story!(whoever_is_to_be_forgotten_is_and_does_not_come_back, |app| async move {
    let store = store(&app).await;
    let mine = |number: i64| News::Order(Box::new(bought(number, "191167", "jo@post.example")));
    // More than one part of the work.
    let orders = told(&app, store, (1001..1061).map(mine).collect()).await;
    let other = News::Order(Box::new(bought(2001, "7", "kim@post.example")));
    let kims = told(&app, store, vec![other]).await[0];
    let person = json!({ "id": 191_167, "email": "jo@post.example", "phone": null, "first_name": "Johanna",
        "admin_graphql_api_id": "gid://shopify/Customer/191167" });
    assert_eq!(call(&app, store, "customers/update", "e1", &person).await, 200);
    assert!(bodies(&app).await.contains("jo@post.example"));
    let redact = json!({ "shop_id": 1, "shop_domain": SHOP, "orders_to_redact": [1001],
        "customer": { "id": 191_167, "email": "jo@post.example", "phone": "" } });
    for event in ["e2", "e2", "e3"] {
        assert_eq!(call(&app, store, "customers/redact", event, &redact).await, 200);
    }
    let held = all_of(&app, &HELD).await;
    assert!(!held.contains("jo@post") && held.contains("kim@post.example"), "{held}");
    assert!(held.contains("\"country\":\"DE\"") || held.contains("\"country\": \"DE\""), "the country stays: {held}");
    assert_eq!(bodies(&app).await.matches("jo@post").count(), 0);
    let sql = "SELECT count(*) AS n, CAST(sum(total) AS BIGINT) AS total FROM orders WHERE customer IS NULL";
    let books = app.app.db().one(sql, args![]).await.unwrap();
    assert_eq!((books.int("n").unwrap(), books.int("total").unwrap()), (60, 60 * 11_900), "the sums stay");
    let (_, detail) = app.get(&format!("/api/v1/orders/{}", orders[0])).await;
    let text = detail.to_string();
    assert!(!text.contains("Johanna") && !text.contains("20099") && !text.contains("123 456"), "{detail}");
    let (_, kim) = app.get(&format!("/api/v1/orders/{kims}")).await;
    assert_eq!(kim["order"]["buyer"]["email"], "kim@post.example");
    let done = heard(&app, "privacy.answered").await;
    assert_eq!((done.len(), &done[0]["orders"], &done[0]["state"]), (2, &json!(60), &json!("done")), "{done:?}");
    assert_eq!(heard(&app, "customer.erased").await.len(), 1);
    let left =
        app.app.db().one("SELECT CAST(count(*) AS BIGINT) AS n FROM privacy_requests WHERE buyer IS NOT NULL", args![]);
    assert_eq!(left.await.unwrap().int("n").unwrap(), 0, "nothing says any more who it was");
    // Late calls, sweeps and whoever asks for the order bring nothing back.
    let late = Order { changed_at: Some(Stamp(MORNING + DAY)), ..bought(1001, "191167", "jo@post.example") };
    let again = told(&app, store, vec![News::Order(Box::new(late)), mine(1002)]).await;
    assert_eq!(again, orders[..2]);
    assert_eq!(call(&app, store, "customers/update", "e4", &person).await, 200);
    let held = all_of(&app, &HELD).await;
    assert!(!held.contains("jo@post") && !bodies(&app).await.contains("jo@post"), "{held}");
    let agent = app.as_role("agent").await;
    assert_eq!(agent.get("/api/v1/privacy-requests").await.0, 403);
});

story!(whoever_asks_for_their_data_is_answered_by_the_team, |app| async move {
    let (inbox, store) = (inbox(&app).await, store(&app).await);
    told(&app, store, vec![News::Order(Box::new(bought(2001, "7", "kim@post.example")))]).await;
    bring(&app, inbox, &mail("kim@post.example", "1@post", "My mat", "", "Where is it?")).await;
    let asked = json!({ "shop_id": 1, "shop_domain": SHOP, "orders_requested": [2001],
        "customer": { "id": 7, "email": "kim@post.example" }, "data_request": { "id": 9 } });
    assert_eq!(call(&app, store, "customers/data_request", "e1", &asked).await, 200);
    let (_, all) = app.get("/api/v1/privacy-requests").await;
    let request = &all["data"][0];
    assert_eq!((&request["kind"], &request["state"]), (&json!("access"), &json!("open")), "{all}");
    let (_, ticket) = app.get(&format!("/api/v1/tickets/{}", request["ticket"])).await;
    assert_eq!(ticket["tags"], json!(["privacy"]), "{ticket}");
    let path = format!("/api/v1/privacy-requests/{}/export", request["id"]);
    let (status, held) = app.get(&path).await;
    assert_eq!(status, 200, "{held}");
    assert_eq!(held["orders"][0]["number"], "FV-2001", "{held}");
    assert!(held["messages"].to_string().contains("Where is it?"), "{held}");
    assert_eq!(app.as_role("agent").await.get(&path).await.0, 403);
    assert_eq!(app.nobody().get(&path).await.0, 401);
    let answer = format!("/api/v1/privacy-requests/{}/answer", request["id"]);
    let (status, done) = app.put(&answer, json!({ "answered": true })).await;
    assert_eq!((status, &done["state"]), (200, &json!("done")), "{done}");
    // Of somebody unknown nothing is held.
    let asked =
        json!({ "shop_domain": SHOP, "customer": { "id": 8, "email": "nobody@post.example" }, "orders_requested": [] });
    assert_eq!(call(&app, store, "customers/data_request", "e2", &asked).await, 200);
    let (_, all) = app.get("/api/v1/privacy-requests").await;
    assert_eq!((&all["data"][0]["state"], &all["data"][0]["ticket"]), (&json!("done"), &Value::Null), "{all}");
});

story!(whoever_never_wrote_is_forgotten_with_what_we_wrote_to_them, |app| async move {
    let (_, store) = (inbox(&app).await, store(&app).await);
    let owner = app.as_owner().await;
    let order = told(&app, store, vec![News::Order(Box::new(bought(2001, "7", "kim@post.example")))]).await[0];
    // A refund with its reason, and an address that waits for a lead.
    let limits = json!({ "data": [{ "role": "agent", "kind": "change_address", "currency": "EUR", "once": 0 }] });
    assert_eq!(app.put("/api/v1/authority", limits).await.0, 200);
    let mut tx = app.app.begin(base::Actor::System).await.unwrap();
    for (kind, state, action) in [
        ("refund", "done", json!({ "kind": "refund", "amount": 100, "reason": "Zyxwv said it leaks" })),
        (
            "change_address",
            "awaiting_approval",
            json!({ "kind": "change_address", "address":
            { "line1": "Zyxwv street 1", "city": "Berlin", "country": "DE" } }),
        ),
    ] {
        let sql = "INSERT INTO order_actions (order_id, shop, kind, action, amount, worth, currency, state, key, actor,
                role, created_at) VALUES ($1, 1, $2, $3, 0, 0, 'EUR', $4, $2, 'system', 'bot', 0)";
        tx.run(sql, args![order, kind, action, state]).await.unwrap();
    }
    tx.commit().await.unwrap();
    // They ask for their data first, and a ticket of ours says so, with their name.
    let who = json!({ "id": 7, "email": "kim@post.example" });
    let asked =
        json!({ "shop_domain": SHOP, "orders_requested": [2001], "customer": who, "data_request": { "id": 9 } });
    assert_eq!(call(&app, store, "customers/data_request", "e1", &asked).await, 200);
    let (_, all) = app.get("/api/v1/privacy-requests").await;
    let path = format!("/api/v1/tickets/{}", all["data"][0]["ticket"]);
    assert!(owner.get(&path).await.1["subject"].as_str().unwrap().contains("Johanna Brandt"));
    let found = async |word: &str| owner.get(&format!("/api/v1/search?q={word}")).await.1["data"].to_string();
    assert!(found("Johanna").await.contains("Johanna"));
    let redact = json!({ "shop_domain": SHOP, "orders_to_redact": [2001], "customer": who });
    assert_eq!(call(&app, store, "customers/redact", "e2", &redact).await, 200);
    app.tick().await;
    let (_, ticket) = owner.get(&path).await;
    assert_eq!((&ticket["subject"], &ticket["status"]), (&json!("Erased"), &json!("solved")), "{ticket}");
    assert_eq!(ticket["customer"]["name"], "Erased", "our own ticket is no reason to know them: {ticket}");
    let left = all_of(
        &app,
        &[
            "SELECT CAST(action AS TEXT) AS said FROM order_actions",
            "SELECT text AS said FROM messages",
            "SELECT subject AS said FROM tickets",
            "SELECT CAST(data AS TEXT) AS said FROM events",
            "SELECT name AS said FROM customers",
        ],
    )
    .await;
    assert!(!left.contains("Zyxwv") && !left.contains("Johanna") && !left.contains("kim@post"), "{left}");
    assert_eq!(found("Johanna").await, "[]");
    let (_, actions) = owner.get("/api/v1/actions").await;
    assert_eq!(actions["data"], json!([]), "nothing waits to send it to them: {actions}");
});

story!(a_store_that_let_us_go_is_forgotten, |app| async move {
    let (inbox, store) = (inbox(&app).await, store(&app).await);
    let product =
        Product { id: "gid://shopify/Product/1".into(), title: "Lun 4".into(), active: true, ..Product::default() };
    let news = vec![
        News::Product(Box::new(product)),
        News::Order(Box::new(bought(1001, "191167", "jo@post.example"))),
        News::Order(Box::new(bought(2001, "7", "kim@post.example"))),
    ];
    told(&app, store, news).await;
    bring(&app, inbox, &mail("kim@post.example", "1@post", "My mat", "", "Where is it?")).await;
    let gone = json!({ "id": 1, "myshopify_domain": SHOP });
    let redact = json!({ "shop_id": 1, "shop_domain": SHOP });
    // Not while it is connected.
    assert_eq!(call(&app, store, "shop/redact", "e0", &redact).await, 200);
    assert_eq!(heard(&app, "privacy.answered").await[0]["state"], "kept");
    assert_eq!(call(&app, store, "app/uninstalled", "e1", &gone).await, 200);
    let (_, shown) = app.get(&format!("/api/v1/stores/{store}")).await;
    assert_eq!((&shown["active"], &shown["settings"]["access_token"]), (&json!(false), &Value::Null), "{shown}");
    assert_eq!(call(&app, store, "customers/update", "e2", &json!({ "id": 7 })).await, 404, "nothing else is heard");
    assert_eq!(call(&app, store, "shop/redact", "e3", &redact).await, 200);
    let held = all_of(&app, &HELD).await;
    assert!(!held.contains("jo@post") && !held.contains("gid://shopify/Customer"), "{held}");
    assert!(held.contains("kim@post.example"), "they wrote to the shop themselves: {held}");
    assert_eq!(bodies(&app).await, "");
    for (sql, left) in [
        ("SELECT CAST(count(*) AS BIGINT) AS n FROM products", 0),
        ("SELECT CAST(count(*) AS BIGINT) AS n FROM orders WHERE total = 11900", 2),
        ("SELECT CAST(count(*) AS BIGINT) AS n FROM stores WHERE secrets IS NOT NULL", 0),
    ] {
        assert_eq!(app.app.db().one(sql, args![]).await.unwrap().int("n").unwrap(), left, "{sql}");
    }
    let answered = heard(&app, "privacy.answered").await;
    assert_eq!((answered.len(), &answered[1]["state"], &answered[1]["orders"]), (2, &json!("done"), &json!(2)));
    assert_eq!(call(&app, store, "shop/redact", "e4", &redact).await, 401, "nobody knows its signature any more");
});
