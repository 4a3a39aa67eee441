//! Answers reach the shopper who waits for them, once, and whoever does not get one stays in sight.

use base::MINUTE;
use serde_json::{Value, json};

use crate::{
    harness::TestApp,
    mails::{INBOX, answer, bring, checked, inbox, mail, messages, only_ticket, tickets, trusting_inbox},
};

async fn inbox_at(app: &TestApp, address: &str) -> i64 {
    let settings = json!({ "trust_auth_results": true, "authserv_id": "mx.fjellvik.example" });
    let body = json!({ "channel": "email", "name": "Shop", "address": address, "settings": settings });
    let (status, inbox) = app.post("/api/v1/inboxes", body).await;
    assert_eq!(status, 201, "{inbox}");
    inbox["id"].as_i64().unwrap()
}

/// As if an answer had left under this id.
async fn left(app: &TestApp, message: &Value, external_id: &str) {
    let sql = "UPDATE messages SET external_id = $1, delivery = 'sent', sending_at = 1 WHERE id = $2";
    app.app.db().run(sql, base::args![external_id, message["id"].as_i64().unwrap()]).await.unwrap();
}

story!(a_shopper_of_our_own_provider_stays_a_shopper, |app| async move {
    let inbox = inbox_at(&app, "fjellvik@gmail.com").await;
    bring(&app, inbox, &mail("jo@gmail.com", "a1@gmail.com", "Tent", "", "First")).await;
    let id = only_ticket(&app).await["id"].as_i64().unwrap();
    bring(&app, inbox, &mail("jo@gmail.com", "a2@gmail.com", "Re: Tent", &checked("pass"), "Still nothing!")).await;
    assert_eq!(messages(&app, id).await.len(), 1, "another thread");
    let again = checked("pass").replace("a1@post", "a1@gmail.com");
    bring(&app, inbox, &mail("jo@gmail.com", "a3@gmail.com", "Re: Tent", &again, "Hello?")).await;
    let all = messages(&app, id).await;
    assert_eq!((all[1]["direction"].as_str(), all[1]["author"]["kind"].as_str()), (Some("in"), Some("customer")));
    let (_, ticket) = app.get(&format!("/api/v1/tickets/{id}")).await;
    assert!(ticket["status"] == "new" && !ticket["waiting_since"].is_null(), "{ticket}");
});

story!(whoever_asked_as_a_shopper_is_not_ours_in_that_ticket, |app| async move {
    let inbox = trusting_inbox(&app).await;
    let tomas = "Tomas <tomas@fjellvik.example>";
    bring(&app, inbox, &mail(tomas, "a1@post", "My own tent", "", "It broke")).await;
    let id = only_ticket(&app).await["id"].as_i64().unwrap();
    bring(&app, inbox, &mail(tomas, "t2@fjellvik", "Re: My own tent", &checked("pass"), "And nobody answers")).await;
    let all = messages(&app, id).await;
    assert_eq!(all[1]["direction"], "in", "{all:?}");
    assert_eq!(only_ticket(&app).await["status"], "new");
});

story!(what_a_machine_wrote_never_turns_our_answers_to_it, |app| async move {
    let inbox = inbox(&app).await;
    bring(&app, inbox, &mail("jo@post.example", "a1@post", "Tent", "", "First")).await;
    let id = only_ticket(&app).await["id"].as_i64().unwrap();
    let first = answer(&app, id, "Here it is").await;
    left(&app, &first, "ours@fjellvik").await;
    let robot = "In-Reply-To: <ours@fjellvik>\nAuto-Submitted: auto-replied\nReply-To: robot@else.example\n";
    bring(&app, inbox, &mail("jo@post.example", "r1@post", "Away", robot, "I am away")).await;
    assert_eq!(messages(&app, id).await.len(), 3);
    let second = answer(&app, id, "And the rest").await;
    assert_eq!(second["to"][0]["value"], "jo@post.example");
    let sql = "SELECT in_reply_to FROM messages WHERE id = $1";
    let row = app.app.db().one(sql, base::args![second["id"].as_i64().unwrap()]).await.unwrap();
    assert_eq!(row.opt_text("in_reply_to").unwrap().as_deref(), Some("a1@post"));
});
