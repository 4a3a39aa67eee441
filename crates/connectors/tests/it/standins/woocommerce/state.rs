//! What the shop holds, in the shape in which its REST API shows it. Fields that begin with two underscores are its own.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::super::mood::{NewOrder, decimal, minor, time};

pub const CURRENCY: &str = "EUR";
const START: i64 = 1_793_491_200_000;

pub struct State {
    pub now: i64,
    next: u64,
    pub orders: BTreeMap<u64, Value>,
    pub products: BTreeMap<u64, Value>,
    pub customers: BTreeMap<u64, Value>,
    pub coupons: BTreeMap<u64, Value>,
    pub webhooks: BTreeMap<u64, Value>,
    pub refunds: BTreeMap<u64, Value>,
    pub notes: BTreeMap<u64, Vec<Value>>,
    pub changed: BTreeMap<&'static str, BTreeSet<(i64, u64)>>,
    /// What is to be told: topic and the id of the thing, or the thing where it is gone.
    pub news: Vec<(&'static str, Value)>,
    pub mails: usize,
    /// Numbers of orders are others than their ids, as plugins have it.
    pub numbers: bool,
}

impl State {
    pub fn new() -> Self {
        let mut state = Self {
            now: START,
            next: 700,
            orders: BTreeMap::new(),
            products: BTreeMap::new(),
            customers: BTreeMap::new(),
            coupons: BTreeMap::new(),
            webhooks: BTreeMap::new(),
            refunds: BTreeMap::new(),
            notes: BTreeMap::new(),
            changed: BTreeMap::new(),
            news: Vec::new(),
            mails: 0,
            numbers: false,
        };
        state.add_product(1, "Wool sweater");
        state.add_product(2, "Rain jacket");
        state
    }

    pub fn id(&mut self) -> u64 {
        self.next += 1;
        self.next
    }

    pub fn table(&mut self, list: &str) -> &mut BTreeMap<u64, Value> {
        match list {
            "orders" => &mut self.orders,
            "products" => &mut self.products,
            "customers" => &mut self.customers,
            "coupons" => &mut self.coupons,
            other => panic!("there is no list of {other}"),
        }
    }

    pub fn put(&mut self, list: &'static str, id: u64, mut thing: Value) {
        self.now += 1000;
        let now = self.now;
        thing["date_modified_gmt"] = json!(time(now));
        // The shop's own clock is an hour ahead; whoever takes it for UTC is wrong by one.
        thing["date_modified"] = json!(time(now + 3_600_000));
        thing["__changed"] = json!(now);
        let old = self.table(list).insert(id, thing).and_then(|old| old["__changed"].as_i64());
        let changed = self.changed.entry(list).or_default();
        if let Some(old) = old {
            changed.remove(&(old, id));
        }
        changed.insert((now, id));
    }

    pub fn remove(&mut self, list: &'static str, id: u64) {
        if let Some(old) = self.table(list).remove(&id) {
            self.changed.entry(list).or_default().remove(&(old["__changed"].as_i64().unwrap(), id));
        }
    }

    pub fn add_product(&mut self, id: u64, title: &str) {
        let kind = |place: u64, size: &str| {
            json!({
                "id": id * 10 + place, "sku": format!("SKU-{id}-{size}"), "price": "49.00", "manage_stock": true,
                "stock_quantity": 7, "stock_status": "instock", "image": null,
                "attributes": [{ "id": 1, "name": "Size", "option": size }],
            })
        };
        let product = json!({
            "id": id, "name": title, "type": "variable", "status": "publish", "purchasable": true, "price": "49.00",
            "permalink": format!("https://fjellvik.example/product/{id}"), "sku": "", "manage_stock": false,
            "stock_quantity": null, "stock_status": "instock", "tags": [{ "id": 1, "name": "wool" }],
            "images": [{ "id": 1, "src": format!("https://fjellvik.example/{id}.jpg") }],
            "attributes": [{ "id": 1, "name": "Size", "variation": true, "options": ["M", "L"] }],
            "variations": [id * 10 + 1, id * 10 + 2], "__kinds": [kind(1, "M"), kind(2, "L")],
        });
        self.put("products", id, product);
    }

    pub fn add_customer(&mut self, name: &str, email: &str) -> u64 {
        let id = self.id();
        let (first, last) = name.split_once(' ').unwrap_or((name, ""));
        let at = time(self.now);
        let customer = json!({
            "id": id, "email": email, "first_name": first, "last_name": last, "role": "customer", "username": email,
            "date_created": at, "date_created_gmt": at, "billing": { "phone": "" }, "shipping": {}, "meta_data": [],
        });
        self.put("customers", id, customer);
        self.news.push(("customer.created", json!(id)));
        id
    }

    pub fn place(&mut self, new: &NewOrder) -> u64 {
        let (id, at) = (self.id(), time(self.now));
        let currency = new.currency;
        let amount = |minor: i64| decimal(minor, currency);
        let mut lines = Vec::new();
        for line in &new.lines {
            let line_id = self.id();
            let total = line.price * line.quantity;
            lines.push(json!({
                "id": line_id, "name": line.title, "product_id": line.product.unwrap_or(0),
                "variation_id": line.product.map_or(0, |product| product * 10 + 1), "quantity": line.quantity,
                "tax_class": "", "subtotal": amount(total), "subtotal_tax": amount(0), "total": amount(total),
                "total_tax": amount(0), "taxes": [], "sku": "SKU-1-M", "price": 0, "image": { "id": "1", "src": "" },
                "meta_data": [{ "id": 1, "key": "pa_size", "value": "m", "display_key": "Size", "display_value": "M" }],
            }));
        }
        let address = json!({
            "first_name": "Ingrid", "last_name": "Solberg", "company": "", "address_1": "Storgata 1", "address_2": "",
            "city": "Oslo", "state": "", "postcode": "0155", "country": "NO", "phone": new.phone.clone().unwrap_or_default(),
        });
        let mut billing = address.clone();
        billing["email"] = json!(new.email.clone().unwrap_or_default());
        let shipping_id = self.id();
        let paid = if new.paid { json!(at) } else { Value::Null };
        let mut order = json!({
            "id": id, "parent_id": 0, "number": if self.numbers { format!("FV-{}", id + 19_000) } else { id.to_string() },
            "order_key": format!("wc_order_{id}"), "created_via": "checkout", "version": "10.4.0",
            "status": if new.paid { "processing" } else { "pending" }, "currency": currency, "date_created": at,
            "date_created_gmt": at, "discount_total": amount(0), "discount_tax": amount(0),
            "shipping_total": amount(new.shipping), "shipping_tax": amount(0), "cart_tax": amount(0),
            "total": amount(new.total()), "total_tax": amount(0), "prices_include_tax": true,
            "customer_id": new.account.unwrap_or(0), "customer_note": "", "billing": billing, "shipping": address,
        });
        let rest = json!({
            "payment_method": if new.paid { "stripe" } else { "bacs" }, "payment_method_title": "Card",
            "transaction_id": if new.paid { "ch_1" } else { "" }, "date_paid": paid, "date_paid_gmt": paid,
            "date_completed": null, "date_completed_gmt": null, "meta_data": [], "line_items": lines, "tax_lines": [],
            "shipping_lines": [{ "id": shipping_id, "method_title": "Post", "method_id": "flat_rate",
                "total": amount(new.shipping), "total_tax": amount(0), "taxes": [], "meta_data": [] }],
            "fee_lines": [], "coupon_lines": [], "refunds": [],
        });
        order.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
        self.put("orders", id, order);
        self.news.push(("order.created", json!(id)));
        id
    }

    pub fn change(&mut self, id: u64, how: impl FnOnce(&mut Value)) {
        let mut order = self.orders[&id].clone();
        how(&mut order);
        self.put("orders", id, order);
        self.news.push(("order.updated", json!(id)));
    }

    pub fn note(&mut self, order: u64, note: &str, for_customer: bool) -> Value {
        let id = self.id();
        let note = json!({
            "id": id, "author": "WooCommerce", "date_created_gmt": time(self.now), "note": note,
            "customer_note": for_customer, "added_by_user": true,
        });
        self.notes.entry(order).or_default().insert(0, note.clone());
        note
    }

    /// Of an order: what was paid and what went back.
    pub fn money(&self, order: u64) -> (i64, i64) {
        let it = &self.orders[&order];
        let currency = it["currency"].as_str().unwrap();
        let paid =
            if it["date_paid_gmt"].is_string() { minor(it["total"].as_str().unwrap(), currency).unwrap() } else { 0 };
        let back = self.refunds.values().filter(|refund| refund["__order"] == order);
        (paid, back.map(|refund| refund["__amount"].as_i64().unwrap()).sum())
    }

    /// A refund as `POST orders/<id>/refunds` takes it; the words and the odd status are WooCommerce's.
    pub fn refund(&mut self, order: u64, body: &Map<String, Value>) -> Result<Value, (u16, &'static str, String)> {
        let no = |words: &str| (500, "woocommerce_rest_cannot_create_order_refund", words.to_owned());
        let it = self.orders[&order].clone();
        let currency = it["currency"].as_str().unwrap().to_owned();
        let (paid, back) = self.money(order);
        let amount = body["amount"].as_str().and_then(|text| minor(text, &currency));
        let amount = amount.ok_or_else(|| no("Invalid refund amount."))?;
        let total = minor(it["total"].as_str().unwrap(), &currency).unwrap();
        if amount < 0 || amount > total - back {
            return Err(no("Invalid refund amount."));
        }
        let provider = it["payment_method"] == "stripe" && paid > 0;
        if body.get("api_refund").is_none_or(|yes| *yes == true) && !provider {
            return Err(no("The payment gateway for this order does not support automatic refunds."));
        }
        let mut items = Vec::new();
        for wanted in body.get("line_items").and_then(Value::as_array).into_iter().flatten() {
            let lines = it["line_items"].as_array().unwrap().iter().chain(it["shipping_lines"].as_array().unwrap());
            let line = lines.clone().find(|line| line["id"] == wanted["id"]);
            // WooCommerce passes over what it does not know; we are stricter.
            let line = line.ok_or_else(|| no("Invalid line item."))?;
            let quantity = wanted["quantity"].as_i64().unwrap_or_default();
            let gone: i64 = self.pieces(order, wanted["id"].as_u64().unwrap());
            if quantity + gone > line["quantity"].as_i64().unwrap_or_default() {
                return Err(no("Invalid quantity."));
            }
            let total = wanted["refund_total"].as_str().and_then(|text| minor(text, &currency));
            let total = total.ok_or_else(|| no("Invalid refund total."))?;
            let item = self.id();
            items.push(json!({
                "id": item, "name": line["name"], "quantity": -quantity, "total": decimal(-total, &currency),
                "meta_data": [{ "id": 1, "key": "_refunded_item_id", "value": wanted["id"].to_string() }],
            }));
        }
        let (id, at) = (self.id(), time(self.now));
        let reason = body.get("reason").and_then(Value::as_str).unwrap_or_default().to_owned();
        let refund = json!({
            "id": id, "parent_id": order, "date_created_gmt": at, "amount": decimal(amount, &currency), "reason": reason,
            "refunded_by": 1, "refunded_payment": true, "meta_data": body.get("meta_data"), "line_items": items,
            "__order": order, "__amount": amount,
        });
        self.refunds.insert(id, refund.clone());
        self.change(order, |order| {
            let sum = json!({ "id": id, "reason": reason, "total": format!("-{}", decimal(amount, &currency)) });
            order["refunds"].as_array_mut().unwrap().insert(0, sum);
            if back + amount >= total {
                order["status"] = json!("refunded");
            }
        });
        Ok(refund)
    }

    fn pieces(&self, order: u64, line: u64) -> i64 {
        let of_order = self.refunds.values().filter(|refund| refund["__order"] == order);
        let items = of_order.flat_map(|refund| refund["line_items"].as_array().unwrap());
        let same = items.filter(|item| item["meta_data"][0]["value"] == line.to_string().as_str());
        same.map(|item| -item["quantity"].as_i64().unwrap()).sum()
    }
}
