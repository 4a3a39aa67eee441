//! What a Shopify store can be told: its address and how we are let in.

use base::{Error, Result};
use serde_json::Value;

use crate::{
    channels::fields::Fields,
    setting::{Setting, SettingKind},
};

/// How to reach one store.
#[derive(Debug, Clone)]
pub struct Access {
    /// Such as `fjellvik.myshopify.com`.
    pub shop: String,
    /// Such as `https://fjellvik.myshopify.com`.
    pub base: String,
    pub client_id: Option<String>,
    /// Signs what Shopify sends to us.
    pub client_secret: String,
    /// Of a custom app, or from an installation. None: asked for with the client's id and secret.
    pub token: Option<String>,
}

pub fn form() -> Vec<Setting> {
    let needed = |setting| Setting { required: true, ..setting };
    vec![
        needed(Setting::optional("shop", SettingKind::Text, "shopify-shop")),
        Setting::optional("client_id", SettingKind::Text, "shopify-client-id"),
        needed(Setting::secret("client_secret", "shopify-client-secret", &["shop"])),
        Setting::secret("access_token", "shopify-access-token", &["shop"]),
    ]
}

pub fn access(settings: &Value) -> Result<Access> {
    let mut wrong = Vec::new();
    let mut top = Fields::new("", settings, &mut wrong);
    let address = top.needed("shop").and_then(|shop| {
        let found = address(&shop);
        if found.is_none() {
            top.wrong("shop", "must be the store's own address, such as fjellvik.myshopify.com");
        }
        found
    });
    let client_id = top.text("client_id");
    let client_secret = top.needed("client_secret");
    let token = top.text("access_token");
    if client_id.is_none() && token.is_none() {
        top.wrong("client_id", "is needed where there is no access token");
    }
    top.end();
    match (address, client_secret) {
        (Some((shop, base)), Some(client_secret)) if wrong.is_empty() => {
            Ok(Access { shop, base, client_id, client_secret, token })
        }
        _ => Err(Error::Invalid(wrong)),
    }
}

/// Who signs what Shopify sends: known after the store has let us go, too.
pub struct Signer {
    pub shop: String,
    pub client_secret: String,
}

pub fn signer(settings: &Value) -> Result<Signer> {
    let shop = settings["shop"].as_str().and_then(address);
    let secret = settings["client_secret"].as_str().filter(|secret| !secret.is_empty());
    match (shop, secret) {
        (Some((shop, _)), Some(secret)) => Ok(Signer { shop, client_secret: secret.to_owned() }),
        _ => Err(Error::Unauthorized("this store is not connected".into())),
    }
}

/// The store's address and where its API is. Only Shopify's own domain is called with a token, whatever is typed in;
/// and this machine, where a stand-in may be.
fn address(text: &str) -> Option<(String, String)> {
    let text = text.trim().trim_end_matches('/').to_lowercase();
    if let Some(local) = text.strip_prefix("http://127.0.0.1:") {
        return local.parse::<u16>().ok().map(|port| (format!("127.0.0.1:{port}"), format!("http://127.0.0.1:{port}")));
    }
    let text = text.strip_prefix("https://").unwrap_or(&text);
    let name = match text.strip_prefix("admin.shopify.com/store/") {
        Some(rest) => rest.split('/').next()?,
        None => text.strip_suffix(".myshopify.com").unwrap_or(text),
    };
    let plain = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    let shop = format!("{name}.myshopify.com");
    plain.then(|| (shop.clone(), format!("https://{shop}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_store_is_known_by_any_of_its_addresses() {
        for typed in [
            "fjellvik",
            "fjellvik.myshopify.com",
            "https://Fjellvik.myshopify.com/",
            "admin.shopify.com/store/fjellvik",
            "https://admin.shopify.com/store/fjellvik/orders",
        ] {
            assert_eq!(address(typed).unwrap().1, "https://fjellvik.myshopify.com", "{typed}");
        }
        for odd in ["", "fjellvik.example", "evil.example/.myshopify.com", "a@b.myshopify.com", "http://10.0.0.1:80"] {
            assert!(address(odd).is_none(), "{odd}");
        }
    }
}
