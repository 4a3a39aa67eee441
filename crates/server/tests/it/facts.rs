//! What is known of a customer: checked, kept, and with the right person after merges.

use base::Actor;
use desk::customers;
use serde_json::{Value, json};

use crate::harness::TestApp;

async fn known(app: &TestApp, address: &str) -> i64 {
    let mut tx = app.app.begin(Actor::System).await.unwrap();
    let one = customers::find_or_create(&mut tx, "email", address, None, None, false, "shop").await.unwrap();
    tx.commit().await.unwrap();
    one.id.0
}

async fn card(app: &TestApp, id: i64) -> Value {
    app.get(&format!("/api/v1/customers/{id}")).await.1
}

async fn patch(app: &TestApp, id: i64, body: Value) -> (u16, Value) {
    app.patch(&format!("/api/v1/customers/{id}"), body).await
}

async fn attribute(app: &TestApp, key: &str, kind: &str, choices: Value) -> i64 {
    let body = json!({ "key": key, "label": key, "kind": kind, "choices": choices });
    let (status, made) = app.post("/api/v1/customer-attributes", body).await;
    assert_eq!(status, 201, "{made}");
    made["id"].as_i64().unwrap()
}

story!(a_shop_says_what_else_it_wants_to_know_and_wrong_values_name_their_field, |app| async move {
    let jo = known(&app, "jo@post.example").await;
    let size = attribute(&app, "shoe_size", "number", json!([])).await;
    attribute(&app, "club", "boolean", json!([])).await;
    attribute(&app, "birthday", "date", json!([])).await;
    let tier = attribute(&app, "tier", "choice", json!(["gold", "silver", "gold"])).await;
    attribute(&app, "dog", "text", json!([])).await;
    let good = json!({ "shoe_size": 42.5, "club": true, "birthday": "1990-02-28", "tier": "gold", "dog": " Balder " });
    let (status, jo_now) = patch(&app, jo, json!({ "attributes": good })).await;
    assert_eq!(status, 200, "{jo_now}");
    assert_eq!((&jo_now["attributes"]["shoe_size"], &jo_now["attributes"]["dog"]), (&json!(42.5), &json!("Balder")));
    for (key, value) in [
        ("shoe_size", json!("42")),
        ("club", json!("yes")),
        ("birthday", json!("1990-02-30")),
        ("tier", json!("bronze")),
        ("dog", json!({ "name": "Balder" })),
        ("dog", json!("x".repeat(1_001))),
        ("cat", json!("Silvi")),
    ] {
        let (status, problem) = patch(&app, jo, json!({ "attributes": { key: value } })).await;
        let field = format!("attributes.{key}");
        assert_eq!((status, &problem["errors"][0]["field"]), (422, &json!(field)), "{problem}");
    }
    let (_, jo_now) = patch(&app, jo, json!({ "attributes": { "dog": null, "club": false } })).await;
    let values = json!({ "shoe_size": 42.5, "club": false, "birthday": "1990-02-28", "tier": "gold" });
    assert_eq!(jo_now["attributes"], values, "what is not named stays");

    for (body, field) in [
        (json!({ "key": "Shoe size", "label": "x", "kind": "text" }), "key"),
        (json!({ "key": "x", "label": " ", "kind": "text" }), "label"),
        (json!({ "key": "x", "label": "x", "kind": "choice" }), "choices"),
    ] {
        let (status, problem) = app.post("/api/v1/customer-attributes", body).await;
        assert_eq!((status, &problem["errors"][0]["field"]), (422, &json!(field)), "{problem}");
    }
    let twice = json!({ "key": "tier", "label": "Tier", "kind": "text" });
    assert_eq!(app.post("/api/v1/customer-attributes", twice.clone()).await.0, 409);
    let agent = app.as_role("agent").await;
    assert_eq!(agent.post("/api/v1/customer-attributes", twice).await.0, 403);
    assert_eq!(agent.get("/api/v1/customer-attributes").await.1["data"].as_array().unwrap().len(), 5);
    let path = format!("/api/v1/customer-attributes/{tier}");
    let (status, changed) = app.patch(&path, json!({ "label": "Level", "choices": ["bronze"] })).await;
    assert_eq!((status, &changed["choices"]), (200, &json!(["bronze"])), "{changed}");
    assert_eq!(card(&app, jo).await["attributes"]["tier"], "gold", "what they have stays");
    assert_eq!(app.delete(&format!("/api/v1/customer-attributes/{size}")).await.0, 204);
    assert_eq!(app.delete(&format!("/api/v1/customer-attributes/{size}")).await.0, 404);
    assert_eq!(patch(&app, jo, json!({ "attributes": { "shoe_size": 40 } })).await.0, 422);
});

story!(languages_zone_tags_and_addresses_are_checked_and_kept, |app| async move {
    let jo = known(&app, "jo@post.example").await;
    let home = json!({ "label": "home", "street": "Storgata 1", "postcode": "0155", "city": "Oslo", "country": "no" });
    let body = json!({ "languages": ["nb", "de-AT", "nb"], "time_zone": "europe/oslo", "tags": ["VIP ", "vip"],
        "addresses": [home, { "city": "Bergen" }] });
    let (status, now) = patch(&app, jo, body).await;
    assert_eq!(status, 200, "{now}");
    assert_eq!((&now["languages"], &now["time_zone"]), (&json!(["nb", "de-AT"]), &json!("Europe/Oslo")));
    assert_eq!((&now["tags"], &now["addresses"][0]["country"]), (&json!(["vip"]), &json!("NO")));
    for (wrong, field) in [
        (json!({ "languages": ["Norwegian!"] }), "languages"),
        (json!({ "time_zone": "Oslo" }), "time_zone"),
        (json!({ "tags": [" "] }), "tags"),
        (json!({ "tags": (0..31).map(|n| n.to_string()).collect::<Vec<_>>() }), "tags"),
        (json!({ "addresses": [{ "city": "Oslo" }, { "city": "Oslo", "country": "Norway" }] }), "addresses.1.country"),
        (json!({ "addresses": [{}] }), "addresses.0.street"),
    ] {
        let (status, problem) = patch(&app, jo, wrong).await;
        assert_eq!((status, &problem["errors"][0]["field"]), (422, &json!(field)), "{problem}");
    }
    let (_, now) = patch(&app, jo, json!({ "time_zone": null, "addresses": [] })).await;
    assert_eq!((&now["time_zone"], &now["addresses"], &now["tags"]), (&Value::Null, &json!([]), &json!(["vip"])));
});

story!(a_consent_is_noted_taken_back_and_never_deleted, |app| async move {
    let jo = known(&app, "jo@post.example").await;
    let path = format!("/api/v1/customers/{jo}/consents");
    let body = json!({ "what": "Newsletter", "how": "Ticked the box at checkout" });
    let (status, given) = app.post(&path, body.clone()).await;
    assert_eq!((status, &given["what"], &given["withdrawn_at"]), (201, &json!("newsletter"), &Value::Null), "{given}");
    assert_eq!(app.post(&path, body.clone()).await.0, 409, "once is enough");
    for (wrong, field) in [
        (json!({ "what": "", "how": "x" }), "what"),
        (json!({ "what": "sms", "how": " " }), "how"),
        (json!({ "what": "sms", "how": "x", "given_at": "2030-01-01T00:00:00Z" }), "given_at"),
    ] {
        let (status, problem) = app.post(&path, wrong).await;
        assert_eq!((status, &problem["errors"][0]["field"]), (422, &json!(field)), "{problem}");
    }
    assert_eq!(app.as_role("viewer").await.post(&path, body.clone()).await.0, 403);
    let other = known(&app, "other@post.example").await;
    assert_eq!(app.delete(&format!("/api/v1/customers/{other}/consents/{}", given["id"])).await.0, 404);
    let (status, back) = app.delete(&format!("{path}/{}", given["id"])).await;
    assert_eq!((status, back["withdrawn_at"].is_string()), (200, true), "{back}");
    assert_eq!(app.post(&path, body).await.0, 201, "they may agree again");
    let consents = card(&app, jo).await["consents"].clone();
    assert_eq!(consents.as_array().unwrap().len(), 2, "{consents}");
    let (_, log) = app.get("/api/v1/events?after=0&limit=200").await;
    let kinds: Vec<_> = log["data"].as_array().unwrap().iter().map(|event| event["kind"].as_str().unwrap()).collect();
    let consents: Vec<_> = kinds.into_iter().filter(|kind| kind.contains("consent")).collect();
    assert_eq!(consents, ["customer.consent_given", "customer.consent_withdrawn", "customer.consent_given"]);
});

story!(what_is_known_of_both_is_known_of_one_and_comes_apart_again, |app| async move {
    attribute(&app, "size", "number", json!([])).await;
    attribute(&app, "dog", "text", json!([])).await;
    let (from, into) = (known(&app, "a@post.example").await, known(&app, "b@post.example").await);
    let oslo = json!({ "city": "Oslo" });
    let facts = json!({ "tags": ["vip", "loud"], "languages": ["nb"], "time_zone": "Europe/Oslo", "addresses": [oslo],
        "attributes": { "size": 40, "dog": "Balder" } });
    patch(&app, from, facts).await;
    patch(&app, into, json!({ "tags": ["vip"], "languages": ["de"], "attributes": { "size": 42 } })).await;
    for customer in [from, into] {
        let body = json!({ "what": "newsletter", "how": "by phone" });
        assert_eq!(app.post(&format!("/api/v1/customers/{customer}/consents"), body).await.0, 201);
    }
    let before = [card(&app, from).await, card(&app, into).await];
    let (_, merged) = app.post(&format!("/api/v1/customers/{from}/merge"), json!({ "into": into })).await;
    let one = card(&app, into).await;
    assert_eq!((&one["tags"], &one["languages"]), (&json!(["vip", "loud"]), &json!(["de", "nb"])), "{merged}");
    assert_eq!((&one["time_zone"], &one["addresses"][0]["city"]), (&json!("Europe/Oslo"), &json!("Oslo")));
    assert_eq!(one["attributes"], json!({ "size": 42, "dog": "Balder" }), "what is known stays, gaps are filled");
    assert_eq!(one["consents"].as_array().unwrap().len(), 2);
    patch(&app, into, json!({ "tags": ["vip", "loud", "later"], "attributes": { "size": 43 } })).await;

    let undone = app.delete(&format!("/api/v1/customer-merges/{}", merged["id"])).await;
    assert_eq!(undone.0, 200, "{}", undone.1);
    let after = [card(&app, from).await, card(&app, into).await];
    for field in ["tags", "languages", "time_zone", "addresses", "attributes", "consents"] {
        assert_eq!(after[0][field], before[0][field], "{field}");
    }
    assert_eq!(after[1]["tags"], json!(["vip", "later"]), "what the merge brought goes, what came since stays");
    assert_eq!(after[1]["attributes"], json!({ "size": 43 }));
    for field in ["languages", "time_zone", "addresses", "consents"] {
        assert_eq!(after[1][field], before[1][field], "{field}");
    }
});
