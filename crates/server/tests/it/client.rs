//! Whoever calls over HTTP: a browser with its cookie, a program with its token, or nobody.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use futures_util::{SinkExt, StreamExt};
use reqwest::{Method, RequestBuilder, Response, header};
use serde_json::Value;
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{Message, client::IntoClientRequest},
};

#[derive(Clone)]
pub struct Client {
    address: SocketAddr,
    http: reqwest::Client,
    /// `shopbell_session=…`, kept up to date as the server rotates it.
    cookie: Arc<Mutex<Option<String>>>,
    token: Option<String>,
}

impl Client {
    pub fn new(address: SocketAddr) -> Self {
        let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().build().unwrap();
        Self { address, http, cookie: Arc::default(), token: None }
    }

    pub fn with_token(mut self, token: &str) -> Self {
        self.token = Some(token.into());
        self
    }

    /// The same caller, asking another node.
    pub fn at(&self, address: SocketAddr) -> Self {
        Self { address, ..self.clone() }
    }

    pub fn cookie(&self) -> Option<String> {
        self.cookie.lock().unwrap().clone()
    }

    pub fn forget_cookie(&self) {
        *self.cookie.lock().unwrap() = None;
    }

    /// A request with the caller's credential, for what the short ways do not offer. Send it with [`Client::send`].
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let mut request = self.http.request(method, format!("http://{}{path}", self.address));
        if let Some(cookie) = self.cookie() {
            request = request.header(header::COOKIE, cookie);
        }
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        request
    }

    pub async fn send(&self, request: RequestBuilder) -> Response {
        let response = request.send().await.unwrap();
        for value in response.headers().get_all(header::SET_COOKIE) {
            let pair = value.to_str().unwrap().split(';').next().unwrap().trim();
            if pair.starts_with("shopbell_session=") {
                let ended = pair == "shopbell_session=";
                *self.cookie.lock().unwrap() = (!ended).then(|| pair.to_owned());
            }
        }
        response
    }

    pub async fn answer(&self, request: RequestBuilder) -> (u16, Value) {
        let response = self.send(request).await;
        let status = response.status().as_u16();
        let text = response.text().await.unwrap();
        let value =
            serde_json::from_str(&text).unwrap_or(if text.is_empty() { Value::Null } else { Value::String(text) });
        (status, value)
    }

    pub async fn get(&self, path: &str) -> (u16, Value) {
        self.answer(self.request(Method::GET, path)).await
    }

    pub async fn post(&self, path: &str, body: Value) -> (u16, Value) {
        self.answer(self.request(Method::POST, path).json(&body)).await
    }

    pub async fn patch(&self, path: &str, body: Value) -> (u16, Value) {
        self.answer(self.request(Method::PATCH, path).json(&body)).await
    }

    pub async fn put(&self, path: &str, body: Value) -> (u16, Value) {
        self.answer(self.request(Method::PUT, path).json(&body)).await
    }

    pub async fn delete(&self, path: &str) -> (u16, Value) {
        self.answer(self.request(Method::DELETE, path)).await
    }

    /// POSTs bytes as they are, such as a raw mail or an upload.
    pub async fn post_bytes(&self, path: &str, content_type: &str, bytes: impl Into<reqwest::Body>) -> (u16, Value) {
        let request = self.request(Method::POST, path).header(header::CONTENT_TYPE, content_type).body(bytes);
        self.answer(request).await
    }

    /// Connects to `/api/v1/live`.
    pub async fn live(&self, seq: i64) -> Live {
        let url = format!("ws://{}/api/v1/live?seq={seq}", self.address);
        let mut request = url.into_client_request().unwrap();
        if let Some(cookie) = self.cookie() {
            request.headers_mut().insert("cookie", cookie.parse().unwrap());
        }
        if let Some(token) = &self.token {
            request.headers_mut().insert("authorization", format!("Bearer {token}").parse().unwrap());
        }
        Live(connect_async(request).await.unwrap().0)
    }
}

/// An open live connection.
pub struct Live(WebSocketStream<MaybeTlsStream<tokio::net::TcpStream>>);

impl Live {
    /// The next frame; none when the server has closed. Fails the test after ten seconds of silence.
    pub async fn next(&mut self) -> Option<Value> {
        loop {
            let frame = tokio::time::timeout(Duration::from_secs(10), self.0.next()).await;
            match frame.expect("silence on the live connection")? {
                Ok(Message::Text(text)) => return Some(serde_json::from_str(&text).unwrap()),
                Ok(Message::Close(_)) | Err(_) => return None,
                Ok(_) => {}
            }
        }
    }

    /// The next event of this kind, passing over everything else.
    pub async fn event(&mut self, kind: &str) -> Value {
        loop {
            let frame = self.next().await.expect("the live connection was closed");
            if frame["type"] == "event" && frame["event"]["kind"] == kind {
                return frame["event"].clone();
            }
        }
    }

    pub async fn say(&mut self, frame: Value) {
        self.0.send(Message::text(frame.to_string())).await.unwrap();
    }
}
