//! WooCommerce's orders in our words. It keeps an order in one money, the buyer's, and times without a zone in UTC.

use base::{Result, Stamp};
use serde_json::Value;

use crate::{
    money,
    order::{
        Address, Buyer, Discount, Fulfilment, Line, Order, OrderState, Paid, Payment, Pieces, Refund, Shipment, Totals,
    },
};

pub fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::trim).filter(|text| !text.is_empty()).map(Into::into)
}

/// Ids are numbers there; nothing where it is 0, which stands for none.
pub fn id(value: &Value) -> Option<String> {
    let number = value.as_u64().or_else(|| value.as_str()?.parse().ok())?;
    (number != 0).then(|| number.to_string())
}

pub fn each(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

/// `2017-03-22T19:28:02`, in UTC.
pub fn stamp(value: &Value) -> Option<Stamp> {
    let stamp: jiff::Timestamp = format!("{}Z", value.as_str()?).parse().ok()?;
    Some(Stamp(stamp.as_millisecond()))
}

/// The other way round, as filters take it.
pub fn moment(at: i64) -> String {
    let text = Stamp(at - at.rem_euclid(1000)).to_string();
    text.split('.').next().unwrap_or_default().to_owned()
}

/// A field of what plugins and we ourselves have written onto a thing.
pub fn meta<'a>(thing: &'a Value, key: &str) -> Option<&'a Value> {
    each(&thing["meta_data"]).find(|one| one["key"] == key).map(|one| &one["value"])
}

/// Baskets that were never ordered, and what lies in the bin.
pub fn counts(from: &Value) -> bool {
    !matches!(from["status"].as_str(), Some("trash" | "auto-draft" | "checkout-draft" | "draft") | None)
}

#[derive(Clone, Copy)]
pub struct Purse<'a> {
    pub currency: &'a str,
}

impl Purse<'_> {
    /// Nothing where there is nothing, as taxes may be.
    pub fn of(&self, amount: &Value) -> Result<i64> {
        match amount {
            Value::Null => Ok(0),
            Value::String(text) if text.is_empty() => Ok(0),
            amount => money::minor_json(amount, self.currency),
        }
    }

    fn sum<'v>(&self, amounts: impl IntoIterator<Item = &'v Value>) -> Result<i64> {
        let mut sum = 0_i64;
        for amount in amounts {
            sum = sum.saturating_add(self.of(amount)?);
        }
        Ok(sum)
    }
}

/// `refunds` are those of the order with their lines, where they were asked for.
pub fn order(site: &str, from: &Value, refunds: &[Value]) -> Result<Order> {
    let currency = text(&from["currency"]).unwrap_or_default();
    let purse = Purse { currency: &currency };
    let refunds = refunds.iter().map(|one| refund(purse, one)).collect::<Result<Vec<_>>>()?;
    let taxed = from["prices_include_tax"].as_bool() == Some(true);
    let mut lines = each(&from["line_items"]).map(|item| line(purse, item, taxed)).collect::<Result<Vec<_>>>()?;
    for line in &mut lines {
        let pieces = refunds.iter().flat_map(|refund| &refund.lines).filter(|pieces| pieces.line == line.id);
        line.refunded = pieces.map(|pieces| pieces.quantity).sum::<i64>().min(line.quantity);
    }
    let status = from["status"].as_str().unwrap_or_default();
    let sent = status == "completed";
    for line in &mut lines {
        line.shipped = if sent { line.quantity - line.refunded } else { 0 };
    }
    let totals = totals(purse, from, &lines)?;
    let id = id(&from["id"]).unwrap_or_default();
    let coupons = each(&from["coupon_lines"]).map(|coupon| {
        let amount = purse.sum([&coupon["discount"], &coupon["discount_tax"]])?;
        Ok(Discount { code: text(&coupon["code"]).unwrap_or_default(), amount })
    });
    Ok(Order {
        number: text(&from["number"]).unwrap_or_else(|| id.clone()),
        placed_at: stamp(&from["date_created_gmt"]),
        changed_at: stamp(&from["date_modified_gmt"]),
        // It keeps no time of its own for this.
        cancelled_at: stamp(&from["date_modified_gmt"]).filter(|_| status == "cancelled"),
        state: state(status),
        payment: payment(status, &totals),
        fulfilment: fulfilment(status),
        buyer: buyer_of(from),
        language: None,
        discounts: coupons.collect::<Result<_>>()?,
        shipping_method: each(&from["shipping_lines"]).next().and_then(|line| text(&line["method_title"])),
        shipping_address: address(&from["shipping"]).or_else(|| address(&from["billing"])),
        billing_address: address(&from["billing"]),
        payments: paid(from, &totals),
        refunds,
        shipments: shipments(from),
        tags: Vec::new(),
        note: text(&from["customer_note"]),
        risk: None,
        admin_url: Some(format!("{site}/wp-admin/post.php?post={id}&action=edit")),
        status_url: None,
        id,
        currency: currency.clone(),
        lines,
        totals,
    })
}

fn line(purse: Purse, from: &Value, taxed: bool) -> Result<Line> {
    let quantity = from["quantity"].as_i64().unwrap_or_default();
    let (before, before_tax) = (purse.of(&from["subtotal"])?, purse.of(&from["subtotal_tax"])?);
    let (after, tax) = (purse.of(&from["total"])?, purse.of(&from["total_tax"])?);
    let shown = if taxed { before + before_tax } else { before };
    let product = id(&from["product_id"]);
    let kinds: Vec<_> = each(&from["meta_data"])
        .filter(|meta| meta["key"].as_str().is_some_and(|key| !key.starts_with('_')))
        .filter_map(|meta| text(&meta["display_value"]).or_else(|| text(&meta["value"])))
        .collect();
    Ok(Line {
        id: id(&from["id"]).unwrap_or_default(),
        variant: id(&from["variation_id"]).or_else(|| product.clone()),
        product,
        sku: text(&from["sku"]),
        title: text(&from["name"]).unwrap_or_default(),
        variant_title: (!kinds.is_empty()).then(|| kinds.join(" / ")),
        picture: text(&from["image"]["src"]),
        quantity,
        price: shown / quantity.max(1),
        discount: (before + before_tax - after - tax).max(0),
        tax,
        total: after + tax,
        ..Line::default()
    })
}

fn totals(purse: Purse, from: &Value, lines: &[Line]) -> Result<Totals> {
    let total = purse.of(&from["total"])?;
    // It says no more than when all of it was paid.
    let paid = if from["date_paid_gmt"].is_string() { total } else { 0 };
    Ok(Totals {
        lines: lines.iter().map(|line| line.price.saturating_mul(line.quantity)).sum(),
        discount: purse.sum([&from["discount_total"], &from["discount_tax"]])?,
        shipping: purse.sum([&from["shipping_total"], &from["shipping_tax"]])?,
        tax: purse.of(&from["total_tax"])?,
        total,
        paid,
        refunded: purse.sum(each(&from["refunds"]).map(|refund| &refund["total"]))?.abs(),
    })
}

fn refund(purse: Purse, from: &Value) -> Result<Refund> {
    let piece = |item: &Value| {
        let line = meta(item, "_refunded_item_id").and_then(id)?;
        Some(Pieces { line, quantity: item["quantity"].as_i64().unwrap_or_default().abs() })
    };
    Ok(Refund {
        id: id(&from["id"]).unwrap_or_default(),
        at: stamp(&from["date_created_gmt"]),
        amount: purse.of(&from["amount"])?.abs(),
        note: text(&from["reason"]),
        lines: each(&from["line_items"]).filter_map(piece).filter(|pieces| pieces.quantity > 0).collect(),
    })
}

fn paid(from: &Value, totals: &Totals) -> Vec<Paid> {
    let Some(gateway) = text(&from["payment_method"]).filter(|_| totals.paid > 0) else { return Vec::new() };
    let label = text(&from["payment_method_title"]);
    let id = text(&from["transaction_id"]).unwrap_or_default();
    vec![Paid { id, gateway, label, amount: totals.paid, refunded: totals.refunded, authorized: false }]
}

/// Parcels as the most used plugins for them write them down; WooCommerce itself knows none.
fn shipments(from: &Value) -> Vec<Shipment> {
    let tracked = meta(from, "_wc_shipment_tracking_items").into_iter().flat_map(each);
    let parcel = |item: &Value| {
        let number = text(&item["tracking_number"])?;
        let seconds = item["date_shipped"].as_i64().or_else(|| item["date_shipped"].as_str()?.parse().ok());
        Some(Shipment {
            id: text(&item["tracking_id"]).unwrap_or_else(|| number.clone()),
            carrier: text(&item["custom_tracking_provider"]).or_else(|| text(&item["tracking_provider"])),
            number: Some(number),
            url: text(&item["custom_tracking_link"]).or_else(|| text(&item["tracking_link"])),
            shipped_at: seconds.and_then(|seconds| seconds.checked_mul(1000)).map(Stamp),
            ..Shipment::default()
        })
    };
    tracked.filter_map(parcel).collect()
}

fn state(status: &str) -> OrderState {
    match status {
        "cancelled" | "failed" => OrderState::Cancelled,
        "completed" | "refunded" => OrderState::Closed,
        _ => OrderState::Open,
    }
}

fn payment(status: &str, totals: &Totals) -> Payment {
    match status {
        _ if totals.paid > 0 && totals.refunded >= totals.paid => Payment::Refunded,
        _ if totals.paid > 0 && totals.refunded > 0 => Payment::PartiallyRefunded,
        _ if totals.paid > 0 => Payment::Paid,
        "processing" | "completed" if totals.total == 0 => Payment::Paid,
        "cancelled" | "failed" => Payment::Voided,
        _ => Payment::Pending,
    }
}

fn fulfilment(status: &str) -> Fulfilment {
    match status {
        "completed" => Fulfilment::Fulfilled,
        "on-hold" => Fulfilment::OnHold,
        _ => Fulfilment::Unfulfilled,
    }
}

fn name(from: &Value) -> Option<String> {
    let parts: Vec<_> = [&from["first_name"], &from["last_name"]].into_iter().filter_map(text).collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}

fn address(from: &Value) -> Option<Address> {
    let line1 = text(&from["address_1"]);
    let city = text(&from["city"]);
    (line1.is_some() || city.is_some()).then(|| Address {
        name: name(from),
        company: text(&from["company"]),
        line1: line1.unwrap_or_default(),
        line2: text(&from["address_2"]),
        postcode: text(&from["postcode"]),
        city: city.unwrap_or_default(),
        region: text(&from["state"]),
        country: text(&from["country"]).unwrap_or_default(),
        phone: text(&from["phone"]),
    })
}

fn buyer_of(from: &Value) -> Buyer {
    let billing = &from["billing"];
    Buyer {
        id: id(&from["customer_id"]),
        name: name(billing),
        email: text(&billing["email"]).map(|mail| mail.to_lowercase()),
        phone: text(&billing["phone"]),
        ..Buyer::default()
    }
}

/// An account.
pub fn buyer(from: &Value) -> Buyer {
    Buyer {
        id: id(&from["id"]),
        name: name(from).or_else(|| name(&from["billing"])),
        email: text(&from["email"]).map(|mail| mail.to_lowercase()),
        phone: text(&from["billing"]["phone"]),
        changed_at: stamp(&from["date_modified_gmt"]).or_else(|| stamp(&from["date_created_gmt"])),
        ..Buyer::default()
    }
}
