//! What an answer quotes: the shopper's last words before it, so that they see what it answers in any mail program.

use base::{App, Result, Stamp, args};

use super::{Message, Parties};

/// Longer words are cut: the shopper has them.
const MOST: usize = 8000;

pub(super) struct Quote {
    pub text: String,
    pub html: String,
}

pub(super) async fn of(app: &App, message: &Message) -> Result<Option<Quote>> {
    if let Some(chat) = conversation(app, message).await? {
        return Ok(Some(chat));
    }
    // In a merged ticket several people wrote: nobody gets to read what another one did.
    let sql = "SELECT text, author_name, created_at, parties FROM messages WHERE ticket = $1 AND direction = 'in'
        AND automatic IS NULL AND id < $2
        ORDER BY CASE WHEN external_id = (SELECT m.in_reply_to FROM messages m WHERE m.id = $2) THEN 0 ELSE 1 END,
        id DESC LIMIT 20";
    let rows = app.db().all(sql, args![message.ticket, message.id]).await?;
    let mut answered = None;
    for row in rows {
        if goes_to_writer(message, &row.json("parties")?) {
            answered = Some(row);
            break;
        }
    }
    let Some(row) = answered else { return Ok(None) };
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

/// What was said in a chat that goes on with this message, as its visitor has it and nobody else.
async fn conversation(app: &App, message: &Message) -> Result<Option<Quote>> {
    if message.automatic.is_some() {
        return Ok(None);
    }
    let sql = "SELECT l.said, l.name, l.text, l.at FROM visit_mails w JOIN visit_lines l ON l.visit = w.visit
        WHERE w.message = $1 AND l.place > w.after_place AND l.place <= w.to_place AND l.by_mail = FALSE
        ORDER BY l.place DESC LIMIT 100";
    let mut rows = app.db().all(sql, args![message.id]).await?;
    rows.reverse();
    let shop = message.parties.from.as_ref().and_then(|from| from.name.as_deref()).unwrap_or_default();
    let (mut text, mut html) = (String::from("\n\n"), String::new());
    for row in &rows {
        let at = Stamp(row.int("at")?).to_string();
        let who = match row.opt_text("said")? {
            Some(_) => String::new(),
            None => format!(" {}", row.opt_text("name")?.unwrap_or_else(|| shop.to_owned())),
        };
        let head = format!("{} UTC{who}:", at.get(..16).unwrap_or_default().replace('T', " "));
        let said = row.text("text")?;
        text.extend(["> ", &head, "\n"]);
        for line in said.lines() {
            text.extend([format!("> {line}").trim_end(), "\n"]);
        }
        html.extend([mail::html::from_text(&head), mail::html::from_text(&said)]);
    }
    let html = format!("<div class=\"gmail_quote\"><blockquote type=\"cite\">{html}</blockquote></div>");
    Ok((!rows.is_empty()).then_some(Quote { text, html }))
}

fn goes_to_writer(message: &Message, written: &Parties) -> bool {
    let mut readers = message.parties.to.iter().chain(&message.parties.cc);
    readers.any(|reader| {
        let mut writers = written.from.iter().chain(&written.reply_to);
        writers.any(|writer| writer.value.eq_ignore_ascii_case(&reader.value))
    })
}
