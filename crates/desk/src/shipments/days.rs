//! Business days, by the clocks of the shop: those on which it works, where it has a schedule; else Monday to Friday.

use base::Time;
use jiff::{
    Timestamp, ToSpan,
    civil::{Date, Weekday},
    tz::TimeZone,
};

use crate::hours::Timeline;

/// A shop that does not work on any day of so many is taken to work from Monday to Friday.
const LONGEST: i64 = 60;

/// The same time of the day so many business days later. What happened on a day off happened before the next business day.
pub(super) fn later(at: Time, days: i64, zone: &TimeZone, hours: &Timeline) -> Time {
    let Ok(from) = Timestamp::from_millisecond(at) else { return at };
    let from = from.to_zoned(zone.clone());
    let (mut date, mut left, mut off) = (from.date(), days, 0);
    while left > 0 {
        let Ok(next) = date.checked_add(1.day()) else { return at };
        date = next;
        let by_week = || !matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday);
        let works = works_on(hours, zone, date).filter(|_| off < LONGEST).unwrap_or_else(by_week);
        off = if works { off } else { off + 1 };
        left -= i64::from(works);
    }
    let there = date.to_datetime(from.time()).to_zoned(zone.clone());
    there.map_or(at, |there| there.timestamp().as_millisecond())
}

/// By the schedule that is in force on that day; none where there is none.
fn works_on(hours: &Timeline, zone: &TimeZone, date: Date) -> Option<bool> {
    let noon = date.at(12, 0, 0, 0).to_zoned(zone.clone()).ok()?;
    hours.works_on(noon.timestamp().as_millisecond(), date)
}

/// When the day of this moment ends there.
pub(super) fn end_of_day(at: Time, zone: &TimeZone) -> Time {
    let end = || {
        let day = Timestamp::from_millisecond(at).ok()?.to_zoned(zone.clone()).date().checked_add(1.day()).ok()?;
        Some(day.to_zoned(zone.clone()).ok()?.timestamp().as_millisecond())
    };
    end().unwrap_or(at)
}

#[cfg(test)]
mod tests {
    use base::Stamp;

    use super::*;
    use crate::hours::{Period, Plan, Region, SpecialDay};

    fn time(text: &str) -> Time {
        text.parse::<Timestamp>().unwrap().as_millisecond()
    }

    #[test]
    fn weekends_do_not_count_and_clocks_are_the_shops() {
        let zone = TimeZone::get("Europe/Oslo").unwrap();
        for (at, days, then) in [
            ("2026-03-02T09:00:00Z", 4, "2026-03-06T09:00:00.000Z"),
            ("2026-03-06T15:00:00Z", 1, "2026-03-09T15:00:00.000Z"),
            ("2026-03-06T15:00:00Z", 3, "2026-03-11T15:00:00.000Z"),
            ("2026-03-07T10:00:00Z", 4, "2026-03-12T10:00:00.000Z"),
            // Clocks are put forward in between: the same time by the clock.
            ("2026-03-27T09:00:00Z", 1, "2026-03-30T08:00:00.000Z"),
            // Already Monday there.
            ("2026-03-08T23:30:00Z", 1, "2026-03-09T23:30:00.000Z"),
            ("2026-03-08T23:30:00Z", 0, "2026-03-08T23:30:00.000Z"),
        ] {
            assert_eq!(Stamp(later(time(at), days, &zone, &Timeline::default())).to_string(), then, "{at} {days}");
        }
        assert_eq!(Stamp(end_of_day(time("2026-03-02T20:00:00Z"), &zone)).to_string(), "2026-03-02T23:00:00.000Z");
        assert_eq!(later(Time::MAX, 3, &zone, &Timeline::default()), Time::MAX);
    }

    #[test]
    fn a_schedule_says_which_days_count() {
        let zone = TimeZone::get("Europe/Oslo").unwrap();
        let nine_to_five = vec![Period { from: "09:00".into(), until: "17:00".into() }];
        let tuesday_to_saturday = [vec![Vec::new()], vec![nine_to_five; 5], vec![Vec::new()]].concat();
        let plan = Plan {
            zone: "Europe/Oslo".into(),
            week: tuesday_to_saturday,
            holidays: Some(Region { country: "NO".into(), region: None }),
            days: vec![SpecialDay { date: "2026-03-31".into(), name: String::new(), periods: Vec::new() }],
        };
        let hours = Timeline::of(plan.calendar().unwrap());
        for (at, days, then) in [
            ("2026-03-06T09:00:00Z", 1, "2026-03-07T09:00:00.000Z"),
            ("2026-03-07T09:00:00Z", 1, "2026-03-10T09:00:00.000Z"),
            // The day off on Tuesday, Maundy Thursday and Good Friday.
            ("2026-03-28T09:00:00Z", 2, "2026-04-04T08:00:00.000Z"),
        ] {
            assert_eq!(Stamp(later(time(at), days, &zone, &hours)).to_string(), then, "{at} {days}");
        }
        let never = Plan { week: vec![Vec::new(); 7], holidays: None, days: Vec::new(), ..plan };
        let never = Timeline::of(never.calendar().unwrap());
        assert!(later(time("2026-03-06T09:00:00Z"), 3, &zone, &never) > time("2026-04-01T00:00:00Z"));
    }
}
