//! An inbox sends no faster than its provider takes it, whichever node sends and whatever failed meanwhile.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use base::{MINUTE, Time};
use serde_json::json;
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
};

use crate::{
    harness::TestApp,
    mails::{INBOX, answer, bring, mail, messages, only_ticket},
};

const SECOND: Time = 1000;

/// A mail server that says no to its first mails and takes the others.
#[derive(Clone, Default)]
struct Post {
    refuses: usize,
    came: Arc<AtomicUsize>,
    taken: Arc<AtomicUsize>,
}

impl Post {
    async fn open(&self) -> u16 {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let post = self.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(post.clone().talk(stream));
            }
        });
        port
    }

    async fn talk(self, stream: TcpStream) -> Option<()> {
        let (read, mut write) = stream.into_split();
        let mut lines = BufReader::new(read).lines();
        write.write_all(b"220 post.example\r\n").await.ok()?;
        while let Some(line) = lines.next_line().await.ok()? {
            let mut said = "250 fine\r\n";
            if line == "DATA" {
                write.write_all(b"354 go on\r\n").await.ok()?;
                while lines.next_line().await.ok()?? != "." {}
                if self.came.fetch_add(1, Ordering::SeqCst) < self.refuses {
                    said = "451 later\r\n";
                } else {
                    self.taken.fetch_add(1, Ordering::SeqCst);
                }
            }
            write.write_all(said.as_bytes()).await.ok()?;
        }
        Some(())
    }

    fn taken(&self) -> usize {
        self.taken.load(Ordering::SeqCst)
    }
}

/// A ticket in an inbox that sends two messages a minute.
async fn ticket(app: &TestApp, post: &Post) -> i64 {
    let smtp = json!({ "host": "127.0.0.1", "port": post.open().await, "security": "plain", "per_minute": 2 });
    let body = json!({ "channel": "email", "name": "Shop", "address": INBOX, "settings": { "smtp": smtp } });
    let (status, inbox) = app.post("/api/v1/inboxes", body).await;
    assert_eq!(status, 201, "{inbox}");
    bring(app, inbox["id"].as_i64().unwrap(), &mail("jo@post.example", "a1@post", "Tent", "", "First")).await;
    only_ticket(app).await["id"].as_i64().unwrap()
}

story!(all_nodes_together_keep_to_an_inboxes_pace, |app| async move {
    let post = Post::default();
    let id = ticket(&app, &post).await;
    let other = app.second_node().await;
    for text in ["One", "Two", "Three", "Four", "Five"] {
        answer(&app, id, text).await;
    }
    app.clock.forward(11 * SECOND);
    tokio::join!(app.tick(), other.tick());
    assert_eq!(post.taken(), 2);
    let all = messages(&app, id).await;
    let waits = all.iter().filter(|message| message["delivery"] == "queued").collect::<Vec<_>>();
    assert_eq!(waits.len(), 3, "{all:?}");
    assert_eq!(waits[0]["delivery_why"], "This inbox sends at most 2 messages a minute.");
    let (_, withdrawn) = app.delete(&format!("/api/v1/messages/{}", waits[0]["id"])).await;
    assert!(withdrawn.is_null(), "what waits for its turn can still be taken back: {withdrawn}");
    app.clock.forward(MINUTE - 1);
    tokio::join!(app.tick(), other.tick());
    assert_eq!(post.taken(), 2);
    app.clock.forward(1);
    tokio::join!(app.tick(), other.tick());
    assert_eq!(post.taken(), 4);
    other.end().await;
});

story!(what_was_not_handed_over_costs_no_turn, |app| async move {
    let post = Post { refuses: 2, ..Post::default() };
    let id = ticket(&app, &post).await;
    for text in ["One", "Two", "Three"] {
        answer(&app, id, text).await;
    }
    app.later(11 * SECOND).await;
    assert_eq!((post.came.load(Ordering::SeqCst), post.taken()), (3, 1), "two were refused for now, and cost nothing");
    app.later(10 * SECOND).await;
    assert_eq!(post.taken(), 2);
    app.later(MINUTE - 11 * SECOND).await;
    assert_eq!(post.taken(), 2);
    app.later(MINUTE).await;
    assert_eq!(post.taken(), 3);
});

story!(letters_of_the_house_keep_to_the_pace_as_well, |app| async move {
    let post = Post::default();
    let id = ticket(&app, &post).await;
    let to = |who: &str| connectors::channel::Party { name: None, value: who.to_owned() };
    let send = |who| {
        let hello = || "Hello".to_owned();
        let letter = desk::inboxes::Letter { to: to(who), subject: "Welcome".into(), text: hello(), html: hello() };
        desk::inboxes::send_plain(&app.app, None, letter)
    };
    send("one@post.example").await.unwrap();
    send("two@post.example").await.unwrap();
    assert!(matches!(send("three@post.example").await, Err(base::Error::Upstream { retry_after: Some(MINUTE), .. })));
    answer(&app, id, "One").await;
    app.later(11 * SECOND).await;
    assert_eq!(post.taken(), 2);
    app.later(MINUTE).await;
    assert_eq!(post.taken(), 3);
});
