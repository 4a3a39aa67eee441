//! What a schedule would mean, before it is kept: the next days, the holidays of a country, the days of a calendar file.

use aide::axum::{
    ApiRouter,
    routing::{get_with, post_with},
};
use axum::{Json, extract::State};
use base::{
    App, Error, Feature, Result, Stamp,
    web::{Body, Params},
};
use jiff::{ToSpan, civil::Date};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    Plan,
    change::inside_plan,
    holidays::{self, FIRST, LAST, Region},
    ics,
};
use crate::agents::{Permission, Who};

pub(super) fn feature() -> Feature {
    let routes = ApiRouter::new()
        .api_route("/schedules/preview", post_with(preview, |op| op.summary("The next days by a schedule")))
        .api_route(
            "/schedules/calendar-file",
            post_with(file, |op| op.summary("The whole days in a calendar file (.ics)")),
        )
        .api_route("/holidays", get_with(list, |op| op.summary("Public holidays by country and region")));
    Feature { routes, ..Feature::default() }
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "SchedulePreviewWanted")]
struct Wanted {
    plan: Plan,
    /// 1 to 100, 14 where absent; from today on.
    days: Option<i64>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "SchedulePreview")]
struct Preview {
    open: bool,
    /// When it opens or closes next; null where it never does.
    changes_at: Option<Stamp>,
    days: Vec<Day>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "SchedulePreviewDay")]
struct Day {
    /// Such as `2026-12-24`.
    date: String,
    /// Of the special day or the holiday.
    name: Option<String>,
    /// `week`, `special` or `holiday`.
    by: &'static str,
    /// Those that begin on this day.
    periods: Vec<Open>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "SchedulePreviewPeriod")]
struct Open {
    from: Stamp,
    until: Stamp,
}

async fn preview(who: Who, State(app): State<App>, Body(body): Body<Wanted>) -> Result<Json<Preview>> {
    who.may(Permission::TicketsRead)?;
    let days = body.days.unwrap_or(14);
    if !(1..=100).contains(&days) {
        return Err(Error::invalid("days", "must be between 1 and 100"));
    }
    let calendar = body.plan.calendar().map_err(inside_plan)?;
    let now = app.now();
    let named = |date: Date| {
        body.plan
            .days
            .iter()
            .find(|day| day.date.parse().is_ok_and(|day: Date| day == date))
            .map(|day| day.name.clone())
    };
    let today = calendar.day(now).ok_or(Error::NotFound)?;
    let shown = today.series(1.day()).take(usize::try_from(days)?).map(|date| {
        let special = named(date);
        let holiday = holidays::on(&calendar.holidays, date).filter(|_| special.is_none());
        let by = if special.is_some() { "special" } else { holiday.map_or("week", |_| "holiday") };
        let name = special.filter(|name| !name.is_empty()).or_else(|| holiday.map(str::to_owned));
        let periods = calendar.moments(date).map(|(from, until)| Open { from: Stamp(from), until: Stamp(until) });
        Day { date: date.to_string(), name, by, periods: periods.collect() }
    });
    let days = shown.collect();
    Ok(Json(Preview { open: calendar.is_open(now), changes_at: calendar.next_change(now).map(Stamp), days }))
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "CalendarFile")]
struct File {
    /// The file's text.
    ics: String,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "CalendarFileDays")]
struct FileDays {
    /// From today on; what repeats every year for ten years.
    days: Vec<NamedDay>,
    /// Events that are no whole days, or repeat otherwise.
    left_out: i64,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "NamedDay")]
struct NamedDay {
    date: String,
    name: String,
}

async fn file(who: Who, State(app): State<App>, Body(body): Body<File>) -> Result<Json<FileDays>> {
    who.may(Permission::ShopManage)?;
    let now = jiff::Timestamp::from_millisecond(app.now())?;
    let found = ics::read(&body.ics, now.to_zoned(jiff::tz::TimeZone::UTC).date())?;
    let days = found.days.into_iter().map(|(date, name)| NamedDay { date: date.to_string(), name });
    Ok(Json(FileDays { days: days.collect(), left_out: found.left_out }))
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "HolidaysWanted")]
struct Which {
    /// ISO 3166-1, such as `DE`.
    country: Option<String>,
    /// Such as `BY`.
    region: Option<String>,
    /// This one where absent.
    year: Option<i16>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Holidays")]
struct Shown {
    countries: Vec<Country>,
    /// All of them are known for these years.
    first_year: i16,
    last_year: i16,
    /// Of the country that was asked for.
    days: Vec<NamedDay>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "HolidayCountry")]
struct Country {
    code: &'static str,
    regions: Vec<&'static str>,
}

async fn list(who: Who, State(app): State<App>, Params(query): Params<Which>) -> Result<Json<Shown>> {
    who.may(Permission::TicketsRead)?;
    let this = jiff::Timestamp::from_millisecond(app.now())?.to_zoned(jiff::tz::TimeZone::UTC).year();
    let year = query.year.unwrap_or(this);
    if !(FIRST..=LAST).contains(&year) {
        return Err(Error::invalid("year", format!("must be between {FIRST} and {LAST}")));
    }
    let days = match query.country {
        None => Vec::new(),
        Some(country) => holidays::of_year(&holidays::rules(&Region { country, region: query.region })?, year),
    };
    let days =
        days.into_iter().map(|(date, name)| NamedDay { date: date.to_string(), name: name.to_owned() }).collect();
    let countries = holidays::countries().iter().map(|one| Country { code: one.code, regions: one.regions.clone() });
    Ok(Json(Shown { countries: countries.collect(), first_year: FIRST, last_year: LAST, days }))
}
