//! The page on which shoppers follow their order: by the link in a mail, by the order's number together with something
//! that only its buyer knows, or by a code sent to them. No account, no cookie, no script.

mod ask;
mod change;
mod code;
mod find;
mod look;
mod page;
mod parcel;
mod reading;
mod start;
mod words;

use axum::{
    Router,
    http::HeaderMap,
    routing::{get, post},
};
use base::{App, Error, Feature, JobSpec, Result, Row, args};
use jiff::tz::TimeZone;
use serde::Deserialize;

use crate::{
    orders::{self, Known, link},
    shipments,
    shops::ShopId,
};
use look::Look;
use words::Words;

pub use code::forget;

pub fn feature() -> Feature {
    let pages = Router::new()
        .route("/track", get(start::show).post(start::find))
        .route("/track/code", post(code::send))
        .route("/track/code/check", post(code::check))
        .route("/track/style.css", get(look::style))
        .route("/track/{token}", get(parcel::show))
        .route("/track/{token}/question", post(ask::create));
    Feature { pages, jobs: vec![JobSpec::of::<code::Send>()], ..Feature::default() }
        .merge(look::feature())
        .merge(change::feature())
}

/// What the address of a page says.
#[derive(Debug, Default, Clone, Deserialize)]
struct Asked {
    lang: Option<String>,
    /// The shop, where there are several; the first where it is absent.
    shop: Option<i64>,
    /// The number of the order, filled in.
    order: Option<String>,
    /// The ticket that a question has become.
    sent: Option<String>,
}

/// Whose page it is, and in which words.
struct Site {
    shop: ShopId,
    name: String,
    look: Look,
    words: Words,
    zone: TimeZone,
}

impl Site {
    async fn of_shop(app: &App, asked: &Asked, headers: &HeaderMap) -> Result<Self> {
        let row = match asked.shop {
            Some(shop) => app.db().one("SELECT * FROM shops WHERE id = $1", args![shop]).await?,
            None => app.db().one("SELECT * FROM shops ORDER BY id LIMIT 1", args![]).await?,
        };
        Self::new(app, &row, asked, headers, None).await
    }

    async fn of_order(app: &App, order: &Known, asked: &Asked, headers: &HeaderMap) -> Result<Self> {
        let row = app.db().one("SELECT * FROM shops WHERE id = $1", args![order.shop]).await?;
        Self::new(app, &row, asked, headers, order.order.language.as_deref()).await
    }

    async fn new(app: &App, row: &Row, asked: &Asked, headers: &HeaderMap, buyers: Option<&str>) -> Result<Self> {
        let shop = row.id("id")?;
        let look = look::read(app.db(), shop).await?;
        if !look.active {
            return Err(Error::NotFound);
        }
        let language = row.text("language")?;
        let words = Words::choose(app, asked.lang.as_deref(), headers, buyers.unwrap_or(&language)).await;
        let zone = shipments::zone(app.db(), shop).await?;
        Ok(Self { shop, name: row.text("name")?, look, words, zone })
    }

    /// Where one of its pages stands, in its language.
    fn href(&self, page: &str, more: &str) -> String {
        format!("/track{page}?shop={}&lang={}{more}", self.shop, self.words.language)
    }

    fn order_href(&self, token: &str, page: &str, more: &str) -> String {
        format!("/track/{token}{page}?lang={}{more}", self.words.language)
    }
}

/// The order of a link. Whatever is wrong with it, it is not found.
async fn of_token(app: &App, token: &str) -> Result<Known> {
    let (order, _) = link::opened(app, token).ok_or(Error::NotFound)?;
    let order = orders::get(app.db(), order).await?;
    if order.deleted_at.is_some() { Err(Error::NotFound) } else { Ok(order) }
}
