//! An order of Vendure in our words.

use base::{Error, Result, Stamp};
use serde_json::Value;

use super::{people, units::Units};
use crate::{
    money::code,
    order::{Buyer, Discount, Fulfilment, Line, Order, OrderState, Paid, Pieces, Refund, Shipment, Totals},
    platforms::{
        json::{id, link, list, stamp, text, untraced},
        standing,
    },
};

/// Parts of an order that [`order`] reads.
pub const ORDER: &str = "fragment O on Order { id code state createdAt updatedAt orderPlacedAt currencyCode couponCodes
    totalWithTax shippingWithTax taxSummary { taxTotal }
    customer { id firstName lastName emailAddress phoneNumber updatedAt user { id } groups { name } }
    shippingAddress { ...A } billingAddress { ...A } shippingLines { shippingMethod { name } }
    discounts { description amountWithTax adjustmentSource }
    lines { id quantity orderPlacedQuantity unitPriceWithTax proratedUnitPriceWithTax proratedLinePriceWithTax lineTax
        discounts { amountWithTax } featuredAsset { preview } productVariant { id productId sku name options { name } } }
    payments { id method amount state updatedAt
        refunds { id total state reason createdAt updatedAt lines { orderLineId quantity } } }
    fulfillments { id state method trackingCode createdAt updatedAt lines { orderLineId quantity } }
    modifications { id note createdAt }
    history(options: { take: 100, sort: { createdAt: DESC, id: DESC }, filter: { type: { in: [
        \"ORDER_NOTE\", \"ORDER_CANCELLATION\", \"ORDER_FULFILLMENT_TRANSITION\", \"ORDER_STATE_TRANSITION\"] } } }) {
        items { id type data createdAt } } }
    fragment A on OrderAddress { fullName company streetLine1 streetLine2 city province postalCode countryCode phoneNumber }";

/// Lines of the order's history of one kind, oldest first.
pub fn history<'a>(value: &'a Value, kind: &'a str) -> impl Iterator<Item = &'a Value> {
    list(&value["history"]["items"]).iter().rev().filter(move |entry| entry["type"] == kind)
}

/// `config` is the server's, for its money.
pub fn order(value: &Value, config: &Value, address: &str) -> Result<Order> {
    let order_id = id(&value["id"]).ok_or_else(|| Error::upstream("Vendure sent an order without an id"))?;
    let currency = code("currency", value["currencyCode"].as_str().unwrap_or_default())
        .map_err(|_| Error::Malformed(format!("order {order_id} has no currency that we know")))?;
    let units = Units::new(&currency, config)?;
    let (paid, refunds) = (paid(value, units)?, refunds(value, units)?);
    let lines: Vec<Line> =
        list(&value["lines"]).iter().map(|line| self::line(value, line, &refunds, units)).collect::<Result<_>>()?;
    let state = match value["state"].as_str() {
        Some("Cancelled") => OrderState::Cancelled,
        Some("Delivered") => OrderState::Closed,
        _ => OrderState::Open,
    };
    let totals = totals(value, state, &lines, &paid, units)?;
    let names = |entry: &Value| text(&entry["data"]["note"]).map(|note| untraced(&note));
    let notes: Vec<_> = history(value, "ORDER_NOTE").filter_map(names).collect();
    let cancelled = history(value, "ORDER_STATE_TRANSITION").filter(|entry| entry["data"]["to"] == "Cancelled").last();
    Ok(Order {
        number: text(&value["code"]).unwrap_or_else(|| order_id.clone()),
        placed_at: stamp(&value["orderPlacedAt"]).or_else(|| stamp(&value["createdAt"])),
        changed_at: changed(value),
        cancelled_at: cancelled.and_then(|entry| stamp(&entry["createdAt"])),
        state,
        payment: standing::payment(state, &totals, &paid),
        fulfilment: fulfilment(value),
        buyer: buyer(value),
        language: None,
        discounts: discounts(value, units)?,
        totals,
        shipping_method: list(&value["shippingLines"]).first().and_then(|line| text(&line["shippingMethod"]["name"])),
        shipping_address: people::address(&value["shippingAddress"]),
        billing_address: people::address(&value["billingAddress"]),
        payments: paid,
        refunds,
        shipments: list(&value["fulfillments"]).iter().filter_map(|parcel| shipment(value, parcel)).collect(),
        tags: Vec::new(),
        note: (!notes.is_empty()).then(|| notes.join("\n")),
        risk: None,
        admin_url: Some(format!("{address}/dashboard/orders/{order_id}")),
        status_url: None,
        id: order_id,
        currency,
        lines,
    })
}

/// The latest of all that is in it: a refund or a note does not touch the order itself.
fn changed(value: &Value) -> Option<Stamp> {
    let payments = list(&value["payments"]);
    let refunds = payments.iter().flat_map(|payment| list(&payment["refunds"]));
    let touched = payments.iter().chain(refunds).chain(list(&value["fulfillments"])).chain([value]);
    let made = list(&value["modifications"]).iter().chain(list(&value["history"]["items"]));
    let touched = touched.filter_map(|part| stamp(&part["updatedAt"]));
    touched.chain(made.filter_map(|part| stamp(&part["createdAt"]))).max()
}

fn buyer(value: &Value) -> Buyer {
    let known = people::buyer(&value["customer"]);
    let address = &value["shippingAddress"];
    Buyer {
        name: known.name.or_else(|| text(&address["fullName"])),
        phone: known.phone.or_else(|| text(&address["phoneNumber"])),
        ..known
    }
}

fn totals(value: &Value, state: OrderState, lines: &[Line], paid: &[Paid], units: Units) -> Result<Totals> {
    let taken: i64 = paid.iter().filter(|one| !one.authorized).map(|one| one.amount).sum();
    // Vendure takes what is cancelled off the order; it was for as much all the same.
    let was = paid.iter().map(|one| one.amount).sum::<i64>().max(lines.iter().map(|line| line.total).sum());
    let cancelled = state == OrderState::Cancelled;
    let off = list(&value["discounts"]).iter().filter(|one| one["adjustmentSource"] != "CANCEL_ORDER");
    let tax = list(&value["taxSummary"]).iter().map(|rate| units.minor(&rate["taxTotal"]));
    Ok(Totals {
        lines: lines.iter().map(|line| line.price * line.quantity).sum(),
        discount: off.map(|one| units.minor(&one["amountWithTax"]).map(|amount| -amount)).sum::<Result<i64>>()?,
        shipping: units.minor(&value["shippingWithTax"])?,
        tax: tax.sum::<Result<i64>>()?,
        total: if cancelled { was } else { units.minor(&value["totalWithTax"])? },
        paid: taken,
        refunded: paid.iter().map(|one| one.refunded).sum(),
    })
}

fn fulfilment(value: &Value) -> Fulfilment {
    match value["state"].as_str() {
        Some("PartiallyShipped") => Fulfilment::Partial,
        Some("Shipped" | "PartiallyDelivered" | "Delivered") => Fulfilment::Fulfilled,
        _ if list(&value["fulfillments"]).iter().any(|parcel| parcel["state"] != "Cancelled") => Fulfilment::InProgress,
        _ => Fulfilment::Unfulfilled,
    }
}

fn is_sent(parcel: &Value) -> bool {
    matches!(parcel["state"].as_str(), Some("Shipped" | "Delivered"))
}

fn pieces(lines: &Value) -> Vec<Pieces> {
    let read = |line: &Value| {
        Some(Pieces { line: id(&line["orderLineId"])?, quantity: line["quantity"].as_i64()?.clamp(0, 1_000_000_000) })
    };
    list(lines).iter().filter_map(read).collect()
}

fn line(order: &Value, line: &Value, refunds: &[Refund], units: Units) -> Result<Line> {
    let line_id = id(&line["id"]).unwrap_or_default();
    let count = |key: &str| line[key].as_i64().unwrap_or(0).clamp(0, 1_000_000_000);
    let (now, placed) = (count("quantity"), count("orderPlacedQuantity"));
    let quantity = now.max(placed);
    let of = |all: Vec<Pieces>| all.iter().filter(|one| one.line == line_id).map(|one| one.quantity).sum::<i64>();
    let paid_back: i64 = refunds.iter().map(|refund| of(refund.lines.clone())).sum();
    let parcels = list(&order["fulfillments"]).iter().filter(|parcel| is_sent(parcel));
    let (variant, one) = (&line["productVariant"], units.minor(&line["proratedUnitPriceWithTax"])?);
    let options: Vec<_> = list(&variant["options"]).iter().filter_map(|option| text(&option["name"])).collect();
    let off = list(&line["discounts"]).iter().map(|one| units.minor(&one["amountWithTax"]));
    Ok(Line {
        product: id(&variant["productId"]),
        variant: id(&variant["id"]),
        sku: text(&variant["sku"]),
        title: text(&variant["name"]).unwrap_or_default(),
        variant_title: (!options.is_empty()).then(|| options.join(" / ")),
        picture: link(&line["featuredAsset"]["preview"]),
        quantity,
        shipped: parcels.map(|parcel| of(pieces(&parcel["lines"]))).sum(),
        refunded: paid_back.max(quantity - now).min(quantity),
        price: units.minor(&line["unitPriceWithTax"])?,
        discount: -off.sum::<Result<i64>>()?,
        tax: units.minor(&line["lineTax"])?,
        // What was taken off the line counts no longer in Vendure's own sum.
        total: if now == quantity {
            units.minor(&line["proratedLinePriceWithTax"])?
        } else {
            one.saturating_mul(quantity)
        },
        final_sale: false,
        digital: false,
        tags: Vec::new(),
        id: line_id,
    })
}

fn discounts(value: &Value, units: Units) -> Result<Vec<Discount>> {
    let codes = list(&value["couponCodes"]);
    let all = list(&value["discounts"]).iter().filter(|one| one["adjustmentSource"] != "CANCEL_ORDER");
    let all = all.map(|one| {
        // One code and one discount belong together; of several nobody says which is whose.
        let code = if let [only] = codes { text(only) } else { None };
        let code = code.or_else(|| text(&one["description"])).unwrap_or_default();
        Ok(Discount { code, amount: -units.minor(&one["amountWithTax"])? })
    });
    all.collect()
}

/// What failed moved no money.
fn counts(refund: &Value) -> bool {
    refund["state"] != "Failed"
}

fn paid(value: &Value, units: Units) -> Result<Vec<Paid>> {
    let counted = |payment: &&Value| matches!(payment["state"].as_str(), Some("Settled" | "Authorized"));
    let read = |payment: &Value| {
        let refunds =
            list(&payment["refunds"]).iter().filter(|one| counts(one)).map(|refund| units.minor(&refund["total"]));
        Ok(Paid {
            id: id(&payment["id"]).unwrap_or_default(),
            gateway: text(&payment["method"]).unwrap_or_default(),
            label: None,
            amount: units.minor(&payment["amount"])?,
            refunded: refunds.sum::<Result<i64>>()?,
            authorized: payment["state"] == "Authorized",
        })
    };
    list(&value["payments"]).iter().filter(counted).map(read).collect()
}

fn refunds(value: &Value, units: Units) -> Result<Vec<Refund>> {
    let all = list(&value["payments"]).iter().flat_map(|payment| list(&payment["refunds"])).filter(|one| counts(one));
    let read = |refund: &Value| {
        Ok(Refund {
            id: id(&refund["id"]).unwrap_or_default(),
            at: stamp(&refund["createdAt"]),
            amount: units.minor(&refund["total"])?,
            note: text(&refund["reason"]).map(|reason| untraced(&reason)).filter(|note| !note.is_empty()),
            lines: pieces(&refund["lines"]),
        })
    };
    let mut all: Vec<Refund> = all.map(read).collect::<Result<_>>()?;
    all.sort_by_key(|refund| refund.at);
    Ok(all)
}

fn shipment(order: &Value, parcel: &Value) -> Option<Shipment> {
    let own = id(&parcel["id"])?;
    let number = text(&parcel["trackingCode"]);
    if !is_sent(parcel) && number.is_none() {
        return None;
    }
    let reached = |state: &str| {
        let same = |entry: &&Value| {
            id(&entry["data"]["fulfillmentId"]).as_ref() == Some(&own) && entry["data"]["to"] == *state
        };
        history(order, "ORDER_FULFILLMENT_TRANSITION").find(same).and_then(|entry| stamp(&entry["createdAt"]))
    };
    Some(Shipment {
        carrier: text(&parcel["method"]),
        number,
        url: None,
        pieces: pieces(&parcel["lines"]),
        shipped_at: reached("Shipped").or_else(|| stamp(&parcel["updatedAt"]).filter(|_| is_sent(parcel))),
        expected_at: None,
        delivered_at: reached("Delivered"),
        cancelled: parcel["state"] == "Cancelled",
        scans: Vec::new(),
        id: own,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{order::Payment, platforms::json::recorded};

    #[test]
    fn a_recorded_order_is_read() {
        let Some(body) = recorded("vendure_recorded/vendure_order.json") else { return };
        let order = order(&body, &json!({ "moneyStrategyPrecision": 2 }), "https://shop.example").unwrap();
        assert_eq!((order.number.as_str(), order.totals.total), ("EEZZEZQ4LG9HKEXG", 312_260));
        assert_eq!((order.state, order.fulfilment), (OrderState::Closed, Fulfilment::Fulfilled));
        assert_eq!((order.lines[0].sku.as_deref(), order.lines[0].quantity), (Some("L2201308"), 2));
        assert_eq!(
            (order.shipments[0].carrier.as_deref(), order.shipments[0].number.as_deref()),
            (Some("DHL"), Some("TRK1"))
        );
        assert_eq!(order.buyer.email.as_deref(), Some("ada@example.com"));
    }

    #[test]
    fn money_is_read_in_the_units_of_the_shop() {
        let body = json!({
            "id": "7", "code": "A", "state": "PaymentSettled", "currencyCode": "JPY", "totalWithTax": 125_000,
            "payments": [
                { "id": "1", "state": "Settled", "amount": 125_000, "refunds": [
                    { "id": "1", "state": "Settled", "total": 25_000 }, { "id": "2", "state": "Failed", "total": 100_000 }] },
                { "id": "2", "state": "Declined", "amount": 125_000, "refunds": [] }],
            "lines": [{ "id": "1", "quantity": 1, "orderPlacedQuantity": 3, "unitPriceWithTax": 30_000,
                "proratedUnitPriceWithTax": 30_000, "proratedLinePriceWithTax": 30_000 }],
        });
        let order = order(&body, &json!({ "moneyStrategyPrecision": 2 }), "").unwrap();
        assert_eq!((order.totals.total, order.totals.paid, order.totals.refunded), (1250, 1250, 250));
        assert_eq!((order.payment, order.refunds.len()), (Payment::PartiallyRefunded, 1));
        assert_eq!((order.lines[0].quantity, order.lines[0].refunded, order.lines[0].total), (3, 2, 900));
        assert!(super::order(&json!({ "id": "7" }), &json!({}), "").is_err());
        assert!(super::order(&json!({ "currencyCode": "EUR" }), &json!({}), "").is_err());
    }
}
