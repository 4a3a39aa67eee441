//! Private notes: said among colleagues, never to the shopper.

use base::{Error, Result, Tx, args};

use super::{Author, AuthorKind, Direction, MessageId, NewMessage, add, reply::Text};
use crate::{
    Event,
    agents::AgentId,
    shops,
    tickets::{self, Ticket},
    visits::{self, Answered, VisitId},
};

/// Writes down something for colleagues only, and points those mentioned to it.
pub async fn note(
    tx: &mut Tx,
    mut ticket: Ticket,
    author: Author,
    text: Text,
    mentions: Vec<AgentId>,
) -> Result<(Ticket, MessageId)> {
    ticket.must_stand()?;
    for agent in &mentions {
        let row = tx.opt("SELECT 1 AS one FROM agents WHERE id = $1 AND active = TRUE", args![*agent]).await?;
        row.ok_or_else(|| Error::invalid("mentions", format!("{agent} is no active agent")))?;
    }
    let channel = ticket.channel.clone();
    let new = NewMessage {
        text: text.text,
        html: text.html,
        mentions: mentions.clone(),
        ..NewMessage::new(&channel, Direction::Note, author)
    };
    let message = add(tx, &mut ticket, new).await?;
    tickets::mention(tx, &mut ticket, &mentions).await?;
    tickets::save(tx, &mut ticket).await?;
    for agent in &mentions {
        let sql = "INSERT INTO mentions (agent, ticket, message, at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";
        tx.run(sql, args![*agent, ticket.id, message, tx.now()]).await?;
    }
    let snippet = ticket.snippet.clone();
    tx.emit(&Event::NoteAdded { ticket: ticket.id, message, mentions, snippet })?;
    Ok((ticket, message))
}

/// What a visitor answered to the questions before the chat stands beside their first words.
pub(super) async fn answers(tx: &mut Tx, visit: VisitId, message: MessageId) -> Result<()> {
    let given = visits::take_answers(tx, visit).await?;
    if given.is_empty() {
        return Ok(());
    }
    let lines: Vec<_> = given.iter().map(|Answered { label, value }| format!("{label}: {value}")).collect();
    let message = super::find(tx, message).await?;
    let ticket = tickets::find(tx, message.ticket).await?;
    let shop = shops::find(tx, ticket.shop).await?;
    let author = Author { kind: AuthorKind::System, id: None, name: shop.name };
    note(tx, ticket, author, Text::new(Some(lines.join("\n")), None)?, Vec::new()).await.map(drop)
}
