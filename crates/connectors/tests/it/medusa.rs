//! A Medusa shop, from its first order to its last refund.

use connectors::{
    action::Action,
    order::{Address, Fulfilment, OrderState, Payment},
    platform::{Done, Found, Kind, News, Wanted},
};
use serde_json::{Value, json};

use crate::{
    engines::{Basket, Ears, Medusa},
    harness::{House, NOW, asked_for, assert_refused, call, pieces, refund},
};

fn house(medusa: &Medusa) -> House {
    House::new("medusa", json!({ "address": medusa.address, "key": medusa.secret_key }))
}

fn basket<'a>(email: &'a str, country: &'a str) -> Basket<'a> {
    Basket { email, country, lines: &[("MUG-ONE", 2), ("SWEATER-M", 1)] }
}

fn id(order: &Value) -> String {
    order["id"].as_str().unwrap().to_owned()
}

async fn paid(medusa: &Medusa, basket: &Basket<'_>) -> String {
    let id = id(&medusa.place(basket).await.unwrap());
    medusa.capture(&id).await.unwrap();
    id
}

/// Stories share a shop, because starting one costs more than most of them.
#[tokio::test(flavor = "multi_thread")]
async fn a_medusa_shop_is_read() {
    if !asked_for() {
        return;
    }
    let medusa = Medusa::start().unwrap();
    let house = house(&medusa);
    all_is_read_though_reading_breaks_off(&medusa, &house).await;
    an_order_is_read_as_its_buyer_knows_it(&medusa, &house).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_medusa_shop_is_acted_in_and_heard() {
    if !asked_for() {
        return;
    }
    let medusa = Medusa::start().unwrap();
    let house = house(&medusa);
    changes_are_told_and_nobody_else_tells(&medusa, &house).await;
    an_order_is_changed_and_cancelled(&medusa, &house).await;
    pieces_come_back_and_others_go_out(&medusa, &house).await;
    money_goes_back_once(&medusa, &house).await;
}

async fn an_order_is_read_as_its_buyer_knows_it(medusa: &Medusa, house: &House) {
    let about = house.platform().about(&house.store).await.unwrap();
    assert_eq!((about.name.as_str(), about.currency.as_deref()), ("Fjellvik", Some("EUR")));
    assert!(about.problems.is_empty(), "{:?}", about.problems);

    let placed = medusa.place(&basket("ada@example.com", "de")).await.unwrap();
    let order = house.order(&id(&placed)).await;
    assert_eq!(order.number, format!("#{}", placed["display_id"]));
    assert_eq!((order.currency.as_str(), order.totals.total, order.totals.shipping), ("EUR", 11_980, 490));
    assert_eq!((order.totals.paid, order.payment), (0, Payment::Authorized));
    assert_eq!(
        (order.buyer.email.as_deref(), &order.buyer.id),
        (Some("ada@example.com"), &None),
        "a guest has no account"
    );
    let mug = order.lines.iter().find(|line| line.sku.as_deref() == Some("MUG-ONE")).unwrap();
    assert_eq!((mug.title.as_str(), mug.quantity, mug.price, mug.total), ("Spruce mug", 2, 1250, 2500));
    assert_eq!(order.shipping_address.as_ref().unwrap().country, "DE");

    // With taxes on top, and in currencies with no decimals and with three.
    let norway = house.order(&id(&medusa.place(&basket("ada@example.com", "no")).await.unwrap())).await;
    assert_eq!((norway.totals.total, norway.totals.tax), (14_975, 2995));
    // Medusa reckons in parts of a cent, so the lines' cents need not add up to the whole's.
    let parts = norway.lines.iter().map(|line| line.total).sum::<i64>() + norway.totals.shipping;
    assert!((parts - norway.totals.total).abs() <= 1, "{parts}");
    let japan = paid(medusa, &basket("kenji@example.com", "jp")).await;
    let japan = house.order(&japan).await;
    assert_eq!((japan.currency.as_str(), japan.totals.total, japan.totals.paid), ("JPY", 18_400, 18_400));
    let kuwait = paid(medusa, &basket("noor@example.com", "kw")).await;
    let kuwait = house.order(&kuwait).await;
    assert_eq!((kuwait.currency.as_str(), kuwait.totals.total), ("KWD", 39_125));
    let done = house.execute("kw-1", &kuwait, &refund(vec![], Some(1))).await.unwrap();
    assert_eq!((done.amount, house.order(&kuwait.id).await.totals.refunded), (1, 1), "a thousandth");
    house.execute("jp-1", &japan, &refund(vec![], Some(1))).await.unwrap();
    assert_eq!(house.order(&japan.id).await.totals.refunded, 1);

    let platform = house.platform();
    let by_number = platform.by_number(&house.store, &order.number).await.unwrap();
    assert_eq!(by_number.iter().map(|one| &one.id).collect::<Vec<_>>(), [&order.id]);
    assert!(platform.by_number(&house.store, "#9999").await.unwrap().is_empty());
    let wanted = Wanted { emails: vec!["ada@example.com".into()], ..Wanted::default() };
    let theirs = platform.orders_of(&house.store, &wanted).await.unwrap();
    assert_eq!(theirs.iter().map(|one| &one.id).collect::<Vec<_>>(), [&norway.id, &order.id], "newest first");
    let nobody = Wanted { emails: vec!["nobody@example.com".into()], ..Wanted::default() };
    assert!(platform.orders_of(&house.store, &nobody).await.unwrap().is_empty());
    assert!(platform.order(&house.store, "order_nope").await.unwrap().is_none());
    assert!(platform.order(&house.store, "../stores").await.unwrap().is_none(), "an id is no path");

    let product = platform.product(&house.store, mug.product.as_ref().unwrap()).await.unwrap().unwrap();
    let variant = &product.variants[0];
    assert_eq!((product.title.as_str(), variant.price, variant.currency.as_str()), ("Spruce mug", 1250, "EUR"));
    assert!(variant.stock.unwrap() < 100_000, "orders hold some: {:?}", variant.stock);

    medusa.capture(&order.id).await.unwrap();
    medusa.ship(&order.id, "JD0123").await.unwrap();
    let order = house.order(&order.id).await;
    assert_eq!((order.fulfilment, order.payment), (Fulfilment::Fulfilled, Payment::Paid));
    assert_eq!(order.shipments[0].number.as_deref(), Some("JD0123"));
    assert_eq!(order.shipments[0].url.as_deref(), Some("https://track.example/JD0123"));
    assert!(order.lines.iter().all(|line| line.shipped == line.quantity));
}

async fn all_is_read_though_reading_breaks_off(medusa: &Medusa, house: &House) {
    let mut placed = Vec::new();
    for at in 0..4 {
        let email = format!("buyer{at}@example.com");
        let order = medusa.place(&Basket { email: &email, country: "de", lines: &[("CARD-ONE", 1)] }).await;
        placed.push(id(&order.unwrap()));
    }
    let batches = house.read(Kind::Orders, None).await;
    assert_eq!(batches[0].total, Some(4));
    let order = |news: &News| match news {
        News::Order(order) => order.id.clone(),
        other => panic!("{other:?}"),
    };
    let read: Vec<_> = batches.iter().flat_map(|batch| &batch.news).map(order).collect();
    assert_eq!(read, placed, "each once");

    for at in 0..52 {
        let person = json!({ "email": format!("person{at}@example.com"), "first_name": "Kim" });
        medusa.admin("/customers", Some(person)).await.unwrap();
    }
    let people = house.read(Kind::Customers, None).await;
    assert_eq!(people.iter().map(|batch| batch.news.len()).collect::<Vec<_>>(), [50, 7], "4 guests, 52, and Nora");
    assert!(people.iter().all(|batch| batch.total == Some(57)), "{:?}", people[1].total);
    // One that is deleted while we read moves no other out of sight.
    let first = medusa.admin("/customers?order=id&limit=1&fields=id", None).await.unwrap();
    let next = people[0].next.clone().unwrap();
    medusa.remove(&format!("/customers/{}", first["customers"][0]["id"].as_str().unwrap())).await.unwrap();
    let rest = house.platform().read(&house.store, Kind::Customers, None, Some(&next)).await.unwrap();
    assert_eq!(rest.news, people[1].news);

    // Only what changed since.
    let last = house.order(&placed[3]).await.changed_at.unwrap();
    let first = house.order(&placed[0]).await;
    house.execute("note-1", &first, &Action::Note { text: "Rang twice".into() }).await.unwrap();
    let changed = house.read(Kind::Orders, Some(last.0 + 1)).await;
    assert_eq!(changed[0].news.len(), 1, "{:?}", changed[0].news.len());

    let products = house.read(Kind::Products, None).await;
    assert_eq!((products[0].news.len(), products[0].total), (4, Some(4)));
    let News::Product(product) = &products[0].news[0] else { panic!("a product") };
    assert!(product.variants.iter().all(|variant| variant.stock.is_some()), "{product:?}");

    let lines = vec![("MUG-ONE", 1); 500];
    let order = medusa.place(&Basket { email: "bulk@example.com", country: "de", lines: &lines }).await.unwrap();
    let sold = house.order(&id(&order)).await;
    assert_eq!((sold.lines.len(), sold.totals.total), (500, 625_490));

    // An order outlives its products.
    let order = medusa.place(&Basket { email: "bea@example.com", country: "de", lines: &[("BEANIE-ONE", 1)] }).await;
    let order = id(&order.unwrap());
    medusa.ship(&order, "JD9").await.unwrap();
    let sold = house.order(&order).await;
    let beanie = sold.lines[0].product.clone().unwrap();
    medusa.remove(&format!("/products/{beanie}")).await.unwrap();
    assert!(house.platform().product(&house.store, &beanie).await.unwrap().is_none());
    assert_eq!(house.order(&order).await.lines, sold.lines);
}

async fn money_goes_back_once(medusa: &Medusa, house: &House) {
    let platform = house.platform();
    let order = house.order(&paid(medusa, &basket("ada@example.com", "de")).await).await;

    let part = refund(vec![], Some(500));
    let preview = platform.preview(&house.store, &order, &part).await.unwrap();
    assert_eq!((preview.amount, preview.most), (500, 11_980));
    assert_eq!(house.look_up("k1", &order, &part).await, Found::NotDone);
    let done = house.execute("k1", &order, &part).await.unwrap();
    assert_eq!(done.amount, 500);
    assert_eq!(house.execute("k1", &order, &part).await.unwrap(), done, "the same key, the same refund");
    assert_eq!(house.look_up("k1", &order, &part).await, Found::Done(done));
    assert_eq!(house.look_up("k", &order, &part).await, Found::NotDone, "a key that begins alike");

    let mug = refund(pieces(&order, "MUG-ONE", 1), None);
    assert_eq!(house.execute("k2", &order, &mug).await.unwrap().amount, 1250);
    let after = house.order(&order.id).await;
    assert_eq!((after.totals.refunded, after.totals.total, after.payment), (1750, 11_980, Payment::PartiallyRefunded));
    assert_eq!(after.refunds.len(), 2);
    assert_eq!(
        (after.refunds[1].note.as_deref(), &after.refunds[1].lines),
        (Some("Arrived broken"), &pieces(&order, "MUG-ONE", 1))
    );
    assert_eq!(after.lines.iter().find(|line| line.sku.as_deref() == Some("MUG-ONE")).unwrap().refunded, 1);
    assert!(after.changed_at > order.changed_at);

    assert_refused(platform.preview(&house.store, &order, &refund(vec![], Some(10_231))).await, "amount");
    assert_refused(house.execute("k3", &order, &refund(vec![], Some(10_231))).await, "amount");
    assert_refused(house.execute("k4", &order, &refund(pieces(&order, "MUG-ONE", 2), None)).await, "quantity");
    // What we knew is old: Medusa's own books count.
    assert_eq!(house.execute("k5", &order, &refund(vec![], None)).await.unwrap().amount, 10_230);
    assert_refused(house.execute("k6", &order, &refund(vec![], Some(1))).await, "refunded");
    let admin = medusa.admin(&format!("/orders/{}?fields=id,*summary,payment_status", order.id), None).await.unwrap();
    assert_eq!(admin["order"]["payment_status"], "refunded");
    assert_eq!(admin["order"]["summary"]["refunded_total"], 119.8);
    assert_eq!(house.order(&order.id).await.payment, Payment::Refunded);

    // Whoever hears no answer may not pay again: the shop stands still after it took the call.
    let order = house.order(&paid(medusa, &basket("eva@example.com", "de")).await).await;
    house.execute("k7", &order, &refund(vec![], Some(100))).await.unwrap();
    medusa.stop();
    let lost = platform.look_up(&house.store, "k7", &order, &refund(vec![], Some(100))).await;
    assert!(matches!(lost, Err(base::Error::Upstream { .. })), "{lost:?}");
    medusa.resume().unwrap();
    assert!(matches!(
        house.look_up("k7", &order, &refund(vec![], Some(100))).await,
        Found::Done(Done { amount: 100, .. })
    ));

    let wrong = House::new("medusa", json!({ "address": medusa.address, "key": "sk_wrong" }));
    assert_refused(wrong.platform().about(&wrong.store).await, "does not accept the secret API key");
    assert_refused(wrong.execute("k8", &order, &refund(vec![], Some(1))).await, "does not accept the secret API key");
}

async fn an_order_is_changed_and_cancelled(medusa: &Medusa, house: &House) {
    let order = house.order(&paid(medusa, &basket("ada@example.com", "de")).await).await;

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
    for _ in 0..2 {
        house.execute("n1", &order, &Action::Note { text: "Rang twice".into() }).await.unwrap();
    }
    house.execute("n2", &order, &Action::Note { text: "Wants it blue".into() }).await.unwrap();
    house
        .execute("t1", &order, &Action::Tag { add: vec!["vip".into(), "gift, wrapped".into()], remove: vec![] })
        .await
        .unwrap();
    house.execute("t2", &order, &Action::Tag { add: vec![], remove: vec!["vip".into()] }).await.unwrap();
    let after = house.order(&order.id).await;
    let there = after.shipping_address.unwrap();
    assert_eq!((there.name.as_deref(), there.city.as_str()), (Some("Ada Maria Nowak"), "Hamburg"));
    assert_eq!(after.note.as_deref(), Some("Rang twice\nWants it blue"));
    assert_eq!(after.tags, ["gift  wrapped"]);

    let cancel = |refund| Action::Cancel { refund, restock: true, reason: "Changed their mind".into(), notify: false };
    assert_refused(house.execute("c0", &order, &cancel(false)).await, "gives back what was paid");
    assert_eq!(house.platform().preview(&house.store, &order, &cancel(true)).await.unwrap().amount, 11_980);
    let done = house.execute("c1", &order, &cancel(true)).await.unwrap();
    assert_eq!(done.amount, 11_980);
    assert_eq!(house.execute("c1", &order, &cancel(true)).await.unwrap(), done);
    assert_eq!(house.look_up("c1", &order, &cancel(true)).await, Found::Done(done));
    assert_eq!(house.look_up("c2", &order, &cancel(true)).await, Found::NotDone, "by somebody else");
    let after = house.order(&order.id).await;
    assert_eq!((after.state, after.payment, after.totals.refunded), (OrderState::Cancelled, Payment::Refunded, 11_980));
    assert_refused(house.execute("c3", &order, &cancel(true)).await, "cancelled");

    // A promise is let go; what is on its way cannot be cancelled.
    let held = house.order(&id(&medusa.place(&basket("ada@example.com", "de")).await.unwrap())).await;
    assert_eq!(house.execute("c4", &held, &cancel(false)).await.unwrap().amount, 0);
    assert_eq!(house.order(&held.id).await.payment, Payment::Voided);
    let sent = house.order(&paid(medusa, &basket("ada@example.com", "de")).await).await;
    medusa.ship(&sent.id, "JD1").await.unwrap();
    assert_refused(house.execute("c5", &sent, &cancel(true)).await, "shipped");

    let thanks = Action::Discount { percent: Some(10), amount: None, days: Some(30) };
    let done = house.execute("d1", &order, &thanks).await.unwrap();
    assert_eq!(house.execute("d1", &order, &thanks).await.unwrap(), done);
    assert_eq!(house.look_up("d1", &order, &thanks).await, Found::Done(done.clone()));
    let code = done.code.unwrap();
    let found = medusa.admin(&format!("/promotions?code={code}"), None).await.unwrap();
    assert_eq!(found["promotions"][0]["application_method"]["value"], 10);
    let ends: jiff::Timestamp = found["promotions"][0]["campaign"]["ends_at"].as_str().unwrap().parse().unwrap();
    assert_eq!(ends.as_millisecond(), NOW + 30 * base::DAY);
    assert_refused(
        house.execute("d2", &order, &Action::StoreCredit { amount: 5, reason: String::new() }).await,
        "Not possible",
    );
}

async fn pieces_come_back_and_others_go_out(medusa: &Medusa, house: &House) {
    let order = house.order(&paid(medusa, &basket("ada@example.com", "de")).await).await;
    let back = Action::Return { lines: pieces(&order, "MUG-ONE", 1), reason: "Too small".into() };
    assert_refused(house.execute("r0", &order, &back).await, "not shipped");
    medusa.ship(&order.id, "JD2").await.unwrap();

    assert_eq!(house.look_up("r1", &order, &back).await, Found::NotDone);
    let done = house.execute("r1", &order, &back).await.unwrap();
    assert_eq!(house.execute("r1", &order, &back).await.unwrap(), done);
    assert_eq!(house.look_up("r1", &order, &back).await, Found::Done(done));
    assert_refused(
        house
            .execute("r2", &order, &Action::Return { lines: pieces(&order, "MUG-ONE", 3), reason: String::new() })
            .await,
        "quantity",
    );

    // One that broke off half-way is begun anew, not left to lock the order.
    let half = json!({ "order_id": order.id, "internal_note": "shopbell:r3" });
    medusa.admin("/returns", Some(half)).await.unwrap();
    let second = Action::Return { lines: pieces(&order, "MUG-ONE", 1), reason: String::new() };
    assert_eq!(house.look_up("r3", &order, &second).await, Found::NotDone);
    let done = house.execute("r3", &order, &second).await.unwrap();
    assert_eq!(house.look_up("r3", &order, &second).await, Found::Done(done));
    let returns = medusa.admin(&format!("/returns?order_id={}", order.id), None).await.unwrap();
    let requested = returns["returns"].as_array().unwrap().iter().filter(|one| one["status"] == "requested").count();
    assert_eq!(requested, 2);

    let large = medusa.admin("/product-variants?q=SWEATER-L&fields=id,sku,product_id", None).await.unwrap();
    let text = |key: &str| large["variants"][0][key].as_str().unwrap().to_owned();
    let wished = connectors::action::Wished { product: text("product_id"), variant: text("id"), quantity: 1 };
    let exchange =
        Action::Exchange { lines: pieces(&order, "SWEATER-M", 1), with: vec![wished], reason: String::new() };
    let done = house.execute("x1", &order, &exchange).await.unwrap();
    assert_eq!(house.look_up("x1", &order, &exchange).await, Found::Done(done));
    let after = house.order(&order.id).await;
    assert!(after.lines.iter().any(|line| line.sku.as_deref() == Some("SWEATER-L")));

    let other = house.order(&paid(medusa, &basket("eva@example.com", "no")).await).await;
    let again = Action::Replacement { lines: pieces(&other, "MUG-ONE", 1), reason: "Broken".into() };
    let done = house.execute("p1", &other, &again).await.unwrap();
    assert_eq!(house.execute("p1", &other, &again).await.unwrap(), done);
    let admin = medusa.admin(&format!("/orders/{}?fields=id,*summary", other.id), None).await.unwrap();
    assert_eq!(admin["order"]["summary"]["pending_difference"], 0, "free of charge");
}

async fn changes_are_told_and_nobody_else_tells(medusa: &Medusa, house: &House) {
    let (platform, ears) = (house.platform(), Ears::open().unwrap());
    for _ in 0..2 {
        assert!(platform.subscribe(&house.store, &ears.address).await.unwrap().is_empty());
    }
    let order = id(&medusa.place(&basket("ada@example.com", "de")).await.unwrap());
    let heard = call(&ears.await_call("order.placed").unwrap());
    let vouched = platform.vouch(&house.store, &heard).unwrap();
    assert_eq!(vouched.topic, "order.placed");
    assert_eq!(platform.hear(&house.store, &heard).unwrap(), [News::OrderChanged { id: order.clone() }]);
    for event in ["payment.captured", "shipment.created"] {
        if event == "payment.captured" {
            medusa.capture(&order).await.unwrap();
        } else {
            medusa.ship(&order, "JD3").await.unwrap();
        }
        let heard = call(&ears.await_call(event).unwrap());
        assert_eq!(platform.hear(&house.store, &heard).unwrap(), [News::OrderChanged { id: order.clone() }], "{event}");
    }
    let made = json!({ "email": "Siri@example.com", "first_name": "Siri", "last_name": "Dahl" });
    medusa.admin("/customers", Some(made)).await.unwrap();
    let heard = call(&ears.await_call("siri").or_else(|_| ears.await_call("Siri")).unwrap());
    let News::Buyer(buyer) = &platform.hear(&house.store, &heard).unwrap()[0] else { panic!("a buyer") };
    assert_eq!((buyer.name.as_deref(), buyer.email.as_deref()), (Some("Siri Dahl"), Some("siri@example.com")));

    let placed = ears.all().iter().filter(|(_, body)| String::from_utf8_lossy(body).contains("order.placed")).count();
    assert_eq!(placed, 1, "asked for twice, told once");
    let mut forged = heard.clone();
    forged.body = String::from_utf8(forged.body).unwrap().replace("Dahl", "Dale").into_bytes();
    assert!(matches!(platform.vouch(&house.store, &forged), Err(base::Error::Unauthorized(_))));

    platform.unsubscribe(&house.store, &ears.address).await.unwrap();
    let before = ears.all().len();
    medusa.place(&basket("ada@example.com", "de")).await.unwrap();
    tokio::time::sleep(std::time::Duration::from_millis(700)).await;
    assert_eq!(ears.all().len(), before);
}
