//! The first page: which order is it? And what the shop takes back, in plain words.

use axum::{
    Extension,
    body::Body,
    extract::{RawPathParams, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use base::{
    App, Result,
    web::{Caller, Params},
};
use minijinja::context;
use tokio::time::sleep_until;

use super::{Fields, Pass, Query, Sheet, fields, look, shown};
use crate::returns::{finding, policy::plain};

pub(super) async fn show(
    State(app): State<App>,
    path: RawPathParams,
    Params(query): Params<Query>,
    headers: HeaderMap,
) -> Response {
    let made = async {
        let sheet = Sheet::find(&app, &path, &query, &headers).await?;
        let said = query.said.as_deref().filter(|said| *said == "old");
        let said = said.map(|key| sheet.words.say(key, &[]));
        form(&app, &sheet, "", said, &Fields(Vec::new()), StatusCode::OK).await
    };
    let made = made.await;
    shown(&app, &query, &headers, made).await
}

/// The form that an order is found by; `page` is where it is sent to.
pub(super) async fn form(
    app: &App,
    sheet: &Sheet,
    page: &str,
    said: Option<String>,
    typed: &Fields,
    status: StatusCode,
) -> Result<Response> {
    let by_law = page == "/withdrawal";
    let title = if by_law { "withdraw_title" } else { "start_title" };
    let lead = if by_law { "withdraw_lead" } else { "start_lead" };
    let about = context! {
        state => "start",
        title => sheet.words.say(title, &[("shop", &sheet.shop.name)]),
        lead => sheet.words.say(lead, &[]),
        said,
        action => sheet.href(page, ""),
        number => typed.get("number"),
        proof => typed.get("proof"),
        by_law,
    };
    let here = format!("/returns/{}{page}", sheet.shop.id);
    look::page(app, sheet, &here, about, status).await
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
        found(&app, &sheet, &caller, &fields, false).await
    };
    let made = made.await;
    sleep_until(leaves).await;
    shown(&app, &query, &headers, made).await
}

/// Goes on with the order, or says the same whatever was wrong.
pub(super) async fn found(
    app: &App,
    sheet: &Sheet,
    caller: &Caller,
    fields: &Fields,
    by_law: bool,
) -> Result<Response> {
    let known = finding::find(app, sheet.shop.id, caller, fields.get("number"), fields.get("proof")).await?;
    let page = if by_law { "/withdrawal" } else { "" };
    let Some(known) = known else {
        let said = Some(sheet.words.say("not_known", &[]));
        return form(app, sheet, page, said, fields, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let next = if by_law { "/withdrawal/items" } else { "/items" };
    // A postcode is no secret: it opens the order, and shows nobody's address.
    let proved = fields.get("proof").contains('@');
    sheet.to(app, next, &Pass { proved, ..Pass::new(app, known.id, by_law)? })
}

pub(super) async fn policy(
    State(app): State<App>,
    path: RawPathParams,
    Params(query): Params<Query>,
    headers: HeaderMap,
) -> Response {
    let made = async {
        let sheet = Sheet::find(&app, &path, &query, &headers).await?;
        let about = context! {
            state => "policy",
            title => sheet.words.say("policy_title", &[("shop", &sheet.shop.name)]),
            parts => look::value(plain(&sheet.kept.policy, &sheet.words))?,
            action => sheet.href("", ""),
        };
        let here = format!("/returns/{}/policy", sheet.shop.id);
        look::page(&app, &sheet, &here, about, StatusCode::OK).await
    };
    let made = made.await;
    shown(&app, &query, &headers, made).await
}
