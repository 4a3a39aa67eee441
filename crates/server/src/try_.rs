//! `shopbell try`: how mails are read, one JSON line each. Needs no settings and no database.

use std::{
    fs::File,
    io::{BufRead, Read, stdin},
    path::{Path, PathBuf},
};

use base::{Error, Result};
use clap::Subcommand;
use serde_json::{Value, json};

use crate::cli::say;

/// A mail larger than any server carries; also bounds the memory.
const LARGEST: u64 = 200 * 1024 * 1024;

#[derive(Subcommand)]
pub enum Args {
    /// Read mail files.
    Mail {
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
    },
    /// Read what people wrote from JSON lines {"id", "kind": "plain"|"html", "input"} on standard input.
    Reply,
}

pub fn run(args: Args) -> Result<()> {
    match args {
        Args::Mail { files } => {
            for file in files {
                say(mail(&file))?;
            }
        }
        Args::Reply => {
            let mut input = stdin().lock();
            let mut line = Vec::new();
            for number in 1.. {
                line.clear();
                if input.by_ref().take(LARGEST).read_until(b'\n', &mut line)? == 0 {
                    break;
                }
                let text = String::from_utf8_lossy(&line);
                if !text.trim().is_empty() {
                    say(reply(&text, number)?)?;
                }
            }
        }
    }
    Ok(())
}

/// What cannot be read says so in its line and does not stop the others.
fn mail(path: &Path) -> Value {
    let name = path.display().to_string();
    let mut raw = Vec::new();
    let read = File::open(path).and_then(|file| file.take(LARGEST + 1).read_to_end(&mut raw));
    match read {
        Err(error) => json!({ "file": name, "error": error.to_string() }),
        Ok(_) if raw.len() as u64 > LARGEST => json!({ "file": name, "error": "larger than any mail server carries" }),
        Ok(_) => mail::report::try_mail(&name, &raw),
    }
}

fn reply(line: &str, number: usize) -> Result<Value> {
    mail::report::try_reply(line).map_err(|why| Error::refused(format!("line {number}: {why}")))
}
