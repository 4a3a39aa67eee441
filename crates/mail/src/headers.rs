//! The top-level headers as text: for what the MIME reader does not structure, and for repairs before it runs.

use std::borrow::Cow;

use chardetng::EncodingDetector;
use mail_parser::Message;

use crate::{parse::Address, text::one_line};

const MAX_HEADERS: usize = 1_000;
const MAX_VALUE: usize = 16 << 10;

/// A verdict of the receiving server (RFC 8601).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    Pass,
    Fail,
    SoftFail,
    Neutral,
    None,
    TempError,
    PermError,
    Policy,
}

/// What the receiving server found out about the sender. `None`: it did not say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Auth {
    pub spf: Option<Verdict>,
    pub dkim: Option<Verdict>,
    pub dmarc: Option<Verdict>,
}

/// Names in lower case and unfolded values, in the order of the mail, bounded.
pub(crate) struct Headers(Vec<(String, String)>);

impl Headers {
    pub(crate) fn of(message: &Message<'_>) -> Headers {
        Headers(
            message
                .headers_raw()
                .take(MAX_HEADERS)
                .map(|(name, value)| {
                    let value = &value[..value.floor_char_boundary(MAX_VALUE)];
                    (name.to_ascii_lowercase(), one_line(value))
                })
                .collect(),
        )
    }

    /// The topmost header of that (lower-case) name.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.all(name).next()
    }

    pub(crate) fn all<'h>(&'h self, name: &str) -> impl Iterator<Item = &'h str> {
        self.0.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// Lower-case value of the topmost header of that name, or nothing.
    pub(crate) fn lower(&self, name: &str) -> String {
        self.get(name).unwrap_or_default().to_ascii_lowercase()
    }

    /// Anything that looks like an address in a header the address grammar could not make sense of.
    pub(crate) fn loose_address(&self, name: &str) -> Option<Address> {
        find_address(self.get(name)?).map(|address| Address { name: None, address: address.to_owned() })
    }

    pub(crate) fn delivered_to(&self) -> Vec<String> {
        const NAMES: [&str; 7] = [
            "delivered-to",
            "x-original-to",
            "envelope-to",
            "x-envelope-to",
            "x-delivered-to",
            "x-forwarded-to",
            "x-original-recipient",
        ];
        let mut found: Vec<String> = Vec::new();
        for (_, value) in self.0.iter().filter(|(key, _)| NAMES.contains(&key.as_str())) {
            for piece in value.split([',', ' ', ';']) {
                if let Some(address) = find_address(piece)
                    && !found.iter().any(|known| known == address)
                    && found.len() < 50
                {
                    found.push(address.to_owned());
                }
            }
        }
        found
    }

    /// Only the topmost Authentication-Results counts: the receiving server prepends its own, and anything further
    /// down may have been written by the sender.
    pub(crate) fn auth(&self) -> Auth {
        let Some(results) = self.get("authentication-results") else { return Auth::default() };
        let mut auth = Auth::default();
        for clause in without_comments(results).to_ascii_lowercase().split(';').skip(1) {
            let clause = clause.trim();
            let Some((method, rest)) = clause.split_once('=') else { continue };
            let method = method.trim().split('/').next().unwrap_or_default();
            let verdict = verdict(rest.trim().split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default());
            let slot = match method {
                "spf" => &mut auth.spf,
                "dkim" => &mut auth.dkim,
                "dmarc" => &mut auth.dmarc,
                _ => continue,
            };
            // Several signatures: one that passes is enough (RFC 6376, 6.1); else the first verdict stands.
            if slot.is_none() || (method == "dkim" && verdict == Some(Verdict::Pass)) {
                *slot = verdict;
            }
        }
        auth
    }
}

fn verdict(word: &str) -> Option<Verdict> {
    Some(match word {
        "pass" => Verdict::Pass,
        "fail" | "hardfail" => Verdict::Fail,
        "softfail" => Verdict::SoftFail,
        "neutral" => Verdict::Neutral,
        "none" => Verdict::None,
        "temperror" => Verdict::TempError,
        "permerror" => Verdict::PermError,
        "policy" => Verdict::Policy,
        _ => return None,
    })
}

/// RFC 5322 comments may hold anything, also `dmarc=pass` and semicolons.
fn without_comments(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let (mut depth, mut quoted, mut escaped) = (0_u32, false, false);
    for c in text.chars() {
        if escaped {
            escaped = false;
            continue;
        }
        match c {
            '\\' if depth > 0 || quoted => escaped = true,
            '"' if depth == 0 => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if !quoted && depth > 0 => depth -= 1,
            c if depth == 0 && !quoted => out.push(c),
            _ => {}
        }
    }
    out
}

/// The first thing in `text` that has the shape of an address.
pub(crate) fn find_address(text: &str) -> Option<&str> {
    addresses_in(text).next()
}

/// Everything in `text` that has the shape of an address, left to right.
pub(crate) fn addresses_in(text: &str) -> impl Iterator<Item = &str> {
    let bytes = text.as_bytes();
    let local = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~.".contains(&b) || b >= 0x80;
    let domain = |b: u8| b.is_ascii_alphanumeric() || b == b'.' || b == b'-' || b >= 0x80;
    let mut end_of_last = 0;
    memchr::memchr_iter(b'@', bytes).filter_map(move |at| {
        let mut start = at;
        // Bounded, so that a line of nothing but word characters costs no more than its length.
        while start > end_of_last && at - start < 128 && local(bytes[start - 1]) {
            start -= 1;
        }
        let mut end = at + 1;
        while end < bytes.len() && end - at < 256 && domain(bytes[end]) {
            end += 1;
        }
        while end > at + 1 && matches!(bytes[end - 1], b'.' | b'-') {
            end -= 1;
        }
        while start < at && matches!(bytes[start], b'\'' | b'.' | b'`') {
            start += 1;
        }
        let found = text.get(start..end)?;
        let fine = start < at && end > at + 1;
        end_of_last = end;
        fine.then_some(found)
    })
}

/// Skips what stands before the first header: a byte order mark, blank lines, the `From ` line of an mbox.
pub(crate) fn skip_envelope(raw: &[u8]) -> &[u8] {
    let mut raw = raw.strip_prefix(b"\xef\xbb\xbf").unwrap_or(raw);
    while let Some(rest) = raw.strip_prefix(b"\n").or_else(|| raw.strip_prefix(b"\r\n")) {
        raw = rest;
    }
    if raw.starts_with(b"From ") || raw.starts_with(b">From ") {
        let end = memchr::memchr(b'\n', raw).map_or(raw.len(), |at| at + 1);
        raw = &raw[end..];
    }
    raw
}

/// Headers in 8-bit charsets without any label are forbidden and common; those lines are turned into UTF-8.
pub(crate) fn utf8_headers(raw: &[u8]) -> Cow<'_, [u8]> {
    let end = end_of_headers(raw);
    let (head, body) = raw.split_at(end);
    if std::str::from_utf8(head).is_ok() {
        return Cow::Borrowed(raw);
    }
    let mut fixed = Vec::with_capacity(raw.len() + 256);
    let mut detector = EncodingDetector::new();
    detector.feed(&head[..head.len().min(64 << 10)], true);
    let encoding = detector.guess(None, false);
    for line in head.split_inclusive(|b| *b == b'\n') {
        // Within an encoded word the bytes have their label already.
        if std::str::from_utf8(line).is_ok() || memchr::memmem::find(line, b"=?").is_some() {
            fixed.extend_from_slice(line);
        } else {
            fixed.extend_from_slice(encoding.decode_without_bom_handling(line).0.as_bytes());
        }
    }
    fixed.extend_from_slice(body);
    Cow::Owned(fixed)
}

pub(crate) fn end_of_headers(raw: &[u8]) -> usize {
    memchr::memchr_iter(b'\n', raw)
        .find(|at| matches!(raw.get(at + 1..), Some([b'\n', ..] | [b'\r', b'\n', ..])))
        .map_or(raw.len(), |at| at + 1)
}
