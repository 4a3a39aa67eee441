//! Being let into a store: OAuth's authorization code grant, for apps that are installed by a click.

use aws_lc_rs::hmac;
use base::{Error, Result};
use reqwest::Url;
use serde_json::Value;

use super::{Shopify, settings};
use crate::platform::Store;

/// What we ask for, each with what does not work without it.
pub const RIGHTS: [(&str, &str); 12] = [
    ("read_orders", "orders cannot be read"),
    ("read_all_orders", "orders older than 60 days cannot be read"),
    ("read_products", "products cannot be read"),
    ("read_inventory", "stock cannot be read"),
    ("read_customers", "customers cannot be read"),
    ("write_orders", "orders cannot be refunded, cancelled, changed, noted or sent again"),
    ("write_returns", "returns and exchanges cannot be opened"),
    ("write_discounts", "discount codes cannot be made"),
    ("write_store_credit_account_transactions", "store credit cannot be given"),
    ("read_store_credit_accounts", "store credit cannot be looked up"),
    ("write_merchant_managed_fulfillment_orders", "orders cannot be held and released"),
    ("write_third_party_fulfillment_orders", "orders in another company's warehouse cannot be held and released"),
];

/// Rights that are missing, in plain words. A right to write holds the one to read.
pub fn missing(granted: &[&str]) -> Vec<String> {
    let held = |right: &str| {
        granted.contains(&right)
            || right.strip_prefix("read_").is_some_and(|what| granted.contains(&format!("write_{what}").as_str()))
    };
    let lacking = RIGHTS.iter().filter(|(right, _)| !held(right));
    lacking.map(|(right, lost)| format!("The right {right} is missing: {lost}.")).collect()
}

pub fn address(settings: &Value, back: &str, state: &str) -> Result<Option<String>> {
    let access = settings::access(settings)?;
    let Some(client) = &access.client_id else { return Ok(None) };
    let scope: Vec<_> = RIGHTS.iter().map(|(right, _)| *right).collect();
    let fields =
        [("client_id", client.as_str()), ("scope", &scope.join(",")), ("redirect_uri", back), ("state", state)];
    let url = Url::parse_with_params(&format!("{}/admin/oauth/authorize", access.base), fields);
    Ok(Some(url.map_err(|_| Error::invalid("shop", "makes no address"))?.into()))
}

/// Shopify signs what it sends back with them: all fields but `hmac`, by name, as a query.
fn vouched(secret: &str, query: &[(String, String)]) -> bool {
    let mut fields: Vec<_> = query.iter().filter(|(name, _)| !matches!(name.as_str(), "hmac" | "signature")).collect();
    fields.sort();
    let Ok(mut url) = Url::parse("https://shop.invalid/") else { return false };
    url.query_pairs_mut().extend_pairs(fields);
    let Some(tag) = field(query, "hmac").and_then(bytes) else { return false };
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    hmac::verify(&key, url.query().unwrap_or_default().as_bytes(), &tag).is_ok()
}

fn field<'a>(query: &'a [(String, String)], name: &str) -> Option<&'a str> {
    query.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
}

fn bytes(hex: &str) -> Option<Vec<u8>> {
    let digits: Vec<u8> = hex.chars().map(|c| u8::try_from(c.to_digit(16)?).ok()).collect::<Option<_>>()?;
    digits.chunks(2).map(|pair| Some(pair.first()? << 4 | pair.get(1)?)).collect()
}

impl Shopify {
    pub(super) async fn let_in(&self, store: &Store, query: &[(String, String)]) -> Result<Vec<(String, String)>> {
        let access = settings::access(&store.settings)?;
        if !vouched(&access.client_secret, query) {
            return Err(Error::Unauthorized("what came back from Shopify is not signed with this app's secret".into()));
        }
        if field(query, "shop") != Some(&access.shop) {
            return Err(Error::Unauthorized("what came back from Shopify is about another store".into()));
        }
        let Some(code) = field(query, "code") else {
            return Err(Error::refused("Shopify sent no code back; the installation was not confirmed there"));
        };
        let said = self.admin.grant(&access, ("code", code)).await?;
        if said["refresh_token"].is_string() {
            let why = "This app is given tokens that end within the hour, as apps of the public store are. Make the app in \
                the Dev Dashboard of the organisation that owns the store; it then needs no installation by link";
            return Err(Error::refused(why));
        }
        let token = said["access_token"].as_str().unwrap_or_default();
        Ok(vec![("access_token".into(), token.into())])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of Shopify's own documentation of the authorization code grant.
    #[test]
    fn what_shopify_signed_is_known() {
        let mut query: Vec<(String, String)> = [
            ("code", "0907a61c0c8d55e99db179b68161bc00"),
            ("hmac", "700e2dadb827fcc8609e9d5ce208b2e9cdaab9df07390d2cbca10d7c328fc4bf"),
            ("shop", "some-shop.myshopify.com"),
            ("state", "0.6784241404160823"),
            ("timestamp", "1337178173"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into();
        assert!(vouched("hush", &query));
        assert!(!vouched("hushed", &query));
        query[3].1.push('0');
        assert!(!vouched("hush", &query));
        assert!(!vouched("hush", &[]));
    }

    #[test]
    fn a_right_to_write_is_one_to_read() {
        let all: Vec<_> = RIGHTS.iter().map(|(right, _)| *right).collect();
        assert!(missing(&all).is_empty());
        let mut some: Vec<_> =
            all.into_iter().filter(|right| *right != "read_orders" && *right != "write_returns").collect();
        some.push("write_products");
        assert_eq!(missing(&some), ["The right write_returns is missing: returns and exchanges cannot be opened."]);
    }
}
