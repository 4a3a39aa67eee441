//! When one schedule is open: a pure calculation on its time zone, its week, its special days and the holidays it keeps.
//!
//! A period belongs to the day on which it begins, also where it ends on the next. It begins at the first moment at which
//! the clock there shows its beginning or, where clocks are put forward over that, a later time; its end is found alike.
//! An hour that comes twice is so counted once in a period that ends within it, and twice in one that goes over it.

use std::collections::BTreeMap;

use base::{DAY, Time};
use jiff::{
    Timestamp, ToSpan,
    civil::{Date, DateTime},
    tz::{AmbiguousOffset, TimeZone},
};

use super::holidays::{self, Rule};

/// Minutes after midnight; an end may be up to a day later than 24:00.
pub(super) type Minutes = (i64, i64);

/// Whoever was closed for so long is never open again.
const NEVER: u32 = 800;

#[derive(Debug, Clone)]
pub struct Calendar {
    pub(super) zone: TimeZone,
    pub(super) week: [Vec<Minutes>; 7],
    pub(super) days: BTreeMap<Date, Vec<Minutes>>,
    pub(super) holidays: Vec<&'static Rule>,
}

impl Calendar {
    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// What begins on this day.
    pub(super) fn periods(&self, day: Date) -> &[Minutes] {
        if let Some(own) = self.days.get(&day) {
            return own;
        }
        if holidays::on(&self.holidays, day).is_some() {
            return &[];
        }
        usize::try_from(day.weekday().to_monday_zero_offset())
            .ok()
            .and_then(|at| self.week.get(at))
            .map_or(&[], |one| one)
    }

    /// Whether anything begins on this day: a business day.
    pub fn works_on(&self, day: Date) -> bool {
        !self.periods(day).is_empty()
    }

    pub fn day(&self, at: Time) -> Option<Date> {
        Some(Timestamp::from_millisecond(at).ok()?.to_zoned(self.zone.clone()).date())
    }

    /// The stretches from this moment on, in order; one may begin where the one before it ends.
    fn stretches(&self, after: Time) -> Stretches<'_> {
        let day = self.day(after).and_then(|day| day.checked_sub(2.days()).ok());
        Stretches { calendar: self, day, empty: 0, ready: Vec::new(), until: after }
    }

    /// How long it is open between two moments, in milliseconds.
    pub fn open_between(&self, from: Time, until: Time) -> Time {
        let within = self.stretches(from).take_while(|(begin, _)| *begin < until);
        within.map(|(begin, end)| end.min(until) - begin).sum()
    }

    /// The first moment by which it was open for so long since `from`; none where it never will have been.
    pub fn add(&self, from: Time, duration: Time) -> Option<Time> {
        if duration <= 0 {
            return Some(from);
        }
        let mut left = duration;
        for (begin, end) in self.stretches(from) {
            if end - begin >= left {
                return Some(begin + left);
            }
            left -= end - begin;
        }
        None
    }

    pub fn is_open(&self, at: Time) -> bool {
        self.stretches(at).next().is_some_and(|(begin, _)| begin <= at)
    }

    /// This moment where it is open, else when it opens next.
    pub fn next_open(&self, at: Time) -> Option<Time> {
        self.stretches(at).next().map(|(begin, _)| begin)
    }

    /// When it next opens or closes; none where it does not within a year.
    pub fn next_change(&self, at: Time) -> Option<Time> {
        let mut end = at;
        for (begin, until) in self.stretches(at).take_while(|(begin, _)| *begin - at < 366 * DAY) {
            if begin > end {
                return Some(if end == at { begin } else { end });
            }
            end = until;
        }
        (end > at && end - at < 366 * DAY).then_some(end)
    }

    /// From when to when a day's periods are, as moments.
    pub(super) fn moments(&self, day: Date) -> impl Iterator<Item = (Time, Time)> {
        let moment = move |minutes| self.moment(day, minutes);
        self.periods(day).iter().filter_map(move |(from, until)| Some((moment(*from)?, moment(*until)?)))
    }

    fn moment(&self, day: Date, minutes: i64) -> Option<Time> {
        let clock = day.to_datetime(jiff::civil::Time::midnight()).checked_add(minutes.minutes()).ok()?;
        first_shown(clock, &self.zone)
    }
}

/// The first moment at which clocks there show this time or a later one.
fn first_shown(clock: DateTime, zone: &TimeZone) -> Option<Time> {
    let ambiguous = zone.to_ambiguous_timestamp(clock);
    let shown = match ambiguous.offset() {
        AmbiguousOffset::Gap { before, .. } => {
            // By the old offset it lies after the change.
            let late = before.to_timestamp(clock).ok()?;
            let next = late.checked_add(1.nanosecond()).ok()?;
            zone.preceding(next).next().map_or(late, |change| change.timestamp())
        }
        AmbiguousOffset::Unambiguous { .. } | AmbiguousOffset::Fold { .. } => ambiguous.earlier().ok()?,
    };
    Some(shown.as_millisecond())
}

struct Stretches<'a> {
    calendar: &'a Calendar,
    day: Option<Date>,
    empty: u32,
    /// Of the day that was looked at, the last first.
    ready: Vec<(Time, Time)>,
    /// What lies before is told.
    until: Time,
}

impl Iterator for Stretches<'_> {
    type Item = (Time, Time);

    fn next(&mut self) -> Option<(Time, Time)> {
        loop {
            while self.ready.is_empty() && self.empty < NEVER {
                let day = self.day?;
                self.day = day.checked_add(1.day()).ok();
                self.ready.extend(self.calendar.moments(day).filter(|(begin, end)| begin < end));
                self.ready.sort_unstable_by(|a, b| b.cmp(a));
                self.empty = if self.ready.is_empty() { self.empty + 1 } else { 0 };
            }
            let (begin, end) = self.ready.pop()?;
            if end > self.until {
                let begin = begin.max(self.until);
                self.until = end;
                return Some((begin, end));
            }
        }
    }
}
