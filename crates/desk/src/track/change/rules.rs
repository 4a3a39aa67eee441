//! What a shop lets its shoppers change by themselves, and until when. Nothing, until it says so.

use aide::axum::{ApiRouter, routing::get_with};
use axum::{Json, extract::State};
use base::{App, Db, Error, Feature, Result, args, web::Body};
use connectors::action::ActionKind;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{
    Event,
    agents::{Permission, Who},
    event::Changes,
    shops::ShopId,
};

/// A month.
const LONGEST: i64 = 31 * 24 * 60;

pub(super) fn feature() -> Feature {
    let both = get_with(show, |op| op.summary("What shoppers may change of their orders by themselves"))
        .put_with(update, |op| op.summary("Say what shoppers may change of their orders by themselves"));
    Feature { routes: ApiRouter::new().api_route("/shopper-changes", both), ..Feature::default() }
}

/// What shoppers may have done before anything is packed, from the page of their order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(rename = "ShopperChanges")]
pub struct Rules {
    pub cancel: Rule,
    pub address: Rule,
    /// The new address may be in another country, although shipping and taxes stay as they were.
    pub abroad: bool,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(rename = "ShopperChange")]
pub struct Rule {
    pub allowed: bool,
    /// For so many minutes after it was placed; null: until it is being packed, which ends it in any case.
    pub minutes: Option<i64>,
}

impl Rules {
    pub fn of(&self, kind: ActionKind) -> Option<&Rule> {
        let rule = match kind {
            ActionKind::Cancel => &self.cancel,
            ActionKind::ChangeAddress => &self.address,
            _ => return None,
        };
        rule.allowed.then_some(rule)
    }

    fn check(&self) -> Result<()> {
        for (field, rule) in [("cancel.minutes", &self.cancel), ("address.minutes", &self.address)] {
            if rule.minutes.is_some_and(|minutes| !(1..=LONGEST).contains(&minutes)) {
                return Err(Error::invalid(field, format!("must be 1 to {LONGEST}, or null")));
            }
        }
        Ok(())
    }
}

pub(super) async fn read(db: &Db, shop: ShopId) -> Result<Rules> {
    let row = db.opt("SELECT data FROM shopper_rules WHERE shop = $1", args![shop]).await?;
    Ok(row.map(|row| row.json("data")).transpose()?.unwrap_or_default())
}

async fn show(who: Who, State(app): State<App>) -> Result<Json<Rules>> {
    who.may(Permission::TicketsRead)?;
    Ok(Json(read(app.db(), who.shop).await?))
}

async fn update(who: Who, State(app): State<App>, Body(new): Body<Rules>) -> Result<Json<Rules>> {
    who.may(Permission::ShopManage)?;
    new.check()?;
    let mut tx = who.begin(&app).await?;
    tx.lock(&format!("shopper changes {}", who.shop)).await?;
    let row = tx.opt("SELECT data FROM shopper_rules WHERE shop = $1", args![who.shop]).await?;
    let before: Rules = row.map(|row| row.json("data")).transpose()?.unwrap_or_default();
    let mut changes = Changes::default();
    changes.note("shopper_changes", &before, &new)?;
    if !changes.is_empty() {
        let sql = "INSERT INTO shopper_rules (shop, data) VALUES ($1, $2)
            ON CONFLICT (shop) DO UPDATE SET data = excluded.data";
        tx.run(sql, args![who.shop, json!(new)]).await?;
        tx.emit(&Event::ShopChanged { changes: changes.into_map() })?;
    }
    tx.commit().await?;
    Ok(Json(new))
}
