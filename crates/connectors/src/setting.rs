//! What the inbox of a channel can be told: the form in the desk is drawn from it.

use std::collections::BTreeMap;

use serde::Serialize;

/// One field of an inbox's settings; the inbox form is drawn from these.
#[derive(Debug, Clone, Serialize, PartialEq, Eq)]
pub struct Setting {
    /// Dotted path in the settings object, such as `imap.host`.
    pub key: &'static str,
    pub kind: SettingKind,
    pub required: bool,
    /// Shown in the form; a message id of the catalogues.
    pub label: &'static str,
    /// What holds while nothing is filled in; none where nothing does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default: Option<serde_json::Value>,
    /// Where another field of the form decides what holds instead.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_by: Option<DefaultBy>,
    /// Of a secret: the settings that say to whom it is shown. When one of them changes it has to be given again, or
    /// whoever may change them could have it sent to themselves.
    #[serde(skip)]
    pub bound_to: &'static [&'static str],
}

/// Defaults that hang on a choice: the port of a mail server on its encryption.
#[derive(Debug, Clone, Serialize, PartialEq, Eq)]
pub struct DefaultBy {
    /// Key of the field with the choice.
    pub key: &'static str,
    /// For some of its answers another default.
    pub values: BTreeMap<&'static str, serde_json::Value>,
}

impl Setting {
    pub fn optional(key: &'static str, kind: SettingKind, label: &'static str) -> Self {
        Self { key, kind, required: false, label, default: None, default_by: None, bound_to: &[] }
    }

    /// A secret, and the settings that say to whom it is shown.
    pub fn secret(key: &'static str, label: &'static str, bound_to: &'static [&'static str]) -> Self {
        Self { bound_to, ..Self::optional(key, SettingKind::Secret, label) }
    }

    #[must_use]
    pub fn usually(self, default: impl Into<serde_json::Value>) -> Self {
        Self { default: Some(default.into()), ..self }
    }

    #[must_use]
    pub fn usually_by<V: Into<serde_json::Value>, const N: usize>(
        self,
        key: &'static str,
        values: [(&'static str, V); N],
    ) -> Self {
        let values = values.into_iter().map(|(choice, value)| (choice, value.into())).collect();
        Self { default_by: Some(DefaultBy { key, values }), ..self }
    }
}

#[derive(Debug, Clone, Serialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum SettingKind {
    Text,
    Number,
    Switch,
    /// Kept encrypted, never shown again.
    Secret,
    Choice(Vec<&'static str>),
}
