//! Where a signature begins: a delimiter (RFC 3676, 4.3), a closing phrase with a name below, *Sent from my …*.

use crate::{
    phrases::phrases,
    quote::{Line, Mark},
    text::fold_case,
};

const MOST_LINES: usize = 16;
/// Below a delimiter that leaves no doubt.
const MOST_DELIMITED: usize = 32;

/// The first line of the signature that ends this block of the author's own lines. Below a quote the block may be
/// nothing else.
pub(crate) fn start(block: &[Line<'_>], below_quote: bool) -> Option<usize> {
    let end = block.iter().rposition(|line| !line.blank())? + 1;
    let first = block.iter().position(|line| !line.blank())?;
    let delimiter = block.iter().position(|line| line.text == "-- ").unwrap_or(end);
    let mut below = 0;
    // Lines between this one and the signature found so far: a name may stand above a list's footer.
    let mut above_found = 0;
    let mut found = None;
    for at in (0..end).rev() {
        if block[at].blank() {
            continue;
        }
        // *Thanks!* above a signature is the whole reply.
        if at == first && found.is_some() && !below_quote {
            break;
        }
        if begins(block, at, end, below) || is_dash_name(block, at, above_found) {
            found = Some(at);
            above_found = 0;
        } else {
            above_found += 1;
        }
        below += 1;
        // Only the exact delimiter of the standard may stand above more than that.
        if below > MOST_DELIMITED && delimiter >= at {
            break;
        }
    }
    found
}

fn begins(block: &[Line<'_>], at: usize, end: usize, below: usize) -> bool {
    let line = &block[at];
    let text = line.text.trim();
    if line.mark == Mark::Signature || line.text == "-- " {
        return true;
    }
    let rest = &block[at + 1..end];
    let short = || rest.iter().all(|line| line.text.chars().count() <= 80);
    if text == "--" || (text.len() >= 2 && text.bytes().all(|b| b == b'_')) {
        return below > 0 && below <= MOST_DELIMITED;
    }
    if below > MOST_LINES {
        return false;
    }
    let apart = at > 0 && (block[at - 1].blank() || is_rule(&block[at - 1].text));
    if is_rule(text) {
        return below > 0 && below <= 8 && short();
    }
    is_device(text) && below <= 4 || is_closing(text, rest) || apart && is_disclaimer(text)
}

/// A line drawn with dashes and the like.
pub(crate) fn is_rule(text: &str) -> bool {
    let text = text.trim();
    let drawn = |c: char| matches!(c, '-' | '_' | '=' | '*' | '#' | '~' | '─' | '━' | '—');
    text.chars().filter(|c| drawn(*c)).count() >= 3 && text.chars().all(|c| drawn(c) || c == ' ')
}

/// *Regards,* with a name and perhaps more below it, or *Regards, Anna* on one line at the end.
fn is_closing(text: &str, rest: &[Line<'_>]) -> bool {
    if text.chars().count() > 70 {
        return false;
    }
    let folded = fold_case(text);
    let punctuation = |c: char| c.is_whitespace() || c.is_ascii_punctuation() && c != '(' || "，。、！–—…~".contains(c);
    let bare = folded.trim_matches(punctuation);
    let known = &phrases().closing;
    if known.contains(bare) || bare.split(" / ").all(|half| known.contains(half.trim_matches(punctuation))) {
        let name = rest.iter().find(|line| !line.blank());
        return name.is_some_and(|name| is_name(&name.text));
    }
    let last = rest.iter().all(Line::blank);
    let split = folded.char_indices().find(|(_, c)| matches!(c, ',' | '!' | '，')).map(|(at, _)| at);
    let Some((closing, name)) = split.map(|at| (&folded[..at], &folded[at..])) else { return false };
    let words = name.trim_matches(punctuation).split_whitespace().count();
    let named = (1..=3).contains(&words) && !name.ends_with(['?', '.']) && !name.contains(|c: char| c.is_ascii_digit());
    last && named && known.contains(closing.trim_matches(punctuation)) && !is_question_or_verb(name)
}

/// *Thanks, please hurry* is no signature.
fn is_question_or_verb(name: &str) -> bool {
    ["please", "bitte", "but", "and", "for", "it", "that", "again", "merci", "aber", "und"]
        .iter()
        .any(|word| name.split(|c: char| !c.is_alphanumeric()).any(|other| other == *word))
}

fn is_name(text: &str) -> bool {
    let text = text.trim();
    text.contains(char::is_alphabetic)
        && text.split_whitespace().count() <= 6
        && text.chars().count() <= 60
        && !text.ends_with(['?', ':'])
        && (!text.ends_with('.') || text.split_whitespace().count() <= 3)
}

/// `-Abhishek`, `/John`: a name behind one stroke, as the last line or above two or three short ones.
fn is_dash_name(block: &[Line<'_>], at: usize, below: usize) -> bool {
    let text = block[at].text.trim();
    let stroke = |c: char| matches!(c, '-' | '–' | '—' | '/' | '~');
    let name = text.trim_start_matches(stroke);
    let strokes = text.len() - name.len();
    if strokes == 0 || strokes > 3 || below > 3 || at == 0 || text.chars().count() > 40 {
        return false;
    }
    // A list looks the same; its lines do not stand alone.
    let above = block[..at].iter().rev().find(|line| !line.blank());
    let spaced = name.starts_with(' ') && text.starts_with(['-', '/', '~']);
    let alone =
        below == 0 && block[at - 1].blank() && above.is_some_and(|line| !line.text.trim_end().ends_with([':', '：']));
    let listed = above.is_some_and(|line| line.text.trim_start().starts_with(stroke)) || spaced && !alone;
    let words: Vec<&str> = name.split_whitespace().collect();
    let capital = |word: &&str| word.chars().next().is_some_and(char::is_uppercase);
    let plain = |word: &&str| word.chars().all(|c| c.is_alphabetic() || matches!(c, '.' | '\'' | '-'));
    let small =
        |word: &&str| matches!(*word, "de" | "van" | "von" | "der" | "den" | "da" | "di" | "la" | "le" | "al" | "bin");
    !listed
        && (1..=4).contains(&words.len())
        && words.first().is_some_and(capital)
        && words.iter().all(|word| plain(word) && (capital(word) || small(word)))
}

/// *This e-mail is confidential …*, as a paragraph of its own.
fn is_disclaimer(text: &str) -> bool {
    let text = text.trim_start_matches(['*', '_', '>', ' ']);
    let folded = fold_case(&text[..text.floor_char_boundary(120)]);
    phrases().disclaimer.iter().any(|phrase| folded.starts_with(phrase.as_str()))
}

/// *CAUTION: This email originated from outside …*, put there by the receiver's own server.
pub(crate) fn is_banner(text: &str) -> bool {
    let text = text.trim_start_matches(['*', '_', ' ']);
    let folded = fold_case(&text[..text.floor_char_boundary(120)]);
    phrases().banner.iter().any(|phrase| folded.starts_with(phrase.as_str()))
}

/// *Sent from my iPhone*, in whatever language, and nothing else on the line.
pub(crate) fn is_device(text: &str) -> bool {
    const MADE: [&str; 24] = [
        "iphone",
        "ipad",
        "android",
        "outlook",
        "samsung",
        "galaxy",
        "mobil",
        "mobile",
        "phone",
        "handy",
        "blackberry",
        "mail",
        "yahoo",
        "proton",
        "smartphone",
        "huawei",
        "xiaomi",
        "gmx",
        "web.de",
        "telefon",
        "ios",
        "windows",
        "tablet",
        "app",
    ];
    let text = text.trim();
    if text.len() < 6 || text.len() > 400 {
        return false;
    }
    // Links behind the words: <https://aka.ms/…>
    let shown = text.split_once(['<', '(', '[']).map_or(text, |(shown, _)| shown).trim();
    if shown.chars().count() > 90 {
        return false;
    }
    let folded = fold_case(shown);
    let folded = folded.trim_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '_' | '-' | '—' | '>'));
    if !phrases().device.iter().any(|phrase| folded.starts_with(phrase.as_str()) || folded.ends_with(phrase.as_str())) {
        return false;
    }
    let clause = folded.split([',', '!', '?']).next().unwrap_or_default();
    let clause = clause.split(". ").next().unwrap_or_default();
    let words = folded.split_whitespace().count();
    let made = MADE.iter().any(|word| clause.contains(word));
    let one_clause = clause.len() == folded.len() && !folded.ends_with('.');
    made && words <= 14 || one_clause && words <= 8
}
