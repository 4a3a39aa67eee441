//! What texts may say of an order.

use base::App;
use connectors::{carriers, order::Shipment};

use super::{Known, link};
use crate::variables::{Fact, Facts};

/// The facts with those of this order. Of several parcels the last that was sent is meant.
pub fn facts(app: &App, facts: Facts, known: &Known) -> Facts {
    let order = &known.order;
    let parcel = order.shipments.iter().rfind(|shipment| !shipment.cancelled);
    let money = |amount: i64| Fact::Money(amount, order.currency.clone());
    facts
        .with_text("order.number", Some(order.number.clone()))
        .with("order.total", Some(money(order.totals.total)))
        .with("order.refunded", Some(order.totals.refunded).filter(|back| *back > 0).map(money))
        .with("order.placed_at", order.placed_at.map(|at| Fact::Moment(at.0)))
        .with("order.page_url", Some(Fact::Link(link::address(app, known.id))))
        .with_text("order.tracking_number", parcel.and_then(|parcel| parcel.number.clone()))
        .with("order.tracking_url", parcel.and_then(tracking).map(Fact::Link))
        .with_text("order.carrier", parcel.and_then(carrier))
        .with("order.eta", parcel.and_then(|parcel| parcel.expected_at).map(|at| Fact::Moment(at.0)))
}

fn tracking(parcel: &Shipment) -> Option<String> {
    let carrier = carriers::recognise(parcel.carrier.as_deref(), parcel.number.as_deref());
    carriers::link(carrier, parcel.number.as_deref(), parcel.url.as_deref())
}

fn carrier(parcel: &Shipment) -> Option<String> {
    let known = carriers::recognise(parcel.carrier.as_deref(), parcel.number.as_deref());
    known.map(|known| known.name.to_owned()).or_else(|| parcel.carrier.clone())
}
