//! What `shopbell try mail` and `shopbell try reply` print: one JSON object a mail or line, in a shape others rely on.

use serde::Deserialize;
use serde_json::{Value, json};

use crate::{parse, quote};

/// `{"file", "from", "subject", "reply", "quoted", "signature", "attachments", "automatic", "bounce"}`, or
/// `{"file", "error"}` for what cannot be read.
pub fn try_mail(file: &str, raw: &[u8]) -> Value {
    let mail = match parse::parse(raw) {
        Ok(mail) => mail,
        Err(why) => return json!({ "file": file, "error": why.to_string() }),
    };
    let folded = mail.fold();
    let attachments: Vec<Value> = mail
        .attachments
        .iter()
        .map(|one| json!({ "name": one.name, "content_type": one.content_type, "size": one.bytes.len() }))
        .collect();
    json!({
        "file": file,
        "from": mail.from.as_ref().map(|from| from.address.as_str()),
        "subject": mail.subject,
        "reply": folded.reply,
        "quoted": folded.quoted,
        "signature": folded.signature,
        "attachments": attachments,
        "automatic": mail.automatic.is_automatic(),
        "bounce": mail.bounce.as_ref().map(|bounce| json!({ "recipient": bounce.recipient, "hard": bounce.hard })),
    })
}

#[derive(Deserialize)]
struct Asked {
    id: Value,
    #[serde(default)]
    kind: Input,
    input: String,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "lowercase")]
enum Input {
    #[default]
    Plain,
    Html,
}

/// Answers one line `{"id", "kind": "plain" | "html", "input"}` with `{"id", "reply"}`; the reply is plain text,
/// without the signature. For any other line the error is `{"error", "line"}`, with its number.
pub fn try_reply(line: &str, number: usize) -> Result<Value, Value> {
    let asked: Asked = serde_json::from_str(line).map_err(|why| {
        let why = format!("not a line of {{\"id\", \"kind\", \"input\"}}: {why}");
        json!({ "error": why, "line": number })
    })?;
    let folded = match asked.kind {
        Input::Plain => quote::fold_text(&asked.input),
        Input::Html => quote::fold_html_as_text(&asked.input),
    };
    Ok(json!({ "id": asked.id, "reply": folded.reply }))
}
