//! Views: ticket lists that people named and keep, for themselves or for everybody.

use aide::axum::{
    ApiRouter,
    routing::{get_with, patch_with},
};
use axum::{Json, extract::State};
use base::{
    App, Error, Feature, Result, Row, Tx, args,
    web::{Body, Created, Gone, Id, Listing},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::{
    Event,
    agents::{AgentId, Permission, Role, Who},
    shops::line,
    tickets::Filter,
};

base::id!(ViewId);

/// Nobody looks through more.
const MOST: i64 = 100;
const LONGEST_NAME: usize = 60;

/// A view as the one who asks sees it.
#[derive(Debug, Serialize, JsonSchema)]
pub struct View {
    pub id: ViewId,
    pub name: String,
    /// Keys and values as in the query of `GET /tickets`.
    pub filter: Map<String, Value>,
    /// Everybody has it in their list.
    pub shared: bool,
    /// The one who asks made it.
    pub mine: bool,
}

pub fn feature() -> Feature {
    let routes = ApiRouter::new()
        .api_route(
            "/views",
            get_with(list, |op| op.summary("My views and the shared ones"))
                .post_with(create, |op| op.summary("Keep a view")),
        )
        .api_route(
            "/views/{id}",
            patch_with(update, |op| op.summary("Change a view")).delete_with(destroy, |op| op.summary("Delete a view")),
        );
    Feature { routes, ..Feature::default() }
}

/// A new view, or what to change about one.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewView {
    name: String,
    /// Keys and values as in the query of `GET /tickets`.
    filter: Map<String, Value>,
    #[serde(default)]
    shared: bool,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Patch {
    name: Option<String>,
    filter: Option<Map<String, Value>>,
    shared: Option<bool>,
}

async fn keep(tx: &mut Tx, who: &Who, new: NewView) -> Result<View> {
    let name = line("name", &new.name, LONGEST_NAME)?;
    let filter = checked(new.filter)?;
    if new.shared {
        may_share(who)?;
    } else {
        who.person()?;
    }
    let sql = "SELECT CAST(count(*) AS BIGINT) AS count FROM views WHERE agent = $1";
    if tx.one(sql, args![who.agent]).await?.int("count")? >= MOST {
        return Err(Error::invalid("name", format!("is one too many: delete one of your {MOST} views first")));
    }
    let sql = "INSERT INTO views (shop, name, filter, agent, shared, created_at) VALUES ($1, $2, $3, $4, $5, $6)
        RETURNING *";
    let now = tx.now();
    let view = view(&tx.one(sql, args![who.shop, name, json!(filter), who.agent, new.shared, now]).await?, who)?;
    tx.emit(&Event::ViewChanged { view: view.id.0 })?;
    Ok(view)
}

async fn change(tx: &mut Tx, who: &Who, before: View, patch: Patch) -> Result<View> {
    let name = patch.name.map_or(Ok(before.name), |name| line("name", &name, LONGEST_NAME))?;
    let filter = match patch.filter {
        Some(filter) => checked(filter)?,
        None => checked(before.filter)?,
    };
    let shared = patch.shared.unwrap_or(before.shared);
    if before.shared || shared {
        may_share(who)?;
    }
    if before.shared && !shared && !before.mine {
        return Err(Error::invalid("shared", "can only be ended by the one who made the view; you may delete it"));
    }
    let sql = "UPDATE views SET name = $2, filter = $3, shared = $4 WHERE id = $1 RETURNING *";
    let view = view(&tx.one(sql, args![before.id, name, json!(filter), shared]).await?, who)?;
    tx.emit(&Event::ViewChanged { view: view.id.0 })?;
    Ok(view)
}

async fn delete(tx: &mut Tx, who: &Who, view: View) -> Result<()> {
    if view.shared {
        may_share(who)?;
    }
    tx.run("DELETE FROM views WHERE id = $1", args![view.id]).await?;
    tx.emit(&Event::ViewDeleted { view: view.id.0 })
}

/// A view the one who asks can see; others' own ones do not exist for them.
async fn find(tx: &mut Tx, who: &Who, id: ViewId) -> Result<View> {
    let sql = "SELECT * FROM views WHERE id = $1 AND shop = $2 AND (shared = TRUE OR agent = $3) {for update}";
    view(&tx.one(sql, args![id, who.shop, who.agent]).await?, who)
}

/// What everybody sees is the business of those who lead.
fn may_share(who: &Who) -> Result<()> {
    if matches!(who.role, Some(Role::Owner | Role::Admin | Role::Lead)) || who.can(Permission::ShopManage) {
        return Ok(());
    }
    Err(Error::forbidden("Shared views are kept by leads, admins and owners. You can keep one for yourself."))
}

/// A filter that `GET /tickets` understands, as it is stored.
fn checked(filter: Map<String, Value>) -> Result<Filter> {
    for (key, value) in &filter {
        if matches!(key.as_str(), "view" | "limit" | "after" | "q") {
            return Err(Error::invalid(format!("filter.{key}"), "is not part of a view"));
        }
        if !value.is_null() && !value.is_string() && !value.is_number() && !value.is_boolean() {
            return Err(Error::invalid(format!("filter.{key}"), "must be one value, as in the query of a list"));
        }
    }
    // Read by the same rules as the query of a list, where everything is text.
    let plain = |value: Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let typed = filter.into_iter().filter(|(_, value)| !value.is_null()).map(|(key, value)| {
        let text = plain(value);
        let value = match key.as_str() {
            "customer" | "inbox" => text.parse::<i64>().map(Value::from).unwrap_or(Value::from(text)),
            "unread" => text.parse::<bool>().map(Value::from).unwrap_or(Value::from(text)),
            _ => Value::from(text),
        };
        (key, value)
    });
    let typed: Map<String, Value> = typed.collect();
    let filter: Filter = base::web::input::parse(&serde_json::to_vec(&typed)?).map_err(inside_filter)?;
    filter.check().map_err(inside_filter)?;
    Ok(filter)
}

fn inside_filter(error: Error) -> Error {
    match error {
        Error::Invalid(mut wrong) => {
            for wrong in &mut wrong {
                wrong.field = format!("filter.{}", wrong.field);
            }
            Error::Invalid(wrong)
        }
        other => other,
    }
}

fn view(row: &Row, who: &Who) -> Result<View> {
    let stored: Map<String, Value> = row.json("filter")?;
    let shown = |(key, value): (String, Value)| match value {
        Value::Null => None,
        Value::String(text) => Some((key, Value::String(text))),
        other => Some((key, Value::String(other.to_string()))),
    };
    let mine = row.opt_id::<AgentId>("agent")?.is_some_and(|agent| who.agent == Some(agent));
    Ok(View {
        id: row.id("id")?,
        name: row.text("name")?,
        filter: stored.into_iter().filter_map(shown).collect(),
        shared: row.bool("shared")?,
        mine,
    })
}

async fn list(who: Who, State(app): State<App>) -> Result<Json<Listing<View>>> {
    who.may(Permission::TicketsRead)?;
    let sql = "SELECT * FROM views WHERE shop = $1 AND (shared = TRUE OR agent = $2) ORDER BY lower(name), id";
    let rows = app.db().all(sql, args![who.shop, who.agent]).await?;
    Ok(Json(Listing { data: rows.iter().map(|row| view(row, &who)).collect::<Result<_>>()? }))
}

async fn create(who: Who, State(app): State<App>, Body(new): Body<NewView>) -> Result<Created<View>> {
    who.may(Permission::TicketsRead)?;
    let mut tx = who.begin(&app).await?;
    let view = keep(&mut tx, &who, new).await?;
    tx.created(view).await
}

async fn update(who: Who, State(app): State<App>, Id(id): Id<ViewId>, Body(patch): Body<Patch>) -> Result<Json<View>> {
    who.may(Permission::TicketsRead)?;
    let mut tx = who.begin(&app).await?;
    let before = find(&mut tx, &who, id).await?;
    let view = change(&mut tx, &who, before, patch).await?;
    tx.commit().await?;
    Ok(Json(view))
}

async fn destroy(who: Who, State(app): State<App>, Id(id): Id<ViewId>) -> Result<Gone> {
    who.may(Permission::TicketsRead)?;
    let mut tx = who.begin(&app).await?;
    let view = find(&mut tx, &who, id).await?;
    delete(&mut tx, &who, view).await?;
    tx.commit().await?;
    Ok(Gone)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filter(value: Value) -> Map<String, Value> {
        value.as_object().cloned().unwrap()
    }

    #[test]
    fn a_filter_says_what_a_list_understands() {
        let kept =
            checked(filter(json!({ "shelf": "open", "customer": "12", "unread": "true", "tag": null }))).unwrap();
        assert_eq!((kept.customer, kept.unread), (Some(12), Some(true)));
        assert!(checked(filter(json!({ "assignee": 5 }))).is_ok());
    }

    #[test]
    fn what_it_does_not_understand_is_refused_by_name() {
        for wrong in [
            json!({ "colour": "red" }),
            json!({ "customer": "Kari" }),
            json!({ "tag": ["a"] }),
            json!({ "view": 3 }),
            json!({ "shelf": "attic" }),
        ] {
            let key = wrong.as_object().unwrap().keys().next().unwrap().clone();
            let Err(Error::Invalid(errors)) = checked(filter(wrong)) else { panic!("{key} was taken") };
            assert_eq!(errors[0].field, format!("filter.{key}"));
        }
    }
}
