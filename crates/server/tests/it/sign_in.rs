//! Coming in: the first owner, passwords, sessions.

use std::sync::{Arc, Mutex};

use base::{DAY, HOUR, MINUTE, args, jobs, jobs::Lane};
use desk::agents::{HouseMail, Letter};
use reqwest::{Method, header};
use serde_json::{Value, json};
use server::node;

use crate::{
    client::Client,
    harness::{OWNER, PASSWORD, TestApp},
};

const SETUP: &str = "/api/v1/setup";
pub const SESSION: &str = "/api/v1/session";

fn owner() -> Value {
    json!({ "email": OWNER, "name": "Ingrid", "password": PASSWORD, "shop_name": "Fjellvik" })
}

pub async fn sign_in(app: &TestApp, email: &str, password: &str) -> (Client, u16, Value) {
    let client = app.nobody();
    let (status, me) = client.post(SESSION, json!({ "email": email, "password": password })).await;
    (client, status, me)
}

/// Does what is due, and returns the letters that the house would have mailed.
pub async fn letters(app: &TestApp) -> Vec<Letter> {
    let kept = Arc::new(Mutex::new(Vec::new()));
    let box_ = kept.clone();
    let post = HouseMail(Box::new(move |_, letter| {
        box_.lock().unwrap().push(letter);
        Box::pin(async { Ok(()) })
    }));
    let with_post = node::app(app.app.db().clone(), app.app.config().clone()).with(post).clock(app.clock.clone());
    let with_post = with_post.build().unwrap();
    while jobs::work(&with_post, app.node.jobs(), Lane::Outbound).await.unwrap() {}
    std::mem::take(&mut *kept.lock().unwrap())
}

/// The secret at the end of a link.
pub fn token_in(text: &str) -> String {
    let link = text.split_whitespace().find(|word| word.starts_with("http")).expect("no link");
    link.rsplit('/').next().unwrap().to_owned()
}

pub async fn my_id(client: &Client) -> i64 {
    client.get(SESSION).await.1["id"].as_i64().unwrap()
}

story!(whoever_comes_first_sets_up_the_shop_and_nobody_after_them, |app| async move {
    let first = app.nobody();
    assert_eq!(first.get(SETUP).await, (200, json!({ "needed": true })));
    assert_eq!(first.get(SESSION).await.0, 401);
    let (status, me) = first.post(SETUP, owner()).await;
    assert_eq!(status, 201, "{me}");
    assert_eq!((&me["role"], &me["shop"]["name"], &me["email"]), (&json!("owner"), &json!("Fjellvik"), &json!(OWNER)));
    assert_eq!(
        me["permissions"].as_array().unwrap().len(),
        desk::agents::Permission::ALL.len(),
        "an owner may do everything"
    );
    assert_eq!(first.get(SESSION).await, (200, me), "and is signed in");
    assert_eq!(first.get(SETUP).await.1, json!({ "needed": false }));
    let (status, problem) = app.nobody().post(SETUP, owner()).await;
    assert_eq!((status, &problem["type"]), (409, &json!("/problems/conflict")));
});

story!(of_two_who_set_up_at_once_on_two_nodes_one_is_the_owner, |app| async move {
    let other = app.second_node().await;
    let (one, two) = (app.nobody(), other.nobody());
    let second = json!({ "email": "late@fjellvik.example", "name": "Late", "password": PASSWORD });
    let (one, two) = tokio::join!(one.post(SETUP, owner()), two.post(SETUP, second));
    let mut statuses = [one.0, two.0];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409]);
    let agents = app.app.db().all("SELECT id FROM agents", args![]).await.unwrap();
    let shops = app.app.db().all("SELECT id FROM shops", args![]).await.unwrap();
    assert_eq!((agents.len(), shops.len()), (1, 1));
    other.end().await;
});

story!(a_weak_password_or_a_wrong_address_is_named, |app| async move {
    for (field, change) in [
        ("password", json!({ "password": "short" })),
        ("password", json!({ "password": "qwertyuiop" })),
        ("password", json!({ "password": "OWNER-12345" })),
        ("email", json!({ "email": "not an address" })),
        ("name", json!({ "name": "Ingrid\r\nBcc: everybody@example.com" })),
        ("colour", json!({ "colour": "red" })),
    ] {
        let mut body = owner();
        body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        let (status, problem) = app.nobody().post(SETUP, body).await;
        assert_eq!((status, problem["errors"][0]["field"].as_str()), (422, Some(field)), "{problem}");
    }
    assert_eq!(app.nobody().get(SETUP).await.1["needed"], true);
});

async fn cookie_of_a_new_session(app: &TestApp) -> String {
    app.as_owner().await;
    let client = app.nobody();
    let request = client.request(Method::POST, SESSION).json(&json!({ "email": OWNER, "password": PASSWORD }));
    let response = client.send(request).await;
    assert_eq!(response.status(), 201);
    response.headers()[header::SET_COOKIE].to_str().unwrap().to_owned()
}

story!(scripts_and_other_sites_cannot_have_the_cookie, |app| async move {
    let cookie = cookie_of_a_new_session(&app).await;
    for part in ["; HttpOnly", "; SameSite=Lax", "; Path=/", "; Max-Age=1209600"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert!(!cookie.contains("Secure"), "this installation is not reached over https: {cookie}");
    assert!(!cookie.contains("Domain"), "{cookie}");
});

story!(
    over_https_the_cookie_never_travels_in_the_clear,
    |config| config.public_url = "https://desk.fjellvik.example".into(),
    |app| async move {
        assert!(cookie_of_a_new_session(&app).await.ends_with("; Secure"));
    }
);

story!(guessing_becomes_slow, |config| config.trusted_proxies = vec!["127.0.0.1".parse().unwrap()], |app| async move {
    app.as_owner().await;
    let from = async |ip: &str, password: &str| {
        let client = app.nobody();
        let request = client.request(Method::POST, SESSION).header("x-forwarded-for", ip);
        client.send(request.json(&json!({ "email": OWNER, "password": password }))).await
    };
    for _ in 0..5 {
        assert_eq!(from("203.0.113.7", "wrong horse battery").await.status(), 401);
    }
    let refused = from("203.0.113.7", PASSWORD).await;
    assert_eq!(refused.status(), 429, "even the right one, or guessing would go on");
    let wait: i64 = refused.headers()[header::RETRY_AFTER].to_str().unwrap().parse().unwrap();
    assert_eq!(wait, 15 * 60);
    assert_eq!(from("198.51.100.1", PASSWORD).await.status(), 201, "the owner comes in from elsewhere");
    assert_eq!(from("203.0.113.7", "wrong horse battery").await.status(), 429, "the guesser does not");
    app.clock.forward(wait * 1000);
    assert_eq!(from("203.0.113.7", PASSWORD).await.status(), 201);
});

story!(
    many_machines_guessing_one_password_are_stopped_too,
    |config| config.trusted_proxies = vec!["127.0.0.1".parse().unwrap()],
    |app| async move {
        app.as_owner().await;
        let guess = async |machine: usize| {
            let client = app.nobody();
            let request =
                client.request(Method::POST, SESSION).header("x-forwarded-for", format!("203.0.113.{machine}"));
            let response = client.send(request.json(&json!({ "email": OWNER, "password": "wrong" }))).await;
            response.status().as_u16()
        };
        for machine in 0..20 {
            assert_eq!(guess(machine).await, 401);
        }
        assert_eq!(guess(21).await, 429);
    }
);

story!(one_machine_trying_many_addresses_is_stopped, |app| async move {
    app.as_owner().await;
    let guesses = (0..60).map(|n| {
        let app = &app;
        async move { sign_in(app, &format!("agent{n}@fjellvik.example"), "a common guess").await.1 }
    });
    let statuses = futures_util::future::join_all(guesses).await;
    assert_eq!(statuses.iter().filter(|status| **status == 401).count(), 50, "{statuses:?}");
    assert_eq!(statuses.iter().filter(|status| **status == 429).count(), 10, "{statuses:?}");
});

story!(a_whole_team_may_sign_in_at_the_same_moment, |app| async move {
    app.as_owner().await;
    for _ in 0..2 {
        let all = (0..30).map(|_| sign_in(&app, OWNER, PASSWORD));
        for (_, status, answer) in futures_util::future::join_all(all).await {
            assert_eq!(status, 201, "{answer}");
        }
    }
});

story!(an_address_nobody_has_is_refused_in_the_same_words, |app| async move {
    app.as_owner().await;
    let (_, status, known) = sign_in(&app, OWNER, "wrong horse battery").await;
    assert_eq!(status, 401);
    let (_, status, unknown) = sign_in(&app, "nobody@fjellvik.example", "wrong horse battery").await;
    assert_eq!((status, unknown), (401, known));
});

story!(a_cookie_is_renewed_every_day_without_anybody_noticing, |app| async move {
    app.as_owner().await;
    let (browser, ..) = sign_in(&app, OWNER, PASSWORD).await;
    let first = browser.cookie().unwrap();
    app.clock.forward(HOUR);
    browser.get(SESSION).await;
    assert_eq!(browser.cookie().unwrap(), first);
    app.clock.forward(DAY);
    let with = async |cookie: &str| {
        let client = app.nobody();
        client.answer(client.request(Method::GET, SESSION).header(header::COOKIE, cookie)).await.0
    };
    assert_eq!(browser.get(SESSION).await.0, 200);
    let second = browser.cookie().unwrap();
    assert_ne!(second, first);
    assert_eq!(with(&first).await, 200, "requests that were under way");
    app.clock.forward(MINUTE + 1);
    assert_eq!(with(&first).await, 401, "a stolen copy");
    assert_eq!(with(&second).await, 200);
    assert_eq!(browser.get("/api/v1/sessions").await.1["data"].as_array().unwrap().len(), 2, "still the same session");
});

story!(of_many_requests_at_once_one_renews_the_cookie_and_none_fails, |app| async move {
    app.as_owner().await;
    let (browser, ..) = sign_in(&app, OWNER, PASSWORD).await;
    app.clock.forward(DAY);
    let cookie = browser.cookie().unwrap();
    let requests = (0..20).map(|_| {
        let client = app.nobody();
        let request = client.request(Method::GET, SESSION).header(header::COOKIE, &cookie);
        async move { client.send(request).await }
    });
    let answers = futures_util::future::join_all(requests).await;
    assert!(answers.iter().all(|answer| answer.status() == 200));
    assert_eq!(answers.iter().filter(|answer| answer.headers().contains_key(header::SET_COOKIE)).count(), 1);
});

story!(a_session_ends_after_two_weeks_without_use, |app| async move {
    app.as_owner().await;
    let (browser, ..) = sign_in(&app, OWNER, PASSWORD).await;
    for _ in 0..3 {
        app.clock.forward(13 * DAY);
        assert_eq!(browser.get(SESSION).await.0, 200, "used now and then it goes on");
    }
    app.clock.forward(14 * DAY);
    assert_eq!(browser.get(SESSION).await.0, 401);
});

story!(i_see_where_i_am_signed_in_and_end_it_from_afar, |app| async move {
    app.as_owner().await;
    let (phone, ..) = sign_in(&app, OWNER, PASSWORD).await;
    let (laptop, ..) = sign_in(&app, OWNER, PASSWORD).await;
    let (_, sessions) = laptop.get("/api/v1/sessions").await;
    let sessions = sessions["data"].as_array().unwrap().clone();
    assert_eq!(sessions.len(), 3);
    assert_eq!(sessions.iter().filter(|session| session["current"] == true).count(), 1);
    assert_eq!(sessions[0]["current"], true, "the latest");
    let phones = sessions[1]["id"].as_i64().unwrap();
    assert_eq!(laptop.delete(&format!("/api/v1/sessions/{phones}")).await.0, 204);
    assert_eq!(phone.get(SESSION).await.0, 401);
    assert_eq!(laptop.delete("/api/v1/sessions").await.0, 204);
    assert_eq!(laptop.get("/api/v1/sessions").await.1["data"].as_array().unwrap().len(), 1);
    let stranger = app.nobody();
    assert_eq!(stranger.delete(&format!("/api/v1/sessions/{phones}")).await.0, 401);
});

story!(nobody_ends_another_persons_session, |app| async move {
    let (owner, agent) = (app.as_owner().await, app.as_role("agent").await);
    let id = owner.get("/api/v1/sessions").await.1["data"][0]["id"].as_i64().unwrap();
    assert_eq!(agent.delete(&format!("/api/v1/sessions/{id}")).await.0, 404);
    assert_eq!(owner.get(SESSION).await.0, 200);
});

story!(signing_out_ends_the_session_for_good, |app| async move {
    app.as_owner().await;
    let (browser, ..) = sign_in(&app, OWNER, PASSWORD).await;
    let cookie = browser.cookie().unwrap();
    assert_eq!(browser.delete(SESSION).await.0, 204);
    assert_eq!(browser.cookie(), None, "the browser forgets it");
    let thief = app.nobody();
    let (status, _) = thief.answer(thief.request(Method::GET, SESSION).header(header::COOKIE, cookie)).await;
    assert_eq!(status, 401, "and we do too");
});

story!(a_new_password_signs_out_everybody_else, |app| async move {
    let here = app.as_owner().await;
    let (elsewhere, ..) = sign_in(&app, OWNER, PASSWORD).await;
    let new = "seven pale kettles";
    let wrong = json!({ "password": { "current": "not it at all", "new": new } });
    let (status, problem) = here.patch("/api/v1/me", wrong).await;
    assert_eq!((status, &problem["errors"][0]["field"]), (422, &json!("password.current")));
    let weak = json!({ "password": { "current": PASSWORD, "new": "short" } });
    assert_eq!(here.patch("/api/v1/me", weak).await.1["errors"][0]["field"], "password.new");
    let before = here.cookie();
    let right = json!({ "password": { "current": PASSWORD, "new": new } });
    assert_eq!(here.patch("/api/v1/me", right).await.0, 200);
    assert_eq!(elsewhere.get(SESSION).await.0, 401);
    assert_eq!(here.get(SESSION).await.0, 200);
    assert_ne!(here.cookie(), before, "a stolen copy of this cookie is worth nothing either");
    assert_eq!(sign_in(&app, OWNER, PASSWORD).await.1, 401);
    assert_eq!(sign_in(&app, OWNER, new).await.1, 201);
});

story!(guessing_the_current_password_with_a_stolen_session_is_slow_too, |app| async move {
    let owner = app.as_owner().await;
    let guess = json!({ "password": { "current": "a guess at it", "new": "seven pale kettles" } });
    for _ in 0..5 {
        assert_eq!(owner.patch("/api/v1/me", guess.clone()).await.0, 422);
    }
    assert_eq!(owner.patch("/api/v1/me", guess).await.0, 429);
});
