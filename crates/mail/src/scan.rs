//! Tags and text of HTML in one pass. What can never end (an open quote, an open comment) is looked for once and then
//! remembered as missing, so that the pass stays linear whatever the input.

use std::borrow::Cow;

pub(crate) struct Tag<'h> {
    /// In lower case.
    pub(crate) name: Cow<'h, str>,
    pub(crate) attributes: &'h str,
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) self_closing: bool,
}

pub(crate) enum Token<'h> {
    Text { start: usize, text: &'h str },
    Open(Tag<'h>),
    Close(Tag<'h>),
}

impl Token<'_> {
    pub(crate) fn start(&self) -> usize {
        match self {
            Token::Text { start, .. } => *start,
            Token::Open(tag) | Token::Close(tag) => tag.start,
        }
    }
}

impl Tag<'_> {
    /// The decoded value of an attribute, at most 2,000 bytes of it.
    pub(crate) fn attribute(&self, name: &str) -> Option<String> {
        self.raw_attribute(name).map(|value| decoded(&value[..value.floor_char_boundary(2_000)]))
    }

    /// As [`Self::attribute`], whatever its length: pictures may be written into their address.
    pub(crate) fn long_attribute(&self, name: &str) -> Option<String> {
        self.raw_attribute(name).map(decoded)
    }

    fn raw_attribute(&self, name: &str) -> Option<&str> {
        Attributes(self.attributes).find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    pub(crate) fn attribute_count(&self) -> usize {
        Attributes(self.attributes).count()
    }

    pub(crate) fn has(&self, name: &str, value: &str) -> bool {
        self.attribute(name).is_some_and(|found| found.eq_ignore_ascii_case(value))
    }

    pub(crate) fn is_block(&self) -> bool {
        matches!(
            &*self.name,
            "p" | "div"
                | "blockquote"
                | "table"
                | "tr"
                | "ul"
                | "ol"
                | "li"
                | "h1"
                | "h2"
                | "h3"
                | "h4"
                | "h5"
                | "h6"
                | "pre"
                | "body"
                | "html"
                | "head"
                | "section"
                | "article"
                | "header"
                | "footer"
                | "center"
                | "dl"
                | "dt"
                | "dd"
                | "address"
                | "form"
                | "fieldset"
                | "figure"
                | "main"
                | "nav"
                | "aside"
                | "tbody"
                | "thead"
                | "details"
                | "summary"
                | "title"
        )
    }

    pub(crate) fn is_void(&self) -> bool {
        matches!(
            &*self.name,
            "br" | "hr"
                | "img"
                | "input"
                | "meta"
                | "link"
                | "base"
                | "wbr"
                | "col"
                | "source"
                | "area"
                | "embed"
                | "param"
                | "track"
        )
    }
}

/// Names and values as they are written.
struct Attributes<'h>(&'h str);

impl<'h> Iterator for Attributes<'h> {
    type Item = (&'h str, &'h str);

    fn next(&mut self) -> Option<Self::Item> {
        let rest = &self.0[self.0.find(|c: char| !c.is_ascii_whitespace() && c != '/')?..];
        let first = rest.chars().next().map_or(1, char::len_utf8);
        let end = rest[first..]
            .find(|c: char| c.is_ascii_whitespace() || c == '=' || c == '/')
            .map_or(rest.len(), |at| at + first);
        let (key, rest) = rest.split_at(end);
        let rest = rest.trim_ascii_start();
        let Some(after) = rest.strip_prefix('=') else {
            self.0 = rest;
            return Some((key, ""));
        };
        let after = after.trim_ascii_start();
        let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''));
        let (start, stop) = match quote {
            Some(quote) => (1, after[1..].find(quote).map_or(after.len(), |at| at + 1)),
            None => (0, after.find(|c: char| c.is_ascii_whitespace()).unwrap_or(after.len())),
        };
        self.0 = &after[(stop + start).min(after.len())..];
        Some((key, &after[start..stop]))
    }
}

fn decoded(value: &str) -> String {
    html_escape::decode_html_entities(value).into_owned()
}

pub(crate) struct Tokens<'h> {
    html: &'h str,
    at: usize,
    quotes_broken: bool,
    comments_broken: bool,
    raw_broken: bool,
    no_more_tags: bool,
}

impl<'h> Tokens<'h> {
    pub(crate) fn new(html: &'h str) -> Tokens<'h> {
        Tokens { html, at: 0, quotes_broken: false, comments_broken: false, raw_broken: false, no_more_tags: false }
    }

    /// The end of the tag that begins at `start`, behind its `>`.
    fn tag_end(&mut self, start: usize) -> Option<usize> {
        let bytes = self.html.as_bytes();
        if !self.quotes_broken {
            let mut quote = None;
            let mut previous = b' ';
            for (at, byte) in bytes.iter().enumerate().skip(start + 1) {
                match (quote, byte) {
                    (Some(open), byte) if open == *byte => quote = None,
                    (None, b'"' | b'\'') if previous == b'=' => quote = Some(*byte),
                    (None, b'>') => return Some(at + 1),
                    _ => {}
                }
                if !byte.is_ascii_whitespace() {
                    previous = *byte;
                }
            }
            self.quotes_broken = true;
        }
        if self.no_more_tags {
            return None;
        }
        let end = memchr::memchr(b'>', &bytes[start..]).map(|at| start + at + 1);
        self.no_more_tags = end.is_none();
        end
    }

    fn skip_markup(&mut self, start: usize) -> usize {
        let rest = &self.html.as_bytes()[start..];
        if rest.starts_with(b"<!--") && !self.comments_broken {
            if let Some(end) = memchr::memmem::find(&rest[2..], b"-->") {
                return start + 2 + end + 3;
            }
            self.comments_broken = true;
        }
        memchr::memchr(b'>', rest).map_or(self.html.len(), |at| start + at + 1)
    }

    /// Behind the closing tag of an element whose content is no HTML.
    fn skip_raw(&mut self, name: &str, from: usize) -> usize {
        if self.raw_broken {
            return from;
        }
        let bytes = self.html.as_bytes();
        for at in memchr::memmem::find_iter(&bytes[from..], b"</").map(|at| from + at) {
            let end = at + 2 + name.len();
            if bytes.get(at + 2..end).is_some_and(|found| found.eq_ignore_ascii_case(name.as_bytes())) {
                return memchr::memchr(b'>', &bytes[end..]).map_or(bytes.len(), |close| end + close + 1);
            }
        }
        self.raw_broken = true;
        from
    }

    fn tag(&mut self, start: usize, close: bool) -> Option<Tag<'h>> {
        let end = self.tag_end(start)?;
        let inner = &self.html[start + 1 + usize::from(close)..end - 1];
        let name_end = inner.find(|c: char| c.is_ascii_whitespace() || c == '/').unwrap_or(inner.len());
        let (name, attributes) = inner.split_at(name_end);
        let name = if name.bytes().any(|b| b.is_ascii_uppercase()) {
            Cow::Owned(name.to_ascii_lowercase())
        } else {
            Cow::Borrowed(name)
        };
        Some(Tag { name, attributes, start, end, self_closing: attributes.ends_with('/') })
    }
}

impl<'h> Iterator for Tokens<'h> {
    type Item = Token<'h>;

    fn next(&mut self) -> Option<Token<'h>> {
        let bytes = self.html.as_bytes();
        loop {
            let start = self.at;
            if start >= bytes.len() {
                return None;
            }
            if bytes[start] == b'<' {
                match bytes.get(start + 1) {
                    Some(b'!' | b'?') => {
                        self.at = self.skip_markup(start);
                        continue;
                    }
                    Some(b'/') if bytes.get(start + 2).is_some_and(u8::is_ascii_alphabetic) => {
                        if let Some(tag) = self.tag(start, true) {
                            self.at = tag.end;
                            return Some(Token::Close(tag));
                        }
                    }
                    Some(letter) if letter.is_ascii_alphabetic() => {
                        if let Some(tag) = self.tag(start, false) {
                            self.at = tag.end;
                            if matches!(&*tag.name, "script" | "style" | "title" | "textarea" | "noscript")
                                && !tag.self_closing
                            {
                                self.at = self.skip_raw(&tag.name, tag.end);
                                continue;
                            }
                            return Some(Token::Open(tag));
                        }
                    }
                    _ => {}
                }
                // No tag: the `<` is text, and so is everything up to the next one.
            }
            let end = memchr::memchr(b'<', &bytes[start + 1..]).map_or(bytes.len(), |at| start + 1 + at);
            self.at = end;
            return Some(Token::Text { start, text: &self.html[start..end] });
        }
    }
}
