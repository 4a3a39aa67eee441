//! Shopify's orders in our words.
//!
//! Shopify has every amount twice: in the shop's money and in the buyer's. We take the buyer's (`presentmentMoney`):
//! it is what they paid, what they speak of, and the money in which `refundCreate` gives back.

use std::collections::BTreeMap;

use base::{Result, Stamp};
use serde_json::Value;

use super::{buyers, parcels};
use crate::{
    money,
    order::{Address, Discount, Fulfilment, Line, Order, OrderState, Paid, Payment, Pieces, Refund, Risk, Totals},
};

/// What is asked of an order. `$lines` and `$inner` say how many lines, and how many of what hangs on each part.
pub const ORDER: &str = "
fragment Whole on Order {
  id legacyResourceId name createdAt processedAt updatedAt cancelledAt closedAt test taxesIncluded
  presentmentCurrencyCode displayFinancialStatus displayFulfillmentStatus returnStatus
  email phone customerLocale note tags statusPageUrl
  risk { assessments { riskLevel } }
  customer { ...Account }
  totalPriceSet { ...Money } totalDiscountsSet { ...Money } totalTaxSet { ...Money }
  totalReceivedSet { ...Money } totalRefundedSet { ...Money }
  shippingLines(first: 10) { nodes { title discountedPriceSet { ...Money } discountAllocations { ...Off } } }
  discountApplications(first: 20) { nodes {
    index
    ... on DiscountCodeApplication { code }
    ... on AutomaticDiscountApplication { title }
    ... on ManualDiscountApplication { title }
    ... on ScriptDiscountApplication { title }
  } }
  shippingAddress { ...Place } billingAddress { ...Place }
  transactionsCount { count }
  transactions(first: $inner) { ...Payment }
  refunds(first: $inner) {
    id createdAt note totalRefundedSet { ...Money }
    refundLineItems(first: $inner) { nodes { quantity lineItem { id } } }
  }
  fulfillments(first: $inner) { ...Parcel } fulfillmentsCount { count }
  lineItems(first: $lines) { nodes { ...Item } pageInfo { hasNextPage endCursor } }
}
fragment Place on MailingAddress { name company address1 address2 zip city province countryCodeV2 phone }";

/// What is asked of a line; money and discounts are spoken of so everywhere.
pub const ITEM: &str = "
fragment Money on MoneyBag { presentmentMoney { amount } }
fragment Off on DiscountAllocation { allocatedAmountSet { ...Money } discountApplication { index } }
fragment Item on LineItem {
  id title variantTitle sku quantity currentQuantity unfulfilledQuantity requiresShipping isGiftCard
  product { id tags } variant { id } image { url }
  originalUnitPriceSet { ...Money } originalTotalSet { ...Money }
  discountAllocations { ...Off }
  taxLines { priceSet { ...Money } }
}";

/// What is asked of money that moved.
pub const PAYMENT: &str = "
fragment Payment on OrderTransaction {
  id kind status gateway formattedGateway amountSet { ...Money } parentTransaction { id }
  paymentDetails { ... on CardPaymentDetails { company number } }
}";

/// Parcels, payments and refunds of an order, and pieces in each, that are asked for at first: nearly none has more.
pub const INNER: i64 = 5;

/// What of an order did not fit into one answer.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Rest {
    /// More lines, from this cursor on.
    pub lines: Option<String>,
    /// Parcels with more pieces: their id, and the cursor.
    pub parcels: Vec<(String, String)>,
    /// There are more parcels, payments or refunds than were asked for.
    pub more: bool,
}

impl Rest {
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Amounts of one order.
#[derive(Clone, Copy)]
pub struct Purse<'a> {
    pub currency: &'a str,
}

impl Purse<'_> {
    /// Of a `MoneyBag`, in the buyer's money; nothing where there is none.
    pub fn of(&self, bag: &Value) -> Result<i64> {
        match &bag["presentmentMoney"]["amount"] {
            Value::Null => Ok(0),
            amount => money::minor_json(amount, self.currency),
        }
    }

    fn sum<'v>(&self, bags: impl Iterator<Item = &'v Value>) -> Result<i64> {
        let mut sum = 0_i64;
        for bag in bags {
            sum = sum.saturating_add(self.of(bag)?);
        }
        Ok(sum)
    }
}

pub fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::trim).filter(|text| !text.is_empty()).map(Into::into)
}

pub fn stamp(value: &Value) -> Option<Stamp> {
    let stamp: jiff::Timestamp = value.as_str()?.parse().ok()?;
    Some(Stamp(stamp.as_millisecond()))
}

/// A list, or the nodes of a connection.
pub fn each(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().or_else(|| value["nodes"].as_array()).into_iter().flatten()
}

fn words(value: &Value) -> Vec<String> {
    each(value).filter_map(text).collect()
}

/// Where a connection goes on; none where it is whole.
pub fn more(connection: &Value) -> Option<String> {
    let page = &connection["pageInfo"];
    page["hasNextPage"].as_bool().filter(|more| *more).and_then(|_| text(&page["endCursor"]))
}

/// An order as Shopify has it, and what of it is still to be asked for.
pub fn order(shop: &str, from: &Value) -> Result<(Order, Rest)> {
    let currency = text(&from["presentmentCurrencyCode"]).unwrap_or_default();
    let purse = Purse { currency: &currency };
    let added = from["taxesIncluded"].as_bool() == Some(false);
    let lines = each(&from["lineItems"]).map(|item| line(purse, item, added)).collect::<Result<Vec<_>>>()?;
    let (shipments, parcels) = parcels::shipments(&from["fulfillments"]);
    let mut tags = words(&from["tags"]);
    // It looks like any other order, and nobody is to be surprised that its money is none.
    if from["test"].as_bool() == Some(true) && !tags.iter().any(|tag| tag == "test") {
        tags.push("test".into());
    }
    let mut order = Order {
        id: text(&from["id"]).unwrap_or_default(),
        number: text(&from["name"]).unwrap_or_default(),
        placed_at: stamp(&from["processedAt"]).or_else(|| stamp(&from["createdAt"])),
        changed_at: stamp(&from["updatedAt"]),
        cancelled_at: stamp(&from["cancelledAt"]),
        state: state(from),
        payment: payment(from["displayFinancialStatus"].as_str().unwrap_or_default()),
        fulfilment: fulfilment(from),
        buyer: buyers::of_order(from),
        language: text(&from["customerLocale"]),
        discounts: discounts(purse, from)?,
        totals: totals(purse, from)?,
        shipping_method: each(&from["shippingLines"]).next().and_then(|line| text(&line["title"])),
        shipping_address: address(&from["shippingAddress"]),
        billing_address: address(&from["billingAddress"]),
        payments: payments(purse, &from["transactions"])?,
        refunds: refunds(purse, &from["refunds"])?,
        shipments,
        lines: Vec::new(),
        tags,
        note: text(&from["note"]),
        risk: risk(&from["risk"]),
        admin_url: text(&from["legacyResourceId"]).map(|id| format!("https://{shop}/admin/orders/{id}")),
        status_url: text(&from["statusPageUrl"]),
        currency: currency.clone(),
    };
    add_lines(&mut order, lines);
    let more_than_told = more_parcels(from) || more_payments(from) || more_refunds(from);
    Ok((order, Rest { lines: more(&from["lineItems"]), parcels, more: more_than_told }))
}

/// An order has more parcels than were asked for.
pub fn more_parcels(order: &Value) -> bool {
    more_than(order, "fulfillmentsCount", "fulfillments")
}

/// As [`more_parcels`], of what was paid and given back.
pub fn more_payments(order: &Value) -> bool {
    more_than(order, "transactionsCount", "transactions")
}

/// Shopify does not count refunds; so many as were asked for may be more.
pub fn more_refunds(order: &Value) -> bool {
    each(&order["refunds"]).count() >= usize::try_from(INNER).unwrap_or_default()
}

fn more_than(order: &Value, count: &str, list: &str) -> bool {
    let told = i64::try_from(each(&order[list]).count()).unwrap_or_default();
    order[count]["count"].as_i64().is_some_and(|count| count > told)
}

/// Puts lines into an order that has its parcels, and says of each how much has left.
pub fn add_lines(order: &mut Order, lines: Vec<Line>) {
    order.lines.extend(lines);
    order.totals.lines = order.lines.iter().map(|line| line.price.saturating_mul(line.quantity)).sum();
    let sent = parcels::sent(&order.shipments);
    for line in &mut order.lines {
        line.shipped = sent.get(&line.id).copied().unwrap_or_default().min(line.quantity);
    }
}

pub fn line(purse: Purse, from: &Value, taxes_are_added: bool) -> Result<Line> {
    let number = |value: &Value| value.as_i64().unwrap_or_default();
    let discount = purse.sum(each(&from["discountAllocations"]).map(|part| &part["allocatedAmountSet"]))?;
    let tax = purse.sum(each(&from["taxLines"]).map(|tax| &tax["priceSet"]))?;
    let whole = purse.of(&from["originalTotalSet"])?;
    Ok(Line {
        id: text(&from["id"]).unwrap_or_default(),
        // Null once the product was deleted; the line keeps its own words.
        product: text(&from["product"]["id"]),
        variant: text(&from["variant"]["id"]),
        sku: text(&from["sku"]),
        title: text(&from["title"]).unwrap_or_default(),
        variant_title: text(&from["variantTitle"]),
        picture: text(&from["image"]["url"]),
        quantity: number(&from["quantity"]),
        shipped: 0,
        refunded: number(&from["quantity"]) - number(&from["currentQuantity"]),
        price: purse.of(&from["originalUnitPriceSet"])?,
        discount,
        tax,
        total: whole - discount + if taxes_are_added { tax } else { 0 },
        final_sale: false,
        digital: from["requiresShipping"].as_bool() == Some(false),
        tags: words(&from["product"]["tags"]),
    })
}

fn totals(purse: Purse, from: &Value) -> Result<Totals> {
    Ok(Totals {
        lines: 0,
        discount: purse.of(&from["totalDiscountsSet"])?,
        shipping: purse.sum(each(&from["shippingLines"]).map(|line| &line["discountedPriceSet"]))?,
        tax: purse.of(&from["totalTaxSet"])?,
        total: purse.of(&from["totalPriceSet"])?,
        paid: purse.of(&from["totalReceivedSet"])?,
        refunded: purse.of(&from["totalRefundedSet"])?,
    })
}

/// Shopify says per line and per discount how much it took off; added up by discount.
fn discounts(purse: Purse, from: &Value) -> Result<Vec<Discount>> {
    let parts = each(&from["lineItems"]).chain(each(&from["shippingLines"]));
    let mut taken: BTreeMap<i64, i64> = BTreeMap::new();
    for part in parts.flat_map(|part| each(&part["discountAllocations"])) {
        let index = part["discountApplication"]["index"].as_i64().unwrap_or_default();
        *taken.entry(index).or_default() += purse.of(&part["allocatedAmountSet"])?;
    }
    let named = each(&from["discountApplications"]).map(|one| Discount {
        code: text(&one["code"]).or_else(|| text(&one["title"])).unwrap_or_default(),
        amount: taken.get(&one["index"].as_i64().unwrap_or_default()).copied().unwrap_or_default(),
    });
    let mut all: Vec<_> = named.collect();
    // What is off lines that did not fit into the answer is not among the parts, but the only one took it all.
    if let [only] = all.as_mut_slice() {
        only.amount = purse.of(&from["totalDiscountsSet"])?;
    }
    Ok(all)
}

/// What was taken, each with what went back of it. Refunds that are under way count: that money is on its way.
pub fn payments(purse: Purse, from: &Value) -> Result<Vec<Paid>> {
    let mut paid = Vec::new();
    for one in each(from) {
        let (kind, status) = (one["kind"].as_str().unwrap_or_default(), one["status"].as_str().unwrap_or_default());
        if !matches!(kind, "SALE" | "CAPTURE" | "AUTHORIZATION") || status != "SUCCESS" {
            continue;
        }
        let captured =
            |id: &Value| each(from).any(|other| other["kind"] == "CAPTURE" && other["parentTransaction"]["id"] == *id);
        if kind == "AUTHORIZATION" && captured(&one["id"]) {
            continue;
        }
        let back = each(from).filter(|other| {
            other["kind"] == "REFUND"
                && matches!(other["status"].as_str(), Some("SUCCESS" | "PENDING" | "AWAITING_RESPONSE"))
                && other["parentTransaction"]["id"] == one["id"]
        });
        let card = &one["paymentDetails"];
        let last: String = card["number"].as_str().unwrap_or_default().chars().filter(char::is_ascii_digit).collect();
        paid.push(Paid {
            id: text(&one["id"]).unwrap_or_default(),
            gateway: text(&one["gateway"]).unwrap_or_default(),
            label: match text(&card["company"]) {
                Some(company) if !last.is_empty() => Some(format!("{company} •• {last}")),
                company => company.or_else(|| text(&one["formattedGateway"])),
            },
            amount: purse.of(&one["amountSet"])?,
            refunded: purse.sum(back.map(|refund| &refund["amountSet"]))?,
            authorized: kind == "AUTHORIZATION",
        });
    }
    Ok(paid)
}

pub fn refunds(purse: Purse, from: &Value) -> Result<Vec<Refund>> {
    let one = |refund: &Value| {
        Ok(Refund {
            id: text(&refund["id"]).unwrap_or_default(),
            at: stamp(&refund["createdAt"]),
            amount: purse.of(&refund["totalRefundedSet"])?,
            note: text(&refund["note"]),
            lines: pieces(&refund["refundLineItems"]),
        })
    };
    each(from).map(one).collect()
}

pub fn pieces(from: &Value) -> Vec<Pieces> {
    let one = |item: &Value| {
        Some(Pieces { line: text(&item["lineItem"]["id"])?, quantity: item["quantity"].as_i64().unwrap_or_default() })
    };
    each(from).filter_map(one).collect()
}

fn address(from: &Value) -> Option<Address> {
    from.is_object().then(|| Address {
        name: text(&from["name"]),
        company: text(&from["company"]),
        line1: text(&from["address1"]).unwrap_or_default(),
        line2: text(&from["address2"]),
        postcode: text(&from["zip"]),
        city: text(&from["city"]).unwrap_or_default(),
        region: text(&from["province"]),
        country: text(&from["countryCodeV2"]).unwrap_or_default(),
        phone: text(&from["phone"]),
    })
}

fn state(from: &Value) -> OrderState {
    if !from["cancelledAt"].is_null() {
        OrderState::Cancelled
    } else if from["closedAt"].is_null() {
        OrderState::Open
    } else {
        OrderState::Closed
    }
}

fn payment(word: &str) -> Payment {
    match word {
        "AUTHORIZED" => Payment::Authorized,
        "PARTIALLY_PAID" => Payment::PartiallyPaid,
        "PAID" => Payment::Paid,
        "PARTIALLY_REFUNDED" => Payment::PartiallyRefunded,
        "REFUNDED" => Payment::Refunded,
        "VOIDED" | "EXPIRED" => Payment::Voided,
        _ => Payment::Pending,
    }
}

fn fulfilment(from: &Value) -> Fulfilment {
    match (from["displayFulfillmentStatus"].as_str().unwrap_or_default(), from["returnStatus"].as_str()) {
        ("FULFILLED" | "RESTOCKED", Some("RETURNED")) => Fulfilment::Returned,
        ("FULFILLED" | "FULFILLMENT_NOT_REQUIRED", _) => Fulfilment::Fulfilled,
        ("PARTIALLY_FULFILLED", _) => Fulfilment::Partial,
        ("IN_PROGRESS", _) => Fulfilment::InProgress,
        ("ON_HOLD", _) => Fulfilment::OnHold,
        _ => Fulfilment::Unfulfilled,
    }
}

/// The worst that any of Shopify's judges says.
fn risk(from: &Value) -> Option<Risk> {
    let level = |one: &Value| match one["riskLevel"].as_str()? {
        "HIGH" => Some(Risk::High),
        "MEDIUM" => Some(Risk::Medium),
        "LOW" => Some(Risk::Low),
        _ => None,
    };
    each(&from["assessments"]).filter_map(level).max()
}
