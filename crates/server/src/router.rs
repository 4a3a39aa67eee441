//! All addresses of a node: the API, health, the desk; and the layers around them.

use aide::{axum::ApiRouter, openapi::OpenApi};
use axum::{
    Router,
    middleware::{from_fn, from_fn_with_state},
    response::IntoResponse,
    routing::get,
};
use base::{
    App, Error, Result,
    web::{caller, guard, limit, limit::Limiter, once},
};

pub fn router(app: &App, routes: ApiRouter<App>, limiter: &Limiter) -> Result<Router> {
    let mut document = OpenApi::default();
    let api: Router<App> = ApiRouter::new().nest("/api/v1", routes).finish_api(&mut document);
    let api = api
        .layer(from_fn_with_state(app.clone(), once::remember))
        .layer(from_fn_with_state(app.clone(), guard::same_origin))
        .layer(from_fn_with_state(limiter.clone(), limit::limit))
        .layer(from_fn_with_state(app.clone(), caller::identify));
    let router = Router::new()
        .merge(api)
        .route("/healthz", get(|| async { "ok\n" }))
        .fallback(|| async { Error::NotFound.into_response() })
        .layer(from_fn(guard::protect))
        .layer(from_fn_with_state(app.clone(), guard::observe));
    Ok(router.with_state(app.clone()))
}
