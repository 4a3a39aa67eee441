//! The greeting that a visitor answers is the first thing said in their ticket.

use base::{Result, Tx, args};
use connectors::channel::Party;

use super::{Author, AuthorKind, Delivery, Direction, NewMessage, Parties, add};
use crate::{
    Event,
    inboxes::Inbox,
    tickets::Ticket,
    visits::{self, VisitId},
};

/// Says it in the ticket, where there is one that the visitor answers; the caller saves the ticket.
pub(super) async fn say_first(
    tx: &mut Tx,
    inbox: &Inbox,
    ticket: &mut Ticket,
    visit: VisitId,
    visitor: &str,
) -> Result<()> {
    let Some(greeted) = visits::take_greeting(tx, visit).await? else { return Ok(()) };
    let author = Author { kind: AuthorKind::System, id: None, name: greeted.title.clone() };
    let to = Party { name: None, value: visitor.to_owned() };
    let new = NewMessage {
        inbox: Some(inbox.id),
        parties: Parties { from: Some(inbox.party()), to: vec![to], ..Parties::default() },
        text: greeted.text,
        automatic: Some("greeting".to_owned()),
        delivery: Some(Delivery::Delivered),
        sent_at: Some(tx.now()),
        ..NewMessage::new(&inbox.channel, Direction::Out, author)
    };
    let message = add(tx, ticket, new).await?;
    tx.run("UPDATE messages SET read_at = $1 WHERE id = $2", args![tx.now(), message]).await?;
    visits::greeted(tx, visit, message).await?;
    tx.emit(&Event::GreetingAnswered { ticket: ticket.id, greeting: greeted.id, message, name: greeted.title })
}
