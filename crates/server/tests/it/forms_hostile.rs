//! What the contact form gets from those who mean it no good: refused or laid aside in words that people understand, and
//! nothing lost.

use std::{collections::BTreeSet, time::Duration};

use base::{Engine, HOUR, secrets::sha256};
use reqwest::{Method, header};
use serde_json::json;

use crate::{
    client::Client,
    forms::{PNG, Shopper, form_inbox, page},
    harness::TestApp,
    mails::{messages, only_ticket, tickets},
    process::{Installation, eventually, everything},
};

const JO: &[(&str, &str)] = &[("email", "jo@post.example"), ("text", "Hello")];

/// As the script of the page finds it.
fn work(id: &str) -> String {
    let fits = |number: &u32| {
        let hash = sha256(format!("{id}:{number}").as_bytes());
        hash.starts_with("000") && hash[3..4] < *"4"
    };
    (0..).find(fits).unwrap().to_string()
}

async fn count(app: &TestApp, shelf: &str) -> usize {
    app.tick().await;
    tickets(&app.as_owner().await, &format!("shelf={shelf}")).await.len()
}

story!(forged_foreign_and_old_tokens_are_sent_once_more, |app| async move {
    let jo = Shopper::new(&app, form_inbox(&app, json!({})).await);
    let body = json!({ "channel": "form", "name": "Other", "address": "other" });
    let other = Shopper::new(&app, app.post("/api/v1/inboxes", body).await.1["id"].as_i64().unwrap());
    let (own, foreign) = (jo.open().await.hidden("token"), other.open().await.hidden("token"));
    app.clock.forward(10_000);
    let bent = own.replacen("form-", "form-x", 1);
    let renewed =
        own.split('.').enumerate().map(|(at, part)| if at == 1 { "1" } else { part }).collect::<Vec<_>>().join(".");
    for token in ["", "x", "..", "form-1.2.3", &bent, &renewed, &foreign] {
        let page = jo.send(Shopper::fields(token, &[("email", "jo@post.example"), ("text", "Still <here>")])).await;
        assert_eq!(page.status, 422, "{token}");
        assert!(
            page.says("Please send it once more.") && page.says("Still &lt;here&gt;") && page.says("jo@post.example")
        );
        assert!(!page.hidden("token").starts_with(token.get(..8).unwrap_or("-")), "{token} is not given back");
    }
    assert_eq!(count(&app, "all").await, 0);
    app.clock.forward(13 * HOUR);
    let page = jo.send(Shopper::fields(&own, JO).file("tent.svg", PNG)).await;
    assert!(
        page.status == 422 && page.says("This form was open for long.") && page.says("tent.svg.png"),
        "{}",
        page.html
    );
    let keep = page.between("name=\"keep\" value=\"", "\"");
    let again = Shopper::fields(&page.hidden("token"), &[JO[0], JO[1], ("keep", &keep)]);
    assert_eq!(jo.send(again).await.status, 303, "at once, because it was read before");
    assert_eq!(count(&app, "open").await, 1);
    // What says nothing about what was sent leads back to the form.
    for token in ["x", &foreign, &jo.open().await.hidden("token")] {
        let path = format!("/forms/{}/sent?token={token}", jo.inbox);
        let (status, _) = jo.client.get(&path).await;
        assert_eq!(status, 303, "{token}");
    }
});

story!(pages_of_other_sites_cannot_send_it, |app| async move {
    let jo = Shopper::new(&app, form_inbox(&app, json!({ "origins": "https://fjellvik.example" })).await);
    let token = jo.open().await.hidden("token");
    app.clock.forward(10_000);
    for origin in ["https://evil.example", "https://fjellvik.example", "null"] {
        let page = jo.send_from(Some(origin), Shopper::fields(&token, JO)).await;
        assert_eq!(page.status, 403, "{origin}: the frame is ours wherever it stands");
        assert!(page.says("cannot be sent from this site"));
    }
    let own = format!("http://{}", app.address);
    assert_eq!(jo.send_from(Some(&own), Shopper::fields(&token, JO)).await.status, 303);
    assert_eq!(count(&app, "open").await, 1);
});

story!(what_looks_like_spam_is_kept_there, |app| async move {
    let jo = Shopper::new(&app, form_inbox(&app, json!({})).await);
    let fast = jo.open().await.hidden("token");
    assert_eq!(jo.send(Shopper::fields(&fast, JO)).await.status, 303);
    let links = "https://x.example ".repeat(5);
    for fields in [
        [("email", "a@post.example"), ("text", "Hello"), ("website", "https://x.example")],
        [("email", "b@post.example"), ("text", links.as_str()), ("website", "")],
        [("email", "c@post.example"), ("text", "Hello"), ("name", "www.x.example")],
    ] {
        assert_eq!(jo.write(&app, &fields).await.status, 303);
    }
    assert_eq!((count(&app, "spam").await, count(&app, "open").await), (4, 0));
    let all = tickets(&app.as_owner().await, "shelf=spam&sort=oldest").await;
    let mut signs = Vec::new();
    for ticket in &all {
        signs.push(messages(&app, ticket["id"].as_i64().unwrap()).await[0]["checks"]["signs"].clone());
    }
    assert_eq!(signs, [json!(["fast"]), json!(["trap"]), json!(["links"]), json!(["link_in_name"])]);
    // Taken out of it, it waits like any other.
    let (status, ticket) = app.patch(&format!("/api/v1/tickets/{}", all[0]["id"]), json!({ "spam": false })).await;
    assert_eq!((status, &ticket["status"]), (200, &json!("new")), "{ticket}");
    assert_eq!(count(&app, "open").await, 1);
});

story!(floods_are_told_to_wait_and_lose_nothing, |app| async move {
    let jo = Shopper::new(&app, form_inbox(&app, json!({})).await);
    let address = |number: usize| format!("shopper{number}@post.example");
    for number in 0..6 {
        assert_eq!(jo.write(&app, &[("email", &address(number)), ("text", "Hello")]).await.status, 303);
    }
    let token = jo.open().await.hidden("token");
    app.clock.forward(10_000);
    let page = jo.send(Shopper::fields(&token, &[("email", "jo@post.example"), ("text", "Is it <still> here?")])).await;
    assert_eq!(
        (page.status, page.headers[header::RETRY_AFTER].to_str().unwrap().parse::<u64>().unwrap() > 60),
        (429, true)
    );
    assert!(page.says("Please try again in 59 minutes.") && page.says("Is it &lt;still&gt; here?"), "{}", page.html);
    // A script that has worked for it may go on, with the same form.
    let work = work(&page.between("data-work=\"", "\""));
    let form = Shopper::fields(
        &page.hidden("token"),
        &[("work", &work), ("email", "jo@post.example"), ("text", "Is it still here?")],
    );
    assert_eq!(jo.send(form).await.status, 303);
    assert_eq!(count(&app, "open").await, 7);
    app.clock.forward(HOUR);
    for number in 0..9 {
        if number == 5 {
            app.clock.forward(1);
        }
        let status = jo.write(&app, &[("email", "One@Post.example"), ("text", "Hello")]).await.status;
        assert_eq!(status, if number < 6 { 303 } else { 429 }, "{number}");
    }
});

story!(monstrous_input_is_bounded, |app| async move {
    let jo = Shopper::new(&app, form_inbox(&app, json!({ "files_mb": 1 })).await);
    let token = jo.open().await.hidden("token");
    app.clock.forward(10_000);
    let huge = "x".repeat(10 << 20);
    let page = jo.send(Shopper::fields(&token, &[("email", "jo@post.example"), ("text", &huge)])).await;
    assert!(page.status == 422 && page.says("At most 20000 characters fit in here."), "{}", page.html.len());
    assert!(page.html.len() < 400_000 && page.html.contains("xxxxx"));
    let form = Shopper::fields(&token, JO).file("../../etc/passwd", &vec![b'x'; (1 << 20) + 1]);
    let page = jo.send(form).await;
    assert!(page.status == 422 && page.says("passwd is too large: 1 MB at most."), "{}", page.html);
    let many = (0..6).fold(Shopper::fields(&token, JO), |form, n| form.file("a.txt", format!("text {n}").as_bytes()));
    let page = jo.send(many).await;
    assert!(page.status == 422 && page.says("At most 5 files"), "{}", page.html);
    for (kind, body) in [
        ("application/x-www-form-urlencoded", "text=x".to_owned()),
        ("multipart/form-data", "x".to_owned()),
        (
            "multipart/form-data; boundary=b",
            "--b\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\ncut".to_owned(),
        ),
        (
            "multipart/form-data; boundary=b",
            "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx\r\n".repeat(200) + "--b--",
        ),
    ] {
        let (status, page) = jo.client.post_bytes(&format!("/forms/{}", jo.inbox), kind, body).await;
        assert!(
            [400, 415].contains(&status) && page.as_str().unwrap().contains("could not be read"),
            "{kind}: {status}"
        );
    }
    let odd = [
        ("name", "evil\u{202e}gpj.exe\u{7}\u{0}"),
        ("email", "jo@post.example"),
        ("subject", "a\r\nBcc: x@y.example"),
        ("text", "Hi\u{0}!"),
    ];
    assert_eq!(jo.write(&app, &odd).await.status, 303);
    app.tick().await;
    let ticket = only_ticket(&app).await;
    assert_eq!(
        (&ticket["subject"], &ticket["customer"]["name"]),
        (&json!("a Bcc: x@y.example"), &json!("evilgpj.exe"))
    );
    assert_eq!(messages(&app, ticket["id"].as_i64().unwrap()).await[0]["text"], "Hi!");
    let (status, failed) = app.get("/api/v1/quarantine").await;
    assert_eq!((status, failed["data"].as_array().unwrap().len()), (200, 0));
});

#[test]
fn a_killed_node_loses_no_form_and_makes_none_two_sqlite() {
    run(Engine::Sqlite);
}

#[test]
fn a_killed_node_loses_no_form_and_makes_none_two_postgres() {
    run(Engine::Postgres);
}

const FORMS: usize = 12;

fn run(engine: Engine) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(killed(engine));
}

/// Each form is sent until somebody says that it was taken, while the node dies again and again.
async fn killed(engine: Engine) {
    let installation = Installation::new(engine).await;
    let mut server = installation.serve().await;
    let owner = installation.client(&server);
    let inbox = json!({ "channel": "form", "name": "Contact", "address": "contact" });
    let path = format!("/forms/{}", owner.post("/api/v1/inboxes", inbox).await.1["id"]);
    let nobody = Client::new(server.address);
    let mut forms = Vec::new();
    for number in 0..FORMS {
        let page = page(&nobody, &path, "en").await;
        let fields = [
            ("work", &work(&page.between("data-work=\"", "\""))),
            ("email", &format!("shopper{number}@post.example")),
            ("text", &format!("Message {number}")),
        ];
        forms.push(Shopper::fields(&page.hidden("token"), &fields.map(|(name, value)| (name, value.as_str()))).whole());
    }
    tokio::time::sleep(Duration::from_millis(3100)).await;
    let sending = tokio::spawn(async move {
        for (kind, body) in forms {
            loop {
                let request = nobody.request(Method::POST, &path).header(header::CONTENT_TYPE, kind.as_str());
                match request.body(body.clone()).send().await {
                    Ok(answer) if answer.status() == 303 => break,
                    Ok(answer) => assert!(answer.status().is_server_error(), "{}", answer.status()),
                    Err(_) => {}
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            tokio::time::sleep(Duration::from_millis(80)).await;
        }
    });
    for pause in [150, 40, 310, 90] {
        tokio::time::sleep(Duration::from_millis(pause)).await;
        installation.kill_and_restart(&mut server).await;
    }
    sending.await.unwrap();
    let subjects = async || {
        let all = everything(&owner, "/api/v1/tickets?shelf=all").await;
        all.iter().map(|ticket| ticket["subject"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    eventually(30, async || match subjects().await.len() {
        FORMS => Ok(()),
        other => Err(format!("{other} tickets")),
    })
    .await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    let subjects = subjects().await;
    assert_eq!((subjects.len(), subjects.iter().collect::<BTreeSet<_>>().len()), (FORMS, FORMS), "{subjects:?}");
}
