//! What the demo shop takes back, and what is on its way back to it.

use base::{Actor, DAY, HOUR, Result, Time, Tx, args};
use connectors::{
    action::worth,
    order::{Line, Pieces},
};
use serde_json::json;

use super::{rows, stage::Stage};
use crate::{
    Event,
    orders::{self, Known},
    returns::{
        self, Kept, ReturnId, State,
        policy::{Facts, Item, Offer, Outcome, Policy, Whole, decide},
    },
    shops::Shop,
};

/// From one step of a return to the next.
const STEP: Time = 30 * HOUR;

/// Number, how it stands, what they want, why, days ago; each step took a day or two.
const RETURNS: &[(&str, State, Outcome, &str, Time)] = &[
    ("R-7K2M9QX", State::Requested, Outcome::Refund, "damaged", 1),
    ("R-3FZ8HNC", State::Requested, Outcome::Exchange, "wrong_item", 2),
    ("R-9WQ4TBL", State::LabelSent, Outcome::Refund, "too_small", 3),
    ("R-5XJ6PRE", State::LabelSent, Outcome::StoreCredit, "changed_mind", 5),
    ("R-2VD7MKS", State::InTransit, Outcome::Refund, "too_large", 6),
    ("R-8NG3CYA", State::InTransit, Outcome::Exchange, "too_small", 7),
    ("R-4HT9FWU", State::Received, Outcome::Refund, "not_as_expected", 9),
    ("R-6BZ2KXM", State::Resolved, Outcome::Refund, "too_large", 14),
    ("R-7PR5QJD", State::Resolved, Outcome::StoreCredit, "changed_mind", 18),
    ("R-3MC8VNH", State::Declined, Outcome::Refund, "other", 12),
    ("R-9TX4GLB", State::Expired, Outcome::Refund, "changed_mind", 45),
];

fn policy() -> Result<Policy> {
    let policy = json!({
        "currency": "EUR",
        "windows": [{ "days": 60, "since": "delivery" },
            { "outcomes": ["refund", "exchange"], "countries": ["US", "CA"], "days": 30, "since": "shipment" }],
        "destinations": [{ "name": "Bergen", "lines": ["Fjellvik AS", "Bryggen 1", "5003 Bergen", "Norway"] }],
        "rules": [
            { "name": "Broken or wrong: a person looks", "when": { "reasons": ["damaged", "wrong_item"] },
                "then": { "verdict": "review", "fee": { "for": "shipping" } } },
            { "name": "Cheap things are kept", "when": { "price": { "at_most": 2500 }, "reasons": ["damaged"] },
                "then": { "keep": true } },
            { "name": "Outlet", "when": { "product_tags": ["outlet"] },
                "then": { "verdict": "reject", "words": { "en": "What comes from the outlet is yours to keep.",
                    "de": "Was aus dem Outlet kommt, bleibt bei dir." } } },
            { "name": "Way back", "when": { "outcomes": ["refund"] },
                "then": { "fee": { "for": "shipping", "amount": 490 } } },
            { "name": "Thanks for staying", "when": { "outcomes": ["store_credit"] },
                "then": { "bonus": { "percent": 10 } } }
        ]
    });
    Policy::read(policy.to_string().as_bytes())
}

/// The policy, and a return in each state, decided by it.
pub async fn send_back(tx: &mut Tx, stage: &Stage<'_>, present: Time) -> Result<()> {
    let shop = stage.shop.id;
    let kept = returns::keep(tx, shop, Some(stage.agents[0].id), &policy()?).await?;
    let sql = "SELECT * FROM orders WHERE shop = $1 AND status = 'delivered' AND placed_at BETWEEN $2 AND $3
        ORDER BY placed_at DESC, id DESC LIMIT 3";
    for (number, state, outcome, reason, days) in RETURNS {
        let at = present - days * DAY - 3 * HOUR;
        // Delivered some days before it was asked for.
        let found = tx.all(sql, args![shop, at - 30 * DAY, at - 7 * DAY]).await?;
        let Some(row) = found.get(number.len() % 3).or(found.first()) else { continue };
        let known = orders::known(row)?;
        if let Some(sent) = Sent::of(&kept, &known, (number, *state, *outcome, reason), (at, present), &stage.shop)? {
            sent.write(tx, &kept).await?;
        }
    }
    Ok(())
}

/// A return of one piece of the order's first line.
struct Sent<'a> {
    number: &'a str,
    state: State,
    outcome: Outcome,
    reason: &'a str,
    known: &'a Known,
    line: &'a Line,
    offer: Offer,
    worth: i64,
    at: Time,
    moved: Time,
}

impl<'a> Sent<'a> {
    fn of(
        kept: &Kept,
        known: &'a Known,
        (number, state, outcome, reason): (&'a str, State, Outcome, &'a str),
        (at, present): (Time, Time),
        shop: &Shop,
    ) -> Result<Option<Self>> {
        let order = &known.order;
        let Some(line) = order.lines.first() else { return Ok(None) };
        let whole = Whole::of(order, at, kept.policy.zone(shop));
        let item = Item::of(order, line, 1, reason);
        let offer = decide(&kept.policy, Facts { whole: &whole, item: &item }).offer(outcome).clone();
        let worth = worth(order, &[Pieces { line: line.id.clone(), quantity: 1 }])?;
        let moved = (at + i64::try_from(way(state).len())? * STEP).min(present - HOUR);
        Ok(Some(Self { number, state, outcome, reason, known, line, offer, worth, at, moved }))
    }

    async fn write(&self, tx: &mut Tx, kept: &Kept) -> Result<()> {
        let Self { known, offer, worth, at, moved, state, .. } = self;
        let fee = offer.fee.map_or(0, |fee| fee.amount + worth * fee.percent / 100);
        let bonus = worth * offer.bonus.percent / 100;
        let waits = matches!(state, State::LabelSent | State::InTransit);
        // The demo's store tells what it has and can do nothing, so what is owed waits for a person.
        let (money, stuck) = match state {
            State::Resolved => ("done", None),
            State::Received => ("due", Some("Fjellvik has no such action.")),
            _ => ("none", None),
        };
        let why = (*state == State::Declined).then_some("It was worn on a tour, and its seams are torn.");
        let sql = "INSERT INTO returns (shop, number, key, order_id, customer, policy, state, outcome, method, release,
                money, money_why, currency, worth, fee, bonus, email, name, language, why, requested_at, moved_at,
                expires_at, resolved_at)
            VALUES ($1, $2, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21,
                $22, $23) RETURNING id";
        let buyer = &known.order.buyer;
        let args = args![
            known.shop,
            self.number,
            known.id,
            known.customer,
            kept.id,
            *state,
            self.outcome,
            offer.methods.first().copied(),
            offer.release,
            money,
            stuck,
            &known.order.currency,
            *worth,
            fee,
            bonus,
            buyer.email.clone(),
            buyer.name.clone(),
            known.order.language.clone().unwrap_or_else(|| "en".to_owned()),
            why,
            *at,
            *moved,
            waits.then_some(at + 30 * DAY),
            (*state == State::Resolved).then_some(*moved),
        ];
        let id = tx.one(sql, args).await?.id("id")?;
        self.write_line(tx, id).await?;
        self.say(tx, id).await
    }

    async fn write_line(&self, tx: &mut Tx, id: ReturnId) -> Result<()> {
        let came = matches!(self.state, State::Received | State::Resolved);
        let sql = "INSERT INTO return_lines (return_id, line, title, sku, quantity, worth, reason, offer, received,
                condition, restock)
            VALUES ($1, $2, $3, $4, 1, $5, $6, $7, $8, $9, $10)";
        let (line, offer, received) = (self.line, json!(self.offer), i64::from(came));
        let (sku, condition) = (line.sku.clone(), came.then_some("new"));
        let args = args![id, &line.id, &line.title, sku, self.worth, self.reason, offer, received, condition, came];
        tx.run(sql, args).await
    }

    /// What the log has of it: that it was asked for, and each step.
    async fn say(&self, tx: &mut Tx, id: ReturnId) -> Result<()> {
        let (customer, ticket) = (self.known.customer, None);
        let actor = customer.map_or(Actor::System, |customer| Actor::Customer(customer.0));
        let asked = Event::ReturnRequested {
            id,
            ticket,
            customer,
            number: self.number.to_owned(),
            order: self.known.order.number.clone(),
            outcome: self.outcome.as_str().to_owned(),
            withdrawal: false,
        };
        rows::log(tx, self.at, actor, &asked).await?;
        let mut from = State::Requested;
        for (nth, to) in way(self.state).into_iter().enumerate() {
            let at = (self.at + i64::try_from(nth + 1)? * STEP).min(self.moved);
            let (number, why) = (self.number.to_owned(), None);
            let (from_word, to_word) = (from.as_str().to_owned(), to.as_str().to_owned());
            let event = Event::ReturnMoved { id, ticket, customer, number, from: from_word, to: to_word, why };
            rows::log(tx, at, Actor::System, &event).await?;
            from = to;
        }
        Ok(())
    }
}

/// The steps to where it stands.
fn way(state: State) -> Vec<State> {
    let all = [State::Approved, State::LabelSent, State::InTransit, State::Received, State::Resolved];
    match state {
        State::Requested => Vec::new(),
        State::Declined => vec![State::Declined],
        State::Expired => vec![State::Approved, State::LabelSent, State::Expired],
        other => {
            let place = all.iter().position(|one| *one == other).unwrap_or(0);
            all[..=place].to_vec()
        }
    }
}
