//! What one cell says.

use base::Stamp;
use jiff::{
    civil::{Date, DateTime, Time},
    tz::{Offset, TimeZone},
};
use serde::Serialize;

use super::{Dates, Decimals, FieldKind, Flaw, LONGEST, Plan, countries};
use crate::money;

/// As it was understood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Value {
    Text(String),
    /// With a point, such as `1234.50`: what it is in the smallest unit hangs on the currency.
    Decimal(String),
    Whole(i64),
    At(Stamp),
    Word(&'static str),
    Flag(bool),
    List(Vec<String>),
}

const WHOLE: i64 = 1_000_000;

/// How the cells of one file are read.
pub struct Reading {
    dates: Dates,
    decimals: Decimals,
    zone: TimeZone,
}

impl Reading {
    pub fn new(plan: &Plan) -> Self {
        let zone = TimeZone::get(&plan.zone).unwrap_or(TimeZone::UTC);
        Self { dates: plan.dates, decimals: plan.decimals, zone }
    }

    /// What a cell says; none where it is empty.
    pub fn cell(&self, kind: &FieldKind, text: &str) -> Result<Option<Value>, Flaw> {
        let text = plain(text);
        if text.is_empty() {
            return Ok(None);
        }
        if text.chars().count() > LONGEST {
            return Err(Flaw::TooLong);
        }
        let value = match kind {
            FieldKind::Id if text.len() > 200 => return Err(Flaw::TooLong),
            FieldKind::Text | FieldKind::Id => Value::Text(text.to_owned()),
            FieldKind::Email => {
                let address = mail::address::check(text).map_err(|_| Flaw::Email).map(|_| text.to_owned())?;
                Value::Text(address)
            }
            FieldKind::Link if ["https://", "http://"].iter().any(|scheme| text.starts_with(scheme)) => {
                Value::Text(text.to_owned())
            }
            FieldKind::Link => return Err(Flaw::Link),
            FieldKind::Country => Value::Text(countries::code(text).ok_or(Flaw::Country)?),
            FieldKind::Currency => Value::Text(money::code("currency", text).map_err(|_| Flaw::Currency)?),
            FieldKind::Money => Value::Decimal(decimal(text, self.decimals).ok_or(Flaw::Number)?),
            FieldKind::Whole => Value::Whole(whole(text, self.decimals).ok_or(Flaw::Whole)?),
            FieldKind::Date => Value::At(self.date(text).ok_or(Flaw::Date)?),
            FieldKind::YesNo => Value::Flag(yes_no(text).ok_or(Flaw::YesNo)?),
            FieldKind::List => Value::List(list(text)),
            FieldKind::Word(words) => Value::Word(word(text, words).ok_or(Flaw::Word)?),
        };
        Ok(Some(value))
    }

    fn date(&self, text: &str) -> Option<Stamp> {
        let end = text.find(|c: char| !c.is_ascii_digit() && !"-./".contains(c)).unwrap_or(text.len());
        let (day, rest) = text.split_at(end);
        let day = self.day(day)?;
        let rest = rest.trim_start_matches(['T', 't', ',', ' ']).trim();
        let (time, offset) = time(rest)?;
        let local = DateTime::from_parts(day, time);
        let at = match offset {
            Some(offset) => offset.to_timestamp(local).ok()?,
            None => local.to_zoned(self.zone.clone()).ok()?.timestamp(),
        };
        Some(Stamp(at.as_millisecond()))
    }

    fn day(&self, text: &str) -> Option<Date> {
        let parts: Vec<&str> = text.split(['-', '.', '/']).collect();
        let [one, two, three] = parts.as_slice() else { return None };
        let (year, month, day) = match (one.len(), self.dates) {
            (4, _) => (*one, *two, *three),
            (1 | 2, Dates::DayFirst) => (*three, *two, *one),
            (1 | 2, Dates::MonthFirst) => (*three, *one, *two),
            _ => return None,
        };
        let year: i16 = match year.len() {
            4 => year.parse().ok()?,
            2 => 2000 + year.parse::<i16>().ok()?,
            _ => return None,
        };
        let in_reach = (1990..=2100).contains(&year);
        Date::new(year, month.parse().ok()?, day.parse().ok()?).ok().filter(|_| in_reach)
    }
}

/// Without what only spreadsheets need: space around it, the apostrophe before what looks like a formula or a number, and
/// the formula that keeps digits together.
fn plain(text: &str) -> &str {
    let text = text.trim();
    if let Some(rest) =
        text.strip_prefix('\'').filter(|rest| rest.starts_with(|c: char| "+-=@".contains(c) || c.is_ascii_digit()))
    {
        return rest;
    }
    let held = text.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"'));
    held.filter(|inner| !inner.contains('"')).unwrap_or(text).trim()
}

/// The time of a day and, where it says so, how far it is from UTC.
fn time(text: &str) -> Option<(Time, Option<Offset>)> {
    if text.is_empty() {
        return Some((Time::midnight(), None));
    }
    let end = text.find(|c: char| !c.is_ascii_digit() && !":.".contains(c)).unwrap_or(text.len());
    let (clock, rest) = text.split_at(end);
    let mut parts = clock.split(':');
    let mut hour: i8 = parts.next()?.parse().ok()?;
    let minute = parts.next()?.parse().ok()?;
    // Parts of a second are told by nobody who sells things.
    let second = parts.next().map_or(Some(0), |part| part.split('.').next().unwrap_or(part).parse().ok())?;
    let mut rest = rest.trim();
    let half = rest.get(..2).map(str::to_ascii_uppercase);
    if let Some(half) = half.filter(|half| half == "AM" || half == "PM") {
        if !(1..=12).contains(&hour) {
            return None;
        }
        hour = hour % 12 + if half == "PM" { 12 } else { 0 };
        rest = rest[2..].trim();
    }
    let rest = rest.trim_end_matches("Uhr").trim();
    let time = Time::new(hour, minute, second, 0).ok()?;
    Some((time, offset(rest)?))
}

/// None where it cannot be read; `Some(None)` where nothing is said.
#[expect(clippy::option_option, reason = "nothing said and nothing understood are two things")]
fn offset(text: &str) -> Option<Option<Offset>> {
    match text {
        "" => return Some(None),
        "Z" | "z" | "UTC" | "GMT" => return Some(Some(Offset::UTC)),
        _ => {}
    }
    let (sign, digits) = match text.split_at_checked(1)? {
        ("+", rest) => (1, rest.replace(':', "")),
        ("-", rest) => (-1, rest.replace(':', "")),
        _ => return None,
    };
    let number: i32 = digits.parse().ok().filter(|_| digits.len() == 4)?;
    Offset::from_seconds(sign * (number / 100 * 3600 + number % 100 * 60)).ok().map(Some)
}

/// A number as people of this habit write it, with a point and without anything else. None for what may be anything.
pub fn decimal(text: &str, decimals: Decimals) -> Option<String> {
    let text: String =
        text.chars().filter(|c| !c.is_whitespace() && !"€$£¥'’".contains(*c)).collect::<String>().replace('−', "-");
    let bare = text.trim_matches(|c: char| c.is_alphabetic());
    // A currency beside it is at most three letters.
    if text.len() - bare.len() > 4 {
        return None;
    }
    let (sign, number) = match bare.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", bare.strip_prefix('+').unwrap_or(bare)),
    };
    let (point, thousands) = match decimals {
        Decimals::Point => ('.', ','),
        Decimals::Comma => (',', '.'),
    };
    let (whole, part) = number.split_once(point).unwrap_or((number, ""));
    let groups: Vec<&str> = whole.split(thousands).collect();
    let grouped =
        groups.len() == 1 || ((1..=3).contains(&groups[0].len()) && groups[1..].iter().all(|group| group.len() == 3));
    let digits = groups.concat();
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let right = grouped && is_number(&digits) && is_number(part) && digits.len() + part.len() > 0 && digits.len() < 16;
    right.then(|| if part.is_empty() { format!("{sign}{digits}") } else { format!("{sign}{digits}.{part}") })
}

fn whole(text: &str, decimals: Decimals) -> Option<i64> {
    let number = decimal(text, decimals)?;
    let (whole, part) = number.split_once('.').unwrap_or((&number, ""));
    let value: i64 = whole.parse().ok().filter(|_| part.bytes().all(|byte| byte == b'0'))?;
    (0..=WHOLE).contains(&value).then_some(value)
}

fn yes_no(text: &str) -> Option<bool> {
    match text.to_lowercase().as_str() {
        "yes" | "y" | "true" | "1" | "ja" | "j" | "wahr" | "active" | "published" | "publish" => Some(true),
        "no" | "n" | "false" | "0" | "nein" | "falsch" | "draft" | "archived" | "-1" => Some(false),
        _ => None,
    }
}

fn list(text: &str) -> Vec<String> {
    let parts = text.split([',', ';']).map(str::trim).filter(|part| !part.is_empty());
    parts.take(100).map(|part| part.chars().take(100).collect()).collect()
}

fn word(text: &str, words: &[(&'static str, &[&str])]) -> Option<&'static str> {
    let key = letters(text);
    let is_it = |(ours, theirs): &&(&'static str, &[&str])| letters(ours) == key || theirs.contains(&key.as_str());
    words.iter().find(is_it).map(|(ours, _)| *ours)
}

/// Letters and digits alone, small: `Order #` and `order` are the same.
pub fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
