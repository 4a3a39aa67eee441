//! Parcels as the API shows them: one with its history, those of an order, those that are stuck.

use std::collections::HashMap;

use aide::axum::{
    ApiRouter,
    routing::{delete_with, get_with},
};
use axum::{Json, extract::State};
use base::{
    App, Db, Error, Feature, Result, Row, Stamp, args,
    db::Param,
    web::{Gone, Id, Page, Paging, Params},
};
use connectors::carrier::{Status, SubStatus};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    Named, Reason, SELECT, Shipment, ShipmentId, Shown, Trouble, find, get,
    history::Source,
    shipment, standing,
    trouble::{self, of},
};
use crate::{
    agents::{Permission, Who},
    orders::OrderId,
};

pub(super) fn feature() -> Feature {
    let routes = ApiRouter::new()
        .api_route("/shipments", get_with(index, |op| op.summary("Parcels, newest first")))
        .api_route("/shipments/{id}", get_with(show, |op| op.summary("A parcel with its history")))
        .api_route(
            "/shipments/{id}/troubles",
            delete_with(dismiss, |op| op.summary("Say that somebody took care of what is wrong with a parcel")),
        );
    Feature { routes, ..Feature::default() }
}

/// One line of a parcel's history.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[schemars(rename = "ParcelScan")]
pub struct Scan {
    pub at: Stamp,
    pub status: Status,
    pub sub_status: Option<SubStatus>,
    /// As it was said.
    pub text: Option<String>,
    pub place: Option<String>,
    pub source: Source,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ParcelWithHistory")]
struct Whole {
    #[serde(flatten)]
    parcel: Shown,
    /// Newest first.
    scans: Vec<Scan>,
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "ParcelFilter")]
struct Filter {
    /// Those with which something is wrong now.
    troubled: Option<bool>,
    /// Of them, those for this reason.
    reason: Option<Reason>,
    /// Those of one order.
    order: Option<OrderId>,
    /// Rows a page, 1 to 200; 50 where absent.
    limit: Option<i64>,
    /// The `next` of the page before.
    after: Option<String>,
}

/// Newest first.
pub async fn history(db: &Db, id: ShipmentId) -> Result<Vec<Scan>> {
    let sql = "SELECT * FROM scans WHERE shipment = $1 ORDER BY at DESC, id DESC LIMIT 500";
    db.all(sql, args![id]).await?.iter().map(scan).collect()
}

pub(super) fn scan(row: &Row) -> Result<Scan> {
    let both = standing(row)?;
    Ok(Scan {
        at: Stamp(row.int("at")?),
        status: both.status,
        sub_status: both.sub,
        text: row.opt_text("text")?,
        place: row.opt_text("place")?,
        source: row.word("source")?,
    })
}

async fn show(who: Who, State(app): State<App>, Id(id): Id<ShipmentId>) -> Result<Json<Whole>> {
    who.may(Permission::TicketsRead)?;
    let parcel = get(app.db(), id).await?;
    if parcel.shop != who.shop {
        return Err(Error::NotFound);
    }
    let (troubles, scans) = (of(app.db(), id).await?, history(app.db(), id).await?);
    let one = [parcel];
    let named = named(app.db(), &one).await?.into_values().next().unwrap_or_default();
    let [parcel] = one;
    Ok(Json(Whole { parcel: parcel.shown(named, troubles), scans }))
}

async fn dismiss(who: Who, State(app): State<App>, Id(id): Id<ShipmentId>) -> Result<Gone> {
    who.may(Permission::TicketsWrite)?;
    let mut tx = who.begin(&app).await?;
    let parcel = find(&mut tx, id).await?;
    if parcel.shop != who.shop {
        return Err(Error::NotFound);
    }
    trouble::dismiss(&mut tx, &parcel).await?;
    tx.commit().await?;
    Ok(Gone)
}

async fn index(who: Who, State(app): State<App>, Params(filter): Params<Filter>) -> Result<Json<Page<Shown>>> {
    who.may(Permission::TicketsRead)?;
    if filter.reason.is_some() && filter.troubled != Some(true) {
        return Err(Error::invalid("reason", "is for troubled=true"));
    }
    let paging = Paging { limit: filter.limit, after: filter.after.clone() };
    let limit = paging.limit()?;
    let after = paging.after(1)?.map(|after| after[0]);
    let mut wanted = vec!["o.shop = $1".to_owned()];
    let mut args = args![who.shop];
    if let Some(after) = after {
        args.push(after.value());
        wanted.push(format!("s.id < ${}", args.len()));
    }
    if let Some(order) = filter.order {
        args.push(order.value());
        wanted.push(format!("s.order_id = ${}", args.len()));
    }
    if let Some(troubled) = filter.troubled {
        let reason = match filter.reason {
            Some(reason) => {
                args.push(reason.value());
                format!("AND t.reason = ${}", args.len())
            }
            None => String::new(),
        };
        let not = if troubled { "" } else { "NOT" };
        let open = "SELECT t.shipment FROM shipment_troubles t WHERE t.ended_at IS NULL AND t.dismissed_at IS NULL";
        wanted.push(format!("s.id {not} IN ({open} {reason})"));
    }
    args.push((limit + 1).value());
    let sql = format!("{SELECT} WHERE {} ORDER BY s.id DESC LIMIT ${}", wanted.join(" AND "), args.len());
    let rows = app.db().all(&sql, args).await?;
    let parcels = rows.iter().map(shipment).collect::<Result<Vec<_>>>()?;
    let page = Page::new(parcels, limit, |parcel| vec![parcel.id.0]);
    let mut troubles = troubles(app.db(), &page.data).await?;
    let named = named(app.db(), &page.data).await?;
    Ok(Json(page.map(|parcel| {
        let own = troubles.remove(&parcel.id).unwrap_or_default();
        let named = named.get(&parcel.order).cloned().unwrap_or_default();
        parcel.shown(named, own)
    })))
}

async fn troubles(db: &Db, parcels: &[Shipment]) -> Result<HashMap<ShipmentId, Vec<Trouble>>> {
    let mut all: HashMap<_, Vec<_>> = HashMap::new();
    if parcels.is_empty() {
        return Ok(all);
    }
    let marks: Vec<_> = (1..=parcels.len()).map(|place| format!("${place}")).collect();
    let sql = format!(
        "SELECT * FROM shipment_troubles WHERE shipment IN ({}) ORDER BY found_at DESC, id DESC",
        marks.join(", ")
    );
    for row in db.all(&sql, parcels.iter().map(|parcel| parcel.id.value()).collect()).await? {
        all.entry(row.id("shipment")?).or_default().push(trouble::trouble(&row)?);
    }
    Ok(all)
}

/// The orders of parcels and their buyers, as people call them.
async fn named(db: &Db, parcels: &[Shipment]) -> Result<HashMap<OrderId, Named>> {
    if parcels.is_empty() {
        return Ok(HashMap::new());
    }
    let marks: Vec<_> = (1..=parcels.len()).map(|place| format!("${place}")).collect();
    let sql = format!(
        "SELECT o.id, o.number, c.name FROM orders o LEFT JOIN customers c ON c.id = o.customer WHERE o.id IN ({})",
        marks.join(", ")
    );
    let rows = db.all(&sql, parcels.iter().map(|parcel| parcel.order.value()).collect()).await?;
    let named = |row: &Row| Ok((row.id("id")?, Named { order: row.text("number")?, customer: row.opt_text("name")? }));
    rows.iter().map(named).collect()
}
