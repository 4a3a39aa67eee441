//! Returns: what shoppers send back, by which rules, and what they get for it.

mod due;
pub mod finding;
mod kept;
mod letters;
mod list;
mod moves;
mod pay;
mod pictures;
pub mod policy;
mod quote;
mod request;
mod site;
mod standing;
pub mod swap;
mod trial;
mod warehouse;
mod words;

use std::collections::HashMap;

use base::{Db, Error, Feature, Result, Row, Stamp, Time, Tx, args};
use connectors::{action::Wished, order::Pieces};
use schemars::JsonSchema;
use serde::Serialize;

use crate::{actions::ActionId, customers::CustomerId, orders::OrderId, shops::ShopId, tickets::TicketId};
use policy::{Method, Offer, Outcome, Release};

pub use kept::{Kept, PolicyId, current, keep};
pub use moves::{approve, cancel, decline, expire, hand_in, inspect, label_sent};
pub use pay::{resolve, settle};
use quote::MOST_ITEMS;
pub use request::{Asked, AskedItem, draw, request};
pub use site::begin;
pub use warehouse::{Arrived, receive};
pub use words::{countries, country, is_country};

base::id!(
    /// A return.
    ReturnId,
    /// Pieces of one line that come back.
    ReturnLineId,
);

base::words!(
    /// Where a return stands.
    State {
        /// A person has to decide.
        Requested = "requested",
        /// Agreed; nothing was handed out yet.
        Approved = "approved",
        Declined = "declined",
        /// The shopper has what they need to hand it in.
        LabelSent = "label_sent",
        InTransit = "in_transit",
        Received = "received",
        Inspected = "inspected",
        /// They have what was agreed.
        Resolved = "resolved",
        /// It was not handed in by the day agreed.
        Expired = "expired",
        /// The shopper wants it no more.
        Cancelled = "cancelled",
    }
);

base::words!(
    /// What became of what was agreed.
    Money { None = "none", Due = "due", Done = "done" }
);

base::words!(
    /// In what state goods came back.
    Condition { New = "new", Opened = "opened", Used = "used", Damaged = "damaged", Wrong = "wrong", Missing = "missing" }
);

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Return {
    pub id: ReturnId,
    #[serde(skip)]
    pub shop: ShopId,
    /// What people call it, such as `R-7K2M9QX`.
    pub number: String,
    pub order: OrderId,
    pub customer: Option<CustomerId>,
    pub ticket: Option<TicketId>,
    #[serde(skip)]
    pub policy: PolicyId,
    pub state: State,
    pub outcome: Outcome,
    /// Null where the shopper keeps the goods.
    pub method: Option<Method>,
    /// They withdrew from the contract by law.
    pub withdrawal: bool,
    /// Whoever asked had shown that the order is theirs.
    #[serde(skip)]
    pub proved: bool,
    pub release: Release,
    pub money: Money,
    /// By which it is given.
    pub action: Option<ActionId>,
    /// Why giving it did not work: somebody has to see to it.
    pub money_why: Option<String>,
    /// ISO 4217; the amounts are in its smallest unit.
    pub currency: String,
    /// What the goods cost.
    pub worth: i64,
    pub fee: i64,
    /// On top, for store credit.
    pub bonus: i64,
    pub email: Option<String>,
    pub name: Option<String>,
    pub language: String,
    /// Why it was declined.
    pub why: Option<String>,
    pub requested_at: Stamp,
    pub moved_at: Stamp,
    /// Until when it has to be handed in; null where nothing is waited for.
    pub expires_at: Option<Stamp>,
    pub resolved_at: Option<Stamp>,
}

/// Pieces of one line of the order.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(rename = "ReturnLine")]
pub struct Line {
    pub id: ReturnLineId,
    /// The order's line at its platform.
    pub line: String,
    pub title: String,
    pub variant_title: Option<String>,
    pub sku: Option<String>,
    pub picture: Option<String>,
    pub quantity: i64,
    pub worth: i64,
    /// The id of one of the policy's reasons.
    pub reason: String,
    pub comment: Option<String>,
    /// What they want instead.
    pub wished: Option<Wished>,
    /// What each piece of that costs less; it goes back to them.
    pub cheaper: i64,
    /// As it was decided, with its reasons.
    pub offer: Offer,
    /// Pieces that the warehouse has.
    pub received: i64,
    pub condition: Option<Condition>,
    /// It went back on the shelf.
    pub restock: bool,
    pub note: Option<String>,
}

pub fn feature() -> Feature {
    Feature::default()
        .merge(kept::feature())
        .merge(trial::feature())
        .merge(list::feature())
        .merge(moves::feature())
        .merge(warehouse::feature())
        .merge(pictures::feature())
        .merge(due::feature())
        .merge(letters::feature())
        .merge(pay::feature())
        .merge(site::feature())
}

impl State {
    /// Nothing more happens by itself, and its pieces can be sent back anew unless they were.
    pub fn is_over(self) -> bool {
        matches!(self, Self::Declined | Self::Expired | Self::Cancelled)
    }

    /// The one way that goods and decisions go; whoever wants to skip a step may, nobody goes back.
    pub fn may_become(self, next: Self) -> bool {
        use State::{
            Approved, Cancelled, Declined, Expired, InTransit, Inspected, LabelSent, Received, Requested, Resolved,
        };
        match next {
            Requested => false,
            Approved | Declined => self == Requested,
            LabelSent => self == Approved,
            InTransit => matches!(self, Approved | LabelSent),
            // What comes after all is taken after all.
            Received => matches!(self, Approved | LabelSent | InTransit | Expired),
            Inspected => self == Received,
            Resolved => matches!(self, Approved | LabelSent | InTransit | Received | Inspected),
            Expired => matches!(self, Approved | LabelSent),
            Cancelled => matches!(self, Requested | Approved | LabelSent),
        }
    }
}

impl Return {
    /// What is given, as agreed.
    pub fn amount(&self) -> i64 {
        (self.worth - self.fee).max(0) + if self.outcome == Outcome::StoreCredit { self.bonus } else { 0 }
    }
}

/// The return, held against other writers until the transaction ends.
pub async fn find(tx: &mut Tx, id: ReturnId) -> Result<Return> {
    read(&tx.one("SELECT * FROM returns WHERE id = $1 {for update}", args![id]).await?)
}

pub async fn get(db: &Db, id: ReturnId) -> Result<Return> {
    read(&db.one("SELECT * FROM returns WHERE id = $1", args![id]).await?)
}

pub async fn lines(tx: &mut Tx, id: ReturnId) -> Result<Vec<Line>> {
    let sql = "SELECT * FROM return_lines WHERE return_id = $1 ORDER BY id";
    tx.all(sql, args![id]).await?.iter().map(line).collect()
}

pub async fn lines_of(db: &Db, id: ReturnId) -> Result<Vec<Line>> {
    let sql = "SELECT * FROM return_lines WHERE return_id = $1 ORDER BY id";
    db.all(sql, args![id]).await?.iter().map(line).collect()
}

/// As the platform knows them.
fn pieces(lines: &[Line], of: impl Fn(&Line) -> i64) -> Vec<Pieces> {
    let mut by_line: Vec<Pieces> = Vec::new();
    let mut places: HashMap<&str, usize> = HashMap::new();
    for line in lines.iter().filter(|line| of(line) > 0) {
        let place = *places.entry(&line.line).or_insert_with(|| {
            by_line.push(Pieces { line: line.line.clone(), quantity: 0 });
            by_line.len() - 1
        });
        by_line[place].quantity += of(line);
    }
    by_line
}

/// A number that nobody guesses, of letters and digits that nobody confuses.
fn number(random: [u8; 7]) -> String {
    const LETTERS: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
    let letters = random.map(|byte| char::from(LETTERS[usize::from(byte % 32)]));
    format!("R-{}", letters.iter().collect::<String>())
}

/// As people type it and scanners read it.
pub fn number_key(text: &str) -> String {
    let plain: String = text.trim().to_uppercase().chars().filter(char::is_ascii_alphanumeric).take(20).collect();
    match plain.strip_prefix('R') {
        Some(rest) if rest.len() == 7 => format!("R-{rest}"),
        _ => format!("R-{plain}"),
    }
}

fn read(row: &Row) -> Result<Return> {
    Ok(Return {
        id: row.id("id")?,
        shop: row.id("shop")?,
        number: row.text("number")?,
        order: row.id("order_id")?,
        customer: row.opt_id("customer")?,
        ticket: row.opt_id("ticket")?,
        policy: row.id("policy")?,
        state: row.word("state")?,
        outcome: row.word("outcome")?,
        method: row.opt_text("method")?.map(|word| word.parse()).transpose()?,
        withdrawal: row.bool("withdrawal")?,
        proved: row.bool("proved")?,
        release: row.word("release")?,
        money: row.word("money")?,
        action: row.opt_id("action")?,
        money_why: row.opt_text("money_why")?,
        currency: row.text("currency")?,
        worth: row.int("worth")?,
        fee: row.int("fee")?,
        bonus: row.int("bonus")?,
        email: row.opt_text("email")?,
        name: row.opt_text("name")?,
        language: row.text("language")?,
        why: row.opt_text("why")?,
        requested_at: Stamp(row.int("requested_at")?),
        moved_at: Stamp(row.int("moved_at")?),
        expires_at: row.opt_int("expires_at")?.map(Stamp),
        resolved_at: row.opt_int("resolved_at")?.map(Stamp),
    })
}

fn line(row: &Row) -> Result<Line> {
    Ok(Line {
        id: row.id("id")?,
        line: row.text("line")?,
        title: row.text("title")?,
        variant_title: row.opt_text("variant_title")?,
        sku: row.opt_text("sku")?,
        picture: row.opt_text("picture")?,
        quantity: row.int("quantity")?,
        worth: row.int("worth")?,
        reason: row.text("reason")?,
        comment: row.opt_text("comment")?,
        wished: row.opt_json("wished")?,
        cheaper: row.int("cheaper")?,
        offer: row.json("offer")?,
        received: row.int("received")?,
        condition: row.opt_text("condition")?.map(|word| word.parse()).transpose()?,
        restock: row.bool("restock")?,
        note: row.opt_text("note")?,
    })
}

/// Where it goes: one parcel goes to one place, that of its first line.
fn destination<'p>(policy: &'p policy::Policy, lines: &[Line]) -> Option<&'p policy::Destination> {
    let sent = lines.iter().find(|line| !line.offer.keep);
    policy.destination(sent.and_then(|line| line.offer.destination.as_deref())).or(policy.destinations.first())
}

/// Until when goods have to be handed in that are agreed now.
fn deadline(now: Time, days: i64) -> Time {
    now + days * base::DAY
}

/// What is refused because of where a return stands.
fn not_now(found: &Return, next: State) -> Error {
    Error::conflict(format!("{} is {}; it cannot become {next}.", found.number, found.state))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_however_people_write_them() {
        let made = number([0, 31, 32, 200, 7, 8, 255]);
        assert_eq!(made.len(), 9);
        for written in [made.clone(), made.to_lowercase(), made.replace('-', ""), format!(" {} ", &made[2..])] {
            assert_eq!(number_key(&written), made, "{written}");
        }
    }

    #[test]
    fn nobody_goes_back() {
        for state in State::ALL {
            assert!(!state.may_become(*state) && !state.may_become(State::Requested), "{state}");
        }
        for over in [State::Declined, State::Cancelled, State::Resolved] {
            assert!(State::ALL.iter().all(|next| !over.may_become(*next)), "{over} is the end");
        }
    }
}
