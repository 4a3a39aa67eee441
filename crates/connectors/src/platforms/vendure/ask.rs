//! One question to a Vendure shop's Admin API (GraphQL), and what its answer means.

use base::{Error, Result};
use serde_json::{Value, json};

use crate::platforms::{
    call,
    json::{clean, list},
};

const WHO: &str = "Vendure";

pub struct Shop {
    http: reqwest::Client,
    pub address: String,
    pub key: String,
    /// Of a channel that is not the default one.
    channel: Option<String>,
}

impl Shop {
    pub fn new(http: &reqwest::Client, settings: &Value) -> Result<Self> {
        let text = |key: &str| settings[key].as_str().map(str::trim).filter(|text| !text.is_empty());
        let (Some(address), Some(key)) = (text("address"), text("key")) else {
            return Err(Error::refused("The store's settings lack an address or an API key."));
        };
        let address = address.trim_end_matches('/').trim_end_matches("/admin-api").to_owned();
        Ok(Self { http: http.clone(), address, key: key.to_owned(), channel: text("channel").map(Into::into) })
    }

    /// The data of an answer. What comes from outside goes into the variables, never into the query.
    pub async fn ask(&self, query: &str, variables: Value) -> Result<Value> {
        let mut request = self.http.post(format!("{}/admin-api", self.address)).header("vendure-api-key", &self.key);
        if let Some(channel) = &self.channel {
            request = request.header("vendure-token", channel);
        }
        let answer = call::call(WHO, request.json(&json!({ "query": query, "variables": variables }))).await?;
        if let Some(trouble) = answer.trouble(WHO) {
            return Err(trouble);
        }
        // Errors of the query itself come with a status of their own, and with words.
        let mut said: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        if let Some(error) = list(&said["errors"]).first() {
            return Err(refusal(error));
        }
        if !said["data"].is_object() {
            return Err(Error::refused(
                "There is no Vendure at the store's address; write that of its server, without /admin-api.",
            ));
        }
        Ok(said["data"].take())
    }

    /// As [`Self::ask`], for a change, whose answer may be a refusal of Vendure's own kind.
    pub async fn change(&self, query: &str, variables: Value) -> Result<Value> {
        let data = self.ask(query, variables).await?;
        for result in data.as_object().into_iter().flat_map(|object| object.values()) {
            if result["errorCode"].is_string() {
                let why = clean(result["message"].as_str().unwrap_or_default());
                let more = clean(result["transitionError"].as_str().unwrap_or_default());
                return Err(Error::refused(format!("Vendure says: {why} {more}").trim_end()));
            }
        }
        Ok(data)
    }
}

fn refusal(error: &Value) -> Error {
    let why = clean(error["message"].as_str().unwrap_or_default());
    // It comes as a fault of the server's, and is none: the shop lacks our plugin.
    if why.starts_with("Settings store field not registered") {
        return Error::NotFound;
    }
    match error["extensions"]["code"].as_str().unwrap_or_default() {
        "FORBIDDEN" | "UNAUTHENTICATED" => Error::refused(
            "Vendure does not let the API key do this. Make one whose role may read and change orders, customers, products \
             and promotions, write it into the store's settings, and have `tokenMethod` in the shop's configuration name \
             `api-key`.",
        ),
        "ENTITY_NOT_FOUND" | "USER_INPUT_ERROR" | "BAD_USER_INPUT" | "CHANNEL_NOT_FOUND" => {
            Error::refused(format!("Vendure says: {why}"))
        }
        "GRAPHQL_VALIDATION_FAILED" | "GRAPHQL_PARSE_FAILED" => {
            Error::refused(format!("This Vendure is older than 3.6, or changed in a way that we do not know: {why}"))
        }
        // Its database may just have been busy, or the change may have been made and its answer lost.
        _ => Error::upstream(format!("Vendure failed: {why}")),
    }
}
