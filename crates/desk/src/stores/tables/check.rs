//! The dry run: reads all of a table and tells by line and column what is wrong. Nothing is taken in.

use std::collections::BTreeSet;

use base::{Actor, App, Error, Job, Result, Tx, args, jobs::Lane};
use connectors::table::{Fault, Flaw, Thing, What};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Brought, LEFT_OUT, Parts, TOLD, TableId, merge};

/// Reads one table. One that was asked for later takes its place.
#[derive(Serialize, Deserialize)]
pub(super) struct Check {
    pub table: TableId,
    pub version: i64,
}

/// What was found so far.
#[derive(Default)]
struct Found {
    things: i64,
    wrong: BTreeSet<u64>,
    fault_count: i64,
    faults: Vec<Fault>,
}

impl Job for Check {
    const NAME: &'static str = "stores.check_table";
    const LANE: Lane = Lane::Outbound;
    const TELLS: bool = true;

    async fn run(self, app: &App) -> Result<()> {
        let table = match super::get(app, self.table).await {
            Err(Error::NotFound) => return Ok(()),
            table => table?,
        };
        if table.state != "checking" || table.hidden.version != self.version {
            return Ok(());
        }
        let (mut parts, faults) = Parts::open(app, &table, 0).await?;
        let mut found = Found::default();
        found.add(faults);
        // Without its columns nothing can be read.
        if found.faults.is_empty() {
            if !self.read_all(app, &table, &mut parts, &mut found).await? {
                // Begins anew where somebody has the time.
                let mut tx = app.begin(Actor::System).await?;
                tx.enqueue(&self).await?;
                return tx.commit().await;
            }
            if found.things == 0 {
                found.add(vec![Fault { line: 1, column: None, field: None, flaw: Flaw::Empty, value: None }]);
            }
        }
        self.write_down(app, found, parts.rows()?).await
    }

    async fn gave_up(self, tx: &mut Tx, why: &Error) -> Result<()> {
        let sql = "UPDATE store_tables SET state = 'failed', why = $1, ended_at = $2
            WHERE id = $3 AND version = $4 AND state = 'checking'";
        let now = tx.now();
        tx.run(sql, args![why.detail(), now, self.table, self.version]).await
    }
}

impl Check {
    /// False where the node stops before the end.
    async fn read_all(&self, app: &App, table: &Brought, parts: &mut Parts, found: &mut Found) -> Result<bool> {
        loop {
            if app.is_stopping() {
                return Ok(false);
            }
            let things = parts.next(2_000).await?;
            if things.is_empty() {
                return Ok(true);
            }
            for thing in things {
                let more = unknown_order(app, table, &thing).await?;
                found.take(thing, more);
            }
            let sql = "UPDATE store_tables SET bytes_read = $1 WHERE id = $2 AND version = $3 AND state = 'checking'";
            app.db().run(sql, args![parts.bytes()?, self.table, self.version]).await?;
        }
    }

    async fn write_down(self, app: &App, found: Found, rows: i64) -> Result<()> {
        let sql =
            "UPDATE store_tables SET state = 'checked', bytes_read = bytes, row_count = $3, things = $4, wrong = $5,
                fault_count = $6, faults = $7, wrong_lines = $8
            WHERE id = $1 AND version = $2 AND state = 'checking'";
        let wrong = i64::try_from(found.wrong.len())?;
        let lines: Vec<_> = found.wrong.into_iter().take(LEFT_OUT).collect();
        let faults = (found.fault_count, json!(found.faults));
        let args = args![self.table, self.version, rows, found.things, wrong, faults.0, faults.1, json!(lines)];
        app.db().run(sql, args).await.map(drop)
    }
}

impl Found {
    fn add(&mut self, faults: Vec<Fault>) {
        self.fault_count += i64::try_from(faults.len()).unwrap_or(i64::MAX);
        let room = TOLD.saturating_sub(self.faults.len());
        self.faults.extend(faults.into_iter().take(room));
    }

    fn take(&mut self, thing: Thing, more: Option<Fault>) {
        self.things += 1;
        if !thing.faults.is_empty() || more.is_some() {
            self.wrong.insert(thing.line);
            // What stands in two places is whole in neither.
            self.wrong.extend(thing.again);
        }
        self.add(thing.faults);
        self.add(more.into_iter().collect());
    }
}

/// A parcel needs its order.
async fn unknown_order(app: &App, table: &Brought, thing: &Thing) -> Result<Option<Fault>> {
    let Some(What::Parcel { order, .. }) = &thing.what else { return Ok(None) };
    if merge::knows(app, table.store, order).await? {
        return Ok(None);
    }
    let column = table.plan.columns.get("order").cloned();
    let field = Some("order".to_owned());
    Ok(Some(Fault { line: thing.line, column, field, flaw: Flaw::UnknownOrder, value: Some(order.clone()) }))
}
