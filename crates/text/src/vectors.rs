//! What English words mean, as numbers: words that mean the same point the same way, also those that no example had.
//! `assets/vectors.bin` is made by `making/vectors.py` from a sentence model under the Apache licence.

use std::sync::LazyLock;

pub const AXES: usize = 256;
/// The first row after those of the axes.
pub const AFTER_AXES: u32 = 256;
const _: () = assert!(AXES == AFTER_AXES as usize);

static FILE: &[u8] = include_bytes!("../assets/vectors.bin");
static TABLE: LazyLock<Table> = LazyLock::new(Table::read);

/// The pieces of words in order, and where their numbers begin in the file.
struct Table {
    pieces: Vec<&'static str>,
    sizes: usize,
    rows: usize,
}

impl Table {
    fn read() -> Self {
        let number = |at: usize| FILE.get(at..at + 4).map_or(0, le) as usize;
        let (count, text) = (number(0), number(8));
        let names = FILE.get(12..12 + text).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default();
        let sizes = 12 + text;
        Self { pieces: names.split('\n').collect(), sizes, rows: sizes + 4 * count }
    }

    fn find(&self, piece: &str) -> Option<usize> {
        self.pieces.binary_search(&piece).ok()
    }

    fn add(&self, piece: usize, sum: &mut [f32]) {
        let size = self.sizes + 4 * piece;
        let size = FILE.get(size..size + 4).map_or(0.0, |bytes| f32::from_bits(le(bytes)));
        let row = self.rows + AXES * piece;
        for (sum, byte) in sum.iter_mut().zip(FILE.get(row..row + AXES).unwrap_or_default()) {
            *sum += size * f32::from(byte.cast_signed());
        }
    }

    /// A word as the fewest pieces from its beginning, or none of it where a piece is unknown.
    fn pieces_of(&self, word: &str) -> Vec<usize> {
        let mut pieces = Vec::new();
        let mut rest = word;
        while !rest.is_empty() {
            let ends = rest.char_indices().map(|(at, sign)| at + sign.len_utf8()).rev();
            let found = ends.filter_map(|end| {
                let inside = if pieces.is_empty() { "" } else { "##" };
                Some((end, self.find(&format!("{inside}{}", &rest[..end]))?))
            });
            let Some((end, piece)) = found.into_iter().next() else { return Vec::new() };
            pieces.push(piece);
            rest = &rest[end..];
        }
        pieces
    }
}

/// The direction of all words together, of length one; nothing where no word is known.
pub fn direction(words: &[String]) -> Option<Vec<f32>> {
    let mut sum = vec![0.0; AXES];
    for word in words.iter().flat_map(|word| word.split_inclusive('\'')) {
        let (word, sign) = word.strip_suffix('\'').map_or((word, ""), |word| (word, "'"));
        for piece in TABLE.pieces_of(word).into_iter().chain(TABLE.pieces_of(sign)) {
            TABLE.add(piece, &mut sum);
        }
    }
    let length = sum.iter().map(|x| x * x).sum::<f32>().sqrt();
    (length > 0.0).then(|| sum.iter().map(|x| x / length).collect())
}

/// Whether a word stands for itself in the table.
pub fn is_word(word: &str) -> bool {
    word.len() > 1 && TABLE.find(word).is_some()
}

fn le(bytes: &[u8]) -> u32 {
    bytes.try_into().map_or(0, u32::from_le_bytes)
}
