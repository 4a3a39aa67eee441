//! What a page says before anybody has written: when there is an answer, by whom, and what the shop asks first; and the
//! copy that a visitor takes home.

use base::{HOUR, MINUTE};
use serde_json::{Value, json};

use crate::{
    answers::post,
    chats::{SITE, Visitor, widget},
    harness::TestApp,
    mails::{INBOX, answer, messages, only_ticket, tickets},
};

pub async fn look(app: &TestApp, inbox: i64) -> Value {
    let (status, look) = app.nobody().get(&format!("/api/v1/widgets/{inbox}")).await;
    assert_eq!(status, 200, "{look}");
    look
}

async fn set(app: &TestApp, inbox: i64, mut settings: Value) {
    settings["origins"] = json!(SITE);
    let (status, inbox) = app.patch(&format!("/api/v1/inboxes/{inbox}"), json!({ "settings": settings })).await;
    assert_eq!(status, 200, "{inbox}");
}

story!(a_page_knows_when_the_shop_is_open, |app| async move {
    let inbox = widget(&app).await;
    // It is Monday, 9:00 by UTC.
    assert_eq!(look(&app, inbox).await["answers"], json!({ "open": true, "opens_at": null, "minutes": null }));
    set(&app, inbox, json!({ "hours": { "zone": "Europe/Berlin", "mon": "11:00-17:00" } })).await;
    let closed = json!({ "open": false, "opens_at": "2026-03-02T10:00:00.000Z", "minutes": null });
    assert_eq!(look(&app, inbox).await["answers"], closed);
    app.clock.forward(HOUR);
    assert_eq!(look(&app, inbox).await["answers"]["open"], true);
    app.clock.forward(6 * HOUR);
    assert_eq!(look(&app, inbox).await["answers"]["opens_at"], "2026-03-09T10:00:00.000Z");
});

story!(a_page_says_how_long_it_usually_takes, |app| async move {
    let inbox = widget(&app).await;
    for minutes in [2, 30, 3, 4, 5, 2] {
        let jo = Visitor::begin(&app, inbox).await;
        jo.say("1", "Hello").await;
        app.tick().await;
        let ticket = tickets(&app.as_owner().await, "shelf=all&sort=updated").await[0]["id"].as_i64().unwrap();
        app.clock.forward(minutes * MINUTE);
        answer(&app, ticket, "Hello").await;
        app.tick().await;
        app.clock.forward(MINUTE);
    }
    // A conversation that nobody has answered says nothing yet.
    Visitor::begin(&app, inbox).await.say("1", "Hello?").await;
    app.tick().await;
    app.clock.forward(HOUR);
    assert_eq!(look(&app, inbox).await["answers"]["minutes"], 4, "half were answered within 3.5 minutes");
});

story!(a_page_shows_who_is_at_the_desk, |app| async move {
    let inbox = widget(&app).await;
    assert_eq!(look(&app, inbox).await["faces"], json!([]));
    let mut live = app.as_owner().await.live(0).await;
    assert!(live.next().await.is_some());
    let mut faces = json!([]);
    for _ in 0..100 {
        faces = look(&app, inbox).await["faces"].clone();
        if faces != json!([]) {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    assert_eq!(faces, json!([{ "name": "Ingrid" }]));
    set(&app, inbox, json!({ "names": "shop" })).await;
    assert_eq!(look(&app, inbox).await["faces"], json!([]), "as the inbox names its people");
});

story!(what_was_asked_before_stands_in_the_ticket, |app| async move {
    let inbox = widget(&app).await;
    let asked = json!({ "email": "required", "topics": "Order, Return", "question": "Which order?" });
    set(&app, inbox, json!({ "questions": asked })).await;
    let questions = look(&app, inbox).await["questions"].clone();
    let topic = json!({ "key": "topic", "label": "Topic", "kind": "choice", "choices": ["Order", "Return"], "required": false });
    assert_eq!((&questions[0]["key"], &questions[1]), (&json!("email"), &topic));
    let path = format!("/api/v1/widgets/{inbox}/sessions");
    for (key, value) in [("email", "jo"), ("topic", "Else"), ("shoe", "42"), ("question", &"x".repeat(501))] {
        let body = json!({ "answers": [{ "key": key, "value": value }] });
        assert_eq!(app.nobody().post(&path, body).await.0, 422, "{key}");
    }
    let again = json!({ "key": "topic", "value": "Order" });
    assert_eq!(app.nobody().post(&path, json!({ "answers": [&again, &again] })).await.0, 422, "twice");
    let (status, refused) = app.nobody().post(&path, json!({ "answers": vec![again; 900] })).await;
    assert_eq!((status, &refused["errors"][0]["why"]), (422, &json!("are more than the questions")), "{refused}");
    let answers = [("email", "jo@post.example"), ("topic", "Return"), ("question", "1001")];
    let answers: Vec<_> = answers.iter().map(|(key, value)| json!({ "key": key, "value": value })).collect();
    let (status, begun) = app.nobody().post(&path, json!({ "answers": answers })).await;
    assert_eq!(status, 200, "{begun}");
    let token = begun["token"].as_str().unwrap().to_owned();
    let jo = Visitor { client: app.nobody().with_token(&token), token, inbox };
    jo.say("1", "It does not fit").await;
    jo.say("2", "At all").await;
    app.tick().await;
    let all = messages(&app, only_ticket(&app).await["id"].as_i64().unwrap()).await;
    let notes: Vec<_> = all.iter().filter(|one| one["direction"] == "note").collect();
    assert_eq!((all.len(), notes.len()), (3, 1));
    assert_eq!(notes[0]["text"], "Topic: Return\nWhich order?: 1001");
    assert_eq!(jo.reads().await.len(), 2, "notes stay in the desk");
});

story!(a_visitor_takes_a_copy_home, |app| async move {
    let mut post = post().await;
    let body = json!({ "channel": "email", "name": "Fjellvik", "address": INBOX, "settings": post.settings });
    assert_eq!(app.post("/api/v1/inboxes", body).await.0, 201);
    let jo = Visitor::begin(&app, widget(&app).await).await;
    jo.say("1", "Is it <b>waterproof</b>?").await;
    app.tick().await;
    let copy = async |body: Value| jo.client.post(&jo.path("transcript"), body).await;
    let to = json!({ "email": "jo@post.example" });
    assert_eq!(copy(to.clone()).await.0, 409, "nobody sends anybody what only a stranger has said");
    answer(&app, only_ticket(&app).await["id"].as_i64().unwrap(), "Yes.").await;
    app.tick().await;
    assert_eq!(copy(json!({})).await.0, 422, "to nobody");
    assert_eq!(copy(json!({ "email": "jo@@post" })).await.0, 422);
    assert_eq!(copy(to.clone()).await.0, 202);
    jo.say("2", "Said later").await;
    let (_, raw) = tokio::join!(app.tick(), async {
        let mail = post.mails.recv().await.unwrap();
        mail.answer.send("250 taken").unwrap();
        mail.raw
    });
    assert!(raw.contains("You: Is it <b>waterproof</b>?") && raw.contains("Ingrid: Yes."), "{raw}");
    assert!(raw.contains("&lt;b&gt;") && !raw.contains("Said later"), "{raw}");
    let (status, refused) = copy(to.clone()).await;
    assert_eq!((status, refused["title"].as_str()), (429, Some("Too Many Requests")));
    for _ in 0..4 {
        app.clock.forward(10 * MINUTE);
        assert_eq!(copy(to.clone()).await.0, 202);
    }
    app.clock.forward(10 * MINUTE);
    assert_eq!(copy(to).await.0, 429, "nobody gets more than five within an hour");
    assert_eq!(copy(json!({ "email": "kim@post.example" })).await.0, 202);
});
