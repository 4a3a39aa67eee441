//! Those who work in the desk: invitations, forgotten passwords, tokens, teams, and what each role must not do.

use base::{DAY, HOUR, args};
use reqwest::{Method, header};
use serde_json::{Value, json};

use crate::{
    harness::{OWNER, PASSWORD},
    sign_in::{SESSION, letters, my_id, sign_in, token_in},
};

story!(i_keep_my_profile_and_preferences, |app| async move {
    let me = app.as_role("agent").await;
    let change =
        json!({ "name": "Astrid", "language": "de", "signature": "<p>Astrid</p>", "prefs": { "theme": "dark" } });
    let (status, now) = me.patch("/api/v1/me", change).await;
    assert_eq!(status, 200, "{now}");
    assert_eq!(
        (&now["name"], &now["language"], &now["prefs"]),
        (&json!("Astrid"), &json!("de"), &json!({ "theme": "dark" }))
    );
    let hostile = json!({ "signature": "<p>Astrid<script>alert(1)</script></p>" });
    assert_eq!(me.patch("/api/v1/me", hostile).await.1["signature"], "<p>Astrid</p>");
    let (_, now) = me.patch("/api/v1/me", json!({ "signature": null })).await;
    assert_eq!((&now["signature"], &now["name"]), (&Value::Null, &json!("Astrid")));
    for (field, wrong) in [
        ("prefs", json!({ "prefs": [1] })),
        ("prefs", json!({ "prefs": { "x": "x".repeat(17_000) } })),
        ("language", json!({ "language": "German" })),
        ("role", json!({ "role": "owner" })),
    ] {
        let (status, problem) = me.patch("/api/v1/me", wrong).await;
        assert_eq!((status, problem["errors"][0]["field"].as_str()), (422, Some(field)), "{problem}");
    }
});

story!(an_invited_colleague_joins_by_the_link_in_the_mail, |app| async move {
    let owner = app.as_owner().await;
    let (_, team) = owner.post("/api/v1/teams", json!({ "name": "Returns" })).await;
    let invitation =
        json!({ "email": "Astrid@Fjellvik.example", "name": "Astrid", "role": "agent", "teams": [team["id"]] });
    let (status, sent) = owner.post("/api/v1/invitations", invitation).await;
    assert_eq!(status, 201, "{sent}");
    let (_, open) = owner.get("/api/v1/invitations").await;
    assert_eq!(open["data"][0]["email"], "astrid@fjellvik.example");
    assert_eq!(open["data"][0].get("url"), None, "the link is shown once");
    let mails = letters(&app).await;
    assert_eq!((mails.len(), mails[0].to.as_str()), (1, "astrid@fjellvik.example"));
    assert_eq!(mails[0].subject, "Ingrid invites you to Fjellvik");
    let token = token_in(&mails[0].text);
    assert!(sent["url"].as_str().unwrap().ends_with(&format!("/invitation/{token}")));
    let path = format!("/api/v1/invitations/by-token/{token}");
    let astrid = app.nobody();
    let offer =
        json!({ "email": "astrid@fjellvik.example", "name": "Astrid", "role": "agent", "shop_name": "Fjellvik" });
    assert_eq!(astrid.get(&path).await, (200, offer));
    let accept = json!({ "name": "Astrid", "password": "seven pale kettles" });
    let (status, me) = astrid.put(&path, accept.clone()).await;
    assert_eq!((status, &me["role"]), (201, &json!("agent")), "{me}");
    assert_eq!(astrid.get(SESSION).await.0, 200, "and is signed in");
    let (_, agents) = astrid.get("/api/v1/agents").await;
    let row = agents["data"].as_array().unwrap().iter().find(|agent| agent["id"] == me["id"]).unwrap().clone();
    assert_eq!((&row["teams"], &row["presence"]), (&json!([team["id"]]), &json!("online")));
    assert_eq!(app.nobody().put(&path, accept).await.0, 409, "a link works once");
    assert_eq!(owner.get("/api/v1/invitations").await.1["data"], json!([]));
});

story!(an_invitation_ends_after_a_week_or_when_it_is_taken_back, |app| async move {
    let owner = app.as_owner().await;
    let invite = async |email: &str| {
        let (status, sent) = owner.post("/api/v1/invitations", json!({ "email": email, "role": "agent" })).await;
        assert_eq!(status, 201, "{sent}");
        (sent["id"].as_i64().unwrap(), token_in(sent["url"].as_str().unwrap()))
    };
    let accept = async |token: &str| {
        let body = json!({ "name": "Astrid", "password": "seven pale kettles" });
        app.nobody().put(&format!("/api/v1/invitations/by-token/{token}"), body).await.0
    };
    let (id, token) = invite("one@fjellvik.example").await;
    assert_eq!(owner.delete(&format!("/api/v1/invitations/{id}")).await.0, 204);
    assert_eq!(accept(&token).await, 404);
    assert_eq!(letters(&app).await.len(), 0, "no mail about what is not wanted any more");
    let (_, former) = invite("two@fjellvik.example").await;
    let (_, token) = invite("two@fjellvik.example").await;
    assert_eq!(accept(&former).await, 404, "the newer link counts");
    app.clock.forward(7 * DAY);
    assert_eq!(app.nobody().get(&format!("/api/v1/invitations/by-token/{token}")).await.0, 409);
    assert_eq!(accept(&token).await, 409);
    assert_eq!(accept("made-up").await, 404);
    let (status, _) = owner.post("/api/v1/invitations", json!({ "email": OWNER, "role": "agent" })).await;
    assert_eq!(status, 422, "works here already");
});

story!(without_a_way_to_send_the_link_can_be_passed_on_by_hand, |app| async move {
    let owner = app.as_owner().await;
    let invitation = json!({ "email": "astrid@fjellvik.example", "role": "viewer" });
    let (_, sent) = owner.post("/api/v1/invitations", invitation).await;
    app.tick().await;
    let dead =
        app.app.db().all("SELECT last_error FROM jobs WHERE name = 'agents.mail' AND dead_at IS NOT NULL", args![]);
    assert_eq!(dead.await.unwrap().len(), 1, "laid aside, where people see it");
    let token = token_in(sent["url"].as_str().unwrap());
    assert_eq!(app.nobody().get(&format!("/api/v1/invitations/by-token/{token}")).await.0, 200);
});

story!(a_forgotten_password_is_set_anew_by_mail, |app| async move {
    let owner = app.as_owner().await;
    let (status, answer) =
        app.nobody().post("/api/v1/password-resets", json!({ "email": " OWNER@fjellvik.example " })).await;
    assert_eq!(status, 202);
    let (status, same) =
        app.nobody().post("/api/v1/password-resets", json!({ "email": "nobody@fjellvik.example" })).await;
    assert_eq!((status, same), (202, answer), "it never says who works here");
    let mails = letters(&app).await;
    assert_eq!((mails.len(), mails[0].to.as_str()), (1, OWNER));
    let path = format!("/api/v1/password-resets/{}", token_in(&mails[0].text));
    assert!(mails[0].html.contains("Choose a new password"));
    let weak = app.nobody().put(&path, json!({ "password": "password123" })).await;
    assert_eq!((weak.0, &weak.1["errors"][0]["field"]), (422, &json!("password")));
    let new = json!({ "password": "seven pale kettles" });
    assert_eq!(app.nobody().put(&path, new.clone()).await.0, 204);
    assert_eq!(owner.get(SESSION).await.0, 401, "whoever was signed in is out");
    assert_eq!(sign_in(&app, OWNER, PASSWORD).await.1, 401);
    assert_eq!(sign_in(&app, OWNER, "seven pale kettles").await.1, 201);
    assert!([404, 409].contains(&app.nobody().put(&path, new).await.0), "a link works once");
});

story!(a_reset_link_lasts_an_hour_and_mails_are_few, |app| async move {
    app.as_owner().await;
    for _ in 0..5 {
        let (status, _) = app.nobody().post("/api/v1/password-resets", json!({ "email": OWNER })).await;
        assert_eq!(status, 202);
    }
    let mails = letters(&app).await;
    assert_eq!(mails.len(), 3);
    app.clock.forward(HOUR);
    let path = format!("/api/v1/password-resets/{}", token_in(&mails[0].text));
    assert_eq!(app.nobody().put(&path, json!({ "password": "seven pale kettles" })).await.0, 409);
    assert_eq!(sign_in(&app, OWNER, PASSWORD).await.1, 201);
});

story!(a_shop_that_is_called_like_who_invites_is_named_once, |app| async move {
    let owner = app.as_owner().await;
    owner.patch("/api/v1/shop", json!({ "name": "Ingrid" })).await;
    owner.post("/api/v1/invitations", json!({ "email": "astrid@fjellvik.example", "role": "agent" })).await;
    let first = letters(&app).await.remove(0);
    owner.patch("/api/v1/shop", json!({ "language": "de" })).await;
    owner.post("/api/v1/invitations", json!({ "email": "jon@fjellvik.example", "role": "agent" })).await;
    let second = letters(&app).await.remove(0);
    assert_eq!([&*first.subject, &*second.subject], ["Your invitation to Ingrid", "Ihre Einladung zu Ingrid"]);
    assert!(first.text.contains("You are invited to answer the customers of Ingrid"), "{}", first.text);
    assert!(second.text.contains("Sie sind eingeladen, in Shopbell"), "{}", second.text);
});

story!(the_shop_may_write_its_own_mails, |app| async move {
    let owner = app.as_owner().await;
    owner.patch("/api/v1/shop", json!({ "language": "de" })).await;
    let folder = app.folder().join("pages").join("mail");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("invitation.de.txt"), "Moin von {{ shop }}\n\n{{ url }}").unwrap();
    std::fs::write(folder.join("invitation.de.html"), "{% broken").unwrap();
    owner.post("/api/v1/invitations", json!({ "email": "astrid@fjellvik.example", "role": "agent" })).await;
    let mails = letters(&app).await;
    assert_eq!(mails[0].subject, "Moin von Fjellvik");
    assert!(mails[0].html.contains("lädt Sie ein"), "a broken one of theirs gives way to ours");
});

story!(each_role_may_do_its_own_and_no_more, |app| async move {
    app.as_owner().await;
    let viewer = app.as_role("viewer").await;
    assert_eq!(viewer.patch("/api/v1/tickets/1", json!({ "status": "solved" })).await.0, 403);
    assert_eq!(viewer.post("/api/v1/tickets", json!({ "subject": "x" })).await.0, 403);
    assert_eq!(viewer.get("/api/v1/tickets").await.0, 200);
    for role in ["viewer", "agent", "lead"] {
        let one = app.as_role(role).await;
        let me = my_id(&one).await;
        for (status, problem) in [
            one.post("/api/v1/invitations", json!({ "email": "friend@example.com", "role": "owner" })).await,
            one.post("/api/v1/invitations", json!({ "email": "friend@example.com", "role": "viewer" })).await,
            one.patch(&format!("/api/v1/agents/{me}"), json!({ "role": "admin" })).await,
            one.post("/api/v1/tokens", json!({ "name": "mine", "scopes": ["admin"] })).await,
            one.get("/api/v1/tokens").await,
            one.get("/api/v1/invitations").await,
            one.post("/api/v1/teams", json!({ "name": "Ours" })).await,
            one.patch("/api/v1/shop", json!({ "name": "Ours" })).await,
        ] {
            assert_eq!((status, &problem["type"]), (403, &json!("/problems/forbidden")), "{role}: {problem}");
        }
        assert_eq!(one.get("/api/v1/agents").await.0, 200, "{role}");
    }
});

story!(an_admin_runs_the_desk_but_not_the_owner, |app| async move {
    let (owner, admin) = (app.as_owner().await, app.as_role("admin").await);
    let (owners, admins) = (my_id(&owner).await, my_id(&admin).await);
    let of_owner = format!("/api/v1/agents/{owners}");
    for change in
        [json!({ "role": "viewer" }), json!({ "active": false }), json!({ "name": "Nobody" }), json!({ "teams": [] })]
    {
        assert_eq!(admin.patch(&of_owner, change).await.0, 403);
    }
    assert_eq!(admin.patch(&format!("/api/v1/agents/{admins}"), json!({ "role": "owner" })).await.0, 403);
    let invitation = json!({ "email": "friend@example.com", "role": "owner" });
    assert_eq!(admin.post("/api/v1/invitations", invitation.clone()).await.0, 403);
    let (_, token) = admin.post("/api/v1/tokens", json!({ "name": "mine", "scopes": ["admin"] })).await;
    let program = app.nobody().with_token(token["token"].as_str().unwrap());
    assert_eq!(program.patch(&of_owner, json!({ "active": false })).await.0, 403, "a token of theirs neither");
    assert_eq!(program.post("/api/v1/invitations", invitation.clone()).await.0, 403);
    assert_eq!(owner.post("/api/v1/invitations", invitation).await.0, 201);
    assert_eq!(admin.patch("/api/v1/shop", json!({ "name": "Fjellvik AS" })).await.0, 200);
    let lead = app.as_role("lead").await;
    let leads = my_id(&lead).await;
    let (status, changed) = admin.patch(&format!("/api/v1/agents/{leads}"), json!({ "role": "admin" })).await;
    assert_eq!((status, &changed["role"]), (200, &json!("admin")));
    assert_eq!(lead.get("/api/v1/invitations").await.0, 200, "at once");
});

story!(there_is_always_an_owner, |app| async move {
    let owner = app.as_owner().await;
    let me = format!("/api/v1/agents/{}", my_id(&owner).await);
    assert_eq!(owner.patch(&me, json!({ "role": "admin" })).await.0, 409);
    assert_eq!(owner.patch(&me, json!({ "active": false })).await.0, 409);
    let second = app.as_role("owner").await;
    let them = format!("/api/v1/agents/{}", my_id(&second).await);
    let other = app.second_node().await;
    let elsewhere = second.at(other.address);
    let (one, two) =
        tokio::join!(owner.patch(&me, json!({ "role": "admin" })), elsewhere.patch(&them, json!({ "role": "admin" })));
    let mut statuses = [one.0, two.0];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409], "both step down at once: one stays");
    other.end().await;
});

story!(whoever_leaves_is_out_at_once, |app| async move {
    let (owner, admin) = (app.as_owner().await, app.as_role("admin").await);
    let (_, me) = admin.get(SESSION).await;
    let (id, email) = (me["id"].as_i64().unwrap(), me["email"].as_str().unwrap().to_owned());
    let (_, token) = admin.post("/api/v1/tokens", json!({ "name": "mine", "scopes": ["read"] })).await;
    let program = app.nobody().with_token(token["token"].as_str().unwrap());
    let (_, back_door) = admin.post("/api/v1/invitations", json!({ "email": "me@example.com", "role": "admin" })).await;
    assert_eq!(program.get("/api/v1/agents").await.0, 200);
    let (status, gone) = owner.patch(&format!("/api/v1/agents/{id}"), json!({ "active": false })).await;
    assert_eq!((status, &gone["active"], &gone["presence"]), (200, &json!(false), &json!("offline")));
    assert_eq!(admin.get(SESSION).await.0, 401);
    assert_eq!(program.get("/api/v1/agents").await.0, 401);
    assert_eq!(sign_in(&app, &email, PASSWORD).await.1, 401);
    let back_door = token_in(back_door["url"].as_str().unwrap());
    assert_eq!(app.nobody().get(&format!("/api/v1/invitations/by-token/{back_door}")).await.0, 404);
    app.nobody().post("/api/v1/password-resets", json!({ "email": email })).await;
    assert!(letters(&app).await.iter().all(|letter| letter.to != email));
    owner.patch(&format!("/api/v1/agents/{id}"), json!({ "active": true })).await;
    assert_eq!(sign_in(&app, &email, PASSWORD).await.1, 201, "until they come back");
});

story!(a_token_does_what_its_scope_says, |app| async move {
    let owner = app.as_owner().await;
    let reader = app.as_program(&["read"]).await;
    assert_eq!(reader.get("/api/v1/tickets").await.0, 200);
    for (status, _) in [
        reader.post("/api/v1/tickets", json!({ "subject": "x" })).await,
        reader.patch("/api/v1/me", json!({ "name": "x" })).await,
        reader.post("/api/v1/views", json!({ "name": "x", "filter": {}, "shared": true })).await,
        reader.delete("/api/v1/sessions").await,
        reader.get("/api/v1/tokens").await,
    ] {
        assert_eq!(status, 403);
    }
    let writer = app.as_program(&["write"]).await;
    assert_eq!(writer.get("/api/v1/tickets").await.0, 200);
    assert_eq!(writer.patch("/api/v1/shop", json!({ "name": "x" })).await.0, 403);
    let new = json!({ "password": { "current": PASSWORD, "new": "seven pale kettles" } });
    let admin = app.as_program(&["admin"]).await;
    assert_eq!(admin.patch("/api/v1/me", new).await.0, 403, "a password is a person's business");
    let (status, problem) = owner.post("/api/v1/tokens", json!({ "name": "x", "scopes": ["everything"] })).await;
    assert_eq!(status, 422, "{problem}");
    assert_eq!(owner.post("/api/v1/tokens", json!({ "name": "x", "scopes": [] })).await.0, 422);
    let (_, tokens) = owner.get("/api/v1/tokens").await;
    let tokens = tokens["data"].as_array().unwrap().clone();
    assert_eq!(tokens.len(), 3);
    assert!(tokens.iter().all(|token| token.get("token").is_none()), "shown once");
    assert!(tokens[0]["last_used_at"].is_string());
    assert_eq!(owner.delete(&format!("/api/v1/tokens/{}", tokens[0]["id"])).await.0, 204);
    assert_eq!(reader.get("/api/v1/tickets").await.0, 401);
    assert_eq!(owner.delete(&format!("/api/v1/tokens/{}", tokens[0]["id"])).await.0, 404);
});

story!(a_wrong_token_does_not_fall_back_to_the_cookie, |app| async move {
    let owner = app.as_owner().await;
    let request = owner.request(Method::GET, SESSION).bearer_auth("sb_made-up");
    assert_eq!(owner.answer(request).await.0, 401);
});

story!(another_sites_page_cannot_act_for_me, |app| async move {
    let owner = app.as_owner().await;
    let patch = |origin: String| {
        owner.request(Method::PATCH, "/api/v1/me").header(header::ORIGIN, origin).json(&json!({ "name": "Ingrid" }))
    };
    assert_eq!(owner.answer(patch("https://evil.example".into())).await.0, 403);
    assert_eq!(owner.answer(patch("null".into())).await.0, 403);
    assert_eq!(owner.answer(patch(app.url(""))).await.0, 200);
    let sign_in = owner.request(Method::POST, SESSION).header(header::ORIGIN, "https://evil.example");
    let (status, _) = owner.answer(sign_in.json(&json!({ "email": OWNER, "password": PASSWORD }))).await;
    assert_eq!(status, 403, "nor sign me in as somebody else");
});

story!(no_secret_can_be_read_in_the_database, |app| async move {
    let owner = app.as_owner().await;
    let make = async || {
        let request = owner.request(Method::POST, "/api/v1/tokens").header("idempotency-key", "one");
        owner.answer(request.json(&json!({ "name": "mine", "scopes": ["read"] }))).await
    };
    let (_, token) = make().await;
    assert_eq!(make().await, (201, token.clone()), "asked twice, made once");
    let (_, sent) =
        owner.post("/api/v1/invitations", json!({ "email": "astrid@fjellvik.example", "role": "agent" })).await;
    let cookie = owner.cookie().unwrap();
    let secrets = [
        PASSWORD.to_owned(),
        token["token"].as_str().unwrap().trim_start_matches("sb_").to_owned(),
        token_in(sent["url"].as_str().unwrap()),
        cookie.split('=').nth(1).unwrap().to_owned(),
    ];
    let columns = [
        ("agents", "COALESCE(password, '')"),
        ("sessions", "secret || COALESCE(former, '')"),
        ("tokens", "secret"),
        ("invitations", "secret"),
        ("jobs", "CAST(args AS TEXT)"),
        ("events", "CAST(data AS TEXT)"),
        ("idempotency", "CAST(body AS TEXT)"),
    ];
    for (table, column) in columns {
        for row in app.app.db().all(&format!("SELECT {column} AS text FROM {table}"), args![]).await.unwrap() {
            let text = row.text("text").unwrap();
            assert!(secrets.iter().all(|secret| !text.contains(secret)), "{table}: {text}");
        }
    }
});

story!(the_shop_and_its_habits, |app| async move {
    let owner = app.as_owner().await;
    let (_, shop) = app.as_role("viewer").await.get("/api/v1/shop").await;
    assert_eq!(
        (&shop["name"], &shop["undo_seconds"], &shop["reopen_days"]),
        (&json!("Fjellvik"), &json!(10), &json!(7))
    );
    let change = json!({ "language": "nb", "currency": "NOK", "undo_seconds": 30, "address": "fjellvik.example" });
    let (status, shop) = owner.patch("/api/v1/shop", change).await;
    assert_eq!((status, &shop["currency"], &shop["name"]), (200, &json!("NOK"), &json!("Fjellvik")));
    for (field, wrong) in [
        ("language", json!({ "language": "Norwegian" })),
        ("currency", json!({ "currency": "kr" })),
        ("undo_seconds", json!({ "undo_seconds": 601 })),
        ("reopen_days", json!({ "reopen_days": -1 })),
        ("name", json!({ "name": "" })),
    ] {
        let (status, problem) = owner.patch("/api/v1/shop", wrong).await;
        assert_eq!((status, problem["errors"][0]["field"].as_str()), (422, Some(field)), "{problem}");
    }
    let events = app.app.db().all("SELECT data FROM events WHERE kind = 'shop.changed'", args![]).await.unwrap();
    let data: Value = events[0].json("data").unwrap();
    assert_eq!((events.len(), &data["changes"]["currency"]), (1, &json!({ "from": "EUR", "to": "NOK" })));
});

story!(teams_are_made_renamed_and_dissolved, |app| async move {
    let (owner, agent) = (app.as_owner().await, app.as_role("agent").await);
    let (one, two) = (my_id(&owner).await, my_id(&agent).await);
    let (status, team) = owner.post("/api/v1/teams", json!({ "name": "Returns", "members": [two, one, two] })).await;
    assert_eq!((status, &team["members"]), (201, &json!([one, two])));
    assert_eq!(owner.post("/api/v1/teams", json!({ "name": "returns" })).await.0, 422, "the name is taken");
    assert_eq!(owner.post("/api/v1/teams", json!({ "name": "Refunds", "members": [99_999] })).await.0, 422);
    let path = format!("/api/v1/teams/{}", team["id"]);
    let (_, team) = owner.patch(&path, json!({ "name": "Refunds", "members": [two] })).await;
    assert_eq!((&team["name"], &team["members"]), (&json!("Refunds"), &json!([two])));
    assert_eq!(agent.get("/api/v1/teams").await.1["data"].as_array().unwrap().len(), 1);
    assert_eq!(agent.delete(&path).await.0, 403);
    assert_eq!(owner.delete(&path).await.0, 204);
    assert_eq!(owner.delete(&path).await.0, 404);
});
