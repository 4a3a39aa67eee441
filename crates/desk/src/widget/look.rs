//! What a page draws the widget by, before anybody has said anything: its look, who is there, and how long it takes.

use std::sync::Arc;

use aide::axum::{ApiRouter, routing::get_with};
use axum::{Extension, Json, extract::State};
use base::{App, Feature, Result, Stamp, args};
use connectors::channel::{Door, Question};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::{door::Doorway, files::Taken, usual::Usual};
use crate::{
    hours::{self, Opening},
    inboxes::Inbox,
    live::Hub,
    visits,
};

/// As many as fit beside a greeting.
const FACES: usize = 3;

pub(super) fn feature() -> Feature {
    let get = get_with(get, |op| op.summary("How a shop's widget looks; open to pages of its sites"));
    Feature { doors: ApiRouter::new().api_route("/widgets/{id}", get), ..Feature::default() }
}

#[derive(Serialize, JsonSchema)]
struct Widget {
    /// The shop's name.
    shop: String,
    /// A language tag, where the visitor's is not known.
    language: String,
    /// As the inbox's settings say: `colour`, `side`, `greeting` by language.
    look: Value,
    files: Taken,
    answers: Answers,
    /// To be asked before the first message; mostly none.
    questions: Vec<Asked>,
    /// Up to three of the shop who are at their desks.
    faces: Vec<Face>,
}

#[derive(Serialize, JsonSchema)]
struct Answers {
    /// Within the inbox's hours, else those of its team or shop; or none are set.
    open: bool,
    /// When it opens next, where it is closed.
    opens_at: Option<Stamp>,
    /// Usual time until the first answer; null while nobody can say.
    minutes: Option<i64>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "WidgetQuestion")]
struct Asked {
    /// `name`, `email`, `topic` or `question`.
    key: &'static str,
    label: String,
    /// `text`, `email` or `choice`.
    kind: &'static str,
    choices: Vec<String>,
    required: bool,
}

impl From<Question> for Asked {
    fn from(Question { key, label, kind, choices, required }: Question) -> Self {
        Self { key, label, kind, choices, required }
    }
}

#[derive(Serialize, JsonSchema)]
struct Face {
    name: String,
}

async fn get(
    State(app): State<App>,
    Doorway { inbox, door }: Doorway,
    Extension(hub): Extension<Arc<Hub>>,
    Extension(usual): Extension<Arc<Usual>>,
) -> Result<Json<Widget>> {
    let row = app.db().one("SELECT name, language FROM shops WHERE id = $1", args![inbox.shop]).await?;
    Ok(Json(Widget {
        shop: row.text("name")?,
        language: row.text("language")?,
        answers: answers(&app, &inbox, &door, &usual).await?,
        faces: faces(&app, &door, &hub).await?,
        files: Taken::up_to(door.file_bytes),
        questions: door.questions.into_iter().map(Into::into).collect(),
        look: door.look,
    }))
}

async fn answers(app: &App, inbox: &Inbox, door: &Door, usual: &Usual) -> Result<Answers> {
    let Opening { open, opens_at, .. } = hours::opening(app, inbox.shop, inbox.team, door.hours.as_ref()).await?;
    Ok(Answers { open, opens_at: opens_at.map(Stamp), minutes: usual.minutes(app, inbox.id).await? })
}

async fn faces(app: &App, door: &Door, hub: &Arc<Hub>) -> Result<Vec<Face>> {
    let names = hub.at_desk(app).await?;
    let names = names.iter().filter_map(|name| visits::shown_as(door.names, name));
    Ok(names.take(FACES).map(|name| Face { name }).collect())
}
