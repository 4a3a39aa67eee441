//! The first rows of a table as they would be read.

use std::{collections::BTreeMap, io::Read};

use aide::axum::{ApiRouter, routing::post_with};
use axum::{Json, extract::State};
use base::{
    App, Feature, Result, blob,
    web::{Body, Id},
};
use connectors::table::{self, BEGINNING, Fault, Plan, Table, Wish, fields};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::{super::get as get_store, Brought, TableId, crud::plan, get};
use crate::agents::{Permission, Who};

/// Rows that are shown, and faults.
const SHOWN: usize = 8;
const FAULTS: usize = 20;

pub(super) fn feature() -> Feature {
    let preview = post_with(preview, |op| op.summary("The first rows of a table as a plan would read them"));
    Feature { routes: ApiRouter::new().api_route("/tables/{id}/preview", preview), ..Feature::default() }
}

/// How a table would be read.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "TablePreview")]
struct Preview {
    /// What was wished, and where nothing was, what was guessed.
    plan: Plan,
    columns: Vec<String>,
    fields: Vec<FieldShown>,
    /// One field at least of each list needs a column.
    needed: Vec<Vec<&'static str>>,
    rows: Vec<RowShown>,
    /// What is wrong with the plan and with the first rows; the check looks at all of them.
    faults: Vec<Fault>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "TableField")]
struct FieldShown {
    key: &'static str,
    /// Each row has its own; others are said once of all rows of an order or a product.
    each: bool,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "TableRow")]
struct RowShown {
    line: u64,
    /// What was understood, by field: times in UTC, amounts with a point, words in ours.
    cells: BTreeMap<&'static str, Value>,
}

/// The beginning of the file.
pub(super) async fn start(app: &App, table: &Brought) -> Result<Vec<u8>> {
    let source = blob::open(app, &table.hidden.blob).await?;
    let read = tokio::task::spawn_blocking(move || {
        let mut start = Vec::new();
        source.take(BEGINNING as u64).read_to_end(&mut start).map(|_| start)
    });
    Ok(read.await??)
}

async fn preview(
    who: Who,
    State(app): State<App>,
    Id(id): Id<TableId>,
    Body(wish): Body<Wish>,
) -> Result<Json<Preview>> {
    who.may(Permission::StoresManage)?;
    let table = get(&app, id).await?;
    let store = get_store(&app, table.store).await?;
    let start = start(&app, &table).await?;
    let plan = plan(&app, &store, &start, &wish, table.hidden.encoding).await?;
    tokio::task::spawn_blocking(move || read(&start, plan)).await?.map(Json)
}

fn read(start: &[u8], plan: Plan) -> Result<Preview> {
    let (mut table, mut faults) = Table::open(start, &plan)?;
    let mut rows = Vec::new();
    while rows.len() < SHOWN {
        let Some(thing) = table.next_thing()? else { break };
        for row in thing.rows {
            let cells = row.cells.into_iter().map(|cell| Ok((cell.field, serde_json::to_value(cell.value)?)));
            rows.push(RowShown { line: row.line, cells: cells.collect::<Result<_>>()? });
        }
        faults.extend(thing.faults);
    }
    rows.truncate(SHOWN);
    faults.truncate(FAULTS);
    let shown = fields(plan.holds).iter().map(|field| FieldShown { key: field.key, each: field.each }).collect();
    let needed = table::needed(plan.holds).iter().map(|any| any.to_vec()).collect();
    Ok(Preview { columns: table.columns().to_vec(), fields: shown, needed, rows, faults, plan })
}
