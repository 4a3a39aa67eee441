//! What a WooCommerce store can be told: where it is, and the key that its owner made for us.

use base::{Error, Result};
use reqwest::Url;
use serde_json::Value;

use crate::{
    channels::fields::Fields,
    setting::{Setting, SettingKind},
};

#[derive(Debug, Clone)]
pub struct Access {
    /// Such as `https://fjellvik.example`, without a slash at the end.
    pub site: String,
    pub key: String,
    pub secret: String,
}

pub fn form() -> Vec<Setting> {
    let needed = |setting| Setting { required: true, ..setting };
    vec![
        needed(Setting::optional("address", SettingKind::Text, "woocommerce-address")),
        needed(Setting::secret("consumer_key", "woocommerce-key", &["address"])),
        needed(Setting::secret("consumer_secret", "woocommerce-secret", &["address"])),
    ]
}

pub fn access(settings: &Value) -> Result<Access> {
    let mut wrong = Vec::new();
    let mut top = Fields::new("", settings, &mut wrong);
    let site = top.needed("address").and_then(|address| {
        let found = site(&address);
        if found.is_none() {
            top.wrong("address", "must be the shop's address with https, such as https://fjellvik.example");
        }
        found
    });
    let (key, secret) = (top.needed("consumer_key"), top.needed("consumer_secret"));
    top.end();
    match (site, key, secret) {
        (Some(site), Some(key), Some(secret)) if wrong.is_empty() => Ok(Access { site, key, secret }),
        _ => Err(Error::Invalid(wrong)),
    }
}

/// The key goes along with every call, so it has to be encrypted; but for this machine, where a stand-in may be.
fn site(text: &str) -> Option<String> {
    let url = Url::parse(text.trim().trim_end_matches('/')).ok()?;
    let plain = url.username().is_empty() && url.password().is_none() && url.query().is_none();
    let safe = url.scheme() == "https" || (url.scheme() == "http" && url.host_str() == Some("127.0.0.1"));
    let path = url.path().split("/wp-json").next().unwrap_or_default().split("/wp-admin").next().unwrap_or_default();
    let site = format!("{}{path}", url.origin().ascii_serialization());
    (plain && safe).then(|| site.trim_end_matches('/').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shop_is_reached_only_where_nobody_listens_in() {
        for (typed, there) in [
            ("https://fjellvik.example", "https://fjellvik.example"),
            (" https://fjellvik.example/shop/ ", "https://fjellvik.example/shop"),
            ("https://fjellvik.example/wp-admin/admin.php", "https://fjellvik.example"),
            ("https://fjellvik.example:8443/wp-json/wc/v3", "https://fjellvik.example:8443"),
        ] {
            assert_eq!(site(typed).as_deref(), Some(there), "{typed}");
        }
        for odd in ["fjellvik.example", "http://fjellvik.example", "https://a:b@fjellvik.example", "ftp://x", ""] {
            assert_eq!(site(odd), None, "{odd}");
        }
    }
}
