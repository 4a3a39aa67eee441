//! Saying something in a ticket, over the API: a public answer or a note, with files.

use aide::axum::{ApiRouter, routing::post_with};
use axum::extract::State;
use base::{
    App, Error, Feature, Result, Stamp, Tx,
    web::{Body, Created, Id},
};
use connectors::channel::Party;
use schemars::JsonSchema;
use serde::Deserialize;

use super::{
    AttachmentId, Author, AuthorKind, Direction, MessageId, drafts, files,
    heard::{Heard, heard},
    limits,
    note::note,
    reply::{Text, Way, reply},
    show::{ShownMessage, show_in},
};
use crate::{
    agents::{AgentId, Permission, Who},
    inboxes::InboxId,
    tickets::{self, Status, Ticket, TicketId, change},
};

pub(super) fn feature() -> Feature {
    let routes = ApiRouter::new().api_route(
        "/tickets/{id}/messages",
        post_with(create, |op| op.summary("Answer a ticket, or note something on it")),
    );
    Feature { routes, ..Feature::default() }
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewBody {
    /// `out`, `note`, or `in` for what the shopper said in the shop or on the phone.
    pub direction: Direction,
    pub text: Option<String>,
    pub html: Option<String>,
    #[serde(default)]
    pub attachments: Vec<AttachmentId>,
    pub inbox: Option<InboxId>,
    /// Absent: whoever wrote last.
    #[serde(default)]
    pub to: Vec<String>,
    /// Absent: the ticket's customer, where somebody else wrote last.
    pub cc: Option<Vec<String>>,
    /// What the ticket becomes with it; `pending` where an answer says nothing.
    pub status: Option<Status>,
    #[serde(default)]
    pub mentions: Vec<AgentId>,
    /// With `in`: where it was said, in the shop where nothing is said.
    pub channel: Option<Heard>,
    /// With `in`: when, where it was not now.
    pub said_at: Option<Stamp>,
}

impl NewBody {
    /// A text alone.
    pub fn new(direction: Direction, text: Option<String>) -> Self {
        Self {
            direction,
            text,
            html: None,
            attachments: Vec::new(),
            inbox: None,
            to: Vec::new(),
            cc: None,
            status: None,
            mentions: Vec::new(),
            channel: None,
            said_at: None,
        }
    }
}

/// Addresses as typed: `someone@example.com` or `Someone <someone@example.com>`.
fn parties(field: &str, typed: &[String]) -> Result<Vec<Party>> {
    if typed.len() > 50 {
        return Err(Error::invalid(field, "at most 50 addresses"));
    }
    typed.iter().map(|text| party(field, text)).collect()
}

pub(super) fn party(field: &str, text: &str) -> Result<Party> {
    let (name, address) = match text.trim().strip_suffix('>').and_then(|inner| inner.rsplit_once('<')) {
        Some((name, address)) => (Some(name.trim().trim_matches('"').to_owned()), address.trim()),
        None => (None, text.trim()),
    };
    // There may be several in the field.
    let typed = || text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(80).collect::<String>();
    mail::address::check(address).map_err(|flaw| Error::invalid(field, format!("{} {flaw}", typed())))?;
    Ok(Party { name: name.filter(|name| !name.is_empty()), value: address.to_owned() })
}

/// Who writes, as the message keeps it.
pub(super) fn author(who: &Who) -> Author {
    match who.agent {
        Some(agent) => Author { kind: AuthorKind::Agent, id: Some(agent.0), name: who.name.clone() },
        None => Author { kind: AuthorKind::System, id: None, name: who.name.clone() },
    }
}

async fn create(
    who: Who,
    State(app): State<App>,
    Id(id): Id<TicketId>,
    Body(body): Body<NewBody>,
) -> Result<Created<ShownMessage>> {
    who.may(Permission::TicketsWrite)?;
    let mut tx = who.begin(&app).await?;
    let ticket = tickets::find(&mut tx, id).await?;
    let (_, message) = say(&app, &mut tx, &who, ticket, body).await?;
    let shown = show_in(&mut tx, message).await?;
    tx.created(shown).await
}

pub(super) async fn say(
    app: &App,
    tx: &mut Tx,
    who: &Who,
    ticket: Ticket,
    body: NewBody,
) -> Result<(Ticket, MessageId)> {
    if body.direction != Direction::In {
        let odd = [(body.channel.is_some(), "channel"), (body.said_at.is_some(), "said_at")];
        if let Some((_, field)) = odd.iter().find(|(there, _)| *there) {
            return Err(Error::invalid(*field, "is only for what a shopper said elsewhere, with direction in"));
        }
    }
    let blank = |text: &Option<String>| text.as_ref().is_none_or(|text| text.trim().is_empty());
    // A file alone says enough.
    let files_only = blank(&body.text) && blank(&body.html) && !body.attachments.is_empty();
    let text = if files_only { Text::none() } else { Text::new(body.text, body.html)? };
    let (ticket, message) = match body.direction {
        Direction::Note => {
            let (ticket, message) = note(tx, ticket, author(who), text, body.mentions).await?;
            (becomes(tx, ticket, body.status).await?, message)
        }
        Direction::In => {
            let place = body.channel.unwrap_or(Heard::InPerson);
            let (ticket, message) = heard(tx, who, ticket, text, place, body.said_at).await?;
            (becomes(tx, ticket, body.status).await?, message)
        }
        Direction::Out => {
            let cc = body.cc.map(|cc| parties("cc", &cc)).transpose()?;
            let way = Way { inbox: body.inbox, to: parties("to", &body.to)?, cc };
            reply(tx, ticket, author(who), text, way, body.status).await?
        }
    };
    files::adopt(tx, who, message, &body.attachments).await?;
    if body.direction == Direction::Out {
        limits::must_fit(app, tx, message).await?;
    }
    // What the shopper said is no answer: one that is being written stays.
    if let Some(agent) = who.agent.filter(|_| body.direction != Direction::In) {
        drafts::forget(tx, agent, ticket.id, body.direction).await?;
    }
    Ok((ticket, message))
}

async fn becomes(tx: &mut Tx, ticket: Ticket, status: Option<Status>) -> Result<Ticket> {
    let Some(status) = status else { return Ok(ticket) };
    change::change(tx, ticket, tickets::Patch { status: Some(status), ..tickets::Patch::default() }).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_with_and_without_names_and_refused_when_they_hide_something() {
        let ok = party("to", "Jo Brandt <jo@post.example>").unwrap();
        assert_eq!((ok.name.as_deref(), ok.value.as_str()), (Some("Jo Brandt"), "jo@post.example"));
        assert_eq!(party("to", " jo@post.example ").unwrap().value, "jo@post.example");
        let Err(Error::Invalid(wrong)) = party("cc", "jo.post.example") else { panic!("it has no @") };
        assert_eq!(
            (wrong[0].field.as_str(), wrong[0].why.as_str()),
            ("cc", "jo.post.example is no mail address: it has no @")
        );
        for bad in ["jo", "jo@", "@x", "a@b\r\nBcc: c@d", "a@b, c@d", "a b@c", "<>"] {
            assert!(party("to", bad).is_err(), "{bad}");
        }
    }
}
