//! The rows of one order, a row per line of it.

use super::{
    Flaw, What,
    gather::{Row, Said},
};
use crate::order::{Address, Buyer, Discount, Fulfilment, Line, Order, OrderState, Paid, Payment, Totals};

pub fn order(said: &mut Said<'_>) -> What {
    let number = said.text("number").unwrap_or_default();
    let (state, payment, fulfilment) = standing(said);
    let lines = lines(said, fulfilment);
    let totals = totals(said, &lines, payment);
    let payment = payment.unwrap_or(match totals.paid {
        0 => Payment::Pending,
        paid if paid < totals.total => Payment::PartiallyPaid,
        _ => Payment::Paid,
    });
    let payment = match (payment, totals.refunded) {
        (Payment::Paid | Payment::PartiallyRefunded, back) if back > 0 && back >= totals.paid => Payment::Refunded,
        (Payment::Paid, back) if back > 0 => Payment::PartiallyRefunded,
        (payment, _) => payment,
    };
    if totals.refunded > totals.paid {
        let line = said.rows.first().map_or(1, |row| row.line);
        said.fault(line, "refunded", Flaw::Refunded, None);
    }
    let discount = said.text("discount_code").map(|code| Discount { code, amount: totals.discount });
    let method = said.text("payment_method");
    let paid =
        method.map(|label| Paid { gateway: label.clone(), label: Some(label), amount: totals.paid, ..Paid::default() });
    let cancelled_at = said.at("cancelled_at");
    let state = if cancelled_at.is_some() { OrderState::Cancelled } else { state };
    What::Order(Box::new(Order {
        id: said.text("id").unwrap_or_else(|| number.clone()),
        number,
        placed_at: said.at("placed_at"),
        changed_at: said.at("changed_at"),
        cancelled_at,
        currency: said.currency.clone(),
        state,
        payment,
        fulfilment: fulfilment.unwrap_or_default(),
        buyer: buyer(said),
        language: said.text("language"),
        lines,
        discounts: discount.into_iter().collect(),
        totals,
        shipping_method: said.text("shipping_method"),
        shipping_address: address(said),
        payments: paid.into_iter().collect(),
        tags: said.list("tags"),
        note: said.text("note"),
        ..Order::default()
    }))
}

/// Where it stands, by the word for all of it and those for its parts.
fn standing(said: &Said<'_>) -> (OrderState, Option<Payment>, Option<Fulfilment>) {
    let (state, payment, fulfilment) = match said.word("status") {
        Some("open") => (OrderState::Open, Some(Payment::Paid), None),
        Some("waiting") => (OrderState::Open, Some(Payment::Pending), None),
        Some("completed") => (OrderState::Closed, Some(Payment::Paid), Some(Fulfilment::Fulfilled)),
        Some("cancelled") => (OrderState::Cancelled, None, None),
        Some("refunded") => (OrderState::Closed, Some(Payment::Refunded), None),
        Some("failed") => (OrderState::Cancelled, Some(Payment::Voided), None),
        _ => (OrderState::Open, None, None),
    };
    let own = said.word("payment").and_then(|word| word.parse().ok());
    // A word for all of it is weaker than what was paid.
    let payment = if own.is_none() && said.value("paid").is_some() { None } else { payment };
    let sent = said.word("fulfilment").and_then(|word| word.parse().ok());
    (state, own.or(payment), sent.or(fulfilment))
}

fn lines(said: &mut Said<'_>, fulfilment: Option<Fulfilment>) -> Vec<Line> {
    let rows = said.rows;
    let mut lines: Vec<Line> = Vec::with_capacity(rows.len());
    for (place, row) in rows.iter().enumerate() {
        let line = line(said, row, place, fulfilment);
        if lines.iter().any(|known| known.id == line.id) {
            said.fault(row.line, "line_id", Flaw::Again, Some(line.id.clone()));
        }
        lines.push(line);
    }
    lines
}

fn line(said: &mut Said<'_>, row: &Row, place: usize, fulfilment: Option<Fulfilment>) -> Line {
    let quantity = row.whole("quantity").unwrap_or(1);
    let discount = said.money_in(row, "line_discount").map_or(0, i64::abs);
    let (price, total) = (said.money_in(row, "price"), said.money_in(row, "line_total"));
    for (field, amount) in [("price", price), ("line_total", total)] {
        if amount.is_some_and(|amount| amount < 0) {
            said.fault(row.line, field, Flaw::Number, amount.map(|amount| amount.to_string()));
        }
    }
    let price = price.or_else(|| total.map(|total| (total + discount) / quantity.max(1))).unwrap_or(0);
    let total = total.unwrap_or_else(|| price.saturating_mul(quantity).saturating_sub(discount).max(0));
    let all_sent = if fulfilment == Some(Fulfilment::Fulfilled) { quantity } else { 0 };
    Line {
        id: row.text("line_id").unwrap_or_else(|| (place + 1).to_string()),
        product: row.text("product"),
        sku: row.text("sku"),
        title: row.text("title").unwrap_or_default(),
        variant_title: row.text("variant_title"),
        quantity,
        shipped: row.whole("shipped").unwrap_or(all_sent).min(quantity),
        price,
        discount,
        tax: said.money_in(row, "line_tax").unwrap_or(0),
        total,
        ..Line::default()
    }
}

fn totals(said: &mut Said<'_>, lines: &[Line], payment: Option<Payment>) -> Totals {
    let sum = |of: fn(&Line) -> i64| lines.iter().map(of).fold(0_i64, i64::saturating_add);
    let gross = said.money("subtotal").unwrap_or_else(|| sum(|line| line.price.saturating_mul(line.quantity)));
    let off_lines = sum(|line| line.discount);
    let own = said.money("discount");
    let shipping = said.money("shipping").unwrap_or(0);
    // Where lines have none of their own, what is off the order is off their sum.
    let off_order = if off_lines == 0 { own.unwrap_or(0) } else { 0 };
    let reckoned = sum(|line| line.total).saturating_add(shipping).saturating_sub(off_order).max(0);
    let total = said.money("total").unwrap_or(reckoned);
    let paid = said.money("paid").unwrap_or(match payment {
        Some(Payment::Paid | Payment::PartiallyRefunded | Payment::Refunded) => total,
        _ => 0,
    });
    let back = said.money("refunded").unwrap_or(if payment == Some(Payment::Refunded) { paid } else { 0 });
    let tax = said.money("tax").unwrap_or_else(|| sum(|line| line.tax));
    Totals { lines: gross, discount: own.unwrap_or(off_lines), shipping, tax, total, paid, refunded: back }
}

fn buyer(said: &Said<'_>) -> Buyer {
    Buyer {
        id: said.text("customer"),
        name: said.text("customer_name").or_else(|| name(said, "first_name", "last_name")),
        email: said.text("email"),
        phone: said.text("phone"),
        language: said.text("language"),
        ..Buyer::default()
    }
}

/// First and last name, as far as they are there.
pub fn name(said: &Said<'_>, first: &str, last: &str) -> Option<String> {
    let parts: Vec<_> = [first, last].into_iter().filter_map(|field| said.text(field)).collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}

fn address(said: &Said<'_>) -> Option<Address> {
    let own = |field: &str| said.text(&format!("shipping_{field}"));
    let (line1, city) = (own("line1"), own("city"));
    if line1.is_none() && city.is_none() && own("postcode").is_none() {
        return None;
    }
    Some(Address {
        name: own("name").or_else(|| name(said, "shipping_first_name", "shipping_last_name")),
        company: own("company"),
        line1: line1.unwrap_or_default(),
        line2: own("line2"),
        postcode: own("postcode"),
        city: city.unwrap_or_default(),
        region: own("region"),
        country: own("country").unwrap_or_default(),
        phone: own("phone"),
    })
}
