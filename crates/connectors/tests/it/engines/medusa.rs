//! A Medusa v2 shop: EUR, JPY and KWD, four products, one customer.

use std::{fs, os::unix::process::CommandExt, path::PathBuf, process::Command, sync::Mutex};

use serde_json::{Value, json};
use tempfile::TempDir;

use super::{Result, Running, SECRET, free_port, lock, ready, run, temporary};

pub struct Medusa {
    pub address: String,
    /// Opens the Admin API.
    pub secret_key: String,
    /// Opens the Store API.
    pub publishable_key: String,
    http: reqwest::Client,
    port: u16,
    folder: PathBuf,
    database: String,
    // Ended in this order.
    server: Mutex<Option<Running>>,
    _postgres: Running,
    dir: TempDir,
}

/// What somebody buys, and where it goes.
pub struct Basket<'a> {
    pub email: &'a str,
    /// `de` pays in EUR, `no` in EUR with 25 % tax, `jp` in JPY, `kw` in KWD.
    pub country: &'a str,
    /// SKUs and pieces.
    pub lines: &'a [(&'a str, i64)],
}

impl Medusa {
    pub fn start() -> Result<Self> {
        let (folder, seeded) = ready("medusa")?;
        let dir = temporary()?;
        let (postgres, database) = postgres(&dir, &folder)?;
        let port = free_port()?;
        let text = |key: &str| seeded[key].as_str().unwrap_or_default().to_owned();
        let medusa = Self {
            address: format!("http://127.0.0.1:{port}"),
            secret_key: text("secret"),
            publishable_key: text("publishable"),
            http: reqwest::Client::new(),
            port,
            folder,
            database,
            server: Mutex::default(),
            _postgres: postgres,
            dir,
        };
        medusa.resume()?;
        Ok(medusa)
    }

    /// Starts the server, again after [`Self::stop`], with the data it had.
    pub fn resume(&self) -> Result<()> {
        let mut command = Command::new("node");
        command.current_dir(&self.folder).arg("node_modules/@medusajs/cli/cli.js");
        command.args(["start", "-H", "127.0.0.1", "-p", &self.port.to_string()]);
        command.env("DATABASE_URL", &self.database).env("SHOPBELL_SECRET", SECRET).env("NODE_ENV", "development");
        command.env("MEDUSA_DISABLE_TELEMETRY", "true");
        let mut running = Running::start(&mut command, &self.dir.path().join("medusa.log"))?;
        running.await_port(self.port).map_err(|why| format!("medusa: {why}"))?;
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

    /// `GET`, or `POST` with a body, as the shop's people do.
    pub async fn admin(&self, path: &str, body: Option<Value>) -> Result<Value> {
        let request = |request: reqwest::RequestBuilder| request.basic_auth(&self.secret_key, Some(""));
        self.ask(&format!("/admin{path}"), body, request).await
    }

    pub async fn remove(&self, path: &str) -> Result<()> {
        let request = self.http.delete(format!("{}/admin{path}", self.address)).basic_auth(&self.secret_key, Some(""));
        let answer = request.send().await.and_then(reqwest::Response::error_for_status);
        answer.map(|_| ()).map_err(|error| error.to_string())
    }

    /// As the shop's visitors do.
    pub async fn store(&self, path: &str, body: Option<Value>) -> Result<Value> {
        let request = |request: reqwest::RequestBuilder| request.header("x-publishable-api-key", &self.publishable_key);
        self.ask(&format!("/store{path}"), body, request).await
    }

    async fn ask(
        &self,
        path: &str,
        body: Option<Value>,
        signed: impl Fn(reqwest::RequestBuilder) -> reqwest::RequestBuilder,
    ) -> Result<Value> {
        let address = format!("{}{path}", self.address);
        let request = match &body {
            Some(body) => self.http.post(&address).json(body),
            None => self.http.get(&address),
        };
        let answer = signed(request).send().await.map_err(|error| format!("{address}: {error}"))?;
        let (status, text) = (answer.status(), answer.text().await.map_err(|error| error.to_string())?);
        if !status.is_success() {
            return Err(format!("{address}: {status} {text}"));
        }
        serde_json::from_str(&text).map_err(|error| format!("{address}: {error}: {text}"))
    }

    /// Places an order as a guest, through cart and checkout, and gives it as the store shows it. It is not captured.
    pub async fn place(&self, basket: &Basket<'_>) -> Result<Value> {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let each = |value: &Value| value.as_array().cloned().unwrap_or_default();
        let regions = each(&self.store("/regions", None).await?["regions"]);
        let here = |region: &&Value| each(&region["countries"]).iter().any(|one| one["iso_2"] == basket.country);
        let region = text(&regions.iter().find(here).ok_or("no region")?["id"]);
        let products = each(&self.store("/products?limit=50", None).await?["products"]);
        let variants: Vec<_> = products.iter().flat_map(|product| each(&product["variants"])).collect();
        let item = |(at, (sku, quantity)): (usize, &(&str, i64))| {
            let variant = variants.iter().find(|variant| variant["sku"] == *sku).map(|variant| variant["id"].clone());
            // Or the cart would make one line of several with the same goods.
            json!({ "variant_id": variant, "quantity": quantity, "metadata": { "line": at } })
        };
        let cart = json!({
            "region_id": region, "email": basket.email, "items": basket.lines.iter().enumerate().map(item).collect::<Vec<_>>(),
            "shipping_address": {
                "first_name": "Ada", "last_name": "Nowak", "address_1": "Hauptstr. 1", "city": "Berlin",
                "postal_code": "10115", "country_code": basket.country, "phone": "+4930123456",
            },
        });
        let cart = text(&self.store("/carts", Some(cart)).await?["cart"]["id"]);
        let options = self.store(&format!("/shipping-options?cart_id={cart}"), None).await?;
        let option = json!({ "option_id": options["shipping_options"][0]["id"] });
        self.store(&format!("/carts/{cart}/shipping-methods"), Some(option)).await?;
        let collection = self.store("/payment-collections", Some(json!({ "cart_id": cart }))).await?;
        let collection = text(&collection["payment_collection"]["id"]);
        let provider = json!({ "provider_id": "pp_system_default" });
        self.store(&format!("/payment-collections/{collection}/payment-sessions"), Some(provider)).await?;
        let mut answer = self.store(&format!("/carts/{cart}/complete"), Some(json!({}))).await?;
        if answer["type"] != "order" {
            return Err(format!("no order: {answer}"));
        }
        Ok(answer["order"].take())
    }

    /// Takes the money of an order.
    pub async fn capture(&self, order: &str) -> Result<()> {
        let fields = "fields=id,*payment_collections.payments";
        let answer = self.admin(&format!("/orders/{order}?{fields}"), None).await?;
        let payment = answer["order"]["payment_collections"][0]["payments"][0]["id"].as_str().ok_or("no payment")?;
        self.admin(&format!("/payments/{payment}/capture"), Some(json!({}))).await.map(|_| ())
    }

    /// Packs and sends all lines of an order under a tracking number.
    pub async fn ship(&self, order: &str, number: &str) -> Result<()> {
        let answer = self.admin(&format!("/orders/{order}?fields=id,*items"), None).await?;
        let items = answer["order"]["items"].as_array().cloned().unwrap_or_default();
        let items: Vec<_> =
            items.iter().map(|item| json!({ "id": item["id"], "quantity": item["quantity"] })).collect();
        self.admin(&format!("/orders/{order}/fulfillments"), Some(json!({ "items": items }))).await?;
        let answer = self.admin(&format!("/orders/{order}?fields=id,*fulfillments"), None).await?;
        let parcel = answer["order"]["fulfillments"][0]["id"].as_str().ok_or("no fulfilment")?;
        let url = format!("https://track.example/{number}");
        let label = json!({ "tracking_number": number, "tracking_url": url, "label_url": url });
        let body = json!({ "items": items, "labels": [label] });
        self.admin(&format!("/orders/{order}/fulfillments/{parcel}/shipments"), Some(body)).await.map(|_| ())
    }
}

/// A copy of the filled cluster, and the address of the shop's database in it.
fn postgres(dir: &TempDir, folder: &std::path::Path) -> Result<(Running, String)> {
    let bin = PathBuf::from(run(Command::new("pg_config").arg("--bindir"))?.trim());
    let data = dir.path().join("data");
    fs::create_dir(&data).map_err(|error| error.to_string())?;
    run(Command::new("tar").arg("-C").arg(&data).arg("-xpf").arg(folder.join("data.tar")))?;
    let port = free_port()?;
    let mut command = Command::new(bin.join("postgres"));
    if run(Command::new("id").arg("-u"))?.trim() == "0" {
        // It refuses to run as root.
        let number = |flag: &str| -> Result<u32> {
            let text = run(Command::new("id").args([flag, "postgres"]))?;
            text.trim().parse().map_err(|_| "there is no user postgres".to_owned())
        };
        command.uid(number("-u")?).gid(number("-g")?);
        run(Command::new("chown").args(["-R", "postgres:"]).arg(&data))?;
    }
    command.current_dir("/").arg("-D").arg(&data).args(["-p", &port.to_string(), "-c", "listen_addresses=127.0.0.1"]);
    command.args(["-c", "fsync=off"]).arg("-c").arg(format!("unix_socket_directories={}", data.display()));
    let mut running = Running::start(&mut command, &dir.path().join("postgres.log"))?;
    running.await_port(port).map_err(|why| format!("postgres: {why}"))?;
    let mut waited = Command::new(bin.join("pg_isready"));
    waited.args(["-h", "127.0.0.1", "-p", &port.to_string()]);
    for _ in 0..200 {
        if run(&mut waited).is_ok() {
            return Ok((running, format!("postgres://postgres@127.0.0.1:{port}/medusa")));
        }
        std::thread::sleep(std::time::Duration::from_millis(25));
    }
    Err("postgres does not become ready".into())
}
