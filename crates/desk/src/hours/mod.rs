//! Business hours: schedules with a time zone, a week, holidays and special days; one for a shop and, where it wants, one
//! for a team. Where none is set, somebody is always there. Changing a schedule changes nothing that lies behind.

mod calendar;
mod change;
mod holidays;
mod ics;
mod plan;
mod preview;
mod timeline;
mod uses;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use base::{App, Feature, Result, Time, Tx, args};
use connectors::hours::Hours;
use jiff::{Timestamp, tz::TimeZone};

use crate::{agents::TeamId, shops::ShopId};

pub use calendar::Calendar;
pub use holidays::Region;
pub use plan::{Period, Plan, SpecialDay};
pub use timeline::Timeline;

base::id!(ScheduleId);

pub fn feature() -> Feature {
    Feature::default().merge(change::feature()).merge(uses::feature()).merge(preview::feature())
}

/// What a shop, or one of its teams, goes by and went by since this moment; of what was before, nothing is said.
pub async fn timeline(tx: &mut Tx, shop: ShopId, team: Option<TeamId>, since: Time) -> Result<Timeline> {
    let team = team.map_or(0, |team| team.0);
    let sql = "SELECT team, schedule, valid_from FROM schedule_uses WHERE shop = $1 AND team IN (0, $2) ORDER BY id";
    let (mut shops, mut teams) = (Vec::new(), Vec::new());
    for row in tx.all(sql, args![shop, team]).await? {
        let of = if row.int("team")? == 0 { &mut shops } else { &mut teams };
        of.push((row.int("valid_from")?, row.opt_id::<ScheduleId>("schedule")?));
    }
    let sql = "SELECT v.schedule, v.valid_from, v.data FROM schedule_versions v WHERE v.schedule IN
            (SELECT schedule FROM schedule_uses WHERE shop = $1 AND team IN (0, $2))
        AND v.version >= (SELECT COALESCE(max(o.version), 0) FROM schedule_versions o
            WHERE o.schedule = v.schedule AND o.valid_from <= $3) ORDER BY v.schedule, v.version";
    let mut versions: BTreeMap<ScheduleId, Vec<(Time, Arc<Calendar>)>> = BTreeMap::new();
    for row in tx.all(sql, args![shop, team, since]).await? {
        let calendar = Arc::new(row.json::<Plan>("data")?.calendar()?);
        versions.entry(row.id("schedule")?).or_default().push((row.int("valid_from")?, calendar));
    }
    let in_force = |uses: &[(Time, Option<ScheduleId>)], at| {
        uses.iter().rev().find(|(from, _)| *from <= at).and_then(|(_, schedule)| *schedule)
    };
    let moments: BTreeSet<Time> =
        shops.iter().chain(&teams).map(|(at, _)| *at).chain(versions.values().flatten().map(|(at, _)| *at)).collect();
    let said = |at| {
        let all = versions.get(&in_force(&teams, at).or_else(|| in_force(&shops, at))?)?;
        all.iter().rev().find(|(from, _)| *from <= at).map(|(_, calendar)| Arc::clone(calendar))
    };
    Ok(Timeline::new(moments.into_iter().map(|at| (at, said(at))).collect()))
}

/// Whether somebody is there, as visitors are told.
#[derive(Debug)]
pub struct Opening {
    pub open: bool,
    /// When somebody is there next, where nobody is.
    pub opens_at: Option<Time>,
    zone: TimeZone,
}

impl Opening {
    /// The weekday on which it opens, Monday as 0, and the time by the clock there; none where that is more than a week away.
    pub fn clock(&self, now: Time) -> Option<(usize, String)> {
        let at = self.opens_at.filter(|at| at - now < 7 * base::DAY)?;
        let at = Timestamp::from_millisecond(at).ok()?.to_zoned(self.zone.clone());
        let day = usize::try_from(at.weekday().to_monday_zero_offset()).ok()?;
        Some((day, format!("{:02}:{:02}", at.hour(), at.minute())))
    }
}

/// By the hours of an inbox's own, where it has some, else by the schedule of its team or shop.
pub async fn opening(app: &App, shop: ShopId, team: Option<TeamId>, own: Option<&Hours>) -> Result<Opening> {
    let now = app.now();
    if let Some(hours) = own {
        let open = hours.are_on(now);
        let opens_at = if open { None } else { hours.begin_after(now) };
        return Ok(Opening { open, opens_at, zone: hours.zone().clone() });
    }
    let timeline = timeline(&mut app.look().await?, shop, team, now).await?;
    let open = timeline.is_open(now);
    let opens_at = if open { None } else { timeline.next_open(now) };
    let zone = timeline.at(now).map_or(TimeZone::UTC, |calendar| calendar.zone().clone());
    Ok(Opening { open, opens_at, zone })
}

#[cfg(test)]
mod tests;
