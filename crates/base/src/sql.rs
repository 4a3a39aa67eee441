//! The values of a statement, for both engines.

/// A typed parameter. NULL keeps its type, because PostgreSQL wants one.
#[derive(Clone, Debug)]
pub enum Value {
    Int(Option<i64>),
    Text(Option<String>),
    Bool(Option<bool>),
    Bytes(Option<Vec<u8>>),
    Json(Option<serde_json::Value>),
}

/// What can be a parameter. `Option<T>` of it is one too, with a NULL of its type.
pub trait Param {
    const NULL: Value;
    fn value(self) -> Value;
}

impl<T: Param> Param for Option<T> {
    const NULL: Value = T::NULL;

    fn value(self) -> Value {
        self.map_or(Self::NULL, Param::value)
    }
}

#[macro_export]
macro_rules! args {
    ($($value:expr),* $(,)?) => { vec![$($crate::db::Param::value($value)),*] };
}

macro_rules! param {
    ($($type:ty => $variant:ident),* $(,)?) => { $(
        impl Param for $type {
            const NULL: Value = Value::$variant(None);
            fn value(self) -> Value {
                Value::$variant(Some(self.into()))
            }
        }
    )* };
}
param!(i64 => Int, bool => Bool, String => Text, &str => Text, Vec<u8> => Bytes);

impl Param for &String {
    const NULL: Value = Value::Text(None);

    fn value(self) -> Value {
        Value::Text(Some(self.clone()))
    }
}

impl<T: Clone + Param> Param for &Option<T> {
    const NULL: Value = T::NULL;

    fn value(self) -> Value {
        self.clone().value()
    }
}

impl Param for serde_json::Value {
    const NULL: Value = Value::Json(None);

    fn value(self) -> Value {
        Value::Json(Some(self))
    }
}

impl Param for Value {
    const NULL: Value = Value::Text(None);

    fn value(self) -> Value {
        self
    }
}
