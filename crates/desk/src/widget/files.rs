//! Files of a conversation: uploaded before the line they stand on, and opened by nobody but who reads that line.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use aide::{
    OperationInput,
    axum::{
        ApiRouter,
        routing::{get_with, post_with},
    },
};
use axum::{
    Extension, Json,
    extract::{FromRequestParts, RawPathParams, State},
    http::{HeaderMap, request::Parts},
    response::Response,
};
use base::{
    Actor, App, Error, Feature, Result, blob,
    web::{
        Caller, Params,
        input::{Unread, bytes_up_to},
    },
};
use connectors::scanner::Scanner;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tokio::time::timeout;

use super::door::Visitor;
use crate::{
    messages::{self, AttachmentId},
    visits::{self, Kind, LineFile},
};

pub(super) fn feature() -> Feature {
    let doors = ApiRouter::new()
        .api_route(
            "/widgets/{id}/files",
            post_with(create, |op| op.summary("Upload a file for something to be said; the body is the file itself")),
        )
        .api_route(
            "/widgets/{id}/files/{file}",
            get_with(download, |op| op.summary("A file of the visitor's conversation").response::<200, Vec<u8>>()),
        );
    Feature { doors, ..Feature::default() }
}

/// A file on a line, as its visitor sees it.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "WidgetFile")]
pub(super) struct ShownFile {
    pub id: AttachmentId,
    pub name: String,
    /// By its content.
    #[serde(rename = "type")]
    pub content_type: String,
    /// Bytes.
    pub size: i64,
    /// Whether it is a picture that can be shown at once.
    pub picture: bool,
}

impl From<LineFile> for ShownFile {
    fn from(LineFile { id, name, content_type, size }: LineFile) -> Self {
        Self { id, name, picture: messages::is_picture(&content_type), content_type, size }
    }
}

/// What may be sent, for pages to say before anybody tries.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Taken {
    /// Of one file; 0 where none is taken.
    max_bytes: usize,
    types: Vec<&'static str>,
}

impl Taken {
    pub fn up_to(max_bytes: usize) -> Self {
        let types = if max_bytes == 0 { &[] } else { visits::KINDS };
        Self { max_bytes, types: types.iter().map(|kind| kind.mime).collect() }
    }
}

/// The uploads that this node is taking just now. Their bytes stand in memory, so there are few of them, and from one
/// network address fewer.
#[derive(Default)]
pub struct Rising(Mutex<HashMap<IpAddr, usize>>);

const AT_ONCE: usize = 32;
const AT_ONCE_FROM_ONE: usize = 6;
/// A file that takes longer is not waited for.
const PATIENCE: Duration = Duration::from_mins(3);

/// One upload's place among them.
pub struct Place {
    rising: Arc<Rising>,
    from: IpAddr,
}

impl Rising {
    fn taken(&self) -> MutexGuard<'_, HashMap<IpAddr, usize>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn place(self: &Arc<Self>, from: IpAddr) -> Result<Place> {
        let mut taken = self.taken();
        let own = taken.get(&from).copied().unwrap_or(0);
        if own >= AT_ONCE_FROM_ONE || taken.values().sum::<usize>() >= AT_ONCE {
            return Err(Error::TooMany { retry_after: 5 });
        }
        taken.insert(from, own + 1);
        drop(taken);
        Ok(Place { rising: self.clone(), from })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.rising.taken();
        match taken.get_mut(&self.from) {
            Some(own) if *own > 1 => *own -= 1,
            _ => drop(taken.remove(&self.from)),
        }
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Named {
    /// The file's name.
    #[serde(default)]
    name: String,
}

async fn create(
    State(app): State<App>,
    Visitor { visit, doorway }: Visitor,
    Extension(caller): Extension<Caller>,
    Extension(rising): Extension<Arc<Rising>>,
    Params(query): Params<Named>,
    Unread(request): Unread,
) -> Result<Json<ShownFile>> {
    let largest = doorway.door.file_bytes;
    if largest == 0 {
        return Err(Error::Unsupported("No files can be sent in this chat.".into()));
    }
    let _place = rising.place(caller.network())?;
    let mut tx = app.begin(Actor::System).await?;
    visits::may_upload(&mut tx, &visit).await?;
    drop(tx);
    let bytes = timeout(PATIENCE, bytes_up_to(request.into_body(), largest)).await;
    let bytes = bytes.map_err(|_| Error::Malformed("The file came too slowly.".into()))??;
    if bytes.is_empty() {
        return Err(Error::invalid("body", "the file is empty"));
    }
    let kind = Kind::of(&bytes)?;
    app.part::<Scanner>()?.look(&bytes).await?;
    let stored = blob::prepare(&app, bytes.into()).await?;
    let mut tx = app.begin(Actor::System).await?;
    let file = visits::upload(&mut tx, &visit, &stored, &query.name, kind).await?;
    tx.commit().await?;
    Ok(Json(file.into()))
}

/// The second number of the path.
struct FileId(AttachmentId);

impl FromRequestParts<App> for FileId {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let path = RawPathParams::from_request_parts(parts, app).await.map_err(|_| Error::NotFound)?;
        let id = path.iter().nth(1).and_then(|(_, id)| id.parse().ok()).ok_or(Error::NotFound)?;
        Ok(Self(AttachmentId(id)))
    }
}

#[derive(JsonSchema)]
#[expect(dead_code, reason = "only its shape is used, for the OpenAPI document")]
struct FilePath {
    file: i64,
}

impl OperationInput for FileId {
    fn operation_input(ctx: &mut aide::generate::GenContext, operation: &mut aide::openapi::Operation) {
        axum::extract::Path::<FilePath>::operation_input(ctx, operation);
    }
}

async fn download(
    State(app): State<App>,
    Visitor { visit, .. }: Visitor,
    FileId(id): FileId,
    headers: HeaderMap,
) -> Result<Response> {
    let (file, hash) = visits::open_file(&app, &visit, id).await?;
    messages::serve(&app, &hash, &file.name, &file.content_type, &headers).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_takes_all_places_and_each_is_given_back() {
        let rising = Arc::new(Rising::default());
        let address = |last: u8| IpAddr::from([10, 0, 0, last]);
        let own: Vec<_> = (0..AT_ONCE_FROM_ONE).map(|_| rising.place(address(1)).unwrap()).collect();
        assert!(matches!(rising.place(address(1)), Err(Error::TooMany { .. })));
        assert!(rising.place(address(2)).is_ok());
        drop(own);
        assert!(rising.taken().is_empty());
        let all: Vec<_> = (0..u8::MAX).map_while(|last| rising.place(address(last)).ok()).collect();
        assert_eq!(all.len(), AT_ONCE);
    }
}
