//! Opening hours: from when to when on each weekday, by the clocks of one place.

use base::Time;
use jiff::{Timestamp, ToSpan, civil, tz::TimeZone};

#[derive(Debug, Clone, PartialEq)]
pub struct Hours {
    zone: TimeZone,
    /// Monday first; none where it is closed all day.
    days: [Option<(civil::Time, civil::Time)>; 7],
}

impl Hours {
    pub fn new(zone: TimeZone, days: [Option<(civil::Time, civil::Time)>; 7]) -> Self {
        Self { zone, days }
    }

    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }

    pub fn are_on(&self, now: Time) -> bool {
        let Ok(now) = Timestamp::from_millisecond(now) else { return false };
        let now = now.to_zoned(self.zone.clone());
        let today = self.days[usize::try_from(now.weekday().to_monday_zero_offset()).unwrap_or(0)];
        today.is_some_and(|(from, to)| from <= now.time() && now.time() < to)
    }

    /// When they begin next; none where they never do.
    pub fn begin_after(&self, now: Time) -> Option<Time> {
        let now = Timestamp::from_millisecond(now).ok()?;
        let today = now.to_zoned(self.zone.clone()).date();
        (0..8).find_map(|ahead| {
            let day = today.checked_add(ahead.days()).ok()?;
            let (from, _) = self.days[usize::try_from(day.weekday().to_monday_zero_offset()).ok()?]?;
            // Where clocks are put forward over it, the time after the gap.
            let begin = day.to_datetime(from).to_zoned(self.zone.clone()).ok()?.timestamp();
            (begin > now).then(|| begin.as_millisecond())
        })
    }
}

/// `9:00-17:30`, up to `24:00`.
pub fn span(text: &str) -> Option<(civil::Time, civil::Time)> {
    let (from, to) = text.split_once(['-', '–'])?;
    let clock = |text: &str| {
        let (hour, minute) = text.trim().split_once(':')?;
        let digits = |part: &str| part.len() <= 2 && part.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(hour) || !digits(minute) {
            return None;
        }
        match (hour.parse().ok()?, minute.parse().ok()?) {
            (24, 0) => Some(civil::Time::MAX),
            (hour, minute) => civil::Time::new(hour, minute, 0, 0).ok(),
        }
    };
    let (from, to) = (clock(from)?, clock(to)?);
    (from < to).then_some((from, to))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(text: &str) -> Time {
        text.parse::<Timestamp>().unwrap().as_millisecond()
    }

    #[test]
    fn hours_follow_the_clocks_of_their_place() {
        let day = span("9:00-17:30");
        let hours = Hours::new(TimeZone::get("Europe/Berlin").unwrap(), [day, day, day, day, day, None, None]);
        for (at, open, next) in [
            // A Monday in winter.
            ("2026-03-02T07:59:59Z", false, "2026-03-02T08:00:00Z"),
            ("2026-03-02T08:00:00Z", true, "2026-03-03T08:00:00Z"),
            ("2026-03-02T16:30:00Z", false, "2026-03-03T08:00:00Z"),
            // Friday evening; on Sunday clocks are put forward.
            ("2026-03-27T20:00:00Z", false, "2026-03-30T07:00:00Z"),
            ("2026-03-30T15:29:00Z", true, "2026-03-31T07:00:00Z"),
        ] {
            assert_eq!((hours.are_on(time(at)), hours.begin_after(time(at))), (open, Some(time(next))), "{at}");
        }
        let never = Hours::new(TimeZone::UTC, [None; 7]);
        assert_eq!((never.are_on(0), never.begin_after(0)), (false, None));
    }

    #[test]
    fn a_span_of_a_day_is_read_and_nothing_else() {
        assert!(span("0:00-24:00").is_some() && span(" 09:00 – 17:30 ").is_some());
        for wrong in ["", "9-17", "9:00", "17:00-9:00", "9:00-25:00", "9:60-10:00", "+9:00-10:00", "9:00-9:00"] {
            assert_eq!(span(wrong), None, "{wrong}");
        }
    }
}
