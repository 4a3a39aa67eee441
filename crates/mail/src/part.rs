//! One MIME part: its text in whatever charset, or its bytes under a name that is safe on every disk.

use chardetng::EncodingDetector;
use encoding_rs::{Encoding, WINDOWS_1252};
use mail_parser::{
    Encoding as Transfer, MessageParser, MessagePart, MimeHeaders, PartType,
    decoders::{base64::base64_decode, quoted_printable::quoted_printable_decode},
};

use crate::{
    guard,
    text::{bounded, is_invisible, one_line},
    uuencode,
};

const MAX_NAME: usize = 180;

/// A file that came with a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// Safe as a file name: no separators, no control characters, no leading dots, at most 180 bytes.
    pub name: String,
    /// `type/subtype` in lower case, as claimed by the sender.
    pub content_type: String,
    /// Without angle brackets (RFC 2392).
    pub content_id: Option<String>,
    /// Meant by its sender to be shown within the text; whether it is shown there is another matter.
    pub inline: bool,
    pub bytes: Vec<u8>,
}

impl Attachment {
    pub(crate) fn is_winmail(&self) -> bool {
        matches!(self.content_type.as_str(), "application/ms-tnef" | "application/vnd.ms-tnef")
            || self.name.eq_ignore_ascii_case("winmail.dat")
    }
}

/// The part as a file. `nth` names those that have no name.
pub(crate) fn attachment(part: &MessagePart<'_>, raw: &[u8], nth: usize) -> Attachment {
    let content_type = content_type(part);
    let content_id = part.content_id().map(|id| one_line(id.trim_matches(['<', '>', ' '])));
    let disposed_inline = part.content_disposition().is_some_and(mail_parser::ContentType::is_inline);
    let disposed_attachment = part.content_disposition().is_some_and(mail_parser::ContentType::is_attachment);
    let inline =
        disposed_inline || (content_id.is_some() && !disposed_attachment && content_type.starts_with("image/"));
    let given = given_name(part).map(safe_name).filter(|name| !name.is_empty());
    let name = given.unwrap_or_else(|| default_name(part, &content_type, nth));
    let mut bytes = bytes_of(part, raw);
    // From before base64; the MIME reader leaves it as it is.
    if part.content_transfer_encoding().is_some_and(|how| how.to_ascii_lowercase().ends_with("uuencode"))
        && let Some((_, files)) = uuencode::extract(&String::from_utf8_lossy(&bytes), 1)
    {
        bytes = files.into_iter().next().map_or(bytes, |file| file.bytes);
    }
    Attachment { name, content_type, content_id: content_id.filter(|id| !id.is_empty()), inline, bytes }
}

/// Of a plain and an encoded name for the same file the encoded one says more (RFC 6266, 4.3).
fn given_name<'p>(part: &'p MessagePart<'_>) -> Option<&'p str> {
    let disposition = part.content_disposition().and_then(mail_parser::ContentType::attributes);
    let names = disposition.into_iter().flatten().filter(|attribute| attribute.name == "filename");
    names.map(|attribute| &*attribute.value).find(|name| !name.is_ascii()).or_else(|| part.attachment_name())
}

pub(crate) fn content_type(part: &MessagePart<'_>) -> String {
    let given =
        part.content_type().map(|kind| format!("{}/{}", kind.ctype(), kind.subtype().unwrap_or("octet-stream")));
    let given = given.map(|kind| one_line(&kind).replace(' ', "").to_ascii_lowercase());
    let given = given.map(|kind| match kind.strip_prefix(guard::SEALED) {
        Some(rest) if rest.starts_with('/') => format!("message{rest}"),
        _ => kind,
    });
    given.filter(|kind| kind.is_ascii() && kind.len() < 128).unwrap_or_else(|| match &part.body {
        PartType::Text(_) => "text/plain".into(),
        PartType::Html(_) => "text/html".into(),
        PartType::Message(_) => "message/rfc822".into(),
        _ => "application/octet-stream".into(),
    })
}

fn default_name(part: &MessagePart<'_>, content_type: &str, nth: usize) -> String {
    let sealed;
    let inner = match &part.body {
        PartType::Message(inner) => Some(inner),
        PartType::Binary(bytes) if matches!(content_type, "message/rfc822" | "message/global") => {
            sealed = MessageParser::default().parse_headers(&bytes[..bytes.len().min(64 << 10)]);
            sealed.as_ref()
        }
        _ => None,
    };
    if let Some(inner) = inner {
        let subject = safe_name(&bounded(&one_line(inner.subject().unwrap_or_default()), 120));
        return if subject.is_empty() { format!("message-{nth}.eml") } else { format!("{subject}.eml") };
    }
    let extension = match content_type {
        "text/plain" => "txt",
        "text/html" => "html",
        "text/calendar" => "ics",
        "text/csv" => "csv",
        "text/x-vcard" | "text/vcard" => "vcf",
        "text/rfc822-headers" | "message/rfc822" | "message/global" => "eml",
        "image/jpeg" | "image/jpg" | "image/pjpeg" => "jpg",
        "image/png" => "png",
        "image/gif" => "gif",
        "image/webp" => "webp",
        "image/heic" => "heic",
        "application/pdf" => "pdf",
        "application/zip" => "zip",
        "application/pkcs7-mime" | "application/x-pkcs7-mime" => return "smime.p7m".into(),
        "application/pkcs7-signature" | "application/x-pkcs7-signature" => return "smime.p7s".into(),
        "application/pgp-signature" => return "signature.asc".into(),
        "application/pgp-encrypted" => return "pgp-version.txt".into(),
        "application/ms-tnef" => return "winmail.dat".into(),
        "message/delivery-status" | "message/global-delivery-status" => return "delivery-status.txt".into(),
        "message/feedback-report" => return "feedback-report.txt".into(),
        _ => "bin",
    };
    format!("attachment-{nth}.{extension}")
}

/// A name that stays inside its folder and harmless in a header, a URL or a listing; empty if nothing is left.
pub fn safe_name(name: &str) -> String {
    let mut safe = String::with_capacity(name.len());
    for c in name.chars() {
        match c {
            '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|' | '\0' => safe.push('_'),
            c if c.is_control() || is_invisible(c) => {}
            c => safe.push(c),
        }
    }
    let safe = safe.trim().trim_start_matches(['.', '_', ' ', '~']).trim_end_matches(['.', ' ']);
    if safe.len() <= MAX_NAME {
        return safe.to_owned();
    }
    // The extension says what opens the file, so the middle goes.
    let extension = safe.rfind('.').map(|at| &safe[at..]).filter(|end| end.len() <= 16).unwrap_or_default();
    format!("{}{extension}", bounded(safe, MAX_NAME - extension.len()))
}

/// The bytes as the sender attached them, text parts in their own charset.
pub(crate) fn bytes_of(part: &MessagePart<'_>, raw: &[u8]) -> Vec<u8> {
    match &part.body {
        PartType::Binary(bytes) | PartType::InlineBinary(bytes) => bytes.to_vec(),
        PartType::Text(text) | PartType::Html(text) => undecoded(part, raw).unwrap_or_else(|| text.as_bytes().to_vec()),
        PartType::Message(inner) if part.encoding == Transfer::None => {
            slice(part, raw).map_or_else(|| inner.raw_message.to_vec(), <[u8]>::to_vec)
        }
        PartType::Message(inner) => inner.raw_message.to_vec(),
        PartType::Multipart(_) => slice(part, raw).unwrap_or_default().to_vec(),
    }
}

fn slice<'r>(part: &MessagePart<'_>, raw: &'r [u8]) -> Option<&'r [u8]> {
    raw.get(part.offset_body as usize..part.offset_end as usize)
}

fn undecoded(part: &MessagePart<'_>, raw: &[u8]) -> Option<Vec<u8>> {
    let slice = slice(part, raw)?;
    match part.encoding {
        Transfer::None => Some(slice.to_vec()),
        Transfer::QuotedPrintable => quoted_printable_decode(slice),
        Transfer::Base64 => base64_decode(slice),
    }
}

/// The part's text. A missing or wrong charset label is repaired by looking at the bytes.
pub(crate) fn text_of(part: &MessagePart<'_>, raw: &[u8]) -> String {
    let (PartType::Text(text) | PartType::Html(text)) = &part.body else { return String::new() };
    let label = part.content_type().and_then(|kind| kind.attribute("charset")).unwrap_or_default();
    let untold =
        label.is_empty() || label.eq_ignore_ascii_case("us-ascii") || Encoding::for_label(label.as_bytes()).is_none();
    let escaped = untold && memchr::memmem::find(text.as_bytes(), b"\x1b$").is_some();
    let text = if text.contains('\u{fffd}') || escaped {
        undecoded(part, raw).and_then(|bytes| guess(&bytes, untold)).unwrap_or_else(|| text.to_string())
    } else {
        text.to_string()
    };
    let flowed = part
        .content_type()
        .and_then(|kind| kind.attribute("format"))
        .is_some_and(|format| format.eq_ignore_ascii_case("flowed"));
    let delsp = part
        .content_type()
        .and_then(|kind| kind.attribute("delsp"))
        .is_some_and(|delsp| delsp.eq_ignore_ascii_case("yes"));
    if flowed { unflow(&text, delsp) } else { text }
}

fn guess(bytes: &[u8], untold: bool) -> Option<String> {
    let sample = &bytes[..bytes.len().min(256 << 10)];
    if memchr::memmem::find(sample, b"\x1b$").is_some() {
        return Some(encoding_rs::ISO_2022_JP.decode_without_bom_handling(bytes).0.into_owned());
    }
    if std::str::from_utf8(bytes).is_ok() {
        return None;
    }
    let mut detector = EncodingDetector::new();
    let has_eight_bit = detector.feed(sample, true);
    // Labelled UTF-8 with a few broken bytes stays UTF-8; without a single valid sequence it never was.
    let never_utf8 = String::from_utf8_lossy(sample).chars().all(|c| c.is_ascii() || c == '\u{fffd}');
    if !has_eight_bit || !(untold || never_utf8) {
        return None;
    }
    let encoding = detector.guess(None, false);
    Some(
        if encoding.is_single_byte() || !never_utf8 { encoding } else { encoding_or_western(encoding, bytes) }
            .decode_without_bom_handling(bytes)
            .0
            .into_owned(),
    )
}

fn encoding_or_western(encoding: &'static Encoding, bytes: &[u8]) -> &'static Encoding {
    let (_, broken) = encoding.decode_without_bom_handling(bytes);
    if broken { WINDOWS_1252 } else { encoding }
}

/// Joins the soft line breaks of `format=flowed` (RFC 3676), within one depth of quoting.
fn unflow(text: &str, delsp: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut open: Option<usize> = None;
    for line in text.lines() {
        let depth = line.bytes().take_while(|b| *b == b'>').count();
        let content = &line[depth..];
        let content = content.strip_prefix(' ').unwrap_or(content);
        if open == Some(depth) && content != "-- " {
            out.push_str(content);
        } else {
            if open.is_some() {
                out.push('\n');
            }
            out.push_str(&line[..depth]);
            if depth > 0 && !content.is_empty() {
                out.push(' ');
            }
            out.push_str(content);
        }
        let soft = content.ends_with(' ') && content != "-- ";
        if soft && delsp {
            out.pop();
        }
        open = soft.then_some(depth);
        if !soft {
            out.push('\n');
        }
    }
    out
}
