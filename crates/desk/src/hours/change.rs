//! Making schedules, changing and removing them.

use aide::axum::{
    ApiRouter,
    routing::{get_with, put_with},
};
use axum::{Json, extract::State};
use base::{
    App, Error, Feature, Result, Row, Stamp, Tx, args,
    web::{Body, Created, Gone, Id, Listing},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Plan, ScheduleId};
use crate::{
    Event,
    agents::{Permission, Who},
    shops::{ShopId, line},
};

pub(super) fn feature() -> Feature {
    let all = get_with(list, |op| op.summary("Schedules: when somebody is there"))
        .post_with(create, |op| op.summary("Make a schedule"));
    let one = put_with(update, |op| op.summary("Say anew what a schedule says, from now on"))
        .delete_with(destroy, |op| op.summary("Remove a schedule that nobody goes by"));
    let routes = ApiRouter::new().api_route("/schedules", all).api_route("/schedules/{id}", one);
    Feature { routes, ..Feature::default() }
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct Schedule {
    pub id: ScheduleId,
    pub name: String,
    pub plan: Plan,
    /// 1, 2, 3 …: each change makes a new one, and what ran before is counted by the older.
    pub version: i64,
    pub valid_from: Stamp,
}

/// A shop has no more of them.
const MOST: i64 = 100;

pub async fn add(tx: &mut Tx, shop: ShopId, name: &str, plan: Plan) -> Result<Schedule> {
    let (name, plan) = (line("name", name, 60)?, plan.in_order());
    plan.calendar().map_err(inside_plan)?;
    tx.lock(&format!("schedules of {shop}")).await?;
    free_name(tx, shop, &name, ScheduleId(0)).await?;
    let sql = "SELECT CAST(count(*) AS BIGINT) AS n FROM schedules WHERE shop = $1 AND deleted_at IS NULL";
    if tx.one(sql, args![shop]).await?.int("n")? >= MOST {
        return Err(Error::invalid("name", format!("a shop has at most {MOST} schedules")));
    }
    let now = tx.now();
    let sql = "INSERT INTO schedules (shop, name, created_at) VALUES ($1, $2, $3) RETURNING id";
    let id: ScheduleId = tx.one(sql, args![shop, &name, now]).await?.id("id")?;
    keep(tx, id, 1, &plan).await?;
    tx.emit(&Event::ScheduleChanged { schedule: id, name: name.clone(), version: 1 })?;
    Ok(Schedule { id, name, plan, version: 1, valid_from: Stamp(now) })
}

async fn change(tx: &mut Tx, shop: ShopId, before: Schedule, name: &str, plan: Plan) -> Result<Schedule> {
    let (name, plan) = (line("name", name, 60)?, plan.in_order());
    plan.calendar().map_err(inside_plan)?;
    free_name(tx, shop, &name, before.id).await?;
    if before.name == name && before.plan == plan {
        return Ok(before);
    }
    let mut after = Schedule { name, ..before };
    if after.plan != plan {
        after = Schedule { plan, version: after.version + 1, valid_from: Stamp(tx.now()), ..after };
        keep(tx, after.id, after.version, &after.plan).await?;
    }
    let sql = "UPDATE schedules SET name = $1, version = $2 WHERE id = $3";
    tx.run(sql, args![&after.name, after.version, after.id]).await?;
    tx.emit(&Event::ScheduleChanged { schedule: after.id, name: after.name.clone(), version: after.version })?;
    Ok(after)
}

async fn keep(tx: &mut Tx, id: ScheduleId, version: i64, plan: &Plan) -> Result<()> {
    let sql = "INSERT INTO schedule_versions (schedule, version, valid_from, data) VALUES ($1, $2, $3, $4)";
    let now = tx.now();
    tx.run(sql, args![id, version, now, json!(plan)]).await
}

/// What it said stays, for what ran by it.
async fn remove(tx: &mut Tx, shop: ShopId, id: ScheduleId) -> Result<()> {
    if super::uses::now(tx, shop).await?.values().any(|used| *used == Some(id)) {
        return Err(Error::conflict("Somebody goes by this schedule. Give them another one first."));
    }
    let now = tx.now();
    tx.run("UPDATE schedules SET deleted_at = $1 WHERE id = $2", args![now, id]).await?;
    tx.emit(&Event::ScheduleDeleted { schedule: id })
}

async fn free_name(tx: &mut Tx, shop: ShopId, name: &str, but: ScheduleId) -> Result<()> {
    let sql =
        "SELECT id FROM schedules WHERE shop = $1 AND lower(name) = lower($2) AND id <> $3 AND deleted_at IS NULL";
    match tx.opt(sql, args![shop, name, but]).await? {
        None => Ok(()),
        Some(_) => Err(Error::invalid("name", "is another schedule's name")),
    }
}

/// A field of a plan as it stands in a body.
pub(super) fn inside_plan(error: Error) -> Error {
    match error {
        Error::Invalid(mut wrong) => {
            for wrong in &mut wrong {
                wrong.field = format!("plan.{}", wrong.field);
            }
            Error::Invalid(wrong)
        }
        other => other,
    }
}

const SELECT: &str = "SELECT s.id, s.name, s.version, v.valid_from, v.data FROM schedules s
    JOIN schedule_versions v ON v.schedule = s.id AND v.version = s.version WHERE s.shop = $1 AND s.deleted_at IS NULL";

/// The schedule, held with all of the shop's against other writers until the transaction ends.
async fn find(tx: &mut Tx, shop: ShopId, id: ScheduleId) -> Result<Schedule> {
    // Before any row: whoever says who goes by which schedule holds this, and then touches the schedules.
    tx.lock(&format!("schedules of {shop}")).await?;
    schedule(&tx.one(&format!("{SELECT} AND s.id = $2"), args![shop, id]).await?)
}

fn schedule(row: &Row) -> Result<Schedule> {
    Ok(Schedule {
        id: row.id("id")?,
        name: row.text("name")?,
        plan: row.json("data")?,
        version: row.int("version")?,
        valid_from: Stamp(row.int("valid_from")?),
    })
}

async fn list(who: Who, State(app): State<App>) -> Result<Json<Listing<Schedule>>> {
    who.may(Permission::TicketsRead)?;
    let rows = app.db().all(&format!("{SELECT} ORDER BY lower(s.name), s.id"), args![who.shop]).await?;
    Ok(Json(Listing { data: rows.iter().map(schedule).collect::<Result<_>>()? }))
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "NewSchedule")]
struct New {
    name: String,
    plan: Plan,
}

async fn create(who: Who, State(app): State<App>, Body(body): Body<New>) -> Result<Created<Schedule>> {
    who.may(Permission::ShopManage)?;
    let mut tx = who.begin(&app).await?;
    let schedule = add(&mut tx, who.shop, &body.name, body.plan).await?;
    tx.created(schedule).await
}

async fn update(
    who: Who,
    State(app): State<App>,
    Id(id): Id<ScheduleId>,
    Body(body): Body<New>,
) -> Result<Json<Schedule>> {
    who.may(Permission::ShopManage)?;
    let mut tx = who.begin(&app).await?;
    let before = find(&mut tx, who.shop, id).await?;
    let after = change(&mut tx, who.shop, before, &body.name, body.plan).await?;
    tx.commit().await?;
    Ok(Json(after))
}

async fn destroy(who: Who, State(app): State<App>, Id(id): Id<ScheduleId>) -> Result<Gone> {
    who.may(Permission::ShopManage)?;
    let mut tx = who.begin(&app).await?;
    find(&mut tx, who.shop, id).await?;
    remove(&mut tx, who.shop, id).await?;
    tx.commit().await?;
    Ok(Gone)
}
