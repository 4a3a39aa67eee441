//! One call to a Medusa shop's Admin API, and what its answer means.

use base::{Error, Result};
use base64::{Engine, engine::general_purpose::STANDARD};
use reqwest::{Method, StatusCode, Url};
use serde_json::Value;

use crate::platforms::{
    call::{self, Answer},
    json::clean,
};

const WHO: &str = "Medusa";

pub struct Shop {
    http: reqwest::Client,
    pub address: String,
    /// A secret API key, as the user name of HTTP's basic sign-in.
    sign_in: String,
    pub key: String,
}

impl Shop {
    pub fn new(http: &reqwest::Client, settings: &Value) -> Result<Self> {
        let text = |key: &str| settings[key].as_str().map(str::trim).unwrap_or_default();
        let (address, key) = (text("address").trim_end_matches('/').to_owned(), text("key").to_owned());
        if address.is_empty() || key.is_empty() {
            return Err(Error::refused("The store's settings lack an address or a secret API key."));
        }
        let sign_in = format!("Basic {}", STANDARD.encode(format!("{key}:")));
        Ok(Self { http: http.clone(), address, sign_in, key })
    }

    /// None where there is no such thing.
    pub async fn get(&self, path: &[&str], query: &[(&str, &str)]) -> Result<Option<Value>> {
        let answer = self.ask(Method::GET, path, query, None).await?;
        if answer.status == StatusCode::NOT_FOUND {
            return Ok(None);
        }
        read(&answer).map(Some)
    }

    /// Of something that is always there, such as a list.
    pub async fn list(&self, path: &[&str], query: &[(&str, &str)]) -> Result<Value> {
        let wrong =
            || Error::refused("There is no Medusa at the store's address; write that of its server, without a path.");
        self.get(path, query).await?.ok_or_else(wrong)
    }

    pub async fn post(&self, path: &[&str], body: &Value) -> Result<Value> {
        read(&self.ask(Method::POST, path, &[], Some(body)).await?)
    }

    /// What is not there is as good as removed.
    pub async fn delete(&self, path: &[&str]) -> Result<()> {
        let answer = self.ask(Method::DELETE, path, &[], None).await?;
        if answer.status == StatusCode::NOT_FOUND { Ok(()) } else { read(&answer).map(|_| ()) }
    }

    async fn ask(&self, method: Method, path: &[&str], query: &[(&str, &str)], body: Option<&Value>) -> Result<Answer> {
        let odd = |_| Error::refused("The store's address cannot be read.");
        let mut url = Url::parse(&self.address).map_err(|error| odd(error.to_string()))?;
        // Ids come from outside: as segments they cannot become another path.
        url.path_segments_mut().map_err(|()| odd(String::new()))?.pop_if_empty().push("admin").extend(path);
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        let mut request = self.http.request(method, url).header("authorization", &self.sign_in);
        if let Some(body) = body {
            request = request.json(body);
        }
        call::call(WHO, request).await
    }
}

fn read(answer: &Answer) -> Result<Value> {
    if let Some(trouble) = answer.trouble(WHO) {
        return Err(trouble);
    }
    if answer.status.is_success() {
        return answer.json(WHO);
    }
    let said: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    let why = clean(said["message"].as_str().unwrap_or_default());
    Err(match answer.status {
        StatusCode::UNAUTHORIZED => Error::refused(
            "Medusa does not accept the secret API key. Make a new one in its settings, under secret API keys, and write \
             it into the store's settings here.",
        ),
        StatusCode::FORBIDDEN => Error::refused(format!(
            "Medusa does not let the secret API key do this ({why}). Use a key of a user who may."
        )),
        // Something else holds the order just now.
        StatusCode::CONFLICT => {
            Error::Upstream { why: format!("Medusa is busy with it: {why}"), retry_after: Some(1000) }
        }
        StatusCode::REQUEST_TIMEOUT => Error::upstream("Medusa gave up on the call"),
        _ if why.is_empty() => Error::refused(format!("Medusa says no ({})", answer.status)),
        _ => Error::refused(format!("Medusa says: {why}")),
    })
}
