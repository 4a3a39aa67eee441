//! Bringing a table, having it checked and taken in, and dropping it.

use aide::axum::{
    ApiRouter,
    routing::{get_with, post_with},
};
use axum::{Json, extract::State};
use base::{
    App, Error, Feature, Result, Tx, args, blob,
    web::{
        Body, Created, Gone, Id, Listing, Params,
        input::{self, Unread},
    },
};
use connectors::table::{self, BEGINNING, Encoding, Flaw, Holds, MOST_BYTES, Plan, Wish};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::{
    super::{Store, StoreId, get as get_store},
    Brought, TableId,
    bring::Bring,
    brought,
    check::Check,
    drop_table, find, get,
};
use crate::{
    agents::{Permission, Who},
    shops,
};

pub(super) fn feature() -> Feature {
    let many = post_with(create, |op| op.summary("Upload a table (CSV) for a store, at most 50 MB"))
        .get_with(index, |op| op.summary("Tables that were uploaded for a store, newest first"));
    let routes = ApiRouter::new()
        .api_route("/stores/{id}/tables", many)
        .api_route(
            "/tables/{id}",
            get_with(one, |op| op.summary("One table, with what is wrong with it"))
                .delete_with(destroy, |op| op.summary("Drop a table; what was taken in of it stays")),
        )
        .api_route("/tables/{id}/check", post_with(check, |op| op.summary("Check all of a table; nothing is taken in")))
        .api_route("/tables/{id}/import", post_with(import, |op| op.summary("Take a checked table in")));
    Feature { routes, ..Feature::default() }
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewTable {
    /// The file's name.
    name: String,
}

/// The body is the file itself.
async fn create(
    who: Who,
    State(app): State<App>,
    Id(id): Id<StoreId>,
    Params(query): Params<NewTable>,
    Unread(request): Unread,
) -> Result<Created<Brought>> {
    who.may(Permission::StoresManage)?;
    let store = get_store(&app, id).await?;
    if !store.platform(&app)?.capabilities().pushes {
        return Err(Error::conflict("This store is asked for what it has. Files are for stores that cannot be asked."));
    }
    if !store.active {
        return Err(Error::conflict("This store is switched off. Switch it on first."));
    }
    let name = Some(mail::part::safe_name(&query.name)).filter(|name| !name.is_empty());
    let bytes = input::bytes_up_to(request.into_body(), MOST_BYTES).await?;
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(Error::invalid("file", "is empty"));
    }
    let encoding = table::encoding(&bytes)?;
    let plan = plan(&app, &store, &bytes[..bytes.len().min(BEGINNING)], &Wish::default(), encoding).await?;
    let columns = table::columns(&bytes[..bytes.len().min(BEGINNING)], plan.delimiter, plan.encoding)?;
    let stored = blob::prepare(&app, bytes.into()).await?;
    let mut tx = who.begin(&app).await?;
    blob::put(&mut tx, &stored).await?;
    let sql =
        "INSERT INTO store_tables (store, name, blob, bytes, header, encoding, plan, faults, wrong_lines, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9) RETURNING *";
    let name = name.unwrap_or_else(|| "table.csv".to_owned());
    let now = tx.now();
    let args = args![id, name, &stored.hash, stored.size, json!(columns), encoding, json!(plan), json!([]), now];
    let table = brought(&tx.one(sql, args).await?)?;
    tx.created(table).await
}

/// A plan for a file that begins so, by what is wished, what was chosen the last time, and what it looks like.
pub(super) async fn plan(app: &App, store: &Store, start: &[u8], wish: &Wish, encoding: Encoding) -> Result<Plan> {
    let sql = "SELECT holds, plan FROM store_table_plans WHERE store = $1";
    let rows = app.db().all(sql, args![store.id]).await?;
    let known = rows.iter().map(|row| Ok((row.word::<Holds>("holds")?, row.json::<Plan>("plan")?)));
    let known = known.collect::<Result<Vec<_>>>()?;
    let shop = shops::read(app.db()).await?;
    let zone = shop.time_zone.as_deref().unwrap_or("UTC");
    let before = |holds| known.iter().find(|(of, _)| *of == holds).map(|(_, plan)| plan.clone());
    let mut plan = table::guess(start, wish, encoding, zone, before)?;
    let usual = store.currency.clone().unwrap_or(shop.currency);
    let currency = plan.currency.take().filter(|currency| !currency.is_empty()).unwrap_or(usual);
    if let Some(odd) = plan.columns.keys().find(|key| table::fields(plan.holds).iter().all(|field| field.key != **key))
    {
        return Err(Error::invalid("columns", format!("{odd} is no field of {}", plan.holds)));
    }
    plan.currency = Some(connectors::money::code("currency", &currency)?);
    Ok(plan)
}

async fn index(who: Who, State(app): State<App>, Id(id): Id<StoreId>) -> Result<Json<Listing<Brought>>> {
    who.may(Permission::StoresManage)?;
    get_store(&app, id).await?;
    let sql = "SELECT * FROM store_tables WHERE store = $1 ORDER BY id DESC LIMIT 20";
    let rows = app.db().all(sql, args![id]).await?;
    let brief = |row: &base::Row| Ok(Brought { faults: Vec::new(), ..brought(row)? });
    Ok(Json(Listing { data: rows.iter().map(brief).collect::<Result<_>>()? }))
}

async fn one(who: Who, State(app): State<App>, Id(id): Id<TableId>) -> Result<Json<Brought>> {
    who.may(Permission::StoresManage)?;
    get(&app, id).await.map(Json)
}

/// While it is read it stays: whoever reads it would not know what to do without it.
async fn destroy(who: Who, State(app): State<App>, Id(id): Id<TableId>) -> Result<Gone> {
    who.may(Permission::StoresManage)?;
    let mut tx = who.begin(&app).await?;
    must_rest(&find(&mut tx, id).await?)?;
    drop_table(&mut tx, id).await?;
    tx.commit().await?;
    Ok(Gone)
}

fn must_rest(table: &Brought) -> Result<()> {
    if table.state == "checking" || table.state == "importing" {
        return Err(Error::conflict("This file is being read. Wait until that is done."));
    }
    Ok(())
}

async fn check(who: Who, State(app): State<App>, Id(id): Id<TableId>, Body(wish): Body<Wish>) -> Result<Json<Brought>> {
    who.may(Permission::StoresManage)?;
    let table = get(&app, id).await?;
    let store = get_store(&app, table.store).await?;
    let start = super::preview::start(&app, &table).await?;
    let plan = plan(&app, &store, &start, &wish, table.hidden.encoding).await?;
    let columns = table::columns(start.as_slice(), plan.delimiter, plan.encoding)?;
    let mut tx = who.begin(&app).await?;
    must_rest(&find(&mut tx, id).await?)?;
    remember(&mut tx, store.id, &plan).await?;
    let sql = "UPDATE store_tables SET plan = $2, header = $3, state = 'checking', version = version + 1, bytes_read = 0,
            row_count = 0, things = 0, wrong = 0, fault_count = 0, faults = $4, wrong_lines = $4, rows_done = 0, taken = 0,
            kept = 0, left_out = 0, why = NULL, ended_at = NULL
        WHERE id = $1 RETURNING *";
    let table = brought(&tx.one(sql, args![id, json!(plan), json!(columns), json!([])]).await?)?;
    tx.enqueue(&Check { table: id, version: table.hidden.version }).await?;
    tx.commit().await?;
    Ok(Json(table))
}

/// For the next file of this kind.
async fn remember(tx: &mut Tx, store: StoreId, plan: &Plan) -> Result<()> {
    let sql = "INSERT INTO store_table_plans (store, holds, plan) VALUES ($1, $2, $3)
        ON CONFLICT (store, holds) DO UPDATE SET plan = excluded.plan";
    tx.run(sql, args![store, plan.holds, json!(plan)]).await
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "TableImport")]
struct Import {
    /// Takes in what is right although something else is wrong: whole orders, products, customers and parcels only.
    #[serde(default)]
    leave_out: bool,
}

async fn import(
    who: Who,
    State(app): State<App>,
    Id(id): Id<TableId>,
    Body(body): Body<Import>,
) -> Result<Json<Brought>> {
    who.may(Permission::StoresManage)?;
    let mut tx = who.begin(&app).await?;
    let table = find(&mut tx, id).await?;
    if table.state != "checked" {
        return Err(Error::conflict("This file was not checked since it was last changed. Check it first."));
    }
    if table.fault_count > 0 && !body.leave_out {
        return Err(Error::conflict(
            "Something is wrong with this file, and nothing was taken in. Mend it, or leave those rows out.",
        ));
    }
    // Wrong as a whole: without a column nothing can be read, and of too many things nobody knows which are whole.
    let whole = table
        .faults
        .iter()
        .any(|fault| matches!(fault.flaw, Flaw::NoColumn | Flaw::Unmapped | Flaw::TooManyRows | Flaw::Empty));
    if whole || table.wrong > i64::try_from(super::LEFT_OUT)? || table.wrong == table.things {
        return Err(Error::conflict("Too much is wrong with this file to leave it out."));
    }
    let sql = "UPDATE store_tables SET state = 'importing', leave_out = $2, rows_done = 0 WHERE id = $1 RETURNING *";
    let table = brought(&tx.one(sql, args![id, body.leave_out]).await?)?;
    tx.enqueue(&Bring { table: id, version: table.hidden.version }).await?;
    tx.commit().await?;
    Ok(Json(table))
}
