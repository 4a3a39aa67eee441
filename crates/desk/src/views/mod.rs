//! Saved views: a filter of the ticket list with a name, for oneself or for everybody.

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
    agents::{AgentId, Permission, Who},
    shops::ShopId,
    tickets::Filter,
};

base::id!(ViewId);

pub fn feature() -> Feature {
    let routes = ApiRouter::new()
        .api_route(
            "/views",
            get_with(index, |op| op.summary("My views and the shared ones"))
                .post_with(create, |op| op.summary("Save a view")),
        )
        .api_route(
            "/views/{id}",
            patch_with(patch, |op| op.summary("Change a view")).delete_with(destroy, |op| op.summary("Delete a view")),
        );
    Feature { routes, ..Feature::default() }
}

#[derive(Debug, Clone)]
pub struct View {
    pub id: ViewId,
    pub name: String,
    pub filter: Filter,
    /// Whose it is; none for one that nobody in particular made.
    pub agent: Option<AgentId>,
    pub shared: bool,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "View")]
struct ShownView {
    id: ViewId,
    name: String,
    /// Keys and values as in the query of `GET /tickets`.
    filter: Map<String, Value>,
    shared: bool,
    mine: bool,
}

fn shown(view: View, who: &Who) -> Result<ShownView> {
    let View { id, name, filter, agent, shared } = view;
    let mine = agent.is_some() && agent == who.agent;
    Ok(ShownView { id, name, filter: written(&filter)?, shared, mine })
}

/// A filter as it stands in a query: what it says, as text.
fn written(filter: &Filter) -> Result<Map<String, Value>> {
    let all: Map<String, Value> = serde_json::from_value(json!(filter))?;
    let text = |(key, value): (String, Value)| match value {
        Value::Null => None,
        Value::String(_) => Some((key, value)),
        other => Some((key, Value::String(other.to_string()))),
    };
    Ok(all.into_iter().filter_map(text).collect())
}

async fn find(tx: &mut Tx, id: ViewId) -> Result<View> {
    view(&tx.one("SELECT * FROM views WHERE id = $1 {for update}", args![id]).await?)
}

/// Saves a view of `agent`, or of nobody in particular, which must then be shared.
pub async fn save(
    tx: &mut Tx,
    shop: ShopId,
    agent: Option<AgentId>,
    name: &str,
    filter: Filter,
    shared: bool,
) -> Result<View> {
    let sql = "INSERT INTO views (shop, name, filter, agent, shared, created_at) VALUES ($1, $2, $3, $4, $5, $6)
        RETURNING *";
    let args = args![shop, clean_name(name)?, json!(clean_filter(filter)?), agent, shared, tx.now()];
    let view = view(&tx.one(sql, args).await?)?;
    tx.emit(&Event::ViewChanged { view: view.id.0 })?;
    Ok(view)
}

fn clean_name(name: &str) -> Result<String> {
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    if name.is_empty() || name.chars().count() > 60 || name.chars().any(char::is_control) {
        return Err(Error::invalid("name", "must have 1 to 60 visible characters"));
    }
    Ok(name)
}

/// A view says which tickets, never which page of them.
fn clean_filter(filter: Filter) -> Result<Filter> {
    if filter.view.is_some() || filter.limit.is_some() || filter.after.is_some() {
        return Err(Error::invalid("filter", "must not name a view or a page"));
    }
    filter.check()?;
    Ok(filter)
}

/// A filter as somebody sent it: by the rules of the query of a list, where everything is text.
fn read(filter: Map<String, Value>) -> Result<Filter> {
    for (key, value) in &filter {
        if matches!(key.as_str(), "view" | "limit" | "after") {
            return Err(Error::invalid(format!("filter.{key}"), "is not part of a view"));
        }
        if !value.is_null() && !value.is_string() && !value.is_number() && !value.is_boolean() {
            return Err(Error::invalid(format!("filter.{key}"), "must be one value, as in the query of a list"));
        }
    }
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

/// One's own view is one's own business; a shared one is the leads'.
fn may_change(who: &Who, view: &View) -> Result<()> {
    if view.agent.is_some() && view.agent == who.agent && !view.shared {
        return Ok(());
    }
    if !view.shared {
        // Somebody else's: as good as not there.
        return Err(Error::NotFound);
    }
    may_share(who)
}

fn may_share(who: &Who) -> Result<()> {
    who.may(Permission::TicketsDelete)
        .map_err(|_| Error::forbidden("Shared views are changed by leads, admins and owners."))
}

async fn index(who: Who, State(app): State<App>) -> Result<Json<Listing<ShownView>>> {
    who.may(Permission::TicketsRead)?;
    let sql = "SELECT * FROM views WHERE shop = $1 AND (shared = TRUE OR agent = $2) ORDER BY name, id LIMIT 200";
    let rows = app.db().all(sql, args![who.shop, who.agent.unwrap_or(AgentId(0))]).await?;
    let data = rows.iter().map(|row| shown(view(row)?, &who)).collect::<Result<_>>()?;
    Ok(Json(Listing { data }))
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewView {
    name: String,
    /// Keys and values as in the query of `GET /tickets`.
    filter: Map<String, Value>,
    #[serde(default)]
    shared: bool,
}

async fn create(who: Who, State(app): State<App>, Body(body): Body<NewView>) -> Result<Created<ShownView>> {
    who.may(Permission::TicketsRead)?;
    if body.shared {
        may_share(&who)?;
    } else {
        who.person()?;
    }
    let mut tx = who.begin(&app).await?;
    let view = save(&mut tx, who.shop, who.agent, &body.name, read(body.filter)?, body.shared).await?;
    tx.created(shown(view, &who)?).await
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ViewPatch {
    name: Option<String>,
    filter: Option<Map<String, Value>>,
    shared: Option<bool>,
}

async fn patch(
    who: Who,
    State(app): State<App>,
    Id(id): Id<ViewId>,
    Body(body): Body<ViewPatch>,
) -> Result<Json<ShownView>> {
    who.may(Permission::TicketsRead)?;
    let mut tx = who.begin(&app).await?;
    let mut view = find(&mut tx, id).await?;
    may_change(&who, &view)?;
    if let Some(name) = body.name {
        view.name = clean_name(&name)?;
    }
    if let Some(filter) = body.filter {
        view.filter = clean_filter(read(filter)?)?;
    }
    if let Some(shared) = body.shared {
        if shared != view.shared {
            may_share(&who)?;
        }
        view.shared = shared;
    }
    let sql = "UPDATE views SET name = $1, filter = $2, shared = $3 WHERE id = $4";
    tx.run(sql, args![&view.name, json!(view.filter), view.shared, id]).await?;
    tx.emit(&Event::ViewChanged { view: id.0 })?;
    tx.commit().await?;
    Ok(Json(shown(view, &who)?))
}

async fn destroy(who: Who, State(app): State<App>, Id(id): Id<ViewId>) -> Result<Gone> {
    who.may(Permission::TicketsRead)?;
    let mut tx = who.begin(&app).await?;
    let view = find(&mut tx, id).await?;
    may_change(&who, &view)?;
    tx.run("DELETE FROM views WHERE id = $1", args![id]).await?;
    tx.emit(&Event::ViewDeleted { view: id.0 })?;
    tx.commit().await?;
    Ok(Gone)
}

fn view(row: &Row) -> Result<View> {
    Ok(View {
        id: row.id("id")?,
        name: row.text("name")?,
        filter: row.json("filter")?,
        agent: row.opt_id("agent")?,
        shared: row.bool("shared")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filter(value: &Value) -> Map<String, Value> {
        value.as_object().cloned().unwrap()
    }

    #[test]
    fn a_filter_says_what_a_list_understands() {
        let kept = read(filter(&json!({ "shelf": "open", "customer": "12", "unread": "true", "tag": null }))).unwrap();
        assert_eq!((kept.customer, kept.unread), (Some(12), Some(true)));
        assert!(read(filter(&json!({ "assignee": 5 }))).is_ok());
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
            let Err(Error::Invalid(errors)) = read(filter(&wrong)) else { panic!("{key} was taken") };
            assert_eq!(errors[0].field, format!("filter.{key}"));
        }
    }
}
