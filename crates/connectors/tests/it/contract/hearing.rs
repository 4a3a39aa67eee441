//! Calls of the platform: known by their signature, each once, in any order.

use base::Error;
use connectors::platform::{Call, News};

use super::{Driver, call, order};
use crate::standins::mood::NewOrder;

const HERE: &str = "https://desk.fjellvik.example/hooks/1";

/// What a call says, if it is the platform's.
fn heard(shop: &dyn Driver, call: &Call) -> Vec<News> {
    shop.platform().vouch(&shop.store(), call).unwrap();
    shop.platform().hear(&shop.store(), call).unwrap()
}

fn about(news: &News) -> Option<&str> {
    match news {
        News::Order(order) => Some(&order.id),
        News::OrderChanged { id } | News::OrderDeleted { id, .. } => Some(id),
        _ => None,
    }
}

/// Asked twice, it tells everything once; nothing after it was told to stop.
pub async fn tells_once(shop: &dyn Driver) {
    let (platform, store) = (shop.platform(), shop.store());
    platform.subscribe(&store, HERE).await.unwrap();
    platform.subscribe(&store, HERE).await.unwrap();
    shop.calls();
    let id = shop.place(&NewOrder::by("a@mail.example").with("Wool sweater", 1, 4900));
    let calls: Vec<_> = shop.calls().iter().map(call).collect();
    let told: Vec<_> =
        calls.iter().flat_map(|call| heard(shop, call)).filter(|news| about(news) == Some(&id)).collect();
    assert_eq!(told.len(), 1, "{told:?}");
    platform.unsubscribe(&store, HERE).await.unwrap();
    platform.unsubscribe(&store, HERE).await.unwrap();
    shop.touch(&id);
    assert!(shop.calls().is_empty());
}

/// The same call again has the same key, another call has another; what is forged is not heard.
pub async fn knows_its_own_calls(shop: &dyn Driver) {
    let (platform, store) = (shop.platform(), shop.store());
    platform.subscribe(&store, HERE).await.unwrap();
    shop.calls();
    let id = shop.place(&NewOrder::by("a@mail.example").with("Wool sweater", 1, 4900));
    let mut calls: Vec<_> = shop.calls().iter().map(call).collect();
    for _ in 0..2 {
        shop.touch(&id);
        calls.extend(shop.calls().iter().map(call));
    }
    let mut keys: Vec<_> = calls.iter().map(|call| platform.vouch(&store, call).unwrap().key).collect();
    assert_eq!(platform.vouch(&store, &calls[0].clone()).unwrap().key, keys[0]);
    keys.sort();
    keys.dedup();
    assert_eq!(keys.len(), calls.len(), "every call has its own key");
    for call in &calls {
        let unsigned = Call { headers: Vec::new(), ..call.clone() };
        let empty = Call { body: Vec::new(), ..call.clone() };
        let mut other = store.clone();
        for secret in ["client_secret", "consumer_secret"] {
            if other.settings[secret].is_string() {
                other.settings[secret] = "another".into();
            }
        }
        for (why, store, forged) in [
            ("changed", &store, shop.forged(call)),
            ("not signed", &store, unsigned),
            ("empty", &store, empty),
            ("of another shop", &other, call.clone()),
        ] {
            let vouched = platform.vouch(store, &forged);
            assert!(matches!(vouched, Err(Error::Unauthorized(_))), "{why}: {vouched:?}");
        }
    }
    // Nonsense that is signed is said to be nonsense, and breaks nothing.
    let nonsense = Call { body: b"[1, 2".to_vec(), ..calls[0].clone() };
    assert!(matches!(platform.hear(&store, &nonsense), Err(Error::Malformed(_))));
}

/// Later news that comes first is not undone by what comes after it: each says when it was, or only that it changed.
pub async fn comes_in_any_order(shop: &dyn Driver) {
    let (platform, store) = (shop.platform(), shop.store());
    platform.subscribe(&store, HERE).await.unwrap();
    let id = shop.place(&NewOrder::by("a@mail.example").with("Wool sweater", 1, 4900));
    shop.touch(&id);
    shop.touch(&id);
    let now = order(shop, &id).await;
    let mut calls: Vec<_> = shop.calls().iter().map(call).collect();
    calls.reverse();
    let mut newest = None;
    for news in calls.iter().flat_map(|call| heard(shop, call)).filter(|news| about(news) == Some(&id)) {
        match news {
            News::Order(order) => {
                assert!(order.changed_at.is_some(), "what is told whole says when it was");
                newest = newest.max(order.changed_at);
            }
            News::OrderChanged { .. } => newest = newest.max(order(shop, &id).await.changed_at),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(newest, now.changed_at);
    shop.delete_order(&id);
    let calls: Vec<_> = shop.calls().iter().map(call).collect();
    let told: Vec<_> = calls.iter().flat_map(|call| heard(shop, call)).collect();
    assert!(
        told.iter().any(
            |one| matches!(one, News::OrderChanged { id: said } | News::OrderDeleted { id: said, .. } if *said == id)
        ),
        "{told:?}"
    );
}
