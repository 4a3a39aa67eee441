//! The pages behind a problem's `type`: what it means and what to do.

use axum::{
    Json,
    extract::Path,
    http::{HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use base::{Error, Result};
use serde_json::json;

const PROBLEMS: &[(&str, &str, &str)] = &[
    ("not-found", "Not found", "There is nothing at this address, or you may not see it."),
    ("method-not-allowed", "Method not allowed", "This address answers other methods; the Allow header lists them."),
    ("unauthorized", "Not signed in", "Sign in, or send a token as Authorization: Bearer."),
    (
        "forbidden",
        "Forbidden",
        "Your role or your token's scopes do not allow this. An owner or admin can change that.",
    ),
    (
        "invalid",
        "Invalid input",
        "The request was understood, but some fields are wrong. errors lists each with the reason.",
    ),
    (
        "malformed",
        "Malformed request",
        "The request could not be read: broken JSON, a wrong content type, a body cut short.",
    ),
    ("conflict", "Conflict", "The world has changed since you looked. Read again, then decide."),
    ("too-large", "Too large", "The body exceeds the limit that detail names."),
    ("head-too-large", "Head too large", "Address and headers exceed the limit that detail names."),
    ("unsupported-type", "This kind of file is not taken", "Send another kind of file; detail says which are taken."),
    ("too-many", "Too many requests", "Wait as many seconds as Retry-After says."),
    (
        "upstream",
        "A server we need failed",
        "A mail server or the like did not answer as it should. The same call may pass later.",
    ),
    (
        "refused",
        "Refused",
        "A server we need said no, or the state of things forbids it; the same call will fail again.",
    ),
    ("storage-full", "Storage full", "The disk is full. Nothing was written; reading goes on."),
    (
        "unavailable",
        "Unavailable",
        "Something that is needed, such as the database, does not answer. Nothing was written; try again shortly.",
    ),
    ("internal", "Internal error", "Our own fault; the server's log knows more under the answer's X-Request-Id."),
];

/// A problem that no handler knows of.
pub fn answer(status: StatusCode, slug: &str, detail: &str) -> Response {
    let problem = json!({
        "type": format!("/problems/{slug}"),
        "title": status.canonical_reason(),
        "status": status.as_u16(),
        "detail": detail,
    });
    let kind = [(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"))];
    (status, kind, Json(problem)).into_response()
}

pub async fn page(Path(slug): Path<String>) -> Result<Html<String>> {
    let (_, title, text) = PROBLEMS.iter().find(|(known, ..)| *known == slug).ok_or(Error::NotFound)?;
    Ok(Html(format!(
        "<!doctype html><html lang=en><meta charset=utf-8><title>{title}</title><h1>{title}</h1><p>{text}</p>"
    )))
}
