//! Reading a backup: checked from end to end before anything is written, then written all or nothing.

use std::{
    collections::BTreeMap,
    io::{Read, Write},
    path::Path,
};

use aws_lc_rs::digest::{Context, SHA256};
use base::{Actor, App, Config, Db, Engine, Error, Result, Tx, args, migrate::migrate, secrets::sha256};
use serde_json::Value;

use super::{
    FORMAT, Head, LEFT_OUT, Manifest, bare, open,
    tables::{self, Column},
};
use crate::node;

/// A part as `backup` writes it is far smaller; a larger one is not ours.
const LARGEST_PART: u64 = 512 * 1024 * 1024;

pub async fn restore(config: &Config, path: &Path) -> Result<Manifest> {
    let (head, manifest) = verify(path)?;
    let known = desk::MIGRATIONS.iter().map(|(number, ..)| *number).max().unwrap_or(0);
    if head.format > FORMAT || head.migration > known {
        let version = &head.version;
        return Err(Error::refused(format!(
            "The backup is from Shopbell {version}, which is newer. Restore it with that."
        )));
    }
    let db = bare(config).await?;
    let shape = tables::shape(&db).await?;
    if shape > head.migration || tables::is_used(&db).await? {
        let why = "The database is in use already. Restore into an empty one: name a new file or database in \
            database_url, and a new data_dir.";
        return Err(Error::refused(why));
    }
    write_key(config, path, &manifest)?;
    let app = node::app(db, config.clone()).build()?;
    // The backup's own shape first; what came after it then changes the restored rows as it would have there.
    let then: Vec<_> = desk::MIGRATIONS.iter().copied().filter(|(number, ..)| *number <= head.migration).collect();
    migrate(app.db(), &then, app.now()).await?;
    write(&app, path).await?;
    desk::migrate(&app).await?;
    if shape > 0 {
        // Its search index was made while it was empty.
        desk::search::rebuild(&app).await?;
    }
    app.db().close().await;
    Ok(manifest)
}

/// Reads everything once: whether it is whole, and as it was written.
fn verify(path: &Path) -> Result<(Head, Manifest)> {
    let broken = |why: &str| Error::refused(format!("{} is not a whole backup: {why}", path.display()));
    let (mut head, mut manifest) = (None, None);
    let mut seen = BTreeMap::new();
    let mut files = 0;
    each(path, |name, entry| {
        if manifest.is_some() {
            return Err(broken("something comes after its end"));
        }
        if let Some(hash) = name.strip_prefix("files/") {
            files += 1;
            return if digest(entry, &mut std::io::sink())? == hash {
                Ok(())
            } else {
                Err(broken(&format!("{name} was changed")))
            };
        }
        let bytes = bytes(entry)?;
        if name == "manifest.json" {
            manifest = Some(serde_json::from_slice::<Manifest>(&bytes)?);
            return Ok(());
        }
        if name == "head.json" {
            head = Some(serde_json::from_slice::<Head>(&bytes)?);
        }
        seen.insert(name.to_owned(), sha256(&bytes));
        Ok(())
    })
    .map_err(|error| match error {
        Error::Internal(error) => broken(&error.to_string()),
        other => other,
    })?;
    let head = head.ok_or_else(|| broken("it does not say what it is"))?;
    let manifest = manifest.ok_or_else(|| broken("its end is missing"))?;
    if let Some(name) =
        manifest.parts.keys().chain(seen.keys()).find(|name| seen.get(*name) != manifest.parts.get(*name))
    {
        return Err(broken(&format!("{name} is missing or was changed")));
    }
    if manifest.files != files {
        return Err(broken("files are missing"));
    }
    Ok((head, manifest))
}

fn each(path: &Path, mut see: impl FnMut(&str, &mut dyn Read) -> Result<()>) -> Result<()> {
    let mut archive = open(path)?;
    for entry in archive.entries()? {
        let mut entry = entry?;
        let name = entry.path()?.to_string_lossy().into_owned();
        see(&name, &mut entry)?;
    }
    Ok(())
}

fn bytes(entry: &mut dyn Read) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    entry.take(LARGEST_PART).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Copies in bounded memory; returns the SHA-256.
fn digest(from: &mut dyn Read, to: &mut dyn Write) -> Result<String> {
    let mut context = Context::new(&SHA256);
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let count = from.read(&mut buffer)?;
        if count == 0 {
            break;
        }
        let read = buffer.get(..count).unwrap_or_default();
        context.update(read);
        to.write_all(read)?;
    }
    Ok(hex(context.finish().as_ref()))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

/// Before the app is built, which would make a new key.
fn write_key(config: &Config, path: &Path, manifest: &Manifest) -> Result<()> {
    use std::os::unix::fs::OpenOptionsExt;
    if !manifest.secret_key || !config.secret_key.is_empty() {
        return Ok(());
    }
    let place = config.data_dir.join("secret.key");
    std::fs::create_dir_all(&config.data_dir)?;
    each(path, |name, entry| {
        if name != "secret.key" {
            return Ok(());
        }
        let key = bytes(entry)?;
        match std::fs::read(&place) {
            Ok(there) if there.trim_ascii() == key.trim_ascii() => return Ok(()),
            Ok(_) => {
                let place = place.display();
                return Err(Error::refused(format!(
                    "{place} holds another key. Move it away, or name a new data_dir."
                )));
            }
            Err(_) => {}
        }
        let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&place)?;
        file.write_all(&key)?;
        Ok(file.sync_all()?)
    })
}

/// Files first, under the names of their content, where they harm nobody; then all rows in one transaction.
async fn write(app: &App, path: &Path) -> Result<()> {
    each(path, |name, entry| name.strip_prefix("files/").map_or(Ok(()), |hash| write_file(app, hash, entry)))?;
    let keys = tables::foreign_keys(app.db()).await?;
    let mut tx = app.begin(Actor::System).await?;
    if tx.engine() == Engine::Sqlite {
        tx.run("PRAGMA defer_foreign_keys = ON", args![]).await?;
    }
    for (table, key) in &keys {
        tx.run(&format!("ALTER TABLE {table} ALTER CONSTRAINT {key} DEFERRABLE INITIALLY DEFERRED"), args![]).await?;
    }
    let mut archive = open(path)?;
    for entry in archive.entries()? {
        let mut entry = entry?;
        let name = entry.path()?.to_string_lossy().into_owned();
        let table = name.strip_prefix("tables/").and_then(|rest| rest.split('/').next());
        if let Some(table) = table.filter(|table| !LEFT_OUT.contains(table)) {
            let text = String::from_utf8(bytes(&mut entry)?)?;
            write_rows(&mut tx, app.db(), table, &text).await?;
        }
    }
    if !keys.is_empty() {
        tx.run("SET CONSTRAINTS ALL IMMEDIATE", args![]).await?;
    }
    for (table, key) in &keys {
        tx.run(&format!("ALTER TABLE {table} ALTER CONSTRAINT {key} NOT DEFERRABLE"), args![]).await?;
    }
    count_on(&mut tx).await?;
    calm(&mut tx).await?;
    tx.commit().await
}

/// What was on its way out when the backup was taken has most likely left since: nothing leaves a second time by itself.
async fn calm(tx: &mut Tx) -> Result<()> {
    let why = "Restored from a backup: it may have left. Look before you send it again.";
    let sql =
        "UPDATE messages SET delivery = 'refused', delivery_why = $1, sending_at = NULL WHERE delivery = 'queued'";
    tx.run(sql, args![why]).await?;
    // Money least of all: a person looks at the store whether it went out since.
    let unsure = "Restored from a backup: it may have been done since. Look at the store, then say so.";
    let sql = "UPDATE order_actions SET state = 'unsure', why = $1 WHERE state IN ('queued', 'running')";
    tx.run(sql, args![unsure]).await?;
    tx.run("UPDATE returns SET money_why = $1 WHERE money = 'due' AND action IS NULL", args![unsure]).await?;
    tx.run("UPDATE order_updates SET state = 'unsure', why = $1 WHERE state IN ('queued', 'sending')", args![why])
        .await?;
    let leaving = "DELETE FROM jobs WHERE name IN ('messages.deliver', 'agents.mail', 'actions.execute', 'returns.pay',
        'returns.bonus', 'updates.write', 'updates.send')";
    tx.run(leaving, args![]).await?;
    // Whoever fetched is not here; without this nobody would until their right had run out.
    tx.run("UPDATE inboxes SET fetcher = NULL, fetcher_until = 0", args![]).await
}

fn write_file(app: &App, hash: &str, entry: &mut dyn Read) -> Result<()> {
    let place = tables::file(app, hash);
    if hash.len() != 64 || !hash.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(Error::refused(format!("the backup holds a file with a name that is not ours: {hash}")));
    }
    if place.exists() {
        return Ok(());
    }
    let folder = place.parent().unwrap_or(&place);
    std::fs::create_dir_all(folder)?;
    let mut draft = tempfile::NamedTempFile::new_in(folder)?;
    digest(entry, &mut draft)?;
    draft.as_file().sync_all()?;
    draft.persist(&place)?;
    Ok(())
}

async fn write_rows(tx: &mut Tx, db: &Db, table: &str, text: &str) -> Result<()> {
    let unknown = |what: &str| Error::refused(format!("the backup holds {what}, which this version does not know"));
    if !tables::names().contains(&table) {
        return Err(unknown(&format!("a table {table}")));
    }
    let mut lines = text.lines();
    let names: Vec<String> = serde_json::from_str(lines.next().unwrap_or("[]"))?;
    let known = tables::columns(db, table).await?;
    let columns = names.iter().map(|name| {
        let column = known.iter().find(|column| column.name == *name);
        column.ok_or_else(|| unknown(&format!("a column {table}.{name}")))
    });
    let columns: Vec<&Column> = columns.collect::<Result<_>>()?;
    let marks: Vec<_> = (1..=columns.len()).map(|number| format!("${number}")).collect();
    let sql = format!("INSERT INTO {table} ({}) VALUES ({})", names.join(", "), marks.join(", "));
    for line in lines {
        let values: Vec<Value> = serde_json::from_str(line)?;
        if values.len() != columns.len() {
            return Err(Error::refused(format!("a row of {table} in the backup has too few or too many values")));
        }
        let args = values.iter().zip(&columns).map(|(value, column)| tables::from_json(value, column));
        tx.run(&sql, args.collect::<Result<_>>()?).await?;
    }
    Ok(())
}

/// New rows must get numbers after the restored ones; SQLite sees to that by itself.
async fn count_on(tx: &mut Tx) -> Result<()> {
    if tx.engine() == Engine::Sqlite {
        return Ok(());
    }
    let sql = "SELECT CAST(table_name AS TEXT) AS owner, CAST(column_name AS TEXT) AS name
        FROM information_schema.columns WHERE table_schema = current_schema() AND is_identity = 'YES'";
    for row in tx.all(sql, args![]).await? {
        let (table, column) = (row.text("owner")?, row.text("name")?);
        let sql = format!(
            "SELECT setval(pg_get_serial_sequence('{table}', '{column}'),
                COALESCE((SELECT max({column}) FROM {table}), 0) + 1, false)"
        );
        tx.run(&sql, args![]).await?;
    }
    Ok(())
}
