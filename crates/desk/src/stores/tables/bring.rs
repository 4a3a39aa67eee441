//! Takes a checked table in, part by part; each is written down with the place where the next begins, so an end of the
//! process costs nothing. It goes through the same door as what stores tell, and tells nobody: it happened long ago.

use base::{Actor, App, Error, Job, Result, Tx, args, jobs::Lane};
use connectors::{
    platform::News,
    table::{Thing, What},
};
use serde::{Deserialize, Serialize};

use super::{
    super::{Store, Way, get as get_store, take::take},
    Brought, Parts, TableId, find, get, merge,
};
use crate::Event;

/// Things that are taken in together.
const TOGETHER: usize = 100;
/// Parts of one run; after that others have their turn.
const RUN: usize = 200;

#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Bring {
    pub table: TableId,
    pub version: i64,
}

/// What became of some things.
#[derive(Default)]
struct Counts {
    taken: i64,
    kept: i64,
    left_out: i64,
}

impl Job for Bring {
    const NAME: &'static str = "stores.import_table";
    const LANE: Lane = Lane::Outbound;
    const TRIES: i64 = 30;
    const TELLS: bool = true;

    async fn run(self, app: &App) -> Result<()> {
        let mut table = match get(app, self.table).await {
            Err(Error::NotFound) => return Ok(()),
            table => table?,
        };
        let store = get_store(app, table.store).await?;
        let (mut parts, _) = Parts::open(app, &table, u64::try_from(table.hidden.rows_done)?).await?;
        for _ in 0..RUN {
            if !self.wants(&table) {
                return Ok(());
            }
            if app.is_stopping() {
                break;
            }
            let things = parts.next(TOGETHER).await?;
            let Some(next) = self.write_down(app, &store, &table, things, parts.rows()?).await? else { return Ok(()) };
            table = next;
        }
        let mut tx = app.begin(Actor::System).await?;
        if self.wants(&table) {
            tx.enqueue(&self).await?;
        }
        tx.commit().await
    }

    async fn gave_up(self, tx: &mut Tx, why: &Error) -> Result<()> {
        let sql = "UPDATE store_tables SET state = 'failed', why = $1, ended_at = $2
            WHERE id = $3 AND version = $4 AND state = 'importing'";
        let now = tx.now();
        tx.run(sql, args![why.detail(), now, self.table, self.version]).await
    }
}

impl Bring {
    fn wants(&self, table: &Brought) -> bool {
        table.state == "importing" && table.hidden.version == self.version
    }

    /// One part with the place where the next begins, together or not at all. None where somebody else was quicker.
    async fn write_down(
        &self,
        app: &App,
        store: &Store,
        at: &Brought,
        things: Vec<Thing>,
        rows: i64,
    ) -> Result<Option<Brought>> {
        let mut tx = app.begin(Actor::System).await?;
        let held = find(&mut tx, self.table).await?;
        if !self.wants(&held) || held.hidden.rows_done != at.hidden.rows_done {
            return Ok(None);
        }
        let last = things.is_empty();
        let mut counts = Counts::default();
        for thing in things {
            take_one(&mut tx, store, at, thing, &mut counts).await?;
        }
        let sql =
            "UPDATE store_tables SET rows_done = $2, taken = taken + $3, kept = kept + $4, left_out = left_out + $5,
                state = $6, ended_at = $7
            WHERE id = $1 RETURNING *";
        let now = tx.now();
        let (state, ended) = if last { ("done", Some(now)) } else { ("importing", None) };
        let args = args![self.table, rows, counts.taken, counts.kept, counts.left_out, state, ended];
        let table = super::brought(&tx.one(sql, args).await?)?;
        if last {
            tx.emit(&Event::StoreTableImported {
                store: store.id,
                table: self.table.0,
                holds: table.plan.holds.to_string(),
                taken: table.taken,
                left_out: table.left_out,
            })?;
        }
        tx.commit().await?;
        Ok(Some(table))
    }
}

async fn take_one(tx: &mut Tx, store: &Store, table: &Brought, thing: Thing, counts: &mut Counts) -> Result<()> {
    let wrong = table.hidden.wrong_lines.binary_search(&thing.line).is_ok();
    let Some(what) = thing.what.filter(|_| !wrong) else {
        counts.left_out += 1;
        return Ok(());
    };
    let news = match what {
        What::Buyer(buyer) => Some(News::Buyer(buyer)),
        What::Product(product) => merge::product(tx, store.id, *product).await?.map(|one| News::Product(Box::new(one))),
        What::Order(order) => {
            merge::order(tx, store.id, *order, &table.plan).await?.map(|one| News::Order(Box::new(one)))
        }
        What::Parcel { order, shipment } => {
            let Some(merged) = merge::parcel(tx, store.id, &order, *shipment).await? else {
                counts.left_out += 1;
                return Ok(());
            };
            merged.map(|order| News::Order(Box::new(order)))
        }
    };
    match news {
        Some(news) => {
            take(tx, store, vec![news], Way::First).await?;
            counts.taken += 1;
        }
        None => counts.kept += 1,
    }
    Ok(())
}
