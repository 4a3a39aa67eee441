//! Encoded words (RFC 2047) that were cut in the middle of a character: forbidden and common, in subjects and names.
//! Each word is decoded by itself, so the two halves would both be lost; they are joined before the mail is read.

use std::borrow::Cow;

use base64::{Engine, engine::general_purpose::STANDARD};

/// The mail with such words joined in its headers, which end at `end`.
pub(crate) fn join_words(raw: &[u8], end: usize) -> Cow<'_, [u8]> {
    let (head, body) = raw.split_at(end);
    let mut joined: Vec<u8> = Vec::new();
    let mut done = 0;
    let mut at = 0;
    while let Some(found) = memchr::memmem::find(&head[at..], b"=?") {
        let start = at + found;
        let Some(mut word) = Word::read(head, start) else {
            at = start + 2;
            continue;
        };
        at = word.end;
        let mut changed = false;
        while word.is_cut()
            && let Some(next) = next_word(head, at)
            && let Some(both) = word.with(&next)
        {
            (word, at, changed) = (both, next.end, true);
        }
        if changed {
            joined.extend_from_slice(&head[done..start]);
            word.write(&mut joined);
            done = at;
        }
    }
    if joined.is_empty() {
        return Cow::Borrowed(raw);
    }
    joined.extend_from_slice(&head[done..]);
    joined.extend_from_slice(body);
    Cow::Owned(joined)
}

/// `=?charset?encoding?text?=`, its text decoded.
struct Word<'m> {
    charset: &'m [u8],
    bytes: Vec<u8>,
    end: usize,
}

/// Longer ones are no words; RFC 2047 allows 75 characters.
const LONGEST: usize = 1_000;

impl<'m> Word<'m> {
    fn read(head: &'m [u8], start: usize) -> Option<Self> {
        let limit = head.len().min(start + LONGEST);
        let mut parts = head[start + 2..limit].splitn(3, |byte| *byte == b'?');
        let (charset, encoding, rest) = (parts.next()?, parts.next()?, parts.next()?);
        let length = memchr::memmem::find(rest, b"?=")?;
        let text = &rest[..length];
        let bytes = match encoding {
            b"B" | b"b" => STANDARD.decode(text).ok()?,
            b"Q" | b"q" => unquoted(text),
            _ => return None,
        };
        let end = start + 2 + charset.len() + 1 + encoding.len() + 1 + length + 2;
        (!charset.is_empty() && !charset.contains(&b'\n')).then_some(Self { charset, bytes, end })
    }

    /// Whether its last character has only begun.
    fn is_cut(&self) -> bool {
        let charset = self.charset.split(|byte| *byte == b'*').next().unwrap_or(self.charset);
        let Some(encoding) = encoding_rs::Encoding::for_label(charset) else { return false };
        let mut decoder = encoding.new_decoder_without_bom_handling();
        let mut text = String::with_capacity(decoder.max_utf8_buffer_length(self.bytes.len()).unwrap_or(0));
        // What is whole decodes without fault; at the end something must be left over.
        let (_, _, faults) = decoder.decode_to_string(&self.bytes, &mut text, false);
        let mut rest = String::with_capacity(16);
        let (_, _, unfinished) = decoder.decode_to_string(b"", &mut rest, true);
        !faults && unfinished
    }

    fn with(&self, next: &Self) -> Option<Self> {
        let bytes = [&self.bytes[..], &next.bytes].concat();
        let alike = self.charset.eq_ignore_ascii_case(next.charset);
        (alike && bytes.len() < LONGEST).then_some(Self { bytes, end: next.end, charset: self.charset })
    }

    fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(b"=?");
        out.extend_from_slice(self.charset);
        out.extend_from_slice(b"?B?");
        out.extend_from_slice(STANDARD.encode(&self.bytes).as_bytes());
        out.extend_from_slice(b"?=");
    }
}

/// The word that follows, with nothing but blanks between.
fn next_word(head: &[u8], at: usize) -> Option<Word<'_>> {
    let blanks = head[at..].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
    let start = at + blanks;
    head[start..].starts_with(b"=?").then(|| Word::read(head, start))?
}

fn unquoted(text: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((first, more)) = rest.split_first() {
        let hex = |digits: &[u8]| u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok();
        rest = more;
        match (*first, more.get(..2).and_then(hex)) {
            (b'=', Some(byte)) => {
                bytes.push(byte);
                rest = &more[2..];
            }
            (b'_', _) => bytes.push(b' '),
            (byte, _) => bytes.push(byte),
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(head: &str) -> String {
        String::from_utf8(join_words(head.as_bytes(), head.len()).into_owned()).unwrap()
    }

    #[test]
    fn halves_of_a_character_come_together() {
        let whole = joined("Subject: =?UTF-8?Q?Gr=C3?=\r\n =?utf-8?Q?=B6=C3=9Fe?= tail\r\n");
        assert_eq!(whole, format!("Subject: =?UTF-8?B?{}?= tail\r\n", STANDARD.encode("Größe")));
        let whole = joined("From: =?utf-8?B?5L2g5Q==?= =?utf-8?B?pb0=?= <a@b.example>\r\n");
        assert_eq!(whole, format!("From: =?utf-8?B?{}?= <a@b.example>\r\n", STANDARD.encode("你好")));
        let three = joined("=?utf-8?Q?=F0=9F?= =?utf-8?B?mA==?= =?utf-8?Q?=80!?=");
        assert_eq!(three, format!("=?utf-8?B?{}?=", STANDARD.encode("😀!")));
    }

    #[test]
    fn what_is_whole_stays_as_it_is() {
        for head in [
            "Subject: =?UTF-8?Q?Gr=C3=B6?=\r\n =?UTF-8?Q?=C3=9Fe?=\r\n",
            "Subject: =?UTF-8?Q?Gr=C3?= and =?UTF-8?Q?=B6?=\r\n",
            "Subject: =?UTF-8?Q?Gr=C3?= =?iso-8859-1?Q?=B6?=\r\n",
            "Subject: =?UTF-8?X?Gr?= =?= =?? =?a?b?c =?UTF-8?Q?=C3?=",
            "Subject: =?nonsense?Q?=C3?= =?nonsense?Q?=B6?=\r\n",
        ] {
            assert!(matches!(join_words(head.as_bytes(), head.len()), Cow::Borrowed(_)), "{head}");
        }
        let long = "=?utf-8?Q?=C3?= ".repeat(50_000);
        assert!(join_words(long.as_bytes(), long.len()).len() <= long.len());
    }
}
