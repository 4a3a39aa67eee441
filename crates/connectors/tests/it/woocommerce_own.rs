//! What only WooCommerce does: keys that only read, numbers of plugins, taxes beside the prices, odd refusals.

use std::sync::Arc;

use base::Error;
use connectors::{
    action::{Action, RefundTo},
    order::{Fulfilment, Order, Payment, Pieces},
    platform::{Call, Found, Kind, News, Platform, Store},
    platforms::woocommerce::WooCommerce,
};
use serde_json::{Value, json};

use crate::{
    shared,
    standins::{mood::NewOrder, woocommerce::Shop},
};

fn platform() -> WooCommerce {
    WooCommerce::new(Arc::new(|| 1_793_491_200_000), reqwest::Client::new())
}

fn store(shop: &Shop) -> Store {
    Store { id: 1, name: "Fjellvik".into(), settings: shop.settings() }
}

async fn order(shop: &Shop, id: &str) -> Order {
    platform().order(&store(shop), id).await.unwrap().unwrap()
}

fn refund(lines: Vec<Pieces>, amount: Option<i64>, shipping: i64) -> Action {
    let (to, reason) = (RefundTo::Original, "Broken".into());
    Action::Refund { lines, amount, shipping, restock: true, to, reason, notify: false }
}

#[tokio::test]
async fn a_key_that_only_reads_is_named() {
    let shop = Shop::open().await;
    *shop.reads_only.lock().unwrap() = true;
    let about = platform().about(&store(&shop)).await.unwrap();
    assert!(about.problems[0].contains("Read/Write"), "{about:?}");
    let id = shop.place(&NewOrder::by("a@mail.example").with("Wool sweater", 1, 4900));
    let seen = order(&shop, &id).await;
    let Err(Error::Refused { why }) = platform().execute(&store(&shop), "k", &seen, &refund(Vec::new(), None, 0)).await
    else {
        panic!("it may not")
    };
    assert!(why.contains("Read/Write"), "{why}");
    let mut wrong = store(&shop);
    wrong.settings["consumer_secret"] = json!("cs_another");
    assert!(matches!(platform().about(&wrong).await, Err(Error::Refused { .. })));
    wrong.settings["address"] = json!(format!("{}/not/here", shop.address));
    let Err(Error::Refused { why }) = platform().about(&wrong).await else { panic!("nothing is there") };
    assert!(why.contains("permalinks"), "{why}");
}

#[tokio::test]
async fn numbers_of_a_plugin_are_found() {
    let shop = Shop::open().await;
    shop.state().numbers = true;
    let id = shop.place(&NewOrder::by("a@mail.example").with("Wool sweater", 1, 4900));
    let seen = order(&shop, &id).await;
    assert_eq!(seen.number, format!("FV-{}", id.parse::<u64>().unwrap() + 19_000));
    for typed in [seen.number.clone(), seen.number.to_lowercase(), seen.number.replace("FV-", "")] {
        let found = platform().by_number(&store(&shop), &typed).await.unwrap();
        assert_eq!(found.iter().map(|order| &order.id).collect::<Vec<_>>(), [&id], "{typed}");
    }
    assert!(platform().by_number(&store(&shop), &id).await.unwrap().is_empty(), "the id is no number there");
}

#[tokio::test]
async fn an_order_waiting_for_its_payment_is_not_let_go() {
    let shop = Shop::open().await;
    let mut new = NewOrder::by("a@mail.example").with("Wool sweater", 1, 4900);
    new.paid = false;
    let id = shop.place(&new);
    shop.state().change(id.parse().unwrap(), |order| order["status"] = json!("on-hold"));
    let seen = order(&shop, &id).await;
    assert_eq!((seen.payment, seen.fulfilment), (Payment::Pending, Fulfilment::OnHold));
    let let_go = platform().execute(&store(&shop), "k", &seen, &Action::Release).await;
    assert!(matches!(let_go, Err(Error::Refused { .. })), "{let_go:?}");
    assert_eq!(shop.look(&id).unwrap()["status"], "on-hold");
}

#[tokio::test]
async fn a_provider_that_cannot_give_back_is_a_refusal_in_its_words() {
    let shop = Shop::open().await;
    let id = shop.place(&NewOrder::by("a@mail.example").with("Wool sweater", 1, 4900));
    shop.state().change(id.parse().unwrap(), |order| order["payment_method"] = json!("cod"));
    let seen = order(&shop, &id).await;
    let done = platform().execute(&store(&shop), "k", &seen, &refund(Vec::new(), None, 0)).await;
    let Err(Error::Refused { why }) = done else { panic!("{done:?}") };
    assert!(why.contains("does not support automatic refunds"), "{why}");
}

#[tokio::test]
async fn a_refund_that_was_only_recorded_is_for_people() {
    let shop = Shop::open().await;
    let id = shop.place(&NewOrder::by("a@mail.example").with("Wool sweater", 1, 4900));
    let action = refund(Vec::new(), Some(900), 0);
    platform().execute(&store(&shop), "k", &order(&shop, &id).await, &action).await.unwrap();
    // It died between writing it down and asking the payment's provider.
    for refund in shop.state().refunds.values_mut() {
        refund["refunded_payment"] = json!(false);
    }
    let seen = order(&shop, &id).await;
    let Found::Unknown(why) = platform().look_up(&store(&shop), "k", &seen, &action).await.unwrap() else {
        panic!("nobody can know")
    };
    assert!(why.contains("provider"), "{why}");
    let again = platform().execute(&store(&shop), "k", &seen, &action).await;
    assert!(matches!(again, Err(Error::Upstream { .. })), "it is not done again: {again:?}");
    assert_eq!(shop.state().money(id.parse().unwrap()).1, 900);
}

/// Taxes stand beside the prices, to be given back each to its own rate, to the last cent.
#[tokio::test]
async fn taxes_go_back_with_their_pieces() {
    let shop = Shop::open().await;
    let mut new = NewOrder::by("a@mail.example").with("Wool sweater", 3, 1000);
    new.shipping = 500;
    let id = shop.place(&new);
    shop.state().change(id.parse().unwrap(), |order| {
        order["prices_include_tax"] = json!(false);
        order["line_items"][0]["total_tax"] = json!("2.50");
        order["line_items"][0]["subtotal_tax"] = json!("2.50");
        order["line_items"][0]["taxes"] = json!([{ "id": 75, "total": "2.499", "subtotal": "2.499" }]);
        order["total_tax"] = json!("2.50");
        order["total"] = json!("37.50");
    });
    let seen = order(&shop, &id).await;
    assert_eq!((seen.lines[0].price, seen.lines[0].total, seen.totals.total), (1000, 3250, 3750));
    let mut sum = 0;
    for piece in 0..3 {
        let lines = vec![Pieces { line: seen.lines[0].id.clone(), quantity: 1 }];
        let now = order(&shop, &id).await;
        let action = refund(lines, None, if piece == 2 { 500 } else { 0 });
        let preview = platform().preview(&store(&shop), &now, &action).await.unwrap();
        let done = platform().execute(&store(&shop), &format!("k-{piece}"), &now, &action).await.unwrap();
        assert_eq!(done.amount, preview.amount);
        sum += done.amount;
    }
    assert_eq!(sum, 3750, "all of it, and no cent more");
    assert_eq!(order(&shop, &id).await.payment, Payment::Refunded);
}

#[tokio::test]
async fn a_recorded_order_is_understood() {
    let Some(recorded) = shared::data("payloads/woocommerce/order.json") else { return };
    let body = std::fs::read(recorded).unwrap();
    let shop = Shop::open().await;
    let headers = vec![("x-wc-webhook-topic".to_owned(), "order.updated".to_owned())];
    let news = platform().hear(&store(&shop), &Call { headers, body }).unwrap();
    let [News::Order(order)] = &news[..] else { panic!("{news:?}") };
    assert_eq!((order.id.as_str(), order.number.as_str(), order.currency.as_str()), ("727", "727", "USD"));
    assert_eq!(
        (order.totals.total, order.totals.paid, order.totals.tax, order.totals.shipping),
        (2935, 2935, 135, 1000)
    );
    assert_eq!((order.payment, order.fulfilment), (Payment::Paid, Fulfilment::Unfulfilled));
    assert_eq!((order.lines[0].quantity, order.lines[0].total, order.lines[0].tax), (2, 645, 45));
    assert_eq!(order.lines[1].variant.as_deref(), Some("23"));
    assert_eq!(order.buyer.email.as_deref(), Some("john.doe@example.com"));
    assert_eq!(order.buyer.id, None, "a guest");
    assert_eq!(order.placed_at.unwrap().to_string(), "2017-03-22T19:28:02.000Z");
}

/// Unsigned and empty, sent when a webhook is made: no forgery, and no news.
#[tokio::test]
async fn the_ping_says_nothing() {
    let shop = Shop::open().await;
    let (platform, store) = (platform(), store(&shop));
    platform.subscribe(&store, "https://desk.example/hooks/1").await.unwrap();
    let pings = shop.calls();
    assert!(!pings.is_empty());
    for ping in &pings {
        let call = Call { headers: ping.headers.clone(), body: ping.body.clone() };
        assert_eq!(platform.vouch(&store, &call).unwrap().key, "ping", "all are one");
        assert_eq!(platform.hear(&store, &call).unwrap(), []);
    }
    let topic = vec![("x-wc-webhook-topic".to_owned(), "order.deleted".to_owned())];
    let dressed_up = Call { headers: topic, body: b"{\"id\":1}".to_vec() };
    assert!(matches!(platform.vouch(&store, &dressed_up), Err(Error::Unauthorized(_))));
}

/// WooCommerce switches off a webhook whose deliveries failed five times.
#[tokio::test]
async fn asking_again_switches_webhooks_on() {
    let shop = Shop::open().await;
    let (platform, store) = (platform(), store(&shop));
    platform.subscribe(&store, "https://desk.example/hooks/1").await.unwrap();
    let many = shop.state().webhooks.len();
    for hook in shop.state().webhooks.values_mut() {
        hook["status"] = json!("disabled");
    }
    platform.subscribe(&store, "https://desk.example/hooks/1").await.unwrap();
    let state = shop.state();
    assert_eq!(state.webhooks.len(), many);
    assert!(state.webhooks.values().all(|hook| hook["status"] == "active"));
}

/// So many orders in one second that they fill pages: each comes once.
#[tokio::test]
async fn a_second_full_of_orders_is_read_once() {
    let shop = Shop::open().await;
    shop.generate(250);
    {
        let mut state = shop.state();
        let ids: Vec<u64> = state.orders.keys().copied().collect();
        let at = state.now;
        for id in ids {
            let order = state.orders.get_mut(&id).unwrap();
            order["date_modified_gmt"] = json!("2026-11-02T00:00:00");
            order["__changed"] = json!(at);
        }
        let ids: Vec<u64> = state.orders.keys().copied().collect();
        let changed = state.changed.get_mut("orders").unwrap();
        changed.clear();
        changed.extend(ids.into_iter().map(|id| (1_793_577_600_000, id)));
    }
    let (mut next, mut ids): (Option<Value>, _) = (None, Vec::new());
    loop {
        let batch = platform().read(&store(&shop), Kind::Orders, None, next.as_ref()).await.unwrap();
        ids.extend(batch.news.into_iter().map(|news| match news {
            News::Order(order) => order.id,
            other => panic!("{other:?}"),
        }));
        next = batch.next;
        if next.is_none() {
            break;
        }
    }
    let all = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!((ids.len(), all), (250, 250));
}
