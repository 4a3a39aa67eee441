//! One call to a platform over HTTP, what its answer means to us, and the traces that we leave there.

use std::time::Duration;

use aws_lc_rs::hmac;
use base::{Error, Result};
use base64::{Engine, engine::general_purpose::STANDARD};
use reqwest::{RequestBuilder, StatusCode, header::HeaderMap};
use serde_json::Value;

/// Platforms give up on their own side after about this long.
const PATIENCE: Duration = Duration::from_secs(30);
/// More than any page of orders has.
const LARGEST: usize = 64 << 20;

pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

/// Sends a request. `who` is the platform as people call it, for the words of an error.
pub async fn call(who: &str, request: RequestBuilder) -> Result<Answer> {
    let heard = tokio::time::timeout(PATIENCE, async {
        let mut response = request.send().await?;
        let (status, headers) = (response.status(), response.headers().clone());
        let mut body = Vec::new();
        while let Some(part) = response.chunk().await? {
            body.extend_from_slice(&part);
            if body.len() > LARGEST {
                break;
            }
        }
        Ok::<_, reqwest::Error>(Answer { status, headers, body })
    });
    match heard.await {
        Ok(Ok(answer)) if answer.body.len() <= LARGEST => Ok(answer),
        Ok(Ok(_)) => Err(Error::upstream(format!("{who} sent more than {} MB", LARGEST >> 20))),
        Ok(Err(error)) => Err(Error::upstream(format!("{who} cannot be reached: {}", error.without_url()))),
        Err(_) => Err(Error::upstream(format!("{who} did not answer within {} seconds", PATIENCE.as_secs()))),
    }
}

impl Answer {
    pub fn json(&self, who: &str) -> Result<Value> {
        serde_json::from_slice(&self.body).map_err(|_| Error::upstream(format!("{who} answered with what is no JSON")))
    }

    /// The answer as an error, where its status says so without reading the body: too much, down, moved.
    pub fn trouble(&self, who: &str) -> Option<Error> {
        // A platform that says nonsense makes us wait a little, not for ever.
        let pause = || {
            let seconds: f64 = self.headers.get("retry-after")?.to_str().ok()?.trim().parse().ok()?;
            i64::try_from(Duration::try_from_secs_f64(seconds.clamp(0.0, 3600.0)).ok()?.as_millis()).ok()
        };
        let retry_after = pause();
        if self.status == StatusCode::TOO_MANY_REQUESTS {
            let why = format!("{who} asks us to slow down");
            return Some(Error::Upstream { why, retry_after: retry_after.or(Some(2000)) });
        }
        if self.status.is_server_error() {
            return Some(Error::Upstream { why: format!("{who} answered {}", self.status), retry_after });
        }
        if self.status.is_redirection() {
            let why = "sends us to another address; write its final one, with https, into the settings";
            return Some(Error::refused(format!("{who} {why}")));
        }
        None
    }
}

/// Whether `signature` (base64) is the HMAC-SHA256 of the body; takes as long whichever byte is wrong.
pub fn signed(secret: &str, body: &[u8], signature: &str) -> bool {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    STANDARD.decode(signature.trim()).is_ok_and(|tag| hmac::verify(&key, body, &tag).is_ok())
}

/// A name for what came without one: the same for the same bytes.
pub fn fingerprint(body: &[u8]) -> String {
    hex(aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, body).as_ref())
}

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

/// What we leave in a note, so that we find what an action did after nobody heard the answer.
pub fn trace(key: &str) -> String {
    format!("shopbell:{}", key.replace(char::is_whitespace, "-"))
}

pub fn traced(text: &str, key: &str) -> bool {
    let trace = trace(key);
    text.split_whitespace().any(|word| word == trace)
}

/// A reason with the trace behind it, no longer than the platform takes; the trace is never cut.
pub fn with_trace(reason: &str, key: &str, most: usize) -> String {
    let trace = trace(key);
    let room = most.saturating_sub(trace.chars().count() + 1);
    let reason: String = reason.trim().chars().take(room).collect();
    format!("{reason} {trace}").trim_start().to_owned()
}

/// Whether people who write `typed` mean the order of this number: signs and small letters do not count, and of `FV-20418`
/// the digits alone are enough.
pub fn called(number: &str, typed: &str) -> bool {
    let key =
        |text: &str| text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect::<String>();
    let (number, typed) = (key(number), key(typed));
    let digits = typed.chars().all(|c| c.is_ascii_digit());
    let before = number.strip_suffix(&typed).unwrap_or("0");
    !typed.is_empty() && (before.is_empty() || (digits && !before.ends_with(|c: char| c.is_ascii_digit())))
}

/// A discount's code: the same for every try of one action, and guessed by nobody who lacks the store's secret.
pub fn code(secret: &str, key: &str) -> String {
    const LETTERS: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes()), format!("code\n{key}").as_bytes());
    let letters: String =
        tag.as_ref().iter().take(10).map(|byte| char::from(LETTERS[usize::from(byte & 31)])).collect();
    format!("{}-{}", &letters[..5], &letters[5..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trace_is_found_whole_or_not_at_all() {
        let note = with_trace("Arrived broken", "action-12", 255);
        assert!(traced(&note, "action-12") && !traced(&note, "action-1"), "{note}");
        let long = with_trace(&"x".repeat(500), "action-12", 255);
        assert!(long.chars().count() <= 255 && traced(&long, "action-12"));
    }

    #[test]
    fn an_order_is_called_by_its_number() {
        for typed in ["#1001", "1001", " 1001"] {
            assert!(called("#1001", typed), "{typed}");
        }
        assert!(called("FV-20418", "fv20418") && called("FV-20418", "20418") && called("FV-20418", "FV 20418"));
        for (number, typed) in
            [("#1001", "001"), ("#11001", "1001"), ("FV-20418", "V20418"), ("#1001", ""), ("#1001", "#")]
        {
            assert!(!called(number, typed), "{number} {typed}");
        }
    }

    #[test]
    fn a_code_is_the_same_for_the_same_action_only() {
        assert_eq!(code("secret", "1"), code("secret", "1"));
        assert_ne!(code("secret", "1"), code("secret", "2"));
        assert_ne!(code("secret", "1"), code("other", "1"));
    }

    #[test]
    fn only_the_secret_signs() {
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, b"secret"), b"body");
        let tag = STANDARD.encode(tag.as_ref());
        assert!(signed("secret", b"body", &tag));
        assert!(
            !signed("secret", b"body!", &tag) && !signed("other", b"body", &tag) && !signed("secret", b"body", "?")
        );
    }
}
