//! What a shop wants to know of its customers beside what everybody has: attributes of its own, each of a kind that
//! their values are checked by.

use std::collections::BTreeMap;

use aide::axum::{
    ApiRouter,
    routing::{get_with, patch_with},
};
use axum::{Json, extract::State};
use base::{
    App, Db, Error, Feature, Result, Row, Tx, args,
    web::{Body, Created, Gone, Id, Listing},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{
    Event,
    agents::{Permission, Who},
    event::Changes,
    shops::{ShopId, line},
};

pub(super) fn feature() -> Feature {
    let all = get_with(list, |op| op.summary("The shop's own attributes of customers"))
        .post_with(create, |op| op.summary("Add an attribute of customers"));
    let one = patch_with(update, |op| op.summary("Rename an attribute, or change its choices"))
        .delete_with(destroy, |op| op.summary("Take an attribute away"));
    let routes = ApiRouter::new().api_route("/customer-attributes", all).api_route("/customer-attributes/{id}", one);
    Feature { routes, ..Feature::default() }
}

base::id!(AttributeId);

base::words!(
    /// What the values of an attribute are.
    AttributeKind {
        Text = "text",
        Number = "number",
        Boolean = "boolean",
        /// Such as `2026-03-02`.
        Date = "date",
        /// One of a few words.
        Choice = "choice",
    }
);

#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(rename = "CustomerAttribute")]
pub struct Attribute {
    pub id: AttributeId,
    /// How programs call it. It never changes.
    pub key: String,
    pub label: String,
    pub kind: AttributeKind,
    pub choices: Vec<String>,
}

/// So many a shop may have, and so many choices each.
const MANY: usize = 50;
/// The longest text of a value, in characters.
const LONGEST: usize = 1_000;

/// Of what kind the values of an attribute are; none where the shop has no such attribute.
pub(super) async fn kind_of(db: &Db, shop: ShopId, key: &str) -> Result<Option<AttributeKind>> {
    let sql = "SELECT kind FROM customer_attributes WHERE shop = $1 AND key = $2";
    db.opt(sql, args![shop, key]).await?.map(|row| row.word("kind")).transpose()
}

/// Changes these values of a customer.
pub(super) async fn put(
    tx: &mut Tx,
    shop: ShopId,
    known: &mut BTreeMap<String, Value>,
    values: BTreeMap<String, Value>,
) -> Result<()> {
    let sql = "SELECT * FROM customer_attributes WHERE shop = $1 ORDER BY id";
    let all = tx.all(sql, args![shop]).await?.iter().map(attribute).collect::<Result<Vec<_>>>()?;
    for (key, value) in values {
        if value.is_null() {
            known.remove(&key);
            continue;
        }
        let wrong = |why: String| Error::invalid(format!("attributes.{key}"), why);
        let attribute = all.iter().find(|one| one.key == key);
        let attribute = attribute.ok_or_else(|| wrong("is no attribute of this shop's customers".into()))?;
        let value = attribute.check(value).map_err(wrong)?;
        known.insert(key, value);
    }
    Ok(())
}

impl Attribute {
    /// The value as it is kept; or why it is none.
    fn check(&self, value: Value) -> Result<Value, String> {
        let text = || value.as_str().map(|text| text.replace('\0', "").trim().to_owned());
        match self.kind {
            AttributeKind::Text => {
                let text = text().ok_or("must be a text")?;
                match text.chars().count() {
                    1..=LONGEST => Ok(json!(text)),
                    _ => Err(format!("must have 1 to {LONGEST} characters")),
                }
            }
            AttributeKind::Number => value.is_number().then_some(value).ok_or_else(|| "must be a number".into()),
            AttributeKind::Boolean => value.is_boolean().then_some(value).ok_or_else(|| "must be true or false".into()),
            AttributeKind::Date => {
                let day =
                    text().filter(|text| text.len() == 10).and_then(|text| text.parse::<jiff::civil::Date>().ok());
                day.map(|day| json!(day.to_string())).ok_or_else(|| "must be a day, such as 2026-03-02".into())
            }
            AttributeKind::Choice => {
                let chosen = text().filter(|text| self.choices.contains(text));
                chosen.map(|text| json!(text)).ok_or_else(|| format!("must be one of {}", self.choices.join(", ")))
            }
        }
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "NewCustomerAttribute")]
struct New {
    /// Small letters, digits and underscores.
    key: String,
    label: String,
    kind: AttributeKind,
    /// Of the kind `choice`: its words.
    #[serde(default)]
    choices: Vec<String>,
}

async fn add(tx: &mut Tx, shop: ShopId, new: New) -> Result<Attribute> {
    let sound = new.key.starts_with(|c: char| c.is_ascii_lowercase())
        && new.key.len() <= 40
        && new.key.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    if !sound {
        return Err(Error::invalid("key", "must be small letters, digits and underscores, such as shoe_size"));
    }
    let label = line("label", &new.label, 100)?;
    let choices = checked_choices(new.kind, new.choices)?;
    tx.lock(&format!("attributes of {shop}")).await?;
    let before = keys(tx, shop).await?;
    if before.len() >= MANY {
        return Err(Error::invalid("key", format!("at most {MANY} in one shop")));
    }
    let sql = "INSERT INTO customer_attributes (shop, key, label, kind, choices, created_at)
        VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (shop, key) DO NOTHING RETURNING *";
    let row = tx.opt(sql, args![shop, &new.key, label, new.kind, json!(choices), tx.now()]).await?;
    let row = row.ok_or_else(|| Error::conflict("Another attribute has this key already."))?;
    tell(tx, shop, before).await?;
    attribute(&row)
}

fn checked_choices(kind: AttributeKind, choices: Vec<String>) -> Result<Vec<String>> {
    let mut all: Vec<String> = Vec::new();
    for choice in choices {
        let choice = line("choices", &choice, 60)?;
        if !all.contains(&choice) {
            all.push(choice);
        }
    }
    match kind {
        AttributeKind::Choice if all.is_empty() => Err(Error::invalid("choices", "are needed for this kind")),
        AttributeKind::Choice if all.len() > MANY => Err(Error::invalid("choices", format!("at most {MANY}"))),
        AttributeKind::Choice => Ok(all),
        _ => Ok(Vec::new()),
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "CustomerAttributePatch")]
struct Patch {
    label: Option<String>,
    /// What customers have stays, also where it is no choice any more.
    choices: Option<Vec<String>>,
}

async fn change(tx: &mut Tx, shop: ShopId, id: AttributeId, patch: Patch) -> Result<Attribute> {
    let sql = "SELECT * FROM customer_attributes WHERE id = $1 AND shop = $2 {for update}";
    let known = attribute(&tx.one(sql, args![id, shop]).await?)?;
    let label = patch.label.map_or(Ok(known.label), |label| line("label", &label, 100))?;
    let choices = patch.choices.map_or(Ok(known.choices), |choices| checked_choices(known.kind, choices))?;
    let sql = "UPDATE customer_attributes SET label = $1, choices = $2 WHERE id = $3 RETURNING *";
    let changed = attribute(&tx.one(sql, args![label, json!(choices), id]).await?)?;
    tell(tx, shop, Vec::new()).await?;
    Ok(changed)
}

/// What customers have of it stays with them, and is there again when an attribute of this key is.
async fn remove(tx: &mut Tx, shop: ShopId, id: AttributeId) -> Result<()> {
    let before = keys(tx, shop).await?;
    let sql = "DELETE FROM customer_attributes WHERE id = $1 AND shop = $2 RETURNING id";
    tx.one(sql, args![id, shop]).await?;
    tell(tx, shop, before).await
}

async fn keys(tx: &mut Tx, shop: ShopId) -> Result<Vec<String>> {
    let rows = tx.all("SELECT key FROM customer_attributes WHERE shop = $1 ORDER BY id", args![shop]).await?;
    rows.iter().map(|row| row.text("key")).collect()
}

async fn tell(tx: &mut Tx, shop: ShopId, before: Vec<String>) -> Result<()> {
    let mut changes = Changes::default();
    changes.note("customer_attributes", before, keys(tx, shop).await?)?;
    tx.emit(&Event::ShopChanged { changes: changes.into_map() })
}

fn attribute(row: &Row) -> Result<Attribute> {
    Ok(Attribute {
        id: row.id("id")?,
        key: row.text("key")?,
        label: row.text("label")?,
        kind: row.word("kind")?,
        choices: row.json("choices")?,
    })
}

async fn list(who: Who, State(app): State<App>) -> Result<Json<Listing<Attribute>>> {
    who.may(Permission::CustomersRead)?;
    let sql = "SELECT * FROM customer_attributes WHERE shop = $1 ORDER BY id";
    let rows = app.db().all(sql, args![who.shop]).await?;
    Ok(Json(Listing { data: rows.iter().map(attribute).collect::<Result<_>>()? }))
}

async fn create(who: Who, State(app): State<App>, Body(body): Body<New>) -> Result<Created<Attribute>> {
    who.may(Permission::ShopManage)?;
    let mut tx = who.begin(&app).await?;
    let attribute = add(&mut tx, who.shop, body).await?;
    tx.created(attribute).await
}

async fn update(
    who: Who,
    State(app): State<App>,
    Id(id): Id<AttributeId>,
    Body(body): Body<Patch>,
) -> Result<Json<Attribute>> {
    who.may(Permission::ShopManage)?;
    let mut tx = who.begin(&app).await?;
    let attribute = change(&mut tx, who.shop, id, body).await?;
    tx.commit().await?;
    Ok(Json(attribute))
}

async fn destroy(who: Who, State(app): State<App>, Id(id): Id<AttributeId>) -> Result<Gone> {
    who.may(Permission::ShopManage)?;
    let mut tx = who.begin(&app).await?;
    remove(&mut tx, who.shop, id).await?;
    tx.commit().await?;
    Ok(Gone)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_of_their_kind() {
        let of = |kind| Attribute {
            id: AttributeId(1),
            key: "k".into(),
            label: "K".into(),
            kind,
            choices: vec!["S".into(), "M".into()],
        };
        for (kind, good, bad) in [
            (AttributeKind::Text, vec![json!("x")], vec![json!(1), json!(" "), json!("x".repeat(1_001))]),
            (AttributeKind::Number, vec![json!(1), json!(-1.5)], vec![json!("1"), json!([1])]),
            (AttributeKind::Boolean, vec![json!(true)], vec![json!("true"), json!(1)]),
            (
                AttributeKind::Date,
                vec![json!("2024-02-29")],
                vec![json!("2026-02-29"), json!("2026-3-2"), json!("2026-03-02T10:00:00Z"), json!(20_260_302)],
            ),
            (AttributeKind::Choice, vec![json!("M")], vec![json!("m"), json!("XL"), json!(["M"])]),
        ] {
            for value in good {
                assert_eq!(of(kind).check(value.clone()), Ok(value));
            }
            for value in bad {
                assert!(of(kind).check(value.clone()).is_err(), "{kind}: {value}");
            }
        }
    }
}
