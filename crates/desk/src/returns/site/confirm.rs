//! How it comes back, all of it once more, and the button that sends it.

use axum::{
    extract::{RawPathParams, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use base::{Actor, App, Error, Result, web::Params};
use minijinja::context;

use super::{
    Asked, Fields, Query, Visit, draw, fields, look,
    outcome::{hindered, reckon},
    page, sent, shown,
};
use crate::returns::{
    Return,
    letters::seal,
    pictures,
    policy::{Method, Outcome},
    quote::Quote,
    request,
};

page!(Portal, show, visit, app, query, make(&app, &visit, None));
sent!(Portal, create, visit, app, fields, take(&app, visit, &fields));

async fn make(app: &App, visit: &Visit, problem: Option<&str>) -> Result<Response> {
    let Visit { sheet, pass, known } = visit;
    let words = &sheet.words;
    let sealed = visit.sealed(app)?;
    let back = sheet.href("/outcome", &format!("&pass={sealed}"));
    let Some(outcome) = pass.outcome else { return Ok(Redirect::to(&back).into_response()) };
    let Some(quote) = reckon(app, visit, outcome).await? else { return Ok(Redirect::to(&back).into_response()) };
    let Quote { worth, fee, bonus, methods, review, .. } = quote;
    let currency = &known.order.currency;
    let method = |method: &Method| {
        let title = words.say(&format!("way_{method}"), &[]);
        context! { id => method.as_str(), title, hint => words.say(&format!("way_hint_{method}"), &[]) }
    };
    let item = |item: &super::pass::Chosen| {
        let line = known.order.lines.iter().find(|line| line.id == item.line)?;
        Some(look::goods(words, line, item.quantity, currency))
    };
    let mut instead = Vec::new();
    if outcome == Outcome::Exchange {
        for item in &pass.items {
            instead.extend(super::outcome::told(app, visit, item).await?);
        }
    }
    let gets = (worth - fee).max(0) + if outcome == Outcome::StoreCredit { bonus } else { 0 };
    let amount = words.money(gets, currency);
    let problem = problem.map(|key| words.say(key, &[]));
    let about = context! {
        state => "send",
        step => 4,
        title => words.say("send_title", &[]),
        methods => methods.iter().map(method).collect::<Vec<_>>(),
        keep => methods.is_empty().then(|| words.say("how_keep", &[])),
        items => pass.items.iter().filter_map(item).collect::<Vec<_>>(),
        instead,
        gets => words.say(&format!("gets_{outcome}"), &[("amount", &amount)]),
        fee => (fee > 0).then(|| words.say("with_fee", &[("amount", &words.money(fee, currency))])),
        review => review.then(|| words.say("with_review", &[])),
        email => known.order.buyer.email.is_none(),
        problem => &problem,
        back,
        action => sheet.href("/send", &format!("&pass={sealed}")),
    };
    let status = if problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let here = format!("/returns/{}/send?pass={sealed}", sheet.shop.id);
    look::page(app, sheet, &here, about, status).await
}

async fn take(app: &App, visit: Visit, fields: &Fields) -> Result<Response> {
    let Some(outcome) = visit.pass.outcome else { return make(app, &visit, None).await };
    let email = Some(fields.get("email")).filter(|email| !email.is_empty());
    if visit.known.order.buyer.email.is_none() && email.is_none_or(|email| mail::address::check(email).is_err()) {
        return make(app, &visit, Some("bad_email")).await;
    }
    if let Some(hindered) = hindered(app, &visit, outcome).await? {
        return make(app, &visit, Some(hindered.key())).await;
    }
    let asked = Asked {
        number: draw(app)?,
        method: fields.get("method").parse().ok(),
        email: email.map(str::to_owned),
        ..visit.asked(outcome)
    };
    match send(app, &visit, asked).await {
        Ok(made) => Ok(Redirect::to(&format!("/returns/r/{}", seal(app, made.id))).into_response()),
        // Something changed since the page was made: it says so, and shows how it is now.
        Err(Error::Invalid(_)) => make(app, &visit, Some("changed")).await,
        Err(other) => Err(other),
    }
}

/// Asks for it, with the pictures that came before.
pub(super) async fn send(app: &App, visit: &Visit, asked: Asked) -> Result<Return> {
    let actor = visit.known.customer.map_or(Actor::System, |customer| Actor::Customer(customer.0));
    let mut tx = app.begin(actor).await?;
    let made = request(&mut tx, &visit.sheet.kept, asked).await?;
    pictures::take_kept(&mut tx, made.id, &visit.pass.key).await?;
    tx.commit().await?;
    Ok(made)
}
