//! Which schedule was in force when: what ran under an older one is counted by that one.

use std::sync::Arc;

use base::Time;
use jiff::civil::Date;

use super::Calendar;

/// Ends of time, as far as clocks are concerned.
const END: Time = Time::MAX;

/// For one shop or team: from each moment on the schedule in force, or none where it was always open.
#[derive(Debug, Clone, Default)]
pub struct Timeline(Vec<(Time, Option<Arc<Calendar>>)>);

impl Timeline {
    /// In the order in which they came into force. Before the first it was always open.
    pub fn new(all: Vec<(Time, Option<Arc<Calendar>>)>) -> Self {
        Self(all)
    }

    /// One schedule, for ever.
    pub fn of(calendar: Calendar) -> Self {
        Self(vec![(Time::MIN, Some(Arc::new(calendar)))])
    }

    /// The parts in force from this moment on: since when, until when, what.
    fn parts(&self, from: Time) -> impl Iterator<Item = (Time, Time, Option<&Calendar>)> {
        let begin = std::iter::once((Time::MIN, None)).chain(self.0.iter().map(|(at, one)| (*at, one.as_deref())));
        let ends = self.0.iter().map(|(at, _)| *at).chain(std::iter::once(END));
        let all = begin.zip(ends).map(|((begin, one), end)| (begin, end, one));
        all.filter(move |(begin, end, _)| *end > from && begin < end)
            .map(move |(begin, end, one)| (begin.max(from), end, one))
    }

    /// What is in force at a moment; none where it is always open.
    pub fn at(&self, at: Time) -> Option<&Calendar> {
        self.parts(at).next().and_then(|(_, _, one)| one)
    }

    /// How long it is open between two moments, in milliseconds.
    pub fn open_between(&self, from: Time, until: Time) -> Time {
        let parts = self.parts(from).take_while(|(begin, ..)| *begin < until);
        let open = parts.map(|(begin, end, one)| {
            let end = end.min(until);
            one.map_or(end - begin, |one| one.open_between(begin, end))
        });
        open.sum()
    }

    /// The first moment by which it was open for so long since `from`; none where it never will have been.
    pub fn add(&self, from: Time, duration: Time) -> Option<Time> {
        let mut left = duration;
        for (begin, end, one) in self.parts(from) {
            let due = match one {
                Some(one) => one.add(begin, left),
                None => begin.checked_add(left),
            };
            if let Some(due) = due.filter(|due| *due <= end) {
                return Some(due);
            }
            if end == END {
                return None;
            }
            left -= one.map_or(end - begin, |one| one.open_between(begin, end));
        }
        None
    }

    pub fn is_open(&self, at: Time) -> bool {
        self.at(at).is_none_or(|one| one.is_open(at))
    }

    /// This moment where it is open, else when it opens next.
    pub fn next_open(&self, at: Time) -> Option<Time> {
        for (begin, end, one) in self.parts(at) {
            let Some(one) = one else { return Some(begin) };
            if let Some(open) = one.next_open(begin).filter(|open| *open < end) {
                return Some(open);
            }
        }
        None
    }

    /// Whether a day is a business day by what is in force at this moment; none where no schedule says it.
    pub fn works_on(&self, at: Time, day: Date) -> Option<bool> {
        self.at(at).map(|one| one.works_on(day))
    }
}
