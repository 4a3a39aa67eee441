//! `make bench`: how fast the release binary is and how much memory it takes, on both engines, on a database of 100,000
//! tickets and 1,000,000 messages that is made here once and kept. `docs/guide/performance.md` says what the numbers mean.
//!
//! `SIZE=10000` takes another number of tickets, `ENGINE=sqlite` one engine only, `PART=chats` one part only (`start`, `reads`,
//! `people`, `mails`, `live`, `shop`, `decisions`), and `BENCH_CURVE=1` shows instead what
//! lists and searches cost at 10,000, 100,000 and 1,000,000 tickets (`BENCH_CURVE=1000,50000` at others).

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "whoever drives from outside has a clock of their own, and nobody to answer errors to"
)]

mod chats;
mod client;
mod crowd;
mod decisions;
mod live;
mod made;
mod measures;
mod people;
mod postgres;
mod process;
mod shop;
#[path = "../../../connectors/tests/it/standins/mod.rs"]
#[allow(dead_code, reason = "tests use of them what nothing here does")]
mod standins;
mod store;
mod table;
mod weight;
mod words;

use std::{path::PathBuf, time::Duration};

use base::{Engine, Result};

use crate::{
    client::{Client, at, ms},
    made::Plan,
    process::{Place, memory},
    store::Store,
    table::Line,
};

fn main() -> Result<()> {
    let binary = PathBuf::from(env!("CARGO_BIN_EXE_shopbell"));
    let wanted = |name: &str| std::env::var(name).unwrap_or_default();
    let engines: Vec<Engine> = match wanted("ENGINE").as_str() {
        "sqlite" => vec![Engine::Sqlite],
        "postgres" => vec![Engine::Postgres],
        _ => vec![Engine::Sqlite, Engine::Postgres],
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    if wanted("PART") == "decisions" {
        table::print("Without a database", &decisions::lines());
        return Ok(());
    }
    runtime.block_on(async {
        for engine in engines {
            let store = Store::open(&binary, engine);
            if wanted("BENCH_CURVE").is_empty() {
                let size = wanted("SIZE").parse().unwrap_or(100_000);
                everything(&store, Plan::of(size), &wanted("PART")).await?;
            } else {
                curve(&store, &wanted("BENCH_CURVE")).await?;
            }
        }
        table::print("Without a database", &decisions::lines());
        table::print("What is shipped", &weight::lines(&binary));
        Ok(())
    })
}

/// All measures on one database, or one part of them.
async fn everything(store: &Store, plan: Plan, part: &str) -> Result<()> {
    let place = store.working_copy(plan).await?;
    let is_wanted = |name: &str| part.is_empty() || part == name;
    let mut lines = Vec::new();
    if is_wanted("start") {
        lines.extend([starting(&place), idle(&place)]);
    }
    let orders = if is_wanted("shop") { shop::past(&place, plan).await? } else { 0 };
    {
        let (server, _) = place.serve();
        let client = Client::new(&server, store.postgres()).await;
        eprintln!("measuring on {}: reads, mails, live delivery …", store.name());
        if is_wanted("reads") {
            lines.extend(measures::reading(&client, plan).await);
        }
        if is_wanted("people") {
            lines.extend(people::measure(&client, plan).await);
        }
        if is_wanted("mails") {
            lines.push(measures::creating(&client, plan).await);
            lines.push(measures::mails(&client, plan).await);
            lines.push(measures::visible(&client, plan).await);
        }
        if is_wanted("live") {
            lines.extend(live::delivery(&client, plan).await);
        }
        if is_wanted("shop") {
            lines.extend(shop::measure(&client, orders).await);
        }
        if is_wanted("chats") {
            lines.extend(chats::chats(&client).await);
        }
        if part.is_empty() {
            tokio::time::sleep(Duration::from_secs(30)).await;
            let (all, own) = client.memory();
            lines.push(Line::new("memory after all this, 30 s later").note(format!("{all:.0} MB, own {own:.0} MB")));
        }
    }
    let (tickets, messages) = (plan.tickets, plan.tickets * plan.messages_each);
    let size = store.size(&place).await?;
    table::print(&format!("{}: {tickets} tickets, {messages} messages, {size} MB", store.name()), &lines);
    store.forget_copy().await
}

/// From the start of the process until it says that it is ready.
fn starting(place: &Place) -> Line {
    let mut times: Vec<f64> = (0..7).map(|_| ms(place.serve().1)).collect();
    times.sort_by(f64::total_cmp);
    let median = at(&times, 50);
    Line::times_only("start until ready", median, at(&times, 99)).within("median ≤ 300 ms", median <= 300.0)
}

fn idle(place: &Place) -> Line {
    let (server, _) = place.serve();
    std::thread::sleep(Duration::from_secs(30));
    let (all, own) = memory(server.pid());
    Line::new("memory when idle, 30 s after the start")
        .note(format!("{all:.0} MB, own {own:.0} MB"))
        .within("≤ 60 MB", all <= 60.0)
}

/// What lists and searches cost as tickets grow.
async fn curve(store: &Store, sizes: &str) -> Result<()> {
    let mut sizes: Vec<i64> = sizes.split(',').filter_map(|size| size.parse().ok()).filter(|size| *size > 1).collect();
    if sizes.is_empty() {
        sizes.extend([10_000, 100_000, 1_000_000]);
    }
    let searches = measures::SEARCHES.iter().map(|what| format!("search: {what}"));
    let lists = measures::LISTS.iter().map(|(what, _)| (*what).to_owned());
    let mut rows: Vec<Vec<String>> = vec![vec![String::new()]];
    rows.extend(lists.chain(["counts of all shelves".into()]).chain(searches).map(|what| vec![what]));
    for plan in sizes.into_iter().map(Plan::of) {
        let place = store.working_copy(plan).await?;
        let (server, _) = place.serve();
        let client = Client::new(&server, store.postgres()).await;
        eprintln!("measuring on {} with {} tickets …", store.name(), plan.tickets);
        rows[0].push(format!("{} × {}", plan.tickets, plan.messages_each));
        let mut costs = Vec::new();
        for (_, path) in measures::LISTS.iter().chain(&[("", "/api/v1/tickets/counts")]) {
            costs.push(measures::list(&client, path, 100).await);
        }
        for what in measures::SEARCHES {
            costs.push(measures::search(&client, plan, what, 100).await);
        }
        for (row, cost) in rows[1..].iter_mut().zip(costs) {
            let cpu = cost.cpu + cost.postgres.unwrap_or(0.0);
            row.push(format!("{:.2} / {:.2} / {cpu:.2}", cost.median(), cost.p99()));
        }
        drop(server);
        store.forget_copy().await?;
    }
    let title = format!("{}: tickets × messages each: median ms / p99 ms / CPU ms of both processes", store.name());
    table::grid(&title, &rows);
    Ok(())
}
