//! The function to withdraw from a contract (Directive (EU) 2023/2673, in force since 19 June 2026): reachable without
//! account for as long as the right lasts, with nothing asked but which contract and where the receipt goes, and a second
//! step that confirms. No rule of the shop stands in its way.

use axum::{
    Extension,
    body::Body,
    extract::{RawPathParams, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use base::{
    App, Error, Result,
    web::{Caller, Params},
};
use connectors::order::Line;
use minijinja::{Value, context};
use tokio::time::sleep_until;

use super::{
    Asked, Fields, Query, Sheet, Visit, confirm::send, draw, fields, items::standing, items::ticked, look, page,
    pass::Chosen, sent, shown, start,
};
use crate::returns::{
    finding,
    letters::seal,
    policy::{Exception, Facts, Holds, Item, Outcome, Right, right},
};

pub(super) async fn start(
    State(app): State<App>,
    path: RawPathParams,
    Params(query): Params<Query>,
    headers: HeaderMap,
) -> Response {
    let made = async {
        let sheet = Sheet::find(&app, &path, &query, &headers).await?;
        start::form(&app, &sheet, "/withdrawal", None, &Fields(Vec::new()), StatusCode::OK).await
    };
    let made = made.await;
    shown(&app, &query, &headers, made).await
}

pub(super) async fn find(
    State(app): State<App>,
    path: RawPathParams,
    Params(query): Params<Query>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let leaves = finding::not_before();
    let made = async {
        let fields = fields(&app, &headers, body).await?;
        let sheet = Sheet::find(&app, &path, &query, &headers).await?;
        start::found(&app, &sheet, &caller, &fields, true).await
    };
    let made = made.await;
    sleep_until(leaves).await;
    shown(&app, &query, &headers, made).await
}

page!(Withdrawal, items, visit, app, query, list(&app, &visit, None));
sent!(Withdrawal, choose, visit, app, fields, take(&app, visit, &fields));
page!(Withdrawal, confirm, visit, app, query, ask(&app, &visit, None));
sent!(Withdrawal, create, visit, app, fields, withdraw(&app, visit, &fields));

/// Which items can be withdrawn from, with how many pieces of each.
async fn list(app: &App, visit: &Visit, problem: Option<&str>) -> Result<Response> {
    let Visit { sheet, pass, known } = visit;
    let words = &sheet.words;
    let (whole, order, left) = standing(app, sheet, known).await?;
    let right_of = |line: &Line| {
        let item = Item::of(&order, line, 1, "");
        right(&sheet.kept.policy, Facts { whole: &whole, item: &item })
    };
    let mut until = None;
    let mut any = false;
    let mut lines = Vec::new();
    for line in &order.lines {
        let left = left.get(&line.id).copied().unwrap_or(0);
        let found = right_of(line);
        let why = match (left, found.holds) {
            (0, _) => Some(words.say("na_gone", &[])),
            (_, Holds::No) => Some(exception(words, found)),
            _ => None,
        };
        any |= why.is_none();
        if why.is_none() {
            until = until.max(found.until);
        }
        let before = pass.items.iter().find(|item| item.line == line.id).map(|item| item.quantity);
        // All of it, unless they said otherwise.
        let chosen = before.unwrap_or(if pass.items.is_empty() { left } else { 0 });
        let counts: Vec<i64> = (1..=left.min(100)).collect();
        let goods = look::goods(words, line, line.quantity, &order.currency);
        lines.push(context! { goods, why, chosen, counts, single => left == 1 });
    }
    let until = until.map(|at| words.day(at.0 - 1, &whole.zone));
    let lead = match (any, until) {
        (false, _) => words.say("withdraw_none", &[]),
        (true, Some(until)) => words.say("withdraw_until", &[("order", &known.order.number), ("until", &until)]),
        (true, None) => words.say("withdraw_items", &[("order", &known.order.number)]),
    };
    let sealed = visit.sealed(app)?;
    let about = context! {
        state => "items",
        by_law => true,
        none => !any,
        title => words.say("withdraw_title", &[("shop", &sheet.shop.name)]),
        lead,
        lines => Value::from(lines),
        problem => problem.map(|key| words.say(key, &[])),
        portal => sheet.href("", ""),
        action => sheet.href("/withdrawal/items", &format!("&pass={sealed}")),
    };
    let status = if problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let here = format!("/returns/{}/withdrawal/items?pass={sealed}", sheet.shop.id);
    look::page(app, sheet, &here, about, status).await
}

fn exception(words: &crate::returns::words::Words, found: Right) -> String {
    words.say(&format!("no_right_{}", found.why.unwrap_or(Exception::Over)), &[])
}

async fn take(app: &App, mut visit: Visit, fields: &Fields) -> Result<Response> {
    let (_, order, left) = standing(app, &visit.sheet, &visit.known).await?;
    visit.pass.items = ticked(&order, &left, fields);
    if visit.pass.items.is_empty() {
        return list(app, &visit, Some("pick_one")).await;
    }
    visit.sheet.to(app, "/withdrawal/confirm", &visit.pass)
}

/// The second step: what they declare, and the button that does.
async fn ask(app: &App, visit: &Visit, problem: Option<&str>) -> Result<Response> {
    let Visit { sheet, pass, known } = visit;
    let words = &sheet.words;
    let sealed = visit.sealed(app)?;
    let back = sheet.href("/withdrawal/items", &format!("&pass={sealed}"));
    if pass.items.is_empty() {
        return Ok(Redirect::to(&back).into_response());
    }
    let item = |item: &Chosen| {
        let line = known.order.lines.iter().find(|line| line.id == item.line)?;
        Some(look::goods(words, line, item.quantity, &known.order.currency))
    };
    let buyer = &known.order.buyer;
    let about = context! {
        state => "confirm",
        title => words.say("confirm_title", &[]),
        lead => words.say("confirm_lead", &[("order", &known.order.number)]),
        items => pass.items.iter().filter_map(item).collect::<Vec<_>>(),
        name => buyer.name.as_ref().filter(|_| pass.proved),
        receipt_to => buyer.email.as_ref().filter(|_| pass.proved),
        email => buyer.email.is_none(),
        problem => problem.map(|key| words.say(key, &[])),
        back,
        action => sheet.href("/withdrawal/confirm", &format!("&pass={sealed}")),
    };
    let status = if problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let here = format!("/returns/{}/withdrawal/confirm?pass={sealed}", sheet.shop.id);
    look::page(app, sheet, &here, about, status).await
}

async fn withdraw(app: &App, visit: Visit, fields: &Fields) -> Result<Response> {
    let email = Some(fields.get("email")).filter(|email| !email.is_empty());
    if visit.known.order.buyer.email.is_none() && email.is_none_or(|email| mail::address::check(email).is_err()) {
        return ask(app, &visit, Some("bad_email")).await;
    }
    // Whoever came in by the portal's door goes out by it.
    if !visit.pass.withdrawal {
        return Err(Error::NotFound);
    }
    let email = email.map(str::to_owned);
    let asked = Asked { number: draw(app)?, email, ..visit.asked(Outcome::Refund) };
    match send(app, &visit, asked).await {
        Ok(made) => Ok(Redirect::to(&format!("/returns/r/{}", seal(app, made.id))).into_response()),
        Err(Error::Invalid(_)) => list(app, &visit, Some("changed")).await,
        Err(other) => Err(other),
    }
}
