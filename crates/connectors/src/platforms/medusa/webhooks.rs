//! What our subscriber in the shop is told, and what it tells.

use base::Result;
use serde_json::json;

use super::{ask::Shop, people};
use crate::{
    platform::{Call, News},
    platforms::{json, plugin},
};

/// The subscriber sends to the addresses in the store's metadata: writes ours there, or takes it out.
pub async fn subscribe(shop: &Shop, address: &str, wanted: bool) -> Result<()> {
    let answer = shop.list(&["stores"], &[("fields", "id,metadata")]).await?;
    let Some(store) = json::list(&answer["stores"]).first() else { return Ok(()) };
    let before: Vec<_> = json::list(&store["metadata"]["shopbell"]).iter().filter_map(json::text).collect();
    let mut after: Vec<_> = before.iter().filter(|known| *known != address).cloned().collect();
    if wanted {
        after.push(address.to_owned());
    }
    let (Some(id), true) = (json::text(&store["id"]), after != before) else { return Ok(()) };
    let mut metadata = store["metadata"].as_object().cloned().unwrap_or_default();
    metadata.insert("shopbell".into(), json!(after));
    shop.post(&["stores", &id], &json!({ "metadata": metadata })).await?;
    Ok(())
}

pub fn hear(call: &Call) -> Result<Vec<News>> {
    let said = plugin::read(call)?;
    let Some(id) = json::text(&said.data["id"]) else { return Ok(Vec::new()) };
    let (kind, done) = said.event.split_once('.').unwrap_or((&said.event, ""));
    Ok(vec![match (kind, done) {
        ("customer", "deleted") => News::BuyerDeleted { id },
        ("customer", _) => News::Buyer(Box::new(people::buyer(&said.data))),
        ("product", "deleted") => News::ProductDeleted { id },
        ("product" | "product-variant", _) => News::ProductChanged { id },
        ("order" | "order-edit" | "shipment" | "delivery" | "payment", _) => News::OrderChanged { id },
        _ => return Ok(Vec::new()),
    }])
}
