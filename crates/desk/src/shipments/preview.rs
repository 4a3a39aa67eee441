//! A dry run of the rules: what would have been found in the days that are past, and who would have been told.

use std::collections::BTreeMap;

use aide::axum::{ApiRouter, routing::post_with};
use axum::{Json, extract::State};
use base::{App, DAY, Error, Feature, Result, Row, Stamp, Time, args, web::Body};
use connectors::carrier::Standing;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    Reason, Rules, Shipment, ShipmentId,
    history::settled,
    rules, shipment, standing,
    watch::{Way, due, is_abroad},
};
use crate::{
    agents::{Permission, Who},
    hours::{self, Timeline},
    orders::OrderId,
};

pub(super) fn feature() -> Feature {
    let routes = ApiRouter::new().api_route(
        "/shipments/rules/preview",
        post_with(preview, |op| op.summary("What rules would have found in the days that are past")),
    );
    Feature { routes, ..Feature::default() }
}

/// Parcels that are looked at, the newest, and finds that are listed.
const MOST: i64 = 5_000;
const LISTED: usize = 100;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "ParcelRulesTrial")]
struct Trial {
    /// 1 to 90; 30 where absent.
    days: Option<i64>,
    /// Absent: those that hold.
    rules: Option<Rules>,
}

/// What would have been found.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ParcelRulesResult")]
struct Outcome {
    /// Parcels that were looked at: at most 5,000, the newest.
    parcels: usize,
    /// Finds by reason.
    found: BTreeMap<Reason, usize>,
    /// The newest 100 of them.
    examples: Vec<Find>,
}

#[derive(Debug, PartialEq, Serialize, JsonSchema)]
#[schemars(rename = "ParcelRulesFind")]
struct Find {
    shipment: ShipmentId,
    order: OrderId,
    number: Option<String>,
    reason: Reason,
    found_at: Stamp,
    /// When something was heard of it after all; null where nothing was.
    ended_at: Option<Stamp>,
}

async fn preview(who: Who, State(app): State<App>, Body(trial): Body<Trial>) -> Result<Json<Outcome>> {
    who.may(Permission::ShopManage)?;
    let days = trial.days.unwrap_or(30);
    if !(1..=90).contains(&days) {
        return Err(Error::invalid("days", "must be between 1 and 90"));
    }
    let rules = match trial.rules {
        Some(rules) => rules,
        None => rules::read(app.db(), who.shop).await?,
    };
    rules.check()?;
    let now = app.now();
    let since = now - days * DAY;
    // Those that left some time before may have been stuck since.
    let sql = "SELECT s.*, o.shop, o.customer, sh.country AS home, sh.time_zone,
            o.data -> 'shipping_address' ->> 'country' AS country
        FROM shipments s JOIN orders o ON o.id = s.order_id JOIN shops sh ON sh.id = o.shop
        WHERE o.shop = $1 AND COALESCE(s.shipped_at, s.created_at) > $2 ORDER BY s.id DESC LIMIT $3";
    let rows = app.db().all(sql, args![who.shop, since - 30 * DAY, MOST]).await?;
    let hours = hours::timeline(&mut app.look().await?, who.shop, None, since - 30 * DAY).await?;
    let mut found = Vec::new();
    for row in &rows {
        let parcel = shipment(row)?;
        let lines = lines(&app, parcel.id).await?;
        found.extend(replay(&way(&rules, &hours, row)?, &parcel, &lines, since, now));
    }
    found.sort_by_key(|find| std::cmp::Reverse(find.found_at));
    let mut counts = BTreeMap::new();
    for find in &found {
        *counts.entry(find.reason).or_default() += 1;
    }
    found.truncate(LISTED);
    Ok(Json(Outcome { parcels: rows.len(), found: counts, examples: found }))
}

fn way(rules: &Rules, hours: &Timeline, row: &Row) -> Result<Way> {
    let (home, country) = (row.opt_text("home")?, row.opt_text("country")?);
    let abroad = is_abroad(home.as_deref(), country.as_deref());
    let zone = rules.zone(row.opt_text("time_zone")?.as_deref());
    Ok(Way { rules: rules.clone(), zone, hours: hours.clone(), abroad })
}

/// Oldest first.
async fn lines(app: &App, id: ShipmentId) -> Result<Vec<(Time, Standing)>> {
    let sql = "SELECT at, status, sub_status FROM scans WHERE shipment = $1 ORDER BY at, id";
    app.db().all(sql, args![id]).await?.iter().map(|row| Ok((row.int("at")?, standing(row)?))).collect()
}

/// Goes through the history of a parcel line by line, as if each had come when it happened.
fn replay(way: &Way, parcel: &Shipment, lines: &[(Time, Standing)], since: Time, now: Time) -> Vec<Find> {
    let mut found: Vec<Find> = Vec::new();
    for seen in 0..=lines.len() {
        let next = lines.get(seen).map_or(now, |(at, _)| *at);
        let newest_first: Vec<_> = lines[..seen].iter().rev().copied().collect();
        let then = Shipment { watched_from: 0, ..settled(parcel.clone(), &newest_first) };
        // Where nothing was ever heard, nobody knows whether it was fetched.
        let unheard = lines.is_empty();
        for (reason, at) in due(way, &then) {
            let begun = lines[..seen].last().map_or(Time::MIN, |(at, _)| *at);
            let at = at.max(begun);
            let is_first = found.iter().all(|find| find.reason != reason);
            if at < next && at >= since && is_first && !(unheard && reason == Reason::NotHandedOver) {
                found.push(Find {
                    shipment: parcel.id,
                    order: parcel.order,
                    number: parcel.number.clone(),
                    reason,
                    found_at: Stamp(at),
                    ended_at: (seen < lines.len()).then_some(Stamp(next)),
                });
            }
        }
    }
    found
}
