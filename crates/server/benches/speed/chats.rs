//! Visitors of the shop's pages with the chat open: how soon the desk sees what they write, and what an open page costs.

use std::{
    collections::HashMap,
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

use futures_util::{SinkExt, StreamExt, future::join_all};
use serde_json::{Value, json};
use tokio::{
    task::JoinHandle,
    time::{interval, sleep, timeout},
};
use tokio_tungstenite::tungstenite::Message;

use super::{
    client::{Client, Cost, at, ms},
    live::{Socket, connect},
    table::Line,
};

const SITE: &str = "https://fjellvik.example";
/// How many visitors are connected, how many messages they say, and who is the first to: one may say 30 a minute.
const CROWDS: [(usize, usize, usize); 3] = [(10, 200, 0), (1000, 1000, 10), (2000, 1000, 1000)];
const TALKERS: usize = 200;
const BETWEEN: Duration = Duration::from_millis(10);

struct Visitor {
    token: String,
    address: String,
    /// Reads along, so that nothing waits in the sockets.
    page: JoinHandle<()>,
}

/// Each at a network address of their own, as the proxy in front would say.
async fn visit(client: &Client, inbox: i64, number: usize) -> Visitor {
    let address = format!("10.{}.{}.{}", number >> 16, number >> 8 & 255, number & 255);
    let headers = [("origin", SITE), ("x-forwarded-for", &address)];
    let begun =
        client.as_page(&format!("/api/v1/widgets/{inbox}/sessions"), &headers, &json!({ "language": "en" })).await;
    let token = begun["token"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/widgets/{inbox}/live");
    let mut socket: Socket =
        connect(client.address.clone(), path, headers.map(|(name, value)| (name, value.to_owned()))).await;
    let hello = json!({ "type": "hello", "token": token, "after": 0 });
    socket.send(Message::text(hello.to_string())).await.unwrap();
    let page = tokio::spawn(async move { while let Some(Ok(_)) = socket.next().await {} });
    Visitor { token, address, page }
}

/// When an agent's desk heard of each message, by what it says.
async fn hear(mut desk: Socket, count: usize) -> HashMap<String, Instant> {
    let mut heard = HashMap::new();
    while heard.len() < count {
        let Ok(Some(Ok(frame))) = timeout(Duration::from_secs(20), desk.next()).await else { break };
        let now = Instant::now();
        let Message::Text(text) = frame else { continue };
        let Ok(frame) = serde_json::from_str::<Value>(&text) else { continue };
        // A first frame may carry several events; each names the message's beginning.
        collect(&frame, &mut |snippet| {
            heard.entry(snippet.to_owned()).or_insert(now);
        });
    }
    heard
}

fn collect(frame: &Value, found: &mut impl FnMut(&str)) {
    match frame {
        Value::Object(fields) => {
            if let Some(snippet) =
                fields.get("snippet").and_then(Value::as_str).filter(|text| text.starts_with("Question "))
            {
                found(snippet);
            }
            fields.values().for_each(|value| collect(value, found));
        }
        Value::Array(items) => items.iter().for_each(|value| collect(value, found)),
        _ => {}
    }
}

/// Visitors in turn say something every ten milliseconds; how long each took to the desk.
async fn say(client: &Client, inbox: i64, visitors: &[Visitor], messages: usize, said: &mut usize) -> Cost {
    let cookie = ("cookie", client.cookie.clone());
    let desk = connect(client.address.clone(), "/api/v1/live".to_owned(), [cookie]).await;
    let listener = tokio::spawn(hear(desk, messages));
    sleep(Duration::from_secs(1)).await;
    let meter = client.meter();
    let mut sent = Vec::with_capacity(messages);
    let mut under_way = Vec::with_capacity(messages);
    let mut clock = interval(BETWEEN);
    for number in 0..messages {
        clock.tick().await;
        let visitor = &visitors[number % visitors.len()];
        let text = format!("Question {said}");
        *said += 1;
        sent.push((text.clone(), Instant::now()));
        let authorization = format!("Bearer {}", visitor.token);
        let headers = [("origin", SITE), ("x-forwarded-for", &visitor.address), ("authorization", &authorization)];
        under_way.push(client.page_request(
            &format!("/api/v1/widgets/{inbox}/messages"),
            &headers,
            &json!({ "id": said.to_string(), "text": text }),
        ));
    }
    for answer in under_way {
        answer.await.unwrap();
    }
    let heard = listener.await.unwrap();
    let times = sent.iter().map(|(text, at)| ms(heard[text].saturating_duration_since(*at))).collect();
    client.read(&meter, times, messages)
}

/// From the moment a visitor sends until the agent's desk has it, at 100 messages a second.
pub async fn chats(client: &Client) -> Vec<Line> {
    let settings = json!({ "origins": SITE });
    let body = json!({ "channel": "chat", "name": "Chat", "address": "fjellvik.example", "settings": settings });
    let inbox = client.post("/api/v1/inboxes", &body).await["id"].as_i64().unwrap();
    let mut lines = Vec::new();
    let mut visitors: Vec<Visitor> = Vec::new();
    let (_, empty) = client.memory();
    let mut said = 0;
    for (connected, messages, first) in CROWDS {
        while visitors.len() < connected {
            let some = (0..10).map(|step| visit(client, inbox, visitors.len() + step));
            visitors.extend(join_all(some).await);
        }
        sleep(Duration::from_secs(3)).await;
        let (_, full) = client.memory();
        let cost = say(client, inbox, &visitors[first..connected.min(first + TALKERS)], messages, &mut said).await;
        let mut line = Line::of(format!("chat message → desk, {connected} visitors, 100/s"), &cost)
            .note(format!("worst {:.0} ms", at(&cost.times, 100)));
        if connected == 1000 {
            line = line.within("p99 ≤ 50 ms, ≤ 1 ms CPU", cost.p99() <= 50.0 && cost.cpu <= 1.0);
        }
        lines.push(line);
        if connected == 2000 {
            #[expect(clippy::cast_precision_loss, reason = "counts are small")]
            let each = (full - empty) * 1024.0 / connected as f64;
            lines.push(
                Line::new("memory per idle visitor").note(format!("{each:.1} KB")).within("≤ 20 KB", each <= 20.0),
            );
        }
    }
    for visitor in &visitors {
        visitor.page.abort();
    }
    lines.extend(button(client, inbox));
    lines
}

/// What a shopper's browser waits for, in Chromium on this machine.
fn button(client: &Client, inbox: i64) -> Vec<Line> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../web/desk/e2e/button.mjs");
    let mut node = Command::new("node");
    node.arg(script).env("BASE", format!("http://{}", client.address)).env("INBOX", inbox.to_string());
    let said = node.output().ok().filter(|output| output.status.success());
    let Some(times) = said.and_then(|output| serde_json::from_slice::<Value>(&output.stdout).ok()) else {
        return vec![Line::new("script → button").note("needs Node, Chromium and web/node_modules")];
    };
    let line = |what: &str, of: &str| {
        let mut all: Vec<f64> = times[of].as_array().unwrap().iter().filter_map(Value::as_f64).collect();
        all.sort_by(f64::total_cmp);
        Line::times_only(what, at(&all, 50), at(&all, 99))
    };
    vec![
        line("widget's script asked for → button can be pressed", "asked"),
        line("  script there → button can be pressed", "had"),
    ]
}
