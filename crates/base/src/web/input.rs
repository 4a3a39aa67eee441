//! Extractors for JSON bodies, query strings and ids in paths. Unknown fields are refused by name
//! (`#[serde(deny_unknown_fields)]` on the types), and every error says which field and what to do.

use aide::{
    OperationInput,
    generate::GenContext,
    openapi::{MediaType, Operation, ReferenceOr, RequestBody},
};
use axum::{
    extract::{FromRequest, FromRequestParts, Request},
    http::{header, request::Parts},
};
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, de::DeserializeOwned};

use crate::{App, Error, Result};

/// A JSON body.
pub struct Body<T>(pub T);

impl<T: DeserializeOwned> FromRequest<App> for Body<T> {
    type Rejection = Error;

    async fn from_request(request: Request, app: &App) -> Result<Self> {
        let json = request.headers().get(header::CONTENT_TYPE).is_some_and(|value| {
            value.to_str().is_ok_and(|text| text.split(';').next().unwrap_or("").trim().ends_with("json"))
        });
        let bytes = bytes(request, app).await?;
        if !json && !bytes.is_empty() {
            return Err(Error::Malformed("Send the body as JSON, with Content-Type: application/json.".into()));
        }
        // Fields have names: serde would take a list for an object, its first item for the first field.
        if bytes.iter().find(|byte| !byte.is_ascii_whitespace()).is_some_and(|byte| *byte == b'[') {
            return Err(Error::invalid("body", "must be a JSON object, not a list"));
        }
        parse(if bytes.is_empty() { b"{}" } else { &bytes }).map(Self)
    }
}

impl<T: JsonSchema> OperationInput for Body<T> {
    fn operation_input(ctx: &mut GenContext, operation: &mut Operation) {
        axum::Json::<T>::operation_input(ctx, operation);
    }
}

/// A request whose body is bytes of any kind, still unread: the handler says how much of it it takes.
pub struct Unread(pub Request);

impl FromRequest<App> for Unread {
    type Rejection = Error;

    async fn from_request(request: Request, _: &App) -> Result<Self> {
        Ok(Self(request))
    }
}

impl OperationInput for Unread {
    fn operation_input(_: &mut GenContext, operation: &mut Operation) {
        let content = [("application/octet-stream".to_owned(), MediaType::default())].into_iter().collect();
        let body = RequestBody { content, required: true, ..RequestBody::default() };
        operation.request_body = Some(ReferenceOr::Item(body));
    }
}

/// The whole body, within the limit of the settings.
pub async fn bytes(request: Request, app: &App) -> Result<bytes::Bytes> {
    bytes_up_to(request.into_body(), app.config().max_body_mb * 1024 * 1024).await
}

pub async fn bytes_up_to(body: axum::body::Body, limit: usize) -> Result<bytes::Bytes> {
    use http_body_util::{BodyExt, LengthLimitError, Limited};
    match Limited::new(body, limit).collect().await {
        Ok(whole) => Ok(whole.to_bytes()),
        Err(error) if error.downcast_ref::<LengthLimitError>().is_some() => Err(Error::TooLarge { limit }),
        Err(_) => Err(Error::Malformed("The body ended before it was complete.".into())),
    }
}

/// Reads JSON; an error names the field.
pub fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    // Rare enough that looking closer may cost a second reading.
    if memchr::memmem::find(bytes, b"\\u0000").is_some()
        && let Ok(value) = serde_json::from_slice(bytes)
        && let Some(field) = field_with_nul("", &value)
    {
        return Err(Error::invalid(field, NUL));
    }
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let parsed = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let path = error.path().to_string();
        let inner = error.inner();
        // A number where a word is wanted is called a fault of the syntax.
        if inner.is_data() || serde_json::from_slice::<serde_json::Value>(bytes).is_ok() {
            field_error(&path, &inner.to_string())
        } else {
            Error::Malformed(format!("The body is not valid JSON: {inner}."))
        }
    })?;
    reader.end().map_err(|error| Error::Malformed(format!("The body is not valid JSON: {error}.")))?;
    Ok(parsed)
}

/// PostgreSQL cannot keep it, and no person can type it.
const NUL: &str = "must not hold the character U+0000";

fn field_with_nul(path: &str, value: &serde_json::Value) -> Option<String> {
    let inside = |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
    match value {
        serde_json::Value::String(text) => text.contains('\0').then(|| path.to_owned()),
        serde_json::Value::Array(items) => {
            items.iter().enumerate().find_map(|(at, item)| field_with_nul(&format!("{path}[{at}]"), item))
        }
        serde_json::Value::Object(fields) => fields.iter().find_map(|(key, item)| {
            if key.contains('\0') { Some(inside(&key.replace('\0', ""))) } else { field_with_nul(&inside(key), item) }
        }),
        _ => None,
    }
}

/// Turns serde's words into a field and a way out.
fn field_error(path: &str, message: &str) -> Error {
    let message = message.split(" at line ").next().unwrap_or(message);
    let inside = |field: &str| if path == "." { field.to_owned() } else { format!("{path}.{field}") };
    let named = |prefix: &str| message.strip_prefix(prefix).and_then(|rest| rest.split('`').next());
    if let Some(field) = named("unknown field `") {
        let known = message.split_once("expected ").map_or("", |(_, known)| known);
        let path = path.strip_suffix(field).map_or_else(|| inside(field), |_| path.to_owned());
        return Error::invalid(path, format!("is not a field here; known is {}", known.replace('`', "")));
    }
    if let Some(field) = named("missing field `") {
        return Error::invalid(inside(field), "is required");
    }
    Error::invalid(if path == "." { "body" } else { path }, in_words(message))
}

/// serde names Rust's types; whoever sends JSON knows others.
fn in_words(message: &str) -> String {
    if message.starts_with("expected value") {
        return "must be a word".to_owned();
    }
    if message.starts_with("invalid digit") || message.starts_with("cannot parse integer") {
        return "must be a whole number".to_owned();
    }
    let Some((found, wanted)) = message.split_once(", expected ") else { return message.to_owned() };
    let wanted = match wanted.split(' ').next().unwrap_or_default() {
        "struct" | "map" => "an object",
        "i64" | "u64" | "i32" | "u32" | "usize" => "a whole number",
        _ => wanted,
    };
    format!("{found}, expected {wanted}")
}

/// The query string.
pub struct Params<T>(pub T);

impl<T: DeserializeOwned> FromRequestParts<App> for Params<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self> {
        let query = parts.uri.query().unwrap_or("");
        if let Some((field, _)) = form_urlencoded::parse(query.as_bytes()).find(|(_, value)| value.contains('\0')) {
            return Err(Error::invalid(field, NUL));
        }
        let reader = serde_urlencoded::Deserializer::new(form_urlencoded::parse(query.as_bytes()));
        serde_path_to_error::deserialize(reader).map(Self).map_err(|error| {
            let path = error.path().to_string();
            field_error(&path, &error.inner().to_string())
        })
    }
}

impl<T: JsonSchema> OperationInput for Params<T> {
    fn operation_input(ctx: &mut GenContext, operation: &mut Operation) {
        axum::extract::Query::<T>::operation_input(ctx, operation);
    }
}

/// The `{id}` of a path. What is not a number is simply not found.
pub struct Id<T>(pub T);

impl<T: From<i64>> FromRequestParts<App> for Id<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let path = axum::extract::RawPathParams::from_request_parts(parts, app).await.map_err(|_| Error::NotFound)?;
        let (_, first) = path.iter().next().ok_or(Error::NotFound)?;
        first.parse::<i64>().map(|id| Self(T::from(id))).map_err(|_| Error::NotFound)
    }
}

#[derive(JsonSchema)]
#[expect(dead_code, reason = "only its shape is used, for the OpenAPI document")]
struct PathId {
    id: i64,
}

impl<T> OperationInput for Id<T> {
    fn operation_input(ctx: &mut GenContext, operation: &mut Operation) {
        axum::extract::Path::<PathId>::operation_input(ctx, operation);
    }
}

/// The ids of a path such as `/customers/{id}/suggestions/{other}`.
pub struct Ids<T>(pub T, pub T);

impl<T: From<i64>> FromRequestParts<App> for Ids<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let path = axum::extract::RawPathParams::from_request_parts(parts, app).await.map_err(|_| Error::NotFound)?;
        let ids = path.iter().map(|(_, id)| id.parse::<i64>()).collect::<Result<Vec<_>, _>>();
        match ids.map_err(|_| Error::NotFound)?[..] {
            [one, other] => Ok(Self(T::from(one), T::from(other))),
            _ => Err(Error::NotFound),
        }
    }
}

#[derive(JsonSchema)]
#[expect(dead_code, reason = "only its shape is used, for the OpenAPI document")]
struct PathIds {
    id: i64,
    other: i64,
}

impl<T> OperationInput for Ids<T> {
    fn operation_input(ctx: &mut GenContext, operation: &mut Operation) {
        axum::extract::Path::<PathIds>::operation_input(ctx, operation);
    }
}

/// For fields of a PATCH where `null` means "none" and absence means "leave it":
/// `#[serde(default, deserialize_with = "some")] field: Option<Option<T>>`.
pub fn some<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<T>>, D::Error> {
    Option::<T>::deserialize(deserializer).map(Some)
}
