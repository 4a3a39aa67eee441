//! What every platform has to keep to: against shops that stand in for the real ones, and against the real ones that run
//! here.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

mod contract;
mod engines;
mod generic;
mod harness;
mod medusa;
mod medusa_parts;
#[path = "../../../mail/tests/it/shared.rs"]
#[allow(dead_code, reason = "it serves other tests too")]
mod shared;
mod shopify;
mod shopify_own;
#[allow(dead_code, reason = "others use of them what these tests do not")]
mod standins;
mod trouble;
mod vendure;
mod woocommerce;
mod woocommerce_own;

/// The whole contract as tests of one platform; `$open` opens a shop of its own for each.
#[macro_export]
macro_rules! kept {
    ($open:ident) => {
        $crate::kept!($open: connects, reading::is_read_in_parts, reading::knows_goods_and_people, reading::is_found,
            reading::takes_odd_orders, reading::bears_bad_days, hearing::tells_once, hearing::knows_its_own_calls,
            hearing::comes_in_any_order, money::gives_back, money::gives_back_in_any_money, money::refuses_too_much,
            money::gives_back_once, money::looks_before_it_tries_again, money::never_gives_more_than_came_in,
            actions::cancels, actions::changes_an_order, actions::gives_for_the_next_order,
            actions::sends_again_and_takes_back);

        #[test]
        fn never_twice_never_too_much() {
            let here = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
            let shop = here.block_on($open());
            let cases = proptest::test_runner::Config { cases: 48, failure_persistence: None, ..Default::default() };
            proptest::test_runner::TestRunner::new(cases)
                .run(&chance::tries(), |tries| {
                    here.block_on(chance::never_twice_never_too_much(&shop, &tries));
                    Ok(())
                })
                .unwrap();
        }
    };
    ($open:ident: $($($part:ident)::+),+ $(,)?) => {
        mod contract_kept {
            use super::*;
            $($crate::kept_one!($open, $($part)::+);)+
        }
    };
}

/// One story of the contract as a test of its name.
#[macro_export]
macro_rules! kept_one {
    ($open:ident, $module:ident::$name:ident) => {
        #[tokio::test]
        async fn $name() {
            $module::$name(&$open().await).await;
        }
    };
    ($open:ident, $name:ident) => {
        #[tokio::test]
        async fn it_connects() {
            $name(&$open().await).await;
        }
    };
}
