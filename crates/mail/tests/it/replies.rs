//! Finding the reply in 91 published cases, whose sources do not always agree with each other.

use mail::{quote::fold_text, report::try_reply};
use serde_json::Value;

use crate::shared;

fn squeezed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn published_reply_cases() {
    let Some(path) = shared::data("reply/reply_dev.jsonl") else { return };
    let lines = std::fs::read_to_string(path).unwrap();
    let (mut right, mut all) = (0, 0);
    for (line, number) in lines.lines().zip(1..) {
        let case: Value = serde_json::from_str(line).unwrap();
        let reply = try_reply(line, number).unwrap()["reply"].as_str().unwrap().to_owned();
        let reply = squeezed(&reply);
        let list = |name: &str| {
            case[name].as_array().into_iter().flatten().map(|text| squeezed(text.as_str().unwrap())).collect::<Vec<_>>()
        };
        let expected = case["expected"].as_str().map(squeezed);
        let fine = expected.is_none_or(|expected| expected == reply)
            && list("must").iter().all(|text| reply.contains(text))
            && list("must_not").iter().all(|text| !reply.contains(text));
        all += 1;
        right += usize::from(fine);
        if !fine {
            println!("differs: {} gave {reply:?}", case["id"]);
        }
    }
    println!("reply cases: {right} of {all}");
    // The sources contradict each other in four cases: whether `-Name` is a signature, whose are the dashes above.
    assert!(right >= 87, "{right} of {all}");
}

#[test]
fn nothing_is_lost() {
    let Some(path) = shared::data("reply/reply_dev.jsonl") else { return };
    for line in std::fs::read_to_string(path).unwrap().lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        let input = case["input"].as_str().unwrap();
        let folded = fold_text(input);
        let mut kept: Vec<&str> = [&folded.reply, &folded.quoted, &folded.signature]
            .into_iter()
            .flat_map(|part| part.lines())
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .collect();
        let mut given: Vec<&str> = input.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        kept.sort_unstable();
        given.sort_unstable();
        assert_eq!(kept, given, "{}", case["id"]);
    }
}

#[test]
fn a_broken_line_is_named_and_the_others_are_answered() {
    let answer = |line| try_reply(line, 7);
    assert_eq!(answer(r#"{"id": 1, "input": "Yes\n\n> No?"}"#).unwrap(), serde_json::json!({"id": 1, "reply": "Yes"}));
    for broken in ["no json", "{}", r#"{"id": 1}"#, r#"{"id": 1, "kind": "pdf", "input": "x"}"#, "[1]"] {
        let told = answer(broken).unwrap_err();
        assert_eq!(told["line"], 7, "{broken}");
        assert!(told["error"].as_str().unwrap().starts_with("not a line of"), "{told}");
        assert_eq!(told.as_object().unwrap().len(), 2);
    }
}
