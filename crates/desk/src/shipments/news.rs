//! News of parcels that carriers, warehouses and tracking services send us: all of a sending, or nothing of it. What is
//! said of a parcel before its order came is kept until then.

use std::collections::BTreeMap;

use aide::{
    OperationInput,
    axum::{ApiRouter, routing::post_with},
    generate::GenContext,
    openapi::Operation,
};
use axum::{
    Json,
    extract::{FromRequestParts, Path, RawPathParams, State},
    http::{header, request::Parts},
};
use base::{
    Actor, App, DAY, Error, Feature, Job, JobSpec, MINUTE, Result, Stamp, Time, Tx, args,
    db::Param,
    web::input::{self, Unread},
};
use connectors::{
    carrier::{Carrier, News, Seen, Sent, number_key},
    carriers,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{
    ShipmentId, find,
    history::{Source, record, settle},
    rules,
};
use crate::{
    agents::{Permission, Who},
    shops::ShopId,
};

/// Bytes of one sending.
const MOST: usize = 8 * 1024 * 1024;
/// How long what is said of parcels that nobody knows is kept.
const KEPT: Time = 45 * DAY;
/// Numbers that are told back as unknown.
const TOLD: usize = 200;

pub(super) fn feature() -> Feature {
    let routes = ApiRouter::new().api_route(
        "/carrier-news/{format}",
        post_with(create, |op| {
            op.summary("Say what became of parcels, as JSON or, where the format has one, as a table")
        }),
    );
    Feature { routes, jobs: vec![JobSpec::of::<Match>()], ..Feature::default() }
}

/// Forgets what was said of parcels that nobody ever knew.
pub async fn forget(app: &App) -> Result<()> {
    app.db().run("DELETE FROM parcel_news WHERE received_at < $1", args![app.now() - KEPT]).await.map(drop)
}

/// The format that a path names.
struct Format(&'static dyn Carrier);

impl FromRequestParts<App> for Format {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let path = RawPathParams::from_request_parts(parts, app).await.map_err(|_| Error::NotFound)?;
        path.iter().next().and_then(|(_, name)| carriers::format(name)).map(Self).ok_or(Error::NotFound)
    }
}

#[derive(JsonSchema)]
#[expect(dead_code, reason = "only its shape is used, for the OpenAPI document")]
struct PathFormat {
    format: String,
}

impl OperationInput for Format {
    fn operation_input(ctx: &mut GenContext, operation: &mut Operation) {
        Path::<PathFormat>::operation_input(ctx, operation);
    }
}

/// What became of a sending.
#[derive(Debug, Default, Serialize, JsonSchema)]
struct Report {
    /// Parcels that it speaks of.
    parcels: usize,
    /// Of them, those that we know.
    known: usize,
    /// Lines of history that are new.
    scans: usize,
    /// Numbers of the others, at most 200. What was said of them is kept for 45 days, until their order comes.
    unknown: Vec<String>,
}

async fn create(
    who: Who,
    State(app): State<App>,
    Format(format): Format,
    Unread(request): Unread,
) -> Result<Json<Report>> {
    who.may(Permission::ShipmentsWrite)?;
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let csv = match kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase().as_str() {
        "text/csv" => true,
        "application/json" => false,
        _ => return Err(Error::Unsupported("Send application/json or text/csv.".into())),
    };
    let bytes = input::bytes_up_to(request.into_body(), MOST).await?;
    let zone = rules::zone(app.db(), who.shop).await?;
    let news = format.read(&Sent { bytes: &bytes, csv, zone: &zone })?;
    let mut tx = who.begin(&app).await?;
    let report = hear(&mut tx, who.shop, &news).await?;
    tx.commit().await?;
    Ok(Json(report))
}

async fn hear(tx: &mut Tx, shop: ShopId, news: &[News]) -> Result<Report> {
    let mut by_key: BTreeMap<String, Vec<&News>> = BTreeMap::new();
    for one in news {
        by_key.entry(number_key(&one.number)).or_default().push(one);
    }
    let keys: Vec<_> = by_key.keys().cloned().collect();
    let parcels = parcels(tx, shop, &keys).await?;
    let mut report = Report { parcels: by_key.len(), ..Report::default() };
    // Always in the order of their ids, so that two sendings never wait for each other.
    for (id, key) in &parcels {
        let before = find(tx, *id).await?;
        for one in &by_key[key] {
            report.scans += apply(tx, *id, &one.lines, one.expected_at, Source::News).await?;
        }
        settle(tx, *id, Some(&before), true).await?;
    }
    let unknown = keys.iter().filter(|key| !parcels.iter().any(|(_, known)| known == *key));
    for key in unknown.clone() {
        for one in &by_key[key] {
            wait(tx, shop, key, one).await?;
        }
    }
    report.known = keys.len() - unknown.clone().count();
    report.unknown = unknown.take(TOLD).map(|key| by_key[key][0].number.clone()).collect();
    Ok(report)
}

/// The shop's parcels of these numbers, oldest first.
async fn parcels(tx: &mut Tx, shop: ShopId, keys: &[String]) -> Result<Vec<(ShipmentId, String)>> {
    let mut all = Vec::new();
    for some in keys.chunks(300) {
        let marks: Vec<_> = (2..some.len() + 2).map(|place| format!("${place}")).collect();
        let sql = format!(
            "SELECT s.id, s.number_key FROM shipments s JOIN orders o ON o.id = s.order_id
            WHERE o.shop = $1 AND s.cancelled = FALSE AND s.number_key IN ({})",
            marks.join(", ")
        );
        let mut args = args![shop];
        args.extend(some.iter().map(Param::value));
        for row in tx.all(&sql, args).await? {
            all.push((row.id("id")?, row.text("number_key")?));
        }
    }
    all.sort();
    Ok(all)
}

async fn apply(
    tx: &mut Tx,
    id: ShipmentId,
    lines: &[Seen],
    expected_at: Option<Stamp>,
    source: Source,
) -> Result<usize> {
    if let Some(Stamp(at)) = expected_at {
        let sql = "UPDATE shipments SET expected_at = $1, promised_at = COALESCE(promised_at, $1) WHERE id = $2";
        tx.run(sql, args![at, id]).await?;
    }
    record(tx, id, lines, source).await
}

/// A line as it is kept meanwhile.
#[derive(Serialize, Deserialize)]
struct Kept {
    at: Time,
    status: String,
    text: Option<String>,
    place: Option<String>,
}

/// Keeps what is said of a parcel that nobody knows. Its order may be coming at this very moment, so somebody looks again.
async fn wait(tx: &mut Tx, shop: ShopId, key: &str, news: &News) -> Result<()> {
    let word = |seen: &Seen| seen.standing.sub.map_or(seen.standing.status.as_str(), |sub| sub.as_str()).to_owned();
    let keep =
        |seen: &Seen| Kept { at: seen.at, status: word(seen), text: seen.text.clone(), place: seen.place.clone() };
    let lines: Vec<_> = news.lines.iter().map(keep).collect();
    let sql = "INSERT INTO parcel_news (shop, number_key, carrier, expected_at, lines, source, received_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id";
    let (now, expected_at) = (tx.now(), news.expected_at.map(|at| at.0));
    let args = args![shop, key, news.carrier.clone(), expected_at, json!(lines), Source::News, now];
    let id = tx.one(sql, args).await?.int("id")?;
    tx.enqueue_at(now + MINUTE, &Match { news: id }).await
}

/// What was said of this number before its order came; the caller settles.
pub(super) async fn take_waiting(tx: &mut Tx, id: ShipmentId, key: &str) -> Result<()> {
    let sql = "DELETE FROM parcel_news WHERE number_key = $1 AND shop = (SELECT o.shop FROM orders o
        JOIN shipments s ON s.order_id = o.id WHERE s.id = $2) RETURNING id, expected_at, lines, source";
    let mut rows = tx.all(sql, args![key, id]).await?;
    rows.sort_by_key(|row| row.int("id").unwrap_or_default());
    for row in rows {
        let kept: Vec<Kept> = row.json("lines")?;
        let seen = |kept: Kept| {
            let standing = carriers::words::by_code(&kept.status).unwrap_or_default();
            Seen { at: kept.at, standing, text: kept.text, place: kept.place }
        };
        let lines: Vec<_> = kept.into_iter().map(seen).collect();
        apply(tx, id, &lines, row.opt_int("expected_at")?.map(Stamp), row.word("source")?).await?;
    }
    Ok(())
}

/// Looks whether a parcel is known by now.
#[derive(Serialize, Deserialize)]
struct Match {
    news: i64,
}

impl Job for Match {
    const NAME: &'static str = "shipments.match";

    async fn run(self, app: &App) -> Result<()> {
        let mut tx = app.begin(Actor::System).await?;
        let sql = "SELECT shop, number_key FROM parcel_news WHERE id = $1";
        let Some(row) = tx.opt(sql, args![self.news]).await? else { return Ok(()) };
        let key = row.text("number_key")?;
        for (id, _) in parcels(&mut tx, row.id("shop")?, std::slice::from_ref(&key)).await? {
            let before = find(&mut tx, id).await?;
            take_waiting(&mut tx, id, &key).await?;
            settle(&mut tx, id, Some(&before), true).await?;
        }
        tx.commit().await
    }
}
