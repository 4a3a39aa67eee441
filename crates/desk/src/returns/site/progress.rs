//! How a return stands, for whoever has its address: what to do next, and a way to call it off.

use axum::{
    body::Body,
    extract::{RawPathParams, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use base::{Actor, App, Error, Result, web::Params};
use connectors::label::qr_svg;
use minijinja::{Value, context};

use super::{Query, Sheet, fields, look, shown};
use crate::{
    orders,
    returns::{
        Return, State as Stands, cancel as call_off, destination, find, get,
        kept::by_id,
        letters::{item_told, open},
        lines_of,
        policy::Method,
        swap,
        words::Words,
    },
    shops,
};

pub(super) async fn show(
    State(app): State<App>,
    path: RawPathParams,
    Params(query): Params<Query>,
    headers: HeaderMap,
) -> Response {
    let made = async {
        let (token, found) = named(&app, &path).await?;
        make(&app, &token, &found, &query, &headers).await
    };
    let made = made.await;
    shown(&app, &query, &headers, made).await
}

pub(super) async fn named(app: &App, path: &RawPathParams) -> Result<(String, Return)> {
    let token = path.iter().next().map(|(_, token)| token.to_owned()).unwrap_or_default();
    let id = open(app, &token).ok_or(Error::NotFound)?;
    Ok((token, get(app.db(), id).await?))
}

/// The portal of the return's shop, in the language it was asked for.
pub(super) async fn sheet(app: &App, found: &Return, query: &Query, headers: &HeaderMap) -> Result<Sheet> {
    let mut tx = app.look().await?;
    let shop = shops::find(&mut tx, found.shop).await?;
    let kept = by_id(&mut tx, found.policy).await?;
    drop(tx);
    let asked = query.lang.as_deref().or(Some(found.language.as_str()));
    let words = Words::choose(app, asked, headers, &shop.language).await;
    let colour = look::colour(app, shop.id).await?;
    Ok(Sheet { shop, kept, words, colour })
}

async fn make(app: &App, token: &str, found: &Return, query: &Query, headers: &HeaderMap) -> Result<Response> {
    let sheet = sheet(app, found, query, headers).await?;
    let words = &sheet.words;
    let known = orders::get(app.db(), found.order).await?;
    let order = &known.order;
    let lines = lines_of(app.db(), found.id).await?;
    let items: Vec<_> = lines.iter().map(|line| item_told(words, &lines, line)).collect();
    let mut instead = Vec::new();
    for line in &lines {
        let Some(wished) = &line.wished else { continue };
        let title = swap::title(app.db(), &known, (&wished.product, &wished.variant)).await?;
        instead.extend(title.map(|title| format!("{} × {title}", wished.quantity)));
    }
    let ended = found.state.is_over();
    let amount = words.money(found.amount(), &found.currency);
    let zone = sheet.kept.policy.zone(&sheet.shop);
    let waits = matches!(found.state, Stands::Approved | Stands::LabelSent);
    let until = found.expires_at.filter(|_| waits).map(|at| words.day(at.0 - 1, &zone));
    let how = found.method.map_or("how_keep".to_owned(), |method| format!("how_{method}"));
    let why = found.why.as_deref().unwrap_or_default();
    let about = context! {
        state => "progress",
        title => words.say(&format!("now_{}", found.state), &[("number", &found.number), ("order", &order.number)]),
        number => &found.number,
        order => &order.number,
        items,
        why => (!why.is_empty()).then_some(why),
        instead => if ended { Vec::new() } else { instead },
        // What was called off promises nothing.
        gets => (!ended).then(|| words.say(&format!("gets_{}", found.outcome), &[("amount", &amount)])),
        how => waits.then(|| words.say(&how, &[("number", &found.number)])),
        until => until.map(|until| words.say("hand_in_until", &[("until", &until)])),
        receipt => found.withdrawal.then(|| {
            let moment = words.moment(found.requested_at.0, &zone);
            words.say("withdrawn_at", &[("moment", &moment)])
        }),
        code => match found.method {
            Some(Method::Qr) if waits => Some(Value::from_safe_string(qr_svg(&found.number)?)),
            _ => None,
        },
        label => (waits && found.method == Some(Method::Label)).then(|| format!("/returns/r/{token}/label.pdf")),
        slip => format!("/returns/r/{token}/slip?lang={}", words.language),
        address => found.method.is_some().then(|| destination(&sheet.kept.policy, &lines).map(|one| one.lines.clone())),
        cancel => (found.state.may_become(Stands::Cancelled) && !found.withdrawal)
            .then(|| format!("/returns/r/{token}/cancellation?lang={}", words.language)),
        again => sheet.href("", ""),
    };
    look::page(app, &sheet, &format!("/returns/r/{token}"), about, StatusCode::OK).await
}

pub(super) async fn cancel(
    State(app): State<App>,
    path: RawPathParams,
    Params(query): Params<Query>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let made = async {
        fields(&app, &headers, body).await?;
        let (token, found) = named(&app, &path).await?;
        let actor = found.customer.map_or(Actor::System, |customer| Actor::Customer(customer.0));
        let mut tx = app.begin(actor).await?;
        let found = find(&mut tx, found.id).await?;
        // Sent twice, it is called off once.
        if found.state != Stands::Cancelled {
            call_off(&mut tx, found).await?;
            tx.commit().await?;
        }
        Ok(Redirect::to(&format!("/returns/r/{token}")).into_response())
    };
    let made = made.await;
    shown(&app, &query, &headers, made).await
}
