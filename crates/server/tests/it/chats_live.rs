//! A visitor's websocket: at once, in order, and without gaps or doubles, whichever node the agent is on.

use std::time::Duration;

use base::Engine;
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{self, Message, client::IntoClientRequest},
};

use crate::{
    chats::{SITE, Visitor, note, widget},
    harness::TestApp,
    mails::{answer, messages, only_ticket},
};

struct Page(WebSocketStream<MaybeTlsStream<tokio::net::TcpStream>>);

impl Page {
    async fn open(app: &TestApp, visitor: &Visitor, after: i64) -> Self {
        let mut page = Self::connect(app, visitor.inbox, SITE).await.unwrap();
        page.say(json!({ "type": "hello", "token": visitor.token, "after": after })).await;
        page
    }

    async fn connect(app: &TestApp, inbox: i64, origin: &str) -> Result<Self, tungstenite::Error> {
        let mut request = format!("ws://{}/api/v1/widgets/{inbox}/live", app.address).into_client_request().unwrap();
        request.headers_mut().insert("origin", origin.parse().unwrap());
        connect_async(request).await.map(|(socket, _)| Self(socket))
    }

    async fn say(&mut self, words: Value) {
        self.0.send(Message::text(words.to_string())).await.unwrap();
    }

    /// The next words; none when the connection is closed.
    async fn next(&mut self) -> Option<Value> {
        loop {
            let frame = tokio::time::timeout(Duration::from_secs(10), self.0.next()).await.expect("silence");
            match frame? {
                Ok(Message::Text(text)) => return Some(serde_json::from_str(&text).unwrap()),
                Ok(Message::Close(_)) | Err(_) => return None,
                Ok(_) => {}
            }
        }
    }

    async fn until(&mut self, right: impl Fn(&Value) -> bool) -> Value {
        loop {
            let words = self.next().await.expect("closed");
            if right(&words) {
                return words;
            }
        }
    }

    /// The text of the next line.
    async fn line(&mut self) -> String {
        let words = self.until(|words| words["type"] == "line").await;
        words["line"]["text"].as_str().unwrap().to_owned()
    }

    /// All lines up to the word that everything has been sent.
    async fn missed(&mut self) -> Vec<i64> {
        let mut places = Vec::new();
        loop {
            let words = self.next().await.expect("closed");
            match words["type"].as_str() {
                Some("line") => places.push(words["line"]["place"].as_i64().unwrap()),
                Some("state") => return places,
                _ => {}
            }
        }
    }
}

/// The other node on PostgreSQL; on SQLite there is only one.
async fn other(app: &TestApp) -> TestApp {
    app.start();
    match app.app.db().engine() {
        Engine::Postgres => {
            let other = app.second_node().await;
            other.start();
            other
        }
        Engine::Sqlite => app.clone(),
    }
}

async fn eventually_ticket(app: &TestApp) -> i64 {
    for _ in 0..200 {
        let all = crate::mails::tickets(&app.as_owner().await, "shelf=all").await;
        if !all.is_empty() {
            return only_ticket(app).await["id"].as_i64().unwrap();
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("no ticket came")
}

story!(shopper_on_one_node_and_agent_on_another_talk_live, |app| async move {
    let inbox = widget(&app).await;
    let shop = other(&app).await;
    let jo = Visitor::begin(&app, inbox).await;
    let mut page = Page::open(&app, &jo, 0).await;
    let mut second = Page::open(&app, &jo, 0).await;
    assert_eq!((page.missed().await, second.missed().await), (vec![], vec![]));
    jo.say("1", "Hello?").await;
    assert_eq!((page.line().await, second.line().await), ("Hello?".to_owned(), "Hello?".to_owned()), "tabs in step");
    let ticket = eventually_ticket(&shop).await;
    let agent = shop.as_owner().await.at(shop.address);
    let mut desk = agent.live(base::events::newest(&shop.app).await.unwrap()).await;
    desk.say(json!({ "type": "presence", "ticket": ticket, "state": "writing" })).await;
    let typing = page.until(|words| words["type"] == "typing").await;
    assert_eq!((&typing["on"], &typing["name"]), (&json!(true), &json!("Ingrid")));
    note(&shop, ticket, "Never to be shown").await;
    answer(&shop, ticket, "Hello!").await;
    assert_eq!(page.line().await, "Hello!");
    page.say(json!({ "type": "marks", "delivered": 2, "read": 2 })).await;
    let delivered = desk.event("message.delivered").await;
    assert_eq!(delivered["ticket"], ticket);
    desk.event("message.read").await;
    page.say(json!({ "type": "typing" })).await;
    loop {
        let words = desk.next().await.unwrap();
        if words["kind"] == "visitor.typing" {
            assert_eq!(words["ticket"], ticket);
            break;
        }
    }
    agent.put(&format!("/api/v1/tickets/{ticket}/read"), json!({})).await;
    page.until(|words| words["read_by_shop"] == 1).await;
    assert_eq!(messages(&app, ticket).await.iter().filter(|m| m["delivery"] == "delivered").count(), 1);
    if shop.address != app.address {
        shop.end().await;
    }
});

story!(who_comes_back_gets_what_they_missed_once, |app| async move {
    let jo = Visitor::begin(&app, widget(&app).await).await;
    jo.say("1", "Hello?").await;
    app.tick().await;
    let ticket = only_ticket(&app).await["id"].as_i64().unwrap();
    for number in 0..250 {
        answer(&app, ticket, &number.to_string()).await;
    }
    app.tick().await;
    let mut page = Page::open(&app, &jo, 1).await;
    assert_eq!(page.missed().await, (2..=251).collect::<Vec<_>>());
    drop(page);
    answer(&app, ticket, "While away").await;
    app.tick().await;
    let mut page = Page::open(&app, &jo, 251).await;
    assert_eq!(page.missed().await, [252]);
    // A cursor from nowhere loses nothing that comes.
    let mut strange = Page::open(&app, &jo, i64::MAX).await;
    assert_eq!(strange.missed().await, Vec::<i64>::new());
    answer(&app, ticket, "Once more").await;
    app.tick().await;
    assert_eq!((page.line().await, strange.line().await), ("Once more".to_owned(), "Once more".to_owned()));
});

story!(the_oldest_of_too_many_pages_makes_room, |app| async move {
    let jo = Visitor::begin(&app, widget(&app).await).await;
    let mut oldest = Page::open(&app, &jo, 0).await;
    oldest.missed().await;
    let mut pages = Vec::new();
    for _ in 0..16 {
        let mut page = Page::open(&app, &jo, 0).await;
        page.missed().await;
        pages.push(page);
    }
    assert_eq!(oldest.next().await, None);
    jo.say("1", "Hello?").await;
    for page in &mut pages {
        assert_eq!(page.line().await, "Hello?");
    }
});

story!(nobody_listens_in, |app| async move {
    let inbox = widget(&app).await;
    let jo = Visitor::begin(&app, inbox).await;
    assert!(Page::connect(&app, inbox, "https://evil.example").await.is_err(), "a foreign page");
    for first in [json!({ "type": "typing" }), json!({ "type": "hello", "token": "1.guessed" }), json!([])] {
        let mut page = Page::connect(&app, inbox, SITE).await.unwrap();
        page.say(first).await;
        assert_eq!(page.next().await, None);
    }
    let mut page = Page::open(&app, &jo, 0).await;
    page.missed().await;
    for _ in 0..100 {
        if page.0.send(Message::text(json!({ "type": "typing" }).to_string())).await.is_err() {
            break;
        }
    }
    while page.next().await.is_some() {}
    let mut page = Page::open(&app, &jo, 0).await;
    page.missed().await;
    jo.client.delete(&jo.path("session")).await;
    assert_eq!(page.next().await, None, "deleted in another tab");
});

/// The next whisper of a visitor who writes.
async fn typed(desk: &mut crate::client::Live) -> Value {
    loop {
        let words = desk.next().await.unwrap();
        if words["kind"] == "visitor.typing" {
            return words;
        }
    }
}

story!(what_a_visitor_types_is_read_along_only_where_the_shop_says_so, |app| async move {
    let inbox = widget(&app).await;
    let jo = Visitor::begin(&app, inbox).await;
    jo.say("1", "Hello?").await;
    app.tick().await;
    app.start();
    let ticket = only_ticket(&app).await["id"].as_i64().unwrap();
    let (mut page, mut desk) = (Page::open(&app, &jo, 1).await, app.as_owner().await.live(0).await);
    page.missed().await;
    let look = async || app.nobody().get(&format!("/api/v1/widgets/{inbox}")).await.1["look"]["typing_preview"].clone();
    assert_eq!(look().await, false);
    page.say(json!({ "type": "typing", "text": "My secret" })).await;
    assert_eq!(typed(&mut desk).await, json!({ "type": "whisper", "kind": "visitor.typing", "ticket": ticket }));
    let settings = json!({ "origins": crate::chats::SITE, "typing_preview": true });
    assert_eq!(app.patch(&format!("/api/v1/inboxes/{inbox}"), json!({ "settings": settings })).await.0, 200);
    assert_eq!(look().await, true);
    tokio::time::sleep(Duration::from_millis(1100)).await;
    page.say(json!({ "type": "typing", "text": format!("  Is it\n\u{202e}waterproof? {}", "x".repeat(600)) })).await;
    let text = typed(&mut desk).await["text"].as_str().unwrap().to_owned();
    assert!(text.starts_with("Is it waterproof? xxx") && text.chars().count() == 500, "{text}");
    // More often than once a second is not passed on; what follows is.
    page.say(json!({ "type": "typing", "text": "too soon" })).await;
    tokio::time::sleep(Duration::from_millis(1100)).await;
    page.say(json!({ "type": "typing", "text": "later" })).await;
    assert_eq!(typed(&mut desk).await["text"], "later");
    // Nothing of it is kept anywhere.
    for (table, column) in [("events", "data"), ("jobs", "args"), ("visit_lines", "text"), ("messages", "text")] {
        let sql =
            format!("SELECT CAST(count(*) AS BIGINT) AS n FROM {table} WHERE CAST({column} AS TEXT) LIKE '%later%'");
        assert_eq!(app.app.db().one(&sql, base::args![]).await.unwrap().int("n").unwrap(), 0, "{table}");
    }
    assert_eq!(messages(&app, ticket).await.len(), 1);
    let odd = app.patch(&format!("/api/v1/inboxes/{inbox}"), json!({ "settings": { "typing_preview": "yes" } })).await;
    assert_eq!((odd.0, &odd.1["errors"][0]["field"]), (422, &json!("settings.typing_preview")));
});
