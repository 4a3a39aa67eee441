//! Whatever is merged, split and taken back while people write: no message is lost, doubled, said to be another
//! person's, or shown to one.
//!
//! The model is small: who owns which of five ways to write, who said what, and to whom each answer went.
//! `SHUFFLE=7` tries other sequences than the usual ones.

use std::collections::{BTreeMap, BTreeSet};

use base::DAY;
use proptest::{
    prelude::*,
    test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner},
};
use serde_json::{Value, json};

use crate::{
    chats::Visitor,
    chats_identity::{claims, keyed_inbox, secret, show, signed},
    harness::TestApp,
    mails::{bring, inbox, mail, messages, tickets},
};

/// In each of four parts.
const SEQUENCES: u32 = 50;
const KEY: [u8; 32] = [7; 32];

/// Numbers choose from what is there then.
#[derive(Debug, Clone, Copy)]
enum Step {
    /// Somebody writes by the way that they have.
    Write(usize),
    /// A mail that answers an earlier one, perhaps somebody else's.
    Reply(usize, usize),
    Answer(usize),
    MergeTickets(usize, usize),
    SplitTicket(usize, usize),
    UndoTickets(usize),
    MergeCustomers(usize, usize),
    SplitCustomer(usize),
    UndoCustomers(usize),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let any = 0..64_usize;
    let step = prop_oneof![
        4 => any.clone().prop_map(Step::Write),
        2 => (any.clone(), any.clone()).prop_map(|(who, what)| Step::Reply(who, what)),
        3 => any.clone().prop_map(Step::Answer),
        3 => (any.clone(), any.clone()).prop_map(|(one, two)| Step::MergeTickets(one, two)),
        4 => (any.clone(), any.clone()).prop_map(|(ticket, message)| Step::SplitTicket(ticket, message)),
        2 => any.clone().prop_map(Step::UndoTickets),
        3 => (any.clone(), any.clone()).prop_map(|(one, two)| Step::MergeCustomers(one, two)),
        2 => any.clone().prop_map(Step::SplitCustomer),
        3 => any.prop_map(Step::UndoCustomers),
    ];
    prop::collection::vec(step, 4..16)
}

/// A way to write to the shop; what it is called where identities stand.
struct Way {
    value: String,
    visitor: Option<Visitor>,
    /// All that its owner may read there, if it is a visitor's.
    reads: Vec<String>,
}

struct Move {
    kind: &'static str,
    id: i64,
    from: i64,
    into: i64,
    /// The ways that a merge moved.
    ways: Vec<usize>,
}

struct World<'a> {
    app: &'a TestApp,
    letters: i64,
    name: String,
    ways: Vec<Way>,
    /// Whose each way is.
    owner: Vec<i64>,
    /// What was said, and by which way; the shop's answers by none.
    said: BTreeMap<String, Option<usize>>,
    mailed: Vec<String>,
    ticket_moves: Vec<(&'static str, i64)>,
    customer_moves: Vec<Move>,
    /// How often each thing really happened, so that a test of refusals alone is seen.
    done: &'a std::sync::Mutex<BTreeMap<&'static str, u32>>,
}

fn id(value: &Value) -> i64 {
    value.as_i64().unwrap()
}

impl<'a> World<'a> {
    /// Three mail addresses and two visitors; for one of these the shop signs that the second address is theirs.
    async fn new(
        app: &'a TestApp,
        letters: i64,
        chat: i64,
        number: u32,
        done: &'a std::sync::Mutex<BTreeMap<&'static str, u32>>,
    ) -> Self {
        let name = format!("s{number}");
        let mut ways = Vec::new();
        for who in ["ann", "bea", "cem"] {
            ways.push(Way { value: format!("{who}@{name}.example"), visitor: None, reads: Vec::new() });
        }
        for number in 0..2 {
            let visitor = Visitor::begin(app, chat).await;
            if number == 1 {
                let email = json!({ "email": ways[1].value, "sub": null, "name": "Bea" });
                let token = signed("k", KEY, &claims(app, &name, email));
                assert_eq!(show(&visitor, &token).await.0, 204);
            }
            ways.push(Way { value: String::new(), visitor: Some(visitor), reads: Vec::new() });
        }
        let (said, mailed) = (BTreeMap::new(), Vec::new());
        let (ticket_moves, customer_moves) = (Vec::new(), Vec::new());
        let owner = vec![0; ways.len()];
        let mut world = Self { app, letters, name, ways, owner, said, mailed, ticket_moves, customer_moves, done };
        for way in 0..world.ways.len() {
            let text = world.write(way).await;
            let author = world.author(&text).await;
            world.owner[way] = author;
            if world.ways[way].visitor.is_some() {
                let card = app.get(&format!("/api/v1/customers/{author}")).await.1;
                let known: BTreeSet<_> = world.ways.iter().map(|way| way.value.clone()).collect();
                let identities = card["identities"].as_array().unwrap().iter();
                let mut fresh = identities.map(|one| one["value"].as_str().unwrap().to_owned());
                world.ways[way].value = fresh.find(|value| !known.contains(value)).unwrap();
            }
        }
        assert_eq!(world.owner[1], world.owner[4], "the shop has signed for them");
        world
    }

    fn note(&self, what: &'static str) {
        *self.done.lock().unwrap().entry(what).or_default() += 1;
    }

    fn fresh_text(&mut self, way: Option<usize>) -> String {
        let text = format!("{} says {}", self.name, self.said.len());
        self.said.insert(text.clone(), way);
        text
    }

    async fn author(&self, text: &str) -> i64 {
        let sql = "SELECT author FROM messages WHERE text = $1 AND direction = 'in'";
        self.app.app.db().one(sql, base::args![text]).await.unwrap().int("author").unwrap()
    }

    async fn write(&mut self, way: usize) -> String {
        let text = self.fresh_text(Some(way));
        if let Some(visitor) = self.ways[way].visitor.clone() {
            visitor.say(&text.replace(' ', "-"), &text).await;
            self.ways[way].reads.push(format!("visitor: {text}"));
            self.app.tick().await;
        } else {
            self.send(way, &text, "").await;
        }
        text
    }

    async fn send(&mut self, way: usize, text: &str, extra: &str) {
        let key = text.replace(' ', "-");
        bring(self.app, self.letters, &mail(&self.ways[way].value, &format!("{key}@id"), &key, extra, text)).await;
        self.mailed.push(format!("{key}@id"));
    }

    fn customers(&self) -> Vec<i64> {
        self.owner.iter().copied().collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// All tickets, as the desk lists them.
    async fn listed(&self) -> Vec<i64> {
        let mut all = Vec::new();
        for customer in self.customers() {
            let theirs = tickets(&self.app.as_owner().await, &format!("shelf=all&limit=100&customer={customer}")).await;
            all.extend(theirs.iter().filter(|ticket| ticket["merged_into"].is_null()).map(|ticket| id(&ticket["id"])));
        }
        all
    }

    /// All tickets with at least so many messages, to choose from.
    async fn tickets(&self, messages: i64) -> Vec<i64> {
        let customers = self.customers().iter().map(i64::to_string).collect::<Vec<_>>().join(", ");
        let sql = format!(
            "SELECT id FROM tickets t WHERE customer IN ({customers}) AND merged_into IS NULL
            AND (SELECT count(*) FROM messages WHERE ticket = t.id) >= $1 ORDER BY id"
        );
        let rows = self.app.app.db().all(&sql, base::args![messages]).await.unwrap();
        rows.iter().map(|row| row.int("id").unwrap()).collect()
    }

    async fn take(&mut self, step: Step) {
        self.app.clock.forward(1_000);
        match step {
            Step::Write(way) => {
                let way = way % self.ways.len();
                self.write(way).await;
            }
            Step::Reply(way, what) => {
                let text = self.fresh_text(Some(way % 3));
                let extra = format!("References: <{}>\n", self.mailed[what % self.mailed.len()]);
                self.send(way % 3, &text, &extra).await;
            }
            Step::Answer(ticket) => self.answer(ticket).await,
            Step::MergeTickets(one, two) => self.merge_tickets(one, two).await,
            Step::SplitTicket(ticket, message) => self.split_ticket(ticket, message).await,
            Step::UndoTickets(which) => {
                if !self.ticket_moves.is_empty() {
                    let which = which % self.ticket_moves.len();
                    self.undo_tickets(which).await;
                }
            }
            Step::MergeCustomers(one, two) => self.merge_customers(one, two).await,
            Step::SplitCustomer(way) => self.split_customer(way % self.ways.len()).await,
            Step::UndoCustomers(which) => {
                if !self.customer_moves.is_empty() {
                    let which = which % self.customer_moves.len();
                    self.undo_customers(which).await;
                }
            }
        }
        self.app.tick().await;
    }

    /// An answer goes to who wrote last, where they wrote, and to nobody else.
    async fn answer(&mut self, ticket: usize) {
        let all = self.tickets(1).await;
        let ticket = all[ticket % all.len()];
        let before = messages(self.app, ticket).await;
        let last = before.iter().rfind(|message| message["direction"] == "in");
        let Some(last) = last else { return };
        let way = self.said[last["text"].as_str().unwrap()].unwrap();
        let text = self.fresh_text(None);
        let answer = crate::mails::answer(self.app, ticket, &text).await;
        self.note("answer");
        if self.ways[way].visitor.is_some() {
            self.ways[way].reads.push(format!("shop: {text}"));
        } else {
            let to: Vec<_> = answer["to"].as_array().unwrap().iter().map(|party| &party["value"]).collect();
            assert_eq!(to, [&json!(self.ways[way].value)], "{answer}");
            assert_eq!(answer["cc"], json!([]), "nobody was copied");
        }
    }

    async fn merge_tickets(&mut self, one: usize, two: usize) {
        let all = self.tickets(1).await;
        let (one, two) = (all[one % all.len()], all[two % all.len()]);
        let (status, merged) = self.app.post(&format!("/api/v1/tickets/{one}/merge"), json!({ "into": two })).await;
        if one == two {
            assert_eq!(status, 422, "{merged}");
        } else {
            assert_eq!(status, 200, "{merged}");
            self.ticket_moves.push(("merges", id(&merged["id"])));
            self.note("ticket merge");
        }
    }

    async fn split_ticket(&mut self, ticket: usize, message: usize) {
        let several = self.tickets(2).await;
        if several.is_empty() {
            return;
        }
        let ticket = several[ticket % several.len()];
        let held = messages(self.app, ticket).await;
        let body = json!({ "messages": [held[message % held.len()]["id"]] });
        let (status, split) = self.app.post(&format!("/api/v1/tickets/{ticket}/split"), body).await;
        assert_eq!(status, 201, "{split}");
        self.ticket_moves.push(("splits", id(&split["id"])));
        self.note("ticket split");
    }

    /// The newest move can always be undone; one that others stand on may be refused.
    async fn undo_tickets(&mut self, which: usize) {
        let (kind, move_id) = self.ticket_moves[which];
        let (status, undone) = self.app.delete(&format!("/api/v1/{kind}/{move_id}")).await;
        if status == 200 {
            self.ticket_moves.remove(which);
            self.note("ticket undo");
        } else {
            let newest = which + 1 == self.ticket_moves.len();
            assert!(status == 409 && !newest, "undoing {kind} {move_id}: {status} {undone}");
        }
    }

    async fn merge_customers(&mut self, one: usize, two: usize) {
        let all = self.customers();
        let (from, into) = (all[one % all.len()], all[two % all.len()]);
        let (status, merged) = self.app.post(&format!("/api/v1/customers/{from}/merge"), json!({ "into": into })).await;
        if from == into {
            assert_eq!(status, 422, "{merged}");
            return;
        }
        assert_eq!(status, 201, "{merged}");
        let ways: Vec<_> = (0..self.ways.len()).filter(|way| self.owner[*way] == from).collect();
        ways.iter().for_each(|way| self.owner[*way] = into);
        self.customer_moves.push(Move { kind: "customer-merges", id: id(&merged["id"]), from, into, ways });
        self.note("customer merge");
    }

    async fn split_customer(&mut self, way: usize) {
        let from = self.owner[way];
        let card = self.app.get(&format!("/api/v1/customers/{from}")).await.1;
        let identities = card["identities"].as_array().unwrap();
        let mut those = identities.iter().filter(|one| one["value"] == self.ways[way].value.as_str());
        let body = json!({ "identities": [those.next().unwrap()["id"]] });
        let (status, split) = self.app.post(&format!("/api/v1/customers/{from}/split"), body).await;
        if identities.len() == 1 {
            assert_eq!(status, 422, "{split}");
            return;
        }
        assert_eq!(status, 201, "{split}");
        let into = id(&split["customer"]["id"]);
        self.owner[way] = into;
        self.customer_moves.push(Move { kind: "customer-splits", id: id(&split["id"]), from, into, ways: vec![way] });
        self.note("customer split");
    }

    async fn undo_customers(&mut self, which: usize) {
        let newest = which + 1 == self.customer_moves.len();
        let known = &self.customer_moves[which];
        let (status, undone) = self.app.delete(&format!("/api/v1/{}/{}", known.kind, known.id)).await;
        if status != 200 {
            assert!(status == 409 && !newest, "undoing {} {}: {status} {undone}", known.kind, known.id);
            return;
        }
        let known = self.customer_moves.remove(which);
        if known.kind == "customer-merges" {
            known.ways.iter().for_each(|way| self.owner[*way] = known.from);
        } else {
            self.owner.iter_mut().filter(|owner| **owner == known.into).for_each(|owner| *owner = known.from);
        }
        self.note("customer undo");
    }

    /// Everything, as the desk and the visitors are shown it, against the model.
    async fn check(&self) {
        let mut seen = BTreeSet::new();
        for ticket in self.listed().await {
            for message in messages(self.app, ticket).await {
                let text = message["text"].as_str().unwrap().to_owned();
                let way = self.said.get(&text).unwrap_or_else(|| panic!("nobody said {text:?}"));
                if let Some(way) = way {
                    assert_eq!(message["author"]["id"], self.owner[*way], "whose {text:?} is");
                }
                assert!(seen.insert(text.clone()), "{text:?} is there twice");
            }
        }
        let lost: Vec<_> = self.said.keys().filter(|text| !seen.contains(*text)).collect();
        assert!(lost.is_empty(), "lost: {lost:?}");
        for (way, owner) in self.ways.iter().zip(&self.owner) {
            let card = self.app.get(&format!("/api/v1/customers/{owner}")).await.1;
            let mut identities = card["identities"].as_array().unwrap().iter();
            assert!(identities.any(|one| one["value"] == way.value.as_str()), "{} in {card}", way.value);
            if let Some(visitor) = &way.visitor {
                assert_eq!(visitor.reads().await, way.reads, "what a visitor can read");
            }
        }
    }

    async fn play(&mut self, steps: &[Step]) {
        let first = self.owner.clone();
        for step in steps {
            self.take(*step).await;
        }
        self.check().await;
        while !self.customer_moves.is_empty() {
            self.undo_customers(self.customer_moves.len() - 1).await;
        }
        while !self.ticket_moves.is_empty() {
            self.undo_tickets(self.ticket_moves.len() - 1).await;
        }
        self.app.tick().await;
        assert_eq!(self.owner, first, "everybody is who they were");
        self.check().await;
    }
}

fn runner(part: u64) -> TestRunner {
    let seed = part + 4 * std::env::var("SHUFFLE").map_or(0, |seed| seed.parse::<u64>().unwrap());
    let bytes: Vec<u8> = seed.to_le_bytes().into_iter().cycle().take(32).collect();
    let config = Config { cases: SEQUENCES, max_shrink_iters: 100, failure_persistence: None, ..Config::default() };
    TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &bytes))
}

async fn shuffle(app: &TestApp, part: u64) {
    let letters = inbox(app).await;
    let chat = keyed_inbox(app, json!([secret("k", KEY)])).await;
    let done = std::sync::Mutex::default();
    let number = std::sync::atomic::AtomicU32::new(0);
    let here = tokio::runtime::Handle::current();
    let outcome = tokio::task::block_in_place(|| {
        runner(part).run(&steps(), |steps| {
            let number = number.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            // A new day, so that nobody is stopped for beginning too many visits.
            app.clock.forward(DAY);
            let played = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
                here.block_on(async { World::new(app, letters, chat, number, &done).await.play(&steps).await });
            }));
            played.map_err(|why| {
                let why =
                    why.downcast_ref::<String>().cloned().or_else(|| why.downcast_ref::<&str>().map(|s| (*s).into()));
                TestCaseError::fail(why.unwrap_or_default())
            })
        })
    });
    outcome.unwrap_or_else(|error| panic!("{error}"));
    let done = done.into_inner().unwrap();
    println!("{done:?}");
    for what in
        ["answer", "ticket merge", "ticket split", "ticket undo", "customer merge", "customer split", "customer undo"]
    {
        assert!(done[what] >= SEQUENCES / 4, "{what} happened too seldom: {done:?}");
    }
}

story!(nothing_is_lost_or_shown_to_the_wrong_person_1, |app| async move { shuffle(&app, 0).await });
story!(nothing_is_lost_or_shown_to_the_wrong_person_2, |app| async move { shuffle(&app, 1).await });
story!(nothing_is_lost_or_shown_to_the_wrong_person_3, |app| async move { shuffle(&app, 2).await });
story!(nothing_is_lost_or_shown_to_the_wrong_person_4, |app| async move { shuffle(&app, 3).await });
