//! How much a visitor may ask of the shop's chat, and what becomes of too much.

use base::{HOUR, args};
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

story!(a_conversation_does_not_grow_for_ever, |app| async move {
    let jo = Visitor::begin(&app, widget(&app).await).await;
    jo.say("1", "Hello").await;
    app.app.db().run("UPDATE visits SET newest = 4999", args![]).await.unwrap();
    assert_eq!(jo.say("2", "The last word").await["place"], 5_000);
    let (status, refused) = jo.try_say("3", "And another").await;
    assert_eq!((status, &refused["detail"]), (409, &json!("This conversation has grown too long. Begin a new one.")));
    assert_eq!(jo.say("2", "The last word").await["place"], 5_000, "what was said already may be said again");
});
