//! Takes connections, guards them against clients that send too slowly or too much, and ends them in peace.

use std::{net::SocketAddr, pin::pin, time::Duration};

use axum::{Router, body::Body, extract::ConnectInfo};
use base::App;
use hyper::{Request, body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::watch,
};
use tower::ServiceExt;

/// A request's head must be complete within this time; it also ends connections that lie idle.
const HEAD_TIMEOUT: Duration = Duration::from_secs(30);
/// A longer head is answered with 431; what has come with the last read is still looked at.
const HEAD_BYTES: usize = 32 * 1024;

/// Serves until the app stops, then takes no more connections and returns when the last request is answered.
pub async fn serve(listener: TcpListener, router: Router, app: App) {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEAD_TIMEOUT).max_buf_size(HEAD_BYTES);
    // Every connection holds a receiver; when all are gone, all is answered.
    let (open, held) = watch::channel(());
    loop {
        let accepted = tokio::select! {
            () = app.stopping() => break,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, peer)) => {
                let connection = connection(http.clone(), stream, peer, router.clone(), app.clone());
                let held = held.clone();
                tokio::spawn(async move {
                    connection.await;
                    drop(held);
                });
            }
            Err(error) => {
                // Too many open files, mostly: those under way will end.
                tracing::warn!(%error, "cannot take a connection");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
    drop((listener, held));
    open.closed().await;
}

async fn connection(http: http1::Builder, stream: TcpStream, peer: SocketAddr, router: Router, app: App) {
    // Answers are small and wanted at once.
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        router.clone().oneshot(request.map(Body::new))
    });
    let mut connection = pin!(http.serve_connection(TokioIo::new(stream), service).with_upgrades());
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = app.stopping() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%peer, %error, "a connection broke off");
    }
}
