//! What every channel must keep to, whatever it speaks: one call per channel.
//!
//! Recorded payloads lie in `payloads/<channel>/`, each beside the JSON of what it means; `UPDATE_SNAPSHOTS=1` writes
//! the JSON anew, for people to look at before they commit it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests fail by panicking")]

use std::{fs, path::Path};

use base::Error;
use connectors::channel::{Channel, End, Inbound, Outbound, Party};
use serde_json::{Value, json};

/// A channel, an end of it that is connected to a server, and messages of which the server does what is said.
pub struct Contract<'a> {
    pub channel: &'a dyn Channel,
    pub end: End,
    pub takes: Outbound,
    pub refuses: Outbound,
    /// None where nothing is handed to anybody who could fail.
    pub fails_for_now: Option<Outbound>,
}

/// Fails the test unless the channel keeps to all of it.
pub async fn holds(contract: Contract<'_>) {
    let Contract { channel, end, takes, refuses, fails_for_now } = contract;
    takes_in(channel, &end).await;

    let first = channel.send(&end, "key 1", &takes).await.unwrap();
    assert!(!first.external_id.is_empty() && first.refused.is_empty() && first.unsure.is_none(), "{first:?}");
    let foretold = channel.external_id(&end, "key 1", &takes);
    assert!(foretold.is_empty() || foretold == first.external_id, "known before it leaves");
    let renamed = Outbound { external_id: Some("kept@fjellvik.example".to_owned()), ..takes.clone() };
    assert!(foretold.is_empty() || channel.external_id(&end, "key 1", &renamed) == "kept@fjellvik.example");
    let again = channel.send(&end, "key 1", &takes).await.unwrap();
    assert_eq!(first.external_id, again.external_id, "a second try is recognised");
    let other = channel.send(&end, "key 2", &takes).await.unwrap();
    assert_ne!(first.external_id, other.external_id, "another message is another message");

    match channel.send(&end, "key 3", &refuses).await {
        Err(Error::Refused { why }) => {
            assert!(!why.is_empty() && !why.contains(['\r', '\n']), "{why:?} is fit to show");
        }
        other => panic!("refused for good, but {other:?}"),
    }
    if let Some(message) = fails_for_now {
        match channel.send(&end, "key 4", &message).await {
            Err(Error::Upstream { why, .. }) => assert!(!why.is_empty()),
            other => panic!("to be tried again, but {other:?}"),
        }
    }
    assert!(channel.send(&end, "key 5", &takes).await.is_ok(), "earlier failures leave nothing behind");
}

/// The half that holds for a channel without a way out, too.
pub async fn takes_in(channel: &dyn Channel, end: &End) {
    settings(channel, end);
    assert_eq!(channel.probe(end).await.unwrap(), Vec::<String>::new(), "the connection is well");
    payloads(channel, end);
}

fn settings(channel: &dyn Channel, end: &End) {
    channel.check(&end.settings).unwrap();
    let mut odd = end.settings.clone();
    odd["no_such_setting"] = json!(1);
    let Err(Error::Invalid(wrong)) = channel.check(&odd) else { panic!("unknown settings are refused") };
    assert_eq!(wrong[0].field, "no_such_setting");
    assert!(channel.settings().iter().all(|setting| !setting.label.is_empty()));
    assert!(channel.check_address(&end.address).is_ok());
}

fn payloads(channel: &dyn Channel, end: &End) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/payloads").join(channel.name());
    let mut files: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|kind| kind != "json"));
    files.sort();
    assert!(!files.is_empty(), "a channel needs recorded payloads in {}", folder.display());
    let mut ids = Vec::new();
    for file in files {
        let raw = fs::read(&file).unwrap();
        let read = |raw: &[u8]| channel.receive(end, raw).unwrap();
        let messages = read(&raw);
        let found: Vec<Value> = messages.iter().map(shown).collect();
        let again: Vec<Value> = read(&raw).iter().map(shown).collect();
        assert_eq!(found, again, "{}: a second delivery is recognised", file.display());
        for message in &messages {
            assert!(!message.external_id.is_empty() && !message.from.value.is_empty(), "{}", file.display());
            assert_eq!(message.identity_kind, channel.identity_kind());
            assert!(!ids.contains(&message.external_id), "{}: every message has its own id", file.display());
            for file in message.attachments.iter().filter(|file| file.inline) {
                let cid = format!("\"cid:{}\"", connectors::channel::cid(file.content_id.as_ref().unwrap()));
                let mut html = message.html.iter().chain(&message.html_quoted);
                assert!(html.any(|html| html.contains(&cid)), "{} would be seen nowhere", file.name);
            }
            ids.push(message.external_id.clone());
        }
        let snapshot = file.with_extension("json");
        let found = serde_json::to_string_pretty(&found).unwrap() + "\n";
        if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
            fs::write(&snapshot, &found).unwrap();
        }
        let expected = fs::read_to_string(&snapshot).unwrap_or_default();
        assert!(found == expected, "{} is read as\n{found}\nrather than\n{expected}", file.display());
        // Half a payload may be refused, but nothing worse.
        for part in 1..40 {
            channel.receive(end, &raw[..raw.len() * part / 40]).ok();
        }
    }
    for junk in [&b""[..], b"\0\xff\xfe", b"{}", b"[[[[[[", b"\r\n\r\n"] {
        channel.receive(end, junk).ok();
    }
}

fn shown(message: &Inbound) -> Value {
    let party = |party: &Party| json!([party.name, party.value]);
    let file = |file: &connectors::channel::File| json!({ "name": file.name, "type": file.content_type, "cid": file.content_id, "inline": file.inline, "bytes": file.bytes.len() });
    let bounce = |bounce: &connectors::channel::Bounce| json!({ "recipient": bounce.recipient, "external_id": bounce.external_id, "hard": bounce.hard, "why": bounce.why });
    json!({
        "external_id": message.external_id,
        "identity_kind": message.identity_kind,
        "from": party(&message.from),
        "reply_to": message.reply_to.as_ref().map(party),
        "to": message.to.iter().map(party).collect::<Vec<_>>(),
        "cc": message.cc.iter().map(party).collect::<Vec<_>>(),
        "subject": message.subject,
        "text": message.text,
        "quoted": message.quoted,
        "signature": message.signature,
        "html": message.html,
        "html_quoted": message.html_quoted,
        "remote_images": message.remote_images,
        "attachments": message.attachments.iter().map(file).collect::<Vec<_>>(),
        "references": message.references,
        "token": message.token,
        "sent_at": message.sent_at,
        "automatic": message.automatic,
        "bounce": message.bounce.as_ref().map(bounce),
        "verified": message.verified,
        "checks": message.checks,
        "language": message.language,
    })
}
