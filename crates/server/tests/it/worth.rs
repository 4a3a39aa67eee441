//! What goes out is what was agreed to, is measured by what it is worth, and is not given twice by another name.

use base::{HOUR, Stamp};
use connectors::order::Fulfilment;
use serde_json::{Value, json};

use crate::{
    actions::{id_of, shop_story},
    client::Client,
    fake_shop::FakeShop,
    harness::TestApp,
};

async fn ask(client: &Client, order: i64, action: Value, seen: &Value) -> Value {
    let path = format!("/api/v1/orders/{order}/actions");
    let (_, made) = client.post(&path, json!({ "action": action, "seen": seen })).await;
    made
}

async fn state(app: &TestApp, action: &Value) -> Value {
    app.get(&format!("/api/v1/actions/{}", action["id"])).await.1
}

async fn limits(app: &TestApp) {
    let limits = json!({ "data": [
        { "role": "agent", "kind": "refund", "currency": "EUR", "once": 5000, "day": 20_000 },
        { "role": "lead", "kind": "refund", "currency": "EUR", "once": 30_000 },
    ] });
    assert_eq!(app.put("/api/v1/authority", limits).await.0, 200);
}

fn paid(shop: &FakeShop, number: usize, amount: i64) {
    let mut inner = shop.0.lock().unwrap();
    inner.changes = true;
    inner.orders[number].totals.paid = amount;
    inner.orders[number].fulfilment = Fulfilment::Unfulfilled;
    inner.orders[number].changed_at = None;
}

shop_story!(a_cancel_gives_back_no_more_than_was_agreed_to, |app, shop| async move {
    limits(&app).await;
    paid(&shop, 0, 4000);
    let order = id_of(&app, "FV-1").await;
    let (agent, lead) = (app.as_role("agent").await, app.as_role("lead").await);
    app.clock.forward(HOUR);
    app.get(&format!("/api/v1/orders/{order}?fresh=true")).await;
    let cancel = json!({ "kind": "cancel", "refund": true });
    let made = ask(&agent, order, cancel.clone(), &Value::Null).await;
    assert_eq!((&made["state"], &made["amount"]), (&json!("queued"), &json!(4000)), "{made}");
    // It is paid for meanwhile.
    paid(&shop, 0, 47_800);
    app.later(HOUR).await;
    let refused = state(&app, &made).await;
    assert_eq!(refused["state"], "refused", "{refused}");
    assert!(refused["why"].as_str().unwrap().contains("more would go out"), "{refused}");
    assert_eq!(shop.order("fv-1").totals.refunded, 0);
    // The same while it waits for a lead.
    paid(&shop, 1, 6000);
    let other = id_of(&app, "FV-2").await;
    app.get(&format!("/api/v1/orders/{other}?fresh=true")).await;
    let waits = ask(&agent, other, cancel, &Value::Null).await;
    assert_eq!(waits["state"], "awaiting_approval", "{waits}");
    paid(&shop, 1, 20_000);
    app.clock.forward(HOUR);
    app.get(&format!("/api/v1/orders/{other}?fresh=true")).await;
    let decision = format!("/api/v1/actions/{}/decision", waits["id"]);
    let (status, conflict) = lead.put(&decision, json!({ "approve": true })).await;
    assert_eq!(status, 409, "{conflict}");
    assert_eq!(lead.put(&decision, json!({ "approve": false })).await.0, 200);
});

shop_story!(money_leaves_in_the_currency_that_was_confirmed, |app, shop| async move {
    let order = id_of(&app, "FV-1").await;
    let owner = app.as_owner().await;
    let made = ask(&owner, order, json!({ "kind": "refund", "amount": 4000 }), &Value::Null).await;
    shop.0.lock().unwrap().orders[0].currency = "JPY".to_owned();
    app.later(HOUR).await;
    let refused = state(&app, &made).await;
    assert_eq!(refused["state"], "refused", "{refused}");
    assert!(refused["why"].as_str().unwrap().contains("another currency"), "{refused}");
    assert_eq!(shop.order("fv-1").totals.refunded, 0);
});

shop_story!(what_was_given_from_here_counts_before_the_shops_books_show_it, |app, shop| async move {
    let order = id_of(&app, "FV-1").await;
    let owner = app.as_owner().await;
    let made = ask(&owner, order, json!({ "kind": "refund", "amount": 30_000 }), &Value::Null).await;
    app.later(HOUR).await;
    assert_eq!(state(&app, &made).await["state"], "done");
    // Its payment provider takes days, and until then the order looks as before.
    shop.0.lock().unwrap().orders[0].totals.refunded = 0;
    app.later(HOUR).await;
    app.get(&format!("/api/v1/orders/{order}?fresh=true")).await;
    let again = ask(&owner, order, json!({ "kind": "refund", "amount": 30_000 }), &made["id"]).await;
    assert_eq!(again["status"], 409, "{again}");
    let rest = ask(&owner, order, json!({ "kind": "refund" }), &made["id"]).await;
    assert_eq!(rest["amount"], 17_800, "all that is left: {rest}");
});

shop_story!(an_exchange_is_worth_what_it_costs_more_and_is_had_once, |app, shop| async move {
    limits(&app).await;
    {
        let mut inner = shop.0.lock().unwrap();
        inner.changes = true;
        inner.orders[0].fulfilment = Fulfilment::Fulfilled;
        inner.orders[0].changed_at = None;
    }
    app.clock.forward(HOUR);
    let order = id_of(&app, "FV-1").await;
    app.get(&format!("/api/v1/orders/{order}?fresh=true")).await;
    let agent = app.as_role("agent").await;
    let exchange = |quantity: i64| {
        json!({ "kind": "exchange", "lines": [{ "line": "2", "quantity": 1 }],
            "with": [{ "product": "tent", "variant": "tent-1", "quantity": quantity }] })
    };
    for (action, field) in [
        (json!({ "kind": "exchange", "lines": [{ "line": "2", "quantity": 1 }], "with": [] }), "with"),
        (exchange(-5), "with[0].quantity"),
    ] {
        let refused = ask(&agent, order, action, &Value::Null).await;
        assert_eq!(refused["errors"][0]["field"], field, "{refused}");
    }
    let unknown = ask(&agent, order, exchange(500), &Value::Null).await;
    assert_eq!(
        (&unknown["state"], &unknown["above"]),
        (&json!("awaiting_approval"), &json!("nobody can say what it is worth")),
        "{unknown}"
    );
    // A product whose price is known.
    let sql = "INSERT INTO products (store, external, title, data, active, read_at)
        SELECT store, 'tent', 'Tent', $1, TRUE, 0 FROM orders WHERE id = $2";
    let variant = json!({ "id": "tent-1", "title": "", "price": 9000, "currency": "EUR" });
    let tent = json!({ "id": "tent", "title": "Tent", "variants": [variant] });
    let mut tx = app.app.begin(base::Actor::System).await.unwrap();
    tx.run(sql, base::args![tent, order]).await.unwrap();
    tx.commit().await.unwrap();
    let many = ask(&agent, order, exchange(2), &unknown["id"]).await;
    assert_eq!(many["above"], "more than 50.00 EUR at once", "180 for 49: {many}");
    let one = ask(&agent, order, exchange(1), &many["id"]).await;
    assert_eq!((&one["state"], &one["above"]), (&json!("queued"), &Value::Null), "41 more: {one}");
    app.later(HOUR).await;
    assert_eq!(state(&app, &one).await["state"], "done");
    // The same piece is neither exchanged nor given back once more.
    let lines = json!([{ "line": "2", "quantity": 1 }]);
    for action in [exchange(1), json!({ "kind": "refund", "lines": lines })] {
        let refused = ask(&app.as_owner().await, order, action, &one["id"]).await;
        assert_eq!(refused["errors"][0]["field"], "lines[0].quantity", "{refused}");
    }
});

shop_story!(a_code_for_much_of_an_unknown_order_needs_approval, |app, _shop| async move {
    limits(&app).await;
    let order = id_of(&app, "FV-1").await;
    let agent = app.as_role("agent").await;
    let code = |percent: i64| json!({ "kind": "discount", "percent": percent });
    let small = ask(&agent, order, code(10), &Value::Null).await;
    assert_eq!((&small["state"], &small["above"]), (&json!("queued"), &Value::Null), "{small}");
    let large = ask(&agent, order, code(100), &small["id"]).await;
    assert_eq!(large["above"], "nobody can say what it is worth", "{large}");
    let decision = format!("/api/v1/actions/{}/decision", large["id"]);
    assert_eq!(app.as_role("lead").await.put(&decision, json!({ "approve": true })).await.0, 200, "a lead has judged");
});

shop_story!(an_order_that_says_it_will_change_next_year_is_read_all_the_same, |app, shop| async move {
    let order = id_of(&app, "FV-1").await;
    let owner = app.as_owner().await;
    // A clock that was wrong, once.
    shop.0.lock().unwrap().orders[0].changed_at = Some(Stamp(app.app.now() + 400 * base::DAY));
    app.clock.forward(HOUR);
    app.get(&format!("/api/v1/orders/{order}?fresh=true")).await;
    {
        let mut inner = shop.0.lock().unwrap();
        inner.orders[0].changed_at = Some(Stamp(app.app.now()));
        inner.orders[0].totals.refunded = 47_800;
    }
    let made = ask(&owner, order, json!({ "kind": "refund", "amount": 4000 }), &Value::Null).await;
    app.later(HOUR).await;
    assert_eq!(state(&app, &made).await["state"], "refused", "all of it was given back");
    assert_eq!(shop.order("fv-1").totals.refunded, 47_800);
});

shop_story!(nobody_without_limits_lets_money_go, |app, _shop| async move {
    let order = id_of(&app, "FV-1").await;
    let program = app.as_program(&["read", "orders"]).await;
    // As one that the command line made, which belongs to nobody.
    let mut tx = app.app.begin(base::Actor::System).await.unwrap();
    tx.run("UPDATE tokens SET agent = NULL", base::args![]).await.unwrap();
    tx.commit().await.unwrap();
    for path in ["approval", "transit", "inspection", "payment", "resolution", "receipt"] {
        let body = if path == "receipt" { json!({ "lines": [] }) } else { json!({}) };
        let (status, refused) = program.post(&format!("/api/v1/returns/1/{path}"), body).await;
        assert_eq!(status, 403, "{path}: {refused}");
        assert!(refused["detail"].as_str().unwrap().contains("a token without an agent"), "{path}: {refused}");
    }
    let refund = json!({ "action": { "kind": "refund", "amount": 1 } });
    let path = format!("/api/v1/orders/{order}/actions");
    let (_, refused) = program.post(&path, refund).await;
    assert!(refused["detail"].as_str().unwrap().contains("a token without an agent"), "{refused}");
    // Of parcels alone a token may tell, and nothing else.
    let carrier = app.as_program(&["carriers"]).await;
    let news = json!({ "parcels": [{ "number": "RR123456785SE", "expected_at": "2026-03-04T09:00:00Z" }] }).to_string();
    let (status, taken) = carrier.post_bytes("/api/v1/carrier-news/generic", "application/json", news).await;
    assert!((200..300).contains(&status), "{status} {taken}");
    for path in ["/api/v1/tickets", path.as_str(), "/api/v1/returns/1/payment", "/api/v1/canned-answers"] {
        assert_eq!(carrier.post(path, json!({})).await.0, 403, "{path}");
    }
});
