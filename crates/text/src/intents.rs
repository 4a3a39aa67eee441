//! What somebody wants: learned from examples, a name for each text or none where it is not sure.
//!
//! Words, pairs of words, pieces of words and what words mean go into a linear classifier. How far its answer can be
//! trusted is learned from the same examples: a part of the texts, and of the intents, is held back and asked for.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::{
    features::{Feature, features, hash},
    linear::{Linear, Sparse},
    trust::{Trust, signs},
    vectors::{self, AFTER_AXES, AXES},
    words::{number, words},
};

/// Below this an intent is a guess that nothing may act on. One for all models, as scores are made comparable.
pub const THRESHOLD: f32 = 0.2;
/// How much of a text's length words, pieces of words and meaning have.
const WEIGHTS: [f32; 3] = [1.0, 1.4, 2.5];
/// What is always there, so that an intent can be probable before a word is said.
const ALWAYS: f32 = 1.0;
/// A reason names as many words.
const REASONS: usize = 3;
const FOLDS: usize = 3;

#[derive(Clone, Debug)]
pub struct Example {
    pub text: String,
    pub intent: String,
}

/// The best intent, how sure it is from 0 to 1, and the words that spoke most for it.
#[derive(Clone, Debug, PartialEq)]
pub struct Guess {
    pub intent: String,
    pub score: f32,
    pub words: Vec<String>,
}

pub struct Model {
    pub(crate) intents: Vec<String>,
    pub(crate) known: Known,
    pub(crate) linear: Linear,
    pub(crate) centres: Linear,
    pub(crate) trust: Trust,
}

/// The features that examples had.
pub(crate) struct Known {
    /// For each its row, and how much more a rare one says.
    pub(crate) rows: HashMap<u32, (u32, f32)>,
    /// As much says one that no example had.
    pub(crate) rarest: f32,
}

/// A text as a model reads it.
struct Read {
    words: Vec<String>,
    features: Vec<Feature>,
}

impl Model {
    /// Learns from examples of two or more intents; `None` where there are fewer. The same examples make the same model.
    /// About a second for a thousand examples of a hundred intents.
    pub fn train(examples: &[Example]) -> Option<Self> {
        let names: BTreeMap<&str, usize> = examples.iter().map(|example| (example.intent.as_str(), 0)).collect();
        let intents: Vec<String> = names.keys().map(|name| (*name).to_owned()).collect();
        if intents.len() < 2 {
            return None;
        }
        let class: HashMap<&str, usize> = intents.iter().enumerate().map(|(at, name)| (name.as_str(), at)).collect();
        let read: Vec<(Read, usize)> =
            examples.iter().map(|one| (Read::new(&one.text), class[one.intent.as_str()])).collect();
        // What an intent is called says something of it, too.
        let spoken = intents.iter().enumerate().map(|(at, name)| (Read::new(&name.replace(['_', '-', '.'], " ")), at));
        let read: Vec<(Read, usize)> = read.into_iter().chain(spoken).collect();
        let known = known(&read);
        let rows = AXES + 1 + known.rows.len();
        let texts: Vec<(Sparse, usize)> = read.iter().map(|(read, class)| (read.sparse(&known), *class)).collect();
        let trust = Trust::learn(&questions(&texts, rows, intents.len()));
        let all: Vec<(&Sparse, usize)> = texts.iter().map(|(text, class)| (text, *class)).collect();
        let linear = Linear::train(&all, rows, intents.len());
        let centres = Linear::centres(&all, rows, intents.len());
        Some(Self { intents, known, linear, centres, trust })
    }

    pub fn intents(&self) -> &[String] {
        &self.intents
    }

    /// The best intent however unsure it is; [`THRESHOLD`] says whether it may be used.
    pub fn guess(&self, text: &str) -> Guess {
        let read = Read::new(text);
        let sparse = read.sparse(&self.known);
        let (best, signs) = signs(&self.linear.scores(&sparse), &self.centres.scores(&sparse));
        let score = if self.knows_a_word(&read) { self.trust.score(&signs) } else { 0.0 };
        Guess { intent: self.intents[best].clone(), score, words: self.reasons(&read, &sparse, best) }
    }

    /// Pieces of words alone are no evidence: letters in a row have them, too.
    fn knows_a_word(&self, read: &Read) -> bool {
        let known = |word: &String| self.known.rows.contains_key(&hash(&["w", word])) || vectors::is_word(word);
        read.words.iter().any(known)
    }

    /// The words whose own features speak most for an intent, the strongest first.
    fn reasons(&self, read: &Read, sparse: &Sparse, intent: usize) -> Vec<String> {
        let values: HashMap<u32, f32> = sparse.iter().copied().collect();
        let mut said = vec![0.0_f32; read.words.len()];
        for feature in &read.features {
            let Some((row, _)) = self.known.rows.get(&feature.id) else { continue };
            let weight = self.linear.weights[*row as usize * self.intents.len() + intent];
            let part = weight * values.get(row).copied().unwrap_or_default() / feature.count;
            for word in &feature.words {
                said[*word] += part;
            }
        }
        let mut order: Vec<usize> = (0..said.len()).filter(|word| said[*word] > 0.0).collect();
        order.sort_by(|a, b| said[*b].total_cmp(&said[*a]));
        let mut named = HashSet::new();
        let words = order.into_iter().map(|word| &read.words[word]).filter(|word| named.insert(*word));
        words.take(REASONS).cloned().collect()
    }
}

impl Read {
    fn new(text: &str) -> Self {
        let words = words(text);
        let features = features(&words);
        Self { words, features }
    }

    /// What no example had takes its share of the length all the same: a text of strange words is like nothing known.
    fn sparse(&self, known: &Known) -> Sparse {
        let mut parts: [Sparse; 3] = Default::default();
        let mut strange = [0.0_f32; 3];
        for feature in &self.features {
            let (part, often) = (usize::from(feature.piece), 1.0 + feature.count.ln());
            match known.rows.get(&feature.id) {
                Some((row, rare)) => parts[part].push((*row, often * rare)),
                None => strange[part] += (often * known.rarest).powi(2),
            }
        }
        parts[2] = (0..).zip(vectors::direction(&self.words).unwrap_or_default()).collect();
        let whole = WEIGHTS.iter().map(|weight| weight * weight).sum::<f32>().sqrt();
        let mut sparse = Vec::new();
        for ((mut part, strange), weight) in parts.into_iter().zip(strange).zip(WEIGHTS) {
            let length = (part.iter().map(|(_, value)| value * value).sum::<f32>() + strange).sqrt();
            for (_, value) in &mut part {
                *value *= weight / whole / length.max(f32::MIN_POSITIVE);
            }
            sparse.append(&mut part);
        }
        sparse.push((AFTER_AXES, ALWAYS));
        sparse
    }
}

/// A row for each feature, after the rows of meaning; where there are many texts, only for those of two or more.
fn known(read: &[(Read, usize)]) -> Known {
    let mut texts: BTreeMap<u32, usize> = BTreeMap::new();
    for feature in read.iter().flat_map(|(read, _)| &read.features) {
        *texts.entry(feature.id).or_default() += 1;
    }
    let least = if read.len() > 3_000 { 2 } else { 1 };
    let kept = texts.into_iter().filter(|(_, count)| *count >= least);
    let rare = |count: usize| ((1.0 + number(read.len())) / (1.0 + number(count))).ln() + 1.0;
    let rows = (0..).zip(kept).map(|(row, (id, count))| (id, (FIRST_ROW + row, rare(count)))).collect();
    Known { rows, rarest: rare(1) }
}

/// The rows of features come after that of what is always there.
const FIRST_ROW: u32 = AFTER_AXES + 1;

/// What a model would say of texts that it has not seen, and whether it would be right. In each round a third of the
/// texts is held back, and a third of the intents: of their texts no answer is right.
fn questions(texts: &[(Sparse, usize)], rows: usize, classes: usize) -> Vec<([f32; 3], bool, bool)> {
    let mut asked = Vec::new();
    let mut seen = vec![0; classes];
    let folds: Vec<usize> = texts
        .iter()
        .map(|(_, class)| {
            seen[*class] += 1;
            seen[*class] % FOLDS
        })
        .collect();
    for fold in 0..FOLDS {
        let unknown = |class: usize| classes > FOLDS && class * 7 % FOLDS == fold;
        let kept = texts.iter().zip(&folds).filter(|((_, class), of)| **of != fold && !unknown(*class));
        let kept: Vec<(&Sparse, usize)> = kept.map(|((text, class), _)| (text, *class)).collect();
        let linear = Linear::train(&kept, rows, classes);
        let centres = Linear::centres(&kept, rows, classes);
        for ((text, class), of) in texts.iter().zip(&folds) {
            let outside = unknown(*class);
            if outside || *of == fold {
                let mut scores = linear.scores(text);
                for class in (0..classes).filter(|class| unknown(*class)) {
                    scores[class] = f32::MIN;
                }
                let (best, signs) = signs(&scores, &centres.scores(text));
                asked.push((signs, best == *class, outside));
            }
        }
    }
    asked
}
