//! A stand-in for a shop system of one's own that takes actions, as `docs/guide/generic.md` asks for: it checks the
//! signature, keeps what it did by its key, and reckons for itself what may go out.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, MutexGuard},
};

use aws_lc_rs::hmac;
use axum::{
    Json, Router,
    body::Bytes,
    extract::State as At,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::post,
};
use serde_json::{Value, json};

use super::mood::{Mood, NewOrder, Turn, answered, time, turn};

pub const SECRET: &str = "the secret of a stand-in";
const ACTIONS: [&str; 13] = [
    "refund",
    "cancel",
    "change_address",
    "note",
    "tag",
    "resend_confirmation",
    "replacement",
    "discount",
    "store_credit",
    "hold",
    "release",
    "return",
    "exchange",
];

#[derive(Default)]
pub struct State {
    pub orders: BTreeMap<String, Value>,
    /// What was done, by order and key.
    pub done: HashMap<(String, String), Value>,
    pub mails: usize,
    /// Pieces that come back, by order and line.
    coming: HashMap<(String, String), i64>,
    pub returns: HashMap<String, usize>,
    clock: i64,
    /// Sends everybody elsewhere.
    pub moved: bool,
}

pub struct Shop {
    pub address: String,
    state: Mutex<State>,
    pub mood: Mutex<Mood>,
}

impl Shop {
    pub async fn open() -> Arc<Self> {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}/shopbell", listener.local_addr().unwrap());
        let shop = Arc::new(Self { address, state: Mutex::default(), mood: Mutex::default() });
        let routes = Router::new().route("/shopbell", post(serve)).with_state(Arc::clone(&shop));
        tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() });
        shop
    }

    pub fn settings(&self) -> Value {
        json!({ "secret": SECRET, "actions_address": self.address, "actions": ACTIONS.join(", ") })
    }

    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }
}

impl State {
    pub fn place(&mut self, new: &NewOrder) -> String {
        let id = format!("o-{}", self.orders.len() + 1);
        let line = |(place, line): (usize, &super::mood::NewLine)| {
            json!({
                "id": format!("{}", place + 1), "product": "p-1", "variant": "v-1", "title": line.title,
                "quantity": line.quantity, "price": line.price, "total": line.quantity * line.price,
            })
        };
        let total = new.total();
        let order = json!({
            "id": id, "number": format!("G-{}", 1000 + self.orders.len()), "currency": new.currency,
            "state": "open", "payment": if new.paid { "paid" } else { "pending" }, "fulfilment": "unfulfilled",
            "buyer": { "id": new.account.map(|id| id.to_string()), "email": new.email },
            "lines": new.lines.iter().enumerate().map(line).collect::<Vec<_>>(),
            "totals": { "total": total, "shipping": new.shipping, "paid": if new.paid { total } else { 0 }, "refunded": 0 },
            "shipping_address": { "name": "Jo", "line1": "Storgata 1", "city": "Oslo", "country": "NO" },
            "refunds": [], "tags": [], "note": "",
        });
        self.orders.insert(id.clone(), order);
        self.touch(&id);
        id
    }

    pub fn touch(&mut self, id: &str) {
        self.clock += 1000;
        let at = format!("{}Z", time(1_793_491_200_000 + self.clock));
        self.orders.get_mut(id).unwrap()["changed_at"] = json!(at);
    }

    pub fn ship(&mut self, id: &str) {
        let order = self.orders.get_mut(id).unwrap();
        order["fulfilment"] = json!("fulfilled");
        for line in order["lines"].as_array_mut().unwrap() {
            line["shipped"] = line["quantity"].clone();
        }
        self.touch(id);
    }

    /// Does it, or says why not.
    fn act(&mut self, id: &str, amount: i64, key: &str, action: &Value) -> Result<Value, String> {
        let mut order = self.orders.get(id).cloned().ok_or("There is no such order")?;
        let left = order["totals"]["paid"].as_i64().unwrap() - order["totals"]["refunded"].as_i64().unwrap();
        let mut done = json!({ "reference": key, "amount": 0 });
        match action["kind"].as_str().unwrap_or_default() {
            "refund" => {
                pay_back(&mut order, amount, left, key)?;
                for piece in action["lines"].as_array().into_iter().flatten() {
                    take_pieces(&mut order, piece)?;
                }
                done["amount"] = json!(amount);
            }
            "cancel" => {
                if order["state"] == "cancelled" {
                    return Err("It is cancelled already".into());
                }
                if action["refund"] == true {
                    pay_back(&mut order, left, left, key)?;
                    done["amount"] = json!(left);
                }
                order["state"] = json!("cancelled");
            }
            "change_address" => order["shipping_address"] = action["address"].clone(),
            "note" => {
                order["note"] =
                    json!(format!("{}\n{}", order["note"].as_str().unwrap(), action["text"].as_str().unwrap()));
            }
            "tag" => {
                let mut tags: Vec<Value> = order["tags"].as_array().unwrap().clone();
                tags.extend(action["add"].as_array().unwrap().iter().cloned());
                tags.retain(|tag| !action["remove"].as_array().unwrap().contains(tag));
                order["tags"] = json!(tags);
            }
            "resend_confirmation" => self.mails += 1,
            "replacement" => {
                let mut new = order.clone();
                let lines = action["lines"].as_array().unwrap().iter().map(|piece| {
                    let line = order["lines"].as_array().unwrap().iter().find(|line| line["id"] == piece["line"]);
                    let mut line = line.cloned().ok_or("There is no such line")?;
                    line["quantity"] = piece["quantity"].clone();
                    (line["price"], line["total"]) = (json!(0), json!(0));
                    Ok::<_, String>(line)
                });
                new["lines"] = json!(lines.collect::<Result<Vec<_>, _>>()?);
                new["totals"] = json!({ "total": 0, "paid": 0, "refunded": 0 });
                let (id, number) = (format!("o-{}", self.orders.len() + 1), format!("G-{}", 1000 + self.orders.len()));
                (new["id"], new["number"]) = (json!(id), json!(number));
                self.orders.insert(id.clone(), new);
                done = json!({ "reference": id, "amount": 0, "code": number });
            }
            "discount" => done["code"] = json!(format!("SORRY-{:0>6}", self.done.len() + 1)),
            "store_credit" => done["amount"] = action["amount"].clone(),
            "hold" => order["fulfilment"] = json!("on_hold"),
            "release" => order["fulfilment"] = json!("unfulfilled"),
            "return" | "exchange" => {
                for piece in action["lines"].as_array().unwrap() {
                    let line = order["lines"].as_array().unwrap().iter().find(|line| line["id"] == piece["line"]);
                    let most = line.ok_or("There is no such line")?["shipped"].as_i64().unwrap_or(0);
                    let coming = self.coming.entry((id.into(), piece["line"].as_str().unwrap().into())).or_default();
                    if *coming + piece["quantity"].as_i64().unwrap() > most {
                        return Err("They come back already".into());
                    }
                    *coming += piece["quantity"].as_i64().unwrap();
                }
                *self.returns.entry(id.into()).or_default() += 1;
            }
            odd => return Err(format!("No such action: {odd}")),
        }
        self.orders.insert(id.into(), order);
        self.touch(id);
        self.done.insert((id.into(), key.into()), done.clone());
        Ok(done)
    }
}

fn pay_back(order: &mut Value, amount: i64, left: i64, key: &str) -> Result<(), String> {
    if amount < 1 || amount > left {
        return Err(format!("At most {left} can be given back"));
    }
    order["totals"]["refunded"] = json!(order["totals"]["refunded"].as_i64().unwrap() + amount);
    let all = order["totals"]["refunded"] == order["totals"]["paid"];
    order["payment"] = json!(if all { "refunded" } else { "partially_refunded" });
    order["refunds"].as_array_mut().unwrap().push(json!({ "id": key, "amount": amount }));
    Ok(())
}

fn take_pieces(order: &mut Value, piece: &Value) -> Result<(), String> {
    let line = order["lines"].as_array_mut().unwrap().iter_mut().find(|line| line["id"] == piece["line"]);
    let line = line.ok_or("There is no such line")?;
    let refunded = line["refunded"].as_i64().unwrap_or(0) + piece["quantity"].as_i64().unwrap();
    if refunded > line["quantity"].as_i64().unwrap() {
        return Err("So many pieces are not left".into());
    }
    line["refunded"] = json!(refunded);
    Ok(())
}

async fn serve(At(shop): At<Arc<Shop>>, headers: HeaderMap, body: Bytes) -> Response {
    if let Turn::Refuse(response) = turn(&shop.mood).await {
        return response;
    }
    if shop.state().moved {
        return (StatusCode::TEMPORARY_REDIRECT, [("location", "http://127.0.0.1:1/elsewhere")]).into_response();
    }
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let key = hmac::Key::new(hmac::HMAC_SHA256, SECRET.as_bytes());
    let tag = hmac::sign(&key, &[header("x-shopbell-timestamp").as_bytes(), b".", &body].concat());
    let hex = tag.as_ref().iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"));
    if header("x-shopbell-signature") != format!("v1={hex}") {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let asked: Value = serde_json::from_slice(&body).unwrap();
    let mut state = shop.state();
    let key = asked["key"].as_str().unwrap_or_default();
    let done = (asked["order"].as_str().unwrap_or_default().to_owned(), key.to_owned());
    match asked["ask"].as_str().unwrap() {
        "about" => Json(json!({ "name": "Fjellvik", "currency": "EUR", "actions": ACTIONS })).into_response(),
        "order" => Json(json!({ "order": state.orders.get(asked["id"].as_str().unwrap()) })).into_response(),
        "look_up" => Json(json!({ "done": state.done.get(&done) })).into_response(),
        "act" => {
            assert!(!key.is_empty() && asked["currency"].is_string());
            if let Some(done) = state.done.get(&done) {
                return Json(json!({ "done": done })).into_response();
            }
            let done =
                state.act(asked["order"].as_str().unwrap(), asked["amount"].as_i64().unwrap(), key, &asked["action"]);
            drop(state);
            match done {
                Ok(done) => answered(&shop.mood, Json(json!({ "done": done })).into_response()),
                Err(why) => (StatusCode::CONFLICT, Json(json!({ "refused": why }))).into_response(),
            }
        }
        odd => panic!("nobody asks {odd}"),
    }
}
