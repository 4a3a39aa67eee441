//! Files that people bring: customers, products, orders and parcels, checked as a whole before any of it is taken in.

use std::{fmt::Write as _, time::Duration};

use base::{MINUTE, args, jobs, jobs::Lane};
use serde_json::{Value, json};

use crate::{
    client::Client,
    harness::TestApp,
    stores::{heard, order, store, told},
};

/// Uploads a file and has it checked, read as it looks or as is wished.
async fn bring(app: &TestApp, store: i64, file: impl Into<Vec<u8>>, wish: Value) -> Value {
    let path = format!("/api/v1/stores/{store}/tables?name=export.csv");
    let (status, table) = app.as_owner().await.post_bytes(&path, "text/csv", file.into()).await;
    assert_eq!(status, 201, "{table}");
    let path = format!("/api/v1/tables/{}", table["id"]);
    let (status, table) = app.post(&format!("{path}/check"), wish).await;
    assert_eq!((status, &table["state"]), (200, &json!("checking")), "{table}");
    app.tick().await;
    let (_, table) = app.get(&path).await;
    assert_eq!(table["state"], "checked", "{table}");
    table
}

async fn import(app: &TestApp, table: &Value, leave_out: bool) -> Value {
    let path = format!("/api/v1/tables/{}", table["id"]);
    let (status, begun) = app.post(&format!("{path}/import"), json!({ "leave_out": leave_out })).await;
    assert_eq!(status, 200, "{begun}");
    app.tick().await;
    let (_, done) = app.get(&path).await;
    assert_eq!((&done["state"], &done["part"]), (&json!("done"), &json!(1.0)), "{done}");
    done
}

/// A file without faults, taken in.
async fn brought(app: &TestApp, store: i64, file: &str) -> Value {
    let table = bring(app, store, file, json!({})).await;
    assert_eq!(table["fault_count"], 0, "{table}");
    import(app, &table, false).await
}

async fn count(app: &TestApp, what: &str) -> i64 {
    let sql = format!("SELECT count(*) AS n FROM {what}");
    app.app.db().one(&sql, args![]).await.unwrap().int("n").unwrap()
}

async fn known(app: &TestApp, number: &str) -> Value {
    let row = app.app.db().one("SELECT data FROM orders WHERE number = $1", args![number]).await.unwrap();
    row.json("data").unwrap()
}

/// All that files could change.
async fn everything(app: &TestApp) -> Vec<String> {
    let mut said = Vec::new();
    for sql in [
        "SELECT CAST(data AS TEXT) AS said FROM orders ORDER BY id",
        "SELECT CAST(data AS TEXT) AS said FROM products ORDER BY id",
        "SELECT number AS said FROM shipments ORDER BY id",
        "SELECT name AS said FROM customers ORDER BY id",
        "SELECT kind AS said FROM events WHERE kind <> 'store.table_imported' ORDER BY seq",
    ] {
        let rows = app.app.db().all(sql, args![]).await.unwrap();
        said.extend(rows.iter().map(|row| row.text("said").unwrap()));
    }
    said
}

fn counts(table: &Value) -> [i64; 3] {
    ["taken", "kept", "left_out"].map(|key| table[key].as_i64().unwrap())
}

const CUSTOMERS: &str = "Kundennummer;Vorname;Nachname;E-Mail;Newsletter\r\n7;Jö;Brandt;jo@post.example;ja\r\n";
const PRODUCTS: &str = "Handle,Title,Status,Option1 Value,Variant SKU,Variant Price,Variant Inventory Qty\n\
    skarv,Skarv tent,active,Green,SK-G,429.00,5\nskarv,,,Red,SK-R,429.00,0\n";
const ORDERS: &str = "Name,Email,Financial Status,Created at,Currency,Total,Lineitem quantity,Lineitem name,Lineitem price,\
    Shipping Address1,Shipping City,Shipping Country\n\
    #1001,jo@post.example,paid,2026-02-20 10:00:00 +0100,EUR,448.90,1,Skarv tent,429.00,Fjellgata 12,Bergen,NO\n\
    #1001,jo@post.example,,2026-02-20 10:00:00 +0100,,,1,Nupp lamp,19.90,,,\n\
    #1002,kim@post.example,paid,2026-02-21 10:00:00 +0100,JPY,2500,2,Rope,1250,,,\n\
    #1003,kim@post.example,pending,2026-02-22 10:00:00 +0100,KWD,1.250,1,Rope,1.250,,,\n";
const SHIPMENTS: &str = "Order,Tracking Number,Carrier,Shipped at\n1001,RR123456785SE,DHL,2026-02-23\n";

story!(customers_products_orders_and_parcels_come_by_file, |app| async move {
    let store = store(&app).await;
    let latin: Vec<u8> = CUSTOMERS.chars().map(|c| c as u8).collect();
    let table = bring(&app, store, latin, json!({})).await;
    assert_eq!(
        (&table["plan"]["encoding"], &table["plan"]["delimiter"]),
        (&json!("windows-1252"), &json!("semicolon"))
    );
    assert_eq!(counts(&import(&app, &table, false).await), [1, 0, 0]);
    let (_, found) = app.get("/api/v1/customers?q=jo@post.example").await;
    assert_eq!(found["data"][0]["name"], "Jö Brandt", "{found}");
    assert_eq!(counts(&brought(&app, store, PRODUCTS).await), [1, 0, 0]);
    let sql = "SELECT data FROM products WHERE external = 'skarv'";
    let product: Value = app.app.db().one(sql, args![]).await.unwrap().json("data").unwrap();
    assert_eq!((&product["variants"][1]["id"], &product["variants"][0]["price"]), (&json!("SK-R"), &json!(42_900)));
    let table = brought(&app, store, ORDERS).await;
    assert_eq!((counts(&table), &table["rows"], &table["things"]), ([3, 0, 0], &json!(4), &json!(3)), "{table}");
    let totals: Vec<_> = [known(&app, "#1001").await, known(&app, "#1002").await, known(&app, "#1003").await]
        .iter()
        .map(|order| (order["totals"]["total"].as_i64().unwrap(), order["totals"]["paid"].as_i64().unwrap()))
        .collect();
    assert_eq!(totals, [(44_890, 44_890), (2500, 2500), (1250, 0)], "two, no and three decimals");
    assert_eq!(counts(&brought(&app, store, SHIPMENTS).await), [1, 0, 0]);
    let (_, found) = app.get("/api/v1/orders?number=1001").await;
    assert_eq!(found["data"][0]["status"], "shipped", "{found}");
    assert_eq!(count(&app, "shipments WHERE number = 'RR123456785SE'").await, 1);
    assert!(heard(&app, "order.placed").await.is_empty(), "it happened long ago, and nobody is told");
    let told = heard(&app, "store.table_imported").await;
    assert_eq!((told.len(), &told[2]["holds"], &told[2]["taken"]), (4, &json!("orders"), &json!(3)), "{told:?}");
    // The next file of a kind is read as the last one was.
    let renamed = SHIPMENTS.replace("Order,", "Auftrag,").replace("RR123456785SE", "RR123456999SE");
    let columns = json!({ "order": "Auftrag", "tracking": "Tracking Number" });
    bring(&app, store, renamed.as_str(), json!({ "holds": "shipments", "columns": columns })).await;
    let path = format!("/api/v1/stores/{store}/tables?name=next.csv");
    let (_, next) = app.as_owner().await.post_bytes(&path, "text/csv", renamed).await;
    let (_, preview) =
        app.post(&format!("/api/v1/tables/{}/preview", next["id"]), json!({ "holds": "shipments" })).await;
    assert_eq!(preview["plan"]["columns"]["order"], "Auftrag", "{preview}");
    assert_eq!((&preview["rows"][0]["line"], &preview["rows"][0]["cells"]["order"]), (&json!(2), &json!("1001")));
});

story!(the_same_file_twice_changes_nothing_and_what_is_newer_stays, |app| async move {
    let store = store(&app).await;
    brought(&app, store, CUSTOMERS).await;
    brought(&app, store, PRODUCTS).await;
    brought(&app, store, ORDERS).await;
    brought(&app, store, SHIPMENTS).await;
    let before = everything(&app).await;
    brought(&app, store, CUSTOMERS).await;
    assert_eq!(counts(&brought(&app, store, PRODUCTS).await), [0, 1, 0]);
    assert_eq!(counts(&brought(&app, store, ORDERS).await), [0, 3, 0]);
    assert_eq!(counts(&brought(&app, store, SHIPMENTS).await), [0, 1, 0]);
    assert_eq!(everything(&app).await, before);
    // The shop has told of the order since, by its own id; the old file knows only its number.
    let newer =
        order("#1001", "jo@post.example", "2026-02-25T09:00:00Z", json!({ "id": "#1001", "payment": "refunded" }));
    told(
        &app,
        store,
        "1",
        &json!({ "orders": [newer, order("FV-9", "jo@post.example", "2026-02-25T09:00:00Z", json!({}))] }),
    )
    .await;
    assert_eq!(counts(&brought(&app, store, ORDERS).await), [0, 3, 0]);
    assert_eq!(known(&app, "#1001").await["payment"], "refunded", "what is newer stays");
    let later = "Order,Date,Updated at,Title,Price,Total,Currency,Payment status\n\
        FV-9,2026-02-20,2026-02-26 10:00,Skarv 2 tent,429,429,EUR,paid\n";
    assert_eq!(counts(&brought(&app, store, later).await), [1, 0, 0]);
    let order = known(&app, "FV-9").await;
    assert_eq!((&order["id"], &order["totals"]["total"]), (&json!("fv-9"), &json!(42_900)), "it is the same order");
    assert_eq!(order["shipping_address"]["city"], "Bergen", "what the file does not speak of stays");
    told(&app, store, "2", &json!({ "deleted_orders": ["fv-9"] })).await;
    assert_eq!(counts(&brought(&app, store, later).await), [0, 1, 0]);
    assert_eq!(count(&app, "orders WHERE deleted_at IS NOT NULL").await, 1, "what was taken back stays so");
});

const WRONG: &str = "Order,Date,Title,Quantity,Price,Email,Currency\n\
    A,2026-02-20,Tent,1,10.00,jo@post.example,EUR\n\
    B,20.13.2026,Tent,1,10.00,jo@post.example,EUR\n\
    C,2026-02-20,Tent,1,10.00,jo@post.example,EUR\n\
    C,2026-02-20,Lamp,many,5.00,jo@post.example,EUR\n\
    A,2026-02-20,Rope,1,10.00,jo@post.example,EUR\n\
    D,2026-02-20,Rope,1,10.00,jo@post.example,EUR\n";

story!(what_is_wrong_is_told_by_line_and_nothing_is_half_imported, |app| async move {
    let store = store(&app).await;
    let table = bring(&app, store, WRONG, json!({})).await;
    let faults: Vec<_> = table["faults"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| json!([one["line"], one["column"], one["flaw"], one["value"]]))
        .collect();
    let wanted = [
        json!([3, "Date", "date", "20.13.2026"]),
        json!([5, "Quantity", "whole", "many"]),
        json!([6, "Order", "again", "A"]),
    ];
    assert_eq!(faults, wanted);
    assert_eq!((&table["things"], &table["wrong"], &table["rows"]), (&json!(5), &json!(4), &json!(6)), "{table}");
    let path = format!("/api/v1/tables/{}/import", table["id"]);
    let (status, refused) = app.post(&path, json!({})).await;
    assert_eq!((status, count(&app, "orders").await), (409, 0), "{refused}");
    // Whole orders without faults only: A stands in two places.
    assert_eq!(counts(&import(&app, &table, true).await), [1, 0, 4]);
    assert_eq!((count(&app, "orders").await, known(&app, "D").await["number"].clone()), (1, json!("D")));
    assert_eq!(app.post(&path, json!({ "leave_out": true })).await.0, 409, "once");
    // Wrong columns, and parcels of orders that nobody has.
    let table = bring(&app, store, "a,b\n1,2\n", json!({ "holds": "orders" })).await;
    let flaws: Vec<_> = table["faults"].as_array().unwrap().iter().map(|one| one["flaw"].clone()).collect();
    assert!(flaws.len() >= 4 && flaws.iter().all(|flaw| flaw == "unmapped"), "{table}");
    let path = format!("/api/v1/tables/{}/import", table["id"]);
    assert_eq!(app.post(&path, json!({ "leave_out": true })).await.0, 409);
    let table = bring(&app, store, "Order,Tracking number\nZ-9,RR123456785SE\nD,RR123456785SE\n", json!({})).await;
    assert_eq!((&table["faults"][0]["flaw"], &table["fault_count"]), (&json!("unknown_order"), &json!(1)), "{table}");
    let wish = json!({ "columns": { "order": "Order", "tracking": "Nowhere" }, "holds": "shipments" });
    let table = bring(&app, store, "Order,Tracking number\nD,RR123456785SE\n", wish).await;
    assert_eq!(table["faults"][0]["flaw"], "no_column", "{table}");
});

story!(hostile_files_are_refused_or_read_as_text, |app| async move {
    let store = store(&app).await;
    let owner = app.as_owner().await;
    let path = format!("/api/v1/stores/{store}/tables?name=..%2Fx.csv");
    for bytes in [b"".to_vec(), b" \r\n".to_vec(), b"PK\x03\x04workbook".to_vec(), vec![0xFF, 0xFE, b'a', 0]] {
        assert_eq!(owner.post_bytes(&path, "text/csv", bytes).await.0, 422);
    }
    let (status, refused) = owner.post_bytes(&path, "text/csv", vec![b','; (50 << 20) + 1]).await;
    assert_eq!(status, 413, "{refused}");
    let head = "Order,Date,Title,Price,Currency";
    let long = format!(
        "{head}\nA,2026-02-20,a\0b,1,EUR\nB,2026-02-20,{},1,EUR\nC,2026-02-20,=cmd|' /C calc'!A0,1,EUR\n",
        "x".repeat(1 << 20)
    );
    let table = bring(&app, store, long, json!({})).await;
    let flaws: Vec<_> =
        table["faults"].as_array().unwrap().iter().map(|one| json!([one["line"], one["flaw"]])).collect();
    assert!(flaws.contains(&json!([2, "unreadable"])) && flaws.contains(&json!([3, "too_long"])), "{table}");
    assert_eq!(counts(&import(&app, &table, true).await), [1, 0, 2]);
    assert_eq!(known(&app, "C").await["lines"][0]["title"], "=cmd|' /C calc'!A0");
    let many = format!("{head}\n{}", "A,2026-02-20,Tent,1,EUR\n".repeat(501));
    assert_eq!(bring(&app, store, many, json!({})).await["faults"][0]["flaw"], "too_many_lines");
    let open = format!("{head}\nA,2026-02-20,\"never closed,1,EUR\nB,2026-02-20,x,1,EUR\n");
    assert!(bring(&app, store, open, json!({})).await["fault_count"].as_i64().unwrap() > 0);
    let table = bring(&app, store, format!("{head}\n"), json!({ "holds": "orders" })).await;
    assert_eq!(table["faults"][0]["flaw"], "empty");
    // Whoever may not manage stores sees and does nothing, of no store that is guessed.
    for nobody in [app.as_role("viewer").await, app.as_role("agent").await] {
        refuses(&nobody, store, &table["id"]).await;
    }
    assert_eq!(owner.get("/api/v1/tables/999").await.0, 404);
    assert_eq!(app.delete(&format!("/api/v1/tables/{}", table["id"])).await.0, 204);
    assert_eq!(app.get(&format!("/api/v1/tables/{}", table["id"])).await.0, 404);
});

async fn refuses(client: &Client, store: i64, table: &Value) {
    assert_eq!(client.get(&format!("/api/v1/stores/{store}/tables")).await.0, 403);
    let path = format!("/api/v1/stores/{store}/tables?name=x.csv");
    assert_eq!(client.post_bytes(&path, "text/csv", b"a".to_vec()).await.0, 403);
    assert_eq!(client.get(&format!("/api/v1/tables/{table}")).await.0, 403);
    for what in ["preview", "check", "import"] {
        assert_eq!(client.post(&format!("/api/v1/tables/{table}/{what}"), json!({})).await.0, 403, "{what}");
    }
    assert_eq!(client.delete(&format!("/api/v1/tables/{table}")).await.0, 403);
}

story!(an_import_that_is_cut_off_goes_on_where_it_was, |app| async move {
    let store = store(&app).await;
    let mut file = "Order,Date,Title,Price,Currency,Email\n".to_owned();
    for n in 0..500 {
        writeln!(file, "N-{n},2026-02-20,Tent,1.00,EUR,s{}@post.example\nN-{n},2026-02-20,Lamp,1.00,EUR,", n % 100)
            .unwrap();
    }
    let table = bring(&app, store, file, json!({})).await;
    assert_eq!((&table["things"], &table["fault_count"]), (&json!(500), &json!(0)));
    let path = format!("/api/v1/tables/{}", table["id"]);
    assert_eq!(app.post(&format!("{path}/import"), json!({})).await.0, 200);
    // It dies in the middle of a part, again and again, here and on another node.
    let other = app.second_node().await;
    let mut cuts = 0;
    let done = loop {
        let node = if cuts % 2 == 0 { &app } else { &other };
        let work = async { while jobs::work(&node.app, node.node.jobs(), Lane::Outbound).await.unwrap() {} };
        let _ = tokio::time::timeout(Duration::from_millis(150 + 50 * cuts), work).await;
        let (_, table) = app.get(&path).await;
        if table["state"] == "done" {
            break table;
        }
        cuts += 1;
        assert!(cuts < 60, "{table}");
        app.clock.forward(MINUTE);
    };
    assert!(cuts > 0, "it was never cut off");
    assert_eq!(counts(&done), [500, 0, 0], "each once: {done}");
    assert_eq!((count(&app, "orders").await, count(&app, "customers").await), (500, 100));
    assert_eq!(heard(&app, "store.table_imported").await.len(), 1);
    other.end().await;
});
