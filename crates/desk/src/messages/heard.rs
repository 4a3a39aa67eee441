//! What a shopper said in the shop or on the phone, written down by a colleague: theirs in the timeline, beside the name of
//! who entered it.

use base::{Error, HOUR, Result, Stamp, Tx};

use super::{Author, AuthorKind, Direction, MessageId, NewMessage, add, inbound::settle, reply::Text};
use crate::{
    Event,
    agents::Who,
    customers,
    tickets::{self, Status, Ticket},
};

base::words!(
    /// Where it was said.
    Heard {
        /// In the shop.
        InPerson = "in_person",
        /// On the phone.
        Voice = "voice",
    }
);

/// Why such a message is in its ticket.
const ENTERED: &str = "entered";

/// Writes down what the ticket's shopper said. The ticket wakes and opens again as by everything they say.
pub(super) async fn heard(
    tx: &mut Tx,
    who: &Who,
    mut ticket: Ticket,
    text: Text,
    place: Heard,
    at: Option<Stamp>,
) -> Result<(Ticket, MessageId)> {
    ticket.must_stand()?;
    if ticket.status == Status::Closed {
        return Err(Error::conflict("A closed ticket is frozen. Go on in a new one."));
    }
    // The clock of whoever types may be a little ahead.
    if at.is_some_and(|at| at.0 > tx.now() + HOUR) {
        return Err(Error::invalid("said_at", "must not be in the future"));
    }
    let shopper = customers::look(tx, ticket.customer).await?;
    let author = Author { kind: AuthorKind::Customer, id: Some(shopper.id.0), name: shopper.name };
    let new = NewMessage {
        text: text.text,
        html: text.html,
        joined: Some(ENTERED),
        entered_by: who.agent,
        language: ticket.language.clone(),
        sent_at: at.map(|at| at.0.min(tx.now())),
        ..NewMessage::new(place.as_str(), Direction::In, author)
    };
    let message = add(tx, &mut ticket, new).await?;
    let snippet = ticket.snippet.clone();
    settle(tx, &mut ticket, message, Direction::In, true).await?;
    if let Some(agent) = who.agent {
        tickets::read(tx, &ticket, agent, None).await?;
    }
    tx.emit(&Event::MessageReceived {
        ticket: ticket.id,
        customer: ticket.customer,
        message,
        direction: Direction::In.to_string(),
        snippet,
        why: ENTERED.to_owned(),
        automatic: None,
    })?;
    Ok((ticket, message))
}
