//! The API's description describes the API.

use std::{collections::BTreeSet, fs, path::Path};

use serde_json::Value;

/// Every `$ref` in the document.
fn references<'d>(value: &'d Value, found: &mut Vec<&'d str>) {
    match value {
        Value::Object(fields) => {
            found.extend(fields.get("$ref").and_then(Value::as_str));
            fields.values().for_each(|value| references(value, found));
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        _ => {}
    }
}

/// The first string after every `api_route(` in the product's source.
fn routes_in_source() -> BTreeSet<String> {
    fn walk(folder: &Path, found: &mut BTreeSet<String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                for after in text.split("api_route(").skip(1) {
                    found.extend(after.split('"').nth(1).map(str::to_owned));
                }
                // Pages for people are no part of the API, and stand in files that know no router of it.
                assert!(
                    !text.contains(".route(\"") || !text.contains("ApiRouter"),
                    "{}: use api_route, so that the route is described",
                    path.display()
                );
            }
        }
    }
    let mut found = BTreeSet::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../desk/src"), &mut found);
    found
}

story!(the_description_is_served_and_covers_every_route, |app| async move {
    let (status, document) = app.nobody().get("/api/v1/openapi.json").await;
    assert_eq!(status, 200);
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    assert_eq!(document["info"]["title"], "Shopbell");
    assert_eq!(document["servers"][0]["url"], "/api/v1");
    let described: BTreeSet<_> = document["paths"].as_object().unwrap().keys().cloned().collect();
    let missing: Vec<_> = routes_in_source().difference(&described).cloned().collect();
    assert!(missing.is_empty(), "not described: {missing:?}");
});

#[test]
fn the_description_holds_together() {
    let document = server::openapi::document().unwrap();
    let mut found = Vec::new();
    references(&document, &mut found);
    for reference in found {
        let pointer = reference.strip_prefix('#').expect("references stay in the document");
        assert!(document.pointer(pointer).is_some(), "{reference} points nowhere");
    }
    let mut ids = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let place = format!("{method} {path}");
            let id = operation["operationId"].as_str().unwrap_or_else(|| panic!("{place} has no id"));
            assert!(ids.insert(id.to_owned()), "{place}: the id {id} is used twice");
            assert!(operation["summary"].as_str().is_some_and(|text| !text.is_empty()), "{place} has no summary");
            assert!(!operation["tags"].as_array().unwrap().is_empty());
            let answers = operation["responses"].as_object().unwrap_or_else(|| panic!("{place} answers nothing"));
            assert!(!answers.is_empty(), "{place} answers nothing");
            for part in path.split('/').filter_map(|part| part.strip_prefix('{')) {
                let name = part.trim_end_matches('}').trim_start_matches('*');
                let parameters = operation["parameters"].as_array();
                let named =
                    parameters.is_some_and(|all| all.iter().any(|one| one["name"] == name && one["in"] == "path"));
                assert!(named, "{place} does not describe {{{name}}}");
            }
        }
    }
}

#[test]
fn what_a_post_takes_is_described() {
    let document = server::openapi::document().unwrap();
    for (path, item) in document["paths"].as_object().unwrap() {
        let Some(post) = item.get("post") else { continue };
        let creates = post["responses"].get("201").is_some();
        let parameters = post["parameters"].as_array().into_iter().flatten();
        let keys = parameters.filter(|one| one["name"] == "Idempotency-Key" && one["in"] == "header").count();
        assert_eq!(keys, usize::from(creates), "{path}");
        assert!(!creates || post.get("requestBody").is_some(), "{path} creates something out of nothing");
    }
    let raw = &document["paths"]["/inbound/{id}/raw"]["post"];
    assert!(raw["requestBody"]["content"]["application/octet-stream"].is_object(), "{raw}");
    assert!(raw["responses"].get("202").is_some(), "{raw}");
}

#[test]
fn the_reference_pages_are_up_to_date() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/api");
    for (name, text) in server::pages::all().unwrap() {
        let there = fs::read_to_string(folder.join(&name)).unwrap_or_default();
        assert!(there == text, "docs/api/{name} is out of date: run `make schema`");
    }
}

#[test]
fn the_types_for_the_desk_can_be_made() {
    let types = server::schema::typescript(&server::openapi::document().unwrap());
    assert!(types.contains("export type Ticket = {"), "{types}");
    assert!(!types.contains("$ref"));
}
