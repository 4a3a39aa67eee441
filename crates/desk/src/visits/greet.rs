//! A visitor answers a greeting: it is the first line of their conversation, and then the first message of its ticket.

use base::{Result, Tx, args};
use serde_json::json;

use super::{Visit, VisitId};
use crate::{greetings::GreetingId, messages::MessageId};

/// A greeting that stands in a conversation, and in no ticket yet.
pub struct Greeted {
    pub id: GreetingId,
    /// As colleagues call it.
    pub title: String,
    pub text: String,
}

/// The visitor, who is held and has said nothing yet, answers this, said by `name`. They have seen it.
pub async fn greet(
    tx: &mut Tx,
    who: &Visit,
    id: GreetingId,
    title: &str,
    name: Option<&str>,
    text: &str,
) -> Result<()> {
    let sql = "INSERT INTO visit_lines (visit, place, name, text, at) VALUES ($1, 1, $2, $3, $4)";
    tx.run(sql, args![who.id, name, text, tx.now()]).await?;
    let sql = "UPDATE visits SET newest = 1, delivered_to = 1, read_to = 1, greeting = $1 WHERE id = $2";
    tx.run(sql, args![json!({ "id": id, "title": title }), who.id]).await.map(drop)
}

/// Takes the greeting out, to be said in the visitor's ticket.
pub async fn take_greeting(tx: &mut Tx, who: VisitId) -> Result<Option<Greeted>> {
    let sql = "SELECT v.greeting, l.text FROM visits v JOIN visit_lines l ON l.visit = v.id AND l.place = 1
        WHERE v.id = $1 AND v.greeting IS NOT NULL";
    let Some(row) = tx.opt(sql, args![who]).await? else { return Ok(None) };
    tx.run("UPDATE visits SET greeting = NULL WHERE id = $1", args![who]).await?;
    let known: serde_json::Value = row.json("greeting")?;
    Ok(Some(Greeted {
        id: GreetingId(known["id"].as_i64().unwrap_or(0)),
        title: known["title"].as_str().unwrap_or_default().to_owned(),
        text: row.text("text")?,
    }))
}

/// It is this message from now on.
pub async fn greeted(tx: &mut Tx, who: VisitId, message: MessageId) -> Result<()> {
    let sql = "UPDATE visit_lines SET message = $1 WHERE visit = $2 AND place = 1 AND message IS NULL";
    tx.run(sql, args![message, who]).await.map(drop)
}
