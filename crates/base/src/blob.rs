//! Raw input and attachments, named by the SHA-256 of their bytes: the same bytes are stored once.
//!
//! Small ones stand in the database row itself, so that storing a mail is one commit and one sync; large ones are
//! files in the data folder, synced before the row is written. The row says which.

use std::path::PathBuf;

use crate::{App, Error, Result, Tx, args, secrets::sha256};

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

    pub fn folder(&self) -> &std::path::Path {
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
    let path = app.blobs().path(&hash);
    tokio::task::spawn_blocking(move || write_durably(&path, &bytes)).await??;
    Ok(Stored { hash, size, inline: None })
}

/// Writes the row; the same bytes again are harmless.
pub async fn put(tx: &mut Tx, stored: &Stored) -> Result<()> {
    let sql = "INSERT INTO blobs (hash, size, body, created_at) VALUES ($1, $2, $3, $4) ON CONFLICT (hash) DO NOTHING";
    tx.run(sql, args![&stored.hash, stored.size, stored.inline.clone(), tx.now()]).await
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

fn write_durably(path: &std::path::Path, bytes: &[u8]) -> Result<()> {
    use std::io::Write;
    if path.exists() {
        return Ok(());
    }
    let folder = path.parent().unwrap_or(path);
    std::fs::create_dir_all(folder).map_err(full)?;
    // Written beside, then renamed: a file under its final name is always whole.
    let draft = path.with_extension(format!("part{}", std::process::id()));
    let write = || -> std::io::Result<()> {
        let mut file = std::fs::File::create(&draft)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        std::fs::rename(&draft, path)?;
        std::fs::File::open(folder)?.sync_all()
    };
    write().map_err(|error| {
        let _ = std::fs::remove_file(&draft);
        full(error)
    })
}

fn full(error: std::io::Error) -> Error {
    match error.kind() {
        std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => Error::Full,
        _ => error.into(),
    }
}
