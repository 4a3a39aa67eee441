//! The addresses of a customer: how each was proven and seen, and what colleagues do with them by hand.

use base::{Actor, HOUR};
use desk::customers;
use serde_json::{Value, json};

use crate::{
    chats::{Visitor, widget},
    harness::TestApp,
    mails::{bring, checked, mail, only_ticket, trusting_inbox},
};

async fn known(app: &TestApp, kind: &str, value: &str) -> i64 {
    let mut tx = app.app.begin(Actor::System).await.unwrap();
    let one = customers::find_or_create(&mut tx, kind, value, None, None, false, "shop").await.unwrap();
    tx.commit().await.unwrap();
    one.id.0
}

async fn identities(app: &TestApp, customer: i64) -> Vec<Value> {
    app.get(&format!("/api/v1/customers/{customer}")).await.1["identities"].as_array().unwrap().clone()
}

async fn add(app: &TestApp, customer: i64, kind: &str, value: &str) -> (u16, Value) {
    app.post(&format!("/api/v1/customers/{customer}/identities"), json!({ "kind": kind, "value": value })).await
}

story!(each_identity_says_how_it_was_proven_and_when_it_was_seen, |app| async move {
    let inbox = trusting_inbox(&app).await;
    bring(&app, inbox, &mail("jo@post.example", "a1@post", "Tent", "", "First")).await;
    let jo = only_ticket(&app).await["customer"]["id"].as_i64().unwrap();
    let doubted = &identities(&app, jo).await[0];
    assert_eq!((&doubted["verified"], &doubted["verified_by"]), (&json!(false), &Value::Null));
    let first = "2026-03-02T09:00:00.000Z";
    assert_eq!((&doubted["first_seen_at"], &doubted["last_seen_at"]), (&json!(first), &json!(first)));

    app.clock.forward(HOUR);
    bring(&app, inbox, &mail("jo@post.example", "a2@post", "Re: Tent", &checked("pass"), "Second")).await;
    let proven = identities(&app, jo).await[0].clone();
    let later = "2026-03-02T10:00:00.000Z";
    assert_eq!((&proven["verified"], &proven["verified_by"]), (&json!(true), &json!("dmarc")));
    assert_eq!((&proven["verified_at"], &proven["last_seen_at"]), (&json!(later), &json!(later)));
    assert_eq!(proven["first_seen_at"], first);

    app.clock.forward(HOUR);
    bring(&app, inbox, &mail("jo@post.example", "a3@post", "Re: Tent", "", "Third")).await;
    let kept = identities(&app, jo).await[0].clone();
    assert_eq!((&kept["verified_by"], &kept["verified_at"]), (&json!("dmarc"), &json!(later)), "a proof is not lost");

    let chat = widget(&app).await;
    let visitor = Visitor::begin(&app, chat).await;
    visitor.say("1", "Anybody there?").await;
    app.tick().await;
    let (_, customers) = app.get("/api/v1/customers?q=visitor").await;
    let seen = &customers["data"][0]["identities"][0];
    assert_eq!((&seen["kind"], &seen["verified_by"]), (&json!("visitor"), &json!("channel")), "{customers}");
});

story!(colleagues_add_prove_and_take_away_identities, |app| async move {
    let jo = known(&app, "email", "jo@post.example").await;
    let path = |id: &Value| format!("/api/v1/customers/{jo}/identities/{id}");
    let (status, problem) = add(&app, jo, "phone", "22 12 34 56").await;
    assert_eq!((status, &problem["errors"][0]["field"]), (422, &json!("value")), "of which country? {problem}");
    assert_eq!(app.patch("/api/v1/shop", json!({ "country": "NO" })).await.0, 200);
    let (status, phone) = add(&app, jo, "phone", "22 12 34 56").await;
    assert_eq!((status, &phone["value"]), (201, &json!("+4722123456")), "{phone}");
    assert_eq!((&phone["source"], &phone["verified"]), (&json!("agent"), &json!(false)));
    assert_eq!((&phone["first_seen_at"], &phone["last_seen_at"]), (&Value::Null, &Value::Null));
    let (status, mail) = add(&app, jo, "email", " Jo@BLÅBÆR.example").await;
    assert_eq!((status, &mail["value"]), (201, &json!("jo@xn--blbr-roah.example")), "{mail}");
    let (status, account) = add(&app, jo, "shop_account", "4711").await;
    assert_eq!((status, &account["value"]), (201, &json!("1:4711")), "{account}");
    assert_eq!(add(&app, jo, "shop_account", "market:4711").await.0, 201, "another platform's 4711");

    let (status, proven) = app.patch(&path(&phone["id"]), json!({ "verified": true })).await;
    assert_eq!((status, &proven["verified_by"]), (200, &json!("agent")), "{proven}");
    let (_, doubted) = app.patch(&path(&phone["id"]), json!({ "verified": false })).await;
    assert_eq!((&doubted["verified"], &doubted["verified_at"]), (&json!(false), &Value::Null));
    assert_eq!(app.delete(&path(&phone["id"])).await.0, 204);
    assert_eq!(app.delete(&path(&phone["id"])).await.0, 404);
    let values: Vec<_> = identities(&app, jo).await.iter().map(|one| one["value"].clone()).collect();
    assert_eq!(values, ["jo@post.example", "jo@xn--blbr-roah.example", "1:4711", "market:4711"]);
    let (_, found) = app.get("/api/v1/customers?q=jo@xn--").await;
    assert_eq!(found["data"][0]["id"], json!(jo), "found by it: {found}");
    let (_, log) = app.get("/api/v1/events?after=0&limit=200").await;
    let told = log["data"].as_array().unwrap().iter().filter(|event| event["kind"] == "customer.changed");
    assert_eq!(told.count(), 7, "every change stands in the log: {log}");
});

story!(what_is_wrong_belongs_to_others_or_was_written_through_is_refused, |app| async move {
    let inbox = trusting_inbox(&app).await;
    bring(&app, inbox, &mail("jo@post.example", "a1@post", "Tent", "", "First")).await;
    let jo = only_ticket(&app).await["customer"]["id"].as_i64().unwrap();
    let kim = known(&app, "email", "kim@post.example").await;
    app.patch("/api/v1/shop", json!({ "country": "NO" })).await;
    for (kind, value) in [
        ("email", "kim"),
        ("email", "kim@post.example, jo@post.example"),
        ("phone", "22 12 34"),
        ("phone", "+47 22 12 34 56 78 90 12 34"),
        ("phone", "call me"),
        ("handle", "two words"),
        ("shop_account", " "),
        ("email", &"x".repeat(100_000)),
    ] {
        let (status, problem) = add(&app, jo, kind, value).await;
        assert_eq!((status, &problem["errors"][0]["field"]), (422, &json!("value")), "{value:.40}: {problem}");
    }
    let (status, problem) = add(&app, jo, "visitor", "visitor-1").await;
    assert_eq!((status, &problem["errors"][0]["field"]), (422, &json!("kind")), "{problem}");
    assert_eq!(add(&app, jo, "pigeon", "x").await.0, 422);

    let (status, problem) = add(&app, jo, "email", "KIM@post.example").await;
    assert_eq!(status, 409, "{problem}");
    assert!(problem["detail"].as_str().unwrap().contains(&format!("Customer {kim} ")), "{problem}");
    assert_eq!(add(&app, jo, "email", "jo@post.example").await.0, 409);
    assert_eq!(add(&app, 4711, "email", "new@post.example").await.0, 404);
    let viewer = app.as_role("viewer").await;
    let path = format!("/api/v1/customers/{jo}/identities");
    let hidden = viewer.post(&path, json!({ "kind": "email", "value": "kim@post.example" })).await;
    assert_eq!(hidden.0, 403);
    assert!(!hidden.1.to_string().contains(&kim.to_string()), "whose it is concerns only those who may change it");

    let own = identities(&app, jo).await[0]["id"].clone();
    let of_kim = identities(&app, kim).await[0]["id"].clone();
    assert_eq!(app.delete(&format!("{path}/{own}")).await.0, 409, "what came through it must stay somebody's");
    assert_eq!(app.delete(&format!("{path}/{of_kim}")).await.0, 404, "another one's, by a guessed id");
    assert_eq!(app.patch(&format!("{path}/{of_kim}"), json!({ "verified": true })).await.0, 404);
    assert_eq!(viewer.patch(&format!("{path}/{own}"), json!({ "verified": true })).await.0, 403);

    let (_, merged) = app.post(&format!("/api/v1/customers/{kim}/merge"), json!({ "into": jo })).await;
    assert_eq!(add(&app, kim, "email", "third@post.example").await.0, 409, "they are gone: {merged}");
    for (wrong, status) in [(json!("Norway"), 422), (json!("XX"), 422), (json!("no"), 422), (json!(null), 200)] {
        assert_eq!(app.patch("/api/v1/shop", json!({ "country": wrong })).await.0, status, "{wrong}");
    }
});

story!(two_colleagues_give_one_address_to_two_people_at_once, |app| async move {
    let (one, other) = (known(&app, "email", "a@post.example").await, known(&app, "email", "b@post.example").await);
    let mut tasks = tokio::task::JoinSet::new();
    for at in 0..8 {
        let (owner, customer) = (app.as_owner().await, [one, other][at % 2]);
        tasks.spawn(async move {
            let body = json!({ "kind": "email", "value": "both@post.example" });
            owner.post(&format!("/api/v1/customers/{customer}/identities"), body).await.0
        });
    }
    let all = tasks.join_all().await;
    assert_eq!(all.iter().filter(|status| **status == 201).count(), 1, "{all:?}");
    assert!(all.iter().all(|status| matches!(status, 201 | 409)), "{all:?}");
});
