//! How a shop's tracking page looks, and by what an order is found there.

use aide::axum::{ApiRouter, routing::get_with};
use axum::{
    Json,
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use base::{
    App, Db, Error, Feature, Result, args,
    web::{Body, Params},
};
use minijinja::Environment;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Asked, page};
use crate::{
    Event,
    agents::{Permission, Who},
    event::Changes,
    forms::colour,
    shops::{self, ShopId},
};

const STYLE: &str = include_str!("../../../../pages/track/style.css");
/// Minutes for which browsers need not ask again.
const KEEP: HeaderValue = HeaderValue::from_static("public, max-age=300");

pub(super) fn feature() -> Feature {
    let both = get_with(show, |op| op.summary("The page on which shoppers follow their order"))
        .put_with(update, |op| op.summary("Change the page on which shoppers follow their order"));
    Feature { routes: ApiRouter::new().api_route("/tracking-page", both), ..Feature::default() }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(rename = "TrackingPage")]
pub struct Look {
    pub active: bool,
    /// Of buttons and of what is done, such as `#1f4d3a`.
    pub colour: String,
    /// A postcode counts as something that only the buyer knows.
    pub by_postcode: bool,
    /// Shoppers can have a code sent to the address with which they ordered.
    pub by_code: bool,
}

impl Default for Look {
    fn default() -> Self {
        Self { active: true, colour: "#1f4d3a".to_owned(), by_postcode: true, by_code: true }
    }
}

impl Look {
    fn check(&self) -> Result<()> {
        let digits = self.colour.strip_prefix('#').filter(|digits| digits.len() == 6);
        match digits.filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit())) {
            Some(_) => Ok(()),
            None => Err(Error::invalid("colour", "must be a colour such as #1f4d3a")),
        }
    }
}

pub(super) async fn read(db: &Db, shop: ShopId) -> Result<Look> {
    let row = db.opt("SELECT data FROM tracking_pages WHERE shop = $1", args![shop]).await?;
    Ok(row.map(|row| row.json("data")).transpose()?.unwrap_or_default())
}

async fn show(who: Who, State(app): State<App>) -> Result<Json<Look>> {
    who.may(Permission::TicketsRead)?;
    Ok(Json(read(app.db(), who.shop).await?))
}

async fn update(who: Who, State(app): State<App>, Body(new): Body<Look>) -> Result<Json<Look>> {
    who.may(Permission::ShopManage)?;
    new.check()?;
    let mut tx = who.begin(&app).await?;
    tx.lock(&format!("tracking page {}", who.shop)).await?;
    let row = tx.opt("SELECT data FROM tracking_pages WHERE shop = $1", args![who.shop]).await?;
    let before: Look = row.map(|row| row.json("data")).transpose()?.unwrap_or_default();
    let mut changes = Changes::default();
    changes.note("tracking_page", &before, &new)?;
    if !changes.is_empty() {
        let sql = "INSERT INTO tracking_pages (shop, data) VALUES ($1, $2)
            ON CONFLICT (shop) DO UPDATE SET data = excluded.data";
        tx.run(sql, args![who.shop, json!(new)]).await?;
        tx.emit(&Event::ShopChanged { changes: changes.into_map() })?;
    }
    tx.commit().await?;
    Ok(Json(new))
}

#[derive(Serialize)]
struct Colours {
    light: colour::Button,
    dark: colour::Button,
}

pub(super) async fn style(State(app): State<App>, Params(asked): Params<Asked>) -> Result<Response> {
    let shop = match asked.shop {
        Some(shop) => ShopId(shop),
        None => shops::read(app.db()).await?.id,
    };
    let (light, dark) = colour::buttons(&read(app.db(), shop).await?.colour);
    let colours = page::value(Colours { light, dark })?;
    let style = Environment::new().render_named_str("style.css", STYLE, colours)?;
    let kind = HeaderValue::from_static("text/css; charset=utf-8");
    Ok(([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, KEEP)], style).into_response())
}
