//! Intents: ten examples of each, all examples, and what belongs to none.

use std::{collections::BTreeMap, path::Path};

use text::intents::{Example, Model, THRESHOLD};

use crate::shared;

fn example(text: &str, intent: &str) -> Example {
    Example { text: text.into(), intent: intent.into() }
}

fn table(path: &Path) -> Vec<Example> {
    let mut rows = csv::ReaderBuilder::new().flexible(true).from_path(path).unwrap();
    rows.records().map(|row| row.unwrap()).map(|row| example(&row[0], &row[1])).collect()
}

fn lists(path: &Path, name: &str) -> Vec<Example> {
    let all: serde_json::Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let rows = all[name].as_array().unwrap().iter();
    rows.map(|row| example(row[0].as_str().unwrap(), row[1].as_str().unwrap())).collect()
}

/// As many of each intent, in an order that the seed makes.
fn some(mut all: Vec<Example>, seed: u64, most: usize) -> Vec<Example> {
    all.sort_by_cached_key(|one| {
        let start = 0xcbf2_9ce4_8422_2325 ^ seed.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        one.text.bytes().fold(start, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
    });
    let mut taken: BTreeMap<String, usize> = BTreeMap::new();
    all.retain(|one| {
        let count = taken.entry(one.intent.clone()).or_default();
        *count += 1;
        *count <= most
    });
    all
}

struct Figures {
    /// Of all texts, those whose best intent was right, sure or not.
    right: f64,
    /// Of all texts, those that it was sure of; and of these, the right ones.
    sure: f64,
    precise: f64,
    /// Of the texts of no intent, those that it was not sure of.
    outside: f64,
}

fn measure(train: &[Example], test: &[Example], none: &[Example]) -> Figures {
    let model = Model::train(train).unwrap();
    let (mut right, mut sure, mut precise) = (0, 0, 0);
    for one in test {
        let guess = model.guess(&one.text);
        let (hit, used) = (guess.intent == one.intent, guess.score >= THRESHOLD);
        right += usize::from(hit);
        sure += usize::from(used);
        precise += usize::from(hit && used);
    }
    let outside = none.iter().filter(|one| model.guess(&one.text).score < THRESHOLD).count();
    let part = |some: usize, all: usize| some as f64 / all.max(1) as f64;
    Figures {
        right: part(right, test.len()),
        sure: part(sure, test.len()),
        precise: part(precise, sure),
        outside: part(outside, none.len()),
    }
}

/// Measures with ten examples of each intent, three times over, and with all; returns the right ones of both.
fn both(name: &str, train: &[Example], test: &[Example], none: &[Example]) -> (Figures, Figures) {
    let ten: Vec<Figures> = (1..=3).map(|seed| measure(&some(train.to_vec(), seed, 10), test, none)).collect();
    let mean = |figure: fn(&Figures) -> f64| ten.iter().map(figure).sum::<f64>() / ten.len() as f64;
    let ten = Figures {
        right: mean(|one| one.right),
        sure: mean(|one| one.sure),
        precise: mean(|one| one.precise),
        outside: mean(|one| one.outside),
    };
    let all = measure(train, test, none);
    for (examples, figures) in [("10 examples", &ten), ("all examples", &all)] {
        let Figures { right, sure, precise, outside } = figures;
        println!(
            "{name}, {examples}: right {right:.3}, sure of {sure:.3}, of these right {precise:.3}, outside {outside:.3}"
        );
    }
    (ten, all)
}

#[test]
fn shops_intents_are_told_apart() {
    let Some(folder) = shared::data("intents/bitext/data") else { return };
    let [train, test] = ["train", "test"].map(|part| table(&shared::files(&folder.join(part), ".csv")[0]));
    let (ten, all) = both("bitext", &train, &test, &[]);
    assert!(ten.right > 0.93 && all.right > 0.98 && ten.precise > 0.95);
}

#[test]
fn a_banks_intents_are_told_apart() {
    let Some(folder) = shared::data("intents/banking77/banking_data") else { return };
    let [train, test] = ["train.csv", "test.csv"].map(|part| table(&folder.join(part)));
    let (ten, all) = both("banking77", &train, &test, &[]);
    assert!(ten.right > 0.77 && all.right > 0.88 && ten.precise > 0.83);
}

#[test]
fn what_belongs_to_no_intent_gets_none() {
    let Some(file) = shared::data("intents/clinc150/data_small.json") else { return };
    let [train, test, none] = ["train", "test", "oos_test"].map(|part| lists(&file, part));
    let (ten, all) = both("clinc150", &train, &test, &none);
    assert!(ten.right > 0.85 && all.right > 0.92 && ten.precise > 0.9);
    assert!(ten.outside > 0.74 && ten.sure > 0.85 && all.outside > 0.78 && all.sure > 0.88);
}
