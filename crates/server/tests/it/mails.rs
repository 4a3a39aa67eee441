//! A shopper's mail becomes a ticket, the answer finds its way back, and nobody writes where they don't belong.

use base::{DAY, MINUTE};
use serde_json::{Value, json};

use crate::{client::Client, harness::TestApp};

pub const INBOX: &str = "hei@fjellvik.example";

/// An inbox that is told what arrives.
pub async fn inbox(app: &TestApp) -> i64 {
    let body = json!({ "channel": "email", "name": "Fjellvik", "address": INBOX });
    let (status, inbox) = app.post("/api/v1/inboxes", body).await;
    assert_eq!(status, 201, "{inbox}");
    inbox["id"].as_i64().unwrap()
}

/// Brings a raw mail and lets it be received.
pub async fn bring(app: &TestApp, inbox: i64, raw: &str) {
    let owner = app.as_owner().await;
    let raw = raw.replace('\n', "\r\n");
    let (status, body) = owner.post_bytes(&format!("/api/v1/inbound/{inbox}/raw"), "message/rfc822", raw).await;
    assert_eq!(status, 202, "{body}");
    app.tick().await;
}

pub fn mail(from: &str, id: &str, subject: &str, extra: &str, text: &str) -> String {
    format!(
        "From: {from}\nTo: {INBOX}\nMessage-ID: <{id}>\nSubject: {subject}\n{extra}Date: Mon, 2 Mar 2026 08:59:00 +0000\n\
         Content-Type: text/plain; charset=utf-8\n\n{text}\n"
    )
}

pub async fn tickets(client: &Client, query: &str) -> Vec<Value> {
    let (status, page) = client.get(&format!("/api/v1/tickets?{query}")).await;
    assert_eq!(status, 200, "{page}");
    page["data"].as_array().unwrap().clone()
}

pub async fn messages(app: &TestApp, ticket: i64) -> Vec<Value> {
    let (status, page) = app.get(&format!("/api/v1/tickets/{ticket}/messages")).await;
    assert_eq!(status, 200, "{page}");
    page["data"].as_array().unwrap().clone()
}

pub async fn only_ticket(app: &TestApp) -> Value {
    let all = tickets(&app.as_owner().await, "shelf=all").await;
    assert_eq!(all.len(), 1, "{all:?}");
    all[0].clone()
}

pub async fn answer(app: &TestApp, ticket: i64, text: &str) -> Value {
    let body = json!({ "direction": "out", "text": text });
    let (status, message) = app.post(&format!("/api/v1/tickets/{ticket}/messages"), body).await;
    assert_eq!(status, 201, "{message}");
    message
}

story!(a_mail_becomes_a_ticket_with_its_customer, |app| async move {
    let inbox = inbox(&app).await;
    bring(
        &app,
        inbox,
        &mail("Johanna Brandt <Jo@Post.example>", "a1@post", "Tent pole snapped", "", "Hello,\n\nit broke."),
    )
    .await;
    let ticket = only_ticket(&app).await;
    assert_eq!(ticket["subject"], "Tent pole snapped");
    assert_eq!(ticket["status"], "new");
    assert_eq!(ticket["channel"], "email");
    assert_eq!(ticket["unread"], true);
    assert_eq!(ticket["customer"]["name"], "Johanna Brandt");
    assert_eq!(ticket["snippet"], "Hello, it broke.");
    assert_eq!(ticket["created_at"], "2026-03-02T09:00:00.000Z");
    let all = messages(&app, ticket["id"].as_i64().unwrap()).await;
    assert_eq!(all.len(), 1);
    assert_eq!(all[0]["direction"], "in");
    assert_eq!(all[0]["author"]["kind"], "customer");
    assert_eq!(all[0]["delivery"], Value::Null);
    let (_, customer) = app.get(&format!("/api/v1/customers/{}", ticket["customer"]["id"])).await;
    assert_eq!(customer["identities"][0]["value"], "jo@post.example");
    assert_eq!(customer["identities"][0]["verified"], false);
    let request = app.as_owner().await;
    let original = request.get(all[0]["original"].as_str().unwrap()).await.1;
    assert!(original.as_str().unwrap().contains("Message-ID: <a1@post>"), "{original}");
});

story!(the_same_mail_three_times_is_one_message, |app| async move {
    let inbox = inbox(&app).await;
    let raw = mail("jo@post.example", "a1@post", "Hello", "", "Once");
    bring(&app, inbox, &raw).await;
    bring(&app, inbox, &raw).await;
    // Another way through other servers: other bytes, the same Message-ID.
    bring(&app, inbox, &format!("Received: from elsewhere\n{raw}")).await;
    let ticket = only_ticket(&app).await;
    assert_eq!(messages(&app, ticket["id"].as_i64().unwrap()).await.len(), 1);
});

story!(somebody_elses_message_under_the_same_id_is_not_lost, |app| async move {
    let inbox = inbox(&app).await;
    bring(&app, inbox, &mail("mallory@elsewhere.example", "same@post", "First", "", "Mine")).await;
    bring(&app, inbox, &mail("jo@post.example", "same@post", "Second", "", "Not to be lost")).await;
    bring(&app, inbox, &mail("jo@post.example", "same@post", "Second", "X-Again: yes\n", "Not to be lost")).await;
    let subjects: Vec<_> = tickets(&app.as_owner().await, "sort=oldest").await;
    let subjects: Vec<_> = subjects.iter().map(|ticket| ticket["subject"].as_str().unwrap()).collect();
    assert_eq!(subjects, ["First", "Second"]);
    // A form's program that never changes its id.
    bring(&app, inbox, &mail("jo@post.example", "same@post", "Third", "", "Nor this")).await;
    bring(&app, inbox, &mail("jo@post.example", "same@post", "Third", "X-Again: yes\n", "Nor this")).await;
    assert_eq!(tickets(&app.as_owner().await, "sort=oldest").await.len(), 3);
});

story!(an_answer_to_a_known_message_joins_and_reopens, |app| async move {
    let inbox = inbox(&app).await;
    bring(&app, inbox, &mail("jo@post.example", "a1@post", "Tent", "", "First")).await;
    let id = only_ticket(&app).await["id"].as_i64().unwrap();
    app.patch(&format!("/api/v1/tickets/{id}"), json!({ "status": "solved" })).await;
    app.later(DAY).await;
    let again = mail("jo@post.example", "a2@post", "Quite another subject", "References: <a1@post>\n", "Second");
    bring(&app, inbox, &again).await;
    let ticket = only_ticket(&app).await;
    assert_eq!((ticket["id"].as_i64(), ticket["status"].as_str()), (Some(id), Some("open")));
    assert_eq!(ticket["messages"], 2);
    let (_, events) = app.get(&format!("/api/v1/tickets/{id}/events")).await;
    assert!(events["data"].as_array().unwrap().iter().any(|event| event["kind"] == "ticket.reopened"), "{events}");
});

story!(past_the_reopen_window_a_new_ticket_links_back, |app| async move {
    let inbox = inbox(&app).await;
    bring(&app, inbox, &mail("jo@post.example", "a1@post", "Tent", "", "First")).await;
    let id = only_ticket(&app).await["id"].as_i64().unwrap();
    app.patch(&format!("/api/v1/tickets/{id}"), json!({ "status": "solved" })).await;
    app.later(8 * DAY).await;
    bring(&app, inbox, &mail("jo@post.example", "a2@post", "Re: Tent", "In-Reply-To: <a1@post>\n", "Second")).await;
    let open = tickets(&app.as_owner().await, "shelf=open").await;
    assert_eq!(open.len(), 1);
    assert_eq!(open[0]["follows"], id);
});

story!(a_stranger_cannot_write_into_a_ticket, |app| async move {
    let inbox = inbox(&app).await;
    bring(&app, inbox, &mail("jo@post.example", "a1@post", "Tent", "", "First")).await;
    let id = only_ticket(&app).await["id"].as_i64().unwrap();
    // Neither with a number in the subject, nor with a known reference, nor with a guessed token.
    let stranger = "Mallory <mallory@elsewhere.example>";
    bring(&app, inbox, &mail(stranger, "m1@x", &format!("Re: Tent [#{id}]"), "", "Let me in")).await;
    bring(&app, inbox, &mail(stranger, "m2@x", "Re: Tent", "References: <a1@post>\n", "Let me in")).await;
    let guessed = format!("Delivered-To: hei+t{id}z00000000000000000000@fjellvik.example\n");
    bring(&app, inbox, &mail(stranger, "m3@x", "Re: Tent", &guessed, "Let me in")).await;
    assert_eq!(messages(&app, id).await.len(), 1);
    assert_eq!(tickets(&app.as_owner().await, "shelf=open").await.len(), 4);
});

story!(an_answer_can_be_taken_back_and_becomes_a_draft_again, |app| async move {
    let inbox = inbox(&app).await;
    bring(&app, inbox, &mail("jo@post.example", "a1@post", "Tent", "", "First")).await;
    let id = only_ticket(&app).await["id"].as_i64().unwrap();
    let message = answer(&app, id, "Too quick").await;
    assert_eq!(message["delivery"], "queued");
    assert_eq!(message["send_at"], "2026-03-02T09:00:10.000Z");
    assert_eq!(message["to"][0]["value"], "jo@post.example");
    assert_eq!(only_ticket(&app).await["status"], "pending");
    let path = format!("/api/v1/messages/{}", message["id"]);
    assert_eq!(app.delete(&path).await.0, 204);
    let ticket = only_ticket(&app).await;
    assert_eq!((ticket["status"].as_str(), ticket["messages"].as_i64()), (Some("new"), Some(1)));
    assert!(!ticket["waiting_since"].is_null());
    let (_, draft) = app.get(&format!("/api/v1/tickets/{id}/draft?kind=reply")).await;
    assert!(draft["html"].as_str().unwrap().contains("Too quick"), "{draft}");
    app.later(MINUTE).await;
    assert_eq!(messages(&app, id).await.len(), 1, "nothing leaves that was taken back");
    assert_eq!(app.delete(&path).await.0, 404);
});

story!(without_an_outgoing_server_an_answer_is_refused_and_says_why, |app| async move {
    let inbox = inbox(&app).await;
    bring(&app, inbox, &mail("jo@post.example", "a1@post", "Tent", "", "First")).await;
    let id = only_ticket(&app).await["id"].as_i64().unwrap();
    answer(&app, id, "On its way").await;
    app.later(MINUTE).await;
    let all = messages(&app, id).await;
    assert_eq!(all[1]["delivery"], "refused");
    assert!(!all[1]["delivery_why"].as_str().unwrap().is_empty());
});

story!(machines_are_recorded_as_such_and_reopen_nothing, |app| async move {
    let inbox = inbox(&app).await;
    bring(&app, inbox, &mail("jo@post.example", "a1@post", "Tent", "", "First")).await;
    let id = only_ticket(&app).await["id"].as_i64().unwrap();
    app.patch(&format!("/api/v1/tickets/{id}"), json!({ "status": "solved" })).await;
    let extra = "In-Reply-To: <a1@post>\nAuto-Submitted: auto-replied\n";
    bring(&app, inbox, &mail("jo@post.example", "a2@post", "Out of office", extra, "I am away")).await;
    assert_eq!(only_ticket(&app).await["status"], "solved");
    assert!(!messages(&app, id).await[1]["automatic"].is_null());
});

story!(what_cannot_be_read_is_kept_and_holds_up_nothing, |app| async move {
    let inbox = inbox(&app).await;
    let owner = app.as_owner().await;
    let path = format!("/api/v1/inbound/{inbox}/raw");
    let (status, _) = owner.post_bytes(&path, "message/rfc822", vec![0_u8; 64]).await;
    assert_eq!(status, 202);
    bring(&app, inbox, &mail("jo@post.example", "a1@post", "Tent", "", "After it")).await;
    assert_eq!(tickets(&owner, "shelf=open").await.iter().filter(|t| t["subject"] == "Tent").count(), 1);
    let (_, held) = app.get("/api/v1/quarantine").await;
    let held = held["data"].as_array().unwrap().clone();
    assert_eq!(held.len(), 1, "{held:?}");
    assert_eq!(app.post(&format!("/api/v1/quarantine/{}/retry", held[0]["id"]), json!({})).await.0, 204);
    app.tick().await;
    let (_, held) = app.get("/api/v1/quarantine").await;
    assert_eq!(held["data"][0]["tries"], 2, "{held}");
});

story!(hostile_html_is_harmless_and_pictures_within_are_shown, |app| async move {
    let inbox = inbox(&app).await;
    let raw = "From: jo@post.example\nTo: hei@fjellvik.example\nMessage-ID: <h1@post>\nSubject: Look\nMIME-Version: 1.0\n\
        Content-Type: multipart/related; boundary=b\n\n--b\nContent-Type: text/html; charset=utf-8\n\n\
        <p onclick=\"steal()\">Hi <script>steal()</script><img src=\"cid:p1\"><img src=\"https://track.example/x.png\">\
        <a href=\"javascript:steal()\">x</a></p>\n--b\nContent-Type: image/png; name=\"../../pole.png\"\nContent-ID: <p1>\n\
        Content-Transfer-Encoding: base64\nContent-Disposition: inline; filename=\"../../pole.png\"\n\n\
        iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==\n--b--\n";
    bring(&app, inbox, raw).await;
    let id = only_ticket(&app).await["id"].as_i64().unwrap();
    let message = &messages(&app, id).await[0];
    let html = message["html"].as_str().unwrap();
    assert!(!html.contains("steal"), "{html}");
    assert!(html.contains("/api/v1/attachments/"), "{html}");
    assert!(!html.contains(" src=\"https://track.example"), "{html}");
    assert_eq!(message["remote_images"], 1);
    let name = message["attachments"][0]["name"].as_str().unwrap();
    assert!(!name.contains('/') && !name.contains(".."), "{name}");
    let owner = app.as_owner().await;
    let url = message["attachments"][0]["url"].as_str().unwrap();
    let response = owner.send(owner.request(reqwest::Method::GET, url)).await;
    assert_eq!(response.headers()["content-type"], "image/png");
    assert_eq!(app.nobody().get(url).await.0, 401);
});

story!(machines_never_talk_for_ever, |app| async move {
    use desk::messages::reply::{Text, notify};
    let inbox = inbox(&app).await;
    bring(&app, inbox, &mail("jo@post.example", "a1@post", "Tent", "", "First")).await;
    let id = only_ticket(&app).await["id"].as_i64().unwrap();
    let say = async || {
        let mut tx = app.app.begin(base::Actor::System).await.unwrap();
        let ticket = desk::tickets::find(&mut tx, desk::tickets::TicketId(id)).await.unwrap();
        let said = notify(&mut tx, ticket, Text::new(Some("We got your mail.".into()), None).unwrap()).await;
        tx.commit().await.unwrap();
        app.later(MINUTE).await;
        said.map(|(ticket, _)| ticket.status.to_string())
    };
    for _ in 0..12 {
        assert_eq!(say().await.unwrap(), "new", "a machine's word is no answer");
    }
    let all = messages(&app, id).await;
    let guarded = |message: &&Value| message["delivery_why"].as_str().is_some_and(|why| why.contains("ten automatic"));
    assert_eq!(all.iter().filter(guarded).count(), 2, "{all:?}");
    app.clock.forward(3 * base::HOUR);
    say().await.unwrap();
    let last = messages(&app, id).await.pop().unwrap();
    assert!(!guarded(&&last), "three hours later it may speak again: {last}");
    let auto =
        mail("jo@post.example", "a2@post", "Away", "In-Reply-To: <a1@post>\nAuto-Submitted: auto-replied\n", "Away");
    bring(&app, inbox, &auto).await;
    assert!(say().await.is_err(), "a machine is not answered by a machine");
});

story!(whoever_was_written_to_may_write_back, |app| async move {
    inbox(&app).await;
    let body = json!({ "subject": "Your parcel", "to": { "email": "courier@post.example" }, "text": "Where is it?" });
    let (status, ticket) = app.post("/api/v1/tickets", body).await;
    assert_eq!(status, 201, "{ticket}");
    let id = ticket["id"].as_i64().unwrap();
    // As if it had left: its external id is what an answer refers to.
    let sql = "UPDATE messages SET external_id = 'ours@fjellvik', delivery = 'sent' WHERE ticket = $1";
    app.app.db().run(sql, base::args![id]).await.unwrap();
    let inbox = ticket["inbox"].as_i64().unwrap();
    bring(
        &app,
        inbox,
        &mail("courier@post.example", "c1@post", "Re: Your parcel", "References: <ours@fjellvik>\n", "Here"),
    )
    .await;
    assert_eq!(messages(&app, id).await.len(), 2);
    // And the same message coming back to us, by a list or a copy, is no news.
    bring(&app, inbox, &mail(INBOX, "ours@fjellvik", "Your parcel", "", "Where is it?")).await;
    assert_eq!(messages(&app, id).await.len(), 2);
    assert_eq!(tickets(&app.as_owner().await, "shelf=all").await.len(), 1);
});

/// What the receiving server found, in an inbox that trusts it.
pub fn checked(dmarc: &str) -> String {
    format!("In-Reply-To: <a1@post>\nAuthentication-Results: mx.fjellvik.example; dmarc={dmarc}\n")
}

pub async fn trusting_inbox(app: &TestApp) -> i64 {
    let settings = json!({ "trust_auth_results": true, "authserv_id": "mx.fjellvik.example" });
    let body = json!({ "channel": "email", "name": "Fjellvik", "address": INBOX, "settings": settings });
    let (status, inbox) = app.post("/api/v1/inboxes", body).await;
    assert_eq!(status, 201, "{inbox}");
    inbox["id"].as_i64().unwrap()
}

story!(a_colleagues_own_mail_in_a_known_thread_is_the_shops_answer, |app| async move {
    let inbox = trusting_inbox(&app).await;
    bring(&app, inbox, &mail("jo@post.example", "a1@post", "Tent", "", "First")).await;
    let id = only_ticket(&app).await["id"].as_i64().unwrap();
    let tomas = "Tomas <tomas@fjellvik.example>";
    bring(&app, inbox, &mail(tomas, "t1@fjellvik", "Re: Tent", "In-Reply-To: <a1@post>\n", "From my phone")).await;
    assert_eq!(messages(&app, id).await[1]["direction"], "out");
    assert_eq!(only_ticket(&app).await["status"], "new", "nobody vouches for it: the shopper still waits");
    bring(&app, inbox, &mail(tomas, "t2@fjellvik", "Re: Tent", &checked("pass"), "From my phone")).await;
    assert_eq!(only_ticket(&app).await["status"], "pending");
    // Nobody speaks in an agent's name by writing it into a header.
    bring(&app, inbox, &mail("owner@fjellvik.example", "t3@x", "Re: Tent", "In-Reply-To: <a1@post>\n", "Refunded"))
        .await;
    assert_eq!(messages(&app, id).await[3]["author"]["kind"], "system");
    for (number, found) in
        ["dmarc=fail", "spf=softfail", "spf=pass smtp.mailfrom=evil.example; dkim=none"].iter().enumerate()
    {
        let head = format!("In-Reply-To: <a1@post>\nAuthentication-Results: mx.fjellvik.example; {found}\n");
        let id = format!("t{}@x", number + 4);
        bring(&app, inbox, &mail("owner@fjellvik.example", &id, "Re: Tent", &head, "Refunded")).await;
    }
    assert_eq!(messages(&app, id).await.len(), 4, "and what is known to come from elsewhere joins nothing");
});

story!(our_answers_go_to_the_shopper_whoever_writes_in_their_name, |app| async move {
    let inbox = trusting_inbox(&app).await;
    bring(&app, inbox, &mail("jo@post.example", "a1@post", "Tent", "", "First")).await;
    let id = only_ticket(&app).await["id"].as_i64().unwrap();
    let turned = "Reply-To: thief@elsewhere.example\nIn-Reply-To: <a1@post>\n";
    bring(&app, inbox, &mail("jo@post.example", "a2@post", "Re: Tent", turned, "Second")).await;
    assert_eq!(messages(&app, id).await.len(), 2);
    assert_eq!(answer(&app, id, "Here it is").await["to"][0]["value"], "jo@post.example");
});

story!(whose_ticket_it_is_gets_the_answer_whoever_wrote_last, |app| async move {
    let inbox = trusting_inbox(&app).await;
    bring(&app, inbox, &mail("jo@post.example", "a1@post", "Tent", "", "First")).await;
    let id = only_ticket(&app).await["id"].as_i64().unwrap();
    assert_eq!(answer(&app, id, "Hello").await["cc"], json!([]), "nobody else wrote");
    // Jo passes our mail on, and somebody else answers it.
    let token = format!("{id}z{}", app.app.secrets().sign("thread", &id.to_string()));
    let token = INBOX.replace('@', &format!("+t{token}@"));
    let raw = format!("From: partner@post.example\nTo: {token}\nMessage-ID: <p1@post>\nSubject: Re: Tent\n\nMe too\n");
    bring(&app, inbox, &raw).await;
    assert_eq!(messages(&app, id).await.len(), 3, "the address lets them in");
    let (_, ways) = app.get(&format!("/api/v1/tickets/{id}/ways")).await;
    let way = &ways["data"][0];
    assert_eq!(
        (&way["to"]["value"], &way["cc"][0]["value"]),
        (&json!("partner@post.example"), &json!("jo@post.example")),
        "{ways}"
    );
    let said = answer(&app, id, "Hello both").await;
    assert_eq!(
        (&said["to"][0]["value"], &said["cc"][0]["value"]),
        (&json!("partner@post.example"), &json!("jo@post.example"))
    );
    let body = json!({ "direction": "out", "text": "Only you", "cc": [] });
    let (_, said) = app.post(&format!("/api/v1/tickets/{id}/messages"), body).await;
    assert_eq!(said["cc"], json!([]), "unless the agent says otherwise");
});

story!(what_is_taken_back_never_costs_what_was_begun_meanwhile, |app| async move {
    let inbox = inbox(&app).await;
    bring(&app, inbox, &mail("jo@post.example", "a1@post", "Tent", "", "First")).await;
    let id = only_ticket(&app).await["id"].as_i64().unwrap();
    let message = answer(&app, id, "Too quick").await;
    let draft = format!("/api/v1/tickets/{id}/draft?kind=reply");
    assert_eq!(app.put(&draft, json!({ "html": "<p>Precious</p>" })).await.0, 204);
    assert_eq!(app.delete(&format!("/api/v1/messages/{}", message["id"])).await.0, 204);
    let html = app.get(&draft).await.1["html"].as_str().unwrap().to_owned();
    assert!(html.contains("Too quick") && html.contains("Precious"), "{html}");
});

story!(what_no_database_keeps_is_left_out_of_mails_and_refused_elsewhere, |app| async move {
    let inbox = inbox(&app).await;
    let raw = mail("Jo\0 <jo@post.example>", "n1@post", "Te\0nt", "", "Hel\0lo");
    bring(&app, inbox, &raw).await;
    assert_eq!(only_ticket(&app).await["snippet"], "Hello");
    let owner = app.as_owner().await;
    let (status, problem) =
        app.post("/api/v1/tickets", json!({ "subject": "a\0b", "to": { "email": "j@p.example" } })).await;
    assert_eq!((status, problem["errors"][0]["field"].as_str()), (422, Some("subject")), "{problem}");
    assert_eq!(owner.get("/api/v1/tickets?tag=%00").await.0, 422);
    assert_eq!(owner.get("/api/v1/search?q=1%00").await.0, 422);
    let (status, _) = app.nobody().post("/api/v1/session", json!({ "email": "a\0", "password": "b" })).await;
    assert_eq!(status, 422);
});

story!(an_inbox_that_is_a_group_gets_mail_from_people, |app| async move {
    let inbox = inbox(&app).await;
    let group = "List-ID: <hei.fjellvik.example>\nPrecedence: list\nList-Post: <mailto:hei@fjellvik.example>\n\
        Mailing-list: list hei@fjellvik.example; contact hei+owners@fjellvik.example\nReply-To: hei@fjellvik.example\n";
    bring(&app, inbox, &mail("Jo <jo@post.example>", "a1@post", "Tent", group, "It broke")).await;
    let id = only_ticket(&app).await["id"].as_i64().unwrap();
    let all = messages(&app, id).await;
    assert_eq!((&all[0]["automatic"], &all[0]["direction"]), (&Value::Null, &json!("in")));
    assert_eq!(answer(&app, id, "On its way").await["to"][0]["value"], "jo@post.example", "and no answer to ourselves");

    // The group writes in its own name, as it must for a sender whose domain lets nobody else.
    let rewritten = format!("{group}X-Original-From: Kari Nordmann <kari@strict.example>\n");
    bring(
        &app,
        inbox,
        &mail("'Kari Nordmann' via Hei <hei@fjellvik.example>", "k1@strict", "Boots", &rewritten, "Too small"),
    )
    .await;
    let all = tickets(&app.as_owner().await, "shelf=all").await;
    let boots = all.iter().find(|ticket| ticket["subject"] == "Boots").unwrap();
    assert_eq!(boots["customer"]["name"], "Kari Nordmann");
    let answered = answer(&app, boots["id"].as_i64().unwrap(), "Send them back").await;
    assert_eq!(answered["to"][0]["value"], "kari@strict.example");

    let news = format!("{group}List-Unsubscribe: <https://news.example/leave>\nFeedback-ID: 1:news:mailer\n");
    bring(&app, inbox, &mail("News <news@news.example>", "n1@news", "Our best", &news, "Buy")).await;
    let all = tickets(&app.as_owner().await, "shelf=all").await;
    let news = all.iter().find(|ticket| ticket["subject"] == "Our best").unwrap();
    assert_eq!(messages(&app, news["id"].as_i64().unwrap()).await[0]["automatic"], "newsletter");
});

story!(a_shopper_whose_address_has_letters_beyond_ascii_is_one_customer, |app| async move {
    let inbox = inbox(&app).await;
    bring(&app, inbox, &mail("Jörg <jörg@post.example>", "a1@post", "Tent", "", "It broke")).await;
    let id = only_ticket(&app).await["id"].as_i64().unwrap();
    let again = mail("jo\u{308}rg@Post.example", "a2@post", "Re: Tent", "In-Reply-To: <a1@post>\n", "Hello?");
    bring(&app, inbox, &again).await;
    let ticket = only_ticket(&app).await;
    assert_eq!((&ticket["customer"]["name"], &ticket["messages"]), (&json!("Jörg"), &json!(2)));
    let answered = answer(&app, id, "A new one is on its way").await;
    assert_eq!(answered["to"][0]["value"], "jo\u{308}rg@Post.example", "as they wrote it last");
    let (status, problem) = app
        .post(&format!("/api/v1/tickets/{id}/messages"), json!({ "direction": "out", "text": "x", "cc": ["jörg"] }))
        .await;
    assert_eq!(status, 422);
    assert_eq!(problem["errors"], json!([{ "field": "cc", "why": "jörg is no mail address: it has no @" }]));
});
