//! Why each item goes back, and pictures where a reason asks for them.

use std::time::Duration;

use axum::{
    Extension,
    body::Body,
    extract::{RawPathParams, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use base::{
    App, Error, Result,
    web::{Caller, Params},
};
use minijinja::{Value, context};
use tokio::time::timeout;

use super::{Fields, Pages, Query, Visit, look, page, photos, shown};
use crate::visits;

/// Pictures that take longer are not waited for.
const PATIENCE: Duration = Duration::from_mins(3);
/// Characters of a comment.
const COMMENT: usize = 300;

page!(Portal, show, visit, app, query, make(&app, &visit, None));

async fn make(app: &App, visit: &Visit, problem: Option<&str>) -> Result<Response> {
    let Visit { sheet, pass, known } = visit;
    let words = &sheet.words;
    let policy = &sheet.kept.policy;
    let reasons: Vec<_> =
        policy.reasons.iter().map(|reason| context! { id => &reason.id, text => words.reason(reason) }).collect();
    let item = |item: &super::pass::Chosen| {
        let line = known.order.lines.iter().find(|line| line.id == item.line)?;
        let goods = look::goods(words, line, item.quantity, &known.order.currency);
        Some(context! { goods, reason => &item.reason, comment => &item.comment })
    };
    let items: Vec<Value> = pass.items.iter().filter_map(item).collect();
    let mut tx = app.look().await?;
    let kept: Vec<_> = visits::kept(&mut tx, &pass.key).await?.into_iter().map(|file| file.name).collect();
    drop(tx);
    let photos = policy.reasons.iter().any(|reason| reason.photos);
    let problem = problem.map(|key| words.say(key, &[("n", &photos::MOST.to_string())]));
    let sealed = visit.sealed(app)?;
    let about = context! {
        state => "reasons",
        step => 2,
        title => words.say("reasons_title", &[]),
        items,
        reasons,
        photos,
        kept,
        problem => &problem,
        back => sheet.href("/items", &format!("&pass={sealed}")),
        action => sheet.href("/reasons", &format!("&pass={sealed}")),
    };
    let status = if problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let here = format!("/returns/{}/reasons?pass={sealed}", sheet.shop.id);
    look::page(app, sheet, &here, about, status).await
}

pub(super) async fn choose(
    State(app): State<App>,
    path: RawPathParams,
    Params(query): Params<Query>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let made = async {
        look::must_be_ours(&app, &headers)?;
        match Visit::open(&app, Pages::Portal, &path, &query, &headers).await? {
            Ok(visit) => {
                let read = timeout(PATIENCE, photos::read(&app, &caller, &headers, body, &visit.pass.key)).await;
                let (fields, refusal) = read.map_err(|_| Error::Malformed("The form came too slowly.".into()))??;
                take(&app, visit, &fields, refusal).await
            }
            Err(elsewhere) => Ok(elsewhere),
        }
    };
    let made = made.await;
    shown(&app, &query, &headers, made).await
}

async fn take(app: &App, mut visit: Visit, fields: &Fields, refusal: Option<&str>) -> Result<Response> {
    let policy = &visit.sheet.kept.policy;
    let (mut complete, mut wants_photo) = (true, false);
    for (place, item) in visit.pass.items.iter_mut().enumerate() {
        match policy.reason(fields.get(&format!("reason{place}"))) {
            Some(reason) => {
                item.reason.clone_from(&reason.id);
                wants_photo |= reason.photos;
            }
            None => complete = false,
        }
        item.comment = fields.get(&format!("comment{place}")).chars().take(COMMENT).collect();
    }
    let problem = match () {
        () if refusal.is_some() => refusal,
        () if !complete => Some("pick_reason"),
        () if visit.is_too_much(app)? => Some("too_much"),
        () if wants_photo => {
            let mut tx = app.look().await?;
            visits::kept(&mut tx, &visit.pass.key).await?.is_empty().then_some("photo_needed")
        }
        () => None,
    };
    match problem {
        Some(problem) => make(app, &visit, Some(problem)).await,
        None => visit.sheet.to(app, "/outcome", &visit.pass),
    }
}
