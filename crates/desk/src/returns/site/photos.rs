//! What a browser sends of the page with the reasons: fields, and pictures, which wait under the form's key until it is
//! sent (RFC 7578).

use axum::{
    body::Body,
    http::{HeaderMap, header},
};
use base::{Actor, App, Error, Result, blob, web::Caller};
use connectors::scanner::Scanner;
use multer::{Constraints, Multipart, SizeLimit};

use super::Fields;
use crate::visits::{self, Kind};

pub(super) const MOST: usize = 5;
/// Bytes of one picture, and of a text.
const LARGEST: usize = 10 << 20;
const TEXT: usize = 4096;
const PARTS: usize = 200;

/// Why a picture was not taken, as a key of the words.
pub(super) type Refusal = &'static str;

pub(super) async fn read(
    app: &App,
    caller: &Caller,
    headers: &HeaderMap,
    body: Body,
    key: &str,
) -> Result<(Fields, Option<Refusal>)> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let boundary = multer::parse_boundary(kind)
        .map_err(|_| Error::Unsupported("Send it as multipart/form-data, as the form does.".into()))?;
    let limits = Constraints::new().size_limit(SizeLimit::new().whole_stream((MOST * LARGEST + (1 << 20)) as u64));
    let mut parts = Multipart::with_constraints(body.into_data_stream(), boundary, limits);
    let (mut fields, mut refusal) = (Vec::new(), None);
    for _ in 0..PARTS {
        let Some(mut part) = parts.next_field().await.map_err(unreadable)? else {
            return Ok((Fields(fields), refusal));
        };
        let name = part.name().unwrap_or_default().to_owned();
        let file = part.file_name().map(mail::part::safe_name);
        let most = if file.is_some() { LARGEST } else { TEXT };
        let (mut bytes, mut whole) = (Vec::new(), true);
        while let Some(chunk) = part.chunk().await.map_err(unreadable)? {
            whole &= bytes.len() + chunk.len() <= most;
            if whole {
                bytes.extend_from_slice(&chunk);
            }
        }
        match file {
            None => fields.push((name, String::from_utf8_lossy(&bytes).replace('\0', ""))),
            Some(_) if bytes.is_empty() && whole => {}
            Some(file) => {
                let kept = if whole { keep(app, caller, key, &file, bytes).await? } else { Some("photo_large") };
                refusal = refusal.or(kept);
            }
        }
    }
    Err(Error::Malformed("It has more parts than the form.".into()))
}

/// Keeps one picture; says why not.
async fn keep(app: &App, caller: &Caller, key: &str, name: &str, bytes: Vec<u8>) -> Result<Option<Refusal>> {
    if visits::is_vast(&bytes) {
        return Ok(Some("photo_large"));
    }
    let kind = match Kind::of(&bytes) {
        Ok(kind) if kind.mime.starts_with("image/") => kind,
        Ok(_) | Err(Error::Unsupported(_)) => return Ok(Some("photo_kind")),
        Err(other) => return Err(other),
    };
    let network = visits::network(app, &caller.network().to_string());
    let mut tx = app.begin(Actor::System).await?;
    if visits::kept(&mut tx, key).await?.len() >= MOST {
        return Ok(Some("photo_many"));
    }
    let room = visits::may_keep(&mut tx, key, &network).await;
    drop(tx);
    let stored = async {
        room?;
        app.part::<Scanner>()?.look(&bytes).await?;
        let stored = blob::prepare(app, bytes).await?;
        let mut tx = app.begin(Actor::System).await?;
        visits::keep(&mut tx, key, &network, &stored, name, kind).await?;
        tx.commit().await
    };
    match stored.await {
        Ok(()) => Ok(None),
        Err(Error::TooMany { .. } | Error::Away(_)) => Ok(Some("photo_later")),
        Err(Error::Invalid(_)) => Ok(Some("photo_harmful")),
        Err(other) => Err(other),
    }
}

fn unreadable(error: multer::Error) -> Error {
    match error {
        multer::Error::StreamSizeExceeded { limit } => Error::TooLarge { limit: usize::try_from(limit).unwrap_or(0) },
        other => Error::Malformed(format!("The form could not be read: {other}.")),
    }
}
