//! Canned answers: kept by leads for everybody and by everybody for themselves, found while typing, filled in for a ticket.

use serde_json::{Value, json};

use crate::{
    chats::{Visitor, widget},
    client::Client,
    harness::TestApp,
    mails::{bring, inbox, mail, only_ticket, tickets},
};

const ANSWERS: &str = "/api/v1/canned-answers";

async fn keep(client: &Client, body: Value) -> Value {
    let (status, answer) = client.post(ANSWERS, body).await;
    assert_eq!(status, 201, "{answer}");
    answer
}

async fn found(client: &Client, query: &str) -> Vec<String> {
    let (status, page) = client.get(&format!("{ANSWERS}?{query}")).await;
    assert_eq!(status, 200, "{page}");
    page["data"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap().to_owned()).collect()
}

fn path(answer: &Value) -> String {
    format!("{ANSWERS}/{}", answer["id"])
}

async fn take(client: &Client, answer: &Value, ticket: &Value) -> Value {
    let (status, filled) = client.post(&format!("{}/uses", path(answer)), json!({ "ticket": ticket["id"] })).await;
    assert_eq!(status, 201, "{filled}");
    filled
}

async fn asked(app: &TestApp, from: &str) -> Value {
    let inbox = inbox(app).await;
    bring(app, inbox, &mail(from, "a1@id", "Tent", "", "Where is it?")).await;
    only_ticket(app).await
}

story!(an_answer_is_filled_in_for_its_ticket_and_counted, |app| async move {
    let ticket = asked(&app, "Johanna Brandt <jo@post.example>").await;
    let lead = app.as_role("lead").await;
    let html = "<p>Hi {{customer.first_name}}, it is #{{ ticket.number }}.</p><p>{{agent.name}}, {{shop.name}}</p>";
    let body = json!({ "name": "Parcel", "shortcut": "/Parcel", "html": format!("{html}<script>x</script>") });
    let answer = keep(&lead, body).await;
    assert_eq!((&answer["shortcut"], &answer["used"], &answer["html"]), (&json!("parcel"), &json!(0), &json!(html)));
    let agent = app.as_role("agent").await;
    let (_, me) = agent.patch("/api/v1/me", json!({})).await;
    let filled = take(&agent, &answer, &ticket).await;
    let (number, name) = (&ticket["number"], me["name"].as_str().unwrap());
    let expected = format!("<p>Hi Johanna, it is #{number}.</p><p>{name}, Fjellvik</p>");
    assert_eq!(filled, json!({ "html": expected, "missing": [] }));
    let (_, now) = agent.get(&path(&answer)).await;
    assert_eq!((&now["used"], &now["used_at"]), (&json!(1), &json!("2026-03-02T09:00:00.000Z")));
    assert_eq!(
        app.as_role("viewer").await.post(&format!("{}/uses", path(&answer)), json!({ "ticket": 1 })).await.0,
        403
    );
    let (status, wrong) = agent.post(&format!("{}/uses", path(&answer)), json!({ "ticket": 999 })).await;
    assert_eq!((status, &wrong["errors"][0]["field"]), (422, &json!("ticket")));
});

story!(what_nobody_knows_stays_to_be_seen, |app| async move {
    Visitor::begin(&app, widget(&app).await).await.say("1", "Hello").await;
    app.tick().await;
    let ticket = only_ticket(&app).await;
    let owner = app.as_owner().await;
    let answer = keep(&owner, json!({ "name": "Hi", "shortcut": "hi", "text": "Hi {{customer.first_name}}!" })).await;
    let filled = take(&owner, &answer, &ticket).await;
    assert_eq!(filled["missing"], json!(["customer.first_name"]));
    assert!(filled["html"].as_str().unwrap().contains("Hi {{customer.first_name}}!"), "{filled}");
    let new = json!({ "name": "X", "shortcut": "x", "text": "Hi {{customer.nmae}}" });
    let (status, wrong) = owner.post(ANSWERS, new).await;
    assert_eq!((status, &wrong["errors"][0]["field"]), (422, &json!("text")), "{wrong}");
});

story!(the_ones_own_are_nobody_elses_and_the_shared_ones_are_the_leads, |app| async move {
    let (owner, lead, agent) = (app.as_owner().await, app.as_role("lead").await, app.as_role("agent").await);
    let mine = keep(&agent, json!({ "name": "Mine", "shortcut": "m", "text": "x", "personal": true })).await;
    let shared = json!({ "name": "Shared", "shortcut": "m", "text": "x" });
    let (status, refused) = agent.post(ANSWERS, shared.clone()).await;
    assert_eq!(status, 403, "{refused}");
    let shared = keep(&lead, shared).await;
    assert_eq!(found(&agent, "").await.len(), 2);
    assert_eq!(found(&owner, "").await, ["Shared"]);
    for other in [&owner, &lead] {
        assert_eq!(other.get(&path(&mine)).await.0, 404);
        assert_eq!(other.patch(&path(&mine), json!({ "name": "Ha" })).await.0, 404);
        assert_eq!(other.delete(&path(&mine)).await.0, 404);
        assert_eq!(other.post(&format!("{}/uses", path(&mine)), json!({ "ticket": 1 })).await.0, 404);
    }
    for change in [json!({ "name": "Ha" }), json!({ "personal": true })] {
        assert_eq!(agent.patch(&path(&shared), change).await.0, 403);
    }
    assert_eq!(agent.patch(&path(&mine), json!({ "personal": false })).await.0, 403);
    assert_eq!(agent.delete(&path(&shared)).await.0, 403);
    let (status, changed) = agent.patch(&path(&mine), json!({ "text": "y", "language": "de-AT" })).await;
    assert_eq!((status, &changed["text"], &changed["language"]), (200, &json!("y"), &json!("de-AT")), "{changed}");
    assert_eq!(owner.patch(&path(&shared), json!({ "name": "Ours" })).await.1["name"], "Ours");
    assert_eq!(agent.delete(&path(&mine)).await.0, 204);
    let viewer = app.as_role("viewer").await;
    assert_eq!(found(&viewer, "").await, ["Ours"]);
    assert_eq!(
        viewer.post(ANSWERS, json!({ "name": "V", "shortcut": "v", "text": "x", "personal": true })).await.0,
        403
    );
    // The log tells of what is shared, and nothing of what is one's own.
    let (_, events) = owner.get("/api/v1/events?limit=200").await;
    let told = events["data"].as_array().unwrap().iter();
    let told: Vec<_> = told.filter(|one| one["kind"].as_str().unwrap().starts_with("canned_answer.")).collect();
    let names: Vec<_> = told.iter().map(|one| &one["data"]["name"]).filter(|name| !name.is_null()).collect();
    assert_eq!((told.len(), names), (5, vec![&json!("Shared")]));
    assert_eq!(told[3]["data"]["changes"], json!({ "name": { "from": "Shared", "to": "Ours" } }), "{told:?}");
});

story!(a_teams_answers_are_seen_by_the_team_and_by_leads, |app| async move {
    let (owner, agent) = (app.as_owner().await, app.as_role("agent").await);
    let (_, team) = owner.post("/api/v1/teams", json!({ "name": "Returns" })).await;
    let body = json!({ "name": "Label", "shortcut": "label", "text": "x", "team": team["id"] });
    let answer = keep(&owner, body.clone()).await;
    assert!(found(&agent, "").await.is_empty());
    assert_eq!(agent.get(&path(&answer)).await.0, 404);
    let (_, me) = agent.patch("/api/v1/me", json!({})).await;
    owner.patch(&format!("/api/v1/teams/{}", team["id"]), json!({ "members": [me["id"]] })).await;
    assert_eq!(found(&agent, "q=lab").await, ["Label"]);
    let own = json!({ "name": "Own", "shortcut": "o", "text": "x", "team": team["id"], "personal": true });
    let (status, wrong) = agent.post(ANSWERS, own).await;
    assert_eq!((status, &wrong["errors"][0]["field"]), (422, &json!("team")));
    let (status, wrong) = owner.post(ANSWERS, json!({ "name": "N", "shortcut": "n", "text": "x", "team": 999 })).await;
    assert_eq!((status, &wrong["errors"][0]["field"]), (422, &json!("team")));
    assert_eq!(owner.delete(&format!("/api/v1/teams/{}", team["id"])).await.0, 204);
    app.tick().await;
    assert_eq!(owner.get(&path(&answer)).await.1["team"], Value::Null, "its answers are everybody's now");
});

story!(what_fits_best_comes_first_and_pages_go_on, |app| async move {
    let owner = app.as_owner().await;
    for (name, shortcut, text, language) in [
        ("Rückgabe", "back", "So geht eine Rückgabe", Some("de")),
        ("Back in stock", "stock", "It is there again", Some("en")),
        ("It comes back", "again", "Soon", None),
        ("Nothing of it", "none", "We write back", Some("en")),
        ("Backpacks", "pack", "They are blue", Some("en-GB")),
    ] {
        keep(&owner, json!({ "name": name, "shortcut": shortcut, "text": text, "language": language })).await;
    }
    assert_eq!(
        found(&owner, "q=BACK").await,
        ["Rückgabe", "Back in stock", "Backpacks", "It comes back", "Nothing of it"]
    );
    let english = ["Back in stock", "Backpacks", "Nothing of it", "It comes back", "Rückgabe"];
    assert_eq!(found(&owner, "q=back&language=en").await, english);
    assert_eq!(found(&owner, "q=ruck").await, ["Rückgabe"], "without accents");
    assert_eq!(found(&owner, "q=ack").await, Vec::<String>::new(), "words are found by their beginnings");
    assert_eq!(found(&owner, "q=comes%20ba").await, ["It comes back"]);
    let (mut paged, mut after) = (Vec::new(), String::new());
    loop {
        let (_, page) = owner.get(&format!("{ANSWERS}?q=back&language=en&limit=2{after}")).await;
        paged.extend(page["data"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap().to_owned()));
        let Some(next) = page["next"].as_str() else { break };
        after = format!("&after={next}");
    }
    assert_eq!(paged, english);
    for (query, field) in
        [("language=English", "language"), ("limit=0", "limit"), ("after=x", "after"), ("colour=red", "colour")]
    {
        let (status, wrong) = owner.get(&format!("{ANSWERS}?{query}")).await;
        assert_eq!((status, &wrong["errors"][0]["field"]), (422, &json!(field)), "{wrong}");
    }
});

story!(an_answer_that_cannot_be_is_refused_by_name, |app| async move {
    let owner = app.as_owner().await;
    keep(&owner, json!({ "name": "A", "shortcut": "taken", "text": "x", "language": "en" })).await;
    let other = keep(&owner, json!({ "name": "B", "shortcut": "taken", "text": "x", "language": "de" })).await;
    for (wrong, field) in [
        (json!({ "name": " ", "shortcut": "x", "text": "x" }), "name"),
        (json!({ "name": "A", "shortcut": "two words", "text": "x" }), "shortcut"),
        (json!({ "name": "A", "shortcut": "TAKEN", "text": "x", "language": "en" }), "shortcut"),
        (json!({ "name": "A", "shortcut": "x" }), "html"),
        (json!({ "name": "A", "shortcut": "x", "html": "<p></p>" }), "html"),
        (json!({ "name": "A", "shortcut": "x", "text": "x".repeat(20_001) }), "text"),
        (json!({ "name": "A", "shortcut": "x", "text": "x", "language": "English" }), "language"),
        (json!({ "name": "A", "shortcut": "x", "text": "x", "shop": 999 }), "shop"),
        (json!({ "name": "A", "shortcut": "x", "text": "x", "used": 7 }), "used"),
    ] {
        let (status, problem) = owner.post(ANSWERS, wrong).await;
        assert_eq!((status, problem["errors"][0]["field"].as_str()), (422, Some(field)), "{problem}");
    }
    let (status, problem) = owner.patch(&path(&other), json!({ "language": "en" })).await;
    assert_eq!((status, &problem["errors"][0]["field"]), (422, &json!("shortcut")), "{problem}");
    assert_eq!(found(&owner, "").await.len(), 2);
    assert!(tickets(&owner, "shelf=all").await.is_empty());
    assert_eq!(app.nobody().get(ANSWERS).await.0, 401);
});
