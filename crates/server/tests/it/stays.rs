//! Pages that visitors saw: only by their consent, a bounded number for a bounded time, and in the journey of whom they
//! belong to.

use base::{DAY, HOUR, MINUTE, args};
use serde_json::{Value, json};

use crate::{
    chats::{Visitor, widget},
    harness::TestApp,
};

async fn look(who: &Visitor, path: &str, seconds: i64) {
    let page = json!({ "url": format!("https://fjellvik.example{path}"), "title": path, "seconds": seconds });
    let (status, answer) = who.client.put(&who.path("page"), page).await;
    assert_eq!(status, 204, "{answer}");
}

async fn count(app: &TestApp, table: &str) -> i64 {
    let sql = format!("SELECT CAST(count(*) AS BIGINT) AS n FROM {table}");
    app.app.db().one(&sql, args![]).await.unwrap().int("n").unwrap()
}

/// Stays of a customer, newest first, each as the paths seen.
async fn seen(app: &TestApp, customer: i64) -> Vec<Vec<String>> {
    let (status, page) = app.get(&format!("/api/v1/customers/{customer}/journey?kinds=pages")).await;
    assert_eq!(status, 200, "{page}");
    let paths = |step: &Value| {
        let pages = step["pages"].as_array().unwrap().iter();
        pages.map(|page| page["title"].as_str().unwrap().to_owned()).collect()
    };
    page["data"].as_array().unwrap().iter().map(paths).collect()
}

async fn identity(app: &TestApp, who: &Visitor) -> String {
    let id: i64 = who.token.split('.').next().unwrap().parse().unwrap();
    app.app.db().one("SELECT visitor FROM visits WHERE id = $1", args![id]).await.unwrap().text("visitor").unwrap()
}

/// Says something; returns whom the desk knows them as.
async fn talk(app: &TestApp, who: &Visitor) -> i64 {
    who.say("1", "Hello").await;
    app.tick().await;
    let visitor = identity(app, who).await;
    let sql = "SELECT customer FROM identities WHERE value = $1";
    app.app.db().one(sql, args![visitor]).await.unwrap().int("customer").unwrap()
}

story!(without_consent_nothing_is_kept_and_with_it_each_stay_is, |app| async move {
    let chat = widget(&app).await;
    let kim = Visitor::begin(&app, chat).await;
    talk(&app, &kim).await;
    assert_eq!((count(&app, "stays").await, count(&app, "stay_pages").await), (0, 0), "nobody has agreed to anything");

    let jo = Visitor::begin(&app, chat).await;
    look(&jo, "/tents?email=jo@post.example#reviews", 0).await;
    app.clock.forward(15_000);
    look(&jo, "/tents?email=jo@post.example#reviews", 15).await;
    app.clock.forward(MINUTE);
    look(&jo, "/boots", 0).await;
    app.clock.forward(MINUTE);
    look(&jo, "/tents", 0).await;
    let customer = talk(&app, &jo).await;
    let (_, page) = app.get(&format!("/api/v1/customers/{customer}/journey?kinds=pages")).await;
    let step = &page["data"][0];
    assert_eq!((&step["channel"], &step["at"]), (&json!("chat"), &json!("2026-03-02T09:00:00.000Z")));
    let pages = step["pages"].as_array().unwrap();
    let told = |page: &Value| format!("{} {}", page["url"].as_str().unwrap(), page["seconds"]);
    let site = "https://fjellvik.example";
    let told: Vec<_> = pages.iter().map(told).collect();
    assert_eq!(told, [format!("{site}/tents 15"), format!("{site}/boots 0"), format!("{site}/tents 0")]);
    // Gone, and back after a while.
    app.later(HOUR).await;
    look(&jo, "/stoves", 3).await;
    assert_eq!(seen(&app, customer).await.len(), 2);
    for page in 0..60 {
        app.clock.forward(20_000);
        look(&jo, &format!("/page-{page}"), 0).await;
    }
    let all = seen(&app, customer).await;
    assert_eq!((all.len(), all[0].len()), (2, 50), "bounded");
    assert_eq!(seen(&app, customer).await[1].len(), 3);
    let (_, mixed) = app.get(&format!("/api/v1/customers/{customer}/journey?kinds=pages,visit&limit=2")).await;
    assert_eq!((mixed["data"].as_array().unwrap().len(), mixed["next"].is_string()), (2, true));
    for _ in 0..60 {
        app.later(10 * MINUTE).await;
        look(&jo, "/again", 0).await;
    }
    assert_eq!(count(&app, "stays").await, 48, "nobody comes so often in a day");
});

story!(pages_go_when_consent_does_and_after_the_days_of_the_shop, |app| async move {
    let chat = widget(&app).await;
    let (jo, kim) = (Visitor::begin(&app, chat).await, Visitor::begin(&app, chat).await);
    look(&jo, "/tents", 0).await;
    look(&kim, "/boots", 0).await;
    assert_eq!(count(&app, "stays").await, 2);
    assert_eq!(jo.client.delete(&jo.path("page")).await.0, 204);
    assert_eq!((count(&app, "stays").await, count(&app, "stay_pages").await), (1, 1), "only the one's own");
    look(&jo, "/tents", 0).await;
    assert_eq!(jo.client.delete(&jo.path("session")).await.0, 204);
    assert_eq!((count(&app, "stays").await, count(&app, "stay_pages").await), (1, 1), "as with the whole visit");

    for (days, status) in [(0, 422), (366, 422), (10, 200)] {
        let (answered, shop) = app.patch("/api/v1/shop", json!({ "page_days": days })).await;
        assert_eq!(answered, status, "{shop}");
    }
    app.later(9 * DAY).await;
    desk::visits::forget(&app.app).await.unwrap();
    assert_eq!(count(&app, "stays").await, 1);
    app.later(DAY + 1).await;
    desk::visits::forget(&app.app).await.unwrap();
    assert_eq!((count(&app, "stays").await, count(&app, "stay_pages").await), (0, 0));
    // A stay that is forgotten while it goes on begins anew.
    look(&kim, "/boots", 0).await;
    app.app.db().run("DELETE FROM stays", args![]).await.unwrap();
    look(&kim, "/boots", 5).await;
    assert_eq!(count(&app, "stay_pages").await, 1);
});

story!(pages_follow_whoever_the_browser_belongs_to, |app| async move {
    let chat = widget(&app).await;
    let (phone, laptop) = (Visitor::begin(&app, chat).await, Visitor::begin(&app, chat).await);
    // Before anybody knows who they are.
    look(&phone, "/tents", 0).await;
    look(&laptop, "/boots", 0).await;
    let (one, other) = (talk(&app, &phone).await, talk(&app, &laptop).await);
    assert_ne!(one, other);
    assert_eq!(
        (seen(&app, one).await, seen(&app, other).await),
        (vec![vec!["/tents".into()]], vec![vec!["/boots".into()]])
    );
    let (status, merged) = app.post(&format!("/api/v1/customers/{one}/merge"), json!({ "into": other })).await;
    assert_eq!(status, 201, "{merged}");
    assert_eq!(seen(&app, other).await.len(), 2);
    assert_eq!(seen(&app, one).await.len(), 2, "old links lead to who stands for them");
    app.later(HOUR).await;
    look(&phone, "/later", 0).await;
    assert_eq!(app.delete(&format!("/api/v1/customer-merges/{}", merged["id"])).await.0, 200);
    assert_eq!(seen(&app, one).await, [["/later"], ["/tents"]]);
    assert_eq!(seen(&app, other).await, [["/boots"]]);
    app.post(&format!("/api/v1/customers/{one}/merge"), json!({ "into": other })).await;
    let (_, card) = app.get(&format!("/api/v1/customers/{other}")).await;
    let phones = identity(&app, &phone).await;
    let id =
        card["identities"].as_array().unwrap().iter().find(|known| known["value"] == phones).unwrap()["id"].clone();
    let (status, split) = app.post(&format!("/api/v1/customers/{other}/split"), json!({ "identities": [id] })).await;
    assert_eq!(status, 201, "{split}");
    let new = split["customer"]["id"].as_i64().unwrap();
    assert_eq!((seen(&app, new).await.len(), seen(&app, other).await.len()), (2, 1));
    assert_eq!(app.delete(&format!("/api/v1/customer-splits/{}", split["id"])).await.0, 200);
    assert_eq!(seen(&app, other).await.len(), 3);
});

story!(ten_thousand_pages_are_read_stay_by_stay, |app| async move {
    let jo = Visitor::begin(&app, widget(&app).await).await;
    let customer = talk(&app, &jo).await;
    let numbers = "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 2000)";
    let sql = format!(
        "INSERT INTO stays (shop, inbox, visitor, began_at, pages) {numbers}
        SELECT i.shop, i.id, $1, $2 + n / 2, 5 FROM n CROSS JOIN inboxes i WHERE i.id = $3"
    );
    let visitor = identity(&app, &jo).await;
    app.app.db().run(&sql, args![visitor, app.app.now(), jo.inbox]).await.unwrap();
    let sql = "WITH RECURSIVE p (p) AS (SELECT 1 UNION ALL SELECT p + 1 FROM p WHERE p < 5)
        INSERT INTO stay_pages (stay, place, url, title, at, seconds)
        SELECT s.id, p, 'https://fjellvik.example/' || p, 'Page', s.began_at + p, 10 FROM stays s CROSS JOIN p";
    app.app.db().run(sql, args![]).await.unwrap();
    let (mut stays, mut pages, mut after) = (std::collections::BTreeSet::new(), 0, String::new());
    loop {
        let (_, page) = app.get(&format!("/api/v1/customers/{customer}/journey?kinds=pages&limit=200{after}")).await;
        for step in page["data"].as_array().unwrap() {
            assert!(stays.insert(step["id"].as_i64().unwrap()), "twice: {step}");
            pages += step["pages"].as_array().unwrap().len();
        }
        match page["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => break,
        }
    }
    assert_eq!((stays.len(), pages), (2000, 10_000));
});
