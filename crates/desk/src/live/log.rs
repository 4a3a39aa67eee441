//! The event log over HTTP, and an event as the API shows it.

use std::sync::Arc;

use aide::axum::{ApiRouter, routing::get_with};
use axum::{Extension, Json, extract::State};
use base::{
    App, Error, Feature, Result, Stamp, args,
    events::{self, Recorded},
    web::{Id, Listing, Page, Params},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Ears, Hub};
use crate::{
    Event,
    agents::{Permission, Who},
    tickets::TicketId,
};

pub(super) fn feature() -> Feature {
    let routes = ApiRouter::new()
        .api_route("/events", get_with(list, |op| op.summary("What happened, oldest first")))
        .api_route(
            "/tickets/{id}/events",
            get_with(of_ticket, |op| op.summary("What happened to a ticket, oldest first")),
        );
    Feature { routes, ..Feature::default() }
}

/// One line of the log.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Event")]
pub struct Shown {
    /// Its place in the log: later events have greater ones, but not always the next.
    pub seq: i64,
    pub at: Stamp,
    pub kind: String,
    pub ticket: Option<i64>,
    pub customer: Option<i64>,
    pub actor: Doer,
    pub data: serde_json::Value,
    /// The event that led to this one.
    pub cause: Option<i64>,
}

/// Who did it.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Actor")]
pub struct Doer {
    /// `agent`, `customer`, `rule` or `system`.
    pub kind: &'static str,
    pub id: Option<i64>,
    pub name: Option<String>,
}

impl Hub {
    /// Events as they are shown, with their actors' names.
    pub(super) async fn shown(&self, app: &App, events: Vec<Recorded>) -> Result<Vec<Shown>> {
        self.names.learn(app, events.iter().map(|event| event.actor)).await?;
        Ok(events.into_iter().map(|event| self.one_shown(event)).collect())
    }

    fn one_shown(&self, event: Recorded) -> Shown {
        let Recorded { seq, at, kind, data, ticket, customer, actor, cause } = event;
        let name = self.names.of(actor);
        let (doer, id) = actor.columns();
        Shown { seq, at: Stamp(at), kind, ticket, customer, actor: Doer { kind: doer, id, name }, data, cause }
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Since {
    /// The `seq` of the last event that is known already.
    after: Option<i64>,
    /// 1 to 200; 50 where absent.
    limit: Option<i64>,
}

async fn list(
    who: Who,
    State(app): State<App>,
    Extension(hub): Extension<Arc<Hub>>,
    Params(since): Params<Since>,
) -> Result<Json<Page<Shown>>> {
    let ears = Ears::of(&who)?;
    let limit @ 1..=200 = since.limit.unwrap_or(50) else {
        return Err(Error::invalid("limit", "must be between 1 and 200"));
    };
    let sql = format!("SELECT * FROM events WHERE {} AND seq > $1 ORDER BY seq LIMIT $2", audible(ears));
    let rows = app.db().all(&sql, args![since.after.unwrap_or(0), limit + 1]).await?;
    let mut events = rows.iter().map(events::recorded).collect::<Result<Vec<_>>>()?;
    let more = i64::try_from(events.len())? > limit;
    events.truncate(usize::try_from(limit)?);
    let next = events.last().filter(|_| more).map(|event| event.seq.to_string());
    // Whoever remembers names must hear when they change.
    hub.start(&app).await?;
    Ok(Json(Page { data: hub.shown(&app, events).await?, next }))
}

/// A ticket with more events than this is shown its newest.
const OF_TICKET: i64 = 1000;

async fn of_ticket(
    who: Who,
    State(app): State<App>,
    Extension(hub): Extension<Arc<Hub>>,
    Id(ticket): Id<TicketId>,
) -> Result<Json<Listing<Shown>>> {
    who.may(Permission::TicketsRead)?;
    app.db().one("SELECT id FROM tickets WHERE id = $1", args![ticket]).await?;
    let condition = audible(Ears::of(&who)?);
    let sql = format!("SELECT * FROM events WHERE {condition} AND ticket = $1 ORDER BY seq DESC LIMIT $2");
    let rows = app.db().all(&sql, args![ticket, OF_TICKET]).await?;
    let events = rows.iter().rev().map(events::recorded).collect::<Result<Vec<_>>>()?;
    hub.start(&app).await?;
    Ok(Json(Listing { data: hub.shown(&app, events).await? }))
}

/// The condition that an event may be heard.
fn audible(ears: Ears) -> String {
    if ears.manages {
        return "TRUE".to_owned();
    }
    let kinds = Event::KINDS.iter().filter(|(_, audience)| ears.hear(*audience)).map(|(kind, _)| format!("'{kind}'"));
    format!("kind IN ({})", kinds.collect::<Vec<_>>().join(", "))
}
