//! The shop's policy, in versions: what was decided by one stays decided by it.

use aide::axum::{ApiRouter, routing::get_with};
use axum::{Json, extract::State};
use base::{App, Db, Feature, Result, Row, Stamp, Tx, args, web::Body};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;

use super::policy::Policy;
use crate::{
    Event,
    agents::{AgentId, Permission, Who},
    shops::{self, ShopId},
};

base::id!(
    /// One version of a shop's policy.
    PolicyId,
);

#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(rename = "KeptReturnPolicy")]
pub struct Kept {
    #[serde(skip)]
    pub id: PolicyId,
    /// 0: nobody has made one yet; it says what a shop could begin with, and nothing can be sent back by it.
    pub version: i64,
    pub made_at: Option<Stamp>,
    pub made_by: Option<AgentId>,
    pub policy: Policy,
}

pub(super) fn feature() -> Feature {
    let routes = ApiRouter::new().api_route(
        "/return-policy",
        get_with(show, |op| op.summary("What the shop takes back")).put_with(put, |op| {
            op.summary("Say what the shop takes back")
                .description("Makes a new version. Returns that were asked for stay decided by theirs.")
        }),
    );
    Feature { routes, ..Feature::default() }
}

/// The newest version; none where the shop has made none.
pub async fn current(db: &Db, shop: ShopId) -> Result<Option<Kept>> {
    let sql = "SELECT * FROM return_policies WHERE shop = $1 ORDER BY version DESC LIMIT 1";
    db.opt(sql, args![shop]).await?.as_ref().map(kept).transpose()
}

pub(super) async fn by_id(tx: &mut Tx, id: PolicyId) -> Result<Kept> {
    kept(&tx.one("SELECT * FROM return_policies WHERE id = $1", args![id]).await?)
}

pub async fn keep(tx: &mut Tx, shop: ShopId, by: Option<AgentId>, policy: &Policy) -> Result<Kept> {
    tx.lock(&format!("return policy of {shop}")).await?;
    let sql = "SELECT COALESCE(max(version), 0) AS newest FROM return_policies WHERE shop = $1";
    let version = tx.one(sql, args![shop]).await?.int("newest")? + 1;
    let sql = "INSERT INTO return_policies (shop, version, policy, made_at, made_by)
        VALUES ($1, $2, $3, $4, $5) RETURNING *";
    let now = tx.now();
    let made = kept(&tx.one(sql, args![shop, version, json!(policy), now, by]).await?)?;
    tx.emit(&Event::ReturnPolicyChanged { version })?;
    Ok(made)
}

async fn show(who: Who, State(app): State<App>) -> Result<Json<Kept>> {
    who.may(Permission::TicketsRead)?;
    if let Some(kept) = current(app.db(), who.shop).await? {
        return Ok(Json(kept));
    }
    let currency = shops::read(app.db()).await?.currency;
    let policy = Policy::usual(&currency);
    Ok(Json(Kept { id: PolicyId(0), version: 0, made_at: None, made_by: None, policy }))
}

async fn put(who: Who, State(app): State<App>, Body(policy): Body<Policy>) -> Result<Json<Kept>> {
    who.may(Permission::ShopManage)?;
    let policy = policy.checked()?;
    let mut tx = who.begin(&app).await?;
    let kept = keep(&mut tx, who.shop, who.agent, &policy).await?;
    tx.commit().await?;
    Ok(Json(kept))
}

fn kept(row: &Row) -> Result<Kept> {
    Ok(Kept {
        id: row.id("id")?,
        version: row.int("version")?,
        made_at: Some(Stamp(row.int("made_at")?)),
        made_by: row.opt_id("made_by")?,
        policy: row.json("policy")?,
    })
}
