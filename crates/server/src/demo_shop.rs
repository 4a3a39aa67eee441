//! The shop system of the demo: a small one on this machine that takes actions as the guide says of any other
//! (`docs/guide/generic.md`), so that what is tried there is really done, and gone when the demo ends.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use aws_lc_rs::hmac;
use axum::{
    Json, Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::post,
};
use base::{App, Error, Result, Stamp, args};
use connectors::{
    action::{Action, ActionKind, refundable},
    order::{Fulfilment, Order, OrderState, Payment, Refund},
};
use serde::Deserialize;
use serde_json::{Value, json};

struct Shop {
    app: App,
    secret: String,
    /// Those that were asked for, as they are now.
    orders: Mutex<HashMap<String, Order>>,
    /// What was done, by its key.
    done: Mutex<HashMap<String, Value>>,
}

#[derive(Deserialize)]
#[serde(tag = "ask", rename_all = "snake_case")]
enum Asked {
    About,
    Order { id: String },
    LookUp { key: String },
    Act { key: String, order: String, amount: i64, action: Box<Action> },
}

/// Opens it; the settings of the store that it is.
pub async fn open(app: &App) -> Result<Value> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let address = format!("http://{}/", listener.local_addr()?);
    let secret = app.secrets().token()?;
    let settings = json!({
        "secret": secret,
        "actions_address": address,
        "actions": ActionKind::ALL.iter().map(|kind| kind.as_str()).collect::<Vec<_>>().join(" "),
    });
    let (orders, done) = (Mutex::default(), Mutex::default());
    let shop = Arc::new(Shop { app: app.clone(), secret, orders, done });
    let router = Router::new().route("/", post(answer)).with_state(shop);
    tokio::spawn(async move {
        if let Err(error) = axum::serve(listener, router).await {
            tracing::warn!(%error, "the demo's shop is closed");
        }
    });
    Ok(settings)
}

async fn answer(State(shop): State<Arc<Shop>>, headers: HeaderMap, body: Bytes) -> Response {
    if !shop.is_signed(&headers, &body) {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let Ok(asked) = serde_json::from_slice(&body) else { return StatusCode::BAD_REQUEST.into_response() };
    match shop.said(asked).await {
        Ok(said) => Json(said).into_response(),
        Err(Error::Refused { why }) => (StatusCode::CONFLICT, Json(json!({ "refused": why }))).into_response(),
        Err(error) => {
            tracing::warn!(%error, "the demo's shop does not work");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

impl Shop {
    fn is_signed(&self, headers: &HeaderMap, body: &[u8]) -> bool {
        let said = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let shown = said("x-shopbell-signature").strip_prefix("v1=").unwrap_or_default();
        let signed = [said("x-shopbell-timestamp").as_bytes(), b".", body].concat();
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, self.secret.as_bytes()), &signed);
        tag.as_ref().iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}")) == shown
    }

    async fn said(&self, asked: Asked) -> Result<Value> {
        let done = |key: &str| self.done.lock().unwrap_or_else(PoisonError::into_inner).get(key).cloned();
        Ok(match asked {
            Asked::About => json!({ "name": "Fjellvik", "currency": "EUR", "actions": ActionKind::ALL }),
            Asked::Order { id } => json!({ "order": self.order(&id).await? }),
            Asked::LookUp { key } => json!({ "done": done(&key) }),
            Asked::Act { key, order, amount, action } => {
                if let Some(done) = done(&key) {
                    return Ok(json!({ "done": done }));
                }
                let known = self.order(&order).await?;
                let mut known = known.ok_or_else(|| Error::refused("there is no such order"))?;
                let mut result = act(&mut known, &key, amount, &action)?;
                result["reference"] = format!("demo-{}", key.chars().rev().take(8).collect::<String>()).into();
                known.changed_at = Some(Stamp(self.app.now()));
                self.orders.lock().unwrap_or_else(PoisonError::into_inner).insert(order, known);
                self.done.lock().unwrap_or_else(PoisonError::into_inner).insert(key, result.clone());
                json!({ "done": result })
            }
        })
    }

    /// As it is now; at first as the demo made it.
    async fn order(&self, id: &str) -> Result<Option<Order>> {
        if let Some(order) = self.orders.lock().unwrap_or_else(PoisonError::into_inner).get(id) {
            return Ok(Some(order.clone()));
        }
        let row = self
            .app
            .db()
            .opt("SELECT data FROM orders WHERE store IN (SELECT id FROM stores) AND external = $1", args![id])
            .await?;
        row.map(|row| row.json("data")).transpose()
    }
}

/// Does it to the order; what the shop says of it, but for its number there.
fn act(order: &mut Order, key: &str, amount: i64, action: &Action) -> Result<Value> {
    match action {
        Action::Refund { lines, .. } => {
            for piece in lines {
                let line = order.lines.iter_mut().find(|line| line.id == piece.line);
                let line = line.filter(|line| line.refunded + piece.quantity <= line.quantity);
                line.ok_or_else(|| Error::refused("so many pieces are not left"))?.refunded += piece.quantity;
            }
            give_back(order, key, amount)?;
            return Ok(json!({ "amount": amount }));
        }
        Action::Cancel { refund, .. } => {
            let amount = if *refund { refundable(order) } else { 0 };
            give_back(order, key, amount)?;
            order.state = OrderState::Cancelled;
            return Ok(json!({ "amount": amount }));
        }
        Action::ChangeAddress { address } => order.shipping_address = Some(address.clone()),
        Action::Note { text } => {
            let before = order.note.take().map_or(String::new(), |note| note + "\n");
            order.note = Some(before + text);
        }
        Action::Tag { add, remove } => {
            order.tags.retain(|tag| !remove.contains(tag) && !add.contains(tag));
            order.tags.extend(add.iter().cloned());
        }
        Action::Hold { .. } => order.fulfilment = Fulfilment::OnHold,
        Action::Release => order.fulfilment = Fulfilment::Unfulfilled,
        Action::Discount { .. } => {
            let code: String = key.chars().rev().take(6).collect();
            return Ok(json!({ "amount": 0, "code": format!("FJELL-{}", code.to_uppercase()) }));
        }
        Action::StoreCredit { amount, .. } => return Ok(json!({ "amount": amount })),
        Action::ResendConfirmation | Action::Replacement { .. } | Action::Return { .. } | Action::Exchange { .. } => {}
    }
    Ok(json!({ "amount": 0 }))
}

fn give_back(order: &mut Order, key: &str, amount: i64) -> Result<()> {
    if amount > refundable(order) {
        return Err(Error::refused("so much was not paid"));
    }
    if amount > 0 {
        order.totals.refunded += amount;
        let all = order.totals.refunded >= order.totals.paid;
        order.payment = if all { Payment::Refunded } else { Payment::PartiallyRefunded };
        order.refunds.push(Refund { id: key.to_owned(), amount, ..Refund::default() });
    }
    Ok(())
}
