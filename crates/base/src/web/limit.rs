//! Rate limits per caller, told in `RateLimit-Limit`, `RateLimit-Remaining` and `RateLimit-Reset`
//! (draft-ietf-httpapi-ratelimit-headers-06; seconds).

use std::{num::NonZeroU32, sync::Arc};

use axum::{
    extract::{Request, State},
    http::{HeaderName, HeaderValue, StatusCode},
    middleware::Next,
    response::{IntoResponse, Response},
};
use governor::{
    Quota, RateLimiter,
    clock::{Clock, DefaultClock},
    middleware::StateInformationMiddleware,
    state::keyed::DashMapStateStore,
};

use super::Caller;
use crate::{Config, Error};

type Keyed = RateLimiter<String, DashMapStateStore<String>, DefaultClock, StateInformationMiddleware>;

#[derive(Clone)]
pub struct Limiter {
    buckets: Arc<Keyed>,
    /// By address alone, and wider: a made-up credential must not open a bucket of its own for ever.
    addresses: Arc<Keyed>,
    /// By address too, for those who sign what they send: only what is signed wrongly counts.
    forgers: Arc<Keyed>,
    clock: DefaultClock,
    per_minute: u32,
}

/// As many people may share one address.
const OFFICE: u32 = 10;

impl Limiter {
    pub fn new(config: &Config) -> Self {
        let per_minute = NonZeroU32::new(config.requests_per_minute).unwrap_or(NonZeroU32::MIN);
        let wide = NonZeroU32::new(per_minute.get().saturating_mul(OFFICE)).unwrap_or(per_minute);
        let keyed = |quota| Arc::new(RateLimiter::keyed(Quota::per_minute(quota)).with_middleware());
        let (buckets, addresses, forgers) = (keyed(per_minute), keyed(wide), keyed(per_minute));
        Self { buckets, addresses, forgers, clock: DefaultClock::default(), per_minute: per_minute.get() }
    }

    /// Forgets callers that have been quiet, so that addresses passing by do not fill the memory.
    pub fn forget_idle(&self) {
        for buckets in [&self.buckets, &self.addresses, &self.forgers] {
            buckets.retain_recent();
            buckets.shrink_to_fit();
        }
    }
}

/// For servers that sign what they send: whose signatures are wrong too often is told to wait.
pub async fn limit_forgers(State(limits): State<Limiter>, request: Request, next: Next) -> Response {
    let network = request.extensions().get::<Caller>().map(|caller| caller.network().to_string());
    let response = next.run(request).await;
    let (Some(network), StatusCode::UNAUTHORIZED) = (network, response.status()) else { return response };
    match limits.forgers.check_key(&network) {
        Ok(_) => response,
        Err(until) => {
            let retry_after = until.wait_time_from(limits.clock.now()).as_secs() + 1;
            Error::TooMany { retry_after }.into_response()
        }
    }
}

pub async fn limit(State(limits): State<Limiter>, request: Request, next: Next) -> Response {
    let Some(caller) = request.extensions().get::<Caller>() else { return next.run(request).await };
    let within =
        limits.addresses.check_key(&caller.network().to_string()).and_then(|_| limits.buckets.check_key(&caller.key));
    let (mut response, remaining, reset) = match within {
        Ok(snapshot) => {
            let remaining = snapshot.remaining_burst_capacity();
            let used = u64::from(limits.per_minute.saturating_sub(remaining));
            let reset = (used * 60).div_ceil(u64::from(limits.per_minute));
            (next.run(request).await, remaining, reset)
        }
        Err(until) => {
            let retry_after = until.wait_time_from(limits.clock.now()).as_secs() + 1;
            (Error::TooMany { retry_after }.into_response(), 0, retry_after)
        }
    };
    let values = [u64::from(limits.per_minute), u64::from(remaining), reset];
    for (name, value) in ["ratelimit-limit", "ratelimit-remaining", "ratelimit-reset"].into_iter().zip(values) {
        response.headers_mut().insert(HeaderName::from_static(name), HeaderValue::from(value));
    }
    response
}
