//! 278 reports of some sixty mail systems, with the recipient and whether the address is dead.

use std::collections::BTreeMap;

use mail::{bounce::Report, parse::parse};
use serde::Deserialize;

use crate::shared;

#[derive(Deserialize)]
struct Expected {
    #[serde(default)]
    recipient: String,
    hard: bool,
    reason: String,
    status: String,
}

#[test]
fn reports_of_many_mail_systems() {
    let Some(folder) = shared::data("bounce") else { return };
    let expected: BTreeMap<String, Vec<Expected>> =
        serde_json::from_str(&std::fs::read_to_string(folder.join("expected.json")).unwrap()).unwrap();
    let (mut recipients, mut hardness, mut statuses, mut found) = (0, 0, 0, 0);
    for (file, wanted) in &expected {
        let mail = parse(&std::fs::read(folder.join("eml").join(file)).unwrap()).unwrap();
        let Some(bounce) = &mail.bounce else {
            println!("none: {file} ({})", wanted[0].reason);
            continue;
        };
        found += 1;
        let recipient = bounce.recipient.clone().unwrap_or_default();
        let same = wanted.iter().find(|one| one.recipient.eq_ignore_ascii_case(&recipient));
        recipients += usize::from(same.is_some());
        let one = same.unwrap_or(&wanted[0]);
        hardness += usize::from(one.hard == bounce.hard);
        statuses += usize::from(bounce.status.as_deref().unwrap_or_default() == one.status);
        if same.is_none() {
            println!("recipient: {file} gave {recipient:?}, wanted {:?}", wanted[0].recipient);
        }
        if one.hard != bounce.hard {
            println!(
                "hardness: {file} gave {:?} {:?}, wanted {} {} | {}",
                bounce.reason,
                bounce.status,
                one.hard,
                one.reason,
                bounce.diagnostic.clone().unwrap_or_default()
            );
        }
        assert!(!(bounce.report == Report::Complaint && bounce.hard));
    }
    println!("reports: {found} of {}, recipients {recipients}, hardness {hardness}, status {statuses}", expected.len());
    assert!(recipients >= 264 && hardness >= 264, "recipients {recipients}, hardness {hardness}");
}
