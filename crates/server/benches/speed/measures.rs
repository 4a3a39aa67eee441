//! What is measured on one engine, on a working day's database.

use std::time::{Duration, Instant};

use serde_json::json;

use super::{
    client::{Client, Cost, at, ms},
    made::{self, Plan},
    table::Line,
    words::{self, Words},
};

/// Lists and what they are of.
pub const LISTS: [(&str, &str); 8] = [
    ("ticket list, first page", "/api/v1/tickets"),
    ("  open", "/api/v1/tickets?shelf=open"),
    ("  mine", "/api/v1/tickets?shelf=open&assignee=me"),
    ("  with a tag", "/api/v1/tickets?tag=tag1"),
    ("  with a rare tag", "/api/v1/tickets?tag=tag79"),
    ("  open and unread", "/api/v1/tickets?shelf=open&unread=true"),
    ("  unread", "/api/v1/tickets?unread=true"),
    ("  mentions of me", "/api/v1/tickets?mentions=me"),
];

pub const SEARCHES: [&str; 5] = ["a rare word", "a word in half of all", "two words", "a typing error", "an address"];

/// What is typed, another thing each time.
pub fn query(plan: Plan, search: &str, number: usize) -> String {
    let ticket = plan.tickets / 2 + i64::try_from(number * 37).unwrap() % (plan.tickets / 2);
    match search {
        "a rare word" => words::seldom(number * 101),
        "a word in half of all" => words::EVERYWHERE.into(),
        "two words" => ["broken zipper", "late parcel", "refund jacket", "order courier"][number % 4].into(),
        "a typing error" => ["refnud", "delvery", "adress", "recieved", "tracknig"][number % 5].into(),
        _ => words::address((ticket * 2 / 5).clamp(1, plan.customers())),
    }
}

fn search_path(query: &str) -> String {
    format!("/api/v1/search?q={}", query.replace(' ', "+").replace('@', "%40"))
}

pub async fn list(client: &Client, path: &str, count: usize) -> Cost {
    client.repeat(count, async |_| client.get(path).await).await
}

pub async fn search(client: &Client, plan: Plan, what: &str, count: usize) -> Cost {
    client.repeat(count, async |number| client.get(&search_path(&query(plan, what, number))).await).await
}

/// All that reads.
pub async fn reading(client: &Client, plan: Plan) -> Vec<Line> {
    let mut lines = Vec::new();
    for (what, path) in LISTS {
        lines.push(Line::of(what, &list(client, path, 300).await).within_cpu(1.0));
    }
    lines.push(Line::of("counts of all shelves", &list(client, "/api/v1/tickets/counts", 200).await));
    let ticket = |number: usize| plan.tickets - i64::try_from(number * 13).unwrap() % (plan.tickets / 2);
    let page = client.repeat(400, async |number| {
        let ticket = ticket(number);
        client.get(&format!("/api/v1/tickets/{ticket}")).await;
        client.get(&format!("/api/v1/tickets/{ticket}/messages")).await;
    });
    let what = format!("ticket and its {} messages", plan.messages_each);
    lines.push(Line::of(what, &page.await).within_cpu(1.0).note("2 requests"));
    for what in SEARCHES {
        let cost = search(client, plan, what, 200).await;
        let kept = cost.median() <= 10.0;
        lines.push(Line::of(format!("search: {what}"), &cost).within("median ≤ 10 ms", kept));
    }
    lines
}

pub async fn creating(client: &Client, plan: Plan) -> Line {
    let cost = client.repeat(300, async |number| {
        let email = words::address(1 + i64::try_from(number).unwrap() % plan.customers());
        let body = json!({ "subject": "Created by a program", "to": { "email": email }, "direction": "note",
            "text": "A note that begins a ticket." });
        client.post("/api/v1/tickets", &body).await;
    });
    let cost = cost.await;
    quiet(client).await;
    Line::of("API: create a ticket with a note", &cost)
}

/// Until jobs and listeners have nothing left to do.
async fn quiet(client: &Client) {
    loop {
        let text = client.text("/metrics").await;
        let value =
            |name: &str| text.lines().find(|line| line.starts_with(name)).and_then(|line| line.rsplit(' ').next());
        if value("shopbell_jobs_due") == Some("0") && value("shopbell_listener_lag") == Some("0") {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Mails of 5 KB: two of three begin a ticket, half of those by somebody new; the third answers a message.
struct Post {
    words: Words,
    plan: Plan,
}

impl Post {
    fn mail(&self, number: i64) -> (String, String) {
        let plan = self.plan;
        let known = 1 + number * 17 % plan.customers();
        let subject = format!("Mail number {number}");
        let (customer, answers) = match number % 3 {
            0 => (plan.customers() + 1_000_000 + number, None),
            1 => (known, None),
            _ => {
                let ticket = (plan.tickets - number * 7).max(3);
                let message = plan.message(ticket, 0);
                ((ticket * 2 / 5).clamp(1, plan.customers()), Some(made::external_id(message)))
            }
        };
        let (from, name) = (words::address(customer), words::name(customer));
        (self.words.mail(number, &from, &name, &subject, answers.as_deref()), subject)
    }
}

fn inbound() -> String {
    format!("/api/v1/inbound/{}/raw", made::INBOX)
}

/// Many mails at once: what each costs until it lies in its ticket and can be found.
pub async fn mails(client: &Client, plan: Plan) -> Line {
    const MAILS: i64 = 1500;
    const AT_ONCE: i64 = 4;
    let post = Post { words: Words::new(), plan };
    let size = post.mail(0).0.len();
    for number in 0..100 {
        client.mail(&inbound(), post.mail(number).0).await;
    }
    quiet(client).await;
    let (meter, started) = (client.meter(), Instant::now());
    let posting = (0..AT_ONCE).map(|lane| {
        let post = &post;
        async move {
            for number in (100 + lane..100 + MAILS).step_by(usize::try_from(AT_ONCE).unwrap()) {
                client.mail(&inbound(), post.mail(number).0).await;
            }
        }
    });
    futures_util::future::join_all(posting).await;
    quiet(client).await;
    let seconds = started.elapsed().as_secs_f64();
    let cost = client.read(&meter, Vec::new(), usize::try_from(MAILS).unwrap());
    #[expect(clippy::cast_precision_loss, reason = "a count of mails")]
    let speed = MAILS as f64 / seconds;
    Line::cpu_only("raw mail in → in its ticket, searchable", &cost)
        .note(format!("{speed:.0} mails/s, {:.1} KB each", f64::from(u32::try_from(size).unwrap()) / 1024.0))
        .within_cpu(2.0)
}

/// One mail after the other: from handing it over until the list shows it.
pub async fn visible(client: &Client, plan: Plan) -> Line {
    let post = Post { words: Words::new(), plan };
    let mut times = Vec::new();
    for number in 0..100 {
        let (raw, subject) = post.mail(1_000_000 + number * 3);
        let started = Instant::now();
        client.mail(&inbound(), raw).await;
        while client.json("/api/v1/tickets?limit=1").await["data"][0]["subject"] != subject.as_str() {
            assert!(started.elapsed() < Duration::from_secs(20), "a mail did not arrive");
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        times.push(ms(started.elapsed()));
    }
    times.sort_by(f64::total_cmp);
    quiet(client).await;
    Line::times_only("raw mail in → ticket in the list, one by one", at(&times, 50), at(&times, 99))
}
