//! Typing errors. Every known word is stored under itself and under what is left of it without one letter; a mistyped
//! word, treated alike, meets it there. This costs a few exact look-ups however many words are known, and the same on
//! both engines, where a trigram index costs more with every word and needs an extension on PostgreSQL.

use base::{App, Result};

use super::listed;

/// Words that are corrected: shorter ones have too many neighbours, longer ones are no words.
const LENGTHS: std::ops::RangeInclusive<usize> = 4..=16;
/// From this length on two errors are tolerated.
const LONG: usize = 8;
const MOST: usize = 5;

pub(super) fn is_spelt(word: &str) -> bool {
    LENGTHS.contains(&word.chars().count()) && word.chars().all(char::is_alphabetic)
}

/// The forms under which a known word is stored.
pub(super) fn forms(word: &str) -> Vec<String> {
    let letters: Vec<char> = word.chars().collect();
    let mut all = shorter(&letters);
    all.push(letters);
    all.sort();
    all.dedup();
    all.into_iter().map(String::from_iter).collect()
}

/// What is left without one letter, for each letter.
fn shorter(letters: &[char]) -> Vec<Vec<char>> {
    let without = |at: usize| letters[..at].iter().chain(&letters[at + 1..]).copied().collect();
    (0..letters.len()).map(without).collect()
}

/// Known words that somebody may have meant, likeliest first.
pub(super) async fn meant(app: &App, word: &str) -> Result<Vec<String>> {
    if !is_spelt(word) {
        return Ok(Vec::new());
    }
    let letters: Vec<char> = word.chars().collect();
    let mut tried = forms(word);
    let errors = if letters.len() >= LONG { 2 } else { 1 };
    if errors == 2 {
        tried.extend(shorter(&letters).iter().flat_map(|less| shorter(less)).map(String::from_iter));
    }
    tried.sort();
    tried.dedup();
    let mut known: Vec<(usize, i64, String)> = Vec::new();
    for some in tried.chunks(super::LISTED) {
        let (markers, args) = listed(some);
        let sql = format!(
            "SELECT word, n FROM search_words WHERE word IN (SELECT word FROM search_spellings WHERE form IN ({markers}))"
        );
        for row in app.db().all(&sql, args).await? {
            let candidate = row.text("word")?;
            let distance = distance(&letters, &candidate.chars().collect::<Vec<_>>());
            if (1..=errors).contains(&distance) {
                known.push((distance, row.int("n")?, candidate));
            }
        }
    }
    // Words learnt early are the common ones.
    known.sort();
    known.dedup();
    Ok(known.into_iter().map(|(.., word)| word).take(MOST).collect())
}

/// How many letters must be added, dropped, replaced or swapped with their neighbour (optimal string alignment).
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let replaced = last[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut best = replaced.min(last[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(before[j - 2] + 1);
            }
            row.push(best);
        }
        before = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_are_counted_as_people_make_them() {
        let between = |a: &str, b: &str| distance(&a.chars().collect::<Vec<_>>(), &b.chars().collect::<Vec<_>>());
        assert_eq!(between("refnud", "refund"), 1, "two letters swapped");
        assert_eq!(between("espreso", "espresso"), 1);
        assert_eq!(between("reciept", "receipt"), 1);
        assert_eq!(between("delvery", "delivery"), 1);
        assert_eq!(between("same", "same"), 0);
        assert_eq!(between("abc", ""), 3);
    }

    #[test]
    fn a_word_with_one_error_meets_it() {
        let known = forms("refund");
        for typed in ["refnud", "refumd", "refun", "refunnd", "efund", "rrefund"] {
            assert!(forms(typed).iter().any(|form| known.contains(form)), "{typed}");
        }
        assert!(!forms("parcel").iter().any(|form| known.contains(form)));
    }

    #[test]
    fn numbers_are_never_corrected() {
        assert!(!is_spelt("20418") && !is_spelt("fv2") && !is_spelt("the") && is_spelt("løpesko"));
    }
}
