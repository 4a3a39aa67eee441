//! In which mood a message is: words of mood in its language, turned by "not", weighed by "very", by capitals and by
//! exclamation marks. The words and their weights are our own, in `assets/moods.txt`.

use std::{collections::HashMap, sync::LazyLock};

use crate::{
    language,
    words::{cut, number},
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mood {
    Negative,
    Neutral,
    Positive,
}

/// A mood, from -1 (furious) to 1 (delighted), and the words that made it, the strongest first.
#[derive(Clone, Debug, PartialEq)]
pub struct Sentiment {
    pub mood: Mood,
    pub score: f32,
    pub words: Vec<String>,
}

/// Nearer to nothing than this is neutral.
const NEUTRAL: f32 = 0.1;
/// A "not" turns the mood of as many words.
const REACH: usize = 3;
/// "Not good" is less bad than "bad".
const TURNED: f32 = -0.6;
const REASONS: usize = 3;

static MOODS: LazyLock<HashMap<&'static str, Words>> = LazyLock::new(read);

/// What the words of one language do.
#[derive(Default)]
struct Words {
    moods: HashMap<&'static str, f32>,
    beginnings: HashMap<&'static str, f32>,
    turns: HashMap<&'static str, Turn>,
}

#[derive(Clone, Copy)]
enum Turn {
    Not,
    Weigh(f32),
    But,
}

impl Mood {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Negative => "negative",
            Self::Neutral => "neutral",
            Self::Positive => "positive",
        }
    }
}

pub fn sentiment(text: &str) -> Sentiment {
    let text = cut(text);
    let tokens = tokens(text);
    let known = language::language(text).filter(|language| language.score >= language::THRESHOLD);
    let own = known.filter(|language| language.code != "en").and_then(|language| MOODS.get(language.code));
    // A few words do not show their language; and English words of mood are said in many.
    let felt = own.map(|own| feel(text, &tokens, &[&MOODS["any"], own])).filter(|felt| !felt.is_empty());
    conclude(felt.unwrap_or_else(|| feel(text, &tokens, &[&MOODS["any"], &MOODS["en"]])), &tokens)
}

/// Each word of mood with its weight, in the order of the text.
fn feel<'t>(text: &str, tokens: &[&'t str], spoken: &[&Words]) -> Vec<(f32, &'t str)> {
    let capitals = text.chars().any(char::is_lowercase);
    let mut felt: Vec<(f32, &'t str)> = Vec::new();
    let mut last_not = None;
    let mut weight = 1.0;
    for (place, token) in tokens.iter().enumerate() {
        let lower = token.to_lowercase();
        let mood = spoken.iter().find_map(|words| words.mood(&lower));
        let turn = spoken.iter().find_map(|words| words.turns.get(lower.as_str()).copied());
        if let Some(mut mood) = mood {
            if capitals && token.chars().count() > 2 && !token.chars().any(char::is_lowercase) {
                mood += 0.8 * mood.signum();
            }
            mood *= weight;
            if last_not.is_some_and(|not| place - not <= REACH) {
                mood *= TURNED;
            }
            felt.push((mood, token));
        }
        weight = 1.0;
        match turn {
            Some(Turn::Not) => last_not = Some(place),
            Some(Turn::Weigh(more)) => weight = more,
            Some(Turn::But) => {
                last_not = None;
                for (mood, _) in &mut felt {
                    *mood *= 0.6;
                }
            }
            None if matches!(*token, "." | "!" | "?" | ",") => last_not = None,
            None => {}
        }
    }
    felt
}

/// All that was felt together, so that one strong word is as clear as two mild ones and many do not go beyond 1.
fn conclude(mut felt: Vec<(f32, &str)>, tokens: &[&str]) -> Sentiment {
    let mut sum = felt.iter().fold(0.0_f32, |sum, (mood, _)| sum + mood);
    let loud = number(tokens.iter().filter(|token| **token == "!").count().min(4));
    if sum != 0.0 {
        sum += 0.3 * loud * sum.signum();
    }
    let score = sum / (sum * sum + 15.0).sqrt();
    let mood = match score {
        score if score > NEUTRAL => Mood::Positive,
        score if score < -NEUTRAL => Mood::Negative,
        _ => Mood::Neutral,
    };
    felt.retain(|(mood, _)| mood * sum > 0.0);
    felt.sort_by(|a, b| b.0.abs().total_cmp(&a.0.abs()));
    let words = felt.into_iter().take(REASONS).map(|(_, word)| word.to_lowercase()).collect();
    Sentiment { mood, score, words }
}

/// Words, and each other sign for itself but for faces, which are written with several.
fn tokens(text: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    for chunk in text.split_whitespace() {
        if MOODS["any"].moods.contains_key(chunk.to_lowercase().as_str()) {
            tokens.push(chunk);
            continue;
        }
        let mut start = 0;
        for (at, sign) in chunk.char_indices() {
            if sign.is_alphanumeric() || matches!(sign, '\'' | '-') {
                continue;
            }
            tokens.extend(chunk.get(start..at).filter(|word| !word.is_empty()));
            start = at + sign.len_utf8();
            tokens.extend(chunk.get(at..start));
        }
        tokens.extend(chunk.get(start..).filter(|word| !word.is_empty()));
    }
    tokens
}

impl Words {
    fn mood(&self, word: &str) -> Option<f32> {
        if let Some(mood) = self.moods.get(word) {
            return Some(*mood);
        }
        let ends = word.char_indices().map(|(at, _)| at).skip(2).chain([word.len()]);
        ends.filter_map(|end| self.beginnings.get(&word[..end]).copied()).last()
    }
}

fn read() -> HashMap<&'static str, Words> {
    let mut moods: HashMap<&str, Words> = HashMap::from([("any", Words::default()), ("en", Words::default())]);
    let mut language = "any";
    let lines = include_str!("../assets/moods.txt").lines().filter(|line| !line.starts_with('#'));
    for line in lines {
        if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            language = name;
            continue;
        }
        let words = moods.entry(language).or_default();
        let mut listed = line.split(' ');
        let turn = match listed.next().unwrap_or_default() {
            "not" => Turn::Not,
            "more" => Turn::Weigh(1.3),
            "less" => Turn::Weigh(0.7),
            "but" => Turn::But,
            mood => {
                let mood = mood.parse().unwrap_or_default();
                for word in listed {
                    match word.strip_suffix('*') {
                        Some(beginning) => words.beginnings.insert(beginning, mood),
                        None => words.moods.insert(word, mood),
                    };
                }
                continue;
            }
        };
        words.turns.extend(listed.map(|word| (word, turn)));
    }
    moods
}
