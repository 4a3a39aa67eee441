//! Finding: from what was typed to a short list, the likeliest first.

use std::collections::{BTreeSet, HashMap};

use base::{App, Result, Row, args};

use super::{
    Expr, Hit, Kind, LISTED,
    index::hits,
    listed,
    query::{self, Exact, Term},
    rank::{self, Doc, Wanted},
    spell,
};

/// Of more hits than this only the newest are read and weighed.
const NEWEST: i64 = 200;
/// So many are looked through when the newest are all hidden, as in a flood of spam.
const BEHIND_HIDDEN: i64 = 2000;
/// So many known words a prefix may stand for: those learnt first, which are the common ones. Each costs a little for
/// every message, and GIN more than that.
const ENDINGS: usize = 48;
const ENDINGS_IN_MESSAGES: usize = 12;
/// Of this many words with a prefix they are chosen.
const ENDINGS_SEEN: i64 = 20_000;
/// So many tickets are shown with a customer who was looked up.
const THEIRS: i64 = 5;
/// Fewer hits than this, and typing errors are thought of.
const FEW: usize = 5;

/// What is there of these kinds that fits what was typed. `hidden`: also spam and tickets merged into others.
pub async fn find(app: &App, typed: &str, kinds: &[Kind], hidden: bool, limit: usize) -> Result<Vec<Hit>> {
    let query = query::parse(typed);
    let mut docs = looked_up(app, &query.exact, kinds, hidden).await?;
    let mut wanted: Vec<Wanted> = query.terms.iter().map(wanted).collect();
    let expr = expr(app, &wanted).await?;
    add(&mut docs, weighed(app, kinds, &expr, &wanted, hidden, limit).await?);
    if docs.len() < FEW {
        let mut mistyped = false;
        for wanted in &mut wanted {
            if let [word] = &wanted.words[..] {
                wanted.instead = spell::meant(app, word).await?;
                mistyped |= !wanted.instead.is_empty();
            }
        }
        if mistyped {
            let expr = self::expr(app, &wanted).await?;
            add(&mut docs, weighed(app, kinds, &expr, &wanted, hidden, limit).await?);
        }
    }
    Ok(docs.iter().take(limit).map(|doc| shown(doc, &wanted)).collect())
}

fn add(docs: &mut Vec<Doc>, more: Vec<Doc>) {
    for doc in more {
        if !docs.iter().any(|known| known.kind == doc.kind && known.id == doc.id) {
            docs.push(doc);
        }
    }
}

fn wanted(term: &Term) -> Wanted {
    Wanted { words: term.words.clone(), open: term.open, instead: Vec::new() }
}

/// What the engines look for: each term as the known words it may stand for, the likeliest first.
async fn expr(app: &App, wanted: &[Wanted]) -> Result<Expr> {
    let mut expr = Expr::new();
    for Wanted { words, open, instead } in wanted {
        let mut phrases = vec![words.clone()];
        phrases.extend(instead.iter().map(|word| vec![word.clone()]));
        if let (true, Some((last, first))) = (open, words.split_last()) {
            let longer = endings(app, last).await?.into_iter();
            phrases.extend(longer.map(|word| [first, &[word]].concat()));
        }
        expr.push(phrases);
    }
    Ok(expr)
}

/// Known words that begin like this. Read from the list of words and not left to the engine: both would first
/// collect every hit of every such word, which takes the longer the more there are.
async fn endings(app: &App, beginning: &str) -> Result<Vec<String>> {
    let sql = "SELECT word FROM (SELECT word, n FROM search_words WHERE word > $1 AND word < $2 LIMIT $3) AS few
        ORDER BY n LIMIT $4";
    let beyond = format!("{beginning}\u{10FFFF}");
    let rows = app.db().all(sql, args![beginning, beyond, ENDINGS_SEEN, i64::try_from(ENDINGS)?]).await?;
    rows.iter().map(|row| row.text("word")).collect()
}

/// The best hits of each kind, the likeliest first.
async fn weighed(
    app: &App,
    kinds: &[Kind],
    expr: &Expr,
    wanted: &[Wanted],
    hidden: bool,
    limit: usize,
) -> Result<Vec<Doc>> {
    let of = async |kind: Kind| {
        if kinds.contains(&kind) { best(app, kind, expr, wanted, hidden, limit).await } else { Ok(Vec::new()) }
    };
    let (tickets, messages, customers) = tokio::try_join!(of(Kind::Ticket), of(Kind::Message), of(Kind::Customer))?;
    let mut all = tickets;
    all.extend(customers);
    // Where tickets are shown too, many messages of one would hide the others.
    let mut seen: BTreeSet<Option<i64>> = BTreeSet::new();
    let several = kinds.len() > 1;
    all.extend(messages.into_iter().filter(|(_, doc)| !several || seen.insert(doc.ticket)));
    all.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    Ok(all.into_iter().take(limit).map(|(_, doc)| doc).collect())
}

async fn best(
    app: &App,
    kind: Kind,
    expr: &Expr,
    wanted: &[Wanted],
    hidden: bool,
    limit: usize,
) -> Result<Vec<(f64, Doc)>> {
    let mut expr = expr.clone();
    if kind == Kind::Message {
        for phrases in &mut expr {
            phrases.truncate(ENDINGS_IN_MESSAGES);
        }
    }
    let ids = hits(app, kind, &expr, 0, NEWEST).await?;
    let mut docs = docs(app, kind, &ids, hidden).await?;
    if docs.is_empty() && !ids.is_empty() {
        for some in hits(app, kind, &expr, 0, BEHIND_HIDDEN).await?.chunks(LISTED) {
            docs.extend(self::docs(app, kind, some, hidden).await?);
            if docs.len() >= limit {
                break;
            }
        }
    }
    let now = app.now();
    let mut found: Vec<(f64, Doc)> = docs.into_iter().map(|doc| (rank::score(&doc, wanted, now), doc)).collect();
    found.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    Ok(found)
}

/// The things with these ids that may be shown.
async fn docs(app: &App, kind: Kind, ids: &[i64], hidden: bool) -> Result<Vec<Doc>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let (markers, args) = listed(ids);
    let shelves = if hidden { "" } else { "AND t.shelf NOT IN ('spam', 'merged')" };
    let sql = match kind {
        Kind::Ticket => format!(
            "SELECT t.id, t.id AS ticket, t.subject AS title, t.tags, t.snippet AS body, t.updated_at AS at FROM tickets t
            WHERE t.id IN ({markers}) {shelves}"
        ),
        Kind::Message => format!(
            "SELECT m.id, m.ticket, t.subject AS title, m.text AS body, m.created_at AS at
            FROM messages m JOIN tickets t ON t.id = m.ticket WHERE m.id IN ({markers}) {shelves}"
        ),
        Kind::Customer => return customers(app, ids).await,
    };
    let doc = |row: &Row| {
        let ticket = row.opt_int("ticket")?;
        let mut body = row.text("body")?;
        if kind == Kind::Ticket {
            for tag in row.json::<Vec<String>>("tags")? {
                body.push_str(" · ");
                body.push_str(&tag);
            }
        }
        Ok(Doc {
            kind,
            id: row.int("id")?,
            ticket,
            number: ticket,
            title: row.text("title")?,
            body,
            at: row.int("at")?,
        })
    };
    app.db().all(&sql, args).await?.iter().map(doc).collect()
}

async fn customers(app: &App, ids: &[i64]) -> Result<Vec<Doc>> {
    let (markers, args) = listed(ids);
    let sql = format!("SELECT customer, value FROM identities WHERE customer IN ({markers}) ORDER BY id");
    let mut values: HashMap<i64, Vec<String>> = HashMap::new();
    for row in app.db().all(&sql, args.clone()).await? {
        values.entry(row.int("customer")?).or_default().push(row.text("value")?);
    }
    let sql = format!("SELECT id, name, updated_at FROM customers WHERE id IN ({markers}) AND merged_into IS NULL");
    let doc = |row: &Row| {
        let id = row.int("id")?;
        let body = values.remove(&id).unwrap_or_default().join(" · ");
        let (title, at) = (row.text("name")?, row.int("updated_at")?);
        Ok(Doc { kind: Kind::Customer, id, ticket: None, number: None, title, body, at })
    };
    app.db().all(&sql, args).await?.iter().map(doc).collect()
}

/// What a number or an address names: a ticket, or a customer and their newest tickets.
async fn looked_up(app: &App, exact: &[Exact], kinds: &[Kind], hidden: bool) -> Result<Vec<Doc>> {
    let mut found = Vec::new();
    for exact in exact {
        let (sql, args) = match exact {
            // Whoever asks for it by its number gets it wherever it lies.
            Exact::Ticket(number) if kinds.contains(&Kind::Ticket) => {
                add(&mut found, docs(app, Kind::Ticket, &[*number], true).await?);
                continue;
            }
            Exact::Ticket(_) => continue,
            Exact::Identity(value) => {
                ("SELECT customer FROM identities WHERE kind IN ('email', 'phone') AND value = $1", args![value])
            }
            Exact::Order(number) => {
                let sql = "SELECT customer FROM orders WHERE number_key = $1 AND customer IS NOT NULL
                    ORDER BY id DESC LIMIT 1";
                (sql, args![crate::orders::number_key(number)])
            }
        };
        let Some(row) = app.db().opt(sql, args).await? else { continue };
        let customer = row.int("customer")?;
        if kinds.contains(&Kind::Customer) {
            add(&mut found, customers(app, &[customer]).await?);
        }
        if kinds.contains(&Kind::Ticket) {
            let sql = "SELECT id FROM tickets WHERE customer = $1 ORDER BY updated_at DESC, id DESC LIMIT $2";
            let rows = app.db().all(sql, args![customer, THEIRS]).await?;
            let ids = rows.iter().map(|row| row.int("id")).collect::<Result<Vec<_>>>()?;
            let mut theirs = docs(app, Kind::Ticket, &ids, hidden).await?;
            theirs.sort_by_key(|doc| std::cmp::Reverse(doc.at));
            add(&mut found, theirs);
        }
    }
    Ok(found)
}

fn shown(doc: &Doc, wanted: &[Wanted]) -> Hit {
    let Doc { kind, id, ticket, number, title, body, .. } = doc;
    let snippet =
        rank::snippet(body, wanted).or_else(|| rank::snippet(title, wanted)).unwrap_or_else(|| rank::beginning(body));
    // People without a name are known by their address.
    let title = if title.is_empty() { body.split(" · ").next().unwrap_or("") } else { title };
    Hit { kind: *kind, id: *id, number: *number, title: title.to_owned(), snippet, ticket: *ticket }
}
