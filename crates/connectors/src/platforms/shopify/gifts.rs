//! What a shopper gets for the next order: a discount's code, or money on the account.

use base::{DAY, Error, Result, Stamp};
use serde_json::{Value, json};

use super::{
    Shopify,
    orders::{Purse, each, stamp, text},
    settings,
};
use crate::{
    money,
    order::Order,
    platform::{Done, Found, Store},
    platforms::call::{code, fingerprint},
};

const DISCOUNT: &str = "mutation Discount($discount: DiscountCodeBasicInput!) { \
    discountCodeBasicCreate(basicCodeDiscount: $discount) { codeDiscountNode { id } userErrors { field message } } }";
const BY_CODE: &str = "query Discount($code: String!) { codeDiscountNodeByCode(code: $code) { id } }";
const CURRENCY: &str = "query Currency { shop { currencyCode } }";
const MARK: &str = "mutation Mark($fields: [MetafieldsSetInput!]!) { \
    metafieldsSet(metafields: $fields) { metafields { id } userErrors { field message } } }";
const CREDIT: &str = "mutation Credit($id: ID!, $credit: StoreCreditAccountCreditInput!) { \
    storeCreditAccountCredit(id: $id, creditInput: $credit) { \
    storeCreditAccountTransaction { id } userErrors { field message } } }";
const CREDITED: &str = "query Credited($order: ID!, $customer: ID!, $key: String!) { \
    order(id: $order) { metafield(namespace: \"shopbell\", key: $key) { createdAt } } \
    customer(id: $customer) { storeCreditAccounts(first: 10) { nodes { balance { currencyCode } \
    transactions(first: 50, sortKey: CREATED_AT, reverse: true) { nodes { createdAt event amount { amount } \
    ... on StoreCreditAccountCreditTransaction { id } } } } } } }";

impl Shopify {
    pub(super) async fn discount(
        &self,
        store: &Store,
        key: &str,
        order: &Order,
        (percent, amount, days): (Option<i64>, Option<i64>, Option<i64>),
    ) -> Result<Done> {
        let code = code(&settings::access(&store.settings)?.client_secret, key);
        let value = match (percent, amount) {
            #[expect(clippy::cast_precision_loss, reason = "a hundred at most")]
            (Some(percent @ 1..=100), None) => json!({ "percentage": percent as f64 / 100.0 }),
            (None, Some(amount)) if amount > 0 => {
                self.same_currency(store, order).await?;
                json!({ "discountAmount": { "amount": money::decimal(amount, &order.currency), "appliesOnEachItem": false } })
            }
            (Some(_), None) => return Err(Error::invalid("percent", "must be 1 to 100")),
            _ => return Err(Error::invalid("amount", "either a percentage or an amount above zero")),
        };
        let context = match &order.buyer.id {
            Some(id) => json!({ "customers": { "add": [id] } }),
            // A guest cannot be told apart at the checkout; the code holds once.
            None => json!({ "all": "ALL" }),
        };
        let now = (self.now)();
        let discount = json!({
            "title": format!("Shopbell {}", order.number),
            "code": code,
            "startsAt": Stamp(now),
            "endsAt": days.map(|days| Stamp(now + days.clamp(1, 3650) * DAY)),
            "usageLimit": 1,
            "appliesOncePerCustomer": true,
            "context": context,
            "customerGets": { "items": { "all": true }, "value": value },
        });
        let done =
            self.admin.change(store, DISCOUNT, "discountCodeBasicCreate", json!({ "discount": discount })).await?;
        Ok(Done { reference: text(&done["codeDiscountNode"]["id"]), amount: 0, code: Some(code) })
    }

    pub(super) async fn discount_done(&self, store: &Store, key: &str) -> Result<Found> {
        let code = code(&settings::access(&store.settings)?.client_secret, key);
        let said = self.admin.ask(store, BY_CODE, json!({ "code": code })).await?;
        Ok(match text(&said.data["codeDiscountNodeByCode"]["id"]) {
            Some(id) => Found::Done(Done { reference: Some(id), amount: 0, code: Some(code) }),
            None => Found::NotDone,
        })
    }

    /// A discount's amount is in the shop's money, and would be another one in the buyer's.
    async fn same_currency(&self, store: &Store, order: &Order) -> Result<()> {
        let said = self.admin.ask(store, CURRENCY, json!({})).await?;
        let shops = text(&said.data["shop"]["currencyCode"]).unwrap_or_default();
        if shops == order.currency {
            return Ok(());
        }
        let why = format!("The store's own money is {shops} and this order's is {}; give a percentage", order.currency);
        Err(Error::refused(why))
    }

    /// Store credit carries neither a note nor a key. So a mark goes onto the order first: without one, nothing was
    /// given; with one, a credit of this amount after it is taken for ours. Should somebody have given the same amount
    /// by hand in that moment, the shopper gets it once and not twice.
    pub(super) async fn credit(&self, store: &Store, key: &str, order: &Order, amount: i64) -> Result<Done> {
        let customer = order.buyer.id.as_ref().ok_or_else(|| Error::refused("The order has no account behind it"))?;
        if amount < 1 {
            return Err(Error::invalid("amount", "must be above zero"));
        }
        let kind = "single_line_text_field";
        let mark =
            json!({ "ownerId": order.id, "namespace": "shopbell", "key": mark(key), "type": kind, "value": "credit" });
        self.admin.change(store, MARK, "metafieldsSet", json!({ "fields": [mark] })).await?;
        let money = json!({ "amount": money::decimal(amount, &order.currency), "currencyCode": order.currency });
        let variables = json!({ "id": customer, "credit": { "creditAmount": money } });
        let done = self.admin.change(store, CREDIT, "storeCreditAccountCredit", variables).await?;
        Ok(Done { reference: text(&done["storeCreditAccountTransaction"]["id"]), amount, code: None })
    }

    pub(super) async fn credit_done(&self, store: &Store, key: &str, order: &Order, amount: i64) -> Result<Found> {
        let Some(customer) = &order.buyer.id else { return Ok(Found::NotDone) };
        let variables = json!({ "order": order.id, "customer": customer, "key": mark(key) });
        let said = self.admin.ask(store, CREDITED, variables).await?;
        let Some(marked) = stamp(&said.data["order"]["metafield"]["createdAt"]) else { return Ok(Found::NotDone) };
        let purse = Purse { currency: &order.currency };
        let accounts = each(&said.data["customer"]["storeCreditAccounts"]);
        let accounts = accounts.filter(|account| account["balance"]["currencyCode"] == *order.currency.as_str());
        for one in accounts.flat_map(|account| each(&account["transactions"])) {
            let ours = one["event"] == "ADJUSTMENT"
                && stamp(&one["createdAt"]).is_some_and(|at| at.0 >= marked.0 - marked.0.rem_euclid(1000))
                && purse.of(&bag(&one["amount"]))? == amount;
            if ours {
                return Ok(Found::Done(Done { reference: text(&one["id"]), amount, code: None }));
            }
        }
        Ok(Found::NotDone)
    }
}

fn mark(key: &str) -> String {
    format!("credit-{}", &fingerprint(key.as_bytes())[..32])
}

fn bag(money: &Value) -> Value {
    json!({ "presentmentMoney": money })
}
