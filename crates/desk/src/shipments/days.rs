//! Business days: Monday to Friday, by the clocks of the shop.

use base::Time;
use jiff::{Timestamp, ToSpan, civil::Weekday, tz::TimeZone};

/// The same time of the day so many business days later. What happened on a weekend happened before Monday.
pub(super) fn later(at: Time, days: i64, zone: &TimeZone) -> Time {
    let Ok(from) = Timestamp::from_millisecond(at) else { return at };
    let from = from.to_zoned(zone.clone());
    let (mut date, mut left) = (from.date(), days);
    while left > 0 {
        let Ok(next) = date.checked_add(1.day()) else { return at };
        date = next;
        left -= i64::from(!matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday));
    }
    let there = date.to_datetime(from.time()).to_zoned(zone.clone());
    there.map_or(at, |there| there.timestamp().as_millisecond())
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
            assert_eq!(Stamp(later(time(at), days, &zone)).to_string(), then, "{at} {days}");
        }
        assert_eq!(Stamp(end_of_day(time("2026-03-02T20:00:00Z"), &zone)).to_string(), "2026-03-02T23:00:00.000Z");
        assert_eq!(later(Time::MAX, 3, &zone), Time::MAX);
    }
}
