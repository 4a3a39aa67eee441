//! Which language a text is in, by how probable each letter is after those before it. `assets/languages.bin` is made by
//! `making/languages` from lingua's models: lingua itself would bring a hundred megabytes for these languages.

use std::sync::LazyLock;

use crate::{features::hash, words};

/// ISO 639-1, in the order of the table.
pub const LANGUAGES: [&str; 28] = [
    "en", "de", "fr", "es", "sv", "da", "nb", "fi", "nl", "it", "pt", "pl", "cs", "sk", "hu", "ro", "bg", "hr", "sl",
    "et", "lv", "lt", "el", "tr", "uk", "ru", "is", "ar",
];
/// As many letters are looked at: more say nothing new.
const MOST: usize = 400;
/// What is longer, in bytes, is no word.
const LONGEST: usize = 100;
/// For letters that a language's table does not have, as the logarithm of a probability.
const UNSEEN: f32 = -12.0;
/// What a piece costs for each letter that had to be left off to find it.
const SHORTER: f32 = 1.0;
/// A text that says less is in no language for sure.
pub const THRESHOLD: f32 = 0.5;

static FILE: &[u8] = include_bytes!("../assets/languages.bin");
static TABLE: LazyLock<Table> = LazyLock::new(Table::read);

/// Sorted keys of pieces; the entries of a piece are pairs of language and probability.
struct Table {
    keys: Vec<u32>,
    starts: Vec<u32>,
    entries: &'static [u8],
}

/// A language, and how sure it is from 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Language {
    pub code: &'static str,
    pub score: f32,
}

/// The most probable language; `None` where no letter says anything, or in a script of no language that is known here.
pub fn language(text: &str) -> Option<Language> {
    let mut sums = [0.0_f32; LANGUAGES.len()];
    let mut letters = 0;
    let lower = words::cut(text).to_lowercase();
    let said = lower.split_whitespace().filter(|word| !word.contains(['@', '/', '\\', '_', '=']));
    for word in said.flat_map(|word| word.split(|sign: char| !sign.is_alphabetic())) {
        if letters > MOST {
            break;
        }
        let word = &word[..word.floor_char_boundary(LONGEST)];
        letters += word.chars().count();
        add_word(word, &mut sums);
    }
    let best = (0..sums.len()).max_by(|a, b| sums[*a].total_cmp(&sums[*b]))?;
    if letters == 0 || sums[best] < UNSEEN * 0.95 * words::number(letters) {
        return None;
    }
    // The pieces of a word say nearly the same of it, so that the sums are surer than they should be.
    let total: f32 = sums.iter().map(|sum| ((sum - sums[best]) / 3.0).exp()).sum();
    Some(Language { code: LANGUAGES[best], score: 1.0 / total })
}

fn add_word(word: &str, sums: &mut [f32; LANGUAGES.len()]) {
    let ends: Vec<usize> = word.char_indices().map(|(at, _)| at).chain([word.len()]).collect();
    for length in 1..=4 {
        for ends in ends.windows(length + 1) {
            let mut said = [None; LANGUAGES.len()];
            for shorter in 0..length {
                let piece = &word[ends[0]..ends[length - shorter]];
                let cost = SHORTER * words::number(shorter);
                for pair in TABLE.entries(hash(&[piece])) {
                    if let Some(place) = said.get_mut(usize::from(pair[0])) {
                        place.get_or_insert(-f32::from(pair[1]) / 16.0 - cost);
                    }
                }
            }
            for (sum, said) in sums.iter_mut().zip(said) {
                *sum += said.unwrap_or(UNSEEN);
            }
        }
    }
}

impl Table {
    fn read() -> Self {
        let number = |bytes: &[u8]| bytes.try_into().map_or(0, u32::from_le_bytes);
        let count = FILE.get(..4).map_or(0, number) as usize;
        let keys = FILE.get(4..).unwrap_or_default().chunks_exact(4).take(count).map(number).collect();
        let sizes = FILE.get(4 + 4 * count..4 + 5 * count).unwrap_or_default();
        let mut at = 0;
        let starts = std::iter::once(0)
            .chain(sizes.iter().map(|size| {
                at += 2 * u32::from(*size);
                at
            }))
            .collect();
        Self { keys, starts, entries: FILE.get(4 + 5 * count..).unwrap_or_default() }
    }

    fn entries(&self, key: u32) -> impl Iterator<Item = &'static [u8]> {
        let found = self.keys.binary_search(&key).ok();
        let range = found.and_then(|at| self.entries.get(self.starts[at] as usize..self.starts[at + 1] as usize));
        range.unwrap_or_default().chunks_exact(2)
    }
}
