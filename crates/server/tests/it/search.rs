//! Finding things: as agents type, in a hurry, with one hand.

use base::DAY;
use serde_json::{Value, json};

use crate::{
    harness::TestApp,
    mails::{bring, inbox, mail},
};

/// What is found, as `kind: title`, best first.
async fn found(app: &TestApp, query: &str) -> Vec<String> {
    let hits = hits(app, query).await;
    hits.iter().map(|hit| format!("{}: {}", hit["kind"].as_str().unwrap(), hit["title"].as_str().unwrap())).collect()
}

async fn hits(app: &TestApp, query: &str) -> Vec<Value> {
    let owner = app.as_owner().await;
    let mut address = reqwest::Url::parse("http://x/api/v1/search").unwrap();
    let (q, more) = query.split_once('&').unwrap_or((query, ""));
    address.query_pairs_mut().append_pair("q", q);
    let more = if more.is_empty() { String::new() } else { format!("&{more}") };
    let (status, body) = owner.get(&format!("/api/v1/search?{}{more}", address.query().unwrap())).await;
    assert_eq!(status, 200, "{body}");
    body["data"].as_array().unwrap().clone()
}

/// Three shoppers write.
async fn shoppers(app: &TestApp) {
    let inbox = inbox(app).await;
    let kari = mail(
        "Kari Nordmann <kari@fjord.example>",
        "1@fjord",
        "Tent arrived torn",
        "",
        "Hello, the tent FV-20418 has a hole near the zipper. I would like a refund, please. Greetings, Kari",
    );
    let jorg = mail(
        "=?utf-8?q?J=C3=B6rg_M=C3=BCller?= <joerg@berg.example>",
        "2@berg",
        "Schlafsack =?utf-8?q?zur=C3=BCckgeben?=",
        "",
        "Guten Tag, ich möchte den Schlafsack zurückgeben. Der Reißverschluss klemmt. Grüße",
    );
    let spam = mail("Win <win@lottery.example>", "3@lottery", "Refund of your taxes", "", "Claim your refund today");
    for raw in [kari, jorg, spam] {
        bring(app, inbox, &raw).await;
        app.clock.forward(DAY);
    }
}

story!(words_are_found_wherever_they_stand, |app| async move {
    shoppers(&app).await;
    assert_eq!(found(&app, "torn").await, ["ticket: Tent arrived torn"]);
    assert_eq!(found(&app, "zipper").await, ["message: Tent arrived torn"]);
    assert_eq!(found(&app, "nordmann").await[0], "customer: Kari Nordmann");
    assert_eq!(found(&app, "zipper hole").await, ["message: Tent arrived torn"], "in any order");
    assert!(found(&app, "zipper banana").await.is_empty(), "every word counts");
    let hit = &hits(&app, "zipper").await[0];
    assert!(hit["snippet"].as_str().unwrap().contains("near the <mark>zipper</mark>."), "{hit}");
    assert_eq!(hit["number"], hit["ticket"]);
    assert!(hits(&app, "torn").await[0]["snippet"].as_str().unwrap().contains("<mark>torn</mark>"));
});

story!(the_last_word_may_be_unfinished, |app| async move {
    shoppers(&app).await;
    assert_eq!(found(&app, "arrived tor").await, ["ticket: Tent arrived torn"]);
    assert_eq!(found(&app, "zip").await, ["message: Tent arrived torn"]);
    assert_eq!(found(&app, "nordm").await[0], "customer: Kari Nordmann");
    assert!(found(&app, "zip hole").await.is_empty(), "only the last one");
    assert_eq!(found(&app, "\"a hole near\"").await, ["message: Tent arrived torn"]);
    assert!(found(&app, "\"hole a near\"").await.is_empty());
});

story!(accents_and_case_do_not_matter, |app| async move {
    shoppers(&app).await;
    for typed in ["zurückgeben", "zuruckgeben", "ZURÜCKGEBEN", "reissverschluss schlafsack", "Reißverschluß"] {
        assert!(
            found(&app, typed).await.contains(&"message: Schlafsack zurückgeben".to_owned())
                || found(&app, typed).await.contains(&"ticket: Schlafsack zurückgeben".to_owned()),
            "{typed}"
        );
    }
    assert_eq!(found(&app, "jorg muller").await[0], "customer: Jörg Müller");
});

story!(typing_errors_are_forgiven, |app| async move {
    shoppers(&app).await;
    assert!(found(&app, "zpiper").await.contains(&"message: Tent arrived torn".into()), "two letters swapped");
    assert!(found(&app, "ziper").await.contains(&"message: Tent arrived torn".into()), "one forgotten");
    assert!(found(&app, "nordman").await.contains(&"customer: Kari Nordmann".into()));
    assert!(found(&app, "schlafsak").await.contains(&"ticket: Schlafsack zurückgeben".into()));
    assert!(
        found(&app, "shlaffsack").await.contains(&"ticket: Schlafsack zurückgeben".into()),
        "two errors in a long word"
    );
    assert!(found(&app, "arrivd tornn").await.contains(&"ticket: Tent arrived torn".into()));
    let hit = &hits(&app, "zpiper").await[0];
    assert!(hit["snippet"].as_str().unwrap().contains("<mark>zipper</mark>"), "{hit}");
    assert!(found(&app, "helicopter").await.is_empty());
});

story!(a_number_or_an_address_is_found_first, |app| async move {
    shoppers(&app).await;
    let number = hits(&app, "torn").await[0]["number"].as_i64().unwrap();
    assert_eq!(found(&app, &format!("#{number}")).await[0], "ticket: Tent arrived torn");
    assert_eq!(found(&app, &number.to_string()).await[0], "ticket: Tent arrived torn");
    assert_eq!(found(&app, "Kari@Fjord.example").await[..2], ["customer: Kari Nordmann", "ticket: Tent arrived torn"]);
    assert_eq!(found(&app, "berg.example").await[0], "customer: Jörg Müller", "also by a part of it");
    assert_eq!(found(&app, "FV-20418").await, ["message: Tent arrived torn"]);
    assert_eq!(found(&app, "fv-204").await, ["message: Tent arrived torn"]);
    assert!(found(&app, "#999999").await.is_empty());
});

story!(spam_is_found_only_when_asked_for, |app| async move {
    shoppers(&app).await;
    let spam = hits(&app, "lottery&kind=customer").await;
    assert_eq!(spam.len(), 1, "the sender is known");
    let ticket = hits(&app, "taxes").await[0]["id"].as_i64().unwrap();
    app.patch(&format!("/api/v1/tickets/{ticket}"), json!({ "spam": true })).await;
    app.tick().await;
    assert!(found(&app, "taxes").await.is_empty());
    assert_eq!(found(&app, "refund").await, ["message: Tent arrived torn"]);
    assert_eq!(found(&app, "taxes&spam=true").await, ["ticket: Refund of your taxes"]);
    assert_eq!(found(&app, &format!("#{ticket}")).await[0], "ticket: Refund of your taxes", "asked for by its number");
});

story!(a_merged_tickets_messages_are_found_in_its_survivor, |app| async move {
    shoppers(&app).await;
    let torn = hits(&app, "torn").await[0]["id"].as_i64().unwrap();
    let taxes = hits(&app, "taxes").await[0]["id"].as_i64().unwrap();
    let (status, answer) = app.post(&format!("/api/v1/tickets/{taxes}/merge"), json!({ "into": torn })).await;
    assert!(status < 300, "{answer}");
    app.tick().await;
    assert!(found(&app, "taxes").await.is_empty());
    let claim = &hits(&app, "claim").await[0];
    assert_eq!((claim["ticket"].as_i64(), claim["title"].as_str()), (Some(torn), Some("Tent arrived torn")));
});

story!(what_changes_is_found_as_it_is_now, |app| async move {
    shoppers(&app).await;
    let id = hits(&app, "torn").await[0]["id"].as_i64().unwrap();
    let path = format!("/api/v1/tickets/{id}");
    app.patch(&path, json!({ "subject": "Zelt mit Loch", "tags": ["warranty"] })).await;
    app.tick().await;
    assert!(found(&app, "torn&kind=ticket").await.is_empty());
    assert_eq!(found(&app, "zelt").await, ["ticket: Zelt mit Loch"]);
    assert_eq!(found(&app, "warranty").await, ["ticket: Zelt mit Loch"]);
    let note = json!({ "direction": "note", "text": "The hedgehog department knows" });
    app.post(&format!("{path}/messages"), note).await;
    let answer = json!({ "direction": "out", "text": "We send you a marmalade jar" });
    let (_, answer) = app.post(&format!("{path}/messages"), answer).await;
    app.tick().await;
    assert_eq!(found(&app, "hedgehog").await, ["message: Zelt mit Loch"]);
    assert_eq!(found(&app, "marmalade").await, ["message: Zelt mit Loch"]);
    app.delete(&format!("/api/v1/messages/{}", answer["id"])).await;
    app.tick().await;
    assert!(found(&app, "marmalade").await.is_empty(), "it was taken back");
});

story!(whatever_is_typed_is_harmless, |app| async move {
    shoppers(&app).await;
    for typed in [
        "",
        " ",
        "\"",
        "\"\"",
        "*",
        "a*",
        "NEAR(",
        "AND OR NOT",
        "words:tent",
        "-tent",
        "^tent",
        "tent' OR 1=1 --",
        "& | ! <->",
        "tent:*",
        "'tent'",
        "\\",
        "%",
        "_",
        "\u{0}",
        "🙂",
        "<script>alert(1)</script>",
        "((((((((",
        "тест",
        "返品",
        "a\u{301}",
    ] {
        hits(&app, &typed.replace('&', "and")).await;
    }
    hits(&app, &"tent ".repeat(200)).await;
    let (status, body) = app.get("/api/v1/search").await;
    assert_eq!((status, body["errors"][0]["field"].as_str()), (422, Some("q")), "{body}");
    assert_eq!(app.get("/api/v1/search?q=a&kind=shoe").await.0, 422);
    assert_eq!(app.get("/api/v1/search?q=a&limit=0").await.0, 422);
    assert_eq!(app.nobody().get("/api/v1/search?q=a").await.0, 401);
});

story!(hostile_text_is_shown_as_text, |app| async move {
    let inbox = inbox(&app).await;
    let raw = mail("x@y.example", "4@y", "Odd", "", "look <img src=x onerror=alert(1)> pineapple & \"more\"");
    bring(&app, inbox, &raw).await;
    let snippet = hits(&app, "pineapple").await[0]["snippet"].as_str().unwrap().to_owned();
    assert!(snippet.contains("&lt;img src=x onerror=alert(1)&gt; <mark>pineapple</mark> &amp;"), "{snippet}");
});

story!(a_lost_index_is_made_anew, |app| async move {
    shoppers(&app).await;
    assert!(desk::search::rebuild(&app.app).await.unwrap() >= 9);
    assert_eq!(found(&app, "zipper").await, ["message: Tent arrived torn"]);
    assert!(found(&app, "nordman").await.contains(&"customer: Kari Nordmann".into()));
    for table in ["search_tickets", "search_messages", "search_customers", "search_words", "search_spellings"] {
        app.app.db().run(&format!("DROP TABLE {table}"), vec![]).await.unwrap();
    }
    desk::search::prepare(&app.app).await.unwrap();
    app.tick().await;
    assert_eq!(found(&app, "zipper").await, ["message: Tent arrived torn"]);
    assert_eq!(found(&app, "torn").await, ["ticket: Tent arrived torn"]);
});
