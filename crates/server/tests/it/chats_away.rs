//! A visitor leaves before they read the answer: it follows them by mail, once, and theirs comes back into the chat.

use base::{Engine, MINUTE};
use serde_json::{Value, json};

use crate::{
    answers::{Post, post, report},
    chats::{Visitor, widget},
    harness::TestApp,
    mails::{INBOX, answer, bring, messages, only_ticket, tickets},
};

const JO: &str = "jo@post.example";

/// A shop with both inboxes, and a visitor who asked and has left an address.
pub async fn asked(app: &TestApp, post: &Post) -> (Visitor, i64, i64) {
    let body = json!({ "channel": "email", "name": "Fjellvik", "address": INBOX, "settings": post.settings });
    let letters = app.post("/api/v1/inboxes", body).await.1["id"].as_i64().unwrap();
    let jo = Visitor::begin(app, widget(app).await).await;
    jo.say("1", "Is the tent waterproof?").await;
    app.tick().await;
    let ticket = only_ticket(app).await["id"].as_i64().unwrap();
    assert_eq!(jo.client.put(&jo.path("contact"), json!({ "email": " Jo@Post.example ", "name": "Jo" })).await.0, 204);
    (jo, letters, ticket)
}

/// Lets this time pass; the mail that leaves in it is answered by its server like this.
pub async fn mailed(app: &TestApp, post: &mut Post, minutes: i64, server: &'static str) -> String {
    let (_, raw) = tokio::join!(app.later(minutes * MINUTE), async {
        let mail = post.mails.recv().await.unwrap();
        mail.answer.send(server).unwrap();
        mail.raw
    });
    raw
}

/// Lets this time pass, in which nothing may leave.
pub async fn silent(app: &TestApp, post: &mut Post, minutes: i64) {
    app.later(minutes * MINUTE).await;
    assert!(post.mails.try_recv().is_err(), "nobody is written to within these {minutes} minutes");
}

pub fn header<'m>(raw: &'m str, name: &str) -> &'m str {
    raw.lines().find_map(|line| line.strip_prefix(&format!("{name}: "))).unwrap_or_else(|| panic!("{name} in {raw}"))
}

pub fn reply(raw: &str, from: &str, id: &str, text: &str) -> String {
    let to = header(raw, "Reply-To").rsplit(['<', ' ']).next().unwrap().trim_end_matches('>').to_owned();
    let about = header(raw, "Message-ID");
    format!("From: {from}\nTo: {to}\nMessage-ID: <{id}>\nIn-Reply-To: {about}\nSubject: Re: Chat\n\n{text}\n")
}

story!(an_answer_follows_who_has_left_and_theirs_comes_back, |app| async move {
    let mut post = post().await;
    let (jo, letters, ticket) = asked(&app, &post).await;
    answer(&app, ticket, "Yes, to 3,000 mm.").await;
    silent(&app, &mut post, 9).await;
    let raw = mailed(&app, &mut post, 3, "250 taken").await;
    assert!(header(&raw, "To").contains(JO), "{raw}");
    assert!(raw.contains("Ingrid: Yes, to 3,000 mm.") && raw.contains("Subject: Fjellvik has answered you"), "{raw}");
    assert!(!raw.contains("Is the tent waterproof?"), "they know what they said: {raw}");
    let all = messages(&app, ticket).await;
    let last = all.last().unwrap();
    assert_eq!((all.len(), &last["automatic"], &last["delivery"]), (3, &json!("conversation"), &json!("sent")));
    assert_eq!(only_ticket(&app).await["snippet"], "Yes, to 3,000 mm.", "lists show what people said");
    silent(&app, &mut post, 600).await;
    // By mail from the train.
    bring(&app, letters, &reply(&raw, "Jo Brandt <jo@post.example>", "j1@post", "And in snow?")).await;
    assert_eq!(tickets(&app.as_owner().await, "shelf=all").await.len(), 1, "one ticket");
    assert_eq!(messages(&app, ticket).await.len(), 4);
    let reads = ["visitor: Is the tent waterproof?", "shop: Yes, to 3,000 mm.", "visitor: And in snow?"];
    assert_eq!(jo.reads().await, reads);
    assert_eq!(jo.conversation(2).await["data"][0]["by_mail"], true);
    // The chat is still there for an answer, though they wrote by mail last.
    let (_, ways) = app.get(&format!("/api/v1/tickets/{ticket}/ways")).await;
    let chat = ways["data"].as_array().unwrap().iter().find(|way| way["inbox"] == jo.inbox).unwrap().clone();
    assert!(chat["blocked"].is_null() && chat["to"]["value"].as_str().unwrap().starts_with("visitor-"), "{chat}");
    // The answer goes where they last wrote, and stands in the chat all the same.
    answer(&app, ticket, "In snow, too.").await;
    let raw = mailed(&app, &mut post, 1, "250 taken").await;
    assert!(raw.contains("In snow, too."), "{raw}");
    assert_eq!(jo.reads().await[3], "shop: In snow, too.");
    silent(&app, &mut post, 600).await;
    jo.say("2", "Thanks").await;
    app.tick().await;
    assert_eq!(messages(&app, ticket).await.len(), 6, "back in the chat, still one ticket");
});

story!(nobody_is_written_to_who_is_here_or_has_read, |app| async move {
    let mut post = post().await;
    let (jo, _, ticket) = asked(&app, &post).await;
    answer(&app, ticket, "Yes.").await;
    for _ in 0..10 {
        silent(&app, &mut post, 5).await;
        // Here, though without a look at it.
        jo.conversation(9).await;
    }
    assert_eq!(jo.client.put(&jo.path("marks"), json!({ "read": 2 })).await.0, 204);
    silent(&app, &mut post, 600).await;
    // Without an address there is nowhere to write to; one that comes later is good for what waits.
    let kim = Visitor::begin(&app, jo.inbox).await;
    kim.say("1", "Hello").await;
    app.tick().await;
    let all = tickets(&app.as_owner().await, "shelf=all").await;
    let other = all.iter().map(|one| one["id"].as_i64().unwrap()).find(|id| *id != ticket).unwrap();
    answer(&app, other, "Hello Kim").await;
    silent(&app, &mut post, 600).await;
    let (status, wrong) = kim.client.put(&kim.path("contact"), json!({ "email": "kim" })).await;
    assert_eq!((status, &wrong["errors"][0]["field"]), (422, &json!("email")));
    assert_eq!(kim.client.put(&kim.path("contact"), json!({ "email": "kim@else.example" })).await.0, 204);
    let raw = mailed(&app, &mut post, 12, "250 taken").await;
    assert!(raw.contains("Hello Kim"), "{raw}");
});

story!(mails_keep_their_distance_and_their_size, |app| async move {
    let mut post = post().await;
    let (_, _, ticket) = asked(&app, &post).await;
    for number in 1..=12 {
        answer(&app, ticket, &format!("Part {number}.")).await;
    }
    app.tick().await;
    let first = mailed(&app, &mut post, 12, "250 taken").await;
    assert!(first.contains("Part 1.") && first.contains("Part 10.") && !first.contains("Part 11."), "{first}");
    answer(&app, ticket, "Part 13.").await;
    silent(&app, &mut post, 14).await;
    let second = mailed(&app, &mut post, 1, "250 taken").await;
    assert!(!second.contains("Part 10.") && second.contains("Part 11.") && second.contains("Part 13."), "{second}");
    assert_eq!(header(&second, "In-Reply-To"), header(&first, "Message-ID"));
    silent(&app, &mut post, 600).await;
});

story!(what_could_not_be_mailed_goes_with_the_next, |app| async move {
    let mut post = post().await;
    let (jo, _, ticket) = asked(&app, &post).await;
    answer(&app, ticket, "First.").await;
    app.tick().await;
    mailed(&app, &mut post, 12, "554 not today").await;
    let refused = messages(&app, ticket).await.pop().unwrap();
    assert_eq!(refused["delivery"], "refused");
    assert_eq!(only_ticket(&app).await["status"], "open", "somebody has to look");
    silent(&app, &mut post, 60).await;
    answer(&app, ticket, "Second.").await;
    app.tick().await;
    // Once for now, then it is taken.
    let busy = mailed(&app, &mut post, 12, "451 later").await;
    let raw = mailed(&app, &mut post, 5, "250 taken").await;
    assert!(raw.contains("First.") && raw.contains("Second."), "{raw}");
    assert_eq!(header(&busy, "Message-ID"), header(&raw, "Message-ID"));
    silent(&app, &mut post, 600).await;
    assert_eq!(jo.reads().await.len(), 3, "in the chat each stands once");
    // Somebody sends the refused one after all: nothing of it comes again.
    let retry = format!("/api/v1/messages/{}/retry", refused["id"]);
    assert_eq!(app.post(&retry, json!({})).await.0, 200);
    mailed(&app, &mut post, 1, "250 taken").await;
    answer(&app, ticket, "Third.").await;
    app.tick().await;
    let raw = mailed(&app, &mut post, 15, "250 taken").await;
    assert!(raw.contains("Third.") && !raw.contains("Second."), "{raw}");
});

story!(an_address_that_was_only_left_joins_nobody, |app| async move {
    let mut post = post().await;
    let (jo, letters, ticket) = asked(&app, &post).await;
    let own = |client: &Value| client["customer"]["id"].clone();
    let visitor = own(&only_ticket(&app).await);
    // Somebody else's, who has a ticket of their own.
    let raw = format!("From: {JO}\nTo: {INBOX}\nMessage-ID: <x1@post>\nSubject: My order\n\nSecret order\n");
    bring(&app, letters, &raw).await;
    let all = tickets(&app.as_owner().await, "shelf=all&sort=oldest").await;
    assert_ne!(own(&all[0]), own(&all[1]));
    jo.say("2", "I am Jo, believe me").await;
    app.tick().await;
    let all = tickets(&app.as_owner().await, "shelf=all&sort=oldest").await;
    assert_eq!((all.len(), own(&all[0])), (2, visitor));
    // Both sides are told that they may be one.
    for (one, other) in [(own(&all[0]), own(&all[1])), (own(&all[1]), own(&all[0]))] {
        let (_, may) = app.get(&format!("/api/v1/customers/{one}/suggestions")).await;
        assert_eq!(may["data"][0]["customer"]["id"], other, "{may}");
        assert_eq!((&may["data"][0]["reasons"], &may["data"][0]["score"]), (&json!(["left_address"]), &json!(60)));
    }
    assert!(!jo.conversation(0).await.to_string().contains("Secret"));
    answer(&app, ticket, "Yes.").await;
    let raw = mailed(&app, &mut post, 12, "250 taken").await;
    assert!(!raw.contains("Secret"), "{raw}");
    // A third person to whom the mail was passed on does not speak as the visitor.
    bring(&app, letters, &reply(&raw, "partner@else.example", "p1@else", "Me too")).await;
    assert!(!jo.reads().await.contains(&"visitor: Me too".to_owned()));
    // Nor does whoever has the address, whom the visitor may never have met; nor is the visitor shown what they are told.
    bring(&app, letters, &reply(&raw, JO, "j1@post", "My order is FV-1")).await;
    answer(&app, ticket, "FV-1 is at your door.").await;
    mailed(&app, &mut post, 1, "250 taken").await;
    let all = messages(&app, ticket).await;
    let last: Vec<_> = all.iter().rev().take(2).map(|message| message["text"].as_str().unwrap().trim()).collect();
    assert_eq!(last, ["FV-1 is at your door.", "My order is FV-1"], "the ticket has both");
    assert!(!jo.conversation(0).await.to_string().contains("FV-1"));
    // Somebody finds out that they are one person after all.
    let all = tickets(&app.as_owner().await, "shelf=all&sort=oldest").await;
    let merge = format!("/api/v1/customers/{}/merge", own(&all[1]));
    assert_eq!(app.post(&merge, json!({ "into": own(&all[0]) })).await.0, 201);
    bring(&app, letters, &reply(&raw, JO, "j2@post", "It is here")).await;
    assert_eq!(jo.reads().await.last().unwrap(), "visitor: It is here");
});

story!(an_answer_that_is_mailed_again_stands_in_the_chat_once, |app| async move {
    let mut post = post().await;
    let (jo, letters, ticket) = asked(&app, &post).await;
    answer(&app, ticket, "Yes.").await;
    let raw = mailed(&app, &mut post, 12, "250 taken").await;
    bring(&app, letters, &reply(&raw, JO, "j1@post", "And in snow?")).await;
    let message = answer(&app, ticket, "In snow, too.").await;
    let raw = mailed(&app, &mut post, 1, "250 taken").await;
    let id = header(&raw, "Message-ID").trim_matches(['<', '>']);
    bring(&app, letters, &report(id, "5.2.2")).await;
    let (status, again) = app.post(&format!("/api/v1/messages/{}/retry", message["id"]), json!({})).await;
    assert_eq!((status, &again["delivery"]), (200, &json!("queued")), "{again}");
    mailed(&app, &mut post, 1, "250 taken").await;
    let reads = jo.reads().await;
    assert_eq!(reads.iter().filter(|line| *line == "shop: In snow, too.").count(), 1, "{reads:?}");
});

/// A node was killed while this message was on its way out.
async fn broken_off(app: &TestApp, message: &Value) {
    let sql = "UPDATE messages SET sending_at = 1 WHERE id = $1 AND delivery = 'queued' RETURNING id";
    let changed = app.app.db().run(sql, base::args![message["id"].as_i64().unwrap()]).await.unwrap();
    assert_eq!(changed.len(), 1, "it is on its way");
}

story!(what_a_killed_node_was_handing_over_arrives_in_the_chat_and_is_looked_at_by_mail, |app| async move {
    let mut post = post().await;
    let (jo, _, ticket) = asked(&app, &post).await;
    let said = answer(&app, ticket, "Yes.").await;
    broken_off(&app, &said).await;
    app.tick().await;
    assert_eq!(jo.reads().await, ["visitor: Is the tent waterproof?", "shop: Yes."], "it cannot have left before");
    assert_eq!(messages(&app, ticket).await[1]["delivery"], "sent");
    mailed(&app, &mut post, 12, "451 later").await;
    assert_eq!(only_ticket(&app).await["status"], "pending");
    broken_off(&app, messages(&app, ticket).await.last().unwrap()).await;
    silent(&app, &mut post, 60).await;
    let letter = messages(&app, ticket).await.pop().unwrap();
    assert!(
        letter["delivery"] == "refused" && letter["delivery_why"].to_string().contains("may have left"),
        "{letter}"
    );
    assert_eq!(only_ticket(&app).await["status"], "open", "somebody has to look");
});

#[test]
fn mails_after_visitors_survive_a_killed_node_sqlite() {
    crate::harness::run(Engine::Sqlite, |_| (), survives);
}

#[test]
fn mails_after_visitors_survive_a_killed_node_postgres() {
    crate::harness::run(Engine::Postgres, |_| (), survives);
}

/// The node that had the look planned ends; two others find it at once.
async fn survives(app: TestApp) {
    let mut post = post().await;
    let first = app.second_node().await;
    let (_, _, ticket) = asked(&first, &post).await;
    answer(&first, ticket, "Yes.").await;
    first.tick().await;
    first.end().await;
    let other = app.second_node().await;
    app.clock.forward(12 * MINUTE);
    let (_, _, raw) = tokio::join!(app.tick(), other.tick(), async {
        let mail = post.mails.recv().await.unwrap();
        mail.answer.send("250 taken").unwrap();
        mail.raw
    });
    assert!(raw.contains("Yes."), "{raw}");
    app.tick().await;
    silent(&app, &mut post, 600).await;
    other.end().await;
}
