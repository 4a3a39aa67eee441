//! What a shop begins with, before its agents have corrected anything: examples of what shoppers write, in five languages, and
//! of what nobody wants to read. They are our own, in `assets/shop.txt`.

use std::sync::LazyLock;

use crate::intents::{Example, Guess, Model};

/// The intent of messages that are advertising or bait.
pub const SPAM: &str = "spam";

/// From this a message is spam. High, as a shopper who is not heard costs more than an advertisement that is read.
pub const SPAM_THRESHOLD: f32 = 0.6;

static MODEL: LazyLock<Option<Model>> = LazyLock::new(|| Model::train(&examples()));
static SPAM_MODEL: LazyLock<Option<Model>> = LazyLock::new(|| {
    let marked = examples().into_iter().map(|example| {
        let intent = if example.intent == SPAM { SPAM } else { "message" };
        Example { intent: intent.to_owned(), ..example }
    });
    Model::train(&marked.collect::<Vec<_>>())
});

/// The examples that Shopbell ships. A shop's own are put behind them, and one model learns from both.
pub fn examples() -> Vec<Example> {
    spoken().map(|(_, example)| example).collect()
}

/// Those of one language, by its ISO 639-1 code.
pub fn examples_in(language: &str) -> Vec<Example> {
    spoken().filter(|(spoken, _)| *spoken == language).map(|(_, example)| example).collect()
}

/// What a shopper wants, by the shipped examples alone. Learned at the first call, in less than a second.
pub fn guess(text: &str) -> Option<Guess> {
    MODEL.as_ref().map(|model| model.guess(text))
}

/// How sure it is that a text is spam, from 0 to 1, and the words that spoke most for it.
pub fn spam(text: &str) -> (f32, Vec<String>) {
    match SPAM_MODEL.as_ref().map(|model| model.guess(text)) {
        Some(guess) if guess.intent == SPAM => (guess.score, guess.words),
        Some(guess) => (1.0 - guess.score.max(0.5), Vec::new()),
        None => (0.0, Vec::new()),
    }
}

fn spoken() -> impl Iterator<Item = (&'static str, Example)> {
    let mut intent = String::new();
    include_str!("../assets/shop.txt").lines().filter_map(move |line| {
        if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            name.clone_into(&mut intent);
            return None;
        }
        let (language, text) = line.split_once(' ').filter(|(language, _)| *language != "#")?;
        Some((language, Example { text: text.to_owned(), intent: intent.clone() }))
    })
}
