//! What can be done to an order at its platform, and what stands in the way.

use base::{Error, Result};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::order::{Address, Fulfilment, Order, OrderState, Payment, Pieces};

base::words!(
    /// A kind of action, for limits, permissions and what a platform can do.
    ActionKind {
        Refund = "refund",
        Cancel = "cancel",
        ChangeAddress = "change_address",
        Note = "note",
        Tag = "tag",
        ResendConfirmation = "resend_confirmation",
        Replacement = "replacement",
        Discount = "discount",
        StoreCredit = "store_credit",
        Hold = "hold",
        Release = "release",
        Return = "return",
        Exchange = "exchange",
    }
);

base::words!(
    /// Where a refund goes.
    #[derive(Default)]
    RefundTo {
        /// Back to where it was paid from.
        #[default]
        Original = "original",
        StoreCredit = "store_credit",
    }
);

/// One thing to do. Amounts are in the smallest unit of the order's currency.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Action {
    Refund {
        /// The pieces that it is for; none for money alone.
        #[serde(default)]
        lines: Vec<Pieces>,
        /// What goes out. None: what the lines cost, or, without lines, all that is left.
        #[serde(default)]
        amount: Option<i64>,
        /// Of the shipping costs, on top of the lines; counts only where `amount` is none.
        #[serde(default)]
        shipping: i64,
        /// The pieces go back on the shelf.
        #[serde(default)]
        restock: bool,
        #[serde(default)]
        to: RefundTo,
        /// Why, for the shop's books.
        #[serde(default)]
        reason: String,
        /// The platform writes to the buyer.
        #[serde(default)]
        notify: bool,
    },
    Cancel {
        /// What was paid goes back, all of it.
        #[serde(default)]
        refund: bool,
        #[serde(default)]
        restock: bool,
        #[serde(default)]
        reason: String,
        #[serde(default)]
        notify: bool,
    },
    /// Where it is sent to.
    ChangeAddress {
        address: Address,
    },
    /// Adds a line to the order's note.
    Note {
        text: String,
    },
    Tag {
        #[serde(default)]
        add: Vec<String>,
        #[serde(default)]
        remove: Vec<String>,
    },
    ResendConfirmation,
    /// The same goods again, free of charge, to the order's address.
    Replacement {
        lines: Vec<Pieces>,
        #[serde(default)]
        reason: String,
    },
    /// A code for the next order, for this buyer, once.
    Discount {
        /// Of the next order; or an amount.
        #[serde(default)]
        percent: Option<i64>,
        #[serde(default)]
        amount: Option<i64>,
        /// Days that it holds.
        #[serde(default)]
        days: Option<i64>,
    },
    /// Money for the next order, on the buyer's account.
    StoreCredit {
        amount: i64,
        #[serde(default)]
        reason: String,
    },
    /// Nobody packs it until it is released.
    Hold {
        #[serde(default)]
        reason: String,
    },
    Release,
    /// Opens a return at the platform; no money moves.
    Return {
        lines: Vec<Pieces>,
        #[serde(default)]
        reason: String,
    },
    /// These pieces come back, and others go out.
    Exchange {
        lines: Vec<Pieces>,
        with: Vec<Wished>,
        #[serde(default)]
        reason: String,
    },
}

/// What somebody gets in an exchange.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Wished {
    pub product: String,
    pub variant: String,
    pub quantity: i64,
}

base::words!(
    /// Why an action cannot be had on an order as it is.
    Hindrance {
        /// The platform has no such action.
        Unable = "unable",
        /// The store is not connected, or switched off.
        Disconnected = "disconnected",
        Cancelled = "cancelled",
        NotCancelled = "not_cancelled",
        /// Nothing was paid.
        NotPaid = "not_paid",
        /// All that was paid was given back.
        Refunded = "refunded",
        /// Parcels are on their way.
        Shipped = "shipped",
        /// Nothing has been sent yet.
        NotShipped = "not_shipped",
        /// The warehouse has it in hand.
        InProgress = "in_progress",
        OnHold = "on_hold",
        NotOnHold = "not_on_hold",
        /// The order has no account behind it.
        NoBuyer = "no_buyer",
        NoAddress = "no_address",
        NoLines = "no_lines",
    }
);

impl Action {
    pub fn kind(&self) -> ActionKind {
        match self {
            Self::Refund { .. } => ActionKind::Refund,
            Self::Cancel { .. } => ActionKind::Cancel,
            Self::ChangeAddress { .. } => ActionKind::ChangeAddress,
            Self::Note { .. } => ActionKind::Note,
            Self::Tag { .. } => ActionKind::Tag,
            Self::ResendConfirmation => ActionKind::ResendConfirmation,
            Self::Replacement { .. } => ActionKind::Replacement,
            Self::Discount { .. } => ActionKind::Discount,
            Self::StoreCredit { .. } => ActionKind::StoreCredit,
            Self::Hold { .. } => ActionKind::Hold,
            Self::Release => ActionKind::Release,
            Self::Return { .. } => ActionKind::Return,
            Self::Exchange { .. } => ActionKind::Exchange,
        }
    }
}

/// What stands in the way of an action on an order as it is, whichever platform has it.
pub fn hindrance(order: &Order, kind: ActionKind) -> Option<Hindrance> {
    let cancelled = order.state == OrderState::Cancelled;
    let shipped = matches!(order.fulfilment, Fulfilment::Fulfilled | Fulfilment::Partial | Fulfilment::Returned)
        || order.lines.iter().any(|line| line.shipped > 0);
    let hindered = |yes: bool, why| yes.then_some(why);
    match kind {
        ActionKind::Refund => hindered(order.totals.paid <= 0, Hindrance::NotPaid)
            .or(hindered(refundable(order) <= 0, Hindrance::Refunded)),
        ActionKind::Cancel => hindered(cancelled, Hindrance::Cancelled).or(hindered(shipped, Hindrance::Shipped)),
        ActionKind::ChangeAddress => hindered(cancelled, Hindrance::Cancelled)
            .or(hindered(shipped, Hindrance::Shipped))
            .or(hindered(order.shipping_address.is_none(), Hindrance::NoAddress)),
        ActionKind::Hold => hindered(cancelled, Hindrance::Cancelled)
            .or(hindered(order.fulfilment == Fulfilment::OnHold, Hindrance::OnHold))
            .or(hindered(order.fulfilment == Fulfilment::Fulfilled, Hindrance::Shipped)),
        ActionKind::Release => hindered(order.fulfilment != Fulfilment::OnHold, Hindrance::NotOnHold),
        ActionKind::Return | ActionKind::Exchange => {
            hindered(cancelled, Hindrance::Cancelled).or(hindered(!shipped, Hindrance::NotShipped))
        }
        ActionKind::Replacement => hindered(order.lines.is_empty(), Hindrance::NoLines),
        ActionKind::StoreCredit => hindered(order.buyer.id.is_none(), Hindrance::NoBuyer),
        ActionKind::ResendConfirmation => hindered(order.buyer.email.is_none(), Hindrance::NoAddress),
        ActionKind::Note | ActionKind::Tag | ActionKind::Discount => None,
    }
}

/// The most that can be given back now.
pub fn refundable(order: &Order) -> i64 {
    if matches!(order.payment, Payment::Voided) { 0 } else { (order.totals.paid - order.totals.refunded).max(0) }
}

/// Pieces of a line whose money can still be given back.
pub fn left(order: &Order, line: &str) -> i64 {
    order.lines.iter().find(|known| known.id == line).map_or(0, |line| (line.quantity - line.refunded).max(0))
}

/// What these pieces cost the buyer, discounts off and taxes in: a share of each line, rounded down but for the last
/// pieces, which take what is left, so that the parts are never more than the whole.
pub fn worth(order: &Order, pieces: &[Pieces]) -> Result<i64> {
    let mut sum = 0_i64;
    for (place, Pieces { line, quantity }) in pieces.iter().enumerate() {
        let field = format!("lines[{place}]");
        let known = order.lines.iter().find(|known| known.id == *line);
        let known = known.ok_or_else(|| Error::invalid(format!("{field}.line"), "is no line of this order"))?;
        if pieces[..place].iter().any(|before| before.line == *line) {
            return Err(Error::invalid(format!("{field}.line"), "stands here twice; add the pieces up"));
        }
        let left = (known.quantity - known.refunded).max(0);
        if *quantity < 1 || *quantity > left {
            let why = format!("must be 1 to {left}: so many pieces of this line are left");
            return Err(Error::invalid(format!("{field}.quantity"), why));
        }
        let share = |pieces: i64| known.total.saturating_mul(pieces) / known.quantity.max(1);
        sum = sum.saturating_add(share(known.refunded + quantity) - share(known.refunded));
    }
    Ok(sum)
}

/// What a refund gives back, checked against what is left: `Invalid` names the field.
pub fn refund_amount(order: &Order, lines: &[Pieces], amount: Option<i64>, shipping: i64) -> Result<i64> {
    let most = refundable(order);
    let worth = worth(order, lines)?;
    if shipping < 0 || shipping > order.totals.shipping {
        let why = format!("must be 0 to {}, what the shipping cost", order.totals.shipping);
        return Err(Error::invalid("shipping", why));
    }
    let all = lines.is_empty() && shipping == 0;
    let amount = amount.unwrap_or(if all { most } else { (worth + shipping).min(most) });
    if amount < 1 || amount > most {
        return Err(Error::invalid("amount", format!("must be 1 to {most}: so much of what was paid is left")));
    }
    Ok(amount)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::order::{Line, Totals};

    fn order() -> Order {
        let line = |id: &str, quantity, total| Line { id: id.into(), quantity, total, ..Line::default() };
        Order {
            lines: vec![line("a", 3, 1000), line("b", 1, 500)],
            totals: Totals { total: 1700, shipping: 200, paid: 1700, ..Totals::default() },
            payment: Payment::Paid,
            ..Order::default()
        }
    }

    fn pieces(line: &str, quantity: i64) -> Pieces {
        Pieces { line: line.into(), quantity }
    }

    #[test]
    fn parts_never_cost_more_than_the_whole() {
        let mut order = order();
        let mut sum = 0;
        for _ in 0..3 {
            sum += worth(&order, &[pieces("a", 1)]).unwrap();
            order.lines[0].refunded += 1;
        }
        assert_eq!(sum, 1000);
        assert!(worth(&order, &[pieces("a", 1)]).is_err(), "none is left");
    }

    #[test]
    fn no_more_goes_out_than_came_in() {
        let mut order = order();
        assert_eq!(refund_amount(&order, &[], None, 0).unwrap(), 1700);
        assert_eq!(refund_amount(&order, &[pieces("b", 1)], None, 200).unwrap(), 700);
        assert!(refund_amount(&order, &[], Some(1701), 0).is_err());
        assert!(refund_amount(&order, &[], Some(0), 0).is_err());
        assert!(refund_amount(&order, &[], Some(-1), 0).is_err());
        assert!(refund_amount(&order, &[pieces("b", 2)], None, 0).is_err());
        assert!(refund_amount(&order, &[pieces("b", 1), pieces("b", 1)], None, 0).is_err());
        assert!(refund_amount(&order, &[pieces("c", 1)], None, 0).is_err());
        order.totals.refunded = 1500;
        assert_eq!(refund_amount(&order, &[pieces("b", 1)], None, 0).unwrap(), 200, "what is left");
        order.totals.refunded = 1700;
        assert!(refund_amount(&order, &[], None, 0).is_err());
        assert_eq!(hindrance(&order, ActionKind::Refund), Some(Hindrance::Refunded));
    }

    #[test]
    fn an_order_says_what_stands_in_the_way() {
        let mut order = order();
        assert_eq!(hindrance(&order, ActionKind::Cancel), None);
        assert_eq!(hindrance(&order, ActionKind::ChangeAddress), Some(Hindrance::NoAddress));
        order.lines[0].shipped = 1;
        assert_eq!(hindrance(&order, ActionKind::Cancel), Some(Hindrance::Shipped));
        order.totals.paid = 0;
        assert_eq!(hindrance(&order, ActionKind::Refund), Some(Hindrance::NotPaid));
        assert_eq!(hindrance(&order, ActionKind::Release), Some(Hindrance::NotOnHold));
    }
}
