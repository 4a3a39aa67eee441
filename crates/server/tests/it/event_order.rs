//! A measured trap: sequence numbers are handed out before commit. On PostgreSQL event 6 can become visible before event 5,
//! and a reader that asks for what comes after 6 never sees 5. The lock taken at commit prevents it, and must stay.

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

use base::{Actor, App, Tx, args, events};
use desk::Event;
use tokio::time::{sleep, timeout};

use crate::harness::TestApp;

const WRITERS: usize = 8;
const EACH: usize = 40;

/// Reads as every listener and every live client does, until all writers are done and nothing is left.
async fn follow(app: &App, writing: &AtomicUsize) -> Vec<i64> {
    let (mut seen, mut seq) = (Vec::new(), 0);
    loop {
        let last_look = writing.load(Ordering::SeqCst) == 0;
        let new = events::after(app, seq, 7).await.unwrap();
        if let Some(last) = new.last() {
            seq = last.seq;
        } else if last_look {
            return seen;
        }
        seen.extend(new.into_iter().filter_map(|event| event.data["view"].as_i64()));
    }
}

async fn tell(app: &App, number: i64) -> Tx {
    let mut tx = app.begin(Actor::System).await.unwrap();
    tx.emit(&Event::ViewChanged { view: number }).unwrap();
    tx
}

/// As [`Tx::commit`] writes an event, but without its lock.
async fn write_unlocked(tx: &mut Tx, number: i64) {
    let sql = "INSERT INTO events (at, kind, data, actor) VALUES (0, 'view.changed', $1, 'system')";
    tx.run(sql, args![serde_json::json!({ "view": number })]).await.unwrap();
}

async fn numbers_after(app: &App, seq: i64) -> Vec<i64> {
    let events = events::after(app, seq, 1000).await.unwrap();
    events.iter().filter_map(|event| event.data["view"].as_i64()).collect()
}

story!(no_reader_misses_an_event_whoever_commits_when, |app| async move {
    let app: TestApp = app;
    let writing = AtomicUsize::new(WRITERS);
    let write = async |writer: usize| {
        for number in 0..EACH {
            let number = writer * EACH + number;
            let mut tx = tell(&app.app, i64::try_from(number).unwrap()).await;
            if number.is_multiple_of(3) {
                // A commit that takes its time after its numbers are drawn.
                tx.lock("events").await.unwrap();
                write_unlocked(&mut tx, i64::try_from(WRITERS * EACH + number).unwrap()).await;
                sleep(Duration::from_millis(3)).await;
            }
            tx.commit().await.unwrap();
        }
        writing.fetch_sub(1, Ordering::SeqCst);
    };
    let writers = futures_util::future::join_all((0..WRITERS).map(write));
    let (mut seen, _) = tokio::join!(follow(&app.app, &writing), writers);
    seen.sort_unstable();
    let mut written = numbers_after(&app.app, 0).await;
    written.sort_unstable();
    assert_eq!(seen.len(), WRITERS * EACH + (WRITERS * EACH).div_ceil(3));
    assert_eq!(seen, written);
});

story_on!(Postgres, without_the_lock_an_event_is_lost, |app| async move {
    let mut slow = app.app.begin(Actor::System).await.unwrap();
    write_unlocked(&mut slow, 5).await;
    let mut quick = app.app.begin(Actor::System).await.unwrap();
    write_unlocked(&mut quick, 6).await;
    quick.commit().await.unwrap();
    let seen = events::after(&app.app, 0, 10).await.unwrap();
    let last = seen.last().unwrap();
    assert_eq!(last.data["view"], 6);
    slow.commit().await.unwrap();
    assert!(numbers_after(&app.app, last.seq).await.is_empty(), "5 is in the log, and no reader will ever see it");
    assert_eq!(numbers_after(&app.app, 0).await, [5, 6]);
});

story_on!(Postgres, with_it_the_later_one_waits, |app| async move {
    let mut slow = app.app.begin(Actor::System).await.unwrap();
    slow.lock("events").await.unwrap();
    write_unlocked(&mut slow, 5).await;
    let quick = tell(&app.app, 6).await;
    let mut committing = std::pin::pin!(quick.commit());
    assert!(timeout(Duration::from_millis(300), &mut committing).await.is_err(), "6 must not overtake 5");
    assert!(numbers_after(&app.app, 0).await.is_empty());
    slow.commit().await.unwrap();
    committing.await.unwrap();
    assert_eq!(numbers_after(&app.app, 0).await, [5, 6]);
});

story!(a_listener_that_is_new_hears_nothing_of_the_past, |app| async move {
    app.as_owner().await;
    app.tick().await;
    let db = app.app.db();
    db.run("DELETE FROM cursors", args![]).await.unwrap();
    desk::migrate(&app.app).await.unwrap();
    let newest = events::newest(&app.app).await.unwrap();
    assert!(newest > 0);
    let rows = db.all("SELECT seq FROM cursors", args![]).await.unwrap();
    assert_eq!(rows.len(), app.node.listeners().len());
    assert!(rows.iter().all(|row| row.int("seq").unwrap() == newest));
    // One that is known goes on where it was.
    db.run("UPDATE cursors SET seq = 1", args![]).await.unwrap();
    desk::migrate(&app.app).await.unwrap();
    let rows = db.all("SELECT seq FROM cursors", args![]).await.unwrap();
    assert!(rows.iter().all(|row| row.int("seq").unwrap() == 1));
});
