//! TypeScript types out of the OpenAPI document, for `web/api`. Small on purpose: it knows the shapes that our own
//! handlers produce, and nothing more.

use std::fmt::Write;

use base::Result;
use serde_json::Value;

use crate::{cli::say, openapi};

const HEAD: &str = "// Made by `make schema` from the server's own types. Do not edit.\n";

pub fn print() -> Result<()> {
    say(typescript(&openapi::document()?).trim_end())
}

pub fn typescript(document: &Value) -> String {
    let mut out = HEAD.to_owned();
    for (name, schema) in document["components"]["schemas"].as_object().into_iter().flatten() {
        if let Some(text) = schema["description"].as_str() {
            let _ = write!(out, "\n/** {} */", text.replace('\n', " "));
        }
        let _ = write!(out, "\nexport type {name} = {}\n", of(schema, 0));
    }
    out
}

/// A shape in one line, for people.
pub fn one_line(schema: &Value) -> String {
    of(schema, 0).split_whitespace().collect::<Vec<_>>().join(" ")
}

fn of(schema: &Value, depth: usize) -> String {
    if let Some(reference) = schema["$ref"].as_str() {
        return reference.rsplit('/').next().unwrap_or("unknown").to_owned();
    }
    for key in ["anyOf", "oneOf", "allOf"] {
        if let Some(all) = schema[key].as_array() {
            let joint = if key == "allOf" { " & " } else { " | " };
            return all.iter().map(|one| of(one, depth)).collect::<Vec<_>>().join(joint);
        }
    }
    if let Some(words) = schema["enum"].as_array() {
        return words.iter().map(ToString::to_string).collect::<Vec<_>>().join(" | ");
    }
    if !schema["const"].is_null() {
        return schema["const"].to_string();
    }
    match &schema["type"] {
        Value::Array(types) => {
            let one = |name: &Value| {
                let mut alone = schema.clone();
                alone["type"] = name.clone();
                of(&alone, depth)
            };
            types.iter().map(one).collect::<Vec<_>>().join(" | ")
        }
        Value::String(name) => match name.as_str() {
            "integer" | "number" => "number".into(),
            "string" => "string".into(),
            "boolean" => "boolean".into(),
            "null" => "null".into(),
            "array" => format!("Array<{}>", of(&schema["items"], depth)),
            _ => object(schema, depth),
        },
        _ if schema["properties"].is_object() => object(schema, depth),
        _ => "unknown".into(),
    }
}

fn object(schema: &Value, depth: usize) -> String {
    let Some(fields) = schema["properties"].as_object() else {
        let values = &schema["additionalProperties"];
        return format!("Record<string, {}>", if values.is_object() { of(values, depth) } else { "unknown".into() });
    };
    let required = |field: &str| schema["required"].as_array().is_some_and(|all| all.iter().any(|one| one == field));
    let pad = "  ".repeat(depth + 1);
    let mut out = "{\n".to_owned();
    for (field, value) in fields {
        let mark = if required(field) { "" } else { "?" };
        let _ = writeln!(out, "{pad}{field}{mark}: {};", of(value, depth + 1));
    }
    out + &"  ".repeat(depth) + "}"
}
