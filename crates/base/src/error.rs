//! The one error type, named by what the caller should do about it, and how it is shown over HTTP.

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::json;

pub type Result<T, E = Error> = std::result::Result<T, E>;

/// One field of the input that was not right, and how to mend it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    pub field: String,
    pub why: String,
}

/// Every way a request or job can fail.
///
/// It does not implement [`std::error::Error`], so that any such error turns into `Internal` with `?`.
#[derive(Debug)]
pub enum Error {
    NotFound,
    /// Nobody is signed in, or the credentials are wrong.
    Unauthorized(String),
    Forbidden(String),
    Invalid(Vec<Wrong>),
    /// Not even readable: broken JSON, a body cut short.
    Malformed(String),
    /// The world is not as the caller thinks: look again, then decide.
    Conflict(String),
    TooLarge {
        limit: usize,
    },
    /// A kind of file that is not taken here.
    Unsupported(String),
    /// Seconds to wait before the next try.
    TooMany {
        retry_after: u64,
    },
    /// A server we talk to failed; the same call may pass later. `retry_after` is in milliseconds.
    Upstream {
        why: String,
        retry_after: Option<i64>,
    },
    /// A server we talk to said no, and will say it again.
    Refused {
        why: String,
    },
    /// No room to write. Reads go on.
    Full,
    /// The database does not answer just now.
    Unavailable,
    /// Something else that is needed does not answer just now; says what.
    Away(String),
    /// Our own fault. The caller is told nothing; the log is told everything.
    Internal(Box<dyn std::error::Error + Send + Sync>),
}

impl Error {
    pub fn invalid(field: impl Into<String>, why: impl Into<String>) -> Self {
        Self::Invalid(vec![Wrong { field: field.into(), why: why.into() }])
    }

    pub fn conflict(why: impl Into<String>) -> Self {
        Self::Conflict(why.into())
    }

    pub fn forbidden(why: impl Into<String>) -> Self {
        Self::Forbidden(why.into())
    }

    pub fn upstream(why: impl Into<String>) -> Self {
        Self::Upstream { why: why.into(), retry_after: None }
    }

    pub fn refused(why: impl Into<String>) -> Self {
        Self::Refused { why: why.into() }
    }

    pub fn internal(why: impl Into<String>) -> Self {
        Self::Internal(why.into().into())
    }

    pub fn status(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Unauthorized(_) => StatusCode::UNAUTHORIZED,
            Self::Forbidden(_) => StatusCode::FORBIDDEN,
            Self::Invalid(_) | Self::Refused { .. } => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Malformed(_) => StatusCode::BAD_REQUEST,
            Self::Conflict(_) => StatusCode::CONFLICT,
            Self::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Unsupported(_) => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::Upstream { .. } => StatusCode::BAD_GATEWAY,
            Self::Full => StatusCode::INSUFFICIENT_STORAGE,
            Self::Unavailable | Self::Away(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The last part of the problem type's address; stable, for programs.
    fn slug(&self) -> &'static str {
        match self {
            Self::NotFound => "not-found",
            Self::Unauthorized(_) => "unauthorized",
            Self::Forbidden(_) => "forbidden",
            Self::Invalid(_) => "invalid",
            Self::Malformed(_) => "malformed",
            Self::Conflict(_) => "conflict",
            Self::TooLarge { .. } => "too-large",
            Self::Unsupported(_) => "unsupported-type",
            Self::TooMany { .. } => "too-many",
            Self::Upstream { .. } => "upstream",
            Self::Refused { .. } => "refused",
            Self::Full => "storage-full",
            Self::Unavailable | Self::Away(_) => "unavailable",
            Self::Internal(_) => "internal",
        }
    }

    /// What a person is told. Never holds what only the log may know.
    pub fn detail(&self) -> String {
        match self {
            Self::NotFound => "There is nothing here, or you may not see it.".into(),
            Self::Unauthorized(why)
            | Self::Forbidden(why)
            | Self::Conflict(why)
            | Self::Malformed(why)
            | Self::Unsupported(why)
            | Self::Away(why)
            | Self::Upstream { why, .. }
            | Self::Refused { why } => why.clone(),
            Self::Invalid(wrong) => {
                let all: Vec<_> = wrong.iter().map(|Wrong { field, why }| format!("{field}: {why}")).collect();
                all.join("; ")
            }
            Self::TooLarge { limit } => format!("The body is larger than {limit} bytes."),
            Self::TooMany { retry_after } => format!("Too many requests. Try again in {retry_after} seconds."),
            Self::Full => "The disk is full. Nothing was written; reading still works.".into(),
            Self::Unavailable => "The database does not answer. Nothing was written; try again shortly.".into(),
            Self::Internal(_) => "Something went wrong on our side. Nothing was changed.".into(),
        }
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Internal(error) => write!(f, "{error}"),
            other => f.write_str(&other.detail()),
        }
    }
}

/// RFC 9457 problem details.
impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let status = self.status();
        if let Self::Internal(error) = &self {
            tracing::error!(%error, "request failed");
        }
        let mut body = json!({
            "type": format!("/problems/{}", self.slug()),
            "title": status.canonical_reason().unwrap_or("Error"),
            "status": status.as_u16(),
            "detail": self.detail(),
        });
        if let Self::Invalid(wrong) = &self {
            body["errors"] = wrong.iter().map(|Wrong { field, why }| json!({ "field": field, "why": why })).collect();
        }
        let mut response = (status, Json(body)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        let wait = match &self {
            Self::TooMany { retry_after } => Some(*retry_after),
            Self::Full | Self::Unavailable | Self::Away(_) => Some(5),
            _ => None,
        };
        if let Some(seconds) = wait {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

impl<E: std::error::Error + Send + Sync + 'static> From<E> for Error {
    fn from(error: E) -> Self {
        Self::Internal(Box::new(error))
    }
}
