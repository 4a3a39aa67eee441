//! What visitors are asked before they write. Their name and address are kept as such; the rest waits for the ticket.

use std::collections::HashSet;

use base::{Error, Result, Tx, args};
use connectors::channel::Question;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Visit, VisitId, contact};

/// The longest answer, in characters.
const LONGEST: usize = 500;

/// An answer under the question it answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answered {
    pub label: String,
    pub value: String,
}

/// The visitor has answered some of the questions. Unknown ones are refused, and so are a choice that is none
/// and a second answer to the same question.
pub async fn answer(tx: &mut Tx, who: &Visit, questions: &[Question], given: Vec<(String, String)>) -> Result<()> {
    if given.len() > questions.len() {
        return Err(Error::invalid("answers", "are more than the questions"));
    }
    let mut kept: Vec<Answered> = Vec::new();
    let mut answered = HashSet::new();
    for (key, value) in given {
        let value = value.trim();
        let question = questions.iter().find(|question| question.key == key);
        let question = question.ok_or_else(|| Error::invalid("answers", format!("{key} is not asked here")))?;
        if !answered.insert(question.key) {
            return Err(Error::invalid("answers", format!("{key} is answered twice")));
        }
        if value.chars().count() > LONGEST {
            return Err(Error::invalid("answers", format!("{key} must be shorter than {LONGEST} characters")));
        }
        if !question.choices.is_empty() && !question.choices.iter().any(|choice| choice == value) {
            return Err(Error::invalid("answers", format!("{key} must be one of {}", question.choices.join(", "))));
        }
        match question.key {
            _ if value.is_empty() => {}
            "name" => contact(tx, who, None, Some(value)).await?,
            "email" => contact(tx, who, Some(value), None).await?,
            _ => kept.push(Answered { label: question.label.clone(), value: value.to_owned() }),
        }
    }
    if kept.is_empty() {
        return Ok(());
    }
    tx.run("UPDATE visits SET answers = $1 WHERE id = $2", args![json!(kept), who.id]).await
}

/// Takes the answers out, to be shown in the visitor's ticket.
pub async fn take_answers(tx: &mut Tx, who: VisitId) -> Result<Vec<Answered>> {
    let sql = "SELECT answers FROM visits WHERE id = $1 AND answers IS NOT NULL";
    let Some(row) = tx.opt(sql, args![who]).await? else { return Ok(Vec::new()) };
    tx.run("UPDATE visits SET answers = NULL WHERE id = $1", args![who]).await?;
    row.json("answers")
}
