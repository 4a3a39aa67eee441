//! Which lines of a mail its author wrote, and which are quoted, for plain text and HTML alike.
//!
//! Both kinds of input become [`Line`]s first; [`fold`] then says of each line what it is. Nothing is thrown away:
//! what is not the reply is in `quoted` or `signature`, so that a wrong guess costs a click and no words.
//!
//! Inline answers keep the short quotes they answer, because without them they cannot be understood. A mail that
//! would be left with no text at all (a bare forward) is kept whole.

use std::borrow::Cow;

use crate::{
    attribution::{attribution, header_block, is_above_line, is_original_line},
    html, signature, split,
};

/// A quote of at most this many lines stays above the answer to it.
const CONTEXT_LINES: usize = 12;

/// A text in three parts that together hold all its lines.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Folded {
    pub reply: String,
    pub quoted: String,
    pub signature: String,
}

/// As [`Folded`], in HTML whose tags are balanced within each part as far as they were in the whole.
/// Not sanitised.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FoldedHtml {
    pub reply: String,
    pub quoted: String,
    pub signature: String,
}

/// What the markup says about a line; plain text only knows `Plain` and `Quoted`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) enum Mark {
    #[default]
    Plain,
    Signature,
    /// *On … wrote:* by its class
    Attribution,
    Quoted,
    /// Everything from here on is the earlier message.
    Cut,
}

pub(crate) struct Line<'t> {
    pub(crate) text: Cow<'t, str>,
    pub(crate) mark: Mark,
}

impl Line<'_> {
    pub(crate) fn blank(&self) -> bool {
        self.text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '\u{200b}' | '\u{feff}')).is_empty()
    }

    pub(crate) fn quoted(&self) -> bool {
        self.mark == Mark::Quoted || (self.mark == Mark::Plain && is_quoted(&self.text))
    }
}

fn is_quoted(text: &str) -> bool {
    let text = text.trim_start();
    // `>:` alone is the end of an attribution that was broken within its address.
    text.starts_with('>') && !text.starts_with(">From ") && !text.starts_with(">:")
        || text.starts_with("|> ")
        || text.starts_with('＞')
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Reply,
    Quoted,
    Signature,
}

/// Splits plain text with `\n` or `\r\n` line ends.
pub fn fold_text(text: &str) -> Folded {
    let lines: Vec<Line<'_>> = text.lines().map(|line| Line { text: Cow::Borrowed(line), mark: Mark::Plain }).collect();
    gather(&lines)
}

/// Splits HTML. Linear in its length.
pub fn fold_html(html: &str) -> FoldedHtml {
    let scanned = html::lines(html);
    let kinds = fold(&scanned.lines);
    split::split(html, &scanned, &kinds)
}

/// As [`fold_html`], but gives what a reader would see.
pub fn fold_html_as_text(html: &str) -> Folded {
    gather(&html::lines(html).lines)
}

fn gather(lines: &[Line<'_>]) -> Folded {
    let mut folded = Folded::default();
    for (line, kind) in lines.iter().zip(fold(lines)) {
        let part = match kind {
            Kind::Reply => &mut folded.reply,
            Kind::Quoted => &mut folded.quoted,
            Kind::Signature => &mut folded.signature,
        };
        part.push_str(&line.text);
        part.push('\n');
    }
    for part in [&mut folded.reply, &mut folded.quoted, &mut folded.signature] {
        trim_blank_lines(part);
    }
    folded
}

fn trim_blank_lines(text: &mut String) {
    text.truncate(text.trim_end().len());
    let first = text.len() - text.trim_start().len();
    let start = text[..first].rfind('\n').map_or(0, |at| at + 1);
    text.drain(..start);
}

/// Says of each line what it is.
pub(crate) fn fold(lines: &[Line<'_>]) -> Vec<Kind> {
    let mut kinds = mark_quotes(lines);
    mark_signatures(lines, &mut kinds);
    keep_context(lines, &mut kinds);
    never_empty(lines, &mut kinds);
    kinds
}

fn mark_quotes(lines: &[Line<'_>]) -> Vec<Kind> {
    let mut kinds = vec![Kind::Reply; lines.len()];
    let mut own_text = false;
    let mut forward_above = false;
    let mut at = 0;
    while at < lines.len() {
        let line = &lines[at];
        if line.blank() {
            at += 1;
            continue;
        }
        if line.quoted() {
            kinds[at] = Kind::Quoted;
            if continues_quote(lines, at) {
                kinds[at + 1] = Kind::Quoted;
                at += 1;
            }
            at += 1;
            continue;
        }
        if line.mark == Mark::Signature || !own_text && signature::is_banner(&line.text) {
            kinds[at] = Kind::Signature;
            at += 1;
            continue;
        }
        if line.mark == Mark::Cut || is_original_line(lines, at) || is_above_line(&line.text) {
            if own_text {
                return cut(lines, kinds, at);
            }
            // A forward without a word of its own: what follows is the message.
            forward_above = true;
            at += 1;
            continue;
        }
        if let Some(length) = header_block(lines, at) {
            if own_text && !forward_above {
                return cut(lines, kinds, at);
            }
            forward_above = false;
            at += length;
            own_text |= length == 0;
            continue;
        }
        if line.mark == Mark::Attribution || signature::is_device(&line.text) {
            let attribution = line.mark == Mark::Attribution;
            kinds[at] = if attribution { Kind::Quoted } else { Kind::Signature };
            let next = lines[at + 1..].iter().position(|line| !line.blank()).map(|skip| at + 1 + skip);
            let structure = next
                .is_none_or(|next| attribution || starts_quote(lines, next) || signature::is_device(&lines[next].text));
            if own_text && !structure {
                kinds = cut(lines, kinds, at + 1);
                return kinds;
            }
            at += 1;
            continue;
        }
        if let Some(length) = attribution(lines, at) {
            let (begin, length) = with_name_above(lines, at, length);
            let next = lines[begin + length..].iter().find(|line| !line.blank());
            if own_text && next.is_none_or(|next| !next.quoted()) {
                return cut(lines, kinds, begin);
            }
            pull_rules(lines, &mut kinds, begin);
            kinds[begin..begin + length].fill(Kind::Quoted);
            at = begin + length;
            continue;
        }
        own_text = true;
        at += 1;
    }
    kinds
}

/// Where the address begins a line, the name it belongs to may be alone on the line above.
fn with_name_above(lines: &[Line<'_>], at: usize, length: usize) -> (usize, usize) {
    let bracket = lines[at].text.trim_start().starts_with('<');
    let alone =
        at > 0 && !lines[at - 1].blank() && lines[at - 1].text.len() <= 60 && (at == 1 || lines[at - 2].blank());
    if bracket && alone { (at - 1, length + 1) } else { (at, length) }
}

/// The mail program above the quote broke a long quoted line and forgot the mark on its second half.
fn continues_quote(lines: &[Line<'_>], at: usize) -> bool {
    let (Some(next), Some(after)) = (lines.get(at + 1), lines.get(at + 2)) else { return false };
    lines[at].mark == Mark::Plain
        && lines[at].text.chars().count() >= 60
        && !next.blank()
        && !next.quoted()
        && after.quoted()
        && next.text.chars().next().is_some_and(|c| c.is_lowercase() || c.is_ascii_digit())
}

fn starts_quote(lines: &[Line<'_>], at: usize) -> bool {
    let line = &lines[at];
    line.quoted()
        || line.mark >= Mark::Attribution
        || signature::is_rule(&line.text)
        || is_original_line(lines, at)
        || attribution(lines, at).is_some()
        || header_block(lines, at).is_some()
}

/// From `at` on everything is quoted, and so are rules drawn right above.
fn cut(lines: &[Line<'_>], mut kinds: Vec<Kind>, at: usize) -> Vec<Kind> {
    pull_rules(lines, &mut kinds, at);
    kinds[at..].fill(Kind::Quoted);
    kinds
}

fn pull_rules(lines: &[Line<'_>], kinds: &mut [Kind], at: usize) {
    let mut above = at;
    while above > 0 && (lines[above - 1].blank() || signature::is_rule(&lines[above - 1].text)) {
        above -= 1;
        if !lines[above].blank() {
            kinds[above..at].fill(Kind::Quoted);
        }
    }
}

/// Looks for signatures at the end of what the author wrote: below the last quote, and above it if nothing but a
/// signature stands below.
fn mark_signatures(lines: &[Line<'_>], kinds: &mut [Kind]) {
    let mut end = lines.len();
    while end > 0 {
        let Some(last) = (0..end).rev().find(|at| kinds[*at] == Kind::Reply && !lines[*at].blank()) else { return };
        let start = (0..last).rev().find(|at| kinds[*at] == Kind::Quoted).map_or(0, |at| at + 1);
        let block = &lines[start..=last];
        let Some(found) = signature::start(block, start > 0) else { return };
        let own_text = block[..found].iter().any(|line| !line.blank());
        let quote_above = start > 0;
        if !own_text && !quote_above {
            return;
        }
        kinds[start + found..=last].fill(Kind::Signature);
        if own_text {
            return;
        }
        end = start;
    }
}

/// Short quotes above later words of the author stay with them.
fn keep_context(lines: &[Line<'_>], kinds: &mut [Kind]) {
    let Some(last) = (0..lines.len()).rev().find(|at| kinds[*at] == Kind::Reply && !lines[*at].blank()) else { return };
    let mut at = 0;
    while at < last {
        if kinds[at] != Kind::Quoted {
            at += 1;
            continue;
        }
        let mut end = at;
        let mut count = 0;
        while end < last && (kinds[end] == Kind::Quoted || lines[end].blank()) {
            count += usize::from(!lines[end].blank());
            end += 1;
        }
        let kind = if count <= CONTEXT_LINES { Kind::Reply } else { Kind::Quoted };
        kinds[at..end].fill(kind);
        at = end;
    }
}

fn never_empty(lines: &[Line<'_>], kinds: &mut [Kind]) {
    let holds =
        |kinds: &[Kind], wanted: Kind| kinds.iter().zip(lines).any(|(kind, line)| *kind == wanted && !line.blank());
    if holds(kinds, Kind::Reply) {
        return;
    }
    let spare = if holds(kinds, Kind::Quoted) { Kind::Quoted } else { Kind::Signature };
    for kind in kinds.iter_mut().filter(|kind| **kind == spare) {
        *kind = Kind::Reply;
    }
}
