//! The pages themselves: rendered from a template, which a shop may replace, under a policy that lets no script run. Their
//! addresses open orders, so no page that is gone to from here is told of them, and no search engine keeps them.

use std::sync::LazyLock;

use axum::{
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use base::{App, Error, Result};
use minijinja::{Environment, Value, context};
use serde::Serialize;

use super::{Asked, Site, words::Words};

const NAME: &str = "page.html";
const TEMPLATE: &str = include_str!("../../../../pages/track/page.html");

/// Ours, read once.
static OURS: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut pages = Environment::new();
    if let Err(error) = pages.add_template(NAME, TEMPLATE) {
        tracing::error!(%error, "the template of the tracking page is broken");
    }
    pages
});

/// As templates read it.
pub(super) fn value(of: impl Serialize) -> Result<Value> {
    Ok(serde_json::from_value(serde_json::to_value(of)?)?)
}

pub(super) async fn page(app: &App, site: &Site, about: Value, status: StatusCode) -> Result<Response> {
    let about = context! { shop => &site.name, style => format!("/track/style.css?shop={}", site.shop), ..about };
    let html = render(app, &site.words, about).await?;
    Ok((status, headers(), html).into_response())
}

/// A page with a form that only we may send: with `no-referrer` browsers would not say that it comes from us.
pub(super) async fn ours(app: &App, site: &Site, about: Value, status: StatusCode) -> Result<Response> {
    let about = context! { referrer => "same-origin", ..about };
    let mut response = page(app, site, about, status).await?;
    response.headers_mut().insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    Ok(response)
}

fn headers() -> [(HeaderName, HeaderValue); 4] {
    let policy = "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
    [
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy)),
        (header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
        (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
        (HeaderName::from_static("x-robots-tag"), HeaderValue::from_static("noindex, nofollow")),
    ]
}

async fn render(app: &App, words: &Words, about: Value) -> Result<String> {
    let dir = if words.is_from_right() { "rtl" } else { "ltr" };
    let about = context! { lang => words.language, dir, words => value(words.all())?, ..about };
    let own = app.config().data_dir.join("pages").join("track").join(NAME);
    if let Ok(own) = tokio::fs::read_to_string(own).await {
        match Environment::new().render_named_str(NAME, &own, &about) {
            Ok(page) => return Ok(page),
            Err(error) => tracing::warn!(%error, "the shop's own template of the tracking page is broken, using ours"),
        }
    }
    Ok(OURS.get_template(NAME)?.render(&about)?)
}

/// Whatever went wrong, a person gets a page. Our own faults are named in the log only.
pub(super) async fn shown(app: &App, asked: &Asked, headers: &HeaderMap, made: Result<Response>) -> Response {
    let error = match made {
        Ok(page) => return page,
        Err(error) => error,
    };
    if let Error::Internal(error) = &error {
        tracing::error!(%error, "a page of the tracking failed");
    }
    let words = Words::choose(app, asked.lang.as_deref(), headers, "en").await;
    let (key, minutes) = match &error {
        Error::NotFound => ("gone", 0),
        Error::TooMany { retry_after } => ("limited", retry_after.div_ceil(60)),
        _ => ("failed", 0),
    };
    let title = words.say(key, &[("n", &minutes.to_string())]);
    let about = context! { state => "problem", title, style => "/track/style.css", action => "/track" };
    match render(app, &words, about).await {
        Ok(page) => {
            let mut response = (error.status(), self::headers(), page).into_response();
            if let Error::TooMany { retry_after } = error {
                response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(retry_after));
            }
            response
        }
        Err(error) => error.into_response(),
    }
}
