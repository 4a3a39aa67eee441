//! What a decision is made on: who sends back which pieces of what, and why.

use base::{DAY, Time};
use connectors::order::{Line, Order};
use jiff::tz::TimeZone;

/// The order and its buyer: the same for all items. Tags are in lower case.
#[derive(Debug, Clone)]
pub struct Whole {
    pub now: Time,
    /// The shop's: in which days begin and end.
    pub zone: TimeZone,
    /// ISO 3166-1 alpha-2 of where it was sent to; empty where nobody knows.
    pub country: String,
    pub currency: String,
    pub placed_at: Time,
    /// When all of it was there; none while a parcel is on its way, or nobody said.
    pub delivered_at: Option<Time>,
    /// When the last of it was sent.
    pub shipped_at: Option<Time>,
    pub value: i64,
    pub tags: Vec<String>,
    pub discount_codes: Vec<String>,
    pub customer_tags: Vec<String>,
    /// Returns in the last 365 days.
    pub returns: i64,
    pub customer_value: i64,
}

/// Pieces of one line, and why they go back.
#[derive(Debug, Clone, Default)]
pub struct Item {
    pub tags: Vec<String>,
    pub sku: String,
    pub final_sale: bool,
    pub digital: bool,
    /// Of one piece, before discounts.
    pub price: i64,
    pub discounted: bool,
    pub quantity: i64,
    pub reason: String,
    /// When these goods were sent, and when they were there.
    pub shipped_at: Option<Time>,
    pub delivered_at: Option<Time>,
}

#[derive(Debug, Clone, Copy)]
pub struct Facts<'f> {
    pub whole: &'f Whole,
    pub item: &'f Item,
}

impl Whole {
    /// From an order as its platform has it. What the house knows of the buyer is for the caller to add.
    pub fn of(order: &Order, now: Time, zone: TimeZone) -> Self {
        let sent: Vec<_> = order.shipments.iter().filter(|parcel| !parcel.cancelled).collect();
        let goods = order.lines.iter().filter(|line| !line.digital);
        let all_sent = goods.clone().all(|line| line.shipped + line.refunded >= line.quantity);
        let times = |of: fn(&connectors::order::Shipment) -> Option<base::Stamp>| -> Vec<Option<Time>> {
            sent.iter().map(|parcel| of(parcel).map(|at| at.0)).collect()
        };
        let delivered = times(|parcel| parcel.delivered_at);
        let there = all_sent && !delivered.is_empty() && delivered.iter().all(Option::is_some);
        let address = order.shipping_address.as_ref().or(order.billing_address.as_ref());
        Self {
            now,
            zone,
            country: address.map(|address| address.country.to_uppercase()).unwrap_or_default(),
            currency: order.currency.clone(),
            placed_at: order.placed_at.map_or(now, |at| at.0),
            delivered_at: delivered.into_iter().flatten().max().filter(|_| there),
            shipped_at: times(|parcel| parcel.shipped_at).into_iter().flatten().max(),
            value: order.totals.total,
            tags: lower(&order.tags),
            discount_codes: order.discounts.iter().map(|discount| discount.code.to_lowercase()).collect(),
            customer_tags: lower(&order.buyer.tags),
            returns: 0,
            customer_value: 0,
        }
    }

    /// Whole days since the order was placed.
    pub fn age(&self) -> i64 {
        (self.now - self.placed_at).max(0) / DAY
    }
}

impl Item {
    pub fn of(order: &Order, line: &Line, quantity: i64, reason: &str) -> Self {
        let has_it = |parcel: &&connectors::order::Shipment| {
            !parcel.cancelled && (parcel.pieces.is_empty() || parcel.pieces.iter().any(|piece| piece.line == line.id))
        };
        let parcels: Vec<_> = order.shipments.iter().filter(has_it).collect();
        let delivered: Option<Vec<_>> = parcels.iter().map(|parcel| parcel.delivered_at).collect();
        let shipped = parcels.iter().filter_map(|parcel| parcel.shipped_at).max();
        // A platform may say that pieces have left without saying when.
        let shipped = shipped.or(order.placed_at.filter(|_| line.shipped > 0 || line.digital));
        Self {
            tags: lower(&line.tags),
            sku: line.sku.clone().unwrap_or_default().to_lowercase(),
            final_sale: line.final_sale,
            digital: line.digital,
            price: line.price,
            discounted: line.discount > 0,
            quantity,
            reason: reason.to_owned(),
            shipped_at: shipped.map(|at| at.0),
            delivered_at: delivered.and_then(|all| all.into_iter().max()).map(|at| at.0),
        }
    }
}

fn lower(tags: &[String]) -> Vec<String> {
    tags.iter().map(|tag| tag.trim().to_lowercase()).collect()
}
