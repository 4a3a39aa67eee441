//! The parcels of an order as its store tells of them, with what the carriers say.

use base::{Db, Result, Stamp, args};
use connectors::order;

use super::{Shipment, of_order, show::scan, take::external};
use crate::orders::OrderId;

/// Lines of the histories of all its parcels.
const LINES: i64 = 100;

/// Where both say something, the carriers know better; a link of the store's own stays.
pub async fn told(db: &Db, id: OrderId, mut said: Vec<order::Shipment>) -> Result<Vec<order::Shipment>> {
    let known = of_order(db, id).await?;
    if known.is_empty() {
        return Ok(said);
    }
    let sql = format!(
        "SELECT c.* FROM scans c JOIN shipments s ON s.id = c.shipment WHERE s.order_id = $1
        ORDER BY c.at DESC, c.id DESC LIMIT {LINES}"
    );
    let rows = db.all(&sql, args![id]).await?;
    for (place, parcel) in said.iter_mut().enumerate() {
        let external = external(parcel, place);
        let Some(known) = known.iter().find(|known| known.external == external) else { continue };
        better(parcel, known);
        let mine = rows.iter().rev().filter(|row| row.int("shipment").is_ok_and(|shipment| shipment == known.id.0));
        parcel.scans = mine.map(|row| scan(row).map(line)).collect::<Result<_>>()?;
    }
    Ok(said)
}

fn better(parcel: &mut order::Shipment, known: &Shipment) {
    parcel.carrier = known.carrier_called().map(str::to_owned).or(parcel.carrier.take());
    parcel.url = known.link().or(parcel.url.take());
    parcel.shipped_at = known.shipped_at.map(Stamp).or(parcel.shipped_at);
    parcel.expected_at = known.expected_at.map(Stamp).or(parcel.expected_at);
    parcel.delivered_at = known.delivered_at.map(Stamp).or(parcel.delivered_at);
}

fn line(scan: super::Scan) -> order::Scan {
    let status = scan.status.as_str().to_owned();
    order::Scan { at: Some(scan.at), status, text: scan.text, place: scan.place }
}
