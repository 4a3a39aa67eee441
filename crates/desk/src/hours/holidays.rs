//! Public holidays by country and region, from a table in the binary. It was written by `scripts/public-holidays.py` out of
//! the Python package `holidays`, which reads the laws of each country; what a government moves later is not in it.

use std::sync::LazyLock;

use base::{Error, Result};
use jiff::{
    ToSpan,
    civil::{Date, Weekday, date},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The years for which all of them are known. Beyond, those that follow a rule go on, and the others are missing.
pub const FIRST: i16 = 2024;
pub const LAST: i16 = 2036;

const TABLE: &str = include_str!("holidays.txt");

/// Whose holidays a schedule keeps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "HolidayRegion")]
pub struct Region {
    /// ISO 3166-1, such as `DE`.
    pub country: String,
    /// ISO 3166-2 without the country, such as `BY`; null for what the whole country keeps.
    pub region: Option<String>,
}

#[derive(Debug)]
pub struct Rule {
    country: &'static str,
    /// None: in all of them.
    regions: Option<Vec<&'static str>>,
    name: &'static str,
    when: When,
}

#[derive(Debug)]
enum When {
    Fixed(i8, i8),
    /// So many days after Easter Sunday.
    Easter(i64),
    Orthodox(i64),
    /// Month, weekday, which of them; -1 is the last.
    Weekday(i8, Weekday, i8),
    Days(Vec<Date>),
}

#[derive(Debug)]
pub struct Country {
    pub code: &'static str,
    pub regions: Vec<&'static str>,
}

#[derive(Debug)]
struct Table {
    rules: Vec<Rule>,
    countries: Vec<Country>,
}

static ALL: LazyLock<Table> = LazyLock::new(|| {
    let mut table = Table { rules: Vec::new(), countries: Vec::new() };
    for line in TABLE.lines().filter(|line| !line.starts_with('#')) {
        let mut parts = line.split('|');
        let (Some(country), Some(regions), Some(name), Some(when)) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            continue;
        };
        let list = |text: &'static str| text.split(',').filter(|one| !one.is_empty()).collect::<Vec<_>>();
        if regions == "regions" {
            table.countries.push(Country { code: country, regions: list(name) });
        } else if let Some(when) = read(when) {
            let regions = (regions != "*").then(|| list(regions));
            table.rules.push(Rule { country, regions, name, when });
        }
    }
    table
});

fn read(text: &str) -> Option<When> {
    if let Some(days) = text.strip_prefix('e') {
        return days.parse().ok().map(When::Easter);
    }
    if let Some(days) = text.strip_prefix('o') {
        return days.parse().ok().map(When::Orthodox);
    }
    if let Some((month, rest)) = text.split_once('/') {
        let (weekday, which) = rest.split_once('/')?;
        let weekday = Weekday::from_monday_zero_offset(weekday.parse().ok()?).ok()?;
        return Some(When::Weekday(month.parse().ok()?, weekday, which.parse().ok()?));
    }
    match text.split_once('-').filter(|_| text.len() == 5) {
        Some((month, day)) => Some(When::Fixed(month.parse().ok()?, day.parse().ok()?)),
        None => text.split(' ').map(|day| day.parse().ok()).collect::<Option<_>>().map(When::Days),
    }
}

impl When {
    fn is(&self, day: Date) -> bool {
        let after =
            |easter: Option<Date>, days: i64| easter.and_then(|one| one.checked_add(days.days()).ok()) == Some(day);
        match self {
            Self::Fixed(month, of) => (day.month(), day.day()) == (*month, *of),
            Self::Easter(days) => after(easter(day.year()), *days),
            Self::Orthodox(days) => after(orthodox(day.year()), *days),
            Self::Weekday(month, weekday, which) => {
                let is_last = || day.checked_add(7.days()).is_ok_and(|next| next.month() != *month);
                let is_it = if *which < 0 { is_last() } else { (day.day() - 1) / 7 + 1 == *which };
                day.month() == *month && day.weekday() == *weekday && is_it
            }
            Self::Days(days) => days.binary_search(&day).is_ok(),
        }
    }
}

/// Easter Sunday by the Gregorian computus (Meeus, Jones, Butcher).
fn easter(year: i16) -> Option<Date> {
    let (golden, century, rest) = (i32::from(year) % 19, i32::from(year) / 100, i32::from(year) % 100);
    let moon = (century - (century + 8) / 25 + 1) / 3;
    let full = (19 * golden + century - century / 4 - moon + 15) % 30;
    let sunday = (32 + 2 * (century % 4) + 2 * (rest / 4) - full - rest % 4) % 7;
    let late = (golden + 11 * full + 22 * sunday) / 451;
    in_spring(year, full + sunday - 7 * late + 114)
}

/// By the Julian one (Meeus), as a day of our calendar: 13 days later until 2099.
fn orthodox(year: i16) -> Option<Date> {
    let (leap, week, golden) = (i32::from(year % 4), i32::from(year % 7), i32::from(year % 19));
    let full = (19 * golden + 15) % 30;
    let sunday = (2 * leap + 4 * week - full + 34) % 7;
    in_spring(year, full + sunday + 114)?.checked_add(13.days()).ok()
}

/// Both count in months of 31 days.
fn in_spring(year: i16, days: i32) -> Option<Date> {
    Date::new(year, i8::try_from(days / 31).ok()?, i8::try_from(days % 31 + 1).ok()?).ok()
}

pub fn countries() -> &'static [Country] {
    &ALL.countries
}

/// The rules that hold there.
pub fn rules(at: &Region) -> Result<Vec<&'static Rule>> {
    let country = ALL.countries.iter().find(|one| one.code == at.country);
    let country =
        country.ok_or_else(|| Error::invalid("holidays.country", "is no country whose holidays are known"))?;
    let region = at.region.as_deref().unwrap_or("-");
    if region != "-" && !country.regions.contains(&region) {
        return Err(Error::invalid("holidays.region", "is no region of this country whose holidays are known"));
    }
    let holds = |rule: &&Rule| rule.regions.as_ref().is_none_or(|all| all.contains(&region));
    Ok(ALL.rules.iter().filter(|rule| rule.country == country.code).filter(holds).collect())
}

/// What is kept on this day.
pub fn on(rules: &[&'static Rule], day: Date) -> Option<&'static str> {
    rules.iter().find(|rule| rule.when.is(day)).map(|rule| rule.name)
}

/// The days of a year, in order.
pub fn of_year(rules: &[&'static Rule], year: i16) -> Vec<(Date, &'static str)> {
    let begin = date(year, 1, 1);
    let days = begin.series(1.day()).take_while(|day| day.year() == year);
    days.filter_map(|day| on(rules, day).map(|name| (day, name))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As the package itself lists them: by rule, by Easter, by list, moved, and by region.
    #[test]
    fn the_table_gives_the_days_of_its_source() {
        for (country, region, year, days) in [
            ("DE", Some("BY"), 2026, "01-01 01-06 04-03 04-06 05-01 05-14 05-25 06-04 10-03 11-01 12-25 12-26"),
            ("CH", Some("ZH"), 2027, "01-01 03-26 03-29 05-01 05-06 05-17 08-01 12-25 12-26"),
            ("GB", Some("SCT"), 2027, "01-01 01-02 01-04 03-26 05-03 05-31 08-02 11-30 12-25 12-26 12-27 12-28"),
            ("US", None, 2026, "01-01 01-19 02-16 05-25 06-19 07-03 07-04 09-07 10-12 11-11 11-26 12-25"),
            ("CA", Some("QC"), 2030, "01-01 04-19 05-20 06-24 07-01 09-02 10-14 12-25"),
            ("AU", Some("NSW"), 2026, "01-01 01-26 04-03 04-04 04-05 04-06 04-25 04-27 06-08 10-05 12-25 12-26 12-28"),
            ("GR", None, 2028, "01-01 01-06 02-28 03-25 04-14 04-17 05-01 06-05 08-15 10-28 12-25 12-26"),
            ("NO", None, 2026, "01-01 04-02 04-03 04-05 04-06 05-01 05-14 05-17 05-24 05-25 12-25 12-26"),
        ] {
            let rules = rules(&Region { country: country.into(), region: region.map(Into::into) }).unwrap();
            let found: Vec<_> =
                of_year(&rules, year).iter().map(|(day, _)| day.strftime("%m-%d").to_string()).collect();
            assert_eq!(found.join(" "), days, "{country} {region:?} {year}");
        }
    }

    #[test]
    fn every_line_is_read_and_what_is_unknown_is_named() {
        let lines = TABLE.lines().filter(|line| !line.starts_with('#')).count();
        assert_eq!(ALL.rules.len() + ALL.countries.len(), lines);
        for (country, region) in [("XX", None), ("DE", Some("XX"))] {
            assert!(rules(&Region { country: country.into(), region: region.map(Into::into) }).is_err());
        }
        assert!(
            ALL.rules.iter().all(|rule| matches!(&rule.when, When::Days(days) if days.is_sorted())
                || !matches!(rule.when, When::Days(_)))
        );
    }
}
