//! Two customers who are one person, and what becomes of it when they are not.

use base::Actor;
use desk::customers;
use serde_json::{Value, json};

use crate::{
    harness::TestApp,
    mails::{answer, bring, inbox, mail, messages, tickets},
};

/// Somebody writes; returns their customer and the ticket.
async fn writes(app: &TestApp, inbox: i64, from: &str, id: &str, extra: &str) -> (i64, i64) {
    bring(app, inbox, &mail(from, id, id, extra, &format!("Hello from {id}"))).await;
    let all = tickets(&app.as_owner().await, "shelf=all").await;
    let said = format!("Hello from {id}");
    let ticket = all.iter().find(|ticket| ticket["snippet"] == said.as_str()).unwrap();
    (ticket["customer"]["id"].as_i64().unwrap(), ticket["id"].as_i64().unwrap())
}

async fn card(app: &TestApp, id: i64) -> Value {
    app.get(&format!("/api/v1/customers/{id}")).await.1
}

async fn merge(app: &TestApp, from: i64, into: i64) -> i64 {
    let (status, merged) = app.post(&format!("/api/v1/customers/{from}/merge"), json!({ "into": into })).await;
    assert_eq!((status, &merged["customer"]["id"]), (201, &json!(into)), "{merged}");
    app.tick().await;
    merged["id"].as_i64().unwrap()
}

async fn undo(app: &TestApp, merge: i64) -> (u16, Value) {
    let undone = app.delete(&format!("/api/v1/customer-merges/{merge}")).await;
    app.tick().await;
    undone
}

async fn order(app: &TestApp, customer: i64, number: &str) {
    crate::stores::bought(app, customer, number).await;
}

/// Values of a customer's identities.
fn addresses(card: &Value) -> Vec<&str> {
    card["identities"].as_array().unwrap().iter().map(|identity| identity["value"].as_str().unwrap()).collect()
}

fn numbers(card: &Value) -> Vec<&str> {
    card["orders"].as_array().unwrap().iter().map(|order| order["number"].as_str().unwrap()).collect()
}

/// A list without what changes with every change.
async fn theirs(app: &TestApp, customer: i64) -> Vec<i64> {
    let all = tickets(&app.as_owner().await, &format!("shelf=all&customer={customer}")).await;
    let mut ids: Vec<_> = all.iter().map(|ticket| ticket["id"].as_i64().unwrap()).collect();
    ids.sort_unstable();
    ids
}

async fn authors(app: &TestApp, ticket: i64) -> Vec<i64> {
    messages(app, ticket).await.iter().map(|message| message["author"]["id"].as_i64().unwrap()).collect()
}

story!(two_customers_become_one_and_two_again_whatever_came_in_between, |app| async move {
    let inbox = inbox(&app).await;
    let (work, first) = writes(&app, inbox, "Jo Brandt <jo@work.example>", "w1@id", "").await;
    let (home, second) = writes(&app, inbox, "Johanna Brandt <jo@home.example>", "h1@id", "").await;
    order(&app, work, "FV-1").await;
    order(&app, home, "FV-2").await;
    app.patch(&format!("/api/v1/customers/{work}"), json!({ "note": "Calls at noon", "language": "de" })).await;
    app.patch(&format!("/api/v1/customers/{home}"), json!({ "note": "Has a dog" })).await;
    let (was_work, was_home) = (card(&app, work).await, card(&app, home).await);

    let (status, preview) = app.get(&format!("/api/v1/customers/{work}/merge?into={home}")).await;
    assert_eq!(status, 200, "{preview}");
    assert_eq!((&preview["from"]["id"], &preview["into"]["id"]), (&json!(work), &json!(home)));
    assert_eq!((&preview["name"], &preview["language"]), (&json!("Johanna Brandt"), &json!("de")));
    assert_eq!(preview["note"], "Has a dog\n\nCalls at noon");
    let counts = (&preview["tickets"], &preview["messages"], &preview["orders"]);
    assert_eq!((counts, addresses(&preview)), ((&json!(1), &json!(1), &json!(1)), vec!["jo@work.example"]));

    let merge = merge(&app, work, home).await;
    let one = card(&app, home).await;
    assert_eq!((&one["name"], &one["note"], &one["tickets"]), (&preview["name"], &preview["note"], &json!(2)));
    assert_eq!((addresses(&one), numbers(&one).len()), (vec!["jo@work.example", "jo@home.example"], 2));
    assert_eq!((theirs(&app, home).await, theirs(&app, work).await), (vec![first, second], vec![first, second]));
    assert_eq!(authors(&app, first).await, [home]);
    let (status, gone) = app.get(&format!("/api/v1/customers/{work}")).await;
    assert_eq!((status, &gone["merged_into"], &gone["tickets"]), (200, &json!(home), &json!(0)));
    for (path, ids) in [
        ("customers?q=jo", vec![home]),
        ("search?kind=customer&q=brandt", vec![home]),
        ("customers?q=jo@work", vec![home]),
    ] {
        let (_, found) = app.get(&format!("/api/v1/{path}")).await;
        let found: Vec<_> = found["data"].as_array().unwrap().iter().map(|one| one["id"].as_i64().unwrap()).collect();
        assert_eq!(found, ids, "{path}");
    }
    let (_, merges) = app.get(&format!("/api/v1/customers/{home}/merges")).await;
    assert_eq!((&merges["data"][0]["id"], &merges["data"][0]["customer"]), (&json!(merge), &json!(work)), "{merges}");

    let (known, again) = writes(&app, inbox, "jo@work.example", "w2@id", "").await;
    assert_eq!(known, home, "both addresses are the same person now");
    let (_, reply) = writes(&app, inbox, "jo@work.example", "Re: w1@id", "References: <w1@id>\n").await;
    assert_eq!(reply, first);
    let (_, later) = writes(&app, inbox, "jo@home.example", "h2@id", "").await;
    let mut started = Vec::new();
    for body in [
        json!({ "subject": "Your parcel", "to": { "email": "jo@work.example" }, "text": "It is here.", "inbox": inbox }),
        json!({ "subject": "By an old link", "customer": work, "text": "They called.", "direction": "note" }),
    ] {
        let (status, ticket) = app.post("/api/v1/tickets", body).await;
        assert_eq!((status, &ticket["customer"]["id"]), (201, &json!(home)), "{ticket}");
        started.push(ticket["id"].as_i64().unwrap());
    }

    let (status, back) = undo(&app, merge).await;
    assert_eq!((status, &back["id"], &back["merged_into"]), (200, &json!(work), &json!(null)), "{back}");
    assert_eq!(theirs(&app, work).await, [first, again, started[0]]);
    assert_eq!(theirs(&app, home).await, [second, later, started[1]], "nothing says that it is the other one's");
    assert_eq!((authors(&app, first).await, authors(&app, again).await), (vec![work, work], vec![work]));
    assert_eq!((authors(&app, second).await, authors(&app, later).await), (vec![home], vec![home]));
    let (now_work, now_home) = (card(&app, work).await, card(&app, home).await);
    for field in ["name", "language", "note", "identities", "orders"] {
        assert_eq!((&now_work[field], &now_home[field]), (&was_work[field], &was_home[field]), "{field}");
    }
    let (_, found) = app.get("/api/v1/search?kind=customer&q=brandt").await;
    assert_eq!(found["data"].as_array().unwrap().len(), 2, "{found}");
    assert_eq!(undo(&app, merge).await.0, 409, "once is enough");
    assert_eq!(app.get(&format!("/api/v1/customers/{home}/merges")).await.1["data"], json!([]));
});

story!(the_log_tells_who_became_whom_and_what_moved, |app| async move {
    let inbox = inbox(&app).await;
    let (from, ticket) = writes(&app, inbox, "a@post.example", "a@id", "").await;
    let (into, _) = writes(&app, inbox, "Bo Ek <b@post.example>", "b@id", "").await;
    let merge = merge(&app, from, into).await;
    undo(&app, merge).await;
    let (_, log) = app.get("/api/v1/events?after=0&limit=200").await;
    let of =
        |kind: &str| log["data"].as_array().unwrap().iter().filter(|event| event["kind"] == kind).collect::<Vec<_>>();
    let (merged, undone) = (of("customer.merged"), of("customer.merge_undone"));
    assert_eq!((merged.len(), undone.len()), (1, 1), "{log}");
    assert_eq!((&merged[0]["customer"], &merged[0]["data"]["into"]), (&json!(from), &json!(into)));
    assert_eq!((&undone[0]["customer"], &undone[0]["data"]["from"]), (&json!(from), &json!(into)));
    for event in [merged[0], undone[0]] {
        let moved = &event["data"]["moved"];
        assert_eq!(
            (&moved["tickets"], &moved["messages"], &moved["orders"]),
            (&json!(1), &json!(1), &json!(0)),
            "{event}"
        );
        assert_eq!(moved["identities"].as_array().unwrap().len(), 1);
    }
    let (_, events) = app.get(&format!("/api/v1/tickets/{ticket}/events")).await;
    let moves: Vec<_> = events["data"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|event| event["data"]["changes"].get("customer").is_some())
        .collect();
    assert_eq!(moves.len(), 2, "{events}");
    assert_eq!(moves[0]["data"]["changes"]["customer"]["to"], json!({ "id": into, "name": "Bo Ek" }));
    assert_eq!(moves[1]["data"]["changes"]["customer"]["to"], json!({ "id": from, "name": "a@post.example" }));
});

story!(merges_never_run_in_a_circle_and_come_apart_in_any_order_that_makes_sense, |app| async move {
    let inbox = inbox(&app).await;
    let (a, of_a) = writes(&app, inbox, "a@post.example", "a@id", "").await;
    let (b, of_b) = writes(&app, inbox, "Bo Ek <b@post.example>", "b@id", "").await;
    let (c, of_c) = writes(&app, inbox, "c@post.example", "c@id", "").await;
    let path = |id: i64| format!("/api/v1/customers/{id}/merge");
    for (from, into, field) in [(a, a, "into"), (a, 4711, "into")] {
        let (status, problem) = app.post(&path(from), json!({ "into": into })).await;
        assert_eq!((status, &problem["errors"][0]["field"]), (422, &json!(field)), "{problem}");
        assert_eq!(app.get(&format!("{}?into={into}", path(from))).await.0, 422);
    }
    assert_eq!(app.post(&path(4711), json!({ "into": a })).await.0, 404);
    let viewer = app.as_role("viewer").await;
    assert_eq!(viewer.post(&path(a), json!({ "into": b })).await.0, 403);
    assert_eq!(viewer.get(&format!("{}?into={b}", path(a))).await.0, 200);

    let one = merge(&app, a, c).await;
    let two = merge(&app, b, c).await;
    assert_eq!(card(&app, c).await["name"], "Bo Ek", "a name is better than an address");
    for (from, into) in [(c, a), (a, b), (b, c)] {
        assert_eq!(app.post(&path(from), json!({ "into": into })).await.0, 409, "{from} into {into}");
    }
    assert_eq!(app.patch(&format!("/api/v1/customers/{a}"), json!({ "note": "x" })).await.0, 409);
    assert_eq!(viewer.delete(&format!("/api/v1/customer-merges/{one}")).await.0, 403);
    assert_eq!(undo(&app, one).await.0, 200, "the older one first: both went to the same person");
    assert_eq!((theirs(&app, a).await, theirs(&app, c).await), (vec![of_a], vec![of_b, of_c]));
    let three = merge(&app, c, a).await;
    assert_eq!(undo(&app, two).await.0, 409, "what moved went on; that is undone first");
    assert_eq!(theirs(&app, b).await, [of_a, of_b, of_c], "old links lead to who stands for them all");
    assert_eq!((undo(&app, three).await.0, undo(&app, two).await.0), (200, 200));
    assert_eq!(
        (theirs(&app, a).await, theirs(&app, b).await, theirs(&app, c).await),
        (vec![of_a], vec![of_b], vec![of_c])
    );
    assert_eq!(card(&app, c).await["name"], "c@post.example");
    assert_eq!(app.delete("/api/v1/customer-merges/4711").await.0, 409);
});

story!(notes_that_together_are_too_long_are_shortened_first, |app| async move {
    let mut tx = app.app.begin(Actor::System).await.unwrap();
    let mut ids = Vec::new();
    for address in ["a@post.example", "b@post.example"] {
        let one = customers::find_or_create(&mut tx, "email", address, None, None, false, "email").await.unwrap();
        ids.push(one.id.0);
    }
    tx.commit().await.unwrap();
    for id in &ids {
        let note = format!("{id} {}", "x".repeat(6_000));
        assert_eq!(app.patch(&format!("/api/v1/customers/{id}"), json!({ "note": note })).await.0, 200);
    }
    let path = format!("/api/v1/customers/{}/merge", ids[0]);
    assert_eq!(app.post(&path, json!({ "into": ids[1] })).await.0, 409);
    app.patch(&format!("/api/v1/customers/{}", ids[0]), json!({ "note": "short" })).await;
    let merge = merge(&app, ids[0], ids[1]).await;
    let joined = card(&app, ids[1]).await["note"].as_str().unwrap().to_owned();
    app.patch(&format!("/api/v1/customers/{}", ids[1]), json!({ "note": format!("{joined}\n\nlater") })).await;
    assert_eq!(undo(&app, merge).await.0, 200);
    let note = card(&app, ids[1]).await["note"].as_str().unwrap().to_owned();
    assert!(note.ends_with("x\n\nlater") && !note.contains("short"), "what was written since stays");
});

story!(many_at_once_end_with_every_ticket_at_somebody_who_stands, |app| async move {
    let inbox = inbox(&app).await;
    let mut people = Vec::new();
    for name in ["a", "b", "c", "d"] {
        people.push(writes(&app, inbox, &format!("{name}@post.example"), &format!("{name}@id"), "").await.0);
    }
    app.start();
    let owner = app.as_owner().await;
    let mut tasks = tokio::task::JoinSet::new();
    for at in 0..12_usize {
        let (owner, from, into) = (owner.clone(), people[at % 4], people[(at + 1 + at / 4) % 4]);
        tasks.spawn(async move {
            let (status, merged) =
                owner.post(&format!("/api/v1/customers/{from}/merge"), json!({ "into": into })).await;
            assert!(matches!(status, 201 | 409 | 422), "{merged}");
            if let (true, Some(id)) = (at % 2 == 0, merged["id"].as_i64()) {
                let (status, undone) = owner.delete(&format!("/api/v1/customer-merges/{id}")).await;
                assert!(matches!(status, 200 | 409), "{undone}");
            }
        });
        let owner = app.as_owner().await;
        tasks.spawn(async move {
            let name = ["a", "b", "c", "d"][at % 4];
            let raw = mail(&format!("{name}@post.example"), &format!("{name}{at}@id"), "More", "", &format!("{at}"));
            let raw = raw.replace('\n', "\r\n");
            let (status, _) = owner.post_bytes(&format!("/api/v1/inbound/{inbox}/raw"), "message/rfc822", raw).await;
            assert_eq!(status, 202);
        });
    }
    tasks.join_all().await;
    let all = async || tickets(&owner, "shelf=all&limit=100").await;
    for _ in 0..200 {
        if all().await.len() == 16 {
            break;
        }
        // Whoever met somebody else tries again.
        app.clock.forward(base::MINUTE);
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert_eq!(all().await.len(), 16, "no mail is lost");
    let lost = "SELECT t.id FROM tickets t JOIN customers c ON c.id = t.customer WHERE c.merged_into IS NOT NULL
        UNION ALL SELECT m.id FROM messages m JOIN identities i ON i.id = m.identity WHERE i.customer <> m.author
        UNION ALL SELECT i.id FROM identities i JOIN customers c ON c.id = i.customer WHERE c.merged_into IS NOT NULL
        UNION ALL SELECT m.id FROM messages m JOIN tickets t ON t.id = m.ticket WHERE m.customer IS NULL OR m.customer <>
            CASE WHEN m.author_kind = 'customer' THEN m.author ELSE t.customer END";
    assert_eq!(app.app.db().all(lost, base::args![]).await.unwrap().len(), 0);
});

/// The ids of a customer's identities with these addresses.
async fn ids_of(app: &TestApp, customer: i64, wanted: &[&str]) -> Vec<i64> {
    let card = card(app, customer).await;
    let all = card["identities"].as_array().unwrap().clone();
    let wanted = all.iter().filter(|identity| wanted.contains(&identity["value"].as_str().unwrap()));
    wanted.map(|identity| identity["id"].as_i64().unwrap()).collect()
}

story!(one_customer_who_is_two_comes_apart_with_what_each_has_written, |app| async move {
    let inbox = inbox(&app).await;
    let (jo, of_jo) = writes(&app, inbox, "Jo <jo@post.example>", "j1@id", "Cc: kim@post.example\n").await;
    let (kim, of_kim) = writes(&app, inbox, "Kim Lie <kim@post.example>", "k1@id", "").await;
    let (_, both) = writes(&app, inbox, "Kim Lie <kim@post.example>", "k2@id", "References: <j1@id>\n").await;
    assert_eq!(both, of_jo, "whoever is named may answer");
    order(&app, jo, "FV-1").await;
    let merge = merge(&app, kim, jo).await;
    let body =
        json!({ "subject": "Your parcel", "to": { "email": "kim@post.example" }, "text": "Here.", "inbox": inbox });
    let ours = app.post("/api/v1/tickets", body).await.1["id"].as_i64().unwrap();
    answer(&app, ours, "It is at your door.").await;
    let sent = messages(&app, ours).await;
    let to: Vec<_> = sent.iter().map(|message| message["to"][0]["value"].as_str().unwrap()).collect();
    assert_eq!(to, ["kim@post.example"; 2], "of two addresses the one that was named");
    let path = format!("/api/v1/customers/{jo}/split");
    let kims = ids_of(&app, jo, &["kim@post.example"]).await;
    let all = ids_of(&app, jo, &["kim@post.example", "jo@post.example"]).await;
    for wrong in [json!([]), json!(all), json!([4711])] {
        let (status, problem) = app.post(&path, json!({ "identities": wrong })).await;
        assert_eq!((status, &problem["errors"][0]["field"]), (422, &json!("identities")), "{problem}");
    }
    assert_eq!(app.as_role("viewer").await.post(&path, json!({ "identities": kims })).await.0, 403);

    let (status, split) = app.post(&path, json!({ "identities": kims })).await;
    assert_eq!((status, &split["customer"]["name"]), (201, &json!("Kim Lie")), "{split}");
    app.tick().await;
    let new = split["customer"]["id"].as_i64().unwrap();
    assert_eq!((theirs(&app, new).await, theirs(&app, jo).await), (vec![of_kim, ours], vec![of_jo]));
    assert_eq!((authors(&app, of_jo).await, authors(&app, of_kim).await), (vec![jo, new], vec![new]));
    let (one, other) = (card(&app, jo).await, card(&app, new).await);
    assert_eq!((addresses(&one), addresses(&other)), (vec!["jo@post.example"], vec!["kim@post.example"]));
    assert_eq!((numbers(&one), numbers(&other).len()), (vec!["FV-1"], 0));
    let (_, found) = app.get("/api/v1/search?kind=customer&q=kim").await;
    assert_eq!((found["data"].as_array().unwrap().len(), &found["data"][0]["id"]), (1, &json!(new)), "{found}");
    let (_, splits) = app.get(&format!("/api/v1/customers/{jo}/splits")).await;
    assert_eq!((&splits["data"][0]["id"], &splits["data"][0]["customer"]), (&split["id"], &json!(new)), "{splits}");
    assert_eq!(undo(&app, merge).await.0, 409, "the split stands on top of the merge");

    let (known, later) = writes(&app, inbox, "kim@post.example", "k3@id", "").await;
    assert_eq!(known, new);
    app.patch(&format!("/api/v1/customers/{new}"), json!({ "note": "Lives next door" })).await;
    let undo_split = format!("/api/v1/customer-splits/{}", split["id"]);
    let (status, back) = app.delete(&undo_split).await;
    assert_eq!((status, &back["id"], &back["note"]), (200, &json!(jo), &json!("Lives next door")), "{back}");
    app.tick().await;
    assert_eq!(theirs(&app, jo).await, [of_jo, of_kim, ours, later]);
    assert_eq!((theirs(&app, new).await, authors(&app, of_jo).await), (theirs(&app, jo).await, vec![jo, jo]));
    assert_eq!(card(&app, new).await["merged_into"], json!(jo));
    assert_eq!(app.delete(&undo_split).await.0, 409);
    assert_eq!(undo(&app, merge).await.0, 200);
    assert_eq!((theirs(&app, jo).await, theirs(&app, kim).await), (vec![of_jo], vec![of_kim, ours, later]));
    assert_eq!(authors(&app, of_jo).await, [jo, kim]);
});

story!(whoever_was_called_by_an_address_that_leaves_is_called_by_another, |app| async move {
    let inbox = inbox(&app).await;
    let (one, _) = writes(&app, inbox, "one@post.example", "a@id", "").await;
    let (two, _) = writes(&app, inbox, "two@post.example", "b@id", "").await;
    merge(&app, two, one).await;
    let leaving = ids_of(&app, one, &["one@post.example"]).await;
    let path = format!("/api/v1/customers/{one}/split");
    let (status, split) = app.post(&path, json!({ "identities": leaving, "name": " Una " })).await;
    assert_eq!((status, &split["customer"]["name"]), (201, &json!("Una")), "{split}");
    assert_eq!(card(&app, one).await["name"], "two@post.example");
    let new = split["customer"]["id"].as_i64().unwrap();
    let (third, _) = writes(&app, inbox, "three@post.example", "c@id", "").await;
    let on_top = merge(&app, third, new).await;
    let undo_split = format!("/api/v1/customer-splits/{}", split["id"]);
    assert_eq!(app.delete(&undo_split).await.0, 409, "somebody was merged into the new one");
    assert_eq!(undo(&app, on_top).await.0, 200);
    assert_eq!(app.delete(&undo_split).await.0, 200);
    assert_eq!(card(&app, one).await["name"], "one@post.example");
});

/// Who is suggested to be the same as this customer: id and reasons.
async fn suggested(app: &TestApp, customer: i64) -> Vec<(i64, Vec<String>)> {
    let (status, list) = app.get(&format!("/api/v1/customers/{customer}/suggestions")).await;
    assert_eq!(status, 200, "{list}");
    let one = |found: &Value| {
        assert!((1..100).contains(&found["score"].as_i64().unwrap()), "{found}");
        let reasons = found["reasons"].as_array().unwrap().iter().map(|reason| reason.as_str().unwrap().to_owned());
        (found["customer"]["id"].as_i64().unwrap(), reasons.collect())
    };
    list["data"].as_array().unwrap().iter().map(one).collect()
}

async fn known(app: &TestApp, kind: &str, value: &str, name: Option<&str>) -> i64 {
    let mut tx = app.app.begin(Actor::System).await.unwrap();
    let one = customers::find_or_create(&mut tx, kind, value, name, None, false, "shop").await.unwrap();
    tx.commit().await.unwrap();
    one.id.0
}

story!(whoever_may_be_the_same_is_suggested_with_reasons_and_linked_by_nobody, |app| async move {
    let inbox = inbox(&app).await;
    let (jo, _) = writes(&app, inbox, "Jo Brandt <jo.brandt@post.example>", "where is fv-20418", "").await;
    let buyer = known(&app, "email", "office@shop.example", None).await;
    order(&app, buyer, "FV-20418").await;
    let dots = known(&app, "email", "jobrandt+sale@post.example", None).await;
    let namesake = known(&app, "email", "jo@elsewhere.example", Some("Jo  BRANDT")).await;
    known(&app, "email", "stranger@post.example", Some("Anna Jo Brandt")).await;
    let why = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    assert_eq!(
        suggested(&app, jo).await,
        [(dots, why(&["similar_address"])), (buyer, why(&["same_order"])), (namesake, why(&["same_name"]))]
    );
    assert_eq!(suggested(&app, dots).await, [(jo, why(&["similar_address"]))]);
    let (one, two) =
        (known(&app, "phone", "+49 40 118 7700", None).await, known(&app, "phone", "040 118 7700", None).await);
    assert_eq!(suggested(&app, one).await, [(two, why(&["same_phone"]))]);
    assert_eq!(card(&app, jo).await["identities"].as_array().unwrap().len(), 1, "nobody is linked by a suggestion");
    for number in 0..6 {
        known(&app, "email", &format!("{number}@many.example"), Some("Kim Lie")).await;
    }
    let kim = known(&app, "email", "kim@many.example", Some("Kim Lie")).await;
    assert_eq!(suggested(&app, kim).await, [], "a name that many have says nothing");
    assert_eq!(app.get("/api/v1/customers/4711/suggestions").await.0, 404);
});

story!(not_the_same_sticks_both_ways_until_it_is_taken_back, |app| async move {
    let one = known(&app, "email", "jo.brandt@post.example", None).await;
    let two = known(&app, "email", "jobrandt@post.example", None).await;
    let third = known(&app, "email", "third@post.example", None).await;
    let path = format!("/api/v1/customers/{two}/suggestions/{one}/dismiss");
    assert_eq!(app.as_role("viewer").await.post(&path, json!({})).await.0, 403);
    for _ in 0..2 {
        assert_eq!(app.post(&path, json!({})).await.0, 204);
    }
    assert_eq!((suggested(&app, one).await.len(), suggested(&app, two).await.len()), (0, 0));
    let merge = merge(&app, two, third).await;
    assert_eq!(
        (suggested(&app, one).await.len(), suggested(&app, third).await.len()),
        (0, 0),
        "also for who stands for them"
    );
    assert_eq!(undo(&app, merge).await.0, 200);
    assert_eq!(suggested(&app, one).await.len(), 0);
    let back = format!("/api/v1/customers/{one}/suggestions/{two}/dismiss");
    assert_eq!(app.delete(&back).await.0, 204);
    assert_eq!((suggested(&app, one).await[0].0, suggested(&app, two).await[0].0), (two, one));
    for (path, status) in [
        (format!("{one}/suggestions/{one}"), 422),
        (format!("{one}/suggestions/4711"), 404),
        (format!("{one}/suggestions/x"), 404),
    ] {
        assert_eq!(app.post(&format!("/api/v1/customers/{path}/dismiss"), json!({})).await.0, status, "{path}");
    }
    let (_, log) = app.get("/api/v1/events?after=0&limit=200").await;
    let told: Vec<_> =
        log["data"].as_array().unwrap().iter().filter(|event| event["kind"] == "customer.told_apart").collect();
    assert_eq!((told.len(), &told[0]["data"]["apart"], &told[1]["data"]["apart"]), (2, &json!(true), &json!(false)));
});
