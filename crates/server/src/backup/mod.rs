//! `shopbell backup FILE` and `shopbell restore FILE`: one format for both engines, so that what was written from
//! one can be restored into the other.
//!
//! The file is a tar archive, compressed if its name ends in `.gz`:
//! `head.json` says what it is; `tables/NAME/NUMBER.jsonl` hold rows, an array each, the first line being the
//! columns; `files/SHA256` are the large files; `secret.key` is there only if it was asked for; `manifest.json` comes
//! last, with a checksum for every part before it, so that a file cut short is never taken for a whole one.

mod dump;
mod restore;
mod tables;

use std::{
    fs::File,
    io::{BufReader, BufWriter, Read, Write},
    path::{Path, PathBuf},
};

use base::{App, Config, Error, Result};
use flate2::{Compression, read::GzDecoder, write::GzEncoder};
use serde::{Deserialize, Serialize};

use crate::{cli::say, node};

pub use dump::backup;
pub use restore::restore;

const FORMAT: i64 = 1;

/// What belongs to one running installation only, and would be wrong elsewhere: who is signed in, keys of requests,
/// failed attempts, who looks at what.
const LEFT_OUT: &[&str] = &["sessions", "idempotency", "attempts", "presence"];

#[derive(Debug, Serialize, Deserialize)]
struct Head {
    format: i64,
    version: String,
    /// The database's shape.
    migration: i64,
    taken_at: String,
}

/// What lies in a backup.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Manifest {
    pub rows: u64,
    pub files: u64,
    /// Files that the database names and the disk no longer had.
    pub missing: Vec<String>,
    pub secret_key: bool,
    /// SHA-256 of every part but the files, whose names are theirs.
    parts: std::collections::BTreeMap<String, String>,
}

#[derive(clap::Args)]
pub struct Args {
    /// Where to write it; with .gz at the end it is compressed.
    file: PathBuf,
    /// Put the secret key in as well. Without it, stored mail passwords must be entered again after a restore;
    /// with it, whoever has the file can read them.
    #[arg(long)]
    with_key: bool,
}

#[derive(clap::Args)]
pub struct RestoreArgs {
    /// A file that `backup` wrote.
    file: PathBuf,
}

pub async fn backup_command(args: Args, app: &App) -> Result<()> {
    let manifest = backup(app, &args.file, args.with_key).await?;
    for hash in &manifest.missing {
        say(format!("Warning: the file {hash} is named in the database but missing in the data folder."))?;
    }
    say(format!("Wrote {}: {} rows, {} files.", args.file.display(), manifest.rows, manifest.files))?;
    if !manifest.secret_key {
        say("The secret key is not in it: keep it elsewhere, or stored mail passwords are lost with it.")?;
    }
    Ok(())
}

pub async fn restore_command(args: RestoreArgs, config: Config) -> Result<()> {
    let manifest = restore(&config, &args.file).await?;
    say(format!("Restored {} rows and {} files.", manifest.rows, manifest.files))?;
    if !manifest.secret_key && config.secret_key.is_empty() {
        say("The backup held no secret key: put the old one in its place, or enter the mail passwords again.")?;
    }
    Ok(())
}

fn create(path: &Path) -> Result<tar::Builder<Box<dyn Finish>>> {
    use std::os::unix::fs::OpenOptionsExt;
    let draft = draft(path);
    let file = File::options()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&draft)
        .map_err(|error| Error::refused(format!("{} cannot be written: {error}", draft.display())))?;
    let writer: Box<dyn Finish> = if path.extension().is_some_and(|ending| ending == "gz") {
        Box::new(GzEncoder::new(BufWriter::new(file), Compression::fast()))
    } else {
        Box::new(BufWriter::new(file))
    };
    Ok(tar::Builder::new(writer))
}

/// Under its final name a backup is always whole.
fn draft(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".part");
    name.into()
}

/// A writer that can be brought to its end and to the disk.
trait Finish: Write {
    fn finish(self: Box<Self>) -> std::io::Result<()>;
}

impl Finish for BufWriter<File> {
    fn finish(self: Box<Self>) -> std::io::Result<()> {
        self.into_inner().map_err(std::io::IntoInnerError::into_error)?.sync_all()
    }
}

impl Finish for GzEncoder<BufWriter<File>> {
    fn finish(self: Box<Self>) -> std::io::Result<()> {
        Box::new((*self).finish()?).finish()
    }
}

fn open(path: &Path) -> Result<tar::Archive<Box<dyn Read>>> {
    let unreadable = |error: std::io::Error| Error::refused(format!("{} cannot be read: {error}", path.display()));
    let mut start = [0_u8; 2];
    let squeezed = File::open(path).and_then(|mut file| file.read_exact(&mut start)).map(|()| start == [0x1f, 0x8b]);
    let squeezed = squeezed.map_err(unreadable)?;
    let file = BufReader::new(File::open(path).map_err(unreadable)?);
    Ok(tar::Archive::new(if squeezed { Box::new(GzDecoder::new(file)) } else { Box::new(file) }))
}

/// The database alone, without bringing it to any shape.
async fn bare(config: &Config) -> Result<base::Db> {
    node::open_database(config).await
}
