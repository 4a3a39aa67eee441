//! Makes ../../assets/languages.bin from the language models of lingua 1.8 (Apache-2.0): for each language the most
//! frequent pieces of words of one to four letters, and how probable the last letter is after those before it.
//!
//! `cargo run --release -- ../../assets/languages.bin`

use std::collections::{BTreeMap, HashMap};

use fst::Streamer;

/// In the order of `LANGUAGES` in ../../src/language.rs.
const LANGUAGES: &[&str] = &[
    "english", "german", "french", "spanish", "swedish", "danish", "bokmal", "finnish", "dutch", "italian",
    "portuguese", "polish", "czech", "slovak", "hungarian", "romanian", "bulgarian", "croatian", "slovene", "estonian",
    "latvian", "lithuanian", "greek", "turkish", "ukrainian", "russian", "icelandic", "arabic",
];
/// How many pieces of one, two, three and four letters are kept.
const KEPT: [usize; 4] = [999, 3000, 8000, 15_000];

fn main() {
    let registry = std::env::var("CARGO_HOME").unwrap_or(format!("{}/.cargo", std::env::var("HOME").unwrap()));
    let sources = std::fs::read_dir(format!("{registry}/registry/src")).unwrap().next().unwrap().unwrap().path();
    let mut table: BTreeMap<u32, Vec<(u8, u8)>> = BTreeMap::new();
    for (number, name) in LANGUAGES.iter().enumerate() {
        let model = sources.join(format!("lingua-{name}-language-model-1.3.0/models/ngrams.fst"));
        let model = fst::Map::new(std::fs::read(model).unwrap()).unwrap();
        let mut all: HashMap<String, f64> = HashMap::new();
        let mut stream = model.stream();
        while let Some((piece, bits)) = stream.next() {
            all.insert(String::from_utf8(piece.to_vec()).unwrap(), f64::from_bits(bits));
        }
        for (length, kept) in (1..).zip(KEPT) {
            // How frequent a piece is follows from the chain of its beginnings.
            let frequency = |piece: &str| -> f64 {
                let ends = piece.char_indices().map(|(at, sign)| at + sign.len_utf8());
                ends.map(|end| all.get(&piece[..end]).copied().unwrap_or(-15.0)).sum()
            };
            let pieces = all.keys().filter(|piece| piece.chars().count() == length);
            let mut pieces: Vec<(f64, &String)> = pieces.map(|piece| (frequency(piece), piece)).collect();
            pieces.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
            for (_, piece) in pieces.into_iter().take(kept) {
                let probability = (-all[piece] * 16.0).round().clamp(0.0, 255.0) as u8;
                table.entry(hash(piece)).or_default().push((number as u8, probability));
            }
        }
    }
    let mut out = (table.len() as u32).to_le_bytes().to_vec();
    out.extend(table.keys().flat_map(|key| key.to_le_bytes()));
    out.extend(table.values().map(|entries| entries.len() as u8));
    out.extend(table.values().flatten().flat_map(|(language, probability)| [*language, *probability]));
    std::fs::write(std::env::args().nth(1).expect("a file to write"), out).unwrap();
}

/// As `hash("", …)` in ../../src/features.rs.
fn hash(piece: &str) -> u32 {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for byte in piece.bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    (hash ^ (hash >> 32)) as u32
}
