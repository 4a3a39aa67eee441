//! The ways in which a ticket's shopper can be answered: through each inbox that reaches them, to whom, and what it
//! allows. The usual one is where they last wrote.

use aide::axum::{ApiRouter, routing::get_with};
use axum::{Json, extract::State};
use base::{
    Actor, App, Error, Feature, Result, Tx, args,
    web::{Id, Listing},
};
use connectors::{Channels, channel::Party};
use schemars::JsonSchema;
use serde::Serialize;

use super::{
    ShownParty,
    reply::{last_from_customer, left_out, recipient, usual},
};
use crate::{
    agents::{Permission, Who},
    inboxes::{self, InboxId},
    tickets::{self, Ticket, TicketId},
};

pub(super) fn feature() -> Feature {
    let list = get_with(list, |op| op.summary("How a ticket's shopper can be answered"));
    Feature { routes: ApiRouter::new().api_route("/tickets/{id}/ways", list), ..Feature::default() }
}

/// One way to answer.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Way")]
struct ShownWay {
    inbox: InboxId,
    /// The inbox's name.
    name: String,
    channel: String,
    /// Who gets it.
    to: ShownParty,
    /// Who gets a copy where an answer does not say so: whose ticket it is, where somebody else wrote last.
    cc: Vec<ShownParty>,
    /// Where the shopper last wrote: taken where an answer names no inbox.
    usual: bool,
    abilities: WayAbilities,
}

#[derive(Debug, Serialize, JsonSchema)]
struct WayAbilities {
    html: bool,
    attachments: bool,
    /// Bytes of text and files together.
    max_bytes: i64,
    subject: bool,
    copies: bool,
    /// It goes out at once and unsigned.
    conversational: bool,
}

async fn list(who: Who, State(app): State<App>, Id(id): Id<TicketId>) -> Result<Json<Listing<ShownWay>>> {
    who.may(Permission::TicketsRead)?;
    let mut tx = app.begin(Actor::System).await?;
    let row = tx.one("SELECT * FROM tickets WHERE id = $1", args![id]).await?;
    let ticket = tickets::ticket(&row)?;
    Ok(Json(Listing { data: ways(&app, &mut tx, &ticket).await? }))
}

async fn ways(app: &App, tx: &mut Tx, ticket: &Ticket) -> Result<Vec<ShownWay>> {
    let last = last_from_customer(tx, ticket).await?;
    let usual = usual(tx, ticket, last.as_ref()).await?;
    let mut ways = Vec::new();
    for inbox in inboxes::for_answers(tx, ticket.shop).await? {
        let to = match recipient(tx, ticket, &inbox, last.as_ref()).await {
            Ok(to) => to,
            Err(Error::Invalid(_)) => continue,
            Err(error) => return Err(error),
        };
        let abilities = app.part::<Channels>()?.get(&inbox.channel)?.abilities();
        if abilities.conversational && !can_be_spoken_to(tx, inbox.id, &to).await? {
            continue;
        }
        let mut cc = Vec::new();
        if abilities.copies {
            cc = left_out(tx, ticket, &inbox, std::slice::from_ref(&to)).await?;
        }
        ways.push(ShownWay {
            inbox: inbox.id,
            name: inbox.name,
            channel: inbox.channel,
            to: to.into(),
            cc: cc.into_iter().map(Into::into).collect(),
            usual: Some(inbox.id) == usual,
            abilities: WayAbilities {
                html: abilities.html,
                attachments: abilities.attachments,
                max_bytes: i64::try_from(abilities.max_bytes).unwrap_or(i64::MAX),
                subject: abilities.subject,
                copies: abilities.copies,
                conversational: abilities.conversational,
            },
        });
    }
    ways.sort_by_key(|way| !way.usual);
    Ok(ways)
}

/// Whether their conversation in this inbox is still there.
async fn can_be_spoken_to(tx: &mut Tx, inbox: InboxId, to: &Party) -> Result<bool> {
    let sql = "SELECT 1 AS one FROM visits WHERE inbox = $1 AND visitor = $2 AND expires_at > $3";
    Ok(tx.opt(sql, args![inbox, &to.value, tx.now()]).await?.is_some())
}
