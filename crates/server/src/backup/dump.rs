//! Writing a backup: a consistent picture of one moment, while the server goes on, in bounded memory.

use std::{fs::File, path::Path};

use base::{Actor, App, Db, Engine, Error, Result, Stamp, Tx, args, secrets::sha256};
use serde_json::json;
use tempfile::TempDir;

use super::{FORMAT, Finish, Head, Manifest, create, draft, tables};

/// Rows a query, and bytes a part, before the next one begins.
const ROWS: i64 = 500;
const PART: usize = 4 * 1024 * 1024;

type Archive = tar::Builder<Box<dyn Finish>>;

pub async fn backup(app: &App, path: &Path, with_key: bool) -> Result<Manifest> {
    let mut archive = create(path)?;
    match write(app, path, with_key, &mut archive).await {
        Ok(manifest) => {
            archive.into_inner()?.finish()?;
            std::fs::rename(draft(path), path)?;
            Ok(manifest)
        }
        Err(error) => {
            let _ = std::fs::remove_file(draft(path));
            Err(error)
        }
    }
}

async fn write(app: &App, path: &Path, with_key: bool, archive: &mut Archive) -> Result<Manifest> {
    let mut source = Source::open(app, path).await?;
    let mut manifest = Manifest::default();
    let head = Head {
        format: FORMAT,
        version: env!("CARGO_PKG_VERSION").into(),
        migration: tables::shape(app.db()).await?,
        taken_at: Stamp(app.now()).to_string(),
    };
    part(archive, &mut manifest, "head.json", &serde_json::to_vec_pretty(&head)?)?;
    for table in tables::names() {
        write_table(&mut source, app.db(), table, archive, &mut manifest).await?;
    }
    write_files(&mut source, app, archive, &mut manifest).await?;
    if with_key {
        let key = if app.config().secret_key.is_empty() {
            std::fs::read_to_string(app.config().data_dir.join("secret.key"))?
        } else {
            app.config().secret_key.clone()
        };
        part(archive, &mut manifest, "secret.key", key.as_bytes())?;
        manifest.secret_key = true;
    }
    append(archive, "manifest.json", &serde_json::to_vec_pretty(&manifest)?)?;
    source.close().await;
    Ok(manifest)
}

async fn write_table(
    source: &mut Source,
    db: &Db,
    table: &str,
    archive: &mut Archive,
    manifest: &mut Manifest,
) -> Result<()> {
    let columns = tables::columns(db, table).await?;
    let names: Vec<_> = columns.iter().map(|column| &column.name).collect();
    let first = format!("{}\n", json!(names));
    let mut cursor = source.cursor(table, "TRUE", &tables::selected(&columns)).await?;
    let (mut number, mut text) = (0, first.clone());
    loop {
        let rows = source.next(&mut cursor).await?;
        for row in &rows {
            text += &tables::to_json(row, &columns)?.to_string();
            text.push('\n');
            manifest.rows += 1;
        }
        if text.len() >= PART || (rows.is_empty() && text.len() > first.len()) {
            number += 1;
            part(archive, manifest, &format!("tables/{table}/{number:06}.jsonl"), text.as_bytes())?;
            text.clone_from(&first);
        }
        if rows.is_empty() {
            return Ok(());
        }
    }
}

/// Files are never changed and never removed while a row names them, so copying them after the rows is safe.
async fn write_files(source: &mut Source, app: &App, archive: &mut Archive, manifest: &mut Manifest) -> Result<()> {
    let mut cursor = source.cursor("blobs", "body IS NULL", "hash").await?;
    loop {
        let rows = source.next(&mut cursor).await?;
        if rows.is_empty() {
            return Ok(());
        }
        for row in rows {
            let hash = row.text("hash")?;
            match File::open(tables::file(app, &hash)) {
                Ok(mut file) => {
                    archive.append_file(format!("files/{hash}"), &mut file)?;
                    manifest.files += 1;
                }
                Err(_) => manifest.missing.push(hash),
            }
        }
    }
}

fn part(archive: &mut Archive, manifest: &mut Manifest, name: &str, bytes: &[u8]) -> Result<()> {
    manifest.parts.insert(name.into(), sha256(bytes));
    append(archive, name, bytes)
}

fn append(archive: &mut Archive, name: &str, bytes: &[u8]) -> Result<()> {
    let mut header = tar::Header::new_gnu();
    header.set_size(bytes.len() as u64);
    header.set_mode(0o600);
    archive.append_data(&mut header, name, bytes)?;
    Ok(())
}

/// Where the rows are read: a transaction that sees one moment, or a copy made in one moment.
enum Source {
    Snapshot(Box<Tx>),
    Copy(Db, TempDir),
}

/// Where a reader of one table has got to.
struct Cursor {
    fetch: String,
    last: i64,
}

impl Source {
    /// The copy lies where the backup will lie, because there must be room for one.
    async fn open(app: &App, path: &Path) -> Result<Self> {
        if app.db().engine() == Engine::Postgres {
            let mut tx = app.begin(Actor::System).await?;
            tx.run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY", args![]).await?;
            return Ok(Self::Snapshot(Box::new(tx)));
        }
        let beside = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let folder = tempfile::Builder::new().prefix(".shopbell-backup-").tempdir_in(beside)?;
        let copy = folder.path().join("copy.db");
        app.db().copy_to(&copy).await?;
        let text = copy.to_str().ok_or_else(|| Error::refused("the backup's folder has a name that is not UTF-8"))?;
        Ok(Self::Copy(Db::open(&format!("sqlite:{text}")).await?, folder))
    }

    async fn cursor(&mut self, table: &str, condition: &str, selected: &str) -> Result<Cursor> {
        let fetch = match self {
            Self::Snapshot(tx) => {
                // A name of its own, because the driver remembers which columns a statement gave.
                let name = format!("dump_{}", &sha256(format!("{table} {selected}").as_bytes())[..16]);
                tx.run(
                    &format!("DECLARE {name} NO SCROLL CURSOR FOR SELECT {selected} FROM {table} WHERE {condition}"),
                    args![],
                )
                .await?;
                format!("FETCH {ROWS} FROM {name}")
            }
            Self::Copy(..) => {
                format!(
                    "SELECT rowid AS dump_row, {selected} FROM {table} WHERE {condition} AND rowid > $1 ORDER BY rowid LIMIT {ROWS}"
                )
            }
        };
        Ok(Cursor { fetch, last: i64::MIN })
    }

    async fn next(&mut self, cursor: &mut Cursor) -> Result<Vec<base::Row>> {
        match self {
            Self::Snapshot(tx) => tx.all(&cursor.fetch, args![]).await,
            Self::Copy(db, _) => {
                let rows = db.all(&cursor.fetch, args![cursor.last]).await?;
                if let Some(last) = rows.last() {
                    cursor.last = last.int("dump_row")?;
                }
                Ok(rows)
            }
        }
    }

    async fn close(self) {
        if let Self::Copy(db, _folder) = self {
            db.close().await;
        }
    }
}
