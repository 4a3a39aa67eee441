//! 278 reports of some sixty mail systems, with the recipient and whether the address is dead.

use std::collections::BTreeMap;

use mail::{
    bounce::{Bounce, Report},
    parse::parse,
};
use serde::Deserialize;

use crate::shared;

#[derive(Deserialize)]
struct Expected {
    #[serde(default)]
    recipient: String,
    hard: bool,
    reason: String,
    status: String,
}

#[test]
fn reports_of_many_mail_systems() {
    let Some(folder) = shared::data("bounce") else { return };
    let expected: BTreeMap<String, Vec<Expected>> =
        serde_json::from_str(&std::fs::read_to_string(folder.join("expected.json")).unwrap()).unwrap();
    let (mut recipients, mut hardness, mut statuses, mut found) = (0, 0, 0, 0);
    for (file, wanted) in &expected {
        let mail = parse(&std::fs::read(folder.join("eml").join(file)).unwrap()).unwrap();
        let Some(bounce) = &mail.bounce else {
            println!("none: {file} ({})", wanted[0].reason);
            continue;
        };
        found += 1;
        let recipient = bounce.recipient.clone().unwrap_or_default();
        let same = wanted.iter().find(|one| one.recipient.eq_ignore_ascii_case(&recipient));
        recipients += usize::from(same.is_some());
        let one = same.unwrap_or(&wanted[0]);
        hardness += usize::from(one.hard == bounce.hard);
        statuses += usize::from(bounce.status.as_deref().unwrap_or_default() == one.status);
        if same.is_none() {
            println!("recipient: {file} gave {recipient:?}, wanted {:?}", wanted[0].recipient);
        }
        if one.hard != bounce.hard {
            println!(
                "hardness: {file} gave {:?} {:?}, wanted {} {} | {}",
                bounce.reason,
                bounce.status,
                one.hard,
                one.reason,
                bounce.diagnostic.clone().unwrap_or_default()
            );
        }
        assert!(bounce.failed() || !bounce.hard, "{file}");
    }
    println!("reports: {found} of {}, recipients {recipients}, hardness {hardness}, status {statuses}", expected.len());
    assert!(recipients >= 270 && hardness >= 264, "recipients {recipients}, hardness {hardness}");
}

fn report(subject: &str, words: &str, fields: &str) -> Bounce {
    let raw = format!(
        "From: MAILER-DAEMON@mx.example\r\nSubject: {subject}\r\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n\
         --b\r\n\r\n{words}\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n\
         Reporting-MTA: dns; mx.example\r\n\r\nFinal-Recipient: rfc822; ada@shop.example\r\n{fields}\r\n--b--\r\n"
    );
    parse(raw.as_bytes()).unwrap().bounce.unwrap()
}

#[test]
fn a_mail_that_never_arrives_has_failed_whether_or_not_the_address_is_dead() {
    let told = |fields: &str| {
        let bounce = report("Undelivered Mail", "Sorry.", fields);
        (bounce.failed(), bounce.hard)
    };
    assert_eq!(told("Action: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 user unknown"), (true, true));
    assert_eq!(told("Action: failed\r\nStatus: 5.2.2\r\nDiagnostic-Code: smtp; 552 5.2.2 mailbox full"), (true, false));
    assert_eq!(told("Action: failed\r\nStatus: 5.7.1\r\nDiagnostic-Code: smtp; 550 5.7.1 spam"), (true, false));
    assert_eq!(told("Action: failed\r\nStatus: 4.4.7"), (true, false), "given up after days");
    assert_eq!(told("Action: failed\r\nStatus: 2.0.0"), (true, false), "what was done counts, not the number");
    assert_eq!(told("Action: delayed\r\nStatus: 4.4.1"), (false, false));
    assert_eq!(told("Action: relayed\r\nStatus: 2.0.0"), (false, false));
}

#[test]
fn a_warning_in_words_is_no_failure() {
    for (subject, words) in [
        ("Warning: message 1abc delayed 24 hours", "A message that you sent has not arrived."),
        ("Warning: could not send message for past 4 hours", "**  THIS IS A WARNING MESSAGE ONLY  **"),
        ("Delivery Status Notification (Delay)", "Delivery to the following recipient has been delayed."),
        ("Undeliverable", "We will continue to try for two days."),
    ] {
        let bounce = report(subject, words, "Status: 4.4.1");
        assert_eq!((bounce.report, bounce.hard), (Report::Delayed, false), "{subject}");
    }
}

#[test]
fn an_international_recipient_is_read_in_either_spelling() {
    for written in [r"utf-8; j\x{F6}rg@post.example", "utf-8;jörg@post.example", r"UTF-8 ; <j\x{00F6}rg@post.example>"]
    {
        let raw = format!(
            "From: MAILER-DAEMON@mx.example\r\nSubject: Undelivered\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n\
             --b\r\n\r\nno such user\r\n--b\r\nContent-Type: message/global-delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n\
             Final-Recipient: {written}\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n--b--\r\n"
        );
        let bounce = mail::parse::parse(raw.as_bytes()).unwrap().bounce.unwrap();
        assert_eq!((bounce.recipient.as_deref(), bounce.hard), (Some("jörg@post.example"), true), "{written}");
    }
}

#[test]
fn a_report_whose_parts_cannot_be_told_apart_is_read_all_the_same() {
    let raw = "From: Mail Delivery Subsystem <MAILER-DAEMON@mx.example>\r\nTo: help@shop.example\r\nSubject: Returned mail\r\n\
        Content-Type: multipart/report; report-type=delivery-status; boundary=gone\r\n\r\n\
        The following addresses had permanent fatal errors\r\n    (expanded from: <alias@post.example>)\r\n\r\n\
        Final-Recipient: RFC822; jo@inner.post.example\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n\
        Received: from shop.example by mx.example\r\nMessage-Id: <1@shop.example>\r\nTo: alias@post.example\r\n";
    let bounce = mail::parse::parse(raw.as_bytes()).unwrap().bounce.unwrap();
    assert_eq!((bounce.recipient.as_deref(), bounce.status.as_deref()), (Some("jo@inner.post.example"), Some("5.1.1")));
    assert_eq!(bounce.message_id.as_deref(), Some("1@shop.example"));
}

#[test]
fn whoever_wrote_to_themselves_is_told_so() {
    let raw = "From: Mail Delivery System <mailer-daemon@mx.example>\r\nTo: help@shop.example\r\nSubject: Mail delivery failed\r\n\r\n\
        The following address failed:\r\n\r\nhelp@shop.example:\r\n550 5.2.0 Mail rejected\r\n\r\n\
        --- The header of the original message is following. ---\r\n\r\nMessage-Id: <1@shop.example>\r\nTo: other@shop.example\r\n";
    let bounce = mail::parse::parse(raw.as_bytes()).unwrap().bounce.unwrap();
    assert_eq!(bounce.recipient.as_deref(), Some("help@shop.example"));
}
