//! Letters that the house writes to a shopper about something of theirs: messages of a ticket like any other, in the
//! durable outbox.

use base::{Result, Tx, args};
use connectors::channel::Party;

use super::{Author, AuthorKind, Delivery, Direction, MessageId, NewMessage, Parties, reply::queue};
use crate::{inboxes::Inbox, letters::Written, tickets, tickets::Ticket};

/// Queues a letter. The ticket waits for whom it waited for before.
pub async fn letter(
    tx: &mut Tx,
    mut ticket: Ticket,
    inbox: &Inbox,
    to: Party,
    written: Written,
    language: &str,
) -> Result<MessageId> {
    tickets::add_participant(tx, ticket.id, &inbox.reaches, &to.value).await?;
    let sql = "SELECT external_id FROM messages WHERE ticket = $1 AND external_id IS NOT NULL ORDER BY id DESC LIMIT 1";
    let before = tx.opt(sql, args![ticket.id]).await?.map(|row| row.text("external_id")).transpose()?;
    let shop = crate::shops::find(tx, ticket.shop).await?;
    let author = Author { kind: AuthorKind::System, id: None, name: shop.name };
    let message = NewMessage {
        inbox: Some(inbox.id),
        parties: Parties { from: Some(inbox.party()), to: vec![to], cc: Vec::new(), reply_to: None },
        subject: Some(written.subject),
        text: written.text,
        html: Some(written.html),
        in_reply_to: before,
        language: Some(language.to_owned()),
        automatic: Some("generated".to_owned()),
        delivery: Some(Delivery::Queued),
        send_at: Some(tx.now()),
        ..NewMessage::new(&inbox.channel, Direction::Out, author)
    };
    let message = queue(tx, &mut ticket, message).await?;
    tickets::save(tx, &mut ticket).await?;
    Ok(message)
}
