//! Whatever crashes, gets lost, comes twice or at once: no money goes out twice, and never more than was paid.
//!
//! `MONEY=7` tries other sequences than the usual ones.

use std::time::Duration;

use base::{Engine, HOUR, MINUTE, jobs, jobs::Lane};
use proptest::{
    prelude::*,
    test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner},
};
use serde_json::{Value, json};

use crate::{
    actions::{id_of, shop},
    client::Client,
    fake_shop::{FakeShop, Fault},
    harness::TestApp,
    stores::order,
};

const SEQUENCES: u32 = 40;
const PAID: i64 = 47_800;

#[derive(Debug, Clone, Copy)]
enum Step {
    /// So many thousandths of what was paid, asked for with what was seen last, by one of two agents; twice at once.
    Refund(i64, bool, bool),
    /// The newest is taken back.
    Withdraw,
    /// What is due is done, by one node or by both at once.
    Work(bool),
    /// The worker dies in the middle of what it does.
    Crash,
    Wait(i64),
    Fault(Fault),
    Down(bool),
    /// Somebody gives money back in the shop's own admin.
    Elsewhere(i64),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let fault =
        prop_oneof![Just(Fault::AnswerLost), Just(Fault::NeverArrived), Just(Fault::Hangs), Just(Fault::HangsBefore)];
    let step = prop_oneof![
        5 => (1..1100_i64, any::<bool>(), any::<bool>()).prop_map(|(part, who, twice)| Step::Refund(part, who, twice)),
        1 => Just(Step::Withdraw),
        4 => any::<bool>().prop_map(Step::Work),
        2 => Just(Step::Crash),
        3 => prop_oneof![Just(5_000), Just(MINUTE), Just(3 * MINUTE)].prop_map(Step::Wait),
        4 => fault.prop_map(Step::Fault),
        1 => any::<bool>().prop_map(Step::Down),
        1 => (1..500_i64).prop_map(Step::Elsewhere),
    ];
    prop::collection::vec(step, 4..24)
}

struct World {
    app: TestApp,
    other: TestApp,
    shop: FakeShop,
    agents: [Client; 2],
    order: i64,
    id: String,
    /// The newest action that somebody has seen.
    seen: Value,
    elsewhere: i64,
}

impl World {
    /// Does what is due, but no longer than a moment: what hangs is cut off, as by a crash.
    async fn work(&self, node: &TestApp) {
        let work = async { while jobs::work(&node.app, node.node.jobs(), Lane::Outbound).await.unwrap() {} };
        let _ = tokio::time::timeout(Duration::from_millis(400), work).await;
    }

    async fn refund(&mut self, part: i64, who: bool, twice: bool) {
        let amount = (PAID * part / 1000).max(1);
        let body = json!({ "action": { "kind": "refund", "amount": amount }, "seen": self.seen });
        let path = format!("/api/v1/orders/{}/actions", self.order);
        let answers = if twice {
            let (one, two) = tokio::join!(self.agents[0].post(&path, body.clone()), self.agents[1].post(&path, body));
            assert!(one.0 != 201 || two.0 != 201, "both: {one:?} {two:?}");
            vec![one, two]
        } else {
            vec![self.agents[usize::from(who)].post(&path, body).await]
        };
        for (status, answer) in answers {
            assert!([201, 409, 422].contains(&status), "{status} {answer}");
            if status == 201 {
                self.seen = answer["id"].clone();
            }
        }
    }

    async fn step(&mut self, step: Step) {
        match step {
            Step::Refund(part, who, twice) => self.refund(part, who, twice).await,
            Step::Withdraw => drop(self.agents[0].delete(&format!("/api/v1/actions/{}", self.seen)).await),
            Step::Work(false) => self.work(&self.app).await,
            Step::Work(true) => drop(tokio::join!(self.work(&self.app), self.work(&self.other))),
            Step::Crash => {
                let work = jobs::work(&self.app.app, self.app.node.jobs(), Lane::Outbound);
                let _ = tokio::time::timeout(Duration::from_millis(8), work).await;
            }
            Step::Wait(by) => self.app.clock.forward(by),
            Step::Fault(fault) => self.shop.0.lock().unwrap().faults.push(fault),
            Step::Down(down) => self.shop.0.lock().unwrap().down = down,
            Step::Elsewhere(part) => {
                let mut inner = self.shop.0.lock().unwrap();
                let order = inner.orders.iter_mut().find(|order| order.id == self.id).unwrap();
                let amount = (PAID * part / 1000).min(order.totals.paid - order.totals.refunded);
                order.totals.refunded += amount;
                self.elsewhere += amount;
            }
        }
    }

    /// Everything works again, and enough time passes.
    async fn settle(&self) {
        {
            let mut inner = self.shop.0.lock().unwrap();
            inner.down = false;
            inner.faults.clear();
        }
        for _ in 0..14 {
            self.app.clock.forward(2 * HOUR);
            self.work(&self.app).await;
        }
    }

    async fn check(&self) -> Result<(), TestCaseError> {
        let sql = "SELECT key, state, amount FROM order_actions WHERE order_id = $1 ORDER BY id";
        let rows = self.app.app.db().all(sql, base::args![self.order]).await.unwrap();
        let inner = self.shop.0.lock().unwrap();
        let mut out = 0;
        for row in rows {
            let (key, state) = (row.text("key").unwrap(), row.text("state").unwrap());
            let (times, amount) = inner.done.get(&key).copied().unwrap_or_default();
            prop_assert!(times <= 1, "{key} was done {times} times");
            out += amount;
            match state.as_str() {
                "done" => {
                    prop_assert_eq!(times, 1, "said to be done");
                    prop_assert_eq!(amount, row.int("amount").unwrap());
                }
                "refused" | "withdrawn" | "declined" => prop_assert_eq!(times, 0, "said not to be done: {}", state),
                // It was tried so often without an answer that a person has to look.
                "unsure" => {}
                other => prop_assert!(false, "{other} has no end"),
            }
        }
        let order = inner.orders.iter().find(|order| order.id == self.id).unwrap();
        prop_assert_eq!(order.totals.refunded, out + self.elsewhere);
        prop_assert!(order.totals.refunded <= PAID, "{} of {PAID} went out", order.totals.refunded);
        Ok(())
    }
}

fn money(engine: Engine) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let seed = std::env::var("MONEY").map_or(1, |seed| seed.parse().unwrap());
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32]);
    let config = Config { cases: SEQUENCES, failure_persistence: None, max_shrink_iters: 60, ..Config::default() };
    let (app, fake, other, agents) = runtime.block_on(async {
        let (app, fake) = shop(engine).await;
        let (other, agents) = (app.second_node().await, [app.as_role("agent").await, app.as_role("agent").await]);
        (app, fake, other, agents)
    });
    let number = std::cell::Cell::new(10);
    let tried = TestRunner::new_with_rng(config, rng).run(&steps(), |steps| {
        number.set(number.get() + 1);
        runtime.block_on(async {
            let name = format!("FV-{}", number.get());
            app.clock.forward(HOUR);
            let now = base::Stamp(app.app.now()).to_string();
            fake.place(order(&name, "jo@post.example", &now, json!({})));
            app.tick().await;
            let (app, other, shop, agents) = (app.clone(), other.clone(), fake.clone(), agents.clone());
            let (order, id) = (id_of(&app, &name).await, name.to_lowercase());
            let mut world = World { app, other, shop, agents, order, id, seen: Value::Null, elsewhere: 0 };
            for step in steps {
                world.step(step).await;
            }
            world.settle().await;
            world.check().await
        })
    });
    runtime.block_on(app.end());
    runtime.shutdown_timeout(Duration::from_secs(2));
    tried.unwrap();
}

#[test]
fn money_goes_out_once_and_never_more_than_was_paid_sqlite() {
    money(Engine::Sqlite);
}

#[test]
fn money_goes_out_once_and_never_more_than_was_paid_postgres() {
    money(Engine::Postgres);
}
