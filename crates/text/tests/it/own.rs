//! What ships with Shopbell, and what hostile texts get.

use std::collections::BTreeMap;

use text::{
    intents::{Example, Model, THRESHOLD},
    language, sentiment, shop,
};

use crate::shared;

/// Each fifth of the shipped examples is asked of a model that learned from the others.
#[test]
fn the_shipped_examples_teach_what_shoppers_want() {
    let all = shop::examples();
    let (mut right, mut sure, mut precise) = (0, 0, 0);
    let mut taken_for: BTreeMap<(String, String), usize> = BTreeMap::new();
    for fold in 0..5 {
        let (asked, kept): (Vec<_>, Vec<_>) = (0..).zip(&all).partition(|(at, _)| at % 5 == fold);
        let kept: Vec<Example> = kept.into_iter().map(|(_, one)| one.clone()).collect();
        let model = Model::train(&kept).unwrap();
        for (_, one) in asked {
            let guess = model.guess(&one.text);
            let (hit, used) = (guess.intent == one.intent, guess.score >= THRESHOLD);
            right += usize::from(hit);
            sure += usize::from(used);
            precise += usize::from(hit && used);
            if !hit && used {
                *taken_for.entry((one.intent.clone(), guess.intent)).or_default() += 1;
            }
        }
    }
    println!("shipped examples: {} in all, right {right}, sure of {sure}, of these right {precise}", all.len());
    let mut often: Vec<_> = taken_for.into_iter().collect();
    often.sort_by_key(|(_, times)| std::cmp::Reverse(*times));
    often.iter().take(12).for_each(|((meant, taken), times)| println!("{meant} taken for {taken}: {times}"));
    assert!(right * 2 > all.len() && precise * 100 > sure * 62, "{right} of {}, {precise} of {sure}", all.len());
}

#[test]
fn a_guess_says_which_words_made_it() {
    for (text, intent, word) in [
        ("Where is my parcel? I ordered it on Monday", "where_is_order", "where"),
        ("Kan ni avbeställa order 3311?", "cancel_order", "avbeställa"),
        ("Quiero devolver el abrigo", "return_item", "devolver"),
        ("We offer SEO services to boost your ranking on Google", "spam", "google"),
    ] {
        let guess = shop::guess(text).unwrap();
        assert!(guess.intent == intent && guess.score >= THRESHOLD, "{text}: {guess:?}");
        assert!(guess.words.iter().any(|said| said == word), "{text}: {guess:?}");
    }
    let (sure, words) = shop::spam("Dear sir, we offer 500 backlinks and guaranteed SEO rankings for your website");
    assert!(sure >= shop::SPAM_THRESHOLD && !words.is_empty(), "{sure} {words:?}");
    let (sure, _) = shop::spam("Hello, where is my order 1234? It should have come on Monday.");
    assert!(sure < shop::SPAM_THRESHOLD, "{sure}");
}

#[test]
fn any_text_is_read_within_its_time() {
    shop::guess("");
    shop::spam("");
    let texts = [
        "my order has not arrived and I am upset. ".repeat(100_000),
        "a".repeat(1_000_000),
        "ä\u{301}🦖".repeat(100_000),
        "\u{0}\u{202e}' '' ''' ".repeat(10_000),
        "!?€".repeat(100_000),
        String::new(),
    ];
    for text in &texts {
        let start = shared::cpu_ms();
        // The kernel counts in steps of several milliseconds.
        for _ in 0..10 {
            shop::guess(text);
            shop::spam(text);
            sentiment::sentiment(text);
            language::language(text);
        }
        let took = (shared::cpu_ms() - start) / 10.0;
        let (guess, spam) = (shop::guess(text).unwrap(), shop::spam(text).0);
        let (mood, language) = (sentiment::sentiment(text), language::language(text));
        assert!((0.0..=1.0).contains(&guess.score) && (0.0..=1.0).contains(&spam), "{guess:?} {spam}");
        assert!((-1.0..=1.0).contains(&mood.score) && language.is_none_or(|found| found.score <= 1.0));
        println!("{took:.2} ms of processor time for {} bytes", text.len());
        assert!(took < 5.0, "{took} ms for {} bytes", text.len());
    }
}
