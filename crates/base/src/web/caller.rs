//! Which client calls: by its credential if it shows one, else by its address. Not who it is; that is
//! the business of the feature that knows people.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use axum::{
    extract::{ConnectInfo, Request, State},
    http::{HeaderMap, header},
    middleware::Next,
    response::Response,
};

use crate::{App, secrets::sha256};

/// The name of the session cookie.
pub const COOKIE: &str = "shopbell_session";

#[derive(Debug, Clone)]
pub struct Caller {
    /// A hash: credentials are never keys of tables.
    pub key: String,
    pub ip: IpAddr,
    pub user_agent: String,
}

impl Caller {
    /// What limits count by: an IPv4 address, or the /64 that one connection is given of IPv6 (RFC 6177).
    pub fn network(&self) -> IpAddr {
        network(self.ip)
    }
}

fn network(ip: IpAddr) -> IpAddr {
    match ip.to_canonical() {
        IpAddr::V6(ip) => IpAddr::V6(Ipv6Addr::from_bits(ip.to_bits() >> 64 << 64)),
        v4 @ IpAddr::V4(_) => v4,
    }
}

/// A layer that puts the [`Caller`] into every request.
pub async fn identify(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    let headers = request.headers();
    let ip = real_ip(&app, peer.unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST)), headers);
    let key = match credential(headers) {
        Some(credential) => sha256(credential.as_bytes()),
        None => network(ip).to_string(),
    };
    let agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or("");
    let user_agent: String = agent.chars().take(300).collect();
    request.extensions_mut().insert(Caller { key, ip, user_agent });
    next.run(request).await
}

/// `X-Forwarded-For` counts only as far as it was written by proxies we trust, read from the right.
fn real_ip(app: &App, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
    let trusted = &app.config().trusted_proxies;
    let mut ip = peer;
    let hops = headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok());
    let hops: Vec<&str> = hops.flat_map(|value| value.split(',')).map(str::trim).collect();
    for hop in hops.iter().rev() {
        if !trusted.contains(&ip) {
            break;
        }
        match hop.parse() {
            Ok(earlier) => ip = earlier,
            Err(_) => break,
        }
    }
    ip
}

pub fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

pub fn cookie(headers: &HeaderMap) -> Option<&str> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    cookies.flat_map(|line| line.split(';')).find_map(|pair| {
        let (name, value) = pair.trim().split_once('=')?;
        (name == COOKIE).then_some(value)
    })
}

fn credential(headers: &HeaderMap) -> Option<&str> {
    bearer(headers).or_else(|| cookie(headers))
}

#[cfg(test)]
mod tests {
    use super::network;

    #[test]
    fn one_connection_is_one_network() {
        let network = |ip: &str| network(ip.parse().unwrap()).to_string();
        assert_eq!(network("203.0.113.7"), "203.0.113.7");
        assert_eq!(network("::ffff:203.0.113.7"), "203.0.113.7");
        assert_eq!(network("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
        assert_eq!(network("2001:db8:1:2:ffff::1"), network("2001:db8:1:2::9"));
        assert_ne!(network("2001:db8:1:2::1"), network("2001:db8:1:3::1"));
    }
}
