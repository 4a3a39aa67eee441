//! HTML read as lines: what a reader would see on each, where in the source it stands, and what the mail program's
//! markup says about it. Also plain text from HTML and HTML from plain text.
//!
//! A DOM would be gone by the time a quote has to be cut out of the *source*, and the libraries that render HTML as
//! text do not tell offsets. So this is a tokenizer of its own: one pass, no recursion, never wrong by more than a
//! tag. It is not a sanitiser; see [`crate::clean`].

use std::borrow::Cow;

use crate::{
    quote::{Line, Mark},
    scan::{Tag, Token, Tokens},
};

/// Elements remembered as open; deeper nesting is read but not remembered.
const MAX_DEPTH: usize = 256;
const MAX_LINK: usize = 500;

pub(crate) struct Scanned<'h> {
    pub(crate) lines: Vec<Line<'h>>,
    /// Where each line's source begins; one more than there are lines.
    pub(crate) starts: Vec<usize>,
}

struct Open<'h> {
    tag: Tag<'h>,
    mark: Mark,
}

struct Reader<'h> {
    open: Vec<Open<'h>>,
    lines: Vec<Line<'h>>,
    starts: Vec<usize>,
    text: String,
    mark: Mark,
    /// Where the next line's source begins, while no text of it was seen yet.
    boundary: usize,
    boundary_fixed: bool,
    blank_before: bool,
    links: bool,
    link: Option<(String, usize)>,
    /// Seen an element from which on all is quoted; goes onto the next line with text.
    cut: bool,
    preformatted: usize,
}

/// The lines of an HTML mail.
pub(crate) fn lines(html: &str) -> Scanned<'_> {
    read(html, false)
}

/// Plain text as a reader would see it: paragraphs, list marks, `>` before quotes, addresses behind links.
pub fn to_text(html: &str) -> String {
    let mut text = String::with_capacity(html.len() / 2);
    for line in read(html, true).lines {
        if line.mark == Mark::Quoted && !line.text.starts_with('>') {
            text.push_str("> ");
        }
        text.push_str(line.text.trim_end());
        text.push('\n');
    }
    text.truncate(text.trim_end().len());
    text
}

fn read(html: &str, links: bool) -> Scanned<'_> {
    let mut reader = Reader {
        open: Vec::new(),
        lines: Vec::new(),
        starts: Vec::new(),
        text: String::new(),
        mark: Mark::Plain,
        boundary: 0,
        boundary_fixed: false,
        blank_before: false,
        links,
        link: None,
        cut: false,
        preformatted: 0,
    };
    for token in Tokens::new(html) {
        match token {
            Token::Text { start, text } => reader.text(start, text),
            Token::Open(tag) => reader.opened(tag),
            Token::Close(tag) => reader.closed(&tag),
        }
    }
    reader.end_line();
    let mut starts = reader.starts;
    if let Some(first) = starts.first_mut() {
        *first = 0;
    }
    starts.push(html.len());
    Scanned { lines: reader.lines, starts }
}

impl<'h> Reader<'h> {
    fn text(&mut self, start: usize, text: &'h str) {
        let decoded: Cow<'_, str> =
            if text.contains('&') { html_escape::decode_html_entities(text) } else { Cow::Borrowed(text) };
        for (nth, piece) in decoded.split('\n').enumerate() {
            if nth > 0 {
                if self.preformatted > 0 {
                    self.break_line(start, false);
                } else {
                    self.push(" ");
                }
            }
            self.push(piece);
        }
    }

    fn push(&mut self, piece: &str) {
        if self.text.is_empty() && piece.trim_matches(|c: char| c.is_whitespace() && c != '\u{a0}').is_empty() {
            return;
        }
        if self.text.is_empty() {
            self.begin_line();
        }
        if self.preformatted > 0 {
            self.text.push_str(piece);
            return;
        }
        for c in piece.chars() {
            match c {
                ' ' | '\t' | '\r' | '\n' | '\u{c}' => {
                    if !self.text.is_empty() && !self.text.ends_with([' ', '\n']) {
                        self.text.push(' ');
                    }
                }
                '\u{a0}' => self.text.push(' '),
                c if c.is_control() => {}
                c => self.text.push(c),
            }
        }
    }

    fn begin_line(&mut self) {
        let marks = self.open.iter().map(|open| open.mark).max().unwrap_or_default();
        self.mark = if std::mem::take(&mut self.cut) { Mark::Cut } else { marks };
        if std::mem::take(&mut self.blank_before) && !self.lines.is_empty() {
            self.lines.push(Line { text: Cow::Borrowed(""), mark: Mark::Plain });
            self.starts.push(self.boundary);
        }
        if self.open.iter().any(|open| &*open.tag.name == "li") && self.links && self.item_begins() {
            self.text.push_str("- ");
        }
    }

    /// The innermost `<li>` has had no line yet.
    fn item_begins(&mut self) -> bool {
        let boundary = self.boundary;
        self.open.iter().rev().find(|open| open.tag.name == "li").is_some_and(|open| open.tag.start >= boundary)
    }

    fn end_line(&mut self) {
        if self.text.is_empty() {
            return;
        }
        let text = std::mem::take(&mut self.text);
        self.lines.push(Line { text: Cow::Owned(text), mark: self.mark });
        self.starts.push(self.boundary);
    }

    /// A line ends here, and what follows `next` in the source belongs to the next one.
    fn break_line(&mut self, next: usize, fixed: bool) {
        let had_text = !self.text.is_empty();
        self.end_line();
        if had_text || !self.boundary_fixed {
            self.boundary = next;
            self.boundary_fixed = fixed;
        }
    }

    fn opened(&mut self, tag: Tag<'h>) {
        match &*tag.name {
            "br" => {
                if self.text.is_empty() {
                    self.blank_before = true;
                }
                self.break_line(tag.end, false);
                return;
            }
            "hr" => {
                self.break_line(tag.start, true);
                self.cut |=
                    tag.has("tabindex", "-1") || tag.attribute("id").is_some_and(|id| id.contains("stopSpelling"));
                if !self.cut {
                    self.begin_line();
                    self.text.push_str("---");
                    self.break_line(tag.end, false);
                }
                return;
            }
            "img" | "input" | "meta" | "link" | "base" | "wbr" | "col" | "source" | "area" => return,
            "td" | "th" if !self.text.is_empty() && !self.text.ends_with(' ') => self.text.push(' '),
            "pre" => self.preformatted += 1,
            "a" if self.links => self.link = tag.attribute("href").map(|href| (href, self.text.len())),
            _ => {}
        }
        if tag.is_block() {
            self.break_line(tag.start, true);
            self.blank_before |= matches!(&*tag.name, "p" | "blockquote" | "h1" | "h2" | "h3" | "ul" | "ol" | "table");
        }
        let quote = tag.name == "blockquote";
        let (mark, cut) = mark_of(&tag);
        self.cut |= cut;
        if !tag.self_closing && self.open.len() < MAX_DEPTH {
            self.open.push(Open { tag, mark: if quote { mark.max(Mark::Quoted) } else { mark } });
        }
    }

    fn closed(&mut self, tag: &Tag<'h>) {
        if tag.name == "a"
            && let Some((href, at)) = self.link.take()
        {
            self.show_link(&href, at);
        }
        if tag.name == "pre" {
            self.preformatted = self.preformatted.saturating_sub(1);
        }
        // Misnested tags are common; only a few levels are searched, so that a flood of them stays linear.
        let depth = self.open.len();
        if let Some(back) = self.open.iter().rev().take(32).position(|open| open.tag.name == tag.name) {
            self.open.truncate(depth - 1 - back);
        }
        if tag.is_block() {
            if tag.name == "p" || tag.name == "blockquote" {
                self.blank_before = true;
            }
            self.break_line(tag.end, false);
        }
    }

    fn show_link(&mut self, href: &str, at: usize) {
        let href = href.trim();
        let shown = self.text.get(at..).unwrap_or_default().trim();
        let web = href.starts_with("http://") || href.starts_with("https://");
        let same = |text: &str| text.trim_end_matches('/') == href.trim_end_matches('/');
        let bare = href.split_once("://").map_or(href, |(_, rest)| rest);
        if web && !shown.is_empty() && !same(shown) && bare.trim_end_matches('/') != shown && href.len() <= MAX_LINK {
            self.text.push_str(" <");
            self.text.push_str(href);
            self.text.push('>');
        }
    }
}

/// Elements that hold a quote, by the beginning of a class, id or name.
const QUOTED: [&str; 14] = [
    "gmail_quote",
    "yahoo_quoted",
    "protonmail_quote",
    "tutanota_quote",
    "zmail_extra",
    "gmail_extra_quote",
    "moz-forward-container",
    "front-blockquote",
    "mail-quote-collapse",
    "freebirdFormviewerviewItemsSectionHeader",
    "quoted-text",
    "mailbutler-quote",
    "skiff_quote",
    "wm-quote",
];
/// Elements from which on all is the earlier message.
const CUT: [&str; 10] = [
    "divrplyfwdmsg",
    "appendonsend",
    "outlookmessageheader",
    "olk_src_body_section",
    "stopspelling",
    "mail-editor-reference-message-container",
    "ms-outlook-mobile-reference-message",
    "reply-intro",
    "replyforwardcontainer",
    "original-message",
];

/// What the mail programs' classes and ids say: the mark for all within, and whether the earlier message begins here.
fn mark_of(tag: &Tag<'_>) -> (Mark, bool) {
    if tag.attributes.len() < 4 {
        return (Mark::Plain, false);
    }
    let mut mark = Mark::Plain;
    let mut cut = false;
    for key in ["class", "id", "name", "data-smartmail"] {
        let Some(value) = tag.attribute(key) else { continue };
        for word in value.split_ascii_whitespace().take(8) {
            let word = word.to_ascii_lowercase();
            // Outlook puts `x_` before the names it finds in quoted mail, once each time.
            let word = word.trim_start_matches("x_");
            if word == "gmail_attr" || word == "moz-cite-prefix" {
                mark = mark.max(Mark::Attribution);
            } else if QUOTED.iter().any(|known| word.starts_with(known)) || (key == "name" && word == "quote") {
                mark = mark.max(Mark::Quoted);
            } else if word.contains("signature") && !word.contains("separator") {
                mark = mark.max(Mark::Signature);
            }
            cut |= CUT.contains(&word);
        }
    }
    (mark, cut)
}

/// Plain text as HTML: escaped, paragraphs at blank lines, links on web and mail addresses.
pub fn from_text(text: &str) -> String {
    let mut html = String::with_capacity(text.len() + text.len() / 4);
    let mut open = false;
    for line in text.lines() {
        if line.trim().is_empty() {
            if open {
                html.push_str("</p>\n");
                open = false;
            }
            continue;
        }
        html.push_str(if open { "<br>\n" } else { "<p>" });
        open = true;
        line_from_text(line, &mut html);
    }
    if open {
        html.push_str("</p>\n");
    }
    html
}

fn line_from_text(line: &str, html: &mut String) {
    let indent = line.len() - line.trim_start_matches(' ').len();
    for _ in 0..indent.min(40) {
        html.push_str("&nbsp;");
    }
    for (nth, word) in line[indent..].split(' ').enumerate() {
        if nth > 0 {
            html.push(' ');
        }
        let start = word.find("http://").or_else(|| word.find("https://"));
        let Some(start) = start else {
            html_escape::encode_quoted_attribute_to_string(word, html);
            continue;
        };
        let (before, rest) = word.split_at(start);
        let end = rest.find(['<', '>', '"', '\'']).unwrap_or(rest.len());
        let url = rest[..end].trim_end_matches(['.', ',', ';', ':', '!', '?', ')', ']']);
        html_escape::encode_quoted_attribute_to_string(before, html);
        html.push_str("<a href=\"");
        html_escape::encode_quoted_attribute_to_string(url, html);
        html.push_str("\">");
        html_escape::encode_quoted_attribute_to_string(url, html);
        html.push_str("</a>");
        html_escape::encode_quoted_attribute_to_string(&rest[url.len()..], html);
    }
}
