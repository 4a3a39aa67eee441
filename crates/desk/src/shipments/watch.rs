//! Sees to it that parcels which are stuck are found. Nobody scans on a timer: with each change of a parcel it is known
//! when it would count as stuck, and a job looks then whether it still does.

use std::{future::Future, pin::Pin, sync::Arc};

use base::{Actor, App, DAY, Feature, Job, JobSpec, Listener, Result, Time, Tx, args, events::Recorded};
use connectors::carrier::Status;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::{
    Reason, Rules, SELECT, Shipment, ShipmentId, days, find, rules, shipment,
    trouble::{self, open_reasons},
};
use crate::{
    customers,
    hours::{self, Timeline},
    shops::ShopId,
};

pub(super) fn feature() -> Feature {
    Feature {
        jobs: vec![JobSpec::of::<Look>(), JobSpec::of::<Replan>(), JobSpec::of::<trouble::Say>()],
        listeners: vec![Arc::new(Clocks)],
        ..Feature::default()
    }
}

/// Parcels that a change of the rules is carried to at once.
const BATCH: i64 = 200;
/// A parcel that left longer ago is not looked after any more.
const LONGEST: Time = 120 * DAY;

/// What the rules are and where the parcel goes.
pub(super) struct Way {
    pub rules: Rules,
    pub zone: TimeZone,
    /// Which days are business days, where a schedule says it.
    pub hours: Timeline,
    pub abroad: bool,
}

/// How one parcel is watched.
async fn way(tx: &mut Tx, shipment: &Shipment) -> Result<Way> {
    let rules = rules(tx, shipment.shop).await?;
    let sql = "SELECT s.country AS home, s.time_zone, o.data -> 'shipping_address' ->> 'country' AS country
        FROM orders o JOIN shops s ON s.id = o.shop WHERE o.id = $1";
    let row = tx.one(sql, args![shipment.order]).await?;
    let (home, country) = (row.opt_text("home")?, row.opt_text("country")?);
    let zone = rules.zone(row.opt_text("time_zone")?.as_deref());
    let since = tx.now() - LONGEST;
    let hours = hours::timeline(tx, shipment.shop, None, since).await?;
    Ok(Way { rules, zone, hours, abroad: is_abroad(home.as_deref(), country.as_deref()) })
}

/// Unknown counts as far away: a shopper is better told late than wrongly.
pub(super) fn is_abroad(home: Option<&str>, country: Option<&str>) -> bool {
    home.zip(country).is_none_or(|(home, country)| !home.eq_ignore_ascii_case(country))
}

/// From when on the parcel counts as stuck for each reason, if nothing more is heard of it.
pub(super) fn due(way: &Way, parcel: &Shipment) -> Vec<(Reason, Time)> {
    let Way { rules, zone, hours, abroad } = way;
    let status = parcel.standing.status;
    if parcel.is_over() || parcel.watched_from == Time::MAX {
        return Vec::new();
    }
    let counted = |from: Time| from.max(parcel.watched_from);
    let mut all = Vec::new();
    if status == Status::InfoReceived
        && let Some(days) = rules.pickup_days
    {
        let made = counted(parcel.shipped_at.unwrap_or(parcel.created_at));
        all.push((Reason::NotHandedOver, days::later(made, days, zone, hours)));
    }
    let is_moving = matches!(status, Status::InTransit | Status::OutForDelivery);
    let silence = if *abroad { rules.abroad_days } else { rules.home_days };
    if let (true, Some(last), Some(days)) = (is_moving, parcel.last_scan_at, silence) {
        all.push((Reason::NoNews, days::later(counted(last), days, zone, hours)));
    }
    if let (true, Some(promised)) = (rules.late && status != Status::AvailableForPickup, parcel.promised_at) {
        all.push((Reason::Late, days::end_of_day(counted(promised), zone)));
    }
    if rules.exceptions && status == Status::Exception {
        all.push((Reason::Exception, counted(parcel.last_scan_at.unwrap_or(parcel.updated_at))));
    }
    all
}

/// After each change: what was wrong and is no more ends; and somebody looks at the right time. `now` is false where the
/// change happened long ago.
pub(super) async fn plan(tx: &mut Tx, parcel: Shipment, now: bool) -> Result<()> {
    if parcel.is_over() && parcel.watch_at.is_none() && !now {
        return Ok(());
    }
    let due = if parcel.is_over() { Vec::new() } else { due(&way(tx, &parcel).await?, &parcel) };
    let (open, moment) = (open_reasons(tx, parcel.id).await?, tx.now());
    let holds = |reason: &Reason| due.iter().any(|(due, at)| due == reason && *at <= moment);
    for reason in open.iter().filter(|reason| !holds(reason)) {
        trouble::end(tx, &parcel, *reason).await?;
    }
    let found = |reason: &Reason| open.contains(reason) && holds(reason);
    let next = due.iter().filter(|(reason, _)| !found(reason)).map(|(_, at)| (*at).max(moment)).min();
    look_at(tx, &parcel, next).await
}

/// One look at a time is planned. An earlier one stays: it plans the later one.
async fn look_at(tx: &mut Tx, parcel: &Shipment, next: Option<Time>) -> Result<()> {
    let planned = parcel.watch_at.filter(|at| *at > tx.now());
    let Some(next) = next.filter(|next| planned.is_none_or(|planned| *next < planned)) else { return Ok(()) };
    tx.run("UPDATE shipments SET watch_at = $1 WHERE id = $2", args![next, parcel.id]).await?;
    tx.enqueue_at(next, &Look { shipment: parcel.id, at: next }).await
}

/// Looks whether a parcel is stuck.
#[derive(Serialize, Deserialize)]
struct Look {
    shipment: ShipmentId,
    at: Time,
}

impl Job for Look {
    const NAME: &'static str = "shipments.look";

    async fn run(self, app: &App) -> Result<()> {
        let mut tx = app.begin(Actor::System).await?;
        let sql = format!("{SELECT} WHERE s.id = $1 AND s.watch_at = $2");
        let Some(row) = tx.opt(&sql, args![self.shipment, self.at]).await? else { return Ok(()) };
        // Whoever takes in an order holds its customer before its parcels.
        if let Some(customer) = shipment(&row)?.customer {
            customers::survivor(&mut tx, customer).await?;
        }
        let mut parcel = find(&mut tx, self.shipment).await?;
        if parcel.watch_at != Some(self.at) {
            return Ok(());
        }
        tx.run("UPDATE shipments SET watch_at = NULL WHERE id = $1", args![parcel.id]).await?;
        parcel.watch_at = None;
        let way = way(&mut tx, &parcel).await?;
        let now = tx.now();
        let open = open_reasons(&mut tx, parcel.id).await?;
        let mut next = None;
        for (reason, at) in due(&way, &parcel).into_iter().filter(|(reason, _)| !open.contains(reason)) {
            let look = if at > now {
                Some(at)
            } else if reason == Reason::NotHandedOver && !is_heard_of(&mut tx, &parcel).await? {
                Some(now + DAY)
            } else {
                trouble::raise(app, &mut tx, &parcel, reason, &way.rules).await?;
                None
            };
            next = next.into_iter().chain(look).min();
        }
        let is_old = parcel.shipped_at.unwrap_or(parcel.created_at) < now - LONGEST;
        look_at(&mut tx, &parcel, next.filter(|_| !is_old)).await?;
        tx.commit().await
    }
}

/// Whether news of this parcel, or of any of the shop's, reach us at all. Where they do not, every parcel looks as if
/// nobody had fetched it.
async fn is_heard_of(tx: &mut Tx, parcel: &Shipment) -> Result<bool> {
    // What a platform knows of parcels that arrived is not from a carrier.
    let sql = "SELECT 1 AS one FROM scans WHERE key <> 'delivered' AND (shipment = $1 OR shipment IN
            (SELECT s.id FROM shipments s JOIN orders o ON o.id = s.order_id
            WHERE o.shop = $2 AND s.last_scan_at > $3 ORDER BY s.last_scan_at DESC LIMIT 100)) LIMIT 1";
    let since = tx.now() - 30 * DAY;
    Ok(tx.opt(sql, args![parcel.id, parcel.shop, since]).await?.is_some())
}

/// Carries new rules to the parcels that are on their way.
#[derive(Serialize, Deserialize)]
pub(super) struct Replan {
    pub shop: ShopId,
    /// Up to this one all have been planned.
    pub after: i64,
}

impl Job for Replan {
    const NAME: &'static str = "shipments.replan";

    async fn run(self, app: &App) -> Result<()> {
        let mut tx = app.begin(Actor::System).await?;
        let sql = "SELECT s.id FROM shipments s JOIN orders o ON o.id = s.order_id
            WHERE s.id > $1 AND o.shop = $2 AND s.created_at > $3 AND s.cancelled = FALSE
            AND s.status NOT IN ('delivered', 'expired') ORDER BY s.id LIMIT $4";
        let since = tx.now() - LONGEST;
        let rows = tx.all(sql, args![self.after, self.shop, since, BATCH]).await?;
        let mut after = self.after;
        for row in &rows {
            let id: ShipmentId = row.id("id")?;
            after = id.0;
            let parcel = find(&mut tx, id).await?;
            plan(&mut tx, parcel, true).await?;
        }
        if i64::try_from(rows.len()).unwrap_or(0) == BATCH {
            tx.enqueue(&Self { after, ..self }).await?;
        }
        tx.commit().await
    }
}

/// Hears where the shop is, what time it has there and on which days it works: they say when a parcel counts as stuck.
struct Clocks;

impl Listener for Clocks {
    fn name(&self) -> &'static str {
        "parcels' clocks"
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
            let moves =
                |event: &Recorded| ["time_zone", "country"].iter().any(|what| !event.data["changes"][what].is_null());
            let counts_anew = |event: &Recorded| match event.kind.as_str() {
                "shop.changed" => moves(event),
                kind => ["hours.changed", "schedule.changed"].contains(&kind),
            };
            if !events.iter().any(counts_anew) {
                return Ok(());
            }
            for row in tx.all("SELECT id FROM shops", args![]).await? {
                tx.enqueue(&Replan { shop: row.id("id")?, after: 0 }).await?;
            }
            Ok(())
        })
    }
}
