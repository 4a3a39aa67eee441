//! Whatever is tried in whatever order, however often an answer gets lost: never twice, never more than was paid.

use std::collections::BTreeMap;

use base::Error;
use connectors::{order::Pieces, platform::Found};
use proptest::prelude::*;

use super::{Driver, money::refund, order};
use crate::standins::mood::{Mood, NewOrder};

/// One thing that somebody tries.
#[derive(Debug, Clone)]
pub struct Try {
    /// Which action it is; a number that came before is that action once more.
    action: u8,
    amount: i64,
    /// Pieces of the first line instead of an amount.
    pieces: Option<i64>,
    lost: bool,
    down: bool,
    /// Does not look before it tries again, as after a crash that forgot all.
    blind: bool,
}

pub fn tries() -> impl Strategy<Value = Vec<Try>> {
    let one = (0..6_u8, 1..4000_i64, proptest::option::weighted(0.3, 1..3_i64), any::<[bool; 3]>());
    let one = one.prop_map(|(action, amount, pieces, [lost, down, blind])| Try {
        action,
        amount,
        pieces,
        lost,
        down: down && lost,
        blind,
    });
    proptest::collection::vec(one, 1..12)
}

pub async fn never_twice_never_too_much(shop: &dyn Driver, tries: &[Try]) {
    let (platform, store) = (shop.platform(), shop.store());
    let id = shop.place(&NewOrder::by("a@mail.example").with("Wool sweater", 3, 1999).with("Rain jacket", 1, 4001));
    let line = order(shop, &id).await.lines[0].id.clone();
    let mut asked = BTreeMap::new();
    let mut given: BTreeMap<u8, i64> = BTreeMap::new();
    for one in tries {
        // The same key always means the same action.
        let action = asked.entry(one.action).or_insert_with(|| match one.pieces {
            Some(quantity) => refund(vec![Pieces { line: line.clone(), quantity }], None),
            None => refund(Vec::new(), Some(one.amount)),
        });
        let key = format!("try-{}", one.action);
        let seen = order(shop, &id).await;
        if !one.blind
            && let Found::Done(done) = platform.look_up(&store, &key, &seen, action).await.unwrap()
        {
            assert_eq!(given.get(&one.action), Some(&done.amount), "what was done is known");
            continue;
        }
        let before = shop.look(&id).refunded;
        {
            let mut mood = shop.mood().lock().unwrap();
            (mood.lose, mood.down) = (usize::from(one.lost), one.down);
        }
        let done = platform.execute(&store, &key, &seen, action).await;
        *shop.mood().lock().unwrap() = Mood::default();
        let moved = shop.look(&id).refunded - before;
        match done {
            Ok(done) if moved == 0 => assert_eq!(given.get(&one.action), Some(&done.amount), "told once more"),
            Ok(done) => assert_eq!(moved, done.amount),
            Err(Error::Refused { .. } | Error::Invalid(_)) => assert_eq!(moved, 0, "refused, and money moved"),
            Err(Error::Upstream { .. }) => {}
            Err(other) => panic!("{other:?}"),
        }
        if moved != 0 {
            assert!(given.insert(one.action, moved).is_none(), "{key} gave money twice");
        }
        let now = shop.look(&id);
        assert!(now.refunded <= now.paid, "{now:?}");
        assert_eq!(now.refunded, given.values().sum::<i64>());
    }
}
