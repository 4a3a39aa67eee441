//! The desk and the widget, embedded in the binary. Unknown addresses get the desk's page, because it has addresses of
//! its own.

use std::{
    collections::HashMap,
    io::Write,
    sync::{LazyLock, Mutex, PoisonError},
};

use axum::{
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use base::{Error, Result};
use bytes::Bytes;
use flate2::{Compression, write::GzEncoder};
use rust_embed::{EmbeddedFile, RustEmbed};

#[derive(RustEmbed)]
#[folder = "../../web/desk/dist"]
struct Dist;

#[derive(RustEmbed)]
#[folder = "../../web/widget/dist"]
struct Widget;

/// Scripts only from here, none inline. Frames hold a mail's HTML under a stricter policy of their own; pictures from
/// elsewhere are those of a shop's goods.
const POLICY: &str = "default-src 'self'; img-src 'self' data: blob: https:; style-src 'self' 'unsafe-inline'; \
    font-src 'self' data:; frame-src 'self' data: blob: about:; connect-src 'self' ws: wss:; object-src 'none'; \
    base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

const PAGE: &str = "index.html";

/// Names that change with the content are good for ever; whatever else there is, browsers ask about each time.
const FOR_EVER: &str = "public, max-age=31536000, immutable";
const ASK: &str = "no-cache";
/// Every page of a shop loads it: some minutes spare the question, and an upgrade is seen soon.
const MINUTES: &str = "public, max-age=300";

pub async fn desk(uri: Uri, headers: HeaderMap) -> Response {
    let path = uri.path().trim_start_matches('/');
    match Dist::get(path) {
        // The built files' names change with their content; the page's does not.
        Some(file) if path != PAGE => {
            answer(path, file, if path.starts_with("assets/") { FOR_EVER } else { ASK }, &headers)
        }
        // A missing script must not come as a page; an address of the desk has no ending.
        None if path.starts_with("assets/") => Ok(Error::NotFound.into_response()),
        _ => match Dist::get(PAGE) {
            Some(page) => answer(PAGE, page, ASK, &headers),
            None => Err(Error::internal("the desk is missing from this binary: run `make build`")),
        },
    }
    .into_response()
}

/// The widget's loader, `/widget.js`, and what it fetches from `/widget/`: for pages of any site, because which ones may
/// talk to an inbox is decided at its doors.
pub async fn widget(uri: Uri, headers: HeaderMap) -> Response {
    let path = uri.path().trim_start_matches('/');
    let keep = match path {
        "widget.js" => MINUTES,
        "widget/panel.js" => ASK,
        _ => FOR_EVER,
    };
    let Some(file) = Widget::get(path) else { return Error::NotFound.into_response() };
    let mut response = answer(path, file, keep, &headers).into_response();
    for (name, value) in [
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        (HeaderName::from_static("cross-origin-resource-policy"), "cross-origin"),
        (HeaderName::from_static("timing-allow-origin"), "*"),
    ] {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

fn answer(path: &str, file: EmbeddedFile, keep: &'static str, asked: &HeaderMap) -> Result<Response> {
    let hash = file.metadata.sha256_hash();
    let tag = format!("\"{:016x}\"", u64::from_be_bytes(*hash.first_chunk().unwrap_or(&[0; 8])));
    let mut headers = HeaderMap::new();
    headers.insert(header::ETAG, HeaderValue::from_str(&tag)?);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type(path)));
    if path == PAGE {
        headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    }
    let text = |name: header::HeaderName| asked.get(name).and_then(|value| value.to_str().ok()).unwrap_or("");
    if text(header::IF_NONE_MATCH).split(',').any(|known| known.trim() == tag) {
        return Ok((StatusCode::NOT_MODIFIED, headers).into_response());
    }
    let bytes = Bytes::from(file.data.into_owned());
    let squeezes = text(header::ACCEPT_ENCODING).split(',').any(|way| way.trim().split(';').next() == Some("gzip"));
    if squeezes && is_text(path) && bytes.len() > 500 {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        return Ok((headers, squeezed(hash, &bytes)?).into_response());
    }
    Ok((headers, bytes).into_response())
}

/// Compressed once, when first asked for.
fn squeezed(hash: [u8; 32], bytes: &[u8]) -> Result<Bytes> {
    static KNOWN: LazyLock<Mutex<HashMap<[u8; 32], Bytes>>> = LazyLock::new(Mutex::default);
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(bytes) = known.get(&hash) {
        return Ok(bytes.clone());
    }
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    let squeezed = Bytes::from(encoder.finish()?);
    known.insert(hash, squeezed.clone());
    Ok(squeezed)
}

fn is_text(path: &str) -> bool {
    !content_type(path).starts_with("font/") && !content_type(path).starts_with("image/png")
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or("") {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "json" | "map" | "webmanifest" => "application/json",
        "woff2" => "font/woff2",
        "txt" | "ftl" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}
