//! What a browser sends of a form (RFC 7578), read within bounds. What is too long is read to its end and said so, rather
//! than lost together with everything else.

use axum::{
    body::Body,
    http::{HeaderMap, header},
};
use base::{Error, Result};
use multer::{Constraints, Field, Multipart, SizeLimit};

use super::entry::{MOST_FILES, MOST_TEXT, Typed};

/// Bytes of a text that are read and shown again.
const TEXT: usize = 8 * MOST_TEXT;
const SHORT: usize = 4 * 1024;
/// Of everything that is no file.
const TEXTS: usize = 12 << 20;
/// Of all files together.
const FILES: usize = 25 << 20;
/// A browser sends a part for each field; more is no browser.
const PARTS: usize = 100;

/// What was sent.
#[derive(Default)]
pub(super) struct Sending {
    pub typed: Typed,
    pub token: String,
    pub work: String,
    /// Files of an earlier try that are to go along.
    pub keep: Vec<i64>,
    pub files: Vec<Came>,
    /// There were more than can be sent at once.
    pub too_many: bool,
}

pub(super) struct Came {
    pub name: String,
    /// None where there were too many.
    pub bytes: Option<Vec<u8>>,
}

pub(super) async fn read(headers: &HeaderMap, body: Body, largest: usize) -> Result<Sending> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let boundary = multer::parse_boundary(kind)
        .map_err(|_| Error::Unsupported("Send it as multipart/form-data, as the form does.".into()))?;
    let whole = TEXTS + if largest == 0 { 0 } else { FILES };
    let limits = Constraints::new().size_limit(SizeLimit::new().whole_stream(whole as u64));
    let mut parts = Multipart::with_constraints(body.into_data_stream(), boundary, limits);
    let (mut sending, mut left) = (Sending::default(), FILES);
    for _ in 0..PARTS {
        let Some(mut part) = parts.next_field().await.map_err(unreadable)? else { return Ok(sending) };
        let name = part.name().unwrap_or_default().to_owned();
        if name == "files" {
            let file = file(part, largest.min(left)).await?;
            if file.name.is_empty() && file.bytes.as_ref().is_some_and(Vec::is_empty) {
                continue;
            }
            left -= file.bytes.as_ref().map_or(0, Vec::len);
            if largest > 0 && sending.files.len() < MOST_FILES {
                sending.files.push(file);
            } else {
                sending.too_many = true;
            }
            continue;
        }
        let text = text(&mut part, if name == "text" { TEXT } else { SHORT }).await?;
        match name.as_str() {
            "token" => sending.token = text,
            "work" => sending.work = text,
            "keep" if sending.keep.len() < MOST_FILES => sending.keep.extend(text.parse::<i64>().ok()),
            name => sending.typed.set(name, text),
        }
    }
    Err(Error::Malformed("It has more parts than the form.".into()))
}

/// The first bytes of a text; what stands behind them is read and dropped.
async fn text(part: &mut Field<'_>, most: usize) -> Result<String> {
    let mut bytes = Vec::new();
    while let Some(chunk) = part.chunk().await.map_err(unreadable)? {
        let room = most.saturating_sub(bytes.len());
        bytes.extend_from_slice(&chunk[..chunk.len().min(room)]);
    }
    // A letter that was cut in two is none.
    let text = String::from_utf8_lossy(&bytes);
    Ok(text.trim_end_matches('\u{fffd}').replace("\r\n", "\n").replace('\0', ""))
}

async fn file(mut part: Field<'_>, most: usize) -> Result<Came> {
    let name = mail::part::safe_name(part.file_name().unwrap_or_default());
    let mut bytes = Some(Vec::new());
    while let Some(chunk) = part.chunk().await.map_err(unreadable)? {
        match &mut bytes {
            Some(so_far) if so_far.len() + chunk.len() <= most => so_far.extend_from_slice(&chunk),
            _ => bytes = None,
        }
    }
    Ok(Came { name, bytes })
}

fn unreadable(error: multer::Error) -> Error {
    match error {
        multer::Error::StreamSizeExceeded { limit } => Error::TooLarge { limit: usize::try_from(limit).unwrap_or(0) },
        other => Error::Malformed(format!("The form could not be read: {other}.")),
    }
}
