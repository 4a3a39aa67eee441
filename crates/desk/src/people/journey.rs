//! The journey of a person: everything that was said with them, and what else is known to have happened, newest first.
//!
//! Each kind of thing stands in a table of its own and is read along an index of its own from where the page begins, no
//! further than the page is long. So a page costs the same wherever it lies, however long the journey is.

use std::collections::HashMap;

use aide::axum::{ApiRouter, routing::get_with};
use axum::{Json, extract::State};
use base::{
    Actor, App, Db, Error, Feature, Result, Row, Stamp, Time, Value, args,
    db::Param,
    web::{Id, Page, Paging, Params},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    agents::{Permission, Who},
    customers::{self, CustomerId},
    messages::{self, AuthorKind, Delivery, Direction},
    orders::{self, Order},
    tickets::{Status, TicketId},
    visits::{self, SeenPage},
};

pub(super) fn feature() -> Feature {
    let journey = get_with(show, |op| op.summary("Everything that happened with a customer, newest first"));
    Feature { routes: ApiRouter::new().api_route("/customers/{id}/journey", journey), ..Feature::default() }
}

base::words!(
    /// What a step of a journey is.
    Step {
        /// Something said, in or out.
        Message = "message",
        Note = "note",
        /// A ticket began.
        Ticket = "ticket",
        Order = "order",
        /// They came to the shop's chat.
        Visit = "visit",
        /// They looked at pages of the shop, by their consent.
        Pages = "pages",
        /// Something happened to what is known of them, such as a merge or a consent.
        Event = "event",
    }
);

/// One thing that happened. What is there depends on its kind.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "JourneyStep")]
struct Entry {
    kind: Step,
    /// Of the message, ticket, order, visit or event.
    id: i64,
    at: Stamp,
    #[serde(skip)]
    source: usize,
    ticket: Option<TicketId>,
    subject: Option<String>,
    channel: Option<String>,
    direction: Option<Direction>,
    author: Option<Author>,
    /// The beginning of what was said.
    text: Option<String>,
    delivery: Option<Delivery>,
    status: Option<Status>,
    order: Option<Order>,
    /// Seen one after the other, at most 50 of one stay.
    pages: Option<Vec<SeenPage>>,
    /// An event's kind and data, as in the log.
    event: Option<String>,
    data: Option<serde_json::Value>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "JourneyAuthor")]
struct Author {
    kind: String,
    /// A customer's or agent's id.
    id: Option<i64>,
    name: Option<String>,
}

impl Entry {
    fn new(kind: Step, source: usize, id: i64, at: Time) -> Self {
        Self {
            kind,
            id,
            at: Stamp(at),
            source,
            ticket: None,
            subject: None,
            channel: None,
            direction: None,
            author: None,
            text: None,
            delivery: None,
            status: None,
            order: None,
            pages: None,
            event: None,
            data: None,
        }
    }

    /// Where it stands in the journey. Of things that happened at once those of a later source come first.
    fn place(&self) -> (i64, i64, i64) {
        (self.at.0, i64::try_from(self.source).unwrap_or(0), self.id)
    }
}

/// A table that a journey is read from. `$1` is the customer; a page goes on behind `($2, $3)`, and `$4` rows of it are
/// wanted. The order of the list is that of things that happened at once, so it must never change.
const SOURCES: &[(Step, &str)] = &[
    (
        Step::Event,
        "SELECT * FROM events WHERE customer = $1 AND ticket IS NULL AND (at, seq) < ($2, $3)
        ORDER BY at DESC, seq DESC LIMIT $4",
    ),
    (
        Step::Ticket,
        "SELECT id, created_at AS at, subject, channel, status FROM tickets
        WHERE customer = $1 AND (created_at, id) < ($2, $3) ORDER BY created_at DESC, id DESC LIMIT $4",
    ),
    (
        Step::Order,
        "SELECT o.*, placed_at AS at FROM orders o WHERE customer = $1 AND (placed_at, id) < ($2, $3)
        ORDER BY placed_at DESC, id DESC LIMIT $4",
    ),
    (
        Step::Visit,
        "SELECT v.id, v.created_at AS at, x.channel FROM identities i JOIN visits v ON v.visitor = i.value
        JOIN inboxes x ON x.id = v.inbox
        WHERE i.customer = $1 AND i.kind = 'visitor' AND (v.created_at, v.id) < ($2, $3)
        ORDER BY v.created_at DESC, v.id DESC LIMIT $4",
    ),
    (Step::Note, SAID),
    (Step::Message, SAID),
    (Step::Message, SAID),
    (
        Step::Pages,
        "SELECT s.id, s.began_at AS at, x.channel FROM identities i JOIN stays s ON s.visitor = i.value
        JOIN inboxes x ON x.id = s.inbox
        WHERE i.customer = $1 AND i.kind = 'visitor' AND (s.began_at, s.id) < ($2, $3)
        ORDER BY s.began_at DESC, s.id DESC LIMIT $4",
    ),
];

/// For one direction, `$5`.
const SAID: &str = "SELECT m.id, m.created_at AS at, m.ticket, m.channel, m.direction, m.author_kind, m.author,
    m.author_name, substr(m.text, 1, 600) AS text, m.delivery, t.subject
    FROM messages m JOIN tickets t ON t.id = m.ticket
    WHERE m.customer = $1 AND m.direction = $5 AND (m.created_at, m.id) < ($2, $3)
    ORDER BY m.created_at DESC, m.id DESC LIMIT $4";

/// The direction that a source reads, where it reads messages.
fn direction(source: usize) -> Option<Direction> {
    [Direction::Note, Direction::In, Direction::Out].get(source.checked_sub(4)?).copied()
}

/// One page, and one more than it holds where the journey goes on.
async fn page(db: &Db, whose: CustomerId, kinds: &[Step], after: Option<Vec<i64>>, wanted: i64) -> Result<Vec<Entry>> {
    let (at, from, id) = match after.as_deref() {
        Some([at, source, id]) => (*at, usize::try_from(*source).unwrap_or(0), *id),
        _ => (i64::MAX, SOURCES.len(), i64::MAX),
    };
    let mut all = Vec::new();
    for (source, (kind, sql)) in SOURCES.iter().enumerate().filter(|(_, (kind, _))| kinds.contains(kind)) {
        // At the same moment, what comes before the place where the page goes on has been shown.
        let beyond = match source.cmp(&from) {
            std::cmp::Ordering::Less => i64::MAX,
            std::cmp::Ordering::Equal => id,
            std::cmp::Ordering::Greater => i64::MIN,
        };
        for one in family(db, whose, *kind).await? {
            let mut args = args![one, at, beyond, wanted];
            args.extend(direction(source).map(Param::value));
            for row in db.all(sql, args).await? {
                all.push(entry(*kind, source, &row)?);
            }
        }
    }
    all.sort_by_key(|entry| std::cmp::Reverse(entry.place()));
    all.truncate(usize::try_from(wanted).unwrap_or(0));
    add_pages(db, &mut all).await?;
    Ok(all)
}

/// What was seen, of those stays that are on the page.
async fn add_pages(db: &Db, all: &mut [Entry]) -> Result<()> {
    let stays: Vec<i64> = all.iter().filter(|entry| entry.kind == Step::Pages).map(|entry| entry.id).collect();
    let list: Vec<_> = (1..=stays.len()).map(|number| format!("${number}")).collect();
    if stays.is_empty() {
        return Ok(());
    }
    let sql = format!("SELECT * FROM stay_pages WHERE stay IN ({}) ORDER BY stay, place", list.join(", "));
    let mut seen: HashMap<i64, Vec<SeenPage>> = HashMap::new();
    for row in db.all(&sql, stays.into_iter().map(Param::value).collect()).await? {
        seen.entry(row.int("stay")?).or_default().push(visits::seen_page(&row)?);
    }
    for entry in all.iter_mut().filter(|entry| entry.kind == Step::Pages) {
        entry.pages = Some(seen.remove(&entry.id).unwrap_or_default());
    }
    Ok(())
}

/// More were never merged into one.
const FAMILY: i64 = 50;

/// Whose things of a kind are a customer's: what happened to those who were merged into them stays theirs in the log.
async fn family(db: &Db, customer: CustomerId, kind: Step) -> Result<Vec<CustomerId>> {
    if kind != Step::Event {
        return Ok(vec![customer]);
    }
    let sql = "WITH RECURSIVE family (id) AS (
        SELECT id FROM customers WHERE id = $1
        UNION ALL SELECT c.id FROM customers c JOIN family f ON c.merged_into = f.id)
        SELECT id FROM family LIMIT $2";
    db.all(sql, args![customer, FAMILY]).await?.iter().map(|row| row.id("id")).collect()
}

fn entry(kind: Step, source: usize, row: &Row) -> Result<Entry> {
    let id = if kind == Step::Event { row.int("seq")? } else { row.int("id")? };
    let entry = Entry::new(kind, source, id, row.int("at")?);
    Ok(match kind {
        Step::Message | Step::Note => {
            let author: AuthorKind = row.word("author_kind")?;
            Entry {
                ticket: Some(row.id("ticket")?),
                subject: Some(row.text("subject")?),
                channel: Some(row.text("channel")?),
                direction: Some(row.word("direction")?),
                author: Some(Author {
                    kind: author.to_string(),
                    id: row.opt_int("author")?,
                    name: Some(row.text("author_name")?),
                }),
                text: Some(messages::snippet(&row.text("text")?)),
                delivery: row.opt_text("delivery")?.map(|word| word.parse()).transpose()?,
                ..entry
            }
        }
        Step::Ticket => Entry {
            ticket: Some(TicketId(id)),
            subject: Some(row.text("subject")?),
            channel: Some(row.text("channel")?),
            status: Some(row.word("status")?),
            ..entry
        },
        Step::Order => Entry { order: Some(orders::order(row)?), ..entry },
        Step::Visit | Step::Pages => Entry { channel: Some(row.text("channel")?), ..entry },
        Step::Event => {
            let (kind, id) = Actor::from_columns(&row.text("actor")?, row.opt_int("actor_id")?).columns();
            Entry {
                author: Some(Author { kind: kind.to_owned(), id, name: None }),
                event: Some(row.text("kind")?),
                data: Some(row.json("data")?),
                ..entry
            }
        }
    })
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct Query {
    /// Kinds with commas between them; absent means all.
    kinds: Option<String>,
    limit: Option<i64>,
    after: Option<String>,
}

fn kinds(asked: Option<&str>) -> Result<Vec<Step>> {
    let Some(asked) = asked.filter(|asked| !asked.is_empty()) else { return Ok(Step::ALL.to_vec()) };
    let known = |word: &str| {
        let all = Step::ALL.iter().map(|step| step.as_str()).collect::<Vec<_>>().join(", ");
        word.trim().parse().map_err(|_| Error::invalid("kinds", format!("{word} is none of {all}")))
    };
    asked.split(',').map(known).collect()
}

async fn show(
    who: Who,
    State(app): State<App>,
    Id(id): Id<CustomerId>,
    Params(query): Params<Query>,
) -> Result<Json<Page<Entry>>> {
    who.may(Permission::CustomersRead)?;
    who.may(Permission::TicketsRead)?;
    let kinds = kinds(query.kinds.as_deref())?;
    let paging = Paging { limit: query.limit, after: query.after };
    let (limit, after) = (paging.limit()?, paging.after(3)?);
    // Old links lead to who stands for them now.
    let sql = customers::SURVIVOR.replace('?', "$1");
    let row = app.db().one(&format!("SELECT id FROM customers WHERE id = {sql}"), vec![Value::Int(Some(id.0))]).await?;
    let all = page(app.db(), row.id("id")?, &kinds, after, limit + 1).await?;
    Ok(Json(Page::new(all, limit, |entry| {
        let (at, source, id) = entry.place();
        vec![at, source, id]
    })))
}
