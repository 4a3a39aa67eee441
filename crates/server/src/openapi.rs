//! `/api/v1/openapi.json`: generated from the handlers' types by aide; here it gets what no handler can know.

use std::collections::{BTreeSet, HashMap};

use aide::{axum::ApiRouter, openapi::OpenApi};
use axum::{Router, http::Method};
use base::{App, Result};
use bytes::Bytes;
use serde_json::{Value, json};

use crate::cli::say;

/// By method and path, what may stand behind the question mark.
pub type Queries = HashMap<(Method, String), BTreeSet<String>>;

/// The routes, and the document that describes them all.
pub struct Described {
    pub routes: Router<App>,
    pub doors: Router<App>,
    pub hooks: Router<App>,
    pub document: Value,
    pub queries: Queries,
}

pub fn describe(routes: ApiRouter<App>, doors: ApiRouter<App>, hooks: ApiRouter<App>) -> Result<Described> {
    let mut openapi = OpenApi::default();
    let routes = routes.finish_api(&mut openapi);
    let doors = doors.finish_api(&mut openapi);
    let hooks = hooks.finish_api(&mut openapi);
    let mut document = serde_json::to_value(openapi)?;
    document["info"] = json!({
        "title": "Shopbell",
        "version": env!("CARGO_PKG_VERSION"),
        "description": "Everything the desk does, and nothing beside it. Times are RFC 3339 in UTC with milliseconds; \
            problems are application/problem+json; lists are paged with limit and after.",
        "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
    });
    document["servers"] = json!([{ "url": "/api/v1" }]);
    document["security"] = json!([{ "cookie": [] }, { "bearer": [] }]);
    document["components"]["securitySchemes"] = json!({
        "cookie": { "type": "apiKey", "in": "cookie", "name": base::web::caller::COOKIE },
        "bearer": { "type": "http", "scheme": "bearer" },
    });
    name_operations(&mut document);
    let queries = queries(&document)?;
    Ok(Described { routes, doors, hooks, document, queries })
}

fn queries(document: &Value) -> Result<Queries> {
    let mut all = Queries::new();
    for (path, item) in document["paths"].as_object().into_iter().flatten() {
        for (method, operation) in item.as_object().into_iter().flatten().filter(|(_, one)| one.is_object()) {
            let parameters = operation["parameters"].as_array().into_iter().flatten();
            let in_query = parameters.filter(|one| one["in"] == "query").filter_map(|one| one["name"].as_str());
            let mut names: BTreeSet<String> = in_query.map(str::to_owned).collect();
            // Lists that are short by nature come whole; whoever pages through everything needs no exception for them.
            if method == "get" && names.is_empty() && !path.ends_with('}') {
                names.extend(["limit".to_owned(), "after".to_owned()]);
            }
            all.insert((method.to_uppercase().parse()?, path.clone()), names);
        }
    }
    Ok(all)
}

/// Operation ids such as `post_tickets_id_snooze`, and a tag for the first part of each path.
fn name_operations(document: &mut Value) {
    let mut tags = BTreeSet::new();
    for (path, item) in document["paths"].as_object_mut().into_iter().flatten() {
        let parts: Vec<_> = path.split('/').filter(|part| !part.is_empty()).collect();
        let tag = parts.first().copied().unwrap_or("api").to_owned();
        let name = parts.join("_").replace(['{', '}', '*', '.'], "").replace('-', "_");
        for (method, operation) in item.as_object_mut().into_iter().flatten() {
            if !operation.is_object() {
                continue;
            }
            if method == "post" && operation["responses"].get("201").is_some() {
                let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
                operation["parameters"] = parameters.into_iter().chain([idempotency_key()]).collect();
            }
            operation["operationId"] = json!(format!("{method}_{name}"));
            operation["tags"] = json!([tag]);
        }
        tags.insert(tag);
    }
    document["tags"] = tags.into_iter().map(|name| json!({ "name": name })).collect();
}

/// Every POST that creates takes it.
fn idempotency_key() -> Value {
    json!({
        "in": "header",
        "name": "Idempotency-Key",
        "description": "Sent again with the same key within two days, the request does nothing and is answered as before.",
        "schema": { "type": "string", "minLength": 1, "maxLength": 255 },
    })
}

pub fn bytes(document: &Value) -> Bytes {
    document.to_string().into()
}

/// The document of this version, without a running server.
pub fn document() -> Result<Value> {
    let desk = desk::features();
    Ok(describe(desk.routes, desk.doors, desk.hooks)?.document)
}

pub fn print() -> Result<()> {
    say(serde_json::to_string_pretty(&document()?)?)
}
