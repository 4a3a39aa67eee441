//! What a visitor said, in our words.

use base::{Error, Result};

use super::VISITOR;
use crate::channel::{End, Inbound, Party, Spoken};

/// Longer ids are no ids.
const ID: usize = 200;

pub fn receive(end: &End, raw: &[u8]) -> Result<Inbound> {
    let spoken: Spoken = serde_json::from_slice(raw).map_err(|error| Error::invalid("chat", error.to_string()))?;
    let Spoken { visitor, id, text, files, name, language, at } = spoken;
    if !visitor.starts_with(VISITOR) || visitor.len() > ID || id.is_empty() || id.len() > ID {
        return Err(Error::invalid("chat", "names no visitor and no message"));
    }
    if text.trim().is_empty() && files.is_empty() {
        return Err(Error::invalid("text", "says nothing"));
    }
    Ok(Inbound {
        external_id: format!("{visitor}/{id}"),
        identity_kind: "visitor",
        from: Party { name, value: visitor },
        to: vec![Party { name: Some(end.name.clone()), value: end.address.clone() }],
        text,
        uploads: files,
        language,
        sent_at: Some(at),
        // Nobody else has the secret of this visit.
        verified: true,
        ..Inbound::default()
    })
}
