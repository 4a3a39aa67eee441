//! What people ask about their data through a shop's platform: to be forgotten, or to have what is held of them; and what
//! a store asks for all of its buyers once it has let us go. Erasing is done by itself, in parts; what is to be handed out
//! is a ticket for the team, with the file.

mod answer;
mod erase;
mod export;

use std::{future::Future, pin::Pin, sync::Arc};

use aide::axum::{
    ApiRouter,
    routing::{get_with, put_with},
};
use axum::{Json, extract::State};
use base::{
    App, Error, Feature, JobSpec, Listener, Result, Row, Stamp, Tx, args,
    events::Recorded,
    web::{Body, Id, Page, Paging, Params},
};
use connectors::{order::Buyer, platform::PrivacyKind};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    agents::{Permission, Who},
    customers::CustomerId,
    shops::ShopId,
    stores::StoreId,
    tickets::TicketId,
};

base::id!(
    /// A request about personal data.
    RequestId,
);

base::words!(
    Stands {
        Open = "open",
        Done = "done",
        /// The store is connected again, so nothing was erased.
        Kept = "kept",
    }
);

/// A request about personal data.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(rename = "PrivacyRequest")]
pub struct Request {
    pub id: RequestId,
    #[serde(skip)]
    pub shop: ShopId,
    pub store: StoreId,
    /// `access` (they want to have their data), `erasure`, or `store` (all of a store's buyers are to be forgotten).
    pub kind: String,
    #[serde(skip)]
    pub asked: PrivacyKind,
    /// Who it is about, as far as the store said; nobody once it is done.
    #[serde(skip)]
    pub buyer: Option<Buyer>,
    #[serde(skip)]
    pub orders: Vec<String>,
    pub customer: Option<CustomerId>,
    pub state: Stands,
    #[serde(skip)]
    pub step: String,
    #[serde(skip)]
    pub place: i64,
    /// Orders of which the person was erased so far.
    pub erased: i64,
    /// Where the team sees to it.
    pub ticket: Option<TicketId>,
    pub asked_at: Stamp,
    /// By when the law wants it answered.
    pub due_at: Stamp,
    pub ended_at: Option<Stamp>,
}

pub fn feature() -> Feature {
    let routes = ApiRouter::new()
        .api_route(
            "/privacy-requests",
            get_with(index, |op| op.summary("What was asked about personal data through stores, newest first")),
        )
        .api_route(
            "/privacy-requests/{id}/export",
            get_with(export::show, |op| op.summary("All that is held of whoever asks for their data")),
        )
        .api_route(
            "/privacy-requests/{id}/answer",
            put_with(answered, |op| op.summary("Say that somebody who asked for their data has it")),
        );
    Feature {
        routes,
        jobs: vec![JobSpec::of::<erase::Erase>(), JobSpec::of::<answer::Open>()],
        listeners: vec![Arc::new(Hears)],
        ..Feature::default()
    }
}

struct Hears;

impl Listener for Hears {
    fn name(&self) -> &'static str {
        "privacy"
    }

    fn is_light(&self) -> bool {
        true
    }

    fn hear<'a>(
        &'a self,
        _: &'a App,
        tx: &'a mut Tx,
        events: &'a [Recorded],
    ) -> Pin<Box<dyn Future<Output = Result<()>> + Send + 'a>> {
        Box::pin(async move {
            for event in events.iter().filter(|event| event.kind == "privacy.requested") {
                let Some(request) = event.data["id"].as_i64().map(RequestId) else { continue };
                match event.data["request"].as_str() {
                    Some("access") => tx.enqueue(&answer::Open { request }).await?,
                    _ => tx.enqueue(&erase::Erase { request }).await?,
                }
            }
            Ok(())
        })
    }
}

/// The request, held against other writers until the transaction ends.
async fn find(tx: &mut Tx, id: RequestId) -> Result<Request> {
    request(&tx.one("SELECT * FROM privacy_requests WHERE id = $1 {for update}", args![id]).await?)
}

fn request(row: &Row) -> Result<Request> {
    Ok(Request {
        id: row.id("id")?,
        shop: row.id("shop")?,
        store: row.id("store")?,
        kind: row.text("kind")?,
        asked: row.word("kind")?,
        buyer: row.opt_json("buyer")?,
        orders: row.json("orders")?,
        customer: row.opt_id("customer")?,
        state: row.word("state")?,
        step: row.text("step")?,
        place: row.int("place")?,
        erased: row.int("erased")?,
        ticket: row.opt_id("ticket")?,
        asked_at: Stamp(row.int("asked_at")?),
        due_at: Stamp(row.int("due_at")?),
        ended_at: row.opt_int("ended_at")?.map(Stamp),
    })
}

/// Nothing is left to do, and nothing says any more who it was about.
async fn end(tx: &mut Tx, request: &Request, state: Stands) -> Result<()> {
    let sql = "UPDATE privacy_requests SET state = $1, ended_at = $2, buyer = NULL, orders = '[]' WHERE id = $3";
    let now = tx.now();
    tx.run(sql, args![state, now, request.id]).await?;
    tx.run("DELETE FROM privacy_customers WHERE request = $1", args![request.id]).await?;
    tx.emit(&crate::Event::PrivacyAnswered {
        id: request.id.0,
        store: request.store,
        request: request.asked,
        state: state.to_string(),
        orders: request.erased,
    })
}

async fn index(who: Who, State(app): State<App>, Params(paging): Params<Paging>) -> Result<Json<Page<Request>>> {
    who.may(Permission::StoresManage)?;
    let limit = paging.limit()?;
    let before = paging.after(1)?.map_or(i64::MAX, |values| values[0]);
    let sql = "SELECT * FROM privacy_requests WHERE shop = $1 AND id < $2 ORDER BY id DESC LIMIT $3";
    let rows = app.db().all(sql, args![who.shop, before, limit + 1]).await?;
    let found = rows.iter().map(request).collect::<Result<Vec<_>>>()?;
    Ok(Json(Page::new(found, limit, |one| vec![one.id.0])))
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Answer {
    /// They have it, by whatever way.
    answered: bool,
}

async fn answered(
    who: Who,
    State(app): State<App>,
    Id(id): Id<RequestId>,
    Body(body): Body<Answer>,
) -> Result<Json<Request>> {
    who.may(Permission::StoresManage)?;
    let mut tx = who.begin(&app).await?;
    let found = find(&mut tx, id).await?;
    if found.shop != who.shop || found.asked != PrivacyKind::Access {
        return Err(Error::NotFound);
    }
    if !body.answered {
        return Err(Error::invalid("answered", "can only be true"));
    }
    if found.state == Stands::Open {
        end(&mut tx, &found, Stands::Done).await?;
    }
    let row = tx.one("SELECT * FROM privacy_requests WHERE id = $1", args![id]).await?;
    tx.commit().await?;
    request(&row).map(Json)
}
