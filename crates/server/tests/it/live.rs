//! What happens is seen in every open desk, at once and without gaps; and who reads or writes where.

use std::time::Duration;

use base::{Actor, Engine, MINUTE};
use desk::Event;
use futures_util::StreamExt;
use serde_json::{Value, json};
use tokio_tungstenite::{connect_async, tungstenite, tungstenite::client::IntoClientRequest};

use crate::{
    client::{Client, Live},
    harness::TestApp,
    mails::{bring, inbox, mail, tickets},
};

async fn ticket(app: &TestApp) -> i64 {
    let inbox = inbox(app).await;
    bring(app, inbox, &mail("Kari <kari@fjord.example>", "1@fjord", "Where is my parcel?", "", "Hello?")).await;
    tickets(&app.as_owner().await, "shelf=all").await[0]["id"].as_i64().unwrap()
}

/// Lets something happen that everybody may hear of.
async fn happen(app: &TestApp, numbers: std::ops::Range<i64>) {
    for view in numbers {
        let mut tx = app.app.begin(Actor::System).await.unwrap();
        tx.emit(&Event::ViewChanged { view }).unwrap();
        tx.commit().await.unwrap();
    }
}

/// The next frame of a type, passing over everything else.
async fn frame(live: &mut Live, kind: &str) -> Value {
    loop {
        let frame = live.next().await.expect("the live connection was closed");
        if frame["type"] == kind {
            return frame;
        }
    }
}

/// The next word about a ticket's agents that satisfies.
async fn agents_on(live: &mut Live, ticket: i64, right: impl Fn(&Value) -> bool) -> Value {
    loop {
        let frame = frame(live, "presence").await;
        if frame["ticket"] == ticket && right(&frame["agents"]) {
            return frame["agents"].clone();
        }
    }
}

async fn newest(app: &TestApp) -> i64 {
    base::events::newest(&app.app).await.unwrap()
}

story!(a_mail_appears_in_an_open_desk, |app| async move {
    let inbox = inbox(&app).await;
    let agent = app.as_role("agent").await;
    let mut live = agent.live(newest(&app).await).await;
    assert_eq!(frame(&mut live, "hello").await["seq"], newest(&app).await);
    bring(&app, inbox, &mail("Kari <kari@fjord.example>", "1@fjord", "Where is my parcel?", "", "Hello?")).await;
    let created = live.event("ticket.created").await;
    assert_eq!(created["data"]["subject"], "Where is my parcel?");
    let received = live.event("message.received").await;
    assert_eq!(received["ticket"], created["ticket"]);
    let path = format!("/api/v1/tickets/{}/messages", created["ticket"]);
    app.post(&path, json!({ "direction": "note", "text": "On its way" })).await;
    assert_eq!(live.event("note.added").await["actor"]["name"], "Ingrid");
    assert!(received["at"].as_str().unwrap().ends_with('Z') && received["seq"].as_i64() > created["seq"].as_i64());
});

story!(who_comes_back_gets_what_it_missed_and_then_follows_without_a_gap, |app| async move {
    let owner = app.as_owner().await;
    let start = newest(&app).await;
    happen(&app, 0..700).await;
    let mut live = owner.live(start).await;
    let (writer, mut seen) = (app.clone(), Vec::new());
    let writing = tokio::spawn(async move { happen(&writer, 700..900).await });
    while seen.len() < 900 {
        seen.push(live.event("view.changed").await["data"]["view"].as_i64().unwrap());
    }
    writing.await.unwrap();
    assert_eq!(seen, (0..900).collect::<Vec<_>>(), "each once, in order");
});

story!(who_missed_too_much_loads_anew, |app| async move {
    let owner = app.as_owner().await;
    let start = newest(&app).await;
    let mut tx = app.app.begin(Actor::System).await.unwrap();
    for view in 0..5_001 {
        tx.emit(&Event::ViewChanged { view }).unwrap();
    }
    tx.commit().await.unwrap();
    for strange in [start, newest(&app).await + 100] {
        let mut live = owner.live(strange).await;
        assert_eq!(frame(&mut live, "resync").await["seq"], newest(&app).await);
        happen(&app, 7777..7778).await;
        assert_eq!(live.event("view.changed").await["data"]["view"], 7777, "and goes on from there");
    }
});

story!(everybody_hears_what_is_for_them, |app| async move {
    let agent = app.as_role("agent").await;
    let id = ticket(&app).await;
    let start = newest(&app).await;
    let owner = app.as_owner().await;
    agent.put(&format!("/api/v1/tickets/{id}/read"), json!({ "message": null })).await;
    owner.post("/api/v1/tokens", json!({ "name": "shop", "scopes": ["read"] })).await;
    happen(&app, 1..2).await;
    let kinds = async |client: &Client| {
        let mut live = client.live(start).await;
        let mut kinds = Vec::new();
        loop {
            let event = frame(&mut live, "event").await["event"].clone();
            kinds.push(event["kind"].as_str().unwrap().to_owned());
            if event["kind"] == "view.changed" {
                return kinds;
            }
        }
    };
    let listed = async |client: &Client| {
        let (status, page) = client.get(&format!("/api/v1/events?after={start}")).await;
        assert_eq!(status, 200, "{page}");
        let kinds = page["data"].as_array().unwrap().iter().map(|event| event["kind"].as_str().unwrap().to_owned());
        kinds.collect::<Vec<_>>()
    };
    assert_eq!(kinds(&agent).await, ["view.changed"]);
    assert_eq!(listed(&agent).await, ["view.changed"]);
    assert_eq!(kinds(&owner).await, ["token.created", "view.changed"]);
    assert_eq!(listed(&owner).await, ["token.created", "view.changed"]);
});

story!(what_one_reads_and_drafts_only_ones_other_screens_hear, |app| async move {
    let agent = app.as_role("agent").await;
    let id = ticket(&app).await;
    app.tick().await;
    app.start();
    // Only PostgreSQL has more than one node.
    let other = match app.app.db().engine() {
        Engine::Postgres => app.second_node().await,
        Engine::Sqlite => app.clone(),
    };
    other.start();
    let before = newest(&app).await;
    let mut mine = agent.at(other.address).live(before).await;
    let mut theirs = app.as_owner().await.live(before).await;
    frame(&mut mine, "hello").await;
    frame(&mut theirs, "hello").await;
    let draft = format!("/api/v1/tickets/{id}/draft?kind=note");
    // Until the nodes hear each other it is told to nobody.
    let saved = loop {
        agent.put(&draft, json!({ "html": "<p>Hm</p>" })).await;
        if let Ok(saved) = tokio::time::timeout(Duration::from_millis(300), frame(&mut mine, "whisper")).await {
            break saved;
        }
    };
    assert_eq!(
        (&saved["kind"], &saved["draft"], &saved["ticket"]),
        (&json!("draft.saved"), &json!("note"), &json!(id))
    );
    agent.put(&format!("/api/v1/tickets/{id}/read"), json!({})).await;
    let read = loop {
        let whisper = frame(&mut mine, "whisper").await;
        if whisper["kind"] == "ticket.read" {
            break whisper;
        }
    };
    assert!(read["ticket"] == id && read["message"].is_i64(), "{read}");
    agent.delete(&format!("/api/v1/tickets/{id}/read")).await;
    assert_eq!(frame(&mut mine, "whisper").await["message"], Value::Null);
    assert_eq!(newest(&app).await, before, "the log keeps none of it");
    happen(&app, 5..6).await;
    loop {
        let frame = theirs.next().await.unwrap();
        assert_ne!(frame["type"], "whisper", "not theirs");
        if frame["event"]["kind"] == "view.changed" {
            break;
        }
    }
});

story!(the_log_is_read_page_by_page, |app| async move {
    app.as_owner().await;
    let start = newest(&app).await;
    happen(&app, 0..5).await;
    let (_, page) = app.get(&format!("/api/v1/events?after={start}&limit=3")).await;
    assert_eq!(page["data"].as_array().unwrap().len(), 3);
    let next = page["next"].as_str().unwrap();
    let (_, page) = app.get(&format!("/api/v1/events?after={next}&limit=3")).await;
    let views: Vec<i64> =
        page["data"].as_array().unwrap().iter().map(|e| e["data"]["view"].as_i64().unwrap()).collect();
    assert_eq!((views, &page["next"]), (vec![3, 4], &Value::Null));
    assert_eq!(app.get("/api/v1/events?after=x").await.0, 422);
    assert_eq!(app.get("/api/v1/events?limit=0").await.0, 422);
    assert_eq!(app.nobody().get("/api/v1/events").await.0, 401);
});

story!(whoever_signs_out_hears_no_more, |app| async move {
    let agent = app.as_role("agent").await;
    let mut live = agent.live(newest(&app).await).await;
    frame(&mut live, "hello").await;
    let (status, _) = agent.delete("/api/v1/session").await;
    assert_eq!(status, 204);
    let closed = tokio::time::timeout(Duration::from_secs(60), async { while live.next().await.is_some() {} });
    assert!(closed.await.is_ok());
});

story!(whoever_is_let_go_hears_no_more, |app| async move {
    let agent = app.as_role("agent").await;
    let (_, me) = agent.get("/api/v1/session").await;
    let mut live = agent.live(newest(&app).await).await;
    frame(&mut live, "hello").await;
    let (status, answer) = app.patch(&format!("/api/v1/agents/{}", me["id"]), json!({ "active": false })).await;
    assert_eq!(status, 200, "{answer}");
    let closed = tokio::time::timeout(Duration::from_secs(60), async { while live.next().await.is_some() {} });
    assert!(closed.await.is_ok());
});

async fn refused(app: &TestApp, headers: &[(&'static str, String)]) -> u16 {
    let mut request = format!("ws://{}/api/v1/live", app.address).into_client_request().unwrap();
    for (name, value) in headers {
        request.headers_mut().insert(*name, value.parse().unwrap());
    }
    match connect_async(request).await {
        Err(tungstenite::Error::Http(response)) => response.status().as_u16(),
        other => panic!("expected a refusal, got {other:?}"),
    }
}

story!(strangers_and_other_sites_pages_are_refused, |app| async move {
    let cookie = app.as_owner().await.cookie().unwrap();
    assert_eq!(refused(&app, &[]).await, 401);
    let evil = [("cookie", cookie.clone()), ("origin", "https://evil.example".into())];
    assert_eq!(refused(&app, &evil).await, 403);
    let mut own = format!("ws://{}/api/v1/live", app.address).into_client_request().unwrap();
    own.headers_mut().insert("cookie", cookie.parse().unwrap());
    own.headers_mut().insert("origin", format!("http://{}", app.address).parse().unwrap());
    let (mut socket, _) = connect_async(own).await.unwrap();
    assert!(socket.next().await.unwrap().unwrap().to_text().unwrap().contains("hello"));
    let (status, problem) = app.get("/api/v1/live").await;
    assert_eq!(status, 400, "{problem}");
});

story!(agents_see_who_reads_and_who_writes, |app| async move {
    let id = ticket(&app).await;
    let (owner, agent) = (app.as_owner().await, app.as_role("agent").await);
    let me = agent.get("/api/v1/session").await.1;
    let mut watching = owner.live(newest(&app).await).await;
    let mut live = agent.live(newest(&app).await).await;
    live.say(json!({ "type": "presence", "ticket": id, "state": "reading" })).await;
    let agents = agents_on(&mut watching, id, |agents| agents != &json!([])).await;
    assert_eq!(agents, json!([{ "id": me["id"], "name": me["name"], "state": "reading" }]));
    live.say(json!({ "type": "presence", "ticket": id, "state": "writing" })).await;
    agents_on(&mut watching, id, |agents| agents[0]["state"] == "writing").await;
    live.say(json!({ "type": "presence", "ticket": null })).await;
    agents_on(&mut watching, id, |agents| agents == &json!([])).await;

    let path = format!("/api/v1/tickets/{id}/presence");
    assert_eq!(agent.put(&path, json!({ "state": "writing" })).await.0, 204);
    agents_on(&mut watching, id, |agents| agents[0]["state"] == "writing").await;
    let mut late = owner.live(newest(&app).await).await;
    agents_on(&mut late, id, |agents| agents[0]["state"] == "writing").await;
    app.clock.forward(MINUTE);
    agents_on(&mut watching, id, |agents| agents == &json!([])).await;
    assert_eq!(agent.put(&path, json!({ "state": "dancing" })).await.0, 422);
    assert_eq!(agent.put("/api/v1/tickets/9999/presence", json!({ "state": "reading" })).await.0, 404);
});

story!(agents_see_who_is_at_the_desk, |app| async move {
    let (owner, agent) = (app.as_owner().await, app.as_role("agent").await);
    let id = agent.get("/api/v1/session").await.1["id"].clone();
    let mut watching = owner.live(newest(&app).await).await;
    let live = agent.live(newest(&app).await).await;
    while !frame(&mut watching, "online").await["agents"].as_array().unwrap().contains(&id) {}
    drop(live);
    // A moment later, because pages are reloaded all the time.
    tokio::time::sleep(Duration::from_millis(300)).await;
    app.clock.forward(10_000);
    while frame(&mut watching, "online").await["agents"].as_array().unwrap().contains(&id) {}
});

story!(a_client_that_talks_nonsense_is_let_go, |app| async move {
    let owner = app.as_owner().await;
    for nonsense in [json!("x".repeat(10_000)), json!({ "type": "presence", "ticket": "seven" }), json!([1])] {
        let mut live = owner.live(newest(&app).await).await;
        live.say(nonsense).await;
        while live.next().await.is_some() {}
    }
    let mut live = owner.live(newest(&app).await).await;
    live.say(json!({ "type": "something of a later version", "x": 1 })).await;
    happen(&app, 1..2).await;
    live.event("view.changed").await;
});

story!(a_client_that_cannot_keep_up_misses_nothing_and_holds_up_nobody, |app| async move {
    let owner = app.as_owner().await;
    let start = newest(&app).await;
    let (mut slow, mut quick) = (owner.live(start).await, owner.live(start).await);
    let writer = app.clone();
    let writing = tokio::spawn(async move {
        // Together more than a socket takes before somebody reads at its other end.
        let name = "x".repeat(8_000);
        for part in 0..60 {
            let mut tx = writer.app.begin(Actor::System).await.unwrap();
            for number in 0..50 {
                let customer = (part * 50 + number).into();
                tx.emit(&Event::CustomerCreated { customer, name: name.clone() }).unwrap();
            }
            tx.commit().await.unwrap();
        }
    });
    for number in 0..3000 {
        assert_eq!(quick.event("customer.created").await["customer"], number);
    }
    writing.await.unwrap();
    for number in 0..3000 {
        assert_eq!(slow.event("customer.created").await["customer"], number);
    }
});

story_on!(Postgres, an_agent_on_one_node_sees_what_the_other_received, |app| async move {
    let id = ticket(&app).await;
    let other = app.second_node().await;
    other.start();
    app.start();
    let agent = app.as_role("agent").await;
    let start = newest(&app).await;
    let (mut here, mut there) = (app.as_owner().await.live(start).await, agent.at(other.address).live(start).await);
    app.patch(&format!("/api/v1/tickets/{id}"), json!({ "priority": "high" })).await;
    assert_eq!(there.event("ticket.changed").await["ticket"], id);
    there.say(json!({ "type": "presence", "ticket": id, "state": "writing" })).await;
    agents_on(&mut here, id, |agents| agents[0]["state"] == "writing").await;
    drop(there);
    agents_on(&mut here, id, |agents| agents == &json!([])).await;
    other.end().await;
});

/// From commit to the frame in a thousand clients' hands:
/// `cargo test --release -p server --test it -- --ignored --nocapture a_thousand_clients`
mod speed {
    use std::{
        sync::Arc,
        time::{Duration, Instant},
    };

    use base::{Actor, Engine};
    use desk::Event;
    use tokio::sync::{Barrier, mpsc};

    use super::newest;
    use crate::harness::{TestApp, run};

    const CLIENTS: usize = 1000;
    const EVENTS: i64 = 100;

    #[test]
    #[ignore = "measures"]
    fn a_thousand_clients_on_sqlite() {
        run(Engine::Sqlite, |_| (), measure);
    }

    #[test]
    #[ignore = "measures"]
    fn a_thousand_clients_on_postgres() {
        run(Engine::Postgres, |_| (), measure);
    }

    /// Memory of this process in kB.
    fn memory() -> i64 {
        let status = std::fs::read_to_string("/proc/self/status").unwrap();
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
        line.split_whitespace().nth(1).unwrap().parse().unwrap()
    }

    #[allow(clippy::disallowed_methods)]
    fn clock() -> Instant {
        Instant::now()
    }

    async fn measure(app: TestApp) {
        app.start();
        let owner = app.as_owner().await;
        let start = newest(&app).await;
        let before = memory();
        let (told, mut heard) = mpsc::unbounded_channel();
        let ready = Arc::new(Barrier::new(CLIENTS + 1));
        for _ in 0..CLIENTS {
            let (owner, told, ready) = (owner.clone(), told.clone(), ready.clone());
            let mut live = owner.live(start).await;
            tokio::spawn(async move {
                ready.wait().await;
                for _ in 0..EVENTS {
                    let event = live.event("view.changed").await;
                    told.send((event["data"]["view"].as_i64().unwrap(), clock())).unwrap();
                }
                // Holds the line until the last one has heard.
                ready.wait().await;
            });
        }
        ready.wait().await;
        tokio::time::sleep(Duration::from_secs(1)).await;
        eprintln!("{CLIENTS} connections, server and clients: {} MB", (memory() - before) / 1024);
        let mut committed = Vec::new();
        for view in 0..EVENTS {
            let mut tx = app.app.begin(Actor::System).await.unwrap();
            tx.emit(&Event::ViewChanged { view }).unwrap();
            tx.commit().await.unwrap();
            committed.push(clock());
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        let mut late = Vec::new();
        for _ in 0..CLIENTS * usize::try_from(EVENTS).unwrap() {
            let (view, at) = heard.recv().await.unwrap();
            late.push(at.saturating_duration_since(committed[usize::try_from(view).unwrap()]));
        }
        ready.wait().await;
        late.sort();
        let at = |part: usize| late[(late.len() - 1) * part / 1000];
        eprintln!("commit to frame: p50 {:?}, p99 {:?}, p99.9 {:?}, worst {:?}", at(500), at(990), at(999), at(1000));
    }
}
