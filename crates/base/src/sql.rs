//! What a statement is made of, for both engines: typed values, and writes that go along with others.

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

/// Writes that nobody waits for the answer of. SQLite works on a thread of its own, and the way there and back costs
/// more than most writes: they go along with the next statement that is read, or with the commit. Whatever goes wrong
/// with one of them, the transaction fails with it all the same.
#[derive(Default)]
pub(crate) struct Script {
    pub sql: String,
    pub args: Vec<Value>,
}

impl Script {
    /// Adds a statement; its markers count on behind those before it.
    pub fn push(&mut self, sql: &str, args: Vec<Value>) {
        let before = self.args.len();
        if self.sql.is_empty() {
            sql.clone_into(&mut self.sql);
        } else {
            self.sql.push_str(";\n");
            let mut parts = sql.split('$');
            self.sql.push_str(parts.next().unwrap_or(""));
            for part in parts {
                let digits = part.bytes().take_while(u8::is_ascii_digit).count();
                match part[..digits].parse::<usize>() {
                    Ok(number) => self.sql.extend(["$", &(number + before).to_string(), &part[digits..]]),
                    Err(_) => self.sql.extend(["$", part]),
                }
            }
        }
        self.args.extend(args);
    }

    pub fn take(&mut self) -> (String, Vec<Value>) {
        let Self { sql, args } = std::mem::take(self);
        (sql, args)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markers_count_on_from_statement_to_statement() {
        let mut script = Script::default();
        script.push("UPDATE a SET b = $1 WHERE c = $2", args![1_i64, 2_i64]);
        script.push("DELETE FROM d", Vec::new());
        script.push("SELECT $2, $1, '$', $10x FROM e", args![3_i64, 4_i64]);
        let (sql, args) = script.take();
        assert_eq!(sql, "UPDATE a SET b = $1 WHERE c = $2;\nDELETE FROM d;\nSELECT $4, $3, '$', $12x FROM e");
        assert_eq!(args.len(), 4);
        assert!(script.sql.is_empty() && script.args.is_empty());
    }
}
