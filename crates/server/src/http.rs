//! Takes connections, guards them against clients that send too slowly or too much, and ends them in peace.

use std::{
    net::SocketAddr,
    pin::{Pin, pin},
    task::{Context, Poll},
    time::Duration,
};

use axum::{Router, body::Body, extract::ConnectInfo};
use base::App;
use hyper::{
    Request,
    body::{Body as _, Bytes, Frame, Incoming, SizeHint},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    net::{TcpListener, TcpStream},
    runtime::Handle,
    sync::watch,
    time::timeout,
};
use tower::ServiceExt;

/// A request's head must be complete within this time; it also ends connections that lie idle.
const HEAD_TIMEOUT: Duration = Duration::from_secs(30);
/// What a connection keeps of a request's head. One that is longer gets a bare 431 and is closed; what is allowed is
/// less, so that nearly everybody reads why.
const HEAD_BYTES: usize = 256 * 1024;

/// So much of a body that nobody wants is taken all the same, for so long.
const UNWANTED_BYTES: usize = 64 << 20;
const UNWANTED_TIME: Duration = Duration::from_secs(20);

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
        router.clone().oneshot(request.map(|body| Body::new(Sent { body: Some(body), ended: false })))
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

/// What was sent with a request. What nobody reads of it is taken and thrown away: whoever is still sending would find
/// the line broken, and never read the answer that says why.
struct Sent {
    body: Option<Incoming>,
    ended: bool,
}

impl hyper::body::Body for Sent {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let Some(body) = &mut self.body else { return Poll::Ready(None) };
        let frame = Pin::new(body).poll_frame(cx);
        self.ended |= matches!(&frame, Poll::Ready(None | Some(Err(_))));
        frame
    }

    fn is_end_stream(&self) -> bool {
        self.body.as_ref().is_none_or(hyper::body::Body::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.body.as_ref().map(hyper::body::Body::size_hint).unwrap_or_default()
    }
}

impl Drop for Sent {
    fn drop(&mut self) {
        if let Some(body) = self.body.take().filter(|body| !self.ended && !body.is_end_stream())
            && let Ok(runtime) = Handle::try_current()
        {
            runtime.spawn(timeout(UNWANTED_TIME, throw_away(body)));
        }
    }
}

async fn throw_away(mut body: Incoming) {
    let mut taken = 0;
    while taken < UNWANTED_BYTES {
        let frame = std::future::poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await;
        let Some(Ok(frame)) = frame else { return };
        taken += frame.data_ref().map_or(0, Bytes::len);
    }
}
