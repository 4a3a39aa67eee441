//! How a shop wants its parcels watched: after how many business days one counts as stuck, and whether its shopper is
//! told.

use std::collections::BTreeMap;

use aide::axum::{
    ApiRouter,
    routing::{get_with, post_with},
};
use axum::{Json, extract::State};
use base::{App, Db, Error, Feature, Result, Tx, args, web::Body};
use jiff::tz::TimeZone;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{
    Reason,
    look::{Look, Trial, look},
    trouble::LETTER,
    watch::Replan,
    words::{self, Texts},
};
use crate::{
    Event,
    agents::{Permission, Who},
    event::Changes,
    shops::ShopId,
};

pub(super) fn feature() -> Feature {
    let both = get_with(show, |op| op.summary("When a parcel counts as stuck"))
        .put_with(update, |op| op.summary("Say when a parcel counts as stuck"));
    let preview = post_with(preview, |op| {
        op.summary("How what is told of a stuck parcel will look").description("Nothing is sent.")
    });
    let routes =
        ApiRouter::new().api_route("/shipments/rules", both).api_route("/shipments/rules/preview-text", preview);
    Feature { routes, ..Feature::default() }
}

/// Days are business days, 1 to 30; null switches a rule off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(rename = "ParcelRules")]
pub struct Rules {
    /// By whose clocks days are counted, as in the IANA database, such as `Europe/Oslo`; null for the shop's.
    pub zone: Option<String>,
    /// A label was made, and the carrier does not have the parcel.
    pub pickup_days: Option<i64>,
    /// Nothing was heard of a parcel on its way within the shop's country.
    pub home_days: Option<i64>,
    /// The same for parcels that go abroad, or nobody knows where.
    pub abroad_days: Option<i64>,
    /// The day that was named first is over.
    pub late: bool,
    /// The carrier says that something is wrong.
    pub exceptions: bool,
    /// Shoppers are told, once for each parcel and reason. Off until somebody has looked at what would be found.
    pub tell_shoppers: bool,
    /// Own words for that, by reason, in place of ours.
    pub texts: BTreeMap<Reason, Texts>,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            zone: None,
            pickup_days: Some(4),
            home_days: Some(3),
            abroad_days: Some(5),
            late: true,
            exceptions: true,
            tell_shoppers: false,
            texts: BTreeMap::new(),
        }
    }
}

impl Rules {
    pub(super) fn zone(&self, shops: Option<&str>) -> TimeZone {
        self.zone.as_deref().or(shops).and_then(|name| TimeZone::get(name).ok()).unwrap_or(TimeZone::UTC)
    }

    pub(super) fn check(&self) -> Result<()> {
        if self.zone.as_deref().is_some_and(|name| TimeZone::get(name).is_err()) {
            return Err(Error::invalid("zone", "must be a time zone such as Europe/Oslo, or null"));
        }
        let days =
            [("pickup_days", self.pickup_days), ("home_days", self.home_days), ("abroad_days", self.abroad_days)];
        if let Some((field, _)) = days.iter().find(|(_, days)| days.is_some_and(|days| !(1..=30).contains(&days))) {
            return Err(Error::invalid(*field, "must be between 1 and 30, or null"));
        }
        self.texts.iter().try_for_each(|(reason, texts)| words::check(texts, &format!("texts.{reason}")))
    }
}

/// Those of a shop, or what holds where nobody said anything.
pub async fn rules(tx: &mut Tx, shop: ShopId) -> Result<Rules> {
    let row = tx.opt("SELECT data FROM shipment_rules WHERE shop = $1", args![shop]).await?;
    Ok(row.map(|row| row.json("data")).transpose()?.unwrap_or_default())
}

/// As [`rules`], where nothing will be changed.
pub(super) async fn read(db: &Db, shop: ShopId) -> Result<Rules> {
    let row = db.opt("SELECT data FROM shipment_rules WHERE shop = $1", args![shop]).await?;
    Ok(row.map(|row| row.json("data")).transpose()?.unwrap_or_default())
}

/// By whose clocks the shop's parcels are told of.
pub async fn zone(db: &Db, shop: ShopId) -> Result<TimeZone> {
    let row = db.one("SELECT time_zone FROM shops WHERE id = $1", args![shop]).await?;
    Ok(read(db, shop).await?.zone(row.opt_text("time_zone")?.as_deref()))
}

async fn put(tx: &mut Tx, shop: ShopId, new: Rules) -> Result<Rules> {
    new.check()?;
    tx.lock(&format!("shipment rules {shop}")).await?;
    let before = rules(tx, shop).await?;
    let mut changes = Changes::default();
    changes.note("shipment_rules", &before, &new)?;
    if changes.is_empty() {
        return Ok(new);
    }
    let sql = "INSERT INTO shipment_rules (shop, data) VALUES ($1, $2)
        ON CONFLICT (shop) DO UPDATE SET data = excluded.data";
    tx.run(sql, args![shop, json!(new)]).await?;
    tx.enqueue(&Replan { shop, after: 0 }).await?;
    tx.emit(&Event::ShopChanged { changes: changes.into_map() })?;
    Ok(new)
}

async fn show(who: Who, State(app): State<App>) -> Result<Json<Rules>> {
    who.may(Permission::TicketsRead)?;
    Ok(Json(read(app.db(), who.shop).await?))
}

async fn update(who: Who, State(app): State<App>, Body(body): Body<Rules>) -> Result<Json<Rules>> {
    who.may(Permission::ShopManage)?;
    let mut tx = who.begin(&app).await?;
    let rules = put(&mut tx, who.shop, body).await?;
    tx.commit().await?;
    Ok(Json(rules))
}

async fn preview(who: Who, State(app): State<App>, Body(trial): Body<Trial<Reason>>) -> Result<Json<Look>> {
    look(&app, &who, &trial, LETTER).await.map(Json)
}
