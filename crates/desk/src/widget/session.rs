//! A visit begins, ends and is deleted.

use aide::axum::{
    ApiRouter,
    routing::{delete_with, post_with, put_with},
};
use axum::{Extension, Json, extract::State, http::StatusCode};
use base::{
    Actor, App, Feature, Result, Stamp, Tx,
    web::{Caller, Gone},
};
use connectors::{Channels, channel::Door};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::door::{Doorway, Small, Visitor};
use crate::{
    inboxes,
    messages::away,
    visits::{self, Hello, Visit},
};

pub(super) fn feature() -> Feature {
    let doors = ApiRouter::new()
        .api_route(
            "/widgets/{id}/sessions",
            post_with(create, |op| op.summary("Begin a conversation as an anonymous visitor")),
        )
        .api_route(
            "/widgets/{id}/session",
            delete_with(destroy, |op| op.summary("Delete the conversation; what the shop received stays the shop's")),
        )
        .api_route(
            "/widgets/{id}/identity",
            put_with(identify, |op| op.summary("Show the shop's own signed word for who the visitor is")),
        )
        .api_route(
            "/widgets/{id}/contact",
            put_with(contact, |op| op.summary("Say where to write when the visitor has gone; proves nothing")),
        )
        .api_route(
            "/widgets/{id}/transcript",
            post_with(transcript, |op| {
                op.summary("Have the conversation sent by mail; 202 once that is planned").response::<202, ()>()
            }),
        )
        .api_route("/widgets/{id}/end", post_with(end, |op| op.summary("Say that the conversation is over")));
    Feature { doors, ..Feature::default() }
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Begin {
    /// How the visitor wants to be called.
    name: Option<String>,
    /// A language tag, such as `de`.
    language: Option<String>,
    /// To the questions that the shop asks before.
    #[serde(default)]
    answers: Vec<Answer>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Answer {
    key: String,
    value: String,
}

async fn keep(tx: &mut Tx, visit: &Visit, door: &Door, answers: Vec<Answer>) -> Result<()> {
    let given = answers.into_iter().map(|Answer { key, value }| (key, value)).collect();
    visits::answer(tx, visit, &door.questions, given).await
}

#[derive(Serialize, JsonSchema)]
struct Begun {
    /// To be sent as `Authorization: Bearer …`. Shown once; whoever has it is the visitor.
    token: String,
    /// Until then, and for as long again after each visit.
    expires_at: Stamp,
}

async fn create(
    State(app): State<App>,
    Doorway { inbox, door }: Doorway,
    Extension(caller): Extension<Caller>,
    Small(body): Small<Begin>,
) -> Result<Json<Begun>> {
    let short = |tag: &String| tag.len() <= 35 && tag.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    let language = body.language.filter(short);
    let mut tx = app.begin(Actor::System).await?;
    let hello = Hello { name: body.name, language, address: caller.network().to_string() };
    let (visit, token) = visits::begin(&app, &mut tx, &inbox, hello).await?;
    keep(&mut tx, &visit, &door, body.answers).await?;
    tx.commit().await?;
    Ok(Json(Begun { token, expires_at: Stamp(visit.expires_at) }))
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Identify {
    /// A JSON Web Token of the shop's server: `aud` (the inbox's address), `exp`, `jti`, and `sub` or `email`; `name` and
    /// `locale` where they are known.
    token: String,
}

/// Of somebody else's visit nothing may be seen: with 409 begin another visit, then show the word again.
async fn identify(
    State(app): State<App>,
    Visitor { visit, doorway }: Visitor,
    Small(body): Small<Identify>,
) -> Result<Gone> {
    let end = inboxes::end(&app, &doorway.inbox)?;
    let channel = app.part::<Channels>()?.get(&doorway.inbox.channel)?;
    let vouched = channel.vouched(&end, &body.token, app.now())?;
    let mut tx = app.begin(Actor::System).await?;
    visits::vouch(&mut tx, &doorway.inbox, &visit, vouched).await?;
    // There may be something that they have not read, and now there is somewhere to write to.
    away::watch(&mut tx, visit.id).await?;
    tx.commit().await?;
    Ok(Gone)
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Contact {
    /// Answers that are not read in the chat go there.
    email: Option<String>,
    name: Option<String>,
    /// As when a visit begins, for one that has begun already.
    #[serde(default)]
    answers: Vec<Answer>,
}

async fn contact(
    State(app): State<App>,
    Visitor { visit, doorway }: Visitor,
    Small(body): Small<Contact>,
) -> Result<Gone> {
    let mut tx = app.begin(Actor::System).await?;
    visits::contact(&mut tx, &visit, body.email.as_deref(), body.name.as_deref()).await?;
    keep(&mut tx, &visit, &doorway.door, body.answers).await?;
    // There may be something that they have not read.
    away::watch(&mut tx, visit.id).await?;
    tx.commit().await?;
    Ok(Gone)
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Wanted {
    /// Absent: where answers go, too.
    email: Option<String>,
}

async fn transcript(
    State(app): State<App>,
    Visitor { visit, .. }: Visitor,
    Small(body): Small<Wanted>,
) -> Result<StatusCode> {
    let mut tx = app.begin(Actor::System).await?;
    visits::transcript(&mut tx, &visit, body.email.as_deref()).await?;
    tx.commit().await?;
    Ok(StatusCode::ACCEPTED)
}

async fn end(State(app): State<App>, Visitor { visit, .. }: Visitor) -> Result<Gone> {
    let mut tx = app.begin(Actor::System).await?;
    visits::end(&mut tx, &visit).await?;
    tx.commit().await?;
    Ok(Gone)
}

async fn destroy(State(app): State<App>, Visitor { visit, .. }: Visitor) -> Result<Gone> {
    let mut tx = app.begin(Actor::System).await?;
    visits::delete(&mut tx, &visit).await?;
    tx.commit().await?;
    Ok(Gone)
}
