//! An agent answers a chat by mail, and the conversation goes along.

use base::MINUTE;
use serde_json::{Value, json};

use crate::{
    answers::post,
    chats::Visitor,
    chats_away::{asked, mailed, reply, silent},
    harness::TestApp,
    mails::{answer, bring, messages, tickets},
};

pub async fn ways(app: &TestApp, ticket: i64) -> Vec<Value> {
    let (status, ways) = app.get(&format!("/api/v1/tickets/{ticket}/ways")).await;
    assert_eq!(status, 200, "{ways}");
    ways["data"].as_array().unwrap().clone()
}

pub async fn write(app: &TestApp, ticket: i64, inbox: i64, text: &str) -> (u16, Value) {
    let body = json!({ "direction": "out", "text": text, "inbox": inbox });
    app.post(&format!("/api/v1/tickets/{ticket}/messages"), body).await
}

story!(a_chat_goes_on_by_mail_with_all_that_was_said, |app| async move {
    let mut post = post().await;
    let (jo, letters, ticket) = asked(&app, &post).await;
    answer(&app, ticket, "To 3,000 mm.").await;
    app.tick().await;
    let all = ways(&app, ticket).await;
    let shown: Vec<_> = all.iter().map(|way| (&way["channel"], &way["usual"], &way["abilities"]["html"])).collect();
    let (yes, no) = (json!(true), json!(false));
    assert_eq!(shown, [(&json!("chat"), &yes, &no), (&json!("email"), &no, &yes)]);
    assert_eq!((&all[1]["to"]["value"], &all[1]["inbox"]), (&json!("jo@post.example"), &json!(letters)));
    let (status, message) = write(&app, ticket, letters, "Here is the drawing.").await;
    assert_eq!((status, &message["to"][0]["value"]), (201, &json!("jo@post.example")), "{message}");
    let raw = mailed(&app, &mut post, 1, "250 taken").await;
    let place = |text: &str| raw.find(text).unwrap_or_else(|| panic!("{text} in {raw}"));
    assert!(place("Here is the drawing.") < place("> Is the tent waterproof?"));
    assert!(place("> Is the tent waterproof?") < place("> To 3,000 mm."));
    assert_eq!(jo.reads().await[2], "shop: Here is the drawing.", "and in the chat, too");
    silent(&app, &mut post, 600).await;
    bring(&app, letters, &reply(&raw, "jo@post.example", "j1@post", "Thank you")).await;
    assert_eq!(jo.reads().await[3], "visitor: Thank you");
    assert_eq!(tickets(&app.as_owner().await, "shelf=all").await.len(), 1);
    // Where they wrote last is the usual way now; and what went along does not go again.
    assert_eq!(ways(&app, ticket).await[0]["channel"], "email");
    jo.say("2", "Back in the chat").await;
    app.tick().await;
    write(&app, ticket, letters, "By mail again.").await;
    let raw = mailed(&app, &mut post, 1, "250 taken").await;
    assert!(raw.contains("> Back in the chat") && !raw.contains("3,000 mm"), "{raw}");
});

story!(a_way_is_offered_only_where_it_leads_to_somebody, |app| async move {
    let post = post().await;
    let (jo, letters, ticket) = asked(&app, &post).await;
    let kim = Visitor::begin(&app, jo.inbox).await;
    kim.say("1", "Hello").await;
    app.tick().await;
    let all = tickets(&app.as_owner().await, "shelf=all").await;
    let other = all.iter().map(|one| one["id"].as_i64().unwrap()).find(|id| *id != ticket).unwrap();
    let channels = async |id: i64| {
        let all = ways(&app, id).await;
        let shown = |way: &Value| match way["blocked"].as_str() {
            Some(why) => format!("{}: {why}", way["channel"].as_str().unwrap()),
            None => way["channel"].as_str().unwrap().to_owned(),
        };
        all.iter().map(shown).collect::<Vec<_>>()
    };
    assert_eq!(channels(other).await, ["chat", "email: no_address"], "the other stays visible, and says why");
    assert_eq!(ways(&app, other).await[1]["to"], Value::Null);
    let (status, refused) = write(&app, other, letters, "To whom?").await;
    assert_eq!((status, &refused["errors"][0]["field"]), (422, &json!("to")));
    assert_eq!(jo.client.delete(&jo.path("session")).await.0, 204);
    let gone = ["chat: over", "email: no_address"];
    assert_eq!(channels(ticket).await, gone, "with the chat its address is forgotten");
    assert_eq!(messages(&app, ticket).await.len(), 1);
    app.later(MINUTE).await;
    assert_eq!(app.nobody().get(&format!("/api/v1/tickets/{ticket}/ways")).await.0, 401);
});
