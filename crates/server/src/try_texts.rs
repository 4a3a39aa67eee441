//! `shopbell try intents`, `try sentiment`, `try language`: what is made of texts, one JSON line each.

use std::{
    fs::File,
    io::{BufRead, BufReader, Read, stdin},
    path::Path,
};

use base::{Error, Result};
use serde_json::{Value, json};
use text::{
    intents::{self, Example, Model},
    language, sentiment,
};

use crate::cli::say;

/// A line longer than any message; also bounds the memory.
const LONGEST: u64 = 4 * 1024 * 1024;

/// Learns from one file, and names the intent of each text of the other.
pub fn intents(from: &Path, asked: &Path) -> Result<()> {
    let mut examples = Vec::new();
    for_each_line(open(from)?, |number, line| {
        let place = || format!("{}: line {number}", from.display());
        if line.trim().is_empty() {
            return Ok(());
        }
        let (text, intent) = read(line, true).map_err(|why| Error::refused(format!("{}: {why}", place())))?;
        examples.push(Example { text, intent });
        Ok(())
    })?;
    let Some(model) = Model::train(&examples) else {
        let why = "examples of two intents or more are needed to tell them apart";
        return Err(Error::refused(format!("{}: {why}", from.display())));
    };
    let mut wrong = 0;
    for_each_line(open(asked)?, |number, line| {
        if line.trim().is_empty() {
            return Ok(());
        }
        match read(line, false) {
            Ok((text, _)) => {
                let guess = model.guess(&text);
                let sure = guess.score >= intents::THRESHOLD;
                say(json!({ "intent": sure.then_some(guess.intent), "score": round(guess.score) }))
            }
            Err(why) => {
                wrong += 1;
                say(json!({ "error": format!("{}: line {number}: {why}", asked.display()) }))
            }
        }
    })?;
    match wrong {
        0 => Ok(()),
        1 => Err(Error::refused("one line could not be read")),
        wrong => Err(Error::refused(format!("{wrong} lines could not be read"))),
    }
}

/// The mood of each line of a file, or of standard input.
pub fn sentiment(file: Option<&Path>) -> Result<()> {
    for_each_text(file, |text| {
        let found = sentiment::sentiment(text);
        json!({ "sentiment": found.mood.as_str(), "score": round(found.score) })
    })
}

/// The language of each line of a file, or of standard input.
pub fn language(file: Option<&Path>) -> Result<()> {
    for_each_text(file, |text| {
        let found = language::language(text);
        let sure = found.filter(|found| found.score >= language::THRESHOLD);
        json!({ "language": sure.map(|found| found.code), "score": round(found.map_or(0.0, |found| found.score)) })
    })
}

/// The text of a line, and the name of its intent where one must be there.
fn read(line: &str, named: bool) -> std::result::Result<(String, String), String> {
    let value: Value = serde_json::from_str(line).map_err(|error| format!("this is no JSON: {error}"))?;
    if !value.is_object() {
        return Err("this is no JSON object".into());
    }
    let field = |name: &str| match &value[name] {
        Value::String(text) => Ok(text.clone()),
        Value::Null => Err(format!("the field \"{name}\" is missing")),
        _ => Err(format!("the field \"{name}\" is no text")),
    };
    let intent = if named { field("intent")? } else { String::new() };
    if named && intent.trim().is_empty() {
        return Err("the field \"intent\" is empty".into());
    }
    Ok((field("text")?, intent))
}

fn open(path: &Path) -> Result<Box<dyn BufRead>> {
    let file = File::open(path).map_err(|error| Error::refused(format!("{}: {error}", path.display())))?;
    Ok(Box::new(BufReader::new(file)))
}

/// A line out for each line in, also for an empty one, so that the two can be laid side by side.
fn for_each_text(file: Option<&Path>, answer: impl Fn(&str) -> Value) -> Result<()> {
    let input = match file {
        Some(path) => open(path)?,
        None => Box::new(stdin().lock()),
    };
    for_each_line(input, |_, line| say(answer(line)))
}

/// Lines are counted from 1. Bytes that are no UTF-8 are read as the sign for that.
fn for_each_line(mut input: Box<dyn BufRead>, mut act: impl FnMut(usize, &str) -> Result<()>) -> Result<()> {
    let mut line = Vec::new();
    for number in 1.. {
        line.clear();
        if input.by_ref().take(LONGEST).read_until(b'\n', &mut line)? == 0 {
            break;
        }
        if line.len() as u64 == LONGEST {
            return Err(Error::refused(format!("line {number} is longer than any message")));
        }
        let text = String::from_utf8_lossy(&line);
        act(number, text.trim_end_matches(['\n', '\r']))?;
    }
    Ok(())
}

fn round(score: f32) -> f64 {
    (f64::from(score) * 10_000.0).round() / 10_000.0
}
