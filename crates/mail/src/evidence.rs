//! What a delivery report holds: its fields, its words, and the head of the mail it is about.

use std::sync::LazyLock;

use mail_parser::{Message, MimeHeaders, PartType};
use regex::Regex;

use crate::{
    parse::Mail,
    part::content_type,
    text::{bounded, one_line},
};

const MAX_SCANNED: usize = 64 << 10;

/// What is known before judging: the fields and texts of the report and the head of the returned mail.
#[derive(Default)]
pub(crate) struct Evidence {
    /// Fields of message/delivery-status, in order (names in lower case).
    pub(crate) fields: Vec<(String, String)>,
    /// The mail itself has a part with such fields, and does not only enclose or quote one.
    pub(crate) structured: bool,
    pub(crate) feedback: bool,
    /// What the server wrote for people.
    pub(crate) words: String,
    /// Headers of the returned message, as text.
    pub(crate) returned: String,
}

impl Evidence {
    pub(crate) fn field(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

pub(crate) fn gather(mail: &Mail, message: &Message<'_>) -> Evidence {
    let mut evidence = Evidence::default();
    let (words, returned) = cut_returned(bounded(&mail.text, MAX_SCANNED).as_ref());
    evidence.words = words;
    evidence.returned = returned;
    for part in message.parts.iter().take(64) {
        let kind = part.content_type().map(|_| content_type(part)).unwrap_or_default();
        match (&part.body, kind.as_str()) {
            // A report about a report, or one that was passed on: the inner one knows more.
            (PartType::Message(inner), _) if evidence.fields.is_empty() && has_status(inner) => {
                let inner_text = inner.body_text(0).unwrap_or_default();
                evidence.words.push_str(&cut_returned(bounded(&inner_text, MAX_SCANNED).as_ref()).0);
                for part in inner.parts.iter().take(64).filter(|part| is_status(part)) {
                    fields(&String::from_utf8_lossy(part.contents()), &mut evidence.fields);
                }
            }
            (_, "message/delivery-status" | "message/global-delivery-status") => {
                evidence.structured = true;
                fields(&String::from_utf8_lossy(part.contents()), &mut evidence.fields);
            }
            (_, "message/feedback-report" | "message/feedback") => {
                evidence.feedback = true;
                fields(&String::from_utf8_lossy(part.contents()), &mut evidence.fields);
            }
            (PartType::Message(inner), _) => {
                let head = inner.raw_message.get(inner.root_part().offset_header as usize..).unwrap_or_default();
                evidence.returned = head_of(&String::from_utf8_lossy(&head[..head.len().min(MAX_SCANNED)]));
            }
            (
                _,
                "text/rfc822-headers"
                | "message/rfc822-headers"
                | "message/rfc822"
                | "message/global"
                | "message/global-headers",
            ) => {
                evidence.returned =
                    head_of(&String::from_utf8_lossy(&part.contents()[..part.contents().len().min(MAX_SCANNED)]));
            }
            (PartType::Text(text), _) if evidence.returned.is_empty() => {
                let text = bounded(text, MAX_SCANNED);
                let holds_mail = text.contains("Message-I") || text.contains("Received:");
                let (words, returned) =
                    if holds_mail { cut_returned(&text) } else { (text.into_owned(), String::new()) };
                // A report whose parts cannot be told apart is no text of the mail, and says the same.
                if evidence.words.trim().is_empty() {
                    own_fields(&words, &mut evidence.fields);
                    evidence.words = words;
                }
                evidence.returned = returned;
            }
            _ => {}
        }
    }
    own_fields(&bounded(&mail.text, MAX_SCANNED), &mut evidence.fields);
    evidence.feedback |=
        mail.subject.starts_with("complaint about message") && evidence.returned.contains("X-HmXmrOriginalRecipient:");
    evidence
}

fn is_status(part: &mail_parser::MessagePart<'_>) -> bool {
    part.is_content_type("message", "delivery-status")
}

fn has_status(message: &Message<'_>) -> bool {
    message.parts.iter().take(64).any(is_status)
}

fn head_of(text: &str) -> String {
    let text = text.trim_start();
    let end = text.find("\r\n\r\n").or_else(|| text.find("\n\n")).unwrap_or(text.len());
    text[..end].to_owned()
}

/// The fields of a report that stand in its text, where no part has any.
fn own_fields(text: &str, into: &mut Vec<(String, String)>) {
    if into.is_empty() && (text.contains("Final-Recipient:") || text.contains("Original-Recipient:")) {
        fields(text, into);
    }
}

/// Reads `Name: value` lines with their continuations.
fn fields(text: &str, into: &mut Vec<(String, String)>) {
    for line in text.lines().take(2_000) {
        if line.starts_with([' ', '\t']) {
            if let Some((_, value)) = into.last_mut()
                && value.len() < 4_096
            {
                value.push(' ');
                value.push_str(line.trim());
            }
        } else if let Some((name, value)) = line.split_once(':')
            && name.len() < 64
            && !name.contains(' ')
        {
            into.push((name.to_ascii_lowercase(), one_line(value)));
        }
    }
}

/// Divides the text of a report into the words and the returned mail below them.
fn cut_returned(text: &str) -> (String, String) {
    static MARKER: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(concat!(
            r"(?im)^[ \t>]*(?:[-=_*#]{2,}.{0,12}(?:below this line|copy of|original message|original mail|returned message|returned mail|unsent message|message header|headers? of|header follows|undelivered message|enclosed is)",
            r"|original message follows|(?:the|your) original message(?: headers?)?(?::| follows| is attached| was attached)|below is (?:a copy|the)|unsent message|message headers? follow|message header follows|headers of the original|the header of the original|received: from .* by |return-path: <|received: (?:from|by|\(qmail))"
        ))
        .ok()
    });
    let found = MARKER.as_ref().and_then(|pattern| pattern.find(text));
    found.map_or_else(
        || (text.to_owned(), String::new()),
        |found| (text[..found.start()].to_owned(), text[found.start()..].to_owned()),
    )
}

pub(crate) fn returned_field(returned: &str, name: &str) -> Option<String> {
    let mut all = Vec::new();
    fields(returned, &mut all);
    all.into_iter().find(|(key, _)| key.trim_start_matches('>').trim() == name).map(|(_, value)| value)
}

pub(crate) fn returned_id(evidence: &Evidence) -> Option<String> {
    let id = returned_field(&evidence.returned, "message-id")
        .or_else(|| evidence.field("original-message-id").map(str::to_owned))?;
    let id = id.trim().trim_start_matches('<').trim_end_matches('>').to_owned();
    (!id.is_empty()).then_some(id)
}
