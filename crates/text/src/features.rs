//! What a text shows of itself to a model: its words, its pairs of words, and the pieces inside its words.

use std::collections::HashMap;

/// One thing that a text shows, how often, and the places of the words that show it.
pub struct Feature {
    pub id: u32,
    /// Words and pairs have a length of one together, pieces of words another, so that long words do not drown short ones.
    pub piece: bool,
    pub count: f32,
    pub words: Vec<usize>,
}

pub fn features(words: &[String]) -> Vec<Feature> {
    let mut found: HashMap<u32, usize> = HashMap::new();
    let mut list: Vec<Feature> = Vec::new();
    let mut add = |id: u32, piece: bool, word: usize| {
        let at = *found.entry(id).or_insert_with(|| {
            list.push(Feature { id, piece, count: 0.0, words: Vec::new() });
            list.len() - 1
        });
        list[at].count += 1.0;
        list[at].words.push(word);
    };
    for (place, word) in words.iter().enumerate() {
        add(hash(&["w", word]), false, place);
        if let Some(next) = words.get(place + 1) {
            add(hash(&[word, "\u{1}", next]), false, place);
        }
        let padded = format!(" {word} ");
        let ends: Vec<usize> = padded.char_indices().map(|(at, _)| at).chain([padded.len()]).collect();
        for length in 2..=5 {
            for ends in ends.windows(length + 1) {
                add(hash(&["c", &padded[ends[0]..ends[length]]]), true, place);
            }
        }
    }
    list
}

/// FNV-1a in 64 bits, folded: the same on every machine, as it is kept in models.
pub fn hash(parts: &[&str]) -> u32 {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for byte in parts.iter().flat_map(|part| part.bytes()) {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    u32::try_from((hash ^ (hash >> 32)) & u64::from(u32::MAX)).unwrap_or_default()
}
