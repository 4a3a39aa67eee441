//! A visitor of the shop's pages talks to the shop: once, with the right people, and with nobody else reading along.

use base::{DAY, Engine, MINUTE, args, jobs};
use reqwest::{Method, header};
use serde_json::{Value, json};

use crate::{
    client::Client,
    harness::TestApp,
    mails::{self, answer, bring, mail, messages, only_ticket, tickets},
};

pub const SITE: &str = "https://fjellvik.example";

/// An inbox whose widget stands on the shop's site.
pub async fn widget(app: &TestApp) -> i64 {
    let settings = json!({ "origins": SITE, "greeting": { "en": "Hello" } });
    let body = json!({ "channel": "chat", "name": "Chat", "address": "fjellvik.example", "settings": settings });
    let (status, inbox) = app.post("/api/v1/inboxes", body).await;
    assert_eq!(status, 201, "{inbox}");
    inbox["id"].as_i64().unwrap()
}

/// A browser on the shop's site with its own visit.
#[derive(Clone)]
pub struct Visitor {
    pub client: Client,
    pub token: String,
    pub inbox: i64,
}

impl Visitor {
    pub async fn begin(app: &TestApp, inbox: i64) -> Self {
        let (status, begun) =
            app.nobody().post(&format!("/api/v1/widgets/{inbox}/sessions"), json!({ "language": "en" })).await;
        assert_eq!(status, 200, "{begun}");
        let token = begun["token"].as_str().unwrap().to_owned();
        Self { client: app.nobody().with_token(&token), token, inbox }
    }

    /// The same browser, asking another node.
    pub fn at(&self, app: &TestApp) -> Self {
        Self { client: self.client.at(app.address), ..self.clone() }
    }

    pub fn path(&self, what: &str) -> String {
        format!("/api/v1/widgets/{}/{what}", self.inbox)
    }

    pub async fn try_say(&self, id: &str, text: &str) -> (u16, Value) {
        self.client.post(&self.path("messages"), json!({ "id": id, "text": text })).await
    }

    pub async fn say(&self, id: &str, text: &str) -> Value {
        let (status, line) = self.try_say(id, text).await;
        assert_eq!(status, 200, "{line}");
        line
    }

    pub async fn conversation(&self, after: i64) -> Value {
        let (status, all) = self.client.get(&format!("{}?after={after}", self.path("messages"))).await;
        assert_eq!(status, 200, "{all}");
        all
    }

    /// All that the visitor can read, as `author: text`.
    pub async fn reads(&self) -> Vec<String> {
        let all = self.conversation(0).await;
        let lines = all["data"].as_array().unwrap().iter();
        lines.map(|line| format!("{}: {}", line["author"].as_str().unwrap(), line["text"].as_str().unwrap())).collect()
    }
}

pub async fn note(app: &TestApp, ticket: i64, text: &str) {
    let body = json!({ "direction": "note", "text": text });
    let (status, note) = app.post(&format!("/api/v1/tickets/{ticket}/messages"), body).await;
    assert_eq!(status, 201, "{note}");
}

fn id(ticket: &Value) -> i64 {
    ticket["id"].as_i64().unwrap()
}

async fn all_tickets(app: &TestApp) -> Vec<Value> {
    tickets(&app.as_owner().await, "shelf=all&sort=oldest").await
}

story!(a_visitor_and_an_agent_talk, |app| async move {
    let jo = Visitor::begin(&app, widget(&app).await).await;
    assert_eq!(jo.reads().await, Vec::<String>::new());
    let line = jo.say("1", "  Is the tent waterproof?  ").await;
    assert_eq!((&line["place"], &line["author"], &line["id"]), (&json!(1), &json!("visitor"), &json!("1")));
    assert_eq!(jo.reads().await, ["visitor: Is the tent waterproof?"], "before anybody has received it");
    app.tick().await;
    let ticket = only_ticket(&app).await;
    assert_eq!((&ticket["channel"], &ticket["status"]), (&json!("chat"), &json!("new")));
    assert_eq!(ticket["subject"], "Is the tent waterproof?");
    let said = answer(&app, id(&ticket), "Yes, to 3,000 mm.").await;
    assert_eq!((&said["subject"], &said["signature"]), (&Value::Null, &Value::Null), "no letter");
    app.tick().await;
    assert_eq!(jo.reads().await, ["visitor: Is the tent waterproof?", "shop: Yes, to 3,000 mm."], "without a delay");
    let line = jo.conversation(1).await["data"][0].clone();
    assert_eq!((&line["place"], &line["name"]), (&json!(2), &json!("Ingrid")));
    let delivery = async || messages(&app, id(&ticket)).await[1]["delivery"].clone();
    assert_eq!(delivery().await, "sent");
    for marks in [json!({ "delivered": 2 }), json!({ "delivered": 2 }), json!({ "read": 99 })] {
        assert_eq!(jo.client.put(&jo.path("marks"), marks).await.0, 204);
    }
    assert_eq!(delivery().await, "delivered");
    assert_eq!(messages(&app, id(&ticket)).await[1]["read_at"], "2026-03-02T09:00:00.000Z");
    let (_, events) = app.get(&format!("/api/v1/tickets/{}/events", ticket["id"])).await;
    let count = |kind: &str| events["data"].as_array().unwrap().iter().filter(|event| event["kind"] == kind).count();
    assert_eq!((count("message.sent"), count("message.delivered"), count("message.read")), (1, 1, 1));
    jo.say("2", "Thanks").await;
    app.tick().await;
    assert_eq!(messages(&app, id(&only_ticket(&app).await)).await.len(), 3, "one conversation, one ticket");
    assert_eq!(jo.conversation(0).await["read_by_shop"], 0);
    app.put(&format!("/api/v1/tickets/{}/read", ticket["id"]), json!({})).await;
    assert_eq!(jo.conversation(0).await["read_by_shop"], 3);
});

story!(a_mail_server_that_hangs_holds_up_no_chat, |app| async move {
    let letters = mails::inbox(&app).await;
    bring(&app, letters, &mail("kim@post.example", "k1@post", "Stove", "", "It hisses.")).await;
    let by_mail = id(&only_ticket(&app).await);
    let jo = Visitor::begin(&app, widget(&app).await).await;
    jo.say("1", "Hello?").await;
    app.tick().await;
    let by_chat = all_tickets(&app).await.iter().map(id).find(|ticket| *ticket != by_mail).unwrap();
    let letter = answer(&app, by_mail, "Turn it off.").await["id"].clone();
    answer(&app, by_chat, "Good morning.").await;
    app.clock.forward(MINUTE);
    // Nobody works in the lane in which one waits for other servers.
    while jobs::work(&app.app, app.node.jobs(), jobs::Lane::Prompt).await.unwrap() {}
    assert_eq!(jo.reads().await, ["visitor: Hello?", "shop: Good morning."]);
    let all = messages(&app, by_mail).await;
    let letter = all.iter().find(|message| message["id"] == letter).unwrap();
    assert_eq!(letter["delivery"], "queued");
});

story!(what_crosses_with_a_message_is_not_read_for_that, |app| async move {
    let jo = Visitor::begin(&app, widget(&app).await).await;
    jo.say("1", "Hello?").await;
    app.tick().await;
    let ticket = id(&only_ticket(&app).await);
    answer(&app, ticket, "Good morning.").await;
    app.tick().await;
    jo.say("2", "Is anybody there?").await;
    let read = async || {
        let (_, events) = app.get(&format!("/api/v1/tickets/{ticket}/events")).await;
        events["data"].as_array().unwrap().iter().filter(|event| event["kind"] == "message.read").count()
    };
    assert_eq!(read().await, 0);
    assert_eq!(jo.client.put(&jo.path("marks"), json!({ "read": 3 })).await.0, 204);
    assert_eq!(read().await, 1, "it is told when it was shown");
});

story!(the_same_id_again_says_nothing_twice, |app| async move {
    let jo = Visitor::begin(&app, widget(&app).await).await;
    let first = jo.say("a", "Hello").await;
    let both = tokio::join!(jo.say("b", "Twice at once"), jo.say("b", "Twice at once"));
    assert_eq!(both.0, both.1);
    assert_eq!(jo.say("a", "Hello").await, first);
    app.tick().await;
    assert_eq!(jo.say("a", "Something else under the same id").await, first);
    app.tick().await;
    let ticket = only_ticket(&app).await;
    assert_eq!(messages(&app, id(&ticket)).await.len(), 2);
    assert_eq!(jo.reads().await, ["visitor: Hello", "visitor: Twice at once"]);
});

story!(quick_messages_of_one_visitor_meet_in_one_ticket, |app| async move {
    let jo = Visitor::begin(&app, widget(&app).await).await;
    for number in 0..8 {
        jo.say(&number.to_string(), &format!("Part {number}")).await;
    }
    let other = app.second_node().await;
    for _ in 0..8 {
        tokio::join!(app.later(20), other.tick());
    }
    let ticket = only_ticket(&app).await;
    let texts: Vec<Value> = messages(&app, id(&ticket)).await.iter().map(|one| one["text"].clone()).collect();
    assert_eq!(texts, (0..8).map(|number| json!(format!("Part {number}"))).collect::<Vec<_>>());
    other.end().await;
});

story!(what_was_said_first_stands_first_though_its_worker_is_slower, |app| async move {
    let jo = Visitor::begin(&app, widget(&app).await).await;
    jo.say("1", "First").await;
    jo.say("2", "Second").await;
    let first = "(SELECT min(id) FROM jobs WHERE name = 'messages.receive')";
    let slow = format!("UPDATE jobs SET run_at = run_at + 15 WHERE id = {first}");
    app.app.db().run(&slow, args![]).await.unwrap();
    app.tick().await;
    assert!(tickets(&app.as_owner().await, "shelf=all").await.is_empty(), "the second waits for the first");
    app.later(20).await;
    let ticket = id(&only_ticket(&app).await);
    let texts = async || messages(&app, ticket).await.iter().map(|one| one["text"].clone()).collect::<Vec<_>>();
    assert_eq!(texts().await, ["First", "Second"]);
    // What never arrives does not hold up the rest for ever.
    jo.say("3", "Lost").await;
    app.app.db().run(&format!("DELETE FROM jobs WHERE id = {first}"), args![]).await.unwrap();
    jo.say("4", "Fourth").await;
    app.later(4_000).await;
    assert_eq!(texts().await.len(), 2);
    app.later(1_020).await;
    assert_eq!(texts().await, ["First", "Second", "Fourth"]);
});

story!(two_visitors_see_nothing_of_each_other, |app| async move {
    let inbox = widget(&app).await;
    let (jo, kim) = (Visitor::begin(&app, inbox).await, Visitor::begin(&app, inbox).await);
    jo.say("1", "I am Jo").await;
    // Ids belong to their visitor.
    kim.say("1", "I am Kim").await;
    app.tick().await;
    let all = all_tickets(&app).await;
    assert_eq!(all.len(), 2);
    assert_ne!(all[0]["customer"]["id"], all[1]["customer"]["id"]);
    for ticket in &all {
        answer(&app, id(ticket), &format!("To {}", ticket["snippet"].as_str().unwrap())).await;
        note(&app, id(ticket), "A secret").await;
    }
    app.tick().await;
    assert_eq!(jo.reads().await, ["visitor: I am Jo", "shop: To I am Jo"]);
    assert_eq!(kim.reads().await, ["visitor: I am Kim", "shop: To I am Kim"]);
    let words = kim.conversation(0).await.to_string();
    for secret in ["@", "A secret", "ticket", "Jo"] {
        assert!(!words.contains(secret), "{secret} in {words}");
    }
});

story!(a_stranger_gets_in_nowhere, |app| async move {
    let inbox = widget(&app).await;
    let jo = Visitor::begin(&app, inbox).await;
    jo.say("1", "Mine").await;
    app.tick().await;
    let ticket = id(&only_ticket(&app).await);
    let (number, secret) = jo.token.split_once('.').unwrap();
    let other = Visitor::begin(&app, inbox).await;
    let theirs = other.token.split_once('.').unwrap().1;
    for token in ["", "x", number, secret, "1.", &format!("{number}.{theirs}"), &format!("{number}.{secret}x")] {
        let client = app.nobody().with_token(token);
        assert_eq!(client.get(&jo.path("messages")).await.0, 401, "{token}");
        assert_eq!(client.post(&jo.path("messages"), json!({ "id": "1", "text": "?" })).await.0, 401);
        assert_eq!(client.delete(&jo.path("session")).await.0, 401);
    }
    // At another inbox the token is nothing, at one that is none of a widget there is nothing.
    let body = json!({ "channel": "chat", "name": "Other", "address": "other.example" });
    let elsewhere = app.post("/api/v1/inboxes", body).await.1["id"].clone();
    assert_eq!(jo.client.get(&format!("/api/v1/widgets/{elsewhere}/messages")).await.0, 401);
    let letters = mails::inbox(&app).await;
    for nowhere in [letters, 999, -1] {
        assert_eq!(jo.client.get(&format!("/api/v1/widgets/{nowhere}/messages")).await.0, 404);
        assert_eq!(app.nobody().post(&format!("/api/v1/widgets/{nowhere}/sessions"), json!({})).await.0, 404);
    }
    // A visitor is nobody at the desk.
    for path in [format!("tickets/{ticket}"), format!("tickets/{ticket}/messages"), "inboxes".into(), "agents".into()] {
        assert_eq!(jo.client.get(&format!("/api/v1/{path}")).await.0, 401, "{path}");
    }
    app.clock.forward(31 * DAY);
    assert_eq!(jo.client.get(&jo.path("messages")).await.0, 401, "forgotten after a month");
});

story!(only_pages_of_the_shops_sites_may_ask, |app| async move {
    let inbox = widget(&app).await;
    let jo = Visitor::begin(&app, inbox).await;
    let from = async |method: Method, path: &str, origin: &str| {
        let request = jo.client.request(method, path).header(header::ORIGIN, origin);
        jo.client.send(request.body(r#"{"id":"9","text":"Hi"}"#)).await
    };
    let allowed = "access-control-allow-origin";
    for path in [jo.path("messages"), format!("/api/v1/widgets/{inbox}")] {
        let response = from(Method::GET, &path, SITE).await;
        assert_eq!((response.status().as_u16(), &response.headers()[allowed]), (200, &SITE.parse().unwrap()));
        assert!(response.headers().get("access-control-allow-credentials").is_none());
        for foreign in
            ["https://evil.example", "http://fjellvik.example", "https://fjellvik.example.evil.example", "null"]
        {
            let response = from(Method::GET, &path, foreign).await;
            assert_eq!(response.status(), 403, "{foreign}");
            assert_eq!(response.headers()[allowed], foreign, "the page can read why");
            let why: Value = response.json().await.unwrap();
            assert_eq!(why["detail"], "This shop's chat does not stand on this site.");
        }
    }
    let said = from(Method::POST, &jo.path("messages"), SITE).await;
    assert_eq!(said.status(), 200, "no cookie, so nobody's name is misused");
    assert_eq!(from(Method::POST, &jo.path("messages"), "https://evil.example").await.status(), 403);
    let asked = from(Method::OPTIONS, &jo.path("messages"), SITE).await;
    assert_eq!(asked.status(), 204);
    assert!(asked.headers()["access-control-allow-headers"].to_str().unwrap().contains("authorization"));
    assert_eq!(from(Method::OPTIONS, &jo.path("messages"), "https://evil.example").await.status(), 204);
    assert_eq!(jo.reads().await, ["visitor: Hi"], "what another site sent was not said");
    for method in [Method::OPTIONS, Method::GET] {
        let error = from(method.clone(), "/api/v1/widgets/999", SITE).await;
        assert_eq!(error.status(), if method == Method::GET { 404 } else { 204 });
        assert_eq!(error.headers()[allowed], SITE, "a page can read that there is no chat");
    }
    // The desk's own addresses stay closed.
    let owner = app.as_owner().await;
    let foreign = owner.request(Method::POST, "/api/v1/tickets").header(header::ORIGIN, SITE).json(&json!({}));
    assert_eq!(owner.answer(foreign).await.0, 403);
    // Switched off, there is no door.
    app.patch(&format!("/api/v1/inboxes/{inbox}"), json!({ "active": false })).await;
    let shut = from(Method::GET, &jo.path("messages"), SITE).await;
    assert_eq!((shut.status().as_u16(), &shut.headers()[allowed]), (404, &SITE.parse().unwrap()));
});

story!(merging_and_splitting_in_the_desk_changes_nothing_for_the_visitor, |app| async move {
    let inbox = widget(&app).await;
    let letters = mails::inbox(&app).await;
    bring(&app, letters, &mail("Kari <kari@fjord.example>", "k1@fjord", "Boots", "", "Kari's own words")).await;
    let boots = id(&only_ticket(&app).await);
    let jo = Visitor::begin(&app, inbox).await;
    jo.say("1", "First").await;
    jo.say("2", "Second").await;
    app.tick().await;
    let chat = id(&all_tickets(&app).await[1]);
    let before = ["visitor: First", "visitor: Second"];
    let (_, merged) = app.post(&format!("/api/v1/tickets/{chat}/merge"), json!({ "into": boots })).await;
    assert_eq!(jo.reads().await, before, "and nothing of Kari's");
    jo.say("3", "Third").await;
    app.tick().await;
    assert_eq!(messages(&app, boots).await.len(), 4, "the conversation goes on in the survivor");
    answer(&app, boots, "To Jo").await;
    app.tick().await;
    assert_eq!(jo.reads().await[2..], ["visitor: Third", "shop: To Jo"]);
    bring(
        &app,
        letters,
        &mail("Kari <kari@fjord.example>", "k2@fjord", "Re: Boots", "References: <k1@fjord>\n", "Me again"),
    )
    .await;
    answer(&app, boots, "To Kari").await;
    app.tick().await;
    assert_eq!(jo.reads().await.len(), 4, "what goes to Kari stays Kari's");
    let (status, undone) = app.delete(&format!("/api/v1/merges/{}", merged["id"])).await;
    assert_eq!(status, 200, "{undone}");
    assert_eq!(jo.reads().await.len(), 4);

    let kim = Visitor::begin(&app, inbox).await;
    kim.say("1", "A tent").await;
    kim.say("2", "And a stove").await;
    app.tick().await;
    let tent = id(all_tickets(&app).await.last().unwrap());
    let stove = messages(&app, tent).await[1]["id"].clone();
    let (status, split) = app.post(&format!("/api/v1/tickets/{tent}/split"), json!({ "messages": [stove] })).await;
    assert_eq!(status, 201, "{split}");
    answer(&app, id(&split["ticket"]), "About the stove").await;
    answer(&app, tent, "About the tent").await;
    app.tick().await;
    let both = ["visitor: A tent", "visitor: And a stove", "shop: About the stove", "shop: About the tent"];
    assert_eq!(kim.reads().await, both, "one conversation for Kim, two tickets for the desk");
    app.delete(&format!("/api/v1/splits/{}", split["id"])).await;
    assert_eq!(kim.reads().await, both);
    kim.say("3", "Thanks").await;
    app.tick().await;
    assert_eq!(messages(&app, tent).await.last().unwrap()["text"], "Thanks");
});

story!(too_much_is_refused_in_clear_words, |app| async move {
    let inbox = widget(&app).await;
    let jo = Visitor::begin(&app, inbox).await;
    let (status, refused) = jo.try_say("1", &"å".repeat(5_001)).await;
    assert_eq!((status, &refused["errors"][0]["field"]), (422, &json!("text")));
    // Whoever is still sending when the answer comes reads it all the same, every time.
    for _ in 0..10 {
        assert_eq!(jo.try_say("1", &"x".repeat(10_000_000)).await.0, 413);
    }
    for (id, text) in
        [("1", "  \n"), ("", "Hi"), ("a/b", "Hi"), ("mail-7", "Hi"), (&*"x".repeat(65), "Hi"), ("1", "\0")]
    {
        assert_eq!(jo.try_say(id, text).await.0, 422, "{id} {text}");
    }
    jo.say("1", &"å".repeat(5_000)).await;
    for number in 2..=30 {
        jo.say(&number.to_string(), "More").await;
    }
    let (status, refused) = jo.try_say("31", "More").await;
    assert_eq!((status, refused["title"].as_str().unwrap()), (429, "Too Many Requests"));
    assert_eq!(refused["detail"], "Too many requests. Try again in 60 seconds.");
    assert_eq!(jo.say("30", "More").await["place"], 30, "what was said already may be said again");
    app.clock.forward(MINUTE);
    jo.say("31", "More").await;
    app.tick().await;
    assert_eq!(messages(&app, id(&only_ticket(&app).await)).await.len(), 31, "nothing of it is lost");
});

story!(a_flood_of_beginnings_is_refused, |app| async move {
    let inbox = widget(&app).await;
    for _ in 0..60 {
        // Whoever deletes theirs has begun it all the same.
        let one = Visitor::begin(&app, inbox).await;
        assert_eq!(one.client.delete(&one.path("session")).await.0, 204);
    }
    let path = format!("/api/v1/widgets/{inbox}/sessions");
    let (status, refused) = app.nobody().post(&path, json!({})).await;
    assert_eq!((status, refused["type"].as_str().unwrap()), (429, "/problems/too-many"));
    app.clock.forward(10 * MINUTE);
    Visitor::begin(&app, inbox).await;
});

story!(what_was_deleted_counts_among_what_one_network_says, |app| async move {
    let inbox = widget(&app).await;
    for _ in 0..10 {
        let one = Visitor::begin(&app, inbox).await;
        for number in 0..30 {
            one.say(&number.to_string(), "Buy here").await;
        }
        assert_eq!(one.client.delete(&one.path("session")).await.0, 204);
    }
    let next = Visitor::begin(&app, inbox).await;
    assert_eq!(next.try_say("1", "Buy here").await.0, 429);
    app.clock.forward(MINUTE);
    next.say("1", "Hello").await;
});

story!(a_visitor_ends_and_deletes_their_chat, |app| async move {
    let jo = Visitor::begin(&app, widget(&app).await).await;
    jo.say("1", "Hello").await;
    app.tick().await;
    let ticket = id(&only_ticket(&app).await);
    assert_eq!(jo.client.post(&jo.path("end"), json!({})).await.0, 204);
    assert_eq!(jo.client.post(&jo.path("end"), json!({})).await.0, 204);
    assert_eq!(jo.conversation(0).await["ended"], true);
    answer(&app, ticket, "Come back any time").await;
    jo.say("2", "One more thing").await;
    app.tick().await;
    assert_eq!(jo.conversation(0).await["ended"], false);
    assert_eq!(messages(&app, ticket).await.len(), 3, "it goes on where it was");
    assert_eq!(jo.client.delete(&jo.path("session")).await.0, 204);
    assert_eq!(jo.client.get(&jo.path("messages")).await.0, 401);
    assert_eq!(jo.try_say("3", "Hello?").await.0, 401);
    answer(&app, ticket, "Too late").await;
    app.tick().await;
    let last = messages(&app, ticket).await.pop().unwrap();
    assert_eq!(last["delivery"], "refused");
    assert!(last["delivery_why"].as_str().unwrap().starts_with("The visitor has deleted"), "{last}");
    let (_, events) = app.get(&format!("/api/v1/tickets/{ticket}/events")).await;
    let kinds: Vec<_> = events["data"].as_array().unwrap().iter().map(|event| event["kind"].clone()).collect();
    assert_eq!(kinds.iter().filter(|kind| **kind == "visit.ended").count(), 1);
    assert!(kinds.contains(&json!("visit.deleted")));
});

story!(letters_of_the_house_never_go_into_a_chat, |app| async move {
    widget(&app).await;
    let to = connectors::channel::Party { name: None, value: "new@fjellvik.example".into() };
    let hello = || "Hello".to_owned();
    let letter = desk::inboxes::Letter { to, subject: hello(), text: hello(), html: hello() };
    let sent = desk::inboxes::send_plain(&app.app, None, letter).await;
    assert!(matches!(sent, Err(base::Error::Refused { .. })), "there is no inbox for letters");
});

#[test]
fn what_was_said_survives_a_killed_node_sqlite() {
    crate::harness::run(Engine::Sqlite, |_| (), survives);
}

#[test]
fn what_was_said_survives_a_killed_node_postgres() {
    crate::harness::run(Engine::Postgres, |_| (), survives);
}

/// The node that took the message never works on it; the next one does.
async fn survives(app: TestApp) {
    let inbox = widget(&app).await;
    let first = app.second_node().await;
    let jo = Visitor::begin(&first, inbox).await;
    jo.say("1", "Are you there?").await;
    first.end().await;
    let jo = jo.at(&app);
    assert_eq!(jo.say("1", "Are you there?").await["place"], 1, "sent again, as a page does that got no answer");
    app.tick().await;
    let ticket = id(&only_ticket(&app).await);
    assert_eq!(messages(&app, ticket).await.len(), 1);
    answer(&app, ticket, "Yes").await;
    app.tick().await;
    assert_eq!(jo.reads().await, ["visitor: Are you there?", "shop: Yes"]);
}
