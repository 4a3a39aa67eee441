//! Everything else that can be done to an order: each once, with a trace, and refused in words.

use base::Error;
use connectors::{
    action::{Action, ActionKind, RefundTo, Wished},
    order::{OrderState, Pieces},
    platform::{Done, Found},
};

use super::{Driver, can, elsewhere, execute, look_up, order};
use crate::standins::mood::NewOrder;

fn place(shop: &dyn Driver) -> String {
    let account = shop.account("Ingrid Solberg", "ingrid@mail.example");
    let mut new = NewOrder::by("ingrid@mail.example").with("Wool sweater", 2, 4900);
    new.account = Some(account);
    shop.place(&new)
}

/// Does it with the answer lost, looks it up, and does it again: it was done once.
async fn once(shop: &dyn Driver, key: &str, id: &str, action: &Action) -> Done {
    let seen = order(shop, id).await;
    shop.platform().preview(&shop.store(), &seen, action).await.unwrap();
    assert_eq!(look_up(shop, key, id, action).await, Found::NotDone, "{action:?}");
    let first = execute(shop, key, id, action).await.unwrap();
    let Found::Done(found) = look_up(shop, key, id, action).await else { panic!("{action:?} was done") };
    let again = execute(shop, key, id, action).await.unwrap();
    assert_eq!((&again.reference, &again.code), (&first.reference, &first.code), "{action:?}");
    assert_eq!((found.reference, found.code), (again.reference, again.code));
    first
}

pub async fn cancels(shop: &dyn Driver) {
    let id = place(shop);
    let action = Action::Cancel { refund: true, restock: true, reason: "Bought twice".into(), notify: false };
    let preview = shop.platform().preview(&shop.store(), &order(shop, &id).await, &action).await.unwrap();
    assert_eq!(preview.amount, 9800);
    let done = execute(shop, "cancel-1", &id, &action).await.unwrap();
    assert_eq!(done.amount, 9800);
    let seen = shop.look(&id);
    assert!(seen.cancelled && seen.refunded == 9800, "{seen:?}");
    assert_eq!(order(shop, &id).await.state, OrderState::Cancelled);
    assert!(matches!(look_up(shop, "cancel-1", &id, &action).await, Found::Done(_)));
    execute(shop, "cancel-1", &id, &action).await.unwrap();
    assert!(execute(shop, "cancel-2", &id, &action).await.is_err(), "it is cancelled already");
    assert_eq!(shop.look(&id).refunded, 9800);

    // The answer gets lost in the middle: what is left is done, what was done is not done again.
    let id = place(shop);
    shop.mood().lock().unwrap().lose = 1;
    let lost = execute(shop, "cancel-3", &id, &action).await;
    assert!(matches!(lost, Err(Error::Upstream { .. })), "{lost:?}");
    if look_up(shop, "cancel-3", &id, &action).await == Found::NotDone {
        execute(shop, "cancel-3", &id, &action).await.unwrap();
    }
    let seen = shop.look(&id);
    assert!(seen.cancelled && seen.refunded == 9800, "{seen:?}");

    let kept = Action::Cancel { refund: false, restock: false, reason: String::new(), notify: false };
    let id = place(shop);
    execute(shop, "cancel-4", &id, &kept).await.unwrap();
    assert_eq!((shop.look(&id).cancelled, shop.look(&id).refunded), (true, 0));

    let sent = place(shop);
    shop.ship(&sent);
    let why = shop.platform().preview(&shop.store(), &order(shop, &sent).await, &action).await;
    assert!(matches!(why, Err(Error::Refused { .. })), "it has left: {why:?}");
}

pub async fn changes_an_order(shop: &dyn Driver) {
    let id = place(shop);
    once(shop, "address-1", &id, &Action::ChangeAddress { address: elsewhere() }).await;
    assert_eq!(shop.look(&id).street, "Fjellveien 7");
    let now = order(shop, &id).await.shipping_address.unwrap();
    assert_eq!(
        (now.city.as_str(), now.postcode.as_deref(), now.name.as_deref()),
        ("Bergen", Some("5003"), Some("Kari Nordmann"))
    );

    once(shop, "note-1", &id, &Action::Note { text: "Called, wants it by Friday".into() }).await;
    once(shop, "note-2", &id, &Action::Note { text: "Leave it with the neighbour".into() }).await;
    let notes = shop.look(&id).notes;
    assert_eq!(notes.matches("Called, wants it by Friday").count(), 1, "{notes}");
    assert_eq!(notes.matches("Leave it with the neighbour").count(), 1, "{notes}");

    once(shop, "note-3", &id, &Action::Note { text: "Called, wants it by Friday".into() }).await;
    assert_eq!(shop.look(&id).notes.matches("Called, wants it by Friday").count(), 2, "the same words on another day");

    if can(shop, ActionKind::Tag) {
        once(shop, "tag-1", &id, &Action::Tag { add: vec!["vip".into(), "fragile".into()], remove: Vec::new() }).await;
        once(shop, "tag-2", &id, &Action::Tag { add: Vec::new(), remove: vec!["fragile".into()] }).await;
        assert_eq!(shop.look(&id).tags, ["vip"]);
    }
    if can(shop, ActionKind::Hold) {
        once(shop, "hold-1", &id, &Action::Hold { reason: "Address is odd".into() }).await;
        assert!(shop.look(&id).held);
        once(shop, "release-1", &id, &Action::Release).await;
        assert!(!shop.look(&id).held);
    }
    if can(shop, ActionKind::ResendConfirmation) {
        let before = shop.mails();
        execute(shop, "resend-1", &id, &Action::ResendConfirmation).await.unwrap();
        assert_eq!(shop.mails(), before + 1);
        assert!(matches!(
            look_up(shop, "resend-1", &id, &Action::ResendConfirmation).await,
            Found::Unknown(_) | Found::Done(_)
        ));
    }
}

pub async fn gives_for_the_next_order(shop: &dyn Driver) {
    let id = place(shop);
    let percent = Action::Discount { percent: Some(15), amount: None, days: Some(30) };
    let code = once(shop, "discount-1", &id, &percent).await.code.unwrap();
    let amount = Action::Discount { percent: None, amount: Some(1500), days: None };
    let other = once(shop, "discount-2", &id, &amount).await.code.unwrap();
    assert!(code.len() >= 10 && code != other);
    for odd in [(None, None), (Some(0), None), (Some(101), None), (None, Some(0)), (Some(10), Some(10))] {
        let odd = Action::Discount { percent: odd.0, amount: odd.1, days: None };
        assert!(matches!(execute(shop, "odd", &id, &odd).await, Err(Error::Invalid(_))), "{odd:?}");
    }
    let credit = Action::StoreCredit { amount: 2500, reason: "Sorry".into() };
    if can(shop, ActionKind::StoreCredit) {
        let done = once(shop, "credit-1", &id, &credit).await;
        assert_eq!(done.amount, 2500);
        let lost = place(shop);
        shop.mood().lock().unwrap().lose = 1;
        assert!(matches!(execute(shop, "credit-2", &lost, &credit).await, Err(Error::Upstream { .. })));
        execute(shop, "credit-2", &lost, &credit).await.unwrap();
    } else {
        assert!(matches!(execute(shop, "credit-1", &id, &credit).await, Err(Error::Refused { .. })));
    }
    let to_credit = Action::Refund {
        lines: Vec::new(),
        amount: Some(900),
        shipping: 0,
        restock: false,
        to: RefundTo::StoreCredit,
        reason: String::new(),
        notify: false,
    };
    match execute(shop, "to-credit", &id, &to_credit).await {
        Ok(done) => assert_eq!(done.amount, 900),
        Err(error) => {
            assert!(matches!(error, Error::Refused { .. }) && !can(shop, ActionKind::StoreCredit), "{error:?}");
        }
    }
}

pub async fn sends_again_and_takes_back(shop: &dyn Driver) {
    let id = place(shop);
    let line = order(shop, &id).await.lines[0].clone();
    let one = vec![Pieces { line: line.id.clone(), quantity: 1 }];
    let before = shop.orders();
    let replacement = Action::Replacement { lines: one.clone(), reason: "Lost on the way".into() };
    let done = once(shop, "replace-1", &id, &replacement).await;
    assert_eq!(shop.orders(), before + 1, "one new order");
    let new = order(shop, &done.reference.unwrap()).await;
    assert_eq!((new.totals.total, new.lines.len(), new.lines[0].quantity), (0, 1, 1));
    assert_eq!(new.shipping_address.unwrap().line1, "Storgata 1");
    assert_eq!(Some(new.number), done.code);
    shop.mood().lock().unwrap().lose = 1;
    assert!(matches!(execute(shop, "replace-2", &id, &replacement).await, Err(Error::Upstream { .. })));
    execute(shop, "replace-2", &id, &replacement).await.unwrap();
    assert_eq!(shop.orders(), before + 2);

    let back = Action::Return { lines: one.clone(), reason: "Too small".into() };
    if !can(shop, ActionKind::Return) {
        assert!(matches!(execute(shop, "return-1", &id, &back).await, Err(Error::Refused { .. })));
        return;
    }
    assert!(matches!(execute(shop, "return-0", &id, &back).await, Err(Error::Refused { .. })), "it was not sent yet");
    shop.ship(&id);
    once(shop, "return-1", &id, &back).await;
    assert_eq!(shop.look(&id).returns, 1);
    let variant = line.variant.unwrap();
    let with = vec![Wished { product: line.product.unwrap(), variant, quantity: 1 }];
    once(shop, "exchange-1", &id, &Action::Exchange { lines: one.clone(), with, reason: String::new() }).await;
    assert_eq!(shop.look(&id).returns, 2);
    assert!(
        matches!(execute(shop, "return-2", &id, &back).await, Err(Error::Refused { .. })),
        "both pieces come back already"
    );
    assert_eq!(shop.look(&id).refunded, 0, "no money moves");
}
