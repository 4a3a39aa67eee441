//! Days, times and money as the six languages of the shop's pages write them.

use std::{collections::BTreeMap, sync::LazyLock};

use base::Time;
use connectors::money;
use jiff::{Timestamp, Zoned, tz::TimeZone};
use serde::Deserialize;

#[derive(Deserialize)]
struct Calendar {
    /// With `{day}`, `{n}` and `{month}`.
    date: String,
    /// From Monday.
    days: [String; 7],
    months: [String; 12],
}

static CALENDARS: LazyLock<BTreeMap<String, Calendar>> =
    LazyLock::new(|| serde_json::from_str(include_str!("../../../pages/dates.json")).unwrap_or_default());

/// The language of a tag such as `de-AT`, where it is one of the six; English else.
fn known(tag: &str) -> &str {
    let language = tag.split('-').next().unwrap_or_default();
    if CALENDARS.contains_key(language) { language } else { "en" }
}

fn zoned(at: Time, zone: &TimeZone) -> Zoned {
    Timestamp::from_millisecond(at).unwrap_or(Timestamp::UNIX_EPOCH).to_zoned(zone.clone())
}

/// A day, such as `Friday 13 November`.
pub fn day(tag: &str, at: Time, zone: &TimeZone) -> String {
    let Some(calendar) = CALENDARS.get(known(tag)) else { return String::new() };
    let at = zoned(at, zone);
    let place = |number: i8| usize::try_from(number).unwrap_or_default();
    let day = &calendar.days[place(at.weekday().to_monday_zero_offset())];
    let month = &calendar.months[place(at.month() - 1)];
    calendar.date.replace("{day}", day).replace("{n}", &at.day().to_string()).replace("{month}", month)
}

/// A day and a time by the clock.
pub fn moment(tag: &str, at: Time, zone: &TimeZone) -> String {
    let clock = zoned(at, zone);
    format!("{}, {:02}:{:02}", day(tag, at, zone), clock.hour(), clock.minute())
}

/// `EUR 12.50`, with the point or comma of the language.
pub fn money(tag: &str, amount: i64, currency: &str) -> String {
    let number = money::decimal(amount, currency);
    match known(tag) {
        "en" | "ar" => format!("{currency} {number}"),
        _ => format!("{} {currency}", number.replace('.', ",")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_six_languages_have_a_calendar() {
        for language in ["en", "de", "fr", "es", "sv", "ar"] {
            let day = day(language, 1_794_571_200_000, &TimeZone::UTC);
            assert!(day.contains("13") && !day.contains('{'), "{language}: {day}");
        }
        assert_eq!(money("sv", 1250, "JPY"), "1250 JPY");
    }
}
