//! What the demo shop tells of orders, and the parcels that it found stuck.

use base::{Actor, DAY, HOUR, Result, Time, Tx, args};
use serde_json::json;

use super::{rows, stage::Stage};
use crate::{
    Event,
    orders::{self, Known, OrderId},
    shipments::{Reason, ShipmentId, words::Told},
    shops::ShopId,
    updates::{Kind, LETTER},
};

/// Messages about orders are on, and those of the last days were sent.
pub async fn write(tx: &mut Tx, stage: &Stage<'_>, present: Time) -> Result<()> {
    let on = json!({ "on": true });
    let settings = json!({
        "kinds": { "confirmed": on, "shipped": on, "delivered": on, "refunded": on,
            "thanks": { "on": true, "days": 5, "texts": { "en": { "subject": "Out there with your order {{order.number}}?",
                "text": "Hi {{customer.first_name}},\n\nyour order has been with you for some days. If anything \
                    rubs, leaks or squeaks, answer this mail: a person reads it.\n\n{{shop.name}}" } } } },
        "quiet": { "from": "21:00", "until": "08:00" },
        "most_a_day": 3
    });
    tx.run("INSERT INTO update_settings (shop, data) VALUES ($1, $2)", args![stage.shop.id, settings]).await?;
    let sql = "SELECT * FROM orders WHERE shop = $1 AND placed_at > $2 AND status <> 'cancelled' ORDER BY id";
    for row in tx.all(sql, args![stage.shop.id, present - 14 * DAY]).await? {
        let known = orders::known(&row)?;
        let placed = known.order.placed_at.map_or(present, |at| at.0);
        tell(tx, stage, &known, Kind::Confirmed, "", placed).await?;
        let Some(parcel) = known.order.shipments.first() else { continue };
        let id = "SELECT id FROM shipments WHERE order_id = $1 LIMIT 1";
        let Some(row) = tx.opt(id, args![known.id]).await? else { continue };
        let part = row.int("id")?.to_string();
        if let Some(at) = parcel.shipped_at {
            tell(tx, stage, &known, Kind::Shipped, &part, at.0).await?;
        }
        if let Some(at) = parcel.delivered_at {
            tell(tx, stage, &known, Kind::Delivered, &part, at.0).await?;
        }
    }
    Ok(())
}

async fn tell(tx: &mut Tx, stage: &Stage<'_>, known: &Known, kind: Kind, part: &str, at: Time) -> Result<()> {
    let Some(email) = known.order.buyer.email.clone() else { return Ok(()) };
    let language = known.order.language.clone().unwrap_or_else(|| "en".to_owned());
    let (shop, kind_word) = (&stage.shop, kind.as_str());
    let told = Told {
        known,
        parcel: None,
        customer: None,
        shop,
        language: &language,
        letter: LETTER,
        kind: kind_word,
        to: None,
    };
    let written = told.ours(stage.app).await?;
    let sql = "INSERT INTO order_updates (order_id, kind, part, inbox, recipient, language, subject, text, html, state,
            created_at, sent_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'sent', $10, $10)";
    let args =
        args![known.id, kind, part, stage.inbox.id, email, &language, written.subject, written.text, written.html, at];
    tx.run(sql, args).await
}

/// Each of those that are stuck was found when its time was over.
pub async fn find_stuck(tx: &mut Tx, shop: ShopId, present: Time) -> Result<()> {
    let sql = "SELECT s.id, s.order_id, s.status, s.last_scan_at, s.expected_at, s.shipped_at, o.customer
        FROM shipments s JOIN orders o ON o.id = s.order_id
        WHERE o.shop = $1 AND s.status <> 'delivered' AND o.placed_at < $2 ORDER BY s.id";
    for row in tx.all(sql, args![shop, present - 5 * DAY]).await? {
        let (status, seen) = (row.text("status")?, row.opt_int("last_scan_at")?.unwrap_or(present - 7 * DAY));
        let (reason, at) = match (status.as_str(), row.opt_int("expected_at")?) {
            ("exception", _) => (Reason::Exception, seen),
            ("info_received", _) => (Reason::NotHandedOver, row.opt_int("shipped_at")?.unwrap_or(seen) + 6 * DAY),
            (_, Some(expected)) => (Reason::Late, expected + 14 * HOUR),
            _ => (Reason::NoNews, seen + 7 * DAY),
        };
        let (shipment, order, at): (ShipmentId, OrderId, _) =
            (row.id("id")?, row.id("order_id")?, at.min(present - HOUR));
        let sql = "INSERT INTO shipment_troubles (shipment, reason, found_at) VALUES ($1, $2, $3)";
        tx.run(sql, args![shipment, reason, at]).await?;
        let (customer, reason) = (row.opt_id("customer")?, reason.to_string());
        let event = Event::ShipmentTroubled { shipment, order, customer, reason, ticket: None };
        rows::log(tx, at, Actor::System, &event).await?;
    }
    Ok(())
}
