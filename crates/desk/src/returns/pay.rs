//! What was agreed is given: the one place where a return leads to money.

use base::{Feature, Result, Tx, args};

use super::{Money, Return};
use crate::Event;

pub(super) fn feature() -> Feature {
    Feature::default()
}

/// From now on it is owed. A second time changes nothing.
pub(super) async fn due(tx: &mut Tx, mut found: Return) -> Result<Return> {
    let sql = "UPDATE returns SET money = $1 WHERE id = $2 AND money = $3 RETURNING id";
    if tx.opt(sql, args![Money::Due, found.id, Money::None]).await?.is_none() {
        return Ok(found);
    }
    found.money = Money::Due;
    tx.emit(&Event::ReturnDue {
        id: found.id,
        ticket: found.ticket,
        customer: found.customer,
        number: found.number.clone(),
        outcome: found.outcome.as_str().to_owned(),
        amount: found.amount(),
        currency: found.currency.clone(),
    })?;
    Ok(found)
}
