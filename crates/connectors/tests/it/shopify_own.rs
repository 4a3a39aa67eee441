//! What only Shopify does: points, rights, installations, its own webhooks.

use std::sync::Arc;

use aws_lc_rs::hmac;
use base::Error;
use connectors::{
    action::{Action, RefundTo},
    platform::{Batch, Call, Kind, News, Platform, PrivacyKind, Store, Wanted},
    platforms::shopify::Shopify,
};
use serde_json::{Value, json};

use crate::{
    shared,
    standins::{
        mood::{Mood, NewOrder},
        shopify::{CLIENT, SECRET, Shop, TOKEN},
    },
};

fn platform() -> Shopify {
    Shopify::new(Arc::new(|| 1_793_491_200_000), reqwest::Client::new())
}

fn store(settings: Value) -> Store {
    Store { id: 1, name: "Fjellvik".into(), settings }
}

async fn read_all(platform: &Shopify, store: &Store) -> (usize, Vec<usize>, i64) {
    let (mut next, mut sizes, mut paused) = (None, Vec::new(), 0);
    loop {
        let batch = platform.read(store, Kind::Orders, None, next.as_ref()).await.unwrap();
        sizes.push(batch.news.len());
        paused += batch.pause;
        tokio::time::sleep(std::time::Duration::from_millis(batch.pause.unsigned_abs())).await;
        match batch.next {
            Some(place) => next = Some(place),
            None => return (sizes.iter().sum(), sizes, paused),
        }
    }
}

#[tokio::test]
async fn parts_grow_to_what_fits() {
    let shop = Shop::open().await;
    shop.generate(700);
    let (all, sizes, _) = read_all(&platform(), &store(shop.settings())).await;
    assert_eq!((all, sizes[0]), (700, 10), "{sizes:?}");
    assert!(sizes.contains(&250), "{sizes:?}");
    // Where a row costs as much as a whole query may, they come few by few, and come nevertheless.
    let dear = Shop::open().await;
    dear.generate(40);
    dear.bucket.lock().unwrap().weight = 0.5;
    let (all, sizes, _) = read_all(&platform(), &store(dear.settings())).await;
    assert_eq!(all, 40);
    assert!(sizes.iter().all(|size| *size <= 10), "{sizes:?}");
}

#[tokio::test]
async fn an_import_leaves_points_for_others() {
    let shop = Shop::open().await;
    shop.generate(1000);
    {
        let mut bucket = shop.bucket.lock().unwrap();
        bucket.fill(1000.0, 2000.0);
    }
    let (platform, store) = (platform(), store(shop.settings()));
    let (all, _, paused) = read_all(&platform, &store).await;
    assert_eq!(all, 1000);
    assert!(paused > 0, "it waited");
    // An agent opens an order at any moment of it.
    let id = shop.place(&NewOrder::by("a@mail.example").with("Wool sweater", 1, 4900));
    assert!(platform.order(&store, &id).await.unwrap().is_some());
}

#[tokio::test]
async fn an_empty_bucket_says_how_long_to_wait() {
    let shop = Shop::open().await;
    let id = shop.place(&NewOrder::by("a@mail.example").with("Wool sweater", 1, 4900));
    shop.bucket.lock().unwrap().fill(50.0, 10.0);
    let throttled = platform().order(&store(shop.settings()), &id).await;
    let Err(Error::Upstream { retry_after: Some(wait), .. }) = throttled else { panic!("{throttled:?}") };
    assert!(wait >= 1000, "{wait}");
}

#[tokio::test]
async fn missing_rights_are_named_and_bind() {
    let shop = Shop::open().await;
    shop.rights.lock().unwrap().retain(|right| !["write_orders", "read_all_orders"].contains(right));
    let (platform, store) = (platform(), store(shop.settings()));
    let about = platform.about(&store).await.unwrap();
    assert_eq!(about.problems.len(), 3, "{:?}", about.problems);
    assert!(about.problems.iter().any(|why| why.contains("read_all_orders") && why.contains("60 days")));
    let id = shop.place(&NewOrder::by("a@mail.example").with("Wool sweater", 1, 4900));
    let order = platform.order(&store, &id).await.unwrap().unwrap();
    let note = Action::Note { text: "Hello".into() };
    let Err(Error::Refused { why }) = platform.execute(&store, "n", &order, &note).await else { panic!("it may not") };
    assert!(why.contains("write_orders"), "{why}");
}

#[tokio::test]
async fn a_wrong_token_says_what_to_do() {
    let shop = Shop::open().await;
    let mut settings = shop.settings();
    settings["access_token"] = json!("shpat_of_yesterday");
    let Err(Error::Refused { why }) = platform().about(&store(settings)).await else { panic!("it is not let in") };
    assert!(why.contains("connect the store again"), "{why}");
}

#[tokio::test]
async fn an_app_of_ones_own_needs_no_token() {
    let shop = Shop::open().await;
    let settings = json!({ "shop": shop.address, "client_id": CLIENT, "client_secret": SECRET });
    let platform = platform();
    platform.check(&settings).unwrap();
    assert_eq!(platform.about(&store(settings.clone())).await.unwrap().name, "Fjellvik");
    let wrong = json!({ "shop": shop.address, "client_id": CLIENT, "client_secret": "another" });
    let Err(Error::Refused { why }) = platform.about(&store(wrong)).await else { panic!("it is not let in") };
    assert!(why.contains("installed in this store"), "{why}");
    // It ended early: a new one is asked for, and nobody notices.
    *shop.token.lock().unwrap() = "shpat_turned_over".into();
    assert_eq!(platform.about(&store(settings)).await.unwrap().name, "Fjellvik");
}

fn signed(fields: &[(&str, &str)]) -> Vec<(String, String)> {
    let mut sorted = fields.to_vec();
    sorted.sort_unstable();
    let query: Vec<_> = sorted.iter().map(|(name, value)| format!("{name}={}", value.replace(':', "%3A"))).collect();
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, SECRET.as_bytes()), query.join("&").as_bytes());
    let tag = tag.as_ref().iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"));
    let hmac = [("hmac", tag.as_str())];
    let all = fields.iter().chain(&hmac).map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    all.collect()
}

#[tokio::test]
async fn an_installation_ends_with_a_token() {
    let shop = Shop::open().await;
    let settings = json!({ "shop": shop.address, "client_id": CLIENT, "client_secret": SECRET });
    let (platform, store) = (platform(), store(settings.clone()));
    let to = platform.install_address(&settings, "https://desk.example/back", "state-1").unwrap().unwrap();
    assert!(to.starts_with(&format!("{}/admin/oauth/authorize?", shop.address)), "{to}");
    assert!(to.contains("state=state-1") && to.contains("redirect_uri=https%3A%2F%2Fdesk.example%2Fback"), "{to}");
    assert!(to.contains("write_orders") && !to.contains(SECRET), "{to}");
    let token_only = json!({ "shop": shop.address, "client_secret": SECRET, "access_token": TOKEN });
    assert_eq!(platform.install_address(&token_only, "https://desk.example/back", "s").unwrap(), None);

    let here = shop.address.trim_start_matches("http://").to_owned();
    let fields = [("code", "good-once"), ("shop", here.as_str()), ("state", "state-1"), ("timestamp", "1793491200")];
    *shop.code.lock().unwrap() = Some("good-once");
    let elsewhere = [("code", "good-once"), ("shop", "evil.myshopify.com"), ("state", "state-1")];
    for (why, query) in [
        ("another shop", signed(&elsewhere)),
        ("not signed", fields.map(|(name, value)| (name.to_owned(), value.to_owned())).into()),
        (
            "changed",
            signed(&fields)
                .into_iter()
                .map(|(name, value)| if name == "state" { (name, "other".into()) } else { (name, value) })
                .collect(),
        ),
    ] {
        let let_in = platform.installed(&store, &query).await;
        assert!(matches!(let_in, Err(Error::Unauthorized(_))), "{why}: {let_in:?}");
    }
    let secrets = platform.installed(&store, &signed(&fields)).await.unwrap();
    assert_eq!(secrets, [("access_token".to_owned(), TOKEN.to_owned())]);
    let again = platform.installed(&store, &signed(&fields)).await;
    assert!(matches!(again, Err(Error::Refused { .. })), "a code is good once: {again:?}");
}

#[tokio::test]
async fn privacy_and_the_end_are_heard() {
    let shop = Shop::open().await;
    let (platform, store) = (platform(), store(shop.settings()));
    let hear = |topic: &str, body: &Value| {
        let sent = shop.signed(topic, body, "event-1", "");
        let call = Call { headers: sent.headers, body: sent.body };
        platform.vouch(&store, &call).unwrap();
        platform.hear(&store, &call).unwrap()
    };
    let own = shop.address.trim_start_matches("http://").to_owned();
    // As Shopify documents them.
    let customer = json!({ "id": 191_167, "email": "John@Example.com", "phone": "555-625-1199" });
    let asked = json!({ "shop_id": 954_889, "shop_domain": own, "orders_requested": [299_938, 280_263], "customer": customer,
        "data_request": { "id": 9999 } });
    let [News::Privacy(privacy)] = &hear("customers/data_request", &asked)[..] else { panic!("it is about privacy") };
    assert_eq!(privacy.kind, PrivacyKind::Access);
    assert_eq!(privacy.orders, ["gid://shopify/Order/299938", "gid://shopify/Order/280263"]);
    assert_eq!(privacy.buyer.email.as_deref(), Some("john@example.com"));
    assert_eq!(privacy.buyer.id.as_deref(), Some("gid://shopify/Customer/191167"));
    let redact = json!({ "shop_id": 954_889, "shop_domain": own, "customer": customer, "orders_to_redact": [299_938] });
    let [News::Privacy(privacy)] = &hear("customers/redact", &redact)[..] else { panic!("it is about privacy") };
    assert_eq!((privacy.kind, privacy.orders.len()), (PrivacyKind::Erasure, 1));
    let [News::Privacy(privacy)] = &hear("shop/redact", &json!({ "shop_id": 954_889, "shop_domain": own }))[..] else {
        panic!()
    };
    assert_eq!(privacy.kind, PrivacyKind::Store);
    // Which topic it is, and for whom, nobody has signed: what would do more harm than its body asks for is nothing.
    assert_eq!(hear("shop/redact", &redact), []);
    assert_eq!(hear("customers/redact", &asked), []);
    assert_eq!(hear("shop/redact", &json!({ "shop_id": 954_889, "shop_domain": "other.myshopify.com" })), []);
    assert_eq!(hear("app/uninstalled", &json!({ "id": 1 })), []);
    assert_eq!(hear("app/uninstalled", &json!({ "id": 1, "myshopify_domain": own })), [News::Gone]);
    assert_eq!(
        hear("refunds/create", &json!({ "id": 1, "order_id": 2 })),
        [News::OrderChanged { id: "gid://shopify/Order/2".into() }]
    );
    assert_eq!(hear("carts/update", &json!({ "id": "x" })), [], "what nobody asked for says nothing");
    // One app in two stores has one secret: what is about the other store is not ours.
    let mut sent = shop.signed("orders/updated", &json!({ "id": 1 }), "e", "");
    sent.headers.retain(|(name, _)| name != "x-shopify-shop-domain");
    sent.headers.push(("x-shopify-shop-domain".into(), "other.myshopify.com".into()));
    let call = Call { headers: sent.headers, body: sent.body };
    assert!(matches!(platform.vouch(&store, &call), Err(Error::Unauthorized(_))));
}

/// Real answers of Shopify's older API, whose shape its webhooks still have.
#[tokio::test]
async fn recorded_bodies_are_understood() {
    let Some(folder) = shared::data("payloads/shopify_rest") else { return };
    let read = |name: &str| std::fs::read(folder.join(format!("{name}.json"))).unwrap();
    let (order, customer, product) = (read("order"), read("customer"), read("product"));
    let shop = Shop::open().await;
    let (platform, store) = (platform(), store(shop.settings()));
    let hear = |topic: &str, wrapped: &[u8], name: &str| {
        let body: Value = serde_json::from_slice(wrapped).unwrap();
        let body = body.get(name).cloned().unwrap_or(body);
        let sent = shop.signed(topic, &body, "event-1", "");
        (platform.hear(&store, &Call { headers: sent.headers, body: sent.body }).unwrap(), body)
    };
    let (news, body) = hear("orders/updated", &order, "order");
    assert_eq!(news, [News::OrderChanged { id: format!("gid://shopify/Order/{}", body["id"]) }]);
    let (news, body) = hear("products/update", &product, "product");
    assert_eq!(news, [News::ProductChanged { id: format!("gid://shopify/Product/{}", body["id"]) }]);
    let (news, body) = hear("customers/update", &customer, "customer");
    let [News::Buyer(buyer)] = &news[..] else { panic!("{news:?}") };
    assert_eq!(buyer.email.as_deref(), body["email"].as_str().map(str::to_lowercase).as_deref());
    assert_eq!(buyer.id, Some(format!("gid://shopify/Customer/{}", body["id"])));
}

#[tokio::test]
async fn a_test_order_says_so() {
    let shop = Shop::open().await;
    let mut new = NewOrder::by("a@mail.example").with("Wool sweater", 1, 4900);
    new.test = true;
    let id = shop.place(&new);
    let order = platform().order(&store(shop.settings()), &id).await.unwrap().unwrap();
    assert_eq!(order.tags, ["test"]);
}

#[tokio::test]
async fn a_parcel_is_followed() {
    let shop = Shop::open().await;
    let id = shop.place(&NewOrder::by("a@mail.example").with("Wool sweater", 2, 4900));
    shop.state().ship(Shop::number(&id));
    let order = platform().order(&store(shop.settings()), &id).await.unwrap().unwrap();
    let parcel = &order.shipments[0];
    assert_eq!((parcel.carrier.as_deref(), parcel.number.as_deref()), (Some("Posten Norge"), Some("LX123456789NO")));
    assert_eq!((parcel.pieces[0].quantity, order.lines[0].shipped), (2, 2));
    assert_eq!(parcel.scans[0].status, "in_transit");
    assert!(parcel.expected_at > parcel.shipped_at);
}

#[tokio::test]
async fn a_refund_can_go_to_the_account() {
    let shop = Shop::open().await;
    let account = shop.state().add_customer("Ingrid Solberg", "ingrid@mail.example");
    let mut new = NewOrder::by("ingrid@mail.example").with("Wool sweater", 1, 4900);
    new.account = Some(account);
    let id = shop.place(&new);
    let (platform, store) = (platform(), store(shop.settings()));
    let order = platform.order(&store, &id).await.unwrap().unwrap();
    let (lines, to, reason) = (Vec::new(), RefundTo::StoreCredit, String::new());
    let action = Action::Refund { lines, amount: Some(900), shipping: 0, restock: false, to, reason, notify: false };
    platform.execute(&store, "k", &order, &action).await.unwrap();
    let now = platform.order(&store, &id).await.unwrap().unwrap();
    assert_eq!((now.totals.refunded, now.payments[0].refunded), (900, 0), "nothing went back to the card");
}

#[tokio::test]
async fn a_part_that_is_no_place_is_refused() {
    let shop = Shop::open().await;
    let odd = platform().read(&store(shop.settings()), Kind::Orders, None, Some(&json!({ "size": "x" }))).await;
    assert!(odd.is_err());
    let Batch { news, next, .. } = platform().read(&store(shop.settings()), Kind::Orders, None, None).await.unwrap();
    assert!(news.is_empty() && next.is_none());
}

#[tokio::test]
async fn what_stands_before_every_number_may_be_left_away() {
    let shop = Shop::open().await;
    shop.state().prefix = "FV-";
    let id = shop.place(&NewOrder::by("a@mail.example").with("Wool sweater", 1, 4900));
    let digits = Shop::number(&id).to_string();
    for typed in [digits.clone(), format!("FV-{digits}"), format!("fv-{digits}")] {
        let found = platform().by_number(&store(shop.settings()), &typed).await.unwrap();
        assert_eq!(found.iter().map(|order| &order.id).collect::<Vec<_>>(), [&id], "{typed}");
    }
}

/// It is being cancelled by a try whose answer got lost: the next one waits for it, and does not say that it was refused.
#[tokio::test]
async fn a_cancellation_under_way_is_ours() {
    let shop = Shop::open().await;
    let id = shop.place(&NewOrder::by("a@mail.example").with("Wool sweater", 1, 4900));
    let (platform, store) = (platform(), store(shop.settings()));
    let seen = platform.order(&store, &id).await.unwrap().unwrap();
    let action = Action::Cancel { refund: true, restock: true, reason: String::new(), notify: false };
    shop.state().jobs.push((Shop::number(&id), true, "shopbell:cancel-1".into()));
    shop.state().patience = 3;
    let done = platform.execute(&store, "cancel-1", &seen, &action).await.unwrap();
    assert_eq!(done.amount, 4900);
    let other = platform.execute(&store, "cancel-2", &seen, &action).await;
    assert!(matches!(other, Err(Error::Refused { .. })), "{other:?}");
}

/// Store credit carries no key; what was given although nobody heard of it is found, and not given again.
#[tokio::test]
async fn credit_is_given_once() {
    let shop = Shop::open().await;
    let account = shop.state().add_customer("Ingrid Solberg", "ingrid@mail.example");
    let mut new = NewOrder::by("ingrid@mail.example").with("Wool sweater", 1, 4900);
    new.account = Some(account);
    let id = shop.place(&new);
    let (platform, store) = (platform(), store(shop.settings()));
    let seen = platform.order(&store, &id).await.unwrap().unwrap();
    let action = Action::StoreCredit { amount: 2500, reason: String::new() };
    let balance =
        || shop.state().customers[&account]["storeCreditAccounts"][0]["_balance"].as_i64().unwrap_or_default();
    // First the mark gets lost, then the credit itself.
    for (spare, lose, given) in [(0, 1, 0), (1, 1, 2500), (0, 0, 2500)] {
        *shop.mood.lock().unwrap() = Mood { lose, spare, ..Mood::default() };
        let done = platform.execute(&store, "credit-1", &seen, &action).await;
        assert_eq!(done.is_ok(), lose == 0, "{done:?}");
        assert_eq!(balance(), given);
    }
    platform.execute(&store, "credit-2", &seen, &action).await.unwrap();
    assert_eq!(balance(), 5000);
}

/// With everything dear, it is asked for in pieces: all of a shopper's orders, and all that hangs on one.
#[tokio::test]
async fn what_is_dear_is_asked_for_in_pieces() {
    let shop = Shop::open().await;
    let ids: Vec<_> =
        (0..23).map(|_| shop.place(&NewOrder::by("many@mail.example").with("Wool sweater", 40, 100))).collect();
    let (platform, store) = (platform(), store(shop.settings()));
    for place in 0..12 {
        let seen = platform.order(&store, &ids[0]).await.unwrap().unwrap();
        let (lines, to, reason) = (Vec::new(), RefundTo::Original, String::new());
        let action = Action::Refund { lines, amount: Some(10), shipping: 0, restock: false, to, reason, notify: false };
        platform.execute(&store, &format!("k-{place}"), &seen, &action).await.unwrap();
    }
    shop.bucket.lock().unwrap().weight = 0.5;
    let emails = vec!["many@mail.example".to_owned()];
    let found = platform.orders_of(&store, &Wanted { emails, ..Wanted::default() }).await.unwrap();
    let newest: Vec<_> = ids.iter().rev().cloned().collect();
    assert_eq!(found.into_iter().map(|order| order.id).collect::<Vec<_>>(), newest);
    let first = platform.order(&store, &ids[0]).await.unwrap().unwrap();
    assert_eq!((first.totals.refunded, first.payments[0].refunded), (120, 120), "every payment counts");
    assert_eq!(first.refunds.len(), 12);
}
