//! The same reckoned minute by minute, by somebody who only looks at a clock; the fast one must agree in every minute.

use std::collections::{BTreeMap, BTreeSet};

use base::{MINUTE, Time};
use jiff::{
    Timestamp, ToSpan,
    civil::{Date, DateTime, date},
    tz::TimeZone,
};
use proptest::prelude::*;

use super::{Calendar, Timeline, calendar::Minutes};

/// Which minutes are open: a period runs from the first minute at which the clock shows its beginning or later until the
/// first at which it shows its end or later.
fn open_minutes(calendar: &Calendar, from: Time, count: i64) -> Vec<bool> {
    let (mut begun, mut over) = (BTreeSet::new(), BTreeSet::new());
    let shown = |day: Date, minutes: i64| day.to_datetime(jiff::civil::Time::midnight()) + minutes.minutes();
    let mut open = Vec::new();
    let before = 4 * 24 * 60;
    for minute in -before..count {
        let at = Timestamp::from_millisecond(from + minute * MINUTE).unwrap();
        let clock: DateTime = at.to_zoned(calendar.zone.clone()).datetime();
        for back in 0..4 {
            let day = clock.date() - i64::from(back).days();
            for (at, (from, until)) in calendar.periods(day).iter().enumerate() {
                if clock >= shown(day, *from) {
                    begun.insert((day, at));
                }
                if clock >= shown(day, *until) {
                    over.insert((day, at));
                }
            }
        }
        if minute >= 0 {
            open.push(begun.difference(&over).next().is_some());
        }
    }
    open
}

fn day() -> impl Strategy<Value = Vec<Minutes>> {
    let cut = prop::collection::btree_set(0_i64..96, 0..5);
    (cut, prop::bool::ANY).prop_map(|(cut, over)| {
        let cut: Vec<i64> = cut.into_iter().map(|quarter| quarter * 15).collect();
        let mut periods: Vec<Minutes> = cut.chunks_exact(2).map(|two| (two[0], two[1])).collect();
        // Past midnight, as far as 08:00.
        if let Some(last) = periods.last_mut().filter(|_| over) {
            last.1 = 24 * 60 + last.0 / 3;
        }
        periods
    })
}

/// Around changes of clocks and of the rules for them: summer time, half an hour of it, a day left out, a new zone.
const PLACES: &[(&str, Date)] = &[
    ("Europe/Oslo", date(2026, 3, 28)),
    ("Europe/Oslo", date(2026, 10, 24)),
    ("America/New_York", date(2026, 11, 1)),
    ("Australia/Lord_Howe", date(2026, 4, 4)),
    ("Australia/Lord_Howe", date(2026, 10, 3)),
    ("Europe/Istanbul", date(2016, 9, 6)),
    ("Europe/Moscow", date(2014, 10, 25)),
    ("Pacific/Apia", date(2011, 12, 28)),
    ("Asia/Pyongyang", date(2018, 5, 4)),
    ("Africa/Casablanca", date(2026, 2, 14)),
    ("Asia/Kolkata", date(2026, 7, 1)),
    ("UTC", date(2026, 12, 30)),
];

fn calendar() -> impl Strategy<Value = (Calendar, Time)> {
    let week = prop::collection::vec(day(), 7);
    let special = prop::collection::btree_map(0_i64..6, day(), 0..3);
    (0..PLACES.len(), week, special).prop_map(|(place, week, special)| {
        let (zone, begin) = PLACES[place];
        let zone = TimeZone::get(zone).unwrap();
        let days: BTreeMap<_, _> = special.into_iter().map(|(at, day)| (begin + at.days(), day)).collect();
        let from = begin.to_zoned(zone.clone()).unwrap().timestamp().as_millisecond();
        (Calendar { zone, week: week.try_into().unwrap(), days, holidays: Vec::new() }, from)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn every_minute_agrees((calendar, from) in calendar(), a in 0_i64..4000, b in 0_i64..4000, business in 1_i64..2000) {
        let open = open_minutes(&calendar, from, 6 * 24 * 60);
        let at = |minute: i64| from + minute * MINUTE;
        for (minute, open) in (0_i64..).zip(&open) {
            prop_assert_eq!(calendar.is_open(at(minute)), *open, "minute {}", minute);
        }
        let (a, b) = (a.min(b), a.max(b));
        let counted = |from: i64, until: i64| {
            i64::try_from(open[usize::try_from(from).unwrap()..usize::try_from(until).unwrap()].iter().filter(|one| **one).count()).unwrap()
        };
        prop_assert_eq!(calendar.open_between(at(a), at(b)), counted(a, b) * MINUTE);
        prop_assert_eq!(calendar.open_between(at(a) + 1, at(b) + 1) - counted(a, b) * MINUTE,
            i64::from(b > a && open[usize::try_from(b).unwrap()]) - i64::from(b > a && open[usize::try_from(a).unwrap()]));
        let due = (a..i64::try_from(open.len()).unwrap()).find(|end| counted(a, *end) == business);
        if let Some(due) = due {
            prop_assert_eq!(calendar.add(at(a), business * MINUTE), Some(at(due)));
        }
        let next = (a..).zip(&open[usize::try_from(a).unwrap()..]).find(|(_, open)| **open);
        if let Some((minute, _)) = next {
            prop_assert_eq!(calendar.next_open(at(a)), Some(at(minute)));
        }
    }

    /// Three schedules one after the other, the middle one "always open": each minute is counted by its own.
    #[test]
    fn what_was_in_force_counts(
        (one, from) in calendar(), other in day(), first in 0_i64..3000, second in 0_i64..3000, business in 1_i64..3000,
    ) {
        let other = Calendar { week: std::array::from_fn(|_| other.clone()), days: BTreeMap::new(), ..one.clone() };
        let (first, second) = (first.min(second), first.max(second));
        let at = |minute: i64| from + minute * MINUTE;
        let count = 6 * 24 * 60;
        let (before, after) = (open_minutes(&one, from, count), open_minutes(&other, from, count));
        let timeline = Timeline::new(vec![
            (Time::MIN, Some(std::sync::Arc::new(one))), (at(first), None), (at(second), Some(std::sync::Arc::new(other))),
        ]);
        let open: Vec<bool> = (0..count).map(|minute| {
            let index = usize::try_from(minute).unwrap();
            if minute < first { before[index] } else { minute < second || after[index] }
        }).collect();
        let total = i64::try_from(open.iter().filter(|one| **one).count()).unwrap();
        prop_assert_eq!(timeline.open_between(from, at(count)), total * MINUTE);
        let mut left = business;
        let due = (0_i64..).zip(&open).find_map(|(minute, open)| {
            left -= i64::from(*open);
            (left == 0).then_some(minute + 1)
        });
        if let Some(due) = due {
            prop_assert_eq!(timeline.add(from, business * MINUTE), Some(at(due)));
        }
        for minute in (0..count).step_by(37) {
            prop_assert_eq!(timeline.is_open(at(minute)), open[usize::try_from(minute).unwrap()]);
        }
    }
}
