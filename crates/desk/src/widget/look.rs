//! What a page draws the widget by, before anybody has said anything.

use aide::axum::{ApiRouter, routing::get_with};
use axum::{Json, extract::State};
use base::{App, Feature, Result, args};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::{door::Doorway, files::Taken};

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
}

async fn get(State(app): State<App>, Doorway { inbox, door }: Doorway) -> Result<Json<Widget>> {
    let row = app.db().one("SELECT name, language FROM shops WHERE id = $1", args![inbox.shop]).await?;
    Ok(Json(Widget {
        shop: row.text("name")?,
        language: row.text("language")?,
        look: door.look,
        files: Taken::up_to(door.file_bytes),
    }))
}
