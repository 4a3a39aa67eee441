//! Inboxes are set up by people who may not learn the passwords that others have entered.

use serde_json::{Value, json};

use crate::harness::TestApp;

fn settings() -> Value {
    json!({
        "imap": { "host": "imap.fjellvik.example", "username": "hei", "password": "imap secret" },
        "smtp": { "host": "smtp.fjellvik.example", "username": "hei", "password": "smtp secret" },
    })
}

fn with_oauth() -> Value {
    let mut settings = settings();
    settings["imap"]["password"] = Value::Null;
    settings["smtp"]["password"] = Value::Null;
    settings["oauth"] = json!({
        "provider": "google", "client_id": "client", "client_secret": "client secret", "refresh_token": "refresh 1",
    });
    settings
}

async fn inbox(app: &TestApp, settings: Value) -> i64 {
    let body = json!({ "channel": "email", "name": "Shop", "address": "hei@fjellvik.example", "settings": settings });
    let (status, inbox) = app.post("/api/v1/inboxes", body).await;
    assert_eq!(status, 201, "{inbox}");
    inbox["id"].as_i64().unwrap()
}

/// The settings as they are shown, changed at these places and sent back.
async fn send_back(app: &TestApp, inbox: i64, changes: &[(&str, Value)]) -> (u16, Value) {
    let path = format!("/api/v1/inboxes/{inbox}");
    let mut settings = app.get(&path).await.1["settings"].clone();
    for (place, value) in changes {
        *settings.pointer_mut(place).unwrap_or_else(|| panic!("{place} is no setting")) = value.clone();
    }
    app.patch(&path, json!({ "settings": settings })).await
}

/// The fields of a refusal, each with its reason.
fn wrong(answer: &(u16, Value)) -> Vec<(&str, &str)> {
    assert_eq!(answer.0, 422, "{}", answer.1);
    let errors = answer.1["errors"].as_array().unwrap();
    errors.iter().map(|one| (one["field"].as_str().unwrap(), one["why"].as_str().unwrap())).collect()
}

/// What the channel is given, secrets and all.
async fn kept(app: &TestApp, inbox: i64) -> Value {
    let inbox = desk::inboxes::get(&app.app, desk::inboxes::InboxId(inbox)).await.unwrap();
    desk::inboxes::end(&app.app, &inbox).unwrap().settings
}

story!(a_stored_password_goes_to_no_other_server, |app| async move {
    let inbox = inbox(&app, settings()).await;
    let elsewhere = [
        ("/imap/host", json!("evil.example"), "settings.imap.password", "imap.host"),
        ("/imap/username", json!("other"), "settings.imap.password", "imap.username"),
        ("/smtp/host", json!("evil.example"), "settings.smtp.password", "smtp.host"),
    ];
    for (place, value, field, because) in elsewhere {
        let answer = send_back(&app, inbox, &[(place, value)]).await;
        let why = format!("must be entered again, because {because} is another than before");
        assert_eq!(wrong(&answer), [(field, why.as_str())]);
    }
    for more in [json!({ "port": 9993 }), json!({ "security": "starttls" })] {
        let mut changed = settings();
        changed["imap"].as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        // Not to be found out by leaving it away either.
        changed["imap"].as_object_mut().unwrap().remove("password");
        let answer = app.patch(&format!("/api/v1/inboxes/{inbox}"), json!({ "settings": changed })).await;
        assert_eq!(wrong(&answer)[0].0, "settings.imap.password");
    }
    assert_eq!(kept(&app, inbox).await, settings(), "nothing was changed");

    let new = [("/imap/host", json!("imap.new.example")), ("/imap/password", json!("new secret"))];
    assert_eq!(send_back(&app, inbox, &new).await.0, 200);
    let now = kept(&app, inbox).await;
    assert_eq!((&now["imap"]["host"], &now["imap"]["password"]), (&json!("imap.new.example"), &json!("new secret")));
    assert_eq!(now["smtp"]["password"], "smtp secret");
});

story!(a_password_stays_where_the_server_does_and_goes_with_it, |app| async move {
    let inbox = inbox(&app, settings()).await;
    let path = format!("/api/v1/inboxes/{inbox}");
    let mut more = settings();
    more["imap"] = json!({ "host": "imap.fjellvik.example", "username": "hei", "folders": "INBOX, Support" });
    more["smtp"]["password"] = json!("set");
    assert_eq!(app.patch(&path, json!({ "settings": more })).await.0, 200);
    let now = kept(&app, inbox).await;
    assert_eq!((&now["imap"]["password"], &now["smtp"]["password"]), (&json!("imap secret"), &json!("smtp secret")));

    let (status, shown) = app.patch(&path, json!({ "settings": { "smtp": more["smtp"] } })).await;
    assert_eq!((status, &shown["settings"]["imap"]), (200, &Value::Null), "fetched no more, and the password is gone");
    more["imap"]["host"] = json!("evil.example");
    let answer = app.patch(&path, json!({ "settings": more })).await;
    assert_eq!(wrong(&answer), [("settings.imap.password", "is needed, unless `oauth` is set up")]);
    // Without signing in, there is nothing to sign in with.
    let open = json!({ "smtp": { "host": "127.0.0.1", "security": "plain" } });
    assert_eq!(app.patch(&path, json!({ "settings": open })).await.0, 200);
    assert_eq!(kept(&app, inbox).await, open);
});

story!(tokens_go_to_no_other_provider_and_no_other_server, |app| async move {
    let inbox = inbox(&app, with_oauth()).await;
    let both = ["settings.oauth.client_secret", "settings.oauth.refresh_token"];
    let elsewhere = send_back(&app, inbox, &[("/oauth/client_id", json!("other"))]).await;
    assert_eq!(wrong(&elsewhere).iter().map(|(field, _)| *field).collect::<Vec<_>>(), both);
    let path = format!("/api/v1/inboxes/{inbox}");
    let mut evil = with_oauth();
    evil["oauth"] = json!({ "client_id": "client", "token_url": "https://evil.example/token" });
    let answer = app.patch(&path, json!({ "settings": evil })).await;
    assert_eq!(wrong(&answer).iter().map(|(field, _)| *field).collect::<Vec<_>>(), both);
    let server = send_back(&app, inbox, &[("/smtp/host", json!("evil.example"))]).await;
    assert_eq!(wrong(&server)[0].0, "settings.oauth.refresh_token");

    // A token that was had from the provider before never goes to the next.
    let id = desk::inboxes::InboxId(inbox);
    let before = desk::inboxes::get(&app.app, id).await.unwrap();
    let renewed = |token: &str| vec![("oauth.refresh_token".to_owned(), token.to_owned())];
    desk::inboxes::renew(&app.app, &before, renewed("refresh 2")).await.unwrap();
    assert_eq!(kept(&app, inbox).await["oauth"]["refresh_token"], "refresh 2");
    evil["oauth"]["client_secret"] = json!("mine");
    evil["oauth"]["refresh_token"] = json!("mine");
    assert_eq!(app.patch(&path, json!({ "settings": evil })).await.0, 200);
    desk::inboxes::renew(&app.app, &before, renewed("refresh 3")).await.unwrap();
    assert_eq!(kept(&app, inbox).await["oauth"]["refresh_token"], "mine");
});
