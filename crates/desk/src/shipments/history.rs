//! The history of a parcel: lines from whomever, each kept once, in the order in which they happened. The newest says
//! where the parcel stands.

use base::{HOUR, Result, Time, Tx, args, secrets::sha256_of};
use connectors::carrier::{Seen, Standing, Status};

use super::{Shipment, ShipmentId, find, standing, watch};
use crate::{Event, event::Changes};

/// Lines that are kept of one parcel.
const MOST: i64 = 500;
/// Lines that are written at once, each of so many columns.
const TOGETHER: usize = 50;
const COLUMNS: usize = 8;

base::words!(
    /// Who told us.
    Source {
        Platform = "platform",
        /// A call or file of the shop's own, or of a carrier's.
        News = "news",
    }
);

/// Adds what is new. The same line again, from whomever, changes nothing.
pub(super) async fn record(tx: &mut Tx, shipment: ShipmentId, lines: &[Seen], source: Source) -> Result<usize> {
    if lines.is_empty() {
        return Ok(0);
    }
    let sql = "SELECT CAST(count(*) AS BIGINT) AS n FROM scans WHERE shipment = $1";
    let room = MOST - tx.one(sql, args![shipment]).await?.int("n")?;
    let (now, mut new) = (tx.now(), 0);
    let lines = &lines[..lines.len().min(usize::try_from(room).unwrap_or(0))];
    for some in lines.chunks(TOGETHER) {
        let mut args = Vec::with_capacity(some.len() * COLUMNS);
        for line in some {
            let Seen { at, standing: Standing { status, sub }, text, place } = line;
            // Clocks are wrong; a line from next year would be the newest until then.
            let at = (*at).min(now + HOUR);
            args.extend(args![shipment, at, *status, *sub, text.clone(), place.clone(), source, key(line)]);
        }
        let row = |place: usize| {
            let marks: Vec<_> = (1..=COLUMNS).map(|column| format!("${}", place * COLUMNS + column)).collect();
            format!("({})", marks.join(", "))
        };
        let rows: Vec<_> = (0..some.len()).map(row).collect();
        let sql = format!(
            "INSERT INTO scans (shipment, at, status, sub_status, text, place, source, key) VALUES {}
            ON CONFLICT (shipment, key) DO NOTHING RETURNING id",
            rows.join(", ")
        );
        new += tx.all(&sql, args).await?.len();
    }
    Ok(new)
}

/// The same for the same line, whoever passes it on: some know it to the second only.
fn key(line: &Seen) -> String {
    let at = (line.at / 1000).to_string();
    let sub = line.standing.sub.map_or("", |sub| sub.as_str());
    let text = line.text.as_deref().unwrap_or_default().to_lowercase();
    let place = line.place.as_deref().unwrap_or_default().to_lowercase();
    let parts = [&at, line.standing.status.as_str(), sub, &text, &place].join("\n");
    sha256_of(&[parts.as_bytes()])[..32].to_owned()
}

/// How far on its way a parcel is, for lines of the same moment.
fn rank(status: Status) -> i64 {
    match status {
        Status::Pending => 0,
        Status::InfoReceived => 1,
        Status::InTransit => 2,
        Status::Exception | Status::Expired => 3,
        Status::OutForDelivery => 4,
        Status::Attempted => 5,
        Status::AvailableForPickup => 6,
        Status::Delivered => 7,
    }
}

/// Where the parcel stands after all that is known of it; says so where that is news, and sees to it that somebody looks
/// in time whether it is stuck. `before`: as it was when the transaction began; none where it is new.
pub(super) async fn settle(tx: &mut Tx, id: ShipmentId, before: Option<&Shipment>, tell: bool) -> Result<()> {
    let now = find(tx, id).await?;
    let sql = "SELECT at, status, sub_status FROM scans WHERE shipment = $1 ORDER BY at DESC, id DESC LIMIT 60";
    let rows = tx.all(sql, args![id]).await?;
    let lines = rows.iter().map(|row| Ok((row.int("at")?, standing(row)?))).collect::<Result<Vec<_>>>()?;
    let settled = settled(now, &lines);
    let (sub, moment) = (settled.standing.sub, tx.now());
    let sql = "UPDATE shipments SET status = $1, sub_status = $2, delivered_at = $3, last_scan_at = $4, updated_at = $5
        WHERE id = $6";
    let args = args![settled.standing.status, sub, settled.delivered_at, settled.last_scan_at, moment, settled.id];
    if before != Some(&settled) {
        tx.run(sql, args).await?;
    }
    if tell {
        say(tx, &settled, before)?;
    }
    watch::plan(tx, settled, tell).await
}

fn say(tx: &mut Tx, settled: &Shipment, before: Option<&Shipment>) -> Result<()> {
    let Shipment { id: shipment, order, customer, .. } = *settled;
    let Some(before) = before else {
        let status = settled.standing.status.to_string();
        return tx.emit(&Event::ShipmentCreated { shipment, order, customer, status });
    };
    let mut changes = Changes::default();
    changes.note("status", before.standing.status, settled.standing.status)?;
    changes.note("sub_status", before.standing.sub, settled.standing.sub)?;
    changes.note("expected_at", before.expected_at.map(base::Stamp), settled.expected_at.map(base::Stamp))?;
    changes.note("number", &before.number, &settled.number)?;
    changes.note("cancelled", before.cancelled, settled.cancelled)?;
    if changes.is_empty() {
        return Ok(());
    }
    tx.emit(&Event::ShipmentChanged { shipment, order, customer, changes: changes.into_map() })
}

/// `lines` newest first.
pub(super) fn settled(mut shipment: Shipment, lines: &[(Time, Standing)]) -> Shipment {
    let telling = || lines.iter().filter(|(_, standing)| standing.status != Status::Pending);
    let newest = telling().max_by_key(|(at, standing)| (*at, rank(standing.status)));
    let announced = shipment.shipped_at.is_some() || shipment.number.is_some();
    let nothing_said = if announced { Status::InfoReceived } else { Status::Pending };
    shipment.standing = newest.map_or(nothing_said.into(), |(_, standing)| *standing);
    shipment.delivered_at = newest.filter(|(_, standing)| standing.status == Status::Delivered).map(|(at, _)| *at);
    let in_hand = telling().filter(|(_, standing)| standing.status != Status::InfoReceived).map(|(at, _)| *at).max();
    shipment.last_scan_at = in_hand;
    shipment
}

#[cfg(test)]
mod tests {
    use connectors::carrier::SubStatus;

    use super::*;

    #[test]
    fn the_same_line_is_one_whoever_passes_it_on() {
        let line =
            Seen { at: 1_000_400, standing: SubStatus::Arrived.into(), text: Some("Arrived".into()), place: None };
        assert_eq!(key(&line), key(&Seen { at: 1_000_900, text: Some("ARRIVED".into()), ..line.clone() }));
        for other in [
            Seen { at: 1_002_000, ..line.clone() },
            Seen { standing: Status::InTransit.into(), ..line.clone() },
            Seen { place: Some("Oslo".into()), ..line.clone() },
            Seen { text: None, ..line.clone() },
        ] {
            assert_ne!(key(&line), key(&other), "{other:?}");
        }
    }

    #[test]
    fn of_the_same_moment_the_line_further_on_the_way_counts() {
        let order = [Status::InfoReceived, Status::InTransit, Status::OutForDelivery, Status::Delivered];
        assert!(order.windows(2).all(|pair| rank(pair[0]) < rank(pair[1])));
    }
}
