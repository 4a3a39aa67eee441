//! A shopper follows their order: by a link, by number and address, by a code. Whoever guesses learns nothing.

use std::time::Duration;

use base::{HOUR, MINUTE, Stamp};
use connectors::order::{Line, Scan, Shipment};
use desk::orders::{OrderId, link::Proof};
use reqwest::{Method, header};
use serde_json::json;

use crate::{
    answers::post,
    chats_away::{header as line, mailed},
    client::Client,
    forms::{Page, form_inbox, page},
    harness::{MORNING, TestApp},
    mails::{INBOX, answer, inbox, messages, only_ticket},
    parcels::{order, said, shipment, told},
    returns,
};

/// The link as it stands in a mail.
fn link(app: &TestApp, order: i64) -> String {
    format!("/track/{}", desk::orders::link::token(&app.app, OrderId(order), Proof::Known))
}

pub async fn send(client: &Client, path: &str, fields: &[(&str, &str)]) -> Page {
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let kind = "application/x-www-form-urlencoded";
    let request = client.request(Method::POST, path).header(header::CONTENT_TYPE, kind).body(body);
    let response = client.send(request).await;
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    Page { status, headers, html: response.text().await.unwrap() }
}

pub fn goes_to(page: &Page) -> &str {
    page.headers[header::LOCATION].to_str().unwrap()
}

story!(a_link_shows_the_order_in_six_languages_and_to_nobody_else, |app| async move {
    let mut bought = order("FV-1", Shipment { expected_at: Some(Stamp(MORNING + 2 * HOUR)), ..shipment() });
    bought.lines[0].title = "<script>alert(1)</script>".into();
    let id = told(&app, bought).await;
    said(&app, "2026-03-01T08:00:00Z", "in_transit", "Handed over").await;
    said(&app, "2026-03-02T08:00:00Z", "in_transit", "Left the <b>terminal</b>").await;
    let path = link(&app, id);
    for (language, title) in [
        ("en", "Arrives Monday 2 March"),
        ("de", "Kommt am Montag, 2. März"),
        ("fr", "Arrive le lundi 2 mars"),
        ("es", "Llega el lunes, 2 de marzo"),
        ("sv", "Kommer måndag 2 mars"),
        ("ar", "يصل الاثنين 2 مارس"),
    ] {
        let page = page(&app.nobody(), &path, language).await;
        assert_eq!(page.status, 200, "{}", page.html);
        assert!(page.says(&format!("<h1>{title}</h1>")), "{}", page.html);
        assert!(page.html.contains("FV-1") && page.html.contains("RR 123 456 785 SE"), "{}", page.html);
    }
    let shown = page(&app.nobody(), &path, "en").await;
    let left = shown.between("<b>On its way</b><small>", "<");
    assert!(left.contains("1 March"), "it left with the first scan, not with the last: {left}");
    assert!(!shown.html.contains("None"), "{}", shown.html);
    assert!(!shown.html.contains("<script") && !shown.html.contains("<b>terminal"), "{}", shown.html);
    assert!(shown.says("https://tracking.postnord.com/?id=RR123456785SE"), "{}", shown.html);
    for (name, value) in
        [("x-robots-tag", "noindex, nofollow"), ("referrer-policy", "no-referrer"), ("cache-control", "no-store")]
    {
        assert_eq!(shown.headers[name], value, "{name}");
    }
    let policy = shown.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("default-src 'none'") && !policy.contains("script"), "{policy}");
    assert!(shown.html.contains("rel=\"noreferrer noopener\""));
    let style = page(&app.nobody(), &shown.between("<link rel=\"stylesheet\" href=\"", "\""), "en").await;
    assert_eq!(style.headers[header::CONTENT_TYPE], "text/css; charset=utf-8");
    assert!(shown.html.len() + style.html.len() < 30 * 1024, "{} {}", shown.html.len(), style.html.len());
    // Another order's signature opens nothing, and nor does a guess.
    let other = told(&app, order("FV-2", Shipment { number: Some("RB123456785GB".into()), ..shipment() })).await;
    let forged = path.replacen(&format!("/track/{id}-"), &format!("/track/{other}-"), 1);
    for guess in
        [forged.as_str(), "/track/1", "/track/1-", "/track/x-y", "/track/%00-%00", "/track/99999999999999999999-a"]
    {
        assert_eq!(page(&app.nobody(), guess, "en").await.status, 404, "{guess}");
    }
    let off = json!({ "active": false });
    assert_eq!(app.put("/api/v1/tracking-page", off).await.0, 200);
    assert_eq!(page(&app.nobody(), &path, "en").await.status, 404, "switched off");
    assert_eq!(app.put("/api/v1/tracking-page", json!({ "colour": "red" })).await.0, 422);
    assert_eq!(app.as_role("agent").await.put("/api/v1/tracking-page", json!({})).await.0, 403);
});

story!(number_and_address_open_an_order_and_guessing_tells_nothing, |app| async move {
    told(&app, order("FV-1", shipment())).await;
    let start = page(&app.nobody(), "/track?order=FV-1", "en").await;
    assert!(start.html.contains("value=\"FV-1\"") && start.says("Email address or postcode"), "{}", start.html);
    // Who looks often and is right is no stranger who guesses: only wrong tries count from one network.
    for proof in ["Jo@Post.example", "20099", " 20 099 "].into_iter().chain(["jo@post.example"; 40]) {
        let found = send(&app.nobody(), "/track?lang=en", &[("order", "#fv 1"), ("proof", proof)]).await;
        assert_eq!(found.status, 303, "{}", found.html);
        assert_eq!(page(&app.nobody(), goes_to(&found), "en").await.status, 200);
    }
    let guess = async |number: &str, proof: &str| {
        let begun = tokio::time::Instant::now();
        let answer = send(&app.nobody(), "/track?lang=en", &[("order", number), ("proof", proof)]).await;
        (answer.status, answer.html.replace(number, "NUMBER"), begun.elapsed())
    };
    let right_number = guess("FV-1", "eve@elsewhere.example").await;
    let wrong_number = guess("FV-9", "eve@elsewhere.example").await;
    assert_eq!((right_number.0, &right_number.1), (422, &wrong_number.1), "the same answer");
    for (.., taken) in [&right_number, &wrong_number] {
        assert!(*taken >= Duration::from_millis(400), "{taken:?}: no sooner than any other");
    }
    assert!(app.put("/api/v1/tracking-page", json!({ "by_postcode": false })).await.0 == 200);
    assert_eq!(guess("FV-1", "20099").await.0, 422, "the shop does not take postcodes");
    // Too many tries on one number from wherever, whether there is such an order or not.
    for number in ["FV-1", "FV-9"] {
        let mut last = 0;
        for _ in 0..16 {
            last = send(&app.nobody(), "/track", &[("order", number), ("proof", "x")]).await.status;
            if last == 429 {
                break;
            }
        }
        assert_eq!(last, 429, "{number}");
    }
    app.clock.forward(HOUR + MINUTE);
    assert_eq!(guess("FV-1", "jo@post.example").await.0, 303);
});

story!(a_code_sent_by_mail_opens_the_order_once, |app| async move {
    let mut server = post().await;
    let body = json!({ "channel": "email", "name": "Fjellvik", "address": INBOX, "settings": server.settings });
    assert_eq!(app.post("/api/v1/inboxes", body).await.0, 201);
    told(&app, order("FV-1", shipment())).await;
    let shopper = app.nobody();
    let known = send(&shopper, "/track/code?lang=en", &[("order", "FV-1")]).await;
    let unknown = send(&shopper, "/track/code?lang=en", &[("order", "FV-9")]).await;
    assert_eq!((known.status, known.html.replace("FV-1", "N")), (200, unknown.html.replace("FV-9", "N")));
    let raw = mailed(&app, &mut server, 0, "250 taken").await;
    assert!(line(&raw, "To").contains("jo@post.example") && line(&raw, "Subject").contains("FV-1"), "{raw}");
    let code = raw.lines().find(|line| line.len() == 6 && line.parse::<u32>().is_ok()).unwrap().to_owned();
    let stored = app.app.db().one("SELECT hash FROM tracking_codes", base::args![]).await.unwrap();
    assert!(!stored.text("hash").unwrap().contains(&code));
    let check = async |order: &str, code: &str| {
        send(&app.nobody(), "/track/code/check?lang=en", &[("order", order), ("code", code)]).await
    };
    let wrong = if code == "000000" { "111111" } else { "000000" };
    assert_eq!(check("FV-1", wrong).await.status, 422);
    assert_eq!(check("FV-9", &code).await.status, 422, "it opens its own order only");
    let opened = check("fv1", &format!(" {} {}", &code[..3], &code[3..])).await;
    assert_eq!(opened.status, 303, "{}", opened.html);
    assert_eq!(page(&shopper, goes_to(&opened), "en").await.status, 200);
    assert_eq!(check("FV-1", &code).await.status, 422, "it is good once");
    // Another: five wrong ones end it.
    send(&shopper, "/track/code?lang=en", &[("order", "FV-1")]).await;
    let raw = mailed(&app, &mut server, 0, "250 taken").await;
    let code = raw.lines().find(|line| line.len() == 6 && line.parse::<u32>().is_ok()).unwrap().to_owned();
    let wrong = if code == "000000" { "111111" } else { "000000" };
    for _ in 0..5 {
        assert_eq!(check("FV-1", wrong).await.status, 422);
    }
    assert_eq!(check("FV-1", &code).await.status, 422);
    // And time does, too.
    app.clock.forward(HOUR + MINUTE);
    send(&shopper, "/track/code?lang=en", &[("order", "FV-1")]).await;
    let raw = mailed(&app, &mut server, 0, "250 taken").await;
    let code = raw.lines().find(|line| line.len() == 6 && line.parse::<u32>().is_ok()).unwrap().to_owned();
    app.clock.forward(16 * MINUTE);
    assert_eq!(check("FV-1", &code).await.status, 422);
    // Nobody is flooded with codes.
    let mut last = 0;
    for _ in 0..5 {
        last = send(&shopper, "/track/code?lang=en", &[("order", "FV-7")]).await.status;
    }
    assert_eq!(last, 429);
});

story!(delivered_but_not_here_becomes_one_ticket_that_knows_the_order, |app| async move {
    let letters = inbox(&app).await;
    let id = told(&app, order("FV-1", shipment())).await;
    let path = link(&app, id);
    let coming = page(&app.nobody(), &path, "en").await;
    assert!(!coming.says("It says delivered, but I have nothing"), "{}", coming.html);
    said(&app, "2026-03-02T08:30:00Z", "delivered", "").await;
    let arrived = page(&app.nobody(), &path, "en").await;
    assert!(
        arrived.says("<h1>Delivered</h1>") && arrived.says("It says delivered, but I have nothing"),
        "{}",
        arrived.html
    );
    assert!(!arrived.html.contains("/returns/"), "the shop takes nothing back");
    returns::policy(&app, |_| ()).await;
    let arrived = page(&app.nobody(), &path, "en").await;
    let back = arrived.between("<a class=\"go\" href=\"", "\"");
    assert!(back.starts_with("/returns/1/items?lang=en&pass="), "{back}");
    let items = page(&app.nobody(), &back, "en").await;
    assert!(
        items.status == 200 && items.says("Lun 4 sleeping mat"),
        "straight to what can be sent back: {}",
        items.html
    );
    let question = arrived.between("<form method=\"post\" action=\"", "\"");
    for _ in 0..2 {
        let sent = send(&app.nobody(), &question, &[("about", "missing"), ("text", "Not with the neighbours.")]).await;
        assert_eq!(sent.status, 303, "{}", sent.html);
        assert!(page(&app.nobody(), goes_to(&sent), "en").await.says("Thank you, we have your message."));
    }
    let ticket = only_ticket(&app).await;
    let number = ticket["id"].as_i64().unwrap();
    assert_eq!(
        (&ticket["subject"], &ticket["priority"]),
        (&json!("Order FV-1: delivered, but not here"), &json!("high"))
    );
    assert_eq!((&ticket["status"], &ticket["customer"]["name"]), (&json!("new"), &json!("Johanna Brandt")));
    let row = app.app.db().one("SELECT order_id FROM tickets WHERE id = $1", base::args![number]).await.unwrap();
    assert_eq!(row.opt_int("order_id").unwrap(), Some(id));
    let heard = messages(&app, number).await;
    assert_eq!(heard.len(), 1, "sent twice it is one: {heard:?}");
    assert!(heard[0]["text"].as_str().unwrap().ends_with("Not with the neighbours."), "{heard:?}");
    // They are answered by mail.
    let said_back = answer(&app, number, "We look for it.").await;
    assert_eq!(said_back["to"][0]["value"], "jo@post.example", "{said_back}");
    assert_eq!(said_back["inbox"], json!(letters), "{said_back}");
    // Another question goes on there.
    let other = send(&app.nobody(), &question, &[("text", "Any news?")]).await;
    assert_eq!(other.status, 303);
    assert_eq!(messages(&app, only_ticket(&app).await["id"].as_i64().unwrap()).await.len(), 3);
    assert_eq!(send(&app.nobody(), &question, &[("text", " \n ")]).await.status, 422);
    assert_eq!(send(&app.nobody(), &question, &[("text", &"x".repeat(5_001))]).await.status, 422);
    assert_eq!(send(&app.nobody(), &question, &[("text", &"x".repeat(70_000))]).await.status, 413);
    let forged = question.replacen(&format!("/track/{id}-"), "/track/9-", 1);
    assert_eq!(send(&app.nobody(), &forged, &[("text", "Hello")]).await.status, 404);
});

story!(whoever_asks_about_an_order_of_nobody_says_where_the_answer_goes, |app| async move {
    let letters = inbox(&app).await;
    let mut bought = order("FV-1", shipment());
    bought.buyer = connectors::order::Buyer::default();
    let id = told(&app, bought).await;
    let shown = page(&app.nobody(), &link(&app, id), "en").await;
    assert!(shown.html.contains("name=\"proof\" type=\"email\""), "{}", shown.html);
    let question = shown.between("<form method=\"post\" action=\"", "\"");
    let ask = async |address: &str| {
        send(&app.nobody(), &question, &[("proof", address), ("text", "Where is it?")]).await.status
    };
    assert_eq!([ask("").await, ask("jo at home").await], [422, 422]);
    assert_eq!([ask(" jo@post.example ").await, ask("jo@post.example").await], [303, 303]);
    let ticket = only_ticket(&app).await;
    let number = ticket["id"].as_i64().unwrap();
    assert_eq!(messages(&app, number).await.len(), 1, "said twice it is one");
    let said_back = answer(&app, number, "It comes tomorrow.").await;
    assert_eq!((&said_back["to"][0]["value"], &said_back["inbox"]), (&json!("jo@post.example"), &json!(letters)));
});

story!(the_page_leads_to_the_contact_form_with_the_order_filled_in, |app| async move {
    let form = form_inbox(&app, json!({ "order": "optional" })).await;
    let id = told(&app, order("FV-1&x", shipment())).await;
    let shown = page(&app.nobody(), &link(&app, id), "en").await;
    let contact = shown.between("<a class=\"go\" href=\"", "\"");
    assert_eq!(contact, format!("/forms/{form}?lang=en&order=FV-1%26x"));
    let contact = page(&app.nobody(), &contact, "en").await;
    assert!(contact.html.contains("value=\"FV-1&amp;x\""), "{}", contact.html);
});

story!(an_order_of_many_lines_and_scans_stays_a_small_page, |app| async move {
    let line = |place: usize| Line {
        id: place.to_string(),
        title: format!("Sleeping mat number {place} of the winter collection"),
        quantity: 1,
        ..Line::default()
    };
    let scan = |place: i64| Scan {
        at: Some(Stamp(MORNING - place * HOUR)),
        status: "IN_TRANSIT".into(),
        text: Some(format!("Arrived at the sorting centre number {place} somewhere in Europe")),
        ..Scan::default()
    };
    let mut bought = order("FV-1", Shipment { scans: (0..300).map(scan).collect(), ..shipment() });
    bought.lines = (0..500).map(line).collect();
    bought.shipments[0].pieces.clear();
    let id = told(&app, bought).await;
    let shown = page(&app.nobody(), &link(&app, id), "en").await;
    assert_eq!(shown.status, 200);
    assert!(shown.html.len() < 30 * 1024, "{}", shown.html.len());
});
