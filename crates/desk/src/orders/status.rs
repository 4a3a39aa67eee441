//! Where an order stands, in the one word that people want to hear.

use connectors::order::{Fulfilment, Order, OrderState, Payment};

base::words!(
    Status {
        AwaitingPayment = "awaiting_payment",
        Processing = "processing",
        OnHold = "on_hold",
        PartlyShipped = "partly_shipped",
        Shipped = "shipped",
        Delivered = "delivered",
        Returned = "returned",
        Refunded = "refunded",
        Cancelled = "cancelled",
    }
);

impl Status {
    pub fn of(order: &Order) -> Self {
        let sent: Vec<_> = order.shipments.iter().filter(|shipment| !shipment.cancelled).collect();
        let arrived = !sent.is_empty() && sent.iter().all(|shipment| shipment.delivered_at.is_some());
        match (order.state, order.payment, order.fulfilment) {
            (OrderState::Cancelled, ..) | (_, Payment::Voided, _) => Self::Cancelled,
            (.., Fulfilment::Returned) => Self::Returned,
            (_, Payment::Refunded, _) => Self::Refunded,
            (.., Fulfilment::Fulfilled) if arrived => Self::Delivered,
            (.., Fulfilment::Fulfilled) => Self::Shipped,
            (.., Fulfilment::Partial) => Self::PartlyShipped,
            (.., Fulfilment::OnHold) => Self::OnHold,
            (_, Payment::Pending, _) => Self::AwaitingPayment,
            _ => Self::Processing,
        }
    }
}

#[cfg(test)]
mod tests {
    use base::Stamp;
    use connectors::order::Shipment;

    use super::*;

    #[test]
    fn the_word_is_the_one_that_matters_most() {
        let mut order = Order { payment: Payment::Paid, ..Order::default() };
        assert_eq!(Status::of(&order), Status::Processing);
        order.fulfilment = Fulfilment::Fulfilled;
        order.shipments = vec![Shipment::default(), Shipment { delivered_at: Some(Stamp(1)), ..Shipment::default() }];
        assert_eq!(Status::of(&order), Status::Shipped, "one parcel is still on its way");
        order.shipments[0].cancelled = true;
        assert_eq!(Status::of(&order), Status::Delivered);
        order.payment = Payment::Refunded;
        assert_eq!(Status::of(&order), Status::Refunded);
        order.state = OrderState::Cancelled;
        assert_eq!(Status::of(&order), Status::Cancelled);
    }
}
