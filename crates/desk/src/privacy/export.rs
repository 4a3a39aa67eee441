//! All that is held of one person, as a file.

use axum::{
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use base::{Actor, App, Error, Result, Row, Stamp, args, web::Id};
use connectors::platform::PrivacyKind;
use serde_json::{Value, json};

use super::{RequestId, request};
use crate::{
    agents::{Permission, Who},
    customers::{self, CustomerId},
    orders,
};

/// Rows of one kind: whoever has more has it by hand.
const MOST: i64 = 10_000;

pub(super) async fn show(who: Who, State(app): State<App>, Id(id): Id<RequestId>) -> Result<Response> {
    who.may(Permission::StoresManage)?;
    let row = app.db().one("SELECT * FROM privacy_requests WHERE id = $1", args![id]).await?;
    let found = request(&row)?;
    let customer = found.customer.filter(|_| found.shop == who.shop && found.asked == PrivacyKind::Access);
    let held = held(&app, customer.ok_or(Error::NotFound)?).await?;
    let name = HeaderValue::from_str(&format!("attachment; filename=\"data-{id}.json\""))?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/json")),
        (header::CONTENT_DISPOSITION, name),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    Ok((headers, serde_json::to_string_pretty(&held)?).into_response())
}

async fn held(app: &App, customer: CustomerId) -> Result<Value> {
    let mut tx = app.begin(Actor::System).await?;
    let customer = customers::survivor(&mut tx, customer).await?;
    drop(tx);
    let id = customer.id;
    let rows = |sql: &'static str, of: fn(&Row) -> Result<Value>| async move {
        let rows = app.db().all(sql, args![id, MOST]).await?;
        rows.iter().map(of).collect::<Result<Vec<_>>>()
    };
    let of_order = |row: &Row| Ok(json!(orders::known(row)?.order));
    Ok(json!({
        "customer": customer,
        "orders": rows("SELECT * FROM orders WHERE customer = $1 ORDER BY id LIMIT $2", of_order).await?,
        "parcels": rows(
            "SELECT s.* FROM shipments s JOIN orders o ON o.id = s.order_id WHERE o.customer = $1 ORDER BY s.id LIMIT $2",
            parcel,
        ).await?,
        "returns": rows("SELECT * FROM returns WHERE customer = $1 ORDER BY id LIMIT $2", returned).await?,
        "returned_items": rows(
            "SELECT l.* FROM return_lines l JOIN returns r ON r.id = l.return_id WHERE r.customer = $1
                ORDER BY l.id LIMIT $2",
            item,
        ).await?,
        "messages": rows(
            "SELECT m.* FROM messages m JOIN tickets t ON t.id = m.ticket
                WHERE t.customer = $1 AND m.direction <> 'note' ORDER BY m.id LIMIT $2",
            message,
        ).await?,
        "letters": rows(
            "SELECT u.* FROM order_updates u JOIN orders o ON o.id = u.order_id WHERE o.customer = $1
                ORDER BY u.id LIMIT $2",
            letter,
        ).await?,
        "consents": rows(
            "SELECT * FROM customer_consents WHERE customer = $1 ORDER BY id LIMIT $2",
            consent,
        ).await?,
    }))
}

fn parcel(row: &Row) -> Result<Value> {
    Ok(json!({
        "carrier": row.opt_text("carrier_name")?, "number": row.opt_text("number")?, "status": row.text("status")?,
        "delivered_at": row.opt_int("delivered_at")?.map(Stamp),
    }))
}

fn returned(row: &Row) -> Result<Value> {
    Ok(json!({
        "number": row.text("number")?, "state": row.text("state")?, "outcome": row.text("outcome")?,
        "email": row.opt_text("email")?, "name": row.opt_text("name")?, "worth": row.int("worth")?,
        "currency": row.text("currency")?, "requested_at": Stamp(row.int("requested_at")?),
    }))
}

fn item(row: &Row) -> Result<Value> {
    Ok(json!({
        "title": row.text("title")?, "quantity": row.int("quantity")?, "reason": row.text("reason")?,
        "comment": row.opt_text("comment")?,
    }))
}

fn message(row: &Row) -> Result<Value> {
    Ok(json!({
        "ticket": row.int("ticket")?, "direction": row.text("direction")?, "channel": row.text("channel")?,
        "subject": row.opt_text("subject")?, "text": row.text("text")?, "at": Stamp(row.int("created_at")?),
    }))
}

fn letter(row: &Row) -> Result<Value> {
    Ok(json!({
        "told": row.text("kind")?, "to": row.text("recipient")?, "subject": row.text("subject")?,
        "text": row.text("text")?, "at": Stamp(row.int("created_at")?),
    }))
}

fn consent(row: &Row) -> Result<Value> {
    Ok(json!({
        "what": row.text("what")?, "how": row.text("how")?, "given_at": Stamp(row.int("given_at")?),
        "withdrawn_at": row.opt_int("withdrawn_at")?.map(Stamp),
    }))
}
