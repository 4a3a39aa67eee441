//! An order of Medusa in our words.
//!
//! Amounts come as decimals of the major unit, exact in `raw_…` and as a JSON number beside it.

use std::collections::BTreeMap;

use base::{Error, Result, Stamp};
use serde_json::Value;

use super::people;
use crate::{
    money::{code, minor_json},
    order::{Buyer, Discount, Fulfilment, Line, Order, OrderState, Paid, Pieces, Refund, Shipment, Totals},
    platforms::{
        json::{id, link, list, name, stamp, text, untraced},
        standing,
    },
};

/// Parts of an order that [`order`] reads.
pub const FIELDS: &str = "id,display_id,custom_display_id,status,version,email,currency_code,locale,metadata,created_at,\
     updated_at,canceled_at,total,tax_total,discount_total,shipping_total,credit_line_total,original_item_total,\
     payment_status,fulfillment_status,*items,*items.detail,*items.adjustments,*customer,*shipping_address,\
     *billing_address,*shipping_methods,*shipping_methods.adjustments,*payment_collections.payments,\
     *payment_collections.payments.refunds,*payment_collections.payments.captures,*fulfillments,*fulfillments.items,\
     *fulfillments.labels";

/// A refund's note names the pieces that it is for, because Medusa has no place for them.
pub const PIECES: &str = "shopbell-pieces:";
/// Where we keep note and tags in an order's metadata; Medusa has neither.
pub const NOTE: &str = "shopbell_note";
pub const TAGS: &str = "shopbell_tags";

/// In the smallest unit. What is not there is nothing.
pub fn money(value: &Value, key: &str, currency: &str) -> Result<i64> {
    let exact = &value[format!("raw_{key}")]["value"];
    let amount = if exact.is_null() { &value[key] } else { exact };
    if amount.is_null() { Ok(0) } else { minor_json(amount, currency) }
}

/// Pieces come as numbers that may have a point.
pub fn count(value: &Value) -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "whole already, and held within bounds next")]
    let count = value.as_f64().unwrap_or(0.0).round() as i64;
    count.clamp(0, 1_000_000_000)
}

pub fn payments(order: &Value) -> impl Iterator<Item = &Value> {
    list(&order["payment_collections"]).iter().flat_map(|collection| list(&collection["payments"]))
}

pub fn order(value: &Value, address: &str) -> Result<Order> {
    let order_id = id(&value["id"]).ok_or_else(|| Error::upstream("Medusa sent an order without an id"))?;
    let currency = code("currency", value["currency_code"].as_str().unwrap_or_default())
        .map_err(|_| Error::Malformed(format!("order {order_id} has no currency that we know")))?;
    let (paid, refunds) = (paid(value, &currency)?, refunds(value, &currency)?);
    let lines: Vec<Line> =
        list(&value["items"]).iter().map(|item| line(item, &refunds, &currency)).collect::<Result<_>>()?;
    let sum = |key: &str| money(value, key, &currency);
    let refunded = refunds.iter().map(|refund| refund.amount).sum();
    let totals = Totals {
        lines: sum("original_item_total")?,
        discount: sum("discount_total")?,
        shipping: sum("shipping_total")?,
        tax: sum("tax_total")?,
        // A refund makes a credit line, which Medusa takes off the total; the order was for as much all the same.
        total: sum("total")? + sum("credit_line_total")?.clamp(0, refunded),
        paid: paid.iter().filter(|one| !one.authorized).map(|one| one.amount).sum(),
        refunded,
    };
    let state = match value["status"].as_str() {
        Some("canceled") => OrderState::Cancelled,
        Some("completed" | "archived") => OrderState::Closed,
        _ => OrderState::Open,
    };
    Ok(Order {
        number: text(&value["custom_display_id"])
            .or_else(|| id(&value["display_id"]).map(|number| format!("#{number}")))
            .unwrap_or_else(|| order_id.clone()),
        placed_at: stamp(&value["created_at"]),
        changed_at: changed(value),
        cancelled_at: stamp(&value["canceled_at"]),
        state,
        payment: standing::payment(state, &totals, &paid),
        fulfilment: fulfilment(value),
        buyer: buyer(value),
        language: text(&value["locale"]),
        discounts: discounts(value, &currency)?,
        totals,
        shipping_method: list(&value["shipping_methods"]).first().and_then(|method| text(&method["name"])),
        shipping_address: people::address(&value["shipping_address"]),
        billing_address: people::address(&value["billing_address"]),
        payments: paid,
        refunds,
        shipments: list(&value["fulfillments"]).iter().flat_map(shipments).collect(),
        tags: tags(value),
        note: text(&value["metadata"][NOTE]),
        risk: None,
        admin_url: Some(format!("{address}/app/orders/{order_id}")),
        status_url: None,
        id: order_id,
        currency,
        lines,
    })
}

/// The latest of all that is in it: money and parcels do not always touch the order itself.
fn changed(value: &Value) -> Option<Stamp> {
    let parts = payments(value)
        .flat_map(|payment| list(&payment["captures"]).iter().chain(list(&payment["refunds"])))
        .chain(payments(value))
        .chain(list(&value["fulfillments"]));
    parts.chain([value]).filter_map(|part| stamp(&part["updated_at"])).max()
}

pub fn tags(value: &Value) -> Vec<String> {
    let tags = value["metadata"][TAGS].as_str().unwrap_or_default();
    tags.split(',').map(str::trim).filter(|tag| !tag.is_empty()).map(Into::into).collect()
}

fn buyer(value: &Value) -> Buyer {
    let known = people::buyer(&value["customer"]);
    let address = &value["shipping_address"];
    Buyer {
        name: known.name.or_else(|| name([&address["first_name"], &address["last_name"]])),
        email: text(&value["email"]).map(|email| email.to_lowercase()).or(known.email),
        phone: known.phone.or_else(|| text(&address["phone"])),
        language: text(&value["locale"]),
        ..known
    }
}

fn fulfilment(value: &Value) -> Fulfilment {
    let items = list(&value["items"]);
    let back = |item: &Value| count(&item["detail"]["return_received_quantity"]);
    if !items.is_empty() && items.iter().all(|item| back(item) > 0 && back(item) >= count(&item["quantity"])) {
        return Fulfilment::Returned;
    }
    match value["fulfillment_status"].as_str() {
        // Packed, but not handed over yet.
        Some("fulfilled" | "partially_fulfilled") => Fulfilment::InProgress,
        Some("partially_shipped") => Fulfilment::Partial,
        Some("shipped" | "partially_delivered" | "delivered") => Fulfilment::Fulfilled,
        _ => Fulfilment::Unfulfilled,
    }
}

fn line(item: &Value, refunds: &[Refund], currency: &str) -> Result<Line> {
    let (sum, detail) = (|key: &str| money(item, key, currency), &item["detail"]);
    let line_id = id(&item["id"]).unwrap_or_default();
    let quantity = count(&item["quantity"]);
    let paid_back = refunds.iter().flat_map(|refund| &refund.lines).filter(|pieces| pieces.line == line_id);
    let paid_back: i64 = paid_back.map(|pieces| pieces.quantity).sum();
    let taken_off = count(&detail["return_received_quantity"]);
    let title = text(&item["product_title"]).or_else(|| text(&item["title"])).unwrap_or_default();
    Ok(Line {
        product: text(&item["product_id"]),
        variant: text(&item["variant_id"]),
        sku: text(&item["variant_sku"]),
        variant_title: text(&item["variant_title"]).filter(|variant| *variant != title),
        title,
        picture: link(&item["thumbnail"]),
        quantity,
        shipped: count(&detail["shipped_quantity"]).max(count(&detail["delivered_quantity"])),
        refunded: paid_back.max(taken_off).min(quantity),
        price: sum("original_total")? / quantity.max(1),
        discount: sum("discount_total")?,
        tax: sum("tax_total")?,
        total: sum("total")?,
        final_sale: false,
        digital: item["requires_shipping"] == false || item["is_giftcard"] == true,
        tags: Vec::new(),
        id: line_id,
    })
}

fn discounts(value: &Value, currency: &str) -> Result<Vec<Discount>> {
    let mut all = BTreeMap::<String, i64>::new();
    for part in list(&value["items"]).iter().chain(list(&value["shipping_methods"])) {
        for adjustment in list(&part["adjustments"]) {
            let name = text(&adjustment["code"]).or_else(|| text(&adjustment["description"]));
            *all.entry(name.unwrap_or_default()).or_default() += money(adjustment, "amount", currency)?;
        }
    }
    Ok(all.into_iter().map(|(code, amount)| Discount { code, amount }).collect())
}

fn paid(value: &Value, currency: &str) -> Result<Vec<Paid>> {
    let sum = |parts: &[Value]| parts.iter().map(|part| money(part, "amount", currency)).sum::<Result<i64>>();
    let mut all = Vec::new();
    for payment in payments(value) {
        let (taken, refunded) = (sum(list(&payment["captures"]))?, sum(list(&payment["refunds"]))?);
        let promised = taken == 0 && payment["canceled_at"].is_null();
        if taken == 0 && !promised {
            continue;
        }
        all.push(Paid {
            id: id(&payment["id"]).unwrap_or_default(),
            gateway: text(&payment["provider_id"]).unwrap_or_default(),
            label: text(&payment["provider_id"]).as_deref().and_then(called),
            amount: if promised { money(payment, "amount", currency)? } else { taken },
            refunded,
            authorized: promised,
        });
    }
    Ok(all)
}

/// `pp_stripe_stripe` is Stripe to people.
fn called(provider: &str) -> Option<String> {
    let name = provider.strip_prefix("pp_")?.split('_').next()?;
    let first = name.chars().next()?.to_ascii_uppercase();
    Some(format!("{first}{}", name.chars().skip(1).collect::<String>()))
}

fn refunds(value: &Value, currency: &str) -> Result<Vec<Refund>> {
    let all = payments(value).flat_map(|payment| list(&payment["refunds"]));
    let mut all: Vec<Refund> = all
        .map(|refund| {
            let note = refund["note"].as_str().unwrap_or_default();
            Ok(Refund {
                id: id(&refund["id"]).unwrap_or_default(),
                at: stamp(&refund["created_at"]),
                amount: money(refund, "amount", currency)?,
                note: Some(untraced(note)).filter(|note| !note.is_empty()),
                lines: pieces(note),
            })
        })
        .collect::<Result<_>>()?;
    all.sort_by_key(|refund| refund.at);
    Ok(all)
}

fn pieces(note: &str) -> Vec<Pieces> {
    let named = note.split_whitespace().find_map(|word| word.strip_prefix(PIECES)).unwrap_or_default();
    let pieces = |part: &str| {
        let (line, quantity) = part.split_once('=')?;
        let quantity = quantity.parse().ok().filter(|quantity| (1..=1_000_000).contains(quantity))?;
        Some(Pieces { line: line.to_owned(), quantity })
    };
    named.split(',').filter_map(pieces).collect()
}

/// One for each label, because each parcel has its own number.
fn shipments(fulfilment: &Value) -> Vec<Shipment> {
    let labels = list(&fulfilment["labels"]);
    let labels = if labels.is_empty() { &[Value::Null][..] } else { labels };
    let Some(own) = id(&fulfilment["id"]) else { return Vec::new() };
    let pieces = list(&fulfilment["items"])
        .iter()
        .filter_map(|item| Some(Pieces { line: text(&item["line_item_id"])?, quantity: count(&item["quantity"]) }));
    let pieces: Vec<_> = pieces.collect();
    // What is packed and neither handed over nor labelled is no parcel yet.
    if stamp(&fulfilment["shipped_at"]).is_none() && labels[0].is_null() {
        return Vec::new();
    }
    let label = |(at, label): (usize, &Value)| Shipment {
        id: if at == 0 { own.clone() } else { format!("{own}/{at}") },
        // `manual_manual` is Medusa's word for nobody.
        carrier: text(&fulfilment["provider_id"]).filter(|provider| !provider.starts_with("manual")),
        number: text(&label["tracking_number"]),
        url: link(&label["tracking_url"]),
        pieces: if at == 0 { pieces.clone() } else { Vec::new() },
        shipped_at: stamp(&fulfilment["shipped_at"]),
        expected_at: None,
        delivered_at: stamp(&fulfilment["delivered_at"]),
        cancelled: !fulfilment["canceled_at"].is_null(),
        scans: Vec::new(),
    };
    labels.iter().enumerate().map(label).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{order::Payment, platforms::json::recorded};

    #[test]
    fn recorded_orders_are_read() {
        let read = |name: &str| {
            let body = recorded(&format!("medusa_recorded/{name}"))?;
            // The recording asked for Medusa's usual parts, among which is no currency.
            let mut whole = body.get("order").unwrap_or(&body).clone();
            whole["currency_code"] = json!("eur");
            Some(order(&whole, "https://shop.example").unwrap())
        };
        let Some(placed) = read("medusa_order.json") else { return };
        assert_eq!((placed.number.as_str(), placed.totals.total, placed.totals.shipping), ("#1", 3000, 1000));
        assert_eq!((placed.lines[0].quantity, placed.lines[0].price, placed.lines[0].total), (2, 1000, 2000));
        let Some(shipped) = read("medusa_order_shipped.json") else { return };
        assert_eq!((shipped.totals.paid, shipped.lines[0].shipped), (3000, 2));
        assert!(shipped.changed_at > placed.changed_at);
    }

    #[test]
    fn what_is_missing_or_odd_breaks_nothing() {
        let bare = order(&json!({ "id": "o1", "currency_code": "jpy" }), "").unwrap();
        assert_eq!((bare.totals, bare.payment), (Totals::default(), Payment::Pending));
        assert!(order(&json!({}), "").is_err());
        assert!(order(&json!({ "id": "o1", "currency_code": "xx" }), "").is_err());
        for odd in [json!("abc"), json!([]), json!({})] {
            assert!(order(&json!({ "id": "o1", "currency_code": "eur", "total": odd }), "").is_err());
        }
        assert_eq!(called("pp_stripe_stripe").as_deref(), Some("Stripe"));
        assert_eq!((called("pp_"), called("own")), (None, None));
        assert_eq!(count(&json!(-3)), 0);
        assert_eq!(count(&json!(1e300)), 1_000_000_000);
        let odd = "shopbell-pieces:a=1,b,c=x,d=-1,e=99999999999";
        assert_eq!(pieces(odd), [Pieces { line: "a".into(), quantity: 1 }]);
    }
}
