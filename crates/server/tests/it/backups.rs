//! A backup holds everything, and comes back on either engine.

use std::{fs, path::PathBuf};

use base::{
    Config, Engine,
    app::{Clock, SystemClock},
    args,
};
use serde_json::{Value, json};
use server::backup::{backup, restore};

use crate::{
    harness::{OWNER, PASSWORD, TestApp},
    postgres,
};

/// A mail with an attachment too large to stand in the database.
fn large_mail() -> String {
    let body = "TG9yZW0gaXBzdW0gZG9sb3Igc2l0IGFtZXQsIGNvbnNlY3RldHVyIGFkaXBpc2Npbmc=\r\n".repeat(3000);
    format!(
        "From: Maren <maren@shopper.example>\r\nTo: help@fjellvik.example\r\nSubject: Where is my parcel?\r\n\
         Message-ID: <one@shopper.example>\r\nDate: Mon, 2 Mar 2026 08:00:00 +0000\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nIt has not come. \u{1F4E6}\r\n\
         --b\r\nContent-Type: application/pdf; name=bill.pdf\r\nContent-Disposition: attachment; filename=bill.pdf\r\n\
         Content-Transfer-Encoding: base64\r\n\r\n{body}--b--\r\n"
    )
}

/// A shop at work: an inbox, a mail, an answer, a note, tags, a second ticket joined to the first.
async fn a_shop_at_work(app: &TestApp) {
    let owner = app.as_owner().await;
    let inbox = json!({ "channel": "email", "name": "Help", "address": "help@fjellvik.example" });
    let (status, inbox) = owner.post("/api/v1/inboxes", inbox).await;
    assert_eq!(status, 201, "{inbox}");
    let path = format!("/api/v1/inbound/{}/raw", inbox["id"]);
    assert_eq!(owner.post_bytes(&path, "message/rfc822", large_mail()).await.0, 202);
    app.tick().await;
    let (_, tickets) = owner.get("/api/v1/tickets").await;
    let ticket = &tickets["data"][0]["id"];
    let note = json!({ "direction": "note", "text": "The carrier has lost it." });
    let (status, note) = owner.post(&format!("/api/v1/tickets/{ticket}/messages"), note).await;
    assert_eq!(status, 201, "{note}");
    let change = json!({ "tags": ["parcel", "carrier"], "priority": "high" });
    let (status, changed) = owner.patch(&format!("/api/v1/tickets/{ticket}"), change).await;
    assert_eq!(status, 200, "{changed}");
    app.tick().await;
}

/// What people see, without what belongs to the moment of looking.
async fn seen(app: &TestApp) -> Vec<Value> {
    let client = app.nobody();
    let (status, me) = client.post("/api/v1/session", json!({ "email": OWNER, "password": PASSWORD })).await;
    assert_eq!(status, 201, "{me}");
    let (_, tickets) = client.get("/api/v1/tickets?shelf=all").await;
    let ticket = tickets["data"][0]["id"].clone();
    let (_, messages) = client.get(&format!("/api/v1/tickets/{ticket}/messages")).await;
    let file = messages["data"][0]["attachments"][0]["url"].as_str().unwrap().to_owned();
    let (status, _) = client.get(&file).await;
    assert_eq!(status, 200, "the attachment {file}");
    let (_, found) = client.get("/api/v1/search?q=parcel").await;
    assert!(!found["data"].as_array().unwrap().is_empty(), "search finds what was restored");
    let (_, customers) = client.get("/api/v1/customers").await;
    let (_, inboxes) = client.get("/api/v1/inboxes").await;
    vec![tickets, messages, customers, inboxes]
}

/// An empty installation of this engine.
async fn empty(app: &TestApp, engine: Engine, name: &str) -> Config {
    let data_dir = app.folder().join(name);
    let database_url = match (engine, app.app.db().engine()) {
        (Engine::Sqlite, _) => String::new(),
        (Engine::Postgres, Engine::Postgres) => postgres::empty_database(&app.app.config().database_url()).await,
        (Engine::Postgres, Engine::Sqlite) => postgres::empty_database(&postgres::database().await).await,
    };
    Config { data_dir, database_url, listen: "127.0.0.1:0".into(), ..Config::default() }
}

story!(what_was_backed_up_comes_back_on_both_engines, |app| async move {
    a_shop_at_work(&app).await;
    let before = seen(&app).await;
    let file = app.folder().join("shop.tar.gz");
    let written = backup(&app.app, &file, true).await.unwrap();
    assert!(written.rows > 10 && written.files >= 1 && written.missing.is_empty(), "{written:?}");
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let config = empty(&app, engine, &format!("{engine:?}")).await;
        let restored = restore(&config, &file).await.unwrap();
        assert_eq!((restored.rows, restored.files), (written.rows, written.files));
        // Its folder is inside the story's, which is thrown away at the end.
        let folder = tempfile::tempdir().unwrap();
        copy(&config.data_dir, folder.path());
        let url = if engine == Engine::Sqlite {
            format!("sqlite:{}", folder.path().join("shopbell.db").display())
        } else {
            config.database_url.clone()
        };
        let there = TestApp::on(url, folder, |_| ()).await;
        // The search index is made anew by a job, which was enqueued by the machine's clock.
        there.clock.set(SystemClock::default().now());
        there.tick().await;
        assert_eq!(seen(&there).await, before, "{engine:?}");
        // New things get new numbers, and the log goes on.
        let owner = there.nobody();
        owner.post("/api/v1/session", json!({ "email": OWNER, "password": PASSWORD })).await;
        let ticket = json!({ "subject": "Another", "to": { "email": "new@shopper.example" }, "text": "Hello", "direction": "note" });
        let (status, ticket) = owner.post("/api/v1/tickets", ticket).await;
        assert_eq!(status, 201, "{ticket}");
        there.end().await;
        let again = restore(&config, &file).await;
        assert!(again.is_err_and(|error| error.to_string().contains("in use already")));
    }
});

story!(what_was_on_its_way_out_does_not_leave_again_from_a_backup, |app| async move {
    a_shop_at_work(&app).await;
    let owner = app.as_owner().await;
    let (_, tickets) = owner.get("/api/v1/tickets").await;
    let path = format!("/api/v1/tickets/{}/messages", tickets["data"][0]["id"]);
    let (status, answer) = owner.post(&path, json!({ "direction": "out", "text": "It will come tomorrow." })).await;
    assert_eq!((status, answer["delivery"].as_str()), (201, Some("queued")), "{answer}");
    // Money that waits for its half minute.
    let customer = tickets["data"][0]["customer"]["id"].as_i64().unwrap();
    let order = crate::stores::bought(&app, customer, "FV-20418").await;
    let sql = "INSERT INTO order_actions (order_id, shop, kind, action, amount, worth, currency, state, key, actor, role, run_at,
            created_at)
        SELECT o.id, o.shop, 'refund', $2, 100, 100, 'EUR', 'queued', 'key', 'agent', 'owner', $3, $3
        FROM orders o WHERE o.id = $1";
    let refund = json!({ "kind": "refund", "amount": 100 });
    app.app.db().run(sql, args![order, refund, app.app.now()]).await.unwrap();
    let file = app.folder().join("shop.tar");
    backup(&app.app, &file, true).await.unwrap();
    let config = empty(&app, app.app.db().engine(), "restored").await;
    restore(&config, &file).await.unwrap();
    let db = base::Db::open(&config.database_url()).await.unwrap();
    let deed = db.one("SELECT state, why FROM order_actions", args![]).await.unwrap();
    assert_eq!(deed.text("state").unwrap(), "unsure");
    assert!(deed.text("why").unwrap().contains("Look at the store"));
    let count = async |sql: &str| db.one(sql, args![]).await.unwrap().int("n").unwrap();
    assert_eq!(count("SELECT CAST(count(*) AS BIGINT) AS n FROM jobs WHERE name = 'messages.deliver'").await, 0);
    assert_eq!(count("SELECT CAST(count(*) AS BIGINT) AS n FROM messages WHERE delivery = 'queued'").await, 0);
    let row = db.one("SELECT delivery_why FROM messages WHERE delivery = 'refused'", args![]).await.unwrap();
    assert!(row.text("delivery_why").unwrap().contains("may have left"));
    db.close().await;
});

fn copy(from: &std::path::Path, to: &std::path::Path) {
    let copied = std::process::Command::new("cp").arg("-r").arg(format!("{}/.", from.display())).arg(to).status();
    assert!(copied.unwrap().success());
}

story!(a_backup_that_is_damaged_is_refused_before_anything_is_written, |app| async move {
    a_shop_at_work(&app).await;
    let file = app.folder().join("shop.tar");
    backup(&app.app, &file, false).await.unwrap();
    assert!(!fs::read(&file).unwrap().windows(10).any(|bytes| bytes == b"secret.key"));
    let whole = fs::read(&file).unwrap();
    let place = whole.windows(18).position(|bytes| bytes == b"The carrier has lo").unwrap();
    let mut changed = whole.clone();
    changed[place] = b'A';
    let cut = whole[..whole.len() * 3 / 4].to_vec();
    for (name, bytes) in
        [("changed", changed), ("cut", cut), ("other", b"not a backup at all".to_vec()), ("nothing", vec![])]
    {
        let damaged: PathBuf = app.folder().join(format!("{name}.tar"));
        fs::write(&damaged, bytes).unwrap();
        let config = Config { data_dir: app.folder().join(format!("for-{name}")), ..Config::default() };
        let refused = restore(&config, &damaged).await.expect_err(name).to_string();
        assert!(!refused.is_empty() && !refused.contains("internal"), "{name}: {refused}");
        assert!(!config.data_dir.exists(), "{name}: nothing was written");
    }
});
