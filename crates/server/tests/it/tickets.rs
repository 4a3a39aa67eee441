//! Work on tickets: changing, noting, snoozing, merging, splitting, many at once; and lists of them.

use base::{HOUR, MINUTE, args};
use serde_json::{Value, json};

use crate::{
    client::Client,
    harness::TestApp,
    mails::{bring, inbox, mail, messages, tickets},
};

/// A ticket from a mail of its own.
async fn ticket(app: &TestApp, inbox: i64, name: &str) -> i64 {
    bring(app, inbox, &mail(&format!("{name}@post.example"), &format!("{name}@id"), name, "", "Hello")).await;
    let all = tickets(&app.as_owner().await, "shelf=all").await;
    all.iter().find(|ticket| ticket["subject"] == name).unwrap()["id"].as_i64().unwrap()
}

/// What the log says of a ticket's merges: the kind, and the other ticket.
async fn merges(app: &TestApp, id: i64) -> Vec<Value> {
    let (_, events) = app.get(&format!("/api/v1/tickets/{id}/events")).await;
    let told = events["data"].as_array().unwrap().iter().filter(|event| !event["data"]["merge"].is_null());
    told.map(|event| {
        let data = &event["data"];
        let other = ["into", "from", "to"].into_iter().find_map(|word| data[word].as_i64());
        assert_eq!(event["actor"]["kind"], "agent", "{event}");
        json!([event["kind"], other])
    })
    .collect()
}

async fn show(app: &TestApp, id: i64) -> Value {
    app.get(&format!("/api/v1/tickets/{id}")).await.1
}

story!(a_ticket_is_changed_field_by_field_and_the_log_tells_what, |app| async move {
    let inbox = inbox(&app).await;
    let id = ticket(&app, inbox, "one").await;
    let (_, me) = app.get("/api/v1/session").await;
    let path = format!("/api/v1/tickets/{id}");
    let change =
        json!({ "status": "open", "priority": "high", "assignee": me["id"], "tags": ["Warranty", "warranty", "tent"] });
    let (status, changed) = app.patch(&path, change).await;
    assert_eq!(status, 200, "{changed}");
    assert_eq!(changed["tags"], json!(["warranty", "tent"]));
    let (_, events) = app.get(&format!("{path}/events")).await;
    let last = events["data"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(last["kind"], "ticket.changed");
    assert_eq!(last["data"]["changes"]["priority"], json!({ "from": "normal", "to": "high" }));
    let (status, stale) = app.patch(&path, json!({ "priority": "low", "version": 1 })).await;
    assert_eq!(status, 409, "{stale}");
    let (status, wrong) = app.patch(&path, json!({ "priorty": "low" })).await;
    assert_eq!((status, wrong["errors"][0]["field"].as_str()), (422, Some("priorty")), "{wrong}");
    let (status, wrong) = app.patch(&path, json!({ "assignee": 4711 })).await;
    assert_eq!((status, wrong["errors"][0]["field"].as_str()), (422, Some("assignee")), "{wrong}");
    assert_eq!(app.patch(&path, json!({ "assignee": null })).await.1["assignee"], Value::Null);
    let viewer = app.as_role("viewer").await;
    assert_eq!(viewer.patch(&path, json!({ "priority": "low" })).await.0, 403);
});

story!(a_snoozed_ticket_comes_back_on_time_and_when_the_shopper_writes, |app| async move {
    let inbox = inbox(&app).await;
    let id = ticket(&app, inbox, "one").await;
    let path = format!("/api/v1/tickets/{id}/snooze");
    assert_eq!(app.post(&path, json!({ "until": "2026-03-01T00:00:00Z" })).await.0, 422);
    let (status, snoozed) = app.post(&path, json!({ "until": "2026-03-02T11:00:00Z" })).await;
    assert_eq!((status, snoozed["snoozed_until"].as_str()), (200, Some("2026-03-02T11:00:00.000Z")));
    assert!(tickets(&app.as_owner().await, "shelf=open").await.is_empty());
    app.later(2 * HOUR).await;
    assert_eq!(tickets(&app.as_owner().await, "shelf=open").await.len(), 1);
    app.post(&path, json!({ "until": "2026-03-03T11:00:00Z" })).await;
    bring(&app, inbox, &mail("one@post.example", "again@id", "Re: one", "References: <one@id>\n", "Hello?")).await;
    assert_eq!(tickets(&app.as_owner().await, "shelf=open").await.len(), 1);
    app.later(48 * HOUR).await;
    let (_, events) = app.get(&format!("/api/v1/tickets/{id}/events")).await;
    let woken = events["data"].as_array().unwrap().iter().filter(|event| event["kind"] == "ticket.woken").count();
    assert_eq!(woken, 2, "a stale alarm does not ring: {events}");
});

story!(two_tickets_become_one_and_two_again, |app| async move {
    let inbox = inbox(&app).await;
    let (one, two) = (ticket(&app, inbox, "one").await, ticket(&app, inbox, "two").await);
    let (status, merged) = app.post(&format!("/api/v1/tickets/{one}/merge"), json!({ "into": two })).await;
    assert_eq!(status, 200, "{merged}");
    assert_eq!(merged["ticket"]["messages"], 2);
    assert_eq!(show(&app, one).await["merged_into"], two);
    assert_eq!(app.patch(&format!("/api/v1/tickets/{one}"), json!({ "priority": "low" })).await.0, 409);
    // An answer to the ticket that went away reaches the one that stands for it.
    bring(&app, inbox, &mail("one@post.example", "late@id", "Re: one", "References: <one@id>\n", "And?")).await;
    assert_eq!(messages(&app, two).await.len(), 3);
    let (status, back) = app.delete(&format!("/api/v1/merges/{}", merged["id"])).await;
    assert_eq!((status, back["id"].as_i64()), (200, Some(one)), "{back}");
    assert_eq!(messages(&app, one).await.len(), 1);
    assert_eq!(app.delete(&format!("/api/v1/merges/{}", merged["id"])).await.0, 409, "undone once");
    assert_eq!(merges(&app, one).await, [json!(["ticket.merged", two]), json!(["ticket.merge_undone", two])]);
    assert_eq!(merges(&app, two).await, [json!(["ticket.took_over", one]), json!(["ticket.gave_back", one])]);
    assert_eq!(app.post(&format!("/api/v1/tickets/{one}/merge"), json!({ "into": one })).await.0, 422);
});

story!(a_ticket_is_split_and_put_together_again, |app| async move {
    let inbox = inbox(&app).await;
    let id = ticket(&app, inbox, "one").await;
    bring(&app, inbox, &mail("one@post.example", "b@id", "Re: one", "References: <one@id>\n", "By the way")).await;
    let all = messages(&app, id).await;
    let path = format!("/api/v1/tickets/{id}/split");
    assert_eq!(app.post(&path, json!({ "messages": [] })).await.0, 422);
    let (status, split) = app.post(&path, json!({ "messages": [all[1]["id"]], "subject": "Another matter" })).await;
    assert_eq!(status, 201, "{split}");
    let new = split["ticket"]["id"].as_i64().unwrap();
    assert_eq!(split["ticket"]["subject"], "Another matter");
    assert_eq!((messages(&app, id).await.len(), messages(&app, new).await.len()), (1, 1));
    let (status, first) = app.delete(&format!("/api/v1/splits/{}", split["id"])).await;
    assert_eq!((status, first["messages"].as_i64()), (200, Some(2)), "{first}");
    assert_eq!(show(&app, new).await["merged_into"], id);
});

story!(what_is_split_out_is_its_authors_and_is_undone_last, |app| async move {
    let inbox = inbox(&app).await;
    let (one, two) = (ticket(&app, inbox, "one").await, ticket(&app, inbox, "two").await);
    let whose = async |id: i64| show(&app, id).await["customer"]["id"].clone();
    let (first, second) = (whose(one).await, whose(two).await);
    app.post(&format!("/api/v1/tickets/{one}/merge"), json!({ "into": two })).await;
    let all = messages(&app, two).await;
    let stray = all.iter().find(|message| message["author"]["id"] == first).unwrap();
    let (_, ways) = app.get(&format!("/api/v1/tickets/{two}/ways")).await;
    assert_eq!(ways["data"][0]["cc"], json!([]), "{ways}");
    let body = json!({ "direction": "out", "text": "Hello" });
    let (_, said) = app.post(&format!("/api/v1/tickets/{two}/messages"), body).await;
    assert_eq!(said["cc"], json!([]), "people whose tickets were merged may not know of each other");
    let (_, split) = app.post(&format!("/api/v1/tickets/{two}/split"), json!({ "messages": [stray["id"]] })).await;
    let out = split["ticket"]["id"].as_i64().unwrap();
    assert_eq!((whose(out).await, whose(two).await), (first, second));
    // The other one has no part in it any more, and their mails do not get there.
    bring(&app, inbox, &mail("two@post.example", "c@id", "Re: one", "References: <one@id>\n", "Mine?")).await;
    assert_eq!(messages(&app, out).await.len(), 1);
    let three = ticket(&app, inbox, "three").await;
    let (_, merged) = app.post(&format!("/api/v1/tickets/{three}/merge"), json!({ "into": out })).await;
    assert_eq!(app.delete(&format!("/api/v1/splits/{}", split["id"])).await.0, 409, "something stands on it");
    assert_eq!(app.delete(&format!("/api/v1/merges/{}", merged["id"])).await.0, 200);
    assert_eq!(app.delete(&format!("/api/v1/splits/{}", split["id"])).await.0, 200);
});

story!(many_tickets_change_at_once_and_back, |app| async move {
    let inbox = inbox(&app).await;
    let mut ids = Vec::new();
    for name in ["one", "two", "three"] {
        ids.push(ticket(&app, inbox, name).await);
    }
    let body = json!({ "tickets": ids, "change": { "status": "solved", "add_tags": ["sale"] } });
    let (status, done) = app.post("/api/v1/tickets/bulk", body).await;
    assert_eq!((status, done["changed"].as_i64()), (200, Some(3)), "{done}");
    assert_eq!(tickets(&app.as_owner().await, "tag=sale&shelf=solved").await.len(), 3);
    // Somebody has worked on one of them meanwhile: it keeps their decision.
    app.patch(&format!("/api/v1/tickets/{}", ids[0]), json!({ "status": "on_hold" })).await;
    let (status, undone) = app.post(&format!("/api/v1/undo/{}", done["undo"]), json!({})).await;
    assert_eq!((status, undone["changed"].as_i64()), (200, Some(2)), "{undone}");
    assert_eq!(show(&app, ids[0]).await["status"], "on_hold");
    assert_eq!(show(&app, ids[1]).await["status"], "new");
    assert_eq!(show(&app, ids[1]).await["tags"], json!([]));
});

story!(a_note_stays_in_the_desk_and_points_to_a_colleague, |app| async move {
    let inbox = inbox(&app).await;
    let id = ticket(&app, inbox, "one").await;
    let agent = app.as_role("agent").await;
    let (_, me) = agent.get("/api/v1/session").await;
    let body = json!({ "direction": "note", "html": "<p>Look <b>here</b></p>", "mentions": [me["id"]] });
    let (status, note) = app.post(&format!("/api/v1/tickets/{id}/messages"), body).await;
    assert_eq!((status, note["direction"].as_str()), (201, Some("note")), "{note}");
    assert_eq!(note["delivery"], Value::Null);
    assert_eq!(tickets(&agent, "mentions=me").await.len(), 1);
    assert!(tickets(&app.as_owner().await, "mentions=me").await.is_empty());
    app.later(HOUR).await;
    assert_eq!(show(&app, id).await["status"], "new", "a note is no answer");
});

story!(lists_come_page_by_page_without_gaps, |app| async move {
    let inbox = inbox(&app).await;
    for n in 0..7 {
        ticket(&app, inbox, &format!("t{n}")).await;
        if n % 2 == 0 {
            app.clock.forward(MINUTE);
        }
    }
    let owner = app.as_owner().await;
    let mut seen = Vec::new();
    let mut after = String::new();
    loop {
        let (status, page) = owner.get(&format!("/api/v1/tickets?limit=3{after}")).await;
        assert_eq!(status, 200, "{page}");
        seen.extend(page["data"].as_array().unwrap().iter().map(|t| t["subject"].as_str().unwrap().to_owned()));
        match page["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => break,
        }
    }
    assert_eq!(seen, ["t6", "t5", "t4", "t3", "t2", "t1", "t0"]);
    assert_eq!(owner.get("/api/v1/tickets?limit=0").await.0, 422);
    assert_eq!(owner.get("/api/v1/tickets?after=nonsense").await.0, 422);
    assert_eq!(owner.get("/api/v1/tickets?status=lost").await.0, 422);
    assert_eq!(owner.get("/api/v1/tickets?colour=red").await.0, 422);
    let (_, counts) = owner.get("/api/v1/tickets/counts").await;
    let open = counts["views"].as_array().unwrap().iter().find(|view| view["key"] == "open").unwrap().clone();
    assert_eq!(open["count"], 7);
});

story!(read_marks_belong_to_each_agent, |app| async move {
    let inbox = inbox(&app).await;
    let id = ticket(&app, inbox, "one").await;
    let agent = app.as_role("agent").await;
    let path = format!("/api/v1/tickets/{id}/read");
    assert_eq!(agent.put(&path, json!({})).await.0, 204);
    assert_eq!(tickets(&agent, "unread=true").await.len(), 0);
    assert_eq!(tickets(&app.as_owner().await, "unread=true").await.len(), 1);
    assert_eq!(agent.delete(&path).await.0, 204);
    assert_eq!(tickets(&agent, "unread=true").await.len(), 1);
    assert_eq!(tickets(&agent, "unread=true&shelf=open").await.len(), 1);
    assert_eq!(tickets(&agent, "unread=false").await.len(), 0);
    // Nobody has to open what others have settled.
    app.patch(&format!("/api/v1/tickets/{id}"), json!({ "status": "solved" })).await;
    assert_eq!(agent.get(&format!("/api/v1/tickets/{id}")).await.1["unread"], false);
    assert_eq!(tickets(&agent, "unread=true").await.len(), 0);
    assert_eq!(tickets(&agent, "unread=false").await.len(), 1);
    bring(&app, inbox, &mail("one@post.example", "b@id", "Re: one", "References: <one@id>\n", "Still broken")).await;
    assert_eq!(tickets(&agent, "unread=true").await.len(), 1, "it was opened again");
});

/// The numbers of a list, in its order.
async fn order(client: &Client, query: &str) -> Vec<i64> {
    tickets(client, query).await.iter().map(|ticket| ticket["id"].as_i64().unwrap()).collect()
}

story!(lists_by_tag_and_mention_are_in_order_whatever_happens_to_their_tickets, |app| async move {
    let inbox = inbox(&app).await;
    let owner = app.as_owner().await;
    let (_, me) = owner.get("/api/v1/session").await;
    let mut ids = Vec::new();
    for name in ["one", "two", "three"] {
        ids.push(ticket(&app, inbox, name).await);
        app.clock.forward(MINUTE);
    }
    let [one, two, three] = ids[..] else { unreachable!() };
    for id in [three, two, one] {
        app.patch(&format!("/api/v1/tickets/{id}"), json!({ "tags": ["vip", "Sale"] })).await;
        let note = json!({ "direction": "note", "text": "Look", "mentions": [me["id"]] });
        app.post(&format!("/api/v1/tickets/{id}/messages"), note).await;
        app.clock.forward(MINUTE);
    }
    for list in ["tag=SALE", "mentions=me", "tag=vip&mentions=me", "tag=vip&shelf=open", "tag=vip&assignee=none"] {
        assert_eq!(order(&owner, list).await, [one, two, three], "{list}");
    }
    assert_eq!(order(&owner, "tag=vip&sort=oldest&shelf=all").await, [three, two, one]);
    bring(&app, inbox, &mail("two@post.example", "b@id", "Re: two", "References: <two@id>\n", "Hello?")).await;
    assert_eq!(order(&owner, "tag=vip").await, [two, one, three], "a word of the shopper brings it up");
    assert_eq!(order(&owner, "mentions=me&limit=1").await, [two]);
    app.patch(&format!("/api/v1/tickets/{two}"), json!({ "status": "solved", "tags": ["vip"] })).await;
    assert_eq!(order(&owner, "tag=sale").await, [one, three]);
    assert_eq!(order(&owner, "tag=vip&shelf=solved").await, [two]);
    assert_eq!(order(&owner, "tag=vip&shelf=open").await, [one, three]);
    app.patch(&format!("/api/v1/tickets/{three}"), json!({ "spam": true })).await;
    assert_eq!(order(&owner, "mentions=me").await, [two, one], "spam is out of the way");
    app.clock.forward(MINUTE);
    let (_, merged) = app.post(&format!("/api/v1/tickets/{one}/merge"), json!({ "into": two })).await;
    assert_eq!(order(&owner, "mentions=me&shelf=all").await, [two, three]);
    app.delete(&format!("/api/v1/merges/{}", merged["id"])).await;
    assert_eq!(order(&owner, "mentions=me").await.len(), 2, "each has its own again");
});

story!(a_ticket_of_our_own_is_made_once_however_often_it_is_sent, |app| async move {
    inbox(&app).await;
    let owner = app.as_owner().await;
    let body = json!({ "subject": "Your order", "to": { "email": "jo@post.example", "name": "Jo" }, "text": "It leaves today." });
    let request = |body: &Value| {
        owner.request(reqwest::Method::POST, "/api/v1/tickets").header("idempotency-key", "k1").json(body)
    };
    let (status, first) = owner.answer(request(&body)).await;
    assert_eq!(status, 201, "{first}");
    assert_eq!((first["status"].as_str(), first["messages"].as_i64()), (Some("pending"), Some(1)));
    let (status, second) = owner.answer(request(&body)).await;
    assert_eq!((status, &second), (201, &first));
    let (status, other) = owner.answer(request(&json!({ "subject": "Another" }))).await;
    assert_eq!(status, 422, "{other}");
    assert_eq!(tickets(&owner, "shelf=all").await.len(), 1);
});

story!(uploads_leave_with_one_message_and_belong_to_who_made_them, |app| async move {
    let inbox = inbox(&app).await;
    let id = ticket(&app, inbox, "one").await;
    let owner = app.as_owner().await;
    let (status, file) = owner.post_bytes("/api/v1/uploads?name=../label.pdf", "application/pdf", "%PDF").await;
    assert_eq!((status, file["name"].as_str()), (201, Some("label.pdf")), "{file}");
    let body = json!({ "direction": "out", "text": "The label", "attachments": [file["id"]] });
    let agent = app.as_role("agent").await;
    let path = format!("/api/v1/tickets/{id}/messages");
    let download = format!("/api/v1/attachments/{}/label.pdf", file["id"]);
    let seen = async |client: &Client| client.send(client.request(reqwest::Method::GET, &download)).await.status();
    assert_eq!((seen(&owner).await.as_u16(), seen(&agent).await.as_u16()), (200, 404), "not sent yet");
    assert_eq!(agent.post(&path, body.clone()).await.0, 422, "not theirs");
    let (status, message) = owner.post(&path, body.clone()).await;
    assert_eq!((status, message["attachments"][0]["size"].as_i64()), (201, Some(4)), "{message}");
    assert_eq!(owner.post(&path, body).await.0, 422, "used already");
    assert_eq!(seen(&agent).await.as_u16(), 200, "everybody sees what was said");
});

story!(a_merge_keeps_whose_eyes_words_and_mentions_these_were, |app| async move {
    let inbox = inbox(&app).await;
    let (one, two) = (ticket(&app, inbox, "one").await, ticket(&app, inbox, "two").await);
    let owner = app.as_owner().await;
    let (_, me) = owner.get("/api/v1/session").await;
    // Read is only the second; the first has a draft and a mention.
    owner.put(&format!("/api/v1/tickets/{two}/read"), json!({})).await;
    owner.put(&format!("/api/v1/tickets/{one}/draft?kind=reply"), json!({ "html": "<p>Begun</p>" })).await;
    let note = json!({ "direction": "note", "text": "Look", "mentions": [me["id"]] });
    owner.post(&format!("/api/v1/tickets/{one}/messages"), note).await;
    let (_, merged) = owner.post(&format!("/api/v1/tickets/{one}/merge"), json!({ "into": two })).await;
    assert_eq!(show(&app, two).await["unread"], true, "an unread question is never hidden");
    let (_, draft) = owner.get(&format!("/api/v1/tickets/{two}/draft?kind=reply")).await;
    assert_eq!(draft["html"], "<p>Begun</p>");
    let mentioned = tickets(&owner, "mentions=me").await;
    assert_eq!(mentioned.iter().map(|t| t["id"].as_i64().unwrap()).collect::<Vec<_>>(), [two]);
    let (_, events) = owner.get(&format!("/api/v1/tickets/{two}/events")).await;
    let told = |e: &Value| e["kind"] == "ticket.changed" && e["data"]["changes"]["messages"]["to"] == 3;
    assert!(events["data"].as_array().unwrap().iter().any(told), "the survivor's log knows of it: {events}");
    owner.delete(&format!("/api/v1/merges/{}", merged["id"])).await;
    assert_eq!(show(&app, two).await["unread"], false, "as it was");
    assert_eq!(show(&app, one).await["unread"], true);
});

story!(whoever_waits_is_never_buried, |app| async move {
    let inbox = inbox(&app).await;
    let id = ticket(&app, inbox, "one").await;
    let path = format!("/api/v1/tickets/{id}");
    let since = show(&app, id).await["waiting_since"].clone();
    app.patch(&path, json!({ "status": "solved" })).await;
    app.clock.forward(HOUR);
    assert_eq!(
        app.patch(&path, json!({ "status": "open" })).await.1["waiting_since"],
        since,
        "a slip costs nobody their place"
    );
    // A question split off and put back opens the ticket that was solved meanwhile.
    bring(&app, inbox, &mail("one@post.example", "b@id", "Re: one", "References: <one@id>\n", "And another thing"))
        .await;
    let second = messages(&app, id).await[1]["id"].clone();
    let (_, split) = app.post(&format!("{path}/split"), json!({ "messages": [second] })).await;
    app.patch(&path, json!({ "status": "solved" })).await;
    app.delete(&format!("/api/v1/splits/{}", split["id"])).await;
    assert_eq!(show(&app, id).await["status"], "open");
    // A waiting one merged into a sleeping one wakes it.
    let other = ticket(&app, inbox, "two").await;
    app.post(&format!("{path}/snooze"), json!({ "until": "2026-03-05T00:00:00Z" })).await;
    app.post(&format!("/api/v1/tickets/{other}/merge"), json!({ "into": id })).await;
    assert_eq!(show(&app, id).await["snoozed_until"], Value::Null);
    // What is closed is frozen.
    app.patch(&path, json!({ "status": "closed" })).await;
    assert_eq!(app.patch(&path, json!({ "priority": "low" })).await.0, 409);
});

story!(a_wrong_ticket_among_many_is_named, |app| async move {
    let inbox = inbox(&app).await;
    let (one, two) = (ticket(&app, inbox, "one").await, ticket(&app, inbox, "two").await);
    let bulk = |ids: Value, change: Value| json!({ "tickets": ids, "change": change });
    let (status, wrong) =
        app.post("/api/v1/tickets/bulk", bulk(json!([one, 4711]), json!({ "priority": "low" }))).await;
    assert_eq!(status, 422);
    assert!(wrong["detail"].as_str().unwrap().contains("4711"), "{wrong}");
    app.patch(&format!("/api/v1/tickets/{two}"), json!({ "status": "solved" })).await;
    let until = json!({ "snoozed_until": "2026-03-05T00:00:00Z" });
    let (status, wrong) = app.post("/api/v1/tickets/bulk", bulk(json!([one, two]), until)).await;
    assert_eq!(status, 409);
    assert!(wrong["detail"].as_str().unwrap().contains(&format!("#{two}")), "{wrong}");
});

story!(a_team_that_is_deleted_leaves_each_of_its_tickets_with_an_event, |app| async move {
    let inbox = inbox(&app).await;
    let owner = app.as_owner().await;
    let (_, team) = owner.post("/api/v1/teams", json!({ "name": "Returns" })).await;
    let (one, two) = (ticket(&app, inbox, "one").await, ticket(&app, inbox, "two").await);
    for id in [one, two] {
        app.patch(&format!("/api/v1/tickets/{id}"), json!({ "team": team["id"] })).await;
    }
    owner.patch(&format!("/api/v1/inboxes/{inbox}"), json!({ "team": team["id"] })).await;
    app.patch(&format!("/api/v1/tickets/{two}"), json!({ "status": "closed" })).await;
    let before = show(&app, two).await;
    app.clock.forward(HOUR);
    assert_eq!(owner.delete(&format!("/api/v1/teams/{}", team["id"])).await.0, 204);
    assert_eq!(owner.get("/api/v1/teams").await.1["data"], json!([]));
    let patch = json!({ "team": team["id"] });
    assert_eq!(app.patch(&format!("/api/v1/tickets/{one}"), patch).await.0, 422, "nothing is given to it any more");
    assert_eq!(owner.post("/api/v1/teams", json!({ "name": "Returns" })).await.0, 201, "its name is free at once");
    app.tick().await;
    for id in [one, two] {
        assert_eq!(show(&app, id).await["team"], Value::Null);
        let (_, events) = owner.get(&format!("/api/v1/tickets/{id}/events")).await;
        let left = |e: &&Value| {
            e["kind"] == "ticket.changed" && e["data"]["changes"]["team"] == json!({ "from": team["id"], "to": null })
        };
        assert_eq!(events["data"].as_array().unwrap().iter().filter(left).count(), 1, "{events}");
    }
    assert_eq!(
        show(&app, two).await["updated_at"],
        before["updated_at"],
        "old ones stay where they are in their lists"
    );
    assert_eq!(owner.get(&format!("/api/v1/inboxes/{inbox}")).await.1["team"], Value::Null);
    let rows = app.app.db().all("SELECT id FROM teams", args![]).await.unwrap();
    assert_eq!(rows.len(), 1, "nothing is left of it");
});
