//! `shopbell try`: how mails and texts are read, one JSON line each. Needs no settings and no database.

use std::{
    fs::File,
    io::{BufRead, Read, stdin},
    path::{Path, PathBuf},
};

use base::{Error, Result};
use clap::Subcommand;
use serde_json::{Value, json};

use crate::{cli::say, try_texts};

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
    /// Learn intents from JSON lines {"text", "intent"}, and name those of other lines {"text"}; null where not sure.
    Intents {
        #[arg(value_name = "TRAIN.jsonl")]
        train: PathBuf,
        #[arg(value_name = "TEST.jsonl")]
        test: PathBuf,
    },
    /// The mood of each line of a file or of standard input, from -1 to 1.
    Sentiment {
        #[arg(value_name = "FILE")]
        file: Option<PathBuf>,
    },
    /// The language of each line of a file or of standard input; null where not sure.
    Language {
        #[arg(value_name = "FILE")]
        file: Option<PathBuf>,
    },
}

pub fn run(args: Args) -> Result<()> {
    match args {
        Args::Mail { files } => {
            let mut unreadable = 0;
            for file in files {
                let line = mail(&file);
                unreadable += usize::from(!file.is_file());
                say(line)?;
            }
            if unreadable > 0 {
                return Err(Error::refused(format!("{unreadable} files could not be opened")));
            }
        }
        Args::Reply => replies(&mut stdin().lock())?,
        Args::Intents { train, test } => try_texts::intents(&train, &test)?,
        Args::Sentiment { file } => try_texts::sentiment(file.as_deref())?,
        Args::Language { file } => try_texts::language(file.as_deref())?,
    }
    Ok(())
}

/// A line that is no question gets its error, and the others their answer all the same.
fn replies(input: &mut impl BufRead) -> Result<()> {
    let mut line = Vec::new();
    let mut wrong = 0;
    for number in 1.. {
        line.clear();
        if input.by_ref().take(LARGEST).read_until(b'\n', &mut line)? == 0 {
            break;
        }
        let text = String::from_utf8_lossy(&line);
        if !text.trim().is_empty() {
            let answer = mail::report::try_reply(&text, number);
            wrong += usize::from(answer.is_err());
            say(answer.unwrap_or_else(|error| error))?;
        }
    }
    match wrong {
        0 => Ok(()),
        1 => Err(Error::refused("one line could not be read")),
        wrong => Err(Error::refused(format!("{wrong} lines could not be read"))),
    }
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
