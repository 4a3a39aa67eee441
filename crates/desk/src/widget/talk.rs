//! What a visitor says and reads. What they say is stored as it came before anybody reads it, like all that arrives.

use std::sync::Arc;

use aide::axum::{
    ApiRouter,
    routing::{get_with, put_with},
};
use axum::{Extension, Json, extract::State};
use base::{
    Actor, App, Error, Feature, Result, Stamp, Tx, blob,
    db::EVERYBODY,
    web::{Gone, Params},
};
use connectors::channel::{Spoken, Upload};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tokio::time::Instant;

use super::{
    crowd::Crowd,
    door::{Small, Visitor},
    files::ShownFile,
};
use crate::{
    customers,
    event::Whisper,
    greetings::{self, Answered},
    inboxes,
    messages::{self, AttachmentId, inbound},
    visits::{self, Line, Said, Visit, VisitId},
};

pub(super) fn feature() -> Feature {
    let doors = ApiRouter::new()
        .api_route(
            "/widgets/{id}/messages",
            get_with(list, |op| op.summary("The visitor's own conversation, oldest first"))
                .post_with(create, |op| op.summary("Say something; the same id again changes nothing")),
        )
        .api_route(
            "/widgets/{id}/marks",
            put_with(mark, |op| op.summary("Say up to where the page has and has shown the conversation")),
        )
        .api_route("/widgets/{id}/typing", put_with(typing, |op| op.summary("Say that the visitor is writing")));
    Feature { doors, ..Feature::default() }
}

/// One line of a conversation, as its visitor sees it.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "WidgetLine")]
pub(super) struct ShownLine {
    /// 1, 2, 3 … without gaps: the last one known is the cursor.
    pub place: i64,
    /// The id that the page gave to what its visitor said; null on what the shop said.
    pub id: Option<String>,
    /// `visitor` or `shop`.
    pub author: &'static str,
    /// Who of the shop said it, as the shop shows its people.
    pub name: Option<String>,
    pub text: String,
    pub files: Vec<ShownFile>,
    /// It came or went by mail while the visitor was away.
    pub by_mail: bool,
    pub at: Stamp,
}

impl From<Line> for ShownLine {
    fn from(line: Line) -> Self {
        let author = if line.said.is_some() { "visitor" } else { "shop" };
        Self {
            place: line.place,
            id: line.said,
            author,
            name: line.name,
            text: line.text,
            files: line.files.into_iter().map(Into::into).collect(),
            by_mail: line.by_mail,
            at: Stamp(line.at),
        }
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct After {
    /// The place of the last line that is known already.
    after: Option<i64>,
}

/// Characters of a text that is not said yet.
const PREVIEW: usize = 500;

/// Lines a page of the answer.
pub(super) const BATCH: i64 = 100;

#[derive(Serialize, JsonSchema)]
struct Conversation {
    data: Vec<ShownLine>,
    /// The place of the newest line: with fewer shown, ask again after the last of them.
    newest: i64,
    /// The last line of the visitor's that somebody of the shop has read.
    read_by_shop: i64,
    ended: bool,
}

async fn list(
    State(app): State<App>,
    Visitor { visit, .. }: Visitor,
    Params(after): Params<After>,
) -> Result<Json<Conversation>> {
    let lines = visits::after(&app, visit.id, after.after.unwrap_or(0), BATCH).await?;
    let read_by_shop = visits::read_by_shop(&app, visit.id).await?;
    let newest = lines.last().map_or(visit.newest, |line| visit.newest.max(line.place));
    let data = lines.into_iter().map(Into::into).collect();
    Ok(Json(Conversation { data, newest, read_by_shop, ended: visit.ended_at.is_some() }))
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Say {
    /// Chosen by the page, new for each message: with the same one again nothing is said twice.
    id: String,
    /// At most 5,000 characters; may be empty where there are files.
    #[serde(default)]
    text: String,
    /// Uploads of this visitor, at most ten.
    #[serde(default)]
    files: Vec<AttachmentId>,
    /// Said first: it stands before these words.
    greeting: Option<Answered>,
}

async fn create(
    State(app): State<App>,
    Visitor { visit, doorway }: Visitor,
    Extension(crowd): Extension<Arc<Crowd>>,
    Small(body): Small<Say>,
) -> Result<Json<ShownLine>> {
    visits::must_be_right(&body.id, body.text.trim(), &body.files)?;
    let mut files = Vec::new();
    for id in &body.files {
        let (file, _) = visits::open_file(&app, &visit, *id).await.map_err(|error| match error {
            Error::NotFound => Error::invalid("files", format!("{id} is no unused file of yours")),
            other => other,
        })?;
        files.push(Upload { id: id.0, name: file.name });
    }
    let spoken = Spoken {
        visitor: visit.visitor.clone(),
        id: body.id.clone(),
        text: body.text.trim().to_owned(),
        files,
        name: visit.name.clone(),
        language: visit.language.clone(),
        at: app.now(),
    };
    let raw = blob::prepare(&app, serde_json::to_vec(&spoken)?).await?;
    let mut tx = app.begin(Actor::System).await?;
    if let Some(greeting) = &body.greeting {
        greetings::answered(&mut tx, &visit, &doorway.door, greeting).await?;
    }
    let line = match visits::say(&mut tx, &visit, &body.id, &body.text, &body.files).await? {
        Said::New(line) => {
            inbound::store(&mut tx, doorway.inbox.id, &raw).await?;
            tx.commit().await?;
            crowd.nudge(visit.id);
            line
        }
        Said::Known(line) => {
            drop(tx);
            visits::at(&app, visit.id, line.place).await?
        }
    };
    Ok(Json(line.into()))
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Marks {
    delivered: Option<i64>,
    read: Option<i64>,
}

async fn mark(State(app): State<App>, Visitor { visit, .. }: Visitor, Small(body): Small<Marks>) -> Result<Gone> {
    set_marks(&app, visit.id, body.delivered, body.read).await?;
    Ok(Gone)
}

pub(super) async fn set_marks(app: &App, visit: VisitId, delivered: Option<i64>, read: Option<i64>) -> Result<()> {
    let mut tx = app.begin(Actor::System).await?;
    let marked = visits::mark(&mut tx, visit, delivered, read).await?;
    messages::reached(&mut tx, &marked.delivered, &marked.read).await?;
    tx.commit().await
}

async fn typing(
    State(app): State<App>,
    Visitor { visit, .. }: Visitor,
    Extension(crowd): Extension<Arc<Crowd>>,
) -> Result<Gone> {
    say_typing(&app, &crowd, &visit, None).await?;
    Ok(Gone)
}

/// Told to whoever is at the desk; kept nowhere. What was typed so far only where the inbox shows it, and never more than
/// the beginning of it.
pub(super) async fn say_typing(app: &App, crowd: &Crowd, visit: &Visit, text: Option<&str>) -> Result<()> {
    if !crowd.may_type(visit.id, Instant::now(), text.is_some()) {
        return Ok(());
    }
    let text = match text {
        Some(text) if shows_previews(app, visit).await? => {
            Some(customers::clean(text, PREVIEW)).filter(|text| !text.is_empty())
        }
        _ => None,
    };
    let mut tx: Tx = app.begin(Actor::System).await?;
    if let Some(ticket) = visits::ticket(&mut tx, visit.id).await? {
        tx.whisper(EVERYBODY, &Whisper::VisitorTyping { ticket, text })?;
        tx.commit().await?;
    }
    Ok(())
}

/// As the inbox says now, whatever the page was told when it was opened.
async fn shows_previews(app: &App, visit: &Visit) -> Result<bool> {
    let inbox = inboxes::get(app, visit.inbox).await?;
    let door = app.part::<connectors::Channels>()?.get(&inbox.channel)?.door(&inbox.settings);
    Ok(door.is_some_and(|door| door.typing_preview))
}
