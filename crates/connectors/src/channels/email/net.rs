//! Sockets to mail servers: names, TCP, TLS, and what went wrong in plain words.

use std::{fmt::Debug, net::IpAddr, sync::Arc, sync::OnceLock, time::Duration};

use rustls::{
    CertificateError, ClientConfig, RootCertStore,
    crypto::aws_lc_rs,
    pki_types::{CertificateDer, ServerName, pem::PemObject},
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpStream, lookup_host},
    time::timeout,
};

/// Name, TCP and TLS each get this long.
pub const PATIENCE: Duration = Duration::from_secs(15);

/// How a connection is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Security {
    /// TLS from the first byte (ports 993, 465).
    Tls,
    /// Plain at first, TLS before the password (ports 143, 587).
    StartTls,
    /// No protection; for servers on the same machine.
    Plain,
}

/// A mail server as an inbox's settings name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Server {
    pub host: String,
    pub port: u16,
    pub security: Security,
    /// PEM of the shop's own authority, believed besides those the system knows.
    pub ca: Option<String>,
}

/// A connection of either kind.
pub trait Wire: AsyncRead + AsyncWrite + Debug + Send + Sync + Unpin {}
impl<T: AsyncRead + AsyncWrite + Debug + Send + Sync + Unpin> Wire for T {}

/// A failure in words for the shop's people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    pub kind: Kind,
    pub why: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The connection failed or broke.
    Connection,
    /// Our credentials were not taken.
    Login,
    /// The server answered, and said no.
    Answer,
}

impl Trouble {
    pub fn new(why: impl Into<String>) -> Self {
        Self { kind: Kind::Connection, why: why.into() }
    }

    pub fn login(why: impl Into<String>) -> Self {
        Self { kind: Kind::Login, why: why.into() }
    }

    pub fn answer(why: impl Into<String>) -> Self {
        Self { kind: Kind::Answer, why: why.into() }
    }
}

impl From<Trouble> for base::Error {
    fn from(trouble: Trouble) -> Self {
        Self::upstream(trouble.why)
    }
}

/// Whether the host is this very machine, so that nothing can be overheard.
pub fn is_loopback(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost") || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// Opens a TCP connection, trying each address of the host in turn.
pub async fn dial(server: &Server) -> Result<TcpStream, Trouble> {
    let Server { host, port, .. } = server;
    let found = match timeout(PATIENCE, lookup_host((host.as_str(), *port))).await {
        Ok(Ok(found)) => found.collect::<Vec<_>>(),
        Ok(Err(_)) => return Err(Trouble::new(format!("{host}: no server of this name was found"))),
        Err(_) => return Err(Trouble::new(format!("{host}: the name server did not answer"))),
    };
    let mut last = Trouble::new(format!("{host}: the name has no address"));
    for address in found {
        last = match timeout(PATIENCE, TcpStream::connect(address)).await {
            Ok(Ok(tcp)) => {
                // Commands are short and wait for each other; collecting them only adds delay.
                tcp.set_nodelay(true).ok();
                return Ok(tcp);
            }
            Ok(Err(error)) if error.kind() == std::io::ErrorKind::ConnectionRefused => {
                Trouble::new(format!("{host}: the connection to port {port} was refused; is the port right?"))
            }
            Ok(Err(error)) => Trouble::new(format!("{host}: port {port} cannot be reached: {error}")),
            Err(_) => Trouble::new(format!("{host}: port {port} did not answer within {} seconds", PATIENCE.as_secs())),
        };
    }
    Err(last)
}

/// Wraps a connection in TLS and checks that the server is who it says.
pub async fn secure(server: &Server, tcp: TcpStream) -> Result<Box<dyn Wire>, Trouble> {
    let Server { host, port, .. } = server;
    let name = ServerName::try_from(host.clone())
        .map_err(|_| Trouble::new(format!("{host}: this is not a name that a certificate can carry")))?;
    let config = tls_config(server.ca.as_deref()).map_err(|why| Trouble::new(format!("{host}: {why}")))?;
    match timeout(PATIENCE, tokio_rustls::TlsConnector::from(config).connect(name, tcp)).await {
        Ok(Ok(stream)) => Ok(Box::new(stream)),
        Ok(Err(error)) => Err(Trouble::new(format!("{host} port {port}: {}", tls_words(&error)))),
        Err(_) => Err(Trouble::new(format!("{host} port {port}: TLS got no answer; is it STARTTLS on this port?"))),
    }
}

fn tls_config(ca: Option<&str>) -> Result<Arc<ClientConfig>, String> {
    static SYSTEM: OnceLock<Arc<ClientConfig>> = OnceLock::new();
    if ca.is_none()
        && let Some(config) = SYSTEM.get()
    {
        return Ok(Arc::clone(config));
    }
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    for pem in authorities(ca.unwrap_or_default())? {
        roots.add(pem).map_err(|error| format!("the certificate in `ca` cannot be used: {error}"))?;
    }
    let config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?
        .with_root_certificates(roots)
        .with_no_client_auth();
    let config = Arc::new(config);
    if ca.is_none() {
        return Ok(Arc::clone(SYSTEM.get_or_init(|| config)));
    }
    Ok(config)
}

/// The certificates in a PEM text.
pub fn authorities(pem: &str) -> Result<Vec<CertificateDer<'static>>, String> {
    CertificateDer::pem_slice_iter(pem.as_bytes())
        .collect::<Result<_, _>>()
        .map_err(|_| "`ca` is not a certificate in PEM form".to_owned())
}

fn tls_words(error: &std::io::Error) -> String {
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>());
    let Some(inner) = inner else {
        return match error.kind() {
            std::io::ErrorKind::UnexpectedEof => "the server hung up before TLS was agreed".into(),
            _ => format!("TLS failed: {error}"),
        };
    };
    match inner {
        rustls::Error::InvalidCertificate(bad) => certificate_words(bad),
        rustls::Error::InvalidMessage(_) => "no TLS is spoken on this port; try STARTTLS".into(),
        other => format!("TLS failed: {other}"),
    }
}

fn certificate_words(bad: &CertificateError) -> String {
    let day = |time: &rustls::pki_types::UnixTime| {
        let seconds = i64::try_from(time.as_secs()).unwrap_or(i64::MAX);
        let time = jiff::Timestamp::from_second(seconds).unwrap_or_default();
        time.strftime("%Y-%m-%d").to_string()
    };
    match bad {
        CertificateError::Expired => "the server's certificate has expired".into(),
        CertificateError::ExpiredContext { not_after, .. } => {
            format!("the server's certificate expired on {}", day(not_after))
        }
        CertificateError::NotValidYet => "the server's certificate is not valid yet; is a clock wrong?".into(),
        CertificateError::NotValidYetContext { not_before, .. } => {
            format!("the server's certificate is valid only from {}; is a clock wrong?", day(not_before))
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            "the server's certificate is for another name".into()
        }
        CertificateError::UnknownIssuer => {
            "the server's certificate was issued by nobody this machine trusts; if it is your own, put it into `ca`"
                .into()
        }
        CertificateError::Revoked => "the server's certificate was revoked".into(),
        other => format!("the server's certificate cannot be trusted: {other}"),
    }
}

/// What a server said, fit to show: one line, no control characters, at most 300 characters.
pub fn clean(words: &str) -> String {
    let line: String = words.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let line = line.split_whitespace().collect::<Vec<_>>().join(" ");
    line.chars().take(300).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_loopback() {
        assert!(is_loopback("localhost") && is_loopback("127.0.0.3") && is_loopback("::1"));
        assert!(!is_loopback("10.0.0.1") && !is_loopback("localhost.example.com"));
    }

    #[test]
    fn a_servers_words_become_one_harmless_line() {
        assert_eq!(clean("550 no\r\n such\u{1b}[31m user"), "550 no such [31m user");
    }
}
