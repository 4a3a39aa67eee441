//! What they get: their money back, something else, or more of it as store credit.

use std::collections::HashMap;

use axum::{
    extract::{RawPathParams, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use base::{App, Error, Result, args, web::Params};
use connectors::{
    action::ActionKind,
    order::{Product, Variant},
};
use minijinja::{Value, context};

use super::{Fields, Query, Visit, fields, look, other, page, pass::Chosen, sent, shown};
use crate::{
    orders::Known,
    returns::{
        policy::Outcome,
        quote::{Quote, quote},
        swap,
    },
    stores,
};

/// Variants of one product to choose from.
const MOST: usize = 60;

page!(Portal, show, visit, app, query, make(&app, &visit, None));
sent!(Portal, choose, visit, app, fields, take(&app, visit, &fields));

/// What an outcome comes to; none where it cannot be had.
pub(super) async fn reckon(app: &App, visit: &Visit, outcome: Outcome) -> Result<Option<Quote>> {
    if !can_give(app, visit, outcome).await? {
        return Ok(None);
    }
    let mut asked = visit.asked(outcome);
    if outcome == Outcome::Exchange {
        // Whether it can be had does not hang on what they choose.
        for item in asked.items.iter_mut().filter(|item| item.wished.is_none()) {
            let quantity = item.quantity;
            item.wished = Some(connectors::action::Wished { product: String::new(), variant: String::new(), quantity });
        }
    }
    let mut tx = app.look().await?;
    match quote(&mut tx, &visit.sheet.kept, &visit.known, &asked).await {
        Ok(quote) => Ok(Some(quote)),
        Err(Error::Invalid(_)) => Ok(None),
        Err(other) => Err(other),
    }
}

/// Whether the store gives such a thing. Where it gives nothing by itself, people do, whatever it is.
async fn can_give(app: &App, visit: &Visit, outcome: Outcome) -> Result<bool> {
    let needed = match outcome {
        Outcome::Refund => return Ok(true),
        Outcome::Exchange => ActionKind::Exchange,
        Outcome::StoreCredit => ActionKind::StoreCredit,
    };
    let can = stores::get(app, visit.known.store).await?.platform(app)?.capabilities().actions;
    Ok(can.contains(&needed) || !can.contains(&ActionKind::Refund))
}

/// Products of these items that are known, by their id.
async fn products(app: &App, known: &Known, items: &[Chosen]) -> Result<HashMap<String, Product>> {
    let mut found = HashMap::new();
    for item in items {
        let line = known.order.lines.iter().find(|line| line.id == item.line);
        let Some(product) = line.and_then(|line| line.product.as_deref()) else { continue };
        let sql =
            "SELECT data FROM products WHERE store = $1 AND external = $2 AND deleted_at IS NULL AND active = TRUE";
        if let Some(row) = app.db().opt(sql, args![known.store, product]).await? {
            found.insert(product.to_owned(), row.json("data")?);
        }
    }
    Ok(found)
}

/// What can be had instead of one item, with what it costs more or less.
async fn choices(
    app: &App,
    visit: &Visit,
    products: &HashMap<String, Product>,
    item: &Chosen,
) -> Result<Option<Value>> {
    let words = &visit.sheet.words;
    let order = &visit.known.order;
    let Some(line) = order.lines.iter().find(|line| line.id == item.line) else { return Ok(None) };
    let none = Product::default();
    let product = line.product.as_deref().and_then(|id| products.get(id)).unwrap_or(&none);
    let paid = line.total / line.quantity.max(1);
    let choice = |variant: &Variant| {
        let difference = (variant.price - paid).saturating_mul(item.quantity);
        let amount = words.money(difference.abs(), &order.currency);
        let difference = match difference {
            0 => String::new(),
            more if more > 0 => words.say("costs_more", &[("amount", &amount)]),
            _ => words.say("costs_less", &[("amount", &amount)]),
        };
        let hindered = swap::hindrance(product, order, line, item.quantity, &variant.id);
        let sold_out = hindered == Some(swap::Hindrance::SoldOut);
        let chosen = item.wished.as_ref().is_some_and(|(_, chosen)| *chosen == variant.id);
        context! { id => &variant.id, title => &variant.title, difference, sold_out, chosen, off => hindered.is_some(),
        same => line.variant.as_deref() == Some(&variant.id) }
    };
    let variants: Vec<_> = product
        .variants
        .iter()
        .filter(|variant| variant.currency.is_empty() || variant.currency == order.currency)
        .take(MOST)
        .map(choice)
        .collect();
    let goods = look::goods(words, line, item.quantity, &order.currency);
    let any = visit.sheet.kept.policy.other_products;
    if variants.is_empty() && !any {
        return Ok(None);
    }
    let instead = instead(app, visit, item).await?;
    let find = if any { Some(other::href(visit, app, item)?) } else { None };
    Ok(Some(context! { goods, variants, instead, find }))
}

/// The other product that they chose, with what goes back.
async fn instead(app: &App, visit: &Visit, item: &Chosen) -> Result<Option<String>> {
    let Visit { sheet, known, .. } = visit;
    let line = known.order.lines.iter().find(|line| line.id == item.line);
    let (Some(line), Some((product, variant))) = (line, &item.wished) else { return Ok(None) };
    if line.product.as_deref() == Some(product) {
        return Ok(None);
    }
    let found = swap::find(app.db(), known, line, item.quantity, (product, variant)).await?;
    Ok(found.map(|swap| {
        let back = sheet.words.money(swap.cheaper.saturating_mul(item.quantity), &known.order.currency);
        let kind = swap.variant_title.map(|kind| format!(" ({kind})")).unwrap_or_default();
        let less = if swap.cheaper > 0 { sheet.words.say("other_back", &[("amount", &back)]) } else { String::new() };
        [format!("{}{kind}", swap.title), less]
            .into_iter()
            .filter(|text| !text.is_empty())
            .collect::<Vec<_>>()
            .join(": ")
    }))
}

/// Why one of the kinds that they chose cannot be had, as it is sold now.
pub(super) async fn hindered(app: &App, visit: &Visit, outcome: Outcome) -> Result<Option<swap::Hindrance>> {
    if outcome != Outcome::Exchange {
        return Ok(None);
    }
    let Visit { pass, known, .. } = visit;
    let products = products(app, known, &pass.items).await?;
    let none = Product::default();
    let of_item = |item: &Chosen| {
        let (wished, variant) = item.wished.as_ref()?;
        let line = known.order.lines.iter().find(|line| line.id == item.line)?;
        let product = products.get(wished).unwrap_or(&none);
        let is_same = line.product.as_ref() == Some(wished);
        swap::hindrance(product, &known.order, line, item.quantity, variant).filter(|_| is_same)
    };
    Ok(pass.items.iter().find_map(of_item))
}

/// What they get instead of one item, in words.
pub(super) async fn told(app: &App, visit: &Visit, item: &Chosen) -> Result<Option<String>> {
    if let Some(other) = instead(app, visit, item).await? {
        return Ok(Some(other));
    }
    let Some((product, variant)) = &item.wished else { return Ok(None) };
    let title = swap::title(app.db(), &visit.known, (product, variant)).await?;
    Ok(title.map(|title| format!("{} × {title}", item.quantity)))
}

async fn make(app: &App, visit: &Visit, problem: Option<&str>) -> Result<Response> {
    let Visit { sheet, pass, known } = visit;
    let words = &sheet.words;
    let currency = &known.order.currency;
    let mut outcomes = Vec::new();
    for outcome in [Outcome::Exchange, Outcome::StoreCredit, Outcome::Refund] {
        let Some(Quote { worth, fee, bonus, review, .. }) = reckon(app, visit, outcome).await? else { continue };
        let mut exchanges = Vec::new();
        if outcome == Outcome::Exchange {
            let products = products(app, known, &pass.items).await?;
            for item in &pass.items {
                exchanges.extend(choices(app, visit, &products, item).await?);
            }
            if exchanges.len() < pass.items.len() {
                // For one of them nothing else is known: that is no exchange.
                continue;
            }
        }
        let gets = (worth - fee).max(0) + if outcome == Outcome::StoreCredit { bonus } else { 0 };
        let part = |amount: i64| (amount > 0).then(|| words.money(amount, currency));
        outcomes.push(context! {
            id => outcome.as_str(),
            title => words.say(&format!("choose_{outcome}"), &[]),
            hint => words.say(&format!("hint_{outcome}"), &[]),
            money => (outcome != Outcome::Exchange).then(|| words.money(gets, currency)),
            fee => part(fee).map(|fee| words.say("with_fee", &[("amount", &fee)])),
            bonus => part(bonus).map(|bonus| words.say("with_bonus", &[("amount", &bonus)])),
            review => review.then(|| words.say("with_review", &[])),
            chosen => pass.outcome == Some(outcome),
            exchanges,
        });
    }
    let sealed = visit.sealed(app)?;
    let problem = problem.map(|key| words.say(key, &[]));
    let about = context! {
        state => "outcome",
        step => 3,
        title => words.say("outcome_title", &[]),
        nothing => outcomes.is_empty().then(|| words.say("outcome_none", &[])),
        outcomes,
        problem => &problem,
        back => sheet.href("/reasons", &format!("&pass={sealed}")),
        action => sheet.href("/outcome", &format!("&pass={sealed}")),
    };
    let status = if problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let here = format!("/returns/{}/outcome?pass={sealed}", sheet.shop.id);
    look::page(app, sheet, &here, about, status).await
}

async fn take(app: &App, mut visit: Visit, fields: &Fields) -> Result<Response> {
    let Ok(outcome) = fields.get("outcome").parse::<Outcome>() else {
        return make(app, &visit, Some("pick_outcome")).await;
    };
    let products = if outcome == Outcome::Exchange {
        products(app, &visit.known, &visit.pass.items).await?
    } else {
        HashMap::new()
    };
    let known = visit.known.clone();
    let mut complete = true;
    for item in &mut visit.pass.items {
        let line = known.order.lines.iter().find(|line| line.id == item.line);
        let chosen = fields.get(&format!("wish-{}", item.line));
        // What was looked for on a page of its own stays, where nothing else is chosen.
        let is_other =
            |(product, _): &(String, String)| line.is_some_and(|line| line.product.as_ref() != Some(product));
        if outcome == Outcome::Exchange && chosen == "other" && item.wished.as_ref().is_some_and(is_other) {
            continue;
        }
        item.wished = None;
        let product = line.and_then(|line| products.get(line.product.as_deref()?));
        let Some(product) = product else {
            complete &= outcome != Outcome::Exchange;
            continue;
        };
        let variant = product.variants.iter().find(|variant| variant.id == chosen);
        item.wished = variant.map(|variant| (product.id.clone(), variant.id.clone()));
        complete &= item.wished.is_some();
    }
    if !complete {
        return make(app, &visit, Some("pick_variant")).await;
    }
    if let Some(hindered) = hindered(app, &visit, outcome).await? {
        return make(app, &visit, Some(hindered.key())).await;
    }
    visit.pass.outcome = Some(outcome);
    if reckon(app, &visit, outcome).await?.is_none() {
        return make(app, &visit, Some("pick_outcome")).await;
    }
    visit.sheet.to(app, "/send", &visit.pass)
}
