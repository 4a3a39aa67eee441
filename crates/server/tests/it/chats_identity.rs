//! The shop's own server says who a visitor is, and nobody else can.

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use base::{DAY, HOUR, MINUTE};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as B64};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};

use crate::{
    answers::post,
    chats::Visitor,
    chats_away::silent,
    harness::TestApp,
    mails::{self, answer, bring, mail, messages, only_ticket, tickets},
};

const SITE: &str = "fjellvik.example";
const OLD: [u8; 32] = [1; 32];
const NEW: [u8; 32] = [2; 32];

pub fn secret(kid: &str, bytes: [u8; 32]) -> Value {
    json!({ "kty": "oct", "kid": kid, "k": B64.encode(bytes) })
}

/// A chat inbox that was given these keys.
pub async fn keyed_inbox(app: &TestApp, keys: Value) -> i64 {
    let keys = json!({ "keys": keys }).to_string();
    let settings = json!({ "identity": { "keys": keys }, "origins": format!("https://{SITE}") });
    let body = json!({ "channel": "chat", "name": "Chat", "address": SITE, "settings": settings });
    let (status, inbox) = app.post("/api/v1/inboxes", body).await;
    assert_eq!(status, 201, "{inbox}");
    assert_eq!(inbox["settings"]["identity"]["keys"], "set", "never shown again");
    inbox["id"].as_i64().unwrap()
}

/// What the shop's server signs about Johanna, with some claims changed; null takes one away.
pub fn claims(app: &TestApp, jti: &str, changes: Value) -> Value {
    let now = app.app.now() / 1000;
    let mut claims = json!({
        "aud": SITE, "exp": now + 300, "iat": now, "jti": jti, "sub": "4711", "email": "jo@post.example",
        "name": "Johanna Brandt", "locale": "de",
    });
    for (claim, value) in changes.as_object().unwrap() {
        claims[claim] = value.clone();
    }
    claims.as_object_mut().unwrap().retain(|_, value| !value.is_null());
    claims
}

pub fn signed(kid: &str, key: [u8; 32], claims: &Value) -> String {
    let header = Header { kid: Some(kid.into()), ..Header::new(Algorithm::HS256) };
    encode(&header, claims, &EncodingKey::from_secret(&key)).unwrap()
}

pub async fn show(visitor: &Visitor, token: &str) -> (u16, Value) {
    visitor.client.put(&visitor.path("identity"), json!({ "token": token })).await
}

story!(a_signed_in_shopper_is_one_person_with_their_mails, |app| async move {
    let letters = mails::inbox(&app).await;
    bring(&app, letters, &mail("jo@post.example", "a1@post", "Tent pole snapped", "", "It broke.")).await;
    let ticket = only_ticket(&app).await["id"].as_i64().unwrap();
    let inbox = keyed_inbox(&app, json!([secret("old", OLD)])).await;
    let jo = Visitor::begin(&app, inbox).await;
    assert_eq!(show(&jo, &signed("old", OLD, &claims(&app, "1", json!({})))).await.0, 204);
    jo.say("1", "Any news about my tent?").await;
    app.tick().await;
    let all = messages(&app, ticket).await;
    assert_eq!(all.len(), 2, "the mail and the chat are one ticket");
    assert_eq!((&all[1]["channel"], &all[1]["author"]["name"]), (&json!("chat"), &json!("Johanna Brandt")));
    answer(&app, ticket, "A new one is on its way.").await;
    app.tick().await;
    assert_eq!(jo.reads().await, ["visitor: Any news about my tent?", "shop: A new one is on its way."]);
    assert!(!jo.conversation(0).await.to_string().contains("It broke"), "what was mailed stays in the mails");
    let customer = only_ticket(&app).await["customer"]["id"].clone();
    let (_, customer) = app.get(&format!("/api/v1/customers/{customer}")).await;
    let kinds: Vec<_> =
        customer["identities"].as_array().unwrap().iter().map(|one| (&one["kind"], &one["verified"])).collect();
    let yes = json!(true);
    assert_eq!(kinds, [(&json!("email"), &yes), (&json!("shop_account"), &yes), (&json!("visitor"), &yes)]);
    // On the phone, the same person; what was said on the other device is not shown there.
    let phone = Visitor::begin(&app, inbox).await;
    assert_eq!(show(&phone, &signed("old", OLD, &claims(&app, "2", json!({})))).await.0, 204);
    phone.say("1", "It is me again").await;
    app.tick().await;
    assert_eq!(messages(&app, ticket).await.len(), 4);
    assert_eq!(phone.reads().await, ["visitor: It is me again"]);
});

story!(what_is_forged_expired_replayed_or_for_others_does_not_count, |app| async move {
    let inbox = keyed_inbox(&app, json!([secret("old", OLD)])).await;
    let jo = Visitor::begin(&app, inbox).await;
    let good = claims(&app, "1", json!({}));
    let now = app.app.now() / 1000;
    let mut parts: Vec<String> = signed("old", OLD, &good).split('.').map(str::to_owned).collect();
    parts[0] = B64.encode(r#"{"alg":"none","kid":"old"}"#);
    let demanding = format!("{}.{}", B64.encode(r#"{"alg":"HS256","kid":"old","crit":["b64"]}"#), parts[1]);
    let key = EncodingKey::from_secret(&OLD);
    let signature = jsonwebtoken::crypto::sign(demanding.as_bytes(), &key, Algorithm::HS256).unwrap();
    let bad = [
        ("", "empty"),
        ("a.b.c", "no token"),
        (&*signed("old", NEW, &good), "signed by another"),
        (&*signed("new", OLD, &good), "by a key we do not know"),
        (&*parts.join("."), "not signed at all"),
        (&*format!("{}.{}.", parts[0], parts[1]), "without any signature"),
        (&*format!("{demanding}.{signature}"), "with a demand that nobody here knows"),
        (&*signed("old", OLD, &claims(&app, "2", json!({ "exp": null }))), "for ever"),
        (&*signed("old", OLD, &claims(&app, "2", json!({ "exp": now + 3 * 86_400 }))), "for days"),
        (&*signed("old", OLD, &claims(&app, "2", json!({ "exp": now - 120 }))), "expired"),
        (&*signed("old", OLD, &claims(&app, "2", json!({ "iat": now + 600 }))), "from the future"),
        (&*signed("old", OLD, &claims(&app, "2", json!({ "nbf": now + 600 }))), "not yet"),
        (&*signed("old", OLD, &claims(&app, "2", json!({ "aud": "other.example" }))), "for another inbox"),
        (&*signed("old", OLD, &claims(&app, "2", json!({ "aud": null }))), "for no inbox"),
        (&*signed("old", OLD, &claims(&app, "2", json!({ "jti": null }))), "replayable"),
        (&*signed("old", OLD, &claims(&app, "2", json!({ "sub": null, "email": null }))), "nobody"),
        (&*signed("old", OLD, &claims(&app, "2", json!({ "email": "no address" }))), "no address"),
        (&*signed("old", OLD, &claims(&app, "2", json!({ "sub": "x".repeat(300) }))), "too long"),
    ];
    for (token, why) in bad {
        let (status, refused) = show(&jo, token).await;
        assert_eq!(status, 401, "{why}: {refused}");
    }
    let token = signed("old", OLD, &good);
    assert_eq!(show(&jo, &token).await.0, 204);
    assert_eq!(show(&jo, &token).await.0, 204, "the same browser may ask again when it got no answer");
    let thief = Visitor::begin(&app, inbox).await;
    let (status, refused) = show(&thief, &token).await;
    assert_eq!(status, 401);
    assert!(refused["detail"].as_str().unwrap().contains("used before"), "{refused}");
    app.clock.forward(10 * MINUTE);
    assert_eq!(show(&jo, &token).await.0, 401, "expired by our clock");
    desk::visits::forget(&app.app).await.unwrap();
    assert_eq!(show(&thief, &token).await.0, 401, "and still when its use has been forgotten");
    assert_eq!(app.nobody().put(&jo.path("identity"), json!({ "token": token })).await.0, 401);
});

story!(keys_are_changed_one_after_the_other, |app| async move {
    let inbox = keyed_inbox(&app, json!([secret("old", OLD)])).await;
    let jo = Visitor::begin(&app, inbox).await;
    let pair = Ed25519KeyPair::generate().unwrap();
    let public = json!({ "kty": "OKP", "crv": "Ed25519", "kid": "ed", "x": B64.encode(pair.public_key().as_ref()) });
    let change = async |keys: Value| {
        let settings = json!({ "identity": { "keys": json!({ "keys": keys }).to_string() } });
        app.patch(&format!("/api/v1/inboxes/{inbox}"), json!({ "settings": settings })).await
    };
    assert_eq!(change(json!([secret("old", OLD), secret("new", NEW), public])).await.0, 200);
    let der = pair.to_pkcs8v1().unwrap();
    let header = Header { kid: Some("ed".into()), ..Header::new(Algorithm::EdDSA) };
    let by_ed =
        |jti: &str| encode(&header, &claims(&app, jti, json!({})), &EncodingKey::from_ed_der(der.as_ref())).unwrap();
    assert_eq!(show(&jo, &signed("old", OLD, &claims(&app, "1", json!({})))).await.0, 204);
    assert_eq!(show(&jo, &signed("new", NEW, &claims(&app, "2", json!({})))).await.0, 204);
    assert_eq!(show(&jo, &by_ed("3")).await.0, 204);
    // The public key is no secret, and must not do as one.
    let public_bytes: [u8; 32] = pair.public_key().as_ref().try_into().unwrap();
    assert_eq!(show(&jo, &signed("ed", public_bytes, &claims(&app, "4", json!({})))).await.0, 401);
    assert_eq!(change(json!([secret("new", NEW), public])).await.0, 200);
    assert_eq!(show(&jo, &signed("old", OLD, &claims(&app, "5", json!({})))).await.0, 401, "taken away");
    assert_eq!(show(&jo, &by_ed("6")).await.0, 204);
    let (status, refused) = change(json!([{ "kty": "oct", "k": "c2hvcnQ" }])).await;
    assert_eq!((status, &refused["errors"][0]["field"]), (422, &json!("settings.identity.keys")));
    assert!(!refused.to_string().contains("c2hvcnQ"), "an error tells no secret");
    // Absent they stay; null takes them away.
    let path = format!("/api/v1/inboxes/{inbox}");
    for (settings, status) in [(json!({}), 204), (json!({ "identity": { "keys": null } }), 401)] {
        let (changed, body) = app.patch(&path, json!({ "settings": settings })).await;
        assert_eq!(changed, 200, "{body}");
        assert_eq!(show(&jo, &by_ed(&format!("last {status}"))).await.0, status);
    }
    assert!(app.get(&path).await.1["settings"]["identity"]["keys"].is_null(), "nothing is shown as set");
});

story!(nobody_takes_anothers_conversation, |app| async move {
    let inbox = keyed_inbox(&app, json!([secret("old", OLD)])).await;
    let jo = Visitor::begin(&app, inbox).await;
    jo.say("1", "I am not signed in yet").await;
    app.tick().await;
    // Somebody who only says that they are Johanna.
    let path = format!("/api/v1/widgets/{inbox}/sessions");
    let (status, refused) = app.nobody().post(&path, json!({ "email": "jo@post.example" })).await;
    assert_eq!(status, 422, "{refused}");
    assert_eq!(show(&jo, &signed("old", OLD, &claims(&app, "1", json!({})))).await.0, 204);
    assert_eq!(jo.reads().await.len(), 1, "signing in loses nothing");
    jo.say("2", "Now I am").await;
    app.tick().await;
    assert_eq!(messages(&app, only_ticket(&app).await["id"].as_i64().unwrap()).await.len(), 2);
    // Another account in the same browser.
    let other = json!({ "sub": "4712", "email": "kim@post.example", "name": "Kim" });
    let kim = signed("old", OLD, &claims(&app, "2", other.clone()));
    let (status, refused) = show(&jo, &kim).await;
    assert_eq!(status, 409, "{refused}");
    let fresh = Visitor::begin(&app, inbox).await;
    assert_eq!(show(&fresh, &kim).await.0, 204, "what was refused has not been used");
    fresh.say("1", "I am Kim").await;
    app.tick().await;
    let all = tickets(&app.as_owner().await, "shelf=all&sort=oldest").await;
    assert_eq!(all.len(), 2, "Kim writes into no ticket of Johanna's");
    assert_eq!(all[1]["customer"]["name"], "Kim");
    // An address of somebody else's under one's own account does not make one of two people.
    let mixed = json!({ "sub": "4712", "email": "jo@post.example" });
    assert_eq!(show(&fresh, &signed("old", OLD, &claims(&app, "3", mixed))).await.0, 204);
    let (_, kim) = app.get(&format!("/api/v1/customers/{}", all[1]["customer"]["id"])).await;
    assert!(!kim.to_string().contains("jo@post.example"), "{kim}");
    app.clock.forward(DAY + HOUR);
    assert_eq!(fresh.reads().await, ["visitor: I am Kim"]);
});

story!(a_shop_may_keep_chats_apart_from_mails_and_each_message_says_why_it_joined, |app| async move {
    let letters = mails::inbox(&app).await;
    bring(&app, letters, &mail("jo@post.example", "a1@post", "Tent pole snapped", "", "It broke.")).await;
    let ticket = only_ticket(&app).await["id"].as_i64().unwrap();
    let inbox = keyed_inbox(&app, json!([secret("old", OLD)])).await;
    let joins = async |token: &str, join: bool| {
        let (status, shop) = app.patch("/api/v1/shop", json!({ "join_conversations": join })).await;
        assert_eq!((status, &shop["join_conversations"]), (200, &json!(join)), "{shop}");
        let jo = Visitor::begin(&app, inbox).await;
        assert_eq!(show(&jo, &signed("old", OLD, &claims(&app, token, json!({})))).await.0, 204);
        jo.say("1", &format!("Any news {token}?")).await;
        app.tick().await;
        tickets(&app.as_owner().await, "shelf=all").await.len()
    };
    assert_eq!(joins("1", false).await, 2, "a chat is a ticket of its own");
    let own = tickets(&app.as_owner().await, "shelf=all&channel=chat").await[0]["id"].as_i64().unwrap();
    assert_eq!(messages(&app, own).await[0]["joined"], "new_message");
    app.patch(&format!("/api/v1/tickets/{own}"), json!({ "status": "solved" })).await;
    assert_eq!(joins("2", true).await, 2, "and goes on in the only open one");
    let all = messages(&app, ticket).await;
    let why: Vec<_> = all.iter().map(|message| message["joined"].as_str().unwrap()).collect();
    assert_eq!(why, ["new_message", "conversation"]);
    answer(&app, ticket, "Soon.").await;
    assert_eq!(messages(&app, ticket).await[2]["joined"], Value::Null, "ours did not join");
});

async fn person(app: &TestApp, ticket: &Value) -> Value {
    let (status, customer) = app.get(&format!("/api/v1/customers/{}", ticket["customer"]["id"])).await;
    assert_eq!(status, 200, "{customer}");
    customer
}

story!(a_conversation_stays_its_persons_when_people_are_merged, |app| async move {
    let letters = mails::inbox(&app).await;
    bring(&app, letters, &mail("jo@work.example", "w1@work", "Tent pole snapped", "", "It broke.")).await;
    let at_work = only_ticket(&app).await["customer"]["id"].clone();
    let inbox = keyed_inbox(&app, json!([secret("old", OLD)])).await;
    let jo = Visitor::begin(&app, inbox).await;
    let word = async |jti: &str, changes: Value| show(&jo, &signed("old", OLD, &claims(&app, jti, changes))).await.0;
    assert_eq!(word("1", json!({})).await, 204);
    jo.say("1", "Any news?").await;
    app.tick().await;
    let (_, all) = app.get("/api/v1/tickets?shelf=all&channel=chat").await;
    let merge = format!("/api/v1/customers/{}/merge", all["data"][0]["customer"]["id"]);
    let (status, merged) = app.post(&merge, json!({ "into": at_work })).await;
    assert_eq!(status, 201, "{merged}");
    assert_eq!(word("2", json!({})).await, 204, "still the same person");
    assert_eq!(word("3", json!({ "sub": "4712", "email": "kim@post.example" })).await, 409);
    assert_eq!(app.delete(&format!("/api/v1/customer-merges/{}", merged["id"])).await.0, 200);
    assert_eq!(word("4", json!({})).await, 204, "and so when they are two again");
    assert_eq!(jo.reads().await, ["visitor: Any news?"]);
});

story!(mails_go_to_whoever_has_the_browser_since_a_customer_was_split, |app| async move {
    let mut post = post().await;
    let body = json!({ "channel": "email", "name": "Fjellvik", "address": mails::INBOX, "settings": post.settings });
    assert_eq!(app.post("/api/v1/inboxes", body).await.0, 201);
    let inbox = keyed_inbox(&app, json!([secret("old", OLD)])).await;
    let jo = Visitor::begin(&app, inbox).await;
    assert_eq!(show(&jo, &signed("old", OLD, &claims(&app, "1", json!({})))).await.0, 204);
    assert_eq!(jo.client.put(&jo.path("page"), json!({ "url": format!("https://{SITE}/tents") })).await.0, 204);
    jo.say("1", "Is the tent waterproof?").await;
    app.tick().await;
    let ticket = only_ticket(&app).await;
    let before = person(&app, &ticket).await;
    let all = before["identities"].as_array().unwrap().iter();
    let leave: Vec<_> = all.filter(|one| one["kind"] != "email").map(|one| one["id"].clone()).collect();
    let split = format!("/api/v1/customers/{}/split", before["id"]);
    let (status, split) = app.post(&split, json!({ "identities": leave, "name": "Kim" })).await;
    assert_eq!(status, 201, "{split}");
    let (_, here) = app.get("/api/v1/visitors").await;
    assert_eq!((&here["data"][0]["customer"], &here["data"][0]["name"]), (&split["customer"]["id"], &json!("Kim")));
    answer(&app, ticket["id"].as_i64().unwrap(), "Yes.").await;
    silent(&app, &mut post, 600).await;
    assert_eq!(show(&jo, &signed("old", OLD, &claims(&app, "2", json!({})))).await.0, 204, "the account came along");
});
