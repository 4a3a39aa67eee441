//! Saved views: a list with a name, for oneself or for everybody.

use serde_json::{Value, json};

use crate::{
    client::Client,
    harness::TestApp,
    mails::{bring, inbox, mail, tickets},
};

const VIEWS: &str = "/api/v1/views";

async fn names(client: &Client) -> Vec<String> {
    let (status, page) = client.get(VIEWS).await;
    assert_eq!(status, 200, "{page}");
    page["data"].as_array().unwrap().iter().map(|view| view["name"].as_str().unwrap().to_owned()).collect()
}

async fn count(client: &Client, key: &str) -> Value {
    let (_, counts) = client.get("/api/v1/tickets/counts").await;
    let found = counts["views"].as_array().unwrap().iter().find(|view| view["key"] == key);
    found.map_or(Value::Null, |view| view["count"].clone())
}

async fn ask(app: &TestApp, inbox: i64, name: &str) {
    bring(app, inbox, &mail(&format!("{name}@post.example"), &format!("{name}@id"), name, "", "Hello")).await;
}

story!(a_view_lists_and_counts_what_its_filter_says, |app| async move {
    let inbox = inbox(&app).await;
    for name in ["one", "two", "three"] {
        ask(&app, inbox, name).await;
    }
    let owner = app.as_owner().await;
    let all = tickets(&owner, "shelf=open").await;
    let urgent = all.iter().find(|ticket| ticket["subject"] == "two").unwrap();
    owner.patch(&format!("/api/v1/tickets/{}", urgent["id"]), json!({ "priority": "urgent" })).await;
    let body = json!({ "name": "  Burning\tnow ", "filter": { "priority": "urgent,high", "unread": "true" } });
    let (status, view) = owner.post(VIEWS, body).await;
    assert_eq!((status, &view["name"]), (201, &json!("Burning now")), "{view}");
    assert_eq!(view["filter"], json!({ "priority": "urgent,high", "unread": "true" }), "as it stands in a query");
    assert_eq!((&view["shared"], &view["mine"]), (&json!(false), &json!(true)));
    let listed = tickets(&owner, &format!("view={}", view["id"])).await;
    assert_eq!(listed.iter().map(|ticket| &ticket["subject"]).collect::<Vec<_>>(), ["two"]);
    assert_eq!(count(&owner, &format!("view:{}", view["id"])).await, 1);
    // What a list asks for beside its view narrows it.
    assert!(tickets(&owner, &format!("view={}&assignee=me", view["id"])).await.is_empty());
    let path = format!("{VIEWS}/{}", view["id"]);
    let (status, changed) = owner.patch(&path, json!({ "filter": { "priority": "normal" } })).await;
    assert_eq!((status, &changed["name"]), (200, &json!("Burning now")), "{changed}");
    assert_eq!(tickets(&owner, &format!("view={}", view["id"])).await.len(), 2);
    assert_eq!(owner.delete(&path).await.0, 204);
    assert!(names(&owner).await.is_empty());
    let (status, gone) = owner.get(&format!("/api/v1/tickets?view={}", view["id"])).await;
    assert_eq!((status, gone["errors"][0]["field"].as_str()), (422, Some("view")), "{gone}");
});

story!(ones_own_view_is_nobody_elses_and_a_shared_one_is_the_leads, |app| async move {
    let (owner, agent) = (app.as_owner().await, app.as_role("agent").await);
    let lead = app.as_role("lead").await;
    let (_, own) = agent.post(VIEWS, json!({ "name": "Mine", "filter": { "assignee": "me" } })).await;
    let path = format!("{VIEWS}/{}", own["id"]);
    assert_eq!(names(&agent).await, ["Mine"]);
    assert!(names(&owner).await.is_empty());
    for other in [&owner, &lead] {
        assert_eq!(other.patch(&path, json!({ "name": "Theirs" })).await.0, 404);
        assert_eq!(other.delete(&path).await.0, 404);
        assert_eq!(other.get(&format!("/api/v1/tickets?view={}", own["id"])).await.0, 422);
    }
    let shared = json!({ "name": "All returns", "filter": { "tag": "return" }, "shared": true });
    assert_eq!(agent.post(VIEWS, shared.clone()).await.0, 403);
    assert_eq!(agent.patch(&path, json!({ "shared": true })).await.0, 403);
    let (status, view) = lead.post(VIEWS, shared).await;
    assert_eq!(status, 201, "{view}");
    assert_eq!(names(&agent).await, ["All returns", "Mine"]);
    let path = format!("{VIEWS}/{}", view["id"]);
    assert_eq!(agent.patch(&path, json!({ "name": "Ha" })).await.0, 403);
    assert_eq!(agent.delete(&path).await.0, 403);
    assert_eq!(owner.patch(&path, json!({ "name": "Returns" })).await.1["mine"], false);
    assert_eq!(app.as_role("viewer").await.get(VIEWS).await.0, 200);
});

story!(a_view_that_makes_no_sense_is_refused_by_name, |app| async move {
    let owner = app.as_owner().await;
    for (wrong, field) in [
        (json!({ "name": " ", "filter": {} }), "name"),
        (json!({ "name": "x".repeat(61), "filter": {} }), "name"),
        (json!({ "filter": {} }), "name"),
        (json!({ "name": "x", "filter": { "colour": "red" } }), "filter.colour"),
        (json!({ "name": "x", "filter": { "status": "lost" } }), "filter.status"),
        (json!({ "name": "x", "filter": { "assignee": "Kari" } }), "filter.assignee"),
        (json!({ "name": "x", "filter": { "view": 3 } }), "filter.view"),
        (json!({ "name": "x", "filter": { "limit": 3 } }), "filter.limit"),
        (json!({ "name": "x", "filter": {}, "agent": 1 }), "agent"),
    ] {
        let (status, problem) = owner.post(VIEWS, wrong).await;
        assert_eq!((status, problem["errors"][0]["field"].as_str()), (422, Some(field)), "{problem}");
    }
    assert!(names(&owner).await.is_empty());
});
