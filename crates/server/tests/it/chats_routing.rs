//! New chats find an agent who is there and has room, and nobody keeps one that they do not answer.

use base::MINUTE;
use serde_json::{Value, json};

use crate::{
    chats::{SITE, Visitor, widget},
    client::Client,
    harness::TestApp,
    mails::{answer, tickets},
};

async fn capacity(app: &TestApp, inbox: i64, most: i64) {
    let settings = json!({ "origins": SITE, "capacity": most });
    let (status, inbox) = app.patch(&format!("/api/v1/inboxes/{inbox}"), json!({ "settings": settings })).await;
    assert_eq!(status, 200, "{inbox}");
}

async fn me(who: &Client) -> i64 {
    who.patch("/api/v1/me", json!({})).await.1["id"].as_i64().unwrap()
}

/// A new visitor asks; returns their ticket.
async fn asks(app: &TestApp, inbox: i64) -> i64 {
    Visitor::begin(app, inbox).await.say("1", "Hello").await;
    app.tick().await;
    tickets(&app.as_owner().await, "shelf=all&sort=oldest").await.last().unwrap()["id"].as_i64().unwrap()
}

async fn assignee(app: &TestApp, ticket: i64) -> Value {
    app.get(&format!("/api/v1/tickets/{ticket}")).await.1["assignee"].clone()
}

story!(a_new_chat_goes_to_who_is_free_longest, |app| async move {
    let inbox = widget(&app).await;
    let unasked = asks(&app, inbox).await;
    assert_eq!(assignee(&app, unasked).await, Value::Null, "only where the shop wants it");
    capacity(&app, inbox, 1).await;
    let (owner, kari) = (app.as_owner().await, app.as_role("agent").await);
    app.as_role("viewer").await;
    let (owner, kari_id) = (me(&owner).await, me(&kari).await);
    let first = asks(&app, inbox).await;
    assert_eq!(assignee(&app, first).await, owner);
    let second = asks(&app, inbox).await;
    assert_eq!(assignee(&app, second).await, kari_id);
    let third = asks(&app, inbox).await;
    assert_eq!(assignee(&app, third).await, Value::Null, "nobody has room, and who may only look gets none");
    answer(&app, second, "Hello").await;
    app.later(15_000).await;
    assert_eq!(assignee(&app, third).await, kari_id, "an answered one takes no room");
    assert_eq!(assignee(&app, first).await, owner);
});

story!(a_missed_chat_goes_to_somebody_else, |app| async move {
    let inbox = widget(&app).await;
    capacity(&app, inbox, 3).await;
    let owner = me(&app.as_owner().await).await;
    let (mine, theirs) = (asks(&app, inbox).await, asks(&app, inbox).await);
    assert_eq!((assignee(&app, mine).await, assignee(&app, theirs).await), (json!(owner), json!(owner)));
    answer(&app, mine, "Hello").await;
    let kari = me(&app.as_role("agent").await).await;
    app.later(2 * MINUTE).await;
    assert_eq!((assignee(&app, mine).await, assignee(&app, theirs).await), (json!(owner), json!(kari)));
    app.tick().await;
    // Who is away from the desk gets nothing.
    app.clock.forward(10 * MINUTE);
    let sql = "UPDATE agents SET seen_at = $1";
    app.app.db().run(sql, base::args![0]).await.unwrap();
    Visitor::begin(&app, inbox).await.say("1", "Anybody?").await;
    app.tick().await;
    let sql = "SELECT assignee FROM tickets ORDER BY id DESC LIMIT 1";
    let row = app.app.db().one(sql, base::args![]).await.unwrap();
    assert_eq!(row.opt_int("assignee").unwrap(), None);
});

story!(two_nodes_give_nobody_one_too_many, |app| async move {
    let inbox = widget(&app).await;
    capacity(&app, inbox, 2).await;
    let owner = me(&app.as_owner().await).await;
    for _ in 0..5 {
        Visitor::begin(&app, inbox).await.say("1", "Hello").await;
    }
    let other = app.second_node().await;
    tokio::join!(app.tick(), other.tick());
    app.tick().await;
    let all = tickets(&app.as_owner().await, "shelf=all").await;
    let given = all.iter().filter(|ticket| ticket["assignee"] == owner).count();
    assert_eq!((all.len(), given), (5, 2));
    other.end().await;
});

async fn set(who: &Client, agent: i64, most: Value) -> (u16, Value) {
    who.patch(&format!("/api/v1/agents/{agent}"), json!({ "chat_capacity": most })).await
}

story!(an_agents_own_number_of_chats_counts_before_the_inboxs, |app| async move {
    let inbox = widget(&app).await;
    capacity(&app, inbox, 1).await;
    let (boss, lead, kari) = (app.as_owner().await, app.as_role("lead").await, app.as_role("agent").await);
    let (owner, lead_id, kari_id) = (me(&boss).await, me(&lead).await, me(&kari).await);
    // Leads share out the work, also that of owners; nobody else does, and nobody changes rights that way.
    for (agent, most) in [(owner, 0), (lead_id, 0), (kari_id, 2)] {
        let (status, changed) = set(&lead, agent, json!(most)).await;
        assert_eq!((status, &changed["chat_capacity"]), (200, &json!(most)), "{changed}");
    }
    assert_eq!(set(&kari, kari_id, json!(9)).await.0, 403);
    let both = json!({ "chat_capacity": 1, "name": "Other" });
    assert_eq!(lead.patch(&format!("/api/v1/agents/{kari_id}"), both).await.0, 403);
    for wrong in [json!(-1), json!(21), json!("many")] {
        let (status, problem) = set(&lead, kari_id, wrong).await;
        assert_eq!((status, &problem["errors"][0]["field"]), (422, &json!("chat_capacity")), "{problem}");
    }
    assert_eq!(kari.patch("/api/v1/me", json!({})).await.1["chat_capacity"], 2, "she sees it");
    let mut chats = Vec::new();
    for _ in 0..3 {
        chats.push(asks(&app, inbox).await);
    }
    let given = async || {
        let mut all = Vec::new();
        for chat in &chats {
            all.push(assignee(&app, *chat).await.as_i64());
        }
        all
    };
    assert_eq!(given().await, [Some(kari_id), Some(kari_id), None], "two for her, and none for those who want none");
    // By hand anybody takes as many as they like.
    let (status, taken) = kari.patch(&format!("/api/v1/tickets/{}", chats[2]), json!({ "assignee": kari_id })).await;
    assert_eq!((status, &taken["assignee"]), (200, &json!(kari_id)), "{taken}");
    kari.patch(&format!("/api/v1/tickets/{}", chats[2]), json!({ "assignee": null })).await;
    // Without a number of one's own the inbox's holds.
    assert_eq!(set(&lead, owner, Value::Null).await.1["chat_capacity"], Value::Null);
    let fourth = asks(&app, inbox).await;
    assert_eq!(assignee(&app, fourth).await, owner);
    let (_, log) = app.get("/api/v1/events?limit=200").await;
    let told = log["data"].as_array().unwrap().iter().filter(|one| one["kind"] == "agent.changed");
    assert_eq!(told.filter(|one| !one["data"]["changes"]["chat_capacity"].is_null()).count(), 4);
});
