//! Who may come in: pages of the sites that the inbox names (Fetch standard, CORS protocol), and visitors who show the
//! token of their visit.

use aide::{OperationInput, generate::GenContext, openapi::Operation};
use axum::{
    extract::{FromRequest, FromRequestParts, RawPathParams, Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};
use base::{
    App, Error, Result,
    web::{
        Body,
        caller::bearer,
        guard::is_foreign,
        input::{bytes_up_to, parse},
    },
};
use connectors::{Channels, channel::Door};
use schemars::JsonSchema;
use serde::de::DeserializeOwned;

use crate::{
    inboxes::{self, Inbox, InboxId},
    visits::{self, Visit},
};

/// The inbox of the address, open to visitors.
#[derive(Clone)]
pub(super) struct Doorway {
    pub inbox: Inbox,
    pub door: Door,
}

/// What a page may send from another site, and what it may be answered.
const METHODS: &str = "GET, POST, PUT, DELETE";
const HEADERS: &str = "authorization, content-type";
const MAY_READ: &str = "retry-after, ratelimit-remaining, ratelimit-reset";
/// Seconds for which a browser need not ask again whether it may.
const REMEMBERED: &str = "600";

/// A layer around all doors: lets in what the inbox lets in, and tells browsers so.
pub async fn cross_origin(State(app): State<App>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let origin = parts.headers.get(header::ORIGIN).cloned();
    let let_in = match Doorway::find(&mut parts, &app).await {
        Ok(doorway) if is_foreign(&app, &parts.headers) && !doorway.knows(&parts.headers) => {
            Err(Error::forbidden("This shop's chat does not stand on this site."))
        }
        found => found,
    };
    let mut response = match let_in {
        // Nothing is done by asking, and a page that may not come in must be able to read why.
        _ if parts.method == Method::OPTIONS => StatusCode::NO_CONTENT.into_response(),
        Ok(doorway) => {
            parts.extensions.insert(doorway);
            next.run(Request::from_parts(parts, body)).await
        }
        Err(error) => error.into_response(),
    };
    let headers = response.headers_mut();
    headers.append(header::VARY, HeaderValue::from_static("origin"));
    if let Some(origin) = origin {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        for (name, value) in [
            (header::ACCESS_CONTROL_ALLOW_METHODS, METHODS),
            (header::ACCESS_CONTROL_ALLOW_HEADERS, HEADERS),
            (header::ACCESS_CONTROL_EXPOSE_HEADERS, MAY_READ),
            (header::ACCESS_CONTROL_MAX_AGE, REMEMBERED),
        ] {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
    response
}

impl Doorway {
    async fn find(parts: &mut Parts, app: &App) -> Result<Self> {
        let path = RawPathParams::from_request_parts(parts, app).await.map_err(|_| Error::NotFound)?;
        let id = path.iter().next().and_then(|(_, id)| id.parse::<i64>().ok()).ok_or(Error::NotFound)?;
        let inbox = inboxes::get(app, InboxId(id)).await?;
        let door = app.part::<Channels>()?.get(&inbox.channel)?.door(&inbox.settings);
        let door = door.filter(|_| inbox.active).ok_or(Error::NotFound)?;
        Ok(Self { inbox, door })
    }

    fn knows(&self, headers: &HeaderMap) -> bool {
        let origin = headers.get(header::ORIGIN).and_then(|origin| origin.to_str().ok());
        origin.is_some_and(|origin| self.door.origins.contains(&origin.to_lowercase()))
    }
}

impl FromRequestParts<App> for Doorway {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self> {
        parts.extensions.get::<Self>().cloned().ok_or_else(|| Error::internal("a door without its layer"))
    }
}

impl OperationInput for Doorway {
    fn operation_input(ctx: &mut GenContext, operation: &mut Operation) {
        base::web::Id::<InboxId>::operation_input(ctx, operation);
    }
}

/// Whose visit it is: they have shown its token, at the inbox it belongs to.
pub(super) struct Visitor {
    pub visit: Visit,
    pub doorway: Doorway,
}

impl FromRequestParts<App> for Visitor {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let doorway = Doorway::from_request_parts(parts, app).await?;
        let token = bearer(&parts.headers).unwrap_or_default();
        let visit = visits::open(app, doorway.inbox.id, token).await?;
        Ok(Self { visit, doorway })
    }
}

impl OperationInput for Visitor {
    fn operation_input(ctx: &mut GenContext, operation: &mut Operation) {
        Doorway::operation_input(ctx, operation);
    }
}

/// Bytes of a body that a stranger may send.
const LARGEST: usize = 64 * 1024;

/// A JSON body of a stranger: small.
pub(super) struct Small<T>(pub T);

impl<T: DeserializeOwned> FromRequest<App> for Small<T> {
    type Rejection = Error;

    async fn from_request(request: Request, _: &App) -> Result<Self> {
        let bytes = bytes_up_to(request.into_body(), LARGEST).await?;
        parse(if bytes.is_empty() { b"{}" } else { &bytes }).map(Self)
    }
}

impl<T: JsonSchema> OperationInput for Small<T> {
    fn operation_input(ctx: &mut GenContext, operation: &mut Operation) {
        Body::<T>::operation_input(ctx, operation);
    }
}
