//! Goods come back: asked for within the policy, held so that none comes back twice, received and settled.

use base::{Actor, DAY, Stamp};
use connectors::{
    action::ActionKind,
    order::{Address, Buyer, Line, Order, Payment, Shipment, Totals},
};
use desk::{
    Event,
    orders::{self, OrderId},
    returns::{self, Asked, AskedItem, policy::Outcome},
    shops::ShopId,
    stores::StoreId,
};
use serde_json::{Value, json};

use crate::{
    harness::{MORNING, TestApp},
    mails,
};

pub const BUYER: &str = "jo@post.example";

/// An order of a jacket and two base layers, sent to Germany and delivered a week ago.
pub async fn bought(app: &TestApp, number: &str, change: impl FnOnce(&mut Order)) -> OrderId {
    app.as_owner().await;
    let line = |id: &str, title: &str, quantity, price: i64| Line {
        id: id.into(),
        product: Some(format!("p-{id}")),
        variant: Some(format!("v-{id}")),
        sku: Some(format!("{id}-M")),
        title: title.into(),
        variant_title: Some("M".into()),
        quantity,
        shipped: quantity,
        price,
        total: price * quantity,
        ..Line::default()
    };
    let mut order = Order {
        id: number.into(),
        number: number.into(),
        placed_at: Some(Stamp(MORNING - 10 * DAY)),
        currency: "EUR".into(),
        payment: Payment::Paid,
        fulfilment: connectors::order::Fulfilment::Fulfilled,
        buyer: Buyer { name: Some("Johanna Brandt".into()), email: Some(BUYER.into()), ..Buyer::default() },
        lines: vec![line("jacket", "Fjell jacket", 1, 21_900), line("layer", "Ull base layer", 2, 8900)],
        totals: Totals { lines: 39_700, total: 39_700, paid: 39_700, ..Totals::default() },
        shipping_address: Some(Address {
            name: Some("Johanna Brandt".into()),
            line1: "Lange Reihe 5".into(),
            postcode: Some("20099".into()),
            city: "Hamburg".into(),
            country: "DE".into(),
            ..Address::default()
        }),
        shipments: vec![Shipment {
            id: format!("{number}-1"),
            shipped_at: Some(Stamp(MORNING - 9 * DAY)),
            delivered_at: Some(Stamp(MORNING - 7 * DAY)),
            ..Shipment::default()
        }],
        ..Order::default()
    };
    change(&mut order);
    let mut tx = app.app.begin(Actor::System).await.unwrap();
    let store = match tx.opt("SELECT id FROM stores ORDER BY id LIMIT 1", base::args![]).await.unwrap() {
        Some(row) => row.id("id").unwrap(),
        None => {
            let sql = "INSERT INTO stores (shop, platform, name, address, settings, health, health_since, created_at)
                VALUES (1, 'generic', 'Fjellvik', '', '{}', 'ok', $1, $1) RETURNING id";
            tx.one(sql, base::args![MORNING]).await.unwrap().id::<StoreId>("id").unwrap()
        }
    };
    let customer = match order.buyer.email.as_deref() {
        Some(email) => {
            let name = order.buyer.name.as_deref();
            let found = desk::customers::find_or_create(&mut tx, "email", email, name, None, false, "order").await;
            Some(found.unwrap().id)
        }
        None => None,
    };
    let put = orders::put(&mut tx, ShopId(1), store, customer, order).await.unwrap();
    tx.commit().await.unwrap();
    put.order.id
}

/// The shop says what it takes back.
pub async fn policy(app: &TestApp, change: impl FnOnce(&mut Value)) -> Value {
    let mut policy = json!({ "currency": "EUR", "windows": [{ "days": 30, "since": "delivery" }],
        "destinations": [{ "name": "Main", "lines": ["Fjellvik AS", "Bryggen 1", "5003 Bergen", "Norway"] }] });
    change(&mut policy);
    let (status, kept) = app.put("/api/v1/return-policy", policy).await;
    assert_eq!(status, 200, "{kept}");
    kept
}

pub fn asked(app: &TestApp, key: &str, order: OrderId, items: &[(&str, i64)]) -> Asked {
    let item = |(line, quantity): &(&str, i64)| AskedItem {
        line: (*line).to_owned(),
        quantity: *quantity,
        reason: "too_small".into(),
        comment: None,
        wished: None,
    };
    Asked {
        key: key.into(),
        number: returns::draw(&app.app).unwrap(),
        order,
        outcome: Outcome::Refund,
        method: None,
        items: items.iter().map(item).collect(),
        language: "en".into(),
        email: None,
        withdrawal: false,
        proved: true,
    }
}

async fn ask(app: &TestApp, asked: Asked) -> base::Result<returns::Return> {
    let kept = returns::current(app.app.db(), ShopId(1)).await?.expect("the shop has a policy");
    let mut tx = app.app.begin(Actor::System).await?;
    let made = returns::request(&mut tx, &kept, asked).await?;
    tx.commit().await?;
    app.tick().await;
    Ok(made)
}

pub async fn shown(app: &TestApp, id: returns::ReturnId) -> Value {
    let (status, found) = app.get(&format!("/api/v1/returns/{id}")).await;
    assert_eq!(status, 200, "{found}");
    found
}

/// What the shopper was written, oldest first.
pub async fn letters(app: &TestApp, found: &Value) -> Vec<String> {
    let all = mails::messages(app, found["ticket"].as_i64().unwrap()).await;
    all.iter().map(|message| format!("{}\n{}", message["subject"], message["text"])).collect()
}

story!(a_return_goes_its_way_until_the_money_is_due, |app| async move {
    mails::inbox(&app).await;
    let order = bought(&app, "FV-20390", |_| ()).await;
    policy(&app, |_| ()).await;
    let made = ask(&app, asked(&app, "form-1", order, &[("layer", 1)])).await.unwrap();
    let again = ask(&app, asked(&app, "form-1", order, &[("layer", 1)])).await.unwrap();
    assert_eq!(made.id, again.id, "the same form sent again is the same return");
    let found = shown(&app, made.id).await;
    assert_eq!((found["state"].as_str(), found["amount"].as_i64()), (Some("label_sent"), Some(8900)), "{found}");
    assert_eq!(found["order_number"], "FV-20390");
    let letter = letters(&app, &found).await.pop().unwrap();
    for words in ["1 × Ull base layer (M)", "You get EUR 89.00 back.", "hand it in by 1 April 2026", "/returns/r/"] {
        assert!(letter.contains(words), "{words}: {letter}");
    }
    let path = format!("/api/v1/returns/{}", made.id);
    let (status, moved) = app.post(&format!("{path}/transit"), json!({})).await;
    assert_eq!((status, &moved["money"]), (200, &json!("due")), "by law it is due when it was handed in: {moved}");
    let line = found["lines"][0]["id"].clone();
    let receipt = json!({ "lines": [{ "id": line, "received": 1, "condition": "new", "restock": true }] });
    assert_eq!(app.post(&format!("{path}/receipt"), receipt.clone()).await.0, 200);
    assert_eq!(app.post(&format!("{path}/receipt"), receipt).await.0, 409, "it came once");
    assert_eq!(app.post(&format!("{path}/resolution"), json!({})).await.0, 200);
    assert_eq!(app.post(&format!("{path}/cancellation"), json!({})).await.0, 409);
    app.tick().await;
    let found = shown(&app, made.id).await;
    assert_eq!((found["state"].as_str(), found["money"].as_str()), (Some("resolved"), Some("done")));
    assert_eq!(found["lines"][0]["condition"], "new");
    assert!(letters(&app, &found).await.iter().any(|letter| letter.contains("is settled")));
    let (_, ticket) = app.get(&format!("/api/v1/tickets/{}", found["ticket"])).await;
    assert_eq!(ticket["status"], "solved");
    let (_, listed) = app.get("/api/v1/returns?number=%20r").await;
    assert_eq!(listed["data"].as_array().unwrap().len(), 0);
    let typed = found["number"].as_str().unwrap().replace('-', "").to_lowercase();
    let (_, listed) = app.get(&format!("/api/v1/returns?number={typed}")).await;
    assert_eq!(listed["data"][0]["id"], found["id"], "found as the warehouse scans it");
});

story!(no_piece_comes_back_twice_however_many_ask_at_once, |app| async move {
    let order = bought(&app, "FV-1", |_| ()).await;
    policy(&app, |_| ()).await;
    let tries = (0..6).map(|number| ask(&app, asked(&app, &format!("form-{number}"), order, &[("layer", 1)])));
    let made = futures_util::future::join_all(tries).await;
    assert_eq!(made.iter().filter(|made| made.is_ok()).count(), 2, "two pieces were bought");
    let first = made.into_iter().flatten().next().unwrap();
    let (status, _) = app.post(&format!("/api/v1/returns/{}/cancellation", first.id), json!({})).await;
    assert_eq!(status, 200);
    ask(&app, asked(&app, "form-9", order, &[("layer", 1)])).await.unwrap();
    assert!(ask(&app, asked(&app, "form-10", order, &[("layer", 1)])).await.is_err(), "the other is on its way");
    let odd = asked(&app, "form-11", order, &[("jacket", 1), ("jacket", 1)]);
    assert!(ask(&app, odd).await.is_err());
});

story!(what_is_not_handed_in_expires_after_a_reminder, |app| async move {
    mails::inbox(&app).await;
    let order = bought(&app, "FV-2", |_| ()).await;
    policy(&app, |policy| policy["send_within"] = json!(20)).await;
    let made = ask(&app, asked(&app, "form-1", order, &[("jacket", 1)])).await.unwrap();
    let kept = ask(&app, asked(&app, "form-2", order, &[("layer", 1)])).await.unwrap();
    let (status, _) = app.post(&format!("/api/v1/returns/{}/transit", kept.id), json!({})).await;
    assert_eq!(status, 200);
    app.later(13 * DAY).await;
    let found = shown(&app, made.id).await;
    assert!(letters(&app, &found).await.last().unwrap().contains("Do you still want to send it back?"));
    app.later(7 * DAY).await;
    assert_eq!(shown(&app, made.id).await["state"], "expired");
    assert_eq!(shown(&app, kept.id).await["state"], "in_transit", "what is on its way is waited for");
    let line = found["lines"][0]["id"].clone();
    let receipt = json!({ "lines": [{ "id": line, "received": 1, "condition": "opened" }] });
    let (status, late) = app.post(&format!("/api/v1/returns/{}/receipt", made.id), receipt).await;
    assert_eq!((status, late["state"].as_str()), (200, Some("received")), "what comes after all is taken");
});

story!(pieces_of_an_expired_return_come_back_once, |app| async move {
    let order = bought(&app, "FV-8", |_| ()).await;
    policy(&app, |policy| policy["send_within"] = json!(5)).await;
    let old = ask(&app, asked(&app, "form-1", order, &[("jacket", 1)])).await.unwrap();
    app.later(5 * DAY).await;
    let new = ask(&app, asked(&app, "form-2", order, &[("jacket", 1)])).await.unwrap();
    for (made, status) in [(old, 409), (new, 200)] {
        let found = shown(&app, made.id).await;
        let receipt = json!({ "lines": [{ "id": found["lines"][0]["id"], "received": 1, "condition": "new" }] });
        assert_eq!(app.post(&format!("/api/v1/returns/{}/receipt", made.id), receipt).await.0, status);
    }
});

story!(who_sends_everything_back_by_law_gets_the_delivery_too, |app| async move {
    let with_delivery = |order: &mut Order| {
        order.totals.shipping = 900;
        order.totals.total = 40_600;
        order.totals.paid = 40_600;
    };
    let order = bought(&app, "FV-9", with_delivery).await;
    let abroad = bought(&app, "FV-10", |order| {
        with_delivery(order);
        order.shipping_address.as_mut().unwrap().country = "US".into();
    })
    .await;
    policy(&app, |_| ()).await;
    let part = ask(&app, asked(&app, "form-1", order, &[("layer", 2)])).await.unwrap();
    assert_eq!(part.worth, 17_800, "a part of it: the delivery was needed");
    assert_eq!(app.post(&format!("/api/v1/returns/{}/cancellation", part.id), json!({})).await.0, 200);
    let all = [("jacket", 1), ("layer", 2)];
    assert_eq!(ask(&app, asked(&app, "form-2", order, &all)).await.unwrap().worth, 40_600);
    assert_eq!(ask(&app, asked(&app, "form-3", abroad, &all)).await.unwrap().worth, 39_700);
});

story!(a_person_decides_what_the_policy_leaves_to_them, |app| async move {
    mails::inbox(&app).await;
    let order = bought(&app, "FV-3", |order| order.shipping_address.as_mut().unwrap().country = "US".into()).await;
    let rules = json!([{ "name": "Dear", "when": { "price": { "at_least": 20_000 } }, "then": { "verdict": "review" } },
        { "name": "Way", "then": { "fee": { "for": "shipping", "amount": 490 }, "release": "inspection" } }]);
    let kept = policy(&app, |policy| policy["rules"] = rules).await;
    assert_eq!(kept["version"], 1);
    let made = ask(&app, asked(&app, "form-1", order, &[("jacket", 1), ("layer", 2)])).await.unwrap();
    let found = shown(&app, made.id).await;
    assert_eq!(found["state"], "requested");
    assert_eq!(found["lines"][0]["offer"]["because"][0]["rule"], "Dear", "it says which rule led to it");
    assert_eq!(found["amount"], 39_700 - 490);
    let (_, ticket) = app.get(&format!("/api/v1/tickets/{}", found["ticket"])).await;
    assert_eq!(ticket["status"], "new", "somebody has to look");
    policy(&app, |_| ()).await;
    assert_eq!(shown(&app, made.id).await["policy_version"], 1, "it stays decided by the policy it was asked under");
    let viewer = app.as_role("viewer").await;
    let path = format!("/api/v1/returns/{}", made.id);
    assert_eq!(viewer.post(&format!("{path}/approval"), json!({})).await.0, 403);
    assert_eq!(app.post(&format!("{path}/approval"), json!({})).await.0, 200);
    assert_eq!(app.post(&format!("{path}/refusal"), json!({ "why": "Too late." })).await.0, 409);
    // One of three pieces is missing: what is owed is less, and the fee with it.
    let lines = found["lines"].as_array().unwrap();
    let receipt = json!({ "lines": [{ "id": lines[1]["id"], "received": 2, "condition": "used" }] });
    let (_, moved) = app.post(&format!("{path}/receipt"), receipt).await;
    assert_eq!((&moved["worth"], &moved["money"]), (&json!(17_800), &json!("none")), "{moved}");
    let (_, moved) = app.post(&format!("{path}/inspection"), json!({})).await;
    assert_eq!(moved["money"], "due");
    assert!(moved["amount"].as_i64().unwrap() <= 17_800);
    let refused = ask(&app, Asked { outcome: Outcome::Refund, ..asked(&app, "form-2", order, &[("jacket", 1)]) }).await;
    assert!(refused.is_err(), "the jacket is held by the first return");
});

story!(the_policy_is_checked_and_its_versions_kept, |app| async move {
    let (_, usual) = app.get("/api/v1/return-policy").await;
    assert_eq!((&usual["version"], &usual["policy"]["windows"][0]["days"]), (&json!(0), &json!(30)), "{usual}");
    let broken = json!({ "currency": "EUR", "windows": [{ "days": -1, "since": "delivery" }] });
    let (status, problem) = app.put("/api/v1/return-policy", broken).await;
    assert_eq!((status, &problem["errors"][0]["field"]), (422, &json!("windows[0].days")), "{problem}");
    policy(&app, |_| ()).await;
    assert_eq!(policy(&app, |policy| policy["zone"] = json!("Europe/Oslo")).await["version"], 2);
    let agent = app.as_role("agent").await;
    assert_eq!(agent.put("/api/v1/return-policy", usual["policy"].clone()).await.0, 403);
    assert_eq!(agent.get("/api/v1/return-policy").await.0, 200);
});

story!(a_policy_is_read_and_tried_before_it_holds, |app| async move {
    bought(&app, "FV-9", |order| order.lines[0].final_sale = true).await;
    let mut policy = json!({ "currency": "EUR", "windows": [{ "days": 30, "since": "delivery" }],
        "rules": [{ "name": "Layers", "when": { "skus": ["layer*"] }, "then": { "fee": { "for": "shipping", "amount": 490 } } }] });
    let (status, read) =
        app.post("/api/v1/return-policy/words", json!({ "policy": policy, "language": "de-AT" })).await;
    assert_eq!((status, &read["language"]), (200, &json!("de")), "{read}");
    assert!(read.to_string().contains("30 Tage") && read.to_string().contains("4,90"), "{read}");
    let trial = |policy: &Value, order: &str| json!({ "policy": policy, "order": order, "reason": "too_small" });
    let (status, tried) = app.post("/api/v1/return-policy/trials", trial(&policy, "fv 9")).await;
    assert_eq!((status, &tried["country"]), (200, &json!("DE")), "{tried}");
    let refund = |place: usize| tried["lines"][place]["decision"]["offers"][0].clone();
    assert_eq!(refund(0)["verdict"], "approve", "the law stands above a final sale: {}", refund(0));
    assert_eq!(refund(0)["because"].as_array().unwrap().last().unwrap()["why"], "right");
    assert_eq!(refund(1)["fee"]["amount"], 490, "{}", refund(1));
    assert_eq!(refund(1)["because"][0], json!({ "kind": "fee", "why": "rule", "rule": "Layers" }));
    let (_, none) = app.get("/api/v1/return-policy").await;
    assert_eq!(none["version"], 0, "nothing is kept");
    let (status, wrong) = app.post("/api/v1/return-policy/trials", trial(&policy, "FV-0")).await;
    assert_eq!((status, &wrong["errors"][0]["field"]), (422, &json!("order")));
    policy["rules"][0]["when"]["reasons"] = json!(["bored"]);
    let (status, wrong) = app.post("/api/v1/return-policy/words", json!({ "policy": policy, "language": "en" })).await;
    assert_eq!((status, &wrong["errors"][0]["field"]), (422, &json!("policy.rules[0].when.reasons[0]")), "{wrong}");
    let agent = app.as_role("agent").await;
    assert_eq!(agent.post("/api/v1/return-policy/words", json!({ "policy": policy, "language": "en" })).await.0, 403);
});

/// The store is asked for the refund; here its answer is written down as the actions do.
async fn answered(app: &TestApp, found: &Value, event: impl FnOnce(desk::actions::ActionId, OrderId) -> Event) {
    let order = OrderId(found["order"].as_i64().unwrap());
    let mut tx = app.app.begin(Actor::System).await.unwrap();
    let sql = "INSERT INTO order_actions (order_id, shop, kind, action, amount, worth, currency, state, key, actor, role,
            created_at) VALUES ($1, 1, 'refund', '{}', $2, $2, 'EUR', 'queued', $3, 'system', 'shopper', $4) RETURNING id";
    let key = format!("{}-{}", found["number"], found["moved_at"]);
    let amount = found["amount"].as_i64().unwrap();
    let action = tx.one(sql, base::args![order, amount, key, MORNING]).await.unwrap().id("id").unwrap();
    let sql = "UPDATE returns SET action = $1, money_why = NULL WHERE id = $2";
    tx.run(sql, base::args![action, found["id"].as_i64().unwrap()]).await.unwrap();
    tx.emit(&event(action, order)).unwrap();
    tx.commit().await.unwrap();
    app.tick().await;
}

story!(what_is_owed_is_given_once_and_a_refusal_goes_to_a_person, |app| async move {
    mails::inbox(&app).await;
    let order = bought(&app, "FV-7", |_| ()).await;
    policy(&app, |_| ()).await;
    let made = ask(&app, asked(&app, "form-1", order, &[("jacket", 1)])).await.unwrap();
    let path = format!("/api/v1/returns/{}", made.id);
    assert_eq!(app.post(&format!("{path}/payment"), json!({})).await.0, 409, "nothing is owed yet");
    app.post(&format!("{path}/transit"), json!({})).await;
    app.tick().await;
    // This store only tells; it cannot refund.
    let found = shown(&app, made.id).await;
    assert!(found["money_why"].as_str().is_some_and(|why| why.contains("has no such action")), "{found}");
    let (_, ticket) = app.get(&format!("/api/v1/tickets/{}", found["ticket"])).await;
    assert_eq!(ticket["status"], "open", "somebody has to see to it");
    let refused = |action, order| Event::ActionRefused {
        action,
        order,
        ticket: None,
        what: ActionKind::Refund,
        why: "The card has expired.".into(),
    };
    answered(&app, &found, refused).await;
    let found = shown(&app, made.id).await;
    assert_eq!((&found["money"], &found["money_why"]), (&json!("due"), &json!("The card has expired.")));
    app.clock.forward(1);
    let done = |action, order| Event::ActionDone {
        action,
        order,
        ticket: None,
        customer: None,
        what: ActionKind::Refund,
        amount: 21_900,
        currency: "EUR".into(),
        reference: None,
    };
    let receipt = json!({ "lines": [{ "id": found["lines"][0]["id"], "received": 1, "condition": "new" }] });
    let (_, found) = app.post(&format!("{path}/receipt"), receipt).await;
    assert_eq!((&found["state"], &found["money"]), (&json!("received"), &json!("due")));
    answered(&app, &found, done).await;
    let found = shown(&app, made.id).await;
    assert_eq!((&found["state"], &found["money"]), (&json!("resolved"), &json!("done")));
    assert_eq!(app.post(&format!("{path}/payment"), json!({})).await.0, 409);
    assert_eq!(app.post(&format!("{path}/resolution"), json!({})).await.0, 409);
    let letters = letters(&app, &found).await;
    assert_eq!(letters.iter().filter(|letter| letter.contains("is settled")).count(), 1, "{letters:?}");
});

story!(what_the_store_counts_as_given_back_is_counted_once, |app| async move {
    let change = |order: &mut Order| order.lines[1].quantity = 2;
    let order = bought(&app, "FV-13", change).await;
    policy(&app, |_| ()).await;
    let credit = Asked { outcome: Outcome::StoreCredit, ..asked(&app, "form-1", order, &[("layer", 1)]) };
    let made = ask(&app, credit).await.unwrap();
    let found = shown(&app, made.id).await;
    let lines = json!([{ "id": found["lines"][0]["id"], "received": 1, "condition": "new" }]);
    assert_eq!(app.post(&format!("/api/v1/returns/{}/receipt", made.id), json!({ "lines": lines })).await.0, 200);
    assert_eq!(app.post(&format!("/api/v1/returns/{}/resolution", made.id), json!({})).await.0, 200);
    // The store says so, too.
    bought(&app, "FV-13", |order| {
        change(order);
        order.lines[1].refunded = 1;
    })
    .await;
    assert!(ask(&app, asked(&app, "form-2", order, &[("layer", 2)])).await.is_err());
    ask(&app, asked(&app, "form-3", order, &[("layer", 1)])).await.expect("the other piece can come back");
});
