//! What our plugin in the shop is told, and what it tells.

use base::{Error, Result};
use serde_json::json;

use super::{ask::Shop, people};
use crate::{
    platform::{Call, News},
    platforms::{
        json::{self, list, text},
        plugin,
    },
};

/// Where the plugin looks up whom to tell.
const ADDRESSES: &str = "shopbell.addresses";

/// Whom the plugin tells; none where the shop lacks the plugin.
pub async fn addresses(shop: &Shop) -> Result<Option<Vec<String>>> {
    let query = "query ($key: String!) { getSettingsStoreValue(key: $key) }";
    match shop.ask(query, json!({ "key": ADDRESSES })).await {
        Ok(answer) => Ok(Some(list(&answer["getSettingsStoreValue"]).iter().filter_map(text).collect())),
        Err(Error::NotFound) => Ok(None),
        Err(error) => Err(error),
    }
}

pub async fn subscribe(shop: &Shop, address: &str, wanted: bool) -> Result<()> {
    let Some(before) = addresses(shop).await? else {
        // Without the plugin there is nothing to take back, and nothing that would tell.
        let missing = "The shop lacks our plugin: add it to the shop's configuration, as the guide says.";
        return if wanted { Err(Error::refused(missing)) } else { Ok(()) };
    };
    let mut after: Vec<_> = before.iter().filter(|known| *known != address).cloned().collect();
    if wanted {
        after.push(address.to_owned());
    }
    if after == before {
        return Ok(());
    }
    let change =
        "mutation ($key: String!, $value: JSON!) { setSettingsStoreValue(input: { key: $key, value: $value }) {
        result error } }";
    let answer = shop.change(change, json!({ "key": ADDRESSES, "value": after })).await?;
    let set = &answer["setSettingsStoreValue"];
    if set["result"] == true {
        return Ok(());
    }
    let why = json::clean(set["error"].as_str().unwrap_or_default());
    Err(Error::refused(format!("Vendure does not let the API key write where to send: {why}")))
}

pub fn hear(call: &Call) -> Result<Vec<News>> {
    let said = plugin::read(call)?;
    let Some(id) = json::id(&said.data["id"]) else { return Ok(Vec::new()) };
    Ok(match said.event.as_str() {
        "order.changed" => vec![News::OrderChanged { id }],
        "product.changed" => vec![News::ProductChanged { id }],
        "product.deleted" => vec![News::ProductDeleted { id }],
        "customer.changed" => vec![News::Buyer(Box::new(people::buyer(&said.data)))],
        "customer.deleted" => vec![News::BuyerDeleted { id }],
        _ => Vec::new(),
    })
}
