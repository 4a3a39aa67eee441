//! Asks the GraphQL Admin API: the token, the version, the bucket of points that every query takes from.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use base::{Error, Result};
use reqwest::Url;
use serde_json::{Value, json};
use tokio::time::Instant;

use super::settings::{self, Access};
use crate::{
    platform::Store,
    platforms::call::{Answer, call},
};

/// The version whose shapes this folder speaks; Shopify keeps each for a year.
pub const VERSION: &str = "2026-10";
pub const WHO: &str = "Shopify";
/// A token is renewed this long before it ends.
const EARLY: Duration = Duration::from_mins(10);

/// What was answered, and what it cost.
#[derive(Debug)]
pub struct Said {
    pub data: Value,
    pub cost: Cost,
}

/// Points of Shopify's bucket, as `extensions.cost` has them.
#[derive(Debug, Clone, Copy, Default)]
pub struct Cost {
    pub requested: f64,
    pub available: f64,
    pub maximum: f64,
    /// Points that come back in a second.
    pub restored: f64,
}

impl Cost {
    fn of(answer: &Value) -> Self {
        let cost = &answer["extensions"]["cost"];
        let number = |value: &Value| value.as_f64().unwrap_or_default();
        Self {
            requested: number(&cost["requestedQueryCost"]),
            available: number(&cost["throttleStatus"]["currentlyAvailable"]),
            maximum: number(&cost["throttleStatus"]["maximumAvailable"]),
            restored: number(&cost["throttleStatus"]["restoreRate"]),
        }
    }

    /// Milliseconds until there are so many points.
    #[expect(clippy::cast_possible_truncation, reason = "a minute at most")]
    pub fn until(&self, points: f64) -> i64 {
        if self.restored <= 0.0 {
            return if points > self.available { 1000 } else { 0 };
        }
        ((points - self.available).max(0.0) / self.restored * 1000.0).ceil().min(60_000.0) as i64
    }
}

/// The API. Tokens that were asked for with the client's id and secret live for a day, in memory only.
#[derive(Debug)]
pub struct Admin {
    pub http: reqwest::Client,
    tokens: Mutex<HashMap<String, (String, Instant)>>,
}

impl Admin {
    pub fn new(http: reqwest::Client) -> Self {
        Self { http, tokens: Mutex::default() }
    }

    pub async fn ask(&self, store: &Store, query: &str, variables: Value) -> Result<Said> {
        let access = settings::access(&store.settings)?;
        let token = self.token(&access).await?;
        let answer = self.post(&access, &token, query, &variables).await?;
        if answer.status != 401 || access.token.is_some() {
            return read(&answer);
        }
        // The token ended early: the app was installed anew, or its secret was turned over.
        self.tokens.lock().unwrap_or_else(PoisonError::into_inner).retain(|_, (kept, _)| *kept != token);
        let token = self.token(&access).await?;
        read(&self.post(&access, &token, query, &variables).await?)
    }

    /// As [`Self::ask`], for a mutation: what Shopify did not want is `Refused` in its words.
    pub async fn change(&self, store: &Store, query: &str, name: &str, variables: Value) -> Result<Value> {
        let mut said = self.ask(store, query, variables).await?;
        let done = said.data[name].take();
        let errors = [&done["userErrors"], &done["orderCancelUserErrors"]];
        let words: Vec<&str> =
            errors.iter().filter_map(|list| list.as_array()).flatten().filter_map(|e| e["message"].as_str()).collect();
        if words.is_empty() {
            return Ok(done);
        }
        let words = words.join("; ");
        // The same key is being worked on right now: nobody knows yet how it ends.
        if words.to_lowercase().contains("concurrent") {
            return Err(Error::Upstream { why: format!("{WHO}: {words}"), retry_after: Some(5000) });
        }
        Err(Error::refused(format!("{WHO}: {words}")))
    }

    async fn post(&self, access: &Access, token: &str, query: &str, variables: &Value) -> Result<Answer> {
        let url = format!("{}/admin/api/{VERSION}/graphql.json", access.base);
        let body = json!({ "query": query, "variables": variables });
        call(WHO, self.http.post(url).header("x-shopify-access-token", token).json(&body)).await
    }

    async fn token(&self, access: &Access) -> Result<String> {
        if let Some(token) = &access.token {
            return Ok(token.clone());
        }
        let key = format!("{} {:?} {}", access.shop, access.client_id, access.client_secret);
        {
            let tokens = self.tokens.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some((token, until)) = tokens.get(&key)
                && Instant::now() < *until
            {
                return Ok(token.clone());
            }
        }
        let answer = self.grant(access, ("grant_type", "client_credentials")).await?;
        let lives = Duration::from_secs(answer["expires_in"].as_u64().unwrap_or(86_399));
        let token = answer["access_token"].as_str().unwrap_or_default().to_owned();
        let until = Instant::now() + lives.checked_sub(EARLY).unwrap_or(lives / 2);
        self.tokens.lock().unwrap_or_else(PoisonError::into_inner).insert(key, (token.clone(), until));
        Ok(token)
    }

    /// Asks for a token, for whatever proves that we may have one (RFC 6749, sections 4.1.3 and 4.4.2).
    pub async fn grant(&self, access: &Access, proof: (&str, &str)) -> Result<Value> {
        let url = format!("{}/admin/oauth/access_token", access.base);
        let client = access.client_id.as_deref().unwrap_or_default();
        let fields = [("client_id", client), ("client_secret", &access.client_secret), proof];
        let form = Url::parse_with_params("https://form.invalid/", fields).map_err(Error::from)?;
        let request = self.http.post(url).header("accept", "application/json");
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        let answer = call(WHO, request.body(form.query().unwrap_or_default().to_owned())).await?;
        if let Some(trouble) = answer.trouble(WHO) {
            return Err(trouble);
        }
        let said: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        if answer.status.is_success() && said["access_token"].as_str().is_some_and(|token| !token.is_empty()) {
            return Ok(said);
        }
        let why = said["error_description"].as_str().or(said["error"].as_str()).unwrap_or("no reason given");
        Err(Error::refused(format!(
            "{WHO} did not let us in ({why}). See that the client's id and secret are those of the app's settings page, \
             and that the app is installed in this store"
        )))
    }
}

fn read(answer: &Answer) -> Result<Said> {
    if let Some(trouble) = answer.trouble(WHO) {
        return Err(trouble);
    }
    match answer.status.as_u16() {
        200 => {}
        401 => return Err(Error::refused("Shopify does not know our access token any more; connect the store again")),
        402 => return Err(Error::refused("Shopify has frozen this store; its owner has a bill to pay there")),
        403 => {
            return Err(Error::refused(
                "Shopify does not let us do this; give the app the rights that the guide lists",
            ));
        }
        404 => {
            let why =
                "There is no such store at Shopify, or its API is not where it was; see that the address is right";
            return Err(Error::refused(why));
        }
        423 => return Err(Error::refused("Shopify has locked this store; its owner has to ask Shopify why")),
        other => return Err(Error::refused(format!("Shopify answered {other}"))),
    }
    let mut said = answer.json(WHO)?;
    let cost = Cost::of(&said);
    let errors = said["errors"].as_array().cloned().unwrap_or_default();
    if let Some(first) = errors.first() {
        return Err(error(first, &errors, cost));
    }
    Ok(Said { data: said["data"].take(), cost })
}

/// Of a query that is too dear however little it asks for.
pub fn too_dear(error: Error) -> Error {
    match error {
        Error::TooLarge { .. } => Error::upstream("This is more than Shopify lets us ask for at once"),
        other => other,
    }
}

/// What is wrong with a query as a whole. Shopify answers 200 nevertheless.
fn error(first: &Value, all: &[Value], cost: Cost) -> Error {
    let words: Vec<&str> = all.iter().filter_map(|error| error["message"].as_str()).collect();
    let words = words.join("; ");
    match first["extensions"]["code"].as_str().unwrap_or_default() {
        "THROTTLED" => Error::Upstream {
            why: "Shopify asks us to slow down".into(),
            retry_after: Some(cost.until(cost.requested).max(1000)),
        },
        "ACCESS_DENIED" => Error::refused(format!(
            "Shopify does not let us do this ({words}). Give the app the right it names, and install it again"
        )),
        "MAX_COST_EXCEEDED" => Error::TooLarge { limit: 1000 },
        "INTERNAL_SERVER_ERROR" | "TIMEOUT" => Error::upstream(format!("Shopify failed: {words}")),
        _ => Error::refused(format!("Shopify did not understand us: {words}")),
    }
}
