//! Who holds a transaction asks through it. Another connection, asked for meanwhile, sees what was before; and where many
//! do so at once, each waits for a connection that another one holds, and all of them stand still. Debug builds, and so
//! all tests, say where.

#[cfg(debug_assertions)]
pub(crate) use noted::Held;
#[cfg(not(debug_assertions))]
pub(crate) use unnoted::Held;

#[cfg(debug_assertions)]
mod noted {
    use std::{
        collections::HashSet,
        sync::{LazyLock, Mutex, MutexGuard, PoisonError},
    };

    use tokio::task::{Id, try_id};

    fn holding() -> MutexGuard<'static, HashSet<Id>> {
        static HOLDING: LazyLock<Mutex<HashSet<Id>>> = LazyLock::new(Mutex::default);
        HOLDING.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A transaction that a task holds as long as this is kept. Of what is no task, such as a command or the body of a
    /// test that does several things at once, nothing is known.
    pub struct Held(Option<Id>);

    impl Held {
        /// To be called before anything is asked of the database beside a transaction.
        #[track_caller]
        pub fn nothing() {
            let held = try_id().is_some_and(|id| holding().contains(&id));
            assert!(!held, "asks the database beside the transaction that is held; ask through it, or before it");
        }

        pub fn new() -> Self {
            let here = try_id();
            holding().extend(here);
            Self(here)
        }
    }

    impl Drop for Held {
        fn drop(&mut self) {
            if let Some(id) = self.0 {
                holding().remove(&id);
            }
        }
    }
}

#[cfg(not(debug_assertions))]
mod unnoted {
    pub struct Held;

    impl Held {
        pub fn nothing() {}

        pub fn new() -> Self {
            Self
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Held;

    #[tokio::test]
    async fn only_whoever_holds_a_transaction_is_told() {
        let holds = async {
            let held = Held::new();
            assert_eq!(std::panic::catch_unwind(Held::nothing).is_err(), cfg!(debug_assertions));
            tokio::spawn(async { Held::nothing() }).await.expect("another task may ask");
            drop(held);
            Held::nothing();
        };
        tokio::spawn(holds).await.expect("and so may this one, afterwards");
    }
}
