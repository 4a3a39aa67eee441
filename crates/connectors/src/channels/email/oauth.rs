//! Access tokens for mail servers that want OAuth2 (RFC 6749, section 6), such as Google's and Microsoft's.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use serde_json::Value;
use tokio::time::{Instant, timeout};

use super::{
    net::{Trouble, clean},
    settings::OAuth,
};

/// A token is renewed this long before it ends, so that none ends under a running command.
const EARLY: Duration = Duration::from_mins(5);

/// The tokens of all inboxes. They live in memory only: a restart asks for new ones.
#[derive(Debug)]
pub struct Tokens {
    http: reqwest::Client,
    inboxes: Mutex<HashMap<i64, Arc<tokio::sync::Mutex<State>>>>,
}

#[derive(Debug, Default)]
struct State {
    /// The refresh token that the settings held when this began; another one there means a new consent.
    given: String,
    /// The newest refresh token; providers may replace it with every use.
    refresh: String,
    access: Option<(String, Instant)>,
    /// A replaced refresh token that nobody has stored yet.
    unstored: bool,
}

impl Tokens {
    pub fn new(http: reqwest::Client) -> Self {
        Self { http, inboxes: Mutex::default() }
    }

    fn state(&self, inbox: i64) -> Arc<tokio::sync::Mutex<State>> {
        let mut inboxes = self.inboxes.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(inboxes.entry(inbox).or_default())
    }

    /// A token that is good for some minutes. `stale` is one that the mail server did not take.
    pub async fn access(&self, inbox: i64, oauth: &OAuth, stale: Option<&str>) -> Result<String, Trouble> {
        let shared = self.state(inbox);
        let mut kept = shared.lock().await;
        if oauth.refresh_token != kept.given && oauth.refresh_token != kept.refresh {
            let given = oauth.refresh_token.clone();
            *kept = State { refresh: given.clone(), given, access: None, unstored: false };
        }
        if let Some((access, until)) = &kept.access
            && stale != Some(access)
            && Instant::now() < *until
        {
            return Ok(access.clone());
        }
        let answer = self.ask(oauth, &kept.refresh).await?;
        let lives = seconds(&answer["expires_in"]).unwrap_or(3600);
        let Some(access) = answer["access_token"].as_str() else {
            return Err(Trouble::new(format!("{}: the answer holds no access token", oauth.token_url)));
        };
        // Of a token that lives shorter than our margin, use half.
        let lives = Duration::from_secs(lives);
        let until = Instant::now() + lives.checked_sub(EARLY).unwrap_or(lives / 2);
        kept.access = Some((access.to_owned(), until));
        if let Some(refresh) = answer["refresh_token"].as_str()
            && refresh != kept.refresh
        {
            refresh.clone_into(&mut kept.refresh);
            kept.unstored = true;
        }
        Ok(access.to_owned())
    }

    /// The refresh token that must be stored, once.
    pub async fn take_renewed(&self, inbox: i64) -> Vec<(String, String)> {
        let shared = self.state(inbox);
        let mut state = shared.lock().await;
        let due = std::mem::take(&mut state.unstored);
        if due { vec![("oauth.refresh_token".into(), state.refresh.clone())] } else { Vec::new() }
    }

    /// Storing what was taken failed: offer it again.
    pub async fn untake_renewed(&self, inbox: i64) {
        self.state(inbox).lock().await.unstored = true;
    }

    async fn ask(&self, oauth: &OAuth, refresh: &str) -> Result<Value, Trouble> {
        let url = &oauth.token_url;
        let mut form =
            vec![("grant_type", "refresh_token"), ("refresh_token", refresh), ("client_id", &oauth.client_id)];
        form.extend(oauth.client_secret.as_deref().map(|secret| ("client_secret", secret)));
        form.extend(oauth.scope.as_deref().map(|scope| ("scope", scope)));
        let request = self
            .http
            .post(url)
            .header("content-type", "application/x-www-form-urlencoded")
            .header("accept", "application/json")
            .body(encode(&form));
        let answer = timeout(Duration::from_secs(20), async {
            let response = request.send().await?;
            let status = response.status();
            Ok::<_, reqwest::Error>((status, response.bytes().await?))
        });
        let (status, body) = match answer.await {
            Ok(Ok(answer)) => answer,
            Ok(Err(error)) => return Err(Trouble::new(format!("{url}: cannot be reached: {}", error.without_url()))),
            Err(_) => return Err(Trouble::new(format!("{url}: did not answer within 20 seconds"))),
        };
        let value: Value = serde_json::from_slice(&body).unwrap_or_default();
        if status.is_success() {
            return Ok(value);
        }
        let word = value["error"].as_str().unwrap_or_default();
        let more = value["error_description"].as_str().unwrap_or_default();
        let said = clean(&format!("{word} {more}"));
        Err(match word {
            "invalid_grant" => Trouble::login(format!(
                "{url}: the permission to read this mailbox was withdrawn or has expired; connect the account again ({said})"
            )),
            "invalid_client" | "unauthorized_client" => {
                Trouble::login(format!("{url}: `oauth.client_id` or `oauth.client_secret` was not accepted ({said})"))
            }
            _ => Trouble::new(format!("{url}: answered {} {said}", status.as_u16())),
        })
    }
}

/// Some providers send the number as a text.
fn seconds(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}

fn encode(form: &[(&str, &str)]) -> String {
    let mut out = String::new();
    for (key, value) in form {
        let gap = if out.is_empty() { "" } else { "&" };
        out.extend([gap, key, "="]);
        for byte in value.bytes() {
            match byte {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
                other => {
                    out.push('%');
                    out.extend(
                        [other >> 4, other & 15].map(|digit| char::from(b"0123456789ABCDEF"[usize::from(digit)])),
                    );
                }
            }
        }
    }
    out
}

/// The SASL answer of XOAUTH2, as Google and Microsoft document it.
pub fn xoauth2(user: &str, access: &str) -> String {
    format!("user={user}\x01auth=Bearer {access}\x01\x01")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_encoded_byte_by_byte() {
        assert_eq!(encode(&[("a", "1/ö&="), ("b", "x y")]), "a=1%2F%C3%B6%26%3D&b=x%20y");
    }
}
