//! When shoppers are left alone: hours in which nothing about orders leaves, and how much of it one person gets in a day.

use base::{DAY, Error, Result, Time, Tx, args};
use jiff::{
    Timestamp, ToSpan,
    civil::{Time as Clock, time},
    tz::TimeZone,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{customers::CustomerId, shops::ShopId};

/// What the shop said of it, beside which messages it sends.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Peace {
    quiet: Option<Quiet>,
    most_a_day: Option<i64>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Quiet {
    /// By the clock, such as `21:00`.
    pub from: String,
    pub until: String,
}

impl Peace {
    pub async fn of(tx: &mut Tx, shop: ShopId) -> Result<Self> {
        let row = tx.opt("SELECT data FROM update_settings WHERE shop = $1", args![shop]).await?;
        row.map_or_else(|| Ok(Self::default()), |row| row.json("data"))
    }

    /// Until when nothing may leave; none where it may now.
    pub fn quiet_until(&self, now: Time, zone: &TimeZone) -> Option<Time> {
        self.quiet.as_ref()?.until(now, zone)
    }

    /// Whether this person got as much in a day as they are to get, parcels that are stuck among it.
    pub async fn is_enough(&self, tx: &mut Tx, address: &str, customer: CustomerId) -> Result<bool> {
        let sql = "SELECT CAST((SELECT count(*) FROM order_updates WHERE recipient = $1 AND created_at > $2)
            + (SELECT count(*) FROM tickets WHERE customer = $3 AND order_why = 'parcel' AND created_at > $2) AS BIGINT)
            AS count";
        let since = tx.now() - DAY;
        let most = self.most_a_day.unwrap_or(4);
        Ok(tx.one(sql, args![address, since, customer]).await?.int("count")? >= most)
    }
}

impl Quiet {
    pub fn check(&self, inside: &str) -> Result<()> {
        for (part, text) in [("from", &self.from), ("until", &self.until)] {
            clock(text).ok_or_else(|| Error::invalid(format!("{inside}.{part}"), "must be a time such as 21:00"))?;
        }
        Ok(())
    }

    fn until(&self, now: Time, zone: &TimeZone) -> Option<Time> {
        let (from, until) = (clock(&self.from)?, clock(&self.until)?);
        let at = Timestamp::from_millisecond(now).ok()?.to_zoned(zone.clone());
        let (by, overnight) = (at.time(), until <= from);
        let is_quiet = if overnight { by >= from || by < until } else { by >= from && by < until };
        if !is_quiet || from == until {
            return None;
        }
        let day = if overnight && by >= from { at.date().checked_add(1.day()).ok()? } else { at.date() };
        Some(day.to_datetime(until).to_zoned(zone.clone()).ok()?.timestamp().as_millisecond())
    }
}

fn clock(text: &str) -> Option<Clock> {
    let (hour, minute) = text.split_once(':')?;
    let (hour, minute) = (hour.parse::<i8>().ok()?, minute.parse::<i8>().ok()?);
    ((0..24).contains(&hour) && (0..60).contains(&minute)).then(|| time(hour, minute, 0, 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nights_are_quiet_where_the_shop_is() {
        let quiet = |from: &str, until: &str| Quiet { from: from.into(), until: until.into() };
        let at = |text: &str| text.parse::<Timestamp>().unwrap().as_millisecond();
        let oslo = TimeZone::get("Europe/Oslo").unwrap();
        let night = quiet("21:00", "08:00");
        assert_eq!(night.until(at("2026-03-02T20:30:00Z"), &oslo), Some(at("2026-03-03T07:00:00Z")));
        assert_eq!(night.until(at("2026-03-02T06:30:00Z"), &oslo), Some(at("2026-03-02T07:00:00Z")));
        assert_eq!(night.until(at("2026-03-02T07:00:00Z"), &oslo), None);
        assert_eq!(night.until(at("2026-03-02T19:59:00Z"), &oslo), None);
        let noon = quiet("12:00", "13:00");
        assert_eq!(noon.until(at("2026-03-02T11:30:00Z"), &oslo), Some(at("2026-03-02T12:00:00Z")));
        assert_eq!(quiet("08:00", "08:00").until(at("2026-03-02T11:30:00Z"), &oslo), None);
        assert!(quiet("25:00", "8").check("quiet").is_err());
    }
}
