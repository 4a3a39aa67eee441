//! Lists of tickets: by shelf, assignee, team, tag and the rest, newest change first, page by page; and how many
//! lie on each shelf.

use aide::axum::{ApiRouter, routing::get_with};
use axum::{Json, extract::State};
use base::{
    App, Feature, Result, args,
    db::Param,
    web::{Listing, Page, Paging, Params},
};
use schemars::JsonSchema;
use serde::Serialize;

use super::{
    Filter, Shown,
    show::{COLUMNS, JOINS, shown},
};
use crate::agents::{AgentId, Permission, Who};

pub(super) fn feature() -> Feature {
    let routes = ApiRouter::new()
        .api_route("/tickets", get_with(list, |op| op.summary("Tickets, newest change first")))
        .api_route("/tickets/counts", get_with(counts, |op| op.summary("How many tickets lie where, up to 1,000 each")))
        .api_route("/tags", get_with(tags, |op| op.summary("Tags in use")));
    Feature { routes, ..Feature::default() }
}

async fn list(who: Who, State(app): State<App>, Params(filter): Params<Filter>) -> Result<Json<Page<Shown>>> {
    who.may(Permission::TicketsRead)?;
    let filter = filter.with_view(&app, &who).await?;
    let paging = Paging { limit: filter.limit, after: filter.after.clone() };
    let limit = paging.limit()?;
    let (mut w, sort) = (filter.conditions(who.agent)?, filter.sorted()?);
    if let Some(after) = paging.after(2)? {
        w.behind(sort, after[0], after[1]);
    }
    w.args.push((limit + 1).value());
    let sql = format!("{COLUMNS} {} {} LIMIT ${}", w.from(JOINS), w.order(sort), w.args.len());
    let rows = app.db().all(&sql, w.args).await?;
    let tickets = rows.iter().map(shown_with_key).collect::<Result<Vec<_>>>()?;
    Ok(Json(Page::new(tickets, limit, |(_, key)| key.to_vec()).map(|(ticket, _)| ticket)))
}

fn shown_with_key(row: &base::Row) -> Result<(Shown, [i64; 2])> {
    Ok((shown(row)?, [row.int("updated_at")?, row.int("id")?]))
}

#[derive(Serialize, JsonSchema)]
struct Counts {
    views: Vec<Count>,
}

#[derive(Serialize, JsonSchema)]
struct Count {
    /// `mine`, `unassigned`, `mentions`, `snoozed`, `drafts`, `open`, `waiting`, `spam`, `team:ID` or `view:ID`.
    key: String,
    /// 1,000 means "1,000 or more".
    count: i64,
}

/// Counting stops here, so that it costs the same in a desk with a million tickets.
const MANY: i64 = 1000;

async fn counts(who: Who, State(app): State<App>) -> Result<Json<Counts>> {
    who.may(Permission::TicketsRead)?;
    let of = |shelf: &str| Filter { shelf: Some(shelf.into()), ..Filter::default() };
    let me = || Some("me".to_owned());
    let mut wanted = vec![
        ("open".to_owned(), of("open")),
        ("mine".to_owned(), Filter { assignee: me(), ..of("open") }),
        ("unassigned".to_owned(), Filter { assignee: Some("none".into()), ..of("open") }),
        ("waiting".to_owned(), of("waiting")),
        ("snoozed".to_owned(), of("snoozed")),
        ("spam".to_owned(), of("spam")),
        ("mentions".to_owned(), Filter { mentions: me(), ..Filter::default() }),
        ("drafts".to_owned(), Filter { drafts: me(), ..Filter::default() }),
    ];
    for row in app.db().all("SELECT id FROM teams WHERE deleted_at IS NULL ORDER BY id LIMIT 50", args![]).await? {
        let id = row.int("id")?;
        wanted.push((format!("team:{id}"), Filter { team: Some(id.to_string()), ..of("open") }));
    }
    let sql = "SELECT id, filter FROM views WHERE shared = TRUE OR agent = $1 ORDER BY id LIMIT 50";
    for row in app.db().all(sql, args![who.agent.unwrap_or(AgentId(0))]).await? {
        wanted.push((format!("view:{}", row.int("id")?), row.json("filter")?));
    }
    let mut views = Vec::with_capacity(wanted.len());
    for (key, filter) in wanted {
        views.push(Count { key, count: count(&app, &who, filter).await? });
    }
    Ok(Json(Counts { views }))
}

async fn count(app: &App, who: &Who, filter: Filter) -> Result<i64> {
    let w = filter.conditions(who.agent)?;
    let marks = "LEFT JOIN reads r ON r.agent = $1 AND r.ticket = t.id";
    let sql = format!(
        "SELECT CAST(count(*) AS BIGINT) AS count FROM (SELECT 1 AS one {} LIMIT {MANY}) AS few",
        w.from(marks)
    );
    app.db().one(&sql, w.args).await?.int("count")
}

async fn tags(who: Who, State(app): State<App>) -> Result<Json<Listing<String>>> {
    who.may(Permission::TicketsRead)?;
    // Walks the index from tag to tag, not from row to row: the cost is that of the distinct ones.
    let sql = "WITH RECURSIVE next_tag (tag) AS (
        SELECT min(tag) FROM ticket_tags UNION ALL
        SELECT (SELECT min(tag) FROM ticket_tags WHERE tag > next_tag.tag) FROM next_tag WHERE tag IS NOT NULL)
        SELECT tag FROM next_tag WHERE tag IS NOT NULL LIMIT 1000";
    let rows = app.db().all(sql, args![]).await?;
    Ok(Json(Listing { data: rows.iter().map(|row| row.text("tag")).collect::<Result<_>>()? }))
}
