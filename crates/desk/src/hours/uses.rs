//! Who goes by which schedule: the shop, and each team that has one of its own.

use std::collections::BTreeMap;

use aide::axum::{ApiRouter, routing::get_with};
use axum::{Json, extract::State};
use base::{App, Error, Feature, Result, Stamp, Tx, args, web::Body};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{ScheduleId, timeline};
use crate::{
    Event,
    agents::{Permission, TeamId, Who, teams},
    shops::ShopId,
};

pub(super) fn feature() -> Feature {
    let both = get_with(show, |op| op.summary("Who goes by which schedule, and who is open now"))
        .put_with(replace, |op| op.summary("Say who goes by which schedule, from now on"));
    Feature { routes: ApiRouter::new().api_route("/hours", both), ..Feature::default() }
}

/// What the shop (team 0) and its teams go by now.
pub(super) async fn now(tx: &mut Tx, shop: ShopId) -> Result<BTreeMap<TeamId, Option<ScheduleId>>> {
    let sql = "SELECT team, schedule FROM schedule_uses WHERE shop = $1 ORDER BY id";
    let rows = tx.all(sql, args![shop]).await?;
    let mut used: BTreeMap<TeamId, Option<ScheduleId>> =
        rows.iter().map(|row| Ok((row.id("team")?, row.opt_id("schedule")?))).collect::<Result<_>>()?;
    let sql = "SELECT id FROM teams WHERE shop = $1 AND deleted_at IS NULL";
    let teams: Vec<TeamId> = tx.all(sql, args![shop]).await?.iter().map(|row| row.id("id")).collect::<Result<_>>()?;
    used.retain(|team, _| team.0 == 0 || teams.contains(team));
    Ok(used)
}

/// The shop goes by this schedule from now on (none: it is always open), and each of these teams by its own; the others
/// go by the shop's.
pub async fn put(tx: &mut Tx, shop: ShopId, wanted: &Hours) -> Result<()> {
    tx.lock(&format!("schedules of {shop}")).await?;
    let mut new = BTreeMap::from([(TeamId(0), wanted.shop)]);
    for (at, one) in wanted.teams.iter().enumerate() {
        if !teams::exists(tx, one.team).await? {
            return Err(Error::invalid(format!("teams[{at}].team"), "is no team"));
        }
        if new.insert(one.team, Some(one.schedule)).is_some() {
            return Err(Error::invalid(format!("teams[{at}].team"), "stands here twice"));
        }
    }
    for (at, id) in std::iter::once(wanted.shop).chain(wanted.teams.iter().map(|one| Some(one.schedule))).enumerate() {
        let sql = "SELECT id FROM schedules WHERE id = $1 AND shop = $2 AND deleted_at IS NULL";
        if let Some(id) = id
            && tx.opt(sql, args![id, shop]).await?.is_none()
        {
            let field = if at == 0 { "shop".to_owned() } else { format!("teams[{}].schedule", at - 1) };
            return Err(Error::invalid(field, "is no schedule"));
        }
    }
    let before = now(tx, shop).await?;
    let left = before.keys().filter(|team| !new.contains_key(team)).map(|team| (*team, None)).collect::<Vec<_>>();
    new.extend(left);
    let at = tx.now();
    new.retain(|team, schedule| before.get(team).copied().flatten() != *schedule);
    for (team, schedule) in &new {
        let sql = "INSERT INTO schedule_uses (shop, team, schedule, valid_from) VALUES ($1, $2, $3, $4)";
        tx.run(sql, args![shop, *team, *schedule, at]).await?;
    }
    if new.is_empty() {
        return Ok(());
    }
    let teams = wanted.teams.iter().map(|one| (one.team.0, one.schedule)).collect();
    tx.emit(&Event::HoursChanged { shop: wanted.shop, teams })
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Hours {
    /// Null: it is always open.
    pub shop: Option<ScheduleId>,
    /// Teams with a schedule of their own; the others go by the shop's.
    #[serde(default)]
    pub teams: Vec<TeamHours>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TeamHours {
    pub team: TeamId,
    pub schedule: ScheduleId,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "HoursNow")]
struct Shown {
    shop: Use,
    /// Teams with a schedule of their own.
    teams: Vec<TeamUse>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "HoursUse")]
struct Use {
    /// Null: always open.
    schedule: Option<ScheduleId>,
    open: bool,
    /// When it opens or closes next; null where it never does.
    changes_at: Option<Stamp>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "HoursTeamUse")]
struct TeamUse {
    team: TeamId,
    schedule: ScheduleId,
    open: bool,
    changes_at: Option<Stamp>,
}

async fn one(tx: &mut Tx, shop: ShopId, team: Option<TeamId>, schedule: Option<ScheduleId>) -> Result<Use> {
    let now = tx.now();
    let timeline = timeline(tx, shop, team, now).await?;
    let changes_at = timeline.at(now).and_then(|calendar| calendar.next_change(now)).map(Stamp);
    Ok(Use { schedule, open: timeline.is_open(now), changes_at })
}

async fn shown(tx: &mut Tx, shop: ShopId) -> Result<Shown> {
    let used = now(tx, shop).await?;
    let own = used.get(&TeamId(0)).copied().flatten();
    let mut shown = Shown { shop: one(tx, shop, None, own).await?, teams: Vec::new() };
    for (team, schedule) in used.into_iter().filter(|(team, _)| team.0 != 0) {
        let Some(schedule) = schedule else { continue };
        let Use { open, changes_at, .. } = one(tx, shop, Some(team), Some(schedule)).await?;
        shown.teams.push(TeamUse { team, schedule, open, changes_at });
    }
    Ok(shown)
}

async fn show(who: Who, State(app): State<App>) -> Result<Json<Shown>> {
    who.may(Permission::TicketsRead)?;
    let mut tx = app.look().await?;
    shown(&mut tx, who.shop).await.map(Json)
}

async fn replace(who: Who, State(app): State<App>, Body(body): Body<Hours>) -> Result<Json<Shown>> {
    who.may(Permission::ShopManage)?;
    let mut tx = who.begin(&app).await?;
    put(&mut tx, who.shop, &body).await?;
    let shown = shown(&mut tx, who.shop).await?;
    tx.commit().await?;
    Ok(Json(shown))
}
