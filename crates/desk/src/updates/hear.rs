//! Hears what happens to orders, and has it told.

use std::{future::Future, pin::Pin, sync::Arc};

use base::{App, Feature, Listener, Result, Tx, args, events::Recorded};
use serde_json::Value;

use super::{Kind, write::Write};
use crate::orders::OrderId;

pub(super) fn feature() -> Feature {
    Feature { listeners: vec![Arc::new(News)], ..Feature::default() }
}

struct News;

impl Listener for News {
    fn name(&self) -> &'static str {
        "order updates"
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
            // Most shops want none of it, and are asked once for all events that came together.
            let wanted = events.iter().any(|event| !told(event).is_empty());
            if !wanted || tx.opt("SELECT 1 AS one FROM update_settings LIMIT 1", args![]).await?.is_none() {
                return Ok(());
            }
            for event in events {
                let Some(order) = event.data["order"].as_i64().map(OrderId) else { continue };
                for (kind, part) in told(event) {
                    tx.enqueue(&Write { order, kind, part, due: false }).await?;
                }
            }
            Ok(())
        })
    }
}

/// What an event gives to tell, and of which part of the order.
fn told(event: &Recorded) -> Vec<(Kind, String)> {
    let data = &event.data;
    let parcel = || data["shipment"].to_string();
    match event.kind.as_str() {
        "order.placed" => vec![(Kind::Confirmed, String::new())],
        "order.changed" if is_more(&data["changes"]["refunded"]) => {
            vec![(Kind::Refunded, data["changes"]["refunded"]["to"].to_string())]
        }
        "shipment.created" => status(&data["status"], &parcel()),
        "shipment.changed" => status(&data["changes"]["status"]["to"], &parcel()),
        _ => Vec::new(),
    }
}

fn is_more(change: &Value) -> bool {
    change["to"].as_i64().unwrap_or(0) > change["from"].as_i64().unwrap_or(0)
}

fn status(status: &Value, parcel: &str) -> Vec<(Kind, String)> {
    let kinds: &[Kind] = match status.as_str().unwrap_or_default() {
        "info_received" | "in_transit" => &[Kind::Shipped],
        "out_for_delivery" => &[Kind::OutForDelivery],
        // Thanks and care are for the order, however many parcels it came in.
        "delivered" => &[Kind::Delivered, Kind::Thanks, Kind::Care],
        _ => &[],
    };
    let part = |kind: &Kind| if kind.is_extra() { String::new() } else { parcel.to_owned() };
    kinds.iter().map(|kind| (*kind, part(kind))).collect()
}
