//! Answers reach the shopper who waits for them, once, and whoever does not get one stays in sight.

use base::MINUTE;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    sync::{mpsc, oneshot},
};

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

/// A mail server that asks the test about each mail it gets.
pub struct Post {
    pub settings: Value,
    pub mails: mpsc::Receiver<Posted>,
}

/// A whole mail, which the server has not answered yet.
pub struct Posted {
    pub raw: String,
    pub answer: oneshot::Sender<&'static str>,
}

impl Posted {
    pub fn id(&self) -> &str {
        self.raw.lines().find_map(|line| line.strip_prefix("Message-ID: ")).unwrap()
    }
}

pub async fn post() -> Post {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let (sender, mails) = mpsc::channel(8);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(talk(stream, sender.clone()));
        }
    });
    Post { settings: json!({ "smtp": { "host": "127.0.0.1", "port": port, "security": "plain" } }), mails }
}

async fn talk(stream: TcpStream, mails: mpsc::Sender<Posted>) {
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read).lines();
    write.write_all(b"220 post.example\r\n").await.unwrap();
    while let Ok(Some(line)) = lines.next_line().await {
        let mut said = "250 fine".to_owned();
        if line == "DATA" {
            write.write_all(b"354 go on\r\n").await.unwrap();
            let mut raw = String::new();
            while let Ok(Some(line)) = lines.next_line().await
                && line != "."
            {
                raw.push_str(line.strip_prefix('.').unwrap_or(&line));
                raw.push('\n');
            }
            let (answer, answered) = oneshot::channel();
            mails.send(Posted { raw, answer }).await.ok();
            answered.await.unwrap_or("451 later").clone_into(&mut said);
        }
        if write.write_all(format!("{said}\r\n").as_bytes()).await.is_err() {
            return;
        }
    }
}

/// An inbox that sends through such a server, and a ticket with one mail in it.
async fn asked(app: &TestApp, post: &Post) -> (i64, i64) {
    let body = json!({ "channel": "email", "name": "Fjellvik", "address": INBOX, "settings": post.settings });
    let (status, inbox) = app.post("/api/v1/inboxes", body).await;
    assert_eq!(status, 201, "{inbox}");
    let inbox = inbox["id"].as_i64().unwrap();
    bring(app, inbox, &mail("jo@post.example", "a1@post", "Tent", "", "First")).await;
    (inbox, only_ticket(app).await["id"].as_i64().unwrap())
}

story!(our_own_copy_that_is_back_first_is_no_news, |app| async move {
    let mut post = post().await;
    let (inbox, id) = asked(&app, &post).await;
    answer(&app, id, "Here it is").await;
    let server = async {
        let mail = post.mails.recv().await.unwrap();
        bring(&app, inbox, &mail.raw).await;
        mail.answer.send("250 taken").unwrap();
    };
    tokio::join!(app.later(MINUTE), server);
    let all = messages(&app, id).await;
    assert_eq!(all.len(), 2, "{all:?}");
    assert_eq!(all[1]["delivery"], "sent");
    assert_eq!(only_ticket(&app).await["status"], "pending");
});

story!(an_answer_that_is_refused_stays_in_sight_and_keeps_its_name, |app| async move {
    let mut post = post().await;
    let (_, id) = asked(&app, &post).await;
    let waiting_since = only_ticket(&app).await["waiting_since"].clone();
    let message = answer(&app, id, "Here it is").await;
    assert_eq!(only_ticket(&app).await["status"], "pending");
    let (_, first) = tokio::join!(app.later(MINUTE), async {
        let mail = post.mails.recv().await.unwrap();
        let name = mail.id().to_owned();
        mail.answer.send("554 not today").unwrap();
        name
    });
    assert_eq!(messages(&app, id).await[1]["delivery"], "refused");
    let ticket = only_ticket(&app).await;
    assert_eq!((&ticket["status"], &ticket["waiting_since"]), (&json!("open"), &waiting_since), "{ticket}");
    let retry = format!("/api/v1/messages/{}/retry", message["id"]);
    assert_eq!(app.post(&retry, json!({})).await.0, 200);
    let ticket = only_ticket(&app).await;
    assert!(ticket["status"] == "pending" && ticket["waiting_since"].is_null(), "{ticket}");
    let (_, second) = tokio::join!(app.later(MINUTE), async {
        let mail = post.mails.recv().await.unwrap();
        let name = mail.id().to_owned();
        mail.answer.send("250 taken").unwrap();
        name
    });
    assert_eq!(first, second);
    assert_eq!(messages(&app, id).await[1]["delivery"], "sent");
});

pub fn report(about: &str, status: &str) -> String {
    let action = match status.as_bytes()[0] {
        b'2' => "delivered",
        b'4' => "delayed",
        _ => "failed",
    };
    format!(
        "From: MAILER-DAEMON@mx.else.example\nTo: {INBOX}\nMessage-ID: <{status}@mx>\nSubject: Undelivered\n\
         MIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n\
         --b\nContent-Type: text/plain\n\nmailbox full\n--b\nContent-Type: message/delivery-status\n\n\
         Reporting-MTA: dns; mx.else.example\n\nFinal-Recipient: rfc822; jo@post.example\nAction: {action}\n\
         Status: {status}\nDiagnostic-Code: smtp; 552 mailbox full\n\n--b\nContent-Type: message/rfc822\n\n\
         Message-ID: <{about}>\nSubject: Re: Tent\n\nHere it is\n\n--b--\n"
    )
}

story!(what_did_not_arrive_is_to_be_answered_again, |app| async move {
    let mut post = post().await;
    let (inbox, id) = asked(&app, &post).await;
    answer(&app, id, "Here it is").await;
    let (_, ours) = tokio::join!(app.later(MINUTE), async {
        let mail = post.mails.recv().await.unwrap();
        let name = mail.id().trim_matches(['<', '>']).to_owned();
        mail.answer.send("250 taken").unwrap();
        name
    });
    bring(&app, inbox, &report(&ours, "4.2.2")).await;
    assert_eq!(messages(&app, id).await[1]["delivery"], "sent", "it may arrive yet");
    assert_eq!(only_ticket(&app).await["status"], "pending");
    bring(&app, inbox, &report(&ours, "2.0.0")).await;
    assert_eq!(messages(&app, id).await[1]["delivery"], "delivered");
    assert_eq!(only_ticket(&app).await["status"], "pending", "good news is no new ticket and wakes nobody");
    // A full mailbox says nothing against the address, but this answer is lost.
    bring(&app, inbox, &report(&ours, "5.2.2")).await;
    assert_eq!(messages(&app, id).await[1]["delivery"], "bounced");
    let ticket = only_ticket(&app).await;
    assert!(ticket["status"] == "open" && !ticket["waiting_since"].is_null(), "{ticket}");
    assert_eq!(answer(&app, id, "Once more").await["to"][0]["value"], "jo@post.example");
});

story!(nobody_is_quoted_to_somebody_else, |app| async move {
    let mut post = post().await;
    let (inbox, id) = asked(&app, &post).await;
    bring(&app, inbox, &mail("kim@else.example", "k1@else", "Also a tent", "", "My secret")).await;
    let all = tickets(&app.as_owner().await, "shelf=all").await;
    let other = all.iter().map(|ticket| ticket["id"].as_i64().unwrap()).find(|other| *other != id).unwrap();
    let (status, merged) = app.post(&format!("/api/v1/tickets/{other}/merge"), json!({ "into": id })).await;
    assert_eq!(status, 200, "{merged}");
    let body = json!({ "direction": "out", "text": "Dear Jo", "to": ["jo@post.example"] });
    assert_eq!(app.post(&format!("/api/v1/tickets/{id}/messages"), body).await.0, 201);
    let (_, raw) = tokio::join!(app.later(MINUTE), async {
        let mail = post.mails.recv().await.unwrap();
        mail.answer.send("250 taken").unwrap();
        mail.raw
    });
    assert!(raw.contains("> First") && !raw.contains("My secret"), "{raw}");
});

story!(the_files_of_an_answer_go_with_the_draft_it_becomes, |app| async move {
    let inbox = inbox(&app).await;
    bring(&app, inbox, &mail("jo@post.example", "a1@post", "Tent", "", "First")).await;
    let id = only_ticket(&app).await["id"].as_i64().unwrap();
    let owner = app.as_owner().await;
    let (_, file) = owner.post_bytes("/api/v1/uploads?name=a.txt", "text/plain", "A file".to_owned()).await;
    let body = json!({ "direction": "out", "text": "See there", "attachments": [file["id"]] });
    let (status, message) = owner.post(&format!("/api/v1/tickets/{id}/messages"), body).await;
    assert_eq!(status, 201, "{message}");
    // As if a colleague had written it.
    let sql = "UPDATE attachments SET agent = NULL WHERE id = $1";
    app.app.db().run(sql, base::args![file["id"].as_i64().unwrap()]).await.unwrap();
    assert_eq!(owner.delete(&format!("/api/v1/messages/{}", message["id"])).await.0, 204);
    let body = json!({ "direction": "out", "text": "See here", "attachments": [file["id"]] });
    let (status, message) = owner.post(&format!("/api/v1/tickets/{id}/messages"), body).await;
    assert_eq!((status, message["attachments"].as_array().map(Vec::len)), (201, Some(1)), "{message}");
});

story!(
    files_that_no_mail_carries_are_refused_before_they_are_queued,
    |config| config.max_body_mb = 64,
    |app| async move {
        let inbox = inbox(&app).await;
        bring(&app, inbox, &mail("jo@post.example", "a1@post", "Tent", "", "First")).await;
        let id = only_ticket(&app).await["id"].as_i64().unwrap();
        let owner = app.as_owner().await;
        let upload = async |mb: usize| {
            let bytes = "x".repeat(mb << 20);
            let (status, file) = owner.post_bytes("/api/v1/uploads?name=film.mp4", "video/mp4", bytes).await;
            assert_eq!(status, 201, "{file}");
            file["id"].clone()
        };
        let files = [upload(30).await, upload(15).await];
        let path = format!("/api/v1/tickets/{id}/messages");
        let (status, problem) =
            app.post(&path, json!({ "direction": "out", "text": "Look", "attachments": files })).await;
        assert_eq!(status, 422, "{problem}");
        let why = "are 45 MB together; one message from this inbox carries 40 MB";
        assert_eq!(problem["errors"], json!([{ "field": "attachments", "why": why }]));
        assert_eq!(messages(&app, id).await.len(), 1, "nothing was queued");
        // They never leave in a note, and each alone is small enough.
        let note = json!({ "direction": "note", "text": "For us", "attachments": [files[1]] });
        assert_eq!(app.post(&path, note).await.0, 201);
        let (status, sent) = app.post(&path, json!({ "direction": "out", "attachments": [files[0]] })).await;
        assert_eq!(status, 201, "{sent}");
        let new = json!({ "subject": "Film", "to": { "email": "jo@post.example" }, "attachments": [upload(41).await] });
        assert_eq!(app.post("/api/v1/tickets", new).await.1["errors"][0]["field"], "attachments");
    }
);

story!(an_inbox_goes_to_no_team_that_is_not, |app| async move {
    let inbox = inbox(&app).await;
    let body = json!({ "channel": "email", "name": "Two", "address": "two@fjellvik.example", "team": 999 });
    let (status, problem) = app.post("/api/v1/inboxes", body).await;
    assert_eq!((status, problem["errors"][0]["field"].as_str()), (422, Some("team")), "{problem}");
    let (status, problem) = app.patch(&format!("/api/v1/inboxes/{inbox}"), json!({ "team": 999 })).await;
    assert_eq!((status, problem["errors"][0]["field"].as_str()), (422, Some("team")), "{problem}");
});

story!(taking_an_answer_back_leaves_the_ticket_as_it_was, |app| async move {
    let inbox = inbox(&app).await;
    bring(&app, inbox, &mail("jo@post.example", "a1@post", "Tent", "", "First")).await;
    let id = only_ticket(&app).await["id"].as_i64().unwrap();
    let path = format!("/api/v1/tickets/{id}/messages");
    for status in ["closed", "new"] {
        let (code, problem) = app.post(&path, json!({ "direction": "out", "text": "Bye", "status": status })).await;
        assert_eq!((code, problem["errors"][0]["field"].as_str()), (422, Some("status")), "{problem}");
    }
    app.patch(&format!("/api/v1/tickets/{id}"), json!({ "status": "on_hold" })).await;
    let before = only_ticket(&app).await;
    let (_, message) = app.post(&path, json!({ "direction": "out", "text": "Bye", "status": "solved" })).await;
    assert_eq!(only_ticket(&app).await["status"], "solved");
    assert_eq!(app.delete(&format!("/api/v1/messages/{}", message["id"])).await.0, 204);
    let after = only_ticket(&app).await;
    for field in ["status", "waiting_since", "snoozed_until", "shelf", "messages"] {
        assert_eq!(before[field], after[field], "{field}");
    }
});
