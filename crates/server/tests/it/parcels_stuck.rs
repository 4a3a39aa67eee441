//! Parcels that are stuck are found before anybody asks: each once, the shopper told once, and what rights itself ends.

use base::{DAY, HOUR, MINUTE, Stamp};
use connectors::order::{Scan, Shipment};
use desk::stores::Way;
use serde_json::{Value, json};

use crate::{
    harness::{MORNING, TestApp},
    mails::{bring, inbox, mail, messages, only_ticket, tickets},
    parcels::{events, order, parcel, said, shipment, told, told_by},
};

async fn rules(app: &TestApp, change: Value) -> Value {
    let (_, mut rules) = app.get("/api/v1/shipments/rules").await;
    change.as_object().unwrap().iter().for_each(|(key, value)| rules[key] = value.clone());
    let (status, rules) = app.put("/api/v1/shipments/rules", rules).await;
    assert_eq!(status, 200, "{rules}");
    rules
}

/// What is wrong now, by order.
async fn troubled(app: &TestApp) -> Vec<(i64, String)> {
    let (status, page) = app.get("/api/v1/shipments?troubled=true").await;
    assert_eq!(status, 200, "{page}");
    let all = page["data"].as_array().unwrap();
    let open = |parcel: &Value| {
        let troubles = parcel["troubles"].as_array().unwrap().clone();
        let open = troubles.into_iter().find(|trouble| trouble["ended_at"].is_null()).unwrap();
        (parcel["order"].as_i64().unwrap(), open["reason"].as_str().unwrap().to_owned())
    };
    all.iter().map(open).collect()
}

fn labelled() -> Shipment {
    let scan = Scan { at: Some(Stamp(MORNING)), status: "LABEL_PRINTED".into(), ..Scan::default() };
    Shipment { scans: vec![scan], ..shipment() }
}

async fn home(app: &TestApp) {
    app.as_owner().await;
    assert_eq!(app.patch("/api/v1/shop", json!({ "country": "DE" })).await.0, 200);
}

story!(a_label_that_nobody_fetches_is_found_after_four_business_days, |app| async move {
    home(&app).await;
    let id = told(&app, order("FV-1", labelled())).await;
    app.later(4 * DAY - MINUTE).await;
    assert_eq!(troubled(&app).await, []);
    // Friday, at the same time.
    app.later(2 * MINUTE).await;
    assert_eq!(troubled(&app).await, [(id, "not_handed_over".to_owned())]);
    assert_eq!(events(&app, "shipment.troubled").await[0]["data"]["reason"], "not_handed_over");
    let (_, page) = app.get("/api/v1/shipments?troubled=true&reason=not_handed_over").await;
    assert_eq!(
        (&page["data"][0]["order_number"], &page["data"][0]["customer_name"]),
        (&json!("FV-1"), &json!("Johanna Brandt")),
        "{page}"
    );
    let (_, page) = app.get("/api/v1/shipments?troubled=true&reason=late").await;
    assert_eq!(page["data"], json!([]));
    // Somebody looks into it: it leaves the list, and does not come back by itself.
    let path = format!("/api/v1/shipments/{}/troubles", parcel(&app, id).await["id"]);
    assert_eq!(app.as_role("viewer").await.delete(&path).await.0, 403);
    for _ in 0..2 {
        assert_eq!(app.delete(&path).await.0, 204);
    }
    app.later(2 * HOUR).await;
    assert_eq!(troubled(&app).await, []);
    assert!(parcel(&app, id).await["troubles"][0]["dismissed_at"].is_string());
    said(&app, "2026-03-06T09:30:00Z", "in_transit", "").await;
    assert!(parcel(&app, id).await["troubles"][0]["ended_at"].is_string(), "it was fetched after all");
    assert_eq!(events(&app, "shipment.trouble_ended").await.len(), 1);
    assert_eq!(tickets(&app.as_owner().await, "shelf=all").await, Vec::<Value>::new(), "nobody is written to unasked");
});

story!(silence_counts_in_business_days_at_home_and_abroad, |app| async move {
    home(&app).await;
    let near = told(&app, order("FV-2", shipment())).await;
    let mut abroad = order("FV-3", Shipment { number: Some("RB123456785GB".into()), ..shipment() });
    abroad.shipping_address.as_mut().unwrap().country = "NO".into();
    let far = told(&app, abroad).await;
    // A Friday afternoon.
    app.clock.forward(4 * DAY + 6 * HOUR);
    said(&app, "2026-03-06T14:00:00Z", "in_transit", "").await;
    let scan = json!({ "at": "2026-03-06T14:00:00Z", "status": "in_transit" });
    let body = json!({ "parcels": [{ "number": "RB123456785GB", "scans": [scan] }] });
    app.as_owner().await.post_bytes("/api/v1/carrier-news/generic", "application/json", body.to_string()).await;
    app.later(5 * DAY - 2 * HOUR).await;
    assert_eq!(troubled(&app).await, [], "Wednesday noon");
    app.later(2 * HOUR).await;
    assert_eq!(troubled(&app).await, [(near, "no_news".to_owned())]);
    app.later(2 * DAY).await;
    assert_eq!(troubled(&app).await, [(far, "no_news".to_owned()), (near, "no_news".to_owned())]);
    // It goes on, and is silent again: the same trouble once more, and no second one.
    said(&app, "2026-03-13T13:00:00Z", "in_transit", "Arrived").await;
    assert_eq!(troubled(&app).await, [(far, "no_news".to_owned())]);
    app.later(5 * DAY).await;
    assert_eq!(troubled(&app).await.len(), 2);
    assert_eq!(parcel(&app, near).await["troubles"].as_array().unwrap().len(), 1);
});

story!(the_shopper_is_told_once_in_a_ticket_that_knows_the_order, |app| async move {
    home(&app).await;
    inbox(&app).await;
    rules(&app, json!({ "tell_shoppers": true })).await;
    let mut bought = order("FV-4", Shipment { expected_at: Some(Stamp(MORNING + DAY)), ..labelled() });
    bought.language = Some("de".into());
    let id = told(&app, bought).await;
    said(&app, "2026-03-02T10:00:00Z", "in_transit", "").await;
    app.later(2 * DAY).await;
    assert_eq!(troubled(&app).await, [(id, "late".to_owned())]);
    let ticket = only_ticket(&app).await;
    assert_eq!(
        (&ticket["subject"], &ticket["status"]),
        (&json!("Ihre Bestellung FV-4 verspätet sich"), &json!("pending"))
    );
    let said_to = messages(&app, ticket["id"].as_i64().unwrap()).await;
    assert_eq!((said_to.len(), &said_to[0]["direction"]), (1, &json!("out")));
    assert!(said_to[0]["text"].as_str().unwrap().contains("/track/"), "{said_to:?}");
    let sql = "SELECT order_id FROM tickets WHERE id = $1";
    let row = app.app.db().one(sql, base::args![ticket["id"].as_i64().unwrap()]).await.unwrap();
    assert_eq!(row.opt_int("order_id").unwrap(), Some(id));
    let trouble = parcel(&app, id).await["troubles"][0].clone();
    assert_eq!((&trouble["ticket"], trouble["told_at"].is_string()), (&ticket["id"], true));
    // Something else is wrong, too: they are in a conversation about it already.
    said(&app, "2026-03-04T08:00:00Z", "exception", "Parcel damaged").await;
    app.later(MINUTE).await;
    assert_eq!(parcel(&app, id).await["troubles"].as_array().unwrap().len(), 2);
    assert_eq!(messages(&app, ticket["id"].as_i64().unwrap()).await.len(), 1);
    // It rights itself, and is late again: nobody is told twice.
    said(&app, "2026-03-04T08:30:00Z", "available_for_pickup", "").await;
    said(&app, "2026-03-04T08:40:00Z", "in_transit", "").await;
    app.later(10 * DAY).await;
    assert_eq!(messages(&app, only_ticket(&app).await["id"].as_i64().unwrap()).await.len(), 1);
});

story!(nobody_is_woken_and_the_shop_says_it_in_its_own_words, |app| async move {
    home(&app).await;
    inbox(&app).await;
    let owner = app.as_owner().await;
    let texts = |text: &str| json!({ "late": { "en": { "subject": "About {{order.number}}", "text": text } } });
    let own = "Hi, {{order.carrier}} has {{order.tracking_number}}: {{order.page_url}}";
    let (status, refused) = owner.put("/api/v1/shipments/rules", json!({ "texts": texts("{{order.nmber}}") })).await;
    assert_eq!((status, &refused["errors"][0]["field"]), (422, &json!("texts.late.en.text")), "{refused}");
    let trial = json!({ "kind": "late", "language": "en", "text": texts(own)["late"]["en"] });
    let (status, look) = owner.post("/api/v1/shipments/rules/preview-text", trial.clone()).await;
    assert_eq!((status, &look["subject"], &look["missing"]), (200, &json!("About 1001"), &json!([])), "{look}");
    assert!(look["draft"]["text"].as_str().unwrap().contains("{{order.page_url}}"), "{look}");
    let agent = app.as_role("agent").await;
    assert_eq!(agent.post("/api/v1/shipments/rules/preview-text", trial).await.0, 403);
    rules(&app, json!({ "tell_shoppers": true, "texts": texts(own) })).await;
    let quiet = json!({ "quiet": { "from": "21:00", "until": "08:00" }, "most_a_day": 1 });
    assert_eq!(owner.put("/api/v1/order-updates", quiet).await.0, 200);
    let promised = || Shipment { expected_at: Some(Stamp(MORNING + DAY)), ..labelled() };
    let mut bought = order("FV-7", promised());
    bought.language = Some("en".into());
    let id = told(&app, bought).await;
    said(&app, "2026-03-02T10:00:00Z", "in_transit", "").await;
    app.later(DAY + 16 * HOUR).await;
    assert_eq!(troubled(&app).await, [(id, "late".to_owned())], "the team knows it in the night");
    assert_eq!(tickets(&owner, "shelf=all").await, Vec::<Value>::new(), "and nobody is woken");
    app.later(10 * HOUR).await;
    let ticket = only_ticket(&app).await;
    assert_eq!(ticket["subject"], "About FV-7");
    let heard = messages(&app, ticket["id"].as_i64().unwrap()).await;
    assert!(heard[0]["text"].as_str().unwrap().starts_with("Hi, PostNord has RR 123 456 785 SE: http"), "{heard:?}");
    assert!(parcel(&app, id).await["troubles"][0]["told_at"].is_string());
    // Of another parcel on the same day they hear nothing more; the team does.
    let number = Some("RB123456785GB".into());
    let other = told(&app, order("FV-8", Shipment { id: "s2".into(), number, ..promised() })).await;
    let scan = json!({ "at": "2026-03-04T10:00:00Z", "status": "exception" });
    let body = json!({ "parcels": [{ "number": "RB123456785GB", "scans": [scan] }] });
    owner.post_bytes("/api/v1/carrier-news/generic", "application/json", body.to_string()).await;
    app.later(MINUTE).await;
    assert!(troubled(&app).await.contains(&(other, "exception".to_owned())));
    assert_eq!(only_ticket(&app).await["id"], ticket["id"]);
});

story!(who_is_blocked_or_does_not_want_to_hear_is_not_written_to, |app| async move {
    home(&app).await;
    let letters = inbox(&app).await;
    rules(&app, json!({ "tell_shoppers": true })).await;
    bring(&app, letters, &mail("jo@post.example", "a1@post", "Hello", "", "An old question")).await;
    let old = only_ticket(&app).await;
    app.patch(&format!("/api/v1/tickets/{}", old["id"]), json!({ "status": "solved" })).await;
    let who = &old["customer"]["id"];
    let consent = json!({ "what": "order_messages", "how": "at the till" });
    let (_, given) = app.post(&format!("/api/v1/customers/{who}/consents"), consent).await;
    app.delete(&format!("/api/v1/customers/{who}/consents/{}", given["id"])).await;
    let id = told(&app, order("FV-5", labelled())).await;
    app.later(4 * DAY + HOUR).await;
    assert_eq!(troubled(&app).await, [(id, "not_handed_over".to_owned())], "the team sees it");
    assert_eq!(only_ticket(&app).await["id"], old["id"]);
    assert_eq!(parcel(&app, id).await["troubles"][0]["told_at"], Value::Null);
    // Another, whose domain is blocked.
    let mut other = order("FV-6", Shipment { id: "s2".into(), number: Some("RB123456785GB".into()), ..labelled() });
    other.buyer.email = Some("al@spam.example".into());
    let block = json!({ "what": "domain", "value": "spam.example", "why": "Floods" });
    assert_eq!(app.post("/api/v1/blocks", block).await.0, 201);
    told(&app, other).await;
    app.later(7 * DAY).await;
    assert_eq!(troubled(&app).await.len(), 2);
    assert_eq!(only_ticket(&app).await["id"], old["id"]);
});

story!(what_left_before_the_store_was_connected_alarms_nobody, |app| async move {
    home(&app).await;
    let long_ago = Shipment { shipped_at: Some(Stamp(MORNING - 60 * DAY)), ..shipment() };
    told_by(&app, order("FV-7", long_ago), Way::First).await;
    let lately =
        Shipment { number: Some("RB123456785GB".into()), shipped_at: Some(Stamp(MORNING - 9 * DAY)), ..labelled() };
    let id = told_by(&app, order("FV-8", lately), Way::First).await;
    assert_eq!(events(&app, "shipment.created").await, Vec::<Value>::new());
    app.later(DAY).await;
    assert_eq!(troubled(&app).await, []);
    app.later(4 * DAY).await;
    assert_eq!(troubled(&app).await, [(id, "not_handed_over".to_owned())], "counted from when we knew of it");
    // Where no carrier's news come in at all, nobody can say whether parcels were fetched.
    let unheard = told(&app, order("FV-9", Shipment { number: Some("123456".into()), ..shipment() })).await;
    app.app.db().run("DELETE FROM scans", base::args![]).await.unwrap();
    app.later(7 * DAY).await;
    assert!(troubled(&app).await.iter().all(|(order, _)| *order != unheard));
});

story!(rules_are_set_within_bounds_and_tried_on_what_is_past, |app| async move {
    home(&app).await;
    assert_eq!(app.get("/api/v1/shipments/rules").await.1["home_days"], 3);
    for (wrong, field) in [
        (json!({ "home_days": 0 }), "home_days"),
        (json!({ "zone": "Mars/Base" }), "zone"),
        (json!({ "weekends": true }), "weekends"),
    ] {
        let (status, problem) = app.put("/api/v1/shipments/rules", wrong).await;
        assert_eq!((status, &problem["errors"][0]["field"]), (422, &json!(field)), "{problem}");
    }
    assert_eq!(app.as_role("agent").await.put("/api/v1/shipments/rules", json!({})).await.0, 403);
    rules(&app, json!({ "pickup_days": null, "home_days": null, "abroad_days": null, "late": false })).await;
    let id = told(&app, order("FV-10", labelled())).await;
    app.clock.forward(10 * DAY);
    said(&app, "2026-03-10T09:00:00Z", "in_transit", "").await;
    said(&app, "2026-03-11T09:00:00Z", "delivered", "").await;
    app.tick().await;
    assert_eq!(troubled(&app).await, [], "all of it is off");
    let trial = json!({ "days": 30, "rules": { "zone": "UTC" } });
    let (status, found) = app.post("/api/v1/shipments/rules/preview", trial).await;
    assert_eq!(status, 200, "{found}");
    assert_eq!((&found["parcels"], &found["found"]), (&json!(1), &json!({ "not_handed_over": 1 })));
    let one = &found["examples"][0];
    assert_eq!((&one["order"], &one["found_at"]), (&json!(id), &json!("2026-03-06T09:00:00.000Z")), "{one}");
    assert_eq!(one["ended_at"], "2026-03-10T09:00:00.000Z");
    let (_, none) = app.post("/api/v1/shipments/rules/preview", json!({})).await;
    assert_eq!(none["found"], json!({}), "{none}");
    assert_eq!(app.post("/api/v1/shipments/rules/preview", json!({ "days": 0 })).await.0, 422);
    // New rules hold for parcels that are on their way already.
    let other = Shipment { number: Some("RB123456785GB".into()), ..labelled() };
    let stuck = told(&app, order("FV-11", other)).await;
    app.tick().await;
    assert_eq!(troubled(&app).await, []);
    rules(&app, json!({ "pickup_days": 4 })).await;
    app.tick().await;
    assert_eq!(troubled(&app).await, [(stuck, "not_handed_over".to_owned())]);
});

story!(days_are_those_of_the_shops_clocks, |app| async move {
    home(&app).await;
    let promised = Shipment { expected_at: Some(Stamp(MORNING)), ..shipment() };
    let id = told(&app, order("FV-12", promised)).await;
    assert_eq!(app.patch("/api/v1/shop", json!({ "time_zone": "Asia/Tokyo" })).await.0, 200);
    app.later(5 * HOUR).await;
    assert_eq!(troubled(&app).await, []);
    // The day is over there at 15:00 by the clocks of Greenwich.
    app.later(2 * HOUR).await;
    assert_eq!(troubled(&app).await, [(id, "late".to_owned())]);
});
