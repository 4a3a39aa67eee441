//! Customers: found by their addresses, one for one address, and what their card shows.

use base::Actor;
use desk::customers;
use serde_json::json;

story!(one_address_is_one_customer_however_it_is_spelled, |app| async move {
    let mut tx = app.app.begin(Actor::System).await.unwrap();
    let jo = customers::find_or_create(&mut tx, "email", "Jo@Post.example", None, None, false, "email").await.unwrap();
    assert_eq!(jo.name, "jo@post.example", "an address for a name is better than none");
    let name = Some("  Johanna\t\u{202e}Brandt\u{0} ");
    let same = customers::find_or_create(&mut tx, "email", " jo@post.EXAMPLE", name, Some("de"), true, "email").await;
    let same = same.unwrap();
    assert_eq!((same.id, same.name.as_str(), same.language.as_deref()), (jo.id, "Johanna Brandt", Some("de")));
    assert!(same.identities[0].verified);
    let name = Some("Somebody Else");
    let later = customers::find_or_create(&mut tx, "email", "jo@post.example", name, Some("en"), false, "email").await;
    let later = later.unwrap();
    assert_eq!((later.name.as_str(), later.language.as_deref()), ("Johanna Brandt", Some("de")), "what is known stays");
    assert!(later.identities[0].verified, "a proof is not lost by a mail without one");
    tx.commit().await.unwrap();
});

story!(two_mails_of_a_stranger_at_once_make_one_customer, |app| async move {
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..16 {
        let app = app.app.clone();
        tasks.spawn(async move {
            let mut tx = app.begin(Actor::System).await.unwrap();
            let name = Some("Tom Whitaker");
            let tom =
                customers::find_or_create(&mut tx, "email", "tom@mailbox.example", name, None, true, "email").await;
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            tx.commit().await.unwrap();
            tom.unwrap().id
        });
    }
    let ids: std::collections::HashSet<_> = tasks.join_all().await.into_iter().collect();
    assert_eq!(ids.len(), 1);
    let (_, page) = app.get("/api/v1/customers").await;
    assert_eq!(page["data"].as_array().unwrap().len(), 1, "{page}");
    let (_, events) = app.get("/api/v1/events?after=0&limit=200").await;
    let told = events["data"].as_array().unwrap().iter().filter(|event| event["kind"] == "customer.created").count();
    assert_eq!(told, 1, "{events}");
});

story!(agents_page_through_customers_find_them_and_mend_their_cards, |app| async move {
    let mut tx = app.app.begin(Actor::System).await.unwrap();
    for (name, address) in
        [("Anna Berg", "anna@post.example"), ("Bo 100% Ek", "bo@post.example"), ("Kari Lien", "kl@epost.example")]
    {
        customers::find_or_create(&mut tx, "email", address, Some(name), None, true, "email").await.unwrap();
    }
    tx.commit().await.unwrap();
    let (_, first) = app.get("/api/v1/customers?limit=2").await;
    assert_eq!(first["data"].as_array().unwrap().len(), 2);
    let next = first["next"].as_str().unwrap();
    let (_, second) = app.get(&format!("/api/v1/customers?limit=2&after={next}")).await;
    assert_eq!((second["data"].as_array().unwrap().len(), &second["next"]), (1, &json!(null)));
    for (q, name) in [
        ("an", "Anna Berg"),
        ("anna%20%20BER", "Anna Berg"),
        ("lien", "Kari Lien"),
        ("kl@", "Kari Lien"),
        ("bo%20100%25", "Bo 100% Ek"),
        ("100%25", "Bo 100% Ek"),
    ] {
        let (_, found) = app.get(&format!("/api/v1/customers?q={q}")).await;
        assert_eq!(found["data"].as_array().unwrap().len(), 1, "{q}: {found}");
        assert_eq!(found["data"][0]["name"], name);
    }
    let id = first["data"][0]["id"].as_i64().unwrap();
    let (_, renamed) = app.patch(&format!("/api/v1/customers/{id}"), json!({ "name": "Åse Øverland" })).await;
    let (_, found) = app.get("/api/v1/customers?q=%C3%B8ver").await;
    assert_eq!(found["data"][0]["id"], renamed["id"], "found by the new name: {found}");
    let (_, found) = app.get("/api/v1/customers?q=kari").await;
    assert_eq!(found["data"], json!([]), "and no longer by the old one");
    let (status, card) =
        app.patch(&format!("/api/v1/customers/{id}"), json!({ "note": "Calls at noon", "language": "nb" })).await;
    assert_eq!((status, &card["note"], &card["language"]), (200, &json!("Calls at noon"), &json!("nb")));
    assert_eq!((&card["tickets"], &card["orders"]), (&json!(0), &json!([])));
    assert_eq!(card["identities"][0]["kind"], "email");
    for (wrong, field) in [
        (json!({ "name": " \u{7} " }), "name"),
        (json!({ "language": "Norwegian!" }), "language"),
        (json!({ "note": "x".repeat(10_001) }), "note"),
        (json!({ "email": "x" }), "email"),
    ] {
        let (status, problem) = app.patch(&format!("/api/v1/customers/{id}"), wrong).await;
        assert_eq!((status, &problem["errors"][0]["field"]), (422, &json!(field)), "{problem}");
    }
    let viewer = app.as_role("viewer").await;
    assert_eq!(viewer.get(&format!("/api/v1/customers/{id}")).await.0, 200);
    assert_eq!(viewer.patch(&format!("/api/v1/customers/{id}"), json!({ "note": "" })).await.0, 403);
    assert_eq!(app.get("/api/v1/customers/4711").await.0, 404);
    assert_eq!(app.get("/api/v1/customers?limit=0").await.0, 422);
});

story!(a_beginning_that_thousands_share_still_fills_page_after_page, |app| async move {
    let mut tx = app.app.begin(Actor::System).await.unwrap();
    // The newest are called otherwise.
    for number in 0..4300 {
        let name = if number < 2100 { format!("Anders {number}") } else { format!("Berit {number}") };
        let address = format!("{number}@post.example");
        customers::find_or_create(&mut tx, "email", &address, Some(&name), None, false, "email").await.unwrap();
    }
    tx.commit().await.unwrap();
    let (mut seen, mut after) = (std::collections::BTreeSet::new(), String::new());
    loop {
        let (status, page) = app.get(&format!("/api/v1/customers?q=anders&limit=200{after}")).await;
        assert_eq!(status, 200, "{page}");
        seen.extend(page["data"].as_array().unwrap().iter().map(|customer| customer["id"].as_i64().unwrap()));
        match page["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => break,
        }
    }
    assert_eq!(seen.len(), 2100);
    let (_, one) = app.get("/api/v1/customers?q=anders%202099").await;
    assert_eq!(one["data"].as_array().unwrap().len(), 1);
});

story!(who_has_no_name_is_found_by_the_beginning_of_their_identity_and_takes_a_name, |app| async move {
    let jo = crate::chats::Visitor::begin(&app, crate::chats::widget(&app).await).await;
    jo.say("1", "Hello").await;
    app.tick().await;
    let (_, all) = app.get("/api/v1/customers").await;
    let name = all["data"][0]["name"].as_str().unwrap().to_owned();
    assert_eq!(all["data"][0]["identities"][0]["value"], name, "nobody knows better");
    // What the desk shows as "Visitor 6154" is looked for as "visitor-6154".
    let short = &name[..12];
    let (_, found) = app.get(&format!("/api/v1/customers?q={short}")).await;
    assert_eq!(found["data"][0]["name"], name, "{found}");
    let (_, hits) = app.get(&format!("/api/v1/search?q={short}&kind=customer")).await;
    assert_eq!(hits["data"][0]["title"], name, "{hits}");
    let mut tx = app.app.begin(Actor::System).await.unwrap();
    let named = customers::find_or_create(&mut tx, "visitor", &name, Some("Jo"), None, true, "chat").await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(named.name, "Jo", "a name replaces none");
});
