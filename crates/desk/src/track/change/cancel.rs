//! The question whether an order shall really be cancelled.

use axum::{
    extract::{RawPathParams, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use base::{App, Result, web::Params};
use connectors::{
    action::{Action, ActionKind, refundable},
    money,
};
use minijinja::context;

use super::{
    Visit, Wish,
    offer::{Standing, standing},
    rules,
};
use crate::track::{
    Asked,
    page::{ours, shown},
};

/// Why, in the shop's books.
const REASON: &str = "Cancelled by the shopper on the page of the order";

pub(super) async fn show(
    State(app): State<App>,
    path: RawPathParams,
    Params(asked): Params<Asked>,
    headers: HeaderMap,
) -> Response {
    let made = async {
        let visit = Visit::open(&app, &path, &asked, &headers).await?;
        ask(&app, &visit).await
    };
    let made = made.await;
    shown(&app, &asked, &headers, made).await
}

async fn ask(app: &App, visit: &Visit) -> Result<Response> {
    let Visit { site, known, .. } = visit;
    let rules = rules::read(app.db(), known.shop).await?;
    if standing(app, &rules, known, ActionKind::Cancel).await? != Standing::Open {
        return Ok(Redirect::to(&visit.href("")).into_response());
    }
    let back = refundable(&known.order);
    let currency = &known.order.currency;
    let action = Action::Cancel { refund: back > 0, restock: true, reason: REASON.to_owned(), notify: false };
    let amount = format!("{} {currency}", money::decimal(back, currency));
    let about = context! {
        state => "cancel",
        title => site.words.say("cancel_title", &[("number", &known.order.number)]),
        number => &known.order.number,
        money => (back > 0).then(|| site.words.say("cancel_money", &[("amount", &amount)])),
        action => visit.href("/change"),
        wish => Wish::new(app, known.id, action)?.seal(app)?,
        back => visit.href(""),
    };
    ours(app, site, about, StatusCode::OK).await
}
