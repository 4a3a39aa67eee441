//! Tags and values of attributes as customers are listed by: along an index, however many customers there are.

use std::collections::BTreeMap;

use base::{Actor, App, Feature, Job, JobSpec, Result, Tx, args};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Customer, CustomerId, find};

/// Of a longer text the beginning is compared, in characters.
const LONGEST: usize = 200;
/// Customers that are looked through at once.
const BATCH: i64 = 200;

pub(super) fn feature() -> Feature {
    Feature { jobs: vec![JobSpec::of::<Fill>()], ..Feature::default() }
}

/// Something that customers are listed by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Facet {
    /// `tag`, or `field.` and the key of an attribute.
    pub name: String,
    pub value: String,
}

impl Facet {
    pub fn tag(tag: &str) -> Self {
        let tag = tag.split_whitespace().collect::<Vec<_>>().join(" ");
        Self { name: "tag".to_owned(), value: folded(&tag) }
    }

    pub fn field(key: &str, value: &str) -> Self {
        Self { name: format!("field.{key}"), value: folded(value.trim()) }
    }

    /// The value as it is kept, as somebody would type it.
    fn kept(key: &str, value: &Value) -> Self {
        let typed = match value {
            Value::String(text) => text.clone(),
            // 42 and 42.0 are the same number.
            Value::Number(number) => number.as_f64().map_or_else(|| number.to_string(), |number| number.to_string()),
            other => other.to_string(),
        };
        Self::field(key, &typed)
    }
}

/// A number as it is compared, however it is typed.
pub(super) fn number(typed: &str) -> Option<String> {
    typed.trim().replace(',', ".").parse::<f64>().ok().map(|number| number.to_string())
}

fn folded(value: &str) -> String {
    value.to_lowercase().chars().take(LONGEST).collect()
}

/// Writes down by what a customer is listed.
pub(crate) async fn write(
    tx: &mut Tx,
    id: CustomerId,
    tags: &[String],
    values: &BTreeMap<String, Value>,
) -> Result<()> {
    let tags = tags.iter().map(|tag| Facet::tag(tag));
    for facet in tags.chain(values.iter().map(|(key, value)| Facet::kept(key, value))) {
        let sql = "INSERT INTO customer_facets (facet, value, customer) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
        tx.run(sql, args![facet.name, facet.value, id]).await?;
    }
    Ok(())
}

pub(super) async fn rewrite(
    tx: &mut Tx,
    id: CustomerId,
    tags: &[String],
    values: &BTreeMap<String, Value>,
) -> Result<()> {
    forget(tx, id).await?;
    write(tx, id, tags, values).await
}

/// They stand in no such list from now on.
pub(crate) async fn forget(tx: &mut Tx, id: CustomerId) -> Result<()> {
    tx.run("DELETE FROM customer_facets WHERE customer = $1", args![id]).await
}

/// As [`write`], for a customer as they are.
pub(crate) async fn write_all(tx: &mut Tx, customer: &Customer) -> Result<()> {
    write(tx, customer.id, &customer.tags, &customer.attributes).await
}

/// Writes down by what customers are listed who were there before such lists were.
#[derive(Serialize, Deserialize)]
struct Fill {
    after: CustomerId,
}

impl Job for Fill {
    const NAME: &'static str = "customers.fill_facets";

    async fn run(self, app: &App) -> Result<()> {
        let mut tx = app.begin(Actor::System).await?;
        let sql = "SELECT id FROM customers WHERE id > $1 ORDER BY id LIMIT $2";
        let rows = tx.all(sql, args![self.after, BATCH]).await?;
        let mut last = None;
        for row in rows {
            let id: CustomerId = row.id("id")?;
            last = Some(id);
            let customer = find(&mut tx, id).await?;
            if customer.merged_into.is_none() {
                write_all(&mut tx, &customer).await?;
            }
        }
        if let Some(after) = last {
            tx.enqueue(&Self { after }).await?;
        }
        tx.commit().await
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_are_compared_as_they_are_typed() {
        assert_eq!(Facet::tag(" VIP  Gold "), Facet { name: "tag".into(), value: "vip gold".into() });
        for (kept, typed) in [(json!("L"), "l"), (json!(true), "true"), (json!("2026-03-02"), "2026-03-02")] {
            assert_eq!(Facet::kept("size", &kept), Facet::field("size", typed));
        }
        for (kept, typed) in [(json!(42), "42.0"), (json!(42.0), "42"), (json!(2.5), "2,5")] {
            assert_eq!(Facet::kept("size", &kept).value, number(typed).unwrap());
        }
        assert_eq!(Facet::kept("k", &json!("Å".repeat(500))).value.chars().count(), LONGEST);
        assert_eq!(number("a lot"), None);
    }
}
