//! Stores: what a shop's system tells stands beside the tickets, and nobody else can tell it.

use base::args;
use desk::{
    customers::CustomerId,
    orders,
    shops::{self, ShopId},
    stores::{self, NewStore, StoreId},
};
use serde_json::{Value, json};

use crate::{
    harness::TestApp,
    mails::{bring, inbox, mail, only_ticket},
};

pub const SECRET: &str = "a secret that both know";

/// A store that is told what there is. Returns its id.
pub async fn store(app: &TestApp) -> i64 {
    let body = json!({ "platform": "generic", "name": "Fjellvik", "settings": { "secret": SECRET } });
    let (status, store) = app.post("/api/v1/stores", body).await;
    assert_eq!(status, 201, "{store}");
    store["id"].as_i64().unwrap()
}

/// An order of this customer's, as a store would have told it.
pub async fn bought(app: &TestApp, customer: i64, number: &str) -> i64 {
    let (at, customer) = (app.app.now(), CustomerId(customer));
    let mut tx = app.app.begin(base::Actor::System).await.unwrap();
    let shop: ShopId = shops::the(&mut tx).await.unwrap().id;
    let known = tx.opt("SELECT id FROM stores ORDER BY id LIMIT 1", args![]).await.unwrap();
    let store: StoreId = match known {
        Some(row) => row.id("id").unwrap(),
        None => stores::add(&app.app, &mut tx, shop, NewStore::told("Fjellvik")).await.unwrap().id,
    };
    let order = serde_json::from_value(json!({
        "id": number, "number": number, "placed_at": base::Stamp(at), "currency": "EUR", "payment": "paid",
        "totals": { "total": 100, "paid": 100 },
        "lines": [{ "id": "1", "title": "Bekk bottle", "quantity": 1, "price": 100, "total": 100 }],
    }));
    let put = orders::put(&mut tx, shop, store, Some(customer), order.unwrap()).await.unwrap();
    tx.commit().await.unwrap();
    put.order.id.0
}

/// What the shop's system sends, signed with this secret at this second.
pub async fn tell(app: &TestApp, store: i64, event: &str, body: &Value, secret: &str, at: i64) -> (u16, Value) {
    let mut body = body.clone();
    body["id"] = event.into();
    let body = body.to_string();
    let key = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, secret.as_bytes());
    let signature = aws_lc_rs::hmac::sign(&key, format!("{at}.{body}").as_bytes());
    let hex: String = signature.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    let nobody = app.nobody();
    let request = nobody
        .request(reqwest::Method::POST, &format!("/api/v1/stores/{store}/calls"))
        .header("content-type", "application/json")
        .header("x-shopbell-timestamp", at)
        .header("x-shopbell-signature", format!("v1={hex}"))
        .body(body);
    nobody.answer(request).await
}

/// As [`tell`], as it should be; and heard.
pub async fn told(app: &TestApp, store: i64, event: &str, body: &Value) {
    let answer = tell(app, store, event, body, SECRET, app.app.now() / 1000).await;
    assert_eq!(answer.0, 200, "{answer:?}");
    app.tick().await;
}

/// The data of all events of a kind, oldest first.
pub async fn heard(app: &TestApp, kind: &str) -> Vec<Value> {
    let sql = "SELECT data FROM events WHERE kind = $1 ORDER BY seq";
    app.app.db().all(sql, args![kind]).await.unwrap().iter().map(|row| row.json("data").unwrap()).collect()
}

pub fn order(number: &str, email: &str, changed_at: &str, status: Value) -> Value {
    let mut order = json!({
        "id": number.to_lowercase(), "number": number, "placed_at": "2026-02-20T09:00:00Z", "changed_at": changed_at,
        "currency": "EUR", "payment": "paid", "buyer": { "email": email, "name": "Jo Brandt" },
        "lines": [
            { "id": "1", "title": "Skarv 2 tent", "variant_title": "Spruce", "quantity": 1, "price": 42_900, "total": 42_900 },
            { "id": "2", "title": "Nupp 400 headlamp", "quantity": 1, "price": 4_900, "total": 4_900 },
        ],
        "totals": { "lines": 47_800, "total": 47_800, "paid": 47_800 },
        "shipping_address": { "line1": "Fjellgata 12", "postcode": "5003", "city": "Bergen", "country": "NO" },
    });
    for (key, value) in status.as_object().unwrap() {
        order[key] = value.clone();
    }
    order
}

async fn beside(app: &TestApp, ticket: &Value) -> Value {
    let (status, beside) = app.get(&format!("/api/v1/tickets/{}/orders", ticket["id"])).await;
    assert_eq!(status, 200, "{beside}");
    beside
}

story!(the_order_that_a_shopper_writes_of_stands_beside_their_ticket, |app| async move {
    let (inbox, store) = (inbox(&app).await, store(&app).await);
    let first = order("FV-20418", "jo@post.example", "2026-02-21T09:00:00Z", json!({}));
    let newer =
        order("FV-20467", "Jo@post.example", "2026-02-25T09:00:00Z", json!({ "placed_at": "2026-02-25T09:00:00Z" }));
    let other = order("FV-9", "kim@post.example", "2026-02-21T09:00:00Z", json!({}));
    told(&app, store, "1", &json!({ "orders": [first, newer, other] })).await;
    bring(&app, inbox, &mail("jo@post.example", "1@post", "My tent", "", "Where is fv20418? And what of FV-9?")).await;
    let ticket = only_ticket(&app).await;
    let seen = beside(&app, &ticket).await;
    assert_eq!((&seen["order"]["order"]["number"], &seen["why"]), (&json!("FV-20418"), &json!("number")), "{seen}");
    assert_eq!(seen["others"][0]["number"], "FV-20467");
    assert_eq!(seen["count"], 2, "nobody else's, whose number is quickly guessed");
    assert_eq!(seen["lifetime"], json!([{ "currency": "EUR", "orders": 2, "value": 95_600, "refunded": 0 }]));
    let line = &seen["order"]["order"]["lines"][0];
    assert_eq!((&line["title"], &line["variant_title"]), (&json!("Skarv 2 tent"), &json!("Spruce")));
    let refund = seen["order"]["actions"].as_array().unwrap().iter().find(|one| one["kind"] == "refund").unwrap();
    assert_eq!(refund["hindrance"], "unable", "this store is only told");
    // An agent picks another, and nothing that is written later changes that.
    let path = format!("/api/v1/tickets/{}/order", ticket["id"]);
    let (status, linked) = app.put(&path, json!({ "order": seen["others"][0]["id"] })).await;
    assert_eq!((status, &linked["number"]), (200, &json!("FV-20467")), "{linked}");
    bring(&app, inbox, &mail("jo@post.example", "2@post", "Re: My tent", "1@post", "I mean FV-20418")).await;
    assert_eq!(beside(&app, &ticket).await["order"]["order"]["number"], "FV-20467");
    let (status, refused) = app.put(&path, json!({ "order": 999 })).await;
    assert_eq!((status, &refused["errors"][0]["field"]), (422, &json!("order")), "{refused}");
    assert_eq!(app.delete(&path).await.0, 204);
    let seen = beside(&app, &ticket).await;
    assert_eq!((&seen["order"]["order"]["number"], &seen["why"]), (&json!("FV-20467"), &json!("newest")));
    // By its number, however it is written.
    let (_, found) = app.get("/api/v1/orders?number=%23fv%2020418").await;
    assert_eq!(
        (found["data"].as_array().unwrap().len(), &found["data"][0]["number"]),
        (1, &json!("FV-20418")),
        "{found}"
    );
    assert_eq!(app.get("/api/v1/orders?number=%23").await.0, 422);
    // As the customer's own.
    let (_, all) = app.get(&format!("/api/v1/customers/{}/orders", ticket["customer"]["id"])).await;
    assert_eq!(all["count"], 2, "{all}");
});

story!(news_of_an_order_twice_and_out_of_order_do_no_harm, |app| async move {
    let store = store(&app).await;
    let at = |hour: &str| format!("2026-02-21T{hour}:00:00Z");
    let (paid, sent) = (json!({}), json!({ "fulfilment": "fulfilled" }));
    let back = json!({ "payment": "refunded", "totals": { "total": 47_800, "paid": 47_800, "refunded": 47_800 } });
    let news =
        |hour: &str, status: &Value| json!({ "orders": [order("FV-1", "jo@post.example", &at(hour), status.clone())] });
    told(&app, store, "placed", &news("09", &paid)).await;
    told(&app, store, "sent", &news("12", &sent)).await;
    told(&app, store, "placed", &news("09", &paid)).await;
    told(&app, store, "late", &news("10", &paid)).await;
    let (_, found) = app.get("/api/v1/customers?q=jo@post.example").await;
    let customer = found["data"][0]["id"].as_i64().unwrap();
    let shown = || async { app.get(&format!("/api/v1/customers/{customer}/orders")).await.1["order"].clone() };
    assert_eq!(shown().await["status"], "shipped", "what is older replaces nothing");
    told(&app, store, "back", &news("13", &back)).await;
    let order = shown().await;
    assert_eq!((&order["status"], &order["refundable"]), (&json!("refunded"), &json!(0)));
    let changed = heard(&app, "order.changed").await;
    let states: Vec<_> = changed.iter().map(|one| &one["changes"]["status"]["to"]).collect();
    assert_eq!(states, [&json!("shipped"), &json!("refunded")], "{changed:?}");
    let count = || async { app.get(&format!("/api/v1/customers/{customer}/orders")).await.1["count"].clone() };
    told(&app, store, "gone", &json!({ "deleted_orders": [{ "id": "fv-1", "at": at("12") }] })).await;
    assert_eq!(count().await, 1, "it changed after that");
    told(&app, store, "gone for good", &json!({ "deleted_orders": ["fv-1"] })).await;
    assert_eq!(count().await, 0);
    told(&app, store, "late as well", &news("14", &sent)).await;
    assert_eq!(count().await, 0, "what was said before it was deleted does not bring it back");
});

story!(nobody_else_can_tell_what_a_store_has, |app| async move {
    let store = store(&app).await;
    let body = json!({ "orders": [order("FV-1", "jo@post.example", "2026-02-21T09:00:00Z", json!({}))] });
    let now = app.app.now() / 1000;
    assert_eq!(tell(&app, store, "1", &body, "another secret, guessed", now).await.0, 401);
    assert_eq!(tell(&app, store, "1", &body, SECRET, now - 3600).await.0, 401, "heard by somebody and sent again");
    let (status, problem) = tell(&app, 999, "1", &body, SECRET, now).await;
    assert_eq!(status, 401, "whether there is such a store is nobody's business: {problem}");
    app.tick().await;
    let shown = || async { app.get(&format!("/api/v1/stores/{store}")).await.1 };
    let mut waited = 0;
    while shown().await["forged"] != 2 {
        waited += 1;
        assert!(waited < 50, "forged calls are counted: {}", shown().await);
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    let shown = shown().await;
    assert_eq!(app.get("/api/v1/search?q=FV-1").await.1["data"], json!([]));
    // What is signed and cannot be read is laid aside, and said.
    told(&app, store, "2", &json!({ "orders": [{ "id": "x", "totals": { "total": "much" } }] })).await;
    let failed = heard(&app, "store.call_failed").await;
    assert!(failed[0]["why"].as_str().unwrap().contains("total"), "{failed:?}");
    let health = async || app.get(&format!("/api/v1/stores/{store}")).await.1["health"].clone();
    assert!(health().await["why"].as_str().unwrap().starts_with("What it told cannot be read:"), "{}", health().await);
    // So is what has a field that nobody knows: what was meant would be missing.
    let odd =
        order("FV-2", "jo@post.example", "2026-02-21T09:00:00Z", json!({ "shipping_address": { "lines": ["x"] } }));
    told(&app, store, "2b", &json!({ "orders": [odd] })).await;
    let failed = heard(&app, "store.call_failed").await;
    assert!(failed[1]["why"].as_str().unwrap().contains("orders[0].shipping_address.lines"), "{failed:?}");
    let tent = json!({ "id": "tent", "title": "Tent", "variants": [{ "id": "tent-1", "price": 9000 }] });
    told(&app, store, "2c", &json!({ "products": [tent] })).await;
    assert_eq!(health().await["state"], "ok", "{}", health().await);
    let (_, sold) = app.get(&format!("/api/v1/stores/{store}/products?q=tent")).await;
    assert_eq!(sold["data"][0]["id"], "tent", "what is told of is sold: {sold}");
    // Its secret is shown to nobody, and gone with the store.
    assert_eq!(shown["settings"]["secret"], "set");
    let agent = app.as_role("agent").await;
    assert_eq!(agent.get(&format!("/api/v1/stores/{store}")).await.1["settings"], json!({}));
    assert_eq!(agent.post("/api/v1/stores", json!({ "platform": "generic", "name": "Mine" })).await.0, 403);
    assert_eq!(app.delete(&format!("/api/v1/stores/{store}")).await.0, 204);
    assert_eq!(tell(&app, store, "3", &body, SECRET, now).await.0, 401);
});

story!(whoever_opens_an_account_with_somebody_elses_address_is_not_them, |app| async move {
    let (inbox, store) = (inbox(&app).await, store(&app).await);
    bring(&app, inbox, &mail("jo@post.example", "1@post", "Hello", "", "It is me")).await;
    let ticket = only_ticket(&app).await;
    let buyer = |verified: bool| json!({ "id": "77", "email": "jo@post.example", "email_verified": verified });
    let accounts = || async {
        let (_, card) = app.get(&format!("/api/v1/customers/{}", ticket["customer"]["id"])).await;
        let all = card["identities"].as_array().unwrap().clone();
        all.into_iter().filter(|one| one["kind"] == "shop_account").count()
    };
    told(&app, store, "1", &json!({ "customers": [buyer(false)] })).await;
    assert_eq!(accounts().await, 0, "the store has not made sure of the address");
    told(&app, store, "2", &json!({ "customers": [buyer(true)] })).await;
    assert_eq!(accounts().await, 1);
    // At a till nobody is named.
    let nobody = order("FV-2", "", "2026-02-21T09:00:00Z", json!({ "buyer": {} }));
    told(&app, store, "3", &json!({ "orders": [nobody] })).await;
    let row = app.app.db().one("SELECT customer FROM orders WHERE number = 'FV-2'", args![]).await.unwrap();
    assert_eq!(row.opt_int("customer").unwrap(), None);
});

story!(how_loyal_somebody_is_follows_from_what_the_shop_and_its_store_say, |app| async move {
    let (inbox, store) = (inbox(&app).await, store(&app).await);
    let buyer =
        json!({ "email": "jo@post.example", "name": "Jo Brandt", "tags": ["trail club"], "accepts_marketing": true });
    let bought = order("FV-1", "jo@post.example", "2026-02-21T09:00:00Z", json!({ "buyer": buyer }));
    told(&app, store, "1", &json!({ "orders": [bought] })).await;
    bring(&app, inbox, &mail("jo@post.example", "1@post", "Hello", "", "Hello")).await;
    let ticket = only_ticket(&app).await;
    let seen = beside(&app, &ticket).await;
    assert_eq!((&seen["tier"], &seen["marketing"]), (&Value::Null, &json!(true)), "nobody said what stands for a tier");
    let (status, shop) = app.patch("/api/v1/shop", json!({ "tier_tags": ["Summit", "Trail Club"] })).await;
    assert_eq!((status, &shop["tier_tags"]), (200, &json!(["Summit", "Trail Club"])), "{shop}");
    assert_eq!(beside(&app, &ticket).await["tier"], "Trail Club", "as the store's tag says");
    let customer = format!("/api/v1/customers/{}", ticket["customer"]["id"]);
    app.patch(&customer, json!({ "tags": ["summit"] })).await;
    assert_eq!(beside(&app, &ticket).await["tier"], "Summit", "the best of both");
    let field = json!({ "key": "level", "label": "Level", "kind": "text" });
    assert_eq!(app.post("/api/v1/customer-attributes", field).await.0, 201);
    app.patch("/api/v1/shop", json!({ "tier_attribute": "level" })).await;
    app.patch(&customer, json!({ "attributes": { "level": "Gold" } })).await;
    assert_eq!(beside(&app, &ticket).await["tier"], "Gold", "the shop's own field stands first");
    let (status, wrong) = app.patch("/api/v1/shop", json!({ "tier_tags": ["ok", ""] })).await;
    assert_eq!((status, &wrong["errors"][0]["field"]), (422, &json!("tier_tags[1]")));
});
