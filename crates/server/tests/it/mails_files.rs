//! What comes with a mail is seen: within the text where the text shows it, below it otherwise.

use serde_json::{Value, json};

use crate::{
    harness::TestApp,
    mails::{bring, inbox, messages, tickets},
};

const PNG: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
const HTML: &str = "Content-Type: text/html; charset=utf-8\n\n";

fn mail(kind: &str, parts: &[String]) -> String {
    let parts: String = parts.iter().map(|part| format!("--b\n{part}\n")).collect();
    format!("MIME-Version: 1.0\nContent-Type: multipart/{kind}; boundary=b\n\n{parts}--b--\n")
}

fn html(html: &str) -> String {
    format!("{HTML}{html}")
}

fn file(kind: &str, head: &str, base64: &str) -> String {
    format!("Content-Type: {kind}\n{head}Content-Transfer-Encoding: base64\n\n{base64}")
}

/// The message that a mail with this body became.
async fn received(app: &TestApp, inbox: i64, subject: &str, rest: &str) -> Value {
    let head = format!("From: jo@post.example\nTo: hei@fjellvik.example\nMessage-ID: <{}@post>\n", subject.len());
    bring(app, inbox, &format!("{head}Subject: {subject}\n{rest}")).await;
    let all = tickets(&app.as_owner().await, "shelf=all").await;
    let ticket = all.iter().find(|ticket| ticket["subject"] == subject).unwrap();
    messages(app, ticket["id"].as_i64().unwrap()).await.remove(0)
}

/// Name, kind and whether it stands in the text.
fn files(message: &Value) -> Value {
    let files = message["attachments"].as_array().unwrap().iter();
    files.map(|file| json!([file["name"], file["content_type"], file["inline"]])).collect()
}

fn shows(html: &Value, file: &Value) -> bool {
    html.as_str().unwrap().contains(&format!("src=\"{}\"", file["url"].as_str().unwrap()))
}

story!(files_that_the_text_does_not_show_stand_below_it, |app| async move {
    let inbox = inbox(&app).await;
    let inline = "Content-Disposition: inline; filename=bill.pdf\n";
    let picture = |head: &str| file("image/png; name=pole.png", head, PNG);
    let logo = picture("Content-ID: <logo@x>\nContent-Disposition: inline\n");
    let bill = file("application/pdf", &format!("Content-ID: <bill@x>\n{inline}"), "JVBERi0xLjQK");
    let parts = [
        html("<p>The bill, the pole and the logo. <img src=\"cid:bill@x\"></p>"),
        bill,
        picture("Content-Disposition: inline\n"),
        logo.clone(),
    ];
    let below = json!([
        ["bill.pdf", "application/pdf", false],
        ["pole.png", "image/png", false],
        ["pole.png", "image/png", false],
    ]);
    for kind in ["mixed", "related"] {
        let message = received(&app, inbox, &format!("Named nowhere, {kind}"), &mail(kind, &parts)).await;
        assert_eq!(files(&message), below, "{kind}");
        let shown = message["html"].as_str().unwrap();
        assert!(!shown.contains("cid:") && !shown.contains("/attachments/"), "{shown}");
    }

    let apple = [html("<p>Before it</p>"), logo, html("<p>After it</p>")];
    let message = received(&app, inbox, "Apple", &mail("mixed", &apple)).await;
    assert_eq!(files(&message), json!([["pole.png", "image/png", false]]));
    let shown = message["html"].as_str().unwrap();
    assert!(shown.contains("Before it") && shown.contains("After it"), "{shown}");

    let svg = "PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciLz4=";
    let drawn =
        [html("<p>Hi <img src=\"cid:d@x\" alt=\"Logo\"></p>"), file("image/svg+xml", "Content-ID: <d@x>\n", svg)];
    let message = received(&app, inbox, "Drawn", &mail("related", &drawn)).await;
    assert_eq!(files(&message), json!([["attachment-1.bin", "image/svg+xml", false]]));
    let shown = message["html"].as_str().unwrap();
    assert!(shown.contains("alt=\"Logo\"") && !shown.contains("/attachments/"), "{shown}");
});

story!(pictures_that_the_text_shows_stand_in_it_once, |app| async move {
    let inbox = inbox(&app).await;
    let picture = |kind: &str, id: &str| file(&format!("{kind}; name=pole.png"), &format!("Content-ID: <{id}>\n"), PNG);
    let parts = [
        html("<p>Look: <img src=\"cid:one@x\"> <img src=\"cid:my%20pole\"> <img src=\"cid:two@x\"></p>"),
        picture("image/png", "one@x"),
        picture("image/png", "one@x"),
        picture("image/png", "my pole"),
        picture("application/octet-stream", "two@x"),
    ];
    let message = received(&app, inbox, "Look", &mail("related", &parts)).await;
    let expected = [true, false, true, true].map(|inline| json!(["pole.png", "image/png", inline]));
    assert_eq!(files(&message), json!(expected));
    for file in message["attachments"].as_array().unwrap() {
        assert_eq!(json!(shows(&message["html"], file)), file["inline"], "{message}");
    }

    let quoting = "<p>Still so.</p><blockquote type=\"cite\">Before: <img src=\"cid:one@x\"></blockquote>";
    let message =
        received(&app, inbox, "Quoted", &mail("related", &[html(quoting), picture("image/png", "one@x")])).await;
    assert_eq!(files(&message), json!([["pole.png", "image/png", true]]));
    let picture = &message["attachments"][0];
    assert!(shows(&message["quoted_html"], picture) && !shows(&message["html"], picture), "{message}");
});

story!(pictures_without_a_scheme_wait_for_a_click_like_all_from_elsewhere, |app| async move {
    let inbox = inbox(&app).await;
    let text = html("<p>Sale <img src=\"//shop.example/a.png\"></p>");
    let message = received(&app, inbox, "Sale", &mail("mixed", &[text])).await;
    assert_eq!(message["remote_images"], 1);
    let shown = message["html"].as_str().unwrap();
    assert!(shown.contains("data-remote-src=\"https://shop.example/a.png\""), "{shown}");
});

story!(what_is_too_long_to_be_shown_whole_says_so, |app| async move {
    let inbox = inbox(&app).await;
    let message = received(&app, inbox, "Short", "\nHello\n").await;
    assert_eq!((&message["cut"], &message["text"]), (&json!(false), &json!("Hello")));

    let long = "All that was ever said about poles.\n".repeat(60_000);
    let message = received(&app, inbox, "Much said", &format!("\n{long}")).await;
    assert_eq!(message["cut"], true);
    assert!(message["text"].as_str().unwrap().len() < long.len());
    let owner = app.as_owner().await;
    let whole = owner.send(owner.request(reqwest::Method::GET, message["original"].as_str().unwrap())).await;
    assert!(whole.bytes().await.unwrap().len() > long.len(), "the original has all of it");

    let many: Vec<String> = (0..1_010).map(|_| file("application/pdf", "", "JVBERi0xLjQK")).collect();
    let message = received(&app, inbox, "Many files", &mail("mixed", &many)).await;
    assert_eq!((message["attachments"].as_array().unwrap().len(), &message["cut"]), (1_000, &json!(true)));
});
