//! Whoever is blocked is kept from the lists and loses nothing; and nobody is silenced by a forged sender.

use desk::tickets;
use serde_json::{Value, json};

use crate::{
    chats::{Visitor, widget},
    harness::TestApp,
    mails::{bring, checked, mail, messages, only_ticket, tickets, trusting_inbox},
};

async fn block(app: &TestApp, what: &str, value: impl ToString) -> i64 {
    let body = json!({ "what": what, "value": value.to_string(), "why": "Threats" });
    let (status, block) = app.post("/api/v1/blocks", body).await;
    assert_eq!(status, 201, "{block}");
    block["id"].as_i64().unwrap()
}

async fn unblock(app: &TestApp, id: i64) {
    assert_eq!(app.delete(&format!("/api/v1/blocks/{id}")).await.0, 204);
}

/// The subjects on a shelf, newest change first; what is on none of them counts as lost.
async fn on(app: &TestApp, shelf: &str) -> Vec<String> {
    let all = tickets(&app.as_owner().await, &format!("shelf={shelf}")).await;
    all.iter().map(|ticket| ticket["subject"].as_str().unwrap().to_owned()).collect()
}

story!(what_a_blocked_sender_writes_lies_in_spam_and_can_be_brought_back, |app| async move {
    let inbox = trusting_inbox(&app).await;
    bring(&app, inbox, &mail("troll@post.example", "a1@post", "First", "", "Hello")).await;
    let ticket = only_ticket(&app).await;
    let (first, customer) = (ticket["id"].as_i64().unwrap(), ticket["customer"]["id"].as_i64().unwrap());
    let (status, _) = app.patch(&format!("/api/v1/tickets/{first}"), json!({ "status": "solved" })).await;
    assert_eq!(status, 200);
    let held = block(&app, "email", "TROLL@post.example").await;
    bring(&app, inbox, &mail("troll@post.example", "a2@post", "Re: First", "In-Reply-To: <a1@post>\n", "Again")).await;
    bring(&app, inbox, &mail("troll@post.example", "a3@post", "Third", "", "And again")).await;
    assert_eq!((on(&app, "open").await, on(&app, "solved").await), (vec![], vec!["First".to_owned()]));
    let spam = tickets(&app.as_owner().await, "shelf=spam").await;
    assert_eq!((spam.len(), &spam[0]["blocked"], &spam[0]["messages"]), (1, &json!(true), &json!(2)), "{spam:?}");
    assert_eq!((&spam[0]["waiting_since"], &spam[0]["unread"]), (&Value::Null, &json!(false)));
    assert_eq!(messages(&app, first).await.len(), 1, "nothing reaches the conversation it answers");
    let (_, card) = app.get(&format!("/api/v1/customers/{customer}")).await;
    assert_eq!((&card["blocks"][0]["id"], &card["blocks"][0]["why"]), (&json!(held), &json!("Threats")), "{card}");

    let id = spam[0]["id"].as_i64().unwrap();
    let mut tx = app.app.begin(base::Actor::System).await.unwrap();
    let held_ticket = tickets::find(&mut tx, tickets::TicketId(id)).await.unwrap();
    let text = desk::messages::reply::Text::new(Some("We got your mail.".into()), None).unwrap();
    desk::messages::reply::notify(&mut tx, held_ticket, text).await.unwrap();
    tx.commit().await.unwrap();
    app.later(base::MINUTE).await;
    let own = messages(&app, id).await.pop().unwrap();
    assert_eq!(own["delivery"], "refused", "nothing is answered by itself: {own}");

    unblock(&app, held).await;
    bring(&app, inbox, &mail("troll@post.example", "a4@post", "Sorry", "In-Reply-To: <a3@post>\n", "I am sorry")).await;
    let open = tickets(&app.as_owner().await, "shelf=open").await;
    assert_eq!((&open[0]["subject"], &open[0]["follows"]), (&json!("Sorry"), &json!(id)), "back in the lists");
    let (status, back) = app.patch(&format!("/api/v1/tickets/{id}"), json!({ "spam": false })).await;
    assert_eq!((status, &back["blocked"]), (200, &json!(false)), "{back}");
    assert_eq!(on(&app, "open").await.len(), 2, "what was held is brought out");
    let (_, log) = app.get("/api/v1/events?after=0&limit=200").await;
    let kinds: Vec<_> = log["data"].as_array().unwrap().iter().map(|event| event["kind"].as_str().unwrap()).collect();
    let blocks: Vec<_> = kinds.into_iter().filter(|kind| kind.starts_with("block.")).collect();
    assert_eq!(blocks, ["block.added", "block.removed"]);
});

story!(nobody_is_silenced_by_a_forged_sender, |app| async move {
    let inbox = trusting_inbox(&app).await;
    bring(&app, inbox, &mail("kari@post.example", "f1@evil", "Buy now", "", "Forged")).await;
    let customer = only_ticket(&app).await["customer"]["id"].as_i64().unwrap();
    for (what, value) in [("email", "kari@post.example".to_owned()), ("customer", customer.to_string())] {
        let held = block(&app, what, value).await;
        bring(&app, inbox, &mail("kari@post.example", &format!("f2{what}@evil"), "Buy more", "", "Forged")).await;
        let proof = checked("pass");
        bring(&app, inbox, &mail("kari@post.example", &format!("k{what}@post"), "My tent", &proof, what)).await;
        let open = on(&app, "open").await;
        assert!(open.contains(&"My tent".to_owned()) && !open.contains(&"Buy more".to_owned()), "{open:?}");
        unblock(&app, held).await;
        // In doubt again, for the next way of blocking.
        let sql = "UPDATE identities SET verified = FALSE, verified_by = NULL, verified_at = NULL";
        app.app.db().run(sql, base::args![]).await.unwrap();
    }
    // Blocked as who they are for sure, they stay blocked.
    bring(&app, inbox, &mail("kari@post.example", "k9@post", "Last", &checked("pass"), "Once more")).await;
    let before = on(&app, "open").await.len();
    block(&app, "customer", customer).await;
    bring(&app, inbox, &mail("kari@post.example", "k10@post", "Held", &checked("pass"), "Held")).await;
    assert_eq!(on(&app, "open").await.len(), before);
    assert_eq!(messages(&app, only_held(&app).await).await.last().unwrap()["text"], "Held", "and nothing is lost");
});

/// The newest ticket in Spam.
async fn only_held(app: &TestApp) -> i64 {
    tickets(&app.as_owner().await, "shelf=spam").await[0]["id"].as_i64().unwrap()
}

story!(a_domain_is_blocked_with_those_below_it_and_a_visitor_by_their_browser, |app| async move {
    let inbox = trusting_inbox(&app).await;
    block(&app, "domain", "Spam.Example").await;
    for (number, from) in ["a@spam.example", "b@mail.spam.example", "c@notspam.example"].iter().enumerate() {
        bring(&app, inbox, &mail(from, &format!("{number}@id"), from, "", "Hello")).await;
    }
    assert_eq!((on(&app, "open").await, on(&app, "spam").await.len()), (vec!["c@notspam.example".to_owned()], 2));
    let chat = widget(&app).await;
    let visitor = Visitor::begin(&app, chat).await;
    visitor.say("1", "You idiots").await;
    app.tick().await;
    let (_, found) = app.get("/api/v1/customers?q=visitor").await;
    let name = found["data"][0]["identities"][0]["value"].as_str().unwrap().to_owned();
    block(&app, "visitor", name).await;
    let before = on(&app, "open").await.len();
    visitor.say("2", "All of you").await;
    app.tick().await;
    assert_eq!((on(&app, "open").await.len(), on(&app, "spam").await.len()), (before, 3));
    assert_eq!(visitor.reads().await.len(), 2, "they are told nothing of it");
});

story!(what_cannot_be_blocked_says_why, |app| async move {
    for (what, value) in [
        ("email", "no address"),
        ("domain", "gmail.com"),
        ("domain", "example"),
        ("domain", "a b"),
        ("customer", "4711"),
        ("customer", "x"),
        ("phone", "call me"),
    ] {
        let (status, problem) = app.post("/api/v1/blocks", json!({ "what": what, "value": value })).await;
        assert_eq!((status, &problem["errors"][0]["field"]), (422, &json!("value")), "{what} {value}: {problem}");
    }
    assert_eq!(app.post("/api/v1/blocks", json!({ "what": "world", "value": "x" })).await.0, 422);
    let held = block(&app, "email", "a@post.example").await;
    let twice = json!({ "what": "email", "value": "A@post.example" });
    assert_eq!(app.post("/api/v1/blocks", twice.clone()).await.0, 409);
    let viewer = app.as_role("viewer").await;
    assert_eq!(viewer.post("/api/v1/blocks", twice).await.0, 403);
    assert_eq!(viewer.delete(&format!("/api/v1/blocks/{held}")).await.0, 403);
    block(&app, "email", "b@post.example").await;
    let (_, page) = viewer.get("/api/v1/blocks?limit=1").await;
    assert_eq!(page["data"][0]["value"], "b@post.example", "{page}");
    let (_, page) = viewer.get(&format!("/api/v1/blocks?limit=1&after={}", page["next"].as_str().unwrap())).await;
    assert_eq!((&page["data"][0]["value"], &page["next"]), (&json!("a@post.example"), &Value::Null), "{page}");
    unblock(&app, held).await;
    assert_eq!(app.delete(&format!("/api/v1/blocks/{held}")).await.0, 404);
});

story!(whoever_is_one_person_is_blocked_as_one_until_they_are_two_again, |app| async move {
    let inbox = trusting_inbox(&app).await;
    let mut people = Vec::new();
    for name in ["troll", "nice"] {
        bring(&app, inbox, &mail(&format!("{name}@post.example"), &format!("{name}@id"), name, "", "Hello")).await;
        let all = tickets(&app.as_owner().await, "shelf=open").await;
        let own = all.iter().find(|ticket| ticket["subject"] == name).unwrap();
        people.push(own["customer"]["id"].as_i64().unwrap());
    }
    let held = block(&app, "customer", people[0]).await;
    let (_, merged) = app.post(&format!("/api/v1/customers/{}/merge", people[0]), json!({ "into": people[1] })).await;
    let (_, card) = app.get(&format!("/api/v1/customers/{}", people[1])).await;
    assert_eq!(card["blocks"][0]["id"], json!(held), "{card}");
    bring(&app, inbox, &mail("nice@post.example", "n2@id", "As one", "", "Hello again")).await;
    assert_eq!((on(&app, "open").await.len(), on(&app, "spam").await), (2, vec!["As one".to_owned()]));
    assert_eq!(app.delete(&format!("/api/v1/customer-merges/{}", merged["id"])).await.0, 200);
    bring(&app, inbox, &mail("nice@post.example", "n3@id", "As two", "", "And again")).await;
    bring(&app, inbox, &mail("troll@post.example", "t2@id", "Still held", "", "Grr")).await;
    assert!(on(&app, "open").await.contains(&"As two".to_owned()));
    assert!(on(&app, "spam").await.contains(&"Still held".to_owned()));
});
