//! The journey of a person: all that happened with them, in one list, whoever they were merged with and split from.

use base::{HOUR, MINUTE, args};
use serde_json::{Value, json};

use crate::{
    chats::{Visitor, widget},
    harness::TestApp,
    mails::{answer, bring, inbox, mail, tickets},
    stores::bought,
};

async fn page(app: &TestApp, customer: i64, query: &str) -> Value {
    let (status, page) = app.get(&format!("/api/v1/customers/{customer}/journey?{query}")).await;
    assert_eq!(status, 200, "{page}");
    page
}

/// Page after page, each step as its kind and what it says.
async fn journey(app: &TestApp, customer: i64, query: &str) -> Vec<String> {
    let (mut all, mut after) = (Vec::new(), String::new());
    loop {
        let page = page(app, customer, &format!("{query}{after}")).await;
        all.extend(page["data"].as_array().unwrap().iter().map(told));
        match page["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => return all,
        }
    }
}

fn told(step: &Value) -> String {
    let what = match step["kind"].as_str().unwrap() {
        "message" | "note" => &step["text"],
        "ticket" => &step["subject"],
        "order" => &step["order"]["number"],
        "visit" => &step["channel"],
        _ => &step["event"],
    };
    format!("{} {}", step["kind"].as_str().unwrap(), what.as_str().unwrap())
}

async fn writes(app: &TestApp, inbox: i64, from: &str, id: &str) -> (i64, i64) {
    bring(app, inbox, &mail(from, id, id, "", &format!("Hello from {id}"))).await;
    let all = tickets(&app.as_owner().await, "shelf=all").await;
    let ticket = all.iter().find(|ticket| ticket["subject"] == id).unwrap();
    (ticket["customer"]["id"].as_i64().unwrap(), ticket["id"].as_i64().unwrap())
}

/// Every message stands in the journey of whoever said it or whose ticket it is in.
async fn is_consistent(app: &TestApp) {
    let wrong =
        "SELECT m.id FROM messages m JOIN tickets t ON t.id = m.ticket WHERE m.customer IS NULL OR m.customer <>
        CASE WHEN m.author_kind = 'customer' AND m.author IS NOT NULL THEN m.author ELSE t.customer END";
    assert_eq!(app.app.db().all(wrong, args![]).await.unwrap().len(), 0);
}

story!(everything_stands_in_one_list_newest_first, |app| async move {
    let inbox = inbox(&app).await;
    let (jo, ticket) = writes(&app, inbox, "jo@post.example", "a1@id").await;
    app.clock.forward(MINUTE);
    answer(&app, ticket, "It is on its way.").await;
    app.later(HOUR).await;
    let note = json!({ "direction": "note", "text": "Be kind" });
    assert_eq!(app.post(&format!("/api/v1/tickets/{ticket}/messages"), note).await.0, 201);
    app.clock.forward(MINUTE);
    bought(&app, jo, "FV-1").await;
    app.clock.forward(MINUTE);
    app.patch(&format!("/api/v1/customers/{jo}"), json!({ "tags": ["vip"] })).await;
    let all = [
        "event customer.changed",
        "order FV-1",
        "note Be kind",
        "message It is on its way.",
        "message Hello from a1@id",
        "ticket a1@id",
        "event customer.created",
    ];
    assert_eq!(journey(&app, jo, "").await, all);
    for limit in [1, 2, 3] {
        assert_eq!(journey(&app, jo, &format!("limit={limit}")).await, all, "page by page, {limit} each");
    }
    assert_eq!(journey(&app, jo, "kinds=note,order").await, ["order FV-1", "note Be kind"]);
    assert_eq!(journey(&app, jo, "kinds=message&limit=1").await.len(), 2);
    let first = &page(&app, jo, "kinds=message&limit=1").await["data"][0];
    assert_eq!(
        (&first["ticket"], &first["direction"], &first["subject"]),
        (&json!(ticket), &json!("out"), &json!("a1@id"))
    );
    for wrong in ["kinds=letters", "limit=0", "limit=201", "after=x", "after=WzFd", "page=2"] {
        assert_eq!(app.get(&format!("/api/v1/customers/{jo}/journey?{wrong}")).await.0, 422, "{wrong}");
    }
    assert_eq!(app.get("/api/v1/customers/4711/journey").await.0, 404);
    assert_eq!(app.nobody().get(&format!("/api/v1/customers/{jo}/journey")).await.0, 401);
});

story!(a_visit_stands_in_it_with_whom_it_belongs_to, |app| async move {
    let chat = widget(&app).await;
    let visitor = Visitor::begin(&app, chat).await;
    app.clock.forward(MINUTE);
    visitor.say("1", "Anybody there?").await;
    app.tick().await;
    let (_, found) = app.get("/api/v1/customers?q=visitor").await;
    let guest = found["data"][0]["id"].as_i64().unwrap();
    let steps = journey(&app, guest, "kinds=message,visit").await;
    assert_eq!(steps, ["message Anybody there?", "visit chat"]);
});

story!(merges_and_splits_move_what_belongs_to_each, |app| async move {
    let inbox = inbox(&app).await;
    let (work, first) = writes(&app, inbox, "jo@work.example", "w1@id").await;
    let (home, second) = writes(&app, inbox, "jo@home.example", "h1@id").await;
    answer(&app, first, "To work").await;
    answer(&app, second, "To home").await;
    app.later(HOUR).await;
    let said = "kinds=message,ticket";
    let of_work = journey(&app, work, said).await;
    let of_home = journey(&app, home, said).await;
    assert_eq!((of_work.len(), of_home.len()), (3, 3));
    let (_, merged) = app.post(&format!("/api/v1/customers/{work}/merge"), json!({ "into": home })).await;
    is_consistent(&app).await;
    let one = journey(&app, home, said).await;
    assert_eq!(one.len(), 6, "{one:?}");
    assert_eq!(journey(&app, work, said).await, one, "old links lead to who stands for them");
    let events = journey(&app, home, "kinds=event").await;
    assert_eq!(
        events.iter().filter(|step| **step == "event customer.created").count(),
        2,
        "both came to be: {events:?}"
    );
    assert!(events.contains(&"event customer.merged".to_owned()));
    bring(&app, inbox, &mail("jo@work.example", "w2@id", "Re: w1@id", "References: <w1@id>\n", "Later")).await;
    answer(&app, first, "To work again").await;
    app.later(HOUR).await;

    let (status, _) = app.delete(&format!("/api/v1/customer-merges/{}", merged["id"])).await;
    assert_eq!(status, 200);
    is_consistent(&app).await;
    let mut back = vec!["message To work again".to_owned(), "message Later".to_owned()];
    back.extend(of_work);
    assert_eq!(journey(&app, work, said).await, back);
    assert_eq!(journey(&app, home, said).await, of_home);

    // A ticket moves into another one's: what was said to its customer there goes along, what they said stays theirs.
    let (status, _) = app.post(&format!("/api/v1/tickets/{second}/merge"), json!({ "into": first })).await;
    assert!(matches!(status, 200 | 201));
    is_consistent(&app).await;
    assert!(journey(&app, home, "kinds=message").await.contains(&"message Hello from h1@id".to_owned()));
    app.post(&format!("/api/v1/customers/{home}/merge"), json!({ "into": work })).await;
    let (_, card) = app.get(&format!("/api/v1/customers/{work}")).await;
    let homes = card["identities"].as_array().unwrap().iter().find(|one| one["value"] == "jo@home.example").unwrap();
    let body = json!({ "identities": [homes["id"]] });
    let (status, split) = app.post(&format!("/api/v1/customers/{work}/split"), body).await;
    assert_eq!(status, 201, "{split}");
    is_consistent(&app).await;
    let new = split["customer"]["id"].as_i64().unwrap();
    assert_eq!(journey(&app, new, "kinds=message").await, ["message Hello from h1@id"]);
    let (status, _) = app.delete(&format!("/api/v1/customer-splits/{}", split["id"])).await;
    assert_eq!(status, 200);
    is_consistent(&app).await;
    assert_eq!(journey(&app, work, "kinds=message").await.len(), 6);
});

/// Ten thousand steps of one customer among others'.
async fn long(app: &TestApp) -> i64 {
    let inbox = inbox(app).await;
    let (jo, ticket) = writes(app, inbox, "jo@post.example", "a1@id").await;
    let numbers = "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 8000)";
    let says = |direction: &str, author: &str, every: i64| {
        format!(
            "INSERT INTO messages (ticket, channel, direction, author_kind, author, author_name, parties, text, mentions,
            created_at, customer) {numbers} SELECT $1, 'email', '{direction}', '{author}',
            CASE WHEN '{author}' = 'customer' THEN $2 END, 'Jo', $3, 'Step ' || n, $4, $5 + n / 2, $2
            FROM n WHERE n % {every} = 0"
        )
    };
    let (none, at) = (json!([]), app.app.now());
    for (direction, author, every) in [("in", "customer", 1), ("out", "agent", 8), ("note", "agent", 16)] {
        let sql = says(direction, author, every);
        app.app.db().run(&sql, args![ticket, jo, json!({}), none.clone(), at]).await.unwrap();
    }
    bought(app, jo, "FV-0").await;
    let sql = format!(
        "INSERT INTO orders (shop, store, external, customer, number, number_key, status, placed_at, read_at, total, paid,
            refunded, currency, data) {numbers}
        SELECT o.shop, o.store, 'FV-' || n, o.customer, 'FV-' || n, 'FV' || n, o.status, $1 + n, o.read_at, 100, 100, 0,
            'EUR', o.data FROM n CROSS JOIN orders o WHERE n % 8 = 0 AND n > 0 AND o.number = 'FV-0'"
    );
    app.app.db().run(&sql, args![at]).await.unwrap();
    jo
}

story!(ten_thousand_steps_are_read_page_by_page_without_loss_or_doubles, |app| async move {
    let jo = long(&app).await;
    let (mut seen, mut after, mut last) = (std::collections::BTreeSet::new(), String::new(), "9999".to_owned());
    loop {
        let page = page(&app, jo, &format!("limit=200{after}")).await;
        for step in page["data"].as_array().unwrap() {
            let at = step["at"].as_str().unwrap().to_owned();
            assert!(at <= last, "newest first");
            last = at;
            assert!(seen.insert((step["kind"].to_string(), step["id"].as_i64().unwrap())), "twice: {step}");
        }
        match page["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => break,
        }
    }
    // 8000 + 1000 + 500 + 1001, and the first mail with its ticket and its customer.
    assert_eq!(seen.len(), 10_504);
});
