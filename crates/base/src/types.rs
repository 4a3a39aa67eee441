//! Small types that every feature speaks: who acts, when, and newtype ids.

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::Time;

/// Who changes something. Written on every event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    Agent(i64),
    Customer(i64),
    Rule(i64),
    System,
}

impl Actor {
    pub fn columns(self) -> (&'static str, Option<i64>) {
        match self {
            Self::Agent(id) => ("agent", Some(id)),
            Self::Customer(id) => ("customer", Some(id)),
            Self::Rule(id) => ("rule", Some(id)),
            Self::System => ("system", None),
        }
    }

    pub fn from_columns(kind: &str, id: Option<i64>) -> Self {
        match (kind, id) {
            ("agent", Some(id)) => Self::Agent(id),
            ("customer", Some(id)) => Self::Customer(id),
            ("rule", Some(id)) => Self::Rule(id),
            _ => Self::System,
        }
    }
}

/// A moment as the API writes it: RFC 3339 in UTC with milliseconds, `2026-11-22T01:02:03.004Z`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stamp(pub Time);

impl std::fmt::Display for Stamp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let stamp = jiff::Timestamp::from_millisecond(self.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
        write!(f, "{stamp:.3}")
    }
}

impl From<Time> for Stamp {
    fn from(time: Time) -> Self {
        Self(time)
    }
}

impl Serialize for Stamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Stamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        let stamp: jiff::Timestamp =
            text.parse().map_err(|_| de::Error::custom("must be a time such as 2026-11-22T01:02:03Z"))?;
        Ok(Self(stamp.as_millisecond()))
    }
}

impl JsonSchema for Stamp {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Stamp".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "format": "date-time" })
    }
}

/// A newtype id: `id!(TicketId);`
#[macro_export]
macro_rules! id {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => { $(
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash,
            ::serde::Serialize, ::serde::Deserialize, ::schemars::JsonSchema,
        )]
        #[serde(transparent)]
        #[schemars(inline)]
        pub struct $name(pub i64);

        impl From<i64> for $name {
            fn from(id: i64) -> Self { Self(id) }
        }
        impl From<$name> for i64 {
            fn from(id: $name) -> Self { id.0 }
        }
        impl $crate::db::Param for $name {
            const NULL: $crate::Value = $crate::Value::Int(None);
            fn value(self) -> $crate::Value { $crate::Value::Int(Some(self.0)) }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { self.0.fmt(f) }
        }
    )* };
}

/// An enum kept and shown as words: `words!(Status { New = "new", Open = "open" });`
#[macro_export]
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash,
            ::serde::Serialize, ::serde::Deserialize, ::schemars::JsonSchema,
        )]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $word)] $variant),* }

        impl $name {
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),* }
            }
        }
        impl std::str::FromStr for $name {
            type Err = $crate::Error;
            fn from_str(word: &str) -> $crate::Result<Self> {
                match word {
                    $($word => Ok(Self::$variant),)*
                    _ => Err($crate::Error::internal(format!(concat!("no ", stringify!($name), " is called {}"), word))),
                }
            }
        }
        impl $crate::db::Param for $name {
            const NULL: $crate::Value = $crate::Value::Text(None);
            fn value(self) -> $crate::Value { $crate::Value::Text(Some(self.as_str().to_owned())) }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.write_str(self.as_str()) }
        }
    };
}
