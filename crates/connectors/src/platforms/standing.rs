//! Where the money of an order stands, told from what was taken and given back.

use crate::order::{OrderState, Paid, Payment, Totals};

pub fn payment(state: OrderState, totals: &Totals, paid: &[Paid]) -> Payment {
    if totals.refunded > 0 && totals.refunded >= totals.paid {
        Payment::Refunded
    } else if totals.refunded > 0 {
        Payment::PartiallyRefunded
    } else if totals.paid > 0 {
        if totals.paid >= totals.total { Payment::Paid } else { Payment::PartiallyPaid }
    } else if state == OrderState::Cancelled {
        Payment::Voided
    } else if paid.iter().any(|one| one.authorized) {
        Payment::Authorized
    } else {
        Payment::Pending
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_stands_where_its_sums_say() {
        let totals = |paid, refunded| Totals { total: 1000, paid, refunded, ..Totals::default() };
        let open = |totals: &Totals, paid: &[Paid]| payment(OrderState::Open, totals, paid);
        assert_eq!(open(&totals(0, 0), &[]), Payment::Pending);
        assert_eq!(open(&totals(0, 0), &[Paid { authorized: true, ..Paid::default() }]), Payment::Authorized);
        assert_eq!(open(&totals(400, 0), &[]), Payment::PartiallyPaid);
        assert_eq!(open(&totals(1000, 0), &[]), Payment::Paid);
        assert_eq!(open(&totals(1000, 1), &[]), Payment::PartiallyRefunded);
        assert_eq!(open(&totals(1000, 1000), &[]), Payment::Refunded);
        assert_eq!(payment(OrderState::Cancelled, &totals(0, 0), &[]), Payment::Voided);
        assert_eq!(payment(OrderState::Cancelled, &totals(1000, 1000), &[]), Payment::Refunded);
    }
}
