//! What the shop's platform and the carriers say of parcels becomes one history, whoever says it first, twice or late.

use base::{Actor, DAY, HOUR, MINUTE, Stamp};
use connectors::{
    order::{Address, Buyer, Fulfilment, Line, Order, Payment, Pieces, Scan, Shipment, Totals},
    platform::News,
};
use desk::{
    shops,
    stores::{self, NewStore, Way},
};
use serde_json::{Value, json};

use crate::harness::{MORNING, TestApp};

pub const NUMBER: &str = "RR123456785SE";

/// An order as a platform tells of it: paid, one sleeping mat, sent with one parcel.
pub fn order(number: &str, shipment: Shipment) -> Order {
    let pieces = vec![Pieces { line: "1".into(), quantity: 1 }];
    let line =
        Line { id: "1".into(), title: "Lun 4 sleeping mat".into(), quantity: 1, total: 11_900, ..Line::default() };
    Order {
        id: number.to_owned(),
        number: number.to_owned(),
        placed_at: Some(Stamp(MORNING - DAY)),
        currency: "EUR".into(),
        payment: Payment::Paid,
        fulfilment: Fulfilment::Fulfilled,
        buyer: Buyer { name: Some("Johanna Brandt".into()), email: Some("jo@post.example".into()), ..Buyer::default() },
        totals: Totals { total: 11_900, paid: 11_900, ..Totals::default() },
        lines: vec![line],
        shipping_address: Some(Address {
            postcode: Some("20099".into()),
            city: "Hamburg".into(),
            country: "DE".into(),
            ..Address::default()
        }),
        shipments: vec![Shipment { pieces, ..shipment }],
        ..Order::default()
    }
}

pub fn shipment() -> Shipment {
    Shipment {
        id: "s1".into(),
        carrier: Some("PostNord SE".into()),
        number: Some("RR 123 456 785 SE".into()),
        shipped_at: Some(Stamp(MORNING)),
        ..Shipment::default()
    }
}

/// The platform says so.
pub async fn told(app: &TestApp, order: Order) -> i64 {
    told_by(app, order, Way::News).await
}

pub async fn told_by(app: &TestApp, order: Order, way: Way) -> i64 {
    app.as_owner().await;
    let mut tx = app.app.begin(Actor::System).await.unwrap();
    let known = stores::all(&app.app).await.unwrap().into_iter().next();
    let shop = shops::the(&mut tx).await.unwrap().id;
    let store = match known {
        Some(store) => store,
        None => stores::add(&app.app, &mut tx, shop, NewStore::told("Webshop")).await.unwrap(),
    };
    let taken = stores::take(&mut tx, &store, vec![News::Order(Box::new(order))], way).await.unwrap();
    tx.commit().await.unwrap();
    app.tick().await;
    taken.orders[0].0
}

pub async fn parcel(app: &TestApp, order: i64) -> Value {
    let (status, all) = app.get(&format!("/api/v1/shipments?order={order}")).await;
    assert_eq!(status, 200, "{all}");
    assert_eq!(all["data"].as_array().unwrap().len(), 1, "{all}");
    let (status, one) = app.get(&format!("/api/v1/shipments/{}", all["data"][0]["id"])).await;
    assert_eq!(status, 200, "{one}");
    one
}

pub async fn news(app: &TestApp, format: &str, kind: &str, body: &str) -> (u16, Value) {
    let program = app.as_program(&["write"]).await;
    program.post_bytes(&format!("/api/v1/carrier-news/{format}"), kind, body.to_owned()).await
}

pub async fn said(app: &TestApp, at: &str, status: &str, text: &str) -> Value {
    let scan = json!({ "at": at, "status": status, "text": text });
    let body = json!({ "parcels": [{ "number": NUMBER, "scans": [scan] }] });
    let (status, report) = news(app, "generic", "application/json", &body.to_string()).await;
    assert_eq!(status, 200, "{report}");
    app.tick().await;
    report
}

fn statuses(parcel: &Value) -> Vec<String> {
    let scans = parcel["scans"].as_array().unwrap();
    scans.iter().map(|scan| scan["status"].as_str().unwrap().to_owned()).collect()
}

pub async fn events(app: &TestApp, kind: &str) -> Vec<Value> {
    let (status, page) = app.get("/api/v1/events?limit=200").await;
    assert_eq!(status, 200, "{page}");
    page["data"].as_array().unwrap().iter().filter(|event| event["kind"] == kind).cloned().collect()
}

story!(a_parcel_is_one_whoever_tells_of_it_and_in_whatever_order, |app| async move {
    let id = told(&app, order("FV-1", shipment())).await;
    let fresh = parcel(&app, id).await;
    assert_eq!((&fresh["status"], &fresh["carrier"]), (&json!("info_received"), &json!("postnord")), "{fresh}");
    assert_eq!(fresh["carrier_name"], "PostNord");
    assert_eq!(fresh["link"], format!("https://tracking.postnord.com/?id={NUMBER}"));
    app.clock.forward(2 * DAY);
    assert_eq!(said(&app, "2026-03-03T12:00:00Z", "out_for_delivery", "").await["scans"], 1);
    // What happened before comes after, and once more.
    for _ in 0..2 {
        said(&app, "2026-03-02T18:00:00Z", "in_transit", "Arrived at the terminal").await;
    }
    let now = parcel(&app, id).await;
    assert_eq!(now["status"], "out_for_delivery", "the newest line counts, whenever it came");
    assert_eq!(statuses(&now), ["out_for_delivery", "in_transit"]);
    assert_eq!(now["scans"][1]["sub_status"], "arrived");
    assert_eq!(now["last_scan_at"], "2026-03-03T12:00:00.000Z");
    // So it stands beside tickets, though the store says nothing of it.
    let (_, beside) = app.get(&format!("/api/v1/orders/{id}")).await;
    let shown = &beside["order"]["shipments"][0];
    assert_eq!((&shown["carrier"], &shown["url"]), (&now["carrier_name"], &now["link"]), "{beside}");
    assert_eq!(
        (&shown["scans"][0]["text"], &shown["scans"][1]["status"]),
        (&json!("Arrived at the terminal"), &now["status"])
    );
    // The platform passes on what a carrier said, too, and says the same order again.
    let scan = |at: &str, status: &str| {
        let at = serde_json::from_value(json!(at)).unwrap();
        Scan { at: Some(at), status: status.into(), ..Scan::default() }
    };
    let scans = vec![scan("2026-03-03T12:00:00Z", "OUT_FOR_DELIVERY"), scan("2026-03-03T14:00:00Z", "DELIVERED")];
    let arrived = Shipment { scans, delivered_at: Some(Stamp(MORNING + DAY + 5 * HOUR)), ..shipment() };
    for _ in 0..2 {
        told(&app, order("FV-1", arrived.clone())).await;
    }
    let now = parcel(&app, id).await;
    assert_eq!((&now["status"], &now["delivered_at"]), (&json!("delivered"), &json!("2026-03-03T14:00:00.000Z")));
    assert_eq!(statuses(&now), ["delivered", "out_for_delivery", "in_transit"]);
    assert_eq!(events(&app, "shipment.created").await.len(), 1);
    let changed = events(&app, "shipment.changed").await;
    let last = &changed.last().unwrap()["data"]["changes"]["status"];
    assert_eq!(last, &json!({ "from": "out_for_delivery", "to": "delivered" }), "{changed:?}");
    // Taken back by the shop.
    let mut without = order("FV-1", shipment());
    without.shipments.clear();
    told(&app, without).await;
    assert_eq!(parcel(&app, id).await["cancelled"], true);
});

story!(news_that_come_before_their_order_are_kept_for_it, |app| async move {
    app.as_owner().await;
    let report = said(&app, "2026-03-02T08:30:00Z", "in_transit", "").await;
    assert_eq!((&report["known"], &report["unknown"]), (&json!(0), &json!([NUMBER])));
    let id = told(&app, order("FV-2", shipment())).await;
    assert_eq!(parcel(&app, id).await["status"], "in_transit");
    assert_eq!(events(&app, "shipment.created").await.len(), 1);
    // The order came while the news were being written: whoever looks a minute later finds it.
    let sql = "INSERT INTO parcel_news (shop, number_key, lines, source, received_at)
        VALUES (1, $1, $2, 'news', $3) RETURNING id";
    let lines = json!([{ "at": MORNING, "status": "out_for_delivery", "text": null, "place": null }]);
    let row = app.app.db().run(sql, base::args![NUMBER, lines, MORNING]).await.unwrap();
    let job = "INSERT INTO jobs (name, lane, args, run_at) VALUES ('shipments.match', 0, $1, $2)";
    let news = json!({ "news": row[0].int("id").unwrap() });
    app.app.db().run(job, base::args![news, MORNING + MINUTE]).await.unwrap();
    app.later(2 * MINUTE).await;
    assert_eq!(parcel(&app, id).await["status"], "out_for_delivery");
    let left = app.app.db().one("SELECT CAST(count(*) AS BIGINT) AS n FROM parcel_news", base::args![]).await.unwrap();
    assert_eq!(left.int("n").unwrap(), 0);
});

story!(a_table_is_taken_whole_or_not_at_all, |app| async move {
    let id = told(&app, order("FV-3", shipment())).await;
    let head = "number;carrier;at;status;text\n";
    let good = format!("{head}{NUMBER};PostNord;2026-03-02 10:00;in_transit;Left the terminal\n");
    let bad = format!("{good}{NUMBER};PostNord;yesterday;flying;\nx;;2026-03-02;delivered;\n");
    let (status, problem) = news(&app, "generic", "text/csv", &bad).await;
    assert_eq!(status, 422, "{problem}");
    let fields: Vec<_> = problem["errors"].as_array().unwrap().iter().map(|one| one["field"].clone()).collect();
    assert_eq!(fields, ["line 3: at", "line 3: status", "line 4: number"], "{problem}");
    assert_eq!(parcel(&app, id).await["scans"], json!([]), "nothing of it was taken");
    let (status, report) = news(&app, "generic", "text/csv; charset=utf-8", &good).await;
    assert_eq!((status, &report["scans"]), (200, &json!(1)), "{report}");
    assert_eq!(parcel(&app, id).await["scans"][0]["sub_status"], "departed");
    assert_eq!(news(&app, "generic", "text/plain", &good).await.0, 415);
    assert_eq!(news(&app, "generic", "application/json", "{").await.0, 400);
    assert_eq!(news(&app, "nobodys", "application/json", "{}").await.0, 404);
    assert_eq!(news(&app, "dhl", "text/csv", &good).await.0, 415);
    let reader = app.as_program(&["read"]).await;
    assert_eq!(reader.post_bytes("/api/v1/carrier-news/generic", "text/csv", good.clone()).await.0, 403);
    assert_eq!(app.nobody().post_bytes("/api/v1/carrier-news/generic", "text/csv", good).await.0, 401);
    assert_eq!(app.get("/api/v1/shipments/999").await.0, 404);
    assert_eq!(app.get("/api/v1/shipments?reason=late").await.0, 422);
});

story!(news_in_a_carriers_own_format_are_read, |app| async move {
    let german = Shipment { number: Some("00340434161094042557".into()), carrier: None, ..shipment() };
    let id = told(&app, order("FV-4", german)).await;
    assert_eq!(parcel(&app, id).await["carrier"], "dhl_paket", "its number says so");
    let file =
        include_str!("../../../connectors/src/carriers/dhl/payloads/parcel-de.json").replace("2026-11", "2026-02");
    let (status, report) = news(&app, "dhl", "application/json", &file).await;
    assert_eq!((status, &report["known"], &report["scans"]), (200, &json!(1), &json!(5)), "{report}");
    let now = parcel(&app, id).await;
    assert_eq!(
        (&now["status"], &now["expected_at"]),
        (&json!("available_for_pickup"), &json!("2026-02-13T12:00:00.000Z"))
    );
});

story!(a_line_from_next_year_is_not_the_newest_for_a_year, |app| async move {
    let id = told(&app, order("FV-5", shipment())).await;
    said(&app, "2027-03-02T08:30:00Z", "in_transit", "").await;
    app.later(DAY).await;
    said(&app, "2026-03-03T08:30:00Z", "delivered", "").await;
    assert_eq!(parcel(&app, id).await["status"], "delivered");
});

story!(any_order_of_news_ends_where_the_parcel_is, |app| async move {
    let lines = [
        ("2026-03-02T07:00:00Z", "label_made", "info_received"),
        ("2026-03-02T08:00:00Z", "handed_over", "in_transit"),
        ("2026-03-02T08:10:00Z", "at_customs", "in_transit"),
        ("2026-03-02T08:20:00Z", "out_for_delivery", "out_for_delivery"),
        ("2026-03-02T08:30:00Z", "nobody_home", "attempted"),
        ("2026-03-02T08:40:00Z", "at_shop", "available_for_pickup"),
    ];
    // A different order and different repetitions for each parcel, and the last one in a sending of its own at a random place.
    let mut chance = 7_u64;
    let mut next = |most: usize| {
        chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(chance >> 33).unwrap() % most
    };
    let mut ids = Vec::new();
    for place in 0..12 {
        let number = format!("PARCEL{place:04}");
        let told_at = next(lines.len());
        let mut said: Vec<_> = (0..lines.len()).chain((0..4).map(|_| next(lines.len()))).collect();
        for at in (1..said.len()).rev() {
            said.swap(at, next(at + 1));
        }
        for (turn, line) in said.into_iter().enumerate() {
            if turn == told_at {
                let parcel = Shipment { id: number.clone(), number: Some(number.clone()), carrier: None, ..shipment() };
                ids.push(told(&app, order(&format!("FV-{place}"), parcel)).await);
            }
            let (at, status, _) = lines[line];
            let scan = json!({ "at": at, "status": status });
            let body = json!({ "parcels": [{ "number": number, "scans": [scan] }] }).to_string();
            let owner = app.as_owner().await;
            let (status, report) = owner.post_bytes("/api/v1/carrier-news/generic", "application/json", body).await;
            assert_eq!(status, 200, "{report}");
        }
    }
    for id in ids {
        let now = parcel(&app, id).await;
        let wanted: Vec<_> = lines.iter().rev().map(|(.., status)| (*status).to_owned()).collect();
        assert_eq!(statuses(&now), wanted, "{now}");
        assert_eq!((&now["status"], &now["sub_status"]), (&json!("available_for_pickup"), &json!("at_shop")));
    }
});

story!(two_feeds_at_once_take_each_line_once, |app| async move {
    let mut parcels = Vec::new();
    for place in 0..8 {
        let number = format!("PARCEL{place:04}");
        let parcel = Shipment { id: number.clone(), number: Some(number.clone()), carrier: None, ..shipment() };
        told(&app, order(&format!("FV-{place}"), parcel)).await;
        parcels.push(json!({ "number": number, "scans": [{ "at": "2026-03-02T08:00:00Z", "status": "in_transit" }] }));
    }
    let other = app.second_node().await;
    let back: Vec<_> = parcels.iter().rev().cloned().collect();
    let (one, two) = (app.as_owner().await, other.as_owner().await);
    let send = async |client: &crate::client::Client, parcels: Vec<Value>| {
        let body = json!({ "parcels": parcels }).to_string();
        client.post_bytes("/api/v1/carrier-news/generic", "application/json", body).await
    };
    let ((first, said), (second, again)) = tokio::join!(send(&one, parcels.clone()), send(&two, back));
    assert_eq!((first, second), (200, 200), "{said} {again}");
    assert_eq!(said["scans"].as_i64().unwrap() + again["scans"].as_i64().unwrap(), 8, "{said} {again}");
    assert_eq!(events(&app, "shipment.changed").await.len(), 8, "each changed once");
    other.end().await;
});

story!(news_of_parcels_that_nobody_ever_knew_are_forgotten, |app| async move {
    app.as_owner().await;
    said(&app, "2026-03-02T08:30:00Z", "in_transit", "").await;
    app.later(44 * DAY).await;
    let left = async || {
        desk::shipments::forget(&app.app).await.unwrap();
        let sql = "SELECT CAST(count(*) AS BIGINT) AS n FROM parcel_news";
        app.app.db().one(sql, base::args![]).await.unwrap().int("n").unwrap()
    };
    assert_eq!(left().await, 1);
    app.clock.forward(2 * DAY);
    assert_eq!(left().await, 0);
});

story!(parcels_are_listed_page_by_page, |app| async move {
    for place in 0..5 {
        let parcel = Shipment { id: format!("s{place}"), number: None, ..shipment() };
        told(&app, order(&format!("FV-{place}"), parcel)).await;
    }
    let (mut after, mut seen) = (String::new(), Vec::new());
    loop {
        let (status, page) = app.get(&format!("/api/v1/shipments?troubled=false&limit=2{after}")).await;
        assert_eq!(status, 200, "{page}");
        seen.extend(page["data"].as_array().unwrap().iter().map(|one| one["id"].as_i64().unwrap()));
        let Some(next) = page["next"].as_str() else { break };
        after = format!("&after={next}");
    }
    assert_eq!(seen, [5, 4, 3, 2, 1]);
    assert_eq!(app.nobody().get("/api/v1/shipments").await.0, 401);
});
