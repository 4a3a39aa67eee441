//! Business hours: who is there when, by which schedule, and what follows from it.

use base::{DAY, HOUR};
use desk::{agents::TeamId, shops::ShopId};
use serde_json::{Value, json};

use crate::{
    chats::widget,
    chats_look::look,
    client::Client,
    harness::MORNING,
    parcels::{events, order, parcel, said, shipment, told},
};

const SCHEDULES: &str = "/api/v1/schedules";

/// From 09:00 to 17:00 on these days, Monday as 0.
fn plan(days: &[usize]) -> Value {
    let day = |at| if days.contains(&at) { json!([{ "from": "09:00", "until": "17:00" }]) } else { json!([]) };
    json!({ "zone": "Europe/Oslo", "week": (0..7).map(day).collect::<Vec<_>>(), "holidays": null, "days": [] })
}

async fn schedule(owner: &Client, name: &str, plan: Value) -> i64 {
    let (status, made) = owner.post(SCHEDULES, json!({ "name": name, "plan": plan })).await;
    assert_eq!(status, 201, "{made}");
    made["id"].as_i64().unwrap()
}

async fn go_by(owner: &Client, shop: Option<i64>, teams: Value) -> Value {
    let (status, hours) = owner.put("/api/v1/hours", json!({ "shop": shop, "teams": teams })).await;
    assert_eq!(status, 200, "{hours}");
    hours
}

story!(a_shop_is_always_open_until_it_has_a_schedule, |app| async move {
    let owner = app.as_owner().await;
    let inbox = widget(&app).await;
    let always = json!({ "schedule": null, "open": true, "changes_at": null });
    assert_eq!(owner.get("/api/v1/hours").await.1, json!({ "shop": always, "teams": [] }));
    let week = schedule(&owner, "  The week ", plan(&[1, 2, 3, 4])).await;
    assert_eq!(owner.get("/api/v1/hours").await.1["shop"], always, "nobody goes by it yet");
    // It is Monday, and opens on Tuesday.
    let hours = go_by(&owner, Some(week), json!([])).await;
    assert_eq!(hours["shop"], json!({ "schedule": week, "open": false, "changes_at": "2026-03-03T08:00:00.000Z" }));
    let answers = look(&app, inbox).await["answers"].clone();
    assert_eq!((&answers["open"], &answers["opens_at"]), (&json!(false), &json!("2026-03-03T08:00:00.000Z")));
    // The team that has the inbox works today.
    let (_, team) = owner.post("/api/v1/teams", json!({ "name": "Night" })).await;
    let night = schedule(&owner, "Night", plan(&[0])).await;
    let teams = json!([{ "team": team["id"], "schedule": night }]);
    let hours = go_by(&owner, Some(week), teams.clone()).await;
    assert_eq!(hours["teams"][0]["open"], true, "{hours}");
    let path = format!("/api/v1/inboxes/{inbox}");
    assert_eq!(owner.patch(&path, json!({ "team": team["id"] })).await.0, 200);
    assert_eq!(look(&app, inbox).await["answers"]["open"], true);
    go_by(&owner, Some(week), json!([])).await;
    assert_eq!(look(&app, inbox).await["answers"]["open"], false);
    assert_eq!(events(&app, "hours.changed").await.len(), 3);
    go_by(&owner, Some(week), json!([])).await;
    assert_eq!(events(&app, "hours.changed").await.len(), 3, "nothing changed");
});

story!(a_schedule_is_changed_and_removed_by_those_who_may, |app| async move {
    let (owner, agent) = (app.as_owner().await, app.as_role("agent").await);
    let id = schedule(&owner, "The week", plan(&[0, 1, 2, 3, 4])).await;
    let path = format!("{SCHEDULES}/{id}");
    let mut changed = json!({ "name": "Shorter", "plan": plan(&[0, 1]) });
    assert_eq!(agent.put(&path, changed.clone()).await.0, 403);
    assert_eq!(agent.put("/api/v1/hours", json!({ "shop": id })).await.0, 403);
    assert_eq!(agent.get(SCHEDULES).await.1["data"][0]["version"], 1);
    app.later(HOUR).await;
    let (status, after) = owner.put(&path, changed.clone()).await;
    assert_eq!((status, &after["version"], &after["name"]), (200, &json!(2), &json!("Shorter")), "{after}");
    assert_eq!(after["valid_from"], "2026-03-02T10:00:00.000Z");
    assert_eq!(owner.put(&path, changed.clone()).await.1["version"], 2, "the same once more");
    changed["plan"]["week"][0][0]["until"] = json!("25:00");
    let (status, wrong) = owner.put(&path, changed).await;
    assert_eq!((status, &wrong["errors"][0]["field"]), (422, &json!("plan.week[0][0].until")), "{wrong}");
    let (status, twice) = owner.post(SCHEDULES, json!({ "name": "shorter", "plan": plan(&[0]) })).await;
    assert_eq!((status, &twice["errors"][0]["field"]), (422, &json!("name")));
    for (body, field) in [
        (json!({ "shop": id + 99 }), "shop"),
        (json!({ "shop": null, "teams": [{ "team": 99, "schedule": id }] }), "teams[0].team"),
    ] {
        let (status, wrong) = owner.put("/api/v1/hours", body).await;
        assert_eq!((status, wrong["errors"][0]["field"].as_str()), (422, Some(field)), "{wrong}");
    }
    go_by(&owner, Some(id), json!([])).await;
    assert_eq!(owner.delete(&path).await.0, 409);
    go_by(&owner, None, json!([])).await;
    assert_eq!((owner.delete(&path).await.0, owner.delete(&path).await.0), (204, 404));
    assert_eq!(owner.get(SCHEDULES).await.1["data"], json!([]));
    assert_eq!(owner.put("/api/v1/hours", json!({ "shop": id })).await.0, 422);
});

story!(what_lies_behind_is_counted_as_it_was, |app| async move {
    let owner = app.as_owner().await;
    let (_, team) = owner.post("/api/v1/teams", json!({ "name": "Night" })).await;
    let team = TeamId(team["id"].as_i64().unwrap());
    app.later(DAY).await;
    // Tuesday, 10:00 there: eight hours a day from now on, then from Thursday on no day at all.
    let week = schedule(&owner, "Week", plan(&[0, 1, 2, 3, 4])).await;
    go_by(&owner, Some(week), json!([])).await;
    app.later(2 * DAY).await;
    let path = format!("{SCHEDULES}/{week}");
    assert_eq!(owner.put(&path, json!({ "name": "Week", "plan": plan(&[]) })).await.0, 200);
    // The team works on Friday by a schedule of its own, and on Saturday by the shop's again.
    let friday = schedule(&owner, "Friday", plan(&[4])).await;
    app.later(DAY).await;
    go_by(&owner, Some(week), json!([{ "team": team, "schedule": friday }])).await;
    app.later(DAY).await;
    go_by(&owner, None, json!([])).await;
    assert_eq!((owner.delete(&path).await.0, owner.delete(&format!("{SCHEDULES}/{friday}")).await.0), (204, 204));
    let hours = async |team: Option<TeamId>, since: i64, from: i64, days: i64| {
        let mut tx = app.app.look().await.unwrap();
        let timeline = desk::hours::timeline(&mut tx, ShopId(1), team, since).await.unwrap();
        timeline.open_between(from, from + days * DAY) / HOUR
    };
    for (team, days) in [(None, [24, 8, 8, 0, 0, 24]), (Some(team), [24, 8, 8, 0, 7, 24])] {
        for (at, wanted) in (0..).zip(days) {
            let from = MORNING + at * DAY;
            assert_eq!(hours(team, MORNING, from, 1).await, wanted, "{team:?}, day {at}");
            assert_eq!(hours(team, from, from, 1).await, wanted, "{team:?}, day {at}, with nothing of what was before");
        }
    }
});

story!(a_plan_is_looked_at_before_it_is_kept, |app| async move {
    let owner = app.as_owner().await;
    let mut wanted = plan(&[0, 1, 2, 3, 4]);
    wanted["holidays"] = json!({ "country": "NO", "region": null });
    wanted["days"] =
        json!([{ "date": "2026-03-03", "name": "Stocktaking", "periods": [{ "from": "22:00", "until": "02:00" }] }]);
    let (status, shown) = owner.post(&format!("{SCHEDULES}/preview"), json!({ "plan": wanted, "days": 40 })).await;
    assert_eq!((status, &shown["open"]), (200, &json!(true)), "{shown}");
    assert_eq!(shown["changes_at"], "2026-03-02T16:00:00.000Z");
    let periods = json!([{ "from": "2026-03-03T21:00:00.000Z", "until": "2026-03-04T01:00:00.000Z" }]);
    let special = json!({ "date": "2026-03-03", "name": "Stocktaking", "by": "special", "periods": periods });
    assert_eq!(shown["days"][1], special);
    let friday = shown["days"].as_array().unwrap().iter().find(|day| day["date"] == "2026-04-03").unwrap();
    assert_eq!(
        (&friday["name"], &friday["by"], &friday["periods"]),
        (&json!("Good Friday"), &json!("holiday"), &json!([]))
    );
    assert_eq!(shown["days"][28]["periods"][0]["from"], "2026-03-30T07:00:00.000Z", "in summer time");
    let (_, known) = owner.get("/api/v1/holidays?country=DE&region=BY&year=2026").await;
    assert_eq!(known["days"][1], json!({ "date": "2026-01-06", "name": "Epiphany" }), "{known}");
    let (status, wrong) = owner.get("/api/v1/holidays?country=XX").await;
    assert_eq!(status, 422, "{wrong}");
    let ics = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:Party\nDTSTART;VALUE=DATE:20261218\nEND:VEVENT\nEND:VCALENDAR\n";
    let (status, days) = owner.post(&format!("{SCHEDULES}/calendar-file"), json!({ "ics": ics })).await;
    assert_eq!((status, days), (200, json!({ "days": [{ "date": "2026-12-18", "name": "Party" }], "left_out": 0 })));
});

story!(a_parcel_is_silent_by_the_days_on_which_the_shop_works, |app| async move {
    let owner = app.as_owner().await;
    assert_eq!(owner.patch("/api/v1/shop", json!({ "country": "DE" })).await.0, 200);
    let id = told(&app, order("FV-1", shipment())).await;
    said(&app, "2026-03-02T09:30:00Z", "in_transit", "").await;
    // Monday and Tuesday only: three business days after Monday are a week later, on Tuesday.
    let days = schedule(&owner, "Short", plan(&[0, 1])).await;
    go_by(&owner, Some(days), json!([])).await;
    app.tick().await;
    let troubles = async || parcel(&app, id).await["troubles"].as_array().unwrap().len();
    app.later(7 * DAY).await;
    assert_eq!(troubles().await, 0, "Tuesday, Monday");
    app.later(DAY + HOUR).await;
    assert_eq!(troubles().await, 1);
});
