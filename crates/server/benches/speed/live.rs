//! A thousand open desks, and how soon each hears what happened.

use std::time::{Duration, Instant};

use futures_util::StreamExt;
use serde_json::json;
use tokio::{
    net::TcpStream,
    task::JoinSet,
    time::{sleep, timeout},
};
use tokio_tungstenite::{
    WebSocketStream, client_async_with_config,
    tungstenite::{Message, client::IntoClientRequest, protocol::WebSocketConfig},
};

use super::{
    client::{Client, at, ms},
    made::Plan,
    table::Line,
};

pub const CLIENTS: usize = 1000;
const EVENTS: usize = 150;
const PAUSE: Duration = Duration::from_millis(60);

pub type Socket = WebSocketStream<TcpStream>;

pub async fn connect<const N: usize>(address: String, path: String, headers: [(&'static str, String); N]) -> Socket {
    let mut request = format!("ws://{address}{path}").into_client_request().unwrap();
    for (name, value) in headers {
        request.headers_mut().insert(name, value.parse().unwrap());
    }
    let stream = TcpStream::connect(&address).await.unwrap();
    let config = WebSocketConfig::default().read_buffer_size(4096).write_buffer_size(1024);
    client_async_with_config(request, stream, Some(config)).await.unwrap().0
}

/// When each change of a ticket came to one client.
async fn listen(mut socket: Socket) -> Vec<Instant> {
    let mut heard = Vec::with_capacity(EVENTS);
    while heard.len() < EVENTS {
        match timeout(Duration::from_secs(20), socket.next()).await {
            Ok(Some(Ok(Message::Text(text)))) if text.contains("\"ticket.changed\"") => heard.push(Instant::now()),
            Ok(Some(Ok(_))) => {}
            _ => break,
        }
    }
    heard
}

/// From the answer to the one who changed something to the frame at each of the others. What the clients themselves take
/// to read their frames, on the same processors, is in it.
pub async fn delivery(client: &Client, plan: Plan) -> Vec<Line> {
    let mut listeners = JoinSet::new();
    for _ in 0..CLIENTS / 50 {
        let some = (0..50)
            .map(|_| connect(client.address.clone(), "/api/v1/live".to_owned(), [("cookie", client.cookie.clone())]));
        for socket in futures_util::future::join_all(some).await {
            listeners.spawn(listen(socket));
        }
    }
    // They are told who is here, which is not what is measured.
    sleep(Duration::from_secs(3)).await;
    let (all, own) = client.memory();
    let meter = client.meter();
    let mut answered = Vec::with_capacity(EVENTS);
    for number in 0..EVENTS {
        let path = format!("/api/v1/tickets/{}", plan.tickets - i64::try_from(number).unwrap());
        client.patch(&path, &json!({ "priority": "high" })).await;
        answered.push(Instant::now());
        sleep(PAUSE).await;
    }
    let mut times = Vec::with_capacity(EVENTS * CLIENTS);
    let mut missing = 0;
    while let Some(heard) = listeners.join_next().await {
        let heard = heard.unwrap();
        missing += EVENTS - heard.len();
        times.extend(
            heard.iter().zip(&answered).map(|(heard, answered)| ms(heard.saturating_duration_since(*answered))),
        );
    }
    let cost = client.read(&meter, times, EVENTS);
    assert_eq!(missing, 0, "events did not arrive");
    let kept = cost.p99() <= 50.0;
    vec![
        Line::of(format!("event → websocket, {CLIENTS} clients"), &cost)
            .note(format!("worst {:.0} ms", at(&cost.times, 100)))
            .within("p99 ≤ 50 ms", kept),
        Line::new(format!("memory with {CLIENTS} clients")).note(format!("{all:.0} MB, own {own:.0} MB")),
    ]
}
