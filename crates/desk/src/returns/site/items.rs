//! Which items, and how many pieces. What cannot come back says why.

use std::collections::HashMap;

use axum::{
    extract::{RawPathParams, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use base::{App, Result, Tx, web::Params};
use connectors::order::{Line, Order};
use minijinja::{Value, context};

use super::{Fields, Query, Sheet, Visit, fields, look, page, pass::Chosen, sent, shown};
use crate::{
    orders::Known,
    returns::{
        policy::{Decision, Facts, Item, Outcome, Verdict, Whole, Why, decide, said},
        standing::{available, delivered, facts},
        words::Words,
    },
};

/// Lines that one return can hold here: each is carried along in the address.
const MOST: usize = 30;

page!(Portal, show, visit, app, query, make(&app, &visit, None));
sent!(Portal, choose, visit, app, fields, take(&app, visit, &fields));

/// The order with what the carriers say, and how many pieces of each line can still come back.
pub(super) async fn standing(app: &App, sheet: &Sheet, known: &Known) -> Result<(Whole, Order, HashMap<String, i64>)> {
    let mut tx: Tx = app.look().await?;
    let whole = facts(&mut tx, &sheet.kept, known).await?;
    let order = delivered(&mut tx, known).await?;
    let left = available(&mut tx, known).await?;
    Ok((whole, order, left))
}

/// The best that the policy says to this line, whatever the reason may be.
fn best(sheet: &Sheet, whole: &Whole, order: &Order, line: &Line) -> Option<Decision> {
    let policy = &sheet.kept.policy;
    let of = |reason: &str| {
        let item = Item::of(order, line, 1, reason);
        decide(policy, Facts { whole, item: &item })
    };
    let can = |decision: &Decision| decision.offers.iter().any(|offer| offer.verdict != Verdict::Reject);
    let mut all = policy.reasons.iter().map(|reason| of(&reason.id));
    let first = all.next()?;
    if can(&first) { Some(first) } else { all.find(can).or(Some(first)) }
}

async fn make(app: &App, visit: &Visit, problem: Option<&str>) -> Result<Response> {
    let Visit { sheet, pass, known } = visit;
    let words = &sheet.words;
    let (whole, order, left) = standing(app, sheet, known).await?;
    let mut lines = Vec::new();
    let mut any = false;
    let mut until = None;
    for line in &order.lines {
        let left = left.get(&line.id).copied().unwrap_or(0);
        let decision = best(sheet, &whole, &order, line);
        let open = decision.iter().flat_map(|one| &one.offers).filter(|offer| offer.verdict != Verdict::Reject);
        let days: Vec<_> = open.clone().filter_map(|offer| offer.until).collect();
        let why = match &decision {
            _ if left == 0 => Some(words.say("na_gone", &[])),
            Some(decision) if open.count() == 0 => Some(why(words, decision)),
            _ => None,
        };
        any |= why.is_none();
        if why.is_none() {
            until = until.max(days.into_iter().max());
        }
        let chosen = pass.items.iter().find(|item| item.line == line.id).map_or(0, |item| item.quantity);
        let counts: Vec<i64> = (1..=left.min(100)).collect();
        let goods = look::goods(words, line, line.quantity, &order.currency);
        lines.push(context! { goods, why, chosen, counts, single => left == 1 });
    }
    let until = until.map(|at| words.day(at.0 - 1, &whole.zone));
    let lead = match until {
        Some(until) => words.say("items_until", &[("order", &known.order.number), ("until", &until)]),
        None => words.say("items_lead", &[("order", &known.order.number)]),
    };
    let problem = problem.map(|key| words.say(key, &[("n", &MOST.to_string())]));
    let about = context! {
        state => "items",
        step => 1,
        title => words.say("items_title", &[]),
        lead,
        lines => Value::from(lines),
        none => !any,
        problem => &problem,
        action => sheet.href("/items", &format!("&pass={}", visit.sealed(app)?)),
    };
    let status = if problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let here = format!("/returns/{}/items?pass={}", sheet.shop.id, visit.sealed(app)?);
    look::page(app, sheet, &here, about, status).await
}

/// Why nothing can be had for a line.
fn why(words: &Words, decision: &Decision) -> String {
    let refund = decision.offer(Outcome::Refund);
    let worst = decision.offers.iter().find(|offer| !offer.words.is_empty()).unwrap_or(refund);
    if let Some(text) = said(&worst.words, words.language) {
        return text.to_owned();
    }
    let last = refund.because.iter().rev().find(|because| because.why != Why::Rule);
    let key = match last.map(|because| because.why) {
        Some(Why::NotShipped) => "na_not_shipped",
        Some(Why::WindowOver) => "na_over",
        Some(Why::FinalSale) => "na_final_sale",
        Some(Why::Digital) => "na_digital",
        _ => "na_policy",
    };
    words.say(key, &[])
}

/// What was ticked, with its number of pieces.
pub(super) fn ticked(order: &Order, left: &HashMap<String, i64>, fields: &Fields) -> Vec<Chosen> {
    // Some stores tell the lines in another order each time.
    let places = (0..order.lines.len()).map(|place| (fields.get(&format!("item{place}")), place));
    let places: HashMap<&str, usize> = places.collect();
    let pieces = |line: &Line| {
        let place = places.get(line.id.as_str())?;
        let left = left.get(&line.id).copied().filter(|left| *left > 0)?;
        let asked = fields.get(&format!("count{place}")).parse().unwrap_or(1);
        Some(i64::clamp(asked, 1, left))
    };
    let ticked = order.lines.iter().filter_map(|line| Some((line, pieces(line)?)));
    ticked.map(|(line, quantity)| Chosen { line: line.id.clone(), quantity, ..Chosen::default() }).collect()
}

async fn take(app: &App, mut visit: Visit, fields: &Fields) -> Result<Response> {
    let (_, order, left) = standing(app, &visit.sheet, &visit.known).await?;
    let items = ticked(&order, &left, fields);
    if items.is_empty() {
        return make(app, &visit, Some("pick_one")).await;
    }
    if items.len() > MOST {
        return make(app, &visit, Some("pick_fewer")).await;
    }
    // What was said before of the same items stays said.
    let before = std::mem::take(&mut visit.pass.items);
    let merged = items.into_iter().map(|item| match before.iter().find(|one| one.line == item.line) {
        Some(one) => Chosen { quantity: item.quantity, ..one.clone() },
        None => item,
    });
    visit.pass.items = merged.collect();
    visit.sheet.to(app, "/reasons", &visit.pass)
}
