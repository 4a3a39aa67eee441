//! The tables of an installation and their columns, whichever engine keeps them.

use std::collections::BTreeSet;

use base::{App, Db, Engine, Error, Result, Row, Value, args, db::Param};
use base64::{Engine as _, engine::general_purpose::STANDARD as B64};
use serde_json::{Value as Json, json};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Int,
    Bool,
    Text,
    Bytes,
    /// Only PostgreSQL says so; in the archive JSON is text, as SQLite keeps it.
    Json,
}

#[derive(Debug, Clone)]
pub struct Column {
    pub name: String,
    kind: Kind,
}

/// The tables that hold what is not derived from others, each after those it points to.
pub fn names() -> Vec<&'static str> {
    let lines = desk::MIGRATIONS.iter().flat_map(|(.., sql)| sql.lines());
    let mut names: Vec<&str> = Vec::new();
    for line in lines {
        if let Some(rest) = line.trim().strip_prefix("CREATE TABLE ") {
            names.extend(rest.split([' ', '(']).next());
        } else if let Some(rest) = line.trim().strip_prefix("DROP TABLE ") {
            names.retain(|name| *name != rest.trim_end_matches(';'));
        } else if let Some((old, new)) =
            line.trim().strip_prefix("ALTER TABLE ").and_then(|rest| rest.split_once(" RENAME TO "))
        {
            let renamed = names.iter_mut().filter(|name| **name == old);
            renamed.for_each(|name| *name = new.trim_end_matches(';'));
        }
    }
    names.retain(|name| !super::LEFT_OUT.contains(name));
    names
}

/// The named tables that exist.
pub async fn existing(db: &Db) -> Result<BTreeSet<String>> {
    let sql = match db.engine() {
        Engine::Sqlite => "SELECT name FROM sqlite_master WHERE type = 'table'",
        Engine::Postgres => {
            "SELECT CAST(table_name AS TEXT) AS name FROM information_schema.tables WHERE table_schema = current_schema()"
        }
    };
    db.all(sql, args![]).await?.iter().map(|row| row.text("name")).collect()
}

pub async fn columns(db: &Db, table: &str) -> Result<Vec<Column>> {
    let sql = match db.engine() {
        Engine::Sqlite => "SELECT name, lower(type) AS kind FROM pragma_table_info($1) ORDER BY cid",
        Engine::Postgres => {
            "SELECT CAST(column_name AS TEXT) AS name, CAST(data_type AS TEXT) AS kind FROM information_schema.columns
            WHERE table_schema = current_schema() AND table_name = $1 ORDER BY ordinal_position"
        }
    };
    db.all(sql, args![table])
        .await?
        .iter()
        .map(|row| Ok(Column { name: row.text("name")?, kind: kind(row)? }))
        .collect()
}

fn kind(row: &Row) -> Result<Kind> {
    Ok(match row.text("kind")?.as_str() {
        "bigint" | "integer" => Kind::Int,
        "boolean" => Kind::Bool,
        "blob" | "bytea" => Kind::Bytes,
        "jsonb" => Kind::Json,
        "text" => Kind::Text,
        other => return Err(Error::internal(format!("backups know no column of the type {other}"))),
    })
}

/// The list for SELECT, in types that both engines read alike.
pub fn selected(columns: &[Column]) -> String {
    let one = |Column { name, kind }: &Column| match kind {
        Kind::Bool => format!("CAST(CAST({name} AS INTEGER) AS BIGINT) AS {name}"),
        Kind::Json => format!("CAST({name} AS TEXT) AS {name}"),
        _ => name.clone(),
    };
    columns.iter().map(one).collect::<Vec<_>>().join(", ")
}

pub fn to_json(row: &Row, columns: &[Column]) -> Result<Json> {
    let one = |Column { name, kind }: &Column| -> Result<Json> {
        Ok(match kind {
            Kind::Int => json!(row.opt_int(name)?),
            Kind::Bool => json!(row.opt_int(name)?.map(|bit| bit != 0)),
            Kind::Text | Kind::Json => json!(row.opt_text(name)?),
            Kind::Bytes => json!(row.opt_bytes(name)?.map(|bytes| B64.encode(bytes))),
        })
    };
    columns.iter().map(one).collect::<Result<Vec<_>>>().map(Json::Array)
}

pub fn from_json(value: &Json, column: &Column) -> Result<Value> {
    let wrong = || Error::refused(format!("the backup has a value for {} that does not fit: {value}", column.name));
    let text = || value.as_str().map(str::to_owned).ok_or_else(wrong);
    if value.is_null() {
        return Ok(match column.kind {
            Kind::Int => Value::Int(None),
            Kind::Bool => Value::Bool(None),
            Kind::Text => Value::Text(None),
            Kind::Bytes => Value::Bytes(None),
            Kind::Json => Value::Json(None),
        });
    }
    Ok(match column.kind {
        Kind::Int => value.as_i64().ok_or_else(wrong)?.value(),
        Kind::Bool => value.as_bool().ok_or_else(wrong)?.value(),
        Kind::Text => text()?.value(),
        Kind::Bytes => B64.decode(text()?).map_err(|_| wrong())?.value(),
        Kind::Json => serde_json::from_str::<Json>(&text()?)?.value(),
    })
}

/// Lists the foreign keys of the database as (table, name); only PostgreSQL must be told to check them late.
pub async fn foreign_keys(db: &Db) -> Result<Vec<(String, String)>> {
    if db.engine() == Engine::Sqlite {
        return Ok(Vec::new());
    }
    let sql = "SELECT CAST(conrelid::regclass AS TEXT) AS owner, CAST(conname AS TEXT) AS name FROM pg_constraint
        WHERE contype = 'f' AND connamespace = current_schema()::regnamespace ORDER BY 1, 2";
    db.all(sql, args![]).await?.iter().map(|row| Ok((row.text("owner")?, row.text("name")?))).collect()
}

/// Whether people have worked with this database.
pub async fn is_used(db: &Db) -> Result<bool> {
    let existing = existing(db).await?;
    for table in names().into_iter().filter(|name| existing.contains(*name)) {
        let sql = format!("SELECT CAST(1 AS BIGINT) AS found FROM {table} LIMIT 1");
        if db.opt(&sql, args![]).await?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The number of the newest migration, 0 in an empty database.
pub async fn shape(db: &Db) -> Result<i64> {
    if existing(db).await?.contains("migrations") { base::migrate::newest(db).await } else { Ok(0) }
}

/// The folder where an app keeps its large files, by hash.
pub fn file(app: &App, hash: &str) -> std::path::PathBuf {
    app.blobs().folder().join(hash.get(..2).unwrap_or("00")).join(hash)
}
