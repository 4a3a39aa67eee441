//! The page without a link: an order's number, and something that only its buyer knows.

use axum::{
    Extension,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use base::{
    App, Result,
    web::{Caller, Params},
};
use minijinja::context;
use tokio::time::sleep_until;

use super::{
    Asked, Site, find,
    page::{page, shown, value},
    reading::Typed,
    words::Words,
};
use crate::orders::link::{self, Proof};

/// Characters of a field.
const MOST: usize = 254;

pub(super) async fn show(State(app): State<App>, Params(asked): Params<Asked>, headers: HeaderMap) -> Response {
    let made = async {
        let site = Site::of_shop(&app, &asked, &headers).await?;
        let order = asked.order.as_deref().unwrap_or_default();
        start(&app, &site, order, None, StatusCode::OK).await
    };
    let made = made.await;
    shown(&app, &asked, &headers, made).await
}

/// The empty form, or with what was typed. Nothing says which of the two was wrong.
async fn start(app: &App, site: &Site, order: &str, problem: Option<String>, status: StatusCode) -> Result<Response> {
    let words = &site.words;
    let proof = if site.look.by_postcode { "proof" } else { "proof_email" };
    let order: String = order.chars().take(MOST).collect();
    let about = context! {
        state => "start",
        title => words.say("find_title", &[]),
        problem,
        order,
        proof => words.say(proof, &[]),
        by_code => site.look.by_code,
        action => site.href("", ""),
        code_action => site.href("/code", ""),
        languages => value(Words::others(|tag| format!("/track?shop={}&lang={tag}", site.shop)))?,
    };
    page(app, site, about, status).await
}

pub(super) async fn find(
    State(app): State<App>,
    Params(asked): Params<Asked>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    typed: Typed,
) -> Response {
    let leaves = find::not_before();
    let made = async {
        let site = Site::of_shop(&app, &asked, &headers).await?;
        if let Some(order) = find::find(&app, &site, &caller, &typed.order, &typed.proof).await? {
            let token = link::token(&app, order.id, Proof::Known);
            return Ok(Redirect::to(&site.order_href(&token, "", "")).into_response());
        }
        let problem = site.words.say("not_found", &[]);
        start(&app, &site, &typed.order, Some(problem), StatusCode::UNPROCESSABLE_ENTITY).await
    };
    let made = made.await;
    sleep_until(leaves).await;
    shown(&app, &asked, &headers, made).await
}
