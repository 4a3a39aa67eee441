//! The contact form: a page of the shop's own on which strangers write, with no account, cookie or script. It stands by
//! itself or in a frame on the shop's site, and keeps out floods and advertisements without asking anybody else.

pub(crate) mod colour;
mod entry;
mod page;
mod reading;
mod sent;
mod token;
mod words;

use std::sync::Arc;

use axum::{Extension, Router, extract::RawPathParams, http::HeaderMap, response::Response, routing::get};
use base::{App, DAY, Error, Feature, Result, args};
use connectors::{Channels, form::Form};

use crate::{
    inboxes::{self, Inbox, InboxId},
    widget::{Rising, Usual},
};
use words::Words;

pub use colour::{Button, buttons};
pub use words::{LANGUAGES, language};

/// How long it is remembered by itself that a form was sent; its message remembers it for good.
const KEPT: i64 = 2 * DAY;

pub fn feature() -> Feature {
    let pages = Router::new()
        .route("/form.js", get(page::frame_script))
        .route("/forms/page.js", get(page::page_script))
        .route("/forms/{id}", get(page::show).post(entry::create))
        .route("/forms/{id}/style.css", get(page::style))
        .route("/forms/{id}/sent", get(sent::show))
        .layer(Extension(Arc::new(Usual::default())))
        .layer(Extension(Arc::new(Rising::default())));
    Feature { pages, ..Feature::default() }
}

/// Forgets which forms were sent long ago.
pub async fn forget(app: &App) -> Result<()> {
    app.db().run("DELETE FROM form_entries WHERE at < $1", args![app.now() - KEPT]).await.map(drop)
}

/// The form of one inbox, as somebody asks for it.
struct Sheet {
    inbox: Inbox,
    form: Form,
    shop: String,
    words: Words,
    /// It stands in a frame that the shop's page makes as high as it is.
    embed: bool,
}

/// What the address of a page says beside the inbox.
#[derive(Debug, Default, serde::Deserialize)]
struct Asked {
    lang: Option<String>,
    embed: Option<String>,
    token: Option<String>,
    /// The number of an order, filled in.
    order: Option<String>,
    /// How often the page has looked again by itself.
    again: Option<u8>,
}

impl Sheet {
    async fn find(app: &App, path: &RawPathParams, asked: &Asked, headers: &HeaderMap) -> Result<Self> {
        let id = path.iter().next().and_then(|(_, id)| id.parse::<i64>().ok()).ok_or(Error::NotFound)?;
        let inbox = inboxes::get(app, InboxId(id)).await?;
        let form = app.part::<Channels>()?.get(&inbox.channel)?.form(&inbox.settings);
        let form = form.filter(|_| inbox.active).ok_or(Error::NotFound)?;
        let row = app.db().one("SELECT name, language FROM shops WHERE id = $1", args![inbox.shop]).await?;
        let (shop, language) = (row.text("name")?, row.text("language")?);
        let words = Words::choose(app, asked.lang.as_deref(), headers, &language).await;
        Ok(Self { inbox, form, shop, words, embed: asked.embed.is_some() })
    }

    /// Where one of its pages stands, in its language and as it is shown.
    fn href(&self, page: &str, more: &str) -> String {
        let embed = if self.embed { "&embed=1" } else { "" };
        format!("/forms/{}{page}?lang={}{embed}{more}", self.inbox.id, self.words.language)
    }
}

/// Whatever went wrong, a person gets a page.
async fn shown(app: &App, asked: &Asked, headers: &HeaderMap, made: Result<Response>) -> Response {
    match made {
        Ok(page) => page,
        Err(error) => page::problem(app, asked, headers, &error).await,
    }
}
