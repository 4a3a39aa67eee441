//! What is entered for a shop system of one's own.

use base::{Error, Result};
use serde_json::Value;

use crate::{
    action::ActionKind,
    channels::fields::Fields,
    platforms::plugin,
    setting::{Setting, SettingKind},
};

pub fn form() -> Vec<Setting> {
    vec![
        // It signs what goes to the address as well.
        Setting::secret("secret", "setting-store-secret", &["actions_address"]),
        Setting::optional("actions_address", SettingKind::Text, "setting-store-actions-address"),
        Setting::optional("actions", SettingKind::Text, "setting-store-actions"),
    ]
}

pub fn check(settings: &Value) -> Result<()> {
    let mut wrong = Vec::new();
    let mut fields = Fields::new("", settings, &mut wrong);
    let secret = fields.text("secret");
    if secret.as_deref().and_then(plugin::check_secret).is_some() {
        fields.wrong("secret", "must have at least 16 characters");
    }
    let address = fields.text("actions_address");
    if let Some(why) = address.as_deref().and_then(plugin::check_address) {
        fields.wrong("actions_address", why);
    }
    let actions = fields.text("actions");
    if let Some(odd) = words(actions.as_deref().unwrap_or_default()).find(|word| kind(word).is_none()) {
        let all: Vec<_> = ActionKind::ALL.iter().map(|kind| kind.as_str()).collect();
        let odd: String = odd.chars().take(40).collect();
        fields.wrong("actions", &format!("{odd} is none; there are {}", all.join(", ")));
    }
    if address.is_some() && secret.is_none() {
        fields.wrong("secret", "is needed to sign what goes to the address for actions");
    }
    fields.end();
    if wrong.is_empty() { Ok(()) } else { Err(Error::Invalid(wrong)) }
}

/// Where the shop takes orders from us; none where it does not.
pub fn address(settings: &Value) -> Option<&str> {
    settings["actions_address"].as_str().map(str::trim).filter(|address| !address.is_empty())
}

/// What the shop says that it can do.
pub fn actions(settings: &Value) -> Vec<ActionKind> {
    if address(settings).is_none() {
        return Vec::new();
    }
    let known: Vec<_> = words(settings["actions"].as_str().unwrap_or_default()).filter_map(kind).collect();
    ActionKind::ALL.iter().copied().filter(|kind| known.contains(kind)).collect()
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| c == ',' || c.is_whitespace()).filter(|word| !word.is_empty())
}

fn kind(word: &str) -> Option<ActionKind> {
    ActionKind::ALL.iter().copied().find(|kind| kind.as_str() == word)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn settings_say_what_is_wrong_with_them() {
        let good = json!({ "secret": "0123456789abcdef", "actions_address": "https://shop.example/x", "actions": "refund, note" });
        assert!(check(&good).is_ok() && check(&json!({})).is_ok());
        assert_eq!(actions(&good), [ActionKind::Refund, ActionKind::Note]);
        assert_eq!(actions(&json!({ "actions": "refund" })), [], "nobody does it");
        let bad = json!({ "secret": "short", "actions_address": "http://shop.example", "actions": "refund, gift", "more": 1 });
        let Err(Error::Invalid(wrong)) = check(&bad) else { panic!("it is wrong") };
        let fields: Vec<_> = wrong.iter().map(|one| one.field.as_str()).collect();
        assert_eq!(fields, ["secret", "actions_address", "actions", "more"]);
        let Err(Error::Invalid(wrong)) = check(&json!({ "actions_address": "https://shop.example" })) else {
            panic!("nothing signs it")
        };
        assert_eq!(wrong[0].field, "secret");
    }
}
