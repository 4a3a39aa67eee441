//! Files that people bring where no system can tell: a table is uploaded, its columns are mapped, all of it is checked, and
//! only then is it taken in. As long as anything is wrong nothing is, unless somebody leaves those rows out.

mod bring;
mod check;
mod crud;
mod merge;
mod preview;

use std::io::Read;

use base::{App, DAY, Feature, JobSpec, Result, Row, Stamp, Time, Tx, args, blob};
use connectors::table::{Encoding, Fault, Plan, Table, Thing};
use schemars::JsonSchema;
use serde::Serialize;

use super::StoreId;

base::id!(
    /// An uploaded table.
    TableId,
);

/// Faults that are told; more are only counted.
const TOLD: usize = 200;
/// Things that can be left out.
const LEFT_OUT: usize = 20_000;
/// How long a file is kept, which may name people that are no customers any more.
const KEPT: Time = 14 * DAY;
/// Bytes that are read before what they say is looked after.
const PART: u64 = 1 << 20;

pub(super) fn feature() -> Feature {
    let jobs = vec![JobSpec::of::<check::Check>(), JobSpec::of::<bring::Bring>()];
    Feature { jobs, ..Feature::default() }.merge(crud::feature()).merge(preview::feature())
}

/// Forgets files of long ago.
pub async fn forget(app: &App) -> Result<()> {
    let mut tx = app.begin(base::Actor::System).await?;
    let now = tx.now();
    let sql = "SELECT id FROM store_tables WHERE created_at < $1 AND state NOT IN ('checking', 'importing')";
    for row in tx.all(sql, args![now - KEPT]).await? {
        drop_table(&mut tx, row.id("id")?).await?;
    }
    tx.commit().await
}

/// A table as it is shown to those who bring it.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(rename = "StoreTable")]
struct Brought {
    id: TableId,
    store: StoreId,
    /// Of the file.
    name: String,
    bytes: i64,
    /// `new`, `checking`, `checked`, `importing`, `done` or `failed`.
    state: String,
    plan: Plan,
    /// The file's columns.
    columns: Vec<String>,
    /// How much of it was checked or taken in, 0 to 1.
    part: f64,
    rows: i64,
    /// Orders, products, customers or parcels that the rows say.
    things: i64,
    /// Those of them with something wrong.
    wrong: i64,
    fault_count: i64,
    /// The first 200; none in lists.
    faults: Vec<Fault>,
    leave_out: bool,
    /// New or changed by the file.
    taken: i64,
    /// Known already, or newer here than in the file.
    kept: i64,
    left_out: i64,
    why: Option<String>,
    created_at: Stamp,
    ended_at: Option<Stamp>,
    #[serde(skip)]
    #[schemars(skip)]
    hidden: Hidden,
}

/// What of a table is nobody's business.
#[derive(Debug, Clone)]
struct Hidden {
    blob: String,
    encoding: Encoding,
    version: i64,
    rows_done: i64,
    wrong_lines: Vec<u64>,
}

fn brought(row: &Row) -> Result<Brought> {
    let (bytes, state) = (row.int("bytes")?, row.text("state")?);
    let (rows, rows_done) = (row.int("row_count")?, row.int("rows_done")?);
    let (done, all) = if state == "importing" { (rows_done, rows) } else { (row.int("bytes_read")?, bytes) };
    #[expect(clippy::cast_precision_loss, reason = "a share of a whole, for people")]
    let part = if all > 0 { (done as f64 / all as f64).min(1.0) } else { 0.0 };
    Ok(Brought {
        id: row.id("id")?,
        store: row.id("store")?,
        name: row.text("name")?,
        bytes,
        plan: row.json("plan")?,
        columns: row.json("header")?,
        part: if state == "done" { 1.0 } else { part },
        state,
        rows,
        things: row.int("things")?,
        wrong: row.int("wrong")?,
        fault_count: row.int("fault_count")?,
        faults: row.json("faults")?,
        leave_out: row.bool("leave_out")?,
        taken: row.int("taken")?,
        kept: row.int("kept")?,
        left_out: row.int("left_out")?,
        why: row.opt_text("why")?,
        created_at: Stamp(row.int("created_at")?),
        ended_at: row.opt_int("ended_at")?.map(Stamp),
        hidden: Hidden {
            blob: row.text("blob")?,
            encoding: row.word("encoding")?,
            version: row.int("version")?,
            rows_done,
            wrong_lines: row.json("wrong_lines")?,
        },
    })
}

async fn get(app: &App, id: TableId) -> Result<Brought> {
    brought(&app.db().one("SELECT * FROM store_tables WHERE id = $1", args![id]).await?)
}

/// Held against other writers until the transaction ends.
async fn find(tx: &mut Tx, id: TableId) -> Result<Brought> {
    brought(&tx.one("SELECT * FROM store_tables WHERE id = $1 {for update}", args![id]).await?)
}

/// Its bytes go a day later, if nobody else has brought the same.
async fn drop_table(tx: &mut Tx, id: TableId) -> Result<()> {
    let sql = "DELETE FROM store_tables WHERE id = $1 RETURNING blob";
    let row = tx.one(sql, args![id]).await?;
    blob::stray(tx, &row.text("blob")?).await
}

type Source = Box<dyn Read + Send>;

/// A table that is being read, and the next part of what it says.
struct Parts(Option<Table<Source>>);

impl Parts {
    /// Opens the file behind as many rows, with what is wrong with the plan for it.
    async fn open(app: &App, table: &Brought, rows: u64) -> Result<(Self, Vec<Fault>)> {
        let source = blob::open(app, &table.hidden.blob).await?;
        let plan = table.plan.clone();
        let opened = tokio::task::spawn_blocking(move || {
            let (mut table, faults) = Table::open(source, &plan)?;
            table.skip(rows)?;
            Ok::<_, base::Error>((table, faults))
        });
        let (table, faults) = opened.await??;
        Ok((Self(Some(table)), faults))
    }

    /// At most so many things. Off the threads that answer people: reading is work.
    async fn next(&mut self, most: usize) -> Result<Vec<Thing>> {
        let Some(mut table) = self.0.take() else { return Ok(Vec::new()) };
        let read = tokio::task::spawn_blocking(move || {
            let (mut things, from) = (Vec::new(), table.bytes());
            while things.len() < most && table.bytes() - from < PART {
                match table.next_thing()? {
                    Some(thing) => things.push(thing),
                    None => break,
                }
            }
            Ok::<_, base::Error>((table, things))
        });
        let (table, things) = read.await??;
        self.0 = Some(table);
        Ok(things)
    }

    fn bytes(&self) -> Result<i64> {
        Ok(i64::try_from(self.0.as_ref().map_or(0, Table::bytes))?)
    }

    /// Rows of all that was read so far.
    fn rows(&self) -> Result<i64> {
        Ok(i64::try_from(self.0.as_ref().map_or(0, Table::done))?)
    }
}
