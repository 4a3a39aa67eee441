//! Days out of a calendar file (iCalendar, RFC 5545): whole-day events, once or every year. Others say nothing of a day on
//! which nobody works, and are counted.

use std::collections::BTreeMap;

use base::{Error, Result};
use jiff::{ToSpan, civil::Date};

/// Days that repeat every year are taken for so many years.
const YEARS: i16 = 10;
/// An event over more days than this is no holiday.
const LONGEST: usize = 31;
pub(super) const MOST: usize = 400;

#[derive(Debug, PartialEq)]
pub(super) struct Found {
    pub days: BTreeMap<Date, String>,
    /// Events that were left out.
    pub left_out: i64,
}

#[derive(Default)]
struct Event {
    name: String,
    start: Option<Date>,
    end: Option<Date>,
    /// What we do not understand of it.
    other: bool,
    yearly: bool,
    until: Option<i16>,
}

/// The days that end at `today` or later.
pub(super) fn read(text: &str, today: Date) -> Result<Found> {
    if !text.trim_start_matches('\u{feff}').trim_start().to_ascii_uppercase().starts_with("BEGIN:VCALENDAR") {
        return Err(Error::invalid("ics", "is no calendar file: it must begin with BEGIN:VCALENDAR"));
    }
    let (mut found, mut open) = (Found { days: BTreeMap::new(), left_out: 0 }, None::<Event>);
    for line in unfolded(text) {
        let Some((head, value)) = split(&line) else { continue };
        let name = head.split(';').next().unwrap_or_default().to_ascii_uppercase();
        match (name.as_str(), &mut open) {
            ("BEGIN", _) if value.eq_ignore_ascii_case("VEVENT") => open = Some(Event::default()),
            ("END", Some(_)) if value.eq_ignore_ascii_case("VEVENT") => {
                open.take().into_iter().for_each(|event| event.put(&mut found, today));
            }
            ("SUMMARY", Some(event)) => event.name = plain(value),
            ("DTSTART", Some(event)) => event.start = day(value),
            ("DTEND", Some(event)) => event.end = day(value),
            ("RRULE", Some(event)) => event.repeat(value),
            ("STATUS", Some(event)) => event.other |= value.eq_ignore_ascii_case("CANCELLED"),
            ("RDATE" | "EXDATE", Some(event)) => event.other = true,
            _ => {}
        }
    }
    if found.days.len() > MOST {
        return Err(Error::invalid("ics", format!("has more than {MOST} days that lie ahead")));
    }
    Ok(found)
}

impl Event {
    fn repeat(&mut self, rule: &str) {
        for part in rule.split(';') {
            match part.to_ascii_uppercase().split_once('=') {
                Some(("FREQ", "YEARLY")) => self.yearly = true,
                Some(("INTERVAL", "1") | ("WKST" | "BYMONTH" | "BYMONTHDAY", _)) => {}
                Some(("UNTIL", until)) => self.until = until.get(..4).and_then(|year| year.parse().ok()),
                _ => self.other = true,
            }
        }
    }

    fn put(self, found: &mut Found, today: Date) {
        let Some(start) = self.start.filter(|_| !self.other) else {
            found.left_out += 1;
            return;
        };
        let end = self.end.or_else(|| start.checked_add(1.day()).ok()).unwrap_or(start).max(start);
        let days: Vec<_> =
            start.series(1.day()).take_while(|day| *day < end || *day == start).take(LONGEST + 1).collect();
        if days.len() > LONGEST {
            found.left_out += 1;
            return;
        }
        let last = today.year().saturating_add(YEARS).min(self.until.unwrap_or(i16::MAX));
        let years = if self.yearly { start.year().max(today.year() - 1)..=last } else { start.year()..=start.year() };
        for year in years {
            let there = days
                .iter()
                .filter_map(|day| Date::new(year + (day.year() - start.year()), day.month(), day.day()).ok());
            for day in there.filter(|day| *day >= today) {
                if found.days.len() <= MOST {
                    found.days.entry(day).or_insert_with(|| self.name.clone());
                }
            }
        }
    }
}

/// A date without a time; one with a time is no whole day.
fn day(value: &str) -> Option<Date> {
    (value.len() == 8).then(|| Date::strptime("%Y%m%d", value).ok()).flatten()
}

/// Long lines are folded: the next begins with a blank.
fn unfolded(text: &str) -> impl Iterator<Item = String> {
    let mut lines = text.lines().peekable();
    std::iter::from_fn(move || {
        let mut line = lines.next()?.to_owned();
        while let Some(more) = lines.next_if(|next| next.starts_with([' ', '\t'])) {
            line.push_str(&more[1..]);
        }
        Some(line)
    })
}

/// The name with its parameters, and the value; a colon within quotes is part of a parameter.
fn split(line: &str) -> Option<(&str, &str)> {
    let mut quoted = false;
    let at = line.find(|c| {
        quoted ^= c == '"';
        c == ':' && !quoted
    })?;
    Some((&line[..at], line[at + 1..].trim()))
}

/// Text as RFC 5545 escapes it, as one line of at most 60 characters.
fn plain(value: &str) -> String {
    let text =
        value.replace("\\n", " ").replace("\\N", " ").replace("\\,", ",").replace("\\;", ";").replace("\\\\", "\\");
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(60).collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn whole_days_are_taken_and_meetings_are_not() {
        let text = "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:Company\\, party \r\n  and more\r\n\
            DTSTART;VALUE=DATE:20261224\r\nDTEND;VALUE=DATE:20261226\r\nEND:VEVENT\r\n\
            BEGIN:VEVENT\r\nSUMMARY:Founders\r\nDTSTART;VALUE=DATE:20200314\r\nRRULE:FREQ=YEARLY;UNTIL=20280101\r\nEND:VEVENT\r\n\
            BEGIN:VEVENT\r\nSUMMARY:Meeting\r\nDTSTART:20261224T100000Z\r\nEND:VEVENT\r\n\
            BEGIN:VEVENT\r\nSUMMARY:Weekly\r\nDTSTART;VALUE=DATE:20261224\r\nRRULE:FREQ=WEEKLY\r\nEND:VEVENT\r\n\
            BEGIN:VEVENT\r\nSUMMARY:Old\r\nDTSTART;VALUE=DATE:20201224\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
        let found = read(text, date(2026, 11, 1)).unwrap();
        let days: Vec<_> = found.days.iter().map(|(day, name)| format!("{day} {name}")).collect();
        assert_eq!(
            days,
            [
                "2026-12-24 Company, party and more",
                "2026-12-25 Company, party and more",
                "2027-03-14 Founders",
                "2028-03-14 Founders"
            ]
        );
        assert_eq!(found.left_out, 2);
        assert!(read("hello", date(2026, 1, 1)).is_err());
    }

    #[test]
    fn a_hostile_file_ends() {
        let mut many = String::new();
        for day in date(2030, 1, 1).series(1.day()).take(500) {
            many += &day.strftime("BEGIN:VEVENT\nDTSTART;VALUE=DATE:%Y%m%d\nEND:VEVENT\n").to_string();
        }
        assert!(read(&format!("BEGIN:VCALENDAR\n{many}"), date(2026, 1, 1)).is_err());
        let wide = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:00010101\nDTEND;VALUE=DATE:99991231\nEND:VEVENT";
        assert_eq!(read(wide, date(2026, 1, 1)).unwrap().left_out, 1);
    }
}
