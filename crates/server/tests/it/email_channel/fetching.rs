//! Mail comes in: by IDLE and by looking, after outages, large, renumbered, and what happens to it on the server.

use std::{sync::Arc, time::Duration};

use serde_json::json;
use tokio::time::sleep;

use super::{Desk, HELP, fetch, imap, mail, probe, until};
use crate::engines::Engines;

#[tokio::test(flavor = "multi_thread")]
async fn new_mail_is_fetched_within_a_second_where_the_server_says_so() {
    let engines = Engines::start().unwrap();
    let desk = Arc::new(Desk::default());
    let _fetch = fetch(&imap(&engines, &json!({"poll_seconds": 600})), &desk);
    until("ready", &engines, || desk.is_ready()).await;
    for n in 1..=3 {
        engines.deliver(HELP, &[&mail(n)]).unwrap();
        let took = until("fetched", &engines, || desk.count() == n).await;
        assert!(took < Duration::from_millis(1200), "{took:?}");
    }
    let flags = engines.doveadm(&["-f", "tab", "fetch", "-u", HELP, "flags", "mailbox", "INBOX", "ALL"]).unwrap();
    assert!(!flags.contains("Seen"), "{flags}");
    assert_eq!(desk.failure(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn new_mail_is_fetched_by_looking_where_the_server_does_not_say_so() {
    let engines = Engines::start().unwrap();
    let desk = Arc::new(Desk::default());
    let settings = imap(&engines, &json!({"poll_seconds": 1, "idle": false, "folders": "INBOX, Support"}));
    engines.doveadm(&["mailbox", "create", "-u", HELP, "Support"]).unwrap();
    let _fetch = fetch(&settings, &desk);
    until("ready", &engines, || desk.is_ready()).await;
    engines.deliver(HELP, &[&mail(1), &mail(2)]).unwrap();
    until("fetched", &engines, || desk.count() == 2).await;
    engines.doveadm(&["move", "-u", HELP, "Support", "mailbox", "INBOX", "ALL"]).unwrap();
    until("fetched from the other folder", &engines, || desk.count() == 4).await;
    assert_eq!(desk.subjects(), ["Mail 1", "Mail 2", "Mail 1", "Mail 2"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_new_mail_is_fetched_at_first_unless_the_settings_reach_back() {
    let engines = Engines::start().unwrap();
    engines.deliver(HELP, &[&mail(1), &mail(2)]).unwrap();
    let desk = Arc::new(Desk::default());
    let first = fetch(&imap(&engines, &json!({"backfill_days": 0})), &desk);
    until("ready", &engines, || desk.is_ready()).await;
    // Killed before the first mail: the beginning is remembered all the same.
    drop(first);
    assert_eq!(desk.count(), 0);
    engines.deliver(HELP, &[&mail(3)]).unwrap();
    let _again = fetch(&imap(&engines, &json!({"backfill_days": 0})), &desk);
    until("fetched", &engines, || desk.subjects() == ["Mail 3"]).await;

    let back = Arc::new(Desk::default());
    let _fetch = fetch(&imap(&engines, &json!({"backfill_days": 3650})), &back);
    until("all fetched", &engines, || back.subjects() == ["Mail 1", "Mail 2", "Mail 3"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mail_that_came_while_we_were_down_is_fetched_in_order_and_once() {
    let engines = Engines::start().unwrap();
    let desk = Arc::new(Desk::default());
    let settings = imap(&engines, &json!({}));
    let first = fetch(&settings, &desk);
    until("ready", &engines, || desk.is_ready()).await;
    drop(first);
    let mails: Vec<String> = (1..=300).map(mail).collect();
    engines.deliver(HELP, &mails.iter().map(String::as_str).collect::<Vec<_>>()).unwrap();
    let _fetch = fetch(&settings, &desk);
    let took = until("all fetched", &engines, || desk.count() >= 300).await;
    println!("300 mails in {took:?}");
    sleep(Duration::from_millis(300)).await;
    assert_eq!(desk.subjects(), (1..=300).map(|n| format!("Mail {n}")).collect::<Vec<_>>());
}

#[tokio::test(flavor = "multi_thread")]
async fn renumbered_messages_are_fetched_again_rather_than_missed() {
    let engines = Engines::start().unwrap();
    let desk = Arc::new(Desk::default());
    let settings = imap(&engines, &json!({}));
    let first = fetch(&settings, &desk);
    until("ready", &engines, || desk.is_ready()).await;
    engines.deliver(HELP, &[&mail(1)]).unwrap();
    until("fetched", &engines, || desk.count() == 1).await;
    drop(first);
    engines.deliver(HELP, &[&mail(2)]).unwrap();
    engines.doveadm(&["mailbox", "update", "-u", HELP, "--uid-validity", "4242", "INBOX"]).unwrap();
    let _fetch = fetch(&settings, &desk);
    until("fetched again", &engines, || desk.subjects() == ["Mail 1", "Mail 1", "Mail 2"]).await;
    assert_eq!(desk.cursor.lock().unwrap()["places"]["INBOX"]["validity"], 4242);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_put_back_from_a_backup_is_read_again_rather_than_waited_for() {
    let engines = Engines::start().unwrap();
    let desk = Arc::new(Desk::default());
    let settings = imap(&engines, &json!({}));
    let first = fetch(&settings, &desk);
    until("ready", &engines, || desk.is_ready()).await;
    drop(first);
    // As if many messages had been fetched that the server no longer knows of.
    desk.cursor.lock().unwrap()["places"]["INBOX"]["uid"] = json!(999);
    engines.deliver(HELP, &[&mail(1)]).unwrap();
    let _fetch = fetch(&settings, &desk);
    until("fetched", &engines, || desk.subjects() == ["Mail 1"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_dies_in_the_middle_loses_nothing() {
    let engines = Engines::start().unwrap();
    let desk = Arc::new(Desk { slow: Duration::from_millis(400), ..Desk::default() });
    let mails: Vec<String> = (1..=300).map(mail).collect();
    engines.deliver(HELP, &mails.iter().map(String::as_str).collect::<Vec<_>>()).unwrap();
    let _fetch = fetch(&imap(&engines, &json!({"backfill_days": 3650})), &desk);
    until("begun", &engines, || desk.count() > 60).await;
    engines.stop_dovecot();
    let had = desk.count();
    assert!(had < 300);
    until("reported", &engines, || desk.failure().is_some()).await;
    let why = desk.failure().unwrap();
    assert!(why.contains("127.0.0.1: the connection to port") && why.contains("refused"), "{why}");
    engines.start_dovecot().unwrap();
    until("all fetched", &engines, || desk.count() >= 300).await;
    assert_eq!(desk.subjects(), (1..=300).map(|n| format!("Mail {n}")).collect::<Vec<_>>());
    until("recovered", &engines, || desk.is_ready()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn large_mail_comes_in_pieces_and_too_large_mail_leaves_a_note() {
    let engines = Engines::start().unwrap();
    let desk = Arc::new(Desk::default());
    let line = "0123456789 abcdefghijklmnopqrstuvwxyz ABCDEFGHIJKLMNOPQRSTUVWXYZ 0123456\n";
    let big = format!("{}{}", mail(1), line.repeat(3 * 1024 * 1024 / line.len()));
    let huge = format!("{}{}", mail(2), line.repeat(6 * 1024 * 1024 / line.len()));
    engines.deliver(HELP, &[&big, &huge, &mail(3)]).unwrap();
    let more = json!({"backfill_days": 3650, "max_mb": 5, "after_fetch": "delete"});
    let _fetch = fetch(&imap(&engines, &more), &desk);
    until("all fetched", &engines, || desk.count() == 3).await;
    {
        let raw = desk.raw.lock().unwrap();
        assert!(raw[0].replace("\r\n", "\n").ends_with(&big[big.len() - 1000..]) && raw[0].len() > 3_000_000);
        assert!(raw[1].contains("Message-ID: <m2@shopper.example>") && raw[1].len() < 2000, "{}", raw[1]);
        assert!(raw[1].contains("is larger than the 5 MB that this inbox takes. It was left untouched"), "{}", raw[1]);
    }
    let left = || engines.mailbox(HELP, "INBOX").unwrap();
    until("only the huge one is left", &engines, || left().len() == 1).await;
    assert!(left()[0].contains("Mail 2"));
}

#[tokio::test(flavor = "multi_thread")]
async fn fetched_mail_is_marked_or_moved_only_when_told() {
    let engines = Engines::start().unwrap();
    engines.doveadm(&["mailbox", "create", "-u", HELP, "Erledigt & fertig/Größe"]).unwrap();
    engines.deliver(HELP, &[&mail(1), &mail(2)]).unwrap();
    let desk = Arc::new(Desk::default());
    let seen = fetch(&imap(&engines, &json!({"backfill_days": 3650, "after_fetch": "seen"})), &desk);
    until("marked", &engines, || {
        let flags = engines.doveadm(&["-f", "tab", "fetch", "-u", HELP, "flags", "mailbox", "INBOX", "ALL"]).unwrap();
        flags.matches("Seen").count() == 2
    })
    .await;
    drop(seen);
    let desk = Arc::new(Desk::default());
    let folder = "Erledigt & fertig/Größe";
    let _fetch =
        fetch(&imap(&engines, &json!({"backfill_days": 3650, "after_fetch": format!("move:{folder}")})), &desk);
    until("moved", &engines, || engines.mailbox(HELP, folder).unwrap().len() == 2).await;
    assert_eq!(engines.mailbox(HELP, "INBOX").unwrap().len(), 0);
    let wrong = probe(imap(&engines, &json!({"after_fetch": "move:Nowhere"}))).await;
    assert!(wrong.contains("the folder Nowhere cannot be opened"), "{wrong}");
}
