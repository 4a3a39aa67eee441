//! How much somebody may give away by themselves: limits per role, kind of action, currency and day. Above them a lead
//! decides.

use aide::axum::{ApiRouter, routing::get_with};
use axum::{Json, extract::State};
use base::{
    App, Error, Feature, Result, Row, Tx, args,
    web::{Body, Listing},
};
use connectors::{action::ActionKind, money};
use jiff::{Timestamp, tz::TimeZone};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::By;
use crate::{
    Event,
    agents::{Permission, Role, Who},
    shops::ShopId,
};

pub(super) fn feature() -> Feature {
    let limits = get_with(index, |op| op.summary("How much each role may give away by itself"))
        .put_with(replace, |op| op.summary("Set how much each role may give away by itself"));
    Feature { routes: ApiRouter::new().api_route("/authority", limits), ..Feature::default() }
}

/// Those who are no agents and have limits too.
const OTHERS: [&str; 3] = ["rule", "bot", "shopper"];

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Limit {
    /// A role (`agent`, `lead`, `admin`), or `rule`, `bot`, `shopper`. Owners have no limits.
    pub role: String,
    pub kind: ActionKind,
    /// ISO 4217. Currencies that are named for a role and kind are the only ones without approval.
    pub currency: String,
    /// At once, in the smallest unit of the currency; null is as much as they like.
    pub once: Option<i64>,
    /// In one day of the shop's; null is as much as they like.
    pub day: Option<i64>,
}

fn limit(row: &Row) -> Result<Limit> {
    Ok(Limit {
        role: row.text("role")?,
        kind: row.word("kind")?,
        currency: row.text("currency")?,
        once: row.opt_int("once")?,
        day: row.opt_int("day")?,
    })
}

/// Why somebody may not do this by themselves; none where they may. Whoever asks holds the order, and all that one person
/// asks for is counted one after the other.
pub(super) async fn above(
    tx: &mut Tx,
    shop: ShopId,
    by: &By,
    kind: ActionKind,
    currency: &str,
    worth: i64,
) -> Result<Option<String>> {
    if worth <= 0 || by.role() == Role::Owner.as_str() {
        return Ok(None);
    }
    let sql = "SELECT * FROM authority WHERE shop = $1 AND role = $2 AND kind = $3";
    let limits = tx.all(sql, args![shop, by.role(), kind]).await?.iter().map(limit).collect::<Result<Vec<_>>>()?;
    if limits.is_empty() {
        return Ok(None);
    }
    let Some(limit) = limits.iter().find(|limit| limit.currency == currency) else {
        return Ok(Some(format!("there is no limit in {currency}")));
    };
    let shown = |minor: i64| format!("{} {currency}", money::decimal(minor, currency));
    if let Some(once) = limit.once.filter(|once| worth > *once) {
        return Ok(Some(format!("more than {} at once", shown(once))));
    }
    let Some(day) = limit.day else { return Ok(None) };
    let (actor, actor_id) = by.actor().columns();
    // Two at once must not both find room.
    tx.lock(&format!("authority of {actor} {}", actor_id.unwrap_or_default())).await?;
    // Along the index of who asked, which knows nobody by NULL.
    let whose = if actor_id.is_some() { "actor_id = $2" } else { "actor_id IS NULL AND $2 IS NULL" };
    // What waits for approval has used nothing up, and what a lead approved is on the lead.
    let sql = format!(
        "SELECT CAST(COALESCE(sum(worth), 0) AS BIGINT) AS used FROM order_actions
        WHERE actor = $1 AND {whose} AND created_at >= $3 AND kind = $4 AND currency = $5 AND role = $6
            AND state NOT IN ('awaiting_approval', 'refused', 'declined', 'withdrawn') AND decided_by IS NULL"
    );
    let since = midnight(tx, shop).await?;
    let used = tx.one(&sql, args![actor, actor_id, since, kind, currency, by.role()]).await?.int("used")?;
    Ok((used.saturating_add(worth) > day)
        .then(|| format!("more than {} a day, {} of it used", shown(day), shown(used))))
}

/// When the day began where the shop is; in UTC where nobody said.
async fn midnight(tx: &mut Tx, shop: ShopId) -> Result<i64> {
    let row = tx.one("SELECT time_zone FROM shops WHERE id = $1", args![shop]).await?;
    let zone = row.opt_text("time_zone")?.and_then(|name| TimeZone::get(&name).ok()).unwrap_or(TimeZone::UTC);
    let now = Timestamp::from_millisecond(tx.now())?.to_zoned(zone);
    Ok(now.start_of_day()?.timestamp().as_millisecond())
}

async fn index(who: Who, State(app): State<App>) -> Result<Json<Listing<Limit>>> {
    who.may(Permission::TicketsRead)?;
    let sql = "SELECT * FROM authority WHERE shop = $1 ORDER BY role, kind, currency";
    let data = app.db().all(sql, args![who.shop]).await?.iter().map(limit).collect::<Result<_>>()?;
    Ok(Json(Listing { data }))
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Limits {
    /// All of them: what is not named is no limit any more.
    data: Vec<Limit>,
}

async fn replace(who: Who, State(app): State<App>, Body(body): Body<Limits>) -> Result<Json<Listing<Limit>>> {
    who.may(Permission::ShopManage)?;
    let mut tx = who.begin(&app).await?;
    tx.run("DELETE FROM authority WHERE shop = $1", args![who.shop]).await?;
    for (place, limit) in body.data.iter().enumerate() {
        let field = |name: &str| format!("data[{place}].{name}");
        let known = OTHERS.contains(&limit.role.as_str())
            || limit.role.parse::<Role>().is_ok_and(|role| ![Role::Owner, Role::Viewer].contains(&role));
        if !known {
            let why = "must be agent, lead, admin, rule, bot or shopper; owners have no limits, and viewers do nothing";
            return Err(Error::invalid(field("role"), why));
        }
        let currency = money::code(&field("currency"), &limit.currency)?;
        for (name, value) in [("once", limit.once), ("day", limit.day)] {
            if value.is_some_and(|value| value < 0) {
                return Err(Error::invalid(field(name), "must not be negative; 0 says that all of it needs approval"));
            }
        }
        let sql = "INSERT INTO authority (shop, role, kind, currency, once, day) VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (shop, role, kind, currency) DO NOTHING RETURNING id";
        let args = args![who.shop, &limit.role, limit.kind, currency, limit.once, limit.day];
        if tx.opt(sql, args).await?.is_none() {
            return Err(Error::invalid(field("currency"), "stands here twice for this role and kind"));
        }
    }
    tx.emit(&Event::AuthorityChanged { limits: i64::try_from(body.data.len())? })?;
    tx.commit().await?;
    index(who, State(app)).await
}
