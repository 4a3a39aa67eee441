//! Somebody who uses the server over HTTP, and what that costs.

use std::time::{Duration, Instant};

use reqwest::{RequestBuilder, header};
use serde_json::{Value, json};
use tokio::task::JoinHandle;

use super::process::{self, EMAIL, PASSWORD, Server};

pub struct Client {
    http: reqwest::Client,
    pub address: String,
    /// The owner's session.
    pub cookie: String,
    server: u32,
    postgres: Option<u32>,
}

/// What something took, per call.
pub struct Cost {
    /// Milliseconds, the shortest first.
    pub times: Vec<f64>,
    /// Milliseconds of the server's CPU.
    pub cpu: f64,
    /// Of PostgreSQL's.
    pub postgres: Option<f64>,
}

impl Cost {
    pub fn median(&self) -> f64 {
        at(&self.times, 50)
    }

    pub fn p99(&self) -> f64 {
        at(&self.times, 99)
    }
}

/// The value below which this many hundredths of all lie.
pub fn at(sorted: &[f64], hundredth: usize) -> f64 {
    sorted.get((sorted.len() * hundredth / 100).min(sorted.len().saturating_sub(1))).copied().unwrap_or(0.0)
}

pub fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// CPU that had been used when it was begun.
pub struct Meter {
    server: f64,
    postgres: f64,
}

impl Client {
    pub async fn new(server: &Server, postgres: Option<u32>) -> Self {
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let address = format!("127.0.0.1:{}", server.port);
        let sign_in = http.post(format!("http://{address}/api/v1/session"));
        let answer = sign_in.json(&json!({ "email": EMAIL, "password": PASSWORD })).send().await.unwrap();
        assert_eq!(answer.status(), 201);
        let cookie = answer.headers()[header::SET_COOKIE].to_str().unwrap().split(';').next().unwrap().to_owned();
        Self { http, address, cookie, server: server.pid(), postgres }
    }

    fn asks(&self, request: RequestBuilder) -> RequestBuilder {
        request.header(header::COOKIE, &self.cookie)
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Gets as a browser does: packed. The answer is not looked into.
    pub async fn get(&self, path: &str) {
        let request = self.asks(self.http.get(self.url(path))).header(header::ACCEPT_ENCODING, "gzip");
        let answer = request.send().await.unwrap();
        assert!(answer.status().is_success(), "{path}: {}", answer.status());
        answer.bytes().await.unwrap();
    }

    pub async fn json(&self, path: &str) -> Value {
        let answer = self.asks(self.http.get(self.url(path))).send().await.unwrap();
        assert!(answer.status().is_success(), "{path}: {}", answer.status());
        answer.json().await.unwrap()
    }

    pub async fn text(&self, path: &str) -> String {
        self.http.get(self.url(path)).send().await.unwrap().text().await.unwrap()
    }

    pub async fn post(&self, path: &str, body: &Value) -> Value {
        let answer = self.asks(self.http.post(self.url(path))).json(body).send().await.unwrap();
        assert!(answer.status().is_success(), "{path}: {}", answer.text().await.unwrap());
        answer.json().await.unwrap()
    }

    pub async fn patch(&self, path: &str, body: &Value) {
        let answer = self.asks(self.http.patch(self.url(path))).json(body).send().await.unwrap();
        assert!(answer.status().is_success(), "{path}: {}", answer.text().await.unwrap());
        answer.bytes().await.unwrap();
    }

    /// Sends at once what a page of the shop sends, and reads the answer aside.
    pub fn page_request(&self, path: &str, headers: &[(&str, &str)], body: &Value) -> JoinHandle<Value> {
        let mut request = self.http.post(self.url(path)).json(body);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        tokio::spawn(async move {
            let answer = request.send().await.unwrap();
            assert!(answer.status().is_success(), "{}", answer.text().await.unwrap());
            answer.json().await.unwrap()
        })
    }

    pub async fn as_page(&self, path: &str, headers: &[(&str, &str)], body: &Value) -> Value {
        self.page_request(path, headers, body).await.unwrap()
    }

    pub async fn delete(&self, path: &str) {
        let answer = self.asks(self.http.delete(self.url(path))).send().await.unwrap();
        assert!(answer.status().is_success(), "{path}: {}", answer.text().await.unwrap());
        answer.bytes().await.unwrap();
    }

    /// What somebody sends who signs it.
    pub async fn signed(&self, path: &str, headers: &[(&str, String)], body: String) {
        let mut request = self.http.post(self.url(path)).header(header::CONTENT_TYPE, "application/json").body(body);
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        let answer = request.send().await.unwrap();
        assert!(answer.status().is_success(), "{path}: {}", answer.status());
        answer.bytes().await.unwrap();
    }

    pub async fn mail(&self, path: &str, raw: String) {
        let answer = self.asks(self.http.post(self.url(path))).body(raw).send().await.unwrap();
        assert_eq!(answer.status(), 202, "{path}");
    }

    pub fn meter(&self) -> Meter {
        let postgres = self.postgres.map_or(0.0, process::cpu_of_family);
        Meter { server: process::cpu(self.server), postgres }
    }

    /// What was used since, shared among so many calls.
    pub fn read(&self, since: &Meter, times: Vec<f64>, calls: usize) -> Cost {
        let now = self.meter();
        #[expect(clippy::cast_precision_loss, reason = "counts are small")]
        let share = |used: f64| used / calls.max(1) as f64;
        let mut times = times;
        times.sort_by(f64::total_cmp);
        let postgres = self.postgres.map(|_| share(now.postgres - since.postgres));
        Cost { times, cpu: share(now.server - since.server), postgres }
    }

    /// Does something one after another so many times; a few times before, unmeasured, so that caches are as they are
    /// on a working day.
    pub async fn repeat(&self, count: usize, call: impl AsyncFn(usize)) -> Cost {
        for number in 0..count / 10 {
            call(number).await;
        }
        let meter = self.meter();
        let mut times = Vec::with_capacity(count);
        for number in 0..count {
            let started = Instant::now();
            call(number).await;
            times.push(ms(started.elapsed()));
        }
        self.read(&meter, times, count)
    }

    pub fn memory(&self) -> (f64, f64) {
        process::memory(self.server)
    }
}
