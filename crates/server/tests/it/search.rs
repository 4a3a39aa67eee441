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
        "\u{7f}",
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

/// How long searching takes, by the size of the desk:
/// `SHOPBELL_MESSAGES=1000000 cargo test --release -p server --test it -- --ignored --nocapture searching_stays_quick`
mod speed {
    use std::{fmt::Write, time::Duration};

    use base::{Engine, args};
    use desk::search::{self, Kind};
    use tokio::time::Instant;

    use crate::harness::{MORNING, TestApp, run};

    #[test]
    #[ignore = "measures, for minutes"]
    fn searching_stays_quick_on_sqlite() {
        run(Engine::Sqlite, |_| (), measure);
    }

    #[test]
    #[ignore = "measures, for minutes"]
    fn searching_stays_quick_on_postgres() {
        run(Engine::Postgres, |_| (), measure);
    }

    /// Words as a language has them: few common ones, many rare ones.
    struct Language {
        words: Vec<String>,
        sentences: Vec<String>,
        chance: u64,
    }

    impl Language {
        fn new() -> Self {
            let common = "the and order parcel refund please delivery hello thanks shipping size return invoice broken";
            let mut words: Vec<String> = common.split(' ').map(str::to_owned).collect();
            let syllables =
                ["ka", "lo", "mi", "re", "ta", "su", "ne", "vo", "di", "pa", "fe", "gu", "ho", "ri", "en", "al"];
            let mut language = Self { words: Vec::new(), sentences: Vec::new(), chance: 7 };
            while words.len() < 60_000 {
                let parts = 2 + language.below(4);
                words.push((0..parts).map(|_| syllables[language.below(syllables.len())]).collect());
            }
            language.words = words;
            language.sentences = (0..50_000).map(|_| language.some(12)).collect();
            language
        }

        fn below(&mut self, most: usize) -> usize {
            self.chance = self.chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            usize::try_from(self.chance >> 33).unwrap() % most
        }

        /// Zipf's law: the chance of a word is one by its rank.
        fn some(&mut self, count: usize) -> String {
            let mut text = String::new();
            for _ in 0..count {
                #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss)]
                let rank = (60_000_f64.powf(self.below(1_000_000) as f64 / 1e6) - 1.0) as usize;
                let _ = write!(text, "{} ", self.words[rank]);
            }
            text
        }

        fn text(&mut self) -> String {
            let which: Vec<usize> = (0..5).map(|_| self.below(50_000)).collect();
            which.into_iter().map(|at| self.sentences[at].as_str()).collect()
        }
    }

    async fn fill(app: &TestApp, language: &mut Language, messages: usize) {
        let (tickets, customers) = (messages / 10, messages / 20);
        let row = |language: &mut Language, kind: Kind, id: usize| {
            let at = MORNING + i64::try_from(id).unwrap();
            let (first, last) = (language.below(60_000), language.below(60_000));
            let name = format!("{} {}", language.words[first], language.words[last]);
            match kind {
                Kind::Customer => (format!("({id}, $T, {at}, {at})"), name),
                Kind::Ticket => (
                    format!(
                        "({id}, 1, $T, 'open', 'open', 'normal', '[]', {}, 'email', '[]', {at}, {at}, {at})",
                        id % customers + 1
                    ),
                    language.some(5),
                ),
                Kind::Message => (
                    format!(
                        "({}, 'email', 'in', 'customer', '', '{{}}', $T, '[]', {at})",
                        id * tickets / (messages + 1) + 1
                    ),
                    language.text(),
                ),
            }
        };
        for (kind, count, into) in [
            (Kind::Customer, customers, "customers (id, name, created_at, updated_at)"),
            (
                Kind::Ticket,
                tickets,
                "tickets (id, shop, subject, status, shelf, priority, tags, customer, channel, channels, last_message_at,
                    created_at, updated_at)",
            ),
            (
                Kind::Message,
                messages,
                "messages (ticket, channel, direction, author_kind, author_name, parties, text, mentions, created_at)",
            ),
        ] {
            for first in (1..=count).step_by(500) {
                let (mut rows, mut texts) = (Vec::new(), args![]);
                for id in first..(first + 500).min(count + 1) {
                    let (row, text) = row(language, kind, id);
                    texts.extend(args![text]);
                    rows.push(row.replace("$T", &format!("${}", texts.len())));
                }
                let sql = format!("INSERT INTO {into} VALUES {}", rows.join(", "));
                app.app.db().run(&sql, texts).await.unwrap();
            }
        }
    }

    async fn measure(app: TestApp) {
        let messages: usize = std::env::var("SHOPBELL_MESSAGES").ok().map_or(20_000, |text| text.parse().unwrap());
        app.as_owner().await;
        let mut language = Language::new();
        fill(&app, &mut language, messages).await;
        let started = Instant::now();
        let things = search::rebuild(&app.app).await.unwrap();
        let took = started.elapsed();
        eprintln!(
            "{messages} messages: {things} things indexed in {took:?}, {:?} each",
            took / u32::try_from(things).unwrap()
        );
        let mut all = Vec::new();
        for (class, ranks) in [("common", 0..14), ("often", 50..300), ("seldom", 1000..5000), ("rare", 20_000..60_000)]
        {
            let mut chance = Language { words: Vec::new(), sentences: Vec::new(), chance: language.chance };
            let mut word = || language.words[ranks.start + chance.below(ranks.len())].clone();
            let mut fifteen = |shape: &dyn Fn(String, String) -> String| -> Vec<String> {
                (0..15).map(|_| shape(word(), word())).collect()
            };
            let typed = [
                ("one word", fifteen(&|one, _| one)),
                ("two words", fifteen(&|one, two| format!("{one} {two}"))),
                ("three letters", fifteen(&|one, _| one.chars().take(3).collect())),
                ("five letters", fifteen(&|one, _| one.chars().take(5).collect())),
                ("mistyped", fifteen(&|one, _| one.replacen('e', "ee", 1).replacen('a', "", 1))),
                ("a phrase", fifteen(&|one, two| format!("\"{one} {two}\""))),
            ];
            for (shape, typed) in typed {
                let mut times = Vec::new();
                for typed in typed {
                    let started = Instant::now();
                    search::find(&app.app, &typed, Kind::ALL, false, 20).await.unwrap();
                    times.push(started.elapsed());
                }
                times.sort();
                eprintln!("  {class:7} {shape:14} p50 {:6.2} ms, worst {:6.2} ms", ms(times[7]), ms(times[14]));
                all.extend(times);
            }
        }
        all.sort();
        let at = |part: usize| ms(all[all.len() * part / 100]);
        eprintln!("  all: p50 {:.2} ms, p90 {:.2} ms, p99 {:.2} ms", at(50), at(90), at(99));
    }

    fn ms(time: Duration) -> f64 {
        time.as_secs_f64() * 1000.0
    }
}
