//! Something else of the shop instead of an item: looked for by its name, and chosen.

use axum::{
    extract::{RawPathParams, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use base::{App, Error, Result, web::Params};
use minijinja::context;

use super::{Fields, Query, Visit, fields, look, page, pass::Chosen, sent, shown};
use crate::returns::swap;

/// Letters of a question.
const MOST: usize = 100;

page!(Portal, show, visit, app, query, make(&app, &visit, &query));
sent!(Portal, choose, visit, app, fields, take(&app, visit, &fields));

/// The page on which something else is looked for, for one item.
pub(super) fn href(visit: &Visit, app: &App, item: &Chosen) -> Result<String> {
    let place = visit.pass.items.iter().position(|one| one.line == item.line).unwrap_or_default();
    Ok(visit.sheet.href("/other", &format!("&item={place}&pass={}", visit.sealed(app)?)))
}

async fn make(app: &App, visit: &Visit, query: &Query) -> Result<Response> {
    let Visit { sheet, pass, known } = visit;
    let words = &sheet.words;
    let place = query.item.unwrap_or_default();
    let (Some(item), true) = (pass.items.get(place), sheet.kept.policy.other_products) else {
        return Err(Error::NotFound);
    };
    let line = known.order.lines.iter().find(|line| line.id == item.line).ok_or(Error::NotFound)?;
    let asked: String = query.q.as_deref().unwrap_or_default().replace('\0', " ").chars().take(MOST).collect();
    let found = swap::search(app.db(), known, line, item.quantity, &asked).await?;
    let currency = &known.order.currency;
    let shown = |one: &swap::Swap| {
        let back = one.cheaper.saturating_mul(item.quantity);
        let picture = one.picture.as_deref().filter(|picture| picture.starts_with("https://"));
        context! {
            title => &one.title, variant => &one.variant_title, picture, product => &one.product, kind => &one.variant,
            difference => match back {
                0 => words.say("other_same", &[]),
                _ => words.say("other_back", &[("amount", &words.money(back, currency))]),
            },
        }
    };
    let sealed = visit.sealed(app)?;
    let about = context! {
        state => "other",
        step => 3,
        title => words.say("other_title", &[]),
        goods => look::goods(words, line, item.quantity, currency),
        asked => &asked,
        found => found.iter().map(shown).collect::<Vec<_>>(),
        item => place,
        pass => &sealed,
        search => format!("/returns/{}/other", sheet.shop.id),
        back => sheet.href("/outcome", &format!("&pass={sealed}")),
        action => sheet.href("/other", &format!("&pass={sealed}")),
    };
    let here = format!("/returns/{}/other?item={place}&pass={sealed}", sheet.shop.id);
    look::page(app, sheet, &here, about, StatusCode::OK).await
}

async fn take(app: &App, mut visit: Visit, fields: &Fields) -> Result<Response> {
    let place: usize = fields.get("item").parse().unwrap_or(usize::MAX);
    let known = visit.known.clone();
    let wished =
        (fields.get(&format!("product{}", fields.get("pick"))), fields.get(&format!("kind{}", fields.get("pick"))));
    let other = visit.sheet.kept.policy.other_products;
    let Some(item) = visit.pass.items.get_mut(place).filter(|_| other) else { return Err(Error::NotFound) };
    let line = known.order.lines.iter().find(|line| line.id == item.line).ok_or(Error::NotFound)?;
    if let Some(swap) = swap::find(app.db(), &known, line, item.quantity, wished).await? {
        item.wished = Some((swap.product, swap.variant));
        return visit.sheet.to(app, "/outcome", &visit.pass);
    }
    // It was sold meanwhile.
    let sealed = visit.sealed(app)?;
    Ok(Redirect::to(&visit.sheet.href("/other", &format!("&item={place}&pass={sealed}"))).into_response())
}
