//! `shopbell try intents`, `sentiment` and `language`: anybody can score them on texts of their own.

use std::{
    io::Write,
    process::{Command, Output, Stdio},
};

use serde_json::{Value, json};

fn run(arguments: &[&str], input: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_shopbell"));
    command.arg("try").args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

fn lines(output: &Output) -> Vec<Value> {
    let text = String::from_utf8_lossy(&output.stdout);
    text.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("no JSON: {line}"))).collect()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

const TRAIN: &[(&str, &str)] = &[
    ("where is my parcel", "where"),
    ("my order has not arrived yet", "where"),
    ("when will my package be delivered", "where"),
    ("track my shipment please", "where"),
    ("I want to send the shoes back", "return"),
    ("how do I return this jacket", "return"),
    ("can I get a return label", "return"),
    ("these do not fit, I would like to return them", "return"),
    ("I need an invoice for my purchase", "invoice"),
    ("please send me the bill", "invoice"),
    ("the invoice has the wrong company name", "invoice"),
    ("could I have a receipt with VAT", "invoice"),
    ("do you still sell the green tent", "stock"),
    ("when is the backpack available again", "stock"),
    ("is size 42 in stock", "stock"),
    ("will you get more of the blue ones", "stock"),
];

#[test]
fn intents_are_learned_from_one_file_and_named_in_another() {
    let folder = tempfile::tempdir().unwrap();
    let (train, test) = (folder.path().join("train.jsonl"), folder.path().join("test.jsonl"));
    let examples = TRAIN.iter().map(|(text, intent)| json!({ "text": text, "intent": intent }).to_string() + "\n");
    std::fs::write(&train, examples.collect::<String>()).unwrap();
    let asked = [
        json!({ "text": "where is my order, it has not arrived", "intent": "whatever" }),
        json!({ "text": "I would like to return a jacket" }),
        json!({ "text": "zqx vwk 🦖" }),
        json!({ "text": "" }),
    ];
    std::fs::write(&test, asked.map(|line| line.to_string() + "\n").concat()).unwrap();
    let files = ["intents", train.to_str().unwrap(), test.to_str().unwrap()];
    let output = run(&files, "");
    assert!(output.status.success(), "{}", said(&output));
    let answers = lines(&output);
    assert_eq!(
        answers.iter().map(|line| line["intent"].clone()).collect::<Value>(),
        json!(["where", "return", null, null])
    );
    assert!(answers[0]["score"].as_f64() > answers[2]["score"].as_f64(), "{answers:?}");
    assert_eq!(run(&files, "").stdout, output.stdout, "the same examples make the same model");

    std::fs::write(&test, "{\"text\": \"where is my order\"}\nnot json\n{\"text\": 5}\n").unwrap();
    let output = run(&files, "");
    let answers = lines(&output);
    assert!(!output.status.success() && answers.len() == 3 && answers[0]["intent"] == "where", "{answers:?}");
    let wrong = answers[2]["error"].as_str().unwrap();
    assert!(wrong.contains("test.jsonl: line 3") && wrong.contains("\"text\" is no text"), "{wrong}");
    assert!(answers[1]["error"].as_str().unwrap().contains("line 2"), "{answers:?}");

    std::fs::write(&train, "{\"text\": \"a\", \"intent\": \"b\"}\n\n{\"text\": \"c\"}\n").unwrap();
    let output = run(&files, "");
    assert!(!output.status.success() && said(&output).contains("train.jsonl: line 3: the field \"intent\" is missing"));
    std::fs::write(&train, "{\"text\": \"a\", \"intent\": \"b\"}\n").unwrap();
    assert!(said(&run(&files, "")).contains("two intents or more"));
    let output = run(&["intents", "nowhere.jsonl", test.to_str().unwrap()], "");
    assert!(!output.status.success() && said(&output).contains("nowhere.jsonl"));
}

#[test]
fn moods_and_languages_are_told_line_by_line() {
    let texts =
        "I love these boots, thank you so much!\nDas ist eine Frechheit, alles kaputt!\n\nThe parcel is 30 cm wide.\n";
    let output = run(&["sentiment"], texts);
    assert!(output.status.success(), "{}", said(&output));
    let moods = lines(&output);
    let names: Vec<_> = moods.iter().map(|mood| mood["sentiment"].as_str().unwrap()).collect();
    assert_eq!(names, ["positive", "negative", "neutral", "neutral"]);
    assert!(moods[0]["score"].as_f64().unwrap() > 0.5 && moods[1]["score"].as_f64().unwrap() < -0.5, "{moods:?}");

    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("texts.txt");
    let texts = "Where is my order, please?\nWo bleibt meine Bestellung?\nOù est mon colis, s'il vous plaît ?\n\
        ¿Dónde está mi pedido?\nVar är mitt paket?\n12345\n注文はどこですか\n";
    std::fs::write(&file, [texts.as_bytes(), b"\xff\xfe caf\xe9\n"].concat()).unwrap();
    let output = run(&["language", file.to_str().unwrap()], "");
    assert!(output.status.success(), "{}", said(&output));
    let languages: Vec<_> = lines(&output).iter().map(|line| line["language"].clone()).collect();
    assert_eq!(json!(languages[..7]), json!(["en", "de", "fr", "es", "sv", null, null]));
    assert_eq!(languages.len(), 8, "bytes that are no text are a line like any other");
}
