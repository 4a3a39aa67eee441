//! Which messages a shop sends, in which words, and when it lets people sleep.

use std::collections::BTreeMap;

use aide::axum::{ApiRouter, routing::get_with};
use axum::{Json, extract::State};
use base::{App, DAY, Error, Feature, Result, Time, Tx, args, web::Body};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::Kind;
use crate::{
    Event,
    agents::{Permission, Who},
    shipments::{
        peace::Quiet,
        words::{self, Texts},
    },
    shops::ShopId,
};

pub(super) fn feature() -> Feature {
    let settings = get_with(show, |op| op.summary("Which messages about orders are sent"))
        .put_with(replace, |op| op.summary("Say which messages about orders are sent"));
    Feature { routes: ApiRouter::new().api_route("/order-updates", settings), ..Feature::default() }
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(rename = "OrderUpdateSettings")]
pub struct Settings {
    /// The shop's platform tells shoppers what they wait for: of that nothing is sent, whatever `kinds` says.
    pub platform_tells: bool,
    /// By kind; what is not named is not sent.
    pub kinds: BTreeMap<Kind, Choice>,
    /// No message leaves in these hours of the shop's zone; it waits until they are over.
    pub quiet: Option<Quiet>,
    /// Messages to one person within a day, beyond which only what they wait for is sent; 4 where nobody said.
    pub most_a_day: Option<i64>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(rename = "OrderUpdateChoice")]
pub struct Choice {
    pub on: bool,
    /// Of thanks and care: days after the order arrived; 3 and 30 where nobody said.
    pub days: Option<i64>,
    /// Own texts by language, in place of ours.
    pub texts: Texts,
}

impl Settings {
    /// The shop's; nothing is on where it said nothing.
    pub async fn of(tx: &mut Tx, shop: ShopId) -> Result<Self> {
        let row = tx.opt("SELECT data FROM update_settings WHERE shop = $1", args![shop]).await?;
        row.map_or_else(|| Ok(Self::default()), |row| row.json("data"))
    }

    pub fn choice(&self, kind: Kind) -> Option<&Choice> {
        let ours = !self.platform_tells || kind.is_extra();
        self.kinds.get(&kind).filter(|choice| choice.on && ours)
    }

    fn check(&self) -> Result<()> {
        if self.most_a_day.is_some_and(|most| !(1..=100).contains(&most)) {
            return Err(Error::invalid("most_a_day", "must be between 1 and 100"));
        }
        if let Some(quiet) = &self.quiet {
            quiet.check("quiet")?;
        }
        for (kind, choice) in &self.kinds {
            let field = |rest: &str| format!("kinds.{kind}.{rest}");
            if choice.days.is_some_and(|days| !(0..=365).contains(&days)) {
                return Err(Error::invalid(field("days"), "must be between 0 and 365"));
            }
            words::check(&choice.texts, &field("texts"))?;
        }
        Ok(())
    }
}

impl Choice {
    /// How long after the order arrived it is sent.
    pub fn after(&self, kind: Kind) -> Time {
        let usual = match kind {
            Kind::Thanks => 3,
            Kind::Care => 30,
            _ => 0,
        };
        self.days.unwrap_or(usual) * DAY
    }
}

async fn show(who: Who, State(app): State<App>) -> Result<Json<Settings>> {
    who.may(Permission::TicketsRead)?;
    let mut tx = app.look().await?;
    Settings::of(&mut tx, who.shop).await.map(Json)
}

async fn replace(who: Who, State(app): State<App>, Body(new): Body<Settings>) -> Result<Json<Settings>> {
    who.may(Permission::ShopManage)?;
    new.check()?;
    let mut tx = who.begin(&app).await?;
    let sql = "INSERT INTO update_settings (shop, data) VALUES ($1, $2)
        ON CONFLICT (shop) DO UPDATE SET data = excluded.data";
    tx.run(sql, args![who.shop, json!(new)]).await?;
    let on = new.kinds.iter().filter(|(_, choice)| choice.on).map(|(kind, _)| kind.to_string()).collect();
    tx.emit(&Event::OrderUpdatesChanged { on })?;
    tx.commit().await?;
    Ok(Json(new))
}
