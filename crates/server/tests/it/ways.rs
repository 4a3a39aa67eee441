//! What each way to answer allows, that looking at the ways holds nobody up, and how the shop speaks on all of them.

use base::{Actor, MINUTE};
use serde_json::{Value, json};

use crate::{
    chats::{Visitor, widget},
    chats_ways::{ways, write},
    harness::TestApp,
    mails::{bring, inbox, mail, messages, only_ticket, tickets},
};

/// A shopper who has written a mail; returns the inbox and the ticket.
async fn by_mail(app: &TestApp, from: &str) -> (i64, i64) {
    let inbox = inbox(app).await;
    bring(app, inbox, &mail(from, "a1@post", "Tent", "", "Where is it?")).await;
    (inbox, only_ticket(app).await["id"].as_i64().unwrap())
}

/// A visitor who has chatted; returns them, the inbox and the ticket.
async fn by_chat(app: &TestApp) -> (Visitor, i64, i64) {
    let inbox = widget(app).await;
    let jo = Visitor::begin(app, inbox).await;
    jo.say("1", "Hello").await;
    app.tick().await;
    let ticket = tickets(&app.as_owner().await, "channel=chat&shelf=all").await[0]["id"].as_i64().unwrap();
    (jo, inbox, ticket)
}

async fn refused(app: &TestApp, ticket: i64, body: Value) -> (u16, String, String) {
    let (status, problem) = app.post(&format!("/api/v1/tickets/{ticket}/messages"), body).await;
    let wrong = |key: &str| problem["errors"][0][key].as_str().unwrap_or_default().to_owned();
    (status, wrong("field"), wrong("why"))
}

story!(each_way_says_what_it_carries_and_the_server_holds_it_to_that, |app| async move {
    let (letters, by_letter) = by_mail(&app, "Kim <kim@post.example>").await;
    let (_, chat, ticket) = by_chat(&app).await;
    let all = ways(&app, ticket).await;
    let chatting = &all[0];
    assert_eq!(
        (&chatting["usual"], &chatting["blocked"], &chatting["here"]),
        (&json!(true), &json!(null), &json!(true))
    );
    let carries = json!({ "html": false, "attachments": true, "max_bytes": 25 << 20, "max_text": 10_000, "max_files": 10,
        "file_types": [], "subject": false, "copies": false, "conversational": true });
    assert_eq!(chatting["abilities"], carries);
    assert_eq!((&all[1]["blocked"], &all[1]["abilities"]["max_text"]), (&json!("no_address"), &json!(null)));
    assert_eq!(ways(&app, by_letter).await[1]["blocked"], "not_begun", "visitors begin chats");
    let long = "å".repeat(10_001);
    let (status, field, why) = refused(&app, ticket, json!({ "direction": "out", "text": long })).await;
    assert_eq!((status, field.as_str(), why.as_str()), (422, "text", "must have at most 10000 characters this way"));
    assert_eq!(write(&app, ticket, chat, &long[..20_000]).await.0, 201, "letters are counted, not bytes");
    assert_eq!(write(&app, by_letter, letters, &long).await.0, 201, "a letter may be long");
    let mut files = Vec::new();
    for n in 0..11 {
        let (_, file) =
            app.as_owner().await.post_bytes(&format!("/api/v1/uploads?name={n}.txt"), "text/plain", "x").await;
        files.push(file["id"].clone());
    }
    let body = json!({ "direction": "out", "text": "All of it", "attachments": files });
    let (status, field, why) = refused(&app, ticket, body.clone()).await;
    assert_eq!((status, field.as_str(), why.as_str()), (422, "attachments", "at most 10 in one message this way"));
    let said = messages(&app, ticket).await.len();
    assert_eq!(said, 2, "what was refused was not said");
    let (status, sent) = app.post(&format!("/api/v1/tickets/{by_letter}/messages"), body).await;
    assert_eq!((status, sent["attachments"].as_array().map(Vec::len)), (201, Some(11)), "{sent}");
    app.later(10 * MINUTE).await;
    assert_eq!(ways(&app, ticket).await[0]["here"], false);
});

story!(looking_at_the_ways_waits_for_nobody_who_writes, |app| async move {
    let (_, ticket) = by_mail(&app, "Kim <kim@post.example>").await;
    ways(&app, ticket).await;
    let mut writes = app.app.begin(Actor::System).await.unwrap();
    let sql = "SELECT id FROM tickets WHERE id = $1 {for update}";
    writes.one(sql, base::args![ticket]).await.unwrap();
    writes.run("UPDATE tickets SET subject = 'Other' WHERE id = $1", base::args![ticket]).await.unwrap();
    let looked = tokio::time::timeout(std::time::Duration::from_secs(5), ways(&app, ticket)).await;
    assert_eq!(looked.expect("it waited for the writer").len(), 1);
    drop(writes);
    // And it never writes.
    let mut look = app.app.look().await.unwrap();
    assert!(look.run("UPDATE tickets SET subject = 'Other' WHERE id = $1", base::args![ticket]).await.is_err());
    drop(look);
    assert_eq!(only_ticket(&app).await["subject"], "Tent");
    assert_eq!(ways(&app, ticket).await.len(), 1, "the next reader is well");
});

story!(a_letter_begins_with_the_shops_greeting_in_the_shoppers_language, |app| async move {
    let (_, ticket) = by_mail(&app, "Johanna Brandt <jo@post.example>").await;
    let greeting = async |id: i64| ways(&app, id).await[0]["greeting"].clone();
    assert_eq!(greeting(ticket).await, Value::Null);
    let words = json!({ "en": "Hi {{customer.first_name}},", "de": "Hallo {{customer.first_name}},", "fr": " " });
    let voice =
        json!({ "greeting": words, "tone": " Short & warm. ", "address_forms": { "de": "informal", "fr": "formal" } });
    let (status, shop) = app.patch("/api/v1/shop", voice).await;
    assert_eq!((status, &shop["tone"]), (200, &json!("Short & warm.")), "{shop}");
    assert_eq!(shop["greeting"].as_object().map(serde_json::Map::len), Some(2), "an empty one is none");
    assert_eq!(app.get("/api/v1/shop").await.1, shop);
    let lead = app.as_role("lead").await;
    assert_eq!(lead.patch("/api/v1/shop", json!({ "tone": "x" })).await.0, 403);
    assert_eq!(lead.get("/api/v1/shop").await.1["tone"], "Short & warm.", "whoever writes may read it");
    let set = async |language: Option<&str>| {
        let sql = "UPDATE tickets SET language = $1 WHERE id = $2";
        app.app.db().run(sql, base::args![language, ticket]).await.unwrap();
    };
    for (language, expected) in [
        (Some("de-AT"), Some("<p>Hallo Johanna,</p>")),
        (Some("en"), Some("<p>Hi Johanna,</p>")),
        (Some("fr"), None),
        (None, Some("<p>Hi Johanna,</p>")),
    ] {
        set(language).await;
        let found = greeting(ticket).await;
        assert_eq!(found.as_str().map(str::trim), expected, "{language:?}");
    }
    let (_, _, chat) = by_chat(&app).await;
    assert_eq!(greeting(chat).await, Value::Null, "nobody is greeted in the middle of a talk");
    let (_, events) = app.get("/api/v1/events?limit=200").await;
    let events = events["data"].as_array().unwrap();
    let changed = events.iter().find(|one| one["kind"] == "shop.changed").unwrap();
    assert_eq!(changed["data"]["changes"]["tone"], json!({ "from": null, "to": "Short & warm." }));
});

story!(how_a_shop_may_not_speak_is_refused_by_name, |app| async move {
    for (wrong, field) in [
        (json!({ "greeting": { "English": "Hi" } }), "greeting"),
        (json!({ "greeting": { "en": "Hi {{customer.nmae}}" } }), "greeting.en"),
        (json!({ "greeting": { "en": "x".repeat(501) } }), "greeting.en"),
        (json!({ "greeting": "Hi" }), "greeting"),
        (json!({ "address_forms": { "de": "royal" } }), "address_forms.de"),
        (json!({ "tone": "x".repeat(4_001) }), "tone"),
    ] {
        let (status, problem) = app.patch("/api/v1/shop", wrong).await;
        assert_eq!((status, problem["errors"][0]["field"].as_str()), (422, Some(field)), "{problem}");
    }
});
