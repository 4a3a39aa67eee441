//! A Vendure shop: EUR with 20 % tax in its prices, four products, one customer. Its payments are taken and refunded at
//! once. It lives in memory: what was bought is gone with it.

use std::{path::PathBuf, process::Command, sync::Mutex};

use serde_json::{Value, json};
use tempfile::TempDir;

use super::{Result, Running, SECRET, free_port, lock, ready, temporary};

pub struct Vendure {
    pub address: String,
    /// Opens the Admin API for Shopbell, with the rights that the guide asks for.
    pub key: String,
    owner_key: String,
    http: reqwest::Client,
    port: u16,
    folder: PathBuf,
    server: Mutex<Option<Running>>,
    dir: TempDir,
}

/// One visitor's session at the shop.
#[derive(Default)]
pub struct Visit {
    token: String,
}

impl Vendure {
    pub fn start() -> Result<Self> {
        let (folder, seeded) = ready("vendure")?;
        let port = free_port()?;
        let vendure = Self {
            address: format!("http://127.0.0.1:{port}"),
            key: seeded["key"].as_str().unwrap_or_default().to_owned(),
            owner_key: seeded["owner"].as_str().unwrap_or_default().to_owned(),
            http: reqwest::Client::new(),
            port,
            folder,
            server: Mutex::default(),
            dir: temporary()?,
        };
        vendure.begin()?;
        Ok(vendure)
    }

    fn begin(&self) -> Result<()> {
        let mut command = Command::new("node");
        command.current_dir(&self.folder).args(["-r", "ts-node/register", "index.ts"]);
        command.env("PORT", self.port.to_string()).env("DATABASE_FILE", self.folder.join("shop.sqlite"));
        command.env("SHOPBELL_SECRET", SECRET).env("VENDURE_DISABLE_TELEMETRY", "true").env_remove("SEEDED");
        let mut running = Running::start(&mut command, &self.dir.path().join("vendure.log"))?;
        running.await_port(self.port).map_err(|why| format!("vendure: {why}"))?;
        *lock(&self.server) = Some(running);
        Ok(())
    }

    pub fn stop(&self) {
        lock(&self.server).take();
    }

    /// The server stands still and answers nobody, or goes on.
    pub fn freeze(&self, still: bool) {
        if let Some(running) = lock(&self.server).as_ref() {
            running.signal(if still { "-STOP" } else { "-CONT" });
        }
    }

    /// What the server wrote, for a failing test to show.
    pub fn log(&self) -> String {
        lock(&self.server).as_ref().map(Running::said).unwrap_or_default()
    }

    /// As the shop's owner asks.
    pub async fn admin(&self, query: &str, variables: Value) -> Result<Value> {
        let request = self.http.post(format!("{}/admin-api", self.address)).header("vendure-api-key", &self.owner_key);
        read(request, query, variables).await.map(|(data, _)| data)
    }

    /// As a visitor asks.
    pub async fn shop(&self, visit: &mut Visit, query: &str, variables: Value) -> Result<Value> {
        let mut request = self.http.post(format!("{}/shop-api", self.address));
        if !visit.token.is_empty() {
            request = request.bearer_auth(&visit.token);
        }
        let (data, token) = read(request, query, variables).await?;
        visit.token = token.unwrap_or_else(|| visit.token.clone());
        Ok(data)
    }

    /// Places an order as a guest and gives its id, code and total. `hold` only promises the money.
    pub async fn place(&self, email: &str, lines: &[(&str, i64)], hold: bool) -> Result<Value> {
        let visit = &mut Visit::default();
        let all = self.admin("{ productVariants(options: { take: 100 }) { items { id sku } } }", json!({})).await?;
        for (sku, quantity) in lines {
            let items = all["productVariants"]["items"].as_array().cloned().unwrap_or_default();
            let variant = items.iter().find(|one| one["sku"] == *sku).ok_or_else(|| format!("no {sku}"))?;
            let query = "mutation ($v: ID!, $q: Int!) { addItemToOrder(productVariantId: $v, quantity: $q) {
                __typename ... on ErrorResult { message } } }";
            self.shop(visit, query, json!({ "v": variant["id"], "q": quantity })).await?;
        }
        let steps = [
            "mutation ($e: String!) { setCustomerForOrder(input: { firstName: \"Ada\", lastName: \"Nowak\",
                emailAddress: $e }) { __typename ... on ErrorResult { message } } }",
            "mutation { setOrderShippingAddress(input: { fullName: \"Ada Nowak\", streetLine1: \"Hauptstr. 1\",
                city: \"Berlin\", postalCode: \"10115\", countryCode: \"DE\", phoneNumber: \"+4930123456\" }) {
                __typename ... on ErrorResult { message } } }",
        ];
        self.shop(visit, steps[0], json!({ "e": email })).await?;
        self.shop(visit, steps[1], json!({})).await?;
        let methods = self.shop(visit, "{ eligibleShippingMethods { id } }", json!({})).await?;
        let query = "mutation ($m: [ID!]!) { setOrderShippingMethod(shippingMethodId: $m) {
            __typename ... on ErrorResult { message } } }";
        self.shop(visit, query, json!({ "m": [methods["eligibleShippingMethods"][0]["id"]] })).await?;
        let query = "mutation { transitionOrderToState(state: \"ArrangingPayment\") {
            __typename ... on ErrorResult { message } } }";
        self.shop(visit, query, json!({})).await?;
        let query = "mutation ($h: JSON!) { addPaymentToOrder(input: { method: \"card\", metadata: $h }) {
            __typename ... on Order { id code state totalWithTax } ... on ErrorResult { message } } }";
        let mut placed = self.shop(visit, query, json!({ "h": { "hold": hold } })).await?;
        let order = placed["addPaymentToOrder"].take();
        if order["__typename"] == "Order" { Ok(order) } else { Err(format!("no order: {order}")) }
    }

    /// Sends all lines of an order under a tracking number.
    pub async fn ship(&self, order: &str, number: &str) -> Result<()> {
        let found =
            self.admin("query ($i: ID!) { order(id: $i) { lines { id quantity } } }", json!({ "i": order })).await?;
        let lines = found["order"]["lines"].as_array().cloned().unwrap_or_default();
        let lines: Vec<_> =
            lines.iter().map(|line| json!({ "orderLineId": line["id"], "quantity": line["quantity"] })).collect();
        let query = "mutation ($l: [OrderLineInput!]!, $n: String!) { addFulfillmentToOrder(input: { lines: $l,
            handler: { code: \"manual-fulfillment\", arguments: [{ name: \"method\", value: \"DHL\" },
            { name: \"trackingCode\", value: $n }] } }) {
            __typename ... on Fulfillment { id } ... on ErrorResult { message } } }";
        let made = self.admin(query, json!({ "l": lines, "n": number })).await?;
        let parcel = &made["addFulfillmentToOrder"]["id"];
        let query = "mutation ($f: ID!) { transitionFulfillmentToState(id: $f, state: \"Shipped\") {
            __typename ... on ErrorResult { message } } }";
        let moved = self.admin(query, json!({ "f": parcel })).await?;
        let moved = &moved["transitionFulfillmentToState"];
        if moved["__typename"] == "Fulfillment" { Ok(()) } else { Err(format!("not shipped: {made} {moved}")) }
    }
}

async fn read(request: reqwest::RequestBuilder, query: &str, variables: Value) -> Result<(Value, Option<String>)> {
    let request = request.json(&json!({ "query": query, "variables": variables }));
    let answer = request.send().await.map_err(|error| error.to_string())?;
    let token = answer.headers().get("vendure-auth-token").and_then(|token| token.to_str().ok()).map(Into::into);
    let text = answer.text().await.map_err(|error| error.to_string())?;
    let mut answer: Value = serde_json::from_str(&text).map_err(|error| format!("{error}: {text}"))?;
    if !answer["errors"].is_null() {
        return Err(format!("{query}: {}", answer["errors"]));
    }
    Ok((answer["data"].take(), token))
}
