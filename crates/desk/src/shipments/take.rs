//! Takes in the parcels of an order as its store has them. The same again changes nothing.

use base::{DAY, Result, Time, Tx, args};
use connectors::{
    carrier::{Seen, Status, line, number_key},
    carriers::{self, words},
    order,
};
use serde_json::json;

use super::{
    SELECT, Shipment, ShipmentId,
    history::{Source, record, settle},
    news, shipment,
};
use crate::orders::OrderId;

/// Parcels of one order, and what a platform passes on of the history of one.
const MOST: usize = 100;
const MOST_LINES: usize = 200;
/// What left longer ago when a store is read for the first time is not looked after any more.
const LONG_AGO: Time = 30 * DAY;

/// `tell` is false for what is read at the first import: it happened long ago, and nobody is told.
pub async fn take(tx: &mut Tx, order: OrderId, said: &[order::Shipment], tell: bool) -> Result<()> {
    let sql = "SELECT id FROM shipments WHERE order_id = $1 ORDER BY id {for update}";
    let known = if tx.all(sql, args![order]).await?.is_empty() {
        Vec::new()
    } else {
        let sql = format!("{SELECT} WHERE s.order_id = $1 ORDER BY s.id");
        tx.all(&sql, args![order]).await?.iter().map(shipment).collect::<Result<Vec<_>>>()?
    };
    let mut named = Vec::new();
    for (place, one) in said.iter().take(MOST).enumerate() {
        let external = external(one, place);
        let before = known.iter().find(|known| known.external == external);
        take_one(tx, order, one, &external, before, tell).await?;
        named.push(external);
    }
    // The store has it no more: it was taken back before it left.
    for gone in known.iter().filter(|known| !known.cancelled && !named.contains(&known.external)) {
        tx.run("UPDATE shipments SET cancelled = TRUE WHERE id = $1", args![gone.id]).await?;
        settle(tx, gone.id, Some(gone), tell).await?;
    }
    Ok(())
}

/// What a parcel without an id of its own is known by.
pub(super) fn external(said: &order::Shipment, place: usize) -> String {
    let number = || said.number.as_deref().map(number_key).filter(|key| !key.is_empty());
    if said.id.is_empty() { number().unwrap_or_else(|| format!("parcel {}", place + 1)) } else { said.id.clone() }
}

async fn take_one(
    tx: &mut Tx,
    order: OrderId,
    said: &order::Shipment,
    external: &str,
    before: Option<&Shipment>,
    tell: bool,
) -> Result<()> {
    let id = put(tx, order, said, external, before, tell).await?;
    // The same each time, or a line without a time would be a new one with every order's change.
    let otherwise = said.shipped_at.map(|at| at.0).or(before.map(|before| before.created_at)).unwrap_or(tx.now());
    let lines: Vec<_> = said.scans.iter().take(MOST_LINES).map(|scan| seen(scan, otherwise)).collect();
    record(tx, id, &lines, Source::Platform).await?;
    if let Some(at) = said.delivered_at {
        // The platform knows when it arrived, and not from whom.
        let sql = "INSERT INTO scans (shipment, at, status, source, key)
            SELECT $1, $2, $3, $4, 'delivered'
            WHERE NOT EXISTS (SELECT 1 FROM scans WHERE shipment = $1 AND status = $3 AND key <> 'delivered')
            ON CONFLICT (shipment, key) DO UPDATE SET at = excluded.at";
        let at = at.0.min(tx.now());
        tx.run(sql, args![id, at, Status::Delivered, Source::Platform]).await?;
    }
    let number = said.number.as_deref().map(number_key).filter(|key| !key.is_empty());
    if let Some(number) = number.filter(|key| before.and_then(key_of).as_ref() != Some(key)) {
        news::take_waiting(tx, id, &number).await?;
    }
    settle(tx, id, before, tell).await
}

fn key_of(shipment: &Shipment) -> Option<String> {
    shipment.number.as_deref().map(number_key)
}

/// Writes down what the store says of the parcel itself.
async fn put(
    tx: &mut Tx,
    order: OrderId,
    said: &order::Shipment,
    external: &str,
    before: Option<&Shipment>,
    tell: bool,
) -> Result<ShipmentId> {
    let carrier = carriers::recognise(said.carrier.as_deref(), said.number.as_deref()).map(|known| known.code);
    let expected = said.expected_at.map(|at| at.0);
    // Said again it is no news, and the carrier may have named another day since.
    let is_new = expected.filter(|_| before.and_then(|before| before.shop_expected_at) != expected);
    let (now, shipped_at) = (tx.now(), said.shipped_at.map(|at| at.0));
    let watched_from = match (tell, shipped_at) {
        (true, _) => 0,
        (false, Some(at)) if at < now - LONG_AGO => Time::MAX,
        (false, _) => now,
    };
    let sql =
        "INSERT INTO shipments (order_id, external, carrier, carrier_name, number, number_key, url, pieces, status,
            shipped_at, expected_at, promised_at, shop_expected_at, cancelled, watched_from, created_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11, $12, $13, $14, $15, $15)
        ON CONFLICT (order_id, external) DO UPDATE SET carrier = COALESCE(excluded.carrier, shipments.carrier),
            carrier_name = excluded.carrier_name, number = excluded.number, number_key = excluded.number_key,
            url = excluded.url, pieces = excluded.pieces, shipped_at = excluded.shipped_at,
            expected_at = COALESCE(excluded.expected_at, shipments.expected_at),
            promised_at = COALESCE(shipments.promised_at, excluded.expected_at),
            shop_expected_at = excluded.shop_expected_at, cancelled = excluded.cancelled
        RETURNING id";
    let args = args![
        order,
        external,
        carrier,
        said.carrier.as_deref().and_then(line),
        said.number.as_deref().and_then(line),
        said.number.as_deref().map(number_key).filter(|key| !key.is_empty()),
        said.url.as_deref().map(str::trim).filter(|url| url.len() <= 2000),
        json!(said.pieces),
        Status::Pending,
        shipped_at,
        is_new,
        expected,
        said.cancelled,
        watched_from,
        now,
    ];
    tx.one(sql, args).await?.id("id")
}

/// What the words of a platform mean.
fn seen(scan: &order::Scan, otherwise: Time) -> Seen {
    let standing = words::read(&scan.status, scan.text.as_deref()).unwrap_or_default();
    // Where the word is a sentence, it is what people read.
    let sentence = Some(scan.status.as_str()).filter(|word| word.contains(' '));
    Seen {
        at: scan.at.map_or(otherwise, |at| at.0),
        standing,
        text: scan.text.as_deref().or(sentence).and_then(line),
        place: scan.place.as_deref().and_then(line),
    }
}
