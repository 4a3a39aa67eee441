//! How things get into the index: a listener reads the log and indexes in batches, so that nobody who writes waits for
//! it; and everything anew on demand.

use std::{collections::BTreeSet, future::Future, pin::Pin};

use base::{Actor, App, Engine, Job, Listener, Result, Tx, args, events::Recorded};
use serde::{Deserialize, Serialize};

use super::{Expr, Kind, LISTED, listed, lite, pg, spell, words};

/// Of a longer text only the beginning can be found.
const MOST_WORDS: usize = 10_000;
/// How many things a rebuild reads at once.
const BATCH: i64 = 200;

/// Indexes what the log speaks of.
pub(super) struct Indexer;

impl Listener for Indexer {
    fn name(&self) -> &'static str {
        "search"
    }

    fn is_light(&self) -> bool {
        true
    }

    fn hear<'a>(
        &'a self,
        _: &'a App,
        tx: &'a mut Tx,
        events: &'a [Recorded],
    ) -> Pin<Box<dyn Future<Output = Result<()>> + Send + 'a>> {
        Box::pin(async move {
            for kind in Kind::ALL {
                let mut touched: BTreeSet<i64> =
                    events.iter().flat_map(|event| touched(event, *kind)).flatten().collect();
                touched.append(&mut emptied(tx, events, *kind).await?);
                index(tx, *kind, &touched.into_iter().collect::<Vec<_>>()).await?;
            }
            Ok(())
        })
    }
}

/// What of this kind an event makes or changes in words. Who a message belongs to is asked when searching, so moves
/// between tickets change nothing here.
fn touched(event: &Recorded, kind: Kind) -> [Option<i64>; 2] {
    let changes = |field: &str| event.data["changes"].get(field).is_some();
    let one = match (kind, event.kind.as_str()) {
        // Identities went from one to the other.
        (Kind::Customer, "customer.merged" | "customer.split") => return [event.customer, event.data["into"].as_i64()],
        (Kind::Customer, "customer.merge_undone" | "customer.split_undone") => {
            return [event.customer, event.data["from"].as_i64()];
        }
        (Kind::Message, "message.received" | "message.queued" | "message.withdrawn" | "note.added") => {
            event.data["message"].as_i64()
        }
        (Kind::Ticket, "ticket.created") => event.ticket,
        (Kind::Ticket, "ticket.changed") if changes("subject") || changes("tags") => event.ticket,
        (Kind::Ticket, "ticket.split") => event.data["into"].as_i64(),
        (Kind::Customer, "customer.created" | "customer.changed" | "customer.erased") => event.customer,
        _ => None,
    };
    [one, None]
}

/// What was written to people of whom nothing is known any more was emptied with them.
async fn emptied(tx: &mut Tx, events: &[Recorded], kind: Kind) -> Result<BTreeSet<i64>> {
    let sql = match kind {
        Kind::Ticket => "SELECT id FROM tickets WHERE customer = $1",
        Kind::Message => "SELECT m.id FROM messages m JOIN tickets t ON t.id = m.ticket WHERE t.customer = $1",
        Kind::Customer => return Ok(BTreeSet::new()),
    };
    let mut ids = BTreeSet::new();
    for event in events.iter().filter(|event| event.kind == "customer.erased") {
        for row in tx.all(sql, args![event.customer]).await? {
            ids.insert(row.int("id")?);
        }
    }
    Ok(ids)
}

/// Indexes things as they are now; what is gone is taken out.
async fn index(tx: &mut Tx, kind: Kind, ids: &[i64]) -> Result<()> {
    for some in ids.chunks(LISTED) {
        let mut gone: BTreeSet<i64> = some.iter().copied().collect();
        let mut known = BTreeSet::new();
        for (id, text) in texts(tx, kind, some).await? {
            let words = words::words(&text, MOST_WORDS);
            put(tx, kind, id, &words).await?;
            known.extend(words.into_iter().map(|word| word.text));
            gone.remove(&id);
        }
        for id in gone {
            remove(tx, kind, id).await?;
        }
        learn(tx, &known).await?;
    }
    Ok(())
}

/// What can be found of each thing.
async fn texts(tx: &mut Tx, kind: Kind, ids: &[i64]) -> Result<Vec<(i64, String)>> {
    let (markers, args) = listed(ids);
    let sql = match kind {
        Kind::Ticket => format!("SELECT id, subject, tags FROM tickets WHERE id IN ({markers})"),
        Kind::Message => format!("SELECT id, text FROM messages WHERE id IN ({markers})"),
        Kind::Customer => format!(
            "SELECT c.id, c.name, i.value FROM customers c LEFT JOIN identities i ON i.customer = c.id
            WHERE c.id IN ({markers}) AND c.merged_into IS NULL ORDER BY c.id, i.id"
        ),
    };
    let mut texts: Vec<(i64, String)> = Vec::new();
    for row in tx.all(&sql, args).await? {
        let id = row.int("id")?;
        let text = match kind {
            Kind::Ticket => format!("{}\n{id}\n{}", row.text("subject")?, row.json::<Vec<String>>("tags")?.join("\n")),
            Kind::Message => row.text("text")?,
            Kind::Customer => {
                let value = row.opt_text("value")?.unwrap_or_default();
                match texts.last_mut() {
                    // The next identity of the same customer.
                    Some((last, text)) if *last == id => {
                        text.push('\n');
                        text.push_str(&value);
                        continue;
                    }
                    _ => format!("{}\n{value}", row.text("name")?),
                }
            }
        };
        texts.push((id, text));
    }
    Ok(texts)
}

async fn learn(tx: &mut Tx, words: &BTreeSet<String>) -> Result<()> {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let new = match tx.engine() {
        Engine::Sqlite => lite::learn(tx, &words).await?,
        Engine::Postgres => pg::learn(tx, &words).await?,
    };
    let spelt = new.iter().filter(|word| spell::is_spelt(word));
    let pairs: Vec<(String, &str)> =
        spelt.flat_map(|word| spell::forms(word).into_iter().map(move |form| (form, word.as_str()))).collect();
    match tx.engine() {
        _ if pairs.is_empty() => Ok(()),
        Engine::Sqlite => lite::learn_forms(tx, &pairs).await,
        Engine::Postgres => pg::learn_forms(tx, &pairs).await,
    }
}

async fn put(tx: &mut Tx, kind: Kind, id: i64, words: &[words::Word]) -> Result<()> {
    match tx.engine() {
        Engine::Sqlite => lite::put(tx, kind, id, words).await,
        Engine::Postgres => pg::put(tx, kind, id, words).await,
    }
}

async fn remove(tx: &mut Tx, kind: Kind, id: i64) -> Result<()> {
    match tx.engine() {
        Engine::Sqlite => lite::remove(tx, kind, id).await,
        Engine::Postgres => pg::remove(tx, kind, id).await,
    }
}

/// Ids of the newest things that match, newest first, none below `floor`.
pub(super) async fn hits(app: &App, kind: Kind, expr: &Expr, floor: i64, most: i64) -> Result<Vec<i64>> {
    // A word that nothing can stand for is in no text.
    if expr.is_empty() || expr.iter().any(Vec::is_empty) {
        return Ok(Vec::new());
    }
    match app.db().engine() {
        Engine::Sqlite => lite::hits(app, kind, expr, floor, most).await,
        Engine::Postgres => pg::hits(app, kind, expr, floor, most).await,
    }
}

/// Makes the index if it is missing, and has it filled with what is there.
pub async fn prepare(app: &App) -> Result<()> {
    let mut tx = app.begin(Actor::System).await?;
    // Several nodes may start at once.
    tx.lock("search").await?;
    match tx.engine() {
        Engine::Sqlite if !lite::exists(&mut tx).await? => lite::make(&mut tx).await?,
        Engine::Postgres if !pg::exists(&mut tx).await? => pg::make(&mut tx).await?,
        _ => return Ok(()),
    }
    if tx.opt("SELECT id FROM customers LIMIT 1", args![]).await?.is_some() {
        go_on_from_now(&mut tx).await?;
        tx.enqueue(&Fill { kind: Kind::Ticket, after: 0 }).await?;
    }
    tx.commit().await
}

/// Indexes everything anew; returns how many things. Searching goes on meanwhile and finds what is done already; what
/// changes meanwhile is indexed by the listener.
pub async fn rebuild(app: &App) -> Result<u64> {
    let mut tx = app.begin(Actor::System).await?;
    match tx.engine() {
        Engine::Sqlite => lite::clear(&mut tx).await?,
        Engine::Postgres => pg::clear(&mut tx).await?,
    }
    go_on_from_now(&mut tx).await?;
    tx.commit().await?;
    let mut count = 0;
    for kind in Kind::ALL {
        let mut after = 0;
        loop {
            let mut tx = app.begin(Actor::System).await?;
            let ids = fill(&mut tx, *kind, after).await?;
            tx.commit().await?;
            let Some(last) = ids.last() else { break };
            count += ids.len() as u64;
            after = *last;
        }
    }
    Ok(count)
}

/// The listener has nothing to do with what is in the log already.
async fn go_on_from_now(tx: &mut Tx) -> Result<()> {
    let sql = "INSERT INTO cursors (listener, seq) SELECT $1, COALESCE(max(seq), 0) FROM events WHERE TRUE
        ON CONFLICT (listener) DO UPDATE SET seq = excluded.seq";
    tx.run(sql, args![Indexer.name()]).await
}

/// Indexes the next things after this id; returns their ids.
async fn fill(tx: &mut Tx, kind: Kind, after: i64) -> Result<Vec<i64>> {
    let sql = format!("SELECT id FROM {} WHERE id > $1 ORDER BY id LIMIT $2", kind.source());
    let rows = tx.all(&sql, args![after, BATCH]).await?;
    let ids = rows.iter().map(|row| row.int("id")).collect::<Result<Vec<_>>>()?;
    index(tx, kind, &ids).await?;
    Ok(ids)
}

/// Fills a new index batch by batch, going on where it was when the node stopped.
#[derive(Serialize, Deserialize)]
pub(super) struct Fill {
    kind: Kind,
    after: i64,
}

impl Job for Fill {
    const NAME: &'static str = "search.fill";

    async fn run(self, app: &App) -> Result<()> {
        let mut tx = app.begin(Actor::System).await?;
        let ids = fill(&mut tx, self.kind, self.after).await?;
        let next = Kind::ALL.iter().copied().skip_while(|kind| *kind != self.kind).nth(1);
        match (ids.last(), next) {
            (Some(last), _) => tx.enqueue(&Self { kind: self.kind, after: *last }).await?,
            (None, Some(kind)) => tx.enqueue(&Self { kind, after: 0 }).await?,
            (None, None) => {}
        }
        tx.commit().await
    }
}
