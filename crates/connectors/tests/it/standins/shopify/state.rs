//! What the shop holds: orders, products, customers, in the shape in which GraphQL shows them. Fields that begin with an
//! underscore are its own and never shown.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use serde_json::{Value, json};

use super::super::mood::{NewOrder, decimal, time};

pub const CURRENCY: &str = "EUR";
/// Sunday, 1 November 2026, and a second more with every change: the shop has its own clock.
const START: i64 = 1_793_491_200_000;

pub struct State {
    pub now: i64,
    next: u64,
    pub orders: BTreeMap<u64, Arc<Value>>,
    pub products: BTreeMap<u64, Arc<Value>>,
    pub customers: BTreeMap<u64, Arc<Value>>,
    /// By time of change and id: what lists go by.
    pub changed: BTreeMap<&'static str, BTreeSet<(i64, u64)>>,
    pub discounts: BTreeMap<String, Value>,
    pub webhooks: BTreeMap<u64, (String, String)>,
    /// What is to be told: topic and body.
    pub news: Vec<(&'static str, Value)>,
    /// Refunds by their key: what was asked, what was answered.
    pub keys: HashMap<String, (Value, Value)>,
    pub invoices: Vec<u64>,
    /// What stands before every order's number.
    pub prefix: &'static str,
    /// Cancellations that were begun and end before the next call.
    pub jobs: Vec<(u64, bool, String)>,
    /// So many calls more until they end.
    pub patience: usize,
}

pub fn gid(kind: &str, id: u64) -> String {
    format!("gid://shopify/{kind}/{id}")
}

pub fn number(gid: &Value, kind: &str) -> Option<u64> {
    gid.as_str()?.strip_prefix("gid://shopify/")?.strip_prefix(kind)?.strip_prefix('/')?.parse().ok()
}

/// Both amounts of Shopify. The shop's own money is another where the order's is not [`CURRENCY`]: half as much.
pub fn bag(amount: i64, currency: &str) -> Value {
    let shops = if currency == CURRENCY { decimal(amount, CURRENCY) } else { decimal(amount / 2, CURRENCY) };
    json!({
        "presentmentMoney": { "amount": decimal(amount, currency), "currencyCode": currency },
        "shopMoney": { "amount": shops, "currencyCode": CURRENCY },
    })
}

pub fn zulu(at: i64) -> String {
    format!("{}Z", time(at))
}

impl State {
    pub fn new() -> Self {
        let mut state = Self {
            now: START,
            next: 1000,
            orders: BTreeMap::new(),
            products: BTreeMap::new(),
            customers: BTreeMap::new(),
            changed: BTreeMap::new(),
            discounts: BTreeMap::new(),
            webhooks: BTreeMap::new(),
            news: Vec::new(),
            keys: HashMap::new(),
            invoices: Vec::new(),
            prefix: "#",
            jobs: Vec::new(),
            patience: 0,
        };
        state.add_product(1, "Wool sweater");
        state.add_product(2, "Rain jacket");
        state
    }

    pub fn id(&mut self) -> u64 {
        self.next += 1;
        self.next
    }

    pub fn tick(&mut self) -> i64 {
        self.now += 1000;
        self.now
    }

    fn table(&mut self, list: &str) -> &mut BTreeMap<u64, Arc<Value>> {
        match list {
            "orders" => &mut self.orders,
            "products" => &mut self.products,
            _ => &mut self.customers,
        }
    }

    /// Puts a thing where lists find it, changed now.
    pub fn put(&mut self, list: &'static str, id: u64, mut thing: Value) {
        let now = self.tick();
        thing["updatedAt"] = json!(zulu(now));
        thing["_changed"] = json!(now);
        let old = self.table(list).insert(id, Arc::new(thing)).and_then(|old| old["_changed"].as_i64());
        let changed = self.changed.entry(list).or_default();
        if let Some(old) = old {
            changed.remove(&(old, id));
        }
        changed.insert((now, id));
    }

    pub fn remove(&mut self, list: &'static str, id: u64) {
        if let Some(old) = self.table(list).remove(&id) {
            self.changed.entry(list).or_default().remove(&(old["_changed"].as_i64().unwrap(), id));
        }
    }

    pub fn add_product(&mut self, id: u64, title: &str) {
        let variant = |place: u64, size: &str| {
            json!({
                "id": gid("ProductVariant", id * 10 + place), "title": size, "sku": format!("SKU-{id}-{size}"),
                "price": "49.00", "inventoryQuantity": 7, "inventoryItem": { "tracked": true },
                "selectedOptions": [{ "name": "Size", "value": size }], "media": [],
            })
        };
        let product = json!({
            "id": gid("Product", id), "title": title, "status": "ACTIVE", "tags": ["wool"],
            "onlineStoreUrl": format!("https://fjellvik.example/products/{id}"),
            "featuredMedia": { "preview": { "image": { "url": format!("https://cdn.shop.example/{id}.jpg") } } },
            "variants": [variant(1, "M"), variant(2, "L")],
        });
        self.put("products", id, product);
    }

    pub fn add_customer(&mut self, name: &str, email: &str) -> u64 {
        let id = self.id();
        let (first, last) = name.split_once(' ').unwrap_or((name, ""));
        let customer = json!({
            "id": gid("Customer", id), "displayName": name, "firstName": first, "lastName": last, "locale": "nb",
            "tags": [], "defaultEmailAddress": { "emailAddress": email, "marketingState": "SUBSCRIBED" },
            "defaultPhoneNumber": null, "storeCreditAccounts": [],
        });
        self.put("customers", id, customer.clone());
        self.tell_customer("customers/create", id);
        id
    }

    pub fn tell_customer(&mut self, topic: &'static str, id: u64) {
        let Some(it) = self.customers.get(&id) else { return };
        let body = json!({
            "id": id, "admin_graphql_api_id": gid("Customer", id), "email": it["defaultEmailAddress"]["emailAddress"],
            "first_name": it["firstName"], "last_name": it["lastName"], "tags": "", "updated_at": it["updatedAt"],
            "email_marketing_consent": { "state": "subscribed", "opt_in_level": "single_opt_in" },
        });
        self.news.push((topic, body));
    }

    pub fn place(&mut self, new: &NewOrder) -> u64 {
        let (id, at) = (self.id(), zulu(self.now));
        let (currency, total) = (new.currency, new.total());
        let mut lines = Vec::new();
        for line in &new.lines {
            let line_id = self.id();
            let variant = line.product.map(|product| json!({ "id": gid("ProductVariant", product * 10 + 1) }));
            lines.push(json!({
                "id": gid("LineItem", line_id), "title": line.title, "variantTitle": "M", "sku": "SKU-1-M",
                "quantity": line.quantity, "currentQuantity": line.quantity, "unfulfilledQuantity": line.quantity,
                "requiresShipping": true, "isGiftCard": false, "image": null, "variant": variant,
                "product": line.product.map(|product| json!({ "id": gid("Product", product), "tags": ["wool"] })),
                "originalUnitPriceSet": bag(line.price, currency),
                "originalTotalSet": bag(line.price * line.quantity, currency),
                "discountAllocations": [], "taxLines": [], "_total": line.price * line.quantity,
            }));
        }
        let job = self.id();
        let sale = self.id();
        let sale = json!({
            "id": gid("OrderTransaction", sale), "kind": "SALE", "status": "SUCCESS", "gateway": "shopify_payments",
            "formattedGateway": "Shopify Payments", "amountSet": bag(total, currency), "parentTransaction": null,
            "paymentDetails": { "__typename": "CardPaymentDetails", "company": "Visa", "number": "•••• •••• •••• 4242" },
            "_amount": total, "_refunded": 0,
        });
        let address = json!({
            "name": "Ingrid Solberg", "company": null, "address1": "Storgata 1", "address2": null, "zip": "0155",
            "city": "Oslo", "province": null, "countryCodeV2": "NO", "phone": new.phone,
        });
        let shipping =
            json!([{ "title": "Post", "discountedPriceSet": bag(new.shipping, currency), "discountAllocations": [] }]);
        let order = json!({
            "id": gid("Order", id), "legacyResourceId": id.to_string(), "name": format!("{}{id}", self.prefix), "createdAt": at,
            "processedAt": at, "cancelledAt": null, "closedAt": null, "test": new.test, "taxesIncluded": true,
            "presentmentCurrencyCode": currency, "returnStatus": "NO_RETURN", "email": new.email, "phone": new.phone,
            "customerLocale": "nb-NO", "note": null, "tags": [], "sourceIdentifier": null,
            "statusPageUrl": format!("https://fjellvik.example/orders/{id}/status"),
            "risk": { "assessments": [{ "riskLevel": "LOW" }] },
            "customer": new.account.map(|id| json!({ "_id": id })),
            "totalPriceSet": bag(total, currency), "totalDiscountsSet": bag(0, currency),
            "totalTaxSet": bag(0, currency), "shippingLines": shipping, "discountApplications": [],
            "shippingAddress": address, "billingAddress": address, "cancellation": null,
            "transactions": if new.paid { json!([sale]) } else { json!([]) }, "refunds": [], "fulfillments": [],
            "fulfillmentOrders": [{ "id": gid("FulfillmentOrder", job), "status": "OPEN", "fulfillmentHolds": [] }],
            "lineItems": lines, "returns": [], "_currency": currency, "_shipping": new.shipping,
            "_paid": if new.paid { total } else { 0 }, "_refunded": 0, "_total": total, "_metafields": {},
        });
        self.keep(id, order);
        self.tell_order("orders/create", id);
        id
    }

    /// An order as it now is: works out what hangs on the rest of it.
    pub fn keep(&mut self, id: u64, mut order: Value) {
        let currency = order["_currency"].as_str().unwrap().to_owned();
        let amount = |name: &str| order[name].as_i64().unwrap();
        let (paid, refunded) = (amount("_paid"), amount("_refunded"));
        let voided = !order["cancelledAt"].is_null() && paid == 0;
        let financial = match () {
            () if paid == 0 && amount("_total") > 0 => {
                if voided {
                    "VOIDED"
                } else {
                    "PENDING"
                }
            }
            () if refunded == 0 => "PAID",
            () if refunded >= paid => "REFUNDED",
            () => "PARTIALLY_REFUNDED",
        };
        let jobs: Vec<_> =
            order["fulfillmentOrders"].as_array().unwrap().iter().map(|job| job["status"].clone()).collect();
        let fulfilment = if jobs.iter().any(|status| status == "ON_HOLD") {
            "ON_HOLD"
        } else if !jobs.is_empty() && jobs.iter().all(|status| status == "CLOSED") {
            "FULFILLED"
        } else if order["fulfillments"].as_array().unwrap().is_empty() {
            "UNFULFILLED"
        } else {
            "PARTIALLY_FULFILLED"
        };
        if let Some(customer) = order["customer"]["_id"].as_u64() {
            let known = self.customers.get(&customer).map(|known| (**known).clone()).unwrap_or_default();
            order["customer"] = known;
            order["customer"]["_id"] = json!(customer);
        }
        order["displayFinancialStatus"] = json!(financial);
        order["displayFulfillmentStatus"] = json!(fulfilment);
        order["totalReceivedSet"] = bag(paid, &currency);
        order["totalRefundedSet"] = bag(refunded, &currency);
        order["transactionsCount"] = json!({ "count": order["transactions"].as_array().unwrap().len() });
        order["fulfillmentsCount"] = json!({ "count": order["fulfillments"].as_array().unwrap().len() });
        self.put("orders", id, order);
    }

    pub fn tell_order(&mut self, topic: &'static str, id: u64) {
        let body = match self.orders.get(&id) {
            Some(order) => json!({
                "id": id, "admin_graphql_api_id": gid("Order", id), "name": order["name"], "email": order["email"],
                "updated_at": order["updatedAt"],
            }),
            None => json!({ "id": id }),
        };
        self.news.push((topic, body));
    }

    /// Changes an order, and says so.
    pub fn change(&mut self, id: u64, how: impl FnOnce(&mut Value)) {
        let mut order = (*self.orders[&id]).clone();
        how(&mut order);
        self.keep(id, order);
        self.tell_order("orders/updated", id);
    }

    /// Sends all that was not sent yet, in one parcel.
    pub fn ship(&mut self, id: u64) {
        let (parcel, at) = (self.id(), zulu(self.now));
        let mut order = (*self.orders[&id]).clone();
        let mut pieces = Vec::new();
        for line in order["lineItems"].as_array_mut().unwrap() {
            let left = line["unfulfilledQuantity"].as_i64().unwrap();
            if left > 0 {
                line["unfulfilledQuantity"] = json!(0);
                let piece = self.id();
                pieces.push(json!({
                    "id": gid("FulfillmentLineItem", piece), "quantity": left, "lineItem": { "id": line["id"] }, "_returned": 0,
                }));
            }
        }
        for job in order["fulfillmentOrders"].as_array_mut().unwrap() {
            job["status"] = json!("CLOSED");
        }
        order["fulfillments"].as_array_mut().unwrap().push(json!({
            "id": gid("Fulfillment", parcel), "status": "SUCCESS", "createdAt": at, "deliveredAt": null,
            "estimatedDeliveryAt": zulu(self.now + 3 * 86_400_000),
            "trackingInfo": [{ "company": "Posten Norge", "number": "LX123456789NO", "url": "https://sporing.posten.no/LX123456789NO" }],
            "fulfillmentLineItems": pieces,
            "events": [{ "happenedAt": at, "status": "IN_TRANSIT", "message": "On its way", "city": "Oslo", "country": "Norway" }],
        }));
        self.keep(id, order);
        self.tell_order("orders/updated", id);
    }
}
