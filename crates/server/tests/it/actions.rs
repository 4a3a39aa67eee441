//! What is done to orders: previewed, within limits, once.

use base::{Engine, HOUR, MINUTE};
use desk::{
    actions::{self, By, Wanted},
    orders::OrderId,
};
use serde_json::{Value, json};

use crate::{
    client::Client,
    fake_shop::{FakeShop, Fault},
    harness::TestApp,
    stores::{heard, order},
};

/// A node with a shop of two orders of 478 EUR, read in.
pub async fn shop(engine: Engine) -> (TestApp, FakeShop) {
    let shop = FakeShop::default();
    let app = TestApp::with_platforms(engine, shop.platforms()).await;
    shop.place(order("FV-1", "jo@post.example", "2026-02-21T09:00:00Z", json!({})));
    shop.place(order("FV-2", "jo@post.example", "2026-02-22T09:00:00Z", json!({})));
    let (status, store) = app.post("/api/v1/stores", json!({ "platform": "fake", "name": "Fjellvik" })).await;
    assert_eq!(status, 201, "{store}");
    app.tick().await;
    let (_, store) = app.get(&format!("/api/v1/stores/{}", store["id"])).await;
    assert_eq!((&store["health"]["state"], &store["import"]["orders"]), (&json!("ok"), &json!(2)), "{store}");
    (app, shop)
}

pub async fn id_of(app: &TestApp, number: &str) -> i64 {
    let sql = "SELECT id FROM orders WHERE number = $1";
    app.app.db().one(sql, base::args![number]).await.unwrap().int("id").unwrap()
}

fn refund(amount: i64) -> Value {
    json!({ "kind": "refund", "amount": amount, "reason": "It leaks" })
}

async fn ask(client: &Client, order: i64, action: &Value, seen: &Value) -> (u16, Value) {
    client.post(&format!("/api/v1/orders/{order}/actions"), json!({ "action": action, "seen": seen })).await
}

async fn state(app: &TestApp, action: &Value) -> Value {
    app.get(&format!("/api/v1/actions/{}", action["id"])).await.1
}

pub fn run<F: Future<Output = ()>>(engine: Engine, story: fn(TestApp, FakeShop) -> F) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let (app, fake) = shop(engine).await;
        story(app.clone(), fake).await;
        app.end().await;
    });
    runtime.shutdown_timeout(std::time::Duration::from_secs(2));
}

macro_rules! shop_story {
    ($name:ident, |$app:ident, $shop:ident| $body:expr) => {
        mod $name {
            use super::*;

            async fn story($app: $crate::harness::TestApp, $shop: $crate::fake_shop::FakeShop) {
                $body.await;
            }

            #[test]
            fn sqlite() {
                $crate::actions::run(base::Engine::Sqlite, story);
            }

            #[test]
            fn postgres() {
                $crate::actions::run(base::Engine::Postgres, story);
            }
        }
    };
}
pub(crate) use shop_story;

shop_story!(a_refund_is_shown_first_and_leaves_once, |app, shop| async move {
    let order = id_of(&app, "FV-1").await;
    let preview = async |action: Value| {
        app.post(&format!("/api/v1/orders/{order}/actions/preview"), json!({ "action": action })).await
    };
    let (status, shown) = preview(json!({ "kind": "refund", "lines": [{ "line": "2", "quantity": 1 }] })).await;
    assert_eq!(status, 200, "{shown}");
    assert_eq!(
        (&shown["amount"], &shown["platform"]["most"], &shown["above"]),
        (&json!(4900), &json!(47_800), &Value::Null)
    );
    let owner = app.as_owner().await;
    let (status, made) = ask(&owner, order, &shown["action"], &shown["seen"]).await;
    assert_eq!((status, &made["state"]), (201, &json!("queued")), "{made}");
    app.tick().await;
    assert_eq!(shop.order("fv-1").totals.refunded, 0, "it can be taken back for half a minute");
    app.later(MINUTE).await;
    let done = state(&app, &made).await;
    assert_eq!((&done["state"], &done["amount"]), (&json!("done"), &json!(4900)), "{done}");
    assert_eq!(shop.order("fv-1").totals.refunded, 4900);
    let (_, detail) = app.get(&format!("/api/v1/orders/{order}")).await;
    assert_eq!(detail["refundable"], 42_900, "what stands in the desk is what is so: {detail}");
    assert_eq!(heard(&app, "action.done").await.len(), 1);
    // The same piece again, more than is left, nothing at all, and what this shop has not.
    for (action, status, field) in [
        (json!({ "kind": "refund", "lines": [{ "line": "2", "quantity": 1 }] }), 422, "lines[0].quantity"),
        (refund(42_901), 422, "amount"),
        (refund(-1), 422, "amount"),
        (json!({ "kind": "refund", "lines": [{ "line": "9", "quantity": 1 }] }), 422, "lines[0].line"),
        (json!({ "kind": "cancel" }), 409, ""),
        (json!({ "kind": "hold" }), 409, ""),
    ] {
        let (got, refused) = preview(action.clone()).await;
        assert_eq!(got, status, "{action} {refused}");
        assert!(field.is_empty() || refused["errors"][0]["field"] == field, "{action} {refused}");
    }
    // One that is thought better of.
    let (_, shown) = preview(refund(100)).await;
    let (_, made) = ask(&owner, order, &shown["action"], &shown["seen"]).await;
    assert_eq!(app.delete(&format!("/api/v1/actions/{}", made["id"])).await.0, 204);
    app.later(HOUR).await;
    assert_eq!(state(&app, &made).await["state"], "withdrawn");
    assert_eq!(shop.order("fv-1").totals.refunded, 4900);
    let (status, late) = app.delete(&format!("/api/v1/actions/{}", done["id"])).await;
    assert_eq!(status, 409, "{late}");
});

shop_story!(two_agents_who_refund_at_once_give_it_back_once, |app, shop| async move {
    let order = id_of(&app, "FV-1").await;
    let (one, two) = (app.as_role("agent").await, app.as_role("agent").await);
    let action = refund(4900);
    let (first, second) =
        tokio::join!(ask(&one, order, &action, &Value::Null), ask(&two, order, &action, &Value::Null));
    let mut statuses = [first.0, second.0];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409], "{first:?} {second:?}");
    // Who has seen the first may go on; but not beyond what was paid.
    let made = if first.0 == 201 { first.1 } else { second.1 };
    let (status, refused) = ask(&two, order, &refund(42_901), &made["id"]).await;
    assert_eq!(status, 409, "{refused}");
    assert_eq!(ask(&two, order, &refund(42_900), &made["id"]).await.0, 201);
    let other = app.second_node().await;
    app.clock.forward(HOUR);
    tokio::join!(app.tick(), other.tick());
    app.later(HOUR).await;
    assert_eq!(shop.order("fv-1").totals.refunded, 47_800);
    assert!(shop.0.lock().unwrap().done.values().all(|(times, _)| *times == 1));
    // By the same key, the same answer and nothing new.
    let path = format!("/api/v1/orders/{}/actions", id_of(&app, "FV-2").await);
    let twice = || async {
        let request = one.request(reqwest::Method::POST, &path).header("idempotency-key", "a key of their own");
        one.answer(request.json(&json!({ "action": refund(100) }))).await
    };
    let (first, again) = (twice().await, twice().await);
    assert_eq!((first.0, again.0), (201, 201), "{again:?}");
    assert_eq!(first.1["id"], again.1["id"]);
});

shop_story!(what_is_above_ones_limits_waits_for_a_lead, |app, shop| async move {
    let limits = json!({ "data": [
        { "role": "agent", "kind": "refund", "currency": "EUR", "once": 5000, "day": 8000 },
        { "role": "lead", "kind": "refund", "currency": "EUR", "once": 30_000 },
    ] });
    let (agent, lead, lead2) = (app.as_role("agent").await, app.as_role("lead").await, app.as_role("lead").await);
    assert_eq!(lead.put("/api/v1/authority", limits.clone()).await.0, 403);
    let (status, set) = app.put("/api/v1/authority", limits).await;
    assert_eq!(status, 200, "{set}");
    let order = id_of(&app, "FV-1").await;
    let (_, small) = ask(&agent, order, &refund(5000), &Value::Null).await;
    assert_eq!((&small["state"], &small["above"]), (&json!("queued"), &Value::Null), "{small}");
    let (_, more) = ask(&agent, order, &refund(3001), &small["id"]).await;
    assert_eq!(
        (&more["state"], &more["above"]),
        (&json!("awaiting_approval"), &json!("more than 80.00 EUR a day, 50.00 EUR of it used"))
    );
    let (_, large) = ask(&agent, order, &refund(31_000), &more["id"]).await;
    assert_eq!(large["above"], "more than 50.00 EUR at once");
    app.later(HOUR).await;
    assert_eq!(shop.order("fv-1").totals.refunded, 5000, "nothing else left");
    assert_eq!(lead.get("/api/v1/actions").await.1["data"].as_array().unwrap().len(), 2);
    let decide = |who: Client, action: Value, approve: bool| async move {
        who.put(&format!("/api/v1/actions/{}/decision", action["id"]), json!({ "approve": approve, "note": "Be kind" }))
            .await
    };
    assert_eq!(decide(agent.clone(), more.clone(), true).await.0, 403);
    let (status, approved) = decide(lead.clone(), more.clone(), true).await;
    assert_eq!((status, &approved["state"]), (200, &json!("queued")), "{approved}");
    assert_eq!(decide(lead2.clone(), more.clone(), false).await.0, 409, "somebody has decided");
    let (status, above) = decide(lead.clone(), large.clone(), true).await;
    assert_eq!(status, 403, "above the lead's own limits: {above}");
    let (_, declined) = decide(lead.clone(), large, false).await;
    assert_eq!((&declined["state"], &declined["decision_note"]), (&json!("declined"), &json!("Be kind")));
    app.later(HOUR).await;
    assert_eq!(shop.order("fv-1").totals.refunded, 8001);
    // Nobody approves their own.
    let newest = id_of(&app, "FV-2").await;
    let (_, own) = ask(&lead, newest, &refund(40_000), &Value::Null).await;
    assert_eq!(decide(lead, own.clone(), true).await.0, 403);
    assert_eq!(decide(app.as_owner().await, own, true).await.0, 200);
    let wrong = json!({ "data": [{ "role": "owner", "kind": "refund", "currency": "EUR", "once": 1, "day": null }] });
    let (status, refused) = app.put("/api/v1/authority", wrong).await;
    assert_eq!((status, &refused["errors"][0]["field"]), (422, &json!("data[0].role")), "{refused}");
    assert_eq!(
        app.as_role("viewer")
            .await
            .post(&format!("/api/v1/orders/{newest}/actions"), json!({ "action": refund(1) }))
            .await
            .0,
        403
    );
});

shop_story!(an_answer_that_is_lost_is_looked_up_and_never_guessed, |app, shop| async move {
    let order = id_of(&app, "FV-1").await;
    let owner = app.as_owner().await;
    let (_, lost) = ask(&owner, order, &refund(1000), &Value::Null).await;
    shop.0.lock().unwrap().faults.push(Fault::AnswerLost);
    app.later(HOUR).await;
    assert_eq!(state(&app, &lost).await["state"], "done");
    let (_, never) = ask(&owner, order, &refund(2000), &lost["id"]).await;
    shop.0.lock().unwrap().faults.push(Fault::NeverArrived);
    app.later(MINUTE).await;
    assert_eq!(state(&app, &never).await["state"], "running", "it waits until no request can be on its way");
    for _ in 0..5 {
        app.later(HOUR).await;
    }
    assert_eq!(state(&app, &never).await["state"], "done");
    // A platform that cannot tell: a person looks, and says.
    let (_, blind) = ask(&owner, order, &refund(4000), &never["id"]).await;
    shop.0.lock().unwrap().faults.push(Fault::AnswerLost);
    shop.0.lock().unwrap().blind = true;
    app.later(HOUR).await;
    let unsure = state(&app, &blind).await;
    assert_eq!((&unsure["state"], &unsure["why"]), (&json!("unsure"), &json!("Look into the shop's refunds.")));
    assert_eq!(shop.order("fv-1").totals.refunded, 7000);
    let path = format!("/api/v1/actions/{}/outcome", blind["id"]);
    assert_eq!(app.as_role("agent").await.put(&path, json!({ "done": true })).await.0, 403);
    let (status, said) = app.put(&path, json!({ "done": true, "reference": "re_1" })).await;
    assert_eq!((status, &said["state"], &said["result"]["reference"]), (200, &json!("done"), &json!("re_1")), "{said}");
    // A shop that is away: the desk says so, and does nothing.
    shop.0.lock().unwrap().down = true;
    app.clock.forward(HOUR);
    let (status, away) =
        app.post(&format!("/api/v1/orders/{order}/actions/preview"), json!({ "action": refund(1) })).await;
    assert_eq!(status, 502, "{away}");
    let (status, shown) = app.get(&format!("/api/v1/orders/{order}?fresh=true")).await;
    assert_eq!((status, &shown["stale"]), (200, &json!("The shop does not answer.")), "{shown}");
});

shop_story!(what_changed_at_the_shop_meanwhile_counts, |app, shop| async move {
    let order = id_of(&app, "FV-1").await;
    let (_, made) = ask(&app.as_owner().await, order, &refund(40_000), &Value::Null).await;
    // Somebody gives most of it back in the shop's own admin.
    shop.0.lock().unwrap().orders[0].totals.refunded = 20_000;
    app.later(HOUR).await;
    let refused = state(&app, &made).await;
    assert_eq!(refused["state"], "refused", "{refused}");
    assert!(refused["why"].as_str().unwrap().contains("27800"), "{refused}");
    assert_eq!(shop.order("fv-1").totals.refunded, 20_000);
    assert_eq!(heard(&app, "action.refused").await.len(), 1);
});

shop_story!(those_who_are_no_agents_are_held_to_limits_of_their_own, |app, shop| async move {
    let limits = json!({ "data": [{ "role": "bot", "kind": "refund", "currency": "EUR", "day": 8000 }] });
    assert_eq!(app.put("/api/v1/authority", limits).await.0, 200);
    let order = OrderId(id_of(&app, "FV-1").await);
    let mut seen = None;
    // The bot has 80 EUR a day; a guest has no account either, and none of the bot's limits.
    for (by, amount, waits) in
        [(By::Bot, 5000, false), (By::Bot, 4000, true), (By::Bot, 3000, false), (By::Shopper(None), 9000, false)]
    {
        let mut tx = app.app.begin(by.actor()).await.unwrap();
        let action = serde_json::from_value(refund(amount)).unwrap();
        let made = actions::request(&app.app, &mut tx, by, order, Wanted { action, ticket: None, seen }).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(made.above.is_some(), waits, "{by:?} {amount}: {:?}", made.above);
        seen = Some(made.id);
    }
    app.later(HOUR).await;
    assert_eq!(shop.order("fv-1").totals.refunded, 17_000);
});

shop_story!(what_a_lead_approves_is_on_the_lead, |app, shop| async move {
    let limits = json!({ "data": [
        { "role": "agent", "kind": "refund", "currency": "EUR", "once": 100 },
        { "role": "lead", "kind": "refund", "currency": "EUR", "day": 30_000 },
    ] });
    assert_eq!(app.put("/api/v1/authority", limits).await.0, 200);
    let (agent, lead) = (app.as_role("agent").await, app.as_role("lead").await);
    let mut statuses = Vec::new();
    for number in ["FV-1", "FV-2"] {
        let (_, asked) = ask(&agent, id_of(&app, number).await, &refund(20_000), &Value::Null).await;
        let path = format!("/api/v1/actions/{}/decision", asked["id"]);
        statuses.push(lead.put(&path, json!({ "approve": true })).await.0);
    }
    assert_eq!(statuses, [200, 403], "one lead, one day");
    app.later(HOUR).await;
    assert_eq!((shop.order("fv-1").totals.refunded, shop.order("fv-2").totals.refunded), (20_000, 0));
});

shop_story!(what_has_no_limit_of_its_own_is_held_to_that_of_refunds, |app, _shop| async move {
    let limits = json!({ "data": [
        { "role": "bot", "kind": "refund", "currency": "EUR", "day": 8000 },
        { "role": "bot", "kind": "note", "currency": "EUR", "once": 0 },
    ] });
    assert_eq!(app.put("/api/v1/authority", limits).await.0, 200);
    let order = OrderId(id_of(&app, "FV-1").await);
    let mut seen = None;
    for (action, waits) in [
        (json!({ "kind": "discount", "amount": 5000 }), false),
        (refund(4000), true),
        (json!({ "kind": "discount", "amount": 4000 }), true),
        (refund(3000), false),
        (json!({ "kind": "note", "text": "Hello" }), true),
    ] {
        let mut tx = app.app.begin(By::Bot.actor()).await.unwrap();
        let wanted = Wanted { action: serde_json::from_value(action.clone()).unwrap(), ticket: None, seen };
        let made = actions::request(&app.app, &mut tx, By::Bot, order, wanted).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(made.above.is_some(), waits, "{action}: {:?}", made.above);
        seen = Some(made.id);
    }
});
