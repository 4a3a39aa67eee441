//! A ticket is handed over together with what the next one needs to know.

use serde_json::json;

use crate::mails::{bring, inbox, mail, messages, only_ticket, tickets};

story!(a_ticket_is_handed_over_with_a_note, |app| async move {
    let inbox = inbox(&app).await;
    bring(&app, inbox, &mail("jo@post.example", "1@post", "Tent", "", "It leaks")).await;
    let ticket = only_ticket(&app).await;
    let path = format!("/api/v1/tickets/{}/transfer", ticket["id"]);
    let colleague = app.as_role("agent").await;
    let them = colleague.get("/api/v1/session").await.1["id"].clone();
    let team = app.post("/api/v1/teams", json!({ "name": "Warehouse" })).await.1["id"].clone();
    for (body, field) in [
        (json!({ "note": "Look" }), "assignee"),
        (json!({ "assignee": them, "note": " " }), "note"),
        (json!({ "assignee": 999, "note": "Look" }), "assignee"),
        (json!({ "team": 999, "note": "Look" }), "team"),
    ] {
        let (status, refused) = app.post(&path, body).await;
        assert_eq!((status, &refused["errors"][0]["field"]), (422, &json!(field)), "{refused}");
    }
    assert_eq!(messages(&app, ticket["id"].as_i64().unwrap()).await.len(), 1, "what is refused leaves no note");
    let (status, handed) = app.post(&path, json!({ "assignee": them, "note": "They want a new one" })).await;
    assert_eq!((status, &handed["assignee"], &handed["status"]), (201, &them, &json!("new")), "{handed}");
    assert_eq!(tickets(&colleague, "mentions=me").await.len(), 1, "they are told");
    let note = messages(&app, ticket["id"].as_i64().unwrap()).await.pop().unwrap();
    assert_eq!((&note["direction"], &note["text"]), (&json!("note"), &json!("They want a new one")));
    // To a team it is nobody's yet.
    let (status, handed) = colleague.post(&path, json!({ "team": team, "note": "Is there one left?" })).await;
    assert_eq!(status, 201, "{handed}");
    assert!(handed["assignee"].is_null() && handed["team"] == team, "{handed}");
    let viewer = app.as_role("viewer").await;
    assert_eq!(viewer.post(&path, json!({ "team": team, "note": "Mine" })).await.0, 403);
});
