//! Which messages a shop sends, in which words, and when it lets people sleep.

use std::collections::BTreeMap;

use aide::axum::{ApiRouter, routing::get_with};
use axum::{Json, extract::State};
use base::{App, DAY, Error, Feature, Result, Time, Tx, args, web::Body};
use jiff::{
    Timestamp, ToSpan,
    civil::{Time as Clock, time},
    tz::TimeZone,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::Kind;
use crate::{
    Event,
    agents::{Permission, Who},
    shops::{self, ShopId, language_tag},
    variables,
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
    pub texts: BTreeMap<String, Own>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "OrderUpdateText")]
pub struct Own {
    /// Plain text with variables such as `{{order.number}}`.
    pub subject: String,
    pub text: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Quiet {
    /// By the clock, such as `21:00`.
    pub from: String,
    pub until: String,
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

    pub fn most_a_day(&self) -> i64 {
        self.most_a_day.unwrap_or(4)
    }

    /// Until when nothing may leave; none where it may now.
    pub fn quiet_until(&self, now: Time, zone: &TimeZone) -> Option<Time> {
        let quiet = self.quiet.as_ref()?;
        let (from, until) = (clock(&quiet.from)?, clock(&quiet.until)?);
        let at = Timestamp::from_millisecond(now).ok()?.to_zoned(zone.clone());
        let (by, overnight) = (at.time(), until <= from);
        let is_quiet = if overnight { by >= from || by < until } else { by >= from && by < until };
        if !is_quiet || from == until {
            return None;
        }
        let day = if overnight && by >= from { at.date().checked_add(1.day()).ok()? } else { at.date() };
        Some(day.to_datetime(until).to_zoned(zone.clone()).ok()?.timestamp().as_millisecond())
    }

    fn check(&self) -> Result<()> {
        if self.most_a_day.is_some_and(|most| !(1..=100).contains(&most)) {
            return Err(Error::invalid("most_a_day", "must be between 1 and 100"));
        }
        if let Some(quiet) = &self.quiet {
            for (field, text) in [("quiet.from", &quiet.from), ("quiet.until", &quiet.until)] {
                clock(text).ok_or_else(|| Error::invalid(field, "must be a time such as 21:00"))?;
            }
        }
        for (kind, choice) in &self.kinds {
            let field = |rest: &str| format!("kinds.{kind}.{rest}");
            if choice.days.is_some_and(|days| !(0..=365).contains(&days)) {
                return Err(Error::invalid(field("days"), "must be between 0 and 365"));
            }
            for (tag, own) in &choice.texts {
                language_tag(&field("texts"), tag)?;
                own.check(&field(&format!("texts.{tag}")))?;
            }
        }
        Ok(())
    }
}

impl Own {
    pub(super) fn check(&self, inside: &str) -> Result<()> {
        let field = |part: &str| format!("{inside}.{part}");
        shops::line(&field("subject"), &self.subject, 200)?;
        if self.text.trim().is_empty() || self.text.chars().count() > 5000 {
            return Err(Error::invalid(field("text"), "must have 1 to 5000 characters"));
        }
        variables::check(&field("subject"), &self.subject)?;
        variables::check(&field("text"), &self.text)
    }
}

impl Choice {
    /// The shop's own words in this language.
    pub fn own(&self, language: &str) -> Option<&Own> {
        let primary = language.split('-').next().unwrap_or_default();
        self.texts.get(language).or_else(|| self.texts.get(primary))
    }

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

fn clock(text: &str) -> Option<Clock> {
    let (hour, minute) = text.split_once(':')?;
    let (hour, minute) = (hour.parse::<i8>().ok()?, minute.parse::<i8>().ok()?);
    ((0..24).contains(&hour) && (0..60).contains(&minute)).then(|| time(hour, minute, 0, 0))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nights_are_quiet_where_the_shop_is() {
        let quiet = |from: &str, until: &str| Settings {
            quiet: Some(Quiet { from: from.into(), until: until.into() }),
            ..Settings::default()
        };
        let at = |text: &str| text.parse::<Timestamp>().unwrap().as_millisecond();
        let oslo = TimeZone::get("Europe/Oslo").unwrap();
        let night = quiet("21:00", "08:00");
        assert_eq!(night.quiet_until(at("2026-03-02T20:30:00Z"), &oslo), Some(at("2026-03-03T07:00:00Z")));
        assert_eq!(night.quiet_until(at("2026-03-02T06:30:00Z"), &oslo), Some(at("2026-03-02T07:00:00Z")));
        assert_eq!(night.quiet_until(at("2026-03-02T07:00:00Z"), &oslo), None);
        assert_eq!(night.quiet_until(at("2026-03-02T19:59:00Z"), &oslo), None);
        let noon = quiet("12:00", "13:00");
        assert_eq!(noon.quiet_until(at("2026-03-02T11:30:00Z"), &oslo), Some(at("2026-03-02T12:00:00Z")));
        assert_eq!(quiet("08:00", "08:00").quiet_until(at("2026-03-02T11:30:00Z"), &oslo), None);
        assert!(quiet("25:00", "8").check().is_err());
    }
}
