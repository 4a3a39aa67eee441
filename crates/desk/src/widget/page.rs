//! Where a visitor is on the shop's pages; only sent with their consent.

use aide::axum::{ApiRouter, routing::put_with};
use axum::extract::State;
use base::{Actor, App, Feature, Result, web::Gone};
use schemars::JsonSchema;
use serde::Deserialize;

use super::door::{Small, Visitor};
use crate::visits::{self, Page};

pub(super) fn feature() -> Feature {
    let page = put_with(put, |op| op.summary("Say which page the visitor is on; only with their consent"))
        .delete_with(destroy, |op| op.summary("Take the consent back: where the visitor is and was is forgotten"));
    Feature { doors: ApiRouter::new().api_route("/widgets/{id}/page", page), ..Feature::default() }
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct WhichPage {
    /// Of a site that the inbox names; what stands behind `?` and `#` is not kept.
    url: String,
    #[serde(default)]
    title: String,
    /// For how long the visitor has been on it. Say it again every minute or two while they are.
    #[serde(default)]
    seconds: i64,
    cart: Option<Cart>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Cart {
    /// In the smallest unit of the currency.
    value: i64,
    /// ISO 4217, such as `EUR`.
    currency: String,
}

async fn put(
    State(app): State<App>,
    Visitor { visit, doorway }: Visitor,
    Small(body): Small<WhichPage>,
) -> Result<Gone> {
    let WhichPage { url, title, seconds, cart } = body;
    let page = Page { url, title, seconds, cart: cart.map(|cart| (cart.value, cart.currency)) };
    let mut tx = app.begin(Actor::System).await?;
    visits::browse(&mut tx, &visit, &doorway.door.origins, page).await?;
    tx.commit().await?;
    Ok(Gone)
}

async fn destroy(State(app): State<App>, Visitor { visit, .. }: Visitor) -> Result<Gone> {
    let mut tx = app.begin(Actor::System).await?;
    visits::take_back(&mut tx, visit.id).await?;
    tx.commit().await?;
    Ok(Gone)
}
