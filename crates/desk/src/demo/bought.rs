//! The demo's orders as a store tells of them: paid, packed, sent, arrived, by their age.

use base::{DAY, HOUR, Stamp, Time};
use connectors::order::{
    Address, Buyer, Fulfilment, Line, Order, OrderState, Paid, Payment, Pieces, Refund, Scan, Shipment, Totals,
};

use super::{cast::Person, goods::GOODS, plot::Bought, ready};
use crate::shipments::Reason;

/// Of all parcels to one address.
const SHIPPING: i64 = 0;

pub fn as_order(bought: &Bought, person: &Person, present: Time) -> Order {
    let at = bought.placed_at;
    let age = present - at;
    let total = bought.total() + SHIPPING;
    let (cancelled, returned) = (bought.status == "cancelled", bought.status == "returned");
    let back = if cancelled || returned { total } else { 0 };
    let sent = !cancelled && age > DAY;
    let lines: Vec<_> =
        bought.lines.iter().enumerate().map(|(place, line)| goods(place, *line, sent, back > 0)).collect();
    Order {
        id: bought.number.clone(),
        number: bought.number.clone(),
        placed_at: Some(Stamp(at)),
        changed_at: Some(Stamp(at + age.min(4 * DAY))),
        cancelled_at: cancelled.then_some(Stamp(at + 2 * HOUR)),
        currency: "EUR".to_owned(),
        state: if cancelled { OrderState::Cancelled } else { OrderState::Open },
        payment: if back > 0 { Payment::Refunded } else { Payment::Paid },
        fulfilment: match () {
            () if returned => Fulfilment::Returned,
            () if sent => Fulfilment::Fulfilled,
            () => Fulfilment::Unfulfilled,
        },
        buyer: Buyer {
            name: Some(person.name.clone()),
            email: Some(person.email.clone()),
            language: Some(person.lang.to_owned()),
            tags: if bought.customer.is_multiple_of(5) { vec![ready::CLUB.to_owned()] } else { Vec::new() },
            accepts_marketing: Some(bought.customer.is_multiple_of(3)),
            ..Buyer::default()
        },
        language: Some(person.lang.to_owned()),
        totals: Totals {
            lines: bought.total(),
            shipping: SHIPPING,
            tax: total - total * 100 / 125,
            total,
            paid: total,
            refunded: back,
            ..Totals::default()
        },
        shipping_method: Some("Home delivery".to_owned()),
        shipping_address: Some(address(person)),
        payments: vec![Paid {
            id: "1".into(),
            gateway: "card".into(),
            amount: total,
            refunded: back,
            ..Paid::default()
        }],
        refunds: (back > 0).then(|| Refund { id: "1".into(), amount: back, ..Refund::default() }).into_iter().collect(),
        shipments: sent.then(|| parcel(bought, &lines, age)).into_iter().collect(),
        lines,
        ..Order::default()
    }
}

fn goods(place: usize, (good, quantity): (usize, i64), sent: bool, back: bool) -> Line {
    let (kind, name, title, price) = GOODS[good];
    Line {
        id: (place + 1).to_string(),
        product: Some(name.to_lowercase().replace(' ', "-")),
        variant: Some(format!("{}-1", name.to_lowercase().replace(' ', "-"))),
        sku: Some(format!("{}-{:03}", kind.to_uppercase(), good + 1)),
        title: title.to_owned(),
        quantity,
        shipped: if sent { quantity } else { 0 },
        refunded: if back { quantity } else { 0 },
        price,
        tax: price * quantity / 5,
        total: price * quantity,
        ..Line::default()
    }
}

/// Everybody lives somewhere: which street is of no account.
fn address(person: &Person) -> Address {
    let (city, postcode, country) = match person.lang {
        "de" => ("Hamburg", "20095", "DE"),
        "sv" => ("Göteborg", "411 06", "SE"),
        "en" => ("Leeds", "LS1 4AP", "GB"),
        "fr" => ("Lyon", "69002", "FR"),
        "es" => ("Girona", "17001", "ES"),
        _ => ("Bergen", "5003", "NO"),
    };
    Address {
        name: Some(person.name.clone()),
        line1: "Fjellgata 12".to_owned(),
        postcode: Some(postcode.to_owned()),
        city: city.to_owned(),
        country: country.to_owned(),
        ..Address::default()
    }
}

fn parcel(bought: &Bought, lines: &[Line], age: Time) -> Shipment {
    let at = bought.placed_at;
    let arrived = (age >= 4 * DAY && bought.stuck.is_none()).then_some(at + 4 * DAY - 5 * HOUR);
    let digits: String = bought.number.chars().filter(char::is_ascii_digit).collect();
    let scan = |at: Time, status: &str, place: &str| Scan {
        at: Some(Stamp(at)),
        status: status.to_owned(),
        place: Some(place.to_owned()),
        ..Scan::default()
    };
    let mut scans = vec![scan(at + DAY, "in_transit", "Oslo")];
    if age > 2 * DAY {
        scans.push(scan(at + 2 * DAY - 2 * HOUR, "in_transit", "Gothenburg"));
    }
    scans.extend(arrived.map(|at| scan(at, "delivered", "")));
    match bought.stuck {
        Some(Reason::NotHandedOver) => scans = vec![scan(at + 4 * HOUR, "info_received", "")],
        Some(Reason::Late) => scans.push(scan(at + age - 9 * HOUR, "in_transit", "Hamburg")),
        Some(Reason::Exception) => {
            let text = Some("The address is not complete.".to_owned());
            scans.push(Scan { text, ..scan(at + 3 * DAY, "exception", "Hamburg") });
        }
        Some(Reason::NoNews) | None => {}
    }
    // Of some nobody named a day.
    let expected = !matches!(bought.stuck, Some(Reason::NoNews | Reason::NotHandedOver | Reason::Exception));
    Shipment {
        id: format!("{}-1", bought.number),
        carrier: Some("DHL".to_owned()),
        number: Some(format!("0034043416{digits}")),
        pieces: lines.iter().map(|line| Pieces { line: line.id.clone(), quantity: line.quantity }).collect(),
        shipped_at: Some(Stamp(at + DAY)),
        expected_at: expected.then_some(Stamp(at + 4 * DAY)),
        delivered_at: arrived.map(Stamp),
        scans,
        ..Shipment::default()
    }
}
