//! A shopper cancels an order or sends it elsewhere, inside the shop's rules; nobody else can, and it is done once.

use base::{HOUR, MINUTE};
use connectors::order::{Fulfilment, OrderState};
use desk::orders::{OrderId, link, link::Proof};
use reqwest::{Method, header};
use serde_json::{Value, json};

use crate::{
    actions::{id_of, shop_story},
    answers::{Post, post},
    chats_away::{header as line, mailed},
    fake_shop::FakeShop,
    forms::{Page, page},
    harness::TestApp,
    mails::{INBOX, messages, only_ticket},
    stores::heard,
    track::{goes_to, send},
};

/// The page of an order for whoever has shown this.
async fn page_of(app: &TestApp, number: &str, proof: Proof) -> String {
    format!("/track/{}", link::token(&app.app, OrderId(id_of(app, number).await), proof))
}

/// Lets shoppers change orders, at a platform that can.
async fn allowed(app: &TestApp, shop: &FakeShop, rules: Value) -> Post {
    shop.0.lock().unwrap().changes = true;
    let server = post().await;
    let body = json!({ "channel": "email", "name": "Fjellvik", "address": INBOX, "settings": server.settings });
    assert_eq!(app.post("/api/v1/inboxes", body).await.0, 201);
    let (status, kept) = app.put("/api/v1/shopper-changes", rules).await;
    assert_eq!(status, 200, "{kept}");
    server
}

fn both() -> Value {
    json!({ "cancel": { "allowed": true }, "address": { "allowed": true } })
}

/// What the second step confirms.
async fn wish(app: &TestApp, path: &str) -> String {
    let asked = page(&app.nobody(), &format!("{path}/cancellation"), "en").await;
    assert_eq!(asked.status, 200, "{}", asked.html);
    asked.between("name=\"wish\" value=\"", "\"")
}

async fn confirm(app: &TestApp, path: &str, wish: &str) -> Page {
    send(&app.nobody(), &format!("{path}/change?lang=en"), &[("wish", wish)]).await
}

shop_story!(whoever_reads_the_buyers_mail_cancels_an_order_once, |app, shop| async move {
    let path = page_of(&app, "FV-1", Proof::Mailed).await;
    shop.0.lock().unwrap().changes = true;
    let off = page(&app.nobody(), &path, "en").await;
    assert!(!off.says("Cancel this order"), "off until the shop says so: {}", off.html);
    assert_eq!(page(&app.nobody(), &format!("{path}/cancellation"), "en").await.status, 303);
    let mut server = allowed(&app, &shop, both()).await;
    let agent = app.as_role("agent").await;
    assert_eq!(agent.put("/api/v1/shopper-changes", both()).await.0, 403);
    let odd = json!({ "cancel": { "allowed": true, "minutes": 0 } });
    assert_eq!(app.put("/api/v1/shopper-changes", odd).await.0, 422);
    // Number and postcode are enough to see the order, and to have a code sent to its buyer; nothing more.
    let found = send(&app.nobody(), "/track?lang=en", &[("order", "FV-1"), ("proof", "5003")]).await;
    let seen = page(&app.nobody(), goes_to(&found), "en").await;
    assert!(seen.says("we first send a code") && !seen.html.contains("/cancellation"), "{}", seen.html);
    let stranger = page_of(&app, "FV-1", Proof::Known).await;
    assert!(goes_to(&found).starts_with(&stranger));
    for page_of_it in ["/cancellation", "/address"] {
        assert_eq!(page(&app.nobody(), &format!("{stranger}{page_of_it}"), "en").await.status, 404);
    }
    // The code that comes by mail opens the way.
    send(&app.nobody(), &seen.between("<form method=\"post\" action=\"", "\""), &[("order", "FV-1")]).await;
    let raw = mailed(&app, &mut server, 0, "250 taken").await;
    let code = raw.lines().find(|line| line.len() == 6 && line.parse::<u32>().is_ok()).unwrap().to_owned();
    let opened = send(&app.nobody(), "/track/code/check?lang=en", &[("order", "FV-1"), ("code", &code)]).await;
    assert!(goes_to(&opened).starts_with(&path), "{}", goes_to(&opened));
    let shown = page(&app.nobody(), goes_to(&opened), "en").await;
    assert!(shown.says("Cancel this order") && shown.says("Change the address"), "{}", shown.html);
    let asked = page(&app.nobody(), &format!("{path}/cancellation"), "en").await;
    assert!(asked.says("Cancel order FV-1?") && asked.says("You get back 478.00 EUR"), "{}", asked.html);
    assert_eq!(asked.headers["referrer-policy"], "same-origin");
    let wish = asked.between("name=\"wish\" value=\"", "\"");
    // Forged, of another order, by less of a proof, from another site: nothing.
    let other = page_of(&app, "FV-2", Proof::Mailed).await;
    assert_eq!(confirm(&app, &path, &format!("{}x", &wish[..wish.len() - 1])).await.status, 422);
    assert_eq!(confirm(&app, &path, "").await.status, 422);
    assert_eq!(confirm(&app, &other, &wish).await.status, 422);
    assert_eq!(confirm(&app, &stranger, &wish).await.status, 404);
    let nobody = app.nobody();
    let foreign =
        nobody.request(Method::POST, &format!("{path}/change")).header(header::ORIGIN, "https://evil.example");
    let foreign = foreign.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    assert_eq!(nobody.send(foreign.body(format!("wish={wish}"))).await.status(), 403);
    assert!(heard(&app, "action.requested").await.is_empty());
    // Sent twice at once, it is one.
    let (one, two) = tokio::join!(confirm(&app, &path, &wish), confirm(&app, &path, &wish));
    assert_eq!((one.status, two.status), (303, 303), "{} {}", one.html, two.html);
    assert!(page(&app.nobody(), &path, "en").await.says("We are cancelling your order."));
    let raw = mailed(&app, &mut server, 1, "250 taken").await;
    assert!(line(&raw, "To").contains("jo@post.example") && raw.contains("was cancelled"), "{raw}");
    assert!(raw.contains("478.00 EUR"), "{raw}");
    let done = shop.order("fv-1");
    assert_eq!((done.state, done.totals.refunded), (OrderState::Cancelled, 47_800));
    assert_eq!(confirm(&app, &path, &wish).await.status, 303, "and again");
    app.later(HOUR).await;
    assert_eq!(shop.0.lock().unwrap().done.values().map(|(times, _)| *times).sum::<u32>(), 1);
    let end = page(&app.nobody(), &path, "en").await;
    assert!(end.says("Your order was cancelled.") && !end.says("Change the address"), "{}", end.html);
    let (_, deeds) = app.get(&format!("/api/v1/orders/{}/actions", id_of(&app, "FV-1").await)).await;
    assert_eq!(deeds["data"][0]["by"]["kind"], "customer", "{deeds}");
    let (_, tickets) = app.get("/api/v1/tickets?shelf=all").await;
    assert_eq!(tickets["data"], json!([]), "nothing is left for the team");
});

shop_story!(a_parcel_is_sent_elsewhere_within_its_country, |app, shop| async move {
    let mut server = allowed(&app, &shop, both()).await;
    let path = page_of(&app, "FV-1", Proof::Mailed).await;
    let form = page(&app.nobody(), &format!("{path}/address"), "en").await;
    assert!(form.says("Fjellgata 12") && form.says("Only within Norway"), "{}", form.html);
    assert!(form.html.contains("name=\"company\"") && !form.html.contains("None"), "{}", form.html);
    let check = async |fields: &[(&str, &str)]| send(&app.nobody(), &format!("{path}/address?lang=en"), fields).await;
    let long = "x".repeat(101);
    for (line1, city) in [("", "Oslo"), ("Storgata 1", " "), (long.as_str(), "Oslo")] {
        assert_eq!(check(&[("name", "Jo"), ("line1", line1), ("city", city)]).await.status, 422, "{line1} {city}");
    }
    assert_eq!(check(&[("name", ""), ("line1", "Storgata 1"), ("city", "Oslo")]).await.status, 422);
    let fields =
        [("name", "Jo <b>"), ("line1", "Storgata 1"), ("postcode", "0155"), ("city", "Oslo"), ("country", "RU")];
    let shown = check(&fields).await;
    assert!(shown.status == 200 && shown.says("Is this right?") && shown.says("Storgata 1"), "{}", shown.html);
    assert!(shown.says("Norway") && !shown.html.contains("<b>,") && shown.says("Fjellgata 12"), "{}", shown.html);
    let wish = shown.between("name=\"wish\" value=\"", "\"");
    assert_eq!(confirm(&app, &path, &wish).await.status, 303);
    let raw = mailed(&app, &mut server, 1, "250 taken").await;
    assert!(raw.contains("now goes to") && raw.contains("Storgata 1"), "{raw}");
    let address = shop.order("fv-1").shipping_address.unwrap();
    assert_eq!((address.line1.as_str(), address.country.as_str()), ("Storgata 1", "NO"));
    assert!(page(&app.nobody(), &path, "en").await.says("The address was changed."));
    // Where the shop sends elsewhere too, the country is theirs to choose, among those that there are.
    let rules = json!({ "address": { "allowed": true }, "abroad": true });
    assert_eq!(app.put("/api/v1/shopper-changes", rules).await.0, 200);
    for (country, goes) in [("SE", "Sweden"), ("ZZ", "Norway")] {
        let shown = check(&[("name", "Jo"), ("line1", "Gata 2"), ("city", "Lund"), ("country", country)]).await;
        assert!(shown.says(goes), "{country} {}", shown.html);
    }
    // Nobody tries for ever.
    let again = check(&[("name", "Jo"), ("line1", "Gata 2"), ("city", "Lund")]).await;
    let wish = again.between("name=\"wish\" value=\"", "\"");
    shop.0.lock().unwrap().orders[0].fulfilment = Fulfilment::InProgress;
    app.clock.forward(MINUTE);
    let mut last = 0;
    for _ in 0..8 {
        last = confirm(&app, &path, &wish).await.status;
        if last == 429 {
            break;
        }
        assert_eq!(last, 422);
    }
    assert_eq!(last, 429);
});

shop_story!(what_is_too_late_or_refused_is_said_and_the_team_knows, |app, shop| async move {
    let mut server = allowed(&app, &shop, both()).await;
    let path = page_of(&app, "FV-1", Proof::Mailed).await;
    let before = wish(&app, &path).await;
    // It is being packed by now, which we learn when it is asked for.
    app.clock.forward(MINUTE);
    shop.0.lock().unwrap().down = true;
    let away = confirm(&app, &path, &before).await;
    assert!(away.status == 422 && away.says("does not answer at the moment"), "{}", away.html);
    shop.0.lock().unwrap().down = false;
    shop.0.lock().unwrap().orders[0].fulfilment = Fulfilment::InProgress;
    shop.0.lock().unwrap().orders[0].changed_at = Some(base::Stamp(app.app.now()));
    let late = confirm(&app, &path, &before).await;
    assert!(late.status == 422 && late.says("It is too late to change this order here"), "{}", late.html);
    app.later(HOUR).await;
    assert_eq!(shop.order("fv-1").state, OrderState::Open);
    // Another one: placed too long ago for this shop.
    let other = page_of(&app, "FV-2", Proof::Mailed).await;
    let rules = json!({ "cancel": { "allowed": true, "minutes": 30 } });
    assert_eq!(app.put("/api/v1/shopper-changes", rules).await.0, 200);
    assert!(page(&app.nobody(), &other, "en").await.says("It is too late"));
    assert_eq!(app.put("/api/v1/shopper-changes", both()).await.0, 200);
    // Its money is above what shoppers may have back by themselves: a lead decides.
    let limits =
        json!({ "data": [{ "role": "shopper", "kind": "cancel", "currency": "EUR", "once": 100, "day": null }] });
    assert_eq!(app.put("/api/v1/authority", limits).await.0, 200);
    assert_eq!(confirm(&app, &other, &wish(&app, &other).await).await.status, 303);
    assert!(page(&app.nobody(), &other, "en").await.says("Your wish to cancel is with the shop"));
    let ticket = only_ticket(&app).await;
    assert_eq!(ticket["subject"], "Order FV-2: please cancel", "{ticket}");
    let (_, waiting) = app.get("/api/v1/actions").await;
    assert_eq!(waiting["data"][0]["ticket"], ticket["id"], "{waiting}");
    shop.0.lock().unwrap().refuses = true;
    let lead = app.as_role("owner").await;
    let decision = format!("/api/v1/actions/{}/decision", waiting["data"][0]["id"]);
    assert_eq!(lead.put(&decision, json!({ "approve": true })).await.0, 200);
    let raw = mailed(&app, &mut server, 2, "250 taken").await;
    assert!(raw.contains("could not be cancelled"), "{raw}");
    assert_eq!(only_ticket(&app).await["id"], ticket["id"], "one ticket");
    let said = messages(&app, ticket["id"].as_i64().unwrap()).await;
    assert!(said.len() == 2 && said[1]["direction"] == "out", "they see that the shopper was told: {said:?}");
    assert!(page(&app.nobody(), &other, "en").await.says("Your order could not be cancelled."));
    // Refused without anybody in between: a ticket, too.
    assert_eq!(app.put("/api/v1/authority", json!({ "data": [] })).await.0, 200);
    shop.0.lock().unwrap().orders[0].fulfilment = Fulfilment::Unfulfilled;
    app.clock.forward(HOUR);
    let (_, seen) = app.get(&format!("/api/v1/orders/{}?fresh=true", id_of(&app, "FV-1").await)).await;
    assert_eq!(seen["order"]["fulfilment"], "unfulfilled", "{seen}");
    assert_eq!(confirm(&app, &path, &wish(&app, &path).await).await.status, 303);
    let raw = mailed(&app, &mut server, 2, "250 taken").await;
    assert!(raw.contains("could not be cancelled"), "{raw}");
    let (_, tickets) = app.get("/api/v1/tickets?shelf=all").await;
    assert_eq!(tickets["data"].as_array().unwrap().len(), 2, "{tickets}");
    assert_eq!(shop.order("fv-2").totals.refunded, 0);
});

shop_story!(of_two_addresses_at_one_moment_one_is_taken, |app, shop| async move {
    allowed(&app, &shop, both()).await;
    let path = page_of(&app, "FV-1", Proof::Mailed).await;
    let goes = async |street: &str| {
        let fields = [("name", "Jo"), ("line1", street), ("postcode", "0155"), ("city", "Oslo")];
        let shown = send(&app.nobody(), &format!("{path}/address?lang=en"), &fields).await;
        shown.between("name=\"wish\" value=\"", "\"")
    };
    let (one, two) = (goes("Storgata 1").await, goes("Storgata 2").await);
    let (one, two) = tokio::join!(confirm(&app, &path, &one), confirm(&app, &path, &two));
    let mut said = [one.status, two.status];
    said.sort_unstable();
    assert_eq!(said, [303, 422], "{} {}", one.html, two.html);
    assert_eq!(heard(&app, "action.requested").await.len(), 1);
});
