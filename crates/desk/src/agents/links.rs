//! Links in mails that stand for a person: a random secret in the path, of which we keep only a hash, good once
//! and for a while.

use aide::{OperationInput, generate::GenContext, openapi::Operation};
use axum::{
    extract::{FromRequestParts, Path, RawPathParams},
    http::request::Parts,
};
use base::{App, Error, Result, Time, secrets::sha256};
use schemars::JsonSchema;

/// The hash of the `{token}` of a path.
pub(super) struct Link(pub String);

impl FromRequestParts<App> for Link {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let path = RawPathParams::from_request_parts(parts, app).await.map_err(|_| Error::NotFound)?;
        let (_, token) = path.iter().next().ok_or(Error::NotFound)?;
        Ok(Self(sha256(token.as_bytes())))
    }
}

#[derive(JsonSchema)]
#[expect(dead_code, reason = "only its shape is used, for the OpenAPI document")]
struct PathToken {
    token: String,
}

impl OperationInput for Link {
    fn operation_input(ctx: &mut GenContext, operation: &mut Operation) {
        Path::<PathToken>::operation_input(ctx, operation);
    }
}

/// Refuses a link that was used or is too old, and says so: whoever holds the secret may know.
pub(super) fn still_good(used_at: Option<Time>, expires_at: Time, now: Time) -> Result<()> {
    match used_at {
        Some(_) => Err(Error::conflict("This link has been used already. Ask for a new one.")),
        None if expires_at <= now => Err(Error::conflict("This link has expired. Ask for a new one.")),
        None => Ok(()),
    }
}
