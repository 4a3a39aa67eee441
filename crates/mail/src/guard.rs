//! What a mail could do to its reader, prevented before it is read.
//!
//! The MIME reader looks ahead for the end of each container, keeps enclosed mails one within the other (and the stack
//! ends where some thousand of them are let go), reads encoded ones whose insides nobody has counted, and joins
//! parameters by searching them. So the fields that decide all this are looked at first. The search is for more than
//! the reader would take for such a field: what is found in vain costs nothing.

use std::{borrow::Cow, sync::LazyLock};

use regex::bytes::Regex;

/// A type stands within this many bytes, comments and folding included; beyond, it is none.
const LONGEST_TYPE: usize = 400;
/// Longer fields hold no file name that anybody wants to read.
const LONGEST_FIELD: usize = 32 << 10;
/// The head of a part is looked for this far to both sides of its type.
const LONGEST_HEAD: usize = 64 << 10;

/// Stands for the type `message` where the reader must not look into an encoded mail. As long as that, so that every
/// place in the mail stays where it is.
pub(crate) const SEALED: &str = "xessage";

pub(crate) struct Guarded<'r> {
    pub(crate) raw: Cow<'r, [u8]>,
    /// Containers that were cut off because there were too many.
    pub(crate) dropped: usize,
}

/// The mail with no more in it than can be read in linear time and on any stack.
pub(crate) fn guard(raw: &[u8]) -> Guarded<'_> {
    static FIELD: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(&field_name(&["type", "disposition"])).ok());
    let Some(field) = FIELD.as_ref() else { return Guarded { raw: Cow::Borrowed(raw), dropped: 0 } };
    // Each container makes the reader look ahead for its end, so length times containers is the work it may do.
    let limit = (2_000_000_000 / raw.len().max(1)).clamp(50, 1_000);
    let mut changes = Vec::new();
    let mut containers = 0;
    let mut cut = raw.len();
    let mut line_end = 0;
    for found in field.find_iter(raw) {
        let field = Field::at(raw, found.range(), &mut line_end);
        if !field.is_container() {
            changes.extend(field.is_endless().then_some((found.start(), b'x')));
            continue;
        }
        containers += 1;
        if containers > limit {
            cut = cut.min(found.start());
            continue;
        }
        field.seal(raw, limit, &mut changes);
        field.rejoin(raw, &mut changes);
    }
    let dropped = containers.saturating_sub(limit);
    changes.retain(|(at, _)| *at < cut);
    if changes.is_empty() {
        return Guarded { raw: Cow::Borrowed(&raw[..cut]), dropped };
    }
    let mut altered = raw[..cut].to_vec();
    for (at, byte) in changes {
        altered[at] = byte;
    }
    Guarded { raw: Cow::Owned(altered), dropped }
}

/// `Content-` and one of these, with the blanks between the letters that the reader passes over.
fn field_name(ends: &[&str]) -> String {
    let spaced = |word: &str| word.chars().map(|c| c.to_string()).collect::<Vec<_>>().join(r"[ \t\r\x0b\x0c]*");
    let ends: Vec<_> = ends.iter().map(|end| spaced(end)).collect();
    let gap = r"[ \t\r\x0b\x0c]*";
    format!("(?i-u){}{gap}(?:{}){gap}:", spaced("content-"), ends.join("|"))
}

/// A field that says what a part is, or something that looks like one.
struct Field<'r> {
    start: usize,
    /// Where its value begins.
    value: usize,
    /// The type: up to the parameters or the end of the field.
    head: &'r [u8],
    ended: bool,
    length: usize,
}

impl<'r> Field<'r> {
    /// `line_end` is where the last line ended that was looked at: many fields may pretend to stand on one.
    fn at(raw: &'r [u8], found: std::ops::Range<usize>, line_end: &mut usize) -> Self {
        if found.end >= *line_end {
            *line_end = end_of_field(raw, found.end);
        }
        let most = LONGEST_TYPE.min(raw.len() - found.end).min(*line_end - found.end);
        let window = &raw[found.end..found.end + most];
        // A comment may hold a semicolon.
        let end = if window.contains(&b'(') { None } else { memchr::memchr(b';', window) };
        let ended = end.is_some() || most < LONGEST_TYPE;
        let head = &window[..end.unwrap_or(window.len())];
        Self { start: found.start, value: found.end, head, ended, length: *line_end - found.end }
    }

    fn says(&self, word: &[u8]) -> Option<usize> {
        self.head.windows(word.len()).position(|found| found.eq_ignore_ascii_case(word))
    }

    fn is_endless(&self) -> bool {
        !self.ended || self.length > LONGEST_FIELD
    }

    fn is_container(&self) -> bool {
        self.says(b"multipart").is_some() || self.says(b"message").is_some()
    }

    /// Takes from it what cannot be counted.
    fn seal(&self, raw: &[u8], limit: usize, changes: &mut Vec<(usize, u8)>) {
        if self.is_endless() {
            changes.push((self.start, b'x'));
        }
        // Each part of a digest is a mail, without saying so.
        if let Some(at) = self.says(b"digest")
            && memchr::memmem::find_iter(raw, b"--").nth(limit).is_some()
        {
            changes.push((self.value + at, b'x'));
        }
        if let Some(at) = self.says(b"message")
            && is_encoded(raw, self.start)
        {
            changes.push((self.value + at, b'x'));
        }
    }

    /// Some gateways forget to indent what continues a field.
    fn rejoin(&self, raw: &[u8], changes: &mut Vec<(usize, u8)>) {
        const BOUNDARY: &[u8] = b"boundary=";
        let at = self.value + self.head.len();
        let Some(rest) = raw[at..].strip_prefix(b";") else { return };
        let blanks = rest.iter().take(10).take_while(|byte| byte.is_ascii_whitespace()).count();
        let next = &rest[blanks..];
        if rest[..blanks].ends_with(b"\n")
            && next.get(..BOUNDARY.len()).is_some_and(|b| b.eq_ignore_ascii_case(BOUNDARY))
        {
            changes.extend((0..blanks).map(|blank| (at + 1 + blank, b' ')));
        }
    }
}

/// The end of the line, and of those that continue it.
fn end_of_field(raw: &[u8], from: usize) -> usize {
    let rest = &raw[from..];
    let end = memchr::memchr_iter(b'\n', rest).find(|at| !matches!(rest.get(at + 1), Some(b' ' | b'\t')));
    end.map_or(raw.len(), |at| from + at)
}

/// Whether the part whose head holds this place may be in base64 or quoted-printable.
fn is_encoded(raw: &[u8], at: usize) -> bool {
    static ENCODING: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(&format!("{}(?P<how>[^\\r\\n]{{0,40}})", field_name(&["transfer-encoding"]))).ok());
    let Some(encoding) = ENCODING.as_ref() else { return true };
    let from = at.saturating_sub(LONGEST_HEAD);
    let to = (at + LONGEST_HEAD).min(raw.len());
    let before = memchr::memmem::rfind(&raw[from..at], b"\n\n").max(memchr::memmem::rfind(&raw[from..at], b"\n\r\n"));
    let after = [&b"\n\n"[..], b"\n\r\n"].iter().filter_map(|end| memchr::memmem::find(&raw[at..to], end)).min();
    if before.is_none() && from > 0 || after.is_none() && to < raw.len() {
        return true;
    }
    let head = &raw[before.map_or(from, |end| from + end)..after.map_or(to, |end| at + end)];
    encoding.captures_iter(head).any(|found| {
        let how = found.name("how").map_or(&b""[..], |how| how.as_bytes()).trim_ascii();
        ![&b"7bit"[..], b"8bit", b"binary"].iter().any(|plain| how.eq_ignore_ascii_case(plain))
    })
}
