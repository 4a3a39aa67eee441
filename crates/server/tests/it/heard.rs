//! What somebody said in the shop or on the phone stands in their ticket, and the answer goes where they read.

use base::{DAY, HOUR};
use serde_json::{Value, json};

use crate::{
    answers::post,
    chats_away::{header, mailed, reply},
    harness::{MORNING, TestApp},
    mails::{INBOX, answer, bring, inbox, mail, messages, only_ticket},
};

async fn start(app: &TestApp, body: Value) -> Value {
    let (status, ticket) = try_start(app, body).await;
    assert_eq!(status, 201, "{ticket}");
    app.tick().await;
    ticket
}

async fn try_start(app: &TestApp, body: Value) -> (u16, Value) {
    let mut whole = json!({ "subject": "A tent pole broke", "direction": "in", "text": "It broke in the wind." });
    whole.as_object_mut().unwrap().extend(body.as_object().unwrap().clone());
    app.post("/api/v1/tickets", whole).await
}

async fn add(app: &TestApp, ticket: i64, body: Value) -> (u16, Value) {
    app.post(&format!("/api/v1/tickets/{ticket}/messages"), body).await
}

fn id(ticket: &Value) -> i64 {
    ticket["id"].as_i64().unwrap()
}

async fn me(app: &TestApp) -> Value {
    app.patch("/api/v1/me", json!({})).await.1["id"].clone()
}

story!(somebody_in_the_shop_is_written_down, |app| async move {
    inbox(&app).await;
    let ticket = start(&app, json!({})).await;
    let said = messages(&app, id(&ticket)).await[0].clone();
    assert_eq!(
        (&said["direction"], &said["channel"], &said["inbox"]),
        (&json!("in"), &json!("in_person"), &Value::Null)
    );
    assert_eq!((&said["author"]["kind"], &said["entered_by"]), (&json!("customer"), &me(&app).await));
    assert_eq!((&said["joined"], &said["text"]), (&json!("entered"), &json!("It broke in the wind.")));
    assert_eq!(
        (&ticket["status"], &ticket["channel"], &ticket["unread"]),
        (&json!("new"), &json!("in_person"), &json!(false))
    );
    let colleague = app.as_role("agent").await;
    let (_, seen) = colleague.get(&format!("/api/v1/tickets/{}", id(&ticket))).await;
    assert_eq!(seen["unread"], true, "the others have not read it");
    let (_, events) = app.get(&format!("/api/v1/tickets/{}/events", id(&ticket))).await;
    let events = events["data"].as_array().unwrap();
    let received = events.iter().find(|event| event["kind"] == "message.received").unwrap();
    assert_eq!((&received["actor"]["kind"], &received["actor"]["id"]), (&json!("agent"), &me(&app).await));
    let (status, refused) = add(&app, id(&ticket), json!({ "direction": "out", "text": "Here is a new one." })).await;
    assert_eq!((status, &refused["errors"][0]["field"]), (422, &json!("to")), "nobody knows where to");
    // Somebody else of whom nobody knows anything is somebody else.
    let other = start(&app, json!({ "to": { "name": " Kim\u{202e} " } })).await;
    assert_ne!(other["customer"]["id"], ticket["customer"]["id"]);
    assert_eq!(other["customer"]["name"], "Kim");
});

story!(a_call_is_answered_by_mail, |app| async move {
    let mut post = post().await;
    let body = json!({ "channel": "email", "name": "Fjellvik", "address": INBOX, "settings": post.settings });
    let letters = app.post("/api/v1/inboxes", body).await.1["id"].as_i64().unwrap();
    app.patch("/api/v1/shop", json!({ "country": "NO" })).await;
    let to = json!({ "name": "Jo Brandt", "email": "Jo@Post.example", "phone": "22 22 55 55" });
    let before = "2026-03-01T15:00:00.000Z";
    let ticket = start(&app, json!({ "to": to, "channel": "voice", "said_at": before })).await;
    let said = messages(&app, id(&ticket)).await[0].clone();
    assert_eq!((&said["channel"], &said["sent_at"]), (&json!("voice"), &json!(before)));
    let (_, jo) = app.get(&format!("/api/v1/customers/{}", ticket["customer"]["id"])).await;
    let known: Vec<_> = jo["identities"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["value"].as_str().unwrap(), one["verified"] == true))
        .collect();
    assert_eq!(known, [("jo@post.example", false), ("+4722225555", false)]);
    let (_, ways) = app.get(&format!("/api/v1/tickets/{}/ways", id(&ticket))).await;
    assert_eq!((&ways["data"][0]["inbox"], &ways["data"][0]["usual"]), (&json!(letters), &json!(true)));
    answer(&app, id(&ticket), "A new pole is on its way.").await;
    let raw = mailed(&app, &mut post, 1, "250 taken").await;
    assert!(header(&raw, "To").contains("jo@post.example") && raw.contains("A new pole"), "{raw}");
    bring(&app, letters, &reply(&raw, "jo@post.example", "j1@post", "Thank you")).await;
    assert_eq!(messages(&app, id(&only_ticket(&app).await)).await.len(), 3, "one ticket over both");
    // Their number alone leads to them.
    let again = start(&app, json!({ "to": { "phone": "+47 22 22 55 55" }, "channel": "voice" })).await;
    assert_eq!(again["customer"]["id"], ticket["customer"]["id"]);
});

story!(what_is_said_later_opens_the_ticket_again, |app| async move {
    let letters = inbox(&app).await;
    bring(&app, letters, &mail("jo@post.example", "a1@post", "Stove", "", "It hisses.")).await;
    let ticket = id(&only_ticket(&app).await);
    app.patch(&format!("/api/v1/tickets/{ticket}"), json!({ "status": "solved" })).await;
    let draft = format!("/api/v1/tickets/{ticket}/draft?kind=reply");
    let (status, kept) = app.put(&draft, json!({ "html": "<p>Is it quiet now?</p>" })).await;
    assert!(status < 300, "{kept}");
    let (status, said) =
        add(&app, ticket, json!({ "direction": "in", "channel": "voice", "text": "It hisses still." })).await;
    assert_eq!((status, &said["author"]["name"]), (201, &json!("jo@post.example")), "{said}");
    app.tick().await;
    assert_eq!(only_ticket(&app).await["status"], "open");
    let (_, ways) = app.get(&format!("/api/v1/tickets/{ticket}/ways")).await;
    assert_eq!((&ways["data"][0]["inbox"], &ways["data"][0]["usual"]), (&json!(letters), &json!(true)));
    assert_eq!(app.get(&draft).await.1["html"], "<p>Is it quiet now?</p>", "what is being written stays");
    let solved = json!({ "direction": "in", "text": "Now it is quiet.", "status": "solved" });
    assert_eq!(add(&app, ticket, solved).await.0, 201);
    assert_eq!(only_ticket(&app).await["status"], "solved");
});

story!(what_cannot_have_been_said_is_refused, |app| async move {
    let letters = inbox(&app).await;
    bring(&app, letters, &mail("jo@post.example", "a1@post", "Stove", "", "It hisses.")).await;
    let ticket = id(&only_ticket(&app).await);
    assert_eq!(MORNING % DAY, 9 * HOUR);
    for (body, field) in [
        (json!({ "direction": "in", "text": " " }), "text"),
        (json!({ "direction": "in", "text": "x", "said_at": "2026-03-02T11:00:00Z" }), "said_at"),
        (json!({ "direction": "in", "text": "x", "channel": "chat" }), "channel"),
        (json!({ "direction": "out", "text": "x", "channel": "voice" }), "channel"),
        (json!({ "direction": "note", "text": "x", "said_at": "2026-03-02T08:00:00Z" }), "said_at"),
    ] {
        let (status, refused) = add(&app, ticket, body).await;
        assert_eq!((status, refused["errors"][0]["field"].as_str()), (422, Some(field)), "{refused}");
    }
    for (body, field) in [
        (json!({ "to": { "email": "jo.post.example" } }), "to.email"),
        (json!({ "to": { "phone": "call me" } }), "to.phone"),
        (json!({ "direction": "out", "to": { "name": "Jo" } }), "to.email"),
        (json!({ "direction": "out" }), "customer"),
        (json!({ "customer": 1, "to": { "name": "Jo" } }), "customer"),
        (json!({ "text": null }), "text"),
    ] {
        let (status, refused) = try_start(&app, body).await;
        assert_eq!((status, refused["errors"][0]["field"].as_str()), (422, Some(field)), "{refused}");
    }
    app.patch(&format!("/api/v1/tickets/{ticket}"), json!({ "status": "closed" })).await;
    assert_eq!(add(&app, ticket, json!({ "direction": "in", "text": "x" })).await.0, 409);
    let viewer = app.as_role("viewer").await;
    let body = json!({ "direction": "in", "text": "x" });
    assert_eq!(viewer.post(&format!("/api/v1/tickets/{ticket}/messages"), body).await.0, 403);
    assert_eq!(messages(&app, ticket).await.len(), 1);
});
