//! What the shopper has said so far, carried from page to page in the address and signed: no session, so that going back,
//! a second window and a second send do no harm.

use std::io::{Read, Write};

use base::{App, HOUR, Result, Time};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use flate2::{Compression, read::DeflateDecoder, write::DeflateEncoder};
use serde::{Deserialize, Serialize};

use crate::{orders::OrderId, returns::policy::Outcome, shops::ShopId};

/// Whoever has left it open for longer shows once more that the order is theirs.
const OLD: Time = 4 * HOUR;
/// Longer addresses are cut by some servers on the way.
pub const MOST: usize = 7000;
/// Bytes of what was said, unpacked.
const UNPACKED: u64 = 256 * 1024;

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Pass {
    pub order: OrderId,
    /// Names what is asked for with it: sent twice, it is one return.
    pub key: String,
    pub at: Time,
    /// They withdraw by law.
    pub withdrawal: bool,
    /// They have shown that the order is theirs, and were not only led here by a link that may have been passed on.
    #[serde(default)]
    pub proved: bool,
    pub items: Vec<Chosen>,
    pub outcome: Option<Outcome>,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Chosen {
    pub line: String,
    pub quantity: i64,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub comment: String,
    /// Product and variant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wished: Option<(String, String)>,
}

impl Pass {
    pub fn new(app: &App, order: OrderId, withdrawal: bool) -> Result<Self> {
        let random: String = app.secrets().token()?.chars().take(22).collect();
        let key = format!("return-{random}");
        Ok(Self { order, key, at: app.now(), withdrawal, proved: true, items: Vec::new(), outcome: None })
    }

    pub fn seal(&self, app: &App, shop: ShopId) -> Result<String> {
        let mut packed = DeflateEncoder::new(Vec::new(), Compression::best());
        packed.write_all(&serde_json::to_vec(self)?)?;
        let body = URL_SAFE_NO_PAD.encode(packed.finish()?);
        let signature = app.secrets().sign("return pass", &format!("{shop}.{body}"));
        Ok(format!("{body}.{signature}"))
    }

    /// None where it is not ours, of another shop, or old.
    pub fn open(app: &App, shop: ShopId, text: &str) -> Option<Self> {
        let (body, signature) = text.rsplit_once('.')?;
        if text.len() > 2 * MOST || !app.secrets().is_signed("return pass", &format!("{shop}.{body}"), signature) {
            return None;
        }
        let (packed, mut said) = (URL_SAFE_NO_PAD.decode(body).ok()?, Vec::new());
        DeflateDecoder::new(packed.as_slice()).take(UNPACKED).read_to_end(&mut said).ok()?;
        let pass: Self = serde_json::from_slice(&said).ok()?;
        (app.now() - pass.at < OLD).then_some(pass)
    }
}
