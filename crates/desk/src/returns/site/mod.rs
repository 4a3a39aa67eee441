//! The returns portal: the order is found, its items, a reason, an outcome and a way back are chosen, and it is sent. A
//! page for each step, which works without script and without account.

mod confirm;
mod items;
mod label;
mod look;
mod other;
mod outcome;
mod pass;
mod photos;
mod progress;
mod reasons;
mod start;
mod withdraw;

use axum::{
    Router,
    extract::RawPathParams,
    http::HeaderMap,
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use base::{App, Error, Feature, Result};
use serde::Deserialize;

use super::{Asked, AskedItem, Kept, MOST_ITEMS, current, draw, policy::Outcome, words::Words};
use crate::{
    orders::{self, Known, OrderId},
    shops::{self, Shop, ShopId},
};
use pass::Pass;

pub fn feature() -> Feature {
    let pages = Router::new()
        .route("/returns/r/{token}", get(progress::show))
        .route("/returns/r/{token}/cancellation", post(progress::cancel))
        .route("/returns/r/{token}/label.pdf", get(label::pdf))
        .route("/returns/r/{token}/slip", get(label::slip))
        .route("/returns/{shop}", get(start::show).post(start::find))
        .route("/returns/{shop}/style.css", get(look::style))
        .route("/returns/{shop}/policy", get(start::policy))
        .route("/returns/{shop}/withdrawal", get(withdraw::start).post(withdraw::find))
        .route("/returns/{shop}/withdrawal/items", get(withdraw::items).post(withdraw::choose))
        .route("/returns/{shop}/withdrawal/confirm", get(withdraw::confirm).post(withdraw::create))
        .route("/returns/{shop}/items", get(items::show).post(items::choose))
        .route("/returns/{shop}/reasons", get(reasons::show).post(reasons::choose))
        .route("/returns/{shop}/outcome", get(outcome::show).post(outcome::choose))
        .route("/returns/{shop}/other", get(other::show).post(other::choose))
        .route("/returns/{shop}/send", get(confirm::show).post(confirm::create));
    Feature { pages, ..Feature::default() }
}

/// Where a return of this order begins for somebody who has its link; none where the shop has no policy.
pub async fn begin(app: &App, shop: ShopId, order: OrderId, language: &str) -> Result<Option<String>> {
    if current(app.db(), shop).await?.is_none() {
        return Ok(None);
    }
    let pass = Pass { proved: false, ..Pass::new(app, order, false)? }.seal(app, shop)?;
    Ok(Some(format!("/returns/{shop}/items?lang={language}&pass={pass}")))
}

/// What the address of a page says beside the shop.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Query {
    lang: Option<String>,
    pass: Option<String>,
    /// Which message stands above the form.
    said: Option<String>,
    /// The place of the item for which something else is looked for, and what.
    item: Option<usize>,
    q: Option<String>,
}

/// The portal of one shop, as somebody asks for it.
pub(super) struct Sheet {
    pub shop: Shop,
    pub kept: Kept,
    pub words: Words,
    pub colour: String,
}

/// A page behind the first: the portal, and what was said so far about which order.
struct Visit {
    sheet: Sheet,
    pass: Pass,
    known: Known,
}

impl Sheet {
    async fn find(app: &App, path: &RawPathParams, query: &Query, headers: &HeaderMap) -> Result<Self> {
        let id = path.iter().next().and_then(|(_, id)| id.parse::<i64>().ok()).ok_or(Error::NotFound)?;
        let mut tx = app.look().await?;
        let shop = shops::find(&mut tx, ShopId(id)).await?;
        drop(tx);
        // Without a policy there is nothing to send back by.
        let kept = current(app.db(), shop.id).await?.ok_or(Error::NotFound)?;
        let words = Words::choose(app, query.lang.as_deref(), headers, &shop.language).await;
        let colour = look::colour(app, shop.id).await?;
        Ok(Self { shop, kept, words, colour })
    }

    /// Where one of its pages stands, in its language.
    fn href(&self, page: &str, more: &str) -> String {
        format!("/returns/{}{page}?lang={}{more}", self.shop.id, self.words.language)
    }

    fn to(&self, app: &App, page: &str, pass: &Pass) -> Result<Response> {
        let sealed = pass.seal(app, self.shop.id)?;
        if sealed.len() > pass::MOST {
            return Err(Error::TooLarge { limit: pass::MOST });
        }
        Ok(Redirect::to(&self.href(page, &format!("&pass={sealed}"))).into_response())
    }
}

/// Which pages a pass is for: by law other things are asked, and other things are given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pages {
    Portal,
    Withdrawal,
}

impl Visit {
    /// None where the pass is old, not ours or for other pages: then it begins anew.
    async fn open(
        app: &App,
        pages: Pages,
        path: &RawPathParams,
        query: &Query,
        headers: &HeaderMap,
    ) -> Result<Result<Self, Response>> {
        let sheet = Sheet::find(app, path, query, headers).await?;
        let pass = query.pass.as_deref().and_then(|text| Pass::open(app, sheet.shop.id, text));
        let Some(pass) = pass.filter(|pass| pass.withdrawal == (pages == Pages::Withdrawal)) else {
            return Ok(Err(Redirect::to(&sheet.href("", "&said=old")).into_response()));
        };
        let known = orders::get(app.db(), pass.order).await?;
        Ok(Ok(Self { sheet, pass, known }))
    }

    /// What would be asked for, as far as it was said.
    fn asked(&self, outcome: Outcome) -> Asked {
        let item = |item: &pass::Chosen| AskedItem {
            line: item.line.clone(),
            quantity: item.quantity,
            reason: item.reason.clone(),
            comment: Some(item.comment.clone()),
            wished: item.wished.as_ref().map(|(product, variant)| connectors::action::Wished {
                product: product.clone(),
                variant: variant.clone(),
                quantity: item.quantity,
            }),
        };
        Asked {
            key: self.pass.key.clone(),
            number: String::new(),
            order: self.pass.order,
            outcome,
            method: None,
            items: self.pass.items.iter().map(item).collect(),
            language: self.sheet.words.language.to_owned(),
            email: None,
            withdrawal: self.pass.withdrawal,
            proved: self.pass.proved,
        }
    }

    /// Where that is too much for an address, without the comments: the page itself shows them.
    fn sealed(&self, app: &App) -> Result<String> {
        let sealed = self.pass.seal(app, self.sheet.shop.id)?;
        if sealed.len() <= pass::MOST {
            return Ok(sealed);
        }
        let items = self.pass.items.iter().map(|item| pass::Chosen { comment: String::new(), ..item.clone() });
        Pass { items: items.collect(), ..self.pass.clone() }.seal(app, self.sheet.shop.id)
    }

    fn is_too_much(&self, app: &App) -> Result<bool> {
        Ok(self.pass.seal(app, self.sheet.shop.id)?.len() > pass::MOST)
    }
}

/// What a form without files holds.
pub(super) struct Fields(Vec<(String, String)>);

impl Fields {
    fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.trim())
    }
}

/// Reads a form that one of our own pages sent.
async fn fields(app: &App, headers: &HeaderMap, body: axum::body::Body) -> Result<Fields> {
    look::must_be_ours(app, headers)?;
    let bytes = base::web::input::bytes_up_to(body, 256 * 1024).await?;
    let all = form_urlencoded::parse(&bytes).take(2 * MOST_ITEMS + 10);
    Ok(Fields(all.map(|(name, value)| (name.into_owned(), value.replace('\0', ""))).collect()))
}

/// Whatever went wrong, a person gets a page.
async fn shown(app: &App, query: &Query, headers: &HeaderMap, made: Result<Response>) -> Response {
    match made {
        Ok(page) => page,
        Err(error) => look::problem(app, query, headers, &error).await,
    }
}

/// A page that is only looked at.
macro_rules! page {
    ($pages:ident, $name:ident, $visit:ident, $app:ident, $query:ident, $make:expr) => {
        pub(super) async fn $name(
            State($app): State<App>,
            path: RawPathParams,
            Params($query): Params<Query>,
            headers: HeaderMap,
        ) -> Response {
            let made = async {
                match Visit::open(&$app, crate::returns::site::Pages::$pages, &path, &$query, &headers).await? {
                    Ok($visit) => $make.await,
                    Err(elsewhere) => Ok(elsewhere),
                }
            };
            let made = made.await;
            shown(&$app, &$query, &headers, made).await
        }
    };
}

/// What a form of ours sends.
macro_rules! sent {
    ($pages:ident, $name:ident, $visit:ident, $app:ident, $fields:ident, $make:expr) => {
        pub(super) async fn $name(
            State($app): State<App>,
            path: RawPathParams,
            Params(query): Params<Query>,
            headers: HeaderMap,
            body: axum::body::Body,
        ) -> Response {
            let made = async {
                let $fields = fields(&$app, &headers, body).await?;
                match Visit::open(&$app, crate::returns::site::Pages::$pages, &path, &query, &headers).await? {
                    Ok($visit) => $make.await,
                    Err(elsewhere) => Ok(elsewhere),
                }
            };
            let made = made.await;
            shown(&$app, &query, &headers, made).await
        }
    };
}
use {page, sent};
