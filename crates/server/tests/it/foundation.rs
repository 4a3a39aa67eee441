//! What every part of the API has in common, whatever it is about.

use std::time::Duration;

use base::{Db, Engine, args};
use reqwest::{Method, header};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::{
    client::Client,
    harness::{MORNING, OWNER, PASSWORD, TestApp},
    postgres,
    process::Installation,
};

/// The shape of RFC 9457, with what programs rely on.
fn assert_problem(problem: &Value, status: u16, slug: &str) {
    assert_eq!(problem["status"], status, "{problem}");
    assert_eq!(problem["type"], format!("/problems/{slug}"), "{problem}");
    assert!(problem["title"].as_str().is_some_and(|title| !title.is_empty()), "{problem}");
    assert!(problem["detail"].as_str().is_some_and(|detail| !detail.is_empty()), "{problem}");
}

/// The reason given for one field.
fn why<'p>(problem: &'p Value, field: &str) -> &'p str {
    let errors = problem["errors"].as_array().expect("errors");
    let error = errors.iter().find(|error| error["field"] == field);
    error.unwrap_or_else(|| panic!("no error for {field} in {problem}"))["why"].as_str().unwrap()
}

story!(a_node_that_runs_says_so, |app| async move {
    let (status, body) = app.nobody().get("/healthz").await;
    assert_eq!((status, body.as_str()), (200, Some("ok\n")));
    let (status, body) = app.nobody().get("/readyz").await;
    assert_eq!((status, body.as_str()), (200, Some("ready\n")));
    let (status, body) = app.nobody().get("/metrics").await;
    assert_eq!(status, 200);
    assert!(body.as_str().unwrap().contains("shopbell_jobs_due 0"), "{body}");
    // What came through a proxy comes from anywhere.
    let nobody = app.nobody();
    let asked = nobody.request(Method::GET, "/metrics").header("x-forwarded-for", "192.0.2.1");
    assert_eq!(nobody.answer(asked).await.0, 401);
    let program = app.as_program(&["admin"]).await;
    let asked = program.request(Method::GET, "/metrics").header("x-forwarded-for", "192.0.2.1");
    assert_eq!(program.answer(asked).await.0, 200);
});

story!(every_mistake_is_answered_with_a_problem, |app| async move {
    let owner = app.as_owner().await;
    let (status, problem) = owner.get("/api/v1/nothing-here").await;
    assert_eq!(status, 404);
    assert_problem(&problem, 404, "not-found");
    let (status, problem) = owner.get("/api/v1/tickets/999999").await;
    assert_eq!(status, 404);
    assert_problem(&problem, 404, "not-found");
    assert_eq!(owner.get("/api/v1/tickets/12%3B--").await.0, 404);

    let response = owner.send(owner.request(Method::PUT, "/api/v1/teams").json(&json!({}))).await;
    assert_eq!(response.status(), 405);
    assert!(response.headers()[header::ALLOW].to_str().unwrap().contains("POST"));
    assert_eq!(response.headers()[header::CONTENT_TYPE], "application/problem+json");
    assert_problem(&response.json().await.unwrap(), 405, "method-not-allowed");

    let (status, problem) = app.nobody().get("/api/v1/tickets").await;
    assert_eq!(status, 401);
    assert_problem(&problem, 401, "unauthorized");
});

story!(wrong_input_is_refused_by_the_name_of_the_field, |app| async move {
    let owner = app.as_owner().await;
    let (status, problem) = owner.post("/api/v1/teams", json!({ "name": "Returns", "colour": "red" })).await;
    assert_eq!(status, 422);
    assert_problem(&problem, 422, "invalid");
    assert!(why(&problem, "colour").contains("name"), "says what is known: {problem}");
    let (_, problem) = owner.post("/api/v1/teams", json!({})).await;
    assert_eq!(why(&problem, "name"), "is required");
    let (_, problem) = owner.post("/api/v1/teams", json!({ "name": 7 })).await;
    assert!(why(&problem, "name").contains("string"), "{problem}");
    for list in [json!([]), json!(["Returns", [1]])] {
        let (_, problem) = owner.post("/api/v1/teams", list).await;
        assert_problem(&problem, 422, "invalid");
        assert!(why(&problem, "body").contains("object"), "fields have names: {problem}");
    }

    for broken in ["{\"name\": ", "{\"name\": \"x\"} and more", "\u{0}", "{\"name\": \"\\ud800\"}"] {
        let (status, problem) = owner.post_bytes("/api/v1/teams", "application/json", broken).await;
        assert_eq!(status, 400, "{broken:?}: {problem}");
        assert_problem(&problem, 400, "malformed");
    }
    let (status, problem) =
        owner.post_bytes("/api/v1/teams", "application/json", b"{\"name\":\"\xff\"}".to_vec()).await;
    assert_eq!(status, 400, "{problem}");
    let (status, problem) = owner.post_bytes("/api/v1/teams", "text/plain", "{\"name\":\"x\"}").await;
    assert_eq!(status, 400);
    assert!(problem["detail"].as_str().unwrap().contains("application/json"));
});

story!(what_points_to_nothing_is_refused, |app| async move {
    let inbox = json!({ "channel": "email", "name": "Help", "address": "help@fjellvik.example", "team": 999_999 });
    let (status, problem) = app.post("/api/v1/inboxes", inbox).await;
    assert_eq!(status, 422, "{problem}");
    assert_problem(&problem, 422, "invalid");
});

story!(a_body_over_the_limit_is_refused, |config| config.max_body_mb = 1, |app| async move {
    let owner = app.as_owner().await;
    let (status, problem) = owner.post("/api/v1/teams", json!({ "name": "x".repeat(1_100_000) })).await;
    assert_eq!(status, 413);
    assert_problem(&problem, 413, "too-large");
    let request = owner.request(Method::POST, "/api/v1/teams").header("idempotency-key", "large");
    assert_eq!(owner.answer(request.json(&json!({ "name": "x".repeat(1_100_000) }))).await.0, 413);
});

story!(pages_are_checked, |app| async move {
    let owner = app.as_owner().await;
    for (query, field) in [
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("limit=ten", "limit"),
        ("after=%00", "after"),
        ("after=bm9wZQ", "after"),
        ("colour=red", "colour"),
    ] {
        let (status, problem) = owner.get(&format!("/api/v1/tickets?{query}")).await;
        assert_eq!(status, 422, "{query}: {problem}");
        assert!(!why(&problem, field).is_empty());
    }
});

story!(a_request_sent_twice_with_one_key_is_done_once, |app| async move {
    let owner = app.as_owner().await;
    let make = |name: &str| {
        let request = owner.request(Method::POST, "/api/v1/teams").header("idempotency-key", "a-key");
        request.json(&json!({ "name": name }))
    };
    let (status, first) = owner.answer(make("Returns")).await;
    assert_eq!(status, 201, "{first}");
    let again = owner.send(make("Returns")).await;
    assert_eq!(again.status(), 201);
    assert_eq!(again.headers()["idempotency-replayed"], "true");
    assert_eq!(again.json::<Value>().await.unwrap(), first);
    let (status, problem) = owner.answer(make("Refunds")).await;
    assert_eq!(status, 422);
    assert!(why(&problem, "Idempotency-Key").contains("different"));
    let (_, teams) = owner.get("/api/v1/teams").await;
    assert_eq!(teams["data"].as_array().unwrap().len(), 1, "{teams}");
    // Somebody else's key of the same name is another key.
    let program = app.as_program(&["admin"]).await;
    let request = program.request(Method::POST, "/api/v1/teams").header("idempotency-key", "a-key");
    assert_eq!(program.answer(request.json(&json!({ "name": "Refunds" }))).await.0, 201);
});

story!(the_same_request_twice_at_the_same_moment_is_done_once_and_answered_twice, |app| async move {
    let owner = app.as_owner().await;
    let mut requests = tokio::task::JoinSet::new();
    for _ in 0..12 {
        let owner = owner.clone();
        requests.spawn(async move {
            let request = owner.request(reqwest::Method::POST, "/api/v1/teams").header("idempotency-key", "twelve");
            owner.answer(request.json(&json!({ "name": "Returns" }))).await
        });
    }
    let answers = requests.join_all().await;
    for (status, answer) in &answers {
        assert_eq!((*status, &answer["id"]), (201, &answers[0].1["id"]), "{answer}");
    }
    assert_eq!(owner.get("/api/v1/teams").await.1["data"].as_array().unwrap().len(), 1);
});

story!(a_key_belongs_to_the_person_however_they_signed_in, |app| async move {
    let owner = app.as_owner().await;
    let make = |client: &Client| {
        let request = client.request(Method::POST, "/api/v1/teams").header("idempotency-key", "a-key");
        request.json(&json!({ "name": "Returns" }))
    };
    let (status, first) = owner.answer(make(&owner)).await;
    assert_eq!(status, 201, "{first}");
    let elsewhere = app.nobody();
    let (status, _) = elsewhere.post("/api/v1/session", json!({ "email": OWNER, "password": PASSWORD })).await;
    assert_eq!(status, 201);
    assert_eq!(elsewhere.answer(make(&elsewhere)).await, (201, first));
});

story!(a_stranger_with_a_key_is_refused_before_the_body_is_read, |app| async move {
    app.as_owner().await;
    let head = format!(
        "POST /api/v1/teams HTTP/1.1\r\nhost: {}\r\nidempotency-key: k\r\ncontent-type: application/json\r\n\
         content-length: 20000000\r\n\r\n",
        app.address
    );
    assert_eq!(speak(&app, &head).await, "HTTP/1.1 401 Unauthorized");
});

story!(a_caller_that_asks_too_often_is_told_to_wait, |config| config.requests_per_minute = 5, |app| async move {
    let nobody = app.nobody();
    for left in (0..5).rev() {
        let response = nobody.send(nobody.request(Method::GET, "/api/v1/setup")).await;
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["ratelimit-limit"], "5");
        assert_eq!(response.headers()["ratelimit-remaining"], left.to_string());
        assert!(response.headers().contains_key("ratelimit-reset"));
    }
    let response = nobody.send(nobody.request(Method::GET, "/api/v1/setup")).await;
    assert_eq!(response.status(), 429);
    let wait: u64 = response.headers()[header::RETRY_AFTER].to_str().unwrap().parse().unwrap();
    assert!((1..=60).contains(&wait));
    assert_problem(&response.json().await.unwrap(), 429, "too-many");
    // Whether the node is well may be asked as often as one likes.
    assert_eq!(nobody.get("/readyz").await.0, 200);
});

story!(another_sites_page_cannot_act_for_an_agent, |app| async move {
    let owner = app.as_owner().await;
    let post = |origin: &str| {
        let request = owner.request(Method::POST, "/api/v1/teams").header(header::ORIGIN, origin);
        request.json(&json!({ "name": "Returns" }))
    };
    let (status, problem) = owner.answer(post("https://evil.example")).await;
    assert_eq!(status, 403);
    assert_problem(&problem, 403, "forbidden");
    assert_eq!(owner.answer(post("null")).await.0, 403);
    assert_eq!(owner.answer(post(&app.url(""))).await.0, 201);
});

story!(the_desk_is_a_page_with_a_strict_policy, |app| async move {
    let nobody = app.nobody();
    for path in ["/", "/tickets/17", "/index.html"] {
        let response = nobody.send(nobody.request(Method::GET, path)).await;
        assert_eq!(response.status(), 200, "{path}");
        let headers = response.headers();
        assert!(headers[header::CONTENT_TYPE].to_str().unwrap().starts_with("text/html"));
        let policy = headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
        assert!(policy.starts_with("default-src 'self';") && policy.contains("object-src 'none'"), "{policy}");
        assert!(!policy.contains("script-src"), "scripts come from here and nowhere else: {policy}");
        assert_eq!(headers["x-content-type-options"], "nosniff");
    }
    assert_eq!(nobody.get("/assets/missing.js").await.0, 404);
    assert_eq!(nobody.get("/../../etc/passwd").await.1.as_str().map(|page| page.contains("root:")), Some(false));
    assert_eq!(nobody.get("/problems/invalid").await.0, 200);
    assert_eq!(nobody.post("/tickets/17", json!({})).await.0, 404);
});

/// What a client says on a bare connection, and the first line of the answer.
async fn speak(app: &TestApp, words: &str) -> String {
    let mut stream = TcpStream::connect(app.address).await.unwrap();
    stream.write_all(words.as_bytes()).await.unwrap();
    let mut answer = [0; 64];
    let count = tokio::time::timeout(Duration::from_secs(5), stream.read(&mut answer)).await.unwrap().unwrap();
    String::from_utf8_lossy(&answer[..count]).lines().next().unwrap_or_default().to_owned()
}

story!(a_head_too_large_or_not_http_is_refused, |app| async move {
    for size in [100_000, 1_000_000] {
        let large = format!("GET /healthz HTTP/1.1\r\nhost: x\r\nx-large: {}\r\n\r\n", "x".repeat(size));
        assert_eq!(speak(&app, &large).await, "HTTP/1.1 431 Request Header Fields Too Large");
    }
    let (status, problem) = app.nobody().get(&format!("/api/v1/tickets?cursor={}", "x".repeat(40_000))).await;
    assert_eq!((status, &problem["type"]), (431, &json!("/problems/head-too-large")));
    assert!(problem["detail"].as_str().unwrap().contains("32768 bytes"), "{problem}");
    assert_eq!(speak(&app, "\x16\x03\x01 what is this\r\n\r\n").await, "HTTP/1.1 400 Bad Request");
    assert_eq!(app.nobody().get("/healthz").await.0, 200);
});

story!(a_request_under_way_is_answered_when_the_node_stops, |app| async move {
    let body = json!({ "email": "a@shop.example", "name": "Ada", "password": "long and secret enough" }).to_string();
    let mut stream = TcpStream::connect(app.address).await.unwrap();
    let head = format!(
        "POST /api/v1/setup HTTP/1.1\r\nhost: {}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
        app.address,
        body.len()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let (first, second) = body.split_at(20);
    stream.write_all(first.as_bytes()).await.unwrap();
    tokio::time::sleep(Duration::from_millis(100)).await;
    app.app.stop();
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert!(TcpStream::connect(app.address).await.is_err(), "no new connections");
    stream.write_all(second.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 201 Created"), "{answer}");
});

story_on!(Sqlite, a_full_disk_refuses_writes_and_goes_on_reading, |app| async move {
    let owner = app.as_owner().await;
    let db = app.app.db();
    let pages = db.run("PRAGMA page_count", args![]).await.unwrap()[0].int("page_count").unwrap();
    // The engine itself says "full" at this size, as it does when the disk is.
    db.run(&format!("PRAGMA max_page_count = {}", pages + 1), args![]).await.unwrap();
    let mut full = None;
    for number in 0..200 {
        let (status, problem) =
            owner.post("/api/v1/teams", json!({ "name": format!("{number} {}", "x".repeat(40)) })).await;
        if status != 201 {
            full = Some((status, problem));
            break;
        }
    }
    let (status, problem) = full.expect("the database never filled up");
    assert_eq!(status, 507, "{problem}");
    assert_problem(&problem, 507, "storage-full");
    let (status, teams) = owner.get("/api/v1/teams").await;
    assert_eq!(status, 200, "{teams}");
    db.run("PRAGMA max_page_count = 1000000", args![]).await.unwrap();
    assert_eq!(owner.post("/api/v1/teams", json!({ "name": "There is room again" })).await.0, 201);
});

#[test]
fn nodes_that_start_together_on_an_empty_database_all_start() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let url = postgres::empty_database(&postgres::database().await).await;
        let nodes = (0..6).map(|_| {
            let url = url.clone();
            tokio::spawn(async move {
                let db = Db::open(&url).await.unwrap();
                base::migrate::migrate(&db, desk::MIGRATIONS, MORNING).await.unwrap()
            })
        });
        let mut applied = 0;
        for node in nodes.collect::<Vec<_>>() {
            applied += node.await.unwrap();
        }
        assert_eq!(applied, desk::MIGRATIONS.len());
    });
}

#[test]
fn a_server_with_another_key_does_not_start() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let installation = Installation::new(Engine::Postgres).await;
        std::fs::rename(installation.path("secret.key"), installation.path("old.key")).unwrap();
        let said = installation.serve_in_vain();
        assert!(said.contains("secret_key") && said.contains("accept-key"), "{said}");
        installation.run(&["accept-key"], "");
        installation.serve().await;
        std::fs::rename(installation.path("old.key"), installation.path("secret.key")).unwrap();
        assert!(installation.serve_in_vain().contains("secret_key"), "now the old one is the other");
    });
}

#[test]
fn a_server_with_another_folder_does_not_start() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let installation = Installation::new(Engine::Postgres).await;
        let (files, elsewhere) = (installation.path("files"), installation.path("elsewhere"));
        std::fs::rename(&files, &elsewhere).unwrap();
        let said = installation.serve_in_vain();
        assert!(said.contains("data_dir") && said.contains("accept-files"), "{said}");
        assert!(!files.join("installation").exists(), "a wrong folder is not made a right one");
        std::fs::rename(&elsewhere, &files).unwrap();
        let mut server = installation.serve().await;
        installation.kill_and_restart(&mut server).await;
        drop(server);
        std::fs::write(files.join("installation"), "another").unwrap();
        assert!(installation.serve_in_vain().contains("data_dir"));
        installation.run(&["accept-files"], "");
        installation.serve().await;
    });
}

#[test]
fn a_second_server_on_one_sqlite_installation_does_not_start() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let installation = Installation::new(Engine::Sqlite).await;
        let mut server = installation.serve().await;
        let said = installation.serve_in_vain();
        assert!(said.contains("serves") && said.contains("already"), "{said}");
        installation.kill_and_restart(&mut server).await;
    });
}

story!(what_is_wrong_is_named_by_its_field_wherever_it_stands, |app| async move {
    let new = json!({ "subject": "A parcel", "to": { "email": "jo@post.example" }, "direction": "note", "text": "Hm" });
    let (status, ticket) = app.post("/api/v1/tickets", new).await;
    assert_eq!(status, 201, "{ticket}");
    let path = format!("/api/v1/tickets/{}", ticket["id"]);
    for (patch, field) in [
        (json!({ "priority": 5 }), "priority"),
        (json!({ "status": ["open"] }), "status"),
        (json!({ "snoozed_until": "2020-01-01T00:00:00Z" }), "snoozed_until"),
    ] {
        let (status, problem) = app.patch(&path, patch).await;
        assert_eq!(status, 422, "{problem}");
        why(&problem, field);
    }
    // Behind the question mark, too; short lists come whole for those who page through everything.
    for path in ["/api/v1/inboxes?bogus=1", "/api/v1/tickets?bogus=1", &format!("{path}?bogus=1")] {
        let (status, problem) = app.get(path).await;
        assert_eq!(status, 422, "{path}: {problem}");
        why(&problem, "bogus");
    }
    assert_eq!(app.get("/api/v1/inboxes?limit=1").await.0, 200);
    let inbox = crate::mails::inbox(&app).await;
    let (status, problem) = app.post(&format!("/api/v1/inboxes/{inbox}/probe?really=1"), json!({})).await;
    assert_eq!(status, 422, "{problem}");
    // What is switched off takes nothing in.
    app.patch(&format!("/api/v1/inboxes/{inbox}"), json!({ "active": false })).await;
    let raw = crate::mails::mail("jo@post.example", "1", "Hello", "", "Hello");
    let path = format!("/api/v1/inbound/{inbox}/raw");
    let (status, problem) = app.as_owner().await.post_bytes(&path, "message/rfc822", raw).await;
    assert_eq!(status, 409, "{problem}");
});

story!(what_lies_in_quarantine_is_shown_page_by_page, |app| async move {
    let inbox = crate::mails::inbox(&app).await;
    for number in 0..5 {
        let db = app.app.db();
        let blob = format!("blob {number}");
        let sql = "INSERT INTO blobs (hash, size, created_at) VALUES ($1, 1, 0)";
        db.run(sql, args![&blob]).await.unwrap();
        let sql =
            "INSERT INTO arrivals (inbox, blob, received_at, state, why) VALUES ($1, $2, $3, 'quarantined', 'no')";
        db.run(sql, args![inbox, &blob, MORNING + number / 2]).await.unwrap();
    }
    let mut path = "/api/v1/quarantine?limit=2".to_owned();
    let mut seen = Vec::new();
    loop {
        let (status, page) = app.get(&path).await;
        assert_eq!(status, 200, "{page}");
        seen.extend(page["data"].as_array().unwrap().iter().map(|one| one["id"].as_i64().unwrap()));
        let Some(next) = page["next"].as_str() else { break };
        path = format!("/api/v1/quarantine?limit=2&after={next}");
    }
    assert!(seen.len() == 5 && seen.is_sorted_by(|one, next| one > next), "{seen:?}");
});
