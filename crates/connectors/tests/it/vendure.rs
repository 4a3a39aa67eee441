//! A Vendure shop, from its first order to its last refund.

use connectors::{
    action::{Action, RefundTo},
    order::{Address, Fulfilment, OrderState, Payment},
    platform::{Done, Found, Kind, News, Wanted},
};
use serde_json::{Value, json};

use crate::{
    engines::{Ears, Vendure, Visit},
    harness::{House, NOW, asked_for, assert_refused, call, pieces, refund},
};

const BASKET: &[(&str, i64)] = &[("MUG", 2), ("SWEATER-M", 1)];

fn house(vendure: &Vendure) -> House {
    House::new("vendure", json!({ "address": vendure.address, "key": vendure.key }))
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

async fn stock(house: &House, sku: &str) -> i64 {
    let product = house.platform().product(&house.store, "1").await.unwrap().unwrap();
    product.variants.iter().find(|one| one.sku.as_deref() == Some(sku)).unwrap().stock.unwrap()
}

/// Stories share a shop, because starting one costs more than most of them.
#[tokio::test(flavor = "multi_thread")]
async fn a_vendure_shop_is_read() {
    if !asked_for() {
        return;
    }
    let vendure = Vendure::start().unwrap();
    let house = house(&vendure);
    all_is_read_though_reading_breaks_off(&vendure, &house).await;
    an_order_is_read_as_its_buyer_knows_it(&vendure, &house).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_vendure_shop_is_acted_in_and_heard() {
    if !asked_for() {
        return;
    }
    let vendure = Vendure::start().unwrap();
    let house = house(&vendure);
    changes_are_told_and_nobody_else_tells(&vendure, &house).await;
    an_order_is_changed_and_cancelled(&vendure, &house).await;
    money_goes_back_once(&vendure, &house).await;
}

async fn an_order_is_read_as_its_buyer_knows_it(vendure: &Vendure, house: &House) {
    let platform = house.platform();
    let about = platform.about(&house.store).await.unwrap();
    assert_eq!(about.currency.as_deref(), Some("EUR"));
    assert!(about.problems.is_empty(), "{:?}", about.problems);

    let placed = vendure.place("ada@example.com", BASKET, false).await.unwrap();
    let order = house.order(&text(&placed["id"])).await;
    assert_eq!(order.number, text(&placed["code"]));
    assert_eq!((order.currency.as_str(), order.totals.total, order.totals.shipping), ("EUR", 11_980, 490));
    assert_eq!((order.totals.paid, order.payment), (11_980, Payment::Paid));
    assert_eq!(
        (order.buyer.email.as_deref(), &order.buyer.id),
        (Some("ada@example.com"), &None),
        "a guest has no account"
    );
    let mug = order.lines.iter().find(|line| line.sku.as_deref() == Some("MUG")).unwrap();
    assert_eq!((mug.title.as_str(), mug.quantity, mug.price, mug.total, mug.tax), ("Spruce mug", 2, 1250, 2500, 417));
    assert_eq!(order.shipping_address.as_ref().unwrap().country, "DE");
    let held = vendure.place("ada@example.com", BASKET, true).await.unwrap();
    assert_eq!(house.order(&text(&held["id"])).await.payment, Payment::Authorized);

    let by_number = platform.by_number(&house.store, &order.number.to_lowercase()).await.unwrap();
    assert_eq!(by_number.iter().map(|one| &one.id).collect::<Vec<_>>(), [&order.id]);
    assert!(platform.by_number(&house.store, "NOPE").await.unwrap().is_empty());
    let wanted = Wanted { emails: vec!["ada@example.com".into()], ..Wanted::default() };
    let theirs = platform.orders_of(&house.store, &wanted).await.unwrap();
    assert_eq!(theirs.iter().map(|one| one.id.clone()).collect::<Vec<_>>(), [text(&held["id"]), order.id.clone()]);
    assert!(platform.orders_of(&house.store, &Wanted::default()).await.unwrap().is_empty());
    assert!(platform.order(&house.store, "999").await.unwrap().is_none());
    assert!(platform.order(&house.store, "\") { id } }").await.unwrap().is_none(), "an id is no query");

    // A basket that nobody has paid is no order.
    let visit = &mut Visit::default();
    let add = "mutation { addItemToOrder(productVariantId: \"4\", quantity: 1) { ... on Order { id } } }";
    let basket = vendure.shop(visit, add, json!({})).await.unwrap();
    assert!(platform.order(&house.store, &text(&basket["addItemToOrder"]["id"])).await.unwrap().is_none());

    let product = platform.product(&house.store, mug.product.as_ref().unwrap()).await.unwrap().unwrap();
    let variant = &product.variants[0];
    assert_eq!((product.title.as_str(), variant.price, variant.currency.as_str()), ("Spruce mug", 1250, "EUR"));
    assert_eq!(variant.stock, Some(99_996), "two orders hold four");
    vendure.ship(&order.id, "JD0123").await.unwrap();
    let order = house.order(&order.id).await;
    assert_eq!((order.fulfilment, order.shipments[0].number.as_deref()), (Fulfilment::Fulfilled, Some("JD0123")));
    assert!(order.shipments[0].shipped_at.is_some());
    assert!(order.lines.iter().all(|line| line.shipped == line.quantity));
    // An order outlives its products.
    let gone = "mutation ($id: ID!) { deleteProduct(id: $id) { result } }";
    vendure.admin(gone, json!({ "id": mug.product })).await.unwrap();
    assert!(platform.product(&house.store, mug.product.as_ref().unwrap()).await.unwrap().is_none());
    assert_eq!(house.order(&order.id).await.lines, order.lines);
}

async fn all_is_read_though_reading_breaks_off(vendure: &Vendure, house: &House) {
    let mut placed = Vec::new();
    for at in 0..3 {
        let order = vendure.place(&format!("buyer{at}@example.com"), &[("CARD", 1)], false).await.unwrap();
        placed.push(text(&order["id"]));
    }
    let batches = house.read(Kind::Orders, None).await;
    assert_eq!(batches[0].total, Some(3));
    let order = |news: &News| match news {
        News::Order(order) => order.id.clone(),
        other => panic!("{other:?}"),
    };
    assert_eq!(batches[0].news.iter().map(order).collect::<Vec<_>>(), placed, "each once");

    for at in 0..52 {
        let person = "mutation ($e: String!) { createCustomer(input: { firstName: \"Kim\", lastName: \"Dahl\",
            emailAddress: $e }) { __typename } }";
        vendure.admin(person, json!({ "e": format!("person{at}@example.com") })).await.unwrap();
    }
    let people = house.read(Kind::Customers, None).await;
    assert_eq!(people.iter().map(|batch| batch.news.len()).collect::<Vec<_>>(), [50, 6], "3 guests, 52, and Nora");
    assert!(people.iter().all(|batch| batch.total == Some(56)), "{:?}", people[1].total);
    // What changes while we read moves nothing out of sight.
    let rename = "mutation { updateCustomer(input: { id: \"1\", lastName: \"Berge\" }) { __typename } }";
    vendure.admin(rename, json!({})).await.unwrap();
    let next = people[0].next.clone();
    let rest = house.platform().read(&house.store, Kind::Customers, None, next.as_ref()).await.unwrap();
    assert_eq!(rest.news, people[1].news);

    // Anybody opens an account with anybody's address where the shop asks for no proof, and it is called verified there.
    let register = "mutation { registerCustomerAccount(input: { emailAddress: \"eve@example.com\", firstName: \"Eve\",
        password: \"only-for-tests\" }) { __typename } }";
    vendure.shop(&mut Visit::default(), register, json!({})).await.unwrap();
    let people = house.read(Kind::Customers, None).await;
    let Some(News::Buyer(eve)) = people[1].news.last() else { panic!("a buyer") };
    assert_eq!((eve.email.as_deref(), eve.email_verified), (Some("eve@example.com"), false));
    assert!(eve.id.is_some(), "an account");

    let products = house.read(Kind::Products, None).await;
    assert_eq!((products[0].news.len(), products[0].total), (4, Some(4)));
    let later = house.read(Kind::Products, Some(NOW * 2)).await;
    assert!(later[0].news.is_empty());
    let everything = house.read(Kind::Products, Some(1_600_000_000_000)).await;
    assert_eq!(everything[0].news.len(), 4);
}

async fn money_goes_back_once(vendure: &Vendure, house: &House) {
    let platform = house.platform();
    let placed = vendure.place("ada@example.com", BASKET, false).await.unwrap();
    let order = house.order(&text(&placed["id"])).await;

    let part = refund(vec![], Some(500));
    let preview = platform.preview(&house.store, &order, &part).await.unwrap();
    assert_eq!((preview.amount, preview.most), (500, 11_980));
    assert_eq!(house.look_up("k1", &order, &part).await, Found::NotDone);
    let done = house.execute("k1", &order, &part).await.unwrap();
    assert_eq!(done.amount, 500);
    assert_eq!(house.execute("k1", &order, &part).await.unwrap(), done, "the same key, the same refund");
    assert_eq!(house.look_up("k1", &order, &part).await, Found::Done(done));
    assert_eq!(house.look_up("k", &order, &part).await, Found::NotDone, "a key that begins alike");

    let mug = refund(pieces(&order, "MUG", 1), None);
    assert_eq!(house.execute("k2", &order, &mug).await.unwrap().amount, 1250);
    let after = house.order(&order.id).await;
    assert_eq!((after.totals.refunded, after.totals.total, after.payment), (1750, 11_980, Payment::PartiallyRefunded));
    assert_eq!(
        (after.refunds[1].note.as_deref(), &after.refunds[1].lines),
        (Some("Arrived broken"), &pieces(&order, "MUG", 1))
    );
    assert_eq!(after.lines.iter().find(|line| line.sku.as_deref() == Some("MUG")).unwrap().refunded, 1);

    assert_refused(platform.preview(&house.store, &order, &refund(vec![], Some(10_231))).await, "amount");
    assert_refused(house.execute("k3", &order, &refund(vec![], Some(10_231))).await, "amount");
    assert_refused(house.execute("k4", &order, &refund(pieces(&order, "MUG", 2), None)).await, "quantity");
    // Back on the shelf: taken off the order, and paid back.
    let lines = pieces(&order, "SWEATER-M", 1);
    let restock = Action::Refund {
        lines,
        amount: None,
        shipping: 0,
        restock: true,
        to: RefundTo::Original,
        reason: "Too small".into(),
        notify: false,
    };
    let before = stock(house, "SWEATER-M").await;
    let done = house.execute("k5", &order, &restock).await.unwrap();
    assert_eq!(done.amount, 8990);
    assert_eq!(house.execute("k5", &order, &restock).await.unwrap(), done);
    assert_eq!(stock(house, "SWEATER-M").await, before + 1);
    // What we knew is old: Vendure's own books count.
    assert_eq!(house.execute("k6", &order, &refund(vec![], None)).await.unwrap().amount, 1240);
    assert_refused(house.execute("k7", &order, &refund(vec![], Some(1))).await, "refunded");
    let query = "query ($id: ID!) { order(id: $id) { payments { refunds { total state } } } }";
    let admin = vendure.admin(query, json!({ "id": order.id })).await.unwrap();
    let refunds = admin["order"]["payments"][0]["refunds"].as_array().unwrap();
    assert_eq!(refunds.iter().map(|one| one["total"].as_i64().unwrap()).sum::<i64>(), 11_980);

    let held = vendure.place("eva@example.com", BASKET, true).await.unwrap();
    let held = house.order(&text(&held["id"])).await;
    assert_refused(house.execute("k8", &held, &refund(vec![], Some(1))).await, "not paid");
    let wrong = House::new("vendure", json!({ "address": vendure.address, "key": "wrong:key" }));
    assert_refused(wrong.platform().about(&wrong.store).await, "does not let the API key");
    vendure.stop();
    let lost = platform.look_up(&house.store, "k6", &order, &refund(vec![], None)).await;
    assert!(matches!(lost, Err(base::Error::Upstream { .. })), "{lost:?}");
}

async fn an_order_is_changed_and_cancelled(vendure: &Vendure, house: &House) {
    let placed = vendure.place("ada@example.com", BASKET, false).await.unwrap();
    let order = house.order(&text(&placed["id"])).await;

    let address = Address {
        name: Some("Ada Maria Nowak".into()),
        line1: "Neue Str. 2".into(),
        postcode: Some("20095".into()),
        city: "Hamburg".into(),
        country: "DE".into(),
        ..Address::default()
    };
    let moved = Action::ChangeAddress { address };
    assert_eq!(house.look_up("a1", &order, &moved).await, Found::NotDone);
    house.execute("a1", &order, &moved).await.unwrap();
    assert_eq!(house.look_up("a1", &order, &moved).await, Found::Done(Done::default()));
    let abroad = Address { country: "XX".into(), ..Address::default() };
    assert!(house.execute("a2", &order, &Action::ChangeAddress { address: abroad }).await.is_err());
    for _ in 0..2 {
        house.execute("n1", &order, &Action::Note { text: "Rang twice".into() }).await.unwrap();
    }
    house.execute("n2", &order, &Action::Note { text: "Wants it blue".into() }).await.unwrap();
    let after = house.order(&order.id).await;
    let there = after.shipping_address.unwrap();
    assert_eq!((there.name.as_deref(), there.city.as_str()), (Some("Ada Maria Nowak"), "Hamburg"));
    assert_eq!(after.note.as_deref(), Some("Rang twice\nWants it blue"));
    let query = "query ($id: ID!) { order(id: $id) { state shippingAddress { streetLine1 } } }";
    let admin = vendure.admin(query, json!({ "id": order.id })).await.unwrap();
    assert_eq!(
        admin["order"],
        json!({ "state": "PaymentSettled", "shippingAddress": { "streetLine1": "Neue Str. 2" } })
    );

    let cancel = |refund| Action::Cancel { refund, restock: true, reason: "Changed their mind".into(), notify: false };
    assert_eq!(house.platform().preview(&house.store, &order, &cancel(true)).await.unwrap().amount, 11_980);
    // It breaks off after the first of two steps: cancelled, and nothing paid back.
    let begun = "mutation ($id: ID!) { cancelOrder(input: { orderId: $id, cancelShipping: true,
        reason: \"Gone shopbell:c1 shopbell-of:11980\" }) { __typename } }";
    vendure.admin(begun, json!({ "id": order.id })).await.unwrap();
    assert_eq!(house.look_up("c1", &order, &cancel(true)).await, Found::NotDone);
    let done = house.execute("c1", &order, &cancel(true)).await.unwrap();
    assert_eq!(done.amount, 11_980);
    assert_eq!(house.execute("c1", &order, &cancel(true)).await.unwrap(), done);
    assert_eq!(house.look_up("c1", &order, &cancel(true)).await, Found::Done(done));
    assert_eq!(house.look_up("c2", &order, &cancel(true)).await, Found::NotDone, "by somebody else");
    let after = house.order(&order.id).await;
    assert_eq!((after.state, after.payment, after.totals.refunded), (OrderState::Cancelled, Payment::Refunded, 11_980));
    assert_eq!((after.totals.total, after.lines[0].quantity), (11_980, order.lines[0].quantity), "as it was placed");
    assert_refused(house.execute("c3", &order, &cancel(true)).await, "cancelled");

    // A promise is let go; without a refund the money stays; what is on its way cannot be cancelled.
    let held = vendure.place("ada@example.com", BASKET, true).await.unwrap();
    let held = house.order(&text(&held["id"])).await;
    assert_eq!(house.execute("c4", &held, &cancel(true)).await.unwrap().amount, 0);
    assert_eq!(house.order(&held.id).await.payment, Payment::Voided);
    let kept = vendure.place("ada@example.com", BASKET, false).await.unwrap();
    let kept = house.order(&text(&kept["id"])).await;
    assert_eq!(house.execute("c5", &kept, &cancel(false)).await.unwrap().amount, 0);
    assert_eq!(house.order(&kept.id).await.payment, Payment::Paid);
    let sent = vendure.place("ada@example.com", BASKET, false).await.unwrap();
    let sent = house.order(&text(&sent["id"])).await;
    vendure.ship(&sent.id, "JD1").await.unwrap();
    assert_refused(house.execute("c6", &sent, &cancel(true)).await, "shipped");

    let thanks = Action::Discount { percent: None, amount: Some(500), days: Some(30) };
    let done = house.execute("d1", &order, &thanks).await.unwrap();
    assert_eq!(house.execute("d1", &order, &thanks).await.unwrap(), done);
    assert_eq!(house.look_up("d1", &order, &thanks).await, Found::Done(done.clone()));
    let visit = &mut Visit::default();
    let add = "mutation { addItemToOrder(productVariantId: \"4\", quantity: 1) { ... on Order { id } } }";
    vendure.shop(visit, add, json!({})).await.unwrap();
    let apply = "mutation ($c: String!) { applyCouponCode(couponCode: $c) { ... on Order { subTotalWithTax } } }";
    let applied = vendure.shop(visit, apply, json!({ "c": done.code })).await.unwrap();
    assert_eq!(applied["applyCouponCode"]["subTotalWithTax"], 750);
    assert_refused(
        house.execute("t1", &order, &Action::Tag { add: vec!["vip".into()], remove: vec![] }).await,
        "no such action",
    );
}

async fn changes_are_told_and_nobody_else_tells(vendure: &Vendure, house: &House) {
    let (platform, ears) = (house.platform(), Ears::open().unwrap());
    for _ in 0..2 {
        assert!(platform.subscribe(&house.store, &ears.address).await.unwrap().is_empty());
    }
    let order = text(&vendure.place("siri@example.com", BASKET, false).await.unwrap()["id"]);
    let heard = call(&ears.await_call("order.changed").unwrap());
    let vouched = platform.vouch(&house.store, &heard).unwrap();
    assert_eq!(vouched.topic, "order.changed");
    assert_eq!(platform.hear(&house.store, &heard).unwrap(), [News::OrderChanged { id: order.clone() }]);
    let person = call(&ears.await_call("siri@example.com").unwrap());
    let News::Buyer(buyer) = &platform.hear(&house.store, &person).unwrap()[0] else { panic!("a buyer") };
    assert_eq!((buyer.name.as_deref(), buyer.email.as_deref()), (Some("Ada Nowak"), Some("siri@example.com")));
    let rename = "mutation { updateProduct(input: { id: \"3\", enabled: false }) { id } }";
    vendure.admin(rename, json!({})).await.unwrap();
    let product = call(&ears.await_call("product.changed").unwrap());
    assert_eq!(platform.hear(&house.store, &product).unwrap(), [News::ProductChanged { id: "3".into() }]);

    let mut forged = heard.clone();
    forged.body =
        String::from_utf8(forged.body).unwrap().replace(&format!("\"id\":\"{order}\""), "\"id\":\"77\"").into_bytes();
    assert_ne!(forged.body, heard.body);
    assert!(matches!(platform.vouch(&house.store, &forged), Err(base::Error::Unauthorized(_))));

    platform.unsubscribe(&house.store, &ears.address).await.unwrap();
    tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    let before = ears.all().len();
    vendure.place("ada@example.com", BASKET, false).await.unwrap();
    tokio::time::sleep(std::time::Duration::from_millis(700)).await;
    assert_eq!(ears.all().len(), before);
}
