//! What an answer quotes: the shopper's last words before it, so that they see what it answers in any mail program.

use base::{App, Result, Stamp, args};

use super::Message;

/// Longer words are cut: the shopper has them.
const MOST: usize = 8000;

pub(super) struct Quote {
    pub text: String,
    pub html: String,
}

pub(super) async fn of(app: &App, message: &Message) -> Result<Option<Quote>> {
    let sql = "SELECT text, author_name, created_at FROM messages WHERE ticket = $1 AND direction = 'in' AND id < $2
        ORDER BY id DESC LIMIT 1";
    let Some(row) = app.db().opt(sql, args![message.ticket, message.id]).await? else { return Ok(None) };
    let said: String = row.text("text")?.chars().take(MOST).collect();
    if said.trim().is_empty() {
        return Ok(None);
    }
    let day = Stamp(row.int("created_at")?).to_string();
    let day = day.split('T').next().unwrap_or_default();
    let intro = format!("On {day}, {} wrote:", row.text("author_name")?);
    let lines: Vec<String> = said.lines().map(|line| format!("> {line}").trim_end().to_owned()).collect();
    let html = mail::html::from_text(&said);
    let head = mail::html::from_text(&intro);
    Ok(Some(Quote {
        text: format!("\n\n{intro}\n{}\n", lines.join("\n")),
        html: format!("<div class=\"gmail_quote\">{head}<blockquote type=\"cite\">{html}</blockquote></div>"),
    }))
}
