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
use serde_json::json;

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
struct ShownView {
    id: ViewId,
    name: String,
    filter: Filter,
    shared: bool,
    mine: bool,
}

fn shown(view: View, who: &Who) -> ShownView {
    let View { id, name, filter, agent, shared } = view;
    ShownView { id, name, filter, shared, mine: agent.is_some() && agent == who.agent }
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
    let data = rows.iter().map(|row| Ok(shown(view(row)?, &who))).collect::<Result<_>>()?;
    Ok(Json(Listing { data }))
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewView {
    name: String,
    filter: Filter,
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
    let view = save(&mut tx, who.shop, who.agent, &body.name, body.filter, body.shared).await?;
    tx.created(shown(view, &who)).await
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ViewPatch {
    name: Option<String>,
    filter: Option<Filter>,
    shared: Option<bool>,
}

async fn patch(
    who: Who,
    State(app): State<App>,
    Id(id): Id<ViewId>,
    Body(body): Body<ViewPatch>,
) -> Result<Json<ShownView>> {
    let mut tx = who.begin(&app).await?;
    let mut view = find(&mut tx, id).await?;
    may_change(&who, &view)?;
    if let Some(name) = body.name {
        view.name = clean_name(&name)?;
    }
    if let Some(filter) = body.filter {
        view.filter = clean_filter(filter)?;
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
    Ok(Json(shown(view, &who)))
}

async fn destroy(who: Who, State(app): State<App>, Id(id): Id<ViewId>) -> Result<Gone> {
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
