//! The right of consumers in the European Economic Area to withdraw from what they bought at a distance (Directive
//! 2011/83/EU, Articles 9 to 16): no rule of a shop can take it away.
//!
//! The days are counted as Regulation 1182/71 says: the day of delivery is not counted, and a period that would end on a
//! Saturday or Sunday ends with the Monday. Public holidays differ by country and are not known here: a shop that wants to
//! be on the safe side gives a day or two more.

use base::{DAY, Stamp, Time};
use jiff::{Timestamp, ToSpan, civil::Weekday, tz::TimeZone};
use schemars::JsonSchema;
use serde::Serialize;

use super::{Facts, Policy};

/// Least by law.
pub const DAYS: i64 = 14;
/// Nobody said when it was there, and so long after it was sent a person looks whether it is still in time.
const LONG_AGO: Time = 60 * DAY;

/// The European Union, and Iceland, Liechtenstein and Norway.
const EEA: [&str; 30] = [
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IS", "IT", "LI", "LT",
    "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK",
];

base::words!(
    Holds {
        Yes = "yes",
        No = "no",
        /// It hangs on something that a person has to see.
        Unsure = "unsure",
    }
);

base::words!(
    /// Why there is no such right, or why that is not certain.
    Exception {
        /// Not sent to a country of the European Economic Area.
        Elsewhere = "elsewhere",
        Business = "business",
        MadeToOrder = "made_to_order",
        Perishable = "perishable",
        Sealed = "sealed",
        Digital = "digital",
        DigitalBegun = "digital_begun",
        Over = "over",
        LongAgo = "long_ago",
    }
);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "WithdrawalRight")]
pub struct Right {
    pub holds: Holds,
    pub why: Option<Exception>,
    /// The first moment that is too late; none where the period has not begun to run.
    pub until: Option<Stamp>,
}

pub fn is_eea(country: &str) -> bool {
    EEA.contains(&country)
}

/// Whether the buyer of this item has that right now.
pub fn right(policy: &Policy, Facts { whole, item }: Facts<'_>) -> Right {
    let rules = &policy.withdrawal;
    let is_one = |tags: &[String]| tags.iter().any(|tag| item.tags.contains(tag));
    let until = whole.delivered_at.map(|at| Stamp(end(at, rules.days, &whole.zone, true)));
    let unseen = whole.delivered_at.is_none() && whole.shipped_at.is_some_and(|at| whole.now - at > LONG_AGO);
    let tests = [
        (!is_eea(&whole.country), Holds::No, Exception::Elsewhere),
        (rules.business_tags.iter().any(|tag| whole.customer_tags.contains(tag)), Holds::No, Exception::Business),
        (is_one(&rules.made_to_order), Holds::No, Exception::MadeToOrder),
        (is_one(&rules.perishable), Holds::No, Exception::Perishable),
        (is_one(&rules.digital_begun), Holds::No, Exception::DigitalBegun),
        (until.is_some_and(|until| until.0 <= whole.now), Holds::No, Exception::Over),
        (is_one(&rules.sealed), Holds::Unsure, Exception::Sealed),
        (item.digital, Holds::Unsure, Exception::Digital),
        (unseen, Holds::Unsure, Exception::LongAgo),
    ];
    match tests.into_iter().find(|(is_so, ..)| *is_so) {
        Some((_, holds, why)) => Right { holds, why: Some(why), until },
        None => Right { holds: Holds::Yes, why: None, until },
    }
}

/// The first moment after so many whole days, the day itself not counted.
pub fn end(at: Time, days: i64, zone: &TimeZone, working: bool) -> Time {
    let simple = at.saturating_add((days + 1) * DAY);
    let day = Timestamp::from_millisecond(at).ok().map(|at| at.to_zoned(zone.clone()).date());
    let Some(mut last) = day.and_then(|day| day.checked_add(days.days()).ok()) else { return simple };
    while working && matches!(last.weekday(), Weekday::Saturday | Weekday::Sunday) {
        match last.tomorrow() {
            Ok(next) => last = next,
            Err(_) => return simple,
        }
    }
    let next = last.tomorrow().ok().and_then(|next| next.to_zoned(zone.clone()).ok());
    next.map_or(simple, |next| next.timestamp().as_millisecond())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Time {
        text.parse::<Timestamp>().unwrap().as_millisecond()
    }

    #[test]
    fn the_period_ends_with_the_last_hour_of_its_last_day() {
        let oslo = TimeZone::get("Europe/Oslo").unwrap();
        // Delivered on Thursday the 29th: the fourteenth day is Thursday the 12th.
        assert_eq!(end(at("2026-10-29T10:00:00Z"), 14, &oslo, true), at("2026-11-12T23:00:00Z"));
        // Delivered on a Saturday: the fourteenth day is a Saturday, so it ends with the Monday.
        assert_eq!(end(at("2026-10-31T10:00:00Z"), 14, &oslo, true), at("2026-11-16T23:00:00Z"));
        assert_eq!(end(at("2026-10-31T10:00:00Z"), 14, &oslo, false), at("2026-11-14T23:00:00Z"));
        // The day is the shop's: half past eleven in the evening of London is the next day in Oslo.
        assert_eq!(end(at("2026-11-01T23:30:00Z"), 1, &oslo, false), at("2026-11-03T23:00:00Z"));
        assert!(end(i64::MAX, 14, &oslo, true) > 0);
    }
}
