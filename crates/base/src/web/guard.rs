//! The outermost layers: a request id, an access log line, metrics, headers that keep browsers safe, and the refusal of
//! writes that another site's page sent with our cookie.

use axum::{
    extract::{MatchedPath, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::caller::{bearer, cookie};
use crate::{App, Error, secrets::sha256};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Names, counts, times and logs every request.
pub async fn observe(State(app): State<App>, request: Request, next: Next) -> Response {
    let given = request.headers().get(REQUEST_ID).and_then(|value| value.to_str().ok());
    let id = given.filter(|id| id.len() <= 64 && id.bytes().all(|b| b.is_ascii_graphic())).map(str::to_owned);
    let id = match id {
        Some(id) => id,
        None => app.secrets().token().unwrap_or_default().chars().take(16).collect(),
    };
    let path = request.extensions().get::<MatchedPath>().map_or("other", |path| path.as_str()).to_owned();
    let method = request.method().clone();
    let started = tokio::time::Instant::now();
    let span = tracing::info_span!("request", %id, %method, path);
    let mut response = tracing::Instrument::instrument(next.run(request), span.clone()).await;
    let seconds = started.elapsed().as_secs_f64();
    let status = response.status().as_u16();
    span.in_scope(|| tracing::debug!(status, seconds, "answered"));
    let labels = [("method", method.to_string()), ("path", path), ("status", status.to_string())];
    metrics::histogram!("shopbell_http_request_seconds", &labels).record(seconds);
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    response
}

/// Headers for every answer; a handler that needs another policy has set its own already.
pub async fn protect(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let policy = headers.get(header::CONTENT_SECURITY_POLICY).and_then(|policy| policy.to_str().ok());
    // A page that names who may frame it has said more than the older header can (CSP 3, 6.4.2).
    if !policy.is_some_and(|policy| policy.contains("frame-ancestors http")) {
        headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    }
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("content-security-policy", "default-src 'none'; frame-ancestors 'none'"),
        ("cache-control", "no-store"),
    ] {
        headers.entry(HeaderName::from_static(name)).or_insert(HeaderValue::from_static(value));
    }
    response
}

/// A browser sends our cookie with another site's form too; what writes must come from our own pages.
/// Programs that use a token, or send no `Origin` at all, are no browsers.
pub async fn same_origin(State(app): State<App>, request: Request, next: Next) -> Response {
    let writes = !matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    let headers = request.headers();
    if writes && bearer(headers).is_none() && is_foreign(&app, headers) {
        let why = "This request came from another site's page.";
        return Error::forbidden(why).into_response();
    }
    next.run(request).await
}

/// Whether a browser says that a page which is not ours made it send this.
pub fn is_foreign(app: &App, headers: &HeaderMap) -> bool {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(origin) = text(header::ORIGIN) {
        let host = text(header::HOST).unwrap_or("");
        let public = app.config().public_url();
        let own = origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://")) == Some(host);
        return !(own || origin == public);
    }
    cookie(headers).is_some()
        && text(HeaderName::from_static("sec-fetch-site")).is_some_and(|site| site == "cross-site")
}

/// A weak fingerprint for logs; never the secret itself.
pub fn fingerprint(secret: &str) -> String {
    sha256(secret.as_bytes()).chars().take(8).collect()
}
