//! What is done to orders at their stores: preview, confirm (or approval, above somebody's limits), once, event. The same
//! verb serves agents, macros, rules, the bot and shoppers, and the same limits bind them all.

mod authority;
mod decide;
mod execute;
mod hold;
mod request;
mod show;
mod worth;

use base::{Actor, Feature, Result, Row, Stamp, Tx, args};
use connectors::{action::Action, platform::Done};
use schemars::JsonSchema;
use serde::Serialize;

use crate::{agents::AgentId, orders::OrderId, shops::ShopId, tickets::TicketId};

pub use request::{By, Wanted, newest, request};

base::id!(
    /// Something that is done to an order.
    ActionId,
);

base::words!(
    State {
        /// Above the limits of whoever asked; a lead decides.
        AwaitingApproval = "awaiting_approval",
        /// It leaves shortly, and can be taken back until then.
        Queued = "queued",
        /// The platform has been asked to do it.
        Running = "running",
        Done = "done",
        /// The platform said no, or the order did not allow it any more.
        Refused = "refused",
        Declined = "declined",
        Withdrawn = "withdrawn",
        /// Nobody knows whether it was done: a person has to look at the platform, and say.
        Unsure = "unsure",
    }
);

/// Something that is done to an order.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[schemars(rename = "OrderAction")]
pub struct Deed {
    pub id: ActionId,
    pub order: OrderId,
    #[serde(skip)]
    pub shop: ShopId,
    pub ticket: Option<TicketId>,
    /// What is to be done, amounts filled in.
    pub action: Action,
    /// What goes out, in the smallest unit of the order's currency.
    pub amount: i64,
    #[serde(skip)]
    pub worth: i64,
    /// ISO 4217.
    pub currency: String,
    pub state: State,
    #[serde(skip)]
    pub key: String,
    pub by: Who,
    #[serde(skip)]
    pub role: String,
    /// Why it needs or needed approval.
    pub above: Option<String>,
    pub decided_by: Option<AgentId>,
    pub decided_at: Option<Stamp>,
    pub decision_note: Option<String>,
    /// When it leaves; until then it can be taken back.
    pub run_at: Option<Stamp>,
    #[serde(skip)]
    pub tried_at: Option<i64>,
    pub result: Option<Done>,
    /// Why it was refused, or where to look.
    pub why: Option<String>,
    pub created_at: Stamp,
    pub ended_at: Option<Stamp>,
}

/// Who asked for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "ActionBy")]
pub struct Who {
    /// `agent`, `customer`, `rule` or `system`.
    pub kind: String,
    pub id: Option<i64>,
}

impl Who {
    fn actor(&self) -> Actor {
        Actor::from_columns(&self.kind, self.id)
    }
}

pub fn feature() -> Feature {
    Feature::default()
        .merge(request::feature())
        .merge(show::feature())
        .merge(decide::feature())
        .merge(execute::feature())
        .merge(authority::feature())
}

/// The deed, held against other writers until the transaction ends.
pub async fn find(tx: &mut Tx, id: ActionId) -> Result<Deed> {
    deed(&tx.one("SELECT * FROM order_actions WHERE id = $1 {for update}", args![id]).await?)
}

/// From now on it is done for this ticket.
pub async fn put_into(tx: &mut Tx, id: ActionId, ticket: TicketId) -> Result<()> {
    tx.run("UPDATE order_actions SET ticket = $1 WHERE id = $2", args![ticket, id]).await
}

fn deed(row: &Row) -> Result<Deed> {
    Ok(Deed {
        id: row.id("id")?,
        order: row.id("order_id")?,
        shop: row.id("shop")?,
        ticket: row.opt_id("ticket")?,
        action: row.json("action")?,
        amount: row.int("amount")?,
        worth: row.int("worth")?,
        currency: row.text("currency")?,
        state: row.word("state")?,
        key: row.text("key")?,
        by: Who { kind: row.text("actor")?, id: row.opt_int("actor_id")? },
        role: row.text("role")?,
        above: row.opt_text("above")?,
        decided_by: row.opt_id("decided_by")?,
        decided_at: row.opt_int("decided_at")?.map(Stamp),
        decision_note: row.opt_text("decision_note")?,
        run_at: row.opt_int("run_at")?.map(Stamp),
        tried_at: row.opt_int("tried_at")?,
        result: row.opt_json("result")?,
        why: row.opt_text("why")?,
        created_at: Stamp(row.int("created_at")?),
        ended_at: row.opt_int("ended_at")?.map(Stamp),
    })
}
