//! Reads GraphQL as Shopify does: what the schema does not have is refused, and only what was selected is answered.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use apollo_compiler::{
    ExecutableDocument, Node, Schema, ast,
    executable::{Field, Operation, Selection, SelectionSet},
    request::coerce_variable_values,
    validation::Valid,
};
use serde_json::{Map, Value, json};

pub struct Reader {
    schema: Valid<Schema>,
    /// Documents by their text: a shop that is read asks the same a thousand times.
    known: Mutex<HashMap<String, Arc<Valid<ExecutableDocument>>>>,
}

/// One request, read and found right.
pub struct Asked {
    document: Arc<Valid<ExecutableDocument>>,
    pub variables: Map<String, Value>,
}

/// Rows of a list at the root, already cut to one page.
pub struct Page {
    pub rows: Vec<Arc<Value>>,
    /// Where the next page begins; none where this is the last.
    pub next: Option<String>,
}

pub enum Answer {
    Value(Value),
    Page(Page),
}

/// Answers fields that hang on their arguments, and those of the root.
pub trait Resolve {
    fn root(&mut self, field: &Field, arguments: &Value) -> Result<Answer, Value>;
    /// None: what stands in the object.
    fn within(&self, object: &Value, field: &str, arguments: &Value) -> Option<Value>;
}

impl Reader {
    pub fn new(schema: &str) -> Self {
        let schema = Schema::parse_and_validate(schema, "schema.graphql").unwrap_or_else(|wrong| panic!("{wrong}"));
        Self { schema, known: Mutex::default() }
    }

    /// An error as it stands in `errors`.
    pub fn read(&self, query: &str, variables: &Value) -> Result<Asked, Value> {
        let kept = self.known.lock().unwrap().get(query).cloned();
        let document = if let Some(document) = kept {
            document
        } else {
            let read = ExecutableDocument::parse_and_validate(&self.schema, query, "query");
            let document = Arc::new(read.map_err(|wrong| json!({ "message": wrong.errors.to_string() }))?);
            self.known.lock().unwrap().insert(query.to_owned(), Arc::clone(&document));
            document
        };
        let operation =
            document.operations.get(None).map_err(|wrong| json!({ "message": wrong.message().to_string() }))?;
        let given = serde_json::from_value(variables.clone()).unwrap_or_default();
        let coerced = coerce_variable_values(&self.schema, operation, &given);
        let coerced = coerced.map_err(
            |wrong| json!({ "message": wrong.message().to_string(), "extensions": { "code": "INVALID_VARIABLE" } }),
        )?;
        let variables = serde_json::to_value(&*coerced).unwrap();
        Ok(Asked { document, variables: variables.as_object().cloned().unwrap_or_default() })
    }
}

impl Asked {
    fn operation(&self) -> &Node<Operation> {
        self.document.operations.get(None).unwrap()
    }

    /// What it costs at most. Shopify does not publish its weights; what matters is that it grows with `first`, level by
    /// level. `weight` is what one more row costs of what its parts do.
    pub fn cost(&self, weight: f64) -> f64 {
        let base = if self.operation().is_mutation() { 10.0 } else { 0.0 };
        base + self.cost_of(&self.operation().selection_set, weight)
    }

    fn cost_of(&self, set: &SelectionSet, weight: f64) -> f64 {
        let mut sum = 0.0;
        for selection in &set.selections {
            sum += match selection {
                Selection::Field(field) if field.selection_set.is_empty() => 0.0,
                Selection::Field(field) => {
                    let parts = 1.0 + self.cost_of(&field.selection_set, weight);
                    let arguments = self.arguments(field);
                    let first = arguments["first"].as_f64().or(arguments["last"].as_f64());
                    first.map_or(parts, |first| 1.0 + parts * (first * weight).max(1.0))
                }
                Selection::FragmentSpread(spread) => {
                    self.cost_of(&self.document.fragments[&spread.fragment_name].selection_set, weight)
                }
                Selection::InlineFragment(inline) => self.cost_of(&inline.selection_set, weight),
            };
        }
        sum
    }

    /// Whether a field of the root carries the directive, and its key.
    pub fn idempotency(&self, field: &Field) -> Option<String> {
        let directive = field.directives.get("idempotent")?;
        let key = self.value(&directive.arguments.first()?.value);
        key.as_str().filter(|key| !key.trim().is_empty()).map(Into::into)
    }

    /// What stands under `data`, as text: a tree of a page of orders, built and thrown away, costs more than all the rest.
    pub fn answer(&self, by: &mut dyn Resolve) -> Result<String, Value> {
        let mut out = String::from("{");
        for selection in &self.operation().selection_set.selections {
            let Selection::Field(field) = selection else { continue };
            let answered = by.root(field, &self.arguments(field))?;
            name(field, &mut out);
            match answered {
                Answer::Value(value) => self.complete(&*by, field, &value, &mut out),
                Answer::Page(page) => {
                    self.connection(&*by, field, page.rows.iter().map(|row| &**row), page.next.as_deref(), &mut out);
                }
            }
        }
        out.push('}');
        Ok(out)
    }

    fn arguments(&self, field: &Field) -> Value {
        let mut out = Map::new();
        for argument in &field.arguments {
            out.insert(argument.name.to_string(), self.value(&argument.value));
        }
        Value::Object(out)
    }

    fn value(&self, value: &ast::Value) -> Value {
        match value {
            ast::Value::Null => Value::Null,
            ast::Value::Enum(name) => json!(name.as_str()),
            ast::Value::Variable(name) => self.variables.get(name.as_str()).cloned().unwrap_or_default(),
            ast::Value::String(text) => json!(text),
            ast::Value::Float(number) => json!(number.as_str().parse::<f64>().unwrap()),
            ast::Value::Int(number) => json!(number.as_str().parse::<i64>().unwrap()),
            ast::Value::Boolean(yes) => json!(yes),
            ast::Value::List(items) => items.iter().map(|item| self.value(item)).collect(),
            ast::Value::Object(fields) => {
                Value::Object(fields.iter().map(|(name, value)| (name.to_string(), self.value(value))).collect())
            }
        }
    }

    fn select(&self, by: &dyn Resolve, set: &SelectionSet, object: &Value, out: &mut String) {
        for selection in &set.selections {
            match selection {
                Selection::Field(field) if field.name == "__typename" => {
                    name(field, out);
                    leaf(&object["__typename"], out);
                }
                Selection::Field(field) => {
                    let special = (!field.arguments.is_empty())
                        .then(|| by.within(object, &field.name, &self.arguments(field)))
                        .flatten();
                    name(field, out);
                    self.complete(by, field, special.as_ref().unwrap_or(&object[field.name.as_str()]), out);
                }
                Selection::FragmentSpread(spread) => {
                    let fragment = &self.document.fragments[&spread.fragment_name];
                    self.select(by, &fragment.selection_set, object, out);
                }
                Selection::InlineFragment(inline) => {
                    let named = object["__typename"].as_str();
                    let fits = inline.type_condition.as_ref().is_none_or(|ty| named.is_none_or(|name| ty == name));
                    if fits {
                        self.select(by, &inline.selection_set, object, out);
                    }
                }
            }
        }
    }

    fn complete(&self, by: &dyn Resolve, field: &Field, value: &Value, out: &mut String) {
        match value {
            Value::Null => out.push_str("null"),
            value if field.selection_set.is_empty() => leaf(value, out),
            Value::Array(rows) => {
                let arguments = self.arguments(field);
                let count = |name: &str| arguments[name].as_u64().map_or(usize::MAX, |it| usize::try_from(it).unwrap());
                let begin = arguments["after"].as_str().and_then(|at| at.parse::<usize>().ok()).unwrap_or_default();
                let begin = begin.max(rows.len().saturating_sub(count("last"))).min(rows.len());
                let end = begin.saturating_add(count("first")).min(rows.len());
                let part = rows[begin..end].iter();
                if field.ty().inner_named_type().ends_with("Connection") {
                    let next = (end < rows.len()).then(|| end.to_string());
                    self.connection(by, field, part, next.as_deref(), out);
                } else {
                    self.rows(by, field, part, out);
                }
            }
            object => {
                out.push('{');
                self.select(by, &field.selection_set, object, out);
                out.push('}');
            }
        }
    }

    fn rows<'v>(&self, by: &dyn Resolve, field: &Field, rows: impl Iterator<Item = &'v Value>, out: &mut String) {
        out.push('[');
        for row in rows {
            comma(out);
            self.complete(by, field, row, out);
        }
        out.push(']');
    }

    fn connection<'v>(
        &self,
        by: &dyn Resolve,
        field: &Field,
        rows: impl Iterator<Item = &'v Value>,
        next: Option<&str>,
        out: &mut String,
    ) {
        let mut rows = Some(rows);
        out.push('{');
        for part in field.selection_set.fields() {
            name(part, out);
            match part.name.as_str() {
                "nodes" => self.rows(by, part, rows.take().into_iter().flatten(), out),
                "pageInfo" => leaf(&json!({ "hasNextPage": next.is_some(), "endCursor": next }), out),
                other => panic!("{other} of a connection is not spoken here"),
            }
        }
        out.push('}');
    }
}

fn comma(out: &mut String) {
    if !out.ends_with(['{', '[']) {
        out.push(',');
    }
}

fn name(field: &Field, out: &mut String) {
    comma(out);
    out.push('"');
    out.push_str(field.response_key());
    out.push_str("\":");
}

fn leaf(value: &Value, out: &mut String) {
    match value {
        Value::String(text) if !text.contains(|c: char| c.is_control() || matches!(c, '"' | '\\')) => {
            out.push('"');
            out.push_str(text);
            out.push('"');
        }
        value => out.push_str(&value.to_string()),
    }
}
