//! Which tickets a list shows: the filter of a list and of a saved view, and how it becomes a query that is read along
//! one index, however many tickets there are.

use base::{App, Error, Result, Value, args, db::Param};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Priority, Shelf, Status};
use crate::{
    agents::{AgentId, Who},
    customers,
};

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
}

/// Which end of the list comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    Newest,
    Oldest,
}

/// The table along whose index a list is read, newest change first: each carries shelf and age of its tickets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Spine {
    Tickets,
    /// Those that are not settled, by an index of their own.
    Alive,
    Tags,
    Mentions,
}

impl Spine {
    /// Its short name, and its column with the ticket.
    fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Tickets | Self::Alive => ("t", "t.id"),
            Self::Tags => ("g", "g.ticket"),
            Self::Mentions => ("n", "n.ticket"),
        }
    }

    /// It stands first and is told to stay there: SQLite keeps the order of a CROSS JOIN.
    fn from(self) -> &'static str {
        match self {
            Self::Tickets => "FROM tickets t",
            Self::Alive => "FROM tickets t {along tickets_alive}",
            Self::Tags => "FROM ticket_tags g CROSS JOIN tickets t",
            Self::Mentions => "FROM mentioned n CROSS JOIN tickets t",
        }
    }
}

/// What is still to be worked on, or waited for. As an index has it, word for word.
const ALIVE: &str = "t.shelf IN ('open', 'waiting', 'snoozed')";

/// The read mark, looked up without its row: whoever has read nearly everything passes over thousands.
const MARK: &str = "(SELECT message FROM reads {along reads_whole} WHERE agent = $1 AND ticket = t.id)";

/// Collects conditions and their parameters.
pub(super) struct Where {
    spine: Spine,
    sql: String,
    pub args: Vec<Value>,
}

impl Where {
    /// From the tables on, with these joined to `tickets t`.
    pub fn from(&self, joins: &str) -> String {
        format!("{} {joins} {}", self.spine.from(), self.sql)
    }

    pub fn order(&self, sort: Sort) -> String {
        let (name, ticket) = self.spine.names();
        let way = if sort == Sort::Oldest { "ASC" } else { "DESC" };
        format!("ORDER BY {name}.updated_at {way}, {ticket} {way}")
    }

    /// Goes on behind the row with this time and ticket.
    pub fn behind(&mut self, sort: Sort, updated_at: i64, ticket: i64) {
        let (name, column) = self.spine.names();
        self.args.push(updated_at.value());
        let beyond = if sort == Sort::Oldest { ">" } else { "<" };
        self.and(&format!("({name}.updated_at, {column}) {beyond} (${}, ?)", self.args.len()), ticket);
    }

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
        self.only(&format!("{column} IN ({})", markers.join(", ")));
    }
}

impl Filter {
    /// Conditions on `tickets t` with the read marks `r` of `me`, who is `$1`.
    pub(super) fn conditions(&self, me: Option<AgentId>) -> Result<Where> {
        let me = me.unwrap_or(AgentId(0));
        // Beside a shelf, the shelf's index is the one that orders the list.
        let beside = self.beside();
        let spine = self.spine();
        let (name, ticket) = spine.names();
        let joined = if ticket == "t.id" { "1 = 1".to_owned() } else { format!("t.id = {ticket}") };
        let mut w = Where { spine, sql: format!("WHERE {joined}"), args: args![me] };
        match self.shelf.as_deref() {
            Some("all") => {}
            // Not an equality: the list is then read along the index that orders it.
            None => w.only(&format!("{name}.shelf NOT IN ('spam', 'merged')")),
            Some(word) => {
                let on: Shelf = known("shelf", word, Shelf::ALL.iter().map(|s| s.as_str()), word.parse())?;
                w.and(&format!("{name}.shelf = ?"), on);
            }
        }
        words(
            &mut w,
            beside,
            "status",
            self.status.as_deref(),
            &Status::ALL.iter().map(|s| s.as_str()).collect::<Vec<_>>(),
        )?;
        words(
            &mut w,
            beside,
            "priority",
            self.priority.as_deref(),
            &Priority::ALL.iter().map(|p| p.as_str()).collect::<Vec<_>>(),
        )?;
        self.whose(&mut w, me)?;
        self.mine(&mut w)?;
        Ok(w)
    }

    fn spine(&self) -> Spine {
        let anybodys = self.assignee.is_none() && self.team.is_none() && self.customer.is_none();
        match self {
            Self { mentions: Some(_), .. } => Spine::Mentions,
            Self { tag: Some(_), .. } => Spine::Tags,
            Self { unread: Some(true), shelf: None, .. } if anybodys => Spine::Alive,
            _ => Spine::Tickets,
        }
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
            Some(tag) if w.spine == Spine::Tags => w.and("g.tag = ?", tag.to_lowercase()),
            Some(tag) => {
                let has = "EXISTS (SELECT 1 FROM ticket_tags g WHERE g.ticket = t.id AND g.tag = ?)";
                w.and(has, tag.to_lowercase());
            }
        }
        if let Some(customer) = self.customer {
            w.and(&format!("t.customer = {}", customers::SURVIVOR), customer);
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
            Some("me") => w.only("n.agent = $1"),
            Some(_) => return Err(Error::invalid("mentions", "must be me")),
        }
        match self.drafts.as_deref() {
            None => {}
            Some("me") => w.only("t.id IN (SELECT ticket FROM drafts WHERE agent = $1)"),
            Some(_) => return Err(Error::invalid("drafts", "must be me")),
        }
        match self.unread {
            // What is settled counts as read, so that nobody's list of unread tickets looks through all the past.
            Some(true) => w.only(&format!("{ALIVE} AND t.last_in > COALESCE({MARK}, 0)")),
            Some(false) => w.only(&format!("NOT ({ALIVE} AND COALESCE(t.last_in, 0) > COALESCE(r.message, 0))")),
            None => {}
        }
        Ok(())
    }

    fn beside(&self) -> &'static str {
        if self.shelf.as_deref().is_some_and(|shelf| shelf != "all") { "{unindexed}" } else { "" }
    }

    /// Refuses what no list could be made of.
    pub fn check(&self) -> Result<()> {
        self.conditions(None)?;
        self.sorted()?;
        Ok(())
    }

    pub(super) fn sorted(&self) -> Result<Sort> {
        match self.sort.as_deref() {
            None | Some("updated") => Ok(Sort::Newest),
            Some("oldest") => Ok(Sort::Oldest),
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

    pub(super) async fn with_view(self, app: &App, who: &Who) -> Result<Self> {
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
