//! The page itself: rendered from a template, which a shop may replace, under a policy that lets no script run but ours.

use std::collections::BTreeMap;

use axum::{
    Extension,
    extract::{RawPathParams, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use base::{App, Error, Result, web::Params};
use minijinja::{Environment, Value, context};
use serde::Serialize;

use super::{
    Asked, Sheet, colour,
    entry::{MOST_FILES, Typed},
    shown,
    token::Token,
    words::Words,
};
use crate::{
    hours,
    visits::{KINDS, LineFile},
    widget::Usual,
};

const TEMPLATE: &str = include_str!("../../../../pages/form/page.html");
const STYLE: &str = include_str!("../../../../pages/form/style.css");
const PAGE_SCRIPT: &str = include_str!("../../../../pages/form/page.js");
const FRAME_SCRIPT: &str = include_str!("../../../../pages/form/form.js");

/// What stands on a form when it is shown again.
#[derive(Default)]
pub(super) struct Look {
    pub typed: Typed,
    /// By field, in words.
    pub errors: BTreeMap<&'static str, String>,
    pub problem: Option<String>,
    /// Files that came already.
    pub kept: Vec<LineFile>,
}

pub(super) async fn show(
    State(app): State<App>,
    path: RawPathParams,
    Params(asked): Params<Asked>,
    Extension(usual): Extension<std::sync::Arc<Usual>>,
    headers: HeaderMap,
) -> Response {
    let made = async {
        let sheet = Sheet::find(&app, &path, &asked, &headers).await?;
        let token = Token::new(&app)?;
        let mut look = Look::default();
        if let Some(order) = &asked.order {
            look.typed.set("order", order.chars().take(60).collect());
        }
        form(&app, &sheet, &usual, &token, look, StatusCode::OK).await
    };
    let made = made.await;
    shown(&app, &asked, &headers, made).await
}

/// The fields, empty or as they were typed.
pub(super) async fn form(
    app: &App,
    sheet: &Sheet,
    usual: &Usual,
    token: &Token,
    look: Look,
    status: StatusCode,
) -> Result<Response> {
    let Look { typed, errors, problem, kept } = look;
    let Sheet { inbox, form, words, .. } = sheet;
    let first = ["name", "email", "subject", "order", "text"].into_iter().find(|field| errors.contains_key(field));
    let kept: Vec<_> = kept.iter().map(|file| context! { id => file.id.0, name => &file.name }).collect();
    let mb = (form.file_bytes >> 20).to_string();
    let hint = words.say("files_hint", &[("n", &MOST_FILES.to_string()), ("mb", &mb)]);
    let accept = KINDS.iter().map(|kind| kind.mime).collect::<Vec<_>>().join(",");
    let greeting = form.greeting.get(words.language);
    let about = context! {
        state => "form",
        title => words.say("title", &[("shop", &sheet.shop)]),
        greeting,
        answers => answers(app, sheet, usual).await?,
        problem,
        token => token.seal(app, inbox.id.0),
        work => &token.id,
        typed => value(&typed)?,
        errors, first, kept,
        topics => &form.topics,
        order => context! { asked => form.order.is_some(), needed => form.order == Some(true) },
        files => (form.file_bytes > 0).then(|| context! { hint, accept }),
        languages => value(Words::others(|tag| format!("/forms/{}?lang={tag}", inbox.id)))?,
        action => sheet.href("", ""),
    };
    page(app, sheet, about, status).await
}

/// When an answer may be expected, as far as anybody can say.
pub(super) async fn answers(app: &App, sheet: &Sheet, usual: &Usual) -> Result<Vec<String>> {
    let (words, now) = (&sheet.words, app.now());
    let mut lines = Vec::new();
    let inbox = &sheet.inbox;
    let opening = hours::opening(app, inbox.shop, inbox.team, sheet.form.hours.as_ref()).await?;
    if let Some((day, time)) = opening.clock(now) {
        lines.push(words.say("closed", &[("day", words.day(day)), ("time", &time)]));
    }
    if let Some(minutes) = usual.minutes(app, sheet.inbox.id).await? {
        // Nobody can promise it to the minute.
        let (key, number) = match minutes {
            ..=60 => ("within_minutes", (minutes.max(1) + 4) / 5 * 5),
            61..=1440 => ("within_hours", (minutes + 59) / 60),
            _ => ("within_days", (minutes + 1439) / 1440),
        };
        lines.push(words.say(key, &[("n", &number.to_string())]));
    } else if lines.is_empty() {
        lines.push(words.say("soon", &[]));
    }
    Ok(lines)
}

/// A page of this form, with what all of them have.
pub(super) async fn page(app: &App, sheet: &Sheet, about: Value, status: StatusCode) -> Result<Response> {
    let style = format!("/forms/{}/style.css", sheet.inbox.id);
    let page = render(app, &sheet.words, sheet.embed, Some(&style), about).await?;
    let frames: Vec<_> = sheet.form.origins.iter().filter(|origin| origin.starts_with("http")).cloned().collect();
    let frames = if frames.is_empty() { "'none'".to_owned() } else { frames.join(" ") };
    Ok((status, policy(&frames)?, page).into_response())
}

/// As templates read it.
fn value(of: impl Serialize) -> Result<Value> {
    Ok(serde_json::from_value(serde_json::to_value(of)?)?)
}

fn policy(frames: &str) -> Result<[(HeaderName, HeaderValue); 2]> {
    let policy = format!(
        "default-src 'none'; style-src 'self'; script-src 'self'; form-action 'self'; base-uri 'none'; \
         frame-ancestors {frames}"
    );
    Ok([
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_str(&policy)?),
        (header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
    ])
}

async fn render(app: &App, words: &Words, embed: bool, style: Option<&str>, about: Value) -> Result<String> {
    let dir = if words.is_from_right() { "rtl" } else { "ltr" };
    let about = context! { lang => words.language, dir, words => value(words.all())?, embed, style, ..about };
    let own = app.config().data_dir.join("pages").join("form").join("page.html");
    if let Ok(own) = tokio::fs::read_to_string(own).await {
        match Environment::new().render_named_str("page.html", &own, &about) {
            Ok(page) => return Ok(page),
            Err(error) => tracing::warn!(%error, "the shop's own template of the form is broken, using ours"),
        }
    }
    Ok(Environment::new().render_named_str("page.html", TEMPLATE, &about)?)
}

/// What a person reads when it went wrong. Our own faults are named in the log only.
pub(super) async fn problem(app: &App, asked: &Asked, headers: &HeaderMap, error: &Error) -> Response {
    if let Error::Internal(error) = error {
        tracing::error!(%error, "a page of the form failed");
    }
    let words = Words::choose(app, asked.lang.as_deref(), headers, "en").await;
    let key = match error {
        Error::NotFound => "not_found",
        Error::Forbidden(_) => "foreign",
        Error::Malformed(_) | Error::TooLarge { .. } | Error::Unsupported(_) => "unreadable",
        _ => "failed",
    };
    let text = words.say(key, &[]);
    let about = context! { state => "problem", title => text, problem => "" };
    let made = render(app, &words, asked.embed.is_some(), None, about).await;
    match made.and_then(|page| Ok((error.status(), policy("'none'")?, page).into_response())) {
        Ok(mut response) => {
            if let Error::TooMany { retry_after } = error {
                response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(*retry_after));
            }
            response
        }
        Err(error) => error.into_response(),
    }
}

/// Minutes for which browsers need not ask again.
const KEEP: HeaderValue = HeaderValue::from_static("public, max-age=300");

#[derive(Serialize)]
struct Colours {
    light: colour::Button,
    dark: colour::Button,
}

pub(super) async fn style(State(app): State<App>, path: RawPathParams, headers: HeaderMap) -> Result<Response> {
    let sheet = Sheet::find(&app, &path, &Asked::default(), &headers).await?;
    let (light, dark) = colour::buttons(&sheet.form.colour);
    let style = Environment::new().render_named_str("style.css", STYLE, value(Colours { light, dark })?)?;
    let kind = HeaderValue::from_static("text/css; charset=utf-8");
    Ok(([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, KEEP)], style).into_response())
}

pub(super) async fn page_script() -> Response {
    script(PAGE_SCRIPT)
}

/// For pages of any site: which ones may show a form is said by the form.
pub(super) async fn frame_script() -> Response {
    let mut response = script(FRAME_SCRIPT);
    let anywhere = HeaderName::from_static("cross-origin-resource-policy");
    response.headers_mut().insert(anywhere, HeaderValue::from_static("cross-origin"));
    response
}

fn script(text: &'static str) -> Response {
    let kind = HeaderValue::from_static("text/javascript; charset=utf-8");
    ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, KEEP)], text).into_response()
}
