//! A raw mail in our words.

use base::{Error, Result};
use mail::{
    automatic::Automatic,
    bounce::Report,
    parse::{Address, Mail, fallback_id, parse},
    thread,
};
use serde_json::Value;

use super::{
    auth::Findings,
    net::clean as clean_words,
    settings::Trust,
    shown::{Shown, shown},
};
use crate::channel::{Bounce, End, Inbound, Outcome, Party};

pub fn receive(end: &End, raw: &[u8]) -> Result<Inbound> {
    let trust = Trust::read(&end.settings);
    let mut mail = parse(raw).map_err(|error| Error::invalid("mail", error.to_string()))?;
    if is_no_mail(&mail) {
        return Err(Error::invalid(
            "mail",
            "nothing in it says who wrote what to whom: there is no From, To, Subject, Date or Message-ID",
        ));
    }
    let external_id = mail.message_id.clone().unwrap_or_else(|| fallback_id(raw));
    let from = sender(end, &mail, raw);
    let references = references(&mail);
    let bounce = bounce(&mail);
    let findings = Findings::of(raw);
    // An address with several senders is vouched for by none.
    let verified = mail.from.is_some()
        && findings.as_ref().is_some_and(|found| found.is_ours(&trust) && found.vouch_for(&from.value));
    let folded = mail.fold();
    let Shown { html, html_quoted, remote_images, attachments } = shown(&mut mail);
    Ok(Inbound {
        external_id,
        identity_kind: "email",
        reply_to: mail
            .reply_to
            .iter()
            .find(|one| !is_own(end, &one.address))
            .cloned()
            .map(party)
            .filter(|party| !party.value.eq_ignore_ascii_case(&from.value)),
        from,
        to: mail.to.iter().cloned().map(|to| recipient(end, to)).collect(),
        cc: mail.cc.iter().cloned().map(|cc| recipient(end, cc)).collect(),
        subject: Some(mail.subject.clone()).filter(|subject| !subject.is_empty()),
        text: folded.reply,
        quoted: folded.quoted,
        signature: folded.signature,
        html,
        html_quoted,
        remote_images,
        cut: mail.cut,
        token: token(&mail, &references, bounce.as_ref()),
        references,
        sent_at: mail.date,
        automatic: automatic(mail.automatic_at(&end.address)).map(Into::into),
        bounce,
        verified,
        spam: false,
        checks: findings.map_or(Value::Null, |found| found.shown(&trust)),
        language: mail.language,
        attachments,
        uploads: Vec::new(),
    })
}

/// Bytes in which a lenient reader finds a header by chance, but nothing that says who wrote what to whom.
fn is_no_mail(mail: &Mail) -> bool {
    let people = [&mail.to, &mail.cc, &mail.reply_to].iter().any(|list| !list.is_empty());
    let said = !mail.subject.is_empty() || mail.message_id.is_some() || mail.date.is_some();
    !(people || said || mail.from.is_some() || mail.sender.is_some())
}

/// Mail without any sender gets one of its own, so that it reaches people without becoming somebody else's.
fn sender(end: &End, mail: &Mail, raw: &[u8]) -> Party {
    let found = behind_the_list(end, mail)
        .or_else(|| mail.from.clone())
        .or_else(|| mail.sender.clone())
        .or_else(|| mail.reply_to.first().cloned());
    found.map(party).filter(|party| !party.value.is_empty()).unwrap_or_else(|| {
        let hash = fallback_id(raw);
        Party { name: None, value: format!("unknown-{}@sender.invalid", &hash[..12]) }
    })
}

/// Who wrote to a list that is the inbox, where the list itself stands in From.
fn behind_the_list(end: &End, mail: &Mail) -> Option<Address> {
    let rewritten = mail.from.as_ref().is_some_and(|from| is_own(end, &from.address));
    let person = mail.lists.original_from.as_ref().into_iter().chain(&mail.reply_to);
    let person = person.filter(|_| rewritten && mail.lists.are_of(&end.address));
    person.into_iter().find(|one| !is_own(end, &one.address)).cloned()
}

/// The inbox's own address, with whatever token behind its plus.
fn is_own(end: &End, address: &str) -> bool {
    thread::without_plus(address).eq_ignore_ascii_case(&thread::without_plus(&end.address))
}

/// Nearest first.
fn references(mail: &Mail) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for id in mail.in_reply_to.iter().chain(mail.references.iter().rev()) {
        if !found.contains(id) {
            found.push(id.clone());
        }
    }
    found
}

/// Unchecked: in an address we were written to, in a Message-ID of ours that is answered, or in one that is reported.
fn token(mail: &Mail, references: &[String], bounce: Option<&Bounce>) -> Option<String> {
    let addresses = mail.to.iter().chain(&mail.cc).map(|one| one.address.as_str());
    let reported = bounce.and_then(|bounce| bounce.external_id.as_ref());
    thread::find_token(addresses.chain(mail.delivered_to.iter().map(String::as_str)))
        .or_else(|| references.iter().chain(reported).find_map(|id| thread::token_of_message_id(id)))
}

fn automatic(kind: Automatic) -> Option<&'static str> {
    match kind {
        Automatic::No => None,
        Automatic::AutoReply => Some("auto_reply"),
        Automatic::OutOfOffice => Some("out_of_office"),
        Automatic::Generated => Some("generated"),
        Automatic::List => Some("newsletter"),
        Automatic::Bounce => Some("bounce"),
    }
}

/// Complaints are automatic mail, but say nothing of whether a message arrived.
fn bounce(mail: &Mail) -> Option<Bounce> {
    let report = mail.bounce.as_ref()?;
    let outcome = match report.report {
        Report::Failed => Outcome::Failed,
        Report::Delayed => Outcome::Delayed,
        Report::Delivered => Outcome::Delivered,
        Report::Complaint => return None,
    };
    // What some servers say is their whole letter; then the reason alone tells more.
    let said = report.diagnostic.as_deref().map(clean_words).filter(|said| said.chars().count() < 200);
    let words: Vec<String> = report.reason.iter().cloned().chain(said).collect();
    Some(Bounce {
        recipient: report.recipient.clone(),
        external_id: report.message_id.clone(),
        outcome,
        hard: report.hard && outcome == Outcome::Failed,
        why: Some(words.join(": ")).filter(|words| !words.is_empty()),
    })
}

/// Our own address loses the token it may carry, which is between us and the sender.
fn recipient(end: &End, address: Address) -> Party {
    let mut party = party(address);
    if thread::token_of(&party.value).is_some() && is_own(end, &party.value) {
        party.value.clone_from(&end.address);
    }
    party
}

fn party(address: Address) -> Party {
    Party { name: address.name, value: address.address }
}
