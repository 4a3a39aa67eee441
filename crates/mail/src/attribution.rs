//! The lines that mail programs put above what they quote: *On … someone wrote:*, a block of headers, a line of dashes.

use crate::{
    phrases::{FROM, SENT, SUBJECT, TO, phrases},
    quote::{Line, Mark},
    text::{fold_case, is_invisible},
};

/// `-----Original Message-----`, *Begin forwarded message:*
pub(crate) fn is_original_line(lines: &[Line<'_>], at: usize) -> bool {
    let text = lines[at].text.trim();
    if text.len() > 160 {
        return false;
    }
    let decoration =
        |c: char| matches!(c, '-' | '_' | '=' | '*' | '#' | '~' | '>' | '<' | '—' | '–' | '|') || c.is_whitespace();
    let dashes = text.chars().take_while(|c| decoration(*c)).filter(|c| !c.is_whitespace()).count();
    let bare = text.trim_matches(decoration);
    let colon = bare.ends_with([':', '：']);
    if bare.is_empty() || (dashes < 2 && !colon && bare.split_whitespace().count() > 4) {
        return false;
    }
    let bare = fold_case(bare.trim_end_matches([':', '：', ' ']));
    let known = |phrase: &String| bare == *phrase || (dashes >= 2 && bare.starts_with(phrase.as_str()));
    if !phrases().original.iter().any(known) {
        return false;
    }
    dashes >= 2 || colon || lines[at + 1..].iter().find(|line| !line.blank()).is_some_and(|next| label(&next.text) != 0)
}

pub(crate) fn is_above_line(text: &str) -> bool {
    let text = text.trim();
    let marked = text.starts_with(['#', '-', '=', '*', '—', '_']);
    if !marked || text.len() > 200 {
        return false;
    }
    let folded = fold_case(text);
    phrases().above.iter().any(|phrase| folded.contains(phrase.as_str()))
}

/// What a header label at the start of this line may mean; 0 if there is none.
fn label(text: &str) -> u8 {
    let text = text.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '_' | '|' | '>' | '•'));
    let head = &text[..text.floor_char_boundary(48)];
    let Some(colon) = head.find([':', '：']) else { return 0 };
    let label = head[..colon].trim_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '_'));
    if label.is_empty() {
        return 0;
    }
    phrases().labels.get(fold_case(label).as_str()).copied().unwrap_or(0)
}

/// The length of a block of header lines (*From, Sent, To, Subject*) starting here.
pub(crate) fn header_block(lines: &[Line<'_>], at: usize) -> Option<usize> {
    if label(&lines[at].text) == 0 {
        return None;
    }
    let (mut roles, mut from, mut labelled, mut address) = (0, false, 0, false);
    let mut end = at;
    let mut loose = 0;
    for (nth, line) in lines.iter().enumerate().skip(at).take(24) {
        if line.blank() {
            let more = lines.get(nth + 1).is_some_and(|next| label(&next.text) != 0);
            if more || nth == end {
                continue;
            }
            break;
        }
        let role = label(&line.text);
        if role == 0 {
            loose += 1;
            if loose > 3 {
                break;
            }
        } else {
            // A word that may be *from* or *to* counts as what is still missing.
            from |= role & FROM != 0;
            roles |= role & !FROM;
            labelled += 1;
            loose = 0;
            end = nth + 1;
        }
        address |= line.text.contains('@');
    }
    let complete = from && roles & (SENT | TO | SUBJECT) != 0 && labelled >= 2 && (address || labelled >= 3);
    complete.then_some(end - at)
}

/// The number of lines of an attribution (*On … someone wrote:*) starting here.
pub(crate) fn attribution(lines: &[Line<'_>], at: usize) -> Option<usize> {
    let mut joined = String::new();
    for length in 1..=4 {
        let line = lines.get(at + length - 1)?;
        if line.blank() || line.quoted() || line.mark == Mark::Cut || line.text.len() > 400 {
            return None;
        }
        if length == 1 && !may_start_attribution(&line.text) {
            return None;
        }
        if !joined.is_empty() {
            joined.push(' ');
        }
        // Right-to-left names come wrapped in marks of direction.
        joined.extend(line.text.trim().chars().filter(|c| !is_invisible(*c) && !matches!(c, '\u{200e}' | '\u{200f}')));
        if is_attribution(&joined) {
            // The line above a complete attribution is the author's own.
            let later = length > 1
                && attribution(lines, at + 1) == Some(length - 1)
                && !starts_with_intro(&lines[at].text)
                && !is_dated(&lines[at].text);
            return (!later).then_some(length);
        }
    }
    None
}

fn may_start_attribution(text: &str) -> bool {
    text.bytes().any(|b| b.is_ascii_digit() || b == b'@') || starts_with_intro(text)
}

fn starts_with_intro(text: &str) -> bool {
    let text = text.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '-' | '*' | '_'));
    let folded = fold_case(&text[..text.floor_char_boundary(40)]);
    let known = &phrases().intro;
    folded.match_indices([' ', ',', '.']).take(3).any(|(end, _)| known.contains(&folded[..end]))
}

fn is_attribution(joined: &str) -> bool {
    let text = joined.trim_matches(|c: char| c.is_whitespace() || matches!(c, '-' | '*' | '_' | '—'));
    if text.len() > 400 || text.len() < 8 {
        return false;
    }
    let colon = text.ends_with([':', '：']);
    let folded = fold_case(text.trim_end_matches([':', '：', ' ', '.', ')', '*']));
    let address = folded.contains('@');
    let bracketed = address && folded.contains(['<', '(', '[']);
    let date = is_dated(&folded);
    let verb = |text: &str| phrases().wrote.iter().any(|verb| ends_with_word(text, verb));
    // The closing bracket went with the colon: `napisał(a):`
    let verb_last = verb(&folded) || verb(text.trim_end_matches([':', '：', ' ']).to_lowercase().as_str());
    if verb_last {
        return date && (address || colon && starts_plainly(text) && !of_the_author(&folded)) || colon && bracketed;
    }
    if !colon || !date {
        return false;
    }
    let verb_within = phrases().wrote.iter().any(|verb| contains_word(&folded, verb));
    if verb_within && (address || starts_with_intro(text)) {
        return true;
    }
    bracketed && (starts_plainly(text) || folded.ends_with('>'))
}

/// *On 3 March 2025 I wrote:* — the author's own words.
fn of_the_author(folded: &str) -> bool {
    const PRONOUNS: [&str; 20] = [
        "i", "we", "you", "he", "she", "they", "ich", "wir", "sie", "du", "je", "j'ai", "nous", "vous", "yo", "jag",
        "jeg", "ik", "я", "мы",
    ];
    folded.split_whitespace().rev().take(4).any(|word| PRONOUNS.contains(&word))
}

/// Begins the way attributions do: with a word for *on*, a number or a short word for a weekday.
fn starts_plainly(text: &str) -> bool {
    let first = text.split_whitespace().next().unwrap_or_default();
    starts_with_intro(text) || first.starts_with(|c: char| c.is_ascii_digit()) || first.ends_with([',', '.'])
}

fn ends_with_word(text: &str, word: &str) -> bool {
    text.strip_suffix(word).is_some_and(|before| {
        !before.ends_with(char::is_alphabetic) || !word.starts_with(|c: char| (c as u32) < 0x2000)
    })
}

fn contains_word(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + word.len()..].chars().next();
        word.starts_with(|c: char| (c as u32) >= 0x2000)
            || !before.is_some_and(char::is_alphabetic) && !after.is_some_and(char::is_alphabetic)
    })
}

/// Holds a year, a time of day or a date in numbers, outside of addresses.
fn is_dated(text: &str) -> bool {
    text.split_whitespace().filter(|word| !word.contains('@')).any(|word| {
        let mut numbers = word.split(|c: char| !c.is_ascii_digit()).filter(|digits| !digits.is_empty());
        let (first, second) = (numbers.next().unwrap_or_default(), numbers.next().unwrap_or_default());
        let year = |digits: &str| digits.len() == 4 && (digits.starts_with("19") || digits.starts_with("20"));
        let pair = (1..=4).contains(&first.len())
            && second.len() == 2
            && word.contains([':', '.', '/', '-', 'h', '時', '点', '시']);
        year(first) || year(second) || pair
    })
}
