//! Asks WooCommerce's REST API, version 3, and says in plain words what it refuses.

use base::{Error, Result};
use reqwest::Method;
use serde_json::Value;

use super::settings;
use crate::{
    platform::Store,
    platforms::call::{Answer, call},
};

pub const WHO: &str = "WooCommerce";
/// The most that it gives at once.
pub const PAGE: usize = 100;

/// A page of a list.
pub struct Page {
    pub rows: Vec<Value>,
    /// How many there are altogether.
    pub total: Option<i64>,
}

#[derive(Debug)]
pub struct Rest {
    pub http: reqwest::Client,
}

impl Rest {
    async fn send(
        &self,
        store: &Store,
        method: Method,
        path: &str,
        query: &[(&str, &str)],
        body: Option<&Value>,
    ) -> Result<Answer> {
        let access = settings::access(&store.settings)?;
        let url = reqwest::Url::parse_with_params(&format!("{}/wp-json/wc/v3/{path}", access.site), query);
        let url = url.map_err(|_| Error::invalid("address", "makes no address"))?;
        let mut request = self.http.request(method, url).basic_auth(&access.key, Some(&access.secret));
        if let Some(body) = body {
            request = request.json(body);
        }
        call(WHO, request).await
    }

    /// One thing; none where it is not there any more.
    pub async fn get(&self, store: &Store, path: &str) -> Result<Option<Value>> {
        let answer = self.send(store, Method::GET, path, &[], None).await?;
        if answer.status == 404 && says(&answer)["code"].as_str().is_some_and(|code| code.contains("invalid")) {
            return Ok(None);
        }
        read(&answer).map(Some)
    }

    pub async fn list(&self, store: &Store, path: &str, query: &[(&str, &str)]) -> Result<Page> {
        let answer = self.send(store, Method::GET, path, query, None).await?;
        let Value::Array(rows) = read(&answer)? else {
            return Err(Error::upstream(format!("{WHO} answered with what is no list")));
        };
        let total = answer.headers.get("x-wp-total").and_then(|total| total.to_str().ok()?.parse().ok());
        Ok(Page { rows, total })
    }

    /// All of a list that is short, such as the refunds of one order.
    pub async fn all(&self, store: &Store, path: &str, query: &[(&str, &str)]) -> Result<Vec<Value>> {
        let mut all = Vec::new();
        for page in 1..=100 {
            let (page, size) = (page.to_string(), PAGE.to_string());
            let mut query = query.to_vec();
            query.extend([("page", page.as_str()), ("per_page", size.as_str())]);
            let mut rows = self.list(store, path, &query).await?.rows;
            let last = rows.len() < PAGE;
            all.append(&mut rows);
            if last {
                break;
            }
        }
        Ok(all)
    }

    pub async fn post(&self, store: &Store, path: &str, body: &Value) -> Result<Value> {
        read(&self.send(store, Method::POST, path, &[], Some(body)).await?)
    }

    pub async fn put(&self, store: &Store, path: &str, body: &Value) -> Result<Value> {
        read(&self.send(store, Method::PUT, path, &[], Some(body)).await?)
    }

    /// Harmless where there is nothing any more.
    pub async fn delete(&self, store: &Store, path: &str) -> Result<()> {
        let answer = self.send(store, Method::DELETE, path, &[("force", "true")], None).await?;
        if answer.status == 404 { Ok(()) } else { read(&answer).map(drop) }
    }
}

fn says(answer: &Answer) -> Value {
    serde_json::from_slice(&answer.body).unwrap_or_default()
}

fn read(answer: &Answer) -> Result<Value> {
    if answer.status.is_success() {
        return answer.json(WHO);
    }
    let said = says(answer);
    let code = said["code"].as_str().unwrap_or_default();
    let words = said["message"].as_str().unwrap_or("no reason given");
    // It answers 500 to a refund that it or the payment's provider does not want; that is an answer, and not a breakdown.
    if code == "woocommerce_rest_cannot_create_order_refund" {
        let why = format!(
            "{WHO} recorded no refund: {words} Before another try, see at the payment's provider that nothing went out"
        );
        return Err(Error::refused(why));
    }
    if let Some(trouble) = answer.trouble(WHO) {
        return Err(trouble);
    }
    Err(match answer.status.as_u16() {
        401 | 403 => Error::refused(format!(
            "{WHO} does not let us do this ({words}). The key has to be of a user who manages the shop, with the right Read/Write"
        )),
        404 if code == "rest_no_route" || code.is_empty() => {
            let why = "There is no WooCommerce REST API at this address. See that WooCommerce is active, and that permalinks are \
                not set to Plain";
            Error::refused(why)
        }
        404 => Error::NotFound,
        _ => Error::refused(format!("{WHO}: {words}")),
    })
}
