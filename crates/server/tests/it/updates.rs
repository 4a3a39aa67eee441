//! What shoppers are told of their orders: each thing once, when the shop wants it, and not at night.

use base::{DAY, HOUR, MINUTE, args};
use serde_json::{Value, json};

use crate::{
    harness::TestApp,
    mails::{bring, inbox, mail, only_ticket},
    stores::{heard, order, store, told},
};

async fn switch_on(app: &TestApp, kinds: &[&str], more: Value) {
    let kinds: serde_json::Map<_, _> = kinds.iter().map(|kind| ((*kind).to_owned(), json!({ "on": true }))).collect();
    let mut settings = json!({ "kinds": kinds });
    for (key, value) in more.as_object().unwrap() {
        settings[key] = value.clone();
    }
    let (status, set) = app.put("/api/v1/order-updates", settings).await;
    assert_eq!(status, 200, "{set}");
}

/// The kinds of what was written to the shopper, oldest first.
async fn written(app: &TestApp) -> Vec<String> {
    let rows = app.app.db().all("SELECT kind FROM order_updates ORDER BY id", args![]).await.unwrap();
    rows.iter().map(|row| row.text("kind").unwrap()).collect()
}

fn parcel(status: &str, at: &str) -> Value {
    json!([{ "id": "p1", "carrier": "DHL", "number": "00340434161094042557", "shipped_at": "2026-03-02T10:00:00Z",
        "pieces": [{ "line": "1", "quantity": 1 }], "scans": [{ "at": at, "status": status }],
        "delivered_at": if status == "delivered" { json!(at) } else { Value::Null } }])
}

async fn tells(app: &TestApp, store: i64, event: &str, at: &str, status: Value) {
    let mut news = order("FV-20418", "jo@post.example", at, json!({ "placed_at": "2026-03-02T08:00:00Z" }));
    for (key, value) in status.as_object().unwrap() {
        news[key] = value.clone();
    }
    told(app, store, event, &json!({ "orders": [news] })).await;
}

story!(a_shopper_hears_of_their_order_once_each_time, |app| async move {
    let (_inbox, store) = (inbox(&app).await, store(&app).await);
    tells(&app, store, "0", "2026-03-01T08:00:00Z", json!({ "id": "fv-0", "number": "FV-0" })).await;
    assert!(written(&app).await.is_empty(), "nothing is sent that nobody switched on");
    switch_on(&app, &["confirmed", "shipped", "delivered", "refunded", "thanks"], json!({})).await;
    tells(&app, store, "1", "2026-03-02T08:00:00Z", json!({})).await;
    assert_eq!(written(&app).await, ["confirmed"]);
    tells(&app, store, "2", "2026-03-02T08:00:00Z", json!({})).await;
    app.clock.forward(2 * HOUR);
    let sent = json!({ "fulfilment": "fulfilled", "shipments": parcel("in_transit", "2026-03-02T10:00:00Z") });
    tells(&app, store, "3", "2026-03-02T10:00:00Z", sent.clone()).await;
    tells(&app, store, "4", "2026-03-02T10:30:00Z", sent).await;
    assert_eq!(written(&app).await, ["confirmed", "shipped"], "each once");
    app.clock.forward(DAY);
    let there = json!({ "fulfilment": "fulfilled", "shipments": parcel("delivered", "2026-03-03T10:00:00Z") });
    tells(&app, store, "5", "2026-03-03T10:00:00Z", there.clone()).await;
    app.later(4 * DAY).await;
    assert_eq!(written(&app).await, ["confirmed", "shipped", "delivered"], "they did not agree to be thanked");
    let row = app.app.db().one("SELECT * FROM order_updates WHERE kind = 'shipped'", args![]).await.unwrap();
    let (subject, text) = (row.text("subject").unwrap(), row.text("text").unwrap());
    assert_eq!(subject, "Your order FV-20418 is on its way");
    assert!(text.contains("with DHL") && text.contains("/track/"), "{text}");
    let back =
        json!({ "payment": "partially_refunded", "totals": { "total": 47_800, "paid": 47_800, "refunded": 4900 } });
    tells(&app, store, "6", "2026-03-08T10:00:00Z", back).await;
    assert_eq!(written(&app).await.last().unwrap(), "refunded");
    assert_eq!(heard(&app, "order.update_sent").await.len(), 4);
    let (_, shown) = app.get(&format!("/api/v1/orders/{}/updates", row.int("order_id").unwrap())).await;
    assert_eq!(shown["data"].as_array().unwrap().len(), 4, "{shown}");
});

story!(whoever_agreed_is_thanked_unless_something_is_wrong, |app| async move {
    let (inbox, store) = (inbox(&app).await, store(&app).await);
    switch_on(&app, &["thanks", "care"], json!({})).await;
    let buyer = json!({ "email": "jo@post.example", "name": "Jo Brandt", "accepts_marketing": true });
    let there =
        json!({ "buyer": buyer, "fulfilment": "fulfilled", "shipments": parcel("delivered", "2026-03-02T08:30:00Z") });
    tells(&app, store, "1", "2026-03-02T08:30:00Z", there).await;
    assert!(written(&app).await.is_empty(), "not at once");
    app.later(3 * DAY + MINUTE).await;
    assert_eq!(written(&app).await, ["thanks"]);
    bring(&app, inbox, &mail("jo@post.example", "1@post", "FV-20418", "", "My tent FV-20418 leaks")).await;
    app.later(30 * DAY).await;
    assert_eq!(written(&app).await, ["thanks"], "nobody is told how to look after what leaks");
});

story!(nights_are_quiet_and_a_shop_has_its_own_words, |app| async move {
    let (inbox, store) = (inbox(&app).await, store(&app).await);
    let own = json!({ "en": { "subject": "Yay, {{order.number}}!", "text": "Hi {{customer.first_name}}, thanks for {{order.total}}." } });
    let settings = json!({ "kinds": { "confirmed": { "on": true, "texts": own } }, "quiet": { "from": "08:00", "until": "12:00" } });
    assert_eq!(app.put("/api/v1/order-updates", settings).await.0, 200);
    tells(&app, store, "1", "2026-03-02T08:00:00Z", json!({})).await;
    assert!(written(&app).await.is_empty(), "it is nine");
    app.later(3 * HOUR).await;
    let row = app.app.db().one("SELECT * FROM order_updates", args![]).await.unwrap();
    assert_eq!(row.text("subject").unwrap(), "Yay, FV-20418!");
    assert_eq!(row.text("text").unwrap(), "Hi Jo, thanks for EUR 478.00.");
    // Whoever answers it has a ticket that knows the order; somebody else who saw its id has not.
    let id = row.opt_text("external_id").unwrap().expect("it left");
    let answer = format!("In-Reply-To: <{}>\n", id.trim_matches(['<', '>']));
    bring(&app, inbox, &mail("eve@post.example", "1@post", "Re: Yay", &answer, "Where is it?")).await;
    assert_eq!(
        app.get(&format!("/api/v1/tickets/{}/orders", only_ticket(&app).await["id"])).await.1["order"],
        Value::Null
    );
    bring(&app, inbox, &mail("jo@post.example", "2@post", "Re: Yay", &answer, "When will it be here?")).await;
    let linked = heard(&app, "ticket.order_linked").await;
    assert_eq!((linked.len(), &linked[0]["why"]), (1, &json!("link")), "{linked:?}");
    for (wrong, field) in [
        (json!({ "quiet": { "from": "25:00", "until": "08:00" } }), "quiet.from"),
        (json!({ "most_a_day": 0 }), "most_a_day"),
        (json!({ "kinds": { "care": { "days": 999 } } }), "kinds.care.days"),
        (
            json!({ "kinds": { "care": { "texts": { "en": { "subject": "x", "text": "{{order.nmber}}" } } } } }),
            "kinds.care.texts.en.text",
        ),
    ] {
        let (status, refused) = app.put("/api/v1/order-updates", wrong).await;
        assert_eq!((status, &refused["errors"][0]["field"]), (422, &json!(field)), "{refused}");
    }
});

story!(a_message_is_looked_at_before_anybody_gets_it, |app| async move {
    let (_inbox, store) = (inbox(&app).await, store(&app).await);
    tells(&app, store, "1", "2026-03-02T08:00:00Z", json!({})).await;
    let look = async |trial: Value| app.post("/api/v1/order-updates/preview", trial).await;
    let own =
        json!({ "subject": "{{order.number}} kommt {{order.eta | date}}", "text": "Hallo {{customer.first_name}}" });
    let (status, made_up) = look(json!({ "kind": "shipped", "language": "de", "text": own })).await;
    assert_eq!((status, &made_up["missing"]), (200, &json!([])), "{made_up}");
    assert!(made_up["subject"].as_str().unwrap().starts_with("1001 kommt "), "{made_up}");
    let (_, real) = look(json!({ "kind": "shipped", "language": "de", "text": own, "order": "#fv-20418" })).await;
    assert_eq!(real["missing"], json!(["order.eta | date"]), "nothing was sent yet: {real}");
    assert_eq!(real["text"], "Hallo Jo");
    let (_, ours) = look(json!({ "kind": "refunded", "language": "fr" })).await;
    assert!(ours["text"].as_str().unwrap().contains("1001"), "{ours}");
    assert!(ours["draft"]["text"].as_str().unwrap().contains("{{order.number}}"), "{ours}");
    for (wrong, field) in [
        (json!({ "kind": "shipped", "language": "de", "order": "FV-9" }), "order"),
        (
            json!({ "kind": "shipped", "language": "de", "text": { "subject": "{{no.such}}", "text": "x" } }),
            "text.subject",
        ),
        (json!({ "kind": "shipped", "language": "Deutsch" }), "language"),
    ] {
        let (status, said) = look(wrong).await;
        assert_eq!((status, said["errors"][0]["field"].as_str()), (422, Some(field)), "{said}");
    }
    assert_eq!(written(&app).await, Vec::<String>::new());
});

story!(what_the_platform_tells_itself_is_not_told_again, |app| async move {
    let (_inbox, store) = (inbox(&app).await, store(&app).await);
    switch_on(&app, &["confirmed", "thanks"], json!({ "platform_tells": true })).await;
    let buyer = json!({ "email": "jo@post.example", "name": "Jo Brandt", "accepts_marketing": true });
    let there =
        json!({ "buyer": buyer, "fulfilment": "fulfilled", "shipments": parcel("delivered", "2026-03-02T08:30:00Z") });
    tells(&app, store, "1", "2026-03-02T08:30:00Z", there).await;
    app.later(4 * DAY).await;
    assert_eq!(written(&app).await, ["thanks"]);
});
