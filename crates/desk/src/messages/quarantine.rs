//! What arrived but could not be read: kept, shown, tried again when somebody asks; it holds up nothing else.

use aide::axum::{
    ApiRouter,
    routing::{delete_with, get_with, post_with},
};
use axum::{
    Json,
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use base::{
    App, Feature, Result, Stamp, Tx, args, blob,
    web::{Gone, Id, Page, Paging, Params},
};
use schemars::JsonSchema;
use serde::Serialize;

use super::inbound::Receive;
use crate::{
    Event,
    agents::{Permission, Who},
    inboxes::InboxId,
};

pub(super) fn feature() -> Feature {
    let routes = ApiRouter::new()
        .api_route("/quarantine", get_with(index, |op| op.summary("Raw messages that could not be read")))
        .api_route("/quarantine/{id}", delete_with(destroy, |op| op.summary("Drop one for good")))
        .api_route("/quarantine/{id}/retry", post_with(create, |op| op.summary("Read one again")))
        .api_route(
            "/quarantine/{id}/raw",
            get_with(raw, |op| op.summary("The bytes of one as they arrived").response::<200, Vec<u8>>()),
        );
    Feature { routes, ..Feature::default() }
}

/// One arrival that could not be read.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Held {
    pub id: i64,
    pub inbox: InboxId,
    pub received_at: Stamp,
    pub why: String,
    /// Bytes.
    pub size: i64,
    pub tries: i64,
}

pub(super) async fn add(tx: &mut Tx, arrival: i64, inbox: InboxId, why: &str) -> Result<()> {
    let sql = "UPDATE arrivals SET state = 'quarantined', why = $1, tries = tries + 1 WHERE id = $2";
    tx.run(sql, args![why, arrival]).await?;
    tx.emit(&Event::QuarantineAdded { inbox, arrival, why: why.to_owned() })
}

/// The newest 500.
pub async fn list(app: &App) -> Result<Vec<Held>> {
    behind(app, None, 500).await
}

/// The newest of those behind this time and id, or of all.
async fn behind(app: &App, after: Option<Vec<i64>>, limit: i64) -> Result<Vec<Held>> {
    let sql = "SELECT a.id, a.inbox, a.received_at, a.why, a.tries, b.size FROM arrivals a
        JOIN blobs b ON b.hash = a.blob WHERE a.state = 'quarantined' AND (a.received_at, a.id) < ($1, $2)
        ORDER BY a.received_at DESC, a.id DESC LIMIT $3";
    let after = after.unwrap_or_else(|| vec![i64::MAX, i64::MAX]);
    let rows = app.db().all(sql, args![after[0], after[1], limit]).await?;
    rows.iter()
        .map(|row| {
            Ok(Held {
                id: row.int("id")?,
                inbox: row.id("inbox")?,
                received_at: Stamp(row.int("received_at")?),
                why: row.opt_text("why")?.unwrap_or_default(),
                size: row.int("size")?,
                tries: row.int("tries")?,
            })
        })
        .collect()
}

/// Queues one to be read again.
pub async fn retry(tx: &mut Tx, arrival: i64) -> Result<()> {
    let sql = "UPDATE arrivals SET state = 'waiting' WHERE id = $1 AND state = 'quarantined' RETURNING inbox";
    let inbox = tx.one(sql, args![arrival]).await?.id("inbox")?;
    tx.enqueue(&Receive { arrival }).await?;
    tx.emit(&Event::QuarantineRetried { inbox, arrival })
}

async fn index(who: Who, State(app): State<App>, Params(paging): Params<Paging>) -> Result<Json<Page<Held>>> {
    who.may(Permission::InboxesManage)?;
    let limit = paging.limit()?;
    let held = behind(&app, paging.after(2)?, limit + 1).await?;
    Ok(Json(Page::new(held, limit, |one| vec![one.received_at.0, one.id])))
}

async fn create(who: Who, State(app): State<App>, Id(id): Id<i64>) -> Result<Gone> {
    who.may(Permission::InboxesManage)?;
    let mut tx = who.begin(&app).await?;
    retry(&mut tx, id).await?;
    tx.commit().await?;
    Ok(Gone)
}

async fn destroy(who: Who, State(app): State<App>, Id(id): Id<i64>) -> Result<Gone> {
    who.may(Permission::InboxesManage)?;
    let mut tx = who.begin(&app).await?;
    let sql = "UPDATE arrivals SET state = 'dropped' WHERE id = $1 AND state = 'quarantined' RETURNING inbox";
    let inbox = tx.one(sql, args![id]).await?.id("inbox")?;
    tx.emit(&Event::QuarantineDropped { inbox, arrival: id })?;
    tx.commit().await?;
    Ok(Gone)
}

async fn raw(who: Who, State(app): State<App>, Id(id): Id<i64>) -> Result<Response> {
    who.may(Permission::InboxesManage)?;
    let sql = "SELECT blob FROM arrivals WHERE id = $1 AND state = 'quarantined'";
    let bytes = blob::read(&app, &app.db().one(sql, args![id]).await?.text("blob")?).await?;
    let headers = [
        (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"quarantine-{id}.eml\"")),
    ];
    Ok((headers, bytes).into_response())
}
