//! Shopify's customers in our words.

use serde_json::Value;

use super::orders::{each, stamp, text};
use crate::order::Buyer;

pub const ACCOUNT: &str = "
fragment Account on Customer {
  id displayName firstName lastName locale tags updatedAt
  defaultEmailAddress { emailAddress marketingState } defaultPhoneNumber { phoneNumber }
}";

pub fn buyer(from: &Value) -> Buyer {
    let mail = &from["defaultEmailAddress"];
    // Of somebody without a name, Shopify shows the address as the name.
    let named = !from["firstName"].is_null() || !from["lastName"].is_null();
    Buyer {
        email_verified: false,
        id: text(&from["id"]),
        name: text(&from["displayName"]).filter(|_| named),
        email: text(&mail["emailAddress"]).map(|mail| mail.to_lowercase()),
        phone: text(&from["defaultPhoneNumber"]["phoneNumber"]),
        language: text(&from["locale"]),
        tags: each(&from["tags"]).filter_map(text).collect(),
        accepts_marketing: text(&mail["marketingState"]).map(|state| state == "SUBSCRIBED"),
        changed_at: stamp(&from["updatedAt"]),
    }
}

/// Who bought: the account, or the guest that only this order knows. What was typed in at the checkout counts first.
pub fn of_order(order: &Value) -> Buyer {
    let account = buyer(&order["customer"]);
    let guest = || text(&order["billingAddress"]["name"]).or_else(|| text(&order["shippingAddress"]["name"]));
    let phones = [&order["shippingAddress"]["phone"], &order["billingAddress"]["phone"]];
    Buyer {
        name: account.name.clone().or_else(guest),
        email: text(&order["email"]).map(|mail| mail.to_lowercase()).or(account.email),
        phone: text(&order["phone"]).or(account.phone).or_else(|| phones.into_iter().find_map(text)),
        language: account.language.or_else(|| text(&order["customerLocale"])),
        ..account
    }
}

/// A customer as a webhook tells of one: the older REST shape, in which ids are numbers.
pub fn told(from: &Value) -> Buyer {
    let name = [&from["first_name"], &from["last_name"]].into_iter().filter_map(text).collect::<Vec<_>>().join(" ");
    let tags = from["tags"].as_str().unwrap_or_default();
    let consent = &from["email_marketing_consent"]["state"];
    Buyer {
        email_verified: false,
        id: super::webhooks::id(from, "Customer"),
        name: (!name.is_empty()).then_some(name),
        email: text(&from["email"]).map(|mail| mail.to_lowercase()),
        phone: text(&from["phone"]),
        language: text(&from["locale"]),
        tags: tags.split(',').map(str::trim).filter(|tag| !tag.is_empty()).map(Into::into).collect(),
        accepts_marketing: consent
            .as_str()
            .map(|state| state == "subscribed")
            .or_else(|| from["accepts_marketing"].as_bool()),
        changed_at: stamp(&from["updated_at"]),
    }
}
