//! Where an order shall go instead: typed in, then shown once more beside what it was.

use axum::{
    extract::{RawPathParams, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use base::{App, Error, Result, web::Params};
use connectors::{
    action::{Action, ActionKind},
    order::Address,
};
use minijinja::context;

use super::{
    Visit, Wish,
    offer::{Standing, standing},
    rules::{self, Rules},
};
use crate::{
    returns,
    track::{
        Asked,
        page::{ours, shown, value},
        reading::Typed,
    },
};

/// Characters of a field: what carriers print.
const MOST: usize = 100;

pub(super) async fn show(
    State(app): State<App>,
    path: RawPathParams,
    Params(asked): Params<Asked>,
    headers: HeaderMap,
) -> Response {
    let made = async {
        let visit = Visit::open(&app, &path, &asked, &headers).await?;
        let now = visit.known.order.shipping_address.clone().unwrap_or_default();
        form(&app, &visit, &now, None).await
    };
    let made = made.await;
    shown(&app, &asked, &headers, made).await
}

async fn form(app: &App, visit: &Visit, typed: &Address, problem: Option<&str>) -> Result<Response> {
    let Visit { site, known, .. } = visit;
    let (words, order) = (&site.words, &known.order);
    let rules = rules::read(app.db(), known.shop).await?;
    if standing(app, &rules, known, ActionKind::ChangeAddress).await? != Standing::Open {
        return Ok(Redirect::to(&visit.href("")).into_response());
    }
    let country = order.shipping_address.as_ref().map_or("", |address| address.country.as_str());
    let here = returns::country(words.language, country);
    let about = context! {
        state => "address",
        title => words.say("address_title", &[("number", &order.number)]),
        address => value(typed)?,
        countries => value(if rules.abroad { returns::countries(words.language) } else { Vec::new() })?,
        within => (!rules.abroad).then(|| words.say("address_within", &[("country", &here)])),
        problem => problem.map(|key| words.say(key, &[])),
        action => visit.href("/address"),
        back => visit.href(""),
    };
    let status = if problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    ours(app, site, about, status).await
}

pub(super) async fn check(
    State(app): State<App>,
    path: RawPathParams,
    Params(asked): Params<Asked>,
    headers: HeaderMap,
    typed: Typed,
) -> Response {
    let made = async {
        let visit = Visit::open(&app, &path, &asked, &headers).await?;
        let rules = rules::read(app.db(), visit.known.shop).await?;
        let before = visit.known.order.shipping_address.clone().ok_or(Error::NotFound)?;
        let new = address(&rules, &before, &typed);
        match wrong(&new) {
            Some(problem) => form(&app, &visit, &new, Some(problem)).await,
            None if new == before => form(&app, &visit, &new, Some("address_same")).await,
            None => confirm(&app, &visit, &before, new).await,
        }
    };
    let made = made.await;
    shown(&app, &asked, &headers, made).await
}

/// As typed; in the country that it was in, unless the shop sends elsewhere too.
fn address(rules: &Rules, before: &Address, typed: &Typed) -> Address {
    let text = |name: &str| {
        let plain: String = typed.field(name).chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        plain.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let some = |name: &str| Some(text(name)).filter(|text| !text.is_empty());
    let asked = some("country").filter(|country| rules.abroad && returns::is_country(country));
    Address {
        name: some("name"),
        company: some("company"),
        line1: text("line1"),
        line2: some("line2"),
        postcode: some("postcode"),
        city: text("city"),
        region: some("region"),
        country: asked.unwrap_or_else(|| before.country.clone()),
        phone: some("phone"),
    }
}

fn wrong(new: &Address) -> Option<&'static str> {
    let parts = [&new.name, &new.company, &new.line2, &new.postcode, &new.region, &new.phone];
    let all = parts.into_iter().flatten().chain([&new.line1, &new.city]);
    if new.line1.is_empty() || new.city.is_empty() || new.name.is_none() {
        return Some("address_needed");
    }
    all.into_iter().any(|text| text.chars().count() > MOST).then_some("address_long")
}

async fn confirm(app: &App, visit: &Visit, before: &Address, new: Address) -> Result<Response> {
    let Visit { site, known, .. } = visit;
    let words = &site.words;
    let rules = rules::read(app.db(), known.shop).await?;
    if standing(app, &rules, known, ActionKind::ChangeAddress).await? != Standing::Open {
        return Ok(Redirect::to(&visit.href("")).into_response());
    }
    let about = context! {
        state => "confirm",
        title => words.say("confirm_title", &[]),
        number => &known.order.number,
        before => lines(words.language, before),
        after => lines(words.language, &new),
        action => visit.href("/change"),
        wish => Wish::new(app, known.id, Action::ChangeAddress { address: new })?.seal(app)?,
        back => visit.href(""),
    };
    ours(app, site, about, StatusCode::OK).await
}

/// As it stands on a parcel.
pub(super) fn lines(language: &str, address: &Address) -> Vec<String> {
    let place = format!("{} {}", address.postcode.as_deref().unwrap_or_default(), address.city);
    let lines = [
        address.name.clone(),
        address.company.clone(),
        Some(address.line1.clone()),
        address.line2.clone(),
        Some(place.trim().to_owned()),
        address.region.clone(),
        Some(returns::country(language, &address.country)),
    ];
    lines.into_iter().flatten().filter(|line| !line.trim().is_empty()).collect()
}
