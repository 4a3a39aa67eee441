//! How much somebody may give away by themselves: limits per role, kind of action, currency and day. Above them a lead
//! decides.

use aide::axum::{ApiRouter, routing::get_with};
use axum::{Json, extract::State};
use base::{
    App, Error, Feature, Result, Row, Tx, args,
    web::{Body, Listing},
};
use connectors::{action::ActionKind, money};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::By;
use crate::{
    Event,
    agents::{Permission, Role, Who},
    shops::{self, ShopId},
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

/// Why somebody may not do this by themselves; none where they may. What nobody can say the worth of is above every limit. Whoever asks holds the order, and all that one person
/// asks for is counted one after the other.
pub(super) async fn above(
    tx: &mut Tx,
    shop: ShopId,
    by: &By,
    kind: ActionKind,
    currency: &str,
    worth: Option<i64>,
) -> Result<Option<String>> {
    if by.role() == Role::Owner.as_str() {
        return Ok(None);
    }
    // What has no limits of its own is held to those of refunds: money that goes out is money that goes out.
    let sql = "SELECT * FROM authority WHERE shop = $1 AND role = $2 AND kind IN ($3, $4)";
    let args = args![shop, by.role(), kind, ActionKind::Refund];
    let limits = tx.all(sql, args).await?.iter().map(limit).collect::<Result<Vec<_>>>()?;
    let (own, others): (Vec<_>, Vec<_>) = limits.into_iter().partition(|limit| limit.kind == kind);
    if worth.is_some_and(|worth| worth <= 0) {
        // What costs nothing is above no limit but that of nothing at all.
        let each = own.iter().any(|limit| limit.once == Some(0));
        return Ok(each.then(|| "each of these needs approval".to_owned()));
    }
    let limits = if own.is_empty() { others } else { own };
    let Some(worth) = worth else {
        return Ok((!limits.is_empty()).then(|| "nobody can say what it is worth".to_owned()));
    };
    let Some(kind) = limits.first().map(|limit| limit.kind) else { return Ok(None) };
    let Some(limit) = limits.iter().find(|limit| limit.currency == currency) else {
        return Ok(Some(format!("there is no limit in {currency}")));
    };
    let shown = |minor: i64| format!("{} {currency}", money::decimal(minor, currency));
    if let Some(once) = limit.once.filter(|once| worth > *once) {
        return Ok(Some(format!("more than {} at once", shown(once))));
    }
    let Some(day) = limit.day else { return Ok(None) };
    let used = used(tx, shop, by, kind, currency).await?;
    Ok((used.saturating_add(worth) > day)
        .then(|| format!("more than {} a day, {} of it used", shown(day), shown(used))))
}

/// What somebody has given away today of what these limits hold for, by asking for it and by approving it.
async fn used(tx: &mut Tx, shop: ShopId, by: &By, kind: ActionKind, currency: &str) -> Result<i64> {
    let (actor, actor_id) = by.actor().columns();
    // Two at once must not both find room.
    tx.lock(&format!("authority of {actor} {}", actor_id.unwrap_or_default())).await?;
    let since = midnight(tx, shop).await?;
    let counts = "currency = $1 AND state NOT IN ('awaiting_approval', 'refused', 'declined', 'withdrawn')
        AND (kind = $2 OR $2 = 'refund' AND NOT EXISTS
            (SELECT 1 FROM authority a WHERE a.shop = $3 AND a.role = $4 AND a.kind = order_actions.kind))";
    // Along the index of who asked, which knows nobody by NULL.
    let whose = if actor_id.is_some() { "actor_id = $6" } else { "actor_id IS NULL AND $6 IS NULL" };
    // What somebody approved is on them, not on whoever asked.
    let sql = format!(
        "SELECT CAST(COALESCE(sum(worth), 0) AS BIGINT) AS used FROM order_actions
        WHERE actor = $7 AND {whose} AND created_at >= $5 AND role = $4 AND {counts} AND decided_by IS NULL"
    );
    let args = args![currency, kind, shop, by.role(), since, actor_id, actor];
    let asked = tx.one(&sql, args).await?.int("used")?;
    let By::Agent(agent, _) = by else { return Ok(asked) };
    let sql = format!(
        "SELECT CAST(COALESCE(sum(worth), 0) AS BIGINT) AS used FROM order_actions
        WHERE decided_by = $6 AND decided_at >= $5 AND {counts}"
    );
    let approved = tx.one(&sql, args![currency, kind, shop, by.role(), since, *agent]).await?.int("used")?;
    Ok(asked.saturating_add(approved))
}

/// When the day began where the shop is; in UTC where nobody said.
async fn midnight(tx: &mut Tx, shop: ShopId) -> Result<i64> {
    let zone = shops::find(tx, shop).await?.zone();
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
