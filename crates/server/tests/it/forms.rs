//! A stranger writes to the shop with the contact form: without script, once, and answered by mail.

use base::HOUR;
use reqwest::{Method, header};
use serde_json::{Value, json};

use crate::{
    answers::post,
    chats_away::{header as line, mailed, reply},
    client::Client,
    harness::TestApp,
    mails::{INBOX, answer, bring, messages, only_ticket, tickets},
};

pub const SITE: &str = "https://fjellvik.example";
pub const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x02\0\0\0";

pub async fn form_inbox(app: &TestApp, settings: Value) -> i64 {
    let body = json!({ "channel": "form", "name": "Contact", "address": "contact", "settings": settings });
    let (status, inbox) = app.post("/api/v1/inboxes", body).await;
    assert_eq!(status, 201, "{inbox}");
    inbox["id"].as_i64().unwrap()
}

/// A page as a browser without script sees it.
pub struct Page {
    pub status: u16,
    pub headers: header::HeaderMap,
    pub html: String,
}

impl Page {
    /// What stands in a hidden field.
    pub fn hidden(&self, name: &str) -> String {
        self.between(&format!("name=\"{name}\" value=\""), "\"")
    }

    /// Its texts are escaped once; here they are read as a person would.
    pub fn says(&self, text: &str) -> bool {
        self.html.replace("&#x27;", "'").replace("&#x2f;", "/").contains(text)
    }

    pub fn between(&self, before: &str, after: &str) -> String {
        let rest = self.html.split_once(before).unwrap_or_else(|| panic!("{before} in {}", self.html)).1;
        rest.split_once(after).unwrap().0.replace("&#x2f;", "/").replace("&amp;", "&")
    }
}

pub async fn page(client: &Client, path: &str, language: &str) -> Page {
    let request = client.request(Method::GET, path).header(header::ACCEPT_LANGUAGE, language);
    read(client.send(request).await).await
}

async fn read(response: reqwest::Response) -> Page {
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    Page { status, headers, html: response.text().await.unwrap() }
}

/// What a browser sends of a form (RFC 7578).
pub struct Form(Vec<u8>);

const BOUNDARY: &str = "----a-boundary-that-no-field-has";

impl Form {
    fn part(mut self, head: &str, bytes: &[u8]) -> Self {
        let head = format!("--{BOUNDARY}\r\nContent-Disposition: form-data; {head}\r\n\r\n");
        [head.as_bytes(), bytes, b"\r\n"].into_iter().for_each(|bytes| self.0.extend_from_slice(bytes));
        self
    }

    pub fn text(self, name: &str, value: &str) -> Self {
        self.part(&format!("name=\"{name}\""), value.as_bytes())
    }

    pub fn file(self, name: &str, bytes: &[u8]) -> Self {
        self.part(&format!("name=\"files\"; filename=\"{name}\"\r\nContent-Type: image/png"), bytes)
    }

    /// What its browser says it is, and its bytes.
    pub fn whole(mut self) -> (String, Vec<u8>) {
        self.0.extend(format!("--{BOUNDARY}--\r\n").into_bytes());
        (format!("multipart/form-data; boundary={BOUNDARY}"), self.0)
    }
}

/// Somebody who fills in the form of an inbox.
pub struct Shopper {
    pub client: Client,
    pub inbox: i64,
}

impl Shopper {
    pub fn new(app: &TestApp, inbox: i64) -> Self {
        Self { client: app.nobody(), inbox }
    }

    pub async fn open(&self) -> Page {
        let page = page(&self.client, &format!("/forms/{}", self.inbox), "en").await;
        assert_eq!(page.status, 200, "{}", page.html);
        page
    }

    /// The fields as a browser sends them, in their order.
    pub fn fields(token: &str, fields: &[(&str, &str)]) -> Form {
        let form = Form(Vec::new()).text("token", token).text("work", "");
        fields.iter().fold(form, |form, (name, value)| form.text(name, value))
    }

    pub async fn send(&self, form: Form) -> Page {
        self.send_from(None, form).await
    }

    pub async fn send_from(&self, origin: Option<&str>, form: Form) -> Page {
        let (kind, body) = form.whole();
        let mut request = self.client.request(Method::POST, &format!("/forms/{}?lang=en", self.inbox));
        if let Some(origin) = origin {
            request = request.header(header::ORIGIN, origin);
        }
        read(self.client.send(request.header(header::CONTENT_TYPE, kind).body(body)).await).await
    }

    pub async fn write(&self, app: &TestApp, fields: &[(&str, &str)]) -> Page {
        let token = self.open().await.hidden("token");
        app.clock.forward(10_000);
        self.send(Self::fields(&token, fields)).await
    }

    /// Where the browser is sent after it.
    pub async fn after(&self, sent: &Page) -> Page {
        assert_eq!(sent.status, 303, "{}", sent.html);
        page(&self.client, sent.headers[header::LOCATION].to_str().unwrap(), "en").await
    }
}

const JO: &[(&str, &str)] = &[
    ("name", "Jo Brandt"),
    ("email", "Jo@Post.example"),
    ("subject", "The tent"),
    ("order", "FJ-1001"),
    ("text", "Is it\r\nwaterproof?"),
];

story!(a_form_becomes_a_ticket_and_its_answer_goes_by_mail, |app| async move {
    let mut post = post().await;
    let jo = Shopper::new(&app, form_inbox(&app, json!({})).await);
    let body = json!({ "channel": "email", "name": "Fjellvik", "address": INBOX, "settings": post.settings });
    let letters = app.post("/api/v1/inboxes", body).await.1["id"].as_i64().unwrap();
    let sent = jo.write(&app, JO).await;
    let waiting = jo.after(&sent).await;
    assert!(waiting.says("Thank you") && waiting.html.contains("http-equiv=\"refresh\""), "{}", waiting.html);
    app.tick().await;
    let ticket = only_ticket(&app).await;
    let number = ticket["id"].as_i64().unwrap();
    let thanks = jo.after(&sent).await;
    assert!(thanks.says(&format!("#{number}")) && !thanks.html.contains("refresh"), "{}", thanks.html);
    assert!(thanks.says("We answer as soon as we can."));
    assert_eq!(
        (&ticket["subject"], &ticket["channel"], &ticket["status"]),
        (&json!("The tent"), &json!("form"), &json!("new"))
    );
    let said = messages(&app, number).await[0].clone();
    assert_eq!(
        (&said["direction"], &said["text"]),
        (&json!("in"), &json!("Order number: FJ-1001\n\nIs it\nwaterproof?"))
    );
    assert_eq!((&said["author"]["name"], &said["checks"]), (&json!("Jo Brandt"), &Value::Null));
    assert_eq!(said["unproven"], true, "it stands as its customer, and anybody may have typed the address");
    let (_, customer) = app.get(&format!("/api/v1/customers/{}", ticket["customer"]["id"])).await;
    assert_eq!(customer["identities"][0]["value"], "jo@post.example");
    assert_eq!(
        (&customer["identities"][0]["verified"], &customer["identities"][0]["source"]),
        (&json!(false), &json!("form"))
    );
    // The only way is the mail inbox.
    let (_, ways) = app.get(&format!("/api/v1/tickets/{number}/ways")).await;
    let ways = ways["data"].as_array().unwrap();
    assert_eq!((ways.len(), &ways[0]["channel"], &ways[0]["usual"]), (1, &json!("email"), &json!(true)));
    answer(&app, number, "To 3,000 mm.").await;
    let raw = mailed(&app, &mut post, 1, "250 taken").await;
    assert!(line(&raw, "To").contains("Jo@Post.example"), "{raw}");
    assert!(raw.contains("Subject: Re: The tent") && raw.contains("> waterproof?"), "{raw}");
    assert!(!raw.contains("<form-"), "no id of ours that mail servers could not read: {raw}");
    bring(&app, letters, &reply(&raw, "jo@post.example", "j1@post", "Thank you")).await;
    let unproven: Vec<_> = messages(&app, number).await.iter().map(|one| one["unproven"] == true).collect();
    assert_eq!(unproven, [true, false, false], "our answer and a mail have other marks");
    assert_eq!((messages(&app, number).await.len(), only_ticket(&app).await["id"].as_i64()), (3, Some(number)));
    let refused = json!({ "direction": "out", "text": "x", "inbox": jo.inbox });
    let (status, refused) = app.post(&format!("/api/v1/tickets/{number}/messages"), refused).await;
    assert_eq!((status, &refused["errors"][0]["field"]), (422, &json!("inbox")));
});

story!(a_form_sent_twice_is_one_ticket, |app| async move {
    let jo = Shopper::new(&app, form_inbox(&app, json!({})).await);
    let token = jo.open().await.hidden("token");
    app.clock.forward(10_000);
    let other = app.second_node().await;
    let elsewhere = Shopper { client: jo.client.at(other.address), inbox: jo.inbox };
    let again: Vec<_> =
        JO.iter().map(|(field, text)| (*field, if *field == "text" { "Something else" } else { *text })).collect();
    let (one, two) =
        tokio::join!(jo.send(Shopper::fields(&token, JO)), elsewhere.send(Shopper::fields(&token, &again)));
    assert_eq!((one.status, two.status), (303, 303));
    app.tick().await;
    let number = only_ticket(&app).await["id"].as_i64().unwrap();
    app.clock.forward(100 * HOUR);
    desk::forms::forget(&app.app).await.unwrap();
    let late = jo.send(Shopper::fields(&token, JO)).await;
    assert!(jo.after(&late).await.says(&format!("#{number}")), "known for good by its message");
    app.tick().await;
    assert_eq!(messages(&app, number).await.len(), 1);
    only_ticket(&app).await;
});

story!(what_is_wrong_stands_beside_its_field_and_nothing_is_lost, |app| async move {
    let settings = json!({ "topics": "Order, Return", "order": "required" });
    let jo = Shopper::new(&app, form_inbox(&app, settings).await);
    let token = jo.open().await.hidden("token");
    app.clock.forward(10_000);
    let wrong = [
        ("name", "\"><script>alert(1)</script>"),
        ("email", "jo.post.example"),
        ("subject", "Else"),
        ("text", "Long & <b>"),
    ];
    let form = Shopper::fields(&token, &wrong).file("tent.svg", PNG).file("x.png", b"<svg onload=alert(1)>");
    let page = jo.send(form).await;
    assert_eq!(page.status, 422);
    for field in ["email", "subject", "order", "files"] {
        assert!(page.html.contains(&format!("id=\"{field}-why\"")), "{field} in {}", page.html);
    }
    assert!(!page.html.contains("id=\"text-why\"") && !page.html.contains("<script>alert"));
    assert!(
        page.says("Long &amp; &lt;b&gt;") && page.says("A file such as x.png cannot be sent here."),
        "{}",
        page.html
    );
    // The picture waits, under the name that its content gives it.
    assert!(page.says("tent.svg.png"));
    let kept = page.between("name=\"keep\" value=\"", "\"");
    let right = [("email", "jo@post.example"), ("subject", "Return"), ("order", "7"), ("text", ""), ("keep", &kept)];
    let stranger = Shopper::new(&app, jo.inbox);
    let stolen = stranger.write(&app, &right).await;
    assert!(stolen.status == 422 && stolen.says("attach it again"), "another's file is nobody's");
    let sent = jo.send(Shopper::fields(&page.hidden("token"), &right)).await;
    assert_eq!(sent.status, 303, "{}", sent.html);
    app.tick().await;
    app.clock.forward(2 * HOUR);
    desk::visits::forget(&app.app).await.unwrap();
    let ticket = only_ticket(&app).await;
    assert_eq!(ticket["subject"], "Return");
    let said = messages(&app, ticket["id"].as_i64().unwrap()).await[0].clone();
    assert_eq!(
        (&said["attachments"][0]["name"], &said["attachments"][0]["content_type"]),
        (&json!("tent.svg.png"), &json!("image/png"))
    );
});

story!(a_page_stands_by_itself_in_six_languages, |app| async move {
    let settings = json!({ "origins": format!("{SITE}, null"), "colour": "#ffe45c", "hours": { "mon": "10:00-12:00" }, "greeting": { "de": "Moin <b>" } });
    let jo = Shopper::new(&app, form_inbox(&app, settings).await);
    for (asked, language, dir, word) in [
        ("", "en", "ltr", "Write to Fjellvik"),
        ("?lang=de", "de", "ltr", "An Fjellvik schreiben"),
        ("?lang=fr", "fr", "ltr", "Écrire à Fjellvik"),
        ("?lang=es", "es", "ltr", "Escribir a Fjellvik"),
        ("?lang=sv", "sv", "ltr", "Skriv till Fjellvik"),
        ("?lang=ar", "ar", "rtl", "راسل Fjellvik"),
    ] {
        let page = page(&jo.client, &format!("/forms/{}{asked}", jo.inbox), "xx, en;q=0.3").await;
        assert!(page.html.contains(&format!("<html lang=\"{language}\" dir=\"{dir}\">")), "{}", page.html);
        assert!(page.says(&format!("<h1>{word}</h1>")), "{word} in {}", page.html);
        let labels: Vec<_> =
            page.html.split("<label for=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
        assert_eq!(labels, ["name", "email", "subject", "order", "text", "website", "files"]);
        for label in labels {
            assert!(page.html.contains(&format!("id=\"{label}\"")), "{label}");
        }
        // Whatever runs comes from a file of ours.
        assert!(
            page.html.matches("<script").count() == 1 && !page.html.contains("style=") && !page.html.contains("onload")
        );
    }
    let german = page(&jo.client, &format!("/forms/{}", jo.inbox), "de-AT,de;q=0.9,en;q=0.5").await;
    assert!(german.says("Moin &lt;b&gt;") && german.says("Wir sind wieder da: Montag, 10:00 Uhr."), "{}", german.html);
    let policy = german.headers["content-security-policy"].to_str().unwrap();
    assert!(
        policy.starts_with("default-src 'none';") && policy.ends_with(&format!("frame-ancestors {SITE}")),
        "{policy}"
    );
    assert!(!policy.contains("unsafe") && !german.headers.contains_key("x-frame-options"));
    let style = page(&jo.client, &format!("/forms/{}/style.css", jo.inbox), "").await;
    assert!(
        style.headers["content-type"].to_str().unwrap().starts_with("text/css") && style.html.contains("--brand: #")
    );
    for script in ["/form.js", "/forms/page.js"] {
        assert!(
            page(&jo.client, script, "").await.headers["content-type"].to_str().unwrap().starts_with("text/javascript")
        );
    }
    for gone in ["/forms/999", "/forms/x", "/forms/999/sent"] {
        let gone = page(&jo.client, gone, "fr").await;
        assert!(gone.status == 404 && gone.says("Ce formulaire n’existe plus."), "{}", gone.html);
    }
    app.patch(&format!("/api/v1/inboxes/{}", jo.inbox), json!({ "active": false })).await;
    assert_eq!(page(&jo.client, &format!("/forms/{}", jo.inbox), "en").await.status, 404);
});

story!(nobody_joins_or_learns_of_another_by_an_address, |app| async move {
    let letters = crate::mails::inbox(&app).await;
    bring(&app, letters, &crate::mails::mail("jo@post.example", "a1@post", "Stove", "", "It hisses.")).await;
    let first = only_ticket(&app).await["id"].as_i64().unwrap();
    answer(&app, first, "Turn it off.").await;
    let jo = Shopper::new(&app, form_inbox(&app, json!({})).await);
    let known = jo.write(&app, JO).await;
    let unknown = jo.write(&app, &[("email", "kim@post.example"), ("text", "Hello")]).await;
    app.tick().await;
    assert_eq!((known.status, unknown.status), (303, 303));
    assert_eq!(
        tickets(&app.as_owner().await, "shelf=all").await.len(),
        3,
        "none joined the open ticket of its address"
    );
    assert_eq!(messages(&app, first).await.len(), 2);
    // Somebody of the shop is a stranger here, too.
    let colleague = jo.write(&app, &[("email", crate::harness::OWNER), ("text", "I speak for the shop")]).await;
    app.tick().await;
    assert_eq!(colleague.status, 303);
    let all = tickets(&app.as_owner().await, "shelf=all&sort=oldest").await;
    let last = messages(&app, all[3]["id"].as_i64().unwrap()).await[0].clone();
    assert_eq!((&last["direction"], &last["author"]["kind"]), (&json!("in"), &json!("customer")));
    // Who is blocked gets a number like everybody.
    let (status, _) = app.post("/api/v1/blocks", json!({ "what": "email", "value": "jo@post.example" })).await;
    assert_eq!(status, 201);
    for _ in 0..2 {
        let sent = jo.write(&app, JO).await;
        app.tick().await;
        let number = tickets(&app.as_owner().await, "shelf=spam&sort=oldest").await.last().unwrap()["id"].clone();
        assert!(jo.after(&sent).await.says(&format!("#{number}")));
    }
    assert_eq!(tickets(&app.as_owner().await, "shelf=spam").await.len(), 2);
});

story!(the_shops_own_form_hands_in_the_same, |app| async move {
    let inbox = form_inbox(&app, json!({})).await;
    let filled =
        json!({ "id": "order-form-77", "email": "jo@post.example", "text": "Where is it?", "facts": [["Order", "7"]] });
    let owner = app.as_owner().await;
    let path = format!("/api/v1/inbound/{inbox}/raw");
    for _ in 0..2 {
        assert_eq!(owner.post_bytes(&path, "application/json", filled.to_string()).await.0, 202);
        app.tick().await;
    }
    let ticket = only_ticket(&app).await;
    let all = messages(&app, ticket["id"].as_i64().unwrap()).await;
    assert_eq!((all.len(), &all[0]["text"]), (1, &json!("Order: 7\n\nWhere is it?")));
    assert_eq!(app.nobody().post_bytes(&path, "application/json", filled.to_string()).await.0, 401);
    // What says nothing is kept for people to look at.
    assert_eq!(owner.post_bytes(&path, "application/json", r#"{ "id": "1" }"#).await.0, 202);
    app.tick().await;
    let (_, failed) = app.get("/api/v1/quarantine").await;
    assert!(failed["data"][0]["why"].as_str().unwrap().contains("email"), "{failed}");
});

story!(a_form_says_how_long_an_answer_takes_and_needs_a_way_for_it, |app| async move {
    let jo = Shopper::new(&app, form_inbox(&app, json!({})).await);
    jo.write(&app, JO).await;
    app.tick().await;
    let first = only_ticket(&app).await["id"].as_i64().unwrap();
    let (_, ways) = app.get(&format!("/api/v1/tickets/{first}/ways")).await;
    assert_eq!(ways["data"], json!([]));
    let reply = json!({ "direction": "out", "text": "Yes" });
    let (status, refused) = app.post(&format!("/api/v1/tickets/{first}/messages"), reply).await;
    assert_eq!((status, &refused["errors"][0]["field"]), (422, &json!("inbox")), "{refused}");
    crate::mails::inbox(&app).await;
    for number in 0..4 {
        jo.write(&app, &[("email", &format!("shopper{number}@post.example")), ("text", "Hello")]).await;
    }
    app.tick().await;
    app.clock.forward(90 * base::MINUTE);
    for ticket in tickets(&app.as_owner().await, "shelf=all").await {
        answer(&app, ticket["id"].as_i64().unwrap(), "Yes.").await;
    }
    assert!(jo.open().await.says("We usually answer within 2 hours."));
    // The doors of a chat are not those of a form, nor the other way round.
    let (status, _) = app.nobody().post(&format!("/api/v1/widgets/{}/sessions", jo.inbox), json!({})).await;
    assert_eq!(status, 404);
    let chat = crate::chats::widget(&app).await;
    assert_eq!(page(&jo.client, &format!("/forms/{chat}"), "en").await.status, 404);
});

story!(a_shop_says_it_in_its_own_words, |app| async move {
    let jo = Shopper::new(&app, form_inbox(&app, json!({})).await);
    let folder = app.folder().join("pages").join("form");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("en.json"), r#"{ "title": "Ask {shop} <anything>" }"#).unwrap();
    let own = jo.open().await;
    assert!(own.says("Ask Fjellvik &lt;anything&gt;") && own.says("Your message"), "{}", own.html);
    std::fs::write(folder.join("page.html"), "<h1>{{ title }}</h1><p>{{ state }} {{ token }}").unwrap();
    assert!(jo.open().await.html.starts_with("<h1>Ask Fjellvik &lt;anything&gt;</h1><p>form form-"));
    for (file, broken) in [("page.html", "{% if %}"), ("en.json", "{")] {
        std::fs::write(folder.join(file), broken).unwrap();
    }
    assert!(jo.open().await.says("Write to Fjellvik"), "ours, where the shop's own do not work");
});
