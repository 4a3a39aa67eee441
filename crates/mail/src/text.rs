//! Small things done to strings: what keeps them on one line, within bounds and free of control characters.

use std::borrow::Cow;

/// At most `limit` bytes, cut at a character.
pub(crate) fn bounded(text: &str, limit: usize) -> Cow<'_, str> {
    Cow::Borrowed(&text[..text.floor_char_boundary(limit)])
}

/// On one line: line ends and tabs become spaces, other control and direction-changing characters go.
pub(crate) fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len().min(1_024));
    for c in text.chars() {
        match c {
            '\r' | '\n' | '\t' => {
                if !line.ends_with(' ') {
                    line.push(' ');
                }
            }
            c if c.is_control() || is_invisible(c) => {}
            c => line.push(c),
        }
    }
    line.truncate(line.trim_end().len());
    let start = line.len() - line.trim_start().len();
    line.drain(..start);
    line
}

/// Characters that change what the reader sees without being seen: bidirectional overrides and the byte order mark.
pub(crate) fn is_invisible(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
}

/// Line ends as `\n`, no control characters but tabs.
pub(crate) fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' => {
                if chars.peek() != Some(&'\n') {
                    out.push('\n');
                }
            }
            '\n' | '\t' => out.push(c),
            '\u{feff}' => {}
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// Lower case for comparing phrases: one spelling of apostrophes and spaces, no full-width colon.
pub(crate) fn fold_case(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '’' | '‘' | '`' | '´' => out.push('\''),
            '\u{a0}' | '\u{202f}' | '\u{3000}' | '\t' => out.push(' '),
            '\u{200b}' | '\u{200e}' | '\u{200f}' => {}
            c if is_invisible(c) => {}
            'İ' => out.push('i'),
            c => out.extend(c.to_lowercase()),
        }
    }
    out
}
