//! An item is exchanged for another product of the shop: for what costs as much or less, and the rest goes back once.

use base::{HOUR, MINUTE, Stamp};
use connectors::{
    order::{Fulfilment, Product, Shipment, Variant},
    platform::News,
};
use serde_json::json;

use crate::{
    actions::{id_of, shop_story},
    products::sells,
    returns::policy,
    returns_portal::{Page, found},
    track,
};

fn product(id: &str, title: &str, price: i64, stock: i64) -> News {
    let stock = Some(stock);
    let variant = Variant { id: format!("v-{id}"), price, currency: "EUR".into(), stock, ..Variant::default() };
    let variants = vec![variant];
    News::Product(Box::new(Product {
        id: id.into(),
        title: title.into(),
        active: true,
        variants,
        ..Product::default()
    }))
}

shop_story!(something_else_is_had_for_less_and_the_rest_goes_back, |app, shop| async move {
    let now = app.app.now();
    {
        let mut inner = shop.0.lock().unwrap();
        inner.changes = true;
        let order = &mut inner.orders[0];
        order.fulfilment = Fulfilment::Fulfilled;
        order.changed_at = Some(Stamp(now));
        order.lines[0].shipped = 1;
        order.shipments = vec![Shipment {
            id: "s1".into(),
            shipped_at: Some(Stamp(now - 48 * HOUR)),
            delivered_at: Some(Stamp(now - 24 * HOUR)),
            ..Shipment::default()
        }];
    }
    app.clock.forward(MINUTE);
    assert_eq!(app.get(&format!("/api/v1/orders/{}?fresh=true", id_of(&app, "FV-1").await)).await.0, 200);
    let goods = vec![
        product("cheap", "Kjerag 2 tent", 39_900, 2),
        product("dear", "Kjerag 4 tent", 49_900, 2),
        product("gone", "Kjerag 1 tent", 29_900, 0),
    ];
    sells(&app, 1, goods).await;
    let kept = |policy: &mut serde_json::Value| policy["rules"] = json!([{ "name": "Keep", "then": { "keep": true } }]);
    policy(&app, kept).await;
    let outcome = async || {
        let items = found(&app, "FV-1", "jo@post.example").await;
        items.send(&app, &[("item0", "1")]).await.send_parts(&app, &[("reason0", "too_small")], None).await
    };
    assert!(!outcome().await.html.contains("value=\"exchange\""), "off until the shop says so");
    policy(&app, |policy| {
        kept(policy);
        policy["other_products"] = json!(true);
    })
    .await;
    let begun = outcome().await;
    let link = begun.html.split_once("class=\"hint\"><a href=\"").unwrap().1.split_once('"').unwrap().0.to_owned();
    let looked = Page::open(&app, &format!("{link}&q=kjer")).await;
    looked.says("Kjerag 2 tent");
    looked.says("EUR 30.00 go back to you");
    assert!(!looked.html.contains("Kjerag 4") && !looked.html.contains("Kjerag 1"), "{}", looked.html);
    let action = looked.html.split_once("method=\"post\" action=\"").unwrap().1.split_once('"').unwrap().0.to_owned();
    let pick = async |product: &str| {
        let kind = format!("v-{product}");
        let fields = [("item", "0"), ("pick", "0"), ("product0", product), ("kind0", kind.as_str())];
        let answer = track::send(&app.nobody(), &action, &fields).await;
        Page::open(&app, track::goes_to(&answer)).await
    };
    assert!(pick("dear").await.path.contains("/other?"), "what costs more cannot be had, whatever is sent");
    let picked = pick("cheap").await;
    picked.says("Kjerag 2 tent: EUR 30.00 go back to you");
    let send = picked.send(&app, &[("outcome", "exchange"), ("wish-1", "other")]).await;
    send.says("You get instead:");
    send.send(&app, &[]).await.says("You get what you chose in exchange.");
    for _ in 0..4 {
        app.later(2 * MINUTE).await;
    }
    let order = shop.order("fv-1");
    assert_eq!(order.totals.refunded, 3000);
    assert_eq!(shop.0.lock().unwrap().done.values().map(|(times, _)| *times).collect::<Vec<_>>(), [1, 1]);
    let (_, deeds) = app.get(&format!("/api/v1/orders/{}/actions", id_of(&app, "FV-1").await)).await;
    let exchange = &deeds["data"][1]["action"];
    assert_eq!(exchange["with"], json!([{ "product": "cheap", "variant": "v-cheap", "quantity": 1 }]), "{deeds}");
});
