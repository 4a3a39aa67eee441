//! Who is on the shop's pages now, by their consent, and a first word from the shop.

use base::MINUTE;
use serde_json::{Value, json};

use crate::{
    chats::{SITE, Visitor, widget},
    harness::TestApp,
    mails::{answer, messages, only_ticket, tickets},
};

async fn browse(who: &Visitor, page: Value) -> u16 {
    who.client.put(&who.path("page"), page).await.0
}

async fn visitors(app: &TestApp) -> Vec<Value> {
    let (status, all) = app.get("/api/v1/visitors").await;
    assert_eq!(status, 200, "{all}");
    all["data"].as_array().unwrap().clone()
}

async fn speak(app: &TestApp, who: &Value, text: &str) -> (u16, Value) {
    app.post(&format!("/api/v1/visitors/{}/chat", who["id"]), json!({ "text": text })).await
}

fn tents() -> Value {
    json!({
        "url": "https://fjellvik.example/tents/3?email=jo@post.example#reviews", "title": "Tents", "seconds": 40,
        "cart": { "value": 24900, "currency": "EUR" },
    })
}

story!(a_page_is_known_by_consent_and_forgotten_after, |app| async move {
    let jo = Visitor::begin(&app, widget(&app).await).await;
    assert_eq!(visitors(&app).await.len(), 0, "nobody is watched who has not said so");
    assert_eq!(browse(&jo, tents()).await, 204);
    let all = visitors(&app).await;
    let page =
        json!({ "url": "https://fjellvik.example/tents/3", "title": "Tents", "since": "2026-03-02T08:59:20.000Z" });
    assert_eq!((all.len(), &all[0]["page"]), (1, &page), "without what stands behind the address");
    assert_eq!((&all[0]["cart"]["value"], &all[0]["ticket"]), (&json!(24900), &Value::Null));
    for wrong in [
        json!({ "url": "https://evil.example/tents" }),
        json!({ "url": "javascript:alert(1)" }),
        json!({ "url": "https://jo:secret@fjellvik.example/" }),
        json!({ "url": format!("https://fjellvik.example/{}", "x".repeat(500)) }),
        json!({ "url": "https://fjellvik.example/", "cart": { "value": 1, "currency": "euros" } }),
    ] {
        assert_eq!(browse(&jo, wrong.clone()).await, 422, "{wrong}");
    }
    // Where pages without an origin may ask, too, every address that is none of a site has theirs.
    let settings = json!({ "origins": format!("{SITE}, null") });
    assert_eq!(app.patch(&format!("/api/v1/inboxes/{}", jo.inbox), json!({ "settings": settings })).await.0, 200);
    for wrong in ["javascript:alert(1)", "data:text/html,Hello", "file:///etc/passwd"] {
        assert_eq!(browse(&jo, json!({ "url": wrong })).await, 422, "{wrong}");
    }
    for _ in 0..4 {
        app.later(2 * MINUTE).await;
        assert_eq!(browse(&jo, json!({ "url": "https://fjellvik.example/boots" })).await, 204);
    }
    let all = visitors(&app).await;
    assert_eq!((&all[0]["since"], &all[0]["cart"]), (&json!("2026-03-02T08:59:20.000Z"), &Value::Null));
    app.later(3 * MINUTE).await;
    assert_eq!(visitors(&app).await.len(), 0);
    app.later(3 * MINUTE).await;
    let row = app.app.db().one("SELECT page_url, page_title, here_since FROM visits", base::args![]).await.unwrap();
    assert_eq!((row.opt_text("page_url").unwrap(), row.opt_text("page_title").unwrap()), (None, None));
    assert_eq!(row.opt_int("here_since").unwrap(), None);
    // Back again, and then taken back.
    assert_eq!(browse(&jo, tents()).await, 204);
    assert_eq!(visitors(&app).await.len(), 1);
    assert_eq!(jo.client.delete(&jo.path("page")).await.0, 204);
    assert_eq!(visitors(&app).await.len(), 0);
});

story!(the_shop_speaks_first, |app| async move {
    let jo = Visitor::begin(&app, widget(&app).await).await;
    let kim = Visitor::begin(&app, jo.inbox).await;
    assert_eq!(browse(&jo, tents()).await, 204);
    let all = visitors(&app).await;
    let (status, ticket) = speak(&app, &all[0], "Can I help you choose?").await;
    assert_eq!((status, &ticket["channel"], &ticket["subject"]), (201, &json!("chat"), &json!("Tents")), "{ticket}");
    app.tick().await;
    assert_eq!(jo.reads().await, ["shop: Can I help you choose?"]);
    assert_eq!(jo.conversation(0).await["data"][0]["name"], "Ingrid");
    let (status, again) = speak(&app, &all[0], "Hello?").await;
    assert_eq!((status, again["type"].as_str()), (409, Some("/problems/conflict")), "nobody is pressed");
    jo.say("1", "Yes, please").await;
    app.tick().await;
    let id = ticket["id"].as_i64().unwrap();
    assert_eq!((only_ticket(&app).await["id"].as_i64(), messages(&app, id).await.len()), (Some(id), 2), "one ticket");
    assert_eq!(visitors(&app).await[0]["ticket"], id);
    answer(&app, id, "The small one.").await;
    app.tick().await;
    assert_eq!(jo.reads().await[2], "shop: The small one.");
    // Nobody can be spoken to who does not consent, is gone, or is none.
    let number = |visitor: &Visitor| json!({ "id": visitor.token.split('.').next().unwrap().parse::<i64>().unwrap() });
    assert_eq!(speak(&app, &number(&kim), "You there").await.0, 404);
    assert_eq!(speak(&app, &json!({ "id": 999 }), "You there").await.0, 404);
    app.later(4 * MINUTE).await;
    assert_eq!(speak(&app, &all[0], "Still there?").await.0, 404);
    assert_eq!(app.nobody().get("/api/v1/visitors").await.0, 401);
    assert_eq!(jo.client.get("/api/v1/visitors").await.0, 401);
});

story!(of_two_who_speak_first_one_is_heard, |app| async move {
    let jo = Visitor::begin(&app, widget(&app).await).await;
    assert_eq!(browse(&jo, tents()).await, 204);
    let who = visitors(&app).await[0].clone();
    let other = app.second_node().await;
    let speaks = |node: TestApp, text: &'static str| {
        let who = who.clone();
        async move { speak(&node, &who, text).await.0 }
    };
    // Nobody has delivered anything yet.
    let mut answers = tokio::join!(speaks(app.clone(), "Can I help you?"), speaks(other.clone(), "Can I help?"));
    if answers.0 > answers.1 {
        answers = (answers.1, answers.0);
    }
    assert_eq!(answers, (201, 409));
    assert_eq!(tickets(&app.as_owner().await, "shelf=all").await.len(), 1);
    app.tick().await;
    assert_eq!(jo.reads().await.len(), 1);
    other.end().await;

    // Nor does anybody open a second ticket while the first word of the visitor is on its way.
    let kim = Visitor::begin(&app, jo.inbox).await;
    assert_eq!(browse(&kim, tents()).await, 204);
    kim.say("1", "Hello").await;
    let all = visitors(&app).await;
    let number: i64 = kim.token.split('.').next().unwrap().parse().unwrap();
    let who = all.iter().find(|one| one["id"] == number).unwrap();
    let (status, problem) = speak(&app, who, "Hello").await;
    assert_eq!((status, problem["detail"].as_str().unwrap().contains("has just written")), (409, true), "{problem}");
    app.tick().await;
    assert_eq!(speak(&app, who, "Hello").await.0, 201);
    assert_eq!(tickets(&app.as_owner().await, "shelf=all").await.len(), 2);
});
