//! Mails that leave: a [`Draft`] becomes RFC 5322 bytes.
//!
//! The same draft gives the same bytes, so that sending again after a crash sends the same mail. Headers are written
//! here, because what users type ends up in them: a line end in any value is refused and never repaired. The bodies
//! and their transfer encodings are `mail-builder`'s.

use std::borrow::Cow;

use base64::{Engine, engine::general_purpose::STANDARD};
use mail_builder::{
    headers::{HeaderType, content_type::ContentType, date::Date, raw::Raw},
    mime::{BodyPart, MimePart},
};
use sha2::{Digest, Sha256};

use crate::{
    address,
    parse::Address,
    part::{Attachment, safe_name},
};

/// RFC 5322, 2.1.1: no line is longer.
const MAX_LINE: usize = 998;
/// Where headers are folded.
const FOLD: usize = 76;
/// References keeps the first message of the thread and this many of the last ones.
const LAST_REFERENCES: usize = 20;
/// An id cannot be folded, and must fit on a line with the name of its header.
const MAX_ID: usize = 900;

/// A mail to be written. Ids are without angle brackets; domains may be international, and are written in their ASCII
/// form (RFC 5891). What stands before an @ is written as it is, in UTF-8 (RFC 6532): such a mail is for servers that
/// know SMTPUTF8.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    pub message_id: String,
    pub from: Address,
    pub reply_to: Option<Address>,
    pub to: Vec<Address>,
    pub cc: Vec<Address>,
    /// Only in [`Draft::recipients`]; no header tells of them.
    pub bcc: Vec<Address>,
    pub subject: String,
    /// Ids of others are whatever their programs wrote: one that cannot be written safely is left out.
    pub in_reply_to: Option<String>,
    /// Oldest first; as for `in_reply_to`.
    pub references: Vec<String>,
    pub text: String,
    pub html: Option<String>,
    /// Inline ones with a `content_id` go beside the HTML, the others below the mail.
    pub attachments: Vec<Attachment>,
    /// Nobody should answer this automatically (RFC 3834).
    pub auto_submitted: bool,
    /// List-Unsubscribe and the like: names and values.
    pub extra: Vec<(String, String)>,
    /// Milliseconds since 1970.
    pub date_ms: i64,
}

/// A draft that cannot be written: which field, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    pub field: String,
    pub why: Cow<'static, str>,
}

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.field, self.why)
    }
}

impl std::error::Error for Refused {}

fn refused(field: &str, why: impl Into<Cow<'static, str>>) -> Refused {
    Refused { field: field.to_owned(), why: why.into() }
}

impl Draft {
    /// With every domain in its ASCII form, as the envelope needs it; what has none stays, and [`compose`] refuses it.
    #[must_use]
    pub fn with_ascii_domains(mut self) -> Draft {
        let lists = self.to.iter_mut().chain(&mut self.cc).chain(&mut self.bcc);
        for one in lists.chain(&mut self.reply_to).chain([&mut self.from]) {
            if let Ok(address) = ascii("", &one.address) {
                one.address = address.into_owned();
            }
        }
        self
    }

    /// Everyone the envelope names (RFC 5321), each once.
    pub fn recipients(&self) -> Vec<&str> {
        let mut all: Vec<&str> = Vec::new();
        for one in self.to.iter().chain(&self.cc).chain(&self.bcc) {
            if !all.iter().any(|known| known.eq_ignore_ascii_case(&one.address)) {
                all.push(&one.address);
            }
        }
        all
    }
}

/// Writes the mail. Nothing is written that another program would read differently from what was meant.
pub fn compose(draft: &Draft) -> Result<Vec<u8>, Refused> {
    let mut out = Vec::with_capacity(4_096 + draft.text.len() * 2);
    let mut write = |name: &str, value: &str| header(&mut out, name, value);
    write("From", &mailbox("from", &draft.from)?)?;
    if let Some(reply_to) = &draft.reply_to {
        write("Reply-To", &mailbox("reply_to", reply_to)?)?;
    }
    for (name, field, list) in [("To", "to", &draft.to), ("Cc", "cc", &draft.cc)] {
        if !list.is_empty() {
            let list: Vec<String> = list.iter().map(|one| mailbox(field, one)).collect::<Result<_, _>>()?;
            write(name, &list.join(", "))?;
        }
    }
    for one in &draft.bcc {
        mailbox("bcc", one)?;
    }
    write("Subject", &words("subject", &draft.subject)?)?;
    write("Date", &Date::new(draft.date_ms.div_euclid(1_000)).to_rfc822())?;
    write("Message-ID", &bracketed("message_id", &draft.message_id)?)?;
    if let Some(id) = draft.in_reply_to.as_deref().and_then(foreign) {
        write("In-Reply-To", &id)?;
    }
    let references = bounded(draft.references.iter().filter_map(|id| foreign(id)).collect());
    if !references.is_empty() {
        write("References", &references.join(" "))?;
    }
    if draft.auto_submitted {
        let answers = draft.in_reply_to.is_some() || !draft.references.is_empty();
        write("Auto-Submitted", if answers { "auto-replied" } else { "auto-generated" })?;
        write("X-Auto-Response-Suppress", "All")?;
    }
    for (name, value) in &draft.extra {
        write(extra_name(name)?, &words(name, value)?)?;
    }
    write("MIME-Version", "1.0")?;
    body(draft)?.write_part(&mut out).map_err(|_| refused("text", "could not be written"))?;
    Ok(out)
}

fn bounded(mut references: Vec<String>) -> Vec<String> {
    if references.len() > LAST_REFERENCES + 1 {
        references.drain(1..references.len() - LAST_REFERENCES);
    }
    references
}

/// Names that the draft has fields for, or that decide how the mail is read, are not to be had this way.
fn extra_name(name: &str) -> Result<&str, Refused> {
    const TAKEN: [&str; 17] = [
        "from",
        "sender",
        "reply-to",
        "to",
        "cc",
        "bcc",
        "subject",
        "date",
        "message-id",
        "in-reply-to",
        "references",
        "mime-version",
        "content-type",
        "content-transfer-encoding",
        "content-disposition",
        "auto-submitted",
        "return-path",
    ];
    let fine = !name.is_empty() && name.len() <= 76 && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    if !fine {
        return Err(refused("extra", "has a header name with other signs than letters, digits and hyphens"));
    }
    if TAKEN.contains(&name.to_ascii_lowercase().as_str()) {
        return Err(refused("extra", "names a header that has a field of its own"));
    }
    Ok(name)
}

fn one_line<'v>(field: &str, value: &'v str) -> Result<&'v str, Refused> {
    if value.chars().any(|c| c.is_control() && c != '\t' || matches!(c, '\u{2028}' | '\u{2029}')) {
        return Err(refused(field, "must not contain line ends or control characters"));
    }
    Ok(value.trim())
}

/// The address with the ASCII form of its domain.
fn ascii<'v>(field: &str, address: &'v str) -> Result<Cow<'v, str>, Refused> {
    address::check(address).map_err(|flaw| refused(field, flaw.to_string()))
}

/// `Name <address>`.
fn mailbox(field: &str, address: &Address) -> Result<String, Refused> {
    let bare = ascii(field, &address.address)?;
    let name = one_line(field, address.name.as_deref().unwrap_or_default())?;
    if name.is_empty() {
        return Ok(bare.into_owned());
    }
    let name = if name.is_ascii() && name.len() <= 200 && !name.contains("=?") {
        format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\""))
    } else {
        encoded_words(name)
    };
    Ok(format!("{name} <{bare}>"))
}

/// Unstructured text, in encoded words if it needs them (RFC 2047).
fn words(field: &str, value: &str) -> Result<String, Refused> {
    let value = one_line(field, value)?;
    let needed = !value.is_ascii() || value.contains("=?") || value.split(' ').any(|word| word.len() > 900);
    Ok(if needed { encoded_words(value) } else { value.to_owned() })
}

/// Base64 words of at most 75 characters, each with whole characters.
fn encoded_words(value: &str) -> String {
    let mut out = String::new();
    let mut rest = value;
    while !rest.is_empty() {
        let mut end = rest.floor_char_boundary(45);
        if end == 0 {
            end = rest.len();
        }
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str("=?utf-8?B?");
        STANDARD.encode_string(&rest[..end], &mut out);
        out.push_str("?=");
        rest = &rest[end..];
    }
    out
}

/// `<id>` of ours, accepted with or without its brackets.
fn bracketed(field: &str, id: &str) -> Result<String, Refused> {
    let id = without_brackets(one_line(field, id)?);
    if id.is_empty() || id.len() > MAX_ID || !id.is_ascii() || id.contains([' ', '\t', '<', '>', ',', '"']) {
        return Err(refused(field, "is not a message id"));
    }
    Ok(format!("<{id}>"))
}

/// `<id>` of somebody else's mail, as it came, or nothing: spaces, brackets, quotes and comments would make readers see
/// other ids than were meant. The thread holds without it, by our own ids.
fn foreign(id: &str) -> Option<String> {
    let id = without_brackets(id.trim());
    let plain = |byte: u8| byte.is_ascii_graphic() && !b"<>\"()\\".contains(&byte);
    (!id.is_empty() && id.len() <= MAX_ID && id.bytes().all(plain)).then(|| format!("<{id}>"))
}

fn without_brackets(id: &str) -> &str {
    id.strip_prefix('<').and_then(|id| id.strip_suffix('>')).unwrap_or(id)
}

/// Writes `Name: value`, folded between words.
fn header(out: &mut Vec<u8>, name: &str, value: &str) -> Result<(), Refused> {
    debug_assert!(!value.contains(['\r', '\n']));
    out.extend_from_slice(name.as_bytes());
    out.push(b':');
    let mut column = name.len() + 1;
    for word in value.split(' ').filter(|word| !word.is_empty()) {
        if word.len() + 1 >= MAX_LINE {
            return Err(refused(&name.to_ascii_lowercase(), "has a word too long for a header"));
        }
        if column + 1 + word.len() > FOLD && column > name.len() + 1 {
            out.extend_from_slice(b"\r\n");
            column = 0;
        }
        out.push(b' ');
        out.extend_from_slice(word.as_bytes());
        column += 1 + word.len();
    }
    out.extend_from_slice(b"\r\n");
    Ok(())
}

/// mixed(related(alternative(text, html), pictures), files), as far as each is needed.
fn body(draft: &Draft) -> Result<MimePart<'_>, Refused> {
    let mut part = MimePart::new("text/plain", crlf(&draft.text));
    let beside = |one: &&Attachment| one.inline && one.content_id.is_some() && draft.html.is_some();
    if let Some(html) = &draft.html {
        part = multipart(draft, "alternative", vec![part, MimePart::new("text/html", crlf(html))]);
    }
    let pictures: Vec<&Attachment> = draft.attachments.iter().filter(beside).collect();
    if !pictures.is_empty() {
        let mut parts = vec![part];
        for picture in pictures {
            parts.push(attached(picture)?);
        }
        part = multipart(draft, "related", parts);
    }
    let files: Vec<&Attachment> = draft.attachments.iter().filter(|one| !beside(one)).collect();
    if !files.is_empty() {
        let mut parts = vec![part];
        for file in files {
            parts.push(attached(file)?);
        }
        part = multipart(draft, "mixed", parts);
    }
    Ok(part)
}

fn crlf(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 32 + 2);
    for line in text.lines() {
        out.push_str(line.trim_end_matches('\r'));
        out.push_str("\r\n");
    }
    out
}

fn multipart<'d>(draft: &Draft, kind: &str, parts: Vec<MimePart<'d>>) -> MimePart<'d> {
    let hash = Sha256::new()
        .chain_update(kind)
        .chain_update(&draft.message_id)
        .chain_update(draft.date_ms.to_le_bytes())
        .finalize();
    let mut boundary = String::from("=_");
    for byte in hash.iter().take(14) {
        boundary.push(char::from(b'a' + (byte >> 4)));
        boundary.push(char::from(b'a' + (byte & 15)));
    }
    let kind = ContentType::new(format!("multipart/{kind}")).attribute("boundary", boundary);
    MimePart::new(kind, BodyPart::Multipart(parts))
}

fn attached(file: &Attachment) -> Result<MimePart<'static>, Refused> {
    let kind = one_line("attachments", &file.content_type)?;
    let token =
        |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&b));
    let sound = kind.split_once('/').is_some_and(|(kind, sub)| token(kind) && token(sub));
    // A container's bytes cannot be labelled as one and be sent in base64 as well (RFC 2045, 6.4).
    let container = kind.starts_with("multipart/") || kind.starts_with("message/");
    let kind = if sound && !container { kind } else { "application/octet-stream" };
    let name = safe_name(one_line("attachments", &file.name)?);
    let name = if name.is_empty() { "attachment".to_owned() } else { name };
    let disposition = if file.inline && file.content_id.is_some() { "inline" } else { "attachment" };
    let mut headers: Vec<(Cow<'static, str>, HeaderType<'static>)> = vec![
        ("Content-Type".into(), Raw::new(kind.to_owned()).into()),
        ("Content-Disposition".into(), Raw::new(format!("{disposition}; {}", filename(&name))).into()),
        ("Content-Transfer-Encoding".into(), Raw::new("base64").into()),
    ];
    if let Some(id) = &file.content_id {
        headers.push(("Content-ID".into(), Raw::new(bracketed("attachments", id)?).into()));
    }
    let encoded = STANDARD.encode(&file.bytes);
    let mut wrapped = Vec::with_capacity(encoded.len() + encoded.len() / 38 + 2);
    for line in encoded.as_bytes().chunks(76) {
        wrapped.extend_from_slice(line);
        wrapped.extend_from_slice(b"\r\n");
    }
    Ok(MimePart { headers, contents: BodyPart::Binary(wrapped.into()) })
}

/// In plain ASCII as it is, else as RFC 2231 wants it. A plain name beside it would be what many programs show.
fn filename(name: &str) -> String {
    if name.bytes().all(|b| b.is_ascii_graphic() || b == b' ') {
        return format!("filename=\"{name}\"");
    }
    let mut encoded = String::with_capacity(name.len() * 3);
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_') {
            encoded.push(char::from(byte));
        } else {
            encoded.push('%');
            encoded.push(char::from(b"0123456789ABCDEF"[usize::from(byte >> 4)]));
            encoded.push(char::from(b"0123456789ABCDEF"[usize::from(byte & 15)]));
        }
    }
    format!("filename*=UTF-8''{encoded}")
}
