//! Lists of customers by tag and by the shop's own fields: page by page, whoever is merged, split or changed.

use base::{Actor, args};
use desk::customers;
use serde_json::{Value, json};

use crate::harness::TestApp;

/// A customer of this name with these tags and fields.
async fn person(app: &TestApp, name: &str, tags: &[&str], fields: Value) -> i64 {
    let mut tx = app.app.begin(Actor::System).await.unwrap();
    let address = format!("{}@post.example", name.to_lowercase());
    let made = customers::find_or_create(&mut tx, "email", &address, Some(name), None, true, "email").await.unwrap();
    tx.commit().await.unwrap();
    let patch = json!({ "tags": tags, "attributes": fields });
    let (status, card) = app.patch(&format!("/api/v1/customers/{}", made.id), patch).await;
    assert_eq!(status, 200, "{card}");
    made.id.0
}

async fn names(app: &TestApp, query: &str) -> Vec<String> {
    let (status, page) = app.get(&format!("/api/v1/customers?{query}")).await;
    assert_eq!(status, 200, "{page}");
    page["data"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap().to_owned()).collect()
}

async fn fields(app: &TestApp) {
    for (key, kind, choices) in [
        ("size", "choice", json!(["S", "L"])),
        ("shoe", "number", json!([])),
        ("club", "boolean", json!([])),
        ("town", "text", json!([])),
    ] {
        let body = json!({ "key": key, "label": key, "kind": kind, "choices": choices });
        let (status, made) = app.post("/api/v1/customer-attributes", body).await;
        assert_eq!(status, 201, "{made}");
    }
}

story!(customers_are_listed_by_tag_and_field, |app| async move {
    fields(&app).await;
    person(&app, "Anna", &["VIP", "Oslo club"], json!({ "size": "L", "shoe": 42, "club": true })).await;
    let bo = person(&app, "Bo", &["vip"], json!({ "size": "S", "shoe": 42.5, "town": "Tromsø: Sentrum" })).await;
    person(&app, "Cleo", &["b2b"], json!({ "size": "L", "club": false })).await;
    assert_eq!(names(&app, "tag=vip").await, ["Bo", "Anna"], "who came last is first");
    assert_eq!(names(&app, "tag=%20Vip%20").await, ["Bo", "Anna"]);
    assert_eq!(names(&app, "tag=oslo%20club").await, ["Anna"]);
    assert_eq!(names(&app, "tag=vi").await.len(), 0, "whole tags");
    assert_eq!(names(&app, "field=size:L").await, ["Cleo", "Anna"]);
    assert_eq!(names(&app, "field=shoe:42.0").await, ["Anna"]);
    assert_eq!(names(&app, "field=shoe:42,5").await, ["Bo"]);
    assert_eq!(names(&app, "field=club:true").await, ["Anna"]);
    assert_eq!(names(&app, "field=town:troms%C3%B8:%20sentrum").await, ["Bo"]);
    assert_eq!(names(&app, "tag=vip&field=size:L").await, ["Anna"]);
    assert_eq!(names(&app, "tag=vip&q=bo").await, ["Bo"]);
    assert_eq!(names(&app, "tag=b2b&q=bo").await.len(), 0);
    assert_eq!(names(&app, "tag=&field=").await.len(), 3, "as if nothing was asked");
    for (query, field) in [("field=size", "field"), ("field=colour:red", "field"), ("tags=vip", "tags")] {
        let (status, problem) = app.get(&format!("/api/v1/customers?{query}")).await;
        assert_eq!((status, &problem["errors"][0]["field"]), (422, &json!(field)), "{problem}");
    }
    // What changes is listed as it is now.
    app.patch(&format!("/api/v1/customers/{bo}"), json!({ "tags": ["b2b"], "attributes": { "size": null } })).await;
    assert_eq!(names(&app, "tag=vip").await, ["Anna"]);
    assert_eq!(names(&app, "tag=b2b").await, ["Cleo", "Bo"]);
    assert_eq!(names(&app, "field=size:S").await.len(), 0);
    // Page by page, and no page of another list.
    let (_, first) = app.get("/api/v1/customers?tag=b2b&limit=1").await;
    let next = first["next"].as_str().unwrap();
    assert_eq!(names(&app, &format!("tag=b2b&limit=1&after={next}")).await, ["Bo"]);
    assert_eq!(app.get(&format!("/api/v1/customers?limit=1&after={next}")).await.0, 422);
    assert_eq!(app.nobody().get("/api/v1/customers?tag=vip").await.0, 401);
});

story!(lists_follow_merges_and_splits, |app| async move {
    fields(&app).await;
    let anna = person(&app, "Anna", &["vip"], json!({ "size": "L" })).await;
    let bo = person(&app, "Bo", &["b2b"], json!({ "shoe": 42 })).await;
    let (status, merged) = app.post(&format!("/api/v1/customers/{anna}/merge"), json!({ "into": bo })).await;
    assert_eq!(status, 201, "{merged}");
    for query in ["tag=vip", "tag=b2b", "field=size:L", "field=shoe:42"] {
        assert_eq!(names(&app, query).await, ["Bo"], "{query}");
    }
    assert_eq!(app.delete(&format!("/api/v1/customer-merges/{}", merged["id"])).await.0, 200);
    assert_eq!(names(&app, "tag=vip").await, ["Anna"]);
    assert_eq!(names(&app, "field=size:L").await, ["Anna"]);
    assert_eq!(names(&app, "tag=b2b").await, ["Bo"]);
    assert_eq!(names(&app, "field=shoe:42").await, ["Bo"]);
});

story!(who_was_there_before_is_listed_too, |app| async move {
    fields(&app).await;
    let mut last = 0;
    for number in 0..210 {
        last = person(&app, &format!("Person {number}"), &["vip"], json!({ "club": true })).await;
    }
    let (gone, _) = (person(&app, "Gone", &["vip"], json!({})).await, last);
    app.post(&format!("/api/v1/customers/{gone}/merge"), json!({ "into": last })).await;
    // As after an upgrade.
    let db = app.app.db();
    db.run("DELETE FROM customer_facets", args![]).await.unwrap();
    assert_eq!(names(&app, "tag=vip").await.len(), 0);
    let sql = desk::MIGRATIONS.iter().find(|(_, name, _)| *name == "visitors").unwrap().2;
    let fill = sql.split("INSERT INTO jobs").nth(1).unwrap().trim_end().trim_end_matches(';');
    db.run(&format!("INSERT INTO jobs {fill}"), args![]).await.unwrap();
    app.tick().await;
    let (mut all, mut after) = (Vec::new(), String::new());
    loop {
        let (_, page) = app.get(&format!("/api/v1/customers?tag=vip&field=club:true&limit=100{after}")).await;
        all.extend(page["data"].as_array().unwrap().iter().map(|one| one["id"].as_i64().unwrap()));
        match page["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => break,
        }
    }
    assert_eq!(all.len(), 210);
    assert!(all.is_sorted_by(|one, other| one > other) && !all.contains(&gone));
});

story!(a_tag_that_thousands_have_still_fills_page_after_page, |app| async move {
    let mut tx = app.app.begin(Actor::System).await.unwrap();
    for number in 0..2100 {
        let (name, address) = (format!("Anders {number}"), format!("{number}@post.example"));
        customers::find_or_create(&mut tx, "email", &address, Some(&name), None, false, "email").await.unwrap();
    }
    let sql = "INSERT INTO customer_facets (facet, value, customer) SELECT 'tag', 'vip', id FROM customers";
    tx.run(sql, args![]).await.unwrap();
    let sql = "INSERT INTO customer_facets (facet, value, customer)
        SELECT 'field.size', 'l', id FROM customers WHERE id % 7 = 0";
    tx.run(sql, args![]).await.unwrap();
    tx.commit().await.unwrap();
    app.post("/api/v1/customer-attributes", json!({ "key": "size", "label": "Size", "kind": "text" })).await;
    for (query, wanted) in
        [("tag=vip", 2100), ("tag=vip&q=anders", 2100), ("tag=vip&field=size:L", 300), ("field=size:L&q=anders", 300)]
    {
        let (mut seen, mut after) = (std::collections::BTreeSet::new(), String::new());
        loop {
            let (status, page) = app.get(&format!("/api/v1/customers?{query}&limit=200{after}")).await;
            assert_eq!(status, 200, "{page}");
            seen.extend(page["data"].as_array().unwrap().iter().map(|customer| customer["id"].as_i64().unwrap()));
            match page["next"].as_str() {
                Some(next) => after = format!("&after={next}"),
                None => break,
            }
        }
        assert_eq!(seen.len(), wanted, "{query}");
    }
});
