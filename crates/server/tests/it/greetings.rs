//! The shop speaks first by rule: the rules go to the page, what is shown is counted once, and what somebody answers is a
//! conversation that begins with the greeting.

use base::DAY;
use serde_json::{Value, json};

use crate::{
    chats::{SITE, Visitor, widget},
    harness::TestApp,
    mails::{self, messages, only_ticket},
};

fn help() -> Value {
    json!({
        "name": "Tents", "texts": { "en": "Can I help you choose a tent?", "de": "Kann ich beim Zelt helfen?" },
        "conditions": {
            "pages": [{ "how": "begins", "value": "/tents/" }, { "how": "pattern", "value": "*/camping" }],
            "seconds": 30, "cart": { "value": 5000, "currency": "EUR" },
        },
    })
}

async fn greet(app: &TestApp, inbox: i64, greeting: Value) -> Value {
    let (status, made) = app.post(&format!("/api/v1/inboxes/{inbox}/greetings"), greeting).await;
    assert_eq!(status, 201, "{made}");
    made
}

async fn greetings(app: &TestApp, inbox: i64) -> Vec<Value> {
    let (status, all) = app.get(&format!("/api/v1/inboxes/{inbox}/greetings")).await;
    assert_eq!(status, 200, "{all}");
    all["data"].as_array().unwrap().clone()
}

async fn named(app: &TestApp, inbox: i64) -> Vec<String> {
    greetings(app, inbox)
        .await
        .iter()
        .map(|one| format!("{} {}", one["place"], one["name"].as_str().unwrap()))
        .collect()
}

/// How often it was shown and answered.
async fn counts(app: &TestApp, inbox: i64) -> (i64, i64) {
    let one = greetings(app, inbox).await[0].clone();
    (one["shown"].as_i64().unwrap(), one["answered"].as_i64().unwrap())
}

async fn may(who: &Visitor, greeting: &Value) -> bool {
    let (status, answer) = who.client.post(&who.path("greetings"), json!({ "greeting": greeting["id"] })).await;
    assert_eq!(status, 200, "{answer}");
    answer["show"].as_bool().unwrap()
}

async fn answers(who: &Visitor, id: &str, text: &str, greeting: &Value, language: &str) -> Value {
    let greeting = json!({ "id": greeting["id"], "language": language });
    let (status, line) =
        who.client.post(&who.path("messages"), json!({ "id": id, "text": text, "greeting": greeting })).await;
    assert_eq!(status, 200, "{line}");
    line
}

story!(greetings_are_made_put_in_order_and_removed, |app| async move {
    let inbox = widget(&app).await;
    let tents = greet(&app, inbox, help()).await;
    assert_eq!((&tents["place"], &tents["every_days"], &tents["active"]), (&json!(1), &json!(7), &json!(true)));
    assert_eq!(tents["conditions"]["hours"], "always");
    for name in ["Boots", "Stoves"] {
        greet(&app, inbox, json!({ "name": name, "texts": { "en": "Hello" } })).await;
    }
    let stoves = greetings(&app, inbox).await[2]["id"].clone();
    let (status, moved) = app.patch(&format!("/api/v1/greetings/{stoves}"), json!({ "place": 1 })).await;
    assert_eq!((status, &moved["place"]), (200, &json!(1)), "{moved}");
    assert_eq!(named(&app, inbox).await, ["1 Stoves", "2 Tents", "3 Boots"]);
    let path = format!("/api/v1/greetings/{}", tents["id"]);
    let me = app.patch("/api/v1/me", json!({})).await.1["id"].clone();
    let patch = json!({ "face": me, "active": false, "conditions": { "visits": 2, "hours": "staffed" } });
    let (status, changed) = app.patch(&path, patch).await;
    assert_eq!((status, &changed["face"], &changed["active"]), (200, &me, &json!(false)), "{changed}");
    assert_eq!((&changed["conditions"]["pages"], &changed["conditions"]["visits"]), (&json!([]), &json!(2)));
    assert_eq!(app.patch(&path, json!({ "face": null })).await.1["face"], Value::Null);
    for (wrong, field) in [
        (json!({ "name": " " }), "name"),
        (json!({ "texts": {} }), "texts"),
        (json!({ "texts": { "Deutsch": "Hallo" } }), "texts.Deutsch"),
        (json!({ "face": 999 }), "face"),
        (json!({ "every_days": 0 }), "every_days"),
        (json!({ "place": 4 }), "place"),
        (json!({ "conditions": { "pages": [{ "how": "begins", "value": "tents" }] } }), "conditions.pages"),
        (json!({ "conditions": { "cart": { "value": 10, "currency": "€" } } }), "conditions.cart.currency"),
        (json!({ "conditions": { "script": "alert(1)" } }), "conditions.script"),
    ] {
        let (status, problem) = app.patch(&path, wrong).await;
        assert_eq!((status, &problem["errors"][0]["field"]), (422, &json!(field)), "{problem}");
    }
    assert_eq!(app.delete(&path).await.0, 204);
    assert_eq!(named(&app, inbox).await, ["1 Stoves", "2 Boots"]);
    assert_eq!(app.delete(&path).await.0, 404);
    let letters = mails::inbox(&app).await;
    assert_eq!(app.post(&format!("/api/v1/inboxes/{letters}/greetings"), help()).await.0, 409, "no page, no visitors");
    for _ in 0..18 {
        greet(&app, inbox, json!({ "name": "More", "texts": { "en": "Hello" } })).await;
    }
    assert_eq!(app.post(&format!("/api/v1/inboxes/{inbox}/greetings"), help()).await.0, 422, "enough");
    let agent = app.as_role("agent").await;
    assert_eq!(agent.post(&format!("/api/v1/inboxes/{inbox}/greetings"), help()).await.0, 403);
    assert_eq!(app.nobody().get(&format!("/api/v1/inboxes/{inbox}/greetings")).await.0, 401);
});

story!(a_page_gets_the_rules_and_nothing_secret, |app| async move {
    let inbox = widget(&app).await;
    let path = format!("/api/v1/widgets/{inbox}/greetings");
    let (status, none) = app.nobody().get(&path).await;
    assert_eq!(
        (status, &none["data"], &none["open"], &none["staffed"]),
        (200, &json!([]), &json!(true), &json!(false))
    );
    let me = app.patch("/api/v1/me", json!({})).await.1["id"].clone();
    let mut faced = help();
    faced["face"] = me;
    let tents = greet(&app, inbox, faced).await;
    let off = json!({ "name": "Off", "active": false, "texts": { "en": "Hello" } });
    greet(&app, inbox, off).await;
    let (_, all) = app.nobody().get(&path).await;
    assert_eq!(all["data"].as_array().unwrap().len(), 1, "{all}");
    let one = &all["data"][0];
    assert_eq!((&one["id"], &one["name"], &one["every_days"]), (&tents["id"], &json!("Ingrid"), &json!(7)));
    assert_eq!(one["conditions"]["cart"], json!({ "value": 5000, "currency": "EUR" }));
    let mut keys: Vec<_> = one.as_object().unwrap().keys().cloned().collect();
    keys.sort();
    assert_eq!(keys, ["conditions", "every_days", "id", "name", "texts"], "colleagues' words and numbers stay here");
    // As the inbox names people, so do its greetings.
    let settings = json!({ "origins": SITE, "names": "shop", "hours": { "mon": "10:00-12:00", "zone": "UTC" } });
    let (status, changed) = app.patch(&format!("/api/v1/inboxes/{inbox}"), json!({ "settings": settings })).await;
    assert_eq!(status, 200, "{changed}");
    let (_, all) = app.nobody().get(&path).await;
    assert_eq!((&all["data"][0]["name"], &all["open"]), (&Value::Null, &json!(false)));
});

story!(what_is_shown_counts_once_and_nobody_is_pressed, |app| async move {
    let inbox = widget(&app).await;
    let tents = greet(&app, inbox, help()).await;
    let boots = greet(&app, inbox, json!({ "name": "Boots", "texts": { "en": "Hello" }, "every_days": 1 })).await;
    let jo = Visitor::begin(&app, inbox).await;
    assert!(may(&jo, &tents).await);
    assert!(!may(&jo, &tents).await, "the same again");
    assert!(!may(&jo, &boots).await, "another one on the same day");
    assert_eq!(counts(&app, inbox).await, (1, 0));
    app.later(2 * DAY).await;
    assert!(!may(&jo, &tents).await, "not within seven days");
    assert!(may(&jo, &boots).await);
    app.later(6 * DAY).await;
    assert!(may(&jo, &tents).await);
    assert_eq!(counts(&app, inbox).await, (2, 0));
    app.later(8 * DAY).await;
    jo.say("1", "Hello").await;
    assert!(!may(&jo, &tents).await, "who talks with us is not greeted");
    let (status, _) = jo.client.post(&jo.path("greetings"), json!({ "greeting": 999 })).await;
    assert_eq!(status, 404);
    let other =
        json!({ "channel": "chat", "name": "Other", "address": "other.example", "settings": { "origins": SITE } });
    let other = app.post("/api/v1/inboxes", other).await.1["id"].as_i64().unwrap();
    let kim = Visitor::begin(&app, other).await;
    let (status, _) = kim.client.post(&kim.path("greetings"), json!({ "greeting": tents["id"] })).await;
    assert_eq!(status, 404, "another inbox's");
    // Two tabs, or two nodes, at once.
    let kim = Visitor::begin(&app, inbox).await;
    let node = app.second_node().await;
    let there = kim.at(&node);
    let (one, other) = tokio::join!(may(&kim, &tents), may(&there, &tents));
    assert!(one != other, "one of both");
    node.end().await;
});

story!(a_person_is_not_greeted_again_in_another_browser, |app| async move {
    let inbox = widget(&app).await;
    let tents = greet(&app, inbox, help()).await;
    let (phone, laptop) = (Visitor::begin(&app, inbox).await, Visitor::begin(&app, inbox).await);
    let mut known = Vec::new();
    for browser in [&phone, &laptop] {
        let sql = "SELECT visitor FROM visits WHERE id = $1";
        let id: i64 = browser.token.split('.').next().unwrap().parse().unwrap();
        known.push(app.app.db().one(sql, base::args![id]).await.unwrap().text("visitor").unwrap());
    }
    let mut tx = app.app.begin(base::Actor::System).await.unwrap();
    let mut ids = Vec::new();
    for visitor in &known {
        let made =
            desk::customers::find_or_create(&mut tx, "visitor", visitor, None, None, true, "chat").await.unwrap();
        ids.push(made.id);
    }
    tx.commit().await.unwrap();
    assert!(may(&phone, &tents).await);
    let (status, merged) = app.post(&format!("/api/v1/customers/{}/merge", ids[0]), json!({ "into": ids[1] })).await;
    assert_eq!(status, 201, "{merged}");
    assert!(!may(&laptop, &tents).await, "the same person");
    assert_eq!(app.delete(&format!("/api/v1/customer-merges/{}", merged["id"])).await.0, 200);
    assert!(may(&laptop, &tents).await, "somebody else after all");
});

story!(an_answered_greeting_begins_the_conversation, |app| async move {
    let inbox = widget(&app).await;
    let tents = greet(&app, inbox, help()).await;
    let jo = Visitor::begin(&app, inbox).await;
    assert!(may(&jo, &tents).await);
    for _ in 0..2 {
        let line = answers(&jo, "1", "Yes, for two", &tents, "de").await;
        assert_eq!(line["place"], 2);
    }
    app.tick().await;
    assert_eq!(jo.reads().await, ["shop: Kann ich beim Zelt helfen?", "visitor: Yes, for two"]);
    let ticket = only_ticket(&app).await;
    assert_eq!((&ticket["subject"], &ticket["status"]), (&json!("Yes, for two"), &json!("new")), "{ticket}");
    assert!(!ticket["waiting_since"].is_null(), "they wait for a person");
    let id = ticket["id"].as_i64().unwrap();
    let all = messages(&app, id).await;
    let said: Vec<_> =
        all.iter().map(|one| (one["direction"].as_str().unwrap(), one["text"].as_str().unwrap())).collect();
    assert_eq!(said, [("out", "Kann ich beim Zelt helfen?"), ("in", "Yes, for two")]);
    assert_eq!((&all[0]["automatic"], &all[0]["author"]["name"]), (&json!("greeting"), &json!("Tents")));
    assert_eq!((&all[0]["author"]["kind"], &all[0]["delivery"]), (&json!("system"), &json!("delivered")));
    let (_, events) = app.get(&format!("/api/v1/tickets/{id}/events")).await;
    let told = events["data"].as_array().unwrap().iter().filter(|event| event["kind"] == "greeting.answered").count();
    assert_eq!((told, counts(&app, inbox).await), (1, (1, 1)));
    // They go on, and so do we; nothing is said a second time.
    answers(&jo, "2", "Light ones", &tents, "de").await;
    mails::answer(&app, id, "Take the small one.").await;
    app.tick().await;
    assert_eq!(jo.reads().await.len(), 4);
    assert_eq!((messages(&app, id).await.len(), counts(&app, inbox).await), (4, (1, 1)));
    // Who did not agree to be known tells by answering.
    let kim = Visitor::begin(&app, inbox).await;
    answers(&kim, "1", "Hello", &tents, "sv").await;
    assert_eq!(
        kim.reads().await,
        ["shop: Kann ich beim Zelt helfen?", "visitor: Hello"],
        "in a language that there is"
    );
    assert_eq!(counts(&app, inbox).await, (2, 2));
    let wanted = json!({ "email": "victim@post.example" });
    let (status, _) = kim.client.post(&kim.path("transcript"), wanted).await;
    assert_eq!(status, 409, "nobody has answered, so nothing is sent to anybody");
    // A greeting that is gone, or made up, is not put into the shop's mouth.
    assert_eq!(app.delete(&format!("/api/v1/greetings/{}", tents["id"])).await.0, 204);
    let lou = Visitor::begin(&app, inbox).await;
    answers(&lou, "1", "Hello", &tents, "en").await;
    assert_eq!(lou.reads().await, ["visitor: Hello"]);
    app.tick().await;
    assert_eq!(kim.reads().await.len(), 2, "what was said stays");
});

story!(who_is_known_answers_in_their_open_ticket, |app| async move {
    let inbox = widget(&app).await;
    let tents = greet(&app, inbox, help()).await;
    let jo = Visitor::begin(&app, inbox).await;
    jo.say("1", "Where is my parcel?").await;
    app.tick().await;
    let first = only_ticket(&app).await["id"].as_i64().unwrap();
    let customer = only_ticket(&app).await["customer"]["id"].as_i64().unwrap();
    // The same person in another browser.
    let again = Visitor::begin(&app, inbox).await;
    let visit: i64 = again.token.split('.').next().unwrap().parse().unwrap();
    let row = app.app.db().one("SELECT visitor FROM visits WHERE id = $1", base::args![visit]).await.unwrap();
    let sql = "INSERT INTO identities (customer, kind, value, verified, source, created_at, alike)
        VALUES ($1, 'visitor', $2, TRUE, 'chat', $3, $2)";
    app.app.db().run(sql, base::args![customer, row.text("visitor").unwrap(), app.app.now()]).await.unwrap();
    answers(&again, "1", "Yes", &tents, "en").await;
    app.tick().await;
    let all = messages(&app, first).await;
    let texts: Vec<_> = all.iter().map(|one| one["text"].as_str().unwrap()).collect();
    assert_eq!(texts, ["Where is my parcel?", "Can I help you choose a tent?", "Yes"]);
});
