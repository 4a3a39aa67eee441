//! Bytes become a [`Mail`]: the MIME tree flattened to what a support desk reads.
//!
//! The tree itself is read by `mail-parser`; this file decides what counts as text, what is an attachment, and where
//! a hostile mail stops. Nothing here panics or takes more than linear time; see [`crate::guard`] for what the MIME
//! reader is kept from.

use std::{borrow::Cow, panic::catch_unwind, sync::LazyLock};

use mail_parser::{Address as Parsed, HeaderName, HeaderValue, Message, MessageParser, MessagePart, PartType};
use regex::bytes::Regex;
use sha2::{Digest, Sha256};

use crate::{
    automatic::{self, Automatic},
    bounce::{self, Bounce},
    calendar,
    guard::{Guarded, guard},
    headers::{self, Auth, Headers},
    html,
    list::{self, Lists},
    part::{self, Attachment},
    quote::{self, Folded},
    text::{bounded, one_line, tidy},
    tnef::{self, Opened},
    uuencode, words,
};

/// Parts of one mail that are kept as attachments; the rest is counted in [`Mail::dropped`].
pub const MAX_ATTACHMENTS: usize = 1_000;
/// Bytes of plain text kept; the original mail has the rest.
pub const MAX_TEXT: usize = 2 << 20;
/// Bytes of HTML kept.
pub const MAX_HTML: usize = 4 << 20;
const MAX_SUBJECT: usize = 1_000;
const MAX_ADDRESSES: usize = 500;
const MAX_REFERENCES: usize = 200;

/// One mailbox of an address header (RFC 5322, 3.4). The address is kept as written, without angle brackets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    pub name: Option<String>,
    pub address: String,
}

/// A mail as the desk sees it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Mail {
    /// Without angle brackets. [`fallback_id`] makes one for mails that have none.
    pub message_id: Option<String>,
    pub in_reply_to: Vec<String>,
    /// The newest 200 at most, oldest first.
    pub references: Vec<String>,
    pub from: Option<Address>,
    pub sender: Option<Address>,
    pub reply_to: Vec<Address>,
    pub to: Vec<Address>,
    pub cc: Vec<Address>,
    /// Envelope recipients as the receiving server noted them: Delivered-To, X-Original-To, Envelope-To and kin.
    pub delivered_to: Vec<String>,
    /// Decoded, on one line, without control characters.
    pub subject: String,
    /// Milliseconds since 1970, as the sender claims.
    pub date: Option<i64>,
    /// The best plain text there is, with `\n` line ends; made from the HTML if there is nothing else.
    pub text: String,
    /// `text` was made from the HTML, because the mail has no plain text of its own.
    pub text_from_html: bool,
    /// Raw HTML, **not** sanitised: show it only through [`crate::clean::clean`].
    pub html: Option<String>,
    pub attachments: Vec<Attachment>,
    /// Parts that were not kept because there were too many.
    pub dropped: usize,
    /// Text, HTML or parts go beyond what is kept.
    pub cut: bool,
    pub automatic: Automatic,
    pub bounce: Option<Bounce>,
    pub auth: Auth,
    /// Sent through a mailing list or a bulk mailer (RFC 2369, RFC 2919, Precedence).
    pub list: bool,
    pub lists: Lists,
    /// Content-Language, when given (RFC 3282).
    pub language: Option<String>,
}

/// Why bytes could not be read as a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unreadable {
    Empty,
    NoHeaders,
    /// The MIME reader gave up on it; the mail belongs in quarantine.
    Broken,
}

impl std::fmt::Display for Unreadable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Unreadable::Empty => "the mail is empty",
            Unreadable::NoHeaders => "no mail headers were found",
            Unreadable::Broken => "the mail is damaged beyond reading",
        })
    }
}

impl std::error::Error for Unreadable {}

/// Reads a raw message (RFC 5322, RFC 2045 to 2049), as lenient as mail in the wild asks for.
pub fn parse(raw: &[u8]) -> Result<Mail, Unreadable> {
    let raw = headers::skip_envelope(raw);
    if raw.iter().all(u8::is_ascii_whitespace) {
        return Err(Unreadable::Empty);
    }
    let Guarded { raw, dropped } = guard(raw);
    let raw = headers::utf8_headers(&raw);
    let raw = words::join_words(&raw, headers::end_of_headers(&raw));
    let message = read_tree(&raw)?;
    match mended(&message, &raw) {
        Some(mended) => Ok(read(&read_tree(&mended)?, &mended, dropped)),
        None => Ok(read(&message, &raw, dropped)),
    }
}

fn read_tree(raw: &[u8]) -> Result<Message<'_>, Unreadable> {
    // The reader is fuzzed upstream, yet a bug in it must put one mail into quarantine and not end the process.
    let message = catch_unwind(|| MessageParser::default().parse(raw)).map_err(|_| Unreadable::Broken)?;
    message.filter(|message| !message.headers().is_empty()).ok_or(Unreadable::NoHeaders)
}

/// Where the header names another boundary than the body uses (gateways that rewrite one of the two), or says both
/// that there are parts and that there are none, the mail with the boundary that is used.
fn mended(message: &Message<'_>, raw: &[u8]) -> Option<Vec<u8>> {
    static BOUNDARY: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"(?im-u)^--([^\r\n\x22]{1,200}?)[ \t]*\r?\nContent-[a-z-]+:").ok());
    let root = message.root_part();
    if matches!(root.body, PartType::Multipart(_)) {
        return None;
    }
    let labels: Vec<_> = root.headers.iter().filter(|header| header.name == HeaderName::ContentType).collect();
    let kind = labels
        .iter()
        .filter_map(|header| header.value.as_content_type())
        .find(|kind| kind.ctype().eq_ignore_ascii_case("multipart"))?;
    let body = raw.get(root.offset_body as usize..)?;
    let used = BOUNDARY.as_ref()?.captures(body)?.get(1)?.as_bytes();
    let mut mended = Vec::with_capacity(raw.len() + 300);
    let mut from = 0;
    for header in labels {
        mended.extend_from_slice(raw.get(from..header.offset_start as usize)?);
        mended.extend_from_slice(b" multipart/");
        mended.extend_from_slice(kind.subtype().unwrap_or("mixed").as_bytes());
        mended.extend_from_slice(b"; boundary=\"");
        mended.extend_from_slice(used);
        mended.extend_from_slice(b"\"\r\n");
        from = header.offset_end as usize;
    }
    mended.extend_from_slice(raw.get(from..)?);
    Some(mended)
}

/// An id for a mail without Message-ID: the same bytes give the same id, so that a second delivery is recognised.
///
/// SHA-256 from `sha2`, which is small and pure Rust; aws-lc-rs would tie this crate to a C build for one hash.
pub fn fallback_id(raw: &[u8]) -> String {
    let hash = Sha256::digest(raw);
    let mut id = String::with_capacity(64);
    for byte in hash.iter().take(20) {
        id.push(char::from(b"0123456789abcdef"[usize::from(byte >> 4)]));
        id.push(char::from(b"0123456789abcdef"[usize::from(byte & 15)]));
    }
    id.push_str("@hash.invalid");
    id
}

impl Mail {
    /// What wrote it, for an inbox of this address: a list that is the inbox itself says nothing about that.
    pub fn automatic_at(&self, inbox: &str) -> Automatic {
        let own = self.automatic == Automatic::List && self.lists.are_only_of(inbox);
        if own { self.lists.otherwise } else { self.automatic }
    }

    /// Reply, quote and signature of this mail as plain text. The markup is asked where there is no plain text.
    pub fn fold(&self) -> Folded {
        if self.bounce.is_some() {
            // Everything a mail server writes is its message, rules and addresses and all.
            return Folded { reply: self.text.trim().to_owned(), ..Folded::default() };
        }
        match &self.html {
            Some(html) if self.text_from_html => quote::fold_html_as_text(html),
            _ => quote::fold_text(&self.text),
        }
    }
}

fn read(message: &Message<'_>, raw: &[u8], dropped: usize) -> Mail {
    let headers = Headers::of(message);
    let Bodies { mut html, mut text, mut text_from_html, files, mut cut } = bodies(message, raw);
    let (mut attachments, more) = attachments(message, raw);
    attachments.extend(files);
    let opened = open_winmail(&mut attachments);
    let dropped = dropped + more + attachments.len().saturating_sub(MAX_ATTACHMENTS);
    attachments.truncate(MAX_ATTACHMENTS);
    cut |= opened.cut || dropped > 0;
    if text.trim().is_empty() && html.is_none() {
        cut |= opened.html.as_ref().is_some_and(|html| html.len() > MAX_HTML);
        html = opened.html.map(|html| bounded(&html, MAX_HTML).into_owned());
        text_from_html = opened.text.is_none() && html.is_some();
        text = opened.text.or_else(|| html.as_deref().map(html::to_text)).unwrap_or(text);
        cut |= text.len() > MAX_TEXT;
        text.truncate(text.floor_char_boundary(MAX_TEXT));
    }
    if text.trim().is_empty() {
        text = attachments.iter().find_map(calendar::summary).unwrap_or_default();
    }
    let mut mail = Mail {
        message_id: message.message_id().map(id).filter(|id| !id.is_empty()),
        in_reply_to: ids(message.in_reply_to()),
        references: ids(message.references()),
        from: addresses(message.from()).into_iter().next().or_else(|| headers.loose_address("from")),
        sender: addresses(message.sender()).into_iter().next(),
        reply_to: addresses(message.reply_to()),
        to: addresses(message.to()),
        cc: addresses(message.cc()),
        delivered_to: headers.delivered_to(),
        subject: bounded(&one_line(message.subject().unwrap_or_default()), MAX_SUBJECT).into_owned(),
        date: message.date().filter(|date| date.is_valid()).map(|date| date.to_timestamp() * 1_000),
        text,
        text_from_html,
        html,
        attachments,
        dropped,
        cut,
        auth: headers.auth(),
        list: list::is_list(&headers),
        lists: Lists::of(&headers),
        language: headers.get("content-language").map(|tag| bounded(tag.trim(), 35).to_ascii_lowercase()),
        ..Mail::default()
    };
    mail.bounce = bounce::read(&headers, &mail, message);
    mail.automatic = automatic::classify(&headers, &mail, mail.list);
    mail.lists.otherwise = automatic::classify(&headers, &mail, false);
    mail
}

struct Bodies {
    /// As sent.
    html: Option<String>,
    /// The best plain text there is, and whether it was made from the HTML.
    text: String,
    text_from_html: bool,
    /// What was written into the text in place of being attached.
    files: Vec<Attachment>,
    /// There was more of it.
    cut: bool,
}

fn bodies(message: &Message<'_>, raw: &[u8]) -> Bodies {
    let mut files = Vec::new();
    let mut written = |part: &MessagePart<'_>| {
        let text = part::text_of(part, raw);
        let Some((rest, found)) = uuencode::extract(&text, MAX_ATTACHMENTS) else { return text };
        // A text may stand for the HTML as well.
        if !files.contains(&found) {
            files.push(found);
        }
        rest
    };
    let mut text = String::new();
    let mut cut = false;
    let mut only_from_html = true;
    for part in message.text_bodies() {
        let piece = match &part.body {
            PartType::Text(_) => {
                let piece = written(part);
                only_from_html &= piece.trim().is_empty();
                piece
            }
            PartType::Html(_) => {
                let html = part::text_of(part, raw);
                cut |= html.len() > MAX_HTML;
                html::to_text(bounded(&html, MAX_HTML).as_ref())
            }
            _ => continue,
        };
        cut |= join(&mut text, &piece, MAX_TEXT);
    }
    let mut html = String::new();
    let mut is_html = false;
    for part in message.html_bodies() {
        match &part.body {
            PartType::Html(_) => {
                is_html = true;
                cut |= join(&mut html, &part::text_of(part, raw), MAX_HTML);
            }
            PartType::Text(_) => cut |= join(&mut html, &html::from_text(&tidy(&written(part))), MAX_HTML),
            _ => {}
        }
    }
    let html = (is_html && !html.trim().is_empty()).then_some(html);
    let mut text = tidy(&text);
    if only_from_html
        && text.trim().is_empty()
        && let Some(html) = &html
    {
        text = html::to_text(html);
    }
    let text_from_html = only_from_html && html.is_some();
    Bodies { html, text, text_from_html, files: files.into_iter().flatten().collect(), cut }
}

/// Whether the piece was cut.
fn join(whole: &mut String, piece: &str, limit: usize) -> bool {
    if !whole.is_empty() && !whole.ends_with('\n') {
        whole.push('\n');
    }
    let room = limit.saturating_sub(whole.len());
    whole.push_str(&bounded(piece, room));
    piece.len() > room
}

fn attachments(message: &Message<'_>, raw: &[u8]) -> (Vec<Attachment>, usize) {
    let kept: Vec<_> = message
        .attachments
        .iter()
        .take(MAX_ATTACHMENTS)
        .filter_map(|id| message.part(*id))
        .enumerate()
        .map(|(nth, part)| part::attachment(part, raw, nth + 1))
        // A multipart in which no part was found, and nothing else either.
        .filter(|one| !one.content_type.starts_with("multipart/") || !one.bytes.trim_ascii().is_empty())
        .collect();
    (kept, message.attachments.len().saturating_sub(MAX_ATTACHMENTS))
}

/// Replaces each winmail.dat by the files in it, and gives the text and the HTML of the first that carried any.
fn open_winmail(attachments: &mut Vec<Attachment>) -> Opened {
    let mut body = Opened::default();
    let mut at = 0;
    while at < attachments.len() {
        let opened = attachments[at].is_winmail().then(|| tnef::open(&attachments[at].bytes)).flatten();
        match opened {
            Some(opened) => {
                body.cut |= opened.cut;
                if body.text.is_none() && body.html.is_none() {
                    (body.text, body.html) = (opened.text, opened.html);
                }
                let count = opened.attachments.len();
                if count > 0 {
                    attachments.splice(at..=at, opened.attachments);
                }
                at += count.max(1);
            }
            None => at += 1,
        }
    }
    body
}

fn id(text: &str) -> String {
    let text = text.trim().trim_start_matches('<').trim_end_matches('>');
    bounded(&one_line(text), 998).into_owned()
}

fn ids(value: &HeaderValue<'_>) -> Vec<String> {
    let listed: Vec<Cow<'_, str>> = match value {
        HeaderValue::Text(text) => vec![Cow::Borrowed(text.as_ref())],
        HeaderValue::TextList(list) => list.iter().map(|text| Cow::Borrowed(text.as_ref())).collect(),
        _ => Vec::new(),
    };
    let skip = listed.len().saturating_sub(MAX_REFERENCES);
    listed.iter().skip(skip).map(|text| id(text)).filter(|id| !id.is_empty()).collect()
}

pub(crate) fn addresses(parsed: Option<&Parsed<'_>>) -> Vec<Address> {
    let Some(parsed) = parsed else { return Vec::new() };
    parsed
        .iter()
        .filter_map(|one| {
            let (name, address) = (one.name.as_deref(), one.address.as_deref());
            // `To: someone@example.com (no brackets, odd quoting)` now and then ends up in the name.
            let address = address.or_else(|| name.filter(|name| name.contains('@') && !name.contains(' ')))?;
            let address = one_line(address.trim().trim_matches(['<', '>', '\'', '"']));
            // `one@example.com two@example.com`, without a comma.
            let address = if address.contains(' ') { headers::find_address(&address)?.to_owned() } else { address };
            if address.is_empty() {
                return None;
            }
            let name = name.map(one_line).map(|name| bounded(name.trim(), 300).into_owned());
            Some(Address {
                name: name.filter(|name| !name.is_empty() && *name != address),
                address: bounded(&address, 320).into_owned(),
            })
        })
        .take(MAX_ADDRESSES)
        .collect()
}
