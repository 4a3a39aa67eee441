//! The stream under an SMTP connection: STARTTLS is agreed before the library sees it, and we notice
//! when a message has been handed over.

use std::{
    io::Result,
    net::SocketAddr,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll},
};

use lettre::transport::smtp::client::AsyncTokioStream;
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf},
    net::TcpStream,
    time::timeout,
};

use super::net::{self, Security, Server, Trouble, Wire, clean};

/// True once the line that ends a message has gone to the socket: from then on the server may have accepted it.
pub type Dot = Arc<AtomicBool>;

/// A connection that may begin with a greeting said earlier, because after STARTTLS servers greet no second time.
#[derive(Debug)]
pub struct SmtpWire {
    greeting: &'static [u8],
    wire: Box<dyn Wire>,
    peer: SocketAddr,
    dot: Dot,
}

/// Connects as the settings say, up to the point where the server has greeted or is about to.
pub async fn open(server: &Server, hello: &str) -> std::result::Result<(SmtpWire, Dot), Trouble> {
    let mut tcp = net::dial(server).await?;
    let peer = tcp.peer_addr().map_err(|error| Trouble::new(format!("{}: {error}", server.host)))?;
    let (greeting, wire): (&'static [u8], Box<dyn Wire>) = match server.security {
        Security::Plain => (b"", Box::new(tcp)),
        Security::Tls => (b"", net::secure(server, tcp).await?),
        Security::StartTls => {
            starttls(server, &mut tcp, hello).await?;
            (b"220 TLS\r\n", net::secure(server, tcp).await?)
        }
    };
    let dot = Dot::default();
    Ok((SmtpWire { greeting, wire, peer, dot: Arc::clone(&dot) }, dot))
}

/// RFC 3207. Every answer is read to its very end, and more than one answer is refused: it could have been
/// slipped in before TLS by someone on the way.
async fn starttls(server: &Server, tcp: &mut TcpStream, hello: &str) -> std::result::Result<(), Trouble> {
    let Server { host, port, .. } = server;
    for (command, code) in
        [(String::new(), "220"), (format!("EHLO {hello}\r\n"), "250"), ("STARTTLS\r\n".into(), "220")]
    {
        let asked = async {
            tcp.write_all(command.as_bytes()).await?;
            answer(tcp).await
        };
        let said = match timeout(net::PATIENCE, asked).await {
            Ok(Ok(said)) => said,
            Ok(Err(error)) => return Err(Trouble::new(format!("{host}: the connection broke before TLS: {error}"))),
            Err(_) => return Err(Trouble::new(format!("{host}: port {port} says nothing; does it want TLS at once?"))),
        };
        if !said.starts_with(code) {
            let what = if command.starts_with("STARTTLS") {
                "the server does not offer STARTTLS"
            } else {
                "the server turned us away"
            };
            return Err(Trouble::new(format!("{host}: {what}: {}", clean(&said))));
        }
    }
    Ok(())
}

/// One answer of one or more lines; `250-` goes on, `250 ` ends.
async fn answer(tcp: &mut TcpStream) -> Result<String> {
    let mut bytes = Vec::new();
    loop {
        if tcp.read_buf(&mut bytes).await? == 0 || bytes.len() > 64 * 1024 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        let text = String::from_utf8_lossy(&bytes);
        let mut lines = text.split_inclusive('\n');
        if let Some(end) = lines.position(|line| line.ends_with('\n') && line.as_bytes().get(3) != Some(&b'-')) {
            return match text.split_inclusive('\n').nth(end + 1) {
                None => Ok(text.into_owned()),
                Some(_) => Err(std::io::Error::other("the server said more than it was asked")),
            };
        }
    }
}

impl AsyncRead for SmtpWire {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<Result<()>> {
        if self.greeting.is_empty() {
            return Pin::new(&mut self.wire).poll_read(cx, buf);
        }
        let (now, later) = self.greeting.split_at(self.greeting.len().min(buf.remaining()));
        buf.put_slice(now);
        self.greeting = later;
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for SmtpWire {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<Result<usize>> {
        if buf == b"\r\n.\r\n" {
            self.dot.store(true, Ordering::SeqCst);
        }
        Pin::new(&mut self.wire).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.wire).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.wire).poll_shutdown(cx)
    }
}

impl AsyncTokioStream for SmtpWire {
    fn peer_addr(&self) -> Result<SocketAddr> {
        Ok(self.peer)
    }
}
