//! A shop's platform that a test owns: it loses answers, hangs and goes away when told to, and counts what it gave out.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use base::{Error, Result, Stamp};
use connectors::{
    Platforms,
    action::{Action, ActionKind, refundable},
    channel::Later,
    order::{Order, OrderState, Payment, Product, Refund},
    platform::{About, Batch, Call, Capabilities, Done, Found, Kind, News, Platform, Preview, Store, Vouched, Wanted},
    setting::Setting,
};
use serde_json::{Value, json};

/// What goes wrong with the next call that changes something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// It is done, and the answer does not come.
    AnswerLost,
    /// It is not done, and the answer does not come.
    NeverArrived,
    /// It is done, and whoever asked waits for ever.
    Hangs,
    /// It is not done, and whoever asked waits for ever.
    HangsBefore,
}

#[derive(Default)]
pub struct Inner {
    pub orders: Vec<Order>,
    /// By key: how often each action was done, and what went out for it.
    pub done: HashMap<String, (u32, i64)>,
    pub faults: Vec<Fault>,
    pub down: bool,
    pub asked: u32,
    pub now: i64,
    /// It forgets what was done under which key.
    pub blind: bool,
    /// Orders can be cancelled and sent elsewhere, and items exchanged.
    pub changes: bool,
    /// It says no to what changes an order.
    pub refuses: bool,
}

#[derive(Clone, Default)]
pub struct FakeShop(pub Arc<Mutex<Inner>>);

impl FakeShop {
    pub fn platforms(&self) -> Platforms {
        Platforms::new(vec![Arc::new(self.clone())])
    }

    pub fn place(&self, order: Value) {
        self.0.lock().unwrap().orders.push(serde_json::from_value(order).unwrap());
    }

    pub fn order(&self, id: &str) -> Order {
        self.0.lock().unwrap().orders.iter().find(|order| order.id == id).unwrap().clone()
    }

    fn answer(&self) -> Result<()> {
        let mut inner = self.0.lock().unwrap();
        inner.asked += 1;
        if inner.down { Err(Error::upstream("The shop does not answer.")) } else { Ok(()) }
    }

    fn act(&self, key: &str, id: &str, action: &Action) -> Result<Done> {
        let mut inner = self.0.lock().unwrap();
        inner.now += 1000;
        let (now, inner_refuses) = (inner.now, inner.refuses);
        let order = inner.orders.iter_mut().find(|order| order.id == id).unwrap();
        order.changed_at = Some(Stamp(order.changed_at.map_or(now, |at| at.0.max(now))));
        let amount = match action {
            Action::Refund { amount, lines, .. } => {
                let amount = amount.unwrap();
                if amount > refundable(order) {
                    return Err(Error::refused("More than was paid."));
                }
                for piece in lines {
                    let line = order.lines.iter_mut().find(|line| line.id == piece.line).unwrap();
                    line.refunded += piece.quantity;
                    if line.refunded > line.quantity {
                        return Err(Error::refused("More than was bought."));
                    }
                }
                order.totals.refunded += amount;
                order.refunds.push(Refund { id: key.to_owned(), amount, ..Refund::default() });
                let all = order.totals.refunded >= order.totals.paid;
                order.payment = if all { Payment::Refunded } else { Payment::PartiallyRefunded };
                amount
            }
            Action::Note { text } => {
                order.note = Some(text.clone());
                0
            }
            _ if inner_refuses => return Err(Error::refused("The warehouse has it.")),
            Action::Cancel { refund, .. } => {
                let amount = if *refund { refundable(order) } else { 0 };
                order.state = OrderState::Cancelled;
                order.totals.refunded += amount;
                amount
            }
            Action::ChangeAddress { address } => {
                order.shipping_address = Some(address.clone());
                0
            }
            Action::Exchange { .. } => 0,
            _ => return Err(Error::refused("There is no such action here.")),
        };
        let done = inner.done.entry(key.to_owned()).or_default();
        done.0 += 1;
        done.1 += amount;
        Ok(Done { reference: Some(format!("refund of {key}")), amount, code: None })
    }
}

impl Platform for FakeShop {
    fn name(&self) -> &'static str {
        "fake"
    }

    fn capabilities(&self) -> Capabilities {
        let actions: &[_] = if self.0.lock().unwrap().changes {
            &[ActionKind::Refund, ActionKind::Note, ActionKind::Cancel, ActionKind::ChangeAddress, ActionKind::Exchange]
        } else {
            &[ActionKind::Refund, ActionKind::Note, ActionKind::Discount]
        };
        Capabilities { actions, asked: true, webhooks: false, installs: false, pushes: false }
    }

    fn settings(&self) -> Vec<Setting> {
        Vec::new()
    }

    fn check(&self, _: &Value) -> Result<()> {
        Ok(())
    }

    fn about<'a>(&'a self, store: &'a Store) -> Later<'a, About> {
        Box::pin(async {
            self.answer()?;
            Ok(About { address: format!("fake-{}", store.id), name: "Fake".into(), ..About::default() })
        })
    }

    fn read<'a>(&'a self, _: &'a Store, kind: Kind, since: Option<i64>, next: Option<&'a Value>) -> Later<'a, Batch> {
        Box::pin(async move {
            self.answer()?;
            if kind != Kind::Orders {
                return Ok(Batch::default());
            }
            let inner = self.0.lock().unwrap();
            let changed = |order: &&Order| since.is_none_or(|since| order.changed_at.is_none_or(|at| at.0 >= since));
            let all: Vec<_> = inner.orders.iter().filter(changed).collect();
            let from = usize::try_from(next.and_then(Value::as_i64).unwrap_or(0)).unwrap();
            let part = all.iter().skip(from).take(100).map(|order| News::Order(Box::new((*order).clone()))).collect();
            let next = (from + 100 < all.len()).then(|| json!(from + 100));
            Ok(Batch { news: part, next, total: i64::try_from(all.len()).ok(), pause: 0 })
        })
    }

    fn order<'a>(&'a self, _: &'a Store, id: &'a str) -> Later<'a, Option<Order>> {
        Box::pin(async move {
            self.answer()?;
            Ok(self.0.lock().unwrap().orders.iter().find(|order| order.id == id).cloned())
        })
    }

    fn by_number<'a>(&'a self, _: &'a Store, number: &'a str) -> Later<'a, Vec<Order>> {
        Box::pin(async move {
            self.answer()?;
            Ok(self.0.lock().unwrap().orders.iter().filter(|order| order.number == number).cloned().collect())
        })
    }

    fn orders_of<'a>(&'a self, _: &'a Store, wanted: &'a Wanted) -> Later<'a, Vec<Order>> {
        Box::pin(async move {
            self.answer()?;
            let inner = self.0.lock().unwrap();
            let theirs = |order: &&Order| order.buyer.email.as_ref().is_some_and(|email| wanted.emails.contains(email));
            Ok(inner.orders.iter().filter(theirs).cloned().collect())
        })
    }

    fn product<'a>(&'a self, _: &'a Store, _: &'a str) -> Later<'a, Option<Product>> {
        Box::pin(async { Ok(None) })
    }

    fn subscribe<'a>(&'a self, _: &'a Store, _: &'a str) -> Later<'a, Vec<(String, String)>> {
        Box::pin(async { Ok(Vec::new()) })
    }

    fn unsubscribe<'a>(&'a self, _: &'a Store, _: &'a str) -> Later<'a, ()> {
        Box::pin(async { Ok(()) })
    }

    fn vouch(&self, _: &Store, _: &Call) -> Result<Vouched> {
        Err(Error::Unauthorized("It sends none.".into()))
    }

    fn hear(&self, _: &Store, _: &Call) -> Result<Vec<News>> {
        Ok(Vec::new())
    }

    fn preview<'a>(&'a self, _: &'a Store, order: &'a Order, action: &'a Action) -> Later<'a, Preview> {
        Box::pin(async move {
            self.answer()?;
            let amount = if let Action::Refund { amount, .. } = action { amount.unwrap_or(0) } else { 0 };
            Ok(Preview { amount, most: refundable(order), ..Preview::default() })
        })
    }

    fn execute<'a>(&'a self, _: &'a Store, key: &'a str, order: &'a Order, action: &'a Action) -> Later<'a, Done> {
        Box::pin(async move {
            self.answer()?;
            let fault = self.0.lock().unwrap().faults.pop();
            if fault == Some(Fault::HangsBefore) {
                tokio::time::sleep(Duration::from_secs(3600)).await;
            }
            if fault == Some(Fault::NeverArrived) {
                return Err(Error::upstream("The connection broke."));
            }
            let done = self.act(key, &order.id, action)?;
            match fault {
                Some(Fault::AnswerLost) => Err(Error::upstream("The connection broke.")),
                Some(Fault::Hangs) => {
                    tokio::time::sleep(Duration::from_secs(3600)).await;
                    Ok(done)
                }
                _ => Ok(done),
            }
        })
    }

    fn look_up<'a>(&'a self, _: &'a Store, key: &'a str, _: &'a Order, _: &'a Action) -> Later<'a, Found> {
        Box::pin(async move {
            self.answer()?;
            let inner = self.0.lock().unwrap();
            if inner.blind {
                return Ok(Found::Unknown("Look into the shop's refunds.".into()));
            }
            Ok(match inner.done.get(key) {
                Some((_, amount)) => Found::Done(Done { amount: *amount, ..Done::default() }),
                None => Found::NotDone,
            })
        })
    }
}
