//! Pictures from elsewhere in a mail: fetched by us, after a click, so that the sender learns neither the agent's address
//! nor when it was read; and only from the open internet.

use std::net::{IpAddr, SocketAddr};

use aide::axum::{ApiRouter, routing::get_with};
use axum::{
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use base::{App, Error, Feature, Result, args, web::Params};
use schemars::JsonSchema;
use serde::Deserialize;

use super::MessageId;
use crate::agents::{Permission, Who};

pub(super) fn feature() -> Feature {
    let proxy =
        get_with(get, |op| op.summary("A picture from elsewhere that a message shows").response::<200, Vec<u8>>());
    let routes = ApiRouter::new().api_route("/image-proxy", proxy);
    Feature { routes, ..Feature::default() }
}

const MOST_BYTES: usize = 10 * 1024 * 1024;
const KINDS: &[&str] = &["image/png", "image/jpeg", "image/gif", "image/webp", "image/avif"];

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Picture {
    url: String,
    /// The message that shows it: we are no proxy for anything else.
    message: MessageId,
}

async fn get(who: Who, State(app): State<App>, Params(query): Params<Picture>) -> Result<Response> {
    who.may(Permission::TicketsRead)?;
    let row = app.db().one("SELECT html, quoted_html FROM messages WHERE id = $1", args![query.message]).await?;
    let shown = [row.opt_text("html")?, row.opt_text("quoted_html")?];
    let escaped = query.url.replace('&', "&amp;");
    let named = shown.iter().flatten().any(|html| html.contains(&query.url) || html.contains(&escaped));
    if !named {
        return Err(Error::NotFound);
    }
    let (content_type, bytes) = fetch(&query.url).await?;
    let headers = [
        (header::CONTENT_TYPE, content_type),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox".to_owned()),
        (header::CACHE_CONTROL, "private, max-age=86400".to_owned()),
    ];
    Ok((headers, bytes).into_response())
}

async fn fetch(url: &str) -> Result<(String, Vec<u8>)> {
    let gone = || Error::upstream("The picture cannot be had from where it is.");
    let parsed = reqwest::Url::parse(url).map_err(|_| Error::invalid("url", "is no address"))?;
    if !matches!(parsed.scheme(), "http" | "https") {
        return Err(Error::invalid("url", "must start with https:// or http://"));
    }
    let host = parsed.host_str().ok_or_else(|| Error::invalid("url", "names no host"))?.to_owned();
    let port = parsed.port_or_known_default().unwrap_or(443);
    let bare = host.trim_start_matches('[').trim_end_matches(']').to_owned();
    let found = tokio::net::lookup_host((bare.as_str(), port)).await.map_err(|_| gone())?;
    let addresses: Vec<SocketAddr> = found.collect();
    if addresses.is_empty() || !addresses.iter().all(|address| is_public(address.ip())) {
        return Err(Error::refused("The picture's address is inside a private network."));
    }
    // Pinned to what was checked: a name that answers differently a moment later gains nothing. No redirects either.
    let client = reqwest::Client::builder()
        .resolve_to_addrs(&host, &addresses)
        .redirect(reqwest::redirect::Policy::none())
        .timeout(std::time::Duration::from_secs(15))
        .no_proxy()
        .build()?;
    let mut response = client.get(parsed).send().await.map_err(|_| gone())?;
    let given = response.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
    let content_type = given.split(';').next().unwrap_or("").trim().to_ascii_lowercase();
    if !response.status().is_success() || !KINDS.contains(&content_type.as_str()) {
        return Err(gone());
    }
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|_| gone())? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() > MOST_BYTES {
            return Err(Error::refused("The picture is too large."));
        }
    }
    Ok((content_type, bytes))
}

/// Whether an address is on the open internet: not ours, not a neighbour's, not a cloud's own services.
fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => {
            let [a, b, ..] = ip.octets();
            let shared = a == 100 && (64..128).contains(&b);
            let reserved = a == 0 || a >= 240 || (a == 198 && (b == 18 || b == 19)) || (a == 192 && b == 0);
            !(ip.is_private() || ip.is_loopback() || ip.is_link_local() || ip.is_multicast() || shared || reserved)
        }
        IpAddr::V6(ip) => {
            if let Some(inner) = ip.to_ipv4_mapped() {
                return is_public(IpAddr::V4(inner));
            }
            // 2000::/3 is what is given out; the ranges in it that lead back inside are left out.
            let [first, second, ..] = ip.segments();
            let tunnels = first == 0x2002 || (first == 0x2001 && (second == 0 || second == 0xdb8));
            first & 0xe000 == 0x2000 && !tunnels
        }
    }
}

#[cfg(test)]
mod tests {
    use super::is_public;

    #[test]
    fn only_the_open_internet_is_asked() {
        for inside in [
            "127.0.0.1",
            "10.1.2.3",
            "172.20.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "::1",
            "fe80::1",
            "fc00::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "2002:7f00:1::",
            "224.0.0.1",
        ] {
            assert!(!is_public(inside.parse().unwrap()), "{inside}");
        }
        for outside in ["93.184.215.14", "8.8.8.8", "2606:4700::1111"] {
            assert!(is_public(outside.parse().unwrap()), "{outside}");
        }
    }
}
