//! Delivery reports: RFC 3464, the ones older or more wilful than it, and complaints (RFC 5965).
//!
//! A report says in fields what failed; where there are none, the text above the returned message says it in words.

use std::sync::LazyLock;

use mail_parser::Message;
use regex::Regex;

use crate::{
    automatic::is_away,
    evidence::{Evidence, gather, returned_field, returned_id},
    failure,
    headers::{Headers, addresses_in, find_address},
    parse::Mail,
    sender::{is_daemon, may_report},
    text::{bounded, one_line},
};

/// What a report is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Report {
    /// The mail did not arrive and never will, whether or not the address can work again.
    Failed,
    /// It has not arrived yet; the server goes on trying.
    Delayed,
    /// It arrived, or was handed on.
    Delivered,
    /// The recipient called it spam (RFC 5965).
    Complaint,
}

/// A report about a mail that we (or someone in our name) sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bounce {
    pub report: Report,
    /// Whom the mail did not reach; the first, if there are several.
    pub recipient: Option<String>,
    /// Enhanced status code (RFC 3463), as `5.1.1`.
    pub status: Option<String>,
    /// The address cannot work: do not write to it again.
    pub hard: bool,
    /// The cause in a few words.
    pub reason: Option<String>,
    /// What the remote server said.
    pub diagnostic: Option<String>,
    /// Message-ID of the mail the report is about, without angle brackets.
    pub message_id: Option<String>,
}

impl Bounce {
    /// This mail will not arrive any more. A full mailbox fails without being `hard`.
    pub fn failed(&self) -> bool {
        self.report == Report::Failed
    }
}

pub(crate) fn read(headers: &Headers, mail: &Mail, message: &Message<'_>) -> Option<Bounce> {
    let evidence = gather(mail, message);
    if evidence.feedback {
        return Some(complaint(headers, &evidence));
    }
    if let Some(notice) = notification(&mail.text) {
        return Some(notice);
    }
    let daemon = is_daemon(headers, mail);
    let speaks = (daemon || may_report(mail) && find_status(&evidence.words).is_some())
        && speaks_of_failure(headers, mail, &evidence);
    // A person may attach or quote a report, to ask about it; that makes no report of the mail.
    let structured = evidence.structured || daemon && evidence.field("final-recipient").is_some();
    if is_disposition(headers) || !(structured || speaks) {
        return None;
    }
    Some(failure(headers, mail, &evidence))
}

/// RFC 8098: *was displayed*. No bounce, though it looks much like one.
fn is_disposition(headers: &Headers) -> bool {
    headers.lower("content-type").contains("disposition-notification")
}

/// Subjects of reports, in lower case.
const FAILURE_SUBJECTS: [&str; 30] = [
    "undeliver",
    "delivery fail",
    "delivery status",
    "failure notice",
    "returned mail",
    "returned to sender",
    "returning message",
    "mail delivery",
    "delivery error",
    "delivery notification",
    "message delivery",
    "could not be delivered",
    "not delivered",
    "nondeliverable",
    "non delivery",
    "failed mail",
    "mail failure",
    "delivery problem",
    "unzustellbar",
    "rejected",
    "unknown user",
    "there was an error sending",
    "error sending your mail",
    "message you sent",
    "non remis",
    "warning: could not send",
    "mail system error",
    "delivery report",
    "can't be delivered",
    "email error",
];

/// What reports say, in lower case.
const FAILURE_WORDS: [&str; 26] = [
    "could not be delivered",
    "unable to deliver",
    "couldn't deliver",
    "wasn't able to deliver",
    "could not deliver",
    "delivery failed",
    "permanent error",
    "following address",
    "message was not delivered",
    "undeliverable",
    "delivery to the following",
    "returned to sender",
    "following recipients",
    "did not reach",
    "failed permanently",
    "trouble delivering",
    "your message cannot be delivered",
    "not be delivered",
    "was not delivered",
    "error while attempting to deliver",
    "user unknown",
    "配信",
    "not yet been delivered",
    "requested action not taken",
    "failed addresses",
    "has been delayed",
];

fn speaks_of_failure(headers: &Headers, mail: &Mail, evidence: &Evidence) -> bool {
    let subject = mail.subject.to_lowercase();
    let words = bounded(&evidence.words, 4_096).to_lowercase();
    let answer = headers.lower("auto-submitted").starts_with("auto-replied") && is_away(&mail.subject);
    !answer
        && (headers.has("x-failed-recipients")
            || FAILURE_SUBJECTS.iter().any(|known| subject.contains(known))
            || FAILURE_WORDS.iter().any(|known| words.contains(known))
            || !evidence.returned.is_empty() && find_status(&words).is_some())
}

/// A warning in words only: the server goes on trying.
fn speaks_of_delay(mail: &Mail, evidence: &Evidence) -> bool {
    const WORDS: [&str; 8] = [
        "has been delayed",
        "do not need to resend",
        "not yet been delivered",
        "warning message only",
        "will keep trying",
        "will continue to try",
        "will continue trying",
        "still trying to deliver",
    ];
    let subject = mail.subject.to_lowercase();
    let words = bounded(&evidence.words, 4_096).to_lowercase();
    subject.starts_with("warning: could not send")
        || subject.starts_with("warning: message") && subject.contains(" delayed ")
        || WORDS.iter().any(|known| words.contains(known))
}

fn complaint(headers: &Headers, evidence: &Evidence) -> Bounce {
    let told = ["original-rcpt-to", "removal-recipient", "original-recipient", "final-recipient"]
        .iter()
        .filter_map(|name| evidence.field(name))
        .find_map(address_of);
    let recipient = told
        .or_else(|| returned_field(&evidence.returned, "to").and_then(|to| address_of(&to)))
        .or_else(|| headers.get("x-complaint-recipient").and_then(address_of));
    Bounce {
        report: Report::Complaint,
        recipient,
        status: None,
        hard: false,
        reason: Some("complaint".into()),
        diagnostic: evidence.field("feedback-type").map(str::to_owned),
        message_id: returned_id(evidence),
    }
}

/// Amazon SES tells of deliveries in JSON when its topic is subscribed by mail.
fn notification(text: &str) -> Option<Bounce> {
    let text = text.trim_start();
    if !text.starts_with('{') || !text[..text.floor_char_boundary(400)].contains("\"notificationType\"") {
        return None;
    }
    let end = text.find("\n--\n").or_else(|| text.find("\n\n")).unwrap_or(text.len());
    let body: serde_json::Value = serde_json::from_str(text[..end].trim()).ok()?;
    let string = |value: &serde_json::Value| value.as_str().map(str::to_owned);
    let (report, first, hard) = match body["notificationType"].as_str()? {
        "Bounce" => {
            (Report::Failed, &body["bounce"]["bouncedRecipients"][0], body["bounce"]["bounceType"] == "Permanent")
        }
        "Complaint" => (Report::Complaint, &body["complaint"]["complainedRecipients"][0], false),
        _ => (Report::Delivered, &body["delivery"]["recipients"][0], false),
    };
    let diagnostic = string(&first["diagnosticCode"]).or_else(|| string(&body["delivery"]["smtpResponse"]));
    let status = string(&first["status"]).or_else(|| diagnostic.as_deref().and_then(find_status));
    let cause = failure::cause(diagnostic.as_deref().unwrap_or_default(), status.as_deref(), false);
    Some(Bounce {
        report,
        recipient: string(&first["emailAddress"]).or_else(|| string(first)),
        status,
        hard: hard && cause.hard,
        reason: Some(if report == Report::Delivered { "delivered" } else { cause.name }.into()),
        diagnostic,
        message_id: string(&body["mail"]["messageId"]),
    })
}

fn failure(headers: &Headers, mail: &Mail, evidence: &Evidence) -> Bounce {
    let recipient = recipient(headers, mail, evidence);
    let (said, field_status) = said(evidence, recipient.as_deref());
    let status = find_status(&said)
        .or(field_status.filter(|status| !status.ends_with(".0.0")))
        .or_else(|| evidence.field("status").and_then(find_status));
    let action = evidence.field("action").unwrap_or_default().to_ascii_lowercase();
    let after_data = is_after_data(&evidence.words, &said);
    let mut cause = failure::cause(&said, status.as_deref(), after_data);
    let report = if action.starts_with("deliver")
        || action.starts_with("relay")
        || action.starts_with("expand")
        || !action.starts_with("fail") && status.as_deref().is_some_and(|status| status.starts_with("2."))
    {
        cause = failure::Cause { name: "delivered", hard: false };
        Report::Delivered
    } else if action.starts_with("delay") || action.is_empty() && speaks_of_delay(mail, evidence) {
        cause.hard = false;
        Report::Delayed
    } else {
        Report::Failed
    };
    let said = one_line(&said);
    Bounce {
        report,
        recipient,
        status,
        hard: cause.hard,
        reason: Some(cause.name.into()),
        diagnostic: Some(bounded(said.trim(), 500).into_owned()).filter(|said| !said.is_empty()),
        message_id: returned_id(evidence),
    }
}

/// What was said about the recipient: the diagnostic code, else the words around the address.
fn said(evidence: &Evidence, recipient: Option<&str>) -> (String, Option<String>) {
    let mut group: Vec<&(String, String)> = Vec::new();
    let mut matched = false;
    for field in &evidence.fields {
        let (name, value) = field;
        if name.ends_with("-recipient")
            && group.iter().any(|(name, _)| name.ends_with("final-recipient") || name == "status")
            && name == "final-recipient"
        {
            if matched {
                break;
            }
            group.clear();
        }
        matched |= name.ends_with("-recipient")
            && recipient.is_some_and(|wanted| value.to_ascii_lowercase().contains(&wanted.to_ascii_lowercase()));
        group.push(field);
    }
    let of = |wanted: &str| group.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.clone());
    let code =
        of("diagnostic-code").map(|code| code.split_once(';').map_or(code.clone(), |(_, rest)| rest.trim().to_owned()));
    let status = of("status").as_deref().and_then(find_status);
    let words = around(&evidence.words, recipient.unwrap_or_default());
    // `X-Unix; 77` and the like say nothing without the words around.
    let telling = code.filter(|code| code.len() > 12 && code.contains(' '));
    let said = match telling {
        Some(code) if code.to_ascii_lowercase().contains("unknown") || code.len() > 30 => code,
        Some(code) => format!("{code} {words}"),
        None => words,
    };
    (said, status)
}

/// The words from the first mention of the address up to the next address of a list, or all of them.
fn around(words: &str, recipient: &str) -> String {
    let lower = words.to_ascii_lowercase();
    let recipient = recipient.to_ascii_lowercase();
    let end = bounded(words, 6_000).len();
    if recipient.is_empty() {
        return words[..end].to_owned();
    }
    // A list of addresses with a reason each: only what stands below ours counts.
    let entry = |line: &str| {
        let line = line.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '<' | '"' | '\''));
        let address = find_address(&line[..line.floor_char_boundary(200)])?;
        let rest = line.strip_prefix(address)?.trim_start_matches(['>', '"', '\'']);
        (rest.is_empty() || rest.starts_with(':')).then(|| address.to_ascii_lowercase())
    };
    let mut at = 0;
    let mut start = None;
    for line in lower[..end].split_inclusive('\n') {
        match (entry(line), start) {
            (Some(address), None) if address == recipient => start = Some(at),
            (Some(address), Some(start)) if address != recipient => return words[start..at].to_owned(),
            _ => {}
        }
        at += line.len();
    }
    if let Some(start) = start {
        return words[start..end].to_owned();
    }
    words[..end].to_owned()
}

fn is_after_data(words: &str, said: &str) -> bool {
    static DATA: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"(?i)in reply to (?:the )?(?:end of )?DATA|after (?:the )?(?:end of )?DATA|smtp command\s+DATA|>>> DATA|during DATA|\(DATA\)|after data").ok()
    });
    let Some(pattern) = DATA.as_ref() else { return false };
    let data = pattern.is_match(said) || pattern.is_match(bounded(words, 8_000).as_ref());
    data && !words.contains(">>> RCPT") && !words.to_ascii_lowercase().contains("in reply to rcpt")
}

fn recipient(headers: &Headers, mail: &Mail, evidence: &Evidence) -> Option<String> {
    for name in ["final-recipient", "original-recipient", "x-actual-recipient"] {
        let found = evidence.fields.iter().filter(|(key, _)| key == name).find_map(|(_, value)| address_of(value));
        if found.is_some() {
            return found;
        }
    }
    if let Some(found) = headers.get("x-failed-recipients").and_then(address_of) {
        return Some(found);
    }
    let own: Vec<String> = mail
        .to
        .iter()
        .chain(&mail.from)
        .map(|one| one.address.to_ascii_lowercase())
        .chain(mail.delivered_to.iter().map(|one| one.to_ascii_lowercase()))
        .collect();
    let foreign = |address: &str| !own.contains(&address.to_ascii_lowercase()) && !is_id(address);
    let listed = || evidence.words.lines().filter_map(listed_address);
    let found = listed()
        .find(|(address, _)| foreign(address))
        // Who writes to themselves may be told so.
        .or_else(|| listed().find(|(address, sure)| *sure && !is_id(address)))
        .map(|(address, _)| address)
        .map(str::to_owned)
        .or_else(|| addresses_in(&evidence.words).find(|address| foreign(address)).map(str::to_owned));
    found
        .or_else(|| returned_field(&evidence.returned, "x-original-to").and_then(|to| address_of(&to)))
        .or_else(|| returned_field(&evidence.returned, "to").and_then(|to| address_of(&to)))
        .or_else(|| evidence.words.lines().find_map(|line| find_address(line)).map(str::to_owned))
}

/// The address that a line of the report is about, and whether it surely is: alone on the line, or before what the
/// server said. What stands behind *To:* may be the sender as well.
fn listed_address(line: &str) -> Option<(&str, bool)> {
    let line = line.trim();
    let address = find_address(line)?;
    let bare = line.trim_matches(|c: char| {
        matches!(c, '<' | '>' | ':' | '*' | '-' | '\'' | '"' | ',' | ';' | '(' | ')') || c.is_whitespace()
    });
    let sure =
        bare == address || line.starts_with(&format!("<{address}>:")) || line.starts_with(&format!("{address}:"));
    (sure || line.to_ascii_lowercase().starts_with("to:")).then_some((address, sure))
}

/// Looks like a Message-ID or a queue id rather than a mailbox.
fn is_id(address: &str) -> bool {
    let local = address.split('@').next().unwrap_or_default();
    local.len() > 40
        || local.len() >= 10
            && local.bytes().filter(u8::is_ascii_digit).count() * 10 >= local.len() * 7
            && local.contains('.')
}

/// `rfc822; <someone@example.com>` and plainer ones.
fn address_of(value: &str) -> Option<String> {
    let (kind, value) = value.split_once(';').unwrap_or(("", value));
    let international = kind.trim().eq_ignore_ascii_case("utf-8").then(|| from_xtext(value));
    let value = international.as_deref().unwrap_or(value);
    if let (Some(open), Some(close)) = (value.find('<'), value.rfind('>'))
        && open < close
        && let Some(address) = find_address(&value[open + 1..close])
    {
        return Some(address.to_owned());
    }
    find_address(value).map(str::to_owned)
}

/// `\x{F6}` for ö, as servers write it that speak ASCII only (RFC 6533, 3).
fn from_xtext(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("\\x{") {
        out.push_str(before);
        let code = after.split_once('}').filter(|(code, _)| code.len() <= 6);
        let letter = code.and_then(|(code, _)| u32::from_str_radix(code, 16).ok()).and_then(char::from_u32);
        match (letter, code) {
            (Some(letter), Some((_, after))) if !letter.is_control() => {
                out.push(letter);
                rest = after;
            }
            _ => {
                out.push_str("\\x{");
                rest = after;
            }
        }
    }
    out + rest
}

fn find_status(text: &str) -> Option<String> {
    static STATUS: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"(?:^|[^0-9.])([245]\.\d{1,3}\.\d{1,3})(?:[^0-9.]|\.?$|\.[^0-9])").ok());
    STATUS.as_ref()?.captures(text)?.get(1).map(|found| found.as_str().to_owned())
}
