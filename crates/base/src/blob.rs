//! Raw input and attachments, named by the SHA-256 of their bytes: the same bytes are stored once.
//!
//! Small ones stand in the database row itself, so that storing a mail is one commit and one sync; large ones are
//! files in the data folder, synced before the row is written. The row says which.

use std::{
    io::{Cursor, Read, Write},
    path::{Path, PathBuf},
};

use crate::{Actor, App, Error, HOUR, Result, Time, Tx, args, db::DANGLING, secrets::sha256};

/// Up to this many bytes stay in the row.
const INLINE: usize = 64 * 1024;

pub struct Blobs {
    folder: PathBuf,
}

impl Blobs {
    pub(crate) fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    fn path(&self, hash: &str) -> PathBuf {
        // Hashes are ours and hexadecimal; still, nothing else ever becomes a path.
        let safe: String = hash.chars().filter(char::is_ascii_hexdigit).collect();
        self.folder.join(safe.get(..2).unwrap_or("00")).join(&safe)
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }
}

/// Bytes whose file, if they need one, is on disk: what is left is the row. Making it before the transaction
/// keeps the wait for the disk out of it.
pub struct Stored {
    pub hash: String,
    pub size: i64,
    inline: Option<Vec<u8>>,
}

/// Makes the bytes durable on disk, or keeps them for the row.
pub async fn prepare(app: &App, bytes: Vec<u8>) -> Result<Stored> {
    let size = i64::try_from(bytes.len())?;
    let hash = sha256(&bytes);
    if bytes.len() <= INLINE {
        return Ok(Stored { hash, size, inline: Some(bytes) });
    }
    // Whoever removes them meanwhile has done so before the file is looked for, or leaves them alone.
    let old = "SELECT 1 AS one FROM blobs WHERE hash = $1 AND created_at < $2";
    if app.db().opt(old, args![&hash, app.now() - HOUR]).await?.is_some() {
        let sql = "UPDATE blobs SET created_at = $1 WHERE hash = $2";
        app.db().run(sql, args![app.now(), &hash]).await?;
    }
    let path = app.blobs().path(&hash);
    tokio::task::spawn_blocking(move || write_durably(&path, &bytes)).await?.map_err(full)?;
    Ok(Stored { hash, size, inline: None })
}

/// Writes the row; the same bytes again are harmless.
pub async fn put(tx: &mut Tx, stored: &Stored) -> Result<()> {
    let sql = "INSERT INTO blobs (hash, size, body, created_at) VALUES ($1, $2, $3, $4) ON CONFLICT (hash) DO NOTHING";
    tx.run(sql, args![&stored.hash, stored.size, stored.inline.clone(), tx.now()]).await
}

/// Nothing here names these bytes any more: they go a day later, if nobody else has them.
pub async fn stray(tx: &mut Tx, hash: &str) -> Result<()> {
    let sql = "INSERT INTO strays (hash, at) VALUES ($1, $2) ON CONFLICT (hash) DO UPDATE SET at = excluded.at";
    tx.run(sql, args![hash, tx.now()]).await
}

/// Removes bytes that no row names, unless they came again after this time; says whether they are gone. The file goes
/// before the row is let go: who waits to write the same bytes finds neither.
pub async fn remove(app: &App, hash: &str, before: Time) -> Result<bool> {
    let mut tx = app.begin(Actor::System).await?;
    let sql = "DELETE FROM blobs WHERE hash = $1 AND created_at < $2 RETURNING hash";
    match tx.opt(sql, args![hash, before]).await {
        Ok(Some(_)) => {}
        Err(Error::Invalid(wrong)) if wrong.iter().any(|wrong| wrong.field == DANGLING.0) => return Ok(false),
        other => return other.map(|_| false),
    }
    match tokio::fs::remove_file(app.blobs().path(hash)).await {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
        _ => tx.commit().await.map(|()| true),
    }
}

pub async fn read(app: &App, hash: &str) -> Result<Vec<u8>> {
    let row = app.db().one("SELECT body FROM blobs WHERE hash = $1", args![hash]).await?;
    if let Some(body) = row.opt_bytes("body")? {
        return Ok(body);
    }
    let path = app.blobs().path(hash);
    tokio::fs::read(&path).await.map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => Error::internal(format!("the file {} is missing", path.display())),
        _ => error.into(),
    })
}

/// The bytes one after the other, for what is too large to be held.
pub async fn open(app: &App, hash: &str) -> Result<Box<dyn Read + Send>> {
    let row = app.db().one("SELECT body FROM blobs WHERE hash = $1", args![hash]).await?;
    if let Some(body) = row.opt_bytes("body")? {
        return Ok(Box::new(Cursor::new(body)));
    }
    let path = app.blobs().path(hash);
    let file = tokio::task::spawn_blocking(move || std::fs::File::open(path)).await?;
    file.map(|file| Box::new(file) as Box<dyn Read + Send>).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => Error::internal(format!("the file {hash} is missing")),
        _ => error.into(),
    })
}

/// Several may write the same bytes at once, in this process and in others that share the folder: each writes a draft
/// of its own beside the place and renames it, so that a file under its final name is always whole.
fn write_durably(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let folder = path.parent().unwrap_or(path);
    if std::fs::metadata(path).is_ok_and(|there| there.len() == bytes.len() as u64) {
        // Whoever wrote it may not have come to this yet.
        return sync(folder);
    }
    if !folder.exists() {
        std::fs::create_dir_all(folder)?;
        sync(folder.parent().unwrap_or(folder))?;
    }
    let mut draft = tempfile::NamedTempFile::new_in(folder)?;
    draft.write_all(bytes)?;
    draft.as_file().sync_all()?;
    draft.persist(path)?;
    sync(folder)
}

/// Makes the names in a folder durable.
fn sync(folder: &Path) -> std::io::Result<()> {
    std::fs::File::open(folder)?.sync_all()
}

/// In the folder of the files: whose they are.
const MARK: &str = "installation";

/// Refuses a data folder that does not hold this installation's files: on a second node that was given a folder of its
/// own, attachments and raw mail would be missing one by one, and nobody would know why.
pub async fn same_files(app: &App) -> Result<()> {
    let mark = app.blobs().folder().join(MARK);
    let find = "SELECT value FROM installation WHERE name = 'files'";
    let Some(row) = app.db().opt(find, args![]).await? else {
        let name = marked(&mark, &app.secrets().token()?)?;
        let sql = "INSERT INTO installation (name, value) VALUES ('files', $1) ON CONFLICT (name) DO NOTHING";
        app.db().run(sql, args![name]).await?;
        // Another node may have been quicker, in another folder.
        return Box::pin(same_files(app)).await;
    };
    if std::fs::read_to_string(&mark).is_ok_and(|name| row.text("value").is_ok_and(|known| known == name.trim())) {
        return Ok(());
    }
    Err(Error::invalid(
        "data_dir",
        format!(
            "does not hold this installation's files: {} is missing or another's. All nodes need the same folder, and a \
             database that moves takes the folder `files` along. If they are lost for good, run `shopbell accept-files`: \
             attachments and raw mail above 64 KB are then gone",
            mark.display()
        ),
    ))
}

/// Goes on in a new folder after the files were lost.
pub async fn accept_files(app: &App) -> Result<()> {
    app.db().run("DELETE FROM installation WHERE name = 'files'", args![]).await?;
    same_files(app).await
}

/// What the folder is marked with; with `name` from now on, if it was not marked before.
fn marked(mark: &Path, name: &str) -> Result<String> {
    let folder = mark.parent().unwrap_or(mark);
    std::fs::create_dir_all(folder)?;
    let mut draft = tempfile::NamedTempFile::new_in(folder)?;
    draft.write_all(name.as_bytes())?;
    draft.as_file().sync_all()?;
    match draft.persist_noclobber(mark) {
        Ok(_) => sync(folder)?,
        Err(taken) if taken.error.kind() == std::io::ErrorKind::AlreadyExists => {}
        Err(failed) => return Err(full(failed.error)),
    }
    Ok(std::fs::read_to_string(mark)?.trim().to_owned())
}

fn full(error: std::io::Error) -> Error {
    match error.kind() {
        std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => Error::Full,
        _ => error.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::write_durably;

    #[test]
    fn many_writers_of_the_same_bytes_leave_them_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("files/ab/abcdef");
        let bytes = vec![7; 300_000];
        for _ in 0..20 {
            std::thread::scope(|scope| {
                let writers: Vec<_> = (0..4).map(|_| scope.spawn(|| write_durably(&path, &bytes))).collect();
                for writer in writers {
                    writer.join().unwrap().unwrap();
                }
            });
            assert_eq!(std::fs::read(&path).unwrap(), bytes);
            assert_eq!(std::fs::read_dir(path.parent().unwrap()).unwrap().count(), 1, "no draft is left");
            std::fs::remove_file(&path).unwrap();
        }
    }

    #[test]
    fn a_file_cut_short_is_written_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ab/abcdef");
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, b"who").unwrap();
        write_durably(&path, b"whole").unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"whole");
    }
}
