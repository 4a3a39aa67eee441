//! Words as search sees them: in lower case and without accents, so that "Besök" finds "besok" and both engines
//! find the same. Every text and every query goes through [`words`]; the engines are given words, never text.

use unicode_normalization::char::{decompose_compatible, is_combining_mark};

/// Longer ones (addresses of pages, encoded data) are cut alike in texts and in queries.
const LONGEST: usize = 40;

/// A word, folded, and the bytes of the text it stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    pub text: String,
    pub start: usize,
    pub end: usize,
}

/// The first `most` words of a text.
pub(super) fn words(text: &str, most: usize) -> Vec<Word> {
    let mut all = Vec::new();
    let mut word: Option<Word> = None;
    for (at, c) in text.char_indices() {
        if all.len() >= most {
            return all;
        }
        let alone = is_written_without_spaces(c);
        if alone || !is_part_of_word(c) {
            all.extend(word.take().filter(|word| !word.text.is_empty()));
        }
        if is_part_of_word(c) {
            let word = word.get_or_insert_with(|| Word { text: String::new(), start: at, end: at });
            fold(c, &mut word.text);
            word.end = at + c.len_utf8();
        }
        if alone {
            all.extend(word.take().filter(|word| !word.text.is_empty()));
        }
    }
    if all.len() < most {
        all.extend(word.filter(|word| !word.text.is_empty()));
    }
    for word in &mut all {
        if let Some((cut, _)) = word.text.char_indices().nth(LONGEST) {
            word.text.truncate(cut);
        }
    }
    all
}

fn is_part_of_word(c: char) -> bool {
    c.is_alphanumeric() || is_combining_mark(c)
}

/// Chinese, Japanese, Thai and their like put no spaces between words: each of their characters counts as a word,
/// and a run of them is looked for as a phrase.
fn is_written_without_spaces(c: char) -> bool {
    matches!(c, '\u{0E00}'..='\u{0EFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17FF}' | '\u{3040}'..='\u{30FF}'
        | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

fn fold(c: char, into: &mut String) {
    if c.is_ascii() {
        into.push(c.to_ascii_lowercase());
        return;
    }
    decompose_compatible(c, |c| {
        // What NFKD leaves whole though people type it without its stroke or ligature.
        for c in c.to_lowercase().filter(|c| !is_combining_mark(*c)) {
            match c {
                'ß' => into.push_str("ss"),
                'æ' => into.push_str("ae"),
                'œ' => into.push_str("oe"),
                'þ' => into.push_str("th"),
                'ø' => into.push('o'),
                'đ' | 'ð' => into.push('d'),
                'ł' => into.push('l'),
                'ı' => into.push('i'),
                'ς' => into.push('σ'),
                c if c.is_alphanumeric() => into.push(c),
                _ => {}
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<String> {
        words(text, 100).into_iter().map(|word| word.text).collect()
    }

    #[test]
    fn accents_case_and_ligatures_do_not_matter() {
        assert_eq!(texts("Besök på Ærø: STRASSE/Straße"), ["besok", "pa", "aero", "strasse", "strasse"]);
        assert_eq!(texts("cafe\u{301} ﬁn Łódź İstanbul"), ["cafe", "fin", "lodz", "istanbul"]);
    }

    #[test]
    fn numbers_and_addresses_fall_into_their_parts() {
        assert_eq!(texts("kari@fjell.example, FV-20418!"), ["kari", "fjell", "example", "fv", "20418"]);
    }

    #[test]
    fn scripts_without_spaces_are_found_by_any_part() {
        assert_eq!(texts("返品したい abc"), ["返", "品", "し", "た", "い", "abc"]);
    }

    #[test]
    fn a_word_knows_where_it_stands() {
        let text = "på Ærø!";
        let found: Vec<&str> = words(text, 9).iter().map(|word| &text[word.start..word.end]).collect();
        assert_eq!(found, ["på", "Ærø"]);
        assert_eq!(words("a b c d", 2).len(), 2);
    }

    #[test]
    fn what_is_no_word_is_nothing() {
        assert!(texts("\u{0} … \u{301} -- ''").is_empty());
    }
}
