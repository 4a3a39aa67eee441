//! Files in a chat, both ways: only what is harmless, only to whom it was shown, and nothing lost on the way.

use std::{
    path::Path,
    process::{Child, Command, Stdio},
    sync::OnceLock,
    time::Duration,
};

use base::{DAY, Engine, MINUTE};
use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    chats::{Visitor, widget},
    harness::TestApp,
    mails::{messages, only_ticket},
};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x02\0\0\0";

pub async fn upload(who: &Visitor, name: &str, bytes: impl Into<Vec<u8>>) -> (u16, Value) {
    // What the browser calls it says nothing.
    who.client.post_bytes(&format!("{}?name={name}", who.path("files")), "image/png", bytes.into()).await
}

pub async fn uploaded(who: &Visitor, name: &str, bytes: impl Into<Vec<u8>>) -> Value {
    let (status, file) = upload(who, name, bytes).await;
    assert_eq!(status, 200, "{file}");
    file
}

pub async fn show(who: &Visitor, id: &str, text: &str, files: &[&Value]) -> (u16, Value) {
    let files: Vec<_> = files.iter().map(|file| file["id"].clone()).collect();
    who.client.post(&who.path("messages"), json!({ "id": id, "text": text, "files": files })).await
}

async fn seen(who: &Visitor, file: &Value) -> reqwest::Response {
    let path = who.path(&format!("files/{}", file["id"]));
    who.client.send(who.client.request(Method::GET, &path)).await
}

story!(a_visitor_shows_the_shop_a_picture, |app| async move {
    let inbox = widget(&app).await;
    let jo = Visitor::begin(&app, inbox).await;
    let file = uploaded(&jo, "../tent.html", PNG).await;
    let shown =
        json!({ "id": file["id"], "name": "tent.html.png", "type": "image/png", "size": PNG.len(), "picture": true });
    assert_eq!(file, shown);
    let (status, line) = show(&jo, "1", "", &[&file]).await;
    assert_eq!((status, &line["files"]), (200, &json!([shown])), "{line}");
    assert_eq!(show(&jo, "1", "", &[&file]).await, (200, line), "said again, nothing changes");
    app.tick().await;
    let ticket = only_ticket(&app).await;
    assert_eq!(ticket["subject"], "tent.html.png");
    let all = messages(&app, ticket["id"].as_i64().unwrap()).await;
    assert_eq!((all.len(), &all[0]["text"]), (1, &json!("")));
    let url = all[0]["attachments"][0]["url"].as_str().unwrap();
    let owner = app.as_owner().await;
    let response = owner.send(owner.request(Method::GET, url)).await;
    assert_eq!(response.bytes().await.unwrap(), PNG);
    let response = seen(&jo, &file).await;
    let header = |name: &str| response.headers()[name].to_str().unwrap().to_owned();
    assert_eq!((response.status().as_u16(), header("content-type")), (200, "image/png".into()));
    assert!(header("content-disposition").starts_with("inline"));
    assert_eq!(header("x-content-type-options"), "nosniff");
    assert_eq!(header("content-security-policy"), "default-src 'none'; sandbox");
    assert_eq!(jo.conversation(0).await["data"][0]["files"], json!([shown]));
});

story!(an_agent_shows_a_visitor_files, |app| async move {
    let inbox = widget(&app).await;
    let (jo, kim) = (Visitor::begin(&app, inbox).await, Visitor::begin(&app, inbox).await);
    jo.say("1", "How do I fold it?").await;
    app.tick().await;
    let ticket = only_ticket(&app).await["id"].as_i64().unwrap();
    let owner = app.as_owner().await;
    let mut ids = Vec::new();
    for (name, kind, bytes) in [("a.png", "image/png", PNG), ("b.html", "text/html", b"<script>1</script>")] {
        let (status, file) = owner.post_bytes(&format!("/api/v1/uploads?name={name}"), kind, bytes.to_vec()).await;
        assert_eq!(status, 201, "{file}");
        ids.push(file["id"].clone());
    }
    let body = json!({ "direction": "out", "text": "", "attachments": ids });
    let (status, message) = app.post(&format!("/api/v1/tickets/{ticket}/messages"), body).await;
    assert_eq!(status, 201, "{message}");
    app.tick().await;
    let line = jo.conversation(1).await["data"][0].clone();
    let shown = |at: usize| (line["files"][at]["name"].clone(), line["files"][at]["picture"].clone());
    assert_eq!((shown(0), shown(1)), ((json!("a.png"), json!(true)), (json!("b.html"), json!(false))));
    let page = seen(&jo, &line["files"][1]).await;
    assert!(page.headers()["content-disposition"].to_str().unwrap().starts_with("attachment"), "never as a page");
    assert_eq!(page.headers()["content-type"], "application/octet-stream");
    kim.say("1", "Hello").await;
    for file in line["files"].as_array().unwrap() {
        assert_eq!((seen(&jo, file).await.status().as_u16(), seen(&kim, file).await.status().as_u16()), (200, 404));
    }
});

story!(files_are_their_visitors_and_used_once, |app| async move {
    let inbox = widget(&app).await;
    let (jo, kim) = (Visitor::begin(&app, inbox).await, Visitor::begin(&app, inbox).await);
    let file = uploaded(&jo, "a.png", PNG).await;
    assert_eq!((seen(&jo, &file).await.status().as_u16(), seen(&kim, &file).await.status().as_u16()), (200, 404));
    let (status, refused) = show(&kim, "1", "Mine!", &[&file]).await;
    assert_eq!((status, &refused["errors"][0]["field"]), (422, &json!("files")));
    // Nor a program's: what nobody has sent yet is nobody else's.
    let program = app.as_program(&["read", "write"]).await;
    assert_eq!(program.get(&format!("/api/v1/attachments/{}/a.png", file["id"])).await.0, 404);
    assert_eq!(show(&jo, "1", "", &[&file, &file]).await.0, 422, "twice on one line");
    let (_, refused) = show(&jo, "1", "", &[&json!({ "id": 999_999 }); 11]).await;
    assert_eq!(refused["errors"][0]["why"], "at most 10 at once", "none of them is looked for: {refused}");
    assert_eq!(show(&jo, "1", "Look", &[&file]).await.0, 200);
    assert_eq!(show(&jo, "2", "Again", &[&file]).await.0, 422, "it stands on a line already");
    app.tick().await;
    assert_eq!(show(&jo, "2", "Again", &[&file]).await.0, 422);
    assert_eq!(messages(&app, only_ticket(&app).await["id"].as_i64().unwrap()).await.len(), 1);
    // Whoever deletes their chat leaves the shop what it has.
    assert_eq!(jo.client.delete(&jo.path("session")).await.0, 204);
    assert_eq!(seen(&jo, &file).await.status(), 401);
    assert_eq!(app.get(&format!("/api/v1/attachments/{}/a.png", file["id"])).await.0, 200);
});

story!(what_was_shown_survives_the_visit_that_showed_it, |app| async move {
    let jo = Visitor::begin(&app, widget(&app).await).await;
    let file = uploaded(&jo, "a.png", PNG).await;
    assert_eq!(show(&jo, "1", "Look", &[&file]).await.0, 200);
    // Before anybody has received it.
    assert_eq!(jo.client.delete(&jo.path("session")).await.0, 204);
    app.tick().await;
    let all = messages(&app, only_ticket(&app).await["id"].as_i64().unwrap()).await;
    assert_eq!(all[0]["attachments"][0]["id"], file["id"]);
});

story!(what_was_never_shown_is_forgotten, |app| async move {
    let jo = Visitor::begin(&app, widget(&app).await).await;
    let (shown, _) = (uploaded(&jo, "a.png", PNG).await, uploaded(&jo, "b.txt", "never mind").await);
    assert_eq!(show(&jo, "1", "Look", &[&shown]).await.0, 200);
    app.clock.forward(61 * MINUTE);
    // Even before anybody has received it: what stands on a line was said.
    desk::visits::forget(&app.app).await.unwrap();
    assert_eq!(app.app.db().all("SELECT name FROM attachments", base::args![]).await.unwrap().len(), 1, "in an hour");
    app.clock.forward(31 * DAY);
    desk::messages::forget(&app.app).await.unwrap();
    let left = app.app.db().all("SELECT name FROM attachments", base::args![]).await.unwrap();
    assert_eq!(left.iter().map(|row| row.text("name").unwrap()).collect::<Vec<_>>(), ["a.png"]);
    app.tick().await;
    let row = app.app.db().one("SELECT message FROM attachments", base::args![]).await.unwrap();
    assert!(row.opt_int("message").unwrap().is_some(), "and became part of its message");
});

story!(what_can_act_is_refused_by_its_content, |app| async move {
    let jo = Visitor::begin(&app, widget(&app).await).await;
    for bytes in [&b"<svg onload='alert(1)'/>"[..], b"<!doctype html>", b"MZ\x90\0\x03\0", b"\x7fELF\x02\x01\x01\0"] {
        let (status, refused) = upload(&jo, "a.png", bytes).await;
        assert_eq!((status, refused["type"].as_str()), (415, Some("/problems/unsupported-type")), "{refused}");
        assert!(refused["detail"].as_str().unwrap().contains("Send a picture"), "{refused}");
    }
    assert_eq!(upload(&jo, "a.png", b"").await.0, 422);
    let (_, look) = app.nobody().get(&format!("/api/v1/widgets/{}", jo.inbox)).await;
    assert_eq!(look["files"]["max_bytes"], 10 << 20);
    assert!(look["files"]["types"].as_array().unwrap().contains(&json!("image/png")));
    assert_eq!(uploaded(&jo, "note", "Order 1001").await["name"], "note.txt");
});

story!(as_large_and_as_many_as_the_inbox_takes, |app| async move {
    let inbox = widget(&app).await;
    let jo = Visitor::begin(&app, inbox).await;
    let files = async |mb: i64| {
        let settings = json!({ "origins": crate::chats::SITE, "files_mb": mb });
        app.patch(&format!("/api/v1/inboxes/{inbox}"), json!({ "settings": settings })).await
    };
    let (status, refused) = files(26).await;
    assert_eq!((status, &refused["errors"][0]["field"]), (422, &json!("settings.files_mb")), "{refused}");
    files(1).await;
    assert_eq!(upload(&jo, "a.txt", "a".repeat((1 << 20) + 1)).await.0, 413);
    uploaded(&jo, "a.txt", "a".repeat(1 << 20)).await;
    files(0).await;
    assert_eq!(upload(&jo, "a.txt", "a").await.0, 415);
    files(1).await;
    for number in 1..20 {
        uploaded(&jo, "a.txt", format!("{number}")).await;
    }
    assert_eq!(upload(&jo, "a.txt", "one more").await.0, 429);
    app.clock.forward(10 * MINUTE);
    uploaded(&jo, "a.txt", "one more").await;
});

story!(what_was_deleted_counts_among_what_one_network_uploads, |app| async move {
    let inbox = widget(&app).await;
    for _ in 0..6 {
        let one = Visitor::begin(&app, inbox).await;
        for _ in 0..20 {
            uploaded(&one, "a.txt", "a").await;
        }
        assert_eq!(one.client.delete(&one.path("session")).await.0, 204);
    }
    let next = Visitor::begin(&app, inbox).await;
    assert_eq!(upload(&next, "a.txt", "a").await.0, 429);
    app.clock.forward(10 * MINUTE);
    uploaded(&next, "a.txt", "a").await;
});

story!(
    the_virus_scanner_has_a_word,
    |config| config.virus_scanner = "/bin/grep -q harmless".into(),
    |app| async move { scanned(app).await }
);

/// `grep` ends with 0 where it finds the word and with 1 where not.
async fn scanned(app: TestApp) {
    let jo = Visitor::begin(&app, widget(&app).await).await;
    uploaded(&jo, "a.txt", "harmless").await;
    let (status, refused) = upload(&jo, "a.txt", "something else").await;
    assert_eq!((status, &refused["errors"][0]["field"]), (422, &json!("file")), "{refused}");
}

story!(
    while_the_scanner_is_away_files_wait,
    |config| config.virus_scanner = "clamd:127.0.0.1:1".into(),
    |app| async move {
        let jo = Visitor::begin(&app, widget(&app).await).await;
        let (status, away) = upload(&jo, "a.txt", "a").await;
        assert_eq!((status, away["type"].as_str()), (503, Some("/problems/unavailable")), "{away}");
        jo.say("1", "Texts go on").await;
    }
);

/// Where ClamAV listens; known before the settings are.
static SOCKET: OnceLock<String> = OnceLock::new();

/// ClamAV itself, which knows one thing to be harmful, so that it needs nothing from the network.
fn clamd(folder: &Path) -> Child {
    let own = folder.join("signatures");
    std::fs::create_dir(&own).unwrap();
    let harmful: String = "eats all tents".bytes().map(|byte| format!("{byte:02x}")).collect();
    std::fs::write(own.join("own.ndb"), format!("Test.Eater:0:*:{harmful}\n")).unwrap();
    let socket = SOCKET.get_or_init(|| folder.join("clamd.sock").display().to_string());
    let settings = folder.join("clamd.conf");
    let text = format!(
        "DatabaseDirectory {}\nLocalSocket {socket}\nForeground yes\nUser {}\n",
        own.display(),
        std::env::var("USER").ok().filter(|user| !user.is_empty()).unwrap_or_else(|| "root".into())
    );
    std::fs::write(&settings, text).unwrap();
    let mut clamd = Command::new("clamd");
    clamd.env("PATH", "/usr/sbin:/usr/bin").arg(format!("--config-file={}", settings.display()));
    clamd.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("clamd of the package clamav-daemon")
}

#[test]
fn clamav_finds_what_it_knows() {
    let folder = tempfile::tempdir().unwrap();
    let mut running = clamd(folder.path());
    // It reads its signatures first.
    for _ in 0..600 {
        if Path::new(SOCKET.get().unwrap()).exists() {
            break;
        }
        assert!(running.try_wait().unwrap().is_none(), "it does not start");
        std::thread::sleep(Duration::from_millis(50));
    }
    crate::harness::run(
        Engine::Sqlite,
        |config| config.virus_scanner = format!("clamd:{}", SOCKET.get().unwrap()),
        |app| async move {
            let jo = Visitor::begin(&app, widget(&app).await).await;
            uploaded(&jo, "a.txt", "A harmless question about tents").await;
            let (status, refused) = upload(&jo, "a.txt", "This eats all tents.").await;
            assert_eq!((status, &refused["errors"][0]["field"]), (422, &json!("file")), "{refused}");
        },
    );
    running.kill().unwrap();
    running.wait().unwrap();
}
