//! What a schedule says, as people fill it in, and what of it cannot be.

use std::collections::{BTreeMap, BTreeSet};

use base::{Error, Result};
use jiff::{civil::Date, tz::TimeZone};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    Calendar,
    calendar::Minutes,
    holidays::{self, Region},
    ics,
};
use crate::shops::line;

const DAY: i64 = 24 * 60;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "SchedulePlan")]
pub struct Plan {
    /// By whose clocks, as in the IANA database, such as `Europe/Oslo`.
    pub zone: String,
    /// Seven lists, Monday first. An empty one is a day on which it is closed.
    pub week: Vec<Vec<Period>>,
    /// Whose public holidays are kept; null for nobody's.
    #[serde(default)]
    pub holidays: Option<Region>,
    /// Days that differ from the week, holidays too.
    #[serde(default)]
    pub days: Vec<SpecialDay>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "SchedulePeriod")]
pub struct Period {
    /// By the clock, such as `09:00`.
    pub from: String,
    /// `24:00` is the end of the day. Not later than `from`: on the next day.
    pub until: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "ScheduleDay")]
pub struct SpecialDay {
    /// Such as `2026-12-24`.
    pub date: String,
    #[serde(default)]
    pub name: String,
    /// None: closed.
    #[serde(default)]
    pub periods: Vec<Period>,
}

impl Plan {
    /// As it is reckoned with.
    pub fn calendar(&self) -> Result<Calendar> {
        let zone = TimeZone::get(&self.zone);
        let zone = zone.map_err(|_| Error::invalid("zone", "must be a time zone such as Europe/Oslo"))?;
        let rules = self.holidays.as_ref().map(holidays::rules).transpose()?.unwrap_or_default();
        Ok(Calendar { zone, week: self.week()?, days: self.days()?, holidays: rules })
    }

    fn week(&self) -> Result<[Vec<Minutes>; 7]> {
        let read = |(at, day): (usize, &Vec<Period>)| read(&format!("week[{at}]"), day);
        let week = self.week.iter().enumerate().map(read).collect::<Result<Vec<_>>>()?;
        let week = <[Vec<Minutes>; 7]>::try_from(week);
        let week = week.map_err(|_| Error::invalid("week", "must have seven days, Monday first"))?;
        for (at, day) in week.iter().enumerate() {
            let next = week[(at + 1) % 7].first().map_or(i64::MAX, |(from, _)| from + DAY);
            if day.last().is_some_and(|(_, until)| *until > next) {
                return Err(Error::invalid(format!("week[{at}]"), "goes on into what begins on the next day"));
            }
        }
        Ok(week)
    }

    fn days(&self) -> Result<BTreeMap<Date, Vec<Minutes>>> {
        if self.days.len() > ics::MOST {
            return Err(Error::invalid("days", format!("must be at most {}", ics::MOST)));
        }
        let mut days = BTreeMap::new();
        for (at, day) in self.days.iter().enumerate() {
            let field = |part: &str| format!("days[{at}].{part}");
            let date: Date =
                day.date.parse().map_err(|_| Error::invalid(field("date"), "must be a day such as 2026-12-24"))?;
            if !day.name.is_empty() {
                line(&field("name"), &day.name, 60)?;
            }
            if days.insert(date, read(&field("periods"), &day.periods)?).is_some() {
                return Err(Error::invalid(field("date"), "stands here twice"));
            }
        }
        Ok(days)
    }

    /// The same, in the order in which it is read.
    pub(super) fn in_order(mut self) -> Self {
        let sort = |periods: &mut Vec<Period>| periods.sort_by_key(|period| minutes(&period.from));
        self.week.iter_mut().for_each(sort);
        self.days.iter_mut().for_each(|day| sort(&mut day.periods));
        self.days.sort_by(|a, b| a.date.cmp(&b.date));
        self
    }
}

/// One day's periods in order, none within another.
fn read(field: &str, periods: &[Period]) -> Result<Vec<Minutes>> {
    if periods.len() > 10 {
        return Err(Error::invalid(field, "must be at most 10 periods"));
    }
    let mut all = BTreeSet::new();
    for (at, period) in periods.iter().enumerate() {
        let wrong = |part: &str| Error::invalid(format!("{field}[{at}].{part}"), "must be a time such as 09:00");
        let from = minutes(&period.from).filter(|from| *from < DAY).ok_or_else(|| wrong("from"))?;
        let until = minutes(&period.until).ok_or_else(|| wrong("until"))?;
        if from == until {
            return Err(Error::invalid(format!("{field}[{at}].until"), "must not be the same as the beginning"));
        }
        all.insert((from, if until > from { until } else { until + DAY }));
    }
    let all: Vec<_> = all.into_iter().collect();
    if all.len() < periods.len() || all.windows(2).any(|two| two[0].1 > two[1].0) {
        return Err(Error::invalid(field, "has periods that overlap"));
    }
    Ok(all)
}

/// Minutes after midnight; up to 24:00.
fn minutes(text: &str) -> Option<i64> {
    let (hour, minute) = text.split_once(':')?;
    if [hour, minute].iter().any(|part| part.len() != 2 || !part.bytes().all(|byte| byte.is_ascii_digit())) {
        return None;
    }
    let (hour, minute): (i64, i64) = (hour.parse().ok()?, minute.parse().ok()?);
    (minute < 60 && hour * 60 + minute <= DAY).then_some(hour * 60 + minute)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn period(from: &str, until: &str) -> Period {
        Period { from: from.into(), until: until.into() }
    }

    fn plan(monday: Vec<Period>) -> Plan {
        let week = [vec![monday], vec![Vec::new(); 6]].concat();
        Plan { zone: "Europe/Oslo".into(), week, holidays: None, days: Vec::new() }
    }

    #[test]
    fn what_cannot_be_is_named() {
        let twice = SpecialDay { date: "2026-12-24".into(), name: String::new(), periods: Vec::new() };
        let mut sunday = plan(vec![period("04:00", "12:00")]);
        sunday.week[6] = vec![period("22:00", "06:00")];
        for (plan, field) in [
            (Plan { zone: "Mars/Base".into(), ..plan(Vec::new()) }, "zone"),
            (Plan { week: Vec::new(), ..plan(Vec::new()) }, "week"),
            (plan(vec![period("9:00", "17:00")]), "week[0][0].from"),
            (plan(vec![period("09:00", "24:01")]), "week[0][0].until"),
            (plan(vec![period("09:00", "09:00")]), "week[0][0].until"),
            (plan(vec![period("13:00", "17:00"), period("09:00", "13:01")]), "week[0]"),
            (sunday, "week[6]"),
            (Plan { days: vec![twice.clone(), twice.clone()], ..plan(Vec::new()) }, "days[1].date"),
            (
                Plan { days: vec![SpecialDay { date: "2026-02-30".into(), ..twice }], ..plan(Vec::new()) },
                "days[0].date",
            ),
        ] {
            let Err(Error::Invalid(wrong)) = plan.calendar() else { panic!("{field} was taken") };
            assert_eq!(wrong[0].field, field);
        }
        assert!(plan(vec![period("13:00", "24:00"), period("00:00", "13:00")]).calendar().is_ok());
    }
}
