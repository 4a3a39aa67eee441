//! How much a visitor may ask of the shop's chat, and what becomes of too much.

use base::{HOUR, args};
use reqwest::Method;
use serde_json::json;

use crate::{
    chats::{Visitor, widget},
    chats_files::{show, upload, uploaded},
};

story!(what_waits_for_its_line_takes_up_little, |app| async move {
    let inbox = widget(&app).await;
    let mut files = Vec::new();
    for number in 0..10_u8 {
        // Another chat each time: they come from one place all the same.
        let jo = Visitor::begin(&app, inbox).await;
        files.push((jo.clone(), uploaded(&jo, "a.txt", vec![b'a' + number; 10 << 20]).await));
        if number % 2 == 1 {
            assert_eq!(jo.client.delete(&jo.path("session")).await.0, 204);
        }
    }
    let kim = Visitor::begin(&app, inbox).await;
    assert_eq!(upload(&kim, "a.txt", "a").await.0, 429);
    let (jo, file) = &files[0];
    assert_eq!(show(jo, "1", "Look", &[file]).await.0, 200);
    uploaded(&kim, "a.txt", "a").await;
    let sql = "UPDATE attachments SET size = 2147483648, waits_from = 'elsewhere' WHERE id = $1";
    app.app.db().run(sql, args![files[2].1["id"].as_i64()]).await.unwrap();
    assert_eq!(upload(&kim, "b.txt", "b").await.0, 429, "nor does it from everywhere");
    app.clock.forward(HOUR + 1);
    desk::visits::forget(&app.app).await.unwrap();
    uploaded(&kim, "b.txt", "b").await;
});

story!(bytes_that_nobody_has_any_more_leave_the_disk, |app| async move {
    let jo = Visitor::begin(&app, widget(&app).await).await;
    let kim = Visitor::begin(&app, jo.inbox).await;
    for byte in [b'a', b'b'] {
        uploaded(&jo, "a.txt", vec![byte; 100_000]).await;
    }
    let same = uploaded(&kim, "b.txt", vec![b'b'; 100_000]).await;
    assert_eq!(show(&kim, "1", "Look", &[&same]).await.0, 200);
    let files = async || {
        desk::visits::forget(&app.app).await.unwrap();
        let rows = app.app.db().all("SELECT hash FROM blobs WHERE size = 100000", args![]).await.unwrap();
        let folder = app.app.blobs().folder();
        let path = |hash: String| folder.join(&hash[..2]).join(hash);
        (rows.len(), rows.iter().filter(|row| path(row.text("hash").unwrap()).exists()).count())
    };
    app.clock.forward(2 * HOUR);
    assert_eq!(files().await, (2, 2), "not at once");
    app.clock.forward(25 * HOUR);
    assert_eq!(files().await, (1, 1), "what somebody shows stays");
    let again = uploaded(&jo, "a.txt", vec![b'a'; 100_000]).await;
    assert_eq!(show(&jo, "1", "Look", &[&again]).await.0, 200);
    assert_eq!(files().await, (2, 2));
    let path = jo.path(&format!("files/{}", again["id"]));
    let response = jo.client.send(jo.client.request(Method::GET, &path)).await;
    assert_eq!(response.bytes().await.unwrap(), vec![b'a'; 100_000]);
});

story!(a_conversation_does_not_grow_for_ever, |app| async move {
    let jo = Visitor::begin(&app, widget(&app).await).await;
    jo.say("1", "Hello").await;
    app.app.db().run("UPDATE visits SET newest = 4999", args![]).await.unwrap();
    assert_eq!(jo.say("2", "The last word").await["place"], 5_000);
    let (status, refused) = jo.try_say("3", "And another").await;
    assert_eq!((status, &refused["detail"]), (409, &json!("This conversation has grown too long. Begin a new one.")));
    assert_eq!(jo.say("2", "The last word").await["place"], 5_000, "what was said already may be said again");
});
