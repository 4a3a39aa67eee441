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
