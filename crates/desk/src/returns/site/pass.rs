//! What the shopper has said so far, carried from page to page in the address and signed: no session, so that going back,
//! a second window and a second send do no harm.

use base::{App, HOUR, Result, Time};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};

use crate::{orders::OrderId, returns::policy::Outcome, shops::ShopId};

/// Whoever has left it open for longer shows once more that the order is theirs.
const OLD: Time = 4 * HOUR;
/// Longer addresses are cut by some servers on the way.
pub const MOST: usize = 6000;

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Pass {
    pub order: OrderId,
    /// Names what is asked for with it: sent twice, it is one return.
    pub key: String,
    at: Time,
    /// They withdraw by law.
    pub withdrawal: bool,
    pub items: Vec<Chosen>,
    pub outcome: Option<Outcome>,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Chosen {
    pub line: String,
    pub quantity: i64,
    pub reason: String,
    pub comment: String,
    /// Product and variant.
    pub wished: Option<(String, String)>,
}

impl Pass {
    pub fn new(app: &App, order: OrderId, withdrawal: bool) -> Result<Self> {
        let random: String = app.secrets().token()?.chars().take(22).collect();
        let key = format!("return-{random}");
        Ok(Self { order, key, at: app.now(), withdrawal, items: Vec::new(), outcome: None })
    }

    pub fn seal(&self, app: &App, shop: ShopId) -> Result<String> {
        let body = URL_SAFE_NO_PAD.encode(serde_json::to_vec(self)?);
        let signature = app.secrets().sign("return pass", &format!("{shop}.{body}"));
        Ok(format!("{body}.{signature}"))
    }

    /// None where it is not ours, of another shop, or old.
    pub fn open(app: &App, shop: ShopId, text: &str) -> Option<Self> {
        let (body, signature) = text.rsplit_once('.')?;
        if text.len() > 2 * MOST || !app.secrets().is_signed("return pass", &format!("{shop}.{body}"), signature) {
            return None;
        }
        let pass: Self = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(body).ok()?).ok()?;
        (app.now() - pass.at < OLD).then_some(pass)
    }
}
