//! The calls of our own small plugins, which shops put into platforms that tell of nothing by themselves.
//!
//! A call's body is `{"id", "event", "at", "data"}`; `x-shopbell-signature: t=SECONDS,v1=HEX` is the HMAC-SHA256 of
//! `SECONDS.BODY`. Its age is not checked: a call that comes again has the id that it had, and what it says is read anew
//! or carries the time at which it was true.

use std::net::IpAddr;

use aws_lc_rs::hmac;
use base::{Error, Result};
use reqwest::Url;
use serde::Deserialize;
use serde_json::Value;

use crate::{
    platform::{Call, Vouched},
    setting::{Setting, SettingKind},
};

const SIGNATURE: &str = "x-shopbell-signature";
/// Bytes of a secret that nobody guesses.
const SHORTEST: usize = 16;

#[derive(Debug, Deserialize)]
pub struct Said {
    pub id: String,
    pub event: String,
    #[serde(default)]
    pub data: Value,
}

pub fn read(call: &Call) -> Result<Said> {
    serde_json::from_slice(&call.body).map_err(|_| Error::Malformed("a call of the plugin that cannot be read".into()))
}

/// Checks the signature before anything else of the call is believed.
pub fn vouch(settings: &Value, call: &Call) -> Result<Vouched> {
    let refused = |why: &str| Error::Unauthorized(format!("This call does not come from the shop: {why}."));
    let secret = settings["webhook_secret"].as_str().unwrap_or_default();
    if secret.len() < SHORTEST {
        return Err(refused("the store has no webhook secret"));
    }
    let header = call.header(SIGNATURE).ok_or_else(|| refused("it is not signed"))?;
    let part = |name: &str| header.split(',').find_map(|part| part.trim().strip_prefix(name)?.strip_prefix('='));
    let seconds = part("t").filter(|seconds| seconds.len() < 20 && seconds.bytes().all(|byte| byte.is_ascii_digit()));
    let tag = part("v1").and_then(bytes);
    let (Some(seconds), Some(tag)) = (seconds, tag) else { return Err(refused("its signature cannot be read")) };
    let signed = [seconds.as_bytes(), b".", &call.body].concat();
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    hmac::verify(&key, &signed, &tag).map_err(|_| refused("its signature is wrong"))?;
    let said = read(call)?;
    if said.id.is_empty() || said.id.len() > 200 || said.event.len() > 200 {
        return Err(Error::Malformed("a call of the plugin without an id".into()));
    }
    Ok(Vouched { key: said.id, topic: said.event })
}

fn bytes(hex: &str) -> Option<Vec<u8>> {
    if hex.len() != 64 || !hex.is_ascii() {
        return None;
    }
    (0..32).map(|at| u8::from_str_radix(&hex[2 * at..2 * at + 2], 16).ok()).collect()
}

/// The fields that every platform with a plugin of ours has.
pub fn schema(address: &'static str, key: &'static str, secret: &'static str) -> Vec<Setting> {
    vec![
        Setting { required: true, ..Setting::optional("address", SettingKind::Text, address) },
        Setting { required: true, ..Setting::secret("key", key, &["address"]) },
        Setting::secret("webhook_secret", secret, &[]),
    ]
}

/// What is wrong with the address of a shop. Its key is not sent over the open internet in the clear.
pub fn check_address(address: &str) -> Option<&'static str> {
    let Ok(url) = Url::parse(address) else { return Some("must be an address such as https://shop.example") };
    if !url.username().is_empty() || url.password().is_some() || url.query().is_some() || url.fragment().is_some() {
        return Some("must be an address alone, without user, query or fragment");
    }
    let Some(host) = url.host_str() else { return Some("must name a host") };
    let near = match host.trim_matches(['[', ']']).parse() {
        Ok(IpAddr::V4(ip)) => ip.is_loopback() || ip.is_private(),
        Ok(IpAddr::V6(ip)) => ip.is_loopback() || ip.is_unique_local(),
        // A name without a point is one of the house's own network, such as that of a container.
        Err(_) => !host.contains('.'),
    };
    match url.scheme() {
        "https" => None,
        "http" if near => None,
        _ => Some("must begin with https://"),
    }
}

pub fn check_secret(secret: &str) -> Option<&'static str> {
    (secret.len() < SHORTEST).then_some("must have at least 16 characters, or others could forge calls")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn call(secret: &str, signed: &[u8], sent: &[u8]) -> Call {
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
        let tag = hmac::sign(&key, &[b"1790000000.", signed].concat());
        let tag = tag.as_ref().iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"));
        let header = format!("t=1790000000,v1={tag}");
        Call { headers: vec![(SIGNATURE.into(), header)], body: sent.to_vec() }
    }

    #[test]
    fn only_what_the_plugin_signed_counts() {
        let body = br#"{"id":"e1","event":"order.placed","at":1,"data":{"id":"o1"}}"#;
        let settings = json!({ "webhook_secret": "correct-horse-battery" });
        let vouched = vouch(&settings, &call("correct-horse-battery", body, body)).unwrap();
        assert_eq!(vouched, Vouched { key: "e1".into(), topic: "order.placed".into() });
        let refused = |settings: &Value, call: &Call| matches!(vouch(settings, call), Err(Error::Unauthorized(_)));
        assert!(refused(&settings, &call("wrong-horse-battery!", body, body)));
        assert!(refused(&settings, &call("correct-horse-battery", body, br#"{"id":"e2","event":"x"}"#)));
        assert!(refused(&json!({}), &call("", body, body)), "no secret lets nobody in");
        assert!(refused(&json!({ "webhook_secret": "short" }), &call("short", body, body)));
        for header in ["", "t=,v1=", "t=1790000000", "t=1790000000,v1=zz", "v1=00", "t=1790000000,v1=é"] {
            let call = Call { headers: vec![(SIGNATURE.into(), header.into())], body: body.to_vec() };
            assert!(refused(&settings, &call), "{header}");
        }
        assert!(refused(&settings, &Call { headers: Vec::new(), body: body.to_vec() }));
    }

    #[test]
    fn a_key_is_not_sent_in_the_clear() {
        for good in ["https://shop.example", "https://shop.example/api", "http://127.0.0.1:9000", "http://medusa:9000"]
        {
            assert_eq!(check_address(good), None, "{good}");
        }
        for bad in
            ["shop.example", "http://shop.example", "https://a:b@shop.example", "ftp://shop.example", "https://x?y=1"]
        {
            assert!(check_address(bad).is_some(), "{bad}");
        }
    }
}
