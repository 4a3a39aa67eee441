//! Shoppers cancel an order, or send it elsewhere, before it is packed: inside the shop's rules, with a second step that
//! confirms, and by the same actions as everybody else. A number and a postcode are enough to see an order, and not to
//! have it changed: that takes a link or a code that came by mail to whoever placed it.

mod address;
mod cancel;
mod offer;
mod rules;
mod take;
mod told;

use axum::{
    Router,
    extract::RawPathParams,
    http::HeaderMap,
    routing::{get, post},
};
use base::{App, Error, Feature, HOUR, Result, Time, web::guard::is_foreign};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use connectors::action::{Action, ActionKind};
use serde::{Deserialize, Serialize};

use super::{Asked, Site, of_token, parcel::token_of};
use crate::orders::{Known, OrderId, link};

pub use offer::shown;

/// What is signed, and how long it is good.
const PURPOSE: &str = "order change";
const GOOD: Time = HOUR;

pub fn feature() -> Feature {
    let pages = Router::new()
        .route("/track/{token}/cancellation", get(cancel::show))
        .route("/track/{token}/address", get(address::show).post(address::check))
        .route("/track/{token}/change", post(take::create));
    Feature { pages, ..Feature::default() }.merge(rules::feature()).merge(told::feature())
}

/// What is to be done once it is confirmed, as it stands in the form: signed, so that nothing else is confirmed.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Wish {
    order: OrderId,
    /// Sent twice, it is one.
    key: String,
    at: Time,
    action: Action,
}

impl Wish {
    fn new(app: &App, order: OrderId, action: Action) -> Result<Self> {
        let key: String = app.secrets().token()?.chars().take(22).collect();
        Ok(Self { order, key: format!("change-{key}"), at: app.now(), action })
    }

    fn seal(&self, app: &App) -> Result<String> {
        let body = URL_SAFE_NO_PAD.encode(serde_json::to_vec(self)?);
        let signature = app.secrets().sign(PURPOSE, &body);
        Ok(format!("{body}.{signature}"))
    }

    /// None where it is not ours, of another order, or old.
    fn open(app: &App, order: OrderId, text: &str) -> Option<Self> {
        let (body, signature) = text.rsplit_once('.')?;
        if !app.secrets().is_signed(PURPOSE, body, signature) {
            return None;
        }
        let wish: Self = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(body).ok()?).ok()?;
        (wish.order == order && app.now() - wish.at < GOOD).then_some(wish)
    }
}

/// Somebody at the page of their order who may have it changed.
struct Visit {
    site: Site,
    known: Known,
    token: String,
    asked: Asked,
}

impl Visit {
    /// Whoever has shown less than that they read the buyer's mail finds nothing here.
    async fn open(app: &App, path: &RawPathParams, asked: &Asked, headers: &HeaderMap) -> Result<Self> {
        if headers.contains_key(axum::http::header::ORIGIN) && is_foreign(app, headers) {
            return Err(Error::forbidden("This form cannot be sent from this site."));
        }
        let token = token_of(path)?;
        let known = of_token(app, token).await?;
        if !link::opened(app, token).is_some_and(|(_, proof)| proof == link::Proof::Mailed) {
            return Err(Error::NotFound);
        }
        let site = Site::of_order(app, &known, asked, headers).await?;
        Ok(Self { site, known, token: token.to_owned(), asked: asked.clone() })
    }

    fn href(&self, page: &str) -> String {
        self.site.order_href(&self.token, page, "")
    }
}

/// What a kind is called in texts.
fn word(kind: ActionKind) -> &'static str {
    if kind == ActionKind::Cancel { "cancel" } else { "address" }
}
