//! Somebody sends the form. It is stored before anybody reads it; what is wrong is said beside the field, with everything
//! typed still there; what looks like spam is taken all the same and lies in Spam.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use axum::{
    Extension,
    extract::{RawPathParams, Request, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use base::{
    Actor, App, Error, HOUR, Result, args, blob,
    web::{Caller, Params, guard::is_foreign},
};
use connectors::{channel::Upload, form::Filled, scanner::Scanner};
use serde::Serialize;
use tokio::time::timeout;

use super::{
    Asked, Sheet,
    page::{Look, form},
    reading::{Came, Sending, read},
    sent::is_known,
    shown,
    token::Token,
};
use crate::{
    customers::{self, IdentityKind},
    messages::inbound,
    tries::{self, Limit, limit},
    visits::{self, Kind, LineFile},
    widget::{Rising, Usual},
};

/// Characters of a message.
pub(super) const MOST_TEXT: usize = 20_000;
pub(super) const MOST_FILES: usize = 5;
const NAME: usize = 120;
const SUBJECT: usize = 200;
const ORDER: usize = 60;
/// Forms within an hour: from one network address, from one where no script has worked for them, and with one address to
/// answer to.
const FROM_ONE: i64 = 20;
const WITHOUT_WORK: i64 = 6;
const FOR_ONE: i64 = 8;
/// A form that takes longer is not waited for.
const PATIENCE: Duration = Duration::from_mins(3);

/// What stands in the fields.
#[derive(Debug, Default, Clone, Serialize)]
pub(super) struct Typed {
    name: String,
    email: String,
    subject: String,
    order: String,
    text: String,
    /// Nobody sees this field.
    website: String,
}

impl Typed {
    pub fn set(&mut self, field: &str, text: String) {
        match field {
            "name" => self.name = text,
            "email" => self.email = text,
            "subject" => self.subject = text,
            "order" => self.order = text,
            "text" => self.text = text,
            "website" => self.website = text,
            _ => {}
        }
    }

    /// What is wrong with it, by field.
    fn wrong(&self, sheet: &Sheet, files: usize) -> BTreeMap<&'static str, String> {
        let (words, form) = (&sheet.words, &sheet.form);
        let mut errors = BTreeMap::new();
        let needed = || words.say("needed", &[]);
        let long = |most: usize| words.say("too_long", &[("n", &most.to_string())]);
        for (field, text, most) in [
            ("name", &self.name, NAME),
            ("subject", &self.subject, SUBJECT),
            ("order", &self.order, ORDER),
            ("text", &self.text, MOST_TEXT),
        ] {
            if text.chars().count() > most {
                errors.insert(field, long(most));
            }
        }
        if self.email.trim().is_empty() {
            errors.insert("email", needed());
        } else if mail::address::check(&self.email).is_err() {
            errors.insert("email", words.say("bad_email", &[]));
        }
        if !form.topics.is_empty() && !form.topics.contains(&self.subject) {
            errors.insert("subject", words.say("pick", &[]));
        }
        if form.order == Some(true) && self.order.trim().is_empty() {
            errors.insert("order", needed());
        }
        if self.text.trim().is_empty() && files == 0 {
            errors.insert("text", needed());
        }
        errors
    }
}

pub(super) async fn create(
    State(app): State<App>,
    path: RawPathParams,
    Params(asked): Params<Asked>,
    Extension(usual): Extension<Arc<Usual>>,
    Extension(rising): Extension<Arc<Rising>>,
    Extension(caller): Extension<Caller>,
    request: Request,
) -> Response {
    let headers = request.headers().clone();
    let made = async {
        let sheet = Sheet::find(&app, &path, &asked, &headers).await?;
        // The page is ours wherever it is framed.
        if headers.contains_key(header::ORIGIN) && is_foreign(&app, &headers) {
            return Err(Error::forbidden("This form cannot be sent from this site."));
        }
        let _place = rising.place(caller.network())?;
        let sending = timeout(PATIENCE, read(&headers, request.into_body(), sheet.form.file_bytes)).await;
        let sending = sending.map_err(|_| Error::Malformed("The form came too slowly.".into()))??;
        take(&app, &sheet, &usual, &caller, sending).await
    };
    let made = made.await;
    shown(&app, &asked, &headers, made).await
}

/// Takes what was sent, or shows it again with what is wrong.
async fn take(app: &App, sheet: &Sheet, usual: &Usual, caller: &Caller, mut sending: Sending) -> Result<Response> {
    let inbox = sheet.inbox.id;
    let Some(token) = Token::open(app, inbox.0, &sending.token) else {
        // Nothing of ours: whoever typed it sends it once more, and a machine learns nothing.
        let look = Look { typed: sending.typed, problem: Some(sheet.words.say("again", &[])), ..Look::default() };
        return form(app, sheet, usual, &Token::new(app)?, look, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let done = |token: &Token| {
        let token = token.seal(app, inbox.0);
        Ok(Redirect::to(&sheet.href("/sent", &format!("&token={token}"))).into_response())
    };
    if is_known(app, inbox, &token).await? {
        return done(&token);
    }
    let network = visits::network(app, &caller.network().to_string());
    let (kept, files_wrong) = keep(app, sheet, &token, &network, &mut sending).await?;
    let mut errors = sending.typed.wrong(sheet, kept.len());
    errors.extend(files_wrong.map(|why| ("files", why)));
    let problem = match () {
        () if token.is_old(app.now()) => Some("old"),
        () if !errors.is_empty() => Some("wrong"),
        () => None,
    };
    if let Some(problem) = problem {
        let token = if problem == "old" { token.again(app) } else { token };
        let problem = Some(sheet.words.say(problem, &[]));
        let look = Look { typed: sending.typed, errors, problem, kept };
        return form(app, sheet, usual, &token, look, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    match store(app, sheet, &token, &network, &sending, &kept).await {
        Err(Error::TooMany { retry_after }) => {
            let minutes = retry_after.div_ceil(60).to_string();
            let problem = Some(sheet.words.say("limited", &[("n", &minutes)]));
            let look = Look { typed: sending.typed, problem, kept, ..Look::default() };
            let mut page = form(app, sheet, usual, &token, look, StatusCode::TOO_MANY_REQUESTS).await?;
            page.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(retry_after));
            Ok(page)
        }
        stored => stored.and_then(|()| done(&token)),
    }
}

/// Keeps the files that came, beside those of an earlier try; they wait under the form's id. Says what is wrong with one.
async fn keep(
    app: &App,
    sheet: &Sheet,
    token: &Token,
    network: &str,
    sending: &mut Sending,
) -> Result<(Vec<LineFile>, Option<String>)> {
    let words = &sheet.words;
    let mut tx = app.begin(Actor::System).await?;
    let mut kept = visits::kept(&mut tx, &token.id).await?;
    drop(tx);
    kept.retain(|file| sending.keep.contains(&file.id.0));
    let mut wrong = (kept.len() < sending.keep.len()).then(|| words.say("file_gone", &[]));
    let most = MOST_FILES.to_string();
    for came in std::mem::take(&mut sending.files) {
        if kept.len() == MOST_FILES {
            wrong = Some(words.say("file_many", &[("n", &most)]));
            break;
        }
        let name = came.name.clone();
        match keep_one(app, token, network, came).await {
            Ok(file) => kept.push(file),
            Err(error) => {
                let mb = (sheet.form.file_bytes >> 20).to_string();
                let key = match error {
                    Error::TooLarge { .. } => "file_large",
                    Error::Unsupported(_) => "file_kind",
                    Error::Invalid(_) => "file_harmful",
                    Error::Away(_) => "file_away",
                    Error::TooMany { .. } => "file_room",
                    Error::Malformed(_) => "file_failed",
                    other => return Err(other),
                };
                wrong = Some(words.say(key, &[("name", &name), ("mb", &mb)]));
            }
        }
    }
    if sending.too_many {
        wrong = Some(words.say("file_many", &[("n", &most)]));
    }
    Ok((kept, wrong))
}

async fn keep_one(app: &App, token: &Token, network: &str, came: Came) -> Result<LineFile> {
    let bytes = came.bytes.ok_or(Error::TooLarge { limit: 0 })?;
    if bytes.is_empty() {
        return Err(Error::Malformed("The file is empty.".into()));
    }
    let kind = Kind::of(&bytes)?;
    let mut tx = app.begin(Actor::System).await?;
    visits::may_keep(&mut tx, &token.id, network).await?;
    drop(tx);
    app.part::<Scanner>()?.look(&bytes).await?;
    let stored = blob::prepare(app, bytes).await?;
    let mut tx = app.begin(Actor::System).await?;
    let file = visits::keep(&mut tx, &token.id, network, &stored, &came.name, kind).await?;
    tx.commit().await?;
    Ok(file)
}

/// Stores it as it was filled in. With the same token again nothing changes.
async fn store(
    app: &App,
    sheet: &Sheet,
    token: &Token,
    network: &str,
    sending: &Sending,
    files: &[LineFile],
) -> Result<()> {
    let filled = filled(app, sheet, token, &sending.typed, files);
    let raw = blob::prepare(app, serde_json::to_vec(&filled)?).await?;
    let mut tx = app.begin(Actor::System).await?;
    let sql =
        "INSERT INTO form_entries (inbox, id, at) VALUES ($1, $2, $3) ON CONFLICT (inbox, id) DO NOTHING RETURNING id";
    if tx.opt(sql, args![sheet.inbox.id, &token.id, tx.now()]).await?.is_none() {
        return Ok(());
    }
    tries::count(&mut tx, &limits(network, &filled.email, token.is_worked(&sending.work))).await?;
    visits::take_kept(&mut tx, &token.id, files).await?;
    inbound::store(&mut tx, sheet.inbox.id, &raw).await?;
    tx.commit().await
}

fn limits(network: &str, email: &str, worked: bool) -> Vec<Limit> {
    let mut limits = vec![limit(&format!("forms from {network}"), FROM_ONE, HOUR)];
    if !worked {
        limits.push(limit(&format!("forms without work from {network}"), WITHOUT_WORK, HOUR));
    }
    let mailbox = customers::normalise(IdentityKind::Email, email).unwrap_or_else(|_| email.to_lowercase());
    limits.push(limit(&format!("forms for {mailbox}"), FOR_ONE, HOUR));
    limits
}

fn filled(app: &App, sheet: &Sheet, token: &Token, typed: &Typed, files: &[LineFile]) -> Filled {
    let line = |text: &str, most| Some(customers::clean(text, most)).filter(|text| !text.is_empty());
    let order = line(&typed.order, ORDER).filter(|_| sheet.form.order.is_some());
    let seen = [(!typed.website.is_empty(), "trap"), (token.is_fast(app.now()), "fast")];
    Filled {
        id: token.id.clone(),
        name: line(&typed.name, NAME),
        email: typed.email.trim().to_owned(),
        subject: line(&typed.subject, SUBJECT),
        facts: order.map(|order| (sheet.words.say("order", &[]), order)).into_iter().collect(),
        text: typed.text.trim().to_owned(),
        files: files.iter().map(|file| Upload { id: file.id.0, name: file.name.clone() }).collect(),
        language: Some(sheet.words.language.to_owned()),
        signs: seen.iter().filter(|(there, _)| *there).map(|(_, sign)| (*sign).to_owned()).collect(),
        at: Some(app.now()),
    }
}
