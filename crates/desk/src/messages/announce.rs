//! The house itself begins: a ticket's first message is a letter that no person wrote, such as that a parcel is late.
//! Whoever answers it answers in that ticket.

use base::{Result, Tx};
use connectors::channel::Party;

use super::{Author, AuthorKind, Delivery, Direction, MessageId, NewMessage, Parties, reply::queue};
use crate::{
    inboxes::Inbox,
    letters::Written,
    tickets::{self, Ticket},
};

/// A letter and its way.
#[derive(Debug)]
pub struct Announcement {
    pub inbox: Inbox,
    /// Whose name it bears.
    pub from: String,
    pub to: Party,
    pub letter: Written,
}

/// Queues it in the durable outbox, with what is written: it leaves once. No machine should answer it.
pub async fn announce(tx: &mut Tx, mut ticket: Ticket, announcement: Announcement) -> Result<MessageId> {
    let Announcement { inbox, from, to, letter } = announcement;
    tickets::add_participant(tx, ticket.id, &inbox.reaches, &to.value).await?;
    let message = NewMessage {
        inbox: Some(inbox.id),
        parties: Parties { from: Some(inbox.party()), to: vec![to], cc: Vec::new(), reply_to: None },
        subject: Some(letter.subject),
        text: letter.text,
        html: Some(letter.html),
        language: ticket.language.clone(),
        automatic: Some("auto_generated".to_owned()),
        delivery: Some(Delivery::Queued),
        send_at: Some(tx.now()),
        ..NewMessage::new(&inbox.channel, Direction::Out, Author { kind: AuthorKind::System, id: None, name: from })
    };
    let message = queue(tx, &mut ticket, message).await?;
    tickets::save(tx, &mut ticket).await?;
    Ok(message)
}
