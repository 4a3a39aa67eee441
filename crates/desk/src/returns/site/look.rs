//! How the pages look: one template, which a shop may replace, in the shop's colour, under a policy that lets no script run.

use axum::{
    extract::{RawPathParams, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use base::{App, Error, Result, web::guard::is_foreign};
use connectors::{Channels, order::Line};
use minijinja::{Environment, Value, context};
use serde::Serialize;

use super::{Query, Sheet, Words};
use crate::{forms, inboxes, shops::ShopId};

const TEMPLATE: &str = include_str!("../../../../../pages/returns/page.html");
const STYLE: &str = include_str!("../../../../../pages/returns/style.css");
const OURS: &str = "#1f4d3a";

/// The colour of the shop's contact form, or ours.
pub(super) async fn colour(app: &App, shop: ShopId) -> Result<String> {
    let channels = app.part::<Channels>()?;
    for inbox in inboxes::all(app).await?.into_iter().filter(|inbox| inbox.active && inbox.shop == shop) {
        if let Some(form) = channels.get(&inbox.channel)?.form(&inbox.settings) {
            return Ok(form.colour);
        }
    }
    Ok(OURS.to_owned())
}

/// Pages of other sites may not send our forms in a shopper's name.
pub(super) fn must_be_ours(app: &App, headers: &HeaderMap) -> Result<()> {
    if headers.contains_key(header::ORIGIN) && is_foreign(app, headers) {
        return Err(Error::forbidden("This form cannot be sent from this site."));
    }
    Ok(())
}

/// As templates read it.
pub(super) fn value(of: impl Serialize) -> Result<Value> {
    Ok(serde_json::from_value(serde_json::to_value(of)?)?)
}

/// A page of the portal, with what all of them have. `here` is its own address without the language.
pub(super) async fn page(app: &App, sheet: &Sheet, here: &str, about: Value, status: StatusCode) -> Result<Response> {
    let Sheet { shop, words, .. } = sheet;
    let languages: Vec<_> = forms::LANGUAGES
        .iter()
        .map(|(tag, name)| context! { tag => *tag, name => *name, href => format!("{here}{}lang={tag}", join(here)) })
        .collect();
    let about = context! {
        shop => &shop.name,
        base => format!("/returns/{}", shop.id),
        languages,
        withdrawal => sheet.href("/withdrawal", ""),
        policy => sheet.href("/policy", ""),
        style => format!("/returns/{}/style.css", shop.id),
        ..about
    };
    respond(app, words, about, status).await
}

fn join(address: &str) -> char {
    if address.contains('?') { '&' } else { '?' }
}

async fn respond(app: &App, words: &Words, about: Value, status: StatusCode) -> Result<Response> {
    let dir = if words.is_from_right() { "rtl" } else { "ltr" };
    let about = context! { lang => words.language, dir, words => value(words.all())?, ..about };
    let page = render(app, &about).await?;
    // A picture of the goods may stand anywhere; nothing else comes from elsewhere, and no address is passed on. With
    // `no-referrer` browsers would not say either that a form comes from us.
    let policy = "default-src 'none'; style-src 'self'; img-src 'self' https: data:; form-action 'self'; \
        base-uri 'none'; frame-ancestors 'none'";
    let headers = [
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy)),
        (header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (header::REFERRER_POLICY, HeaderValue::from_static("same-origin")),
        (HeaderName::from_static("x-robots-tag"), HeaderValue::from_static("noindex")),
    ];
    Ok((status, headers, page).into_response())
}

async fn render(app: &App, about: &Value) -> Result<String> {
    let own = app.config().data_dir.join("pages").join("returns").join("page.html");
    if let Ok(own) = tokio::fs::read_to_string(own).await {
        match Environment::new().render_named_str("page.html", &own, about) {
            Ok(page) => return Ok(page),
            Err(error) => tracing::warn!(%error, "the shop's own template for returns is broken, using ours"),
        }
    }
    Ok(Environment::new().render_named_str("page.html", TEMPLATE, about)?)
}

/// What a person reads when it went wrong. Our own faults are named in the log only.
pub(super) async fn problem(app: &App, query: &Query, headers: &HeaderMap, error: &Error) -> Response {
    if let Error::Internal(error) = error {
        tracing::error!(%error, "a page of the returns portal failed");
    }
    let words = Words::choose(app, query.lang.as_deref(), headers, "en").await;
    let minutes;
    let (key, with) = match error {
        Error::NotFound => ("not_found", [("n", "")]),
        Error::Forbidden(_) => ("foreign", [("n", "")]),
        Error::Conflict(_) | Error::Invalid(_) => ("changed", [("n", "")]),
        Error::TooLarge { .. } => ("too_much", [("n", "")]),
        Error::TooMany { retry_after } => {
            minutes = retry_after.div_ceil(60).to_string();
            ("limited", [("n", minutes.as_str())])
        }
        _ => ("failed", [("n", "")]),
    };
    let about = context! { state => "problem", title => words.say(key, &with), problem => true };
    match respond(app, &words, about, error.status()).await {
        Ok(mut response) => {
            if let Error::TooMany { retry_after } = error {
                response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(*retry_after));
            }
            response
        }
        Err(error) => error.into_response(),
    }
}

#[derive(Serialize)]
struct Colours {
    light: forms::Button,
    dark: forms::Button,
}

pub(super) async fn style(State(app): State<App>, path: RawPathParams, headers: HeaderMap) -> Result<Response> {
    let sheet = Sheet::find(&app, &path, &Query::default(), &headers).await?;
    let (light, dark) = forms::buttons(&sheet.colour);
    let style = Environment::new().render_named_str("style.css", STYLE, value(Colours { light, dark })?)?;
    let kind = HeaderValue::from_static("text/css; charset=utf-8");
    let keep = HeaderValue::from_static("public, max-age=300");
    Ok(([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, keep)], style).into_response())
}

/// A line of the order as pages show it.
pub(super) fn goods(words: &Words, line: &Line, quantity: i64, currency: &str) -> Value {
    let picture = line.picture.as_deref().filter(|picture| picture.starts_with("https://"));
    let price = line.total / line.quantity.max(1);
    context! {
        id => &line.id,
        title => &line.title,
        variant => &line.variant_title,
        picture,
        quantity,
        price => words.money(price, currency),
    }
}
