//! What cannot be true of an order, whoever says it: it would stand in sums for ever.

use base::{Error, Result};

use crate::{money, order::Order};

/// More than anybody pays, in the smallest unit of any currency; thousands of them fit into a sum.
const MOST: i64 = 1_000_000_000_000_000;
const PIECES: i64 = 1_000_000;

/// An error names the field.
pub(super) fn order(field: &str, order: &Order) -> Result<()> {
    for (name, text) in [("id", &order.id), ("number", &order.number)] {
        if text.trim().is_empty() || text.len() > 200 {
            let why = "must have 1 to 200 characters: by which the shop knows the order";
            return Err(Error::invalid(format!("{field}.{name}"), why));
        }
    }
    money::code(&format!("{field}.currency"), &order.currency)?;
    let totals = &order.totals;
    let of = [
        ("lines", totals.lines),
        ("shipping", totals.shipping),
        ("tax", totals.tax),
        ("discount", totals.discount),
        ("total", totals.total),
        ("paid", totals.paid),
        ("refunded", totals.refunded),
    ];
    for (name, amount) in of {
        within(&format!("{field}.totals.{name}"), amount, 0)?;
    }
    for (place, line) in order.lines.iter().enumerate() {
        let field = format!("{field}.lines[{place}]");
        if line.id.is_empty() {
            return Err(Error::invalid(format!("{field}.id"), "must say by which number the shop knows the line"));
        }
        for (name, pieces) in [("quantity", line.quantity), ("refunded", line.refunded)] {
            if !(0..=PIECES).contains(&pieces) {
                return Err(Error::invalid(format!("{field}.{name}"), format!("must be 0 to {PIECES} pieces")));
            }
        }
        for (name, amount) in [("price", line.price), ("total", line.total)] {
            // What is taken off may stand as a line of its own.
            within(&format!("{field}.{name}"), amount, -MOST)?;
        }
    }
    Ok(())
}

fn within(field: &str, amount: i64, least: i64) -> Result<()> {
    if (least..=MOST).contains(&amount) {
        return Ok(());
    }
    Err(Error::invalid(field, format!("must be {least} to {MOST}, in the smallest unit of the currency")))
}
