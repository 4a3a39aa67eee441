//! What somebody sees who has sent the form: the number of their message, and when an answer may be expected.

use std::sync::Arc;

use axum::{
    Extension,
    extract::{RawPathParams, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use base::{App, Result, args, web::Params};
use minijinja::context;

use super::{
    Asked, Sheet,
    page::{answers, page},
    shown,
    token::Token,
};
use crate::{inboxes::InboxId, tickets::TicketId, widget::Usual};

/// The page looks again by itself this often, a second apart.
const LOOKS: u8 = 8;

pub(super) async fn show(
    State(app): State<App>,
    path: RawPathParams,
    Params(asked): Params<Asked>,
    Extension(usual): Extension<Arc<Usual>>,
    headers: HeaderMap,
) -> Response {
    let made = async {
        let sheet = Sheet::find(&app, &path, &asked, &headers).await?;
        let inbox = sheet.inbox.id;
        let token = asked.token.as_deref().and_then(|token| Token::open(&app, inbox.0, token));
        let Some(token) = token else { return Ok(Redirect::to(&sheet.href("", "")).into_response()) };
        if !is_known(&app, inbox, &token).await? {
            return Ok(Redirect::to(&sheet.href("", "")).into_response());
        }
        let number = number(&app, inbox, &token).await?;
        let again = asked.again.unwrap_or(0);
        let refresh = (number.is_none() && again < LOOKS)
            .then(|| sheet.href("/sent", &format!("&token={}&again={}", token.seal(&app, inbox.0), again + 1)));
        let about = context! {
            state => "sent",
            title => sheet.words.say("sent_title", &[]),
            number => number.map(|number| number.0),
            answers => answers(&app, &sheet, &usual).await?,
            refresh,
            action => sheet.href("", ""),
        };
        page(&app, &sheet, about, StatusCode::OK).await
    };
    let made = made.await;
    shown(&app, &asked, &headers, made).await
}

/// Whether something was sent with this form.
pub(super) async fn is_known(app: &App, inbox: InboxId, token: &Token) -> Result<bool> {
    let sql = "SELECT 1 AS one FROM form_entries WHERE inbox = $1 AND id = $2
        UNION ALL SELECT 1 AS one FROM messages WHERE inbox = $1 AND external_id = $2";
    Ok(app.db().opt(sql, args![inbox, &token.id]).await?.is_some())
}

/// The ticket that it has become; none while it is not put in.
async fn number(app: &App, inbox: InboxId, token: &Token) -> Result<Option<TicketId>> {
    let sql = "SELECT ticket FROM messages WHERE inbox = $1 AND external_id = $2";
    app.db().opt(sql, args![inbox, &token.id]).await?.map(|row| row.id("ticket")).transpose()
}
