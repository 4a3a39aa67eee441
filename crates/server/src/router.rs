//! All addresses of a node: the API, health, the widget, the desk; and the layers around them.

use std::{any::Any, sync::Arc, time::Duration};

use aide::axum::ApiRouter;
use axum::{
    Router,
    extract::{MatchedPath, Request, State},
    http::{StatusCode, header},
    middleware::{Next, from_fn, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::get,
};
use base::{
    App, Error, Result,
    web::{caller, guard, limit, limit::Limiter, once},
};
use bytes::Bytes;
use tower_http::{
    catch_panic::CatchPanicLayer,
    compression::{CompressionLayer, CompressionLevel},
    timeout::RequestBodyTimeoutLayer,
};

use crate::{
    assets, health,
    openapi::{self, Queries},
    problems,
};

/// A longer head is answered with 431.
const HEAD_BYTES: usize = 32 * 1024;
/// A body may come slowly, but never pause for longer than this.
const BODY_PAUSE: Duration = Duration::from_secs(30);

pub fn router(
    app: &App,
    routes: ApiRouter<App>,
    doors: ApiRouter<App>,
    hooks: ApiRouter<App>,
    pages: Router<App>,
    limiter: &Limiter,
) -> Result<Router> {
    let openapi::Described { routes: handlers, doors, hooks, document, queries } =
        openapi::describe(routes, doors, hooks)?;
    let queries = Arc::new(queries);
    let document = openapi::bytes(&document);
    let api = handlers
        .route("/openapi.json", get(move || async move { json_bytes(document) }))
        .method_not_allowed_fallback(not_allowed)
        .fallback(nothing_here)
        .layer(CompressionLayer::new().quality(CompressionLevel::Fastest))
        .layer(from_fn(desk::agents::carry_cookie))
        .layer(from_fn_with_state(app.clone(), once::remember))
        .layer(from_fn_with_state(queries.clone(), know_query))
        .layer(from_fn_with_state(app.clone(), guard::same_origin))
        // Pages of other sites may call these: no cookie counts there, so that nothing can be done in somebody's name.
        .merge(
            doors
                .method_not_allowed_fallback(not_allowed)
                .layer(from_fn_with_state(queries, know_query))
                .layer(from_fn_with_state(app.clone(), desk::widget::cross_origin)),
        )
        .layer(from_fn_with_state(limiter.clone(), limit::limit))
        .merge(
            hooks
                .method_not_allowed_fallback(not_allowed)
                .layer(from_fn_with_state(limiter.clone(), limit::limit_forgers)),
        )
        .layer(from_fn_with_state(app.clone(), caller::identify));
    let pages = pages
        .layer(from_fn_with_state(limiter.clone(), limit::limit))
        .layer(from_fn_with_state(app.clone(), caller::identify));
    let all = Router::new()
        .nest("/api/v1", api)
        .merge(pages)
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(health::metrics))
        .route("/problems/{slug}", get(problems::page))
        .route("/api/{*rest}", axum::routing::any(nothing_here))
        .route("/widget.js", get(assets::widget))
        .route("/widget/{*file}", get(assets::widget))
        .method_not_allowed_fallback(not_allowed)
        .fallback(get(assets::desk).fallback(nothing_here))
        .layer(RequestBodyTimeoutLayer::new(BODY_PAUSE))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn(limit_head))
        .layer(from_fn(guard::protect))
        .layer(from_fn_with_state(app.clone(), guard::observe));
    Ok(all.with_state(app.clone()))
}

async fn nothing_here() -> Error {
    Error::NotFound
}

/// axum adds the `Allow` header.
async fn not_allowed() -> Response {
    let why = "This address answers other methods, which the Allow header lists.";
    problems::answer(StatusCode::METHOD_NOT_ALLOWED, "method-not-allowed", why)
}

/// What nobody knows behind the question mark was meant to do something.
async fn know_query(State(queries): State<Arc<Queries>>, request: Request, next: Next) -> Response {
    if let Some(query) = request.uri().query()
        && let Some(path) = request.extensions().get::<MatchedPath>()
        && let path = path.as_str().trim_start_matches("/api/v1").to_owned()
        && let Some(known) = queries.get(&(request.method().clone(), path))
        && let Some((name, _)) = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| !known.contains(&**name))
    {
        let known: Vec<&str> = known.iter().map(String::as_str).collect();
        let known = if known.is_empty() { "nothing".to_owned() } else { known.join(", ") };
        return Error::invalid(name, format!("is not known here; known is {known}")).into_response();
    }
    next.run(request).await
}

/// Address and headers together.
async fn limit_head(request: Request, next: Next) -> Response {
    let fields = request.headers().iter().map(|(name, value)| name.as_str().len() + value.len() + 4);
    let size = fields.sum::<usize>() + request.uri().path_and_query().map_or(0, |path| path.as_str().len());
    if size <= HEAD_BYTES {
        return next.run(request).await;
    }
    let why = format!("Address and headers of a request may have {HEAD_BYTES} bytes together; these have {size}.");
    problems::answer(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, "head-too-large", &why)
}

/// A bug in one request must not end the others.
#[expect(clippy::needless_pass_by_value, reason = "the layer hands it over by value")]
fn panicked(panic: Box<dyn Any + Send>) -> Response {
    let text = panic.downcast_ref::<String>().cloned();
    let text = text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
    Error::internal(format!("a handler panicked: {}", text.unwrap_or_default())).into_response()
}

fn json_bytes(bytes: Bytes) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], bytes).into_response()
}
