//! Shopify's fulfilments in our words: parcels, what is in them, and what carriers said.

use std::collections::HashMap;

use serde_json::Value;

use super::orders::{each, more, pieces, stamp, text};
use crate::order::{Scan, Shipment};

pub const PARCEL: &str = "
fragment Parcel on Fulfillment {
  id status createdAt deliveredAt estimatedDeliveryAt
  trackingInfo(first: 1) { company number url }
  fulfillmentLineItems(first: $inner) { nodes { quantity lineItem { id } } pageInfo { hasNextPage endCursor } }
  events(last: 20, sortKey: HAPPENED_AT) { nodes { happenedAt status message city country } }
}";

/// Parcels, and those with more in them than was told.
pub fn shipments(from: &Value) -> (Vec<Shipment>, Vec<(String, String)>) {
    let unfinished = |one: &Value| Some((text(&one["id"])?, more(&one["fulfillmentLineItems"])?));
    (each(from).map(shipment).collect(), each(from).filter_map(unfinished).collect())
}

fn shipment(from: &Value) -> Shipment {
    let track = each(&from["trackingInfo"]).next().unwrap_or(&Value::Null);
    Shipment {
        id: text(&from["id"]).unwrap_or_default(),
        carrier: text(&track["company"]),
        number: text(&track["number"]),
        url: text(&track["url"]),
        pieces: pieces(&from["fulfillmentLineItems"]),
        shipped_at: stamp(&from["createdAt"]),
        expected_at: stamp(&from["estimatedDeliveryAt"]),
        delivered_at: stamp(&from["deliveredAt"]),
        cancelled: matches!(from["status"].as_str(), Some("CANCELLED" | "ERROR" | "FAILURE")),
        scans: each(&from["events"]).map(scan).collect(),
    }
}

fn scan(from: &Value) -> Scan {
    let place: Vec<_> = [&from["city"], &from["country"]].into_iter().filter_map(text).collect();
    Scan {
        at: stamp(&from["happenedAt"]),
        status: text(&from["status"]).unwrap_or_default().to_lowercase(),
        text: text(&from["message"]),
        place: (!place.is_empty()).then(|| place.join(", ")),
    }
}

/// Pieces that have left, by line.
pub fn sent(shipments: &[Shipment]) -> HashMap<String, i64> {
    let mut sent = HashMap::new();
    for piece in shipments.iter().filter(|parcel| !parcel.cancelled).flat_map(|parcel| &parcel.pieces) {
        *sent.entry(piece.line.clone()).or_default() += piece.quantity;
    }
    sent
}
