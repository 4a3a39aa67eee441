//! How much a visitor may ask of the shop's chat, and what becomes of too much.

use base::args;
use serde_json::json;

use crate::chats::{Visitor, widget};

story!(a_conversation_does_not_grow_for_ever, |app| async move {
    let jo = Visitor::begin(&app, widget(&app).await).await;
    jo.say("1", "Hello").await;
    app.app.db().run("UPDATE visits SET newest = 4999", args![]).await.unwrap();
    assert_eq!(jo.say("2", "The last word").await["place"], 5_000);
    let (status, refused) = jo.try_say("3", "And another").await;
    assert_eq!((status, &refused["detail"]), (409, &json!("This conversation has grown too long. Begin a new one.")));
    assert_eq!(jo.say("2", "The last word").await["place"], 5_000, "what was said already may be said again");
});
