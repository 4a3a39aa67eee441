//! What we ask a shop system of one's own to do: one request, signed as its own calls to us are, with a key that is the
//! same for every try. The shop keeps what it did by that key, answers the same again, and says so when it is asked.

use aws_lc_rs::hmac;
use base::{Error, Result};
use reqwest::StatusCode;
use serde_json::{Value, json};

use super::settings;
use crate::{
    action::{Action, hindrance, refund_amount, refundable},
    channels::Clock,
    money,
    order::Order,
    platform::{About, Done, Found, Preview, Store},
    platforms::{
        call::call,
        json::{clean, settled, text},
    },
};

const WHO: &str = "The shop";

/// The far end of one store.
pub struct Shop<'a> {
    pub http: &'a reqwest::Client,
    pub now: &'a Clock,
    pub store: &'a Store,
}

impl Shop<'_> {
    pub async fn about(&self) -> Result<About> {
        let said = self.ask(&json!({ "ask": "about" })).await?;
        let address = settings::address(&self.store.settings).unwrap_or_default();
        let able: Vec<&str> = said["actions"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let unable = |kind: &&str| !able.contains(kind);
        let named = settings::actions(&self.store.settings);
        let unable: Vec<_> = named.iter().map(|kind| kind.as_str()).filter(unable).collect();
        let problem = || format!("The settings name actions that the shop does not: {}.", unable.join(", "));
        Ok(About {
            address: address.split_once("://").map_or(address, |(_, rest)| rest).to_lowercase(),
            name: text(&said["name"]).unwrap_or_else(|| self.store.name.clone()),
            currency: text(&said["currency"]).and_then(|code| money::code("currency", &code).ok()),
            version: text(&said["version"]),
            problems: if unable.is_empty() { Vec::new() } else { vec![problem()] },
        })
    }

    /// The order as the shop has it now.
    pub async fn order(&self, id: &str) -> Result<Option<Order>> {
        let said = self.ask(&json!({ "ask": "order", "id": id })).await?;
        let order: Option<Order> = serde_json::from_value(said["order"].clone())
            .map_err(|error| Error::upstream(format!("{WHO} answered with what is no order: {error}")))?;
        match order {
            Some(order) if order.id != id => Err(Error::upstream(format!("{WHO} answered with another order"))),
            order => Ok(order),
        }
    }

    pub async fn preview(&self, order: &Order, action: &Action) -> Result<Preview> {
        let now = self.order(&order.id).await?.ok_or_else(gone)?;
        self.must_be_able(action)?;
        let amount = amount(&now, action)?;
        Ok(Preview { amount, most: refundable(&now), changed_at: now.changed_at, ..Preview::default() })
    }

    pub async fn execute(&self, key: &str, order: &Order, action: &Action) -> Result<Done> {
        self.must_be_able(action)?;
        let amount = match amount(order, action) {
            Ok(amount) => amount,
            // It may be so because it was done, at a try before.
            Err(why) => match self.look_up(key, order).await? {
                Found::Done(done) => return Ok(done),
                Found::NotDone => return Err(why),
                Found::Unknown(place) => return Err(Error::upstream(place)),
            },
        };
        let asked = json!({
            "ask": "act", "key": key, "order": order.id, "currency": order.currency, "amount": amount, "action": action,
        });
        let said = self.ask(&asked).await?;
        let done: Done = serde_json::from_value(said["done"].clone())
            .map_err(|_| Error::upstream(format!("{WHO} did not say what it did")))?;
        Ok(done)
    }

    pub async fn look_up(&self, key: &str, order: &Order) -> Result<Found> {
        let said = self.ask(&json!({ "ask": "look_up", "key": key, "order": order.id })).await?;
        if let Some(place) = text(&said["unknown"]) {
            return Ok(Found::Unknown(clean(&place)));
        }
        // Nothing said is not "it was not done".
        match said.get("done") {
            Some(Value::Null) => Ok(Found::NotDone),
            Some(done) => serde_json::from_value(done.clone()).map(Found::Done).map_err(|_| unsaid()),
            None => Err(unsaid()),
        }
    }

    fn must_be_able(&self, action: &Action) -> Result<()> {
        let able = settings::actions(&self.store.settings).contains(&action.kind());
        if able { Ok(()) } else { Err(Error::refused("This store has no such action.")) }
    }

    async fn ask(&self, asked: &Value) -> Result<Value> {
        let settings = &self.store.settings;
        let address = settings::address(settings).ok_or_else(super::unasked)?;
        let secret = settings["secret"].as_str().filter(|secret| !secret.is_empty());
        let secret = secret.ok_or_else(|| Error::refused("The store's settings lack the secret that signs."))?;
        let (stamp, body) = (((self.now)() / 1000).to_string(), asked.to_string());
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
        let tag = hmac::sign(&key, format!("{stamp}.{body}").as_bytes());
        let hex = tag.as_ref().iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"));
        let request = self
            .http
            .post(address)
            .header("content-type", "application/json")
            .header("x-shopbell-timestamp", stamp)
            .header("x-shopbell-signature", format!("v1={hex}"))
            .body(body);
        let answer = call(WHO, request).await?;
        if let Some(trouble) = answer.trouble(WHO) {
            return Err(trouble);
        }
        if answer.status.is_success() {
            return answer.json(WHO);
        }
        let said: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        Err(match (answer.status, text(&said["refused"])) {
            (_, Some(why)) => Error::refused(format!("{WHO} says: {}", clean(&why))),
            (StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN, _) => {
                Error::refused("The shop does not accept our signature. Is its secret the one in the store's settings?")
            }
            (StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED, _) => {
                Error::refused("Nobody takes actions at the store's address for them.")
            }
            // Whether anything was done is not said: it is looked up.
            (status, None) => Error::upstream(format!("{WHO} answered {status}")),
        })
    }
}

/// What goes out, checked against the order as it is known: the shop checks it against its own.
fn amount(order: &Order, action: &Action) -> Result<i64> {
    if let Some(why) = hindrance(order, action.kind()) {
        return Err(Error::refused(format!(
            "The shop would not do this: the order is {}",
            why.as_str().replace('_', " ")
        )));
    }
    match action {
        Action::Refund { lines, amount, shipping, .. } => {
            refund_amount(order, lines, *amount, *shipping).map_err(settled)
        }
        Action::Cancel { refund: true, .. } => Ok(refundable(order)),
        Action::StoreCredit { amount, .. } if *amount < 1 => Err(Error::invalid("amount", "must be above zero")),
        Action::StoreCredit { amount, .. } => Ok(*amount),
        Action::Discount { percent, amount, .. } => match (percent, amount) {
            (Some(1..=100), None) | (None, Some(1..)) => Ok(0),
            _ => Err(Error::invalid("percent", "must be 1 to 100, or an amount be given instead")),
        },
        _ => Ok(0),
    }
}

fn gone() -> Error {
    Error::refused("The order is not at the shop any more.")
}

fn unsaid() -> Error {
    Error::upstream("The shop did not say whether it was done")
}
