//! Money goes out at most once, and never more than came in.

use base::Error;
use connectors::{
    action::{Action, RefundTo},
    order::Pieces,
    platform::Found,
};

use super::{Driver, execute, look_up, order};
use crate::standins::mood::NewOrder;

pub fn refund(lines: Vec<Pieces>, amount: Option<i64>) -> Action {
    let reason = "Arrived broken".into();
    Action::Refund { lines, amount, shipping: 0, restock: false, to: RefundTo::Original, reason, notify: false }
}

fn two_lines(shop: &dyn Driver) -> String {
    let mut new = NewOrder::by("a@mail.example").with("Wool sweater", 3, 3333).with("Rain jacket", 1, 8900);
    new.shipping = 500;
    shop.place(&new)
}

/// Some money, some pieces, then all that is left; and the preview says what comes.
pub async fn gives_back(shop: &dyn Driver) {
    let (platform, store) = (shop.platform(), shop.store());
    let id = two_lines(shop);
    let before = order(shop, &id).await;
    let some = refund(Vec::new(), Some(1000));
    let preview = platform.preview(&store, &before, &some).await.unwrap();
    assert_eq!((preview.amount, preview.most), (1000, 3 * 3333 + 8900 + 500));
    let done = execute(shop, "r-1", &id, &some).await.unwrap();
    assert_eq!(done.amount, 1000);
    assert!(done.reference.is_some());
    assert_eq!(shop.look(&id).refunded, 1000);

    let line = before.lines[0].id.clone();
    let pieces = refund(vec![Pieces { line: line.clone(), quantity: 2 }], None);
    let preview = platform.preview(&store, &order(shop, &id).await, &pieces).await.unwrap();
    let done = execute(shop, "r-2", &id, &pieces).await.unwrap();
    assert_eq!((done.amount, preview.amount), (6666, 6666));
    let now = order(shop, &id).await;
    assert_eq!(now.lines.iter().find(|known| known.id == line).unwrap().refunded, 2);
    assert_eq!(now.refunds.len(), 2);
    let twice = refund(vec![Pieces { line: line.clone(), quantity: 2 }], None);
    assert!(execute(shop, "r-3", &id, &twice).await.is_err(), "one piece is left");

    let rest = execute(shop, "r-4", &id, &refund(Vec::new(), None)).await.unwrap();
    assert_eq!(rest.amount, 3 * 3333 + 8900 + 500 - 7666);
    let seen = shop.look(&id);
    assert_eq!(seen.refunded, seen.paid);
    assert!(execute(shop, "r-5", &id, &refund(Vec::new(), None)).await.is_err(), "nothing is left");
    assert!(execute(shop, "r-6", &id, &refund(Vec::new(), Some(1))).await.is_err());
    assert_eq!(shop.look(&id), seen);
}

/// With shipping, back on the shelf, in money without a smaller part.
pub async fn gives_back_in_any_money(shop: &dyn Driver) {
    for (currency, price) in [("JPY", 4901), ("KWD", 12_345), ("USD", 999)] {
        let mut new = NewOrder::by("far@mail.example").with("Wool sweater", 3, price);
        (new.currency, new.shipping) = (currency, 700);
        let id = shop.place(&new);
        let line = order(shop, &id).await.lines[0].id.clone();
        let lines = vec![Pieces { line, quantity: 1 }];
        let action = Action::Refund {
            lines,
            amount: None,
            shipping: 700,
            restock: true,
            to: RefundTo::Original,
            reason: String::new(),
            notify: true,
        };
        let done = execute(shop, &format!("m-{currency}"), &id, &action).await.unwrap();
        assert_eq!((done.amount, shop.look(&id).refunded), (price + 700, price + 700), "{currency}");
        assert_eq!(order(shop, &id).await.totals.refunded, price + 700);
    }
}

/// More than was paid, for nothing that was bought, of nothing that was paid: refused, and nothing moves.
pub async fn refuses_too_much(shop: &dyn Driver) {
    let id = two_lines(shop);
    let paid = shop.look(&id).paid;
    let line = order(shop, &id).await.lines[0].id.clone();
    let odd = |line: &str, quantity| vec![Pieces { line: line.into(), quantity }];
    for (place, action) in [
        refund(Vec::new(), Some(paid + 1)),
        refund(Vec::new(), Some(0)),
        refund(Vec::new(), Some(-1)),
        refund(Vec::new(), Some(i64::MAX)),
        refund(odd(&line, 4), None),
        refund(odd(&line, 0), None),
        refund(odd(&line, -1), None),
        refund(odd("999999999", 1), None),
    ]
    .into_iter()
    .enumerate()
    {
        let key = format!("odd-{place}");
        let refused = execute(shop, &key, &id, &action).await;
        assert!(matches!(refused, Err(Error::Refused { .. } | Error::Invalid(_))), "{action:?}: {refused:?}");
        assert_eq!(look_up(shop, &key, &id, &action).await, Found::NotDone);
    }
    let mut new = NewOrder::by("later@mail.example").with("Wool sweater", 1, 500);
    new.paid = false;
    let unpaid = shop.place(&new);
    assert!(execute(shop, "unpaid", &unpaid, &refund(Vec::new(), None)).await.is_err());
    assert_eq!((shop.look(&id).refunded, shop.look(&unpaid).refunded), (0, 0));
}

/// The same key twice is one refund; a key that begins alike is another.
pub async fn gives_back_once(shop: &dyn Driver) {
    let id = two_lines(shop);
    let action = refund(Vec::new(), Some(700));
    let first = execute(shop, "once-1", &id, &action).await.unwrap();
    let again = execute(shop, "once-1", &id, &action).await.unwrap();
    assert_eq!(first, again);
    assert_eq!(shop.look(&id).refunded, 700);
    assert_eq!(look_up(shop, "once", &id, &action).await, Found::NotDone);
    assert_eq!(look_up(shop, "once-11", &id, &action).await, Found::NotDone);
    execute(shop, "once-11", &id, &action).await.unwrap();
    assert_eq!(shop.look(&id).refunded, 1400);
}

/// The answer gets lost after the money went: we do not know, we look, and we do not do it again.
pub async fn looks_before_it_tries_again(shop: &dyn Driver) {
    let id = two_lines(shop);
    let action = refund(Vec::new(), Some(700));
    assert_eq!(look_up(shop, "lost", &id, &action).await, Found::NotDone);
    shop.mood().lock().unwrap().lose = 1;
    let lost = execute(shop, "lost", &id, &action).await;
    assert!(matches!(lost, Err(Error::Upstream { .. })), "neither done nor refused: {lost:?}");
    let Found::Done(done) = look_up(shop, "lost", &id, &action).await else { panic!("it was done") };
    assert_eq!(done.amount, 700);
    let again = execute(shop, "lost", &id, &action).await.unwrap();
    assert_eq!((again.reference, again.amount), (done.reference, 700));
    assert_eq!(shop.look(&id).refunded, 700);
    // Down before anything was done: nothing happened, and the second try does it.
    shop.mood().lock().unwrap().down = true;
    let now = {
        shop.mood().lock().unwrap().down = false;
        order(shop, &id).await
    };
    shop.mood().lock().unwrap().down = true;
    let down = shop.platform().execute(&shop.store(), "down", &now, &action).await;
    assert!(matches!(down, Err(Error::Upstream { .. })));
    shop.mood().lock().unwrap().down = false;
    assert_eq!(look_up(shop, "down", &id, &action).await, Found::NotDone);
    execute(shop, "down", &id, &action).await.unwrap();
    assert_eq!(shop.look(&id).refunded, 1400);
}

/// Two agents at once, who each saw enough left.
pub async fn never_gives_more_than_came_in(shop: &dyn Driver) {
    let id = two_lines(shop);
    let (platform, store, seen) = (shop.platform(), shop.store(), order(shop, &id).await);
    let paid = shop.look(&id).paid;
    let action = refund(Vec::new(), Some(paid * 2 / 3));
    let tries = (0..4).map(|place| {
        let (store, seen, action) = (&store, &seen, &action);
        async move { platform.execute(store, &format!("race-{place}"), seen, action).await }
    });
    let done = futures_util::future::join_all(tries).await;
    let worked = done.iter().filter(|done| done.is_ok()).count();
    assert_eq!((worked, shop.look(&id).refunded), (1, paid * 2 / 3), "{done:?}");
}
