//! Lists of tickets: by shelf, assignee, team, tag and the rest, newest change first, page by page; and how many
//! lie on each shelf.

use aide::axum::{ApiRouter, routing::get_with};
use axum::{Json, extract::State};
use base::{
    App, Error, Feature, Result, Value, args,
    db::Param,
    web::{Listing, Page, Paging, Params},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    Shelf, Shown,
    show::{COLUMNS, shown},
};
use crate::agents::{AgentId, Permission, Who};

pub(super) fn feature() -> Feature {
    let routes = ApiRouter::new()
        .api_route("/tickets", get_with(list, |op| op.summary("Tickets, newest change first")))
        .api_route("/tickets/counts", get_with(counts, |op| op.summary("How many tickets lie where, up to 1,000 each")))
        .api_route("/tags", get_with(tags, |op| op.summary("Tags in use")));
    Feature { routes, ..Feature::default() }
}

/// Which tickets. What is absent does not narrow.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Filter {
    /// `open`, `waiting`, `snoozed`, `solved`, `spam` or `all`; absent means all but spam.
    pub shelf: Option<String>,
    /// One status, or several with commas.
    pub status: Option<String>,
    pub priority: Option<String>,
    /// An agent's id, `me` or `none`.
    pub assignee: Option<String>,
    /// A team's id or `none`.
    pub team: Option<String>,
    pub tag: Option<String>,
    pub customer: Option<i64>,
    pub channel: Option<String>,
    pub inbox: Option<i64>,
    /// `me`: tickets whose notes mention the one who asks.
    pub mentions: Option<String>,
    /// `me`: tickets with an unsent draft of the one who asks.
    pub drafts: Option<String>,
    pub unread: Option<bool>,
    /// `updated` (newest first, the default) or `oldest`.
    pub sort: Option<String>,
    /// A saved view's id; its filter is used under the others.
    pub view: Option<i64>,
    pub limit: Option<i64>,
    pub after: Option<String>,
    #[serde(skip)]
    tag_is_common: bool,
}

/// A tag on this many tickets is common.
const COMMON: i64 = 2000;

/// Collects conditions and their parameters.
struct Where {
    sql: String,
    args: Vec<Value>,
}

impl Where {
    fn and(&mut self, condition: &str, value: impl Param) {
        self.args.push(value.value());
        let marker = format!("${}", self.args.len());
        self.sql.push_str(" AND ");
        self.sql.push_str(&condition.replace('?', &marker));
    }

    fn only(&mut self, condition: &str) {
        self.sql.push_str(" AND ");
        self.sql.push_str(condition);
    }

    /// A column that must hold one of these words.
    fn one_of(&mut self, column: &str, words: &[&str]) {
        let markers: Vec<String> = words
            .iter()
            .map(|word| {
                self.args.push((*word).value());
                format!("${}", self.args.len())
            })
            .collect();
        self.sql.push_str(&format!(" AND {column} IN ({})", markers.join(", ")));
    }
}

impl Filter {
    /// Conditions on `tickets t` with the read marks `r` of `me`, who is `$1`.
    fn conditions(&self, me: Option<AgentId>) -> Result<Where> {
        let me = me.unwrap_or(AgentId(0));
        // Beside a shelf, the shelf's index is the one that orders the list.
        let beside = self.beside();
        let mut w = Where { sql: "WHERE 1 = 1".into(), args: args![me] };
        match self.shelf.as_deref() {
            Some("all") => {}
            // Not an equality: the list is then read along the index that orders it.
            None => w.only("t.shelf NOT IN ('spam', 'merged')"),
            Some(word) => {
                let shelf: Shelf = known("shelf", word, Shelf::ALL.iter().map(|s| s.as_str()), word.parse())?;
                w.and("t.shelf = ?", shelf);
            }
        }
        words(
            &mut w,
            beside,
            "status",
            self.status.as_deref(),
            &super::Status::ALL.iter().map(|s| s.as_str()).collect::<Vec<_>>(),
        )?;
        words(
            &mut w,
            beside,
            "priority",
            self.priority.as_deref(),
            &super::Priority::ALL.iter().map(|p| p.as_str()).collect::<Vec<_>>(),
        )?;
        self.whose(&mut w, me)?;
        self.mine(&mut w)?;
        Ok(w)
    }

    /// Whose it is and where it came from.
    fn whose(&self, w: &mut Where, me: AgentId) -> Result<()> {
        let beside = self.beside();
        match self.assignee.as_deref() {
            None => {}
            Some("none") => w.only("t.assignee IS NULL"),
            Some("me") => w.and("t.assignee = ?", me),
            Some(id) => w.and("t.assignee = ?", number("assignee", id, "an agent's id, me or none")?),
        }
        match self.team.as_deref() {
            None => {}
            Some("none") => w.only("t.team IS NULL"),
            Some(id) => w.and("t.team = ?", number("team", id, "a team's id or none")?),
        }
        match &self.tag {
            None => {}
            // Few have it: they are looked up. Many have it: the list is walked until enough are found.
            Some(tag) if !self.tag_is_common => {
                w.and("t.id IN (SELECT ticket FROM ticket_tags WHERE tag = ?)", tag.to_lowercase());
            }
            Some(tag) => {
                let has = "EXISTS (SELECT 1 FROM ticket_tags g WHERE g.ticket = t.id AND g.tag = ?)";
                w.and(has, tag.to_lowercase());
            }
        }
        if let Some(customer) = self.customer {
            w.and("t.customer = ?", customer);
        }
        if let Some(channel) = &self.channel {
            w.and(&format!("{beside}t.channel = ?"), channel);
        }
        if let Some(inbox) = self.inbox {
            w.and(&format!("{beside}t.inbox = ?"), inbox);
        }
        Ok(())
    }

    /// What only the one who asks has: mentions, drafts, read marks.
    fn mine(&self, w: &mut Where) -> Result<()> {
        match self.mentions.as_deref() {
            None => {}
            Some("me") => w.only(
                "t.id IN (SELECT m.ticket FROM mentions n JOIN messages m ON m.id = n.message WHERE n.agent = $1)",
            ),
            Some(_) => return Err(Error::invalid("mentions", "must be me")),
        }
        match self.drafts.as_deref() {
            None => {}
            Some("me") => w.only("t.id IN (SELECT ticket FROM drafts WHERE agent = $1)"),
            Some(_) => return Err(Error::invalid("drafts", "must be me")),
        }
        match self.unread {
            Some(true) => w.only("t.last_in > COALESCE(r.message, 0)"),
            Some(false) => w.only("(t.last_in IS NULL OR t.last_in <= COALESCE(r.message, 0))"),
            None => {}
        }
        Ok(())
    }

    fn beside(&self) -> &'static str {
        if self.shelf.as_deref().is_some_and(|shelf| shelf != "all") { "{unindexed}" } else { "" }
    }

    /// Learns what the way to the rows depends on.
    async fn planned(mut self, app: &App) -> Result<Self> {
        if let Some(tag) = &self.tag {
            let sql = "SELECT CAST(count(*) AS BIGINT) AS n FROM (SELECT 1 AS one FROM ticket_tags WHERE tag = $1 LIMIT $2) AS few";
            let row = app.db().one(sql, args![tag.to_lowercase(), COMMON]).await?;
            self.tag_is_common = row.int("n")? >= COMMON;
        }
        Ok(self)
    }

    /// Refuses what no list could be made of.
    pub fn check(&self) -> Result<()> {
        self.conditions(None)?;
        self.order()?;
        Ok(())
    }

    /// The direction, and the comparison that goes on in it.
    fn order(&self) -> Result<(&'static str, &'static str)> {
        match self.sort.as_deref() {
            None | Some("updated") => Ok(("DESC", "<")),
            Some("oldest") => Ok(("ASC", ">")),
            Some(_) => Err(Error::invalid("sort", "must be updated or oldest")),
        }
    }

    /// What this filter leaves open is taken from the view's.
    fn over(self, view: Self) -> Self {
        Self {
            shelf: self.shelf.or(view.shelf),
            status: self.status.or(view.status),
            priority: self.priority.or(view.priority),
            assignee: self.assignee.or(view.assignee),
            team: self.team.or(view.team),
            tag: self.tag.or(view.tag),
            customer: self.customer.or(view.customer),
            channel: self.channel.or(view.channel),
            inbox: self.inbox.or(view.inbox),
            mentions: self.mentions.or(view.mentions),
            drafts: self.drafts.or(view.drafts),
            unread: self.unread.or(view.unread),
            sort: self.sort.or(view.sort),
            ..self
        }
    }

    async fn with_view(self, app: &App, who: &Who) -> Result<Self> {
        let Some(view) = self.view else { return Ok(self) };
        let sql = "SELECT filter FROM views WHERE id = $1 AND (shared = TRUE OR agent = $2)";
        let row = app.db().opt(sql, args![view, who.agent.unwrap_or(AgentId(0))]).await?;
        let row = row.ok_or_else(|| Error::invalid("view", "is no view of yours"))?;
        Ok(self.over(row.json("filter")?))
    }
}

fn known<T>(field: &str, word: &str, mut all: impl Iterator<Item = &'static str>, parsed: Result<T>) -> Result<T> {
    let list = all.by_ref().collect::<Vec<_>>().join(", ");
    parsed.map_err(|_| Error::invalid(field, format!("{word} is none of {list}, all")))
}

fn words(w: &mut Where, beside: &str, column: &str, asked: Option<&str>, all: &[&'static str]) -> Result<()> {
    let Some(asked) = asked else { return Ok(()) };
    let asked: Vec<&str> = asked.split(',').map(str::trim).collect();
    if let Some(wrong) = asked.iter().find(|word| !all.contains(word)) {
        return Err(Error::invalid(column, format!("{wrong} is none of {}", all.join(", "))));
    }
    match asked[..] {
        [word] => w.and(&format!("{beside}t.{column} = ?"), word),
        _ => w.one_of(&format!("{{unindexed}}t.{column}"), &asked),
    }
    Ok(())
}

fn number(field: &str, text: &str, what: &str) -> Result<i64> {
    text.parse().map_err(|_| Error::invalid(field, format!("must be {what}")))
}

async fn list(who: Who, State(app): State<App>, Params(filter): Params<Filter>) -> Result<Json<Page<Shown>>> {
    who.may(Permission::TicketsRead)?;
    let filter = filter.with_view(&app, &who).await?.planned(&app).await?;
    let paging = Paging { limit: filter.limit, after: filter.after.clone() };
    let limit = paging.limit()?;
    let mut w = filter.conditions(who.agent)?;
    let (order, beyond) = filter.order()?;
    if let Some(after) = paging.after(2)? {
        w.args.push(after[0].value());
        w.and(&format!("(t.updated_at, t.id) {beyond} (${}, ?)", w.args.len()), after[1]);
    }
    w.args.push((limit + 1).value());
    let sql = format!("{COLUMNS} {} ORDER BY t.updated_at {order}, t.id {order} LIMIT ${}", w.sql, w.args.len());
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
    for row in app.db().all("SELECT id FROM teams ORDER BY id LIMIT 50", args![]).await? {
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
    let filter = filter.planned(app).await?;
    let w = filter.conditions(who.agent)?;
    let sql = format!(
        "SELECT CAST(count(*) AS BIGINT) AS count FROM (SELECT 1 AS one FROM tickets t
        LEFT JOIN reads r ON r.agent = $1 AND r.ticket = t.id {} LIMIT {MANY}) AS few",
        w.sql
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
