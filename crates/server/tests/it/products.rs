//! What a store sells is found by its name.

use connectors::{
    order::{Product, Variant},
    platform::News,
};
use desk::stores::{self, StoreId, Way};
use serde_json::json;

use crate::{harness::TestApp, stores::store};

fn product(id: &str, title: &str, sku: &str, active: bool) -> News {
    let variant = |name: &str, stock| Variant {
        id: format!("{id}-{name}"),
        sku: Some(format!("{sku}-{name}")),
        title: name.into(),
        price: 4900,
        currency: "EUR".into(),
        stock,
        ..Variant::default()
    };
    let variants = vec![variant("S", Some(3)), variant("M", None)];
    News::Product(Box::new(Product { id: id.into(), title: title.into(), active, variants, ..Product::default() }))
}

pub async fn sells(app: &TestApp, store: i64, news: Vec<News>) {
    let mut tx = app.app.begin(base::Actor::System).await.unwrap();
    let store = stores::find(&mut tx, StoreId(store)).await.unwrap();
    stores::take(&mut tx, &store, news, Way::News).await.unwrap();
    tx.commit().await.unwrap();
}

story!(products_are_found_by_the_beginning_of_any_word, |app| async move {
    let store = store(&app).await;
    let all = vec![
        product("p1", "Skarv 2 Tent", "SK2", true),
        product("p2", "Skarv 4 tent Öst", "SK4", true),
        product("p3", "Nupp headlamp", "NU", true),
        product("p4", "Skarv old tent", "SKO", false),
    ];
    sells(&app, store, all).await;
    let agent = app.as_role("agent").await;
    let found = async |q: &str| {
        let (status, page) = agent.get(&format!("/api/v1/stores/{store}/products?q={q}")).await;
        assert_eq!(status, 200, "{page}");
        let ids: Vec<_> =
            page["data"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect();
        ids.join(" ")
    };
    for (q, ids) in [
        ("skarv", "p1 p2"),
        ("TENT%20sk", "p1 p2"),
        ("4%20sk", "p2"),
        ("%C3%B6st", "p2"),
        ("sk2-m", "p1"),
        ("headl", "p3"),
        ("lamp", ""),
        ("%25", ""),
        ("", "p1 p2 p3"),
    ] {
        assert_eq!(found(q).await, ids, "{q}");
    }
    let (_, first) = agent.get(&format!("/api/v1/stores/{store}/products?q=s&limit=1")).await;
    assert_eq!(first["data"][0]["variants"][0]["stock"], 3, "{first}");
    let next = first["next"].as_str().unwrap();
    let (_, second) = agent.get(&format!("/api/v1/stores/{store}/products?q=s&limit=1&after={next}")).await;
    assert_eq!((&second["data"][0]["id"], &second["next"]), (&json!("p2"), &json!(null)), "{second}");
    // What is called something else is found by that, and no more by what it was; what is gone is not found.
    sells(&app, store, vec![product("p1", "Kjerag shelter", "SK2", true), News::ProductDeleted { id: "p2".into() }])
        .await;
    assert_eq!((found("skarv").await, found("shel").await), (String::new(), "p1".to_owned()));
    assert_eq!(app.nobody().get(&format!("/api/v1/stores/{store}/products")).await.0, 401);
    assert_eq!(agent.get("/api/v1/stores/999/products").await.0, 404);
});
