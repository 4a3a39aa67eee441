//! What somebody filled in, in our words.

use base::{Error, Result};
use serde_json::{Value, json};

use super::signs;
use crate::{
    channel::{End, Inbound, Party},
    form::Filled,
};

/// Longer ids are no ids.
const ID: usize = 200;

pub fn receive(end: &End, raw: &[u8]) -> Result<Inbound> {
    let filled: Filled = serde_json::from_slice(raw).map_err(|error| Error::invalid("form", error.to_string()))?;
    if filled.id.is_empty() || filled.id.len() > ID {
        return Err(Error::invalid("form", "names no message"));
    }
    mail::address::check(&filled.email).map_err(|flaw| Error::invalid("email", flaw.to_string()))?;
    if filled.text.trim().is_empty() && filled.files.is_empty() {
        return Err(Error::invalid("text", "says nothing"));
    }
    let signs = signs::all(&filled);
    let Filled { id, name, email, subject, facts, text, files, language, at, .. } = filled;
    let facts: Vec<_> = facts.iter().map(|(asked, answer)| format!("{asked}: {answer}")).collect();
    let text = if facts.is_empty() { text } else { format!("{}\n\n{text}", facts.join("\n")) };
    Ok(Inbound {
        external_id: id,
        identity_kind: "email",
        from: Party { name, value: email },
        to: vec![Party { name: Some(end.name.clone()), value: end.address.clone() }],
        subject,
        text,
        uploads: files,
        language,
        sent_at: at,
        spam: !signs.is_empty(),
        checks: if signs.is_empty() { Value::Null } else { json!({ "signs": signs }) },
        // Whoever typed the address may be anybody.
        verified: false,
        ..Inbound::default()
    })
}
