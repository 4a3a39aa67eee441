//! The demo shop: always the same, and as true as if it had happened.

use base::{App, DAY, args};
use desk::demo;

use crate::harness::TestApp;

/// Every row of a table, as text; without what is random by design.
async fn dump(app: &App, table: &str) -> Vec<String> {
    let columns = match table {
        "agents" => "id, email, name, role, signature",
        "blobs" => "hash, size",
        "customers" => "id, name, language, created_at, updated_at",
        "identities" => "id, customer, kind, value, verified, source",
        "orders" => "id, customer, number, status, placed_at, total",
        "tickets" => "id, subject, status, shelf, customer, messages, snippet, waiting_since, version, updated_at",
        "messages" => {
            "id, ticket, direction, author_name, subject, text, quoted, external_id, raw, delivery, created_at"
        }
        "attachments" => "id, message, blob, name, size",
        "participants" => "ticket, kind, value",
        "reads" => "agent, ticket, message",
        _ => "seq, at, kind, ticket, customer, actor, actor_id",
    };
    let list: Vec<String> = columns.split(", ").map(|c| format!("COALESCE(CAST({c} AS TEXT), '-')")).collect();
    let sql = format!("SELECT {} AS line FROM {table} ORDER BY 1", list.join(" || '|' || "));
    app.db().all(&sql, args![]).await.unwrap().iter().map(|row| row.text("line").unwrap()).collect()
}

async fn count(app: &App, what: &str) -> i64 {
    let sql = format!("SELECT CAST(count(*) AS BIGINT) AS n FROM {what}");
    app.db().one(&sql, args![]).await.unwrap().int("n").unwrap()
}

story!(the_demo_shop_is_the_same_every_time_and_keeps_the_rules_of_the_house, |app| async move {
    let logins = demo::fill(&app.app, None).await.unwrap();
    assert_eq!(logins.logins.len(), 4);
    assert!(demo::fill(&app.app, None).await.is_err(), "a second shop would hide the first");
    sizes(&app.app).await;
    invariants(&app.app).await;
    originals(&app.app).await;
    let other = TestApp::new(app.app.db().engine(), |_| ()).await;
    demo::fill(&other.app, None).await.unwrap();
    for table in [
        "agents",
        "blobs",
        "customers",
        "identities",
        "orders",
        "tickets",
        "messages",
        "attachments",
        "participants",
        "reads",
        "events",
    ] {
        let (one, two) = (dump(&app.app, table).await, dump(&other.app, table).await);
        assert_eq!(one.len(), two.len(), "{table}");
        let different = one.iter().zip(&two).find(|(one, two)| one != two);
        assert!(different.is_none(), "{table}: {different:?}");
    }
    other.end().await;
});

async fn sizes(app: &App) {
    let customers = count(app, "customers").await;
    assert!(customers >= 300, "{customers} customers");
    let orders = count(app, "orders").await;
    assert!((550..=900).contains(&orders), "{orders} orders");
    let tickets = count(app, "tickets").await;
    assert!((850..=950).contains(&tickets), "{tickets} tickets");
    let languages = count(app, "(SELECT DISTINCT language FROM tickets) AS l").await;
    assert_eq!(languages, 12);
    for (shelf, least) in [("open", 15), ("waiting", 10), ("snoozed", 2), ("solved", 500), ("spam", 3)] {
        let found = count(app, &format!("tickets WHERE shelf = '{shelf}'")).await;
        assert!(found >= least, "{found} on the shelf {shelf}");
    }
    // What stands beside the mail: each screen about orders has something to show.
    for (what, least) in [
        ("(SELECT DISTINCT state FROM returns) AS s", 7),
        ("returns WHERE money = 'due' AND money_why IS NOT NULL", 1),
        ("(SELECT DISTINCT reason FROM shipment_troubles WHERE ended_at IS NULL) AS r", 4),
        ("order_actions WHERE state = 'awaiting_approval'", 2),
        ("order_updates WHERE state = 'sent'", 50),
    ] {
        let found = count(app, what).await;
        assert!(found >= least, "{found} of {what}");
    }
    let early = count(
        app,
        "scans s JOIN shipments p ON p.id = s.shipment WHERE s.status = 'in_transit' AND s.at < p.shipped_at",
    )
    .await;
    assert_eq!(early, 0, "no carrier had a parcel before it left");
    let old = count(app, &format!("tickets WHERE created_at < {}", app.now() - 91 * DAY)).await;
    assert_eq!(old, 0);
    let future = count(app, &format!("events WHERE at > {}", app.now())).await;
    assert_eq!(future, 0, "nothing has happened that has not");
    assert_eq!(count(app, "messages WHERE text LIKE '%{%}%' OR subject LIKE '%{%}%'").await, 0, "an empty slot");
    assert_eq!(
        count(app, "messages WHERE html LIKE '%<script%' OR html LIKE '%onerror%' OR html LIKE '%<iframe%'").await,
        0
    );
}

/// What must hold for every row, whoever wrote it.
async fn invariants(app: &App) {
    let broken = [
        // Shelf follows from the other fields.
        "tickets WHERE shelf <> CASE WHEN merged_into IS NOT NULL THEN 'merged' WHEN spam = TRUE THEN 'spam'
            WHEN status IN ('solved', 'closed') THEN 'solved' WHEN snoozed_until IS NOT NULL THEN 'snoozed'
            WHEN status IN ('pending', 'on_hold') THEN 'waiting' ELSE 'open' END",
        // The columns for lists are those of the messages.
        "tickets t WHERE messages <> (SELECT count(*) FROM messages m WHERE m.ticket = t.id)",
        "tickets t WHERE last_message <> (SELECT max(id) FROM messages m WHERE m.ticket = t.id)",
        "tickets t WHERE last_message_at <> (SELECT max(created_at) FROM messages m WHERE m.ticket = t.id)",
        "tickets t WHERE last_in <> (SELECT max(id) FROM messages m WHERE m.ticket = t.id AND m.direction = 'in')",
        "tickets WHERE updated_at < last_message_at OR created_at > last_message_at OR version < 2",
        // What lists are read along is in step.
        "ticket_tags g JOIN tickets t ON t.id = g.ticket WHERE g.shelf <> t.shelf OR g.updated_at <> t.updated_at",
        "mentioned n JOIN tickets t ON t.id = n.ticket WHERE n.shelf <> t.shelf OR n.updated_at <> t.updated_at",
        "mentions n JOIN messages m ON m.id = n.message JOIN tickets t ON t.id = m.ticket WHERE t.mentioned = FALSE
            OR NOT EXISTS (SELECT 1 FROM mentioned o WHERE o.agent = n.agent AND o.ticket = t.id)",
        "customers c WHERE NOT EXISTS (SELECT 1 FROM customer_names n WHERE n.customer = c.id)",
        // Somebody waits exactly where the last word of a person was not ours.
        "tickets t WHERE status NOT IN ('solved', 'closed') AND COALESCE(waiting_since, 0) <> COALESCE((
            SELECT min(created_at) FROM messages i WHERE i.ticket = t.id AND i.direction = 'in' AND i.automatic IS NULL
            AND i.created_at > COALESCE((SELECT max(created_at) FROM messages o WHERE o.ticket = t.id
                AND o.direction = 'out'), 0)), 0)",
        "tickets WHERE status IN ('solved', 'closed') AND (waiting_since IS NOT NULL OR solved_at IS NULL)",
        // The log tells of every message, ticket, customer, and of the status as it stands.
        "messages m WHERE direction = 'in' AND NOT EXISTS (SELECT 1 FROM events e WHERE e.ticket = m.ticket
            AND e.kind = 'message.received' AND e.at = m.created_at)",
        "messages m WHERE direction = 'out' AND (NOT EXISTS (SELECT 1 FROM events e WHERE e.ticket = m.ticket
            AND e.kind = 'message.queued' AND e.at = m.created_at) OR NOT EXISTS (SELECT 1 FROM events e
            WHERE e.ticket = m.ticket AND e.kind = 'message.sent' AND e.at = m.sent_at))",
        "messages m WHERE direction = 'note' AND NOT EXISTS (SELECT 1 FROM events e WHERE e.ticket = m.ticket
            AND e.kind = 'note.added' AND e.at = m.created_at)",
        "tickets t WHERE (SELECT count(*) FROM events e WHERE e.ticket = t.id AND e.kind = 'ticket.created') <> 1",
        "customers c WHERE (SELECT count(*) FROM events e WHERE e.customer = c.id AND e.kind = 'customer.created') <> 1",
        // Mail is kept as it arrived, and its sender has a part in its ticket.
        "messages m WHERE direction = 'in' AND NOT EXISTS (SELECT 1 FROM arrivals a WHERE a.blob = m.raw AND a.state = 'done')",
        "identities i JOIN tickets t ON t.customer = i.customer WHERE NOT EXISTS (SELECT 1 FROM participants p
            WHERE p.ticket = t.id AND p.value = i.value)",
        "ticket_tags g JOIN tickets t ON t.id = g.ticket WHERE CAST(t.tags AS TEXT) NOT LIKE '%' || g.tag || '%'",
        "mentions n WHERE NOT EXISTS (SELECT 1 FROM messages m WHERE m.id = n.message AND m.ticket = n.ticket)",
    ];
    for what in broken {
        assert_eq!(count(app, what).await, 0, "{what}");
    }
}

/// The original of every mail, read today, says what its message says.
async fn originals(app: &App) {
    let sql = "SELECT m.*, b.body FROM messages m JOIN blobs b ON b.hash = m.raw WHERE b.body IS NOT NULL";
    let rows = app.db().all(sql, args![]).await.unwrap();
    assert!(rows.len() > 1500);
    for row in rows {
        let mail = mail::parse::parse(&row.bytes("body").unwrap()).unwrap();
        assert_eq!(mail.message_id, row.opt_text("external_id").unwrap());
        assert_eq!(Some(mail.subject.clone()), row.opt_text("subject").unwrap());
        let read = mail.fold();
        assert_eq!(read.reply, row.text("text").unwrap());
        assert_eq!(read.quoted, row.opt_text("quoted").unwrap().unwrap_or_default());
        assert_eq!(read.signature, row.opt_text("signature").unwrap().unwrap_or_default());
    }
}

story!(the_demo_looks_like_a_day_in_the_desk, |app| async move {
    let logins = demo::fill(&app.app, None).await.unwrap();
    app.tick().await;
    let ingrid = app.nobody();
    let login = logins.logins.iter().find(|login| login.role == "agent").unwrap();
    let session = serde_json::json!({ "email": login.email, "password": logins.password });
    assert_eq!(ingrid.post("/api/v1/session", session).await.0, 201);
    let (_, page) = ingrid.get("/api/v1/tickets?shelf=open&limit=100").await;
    let open = page["data"].as_array().unwrap();
    let top: Vec<&str> = open.iter().take(6).map(|ticket| ticket["subject"].as_str().unwrap()).collect();
    assert!(top.contains(&"Tent pole snapped on the first night"), "{top:?}");
    assert!(open.iter().any(|ticket| ticket["unread"] == true) && open.iter().any(|ticket| ticket["unread"] == false));
    let tent = open.iter().find(|ticket| ticket["subject"] == "Tent pole snapped on the first night").unwrap();
    let (_, messages) = ingrid.get(&format!("/api/v1/tickets/{}/messages", tent["id"])).await;
    let messages = messages["data"].as_array().unwrap();
    assert_eq!(messages.len(), 6);
    assert!(messages[0]["text"].as_str().unwrap().contains("FV-20418"), "{}", messages[0]);
    let photo = messages.iter().find_map(|m| m["attachments"][0]["url"].as_str()).unwrap();
    assert_eq!(ingrid.get(photo).await.0, 200);
    let (_, card) = ingrid.get(&format!("/api/v1/customers/{}", tent["customer"]["id"])).await;
    assert_eq!(card["name"], "Johanna Brandt");
    assert!(card["orders"].as_array().unwrap().len() >= 5, "{card}");
    let (status, found) = ingrid.get("/api/v1/search?q=johanna").await;
    assert_eq!(status, 200, "{found}");
    assert!(!found["data"].as_array().unwrap().is_empty(), "the search heard of what was written by hand: {found}");
});
