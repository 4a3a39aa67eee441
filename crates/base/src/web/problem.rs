//! Answers: what was created, nothing, or a problem. And how they stand in the OpenAPI document.

use aide::{
    OperationOutput,
    generate::GenContext,
    openapi::{Operation, Response as ApiResponse},
};
use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use schemars::JsonSchema;
use serde::Serialize;

use crate::Error;

/// 201 with the new resource.
#[derive(Debug)]
pub struct Created<T>(pub T);

impl<T: Serialize> IntoResponse for Created<T> {
    fn into_response(self) -> Response {
        (StatusCode::CREATED, Json(self.0)).into_response()
    }
}

impl<T: JsonSchema> OperationOutput for Created<T> {
    type Inner = T;

    fn operation_response(ctx: &mut GenContext, operation: &mut Operation) -> Option<ApiResponse> {
        Json::<T>::operation_response(ctx, operation)
    }

    fn inferred_responses(ctx: &mut GenContext, operation: &mut Operation) -> Vec<(Option<u16>, ApiResponse)> {
        Self::operation_response(ctx, operation).map(|response| (Some(201), response)).into_iter().collect()
    }
}

/// 200 with what there is, or 204 where there is none and that is no mistake.
#[derive(Debug)]
pub struct Found<T>(pub Option<T>);

impl<T: Serialize> IntoResponse for Found<T> {
    fn into_response(self) -> Response {
        match self.0 {
            Some(found) => Json(found).into_response(),
            None => StatusCode::NO_CONTENT.into_response(),
        }
    }
}

impl<T: JsonSchema> OperationOutput for Found<T> {
    type Inner = T;

    fn operation_response(ctx: &mut GenContext, operation: &mut Operation) -> Option<ApiResponse> {
        Json::<T>::operation_response(ctx, operation)
    }

    fn inferred_responses(ctx: &mut GenContext, operation: &mut Operation) -> Vec<(Option<u16>, ApiResponse)> {
        let mut all = Gone::inferred_responses(ctx, operation);
        all.extend(Self::operation_response(ctx, operation).map(|response| (Some(200), response)));
        all
    }
}

/// 204: done, nothing to say.
#[derive(Debug)]
pub struct Gone;

impl IntoResponse for Gone {
    fn into_response(self) -> Response {
        StatusCode::NO_CONTENT.into_response()
    }
}

impl OperationOutput for Gone {
    type Inner = ();

    fn operation_response(_: &mut GenContext, _: &mut Operation) -> Option<ApiResponse> {
        Some(ApiResponse { description: "done".into(), ..ApiResponse::default() })
    }

    fn inferred_responses(ctx: &mut GenContext, operation: &mut Operation) -> Vec<(Option<u16>, ApiResponse)> {
        Self::operation_response(ctx, operation).map(|response| (Some(204), response)).into_iter().collect()
    }
}

/// Problem details (RFC 9457), with `errors` for input.
#[derive(Serialize, JsonSchema)]
struct Problem {
    r#type: String,
    title: String,
    status: u16,
    detail: String,
    errors: Option<Vec<FieldProblem>>,
}

#[derive(Serialize, JsonSchema)]
struct FieldProblem {
    field: String,
    why: String,
}

impl OperationOutput for Error {
    type Inner = ();

    fn operation_response(ctx: &mut GenContext, operation: &mut Operation) -> Option<ApiResponse> {
        let mut response = Json::<Problem>::operation_response(ctx, operation)?;
        response.description = "problem".into();
        response.content =
            response.content.into_iter().map(|(_, media)| ("application/problem+json".to_owned(), media)).collect();
        Some(response)
    }

    fn inferred_responses(ctx: &mut GenContext, operation: &mut Operation) -> Vec<(Option<u16>, ApiResponse)> {
        Self::operation_response(ctx, operation).map(|response| (None, response)).into_iter().collect()
    }
}
