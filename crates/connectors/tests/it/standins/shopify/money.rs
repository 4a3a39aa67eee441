//! Refunds, cancellations, credits and discounts: where the shop's money goes out, and what it refuses.

use apollo_compiler::executable::Field;
use serde_json::{Value, json};

use super::{
    super::mood::{decimal, minor},
    graphql::Asked,
    state::{State, bag, gid, number, zulu},
};

/// What Shopify says instead of doing it.
pub fn error(field: &str, message: impl Into<String>) -> Value {
    json!({ "userErrors": [{ "field": [field], "message": message.into() }] })
}

fn items(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

pub fn one_of(value: &Value) -> bool {
    value.as_object().is_some_and(|fields| fields.values().filter(|value| !value.is_null()).count() == 1)
}

/// What pieces of an order's lines cost: a share of each line.
fn worth(order: &Value, lines: &[Value]) -> Result<i64, Value> {
    let mut sum = 0;
    for wanted in lines {
        let line = items(&order["lineItems"]).iter().find(|line| line["id"] == wanted["lineItemId"]);
        let line = line.ok_or_else(|| error("refundLineItems", "Line item does not exist"))?;
        let (all, now) = (line["quantity"].as_i64().unwrap(), line["currentQuantity"].as_i64().unwrap());
        let quantity = wanted["quantity"].as_i64().unwrap();
        if quantity < 1 || quantity > now {
            return Err(error("refundLineItems", "Quantity cannot refund more items than were purchased"));
        }
        let share = |pieces: i64| line["_total"].as_i64().unwrap() * pieces / all;
        sum += share(all - now + quantity) - share(all - now);
    }
    Ok(sum)
}

pub fn suggest(order: &Value, arguments: &Value) -> Value {
    let currency = order["_currency"].as_str().unwrap();
    let left = order["_paid"].as_i64().unwrap() - order["_refunded"].as_i64().unwrap();
    let lines = items(&arguments["refundLineItems"]);
    let shipping = arguments["shippingAmount"].as_str().and_then(|text| minor(text, currency)).unwrap_or(0);
    let Ok(worth) = worth(order, lines) else { return Value::Null };
    let all = arguments["suggestFullRefund"] == true;
    let amount = if all { left } else { (worth + shipping).min(left) };
    let shelf =
        |line: &Value| json!({ "lineItem": { "id": line["lineItemId"] }, "location": { "id": gid("Location", 1) } });
    json!({
        "amountSet": bag(amount, currency),
        "maximumRefundableSet": bag(left, currency),
        "refundLineItems": lines.iter().map(shelf).collect::<Vec<_>>(),
    })
}

impl State {
    pub fn refund(&mut self, asked: &Asked, field: &Field, input: &Value) -> Result<Value, Value> {
        let Some(key) = asked.idempotency(field) else {
            return Err(
                json!({ "message": "The @idempotent directive is required for this mutation but was not provided.",
                "extensions": { "code": "BAD_REQUEST" } }),
            );
        };
        if let Some((before, answer)) = self.keys.get(&key) {
            let same = before == input;
            return Ok(if same {
                answer.clone()
            } else {
                error("key", "Idempotency key was used with other parameters")
            });
        }
        let answer = self.refund_once(input).unwrap_or_else(|wrong| wrong);
        self.keys.insert(key, (input.clone(), answer.clone()));
        Ok(answer)
    }

    fn refund_once(&mut self, input: &Value) -> Result<Value, Value> {
        let id = number(&input["orderId"], "Order").filter(|id| self.orders.contains_key(id));
        let id = id.ok_or_else(|| error("orderId", "Order does not exist"))?;
        let mut order = (*self.orders[&id]).clone();
        let currency = order["_currency"].as_str().unwrap().to_owned();
        if input["currency"] != *currency.as_str() {
            return Err(error("currency", "Currency must be the presentment currency"));
        }
        let lines = items(&input["refundLineItems"]).to_vec();
        worth(&order, &lines)?;
        for line in &lines {
            if line["restockType"] != "NO_RESTOCK" && line["locationId"].is_null() {
                return Err(error("refundLineItems", "Location is needed to restock"));
            }
        }
        let mut amount = 0;
        for method in items(&input["refundMethods"]) {
            let credit = &method["storeCreditRefund"]["amount"];
            if !one_of(method) || credit["currencyCode"] != *currency.as_str() || order["customer"].is_null() {
                return Err(error("refundMethods", "Store credit needs a customer and the order's currency"));
            }
            amount += money(&credit["amount"], &currency)?;
        }
        let refund_id = self.id();
        let mut back = Vec::new();
        for wanted in items(&input["transactions"]) {
            let part = money(&wanted["amount"], &currency)?;
            let sales = order["transactions"].as_array_mut().unwrap();
            let sale = sales.iter_mut().find(|sale| sale["id"] == wanted["parentId"] && sale["kind"] == "SALE");
            let sale = sale.ok_or_else(|| error("transactions", "Parent transaction does not exist"))?;
            let gone = sale["_refunded"].as_i64().unwrap() + part;
            if wanted["kind"] != "REFUND" || part < 1 || wanted["gateway"] != sale["gateway"] {
                return Err(error("transactions", "Transaction is invalid"));
            }
            if gone > sale["_amount"].as_i64().unwrap() {
                return Err(error("transactions", "Refund amount exceeds the amount available on the transaction"));
            }
            sale["_refunded"] = json!(gone);
            amount += part;
            let id = self.id();
            back.push(json!({
                "id": gid("OrderTransaction", id), "kind": "REFUND", "status": "SUCCESS", "gateway": wanted["gateway"],
                "formattedGateway": null, "amountSet": bag(part, &currency), "parentTransaction": { "id": wanted["parentId"] },
                "paymentDetails": null,
            }));
        }
        let left = order["_paid"].as_i64().unwrap() - order["_refunded"].as_i64().unwrap();
        if amount > left {
            let why = format!("Refund cannot be greater than {} {currency}", decimal(left, &currency));
            return Err(error("transactions", why));
        }
        let at = zulu(self.now);
        for wanted in &lines {
            let all = order["lineItems"].as_array_mut().unwrap();
            let line = all.iter_mut().find(|line| line["id"] == wanted["lineItemId"]).unwrap();
            let quantity = wanted["quantity"].as_i64().unwrap();
            line["currentQuantity"] = json!(line["currentQuantity"].as_i64().unwrap() - quantity);
            let unsent = line["unfulfilledQuantity"].as_i64().unwrap();
            line["unfulfilledQuantity"] = json!((unsent - quantity).max(0));
        }
        let piece = |line: &Value| json!({ "quantity": line["quantity"], "lineItem": { "id": line["lineItemId"] } });
        let refund = json!({
            "id": gid("Refund", refund_id), "createdAt": at, "note": input["note"], "totalRefundedSet": bag(amount, &currency),
            "refundLineItems": lines.iter().map(piece).collect::<Vec<_>>(),
        });
        self.change(id, |now| {
            *now = order;
            now["transactions"].as_array_mut().unwrap().extend(back);
            now["refunds"].as_array_mut().unwrap().push(refund.clone());
            now["_refunded"] = json!(now["_refunded"].as_i64().unwrap() + amount);
        });
        self.news.push(("refunds/create", json!({ "id": refund_id, "order_id": id })));
        Ok(json!({ "refund": refund, "userErrors": [] }))
    }

    pub fn cancel(&mut self, arguments: &Value) -> Value {
        let wrong = |message: &str| json!({ "orderCancelUserErrors": [{ "field": ["orderId"], "message": message }] });
        let Some(order) = number(&arguments["orderId"], "Order").and_then(|id| self.orders.get(&id).cloned()) else {
            return wrong("Order does not exist");
        };
        let id = number(&arguments["orderId"], "Order").unwrap();
        let busy = self.jobs.iter().any(|(job, ..)| *job == id);
        if !order["cancelledAt"].is_null() || busy {
            return wrong("Order has already been cancelled");
        }
        if !items(&order["fulfillments"]).is_empty() {
            return wrong("Cannot cancel an order that has fulfillments");
        }
        let note = arguments["staffNote"].as_str().unwrap_or_default();
        if note.chars().count() > 255 || !one_of(&arguments["refundMethod"]) {
            return wrong("Staff note is too long, or the refund method is not one");
        }
        let refunds = arguments["refundMethod"]["originalPaymentMethodsRefund"] == true;
        self.jobs.push((id, refunds, note.to_owned()));
        json!({ "job": { "id": gid("Job", id), "done": false }, "orderCancelUserErrors": [] })
    }

    /// Ends what was begun: Shopify cancels in the background.
    pub fn work(&mut self) {
        if self.patience > 0 {
            self.patience -= 1;
            return;
        }
        for (id, refunds, note) in std::mem::take(&mut self.jobs) {
            let at = zulu(self.now);
            self.change(id, |order| {
                order["cancelledAt"] = json!(at);
                order["cancellation"] = json!({ "staffNote": note });
                for job in order["fulfillmentOrders"].as_array_mut().unwrap() {
                    job["status"] = json!("CANCELLED");
                }
                if refunds {
                    order["_refunded"] = order["_paid"].clone();
                }
            });
        }
    }

    pub fn discount(&mut self, input: &Value) -> Value {
        let Some(code) = input["code"].as_str().filter(|code| !code.is_empty()) else {
            return error("code", "Code can't be blank");
        };
        let value = &input["customerGets"]["value"];
        let percent = value["percentage"].as_f64();
        let amount = value["discountAmount"]["amount"].as_str().and_then(|text| minor(text, super::state::CURRENCY));
        if input["title"].is_null() || input["startsAt"].is_null() || !one_of(&input["context"]) || !one_of(value) {
            return error("basicCodeDiscount", "Title, start, context and value are needed");
        }
        if percent.is_some_and(|part| part <= 0.0 || part > 1.0)
            || (percent.is_none() && amount.is_none_or(|it| it < 1))
        {
            return error("customerGets", "Value must be between 0.0 and 1.0, or an amount");
        }
        if self.discounts.contains_key(&code.to_uppercase()) {
            return error("code", "Code must be unique. Please try a different code.");
        }
        let id = self.id();
        let node = json!({ "id": gid("DiscountCodeNode", id), "_input": input });
        self.discounts.insert(code.to_uppercase(), node.clone());
        json!({ "codeDiscountNode": node, "userErrors": [] })
    }

    pub fn credit(&mut self, arguments: &Value) -> Value {
        let Some(id) = number(&arguments["id"], "Customer").filter(|id| self.customers.contains_key(id)) else {
            return error("id", "Customer does not exist");
        };
        let given = &arguments["creditInput"]["creditAmount"];
        let currency = given["currencyCode"].as_str().unwrap();
        let amount = match money(&given["amount"], currency) {
            Ok(amount) if amount > 0 => amount,
            _ => return error("creditAmount", "A positive amount must be used to credit a store credit account"),
        };
        let (transaction, at) = (self.id(), zulu(self.now));
        let transaction = json!({
            "__typename": "StoreCreditAccountCreditTransaction", "id": gid("StoreCreditAccountCreditTransaction", transaction),
            "createdAt": at, "event": "ADJUSTMENT", "amount": { "amount": decimal(amount, currency) },
        });
        let mut customer = (*self.customers[&id]).clone();
        let accounts = customer["storeCreditAccounts"].as_array_mut().unwrap();
        let there = accounts.iter().position(|account| account["balance"]["currencyCode"] == currency);
        let place = there.unwrap_or_else(|| {
            accounts.push(json!({ "balance": { "currencyCode": currency }, "transactions": [], "_balance": 0 }));
            accounts.len() - 1
        });
        let account = &mut accounts[place];
        account["_balance"] = json!(account["_balance"].as_i64().unwrap() + amount);
        account["transactions"].as_array_mut().unwrap().insert(0, transaction.clone());
        self.put("customers", id, customer);
        json!({ "storeCreditAccountTransaction": transaction, "userErrors": [] })
    }
}

fn money(text: &Value, currency: &str) -> Result<i64, Value> {
    let amount = text.as_str().and_then(|text| minor(text, currency));
    amount.ok_or_else(|| error("amount", format!("{text} is no amount of {currency}")))
}
