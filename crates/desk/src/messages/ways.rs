//! The ways in which a ticket's shopper can be answered: through each inbox that reaches them, to whom, and what it
//! allows. The usual one is where they last wrote.

use aide::axum::{ApiRouter, routing::get_with};
use axum::{Json, extract::State};
use base::{
    App, Error, Feature, Result, Stamp, Tx, args,
    web::{Id, Listing},
};
use connectors::{
    Channels,
    channel::{Abilities, Party},
};
use schemars::JsonSchema;
use serde::Serialize;

use super::{
    Message, ShownParty,
    limits::closes_at,
    reply::{last_from_customer, left_out, recipient, usual},
};
use crate::{
    agents::{Permission, Who},
    canned,
    inboxes::{self, Inbox, InboxId},
    shops,
    tickets::{self, Ticket, TicketId},
    visits,
};

pub(super) fn feature() -> Feature {
    let list = get_with(list, |op| op.summary("How a ticket's shopper can be answered"));
    Feature { routes: ApiRouter::new().api_route("/tickets/{id}/ways", list), ..Feature::default() }
}

base::words!(
    /// Why nothing can be sent this way now.
    Blocked {
        /// The customer has no address that it reaches.
        NoAddress = "no_address",
        /// They have to write there first, and have not yet.
        NotBegun = "not_begun",
        /// They have ended this conversation for good, or were away for too long.
        Over = "over",
        /// The time in which they may be answered there is over, until they write again.
        WindowClosed = "window_closed",
    }
);

/// One way to answer.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Way")]
struct ShownWay {
    inbox: InboxId,
    /// The inbox's name.
    name: String,
    channel: String,
    /// Who gets it; null where it leads to nobody.
    to: Option<ShownParty>,
    /// Who gets a copy where an answer does not say so: whose ticket it is, where somebody else wrote last.
    cc: Vec<ShownParty>,
    /// Where the shopper last wrote: taken where an answer names no inbox.
    usual: bool,
    /// Null where it can be taken.
    blocked: Option<Blocked>,
    /// Until when it can be, where the channel sets a time.
    closes_at: Option<Stamp>,
    /// Whether they are on the shop's pages now, where that is known.
    here: Option<bool>,
    /// HTML with which a new letter begins, in the shopper's language; null in conversations and where the shop has none.
    greeting: Option<String>,
    abilities: WayAbilities,
}

#[derive(Debug, Serialize, JsonSchema)]
struct WayAbilities {
    html: bool,
    attachments: bool,
    /// Bytes of text and files together.
    max_bytes: i64,
    /// Characters of the text; null where nobody counts them.
    max_text: Option<i64>,
    /// Files in one message.
    max_files: i64,
    /// Kinds of files that it carries (MIME types); empty where it carries any.
    file_types: Vec<&'static str>,
    subject: bool,
    copies: bool,
    /// It goes out at once and unsigned.
    conversational: bool,
}

impl From<Abilities> for WayAbilities {
    fn from(of: Abilities) -> Self {
        let number = |size: usize| i64::try_from(size).unwrap_or(i64::MAX);
        Self {
            html: of.html,
            attachments: of.attachments,
            max_bytes: number(of.max_bytes),
            max_text: of.max_text.map(number),
            max_files: number(of.max_files),
            file_types: of.file_types.to_vec(),
            subject: of.subject,
            copies: of.copies,
            conversational: of.conversational,
        }
    }
}

/// Only looks: what is true when an answer is sent is checked then.
async fn list(who: Who, State(app): State<App>, Id(id): Id<TicketId>) -> Result<Json<Listing<ShownWay>>> {
    who.may(Permission::TicketsRead)?;
    let mut tx = app.look().await?;
    let row = tx.one("SELECT * FROM tickets WHERE id = $1", args![id]).await?;
    let ticket = tickets::ticket(&row)?;
    let greeting = greeting(&app, &mut tx, &who, &ticket).await?;
    let last = last_from_customer(&mut tx, &ticket).await?;
    let usual = usual(&mut tx, &ticket, last.as_ref()).await?;
    let mut ways = Vec::new();
    for inbox in inboxes::for_answers(&mut tx, ticket.shop).await? {
        let abilities = app.part::<Channels>()?.get(&inbox.channel)?.abilities();
        let mut way = way(&mut tx, &ticket, inbox, last.as_ref(), abilities).await?;
        way.usual = Some(way.inbox) == usual;
        way.greeting = greeting.clone().filter(|_| !way.abilities.conversational);
        ways.push(way);
    }
    ways.sort_by_key(|way| (way.blocked.is_some(), !way.usual));
    Ok(Json(Listing { data: ways }))
}

/// The shop's greeting for this shopper.
async fn greeting(app: &App, tx: &mut Tx, who: &Who, ticket: &Ticket) -> Result<Option<String>> {
    let shop = shops::find(tx, ticket.shop).await?;
    let Some(text) = shop.greeting_in(ticket.language.as_deref()) else { return Ok(None) };
    let facts = canned::facts(app, tx, who, ticket).await?;
    Ok(Some(facts.fill(&mail::html::from_text(text)).html))
}

async fn way(
    tx: &mut Tx,
    ticket: &Ticket,
    inbox: Inbox,
    last: Option<&Message>,
    abilities: Abilities,
) -> Result<ShownWay> {
    let to = match recipient(tx, ticket, &inbox, last).await {
        Ok(to) => Some(to),
        Err(Error::Invalid(_)) => None,
        Err(error) => return Err(error),
    };
    let closes = closes_at(tx, ticket.id, inbox.id, &abilities).await?;
    let mut here = None;
    if let Some(to) = to.as_ref().filter(|_| abilities.conversational) {
        here = seen_at(tx, inbox.id, to).await?;
    }
    let blocked = match &to {
        None if abilities.conversational => Some(Blocked::NotBegun),
        None => Some(Blocked::NoAddress),
        Some(_) if abilities.conversational && here.is_none() => Some(Blocked::Over),
        Some(_) if closes.is_some_and(|at| at <= tx.now()) => Some(Blocked::WindowClosed),
        Some(_) => None,
    };
    let mut cc = Vec::new();
    if let Some(to) = to.as_ref().filter(|_| abilities.copies) {
        cc = left_out(tx, ticket, &inbox, std::slice::from_ref(to)).await?;
    }
    Ok(ShownWay {
        inbox: inbox.id,
        name: inbox.name,
        channel: inbox.channel,
        to: to.map(Into::into),
        cc: cc.into_iter().map(Into::into).collect(),
        usual: false,
        blocked,
        closes_at: closes.map(Stamp),
        here: here.map(|at| at > tx.now() - visits::GONE_AFTER),
        greeting: None,
        abilities: abilities.into(),
    })
}

/// When they were last seen on the shop's pages; none where their conversation in this inbox is not there any more.
async fn seen_at(tx: &mut Tx, inbox: InboxId, to: &Party) -> Result<Option<base::Time>> {
    let sql = "SELECT here_at FROM visits WHERE inbox = $1 AND visitor = $2 AND expires_at > $3";
    tx.opt(sql, args![inbox, &to.value, tx.now()]).await?.map(|row| row.int("here_at")).transpose()
}
