//! What a shop's platform knows, in our words: orders with their lines, money, parcels and buyers; products.
//!
//! Money is in the smallest unit of the order's currency (see [`crate::money`]); tax is within the amounts. Ids are the
//! platform's own and opaque. What a platform does not tell is empty.

use std::collections::BTreeMap;

use base::Stamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

base::words!(
    /// Where an order as a whole stands.
    #[derive(Default)]
    OrderState {
        #[default]
        Open = "open",
        /// Nothing is left to do; archived or completed.
        Closed = "closed",
        Cancelled = "cancelled",
    }
);

base::words!(
    /// What became of the money.
    #[derive(Default)]
    Payment {
        #[default]
        Pending = "pending",
        /// Promised by the bank, not taken yet.
        Authorized = "authorized",
        PartiallyPaid = "partially_paid",
        Paid = "paid",
        PartiallyRefunded = "partially_refunded",
        Refunded = "refunded",
        /// The promise was let go; nothing was taken.
        Voided = "voided",
    }
);

base::words!(
    /// What became of the goods.
    #[derive(Default)]
    Fulfilment {
        #[default]
        Unfulfilled = "unfulfilled",
        /// Nobody packs it until it is released.
        OnHold = "on_hold",
        /// The warehouse has it in hand: too late to change what is in it.
        InProgress = "in_progress",
        Partial = "partial",
        Fulfilled = "fulfilled",
        Returned = "returned",
    }
);

base::words!(
    /// How likely it is that the order is fraud, in the platform's judgement.
    Risk { Low = "low", Medium = "medium", High = "high" }
);

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(rename = "PlatformOrder")]
pub struct Order {
    pub id: String,
    /// What people call it, such as `FV-20418` or `#1001`.
    pub number: String,
    pub placed_at: Option<Stamp>,
    /// When the platform last changed it. What is older never replaces what is newer.
    pub changed_at: Option<Stamp>,
    pub cancelled_at: Option<Stamp>,
    /// ISO 4217.
    pub currency: String,
    pub state: OrderState,
    pub payment: Payment,
    pub fulfilment: Fulfilment,
    pub buyer: Buyer,
    /// BCP 47, in which it was placed.
    pub language: Option<String>,
    pub lines: Vec<Line>,
    pub discounts: Vec<Discount>,
    pub totals: Totals,
    pub shipping_method: Option<String>,
    pub shipping_address: Option<Address>,
    pub billing_address: Option<Address>,
    pub payments: Vec<Paid>,
    pub refunds: Vec<Refund>,
    pub shipments: Vec<Shipment>,
    pub tags: Vec<String>,
    pub note: Option<String>,
    pub risk: Option<Risk>,
    /// Where the shop's people see it at the platform.
    pub admin_url: Option<String>,
    /// Where its buyer sees it.
    pub status_url: Option<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Totals {
    /// Of the lines, before discounts.
    pub lines: i64,
    /// Of all kinds together; positive.
    pub discount: i64,
    pub shipping: i64,
    /// Taxes within or beside the rest, as [`Self::total`] has them.
    pub tax: i64,
    /// What the buyer owes or owed for the order as it is now.
    pub total: i64,
    /// Taken from the buyer so far.
    pub paid: i64,
    /// Given back so far.
    pub refunded: i64,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(rename = "OrderLine")]
pub struct Line {
    pub id: String,
    pub product: Option<String>,
    pub variant: Option<String>,
    pub sku: Option<String>,
    pub title: String,
    /// Which of the product's kinds, such as `Spruce / XL`.
    pub variant_title: Option<String>,
    pub picture: Option<String>,
    pub quantity: i64,
    /// Pieces that have left the warehouse.
    pub shipped: i64,
    /// Pieces whose money was given back, or that were taken off the order.
    pub refunded: i64,
    /// Of one piece, before discounts.
    pub price: i64,
    /// Off all pieces together; positive.
    pub discount: i64,
    pub tax: i64,
    /// Of all pieces together, as the buyer pays it: discounts off, taxes in.
    pub total: i64,
    /// Sold as not to be returned.
    pub final_sale: bool,
    /// Nothing to send: a gift card, a download.
    pub digital: bool,
    pub tags: Vec<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Discount {
    /// The code that was typed in, or the name of what worked by itself.
    pub code: String,
    pub amount: i64,
}

/// Money that was taken, and by what.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Paid {
    pub id: String,
    /// The provider in the platform's word.
    pub gateway: String,
    /// As a buyer knows it, such as `Visa •• 4242`.
    pub label: Option<String>,
    pub amount: i64,
    /// Of it, what was given back.
    pub refunded: i64,
    /// Only promised; see [`Payment::Authorized`].
    pub authorized: bool,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Refund {
    pub id: String,
    pub at: Option<Stamp>,
    pub amount: i64,
    pub note: Option<String>,
    pub lines: Vec<Pieces>,
}

/// Some pieces of a line.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Pieces {
    /// The line's id.
    pub line: String,
    pub quantity: i64,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Buyer {
    /// Their account at the platform; none for guests.
    pub id: Option<String>,
    pub name: Option<String>,
    pub email: Option<String>,
    /// The platform has made sure that the address is theirs.
    pub email_verified: bool,
    pub phone: Option<String>,
    pub language: Option<String>,
    pub tags: Vec<String>,
    /// They agreed to advertising by mail; none where the platform does not say.
    pub accepts_marketing: Option<bool>,
    /// When the platform last changed the account.
    pub changed_at: Option<Stamp>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Address {
    pub name: Option<String>,
    pub company: Option<String>,
    pub line1: String,
    pub line2: Option<String>,
    pub postcode: Option<String>,
    pub city: String,
    /// State, province or county, as the country writes it.
    pub region: Option<String>,
    /// ISO 3166-1, such as `NO`.
    pub country: String,
    pub phone: Option<String>,
}

/// Goods on their way: one parcel, or several under one number.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Shipment {
    pub id: String,
    /// In the platform's word; what it is to us is for the carriers to say.
    pub carrier: Option<String>,
    pub number: Option<String>,
    pub url: Option<String>,
    pub pieces: Vec<Pieces>,
    pub shipped_at: Option<Stamp>,
    /// When the carrier or the shop expects it to be there.
    pub expected_at: Option<Stamp>,
    pub delivered_at: Option<Stamp>,
    /// It was called back.
    pub cancelled: bool,
    /// The carrier's news as the platform passes them on, oldest first.
    pub scans: Vec<Scan>,
}

/// One line of a parcel's history.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Scan {
    pub at: Option<Stamp>,
    /// In the words of whoever said it; the carriers make a status of it.
    pub status: String,
    pub text: Option<String>,
    pub place: Option<String>,
}

/// Something that the shop sells.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Product {
    pub id: String,
    pub title: String,
    pub picture: Option<String>,
    /// Its page in the shop.
    pub url: Option<String>,
    /// It can be bought; so where nobody says otherwise.
    #[serde(default = "yes")]
    pub active: bool,
    pub tags: Vec<String>,
    pub variants: Vec<Variant>,
    pub changed_at: Option<Stamp>,
}

fn yes() -> bool {
    true
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Variant {
    pub id: String,
    pub sku: Option<String>,
    pub title: String,
    /// Such as `{"Colour": "Spruce", "Size": "XL"}`.
    pub options: BTreeMap<String, String>,
    pub price: i64,
    /// ISO 4217.
    pub currency: String,
    /// Pieces that can be sold now; none where nobody counts them.
    pub stock: Option<i64>,
    pub picture: Option<String>,
}

impl Order {
    /// Without U+0000, which no database of ours keeps in a text, and with a number and a currency in any case.
    #[must_use]
    pub fn kept(self) -> Self {
        let number = if self.number.trim().is_empty() { self.id.clone() } else { self.number };
        let order = Self { number, ..self };
        // Rare, so that the way through text is taken only then.
        let holds_nul = serde_json::to_string(&order).is_ok_and(|text| text.contains("\\u0000"));
        if !holds_nul {
            return order;
        }
        let clean = serde_json::to_string(&order).map(|text| text.replace("\\u0000", ""));
        clean.ok().and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default()
    }
}
