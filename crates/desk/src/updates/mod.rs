//! Messages about orders: that one was placed, left, is near, arrived, that money is on its way back; and a word some days
//! after. All are off until a shop switches them on, because most platforms send their own. No ticket is made for them:
//! whoever answers one has a ticket that knows the order.

mod answers;
mod hear;
mod preview;
mod send;
mod settings;
mod write;

use base::{Feature, Result, Row, Stamp};
use schemars::JsonSchema;
use serde::Serialize;

use crate::orders::OrderId;

pub use settings::Settings;

base::id!(
    /// One message about an order.
    UpdateId,
);

base::words!(
    /// What a message about an order tells.
    Kind {
        Confirmed = "confirmed",
        Shipped = "shipped",
        OutForDelivery = "out_for_delivery",
        Delivered = "delivered",
        Refunded = "refunded",
        /// Thanks, some days after it arrived.
        Thanks = "thanks",
        /// How to look after it, some weeks after it arrived.
        Care = "care",
    }
);

/// The letter in our words.
pub const LETTER: &str = "update";

impl Kind {
    /// It is about nothing that the shopper waits for: only for those who agreed to be written to, and never too often.
    pub fn is_extra(self) -> bool {
        matches!(self, Self::Thanks | Self::Care)
    }
}

base::words!(
    State {
        Queued = "queued",
        Sending = "sending",
        Sent = "sent",
        Refused = "refused",
        /// It was handed over, and nobody heard whether it was taken. It is not sent again.
        Unsure = "unsure",
    }
);

/// A message about an order, as the desk shows it.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "OrderUpdate")]
pub struct Update {
    pub id: UpdateId,
    pub order: OrderId,
    pub kind: Kind,
    pub recipient: String,
    /// BCP 47.
    pub language: String,
    pub subject: String,
    pub text: String,
    pub state: State,
    pub why: Option<String>,
    pub created_at: Stamp,
    pub sent_at: Option<Stamp>,
}

pub fn feature() -> Feature {
    Feature::default()
        .merge(settings::feature())
        .merge(preview::feature())
        .merge(hear::feature())
        .merge(write::feature())
        .merge(send::feature())
        .merge(answers::feature())
}

fn update(row: &Row) -> Result<Update> {
    Ok(Update {
        id: row.id("id")?,
        order: row.id("order_id")?,
        kind: row.word("kind")?,
        recipient: row.text("recipient")?,
        language: row.text("language")?,
        subject: row.text("subject")?,
        text: row.text("text")?,
        state: row.word("state")?,
        why: row.opt_text("why")?,
        created_at: Stamp(row.int("created_at")?),
        sent_at: row.opt_int("sent_at")?.map(Stamp),
    })
}
