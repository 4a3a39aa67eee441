//! What a shopper writes on a page of ours that knows who they are: it comes through no inbox, and is answered by mail.

use base::{Result, Tx};

use super::{Author, AuthorKind, Direction, MessageId, NewMessage, add, inbound::settle};
use crate::{
    Event, customers,
    tickets::{Status, Ticket},
};

/// What such a ticket came through.
pub const PAGE: &str = "page";

/// The ticket's shopper says something. It wakes and opens again as by everything they say.
pub async fn from_page(tx: &mut Tx, mut ticket: Ticket, text: String) -> Result<(Ticket, MessageId)> {
    ticket.must_stand()?;
    if ticket.status == Status::Closed {
        return Err(base::Error::conflict("A closed ticket is frozen. Go on in a new one."));
    }
    let shopper = customers::look(tx, ticket.customer).await?;
    let author = Author { kind: AuthorKind::Customer, id: Some(shopper.id.0), name: shopper.name };
    let new = NewMessage {
        text,
        joined: Some(PAGE),
        language: ticket.language.clone(),
        ..NewMessage::new(PAGE, Direction::In, author)
    };
    let message = add(tx, &mut ticket, new).await?;
    let snippet = ticket.snippet.clone();
    settle(tx, &mut ticket, message, Direction::In, true).await?;
    tx.emit(&Event::MessageReceived {
        ticket: ticket.id,
        customer: ticket.customer,
        message,
        direction: Direction::In.to_string(),
        snippet,
        why: PAGE.to_owned(),
        automatic: None,
    })?;
    Ok((ticket, message))
}
