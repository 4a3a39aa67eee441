//! What visitors may be greeted with. The page finds out by itself what fits: the rules come to it, and where the visitor
//! is does not come to us.

use std::{collections::BTreeMap, sync::Arc};

use aide::axum::{ApiRouter, routing::get_with};
use axum::{
    Extension, Json,
    extract::State,
    http::{HeaderName, HeaderValue, header},
};
use base::{Actor, App, Feature, Result, args};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::door::{Doorway, Small, Visitor};
use crate::{
    greetings::{self, Conditions, GreetingId},
    hours,
    live::Hub,
};

pub(super) fn feature() -> Feature {
    let greetings = get_with(list, |op| op.summary("What visitors may be greeted with, the first that fits first"))
        .post_with(create, |op| {
            op.summary("Ask whether a greeting may be shown; only with consent, and then it counts")
        });
    Feature { doors: ApiRouter::new().api_route("/widgets/{id}/greetings", greetings), ..Feature::default() }
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "WidgetGreetings")]
struct List {
    data: Vec<Shown>,
    /// The shop's language, for visitors whose own has no text.
    language: String,
    /// Within the inbox's hours, else those of its team or shop; or none are set.
    open: bool,
    /// Somebody is at the desk.
    staffed: bool,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "WidgetGreeting")]
struct Shown {
    id: GreetingId,
    conditions: Conditions,
    /// By language tag.
    texts: BTreeMap<String, String>,
    /// Who says it, as the shop shows its people; null for the shop.
    name: Option<String>,
    /// Not again within so many days.
    every_days: i64,
}

/// Each page asks; a shopper who goes from page to page within a minute asks once.
const KEPT: HeaderValue = HeaderValue::from_static("private, max-age=60");

async fn list(
    State(app): State<App>,
    Doorway { inbox, door }: Doorway,
    Extension(hub): Extension<Arc<Hub>>,
) -> Result<([(HeaderName, HeaderValue); 1], Json<List>)> {
    let all = greetings::shown_in(&app, inbox.id).await?;
    let names = greetings::names(app.db(), &all, &door).await?;
    let row = app.db().one("SELECT language FROM shops WHERE id = $1", args![inbox.shop]).await?;
    let open = hours::opening(&app, inbox.shop, inbox.team, door.hours.as_ref()).await?.open;
    // Most shops greet nobody, and their pages ask all the same.
    let staffed = !all.is_empty() && !hub.at_desk(&app).await?.is_empty();
    let data = all.into_iter().map(|one| Shown {
        id: one.id,
        conditions: one.conditions,
        texts: one.texts,
        name: one.face.and_then(|agent| names.get(&agent).cloned()),
        every_days: one.every_days,
    });
    let list = List { data: data.collect(), language: row.text("language")?, open, staffed };
    Ok(([(header::CACHE_CONTROL, KEPT)], Json(list)))
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "WidgetGreetingWanted")]
struct Wanted {
    greeting: GreetingId,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "WidgetGreetingAllowed")]
struct Allowed {
    /// False where they have a conversation, or were greeted a short while ago in this browser or another of theirs.
    show: bool,
}

async fn create(
    State(app): State<App>,
    Visitor { visit, .. }: Visitor,
    Small(body): Small<Wanted>,
) -> Result<Json<Allowed>> {
    let mut tx = app.begin(Actor::System).await?;
    let show = greetings::may_show(&mut tx, &visit, body.greeting).await?;
    tx.commit().await?;
    Ok(Json(Allowed { show }))
}
