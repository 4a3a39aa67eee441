//! Private notes: said among colleagues, never to the shopper.

use base::{Error, Result, Tx, args};

use super::{Author, Direction, MessageId, NewMessage, add, reply::Text};
use crate::{
    Event,
    agents::AgentId,
    tickets::{self, Ticket},
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
